//! The rules of Espace Intervenants: pure types and functions.
//!
//! Nothing here reads a file, a socket, the environment or the clock: the time comes in as a value, and a value made
//! here stays valid (parse, don't validate). Every other crate may import this one; this one imports none of them.

pub mod alertes;
pub mod analyse;
pub mod annonce;
pub mod besoin;
pub mod candidature;
pub mod collage;
pub mod compte;
pub mod compteurs;
pub mod connexion;
pub mod courriel;
pub mod dates;
pub mod disponibilite;
pub mod distance;
pub mod dossier;
pub mod email;
pub mod equipe;
pub mod fichier;
pub mod iban;
pub mod identite;
pub mod ids;
pub mod immatriculation;
pub mod indisponibilite;
pub mod inscription;
pub mod intervention;
pub mod journal;
pub mod lacunes;
pub mod masque;
pub mod messagerie;
pub mod modele;
pub mod mot_de_passe;
pub mod nir;
pub mod nom;
mod passage;
pub mod paths;
pub mod preference;
pub mod profil;
pub mod rapprochement;
pub mod reseau;
pub mod ressemblance;
pub mod sigle;
pub mod siret;
pub mod support;
pub mod telephone;
pub mod texte;
pub mod time;
pub mod typographie;

pub use ids::{CompteId, CorrespondantId, StructureId};
