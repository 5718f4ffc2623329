//! How often one is told of the annonces that fit one's alerts, and how one stops it from an email (SPEC L3).

use reqwest::Method;

use crate::recherches_suivies::{follow, untick};
use crate::support::annonces::{Wording, publish};
use crate::support::sink::Sink;
use crate::support::{Client, Engine, Form, Site, both_engines, eventually, logins, mails};

both_engines! {
    l1_what_was_published_over_thirty_days_ago_is_not_counted,
    l3_a_digest_tells_each_open_annonce_once_and_is_never_empty,
    l3_one_click_stops_the_alerts_without_a_login,
    l3_who_stopped_their_alerts_gets_no_digest,
    l3_a_followed_search_keeps_the_pace_and_stops_with_the_others,
}

const ALERTS: &str = "/mon-compte/alertes";

/// Every annonce of one's régions, at that pace.
async fn choose(client: &Client, frequence: &str) {
    let page = client.get(ALERTS).await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    let form = form.without("specialites").without("specialites_et_regions").set("regions", "1");
    let saved = client.submit(&form.set("frequence", frequence)).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    let page = client.get(ALERTS).await;
    assert_eq!(Form::pressing(&page, "Enregistrer mes alertes").value("frequence"), Some(frequence), "it is kept");
}

/// How many annonces the ticked boxes would have brought.
async fn apport(client: &Client) -> u64 {
    let page = client.get(ALERTS).await;
    let html = page.html();
    let said = &html.by_id("apport").unwrap_or_else(|| panic!("{}", page.said())).text;
    if said.contains("aucune annonce") { 0 } else { crate::annonces::counted(said) }
}

async fn l1_what_was_published_over_thirty_days_ago_is_not_counted(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    choose(&person, "quotidienne").await;
    publish(&server.login(logins::GESTIONNAIRE).await, &about("Former des trésoriers")).await;
    assert!(apport(&person).await > 0);
    server.days_later(29).await;
    let person = server.login(logins::INTERVENANT).await;
    assert!(apport(&person).await > 0, "it is still one of the last thirty days");
    server.days_later(31).await;
    let person = server.login(logins::INTERVENANT).await;
    assert_eq!(apport(&person).await, 0);
}

fn about(titre: &str) -> Wording<'_> {
    Wording { titre, texte: "Bonjour", ..Wording::default() }
}

/// The subjects of his mails that contain these words.
async fn subjects(client: &Client, words: &str) -> Vec<String> {
    let all = mails::about(client, logins::INTERVENANT).await;
    let his = all.into_iter().filter(|mail| mail.to == logins::INTERVENANT && mail.objet.contains(words));
    his.map(|mail| mail.objet).collect()
}

/// The texts of his digests, the newest first, once there are so many.
async fn digests(client: &Client, count: usize) -> Vec<String> {
    let found = eventually("the digests", async || {
        let mut all = mails::about(client, logins::INTERVENANT).await;
        all.retain(|mail| mail.to == logins::INTERVENANT && mail.objet.contains("Les annonces"));
        assert!(all.len() <= count, "{all:?}");
        (all.len() == count).then_some(all)
    })
    .await;
    let mut texts = Vec::new();
    for mail in found {
        texts.push(mails::text(client, &mail).await);
    }
    texts
}

async fn l3_a_digest_tells_each_open_annonce_once_and_is_never_empty(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    choose(&person, "quotidienne").await;
    let tab = person.tab().await;
    let first = publish(&desk, &about("Former des trésoriers")).await;
    let closed = publish(&desk, &about("Former des archivistes")).await;
    tab.until("the notification comes at once", |told| told.notifications.len() == 2).await;
    let page = desk.get(&format!("/annonces/{closed}")).await;
    let html = page.html();
    let href = html.all("a").find(|link| link.text == "Modifier l’annonce").expect("a link").expect("href").to_owned();
    desk.press(&desk.get(&href).await, "Clore sans suite").await;
    let visitor = server.visitor();
    assert_eq!(subjects(&visitor, "Former").await, Vec::<String>::new(), "no mail of its own");

    // Two days later both seven o'clocks have passed: one digest, of what is still open.
    server.days_later(2).await;
    let text = digests(&server.visitor(), 1).await.remove(0);
    assert!(text.contains(&first) && text.contains("Former des trésoriers") && !text.contains(&closed), "{text}");
    assert!(text.contains("Une annonce publiée"), "{text}");
    // The next one has what came since; on the days without anything there is none.
    let desk = server.login(logins::GESTIONNAIRE).await;
    let second = publish(&desk, &about("Former des greffiers")).await;
    let person = server.login(logins::INTERVENANT).await;
    eventually("it is written", async || person.get("/notifications").await.body.contains("greffiers").then_some(()))
        .await;
    server.days_later(6).await;
    let texts = digests(&server.visitor(), 2).await;
    assert!(texts[0].contains(&second) && !texts[0].contains(&first), "{}", texts[0]);
    // At once again: a mail of its own.
    let person = server.login(logins::INTERVENANT).await;
    choose(&person, "instantanee").await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    publish(&desk, &about("Former des notaires")).await;
    let visitor = server.visitor();
    eventually("a mail of its own", async || (subjects(&visitor, "notaires").await.len() == 1).then_some(())).await;
    digests(&visitor, 2).await;
}

