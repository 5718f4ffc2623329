//! The two Tantivy schemas: which field serves which purpose. Any change here must raise a `SCHEMA_VERSION`.
//!
//! Every document has: `tout` (stems of all its words, what a plain word searches), `mots` (folded words with
//! positions, for phrases, prefixes and typos), named fields (`nom:`…), one raw field per facet to filter on, one fast
//! column per facet to count on (`code␟label`), and `stored`, a JSON of what a result shows.

use chrono::{Datelike, NaiveDate};
use domain::nir;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};

use crate::document::Labelled;
use crate::french::{self, EXACT, LONGEST_WORD, STEMMED, TOKENIZER_VERSION};
use crate::sonore;

/// Between a code and its label in a facet's column: a sign no text of the referentials holds.
pub(crate) const UNIT: char = '\u{1f}';
/// The région and département of an annonce that concerns all of them.
pub(crate) const NATIONAL: &str = "*";
/// Longest text of one field that is indexed and stored, in bytes: more than a file of 2 Mo holds.
const LONGEST_TEXT: usize = 4 << 20;

/// A criterion with counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    Specialite,
    SousSpecialite,
    Region,
    Departement,
    /// Structure (code: its id).
    Structure,
    Statut,
    Langue,
    /// Modalité of an annonce.
    Modalite,
}

impl Facet {
    fn name(self) -> &'static str {
        match self {
            Self::Specialite => "specialite",
            Self::SousSpecialite => "sous_specialite",
            Self::Region => "region",
            Self::Departement => "departement",
            Self::Structure => "structure",
            Self::Statut => "statut",
            Self::Langue => "langue",
            Self::Modalite => "modalite",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryField {
    Nom,
    Prenom,
    /// Labels of spécialités and sous-spécialités.
    Specialite,
    /// Labels of régions and départements.
    Region,
    Employeur,
    Structure,
    Langue,
    /// Text inside the attached files.
    Cv,
    Titre,
    /// Number of an annonce.
    Numero,
}

impl QueryField {
    /// The name typed before the colon.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nom => "nom",
            Self::Prenom => "prenom",
            Self::Specialite => "specialite",
            Self::Region => "region",
            Self::Employeur => "employeur",
            Self::Structure => "structure",
            Self::Langue => "langue",
            Self::Cv => "cv",
            Self::Titre => "titre",
            Self::Numero => "numero",
        }
    }

    /// The field a folded name means: singular, plural and a few usual words.
    pub fn named(folded: &str) -> Option<Self> {
        Some(match folded {
            "nom" | "noms" => Self::Nom,
            "prenom" | "prenoms" => Self::Prenom,
            "specialite" | "specialites" => Self::Specialite,
            "region" | "regions" | "departement" | "departements" => Self::Region,
            "employeur" | "employeurs" => Self::Employeur,
            "structure" | "structures" => Self::Structure,
            "langue" | "langues" => Self::Langue,
            "cv" | "fichier" | "fichiers" => Self::Cv,
            "titre" | "titres" => Self::Titre,
            "numero" | "numeros" => Self::Numero,
            _ => return None,
        })
    }
}

/// A field a query can name, and how much a plain word found there adds to the score.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedField {
    pub name: QueryField,
    pub field: Field,
    pub stemmed: bool,
    pub boost: Option<Boost>,
}

/// What a word found in a field adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Boost {
    pub weight: f32,
    /// Whether each word of it counts the same, common or not.
    pub alike: bool,
}

impl Boost {
    /// By how rare the word is there.
    pub(crate) fn rarity(weight: f32) -> Self {
        Self { weight, alike: false }
    }

    pub(crate) fn alike(weight: f32) -> Self {
        Self { weight, alike: true }
    }
}

/// Where a facet is filtered and counted.
#[derive(Debug, Clone)]
pub(crate) struct FacetField {
    pub facet: Facet,
    pub filter: Field,
    pub column_field: Field,
    pub column: String,
}

/// A schema with its fields at hand.
#[derive(Debug)]
pub struct Layout {
    pub(crate) schema: Schema,
    pub(crate) id: Field,
    pub(crate) stored: Field,
    pub(crate) tout: Field,
    pub(crate) mots: Field,
    pub(crate) named: Vec<NamedField>,
    pub(crate) facets: Vec<FacetField>,
    /// The other fields, by their name.
    pub(crate) other: Vec<(&'static str, Field)>,
}

impl Layout {
    pub(crate) fn named(&self, name: QueryField) -> Option<&NamedField> {
        self.named.iter().find(|named| named.name == name)
    }

    pub(crate) fn facet(&self, facet: Facet) -> Option<&FacetField> {
        self.facets.iter().find(|field| field.facet == facet)
    }

    pub(crate) fn other(&self, name: &str) -> Field {
        self.other.iter().find(|(known, _)| *known == name).map_or(self.id, |(_, field)| *field)
    }
}

/// A kind of document with an index of its own.
pub trait Indexed: Send + Sync + 'static {
    const NAME: &'static str;
    /// Raised with every change of its schema or of what is put into it.
    const SCHEMA_VERSION: u32;
    type Stored: DeserializeOwned;

