//! The structure's side of registrations: the queue, the fiche beside its CV, decisions and those who come second.
//! SPEC G1, G2, G8.

use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins, mails};

both_engines! {
    g1_the_queue_of_inscriptions_is_the_structures_and_live,
    g2_the_fiche_and_the_text_of_the_cv_stand_side_by_side,
    g2_a_decision_is_mailed_and_shown,
    g2_a_reason_proposes_its_text_and_what_is_typed_is_kept,
    q1_g2_taking_a_registration_on_keeps_the_refusal_being_typed,
    g2_the_second_decision_is_refused_with_the_name_of_the_first,
    g2_who_looks_is_shown,
    g2_another_structure_takes_over,
    g2_a_validated_profile_is_found_in_the_cvtheque,
    g8_a_gestionnaire_without_the_right_decides_nothing,
}

const LIST: &str = "/gestion/inscriptions";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub href: String,
    pub nom: String,
    pub text: String,
}

/// The first page of one of the lists.
pub async fn queue(client: &Client, etat: &str) -> Vec<Line> {
    let page = client.get(&format!("{LIST}?etat={etat}")).await;
    assert_eq!(page.status, 200, "{}", page.said());
    let html = page.html();
    let rows = html.all("tr").filter_map(|row| {
        let link = html.inside(row, "a").next()?;
        let (href, nom) = (link.expect("href").to_owned(), link.text.clone());
        Some(Line { href, nom, text: row.text.clone() })
    });
    rows.collect()
}

/// The first registration that nobody has taken on.
pub async fn waiting(client: &Client) -> Line {
    let all = queue(client, "a_traiter").await;
    all.into_iter().find(|line| line.text.contains("à prendre en charge")).expect("somebody who waits")
}

/// The form of a decision that is explained, filled in.
pub fn explained(page: &Page, button: &str, texte: &str) -> Form {
    let form = Form::pressing(page, button);
    let genre = if button.starts_with("Rejeter") { "rejet" } else { "complement" };
    form.set(&format!("{genre}_motif"), &format!("{genre}-autre")).set(&format!("{genre}_texte"), texte)
}

/// The address of somebody, as their fiche says it.
fn address(page: &Page) -> String {
    let html = page.html();
    let labels = html.all("dt").zip(html.all("dd"));
    let mut found = labels.filter(|(label, _)| label.text == "Adresse électronique");
    found.next().expect("an address").1.text.clone()
}

/// The text of a mail to somebody that has these words in its subject.
async fn mail(client: &Client, to: &str, objet: &str) -> String {
    eventually(&format!("« {objet} » to {to}"), async || {
        let all = mails::about(client, to).await;
        let found = all.into_iter().find(|mail| mail.to == to && mail.objet.contains(objet))?;
        Some(mails::text(client, &found).await)
    })
    .await
}

async fn pair(server: &Server) -> (Client, Client) {
    (server.login(logins::GESTIONNAIRE).await, server.login(logins::COLLEAGUE).await)
}

