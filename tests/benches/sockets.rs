//! Many authenticated sockets on one server: `cargo bench --bench sockets -- [sockets] [messages]` (5,000 and 500 by
//! default). Every account has a session and a socket of its own.
//!
//! Measured: memory of an idle socket beside an idle kept HTTP connection of the same server; processor time of sockets
//! that are only pinged; of a push, as the difference between messages to accounts whose page is open and messages to
//! accounts whose page is not; and the time from the answer to a POST, whose commit precedes it, to the push.
//! The sockets' other ends are on the same machine, and their work delays the server's.
//!
//! Beside it, in the same run, a peer: `peer/server.mjs`, a server of Node.js on the library `ws` that keeps nothing and
//! asks no database, with the same tabs. It is installed by npm into the build's temporary folder; without npm the run fails.

mod common;
mod peer;

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use common::person::{GESTIONNAIRE, Person, compte, open_sessions, open_store};
use common::program::Program;
use common::tab::{self, Heard, Kind};
use common::{Failure, Times, argument, line, millis, ratio};
use domain::alertes::Regle;
use domain::annonce::Modalite;
use domain::compte::{EtatCompte, EtatInscription, Role};
use domain::email::Email;
use domain::messagerie::DESTINATAIRES_MAX;
use domain::profil::Identification;
use domain::{CompteId, CorrespondantId, StructureId};
use futures_util::{StreamExt, TryStreamExt, stream};
use store::Store;
use store::intervenants::Profil;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedReceiver;

/// Accounts without a socket, to whom the baseline's messages go.
const ABSENT: usize = 500;
/// Sockets opened at the same time: within what the listener's queue holds.
const OPENING: usize = 64;
/// A push that did not come by then is lost.
const PATIENCE: Duration = Duration::from_mins(2);
/// Long enough to hold a round of pings, which come every 25 s.
const IDLE: Duration = Duration::from_secs(26);
/// SPEC Q10.
const AIM_BYTES: f64 = 12_000.0;
const AIM_PUSH: Duration = Duration::from_millis(50);

/// What was written to the database before the server starts.
struct Scene {
    /// Cookies of the accounts that open a socket.
    tokens: Vec<String>,
    /// Mailboxes of the same accounts.
    present: Vec<CorrespondantId>,
    /// Mailboxes of accounts that open none.
    absent: Vec<CorrespondantId>,
    /// Cookie of a gestionnaire, who writes and publishes.
    gestionnaire: String,
    annonce: i64,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let (sockets, messages) = (argument(0, 5_000)?.max(DESTINATAIRES_MAX), argument(1, 500)?.max(DESTINATAIRES_MAX));
    // The child inherits it; each side holds one end of every socket.
    let files = rlimit::increase_nofile_limit(u64::MAX)?;
    if files < sockets as u64 + 500 {
        return Err(format!("{sockets} sockets need that many open files and some: only {files} are allowed").into());
    }
    println!("{sockets} sockets of {sockets} accounts, {messages} messages");
    let folder = tempfile::tempdir()?;
    let (data, logs) = (folder.path().join("data"), folder.path().join("logs"));
    let arguments = ["--intervenants", "60", "--annonces", "20", "--fichiers", "0"];
    let mut program = Program::demo(&data, &logs, &arguments)?;
    program.first_page("/")?;
    program.stop()?;
    let scene = write_scene(&data, sockets).await?;

    let program = start(&data, &logs, &arguments, &scene).await?;
    let http = idle_connections(&program, sockets).await?;
    line("idle kept HTTP connection", format!("{http:.0} bytes"));
    program.stop()?;

    let program = start(&data, &logs, &arguments, &scene).await?;
    let before = program.memory()?;
    let used = program.processor()?;
    let began = Instant::now();
    let (tabs, mut ear) = open_tabs(&program.address(), &scene.tokens).await?;
    let opened = began.elapsed();
    line(
        "sockets opened and greeted with the whole state",
        format!(
            "{:.0}/s, {} ms of a core each",
            sockets as f64 / opened.as_secs_f64(),
            millis(program.processor_since(used)? / u32::try_from(sockets)?)
        ),
    );
    program.wait_until_quiet()?;
    let bytes = program.memory()?.saturating_sub(before) as f64 / sockets as f64;
    line("idle authenticated socket", format!("{bytes:.0} bytes, {} of an HTTP connection", ratio(bytes, http)));
    let held = if bytes < AIM_BYTES { "held" } else { "missed" };
    line("… aim (Q10)", format!("{held}: under {AIM_BYTES} bytes"));
    line("the whole server with them", format!("{:.1} MB resident", program.memory()? as f64 / 1e6));
    let used = program.processor()?;
    tokio::time::sleep(IDLE).await;
    let idle = program.processor_since(used)?.as_secs_f64() / IDLE.as_secs_f64();
    line("processor of the idle server, pings included", format!("{:.1} % of a core", idle * 100.0));

