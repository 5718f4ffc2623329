//! What gestionnaires do with what they find: searches kept, shared and followed, lists, a message to each, a workbook,
//! similar profiles. SPEC G3.

use crate::cvtheque::{all, hits};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, eventually, logins, mails};

both_engines! {
    g3_a_search_is_kept_shared_and_removed,
    q1_g3_a_button_of_a_kept_search_leaves_the_one_being_named,
    g3_a_newly_validated_cv_is_told_live_to_who_follows_a_search,
    g3_people_are_put_into_a_list_and_taken_out,
    g3_a_selection_is_written_to_one_message_each_and_once,
    g3_an_export_holds_the_people_and_is_written_down,
    g3_similar_profiles_say_what_they_share,
}

const SEARCHES: &str = "/cvtheque/recherches";
const LISTS: &str = "/cvtheque/listes";

/// What a page shows, with plain spaces.
fn plain(page: &Page) -> String {
    page.body.replace(['\u{a0}', '\u{202f}'], " ")
}

/// The ids of a search and of a list, kept for that gestionnaire alone.
pub async fn kept(client: &Client) -> (String, String) {
    let page = keep(client, "/cvtheque?q=formation", "Droits", &[]).await;
    let html = page.html();
    let mut actions = html.all("button").filter_map(|button| button.attribute("formaction"));
    let search = actions.find_map(|action| action.strip_prefix("/cvtheque/recherches/")).expect("a search").to_owned();
    let somebody = hits(&client.get("/cvtheque").await).swap_remove(0).id;
    let page = client.get(&format!("/cvtheque/listes/ajouter?personnes={somebody}")).await;
    let page = client.submit(&Form::to(&page, "/cvtheque/listes/ajouter").set("nom", "Droits")).await;
    let list = page.path().strip_prefix("/cvtheque/listes/").expect("the list").to_owned();
    (search, list)
}

/// Keeps a search under a name, from its page of results on.
pub async fn keep(client: &Client, search: &str, nom: &str, ticked: &[&str]) -> Page {
    let results = client.get(search).await;
    let html = results.html();
    let link = html.all("a").find(|link| link.text == "Enregistrer cette recherche").expect("a way to keep it");
    let page = client.get(link.expect("href")).await;
    let mut form = Form::to(&page, SEARCHES).set("nom", nom).without("suivie").without("partagee");
    for name in ticked {
        form = form.set(name, "1");
    }
    client.submit(&form).await
}

/// Presses a button of the line that has this name.
async fn act(client: &Client, nom: &str, button: &str) -> Page {
    let page = client.get(SEARCHES).await;
    let html = page.html();
    let row = html
        .all("li")
        .find(|row| row.has_class("hit") && html.inside(row, "h2").any(|head| head.text == nom))
        .unwrap_or_else(|| panic!("« {nom} » among {}", page.said()));
    let pressed = html
        .inside(row, "button")
        .find(|found| found.text.starts_with(button))
        .unwrap_or_else(|| panic!("« {button} » in {}", row.text));
    client.submit(&Form::with_button(&page, &html, pressed)).await
}

async fn g3_a_search_is_kept_shared_and_removed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, colleague) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::COLLEAGUE).await);
    let elsewhere = server.login(logins::ELSEWHERE).await;

    // Nothing searched: nothing to keep. A name is asked for.
    assert!(!me.get("/cvtheque").await.body.contains("Enregistrer cette recherche"));
    let unnamed = keep(&me, "/cvtheque?q=formateur&region=53", " ", &["suivie"]).await;
    assert_eq!(unnamed.status, 422, "{}", unnamed.said());
    assert!(unnamed.body.contains("Donnez un nom") && unnamed.body.contains("Bretagne"), "{}", unnamed.said());

    let kept = keep(&me, "/cvtheque?q=formateur&region=53&tri=nom", "Budget en Bretagne", &[]).await;
    assert_eq!((kept.status, kept.path()), (200, SEARCHES), "{}", kept.said());
    let html = kept.html();
    let link = html.all("a").find(|link| link.text == "Budget en Bretagne").expect("the search by its name");
    assert_eq!(link.expect("href"), "/cvtheque?q=formateur&region=53&tri=nom");
    let total = all(&me, link.expect("href")).await.len();
    assert!(total > 0 && plain(&kept).contains(&format!("{total} profil")), "{}", kept.said());

    // The same name twice is refused; a colleague sees nothing of it before it is shared, another structure never.
    let twice = keep(&me, "/cvtheque?q=paie", "Budget en Bretagne", &[]).await;
    assert_eq!(twice.status, 422);
    assert!(twice.body.contains("porte déjà ce nom"), "{}", twice.said());
    let sees = async |client: &Client| client.get(SEARCHES).await.body.contains("Budget en Bretagne");
    assert!(!sees(&colleague).await);
    assert!(act(&me, "Budget en Bretagne", "Partager").await.body.contains("partagée avec votre structure"));
    assert!(sees(&colleague).await && !sees(&elsewhere).await);
    let page = colleague.get(SEARCHES).await;
    assert!(!page.body.contains("value=\"supprimer\""), "what is a colleague's is hers to remove: {}", page.said());
    let own = me.get(SEARCHES).await;
    let html = own.html();
    let action =
        html.all("button").find_map(|one| one.attribute("formaction").filter(|to| to.contains("/recherches/")));
    let action = action.expect("its buttons").to_owned();
    for action_word in ["supprimer", "ne_plus_partager"] {
        assert_eq!(colleague.post(&action, &[("action", action_word)]).await.status, 404);
    }
    assert_eq!(elsewhere.post(&action, &[("action", "suivre")]).await.status, 404, "what one can't see is not there");
    assert_eq!(me.post(&action, &[("action", "voler")]).await.status, 400);

    act(&me, "Budget en Bretagne", "Supprimer").await;
    assert!(!sees(&me).await && !sees(&colleague).await);
}

