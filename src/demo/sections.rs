//! The small text format of the word lists beside this module: `[section]`, then one entry per line.

use std::collections::BTreeMap;

use super::Error;

/// The sections of a list, each with its entries in order.
pub(super) type Sections = BTreeMap<&'static str, Vec<&'static str>>;

/// Parses a list; `separator` also cuts a line into entries (a line holds many names, but one sentence).
pub(super) fn parse(name: &'static str, text: &'static str, separator: Option<&str>) -> Result<Sections, Error> {
    let mut sections = Sections::new();
    let mut current = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            current = Some(title);
            continue;
        }
        let section = current.ok_or(Error::List { name, reason: "an entry stands before the first [section]" })?;
        let entries: &mut Vec<&str> = sections.entry(section).or_default();
        match separator {
            Some(separator) => entries.extend(line.split(separator)),
            None => entries.push(line),
        }
    }
    Ok(sections)
}

/// Takes a section out of a list; it must exist and have at least one entry.
pub(super) fn take(name: &'static str, sections: &mut Sections, section: &str) -> Result<Vec<&'static str>, Error> {
    match sections.remove(section) {
        Some(entries) if !entries.is_empty() => Ok(entries),
        _ => Err(Error::List { name, reason: "a section is missing or empty" }),
    }
}
