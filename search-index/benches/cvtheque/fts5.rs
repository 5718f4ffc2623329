//! The same CVs in SQLite's own full text (FTS5), as one would write it without Tantivy: one virtual table with a column
//! per field and prefixes of two and three letters, and a table of facets beside it.
//!
//! It does less: words are unaccented but not stemmed (it has no French), nothing is tolerated of a misspelt word.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, SqliteConnection, sql_query};
use search_index::{CvDocument, Labelled};

/// Weights as the page's search has them, roughly: who it is first, the text of the files last.
const RANKED: &str = "order by bm25(cv, 8, 8, 4, 2, 2, 2, 2, 3, 1) limit 10";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "read, as a page would")]
    id: i64,
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "read, as a page would")]
    passage: String,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "read, as a page would")]
    genre: String,
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "read, as a page would")]
    code: String,
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "read, as a page would")]
    count: i64,
}

#[derive(Debug, Clone, Default)]
pub struct Question {
    /// In FTS5's language; empty for everybody.
    pub text: String,
    /// Kind and code of what is chosen.
    pub chosen: Vec<(&'static str, String)>,
    pub facets: bool,
    pub passages: bool,
    pub by_name: bool,
}

pub struct Peer {
    connection: SqliteConnection,
}

/// Words that all have to be there; the last one only its beginning when it is being typed.
pub fn words(text: &str, as_you_type: bool) -> String {
    let mut all: Vec<String> = text.split_whitespace().map(|word| format!("\"{}\"", word.replace('"', ""))).collect();
    if let Some(last) = all.last_mut().filter(|_| as_you_type) {
        last.push('*');
    }
    all.join(" ")
}

fn facets(cv: &CvDocument) -> impl Iterator<Item = (&'static str, &Labelled)> {
    let all: [(&str, &[Labelled]); 5] = [
        ("specialite", &cv.specialites),
        ("sous_specialite", &cv.sous_specialites),
        ("region", &cv.regions),
        ("departement", &cv.departements),
        ("langue", &cv.langues),
    ];
    all.into_iter()
        .flat_map(|(genre, values)| values.iter().map(move |value| (genre, value)))
        .chain(cv.statut.as_ref().map(|statut| ("statut", statut)))
}

impl Peer {
    pub fn new(folder: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let mut connection = SqliteConnection::establish(&folder.join("fts5.sqlite").to_string_lossy())?;
        // It may keep as much in memory as Tantivy has mapped.
        connection.batch_execute(
            "pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -200000;
             pragma mmap_size = 8000000000;
             create virtual table cv using fts5(nom, prenom, titre, experience, parcours, interventions, employeur, choix,
                 fichiers, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
             create table facette (genre text not null, code text not null, personne integer not null,
                 primary key (genre, code, personne)) without rowid;
             create index facette_personne on facette (personne, genre, code);",
        )?;
        Ok(Self { connection })
    }

    fn insert(connection: &mut SqliteConnection, cv: &CvDocument) -> QueryResult<()> {
        let choix: Vec<&str> = facets(cv).map(|(_, value)| value.label.as_str()).collect();
        let fichiers: Vec<&str> = cv.fichiers.iter().map(|fichier| fichier.text.as_str()).collect();
        sql_query("insert into cv (rowid, nom, prenom, titre, experience, parcours, interventions, employeur, choix, fichiers) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind::<BigInt, _>(cv.id)
            .bind::<Text, _>(&cv.nom)
            .bind::<Text, _>(&cv.prenom)
            .bind::<Text, _>(&cv.titre)
            .bind::<Text, _>(&cv.experience)
            .bind::<Text, _>(&cv.parcours)
            .bind::<Text, _>(&cv.interventions)
            .bind::<Text, _>(&cv.employeur)
            .bind::<Text, _>(choix.join(" "))
            .bind::<Text, _>(fichiers.join("\n"))
            .execute(connection)?;
        for (genre, value) in facets(cv) {
            sql_query("insert or ignore into facette (genre, code, personne) values (?, ?, ?)")
                .bind::<Text, _>(genre)
                .bind::<Text, _>(&value.code)
                .bind::<BigInt, _>(cv.id)
                .execute(connection)?;
        }
        Ok(())
    }

    /// All of them in one transaction, then merged into one segment.
    pub fn fill(&mut self, cvs: impl Iterator<Item = CvDocument>) -> QueryResult<()> {
        self.connection.transaction(|connection| {
            for cv in cvs {
                Self::insert(connection, &cv)?;
            }
            Ok::<_, diesel::result::Error>(())
        })?;
        self.connection
            .batch_execute("insert into cv (cv) values ('optimize'); analyze facette; pragma wal_checkpoint(truncate);")
    }

    /// One CV instead of the one of the same id, durable.
    pub fn replace(&mut self, cv: &CvDocument) -> QueryResult<()> {
        self.connection.transaction(|connection| {
            for statement in ["delete from cv where rowid = ?", "delete from facette where personne = ?"] {
                sql_query(statement).bind::<BigInt, _>(cv.id).execute(connection)?;
            }
            Self::insert(connection, cv)
        })
    }

    /// The conditions, but for the choices of one kind: what a kind's own counts leave aside.
    fn condition(question: &Question, but: Option<&str>) -> String {
        // Texts are the benchmark's own; FTS5's syntax has no parameter for parts of a condition.
        let mut all = vec!["1".to_owned()];
        if !question.text.is_empty() {
            all.push(format!("cv match '{}'", question.text.replace('\'', "''")));
        }
        for (genre, code) in question.chosen.iter().filter(|(genre, _)| but != Some(*genre)) {
            all.push(format!("cv.rowid in (select personne from facette where genre = '{genre}' and code = '{code}')"));
        }
        all.join(" and ")
    }

    /// How many there are, after reading ten of them and what else was asked for.
    pub fn ask(&mut self, question: &Question) -> QueryResult<u64> {
        let condition = Self::condition(question, None);
        let order = match (question.by_name, question.text.is_empty()) {
            (true, _) => "order by nom, prenom limit 10",
            (false, true) => "order by cv.rowid desc limit 10",
            (false, false) => RANKED,
        };
        let passage =
            if question.passages { "snippet(cv, -1, '<mark>', '</mark>', '…', 24)" } else { "nom || ' ' || prenom" };
        sql_query(format!("select cv.rowid as id, {passage} as passage from cv where {condition} {order}"))
            .load::<Hit>(&mut self.connection)?;
        if question.facets {
            let count = |connection: &mut SqliteConnection, condition: &str, kind: &str| {
                sql_query(format!(
                    "select f.genre, f.code, count(*) as count from cv join facette f on f.personne = cv.rowid
                     where {condition} and {kind} group by f.genre, f.code"
                ))
                .load::<Value>(connection)
            };
            let mut others = vec!["1".to_owned()];
            for (genre, _) in &question.chosen {
                count(&mut self.connection, &Self::condition(question, Some(genre)), &format!("f.genre = '{genre}'"))?;
                others.push(format!("f.genre <> '{genre}'"));
            }
            if question.text.is_empty() && question.chosen.is_empty() {
                sql_query("select genre, code, count(*) as count from facette group by genre, code")
                    .load::<Value>(&mut self.connection)?;
            } else {
                count(&mut self.connection, &condition, &others.join(" and "))?;
            }
        }
        let total = sql_query(format!("select count(*) as count from cv where {condition}"))
            .get_result::<Count>(&mut self.connection)?;
        Ok(total.count.unsigned_abs())
    }
}
