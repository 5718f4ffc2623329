//! What the people of a structure write to each other about a message or a request; no page shows it to the person
//! concerned, but it is among the data they may ask for (SPEC M8, S8, X5; RGPD article 15).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::equipe::Annotable;
use domain::nir::mask;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{compte, note_interne};
use crate::values::Nom;
use crate::{Connection, Pending, Transaction};

/// Longest note, in characters.
pub const TEXTE_MAX: usize = 5_000;

#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Note {
    #[diesel(deserialize_as = Nom)]
    pub auteur: String,
    pub texte: String,
    pub at: NaiveDateTime,
}

/// The notes of a structure about something, the oldest first.
pub fn about(
    connection: &mut Connection,
    (objet, sujet): (Annotable, i64),
    structure: StructureId,
) -> Pending<'_, Vec<Note>> {
    Box::pin(async move {
        Ok(note_interne::table
            .inner_join(compte::table.on(compte::id.eq(note_interne::auteur_id)))
            .filter(note_interne::objet.eq(objet.as_str()))
            .filter(note_interne::sujet.eq(sujet))
            .filter(note_interne::structure_id.eq(structure.0))
            .order(note_interne::id)
            .select(((compte::prenom, compte::nom), note_interne::texte, note_interne::at))
            .load(connection)
            .await?)
    })
}

pub fn add<'a>(
    transaction: &'a mut Transaction,
    (objet, sujet): (Annotable, i64),
    structure: StructureId,
    by: CompteId,
    texte: &'a str,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(note_interne::table)
            .values((
                note_interne::objet.eq(objet.as_str()),
                note_interne::sujet.eq(sujet),
                note_interne::structure_id.eq(structure.0),
                note_interne::auteur_id.eq(by.0),
                note_interne::texte.eq(mask(texte)),
                note_interne::at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}