    let gestionnaire = Person::with_session(&program.url(), &scene.gestionnaire)?;
    for recipients in [1, DESTINATAIRES_MAX] {
        let posts = if recipients == 1 { messages } else { messages / 2 };
        let absent = write_messages(&program, &gestionnaire, &scene.absent, posts, recipients, idle, None).await?;
        let present =
            write_messages(&program, &gestionnaire, &scene.present, posts, recipients, idle, Some(&mut ear)).await?;
        line(
            &format!("{posts} messages to {recipients}: processor of each"),
            format!(
                "{} ms to open pages, {} ms to none",
                millis(present.processor / u32::try_from(posts)?),
                millis(absent.processor / u32::try_from(posts)?)
            ),
        );
        if recipients > 1 {
            // Of messages to one, the difference is too small beside what else the server does.
            let pushes = u32::try_from(posts * recipients)?;
            let push = present.processor.saturating_sub(absent.processor) / pushes;
            line(&format!("… of one of the {pushes} pushes (the difference)"), format!("{} ms", millis(push)));
        }
        line("… the POST itself", present.posts.in_words());
        line("… from its answer to the push", present.pushes.in_words());
        let held = if present.pushes.at(0.99) < AIM_PUSH { "held" } else { "missed" };
        line("… aim (Q10, p99 from the answer)", format!("{held}: under {} ms", millis(AIM_PUSH)));
    }

    publish(&program, &gestionnaire, &scene, &mut ear).await?;
    for tab in tabs {
        tab.abort();
    }
    program.stop()?;
    let ours = peer::Side { bytes, idle };
    peer::measure(&scene.tokens, messages, folder.path(), &ours).await
}

/// Opens the tabs of these sessions, each greeted with its whole state.
async fn open_tabs(
    address: &str,
    tokens: &[String],
) -> Result<(Vec<tokio::task::JoinHandle<()>>, UnboundedReceiver<Heard>), Failure> {
    let (say, mut ear) = tokio::sync::mpsc::unbounded_channel();
    let tabs: Vec<_> = stream::iter(tokens.iter().enumerate())
        .map(|(number, token)| tab::open(address, token, number, say.clone()))
        .buffer_unordered(OPENING)
        .try_collect()
        .await?;
    drop(say);
    await_all(&mut ear, (0..tokens.len()).collect(), Kind::Etat).await?;
    Ok((tabs, ear))
}

/// A server on this data to which every account has come once, so that what it keeps of them in its caches is not taken
/// for what a connection costs.
async fn start(data: &Path, logs: &Path, arguments: &[&str], scene: &Scene) -> Result<Program, Failure> {
    let mut program = Program::demo(data, logs, arguments)?;
    program.first_page("/")?;
    program.wait_until_quiet()?;
    let url = program.url();
    // One client for all: a connection each would be what is measured next.
    let anybody = Person::with_session(&url, &scene.gestionnaire)?;
    stream::iter(&scene.tokens)
        .map(|token| {
            let person = anybody.with_other_session(token);
            async move { person.read("/notifications").await.map(drop) }
        })
        .buffer_unordered(8)
        .try_collect::<Vec<()>>()
        .await?;
    drop(anybody);
    program.wait_until_quiet()?;
    Ok(program)
}

/// Bytes of a connection that asked once and is kept.
async fn idle_connections(program: &Program, count: usize) -> Result<f64, Failure> {
    let before = program.memory()?;
    let address = program.address();
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let kept: Vec<TcpStream> = stream::iter(0..count)
        .map(|_| async {
            let mut stream = TcpStream::connect(&address).await?;
            stream.write_all(request.as_bytes()).await?;
            let mut answer = [0; 2048];
            let read = stream.read(&mut answer).await?;
            if !answer[..read].starts_with(b"HTTP/1.1 200 ") {
                return Err::<_, Failure>("/healthz is not answered".into());
            }
            Ok(stream)
        })
        .buffer_unordered(OPENING)
        .try_collect()
        .await?;
    let bytes = program.memory()?.saturating_sub(before) as f64 / count as f64;
    drop(kept);
    Ok(bytes)
}

