//! A person's browser without JavaScript: cookies, forms with their token, redirections.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE, USER_AGENT};
use reqwest::{Method, StatusCode};

use super::{Form, Tab, html::Html};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Encodes a value for the query of an address.
pub fn encode(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}

pub fn urlencoded(fields: &[(String, String)]) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// A text with plain spaces where French typography has others around its signs, as tests are typed.
pub fn plain(text: &str) -> String {
    let signs = [" :", " ;", " !", " ?", " »"];
    let bare = signs.iter().fold(text.to_owned(), |text, plain| {
        let sign = plain.trim_start();
        text.replace(&format!("\u{a0}{sign}"), plain).replace(&format!("\u{202f}{sign}"), plain)
    });
    bare.replace("«\u{a0}", "« ")
}

/// Somebody at a browser. Clones share their cookies, like tabs.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    /// The address it was got from, after redirections, with its query.
    pub address: String,
    pub headers: HeaderMap,
    /// Its text, with [`plain`] spaces.
    pub body: String,
    /// Its bytes, as they came.
    pub bytes: Vec<u8>,
}

impl Page {
    /// What stands in the page itself, without its menus.
    pub fn main_text(&self) -> String {
        self.html().all("main").map(|main| main.text.clone()).collect()
    }

    /// The address without its query.
    pub fn path(&self) -> &str {
        self.address.split(['?', '#']).next().unwrap_or_default()
    }

    /// The page as a tree.
    pub fn html(&self) -> Html {
        Html::read(&self.body)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.address, self.body))
    }

    /// What the page says first: its banner or heading, for the message of a failed test.
    pub fn said(&self) -> String {
        if !self.body.starts_with("<!doctype html>") {
            return self.body.chars().take(400).collect();
        }
        let html = self.html();
        let words = html
            .elements()
            .filter(|element| element.has_class("banner") && element.attribute("hidden").is_none())
            .chain(html.all("h1"));
        words.map(|element| element.text.as_str()).collect::<Vec<_>>().join(" | ")
    }

    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION).map(|value| value.to_str().expect("an address"))
    }
}

