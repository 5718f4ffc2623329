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
    /// The list one is in; nothing while writing a new message.
    pub current: Option<Boite>,
    pub brouillons: u64,
    pub can_write: bool,
    pub partagee: bool,
}

impl BoiteNav {
    /// Whether `boite` is the list one is in.
    pub fn is(&self, boite: Boite) -> bool {
        self.current == Some(boite)
    }
}

/// Who else of the structure has this message before them, and what has become of it meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Direct {
    /// Where the page gives its signs of life.
    pub href: String,
    /// The last answer that the page knows of, 0 for none.
    pub version: String,
    pub repond: bool,
    /// Who else is there, in a sentence; empty when nobody is.
    pub autres: String,
}

/// The answer that a message has had.
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

/// What the people of a structure see beside a message, and nobody else.
#[derive(Debug, Clone)]
pub struct Equipe {
    /// Where « Confier » and the notes post, with `action`.
    pub href: String,
    /// Those who share the mailbox; the first choice is nobody.
    pub membres: Vec<Choice>,
    pub confiable: bool,
    pub notes: Vec<NoteRow>,
    /// The note that was typed and not taken.
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
    /// Who wrote it, or to whom it goes.
    pub who: String,
    pub objet: String,
    pub excerpt: String,
    /// When it was received, sent or saved.
    pub at: Moment,
    pub unread: bool,
    /// « répondu », « confié à Claire Morvan »; empty where there is nothing of the kind.
    pub suivi: Vec<String>,
}

impl MessageRow {
    /// The subject, or that there is none.
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
    /// The order kept by the filter box; empty for the usual one.
    pub tri: String,
    /// The direction kept by the filter box; empty for the usual one.
    pub sens: String,
    /// Whom the messages are given to, to narrow the list; empty where there is nothing of the kind.
    pub confie: Vec<Choice>,
    pub columns: Vec<Column>,
    pub rows: Vec<MessageRow>,
    pub pages: Pages,
    pub action_href: String,
}

impl MessagerieBoite {
    /// Whether only messages given to somebody, or to nobody, are asked for.
    fn filtered(&self) -> bool {
        self.confie.iter().skip(1).any(|choice| choice.selected)
    }

    /// Reception has read and unread.
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
    /// Who wrote it for a structure; only that structure's members are told.
    pub written_by: Option<String>,
    pub to: Vec<String>,
    pub at: Moment,
    pub blocks: Vec<Block>,
    /// For a structure: who else looks, who has answered, whom it is given to, the notes.
    pub direct: Option<Direct>,
    pub deja: Option<DejaRepondu>,
    pub equipe: Option<Equipe>,
    /// « Répondre ».
    pub reply_href: Option<String>,
    /// « Transférer ».
    pub forward_href: Option<String>,
    /// « Modifier et envoyer à nouveau », of a message one sent.
    pub again_href: Option<String>,
    /// Where « Supprimer », « Rétablir » and « Marquer non lu » post, with `action`.
    pub action_href: String,
}

impl MessagerieMessage {
    /// The subject, or that there is none.
    pub fn said_objet(&self) -> &str {
        said_objet(&self.objet)
    }
}

/// Someone one may write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destinataire {
    /// The value sent as `destinataires`.
    pub value: String,
    pub label: String,
    /// What tells namesakes apart; empty if nothing.
    pub detail: String,
}

/// `GET|POST /messagerie/ecrire`. Fields: `destinataires` (repeated), `destinataire_nom` (typed, without JavaScript), `objet`,
/// `texte`, `jeton`, `brouillon`, `reponse_a`, `transfert_de` and the button `action=envoyer|enregistrer|ajouter`.
#[derive(Debug, Clone, Template)]
#[template(path = "messagerie/ecrire.html")]
pub struct MessagerieEcrire {
    /// What every page shares, with the errors at `destinataires`, `objet`, `texte`.
    pub layout: Layout,
    pub nav: BoiteNav,
    pub destinataires: Vec<Destinataire>,
    /// The recipient can't be changed: it is an answer (M5).
    pub fixed: bool,
    /// Whom one may write to, where they are few enough to be named; else empty.
    pub hint: String,
    /// What was typed to look for one, without JavaScript.
    pub typed: String,
    /// Those found for what was typed, to be ticked.
    pub proposals: Vec<Destinataire>,
    pub objet: String,
    pub texte: String,
    /// The token that makes a repeated POST send once (M9).
    pub jeton: String,
    /// The draft this is, once saved; else empty.
    pub brouillon: String,
    /// The message answered, else empty.
    pub reponse_a: String,
    /// The message forwarded, else empty.
    pub transfert_de: String,
    /// The form was already sent with another text: asks before sending a second message, under a new token (M9).
    pub ask_again: bool,
    /// For a structure that answers: the last answer that the form knows of, 0 for none; else empty.
    pub reponse_connue: String,
    /// The last answer of the structure to the message answered.
    pub deja: Option<DejaRepondu>,
    /// It came while one wrote: asks before sending a second answer (M8).
    pub ask_second: bool,
    pub direct: Option<Direct>,
    /// The structure's templates; the first choice is none. Empty where there are none.
    pub modeles: Vec<Choice>,
    /// Whether one writes for a structure, which has templates.
    pub avec_modeles: bool,
    pub saved: Option<Moment>,
    /// `GET ?q=` of recipients as JSON.
    pub lookup_href: String,
    /// `POST` that saves the draft and answers JSON.
    pub autosave_href: String,
    /// Longest subject, in characters.
    pub objet_max: usize,
    /// Longest text, in characters.
    pub texte_max: usize,
}

/// The mailbox of an intervenant for whom it is not turned on (M1). What was received before stays readable: then the lists
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
    /// Those of the structure, by name; empty on the page of one.
    pub rows: Vec<ModeleRow>,
    /// Whether it is the page of one.
    pub un: bool,
    pub action_href: String,
    /// Its name, as typed.
    pub nom: String,
    /// Its text, as typed.
    pub texte: String,
    /// Each word in braces with what it stands for.
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
