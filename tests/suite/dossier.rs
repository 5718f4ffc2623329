//! The dossier administratif, on both sides: SPEC D1 to D12, D14.

use std::io::Write as _;
use std::path::Path;

use crate::cvtheque::hits;
use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, command, eventually, logins, mails};

both_engines! {
    d1_a_request_lights_the_badge_in_every_open_tab_and_is_mailed,
    d1_who_asks_last_decides_and_the_counters_of_both_structures_follow,
    d1_d2_what_is_asked_has_a_deadline_and_who_decides,
    d2_what_is_asked_is_listed_and_its_block_says_so,
    d2_one_goes_from_block_to_block_and_reads_all_again_before_it_leaves,
    d2_what_was_refused_or_is_no_longer_due_is_not_done_by_walking_through,
    d3_a_piece_is_joined_looked_at_replaced_and_taken_back,
    d3_a_chosen_file_leaves_whichever_button_of_the_block_is_pressed,
    d3_an_upload_that_is_cut_loses_nothing_that_was_saved,
    d4_a_change_is_a_proposal_and_what_is_validated_serves_meanwhile,
    d5_d6_d8_what_is_typed_is_checked_block_by_block,
    d6_an_independent_is_not_asked_for_a_nir,
    d7_a_change_of_statut_changes_the_pieces_and_keeps_what_serves,
    g6_d9_the_dossier_is_transmitted_and_decided_piece_by_piece,
    d1_d9_what_is_saved_and_not_transmitted_is_counted_and_listed_until_it_is_sent,
    d9_two_gestionnaires_decide_once,
    d9_all_is_validated_at_once_but_what_is_ticked_as_refused,
    d9_what_is_ticked_and_written_stays_whichever_button_is_pressed,
    q1_d2_what_is_typed_in_the_dossier_is_kept_whichever_button_is_pressed,
    q1_d2_a_page_that_was_open_before_undoes_nothing_that_is_typed_in_another,
    q1_d2_what_a_block_held_when_the_session_ended_is_kept_through_the_login,
    d9_d14_the_text_of_a_document_is_read_beside_the_decision,
    d10_each_event_is_a_row_that_says_who_when_and_why,
    d11_what_is_validated_goes_into_the_profile_of_who_is_immatriculated,
    d14_numbers_are_masked_and_each_reading_is_written_down,
    d14_q7_a_nir_is_in_no_file_of_the_service_in_clear,
    d14_the_master_key_is_changed_and_everything_opens_with_the_new_one,
    d14_a_change_of_key_that_was_interrupted_is_ended,
}

const HERE: &str = "/mon-compte/documents";
/// Where everything that is due is read again.
const CHECK: &str = "/mon-compte/documents/verification";
const LIST: &str = "/gestion/dossiers";
/// A NIR of nobody (a month that is none on a card), with its key; and an IBAN of the documentation.
const NIR: &str = "255081416802538";
const IBAN: &str = "FR7630006000011234567890189";

/// The documented intervenant and the gestionnaire who examines his dossier.
pub struct World {
    pub server: Server,
    pub person: Client,
    pub desk: Client,
    /// The page of his dossier, at the structure's.
    pub dossier: String,
    pub site: Site,
}

/// A world in which the dossier is complete and validated.
pub async fn validated(engine: Engine) -> World {
    let world = world(engine).await;
    complete(&world, "02/05/2040").await;
    world
}

pub async fn world(engine: Engine) -> World {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    world_on(site, server).await
}

/// The same, on a server that was started otherwise.
pub async fn world_on(site: Site, server: Server) -> World {
    let (person, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    let dossier = dossier_of(&person, &desk).await;
    World { server, person, desk, dossier, site }
}

/// The address of somebody's dossier, from their fiche on.
async fn dossier_of(person: &Client, desk: &Client) -> String {
    let name = person.name().await;
    let surname = name.split(' ').next_back().expect("a surname").to_owned();
    let found = desk.get(&format!("/cvtheque?q=nom:{}", crate::support::client::encode(&surname))).await;
    let hit = hits(&found).into_iter().find(|hit| hit.nom == name).expect("his fiche");
    let fiche = desk.get(&format!("/cvtheque/{}", hit.id)).await;
    let html = fiche.html();
    html.all("a").find(|link| link.text == "Dossier administratif").expect("the way there").expect("href").to_owned()
}

impl World {
    /// The structure asks for these.
    async fn ask(&self, cibles: &[&str], texte: &str) -> Page {
        let page = self.desk.get(&self.dossier).await;
        let mut form = Form::pressing(&page, "Demander").without("cibles").set("texte", texte);
        for cible in cibles {
            form = form.add("cibles", cible);
        }
        self.desk.submit(&form).await
    }

    /// Transmits, and answers the page that says so or what is missing.
    pub async fn transmit(&self) -> Page {
        let page = self.person.get(CHECK).await;
        self.person.submit(&Form::pressing(&page, "Transmettre mon dossier")).await
    }

    /// The structure decides: each of these, and the reason of a refusal.
    async fn decide(&self, choices: &[(&str, Option<&str>)]) -> Page {
        let page = self.desk.get(&self.dossier).await;
        self.desk.submit(&decisions(&page, choices)).await
    }
}

fn decisions(page: &Page, choices: &[(&str, Option<&str>)]) -> Form {
    let mut form = Form::pressing(page, "Enregistrer les décisions");
    for (cible, refused) in choices {
        let word = if refused.is_some() { "refuser" } else { "valider" };
        form = form.set(&format!("decision-{cible}"), word);
        if let Some(motif) = refused {
            form = form.set(&format!("motif-{cible}"), motif);
        }
    }
    form
}

/// The page of a block.
pub async fn opened(person: &Client, bloc: &str) -> Page {
    person.get(&format!("{HERE}/bloc/{bloc}")).await
}

/// Saves a block with these fields, over what its form holds.
pub async fn save(person: &Client, bloc: &str, fields: &[(&str, &str)]) -> Page {
    let page = opened(person, bloc).await;
    let mut form = Form::to(&page, &format!("{HERE}/bloc/{bloc}")).set("action", "enregistrer");
    for (name, value) in fields {
        form = form.set(name, value);
    }
    person.submit(&form).await
}

/// A file of somebody's dossier: its id; none that exists for who has no dossier yet.
pub async fn file(person: &Client) -> String {
    if person.get_only(HERE).await.status != 200 {
        return "999999999".to_owned();
    }
    let page = join(person, "rib", "rib.pdf", pdf()).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text == "rib.pdf").expect("the file").expect("href").to_owned();
    link.rsplit('/').next().expect("an id").to_owned()
}

pub async fn join(person: &Client, piece: &str, name: &str, bytes: impl AsRef<[u8]>) -> Page {
    let page = person.get(&format!("{HERE}/piece/{piece}")).await;
    person.upload(&Form::to(&page, &format!("{HERE}/piece/{piece}")), &format!("fichier-{piece}"), name, bytes).await
}

/// A PDF of one empty page.
pub fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec()
}

/// Fills in everything that a retired person with a passport owes.
pub async fn fill(person: &Client) {
    let ok = |page: &Page| assert_eq!(page.status, 200, "{}", page.said());
    ok(&save(
        person,
        "adresse",
        &[("adresse", "3 rue des Écoles"), ("code_postal", "35000"), ("commune", "Rennes"), ("pays", "France")],
    )
    .await);
    ok(&save(person, "telephones", &[("telephone", "06 39 98 12 34")]).await);
    ok(&save(
        person,
        "identite",
        &[("type_identite", "passeport"), ("numero_identite", "12AB34567"), ("expire_le", "02/05/2031")],
    )
    .await);
    ok(&save(person, "carte_vitale", &[("nir", &NIR[..13])]).await);
    ok(&save(person, "statut", &[("statut", "retraite")]).await);
    ok(&save(person, "banque", &[("titulaire", "M. Malo"), ("iban", IBAN), ("bic", "AGRIFRPP882")]).await);
    for piece in ["passeport", "copie_carte_vitale", "pension", "rib"] {
        ok(&join(person, piece, &format!("{piece}.pdf"), pdf()).await);
    }
}

const ALL: [&str; 10] = [
    "adresse",
    "telephones",
    "identite",
    "passeport",
    "carte_vitale",
    "copie_carte_vitale",
    "statut",
    "pension",
    "banque",
    "rib",
];

async fn d1_a_request_lights_the_badge_in_every_open_tab_and_is_mailed(engine: Engine) {
    let world = world(engine).await;
    let tabs = [world.person.tab().await, world.person.tab().await];
    for tab in &tabs {
        assert_eq!(tab.told().counter("dossier"), Some(0));
    }
    let nothing = world.ask(&[], "").await;
    assert_eq!(nothing.status, 422, "{}", nothing.said());
    let asked = world.ask(&["adresse", "rib"], "Pour le 12 janvier, zinzolin.").await;
    assert!(asked.body.contains("La demande est envoyée"), "{}", asked.said());
    for tab in &tabs {
        tab.until("two things to give", |told| told.counter("dossier") == Some(2)).await;
    }
    let page = world.person.get("/tableau-de-bord").await;
    assert_eq!(page.html().counter("dossier"), Some(2), "{}", page.said());
    assert!(page.main_text().contains("Compléter votre dossier administratif"), "{}", page.said());
    let objet = "Des données et des pièces vous sont demandées";
    assert_eq!(mails::told(&world.person, logins::INTERVENANT, objet).await, 1);
    let mail = mails::about(&world.person, logins::INTERVENANT).await.into_iter().find(|mail| mail.objet == objet);
    let text = mails::text(&world.person, &mail.expect("it")).await;
    for words in ["Adresse personnelle", "Relevé d’identité bancaire", "zinzolin", HERE] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // Given, it is not to do any more.
    save(
        &world.person,
        "adresse",
        &[("adresse", "3 rue des Écoles"), ("code_postal", "35000"), ("commune", "Rennes"), ("pays", "France")],
    )
    .await;
    let page = world.person.get(HERE).await;
    assert!(page.html().by_id("bloc-adresse").expect("the block").text.contains("Prêt"), "{}", page.said());
    assert_eq!(page.html().counter("dossier"), Some(2), "one to give, and to transmit: {}", page.said());
    join(&world.person, "rib", "rib.pdf", pdf()).await;
    for tab in &tabs {
        tab.until("to transmit it is left", |told| told.counter("dossier") == Some(1)).await;
    }
}

async fn d1_d9_what_is_saved_and_not_transmitted_is_counted_and_listed_until_it_is_sent(engine: Engine) {
    let world = world(engine).await;
    let tabs = [world.person.tab().await, world.person.tab().await];
    let all_count = async |what: &str, number: u64| {
        for tab in &tabs {
            tab.until(what, |told| told.counter("dossier") == Some(i64::try_from(number).expect("small"))).await;
        }
        // The menu, the page and the dashboard say the same.
        for path in [HERE, "/tableau-de-bord"] {
            assert_eq!(world.person.get(path).await.html().counter("dossier"), Some(number), "{path}: {what}");
        }
    };
    let tasks = async || world.person.get("/tableau-de-bord").await.main_text();
    // The pieces of a block are asked for with it.
    world.ask(&["banque"], "").await;
    all_count("the bank and its RIB", 2).await;
    let page = world.person.get(HERE).await;
    let html = page.html();
    // Every block is one link, and what the last button would refuse is counted from the start.
    for bloc in ["banque", "adresse", "statut"] {
        let line = html.by_id(&format!("bloc-{bloc}")).expect("a line");
        let link = html.inside(line, "a").next().expect("a link").expect("href").to_owned();
        assert_eq!(link, format!("{HERE}/bloc/{bloc}"));
    }
    assert!(page.body.contains("Encore 6 blocs"), "{}", page.said());
    assert!(!tasks().await.contains("Transmettre mon dossier"));

    save(&world.person, "banque", &[("titulaire", "M. Malo"), ("iban", IBAN), ("bic", "AGRIFRPP882")]).await;
    join(&world.person, "rib", "rib.pdf", pdf()).await;
    all_count("to transmit it is left", 1).await;
    let text = tasks().await;
    assert!(text.contains("Transmettre mon dossier") && text.contains("éléments manquent"), "{text}");
    assert!(!text.contains("Compléter votre dossier"), "{text}");
    fill(&world.person).await;
    all_count("everything is there, and not sent", 1).await;
    assert!(world.transmit().await.body.contains("Votre dossier est transmis"));
    all_count("it is sent", 0).await;
    assert!(!tasks().await.contains("Transmettre mon dossier"));
    // One who changes something unasked is told too.
    save(&world.person, "telephones", &[("telephone", "06 39 98 12 35")]).await;
    all_count("a change is to be sent", 1).await;
    let page = opened(&world.person, "telephones").await;
    world.person.submit(&Form::pressing(&page, "Retirer ce que j’ai saisi : Vos numéros de téléphone")).await;
    all_count("it is taken back", 0).await;
}

