//! Integrity of the referentials in `migrations/data`, which the program carries and loads.

use std::collections::{BTreeMap, BTreeSet};

type Row = BTreeMap<String, String>;

fn rows(text: &str) -> Vec<Row> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().expect("a CSV with a header")
}

fn unique(rows: &[Row], column: &str) -> BTreeSet<String> {
    let values: BTreeSet<String> = rows.iter().map(|row| row[column].clone()).collect();
    assert_eq!(values.len(), rows.len(), "{column} repeats");
    assert!(values.iter().all(|value| !value.trim().is_empty()));
    values
}

fn regions() -> Vec<Row> {
    rows(include_str!("../../migrations/data/regions.csv"))
}

fn specialites() -> Vec<Row> {
    rows(include_str!("../../migrations/data/specialites.csv"))
}

#[test]
fn o1_there_are_24_structures_in_real_regions() {
    let structures = rows(include_str!("../../migrations/data/structures.csv"));
    let regions = regions();
    let codes = unique(&regions, "code");
    let zones: BTreeMap<&str, &str> = regions.iter().map(|row| (row["code"].as_str(), row["zone"].as_str())).collect();
    unique(&structures, "code");
    unique(&structures, "nom");
    let count = |kind: &str, zone: Option<&str>| {
        structures
            .iter()
            .filter(|row| row["type"] == kind)
            .filter(|row| zone.is_none_or(|zone| zones[row["region"].as_str()] == zone))
            .count()
    };
    assert_eq!(count("delegation", Some("metro")), 13);
    assert_eq!(count("delegation", Some("drom")), 5);
    assert_eq!(count("institut", None), 4 + 1);
    assert_eq!(count("siege", None), 1);
    assert_eq!(structures.len(), 13 + 5 + 4 + 1 + 1);
    for row in &structures {
        assert!(codes.contains(&row["region"]), "{}", row["code"]);
        assert!(row["code"].bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        assert_eq!(row["code_postal"].len(), 5);
        assert!(row["courriel"].ends_with(".example"));
        assert!(matches!(row["messagerie_active"].as_str(), "true" | "false"));
        // ARCEP's ranges for works of fiction.
        assert!(
            ["01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98"]
                .iter()
                .any(|range| row["telephone"].starts_with(range))
        );
    }
    let without = structures.iter().filter(|row| row["messagerie_active"] == "false").count();
    assert_eq!(without, 2);
    let delegations: BTreeSet<&str> =
        structures.iter().filter(|row| row["type"] == "delegation").map(|row| row["region"].as_str()).collect();
    assert_eq!(delegations.len(), 18, "one délégation per région");
}

#[test]
fn o1_specialites_have_two_levels() {
    let all = specialites();
    let codes = unique(&all, "code");
    let mut children: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &all {
        assert!(row["ordre"].parse::<u32>().is_ok(), "{}", row["code"]);
        assert!(row["description"].ends_with('.') && !row["nom"].is_empty());
        if row["parent"].is_empty() {
            children.entry(&row["code"]).or_default();
            assert!(!row["code"].contains('.'));
            continue;
        }
        assert!(codes.contains(&row["parent"]));
        assert!(row["code"].starts_with(&format!("{}.", row["parent"])));
        assert!(!row["parent"].contains('.'), "a third level");
        *children.entry(&row["parent"]).or_default() += 1;
    }
    assert!(children.len() >= 20);
    for (code, count) in children {
        assert!((4..=8).contains(&count), "{code} {count}");
    }
}

#[test]
fn o1_departements_and_employers_name_known_codes() {
    let region_rows = regions();
    let regions = unique(&region_rows, "code");
    let departement_rows = rows(include_str!("../../migrations/data/departements.csv"));
    let departements = unique(&departement_rows, "code");
    for row in &departement_rows {
        assert!(regions.contains(&row["region"]), "{}", row["code"]);
    }
    let employers = rows(include_str!("../../migrations/data/employeurs-publics.csv"));
    unique(&employers, "siret");
    for row in &employers {
        assert!(departements.contains(&row["departement"]), "{}", row["siret"]);
        assert!(regions.contains(&row["region"]), "{}", row["siret"]);
        assert!(row["siret"].starts_with(&row["siren"]));
    }
}

#[test]
fn i12_languages_are_foreign_or_regional() {
    let langues = rows(include_str!("../../migrations/data/langues.csv"));
    let codes = unique(&langues, "code");
    unique(&langues, "nom");
    let count = |kind| langues.iter().filter(|row| row["type"] == kind).count();
    assert_eq!(count("etrangere") + count("regionale"), langues.len());
    assert!(count("etrangere") >= 30 && count("regionale") >= 15);
    for code in ["en", "br", "eu", "oc", "co", "gsw", "ca"] {
        assert!(codes.contains(code), "{code}");
    }
}

#[test]
fn g7_the_sigles_that_the_list_begins_with_leave_room_for_others() {
    let sigles = rows(include_str!("../../migrations/data/sigles.csv"));
    assert!((200..=domain::sigle::LISTE_MAX - 20).contains(&sigles.len()), "{}", sigles.len());
    let mut known = BTreeSet::new();
    for row in &sigles {
        let (sigle, sens) = (&row["sigle"], &row["sens"]);
        assert_eq!(domain::sigle::wrong(sigle, sens), [], "{sigle}");
        assert!(known.insert(domain::sigle::cle(sigle, sens)), "{sigle} stands twice");
    }
}
