//! The files of a dossier: their rows.

use diesel::prelude::*;
use domain::CompteId;
use domain::dossier::Cible;
use domain::dossier::pieces::TypePiece;
use domain::nir::mask;

use super::{Piece, piece};
use crate::query::RunQueryDsl;
use crate::schema::dossier_fichier;
use crate::vault;
use crate::{Pending, Transaction, analyses};

/// A new file: its blob is stored already, sealed with a key of its own.
#[derive(Clone, Debug)]
pub struct Nouveau {
    pub piece: TypePiece,
    pub nom: String,
    pub format: String,
    /// Size in bytes, before it was sealed.
    pub taille: i64,
    pub blob: String,
    /// Its key, sealed.
    pub cle: String,
}

/// Adds the row of a file, which waits for the antivirus.
pub fn add_file<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    nouveau: &'a Nouveau,
) -> Pending<'a, Option<Piece>> {
    Box::pin(async move {
        vault::hold_for(transaction, &nouveau.cle).await?;
        let now = transaction.now;
        let id: i64 = diesel::insert_into(dossier_fichier::table)
            .values((
                dossier_fichier::compte_id.eq(compte.0),
                dossier_fichier::cible.eq(Cible::Piece(nouveau.piece).as_str()),
                dossier_fichier::nom.eq(mask(&nouveau.nom)),
                dossier_fichier::format.eq(&nouveau.format),
                dossier_fichier::taille.eq(nouveau.taille),
                dossier_fichier::blob.eq(&nouveau.blob),
                dossier_fichier::cle.eq(&nouveau.cle),
                dossier_fichier::ajoute_at.eq(now),
            ))
            .returning(dossier_fichier::id)
            .get_result(transaction.connection())
            .await?;
        analyses::wait(transaction, &nouveau.blob).await?;
        piece(transaction.connection(), id).await
    })
}

/// Removes the row of a file, if there is one; returns its blob, which no row names any more.
pub fn remove_file(transaction: &mut Transaction, file: Option<Piece>) -> Pending<'_, Vec<String>> {
    Box::pin(async move {
        let Some(file) = file else { return Ok(Vec::new()) };
        Ok(diesel::delete(dossier_fichier::table.find(file.id))
            .returning(dossier_fichier::blob)
            .load(transaction.connection())
            .await?)
    })
}