/// The form of a block's page.
pub fn form_of(page: &Page) -> Form {
    let html = page.html();
    let form = html.by_id("bloc").unwrap_or_else(|| panic!("no block on {}: {}", page.path(), page.said()));
    Form::to(page, form.attribute("action").expect("its action"))
}

/// What the form of a block holds in a field.
fn held(page: &Page, name: &str) -> String {
    form_of(page).value(name).unwrap_or_default().to_owned()
}

/// What is typed in that field, whichever block it stands in.
async fn typed_in(person: &Client, name: &str) -> String {
    let bloc = match name {
        "nir" => "carte_vitale",
        "titulaire" | "iban" | "bic" => "banque",
        "employeur_nom" => "employeur",
        _ => "telephones",
    };
    held(&opened(person, bloc).await, name)
}

async fn q1_d2_what_is_typed_in_the_dossier_is_kept_whichever_button_is_pressed(engine: Engine) {
    let world = world(engine).await;
    let person = &world.person;
    let all = [("nir", "2 55 08 14 168 025"), ("titulaire", "M. Malo"), ("iban", "FR76 3000"), ("bic", "AGRIFRPP")];
    let kept = async |after: &str| {
        for (name, value) in all {
            assert_eq!(typed_in(person, name).await, value, "{name}, after {after}");
        }
    };
    // « Bloc précédent » keeps what is typed and saves nothing.
    let back_from = async |page: &Page, bloc: &str| {
        let form = Form::to(page, &format!("{HERE}/suite/{bloc}")).set("action", "precedent");
        let typed = all.iter().filter(|(name, _)| form.value(name).is_some());
        person.submit(&typed.fold(form.clone(), |form, (name, value)| form.set(name, value))).await
    };
    let page = opened(person, "carte_vitale").await;
    let back = back_from(&page, "carte_vitale").await;
    assert_eq!((back.status, back.path()), (200, "/mon-compte/documents/bloc/identite"), "{}", back.said());
    let page = opened(person, "banque").await;
    back_from(&page, "banque").await;
    kept("going back").await;
    let list = person.get(HERE).await;
    let state = |bloc: &str| list.html().by_id(&format!("bloc-{bloc}")).expect("the block").text.clone();
    for (bloc, is) in [("carte_vitale", true), ("banque", true), ("telephones", false), ("adresse", false)] {
        assert_eq!(state(bloc).contains("À enregistrer"), is, "{bloc}: {}", state(bloc));
        let text = opened(person, bloc).await.main_text();
        assert_eq!(text.contains("Votre saisie est gardée"), is, "{bloc}: {text}");
    }
    // So it is after another block is saved, an error, a file, a file that is refused, a number shown whole, something
    // taken back.
    let saved = save(person, "telephones", &[("telephone", "06 39 98 12 34")]).await;
    assert!(saved.status == 200 && saved.body.contains("c’est enregistré"), "{}", saved.said());
    kept("saving another block").await;
    let page = opened(person, "banque").await;
    let wrong = person.submit(&Form::pressing(&page, "Enregistrer : Vos informations bancaires")).await;
    assert_eq!((wrong.status, held(&wrong, "iban").as_str()), (422, "FR76 3000"), "{}", wrong.said());
    kept("an error").await;
    let joined = join(person, "rib", "rib.pdf", pdf()).await;
    assert!(joined.status == 200 && joined.main_text().contains("rib.pdf"), "{}", joined.said());
    kept("a file").await;
    let refused = join(person, "rib", "photo.gif", b"GIF89a....").await;
    assert_eq!((refused.status, held(&refused, "iban").as_str()), (422, "FR76 3000"), "{}", refused.said());
    kept("a file that is refused").await;
    let identite = [("type_identite", "passeport"), ("numero_identite", "12AB34567"), ("expire_le", "02/05/2031")];
    let page = save(person, "identite", &identite).await;
    let whole = person.submit(&Form::pressing(&page, "Afficher les numéros en entier : Votre identité")).await;
    assert!(whole.main_text().contains("12AB34567"), "{}", whole.said());
    let page = opened(person, "telephones").await;
    let back = person.submit(&Form::pressing(&page, "Retirer ce que j’ai saisi : Vos numéros de téléphone")).await;
    assert!(!back.main_text().contains("06 39 98 12 34"), "{}", back.said());
    kept("something taken back").await;
    // A search for an employer, and what stops a transmission.
    save(person, "statut", &[("statut", "fonctionnaire")]).await;
    let page = opened(person, "employeur").await;
    let search = Form::pressing(&page, "Chercher").set("employeur_nom", "ville de rennes");
    let found = person.submit(&search).await;
    assert_eq!(held(&found, "employeur_nom"), "ville de rennes", "{}", found.said());
    kept("a search").await;
    let stopped = world.transmit().await;
    assert_eq!(stopped.status, 422, "{}", stopped.said());
    let html = stopped.html();
    let summary = html.by_class("summary").expect("what is wrong");
    let way = html.inside(summary, "a").map(|link| link.expect("href").to_owned());
    let way = way.into_iter().find(|href| href.ends_with("#iban")).expect("the way to what is wrong");
    let there = person.get(way.split('#').next().expect("a page")).await;
    assert!(there.html().by_id("iban-erreur").is_some(), "what is typed is wrong, and says so: {}", there.said());
    assert_eq!(held(&there, "iban"), "FR76 3000");
    let saved = opened(person, "carte_vitale").await;
    assert!(saved.main_text().contains("2 55 ••"), "what is typed and right is saved: {}", saved.said());
    // It is there for another browser of theirs, and on the dashboard.
    let elsewhere = world.server.login(logins::INTERVENANT).await;
    assert_eq!(typed_in(&elsewhere, "iban").await, "FR76 3000");
    let tasks = elsewhere.get("/tableau-de-bord").await.main_text();
    assert!(tasks.contains("Enregistrer votre saisie de « Mes données et documents »"), "{tasks}");
    // It is given up block by block.
    let page = opened(person, "banque").await;
    let given_up =
        person.submit(&Form::pressing(&page, "Revenir à ce qui est enregistré : Vos informations bancaires")).await;
    assert_eq!(held(&given_up, "iban"), "", "{}", given_up.said());
    assert_eq!(typed_in(person, "employeur_nom").await, "ville de rennes");
    // A file that is chosen and can't leave with the button that is pressed is said, never dropped without a word.
    let page = opened(person, "identite").await;
    let form = form_of(&page).set("numero_identite", "12AB34567").add("fichier-passeport", "mon passeport.pdf");
    let said = person.submit(&form).await;
    assert!(said.body.contains("mon passeport.pdf » n’est pas parti"), "{}", said.said());
}

async fn d3_a_chosen_file_leaves_whichever_button_of_the_block_is_pressed(engine: Engine) {
    let world = world(engine).await;
    let person = &world.person;
    let bank = [("titulaire", "M. Malo"), ("iban", IBAN), ("bic", "AGRIFRPP882")];
    let sent = async |button: &str, name: &str, fields: &[(&str, &str)]| {
        let page = opened(person, "banque").await;
        let form = fields.iter().fold(Form::pressing(&page, button), |form, (name, value)| form.set(name, value));
        person.upload(&form, "fichier-rib", name, pdf()).await
    };
    let stays = sent("Enregistrer : Vos informations bancaires", "enregistre.pdf", &bank).await;
    assert_eq!((stays.status, stays.path()), (200, "/mon-compte/documents/bloc/banque"), "{}", stays.said());
    let text = stays.main_text();
    assert!(text.contains("enregistre.pdf") && text.contains("c’est enregistré"), "{text}");
    let back = sent("Bloc précédent : Statut", "precedent.pdf", &[("iban", "FR76 3000")]).await;
    assert_eq!((back.status, back.path()), (200, "/mon-compte/documents/bloc/statut"), "{}", back.said());
    let page = opened(person, "banque").await;
    assert!(page.main_text().contains("precedent.pdf"), "{}", page.said());
    assert_eq!(held(&page, "iban"), "FR76 3000", "typed and kept, not saved");
    // One that can't be joined is said, and one stays with it.
    let page = opened(person, "banque").await;
    let form = Form::pressing(&page, "Bloc précédent : Statut");
    let refused = person.upload(&form, "fichier-rib", "photo.gif", b"GIF89a....").await;
    assert_eq!((refused.status, held(&refused, "iban").as_str()), (422, "FR76 3000"), "{}", refused.said());
    // Who loads the page again is at the block.
    let again = person.get(&format!("{HERE}/suite/banque")).await;
    assert_eq!((again.status, again.path()), (200, "/mon-compte/documents/bloc/banque"), "{}", again.said());
}

async fn d2_what_was_refused_or_is_no_longer_due_is_not_done_by_walking_through(engine: Engine) {
    let world = world(engine).await;
    let person = &world.person;
    let state = async |bloc: &str| {
        let list = person.get(HERE).await;
        list.html().by_id(&format!("bloc-{bloc}")).map(|one| one.text.clone()).unwrap_or_default()
    };
    fill(person).await;
    world.transmit().await;
    let mut choices: Vec<(&str, Option<&str>)> = ALL.iter().map(|one| (*one, None)).collect();
    choices[8].1 = Some("donnee_erronee");
    let decided = world.decide(&choices).await;
    assert_eq!(decided.status, 200, "{}", decided.said());
    assert!(state("banque").await.contains("À corriger"), "{}", state("banque").await);
    go_on(person, "banque", &[], None).await;
    assert!(
        state("banque").await.contains("À corriger"),
        "what is refused is to be changed: {}",
        state("banque").await
    );
    go_on(person, "banque", &[("titulaire", "Malo Kerzrého"), ("iban", IBAN), ("bic", "AGRIFRPP882")], None).await;
    assert!(!state("banque").await.contains("À corriger"), "{}", state("banque").await);
    // What is asked for again and still right is confirmed whole by going on, though its numbers are not shown.
    world.ask(&["carte_vitale"], "").await;
    assert!(!state("carte_vitale").await.contains("Prêt"), "{}", state("carte_vitale").await);
    go_on(person, "carte_vitale", &[], None).await;
    assert!(state("carte_vitale").await.contains("Prêt"), "{}", state("carte_vitale").await);
    // What is typed for a block that is no longer due stops nothing.
    save(person, "statut", &[("statut", "fonctionnaire"), ("fonction", "Attaché")]).await;
    let page = opened(person, "employeur").await;
    let form =
        Form::to(&page, &format!("{HERE}/suite/employeur")).set("employeur_nom", "Ville").set("action", "precedent");
    person.submit(&form).await;
    save(person, "statut", &[("statut", "retraite")]).await;
    let sent = world.transmit().await;
    assert!(sent.body.contains("Votre dossier est transmis"), "{}", sent.said());
}

async fn q1_d2_a_page_that_was_open_before_undoes_nothing_that_is_typed_in_another(engine: Engine) {
    let world = world(engine).await;
    let person = &world.person;
    let type_in = async |page: &Page, fields: &[(&str, &str)]| {
        let mut form = form_of(page);
        for (name, value) in fields {
            form = form.set(name, value);
        }
        form.action = format!("{HERE}/saisie");
        let kept = person.submit_only(&form).await;
        assert_eq!(kept.status, 200, "{}", kept.said());
        kept.json()["id"].as_str().expect("the blocks").to_owned()
    };
    let (card, bank) = (opened(person, "carte_vitale").await, opened(person, "banque").await);
    assert_eq!(type_in(&card, &[]).await, "", "nothing differs from what is saved");
    assert_eq!(type_in(&card, &[("nir", "2 55")]).await, "carte_vitale");
    assert_eq!(type_in(&bank, &[("bic", "AGRI")]).await, "carte_vitale banque");
    // The other tab showed the block before it was typed in: empty there, it undoes nothing.
    assert_eq!(type_in(&card, &[]).await, "carte_vitale banque");
    assert_eq!((typed_in(person, "nir").await, typed_in(person, "bic").await), ("2 55".into(), "AGRI".into()));
    // Neither does its « Enregistrer » nor its « Continuer »: what is typed elsewhere is shown.
    let buttons = [form_of(&card).set("action", "enregistrer"), Form::to(&card, &format!("{HERE}/suite/carte_vitale"))];
    for button in buttons {
        let shown = person.submit(&button).await;
        assert_eq!((shown.status, held(&shown, "nir").as_str()), (200, "2 55"), "{}", shown.said());
        assert!(shown.body.contains("Vous avez tapé autre chose"), "{}", shown.said());
    }
    // One that shows it and has it emptied means it.
    assert_eq!(type_in(&opened(person, "carte_vitale").await, &[("nir", "")]).await, "banque");
}

