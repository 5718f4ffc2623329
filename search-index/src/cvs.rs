//! CVs: what of them enters the index, and the search in the CV-thèque.

use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::query::Occur;

use crate::availability::AwayOn;
use crate::document::{CvDocument, Fichier, Labelled, StructureName};
use crate::error::{Error, guarded};
use crate::facets::Filters;
use crate::french;
use crate::highlight::{Candidate, Highlight, Highlighter, Source, head};
use crate::schema::{Boost, Facet, Filler, Indexed, Layout, QueryField, clean, day, layout};
use crate::search::{Clauses, Page, Request, Results, Sort, labels, silent};
use crate::weights::WEIGHTS;
use crate::writer::Shelf;

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
    pub(crate) structure: Option<StructureName>,
    pub(crate) employeur: String,
    pub(crate) fichiers: Vec<Fichier>,
    pub(crate) validated_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl Indexed for CvDocument {
    const NAME: &'static str = "cvs";
    const SCHEMA_VERSION: u32 = 4;
    type Stored = StoredCv;

    fn layout() -> &'static Layout {
        static LAYOUT: OnceLock<Layout> = OnceLock::new();
        LAYOUT.get_or_init(|| {
            layout(
                &[
                    (QueryField::Nom, false, Some(Boost::rarity(WEIGHTS.nom))),
                    (QueryField::Prenom, false, Some(Boost::rarity(WEIGHTS.prenom))),
                    (QueryField::Titre, true, Some(Boost::rarity(WEIGHTS.titre))),
                    (QueryField::Specialite, true, Some(Boost::rarity(WEIGHTS.specialite))),
                    (QueryField::Region, true, Some(Boost::alike(WEIGHTS.lieu))),
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
                .map(|fichier| Fichier {
                    nom: clean(&fichier.nom),
                    format: fichier.format.clone(),
                    text: clean(&fichier.text),
                })
                .collect(),
            validated_at: self.validated_at,
            updated_at: self.updated_at,
        };
        let mut filler = Filler::new(Self::layout(), self.id);
        filler.person(QueryField::Nom, &stored.nom);
        filler.person(QueryField::Prenom, &stored.prenom);
        for text in [
            &stored.titre,
            &stored.experience,
            &stored.motivation,
            &stored.parcours,
            &stored.interventions,
            &stored.employeur,
        ] {
            filler.everywhere(text);
        }
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
        filler.document.add_text(Self::layout().stored, serde_json::to_string(&stored)?);
        Ok(Some(filler.document))
    }
}

#[derive(Debug, Clone, Default)]
pub struct CvSearch {
    /// As typed.
    pub text: String,
    /// Results while one types: the last word is the beginning of a word.
    pub as_you_type: bool,
    pub filters: Filters,
    /// Only who declared no unavailability on that day.
    pub disponible_le: Option<NaiveDate>,
    /// Only this compte: whether one CV answers.
    pub only: Option<i64>,
    pub sort: Sort,
    pub page: Page,
    pub with_facets: bool,
    pub with_highlights: bool,
    /// Only who has all that is asked for, as long as somebody has.
    pub only_complete: bool,
}

impl CvSearch {
    /// The same search, only to count who has all of it: the smallest page, neither facets nor passages.
    pub fn counting(self) -> Self {
        let page = Page { number: 1, size: 1 };
        Self { page, with_facets: false, with_highlights: false, only_complete: true, ..self }
    }
}

pub type CvResults = Results<CvHit>;
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CvHit {
    pub id: i64,
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    pub titre: String,
    pub specialites: Vec<Labelled>,
    pub sous_specialites: Vec<Labelled>,
    pub regions: Vec<Labelled>,
    pub departements: Vec<Labelled>,
    pub statut: Option<Labelled>,
    pub langues: Vec<Labelled>,
    pub structure: Option<StructureName>,
    pub employeur: String,
    /// Head of the experience, or of the motivation.
    pub extrait: String,
    pub validated_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Passages that answer the query, best first.
    pub highlights: Vec<Highlight>,
}

fn highlights(highlighter: &Highlighter, cv: &StoredCv) -> Vec<Highlight> {
    if highlighter.is_empty() {
        return Vec::new();
    }
    let specialites = labels(&[&cv.specialites, &cv.sous_specialites]);
    let regions = labels(&[&cv.regions, &cv.departements]);
    let langues = labels(&[&cv.langues]);
    let structure = cv.structure.as_ref().map_or("", |structure| structure.nom.as_str());
    let candidate = |source, field, text| Candidate { source, field, text };
    let mut candidates = vec![
        candidate(Source::Experience, None, &*cv.experience),
        candidate(Source::Motivation, None, &cv.motivation),
        candidate(Source::Parcours, None, &cv.parcours),
        candidate(Source::Interventions, None, &cv.interventions),
    ];
    for fichier in &cv.fichiers {
        let source = Source::Fichier { nom: fichier.nom.clone(), format: fichier.format.clone() };
        candidates.push(candidate(source, Some(QueryField::Cv), &fichier.text));
    }
    // Shown on the result in any case: a passage only for words that no text of the profile has.
    candidates.push(candidate(Source::Titre, Some(QueryField::Titre), &cv.titre));
    candidates.push(candidate(Source::Nom, Some(QueryField::Nom), &cv.nom));
    candidates.push(candidate(Source::Nom, Some(QueryField::Prenom), &cv.prenom));
    candidates.push(candidate(Source::Specialites, Some(QueryField::Specialite), &specialites));
    candidates.push(candidate(Source::Employeur, Some(QueryField::Employeur), &cv.employeur));
    candidates.push(candidate(Source::Regions, Some(QueryField::Region), &regions));
    candidates.push(candidate(Source::Structure, Some(QueryField::Structure), structure));
    candidates.push(candidate(Source::Langues, Some(QueryField::Langue), &langues));
    highlighter.passages(&candidates)
}

pub(crate) fn search(shelf: &Shelf<CvDocument>, search: &CvSearch) -> Result<CvResults, Error> {
    guarded(|| {
        let mut others: Clauses = Vec::new();
        if let Some(day) = search.disponible_le {
            others.push((Occur::MustNot, Box::new(AwayOn(day))));
        }
        if let Some(id) = search.only {
            others.push((Occur::Must, silent(Box::new(Shelf::<CvDocument>::of_id(id)))));
        }
        let found = shelf.find(&Request {
            text: &search.text,
            as_you_type: search.as_you_type,
            filters: &search.filters,
            others,
            sort: match search.sort {
                Sort::Period | Sort::PeriodDescending => Sort::Date,
                sort => sort,
            },
            page: search.page,
            with_facets: search.with_facets,
            extended: search.sort == Sort::Relevance && search.only.is_none() && !search.only_complete,
        })?;
        let mut hits = Vec::with_capacity(found.addresses.len());
        for address in found.addresses {
            let cv = Shelf::<CvDocument>::stored(&found.snapshot, address)?;
            let highlights = if search.with_highlights { highlights(&found.highlighter, &cv) } else { Vec::new() };
            let extrait = head(if cv.experience.trim().is_empty() { &cv.motivation } else { &cv.experience });
            hits.push(CvHit {
                id: cv.id,
                civilite: cv.civilite,
                nom: cv.nom,
                prenom: cv.prenom,
                titre: cv.titre,
                specialites: cv.specialites,
                sous_specialites: cv.sous_specialites,
                regions: cv.regions,
                departements: cv.departements,
                statut: cv.statut,
                langues: cv.langues,
                structure: cv.structure,
                employeur: cv.employeur,
                extrait,
                validated_at: cv.validated_at,
                updated_at: cv.updated_at,
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
