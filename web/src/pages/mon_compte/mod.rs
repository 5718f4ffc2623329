//! « Mon compte »: connections, password, alerts (K3, K9, L1).

mod adresse;
pub mod alertes;
mod password;
mod second_facteur;
mod sessions;

pub use adresse::{address_form, change_address};
pub use alertes::{alerts_form, set_alerts};
pub use password::{change_password, password_form};
pub use second_facteur::{change_factor, factor_form};
pub use sessions::{end_other_sessions, end_session, sessions};

use domain::compte::Role;
use store::sessions::Session;

use crate::views::MenuEntry;
use crate::views::mon_compte::{sections_gestionnaire, sections_intervenant};

/// The pages of « Mon compte » for whoever asks.
pub fn sections(session: &Session) -> Vec<MenuEntry> {
    match session.role {
        Role::Intervenant => sections_intervenant(),
        Role::Gestionnaire | Role::Administrateur => sections_gestionnaire(),
    }
}
