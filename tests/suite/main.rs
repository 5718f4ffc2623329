//! The whole program, driven from outside as a process over HTTP, sockets, a browser and its command line.
//!
//! One binary of tests, one module per field word of the requirements; `tests/run.sh` provides the programs of the
//! outside and turns on the feature `external`. Tests share nothing but the demonstration they are copied from.

mod support;

mod acces;
#[cfg(feature = "external")]
mod accessibilite;
mod administration;
mod annonces;
#[cfg(feature = "external")]
mod antivirus;
#[cfg(feature = "external")]
mod autobahn;
mod base;
mod besoin;
mod boite_partagee;
#[cfg(feature = "external")]
mod browser;
mod candidatures;
#[cfg(feature = "external")]
mod colonnes;
mod commandes;
mod commands;
mod connexion;
mod contenus;
#[cfg(feature = "external")]
mod courriels;
mod crash;
mod cvtheque;
mod demandes;
mod direct;
mod donnees;
mod dossier;
#[cfg(feature = "external")]
mod entree;
mod etats;
mod formulaires;
mod hostiles;
mod identifiants;
mod inscription;
#[cfg(feature = "external")]
mod journal;
mod lecture;
mod lettres;
mod listes;
mod messagerie;
mod model;
mod numeros;
mod operations;
mod personnes;
mod portail;
mod preferences;
mod privacy;
mod profil;
mod publication;
#[cfg(feature = "external")]
mod recapitulatifs;
mod recherches_suivies;
#[cfg(feature = "external")]
mod refus;
mod requirements;
mod revue;
mod rights;
mod rubriques;
#[cfg(feature = "external")]
mod saisie;
mod security;
mod selection;
mod slips;
mod sources;
mod spine;
mod textes;
#[cfg(feature = "external")]
mod two_servers;
mod vigilance;
