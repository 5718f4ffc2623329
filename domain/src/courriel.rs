//! The emails that the service sends: which there are and what each is filled with.
//!
//! The outbox keeps the value, not the rendered text; rendering is the mailer's. What stands here is erasable with
//! its row.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// One email, before it is written out. Paths are relative to the service's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "modele", rename_all = "snake_case")]
pub enum Courriel {
    /// A message came in the internal mailbox (M2). Its text stays in the mailbox.
    NouveauMessage {
        /// Who is written to.
        prenom: String,
        /// The structure that wrote.
        structure: String,
        /// Subject of the message.
        objet: String,
        /// Where it is read.
        chemin: String,
    },
    /// An annonce fits an alert (L2).
    Annonce {
        /// Who is written to.
        prenom: String,
        /// Number of the annonce.
        numero: String,
        /// Its title.
        titre: String,
        /// Its structure.
        structure: String,
        /// Its spécialité, and sous-spécialité if any.
        specialite: String,
        /// Its régions in words, « toute la France » when it has none.
        regions: String,
        /// Its period in words, empty when it has none.
        periode: String,
        /// Where it is read.
        chemin: String,
    },
    /// The activation link expired and the account was erased (manual §3.1.1).
    CompteSupprime {
        /// Who is written to.
        prenom: String,
        /// When the account had been created (UTC).
        cree_at: NaiveDateTime,
    },
}

impl Courriel {
    /// The word that stands for it in the outbox and in the counters.
    pub fn modele(&self) -> &'static str {
        match self {
            Self::NouveauMessage { .. } => "nouveau_message",
            Self::Annonce { .. } => "annonce",
            Self::CompteSupprime { .. } => "compte_supprime",
        }
    }
}

/// Where an email of the outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatCourriel {
    /// To be sent, now or at its next try.
    EnAttente,
    /// Given to the mail server.
    Envoye,
    /// Refused for good, or tried too often.
    Echec,
}