async fn g1_the_queue_of_inscriptions_is_the_structures_and_live(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, colleague) = pair(&server).await;
    let all = queue(&me, "a_traiter").await;
    assert!(all.len() > 5, "{all:?}");
    assert_eq!(all, queue(&colleague, "a_traiter").await, "the queue is the structure's");
    // Twelve days and some hours: after midnight in Paris, the thirteenth civil day has begun.
    let since = |days: u32| all[0].text.replace('\u{a0}', " ").contains(&format!("depuis {days} jours"));
    assert!(since(12) || since(13), "{:?}", all[0]);
    let ids = |lines: &[Line]| lines.iter().map(|line| line.href.clone()).collect::<Vec<_>>();
    let elsewhere = ids(&queue(&server.login(logins::ELSEWHERE).await, "a_traiter").await);
    assert!(ids(&all).iter().all(|href| !elsewhere.contains(href)), "nobody else's queue has them");
    // The counts of the tabs and the menu are those of the lists.
    let page = me.get(LIST).await;
    assert_eq!(page.html().counter("inscriptions"), Some(all.len() as u64));
    assert!(page.body.contains("en cours de saisie"), "what is not sent is only counted");
    let complements = queue(&me, "complement").await;
    assert!(!complements.is_empty() && complements.iter().all(|line| line.text.contains("réponse attendue jusqu’au")));
    assert!(!queue(&me, "rejetee").await.is_empty());
    let task = me.get("/tableau-de-bord").await;
    assert!(task.body.contains("Traiter les inscriptions"), "{}", task.said());

    // A colleague's decision moves the counter of every open tab.
    let tab = me.tab().await;
    let before = tab.told().counter("inscriptions").expect("a counter");
    assert_eq!(before, i64::try_from(all.len()).expect("few"));
    let line = waiting(&colleague).await;
    let page = colleague.get(&line.href).await;
    assert_eq!(colleague.press(&page, "Valider l’inscription").await.path(), LIST);
    tab.until("one waits less", |told| told.counter("inscriptions") == Some(before - 1)).await;
    assert!(queue(&me, "a_traiter").await.iter().all(|other| other.href != line.href));
}

async fn g2_the_fiche_and_the_text_of_the_cv_stand_side_by_side(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, _) = pair(&server).await;
    let line = waiting(&me).await;
    let page = me.get(&line.href).await;
    let html = page.html();
    let panes: Vec<_> = html.elements().filter(|element| element.has_class("pane")).collect();
    let [fiche, cv] = panes[..] else { panic!("two panes on {}", page.said()) };
    for part in
        ["Identité", "Nationalité", "Statut et employeur", "Régions", "Spécialités", "Expériences professionnelles"]
    {
        assert!(fiche.text.contains(part), "{part} in {}", fiche.text);
    }
    assert!(fiche.text.contains(&line.nom) && cv.text.contains(&line.nom), "both are about {}", line.nom);
    assert!(cv.text.contains("EXPÉRIENCES PROFESSIONNELLES"), "the text read from the file: {}", cv.text);
    // Each scrolls on its own, from the keyboard too, and says what it is.
    for pane in [fiche, cv] {
        assert_eq!(pane.attribute("tabindex"), Some("0"));
        let title = html.by_id(pane.expect("aria-labelledby")).expect("its title");
        assert!(!title.text.is_empty());
    }
    // The file itself is for who reviews, and for nobody else while it is not in the CV-thèque.
    let file = html.inside(fiche, "a").find(|link| link.expect("href").starts_with("/fichiers/")).expect("the CV");
    let file = file.expect("href").to_owned();
    assert_eq!(me.get_only(&file).await.status, 200);
    for other in [logins::ELSEWHERE, logins::INTERVENANT, logins::ADMINISTRATEUR] {
        let other = server.login(other).await;
        assert_eq!(other.get_only(&file).await.status, 404);
        assert!(matches!(other.get_only(&line.href).await.status, 403 | 404));
    }
    assert_eq!(me.get_only(&format!("/cvtheque/{}", &line.href[LIST.len() + 1..])).await.status, 404);
}

