//! Criteria, counts, order, pages and passages (SPEC A1, G3).

mod common;

use std::collections::BTreeMap;

use common::{annonce, counts, cv, day, facts, fichier, index, instant, labelled, search};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use search_index::{
    AnnonceDocument, AnnonceSearch, CvDocument, CvSearch, Facet, Filters, Highlight, Page, Period, Segment, Sort,
    Source, StructureName,
};

/// People whose criteria are drawn from a seed.
fn drawn(count: i64) -> Vec<CvDocument> {
    let mut random = StdRng::seed_from_u64(5);
    (1..=count)
        .map(|id| {
            let mut person =
                cv(id, &format!("Nom{id}"), "P", ["paie", "budget", "paie budget"][random.random_range(0..3)]);
            for facet in 0..3 {
                let values: Vec<_> = (0..random.random_range(0..4))
                    .map(|_| random.random_range(0..5))
                    .map(|value| labelled(&format!("{value}"), &format!("Valeur {value}")))
                    .collect();
                match facet {
                    0 => person.specialites = values,
                    1 => person.regions = values,
                    _ => person.langues = values,
                }
            }
            person.statut = random.random_bool(0.8).then(|| labelled("retraite", "Retraité"));
            person.structure = random
                .random_bool(0.9)
                .then(|| StructureName { id: random.random_range(1..4), nom: "Délégation".into() });
            if random.random_bool(0.3) {
                person.indisponibilites.push(Period { du: day("2026-12-01"), au: day("2026-12-15") });
                person.indisponibilites.push(Period { du: day("2027-02-01"), au: day("2027-02-02") });
            }
            person
        })
        .collect()
}

fn codes(person: &CvDocument, facet: Facet) -> Vec<String> {
    let mut codes: Vec<String> = match facet {
        Facet::Specialite => person.specialites.iter().map(|value| value.code.clone()).collect(),
        Facet::Region => person.regions.iter().map(|value| value.code.clone()).collect(),
        Facet::Langue => person.langues.iter().map(|value| value.code.clone()).collect(),
        Facet::Statut => person.statut.iter().map(|value| value.code.clone()).collect(),
        Facet::Structure => person.structure.iter().map(|structure| structure.id.to_string()).collect(),
        Facet::SousSpecialite | Facet::Departement | Facet::Modalite => Vec::new(),
    };
    codes.sort();
    codes.dedup();
    codes
}

const COUNTED: [Facet; 5] = [Facet::Specialite, Facet::Region, Facet::Langue, Facet::Statut, Facet::Structure];

fn fits(person: &CvDocument, wanted: &CvSearch, without: Option<Facet>) -> bool {
    let words = wanted.text.split(' ').filter(|word| !word.is_empty()).all(|word| person.experience.contains(word));
    let free = wanted
        .disponible_le
        .is_none_or(|day| !person.indisponibilites.iter().any(|away| away.du <= day && day <= away.au));
    let chosen = COUNTED.iter().filter(|facet| Some(**facet) != without).all(|&facet| {
        let chosen = wanted.filters.chosen(facet);
        chosen.is_empty() || codes(person, facet).iter().any(|code| chosen.contains(code))
    });
    words && free && chosen
}

