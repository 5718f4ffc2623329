//! What the browser does for who fills a form in: numbers grouped as they are typed, blocks that follow an answer, files
//! looked at before they leave, the keyboard alone (SPEC I1, I6, I7, Q4 to Q6).

use crate::identifiants::answer_of;
use crate::support::browser::{Browser, with_browser};
use crate::support::inscription::{ANNE, register};
use crate::support::{Client, Engine, Server, Site, eventually, logins};

const TAB: &str = "\u{e004}";
const BACK: &str = "\u{e003}";
const LEFT: &str = "\u{e012}";
const CONTROL: &str = "\u{e009}";

/// Somebody who registers, in a browser that is at their form. The server outlives what the browser has still to load.
async fn at(page: &str, work: impl AsyncFnOnce(Browser, Client, &Server)) {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let url = server.url();
    with_browser(true, async |browser| {
        browser.goto(&url).await;
        for (name, value) in client.jar() {
            browser.keeps(&name, &value).await;
        }
        browser.goto(&format!("{url}{page}")).await;
        work(browser.clone(), client, &server).await;
        let mut complaints = browser.complaints().await;
        // A page that says what is wrong is no failure.
        complaints.retain(|one| !one.contains("status of 422"));
        assert_eq!(complaints, Vec::<String>::new());
    })
    .await;
}

