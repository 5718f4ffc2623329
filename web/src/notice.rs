//! The notice of what was just done, shown once on the next page: a cookie of one minute, sealed, so that only our
//! servers can write one.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use serde::{Deserialize, Serialize};
use store::vault::Vault;

use crate::app::App;
use crate::session;
use crate::views::{Notice, Undo};

pub const COOKIE: &str = "ei_avis";
/// The purpose of the seal.
const PLACE: &str = "avis";
/// Longest value that every browser keeps (RFC 6265, §6.1), its name and attributes apart.
const LONGEST: usize = 3_800;

#[derive(Serialize, Deserialize)]
struct Carried {
    text: String,
    undo: Option<Way>,
}

/// The « Annuler » form: where it posts, and its fields, each name once with all its values.
#[derive(Serialize, Deserialize)]
struct Way {
    action: String,
    fields: Vec<(String, Vec<String>)>,
}

impl Way {
    fn of(undo: &Undo) -> Self {
        let mut fields: Vec<(String, Vec<String>)> = Vec::new();
        for (name, value) in &undo.fields {
            match fields.last_mut().filter(|(last, _)| last == name) {
                Some((_, values)) => values.push(value.clone()),
                None => fields.push((name.clone(), vec![value.clone()])),
            }
        }
        Self { action: undo.action.clone(), fields }
    }

    fn undo(self) -> Undo {
        let each = |(name, values): (String, Vec<String>)| values.into_iter().map(move |value| (name.clone(), value));
        Undo { action: self.action, fields: self.fields.into_iter().flat_map(each).collect(), ..Undo::default() }
    }
}

/// A notice as the cookie holds it, without « Annuler » when that would be too long. None when it can't be sealed: then
/// the notice is lost.
fn written(vault: &Vault, notice: &Notice) -> Option<String> {
    let sealed = |undo: Option<Way>| {
        let json = serde_json::to_vec(&Carried { text: notice.text.clone(), undo }).ok()?;
        vault.seal(&json, PLACE).inspect_err(|error| tracing::warn!(%error, "a notice could not be sealed")).ok()
    };
    let whole = sealed(notice.undo.as_ref().map(Way::of))?;
    if whole.len() <= LONGEST { Some(whole) } else { sealed(None) }
}

fn read(vault: &Vault, value: &str) -> Option<Notice> {
    let json = vault.unseal(value, PLACE).ok()?;
    let carried: Carried = serde_json::from_slice(&json).ok()?;
    Some(Notice { undo: carried.undo.map(Way::undo), ..Notice::done(carried.text) })
}

/// The cookie with the notice of the next page.
pub fn cookie(app: &App, notice: &Notice) -> Option<Cookie<'static>> {
    let value = written(&app.vault, notice)?;
    Some(session::cookie(&app.settings, COOKIE, value, Some(Duration::seconds(60))))
}

/// The notice in the request's cookie, if our servers sealed it.
pub fn take(request: &HttpRequest, app: &App) -> Option<Notice> {
    read(&app.vault, request.cookie(COOKIE)?.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(&folder.path().join("cle")).unwrap();
        (folder, vault)
    }

    fn with(ids: usize) -> Notice {
        let mut fields = vec![("action".to_owned(), "restaure".to_owned())];
        fields.extend((0..ids).map(|id| ("messages".to_owned(), (1_000_000 + id).to_string())));
        let undo = Undo { action: "/messagerie/reception/actions".to_owned(), fields, ..Undo::default() };
        Notice::done("2 messages archivés.").with_undo(undo)
    }

    #[test]
    fn m3_a_notice_comes_back_with_its_undo() {
        let (_folder, vault) = vault();
        for ids in [1, 2, 100] {
            let notice = with(ids);
            assert_eq!(read(&vault, &written(&vault, &notice).unwrap()), Some(notice));
        }
        let long = written(&vault, &with(2_000)).unwrap();
        assert!(long.len() <= LONGEST);
        assert_eq!(read(&vault, &long), Some(Notice::done("2 messages archivés.")), "the sentence stays");
    }

    #[test]
    fn q8_a_forged_notice_says_nothing() {
        let ((_folder, vault), (_other, stranger)) = (vault(), self::vault());
        let json = r#"{"text":"Votre compte est bloqué.","undo":null}"#;
        let elsewhere = vault.seal(json.as_bytes(), "un autre endroit").unwrap();
        let of_another = written(&stranger, &Notice::done("Votre compte est bloqué.")).unwrap();
        for forged in ["", "<script>", json, &elsewhere, &of_another] {
            assert_eq!(read(&vault, forged), None, "{forged}");
        }
    }
}
