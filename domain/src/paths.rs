//! Paths of the pages that mails and notifications link to, from the root of the service. A test proves that each is a
//! page.

use std::fmt::Display;

use crate::CompteId;

pub const LOGIN: &str = "/authentification/";
pub const FORGOTTEN_PASSWORD: &str = "/mot-de-passe-oublie";
pub const INSCRIPTION: &str = "/inscription";
pub const AIDE: &str = "/aide";
pub const TABLEAU_DE_BORD: &str = "/tableau-de-bord";
pub const ANNONCES: &str = "/annonces";
pub const CVTHEQUE: &str = "/cvtheque";
pub const MES_ALERTES: &str = "/mon-compte/alertes";
pub const MES_CANDIDATURES: &str = "/mon-compte/candidatures";
pub const MES_DEMANDES: &str = "/mon-compte/demandes";
pub const MES_DOCUMENTS: &str = "/mon-compte/documents";
pub const MES_LETTRES: &str = "/mon-compte/lettres";
/// The letters that a structure wrote.
pub const LETTRES: &str = "/gestion/lettres";

pub fn annonce(numero: impl Display) -> String {
    format!("/annonces/{numero}")
}

pub fn message(id: i64) -> String {
    format!("/messagerie/message/{id}")
}

/// A person's CV beside the results of a search; `recherche` is the query string of the search.
pub fn fiche(recherche: &str, compte: CompteId) -> String {
    let and = if recherche.is_empty() { "" } else { "&" };
    format!("{CVTHEQUE}?{recherche}{and}fiche={compte}")
}

/// A request to the support, as gestionnaires see it.
pub fn demande(id: i64) -> String {
    format!("/gestion/support/{id}")
}

/// A request to the support as its author reads it; `signature` allows it without login.
pub fn historique(signature: impl Display) -> String {
    format!("/support/historique/{signature}")
}

/// The path of each of these ends with a secret word, sent by mail alone.
pub fn activation(token: &str) -> String {
    format!("/activation/{token}")
}

pub fn bienvenue(token: &str) -> String {
    format!("/bienvenue/{token}")
}

pub fn mot_de_passe(token: &str) -> String {
    format!("/mot-de-passe/{token}")
}

pub fn adresse(token: &str) -> String {
    format!("/adresse/{token}")
}

pub fn donnees(token: &str) -> String {
    format!("/donnees/{token}")
}

pub fn confirmation(token: &str) -> String {
    format!("/support/confirmation/{token}")
}

pub fn desabonnement(token: &str) -> String {
    format!("/alertes/desabonnement/{token}")
}
