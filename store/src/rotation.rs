//! The master key is changed: whatever is sealed with the old one is sealed with the new one, in one transaction.
//!
//! Files are sealed with keys of their own, so it is these keys that are sealed anew: the blobs stay as they are. Every
//! column that holds something sealed is in [`change_key`]; a test looks for the old key's name in all of the database.

use diesel::prelude::*;
use domain::CompteId;
use domain::dossier::Cible;

use crate::query::RunQueryDsl;
use crate::schema::{coffre, dossier_element, dossier_fichier, dossier_saisie, lettre, second_facteur};
use crate::vault::{SENTINEL, SENTINEL_PLACE, Vault, VaultError};
use crate::{Error, Pending, Result, Store, Transaction, dossiers, lettres};

/// The change of the key under way, with the number of values sealed anew.
struct Rotation {
    old: Vault,
    new: Vault,
    count: usize,
}

impl Rotation {
    fn reseal(&mut self, sealed: &str, place: &str) -> Result<String> {
        self.count += 1;
        let secret = self.old.unseal(sealed, place).map_err(|_| Error::Sealed)?;
        self.new.seal(&secret, place).map_err(|_| Error::Sealed)
    }

    fn reseal_some(&mut self, sealed: Option<&str>, place: &str) -> Result<Option<String>> {
        sealed.map(|sealed| self.reseal(sealed, place)).transpose()
    }
}

/// Seals everything with the new key, and makes it the database's; returns how many values there were. No server may
/// run meanwhile: it would go on sealing with the old one.
///
/// # Errors
/// When something does not open with the old key: then nothing is changed.
pub fn change_key<'a>(store: &'a Store, old: &'a Vault, new: &'a Vault) -> Pending<'a, usize, VaultError> {
    Box::pin(async move {
        old.check(store).await?;
        let rotation = Rotation { old: old.clone(), new: new.clone(), count: 0 };
        let count = store
            .write::<usize, Error, _>(None, move |transaction| {
                Box::pin(async move {
                    let mut rotation = rotation;
                    // First, so that whoever seals something meanwhile waits, and then sees another key.
                    let sentinel = rotation.new.seal(SENTINEL, SENTINEL_PLACE).map_err(|_| Error::Sealed)?;
                    diesel::update(coffre::table.find(1))
                        .set(coffre::temoin.eq(&sentinel))
                        .execute(transaction.connection())
                        .await?;
                    dossiers_of_everybody(transaction, &mut rotation).await?;
                    drafts(transaction, &mut rotation).await?;
                    files(transaction, &mut rotation).await?;
                    second_factors(transaction, &mut rotation).await?;
                    Ok(rotation.count)
                })
            })
            .await?;
        Ok(count)
    })
}

async fn dossiers_of_everybody(transaction: &mut Transaction, rotation: &mut Rotation) -> Result<()> {
    type Row = (i64, String, Option<String>, Option<String>);
    let rows: Vec<Row> = dossier_element::table
        .filter(dossier_element::propose.is_not_null().or(dossier_element::valide.is_not_null()))
        .select((dossier_element::compte_id, dossier_element::cible, dossier_element::propose, dossier_element::valide))
        .load(transaction.connection())
        .await?;
    for (compte, cible, propose, valide) in rows {
        // A piece has a file, and nothing sealed in its row.
        let Some(Cible::Bloc(bloc)) = Cible::from_word(&cible) else { return Err(Error::Sealed) };
        let place = dossiers::place(CompteId(compte), bloc);
        let (propose, valide) =
            (rotation.reseal_some(propose.as_deref(), &place)?, rotation.reseal_some(valide.as_deref(), &place)?);
        diesel::update(dossier_element::table.find((compte, &cible)))
            .set((dossier_element::propose.eq(&propose), dossier_element::valide.eq(&valide)))
            .execute(transaction.connection())
            .await?;
    }
    Ok(())
}

/// What people have typed in their dossiers and not saved.
async fn drafts(transaction: &mut Transaction, rotation: &mut Rotation) -> Result<()> {
    let rows: Vec<(i64, String)> = dossier_saisie::table
        .select((dossier_saisie::compte_id, dossier_saisie::champs))
        .load(transaction.connection())
        .await?;
    for (compte, champs) in rows {
        let champs = rotation.reseal(&champs, &dossiers::place_of_saisie(CompteId(compte)))?;
        diesel::update(dossier_saisie::table.find(compte))
            .set(dossier_saisie::champs.eq(&champs))
            .execute(transaction.connection())
            .await?;
    }
    Ok(())
}

/// The keys of the files of dossiers and of letters.
async fn files(transaction: &mut Transaction, rotation: &mut Rotation) -> Result<()> {
    let rows: Vec<(i64, String, String)> = dossier_fichier::table
        .select((dossier_fichier::id, dossier_fichier::blob, dossier_fichier::cle))
        .load(transaction.connection())
        .await?;
    for (id, blob, cle) in rows {
        let cle = rotation.reseal(&cle, &dossiers::place_of_file(&blob))?;
        diesel::update(dossier_fichier::table.find(id))
            .set(dossier_fichier::cle.eq(&cle))
            .execute(transaction.connection())
            .await?;
    }
    let rows: Vec<(i64, Option<String>, Option<String>)> = lettre::table
        .filter(lettre::cle.is_not_null())
        .select((lettre::id, lettre::blob, lettre::cle))
        .load(transaction.connection())
        .await?;
    for (id, blob, cle) in rows {
        let place = lettres::place(blob.as_deref().unwrap_or_default());
        let cle = rotation.reseal_some(cle.as_deref(), &place)?;
        diesel::update(lettre::table.find(id)).set(lettre::cle.eq(&cle)).execute(transaction.connection()).await?;
    }
    Ok(())
}

async fn second_factors(transaction: &mut Transaction, rotation: &mut Rotation) -> Result<()> {
    let rows: Vec<(i64, String)> = second_facteur::table
        .select((second_facteur::compte_id, second_facteur::secret))
        .load(transaction.connection())
        .await?;
    for (compte, secret) in rows {
        let secret = rotation.reseal(&secret, &crate::second_facteur::place(CompteId(compte)))?;
        diesel::update(second_facteur::table.find(compte))
            .set(second_facteur::secret.eq(&secret))
            .execute(transaction.connection())
            .await?;
    }
    Ok(())
}