async fn q1_d2_what_a_block_held_when_the_session_ended_is_kept_through_the_login(engine: Engine) {
    let world = world(engine).await;
    let person = &world.person;
    let page = opened(person, "telephones").await;
    let form = Form::to(&page, &format!("{HERE}/suite/telephones")).set("telephone", "06 39 98 12 34");
    world.server.login(logins::INTERVENANT).await.post("/mon-compte/sessions", &[]).await;
    let login = person.submit_only(&form).await;
    assert_eq!(login.status, 401, "{}", login.said());
    let form = Form::to(&login, "/authentification/").set("email", logins::INTERVENANT);
    let back = person.submit(&form.set("mot_de_passe", logins::PASSWORD)).await;
    let sent = person.press(&back, "Envoyer ce que j’avais saisi").await;
    assert_eq!((sent.status, sent.path()), (200, "/mon-compte/documents/bloc/identite"), "{}", sent.said());
    assert!(opened(person, "telephones").await.main_text().contains("06 39 98 12 34"));
}

/// « Enregistrer et continuer », which a browser sends with the files of the block.
async fn go_on(person: &Client, bloc: &str, fields: &[(&str, &str)], file: Option<(&str, &str)>) -> Page {
    let page = opened(person, bloc).await;
    let mut form = Form::to(&page, &format!("{HERE}/suite/{bloc}"));
    for (name, value) in fields {
        form = form.set(name, value);
    }
    match file {
        Some((field, name)) => person.upload(&form, field, name, pdf()).await,
        // With JavaScript, a form without a file leaves as any other does.
        None => person.submit(&form).await,
    }
}

async fn d2_one_goes_from_block_to_block_and_reads_all_again_before_it_leaves(engine: Engine) {
    let world = world(engine).await;
    let person = &world.person;
    let at = |page: &Page| page.path().rsplit('/').next().unwrap_or_default().to_owned();
    // What the profile says is proposed; it counts once one goes on with it.
    let list = person.get(HERE).await;
    let proposed = &list.html().by_id("bloc-adresse").expect("the block").text.clone();
    assert!(proposed.contains("À confirmer") && proposed.contains("Repris de votre profil"), "{proposed}");
    let text = list.main_text();
    assert!(text.contains("6 blocs à remplir") && text.contains("Commencer : Adresse personnelle"), "{text}");
    let page = go_on(person, "adresse", &[], None).await;
    assert_eq!((page.status, at(&page).as_str()), (200, "telephones"), "{}", page.said());
    let page = go_on(person, "telephones", &[("telephone", "06 39 98 12 34")], None).await;
    assert_eq!(at(&page), "identite", "{}", page.said());
    // Data and piece leave together, with one button.
    let identite = [("type_identite", "passeport"), ("numero_identite", "12AB34567"), ("expire_le", "02/05/2031")];
    let page = go_on(person, "identite", &identite, Some(("fichier-passeport", "passeport.pdf"))).await;
    assert_eq!(at(&page), "carte_vitale", "{}", page.said());
    let shown = opened(person, "identite").await.main_text();
    assert!(shown.contains("passeport.pdf") && shown.contains("Bloc 3 sur 6"), "{shown}");
    // Nothing typed is no error: one may come back. What is wrong stops, and what is typed stays.
    let page = go_on(person, "carte_vitale", &[], None).await;
    assert_eq!((page.status, at(&page).as_str()), (200, "statut"), "{}", page.said());
    let wrong = go_on(person, "carte_vitale", &[("nir", "255081416802539")], None).await;
    assert_eq!((wrong.status, held(&wrong, "nir").as_str()), (422, "255081416802539"), "{}", wrong.said());
    go_on(person, "carte_vitale", &[("nir", NIR)], Some(("fichier-copie_carte_vitale", "carte.pdf"))).await;
    go_on(person, "statut", &[("statut", "retraite")], None).await;
    let list = person.get(HERE).await;
    assert!(list.main_text().contains("4 blocs sur 6 sont prêts"), "{}", list.main_text());
    // The last block leads to what is read again; it says what is missing, and the way there.
    let bank = [("titulaire", "M. Malo"), ("iban", IBAN), ("bic", "AGRIFRPP882")];
    let last = go_on(person, "banque", &bank, Some(("fichier-rib", "rib.pdf"))).await;
    assert_eq!(last.path(), CHECK, "{}", last.said());
    let html = last.html();
    let way = html.all("a").find(|link| link.text.contains("joignez le fichier")).expect("what is missing");
    assert_eq!(way.expect("href"), format!("{HERE}/bloc/statut#pension"));
    assert!(last.main_text().contains("2 55 ••") && last.main_text().contains("rib.pdf"), "{}", last.main_text());
    join(person, "pension", "pension.pdf", pdf()).await;
    let list = person.get(HERE).await;
    assert!(list.main_text().contains("Les 6 blocs sont prêts"), "{}", list.main_text());
    let ready = list.html().all("a").any(|link| link.text == "Vérifier et transmettre" && link.expect("href") == CHECK);
    assert!(ready, "{}", list.said());
    // Sent, the list says what happens now, and how far each piece is.
    let sent = world.transmit().await;
    let text = sent.main_text();
    assert!(text.contains("Ce qui se passe maintenant") && text.contains("c’est fait"), "{text}");
    // How long it usually takes is what the last decisions took; the demonstration's took a day.
    assert!(text.contains("Délégation Bretagne examine élément par élément, d’habitude en un jour"), "{text}");
    let bank = sent.html().by_id("bloc-banque").expect("the block").text.clone();
    assert!(bank.contains("En cours d’examen") && bank.contains("Relevé d’identité bancaire"), "{bank}");
    // A refusal leads to its piece.
    world.decide(&[("rib", Some("illisible")), ("banque", None)]).await;
    let list = person.get(HERE).await;
    let bank = list.html().by_id("bloc-banque").expect("the block").text.clone();
    assert!(bank.contains("À corriger") && bank.contains("Document illisible"), "{bank}");
    assert!(list.main_text().contains("Continuer : Informations bancaires"), "{}", list.main_text());
    assert!(opened(person, "banque").await.main_text().contains("Refusée. Document illisible"));
}

async fn d1_who_asks_last_decides_and_the_counters_of_both_structures_follow(engine: Engine) {
    let world = world(engine).await;
    fill(&world.person).await;
    world.transmit().await;
    let elsewhere = world.server.login(logins::ELSEWHERE).await;
    let (here, there) = (world.desk.tab().await, elsewhere.tab().await);
    let of = |tab: &crate::support::Tab| tab.told().counter("dossier").expect("a counter");
    let (mine, theirs) = (of(&here), of(&there));
    // A structure that he does not belong to reads nothing before it has asked.
    let page = elsewhere.get(&world.dossier).await;
    assert!(
        page.status == 200 && !page.body.contains("rue des Écoles") && !page.body.contains("rib.pdf"),
        "{}",
        page.said()
    );
    let asked = elsewhere.submit(&Form::pressing(&page, "Demander").without("cibles").set("cibles", "adresse")).await;
    assert!(asked.body.contains("La demande est envoyée"), "{}", asked.said());
    here.until("it is theirs to decide", |told| told.counter("dossier") == Some(mine - 1)).await;
    there.until("it is theirs to decide", |told| told.counter("dossier") == Some(theirs + 1)).await;
    let page = elsewhere.get(&world.dossier).await;
    assert!(page.body.contains("rue des Écoles") && page.body.contains("Enregistrer les décisions"), "{}", page.said());
    assert!(!world.desk.get(&world.dossier).await.body.contains("Enregistrer les décisions"));
}

async fn d1_d2_what_is_asked_has_a_deadline_and_who_decides(engine: Engine) {
    let world = world(engine).await;
    let today = domain::time::paris_day(chrono::Utc::now().naive_utc());
    let ask = async |avant: &str| {
        let page = world.desk.get(&world.dossier).await;
        let form = Form::pressing(&page, "Demander").without("cibles").set("cibles", "rib");
        world.desk.submit(&form.set("avant", avant)).await
    };
    // A day that is over is refused, beside its field, and asks for nothing.
    let past = ask(&(today - chrono::Days::new(1)).to_string()).await;
    assert_eq!(past.status, 422, "{}", past.said());
    assert!(past.html().by_id("avant-erreur").is_some(), "{}", past.said());
    assert!(world.person.get(HERE).await.main_text().contains("Rien ne vous est demandé"));
    let day = today + chrono::Days::new(6);
    assert_eq!(ask(&day.to_string()).await.status, 200);
    let text = world.person.get(HERE).await.main_text();
    let said = domain::dates::jour(day);
    assert!(text.contains(&format!("À transmettre au plus tard le {said} dans 6 jours")), "{text}");
    assert!(text.contains("Qui examine et décide Délégation Bretagne"), "{text}");
    let objet = "Des données et des pièces vous sont demandées";
    let mail = mails::about(&world.person, logins::INTERVENANT).await.into_iter().find(|mail| mail.objet == objet);
    let text = mails::text(&world.person, &mail.expect("it")).await;
    assert!(text.contains(&format!("au plus tard le {said}")), "{text}");
    // Who asks again without a date takes it away.
    assert_eq!(ask("").await.status, 200);
    let text = world.person.get(HERE).await.main_text();
    assert!(!text.contains("À transmettre au plus tard"), "{text}");
}

async fn d2_what_is_asked_is_listed_and_its_block_says_so(engine: Engine) {
    let world = world(engine).await;
    let before = world.person.get(HERE).await;
    assert!(before.main_text().contains("Rien ne vous est demandé"), "{}", before.said());
    world.ask(&["identite", "rib"], "Merci.").await;
    let page = world.person.get(HERE).await;
    let html = page.html();
    for (bloc, asked) in [("identite", true), ("banque", true), ("adresse", false), ("carte_vitale", false)] {
        let line = html.by_id(&format!("bloc-{bloc}")).expect("the block is listed");
        let link = html.inside(line, "a").next().expect("a link").expect("href");
        let block = world.person.get(link).await;
        assert_eq!(block.main_text().contains("de ce bloc vous sont demandées"), asked, "{bloc}: {}", block.said());
    }
    assert!(page.main_text().contains("Merci.") && page.main_text().contains("Délégation Bretagne"));
}

async fn d3_a_piece_is_joined_looked_at_replaced_and_taken_back(engine: Engine) {
    let world = world(engine).await;
    for (name, bytes, why) in [
        ("photo.gif", &b"GIF89a...."[..], "PDF"),
        ("rib.html", b"<!doctype html><p>Bonjour", "PDF"),
        ("rib.pdf", b"", "vide"),
    ] {
        let page = join(&world.person, "rib", name, bytes).await;
        assert_eq!(page.status, 422, "{name}: {}", page.said());
        assert!(page.body.contains(why), "{name}: {}", page.said());
    }
    let most = [pdf(), vec![b' '; 5 * 1024 * 1024 - pdf().len()]].concat();
    assert_eq!(join(&world.person, "rib", "grand.pdf", &most).await.status, 200, "5 Mo pass");
    let more = [most, vec![b' ']].concat();
    let page = join(&world.person, "rib", "trop.pdf", &more).await;
    assert!(page.status == 422 && page.body.contains("Mo"), "{}", page.said());

    let joined = join(&world.person, "rib", "../../mon rib.pdf", pdf()).await;
    assert!(
        joined.main_text().contains("mon rib.pdf") && !joined.main_text().contains("grand.pdf"),
        "{}",
        joined.said()
    );
    let html = joined.html();
    let link =
        html.all("a").find(|link| link.text == "mon rib.pdf").expect("it can be looked at").expect("href").to_owned();
    let file = world.person.get(&link).await;
    assert_eq!(file.bytes, pdf());
    let said = |name: &str| file.headers.get(name).expect("said").to_str().expect("a text").to_owned();
    assert!(said("content-disposition").starts_with("inline") && said("cache-control").contains("no-store"));
    assert_eq!(said("x-content-type-options"), "nosniff");
    // Nobody else's, and not the structure's before it is transmitted.
    let id = link.rsplit('/').next().expect("an id").to_owned();
    assert_eq!(world.desk.get(&link).await.status, 403);
    assert_eq!(world.desk.get(&format!("{LIST}/fichiers/{id}")).await.status, 404);
    assert!(!world.desk.get(&world.dossier).await.body.contains("mon rib.pdf"));
    let page = opened(&world.person, "banque").await;
    let back =
        world.person.submit(&Form::pressing(&page, "Retirer ce fichier : Relevé d’identité bancaire (RIB)")).await;
    assert!(!back.main_text().contains("mon rib.pdf"), "{}", back.said());
    assert_eq!(world.person.get(&link).await.status, 404);
}

