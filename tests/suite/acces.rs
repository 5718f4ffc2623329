//! Accounts made for people, and provisional credentials: SPEC K5, K6.

use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins, mails};

both_engines! {
    k5_an_account_made_by_a_gestionnaire_is_confirmed_by_its_owner,
    k5_an_identity_or_an_address_that_has_an_account_is_said,
    k6_provisional_credentials_are_mailed_and_replaced_at_the_first_login,
    k6_another_address_needs_a_check_of_identity_and_the_old_one_is_told,
    k6_credentials_in_force_are_shown_replaced_and_cancelled,
    q1_k6_a_button_beside_keeps_the_other_address_being_typed,
    k6_a_structure_helps_its_own_people_alone,
    k6_a_name_is_found_however_its_particle_is_written,
}

#[cfg(feature = "external")]
both_engines!(k6_the_password_is_unknown_to_the_gestionnaire_and_forgotten_once_sent);

const NEW: &str = "Sentier-Côtier-29";
const STEP: &str = "/authentification/personnalisation";

/// The page where somebody is helped, found by what is typed.
pub async fn find(client: &Client, words: &str) -> Option<String> {
    let page = client.get(&format!("/gestion/acces?q={}", crate::support::client::encode(words))).await;
    assert_eq!(page.status, 200, "{}", page.said());
    let html = page.html();
    let link =
        html.all("a").find(|link| link.attribute("href").is_some_and(|href| href.starts_with("/gestion/acces/")))?;
    Some(link.expect("href").to_owned())
}

/// Makes an account as that gestionnaire; answers the page that follows.
pub async fn make_account(client: &Client, nom: &str, email: &str) -> Page {
    let page = client.get("/gestion/comptes/nouveau").await;
    let form = Form::to(&page, "/gestion/comptes/nouveau")
        .set("civilite", "Mme")
        .set("nom", nom)
        .set("prenom", "Anne-Lise")
        .set("date_naissance", "02/05/1968")
        .set("email", email);
    client.submit(&form).await
}

/// The newest mail to somebody with these words in its subject.
async fn mail(client: &Client, to: &str, objet: &str) -> String {
    eventually(&format!("« {objet} » to {to}"), async || {
        let all = mails::about(client, to).await;
        let found = all.into_iter().find(|mail| mail.to == to && mail.objet.contains(objet))?;
        Some(mails::text(client, &found).await)
    })
    .await
}

/// What follows a label in the text of a mail.
fn after(text: &str, label: &str) -> String {
    let text = text.replace('\u{a0}', " ");
    let (_, rest) = text.split_once(label).unwrap_or_else(|| panic!("{label} in {text}"));
    rest.split_whitespace().next().expect("a value").to_owned()
}

/// The provisional login and password of the newest mail.
async fn credentials(client: &Client, to: &str) -> (String, String) {
    let text = mail(client, to, "Vos identifiants provisoires").await;
    (after(&text, "Identifiant provisoire :"), after(&text, "Mot de passe provisoire :"))
}

/// Opens somebody's page and gives them credentials, at the address of record.
async fn give(client: &Client, words: &str) -> Page {
    let path = find(client, words).await.expect("the person");
    let page = client.get(&path).await;
    let done = client.press(&page, "Envoyer des identifiants provisoires").await;
    assert_eq!((done.status, done.path()), (200, path.as_str()), "{}", done.said());
    done
}

async fn opens(server: &Server, login: &str, password: &str) -> bool {
    server.visitor().login(login, password).await.path() == "/tableau-de-bord"
}

async fn k5_an_account_made_by_a_gestionnaire_is_confirmed_by_its_owner(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let email = "anne-lise@nouvelle.example";
    let made = make_account(&me, "Kermeur", email).await;
    assert_eq!(made.status, 200, "{}", made.said());
    assert!(made.path().starts_with("/gestion/acces/") && made.body.contains("Kermeur"), "{}", made.address);
    assert!(made.said().contains("Le compte est créé"), "{}", made.said());

    let text = mail(&me, email, "Confirmez votre adresse").await;
    assert!(text.contains("Bretagne"), "{text}");
    let path = |text: &str| {
        let (_, rest) = text.split_once("/bienvenue/").expect("a link");
        format!("/bienvenue/{}", rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>())
    };
    let first = path(&text);
    let visitor = server.visitor();
    assert_eq!(visitor.get(&first).await.status, 200, "looking changes nothing");
    // Another one may be sent, as long as no password was chosen; it ends the first.
    let again = me.press(&made, "Envoyer un nouveau lien").await;
    assert_eq!(again.status, 200, "{}", again.said());
    eventually("the first link is dead", async || (visitor.get(&first).await.status == 404).then_some(())).await;
    let second = eventually("a second link", async || {
        let link = path(&mail(&me, email, "Confirmez votre adresse").await);
        (link != first).then_some(link)
    })
    .await;
    let page = visitor.get(&second).await;
    let form = Form::to(&page, &second).set("mot_de_passe", NEW).set("mot_de_passe_confirmation", NEW);
    let done = visitor.submit(&form).await;
    assert_eq!((done.status, done.path()), (200, "/authentification/"), "{}", done.said());
    assert!(opens(&server, email, NEW).await);
    // The registration is theirs to fill in; it is not in the structure's queue yet.
    let queue = me.get("/gestion/inscriptions").await;
    assert!(!queue.body.contains("Kermeur"));
    let page = me.get(made.path()).await;
    assert!(page.body.contains("Bretagne") && !page.body.contains("Envoyer un nouveau lien"), "{}", page.said());
}

