//! The notification centre (T4): past notifications, read and unread.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::ReadNotifications;
use domain::compteurs::Compteurs;
use store::Connection;
use store::compteurs::Subject;
use store::notifications::Notification;

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::Connecte;
use crate::views::numbers::counted;
use crate::views::{Notice, NotificationRow, NotificationsListe, Pages, Query};

const PAGE: i64 = 25;
/// Most notifications marked one by one, when newer ones must stay unread.
const ONE_BY_ONE_MAX: i64 = 500;

/// `GET /notifications` with `page`.
pub async fn list(request: HttpRequest, app: Data<App>, who: Connecte) -> Result<HttpResponse, Error> {
    let asked = Fields::parse(request.query_string()).number("page").and_then(|page| u64::try_from(page).ok());
    let compte = who.session.compte;
    let mut connection = app.store.read().await?;
    let total = store::notifications::count(&mut connection, compte).await?;
    let size = u64::try_from(PAGE).unwrap_or(1);
    let total = u64::try_from(total).unwrap_or(0);
    let pages = Pages::new(asked.unwrap_or(1), size, total, Query::new("/notifications"));
    let offset = i64::try_from((pages.current - 1) * size).unwrap_or(0);
    let found = store::notifications::list(&mut connection, compte, PAGE, offset).await?;
    let unread = unread(&mut connection, &who).await?;
    drop(connection);
    let layout = page::layout(&request, &app, &who.viewer, "Notifications").await?;
    let rows = found.into_iter().map(|notification| row(&app, notification)).collect();
    let view = NotificationsListe { layout, rows, pages, unread, action_href: "/notifications".to_owned() };
    page::ok(&request, &app, &who.viewer, &view)
}

async fn unread(connection: &mut Connection, who: &Connecte) -> Result<u64, Error> {
    let subject = Subject { compte: who.session.compte, correspondant: None };
    let (_, counters) = store::compteurs::read(connection, &[subject]).await?;
    let Compteurs { notifications, .. } = counters.get(&subject.compte).copied().unwrap_or_default();
    Ok(u64::try_from(notifications).unwrap_or(0))
}

pub(super) fn row(app: &App, notification: Notification) -> NotificationRow {
    NotificationRow {
        id: notification.id.to_string(),
        titre: notification.titre,
        texte: notification.texte,
        lien: notification.lien,
        at: page::moment(app, notification.at),
        unread: notification.lue_at.is_none(),
    }
}

/// `POST /notifications`: « Tout marquer lu »; `jusqu_a` is the newest that the page showed; later ones stay unread.
pub async fn read_all(app: Data<App>, who: Connecte, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let identity = who.identity();
    let compte = who.session.compte;
    let newest = store::notifications::list(&mut app.store.read().await?, compte, 1, 0).await?.pop();
    let shown = fields.number("jusqu_a");
    let n = match (shown, newest) {
        (Some(shown), Some(newest)) if newest.id > shown => {
            let found = store::notifications::list(&mut app.store.read().await?, compte, ONE_BY_ONE_MAX, 0).await?;
            let seen = found.into_iter().filter(|one| one.id <= shown && one.lue_at.is_none());
            let mut n = 0;
            for notification in seen {
                n += app.comptes.ask(&identity, ReadNotifications(Some(notification.id))).await??;
            }
            n
        }
        _ => app.comptes.ask(&identity, ReadNotifications(None)).await??,
    };
    page::redirect_saying(
        &app,
        "/notifications",
        &Notice::done(format!("{}.", counted(n as u64, "notification marquée lue", "notifications marquées lues"))),
    )
}

/// `POST /notifications/{id}`: marks one as read and goes where it leads.
pub async fn follow(app: Data<App>, who: Connecte, id: Path<i64>, _: Posted) -> Result<HttpResponse, Error> {
    let found = store::notifications::by_id(&mut app.store.read().await?, who.session.compte, *id).await?;
    let notification = found.ok_or(Error::NotFound)?;
    app.comptes.ask(&who.identity(), ReadNotifications(Some(notification.id))).await??;
    Ok(page::redirect(page::own_path(&notification.lien).unwrap_or("/notifications")))
}
