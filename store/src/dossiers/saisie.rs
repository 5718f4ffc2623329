//! What the person does: data and files saved, taken back, transmitted (SPEC D4, D9).

use diesel::prelude::*;
use domain::CompteId;
use domain::dossier::piece::{Evenement, Refusal};
use domain::dossier::pieces::TypePiece;
use domain::dossier::saisie::Saisie;
use domain::dossier::transmission::Blocage;
use domain::dossier::{Bloc, Cible};
use domain::nir::mask;

use super::{Donnees, Dossier, Scelle, brouillon, historique, hold, open, put, put_situations, say, seal, settle};
use crate::coffre::{self, Coffre};
use crate::connection::Transaction;
use crate::query::RunQueryDsl;
use crate::schema::{dossier, dossier_fichier, intervenant};
use crate::{Pending, Refused, Result, analyses};

/// A new file: its blob is stored already, sealed with a key of its own.
#[derive(Clone, Debug)]
pub struct Nouveau {
    /// Where it goes.
    pub piece: TypePiece,
    /// Name it was given, cleaned.
    pub nom: String,
    /// Format, as a word.
    pub format: String,
    /// Size in bytes, before it was sealed.
    pub taille: i64,
    /// Id of the blob.
    pub blob: String,
    /// Its key, sealed.
    pub cle: String,
}

/// Saves a block as a proposal; the same data over again change nothing, unless they were asked for or refused.
///
/// # Errors
/// Why not.
pub fn save<'a>(
    transaction: &'a mut Transaction,
    coffre: &'a Coffre,
    compte: CompteId,
    saisie: &'a Saisie,
) -> Pending<'a, (), Refused<Refusal>> {
    Box::pin(async move {
        let bloc = saisie.bloc();
        let cible = Cible::Bloc(bloc);
        let mut found = hold(transaction, compte).await?;
        let mut donnees = found.donnees(cible);
        let before = donnees.element;
        let next = before.next(Evenement::Enregistrer, cible).map_err(Refused::Because)?;
        brouillon::forget(transaction, coffre, compte, bloc).await?;
        let same = match donnees.newest() {
            Some(scelle) => open(coffre, compte, bloc, scelle)?.champs() == saisie.champs(),
            None => false,
        };
        if same && (before.donne() || !found.etat.reste_a_faire().contains(&cible)) {
            return Ok(());
        }
        donnees.element = next;
        let texte = seal(coffre, compte, saisie)?;
        coffre::hold_for(transaction, &texte).await?;
        donnees.propose = Some(Scelle { texte, at: transaction.now });
        donnees.refus.clear();
        put(transaction, compte, cible, &donnees).await?;
        say(&mut found.etat.propose, Some(saisie), bloc);
        put_situations(transaction, compte, &found.etat).await?;
        if before.etat() != next.etat() {
            historique::add(transaction, compte, Some(cible), Evenement::Enregistrer.as_str(), None, "").await?;
        }
        settle(transaction, &found, Evenement::Enregistrer.as_str()).await?;
        Ok(())
    })
}

/// Attaches a file as a proposal in place of the one before it; returns the blobs that no row names any more.
pub fn attach<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    nouveau: &'a Nouveau,
) -> Pending<'a, Vec<String>, Refused<Refusal>> {
    Box::pin(async move {
        let cible = Cible::Piece(nouveau.piece);
        let found = hold(transaction, compte).await?;
        let mut donnees = found.donnees(cible);
        donnees.element = donnees.element.next(Evenement::Enregistrer, cible).map_err(Refused::Because)?;
        coffre::hold_for(transaction, &nouveau.cle).await?;
        let now = transaction.now;
        let id: i64 = diesel::insert_into(dossier_fichier::table)
            .values((
                dossier_fichier::compte_id.eq(compte.0),
                dossier_fichier::cible.eq(cible.as_str()),
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
        let before = donnees.fichier_propose.take();
        donnees.fichier_propose = super::piece(transaction.connection(), id).await?;
        donnees.refus.clear();
        put(transaction, compte, cible, &donnees).await?;
        let gone = forget(transaction, before.map(|file| file.id)).await?;
        historique::add(transaction, compte, Some(cible), Evenement::Enregistrer.as_str(), None, "").await?;
        settle(transaction, &found, Evenement::Enregistrer.as_str()).await?;
        Ok(gone)
    })
}

/// Removes the row of a file; answers its blob.
pub(super) fn forget(transaction: &mut Transaction, id: Option<i64>) -> Pending<'_, Vec<String>> {
    Box::pin(async move {
        let Some(id) = id else { return Ok(Vec::new()) };
        Ok(diesel::delete(dossier_fichier::table.find(id))
            .returning(dossier_fichier::blob)
            .load(transaction.connection())
            .await?)
    })
}

