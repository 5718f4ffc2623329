//! Every path that a page, a mail or a script leads to is a page of the service.

use std::path::Path;

use web::routes;

use super::files_of;

/// Paths that no page has: what programs will call, files of systems, parts of documents.
const ELSEWHERE: [&str; 5] = ["/api/", "/run/", "/word/", "/proc/", "/dev/"];

/// The paths between quotes in a text; `{…}` in them stands for anything.
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("\"/") {
        let rest = &text[at + 1..];
        let Some(end) = rest.find('"') else { continue };
        let path = rest[..end].split(['?', '#']).next().unwrap_or_default();
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/-_.{}".contains(c);
        let mut depth = 0;
        let plain: String = path
            .chars()
            .filter(|c| {
                depth += i32::from(*c == '{');
                let outside = depth == 0 || *c == '{' && depth == 1;
                depth -= i32::from(*c == '}');
                outside || *c == '}' && depth == 0
            })
            .collect();
        let begins = plain[1..].starts_with(|c: char| c.is_ascii_lowercase());
        if begins && plain.chars().all(known) && ELSEWHERE.iter().all(|other| !plain.starts_with(other)) {
            found.push(plain);
        }
    }
    found
}

/// Whether a path may be one of a route, or the beginning of one to which something is added.
fn leads(path: &str, route: &str) -> bool {
    let mut route = route.trim_end_matches('/').split('/');
    path.trim_end_matches('/').split('/').all(|part| {
        route.next().is_some_and(|of| {
            of == part || of.starts_with('{') || part.contains("{}") && part.len() > 2 || part == "{}"
        })
    })
}

#[test]
fn q11_every_path_that_is_led_to_is_a_page() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, mut seen, mut wrong) = (Vec::new(), 0, Vec::new());
    for (folder, extension) in
        [("domain/src", "rs"), ("actors/src", "rs"), ("web/src", "rs"), ("web/templates", "html"), ("web/assets", "js")]
    {
        files_of(extension, &here.join(folder), &mut sources);
    }
    let all = routes::all();
    for file in sources.iter().filter(|file| !file.ends_with("routes.rs") && !file.ends_with("tests.rs")) {
        let text = std::fs::read_to_string(file).expect("text");
        let ours = text.split("#[cfg(test)]").next().unwrap_or_default();
        for path in paths(ours) {
            seen += 1;
            if !all.iter().any(|route| leads(&path, route.path)) {
                wrong.push(format!("{}: {path}", file.display()));
            }
        }
    }
    assert!(seen > 500, "{seen}");
    assert_eq!(wrong, Vec::<String>::new());
}

/// Mails and notifications are read later, by who can't go back to a page: what is in [`domain::paths`] is a page in full.
#[test]
fn q11_what_mails_and_notifications_lead_to_is_a_page() {
    let text = include_str!("../../../domain/src/paths.rs");
    let found: Vec<String> = paths(text);
    assert!(found.len() > 20, "{found:?}");
    for path in found {
        let parts = path.trim_end_matches('/').split('/').count();
        let is = |route: &routes::Route| {
            route.method == "GET"
                && leads(&path, route.path)
                && route.path.trim_end_matches('/').split('/').count() == parts
        };
        assert!(routes::all().iter().any(is), "{path}");
    }
}

#[test]
fn q11_store_knows_no_path_of_a_page() {
    let mut sources = Vec::new();
    files_of("rs", &Path::new(env!("CARGO_MANIFEST_DIR")).join("store/src"), &mut sources);
    for file in sources {
        let text = std::fs::read_to_string(&file).expect("text");
        let ours = text.split("#[cfg(test)]").next().unwrap_or_default();
        assert_eq!(paths(ours), Vec::<String>::new(), "{}", file.display());
    }
}
