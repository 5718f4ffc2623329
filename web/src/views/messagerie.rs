//! The internal mailbox (§7 of the manual; M1 to M7).

use askama::Template;
use domain::messagerie::Boite;

use super::dates::Moment;
use super::layout::Layout;
use super::lists::{Choice, Column, Pages};
use super::numbers::Said as _;
use super::text::{Block, said_of};

/// The navigation beside every page of the mailbox.
#[derive(Debug, Clone, Copy)]
pub struct BoiteNav {
    /// The list shown; none while writing a new message.
    pub current: Option<Boite>,
    pub brouillons: u64,
    pub can_write: bool,
    pub partagee: bool,
}

impl BoiteNav {
    /// Whether `boite` is the list shown.
    pub fn is(&self, boite: Boite) -> bool {
        self.current == Some(boite)
    }
}

/// The other people of the structure who read this message, and what became of it meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Direct {
    /// Where the page posts its signs of life.
    pub href: String,
    /// The last answer that the page knows of, 0 for none.
    pub version: String,
    pub repond: bool,
    /// The others, in a sentence; empty when nobody is there.
    pub autres: String,
}

/// The answer to a message.
#[derive(Debug, Clone)]
pub struct DejaRepondu {
    pub nom: String,
    pub at: Moment,
    pub href: String,
}

#[derive(Debug, Clone)]
pub struct NoteRow {
    pub auteur: String,
    pub at: Moment,
    pub blocks: Vec<Block>,
}

/// What only the people of the structure see beside a message.
#[derive(Debug, Clone)]
pub struct Equipe {
    /// Where « Confier » and the notes post, with `action`.
    pub href: String,
    /// The people who share the mailbox; the first choice is nobody.
    pub membres: Vec<Choice>,
    pub confiable: bool,
    pub notes: Vec<NoteRow>,
    /// The note that was typed and refused.
    pub note: String,
    /// Longest note, in characters.
    pub note_max: usize,
}

/// « Claire Morvan a aussi ce message sous les yeux. »; empty when nobody else has.
pub fn reading(names: &[String]) -> String {
    said_of(names, "a aussi ce message sous les yeux", "ont aussi ce message sous les yeux")
}

/// « Claire Morvan est en train d’y répondre. »; empty when nobody is.
pub fn answering(names: &[String]) -> String {
    said_of(names, "est en train d’y répondre", "sont en train d’y répondre")
}

#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Its id, sent as `messages` by the action menu.
    pub id: String,
    pub href: String,
    /// The author, or the recipients.
    pub who: String,
    pub objet: String,
    pub excerpt: String,
    /// When it was received, sent or saved.
    pub at: Moment,
    pub unread: bool,
    /// « répondu », « confié à Claire Morvan »; empty if none.
    pub suivi: Vec<String>,
}

impl MessageRow {
    /// The subject, or « (sans objet) ».
    pub fn said_objet(&self) -> &str {
        said_objet(&self.objet)
    }
}

fn said_objet(objet: &str) -> &str {
    if objet.trim().is_empty() { "(sans objet)" } else { objet }
}

/// `GET /messagerie/{reception,envoyes,brouillons}`. The action menu posts `messages` (repeated) and
/// `action=archive|lu|non_lu` to `action_href`.
#[derive(Debug, Clone, Template)]
#[template(path = "messagerie/boite.html")]
pub struct MessagerieBoite {
    pub layout: Layout,
    pub nav: BoiteNav,
    pub boite: Boite,
    pub q: String,
    /// The order, kept by the filter box; empty for the default.
    pub tri: String,
    /// The direction, kept by the filter box; empty for the default.
    pub sens: String,
    /// The people to whom messages are assigned, to filter the list; empty if there is no such filter.
    pub confie: Vec<Choice>,
    pub columns: Vec<Column>,
    pub rows: Vec<MessageRow>,
    pub pages: Pages,
    pub action_href: String,
}

impl MessagerieBoite {
    /// Whether the list shows only messages assigned to somebody, or to nobody.
    fn filtered(&self) -> bool {
        self.confie.iter().skip(1).any(|choice| choice.selected)
    }

    /// Whether this is the inbox, whose messages are read or unread.
    pub fn is_reception(&self) -> bool {
        self.boite == Boite::Reception
    }
}

/// `GET /messagerie/message/{id}`: one message, open.
#[derive(Debug, Clone, Template)]
#[template(path = "messagerie/message.html")]
pub struct MessagerieMessage {
    pub layout: Layout,
    pub nav: BoiteNav,
    pub boite: Boite,
    pub id: String,
    pub archived: bool,
    pub objet: String,
    pub from: String,
    /// The gestionnaire who wrote for a structure; shown only to that structure's people.
    pub written_by: Option<String>,
    pub to: Vec<String>,
    pub at: Moment,
    pub blocks: Vec<Block>,
    /// For a structure: who else reads it.
    pub direct: Option<Direct>,
    pub deja: Option<DejaRepondu>,
    pub equipe: Option<Equipe>,
    /// « Répondre ».
    pub reply_href: Option<String>,
    /// « Transférer ».
    pub forward_href: Option<String>,
    /// « Modifier et envoyer à nouveau », for a sent message.
    pub again_href: Option<String>,
    /// Where « Supprimer », « Rétablir » and « Marquer non lu » post, with `action`.
    pub action_href: String,
}

