//! Texts that an administrateur writes in Markdown, turned into HTML without scripts or raw tags; addresses may only be
//! of the web, of a mail or of this site.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// HTML made here from Markdown: safe to put in a page as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Renders a text; `level` is the level of its highest heading in the page (2 is right below the page's title).
pub fn render(markdown: &str, level: u8) -> Html {
    let down = level.saturating_sub(2);
    let events = Parser::new_ext(markdown, Options::empty()).map(|event| match event {
        // Raw tags are shown as text.
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level, down), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level, down))),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if is_fine(&dest_url) { dest_url } else { CowStr::from("#") };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        // Loading a picture would tell another site who reads: only its text stays.
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
        other => other,
    });
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, events);
    Html(out)
}

fn lower(level: HeadingLevel, by: u8) -> HeadingLevel {
    let rank = (level as u8).max(2).saturating_add(by).min(6);
    HeadingLevel::try_from(usize::from(rank)).unwrap_or(HeadingLevel::H6)
}

fn is_fine(address: &str) -> bool {
    let lower = address.trim().to_ascii_lowercase();
    ["https://", "http://", "mailto:", "tel:", "#"].iter().any(|scheme| lower.starts_with(scheme))
        || (lower.starts_with('/') && !lower.starts_with("//") && !lower.contains('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p5_markdown_becomes_html_under_the_pages_title() {
        let html = render("## Vos droits\n\nVous **pouvez** écrire [ici](/aide).\n\n- un\n- deux", 3);
        assert_eq!(
            html.as_str(),
            "<h3>Vos droits</h3>\n<p>Vous <strong>pouvez</strong> écrire <a href=\"/aide\">ici</a>.</p>\n<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n"
        );
        assert!(render("# Titre", 2).as_str().starts_with("<h2>"), "the page alone has an h1");
    }

    #[test]
    fn q8_markdown_holds_no_script_nor_foreign_picture() {
        for hostile in [
            "<script>alert(1)</script>",
            "Bonjour <img src=x onerror=alert(1)> !",
            "[cliquez](javascript:alert(1))",
            "[cliquez](//autre.example)",
            "[cliquez](data:text/html,x)",
            "![vu](https://autre.example/pixel.png)",
        ] {
            let html = render(hostile, 2);
            let html = html.as_str();
            assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("autre.example\""), "{html}");
            assert!(!html.contains("href=\"javascript") && !html.contains("href=\"data"), "{html}");
        }
    }
}
