//! Answers to annonces, on both sides: SPEC A2 to A4, M1, G8.

use crate::etats::decide as decide_registration;
use crate::support::annonces::{Wording, publish};
use crate::support::inscription::{ANNE, Person, activation, fill_in, filled, send, transmitted};
use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins, mails, messagerie};

both_engines! {
    a2_a_validated_person_answers_once_with_a_comment_that_the_structure_reads,
    a2_who_registers_from_an_annonce_has_an_answer_that_waits_for_the_validation,
    a2_a_waiting_answer_is_cancelled_with_a_refusal_or_a_closed_annonce,
    a2_a_closed_annonce_takes_no_answer_and_loses_no_text,
    a3_each_change_is_pushed_mailed_and_shown,
    a3_an_answer_is_taken_back_while_it_is_not_studied,
    a4_candidatures_are_sorted_by_their_match_and_decided_in_a_batch,
    q3_answers_come_in_pages_the_best_first,
    a4_two_who_decide_at_once_tell_the_person_once,
    a4_not_kept_takes_effect_ten_seconds_later_and_can_be_taken_back_until_then,
    a4_an_annonce_that_is_filled_says_so,
    g4_profiles_are_suggested_with_their_reasons_and_what_is_known_of_them,
    g4_who_would_come_from_far_is_suggested_lower_and_the_distance_is_said,
    m1_answering_an_annonce_opens_the_messaging_of_its_structure,
    g8_a_structure_decides_on_its_own_candidatures_alone,
}

pub const THEIRS: &str = "/mon-compte/candidatures";
pub const LIST: &str = "/gestion/candidatures";

/// What the annonce of these tests is about.
fn about(titre: &str) -> Wording<'_> {
    Wording { titre, texte: "Bonjour", specialite: "finances", sous_specialite: "", regions: &["53"] }
}

pub async fn answer(client: &Client, numero: &str, commentaire: &str) -> Page {
    let path = format!("/annonces/{numero}/repondre");
    let page = client.get(&path).await;
    client.submit(&Form::to(&page, &path).set("commentaire", commentaire)).await
}

/// The names of the answers on a list, in its order.
async fn names(client: &Client, etat: &str) -> Vec<String> {
    let page = client.get(&format!("{LIST}?etat={etat}")).await;
    assert_eq!(page.status, 200, "{}", page.said());
    let html = page.html();
    html.all("h2").filter(|title| title.has_class("hit-title")).map(|title| title.text.clone()).collect()
}

/// The state that a person reads of their only answer.
async fn state(client: &Client) -> String {
    let page = client.get(THEIRS).await;
    let html = page.html();
    let tags: Vec<String> = html.all("span").filter(|tag| tag.has_class("tag")).map(|tag| tag.text.clone()).collect();
    assert_eq!(tags.len(), 1, "{tags:?}: {}", page.main_text());
    tags[0].clone()
}

/// Presses a button of the list upon these answers, and gives the page that follows.
pub async fn press(client: &Client, etat: &str, button: &str, who: &[&str]) -> Page {
    client.submit(&ticked(client, etat, button, who).await).await
}

/// The form of the list with these answers ticked.
async fn ticked(client: &Client, etat: &str, button: &str, who: &[&str]) -> Form {
    let page = client.get(&format!("{LIST}?etat={etat}")).await;
    let html = page.html();
    let mut form = Form::pressing(&page, button);
    for name in who {
        let boxes = html.all("label").find(|label| label.text.contains(&format!("Sélectionner {name},")));
        let input = html.inside(boxes.unwrap_or_else(|| panic!("no {name} on the list")), "input").next();
        form = form.add("candidatures", input.expect("a box").expect("value"));
    }
    form
}

