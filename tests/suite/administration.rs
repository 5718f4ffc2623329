//! What an administrateur sets, and who sees it: structures, accounts and rights, referentials, immatriculations and
//! interventions (SPEC G7, C3).

use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins, mails};

both_engines! {
    g7_a_structure_that_changes_is_shown_to_everybody_at_once,
    g7_an_account_opens_by_the_link_that_its_owner_receives,
    g7_rights_taken_away_are_refused_at_once,
    g7_an_archived_account_is_out_at_once_and_comes_back,
    q1_g7_a_button_beside_an_account_keeps_what_is_typed_in_it,
    g7_the_last_administrateur_is_never_archived,
    g7_a_specialite_that_is_retired_stays_where_it_was_chosen,
    g7_languages_are_added_renamed_and_retired,
    g7_sigles_are_added_changed_and_removed,
    g7_reasons_are_added_ordered_and_retired,
    c3_an_immatriculation_is_recorded_by_an_administrateur,
    g7_interventions_are_recorded_changed_and_removed,
}

/// Every field has a label, every description exists, ids stand once, one heading leads: on each page, with and without
/// errors.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q1_every_field_of_the_administration_is_named_and_described() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let person = person(&admin, logins::INTERVENANT).await.pop().expect("the person");
    let (article, agent) = (article(&admin).await, agent(&admin, logins::GESTIONNAIRE).await);
    let forms = [
        "/administration/structures/1".to_owned(),
        "/administration/agents/nouveau".to_owned(),
        agent,
        format!("{person}/interventions"),
        "/administration/specialites/nouvelle".to_owned(),
        "/administration/langues/nouvelle".to_owned(),
        "/administration/sigles/nouveau".to_owned(),
        "/administration/motifs/nouveau".to_owned(),
        "/administration/articles/nouveau".to_owned(),
        format!("/administration/articles/{article}"),
        "/administration/textes/aide".to_owned(),
    ];
    let mut pages = Vec::new();
    for path in forms {
        let page = admin.get(&path).await;
        let mut form = Form::to(&page, &path);
        for (name, value) in &mut form.fields {
            if name != "_csrf" && name != "vue" {
                value.clear();
            }
        }
        let wrong = admin.submit(&form).await;
        assert_eq!(wrong.status, 422, "{path}: {}", wrong.said());
        pages.extend([page, wrong]);
    }
    let lists = [
        "",
        "/structures",
        "/agents",
        "/intervenants",
        "/specialites",
        "/langues",
        "/sigles",
        "/motifs",
        "/articles",
        "/textes",
    ];
    for list in lists {
        pages.push(admin.get(&format!("/administration{list}")).await);
    }
    pages.push(admin.get(&person).await);
    pages.iter().for_each(well_made);
}

fn well_made(page: &Page) {
    let (html, at) = (page.html(), &page.address);
    assert_eq!(html.all("h1").count(), 1, "{at}");
    let mut ids = std::collections::BTreeSet::new();
    for id in html.elements().filter_map(|element| element.attribute("id")) {
        assert!(ids.insert(id), "{at}: {id} stands twice");
    }
    for field in ["input", "select", "textarea"].iter().flat_map(|name| html.all(name)) {
        if field.attribute("type") == Some("hidden") {
            continue;
        }
        let labelled = html.around(field, "label").is_some()
            || html
                .all("label")
                .any(|label| label.attribute("for").is_some() && label.attribute("for") == field.attribute("id"));
        assert!(labelled, "{at}: {:?} has no label", field.attributes());
        for id in field.attribute("aria-describedby").unwrap_or_default().split_whitespace() {
            assert!(ids.contains(id), "{at}: {id} describes and is not there");
        }
    }
    for link in html.all("a").filter_map(|link| link.attribute("href")?.strip_prefix('#')) {
        assert!(ids.contains(link), "{at}: #{link} leads nowhere");
    }
}

const NEW_PASSWORD: &str = "Sentier-Côtier-29";

