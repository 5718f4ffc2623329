//! The internal mailbox (manual §7, SPEC M1 to M9): its lists, one message, writing, and what the people of a structure
//! share.
//!
//! A handler takes a [`Titulaire`]: an intervenant acts in their own mailbox, a gestionnaire in the structure's.
//! Changes are commands to the account's actor; reads come from the store.

mod compose;
mod drafts;
mod equipe;
mod list;
mod modeles;
mod read;
mod write;

pub use drafts::{autosave, draft};
pub use equipe::look;
pub(in crate::pages) use equipe::members;
pub use list::{act, list};
pub(in crate::pages) use modeles::choices;
pub use modeles::{change_template, keep_template, template, templates};
pub use read::{act_as_team, act_on_one, message};
pub use write::{complete, forward_form, reply_form, write, write_form};

use actix_web::{HttpRequest, HttpResponse};
use domain::CorrespondantId;
use domain::compte::Droit;
use domain::messagerie::Boite;
use store::Connection;
use store::boites::{Confie, Ligne, Tri, Vue};
use store::correspondants::Availability;
use store::sessions::Session;

use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::Titulaire;
use crate::views::{BoiteNav, MessageRow, MessagerieFermee};

/// Most pages of the inbox searched for unread messages to show elsewhere; their number is counted separately.
const UNREAD_PAGES: i64 = 4;

/// Whether this account may write at all (M1).
async fn availability(connection: &mut Connection, session: &Session) -> Result<Availability, Error> {
    Ok(actors::commands::messagerie::availability(connection, session.compte, session.structure).await?)
}

async fn nav(connection: &mut Connection, who: &Titulaire, current: Option<Boite>) -> Result<BoiteNav, Error> {
    let drafts = store::brouillons::count(connection, who.connecte.session.compte).await?;
    let can_write = availability(connection, &who.connecte.session).await? == Availability::Open;
    let partagee = can_write && who.connecte.session.structure.is_some();
    Ok(BoiteNav { current, brouillons: u64::try_from(drafts).unwrap_or(0), can_write, partagee })
}

/// The page of a mailbox that is closed and holds nothing to read: it says why (M1).
async fn closed(request: &HttpRequest, app: &App, who: &Titulaire, why: Availability) -> Result<HttpResponse, Error> {
    let (pending, structure) = match why {
        Availability::NotValidated => (true, None),
        Availability::TurnedOff { structure } => (false, Some(structure).filter(|name| !name.is_empty())),
        Availability::NotGranted => return Err(Error::NotGranted(Droit::Messagerie)),
        Availability::Open => (false, None),
    };
    let layout = page::layout(request, app, &who.connecte.viewer, "Messagerie").await?;
    page::ok(request, app, &who.connecte.viewer, &MessagerieFermee { layout, pending, structure })
}

fn row(app: &App, line: Ligne, unread: bool) -> MessageRow {
    MessageRow {
        id: line.message.to_string(),
        href: format!("/messagerie/message/{}", line.message),
        who: line.avec,
        objet: line.objet,
        excerpt: String::new(),
        at: page::moment(app, line.at),
        unread,
        suivi: Vec::new(),
    }
}

/// A few of the latest unread messages of a mailbox, for the dashboard.
pub(super) async fn latest_unread(
    connection: &mut Connection,
    app: &App,
    correspondant: CorrespondantId,
    most: usize,
) -> Result<Vec<MessageRow>, Error> {
    let unread = store::boites::unread(connection, correspondant).await?;
    let wanted = most.min(usize::try_from(unread).unwrap_or(0));
    let mut found = Vec::new();
    let mut vue = Vue {
        correspondant,
        boite: Boite::Reception,
        filtre: String::new(),
        confie: Confie::Tous,
        tri: Tri::Date,
        croissant: false,
        page: 1,
    };
    while found.len() < wanted && vue.page <= UNREAD_PAGES {
        let (lines, _) = store::boites::list(connection, &vue).await?;
        if lines.is_empty() {
            break;
        }
        let missing = wanted - found.len();
        found.extend(
            lines.into_iter().filter(|line| line.lu_at.is_none()).take(missing).map(|line| row(app, line, true)),
        );
        vue.page += 1;
    }
    Ok(found)
}
