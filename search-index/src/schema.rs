//! The two Tantivy schemas: which field serves which purpose. Any change here must raise a `SCHEMA_VERSION`.
//!
//! Every document has: `tout` (stems of all its words, what a plain word searches), `mots` (folded words with
//! positions, for phrases, prefixes and typos), named fields (`nom:`…), one raw field per facet to filter on, one fast
//! column per facet to count on (`code␟label`), and `stored`, a JSON of what a result shows.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};
use domain::nir;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};

use crate::document::{AnnonceDocument, CvDocument, Labelled, PUBLIEE};
use crate::french::{self, EXACT, STEMMED, TOKENIZER_VERSION};

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
    /// Spécialité.
    Specialite,
    /// Sous-spécialité.
    SousSpecialite,
    /// Région.
    Region,
    /// Département.
    Departement,
    /// Structure (code: its id).
    Structure,
    /// Statut.
    Statut,
    /// Language.
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

/// A field that a query can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryField {
    /// Family name.
    Nom,
    /// First name.
    Prenom,
    /// Labels of spécialités and sous-spécialités.
    Specialite,
    /// Labels of régions and départements.
    Region,
    /// Employer.
    Employeur,
    /// Structure.
    Structure,
    /// Languages.
    Langue,
    /// Text inside the attached files.
    Cv,
    /// Title.
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
    pub boost: Option<f32>,
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
    /// Name of its folder.
    const NAME: &'static str;
    /// Raised with every change of its schema or of what is put into it.
    const SCHEMA_VERSION: u32;
    /// What is stored for display.
    type Stored: DeserializeOwned;

    /// Its schema, made once.
    fn layout() -> &'static Layout;
    /// Its id.
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

fn layout(named: &[(QueryField, bool, Option<f32>)], facets: &[Facet], dates: &[&'static str]) -> Layout {
    let mut builder = Schema::builder();
    let id = builder.add_i64_field("id", NumericOptions::from(INDEXED | FAST));
    let stored = builder.add_bytes_field("stored", STORED);
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
    Layout { schema: builder.build(), id, stored, tout, mots, named, facets, other }
}

/// Days since 0001-01-01, the unit of the civil dates in the index.
pub(crate) fn day(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// The letters and digits of an annonce's number: typed with or without hyphens or spaces, it is the same.
pub(crate) fn bare_number(numero: &str) -> String {
    french::fold(numero).replace(' ', "")
}

/// Free text as it may enter the index: a NIR typed into it is masked (SPEC Q7), a monster is cut.
fn clean(text: &str) -> String {
    let mut masked = nir::mask(text);
    masked.truncate(masked.floor_char_boundary(LONGEST_TEXT));
    masked
}

/// Fills a document field by field.
struct Filler<'a> {
    layout: &'a Layout,
    document: TantivyDocument,
}

impl Filler<'_> {
    /// A text that any plain word or phrase may find.
    fn everywhere(&mut self, text: &str) {
        if !text.is_empty() {
            self.document.add_text(self.layout.tout, text);
            self.document.add_text(self.layout.mots, text);
        }
    }

    fn named(&mut self, name: QueryField, text: &str) {
        if let Some(named) = self.layout.named(name)
            && !text.is_empty()
        {
            self.document.add_text(named.field, text);
        }
    }

    fn facet<'v>(&mut self, facet: Facet, values: impl IntoIterator<Item = &'v Labelled>) {
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

    fn number(&mut self, name: &str, value: i64) {
        self.document.add_i64(self.layout.other(name), value);
    }

    fn raw(&mut self, name: &str, value: &str) {
        self.document.add_text(self.layout.other(name), value);
    }
}

fn filler(layout: &Layout, id: i64) -> Filler<'_> {
    let mut document = TantivyDocument::default();
    document.add_i64(layout.id, id);
    Filler { layout, document }
}

/// What a CV's result shows, and the texts its highlights are cut from.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredCv {
    pub(crate) id: i64,
    pub(crate) civilite: String,
    pub(crate) nom: String,
    pub(crate) prenom: String,
    pub(crate) titre: String,
    pub(crate) experience: String,
    pub(crate) motivation: String,
    pub(crate) parcours: String,
    pub(crate) interventions: String,
    pub(crate) specialites: Vec<Labelled>,
    pub(crate) sous_specialites: Vec<Labelled>,
    pub(crate) regions: Vec<Labelled>,
    pub(crate) departements: Vec<Labelled>,
    pub(crate) statut: Option<Labelled>,
    pub(crate) langues: Vec<Labelled>,
    pub(crate) structure: Option<crate::document::StructureName>,
    pub(crate) employeur: String,
    pub(crate) fichiers: Vec<crate::document::Fichier>,
    pub(crate) validated_at: chrono::DateTime<chrono::Utc>,
    pub(crate) updated_at: chrono::DateTime<chrono::Utc>,
}

