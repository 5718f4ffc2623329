//! The actors: each account's mailbox, counters and sockets, and those that follow the journal.
//!
//! Actors hold no truth: two servers may each have a [`compte::Compte`] for one account, so every command is
//! conditional SQL, and whatever an actor knows can be read again from the database. Nothing here knows HTTP or
//! WebSockets; nothing here writes SQL.

pub mod alertes;
pub mod analyste;
pub mod commands;
pub mod compte;
pub mod ecarts;
pub mod echeances;
pub mod follower;
pub mod indexer;
pub mod lecteur;
pub mod live;
pub mod mailer;
pub mod masqueur;
pub mod mots_de_passe;
pub mod reconnaisseur;
pub mod veille;

#[cfg(test)]
mod scene;
