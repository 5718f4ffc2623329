//! The emails that the service sends: which ones there are, and what each is filled with.
//!
//! The outbox keeps these values, and the mailer turns them into text. Erasing the row erases all of it.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::alertes::Frequence;
use crate::candidature::EtatCandidature;
use crate::dossier::lettre::TypeLettre;
use crate::support::EtatDemande;

/// One email, before it is written out. Paths are relative to the service's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "modele", rename_all = "snake_case")]
pub enum Courriel {
    /// A message came in the internal mailbox (M2). Its text stays in the mailbox.
    NouveauMessage { prenom: String, structure: String, objet: String, chemin: String },
    /// An annonce fits an alert (L2).
    Annonce {
        prenom: String,
        numero: String,
        titre: String,
        structure: String,
        /// Its spécialité, and sous-spécialité if any.
        specialite: String,
        /// Its régions in words, « toute la France » when it has none.
        regions: String,
        /// Its period in words, empty when it has none.
        periode: String,
        chemin: String,
        /// The page that stops the alerts without logging in (RFC 8058); empty in emails stored by an earlier version.
        #[serde(default)]
        desabonnement: String,
    },
    /// The activation link expired and the account was erased (manual §3.1.1).
    CompteSupprime {
        prenom: String,
        /// When the account had been created (UTC).
        cree_at: NaiveDateTime,
    },
    /// The link that activates a new account (manual §3.1.1).
    Activation {
        prenom: String,
        chemin: String,
        /// The last day it works, in words.
        jusqu_au: String,
    },
    /// Somebody tried to register with an address or an identity that has an account (SPEC I2).
    CompteExistant {
        prenom: String,
        /// Where a new password is asked for.
        chemin: String,
    },
    /// The link that sets a new password (K2).
    NouveauMotDePasse { prenom: String, chemin: String, duree: String },
    /// The link that confirms a new login, sent to it (K4).
    AdresseAConfirmer { prenom: String, chemin: String, duree: String },
    /// The login changed: sent to the old address (K4).
    AdresseChangee {
        prenom: String,
        /// The new address, its middle masked.
        nouvelle: String,
    },
    /// An account was made for the person: to be confirmed with a password of their own (K5, manual §5.1.1).
    ComptePersonnaliser {
        prenom: String,
        /// The structure that works with them.
        structure: String,
        chemin: String,
        /// The last day it works, in words.
        jusqu_au: String,
    },
    /// An account was made for somebody who works for the CNFPT: to be confirmed with a password of their own (G7).
    CompteAgent {
        prenom: String,
        /// The structure they work for, empty for the national administration.
        structure: String,
        chemin: String,
        /// The last day it works, in words.
        jusqu_au: String,
    },
    /// Provisional credentials (K6, manual §5.1.2). Once the email is sent, what is kept of it has no password.
    AccesProvisoire {
        prenom: String,
        structure: String,
        identifiant: String,
        mot_de_passe: String,
        /// The last day they work, in words.
        jusqu_au: String,
    },
    /// Provisional credentials went to another address: sent to the address of record (K6).
    AccesProvisoireSignale {
        prenom: String,
        structure: String,
        /// The other address, its middle masked.
        adresse: String,
    },
    /// A registration was sent: what happens next (manual §3.1.3).
    InscriptionTransmise { prenom: String, structure: Contact },
    /// A registration is in the CV-thèque (manual §3.2.3).
    InscriptionValidee { prenom: String, structure: Contact },
    /// A registration was refused (manual §3.2.1).
    InscriptionRejetee {
        prenom: String,
        structure: Contact,
        texte: String,
        /// From which day it can be presented again, in words.
        a_partir_du: String,
    },
    /// The structure asks for more (manual §3.2.2).
    ComplementDemande {
        prenom: String,
        structure: Contact,
        texte: String,
        /// The last day to answer, in words.
        jusqu_au: String,
    },
    /// The complement is still missing (SPEC I16).
    ComplementRappel {
        prenom: String,
        structure: Contact,
        /// The last day to answer, in words.
        jusqu_au: String,
    },
    /// The complement did not come: registration and account are archived (manual §3.2.2).
    InscriptionArchivee { prenom: String, structure: Contact },
    /// The annonces of a day or of a week that fit somebody's alerts (L3).
    Recapitulatif {
        prenom: String,
        frequence: Frequence,
        annonces: Vec<AnnonceBreve>,
        /// The page that stops the alerts without logging in (RFC 8058).
        desabonnement: String,
    },
    /// An archived account is open again: the link that sets its password (X4).
    CompteReactive {
        prenom: String,
        chemin: String,
        /// The last day it works, in words.
        jusqu_au: String,
    },
    /// The link that gives an archived account's data, once (X6).
    DonneesARecuperer {
        prenom: String,
        structure: Contact,
        chemin: String,
        /// The last day it works, in words.
        jusqu_au: String,
    },
    /// The link to the data of an archived account went to another address than the one of record (X6).
    DonneesSignalees {
        /// First name of the person, who is written to at the address of record.
        prenom: String,
        structure: Contact,
        /// The other address, masked.
        adresse: String,
    },
    /// A structure asks for a dossier (D1).
    DossierDemande {
        prenom: String,
        structure: Contact,
        /// What the gestionnaire wrote, maybe nothing.
        texte: String,
        /// The last day on which it is wanted.
        #[serde(default)]
        avant: Option<NaiveDate>,
        demandes: Vec<String>,
    },
    /// A structure decided on blocks and pieces of a dossier (D9).
    DossierDecision {
        prenom: String,
        structure: Contact,
        valides: Vec<String>,
        /// What is to be corrected, each with the reason.
        refuses: Vec<(String, String)>,
        complet: bool,
        /// The day of the dossier's review, in words; empty when the dossier is not complete.
        revue_le: String,
    },
    /// A dossier comes to its review, or an identity document to its end (D12).
    DossierEcheance {
        prenom: String,
        structure: Contact,
        /// `rappel_revue`, `revue`, `rappel_expiration`, `expiration`, `rappel_vigilance` or `vigilance`.
        genre: String,
        /// The day, in words.
        jour: String,
    },
    /// A « lettre de demande » waits for its answer (D13).
    LettreEnvoyee {
        prenom: String,
        structure: Contact,
        genre: TypeLettre,
        numero: String,
        objet: String,
        /// Where it is read and answered, once logged in.
        chemin: String,
    },
    /// A « lettre de demande » was taken back (D13).
    LettreAnnulee {
        prenom: String,
        structure: Contact,
        numero: String,
        objet: String,
        texte: String,
        /// Where it is read, once logged in.
        chemin: String,
    },
    /// A visitor's request to the support: the link that sends it to the structure (S2).
    SupportAConfirmer {
        prenom: String,
        reference: String,
        objet: String,
        chemin: String,
        /// The last day it works, in words.
        jusqu_au: String,
    },
    /// Where a request to the support stands now (S4).
    SupportSuivi {
        prenom: String,
        reference: String,
        objet: String,
        etat: EtatDemande,
        structure: Contact,
        /// The link to its history, which works without logging in.
        chemin: String,
        /// The last day to give what is asked for, in words; empty when nothing is asked for.
        jusqu_au: String,
    },
    /// What the structure asked for has not come (S6).
    SupportRappel {
        prenom: String,
        reference: String,
        objet: String,
        structure: Contact,
        chemin: String,
        /// The last day to answer, in words.
        jusqu_au: String,
    },
    /// Where an answer to an annonce stands now (A3).
    Candidature { prenom: String, numero: String, titre: String, etat: EtatCandidature, structure: Contact },
}

