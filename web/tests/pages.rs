//! Every page, in every state of the samples, holds what every page must: well-formed, nothing inline, every field named,
//! ids unique, every POST with its token, and nothing a person typed becomes markup.

#[path = "../examples/pages/samples.rs"]
mod samples;

use std::collections::{HashMap, HashSet};

/// An element as its opening tag says it.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// Indexes of the elements around it, the outermost first.
    around: Vec<usize>,
    /// The text inside, of its descendants too.
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

const VOID: &[&str] = &["br", "hr", "img", "input", "link", "meta", "wbr"];
/// Closed by what follows in HTML, but always closed by hand here: a page that forgets one is refused.
const SVG_EMPTY: &[&str] = &["rect", "path", "circle", "use"];

/// Reads a page strictly: every element closed, in order; every attribute quoted and named once; no stray `<` or `>`.
fn read(name: &str, html: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        assert!(!text.contains('>'), "{name}: a stray > in {text:?}");
        for &index in &open {
            elements[index].text.push_str(text);
        }
        let end = tag_end(tag).unwrap_or_else(|| panic!("{name}: a tag without end: {tag:.80}"));
        let inside = &tag[1..end];
        rest = &tag[end + 1..];
        if inside.starts_with('!') {
            assert_eq!(inside, "!doctype html", "{name}");
            continue;
        }
        if let Some(closed) = inside.strip_prefix('/') {
            let index = open.pop().unwrap_or_else(|| panic!("{name}: </{closed}> closes nothing"));
            assert_eq!(elements[index].name, closed, "{name}: closed out of order");
            continue;
        }
        let alone = inside.ends_with('/');
        let element = element(name, inside.trim_end_matches('/'), &open);
        let kept_open = !VOID.contains(&element.name.as_str()) && !alone;
        assert!(!alone || SVG_EMPTY.contains(&element.name.as_str()), "{name}: <{inside}>");
        elements.push(element);
        if kept_open {
            open.push(elements.len() - 1);
        }
    }
    assert!(!rest.contains('>'), "{name}: a stray > at the end");
    assert!(open.is_empty(), "{name}: left open: {:?}", open.iter().map(|&i| &elements[i].name).collect::<Vec<_>>());
    elements
}

fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.char_indices().find_map(|(index, character)| {
        quoted ^= character == '"';
        (character == '>' && !quoted).then_some(index)
    })
}

fn element(page: &str, inside: &str, open: &[usize]) -> Element {
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    assert!(
        !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
        "{page}: <{inside}>"
    );
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let stop = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(stop);
        assert!(
            !attribute.is_empty() && attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
            "{page}: attribute {attribute:?} in <{inside}>"
        );
        let value = if let Some(after) = after.strip_prefix('=') {
            let after = after.strip_prefix('"').unwrap_or_else(|| panic!("{page}: unquoted {attribute} in <{inside}>"));
            let (value, after) = after.split_once('"').unwrap_or_else(|| panic!("{page}: <{inside}>"));
            rest = after;
            value
        } else {
            rest = after;
            ""
        };
        assert!(attributes.iter().all(|(other, _)| other != attribute), "{page}: {attribute} twice in <{inside}>");
        attributes.push((attribute.to_owned(), value.to_owned()));
    }
    Element { name: name.to_owned(), attributes, around: open.to_vec(), text: String::new() }
}

fn each(check: impl Fn(&samples::Sample, &[Element])) {
    let samples = samples::all();
    assert!(samples.len() > 50, "the samples cover every page");
    for sample in samples {
        let elements = read(sample.name, &sample.html);
        check(&sample, &elements);
    }
}

fn within<'a>(elements: &'a [Element], element: &'a Element, name: &str) -> Option<&'a Element> {
    element.around.iter().rev().map(|&index| &elements[index]).find(|around| around.name == name)
}