async fn a2_a_validated_person_answers_once_with_a_comment_that_the_structure_reads(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    let tab = desk.tab().await;
    let before = tab.told().counter("candidatures").expect("a counter");
    let page = person.get(&format!("/annonces/{numero}")).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text == "Candidater").expect("a button");
    assert_eq!(link.expect("href"), format!("/annonces/{numero}/repondre"));
    let form = person.get(link.expect("href")).await;
    let form =
        Form::to(&form, &format!("/annonces/{numero}/repondre")).set("commentaire", "Libre le mardi.\n\n<b>Malo</b>");
    let sent = person.submit(&form).await;
    assert_eq!((sent.status, sent.path()), (200, THEIRS), "{}", sent.said());
    assert!(sent.main_text().contains("Former des trésoriers") && sent.main_text().contains("Libre le mardi."));
    assert_eq!(state(&person).await, "transmise");
    tab.until("the structure has one more", |told| told.counter("candidatures") == Some(before + 1)).await;
    assert_eq!(mails::told(&desk, logins::INTERVENANT, "est transmise").await, 1);

    // Sent twice, or again with other words: one answer, and what became of it.
    for again in [form.clone(), form.clone().set("commentaire", "Autre chose")] {
        let page = person.submit(&again).await;
        assert_eq!((page.status, page.path()), (200, THEIRS), "{}", page.said());
        assert!(!page.main_text().contains("Autre chose"));
    }
    assert_eq!(person.get(&format!("/annonces/{numero}/repondre")).await.path(), THEIRS);
    assert!(person.get(&format!("/annonces/{numero}")).await.main_text().contains("votre réponse est transmise"));

    let list = desk.get(LIST).await;
    assert!(list.body.contains("Libre le mardi.") && !list.body.contains("<b>Malo</b>"), "{}", list.said());
    assert!(list.main_text().contains("<b>Malo</b>"), "what was typed is shown as it was typed");
    let name = person.name().await;
    let html = list.html();
    let link = html.all("a").find(|link| link.text == name).expect("his line").expect("href");
    let beside = desk.get(link).await.html().by_id("fiche").expect("the profile beside").text.clone();
    assert!(beside.contains(&name), "{beside}");
    // A comment too long, or that nobody can read: said, and kept.
    let other = publish(&desk, &about("Autre besoin")).await;
    let refused = answer(&person, &other, &"é".repeat(3_001)).await;
    assert_eq!(refused.status, 422);
    let kept = Form::to(&refused, &format!("/annonces/{other}/repondre"));
    assert_eq!(kept.value("commentaire").map(|text| text.chars().count()), Some(3_001));
    assert_eq!(person.get("/annonces/1999-0001/repondre").await.status, 404);
}

/// Registers from an annonce with a word to the structure, fills in and sends.
async fn from_annonce(server: &Server, numero: &str, person: &Person, commentaire: &str) -> Client {
    let client = server.visitor();
    let page = client.get(&format!("/annonces/{numero}")).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text.starts_with("Déposer un CV")).expect("a link").expect("href");
    let page = client.get(link).await;
    let asked = client.submit(&filled(&page, person).set("commentaire", commentaire)).await;
    assert_eq!(asked.status, 200, "{}", asked.said());
    let path = activation(&client, person.email).await;
    let page = client.get(&path).await;
    client.submit(&Form::to(&page, &path)).await;
    client
}

async fn a2_who_registers_from_an_annonce_has_an_answer_that_waits_for_the_validation(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    let waiting = names(&desk, "a_etudier").await.len();
    let client = from_annonce(&server, &numero, &ANNE, "Je débute, mais j’apprends vite.").await;
    assert_eq!(state(&client).await, "en attente de votre inscription");
    assert_eq!(names(&desk, "a_etudier").await.len(), waiting, "the structure does not see it yet");
    let page = client.get(&format!("/annonces/{numero}")).await;
    assert!(page.main_text().contains("en attente de votre inscription"), "{}", page.main_text());
    assert_eq!(client.get_only(&format!("/annonces/{numero}/repondre")).await.status, 403);

    fill_in(&client).await;
    send(&client).await;
    decide_registration(&desk, ANNE.nom, "Valider l’inscription").await;
    assert_eq!(state(&client).await, "transmise");
    let list = desk.get(LIST).await;
    assert!(list.body.contains("Je débute, mais j’apprends vite.") && list.main_text().contains(ANNE.nom));
    eventually("a mail says so", async || {
        (mails::told(&desk, ANNE.email, "réponse à une annonce est transmise").await == 1).then_some(())
    })
    .await;
    // A stranger who has an account comes back to the annonce through the login.
    let stranger = server.visitor();
    let login = stranger.get_only(&format!("/annonces/{numero}/repondre")).await;
    assert!(login.location().is_some_and(|to| to.starts_with("/authentification/") && to.contains("repondre")));
}

