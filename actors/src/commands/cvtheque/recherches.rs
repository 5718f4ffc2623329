//! Searches that gestionnaires keep, share with their structure and follow (SPEC G3).

use domain::{CompteId, paths};
use store::recherches::{CATEGORIE, Suivie, Voulue};
use store::{Pending, Refused, Transaction};

use crate::commands::{command, structure};

/// Searches that one account keeps at most.
pub const RECHERCHES_MAX: i64 = 100;

/// Why a search stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchRefusal {
    #[error("Une de vos recherches porte déjà ce nom : choisissez-en un autre.")]
    NameTaken,
    #[error("Vous avez déjà {RECHERCHES_MAX} recherches enregistrées : supprimez-en une d’abord.")]
    TooMany,
    #[error("Cette recherche n’existe pas, ou n’est pas la vôtre.")]
    NotFound,
    #[error("Vous n’êtes pas, ou plus, gestionnaire d’une structure.")]
    Forbidden,
}

#[derive(Clone, Debug)]
pub struct KeepSearch(pub Voulue);

command!(KeepSearch: i64, SearchRefusal);

impl KeepSearch {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<i64, Refused<SearchRefusal>> {
        let structure = structure(transaction, by, SearchRefusal::Forbidden).await?;
        if store::recherches::count(transaction.connection(), by).await? >= RECHERCHES_MAX {
            return Err(Refused::Because(SearchRefusal::TooMany));
        }
        let kept = store::recherches::insert(transaction, by, structure, &self.0).await?;
        let id = kept.ok_or(Refused::Because(SearchRefusal::NameTaken))?;
        if self.0.suivie {
            store::recherches::follow(transaction, id, by, true).await?;
        }
        Ok(id)
    }
}

/// Be told of the CVs that answer a search, or be told no more.
#[derive(Clone, Copy, Debug)]
pub struct FollowSearch {
    pub recherche: i64,
    pub suivie: bool,
}

command!(FollowSearch: (), SearchRefusal);

impl FollowSearch {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<SearchRefusal>> {
        let structure = structure(transaction, by, SearchRefusal::Forbidden).await?;
        let seen = store::recherches::list(transaction.connection(), by, structure).await?;
        if seen.iter().all(|one| one.id != self.recherche) {
            return Err(Refused::Because(SearchRefusal::NotFound));
        }
        Ok(store::recherches::follow(transaction, self.recherche, by, self.suivie).await?)
    }
}

/// Share one of one's own searches with the structure, or share it no more.
#[derive(Clone, Copy, Debug)]
pub struct ShareSearch {
    pub recherche: i64,
    pub partagee: bool,
}

command!(ShareSearch: (), SearchRefusal);

impl ShareSearch {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<SearchRefusal>> {
        structure(transaction, by, SearchRefusal::Forbidden).await?;
        let done = store::recherches::share(transaction, self.recherche, by, self.partagee).await?;
        if done { Ok(()) } else { Err(Refused::Because(SearchRefusal::NotFound)) }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct RemoveSearch(pub i64);

command!(RemoveSearch: (), SearchRefusal);

impl RemoveSearch {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<SearchRefusal>> {
        structure(transaction, by, SearchRefusal::Forbidden).await?;
        let gone = store::recherches::remove(transaction, self.0, by).await?;
        if gone { Ok(()) } else { Err(Refused::Because(SearchRefusal::NotFound)) }
    }
}

/// Tells those who follow a search of a CV that answers it, once; but not `but`, who has just validated it.
pub(crate) fn tell<'a>(
    transaction: &'a mut Transaction,
    suivie: &'a Suivie,
    found: CompteId,
    but: Option<CompteId>,
) -> Pending<'a, ()> {
    Box::pin(async move {
        if !store::recherches::found(transaction, suivie.id, found).await? {
            return Ok(());
        }
        let comptes: Vec<CompteId> = suivie.comptes.iter().copied().filter(|compte| Some(*compte) != but).collect();
        // The name of the person stands on the page alone, which knows whether it may still be shown.
        let titre = format!("Un nouveau CV répond à « {} »", suivie.nom);
        let texte = "Il vient d’être validé : ouvrez la recherche pour lire son profil.";
        let lien = paths::fiche(&suivie.adresse, found);
        store::notifications::create(transaction, &comptes, CATEGORIE, (&titre, texte, &lien)).await
    })
}
