//! The map of France by région, as outlines for an SVG.
//!
//! Here: one outline per région of the referential that is metropolitan or a département overseas, and the frames of
//! those overseas. Not here: colours (`components.css`), structures, links.
//!
//! Drawn for this program from approximate longitudes and latitudes, to recognise and point at régions, not to measure;
//! no third party's map is used. Metropolitan France is one plane: `x = (lon + 4.95) · cos 46.5° · 62`, `y = (51.22 −
//! lat) · 62`, rounded to a tenth. Neighbours share the same points along their border, so a border must be changed on
//! both sides. Each région overseas has its own scale, which fills its frame.

/// The outline of one région, in the units of [`VIEW_BOX`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contour {
    pub region: &'static str,
    /// SVG path data: absolute `M`, `L` and `Z` only, one closed polygon for the mainland, then one per island.
    pub d: &'static str,
    /// Where a label or a dot may stand, inside the first polygon and far from its edges.
    pub x: f32,
    /// See `x`.
    pub y: f32,
}

/// The `viewBox` of the drawing.
pub const VIEW_BOX: &str = "0 0 626 652";

/// The frames of the régions overseas, in the order of their codes: x, y, width, height.
pub const CADRES: &[(f32, f32, f32, f32)] = &[
    (2.0, 566.0, 92.0, 84.0),
    (102.0, 566.0, 92.0, 84.0),
    (202.0, 566.0, 92.0, 84.0),
    (302.0, 566.0, 92.0, 84.0),
    (402.0, 566.0, 92.0, 84.0),
];