async fn a2_a_waiting_answer_is_cancelled_with_a_refusal_or_a_closed_annonce(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    let refused = from_annonce(&server, &numero, &ANNE, "").await;
    let other = Person { nom: "Bothorel", email: "b@candidats.example", ..ANNE };
    let late = from_annonce(&server, &numero, &other, "").await;
    for client in [&refused, &late] {
        fill_in(client).await;
        send(client).await;
    }
    decide_registration(&desk, ANNE.nom, "Rejeter l’inscription").await;
    assert_eq!(state(&refused).await, "annulée");
    close(&desk, &numero, "Clore sans suite").await;
    decide_registration(&desk, other.nom, "Valider l’inscription").await;
    assert_eq!(state(&late).await, "annulée", "the annonce was closed before");
    for email in [ANNE.email, other.email] {
        assert_eq!(mails::told(&desk, email, "est annulée").await, 1, "{email}");
    }
    assert!(!names(&desk, "a_etudier").await.iter().any(|nom| nom.contains("Bothorel")));
}

/// Closes an annonce by one of its buttons.
async fn close(desk: &Client, numero: &str, button: &str) {
    let page = desk.get(&format!("/annonces/{numero}")).await;
    let html = page.html();
    let href = html.all("a").find(|link| link.text == "Modifier l’annonce").expect("a link").expect("href").to_owned();
    let page = desk.get(&href).await;
    let closed = desk.press(&page, button).await;
    assert_eq!(closed.status, 200, "{}", closed.said());
}

async fn a2_a_closed_annonce_takes_no_answer_and_loses_no_text(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    let path = format!("/annonces/{numero}/repondre");
    let open = person.get(&path).await;
    close(&desk, &numero, "Clore sans suite").await;
    let late = person.submit(&Form::to(&open, &path).set("commentaire", "Trop tard ?")).await;
    assert_eq!(late.status, 410, "{}", late.said());
    assert!(late.main_text().contains("Trop tard ?") && late.main_text().contains("On ne peut plus y répondre"));
    assert!(!person.get(THEIRS).await.body.contains(&numero));
    assert_eq!(person.get(&path).await.status, 410);
}

async fn a3_each_change_is_pushed_mailed_and_shown(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    answer(&person, &numero, "").await;
    let name = person.name().await;
    let tab = person.tab().await;
    let done = press(&desk, "a_etudier", "Marquer étudiées", &[&name]).await;
    assert!(done.main_text().contains("1 candidature traitée") && done.main_text().contains(&name), "{}", done.said());
    let seen =
        tab.until("it is pushed", |told| told.notifications.iter().any(|one| one.to_string().contains("étudiée")));
    let seen = seen.await;
    let link = seen.notifications.iter().find(|one| one.to_string().contains("étudiée")).expect("it")["lien"].clone();
    assert_eq!(link, THEIRS);
    assert_eq!(state(&person).await, "étudiée");
    press(&desk, "etudiees", "Ne pas retenir", &[&name]).await;
    eventually("it takes effect", async || (state(&person).await == "non retenue").then_some(())).await;
    // The structure changes its mind: never more than these words.
    press(&desk, "non_retenues", "Marquer étudiées", &[&name]).await;
    assert_eq!(state(&person).await, "étudiée");
    for (objet, count) in [("est étudiée", 2), ("n’est pas retenue", 1)] {
        eventually(objet, async || (mails::told(&desk, logins::INTERVENANT, objet).await == count).then_some(())).await;
    }
    assert!(person.get("/tableau-de-bord").await.main_text().contains("Former des trésoriers"));
}

