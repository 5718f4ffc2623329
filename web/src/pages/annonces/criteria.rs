//! Turns the address of a search into the search, and back: the address holds all of it.

use chrono::NaiveDate;
use domain::annonce::NumeroAnnonce;
use search_index::{AnnonceResults, AnnonceSearch, Facet, Filters, Page, Sort};

use crate::app::{App, Referentiels};
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::recherche::{PAGE_SIZE, called, chosen, on_index, page_instead, page_number, parameter, quoted};
use crate::views::Query;

/// The words of `tri`; without one the best match comes first.
pub const SORTS: [(&str, Sort); 6] = [
    ("date", Sort::Date),
    ("-date", Sort::Oldest),
    ("titre", Sort::Nom),
    ("-titre", Sort::NomDescending),
    ("periode", Sort::Period),
    ("-periode", Sort::PeriodDescending),
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    pub q: String,
    pub specialites: Vec<String>,
    pub sous_specialites: Vec<String>,
    pub regions: Vec<String>,
    pub departements: Vec<String>,
    pub structures: Vec<String>,
    pub du: Option<NaiveDate>,
    pub au: Option<NaiveDate>,
    pub numero: String,
    pub sort: Sort,
    pub page: usize,
}

/// What an answer needs beside its rows.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub page: Page,
    pub facets: bool,
    pub highlights: bool,
    pub as_you_type: bool,
}

impl Criteria {
    /// Reads a query string. It never fails: values that make no sense are left out.
    pub fn read(fields: &Fields, known: &Referentiels) -> Self {
        let specialites = chosen(fields, "specialite");
        let regions = chosen(fields, "region");
        // The list may still hold a choice that belongs to a spécialité or région chosen before.
        let sous_specialites = chosen(fields, "sous_specialite")
            .into_iter()
            .filter(|code| {
                let parent =
                    known.specialites.iter().find(|item| item.code == *code).and_then(|item| item.parent_code.as_ref());
                specialites.is_empty() || parent.is_none_or(|parent| specialites.contains(parent))
            })
            .collect();
        let departements = chosen(fields, "departement")
            .into_iter()
            .filter(|code| {
                let region = known.departements.iter().find(|item| item.code == *code).map(|item| &item.region_code);
                regions.is_empty() || region.is_none_or(|region| regions.contains(region))
            })
            .collect();
        let (mut du, mut au) = (fields.day("du"), fields.day("au"));
        if let (Some(from), Some(to)) = (du, au)
            && from > to
        {
            (du, au) = (Some(to), Some(from));
        }
        Self {
            q: fields.searched("q"),
            specialites,
            sous_specialites,
            regions,
            departements,
            structures: chosen(fields, "structure"),
            du,
            au,
            numero: fields.searched("numero"),
            sort: SORTS.iter().find(|(word, _)| *word == fields.one("tri")).map_or(Sort::Relevance, |(_, sort)| *sort),
            page: page_number(fields),
        }
    }

    /// The order that the results really have: without words nothing is more relevant than the latest.
    pub fn effective_sort(&self) -> Sort {
        match self.sort {
            Sort::Relevance if self.q.is_empty() => Sort::Date,
            sort => sort,
        }
    }

    /// The codes chosen in each list.
    fn lists(&self) -> [(Facet, &Vec<String>); 5] {
        [
            (Facet::Specialite, &self.specialites),
            (Facet::SousSpecialite, &self.sous_specialites),
            (Facet::Region, &self.regions),
            (Facet::Departement, &self.departements),
            (Facet::Structure, &self.structures),
        ]
    }

    /// The address of this search under `path`, without its page.
    pub fn query(&self, path: &str) -> Query {
        let mut query = Query::new(path).add("q", &self.q);
        for (facet, values) in self.lists() {
            for value in values {
                query = query.add(parameter(facet), value);
            }
        }
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let tri = SORTS.iter().find(|(_, sort)| *sort == self.sort).map_or("", |(word, _)| *word);
        query.add("du", &day(self.du)).add("au", &day(self.au)).add("numero", &self.numero).add("tri", tri)
    }

    /// How many criteria are set besides the words.
    pub fn count(&self) -> u64 {
        let values: usize = self.lists().iter().map(|(_, values)| values.len()).sum();
        values as u64 + u64::from(self.du.is_some()) + u64::from(self.au.is_some()) + u64::from(!self.numero.is_empty())
    }

    /// The search in words: « « budget » · Bretagne · à partir du 12/01/2027 ».
    pub fn said(&self, app: &App) -> String {
        let known = app.referentiels();
        let mut said: Vec<String> = Vec::new();
        if !self.q.is_empty() {
            said.push(quoted(&self.q));
        }
        for (facet, codes) in self.lists() {
            said.extend(codes.iter().map(|code| called(&known, facet, code, code).to_owned()));
        }
        said.extend(self.du.map(|day| format!("à partir du {}", day.format("%d/%m/%Y"))));
        said.extend(self.au.map(|day| format!("jusqu’au {}", day.format("%d/%m/%Y"))));
        if !self.numero.is_empty() {
            said.push(format!("n° {}", self.numero));
        }
        said.join(" · ")
    }