#[test]
fn q4_pages_have_one_title_one_heading_one_main_and_a_way_to_skip() {
    each(|sample, elements| {
        let count = |name: &str| elements.iter().filter(|element| element.name == name).count();
        if sample.whole {
            assert!(sample.html.starts_with("<!doctype html>"), "{}", sample.name);
            for once in ["html", "head", "body", "title", "main", "h1"] {
                assert_eq!(count(once), 1, "{}: <{once}>", sample.name);
            }
            let skip = elements.iter().find(|element| element.get("class") == Some("skip")).expect("a skip link");
            assert_eq!(skip.get("href"), Some("#contenu"), "{}", sample.name);
        } else {
            assert_eq!(count("html") + count("h1"), 0, "{}: a fragment is not a page", sample.name);
        }
    });
}

#[test]
fn q8_nothing_inline_runs_or_styles() {
    each(|sample, elements| {
        for element in elements {
            assert_ne!(element.name, "style", "{}", sample.name);
            if element.name == "script" {
                assert!(element.get("src").is_some_and(|src| src.starts_with("/assets/")), "{}", sample.name);
                assert!(element.text.is_empty(), "{}: inline script", sample.name);
            }
            for (attribute, value) in &element.attributes {
                assert!(attribute != "style" && !attribute.starts_with("on"), "{}: {element:?}", sample.name);
                let address = value.trim_start().to_ascii_lowercase();
                assert!(!address.starts_with("javascript:"), "{}: {element:?}", sample.name);
            }
        }
    });
}

#[test]
fn q8_what_people_type_never_becomes_markup() {
    let mut shown = 0;
    for sample in samples::all() {
        assert!(!sample.html.contains("<script>"), "{}", sample.name);
        assert!(!sample.html.contains("alert('Bobby')\""), "{}", sample.name);
        assert!(!sample.html.contains(samples::HOSTILE), "{}", sample.name);
        shown += usize::from(sample.html.contains("&#60;script&#62;alert(&#39;Bobby&#39;)"));
    }
    assert!(shown > 25, "the hostile name is on many pages, escaped: {shown}");
}

#[test]
fn q1_every_field_has_a_label_and_every_description_exists() {
    each(|sample, elements| {
        let labels: HashSet<&str> =
            elements.iter().filter(|element| element.name == "label").filter_map(|label| label.get("for")).collect();
        let ids: HashSet<&str> = elements.iter().filter_map(|element| element.get("id")).collect();
        for element in elements {
            for reference in ["aria-describedby", "aria-labelledby", "for"] {
                for id in element.get(reference).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(id), "{}: {reference}={id} names nothing", sample.name);
                }
            }
            let field = ["input", "select", "textarea"].contains(&element.name.as_str());
            if !field || matches!(element.get("type"), Some("hidden" | "submit")) {
                continue;
            }
            let around = within(elements, element, "label").is_some_and(|label| !label.text.trim().is_empty());
            let named = element.get("id").is_some_and(|id| labels.contains(id));
            assert!(around || named || element.get("aria-label").is_some(), "{}: {element:?}", sample.name);
        }
        for button in elements.iter().filter(|element| element.name == "button" && element.get("hidden").is_none()) {
            assert!(
                !button.text.trim().is_empty() || button.get("aria-label").is_some(),
                "{}: {button:?}",
                sample.name
            );
        }
    });
}

#[test]
fn q4_ids_are_unique_and_form_references_exist() {
    each(|sample, elements| {
        let mut seen = HashMap::new();
        for element in elements {
            if let Some(id) = element.get("id") {
                assert!(!id.is_empty() && seen.insert(id, &element.name).is_none(), "{}: id {id} twice", sample.name);
            }
        }
        if sample.whole {
            for form in elements.iter().filter_map(|element| element.get("form")) {
                assert_eq!(seen.get(form).map(|name| name.as_str()), Some("form"), "{}: form={form}", sample.name);
            }
        }
    });
}

#[test]
fn q1_every_form_that_posts_carries_the_token() {
    each(|sample, elements| {
        for (index, form) in elements.iter().enumerate().filter(|(_, element)| element.name == "form") {
            let tokens = elements
                .iter()
                .filter(|element| element.around.contains(&index) && element.get("name") == Some("_csrf"))
                .map(|token| token.get("value"))
                .collect::<Vec<_>>();
            match form.get("method") {
                Some("post") => {
                    assert_eq!(tokens, [Some("jeton-csrf")], "{}: {form:?}", sample.name);
                    assert!(form.get("action").is_some_and(|action| action.starts_with('/')), "{}", sample.name);
                }
                Some("get") => assert!(tokens.is_empty(), "{}: a token in an address", sample.name),
                method => panic!("{}: method {method:?}", sample.name),
            }
            assert!(within(elements, form, "form").is_none(), "{}: a form in a form", sample.name);
        }
    });
}

