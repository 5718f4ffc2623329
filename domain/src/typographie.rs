//! The spaces of French typography, put into every page and every mail when it is sent: texts in templates, in Rust and
//! in the administration are written with plain spaces.
//!
//! A narrow no-break space (U+202F) before `;`, `!` and `?`; a no-break space (U+00A0) before `:` and inside « ». In
//! HTML only the text between tags changes. Attributes and the text of a `textarea` stay, because forms send them back.

const NO_BREAK: char = '\u{a0}';
const NARROW: char = '\u{202f}';
/// Elements whose text is not prose.
const VERBATIM: [&str; 5] = ["textarea", "pre", "code", "script", "style"];

/// A plain text with these spaces.
pub fn bound_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    bind(text, &mut out);
    out
}

/// HTML with these spaces, and without the indentation of its template's lines.
pub fn bound(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 32);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (words, tagged) = rest.split_at(start);
        let mut lines = words.split('\n');
        bind(lines.next().unwrap_or_default(), &mut out);
        for line in lines {
            out.push('\n');
            bind(line.trim_start_matches(' '), &mut out);
        }
        let (markup, after) = tagged.split_at(markup_end(tagged));
        out.push_str(markup);
        rest = after;
    }
    bind(rest, &mut out);
    out
}

/// The position in bytes where the tag at the start of a text ends; elements of [`VERBATIM`] are included with their
/// content.
fn markup_end(tagged: &str) -> usize {
    let name = tagged.get(1..).unwrap_or_default();
    let verbatim = VERBATIM
        .into_iter()
        .find(|element| name.strip_prefix(element).is_some_and(|after| after.starts_with(['>', ' ', '\n'])));
    if let Some(element) = verbatim {
        return tagged.find(&format!("</{element}>")).unwrap_or(tagged.len());
    }
    let mut quoted = false;
    let end = tagged.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(tagged.len(), |end| end + 1)
}

fn bind(words: &str, out: &mut String) {
    let mut rest = words;
    let mut before = '\0';
    while let Some(at) = rest.find([' ', NO_BREAK]) {
        let (said, spaced) = rest.split_at(at);
        out.push_str(said);
        before = said.chars().next_back().unwrap_or(before);
        let mut signs = spaced.chars();
        let typed = signs.next().unwrap_or(' ');
        let (sign, last) = (signs.next(), ends(signs.clone().next()));
        before = if matches!(sign, Some(';' | '!' | '?')) && last {
            NARROW
        } else if before == '«' || sign == Some('»') || (sign == Some(':') && last) {
            NO_BREAK
        } else {
            typed
        };
        out.push(before);
        rest = &spaced[typed.len_utf8()..];
    }
    out.push_str(rest);
}

/// Whether the sign before `after` is punctuation: in an address or an emoticon, something else follows.
fn ends(after: Option<char>) -> bool {
    after.is_none_or(|c| c.is_whitespace() || matches!(c, '»' | '.' | ',' | '…' | '?' | '!' | ')' | '&'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q4_french_spaces_do_not_break_in_a_page() {
        for (typed, shown) in [
            ("<p>Une question ? Oui !</p>", "<p>Une question\u{202f}? Oui\u{202f}!</p>"),
            (
                "<p>Lisez « Aide » : c’est court ; merci.</p>",
                "<p>Lisez «\u{a0}Aide\u{a0}»\u{a0}: c’est court\u{202f}; merci.</p>",
            ),
            ("<b>Durée</b> : 2 h", "<b>Durée</b>\u{a0}: 2 h"),
            ("<p>Vraiment ?</p>", "<p>Vraiment\u{202f}?</p>"),
            ("« <a href=\"/\">Accueil</a> »", "«\u{a0}<a href=\"/\">Accueil</a>\u{a0}»"),
            ("fin : ", "fin\u{a0}: "),
            ("<p>Combien\u{a0}?</p>", "<p>Combien\u{202f}?</p>"),
            (
                "<ul>\n    <li>\n      Oui\n      et non\n    </li>\n\n  </ul>",
                "<ul>\n<li>\nOui\net non\n</li>\n\n</ul>",
            ),
        ] {
            assert_eq!(bound(typed), shown);
            assert_eq!(bound(shown), shown, "said twice, said once");
        }
    }

    #[test]
    fn q4_french_spaces_do_not_break_in_a_plain_text() {
        for (typed, shown) in [
            ("Lieu : Brest\nQuand ?\n", "Lieu\u{a0}: Brest\nQuand\u{202f}?\n"),
            ("« Oui » ; a < b !", "«\u{a0}Oui\u{a0}»\u{202f}; a < b\u{202f}!"),
            ("/annonces ?q=a, :-) a :b\n-- \n", "/annonces ?q=a, :-) a :b\n-- \n"),
        ] {
            assert_eq!(bound_text(typed), shown);
            assert_eq!(bound_text(shown), shown, "said twice, said once");
        }
    }

    #[test]
    fn q1_what_a_form_sends_back_keeps_its_spaces() {
        for kept in [
            "<input value=\"Oui : « non » ; 7 ?\">",
            "<textarea id=\"t\" name=\"t\">\nOui : « non » ; 7 ?</textarea>",
            "<pre>a ? b : c</pre><code>x ; y</code>",
            "<p>/annonces ?q=a, :-) a :b</p>",
            "<a title=\"a > b ?\">x</a>",
            "<p>sans fin",
            "<",
            "",
        ] {
            assert_eq!(bound(kept), kept);
        }
    }
}