struct Written {
    processor: Duration,
    posts: Times,
    pushes: Times,
}

/// Sends messages one after the other, each to the next recipients in turn; with an ear, each waits for its pushes.
/// What the idle server uses (a share of a core) is not counted.
async fn write_messages(
    program: &Program,
    writer: &Person,
    to: &[CorrespondantId],
    count: usize,
    recipients: usize,
    idle: f64,
    mut ear: Option<&mut UnboundedReceiver<Heard>>,
) -> Result<Written, Failure> {
    program.wait_until_quiet()?;
    let (started, used) = (Instant::now(), program.processor()?);
    let (mut posts, mut pushes) = (Vec::with_capacity(count), Vec::new());
    for number in 0..count {
        let chosen: Vec<usize> = (0..recipients).map(|rank| (number * recipients + rank) % to.len()).collect();
        let ids: Vec<String> = chosen.iter().map(|place| to[*place].to_string()).collect();
        let token = format!("mesure-{recipients}-{}-{number}", ear.is_some());
        let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("destinataires", id.as_str())).collect();
        fields.extend([("objet", "Votre intervention de mai"), ("texte", "Bonjour, la salle est réservée.")]);
        fields.extend([("jeton", token.as_str()), ("action", "envoyer")]);
        let began = Instant::now();
        writer.post_to("/messagerie/ecrire", &fields, "/messagerie/envoyes").await?;
        let answered = Instant::now();
        posts.push(answered - began);
        if let Some(ear) = ear.as_deref_mut() {
            let heard = await_all(ear, chosen.into_iter().collect(), Kind::Compteurs).await?;
            pushes.extend(heard.into_iter().map(|at| at.saturating_duration_since(answered)));
        }
    }
    // The mails that the messages cause are part of both sides, the pings of idle sockets of neither.
    program.wait_until_quiet()?;
    let processor = program.processor_since(used)?.saturating_sub(started.elapsed().mul_f64(idle));
    Ok(Written { processor, posts: posts.into_iter().collect(), pushes: pushes.into_iter().collect() })
}

/// Publishes the annonce that concerns everybody.
async fn publish(
    program: &Program,
    gestionnaire: &Person,
    scene: &Scene,
    ear: &mut UnboundedReceiver<Heard>,
) -> Result<(), Failure> {
    let used = program.processor()?;
    let began = Instant::now();
    let path = format!("/gestion/annonces/{}/publier", scene.annonce);
    gestionnaire.post_to(&path, &[("version", "1"), ("prevenus", "0")], "/gestion/annonces").await?;
    let answered = Instant::now();
    let everybody = (0..scene.tokens.len()).collect();
    let heard = await_all(ear, everybody, Kind::Notification).await?;
    let pushes: Times = heard.into_iter().map(|at| at.saturating_duration_since(answered)).collect();
    program.wait_until_quiet()?;
    let alerted = scene.tokens.len() + scene.absent.len();
    let each = program.processor_since(used)? / u32::try_from(alerted)?;
    line(&format!("an annonce that concerns {alerted}: its POST"), format!("{} ms", millis(answered - began)));
    line("… from its answer to the notification", pushes.in_words());
    line("… processor, outbox, mails and pushes together", format!("{} ms for each person", millis(each)));
    Ok(())
}

/// Waits until each of these tabs has heard a frame of that kind; answers when they did.
async fn await_all(
    ear: &mut UnboundedReceiver<Heard>,
    mut tabs: HashSet<usize>,
    kind: Kind,
) -> Result<Vec<Instant>, Failure> {
    let mut times = Vec::with_capacity(tabs.len());
    let all = async {
        while !tabs.is_empty() {
            let heard = ear.recv().await.ok_or("every socket has ended")?;
            if heard.kind == Kind::Closed {
                return Err(format!("the socket of tab {} ended", heard.tab));
            }
            if heard.kind == kind && tabs.remove(&heard.tab) {
                times.push(heard.at);
            }
        }
        Ok(())
    };
    let ended = tokio::time::timeout(PATIENCE, all).await;
    match ended {
        Ok(heard) => heard?,
        Err(_) => return Err(format!("{} tabs heard no {kind:?} in {PATIENCE:?}", tabs.len()).into()),
    }
    Ok(times)
}

