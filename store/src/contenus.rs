//! What an administrateur writes for everybody: articles (actualités, informations complémentaires), legal texts, and
//! the reasons that decisions are given with (SPEC P3 to P5, G7).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::journal::Fact;
use domain::texte::fold;
use serde::Deserialize;

use crate::query::{RunQueryDsl, columns};
use crate::schema::{article, motif, texte};
use crate::{Connection, Error, Pending, Store, Transaction, analyses};

/// The texts that the program brings, by key, as Markdown whose first line is the title.
const TEXTES: &[(&str, &str)] = &[
    ("mentions-legales", include_str!("../../migrations/data/textes/mentions-legales.md")),
    ("conditions", include_str!("../../migrations/data/textes/conditions.md")),
    ("donnees-personnelles", include_str!("../../migrations/data/textes/donnees-personnelles.md")),
    ("cookies", include_str!("../../migrations/data/textes/cookies.md")),
    ("accessibilite", include_str!("../../migrations/data/textes/accessibilite.md")),
    ("aide", include_str!("../../migrations/data/textes/aide.md")),
];
const MOTIFS: &[(&str, &str)] = &[
    ("rejet", include_str!("../../migrations/data/motifs-de-refus.csv")),
    ("complement", include_str!("../../migrations/data/motifs-de-complement.csv")),
];

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = texte)]
pub struct Texte {
    /// Its key, the end of its address.
    pub cle: String,
    pub titre: String,
    pub corps: String,
    pub modifie_at: NaiveDateTime,
}

/// A reason that a decision is given with.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = motif, treat_none_as_default_value = false)]
pub struct Motif {
    /// Stable code, like `rejet-doublon`.
    pub code: String,
    /// `rejet` or `complement`.
    pub genre: String,
    pub libelle: String,
    pub texte: String,
    pub ordre: i32,
    pub actif: bool,
}

#[derive(Deserialize)]
struct MotifLine {
    code: String,
    libelle: String,
    texte: String,
}

/// Puts in place the texts and reasons that are not there yet; what an administrateur changed stays.
pub fn load(store: &Store) -> Pending<'_, ()> {
    Box::pin(async move {
        let (keys, codes): (Vec<String>, Vec<String>) = {
            let mut connection = store.read().await?;
            let keys = texte::table.select(texte::cle).load(&mut connection).await?;
            (keys, motif::table.select(motif::code).load(&mut connection).await?)
        };
        let mut missing_motifs = Vec::new();
        for (genre, csv) in MOTIFS {
            for (rank, line) in csv::Reader::from_reader(csv.as_bytes()).deserialize::<MotifLine>().enumerate() {
                let line = line.map_err(|error| Error::Referential { name: "motifs", why: error.to_string() })?;
                let code = format!("{genre}-{}", line.code);
                if !codes.contains(&code) {
                    let ordre = i32::try_from(rank).unwrap_or(i32::MAX);
                    let genre = (*genre).to_owned();
                    missing_motifs.push(Motif {
                        code,
                        genre,
                        libelle: line.libelle,
                        texte: line.texte,
                        ordre,
                        actif: true,
                    });
                }
            }
        }
        let missing: Vec<(&str, &str)> =
            TEXTES.iter().copied().filter(|(key, _)| !keys.iter().any(|known| known == key)).collect();
        if missing.is_empty() && missing_motifs.is_empty() {
            return Ok(());
        }
        store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move {
                    let now = transaction.now;
                    for (key, markdown) in missing {
                        let (titre, corps) = split(markdown);
                        diesel::insert_into(texte::table)
                            .values((
                                texte::cle.eq(key),
                                texte::titre.eq(titre),
                                texte::corps.eq(corps),
                                texte::modifie_at.eq(now),
                            ))
                            .on_conflict_do_nothing()
                            .execute(transaction.connection())
                            .await?;
                    }
                    for motif in missing_motifs {
                        diesel::insert_into(motif::table)
                            .values((
                                motif::code.eq(&motif.code),
                                motif::genre.eq(&motif.genre),
                                motif::libelle.eq(&motif.libelle),
                                motif::texte.eq(&motif.texte),
                                motif::ordre.eq(motif.ordre),
                                motif::actif.eq(motif.actif),
                            ))
                            .on_conflict_do_nothing()
                            .execute(transaction.connection())
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
    })
}

/// The title of a Markdown text, its first line, and the rest.
pub fn split(markdown: &str) -> (&str, &str) {
    let (first, rest) = markdown.split_once('\n').unwrap_or((markdown, ""));
    (first.trim_start_matches('#').trim(), rest.trim())
}

pub fn texte<'a>(connection: &'a mut Connection, cle: &'a str) -> Pending<'a, Option<Texte>> {
    Box::pin(async move { Ok(texte::table.find(cle).select(columns::<Texte>()).first(connection).await.optional()?) })
}

/// All legal texts, by title.
pub fn textes(connection: &mut Connection) -> Pending<'_, Vec<Texte>> {
    Box::pin(async move {
        let mut all: Vec<Texte> = texte::table.select(columns::<Texte>()).load(connection).await?;
        all.sort_by_cached_key(|one| fold(&one.titre));
        Ok(all)
    })
}

