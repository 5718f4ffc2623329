//! No circle of files: each is understood by reading what it leads to, and nothing leads back (SPEC Q11).
//!
//! An arrow goes from a file to the file that defines what it names. A module that re-exports its parts does not lead to them, and
//! what a module and its own parts name of each other is no arrow: they are read together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::Visit;

/// Names from the root of a crate: `pages::messagerie::read`.
type Names = Vec<String>;

/// What one file declares and names.
#[derive(Default)]
struct File {
    place: Names,
    /// Its modules that are files of their own.
    parts: BTreeSet<String>,
    /// What others find here and is defined elsewhere.
    shown: BTreeMap<String, Names>,
    /// What it names, as it is written.
    named: Vec<Names>,
}

impl File {
    fn read(place: Names, text: &str) -> Self {
        let mut file = Self { place, ..Self::default() };
        let parsed = syn::parse_file(text).expect("Rust");
        for item in &parsed.items {
            if let syn::Item::Mod(one) = item
                && one.content.is_none()
            {
                file.parts.insert(one.ident.to_string());
            }
        }
        file.visit_file(&parsed);
        file
    }

    /// The same names from the root of the crate; none when they are of another crate, or of this file.
    fn absolute(&self, written: &Names) -> Option<Names> {
        let mut names = written.as_slice();
        let mut base = match names.first()?.as_str() {
            "crate" => Names::new(),
            "self" | "super" => self.place.clone(),
            part if self.parts.contains(part) => return Some([self.place.as_slice(), names].concat()),
            _ => return None,
        };
        while let Some(("super", rest)) = names.split_first().map(|(first, rest)| (first.as_str(), rest)) {
            base.pop();
            names = rest;
        }
        if names.first().is_some_and(|first| first == "crate" || first == "self") {
            names = &names[1..];
        }
        base.extend_from_slice(names);
        Some(base)
    }
}

fn of_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|what| what.is_ident("test"))
    })
}

/// Every name of a `use`, each with the name by which it is known here.
fn unfold(tree: &syn::UseTree, before: &Names, found: &mut Vec<(String, Names)>) {
    let with = |name: &syn::Ident| [before.as_slice(), &[name.to_string()]].concat();
    match tree {
        syn::UseTree::Path(path) => unfold(&path.tree, &with(&path.ident), found),
        syn::UseTree::Name(name) => found.push((name.ident.to_string(), with(&name.ident))),
        syn::UseTree::Rename(name) => found.push((name.rename.to_string(), with(&name.ident))),
        syn::UseTree::Glob(_) => found.push(("*".to_owned(), before.clone())),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| unfold(tree, before, found)),
    }
}

impl Visit<'_> for File {
    fn visit_item(&mut self, item: &syn::Item) {
        let attributes: &[syn::Attribute] = match item {
            syn::Item::Mod(one) => &one.attrs,
            syn::Item::Fn(one) => &one.attrs,
            syn::Item::Impl(one) => &one.attrs,
            syn::Item::Use(one) => &one.attrs,
            _ => &[],
        };
        if !of_tests(attributes) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        let mut found = Vec::new();
        unfold(&item.tree, &Names::new(), &mut found);
        if matches!(item.vis, syn::Visibility::Inherited) {
            self.named.extend(found.into_iter().map(|(_, names)| names));
        } else {
            let shown = found.into_iter().filter_map(|(name, names)| Some((name, self.absolute(&names)?)));
            self.shown.extend(shown.collect::<Vec<_>>());
        }
    }

    // Who may see something is no arrow.
    fn visit_visibility(&mut self, _: &syn::Visibility) {}

    fn visit_path(&mut self, path: &syn::Path) {
        self.named.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, one: &syn::Macro) {
        // Between its brackets stands what only the macro can read: a path is told by its signs.
        let tokens = one.tokens.to_string();
        let words: Vec<&str> = tokens.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let begins = at == 0 || words[at - 1] != "::";
            if begins && matches!(*word, "crate" | "super" | "self") {
                let rest = words[at + 1..].chunks(2).take_while(|two| two[0] == "::" && two.len() == 2);
                self.named.push(std::iter::once(*word).chain(rest.map(|two| two[1])).map(str::to_owned).collect());
            }
        }
        syn::visit::visit_macro(self, one);
    }
}

