//! HTML: visible text of a page, by a small reader of tags.
//!
//! A browser's tree is not needed to know which characters are shown: only the elements that hide their content, those
//! that end a line, and character references matter. A full HTML5 parser would bring some thirty crates.

use encoding_rs::Encoding;

use super::decode::{declared_encoding, decode};
use super::html_entities::{named, unfinished};
use super::text_sink::TextSink;

/// Elements that a browser doesn't show (Living Standard §15.3.1), or shows only when it can't show something better.
const HIDDEN: [&str; 11] = [
    "annotation",
    "annotation-xml",
    "audio",
    "canvas",
    "datalist",
    "noscript",
    "object",
    "rp",
    "svg",
    "template",
    "video",
];

/// Elements whose content has no tags, only their own end tag: programs and what stands for old browsers, and text.
const RAW_HIDDEN: [&str; 5] = ["script", "style", "iframe", "noembed", "noframes"];
const RAW_SHOWN: [&str; 3] = ["textarea", "title", "xmp"];

/// Elements that begin and end a line (§15.3.3); all others, those of no standard too, stand inside one.
const BLOCKS: [&str; 53] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "select",
    "summary",
    "table",
    "textarea",
    "title",
    "tr",
    "ul",
    "xmp",
];

/// Elements that have no content.
const VOID: [&str; 14] =
    ["area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "wbr"];

/// Elements whose white space is shown.
const LINED: [&str; 4] = ["pre", "listing", "xmp", "textarea"];

/// Kinds of `input` that show their value.
const TYPED: [&str; 13] = [
    "",
    "button",
    "date",
    "datetime-local",
    "email",
    "month",
    "number",
    "reset",
    "search",
    "submit",
    "tel",
    "text",
    "url",
];

/// Elements open inside one that hides; what is nested deeper is hidden with its parent.
const MAX_OPEN: usize = 256;

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) {
    read_declared(bytes, None, sink);
}

/// Reads a page whose encoding was declared outside of it; the page's own word goes before.
pub(super) fn read_declared(bytes: &[u8], outside: Option<&'static Encoding>, sink: &mut TextSink) {
    let text = decode(bytes, declared_encoding(bytes).or(outside));
    let text = text.trim_start_matches('\u{feff}');
    Page { sink, is_xml: text.trim_start().starts_with("<?xml"), open: Vec::new(), lined: 0 }.read(text);
}

/// An element inside which something is hidden.
struct Open {
    name: String,
    hiding: Hiding,
}

/// How an element hides its content: wholly, or until an inner one is made visible.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Hiding {
    wholly: bool,
    invisible: bool,
}

struct Page<'a> {
    sink: &'a mut TextSink,
    is_xml: bool,
    /// From the outermost element that hides to the innermost open one; empty where all is shown.
    open: Vec<Open>,
    /// Depth inside elements whose white space is shown.
    lined: usize,
}

