//! The only SQL of the project, for SQLite and PostgreSQL alike: one query text, two engines.
//!
//! Reads take a connection of a pool; writes go through [`Store::write`], one transaction each, which appends what
//! happened to the journal as its very last act. One file per word of the domain; no other crate names a table.

pub mod acces;
pub mod administration;
pub mod alertes;
pub mod analyses;
pub mod annonces;
pub mod annuaire;
mod blocking;
pub mod boites;
pub mod brouillons;
pub mod candidatures;
pub mod captchas;
pub mod collage;
pub mod comptes;
pub mod compteurs;
mod connection;
pub mod contenus;
pub mod correspondants;
pub mod courriels;
mod database;
pub mod demandes;
mod dialect;
pub mod donnees;
pub mod dossiers;
pub mod droits;
pub mod error;
pub mod exports;
pub mod fichiers;
mod hints;
pub mod inscriptions;
pub mod intervenants;
pub mod interventions;
pub mod journal;
pub mod langues;
pub mod lettres;
pub mod listes;
pub mod login_steps;
pub mod masquage;
pub mod messagerie;
mod migrations;
pub mod modeles;
pub mod mots_de_passe_gardes;
pub mod notes;
pub mod notifications;
pub mod numerotation;
mod opening;
pub mod preferences;
pub mod presences;
pub mod profils;
mod query;
pub mod recherches;
pub mod recherches_annonces;
pub mod referentiels;
pub mod ressemblances;
pub mod rotation;
pub mod schema;
pub mod second_facteur;
pub mod servers;
pub mod sessions;
pub mod sigles;
mod slow_statements;
pub mod structures;
pub mod suivis;
pub mod tokens;
mod transaction;
pub mod tries;
mod values;
pub mod vault;
pub mod verification;

pub use connection::{Connection, Engine};
pub use database::Store;
pub use error::{Error, Refused, disk_is_full, is_for_want_of_room, room_was_found};
pub use migrations::Schema;
pub use transaction::Transaction;

/// What every function of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a function of this crate that asks the database returns: its work, in a box. The body of a public `async fn`
/// would be compiled again, queries and both engines included, in every crate that awaits it.
pub type Pending<'a, T, E = Error> = futures_util::future::BoxFuture<'a, Result<T, E>>;