impl Indexed for CvDocument {
    const NAME: &'static str = "cvs";
    const SCHEMA_VERSION: u32 = 1;
    type Stored = StoredCv;

    fn layout() -> &'static Layout {
        static LAYOUT: OnceLock<Layout> = OnceLock::new();
        LAYOUT.get_or_init(|| {
            layout(
                &[
                    (QueryField::Nom, false, Some(4.0)),
                    (QueryField::Prenom, false, Some(2.0)),
                    (QueryField::Titre, true, Some(3.0)),
                    (QueryField::Specialite, true, Some(2.0)),
                    (QueryField::Region, true, None),
                    (QueryField::Employeur, true, None),
                    (QueryField::Structure, true, None),
                    (QueryField::Langue, true, None),
                    (QueryField::Cv, true, None),
                ],
                &[
                    Facet::Specialite,
                    Facet::SousSpecialite,
                    Facet::Region,
                    Facet::Departement,
                    Facet::Structure,
                    Facet::Statut,
                    Facet::Langue,
                ],
                &["date", "validated_at", "indisponible_du", "indisponible_au"],
            )
        })
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn to_tantivy(&self) -> Result<Option<TantivyDocument>, serde_json::Error> {
        let stored = StoredCv {
            id: self.id,
            civilite: self.civilite.clone(),
            nom: clean(&self.nom),
            prenom: clean(&self.prenom),
            titre: clean(&self.titre),
            experience: clean(&self.experience),
            motivation: clean(&self.motivation),
            parcours: clean(&self.parcours),
            interventions: clean(&self.interventions),
            specialites: self.specialites.clone(),
            sous_specialites: self.sous_specialites.clone(),
            regions: self.regions.clone(),
            departements: self.departements.clone(),
            statut: self.statut.clone(),
            langues: self.langues.clone(),
            structure: self.structure.clone(),
            employeur: clean(&self.employeur),
            fichiers: self
                .fichiers
                .iter()
                .map(|fichier| crate::document::Fichier {
                    nom: clean(&fichier.nom),
                    format: fichier.format.clone(),
                    text: clean(&fichier.text),
                })
                .collect(),
            validated_at: self.validated_at,
            updated_at: self.updated_at,
        };
        let mut filler = filler(Self::layout(), self.id);
        for text in [
            &stored.nom,
            &stored.prenom,
            &stored.titre,
            &stored.experience,
            &stored.motivation,
            &stored.parcours,
            &stored.interventions,
            &stored.employeur,
        ] {
            filler.everywhere(text);
        }
        filler.named(QueryField::Nom, &stored.nom);
        filler.named(QueryField::Prenom, &stored.prenom);
        filler.named(QueryField::Titre, &stored.titre);
        filler.named(QueryField::Employeur, &stored.employeur);
        for value in self.specialites.iter().chain(&self.sous_specialites) {
            filler.everywhere(&value.label);
            filler.named(QueryField::Specialite, &value.label);
        }
        for value in self.regions.iter().chain(&self.departements) {
            filler.everywhere(&value.label);
            filler.named(QueryField::Region, &value.label);
        }
        for value in &self.langues {
            filler.everywhere(&value.label);
            filler.named(QueryField::Langue, &value.label);
        }
        if let Some(statut) = &self.statut {
            filler.everywhere(&statut.label);
        }
        if let Some(structure) = &self.structure {
            filler.everywhere(&structure.nom);
            filler.named(QueryField::Structure, &structure.nom);
        }
        for fichier in &stored.fichiers {
            filler.everywhere(&fichier.text);
            filler.named(QueryField::Cv, &fichier.text);
        }
        filler.facet(Facet::Specialite, &self.specialites);
        filler.facet(Facet::SousSpecialite, &self.sous_specialites);
        filler.facet(Facet::Region, &self.regions);
        filler.facet(Facet::Departement, &self.departements);
        filler.facet(Facet::Statut, &self.statut);
        filler.facet(Facet::Langue, &self.langues);
        filler.facet(
            Facet::Structure,
            &self.structure.as_ref().map(|structure| Labelled::new(structure.id.to_string(), &structure.nom)),
        );
        filler.number("date", self.updated_at.timestamp_micros());
        filler.number("validated_at", self.validated_at.timestamp_micros());
        for period in &self.indisponibilites {
            filler.number("indisponible_du", day(period.du));
            filler.number("indisponible_au", day(period.au));
        }
        filler.raw("nom_tri", &french::fold(&format!("{} {}", stored.nom, stored.prenom)));
        filler.document.add_bytes(Self::layout().stored, &serde_json::to_vec(&stored)?);
        Ok(Some(filler.document))
    }
}

