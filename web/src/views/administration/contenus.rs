//! Articles with their documents, and the texts of the foot of each page.

use askama::Template;

use crate::views::dates::Moment;
use crate::views::layout::{Layout, MenuEntry, Tone};
use crate::views::lists::Choice;
use crate::views::markdown::Html;
use crate::views::numbers::Said as _;

/// How a text that is being written would look.
#[derive(Debug, Clone, Default)]
pub struct Apercu {
    pub titre: String,
    pub html: Html,
}

#[derive(Debug, Clone)]
pub struct ArticleRow {
    pub href: String,
    pub titre: String,
    /// « publié le … », « brouillon », « à paraître le … ».
    pub etat: String,
    pub tone: Tone,
    /// Name of its document, empty without one.
    pub document: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/articles.html")]
pub struct Articles {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// Actualités and informations: (words, number, address, whether it is the one shown).
    pub onglets: Vec<(&'static str, u64, String, bool)>,
    pub ajouter_href: String,
    pub public_href: &'static str,
    /// Whether they have an order that one chooses.
    pub ordonnes: bool,
    pub rows: Vec<ArticleRow>,
}

#[derive(Debug, Clone)]
pub struct DocumentFiche {
    pub nom: String,
    /// Its format in capitals and its size: « PDF, 214 ko ».
    pub detail: String,
    pub href: String,
}

/// `GET|POST /administration/articles/nouveau` and `/administration/articles/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/article.html")]
pub struct ArticleFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// The list it stands in: words and address.
    pub liste: (&'static str, String),
    pub action: String,
    /// Where it stands, a word: `actualite` or `information`.
    pub rubrique: String,
    /// The moment at which it was last changed when this form was made.
    pub vue: String,
    pub titre: String,
    pub resume: String,
    pub texte: String,
    pub etats: Vec<Choice>,
    /// The day it is published, as `<input type=date>` has it.
    pub publie_le: String,
    /// How it would look, when that was asked for.
    pub apercu: Option<Apercu>,
    /// Whether it is saved already: only then a document can be attached to it, and it can be deleted.
    pub enregistre: bool,
    /// Where it is read, when it is public.
    pub public_href: String,
    pub document: Option<DocumentFiche>,
    /// The limits of a document, said before one is chosen.
    pub formats: String,
    /// The same for the browser's own dialog.
    pub accept: String,
}

#[derive(Debug, Clone)]
pub struct TexteRow {
    pub href: String,
    pub titre: String,
    pub public_href: String,
    pub modifie: Moment,
    /// Places in it that are still to be filled in.
    pub manques: u64,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/textes.html")]
pub struct Textes {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub rows: Vec<TexteRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/texte.html")]
pub struct TexteFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    pub public_href: String,
    /// The moment at which it was last changed when this form was made.
    pub vue: String,
    pub modifie: Moment,
    pub titre: String,
    pub corps: String,
    /// How it would look, when that was asked for.
    pub apercu: Option<Apercu>,
}