async fn k5_an_identity_or_an_address_that_has_an_account_is_said(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let empty = make_account(&me, "", "").await;
    assert_eq!(empty.status, 422);
    for field in ["nom-erreur", "email-erreur"] {
        assert!(empty.html().by_id(field).is_some(), "{field}");
    }
    let taken = make_account(&me, "Kermeur", logins::INTERVENANT).await;
    assert_eq!(taken.status, 422);
    assert!(taken.body.contains("Un compte existe déjà avec cette adresse, au nom de Malo"), "{}", taken.said());
    assert!(Form::to(&taken, "/gestion/comptes/nouveau").value("nom") == Some("Kermeur"), "what was typed is kept");
    assert!(taken.body.contains("Ouvrir le compte qui existe déjà"));

    assert_eq!(make_account(&me, "Kermeur", "une@nouvelle.example").await.status, 200);
    // The same person, typed otherwise, at another address.
    let same = make_account(&me, "KERMEUR", "deux@nouvelle.example").await;
    assert_eq!(same.status, 422);
    assert!(same.body.contains("avec l’adresse une@nouvelle.example"), "{}", same.said());
    assert_eq!(mails::about(&me, "deux@nouvelle.example").await, [], "nobody was written to");
}

async fn k6_provisional_credentials_are_mailed_and_replaced_at_the_first_login(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let page = give(&me, "kerzrého 14/03/1979").await;
    let (login, password) = credentials(&me, logins::INTERVENANT).await;
    assert!(!login.contains('@'), "{login}");
    for secret in [&login, &password] {
        assert!(!page.body.contains(secret.as_str()), "no page shows them");
        assert!(!me.get(page.path()).await.body.contains(secret.as_str()));
    }

    let person = server.visitor();
    assert_ne!(person.login(&login, "Un-Autre-0").await.path(), STEP, "the password counts");
    let step = person.login(&login, &password).await;
    assert_eq!(step.path(), STEP, "{}", step.said());
    assert_eq!(person.get("/tableau-de-bord").await.path(), "/authentification/", "nothing opens before");
    let form = Form::to(&step, STEP)
        .set("email", logins::INTERVENANT)
        .set("email_confirmation", logins::INTERVENANT)
        .set("mot_de_passe", NEW)
        .set("mot_de_passe_confirmation", NEW);
    assert_eq!(person.submit(&form.clone().set("mot_de_passe", "court")).await.status, 422);
    let done = person.submit(&form).await;
    assert_eq!((done.status, done.path()), (200, "/authentification/"), "{}", done.said());
    assert!(opens(&server, logins::INTERVENANT, NEW).await);
    assert!(!opens(&server, logins::INTERVENANT, logins::PASSWORD).await, "the lost one is replaced");
    assert_ne!(server.visitor().login(&login, &password).await.path(), STEP, "they work once");
}