/// The connection goes away in the middle of a file.
async fn cut(person: &Client, piece: &str, csrf: &str) {
    use tokio::io::AsyncWriteExt as _;
    let address = person.base().trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let parts = format!(
        "--bord\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{csrf}\r\n--bord\r\n\
         Content-Disposition: form-data; name=\"fichier-{piece}\"; filename=\"coupe.pdf\"\r\n\r\n%PDF-1.4\n{}",
        "x".repeat(200_000)
    );
    let request = format!(
        "POST {HERE}/piece/{piece} HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\nOrigin: {}\r\n\
         Content-Type: multipart/form-data; boundary=bord\r\nContent-Length: 1000000\r\n\r\n{parts}",
        person.cookies(),
        person.base()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    stream.shutdown().await.expect("cut");
}

async fn d3_an_upload_that_is_cut_loses_nothing_that_was_saved(engine: Engine) {
    let world = world(engine).await;
    assert_eq!(save(&world.person, "telephones", &[("telephone", "06 39 98 12 34")]).await.status, 200);
    assert_eq!(join(&world.person, "rib", "mon rib.pdf", pdf()).await.status, 200);
    let before = world.person.get(CHECK).await;
    let kept = |page: &Page| {
        let text = page.main_text();
        text.contains("mon rib.pdf") && text.contains("06 39 98 12 34") && !text.contains("coupe.pdf")
    };
    assert!(kept(&before), "{}", before.said());
    let blobs = files(&world.site.files()).len();
    let csrf = world.person.token().await;
    // In place of the one that is there, and of none.
    for piece in ["rib", "passeport"] {
        cut(&world.person, piece, &csrf).await;
    }
    let after = world.person.get(CHECK).await;
    assert!(kept(&after), "{}", after.said());
    assert_eq!(files(&world.site.files()).len(), blobs, "nothing half received is left");
    let again = join(&world.person, "rib", "autre rib.pdf", pdf()).await;
    assert!(again.main_text().contains("autre rib.pdf"), "{}", again.said());
}

async fn d4_a_change_is_a_proposal_and_what_is_validated_serves_meanwhile(engine: Engine) {
    let world = world(engine).await;
    fill(&world.person).await;
    world.transmit().await;
    let choices: Vec<(&str, Option<&str>)> = ALL.iter().map(|one| (*one, None)).collect();
    let done = world.decide(&choices).await;
    assert!(done.body.contains("complet et validé"), "{}", done.said());
    // Unasked, the person changes their bank: the structure reads the old one until the new one is sent.
    let other = "FR1420041010050500013M02606";
    let saved =
        save(&world.person, "banque", &[("titulaire", "Mme Malo"), ("iban", other), ("bic", "AGRIFRPP882")]).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    let desk = world.desk.get(&world.dossier).await;
    assert!(desk.main_text().contains("M. Malo") && !desk.main_text().contains("Mme Malo"), "{}", desk.said());
    assert!(desk.main_text().contains("complet et validé"), "it serves meanwhile: {}", desk.said());
    assert!(world.transmit().await.body.contains("Votre dossier est transmis"));
    let desk = world.desk.get(&world.dossier).await;
    assert!(desk.main_text().contains("Mme Malo"), "{}", desk.said());
    // The address changes even while they have it; what was sent is then nobody's to decide.
    save(
        &world.person,
        "adresse",
        &[("adresse", "4 rue Neuve"), ("code_postal", "35000"), ("commune", "Rennes"), ("pays", "France")],
    )
    .await;
    world.transmit().await;
    let page = world.desk.get(&world.dossier).await;
    save(
        &world.person,
        "adresse",
        &[("adresse", "5 rue Neuve"), ("code_postal", "35000"), ("commune", "Rennes"), ("pays", "France")],
    )
    .await;
    let late = world.desk.submit(&decisions(&page, &[("adresse", None)])).await;
    assert_eq!(late.status, 409, "there is nothing to decide any more: {}", late.said());
    // Its form is not there: what is posted all the same is refused.
    let posted = world
        .person
        .post(&format!("{HERE}/bloc/banque"), &[("titulaire", "X"), ("iban", IBAN), ("bic", "AGRIFRPP882")])
        .await;
    assert_eq!(posted.status, 409, "{}", posted.said());
}

async fn d5_d6_d8_what_is_typed_is_checked_block_by_block(engine: Engine) {
    let world = world(engine).await;
    for (bloc, fields, wrong) in [
        ("carte_vitale", &[("nir", "2550814168")][..], "nir"),
        ("carte_vitale", &[("nir", "255081416802539")], "nir"),
        (
            "identite",
            &[("type_identite", "passeport"), ("numero_identite", "12"), ("expire_le", "02/05/2001")],
            "expire_le",
        ),
        ("identite", &[("numero_identite", "12"), ("expire_le", "02/05/2031"), ("type_identite", "")], "type_identite"),
        ("banque", &[("titulaire", "Malo"), ("iban", "FR763000600001123456789018"), ("bic", "AGRIFRPP882")], "iban"),
        ("banque", &[("titulaire", "Malo"), ("iban", IBAN), ("bic", "AGRI")], "bic"),
        (
            "telephones",
            &[("telephone", ""), ("telephone_domicile", ""), ("telephone_professionnel", ""), ("telephone_autre", "")],
            "telephone",
        ),
    ] {
        let page = save(&world.person, bloc, fields).await;
        assert_eq!(page.status, 422, "{bloc} {fields:?}: {}", page.said());
        let html = page.html();
        assert!(
            html.by_id(&format!("{wrong}-erreur")).is_some() || html.by_class("why").is_some(),
            "{wrong}: {}",
            page.said()
        );
        let (name, typed) = fields[0];
        if name != "type_identite" {
            assert_eq!(
                Form::to(&page, &format!("{HERE}/bloc/{bloc}")).value(name),
                Some(typed),
                "what was typed stays"
            );
        }
    }
    // 13 characters get their key; FR ticks the SEPA zone; the numbers are masked until one asks.
    save(&world.person, "carte_vitale", &[("nir", "2 55 08 14 168 025")]).await;
    save(&world.person, "banque", &[("titulaire", "Malo"), ("iban", IBAN), ("bic", "AGRIFRPP882")]).await;
    let page = world.person.get(CHECK).await;
    let text = page.main_text();
    assert!(text.contains("2 55 ••") && !page.body.contains("168 025 38") && !page.body.contains("67890189"), "{text}");
    assert!(text.contains("Zone SEPA oui") || text.contains("Zone SEPA"), "{text}");
    let whole = world.person.get(&format!("{HERE}/bloc/carte_vitale?afficher=1")).await;
    assert!(whole.main_text().contains("2 55 08 14 168 025 38"), "{}", whole.said());
}

async fn d6_an_independent_is_not_asked_for_a_nir(engine: Engine) {
    let world = world(engine).await;
    world.ask(&["carte_vitale"], "").await;
    let page = world.person.get(HERE).await;
    assert!(page.html().by_id("bloc-carte_vitale").is_some(), "nobody knows yet: {}", page.said());
    assert_eq!(page.html().counter("dossier"), Some(2), "{}", page.said());
    save(&world.person, "statut", &[("statut", "independant"), ("fonction", "Formatrice")]).await;
    let page = world.person.get(HERE).await;
    let html = page.html();
    assert!(html.by_id("bloc-carte_vitale").is_none(), "{}", page.said());
    // The attestation of the statut, and to transmit.
    assert_eq!(html.counter("dossier"), Some(2), "{}", page.said());
    let missing = world.transmit().await;
    assert!(missing.status == 422 && !missing.main_text().contains("sécurité sociale"), "{}", missing.said());
    let desk = world.desk.get(&world.dossier).await;
    let boxes = Form::pressing(&desk, "Demander");
    assert!(!desk.body.contains("value=\"carte_vitale\""), "{:?}", boxes.values("cibles"));
    // One that was given before is kept, and says that it serves no more.
    save(&world.person, "statut", &[("statut", "retraite")]).await;
    save(&world.person, "carte_vitale", &[("nir", &NIR[..13])]).await;
    save(&world.person, "statut", &[("statut", "independant")]).await;
    let page = world.person.get(HERE).await;
    let html = page.html();
    let block = &html.by_id("bloc-carte_vitale").expect("it is kept").text;
    assert!(block.contains("Plus demandé") && !block.contains("Prêt"), "{block}");
    // Who was asked for it before is asked again when they come back to a payroll.
    save(&world.person, "statut", &[("statut", "retraite")]).await;
    let page = world.person.get(HERE).await;
    assert!(page.html().by_id("bloc-carte_vitale").is_some(), "{}", page.said());
}

async fn d7_a_change_of_statut_changes_the_pieces_and_keeps_what_serves(engine: Engine) {
    let world = world(engine).await;
    let there = async |piece: &str| {
        let page = opened(&world.person, "statut").await;
        Form::found(&page, &format!("{HERE}/piece/{piece}")).is_some()
    };
    save(&world.person, "statut", &[("statut", "fonctionnaire"), ("fonction", "Attaché")]).await;
    assert!(there("arrete_situation").await && there("attestation_honneur").await && !there("contrat").await);
    join(&world.person, "arrete_situation", "arrete.pdf", pdf()).await;
    join(&world.person, "attestation_honneur", "honneur.pdf", pdf()).await;
    save(&world.person, "statut", &[("statut", "salarie_prive")]).await;
    assert!(there("contrat").await && there("attestation_honneur").await && !there("arrete_situation").await);
    let page = opened(&world.person, "statut").await;
    let text = page.main_text();
    assert!(text.contains("honneur.pdf") && text.contains("arrete.pdf") && text.contains("plus demandé"), "{text}");
    save(&world.person, "statut", &[("statut", "retraite")]).await;
    assert!(there("pension").await && !there("contrat").await);
    let page = opened(&world.person, "statut").await;
    assert!(page.main_text().contains("honneur.pdf"), "what was given is kept: {}", page.said());
}

async fn g6_d9_the_dossier_is_transmitted_and_decided_piece_by_piece(engine: Engine) {
    let world = world(engine).await;
    world.ask(&ALL[..2], "").await;
    let missing = world.transmit().await;
    assert_eq!(missing.status, 422, "{}", missing.said());
    let html = missing.html();
    let summary = html.by_class("summary").expect("what is missing");
    for words in ["adresse personnelle", "pièce d’identité", "numéro de sécurité sociale", "statut professionnel"]
    {
        assert!(summary.text.contains(words), "{words}: {}", summary.text);
    }
    for link in html.inside(summary, "a") {
        let (page, id) = link.expect("href").split_once('#').expect("a place");
        let there = world.person.get(page).await;
        assert!(there.html().by_id(id).is_some(), "{}: {}", link.text, there.said());
    }
    fill(&world.person).await;
    let tab = world.desk.tab().await;
    let before = tab.told().counter("dossier").expect("a counter");
    let sent = world.transmit().await;
    assert!(sent.body.contains("Votre dossier est transmis"), "{}", sent.said());
    tab.until("a dossier to examine", |told| told.counter("dossier") == Some(before + 1)).await;
    let list = world.desk.get(LIST).await;
    assert!(list.main_text().contains(&world.person.name().await), "{}", list.said());
    assert!(list.main_text().contains("10 éléments à examiner"), "{}", list.said());

    // A refusal needs its reason; nothing is decided before.
    let without = world.decide(&[("rib", Some("")), ("adresse", None)]).await;
    assert_eq!(without.status, 422, "{}", without.said());
    let other = world.decide(&[("rib", Some("autre"))]).await;
    assert_eq!(other.status, 422, "« autre » needs words: {}", other.said());
    let mut choices: Vec<(&str, Option<&str>)> = ALL.iter().map(|one| (*one, None)).collect();
    choices[9].1 = Some("illisible");
    let done = world.decide(&choices).await;
    assert_eq!(done.status, 200, "{}", done.said());
    // Only that piece is reopened, with the badge and one email that says everything.
    let page = world.person.get(HERE).await;
    assert_eq!(page.html().counter("dossier"), Some(1), "{}", page.said());
    assert!(page.main_text().contains("Document illisible"), "{}", page.said());
    let objet = "Votre dossier administratif est à corriger";
    assert_eq!(mails::told(&world.person, logins::INTERVENANT, objet).await, 1);
    let again = world.transmit().await;
    assert_eq!(again.status, 422, "{}", again.said());
    join(&world.person, "rib", "net.pdf", pdf()).await;
    assert!(world.transmit().await.body.contains("Votre dossier est transmis"));
    let page = world.desk.get(&world.dossier).await;
    let done = world.desk.submit(&Form::pressing(&page, "Tout valider")).await;
    assert!(done.body.contains("le dossier est complet et validé"), "{}", done.said());
    tab.until("nothing more to examine", |told| told.counter("dossier") == Some(before)).await;
    let page = world.person.get(HERE).await;
    assert!(page.main_text().contains("Il sert à toutes les structures"), "{}", page.said());
    // D10: each event is a row, for both; who decided is for the structure alone.
    let me = world.desk.name().await;
    let (theirs, ours) = (page.html(), world.desk.get(&world.dossier).await);
    let rows = theirs.all("tr").filter(|row| row.text.contains("Relevé d’identité bancaire")).count();
    assert_eq!(rows, 6, "joined, sent, refused, joined, sent, validated: {}", page.main_text());
    assert!(!page.body.contains(&me) && ours.body.contains(&me), "{}", ours.said());
    assert!(ours.main_text().contains("Document illisible"));
    // D12: it serves every structure.
    let elsewhere = world.server.login(logins::ELSEWHERE).await;
    let read = elsewhere.get(&world.dossier).await;
    assert!(read.main_text().contains("complet et validé") && read.main_text().contains("net.pdf"), "{}", read.said());
    assert!(!read.body.contains("Enregistrer les décisions"), "it is not theirs to decide");
}

async fn d9_d14_the_text_of_a_document_is_read_beside_the_decision(engine: Engine) {
    let world = world(engine).await;
    fill(&world.person).await;
    let written = include_bytes!("../../documents/tests/files/libreoffice.odt");
    join(&world.person, "rib", "relevé.odt", written).await;
    join(&world.person, "copie_carte_vitale", "attestation.odt", damaged_odt()).await;
    world.transmit().await;
    let readings = async || {
        let mine = world.person.post("/mon-compte/donnees", &[("format", "classeur")]).await;
        crate::donnees::cells(&mine.bytes, "dossier lu")
    };
    let before = readings().await;
    let look = async |name: &str| {
        let page = world.desk.get(&world.dossier).await;
        world.desk.submit(&Form::pressing(&page, name)).await
    };
    let beside = look("relevé.odt").await;
    assert!(beside.main_text().contains("850 € par journée, frais compris."), "{}", beside.said());
    assert!(beside.html().all("iframe").next().is_none());
    assert_eq!(readings().await, before + 1, "the text was given, so it is written down who read it");
    let beside = look("attestation.odt").await;
    assert!(
        beside.main_text().contains("Le texte de ce document n’a pas pu être lu : téléchargez-le"),
        "{}",
        beside.said()
    );
    // The bytes are there all the same.
    let html = beside.html();
    let file =
        html.all("a").find(|link| link.text.starts_with("Télécharger")).expect("a way").expect("href").to_owned();
    assert_eq!(world.desk.get(&file).await.bytes, damaged_odt());
}

/// An ODT that says what it is, and whose text is cut.
fn damaged_odt() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in
        [("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<office:document-content")]
    {
        zip.start_file(name, stored).expect("a part");
        zip.write_all(content.as_bytes()).expect("written");
    }
    zip.finish().expect("a file").into_inner()
}