/// An annonce of a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnonceBreve {
    pub numero: String,
    pub titre: String,
    pub structure: String,
}

/// What stands in the place of a secret that was forgotten.
pub const EFFACE: &str = "[effacé]";

/// A structure and how it is reached, as emails end with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub nom: String,
    pub telephone: String,
    pub courriel: String,
}

impl Courriel {
    /// The email without its password or the link that opens an account, as it is kept once it is sent: only the
    /// receiver may know these. None when the email has no such secret.
    pub fn without_secret(&self) -> Option<Self> {
        let mut kept = self.clone();
        match &mut kept {
            Self::AccesProvisoire { mot_de_passe, .. } => EFFACE.clone_into(mot_de_passe),
            Self::Activation { chemin, .. }
            | Self::NouveauMotDePasse { chemin, .. }
            | Self::AdresseAConfirmer { chemin, .. }
            | Self::ComptePersonnaliser { chemin, .. }
            | Self::CompteAgent { chemin, .. }
            | Self::CompteReactive { chemin, .. }
            | Self::DonneesARecuperer { chemin, .. }
            | Self::SupportAConfirmer { chemin, .. }
            | Self::SupportSuivi { chemin, .. }
            | Self::SupportRappel { chemin, .. } => *chemin = format!("/{EFFACE}"),
            Self::NouveauMessage { .. }
            | Self::Annonce { .. }
            | Self::CompteSupprime { .. }
            | Self::CompteExistant { .. }
            | Self::AdresseChangee { .. }
            | Self::AccesProvisoireSignale { .. }
            | Self::InscriptionTransmise { .. }
            | Self::InscriptionValidee { .. }
            | Self::InscriptionRejetee { .. }
            | Self::ComplementDemande { .. }
            | Self::ComplementRappel { .. }
            | Self::InscriptionArchivee { .. }
            | Self::Recapitulatif { .. }
            | Self::DonneesSignalees { .. }
            | Self::DossierDemande { .. }
            | Self::DossierDecision { .. }
            | Self::DossierEcheance { .. }
            | Self::LettreEnvoyee { .. }
            | Self::LettreAnnulee { .. }
            | Self::Candidature { .. } => return None,
        }
        Some(kept)
    }

