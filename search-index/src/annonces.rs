//! Annonces: what of them enters the index, and the public search.

use std::ops::Bound;
use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use tantivy::query::{Occur, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{TantivyDocument, Term};

use crate::document::{AnnonceDocument, Labelled, PUBLIEE, StructureName};
use crate::error::{Error, guarded};
use crate::facets::Filters;
use crate::french;
use crate::highlight::{Candidate, Highlight, Highlighter, Source, head};
use crate::schema::{Boost, Facet, Filler, Indexed, Layout, NATIONAL, QueryField, clean, day, layout};
use crate::search::{Clauses, Page, Request, Results, Sort, labels, silent};
use crate::writer::Shelf;

/// The letters and digits of an annonce's number: typed with or without hyphens or spaces, it is the same.
fn bare_number(numero: &str) -> String {
    french::fold(numero).replace(' ', "")
}

/// What an annonce's result shows.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredAnnonce {
    pub(crate) id: i64,
    pub(crate) numero: String,
    pub(crate) titre: String,
    pub(crate) description: String,
    pub(crate) structure: StructureName,
    pub(crate) specialite: Option<Labelled>,
    pub(crate) sous_specialite: Option<Labelled>,
    pub(crate) regions: Vec<Labelled>,
    pub(crate) departements: Vec<Labelled>,
    pub(crate) modalite: Option<Labelled>,
    pub(crate) du: Option<NaiveDate>,
    pub(crate) au: Option<NaiveDate>,
    pub(crate) publiee_at: DateTime<Utc>,
}

impl Indexed for AnnonceDocument {
    const NAME: &'static str = "annonces";
    const SCHEMA_VERSION: u32 = 4;
    type Stored = StoredAnnonce;