async fn a3_an_answer_is_taken_back_while_it_is_not_studied(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    let page = answer(&person, &numero, "Une première fois").await;
    let html = page.html();
    let button = html.all("button").find(|button| button.text.starts_with("Retirer")).expect("a button");
    let form = Form::with_button(&page, &html, button);
    let back = person.submit(&form).await;
    assert!(back.said().contains("retirée"), "{}", back.said());
    assert_eq!(state(&person).await, "retirée");
    assert!(!names(&desk, "a_etudier").await.contains(&person.name().await));
    // Sent again, it is the same one, with its new words.
    let path = format!("/annonces/{numero}/repondre");
    assert_eq!(Form::to(&person.get(&path).await, &path).value("commentaire"), Some("Une première fois"));
    answer(&person, &numero, "Une seconde fois").await;
    assert_eq!(state(&person).await, "transmise");
    assert!(desk.get(LIST).await.body.contains("Une seconde fois"));
    press(&desk, "a_etudier", "Marquer étudiées", &[&person.name().await]).await;
    let late = person.submit(&form).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("déjà étudié"), "{}", late.said());
    assert!(!person.get(THEIRS).await.body.contains("Retirer"));
}

/// Three people of Bretagne who answered, validated, with what they said.
async fn three(server: &Server, desk: &Client, numero: &str) -> Vec<Client> {
    let mut all = Vec::new();
    for (nom, email) in
        [("Abgrall", "a@reponses.example"), ("Bothorel", "b@reponses.example"), ("Cariou", "c@reponses.example")]
    {
        let client = transmitted(server, &Person { nom, email, ..ANNE }).await;
        decide_registration(desk, nom, "Valider l’inscription").await;
        let sent = answer(&client, numero, &format!("De {nom}")).await;
        assert_eq!(sent.path(), THEIRS, "{}", sent.said());
        all.push(client);
    }
    all
}

async fn a4_candidatures_are_sorted_by_their_match_and_decided_in_a_batch(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    let people = three(&server, &desk, &numero).await;
    // The second one would be away the whole time, the third has another spécialité.
    let page = people[2].get("/mon-compte/parcours").await;
    let form = Form::to(&page, "/mon-compte/parcours").without("specialites").set("specialites", "management");
    assert_eq!(people[2].submit(&form.set("action", "enregistrer")).await.status, 200);
    let all = names(&desk, "a_etudier").await;
    let place = |nom: &str| all.iter().position(|one| one.contains(nom)).unwrap_or_else(|| panic!("{nom} in {all:?}"));
    assert!(place("Abgrall") < place("Cariou") && place("Bothorel") < place("Cariou"), "{all:?}");
    let page = desk.get(LIST).await;
    let text = page.main_text();
    assert!(text.contains("spécialité demandée") && text.contains("région d’intervention"), "{text}");

    // One was treated meanwhile by a colleague: the others go, and each result is said.
    let open = desk.get(LIST).await;
    let colleague = server.login(logins::COLLEAGUE).await;
    let name = |nom: &str| format!("{} {nom}", ANNE.prenom);
    press(&colleague, "a_etudier", "Ne pas retenir", &[&name("Bothorel")]).await;
    eventually("it takes effect", async || names(&desk, "non_retenues").await.pop()).await;
    people[0]
        .submit(&{
            let page = people[0].get(THEIRS).await;
            let html = page.html();
            Form::with_button(
                &page,
                &html,
                html.all("button").find(|one| one.text.starts_with("Retirer")).expect("a button"),
            )
        })
        .await;
    let html = open.html();
    let mut form = Form::pressing(&open, "Marquer étudiées");
    for input in html.all("input").filter(|input| input.attribute("name") == Some("candidatures")) {
        form = form.add("candidatures", input.expect("value"));
    }
    let done = desk.submit(&form).await;
    assert_eq!(done.status, 200, "{}", done.said());
    let text = done.main_text();
    assert!(text.contains("Cariou : étudiée") && text.contains("Abgrall : retirée (changée entre-temps)"), "{text}");
    assert!(text.contains("Bothorel : étudiée"), "one who was not kept may be studied again: {text}");
    assert_eq!(state(&people[0]).await, "retirée");
    let none = desk.get(LIST).await;
    if Form::found(&none, LIST).is_some_and(|form| form.posts) {
        let refused = desk.press(&none, "Marquer étudiées").await;
        assert_eq!(refused.status, 422);
        assert!(refused.said().contains("Cochez d’abord"), "{}", refused.said());
    }
}