/// Takes a proposal back: what serves, if anything does, stands again. Returns the blobs that no row names any more.
pub fn withdraw<'a>(
    transaction: &'a mut Transaction,
    coffre: &'a Coffre,
    compte: CompteId,
    cible: Cible,
) -> Pending<'a, Vec<String>, Refused<Refusal>> {
    Box::pin(async move {
        let mut found = hold(transaction, compte).await?;
        let mut donnees = found.donnees(cible);
        donnees.element = donnees.element.next(Evenement::Retirer, cible).map_err(Refused::Because)?;
        let before = donnees.fichier_propose.take();
        donnees.propose = None;
        donnees.refus.clear();
        put(transaction, compte, cible, &donnees).await?;
        if let Cible::Bloc(bloc) = cible {
            brouillon::forget(transaction, coffre, compte, bloc).await?;
            restore(&mut found, coffre, bloc, &donnees)?;
            put_situations(transaction, compte, &found.etat).await?;
        }
        let gone = forget(transaction, before.map(|file| file.id)).await?;
        historique::add(transaction, compte, Some(cible), Evenement::Retirer.as_str(), None, "").await?;
        settle(transaction, &found, Evenement::Retirer.as_str()).await?;
        Ok(gone)
    })
}

/// What the person says of themselves is what serves again, or nothing.
fn restore(found: &mut Dossier, coffre: &Coffre, bloc: Bloc, donnees: &Donnees) -> Result<()> {
    let serves = donnees.valide.as_ref().map(|scelle| open(coffre, found.compte, bloc, scelle)).transpose()?;
    say(&mut found.etat.propose, serves.as_ref(), bloc);
    Ok(())
}

/// « Transmettre »: everything that is saved goes to the gestionnaires, or nothing does.
///
/// # Errors
/// What is missing.
pub fn transmit(transaction: &mut Transaction, compte: CompteId) -> Pending<'_, Vec<Cible>, Refused<Blocage>> {
    Box::pin(async move {
        let found = hold(transaction, compte).await?;
        let sent = found.etat.transmettre().map_err(Refused::Because)?;
        for &cible in &sent {
            let mut donnees = found.donnees(cible);
            // `transmettre` answers what can be sent, and nothing else.
            if let Ok(next) = donnees.element.next(Evenement::Transmettre, cible) {
                donnees.element = next;
                put(transaction, compte, cible, &donnees).await?;
                historique::add(transaction, compte, Some(cible), Evenement::Transmettre.as_str(), None, "").await?;
            }
        }
        let own: Option<i64> =
            intervenant::table.find(compte.0).select(intervenant::structure_id).first(transaction.connection()).await?;
        let (now, structure) = (transaction.now, found.structure.map(|id| id.0).or(own));
        diesel::update(dossier::table.find(compte.0))
            .set((dossier::transmis_at.eq(Some(now)), dossier::structure_id.eq(structure)))
            .execute(transaction.connection())
            .await?;
        settle(transaction, &found, Evenement::Transmettre.as_str()).await?;
        Ok(sent)
    })
}
