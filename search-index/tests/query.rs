//! What people type: operators, phrases, prefixes, fields, typos, and anything hostile (SPEC G3, Q8).

mod common;

use common::{cv, fichier, ids, index, labelled, ranked, results, search};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use search_index::query::{LONGEST_QUERY, MOST_TERMS, parse};
use search_index::{CvDocument, CvSearch, Expression, Ignored, QueryField, SearchIndex, StructureName};

const FIELDS: [QueryField; 3] = [QueryField::Nom, QueryField::Specialite, QueryField::Cv];

fn understood(text: &str) -> String {
    parse(text, &FIELDS, false).expression.map(|expression| expression.to_string()).unwrap_or_default()
}

#[test]
fn g3_operators_are_understood() {
    for (typed, expected) in [
        ("paie budget", "paie ET budget"),
        ("paie ET budget", "paie ET budget"),
        ("paie AND budget", "paie ET budget"),
        ("paie OU budget", "paie OU budget"),
        ("paie OR budget marchés", "paie OU (budget ET marchés)"),
        ("paie SAUF budget", "paie ET SAUF budget"),
        ("paie ET SAUF budget", "paie ET SAUF budget"),
        ("paie NOT (budget OU marchés)", "paie ET SAUF (budget OU marchés)"),
        ("paie -budget", "paie ET SAUF budget"),
        ("-\"mise en œuvre\"", "SAUF « mise en œuvre »"),
        ("(paie OU budget) marchés", "(paie OU budget) ET marchés"),
        ("« mise en œuvre » paie", "« mise en œuvre » ET paie"),
        ("“mise en œuvre”", "« mise en œuvre »"),
        ("form* paie", "form* ET paie"),
        ("nom:dupont", "nom:dupont"),
        ("nom: dupont", "nom:dupont"),
        ("Spécialité:paie", "specialite:paie"),
        ("spécialités:(paie OU budget)", "specialite:paie OU specialite:budget"),
        ("cv:\"espaces verts\"", "cv:« espaces verts »"),
        ("-nom:dupont", "SAUF nom:dupont"),
        ("paie -(budget OU marchés)", "paie ET SAUF (budget OU marchés)"),
        ("paie - budget", "paie ET budget"),
        ("ville:Nantes", "ville:Nantes"),
        ("https://example.org/a", "https://example.org/a"),
        ("porte-parole", "porte-parole"),
        ("paie et budget", "paie ET et ET budget"),
        ("", ""),
        ("   ", ""),
        ("* ? ! - + : \"\" « » ()", ""),
        ("ET OU SAUF", ""),
        ("(((", ""),
        (")paie(", "paie"),
        ("(paie budget", "paie ET budget"),
        ("\"paie budget", "paie ET budget"),
        ("« paie", "paie"),
        ("paie OU", "paie"),
        ("OU paie", "paie"),
        ("paie ET ET OU budget", "paie OU budget"),
        ("SAUF", ""),
        ("nom:", ""),
        ("nom: OU paie", "paie"),
        ("SAUF SAUF paie", "SAUF paie"),
    ] {
        assert_eq!(understood(typed), expected, "{typed}");
    }
}

#[test]
fn g3_what_is_ignored_is_said() {
    let ignored = |text: &str| parse(text, &FIELDS, false).ignored;
    assert_eq!(ignored("paie budget"), []);
    assert_eq!(ignored("ville:Nantes"), [Ignored::UnknownField("ville".into())]);
    assert_eq!(ignored("titre:paie"), [Ignored::UnknownField("titre".into())], "a field this index lacks");
    assert_eq!(ignored("(paie"), [Ignored::Unbalanced("(".into())]);
    assert_eq!(ignored("paie)"), [Ignored::Unbalanced(")".into())]);
    assert_eq!(ignored("\"paie"), [Ignored::Unbalanced("\"".into())]);
    assert_eq!(ignored("paie OU"), [Ignored::Operator("OU".into())]);
    assert_eq!(ignored("paie SAUF"), [Ignored::Operator("SAUF".into())]);
    assert_eq!(ignored(&"a ".repeat(MOST_TERMS + 1)), [Ignored::TooManyTerms]);
    assert_eq!(ignored(&"é".repeat(LONGEST_QUERY)), [Ignored::TooLong]);
    assert_eq!(ignored(&format!("{}paie{}", "(".repeat(9), ")".repeat(9)))[0], Ignored::TooDeep);
}

#[test]
fn g3_the_last_word_is_a_beginning_while_one_types() {
    let typing = |text: &str| parse(text, &FIELDS, true).expression.map(|e| e.to_string()).unwrap_or_default();
    assert_eq!(typing("paie bud"), "paie ET bud*");
    assert_eq!(typing("paie bud "), "paie ET bud");
    assert_eq!(typing("nom:dup"), "nom:dup*");
    assert_eq!(typing("\"paie bud\""), "« paie bud »");
}