async fn write_scene(data: &Path, sockets: usize) -> Result<Scene, Failure> {
    let store = open_store(data).await?;
    let writer = compte(&store, GESTIONNAIRE).await?;
    let structure = writer.structure.ok_or("a gestionnaire without structure")?;
    let mut connection = store.read().await?;
    let region = store::referentiels::list_regions(&mut connection).await?.into_iter().next().ok_or("no région")?.code;
    let specialites = store::referentiels::list_specialites(&mut connection).await?;
    let specialite = specialites.into_iter().find(|item| item.parent_code.is_none()).ok_or("no spécialité")?.code;
    drop(connection);

    let mut people = Vec::with_capacity(sockets + ABSENT);
    for from in (0..sockets + ABSENT).step_by(500) {
        let numbers = from..(from + 500).min(sockets + ABSENT);
        let logins: Vec<Email> =
            numbers.map(|number| Email::parse(&format!("mesure.{number}@demo.example"))).collect::<Result<_, _>>()?;
        people.extend(write_people(&store, logins, structure, &region, &specialite).await?);
    }
    let absent: Vec<CorrespondantId> = people.split_off(sockets).into_iter().map(|(_, id)| id).collect();
    let comptes: Vec<CompteId> = people.iter().map(|(id, _)| *id).collect();
    let tokens = open_sessions(&store, &comptes).await?;
    let gestionnaire = open_sessions(&store, &[writer.id]).await?.remove(0);

    let content = store::annonces::Contenu {
        titre: "Préparer un budget communal".to_owned(),
        description: "Trois jours, partout en France, pour des secrétaires de mairie.".to_owned(),
        specialite,
        sous_specialite: None,
        regions: Vec::new(),
        departements: Vec::new(),
        modalite: Modalite::Presentiel,
        du: Some(store.clock().now().date() + chrono::Days::new(60)),
        au: Some(store.clock().now().date() + chrono::Days::new(62)),
    };
    let annonce = store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::annonces::create(transaction, structure, writer.id, &content).await })
        })
        .await?;
    Ok(Scene { tokens, present: people.into_iter().map(|(_, id)| id).collect(), absent, gestionnaire, annonce })
}

/// Validated intervenants who want to be told of every annonce of their région.
async fn write_people(
    store: &Store,
    logins: Vec<Email>,
    structure: StructureId,
    region: &str,
    specialite: &str,
) -> Result<Vec<(CompteId, CorrespondantId)>, Failure> {
    let profil = Profil {
        etat: EtatInscription::Validee,
        date_naissance: None,
        telephone: String::new(),
        adresse: String::new(),
        code_postal: String::new(),
        commune: String::new(),
        region: Some(region.to_owned()),
        departement: None,
        statut: None,
        employeur_siret: None,
        employeur_nom: String::new(),
        titre: "Formatrice en finances locales".to_owned(),
        experience: String::new(),
        motivation: String::new(),
        structure: Some(structure),
        specialites: vec![specialite.to_owned()],
        regions: vec![region.to_owned()],
        departements: Vec::new(),
        langues: Vec::new(),
        parcours: Vec::new(),
        interventions: Vec::new(),
        indisponibilites: Vec::new(),
        validee_at: Some(store.clock().now()),
    };
    let written = store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                let mut written = Vec::with_capacity(logins.len());
                for login in logins {
                    let nouveau = store::comptes::Nouveau {
                        role: Role::Intervenant,
                        etat: EtatCompte::Actif,
                        login,
                        mot_de_passe: None,
                        civilite: "Mme".to_owned(),
                        nom: "Mesure".to_owned(),
                        prenom: "Anne".to_owned(),
                        structure: None,
                        naissance: None,
                        activation_avant: None,
                    };
                    let id = store::comptes::create(transaction, &nouveau).await?;
                    store::intervenants::create(transaction, id, &profil, &Identification::default()).await?;
                    store::alertes::set(transaction, id, Regle::Regions).await?;
                    let correspondant = store::correspondants::of_compte(transaction.connection(), id).await?;
                    written.push((id, correspondant.ok_or(store::Error::Interrupted)?));
                }
                Ok(written)
            })
        })
        .await?;
    Ok(written)
}
