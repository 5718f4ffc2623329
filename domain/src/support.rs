//! Requests to the support: their kinds and their life as a table (manual §6, SPEC S1 to S8).

use crate::compte::words;

/// Longest subject, in characters.
pub const OBJET_MAX: usize = 150;
/// Longest text, in characters.
pub const TEXTE_MAX: usize = 10_000;
/// Longest first name or surname, in characters.
pub const NOM_MAX: usize = 80;
/// Days that a visitor has to confirm their address (manual §6.1.1, decided: as for an account).
pub const CONFIRMATION_DAYS: u64 = 7;
/// Days that a person has to give what was asked for (manual §6.2.2).
pub const COMPLEMENT_DAYS: u64 = 30;
/// Days before the end of [`COMPLEMENT_DAYS`] on which the person is reminded.
pub const RAPPEL_DAYS: u64 = 7;
/// Days that a link to the history works after the email that holds it (decided, SPEC S4).
pub const LIEN_DAYS: u64 = 90;

words! {
    /// What a request is about.
    TypeDemande {
        Connexion = "connexion",
        /// Login and password both lost: leads to provisional credentials (K6).
        IdentifiantsPerdus = "identifiants_perdus",
        /// The registration or the CV.
        Inscription = "inscription",
        Dossier = "dossier",
        /// Annonces and answers to them.
        Annonces = "annonces",
        /// A change of situation.
        Situation = "situation",
        /// To bring an archived account back (X4).
        Reactivation = "reactivation",
        /// To get one's personal data (X6).
        Donnees = "donnees",
        Autre = "autre",
    }
}

impl TypeDemande {
    /// What pages and emails call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Connexion => "Connexion",
            Self::IdentifiantsPerdus => "Perte d’identifiant et de mot de passe",
            Self::Inscription => "Inscription et CV",
            Self::Dossier => "Dossier administratif",
            Self::Annonces => "Annonces et candidatures",
            Self::Situation => "Changement de situation",
            Self::Reactivation => "Réactivation de mon compte archivé",
            Self::Donnees => "Demander la récupération de mes données personnelles",
            Self::Autre => "Autre demande",
        }
    }
}

words! {
    /// Where a request stands.
    EtatDemande {
        /// A visitor sent it: it goes to the structure once they clicked the link (S2).
        AConfirmer = "a_confirmer",
        /// The structure has it and nobody has taken it.
        Nouvelle = "nouvelle",
        /// Somebody of the structure works on it.
        EnCours = "en_cours",
        /// The person has to give something more (S5).
        Complement = "complement",
        /// It is answered, or was given up.
        Close = "close",
    }
}

words! {
    /// What can happen to a request.
    Evenement {
        /// The visitor clicks the link.
        Confirmer = "confirmer",
        /// Somebody of the structure takes it, or it is assigned to them.
        Prendre = "prendre",
        /// The person who had it gives it up, and nobody else of the structure has it.
        Rendre = "rendre",
        /// Somebody of the structure answers and keeps it open.
        Repondre = "repondre",
        /// The structure asks for more.
        DemanderComplement = "demander_complement",
        Completer = "completer",
        /// The structure answers and closes.
        Clore = "clore",
        /// The person never gave what was asked for (S6).
        Abandonner = "abandonner",
        /// The structure hands it over to another one.
        Transferer = "transferer",
        /// It goes on in another request of the same person.
        Reunir = "reunir",
    }
}

/// Why something can't happen to a request as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Cette demande est close.")]
    Closed,
    #[error("Cette demande n’est pas encore confirmée.")]
    NotConfirmed,
    #[error("C’est déjà fait.")]
    Already,
}

impl EtatDemande {
    /// The state after the event.
    pub fn next(self, event: Evenement) -> Result<Self, Refusal> {
        use Evenement as E;
        match (self, event) {
            (Self::AConfirmer, E::Confirmer) => Ok(Self::Nouvelle),
            (Self::AConfirmer, _) => Err(Refusal::NotConfirmed),
            (Self::Close, _) => Err(Refusal::Closed),
            (_, E::Confirmer) => Err(Refusal::Already),
            (_, E::Rendre) => Ok(self),
            (_, E::Transferer) | (Self::Nouvelle, E::Completer) => Ok(Self::Nouvelle),
            (_, E::DemanderComplement) | (Self::Complement, E::Prendre) => Ok(Self::Complement),
            (_, E::Prendre | E::Repondre | E::Completer) => Ok(Self::EnCours),
            (_, E::Clore | E::Abandonner | E::Reunir) => Ok(Self::Close),
        }
    }

    /// What pages and emails call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::AConfirmer => "à confirmer",
            Self::Nouvelle => "transmise",
            Self::EnCours => "en cours de traitement",
            Self::Complement => "complément demandé",
            Self::Close => "close",
        }
    }

    /// Whether the structure has to do something.
    pub fn waits(self) -> bool {
        matches!(self, Self::Nouvelle | Self::EnCours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s5_the_life_of_a_request_as_a_table() {
        use EtatDemande::{AConfirmer, Close, Complement, EnCours, Nouvelle};
        let already = Err(Refusal::Already);
        // In the order of Evenement::ALL: confirmer, prendre, rendre, repondre, demander_complement, completer, clore,
        // abandonner, transferer, reunir.
        let [new, under_way, asked, over] = [Nouvelle, EnCours, Complement, Close].map(Ok);
        let mut unconfirmed = [Err(Refusal::NotConfirmed); 10];
        unconfirmed[0] = new;
        let table: [(EtatDemande, [Result<EtatDemande, Refusal>; 10]); 5] = [
            (AConfirmer, unconfirmed),
            (Nouvelle, [already, under_way, new, under_way, asked, new, over, over, new, over]),
            (EnCours, [already, under_way, under_way, under_way, asked, under_way, over, over, new, over]),
            (Complement, [already, asked, asked, under_way, asked, under_way, over, over, new, over]),
            (Close, [Err(Refusal::Closed); 10]),
        ];
        assert_eq!(table.len(), EtatDemande::ALL.len());
        for (etat, answers) in table {
            for (event, expected) in Evenement::ALL.iter().copied().zip(answers) {
                assert_eq!(etat.next(event), expected, "{etat} {event}");
            }
        }
    }

    #[test]
    fn s7_every_kind_of_request_has_its_words() {
        let mut said: Vec<&str> = TypeDemande::ALL.iter().map(|kind| kind.libelle()).collect();
        assert_eq!(said.len(), 9);
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), 9);
    }
}