async fn k6_another_address_needs_a_check_of_identity_and_the_old_one_is_told(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let path = find(&me, logins::INTERVENANT).await.expect("the person");
    let page = me.get(&path).await;
    let other = "malo.autre@ailleurs.example";
    let form = Form::pressing(&page, "Envoyer des identifiants provisoires").set("destination", "autre");
    let refused = me.submit(&form.clone().set("adresse", other)).await;
    assert_eq!(refused.status, 422);
    let html = refused.html();
    assert!(html.by_id("verification-erreur").is_some() && html.by_id("verification_faite-erreur").is_some());
    assert_eq!(Form::pressing(&refused, "Envoyer des identifiants provisoires").value("adresse"), Some(other));
    let form = form.set("verification", "Carte d’identité vue en visioconférence.").add("verification_faite", "1");
    let stolen = me.submit(&form.clone().set("adresse", logins::COLLEAGUE)).await;
    assert_eq!(stolen.status, 422, "somebody else's address");
    let done = me.submit(&form.set("adresse", other)).await;
    assert_eq!((done.status, done.path()), (200, path.as_str()), "{}", done.said());
    assert!(done.body.contains(other), "where they went is shown");

    let told = mail(&me, logins::INTERVENANT, "envoyés à une autre adresse").await;
    assert!(told.contains("m…e@ailleurs.example") && !told.contains(other), "{told}");
    let (login, password) = credentials(&me, other).await;
    assert!(!told.contains(&login) && !told.contains(&password));

    // The address that they were sent to becomes the login: it is known to be read by the person.
    let person = server.visitor();
    let step = person.login(&login, &password).await;
    let form = Form::to(&step, STEP)
        .set("email", other)
        .set("email_confirmation", other)
        .set("mot_de_passe", NEW)
        .set("mot_de_passe_confirmation", NEW);
    assert_eq!(person.submit(&form).await.path(), "/authentification/");
    assert!(opens(&server, other, NEW).await);
    assert!(!opens(&server, logins::INTERVENANT, NEW).await);
}

async fn k6_credentials_in_force_are_shown_replaced_and_cancelled(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let path = find(&me, "kerzrého").await.expect("the person");
    assert!(!me.get(&path).await.body.contains("Identifiants provisoires en cours"));
    let given = give(&me, "kerzrého").await;
    assert!(given.body.contains("Identifiants provisoires en cours") && given.body.contains("inclus"));
    let first = credentials(&me, logins::INTERVENANT).await;
    give(&me, "kerzrého").await;
    let second = eventually("the second mail", async || {
        let found = credentials(&me, logins::INTERVENANT).await;
        (found != first).then_some(found)
    })
    .await;
    let works =
        async |(login, password): &(String, String)| server.visitor().login(login, password).await.path() == STEP;
    assert!(!works(&first).await, "replaced");
    assert!(works(&second).await);
    let page = me.get(&path).await;
    let cancelled = me.press(&page, "Annuler ces identifiants").await;
    assert!(cancelled.said().contains("ne fonctionnent plus"), "{}", cancelled.said());
    assert!(!works(&second).await, "cancelled");
    assert!(opens(&server, logins::INTERVENANT, logins::PASSWORD).await, "the account is as it was");
    // And after seven days they are over by themselves.
    #[cfg(feature = "external")]
    {
        give(&me, "kerzrého").await;
        let third = eventually("the third mail", async || {
            let found = credentials(&me, logins::INTERVENANT).await;
            (found != second).then_some(found)
        })
        .await;
        assert!(works(&third).await);
        let mut server = server;
        server.stop().await;
        server.launch_mut().clock_ahead = 9 * 24 * 3600;
        server.start_again().await;
        assert_ne!(server.visitor().login(&third.0, &third.1).await.path(), STEP);
    }
}

async fn q1_k6_a_button_beside_keeps_the_other_address_being_typed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let page = make_account(&me, "Kermeur", "anne-lise@nouvelle.example").await;
    let path = page.path().to_owned();
    let mut page = me.press(&page, "Envoyer des identifiants provisoires").await;
    let typed = [("destination", "autre"), ("adresse", "anne@ailleurs"), ("verification", "Carte vue le 25.")];
    for (button, said) in
        [("Envoyer un nouveau lien", "nouveau lien"), ("Annuler ces identifiants", "ne fonctionnent plus")]
    {
        let form = typed.iter().fold(Form::pressing(&page, button), |form, (name, value)| form.set(name, value));
        page = me.submit(&form).await;
        assert_eq!((page.status, page.path()), (200, path.as_str()), "{button}: {}", page.said());
        assert!(page.said().contains(said), "{button}: {}", page.said());
        let kept = Form::pressing(&page, "Envoyer des identifiants provisoires");
        for (name, value) in typed {
            assert_eq!(kept.value(name), Some(value), "{button}, {name}: {}", page.said());
        }
    }
    assert!(!page.body.contains("Identifiants provisoires en cours"), "{}", page.said());
    let html = page.html();
    let first = html.all("button").find(|button| button.attribute("form") == Some("acces")).expect("a button");
    assert_eq!(first.attribute("value"), Some("donner"), "what the Enter key does");
}

