//! The register of exports.

use askama::Template;

use crate::views::dates::Moment;
use crate::views::layout::{Layout, MenuEntry};
use crate::views::lists::Pages;
use crate::views::numbers::Said as _;

/// A workbook that was taken out of the CV-thèque.
#[derive(Debug, Clone)]
pub struct ExportRow {
    /// Who took it.
    pub auteur: String,
    /// For which structure.
    pub structure: String,
    /// How many people are in it.
    pub nombre: u64,
    /// The search or list it comes from.
    pub adresse: String,
    /// When.
    pub at: Moment,
}

/// `GET /administration/exports`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/exports.html")]
pub struct Exports {
    /// What every page shares.
    pub layout: Layout,
    /// The parts of the administration.
    pub sections: Vec<MenuEntry>,
    /// The latest first.
    pub rows: Vec<ExportRow>,
    /// The pages.
    pub pages: Pages,
}