fn people() -> Vec<CvDocument> {
    let mut first = cv(1, "Lefèvre", "Anne", "Formation à la paie et au statut de la fonction publique");
    first.titre = "Formatrice en ressources humaines".into();
    first.specialites.push(labelled("RH", "Ressources humaines"));
    first.employeur = "Commune de Saint-Étienne".into();
    first.langues.push(labelled("en", "Anglais"));
    let mut second = cv(2, "Dupont", "Jean", "Marchés publics, budget, mise en œuvre des politiques locales");
    second.regions.push(labelled("53", "Bretagne"));
    second.structure = Some(StructureName { id: 3, nom: "Délégation Bretagne".into() });
    second.fichiers.push(fichier("cv.odt", "ODT", "Ancien responsable des espaces verts"));
    let mut third = cv(3, "Martin", "Dupont", "Gestion budgétaire et paie des agents");
    third.fichiers.push(fichier("cv.pdf", "PDF", "Stage de comptabilité, verts espaces"));
    vec![first, second, third]
}

#[test]
fn g3_operators_phrases_prefixes_and_fields_find() {
    let (_folder, index) = index(&people(), &[]);
    for (typed, expected) in [
        ("paie", &[1, 3][..]),
        ("paie budgétaire", &[3]),
        ("paie OU marchés", &[1, 2, 3]),
        ("paie SAUF statut", &[3]),
        ("SAUF paie", &[2]),
        ("-paie -marchés", &[]),
        ("(paie OU budget) -gestion", &[1, 2]),
        ("\"espaces verts\"", &[2]),
        ("espaces verts", &[2, 3]),
        ("« mise en œuvre »", &[2]),
        ("\"mise en oeuvre des politiques\"", &[2]),
        ("\"mise oeuvre\"", &[]),
        ("compta*", &[3]),
        ("nom:dupont", &[2]),
        ("prenom:dupont", &[3]),
        ("dupont", &[2, 3]),
        ("nom:dup*", &[2]),
        ("specialite:ressources", &[1]),
        ("specialite:\"ressources humaines\"", &[1]),
        ("employeur:saint-etienne", &[1]),
        ("langue:allemand", &[]),
        ("langue:anglaise", &[1]),
        ("region:bretagne", &[2]),
        ("structure:bretagne", &[2]),
        ("titre:formatrices", &[1]),
        ("cv:verts", &[2, 3]),
        ("cv:\"espaces verts\"", &[2]),
        ("cv:paie", &[]),
        ("le la de", &[1, 3]),
        ("la paie", &[1, 3]),
        ("", &[1, 2, 3]),
    ] {
        assert_eq!(ids(&index, typed), expected, "{typed}");
    }
}

#[test]
fn g3_a_phrase_does_not_cross_from_one_field_into_another() {
    let (_folder, index) = index(&people(), &[]);
    assert_eq!(ids(&index, "\"lefevre anne\""), Vec::<i64>::new());
}

#[test]
fn g3_when_nothing_has_all_the_words_some_are_enough() {
    let (_folder, index) = index(&people(), &[]);
    let found = results(&index, "statut paie xylophone");
    assert!(found.interpretation.relaxed);
    assert_eq!(found.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [1, 3], "who has more of them comes first");
    let strict = results(&index, "paie ET xylophone");
    assert_eq!((strict.total, strict.interpretation.relaxed), (0, false), "ET was meant");
    assert_eq!(results(&index, "paie xylophone -statut").hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [3]);
}

#[test]
fn g3_typos_are_tolerated() {
    let (_folder, index) = index(&people(), &[]);
    for (typed, expected) in
        [("budgte", &[2][..]), ("marhcés", &[2]), ("comptabillitté", &[3]), ("nom:dupnot", &[2]), ("poie", &[])]
    {
        assert_eq!(ids(&index, typed), expected, "{typed}");
    }
    let found = results(&index, "comptabillitté");
    assert_eq!(found.interpretation.corrections[0].found, ["comptabilite"]);
    assert_eq!(found.hits[0].highlights, [], "highlights only when asked");
}

#[test]
fn g3_exact_comes_before_a_typo() {
    // Near words drown the rare exact one in number and in frequency.
    let mut documents: Vec<CvDocument> =
        (10..60).map(|id| cv(id, "X", "Y", "Lefebvre Lefebvre Lefebvre Lefebvre")).collect();
    documents.push(cv(1, "X", "Y", "Il a connu monsieur Lefevre il y a bien longtemps, dans une autre vie, ailleurs"));
    documents.push(cv(2, "X", "Y", "paie et Lefebvre"));
    let (_folder, index) = index(&documents, &[]);
    assert_eq!(ranked(&index, "lefevre"), [1], "a word that exists is not corrected");
    // Nothing has both: alternatives and corrections come in, and the exact one stays first.
    let relaxed = ranked(&index, "lefevre xylophones");
    assert_eq!(relaxed[0], 1);
    assert!(relaxed.len() > 1);
}