async fn g2_a_decision_is_mailed_and_shown(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, _) = pair(&server).await;
    let line = waiting(&me).await;
    let page = me.get(&line.href).await;
    let taken = me.press(&page, "Prendre en charge").await;
    assert_eq!((taken.status, taken.path()), (200, line.href.as_str()), "{}", taken.said());
    assert!(taken.body.contains(&format!("Prise en charge par {}", me.name().await)), "{}", taken.said());
    let validated = me.press(&taken, "Valider l’inscription").await;
    assert_eq!(validated.path(), LIST);
    assert!(validated.said().contains("L’inscription est validée"), "{}", validated.said());
    let text = mail(&me, &address(&page), "Votre inscription est validée").await;
    assert!(text.contains("Délégation Bretagne"), "{text}");
    let after = me.get(&line.href).await;
    assert!(after.body.contains("il n’y a plus rien à décider"), "{}", after.said());
    assert!(!after.body.contains("value=\"valider\""), "nothing is left to decide");
    let history = after.html().by_class("timeline").is_some();
    assert!(history && after.body.contains("Validée") && after.body.contains(&me.name().await));

    let line = waiting(&me).await;
    let page = me.get(&line.href).await;
    let words = "Vos dates de 2012 ?\n\nMerci d’avance.";
    let asked = me.submit(&explained(&page, "Envoyer la demande de complément", words)).await;
    assert_eq!(asked.path(), LIST, "{}", asked.said());
    let text = mail(&me, &address(&page), "Un complément est demandé").await;
    assert!(text.contains("Vos dates de 2012 ?") && text.contains("Merci d’avance."), "{text}");
    assert!(queue(&me, "complement").await.iter().any(|other| other.href == line.href));
    let after = me.get(&line.href).await;
    assert!(after.body.contains("la personne peut répondre jusqu’au"), "{}", after.said());
    assert!(after.body.contains("Vos dates de 2012 ?"), "the history keeps what was written");

    let line = waiting(&me).await;
    let page = me.get(&line.href).await;
    let rejected = me.submit(&explained(&page, "Rejeter l’inscription", "Hors de notre champ.")).await;
    assert_eq!(rejected.path(), LIST, "{}", rejected.said());
    let text = mail(&me, &address(&page), "n’est pas retenue").await;
    assert!(text.contains("Hors de notre champ.") && text.contains("à partir du"), "{text}");
    assert!(queue(&me, "rejetee").await.iter().any(|other| other.href == line.href));
    // What is decided stays decided.
    let again = me.submit(&Form::pressing(&page, "Valider l’inscription")).await;
    assert_eq!(again.status, 409, "{}", again.said());
}

async fn g2_a_reason_proposes_its_text_and_what_is_typed_is_kept(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, _) = pair(&server).await;
    let line = waiting(&me).await;
    let page = me.get(&line.href).await;
    let empty = me.submit(&Form::pressing(&page, "Rejeter l’inscription")).await;
    assert_eq!(empty.status, 422);
    let html = empty.html();
    assert!(html.by_id("rejet_motif-erreur").is_some() && html.by_id("rejet_texte-erreur").is_some());
    assert!(html.by_id("complement_texte-erreur").is_none(), "the other form is not concerned");

    // Without JavaScript a button fills the text in.
    let html = page.html();
    let button = html.all("button").find(|button| button.attribute("value") == Some("modele_complement"));
    let form = Form::with_button(&page, &html, button.expect("a button"))
        .set("complement_motif", "complement-dates-a-completer");
    let filled = me.submit(&form).await;
    assert_eq!(filled.status, 200, "{}", filled.said());
    let form = Form::pressing(&filled, "Envoyer la demande de complément");
    assert!(form.value("complement_texte").expect("a text").starts_with("Il manque des dates"), "{form:?}");
    assert_eq!(form.value("complement_motif"), Some("complement-dates-a-completer"));

    // Too long, or nothing that one sees: said, and kept.
    for wrong in ["é".repeat(6_001), "\u{0}\u{200B}".to_owned()] {
        let refused = me.submit(&form.clone().set("complement_texte", &wrong)).await;
        assert_eq!(refused.status, 422);
        let kept = Form::pressing(&refused, "Envoyer la demande de complément");
        assert_eq!(kept.value("complement_motif"), form.value("complement_motif"));
    }
    let kept = "Un texte <b>à moi</b> & « à garder »";
    let refused = me.submit(&form.clone().set("complement_motif", "rejet-doublon").set("complement_texte", kept)).await;
    assert_eq!(refused.status, 422, "a reason of the other list");
    assert_eq!(Form::pressing(&refused, "Envoyer la demande de complément").value("complement_texte"), Some(kept));
    assert_eq!(me.submit(&form.set("action", "autre")).await.status, 422);
    assert_eq!(waiting(&me).await, line, "nothing was decided");
}

