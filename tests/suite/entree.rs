//! The whole way in a browser, with and without JavaScript: a stranger finds the service, registers, fills the form in,
//! sends it, completes what is asked, and is found in the CV-thèque (SPEC I1 to I17, G1, G2).

use std::io::Write;

use crate::identifiants::answer_of;
use crate::support::browser::{Browser, with_browser};
use crate::support::inscription::ANNE;
use crate::support::{Engine, Server, Site, eventually, logins};

const CV: &str = "Formatrice en restauration d’orgues baroques, puis en finances locales.\n";

/// Registers from the home page, and opens the mail that came.
async fn register(browser: &Browser, url: &str, javascript: bool) {
    browser.goto(url).await;
    browser.click_on("a", "Remplir un CV en ligne").await;
    browser.at("/inscription").await;
    browser.click("input[name=civilite][value=Mme]").await;
    for (field, value) in [
        ("nom", ANNE.nom),
        ("prenom", ANNE.prenom),
        ("date_naissance", ANNE.naissance),
        ("email", ANNE.email),
        ("email_confirmation", ANNE.email),
        ("mot_de_passe", logins::PASSWORD),
    ] {
        browser.types(&format!("#{field}"), value).await;
    }
    // Each text opens in a tab of its own; what was typed stays.
    let form = browser.current_tab().await;
    for text in ["conditions", "donnees", "cookies"] {
        browser.click(&format!("[data-lu]:has(#{text}) a")).await;
        browser.switch_to(&form).await;
        if !javascript {
            browser.click(&format!("#{text}")).await;
        }
    }
    if javascript {
        // The browser proves by itself that it worked: nobody is asked to read an image (WCAG 2.2, 3.3.8).
        browser.says("[data-preuve=faite] [data-preuve-dit]", |text| text.contains("rien à recopier")).await;
        browser.gone("#captcha, img.captcha").await;
    } else {
        let asked = browser.says("#captcha-question", |text| text.contains(" : ")).await;
        browser.types("#captcha", &answer_of(&asked)).await;
    }
    browser.click_on("button", "Créer mon compte").await;
    browser.says("h1", |title| title == "Consultez votre messagerie").await;

    browser.goto(&format!("{url}/courriels?q={}", ANNE.email)).await;
    browser.click("td a").await;
    browser.click_containing("main li a", "/activation/").await;
    browser.click_on("button", "Activer mon compte").await;
    browser.at("/mon-compte/informations").await;
}

/// The first page, with an employer of the reference table.
async fn identify(browser: &Browser, javascript: bool) {
    for (field, value) in [
        ("ville_naissance", "Brest"),
        ("pays_naissance", "France"),
        ("nationalite", "française"),
        ("adresse", "3 rue des Ajoncs"),
        ("code_postal", "29200"),
        ("commune", "Brest"),
        ("pays", "France"),
        ("telephone", "0639980001"),
    ] {
        browser.types(&format!("#{field}"), value).await;
    }
    browser.click("input[name=statut][value=fonctionnaire]").await;
    browser.types("#employeur_nom", "faucigny gli").await;
    if javascript {
        browser.says("[role=option]", |text| text.contains("Faucigny - Glières")).await;
        browser.click("[role=option]").await;
    } else {
        browser.click_on("button", "Chercher").await;
        browser.click_containing("#employeur_choisi label", "Faucigny - Glières").await;
        browser.click_on("button", "Reprendre cet employeur").await;
    }
    browser.valued("#employeur_siret", |siret| siret.replace(' ', "") == "20000017200011").await;
    browser.valued("#employeur_commune", |commune| !commune.is_empty()).await;
    browser.types("#employeur_adresse", "6 place de l’Hôtel de Ville").await;
    browser.click("input[name=regions][value='53']").await;
    browser.click_containing("#structure option", "Délégation Bretagne").await;
    if javascript {
        browser.says("[data-autosave-status]", |text| text.starts_with("Enregistré à")).await;
    }
    browser.click_on("button", "Enregistrer et continuer").await;
    browser.at("/mon-compte/parcours").await;
}

