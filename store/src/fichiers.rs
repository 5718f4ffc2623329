//! Files attached to profiles: their rows. The bytes are blobs elsewhere, the text read from them is here, erasable.

use diesel::IntoSql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::CompteId;
use domain::fichier::EtatLecture;
use domain::journal::Fact;
use domain::masque;
use domain::nir::mask;

use crate::analyses;
use crate::query::RunQueryDsl;
use crate::schema::fichier;
use crate::{Connection, Pending, Transaction};

/// Tries at a file's text, at most, before it is marked unreadable.
pub const LECTURES_MAX: i32 = 3;

/// A file that was received: its blob is stored already.
#[derive(Clone, Debug)]
pub struct Recu {
    pub nom: String,
    pub format: String,
    /// Size in bytes.
    pub taille: i64,
    pub blob: String,
}

/// A new file: its blob is stored already.
#[derive(Clone, Debug)]
pub struct Nouveau {
    pub compte: CompteId,
    /// `cv` or `diplome`.
    pub emploi: String,
    pub nom: String,
    pub format: String,
    /// Size in bytes.
    pub taille: i64,
    pub blob: String,
    /// The row of the *Parcours* that a diploma belongs to.
    pub parcours: Option<i64>,
}

/// Attaches a file in place of the one before it (a profile has one CV, a row one diploma); returns the blobs that no
/// row names any more.
pub fn replace<'a>(transaction: &'a mut Transaction, nouveau: &'a Nouveau) -> Pending<'a, Vec<String>> {
    Box::pin(async move {
        let mine =
            fichier::table.filter(fichier::compte_id.eq(nouveau.compte.0)).filter(fichier::emploi.eq(&nouveau.emploi));
        let gone: Vec<String> = match nouveau.parcours {
            Some(row) => {
                diesel::delete(mine.filter(fichier::parcours_id.eq(row)))
                    .returning(fichier::blob)
                    .load(transaction.connection())
                    .await?
            }
            None => {
                diesel::delete(mine.filter(fichier::parcours_id.is_null()))
                    .returning(fichier::blob)
                    .load(transaction.connection())
                    .await?
            }
        };
        add(transaction, nouveau).await?;
        Ok(gone)
    })
}

/// Takes a file of an account away; returns its blob. None when the account has no such file.
pub fn remove(transaction: &mut Transaction, compte: CompteId, id: i64) -> Pending<'_, Option<String>> {
    Box::pin(async move {
        let gone: Option<String> = diesel::delete(fichier::table.find(id).filter(fichier::compte_id.eq(compte.0)))
            .returning(fichier::blob)
            .get_result(transaction.connection())
            .await
            .optional()?;
        if gone.is_some() {
            transaction.record(Fact::ProfilModifie { compte });
        }
        Ok(gone)
    })
}

/// A file as its owner's page shows it.
#[derive(Clone, Debug, Queryable)]
pub struct Joint {
    pub id: i64,
    /// `cv` or `diplome`.
    pub emploi: String,
    pub nom: String,
    pub format: String,
    /// Size in bytes.
    pub taille: i64,
    pub lecture: EtatLecture,
    /// Whether no text was read from it.
    pub vide: bool,
    /// The row that a diploma belongs to.
    pub parcours: Option<i64>,
    /// When it was attached (UTC).
    pub ajoute_at: chrono::NaiveDateTime,
    pub blob: String,
}

/// The files of an account, without their texts.
pub fn of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Joint>> {
    Box::pin(async move {
        Ok(fichier::table
            .filter(fichier::compte_id.eq(compte.0))
            .order(fichier::id)
            .select((
                fichier::id,
                fichier::emploi,
                fichier::nom,
                fichier::format,
                fichier::taille,
                fichier::lecture,
                fichier::texte.eq(""),
                fichier::parcours_id,
                fichier::ajoute_at,
                fichier::blob,
            ))
            .load(connection)
            .await?)
    })
}

