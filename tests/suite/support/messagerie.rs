//! The mailbox as a person uses it: choosing a recipient, sending, reading lists, ticking boxes.

use super::client::encode;
use super::{Client, Form, Page};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    pub href: String,
    pub who: String,
    pub objet: String,
    /// Shown as not read.
    pub unread: bool,
}

/// What the completion of recipients proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub value: String,
    pub label: String,
}

/// Recipients proposed for what was typed.
pub async fn proposals(client: &Client, typed: &str) -> Vec<Proposal> {
    let found = client.json(&format!("/messagerie/destinataires?q={}", encode(typed))).await;
    let rows = found.as_array().unwrap_or_else(|| panic!("an array: {found}"));
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    rows.iter().map(|row| Proposal { value: text(&row["valeur"]), label: text(&row["libelle"]) }).collect()
}

pub async fn recipient(client: &Client, name: &str) -> String {
    let found = proposals(client, name).await;
    let exact: Vec<_> = found.iter().filter(|proposal| proposal.label == name).collect();
    assert_eq!(exact.len(), 1, "« {name} » is proposed once, among {found:?}");
    exact[0].value.clone()
}

/// The form to write a new message, filled in but for the button.
pub async fn letter(client: &Client, to: &[&str], objet: &str, texte: &str) -> Form {
    let page = client.get("/messagerie/ecrire").await;
    let mut form = Form::to(&page, "/messagerie/ecrire").set("objet", objet).set("texte", texte);
    for value in to {
        form = form.add("destinataires", value);
    }
    form
}

/// Writes and sends a message; the page that follows is the list of what was sent.
pub async fn send(client: &Client, to: &[&str], objet: &str, texte: &str) -> Page {
    let form = letter(client, to, objet, texte).await.set("action", "envoyer");
    let page = client.submit(&form).await;
    assert_eq!((page.status, page.path()), (200, "/messagerie/envoyes"), "« {objet} » is sent: {}", page.said());
    page
}

/// The messages that one page of a list shows.
pub fn lines(page: &Page) -> Vec<Line> {
    let html = page.html();
    let rows = html.all("tr").filter(|row| html.inside(row, "td").next().is_some());
    rows.map(|row| {
        let tick = html.inside(row, "input").find(|input| input.attribute("name") == Some("messages"));
        let link = html.inside(row, "a").next().expect("a link");
        let who = html.inside(row, "td").find(|cell| cell.has_class("who-cell"));
        Line {
            id: tick.expect("a box").expect("value").to_owned(),
            href: link.expect("href").to_owned(),
            who: who.expect("who").text.clone(),
            objet: link.text.clone(),
            unread: row.has_class("unread"),
        }
    })
    .collect()
}

/// All the messages of a list (`reception`, `envoyes`, `brouillons`) over all its pages.
pub async fn list(client: &Client, name: &str) -> Vec<Line> {
    let mut all = Vec::new();
    let mut next = Some(format!("/messagerie/{name}"));
    while let Some(address) = next {
        let page = client.get(&address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.said());
        all.extend(lines(&page));
        let html = page.html();
        next = html.all("a").find(|link| link.attribute("rel") == Some("next")).map(|link| link.expect("href").into());
    }
    all
}

/// The message of that subject in a list, if it stands there once.
pub async fn found(client: &Client, name: &str, objet: &str) -> Option<Line> {
    let mut all: Vec<Line> = list(client, name).await.into_iter().filter(|line| line.objet == objet).collect();
    assert!(all.len() < 2, "« {objet} » stands {} times in {name}", all.len());
    all.pop()
}

/// The message of that subject in the list of received ones.
pub async fn received(client: &Client, objet: &str) -> Line {
    let found = found(client, "reception", objet).await;
    found.unwrap_or_else(|| panic!("« {objet} » has been received"))
}

/// How many of the received messages are shown as not read: counted line by line.
pub async fn unread(client: &Client) -> i64 {
    let lines = list(client, "reception").await;
    i64::try_from(lines.iter().filter(|line| line.unread).count()).expect("a small number")
}

pub async fn open(client: &Client, line: &Line) -> Page {
    let page = client.get(&line.href).await;
    assert_eq!(page.status, 200, "{}: {}", line.href, page.said());
    page
}

/// Ticks messages of a list and presses a button of its menu (« Archiver », « Marquer lu », « Marquer non lu »).
pub async fn act(client: &Client, name: &str, button: &str, ids: &[&str]) -> Page {
    let page = client.get(&format!("/messagerie/{name}")).await;
    let mut form = Form::pressing(&page, button);
    for id in ids {
        form = form.add("messages", id);
    }
    let page = client.submit(&form).await;
    assert_eq!(page.status, 200, "{button}: {}", page.said());
    page
}

/// The « Annuler » of the notice on a page.
pub fn undo(page: &Page) -> Form {
    Form::pressing(page, "Annuler")
}
