//! Who is meant by what people type (SPEC G3): one thing written in several ways, names as one hears them, words that
//! look common and are not, numbers, acronyms, a need said in a sentence.

mod common;

use common::{cv, ids, index, labelled, ranked, results, search};
use search_index::{CvDocument, CvSearch, Facet, SearchIndex, Sigles, Sort};

/// Two people who wrote the same things in other ways.
fn twice() -> [CvDocument; 2] {
    [
        cv(
            1,
            "X",
            "Y",
            "zorbalogue. Enseigne le français aux agents. Instruction M57. Habilitation R489. Projet de micro-crèche. \
             S.S.I.A.P. niveau 1. Parcours e-learning et auto-évaluation.",
        ),
        cv(
            2,
            "X",
            "Y",
            "zorbalogue. Cours de langue française. Instruction M 57. Habilitation R 489. Projet de microcrèche. SSIAP \
             niveau 1. Parcours elearning et autoévaluation.",
        ),
    ]
}

#[test]
fn g3_one_thing_is_found_however_it_is_written() {
    let (_folder, index) = index(&twice(), &[]);
    for typed in [
        "M57",
        "M 57",
        "m57",
        "R489",
        "R 489",
        "micro-crèche",
        "micro crèche",
        "microcrèche",
        "Microcrèches",
        "micro-crèches",
        "SSIAP",
        "S.S.I.A.P.",
        "S.S.I.A.P",
        "e-learning",
        "elearning",
        "E learning",
        "auto-évaluation",
        "autoévaluation",
        "autoévaluations",
        "auto évaluations",
    ] {
        assert_eq!(ids(&index, typed), [1, 2], "{typed}");
        assert_eq!(ids(&index, &format!("zorbalogue {typed}")), [1, 2], "zorbalogue {typed}");
    }
}

#[test]
fn g3_two_words_of_one_stem_keep_apart() {
    let communication = "zorbimax. Communication publique et relations presse, stratégie éditoriale, affiches.";
    let communes = "zorbimax. Secrétaire de mairie : commune de Kerlo, commune de Trévé, trois communes.";
    let (_folder, index) = index(&[cv(1, "X", "Y", communication), cv(2, "X", "Y", communes)], &[]);
    assert_eq!(ranked(&index, "communication"), [1]);
    assert_eq!(ranked(&index, "communes"), [2]);
    assert_eq!(ranked(&index, "zorbimax communes"), [2]);
}

#[test]
fn g3_the_exact_word_comes_before_its_family() {
    let mut documents: Vec<CvDocument> =
        (10..16).map(|id| cv(id, "X", "Y", "archives archives archives, archiviste des archives")).collect();
    documents.push(cv(1, "X", "Y", "Un peu d’archivage, parmi bien d’autres choses que l’on fait dans un bureau."));
    let (_folder, index) = index(&documents, &[]);
    assert_eq!(ranked(&index, "archivage")[0], 1);
    assert_eq!(ranked(&index, "archivage").len(), 7, "and the family follows");
    let (_folder, index) = common::index(
        &[cv(1, "X", "Y", "Gestion de la pluie, pluies, pluie."), cv(2, "X", "Y", "Rédige un PLUi.")],
        &[],
    );
    assert_eq!((ranked(&index, "PLUi"), ranked(&index, "pluie")), (vec![2], vec![1]));
}

#[test]
fn g3_neither_gender_comes_first() {
    let (_folder, index) = index(
        &[
            cv(1, "X", "Y", "Une formatrice qui masse : masseuse."),
            cv(2, "X", "Y", "Un formateur qui masse : masseur."),
        ],
        &[],
    );
    for typed in ["formateur", "formatrice", "masseur", "masseuse"] {
        assert_eq!(ranked(&index, typed), [1, 2], "{typed}: equal, so by their number");
    }
}