/// What an annonce's result shows.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredAnnonce {
    pub(crate) id: i64,
    pub(crate) numero: String,
    pub(crate) titre: String,
    pub(crate) description: String,
    pub(crate) structure: crate::document::StructureName,
    pub(crate) specialite: Option<Labelled>,
    pub(crate) sous_specialite: Option<Labelled>,
    pub(crate) regions: Vec<Labelled>,
    pub(crate) departements: Vec<Labelled>,
    pub(crate) modalite: Option<Labelled>,
    pub(crate) du: Option<NaiveDate>,
    pub(crate) au: Option<NaiveDate>,
    pub(crate) publiee_at: chrono::DateTime<chrono::Utc>,
}

impl Indexed for AnnonceDocument {
    const NAME: &'static str = "annonces";
    const SCHEMA_VERSION: u32 = 1;
    type Stored = StoredAnnonce;

    fn layout() -> &'static Layout {
        static LAYOUT: OnceLock<Layout> = OnceLock::new();
        LAYOUT.get_or_init(|| {
            layout(
                &[
                    (QueryField::Titre, true, Some(3.0)),
                    (QueryField::Specialite, true, Some(2.0)),
                    (QueryField::Region, true, None),
                    (QueryField::Structure, true, None),
                    (QueryField::Numero, false, Some(4.0)),
                ],
                &[
                    Facet::Specialite,
                    Facet::SousSpecialite,
                    Facet::Region,
                    Facet::Departement,
                    Facet::Structure,
                    Facet::Modalite,
                ],
                &["date", "du", "au"],
            )
        })
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn to_tantivy(&self) -> Result<Option<TantivyDocument>, serde_json::Error> {
        if self.etat != PUBLIEE {
            return Ok(None);
        }
        let stored = StoredAnnonce {
            id: self.id,
            numero: self.numero.clone(),
            titre: clean(&self.titre),
            description: clean(&self.description),
            structure: self.structure.clone(),
            specialite: self.specialite.clone(),
            sous_specialite: self.sous_specialite.clone(),
            regions: self.regions.clone(),
            departements: self.departements.clone(),
            modalite: self.modalite.clone(),
            du: self.du,
            au: self.au,
            publiee_at: self.publiee_at,
        };
        let mut filler = filler(Self::layout(), self.id);
        for text in [&stored.numero, &stored.titre, &stored.description, &stored.structure.nom] {
            filler.everywhere(text);
        }
        filler.named(QueryField::Numero, &stored.numero);
        filler.named(QueryField::Titre, &stored.titre);
        filler.named(QueryField::Structure, &stored.structure.nom);
        for value in self.specialite.iter().chain(&self.sous_specialite) {
            filler.everywhere(&value.label);
            filler.named(QueryField::Specialite, &value.label);
        }
        for value in self.regions.iter().chain(&self.departements) {
            filler.everywhere(&value.label);
            filler.named(QueryField::Region, &value.label);
        }
        if let Some(modalite) = &self.modalite {
            filler.everywhere(&modalite.label);
        }
        let national = [Labelled::new(NATIONAL, "")];
        let (regions, departements) = if self.is_national() {
            (&national[..], &national[..])
        } else {
            (&self.regions[..], &self.departements[..])
        };
        filler.facet(Facet::Specialite, &self.specialite);
        filler.facet(Facet::SousSpecialite, &self.sous_specialite);
        filler.facet(Facet::Region, regions);
        filler.facet(Facet::Departement, departements);
        filler.facet(Facet::Modalite, &self.modalite);
        filler.facet(Facet::Structure, [&Labelled::new(self.structure.id.to_string(), &self.structure.nom)]);
        filler.number("date", self.publiee_at.timestamp_micros());
        // Unknown ends are open ends.
        filler.number("du", self.du.map_or(i64::MIN / 2, day));
        filler.number("au", self.au.map_or(i64::MAX / 2, day));
        filler.raw("nom_tri", &french::fold(&stored.titre));
        filler.raw("numero_exact", &bare_number(&self.numero));
        filler.document.add_bytes(Self::layout().stored, &serde_json::to_vec(&stored)?);
        Ok(Some(filler.document))
    }
}