async fn k6_a_structure_helps_its_own_people_alone(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, elsewhere) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::ELSEWHERE).await);
    let path = find(&me, "kerzrého").await.expect("the person");
    assert_eq!(find(&elsewhere, "kerzrého").await, None);
    assert_eq!(elsewhere.get_only(&path).await.status, 404);
    let page = me.get(&path).await;
    let forged = Form::pressing(&page, "Envoyer des identifiants provisoires").set("_csrf", &elsewhere.token().await);
    assert_eq!(elsewhere.submit_only(&forged).await.status, 404);
    assert_eq!(mails::about(&me, "identifiants provisoires").await, []);
    // By name, address and birth, each begun or whole; nothing for a sign or a wildcard.
    for words in ["malo", "KERZREHO", "intervenant@demo", "1979-03-14", "malo kerz 14/03/1979"] {
        assert_eq!(find(&me, words).await.as_ref(), Some(&path), "{words}");
    }
    for words in ["", "m", "%", "_ntervenant@", "malo 15/03/1979", "gestionnaire@demo.example"] {
        assert_ne!(find(&me, words).await.as_ref(), Some(&path), "{words}");
    }
    assert_eq!(find(&me, logins::GESTIONNAIRE).await, None, "only intervenants are helped here");
}

#[cfg(feature = "external")]
async fn k6_the_password_is_unknown_to_the_gestionnaire_and_forgotten_once_sent(engine: Engine) {
    use crate::support::sink::Sink;
    let site = Site::demo(engine).await;
    let sink = Sink::start().await;
    let mut server = site.serve_with_mail(&sink.url()).await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let page = give(&me, "kerzrého").await;
    let sent = eventually("it is delivered", async || sink.to(logins::INTERVENANT, "identifiants provisoires").pop());
    let sent = sent.await;
    let (login, password) =
        (after(&sent.text, "Identifiant provisoire :"), after(&sent.text, "Mot de passe provisoire :"));
    assert!(!page.body.contains(&password) && !page.body.contains(&login));
    // What is kept of the mail says that there was a password, not which.
    let kept = eventually("it is forgotten", async || {
        let all = mails::about(&me, logins::INTERVENANT).await;
        let found = all.into_iter().find(|mail| mail.objet.contains("identifiants provisoires"))?;
        let text = mails::text(&me, &found).await;
        (found.etat == "envoyé").then_some(text)
    })
    .await;
    assert!(kept.contains("[effacé]") && !kept.contains(&password), "{kept}");
    assert_eq!(server.visitor().login(&login, &password).await.path(), STEP, "it works all the same");
    server.stop().await;
    let logs = server.logs();
    assert!(!logs.contains(&password) && !logs.contains(&login), "nor do the logs know it");
    let mut files: Vec<_> =
        std::fs::read_dir(site.data()).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.is_file());
    for path in files {
        let bytes = std::fs::read(&path).expect("a file");
        let there = bytes.windows(password.len()).any(|window| window == password.as_bytes());
        assert!(!there, "the password stands in {}", path.display());
    }
}

async fn k6_a_name_is_found_however_its_particle_is_written(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    for (rank, nom) in ["Le Guen", "LEGUEN", "d’Almeida", "DALMEIDA", "Guenlec"].into_iter().enumerate() {
        let made = make_account(&me, nom, &format!("particule{rank}@nouvelle.example")).await;
        assert!(made.path().starts_with("/gestion/acces/"), "{nom}: {}", made.said());
    }
    let found = async |typed: &str| {
        let page = me.get(&format!("/gestion/acces?q={}", crate::support::client::encode(typed))).await;
        let html = page.html();
        let people =
            html.all("a").filter(|link| link.attribute("href").is_some_and(|href| href.starts_with("/gestion/acces/")));
        let mut names: Vec<String> = people.map(|link| link.text.clone()).collect();
        names.sort_unstable();
        names
    };
    let of = |names: [&str; 2]| names.map(|nom| format!("Anne-Lise {nom}")).to_vec();
    for typed in [
        "Le Guen",
        "LEGUEN",
        "le-guen",
        "Leguen",
        "légu",
        "Anne-Lise Le Guen",
        "Le Guen Anne-Lise",
        "annelise leguen",
        "leguen 02/05/1968",
    ] {
        assert_eq!(found(typed).await, of(["LEGUEN", "Le Guen"]), "{typed}");
    }
    for typed in ["Guen", "Guen Anne-Lise", "anne lise guen"] {
        let both = found(typed).await;
        assert!(of(["LEGUEN", "Le Guen"]).iter().all(|name| both.contains(name)), "{typed}: {both:?}");
    }
    for typed in ["d’Almeida", "D'ALMEIDA", "dalmeida", "Almeida", "Anne-Lise d’Almeida", "dalmeida anne"] {
        assert_eq!(found(typed).await, of(["DALMEIDA", "d’Almeida"]), "{typed}");
    }
    assert_eq!(found("Leguen 03/05/1968").await, Vec::<String>::new(), "all of it has to fit");
    // Another structure helps none of them.
    let far = server.login(logins::ELSEWHERE).await;
    assert_eq!(find(&far, "Leguen").await, None);
}