impl Page<'_> {
    fn read(&mut self, mut rest: &str) {
        while !rest.is_empty() && !self.sink.is_full() {
            let end = rest.find(['<', '&']).unwrap_or(rest.len());
            self.flow(&rest[..end]);
            rest = &rest[end..];
            if rest.starts_with('&') {
                rest = self.reference(rest);
            } else if rest.starts_with('<') {
                rest = self.markup(rest);
            }
        }
    }

    fn hiding(&self) -> Hiding {
        self.open.last().map(|open| open.hiding).unwrap_or_default()
    }

    fn is_shown(&self) -> bool {
        self.hiding() == Hiding::default()
    }

    /// Text between tags: its line ends are only spaces.
    fn flow(&mut self, text: &str) {
        if !self.is_shown() {
            return;
        }
        for character in text.chars() {
            if character.is_ascii_whitespace() && self.lined == 0 {
                self.sink.space();
            } else {
                self.sink.push(character);
            }
        }
    }

    /// Text without tags in which references count.
    fn characters(&mut self, mut text: &str) {
        while let Some(at) = text.find('&') {
            self.flow(&text[..at]);
            text = self.reference(&text[at..]);
        }
        self.flow(text);
    }

    /// Reads a character reference at the start of `rest`; returns the text after it.
    fn reference<'t>(&mut self, rest: &'t str) -> &'t str {
        let (character, length) = referenced(&rest[1..]).unwrap_or(('&', 0));
        if self.is_shown() {
            self.sink.push(character);
        }
        let behind = &rest[1 + length..];
        if length == 0 { behind } else { behind.strip_prefix(';').unwrap_or(behind) }
    }

    /// Reads a tag, a comment or a lone `<` at the start of `rest`; returns the text after it.
    fn markup<'t>(&mut self, rest: &'t str) -> &'t str {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return after_comment(comment);
        }
        if let Some(text) = rest.strip_prefix("<![CDATA[").filter(|_| self.is_xml) {
            let end = text.find("]]>").unwrap_or(text.len());
            self.flow(&text[..end]);
            return text[end..].strip_prefix("]]>").unwrap_or_default();
        }
        let body = &rest[1..];
        if body.starts_with(['!', '?']) {
            return body.find('>').map_or("", |end| &body[end + 1..]);
        }
        let closing = body.starts_with('/');
        let body = body.strip_prefix('/').unwrap_or(body);
        if !body.starts_with(|character: char| character.is_ascii_alphabetic()) {
            self.flow("<");
            return &rest[1..];
        }
        let name_end = body.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(body.len());
        let name = body[..body.floor_char_boundary(name_end.min(16))].to_ascii_lowercase();
        let behind = after_tag(&body[name_end..]);
        let attributes = body[name_end..body.len() - behind.len()].trim_end_matches('>');
        let empty = attributes.ends_with('/');
        if closing {
            self.end(&name);
            return behind;
        }
        self.start(&name, attributes, empty);
        // A script ends where it begins only in XML, and in the XML inside a page.
        let is_empty = empty && (self.is_xml || !self.is_shown());
        let shown = RAW_SHOWN.contains(&name.as_str());
        if is_empty || !(shown || RAW_HIDDEN.contains(&name.as_str())) {
            return behind;
        }
        let (content, behind) = raw_content(behind, &name);
        if shown {
            self.characters(content);
        }
        self.end(&name);
        behind
    }

    fn start(&mut self, name: &str, attributes: &str, empty: bool) {
        self.end_implied(name);
        let hiding = hiding(name, attributes, self.hiding());
        if !(empty || VOID.contains(&name))
            && (hiding != Hiding::default() || !self.open.is_empty())
            && self.open.len() < MAX_OPEN
        {
            self.open.push(Open { name: name.to_owned(), hiding });
        }
        if hiding != Hiding::default() {
            return;
        }
        match name {
            "td" | "th" => self.sink.cell(),
            "tr" => self.sink.row(),
            "table" => {
                self.sink.row();
                self.sink.paragraph();
            }
            // A picture in the line parts the words.
            "img" => self.sink.space(),
            "input" => self.value(attributes),
            _ => self.edge(name),
        }
        if LINED.contains(&name) && !empty {
            self.lined += 1;
        }
    }

    fn end(&mut self, name: &str) {
        let was_shown = self.is_shown();
        let own = self.open.iter().rposition(|open| open.name == name);
        match own {
            Some(at) => self.open.truncate(at),
            // The end of an element around the one that hides, whose own end is left out.
            None if name != "p" && (BLOCKS.contains(&name) || matches!(name, "td" | "th")) => self.open.clear(),
            None => {}
        }
        if !was_shown && (own.is_some() || !self.is_shown()) {
            return;
        }
        match name {
            "td" | "th" => self.sink.space(),
            "tr" => self.sink.row(),
            "table" => {
                self.sink.row();
                self.sink.paragraph();
            }
            _ => self.edge(name),
        }
        if LINED.contains(&name) {
            self.lined = self.lined.saturating_sub(1);
        }
    }

    /// Ends a line where a block begins or ends.
    fn edge(&mut self, name: &str) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" => self.sink.paragraph(),
            "br" => self.sink.block(),
            _ if BLOCKS.contains(&name) => self.sink.block(),
            _ => {}
        }
    }

    /// Ends the elements whose end tags may be left out, inside one that hides (§13.1.2.4).
    fn end_implied(&mut self, name: &str) {
        let (ended, bounds): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "td" | "th" => (&["td", "th"], &["table"]),
            "tr" | "tbody" | "tfoot" => (&["tr", "td", "th"], &["table"]),
            "option" | "optgroup" => (&["option"], &["select"]),
            _ if BLOCKS.contains(&name) => (&["p"], &["td", "th", "table", "button"]),
            _ => return,
        };
        let bound = self.open.iter().rposition(|open| bounds.contains(&open.name.as_str())).map_or(0, |at| at + 1);
        if let Some(at) = self.open[bound..].iter().position(|open| ended.contains(&open.name.as_str())) {
            self.open.truncate(bound + at);
        }
    }

    /// What stands in a field of a form.
    fn value(&mut self, text: &str) {
        let (mut kind, mut value) = (String::new(), "");
        for (name, found) in Attributes(text) {
            match name.as_str() {
                "type" => kind = found.trim().to_ascii_lowercase(),
                "value" => value = found,
                _ => {}
            }
        }
        if TYPED.contains(&kind.as_str()) {
            self.sink.space();
            self.characters(value);
            self.sink.space();
        }
    }
}