async fn d10_each_event_is_a_row_that_says_who_when_and_why(engine: Engine) {
    let world = world(engine).await;
    assert!(world.person.get(HERE).await.main_text().contains("Rien pour l’instant"));
    world.ask(&["rib"], "Le plus récent.").await;
    join(&world.person, "rib", "rib.pdf", pdf()).await;
    let page = opened(&world.person, "banque").await;
    world.person.submit(&Form::pressing(&page, "Retirer ce fichier : Relevé d’identité bancaire (RIB)")).await;
    fill(&world.person).await;
    world.transmit().await;
    world.decide(&[("rib", Some("perime")), ("pension", None)]).await;
    let rows = |page: &Page| -> Vec<String> {
        let html = page.html();
        html.all("tr").skip(1).map(|row| row.text.clone()).collect()
    };
    let (theirs, ours) = (rows(&world.person.get(HERE).await), rows(&world.desk.get(&world.dossier).await));
    assert_eq!(theirs.len(), ours.len());
    let (rib, me) = ("Relevé d’identité bancaire (RIB)", world.desk.name().await);
    // The latest first: one line for each event, on each element.
    for (words, who) in [
        ([rib, "refusé", "Document périmé"], true),
        ([rib, "transmis", "vous"], false),
        ([rib, "retiré", "vous"], false),
        (["Dossier", "demandé", "Le plus récent."], true),
        (["Titre, bulletin", "validé", "Délégation Bretagne"], true),
        (["Carte vitale", "enregistré", "vous"], false),
    ] {
        let at = theirs.iter().position(|row| words.iter().all(|word| row.contains(word)));
        let at = at.unwrap_or_else(|| panic!("{words:?} among {theirs:?}"));
        assert!(!theirs[at].contains(&me), "the structure, not which of its people: {}", theirs[at]);
        assert_eq!(ours[at].contains(&me), who, "{}", ours[at]);
    }
}

async fn d9_two_gestionnaires_decide_once(engine: Engine) {
    let world = world(engine).await;
    fill(&world.person).await;
    world.transmit().await;
    let colleague = world.server.login(logins::COLLEAGUE).await;
    let (mine, hers) = (world.desk.get(&world.dossier).await, colleague.get(&world.dossier).await);
    let done = world.desk.submit(&decisions(&mine, &[("rib", None), ("adresse", None)])).await;
    assert_eq!(done.status, 200, "{}", done.said());
    let form = decisions(&hers, &[("rib", Some("illisible")), ("pension", None)]);
    let late = colleague.submit(&form.set("texte-rib", "Floue, zinzolin.")).await;
    assert_eq!(late.status, 409, "{}", late.said());
    let first = world.desk.name().await;
    assert!(late.body.contains(&format!("{first} a déjà validé à ")), "who, and when: {}", late.said());
    assert!(
        late.main_text().contains("Vous aviez choisi de refuser : Document illisible. Floue, zinzolin."),
        "{}",
        late.said()
    );
    assert_eq!(Form::pressing(&late, "Enregistrer les décisions").value("decision-pension"), Some("valider"));
    assert_eq!(mails::told(&world.person, logins::INTERVENANT, "Votre dossier administratif est à corriger").await, 0);
    // Replaced and sent again meanwhile, it is another version.
    let refused =
        world.desk.submit(&decisions(&world.desk.get(&world.dossier).await, &[("passeport", Some("perime"))])).await;
    assert_eq!(refused.status, 200, "{}", refused.said());
    let old = colleague.get(&world.dossier).await;
    join(&world.person, "passeport", "neuf.pdf", pdf()).await;
    world.transmit().await;
    let form = decisions(&old, &[("copie_carte_vitale", None)])
        .set("decision-passeport", "valider")
        .set("version-passeport", "1");
    let stale = colleague.submit(&form).await;
    assert_eq!(stale.status, 409, "{}", stale.said());
    assert!(stale.body.contains("La personne a changé depuis l’ouverture"), "{}", stale.said());
    // She reads again, and her choice is of what she reads now.
    let form = Form::pressing(&stale, "Enregistrer les décisions");
    assert_eq!(form.value("decision-passeport"), Some("valider"));
    let done = colleague.submit(&form).await;
    assert!(done.status == 200 && done.body.contains("C’est décidé"), "{}", done.said());
    // Another structure decides nothing.
    let elsewhere = world.server.login(logins::ELSEWHERE).await;
    let form = elsewhere
        .post(&world.dossier, &[("action", "decider"), ("version-rib", "1"), ("decision-rib", "valider")])
        .await;
    assert!(matches!(form.status, 403 | 404 | 422), "{}", form.said());
}

async fn d9_all_is_validated_at_once_but_what_is_ticked_as_refused(engine: Engine) {
    let world = world(engine).await;
    fill(&world.person).await;
    world.transmit().await;
    let page = world.desk.get(&world.dossier).await;
    let all = Form::pressing(&page, "Tout valider").set("decision-rib", "refuser");
    let without = world.desk.submit(&all).await;
    assert_eq!(without.status, 422, "a refusal needs its reason: {}", without.said());
    let done = world.desk.submit(&all.set("motif-rib", "illisible")).await;
    assert!(done.status == 200 && done.body.contains("C’est décidé"), "{}", done.said());
    let list = world.person.get(HERE).await;
    let bank = list.html().by_id("bloc-banque").expect("the block").text.clone();
    assert!(bank.contains("À corriger") && bank.contains("Document illisible"), "{bank}");
    let others = ["adresse", "telephones", "identite", "carte_vitale", "statut"];
    let text = |bloc: &str| list.html().by_id(&format!("bloc-{bloc}")).expect("the block").text.clone();
    assert!(others.iter().all(|bloc| !text(bloc).contains("À corriger")), "{}", list.main_text());
}

async fn d9_what_is_ticked_and_written_stays_whichever_button_is_pressed(engine: Engine) {
    let world = world(engine).await;
    fill(&world.person).await;
    world.transmit().await;
    let page = world.desk.get(&world.dossier).await;
    let ticked = |form: Form| {
        form.set("decision-rib", "refuser")
            .set("motif-rib", "illisible")
            .set("texte-rib", "Floue, zinzolin.")
            .set("decision-adresse", "valider")
            .set("texte", "Pour le 12 janvier.")
            .without("cibles")
            .add("cibles", "pension")
    };
    let stays = |page: &Page| {
        let form = Form::pressing(page, "Enregistrer les décisions");
        let expected = [
            ("decision-rib", "refuser"),
            ("motif-rib", "illisible"),
            ("texte-rib", "Floue, zinzolin."),
            ("decision-adresse", "valider"),
            ("texte", "Pour le 12 janvier."),
            ("cibles", "pension"),
        ];
        for (name, value) in expected {
            assert_eq!(form.values(name), [value], "{name}: {}", page.said());
        }
    };
    let beside = world.desk.submit(&ticked(Form::pressing(&page, "rib.pdf"))).await;
    stays(&beside);
    assert!(beside.html().all("iframe").next().is_some(), "{}", beside.said());
    let whole = world.desk.submit(&Form::pressing(&beside, "Afficher en entier : Carte vitale")).await;
    stays(&whole);
    assert!(whole.html().all("iframe").next().is_some(), "the file stays beside: {}", whole.said());
    let wrong = world
        .desk
        .submit(&Form::pressing(&whole, "Enregistrer les décisions").set("decision-pension", "refuser"))
        .await;
    assert_eq!(wrong.status, 422, "{}", wrong.said());
    stays(&wrong);
    // What was read is what is decided: replaced meanwhile, it is to be read again.
    save(
        &world.person,
        "adresse",
        &[("adresse", "4 rue Neuve"), ("code_postal", "35000"), ("commune", "Rennes"), ("pays", "France")],
    )
    .await;
    world.transmit().await;
    let again = world.desk.submit(&Form::pressing(&whole, "passeport.pdf")).await;
    stays(&again);
    let late = world.desk.submit(&Form::pressing(&again, "Enregistrer les décisions")).await;
    assert_eq!(late.status, 409, "{}", late.said());
    // A request leaves the decisions as they are, and a decision the request.
    let asked = world.desk.submit(&Form::pressing(&late, "Demander")).await;
    assert!(asked.status == 200 && asked.body.contains("La demande est envoyée"), "{}", asked.said());
    let form = Form::pressing(&asked, "Enregistrer les décisions").set("texte", "Merci encore.");
    assert_eq!(form.value("texte-rib"), Some("Floue, zinzolin."));
    let done = world.desk.submit(&form).await;
    assert!(done.status == 200 && done.body.contains("C’est décidé"), "{}", done.said());
    assert_eq!(Form::pressing(&done, "Demander").value("texte"), Some("Merci encore."));
}

