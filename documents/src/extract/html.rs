//! HTML: visible text of a page, by a small reader of tags.
//!
//! A browser's tree is not needed to know which characters are shown: only the elements that hide their content, those
//! that end a line, and character references matter. A full HTML5 parser would bring some thirty crates.

use encoding_rs::Encoding;

use super::decode::decode;
use super::html_entities::named;
use super::text_sink::TextSink;

/// Bytes in which a page must declare its encoding (HTML Living Standard §4.2.5.4).
const DECLARATION_BYTES: usize = 1024;

/// Elements whose content is no text of the page; the last three may hold tags of their own.
const HIDDEN: [&str; 9] = ["script", "style", "iframe", "noembed", "noframes", "xmp", "object", "template", "svg"];

/// Elements whose content has no tags: only their own end tag ends them.
const RAW: [&str; 8] = ["script", "style", "iframe", "noembed", "noframes", "xmp", "textarea", "title"];

/// Elements that stand inside a line.
const INLINE: [&str; 36] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr", "o:p",
];

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) {
    let page = decode(bytes, declared_encoding(bytes));
    let mut rest: &str = &page;
    while !rest.is_empty() && !sink.is_full() {
        let end = rest.find(['<', '&']).unwrap_or(rest.len());
        flow(&rest[..end], sink);
        rest = &rest[end..];
        if rest.starts_with('&') {
            rest = reference(rest, sink);
        } else if rest.starts_with('<') {
            rest = markup(rest, sink);
        }
    }
}

/// Text between tags: its line ends are only spaces.
fn flow(text: &str, sink: &mut TextSink) {
    for character in text.chars() {
        if character.is_ascii_whitespace() { sink.space() } else { sink.push(character) }
    }
}

/// Reads a character reference at the start of `rest`; returns the text after it.
fn reference<'a>(rest: &'a str, sink: &mut TextSink) -> &'a str {
    let body = &rest[1..];
    let length = body.bytes().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    let (name, behind) = body.split_at(length);
    let character = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        }
        .map_or(None, numbered),
        None => named(name),
    };
    let Some(character) = character else {
        sink.push('&');
        return body;
    };
    sink.push(character);
    behind.strip_prefix(';').unwrap_or(behind)
}

/// The character of a numeric reference; 128 to 159 mean windows-1252, as browsers have it.
fn numbered(number: u32) -> Option<char> {
    match number {
        0x80..=0x9f => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[number as u8]).0.chars().next(),
        _ => char::from_u32(number),
    }
}

/// Reads a tag, a comment or a lone `<` at the start of `rest`; returns the text after it.
fn markup<'a>(rest: &'a str, sink: &mut TextSink) -> &'a str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.find("-->").map_or("", |end| &comment[end + 3..]);
    }
    let body = &rest[1..];
    if body.starts_with(['!', '?']) {
        return body.find('>').map_or("", |end| &body[end + 1..]);
    }
    let closing = body.starts_with('/');
    let body = body.strip_prefix('/').unwrap_or(body);
    if !body.starts_with(|character: char| character.is_ascii_alphabetic()) {
        sink.push('<');
        return &rest[1..];
    }
    let name_end = body.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(body.len());
    let name = body[..body.floor_char_boundary(name_end.min(16))].to_ascii_lowercase();
    let behind = after_tag(&body[name_end..]);
    match name.as_str() {
        "td" | "th" if closing => sink.space(),
        "td" | "th" => sink.cell(),
        "tr" => sink.row(),
        "table" => {
            sink.row();
            sink.paragraph();
        }
        "br" | "hr" => sink.block(),
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" => sink.paragraph(),
        name if INLINE.contains(&name) => {}
        _ => sink.block(),
    }
    let empty = body[..body.len() - behind.len()].ends_with("/>");
    if closing || (empty && name == "svg") {
        return behind;
    }
    let hidden = HIDDEN.contains(&name.as_str());
    if !hidden && !RAW.contains(&name.as_str()) {
        return behind;
    }
    let (content, behind) = raw_content(behind, &name);
    if !hidden {
        // Titles and text areas: references count, tags don't.
        let mut text = content;
        while let Some(at) = text.find('&') {
            flow(&text[..at], sink);
            text = reference(&text[at..], sink);
        }
        flow(text, sink);
    }
    behind
}

