//! How far two départements are from each other: the great circle between their centres. A figure of ours, made to
//! compare; it is no road.

/// Code, latitude and longitude (degrees) of the centre of each département and collectivité of the referential. For
/// those of several islands, the centre of the one where most people live (of the Terres australes, Kerguelen).
#[expect(clippy::approx_constant, reason = "the longitude of the Puy-de-Dôme")]
const CENTRES: [(&str, f64, f64); 109] = [
    ("01", 46.10, 5.35),
    ("02", 49.56, 3.56),
    ("03", 46.39, 3.19),
    ("04", 44.11, 6.24),
    ("05", 44.66, 6.26),
    ("06", 43.94, 7.12),
    ("07", 44.75, 4.42),
    ("08", 49.62, 4.64),
    ("09", 42.92, 1.50),
    ("10", 48.30, 4.16),
    ("11", 43.10, 2.41),
    ("12", 44.28, 2.68),
    ("13", 43.54, 5.09),
    ("14", 49.10, -0.36),
    ("15", 45.05, 2.67),
    ("16", 45.72, 0.20),
    ("17", 45.78, -0.67),
    ("18", 47.06, 2.49),
    ("19", 45.36, 1.88),
    ("2A", 41.86, 8.99),
    ("2B", 42.39, 9.21),
    ("21", 47.42, 4.77),
    ("22", 48.44, -2.86),
    ("23", 46.09, 2.02),
    ("24", 45.10, 0.74),
    ("25", 47.17, 6.36),
    ("26", 44.69, 5.17),
    ("27", 49.11, 0.99),
    ("28", 48.39, 1.37),
    ("29", 48.26, -4.06),
    ("30", 43.99, 4.18),
    ("31", 43.36, 1.17),
    ("32", 43.69, 0.45),
    ("33", 44.83, -0.58),
    ("34", 43.58, 3.37),
    ("35", 48.15, -1.64),
    ("36", 46.78, 1.58),
    ("37", 47.26, 0.69),
    ("38", 45.26, 5.58),
    ("39", 46.73, 5.70),
    ("40", 43.97, -0.78),
    ("41", 47.62, 1.43),
    ("42", 45.73, 4.17),
    ("43", 45.13, 3.81),
    ("44", 47.36, -1.68),
    ("45", 47.91, 2.34),
    ("46", 44.62, 1.60),
    ("47", 44.37, 0.46),
    ("48", 44.52, 3.50),
    ("49", 47.39, -0.56),
    ("50", 49.08, -1.33),
    ("51", 48.95, 4.24),
    ("52", 48.11, 5.23),
    ("53", 48.15, -0.66),
    ("54", 48.79, 6.17),
    ("55", 48.99, 5.38),
    ("56", 47.85, -2.81),
    ("57", 49.04, 6.66),
    ("58", 47.12, 3.50),
    ("59", 50.45, 3.22),
    ("60", 49.41, 2.43),
    ("61", 48.62, 0.13),
    ("62", 50.49, 2.29),
    ("63", 45.73, 3.14),
    ("64", 43.26, -0.76),
    ("65", 43.05, 0.16),
    ("66", 42.60, 2.52),
    ("67", 48.67, 7.55),
    ("68", 47.86, 7.27),
    ("69", 45.87, 4.64),
    ("70", 47.64, 6.09),
    ("71", 46.65, 4.54),
    ("72", 47.99, 0.22),
    ("73", 45.48, 6.44),
    ("74", 46.03, 6.43),
    ("75", 48.86, 2.34),
    ("76", 49.66, 1.03),
    ("77", 48.63, 2.93),
    ("78", 48.81, 1.84),
    ("79", 46.56, -0.32),
    ("80", 49.96, 2.28),
    ("81", 43.79, 2.17),
    ("82", 44.09, 1.28),
    ("83", 43.44, 6.24),
    ("84", 44.01, 5.18),
    ("85", 46.67, -1.30),
    ("86", 46.56, 0.46),
    ("87", 45.89, 1.24),
    ("88", 48.20, 6.38),
    ("89", 47.84, 3.56),
    ("90", 47.63, 6.93),
    ("91", 48.52, 2.24),
    ("92", 48.85, 2.25),
    ("93", 48.92, 2.48),
    ("94", 48.78, 2.47),
    ("95", 49.08, 2.13),
    ("971", 16.20, -61.53),
    ("972", 14.65, -61.02),
    ("973", 3.92, -53.24),
    ("974", -21.13, 55.53),
    ("976", -12.82, 45.15),
    ("975", 46.95, -56.33),
    ("977", 17.90, -62.83),
    ("978", 18.08, -63.06),
    ("984", -49.35, 69.50),
    ("986", -13.30, -176.20),
    ("987", -17.65, -149.45),
    ("988", -21.30, 165.40),
    ("989", 10.30, -109.22),
];

/// Mean radius of the Earth, in kilometres (IUGG).
const RADIUS: f64 = 6_371.0;