/// Where a file leads, at the end of any number of arrows.
fn reached<'a>(arrows: &BTreeMap<&Names, BTreeSet<&'a Names>>, from: &'a Names) -> BTreeSet<&'a Names> {
    let (mut seen, mut left) = (BTreeSet::new(), vec![from]);
    while let Some(at) = left.pop() {
        left.extend(arrows[at].iter().copied().filter(|to| seen.insert(*to)));
    }
    seen
}

/// The files of a crate by their places.
struct Crate(BTreeMap<Names, File>);

impl Crate {
    fn defines(&self, names: &[String], depth: usize) -> Option<&Names> {
        let (place, file) = (0..=names.len()).rev().find_map(|end| self.0.get_key_value(&names[..end]))?;
        match names.get(place.len()).and_then(|next| file.shown.get(next)) {
            Some(elsewhere) if depth < 8 => {
                self.defines(&[elsewhere.as_slice(), &names[place.len() + 1..]].concat(), depth + 1)
            }
            _ => Some(place),
        }
    }

    fn arrows(&self) -> BTreeMap<&Names, BTreeSet<&Names>> {
        let of = |file: &File| {
            let absolute = file.named.iter().filter_map(|names| file.absolute(names));
            let apart = |to: &&Names| {
                let (inner, outer) = if to.len() < file.place.len() { (&file.place, *to) } else { (*to, &file.place) };
                outer.is_empty() && !inner.is_empty() || !inner.starts_with(outer)
            };
            absolute.filter_map(|names| self.defines(&names, 0)).filter(apart).collect()
        };
        self.0.iter().map(|(place, file)| (place, of(file))).collect()
    }

    /// Each circle: all its files, every one of which leads to every other.
    fn circles(&self) -> Vec<BTreeSet<String>> {
        let arrows = self.arrows();
        let reached: BTreeMap<&Names, BTreeSet<&Names>> =
            arrows.keys().map(|from| (*from, reached(&arrows, from))).collect();
        let circles: BTreeSet<BTreeSet<String>> = arrows
            .keys()
            .filter(|place| reached[**place].contains(*place))
            .map(|place| {
                let back = reached[place].iter().filter(|other| reached[**other].contains(place));
                back.map(|other| other.join("::")).collect()
            })
            .collect();
        circles.into_iter().collect()
    }
}

fn read_crate(folder: &Path) -> Crate {
    let mut rust = Vec::new();
    super::files(folder, &mut rust);
    let files = rust.iter().filter(|path| !path.ends_with("tests.rs")).map(|path| {
        let inside = path.strip_prefix(folder).expect("inside").with_extension("");
        let mut place: Names = inside.iter().map(|part| part.to_str().expect("a name").to_owned()).collect();
        if matches!(place.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            place.pop();
        }
        (place.clone(), File::read(place, &std::fs::read_to_string(path).expect("text")))
    });
    Crate(files.collect())
}

#[test]
fn q11_a_circle_of_files_is_found() {
    let of = |files: &[(&str, &str)]| {
        let read = |(place, text): &(&str, &str)| {
            let place: Names = place.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
            (place.clone(), File::read(place, text))
        };
        Crate(files.iter().map(read).collect()).circles()
    };
    let there = ("", "mod a; mod b; pub use a::A;");
    assert_eq!(of(&[there, ("a", "use crate::b::B; pub struct A;"), ("b", "pub struct B;")]), []);
    // Through a re-export, a body, and what stands between the brackets of a macro.
    for b in ["use crate::A;", "fn b() { crate::a::f() }", "fn b() { vec![super::A] }"] {
        let found = of(&[there, ("a", "use crate::b::B; pub struct A;"), ("b", b)]);
        assert_eq!(found, [BTreeSet::from(["a".to_owned(), "b".to_owned()])], "{b}");
    }
    let tests = ("b", "pub struct B; #[cfg(test)] mod tests { use crate::A; }");
    assert_eq!(of(&[there, ("a", "use crate::b::B; pub struct A;"), tests]), []);
}

#[test]
fn q11_no_file_leads_back_to_itself() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["src", "domain/src", "store/src", "documents/src", "search-index/src", "actors/src", "web/src"] {
        let read = read_crate(&here.join(folder));
        assert!(read.arrows().values().any(|to| !to.is_empty()), "{folder}");
        found.extend(read.circles().into_iter().map(|circle| (folder, circle)));
    }
    assert_eq!(found, []);
}
