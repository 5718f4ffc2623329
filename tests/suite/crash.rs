//! Killed at any point (SPEC Q8): what people were told is done is done, once; what they were not told can be tried
//! again. A ledger kept on the client's side says what was acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::RwLock;

use crate::support::annonces::{found, options};
use crate::support::messagerie::{list, recipient, unread};
use crate::support::{Client, Engine, Form, Server, Site, both_engines, command, eventually, logins};
#[cfg(feature = "external")]
use crate::support::{sink::Sink, wait::within};

both_engines! {
    q8_killed_at_random_instants_under_load_nothing_acknowledged_is_lost_or_doubled,
    q8_stopped_under_load_nothing_acknowledged_is_lost_and_nothing_is_cut_short,
}

async fn q8_killed_at_random_instants_under_load_nothing_acknowledged_is_lost_or_doubled(engine: Engine) {
    load_and_end(engine, 1, Ending::Kill, 1).await;
}

async fn q8_stopped_under_load_nothing_acknowledged_is_lost_and_nothing_is_cut_short(engine: Engine) {
    load_and_end(engine, 1, Ending::Stop, 2).await;
}

#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q8_of_two_servers_one_is_killed_at_random_instants_and_nothing_is_lost_or_doubled() {
    load_and_end(Engine::Postgres, 2, Ending::Kill, 3).await;
}

#[derive(Clone, Copy, PartialEq)]
enum Ending {
    Kill,
    Stop,
}

/// How often a server ends during the test.
const ENDS: usize = 5;

/// What the clients share: where the servers are, whether to go on, how much was acknowledged.
struct Load {
    urls: Vec<String>,
    over: AtomicBool,
    acknowledged: AtomicUsize,
    /// Held in writing while a server is away on purpose, so that clients wait for a condition instead of hammering.
    away: RwLock<()>,
    turn: AtomicUsize,
}

impl Load {
    /// The next server in turn: a client that gets no answer asks another.
    fn url(&self) -> &str {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        &self.urls[turn % self.urls.len()]
    }

    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }
}

/// Sends a form until a server acknowledges it with a redirection, whatever happens to the servers meanwhile.
async fn insist(load: &Load, client: &Client, form: &Form) -> Option<String> {
    for _ in 0..2_000 {
        match client.at(load.url()).try_post(&form.action, &form.fields).await {
            Ok(page) if page.status == 303 => {
                load.acknowledged.fetch_add(1, Ordering::Relaxed);
                return page.location().map(str::to_owned);
            }
            // It was done already, and its acknowledgement was lost with the server.
            Ok(page) if page.status == 409 => return None,
            Ok(page) => assert!([500, 503].contains(&page.status), "{}: {} {}", form.action, page.status, page.said()),
            Err(_) => drop(load.away.read().await),
        }
        tokio::task::yield_now().await;
    }
    panic!("{} is never acknowledged", form.action);
}

/// A page, from whichever server answers.
async fn page(load: &Load, client: &Client, path: &str) -> crate::support::Page {
    for _ in 0..2_000 {
        match client.at(load.url()).try_get(path).await {
            Ok(page) if page.status == 200 => return page,
            Ok(page) => assert!([500, 503].contains(&page.status), "{path}: {} {}", page.status, page.said()),
            Err(_) => drop(load.away.read().await),
        }
        tokio::task::yield_now().await;
    }
    panic!("{path} never opens");
}

/// Writes messages one after the other; gives the subjects that were acknowledged.
async fn write_messages(load: Arc<Load>, client: Client, to: String, name: &'static str) -> Vec<String> {
    let mut acknowledged = Vec::new();
    while load.goes_on() {
        let objet = format!("{name} {}", acknowledged.len());
        let opened = page(&load, &client, "/messagerie/ecrire").await;
        let form = Form::to(&opened, "/messagerie/ecrire")
            .set("objet", &objet)
            .set("texte", "Sous la charge.")
            .add("destinataires", &to)
            .set("action", "envoyer");
        insist(&load, &client, &form).await;
        acknowledged.push(objet);
    }
    acknowledged
}

