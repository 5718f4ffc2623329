//! What everybody reads on the site and an administrateur writes: articles, their documents, legal texts (SPEC P3 to
//! P5, G7).

use chrono::NaiveDateTime;
use domain::CompteId;
use store::contenus::{Document, Redaction, Rubrique};
use store::{Refused, Transaction};

use super::{administrateur, command};

/// Why what is public stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// The one who asks is no administrateur.
    Forbidden,
    /// There is no such article or text.
    NotFound,
    /// Somebody changed it since it was looked at.
    Changed,
}

/// Begin an article, the last of its kind. Returns its id.
#[derive(Clone, Debug)]
pub struct CreateArticle {
    pub rubrique: Rubrique,
    pub redaction: Redaction,
}

command!(CreateArticle: i64, NotWritten);

impl CreateArticle {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<i64, Refused<NotWritten>> {
        administrateur(transaction, by, NotWritten::Forbidden).await?;
        Ok(store::contenus::create_article(transaction, self.rubrique, &self.redaction).await?)
    }
}

/// Change what an article says, if it is still as it was looked at.
#[derive(Clone, Debug)]
pub struct ChangeArticle {
    pub article: i64,
    /// Its last change when it was looked at.
    pub seen: NaiveDateTime,
    pub redaction: Redaction,
}

command!(ChangeArticle: (), NotWritten);

impl ChangeArticle {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotWritten>> {
        administrateur(transaction, by, NotWritten::Forbidden).await?;
        let saved = store::contenus::save_article(transaction, self.article, &self.redaction, self.seen).await?;
        if saved { Ok(()) } else { Err(Refused::Because(NotWritten::Changed)) }
    }
}

/// Move an article one place up or down among those of its kind.
#[derive(Clone, Copy, Debug)]
pub struct MoveArticle {
    pub article: i64,
    pub up: bool,
}

command!(MoveArticle: (), NotWritten);

impl MoveArticle {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotWritten>> {
        administrateur(transaction, by, NotWritten::Forbidden).await?;
        let moved = store::contenus::move_article(transaction, self.article, self.up).await?;
        if moved { Ok(()) } else { Err(Refused::Because(NotWritten::NotFound)) }
    }
}

/// Remove an article. Returns the blob of its document, which is no longer needed.
#[derive(Clone, Copy, Debug)]
pub struct RemoveArticle(pub i64);

command!(RemoveArticle: Option<String>, NotWritten);

impl RemoveArticle {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Option<String>, Refused<NotWritten>> {
        administrateur(transaction, by, NotWritten::Forbidden).await?;
        let gone = store::contenus::remove_article(transaction, self.0).await?;
        gone.ok_or(Refused::Because(NotWritten::NotFound))
    }
}

/// Attach a document to an article, or take it away. Returns the blob it had before, which is no longer needed.
#[derive(Clone, Debug)]
pub struct SetDocument {
    pub article: i64,
    /// The document; none takes it away.
    pub document: Option<Document>,
}

command!(SetDocument: Option<String>, NotWritten);

impl SetDocument {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Option<String>, Refused<NotWritten>> {
        administrateur(transaction, by, NotWritten::Forbidden).await?;
        let before = store::contenus::set_document(transaction, self.article, self.document.as_ref()).await?;
        before.ok_or(Refused::Because(NotWritten::NotFound))
    }
}

/// Change a legal text, if it is still as it was looked at.
#[derive(Clone, Debug)]
pub struct ChangeTexte {
    pub cle: String,
    /// Its last change when it was looked at.
    pub seen: NaiveDateTime,
    pub titre: String,
    pub corps: String,
}

command!(ChangeTexte: (), NotWritten);

impl ChangeTexte {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotWritten>> {
        administrateur(transaction, by, NotWritten::Forbidden).await?;
        let said = (self.titre.as_str(), self.corps.as_str());
        let saved = store::contenus::save_texte(transaction, &self.cle, said, self.seen).await?;
        if saved { Ok(()) } else { Err(Refused::Because(NotWritten::Changed)) }
    }
}