async fn q3_answers_come_in_pages_the_best_first(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    let mut count = 0;
    for email in crate::cvtheque::emails(&desk).await.into_iter().take(37) {
        let page = answer(&server.login(&email).await, &numero, "Bonjour").await;
        assert_eq!(page.path(), THEIRS, "{}", page.said());
        count += 1;
    }
    let annonce = {
        let page = desk.get(LIST).await;
        let html = page.html();
        let option = html.all("option").find(|option| option.text.starts_with(&numero)).expect("the annonce");
        option.expect("value").to_owned()
    };
    let list = format!("{LIST}?annonce={annonce}");
    // Every answer once, the scores going down over both pages.
    let scores = |page: &Page| -> Vec<(String, i64)> {
        let html = page.html();
        let rows: Vec<_> = html.all("li").filter(|row| row.has_class("hit")).collect();
        rows.into_iter()
            .map(|row| {
                let name = html.inside(row, "h2").next().expect("a name").text.clone();
                let score = html.inside(row, "span").find(|tag| tag.has_class("tag")).expect("a score").text.clone();
                (name, score.trim_end_matches(['%', '\u{a0}', ' ']).parse().expect("a number"))
            })
            .collect()
    };
    let (first, second) = (desk.get(&list).await, desk.get(&format!("{list}&page=2")).await);
    let mut all = scores(&first);
    assert_eq!(all.len(), 30);
    all.extend(scores(&second));
    assert_eq!(all.len(), count);
    assert!(all.is_sorted_by(|one, next| one.1 >= next.1), "{all:?}");
    assert!(all[0].1 > all[count - 1].1, "some match better: {all:?}");
    let mut names: Vec<&String> = all.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    // One stays on the page; a page that is gone is the last; odd ones are the first.
    let html = second.html();
    let link = html.all("h2").find_map(|title| html.inside(title, "a").next()).expect("a profile").expect("href");
    assert!(link.contains("page=2"), "{link}");
    let (last, _) = all[count - 1].clone();
    let mut form = Form::pressing(&second, "Ne pas retenir");
    for (name, _) in &all[30..] {
        let label = html.all("label").find(|label| label.text.contains(&format!("Sélectionner {name},")));
        form = form
            .add("candidatures", html.inside(label.expect("a box"), "input").next().expect("a box").expect("value"));
    }
    let after = desk.submit(&form).await;
    assert!(
        after.body.contains(&last) && after.body.contains("candidatures ne seront pas retenues"),
        "{}",
        after.said()
    );
    let gone = async || (scores(&desk.get(&format!("{list}&page=2")).await).len() == 30).then_some(());
    eventually("the last page is the first now", gone).await;
    for odd in ["0", "-1", "x", "99999999999999999999"] {
        assert_eq!(scores(&desk.get(&format!("{list}&page={odd}")).await).len(), 30, "{odd}");
    }
}

async fn a4_two_who_decide_at_once_tell_the_person_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    answer(&person, &numero, "").await;
    let colleague = server.login(logins::COLLEAGUE).await;
    let name = person.name().await;
    let whose = [name.as_str()];
    // Both look at the list before either decides.
    let hers = ticked(&desk, "a_etudier", "Marquer étudiées", &whose).await;
    let his = ticked(&colleague, "a_etudier", "Marquer étudiées", &whose).await;
    let (one, two) = tokio::join!(desk.submit(&hers), colleague.submit(&his));
    assert_eq!((one.status, two.status), (200, 200));
    eventually("a mail", async || (mails::told(&desk, logins::INTERVENANT, "est étudiée").await > 0).then_some(()))
        .await;
    assert_eq!(mails::told(&desk, logins::INTERVENANT, "est étudiée").await, 1);
    assert_eq!(state(&person).await, "étudiée");
}

/// The form « Annuler » of the page that follows a decision.
fn undo(page: &Page) -> Form {
    let html = page.html();
    let button = html.all("button").find(|button| button.attribute("value") == Some("reprendre"));
    Form::with_button(page, &html, button.unwrap_or_else(|| panic!("« Annuler »: {}", page.main_text())))
}

