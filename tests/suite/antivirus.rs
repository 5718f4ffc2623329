//! Received files and the antivirus that looks at them, a real one: SPEC Q8, D3, D14.

use crate::dossier::{World, fill, join, world_on};
use crate::support::clamd::{Clamd, eicar, setting, somewhere};
use crate::support::{Engine, Form, Page, Server, Site, both_engines, eventually, logins};

both_engines! {
    q8_a_file_waits_for_the_antivirus_and_is_then_let_out,
    q8_what_the_antivirus_finds_stays_with_its_owner,
}

const WAITS: &str = "analyse en attente";
const NOT_YET: &str = "n’a pas encore analysé ce fichier";
const FOUND: &str = "un programme dangereux dans ce fichier";

/// A world whose server asks an antivirus on that port.
async fn asking(engine: Engine, port: u16) -> World {
    let site = Site::demo(engine).await;
    let mut launch = site.launch();
    launch.arguments.extend(["--clamd".to_owned(), setting(port)]);
    let server = Server::start(launch).await;
    world_on(site, server).await
}

/// Where the first link or button of a page that bears the name of a file leads.
fn link(page: &Page, name: &str) -> String {
    let html = page.html();
    let mut all = html.all("a").chain(html.all("button")).filter(|link| link.text.starts_with(name));
    let to = all.find_map(|link| link.attribute("href").or(link.attribute("formaction")));
    to.unwrap_or_else(|| panic!("no {name}: {}", page.said())).to_owned()
}

/// The id that a link to a file of a dossier ends with, at the structure's.
fn opened_alone(page: &Page, name: &str) -> String {
    let beside = link(page, name);
    let id = beside.split("voir=").nth(1).expect("an id").split('#').next().expect("an id");
    format!("/gestion/dossiers/fichiers/{id}")
}

async fn send_cv(world: &World, text: &str) -> Page {
    let page = world.person.get("/mon-compte/cv").await;
    world.person.upload(&Form::to(&page, "/mon-compte/cv"), "cv", "cv.txt", text).await
}

async fn q8_a_file_waits_for_the_antivirus_and_is_then_let_out(engine: Engine) {
    let port = somewhere();
    let world = asking(engine, port).await;
    fill(&world.person).await;
    let sent = world.transmit().await;
    assert!(sent.body.contains("Votre dossier est transmis"), "a scanner that is down keeps nobody: {}", sent.said());
    let cv = send_cv(&world, "Accordeur de clavecins.").await;
    assert!(cv.main_text().contains("les structures pourront l’ouvrir ensuite"), "{}", cv.said());

    // The structure sees that they wait, and gets none of them; their owner does.
    let page = world.desk.get(&world.dossier).await;
    assert!(page.main_text().contains(WAITS), "{}", page.said());
    let alone = opened_alone(&page, "rib.pdf");
    let refused = world.desk.get(&alone).await;
    assert!(refused.status == 423 && refused.body.contains(NOT_YET), "{}", refused.said());
    let beside = world.desk.get(&link(&page, "rib.pdf")).await;
    assert!(beside.body.contains(NOT_YET) && !beside.body.contains("<iframe"), "{}", beside.said());
    let own = world.person.get(&link(&world.person.get("/mon-compte/documents/bloc/banque").await, "rib.pdf")).await;
    assert!(own.status == 200 && own.bytes.starts_with(b"%PDF"));
    let file = link(&cv, "cv.txt");
    assert_eq!(world.person.get(&file).await.status, 200);
    let refused = world.desk.get(&file).await;
    assert!(refused.status == 423 && refused.body.contains(NOT_YET), "{}", refused.said());
    let informations = world.server.visitor().get("/informations").await.html();
    let hrefs = informations.all("a").filter_map(|one| one.attribute("href"));
    let guide =
        hrefs.into_iter().find(|to| to.starts_with("/documents/")).expect("a document for everybody").to_owned();
    assert_eq!(world.server.visitor().get(&guide).await.status, 423);

    // It is said to who runs the service, which goes on serving.
    let visitor = world.server.visitor();
    assert_eq!(visitor.get("/readyz").await.status, 200);
    let metrics = visitor.get_only("/metrics").await.body;
    assert!(metrics.contains("ei_antivirus_up 0"), "{metrics}");
    let admin = world.server.login(logins::ADMINISTRATEUR).await;
    let board = admin.get("/tableau-de-bord").await;
    assert!(board.main_text().contains("ne répond pas"), "{}", board.said());
    assert!(world.server.logs().contains("the antivirus is down"));

    // It comes, and everything is let out.
    let _clamd = Clamd::start(port).await;
    let waiting = async || {
        let metrics = visitor.get_only("/metrics").await.body;
        metrics.lines().find_map(|line| line.strip_prefix("ei_files_to_scan ")?.parse::<f64>().ok())
    };
    eventually("everything was looked at", async || waiting().await.filter(|left| *left == 0.0)).await;
    let page = world.desk.get(&world.dossier).await;
    assert!(!page.main_text().contains(WAITS), "{}", page.said());
    for address in [&alone, &file, &guide] {
        let got = world.desk.get(address).await;
        assert_eq!(got.status, 200, "{address}: {}", got.said());
    }
    assert_eq!(world.desk.get(&alone).await.bytes, own.bytes, "what was sealed is what was sent");
    let beside = world.desk.get(&link(&page, "rib.pdf")).await;
    assert!(beside.body.contains("<iframe"), "{}", beside.said());
    assert!(admin.get("/tableau-de-bord").await.main_text().contains("répond, 0 fichier"));
}