async fn q1_g3_a_button_of_a_kept_search_leaves_the_one_being_named(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    keep(&me, "/cvtheque?q=paie", "Paie", &[]).await;
    let mut page = me.get(&format!("{SEARCHES}?q=formateur&region=53")).await;
    for button in ["Partager avec ma structure : Paie", "Supprimer Paie"] {
        let form = Form::pressing(&page, button).set("nom", "Budget, à finir").without("suivie").set("partagee", "1");
        page = me.submit(&form).await;
        assert_eq!((page.status, page.path()), (200, SEARCHES), "{button}: {}", page.said());
        let kept = Form::to(&page, SEARCHES);
        assert_eq!(kept.value("nom"), Some("Budget, à finir"), "{button}: {}", page.said());
        assert_eq!((kept.value("suivie"), kept.value("partagee")), (None, Some("1")), "{button}");
        assert!(kept.value("adresse").is_some_and(|to| to.contains("q=formateur&region=53")), "{kept:?}");
    }
    assert!(page.html().all("h2").all(|title| title.text != "Paie"), "{}", page.said());
    let saved = me.submit(&Form::to(&page, SEARCHES)).await;
    assert!(saved.main_text().contains("Budget, à finir"), "{}", saved.said());
}

async fn g3_a_newly_validated_cv_is_told_live_to_who_follows_a_search(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, colleague) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::COLLEAGUE).await);
    let line = crate::revue::waiting(&me).await;
    let surname = line.nom.split(' ').next_back().expect("a surname").to_owned();
    let theirs = format!("/cvtheque?q=nom:{}", crate::support::client::encode(&surname));

    keep(&colleague, &theirs, "Mon sujet", &["suivie", "partagee"]).await;
    keep(&colleague, "/cvtheque?q=zymurgie", "Un autre sujet", &["suivie"]).await;
    keep(&colleague, &format!("{theirs} SAUF nom:{surname}"), "Tout sauf cela", &["suivie"]).await;
    keep(&colleague, &theirs, "Sans avis", &[]).await;
    // She follows the shared one too; but she is who validates.
    act(&me, "Mon sujet", "Me prévenir").await;
    let before = me.get("/notifications").await.body.matches("Mon sujet").count();
    let tab = colleague.tab().await;
    let told = tab.told();
    let page = me.get(&line.href).await;
    me.press(&page, "Valider l’inscription").await;

    // Live, without asking.
    let (unread, shown) = (told.counter("notifications"), told.notifications.len());
    tab.until("the notice", |now| now.counter("notifications") > unread && now.notifications.len() > shown).await;
    let notices = eventually("the notice", async || {
        let page = colleague.get("/notifications").await;
        page.body.contains("Un nouveau CV répond à « Mon sujet »").then_some(page)
    })
    .await;
    for name in ["Un autre sujet", "Tout sauf cela", "Sans avis"] {
        assert!(!notices.body.contains(name), "{name}: {}", notices.said());
    }
    assert_eq!(me.get("/notifications").await.body.matches("Mon sujet").count(), before, "who validates knows");

    // It leads to the search, the person beside.
    let html = notices.html();
    let button = html.all("button").find(|button| button.text.contains("Mon sujet")).expect("the notice");
    let results = colleague.submit(&Form::with_button(&notices, &html, button)).await;
    assert_eq!((results.status, results.path()), (200, "/cvtheque"), "{}", results.said());
    let id = line.href.rsplit('/').next().expect("an id");
    assert!(hits(&results).iter().any(|hit| hit.id == id), "{}", results.said());

    // Once: also when the server starts again.
    let mut server = server;
    server.stop().await;
    server.start_again().await;
    let again = server.login(logins::COLLEAGUE).await;
    server.login(logins::ADMINISTRATEUR).await;
    assert_eq!(again.get("/notifications").await.body.matches("« Mon sujet »").count(), 1);
}