/// Every outline, from north to south, then overseas.
pub const CONTOURS: &[Contour] = &[
    // Hauts-de-France
    Contour {
        region: "32",
        d: "M320.1 8.1L322.2 24.8L333.7 32.2L344.4 26.7L351.2 42.8L367.5 47.7L369.2 55.8L382.8 53.9\
            L391.4 59.5L387.5 67.6L391.8 78.1L384.1 112.8L367 117.8L365.8 139.5L359.8 146.9L345.7 137.6\
            L346.5 131.4L322.2 131.4L309.4 126.5L292.3 127.1L285.9 124L285.5 89.9L269.7 71.9L274.8 64.5\
            L282.5 63.9L277.4 60.1L278.7 21.7L290.2 15.5Z",
        x: 331.7,
        y: 84.9,
    },
    // Normandie
    Contour {
        region: "28",
        d: "M145.5 161.2L152.4 159.3L144.3 153.8L142.5 147.6L143.8 135.8L128 93L142.1 97.3L157.5 94.2\
            L156.6 102.3L162.2 116.6L166.9 113.5L200.6 120.3L229.2 109.7L214.7 106.6L218.1 94.9\
            L241.6 83.7L257.3 80L269.7 71.9L285.5 89.9L285.9 124L273.6 137.6L275.3 145.7L245.8 158.1\
            L252.7 167.4L245.4 187.9L228.3 179.2L226.2 171.1L209.1 176.1L200.6 164.3L178.4 172.4\
            L165.6 168L147.7 169.3Z",
        x: 257.4,
        y: 113.2,
    },
    // Grand Est
    Contour {
        region: "44",
        d: "M391.8 78.1L401.2 79.4L411 75.6L417.4 65.1L420 67L416.5 77.5L444.7 106.6L455.8 103.5\
            L468.6 109.7L483.1 108.5L490.8 111.6L498.5 127.1L503.2 124L512.1 130.2L525.8 127.1\
            L536.9 134.5L549.7 134.5L562.5 139.5L544.1 163.7L541.6 179.2L534.8 192.2L532.2 218.2\
            L535.2 224.4L527.9 233.7L520.7 235.6L515.6 230.6L510.9 216.4L503.2 210.8L474.6 202.7\
            L462.2 204L454.5 210.2L453.7 219.5L435.3 225.7L422.9 218.9L416.1 199.6L377.7 204L356.8 175.5\
            L363.2 161.8L358.5 160L356.8 152.5L359.8 146.9L365.8 139.5L367 117.8L384.1 112.8Z",
        x: 443.4,
        y: 157.1,
    },
    // Île-de-France
    Contour {
        region: "11",
        d: "M285.9 124L292.3 127.1L309.4 126.5L322.2 131.4L346.5 131.4L345.7 137.6L359.8 146.9\
            L356.8 152.5L358.5 160L363.2 161.8L356.8 175.5L341.4 177.3L341.4 184.1L336.7 189.7\
            L318.4 191.6L318.8 184.8L313.7 179.8L295.3 181.7L293.2 172.4L287.6 170.5L275.3 145.7\
            L273.6 137.6Z",
        x: 325.6,
        y: 157.1,
    },
    // Bretagne
    Contour {
        region: "53",
        d: "M106.3 234.4L104.6 231.3L90.1 230.6L87.1 227.5L92.6 223.2L81.1 226.3L78.1 232.5L76.4 223.8\
            L60.6 214.5L46.9 212.7L43.5 207.1L25.2 212.7L24.3 205.2L17.5 199L9.4 197.2L26.5 193.4\
            L28.2 187.2L17.1 189.1L14.1 182.9L29.9 181L20.1 176.1L7.7 179.2L7.3 168.6L17.1 160.6\
            L41.4 154.4L46.1 160L55.1 156.2L62.7 147.6L79 145.7L95.2 166.8L112.2 156.9L124.6 159.3\
            L132.3 156.2L132.3 161.8L145.5 161.2L147.7 169.3L165.6 168L167.7 204L158.3 212L148.5 210.2\
            L140.8 217.6L127.2 218.9ZM72.1 236.8L79 239.3L81.1 244.3L74.3 244.3Z",
        x: 117.2,
        y: 189.7,
    },
    // Pays de la Loire
    Contour {
        region: "52",
        d: "M163 304.4L157.9 306.3L134.4 293.3L119.5 267.8L126.3 260.4L120.8 254.8L115.2 253L119.1 246.1\
            L128 246.1L102.9 243.7L102.4 238.1L106.3 234.4L127.2 218.9L140.8 217.6L148.5 210.2L158.3 212\
            L167.7 204L165.6 168L178.4 172.4L200.6 164.3L209.1 176.1L226.2 171.1L228.3 179.2L245.4 187.9\
            L250.1 198.4L240.7 216.4L227.5 226.3L221.1 224.4L213.4 251.1L207 257.9L181.4 262.9\
            L185.6 270.9L184.8 303.8Z",
        x: 186.4,
        y: 229.6,
    },
    // Centre-Val de Loire
    Contour {
        region: "24",
        d: "M245.4 187.9L252.7 167.4L245.8 158.1L275.3 145.7L287.6 170.5L293.2 172.4L295.3 181.7\
            L313.7 179.8L318.8 184.8L318.4 191.6L336.7 189.7L344.4 199.6L333.7 220.1L338.4 226.3\
            L333.7 229.4L341.9 259.8L340.6 274.7L312.4 287.1L308.6 297.6L261.6 300.1L236.9 261.6\
            L224.5 265.4L224.1 258.5L213.4 251.1L221.1 224.4L227.5 226.3L240.7 216.4L250.1 198.4Z",
        x: 284.5,
        y: 241.9,
    },
    // Bourgogne-Franche-Comté
    Contour {
        region: "27",
        d: "M356.8 175.5L377.7 204L416.1 199.6L422.9 218.9L435.3 225.7L453.7 219.5L454.5 210.2L462.2 204\
            L474.6 202.7L503.2 210.8L510.9 216.4L515.6 230.6L510 230.6L507.4 236.2L512.6 240.6L487 266\
            L485.7 276.5L472 287.7L469.9 297.6L461.8 306.3L444.7 306.9L433.6 292.6L421.2 292.6\
            L415.3 313.1L411 305.7L381.5 312.5L381.5 295.1L370.9 279L358.5 282.7L340.6 274.7L341.9 259.8\
            L333.7 229.4L338.4 226.3L333.7 220.1L344.4 199.6L336.7 189.7L341.4 184.1L341.4 177.3Z",
        x: 404.3,
        y: 255.4,
    },
    // Nouvelle-Aquitaine
    Contour {
        region: "75",
        d: "M134.9 486.7L144.7 479.3L149.4 469.3L159.2 411.7L167.7 406.1L162.2 399.9L157.9 408\
            L165.6 350.3L187.4 385.6L179.7 362.1L167.3 347.2L158.3 342.2L165.2 326.7L161.3 314.3\
            L163 304.4L184.8 303.8L185.6 270.9L181.4 262.9L207 257.9L213.4 251.1L224.1 258.5L224.5 265.4\
            L236.9 261.6L261.6 300.1L308.6 297.6L320.5 313.1L313.3 334.2L318.4 355.9L304.3 368.3\
            L299.2 386.9L273.1 384.4L266.7 401.8L256.1 411.7L247.1 409.8L248.8 421.6L256.5 424.1\
            L238.1 448.9L229.2 444.5L203.1 455.1L201 472.4L212.1 483L198 519.6L187.8 523.3L149.8 506.5\
            L152.4 494.1ZM150.7 320.5L158.3 323.6L160.5 334.2L154.1 331.7ZM144.3 307.5L156.6 309.4\
            L157.5 314.3L150.7 313.1Z",
        x: 232.7,
        y: 346.9,
    },
    // Auvergne-Rhône-Alpes
    Contour {
        region: "84",
        d: "M340.6 274.7L358.5 282.7L370.9 279L381.5 295.1L381.5 312.5L411 305.7L415.3 313.1L421.2 292.6\
            L433.6 292.6L444.7 306.9L461.8 306.3L469.9 297.6L466 315L480.1 310L481.8 300.7L501.9 299.5\
            L501.5 315.6L511.7 328.6L501.5 340.4L517.7 360.2L515.6 370.1L493.8 378.8L478.4 377.6\
            L482.3 394.9L472.9 393.7L451.1 418.5L445.1 416.6L453.7 435.2L446 440.2L431.9 430.9\
            L409.7 430.9L384.1 427.2L376 393.7L359.8 395.6L354.7 387.5L343.6 393.1L338.4 407.3\
            L328.2 389.4L317.1 407.3L305.6 408L299.2 386.9L304.3 368.3L318.4 355.9L313.3 334.2\
            L320.5 313.1L308.6 297.6L312.4 287.1Z",
        x: 423.5,
        y: 366.8,
    },
    // Provence-Alpes-Côte d'Azur
    Contour {
        region: "93",
        d: "M493.8 378.8L499.3 391.8L510.9 396.2L513 405.5L503.6 414.8L509.6 432.1L524.9 440.2L539 437.1\
            L532.6 461.3L522 466.9L516 475.5L510.9 476.2L507.4 483L499.3 483.6L497.2 492.9L490.8 498.5\
            L473.3 507.8L464.3 503.4L461.3 506.5L451.1 499.1L441.7 496.6L438.7 488.6L426.8 489.2\
            L420.4 483.6L418.2 487.3L406.7 487.3L399.9 481.7L391.8 481.1L400.3 473.7L400.3 467.5\
            L407.6 466.9L417.4 448.9L409.7 430.9L431.9 430.9L446 440.2L453.7 435.2L445.1 416.6\
            L451.1 418.5L472.9 393.7L482.3 394.9L478.4 377.6Z",
        x: 467.7,
        y: 468.1,
    },
    // Occitanie
    Contour {
        region: "76",
        d: "M299.2 386.9L305.6 408L317.1 407.3L328.2 389.4L338.4 407.3L343.6 393.1L354.7 387.5\
            L359.8 395.6L376 393.7L384.1 427.2L409.7 430.9L417.4 448.9L407.6 466.9L400.3 467.5\
            L400.3 473.7L391.8 481.1L387.1 479.9L386.7 475.5L379 477.4L361.1 492.9L351.7 494.8\
            L344.4 503.4L341.9 511.5L341.4 537.5L347 545L296.6 549.3L285.1 540.6L287.2 535.7L272.7 534.4\
            L256.9 523.3L241.6 518.9L239.9 528.2L211.3 528.9L198 519.6L212.1 483L201 472.4L203.1 455.1\
            L229.2 444.5L238.1 448.9L256.5 424.1L248.8 421.6L247.1 409.8L256.1 411.7L266.7 401.8\
            L273.1 384.4Z",
        x: 294.7,
        y: 471.6,
    },
    // Corse
    Contour {
        region: "94",
        d: "M610.3 509L615 510.9L616.3 522L614.6 529.5L618 539.4L619.3 564.8L612.9 579.1L611.6 593.3\
            L602.2 610.7L586 598.9L591.9 590.9L580.8 587.8L586.8 577.2L578.7 577.8L583.4 569.8L577 563.6\
            L582.6 555.5L576.2 548.7L583.8 536.3L598.3 527.6L604.7 525.8L608.6 530.1Z",
        x: 600.4,
        y: 561.3,
    },
    // Guadeloupe
    Contour {
        region: "01",
        d: "M13.8 591.6L20.3 593.6L28.8 596.5L32.5 600.4L34.4 595.5L35.3 585.8L37.2 579.9L41.9 576.5\
            L48.5 586.7L53.2 593.6L62.5 599.5L68.2 602.4L59.7 602.9L49.4 605.8L38.1 607.3L34.4 603.4\
            L29.7 608.2L31.6 614.1L32.5 621.9L26 629.7L19.4 631.7L15.6 625.8L11.9 619L11.9 609.2\
            L10 598.5ZM56.9 626.8L64.4 628.8L67.2 633.6L64.4 638.5L56.9 639.5L53.2 633.6ZM76.6 597.5\
            L83.2 594.1L86 594.1L79.4 598.5Z",
        x: 21.8,
        y: 616.2,
    },
    // Martinique
    Contour {
        region: "02",
        d: "M128.5 574L136.6 575.4L144.6 580.9L152.7 589.3L156.7 592.7L167.5 588.6L163.4 594.8L158.1 599\
            L162.1 604.5L168.8 610.1L174.2 619.8L175.5 632.3L168.8 642L166.1 635.1L170.2 630.9\
            L160.8 631.6L147.3 630.9L139.3 630.2L139.3 621.2L148.7 619.8L152.7 614.2L142 612.9\
            L132.6 607.3L126.5 596.2L120.5 583.7Z",
        x: 142.5,
        y: 597.7,
    },
    // Guyane
    Contour {
        region: "03",
        d: "M231.8 574L238.9 574.6L247.3 578.1L252 580.6L257.1 584.9L263 589L268.3 593.3L271.1 595.2\
            L272.9 600.2L275.4 605.3L272.6 608.8L269.2 612.4L265.1 620.8L262.3 623.6L258.6 633\
            L255.8 637.5L251.6 640.9L245.5 640.5L236.1 638.1L229.6 642L220.6 638.1L227.7 629.3\
            L228.1 621.8L231.5 614.3L224.9 605.8L223.2 598.4L222.7 589.5L227.7 582.4Z",
        x: 249.9,
        y: 605.0,
    },
    // La Réunion
    Contour {
        region: "04",
        d: "M338.6 574.4L352 576.4L362.9 579.6L370.2 586.2L372.6 596.6L382.4 608.3L386 617.5L381.1 630.5\
            L377.5 638.3L366.5 641.6L355.6 640.9L342.2 637L333.7 629.2L324 627.2L318.5 614.8L314.3 604.4\
            L310 596.6L316.7 591.4L317.9 580.9L327.6 579.6Z",
        x: 345.4,
        y: 603.8,
    },
    // Mayotte
    Contour {
        region: "06",
        d: "M430.4 574L436.3 582L448 588L455.8 591L460.7 600L452.9 608L459.7 616L453.9 624L452.9 641\
            L444.1 635L434.3 642L432.4 634L426.5 624L438.2 626L432.4 612L423.6 604L430.4 597L423.6 590\
            L428.5 582ZM465.6 599L472.4 599L470.4 607L466.5 604Z",
        x: 443.0,
        y: 599.8,
    },
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn polygons(d: &str) -> Vec<Vec<(f32, f32)>> {
        let point = |text: &str| {
            let (x, y) = text.split_once(' ').expect("two numbers");
            (x.parse().expect("x"), y.parse().expect("y"))
        };
        let polygon = |part: &str| part.strip_prefix('M').expect("an M first").split('L').map(point).collect();
        d.split_terminator('Z').map(polygon).collect()
    }

    /// Whether a ray from the point to the east crosses the polygon's edges an odd number of times.
    fn inside(polygon: &[(f32, f32)], x: f32, y: f32) -> bool {
        let edges = polygon.iter().zip(polygon.iter().cycle().skip(1));
        let crosses =
            |a: &(f32, f32), b: &(f32, f32)| (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0;
        edges.filter(|(a, b)| crosses(a, b)).count() % 2 == 1
    }

    /// The collectivities overseas (`com`) have no structure and are not drawn.
    #[test]
    fn p4_every_region_of_the_referential_has_a_contour() {
        let referential: BTreeSet<&str> = include_str!("../../../migrations/data/regions.csv")
            .lines()
            .skip(1)
            .filter(|line| !line.ends_with(",com"))
            .filter_map(|line| line.split(',').next())
            .collect();
        let drawn: BTreeSet<&str> = CONTOURS.iter().map(|contour| contour.region).collect();
        assert_eq!(drawn, referential);
        assert_eq!(CONTOURS.len(), drawn.len(), "a région is drawn once");
    }

    #[test]
    fn p4_a_label_stands_inside_its_contour() {
        for contour in CONTOURS {
            let polygons = polygons(contour.d);
            assert!(polygons.iter().all(|polygon| polygon.len() >= 3), "région {}", contour.region);
            assert!(inside(&polygons[0], contour.x, contour.y), "région {}", contour.region);
        }
    }

    /// Neighbours walk their border in opposite directions: an edge walked twice in one is an overlap.
    #[test]
    fn p4_regions_do_not_overlap_along_a_border() {
        let mut walked: BTreeMap<(String, String), &str> = BTreeMap::new();
        for contour in CONTOURS {
            for polygon in contour.d.split_terminator('Z') {
                let points: Vec<&str> = polygon.trim_start_matches('M').split('L').collect();
                for (from, to) in points.iter().zip(points.iter().cycle().skip(1)) {
                    let other = walked.insert(((*from).to_owned(), (*to).to_owned()), contour.region);
                    assert_eq!(other, None, "{from} to {to} in région {}", contour.region);
                }
            }
        }
    }

    #[test]
    fn p4_overseas_stands_in_its_frame() {
        let overseas: Vec<&Contour> = CONTOURS.iter().filter(|contour| contour.region.starts_with('0')).collect();
        assert_eq!(overseas.len(), CADRES.len());
        for (contour, (x, y, width, height)) in overseas.into_iter().zip(CADRES) {
            let framed =
                |point: &(f32, f32)| (*x..=x + width).contains(&point.0) && (*y..=y + height).contains(&point.1);
            assert!(polygons(contour.d).iter().flatten().all(framed), "région {}", contour.region);
        }
    }
}