    fn layout() -> &'static Layout {
        static LAYOUT: OnceLock<Layout> = OnceLock::new();
        LAYOUT.get_or_init(|| {
            layout(
                &[
                    (QueryField::Titre, true, Some(Boost::rarity(3.0))),
                    (QueryField::Specialite, true, Some(Boost::rarity(2.0))),
                    (QueryField::Region, true, None),
                    (QueryField::Structure, true, None),
                    (QueryField::Numero, false, Some(Boost::rarity(4.0))),
                ],
                &[
                    Facet::Specialite,
                    Facet::SousSpecialite,
                    Facet::Region,
                    Facet::Departement,
                    Facet::Structure,
                    Facet::Modalite,
                ],
                &["date", "du", "au", "debut"],
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
        let mut filler = Filler::new(Self::layout(), self.id);
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
        filler.number("debut", self.du.or(self.au).map_or(i64::MAX / 2, day));
        filler.raw("nom_tri", &french::fold(&stored.titre));
        filler.raw("numero_exact", &bare_number(&self.numero));
        filler.document.add_text(Self::layout().stored, serde_json::to_string(&stored)?);
        Ok(Some(filler.document))
    }
}

#[derive(Debug, Clone, Default)]
pub struct AnnonceSearch {
    /// As typed.
    pub text: String,
    pub as_you_type: bool,
    /// What is chosen in the facets; an annonce without région comes for every région and département.
    pub filters: Filters,
    /// Only this row: whether one annonce answers.
    pub only: Option<i64>,
    /// The number, with or without its hyphens.
    pub numero: Option<String>,
    /// Only what takes place, at least in part, on or after this day.
    pub du: Option<NaiveDate>,
    /// Only what takes place, at least in part, on or before this day.
    pub au: Option<NaiveDate>,
    pub sort: Sort,
    pub page: Page,
    pub with_facets: bool,
    pub with_highlights: bool,
    /// Only what has all that is asked for, as long as something has.
    pub only_complete: bool,
}

impl AnnonceSearch {
    /// The same search, only to count what has all of it: the smallest page, neither facets nor passages.
    pub fn counting(self) -> Self {
        let page = Page { number: 1, size: 1 };
        Self { page, with_facets: false, with_highlights: false, only_complete: true, ..self }
    }
}

pub type AnnonceResults = Results<AnnonceHit>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnnonceHit {
    pub id: i64,
    pub numero: String,
    pub titre: String,
    pub extrait: String,
    pub structure: StructureName,
    pub specialite: Option<Labelled>,
    pub sous_specialite: Option<Labelled>,
    /// Régions; none and no département: national.
    pub regions: Vec<Labelled>,
    pub departements: Vec<Labelled>,
    pub modalite: Option<Labelled>,
    /// First day.
    pub du: Option<NaiveDate>,
    /// Last day.
    pub au: Option<NaiveDate>,
    pub publiee_at: DateTime<Utc>,
    /// Passages that answer the query, best first.
    pub highlights: Vec<Highlight>,
}

fn highlights(highlighter: &Highlighter, annonce: &StoredAnnonce) -> Vec<Highlight> {
    if highlighter.is_empty() {
        return Vec::new();
    }
    let specialites = labels(&[annonce.specialite.as_slice(), annonce.sous_specialite.as_slice()]);
    let regions = labels(&[&annonce.regions, &annonce.departements]);
    let candidate = |source, field, text| Candidate { source, field, text };
    highlighter.passages(&[
        candidate(Source::Description, None, &annonce.description),
        candidate(Source::Titre, Some(QueryField::Titre), &annonce.titre),
        candidate(Source::Numero, Some(QueryField::Numero), &annonce.numero),
        candidate(Source::Specialites, Some(QueryField::Specialite), &specialites),
        candidate(Source::Structure, Some(QueryField::Structure), &annonce.structure.nom),
        candidate(Source::Regions, Some(QueryField::Region), &regions),
    ])
}

pub(crate) fn search(shelf: &Shelf<AnnonceDocument>, search: &AnnonceSearch) -> Result<AnnonceResults, Error> {
    guarded(|| {
        let layout = AnnonceDocument::layout();
        let mut others: Clauses = Vec::new();
        let date = |name: &str, date: NaiveDate| Term::from_field_i64(layout.other(name), day(date));
        if let Some(from) = search.du {
            let ends_after = RangeQuery::new(Bound::Included(date("au", from)), Bound::Unbounded);
            others.push((Occur::Must, silent(Box::new(ends_after))));
        }
        if let Some(to) = search.au {
            let begins_before = RangeQuery::new(Bound::Unbounded, Bound::Included(date("du", to)));
            others.push((Occur::Must, silent(Box::new(begins_before))));
        }
        if let Some(id) = search.only {
            others.push((Occur::Must, silent(Box::new(Shelf::<AnnonceDocument>::of_id(id)))));
        }
        if let Some(numero) = search.numero.as_deref().map(bare_number).filter(|numero| !numero.is_empty()) {
            let term = Term::from_field_text(layout.other("numero_exact"), &numero);
            others.push((Occur::Must, silent(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))));
        }
        let found = shelf.find(&Request {
            text: &search.text,
            as_you_type: search.as_you_type,
            filters: &search.filters,
            others,
            sort: search.sort,
            page: search.page,
            with_facets: search.with_facets,
            extended: search.sort == Sort::Relevance && search.only.is_none() && !search.only_complete,
        })?;
        let mut hits = Vec::with_capacity(found.addresses.len());
        for address in found.addresses {
            let annonce = Shelf::<AnnonceDocument>::stored(&found.snapshot, address)?;
            let highlights = if search.with_highlights { highlights(&found.highlighter, &annonce) } else { Vec::new() };
            hits.push(AnnonceHit {
                id: annonce.id,
                numero: annonce.numero,
                titre: annonce.titre,
                extrait: head(&annonce.description),
                structure: annonce.structure,
                specialite: annonce.specialite,
                sous_specialite: annonce.sous_specialite,
                regions: annonce.regions,
                departements: annonce.departements,
                modalite: annonce.modalite,
                du: annonce.du,
                au: annonce.au,
                publiee_at: annonce.publiee_at,
                highlights,
            });
        }
        Ok(Results {
            total: found.total,
            complete: found.complete,
            hits,
            facets: found.facets,
            interpretation: found.interpretation,
        })
    })
}
