//! The list of requirements and the tests that show them agree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn every_id() -> BTreeSet<String> {
    let series = [
        ('P', 8),
        ('K', 10),
        ('I', 17),
        ('C', 4),
        ('D', 14),
        ('A', 4),
        ('L', 3),
        ('M', 9),
        ('S', 8),
        ('X', 9),
        ('G', 10),
        ('E', 5),
        ('T', 4),
        ('O', 6),
        ('Q', 11),
    ];
    series.into_iter().flat_map(|(letter, last)| (1..=last).map(move |number| format!("{letter}{number}"))).collect()
}

/// The names of all functions of the tree's Rust files.
fn functions(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                functions(&path, into);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            for line in text.lines() {
                let line = line.trim_start();
                let line = line.strip_prefix("pub ").unwrap_or(line);
                let line = line.strip_prefix("async ").unwrap_or(line);
                if let Some(rest) = line.strip_prefix("fn ") {
                    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                    into.insert(name.to_owned());
                }
            }
        }
    }
}

struct Row {
    sentence: String,
    state: String,
    tests: Vec<String>,
}

/// The rows of the table `| id | sentence | state | tests |`.
fn table() -> BTreeMap<String, Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/requirements.md");
    let text = std::fs::read_to_string(&path).expect("docs/requirements.md");
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [id, sentence, state, tests] = cells[..] else { panic!("four cells: {line}") };
        if id.chars().all(|c| c == '-' || c == ':' || c == ' ') || id == "id" {
            continue;
        }
        let tests = tests
            .split([',', ' '])
            .map(|name| name.trim_matches('`').to_owned())
            .filter(|name| !name.is_empty() && name != "–" && name != "-")
            .collect();
        let row = Row { sentence: sentence.to_owned(), state: state.to_owned(), tests };
        assert!(rows.insert(id.to_owned(), row).is_none(), "{id} stands once");
    }
    rows
}

#[test]
fn o3_every_requirement_is_listed_and_what_is_done_is_shown_by_tests_that_exist() {
    let rows = table();
    let listed: BTreeSet<String> = rows.keys().cloned().collect();
    let all = every_id();
    assert_eq!(listed.difference(&all).collect::<Vec<_>>(), Vec::<&String>::new(), "ids that are none");
    assert_eq!(all.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new(), "ids that are missing");
    let mut known = BTreeSet::new();
    functions(Path::new(env!("CARGO_MANIFEST_DIR")), &mut known);
    for (id, row) in &rows {
        assert!(!row.sentence.is_empty(), "{id} says what it is");
        let prefix = format!("{}_", id.to_lowercase());
        let done = row.state.starts_with("done");
        assert!(!done || !row.tests.is_empty(), "{id} is done and names no test");
        for test in &row.tests {
            assert!(known.contains(test), "{id} names {test}, which does not exist");
        }
        let own = row.tests.iter().any(|test| test.starts_with(&prefix));
        assert!(!done || own, "{id} is done and no test bears its id");
    }
}
