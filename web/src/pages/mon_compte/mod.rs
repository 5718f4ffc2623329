//! « Mon compte »: connections, password, alerts (K3, K9, L1).

pub mod alertes;
mod password;
mod sessions;

pub use alertes::{alerts_form, set_alerts};
pub use password::{change_password, password_form};
pub use sessions::{end_other_sessions, end_session, sessions};

use domain::compte::Role;

use crate::views::MenuEntry;
use crate::views::mon_compte::{sections_gestionnaire, sections_intervenant};

/// The pages of « Mon compte » for that role.
fn sections(role: Role) -> Vec<MenuEntry> {
    match role {
        Role::Intervenant => sections_intervenant(),
        Role::Gestionnaire | Role::Administrateur => sections_gestionnaire(),
    }
}