/// The text after the `>` of a tag whose attributes begin here; quotes may hold a `>`.
fn after_tag(attributes: &str) -> &str {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in attributes.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return &attributes[at + 1..],
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            _ => {}
        }
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
    }
    // A quote that never closes: losing the tag is better than losing the page.
    attributes.find('>').map_or("", |end| &attributes[end + 1..])
}

/// The content up to `</name`, and the text after that end tag.
fn raw_content<'a>(rest: &'a str, name: &str) -> (&'a str, &'a str) {
    let mut from = 0;
    while let Some(at) = rest[from..].find("</").map(|at| at + from) {
        let tag = &rest.as_bytes()[at + 2..];
        if tag.get(..name.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(name.as_bytes())) {
            return (&rest[..at], after_tag(&rest[at + 2 + name.len()..]));
        }
        from = at + 2;
    }
    (rest, "")
}

/// The `charset` of a `meta` element or of an XML declaration.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION_BYTES)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head).into_owned();
    let (_, behind) = head
        .split_once("charset")
        .or_else(|| head.starts_with("<?xml").then(|| head.split_once("encoding")).flatten())?;
    let label = behind.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

#[cfg(test)]
mod tests {
    use super::super::text_of;
    use crate::format::Format;

    fn text(html: &str) -> String {
        text_of(Format::Html, html.as_bytes())
    }

    #[test]
    fn g3_scripts_styles_and_comments_are_ignored() {
        let page = "<html><head><title>Cv d&eacute;taill&eacute;</title><style>p{x}</style><script>if (a<b) '</p>'</script></head><!-- <p>non</p> --><body>oui<SCRIPT src=x>non</Script >!<svg><text>non</text></svg></body>";
        assert_eq!(text(page), "Cv détaillé\noui\n!");
    }

    #[test]
    fn g3_blocks_end_lines_and_inline_elements_do_not() {
        let page = "<h1>Titre</h1><p>gas<b>tro</b>nomie\n et <a href='x>y'>lien</a></p><table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>fin<br>ici";
        assert_eq!(text(page), "Titre\n\ngastronomie et lien\n\na b\nc\n\nfin\nici");
    }

    #[test]
    fn g3_cells_with_paragraphs_or_without_end_tags_stay_on_their_row() {
        let page = "<table><tr><td><p>a</p></td><td><p>b</p><p>c</p></td></tr><tr><td>d<td>e</table>f";
        assert_eq!(text(page), "a b\n\nc\n\nd e\n\nf");
    }

    #[test]
    fn g3_references_become_characters() {
        assert_eq!(
            text("&OElig;uvre &agrave; 5&nbsp;&euro; l&#8217;&#xE9;t&#233; &#150; R&D &inconnu; a < b &lt;p&gt;"),
            "Œuvre à 5 € l’été – R&D &inconnu; a < b <p>"
        );
    }

    #[test]
    fn g3_the_declared_encoding_is_followed() {
        assert_eq!(text_of(Format::Html, b"<meta charset=iso-8859-15><p>\xbd\xa4 \xe9</p>"), "œ€ é");
        assert_eq!(
            text_of(Format::Html, b"<meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\">\xcf"),
            "П"
        );
        assert_eq!(text_of(Format::Html, b"<?xml version='1.0' encoding='ISO-8859-15'?><p>\xbd</p>"), "œ");
        assert_eq!(text_of(Format::Html, b"<p>\x92\xe9</p>"), "’é");
    }

    #[test]
    fn q8_unfinished_markup_ends_quietly() {
        for page in [
            "<",
            "<p",
            "<p title=\"",
            "<!--",
            "<!",
            "</",
            "<script>",
            "&",
            "&#",
            "&#x110000;",
            "<aéééééééééé>",
            "<é>",
            "<title>&",
        ] {
            text(page);
        }
        assert_eq!(text("a<p title=\">b</p>c"), "a\n\nb\n\nc");
    }
}