/// Publishes annonces one after the other; gives the titles that were acknowledged.
async fn publish_annonces(load: Arc<Load>, client: Client) -> Vec<String> {
    let mut acknowledged = Vec::new();
    let mut number = 0;
    while load.goes_on() {
        number += 1;
        let titre = format!("Sous la charge {number}");
        let opened = page(&load, &client, "/gestion/annonces/nouvelle").await;
        let specialite = options(&opened, "specialite").remove(0).0;
        let form = Form::pressing(&opened, "Enregistrer")
            .set("titre", &titre)
            .set("texte", "Sismologie.")
            .set("specialite", &specialite)
            .without("regions");
        // A draft whose acknowledgement is lost may be there twice: it has no token. What is published is not doubled.
        let Some(address) = insist(&load, &client, &form).await else { continue };
        if !address.starts_with("/gestion/annonces/") {
            continue;
        }
        let opened = page(&load, &client, &address).await;
        let Some(address) = insist(&load, &client, &Form::pressing(&opened, "Publier l’annonce")).await else {
            continue;
        };
        // Sent again after a cut it may find the annonce published, and answer with the list.
        if address.ends_with("/publier") {
            let asked = page(&load, &client, &address).await;
            insist(&load, &client, &Form::to(&asked, &address)).await;
            acknowledged.push(titre);
        }
    }
    acknowledged
}

async fn load_and_end(engine: Engine, count: usize, ending: Ending, seed: u64) {
    let mut dice = StdRng::seed_from_u64(crate::support::seed(seed));
    let site = Site::demo(engine).await;
    #[cfg(feature = "external")]
    let sink = Sink::start().await;
    let mut servers = Vec::new();
    for _ in 0..count {
        #[cfg(feature = "external")]
        servers.push(site.serve_with_mail(&sink.url()).await);
        #[cfg(not(feature = "external"))]
        servers.push(site.serve().await);
    }
    let gestionnaire = servers[0].login(logins::GESTIONNAIRE).await;
    let colleague = servers[0].login(logins::COLLEAGUE).await;
    let intervenant = servers[0].login(logins::INTERVENANT).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    let structure = recipient(&intervenant, "Délégation Bretagne").await;
    let alerts = intervenant.get("/mon-compte/alertes").await;
    let form = Form::pressing(&alerts, "Enregistrer mes alertes");
    let form = form.without("specialites").without("specialites_et_regions").set("regions", "1");
    intervenant.submit(&form).await;
    let before = unread(&intervenant).await;

    let load = Arc::new(Load {
        urls: servers.iter().map(Server::url).collect(),
        over: AtomicBool::new(false),
        acknowledged: AtomicUsize::new(0),
        away: RwLock::new(()),
        turn: AtomicUsize::new(0),
    });
    let to_him = tokio::spawn(write_messages(load.clone(), gestionnaire.clone(), him, "Vers lui"));
    let to_the_structure = tokio::spawn(write_messages(load.clone(), intervenant.clone(), structure, "Vers elle"));
    let annonces = tokio::spawn(publish_annonces(load.clone(), colleague.clone()));

    for _ in 0..ENDS {
        let target = load.acknowledged.load(Ordering::Relaxed) + dice.random_range(3..20);
        eventually("work is acknowledged", async || {
            (load.acknowledged.load(Ordering::Relaxed) >= target).then_some(())
        })
        .await;
        // Not a wait for something: the instant itself is what is random.
        tokio::time::sleep(Duration::from_micros(dice.random_range(0..20_000))).await;
        let number = dice.random_range(0..servers.len());
        let away = if count == 1 { Some(load.away.write().await) } else { None };
        match ending {
            Ending::Kill => servers[number].kill(),
            Ending::Stop => assert!(servers[number].stop().await.success(), "it ends well under load"),
        }
        servers[number].start_again().await;
        drop(away);
    }
    load.over.store(true, Ordering::Relaxed);
    let to_him = to_him.await.expect("the writer");
    let to_the_structure = to_the_structure.await.expect("the writer");
    let annonces = annonces.await.expect("the publisher");
    assert!(to_him.len() > 5 && to_the_structure.len() > 5 && annonces.len() > 2, "there was a load");
    println!("{} and {} messages, {} annonces", to_him.len(), to_the_structure.len(), annonces.len());

    // Messages: each one once, on both sides.
    for (objets, from, to) in [(&to_him, &gestionnaire, &intervenant), (&to_the_structure, &intervenant, &gestionnaire)]
    {
        let (received, sent) = (subjects(to, "reception").await, subjects(from, "envoyes").await);
        for objet in objets {
            assert_eq!(received.get(objet), Some(&1), "« {objet} » is received once");
            assert_eq!(sent.get(objet), Some(&1), "« {objet} » is sent once");
        }
        let all =
            received.keys().filter(|objet| objets[0].split_once(' ').is_some_and(|(word, _)| objet.starts_with(word)));
        assert_eq!(all.count(), objets.len(), "and nothing else");
    }
    let now = before + i64::try_from(to_him.len()).expect("a small number");
    assert_eq!(unread(&intervenant).await, now);
    intervenant.tab().await.shows(now).await;

    // Annonces: each one found once, as the index has caught up.
    let visitor = servers[0].visitor();
    for titre in &annonces {
        eventually(&format!("« {titre} » is found"), async || {
            let rows = found(&visitor, &format!("\"{titre}\" sismologie")).await;
            let same = rows.iter().filter(|row| row.titre == *titre).count();
            assert!(same < 2, "« {titre} » is found {same} times");
            (same == 1).then_some(())
        })
        .await;
    }

    #[cfg(feature = "external")]
    mails_are_sent(&mut servers, &sink, &to_him, &annonces, ending).await;

    for server in &mut servers {
        assert!(server.stop().await.success());
    }
    let outcome = command::on(&site, "check", &[]).await;
    assert_eq!(outcome.code, Some(0), "check: {}", outcome.said());
}

