//! How somebody wants to be told of what concerns them (SPEC T4, M2).

use crate::compte::{Role, words};

/// Minutes that the email of a message waits for the message to be read on the site, for those who asked for that.
pub const RETENUE_MINUTES: i64 = 5;

words! {
    /// Kinds of events, as notifications are filed.
    Sorte {
        /// Messages received; for a gestionnaire, those that a colleague assigns to them.
        Message = "message",
        /// Annonces that fit one's alerts.
        Annonce = "annonce",
        /// What becomes of one's answers to annonces.
        Candidature = "candidature",
        /// New CVs that answer a followed search.
        Recherche = "recherche",
        /// Requests to the support.
        Support = "support",
    }
}

words! {
    /// When an email is sent besides the notification.
    Rythme {
        Toujours = "toujours",
        /// Unless the message is read on the site within [`RETENUE_MINUTES`] minutes.
        SaufLu = "sauf_lu",
        /// Never.
        Jamais = "jamais",
    }
}

impl Rythme {
    /// What the page calls it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Toujours => "à chaque fois",
            Self::SaufLu => "sauf si je le lis sur le site dans les 5 minutes",
            Self::Jamais => "jamais",
        }
    }
}

impl Sorte {
    /// Those that concern a role, in the order of the page.
    pub fn of(role: Role) -> &'static [Self] {
        match role {
            Role::Intervenant => &[Self::Message, Self::Annonce, Self::Candidature, Self::Support],
            Role::Gestionnaire => &[Self::Message, Self::Recherche, Self::Support],
            Role::Administrateur => &[],
        }
    }

    /// What the page calls it.
    pub fn libelle(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::Message, Role::Intervenant) => "Messages reçus",
            (Self::Message, _) => "Messages qui me sont confiés",
            (Self::Annonce, _) => "Annonces qui correspondent à mes alertes",
            (Self::Candidature, _) => "Suites de mes réponses aux annonces",
            (Self::Recherche, _) => "Nouveaux CV qui répondent à une recherche suivie",
            (Self::Support, Role::Intervenant) => "Mes demandes de support",
            (Self::Support, _) => "Demandes de support qui me sont confiées",
        }
    }

    /// Whether it is also announced in open pages: for an intervenant a message only changes its counter.
    pub fn announced(self, role: Role) -> bool {
        (self, role) != (Self::Message, Role::Intervenant)
    }

    /// The choices for the email; empty when there is no choice.
    pub fn rythmes(self, role: Role) -> &'static [Rythme] {
        match (self, role) {
            (Self::Message, Role::Intervenant) => &[Rythme::Toujours, Rythme::SaufLu],
            (Self::Candidature, _) => &[Rythme::Toujours, Rythme::Jamais],
            _ => &[],
        }
    }
}

/// What somebody chose for a kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Whether it is announced in open pages.
    pub direct: bool,
    pub courriel: Rythme,
}

impl Default for Preference {
    fn default() -> Self {
        Self { direct: true, courriel: Rythme::Toujours }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t4_what_can_be_chosen_begins_with_the_usual() {
        for role in [Role::Intervenant, Role::Gestionnaire, Role::Administrateur] {
            for sorte in Sorte::of(role) {
                let rythmes = sorte.rythmes(role);
                assert_ne!(rythmes.len(), 1, "{sorte}: one choice is none");
                assert!(rythmes.is_empty() || rythmes[0] == Preference::default().courriel, "{sorte}");
                assert!(sorte.announced(role) || !rythmes.is_empty(), "{sorte}: something can be chosen");
            }
        }
    }
}