    /// The search of the index. A whole number among the words is the number of an annonce.
    pub fn search(&self, wanted: Wanted) -> AnnonceSearch {
        let mut filters = Filters::default();
        for (facet, values) in self.lists() {
            for value in values {
                filters.add(facet, value);
            }
        }
        let typed_number = NumeroAnnonce::parse(&self.q).filter(|_| self.numero.is_empty());
        let numero = match typed_number {
            Some(numero) => numero.to_string(),
            None => NumeroAnnonce::parse(&self.numero).map_or_else(|| self.numero.clone(), |numero| numero.to_string()),
        };
        AnnonceSearch {
            text: if typed_number.is_some() { String::new() } else { self.q.clone() },
            as_you_type: wanted.as_you_type,
            filters,
            only: None,
            numero: Some(numero).filter(|numero| !numero.is_empty()),
            du: self.du,
            au: self.au,
            sort: self.sort,
            page: wanted.page,
            with_facets: wanted.facets,
            with_highlights: wanted.highlights,
            only_complete: false,
        }
    }

    /// Searches; returns the results and their page, which is the last one when a later page was asked for.
    pub async fn find(&self, app: &App, facets: bool, as_you_type: bool) -> Result<(AnnonceResults, usize), Error> {
        let page = |number| Page { number, size: PAGE_SIZE };
        let search = self.search(Wanted { page: page(self.page), facets, highlights: facets, as_you_type });
        let asked = self.page;
        on_index(app, move |index| {
            let found = index.search_annonces(&search)?;
            match page_instead(asked, found.total, found.hits.len()) {
                Some(last) => Ok((index.search_annonces(&AnnonceSearch { page: page(last), ..search })?, last)),
                None => Ok((found, asked)),
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::referentiels::{Departement, Specialite};

    fn known() -> Referentiels {
        let specialite = |code: &str, parent: Option<&str>| Specialite {
            code: code.into(),
            nom: code.into(),
            parent_code: parent.map(Into::into),
            actif: true,
            description: String::new(),
        };
        let departement =
            |code: &str, region: &str| Departement { code: code.into(), nom: code.into(), region_code: region.into() };
        Referentiels {
            specialites: vec![specialite("finances", None), specialite("finances.budget", Some("finances"))],
            departements: vec![departement("35", "53"), departement("44", "52")],
            ..Referentiels::default()
        }
    }

    fn read(query: &str) -> Criteria {
        Criteria::read(&Fields::parse(query), &known())
    }

    const ALL: Wanted =
        Wanted { page: Page { number: 1, size: 20 }, facets: true, highlights: true, as_you_type: false };

    #[test]
    fn a1_the_address_carries_the_whole_search() {
        let address = "q=march%C3%A9s%20publics&specialite=finances&sous_specialite=finances.budget&region=53&region=52\
                       &departement=35&structure=4&du=2027-01-12&au=2027-03-27&numero=2026-0412&tri=titre";
        let criteria = read(address);
        assert_eq!(criteria.query("/annonces").href(), format!("/annonces?{address}"));
        assert_eq!(criteria.count(), 9);
        let search = criteria.search(ALL);
        assert_eq!(search.text, "marchés publics");
        assert_eq!(search.filters.chosen(Facet::Region), ["53", "52"]);
        assert_eq!((search.du, search.au), (criteria.du, criteria.au));
        assert_eq!(search.sort, Sort::Nom);
    }

    #[test]
    fn a1_an_exact_number_is_looked_up_as_one() {
        for typed in ["q=2026-0412", "q=n%C2%B0%202026-412", "numero=2026-412"] {
            let search = read(typed).search(ALL);
            assert_eq!(search.numero.as_deref(), Some("2026-0412"), "{typed}");
            assert_eq!(search.text, "", "{typed}");
        }
        assert_eq!(read("q=budget 2026-0412").search(ALL).numero, None);
    }

    #[test]
    fn a1_a_sub_choice_of_another_parent_is_dropped() {
        assert_eq!(read("specialite=rh&sous_specialite=finances.budget").sous_specialites, Vec::<String>::new());
        assert_eq!(read("sous_specialite=finances.budget").sous_specialites, ["finances.budget"]);
        assert_eq!(read("region=53&departement=44&departement=35").departements, ["35"]);
    }

    #[test]
    fn q8_an_odd_address_is_still_a_search() {
        let odd = read("q=%00%FF&du=hier&au=9999-99-99&page=-1&tri=%27&region=&region=53&region=53&structure=abc");
        assert_eq!((odd.du, odd.au, odd.page, odd.sort), (None, None, 1, Sort::Relevance));
        assert_eq!(odd.regions, ["53"]);
        let turned = read("du=2027-03-27&au=2027-01-12");
        assert!(turned.du < turned.au);
        assert_eq!(read("").effective_sort(), Sort::Date);
    }
}