impl Client {
    /// A browser without cookies, in front of the server at `base`.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A kept connection may be closed at the very moment it is used again, and a POST is not repeated by itself.
            .pool_max_idle_per_host(0)
            .timeout(super::wait::PATIENCE)
            .build()
            .expect("a client");
        Self { http, base: base.to_owned(), jar: Arc::default() }
    }

    /// A browser that comes from another address of this machine (127.0.0.2, …).
    pub fn coming_from(base: &str, address: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A kept connection may be closed at the very moment it is used again, and a POST is not repeated by itself.
            .pool_max_idle_per_host(0)
            .timeout(super::wait::PATIENCE)
            .local_address(address.parse::<std::net::IpAddr>().expect("an address"))
            .build()
            .expect("a client");
        Self { http, base: base.to_owned(), jar: Arc::default() }
    }

    /// The same browser, in front of another server of the same site.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// Another browser in front of the same server, without cookies.
    pub fn stranger(&self) -> Self {
        Self::new(&self.base)
    }

    /// The address of the server.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The cookies, as the browser sends them.
    pub fn cookies(&self) -> String {
        let jar = self.jar.lock().expect("the jar");
        jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn jar(&self) -> BTreeMap<String, String> {
        self.jar.lock().expect("the jar").clone()
    }

    /// Puts a cookie in the jar.
    pub fn keep(&self, name: &str, value: &str) {
        self.jar.lock().expect("the jar").insert(name.to_owned(), value.to_owned());
    }

    /// One request, without following. Fails when the server does not answer.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Result<Page, reqwest::Error> {
        let mut request = self.http.request(method, format!("{}{path}", self.base)).header(USER_AGENT, FIREFOX);
        let cookies = self.cookies();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        self.answered(path, request).await
    }

    async fn answered(&self, path: &str, request: reqwest::RequestBuilder) -> Result<Page, reqwest::Error> {
        let response = request.send().await?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            self.remember(cookie.to_str().expect("a cookie"));
        }
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await?;
        let body = plain(&String::from_utf8_lossy(&bytes));
        Ok(Page { status, address: path.to_owned(), headers, body, bytes: bytes.to_vec() })
    }

    fn remember(&self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("name=value");
        let gone = parts.any(|part| part.eq_ignore_ascii_case("max-age=0")) || value.is_empty();
        let mut jar = self.jar.lock().expect("the jar");
        if gone {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }

    /// A page, after redirections; fails when the server does not answer.
    pub async fn try_get(&self, path: &str) -> Result<Page, reqwest::Error> {
        let page = self.try_send(Method::GET, path, &[(ACCEPT.as_str(), "text/html")], None).await?;
        self.follow(page).await
    }

    /// A page, without following.
    pub async fn get_only(&self, path: &str) -> Page {
        self.try_send(Method::GET, path, &[(ACCEPT.as_str(), "text/html")], None).await.expect("an answer")
    }

    /// A page, after redirections.
    pub async fn get(&self, path: &str) -> Page {
        let page = self.get_only(path).await;
        self.follow(page).await.expect("an answer")
    }

    async fn follow(&self, mut page: Page) -> Result<Page, reqwest::Error> {
        for _ in 0..5 {
            if !StatusCode::from_u16(page.status).expect("a status").is_redirection() {
                return Ok(page);
            }
            let to = page.location().expect("an address to go to").to_owned();
            let to = to.strip_prefix(&self.base).unwrap_or(&to).to_owned();
            page = self.try_send(Method::GET, &to, &[(ACCEPT.as_str(), "text/html")], None).await?;
        }
        panic!("redirected for ever: {}", page.address);
    }

    /// Posts fields as a form of the site does, without following. Fails when the server does not answer.
    pub async fn try_post(&self, path: &str, fields: &[(String, String)]) -> Result<Page, reqwest::Error> {
        let headers = [
            (CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"),
            (ORIGIN.as_str(), self.base.as_str()),
            ("sec-fetch-site", "same-origin"),
            (ACCEPT.as_str(), "text/html"),
        ];
        self.try_send(Method::POST, path, &headers, Some(urlencoded(fields))).await
    }

    /// Sends a form, without following.
    pub async fn submit_only(&self, form: &Form) -> Page {
        assert!(form.posts, "{} is not posted", form.action);
        self.try_post(&form.action, &form.fields).await.expect("an answer")
    }

    /// Sends a form, and follows to the page it leads to.
    pub async fn submit(&self, form: &Form) -> Page {
        self.try_submit(form).await.expect("an answer")
    }

    /// Sends a form, and follows; fails when the server does not answer.
    pub async fn try_submit(&self, form: &Form) -> Result<Page, reqwest::Error> {
        if !form.posts {
            let page = self.get(&format!("{}?{}", form.action, urlencoded(&form.fields))).await;
            return Ok(page);
        }
        let page = self.try_post(&form.action, &form.fields).await?;
        self.follow(page).await
    }

    /// Sends a form with a file, as a browser does, and follows.
    pub async fn upload(&self, form: &Form, field: &str, name: &str, bytes: impl AsRef<[u8]>) -> Page {
        const BOUNDARY: &str = "------------------------bord0123456789";
        let mut body = Vec::new();
        for (name, value) in &form.fields {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes.as_ref());
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = self
            .http
            .request(Method::POST, format!("{}{}", self.base, form.action))
            .header(USER_AGENT, FIREFOX)
            .header(COOKIE, self.cookies())
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .header(ORIGIN, &self.base)
            .header("sec-fetch-site", "same-origin")
            .header(ACCEPT, "text/html")
            .body(body);
        let page = self.answered(&form.action, request).await.expect("an answer");
        self.follow(page).await.expect("an answer")
    }

    /// Fills in the login form and sends it.
    pub async fn login(&self, login: &str, password: &str) -> Page {
        let page = self.get("/authentification/").await;
        let form = Form::to(&page, "/authentification/").set("email", login).set("mot_de_passe", password);
        self.submit(&form).await
    }

    /// The token that the forms of this person's pages carry.
    pub async fn token(&self) -> String {
        let page = self.get("/").await;
        let html = page.html();
        let field = html.all("input").find(|input| input.attribute("name") == Some("_csrf"));
        field.unwrap_or_else(|| panic!("a form on {}: {}", page.path(), page.said())).expect("value").to_owned()
    }

    /// Posts these fields with the token, and follows.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("_csrf".to_owned(), self.token().await)];
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let page = self.try_post(path, &all).await.expect("an answer");
        self.follow(page).await.expect("an answer")
    }

    /// Presses the button of a page that says these words, and follows.
    pub async fn press(&self, page: &Page, words: &str) -> Page {
        self.submit(&Form::pressing(page, words)).await
    }

    pub async fn json(&self, path: &str) -> serde_json::Value {
        let page = self.try_send(Method::GET, path, &[(ACCEPT.as_str(), "application/json")], None).await;
        let page = page.expect("an answer");
        assert_eq!(page.status, 200, "{path}: {}", page.said());
        page.json()
    }

    /// The name that the pages of this person show, without the structure before it.
    pub async fn name(&self) -> String {
        let page = self.get("/tableau-de-bord").await;
        let html = page.html();
        let shown = html.elements().find(|element| element.name == "span" && element.has_class("name"));
        let shown = &shown.expect("a name on the page").text;
        shown.rsplit(" · ").next().expect("a name").to_owned()
    }

    /// Opens a page and its socket.
    pub async fn tab(&self) -> Tab {
        Tab::open(self).await
    }
}