#[test]
fn g3_counts_and_totals_equal_a_naive_count() {
    let mut people = drawn(700);
    let (_folder, index) = index(&people[..400], &[]);
    // Several segments, and documents replaced and deleted among them.
    for (batch, chunk) in people[400..].chunks(60).enumerate() {
        for person in chunk {
            index.cvs().upsert(person).expect("accepted");
        }
        index.cvs().commit(batch as i64, batch as i64 + 1).expect("committed");
    }
    for id in (1..=700).step_by(7) {
        index.cvs().delete(id).expect("accepted");
    }
    for person in people.iter_mut().filter(|person| person.id % 5 == 0 && person.id % 7 != 1) {
        person.experience = "paie".into();
        person.regions = vec![labelled("9", "Neuve")];
        index.cvs().upsert(person).expect("accepted");
    }
    index.cvs().commit(5, 9).expect("committed");
    people.retain(|person| person.id % 7 != 1);

    let mut random = StdRng::seed_from_u64(9);
    for round in 0..150 {
        let mut filters = Filters::default();
        for facet in COUNTED {
            for _ in 0..random.random_range(0..3_usize).saturating_sub(usize::from(random.random_bool(0.5))) {
                let value = random.random_range(0..6);
                let code = if facet == Facet::Statut { "retraite".to_owned() } else { value.to_string() };
                filters.add(facet, code);
            }
        }
        let wanted = CvSearch {
            text: ["", "paie", "budget", "paie budget"][random.random_range(0..4)].into(),
            filters,
            disponible_le: random.random_bool(0.3).then(|| day(["2026-12-15", "2027-02-01", "2027-01-15"][round % 3])),
            with_facets: true,
            page: Page { number: 1, size: 200 },
            sort: [Sort::Relevance, Sort::Date, Sort::Nom][round % 3],
            ..CvSearch::default()
        };
        let found = index.search_cvs(&wanted).expect("an answer");
        let expected: Vec<i64> = people.iter().filter(|p| fits(p, &wanted, None)).map(|p| p.id).collect();
        assert!(!found.interpretation.relaxed, "the words themselves match: {wanted:?}");
        assert_eq!(found.total, expected.len() as u64, "{wanted:?}");
        let mut ids: Vec<i64> = found.hits.iter().map(|hit| hit.id).collect();
        assert_eq!(ids.len(), expected.len().min(200));
        ids.sort_unstable();
        ids.dedup();
        assert!(ids.iter().all(|id| expected.contains(id)), "{wanted:?}");
        for facet in COUNTED {
            let mut naive: BTreeMap<String, u64> = BTreeMap::new();
            for person in people.iter().filter(|person| fits(person, &wanted, Some(facet))) {
                for code in codes(person, facet) {
                    *naive.entry(code).or_default() += 1;
                }
            }
            // A chosen value is shown even without any result.
            for code in wanted.filters.chosen(facet) {
                naive.entry(code.clone()).or_default();
            }
            assert_eq!(counts(&found.facets, facet), naive.into_iter().collect::<Vec<_>>(), "{facet:?} {wanted:?}");
        }
    }
}

fn annonces() -> Vec<AnnonceDocument> {
    let bretagne = labelled("53", "Bretagne");
    let occitanie = labelled("76", "Occitanie");
    let mut paie = annonce(1, "Formation paie", "Animer deux jours sur la paie");
    paie.specialite = Some(labelled("RH", "Ressources humaines"));
    paie.sous_specialite = Some(labelled("RH1", "Paie"));
    paie.regions = vec![bretagne.clone()];
    paie.departements = vec![labelled("35", "Ille-et-Vilaine")];
    paie.du = Some(day("2027-01-10"));
    paie.au = Some(day("2027-01-12"));
    let mut budget = annonce(2, "Budget communal", "Construire un budget");
    budget.specialite = Some(labelled("FIN", "Finances"));
    budget.regions = vec![occitanie];
    budget.structure = StructureName { id: 8, nom: "Délégation Occitanie".into() };
    budget.du = Some(day("2027-03-01"));
    let mut national = annonce(3, "Paie à distance", "Partout en France");
    national.specialite = Some(labelled("RH", "Ressources humaines"));
    national.modalite = Some(labelled("distanciel", "À distance"));
    let mut brouillon = annonce(4, "Brouillon paie", "À relire");
    brouillon.etat = "brouillon".into();
    brouillon.regions = vec![bretagne];
    vec![paie, budget, national, brouillon]
}

fn annonce_ids(index: &search_index::SearchIndex, wanted: &AnnonceSearch) -> Vec<i64> {
    let mut found: Vec<i64> = index.search_annonces(wanted).expect("an answer").hits.iter().map(|hit| hit.id).collect();
    found.sort_unstable();
    found
}