async fn q1_g2_taking_a_registration_on_keeps_the_refusal_being_typed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, _) = pair(&server).await;
    let line = waiting(&me).await;
    let page = me.get(&line.href).await;
    let typed = [
        ("rejet_motif", "rejet-autre"),
        ("rejet_texte", "Hors de notre champ, à <b>préciser</b>."),
        ("complement_motif", "complement-autre"),
        ("complement_texte", "Vos dates de 2012 ?"),
    ];
    let typing = |form: Form| typed.iter().fold(form, |form, (name, value)| form.set(name, value));
    let kept = |page: &Page, what: &str| {
        let form = Form::pressing(page, "Rejeter l’inscription");
        for (name, value) in typed {
            assert_eq!(form.value(name), Some(value), "{what}, {name}: {}", page.said());
        }
    };
    let structure = crate::support::annonces::options(&page, "structure").pop().expect("another structure").0;
    let form = typing(Form::pressing(&page, "Prendre en charge")).set("structure", &structure);
    let taken = me.submit(&form).await;
    assert_eq!((taken.status, taken.path()), (200, line.href.as_str()), "{}", taken.said());
    assert!(taken.said().contains("Vous avez pris en charge"), "{}", taken.said());
    assert!(taken.body.contains(&format!("Prise en charge par {}", me.name().await)), "{}", taken.said());
    kept(&taken, "taken on");
    assert_eq!(Form::pressing(&taken, "Valider l’inscription").value("structure"), Some(structure.as_str()));
    // What is wrong in one part empties no other; nor does a reason whose text is put in.
    let refused =
        me.submit(&Form::pressing(&taken, "Confier l’inscription à cette structure").set("structure", "")).await;
    assert_eq!(refused.status, 422, "{}", refused.said());
    kept(&refused, "no structure");
    let html = refused.html();
    let fill = html.all("button").find(|button| button.attribute("value") == Some("modele_complement"));
    let form = Form::with_button(&refused, &html, fill.expect("a button"));
    let filled = me.submit(&form.set("complement_motif", "complement-dates-a-completer")).await;
    let form = Form::pressing(&filled, "Rejeter l’inscription");
    assert_eq!(form.value("rejet_texte"), Some(typed[1].1), "{}", filled.said());
    assert!(form.value("complement_texte").is_some_and(|text| text.starts_with("Il manque des dates")));
    // It is upon the registration as it stands now that it decides: the page knows that it was taken on.
    let rejected = me.submit(&form).await;
    assert_eq!(rejected.path(), LIST, "{}", rejected.said());
    let text = mail(&me, &address(&page), "n’est pas retenue").await;
    assert!(text.contains("Hors de notre champ") && !text.contains("Il manque des dates"), "{text}");
}