/// The addresses of a page that begin so, in order.
fn links(page: &Page, beginning: &str) -> Vec<String> {
    let html = page.html();
    let all = html.all("a").filter_map(|link| link.attribute("href")).filter(|href| href.starts_with(beginning));
    all.map(str::to_owned).collect()
}

/// The address of the link that says these words.
fn link(page: &Page, words: &str) -> String {
    let html = page.html();
    let found = html.all("a").find(|link| link.text.starts_with(words));
    found.unwrap_or_else(|| panic!("« {words} » on {}: {}", page.path(), page.said())).expect("href").to_owned()
}

/// The sentence at a field of that page.
fn why(page: &Page, field: &str) -> String {
    let html = page.html();
    let said = html.by_id(&format!("{field}-erreur")).map(|element| element.text.clone());
    said.unwrap_or_else(|| panic!("nothing is wrong with {field} on {}: {}", page.path(), page.said()))
}

/// Sends the form of a page's own address with these fields changed.
async fn save(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = client.get(path).await;
    let mut form = Form::to(&page, path.split('?').next().unwrap_or(path));
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit(&form).await
}

/// A new article of an administrateur: its id.
pub async fn article(admin: &Client) -> String {
    let path = "/administration/articles/nouveau";
    let page = save(admin, path, &[("titre", "À supprimer"), ("texte", "…"), ("etat", "brouillon")]).await;
    page.path().rsplit('/').next().expect("an id").to_owned()
}

/// A new intervention of somebody: its id.
pub async fn intervention(admin: &Client, person: &str) -> String {
    let path = format!("/administration/intervenants/{person}/interventions");
    let fields = [
        ("titre", "À supprimer"),
        ("structure", "1"),
        ("du", "2025-01-06"),
        ("au", "2025-01-07"),
        ("heures", "12"),
        ("etat", "realisee"),
    ];
    let page = save(admin, &path, &fields).await;
    let all = links(&page, "/administration/intervenants/interventions/");
    all.iter().filter_map(|href| href.rsplit('/').next()?.parse::<i64>().ok()).max().expect("an id").to_string()
}

async fn agent(admin: &Client, login: &str) -> String {
    let page = admin.get(&format!("/administration/agents?q={login}")).await;
    let all = links(&page, "/administration/agents/");
    all.into_iter().find(|href| !href.ends_with("/nouveau")).expect("the account in the list")
}

/// The pages of the intervenants that these words find.
pub async fn person(admin: &Client, words: &str) -> Vec<String> {
    let page = admin.get(&format!("/administration/intervenants?q={words}")).await;
    assert_eq!(page.status, 200, "{}", page.said());
    links(&page, "/administration/intervenants/")
}

async fn opens(server: &Server, login: &str, password: &str) -> bool {
    server.visitor().login(login, password).await.path() == "/tableau-de-bord"
}

