//! The history of a dossier: what happened to each block and piece, who did it, when, and why (SPEC D10).

use std::collections::HashMap;

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use domain::dossier::piece::Evenement::{Refuser, Transmettre, Valider};
use domain::dossier::{self, Cible};
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{compte, dossier_evenement, structure};
use crate::values::NomEventuel;
use crate::{Connection, Pending, Transaction};

/// Events that a history shows, the latest.
const MOST: i64 = 500;
/// Latest events of all dossiers that tell how long a structure takes.
const LOOKED_AT: i64 = 5_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evenement {
    /// On what; none when it is about the dossier as a whole.
    pub cible: Option<Cible>,
    /// What; none when it is a newer version's word.
    pub evenement: Option<dossier::Evenement>,
    /// Who did it, if somebody of a structure did: their name.
    pub auteur: Option<String>,
    pub structure: Option<String>,
    pub texte: String,
    pub at: NaiveDateTime,
}

/// Adds a row; `by` is who of which structure did it, none for the person and the server.
pub fn add<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    cible: Option<Cible>,
    evenement: dossier::Evenement,
    by: Option<(CompteId, StructureId)>,
    texte: &'a str,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(dossier_evenement::table)
            .values((
                dossier_evenement::compte_id.eq(compte.0),
                dossier_evenement::cible.eq(cible.map(Cible::as_str)),
                dossier_evenement::evenement.eq(evenement.as_str()),
                dossier_evenement::auteur_id.eq(by.map(|(id, _)| id.0)),
                dossier_evenement::structure_id.eq(by.map(|(_, id)| id.0)),
                dossier_evenement::texte.eq(texte),
                dossier_evenement::at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// What was done last with a block or a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dernier {
    pub cible: Cible,
    /// What; none when it is a newer version's word.
    pub evenement: Option<dossier::Evenement>,
    /// Who of a structure did it; none for the person and the server.
    pub auteur: Option<CompteId>,
    pub nom: Option<String>,
    pub at: NaiveDateTime,
}

/// What was done last with a block or a piece of somebody's dossier, if anything was.
pub fn last(connection: &mut Connection, of: CompteId, cible: Cible) -> Pending<'_, Option<Dernier>> {
    Box::pin(async move {
        let row: Option<(String, Option<CompteId>, NomEventuel, NaiveDateTime)> = dossier_evenement::table
            .left_join(compte::table.on(compte::id.nullable().eq(dossier_evenement::auteur_id)))
            .filter(dossier_evenement::compte_id.eq(of.0))
            .filter(dossier_evenement::cible.eq(cible.as_str()))
            .order(dossier_evenement::id.desc())
            .select((
                dossier_evenement::evenement,
                dossier_evenement::auteur_id,
                (compte::prenom.nullable(), compte::nom.nullable()),
                dossier_evenement::at,
            ))
            .first(connection)
            .await
            .optional()?;
        Ok(row.map(|(evenement, auteur, NomEventuel(nom), at)| Dernier {
            cible,
            evenement: dossier::Evenement::from_word(&evenement),
            auteur,
            nom,
            at,
        }))
    })
}

/// The history of an account's dossier, the latest first.
pub fn history(connection: &mut Connection, of: CompteId) -> Pending<'_, Vec<Evenement>> {
    Box::pin(async move {
        type Row = (Option<String>, String, NomEventuel, Option<String>, String, NaiveDateTime);
        let rows: Vec<Row> = dossier_evenement::table
            .left_join(compte::table.on(compte::id.nullable().eq(dossier_evenement::auteur_id)))
            .left_join(structure::table.on(structure::id.nullable().eq(dossier_evenement::structure_id)))
            .filter(dossier_evenement::compte_id.eq(of.0))
            .order(dossier_evenement::id.desc())
            .limit(MOST)
            .select((
                dossier_evenement::cible,
                dossier_evenement::evenement,
                (compte::prenom.nullable(), compte::nom.nullable()),
                structure::nom.nullable(),
                dossier_evenement::texte,
                dossier_evenement::at,
            ))
            .load(connection)
            .await?;
        let into = |(cible, evenement, NomEventuel(auteur), structure, texte, at): Row| Evenement {
            cible: cible.as_deref().and_then(Cible::from_word),
            evenement: dossier::Evenement::from_word(&evenement),
            auteur,
            structure,
            texte,
            at,
        };
        Ok(rows.into_iter().map(into).collect())
    })
}

/// How long this structure took for each of its latest decisions, from the transmission on.
pub fn delays(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<Duration>> {
    Box::pin(async move {
        let newest: Option<i64> =
            dossier_evenement::table.select(diesel::dsl::max(dossier_evenement::id)).first(connection).await?;
        let words = [Transmettre, Valider, Refuser].map(|one| dossier::Evenement::from(one).as_str());
        type Row = (i64, Option<String>, String, Option<i64>, NaiveDateTime);
        let rows: Vec<Row> = dossier_evenement::table
            .filter(dossier_evenement::id.gt(newest.unwrap_or_default() - LOOKED_AT))
            .filter(dossier_evenement::evenement.eq_any(words))
            .order(dossier_evenement::id)
            .select((
                dossier_evenement::compte_id,
                dossier_evenement::cible,
                dossier_evenement::evenement,
                dossier_evenement::structure_id,
                dossier_evenement::at,
            ))
            .load(connection)
            .await?;
        let mut sent: HashMap<(i64, Option<String>), NaiveDateTime> = HashMap::new();
        let mut delays = Vec::new();
        for (compte, cible, evenement, by, at) in rows {
            if evenement == words[0] {
                sent.insert((compte, cible), at);
            } else if let Some(since) = sent.remove(&(compte, cible)).filter(|_| by == Some(structure.0)) {
                delays.push(at - since);
            }
        }
        Ok(delays)
    })
}
