//! What the tests stand on: the program as a process, people as HTTP clients, open tabs as sockets, and the programs
//! of the outside (PostgreSQL, a mail server, a browser).
//!
//! Nothing here knows the program's code: it is driven through its addresses, its command line and its pages.
#![cfg_attr(not(feature = "external"), allow(dead_code))] // Some of it serves tests of the outside alone.

pub mod annonces;
#[cfg(feature = "external")]
pub mod browser;
#[cfg(feature = "external")]
pub mod clamd;
pub mod client;
pub mod command;
pub mod engine;
pub mod form;
pub mod html;
pub mod inscription;
pub mod live;
pub mod mails;
pub mod messagerie;
pub mod server;
#[cfg(feature = "external")]
pub mod sink;
pub mod site;
pub mod wait;

pub use client::{Client, Page};
pub use engine::Engine;
pub(crate) use engine::both_engines;
pub use form::Form;
pub use live::Tab;
pub use server::Server;
pub use site::Site;
pub use wait::eventually;

/// What a random test begins with; `EI_TEST_SEED` tries another (`tests/long.sh` gives one after the other).
pub fn seed(usual: u64) -> u64 {
    std::env::var("EI_TEST_SEED").map_or(usual, |seed| seed.parse().expect("EI_TEST_SEED is a number"))
}

/// The account of a login, as it stands in the base.
pub async fn account(store: &store::Store, login: &str) -> store::comptes::Compte {
    let login = domain::email::Email::parse(login).expect("an address");
    let found = store::comptes::by_login(&mut store.read().await.expect("a connection"), &login).await;
    found.expect("an answer").expect("the account")
}

/// The documented logins of the demonstration.
pub mod logins {
    /// An intervenant of the délégation Bretagne.
    pub const INTERVENANT: &str = "intervenant@demo.example";
    /// One whose registration is still to be filled in.
    pub const CANDIDAT: &str = "candidat@demo.example";
    /// A gestionnaire of the délégation Bretagne.
    pub const GESTIONNAIRE: &str = "gestionnaire@demo.example";
    pub const COLLEAGUE: &str = "gestionnaire2@demo.example";
    /// A gestionnaire of another structure.
    pub const ELSEWHERE: &str = "gestion.normandie@demo.example";
    pub const ADMINISTRATEUR: &str = "administrateur@demo.example";
    /// The password of all of them.
    pub const PASSWORD: &str = "Demo-Bretagne-2026";
}
