//! Searches of the annonces that one is alerted to (SPEC A1, L2).

use domain::CompteId;
use store::recherches_annonces as recherches;
use store::{Refused, Transaction};

use super::command;

/// Searches that one account is alerted to at most.
const RECHERCHES_MAX: i64 = 20;

/// Be alerted to a search, by the query string of its address; the same one twice is one, and alerts again.
#[derive(Clone, Debug)]
pub struct FollowAnnonces(pub String);

/// Why a search is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFollowed {
    #[error("Seuls les intervenants suivent des recherches d’annonces.")]
    Forbidden,
    #[error("Vous avez déjà {RECHERCHES_MAX} recherches suivies : supprimez-en une d’abord.")]
    Full,
}

command!(FollowAnnonces: (), NotFollowed);

impl FollowAnnonces {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotFollowed>> {
        if store::inscriptions::of(transaction.connection(), by).await?.is_none() {
            return Err(Refused::Because(NotFollowed::Forbidden));
        }
        let kept = recherches::list(transaction.connection(), by).await?;
        let others = kept.iter().filter(|one| one.adresse != self.0).count();
        if others as i64 >= RECHERCHES_MAX {
            return Err(Refused::Because(NotFollowed::Full));
        }
        Ok(recherches::keep(transaction, by, &self.0).await?)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// It alerts no more, for now.
    Suspendre,
    /// It alerts again.
    Reprendre,
    Supprimer,
}

#[derive(Clone, Copy, Debug)]
pub struct ChangeFollowed {
    pub id: i64,
    pub suite: Suite,
}

/// The account follows no such search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSearch;

command!(ChangeFollowed: (), UnknownSearch);

impl ChangeFollowed {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<UnknownSearch>> {
        let there = match self.suite {
            Suite::Suspendre => recherches::set_active(transaction, self.id, by, false).await?,
            Suite::Reprendre => recherches::set_active(transaction, self.id, by, true).await?,
            Suite::Supprimer => recherches::remove(transaction, self.id, by).await?,
        };
        if there { Ok(()) } else { Err(Refused::Because(UnknownSearch)) }
    }
}
