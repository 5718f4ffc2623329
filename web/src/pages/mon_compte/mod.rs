//! « Mon compte »: connections, password, alerts (K3, K9, L1).

mod adresse;
pub mod alertes;
pub mod documents;
mod indisponibilites;
pub mod interventions;
mod password;
mod preferences;
pub mod profil;
pub mod recherches;
mod reseaux;
mod second_facteur;
mod sessions;

pub use adresse::{address_form, change_address};
pub use alertes::{alerts_form, set_alerts};
pub use indisponibilites::{absence, absences, add_absence, calendar_of_absences, change_absence};
pub use password::{change_password, password_form};
pub use preferences::{preferences, set_preferences};
pub use profil::{
    add_line, begin_line, change_line, check, complete_employer, cv, informations, keep_informations, keep_parcours,
    line, parcours, present_again, remove_file, restore_line, save_informations, save_parcours, send, set_cv,
};
pub use recherches::{change_followed, follow_search, followed};
pub use reseaux::{networks, set_networks};
pub use second_facteur::{change_factor, factor_form};
pub use sessions::{end_other_sessions, end_session, sessions};

use domain::compte::Role;
use store::sessions::Session;

use crate::views::MenuEntry;
use crate::views::mon_compte::{sections_gestionnaire, sections_intervenant};

/// The pages of « Mon compte » for the role of this session.
pub fn sections(session: &Session) -> Vec<MenuEntry> {
    match session.role {
        Role::Intervenant => sections_intervenant(session.validee),
        Role::Gestionnaire | Role::Administrateur => sections_gestionnaire(),
    }
}