async fn a4_not_kept_takes_effect_ten_seconds_later_and_can_be_taken_back_until_then(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (desk, elsewhere) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::ELSEWHERE).await);
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    let people = three(&server, &desk, &numero).await;
    let (kept_client, kept, kept_mail) = (&people[0], people[0].name().await, "a@reponses.example");
    let (left_client, left, left_mail) = (&people[1], people[1].name().await, "b@reponses.example");

    // One is taken back in time, by the button of the page that follows.
    let page = press(&desk, "a_etudier", "Ne pas retenir", &[&kept]).await;
    let text = page.main_text();
    assert!(text.contains("1 candidature ne sera pas retenue") && text.contains("dans 10 secondes"), "{text}");
    assert!(text.contains("bientôt non retenue"), "{text}");
    assert_eq!(state(kept_client).await, "transmise", "nobody is told yet");
    let (taking_back, form) = (undo(&page), undo(&page).set("_csrf", &elsewhere.token().await));
    assert_eq!(elsewhere.submit(&form).await.status, 200);
    assert!(desk.get(LIST).await.main_text().contains("bientôt non retenue"), "another structure takes nothing back");
    let back = desk.submit(&taking_back).await;
    assert!(!back.main_text().contains("bientôt") && back.main_text().contains("transmise"), "{}", back.main_text());

    // The other one goes on though the page is closed and the server starts again.
    let page = press(&desk, "a_etudier", "Ne pas retenir", &[&left]).await;
    let again = press(&desk, "a_etudier", "Ne pas retenir", &[&left]).await;
    assert_eq!(again.status, 200, "{}", again.said());
    server.stop().await;
    server.start_again().await;
    eventually("it takes effect", async || (state(left_client).await == "non retenue").then_some(())).await;
    eventually("its mail", async || (mails::told(&desk, left_mail, "n’est pas retenue").await == 1).then_some(()))
        .await;
    assert_eq!(state(kept_client).await, "transmise");
    assert_eq!(mails::told(&desk, kept_mail, "n’est pas retenue").await, 0);
    let late = desk.submit(&undo(&page)).await;
    assert!(late.main_text().contains("non retenue (changée entre-temps)"), "{}", late.main_text());
    assert_eq!(state(left_client).await, "non retenue");
}

async fn a4_an_annonce_that_is_filled_says_so(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    close(&desk, &numero, "Clore : l’intervenant est trouvé").await;
    let page = server.visitor().get(&format!("/annonces/{numero}")).await;
    assert_eq!(page.status, 410);
    assert!(page.main_text().contains("Cette annonce est pourvue"), "{}", page.main_text());
}

/// The rows of « Profils suggérés » of an annonce, once all of these are on it.
async fn suggested(desk: &Client, numero: &str, all: &[&str]) -> (String, Vec<String>) {
    let page = desk.get(&format!("/annonces/{numero}")).await;
    let html = page.html();
    let href = html.all("a").find(|link| link.text == "Modifier l’annonce").expect("a link").expect("href").to_owned();
    let page = desk.get(&href).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text == "Profils suggérés").expect("a link").expect("href").to_owned();
    let page = eventually("the index has them", async || {
        let page = desk.get(&link).await;
        let text = page.main_text();
        all.iter().all(|one| text.contains(one)).then_some(page)
    })
    .await;
    let html = page.html();
    let rows = html.all("li").filter(|row| row.has_class("hit")).map(|row| row.text.clone()).collect();
    (link, rows)
}

fn row<'a>(rows: &'a [String], of: &str) -> &'a str {
    rows.iter().find(|row| row.contains(of)).unwrap_or_else(|| panic!("{of}: {rows:?}"))
}

fn score(row: &str) -> u32 {
    let before = row.split(['\u{a0}', ' ']).take_while(|word| *word != "%").last().expect("a score");
    before.parse().unwrap_or_else(|_| panic!("a number: {row}"))
}