async fn g2_the_second_decision_is_refused_with_the_name_of_the_first(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, colleague) = pair(&server).await;
    let line = waiting(&me).await;
    let (mine, theirs) = (me.get(&line.href).await, colleague.get(&line.href).await);
    assert_eq!(colleague.press(&theirs, "Valider l’inscription").await.path(), LIST);
    let late = me.submit(&explained(&mine, "Rejeter l’inscription", "Un long texte que je garde.")).await;
    assert_eq!(late.status, 409);
    let first = format!("{} a déjà validé cette inscription à ", colleague.name().await);
    assert!(late.body.contains(&first), "{}", late.said());
    assert!(late.body.contains("Un long texte que je garde."), "what was typed is kept");
    let address = address(&mine);
    mail(&me, &address, "Votre inscription est validée").await;
    let all = mails::about(&me, &address).await;
    assert!(all.iter().all(|mail| !mail.objet.contains("pas retenue")), "{all:?}");

    // Taking it on is a step too: who had the page open is told, and may decide once they know.
    let line = waiting(&me).await;
    let (mine, theirs) = (me.get(&line.href).await, colleague.get(&line.href).await);
    colleague.press(&theirs, "Prendre en charge").await;
    let late = me.submit(&explained(&mine, "Envoyer la demande de complément", "Vos diplômes ?")).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains(&format!("{} a pris en charge", colleague.name().await)), "{}", late.said());
    let again = Form::pressing(&late, "Envoyer la demande de complément");
    assert_eq!(again.value("complement_texte"), Some("Vos diplômes ?"));
    assert_eq!(me.submit(&again).await.path(), LIST);

    // Of many at once, one decides.
    let line = waiting(&me).await;
    let (mine, theirs) = (me.get(&line.href).await, colleague.get(&line.href).await);
    let (validating, rejecting) =
        (Form::pressing(&mine, "Valider l’inscription"), explained(&theirs, "Rejeter l’inscription", "Non."));
    let (one, other) = tokio::join!(me.submit_only(&validating), colleague.submit_only(&rejecting));
    let mut answers = [one.status, other.status];
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
}

async fn g2_who_looks_is_shown(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, colleague) = pair(&server).await;
    let line = waiting(&me).await;
    let page = me.get(&line.href).await;
    let said = |page: &Page| {
        let html = page.html();
        let banner = html.elements().find(|element| element.attribute("data-presence").is_some());
        banner.filter(|banner| banner.attribute("hidden").is_none()).map(|banner| banner.text.clone())
    };
    assert_eq!(said(&page), None, "nobody else looks yet");
    // Without JavaScript, whoever opened it a moment ago is named.
    let theirs = colleague.get(&line.href).await;
    let expected = format!("{} regarde aussi cette inscription.", me.name().await);
    assert_eq!(said(&theirs).as_deref(), Some(expected.as_str()));
    // With it, both are told as long as both give a sign of life.
    let look = async |client: &Client| {
        let path = format!("{}/presence", line.href);
        let page = client.try_post(&path, &[("_csrf".to_owned(), client.token().await)]).await.expect("an answer");
        assert_eq!(page.status, 200, "{}", page.body);
        page.json()
    };
    let told = look(&me).await;
    assert_eq!(told["regardent"], format!("{} regarde aussi cette inscription.", colleague.name().await));
    let before = told["version"].clone();
    let other = waiting_other(&me, &line).await;
    assert_eq!(said(&me.get(&other.href).await), None, "another one is looked at by nobody");
    // A decision taken meanwhile shows in the version.
    colleague.press(&theirs, "Prendre en charge").await;
    assert_ne!(look(&me).await["version"], before);
    // Who gives no sign of life for a while looks no more.
    #[cfg(feature = "external")]
    {
        let mut server = server;
        server.stop().await;
        server.launch_mut().clock_ahead = 60;
        server.start_again().await;
        assert_eq!(look(&me).await["regardent"], "");
    }
}

async fn waiting_other(client: &Client, but: &Line) -> Line {
    let all = queue(client, "a_traiter").await;
    all.into_iter().find(|line| line.href != but.href).expect("another one")
}

