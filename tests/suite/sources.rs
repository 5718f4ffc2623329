//! What the sources themselves must keep to: what a change costs follows from it (SPEC Q11).

mod circles;
mod paths;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The files of a kind in a folder of the workspace, and in the folders in it.
fn files_of(kind: &str, folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_of(kind, &path, into);
        } else if path.extension().is_some_and(|extension| extension == kind) {
            into.push(path);
        }
    }
}

/// Its Rust files.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    files_of("rs", folder, into);
}

/// What a line of a template has room for, in characters.
const TEMPLATE_LINE: usize = 150;

#[test]
fn q11_a_change_of_a_template_can_be_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut templates = Vec::new();
    for part in ["web", "actors"] {
        files_of("html", &root.join(part).join("templates"), &mut templates);
    }
    assert!(templates.len() > 100, "{} templates", templates.len());
    let mut found = Vec::new();
    for file in templates {
        let text = std::fs::read_to_string(&file).expect("text");
        let lines = text.lines().enumerate().filter(|(_, line)| line.chars().count() > TEMPLATE_LINE);
        found.extend(lines.map(|(at, _)| format!("{}:{}", file.display(), at + 1)));
    }
    assert_eq!(found, Vec::<String>::new(), "one element a line, two spaces further in than what it stands in");
}

/// The lines that offer a future of which the callers' crates would each compile the body.
fn futures_offered(text: &str) -> Vec<usize> {
    let offers = |line: &str| {
        let line = line.trim_start();
        let public = line.starts_with("pub ") || line.starts_with("pub(");
        // The method of a trait has no word of its own that says who may call it.
        (public && line.contains("async fn ")) || line.contains("-> impl Future")
    };
    text.lines().enumerate().filter(|(_, line)| offers(line)).map(|(at, _)| at + 1).collect()
}

#[test]
fn q11_futures_end_where_their_crate_ends() {
    assert_eq!(futures_offered("pub async fn a() {}\nasync fn b() {}\n    pub(crate) async fn c() {}"), [1, 3]);
    assert_eq!(futures_offered("    fn run(&mut self) -> impl Future<Output = ()>;\nfn d() -> BoxFuture<'_, ()>"), [1]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for part in ["domain", "store", "documents", "search-index", "actors"] {
        let mut rust = Vec::new();
        files(&root.join(part).join("src"), &mut rust);
        assert!(rust.len() > 3, "{part} has sources");
        for file in rust {
            let text = std::fs::read_to_string(&file).expect("text");
            found.extend(futures_offered(&text).into_iter().map(|line| format!("{}:{line}", file.display())));
        }
    }
    assert_eq!(found, Vec::<String>::new(), "each would be compiled again in every crate that awaits it");
}

/// The lines that return a refusal as if it were done, which is then committed; a line that looks at one is not such a line.
fn refusals_committed(text: &str) -> Vec<usize> {
    let commits = |line: &str| line.contains("Ok(Err(") && !line.contains("=>");
    text.lines().enumerate().filter(|(_, line)| commits(line)).map(|(at, _)| at + 1).collect()
}

#[test]
fn q8_a_refusal_is_an_error_of_its_transaction() {
    assert_eq!(refusals_committed("if no {\n    return Ok(Err(Refus::No));\n}\nOk(Err(_)) => {}"), [2]);
    let mut rust = Vec::new();
    for part in ["store/src", "actors/src"] {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &mut rust);
    }
    let mut found = Vec::new();
    for file in rust {
        let text = std::fs::read_to_string(&file).expect("text");
        found.extend(refusals_committed(&text).into_iter().map(|line| format!("{}:{line}", file.display())));
    }
    assert_eq!(found, Vec::<String>::new(), "store::Refused rolls back");
}

#[test]
fn q11_pages_make_no_transaction() {
    let mut rust = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src"), &mut rust);
    for file in rust {
        let text = std::fs::read_to_string(&file).expect("text");
        let made = text.matches(".write::<").count() + text.matches(".attempt(").count();
        assert_eq!(made, 0, "{}: what is done in somebody's name is a command", file.display());
    }
}

#[test]
fn q8_what_is_searched_is_read_by_the_one_rule() {
    let mut rust = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src"), &mut rust);
    let (mut cut, mut whole) = (0, Vec::new());
    for file in rust {
        let text = std::fs::read_to_string(&file).expect("text");
        cut += text.matches(".searched(\"q\")").count();
        whole.extend(text.contains(".one(\"q\")").then_some(file));
    }
    assert!(cut > 8, "{cut}");
    assert_eq!(whole, Vec::<PathBuf>::new(), "a search box takes a text of any length");
}

/// What `tests/budget.sh judge` says of these figures: whether they pass, and its words.
fn judged(figures: &str) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/budget.sh");
    let mut child = Command::new("bash")
        .arg(script)
        .arg("judge")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash");
    child.stdin.take().expect("its input").write_all(figures.as_bytes()).expect("the figures");
    let output = child.wait_with_output().expect("its words");
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn q11_the_budget_of_machine_code_says_what_is_over() {
    let small = "domain 1 1\nstore 1 1\ndocuments 1 1\nsearch_index 1 1\nactors 1 1\nweb 1 1\n";
    let (passes, words) = judged(small);
    assert!(passes, "{words}");
    for (wrong, sentence) in [
        (small.replace("web 1 1", "web 900000000 1"), "web is over its budget"),
        (small.replace("store 1 1", "store 1 900000000"), "store is over its budget"),
        (small.replace("actors 1 1\n", ""), "actors was not measured"),
        (small.replace("actors 1 1", "actors 0 0"), "actors was not measured"),
        (format!("{small}nouvelle 1 1\n"), "nouvelle has no budget"),
    ] {
        let (passes, words) = judged(&wrong);
        assert!(!passes && words.contains(sentence), "{sentence}: {words}");
    }
}

#[test]
fn q11_the_seconds_of_a_build_are_said_and_fail_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("timings.html");
    let said = || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/budget.sh");
        let output = Command::new("bash").arg(script).arg("times").arg(&page).output().expect("bash");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(said().contains("no build has said them"), "no page");
    let units = r#"[
  {"name": "search-index", "duration": 2.4}, {"name": "search-index", "duration": 1.0},
  {"name": "serde", "duration": 4.0}, {"name": "web", "duration": 0.0}
]"#;
    std::fs::write(&page, format!("<script>const UNIT_DATA = {units};</script>")).expect("a page");
    assert_eq!(said().trim(), "seconds of the last build: search_index 3, all others 4");
    std::fs::write(&page, "const UNIT_DATA = [\n];").expect("a page");
    assert!(said().contains("all was built before"));
    std::fs::write(&page, "another page of Cargo's").expect("a page");
    assert!(said().contains("no build has said them"), "its form has changed");
}

#[test]
fn q11_every_file_that_the_documents_name_exists() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for document in ["docs/architecture.md", "docs/decisions.md", "docs/running.md", "docs/security.md"] {
        let text = std::fs::read_to_string(here.join(document)).expect("text");
        let named: Vec<&str> = text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| {
                let path =
                    name.contains('/') && !name.starts_with('/') && name.is_ascii() && !name.contains([' ', '*', '…']);
                path && [".rs", ".md", ".sh", "/"].iter().any(|end| name.ends_with(end))
            })
            .collect();
        assert!(document != "docs/architecture.md" || named.len() > 20, "{named:?}");
        missing
            .extend(named.into_iter().filter(|name| !here.join(name).exists()).map(|name| (document, name.to_owned())));
    }
    assert_eq!(missing, []);
}
