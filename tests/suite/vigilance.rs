//! The certificate of the Urssaf that independents owe once their letters reach 5 000 €: SPEC D7.

use chrono::{Days, NaiveDate};

use crate::dossier::{World, join, save, validated};
#[cfg(feature = "external")]
use crate::lettres::draft;
use crate::lettres::sent;
#[cfg(feature = "external")]
use crate::support::{Client, eventually};
use crate::support::{Engine, Form, Page, both_engines, logins, mails};

both_engines! {
    d7_an_independent_whose_letters_reach_the_amount_owes_the_certificate_of_the_urssaf,
}

const HERE: &str = "/mon-compte/documents";
const ASKED: &str = "Des données et des pièces vous sont demandées";

fn today() -> NaiveDate {
    domain::time::paris_day(chrono::Utc::now().naive_utc())
}

fn typed(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// A world whose intervenant is an independent with a complete dossier.
async fn independent(engine: Engine) -> World {
    let world = validated(engine).await;
    let employer = [
        ("employeur_nom", "Malo Conseil"),
        ("employeur_siret", "20000017200011"),
        ("employeur_code_postal", "35000"),
        ("employeur_commune", "Rennes"),
    ];
    save(&world.person, "statut", &[("statut", "independant"), ("fonction", "Formateur")]).await;
    save(&world.person, "employeur", &employer).await;
    join(&world.person, "attestation_honneur", "honneur.pdf", PDF).await;
    settle(&world).await;
    world
}

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// He transmits, and everything is validated.
async fn settle(world: &World) {
    let gone = world.transmit().await;
    assert_eq!(gone.status, 200, "{}", gone.said());
    let page = world.desk.get(&world.dossier).await;
    let done = world.desk.submit(&Form::pressing(&page, "Tout valider")).await;
    assert!(done.body.contains("le dossier est complet et validé"), "{}", done.said());
}

/// A letter of that amount, over days from now on.
async fn letter(world: &World, montant: &str, days: u64) -> (String, String) {
    let (du, au) = (today().to_string(), (today() + Days::new(days)).to_string());
    let fields = [("du", du.as_str()), ("au", &au), ("montant", montant), ("unite_paiement", "forfait")];
    sent(&world.desk, &world.dossier, &fields).await
}

async fn certificate(world: &World, made: NaiveDate) -> Page {
    let fields = [("vigilance_etablie_le", typed(made)), ("vigilance_code", "8n4x 7qk2 m9p3 w5z".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    save(&world.person, "vigilance", &fields).await
}

fn due(page: &Page) -> bool {
    page.html().by_id("bloc-vigilance").is_some()
}

async fn d7_an_independent_whose_letters_reach_the_amount_owes_the_certificate_of_the_urssaf(engine: Engine) {
    let world = independent(engine).await;
    // Three days at 350,50 € and a lump sum: one cent short.
    let (du, au) = (today().to_string(), (today() + Days::new(2)).to_string());
    sent(&world.desk, &world.dossier, &[("du", &du), ("au", &au)]).await;
    letter(&world, "3948,49", 2).await;
    let page = world.person.get(HERE).await;
    assert!(!due(&page) && page.html().counter("dossier") == Some(0), "{}", page.said());
    assert_eq!(mails::told(&world.person, logins::INTERVENANT, ASKED).await, 0);
    // With the last cent it is asked for, once, with the reason; and the dossier serves no longer.
    let (href, _) = letter(&world, "0,01", 2).await;
    let page = world.person.get(HERE).await;
    assert!(due(&page) && page.main_text().contains("L. 8222-1"), "{}", page.said());
    assert_eq!(page.html().counter("dossier"), Some(2), "the block and its file: {}", page.said());
    assert_eq!(mails::told(&world.person, logins::INTERVENANT, ASKED).await, 1);
    let desk = world.desk.get(&world.dossier).await;
    assert!(desk.main_text().contains("Attestation de vigilance") && !desk.body.contains("Préparer une lettre"));
    let missing = world.transmit().await;
    assert!(missing.status == 422 && missing.main_text().contains("5 000 €"), "{}", missing.said());
    // One that is too old is refused where it is typed; one that is right is validated, with its code.
    let old = certificate(&world, today() - Days::new(190)).await;
    assert!(old.status == 422 && old.main_text().contains("plus de six mois"), "{}", old.said());
    let saved = certificate(&world, today()).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    join(&world.person, "attestation_vigilance", "vigilance.pdf", PDF).await;
    settle(&world).await;
    let desk = world.desk.get(&world.dossier).await;
    let text = desk.main_text();
    assert!(text.contains("8N4X7QK2M9P3W5Z") && desk.body.contains("Préparer une lettre"), "{text}");
    // A letter that is taken back counts no more: what was given is kept, and not asked for.
    let page = world.desk.get(&href).await;
    world.desk.submit(&Form::pressing(&page, "Annuler la lettre").set("annulation", "Session reportée.")).await;
    let page = world.person.get(HERE).await;
    let block = page.html().by_id("bloc-vigilance").expect("it is kept").text.clone();
    assert!(block.contains("Plus demandé"), "{block}");
}

/// Two structures, before two servers, send a letter to the same person at the same instant: neither alone reaches the amount.
#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d7_two_letters_sent_at_once_reach_the_amount_together() {
    let world = independent(Engine::Postgres).await;
    let second = world.site.serve().await;
    let elsewhere = second.login(logins::ELSEWHERE).await;
    let (du, au) = (today().to_string(), (today() + Days::new(2)).to_string());
    let fields = [("du", du.as_str()), ("au", &au), ("montant", "2500"), ("unite_paiement", "forfait")];
    let drafts = [draft(&world.desk, &world.dossier, &fields).await, draft(&elsewhere, &world.dossier, &fields).await];
    let held = world.site.hold("select * from dossier for update");
    let send = async |desk: &Client, draft: &Page| {
        let gone = desk.press(draft, "Enregistrer et envoyer").await;
        assert!(gone.body.contains("La lettre est envoyée"), "{}", gone.said());
    };
    tokio::join!(send(&world.desk, &drafts[0]), send(&elsewhere, &drafts[1]), held.release_to(2));
    let page = world.person.get(HERE).await;
    assert!(due(&page), "{}", page.said());
    assert_eq!(mails::told(&world.person, logins::INTERVENANT, ASKED).await, 1);
}

#[cfg(feature = "external")]
both_engines! {
    d7_a_certificate_is_asked_for_again_after_six_months_while_a_letter_runs,
    d7_a_certificate_that_ends_when_no_letter_runs_is_not_spoken_of,
}

#[cfg(feature = "external")]
const SOON: &str = "Votre attestation de vigilance est bientôt à renouveler";
#[cfg(feature = "external")]
const NOW: &str = "Votre attestation de vigilance est à renouveler";

/// The same with a certificate of today, and a letter over that many days.
#[cfg(feature = "external")]
async fn certified(engine: Engine, days: u64) -> World {
    let world = independent(engine).await;
    letter(&world, "5000", days).await;
    certificate(&world, today()).await;
    join(&world.person, "attestation_vigilance", "vigilance.pdf", PDF).await;
    settle(&world).await;
    world
}

/// How many mails said that it ends soon, and that it has ended, on that day.
#[cfg(feature = "external")]
async fn told(world: &mut World, days: u64) -> (usize, usize) {
    world.server.days_later(days).await;
    let visitor = world.server.visitor();
    let serves = async || {
        let page = world.server.login(logins::INTERVENANT).await.get(HERE).await;
        page.main_text().contains("Il sert à toutes les structures")
    };
    if days > 185 {
        eventually("the end", async || (!serves().await).then_some(())).await;
    }
    (mails::told(&visitor, logins::INTERVENANT, SOON).await, mails::told(&visitor, logins::INTERVENANT, NOW).await)
}

#[cfg(feature = "external")]
async fn d7_a_certificate_is_asked_for_again_after_six_months_while_a_letter_runs(engine: Engine) {
    let mut world = certified(engine, 300).await;
    world.server.days_later(160).await;
    let visitor = world.server.visitor();
    let noticed = async || (mails::told(&visitor, logins::INTERVENANT, SOON).await == 1).then_some(());
    eventually("the notice", noticed).await;
    assert_eq!(told(&mut world, 190).await, (1, 1));
    let page = world.server.login(logins::INTERVENANT).await.get(HERE).await;
    assert_eq!(page.html().counter("dossier"), Some(2), "{}", page.said());
}

#[cfg(feature = "external")]
async fn d7_a_certificate_that_ends_when_no_letter_runs_is_not_spoken_of(engine: Engine) {
    let mut world = certified(engine, 30).await;
    assert_eq!(told(&mut world, 190).await, (0, 0));
    let page = world.server.login(logins::INTERVENANT).await.get(HERE).await;
    assert_eq!(page.html().counter("dossier"), Some(0), "nothing is to do: {}", page.said());
}
