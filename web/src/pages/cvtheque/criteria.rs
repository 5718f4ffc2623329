//! Turns the address of a search into the search, and back: the address holds all of it.

use chrono::NaiveDate;
use search_index::{CvHit, CvResults, CvSearch, Facet, Filters, Page, Sort, Source};
use store::Store;

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::recherche::{PAGE_SIZE, called, chosen, on_index, page_instead, page_number, parameter, quoted};
use crate::views::Query;

/// The criteria that can be ticked, in the order of the page.
pub const FACETS: [Facet; 7] = [
    Facet::Specialite,
    Facet::SousSpecialite,
    Facet::Region,
    Facet::Departement,
    Facet::Statut,
    Facet::Langue,
    Facet::Structure,
];

/// The words of `tri`; without one the best match comes first.
const SORTS: [(&str, Sort); 2] = [("date", Sort::Date), ("nom", Sort::Nom)];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    pub q: String,
    pub filters: Filters,
    pub disponible_le: Option<NaiveDate>,
    pub sort: Sort,
    pub page: usize,
    pub fiche: Option<i64>,
}

impl Criteria {
    /// Reads a query string. It never fails: values that make no sense are left out.
    pub fn read(fields: &Fields) -> Self {
        let mut filters = Filters::default();
        for facet in FACETS {
            for value in chosen(fields, parameter(facet)) {
                filters.add(facet, value);
            }
        }
        Self {
            q: fields.searched("q"),
            filters,
            disponible_le: fields.day("disponible_le"),
            sort: SORTS.iter().find(|(word, _)| *word == fields.one("tri")).map_or(Sort::Relevance, |(_, sort)| *sort),
            page: page_number(fields),
            fiche: fields.number("fiche"),
        }
    }

    /// Reads the search in a whole address, as a form carries it.
    pub fn of_address(address: &str) -> Self {
        Self::read(&Fields::parse(address.split_once('?').map_or("", |(_, query)| query)))
    }

    /// The order that the results really have: without words nothing is more relevant than the latest.
    pub fn effective_sort(&self) -> Sort {
        match self.sort {
            Sort::Relevance if self.q.is_empty() => Sort::Date,
            sort => sort,
        }
    }

    /// The same words without any criterion.
    pub fn without_criteria(&self) -> Self {
        Self { q: self.q.clone(), ..Self::default() }
    }

    /// The address of this search under `path`, without its page and the person shown.
    pub fn query(&self, path: &str) -> Query {
        let mut query = Query::new(path).add("q", &self.q);
        for facet in FACETS {
            for value in self.filters.chosen(facet) {
                query = query.add(parameter(facet), value);
            }
        }
        let tri = SORTS.iter().find(|(_, sort)| *sort == self.sort).map_or("", |(word, _)| *word);
        query.add("disponible_le", &self.disponible_le.map(|day| day.to_string()).unwrap_or_default()).add("tri", tri)
    }

    /// How many criteria are set besides the words.
    pub fn count(&self) -> u64 {
        let ticked: usize = FACETS.iter().map(|facet| self.filters.chosen(*facet).len()).sum();
        ticked as u64 + u64::from(self.disponible_le.is_some())
    }

    /// The search in words: « « marchés publics » · Bretagne · disponible le 12/01/2027 ».
    pub fn said(&self, app: &App) -> String {
        let known = app.referentiels();
        let mut said: Vec<String> = Vec::new();
        if !self.q.is_empty() {
            said.push(quoted(&self.q));
        }
        for facet in FACETS {
            said.extend(self.filters.chosen(facet).iter().map(|code| called(&known, facet, code, code).to_owned()));
        }
        said.extend(self.disponible_le.map(|day| format!("disponible le {}", day.format("%d/%m/%Y"))));
        said.join(" · ")
    }

    pub fn search(&self, page: Page, as_you_type: bool) -> CvSearch {
        CvSearch {
            text: self.q.clone(),
            as_you_type,
            filters: self.filters.clone(),
            disponible_le: self.disponible_le,
            only: None,
            sort: self.sort,
            page,
            with_facets: true,
            with_highlights: true,
            only_complete: false,
        }
    }

    /// Searches; returns the hits and their page, which is the last one when a later page was asked for.
    pub async fn find(&self, app: &App, as_you_type: bool) -> Result<(CvResults, usize), Error> {
        let page = |number| Page { number, size: PAGE_SIZE };
        let search = self.search(page(self.page), as_you_type);
        let asked = self.page;
        on_index(app, move |index| {
            let found = index.search_cvs(&search)?;
            match page_instead(asked, found.total, found.hits.len()) {
                Some(last) => Ok((index.search_cvs(&CvSearch { page: page(last), ..search })?, last)),
                None => Ok((found, asked)),
            }
        })
        .await
    }
}

/// The use of the attached files, so that a passage can say « dans le CV joint » or « dans le diplôme joint ».
#[derive(Debug, Default)]
pub struct Uses(Vec<(domain::CompteId, String, String)>);

impl Uses {
    /// Loads them for the hits that were found in a file.
    pub async fn load(store: &Store, hits: &[CvHit]) -> Result<Self, Error> {
        let in_file =
            |hit: &&CvHit| hit.highlights.iter().any(|highlight| matches!(highlight.source, Source::Fichier { .. }));
        let comptes: Vec<domain::CompteId> = hits.iter().filter(in_file).map(|hit| domain::CompteId(hit.id)).collect();
        Self::of_people(store, &comptes).await
    }

    /// Loads them for these people.
    pub async fn of_people(store: &Store, comptes: &[domain::CompteId]) -> Result<Self, Error> {
        if comptes.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self(store::fichiers::uses(&mut store.read().await?, comptes).await?))
    }

    /// The use of the file with this passage.
    pub fn of(&self, compte: i64, source: &Source) -> Option<&str> {
        let Source::Fichier { nom, format: _ } = source else { return None };
        self.0.iter().find(|(owner, file, _)| owner.0 == compte && file == nom).map(|(_, _, emploi)| emploi.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_the_address_carries_the_whole_search() {
        let address = "q=march%C3%A9s%20SAUF%20stagiaire&specialite=juridique&specialite=finances&region=53\
                       &statut=retraite&langue=en&structure=4&disponible_le=2027-01-12&tri=nom";
        let criteria = Criteria::read(&Fields::parse(&format!("{address}&page=2&fiche=12")));
        assert_eq!(criteria.query("/cvtheque").href(), format!("/cvtheque?{address}"));
        assert_eq!((criteria.page, criteria.fiche, criteria.count()), (2, Some(12), 7));
        let search = criteria.search(Page::default(), true);
        assert_eq!(search.text, "marchés SAUF stagiaire");
        assert_eq!(search.filters.chosen(Facet::Specialite), ["juridique", "finances"]);
        assert!(search.disponible_le.is_some() && search.as_you_type);
        assert_eq!(
            criteria.without_criteria().query("/cvtheque").href(),
            "/cvtheque?q=march%C3%A9s%20SAUF%20stagiaire"
        );
    }

    #[test]
    fn q8_an_odd_address_is_still_a_search() {
        let odd = Criteria::read(&Fields::parse("q=%FF%00&disponible_le=demain&tri=%3Cb%3E&page=-3&fiche=x&region="));
        assert_eq!(
            (odd.disponible_le, odd.sort, odd.page, odd.fiche, odd.count()),
            (None, Sort::Relevance, 1, None, 0)
        );
    }
}
