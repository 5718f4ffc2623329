//! The background work. A new follower is a line of [`start`]: its [`Work`] says its name, whether commits wake it and
//! what is shown of it.

use std::path::PathBuf;
use std::sync::Arc;

use actix::prelude::{Actor, Addr};
use actors::alertes::{Abonnes, Alertes};
use actors::analyste::{Analyste, Surveille};
use actors::ecarts::Ecarts;
use actors::echeances::Echeances;
use actors::follower::{Called, Follower, Observed, Work};
use actors::indexer::Indexer;
use actors::lecteur::Lecteur;
use actors::mailer::{Mailer, MailerConfig};
use actors::masqueur::Masqueur;
use actors::reconnaisseur::Reconnaisseur;
use actors::veille::{Lecture, Veille};
use documents::{Antivirus, Blobs, Extractor};
use search_index::SearchIndex;
use store::Store;
use store::vault::Vault;

use crate::failure::Failure;

pub struct Working {
    pub address: Addr<Follower>,
    pub called: Called,
    pub woken_by_commits: bool,
    pub observed: Arc<Observed>,
}

impl Working {
    /// Starts it; the work may report its progress in `Observed`.
    pub fn start<W: Work>(work: impl FnOnce(Arc<Observed>) -> W) -> Self {
        let observed = Arc::new(Observed::default());
        let work: Box<dyn Work> = Box::new(work(observed.clone()));
        let (called, woken_by_commits) = (work.called(), work.woken_by_commits());
        Self { address: Follower::new(work, observed.clone()).start(), called, woken_by_commits, observed }
    }
}

/// What the followers need.
pub struct Parts {
    pub store: Store,
    pub blobs: Arc<Blobs>,
    pub vault: Vault,
    pub extractor: Arc<Extractor>,
    /// What recognises pages that are pictures, if that is asked for.
    pub recognition: Option<Extractor>,
    pub index: SearchIndex,
    /// The file that asks for a rebuild of the index.
    pub rebuild: PathBuf,
    pub abonnes: Abonnes,
    pub antivirus: Option<(Antivirus, Arc<Surveille>)>,
    pub mail: MailerConfig,
}

/// Starts them all, in the order in which they stop: first those that make work for others, last those that do it.
pub fn start(of: Parts) -> Result<Vec<Working>, Failure> {
    let Parts { store, blobs, vault, extractor, recognition, index, rebuild, abonnes, antivirus, mail } = of;
    let mailer = Mailer::new(store.clone(), mail)?;
    let indexer = Working::start(|seen| Indexer::new(store.clone(), index.clone(), rebuild, seen));
    let indexed = (index, indexer.observed.clone());
    let lecture =
        Lecture { cv: web::pages::cvtheque::read_search, annonce: web::pages::mon_compte::recherches::read_search };
    let mut all = vec![
        Working::start(|_| Echeances::new(store.clone())),
        Working::start(|_| Ecarts::new(store.clone())),
        Working::start(|seen| Alertes::new(store.clone(), abonnes, seen)),
        Working::start(|seen| Veille::new(store.clone(), indexed, lecture, seen)),
        Working::start(|_| mailer),
    ];
    all.extend(antivirus.map(|(antivirus, surveille)| {
        Working::start(|_| Analyste::new(store.clone(), blobs.clone(), vault, antivirus, surveille))
    }));
    let recognised = recognition.is_some();
    all.extend(recognition.map(|recognition| {
        Working::start(|_| Reconnaisseur::new(store.clone(), blobs.clone(), extractor.clone(), recognition))
    }));
    all.extend([
        Working::start(|_| Lecteur::new(store.clone(), blobs, extractor, recognised)),
        Working::start(|_| Masqueur::new(store)),
        indexer,
    ]);
    Ok(all)
}