fn centre(code: &str) -> Option<(f64, f64)> {
    CENTRES.iter().find(|(known, ..)| *known == code).map(|&(_, latitude, longitude)| (latitude, longitude))
}

fn great_circle(one: (f64, f64), other: (f64, f64)) -> f64 {
    let (latitude, further) = (one.0.to_radians(), other.0.to_radians());
    let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
    let haversine =
        half(latitude, further) + latitude.cos() * further.cos() * half(one.1.to_radians(), other.1.to_radians());
    2.0 * RADIUS * haversine.sqrt().min(1.0).asin()
}

/// The kilometres between two départements; none for a code that is not known.
pub fn entre(one: &str, other: &str) -> Option<u32> {
    Some(great_circle(centre(one)?, centre(other)?).round() as u32)
}

/// The kilometres between the two nearest départements, one of each list.
pub fn plus_courte(ones: &[String], others: &[String]) -> Option<u32> {
    let others: Vec<(f64, f64)> = others.iter().filter_map(|code| centre(code)).collect();
    let nearest = |one: (f64, f64)| others.iter().map(|other| great_circle(one, *other)).min_by(f64::total_cmp);
    let all = ones.iter().filter_map(|code| centre(code)).filter_map(nearest);
    all.min_by(f64::total_cmp).map(|far| far.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENTIEL: &str = include_str!("../../migrations/data/departements.csv");

    #[test]
    fn g4_every_departement_of_the_referential_has_a_centre_within_its_country() {
        let codes: Vec<&str> = REFERENTIEL.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(codes.len(), CENTRES.len());
        for code in codes {
            let (latitude, longitude) = centre(code).unwrap_or_else(|| panic!("no centre of {code}"));
            let (south, north, west, east) = match code {
                "2A" | "2B" => (41.3, 43.1, 8.5, 9.6),
                "971" | "977" | "978" => (15.8, 18.2, -63.2, -61.0),
                "972" => (14.3, 14.9, -61.3, -60.8),
                "973" => (2.1, 5.8, -54.6, -51.6),
                "974" => (-21.4, -20.8, 55.2, 55.9),
                "975" => (46.7, 47.2, -56.5, -56.1),
                "976" => (-13.1, -12.6, 45.0, 45.3),
                "984" => (-50.0, -48.5, 68.5, 70.6),
                "986" => (-14.4, -13.1, -178.2, -176.1),
                "987" => (-28.0, -7.0, -155.0, -134.0),
                "988" => (-23.0, -19.5, 163.5, 168.2),
                "989" => (10.2, 10.4, -109.3, -109.1),
                _ => (42.3, 51.1, -5.2, 8.3),
            };
            assert!((south..=north).contains(&latitude), "{code}: {latitude}");
            assert!((west..=east).contains(&longitude), "{code}: {longitude}");
        }
    }

    #[test]
    fn g4_distances_between_departements_are_those_of_the_map() {
        for (one, other, least, most) in [
            ("56", "56", 0, 0),
            ("35", "56", 70, 150),
            ("75", "92", 1, 15),
            ("75", "13", 620, 690),
            ("29", "06", 950, 1_080),
            ("59", "66", 840, 930),
            ("2A", "2B", 40, 90),
            ("13", "2B", 300, 400),
            ("971", "972", 140, 220),
            ("974", "976", 1_350, 1_500),
            ("974", "56", 8_000, 10_500),
            ("973", "75", 6_800, 7_400),
            ("988", "75", 16_300, 17_200),
            ("986", "988", 1_900, 2_300),
        ] {
            let far = entre(one, other).expect("known codes");
            assert!((least..=most).contains(&far), "{one}–{other}: {far} km");
            assert_eq!(entre(other, one), Some(far));
        }
        assert_eq!(entre("56", "20"), None);
    }

    #[test]
    fn g4_neighbours_of_a_region_are_near_each_other() {
        // In each région of the continent the centre of a département is less than 150 km from the nearest other one.
        let rows: Vec<Vec<&str>> = REFERENTIEL.lines().skip(1).map(|line| line.split(',').collect()).collect();
        for row in &rows {
            let (code, region) = (row[0], row[row.len() - 1]);
            let others: Vec<String> = rows
                .iter()
                .filter(|other| other[other.len() - 1] == region && other[0] != code)
                .map(|other| other[0].to_owned())
                .collect();
            if let Some(near) = plus_courte(&[code.to_owned()], &others) {
                assert!(near < 150, "{code}: {near} km");
            }
        }
    }

    #[test]
    fn g4_the_nearest_pair_counts() {
        let of = |codes: &[&str]| -> Vec<String> { codes.iter().map(|&code| code.into()).collect() };
        assert_eq!(plus_courte(&of(&["974", "35"]), &of(&["13", "56"])), entre("35", "56"));
        assert_eq!(plus_courte(&of(&["35"]), &[]), None);
    }
}
