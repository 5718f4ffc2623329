//! Settings of the web side.

use std::net::IpAddr;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoLogin {
    pub role: String,
    pub login: String,
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// The address people use, without a slash at the end: `https://intervenants.example`.
    pub base_url: String,
    /// Whether this is the demonstration: logins are shown, mails are read at `/courriels`.
    pub demo: bool,
    /// The demonstration's logins, empty elsewhere.
    pub demo_logins: Vec<DemoLogin>,
    /// Their password, none elsewhere.
    pub demo_password: Option<String>,
    /// Longest password allowed, in characters.
    pub password_max: usize,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpAddr>,
    /// Requests that one address may make per second, and twenty times as many at once.
    pub requests_per_second: u32,
    /// The contact address, at the end of the mails and on the help page.
    pub contact: String,
}

impl Settings {
    /// Whether cookies are sent over TLS only.
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}
