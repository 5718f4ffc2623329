//! The notification centre (T4).

use askama::Template;

use super::dates::Moment;
use super::layout::Layout;
use super::lists::Pages;
use super::numbers::Said as _;

#[derive(Debug, Clone)]
pub struct NotificationRow {
    pub id: String,
    pub titre: String,
    /// A second line; empty if none.
    pub texte: String,
    /// The page it leads to; empty if none.
    pub lien: String,
    pub at: Moment,
    pub unread: bool,
}

/// `GET /notifications`. « Tout marquer lu » posts to `action_href` with `action=tout_lu` and `jusqu_a` = id of the
/// newest shown.
#[derive(Debug, Clone, Template)]
#[template(path = "notifications.html")]
pub struct NotificationsListe {
    pub layout: Layout,
    /// The notifications of this page, the newest first.
    pub rows: Vec<NotificationRow>,
    pub pages: Pages,
    pub unread: u64,
    /// Where « Tout marquer lu » posts.
    pub action_href: String,
}

impl NotificationsListe {
    /// The id of the newest shown: what arrives meanwhile stays unread.
    pub fn newest(&self) -> &str {
        self.rows.first().map_or("", |row| row.id.as_str())
    }
}