async fn g4_profiles_are_suggested_with_their_reasons_and_what_is_known_of_them(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let numero = publish(&desk, &about("Former les communes des lagunes")).await;
    let people = three(&server, &desk, &numero).await;
    // The second has another spécialité now, but the words of the annonce.
    let page = people[1].get("/mon-compte/parcours").await;
    let form = Form::to(&page, "/mon-compte/parcours").without("specialites").set("specialites", "management");
    people[1].submit(&form.set("action", "enregistrer")).await;
    let to = messagerie::recipient(&desk, &format!("{} Cariou", ANNE.prenom)).await;
    messagerie::send(&desk, &[&to], "Êtes-vous libre ?", "Bonjour").await;
    let (link, rows) = suggested(&desk, &numero, &["Abgrall", "Cariou", "spécialité non cochée"]).await;
    let of = |nom: &str| row(&rows, nom);
    assert!(of("Abgrall").contains("spécialité demandée") && of("Abgrall").contains("région d’intervention"));
    assert!(of("Abgrall").contains("a répondu : transmise") && !of("Abgrall").contains("contact déjà pris"));
    assert!(of("Cariou").contains("contact déjà pris"), "{}", of("Cariou"));
    // Not ticked: lower, listed all the same, with the words that brought it.
    assert!(of("Bothorel").contains("spécialité non cochée") && of("Bothorel").contains("lagunes"), "{rows:?}");
    assert!(score(of("Bothorel")) < score(of("Abgrall")), "{rows:?}");
    let scores: Vec<u32> = rows.iter().map(|row| score(row)).collect();
    assert!(scores.is_sorted_by(|one, next| one >= next), "the best first: {scores:?}");
    // The list of answers has the same figures.
    let answers = desk.get(LIST).await;
    let html = answers.html();
    let theirs: Vec<String> = html.all("li").filter(|row| row.has_class("hit")).map(|row| row.text.clone()).collect();
    for nom in ["Abgrall", "Bothorel", "Cariou"] {
        let score = format!("{}\u{a0}%", score(of(nom)));
        let row = row(&theirs, &format!("{} {nom}", ANNE.prenom));
        assert!(row.replace(' ', "\u{a0}").contains(&score), "{score}: {row}");
    }
    let elsewhere = server.login(logins::ELSEWHERE).await;
    assert_eq!(elsewhere.get(&link).await.status, 404);
}

async fn g4_who_would_come_from_far_is_suggested_lower_and_the_distance_is_said(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let numero = publish(&desk, &about("Former les communes des lagunes")).await;
    let people = three(&server, &desk, &numero).await;
    // The second intervenes in Normandie, the third in La Réunion.
    for (person, region) in [(&people[1], "28"), (&people[2], "04")] {
        let page = person.get("/mon-compte/informations").await;
        let form = Form::to(&page, "/mon-compte/informations").without("regions").without("departements");
        let saved = person.submit(&form.set("regions", region).set("action", "enregistrer")).await;
        assert_eq!(saved.status, 200, "{}", saved.said());
    }
    let (_, rows) = suggested(&desk, &numero, &["Abgrall", "Bothorel", "Cariou"]).await;
    let said = |nom: &str| row(&rows, nom).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(said("Abgrall").contains("région d’intervention") && !said("Abgrall").contains(" km"));
    assert!(said("Bothorel").contains("à environ 1"), "some 100 to 200 km: {}", said("Bothorel"));
    assert!(said("Cariou").contains("à environ 9 "), "more than 9,000 km: {}", said("Cariou"));
    let scores: Vec<u32> = ["Abgrall", "Bothorel", "Cariou"].iter().map(|nom| score(row(&rows, nom))).collect();
    assert!(scores[0] > scores[1] && scores[1] > scores[2] && scores[0] >= scores[2] + 50, "{scores:?}");
}

async fn m1_answering_an_annonce_opens_the_messaging_of_its_structure(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (person, elsewhere) = (server.login(logins::INTERVENANT).await, server.login(logins::ELSEWHERE).await);
    let structure = async || {
        let found = messagerie::proposals(&person, "normandie").await;
        found.into_iter().find(|one| one.label.contains("Normandie"))
    };
    assert!(structure().await.is_none(), "not the structure de rattachement");
    let numero = publish(&elsewhere, &about("Former en Normandie")).await;
    answer(&person, &numero, "").await;
    let to = structure().await.expect("it is one may write to now").value;
    messagerie::send(&person, &[&to], "À propos de ma réponse", "Bonjour").await;
    messagerie::received(&elsewhere, "À propos de ma réponse").await;
}