/// The text read from the files of an account, by their ids.
pub fn texts(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<(i64, String)>> {
    Box::pin(async move {
        Ok(fichier::table
            .filter(fichier::compte_id.eq(compte.0))
            .order(fichier::id)
            .select((fichier::id, fichier::texte))
            .load(connection)
            .await?)
    })
}

/// Attaches a file; its text is read soon after.
pub fn add<'a>(transaction: &'a mut Transaction, nouveau: &'a Nouveau) -> Pending<'a, i64> {
    Box::pin(async move {
        let now = transaction.now;
        let id: i64 = diesel::insert_into(fichier::table)
            .values((
                fichier::compte_id.eq(nouveau.compte.0),
                fichier::emploi.eq(&nouveau.emploi),
                fichier::nom.eq(mask(&nouveau.nom)),
                fichier::format.eq(&nouveau.format),
                fichier::taille.eq(nouveau.taille),
                fichier::blob.eq(&nouveau.blob),
                fichier::lecture.eq(EtatLecture::ALire.as_str()),
                fichier::tentatives.eq(0),
                fichier::texte.eq(""),
                fichier::ajoute_at.eq(now),
                fichier::parcours_id.eq(nouveau.parcours),
            ))
            .returning(fichier::id)
            .get_result(transaction.connection())
            .await?;
        analyses::wait(transaction, &nouveau.blob).await?;
        transaction.record(Fact::ProfilModifie { compte: nouveau.compte });
        Ok(id)
    })
}

/// A file whose text is still to be read or recognised.
#[derive(Clone, Debug, Queryable)]
pub struct ALire {
    pub id: i64,
    pub compte: i64,
    pub format: String,
    pub blob: String,
    pub tentatives: i32,
    /// The word of the [`EtatLecture`] that it waits in.
    pub lecture: String,
}

/// The next files that wait in that state. Those that were tried already wait until there is no other.
pub fn waiting(connection: &mut Connection, etat: EtatLecture, limit: i64) -> Pending<'_, Vec<ALire>> {
    Box::pin(async move {
        let mut next: Vec<ALire> = fichier::table
            .filter(fichier::lecture.eq(etat.as_str()))
            .order((fichier::tentatives, fichier::id))
            .limit(limit)
            .select((
                fichier::id,
                fichier::compte_id,
                fichier::format,
                fichier::blob,
                fichier::tentatives,
                fichier::lecture,
            ))
            .load(connection)
            .await?;
        if next.iter().any(|one| one.tentatives == 0) {
            next.retain(|one| one.tentatives == 0);
        }
        Ok(next)
    })
}

pub fn count(connection: &mut Connection, etat: EtatLecture) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(fichier::table.filter(fichier::lecture.eq(etat.as_str())).count().get_result(connection).await?)
    })
}

/// What reading a file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lecture {
    /// Its text, and how far that is all of it.
    Texte(String, EtatLecture),
    /// It can't be read; it stays attached.
    Illisible,
    /// It could not be read this time.
    Plus,
    /// It ran out of time: it is tried once more, when no other file waits.
    TropLong,
}

/// Writes down what reading a file came to; nothing happens when another server did it first.
pub fn set_text<'a>(transaction: &'a mut Transaction, file: &'a ALire, lecture: &'a Lecture) -> Pending<'a, bool> {
    Box::pin(async move {
        let still = fichier::table.find(file.id).filter(fichier::lecture.eq(&file.lecture));
        let changed = match lecture {
            Lecture::Texte(texte, etat) => {
                let texte = masque::of_file(texte);
                diesel::update(still)
                    .set((fichier::lecture.eq(etat.as_str()), fichier::texte.eq(texte)))
                    .execute(transaction.connection())
                    .await?
            }
            Lecture::TropLong if file.tentatives < LECTURES_MAX - 1 => {
                diesel::update(still)
                    .set(fichier::tentatives.eq(LECTURES_MAX - 1))
                    .execute(transaction.connection())
                    .await?;
                return Ok(false);
            }
            Lecture::Plus if file.tentatives + 1 < LECTURES_MAX => {
                diesel::update(still)
                    .set(fichier::tentatives.eq(fichier::tentatives + 1))
                    .execute(transaction.connection())
                    .await?;
                return Ok(false);
            }
            Lecture::Illisible | Lecture::Plus | Lecture::TropLong => {
                let etat = EtatLecture::Illisible.as_str();
                diesel::update(still).set(fichier::lecture.eq(etat)).execute(transaction.connection()).await?
            }
        };
        if changed == 1 {
            transaction.record(Fact::ProfilModifie { compte: CompteId(file.compte) });
        }
        Ok(changed == 1)
    })
}