#[test]
fn g3_names_with_a_particle_are_one_name() {
    let (_folder, index) = index(
        &[
            cv(1, "Le Guen", "Annaïg", ""),
            cv(2, "LEGUEN", "Gwénaël", ""),
            cv(3, "Le Goff", "Solenn", "Connaît monsieur Martin."),
            cv(4, "D’Almeida", "Rui", ""),
            cv(5, "DALMEIDA", "Ana", ""),
            cv(6, "N’Diaye", "Awa", ""),
        ],
        &[],
    );
    for typed in ["Le Guen", "LEGUEN", "le guen", "Leguen", "le-guen", "Le Gwen", "legwen"] {
        assert_eq!(ids(&index, typed), [1, 2], "{typed}");
    }
    for typed in ["D’Almeida", "d'almeida", "dalmeida"] {
        assert_eq!(ids(&index, typed), [4, 5], "{typed}");
    }
    assert_eq!(ids(&index, "ndiaye"), [6]);
    assert_eq!(ranked(&index, "Gwenael Leguen")[0], 2);
    let typing = CvSearch { as_you_type: true, ..search("le gue") };
    let mut found: Vec<i64> = index.search_cvs(&typing).expect("an answer").hits.iter().map(|hit| hit.id).collect();
    found.sort_unstable();
    assert_eq!(found, [1, 2]);
}

#[test]
fn g3_another_spelling_of_a_name_is_proposed_behind_it() {
    let (_folder, index) =
        index(&[cv(1, "Gautier", "Luc", ""), cv(2, "Gauthier", "Zoé", ""), cv(3, "Kerzhiro", "Soizic", "")], &[]);
    assert_eq!(ranked(&index, "gauthier"), [2, 1]);
    assert_eq!(ranked(&index, "gautier"), [1, 2]);
    let found = results(&index, "kersiro");
    assert_eq!(found.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [3]);
    assert_eq!(found.interpretation.corrections[0].found, ["kerzhiro"], "and said");
}

#[test]
fn g3_stop_words_that_are_meant_are_searched() {
    let (_folder, index) = index(
        &[
            cv(
                1,
                "X",
                "Y",
                "Ingénieur du son, régie. Professeur de SES au lycée. Mise en place du PAS. Développement en C++ et C#. \
                 Plateforme .NET.",
            ),
            cv(
                2,
                "X",
                "Y",
                "Ingénieur territorial, son service et ses missions, pas de management. Permis C. Filet net.",
            ),
        ],
        &[],
    );
    for typed in
        ["ingénieur du son", "le son", "ingénieurs son", "SES", "prof de SES", "le PAS", "PAS", "C++", "c#", ".net"]
    {
        assert_eq!(ranked(&index, typed)[0], 1, "{typed}");
    }
    for typed in ["SES", "le son", "C++", "C#", ".NET"] {
        assert_eq!(ranked(&index, typed), [1], "{typed}");
    }
    let shouted = cv(3, "X", "Y", "INGÉNIEUR DU SON. Régie son lumière.");
    let quiet = cv(4, "X", "Y", "Ingénieur du son.");
    let (_folder, capitals) = common::index(&[shouted, quiet], &[]);
    assert_eq!(ids(&capitals, "ingénieur du son"), [3, 4], "in capitals, an article still says it");
    assert_eq!(ids(&capitals, "régie son"), [3], "and what the text does not tell hides nobody");
    assert_eq!(ranked(&index, "permis C"), [2]);
    assert_eq!(ranked(&index, "filet net"), [2]);
}

