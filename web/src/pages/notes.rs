//! The notes that the people of a structure leave each other, on any page (SPEC M8, S8).

use actors::commands::{AddNote, NotNoted};
use domain::StructureId;
use domain::equipe::Annotable;
use store::Connection;
use store::notes::TEXTE_MAX;

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::Reader;
use crate::session::Connecte;
use crate::views::FieldError;
use crate::views::messagerie::NoteRow;
use crate::views::text::blocks;

pub async fn about(
    connection: &mut Connection,
    app: &App,
    sujet: (Annotable, i64),
    structure: StructureId,
) -> Result<Vec<NoteRow>, Error> {
    let notes = store::notes::about(connection, sujet, structure).await?;
    let row = |note: store::notes::Note| NoteRow {
        auteur: note.auteur,
        at: page::moment(app, note.at),
        blocks: blocks(&note.texte),
    };
    Ok(notes.into_iter().map(row).collect())
}

/// Adds the `note` of a form; the inner result says what is wrong with it.
pub async fn add(
    app: &App,
    who: &Connecte,
    sujet: (Annotable, i64),
    fields: &Fields,
) -> Result<Result<(), Vec<FieldError>>, Error> {
    let mut reader = Reader::new(fields);
    let too_long = format!("La note est trop longue : {TEXTE_MAX} caractères au plus.");
    let texte = reader.text_saying("note", TEXTE_MAX, "Écrivez une note avant de l’ajouter.", &too_long);
    if !reader.errors.is_empty() {
        return Ok(Err(reader.errors));
    }
    match app.comptes.ask(&who.identity(), AddNote { sujet, texte }).await? {
        Ok(()) => Ok(Ok(())),
        Err(NotNoted::NoGestionnaire) => Err(Error::Forbidden),
        Err(NotNoted::NotTheirs) => Err(Error::NotFound),
    }
}