#[test]
fn a1_criteria_are_cumulative() {
    let (_folder, index) = index(&[], &annonces());
    let with =
        |facet, code: &str| AnnonceSearch { filters: Filters::default().with(facet, code), ..Default::default() };
    let text = |text: &str| AnnonceSearch { text: text.into(), ..Default::default() };
    for (wanted, expected) in [
        (AnnonceSearch::default(), &[1, 2, 3][..]),
        (text("paies"), &[1, 3]),
        (text("numero:2026-0002"), &[2]),
        (text("cv:paie"), &[1, 3]),
        (with(Facet::Specialite, "RH"), &[1, 3]),
        (with(Facet::SousSpecialite, "RH1"), &[1]),
        (with(Facet::Structure, "8"), &[2]),
        (with(Facet::Modalite, "distanciel"), &[3]),
        (
            AnnonceSearch {
                filters: with(Facet::Specialite, "RH").filters.with(Facet::Region, "53"),
                ..text("animer")
            },
            &[1],
        ),
        (AnnonceSearch { filters: with(Facet::Specialite, "FIN").filters.with(Facet::Region, "53"), ..text("") }, &[]),
        (
            AnnonceSearch { filters: with(Facet::Specialite, "FIN").filters.with(Facet::Specialite, "RH"), ..text("") },
            &[1, 2, 3],
        ),
        (AnnonceSearch { numero: Some("2026 0001".into()), ..Default::default() }, &[1]),
        (AnnonceSearch { numero: Some("20260001".into()), ..Default::default() }, &[1]),
        (AnnonceSearch { numero: Some("2026-0004".into()), ..Default::default() }, &[]),
        (AnnonceSearch { numero: Some(" ".into()), ..Default::default() }, &[1, 2, 3]),
        (AnnonceSearch { du: Some(day("2027-01-12")), au: Some(day("2027-01-31")), ..Default::default() }, &[1, 3]),
        (AnnonceSearch { du: Some(day("2027-01-13")), ..Default::default() }, &[2, 3]),
        (AnnonceSearch { au: Some(day("2027-01-09")), ..Default::default() }, &[3]),
    ] {
        assert_eq!(annonce_ids(&index, &wanted), expected, "{wanted:?}");
    }
}

#[test]
fn a1_a_national_annonce_comes_for_every_region() {
    let (_folder, index) = index(&[], &annonces());
    for (facet, code, expected) in [
        (Facet::Region, "53", &[1, 3][..]),
        (Facet::Region, "76", &[2, 3]),
        (Facet::Region, "11", &[3]),
        (Facet::Departement, "35", &[1, 3]),
    ] {
        let wanted =
            AnnonceSearch { filters: Filters::default().with(facet, code), with_facets: true, ..Default::default() };
        assert_eq!(annonce_ids(&index, &wanted), expected, "{code}");
        let found = index.search_annonces(&wanted).expect("an answer");
        assert_eq!(found.total, expected.len() as u64);
        // Choosing a value gives as many results as its count says.
        let counted = counts(&found.facets, facet);
        assert!(counted.contains(&(code.to_owned(), found.total)), "{code} {counted:?}");
        assert!(found.facets.iter().find(|f| f.facet == facet).is_some_and(|f| f.national == 1));
    }
}

#[test]
fn a1_an_annonce_no_longer_published_is_not_found() {
    let (_folder, index) = index(&[], &annonces());
    let mut closed = annonces().remove(0);
    closed.etat = "pourvue".into();
    index.annonces().upsert(&closed).expect("accepted");
    index.annonces().commit(0, 1).expect("committed");
    assert_eq!(annonce_ids(&index, &AnnonceSearch::default()), [2, 3]);
}

#[test]
fn a1_results_are_sorted_and_paged() {
    let mut people: Vec<CvDocument> = (1..=25).map(|id| cv(id, &format!("N{:02}", 99 - id), "P", "paie")).collect();
    people[0].nom = "Élan".into();
    people[1].nom = "de Brie".into();
    let (_folder, index) = index(&people, &[]);
    let page = |sort, number| {
        let wanted = CvSearch { sort, page: Page { number, size: 10 }, ..search("paie") };
        index.search_cvs(&wanted).expect("an answer").hits.iter().map(|hit| hit.id).collect::<Vec<_>>()
    };
    assert_eq!(page(Sort::Date, 1), (16..=25).rev().collect::<Vec<_>>());
    assert_eq!(page(Sort::Date, 3), [5, 4, 3, 2, 1]);
    assert_eq!(page(Sort::Date, 4), Vec::<i64>::new());
    assert_eq!(page(Sort::Date, usize::MAX), Vec::<i64>::new());
    assert_eq!(page(Sort::Nom, 1)[..4], [2, 1, 25, 24], "accents and case do not count");
    let mut all: Vec<i64> = (1..=3).flat_map(|number| page(Sort::Relevance, number)).collect();
    all.sort_unstable();
    assert_eq!(all, (1..=25).collect::<Vec<_>>());
}