/// The second page, with a row and a CV, each on a page of its own.
async fn tell(browser: &Browser, cv: &str) {
    browser.types("#titre", "Directrice des finances").await;
    browser.click_containing("#specialites summary", "Finances").await;
    browser.click("input[name=specialites][value=finances]").await;
    browser.click("input[name=experimente][value=oui]").await;
    browser.types("#experience", "Douze ans de stages sur la préparation budgétaire des lagunes littorales.").await;
    browser.click_on("button", "Ajouter une expérience professionnelle").await;
    browser.types("#intitule", "Directrice financière").await;
    browser.types("#debut", "09/2009").await;
    browser.click_on("button", "Enregistrer la ligne").await;
    browser.at("/mon-compte/parcours").await;
    browser.says("#experience li, section#experience", |text| text.contains("Directrice financière")).await;
    browser.click_on("button", "Joindre mon CV").await;
    browser.at("/mon-compte/cv").await;
    browser.types("#cv", cv).await;
    browser.click_on("button", "Joindre mon CV").await;
    browser.click_on("a", "mon-cv.txt").await;
}

/// What the gestionnaire of the structure does with the registration that waits under Anne's name.
async fn decide(desk: &Browser, url: &str, button: &str) {
    desk.goto(&format!("{url}/tableau-de-bord")).await;
    desk.click_containing("main a", "inscription").await;
    desk.click_containing("td a", ANNE.nom).await;
    if button != "Valider l’inscription" {
        desk.click_containing("summary", "complément").await;
        desk.click_containing("details[open] select option", "Autre").await;
        desk.types("details[open] textarea", "Précisez vos dates, s’il vous plaît.").await;
    }
    desk.click_on("button", button).await;
    desk.at("/gestion/inscriptions").await;
    desk.shown(".notice").await;
}

async fn journey(javascript: bool) {
    let site = Site::demo(Engine::Sqlite).await;
    let server: Server = site.serve().await;
    let url = server.url();
    let path = site.scratch().join("mon-cv.txt");
    std::fs::File::create(&path).and_then(|mut file| file.write_all(CV.as_bytes())).expect("a file");
    let cv = path.to_str().expect("a path").to_owned();
    with_browser(javascript, async |person| {
        register(&person, &url, javascript).await;
        identify(&person, javascript).await;
        tell(&person, &cv).await;
        person.goto(&format!("{url}/mon-compte/verification")).await;
        person.click_on("button", "Transmettre mon inscription").await;
        person.at("/tableau-de-bord").await;
        person.says("main", |text| text.contains("Vous n’avez rien à faire")).await;
        with_browser(javascript, async |desk| {
            desk.login(&url, logins::GESTIONNAIRE).await;
            decide(&desk, &url, "Envoyer la demande de complément").await;

            // The person is told at once, completes, and sends again.
            person.goto(&format!("{url}/tableau-de-bord")).await;
            person.says("main", |text| text.contains("Précisez vos dates, s’il vous plaît.")).await;
            person.click_on("a", "Remplir mon parcours").await;
            person.types("#titre", ", de 2009 à 2021").await;
            person.click_on("button", "Enregistrer et vérifier").await;
            person.click_on("button", "Transmettre mon inscription à nouveau").await;
            person.at("/tableau-de-bord").await;
            decide(&desk, &url, "Valider l’inscription").await;

            // Found by a word of the attached CV, shown where it stands.
            eventually("she is in the CV-thèque", async || {
                desk.goto(&format!("{url}/cvtheque?q=orgues+baroques")).await;
                desk.shown("#liste").await.text().await.ok().filter(|text| text.contains(ANNE.nom))
            })
            .await;
            desk.says("#liste mark", |text| text.starts_with("orgues")).await;
        })
        .await;
        // The space is theirs: the menu has what the validation opens.
        person.goto(&format!("{url}/tableau-de-bord")).await;
        person.click("nav.menu a[href='/messagerie/reception']").await;
        person.at("/messagerie/reception").await;
        if javascript {
            assert_eq!(person.complaints().await, Vec::<String>::new());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i17_in_a_browser_from_stranger_to_the_cvtheque() {
    journey(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i17_in_a_browser_without_javascript_from_stranger_to_the_cvtheque() {
    journey(false).await;
}