    /// Its schema, made once.
    fn layout() -> &'static Layout;
    fn id(&self) -> i64;
    /// What is put into the index; `None` when this document must not be found.
    fn to_tantivy(&self) -> Result<Option<TantivyDocument>, serde_json::Error>;

    /// Schema and tokenizer in one word, kept in each commit.
    fn version() -> String {
        format!("{}-{}/french-{TOKENIZER_VERSION}", Self::NAME, Self::SCHEMA_VERSION)
    }
}

fn text(builder: &mut SchemaBuilder, name: &str, tokenizer: &str, option: IndexRecordOption) -> Field {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

fn raw(builder: &mut SchemaBuilder, name: &str) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

fn column(builder: &mut SchemaBuilder, name: &str) -> Field {
    builder.add_text_field(name, TextOptions::default().set_fast("raw"))
}

pub(crate) fn layout(named: &[(QueryField, bool, Option<Boost>)], facets: &[Facet], dates: &[&'static str]) -> Layout {
    let mut builder = Schema::builder();
    let id = builder.add_i64_field("id", NumericOptions::from(INDEXED | FAST));
    let stored = builder.add_text_field("stored", STORED);
    let tout = text(&mut builder, "tout", STEMMED, IndexRecordOption::WithFreqs);
    let mots = text(&mut builder, "mots", EXACT, IndexRecordOption::WithFreqsAndPositions);
    let named = named
        .iter()
        .map(|&(name, stemmed, boost)| {
            let tokenizer = if stemmed { STEMMED } else { EXACT };
            let field = text(&mut builder, name.name(), tokenizer, IndexRecordOption::WithFreqsAndPositions);
            NamedField { name, field, stemmed, boost }
        })
        .collect();
    let facets = facets
        .iter()
        .map(|&facet| {
            let column_name = format!("facet_{}", facet.name());
            FacetField {
                facet,
                filter: raw(&mut builder, &format!("filter_{}", facet.name())),
                column_field: column(&mut builder, &column_name),
                column: column_name,
            }
        })
        .collect();
    let mut other: Vec<_> =
        dates.iter().map(|name| (*name, builder.add_i64_field(name, NumericOptions::from(INDEXED | FAST)))).collect();
    other.push(("nom_tri", column(&mut builder, "nom_tri")));
    other.push(("numero_exact", raw(&mut builder, "numero_exact")));
    other.push(("nom_sonore", raw(&mut builder, "nom_sonore")));
    Layout { schema: builder.build(), id, stored, tout, mots, named, facets, other }
}

/// Days since 0001-01-01, the unit of the civil dates in the index.
pub(crate) fn day(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// Free text as it may enter the index: a NIR typed into it is masked (SPEC Q7), a text that is too long is cut.
pub(crate) fn clean(text: &str) -> String {
    let mut masked = nir::mask(text);
    masked.truncate(masked.floor_char_boundary(LONGEST_TEXT));
    masked
}

/// Fills a document field by field.
pub(crate) struct Filler<'a> {
    layout: &'a Layout,
    pub document: TantivyDocument,
}

impl<'a> Filler<'a> {
    pub(crate) fn new(layout: &'a Layout, id: i64) -> Self {
        let mut document = TantivyDocument::default();
        document.add_i64(layout.id, id);
        Self { layout, document }
    }

    /// A text that any plain word or phrase may find.
    pub(crate) fn everywhere(&mut self, text: &str) {
        if !text.is_empty() {
            self.document.add_text(self.layout.tout, text);
            self.document.add_text(self.layout.mots, text);
        }
    }

    /// The name of a person: also in one word where it has several, and as it sounds.
    pub(crate) fn person(&mut self, name: QueryField, text: &str) {
        self.everywhere(text);
        self.named(name, text);
        let (words, whole) = (french::folded_words(text), french::joined(text));
        if whole.len() <= LONGEST_WORD && words.first() != Some(&whole) {
            self.everywhere(&whole);
            self.named(name, &whole);
        }
        let mut names = words;
        names.push(whole);
        names.dedup();
        for name in names {
            let key = sonore::key(&name);
            if !key.is_empty() {
                self.raw("nom_sonore", &format!("{key}{UNIT}{name}"));
            }
        }
    }

    pub(crate) fn named(&mut self, name: QueryField, text: &str) {
        if let Some(named) = self.layout.named(name)
            && !text.is_empty()
        {
            self.document.add_text(named.field, text);
        }
    }

    pub(crate) fn facet<'v>(&mut self, facet: Facet, values: impl IntoIterator<Item = &'v Labelled>) {
        if let Some(field) = self.layout.facet(facet) {
            // A code given twice would count twice.
            let mut seen = Vec::new();
            for value in values {
                if !seen.contains(&&value.code) {
                    seen.push(&value.code);
                    self.document.add_text(field.filter, &value.code);
                    self.document.add_text(field.column_field, format!("{}{UNIT}{}", value.code, value.label));
                }
            }
        }
    }

    pub(crate) fn number(&mut self, name: &str, value: i64) {
        self.document.add_i64(self.layout.other(name), value);
    }

    pub(crate) fn raw(&mut self, name: &str, value: &str) {
        self.document.add_text(self.layout.other(name), value);
    }
}
