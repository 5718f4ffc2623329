//! What works in the background. A new follower is a field of [`Followers`]: what it is named, whether commits wake it and
//! what is shown of it come from its [`Work`].

use std::sync::Arc;

use actix::prelude::{Actor, Addr};
use actors::follower::{Called, Follower, Observed, Work};

pub struct Working {
    pub address: Addr<Follower>,
    pub called: Called,
    pub woken_by_commits: bool,
    pub observed: Arc<Observed>,
}

impl Working {
    /// Starts it; the work may say in `Observed` how far it has come.
    pub fn start<W: Work>(work: impl FnOnce(Arc<Observed>) -> W) -> Self {
        let observed = Arc::new(Observed::default());
        let work: Box<dyn Work> = Box::new(work(observed.clone()));
        let (called, woken_by_commits) = (work.called(), work.woken_by_commits());
        Self { address: Follower::new(work, observed.clone()).start(), called, woken_by_commits, observed }
    }
}

pub struct Followers {
    pub echeances: Working,
    pub ecarts: Working,
    pub alertes: Working,
    pub veille: Working,
    pub mailer: Working,
    pub analyste: Option<Working>,
    pub lecteur: Working,
    pub masqueur: Working,
    pub indexer: Working,
}

impl Followers {
    /// In the order in which they stop: what makes work first, what does it last.
    pub fn in_order(self) -> Vec<Working> {
        // Named whole: one that is forgotten here does not compile.
        let Self { echeances, ecarts, alertes, veille, mailer, analyste, lecteur, masqueur, indexer } = self;
        let mut all = vec![echeances, ecarts, alertes, veille, mailer];
        all.extend(analyste);
        all.extend([lecteur, masqueur, indexer]);
        all
    }
}
