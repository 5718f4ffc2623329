//! What is typed on « Mes données et documents » and not saved yet, block by block (SPEC Q1). It may be a NIR or an
//! IBAN: it is sealed as a whole. No fact of the journal: it is nobody else's business until it is saved.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::CompteId;
use domain::dossier::piece::EtatElement;
use domain::dossier::saisie::Saisie;
use domain::dossier::{Bloc, Cible};
use domain::profil::{Champs, Identification};
use domain::time::paris_day;

use super::{Dossier, of};
use crate::query::RunQueryDsl;
use crate::schema::dossier_saisie;
use crate::vault::{self, Vault};
use crate::{Connection, Pending, Result, Transaction, profils};

/// What is typed, block by block; a block equal to what is saved is left out.
pub type Brouillon = BTreeMap<Bloc, Champs>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tape {
    pub blocs: Brouillon,
    /// The blocks that the page showed as typed and not saved: posted equal to what is saved, they leave the draft.
    pub montres: BTreeSet<Bloc>,
}

/// What the draft of an account is sealed for.
pub(crate) fn place_of_saisie(compte: CompteId) -> String {
    format!("dossier saisie {compte}")
}

impl Dossier {
    /// What the form of a block holds as long as nothing is typed: what is saved, without the numbers unless `entiers`,
    /// else what the profile knows.
    ///
    /// # Errors
    /// When the key is not the one it was sealed with.
    pub fn formulaire(&self, vault: &Vault, profil: &Identification, bloc: Bloc, entiers: bool) -> Result<Champs> {
        Ok(match self.saisie(vault, bloc)? {
            Some(saved) if entiers => saved.champs(),
            Some(saved) => saved.champs_sans_numeros(),
            None => profil.champs().only(bloc.champs()),
        })
    }

    /// Whether a gestionnaire has the block to decide on, so that its fields are not on the page.
    pub fn verrouille(&self, bloc: Bloc) -> bool {
        let cible = Cible::Bloc(bloc);
        self.etat.element(cible).etat() == EtatElement::Transmis && !cible.libre()
    }

    /// Whether these fields say what is saved, or proposed, already.
    fn says(
        &self,
        vault: &Vault,
        profil: &Identification,
        (bloc, typed): (Bloc, &Champs),
        today: NaiveDate,
    ) -> Result<bool> {
        let same = |other: &Champs| bloc.champs().iter().all(|name| typed.one(name) == other.one(name));
        if same(&self.formulaire(vault, profil, bloc, false)?) {
            return Ok(true);
        }
        let Some(saved) = self.saisie(vault, bloc)? else { return Ok(false) };
        let whole = saved.champs();
        let read = Saisie::read(bloc, typed, self.etat.propose.statut, today);
        Ok(same(&whole) || read.is_ok_and(|read| read.champs() == whole))
    }
}

/// What is typed and not saved, of the blocks that can be changed now.
pub fn brouillon<'a>(connection: &'a mut Connection, vault: &'a Vault, found: &'a Dossier) -> Pending<'a, Brouillon> {
    Box::pin(async move {
        let mut typed = all(connection, vault, found.compte).await?;
        typed.retain(|&bloc, _| !found.verrouille(bloc));
        Ok(typed)
    })
}

/// The same with the blocks that a gestionnaire has, and when it was typed: for the export of the person's data.
pub(crate) fn held<'a>(
    connection: &'a mut Connection,
    vault: &'a Vault,
    compte: CompteId,
) -> Pending<'a, Option<(Brouillon, NaiveDateTime)>> {
    Box::pin(async move {
        let at: Option<NaiveDateTime> = dossier_saisie::table
            .find(compte.0)
            .select(dossier_saisie::modifie_at)
            .first(connection)
            .await
            .optional()?;
        let Some(at) = at else { return Ok(None) };
        Ok(Some((all(connection, vault, compte).await?, at)))
    })
}

async fn all(connection: &mut Connection, vault: &Vault, compte: CompteId) -> Result<Brouillon> {
    let scelle: Option<String> =
        dossier_saisie::table.find(compte.0).select(dossier_saisie::champs).first(connection).await.optional()?;
    // A row that is locked and not written yet is empty.
    let Some(scelle) = scelle.filter(|scelle| !scelle.is_empty()) else { return Ok(Brouillon::new()) };
    let bytes = vault.unseal(&scelle, &place_of_saisie(compte))?;
    let words: BTreeMap<String, Champs> = serde_json::from_slice(&bytes)?;
    Ok(words.into_iter().filter_map(|(word, champs)| Some((Bloc::from_word(&word)?, champs))).collect())
}

/// Holds the draft until the transaction ends, so that two tabs don't undo each other's.
async fn hold(transaction: &mut Transaction, compte: CompteId) -> Result<()> {
    vault::hold(transaction).await?;
    let now = transaction.now;
    diesel::insert_into(dossier_saisie::table)
        .values((
            dossier_saisie::compte_id.eq(compte.0),
            dossier_saisie::champs.eq(""),
            dossier_saisie::modifie_at.eq(now),
        ))
        .on_conflict(dossier_saisie::compte_id)
        .do_update()
        .set(dossier_saisie::modifie_at.eq(now))
        .execute(transaction.connection())
        .await?;
    Ok(())
}

async fn write(transaction: &mut Transaction, vault: &Vault, compte: CompteId, typed: &Brouillon) -> Result<()> {
    let mine = dossier_saisie::table.find(compte.0);
    if typed.is_empty() {
        diesel::delete(mine).execute(transaction.connection()).await?;
        return Ok(());
    }
    let words: BTreeMap<&str, &Champs> = typed.iter().map(|(bloc, champs)| (bloc.as_str(), champs)).collect();
    let scelle = vault.seal(&serde_json::to_vec(&words)?, &place_of_saisie(compte))?;
    vault::hold_for(transaction, &scelle).await?;
    diesel::update(mine).set(dossier_saisie::champs.eq(&scelle)).execute(transaction.connection()).await?;
    Ok(())
}

/// Keeps what a page posted; returns all that is typed and not saved now. What the page did not have stays as it was.
pub fn keep<'a>(
    transaction: &'a mut Transaction,
    vault: &'a Vault,
    compte: CompteId,
    tape: &'a Tape,
) -> Pending<'a, Brouillon> {
    Box::pin(async move {
        hold(transaction, compte).await?;
        let today = paris_day(transaction.now);
        let mut typed = all(transaction.connection(), vault, compte).await?;
        let found = of(transaction.connection(), compte).await?;
        let profil = profils::identification(transaction.connection(), compte).await?.unwrap_or_default();
        for (&bloc, champs) in &tape.blocs {
            let champs = champs.clone().only(bloc.champs());
            if !found.says(vault, &profil, (bloc, &champs), today)? {
                typed.insert(bloc, champs);
            } else if tape.montres.contains(&bloc) {
                typed.remove(&bloc);
            }
        }
        write(transaction, vault, compte, &typed).await?;
        typed.retain(|&bloc, _| !found.verrouille(bloc));
        Ok(typed)
    })
}

/// Forgets what is typed in a block: it is saved, or given up.
pub fn forget<'a>(transaction: &'a mut Transaction, vault: &'a Vault, compte: CompteId, bloc: Bloc) -> Pending<'a, ()> {
    Box::pin(async move {
        hold(transaction, compte).await?;
        let mut typed = all(transaction.connection(), vault, compte).await?;
        typed.remove(&bloc);
        write(transaction, vault, compte, &typed).await
    })
}
