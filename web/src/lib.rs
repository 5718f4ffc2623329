//! Pages, JSON and the live socket of Espace Intervenants.
//!
//! Handlers are thin: parse into domain types, one command or query, one view. No SQL here, no environment; only
//! `live.rs` uses `actix_web_actors`.

pub mod antivirus;
pub mod app;
pub mod assets;
pub mod captcha;
mod corps;
pub mod csrf;
pub mod defi;
pub mod device;
pub mod download;
mod dress;
pub mod error;
pub mod fields;
pub mod limits;
pub mod live;
mod notice;
pub mod operations;
pub mod page;
pub mod pages;
mod reader;
pub mod reprise;
pub mod routes;
mod scelles;
pub mod server;
pub mod session;
mod settings;
pub mod televersement;
mod throttle;
pub mod totp;
pub mod trace;
pub mod views;

pub use app::{App, Settings};
pub use error::Error;
