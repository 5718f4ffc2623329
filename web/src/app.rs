//! What every handler reaches: the store, the actors, the index, and the settings of the web side.

use std::net::IpAddr;
use std::sync::Arc;

use actors::alertes::Abonnes;
use actors::follower::Observed;
use actors::live::Comptes;
use actors::mots_de_passe::Passwords;
use documents::Blobs;
use metrics_exporter_prometheus::PrometheusHandle;
use search_index::SearchIndex;
use store::Store;
use store::referentiels::{Departement, Item, Specialite};
use store::structures::Structure;

use crate::limits::Limits;

/// A login that the demonstration shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoLogin {
    /// Who it is.
    pub role: String,
    /// The login.
    pub login: String,
}

/// Settings of the web side.
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
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Requests that one address may make per second, and twenty times as many at once.
    pub requests_per_second: u32,
    /// The sentence that says whom to ask, as the mails end with it.
    pub contact: String,
}

impl Settings {
    /// Whether cookies may travel over TLS only.
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// The referentials, read once at start: they change with an import, which says so.
#[derive(Clone, Debug, Default)]
pub struct Referentiels {
    /// Régions.
    pub regions: Vec<Item>,
    /// Départements.
    pub departements: Vec<Departement>,
    /// Spécialités, each followed by its sous-spécialités.
    pub specialites: Vec<Specialite>,
    /// Languages.
    pub langues: Vec<Item>,
    /// Structures.
    pub structures: Vec<Structure>,
}

impl Referentiels {
    /// Reads them.
    pub async fn load(store: &Store) -> store::Result<Self> {
        let mut connection = store.read().await?;
        Ok(Self {
            regions: store::referentiels::list_regions(&mut connection).await?,
            departements: store::referentiels::list_departements(&mut connection).await?,
            specialites: store::referentiels::list_specialites(&mut connection).await?,
            langues: store::referentiels::list_langues(&mut connection).await?,
            structures: store::structures::all(&mut connection).await?,
        })
    }
}

/// Shared by every worker; made once, outside the server's factory.
pub struct App {
    /// The database.
    pub store: Store,
    /// The accounts' actors.
    pub comptes: Comptes,
    /// The search index.
    pub index: SearchIndex,
    /// The alert subscriptions.
    pub abonnes: Abonnes,
    /// Attached files.
    pub blobs: Arc<Blobs>,
    /// Passwords.
    pub passwords: Passwords,
    /// Rate limits.
    pub limits: Limits,
    /// Settings.
    pub settings: Settings,
    /// Referentials.
    pub referentiels: Referentiels,
    /// The metrics' text.
    pub metrics: PrometheusHandle,
    /// The background actors, by name.
    pub followers: Vec<(&'static str, Arc<Observed>)>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("settings", &self.settings).finish_non_exhaustive()
    }
}
