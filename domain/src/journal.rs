//! What can happen: the facts of the journal, and whom each concerns.
//!
//! A payload holds ids and codes, never personal values: the journal is append-only, and what must be erasable lives
//! elsewhere. A kind that this version does not know is skipped by every follower (rolling upgrade). A row of a known
//! kind with an unknown word is put aside until a version that knows the word reads it.

use serde::{Deserialize, Serialize};

use crate::dossier::{self, Cible};
use crate::messagerie::Geste;
use crate::{CompteId, CorrespondantId, StructureId, candidature, inscription, support};

/// Declares the kinds of facts: the word of each in the journal, its fields, the field with the id of what it is about
/// (0 when there is none), and the accounts and mailboxes that it concerns, whose open tabs look again.
macro_rules! facts {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident = $kind:literal { $($(#[doc = $what:literal])+ $field:ident: $held:ty),+ $(,)? }
        $(about $subject:ident)? $(, for $($concerned:ident),+)?;
    )+) => {
        /// One thing that happened, written in the same transaction.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum Fact {
            $($(#[doc = $doc])+ #[serde(rename = $kind)] $name { $($(#[doc = $what])+ $field: $held),+ }),+
        }

        impl Fact {
            /// The words of all kinds that this version knows.
            pub const KINDS: &[&str] = &[$($kind),+];

            /// The word that stands for the kind in the journal.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $kind),+
                }
            }

            /// The id of what the fact is about, 0 when there is none.
            pub fn subject(&self) -> i64 {
                match self {
                    $(Self::$name { $($subject,)? .. } => 0 $(+ $subject.id())?),+
                }
            }

            /// The accounts and mailboxes whose counters the fact may have changed.
            pub fn audience(&self) -> Audience {
                let mut audience = Audience::default();
                match self {
                    $(Self::$name { $($($concerned,)+)? .. } => { $($($concerned.join(&mut audience);)+)? })+
                }
                audience
            }
        }
    };
}