async fn d11_what_is_validated_goes_into_the_profile_of_who_is_immatriculated(engine: Engine) {
    let world = world(engine).await;
    let admin = world.server.login(logins::ADMINISTRATEUR).await;
    let id = world.dossier.rsplit('/').next().expect("an id").to_owned();
    let page = admin.get(&format!("/administration/intervenants/{id}")).await;
    let form = Form::to(&page, &format!("/administration/intervenants/{id}/immatriculation"));
    let set = admin.submit(&form.set("immatriculation", "F0012345")).await;
    assert_eq!(set.status, 200, "{}", set.said());
    let frozen = world.person.get("/mon-compte/informations").await;
    assert!(!frozen.main_text().contains("5 quai Zinzolin"), "{}", frozen.said());
    fill(&world.person).await;
    save(
        &world.person,
        "adresse",
        &[("adresse", "5 quai Zinzolin"), ("code_postal", "29200"), ("commune", "Brest"), ("pays", "France")],
    )
    .await;
    world.transmit().await;
    assert!(!world.person.get("/mon-compte/informations").await.main_text().contains("5 quai Zinzolin"), "not before");
    let done = world.decide(&[("adresse", None)]).await;
    assert_eq!(done.status, 200, "{}", done.said());
    let page = world.person.get("/mon-compte/informations").await;
    assert!(page.main_text().contains("5 quai Zinzolin") && page.main_text().contains("29200"), "{}", page.said());
    let fiche = eventually("the fiche follows", async || {
        let page = world.desk.get(&format!("/cvtheque/{id}")).await;
        page.main_text().contains("Brest").then_some(page)
    })
    .await;
    assert!(!fiche.body.contains(&NIR[..13]));
}

async fn d14_numbers_are_masked_and_each_reading_is_written_down(engine: Engine) {
    let world = world(engine).await;
    fill(&world.person).await;
    world.transmit().await;
    let page = world.desk.get(&world.dossier).await;
    for secret in ["168 025", "12AB34567", "7890 189", "67890189", NIR, IBAN] {
        assert!(!page.body.contains(secret), "{secret} is masked");
    }
    let shown = world.desk.submit(&Form::pressing(&page, "Afficher en entier : Carte vitale")).await;
    assert!(shown.main_text().contains("2 55 08 14 168 025 38"), "{}", shown.said());
    assert!(!shown.body.contains("12AB34567"), "one block, not the others");
    let beside = world.desk.submit(&Form::pressing(&shown, "passeport.pdf")).await;
    let html = beside.html();
    let frame = html.all("iframe").next().expect("a viewer").expect("src").to_owned();
    assert_eq!(world.desk.get(&frame).await.bytes, pdf());
    // Both are in the journal, and so in what the person can ask for.
    let mine = world.person.post("/mon-compte/donnees", &[("format", "classeur")]).await;
    let text = crate::donnees::texts(&mine.bytes);
    assert!(text.contains("dossier lu"), "the readings are there");
    assert!(text.contains("2 55 08 14 168 025 38"), "and the numbers, to their owner");
}

async fn d14_q7_a_nir_is_in_no_file_of_the_service_in_clear(engine: Engine) {
    let mut world = world(engine).await;
    world.ask(&ALL[..3], "").await;
    fill(&world.person).await;
    join(&world.person, "rib", "canari.txt", format!("Zinzolin {NIR} {IBAN}\n").repeat(40)).await;
    world.transmit().await;
    let page = world.desk.get(&world.dossier).await;
    world.desk.submit(&Form::pressing(&page, "Afficher en entier : Carte vitale")).await;
    world.decide(&[("carte_vitale", None), ("rib", Some("illisible"))]).await;
    // Typed and not saved, they are sealed too.
    let mut typed = form_of(&opened(&world.person, "carte_vitale").await).set("nir", &format!("{NIR}0"));
    typed.action = format!("{HERE}/saisie");
    assert_eq!(world.person.submit(&typed).await.json()["id"], "carte_vitale");
    for mail in mails::about(&world.person, logins::INTERVENANT).await {
        let text = mails::text(&world.person, &mail).await;
        assert!(!text.contains("168 025") && !text.contains(&NIR[..13]), "{text}");
    }
    assert!(world.server.stop().await.success());
    let stored = stored(&world.site).await;
    assert!(stored.len() > 5, "{}", stored.len());
    let wanted: [&[u8]; 5] =
        [NIR.as_bytes(), &NIR.as_bytes()[..13], b"2 55 08 14 168 025", IBAN.as_bytes(), b"FR76 3000 6000 0112 3456"];
    for (name, bytes) in &stored {
        for word in wanted {
            let there = bytes.windows(word.len()).any(|part| part == word);
            assert!(!there, "{} is in {name}", String::from_utf8_lossy(word));
        }
    }
    // The search would find what is written in clear: the name of a block is.
    assert!(stored.iter().any(|(_, bytes)| bytes.windows(12).any(|part| part == b"carte_vitale")));
}

/// Every file of a service that is stopped, its database among them.
pub async fn stored(site: &Site) -> Vec<(String, Vec<u8>)> {
    let found = files(site.scratch());
    #[cfg(feature = "external")]
    if let Some(database) = site.database() {
        let dump = tokio::process::Command::new("pg_dump").arg(database).output().await.expect("pg_dump");
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        return found.into_iter().chain([("the database".to_owned(), dump.stdout)]).collect();
    }
    found
}

/// The master key of a site, and what stands beside it: each file's name and text.
fn keys(site: &Site) -> std::collections::BTreeMap<String, String> {
    let beside = files(&site.files()).into_iter().filter(|(name, _)| name.contains("/cle-maitresse"));
    beside
        .map(|(name, text)| {
            (name.rsplit('/').next().expect("a name").to_owned(), String::from_utf8(text).expect("text"))
        })
        .collect()
}

async fn d14_the_master_key_is_changed_and_everything_opens_with_the_new_one(engine: Engine) {
    let mut world = validated(engine).await;
    let (_, numero) = crate::lettres::sent(&world.desk, &world.dossier, &[]).await;
    // A proposal beside what serves, and the secret of a second factor.
    save(&world.person, "carte_vitale", &[("nir", "2550814168026")]).await;
    // What is typed and not saved.
    let mut typed = form_of(&opened(&world.person, "banque").await).set("bic", "ZINZOLIN");
    typed.action = format!("{HERE}/saisie");
    world.person.submit(&typed).await;
    let secret = world.person.get("/mon-compte/second-facteur").await.main_text();
    let taken = async |person: &Client| {
        let page = crate::donnees::taken(person, "Télécharger le classeur et mes fichiers (ZIP)").await;
        crate::donnees::parts(&page.bytes)
    };
    let files_of = |parts: &std::collections::BTreeMap<String, Vec<u8>>| {
        let sealed = parts.iter().filter(|(name, _)| name.starts_with("dossier/") || name.starts_with("lettres/"));
        sealed.map(|(name, bytes)| (name.clone(), bytes.clone())).collect::<Vec<_>>()
    };
    let before = files_of(&taken(&world.person).await);
    assert!(before.len() >= 5 && before.iter().any(|(name, _)| name.contains(&numero)), "{}", before.len());
    if engine == Engine::Sqlite {
        let refused = command::on(&world.site, "change-key", &[]).await;
        assert!(
            refused.code != Some(0) && refused.said().contains("Un autre serveur utilise déjà"),
            "{}",
            refused.said()
        );
    }
    let first = keys(&world.site);
    assert_eq!(first.len(), 1);
    assert!(world.server.stop().await.success());
    let done = command::on(&world.site, "change-key", &[]).await;
    assert_eq!(done.code, Some(0), "{}", done.said());
    assert!(done.stdout.contains("secrets ont été scellés à nouveau"), "{}", done.said());

    let after = keys(&world.site);
    assert_ne!(after["cle-maitresse"], first["cle-maitresse"]);
    let (kept, text) = after.iter().find(|(name, _)| name.contains(".ancienne-")).expect("the old one");
    assert_eq!((after.len(), text), (2, &first["cle-maitresse"]));
    // Each sealed value begins with the name of its key.
    let old = format!("{}:", kept.rsplit('-').next().expect("its name"));
    for (name, bytes) in stored(&world.site).await {
        assert!(!bytes.windows(old.len()).any(|part| part == old.as_bytes()), "the old key is asked for in {name}");
    }

    world.server.start_again().await;
    let (person, desk) =
        (world.server.login(logins::INTERVENANT).await, world.server.login(logins::GESTIONNAIRE).await);
    assert!(files_of(&taken(&person).await) == before, "every file, as it was");
    let page = person.get(&format!("{HERE}/bloc/carte_vitale?afficher=1")).await;
    assert!(page.body.contains("2 55 08 14 168 026"), "{}", page.said());
    assert_eq!(typed_in(&person, "bic").await, "ZINZOLIN");
    let page = desk.get(&world.dossier).await;
    let whole = desk.submit(&Form::pressing(&page, "Afficher en entier : Carte vitale")).await;
    assert!(whole.body.contains("2 55 08 14 168 025"), "what serves: {}", whole.said());
    assert_eq!(person.get("/mon-compte/second-facteur").await.main_text(), secret);

    // The old key opens nothing of this database any more.
    assert!(world.server.stop().await.success());
    let old = world.site.files().join(kept);
    let refused = command::on(
        &world.site,
        "serve",
        &[
            "--listen",
            "127.0.0.1:0",
            "--key-file",
            &old.display().to_string(),
            "--base-url",
            "http://127.0.0.1:1",
            "--smtp-url",
            "smtp://127.0.0.1:9",
        ],
    )
    .await;
    assert!(refused.code != Some(0) && refused.said().contains("n’est pas celle de cette base"), "{}", refused.said());
    // Nor is it changed with that one; nothing is left that looks like a change that was begun.
    let kept = keys(&world.site);
    let refused = command::on(&world.site, "change-key", &["--key-file", &old.display().to_string()]).await;
    assert!(refused.code != Some(0) && refused.said().contains("n’est pas celle de cette base"), "{}", refused.said());
    assert_eq!(keys(&world.site), kept);
}

async fn d14_a_change_of_key_that_was_interrupted_is_ended(engine: Engine) {
    let mut world = world(engine).await;
    save(&world.person, "carte_vitale", &[("nir", &NIR[..13])]).await;
    assert!(world.server.stop().await.success());
    let done = command::on(&world.site, "change-key", &[]).await;
    assert_eq!(done.code, Some(0), "{}", done.said());
    // As if the machine had stopped between the commit and the new key's move to its place.
    let folder = world.site.files();
    let kept = keys(&world.site).into_keys().find(|name| name.contains(".ancienne-")).expect("the old one");
    let (key, new) = (folder.join("cle-maitresse"), folder.join("cle-maitresse.nouvelle"));
    std::fs::rename(&key, &new).expect("moved");
    std::fs::rename(folder.join(kept), &key).expect("moved");
    let serve = ["--listen", "127.0.0.1:0", "--base-url", "http://127.0.0.1:1", "--smtp-url", "smtp://127.0.0.1:9"];
    let refused = command::on(&world.site, "serve", &serve).await;
    assert!(refused.code != Some(0) && refused.said().contains("a été interrompu : relancez"), "{}", refused.said());
    let ended = command::on(&world.site, "change-key", &[]).await;
    assert!(ended.code == Some(0) && ended.stdout.contains("est terminé"), "{}", ended.said());
    assert!(!new.exists());
    world.server.start_again().await;
    let person = world.server.login(logins::INTERVENANT).await;
    let page = person.get(&format!("{HERE}/bloc/carte_vitale?afficher=1")).await;
    assert!(page.body.contains("2 55 08 14 168 025"), "{}", page.said());
}

