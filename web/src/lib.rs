//! Pages, JSON and the live socket

pub mod assets;
pub mod views;
