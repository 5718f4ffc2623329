//! Somebody with a session, over HTTP. Sessions are written to the database while no server runs: logging in thousands of
//! people would measure argon2.

use std::path::Path;

use domain::CompteId;
use domain::email::Email;
use domain::time::Clock;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN};
use store::Store;
use web::session::{SESSION, VISITOR, digest};

use super::Failure;

/// The logins' password, as the README says it.
pub const PASSWORD: &str = "Demo-Bretagne-2026";
pub const GESTIONNAIRE: &str = "gestionnaire@demo.example";
pub const INTERVENANT: &str = "intervenant@demo.example";

/// The database of a demonstration's folder, which no server uses now.
pub async fn open_store(data: &Path) -> Result<Store, Failure> {
    let path = data.join("espace.sqlite");
    Ok(Store::open(&format!("sqlite:{}", path.display()), Clock::system()).await?)
}

pub async fn compte(store: &Store, login: &str) -> Result<store::comptes::Compte, Failure> {
    let found = store::comptes::by_login(&mut store.read().await?, &Email::parse(login)?).await?;
    found.ok_or_else(|| format!("no account has the login {login}").into())
}

/// Opens a session for each of these accounts; answers their cookies, in the same order.
pub async fn open_sessions(store: &Store, comptes: &[CompteId]) -> Result<Vec<String>, Failure> {
    let mut tokens = Vec::with_capacity(comptes.len());
    for batch in comptes.chunks(500) {
        let batch: Vec<(CompteId, String)> =
            batch.iter().map(|id| (*id, format!("{:064x}", 0xbe4c_0000 + id.0))).collect();
        tokens.extend(batch.iter().map(|(_, token)| token.clone()));
        store
            .write::<_, store::Error, _>(None, move |transaction| {
                Box::pin(async move {
                    for (id, token) in batch {
                        let lifetime = chrono::Duration::hours(12);
                        store::sessions::open(transaction, id, &digest("session", &token), "Mesure", lifetime).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(tokens)
}

/// The cookie of every browser here; the token of forms is made from it, whoever is logged in.
fn visitor() -> String {
    "f".repeat(64)
}

fn with_visitor(session: &str) -> String {
    format!("{SESSION}={session}; {VISITOR}={}", visitor())
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Where it sends to, if it does.
    pub location: Option<String>,
    /// Its body: compressed when that was asked for.
    pub body: Vec<u8>,
}

/// Somebody at a browser, with one session or none.
#[derive(Clone, Debug)]
pub struct Person {
    http: reqwest::Client,
    base: String,
    cookie: String,
    csrf: String,
}

impl Person {
    /// With a session.
    pub fn with_session(base: &str, token: &str) -> Result<Self, Failure> {
        Self::new(base, &with_visitor(token))
    }

    /// Without one: a visitor whose first page set this cookie.
    pub fn visitor(base: &str) -> Result<Self, Failure> {
        Self::new(base, &format!("{VISITOR}={}", visitor()))
    }

    fn new(base: &str, cookie: &str) -> Result<Self, Failure> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let csrf = digest("csrf", &visitor());
        Ok(Self { http, base: base.to_owned(), cookie: cookie.to_owned(), csrf })
    }

    /// Somebody else on the same connections.
    pub fn with_other_session(&self, token: &str) -> Self {
        let (http, csrf) = (self.http.clone(), self.csrf.clone());
        Self { http, base: self.base.clone(), cookie: with_visitor(token), csrf }
    }

    /// A page, compressed as for any browser.
    pub async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.ask(path, "gzip").await
    }

    pub async fn read(&self, path: &str) -> Result<String, Failure> {
        let answer = self.ask(path, "identity").await?;
        if answer.status != 200 {
            return Err(format!("{path} is answered with {}", answer.status).into());
        }
        Ok(String::from_utf8(answer.body)?)
    }

    async fn ask(&self, path: &str, encoding: &str) -> Result<Answer, Failure> {
        let request = self.http.get(format!("{}{path}", self.base)).header(COOKIE, &self.cookie);
        answer(request.header(ACCEPT, "text/html").header(ACCEPT_ENCODING, encoding)).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Failure> {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let mut body = format!("_csrf={}", self.csrf);
        for (name, value) in fields {
            body = format!("{body}&{}={}", encode(name), encode(value));
        }
        let request = self.http.post(format!("{}{path}", self.base)).header(COOKIE, &self.cookie);
        let request = request.header(ACCEPT, "text/html").header(ORIGIN, &self.base);
        answer(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)).await
    }

    /// Posts a form that is answered with a redirection to that place.
    pub async fn post_to(&self, path: &str, fields: &[(&str, &str)], leads_to: &str) -> Result<(), Failure> {
        let answer = self.post(path, fields).await?;
        if answer.location.as_deref() == Some(leads_to) {
            return Ok(());
        }
        let page = String::from_utf8_lossy(&answer.body);
        let said = page.split_once("<h1").map_or(&*page, |(_, rest)| rest).chars().take(400).collect::<String>();
        Err(format!("{path} is answered with {} and {:?}: {said}", answer.status, answer.location).into())
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Answer, Failure> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    Ok(Answer { status, location, body: response.bytes().await?.to_vec() })
}
