//! Searches of the annonces that one is alerted to: SPEC A1, L2.

use crate::support::annonces::{Wording, publish};
use crate::support::client::encode;
use crate::support::{Client, Engine, Form, Page, Site, both_engines, eventually, logins, mails};

both_engines! {
    a1_a_search_becomes_an_alert_from_its_results,
    l2_a_followed_search_alerts_once_and_only_to_what_answers_it,
}

const LIST: &str = "/mon-compte/alertes/recherches";
const ASK: &str = "M’alerter des prochaines annonces de cette recherche";

/// Becomes alerted to a search, from its page of results on.
pub async fn follow(client: &Client, search: &str) -> Page {
    let results = client.get(search).await;
    let html = results.html();
    let link = html.all("a").find(|link| link.text == ASK).unwrap_or_else(|| panic!("no way to follow {search}"));
    let page = client.get(link.expect("href")).await;
    client.press(&page, "M’alerter").await
}

/// Presses a button of the line that says this.
async fn act(client: &Client, criteria: &str, button: &str) -> Page {
    let page = client.get(LIST).await;
    let html = page.html();
    let row = html
        .all("li")
        .find(|row| row.has_class("hit") && row.text.replace('\u{a0}', " ").contains(criteria))
        .unwrap_or_else(|| panic!("« {criteria} » among {}", page.said()));
    let pressed = html
        .inside(row, "button")
        .find(|found| found.text.starts_with(button))
        .unwrap_or_else(|| panic!("« {button} » in {}", row.text));
    client.submit(&Form::with_button(&page, &html, pressed)).await
}

/// What each line says, with plain spaces.
async fn lines(client: &Client) -> Vec<String> {
    let page = client.get(LIST).await;
    let html = page.html();
    html.all("li").filter(|row| row.has_class("hit")).map(|row| row.text.replace('\u{a0}', " ")).collect()
}