async fn l3_one_click_stops_the_alerts_without_a_login(engine: Engine) {
    let site = Site::demo(engine).await;
    let sink = Sink::start().await;
    let server = site.serve_with_mail(&sink.url()).await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    choose(&person, "instantanee").await;
    publish(&desk, &about("Former des trésoriers")).await;
    let mail = eventually("it is delivered", async || sink.to(logins::INTERVENANT, "trésoriers").pop()).await;
    let head = mail.raw.split_once("\n\n").expect("headers").0.replace("\n ", " ");
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(name)).unwrap_or_else(|| panic!("{head}"));
        line.split_once(": ").expect("a value").1.trim().to_owned()
    };
    assert_eq!(header("list-unsubscribe-post:"), "List-Unsubscribe=One-Click");
    let link = header("list-unsubscribe:");
    let link = link.trim_start_matches('<').trim_end_matches('>');
    assert!(mail.text.contains(link), "the same one for who reads: {}", mail.text);
    let path = link.strip_prefix(&server.url()).expect("an address of this site");

    // A mail scanner that follows the link changes nothing; another word opens nothing.
    let stranger = server.visitor();
    let page = stranger.get(path).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert!(page.body.contains("Arrêter mes alertes"), "{}", page.said());
    assert_eq!(boxes(&person).await, [false, true, false]);
    let other = format!("/alertes/desabonnement/{}", "0".repeat(32));
    assert_eq!((stranger.get_only(&other).await.status, stranger.post(&other, &[]).await.status), (404, 404));
    // A mail program: no cookie, no token, no origin.
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let body = Some("List-Unsubscribe=One-Click".to_owned());
    let done = server.visitor().try_send(Method::POST, path, &headers, body).await.expect("an answer");
    assert_eq!(done.status, 200, "{}", done.said());
    assert_eq!(boxes(&person).await, [false; 3]);
    publish(&desk, &about("Former des archivistes")).await;
    let witness = publish(&desk, &about("Former des greffiers")).await;
    eventually("others are told", async || (!mails::about(&stranger, "greffiers").await.is_empty()).then_some(()))
        .await;
    assert_eq!(sink.to(logins::INTERVENANT, "archivistes"), [], "{witness}");
    // By its button, twice: the same answer, and nothing else of the account is touched.
    for _ in 0..2 {
        let stopped = stranger.submit(&Form::to(&page, path)).await;
        assert!(stopped.body.contains("Vos alertes sont arrêtées"), "{}", stopped.said());
    }
    assert_eq!(person.get("/tableau-de-bord").await.status, 200);
}

async fn boxes(client: &Client) -> [bool; 3] {
    let page = client.get(ALERTS).await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    ["specialites", "regions", "specialites_et_regions"].map(|name| form.value(name).is_some())
}

async fn l3_who_stopped_their_alerts_gets_no_digest(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    choose(&person, "hebdomadaire").await;
    let tab = person.tab().await;
    publish(&desk, &about("Former des trésoriers")).await;
    tab.until("the notification comes at once", |told| !told.notifications.is_empty()).await;
    let page = person.get(ALERTS).await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    person.submit(&form.without("regions").without("specialites").without("specialites_et_regions")).await;
    server.days_later(9).await;
    let visitor = server.visitor();
    // Somebody else's digest shows that they have left.
    eventually("the deadlines have run", async || {
        (crate::direct::metric(&server, "ei_deadlines_total").await >= 1.0).then_some(())
    })
    .await;
    assert_eq!(subjects(&visitor, "Les annonces").await, Vec::<String>::new());
}

async fn l3_a_followed_search_keeps_the_pace_and_stops_with_the_others(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    choose(&person, "quotidienne").await;
    untick(&person).await;
    follow(&person, "/annonces?q=tr%C3%A9soriers").await;
    let tab = person.tab().await;
    let numero = publish(&desk, &about("Former des trésoriers")).await;
    publish(&desk, &about("Former des archivistes")).await;
    tab.until("the notification comes at once", |told| !told.notifications.is_empty()).await;
    server.days_later(2).await;
    let visitor = server.visitor();
    let text = digests(&visitor, 1).await.remove(0);
    assert!(text.contains(&numero) && !text.contains("archivistes"), "{text}");
    assert_eq!(subjects(&visitor, "Former").await, Vec::<String>::new(), "no mail of its own");

    // The link of the digest stops this one too.
    let path = text.split_whitespace().find_map(|word| word.find("/alertes/desabonnement/").map(|at| &word[at..]));
    let path = path.unwrap_or_else(|| panic!("a link that stops the alerts: {text}"));
    let page = visitor.get(path).await;
    visitor.submit(&Form::to(&page, path)).await;
    let person = server.login(logins::INTERVENANT).await;
    let page = person.get("/mon-compte/alertes/recherches").await;
    assert!(page.body.contains("suspendue"), "{}", page.said());
}