async fn g2_another_structure_takes_over(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, colleague) = pair(&server).await;
    let elsewhere = server.login(logins::ELSEWHERE).await;
    let line = waiting(&me).await;
    assert_eq!(elsewhere.get_only(&line.href).await.status, 404);
    let (page, open) = (me.get(&line.href).await, colleague.get(&line.href).await);
    let form = Form::pressing(&page, "Confier l’inscription à cette structure");
    assert_eq!(me.submit(&form).await.status, 422, "a structure has to be chosen");
    for nowhere in ["0", "999999", "x"] {
        assert_eq!(me.submit(&form.clone().set("structure", nowhere)).await.status, 422);
    }
    let normandie = |page: &Page| {
        let html = page.html();
        let select = html.by_id("structure").expect("a list");
        let mut options = html.inside(select, "option").filter(|option| option.text.contains("Normandie"));
        options.next().expect("Normandie").expect("value").to_owned()
    };
    let tab = elsewhere.tab().await;
    let before = tab.told().counter("inscriptions").expect("a counter");
    let moved = me.submit(&form.set("structure", &normandie(&page))).await;
    assert_eq!((moved.status, moved.path()), (200, LIST), "{}", moved.said());
    tab.until("one more waits elsewhere", |told| told.counter("inscriptions") == Some(before + 1)).await;
    assert!(queue(&me, "a_traiter").await.iter().all(|other| other.href != line.href));
    assert_eq!(me.get_only(&line.href).await.status, 404, "it is theirs now");
    assert!(queue(&elsewhere, "a_traiter").await.iter().any(|other| other.href == line.href));
    // A colleague who had it open is told where it went.
    let late = colleague.submit(&Form::pressing(&open, "Valider l’inscription")).await;
    assert_eq!(late.status, 409);
    let sentence = format!("{} a confié cette inscription", me.name().await);
    assert!(late.body.contains(&sentence) && late.body.contains("Normandie"), "{}", late.said());
    // The other structure decides.
    let page = elsewhere.get(&line.href).await;
    assert!(page.body.contains("Confiée à la structure"), "the history says where it comes from");
    assert_eq!(elsewhere.press(&page, "Valider l’inscription").await.path(), LIST);
}

async fn g2_a_validated_profile_is_found_in_the_cvtheque(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, _) = pair(&server).await;
    let line = waiting(&me).await;
    let page = me.get(&line.href).await;
    let id: i64 = line.href[LIST.len() + 1..].parse().expect("an id");
    let email = address(&page);
    let search = format!("/cvtheque.json?q={}", crate::support::client::encode(&line.nom));
    let among = |found: &serde_json::Value| {
        found["profils"].as_array().expect("profiles").iter().any(|profil| profil["id"] == id)
    };
    assert!(!among(&me.json(&search).await), "not before");
    assert_eq!(server.visitor().login(&email, logins::PASSWORD).await.path(), "/tableau-de-bord");
    let person = server.login(&email).await;
    assert_eq!(person.get_only("/messagerie/reception").await.status, 403, "the rest opens with the validation");
    me.press(&page, "Valider l’inscription").await;
    let elsewhere = server.login(logins::ELSEWHERE).await;
    eventually("every structure finds them", async || among(&elsewhere.json(&search).await).then_some(())).await;
    let fiche = elsewhere.get(&format!("/cvtheque/{id}")).await;
    assert_eq!(fiche.status, 200);
    assert_eq!(person.get_only("/messagerie/reception").await.status, 200, "without logging in again");
    let seen = me.get(&line.href).await;
    assert!(seen.body.contains(&format!("href=\"/cvtheque/{id}\"")), "{}", seen.said());
}

async fn g8_a_gestionnaire_without_the_right_decides_nothing(engine: Engine) {
    use domain::compte::Droit;
    let site = Site::demo(engine).await;
    {
        let store = crate::base::open(&site).await;
        let login = domain::email::Email::parse(logins::COLLEAGUE).expect("an address");
        let mut connection = store.read().await.expect("a connection");
        let account = store::comptes::by_login(&mut connection, &login).await.expect("an answer").expect("her account");
        drop(connection);
        store
            .write::<_, store::Error, _>(None, move |transaction| {
                Box::pin(async move { store::droits::set(transaction, account.id, &[Droit::Annonces]).await })
            })
            .await
            .expect("her rights change");
    }
    let server = site.serve().await;
    let (me, colleague) = pair(&server).await;
    let line = waiting(&me).await;
    for path in [LIST, &line.href, "/gestion/acces", "/gestion/comptes/nouveau"] {
        let refused = colleague.get_only(path).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.body.contains("n’a pas le droit"), "{}", refused.said());
    }
    let page = me.get(&line.href).await;
    let forged = Form::pressing(&page, "Valider l’inscription").set("_csrf", &colleague.token().await);
    assert_eq!(colleague.submit_only(&forged).await.status, 403);
    assert_eq!(waiting(&me).await, line);
    let file = page.body.split("\"/fichiers/").nth(1).and_then(|rest| rest.split('"').next()).expect("a file");
    assert_eq!(colleague.get_only(&format!("/fichiers/{file}")).await.status, 404);
    // And no page leads there.
    let home = colleague.get("/tableau-de-bord").await;
    for link in home.html().all("a") {
        let href = link.attribute("href").unwrap_or_default();
        assert!(!href.starts_with(LIST) && !href.starts_with("/gestion/acces"), "{href}");
    }
}