/// Changes a legal text that still stands as it did at `seen`; false when somebody changed it since, or there is none
/// of that key.
pub fn save_texte<'a>(
    transaction: &'a mut Transaction,
    cle: &'a str,
    (titre, corps): (&'a str, &'a str),
    seen: NaiveDateTime,
) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let saved = diesel::update(texte::table.find(cle).filter(texte::modifie_at.eq(seen)))
            .set((texte::titre.eq(titre), texte::corps.eq(corps), texte::modifie_at.eq(now)))
            .execute(transaction.connection())
            .await?;
        if saved > 0 {
            transaction.record(Fact::ContenuModifie { article: 0 });
        }
        Ok(saved > 0)
    })
}

/// Reasons of one kind, in order; all of them, or those that are proposed.
pub fn motifs<'a>(connection: &'a mut Connection, genre: &'a str, all: bool) -> Pending<'a, Vec<Motif>> {
    Box::pin(async move {
        let found: Vec<Motif> = motif::table
            .filter(motif::genre.eq(genre))
            .order((motif::ordre, motif::code))
            .select(columns::<Motif>())
            .load(connection)
            .await?;
        Ok(found.into_iter().filter(|motif| all || motif.actif).collect())
    })
}

/// Adds a reason or changes the one of its code.
pub fn save_motif<'a>(transaction: &'a mut Transaction, motif: &'a Motif) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::insert_into(motif::table)
            .values(motif)
            .on_conflict(motif::code)
            .do_update()
            .set((
                motif::libelle.eq(&motif.libelle),
                motif::texte.eq(&motif.texte),
                motif::ordre.eq(motif.ordre),
                motif::actif.eq(motif.actif),
            ))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::ReferentielModifie { referentiel: "motif".to_owned() });
        Ok(())
    })
}

pub fn motif<'a>(connection: &'a mut Connection, code: &'a str) -> Pending<'a, Option<Motif>> {
    Box::pin(async move { Ok(motif::table.find(code).select(columns::<Motif>()).first(connection).await.optional()?) })
}

/// Moves a reason one place up or down among those of its kind; false when there is none of that code.
pub fn move_motif<'a>(transaction: &'a mut Transaction, code: &'a str, up: bool) -> Pending<'a, bool> {
    Box::pin(async move {
        let Some(moved) = motif(transaction.connection(), code).await? else { return Ok(false) };
        let mut codes: Vec<String> =
            motifs(transaction.connection(), &moved.genre, true).await?.into_iter().map(|motif| motif.code).collect();
        shift(&mut codes, |one| one == code, up);
        for (rank, code) in codes.iter().enumerate() {
            diesel::update(motif::table.find(code))
                .set(motif::ordre.eq(i32::try_from(rank).unwrap_or(i32::MAX)))
                .execute(transaction.connection())
                .await?;
        }
        transaction.record(Fact::ReferentielModifie { referentiel: "motif".to_owned() });
        Ok(true)
    })
}

/// Swaps one of a list with the one before or after it.
fn shift<T>(list: &mut [T], is_it: impl Fn(&T) -> bool, up: bool) {
    if let Some(at) = list.iter().position(is_it) {
        let to = if up { at.saturating_sub(1) } else { (at + 1).min(list.len() - 1) };
        list.swap(at, to);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rubrique {
    /// « Informations Espace Intervenants » on the home page.
    Actualite,
    /// « Informations complémentaires ».
    Information,
}

impl Rubrique {
    /// The word that stands for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Actualite => "actualite",
            Self::Information => "information",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Actualite, Self::Information].into_iter().find(|rubrique| rubrique.as_str() == word)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = article)]
pub struct Article {
    pub id: i64,
    /// A word of [`Rubrique`].
    pub rubrique: String,
    pub titre: String,
    pub resume: String,
    pub texte: String,
    pub ordre: i32,
    /// Since when it is public; none for a draft.
    pub publie_at: Option<NaiveDateTime>,
    pub modifie_at: NaiveDateTime,
    /// Name of the document attached to it, empty without one.
    pub document_nom: String,
    pub document_format: String,
    /// Its size in bytes.
    pub document_taille: i64,
    pub document_blob: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = article, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Redaction {
    pub titre: String,
    pub resume: String,
    pub texte: String,
    /// Since when it is public; none for a draft, a moment to come for one that waits.
    pub publie_at: Option<NaiveDateTime>,
}

/// A document attached to an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub nom: String,
    pub format: String,
    /// Its size in bytes.
    pub taille: i64,
    pub blob: String,
}

impl Article {
    /// Whether everybody may read it.
    pub fn is_public(&self, now: NaiveDateTime) -> bool {
        self.publie_at.is_some_and(|at| at <= now)
    }
}

/// Public articles: actualités the newest first, informations in their order.
pub fn public(connection: &mut Connection, rubrique: Rubrique, now: NaiveDateTime) -> Pending<'_, Vec<Article>> {
    Box::pin(async move {
        let mut found = articles(connection, rubrique).await?;
        found.retain(|article| article.is_public(now));
        Ok(found)
    })
}