async fn subjects(client: &Client, name: &str) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for line in list(client, name).await {
        *count.entry(line.objet).or_default() += 1;
    }
    count
}

/// One mail for each message and each alert. A second copy, always of the same Message-ID, is possible only for what
/// was being handed over at the instant of a kill.
#[cfg(feature = "external")]
async fn mails_are_sent(servers: &mut [Server], sink: &Sink, objets: &[String], titres: &[String], ending: Ending) {
    // What the killed processes had claimed is theirs until their lease ends: later comes sooner on a clock ahead.
    for server in servers.iter_mut() {
        server.stop().await;
        server.launch_mut().clock_ahead = 3_600;
        server.start_again().await;
    }
    let expected: Vec<&String> = objets.iter().chain(titres).collect();
    let copies = |words: &str| -> Vec<String> {
        // « Vers lui 1 » is not « Vers lui 12 ».
        let says = |text: &str| text.split(words).skip(1).any(|after| !after.starts_with(|c: char| c.is_ascii_digit()));
        let sent = sink.to(logins::INTERVENANT, words).into_iter();
        let sent = sent.filter(|mail| says(&mail.subject) || says(&mail.text));
        sent.map(|mail| mail.id).collect()
    };
    within(Duration::from_mins(1), "every mail is sent", async || {
        expected.iter().all(|words| !copies(words).is_empty()).then_some(())
    })
    .await;
    let mut doubled = 0;
    for words in expected {
        let mut ids = copies(words);
        doubled += ids.len() - 1;
        ids.dedup();
        assert_eq!(ids.len(), 1, "« {words} »: one Message-ID, {ids:?}");
    }
    // At each kill, each connection to the mail server may have been between the answer and our note of it.
    let most = if ending == Ending::Kill { ENDS * 8 } else { 0 };
    assert!(doubled <= most, "{doubled} second copies");
}