#[test]
fn g3_a_number_is_read_as_what_it_is() {
    let mut rennes = cv(1, "X", "Y", "Formatrice. 06 39 98 10 84, 35000 Rennes. SIRET 812 345 678 00015.");
    rennes.departements = vec![labelled("35", "Ille-et-Vilaine")];
    let mut paris = cv(2, "X", "Y", "Formateur à Paris, 75013. Tél. +33 6 39 98 35 75.");
    paris.departements = vec![labelled("75", "Paris")];
    let (_folder, index) = index(&[rennes, paris], &[]);
    for typed in
        ["0639981084", "06 39 98 10 84", "06.39.98.10.84", "+33 6 39 98 10 84", "+33 (0)6 39 98 10 84", "0033639981084"]
    {
        assert_eq!(ids(&index, typed), [1], "{typed}");
    }
    assert_eq!(ids(&index, "0639983575"), [2]);
    assert_eq!(ids(&index, "06 39 98"), [1, 2], "the beginning of both");
    assert_eq!(ids(&index, "06 39 98 10 85"), Vec::<i64>::new(), "a number of nobody");
    for typed in ["département 35", "dept 35", "n° 35", "35"] {
        assert_eq!(ranked(&index, typed), [1], "{typed}: the digits of a telephone are no département");
    }
    for typed in ["75 013", "75013", "75"] {
        assert_eq!(ids(&index, typed), [2], "{typed}");
    }
    for typed in ["812 345 67800015", "81234567800015", "812 345 678"] {
        assert_eq!(ids(&index, typed), [1], "{typed}");
    }
}

#[test]
fn g3_an_address_of_nobody_finds_nobody() {
    let (_folder, index) = index(
        &[
            cv(1, "Leguen", "Gwénaël", "Écrire à g.leguen@postes.example, nulle part ailleurs."),
            cv(2, "Part", "Nulle", ""),
        ],
        &[],
    );
    assert_eq!(ids(&index, "G.Leguen@Postes.example"), [1]);
    for typed in ["gwenael.leguen@nulle-part.example", "leguen@postes.example.org"] {
        assert_eq!(ids(&index, typed), Vec::<i64>::new(), "{typed}");
    }
}

fn with_sigles(index: &SearchIndex) {
    index.set_sigles(Sigles::new([
        ("DRH", "directeur des ressources humaines"),
        ("RGPD", "règlement général sur la protection des données"),
        ("CCAS", "centre communal d’action sociale"),
        ("PAS", "prélèvement à la source"),
    ]));
}

#[test]
fn g3_a_sigle_and_its_words_find_each_other() {
    let (_folder, index) = index(
        &[
            cv(1, "X", "Y", "Directrice des ressources humaines, puis consultante."),
            cv(2, "X", "Y", "DRH pendant quinze ans."),
            cv(3, "X", "Y", "Le règlement général sur la protection des données, clause par clause."),
            cv(4, "X", "Y", "R.G.P.D. et cybersécurité."),
            cv(5, "X", "Y", "Pilotage de centres communaux d’action sociale."),
            cv(6, "X", "Y", "Agent d’un CCAS."),
            cv(7, "X", "Y", "Prélèvement à la source."),
            cv(8, "X", "Y", "Des ressources, humaines ou non, et leur directeur."),
        ],
        &[],
    );
    assert_eq!(ids(&index, "DRH"), [2], "without a list");
    with_sigles(&index);
    for typed in ["DRH", "D.R.H."] {
        assert_eq!(ids(&index, typed), [1, 2], "{typed}");
    }
    let first = ranked(&index, "Directeur des ressources humaines");
    assert!(first[..3].contains(&1) && first[..3].contains(&2), "{first:?}");
    for typed in ["RGPD", "R.G.P.D.", "reglement général protection données"] {
        assert_eq!(ids(&index, typed), [3, 4], "{typed}");
    }
    for typed in ["ccas", "centre communal d'action sociale", "centres communaux d’action sociale"] {
        assert_eq!(ids(&index, typed), [5, 6], "{typed}");
    }
    assert_eq!(ids(&index, "le PAS"), [7]);
    index.set_sigles(Sigles::default());
    assert_eq!(ids(&index, "DRH"), [2], "an edit of the list counts at once");
}

