//! The mail that is only words: what happened, what to do, by when, what happens next. Text and HTML are written from
//! the same blocks, so that they can't say different things.

use askama::Template;
use domain::courriel::Contact;

use super::text::{one_line, paragraphs, sentence};
use super::{Frame, Letterhead, Rendered};

/// A mail before it is laid out. What people typed may stand in it as it is: laying out cleans it.
pub(super) struct Letter<'a> {
    /// The subject, and the title of the HTML.
    pub objet: &'static str,
    pub prenom: &'a str,
    pub blocks: Vec<Block>,
    /// What the button says, and where it goes.
    pub button: (&'static str, &'a str),
    pub reason: String,
    /// What one may ask about, and whom.
    pub contact: Option<(&'static str, &'a Contact)>,
}

/// A part of the body; made by the functions below, which clean what it holds.
pub(super) enum Block {
    Text(String),
    /// A paragraph whose first sentence is in bold; the rest may be empty.
    Deadline(String, String),
    /// A list, an item a line.
    List(Vec<String>),
    /// What somebody wrote: the lines of each paragraph.
    Quote(Vec<Vec<String>>),
    /// What has to be copied: labels and values.
    Values(Vec<(String, String)>),
}

pub(super) fn text(text: impl AsRef<str>) -> Block {
    Block::Text(sentence(text.as_ref()))
}

/// By when, in bold, and what happens otherwise.
pub(super) fn deadline(by_when: impl AsRef<str>, then: impl AsRef<str>) -> Block {
    Block::Deadline(sentence(by_when.as_ref()), sentence(then.as_ref()))
}

pub(super) fn list<const N: usize>(items: [&str; N]) -> Block {
    Block::List(items.map(sentence).into())
}

/// Values to copy, under their labels.
pub(super) fn values<const N: usize>(rows: [(&str, &str); N]) -> Block {
    Block::Values(rows.map(|(label, value)| (sentence(label), one_line(value))).into())
}

/// What somebody wrote, after the paragraph that announces it; nothing when they wrote nothing.
pub(super) fn quote(announced: &str, written: &str) -> Vec<Block> {
    let written = paragraphs(written);
    if written.is_empty() { Vec::new() } else { vec![text(announced), Block::Quote(written)] }
}

#[derive(Template)]
#[template(path = "courriels/lettre.txt")]
struct LetterText<'a> {
    cadre: &'a Frame,
    blocks: &'a [Block],
    button: &'a str,
    reason: &'a str,
    contact: &'a [String],
}

#[derive(Template)]
#[template(path = "courriels/lettre.html")]
struct LetterHtml<'a> {
    cadre: &'a Frame,
    blocks: &'a [Block],
    button: &'a str,
    reason: &'a str,
    contact: &'a [String],
}

impl Letter<'_> {
    /// Lays it out.
    pub(super) fn write(&self, letterhead: &Letterhead) -> Result<Rendered, askama::Error> {
        let (button, path) = self.button;
        let frame = Frame::new(letterhead, &sentence(self.objet), self.prenom, path);
        let (cadre, blocks, reason) = (&frame, self.blocks.as_slice(), sentence(&self.reason));
        let contact = self.contact.map(|(about, contact)| contact_lines(about, contact)).unwrap_or_default();
        let texte = LetterText { cadre, blocks, button, reason: &reason, contact: &contact }.render()?;
        let html = LetterHtml { cadre, blocks, button, reason: &reason, contact: &contact }.render()?;
        Ok(frame.around(&texte, &html))
    }
}

/// What is known of a structure, one line each, under the subject to ask about; nothing when nothing is known.
fn contact_lines(about: &str, contact: &Contact) -> Vec<String> {
    let known = [("", &contact.nom), ("Téléphone : ", &contact.telephone), ("Courriel : ", &contact.courriel)];
    let mut lines: Vec<String> = known
        .map(|(label, value)| (label, one_line(value)))
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| sentence(&format!("{label}{value}")))
        .collect();
    if !lines.is_empty() {
        lines.insert(0, sentence(&format!("Pour toute question sur {about}, contactez :")));
    }
    lines
}
