//! The little of XML that DOCX and ODT need: a loop over events by local name.
//!
//! Entities that a document declares are never expanded, so nothing can grow here.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};

use super::Unreadable;
use super::decode::XmlStream;

/// What a reader of a vocabulary does at each event.
pub(super) trait Visitor {
    /// `false` ends the walk, when there is enough.
    fn wants_more(&self) -> bool {
        true
    }

    /// An element begins; `name` is its name without the prefix.
    fn start(&mut self, name: &str, element: &BytesStart<'_>);

    /// The element ends (also right after `start` for an empty element).
    fn end(&mut self, _name: &str) {}

    /// Characters, entities resolved.
    fn text(&mut self, _text: &str) {}
}

/// Walks `part`, in UTF-8 or any other encoding, to its end. What was visited before an error stays visited.
pub(super) fn walk(part: impl BufRead, visitor: &mut impl Visitor) -> Result<(), Unreadable> {
    let mut reader = Reader::from_reader(XmlStream::new(part));
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
            // A number that is no character is left out: some programs write control characters so.
            Event::GeneralRef(reference) => {
                if let Ok(Some(character)) = reference.resolve_char_ref() {
                    visitor.text(character.encode_utf8(&mut [0; 4]));
                } else if let Some(text) = resolve_xml_entity(&reference) {
                    visitor.text(text);
                }
            }
            Event::Eof => return Ok(()),
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
        }
    }
    Ok(())
}

/// Walks as far as the part can be read; says whether that was its end. For parts that must not cost the others.
pub(super) fn walk_what_is_whole(part: impl BufRead, visitor: &mut impl Visitor) -> bool {
    walk(part, visitor).is_ok()
}

/// The value of the attribute of that local name, its entities resolved.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| unescape(&attribute.value).map_or_else(|_| attribute.value.to_string(), Into::into))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Seen(String);

    impl Visitor for Seen {
        fn start(&mut self, name: &str, element: &BytesStart<'_>) {
            self.0 += &["<", name, " ", &attribute(element, "x").unwrap_or_default(), ">"].concat();
        }

        fn end(&mut self, name: &str) {
            self.0 += &["</", name, ">"].concat();
        }

        fn text(&mut self, text: &str) {
            self.0 += text;
        }
    }

    #[test]
    fn g3_events_come_by_local_name_with_entities_resolved() {
        let mut seen = Seen::default();
        walk(
            &b"<?xml version='1.0'?><w:a w:x='&lt;&#233;' y='2'>b &amp; c&#233;&#1;&nope;<![CDATA[<d>]]><e/></w:a>"[..],
            &mut seen,
        )
        .unwrap();
        assert_eq!(seen.0, "<a <é>b & cé\u{1}<d><e ></e></a>");
    }

    #[test]
    fn q8_numbers_that_are_no_characters_and_repeated_attributes_end_nothing() {
        let mut seen = Seen::default();
        walk(&b"<a x='1' x='2' x='&bad;'>&#0;&#xd800;&#99999999999;z</a>"[..], &mut seen).unwrap();
        assert_eq!(seen.0, "<a 1>z</a>");
    }
}