#[test]
fn a1_annonces_are_sorted_both_ways() {
    let mut three = annonces();
    let on = |text: &str| Some(day(text));
    (three[0].titre, three[0].du, three[0].au) = ("Élagage".into(), on("2027-05-01"), None);
    (three[1].titre, three[1].du, three[1].au) = ("Zonage".into(), None, None);
    (three[2].titre, three[2].du, three[2].au) = ("Budget".into(), None, on("2027-02-01"));
    for (annonce, hours) in three.iter_mut().zip([2, 1, 3]) {
        annonce.publiee_at = chrono::DateTime::from_timestamp(hours * 3_600, 0).expect("a moment");
    }
    let ids: Vec<i64> = three.iter().map(|annonce| annonce.id).collect();
    let (_folder, index) = index(&[], &three);
    for text in ["", "SAUF motabsent"] {
        let by = |sort| {
            let wanted = AnnonceSearch { sort, text: text.into(), ..AnnonceSearch::default() };
            let found = index.search_annonces(&wanted).expect("an answer");
            found.hits.iter().map(|hit| hit.id).collect::<Vec<i64>>()
        };
        let places = |places: [usize; 3]| places.map(|place| ids[place]).to_vec();
        assert_eq!(by(Sort::Date), places([2, 0, 1]), "{text:?}");
        assert_eq!(by(Sort::Oldest), places([1, 0, 2]));
        assert_eq!(by(Sort::Nom), places([2, 0, 1]), "Budget, Élagage, Zonage");
        assert_eq!(by(Sort::NomDescending), places([1, 0, 2]));
        assert_eq!(by(Sort::Period), places([2, 0, 1]), "what has no day comes last");
        assert_eq!(by(Sort::PeriodDescending), places([1, 0, 2]));
    }
    let cvs = CvSearch { sort: Sort::Period, ..search("") };
    index.search_cvs(&cvs).expect("a CV has no day: by date");
}

fn text_of(highlight: &Highlight) -> String {
    highlight.segments.iter().map(|segment| segment.text.as_str()).collect()
}

fn matches(highlight: &Highlight) -> Vec<&str> {
    highlight.segments.iter().filter(|segment| segment.is_match).map(|segment| segment.text.as_str()).collect()
}

#[test]
fn g3_passages_name_the_file_they_come_from() {
    let mut person = cv(1, "Martin", "Zoé", "Gestion du personnel communal");
    let filler = "Mot de remplissage sans rapport. ".repeat(40);
    person.fichiers.push(fichier(
        "mon cv.pdf",
        "PDF",
        &format!("{filler}<b>Responsable</b> de la\n\n  sécurité des Données & réseaux d'écoles.{filler}"),
    ));
    let (_folder, index) = index(&[person], &[]);
    let wanted = CvSearch { with_highlights: true, ..search("donnees securite personnel") };
    let hit = &index.search_cvs(&wanted).expect("an answer").hits[0];
    let best = &hit.highlights[0];
    assert_eq!(best.source, Source::Fichier { nom: "mon cv.pdf".into(), format: "PDF".into() });
    assert_eq!(matches(best), ["sécurité", "Données"]);
    let text = text_of(best);
    assert!(text.contains("<b>Responsable</b> de la sécurité des Données & réseaux d'écoles."), "{text}");
    assert!(text.starts_with('…') && text.ends_with('…') && text.len() < 400, "{text}");
    assert_eq!(hit.highlights[1].source, Source::Experience, "what the first passage lacks");
    assert_eq!(matches(&hit.highlights[1]), ["personnel"]);
    assert_eq!(hit.highlights.len(), 2);
}

