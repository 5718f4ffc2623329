//! What axe-core and the eye of a browser say of every page, for each role, light and dark, wide and narrow (SPEC Q4).

use std::collections::BTreeSet;
use std::sync::Mutex;

use web::routes::{self, Access};

use crate::etats::decide;
use crate::security::{crawl, shape};
use crate::support::browser::{Browser, MODULES, with_browser};
use crate::support::inscription::{ANNE, Person, register, transmitted};
use crate::support::{Client, Engine, Page, Server, Site, logins};

/// Widths in pixels and colours that each page is looked at in. The second differs from the first by its colours alone.
const LOOKS: [(u32, bool); 3] = [(1280, false), (1280, true), (320, true)];

/// Whether everybody sees that page alike.
fn public(path: &str) -> bool {
    routes::all().iter().any(|route| {
        let pattern: Vec<&str> = route.path.split('/').collect();
        let given: Vec<&str> = path.split('/').collect();
        route.method == "GET"
            && matches!(route.access, Access::Public | Access::Demo)
            && pattern.len() == given.len()
            && pattern.iter().zip(&given).all(|(pattern, given)| pattern.starts_with('{') || pattern == given)
    })
}

/// What the rules look at in what a page itself holds: its elements and how each is marked, whatever the words say.
fn markup(page: &Page) -> String {
    let html = page.html();
    let own = html.elements().filter(|element| html.around(element, "main").is_some());
    let all = own.map(|element| {
        let marks = element.attributes().iter().map(|(name, value)| match name.as_str() {
            "class" | "role" | "type" => format!(" {name}={value}"),
            _ => format!(" {name}={}", value.is_empty()),
        });
        format!("<{}{}>{}", element.name, marks.collect::<Vec<_>>().concat(), element.text.is_empty())
    });
    all.collect::<Vec<_>>().concat()
}

/// One address of each kind of page that somebody comes to by links; `everything`, also what everybody sees. A page that
/// somebody else sees too, with the same elements, is looked at as theirs.
async fn addresses(client: &Client, everything: bool) -> Vec<String> {
    static LOOKED_AT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut kinds = BTreeSet::new();
    let mut found = Vec::new();
    for (address, page) in crawl(client).await {
        let path = address.split('?').next().unwrap_or_default();
        let html = page.body.starts_with("<!doctype") && page.location().is_none() && !path.ends_with("/html");
        if html
            && (everything || !public(path))
            && kinds.insert(shape(path))
            && LOOKED_AT.lock().expect("no panic").insert(markup(&page))
        {
            found.push(address);
        }
    }
    assert!(kinds.len() > 8, "{kinds:?}");
    found
}

/// What is wrong with the page that is open.
async fn wrong(browser: &Browser, page: &str) -> Vec<String> {
    let mut all = BTreeSet::new();
    let weight = browser.modules().await;
    if weight > MODULES {
        all.insert(format!("{page}: {weight} bytes of modules"));
    }
    for (turn, (width, dark)) in LOOKS.into_iter().enumerate() {
        browser.looks(width, dark).await;
        let wide = browser.run("return document.documentElement.scrollWidth;").await.as_u64().expect("a width");
        if wide > u64::from(width) {
            all.insert(format!("{page} ({width} px): {wide} px wide"));
        }
        let colours = if dark { "dark" } else { "light" };
        all.extend(
            browser.audit(turn == 1).await.into_iter().map(|said| format!("{page} ({width} px, {colours}): {said}")),
        );
    }
    // A phone; a window of 1,280 px at 200 % (WCAG 1.4.10), then its text alone twice as large (1.4.4).
    for (width, larger) in [(375, false), (640, false), (1280, true)] {
        browser.looks(width, false).await;
        let said = browser.run(&CUT.replace("LARGER", &larger.to_string())).await;
        let found = said.as_array().expect("a list").iter().filter_map(|one| one.as_str());
        let at = if larger { "text at 200 %".to_owned() } else { format!("{width} px") };
        all.extend(found.map(|one| format!("{page} ({at}): {one}")));
    }
    browser.looks(1280, false).await;
    all.into_iter().collect()
}

/// What is wider than the window, and words that are cut in what a person presses or fills in.
const CUT: &str = "
    const root = document.documentElement;
    const size = parseFloat(getComputedStyle(root).fontSize);
    if (LARGER) root.style.fontSize = `${2 * size}px`;
    const said = [];
    // A table of data may be wider than a window (WCAG 1.4.10); nothing else may.
    const tables = LARGER ? [...document.querySelectorAll('table')] : [];
    for (const one of tables) one.hidden = true;
    if (root.scrollWidth > innerWidth) said.push(`${root.scrollWidth} px wide in ${innerWidth}`);
    for (const one of tables) one.hidden = false;
    const read = 'main :is(a, button, label, summary, h1, h2, h3, td, dd, p), header :is(a, button, summary)';
    for (const one of document.querySelectorAll(read)) {
      const style = getComputedStyle(one);
      if (style.overflowX === 'visible' || style.textOverflow === 'ellipsis' || one.closest('.visually-hidden') || !one.checkVisibility()) continue;
      if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 2) said.push(`cut: ${one.textContent.trim().slice(0, 40)}`);
    }
    root.style.fontSize = '';
    return said;";