/// All articles of a kind, drafts first among actualités.
pub fn articles(connection: &mut Connection, rubrique: Rubrique) -> Pending<'_, Vec<Article>> {
    Box::pin(async move {
        let mut found: Vec<Article> = article::table
            .filter(article::rubrique.eq(rubrique.as_str()))
            .order(article::id.desc())
            .select(columns::<Article>())
            .load(connection)
            .await?;
        match rubrique {
            Rubrique::Actualite => {
                found.sort_by_key(|article| {
                    std::cmp::Reverse((article.publie_at.is_none(), article.publie_at, article.id))
                });
            }
            Rubrique::Information => found.sort_by_key(|article| (article.ordre, article.id)),
        }
        Ok(found)
    })
}

/// An article, public or not.
pub fn article(connection: &mut Connection, id: i64) -> Pending<'_, Option<Article>> {
    Box::pin(
        async move { Ok(article::table.find(id).select(columns::<Article>()).first(connection).await.optional()?) },
    )
}

/// Adds an article, the last of its kind.
pub fn create_article<'a>(
    transaction: &'a mut Transaction,
    rubrique: Rubrique,
    redaction: &'a Redaction,
) -> Pending<'a, i64> {
    Box::pin(async move {
        let now = transaction.now;
        let last: Option<i32> = article::table
            .filter(article::rubrique.eq(rubrique.as_str()))
            .select(diesel::dsl::max(article::ordre))
            .first(transaction.connection())
            .await?;
        let id: i64 = diesel::insert_into(article::table)
            .values((
                redaction,
                article::modifie_at.eq(now),
                article::rubrique.eq(rubrique.as_str()),
                article::ordre.eq(last.map_or(0, |last| last.saturating_add(1))),
                article::document_nom.eq(""),
                article::document_format.eq(""),
                article::document_taille.eq(0),
            ))
            .returning(article::id)
            .get_result(transaction.connection())
            .await?;
        transaction.record(Fact::ContenuModifie { article: id });
        Ok(id)
    })
}

/// Changes an article that still stands as it did at `seen`; false when somebody changed it since.
pub fn save_article<'a>(
    transaction: &'a mut Transaction,
    id: i64,
    redaction: &'a Redaction,
    seen: NaiveDateTime,
) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let saved = diesel::update(article::table.find(id).filter(article::modifie_at.eq(seen)))
            .set((redaction, article::modifie_at.eq(now)))
            .execute(transaction.connection())
            .await?;
        if saved > 0 {
            transaction.record(Fact::ContenuModifie { article: id });
        }
        Ok(saved > 0)
    })
}

/// Moves an article one place up or down among those of its kind; false when there is no such article.
pub fn move_article(transaction: &mut Transaction, id: i64, up: bool) -> Pending<'_, bool> {
    Box::pin(async move {
        let Some(moved) = article(transaction.connection(), id).await? else { return Ok(false) };
        let Some(rubrique) = Rubrique::from_word(&moved.rubrique) else { return Ok(false) };
        let mut ids: Vec<i64> =
            articles(transaction.connection(), rubrique).await?.into_iter().map(|article| article.id).collect();
        shift(&mut ids, |one| *one == id, up);
        for (rank, id) in ids.iter().enumerate() {
            diesel::update(article::table.find(id))
                .set(article::ordre.eq(i32::try_from(rank).unwrap_or(i32::MAX)))
                .execute(transaction.connection())
                .await?;
        }
        transaction.record(Fact::ContenuModifie { article: id });
        Ok(true)
    })
}

/// Attaches a document to an article, or takes it away; returns the blob it had before, to be removed. None when there
/// is no such article.
pub fn set_document<'a>(
    transaction: &'a mut Transaction,
    id: i64,
    document: Option<&'a Document>,
) -> Pending<'a, Option<Option<String>>> {
    Box::pin(async move {
        let Some(known) = article(transaction.connection(), id).await? else { return Ok(None) };
        diesel::update(article::table.find(id))
            .set((
                article::document_nom.eq(document.map_or("", |document| &document.nom)),
                article::document_format.eq(document.map_or("", |document| &document.format)),
                article::document_taille.eq(document.map_or(0, |document| document.taille)),
                article::document_blob.eq(document.map(|document| &document.blob)),
            ))
            .execute(transaction.connection())
            .await?;
        if let Some(document) = document {
            analyses::wait(transaction, &document.blob).await?;
        }
        transaction.record(Fact::ContenuModifie { article: id });
        Ok(Some(known.document_blob))
    })
}

/// Removes an article; returns the blob of its document, to be removed. None when there is no such article.
pub fn remove_article(transaction: &mut Transaction, id: i64) -> Pending<'_, Option<Option<String>>> {
    Box::pin(async move {
        let blob: Option<Option<String>> = diesel::delete(article::table.find(id))
            .returning(article::document_blob)
            .get_result(transaction.connection())
            .await
            .optional()?;
        if blob.is_some() {
            transaction.record(Fact::ContenuModifie { article: id });
        }
        Ok(blob)
    })
}
