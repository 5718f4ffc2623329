//! A structure asks for a dossier: blocks, pieces, and a few words (manual §3.3.4.1, SPEC D1).

use diesel::prelude::*;
use domain::compte::{EtatCompte, EtatInscription};
use domain::courriel::Courriel;
use domain::dossier::Cible;
use domain::{CompteId, StructureId, nir};

use super::{CATEGORIE, LIEN, historique, hold, settle};
use crate::connection::Transaction;
use crate::inscriptions::contact;
use crate::query::RunQueryDsl;
use crate::schema::{compte, dossier, dossier_demande, intervenant};
use crate::{Pending, Refused, courriels, notifications, structures};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Voulu {
    /// Whose dossier.
    pub compte: CompteId,
    /// Blocks and pieces, at least one.
    pub cibles: Vec<Cible>,
    /// A few words to the person, maybe none.
    pub texte: String,
}

/// Why nothing was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// There is no such intervenant, or they can't log in.
    #[error("Ce compte n’est pas, ou n’est plus, celui d’un intervenant validé.")]
    Unknown,
    /// Nothing is chosen.
    #[error("Choisissez au moins un bloc ou une pièce à demander.")]
    Nothing,
}

/// Asks; what was asked before and not validated stays asked. The person gets an email, a notification and the badge.
///
/// # Errors
/// Why not.
pub fn ask<'a>(
    transaction: &'a mut Transaction,
    (by, structure): (CompteId, StructureId),
    voulu: &'a Voulu,
) -> Pending<'a, (), Refused<NotAsked>> {
    Box::pin(async move {
        let person: Option<(String, String)> = intervenant::table
            .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
            .filter(intervenant::compte_id.eq(voulu.compte.0))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select((compte::prenom, compte::login))
            .first(transaction.connection())
            .await
            .optional()?;
        let Some((prenom, login)) = person else { return Err(Refused::Because(NotAsked::Unknown)) };
        if voulu.cibles.is_empty() {
            return Err(Refused::Because(NotAsked::Nothing));
        }
        let found = hold(transaction, voulu.compte).await?;
        request(transaction, voulu.compte, structure, &voulu.cibles).await?;
        diesel::update(dossier::table.find(voulu.compte.0))
            .set(dossier::structure_id.eq(structure.0))
            .execute(transaction.connection())
            .await?;
        // A NIR in these words would go into an email (SPEC Q7).
        let texte = nir::mask(&voulu.texte);
        historique::add(transaction, voulu.compte, None, "demande", Some((by, structure)), &texte).await?;
        let asking = structures::by_id(transaction.connection(), structure).await?;
        let asking = contact(asking.as_ref());
        let said = format!("{} vous demande des données ou des pièces pour votre dossier administratif", asking.nom);
        let content = Courriel::DossierDemande {
            prenom,
            structure: asking,
            texte,
            demandes: voulu.cibles.iter().map(|cible| cible.libelle().to_owned()).collect(),
        };
        let key = format!("dossier-demande-{}-{}", voulu.compte, found.version);
        courriels::put(transaction, Some(voulu.compte), &login, &key, &content).await?;
        notifications::create(transaction, &[voulu.compte], CATEGORIE, (&said, "", LIEN)).await?;
        settle(transaction, &found, "demande").await?;
        Ok(())
    })
}

/// Writes down what is asked for; asked twice, it is asked once, by who asked last.
pub(super) fn request<'a>(
    transaction: &'a mut Transaction,
    of: CompteId,
    structure: StructureId,
    cibles: &'a [Cible],
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        for cible in cibles {
            let values = (dossier_demande::structure_id.eq(structure.0), dossier_demande::at.eq(now));
            diesel::insert_into(dossier_demande::table)
                .values((dossier_demande::compte_id.eq(of.0), dossier_demande::cible.eq(cible.as_str()), values))
                .on_conflict((dossier_demande::compte_id, dossier_demande::cible))
                .do_update()
                .set(values)
                .execute(transaction.connection())
                .await?;
        }
        Ok(())
    })
}
