//! What can happen: the facts of the journal, and whom each concerns.
//!
//! A payload holds ids and codes, never personal values: the journal is append-only, what must be erasable lives
//! elsewhere. A kind that this version does not know is skipped by every follower (rolling upgrade).

use serde::{Deserialize, Serialize};

use crate::{CompteId, CorrespondantId, StructureId};

/// One thing that happened, in the transaction that made it so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// An account was created.
    CompteCree {
        /// The account.
        compte: CompteId,
    },
    /// An account waited too long for its activation and was erased (manual §3.1.1).
    CompteSupprime {
        /// The account that was.
        compte: CompteId,
    },
    /// Somebody logged in.
    SessionOuverte {
        /// The account.
        compte: CompteId,
        /// The session.
        session: i64,
    },
    /// Sessions were ended: their sockets close at once, everywhere.
    SessionsFermees {
        /// The account.
        compte: CompteId,
        /// The sessions that ended.
        sessions: Vec<i64>,
    },
    /// The password changed.
    MotDePasseChange {
        /// The account.
        compte: CompteId,
    },
    /// A profile or one of its files changed, or it entered or left the CV-thèque.
    ProfilModifie {
        /// The account.
        compte: CompteId,
    },
    /// The boxes of §8 changed.
    AlerteModifiee {
        /// The account.
        compte: CompteId,
    },
    /// A message was sent.
    MessageEnvoye {
        /// The message.
        message: i64,
        /// Who sent it.
        de: CorrespondantId,
        /// Who receives it.
        a: Vec<CorrespondantId>,
    },
    /// Messages of a mailbox were read, marked unread, put away or taken back.
    BoiteModifiee {
        /// Whose mailbox.
        correspondant: CorrespondantId,
        /// The messages.
        messages: Vec<i64>,
        /// What was done, one of `lu`, `non_lu`, `archive`, `restaure`.
        action: String,
    },
    /// An annonce was created or changed.
    AnnonceModifiee {
        /// The annonce.
        annonce: i64,
        /// Whose annonce.
        structure: StructureId,
    },
    /// An annonce was published: it is found at once and the alerts go out.
    AnnoncePubliee {
        /// The annonce.
        annonce: i64,
        /// Whose annonce.
        structure: StructureId,
    },
    /// An annonce was closed or put away.
    AnnonceRetiree {
        /// The annonce.
        annonce: i64,
        /// Whose annonce.
        structure: StructureId,
    },
    /// The alerts of an annonce were written to the outbox.
    AlertesEnvoyees {
        /// The annonce.
        annonce: i64,
        /// The accounts that were told.
        comptes: Vec<CompteId>,
    },
    /// Notifications were read.
    NotificationsLues {
        /// The account.
        compte: CompteId,
    },
}

/// Whom a fact concerns, so that their open tabs look again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// Accounts.
    pub comptes: Vec<CompteId>,
    /// Mailboxes (every account that reads them).
    pub correspondants: Vec<CorrespondantId>,
}

impl Fact {
    /// The word that stands for it in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::CompteCree { .. } => "compte_cree",
            Self::CompteSupprime { .. } => "compte_supprime",
            Self::SessionOuverte { .. } => "session_ouverte",
            Self::SessionsFermees { .. } => "sessions_fermees",
            Self::MotDePasseChange { .. } => "mot_de_passe_change",
            Self::ProfilModifie { .. } => "profil_modifie",
            Self::AlerteModifiee { .. } => "alerte_modifiee",
            Self::MessageEnvoye { .. } => "message_envoye",
            Self::BoiteModifiee { .. } => "boite_modifiee",
            Self::AnnonceModifiee { .. } => "annonce_modifiee",
            Self::AnnoncePubliee { .. } => "annonce_publiee",
            Self::AnnonceRetiree { .. } => "annonce_retiree",
            Self::AlertesEnvoyees { .. } => "alertes_envoyees",
            Self::NotificationsLues { .. } => "notifications_lues",
        }
    }

    /// The id of what it is about.
    pub fn subject(&self) -> i64 {
        match self {
            Self::CompteCree { compte }
            | Self::CompteSupprime { compte }
            | Self::SessionOuverte { compte, .. }
            | Self::SessionsFermees { compte, .. }
            | Self::MotDePasseChange { compte }
            | Self::ProfilModifie { compte }
            | Self::AlerteModifiee { compte }
            | Self::NotificationsLues { compte } => compte.0,
            Self::MessageEnvoye { message, .. } => *message,
            Self::BoiteModifiee { correspondant, .. } => correspondant.0,
            Self::AnnonceModifiee { annonce, .. }
            | Self::AnnoncePubliee { annonce, .. }
            | Self::AnnonceRetiree { annonce, .. }
            | Self::AlertesEnvoyees { annonce, .. } => *annonce,
        }
    }

    /// Whose counters it may have changed.
    pub fn audience(&self) -> Audience {
        match self {
            Self::MessageEnvoye { de, a, .. } => {
                Audience { correspondants: a.iter().copied().chain([*de]).collect(), ..Audience::default() }
            }
            Self::BoiteModifiee { correspondant, .. } => {
                Audience { correspondants: vec![*correspondant], ..Audience::default() }
            }
            Self::AlertesEnvoyees { comptes, .. } => Audience { comptes: comptes.clone(), ..Audience::default() },
            Self::NotificationsLues { compte }
            | Self::ProfilModifie { compte }
            | Self::SessionsFermees { compte, .. }
            | Self::CompteSupprime { compte } => Audience { comptes: vec![*compte], ..Audience::default() },
            Self::CompteCree { .. }
            | Self::SessionOuverte { .. }
            | Self::MotDePasseChange { .. }
            | Self::AlerteModifiee { .. }
            | Self::AnnonceModifiee { .. }
            | Self::AnnoncePubliee { .. }
            | Self::AnnonceRetiree { .. } => Audience::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t1_the_stored_kind_is_the_one_that_reads_back() {
        let facts = [
            Fact::CompteCree { compte: CompteId(1) },
            Fact::MessageEnvoye { message: 4, de: CorrespondantId(2), a: vec![CorrespondantId(3)] },
            Fact::AnnoncePubliee { annonce: 9, structure: StructureId(5) },
        ];
        for fact in facts {
            let json = serde_json::to_value(&fact).unwrap();
            assert_eq!(json["kind"], fact.kind());
            assert_eq!(serde_json::from_value::<Fact>(json).unwrap(), fact);
        }
    }

    #[test]
    fn t2_a_message_concerns_both_ends() {
        let sent = Fact::MessageEnvoye { message: 4, de: CorrespondantId(2), a: vec![CorrespondantId(3)] };
        assert_eq!(sent.audience().correspondants, vec![CorrespondantId(3), CorrespondantId(2)]);
    }
}
