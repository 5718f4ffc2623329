//! What each state of a registration leaves to a person (SPEC I17), and the dates that move it (I15, I16).

use web::routes::{self, Access, Object, Route};

use crate::revue::{explained, queue};
use crate::support::inscription::{ANNE, Person, fill_in, register, send};
use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, logins};
#[cfg(feature = "external")]
use crate::support::{eventually, inscription, mails};

both_engines!(i17_what_each_state_leaves_of_each_route);
#[cfg(feature = "external")]
both_engines! {
    i15_who_was_refused_comes_back_a_year_after_the_first_decision_and_not_before,
    i16_a_complement_reopens_the_form_and_is_sent_again,
    i16_i2_who_does_not_answer_is_warned_twice_then_archived_and_sent_to_the_reactivation,
}

/// The states, in the order of the columns of [`TABLE`].
const STATES: [&str; 6] = ["brouillon", "transmise", "en analyse", "complément", "rejetée", "validée"];

/// Every route that an intervenant may call, and what it answers in each state: `o` open, `f` frozen (409, with why),
/// `p` « Cette page s’ouvrira quand votre inscription sera validée ». Whoever adds a route says here what it is.
/// In this order: the last ones end what the others need.
const TABLE: &[(&str, &str, &str)] = &[
    // Open to whoever has an account: the dashboard, the password, the sessions, what was told.
    ("GET", "/tableau-de-bord", "oooooo"),
    ("GET", "/notifications", "oooooo"),
    ("POST", "/notifications", "oooooo"),
    ("POST", "/notifications/{id}", "oooooo"),
    ("GET", "/mon-compte/sessions", "oooooo"),
    ("POST", "/mon-compte/sessions", "oooooo"),
    ("POST", "/mon-compte/sessions/{id}", "oooooo"),
    ("GET", "/mon-compte/mot-de-passe", "oooooo"),
    ("POST", "/mon-compte/mot-de-passe", "oooooo"),
    ("GET", "/mon-compte/adresse", "oooooo"),
    ("POST", "/mon-compte/adresse", "oooooo"),
    ("GET", "/mon-compte/second-facteur", "oooooo"),
    ("POST", "/mon-compte/second-facteur", "oooooo"),
    ("GET", "/fichiers/{id}", "oooooo"),
    // One's data, whatever became of the registration.
    ("GET", "/mon-compte/donnees", "oooooo"),
    ("POST", "/mon-compte/donnees", "oooooo"),
    // One's own form: always read, changed while it is the person's.
    ("GET", "/mon-compte/informations", "oooooo"),
    ("POST", "/mon-compte/informations", "offofo"),
    ("POST", "/mon-compte/informations/saisie", "offofo"),
    ("GET", "/mon-compte/employeurs.json", "oooooo"),
    ("GET", "/mon-compte/parcours", "oooooo"),
    ("POST", "/mon-compte/parcours", "offofo"),
    ("POST", "/mon-compte/parcours/saisie", "offofo"),
    ("GET", "/mon-compte/parcours/nouvelle/{rubrique}", "offofo"),
    ("POST", "/mon-compte/parcours/nouvelle/{rubrique}", "offofo"),
    ("GET", "/mon-compte/parcours/ligne/{id}", "offofo"),
    ("POST", "/mon-compte/parcours/ligne/{id}", "offofo"),
    ("POST", "/mon-compte/parcours/retablir", "offofo"),
    ("GET", "/mon-compte/cv", "oooooo"),
    ("POST", "/mon-compte/fichiers/{id}/retirer", "offofo"),
    ("POST", "/mon-compte/cv", "offofo"),
    ("GET", "/mon-compte/verification", "oooooo"),
    // Alerts are chosen in the form (I13) and changed at any time (L1); they begin with the validation.
    ("GET", "/mon-compte/alertes", "oooooo"),
    ("POST", "/mon-compte/alertes", "oooooo"),
    ("GET", "/mon-compte/notifications", "oooooo"),
    ("POST", "/mon-compte/notifications", "oooooo"),
    ("GET", "/mon-compte/demandes", "oooooo"),
    ("GET", "/mon-compte/alertes/recherches", "oooooo"),
    ("POST", "/mon-compte/alertes/recherches", "oooooo"),
    ("POST", "/mon-compte/alertes/recherches/{id}", "oooooo"),
    // What opens with the validation.
    ("GET", "/mon-compte/candidatures", "oooooo"),
    ("POST", "/mon-compte/candidatures/{id}", "oooooo"),
    ("GET", "/annonces/{numero}/repondre", "pppppo"),
    ("POST", "/annonces/{numero}/repondre", "pppppo"),
    ("GET", "/mon-compte/interventions", "pppppo"),
    ("GET", "/mon-compte/documents", "pppppo"),
    ("GET", "/mon-compte/documents/bloc/{cible}", "pppppo"),
    ("GET", "/mon-compte/documents/piece/{cible}", "pppppo"),
    ("GET", "/mon-compte/documents/verification", "pppppo"),
    ("GET", "/mon-compte/documents/suite/{cible}", "pppppo"),
    ("POST", "/mon-compte/documents/suite/{cible}", "pppppo"),
    ("POST", "/mon-compte/documents/saisie", "pppppo"),
    ("POST", "/mon-compte/documents/abandonner", "pppppo"),
    ("POST", "/mon-compte/documents/afficher", "pppppo"),
    ("POST", "/mon-compte/documents/bloc/{cible}", "pppppo"),
    ("POST", "/mon-compte/documents/piece/{cible}", "pppppo"),
    ("POST", "/mon-compte/documents/retirer", "pppppo"),
    ("POST", "/mon-compte/documents/transmettre", "pppppo"),
    ("GET", "/mon-compte/documents/fichiers/{id}", "pppppo"),
    ("GET", "/mon-compte/lettres", "pppppo"),
    ("GET", "/mon-compte/lettres/{id}", "pppppo"),
    ("POST", "/mon-compte/lettres/{id}", "pppppo"),
    ("GET", "/mon-compte/lettres/{id}/pdf", "pppppo"),
    ("GET", "/mon-compte/indisponibilites", "pppppo"),
    ("POST", "/mon-compte/indisponibilites", "pppppo"),
    ("GET", "/mon-compte/indisponibilites.ics", "pppppo"),
    ("GET", "/mon-compte/indisponibilites/{id}", "pppppo"),
    ("POST", "/mon-compte/indisponibilites/{id}", "pppppo"),
    ("GET", "/mon-compte/reseaux", "pppppo"),
    ("POST", "/mon-compte/reseaux", "pppppo"),
    ("GET", "/messagerie/ecrire", "pppppo"),
    ("POST", "/messagerie/ecrire", "pppppo"),
    ("GET", "/messagerie/destinataires", "pppppo"),
    ("POST", "/messagerie/brouillons/enregistrer", "pppppo"),
    ("GET", "/messagerie/brouillon/{id}", "pppppo"),
    ("GET", "/messagerie/message/{id}", "pppppo"),
    ("POST", "/messagerie/message/{id}", "pppppo"),
    ("GET", "/messagerie/message/{id}/repondre", "pppppo"),
    ("GET", "/messagerie/message/{id}/transferer", "pppppo"),
    ("GET", "/messagerie/{boite}", "pppppo"),
    ("POST", "/messagerie/{boite}/actions", "pppppo"),
    // The ends of a form.
    ("POST", "/mon-compte/representer", "ffffff"),
    ("POST", "/mon-compte/transmettre", "offoff"),
];

