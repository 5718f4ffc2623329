//! What ours stands beside: plain Tantivy with its own French analyser, and SQLite's FTS5, each as one would write it
//! in an afternoon over the same fields.

use std::error::Error;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{SqliteConnection, sql_query};
use search_index::{CvDocument, Labelled};
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};
use tantivy::{Index, IndexReader, TantivyDocument};

/// The text fields, in the order of [`texts`].
const FIELDS: [&str; 9] =
    ["nom", "prenom", "titre", "experience", "parcours", "interventions", "employeur", "choix", "fichiers"];

/// The fields of a CV as texts: choices by their labels, départements by their numbers too.
fn texts(cv: &CvDocument) -> [String; 9] {
    let label = |value: &Labelled| value.label.clone();
    let choix: Vec<String> = (cv.specialites.iter().map(label))
        .chain(cv.regions.iter().map(label))
        .chain(cv.departements.iter().map(|value| format!("{} {}", value.label, value.code)))
        .chain(cv.statut.iter().map(label))
        .chain(cv.langues.iter().map(label))
        .collect();
    let fichiers: Vec<&str> = cv.fichiers.iter().map(|fichier| fichier.text.as_str()).collect();
    [
        cv.nom.clone(),
        cv.prenom.clone(),
        cv.titre.clone(),
        [cv.experience.as_str(), cv.motivation.as_str()].join("\n"),
        cv.parcours.clone(),
        cv.interventions.clone(),
        cv.employeur.clone(),
        choix.join("\n"),
        fichiers.join("\n"),
    ]
}

pub struct Plain {
    reader: IndexReader,
    parser: QueryParser,
    id: Field,
}

impl Plain {
    pub fn new(cvs: &[CvDocument]) -> Result<Self, Box<dyn Error>> {
        let mut schema = Schema::builder();
        let id = schema.add_i64_field("id", STORED | INDEXED);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("plain_french")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        let fields = FIELDS.map(|name| schema.add_text_field(name, options.clone()));
        let index = Index::create_in_ram(schema.build());
        let stop_words = StopWordFilter::new(Language::French).ok_or("Tantivy has French stop words")?;
        let analyser = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(LowerCaser)
            .filter(AsciiFoldingFilter)
            .filter(stop_words)
            .filter(Stemmer::new(Language::French))
            .build();
        index.tokenizers().register("plain_french", analyser);
        let mut writer = index.writer_with_num_threads(1, 20_000_000)?;
        for cv in cvs {
            let mut document = TantivyDocument::default();
            document.add_i64(id, cv.id);
            for (field, text) in fields.iter().zip(texts(cv)) {
                document.add_text(*field, text);
            }
            writer.add_document(document)?;
        }
        writer.commit()?;
        let mut parser = QueryParser::for_index(&index, fields.to_vec());
        for (field, boost) in [(fields[0], 4.0), (fields[1], 2.0), (fields[2], 3.0), (fields[7], 2.0)] {
            parser.set_field_boost(field, boost);
        }
        Ok(Self { reader: index.reader()?, parser, id })
    }

    /// The ten best, any of the words.
    pub fn ask(&self, text: &str) -> Result<Vec<i64>, Box<dyn Error>> {
        // What its syntax can't read is left out rather than refused.
        let (query, _) = self.parser.parse_query_lenient(text);
        let searcher = self.reader.searcher();
        let mut found = Vec::new();
        for (_, address) in searcher.search(&query, &TopDocs::with_limit(10).order_by_score())? {
            let document: TantivyDocument = searcher.doc(address)?;
            found.extend(document.get_first(self.id).and_then(|value| value.as_i64()));
        }
        Ok(found)
    }
}

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

pub struct Fts5 {
    connection: SqliteConnection,
}

impl Fts5 {
    pub fn new(cvs: &[CvDocument]) -> Result<Self, Box<dyn Error>> {
        let mut connection = SqliteConnection::establish(":memory:")?;
        let columns = FIELDS.join(", ");
        connection.batch_execute(&format!(
            "create virtual table cv using fts5({columns}, tokenize = 'unicode61 remove_diacritics 2')"
        ))?;
        for cv in cvs {
            let mut insert =
                sql_query(format!("insert into cv (rowid, {columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))
                    .into_boxed()
                    .bind::<BigInt, _>(cv.id);
            for text in texts(cv) {
                insert = insert.bind::<Text, _>(text);
            }
            insert.execute(&mut connection)?;
        }
        Ok(Self { connection })
    }

    /// The ten best with all the words; with any of them when nobody has all.
    pub fn ask(&mut self, text: &str) -> Result<Vec<i64>, Box<dyn Error>> {
        let words: Vec<String> = text
            .split_whitespace()
            .filter(|word| word.contains(char::is_alphanumeric))
            .map(|word| format!("\"{}\"", word.replace('"', "")))
            .collect();
        for between in [" ", " OR "] {
            // The weights of `benches/cvtheque/fts5.rs`.
            let found = sql_query(
                "select rowid as id from cv where cv match ?
                 order by bm25(cv, 8, 8, 4, 2, 2, 2, 2, 3, 1), rowid limit 10",
            )
            .bind::<Text, _>(words.join(between))
            .load::<Hit>(&mut self.connection)?;
            if !found.is_empty() {
                return Ok(found.into_iter().map(|hit| hit.id).collect());
            }
        }
        Ok(Vec::new())
    }
}