impl MessagerieMessage {
    /// The subject, or « (sans objet) ».
    pub fn said_objet(&self) -> &str {
        said_objet(&self.objet)
    }
}

/// A possible recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destinataire {
    /// The value sent as `destinataires`.
    pub value: String,
    pub label: String,
    /// What distinguishes people of the same name; empty if nothing.
    pub detail: String,
}

/// `GET|POST /messagerie/ecrire`. Fields: `destinataires` (repeated), `destinataire_nom` (typed, without JavaScript),
/// `objet`, `texte`, `modele`, `jeton`, `brouillon`, `reponse_a`, `transfert_de` and the button
/// `action=envoyer|enregistrer|inserer|ajouter`.
#[derive(Debug, Clone, Template)]
#[template(path = "messagerie/ecrire.html")]
pub struct MessagerieEcrire {
    /// What every page shares, with the errors at `destinataires`, `objet`, `texte`.
    pub layout: Layout,
    pub nav: BoiteNav,
    pub destinataires: Vec<Destinataire>,
    /// The recipient can't be changed: it is an answer (M5).
    pub fixed: bool,
    /// The possible recipients, if they are few enough to be named; otherwise empty.
    pub hint: String,
    /// The name typed to find a recipient, without JavaScript.
    pub typed: String,
    /// The people found for that name, to be ticked.
    pub proposals: Vec<Destinataire>,
    pub objet: String,
    pub texte: String,
    /// The token that makes a repeated POST send once (M9).
    pub jeton: String,
    /// The id of the draft, once saved; otherwise empty.
    pub brouillon: String,
    /// The message answered; empty if none.
    pub reponse_a: String,
    /// The message forwarded; empty if none.
    pub transfert_de: String,
    /// The form was already sent with another text: asks before sending a second message, under a new token (M9).
    pub ask_again: bool,
    /// For an answer by a structure: the last answer that the form knows of, 0 for none; otherwise empty.
    pub reponse_connue: String,
    /// The structure's last answer to the same message.
    pub deja: Option<DejaRepondu>,
    /// That answer came meanwhile: asks before sending a second one (M8).
    pub ask_second: bool,
    pub direct: Option<Direct>,
    /// The structure's templates; the first choice is none. Empty when it has none.
    pub modeles: Vec<Choice>,
    /// Whether the author writes for a structure, which has templates.
    pub avec_modeles: bool,
    pub saved: Option<Moment>,
    /// `GET ?q=` of recipients as JSON.
    pub lookup_href: String,
    /// `POST` that saves the draft and returns JSON.
    pub autosave_href: String,
    /// Longest subject, in characters.
    pub objet_max: usize,
    /// Longest text, in characters.
    pub texte_max: usize,
}

/// The mailbox of an intervenant for whom it is closed and holds nothing to read (M1). If it holds messages, the lists
/// are shown instead, with `can_write` false.
#[derive(Debug, Clone, Template)]
#[template(path = "messagerie/fermee.html")]
pub struct MessagerieFermee {
    pub layout: Layout,
    /// The registration is not validated yet.
    pub pending: bool,
    /// The structure de rattachement, when there is one.
    pub structure: Option<String>,
}

#[derive(Debug, Clone)]
pub struct ModeleRow {
    pub href: String,
    pub nom: String,
    pub debut: String,
}

/// `GET|POST /messagerie/modeles` and `GET|POST /messagerie/modeles/{id}`: `nom`, `texte`, `action`.
#[derive(Debug, Clone, Template)]
#[template(path = "messagerie/modeles.html")]
pub struct MessagerieModeles {
    pub layout: Layout,
    pub nav: BoiteNav,
    /// The templates of the structure, by name; empty on the page of one template.
    pub rows: Vec<ModeleRow>,
    /// Whether this is the page of one template.
    pub un: bool,
    pub action_href: String,
    /// Its name, as typed.
    pub nom: String,
    /// Its text, as typed.
    pub texte: String,
    /// Each word in braces with its meaning.
    pub variables: Vec<(String, &'static str)>,
    /// Longest name, in characters.
    pub nom_max: usize,
    /// Longest text, in characters.
    pub texte_max: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m8_who_else_has_the_message_is_said_in_one_sentence() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(reading(&names(&[])), "");
        assert_eq!(reading(&names(&["Anne Roy"])), "Anne Roy a aussi ce message sous les yeux.");
        assert_eq!(answering(&names(&["A", "B", "C"])), "A, B et C sont en train d’y répondre.");
        assert_eq!(answering(&names(&["Anne Roy"])), "Anne Roy est en train d’y répondre.");
    }
}