async fn g7_a_structure_that_changes_is_shown_to_everybody_at_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let (visitor, person) = (server.visitor(), server.login(logins::INTERVENANT).await);
    let list = admin.get("/administration/structures").await;
    let path = link(&list, "Délégation Bretagne");

    let wrong = [("telephone", "02 61"), ("courriel", "bretagne"), ("code_postal", "5600"), ("nom", " ")];
    let refused = save(&admin, &path, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(why(&refused, "telephone").contains("10 chiffres"), "{}", why(&refused, "telephone"));
    assert!(why(&refused, "courriel").contains("nom@domaine.fr"));
    assert!(why(&refused, "code_postal").contains("5 chiffres"));
    assert!(why(&refused, "nom").contains("nom de la structure"));
    assert!(refused.body.contains("value=\"02 61\""), "what was typed is kept");
    // Nothing is cut: a postcode that is too long comes back whole, one with spaces is read.
    assert!(refused.html().by_id("code_postal").expect("the field").attribute("maxlength").is_none());
    let refused = save(&admin, &path, &[("code_postal", "35042 CEDEX")]).await;
    assert!(why(&refused, "code_postal").contains("après la commune"), "{}", why(&refused, "code_postal"));
    assert!(refused.body.contains("value=\"35042 CEDEX\""), "{}", refused.said());
    let spaced = save(&admin, &path, &[("code_postal", "35 042")]).await;
    assert_eq!(spaced.status, 200, "{}", spaced.said());
    assert_eq!(Form::to(&admin.get(&path).await, &path).value("code_postal"), Some("35042"));

    let page = admin.get(&path).await;
    let form = Form::to(&page, &path)
        .set("nom", "Délégation de Bretagne")
        .set("telephone", "+33 2 99 00 11 22")
        .set("courriel", "Accueil@Bretagne.example")
        .without("messagerie");
    let done = admin.submit(&form).await;
    assert_eq!((done.status, done.path()), (200, "/administration/structures"), "{}", done.said());
    assert!(done.body.contains("messagerie fermée"));
    for public in ["/informations", "/aide"] {
        let body = visitor.get(public).await.body;
        for words in ["Délégation de Bretagne", "02 99 00 11 22", "accueil@bretagne.example"] {
            assert!(body.contains(words), "{words} on {public}");
        }
    }
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    assert!(gestionnaire.get("/tableau-de-bord").await.body.contains("Délégation de Bretagne"));
    // What was indexed before bears the new name too.
    let page = gestionnaire.get("/cvtheque").await;
    let html = page.html();
    let criteria = |words: &str| html.all("label").any(|label| label.text.starts_with(words));
    assert!(criteria("Délégation de Bretagne") && !criteria("Délégation Bretagne"));
    assert!(person.get("/messagerie/ecrire").await.body.contains("n’est pas ouverte"), "its messaging is closed");
    save(&admin, &path, &[("messagerie", "1")]).await;
    assert_eq!(Form::found(&person.get("/messagerie/ecrire").await, "/messagerie/ecrire").map(|_| ()), Some(()));
}

/// The path of the newest link of that kind mailed to somebody, other than `old`.
async fn mailed(client: &Client, to: &str, old: &str) -> String {
    eventually(&format!("a link to {to}"), async || {
        for mail in mails::about(client, to).await {
            let text = mails::text(client, &mail).await;
            let (_, rest) = text.split_once("/bienvenue/")?;
            let token: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            let path = format!("/bienvenue/{token}");
            if path != old {
                return Some(path);
            }
        }
        None
    })
    .await
}

async fn choose_password(server: &Server, path: &str) -> Page {
    let visitor = server.visitor();
    let page = visitor.get(path).await;
    let form = Form::to(&page, path).set("mot_de_passe", NEW_PASSWORD).set("mot_de_passe_confirmation", NEW_PASSWORD);
    visitor.submit(&form).await
}

/// Makes an account; answers its page.
async fn create(admin: &Client, role: &str, email: &str, structure: &str) -> Page {
    let page = admin.get("/administration/agents/nouveau").await;
    let form = Form::to(&page, "/administration/agents/nouveau")
        .set("role", role)
        .set("civilite", "Mme")
        .set("nom", "Nouvelle")
        .set("prenom", "Agnès")
        .set("email", email)
        .set("structure", structure)
        .set("droits", "annonces");
    admin.submit(&form).await
}