/// Why nothing changes, as it is said.
const FROZEN: [&str; 5] = [
    "en cours d’analyse",
    "n’a pas été retenue",
    "pourra être présentée à nouveau",
    "est déjà validée",
    "n’est pas transmise",
];

fn as_expected(answer: char, page: &Page, object: Object) -> bool {
    match answer {
        // Those that exist have tests of their own.
        'o' if page.status == 404 => {
            matches!(
                object,
                Object::Message
                    | Object::Brouillon
                    | Object::Notification
                    | Object::Absence
                    | Object::Candidature
                    | Object::RechercheSuivie
                    | Object::AnnonceNumero
                    | Object::Lettre
            )
        }
        // Nothing was removed, so there is nothing to bring back: the form is open all the same.
        'o' if page.path() == "/mon-compte/parcours/retablir" => !FROZEN.iter().any(|words| page.body.contains(words)),
        'o' => !matches!(page.status, 401 | 403 | 405 | 409) && page.status < 500,
        'f' => page.status == 409 && FROZEN.iter().any(|words| page.body.contains(words)),
        'p' => page.status == 403 && page.body.contains("quand votre inscription sera validée"),
        other => panic!("no answer is called {other}"),
    }
}

/// What a gestionnaire answers to the registration of somebody who is named so.
pub async fn decide(gestionnaire: &Client, nom: &str, button: &str) -> Page {
    let line = queue(gestionnaire, "a_traiter").await.into_iter().find(|line| line.nom.contains(nom));
    let page = gestionnaire.get(&line.unwrap_or_else(|| panic!("no {nom} in the queue")).href).await;
    let form = match button {
        "Valider l’inscription" | "Prendre en charge" => Form::pressing(&page, button),
        _ => explained(&page, button, "Vos dates, s’il vous plaît."),
    };
    let answered = gestionnaire.submit(&form).await;
    assert_eq!(answered.status, 200, "{}", answered.said());
    answered
}