#[test]
fn q1_the_summary_links_to_each_field_that_says_the_same() {
    let mut errors = 0;
    each(|sample, elements| {
        let Some(summary) = elements.iter().position(|element| element.get("role") == Some("alert")) else {
            return;
        };
        let title = elements.iter().find(|element| element.name == "title").expect("a title");
        assert!(title.text.starts_with("Erreur : "), "{}: {}", sample.name, title.text);
        for link in elements.iter().filter(|element| element.name == "a" && element.around.contains(&summary)) {
            let href = link.get("href").expect("a link to a field");
            // A field of another page says it there.
            if href.starts_with("/mon-compte/documents/bloc/") {
                continue;
            }
            let id = href.strip_prefix('#').expect("a link to a field");
            assert!(elements.iter().any(|element| element.get("id") == Some(id)), "{}: #{id}", sample.name);
            let said = elements
                .iter()
                .filter(|element| element.get("class") == Some("why"))
                .any(|why| why.text.ends_with(link.text.trim()));
            assert!(said, "{}: {} is not said at its field", sample.name, link.text);
        }
    });
    for sample in samples::all() {
        errors += usize::from(sample.html.contains("role=\"alert\""));
    }
    assert!(errors >= 5, "pages with errors are among the samples: {errors}");
}

#[test]
fn m2_counters_are_shown_said_and_hidden_at_zero() {
    each(|sample, elements| {
        for badge in elements.iter().filter(|element| element.get("data-compteur").is_some()) {
            let value: u64 = badge.text.parse().expect("a counter is a number");
            assert_eq!(value == 0, badge.get("hidden").is_some(), "{}", sample.name);
            let said = badge.get("title").expect("said on hover");
            assert!(said.starts_with(&value.to_string()), "{}: {said}", sample.name);
            let key = badge.get("data-compteur");
            let spoken = elements
                .iter()
                .any(|element| element.get("data-compteur-dit") == key && (value == 0 || element.text.ends_with(said)));
            assert!(spoken, "{}: {key:?} is not said", sample.name);
        }
    });
}

#[test]
fn m2_the_title_begins_with_the_number_of_unread_messages() {
    let sample = samples::all().into_iter().find(|sample| sample.name == "reception").expect("the inbox");
    assert!(sample.html.contains("<title>(3) Boîte de réception – Espace Intervenants</title>"));
}

#[test]
fn a1_the_fragment_is_the_part_of_the_page_that_changes() {
    for (page, fragment) in [("annonces", "annonces-fragment"), ("cvtheque", "cvtheque-fragment")] {
        let find = |name: &str| samples::all().into_iter().find(|sample| sample.name == name).expect("a sample").html;
        let (page, fragment) = (find(page), find(fragment));
        assert!(page.contains(fragment.trim()), "the page holds the fragment word for word");
        assert!(fragment.contains("data-part"));
    }
}

#[test]
fn q3_empty_lists_say_what_to_do_next() {
    for (name, sentence) in [
        ("reception-vide", "Écrire un message"),
        ("reception-filtre", "Montrer toute la liste"),
        ("brouillons-vide", "Aucun brouillon"),
        ("annonces-vide", "Voir toutes les annonces"),
        ("cvtheque-vide", "effacez-les tous"),
        ("gestion-annonces-vide", "Toutes les annonces de la structure"),
        ("inscriptions-vide", "Aucune inscription n’attend votre structure"),
        ("acces-vide", "cherchez avec moins de mots"),
        ("tableau-intervenant-vide", "Rien ne vous attend"),
        ("notifications-vide", "Aucune notification"),
    ] {
        let sample = samples::all().into_iter().find(|sample| sample.name == name).expect("a sample");
        assert!(sample.html.contains(sentence), "{name} does not say {sentence:?}");
    }
}
