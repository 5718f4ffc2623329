//! The first three steps of the spine in a real browser, with JavaScript and without.

use std::collections::BTreeSet;

use crate::support::browser::{Browser, with_browser};
use crate::support::messagerie::{found, list, open, recipient, send, unread};
use crate::support::{Client, Engine, Form, Server, Site, eventually, logins, mails};

/// What every page of a journey owes: no script that fails, nothing that the policy refuses.
async fn without_complaint(browser: &Browser) {
    let mut complaints = browser.complaints().await;
    // A form that comes back with what is wrong has that status, and the browser notes it.
    complaints.retain(|complaint| !complaint.contains("status of 422"));
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// Reads all that waits, so that counters begin at nothing.
async fn read_everything(client: &Client) {
    for line in list(client, "reception").await {
        open(client, &line).await;
    }
    assert_eq!(unread(client).await, 0);
}

async fn site() -> (Site, Server) {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    (site, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g3_in_a_browser_results_come_as_one_types_with_facets_and_highlights() {
    let (_site, server) = site().await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::GESTIONNAIRE).await;
        browser.click_on("a", "CV-thèque").await;
        browser.at("/cvtheque").await;
        browser.types("#q", "l'apiculture").await;
        // Nobody pressed the button.
        browser.says("#liste mark", |word| word == "apiculture").await;
        eventually("one person", async || (browser.count("li.hit").await == 1).then_some(())).await;
        eventually("the address carries the search", async || browser.address().await.contains("q=l").then_some(()))
            .await;
        let name = browser.shown("li.hit h2 a").await.text().await.expect("a name");
        for facet in ["specialite", "region"] {
            // The driver takes whatever is in a folded element for hidden; on a wide screen this one is shown.
            let visible =
                browser.run(&format!("return document.querySelector('#critere-{facet}').checkVisibility()")).await;
            assert_eq!(visible.as_bool(), Some(true), "{facet}");
        }

        // « Back » works, and the address alone gives the same page.
        let address = browser.address().await;
        browser.click("li.hit h2 a").await;
        browser.says("#fiche h2", |shown| shown == name).await;
        browser.goto(&address).await;
        browser.says("li.hit h2 a", |shown| shown == name).await;

        // A facet narrows at once.
        browser.goto(&format!("{}/cvtheque?q=formation", server.url())).await;
        let before = browser.number("#bilan strong").await;
        let ticked = browser.run("return document.querySelector('#critere-region input').value").await;
        browser.run("document.querySelector('#critere-region label').click()").await;
        eventually("fewer results", async || {
            let now = browser.number("#bilan strong").await;
            (now > 0 && now < before && browser.address().await.contains("region=")).then_some(())
        })
        .await;
        let value = ticked.as_str().expect("a code").to_owned();
        assert!(browser.address().await.contains(&format!("region={value}")));
        without_complaint(&browser).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g3_in_a_browser_ticked_profiles_are_put_into_a_list_and_exported() {
    let (_site, server) = site().await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::GESTIONNAIRE).await;
        browser.goto(&format!("{}/cvtheque?q=formation", server.url())).await;
        let tick = async |rank: usize| {
            let script = format!("document.querySelectorAll('#liste li.hit label.target')[{rank}].click()");
            browser.run(&script).await;
        };
        let names = async |ranks: &str| {
            let script = format!(
                "return [...document.querySelectorAll('#liste li.hit h2 a')].filter((_, rank) => {ranks}).map((a) => a.textContent)"
            );
            let names = browser.run(&script).await;
            let names = names.as_array().expect("names").iter();
            names.map(|name| name.as_str().expect("a name").to_owned()).collect::<BTreeSet<String>>()
        };
        // A button pressed with nothing ticked leaves nothing behind but a sentence.
        browser.click_on("button", "Ajouter à une liste").await;
        browser.says("[data-bulk-count]", |said| said.contains("Cochez d’abord")).await;
        assert_eq!(browser.path().await, "/cvtheque");

        // Two ticked; the profile of a third opened beside them leaves them ticked.
        tick(0).await;
        tick(2).await;
        browser.says("[data-bulk-count]", |said| said == "2 lignes cochées").await;
        let chosen = names("rank === 0 || rank === 2").await;
        let third = names("rank === 1").await.pop_first().expect("a third");
        browser.click_on("a", &third).await;
        browser.says("#fiche h2", |shown| shown.contains(&third)).await;
        browser.says("[data-bulk-count]", |said| said == "2 lignes cochées").await;
        browser.click_on("button", "Ajouter à une liste").await;
        browser.at("/cvtheque/listes/ajouter").await;
        browser.types("#nom", "À voir").await;
        browser.press("Ajouter à la liste").await;
        browser.says("h1", |title| title == "À voir").await;
        let listed = browser.run("return [...document.querySelectorAll('li.hit h2 a')].map((a) => a.textContent)").await;
        let listed: BTreeSet<String> =
            listed.as_array().expect("names").iter().map(|name| name.as_str().expect("a name").to_owned()).collect();
        assert_eq!(listed, chosen);

        // All of them at once, then all but one; the workbook is asked for by the same form.
        browser.run("document.querySelector('[data-bulk-all] input').click()").await;
        browser.says("[data-bulk-count]", |said| said == "2 lignes cochées").await;
        browser.run("document.querySelectorAll('li.hit label.target')[1].click()").await;
        browser.says("[data-bulk-count]", |said| said == "1 ligne cochée").await;
        browser.press("Retirer de la liste").await;
        eventually("one is left", async || (browser.count("li.hit").await == 1).then_some(())).await;
        const FETCHED: &str = "return (async () => {
            document.querySelector('li.hit input').checked = true;
            const form = document.querySelector('form[data-bulk]');
            const body = new URLSearchParams(new FormData(form, form.querySelector('[value=exporter]')));
            const answer = await fetch(form.getAttribute('action'), { method: 'POST', body });
            const bytes = new Uint8Array(await answer.arrayBuffer());
            return [answer.status, answer.headers.get('content-type'), String.fromCharCode(bytes[0], bytes[1])];
        })()";
        let fetched = browser.run(FETCHED).await;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert_eq!(fetched, serde_json::json!([200, kind, "PK"]), "a workbook");
        without_complaint(&browser).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t1_in_a_browser_a_message_moves_the_menu_and_the_title_of_both_tabs() {
    let (_site, server) = site().await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let colleague = server.login(logins::COLLEAGUE).await;
    read_everything(&intervenant).await;
    read_everything(&colleague).await;
    let name = intervenant.name().await;
    let url = server.url();
    with_browser(true, async |hers| {
        with_browser(true, async |his| {
            his.login(&url, logins::INTERVENANT).await;
            let first = his.current_tab().await;
            let second = his.open_tab(&format!("{url}/annonces")).await;
            for tab in [&first, &second] {
                his.switch_to(tab).await;
                his.shows_messages(0).await;
            }

            // She writes to him from the search of recipients.
            hers.login(&url, logins::GESTIONNAIRE).await;
            hers.goto(&format!("{url}/messagerie/ecrire")).await;
            hers.types("#destinataires", &name.split(' ').next_back().expect("a name").to_lowercase()).await;
            hers.says("[role=option]", |label| label.contains(&name)).await;
            hers.click_containing("[role=option]", &name).await;
            hers.says("[data-chosen]", |chips| chips.contains(&name)).await;
            hers.types("#objet", "Depuis le navigateur").await;
            hers.types("#texte", "Bonjour, êtes-vous libre en mars ?").await;
            // What she types saves itself.
            hers.says("[data-autosave-status]", |status| status.starts_with("Enregistré")).await;
            hers.click_on("button", "Envoyer").await;
            hers.at("/messagerie/envoyes").await;
            hers.shown(".notice").await;

            for tab in [&first, &second] {
                his.switch_to(tab).await;
                his.shows_messages(1).await;
                assert_eq!(his.attribute("nav.menu [data-compteur='messages']", "title").await, "1 message non lu");
            }
            assert_eq!(found(&colleague, "brouillons", "Depuis le navigateur").await, None);

            // He opens it in one tab: both fall to nothing. What is announced is announced to screen readers too.
            his.click("nav.menu a[href='/messagerie/reception']").await;
            his.at("/messagerie/reception").await;
            his.click_on("a", "Depuis le navigateur").await;
            his.says(".letter", |text| text.contains("libre en mars")).await;
            his.shows_messages(0).await;
            his.switch_to(&first).await;
            his.shows_messages(0).await;

            // He answers: the structure's counter moves for her and for her colleague.
            let theirs = colleague.tab().await;
            assert_eq!(theirs.messages(), 0);
            his.switch_to(&second).await;
            his.click_on("a", "Répondre").await;
            his.shown("#texte").await;
            his.click_on("button", "Envoyer").await;
            his.at("/messagerie/envoyes").await;
            hers.shows_messages(1).await;
            theirs.shows(1).await;

            // Put away, and taken back.
            hers.goto(&format!("{url}/messagerie/reception")).await;
            hers.click("tr.unread td input[type=checkbox]").await;
            hers.says("[data-bulk-count]", |said| said == "1 ligne cochée").await;
            hers.click_on("button", "Archiver").await;
            hers.shows_messages(0).await;
            hers.click_on("button", "Annuler").await;
            hers.shows_messages(1).await;
            without_complaint(&hers).await;
            without_complaint(&his).await;
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t3_in_a_browser_a_cut_is_said_and_the_state_comes_back_with_the_server() {
    let (_site, mut server) = site().await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    read_everything(&intervenant).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::INTERVENANT).await;
        browser.shows_messages(0).await;
        server.kill();
        browser.says("[data-hors-ligne]", |said| said.contains("Hors ligne")).await;
        server.start_again().await;
        send(&gestionnaire, &[&him], "Pendant la coupure", "Bonjour").await;
        browser.shows_messages(1).await;
        browser.gone("[data-hors-ligne]").await;

        // The session is ended from elsewhere: the page says so, and keeps what was typed.
        browser.goto(&format!("{}/messagerie/ecrire", server.url())).await;
        browser.types("#objet", "À garder").await;
        let page = intervenant.get("/mon-compte/sessions").await;
        intervenant.press(&page, "Déconnecter toutes les autres").await;
        browser.says("[data-session-finie]", |said| said.contains("terminée")).await;
        let kept = browser.run("return document.querySelector('#objet').value").await;
        assert_eq!(kept.as_str(), Some("À garder"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l2_in_a_browser_a_published_annonce_alerts_and_is_found() {
    let (_site, server) = site().await;
    let url = server.url();
    let intervenant = server.login(logins::INTERVENANT).await;
    let before = intervenant.tab().await.told().counter("notifications").expect("a counter");
    with_browser(true, async |hers| {
        with_browser(true, async |his| {
            his.login(&url, logins::INTERVENANT).await;
            his.goto(&format!("{url}/mon-compte/alertes")).await;
            for (name, wanted) in [("specialites_et_regions", false), ("specialites", false), ("regions", true)] {
                let ticked = his.run(&format!("return document.querySelector('#{name}').checked")).await;
                if ticked.as_bool() != Some(wanted) {
                    his.click(&format!("#{name}")).await;
                }
            }
            his.click_on("button", "Enregistrer mes alertes").await;
            his.shown(".notice").await;

            hers.login(&url, logins::GESTIONNAIRE).await;
            hers.click_on("a", "Préparer une annonce").await;
            hers.types("#titre", "Former des guides-conférenciers").await;
            hers.types("#texte", "Visites en breton et muséographie.").await;
            hers.run("const s = document.querySelector('#specialite'); s.value = s.options[1].value; s.dispatchEvent(new Event('change', {bubbles: true})); return null").await;
            if hers.if_shown("button[value=publier]").await.is_none() {
                hers.click_on("button", "Enregistrer").await;
            }
            hers.click_on("button", "Publier l’annonce").await;
            hers.click_containing("form[action$='/publier'] button", "Publier").await;
            hers.shown(".notice").await;

            his.says(".toast", |said| said.contains("Former des guides-conférenciers")).await;
            eventually("the bell counts it", async || {
                (his.number("a.bell [data-compteur='notifications']").await == before + 1).then_some(())
            })
            .await;
            his.click(".toast a").await;
            his.says("h1", |said| said == "Former des guides-conférenciers").await;
            without_complaint(&hers).await;
            without_complaint(&his).await;
        })
        .await;
    })
    .await;
    with_browser(true, async |visitor| {
        visitor.goto(&url).await;
        visitor.types("#q", "museographie\n").await;
        visitor.at("/annonces").await;
        visitor.says("#liste table strong", |titre| titre == "Former des guides-conférenciers").await;
    })
    .await;
    let visitor = server.visitor();
    eventually("his mail is sent", async || {
        let mails = mails::about(&visitor, "guides-conférenciers").await;
        mails.iter().any(|mail| mail.to == logins::INTERVENANT && mail.etat == "envoyé").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t3_without_javascript_the_whole_journey_works() {
    let (_site, server) = site().await;
    let url = server.url();
    let intervenant = server.login(logins::INTERVENANT).await;
    read_everything(&intervenant).await;
    let name = intervenant.name().await;
    with_browser(false, async |browser| {
        // Searching.
        browser.login(&url, logins::GESTIONNAIRE).await;
        browser.click_on("a", "CV-thèque").await;
        browser.types("#q", "montgolfiere").await;
        browser.click("#recherche button").await;
        browser.says("#liste mark", |word| word.starts_with("montgolfière")).await;

        // Writing: the recipient is looked up by a button, and ticked.
        browser.goto(&format!("{url}/messagerie/ecrire")).await;
        browser.types("#destinataires", name.split(' ').next_back().expect("a name")).await;
        browser.types("#objet", "Sans script").await;
        browser.types("#texte", "Bonjour").await;
        browser.click_on("button", "Ajouter").await;
        // One alone is chosen at once; of several one ticks.
        browser.says("main form", |shown| shown.contains(&name)).await;
        if browser.if_shown("[data-chosen] li").await.is_none() {
            browser.click_containing("fieldset label", &name).await;
        }
        browser.click_on("button", "Envoyer").await;
        browser.at("/messagerie/envoyes").await;
        browser.shown(".notice").await;

        // An annonce.
        browser.goto(&format!("{url}/gestion/annonces/nouvelle")).await;
        browser.types("#titre", "Sans script aussi").await;
        browser.types("#texte", "Numismatique.").await;
        browser.click("#specialite option:nth-child(2)").await;
        if browser.if_shown("button[value=publier]").await.is_none() {
            browser.click_on("button", "Enregistrer").await;
        }
        browser.click_on("button", "Publier l’annonce").await;
        browser.click_containing("form[action$='/publier'] button", "Publier").await;
        browser.shown(".notice").await;
    })
    .await;
    with_browser(false, async |browser| {
        browser.login(&url, logins::INTERVENANT).await;
        browser.titled("counts one", |title| title.starts_with("(1) ")).await;
        browser.goto(&format!("{url}/messagerie/reception")).await;
        browser.click_on("a", "Sans script").await;
        browser.says(".letter", |text| text == "Bonjour").await;
        browser.click_on("a", "Répondre").await;
        browser.click_on("button", "Envoyer").await;
        browser.at("/messagerie/envoyes").await;
        browser.titled("counts nothing", |title| !title.starts_with('(')).await;
        browser.goto(&format!("{url}/annonces")).await;
        browser.types("#q", "numismatique").await;
        browser.click("#recherche button").await;
        browser.says("#liste table strong", |titre| titre == "Sans script aussi").await;
    })
    .await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    assert!(found(&gestionnaire, "reception", "Re : Sans script").await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k1_in_a_browser_each_rule_of_the_password_is_shown_as_met_or_not() {
    let (_site, server) = site().await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::INTERVENANT).await;
        browser.goto(&format!("{}/mon-compte/mot-de-passe", server.url())).await;
        let mut looks = BTreeSet::new();
        for (typed, met) in [("a", 1), ("B", 2), ("3", 3), ("!", 4), ("abcd", 5)] {
            browser.types("#mot_de_passe", typed).await;
            eventually(&format!("{met} rules are met"), async || {
                (browser.count("[data-rules] .met").await == met).then_some(())
            })
            .await;
            looks.insert(browser.run("return document.querySelector('[data-rules]').outerHTML").await.to_string());
        }
        assert_eq!(looks.len(), 5);
        without_complaint(&browser).await;
    })
    .await;
}

/// The page that a form leads to without JavaScript is the one that it leads to with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q1_in_a_browser_an_error_has_the_focus_and_leads_to_its_field() {
    let (_site, server) = site().await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::GESTIONNAIRE).await;
        browser.goto(&format!("{}/messagerie/ecrire", server.url())).await;
        browser.types("#objet", "Sans destinataire").await;
        browser.click_on("button", "Envoyer").await;
        browser.titled("begins with « Erreur »", |title| title.starts_with("Erreur : ")).await;
        let focused = browser.run("return document.activeElement.classList.contains('summary')").await;
        assert_eq!(focused.as_bool(), Some(true), "the summary has the focus");
        browser.click(".summary a").await;
        let focused = browser.run("return document.activeElement.id").await;
        assert_eq!(focused.as_str(), Some("destinataires"));
        let kept = browser.run("return document.querySelector('#objet').value").await;
        assert_eq!(kept.as_str(), Some("Sans destinataire"));
        without_complaint(&browser).await;
    })
    .await;
    // The same page, asked as a form without a browser.
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let form = Form::to(&gestionnaire.get("/messagerie/ecrire").await, "/messagerie/ecrire");
    assert!(gestionnaire.submit(&form.set("action", "envoyer")).await.html().title().starts_with("Erreur : "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p7_in_a_browser_help_opens_in_the_page_with_and_without_javascript() {
    let (_site, server) = site().await;
    for javascript in [true, false] {
        with_browser(javascript, async |browser| {
            browser.login(&server.url(), logins::INTERVENANT).await;
            browser.goto(&format!("{}/mon-compte/alertes", server.url())).await;
            assert!(browser.if_shown("#aide-alertes").await.is_none(), "folded until one asks");
            assert!(browser.if_shown("#bulle-alertes").await.is_none());
            browser.click(".savoir button").await;
            browser.shown("#aide-alertes").await;
            assert_eq!(browser.path().await, "/mon-compte/alertes", "never a new page");
            // The button keeps the keyboard's focus while its dialog is closed: its tooltip is said on focus.
            browser.click("#aide-alertes .button").await;
            browser.gone("#aide-alertes").await;
            browser.says("#bulle-alertes", |words| words == "cliquer pour en savoir plus").await;
            without_complaint(&browser).await;
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p7_in_a_browser_a_pictogram_says_its_tooltip_on_hover_and_on_focus() {
    let (_site, server) = site().await;
    for javascript in [true, false] {
        with_browser(javascript, async |browser| {
            browser.login(&server.url(), "candidat@demo.example").await;
            browser.goto(&format!("{}/mon-compte/informations", server.url())).await;
            browser.click("input[name=statut][value=fonctionnaire]").await;
            assert!(browser.if_shown("#bulle-siret").await.is_none());
            browser.hover("[aria-describedby=bulle-siret]").await;
            browser.says("#bulle-siret", |words| words.contains("bulletin de paie")).await;
            // It stays while the pointer goes to read it, and goes with the pointer.
            browser.hover("#bulle-siret").await;
            browser.shown("#bulle-siret").await;
            browser.hover("h1").await;
            browser.gone("#bulle-siret").await;
            browser.types("#employeur_siret", "\u{e008}\u{e004}\u{e008}").await;
            browser.shown("#bulle-siret").await;
            if javascript {
                browser.types("[aria-describedby=bulle-siret]", "\u{e00c}").await;
                browser.gone("#bulle-siret").await;
                browser.types("[aria-describedby=bulle-siret]", "\u{e004}").await;
                browser.types("#employeur_siret", "\u{e008}\u{e004}\u{e008}").await;
                browser.shown("#bulle-siret").await;
            }
            without_complaint(&browser).await;
        })
        .await;
    }
}

/// Where the rows of a list lead, in their order.
const LINKS: &str = "return [...document.querySelectorAll('main a')].map((link) => link.getAttribute('href')).join();";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q3_in_a_browser_back_finds_the_list_as_it_was() {
    let (_site, server) = site().await;
    let url = server.url();
    with_browser(true, async |browser| {
        browser.login(&url, logins::GESTIONNAIRE).await;
        for (list, row) in [
            ("/cvtheque?q=formation&tri=nom", "#liste .hit a"),
            ("/annonces?region=53", "#liste table a"),
            ("/messagerie/reception?tri=objet", "main table a"),
            ("/gestion/inscriptions?etat=rejetee", "td a"),
        ] {
            browser.goto(&format!("{url}{list}")).await;
            browser.shown(row).await;
            let before = browser.run(LINKS).await;
            browser.click(row).await;
            eventually("the row opens", async || (browser.address().await != format!("{url}{list}")).then_some(()))
                .await;
            browser.back().await;
            eventually("the same rows", async || (browser.run(LINKS).await == before).then_some(())).await;
            assert_eq!(browser.address().await, format!("{url}{list}"), "a link that can be kept");
        }
        // As one types, the address follows: it opens the same list elsewhere, and Back leaves it.
        browser.goto(&format!("{url}/cvtheque")).await;
        browser.types("#q", "montgolfiere").await;
        browser.says("#liste mark", |word| word.starts_with("montgolfière")).await;
        let kept = browser.address().await;
        assert!(kept.contains("q=montgolfiere"), "{kept}");
        browser.open_tab(&kept).await;
        browser.says("#liste mark", |word| word.starts_with("montgolfière")).await;
        without_complaint(&browser).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t4_in_a_browser_news_are_said_to_screen_readers_and_drawn_on_the_tab() {
    let (_site, server) = site().await;
    let (intervenant, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    read_everything(&intervenant).await;
    let him = recipient(&desk, &intervenant.name().await).await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::INTERVENANT).await;
        browser.goto(&format!("{}/annonces", server.url())).await;
        browser.shows_messages(0).await;
        let icon = async || {
            let href = browser.run("return document.querySelector('link[rel=icon]').href").await;
            href.as_str().expect("an address").starts_with("data:")
        };
        assert!(!icon().await, "nothing new: the plain icon");
        let region = browser
            .run("const r = document.querySelector('[data-voix]'); return r.getAttribute('aria-live') || r.role")
            .await;
        assert!(region == "polite" || region == "status", "{region}");
        send(&desk, &[&him], "Une nouvelle", "Bonjour").await;
        eventually("it is said", async || {
            let said = browser.run("return document.querySelector('[data-voix]').textContent").await;
            said.as_str().is_some_and(|said| said.contains("1 message non lu")).then_some(())
        })
        .await;
        browser.shows_messages(1).await;
        eventually("it is drawn", async || icon().await.then_some(())).await;
        for line in list(&intervenant, "reception").await {
            open(&intervenant, &line).await;
        }
        browser.shows_messages(0).await;
        eventually("plain again", async || (!icon().await).then_some(())).await;
        without_complaint(&browser).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s3_in_a_browser_another_address_is_asked_about_as_soon_as_it_is_typed() {
    let (_site, server) = site().await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::INTERVENANT).await;
        browser.goto(&format!("{}/support", server.url())).await;
        // The structure is asked for once the kind of request is known.
        assert!(browser.if_shown("#structure").await.is_none());
        browser.run("const s = document.querySelector('#sorte'); s.value = 'dossier'; s.dispatchEvent(new Event('change', { bubbles: true }))").await;
        browser.shown("#structure").await;
        browser.run("document.querySelector('#email').value = ''").await;
        browser.types("#email", "autre@support.example").await;
        browser.run("document.querySelector('#email').blur()").await;
        browser.says("#adresse-choix", |text| text.contains("n’est pas celle de votre profil")).await;
        browser.click("#adresse-choix button[value=demande]").await;
        browser.gone("#adresse-choix").await;
        browser.types("#objet", "Ma convention").await;
        browser.types("#message", "Je ne la trouve pas.").await;
        browser.press("Envoyer ma demande").await;
        browser.at("/mon-compte/demandes").await;
        browser.says(".hit h2", |objet| objet.contains("convention")).await;

        // The profile's: one goes to change it, and the request is given up.
        browser.goto(&format!("{}/support", server.url())).await;
        browser.run("document.querySelector('#email').value = ''").await;
        browser.types("#email", "autre@support.example").await;
        browser.run("document.querySelector('#email').blur()").await;
        browser.click("#adresse-choix button[value=profil]").await;
        browser.at("/mon-compte/adresse").await;
        browser.says(".notice", |said| said.contains("abandonnée")).await;
        without_complaint(&browser).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q1_in_a_browser_without_javascript_the_banner_loses_nothing_that_is_typed() {
    let (_site, server) = site().await;
    with_browser(false, async |browser| {
        browser.goto(&format!("{}/inscription", server.url())).await;
        for (field, value) in [("nom", "Zinzolin"), ("mot_de_passe", logins::PASSWORD), ("captcha", "vingt")] {
            browser.types(&format!("#{field}"), value).await;
        }
        browser.says(".cookies", |said| said.contains("nouvel onglet")).await;
        let form = browser.current_tab().await;
        browser.click_on("button", "Tout refuser").await;
        browser.switch_to_other(&form).await;
        browser.says(".notice", |said| said.contains("Fermez cet onglet")).await;
        browser.switch_to(&form).await;
        for (field, value) in [("nom", "Zinzolin"), ("mot_de_passe", logins::PASSWORD), ("captcha", "vingt")] {
            browser.valued(&format!("#{field}"), |kept| kept == value).await;
        }
        browser.click_on("button", "Créer mon compte").await;
        browser.shown(".summary").await;
        assert!(browser.if_shown(".cookies").await.is_none(), "the choice is kept");
        browser.valued("#nom", |kept| kept == "Zinzolin").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q1_in_a_browser_the_banner_and_the_logout_lose_nothing_that_is_typed() {
    let (_site, server) = site().await;
    with_browser(true, async |browser| {
        browser.login(&server.url(), logins::INTERVENANT).await;
        let here = format!("{}/mon-compte/reseaux", server.url());
        browser.goto(&here).await;
        let field = "main form[action='/mon-compte/reseaux'] input[inputmode=url]";
        browser.run(&format!("document.querySelector({field:?}).value = ''")).await;
        browser.types(field, "https://exemple.fr/zinzolin").await;
        // The banner is answered where one is.
        browser.run("window.stays = true").await;
        browser.click_on("button", "Tout refuser").await;
        browser.gone(".cookies").await;
        browser.says(".toast", |said| said.contains("seuls les cookies nécessaires")).await;
        browser.valued(field, |value| value.ends_with("zinzolin")).await;
        assert_eq!(browser.run("return window.stays").await, true, "the page is the same");
        // One is asked before the session ends.
        browser.run("window.confirm = (words) => { window.asked = words; return false; }").await;
        browser.click(".me summary").await;
        browser.click_on("button", "Se déconnecter").await;
        let asked = browser.run("return window.asked").await;
        assert!(asked.as_str().is_some_and(|words| words.contains("n’est pas enregistré")), "{asked}");
        browser.valued(field, |value| value.ends_with("zinzolin")).await;
        // Its own button asks nothing; what came back wrong is not saved either.
        browser.run("window.asked = undefined").await;
        browser.run(&format!("document.querySelector({field:?}).value = 'pas une adresse'")).await;
        browser.click("main form[action='/mon-compte/reseaux'] .actions button").await;
        browser.shown(".summary").await;
        assert!(browser.if_shown(".cookies").await.is_none(), "the choice is kept");
        browser.run("window.confirm = (words) => { window.asked = words; return false; }").await;
        browser.click(".me summary").await;
        browser.click_on("button", "Se déconnecter").await;
        assert!(browser.run("return window.asked").await.is_string());
        // With nothing typed nothing is asked.
        browser.goto(&here).await;
        browser.run("window.confirm = () => false").await;
        browser.click(".me summary").await;
        browser.click_on("button", "Se déconnecter").await;
        browser.at("/").await;
        browser.says(".notice", |said| said.contains("Votre session est fermée")).await;
        without_complaint(&browser).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q1_in_a_browser_taking_a_registration_on_keeps_the_refusal_being_typed() {
    let (_site, server) = site().await;
    let line = crate::revue::waiting(&server.login(logins::GESTIONNAIRE).await).await;
    for javascript in [true, false] {
        with_browser(javascript, async |browser| {
            browser.login(&server.url(), if javascript { logins::GESTIONNAIRE } else { logins::COLLEAGUE }).await;
            browser.goto(&format!("{}{}", server.url(), line.href)).await;
            browser.click_containing("#decision summary", "Rejeter").await;
            if javascript {
                // Each part has its own reasons and its own text.
                browser.click("#rejet_motif option[value=rejet-doublon]").await;
                browser.valued("#rejet_texte", |text| !text.is_empty()).await;
                browser.run("document.querySelector('#rejet_texte').value = ''").await;
                assert_eq!(browser.run("return document.querySelector('#complement_texte').value").await, "");
            }
            browser.types("#rejet_texte", "Hors de notre champ.").await;
            browser.click_on("button", "Prendre en charge").await;
            browser.says(".notice", |said| said.contains("pris en charge")).await;
            browser.valued("#rejet_texte", |text| text == "Hors de notre champ.").await;
            without_complaint(&browser).await;
        })
        .await;
    }
}