#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g1_in_a_browser_the_queue_follows_what_colleagues_do() {
    use crate::support::browser::with_browser;
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let colleague = server.login(logins::COLLEAGUE).await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::GESTIONNAIRE).await;
        browser.click("nav.menu a[href='/gestion/inscriptions']").await;
        browser.at(LIST).await;
        let before = browser.counter("inscriptions").await;
        let line = waiting(&colleague).await;
        browser.shown(&format!("a[href='{}']", line.href)).await;
        let stays = waiting_other(&colleague, &line).await;
        browser.run(&format!("document.querySelector(\"a[href='{}']\").focus()", stays.href)).await;
        let page = colleague.get(&line.href).await;
        colleague.press(&page, "Valider l’inscription").await;
        browser.gone(&format!("a[href='{}']", line.href)).await;
        assert_eq!(browser.counter("inscriptions").await, before - 1);
        let focused = browser.run("return document.activeElement.getAttribute('href')").await;
        assert_eq!(focused.as_str(), Some(stays.href.as_str()), "the focus stays on its line");
        assert_eq!(browser.complaints().await, Vec::<String>::new());
    })
    .await;
}

#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g2_in_a_browser_who_looks_is_shown_and_a_reason_fills_its_text_in() {
    use crate::support::browser::with_browser;
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let (me, colleague) = pair(&server).await;
    let line = waiting(&me).await;
    let name = colleague.name().await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::GESTIONNAIRE).await;
        browser.goto(&format!("{}{}", server.url(), line.href)).await;
        browser.shown("h1").await;
        assert!(browser.if_shown("[data-presence]").await.is_none(), "nobody else looks");
        let theirs = colleague.get(&line.href).await;
        browser.says("[data-presence]", |said| said == format!("{name} regarde aussi cette inscription.")).await;

        browser.click_on("summary", "Rejeter l’inscription").await;
        browser.run("const choice = document.getElementById('rejet_motif'); choice.value = 'rejet-doublon'; choice.dispatchEvent(new Event('change'))").await;
        let text = async || browser.run("return document.getElementById('rejet_texte').value").await;
        assert!(text().await.as_str().expect("a text").starts_with("Vous disposez déjà d’un compte"));
        // What was written by hand is not replaced without asking.
        browser.types("#rejet_texte", " Bien à vous.").await;
        browser.run("const choice = document.getElementById('rejet_motif'); choice.value = 'rejet-autre'; choice.dispatchEvent(new Event('change'))").await;
        assert!(text().await.as_str().expect("a text").ends_with("Bien à vous."));
        browser.click_on("button", "Utiliser ce modèle").await;
        assert!(text().await.as_str().expect("a text").starts_with("Après une étude attentive"));

        // A colleague's decision is told before one's own is refused.
        colleague.press(&theirs, "Valider l’inscription").await;
        browser.says("[data-presence-change]", |said| said.contains("a changé")).await;
        assert_eq!(browser.complaints().await, Vec::<String>::new());
    })
    .await;
}
