//! The little of XML that DOCX and ODT need: a loop over events by local name.
//!
//! Entities that a document declares are never expanded, so nothing can grow here.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Unreadable;

/// What a reader of a vocabulary does at each event.
pub(super) trait Visitor {
    /// `false` ends the walk, when there is enough text.
    fn wants_more(&self) -> bool;
    /// An element begins; `name` is its name without the prefix.
    fn start(&mut self, name: &str, element: &BytesStart<'_>);
    /// The element ends (also right after `start` for an empty element).
    fn end(&mut self, name: &str);
    /// Characters, entities resolved.
    fn text(&mut self, text: &str);
}

/// Walks `part` to its end. What was visited before an error stays visited.
pub(super) fn walk(part: impl BufRead, visitor: &mut impl Visitor) -> Result<(), Unreadable> {
    let mut reader = Reader::from_reader(part);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    let mut buffer = Vec::new();
    while visitor.wants_more() {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(Unreadable::damaged)? {
            Event::Start(element) => visitor.start(element.local_name().as_ref(), &element),
            Event::Empty(element) => {
                visitor.start(element.local_name().as_ref(), &element);
                visitor.end(element.local_name().as_ref());
            }
            Event::End(element) => visitor.end(element.local_name().as_ref()),
            Event::Text(text) => visitor.text(&text),
            Event::CData(text) => visitor.text(&text),
            Event::GeneralRef(reference) => {
                if let Some(character) = reference.resolve_char_ref().map_err(Unreadable::damaged)? {
                    visitor.text(character.encode_utf8(&mut [0; 4]));
                } else if let Some(text) = quick_xml::escape::resolve_xml_entity(&reference) {
                    visitor.text(text);
                }
            }
            Event::Eof => return Ok(()),
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
        }
    }
    Ok(())
}

/// The value of the attribute of that local name, entities left as they are.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| attribute.value.to_string())
}
