//! What the main pages cost: `cargo bench --bench pages -- [intervenants] [requests] [annonces]` (10,000, 200 and 500 by
//! default). One request at a time.
//!
//! *Server* is the time that the program itself writes in its log, page made and headers ready; *client* is what this
//! client waits for the whole compressed page on a kept connection. Beside them: `/healthz`, a route that does nothing.

mod common;

use std::time::{Duration, Instant};

use common::person::{GESTIONNAIRE, INTERVENANT, Person, compte, open_sessions, open_store};
use common::program::Program;
use common::{Failure, Times, argument, line, millis, ratio};

/// SPEC Q10: a page's median on the server.
const AIM: Duration = Duration::from_millis(5);
const WARM_UP: usize = 20;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let (intervenants, requests, annonces) = (argument(0, 10_000)?, argument(1, 200)?.max(1), argument(2, 500)?);
    println!("{intervenants} intervenants, {annonces} annonces, {requests} requests of each page");
    let folder = tempfile::tempdir()?;
    let (data, logs) = (folder.path().join("data"), folder.path().join("logs"));
    let (intervenants, annonces) = (intervenants.to_string(), annonces.to_string());
    let size = ["--intervenants", &intervenants, "--annonces", &annonces, "--fichiers", "0"];
    let began = Instant::now();
    let mut program = Program::demo(&data, &logs, &size)?;
    let loaded = program.first_page("/")?;
    program.wait_until_quiet()?;
    let quiet = began.elapsed();
    program.stop()?;
    line("the demonstration is written", format!("{:.1} s", loaded.as_secs_f64()));
    line("… indexed and at rest", format!("{:.1} s", quiet.as_secs_f64()));

    let store = open_store(&data).await?;
    let people = [compte(&store, INTERVENANT).await?.id, compte(&store, GESTIONNAIRE).await?.id];
    let tokens = open_sessions(&store, &people).await?;
    drop(store);

    let mut program = Program::demo(&data, &logs, &[&size[..], &["--log", "web::trace=info"]].concat())?;
    line("… started again, to the first page", format!("{} ms", millis(program.first_page("/")?)));
    program.wait_until_quiet()?;
    let visitor = Person::visitor(&program.url())?;
    let intervenant = Person::with_session(&program.url(), &tokens[0])?;
    let gestionnaire = Person::with_session(&program.url(), &tokens[1])?;

    let annonce = link(&visitor.read("/annonces").await?, "/annonces/")?;
    let message = link(&intervenant.read("/messagerie/reception").await?, "/messagerie/message/")?;
    let fiche = link(&gestionnaire.read("/cvtheque?q=formation").await?, "/cvtheque/")?;
    // Opened once, so that what is measured is not the first opening, which marks the message read.
    intervenant.read(&message).await?;

    let pages: [(&str, &Person, &str); 14] = [
        ("/healthz", &visitor, "/healthz"),
        ("accueil", &visitor, "/"),
        ("annonces, recherche sans mot", &visitor, "/annonces"),
        ("annonces, un mot", &visitor, "/annonces?q=management"),
        ("une annonce", &visitor, &annonce),
        ("tableau de bord, intervenant", &intervenant, "/tableau-de-bord"),
        ("messagerie, reçus", &intervenant, "/messagerie/reception"),
        ("un message", &intervenant, &message),
        ("notifications", &intervenant, "/notifications"),
        ("alertes", &intervenant, "/mon-compte/alertes"),
        ("tableau de bord, gestionnaire", &gestionnaire, "/tableau-de-bord"),
        ("messagerie de la structure, reçus", &gestionnaire, "/messagerie/reception"),
        ("CV-thèque, deux mots", &gestionnaire, "/cvtheque?q=formation+budget"),
        ("une fiche", &gestionnaire, &fiche),
    ];
    line("", "  server p50 /    p99      client p50 /    p99     of /healthz    bytes");
    let mut baseline = 0.0;
    let mut over = Vec::new();
    for (name, person, path) in pages {
        let (server, client, bytes) = measure(&program, person, path, requests).await?;
        if baseline == 0.0 {
            baseline = server.median().as_secs_f64();
        }
        let [server_median, server_late] = [server.median(), server.at(0.99)].map(millis);
        let [client_median, client_late] = [client.median(), client.at(0.99)].map(millis);
        let times = ratio(server.median().as_secs_f64(), baseline);
        line(
            name,
            format!(
                "{server_median:>7} / {server_late:>7} ms   {client_median:>7} / {client_late:>7} ms   {times:>8}   {bytes:>9}"
            ),
        );
        if server.median() >= AIM {
            over.push(name);
        }
    }
    let held = if over.is_empty() { "held by every page".to_owned() } else { format!("missed by {}", over.join(", ")) };
    line(&format!("aim (Q10): server median under {} ms", millis(AIM)), held);
    program.stop()
}

/// Server's times, client's times, bytes of one answer.
async fn measure(
    program: &Program,
    person: &Person,
    path: &str,
    requests: usize,
) -> Result<(Times, Times, usize), Failure> {
    let mut client = Vec::with_capacity(requests);
    let mut bytes = 0;
    for round in 0..WARM_UP + requests {
        let began = Instant::now();
        let answer = person.get(path).await?;
        let time = began.elapsed();
        if answer.status != 200 {
            return Err(format!("{path} is answered with {}", answer.status).into());
        }
        bytes = answer.body.len();
        if round >= WARM_UP {
            client.push(time);
        }
    }
    // One line per request, written before it is answered: the last ones are these.
    let said = program.said()?;
    let server = said.lines().rev().take(requests).map(server_time).collect::<Result<Times, Failure>>()?;
    Ok((server, client.into_iter().collect(), bytes))
}

fn server_time(line: &str) -> Result<Duration, Failure> {
    let entry: serde_json::Value = serde_json::from_str(line)?;
    let micros = entry["fields"]["micros"].as_u64().ok_or_else(|| format!("no time in {line}"))?;
    Ok(Duration::from_micros(micros))
}

/// The first address of a page that begins so and goes on.
fn link(page: &str, begins: &str) -> Result<String, Failure> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|href| href.strip_prefix(begins).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
        .map(ToOwned::to_owned)
        .ok_or_else(|| format!("no link to {begins}… on the page").into())
}