/// Somebody with a row and a CV, whose calls are answered.
struct Somebody {
    client: Client,
    login: &'static str,
    row: String,
    cv: String,
}

/// Somebody whose registration is in that state.
async fn somebody(server: &Server, gestionnaire: &Client, etat: &str) -> Somebody {
    let (nom, email) = match etat {
        "brouillon" => ("Abgrall", "a@etats.example"),
        "transmise" => ("Bothorel", "b@etats.example"),
        "en analyse" => ("Cariou", "c@etats.example"),
        "complément" => ("Derrien", "d@etats.example"),
        "rejetée" => ("Floch", "f@etats.example"),
        _ => ("Guivarch", "g@etats.example"),
    };
    let client = register(server, &Person { nom, email, ..ANNE }).await;
    fill_in(&client).await;
    let row = client.post("/mon-compte/parcours/nouvelle/experience", &[("intitule", "Directrice")]).await;
    assert_eq!(row.path(), "/mon-compte/parcours", "{}", row.said());
    let row = number_after(&row, "\"modifier:");
    let page = client.get("/mon-compte/cv").await;
    let page = client.upload(&Form::to(&page, "/mon-compte/cv"), "cv", "cv.txt", b"Mon CV").await;
    let cv = number_after(&page, "\"/fichiers/");
    if etat != "brouillon" {
        assert_eq!(send(&client).await.path(), "/tableau-de-bord");
    }
    match etat {
        "en analyse" => decide(gestionnaire, nom, "Prendre en charge").await,
        "complément" => decide(gestionnaire, nom, "Envoyer la demande de complément").await,
        "rejetée" => decide(gestionnaire, nom, "Rejeter l’inscription").await,
        "validée" => decide(gestionnaire, nom, "Valider l’inscription").await,
        _ => page,
    };
    Somebody { client, login: email, row, cv }
}

/// The digits that follow this in a page.
fn number_after(page: &Page, beginning: &str) -> String {
    let rest = page.body.split(beginning).nth(1).unwrap_or_else(|| panic!("no {beginning}: {}", page.said()));
    rest.chars().take_while(char::is_ascii_digit).collect()
}

async fn call(server: &Server, who: &Somebody, route: &Route) -> Page {
    let client = &who.client;
    let object = match route.object {
        Object::Boite => "reception".to_owned(),
        Object::Rubrique => "experience".to_owned(),
        Object::Ligne => who.row.clone(),
        Object::Fichier => who.cv.clone(),
        Object::Bloc => "adresse".to_owned(),
        Object::TypePiece => "rib".to_owned(),
        Object::FichierDossier => crate::dossier::file(client).await,
        Object::Session => {
            server.visitor().login(who.login, logins::PASSWORD).await;
            let page = client.get("/mon-compte/sessions").await;
            let last = page.body.rfind("\"/mon-compte/sessions/").expect("a session to end");
            page.body[last..].split(['/', '"']).nth(4).expect("its id").to_owned()
        }
        _ => "999999999".to_owned(),
    };
    let path = match (route.path.find('{'), route.path.rfind('}')) {
        (Some(from), Some(to)) => format!("{}{object}{}", &route.path[..from], &route.path[to + 1..]),
        _ => route.path.to_owned(),
    };
    if route.method == "GET" {
        return client.get_only(&path).await;
    }
    let token = client.token().await;
    if path == "/mon-compte/cv" {
        let form = Form { action: path, posts: true, fields: vec![("_csrf".into(), token)] };
        return client.upload(&form, "cv", "autre.txt", b"Un autre").await;
    }
    let mut fields = vec![("_csrf".to_owned(), token)];
    if route.path.contains("/nouvelle/") || route.path.contains("/ligne/") {
        fields.push(("intitule".to_owned(), "Ajoutée".to_owned()));
    }
    client.try_post(&path, &fields).await.expect("an answer")
}