/// Every page of somebody, then the pages that these buttons, pressed on forms that are not filled in, answer with.
async fn audited(server: &Server, who: Option<&Client>, everything: bool, refused: &[(&str, &str)]) {
    let visitor = server.visitor();
    let client = who.unwrap_or(&visitor);
    let addresses = addresses(client, everything).await;
    let said = with_browser(true, async |browser| {
        browser.goto(&server.url()).await;
        for (name, value) in client.jar() {
            browser.keeps(&name, &value).await;
        }
        let mut said = Vec::new();
        for address in &addresses {
            browser.goto(&format!("{}{address}", server.url())).await;
            said.extend(wrong(&browser, address).await);
        }
        for (address, button) in refused {
            browser.goto(&format!("{}{address}", server.url())).await;
            browser.press(button).await;
            browser.shown(".summary").await;
            said.extend(wrong(&browser, &format!("{address} « {button} »")).await);
        }
        said
    })
    .await;
    assert!(said.is_empty(), "{}", said.join("\n"));
}

async fn site() -> (Site, Server) {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    (site, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_axe_finds_nothing_on_the_public_pages() {
    let (_site, server) = site().await;
    let forms = [
        ("/inscription", "Créer mon compte"),
        ("/authentification/", "Se connecter"),
        ("/mot-de-passe-oublie", "Recevoir le lien"),
    ];
    audited(&server, None, true, &forms).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_axe_finds_nothing_while_somebody_registers() {
    let (_site, server) = site().await;
    let client = register(&server, &ANNE).await;
    let forms = [
        ("/mon-compte/verification", "Transmettre mon inscription"),
        ("/mon-compte/parcours/nouvelle/formation_initiale", "Enregistrer la ligne"),
        ("/mon-compte/cv", "Joindre mon CV"),
        ("/mon-compte/mot-de-passe", "Changer mon mot de passe"),
        ("/mon-compte/adresse", "Recevoir le lien de confirmation"),
    ];
    audited(&server, Some(&client), false, &forms).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_axe_finds_nothing_while_the_structure_has_a_registration_or_answered_it() {
    let (_site, server) = site().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    for (nom, email, decision) in [
        ("Abgrall", "a@etats.example", None),
        ("Bothorel", "b@etats.example", Some("Envoyer la demande de complément")),
        ("Cariou", "c@etats.example", Some("Rejeter l’inscription")),
    ] {
        let client = transmitted(&server, &Person { nom, email, ..ANNE }).await;
        if let Some(button) = decision {
            decide(&gestionnaire, nom, button).await;
        }
        audited(&server, Some(&client), false, &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_axe_finds_nothing_in_the_space_of_an_intervenant() {
    let (_site, server) = site().await;
    let client = server.login(logins::INTERVENANT).await;
    crate::recherches_suivies::follow(&client, "/annonces?q=formation").await;
    audited(&server, Some(&client), false, &[("/messagerie/ecrire", "Envoyer")]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_axe_finds_nothing_at_the_desk_of_a_gestionnaire() {
    let (_site, server) = site().await;
    let client = server.login(logins::GESTIONNAIRE).await;
    let waiting = crate::revue::waiting(&client).await.href;
    let forms = [
        (waiting.as_str(), "Rejeter l’inscription"),
        (waiting.as_str(), "Confier l’inscription à cette structure"),
        ("/gestion/annonces/nouvelle", "Publier l’annonce"),
        ("/gestion/comptes/nouveau", "Créer le compte"),
    ];
    audited(&server, Some(&client), false, &forms).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_axe_finds_nothing_in_the_administration() {
    let (_site, server) = site().await;
    let client = server.login(logins::ADMINISTRATEUR).await;
    let forms = [
        ("/administration/agents/nouveau", "Créer le compte"),
        ("/administration/articles/nouveau", "Enregistrer l’article"),
        ("/administration/specialites/nouvelle", "Enregistrer la spécialité"),
        ("/administration/motifs/nouveau", "Enregistrer le motif"),
    ];
    audited(&server, Some(&client), false, &forms).await;
}

/// The tests above can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_axe_sees_what_is_wrong() {
    let (_site, server) = site().await;
    let said = with_browser(true, async |browser| {
        browser.goto(&server.url()).await;
        browser
            .run(
                "const add = (name, set) => document.querySelector('main').append(set(document.createElement(name)) ?? '');
                 add('img', (image) => { image.src = '/assets/x'; return image; });
                 add('p', (text) => { text.textContent = 'Pâle'; text.style.color = '#888'; return text; });
                 add('p', (cut) => { cut.textContent = 'Coupé net'; cut.style = 'overflow:hidden;white-space:nowrap;width:100px'; return cut; });
                 add('div', (wide) => { wide.textContent = 'Large'; wide.style.width = '400px'; return wide; });",
            )
            .await;
        wrong(&browser, "/").await
    })
    .await;
    let tells = |words: &str, about: &str| said.iter().any(|one| one.contains(words) && one.contains(about));
    assert!(tells("1280 px, light", "image-alt") && tells("320 px, dark", "image-alt"), "{said:?}");
    assert!(tells("1280 px, light", "color-contrast"), "{said:?}");
    assert!(tells("320 px", "px wide"), "{said:?}");
    assert!(tells("text at 200 %", "cut: Coupé"), "{said:?}");
}