/// The button of a list of results with these people ticked.
pub async fn ticked(client: &Client, address: &str, people: &[String], button: &str) -> Page {
    let page = client.get(address).await;
    let html = page.html();
    let pressed = html.all("button").find(|found| found.text.starts_with(button)).expect("the button");
    let mut form = Form::with_button(&page, &html, pressed).without("personnes");
    for id in people {
        form = form.add("personnes", id);
    }
    client.submit(&form).await
}

async fn g3_people_are_put_into_a_list_and_taken_out(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, colleague) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::COLLEAGUE).await);
    let people = all(&me, "/cvtheque").await;
    let ids: Vec<String> = people.iter().take(3).map(|hit| hit.id.clone()).collect();

    let none = ticked(&me, "/cvtheque", &[], "Ajouter à une liste").await;
    assert_eq!(none.status, 400);
    assert!(none.body.contains("Cochez d’abord"), "{}", none.said());
    let page = ticked(&me, "/cvtheque", &ids[..2], "Ajouter à une liste").await;
    assert_eq!(page.path(), "/cvtheque/listes/ajouter", "{}", page.said());
    let unnamed = me.submit(&Form::to(&page, "/cvtheque/listes/ajouter")).await;
    assert_eq!(unnamed.status, 422, "{}", unnamed.said());
    let list = me.submit(&Form::to(&page, "/cvtheque/listes/ajouter").set("nom", "Jury de juin")).await;
    assert_eq!(list.status, 200, "{}", list.said());
    assert!(plain(&list).contains("2 personnes ajoutées"), "{}", list.said());
    let address = list.path().to_owned();
    assert!(address.starts_with("/cvtheque/listes/"));

    // Again, into the same list: who is there stays once.
    let page = ticked(&me, "/cvtheque", &ids, "Ajouter à une liste").await;
    let id = address.rsplit('/').next().expect("an id");
    let list = me.submit(&Form::to(&page, "/cvtheque/listes/ajouter").set("liste", id)).await;
    assert!(plain(&list).contains("1 personne ajoutée"), "{}", list.said());
    let members = |page: &Page| page.body.matches("name=\"personnes\"").count();
    assert_eq!(members(&list), 3);

    // Hers alone until it is shared.
    assert_eq!(colleague.get(&address).await.status, 404);
    me.press(&list, "Partager avec ma structure").await;
    let theirs = colleague.get(&address).await;
    assert_eq!((theirs.status, members(&theirs)), (200, 3), "{}", theirs.said());
    assert!(!theirs.body.contains("Supprimer la liste"));
    assert_eq!(colleague.post(&address, &[("action", "supprimer")]).await.status, 404);
    assert!(colleague.get(LISTS).await.body.contains("Jury de juin"));
    let shorter = ticked(&colleague, &address, &ids[..1], "Retirer de la liste").await;
    assert!(plain(&shorter).contains("1 personne retirée"), "{}", shorter.said());
    assert_eq!(members(&me.get(&address).await), 2);

    me.press(&me.get(&address).await, "Supprimer la liste").await;
    assert_eq!(me.get(&address).await.status, 404);
    assert_eq!(all(&me, "/cvtheque").await.len(), people.len(), "the profiles stay");
}

async fn g3_a_selection_is_written_to_one_message_each_and_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let person = server.login(logins::INTERVENANT).await;
    let name = person.name().await;
    let everybody = all(&me, "/cvtheque").await;
    let known = everybody.iter().find(|hit| hit.nom == name).expect("the documented intervenant").id.clone();
    let other = everybody.iter().find(|hit| hit.id != known).expect("somebody else");
    let chosen = [known.clone(), other.id.clone()];

    let page = ticked(&me, "/cvtheque", &chosen, "Écrire").await;
    assert_eq!(page.path(), "/cvtheque/ecrire", "{}", page.said());
    assert!(page.body.contains(&name) && page.body.contains(&other.nom), "{}", page.said());
    let empty = me.submit(&Form::to(&page, "/cvtheque/ecrire")).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("Votre message est vide"), "{}", empty.said());

    let objet = "Vos dates de juin";
    let form = Form::to(&page, "/cvtheque/ecrire").set("objet", objet).set("texte", "Êtes-vous libres ?");
    for _ in 0..2 {
        // The second time is a double click: nothing more is sent, and the answer is the same.
        let sent = me.submit(&form).await;
        assert_eq!(sent.status, 200, "{}", sent.said());
        assert!(plain(&sent).contains("2 messages envoyés"), "{}", sent.said());
        assert_eq!(sent.body.matches(">envoyé<").count(), 2, "{}", sent.said());
    }
    let line = crate::support::messagerie::received(&person, objet).await;
    let message = crate::support::messagerie::open(&person, &line).await;
    assert!(message.body.contains("Êtes-vous libres") && !message.body.contains(&other.nom), "{}", message.said());
    assert_eq!(mails::of_message(&me, logins::INTERVENANT, objet).await.len(), 1, "one email, for one message");

    // Another text under the same form is asked about, not sent; whoever can't be in the list is not written to.
    let changed = me.submit(&form.clone().set("texte", "Autre chose")).await;
    assert!(changed.body.contains("déjà envoyé avec un autre texte"), "{}", changed.said());
    let nobody = me.submit(&Form::to(&page, "/cvtheque/ecrire").without("personnes").set("texte", "Bonjour")).await;
    assert_eq!(nobody.status, 422, "{}", nobody.said());
}