async fn i17_what_each_state_leaves_of_each_route(engine: Engine) {
    let routes = routes::all();
    let theirs = |route: &&Route| {
        matches!(route.access, Access::Connecte | Access::Titulaire | Access::Intervenant | Access::Valide)
    };
    let mut unsaid: Vec<_> = routes.iter().filter(theirs).map(|route| (route.method.as_str(), route.path)).collect();
    unsaid.retain(|route| !TABLE.iter().any(|(method, path, _)| (*method, *path) == *route));
    assert!(unsaid.is_empty(), "say in TABLE what each state leaves of {unsaid:?}");

    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let mut wrong = Vec::new();
    for (column, etat) in STATES.into_iter().enumerate() {
        let who = somebody(&server, &gestionnaire, etat).await;
        for (method, path, answers) in TABLE {
            let route = routes.iter().find(|route| (route.method.as_str(), route.path) == (*method, *path));
            let route = route.unwrap_or_else(|| panic!("{method} {path} is no route any more"));
            let page = call(&server, &who, route).await;
            let answer = answers.chars().nth(column).expect("an answer for each state");
            if !as_expected(answer, &page, route.object) {
                wrong.push(format!("{etat}: {method} {path} « {answer} »: {} {}", page.status, page.said()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same server so many days after the test began, and the person logged in again.
#[cfg(feature = "external")]
async fn later(server: &mut Server, days: u64) -> Client {
    server.days_later(days).await;
    server.login(ANNE.email).await
}

/// The text of the only mail to Anne with these words in its subject.
#[cfg(feature = "external")]
async fn told(server: &Server, objet: &str) -> String {
    let visitor = server.visitor();
    let sent = eventually(&format!("« {objet} »"), async || {
        let mut all = mails::about(&visitor, ANNE.email).await;
        all.retain(|mail| mail.to == ANNE.email && mail.objet.contains(objet));
        assert!(all.len() < 2, "{all:?}");
        all.pop()
    })
    .await;
    mails::text(&visitor, &sent).await
}

#[cfg(feature = "external")]
async fn i15_who_was_refused_comes_back_a_year_after_the_first_decision_and_not_before(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let client = inscription::transmitted(&server, &ANNE).await;
    // The first decision of any kind begins the year: a complement, forty days before the refusal.
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    decide(&gestionnaire, ANNE.nom, "Envoyer la demande de complément").await;
    let board = client.get("/tableau-de-bord").await.main_text();
    assert!(board.contains("Vos dates, s’il vous plaît."), "{board}");
    let client = later(&mut server, 40).await;
    assert_eq!(send(&client).await.path(), "/tableau-de-bord");
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    decide(&gestionnaire, ANNE.nom, "Rejeter l’inscription").await;

    let said = told(&server, "n’est pas retenue").await;
    let board = client.get("/tableau-de-bord").await;
    let text = board.main_text();
    let day = text.split("à nouveau à partir du ").nth(1).unwrap_or_else(|| panic!("no date in {text}"));
    let day = day.split('.').next().expect("a date");
    assert!(said.contains(day), "the mail and the page say the same day: « {day} » and {said}");
    assert!(Form::found(&board, "/mon-compte/representer").is_none());
    let refused = client.post("/mon-compte/representer", &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.said());
    assert!(refused.body.contains(day), "{}", refused.said());

    let client = later(&mut server, 363).await;
    assert!(Form::found(&client.get("/tableau-de-bord").await, "/mon-compte/representer").is_none());
    assert_eq!(client.post("/mon-compte/representer", &[]).await.status, 409);
    let client = later(&mut server, 367).await;
    let board = client.get("/tableau-de-bord").await;
    let open = client.press(&board, "Présenter à nouveau mon inscription").await;
    assert!(open.main_text().contains("n’est pas encore transmise"), "{}", open.said());
    // What was written the year before is still there, and can be changed and sent.
    let page = client.get("/mon-compte/informations").await;
    assert_eq!(Form::to(&page, "/mon-compte/informations").value("commune"), Some("Brest"));
    assert_eq!(send(&client).await.path(), "/tableau-de-bord");
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let lines = queue(&gestionnaire, "a_traiter").await;
    let line = lines.iter().find(|line| line.nom.contains(ANNE.nom)).expect("in the queue again");
    let history = gestionnaire.get(&line.href).await;
    assert!(history.body.contains("Vos dates, s’il vous plaît."), "the structure sees what was answered before");
}

#[cfg(feature = "external")]
async fn i16_a_complement_reopens_the_form_and_is_sent_again(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = inscription::transmitted(&server, &ANNE).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let waiting = queue(&gestionnaire, "a_traiter").await.len();
    decide(&gestionnaire, ANNE.nom, "Envoyer la demande de complément").await;
    let said = told(&server, "Un complément est demandé").await;
    assert!(said.contains("Vos dates, s’il vous plaît.") && said.contains("Délégation Bretagne"), "{said}");
    let board = client.get("/tableau-de-bord").await.main_text();
    let day = board.split("au plus tard le ").nth(1).expect("a date").split('.').next().expect("a date").to_owned();
    assert!(said.contains(&day) && board.contains("Ce que vous devez faire"), "{day}: {board}");
    assert_eq!(queue(&gestionnaire, "a_traiter").await.len(), waiting - 1);

    let page = client.get("/mon-compte/parcours").await;
    let changed = inscription::parcours(&page).set("titre", "Directrice de 2009 à 2021").set("action", "continuer");
    let check = client.submit(&changed).await;
    assert_eq!((check.status, check.path()), (200, "/mon-compte/verification"), "{}", check.said());
    let sent = client.press(&check, "Transmettre mon inscription à nouveau").await;
    assert_eq!((sent.status, sent.path()), (200, "/tableau-de-bord"), "{}", sent.said());
    let line = queue(&gestionnaire, "a_traiter").await.into_iter().find(|line| line.nom.contains(ANNE.nom));
    let fiche = gestionnaire.get(&line.expect("in the queue again").href).await;
    assert!(fiche.body.contains("Directrice de 2009 à 2021"), "{}", fiche.said());
    let late = client.submit(&changed).await;
    assert_eq!(late.status, 409, "and it is locked again");
}

#[cfg(feature = "external")]
async fn i16_i2_who_does_not_answer_is_warned_twice_then_archived_and_sent_to_the_reactivation(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    inscription::transmitted(&server, &ANNE).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    decide(&gestionnaire, ANNE.nom, "Envoyer la demande de complément").await;
    let reminders = async |server: &Server| {
        let mut all = mails::about(&server.visitor(), ANNE.email).await;
        all.retain(|mail| mail.to == ANNE.email && mail.objet.contains("Rappel : un complément"));
        all.len()
    };
    later(&mut server, 40).await;
    assert_eq!(reminders(&server).await, 0);
    for (days, expected) in [(50, 1), (60, 2)] {
        later(&mut server, days).await;
        eventually("a reminder", async || (reminders(&server).await == expected).then_some(())).await;
    }
    server.days_later(70).await;
    let said = told(&server, "Votre inscription est archivée").await;
    assert!(said.contains("Délégation Bretagne"), "{said}");
    assert_eq!(reminders(&server).await, 2);
    let closed = server.visitor();
    assert_eq!(
        closed.login(ANNE.email, logins::PASSWORD).await.path(),
        "/authentification/",
        "the account went with it"
    );

    // Who registers again, under the same identity or the same address, is told (SPEC I2).
    for person in [Person { email: "autre@candidats.example", ..ANNE }, Person { prenom: "Jeanne", ..ANNE }] {
        let visitor = server.visitor();
        let answered = inscription::ask(&visitor, &person).await;
        assert_eq!(answered.status, 409, "{}", answered.said());
        let text = answered.main_text();
        assert!(text.contains("Un compte archivé existe déjà") && text.contains("réactivation"), "{text}");
        let html = answered.html();
        let link = html.all("a").find(|link| link.text == "Demander la réactivation").expect("where to ask");
        assert_eq!(visitor.get(link.expect("href")).await.status, 200);
    }
    assert_eq!(mails::about(&server.visitor(), "autre@candidats.example").await, []);
}