/// How an element hides, inside one that hides so: by its kind, its `hidden`, or its own style (CSS 2.2 §9.2.4, §11.2).
fn hiding(name: &str, attributes: &str, around: Hiding) -> Hiding {
    let mut hiding = around;
    let (mut by_attribute, mut by_style, mut opened) = (false, None, false);
    for (name, value) in Attributes(attributes) {
        match name.as_str() {
            "hidden" => by_attribute = true,
            "open" => opened = true,
            "style" => {
                for (property, value) in declarations(value) {
                    match property.as_str() {
                        "display" => by_style = Some(value == "none"),
                        "visibility" => hiding.invisible = matches!(value.as_str(), "hidden" | "collapse"),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let by_kind = HIDDEN.contains(&name) || (name == "dialog" && !opened);
    hiding.wholly |= by_kind || by_style.unwrap_or(by_attribute);
    hiding
}

/// The declarations of a `style`, in small letters.
fn declarations(style: &str) -> impl Iterator<Item = (String, String)> {
    style.split(';').filter_map(|declaration| declaration.split_once(':')).map(|(property, value)| {
        let value = value.split('!').next().unwrap_or_default();
        (property.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase())
    })
}

/// The attributes of a tag: names in small letters, values as they are written.
struct Attributes<'a>(&'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (String, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let white = |character: char| character.is_ascii_whitespace();
        let rest = self.0.trim_start_matches(|character| white(character) || character == '/');
        if rest.is_empty() {
            return None;
        }
        // A name has one character at least, even if that is an equals sign.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let name_end = rest[first..].find(|c| white(c) || matches!(c, '/' | '=')).map_or(rest.len(), |at| first + at);
        let (name, behind) = rest.split_at(name_end);
        let (value, behind) = match behind.trim_start().strip_prefix('=').map(str::trim_start) {
            Some(value) => match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
                _ => value.split_at(value.find(white).unwrap_or(value.len())),
            },
            None => ("", behind),
        };
        self.0 = behind;
        Some((name.to_ascii_lowercase(), value))
    }
}

/// The character of a reference, without its `&`, and how long its name or number is.
fn referenced(body: &str) -> Option<(char, usize)> {
    let length = body.bytes().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    let (name, behind) = body.split_at(length);
    match name.strip_prefix('#') {
        Some(number) => {
            let (digits, radix) = match number.strip_prefix(['x', 'X']) {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            // What follows without a semicolon is text.
            let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
            let character = numbered(u32::from_str_radix(&digits[..end], radix).ok()?)?;
            Some((character, length - (digits.len() - end)))
        }
        None if behind.starts_with(';') => {
            named(name).map(|character| (character, length)).or_else(|| unfinished(name))
        }
        None => unfinished(name),
    }
}

/// The character of a numeric reference; 128 to 159 mean windows-1252, as browsers have it.
fn numbered(number: u32) -> Option<char> {
    match number {
        0x80..=0x9f => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[number as u8]).0.chars().next(),
        _ => char::from_u32(number),
    }
}

/// The text after a comment whose content begins here (§13.2.5.43 and following: `<!-->` is a whole one).
fn after_comment(comment: &str) -> &str {
    if let Some(behind) = comment.strip_prefix('>').or_else(|| comment.strip_prefix("->")) {
        return behind;
    }
    comment.find("-->").map_or("", |end| &comment[end + 3..])
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
        assert_eq!(text(page), "Cv détaillé\noui!");
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
    fn g3_elements_that_hide_end_where_a_browser_ends_them() {
        for (page, shown) in [
            ("a<div hidden>B<p>C</p><div>D</div>E</div>f", "af"),
            ("a<span hidden=''>B<b>C</b></span>d", "ad"),
            ("a<span style='color:red; DISPLAY : None !important'>B</span>c", "ac"),
            ("a<p hidden>B<p>c", "a\n\nc"),
            ("<ul><li hidden>A<ul><li>B</ul><li>c</ul>d", "c\n\nd"),
            ("<table><tr><td hidden>A<td>b<tr hidden><td>C<tr><td>d</table>", "b\nd"),
            ("<div>a<p hidden>B</div>c", "a\nc"),
            ("a<i style='visibility:hidden'>B<b style='visibility:visible'>c</b>D</i>e", "ace"),
            ("a<input hidden value=B><br hidden>c<div hidden/>d", "acd"),
            ("<div hidden title='</div>'>A<!-- </div> -->B</div>c", "c"),
            ("<p data-hidden=1 title=hidden>a", "a"),
            ("<p hidden style='display:block'>a", "a"),
            ("<dialog>A</dialog><dialog open>b</dialog>", "b"),
        ] {
            assert_eq!(text(page), shown, "{page}");
        }
    }

    #[test]
    fn g3_what_a_browser_shows_is_read_and_nothing_else() {
        for (page, shown) in [
            ("a<noscript><p>B</p></noscript>c", "ac"),
            ("a<template><template>B</template>C</template>d", "ad"),
            ("a<svg><title>B</title><style/>C</svg>d", "ad"),
            ("<del>a</del><s>b</s><img alt='NON' src=x>c", "ab c"),
            ("<input value='Lissi&egrave;re'><input type=hidden value=NON><input type=password value=NON>", "Lissière"),
            ("<ruby>漢<rp>(</rp><rt>kan</rt></ruby>", "漢kan"),
            ("Saint-<st1:place w:st='on'>Étienne</st1:place>", "Saint-Étienne"),
            ("<pre>a\n  b</pre>c\nd<xmp><b></xmp>", "a\nb\nc d\n<b>"),
            ("a<!-->b<!--->c<!-- D -->e", "abce"),
            ("a<video>B</video><canvas>C</canvas><object>D</object>e", "ae"),
            ("<?xml version='1.0'?><html><script src='x'/><title/><p><![CDATA[a<b]]></p></html>", "a<b"),
        ] {
            assert_eq!(text(page), shown, "{page}");
        }
    }

    #[test]
    fn g3_references_without_semicolon_are_read_as_browsers_read_them() {
        assert_eq!(text("d&eacutetail &#233t&#xe9; &#x2019;x &ccaron;&Zcaron;&dollar;&plus;"), "détail été ’x čŽ$+");
        assert_eq!(text("?a=1&plus=2&commat &amp &AMP;"), "?a=1&plus=2&commat & &");
    }

    #[test]
    fn q8_many_open_elements_are_bounded() {
        let deep = format!("{}A{}b", "<div hidden>".repeat(100_000), "</div>".repeat(100_000));
        assert_eq!(text(&deep), "b");
        assert_eq!(text(&format!("{}a", "<div><span>".repeat(100_000))), "a");
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
            "<p hidden",
            "<p hidden=",
            "<p style='display:none",
            "<p style==;:>",
            "<p ==é é='é>",
            "<![CDATA[",
            "<?xml?><![CDATA[",
        ] {
            text(page);
        }
        assert_eq!(text("a<p title=\">b</p>c"), "a\n\nb\n\nc");
    }
}
