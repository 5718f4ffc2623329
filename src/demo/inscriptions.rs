//! People who register in Bretagne, so that the queue of the documented gestionnaires has somebody in every state.

use super::{Demo, model::DemoInscription, people, place::REGISTRANTS};

/// Login of a person whose registration is not filled in yet.
pub const CANDIDAT_LOGIN: &str = "candidat@demo.example";

/// (state, hours since it was sent, hours since the structure's last step, which gestionnaire took it).
const STATES: [(&str, u32, u32, usize); 14] = [
    ("transmise", 12 * 24 + 3, 0, 0),
    ("transmise", 6 * 24 + 7, 0, 0),
    ("transmise", 3 * 24 + 1, 0, 0),
    ("transmise", 26, 0, 0),
    ("transmise", 2, 0, 0),
    ("en_analyse", 9 * 24, 2 * 24, 1),
    ("en_analyse", 5 * 24 + 2, 20, 0),
    ("en_analyse", 2 * 24 + 5, 3, 1),
    ("complement", 25 * 24, 18 * 24, 0),
    ("complement", 8 * 24 + 4, 3 * 24, 1),
    ("rejetee", 60 * 24, 48 * 24, 0),
    ("rejetee", 30 * 24, 22 * 24, 1),
    ("brouillon", 0, 0, 0),
    ("brouillon", 0, 0, 0),
];

pub(super) fn all(demo: &Demo) -> Vec<DemoInscription> {
    STATES
        .iter()
        .enumerate()
        .map(|(rank, &(etat, transmise_hours_ago, decidee_hours_ago, gestionnaire))| {
            let number = REGISTRANTS + rank;
            DemoInscription {
                person: people::intervenant(demo, number),
                etat,
                transmise_hours_ago,
                decidee_hours_ago,
                gestionnaire,
            }
        })
        .collect()
}
