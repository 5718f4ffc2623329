//! The CV-thèque: SPEC G3.

use crate::support::client::encode;
use crate::support::{Client, Engine, Page, Site, both_engines, eventually, logins};

both_engines! {
    g3_words_of_the_profile_are_found_whatever_their_accents_case_elision_and_inflection,
    g3_words_that_stand_only_in_a_file_are_found_in_each_of_the_seven_formats,
    g3_operators_phrases_prefixes_and_fields_combine,
    g3_a_typo_still_finds,
    g3_facets_count_what_they_give_and_add_up,
    g3_what_was_found_is_highlighted_where_it_stands,
    g3_json_gives_what_the_page_gives,
    g3_the_index_is_made_again_when_it_is_lost,
    g3_what_may_have_been_meant_is_proposed_and_what_is_missing_is_said,
}

/// A word, the format of the only file in which it stands, and other ways to write it.
const WITNESSES: [(&str, &str, &[&str]); 7] = [
    ("planétarium", "pdf", &["planetarium", "PLANÉTARIUM", "planétariums", "d'un planétarium", "le planetarium"]),
    ("apiculture", "doc", &["Apiculture", "l'apiculture", "l’apiculture", "d'apiculture"]),
    ("montgolfière", "docx", &["montgolfiere", "montgolfières", "MONTGOLFIERES", "une montgolfière"]),
    ("vannerie", "odt", &["vanneries", "Vannerie", "de la vannerie"]),
    ("carillonneur", "rtf", &["carillonneurs", "du carillonneur", "CARILLONNEUR"]),
    ("spéléologie", "html", &["speleologie", "Spéléologies", "qu'en spéléologie"]),
    ("lutherie", "txt", &["lutheries", "la lutherie", "LUTHERIE"]),
];

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub nom: String,
    pub id: String,
    pub marked: Vec<String>,
    pub text: String,
}

/// Those whom a page of results shows.
pub fn hits(page: &Page) -> Vec<Hit> {
    let html = page.html();
    html.all("li")
        .filter(|row| row.has_class("hit"))
        .filter_map(|row| {
            let link =
                html.inside(row, "a").find(|link| link.attribute("id").is_some_and(|id| id.starts_with("profil-")))?;
            Some(Hit {
                nom: link.text.clone(),
                id: link.expect("id").trim_start_matches("profil-").to_owned(),
                marked: html.inside(row, "mark").map(|mark| mark.text.clone()).collect(),
                text: row.text.clone(),
            })
        })
        .collect()
}

/// Everybody found at an address, over all its pages.
pub async fn all(client: &Client, address: &str) -> Vec<Hit> {
    let mut all = Vec::new();
    let mut next = Some(address.to_owned());
    while let Some(address) = next {
        let page = client.get(&address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.said());
        all.extend(hits(&page));
        let html = page.html();
        next = html.all("a").find(|link| link.attribute("rel") == Some("next")).map(|link| link.expect("href").into());
    }
    all
}

pub async fn found(client: &Client, words: &str) -> Vec<Hit> {
    all(client, &format!("/cvtheque?q={}", encode(words))).await
}

/// The ids of everybody found for these words, in order.
async fn ids(client: &Client, words: &str) -> Vec<String> {
    let mut ids: Vec<String> = found(client, words).await.into_iter().map(|hit| hit.id).collect();
    ids.sort();
    ids
}

pub async fn fiche(client: &Client, id: &str) -> Page {
    let page = client.get(&format!("/cvtheque/{id}")).await;
    assert_eq!(page.status, 200, "{}", page.said());
    page
}

/// The addresses of everybody in the CV-thèque, as their fiches give them.
pub async fn emails(gestionnaire: &Client) -> Vec<String> {
    let mut emails = Vec::new();
    for hit in all(gestionnaire, "/cvtheque").await {
        let page = fiche(gestionnaire, &hit.id).await;
        let html = page.html();
        let email = html.all("dd").find(|fact| fact.text.contains('@')).expect("an address on the fiche");
        emails.push(email.text.clone());
    }
    assert!(emails.len() > 20, "most of the demonstration is in the CV-thèque: {}", emails.len());
    emails
}