facts! {
    /// An account was created.
    CompteCree = "compte_cree" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// An account waited too long for its activation and was erased (manual §3.1.1).
    CompteSupprime = "compte_supprime" {
        /// The account that was.
        compte: CompteId,
    } about compte, for compte;
    /// Somebody logged in.
    SessionOuverte = "session_ouverte" {
        /// The account.
        compte: CompteId,
        /// The session.
        session: i64,
    } about compte;
    /// Sessions were ended: their sockets close at once, everywhere.
    SessionsFermees = "sessions_fermees" {
        /// The account.
        compte: CompteId,
        /// The sessions that ended.
        sessions: Vec<i64>,
    } about compte, for compte;
    /// The password changed.
    MotDePasseChange = "mot_de_passe_change" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// A profile or one of its files changed, or it entered or left the CV-thèque.
    ProfilModifie = "profil_modifie" {
        /// The account.
        compte: CompteId,
    } about compte, for compte;
    /// The boxes of §8 changed.
    AlerteModifiee = "alerte_modifiee" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// A message was sent.
    MessageEnvoye = "message_envoye" {
        /// The message.
        message: i64,
        /// Who sent it.
        de: CorrespondantId,
        /// Who receives it.
        a: Vec<CorrespondantId>,
    } about message, for a, de;
    /// Messages of a mailbox were read, marked unread, archived or restored.
    BoiteModifiee = "boite_modifiee" {
        /// Whose mailbox.
        correspondant: CorrespondantId,
        /// The messages.
        messages: Vec<i64>,
        /// What was done.
        action: Geste,
    } about correspondant, for correspondant;
    /// An annonce was created or changed.
    AnnonceModifiee = "annonce_modifiee" {
        /// The annonce.
        annonce: i64,
        /// Whose annonce.
        structure: StructureId,
    } about annonce;
    /// An annonce was published: it is found at once and the alerts go out.
    AnnoncePubliee = "annonce_publiee" {
        /// The annonce.
        annonce: i64,
        /// Whose annonce.
        structure: StructureId,
    } about annonce;
    /// An annonce was closed or put away.
    AnnonceRetiree = "annonce_retiree" {
        /// The annonce.
        annonce: i64,
        /// Whose annonce.
        structure: StructureId,
    } about annonce;
    /// The alerts of an annonce were written to the outbox.
    AlertesEnvoyees = "alertes_envoyees" {
        /// The annonce.
        annonce: i64,
        /// The accounts that were told.
        comptes: Vec<CompteId>,
    } about annonce, for comptes;
    /// Notifications were read.
    NotificationsLues = "notifications_lues" {
        /// The account.
        compte: CompteId,
    } about compte, for compte;
    /// Accounts were told something in their notifications.
    NotificationsCreees = "notifications_creees" {
        /// The accounts.
        comptes: Vec<CompteId>,
    }, for comptes;
    /// The activation link was used.
    CompteActive = "compte_active" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// The login changed.
    AdresseChangee = "adresse_changee" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// Somebody gave provisional credentials to an account.
    AccesProvisoireDonne = "acces_provisoire_donne" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// A second factor was turned on or off, or its recovery codes were made anew.
    SecondFacteurModifie = "second_facteur_modifie" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// An account was archived: it can't log in any more.
    CompteArchive = "compte_archive" {
        /// The account.
        compte: CompteId,
    } about compte, for compte;
    /// A registration went on: sent, taken on, decided, moved to another structure.
    InscriptionModifiee = "inscription_modifiee" {
        /// The account.
        compte: CompteId,
        /// What happened.
        evenement: inscription::Evenement,
        /// The mailboxes of the structures whose queue it enters, stands in or leaves.
        boites: Vec<CorrespondantId>,
    } about compte, for compte, boites;
    /// An answer to an annonce was sent, decided upon, taken back or cancelled.
    CandidatureModifiee = "candidature_modifiee" {
        /// The answer.
        candidature: i64,
        /// Its author.
        compte: CompteId,
        /// What happened.
        evenement: candidature::Evenement,
        /// The mailbox of the structure whose annonce it is.
        boite: Option<CorrespondantId>,
    } about candidature, for compte, boite;
    /// A request to the support was sent, treated, moved or closed.
    DemandeModifiee = "demande_modifiee" {
        /// The request.
        demande: i64,
        /// What happened.
        evenement: support::Evenement,
        /// The mailboxes of the structures whose queue it enters, stands in or leaves.
        boites: Vec<CorrespondantId>,
    } about demande, for boites;
    /// A dossier was asked for, filled in, transmitted, decided on or reviewed.
    DossierModifie = "dossier_modifie" {
        /// Its owner.
        compte: CompteId,
        /// What happened.
        evenement: dossier::Evenement,
        /// The mailbox of the structure that decides on it.
        boites: Vec<CorrespondantId>,
    } about compte, for compte, boites;
    /// Masked data or a file of a dossier was read by somebody who is not its owner (SPEC D14).
    DossierLu = "dossier_lu" {
        /// The owner of the dossier.
        compte: CompteId,
        /// What was read.
        cible: Cible,
    } about compte;
    /// A « lettre de demande » was written, sent, answered or taken back (SPEC D13).
    LettreModifiee = "lettre_modifiee" {
        /// The letter.
        lettre: i64,
        /// Whom it is for.
        compte: CompteId,
        /// What happened.
        evenement: dossier::lettre::Evenement,
    } about lettre;
    /// An account's rights, structure or state were set by an administrateur.
    DroitsModifies = "droits_modifies" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// A referential or a structure was changed.
    ReferentielModifie = "referentiel_modifie" {
        /// Which: the name of its table.
        referentiel: String,
    };
    /// Profiles were taken out of the CV-thèque as a workbook.
    CvthequeExportee = "cvtheque_exportee" {
        /// Its row in the register.
        export: i64,
        /// For which structure.
        structure: StructureId,
        /// How many people are in it.
        nombre: i64,
    } about export;
    /// Somebody took their data out, logged in or by the link sent for an archived account (manual §11).
    DonneesExportees = "donnees_exportees" {
        /// The account.
        compte: CompteId,
    } about compte;
    /// An article or a legal text was changed.
    ContenuModifie = "contenu_modifie" {
        /// The id of the article, 0 for a text.
        article: i64,
    } about article;
}