async fn g7_an_account_opens_by_the_link_that_its_owner_receives(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let email = "agnes.nouvelle@structures.example";

    let refused = create(&admin, "gestionnaire", logins::GESTIONNAIRE, "3").await;
    assert_eq!(refused.status, 422);
    assert!(why(&refused, "email").contains("déjà cette adresse"));
    let refused = create(&admin, "gestionnaire", email, "").await;
    assert!(why(&refused, "structure").contains("Choisissez la structure"));
    let refused = create(&admin, "intervenant", email, "3").await;
    assert_eq!(refused.status, 422, "intervenants register by themselves");

    let made = create(&admin, "gestionnaire", email, "3").await;
    assert_eq!(made.status, 200, "{}", made.said());
    assert!(made.body.contains("mot de passe à choisir"));
    let path = made.path().to_owned();
    let first = mailed(&admin, email, "").await;
    let again = admin.press(&made, "Envoyer un nouveau lien").await;
    assert_eq!(again.status, 200, "{}", again.said());
    let second = mailed(&admin, email, &first).await;
    assert_eq!(server.visitor().get(&first).await.status, 404, "a new link ends the one before");
    assert!(!opens(&server, email, NEW_PASSWORD).await);
    let chosen = choose_password(&server, &second).await;
    assert_eq!(chosen.path(), "/authentification/", "{}", chosen.said());

    let visitor = server.visitor();
    let page = visitor.login(email, NEW_PASSWORD).await;
    assert_eq!(page.path(), "/tableau-de-bord", "{}", page.said());
    assert!(page.body.contains("Délégation"), "for the structure that was chosen");
    assert_eq!(visitor.get("/gestion/annonces/nouvelle").await.status, 200, "with the right that was granted");
    assert_eq!(visitor.get("/messagerie/ecrire").await.status, 403, "and no other");
    let now = admin.get(&path).await;
    assert!(!now.body.contains("Envoyer un nouveau lien"), "the password is chosen");
    let listed = admin.get("/administration/agents?etat=actif&structure=3").await;
    assert!(listed.body.contains(email));
    let elsewhere = admin.get("/administration/agents?structure=4").await;
    assert!(!elsewhere.body.contains(email));
    let nobody = admin.get("/administration/agents?q=zzzz").await;
    assert!(nobody.body.contains("Aucun compte ne correspond"), "{}", nobody.said());
}

async fn g7_rights_taken_away_are_refused_at_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let path = agent(&admin, logins::GESTIONNAIRE).await;
    let written = gestionnaire.get("/gestion/annonces/nouvelle").await;
    let form = Form::to(&written, "/gestion/annonces/nouvelle").set("titre", "Trop tard");

    let page = admin.get(&path).await;
    let kept = Form::to(&page, &path).without("droits").add("droits", "inscriptions");
    let saved = admin.submit(&kept).await;
    assert_eq!(saved.status, 200, "{}", saved.said());

    // The same session, the same open page: refused, and said why.
    let refused = gestionnaire.submit(&form).await;
    assert_eq!(refused.status, 403, "{}", refused.said());
    assert!(refused.body.contains("Préparer et publier des annonces"), "{}", refused.said());
    assert_eq!(gestionnaire.get("/gestion/annonces/nouvelle").await.status, 403);
    let list = gestionnaire.get("/gestion/annonces").await;
    assert_eq!(list.status, 200, "reading stays");
    assert!(!list.body.contains("Préparer une annonce"), "what is refused is not proposed");
    assert_eq!(gestionnaire.get("/messagerie/ecrire").await.status, 403);
    assert_eq!(gestionnaire.get("/messagerie/reception").await.status, 200, "the structure's messages stay readable");
    assert_eq!(gestionnaire.get("/cvtheque").await.status, 200);

    let page = admin.get(&path).await;
    admin.submit(&Form::to(&page, &path).add("droits", "annonces").add("droits", "messagerie")).await;
    assert_eq!(gestionnaire.submit(&form).await.status, 422, "the form is read again: it lacks a spécialité");
    assert_eq!(gestionnaire.get("/messagerie/ecrire").await.status, 200);
}

async fn g7_an_archived_account_is_out_at_once_and_comes_back(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let colleague = server.login(logins::COLLEAGUE).await;
    let path = agent(&admin, logins::COLLEAGUE).await;
    let page = admin.get(&path).await;
    let archived = admin.press(&page, "Archiver le compte").await;
    assert_eq!(archived.status, 200, "{}", archived.said());
    assert_eq!(colleague.get("/tableau-de-bord").await.path(), "/authentification/", "the session has ended");
    assert!(!opens(&server, logins::COLLEAGUE, logins::PASSWORD).await);
    let listed = admin.get("/administration/agents?etat=archive").await;
    assert!(listed.body.contains(logins::COLLEAGUE));

    let reopened = admin.press(&archived, "Rouvrir le compte").await;
    assert_eq!(reopened.status, 200, "{}", reopened.said());
    assert!(opens(&server, logins::COLLEAGUE, logins::PASSWORD).await);

    // Another structure: what is open on the screens is of the one before, so the session ends too.
    let colleague = server.login(logins::COLLEAGUE).await;
    save(&admin, &path, &[("structure", "1")]).await;
    assert_eq!(colleague.get("/tableau-de-bord").await.path(), "/authentification/");
}