async fn g8_a_structure_decides_on_its_own_candidatures_alone(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let elsewhere = server.login(logins::ELSEWHERE).await;
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    answer(&person, &numero, "").await;
    let name = person.name().await;
    assert!(!names(&elsewhere, "a_etudier").await.contains(&name));
    let page = desk.get(LIST).await;
    let html = page.html();
    let id = html.all("input").find(|input| input.attribute("name") == Some("candidatures")).expect("a box");
    let id = id.expect("value").to_owned();
    let forged = elsewhere.post(LIST, &[("candidatures", &id), ("action", "ecarter")]).await;
    assert_eq!(forged.status, 404, "{}", forged.said());
    assert_eq!(state(&person).await, "transmise");
    let stolen = server.login("candidat@demo.example").await.post(&format!("{THEIRS}/{id}"), &[]).await;
    assert_eq!(stolen.status, 404);
}

/// The ids of two answers to that annonce: the person's, and somebody else's.
pub async fn two_answers(server: &Server, person: &Client, desk: &Client, numero: &str) -> (String, String) {
    let other = transmitted(server, &ANNE).await;
    decide_registration(desk, ANNE.nom, "Valider l’inscription").await;
    let mut ids = Vec::new();
    for client in [person, &other] {
        let page = answer(client, numero, "").await;
        let rest = page.body.split(&format!("\"{THEIRS}/")).nth(1).expect("an answer to take back");
        ids.push(rest.chars().take_while(char::is_ascii_digit).collect());
    }
    (ids.swap_remove(0), ids.swap_remove(0))
}

/// Both sides, each in a browser of its own.
#[cfg(feature = "external")]
mod in_a_browser {
    use super::{about, publish};
    use crate::support::browser::with_browser;
    use crate::support::{Engine, Site, logins};

    async fn both_sides(javascript: bool) {
        let site = Site::demo(Engine::Sqlite).await;
        let server = site.serve().await;
        let url = server.url();
        let numero = publish(&server.login(logins::GESTIONNAIRE).await, &about("Former des trésoriers")).await;
        let name = server.login(logins::INTERVENANT).await.name().await;
        with_browser(javascript, async |desk| {
            desk.login(&url, logins::GESTIONNAIRE).await;
            let before = desk.counter("candidatures").await;
            with_browser(javascript, async |person| {
                person.login(&url, logins::INTERVENANT).await;
                person.goto(&format!("{url}/annonces/{numero}")).await;
                person.click_on("a", "Candidater").await;
                person.types("#commentaire", "Libre le mardi.").await;
                person.click_on("button", "Envoyer ma candidature").await;
                person.at("/mon-compte/candidatures").await;
                person.says("main", |text| text.contains("Former des trésoriers") && text.contains("transmise")).await;

                if !javascript {
                    desk.goto(&format!("{url}/tableau-de-bord")).await;
                }
                crate::support::eventually("the structure's menu counts one more", async || {
                    (desk.counter("candidatures").await == before + 1).then_some(())
                })
                .await;
                desk.click("nav.menu a[href='/gestion/candidatures']").await;
                desk.click_on("a", &name).await;
                desk.says("#fiche", |text| text.contains(&name)).await;
                desk.says("main", |text| text.contains("Libre le mardi.")).await;
                desk.click_containing("li.hit[aria-current] label", "").await;
                desk.click_on("button", "Marquer étudiées").await;
                desk.says("main", |text| text.contains("1 candidature traitée")).await;
                if javascript {
                    person.says("[data-toasts]", |text| text.contains("étudiée")).await;
                }
                person.goto(&format!("{url}/mon-compte/candidatures")).await;
                person.says("main", |text| text.contains("étudiée")).await;
                if javascript {
                    assert_eq!(person.complaints().await, Vec::<String>::new());
                }
            })
            .await;
            if javascript {
                assert_eq!(desk.complaints().await, Vec::<String>::new());
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a3_in_a_browser_an_answer_reaches_its_structure_and_comes_back() {
        both_sides(true).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a3_in_a_browser_without_javascript_an_answer_reaches_its_structure_and_comes_back() {
        both_sides(false).await;
    }
}