    /// The word that stands for the email in the outbox and in the counters.
    pub fn modele(&self) -> &'static str {
        match self {
            Self::NouveauMessage { .. } => "nouveau_message",
            Self::Annonce { .. } => "annonce",
            Self::CompteSupprime { .. } => "compte_supprime",
            Self::Activation { .. } => "activation",
            Self::CompteExistant { .. } => "compte_existant",
            Self::NouveauMotDePasse { .. } => "nouveau_mot_de_passe",
            Self::AdresseAConfirmer { .. } => "adresse_a_confirmer",
            Self::AdresseChangee { .. } => "adresse_changee",
            Self::ComptePersonnaliser { .. } => "compte_personnaliser",
            Self::CompteAgent { .. } => "compte_agent",
            Self::AccesProvisoire { .. } => "acces_provisoire",
            Self::AccesProvisoireSignale { .. } => "acces_provisoire_signale",
            Self::InscriptionTransmise { .. } => "inscription_transmise",
            Self::InscriptionValidee { .. } => "inscription_validee",
            Self::InscriptionRejetee { .. } => "inscription_rejetee",
            Self::ComplementDemande { .. } => "complement_demande",
            Self::ComplementRappel { .. } => "complement_rappel",
            Self::InscriptionArchivee { .. } => "inscription_archivee",
            Self::Recapitulatif { .. } => "recapitulatif",
            Self::Candidature { .. } => "candidature",
            Self::CompteReactive { .. } => "compte_reactive",
            Self::DonneesARecuperer { .. } => "donnees_a_recuperer",
            Self::DonneesSignalees { .. } => "donnees_signalees",
            Self::DossierDemande { .. } => "dossier_demande",
            Self::DossierDecision { .. } => "dossier_decision",
            Self::DossierEcheance { .. } => "dossier_echeance",
            Self::LettreEnvoyee { .. } => "lettre_envoyee",
            Self::LettreAnnulee { .. } => "lettre_annulee",
            Self::SupportAConfirmer { .. } => "support_a_confirmer",
            Self::SupportSuivi { .. } => "support_suivi",
            Self::SupportRappel { .. } => "support_rappel",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k6_what_is_kept_of_a_mail_holds_no_password_and_no_link_that_opens_an_account() {
        let sent = Courriel::AccesProvisoire {
            prenom: "Anne".into(),
            structure: "Délégation Bretagne".into(),
            identifiant: "acces-k7m2p9xw".into(),
            mot_de_passe: "xK7m-Pq2r".into(),
            jusqu_au: "2 décembre 2026".into(),
        };
        let kept = serde_json::to_string(&sent.without_secret()).unwrap();
        assert!(!kept.contains("xK7m-Pq2r") && kept.contains(EFFACE) && kept.contains("acces-k7m2p9xw"), "{kept}");
        let (prenom, chemin, duree) = ("Anne".to_owned(), "/mot-de-passe/0123abcd".to_owned(), "24 heures".to_owned());
        let sent = Courriel::NouveauMotDePasse { prenom, chemin, duree };
        let kept = serde_json::to_string(&sent.without_secret()).unwrap();
        assert!(!kept.contains("0123abcd") && kept.contains("24 heures"), "{kept}");
        let plain = Courriel::CompteExistant { prenom: "Anne".into(), chemin: "/mot-de-passe-oublie".into() };
        assert_eq!(plain.without_secret(), None);
    }
}