/// Notes that the pictures of a file are recognised no more: what it is without that is all there will be.
pub fn give_up<'a>(transaction: &'a mut Transaction, file: &'a ALire) -> Pending<'a, ()> {
    Box::pin(async move {
        unrecognised(transaction, Some(file.id)).await?;
        diesel::update(fichier::table.find(file.id))
            .set(fichier::tentatives.eq(LECTURES_MAX))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::ProfilModifie { compte: CompteId(file.compte) });
        Ok(())
    })
}

/// At the start of a server: with a program that recognises pictures, the PDFs that it was not tried on wait for it; without,
/// none waits.
pub fn settle(transaction: &mut Transaction, recognised: bool) -> Pending<'_, ()> {
    Box::pin(async move {
        if !recognised {
            return unrecognised(transaction, None).await;
        }
        let pictures = [EtatLecture::SansTexte.as_str(), EtatLecture::Partiel.as_str()];
        diesel::update(
            fichier::table
                .filter(fichier::lecture.eq_any(pictures))
                .filter(fichier::format.eq("pdf"))
                .filter(fichier::tentatives.lt(LECTURES_MAX)),
        )
        .set((fichier::lecture.eq(EtatLecture::AReconnaitre.as_str()), fichier::tentatives.eq(0)))
        .execute(transaction.connection())
        .await?;
        Ok(())
    })
}

/// Files that wait to be recognised, or one of them, become what they are without that.
fn unrecognised(transaction: &mut Transaction, only: Option<i64>) -> Pending<'_, ()> {
    Box::pin(async move {
        for (empty, etat) in [(true, EtatLecture::SansTexte), (false, EtatLecture::Partiel)] {
            let waits = fichier::lecture.eq(EtatLecture::AReconnaitre.as_str());
            let chosen = fichier::id.eq(only.unwrap_or(0)).or(only.is_none().into_sql::<Bool>());
            let so = fichier::texte.eq("").eq(empty.into_sql::<Bool>());
            diesel::update(fichier::table.filter(waits).filter(chosen).filter(so))
                .set(fichier::lecture.eq(etat.as_str()))
                .execute(transaction.connection())
                .await?;
        }
        Ok(())
    })
}

#[derive(Clone, Debug, Queryable)]
pub struct Fichier {
    pub compte: i64,
    pub nom: String,
    pub format: String,
    /// Size in bytes.
    pub taille: i64,
    pub blob: String,
}

pub fn by_id(connection: &mut Connection, id: i64) -> Pending<'_, Option<Fichier>> {
    Box::pin(async move {
        Ok(fichier::table
            .find(id)
            .select((fichier::compte_id, fichier::nom, fichier::format, fichier::taille, fichier::blob))
            .first(connection)
            .await
            .optional()?)
    })
}

/// What the files of these accounts are for, without their texts: (account, name, `cv` or `diplome`).
pub fn uses<'a>(
    connection: &'a mut Connection,
    comptes: &'a [CompteId],
) -> Pending<'a, Vec<(CompteId, String, String)>> {
    Box::pin(async move {
        let ids: Vec<i64> = comptes.iter().map(|id| id.0).collect();
        Ok(fichier::table
            .filter(fichier::compte_id.eq_any(&ids))
            .order(fichier::id)
            .select((fichier::compte_id, fichier::nom, fichier::emploi))
            .load(connection)
            .await?)
    })
}