#[test]
fn g3_a_field_takes_a_name_of_several_words() {
    let at = |id: i64, employeur: &str| CvDocument { employeur: employeur.into(), ..cv(id, "X", "Y", "Archives") };
    let (_folder, index) =
        index(&[at(1, "Commune de Vannes"), at(2, "Commune de Dinan"), at(3, "Ville de Vannes")], &[]);
    let found = results(&index, "employeur:commune de Vannes");
    assert_eq!(found.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [1]);
    assert_eq!(
        found.interpretation.expression.map(|one| one.to_string()).as_deref(),
        Some("employeur:commune de Vannes")
    );
    assert_eq!(ids(&index, "employeur:commune archives"), [1, 2], "what no employer has is looked for elsewhere");
    assert_eq!(ids(&index, "employeur:commune de dinan archives"), [2]);
}

#[test]
fn g3_who_works_in_a_region_comes_before_who_names_it() {
    let mut documents: Vec<CvDocument> =
        (10..20).map(|id| cv(id, "X", "Y", "Bretagne, Bretagne, Bretagne : j’y ai été formée.")).collect();
    let mut there =
        cv(1, "X", "Y", "Formatrice d’un long parcours, sans autre mot de son pays, et qui parle d’autre chose.");
    there.regions = vec![labelled("53", "Bretagne")];
    documents.push(there);
    let (_folder, index) = index(&documents, &[]);
    let found = index.search_cvs(&CvSearch { with_facets: true, ..search("formatrice bretagne") }).expect("an answer");
    assert_eq!(ranked(&index, "bretagne")[0], 1);
    assert_eq!(found.hits[0].id, 1);
    let proposed = &found.interpretation.proposed[0];
    assert_eq!((proposed.facet, &*proposed.code, proposed.typed.clone()), (Facet::Region, "53", 11..19));
    let without = CvSearch { with_facets: true, ..search("formatrice SAUF bretagne") };
    assert_eq!(index.search_cvs(&without).expect("an answer").interpretation.proposed, []);
}

#[test]
fn g3_a_need_in_a_sentence_keeps_what_tells_and_says_what_it_dropped() {
    let (_folder, index) = index(
        &[
            cv(1, "X", "Y", "Élagage et taille des arbres."),
            cv(2, "X", "Y", "Élagage à la nacelle, taille."),
            cv(3, "X", "Y", "Comptable."),
            cv(4, "X", "Y", "Taille de pierre."),
        ],
        &[],
    );
    let found = results(&index, "je cherche quelqu’un pour l’élagage et la taille, avec une nacelle et un xylophone");
    let partial = found.interpretation.partial.expect("some of it");
    assert_eq!((found.complete, partial.unknown), (0, vec!["xylophone".to_owned()]));
    assert_eq!(found.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [2, 1, 4]);
    let found = results(&index, "élagage taille nacelle");
    assert_eq!((found.complete, found.hits[0].id), (1, 2), "who has everything comes first");
    assert!(found.total > 1 && !found.interpretation.relaxed);
    let by_date =
        index.search_cvs(&CvSearch { sort: Sort::Date, ..search("élagage taille nacelle") }).expect("an answer");
    assert_eq!(by_date.total, 1, "only the order by relevance tells the two apart");
    let counted = index.search_cvs(&search("élagage taille nacelle").counting()).expect("an answer");
    assert_eq!(counted.total, 1);
    assert_eq!(results(&index, "élagage nacelle").total, 1, "of two words both are wanted");
}

#[test]
fn g3_equal_answers_come_in_the_order_of_their_numbers() {
    let pages = |count: i64| {
        let documents: Vec<CvDocument> = (1..=count).rev().map(|id| cv(id, "X", "Y", "élagage")).collect();
        let (_folder, index) = index(&documents, &[]);
        let mut found: Vec<i64> = Vec::new();
        for number in 1..=count as usize / 10 {
            let page = search_index::Page { number, size: 10 };
            let page = index.search_cvs(&CvSearch { page, ..search("élagage") }).expect("an answer");
            found.extend(page.hits.iter().map(|hit| hit.id));
        }
        found
    };
    assert_eq!(pages(30), (1..=30).collect::<Vec<_>>());
    // Of many, their order is that of the index; nobody is on two pages.
    let mut many = pages(90);
    many.sort_unstable();
    assert_eq!(many, (1..=90).collect::<Vec<_>>());
}