async fn g3_words_of_the_profile_are_found_whatever_their_accents_case_elision_and_inflection(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let everybody = all(&gestionnaire, "/cvtheque").await;

    // Each person is found by name, as people type names.
    for person in everybody.iter().take(8) {
        let plain: String = person.nom.chars().map(without_accent).collect();
        for typed in [person.nom.clone(), plain.to_uppercase(), plain.to_lowercase()] {
            let found = found(&gestionnaire, &typed).await;
            assert!(found.iter().any(|hit| hit.id == person.id), "« {typed} » finds {}", person.nom);
        }
    }

    // Words of the fiches: written otherwise, they give the same people.
    let mut compared = 0;
    for (one, others) in [
        ("formateur", &["formateurs", "Formateur", "FORMATEURS", "le formateur"][..]),
        ("collectivité", &["collectivites", "la collectivité", "COLLECTIVITÉS", "Collectivité"]),
        ("expérience", &["experience", "l'expérience", "d’expérience", "expériences", "qu'expérience"]),
        ("métier", &["metiers", "Métiers", "METIER"]),
        ("élu", &["élus", "l'élu", "d’élus", "ELUS"]),
        ("équipe", &["equipes", "l'équipe", "d'équipe", "jusqu'équipe"]),
        ("marché public", &["marchés publics", "MARCHES PUBLICS", "des marchés publics"]),
    ] {
        let expected = ids(&gestionnaire, one).await;
        for other in others {
            assert_eq!(ids(&gestionnaire, other).await, expected, "« {other} » and « {one} »");
        }
        compared += usize::from(!expected.is_empty());
    }
    assert!(compared >= 5, "these are words of the demonstration: {compared}");
    assert_eq!(found(&gestionnaire, "motquinexistenullepart").await, []);
    assert_eq!(ids(&gestionnaire, "").await.len(), everybody.len(), "no words, everybody");
}

fn without_accent(letter: char) -> char {
    match letter {
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'É' | 'È' | 'Ê' => 'E',
        'à' | 'â' => 'a',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'û' | 'ù' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    }
}

