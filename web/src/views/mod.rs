//! The pages as data: one struct per page, rendered by askama from `templates/`.
//!
//! Here: what a page shows, and how a date, a number or a text is written. Not here: requests, sessions, the database,
//! rights. A handler fills a struct and calls `render()`; it has decided before what may be shown. Every moment given
//! to a page is already in the civil time of Europe/Paris.

pub mod accueil;
pub mod administration;
pub mod aides;
pub mod annonces;
pub mod authentification;
pub mod candidatures;
pub mod carte;
pub mod connexion;
pub mod courriels;
pub mod cvtheque;
pub mod dates;
pub mod dossier;
pub mod erreur;
pub mod gestion_acces;
pub mod gestion_annonces;
pub mod gestion_inscriptions;
pub mod inscription;
pub mod layout;
pub mod lecture;
pub mod lettres;
pub mod lists;
pub mod markdown;
pub mod messagerie;
pub mod mon_compte;
pub mod notifications;
pub mod numbers;
pub mod portail;
pub mod profil;
mod reprise;
mod retenue;
pub mod semblables;
pub mod support;
pub mod tableau_de_bord;
pub mod text;

pub use accueil::Accueil;
pub use annonces::{AnnonceFiche, AnnonceRow, AnnoncesListe, AnnoncesResults};
pub use authentification::Authentification;
pub use courriels::{CourrielPage, CourrielRow, CourrielsListe};
pub use cvtheque::{CvthequeFiche, CvthequeRecherche, CvthequeResults, ProfilFiche, ProfilHit};
pub use dates::Moment;
pub use erreur::Erreur;
pub use gestion_acces::{GestionAcces, GestionAccesPersonne, GestionCompteNouveau};
pub use gestion_annonces::{GestionAnnonceFormulaire, GestionAnnoncePublication, GestionAnnonces};
pub use gestion_inscriptions::{GestionInscription, GestionInscriptions};
pub use layout::{Account, Counter, CounterKey, FieldError, Layout, Link, MenuEntry, Notice, Tone, Undo};
pub use lists::{Choice, ChoiceGroup, Column, FacetGroup, Pages, Query, Sorted};
pub use messagerie::{
    BoiteNav, Destinataire, MessageRow, MessagerieBoite, MessagerieEcrire, MessagerieFermee, MessagerieMessage,
};
pub use mon_compte::{
    MonCompteAdresse, MonCompteAlertes, MonCompteMotDePasse, MonCompteSecondFacteur, MonCompteSessions, SessionRow,
};
pub use notifications::{NotificationRow, NotificationsListe};
pub use reprise::Reprise;
pub use retenue::Retenue;
pub use tableau_de_bord::{TableauDeBordAdministrateur, TableauDeBordGestionnaire, TableauDeBordIntervenant, Task};