/// Every file under a folder, with its bytes.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path.display().to_string(), bytes));
        }
    }
    found
}

#[cfg(feature = "external")]
both_engines! {
    d12_a_dossier_is_reviewed_after_a_year_with_a_months_notice,
    d12_an_identity_document_that_ends_is_asked_for_again,
}

/// A dossier that is complete and validated; its passport ends on that day.
async fn complete(world: &World, expire_le: &str) {
    fill(&world.person).await;
    save(
        &world.person,
        "identite",
        &[("type_identite", "passeport"), ("numero_identite", "12AB34567"), ("expire_le", expire_le)],
    )
    .await;
    world.transmit().await;
    let page = world.desk.get(&world.dossier).await;
    let done = world.desk.submit(&Form::pressing(&page, "Tout valider")).await;
    assert!(done.body.contains("le dossier est complet et validé"), "{}", done.said());
}

#[cfg(feature = "external")]
async fn d12_a_dossier_is_reviewed_after_a_year_with_a_months_notice(engine: Engine) {
    let mut world = world(engine).await;
    complete(&world, "02/05/2040").await;
    let (soon, now) =
        ("Votre dossier administratif sera bientôt à réviser", "Votre dossier administratif est à réviser");
    world.server.days_later(320).await;
    let visitor = world.server.visitor();
    assert_eq!(mails::told(&visitor, logins::INTERVENANT, soon).await, 0, "not yet");
    world.server.days_later(340).await;
    let visitor = world.server.visitor();
    eventually("the notice", async || (mails::told(&visitor, logins::INTERVENANT, soon).await == 1).then_some(()))
        .await;
    assert_eq!(mails::told(&visitor, logins::INTERVENANT, now).await, 0);
    world.server.days_later(367).await;
    let visitor = world.server.visitor();
    eventually("the review", async || (mails::told(&visitor, logins::INTERVENANT, now).await == 1).then_some(())).await;
    assert_eq!(mails::told(&visitor, logins::INTERVENANT, soon).await, 1, "once each");
    let person = world.server.login(logins::INTERVENANT).await;
    let page = person.get(HERE).await;
    assert_eq!(page.html().counter("dossier"), Some(10), "all of it is asked for again: {}", page.said());
    assert!(page.main_text().contains("révision annuelle est en cours"), "it serves meanwhile: {}", page.said());
}

#[cfg(feature = "external")]
async fn d12_an_identity_document_that_ends_is_asked_for_again(engine: Engine) {
    let mut world = world(engine).await;
    let end = chrono::Local::now().date_naive() + chrono::Days::new(60);
    complete(&world, &end.format("%d/%m/%Y").to_string()).await;
    let (soon, now) =
        ("Votre pièce d’identité arrive à sa fin de validité", "Votre pièce d’identité n’est plus valable");
    world.server.days_later(20).await;
    let visitor = world.server.visitor();
    assert_eq!(mails::told(&visitor, logins::INTERVENANT, soon).await, 0, "not yet");
    world.server.days_later(40).await;
    let visitor = world.server.visitor();
    eventually("the notice", async || (mails::told(&visitor, logins::INTERVENANT, soon).await == 1).then_some(()))
        .await;
    world.server.days_later(63).await;
    let visitor = world.server.visitor();
    eventually("the end", async || (mails::told(&visitor, logins::INTERVENANT, now).await == 1).then_some(())).await;
    let person = world.server.login(logins::INTERVENANT).await;
    let page = person.get(HERE).await;
    assert!(!page.main_text().contains("Il sert à toutes les structures"), "{}", page.said());
    assert!(page.html().counter("dossier").is_some_and(|count| count >= 1), "{}", page.said());
    assert!(page.main_text().contains("expiré"), "{}", page.said());
}

#[cfg(feature = "external")]
mod in_a_browser {
    use super::*;
    use crate::support::browser::{Browser, MODULES, with_browser};

    /// A PDF that a browser may choose.
    fn on_disk(folder: &tempfile::TempDir, name: &str) -> String {
        let path = folder.path().join(name);
        std::fs::write(&path, pdf()).expect("a file");
        path.to_str().expect("a path").to_owned()
    }

    /// Two tabs of his, while the structure asks and decides.
    async fn exchange(javascript: bool) {
        let world = world(Engine::Sqlite).await;
        let base = world.server.url();
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| on_disk(&folder, name);
        with_browser(javascript, async |browser| {
            browser.login(&base, logins::INTERVENANT).await;
            browser.goto(&format!("{base}{HERE}")).await;
            let first = browser.current_tab().await;
            let second = browser.open_tab(&format!("{base}/tableau-de-bord")).await;
            world.ask(&["carte_vitale", "banque", "rib"], "Pour le 12 janvier.").await;
            for tab in [&second, &first] {
                browser.switch_to(tab).await;
                if !javascript {
                    browser.goto(&format!("{base}{HERE}")).await;
                }
                // The copy of the card is asked for with its number.
                counts(&browser, 4).await;
            }
            browser.goto(&format!("{base}{HERE}")).await;
            browser.click_on("a", "Carte vitale").await;
            browser.says("#bloc-carte_vitale", |text| text.contains("de ce bloc vous sont demandées")).await;
            browser.types("#nir", NIR).await;
            if javascript {
                browser.valued("#nir", |value| value == "2 55 08 14 168 025 38").await;
            }
            browser.press("Enregistrer : Votre carte vitale").await;
            browser.says("#bloc-carte_vitale", |text| text.contains("2 55 ••")).await;
            browser.goto(&format!("{base}{HERE}/bloc/banque")).await;
            browser.types("#titulaire", "Malo Kerzrého").await;
            browser.types("#iban", "fr7630006000011234567890189").await;
            if javascript {
                browser.valued("#iban", |value| value == "FR76 3000 6000 0112 3456 7890 189").await;
                assert_eq!(browser.run("return document.querySelector('#sepa').checked;").await, true);
            }
            browser.types("#bic", "AGRIFRPP882").await;
            browser.press("Enregistrer : Vos informations bancaires").await;
            browser.says("#bloc-banque", |text| text.contains("Zone SEPA") && text.contains("AGRIFRPP882")).await;
            browser.types("#fichier-rib", &file("mon rib.pdf")).await;
            browser.press("Joindre : Relevé d’identité bancaire (RIB)").await;
            browser.says("#rib", |text| text.contains("mon rib.pdf")).await;
            // The copy of the card, and to transmit.
            counts(&browser, 2).await;
            // What is missing is said with the way to each, and at its place.
            browser.goto(&format!("{base}{HERE}")).await;
            browser.press("Transmettre mon dossier").await;
            browser.says(".summary", |text| text.contains("Indiquez votre adresse personnelle")).await;
            browser.click(".summary a").await;
            browser.shown("#adresse").await;
            fill(&world.person).await;
            browser.goto(&format!("{base}{HERE}")).await;
            browser.click_on("a", "Vérifier et transmettre").await;
            browser.press("Transmettre mon dossier").await;
            browser.says("main", |text| text.contains("Votre dossier est transmis")).await;
            let mut choices: Vec<(&str, Option<&str>)> = ALL.iter().map(|one| (*one, None)).collect();
            choices[9].1 = Some("illisible");
            world.decide(&choices).await;
            for tab in [&second, &first] {
                browser.switch_to(tab).await;
                if !javascript {
                    browser.goto(&format!("{base}{HERE}")).await;
                }
                counts(&browser, 1).await;
            }
            browser.goto(&format!("{base}{HERE}")).await;
            browser.says("#bloc-banque", |text| text.contains("Document illisible")).await;
            browser.click_on("a", "Informations bancaires").await;
            browser.says("#rib", |text| text.contains("Document illisible")).await;
        })
        .await;
    }

