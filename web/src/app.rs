//! What every handler uses: the store, the actors, the index, and the settings of the web side.

use std::sync::{Arc, PoisonError, RwLock};

use actors::alertes::Abonnes;
use actors::analyste::Surveille;
use actors::commands::FrontDesk;
use actors::follower::{Called, Observed};
use actors::live::Comptes;
use actors::mots_de_passe::Passwords;
use documents::{Blobs, Extractor};
use metrics_exporter_prometheus::PrometheusHandle;
use search_index::SearchIndex;
use store::Store;
use store::referentiels::{Departement, Item, Specialite};
use store::structures::Structure;
use store::vault::Vault;
use tokio::sync::watch;

use crate::limits::Limits;
pub use crate::settings::{DemoLogin, Settings};

/// The referentials, read at start and again when one of them changes.
#[derive(Clone, Debug, Default)]
pub struct Referentiels {
    pub regions: Vec<Item>,
    pub departements: Vec<Departement>,
    pub specialites: Vec<Specialite>,
    pub langues: Vec<Item>,
    /// Codes of the languages that are no longer proposed.
    pub langues_retirees: Vec<String>,
    pub structures: Vec<Structure>,
}

impl Referentiels {
    pub async fn load(store: &Store) -> store::Result<Self> {
        let mut connection = store.read().await?;
        let known = store::langues::all(&mut connection).await?;
        Ok(Self {
            langues_retirees: known.iter().filter(|item| !item.actif).map(|item| item.code.clone()).collect(),
            langues: known.into_iter().map(|item| Item { code: item.code, nom: item.nom }).collect(),
            regions: store::referentiels::list_regions(&mut connection).await?,
            departements: store::referentiels::list_departements(&mut connection).await?,
            specialites: store::referentiels::list_specialites(&mut connection).await?,
            structures: store::structures::all(&mut connection).await?,
        })
    }

    /// Spécialités and sous-spécialités to choose from: those that are proposed, and those in `held`.
    pub fn specialites_proposees(&self, held: &[String]) -> Vec<&Specialite> {
        let is_held = |item: &Specialite| held.contains(&item.code);
        let parent_of = |item: &Specialite| {
            let code = item.parent_code.as_ref()?;
            self.specialites.iter().find(|parent| parent.code == *code)
        };
        let holds_a_part = |item: &Specialite| {
            self.specialites.iter().any(|part| part.parent_code.as_ref() == Some(&item.code) && is_held(part))
        };
        self.specialites
            .iter()
            .filter(|item| {
                let proposed = item.actif && parent_of(item).is_none_or(|parent| parent.actif);
                proposed || is_held(item) || holds_a_part(item)
            })
            .collect()
    }

    /// Languages to choose from: those that are proposed, and those in `held`.
    pub fn langues_proposees(&self, held: &[String]) -> Vec<&Item> {
        let kept = |item: &&Item| !self.langues_retirees.contains(&item.code) || held.contains(&item.code);
        self.langues.iter().filter(kept).collect()
    }
}

/// Shared by every worker; made once, outside the server's factory.
pub struct App {
    pub store: Store,
    pub comptes: Comptes,
    /// The actor for what is asked without an account.
    pub front_desk: FrontDesk,
    pub index: SearchIndex,
    pub abonnes: Abonnes,
    pub blobs: Arc<Blobs>,
    /// Reads the text inside a file, in processes of its own.
    pub extractor: Arc<Extractor>,
    pub passwords: Passwords,
    pub limits: Limits,
    pub settings: Settings,
    /// The referentials, as they were after their last change.
    pub referentiels: RwLock<Arc<Referentiels>>,
    /// Seals the second factors.
    pub vault: Vault,
    pub metrics: PrometheusHandle,
    /// The background actors, each with its names.
    pub followers: Vec<(Called, Arc<Observed>)>,
    pub antivirus: Option<Arc<Surveille>>,
    /// Whether the server is about to end.
    pub stopping: watch::Sender<bool>,
}

impl App {
    /// Tells requests whose body is still arriving that the server is about to end.
    pub fn stops(&self) {
        self.stopping.send_replace(true);
    }

    pub fn referentiels(&self) -> Arc<Referentiels> {
        Arc::clone(&self.referentiels.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the referentials again, after one of them has changed; the index understands queries by the new ones.
    pub async fn reload_referentiels(&self) -> store::Result<()> {
        actors::indexer::learn_sigles(&self.store, &self.index).await?;
        let new = Arc::new(Referentiels::load(&self.store).await?);
        *self.referentiels.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Follows the journal for changes of referentials, here or on another server, until it is dropped.
    pub async fn follow_referentiels(&self) {
        let mut head = self.store.journal_head();
        let mut seen = *head.borrow_and_update();
        while head.changed().await.is_ok() {
            let now = *head.borrow_and_update();
            let changed =
                async { store::journal::any_of_kind(&mut self.store.read().await?, "referentiel_modifie", seen).await };
            match changed.await {
                Ok(true) => match self.reload_referentiels().await {
                    Ok(()) => seen = now,
                    Err(error) => tracing::warn!(%error, "referentials could not be read again; they will be"),
                },
                Ok(false) => seen = now,
                Err(error) => tracing::warn!(%error, "the journal could not be looked at for referentials"),
            }
        }
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g7_what_is_no_longer_proposed_stays_where_it_is_held() {
        let specialite = |code: &str, parent: Option<&str>, actif: bool| Specialite {
            code: code.into(),
            nom: code.into(),
            parent_code: parent.map(Into::into),
            description: String::new(),
            actif,
        };
        let known = Referentiels {
            specialites: vec![
                specialite("finances", None, false),
                specialite("finances.budget", Some("finances"), true),
                specialite("rh", None, true),
                specialite("rh.paie", Some("rh"), false),
            ],
            langues: vec![Item { code: "br".into(), nom: "breton".into() }],
            langues_retirees: vec!["br".into()],
            ..Referentiels::default()
        };
        let codes = |held: &[String]| -> Vec<String> {
            known.specialites_proposees(held).iter().map(|item| item.code.clone()).collect()
        };
        assert_eq!(codes(&[]), ["rh"]);
        assert_eq!(codes(&["rh.paie".into()]), ["rh", "rh.paie"]);
        assert_eq!(codes(&["finances.budget".into()]), ["finances", "finances.budget", "rh"]);
        assert!(known.langues_proposees(&[]).is_empty());
        assert_eq!(known.langues_proposees(&["br".into()]).len(), 1);
    }
}
