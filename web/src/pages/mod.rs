//! The pages, one file per field word: parse what was asked, one command or query, one view.

pub mod accueil;
pub mod administration;
pub mod annonces;
pub mod candidatures;
pub mod connexion;
pub mod courriels;
pub mod cvtheque;
pub mod desabonnement;
pub mod donnees;
pub mod gestion_acces;
pub mod gestion_annonces;
pub mod gestion_dossiers;
pub mod gestion_inscriptions;
pub mod gestion_support;
pub mod inscription;
pub mod messagerie;
pub mod mon_compte;
mod mon_inscription;
mod notes;
pub mod notifications;
pub mod plan;
pub mod portail;
mod presences;
mod rapprochement;
mod recherche;
pub mod support;
pub mod tableau_de_bord;