async fn g3_words_that_stand_only_in_a_file_are_found_in_each_of_the_seven_formats(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    for (word, format, forms) in WITNESSES {
        let found_by_word = found(&gestionnaire, word).await;
        assert_eq!(found_by_word.len(), 1, "« {word} » stands in one file: {found_by_word:?}");
        let person = &found_by_word[0];
        for form in forms {
            assert_eq!(ids(&gestionnaire, form).await, std::slice::from_ref(&person.id), "« {form} »");
        }
        // Only in the file: the fiche does not say it, the file is there to be read.
        let page = fiche(&gestionnaire, &person.id).await;
        let html = page.html();
        let said: String = html.all("main").map(|main| main.text.to_lowercase()).collect();
        assert!(!said.contains(word), "« {word} » is not in the profile");
        let extension = format!(".{format}");
        let file = html.all("a").find(|link| link.text.to_lowercase().ends_with(&extension));
        let file = file.unwrap_or_else(|| panic!("a file in {format} on the fiche"));
        let download = gestionnaire.get_only(file.expect("href")).await;
        assert_eq!(download.status, 200);
        let header = |name: &str| download.headers.get(name).expect(name).to_str().expect("text").to_owned();
        assert!(header("content-disposition").starts_with("attachment"), "{}", header("content-disposition"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"));
        assert_eq!(
            server.visitor().get_only(file.expect("href")).await.status / 100,
            3,
            "a visitor is asked to log in"
        );
        let stranger = server.login(logins::INTERVENANT).await;
        assert!([403, 404].contains(&stranger.get_only(file.expect("href")).await.status));
    }
}

async fn g3_operators_phrases_prefixes_and_fields_combine(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let one = ids(&gestionnaire, "planétarium").await;
    let other = ids(&gestionnaire, "vannerie").await;
    let everybody = ids(&gestionnaire, "").await;
    let mut both = [one.clone(), other.clone()].concat();
    both.sort();
    let without: Vec<String> = everybody.iter().filter(|id| !one.contains(id)).cloned().collect();

    for (words, expected) in [
        ("planétarium OU vannerie", &both),
        ("planétarium OR vannerie", &both),
        ("planétarium SAUF vannerie", &one),
        ("(planétarium OU vannerie) SAUF vannerie", &one),
        ("planetarium OU vannerie NOT vannerie", &one),
        ("planétarium ET gonflable", &one),
        ("planétarium AND gonflable", &one),
        ("\"planétarium gonflable\"", &one),
        ("« planétarium gonflable »", &one),
        ("planét*", &one),
        ("planétarium ET vannerie", &Vec::new()),
        ("\"gonflable planétarium\"", &Vec::new()),
        ("planétarium SAUF gonflable", &Vec::new()),
    ] {
        assert_eq!(&ids(&gestionnaire, words).await, expected, "« {words} »");
    }
    assert_eq!(ids(&gestionnaire, "SAUF planétarium").await, without, "everybody but one");

    // field: narrows to where the word stands.
    let person = &found(&gestionnaire, "planétarium").await[0];
    let surname = person.nom.split(' ').next_back().expect("a name").to_owned();
    assert!(ids(&gestionnaire, &format!("nom:{surname}")).await.contains(&person.id));
    assert!(ids(&gestionnaire, "nom:planétarium").await.is_empty());
}

async fn g3_a_typo_still_finds(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    for (typed, meant) in
        [("plantarium", "planétarium"), ("apicultrue", "apiculture"), ("montgolfiére", "montgolfière")]
    {
        let found = ids(&gestionnaire, typed).await;
        let meant = ids(&gestionnaire, meant).await;
        assert!(meant.iter().all(|id| found.contains(id)), "« {typed} » finds what « {meant:?} » finds: {found:?}");
    }
}

async fn g3_facets_count_what_they_give_and_add_up(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    for words in ["", "formation"] {
        let base = format!("/cvtheque?q={words}");
        let page = gestionnaire.get(&base).await;
        let choices = facets(&page);
        for facet in ["specialite", "region"] {
            let mut of_this: Vec<_> = choices.iter().filter(|choice| choice.name == facet).collect();
            assert!(of_this.len() >= 3, "{facet} has values");
            assert!(of_this.is_sorted_by_key(|choice| std::cmp::Reverse(choice.count)), "the most frequent first");
            of_this.truncate(4);
            for choice in of_this {
                let given = all(&gestionnaire, &format!("{base}&{facet}={}", choice.value)).await;
                assert_eq!(given.len(), choice.count, "{facet} {} of « {words} »", choice.label);
                let ticked = gestionnaire.get(&format!("{base}&{facet}={}", choice.value)).await;
                assert!(
                    facets(&ticked).iter().any(|other| other.value == choice.value && other.ticked),
                    "it stays ticked"
                );
            }
        }
        // Two criteria at once are both kept.
        let region = choices.iter().find(|choice| choice.name == "region").expect("a région");
        let narrowed = gestionnaire.get(&format!("{base}&region={}", region.value)).await;
        let specialite = facets(&narrowed).into_iter().find(|choice| choice.name == "specialite").expect("one");
        let given =
            all(&gestionnaire, &format!("{base}&region={}&specialite={}", region.value, specialite.value)).await;
        assert_eq!(given.len(), specialite.count, "{} in {}", specialite.label, region.label);
    }
}

/// A value of a facet.
#[derive(Clone, Debug)]
struct Choice {
    name: String,
    value: String,
    label: String,
    count: usize,
    ticked: bool,
}

fn facets(page: &Page) -> Vec<Choice> {
    let html = page.html();
    html.all("input")
        .filter(|input| input.attribute("type") == Some("checkbox") && input.attribute("form") == Some("recherche"))
        .map(|input| {
            let label = html.around(input, "label").expect("a label");
            let count = html.inside(label, "span").next().expect("a count");
            Choice {
                name: input.expect("name").to_owned(),
                value: input.expect("value").to_owned(),
                label: label.text.clone(),
                count: count.text.replace(['\u{202f}', '\u{a0}'], "").parse().expect("a number"),
                ticked: input.attribute("checked").is_some(),
            }
        })
        .collect()
}

async fn g3_what_was_found_is_highlighted_where_it_stands(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    for (word, _, forms) in WITNESSES {
        let hit = found(&gestionnaire, forms[0]).await.remove(0);
        let stem: String = word.chars().take(6).collect();
        assert!(
            hit.marked.iter().any(|marked| marked.to_lowercase().starts_with(&stem)),
            "« {} » marks {word}: {:?}",
            forms[0],
            hit.marked
        );
        assert!(hit.text.to_lowercase().contains("cv"), "and says that it stands in the CV: {}", hit.text);
    }
    let several = found(&gestionnaire, "formation").await;
    assert!(several.iter().filter(|hit| !hit.marked.is_empty()).count() * 10 >= several.len() * 9);
}

async fn g3_json_gives_what_the_page_gives(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let shown = hits(&gestionnaire.get("/cvtheque?q=planétarium").await);
    let json = gestionnaire.json(&format!("/cvtheque.json?q={}", encode("planétarium"))).await;
    assert!(json.to_string().contains(&shown[0].nom), "{json}");
    let none = gestionnaire.json("/cvtheque.json?q=motquinexistenullepart").await;
    assert!(!none.to_string().contains(&shown[0].nom));
    for (client, why) in [(server.visitor(), "a visitor"), (server.login(logins::INTERVENANT).await, "an intervenant")]
    {
        for path in ["/cvtheque?q=planétarium", "/cvtheque.json?q=planétarium"] {
            let page = client.get_only(&path.replace('é', "%C3%A9")).await;
            assert_ne!(page.status, 200, "{why} does not read {path}");
            assert!(!page.body.contains(&shown[0].nom));
        }
    }
}

async fn g3_the_index_is_made_again_when_it_is_lost(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let before = ids(&gestionnaire, "formation").await;
    let witness = ids(&gestionnaire, "lutherie").await;
    server.stop().await;

    let index = site.data().join("index");
    std::fs::remove_dir_all(&index).expect("it is lost");
    server.start_again().await;
    eventually("it is made again", async || {
        // Until then a search says that it has to wait, never that there is nobody.
        let page = gestionnaire.get("/cvtheque?q=lutherie").await;
        assert!(
            page.status == 503 || (page.status == 200 && hits(&page).len() == 1),
            "{} {}",
            page.status,
            page.said()
        );
        (page.status == 200).then_some(())
    })
    .await;
    assert_eq!(ids(&gestionnaire, "formation").await, before, "it serves what it served");
    assert_eq!(ids(&gestionnaire, "lutherie").await, witness);
}

async fn g3_what_may_have_been_meant_is_proposed_and_what_is_missing_is_said(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;

    // A région and a date among the words are criteria one may choose; each link keeps the other words.
    let page = gestionnaire.get(&format!("/cvtheque?q={}", encode("formatrice bretagne disponible en mars"))).await;
    let html = page.html();
    let link = |label: &str| html.all("a").find(|link| link.text.starts_with(label)).map(|link| link.expect("href"));
    let region = link("Région : Bretagne").expect("the région is proposed");
    assert!(region.contains("region=53") && region.contains("q=formatrice%20disponible%20en%20mars"), "{region}");
    let day = link("Disponible le 1er mars ").expect("the day is proposed");
    assert!(day.contains("-03-01") && day.contains("q=formatrice%20bretagne"), "{day}");
    let there = gestionnaire.get(region).await;
    assert_eq!(there.status, 200);
    assert!(facets(&there).iter().any(|choice| choice.name == "region" && choice.value == "53" && choice.ticked));

    // What nobody has is said; who has a part is told from who has everything, and is not exported with them.
    let said = gestionnaire.get(&format!("/cvtheque?q={}", encode("planétarium lutherie xylophonique"))).await;
    let text = said.main_text();
    assert!(text.contains("aucun résultat n’a tous ces mots"), "{text}");
    assert!(text.contains("xylophonique") && text.contains("ne se trouve nulle part"), "{text}");

    // An address that no profile names is its account's.
    let own = emails(&gestionnaire).await.remove(0);
    let page = gestionnaire.get(&format!("/cvtheque?q={}", encode(&own))).await;
    let text = page.main_text();
    assert!(text.contains("Cette adresse est celle du compte de") || !hits(&page).is_empty(), "{own}: {text}");
    let nobody = gestionnaire.get(&format!("/cvtheque?q={}", encode("personne@nulle-part.example"))).await;
    assert_eq!(hits(&nobody), []);
    assert!(!nobody.main_text().contains("Cette adresse est celle"));
}