async fn holds(browser: &Browser, css: &str, expected: &str) {
    browser.valued(css, |value| value == expected).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q5_in_a_browser_numbers_are_grouped_as_one_types_and_pastes() {
    at("/mon-compte/informations", async |browser, client, _server| {
        browser.click("input[name=statut][value=fonctionnaire]").await;
        let siret = "#employeur_siret";
        browser.types(siret, "2000001").await;
        holds(&browser, siret, "200 000 1").await;
        browser.types(siret, "7200011").await;
        holds(&browser, siret, "200 000 172 00011").await;
        // Taking a sign away in the middle does not move the hand that types.
        browser.types(siret, &LEFT.repeat(6)).await;
        browser.types(siret, BACK).await;
        browser.types(siret, "2").await;
        holds(&browser, siret, "200 000 172 00011").await;

        browser.types("#telephone", "0639980001").await;
        holds(&browser, "#telephone", "06 39 98 00 01").await;
        browser.types("#telephone_domicile", "+32 2 555 12 12").await;
        holds(&browser, "#telephone_domicile", "+32 2 555 12 12").await;
        // What is copied elsewhere, with other spaces or signs between.
        for (copied, shown) in [("06.39.98.00.02", "06 39 98 00 02"), ("06-39 980003", "06 39 98 00 03")] {
            browser.types("#pays_naissance", copied).await;
            browser.types("#pays_naissance", &format!("{CONTROL}a")).await;
            browser.types("#pays_naissance", &format!("{CONTROL}x")).await;
            browser.types("#telephone_autre", &format!("{CONTROL}a")).await;
            browser.types("#telephone_autre", &format!("{CONTROL}v")).await;
            holds(&browser, "#telephone_autre", shown).await;
        }
        browser.says("[data-autosave-status]", |text| text.starts_with("Enregistré à")).await;
        eventually("the server reads them", async || {
            let page = client.get("/mon-compte/informations").await;
            (page.body.contains("06 39 98 00 01") && page.body.contains("200 000 172 00011")).then_some(())
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i6_i7_in_a_browser_the_statut_shows_its_employer_and_the_box_its_address() {
    at("/mon-compte/informations", async |browser, _client, _server| {
        browser.gone("#pro_adresse").await;
        for (statut, said) in
            [("fonctionnaire", "PUBLIC"), ("salarie_prive", "PRIVÉ"), ("agent_non_titulaire", "PUBLIC")]
        {
            browser.click(&format!("input[name=statut][value={statut}]")).await;
            browser.says("[data-employeur-type]", |text| text.contains(said)).await;
        }
        browser.types("#employeur_nom", "quimp").await;
        browser.says("[role=option]", |text| text.to_lowercase().contains("quimp")).await;
        browser.click("#pro_differentes").await;
        browser.types("#pro_adresse", "1 quai de l’Odet").await;
        browser.click("#pro_differentes").await;
        browser.gone("#pro_adresse").await;
        for statut in ["retraite", "sans_activite"] {
            browser.click(&format!("input[name=statut][value={statut}]")).await;
            browser.gone("#employeur").await;
        }
        // A private employer is typed: nothing is proposed.
        browser.click("input[name=statut][value=salarie_prive]").await;
        browser.types("#employeur_nom", "er").await;
        browser.gone("[role=option]").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q6_in_a_browser_a_file_is_looked_at_before_it_leaves_and_can_be_dropped() {
    at("/mon-compte/cv", async |browser, client, _server| {
        browser.says(".depot", |text| text.contains("DOCX") && text.contains("2 Mo")).await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str, bytes: usize| {
            let path = folder.path().join(name);
            std::fs::write(&path, vec![b'a'; bytes]).expect("a file");
            path.to_str().expect("a path").to_owned()
        };
        // One byte too many is said at once, and never sent.
        browser.types("#cv", &path("lourd.txt", 2 * 1024 * 1024 + 1)).await;
        browser.says(".depot .why", |text| text.contains("2 Mo au plus")).await;
        browser.click_on("button", "Joindre mon CV").await;
        browser.says(".depot .why", |text| text.contains("choisissez-en un plus léger")).await;
        assert_eq!(browser.path().await, "/mon-compte/cv");
        assert!(client.get("/mon-compte/cv").await.body.contains("Aucun fichier n’est joint"));
        // What the server alone can see is said at the field, and the page stays.
        browser.types("#cv", &path("image.exe", 10)).await;
        browser.gone(".depot .why").await;
        browser.click_on("button", "Joindre mon CV").await;
        browser.says(".summary", |text| !text.is_empty()).await;
        browser.shown(".depot .why").await;
        // Dropped on its field, sent, shown, replaced, taken away.
        browser.run(DROP).await;
        browser.click_on("button", "Joindre mon CV").await;
        browser.click_containing("main a", "depose.txt").await;
        browser.goto(&format!("{}/mon-compte/cv", client.base())).await;
        browser.types("#cv", &path("nouveau.txt", 2 * 1024 * 1024)).await;
        browser.sends_at_most(500_000).await;
        browser.click_on("button", "Remplacer mon CV").await;
        eventually("its progress is shown", async || {
            let part = browser.run("return document.querySelector('.upload progress')?.value ?? 0;").await;
            part.as_f64().filter(|part| (0.01..0.99).contains(part))
        })
        .await;
        browser.says(".upload", |text| text.contains("Envoi en cours")).await;
        browser.says("main", |text| text.contains("nouveau.txt") && !text.contains("depose.txt")).await;
        browser.click_on("button", "Retirer ce CV").await;
        browser.says("main", |text| text.contains("Aucun fichier n’est joint")).await;
    })
    .await;
}

/// Drops a file on the field, as a hand does.
const DROP: &str = "
  const files = new DataTransfer();
  files.items.add(new File(['Facteur de clavecins'], 'depose.txt', { type: 'text/plain' }));
  const event = (type) => new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: files });
  const field = document.querySelector('.depot');
  field.dispatchEvent(event('dragover'));
  if (!field.classList.contains('over')) throw new Error('the field says nothing of what is above it');
  field.dispatchEvent(event('drop'));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i1_in_a_browser_a_text_is_ticked_once_it_was_opened() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    with_browser(true, async |browser| {
        browser.goto(&format!("{}/inscription", server.url())).await;
        browser.types("#nom", "Le Gall").await;
        let form = browser.current_tab().await;
        let ticked = async |name: &str| {
            let script = format!("return document.getElementById('{name}').checked;");
            browser.run(&script).await == serde_json::json!(true)
        };
        for text in ["conditions", "donnees", "cookies"] {
            browser.click(&format!("#{text}")).await;
            assert!(!ticked(text).await, "{text} was not opened");
            browser.click(&format!("[data-lu]:has(#{text}) a")).await;
            browser.switch_to(&form).await;
            assert!(ticked(text).await, "{text} was opened");
        }
        holds(&browser, "#nom", "Le Gall").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_in_a_browser_the_keyboard_goes_through_the_long_form_and_out() {
    at("/mon-compte/informations", async |browser, _client, _server| {
        let focused = async || browser.run(FOCUSED).await.as_str().unwrap_or_default().to_owned();
        browser.run("document.body.tabIndex = -1; document.body.focus();").await;
        let mut seen: Vec<String> = Vec::new();
        loop {
            browser.tabs(TAB).await;
            let here = focused().await;
            assert!(seen.len() < 400, "the keyboard never gets out: {:?}", &seen[seen.len() - 20..]);
            let out = here.starts_with("footer");
            seen.push(here);
            if out {
                break;
            }
        }
        assert!(seen[0].contains("cookies") || seen.iter().take(6).any(|one| one.contains("#contenu")), "{seen:?}");
        let order =
            ["nom", "prenom", "date_naissance", "ville_naissance", "adresse", "telephone", "statut", "employeur_nom"];
        let mut from = 0;
        for name in order {
            let place = seen[from..].iter().position(|one| one.ends_with(&format!("[{name}]")));
            from += place.unwrap_or_else(|| panic!("{name} comes in its place: {seen:?}"));
        }
        let lost: Vec<&String> = seen.iter().filter(|one| one.starts_with("hidden")).collect();
        assert!(lost.is_empty(), "the focus can't be seen: {lost:?}");
    })
    .await;
}

/// Where the focus is: what is around it, its address or name; and whether it can be seen.
const FOCUSED: &str = "
  const here = document.activeElement;
  const box = here.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) return `hidden ${here.outerHTML.slice(0, 80)}`;
  const around = here.closest('footer, header, nav, form, main')?.tagName.toLowerCase() ?? '';
  return `${around} ${here.closest('form')?.className ?? ''} ${here.getAttribute('href') ?? ''}[${here.name ?? ''}]`;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_in_a_browser_pages_are_printed_without_their_menus_and_read_at_twice_their_size() {
    at("/mon-compte/verification", async |browser, _client, server| {
        for page in ["/mon-compte/verification", "/annonces", "/informations"] {
            browser.goto(&format!("{}{page}", server.url())).await;
            browser.prints(true).await;
            for gone in ["header", "nav.menu", "footer", ".cookies", ".button"] {
                assert!(browser.if_shown(gone).await.is_none(), "{page}: {gone} is printed");
            }
            browser.shown("h1").await;
            browser.prints(false).await;
            browser.shown("nav.menu").await;
            // 200 % on a screen of 1280 px leaves 640.
            browser.looks(640, false).await;
            let wide = browser.run("return document.documentElement.scrollWidth;").await;
            assert!(wide.as_u64().is_some_and(|wide| wide <= 640), "{page}: {wide}");
            browser.looks(1280, false).await;
        }
    })
    .await;
}

/// Fills the registration in by pasting: each value is typed into a field of the same page, cut there and pasted.
async fn pasted(browser: &Browser, from: &str, css: &str, value: &str) {
    browser.types(from, &format!("{CONTROL}a")).await;
    browser.types(from, value).await;
    browser.types(from, &format!("{CONTROL}a")).await;
    browser.types(from, &format!("{CONTROL}x")).await;
    browser.types(css, &format!("{CONTROL}a")).await;
    browser.types(css, &format!("{CONTROL}v")).await;
    holds(browser, css, value).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q5_i1_in_a_browser_every_field_of_the_registration_takes_what_is_pasted() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    with_browser(true, async |browser| {
        browser.goto(&format!("{}/inscription", server.url())).await;
        for (field, value) in [
            ("prenom", ANNE.prenom),
            ("date_naissance", ANNE.naissance),
            ("email", ANNE.email),
            ("email_confirmation", ANNE.email),
            ("mot_de_passe", logins::PASSWORD),
            ("nom", ANNE.nom),
        ] {
            let from = if field == "nom" { "#prenom" } else { "#nom" };
            pasted(&browser, from, &format!("#{field}"), value).await;
        }
        let kept = browser
            .run("return [...document.querySelectorAll('main input')].filter((one) => one.onpaste || one.hasAttribute('onpaste')).length;")
            .await;
        assert_eq!(kept, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k7_in_a_browser_the_proof_is_waited_for_and_the_image_stays_where_it_fails() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let forgotten = format!("{}/mot-de-passe-oublie", server.url());
    with_browser(true, async |browser| {
        // Sent at once, while the browser works: it leaves as soon as the proof is there.
        browser.goto(&forgotten).await;
        let at_once = "document.querySelector('#email').value = 'personne@ailleurs.example';
            document.querySelector('main form').requestSubmit();";
        browser.run(at_once).await;
        browser.says("h1", |title| title == "Consultez votre messagerie").await;

        // Everything else wrong: what the browser proved is not asked again, nor the image.
        browser.goto(&format!("{}/inscription", server.url())).await;
        browser.press("Créer mon compte").await;
        browser.says(".summary", |text| text.contains("Indiquez votre nom") && !text.contains("Recopiez")).await;
        assert_eq!(browser.count("img.captcha").await, 0);

        // No worker: the image and its question are there, and answered as without JavaScript.
        browser.lacks("Worker").await;
        browser.goto(&forgotten).await;
        browser.shown("img.captcha").await;
        let asked = browser.says("#captcha-question", |text| text.contains(" : ")).await;
        browser.types("#email", "personne@ailleurs.example").await;
        browser.types("#captcha", &answer_of(&asked)).await;
        browser.press("Recevoir le lien").await;
        browser.says("h1", |title| title == "Consultez votre messagerie").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i14_in_a_browser_what_is_missing_leads_to_its_very_field() {
    at("/mon-compte/verification", async |browser, _client, server| {
        let links =
            "return [...document.querySelectorAll('main .banner.warn li a')].map((one) => one.getAttribute('href'));";
        let links = browser.run(links).await;
        let links: Vec<String> = serde_json::from_value(links).expect("addresses");
        assert!(links.len() > 8, "{links:?}");
        for link in links {
            let (_, field) = link.split_once('#').expect("an anchor");
            browser.goto(&format!("{}/mon-compte/verification", server.url())).await;
            browser.goto(&format!("{}{link}", server.url())).await;
            // The field has the focus, or holds it, and is in sight.
            eventually(&format!("{link} has the focus"), async || {
                let script = format!(
                    "const field = document.getElementById('{field}');
                     const box = field?.getBoundingClientRect();
                     return document.activeElement === field && box.top < innerHeight && box.bottom > 0;"
                );
                (browser.run(&script).await == true).then_some(())
            })
            .await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_in_a_browser_counts_beside_a_criterion_stay_on_one_line() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let url = server.url();
    with_browser(true, async |browser| {
        browser.login(&url, logins::GESTIONNAIRE).await;
        for (width, dark) in [(320, false), (1280, true)] {
            browser.looks(width, dark).await;
            browser.goto(&format!("{url}/cvtheque")).await;
            // Every fold open, and a number as large as there may be.
            let open = "for (const fold of document.querySelectorAll('details')) fold.open = true;
                for (const count of document.querySelectorAll('.facet .num')) count.textContent = '1 234 567';
                return document.querySelectorAll('.facet .num').length;";
            assert!(browser.run(open).await.as_u64().is_some_and(|found| found > 10));
            let broken = "return [...document.querySelectorAll('.facet .num')].filter((count) =>
                count.getClientRects().length !== 1 || count.offsetHeight > 1.9 * parseFloat(getComputedStyle(count).fontSize)
            ).length;";
            assert_eq!(browser.run(broken).await, 0, "{width} px");
            let wide = browser.run("return document.documentElement.scrollWidth;").await;
            assert!(wide.as_u64().is_some_and(|wide| wide <= u64::from(width)), "{wide} at {width}");
        }
    })
    .await;
}