async fn q1_g7_a_button_beside_an_account_keeps_what_is_typed_in_it(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let made = create(&admin, "gestionnaire", "agnes.nouvelle@structures.example", "3").await;
    let path = made.path().to_owned();
    let mut page = made;
    for (button, said) in
        [("Envoyer un nouveau lien", "lien"), ("Archiver le compte", "archivé"), ("Rouvrir le compte", "rouvert")]
    {
        let typed = Form::pressing(&page, button)
            .set("nom", "Nouvelle-Kermeur")
            .set("structure", "4")
            .without("droits")
            .add("droits", "messagerie");
        page = admin.submit(&typed).await;
        assert!(page.status == 200 && page.said().contains(said), "{button}: {}", page.said());
        let form = Form::to(&page, &path);
        assert_eq!(form.value("nom"), Some("Nouvelle-Kermeur"), "{button}: {}", page.said());
        assert_eq!((form.value("structure"), form.values("droits")), (Some("4"), vec!["messagerie"]), "{button}");
        let saved = Form::to(&admin.get(&path).await, &path);
        assert_eq!((saved.value("nom"), saved.value("structure")), (Some("Nouvelle"), Some("3")), "nothing is saved");
    }
    // So it is when the button is refused, and with a name that can't be.
    let own = agent(&admin, logins::ADMINISTRATEUR).await;
    let mut form = Form::to(&admin.get(&own).await, &own).set("nom", "").set("prenom", "Solène");
    form.action = format!("{own}/archiver");
    let refused = admin.submit(&form).await;
    assert_eq!(refused.status, 409, "{}", refused.said());
    let kept = Form::to(&refused, &own);
    assert_eq!((kept.value("nom"), kept.value("prenom")), (Some(""), Some("Solène")), "{}", refused.said());
    let saved = admin.submit(&Form::pressing(&page, "Enregistrer le compte")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    assert_eq!(Form::to(&admin.get(&path).await, &path).value("nom"), Some("Nouvelle-Kermeur"));
}

async fn g7_the_last_administrateur_is_never_archived(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let first = server.login(logins::ADMINISTRATEUR).await;
    let own = agent(&first, logins::ADMINISTRATEUR).await;
    assert!(!first.get(&own).await.body.contains("Archiver le compte"));
    let refused = first.post(&format!("{own}/archiver"), &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.said().contains("votre propre compte"), "{}", refused.said());

    // Two who archive each other at the same moment: one of them stays.
    let email = "seconde@structures.example";
    let made = create(&first, "administrateur", email, "").await;
    assert_eq!(made.status, 200, "{}", made.said());
    let other = made.path().to_owned();
    choose_password(&server, &mailed(&first, email, "").await).await;
    let second = server.visitor();
    assert_eq!(second.login(email, NEW_PASSWORD).await.path(), "/tableau-de-bord");
    let tokens = [first.token().await, second.token().await];
    let fields = |token: &str| vec![("_csrf".to_owned(), token.to_owned())];
    let (others, owns) = (format!("{other}/archiver"), format!("{own}/archiver"));
    let (fields_of_first, fields_of_second) = (fields(&tokens[0]), fields(&tokens[1]));
    let answers = tokio::join!(first.try_post(&others, &fields_of_first), second.try_post(&owns, &fields_of_second));
    assert!(answers.0.is_ok() && answers.1.is_ok());
    let open =
        [opens(&server, logins::ADMINISTRATEUR, logins::PASSWORD).await, opens(&server, email, NEW_PASSWORD).await];
    assert_eq!(open.iter().filter(|one| **one).count(), 1, "{open:?}");
}

async fn g7_a_specialite_that_is_retired_stays_where_it_was_chosen(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let proposed = async || {
        let page = gestionnaire.get("/gestion/annonces/nouvelle").await;
        let html = page.html();
        let options = html.all("option").map(|option| option.text.clone());
        options.collect::<Vec<_>>()
    };
    let new = "/administration/specialites/nouvelle?parent=management";
    let refused = save(&admin, new, &[("nom", "Management de projet"), ("description", "…")]).await;
    assert!(why(&refused, "nom").contains("porte déjà ce nom"));
    let refused = save(&admin, new, &[("nom", "Facilitation")]).await;
    assert!(why(&refused, "description").contains("une phrase"));
    let added =
        save(&admin, new, &[("nom", "Facilitation"), ("description", "Animer l’intelligence collective.")]).await;
    assert_eq!(added.status, 200, "{}", added.said());
    assert!(proposed().await.contains(&"Facilitation".to_owned()));

    let path = link(&added, "Facilitation");
    let renamed = save(&admin, &path, &[("nom", "Facilitation de groupes")]).await;
    assert!(renamed.body.contains("Facilitation de groupes"));
    assert!(proposed().await.contains(&"Facilitation de groupes".to_owned()));
    let page = gestionnaire.get("/gestion/annonces/nouvelle").await;
    let html = page.html();
    let option = html.all("option").find(|option| option.text == "Facilitation de groupes").expect("the option");
    let code = option.expect("value").to_owned();
    let form = Form::to(&page, "/gestion/annonces/nouvelle")
        .set("titre", "Animer un atelier")
        .set("specialite", "management")
        .set("sous_specialite", &code)
        .set("action", "enregistrer");
    let annonce = gestionnaire.submit(&form).await;
    assert_eq!(annonce.status, 200, "{}", annonce.said());

    let page = admin.get(&path).await;
    let retired = admin.submit(&Form::to(&page, &path).without("actif")).await;
    assert!(retired.body.contains("n’est plus proposé"), "{}", retired.said());
    assert!(!proposed().await.contains(&"Facilitation de groupes".to_owned()));
    let kept = Form::to(&gestionnaire.get(annonce.path()).await, annonce.path());
    assert_eq!(kept.value("sous_specialite"), Some(code.as_str()), "an annonce keeps what it had");
    let saved = gestionnaire.submit(&kept.set("action", "enregistrer")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());

    save(&admin, &path, &[("actif", "1")]).await;
    assert!(proposed().await.contains(&"Facilitation de groupes".to_owned()));
}

async fn g7_languages_are_added_renamed_and_retired(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let new = "/administration/langues/nouvelle";
    let refused = save(&admin, new, &[("nom", "BRETON")]).await;
    assert!(why(&refused, "nom").contains("déjà dans la liste"));
    let added = save(&admin, new, &[("nom", "poitevin"), ("categorie", "regionale")]).await;
    assert_eq!(added.path(), "/administration/langues", "{}", added.said());
    let path = link(&added, "poitevin");
    save(&admin, &path, &[("nom", "poitevin-saintongeais")]).await;
    let breton = link(&admin.get("/administration/langues").await, "breton");
    let page = admin.get(&breton).await;
    let retired = admin.submit(&Form::to(&page, &breton).set("nom", "breton (ancien)").without("actif")).await;
    assert!(retired.body.contains("n’est plus proposé"));

    // What the program carries does not undo it at the next start.
    assert!(server.stop().await.success());
    server.start_again().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let list = admin.get("/administration/langues").await;
    assert!(list.body.contains("breton (ancien)") && list.body.contains("poitevin-saintongeais"));
    assert!(list.body.contains("n’est plus proposé"));
}

async fn g7_sigles_are_added_changed_and_removed(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let (list, new) = ("/administration/sigles", "/administration/sigles/nouveau");
    let begun = admin.get(list).await;
    assert!(begun.body.contains("protection maternelle et infantile"), "{}", begun.said());
    for (abrege, sens, field, why_not) in [
        ("", "quelque chose", "abrege", "Indiquez le sigle"),
        ("ZZ", "", "sens", "Indiquez ce que le sigle veut dire"),
        ("pmi", "PROTECTION maternelle et infantile", "sens", "déjà dans la liste"),
        ("ABCDEFGHIJKLMNOPQRSTU", "trop long", "abrege", "21 ici"),
        ("ZZ", &"z".repeat(121), "sens", "121 ici"),
        ("ZZ", "a b c d e f g h i j k l m n o p q", "sens", "17 ici"),
    ] {
        let refused = save(&admin, new, &[("abrege", abrege), ("sens", sens)]).await;
        assert_eq!(refused.status, 422, "{abrege}, {sens}");
        assert!(why(&refused, field).contains(why_not), "{}", why(&refused, field));
    }
    let added = save(&admin, new, &[("abrege", "PMI"), ("sens", "petites et moyennes industries")]).await;
    assert_eq!(added.path(), list, "{}", added.said());
    let of = |page: &Page| {
        let all = links(page, "/administration/sigles/");
        all.into_iter().filter(|href| !href.ends_with("nouveau")).collect::<Vec<_>>()
    };
    let found = of(&admin.get("/administration/sigles?q=pmi").await);
    let [path, carried] = &found[..] else { panic!("a sigle may have several senses: {found:?}") };
    assert_eq!(of(&admin.get("/administration/sigles?q=maternelle+protection").await), std::slice::from_ref(carried));
    let refused = save(&admin, path, &[("sens", "protection maternelle et infantile")]).await;
    assert!(why(&refused, "sens").contains("déjà dans la liste"));
    save(&admin, path, &[("sens", "petites industries")]).await;
    // Those that the program brings are the administrateur's too.
    let page = admin.get(carried).await;
    let gone = admin.submit(&Form::to(&page, &format!("{carried}/supprimer"))).await;
    assert_eq!(gone.path(), list, "{}", gone.said());
    assert_eq!(admin.get_only(carried).await.status, 404);

    // What the program carries does not undo it at the next start.
    assert!(server.stop().await.success());
    server.start_again().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let left = admin.get("/administration/sigles?q=pmi").await;
    assert!(left.body.contains("petites industries") && !left.body.contains("maternelle"), "{}", left.said());
    assert_eq!(of(&left), std::slice::from_ref(path));
}

async fn g7_reasons_are_added_ordered_and_retired(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let refused = save(&admin, "/administration/motifs/nouveau?genre=rejet", &[("libelle", "Sans suite")]).await;
    assert!(why(&refused, "texte").contains("texte type"));
    let fields = [("libelle", "Sans suite"), ("texte", "Nous ne donnons pas suite.")];
    let list = save(&admin, "/administration/motifs/nouveau?genre=rejet", &fields).await;
    assert_eq!(list.path(), "/administration/motifs", "{}", list.said());
    let order = |page: &Page| links(page, "/administration/motifs/rejet-");
    let before = order(&list);
    let path = link(&list, "Sans suite");
    assert_eq!(before.last(), Some(&path), "a new one is the last");
    let moved = admin.press(&list, "Monter « Sans suite »").await;
    let after = order(&moved);
    assert_eq!(after[after.len() - 2], path);
    assert_eq!(after.len(), before.len());
    let page = admin.get(&path).await;
    let retired = admin.submit(&Form::to(&page, &path).without("actif")).await;
    assert!(retired.body.contains("n’est plus proposé"), "{}", retired.said());
    assert_eq!(order(&retired), after, "it keeps its place");
}

async fn c3_an_immatriculation_is_recorded_by_an_administrateur(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let name = server.login(logins::INTERVENANT).await.name().await;
    let surname = name.split(' ').next_back().expect("a surname").to_lowercase();
    let found = person(&admin, &surname).await;
    let path = person(&admin, logins::INTERVENANT).await.pop().expect("found by login");
    assert!(found.contains(&path), "found by name: {found:?}");
    assert!(person(&admin, "zzzz").await.is_empty());
    assert!(person(&admin, "---").await.is_empty(), "signs alone begin nobody's name");
    let all = admin.get("/administration/intervenants?page=2").await;
    assert!(all.body.contains("Page 2 sur"), "{}", all.said());
    assert!(!links(&all, "/administration/intervenants/").is_empty());

    let record = format!("{path}/immatriculation");
    let set = async |path: &str, typed: &str| {
        let page = admin.get(path).await;
        let form = Form::to(&page, &format!("{path}/immatriculation"));
        admin.submit(&form.set("immatriculation", typed).set("action", "enregistrer")).await
    };
    assert!(why(&set(&path, "sans chiffre").await, "immatriculation").contains("au moins un chiffre"));
    assert!(why(&set(&path, " ").await, "immatriculation").contains("Indiquez"));
    let done = set(&path, " f 0012-34 ").await;
    assert_eq!((done.status, done.path()), (200, path.as_str()), "{}", done.said());
    assert!(done.body.contains("F0012-34"));
    assert_eq!(person(&admin, "F0012").await, std::slice::from_ref(&path), "found by its beginning");

    let everybody = person(&admin, "").await;
    let other = everybody.iter().find(|one| **one != path).expect("somebody else");
    let refused = set(other, "F0012-34").await;
    assert_eq!(refused.status, 422);
    assert!(why(&refused, "immatriculation").contains(&name), "whose it is: {}", why(&refused, "immatriculation"));

    let page = admin.get(&path).await;
    let removed = admin.submit(&Form::to(&page, &record).set("action", "retirer")).await;
    assert!(removed.body.contains("n’est pas immatriculée"), "{}", removed.said());
    assert_eq!(set(other, "F0012-34").await.status, 200, "the number is free again");
}

async fn g7_interventions_are_recorded_changed_and_removed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let path = person(&admin, logins::INTERVENANT).await.pop().expect("the person");
    let new = format!("{path}/interventions");
    let empty = save(&admin, &new, &[]).await;
    for field in ["titre", "structure", "du", "au", "heures"] {
        assert!(!why(&empty, field).is_empty());
    }
    let fields = [
        ("titre", "Rédiger une délibération"),
        ("structure", "3"),
        ("du", "2025-03-10"),
        ("au", "2025-03-11"),
        ("heures", "12"),
        ("etat", "realisee"),
    ];
    let backwards = [&fields[..3], &[("au", "2025-03-09"), ("heures", "0"), ("etat", "annulee")]].concat();
    let turned = save(&admin, &new, &backwards).await;
    assert!(why(&turned, "au").contains("avant le premier"));
    assert!(why(&turned, "heures").contains("de 1 à"));
    let past = save(&admin, &new, &[&fields[..5], &[("etat", "prevue")]].concat()).await;
    assert_eq!(past.status, 422, "what is over is not to come");
    assert!(past.body.contains("sa fin est déjà passée"));

    let added = save(&admin, &new, &fields).await;
    assert_eq!((added.status, added.path()), (200, path.as_str()), "{}", added.said());
    assert!(added.body.contains("du 10 au 11 mars 2025") && added.body.contains("Délégation Bretagne"));
    let one = link(&added, "Rédiger une délibération");
    let changed = save(&admin, &one, &[("titre", "Rédiger un arrêté"), ("etat", "annulee")]).await;
    assert!(changed.body.contains("Rédiger un arrêté") && changed.body.contains("Annulée"));
    let page = admin.get(&one).await;
    let removed = admin.press(&page, "Supprimer définitivement l’intervention").await;
    assert_eq!(removed.path(), path, "{}", removed.said());
    assert!(!removed.body.contains("Rédiger un arrêté"));
    assert_eq!(admin.get(&one).await.status, 404);
}