#[test]
fn g3_passages_answer_the_query_as_it_was_meant() {
    let mut person =
        cv(1, "Martin", "Zoé", "Les verts espaces, puis les espaces verts. L’accueil des élèves; comptable.");
    person.titre = "Jardinière".into();
    person.fichiers.push(fichier("a.odt", "ODT", "Accueil en crèche"));
    let (_folder, index) = index(&[person], &[]);
    let passages = |text: &str| {
        let wanted = CvSearch { with_highlights: true, ..search(text) };
        index.search_cvs(&wanted).expect("an answer").hits.remove(0).highlights
    };
    let experience = |text: &str| {
        let found = passages(text);
        assert_eq!(found[0].source, Source::Experience, "{text}");
        matches(&found[0]).join("|")
    };
    assert_eq!(experience("\"espaces verts\""), "espaces verts");
    assert_eq!(experience("compt*"), "comptable");
    assert_eq!(experience("eleve -plomberie"), "élèves");
    assert_eq!(experience("comptalbe"), "comptable");
    assert_eq!(experience("verts OU plomberie"), "verts|verts");
    assert_eq!(passages("cv:accueil")[0].source, Source::Fichier { nom: "a.odt".into(), format: "ODT".into() });
    assert_eq!(passages("nom:martin")[0].segments, [Segment { text: "Martin".into(), is_match: true }]);
    assert_eq!(passages("titre:jardinieres")[0].source, Source::Titre);
    assert_eq!(passages(""), []);
    assert_eq!(passages("-plomberie"), []);
}

#[test]
fn g3_who_is_away_that_day_can_be_left_out() {
    let mut away = cv(1, "A", "A", "paie");
    away.indisponibilites = vec![
        Period { du: day("2027-01-10"), au: day("2027-01-12") },
        Period { du: day("2027-03-01"), au: day("2027-03-01") },
    ];
    let (_folder, index) = index(&[away, cv(2, "B", "B", "paie")], &[]);
    for (date, expected) in [
        ("2027-01-09", 2),
        ("2027-01-10", 1),
        ("2027-01-12", 1),
        ("2027-01-13", 2),
        ("2027-02-01", 2),
        ("2027-03-01", 1),
        ("2027-03-02", 2),
    ] {
        for text in ["", "paie"] {
            let wanted = CvSearch { disponible_le: Some(day(date)), ..search(text) };
            assert_eq!(index.search_cvs(&wanted).expect("an answer").total, expected, "{date} {text}");
        }
    }
}

#[test]
fn c4_a_change_is_found_right_after_its_commit() {
    let (_folder, index) = index(&[cv(1, "A", "A", "paie")], &[]);
    let mut changed = cv(1, "A", "A", "plomberie");
    changed.updated_at = instant(99);
    index.cvs().upsert(&changed).expect("accepted");
    assert_eq!(common::ids(&index, "paie"), [1], "before its commit nothing changes");
    index.commit(0, 1).expect("committed");
    assert_eq!(common::ids(&index, "paie"), Vec::<i64>::new());
    assert_eq!(common::ids(&index, "plomberie"), [1]);
    assert_eq!(index.cvs().len(), 1);
    index.cvs().rebuild(facts(&[changed]), 1, |_| {}).expect("builds");
    assert_eq!(common::ids(&index, "plomberie"), [1]);
}

#[test]
fn g3_pages_neither_repeat_nor_lose_anybody_while_the_index_moves() {
    let people: Vec<CvDocument> =
        (1..=12).map(|id| CvDocument { updated_at: instant(0), ..cv(id, "Le Bihan", "Anne", "paie") }).collect();
    let (_folder, index) = index(&people, &[]);
    let page = |text: &str, sort: Sort, number: usize| -> Vec<i64> {
        let wanted = CvSearch { sort, page: Page { number, size: 4 }, ..search(text) };
        index.search_cvs(&wanted).expect("an answer").hits.iter().map(|hit| hit.id).collect()
    };
    let mut journal = 0;
    for (text, sort) in [
        ("", Sort::Date),
        ("", Sort::Nom),
        ("SAUF plomberie", Sort::Relevance),
        ("paie", Sort::Date),
        ("paie", Sort::Oldest),
        ("paie", Sort::Nom),
        ("paie", Sort::NomDescending),
    ] {
        let mut seen = Vec::new();
        for number in 1..=3 {
            seen.extend(page(text, sort, number));
            // Somebody's file has been read: they lie elsewhere now, as they were.
            index.cvs().upsert(&people[usize::try_from(journal % 12).expect("small")]).expect("accepted");
            index.commit(journal, journal + 1).expect("committed");
            journal += 1;
        }
        assert_eq!(seen, (1..=12).collect::<Vec<_>>(), "« {text} » {sort:?}");
    }
}
