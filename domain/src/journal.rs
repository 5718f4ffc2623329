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
    /// Accounts were told something in their notifications.
    NotificationsCreees {
        /// The accounts.
        comptes: Vec<CompteId>,
    },
    /// The activation link was used.
    CompteActive {
        /// The account.
        compte: CompteId,
    },
    /// The login changed.
    AdresseChangee {
        /// The account.
        compte: CompteId,
    },
    /// Somebody gave provisional credentials to an account.
    AccesProvisoireDonne {
        /// The account.
        compte: CompteId,
    },
    /// A second factor was turned on or off, or its recovery codes were made anew.
    SecondFacteurModifie {
        /// The account.
        compte: CompteId,
    },
    /// An account was archived: it can't log in any more.
    CompteArchive {
        /// The account.
        compte: CompteId,
    },
    /// A registration went on: sent, taken on, decided, moved to another structure.
    InscriptionModifiee {
        /// The account.
        compte: CompteId,
        /// What happened, a word of [`crate::inscription::Evenement`], `reaffectee` or `archivee`.
        evenement: String,
        /// The mailboxes of the structures whose queue it enters, stands in or leaves.
        boites: Vec<CorrespondantId>,
    },
    /// An answer to an annonce was sent, decided upon, taken back or cancelled.
    CandidatureModifiee {
        /// The answer.
        candidature: i64,
        /// Whose it is.
        compte: CompteId,
        /// What happened, a word of [`crate::candidature::Evenement`].
        evenement: String,
        /// The mailbox of the structure whose annonce it is.
        boite: Option<CorrespondantId>,
    },
    /// A request to the support was sent, treated, moved or closed.
    DemandeModifiee {
        /// The request.
        demande: i64,
        /// What happened, a word of [`crate::support::Evenement`].
        evenement: String,
        /// The mailboxes of the structures whose queue it enters, stands in or leaves.
        boites: Vec<CorrespondantId>,
    },
    /// A dossier was asked for, filled in, transmitted, decided on or reviewed.
    DossierModifie {
        /// Whose it is.
        compte: CompteId,
        /// What happened, a word of [`crate::dossier::piece::Evenement`], `demande`, `decide` or `revue`.
        evenement: String,
        /// The mailbox of the structure that decides on it.
        boites: Vec<CorrespondantId>,
    },
    /// Somebody who is not its owner read what is masked in a dossier, or one of its files (SPEC D14).
    DossierLu {
        /// Whose it is.
        compte: CompteId,
        /// What was read, a word of [`crate::dossier::Cible`].
        cible: String,
    },
    /// A « lettre de demande » was written, sent, answered or taken back (SPEC D13).
    LettreModifiee {
        /// The letter.
        lettre: i64,
        /// Whom it is for.
        compte: CompteId,
        /// What happened, a word of [`crate::dossier::lettre::Evenement`].
        evenement: String,
    },
    /// An account's rights, structure or state were set by an administrateur.
    DroitsModifies {
        /// The account.
        compte: CompteId,
    },
    /// A referential or a structure was changed.
    ReferentielModifie {
        /// Which: the name of its table.
        referentiel: String,
    },
    /// Profiles were taken out of the CV-thèque as a workbook.
    CvthequeExportee {
        /// Its row in the register.
        export: i64,
        /// For which structure.
        structure: StructureId,
        /// How many people are in it.
        nombre: i64,
    },
    /// Somebody took their data out, logged in or by the link sent for an archived account (manual §11).
    DonneesExportees {
        /// The account.
        compte: CompteId,
    },
    /// An article or a legal text was changed.
    ContenuModifie {
        /// The id of the article, 0 for a text.
        article: i64,
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
            Self::NotificationsCreees { .. } => "notifications_creees",
            Self::CompteActive { .. } => "compte_active",
            Self::AdresseChangee { .. } => "adresse_changee",
            Self::AccesProvisoireDonne { .. } => "acces_provisoire_donne",
            Self::SecondFacteurModifie { .. } => "second_facteur_modifie",
            Self::CompteArchive { .. } => "compte_archive",
            Self::InscriptionModifiee { .. } => "inscription_modifiee",
            Self::CandidatureModifiee { .. } => "candidature_modifiee",
            Self::DemandeModifiee { .. } => "demande_modifiee",
            Self::DossierModifie { .. } => "dossier_modifie",
            Self::DossierLu { .. } => "dossier_lu",
            Self::LettreModifiee { .. } => "lettre_modifiee",
            Self::DroitsModifies { .. } => "droits_modifies",
            Self::ReferentielModifie { .. } => "referentiel_modifie",
            Self::CvthequeExportee { .. } => "cvtheque_exportee",
            Self::DonneesExportees { .. } => "donnees_exportees",
            Self::ContenuModifie { .. } => "contenu_modifie",
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
            | Self::NotificationsLues { compte }
            | Self::CompteActive { compte }
            | Self::AdresseChangee { compte }
            | Self::AccesProvisoireDonne { compte }
            | Self::SecondFacteurModifie { compte }
            | Self::CompteArchive { compte }
            | Self::InscriptionModifiee { compte, .. }
            | Self::DonneesExportees { compte }
            | Self::DossierModifie { compte, .. }
            | Self::DossierLu { compte, .. }
            | Self::DroitsModifies { compte } => compte.0,
            Self::CandidatureModifiee { candidature, .. } => *candidature,
            Self::DemandeModifiee { demande, .. } => *demande,
            Self::LettreModifiee { lettre, .. } => *lettre,
            Self::ReferentielModifie { .. } | Self::NotificationsCreees { .. } => 0,
            Self::ContenuModifie { article } => *article,
            Self::CvthequeExportee { export, .. } => *export,
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
            Self::AlertesEnvoyees { comptes, .. } | Self::NotificationsCreees { comptes } => {
                Audience { comptes: comptes.clone(), ..Audience::default() }
            }
            Self::NotificationsLues { compte }
            | Self::ProfilModifie { compte }
            | Self::SessionsFermees { compte, .. }
            | Self::CompteSupprime { compte }
            | Self::CompteArchive { compte } => Audience { comptes: vec![*compte], ..Audience::default() },
            Self::InscriptionModifiee { compte, boites, .. } | Self::DossierModifie { compte, boites, .. } => {
                Audience { comptes: vec![*compte], correspondants: boites.clone() }
            }
            Self::CandidatureModifiee { compte, boite, .. } => {
                Audience { comptes: vec![*compte], correspondants: boite.iter().copied().collect() }
            }
            Self::DemandeModifiee { boites, .. } => Audience { correspondants: boites.clone(), ..Audience::default() },
            Self::CompteCree { .. }
            | Self::CompteActive { .. }
            | Self::AdresseChangee { .. }
            | Self::AccesProvisoireDonne { .. }
            | Self::SecondFacteurModifie { .. }
            | Self::DossierLu { .. }
            // What is told of a letter is told by notifications.
            | Self::LettreModifiee { .. }
            | Self::DroitsModifies { .. }
            | Self::ReferentielModifie { .. }
            | Self::ContenuModifie { .. }
            | Self::CvthequeExportee { .. }
            | Self::DonneesExportees { .. }
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