/// No box ticked: only searches alert.
pub async fn untick(client: &Client) {
    let page = client.get("/mon-compte/alertes").await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    let saved = client.submit(&form.without("specialites").without("regions").without("specialites_et_regions")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
}

async fn a1_a_search_becomes_an_alert_from_its_results(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    let asks = async |client: &Client, search: &str| client.get(search).await.body.contains(ASK);
    assert!(!asks(&me, "/annonces").await, "nothing searched: nothing to follow");
    assert!(!asks(&desk, "/annonces?q=budget").await, "who publishes is not alerted");
    let empty = me.get(LIST).await;
    assert!(empty.body.contains("Vous ne suivez aucune recherche"), "{}", empty.said());

    // What was searched is said in words; how it was sorted and which page was open is left out.
    let search = "/annonces?q=budget&specialite=finances&region=53&du=2027-01-12&tri=titre&page=2";
    let kept = follow(&me, search).await;
    assert_eq!((kept.status, kept.path()), (200, LIST), "{}", kept.said());
    let html = kept.html();
    let row = html.all("li").find(|row| row.has_class("hit")).expect("its line");
    let link = html.inside(row, "a").next().expect("a link");
    assert_eq!(link.expect("href"), "/annonces?q=budget&specialite=finances&region=53&du=2027-01-12");
    let said = link.text.replace('\u{a0}', " ");
    assert!(said.starts_with("« budget » · ") && said.contains("Bretagne"), "{said}");
    assert!(said.ends_with("à partir du 12/01/2027"), "{said}");
    let page = me.get("/mon-compte/alertes").await;
    assert!(page.body.replace('\u{a0}', " ").contains("1 recherche suivie"), "{}", page.said());

    // Asked for again: said so, and once in the list, also when it is posted twice.
    let again = me.get(&format!("{LIST}?q=budget&specialite=finances&region=53&du=2027-01-12")).await;
    assert!(again.body.contains("Vous suivez déjà cette recherche"), "{}", again.said());
    for _ in 0..2 {
        let posted = me.post(LIST, &[("adresse", "q=budget&specialite=finances&region=53&du=2027-01-12")]).await;
        assert_eq!((posted.status, posted.path()), (200, LIST), "{}", posted.said());
    }
    assert_eq!(lines(&me).await.len(), 1);
    // Nothing but a search is kept, and not without end.
    assert_eq!(me.post(LIST, &[("adresse", "tri=titre&zut=1")]).await.status, 400);
    for number in 1..20 {
        assert_eq!(me.post(LIST, &[("adresse", &format!("q=sujet{number}&page=3&zut=<b>"))]).await.path(), LIST);
    }
    let page = me.get(&format!("{LIST}?q=encore")).await;
    let refused = me.press(&page, "M’alerter").await;
    assert_eq!(refused.status, 422, "{}", refused.said());
    assert!(refused.body.contains("20 recherches suivies"), "{}", refused.said());
    assert_eq!(lines(&me).await.len(), 20);

    // Somebody else sees and changes none of it.
    let page = me.get(LIST).await;
    let html = page.html();
    let action = html.all("form").find_map(|form| form.attribute("action").filter(|to| to.starts_with(LIST)));
    let action = action.expect("its buttons").to_owned();
    let other = crate::cvtheque::emails(&desk).await.into_iter().find(|email| email != logins::INTERVENANT);
    let other = server.login(&other.expect("somebody else")).await;
    assert_eq!(lines(&other).await, Vec::<String>::new());
    for word in ["suspendre", "reprendre", "supprimer"] {
        assert_eq!(other.post(&action, &[("action", word)]).await.status, 404);
    }
    assert_eq!(me.post(&action, &[("action", "voler")]).await.status, 400);
    assert_eq!(lines(&me).await.len(), 20);

    // A stranger logs in first, and finds the search again.
    let stranger = server.visitor();
    let results = stranger.get("/annonces?q=budget").await;
    let html = results.html();
    let link = html.all("a").find(|link| link.text == ASK).expect("a way to follow it").expect("href").to_owned();
    let page = stranger.get(&link).await;
    assert_eq!(page.path(), "/authentification/", "{}", page.said());
    let form = Form::to(&page, "/authentification/").set("email", logins::INTERVENANT);
    let page = stranger.submit(&form.set("mot_de_passe", logins::PASSWORD)).await;
    assert_eq!(page.path(), LIST, "{}", page.said());
    assert!(page.body.replace('\u{a0}', " ").contains("« budget »"), "{}", page.said());
}

async fn l2_a_followed_search_alerts_once_and_only_to_what_answers_it(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    untick(&me).await;
    let words = encode("enluminure médiévale");
    follow(&me, &format!("/annonces?q={words}&region=53")).await;
    follow(&me, &format!("/annonces?q={words}&specialite=finances")).await;
    let tab = me.tab().await;
    let about = |titre, texte, specialite, regions| Wording { titre, texte, specialite, regions, ..Wording::default() };
    let visitor = server.visitor();
    let mails_of = async |titre: &str| {
        let sent = mails::about(&visitor, titre).await;
        sent.iter().filter(|mail| mail.to == logins::INTERVENANT).count()
    };
    let texte = "Animer un atelier d’enluminures médiévales.";

    // One word of two, then another région, then what answers both searches: one alert of the last alone.
    publish(&desk, &about("Premier atelier", "Animer un atelier d’enluminure.", "finances", &["53"])).await;
    publish(&desk, &about("Atelier ailleurs", texte, "juridique", &["84"])).await;
    let numero = publish(&desk, &about("Atelier des deux", texte, "finances", &["53"])).await;
    tab.until("the notification", |told| !told.notifications.is_empty()).await;
    let notice = tab.told().notifications[0].to_string();
    assert!(notice.contains("Atelier des deux") && notice.contains(&format!("/annonces/{numero}")), "{notice}");
    eventually("the mail", async || (mails_of("Atelier des deux").await == 1).then_some(())).await;

    // A box that it fits as well: still once. A national annonce is in every région.
    let page = me.get("/mon-compte/alertes").await;
    me.submit(&Form::pressing(&page, "Enregistrer mes alertes").set("regions", "1")).await;
    publish(&desk, &about("Atelier partout", texte, "juridique", &[])).await;
    eventually("the mail", async || (mails_of("Atelier partout").await == 1).then_some(())).await;
    untick(&me).await;

    // Put aside, it alerts no more; taken up again, it does, but tells nothing of what came meanwhile.
    assert!(act(&me, "Bretagne", "Suspendre").await.body.contains("ne vous alerte plus"));
    assert!(lines(&me).await.iter().any(|line| line.contains("suspendue")), "{:?}", lines(&me).await);
    publish(&desk, &about("Atelier suspendu", texte, "juridique", &["53"])).await;
    publish(&desk, &about("Atelier de finances", texte, "finances", &["84"])).await;
    eventually("the other's mail", async || (mails_of("Atelier de finances").await == 1).then_some(())).await;
    act(&me, "Bretagne", "Reprendre").await;
    let removed = act(&me, "Finances", "Supprimer").await;
    assert!(removed.body.contains("plus suivie"), "{}", removed.said());
    publish(&desk, &about("Atelier supprimé", texte, "finances", &["84"])).await;
    publish(&desk, &about("Atelier repris", texte, "juridique", &["53"])).await;
    eventually("the mail", async || (mails_of("Atelier repris").await == 1).then_some(())).await;
    let told = ["Premier atelier", "Atelier ailleurs", "Atelier suspendu", "Atelier supprimé"];
    for titre in told {
        assert_eq!(mails_of(titre).await, 0, "{titre}");
        assert!(!me.get("/notifications").await.body.contains(titre), "{titre}");
    }
    for titre in ["Atelier des deux", "Atelier partout", "Atelier de finances", "Atelier repris"] {
        assert_eq!(mails_of(titre).await, 1, "{titre}");
    }
}
