//! The relationships of a part of an Office Open XML package (ECMA-376 part 2 §6.5).

use quick_xml::events::BytesStart;

use super::archive::Package;
use super::xml::{self, Visitor};

/// Relationships of one part that are kept.
const MAX_RELATIONS: usize = 10_000;

#[derive(Default)]
pub(super) struct Relations {
    /// The folder that targets start from, with its `/`.
    folder: String,
    known: Vec<Relation>,
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl Relations {
    /// Those of the part of that name; of the package itself for an empty name. A broken list gives what it has.
    pub(super) fn of(package: &mut Package<'_>, part: &str) -> Self {
        let (folder, file) = part.rsplit_once('/').map_or(("", part), |(folder, file)| (folder, file));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut relations = Self { folder, known: Vec::new() };
        let list = format!("{}_rels/{file}.rels", relations.folder);
        if let Ok(Some(list)) = package.part(&list) {
            xml::walk_what_is_whole(list, &mut relations);
        }
        relations
    }

    /// The name of the part that an identifier stands for.
    pub(super) fn target(&self, id: &str) -> Option<&str> {
        self.known.iter().find(|relation| relation.id == id).map(|relation| relation.target.as_str())
    }

    /// The name of the first part of that kind; `kind` is the end of the relationship's type.
    pub(super) fn first(&self, kind: &str) -> Option<&str> {
        self.known.iter().find(|relation| relation.kind.ends_with(kind)).map(|relation| relation.target.as_str())
    }
}

impl Visitor for Relations {
    fn wants_more(&self) -> bool {
        self.known.len() < MAX_RELATIONS
    }

    fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        if name != "Relationship" || xml::attribute(element, "TargetMode").is_some_and(|mode| mode == "External") {
            return;
        }
        let (Some(id), Some(target)) = (xml::attribute(element, "Id"), xml::attribute(element, "Target")) else {
            return;
        };
        let kind = xml::attribute(element, "Type").unwrap_or_default();
        self.known.push(Relation { id, kind, target: resolved(&self.folder, &target) });
    }
}

/// A target as the name of a part: from the package's root or from the folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let path = if target.starts_with('/') { target } else { format!("{folder}{target}") };
    let mut steps = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_targets_are_found_from_the_folder_and_from_the_root() {
        for (target, name) in [
            ("chunk.html", "word/chunk.html"),
            ("./a/b.xml", "word/a/b.xml"),
            ("../media/b.xml", "media/b.xml"),
            ("/word/c.xml", "word/c.xml"),
            ("../../../d.xml", "d.xml"),
        ] {
            assert_eq!(resolved("word/", target), name);
        }
    }
}