#[test]
fn g3_names_and_titles_weigh_more() {
    let mut titled = cv(1, "A", "B", "Rien d'autre");
    titled.titre = "Médiation".into();
    let mut documents = vec![titled, cv(2, "Médiation", "B", "Un nom")];
    documents.extend((3..9).map(|id| cv(id, "A", "B", "médiation et bien d'autres choses encore")));
    let (_folder, index) = index(&documents, &[]);
    let found = ranked(&index, "mediation");
    assert_eq!(found.len(), 8);
    assert_eq!(
        {
            let mut first = found[..2].to_vec();
            first.sort_unstable();
            first
        },
        [1, 2]
    );
}

#[test]
fn g3_results_come_as_one_types() {
    let (_folder, index) = index(&people(), &[]);
    let typing = |text: &str| {
        let mut found: Vec<i64> = index
            .search_cvs(&CvSearch { as_you_type: true, ..search(text) })
            .expect("an answer")
            .hits
            .iter()
            .map(|hit| hit.id)
            .collect();
        found.sort_unstable();
        found
    };
    for end in 2..="comptabilité".len() {
        if let Some(beginning) = "comptabilité".get(..end) {
            assert!(typing(beginning).contains(&3), "{beginning}");
        }
    }
    assert_eq!(typing("d"), [2, 3], "one letter: names");
    assert_eq!(typing("paie bud"), [3]);
    assert_eq!(typing("paie sta"), [1, 3], "statut, stage");
    assert_eq!(typing("paie statu"), [1]);
}

fn hostile(random: &mut StdRng) -> String {
    const PIECES: [&str; 34] = [
        "(",
        ")",
        "\"",
        "«",
        "»",
        "“",
        "*",
        ":",
        "-",
        "ET",
        "OU",
        "SAUF",
        "AND",
        "NOT",
        " ",
        "  ",
        "nom:",
        "cv:",
        "x:",
        "paie",
        "de",
        "l'",
        "é",
        "\u{301}",
        "\0",
        "\u{202e}",
        "😀",
        "a*",
        "comptabilitée",
        "ﬁ",
        "中文",
        "'",
        "1",
        "\n",
    ];
    (0..random.random_range(0..60)).map(|_| PIECES[random.random_range(0..PIECES.len())]).collect()
}

fn leaves(expression: &Expression) -> usize {
    match expression {
        Expression::Word { .. } | Expression::Prefix { .. } | Expression::Phrase { .. } => 1,
        Expression::All { parts, .. } | Expression::Any(parts) => parts.iter().map(leaves).sum(),
        Expression::Not(part) => leaves(part),
    }
}

fn depth(expression: &Expression) -> usize {
    match expression {
        Expression::Word { .. } | Expression::Prefix { .. } | Expression::Phrase { .. } => 0,
        Expression::All { parts, .. } | Expression::Any(parts) => 1 + parts.iter().map(depth).max().unwrap_or(0),
        Expression::Not(part) => 1 + depth(part),
    }
}

fn answers(index: &SearchIndex, text: &str) {
    let parsed = parse(text, &FIELDS, true);
    if let Some(expression) = &parsed.expression {
        assert!(leaves(expression) <= MOST_TERMS, "{text:?}");
        // One level of parentheses makes at most an Any, an All and a Not.
        assert!(depth(expression) <= 3 * 10, "{text:?}");
        // What was understood can be typed again and means the same.
        let again = expression.to_string();
        if again.len() <= LONGEST_QUERY {
            assert!(parse(&again, &FIELDS, false).expression.is_some(), "{text:?} {again:?}");
        }
    }
    for as_you_type in [false, true] {
        let search = CvSearch { text: text.into(), as_you_type, with_highlights: true, ..CvSearch::default() };
        let found = index.search_cvs(&search).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert!(found.hits.len() as u64 <= found.total);
    }
}

#[test]
fn q8_hostile_queries_get_an_answer() {
    let (_folder, index) = index(&people(), &[]);
    let mut random = StdRng::seed_from_u64(2);
    for _ in 0..1_200 {
        answers(&index, &hostile(&mut random));
    }
    for piece in
        ["(", ")", "\"", "«", "SAUF ", "nom:", "-", "*", "a OU ", "a ", "(a OU ", "« a ", "a*", "é'", "\u{301}"]
    {
        answers(&index, &piece.repeat(5_000));
    }
}
