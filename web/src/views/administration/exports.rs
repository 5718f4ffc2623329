//! The register of exports.

use askama::Template;

use crate::views::dates::Moment;
use crate::views::layout::{Layout, MenuEntry};
use crate::views::lists::Pages;
use crate::views::numbers::Said as _;

/// A workbook that was taken out of the CV-thèque.
#[derive(Debug, Clone)]
pub struct ExportRow {
    pub auteur: String,
    pub structure: String,
    pub nombre: u64,
    /// The search or list it comes from.
    pub adresse: String,
    pub at: Moment,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/exports.html")]
pub struct Exports {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// The latest first.
    pub rows: Vec<ExportRow>,
    pub pages: Pages,
}
