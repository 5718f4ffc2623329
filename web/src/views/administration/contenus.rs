//! Articles with their documents, and the texts linked at the foot of each page.

use askama::Template;

use crate::views::dates::Moment;
use crate::views::layout::{Layout, MenuEntry, Tone};
use crate::views::lists::Choice;
use crate::views::markdown::Html;
use crate::views::numbers::Said as _;

/// The preview of a text being written.
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
    /// Actualités and informations: (label, count, address, whether it is the list shown).
    pub onglets: Vec<(&'static str, u64, String, bool)>,
    pub ajouter_href: String,
    pub public_href: &'static str,
    /// Whether an administrateur chooses their order.
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
    /// The list that the article belongs to: label and address.
    pub liste: (&'static str, String),
    pub action: String,
    /// The list as a word: `actualite` or `information`.
    pub rubrique: String,
    /// The last change of the article when this form was made.
    pub vue: String,
    pub titre: String,
    pub resume: String,
    pub texte: String,
    pub etats: Vec<Choice>,
    /// The day it is published, as `<input type=date>` has it.
    pub publie_le: String,
    /// The preview, when it was asked for.
    pub apercu: Option<Apercu>,
    /// Whether it is saved: only then can it have a document, and be deleted.
    pub enregistre: bool,
    /// The public page, when it is public.
    pub public_href: String,
    pub document: Option<DocumentFiche>,
    /// The limits of a document, shown before a file is chosen.
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
    /// The last change of the text when this form was made.
    pub vue: String,
    pub modifie: Moment,
    pub titre: String,
    pub corps: String,
    /// The preview, when it was asked for.
    pub apercu: Option<Apercu>,
}