async fn g3_an_export_holds_the_people_and_is_written_down(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    assert!(admin.get("/administration/exports").await.body.contains("Aucun export"));
    let found = all(&me, "/cvtheque?q=formateur").await;
    assert!(found.len() > 2);

    let texts = |page: &Page| {
        assert_eq!(page.status, 200, "{}", page.said());
        let kind = page.headers.get("content-disposition").expect("a file").to_str().expect("a text").to_owned();
        assert!(kind.starts_with("attachment") && kind.contains(".xlsx"), "{kind}");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(page.bytes.clone())).expect("a workbook");
        let mut text = String::new();
        for name in ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"] {
            std::io::Read::read_to_string(&mut archive.by_name(name).expect("a part"), &mut text).expect("a text");
        }
        text
    };
    let chosen: Vec<String> = found.iter().take(1).map(|hit| hit.id.clone()).collect();
    let one = texts(&ticked(&me, "/cvtheque?q=formateur", &chosen, "Exporter").await);
    let whole = texts(&ticked(&me, "/cvtheque?q=formateur", &[], "Exporter les").await);
    let surname = |nom: &str| format!(">{}<", nom.split(' ').next_back().expect("a surname"));
    for hit in &found {
        assert!(whole.contains(&surname(&hit.nom)), "{} is in it", hit.nom);
    }
    assert!(one.contains(&surname(&found[0].nom)) && one.len() < whole.len());
    assert!(!whole.contains("<f>"), "no formula");

    let register = admin.get("/administration/exports").await;
    assert!(plain(&register).contains("1 profil "), "{}", register.said());
    assert!(plain(&register).contains(&format!("{} profils", found.len())), "{}", register.said());
    assert!(register.body.contains("/cvtheque?q=formateur"), "{}", register.said());
    assert_eq!(me.get("/administration/exports").await.status, 403);
}

async fn g3_similar_profiles_say_what_they_share(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let somebody = all(&me, "/cvtheque?q=budget").await.swap_remove(0);
    let fiche = me.get(&format!("/cvtheque/{}", somebody.id)).await;
    let html = fiche.html();
    let link = html.all("a").find(|link| link.text == "Profils similaires").expect("a way there");
    let page = me.get(link.expect("href")).await;
    assert_eq!(page.status, 200, "{}", page.said());
    let html = page.html();
    let rows: Vec<String> = html.all("li").filter(|row| row.has_class("hit")).map(|row| row.text.clone()).collect();
    assert!(!rows.is_empty(), "{}", page.said());
    assert!(rows.iter().all(|row| row.contains("communs :") || row.contains("Mêmes ")), "each says why: {rows:?}");
    assert!(rows.iter().all(|row| !row.starts_with(&somebody.nom)), "not the person themself");
    // The closest shares a spécialité, as the fiches say.
    let first = html.all("a").find(|link| link.text.contains(' ') && rows[0].starts_with(&link.text)).expect("a name");
    let closest = me.get(first.expect("href")).await;
    let specialites = |page: &Page| {
        let html = page.html();
        let found =
            html.all("dt").zip(html.all("dd")).find(|(dt, _)| dt.text == "Spécialités").map(|(_, dd)| dd.text.clone());
        found.unwrap_or_default()
    };
    let (theirs, others) = (specialites(&fiche), specialites(&closest));
    let said = rows[0].split("Mêmes spécialités : ").nth(1).and_then(|rest| rest.split('.').next()).unwrap_or_default();
    for shared in said.split(", ").filter(|word| !word.is_empty()) {
        assert!(theirs.contains(shared) && others.contains(shared), "{shared}: {theirs} / {others}");
    }
    assert_eq!(me.get("/cvtheque/999999999/similaires").await.status, 404);
}
