//! Drafts: what was written and not sent. They save themselves while one types, so they are no facts of the journal.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::messagerie::{Contenu, Origine};
use domain::nir::mask;
use domain::texte::fold;
use domain::{CompteId, CorrespondantId};

use crate::boites::{PAGE, Tri, patterns};
use crate::dialect::Both;
use crate::query::{RunQueryDsl, columns};
use crate::schema::brouillon;
use crate::{Connection, Pending, Result, Transaction, correspondants};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brouillon {
    pub id: i64,
    /// The token of the form it is written in.
    pub jeton: String,
    pub origine: Origine,
    pub source: Option<i64>,
    pub a: Vec<CorrespondantId>,
    pub contenu: Contenu,
    pub modifie_at: NaiveDateTime,
}

/// What is to be saved.
#[derive(Clone, Debug)]
pub struct Nouveau {
    /// The token of the form: saving twice with the same one changes the same draft.
    pub jeton: String,
    pub origine: Origine,
    /// The message it answers or forwards.
    pub source: Option<i64>,
    pub a: Vec<CorrespondantId>,
    pub contenu: Contenu,
}

/// Saves a draft and returns its id and the moment.
pub fn save<'a>(
    transaction: &'a mut Transaction,
    (auteur, correspondant): (CompteId, CorrespondantId),
    nouveau: &'a Nouveau,
) -> Pending<'a, (i64, NaiveDateTime)> {
    Box::pin(async move {
        let now = transaction.now;
        let to = serde_json::to_string(&nouveau.a)?;
        let names: Vec<String> =
            correspondants::names(transaction.connection(), &nouveau.a).await?.into_iter().map(|to| to.nom).collect();
        let (objet, texte) = (mask(&nouveau.contenu.objet), mask(&nouveau.contenu.texte));
        let search = fold(&format!("{objet} {} {texte}", names.join(" ")));
        let id: i64 = diesel::insert_into(brouillon::table)
            .values((
                brouillon::compte_id.eq(auteur.0),
                brouillon::correspondant_id.eq(correspondant.0),
                brouillon::jeton.eq(&nouveau.jeton),
                brouillon::origine.eq(nouveau.origine.as_str()),
                brouillon::source_id.eq(nouveau.source),
                brouillon::objet.eq(&objet),
                brouillon::texte.eq(&texte),
                brouillon::recherche.eq(&search),
                brouillon::destinataires.eq(&to),
                brouillon::modifie_at.eq(now),
            ))
            .on_conflict((brouillon::compte_id, brouillon::jeton))
            .do_update()
            .set((
                brouillon::objet.eq(&objet),
                brouillon::texte.eq(&texte),
                brouillon::recherche.eq(&search),
                brouillon::destinataires.eq(&to),
                brouillon::modifie_at.eq(now),
                brouillon::archive_at.eq(None::<NaiveDateTime>),
            ))
            .returning(brouillon::id)
            .get_result(transaction.connection())
            .await?;
        Ok((id, now))
    })
}

/// Removes what was sent: the draft it was written as, and the one that its page saved by itself under the same form.
pub fn sent<'a>(
    transaction: &'a mut Transaction,
    auteur: CompteId,
    draft: Option<i64>,
    jeton: &'a str,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let mine = brouillon::table.filter(brouillon::compte_id.eq(auteur.0));
        let written = mine.filter(brouillon::jeton.eq(jeton).or(brouillon::id.nullable().eq(draft)));
        diesel::delete(written).execute(transaction.connection()).await?;
        Ok(())
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = brouillon)]
struct Row {
    id: i64,
    jeton: String,
    origine: Origine,
    source_id: Option<i64>,
    destinataires: String,
    objet: String,
    texte: String,
    modifie_at: NaiveDateTime,
}

/// A draft of that account: drafts are personal, also in a structure's mailbox.
pub fn open(connection: &mut Connection, auteur: CompteId, id: i64) -> Pending<'_, Option<Brouillon>> {
    Box::pin(async move {
        let row: Option<Row> = brouillon::table
            .find(id)
            .filter(brouillon::compte_id.eq(auteur.0))
            .filter(brouillon::archive_at.is_null())
            .select(columns::<Row>())
            .first(connection)
            .await
            .optional()?;
        row.map(into_brouillon).transpose()
    })
}

fn into_brouillon(row: Row) -> Result<Brouillon> {
    let Row { id, jeton, origine, source_id, destinataires, objet, texte, modifie_at } = row;
    Ok(Brouillon {
        id,
        jeton,
        origine,
        source: source_id,
        a: serde_json::from_str(&destinataires)?,
        contenu: Contenu { objet, texte },
        modifie_at,
    })
}

/// A page of an account's drafts and how many there are.
pub fn list<'a>(
    connection: &'a mut Connection,
    auteur: CompteId,
    filtre: &'a str,
    tri: Tri,
    croissant: bool,
    page: i64,
) -> Pending<'a, (Vec<Brouillon>, i64)> {
    Box::pin(async move {
        let Some(words) = patterns(filtre) else { return Ok((Vec::new(), 0)) };
        let offset = (page.clamp(1, 1_000_000) - 1) * PAGE;
        macro_rules! filtered {
            ($query:expr) => {{
                let mut query = $query
                    .filter(brouillon::compte_id.eq(auteur.0))
                    .filter(brouillon::archive_at.is_null())
                    .into_boxed::<Both>();
                for word in &words {
                    query = query.filter(brouillon::recherche.like(word.clone()).escape('\\'));
                }
                query
            }};
        }
        let total: i64 = filtered!(brouillon::table.select(diesel::dsl::count_star())).get_result(connection).await?;
        let query = filtered!(brouillon::table.select(columns::<Row>()));
        let query = match (tri, croissant) {
            (Tri::Objet, true) => query.order((brouillon::objet.asc(), brouillon::id.desc())),
            (Tri::Objet, false) => query.order((brouillon::objet.desc(), brouillon::id.desc())),
            (Tri::Date | Tri::Avec, true) => query.order((brouillon::modifie_at.asc(), brouillon::id.asc())),
            (Tri::Date | Tri::Avec, false) => query.order((brouillon::modifie_at.desc(), brouillon::id.desc())),
        };
        let rows: Vec<Row> = query.limit(PAGE).offset(offset).load(connection).await?;
        Ok((rows.into_iter().map(into_brouillon).collect::<Result<_>>()?, total))
    })
}

/// Puts drafts away, or takes them back; returns those it changed.
pub fn archive<'a>(
    transaction: &'a mut Transaction,
    auteur: CompteId,
    ids: &'a [i64],
    away: bool,
) -> Pending<'a, Vec<i64>> {
    Box::pin(async move {
        let at = away.then_some(transaction.now);
        let mine =
            brouillon::table.filter(brouillon::compte_id.eq(auteur.0)).filter(brouillon::id.eq_any(ids.to_vec()));
        Ok(diesel::update(mine)
            .set(brouillon::archive_at.eq(at))
            .returning(brouillon::id)
            .load(transaction.connection())
            .await?)
    })
}

pub fn count(connection: &mut Connection, auteur: CompteId) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(brouillon::table
            .filter(brouillon::compte_id.eq(auteur.0))
            .filter(brouillon::archive_at.is_null())
            .count()
            .get_result(connection)
            .await?)
    })
}