/// Whom a fact concerns, so that their open tabs look again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// Accounts.
    pub comptes: Vec<CompteId>,
    /// Mailboxes (every account that reads them).
    pub correspondants: Vec<CorrespondantId>,
}

/// What a fact may be about.
trait Subject {
    fn id(&self) -> i64;
}

impl Subject for i64 {
    fn id(&self) -> i64 {
        *self
    }
}

impl Subject for CompteId {
    fn id(&self) -> i64 {
        self.0
    }
}

impl Subject for CorrespondantId {
    fn id(&self) -> i64 {
        self.0
    }
}

/// Whom a fact may concern.
trait Concerned {
    fn join(&self, audience: &mut Audience);
}

impl Concerned for CompteId {
    fn join(&self, audience: &mut Audience) {
        audience.comptes.push(*self);
    }
}

impl Concerned for CorrespondantId {
    fn join(&self, audience: &mut Audience) {
        audience.correspondants.push(*self);
    }
}

impl<T: Concerned> Concerned for Vec<T> {
    fn join(&self, audience: &mut Audience) {
        for one in self {
            one.join(audience);
        }
    }
}

impl<T: Concerned> Concerned for Option<T> {
    fn join(&self, audience: &mut Audience) {
        if let Some(one) = self {
            one.join(audience);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of each kind, as journals hold it. What is written here stays: old rows are read for ever.
    const GOLDEN: &[&str] = &[
        r#"{"kind":"compte_cree","compte":7}"#,
        r#"{"kind":"compte_supprime","compte":7}"#,
        r#"{"kind":"session_ouverte","compte":7,"session":3}"#,
        r#"{"kind":"sessions_fermees","compte":7,"sessions":[3,4]}"#,
        r#"{"kind":"mot_de_passe_change","compte":7}"#,
        r#"{"kind":"profil_modifie","compte":7}"#,
        r#"{"kind":"alerte_modifiee","compte":7}"#,
        r#"{"kind":"message_envoye","message":3,"de":5,"a":[5,6]}"#,
        r#"{"kind":"boite_modifiee","correspondant":5,"messages":[3,4],"action":"archive"}"#,
        r#"{"kind":"annonce_modifiee","annonce":3,"structure":2}"#,
        r#"{"kind":"annonce_publiee","annonce":3,"structure":2}"#,
        r#"{"kind":"annonce_retiree","annonce":3,"structure":2}"#,
        r#"{"kind":"alertes_envoyees","annonce":3,"comptes":[7,8]}"#,
        r#"{"kind":"notifications_lues","compte":7}"#,
        r#"{"kind":"notifications_creees","comptes":[7,8]}"#,
        r#"{"kind":"compte_active","compte":7}"#,
        r#"{"kind":"adresse_changee","compte":7}"#,
        r#"{"kind":"acces_provisoire_donne","compte":7}"#,
        r#"{"kind":"second_facteur_modifie","compte":7}"#,
        r#"{"kind":"compte_archive","compte":7}"#,
        r#"{"kind":"inscription_modifiee","compte":7,"evenement":"validee","boites":[5,6]}"#,
        r#"{"kind":"candidature_modifiee","candidature":3,"compte":7,"evenement":"deposer","boite":5}"#,
        r#"{"kind":"demande_modifiee","demande":3,"evenement":"repondre","boites":[5,6]}"#,
        r#"{"kind":"dossier_modifie","compte":7,"evenement":"transmis","boites":[5,6]}"#,
        r#"{"kind":"dossier_lu","compte":7,"cible":"carte_vitale"}"#,
        r#"{"kind":"lettre_modifiee","lettre":3,"compte":7,"evenement":"envoyer"}"#,
        r#"{"kind":"droits_modifies","compte":7}"#,
        r#"{"kind":"referentiel_modifie","referentiel":"langue"}"#,
        r#"{"kind":"cvtheque_exportee","export":3,"structure":2,"nombre":3}"#,
        r#"{"kind":"donnees_exportees","compte":7}"#,
        r#"{"kind":"contenu_modifie","article":3}"#,
    ];

    #[test]
    fn t1_each_kind_is_written_and_read_as_it_was_in_old_journals() {
        let mut kinds = Vec::new();
        for json in GOLDEN {
            let fact: Fact = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!(serde_json::to_string(&fact).unwrap(), *json);
            assert!(json.starts_with(&format!(r#"{{"kind":"{}""#, fact.kind())), "{json}");
            kinds.push(fact.kind());
        }
        assert_eq!(kinds, Fact::KINDS, "one row each, in the order in which they are declared");
    }

    /// Every word that a version has written in rows of these kinds. What is written here stays too.
    const WORDS: &[(&str, &[&str])] = &[
        (
            r#"{"kind":"boite_modifiee","correspondant":5,"messages":[3,4],"action":"?"}"#,
            &["lu", "non_lu", "archive", "restaure", "confie", "rendu"],
        ),
        (
            r#"{"kind":"inscription_modifiee","compte":7,"evenement":"?","boites":[5,6]}"#,
            &[
                "transmise",
                "prise_en_charge",
                "validee",
                "rejetee",
                "complement",
                "representee",
                "reaffectee",
                "archivee",
            ],
        ),
        (
            r#"{"kind":"candidature_modifiee","candidature":3,"compte":7,"evenement":"?","boite":null}"#,
            &["deposer", "transmettre", "etudier", "ecarter", "retirer", "annuler"],
        ),
        (
            r#"{"kind":"demande_modifiee","demande":3,"evenement":"?","boites":[5,6]}"#,
            &[
                "confirmer",
                "prendre",
                "rendre",
                "repondre",
                "demander_complement",
                "completer",
                "clore",
                "abandonner",
                "transferer",
                "reunir",
            ],
        ),
        (
            r#"{"kind":"dossier_modifie","compte":7,"evenement":"?","boites":[5,6]}"#,
            &["enregistre", "retire", "transmis", "expire", "demande", "decide", "revue", "lettre"],
        ),
        (
            r#"{"kind":"lettre_modifiee","lettre":3,"compte":7,"evenement":"?"}"#,
            &["modifier", "envoyer", "accepter", "decliner", "annuler"],
        ),
    ];

    #[test]
    fn t1_each_word_is_written_and_read_as_it_was_in_old_journals_and_no_other() {
        for (row, words) in WORDS {
            for word in *words {
                let json = row.replace('?', word);
                let fact: Fact = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
                assert_eq!(serde_json::to_string(&fact).unwrap(), json);
            }
            for stray in ["?", "", "Lu", "valider ", "reaffecte"] {
                assert!(serde_json::from_str::<Fact>(&row.replace('?', stray)).is_err(), "{row} with {stray}");
            }
        }
        for cible in Cible::all() {
            let json = format!(r#"{{"kind":"dossier_lu","compte":7,"cible":"{}"}}"#, cible.as_str());
            assert_eq!(serde_json::from_str::<Fact>(&json).unwrap(), Fact::DossierLu { compte: CompteId(7), cible });
        }
    }

    #[test]
    fn t2_a_message_concerns_both_ends() {
        let sent = Fact::MessageEnvoye { message: 4, de: CorrespondantId(2), a: vec![CorrespondantId(3)] };
        assert_eq!(sent.audience().correspondants, vec![CorrespondantId(3), CorrespondantId(2)]);
    }
}