    /// Waits until the menu counts that many things to give.
    async fn counts(browser: &Browser, number: i64) {
        eventually(&format!("the menu counts {number}"), async || {
            (browser.counter("dossier").await == number).then_some(())
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn q5_q6_d9_in_a_browser_two_tabs_follow_the_whole_exchange() {
        exchange(true).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d9_in_a_browser_without_javascript_the_dossier_is_given_and_decided() {
        exchange(false).await;
    }

    /// A page of the journey on a telephone: nothing scrolls sideways, nothing is wrong that the person did not do, and
    /// the next step is in sight before one scrolls.
    async fn fits(browser: &Browser, javascript: bool) {
        let path = browser.path().await;
        let wide = browser.run("return document.documentElement.scrollWidth - innerWidth;").await;
        assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "{path} is {wide} px too wide");
        assert_eq!(browser.count(".summary").await, 0, "an error on {path}");
        let seen = browser
            .run(
                "const all = [...document.querySelectorAll('.dock .button')];\
                 const last = all.at(-1)?.getBoundingClientRect();\
                 return !last || (last.top >= 0 && last.bottom <= innerHeight);",
            )
            .await;
        assert_eq!(seen, true, "the next step is out of sight on {path}");
        if javascript {
            let weight = browser.modules().await;
            assert!((1..=MODULES).contains(&weight), "{weight} bytes of modules on {path}");
        }
    }

    /// From the mail that asks to the answer, on a telephone of 375 px.
    async fn on_a_phone(javascript: bool) {
        let world = world(Engine::Sqlite).await;
        let base = world.server.url();
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| on_disk(&folder, name);
        world.ask(&["adresse", "telephones", "identite", "carte_vitale", "statut", "banque"], "Merci, zinzolin.").await;
        let objet = "Des données et des pièces vous sont demandées";
        let mail = mails::about(&world.person, logins::INTERVENANT).await.into_iter().find(|mail| mail.objet == objet);
        let text = mails::text(&world.person, &mail.expect("it")).await;
        let way = text.split_whitespace().find(|word| word.ends_with(HERE)).expect("the way there");
        let way = &way[way.find(HERE).expect("its path")..];
        with_browser(javascript, async |browser| {
            browser.login(&base, logins::INTERVENANT).await;
            browser.looks(375, false).await;
            browser.goto(&format!("{base}{way}")).await;
            browser.says("main", |text| text.contains("zinzolin") && text.contains("6 blocs à remplir")).await;
            fits(&browser, javascript).await;
            browser.click_on("a", "Commencer : Adresse personnelle").await;
            browser.shown("#adresse").await;
            fits(&browser, javascript).await;
            // What the profile says is confirmed by going on.
            browser.press("Enregistrer et continuer vers Numéros de téléphone").await;
            browser.shown("#telephone").await;
            fits(&browser, javascript).await;
            browser.press("Enregistrer et continuer vers Identité").await;
            browser.click("[name=type_identite][value=passeport]").await;
            browser.types("#numero_identite", "12AB34567").await;
            browser.types("#expire_le", "02/05/2031").await;
            fits(&browser, javascript).await;
            if javascript {
                browser.shown("#passeport").await;
                browser.types("#fichier-passeport", &file("passeport.pdf")).await;
                browser.press("Enregistrer et continuer vers Carte vitale").await;
            } else {
                // The choice asks for its piece, which is joined before one goes on.
                browser.press("Enregistrer et continuer vers Carte vitale").await;
                browser.says("main", |text| text.contains("Il manque encore : Passeport")).await;
                browser.types("#fichier-passeport", &file("passeport.pdf")).await;
                browser.press("Enregistrer et continuer vers Carte vitale").await;
            }
            browser.types("#nir", NIR).await;
            browser.types("#fichier-copie_carte_vitale", &file("carte.pdf")).await;
            fits(&browser, javascript).await;
            browser.press("Enregistrer et continuer vers Statut").await;
            browser.click("[name=statut][value=retraite]").await;
            browser.press("Enregistrer et continuer vers Informations bancaires").await;
            browser.says("main", |text| text.contains("Il manque encore : ")).await;
            browser.types("#fichier-pension", &file("pension.pdf")).await;
            fits(&browser, javascript).await;
            browser.press("Enregistrer et continuer vers Informations bancaires").await;
            browser.types("#titulaire", "Malo Kerzrého").await;
            browser.types("#iban", IBAN).await;
            browser.types("#bic", "AGRIFRPP882").await;
            browser.types("#fichier-rib", &file("rib.pdf")).await;
            fits(&browser, javascript).await;
            browser.press("Vérifier et transmettre").await;
            browser.says("main", |text| text.contains("rib.pdf") && text.contains("passeport.pdf")).await;
            fits(&browser, javascript).await;
            browser.press("Transmettre mon dossier").await;
            browser
                .says("main", |text| {
                    text.contains("Votre dossier est transmis") && text.contains("Ce qui se passe maintenant")
                })
                .await;
            fits(&browser, javascript).await;
            // A refusal leads to its piece.
            let mut choices: Vec<(&str, Option<&str>)> = ALL.iter().map(|one| (*one, None)).collect();
            choices[9].1 = Some("illisible");
            world.decide(&choices).await;
            browser.goto(&format!("{base}{HERE}")).await;
            browser.click_on("a", "Continuer : Informations bancaires").await;
            browser.says("#rib", |text| text.contains("Document illisible")).await;
            fits(&browser, javascript).await;
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d2_d9_q6_in_a_browser_on_a_phone_from_the_mail_to_the_answer() {
        on_a_phone(true).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d2_d9_q6_in_a_browser_on_a_phone_without_javascript_from_the_mail_to_the_answer() {
        on_a_phone(false).await;
    }

    /// A photograph of 4000 by 3000 points, made by another program.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d3_q6_in_a_browser_a_photograph_is_seen_turned_and_made_smaller_before_it_leaves() {
        let world = world(Engine::Sqlite).await;
        let base = world.server.url();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mon rib.jpg");
        with_browser(true, async |browser| {
            browser.login(&base, logins::INTERVENANT).await;
            browser.goto(&format!("{base}{HERE}/piece/rib")).await;
            // The browser makes a noisy picture that no quality makes light: some 9 Mo, larger than what is accepted.
            let made = browser
                .run(
                    "const canvas = Object.assign(document.createElement('canvas'), { width: 3000, height: 2000 });\
                     const context = canvas.getContext('2d');\
                     const data = context.createImageData(3000, 2000);\
                     let seed = 1;\
                     for (let at = 0; at < data.data.length; at += 4) {\
                       seed = (seed * 48271) % 2147483647;\
                       const grey = at % 64 < 32 ? 200 : seed % 256;\
                       data.data.set([grey, grey, grey, 255], at);\
                     }\
                     context.putImageData(data, 0, 0);\
                     return canvas.toDataURL('image/jpeg', 1).split(',')[1];",
                )
                .await;
            let bytes = crate::support::sink::base64(made.as_str().expect("a picture"));
            assert!(bytes.len() > 5 * 1024 * 1024, "{} bytes", bytes.len());
            std::fs::write(&path, bytes).expect("a file");
            browser.types("#fichier-rib", path.to_str().expect("a path")).await;
            browser.shown("#rib canvas").await;
            browser.press("Tourner la photo").await;
            let size = "const { width, height } = document.querySelector('#rib canvas'); return [width, height];";
            eventually("it is turned", async || {
                (browser.run(size).await == serde_json::json!([1600, 2400])).then_some(())
            })
            .await;
            let weight = "return document.querySelector('#fichier-rib').files[0].size;";
            eventually("it is light enough", async || {
                browser.run(weight).await.as_i64().filter(|size| *size < 5 * 1024 * 1024)
            })
            .await;
            browser.press("Joindre : Relevé d’identité bancaire (RIB)").await;
            browser.says("#rib", |text| text.contains("mon rib.jpg")).await;
            let shown = "const image = document.querySelector('#rib .photo img');\
                         return image.complete ? [image.naturalWidth, image.naturalHeight] : null;";
            browser.run("document.querySelector('#rib').scrollIntoView();").await;
            eventually("it is shown as it was sent", async || {
                (browser.run(shown).await == serde_json::json!([1600, 2400])).then_some(())
            })
            .await;
            assert_eq!(browser.complaints().await, Vec::<String>::new());
        })
        .await;
    }

    /// Types in one block, and presses a button of another; chooses a file, and joins it.
    async fn typed(javascript: bool) {
        let world = world(Engine::Sqlite).await;
        let base = world.server.url();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mon rib.pdf");
        std::fs::write(&path, pdf()).expect("a file");
        with_browser(javascript, async |browser| {
            browser.login(&base, logins::INTERVENANT).await;
            browser.goto(&format!("{base}{HERE}/bloc/carte_vitale")).await;
            browser.types("#nir", "2 55 08").await;
            browser.press("Bloc précédent : Identité").await;
            browser.shown("#numero_identite").await;
            browser.goto(&format!("{base}{HERE}/bloc/banque")).await;
            browser.types("#titulaire", "M. Malo").await;
            browser.types("#bic", "AGRI").await;
            browser.types("#fichier-rib", path.to_str().expect("a path")).await;
            browser.press("Joindre : Relevé d’identité bancaire (RIB)").await;
            browser.says("#rib", |text| text.contains("mon rib.pdf")).await;
            for (field, expected) in [("#titulaire", "M. Malo"), ("#bic", "AGRI")] {
                browser.valued(field, |value| value == expected).await;
            }
            if javascript {
                // It saves itself while one types, and is there when one comes back.
                browser.types("#iban", "FR76 3000").await;
                browser.says("[data-autosave-status]", |text| text.starts_with("Gardé à")).await;
                browser.goto(&format!("{base}/tableau-de-bord")).await;
                browser.goto(&format!("{base}{HERE}/bloc/banque")).await;
                browser.valued("#iban", |value| value == "FR76 3000").await;
            }
            browser.goto(&format!("{base}{HERE}/bloc/carte_vitale")).await;
            browser.valued("#nir", |value| value == "2 55 08").await;
            assert_eq!(browser.complaints().await, Vec::<String>::new());
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn q1_in_a_browser_what_is_typed_in_the_dossier_saves_itself() {
        typed(true).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn q1_in_a_browser_without_javascript_what_is_typed_in_the_dossier_stays() {
        typed(false).await;
    }

    /// Ticks a decision and its words, looks at a file and at a number, and decides.
    async fn ticked(javascript: bool) {
        let world = world(Engine::Sqlite).await;
        fill(&world.person).await;
        world.transmit().await;
        let base = world.server.url();
        with_browser(javascript, async |browser| {
            browser.login(&base, logins::GESTIONNAIRE).await;
            browser.goto(&format!("{base}{}", world.dossier)).await;
            browser.click("[name=decision-rib][value=refuser]").await;
            browser.types("#texte-rib", "Floue, zinzolin.").await;
            for button in ["rib.pdf", "Afficher en entier : Carte vitale"] {
                browser.press(button).await;
                browser.shown("#visionneuse iframe").await;
                browser.shown("[name=decision-rib][value=refuser]:checked").await;
                browser.valued("#texte-rib", |value| value == "Floue, zinzolin.").await;
            }
            browser.says("#carte_vitale", |text| text.contains("2 55 08 14 168 025 38")).await;
            browser.press("Enregistrer les décisions").await;
            browser.says(".summary", |text| text.contains("Choisissez un motif")).await;
            browser.shown("[name=decision-rib][value=refuser]:checked").await;
            browser.run("document.querySelector('#motif-rib').value = 'illisible';").await;
            browser.press("Enregistrer les décisions").await;
            browser.says("main", |text| text.contains("C’est décidé") && text.contains("Floue, zinzolin.")).await;
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d9_in_a_browser_what_is_ticked_stays_while_one_looks_at_a_file() {
        ticked(true).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d9_in_a_browser_without_javascript_what_is_ticked_stays_while_one_looks_at_a_file() {
        ticked(false).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d7_in_a_browser_the_pieces_follow_the_statut_at_once() {
        let world = world(Engine::Sqlite).await;
        save(&world.person, "statut", &[("statut", "fonctionnaire"), ("fonction", "Attaché")]).await;
        join(&world.person, "attestation_honneur", "honneur.pdf", pdf()).await;
        join(&world.person, "arrete_situation", "arrete.pdf", pdf()).await;
        let base = world.server.url();
        with_browser(true, async |browser| {
            browser.login(&base, logins::INTERVENANT).await;
            browser.goto(&format!("{base}{HERE}/bloc/statut")).await;
            browser.gone("#contrat").await;
            browser.click("#bloc-statut summary").await;
            browser.click("[name=statut][value=salarie_prive]").await;
            browser.says("#contrat", |text| text.contains("part quand vous enregistrez")).await;
            browser.says("#attestation_honneur", |text| !text.contains("Plus demandée avec le choix")).await;
            browser.says("#arrete_situation", |text| text.contains("Plus demandée avec le choix")).await;
            browser.gone("#pension").await;
            browser.click("[name=statut][value=retraite]").await;
            browser.shown("#pension").await;
            browser.gone("#contrat").await;
            // What serves already is shown still, and says that it would not.
            browser
                .says("#attestation_honneur", |text| {
                    text.contains("honneur.pdf") && text.contains("Plus demandée avec le choix")
                })
                .await;
            browser.click("[name=statut][value=salarie_prive]").await;
            browser.press("Enregistrer : Votre statut").await;
            browser.shown("#fichier-contrat").await;
            browser.says("#attestation_honneur", |text| text.contains("honneur.pdf")).await;
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d3_in_a_browser_an_upload_that_is_cut_goes_on_by_itself() {
        let mut world = world(Engine::Sqlite).await;
        let base = world.server.url();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mon rib.pdf");
        std::fs::write(&path, [pdf(), vec![b' '; 2 * 1024 * 1024]].concat()).expect("a file");
        world.ask(&["rib"], "").await;
        with_browser(true, async |browser| {
            browser.login(&base, logins::INTERVENANT).await;
            browser.goto(&format!("{base}{HERE}/piece/rib")).await;
            browser.types("#fichier-rib", path.to_str().expect("a path")).await;
            browser.sends_at_most(200_000).await;
            browser.press("Joindre : Relevé d’identité bancaire (RIB)").await;
            eventually("it is under way", async || {
                let part = browser.run("return document.querySelector('#rib .upload progress')?.value ?? 0;").await;
                part.as_f64().filter(|part| (0.01..0.9).contains(part))
            })
            .await;
            world.server.kill();
            browser.says("#rib .upload", |text| text.contains("l’envoi reprendra tout seul")).await;
            browser.sends_at_most(100_000_000).await;
            world.server.start_again().await;
            browser.says("#rib", |text| text.contains("mon rib.pdf")).await;
            // It is to be transmitted.
            counts(&browser, 1).await;
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn d13_in_a_browser_a_letter_is_prepared_and_without_javascript_accepted() {
        let world = validated(Engine::Sqlite).await;
        let base = world.server.url();
        let name = world.person.name().await;
        with_browser(true, async |browser| {
            browser.login(&base, logins::GESTIONNAIRE).await;
            browser.goto(&format!("{base}{}", world.dossier)).await;
            browser.click_on("a", "Préparer une lettre").await;
            browser.types("#objet", "Préparer un budget communal").await;
            browser.types("#corps", "Trois journées, zinzolin.").await;
            browser.types("#duree", "18").await;
            browser.run("document.querySelector('#du').value = '2027-03-15';").await;
            browser.types("#lieu", "Rennes").await;
            browser.types("#montant", "350").await;
            browser.click("[name=unite_paiement][value=jour]").await;
            browser.press("Enregistrer le projet").await;
            browser.says("main", |text| text.contains("Le projet est enregistré")).await;
            browser.shown("#document iframe").await;
            browser.press("Enregistrer et envoyer").await;
            browser.says("main", |text| text.contains("La lettre est envoyée") && text.contains(&name)).await;
        })
        .await;
        with_browser(false, async |browser| {
            browser.login(&base, logins::INTERVENANT).await;
            browser.goto(&format!("{base}/mon-compte/lettres")).await;
            browser.click_on("a", "Préparer un budget communal").await;
            browser.says("main", |text| text.contains("zinzolin") && text.contains("Le 15 mars 2027")).await;
            browser.press("Envoyer ma réponse").await;
            browser.says(".summary", |text| text.contains("Choisissez d’accepter ou de décliner")).await;
            browser.click("[name=reponse][value=accepter]").await;
            browser.press("Envoyer ma réponse").await;
            browser.says("main", |text| text.contains("Votre accord est enregistré")).await;
            browser.says("main", |text| text.contains("Lettre acceptée")).await;
        })
        .await;
    }
}
