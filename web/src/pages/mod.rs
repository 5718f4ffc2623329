//! The pages, one file per field word: parse what was asked, one command or query, one view.

pub mod accueil;
pub mod annonces;
pub mod connexion;
pub mod courriels;
pub mod cvtheque;
pub mod gestion_acces;
pub mod gestion_annonces;
pub mod gestion_inscriptions;
pub mod messagerie;
pub mod mon_compte;
pub mod notifications;
pub mod portail;
mod recherche;
pub mod tableau_de_bord;