async fn q8_what_the_antivirus_finds_stays_with_its_owner(engine: Engine) {
    let port = somewhere();
    let clamd = Clamd::start(port).await;
    let mut world = asking(engine, port).await;
    fill(&world.person).await;
    join(&world.person, "rib", "rib.txt", eicar()).await;
    let here = "/mon-compte/documents/bloc/banque";
    let page = eventually("it is found", async || {
        let page = world.person.get(here).await;
        page.main_text().contains(FOUND).then_some(page)
    })
    .await;
    assert_eq!(world.person.get(&link(&page, "rib.txt")).await.status, 200, "it is theirs");
    let refused = world.transmit().await;
    assert!(
        refused.status == 422 && refused.main_text().contains("Relevé d’identité bancaire (RIB) : L’antivirus"),
        "{}",
        refused.said()
    );
    assert!(
        refused.html().all("a").any(|one| one.attribute("href") == Some("/mon-compte/documents/bloc/banque#rib")),
        "it leads to the piece"
    );

    send_cv(&world, &eicar()).await;
    let cv = eventually("it is found", async || {
        let page = world.person.get("/mon-compte/cv").await;
        page.main_text().contains(FOUND).then_some(page)
    })
    .await;
    let file = link(&cv, "cv.txt");
    assert!(world.desk.get(&file).await.body.contains(FOUND));
    assert!(world.server.logs().contains("Eicar-Essai"), "who runs the service is told what it is");

    // Without an antivirus what was found stays kept back, and nothing else is.
    world.server.stop().await;
    drop(clamd);
    let flags = &mut world.server.launch_mut().arguments;
    flags.truncate(flags.len() - 2);
    world.server.start_again().await;
    let refused = world.desk.get(&file).await;
    assert!(refused.status == 423 && refused.body.contains(FOUND), "{}", refused.said());
    join(&world.person, "rib", "nouveau rib.txt", "Titulaire : M. Malo").await;
    let sent = world.transmit().await;
    assert!(sent.body.contains("Votre dossier est transmis"), "{}", sent.said());
    let page = world.desk.get(&world.dossier).await;
    assert!(!page.main_text().contains(WAITS), "{}", page.said());
    let alone = opened_alone(&page, "nouveau rib.txt");
    assert_eq!(world.desk.get(&alone).await.status, 200);
}
