//! Lists of people, for oneself or for the structure (SPEC G3).

use domain::CompteId;
use store::{Refused, Transaction};

use crate::commands::{command, structure};

/// Lists that one account keeps at most.
pub const LISTES_MAX: i64 = 100;
/// People in one list at most.
pub const MEMBRES_MAX: usize = 1_000;

/// Why a list stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListRefusal {
    #[error("Une de vos listes porte déjà ce nom : choisissez-la, ou donnez un autre nom.")]
    NameTaken,
    #[error("Vous avez déjà {LISTES_MAX} listes : supprimez-en une d’abord.")]
    TooMany,
    /// There would be too many people in it.
    #[error("Une liste contient {MEMBRES_MAX} personnes au plus : retirez-en, ou commencez une autre liste.")]
    Full,
    #[error("Cette liste n’existe pas, ou n’est pas la vôtre.")]
    NotFound,
    #[error("Vous n’êtes pas, ou plus, gestionnaire d’une structure.")]
    Forbidden,
}

/// Refuses a list that somebody does not see.
async fn seen(transaction: &mut Transaction, by: CompteId, id: i64) -> Result<(), Refused<ListRefusal>> {
    let structure = structure(transaction, by, ListRefusal::Forbidden).await?;
    let all = store::listes::list(transaction.connection(), by, structure).await?;
    if all.iter().any(|liste| liste.id == id) { Ok(()) } else { Err(Refused::Because(ListRefusal::NotFound)) }
}

/// A list to put people into.
#[derive(Clone, Debug)]
pub enum WhichList {
    /// One that is there.
    Known(i64),
    /// A new one; it is not made when the people can't be put into it.
    New { nom: String, partagee: bool },
}

/// Put people into a list. Returns it, and how many were not in it before.
#[derive(Clone, Debug)]
pub struct FillList {
    pub liste: WhichList,
    pub people: Vec<CompteId>,
}

command!(FillList: (i64, usize), ListRefusal);

impl FillList {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(i64, usize), Refused<ListRefusal>> {
        let id = match &self.liste {
            WhichList::Known(id) => {
                seen(transaction, by, *id).await?;
                *id
            }
            WhichList::New { nom, partagee } => {
                let structure = structure(transaction, by, ListRefusal::Forbidden).await?;
                if store::listes::count(transaction.connection(), by).await? >= LISTES_MAX {
                    return Err(Refused::Because(ListRefusal::TooMany));
                }
                let begun = store::listes::insert(transaction, by, structure, nom, *partagee).await?;
                begun.ok_or(Refused::Because(ListRefusal::NameTaken))?
            }
        };
        let there = store::listes::members(transaction.connection(), id).await?;
        let fresh: Vec<CompteId> = self.people.iter().copied().filter(|person| !there.contains(person)).collect();
        if there.len() + fresh.len() > MEMBRES_MAX {
            return Err(Refused::Because(ListRefusal::Full));
        }
        Ok((id, store::listes::add(transaction, id, &fresh).await?))
    }
}

/// Take people out of a list. Returns how many were in it.
#[derive(Clone, Debug)]
pub struct TakeOutOfList {
    pub liste: i64,
    pub people: Vec<CompteId>,
}

command!(TakeOutOfList: usize, ListRefusal);

impl TakeOutOfList {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<usize, Refused<ListRefusal>> {
        seen(transaction, by, self.liste).await?;
        Ok(store::listes::take_out(transaction, self.liste, &self.people).await?)
    }
}

/// Share one of one's own lists with the structure, or share it no more.
#[derive(Clone, Copy, Debug)]
pub struct ShareList {
    pub liste: i64,
    pub partagee: bool,
}

command!(ShareList: (), ListRefusal);

impl ShareList {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<ListRefusal>> {
        structure(transaction, by, ListRefusal::Forbidden).await?;
        let done = store::listes::share(transaction, self.liste, by, self.partagee).await?;
        if done { Ok(()) } else { Err(Refused::Because(ListRefusal::NotFound)) }
    }
}

/// Remove one of one's own lists, but not the people in it.
#[derive(Clone, Copy, Debug)]
pub struct RemoveList(pub i64);

command!(RemoveList: (), ListRefusal);

impl RemoveList {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<ListRefusal>> {
        structure(transaction, by, ListRefusal::Forbidden).await?;
        let gone = store::listes::remove(transaction, self.0, by).await?;
        if gone { Ok(()) } else { Err(Refused::Because(ListRefusal::NotFound)) }
    }
}
