//! Wires everything together, in order, and stops it in the reverse order.

use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use actix::prelude::{Actor, Addr, Recipient};
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use actors::alertes::Abonnes;
use actors::analyste::Surveille;
use actors::commands::FrontDesk;
use actors::follower::{Stop, Wake};
use actors::live::{CloseSockets, Comptes, Live, Watched};
use actors::mailer::{BATCH, MailerConfig, Smtp, SmtpOptions, Transport};
use actors::mots_de_passe::Passwords;
use documents::extract::recognition_is_installed;
use documents::{Blobs, Extractor, Limits as ExtractionLimits};
use domain::time::Clock;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use search_index::{Access, SearchIndex};
use store::servers::Place;
use store::vault::{Vault, VaultError};
use store::{Engine, Store};
use tokio::sync::watch;
use web::app::{App, DemoLogin, Referentiels, Settings};
use web::limits::Limits;

use crate::config::{Config, MailWay};
use crate::failure::Failure;
use crate::followers::{self, Parts};

/// How long a stop waits for the present work of one follower; systemd waits 90 seconds for everything.
const FOLLOWER_STOPS_WITHIN: Duration = Duration::from_secs(15);

/// How often the name of the database's key is read.
const KEY_LOOKED_AT_EVERY: Duration = Duration::from_secs(5);

pub struct Running {
    pub url: String,
    app: Data<App>,
    server: ServerHandle,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
    live: Addr<Live>,
    store: Store,
    /// In the order in which they stop: see [`crate::followers::start`].
    followers: Vec<Recipient<Stop>>,
    background: Vec<tokio::task::JoinHandle<()>>,
    /// Set up before the address is shown: whoever reads it may stop the program at once.
    signals: Signals,
    /// Held for the process's life: two servers never share one SQLite file.
    _lock: Option<std::fs::File>,
}

/// The signals that ask the program to end.
struct Signals {
    term: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { term: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }
}

/// Opens the database of these settings: makes its folder, and brings its schema and referentials up to date.
pub async fn open_store(config: &Config, clock: Clock) -> Result<Store, Failure> {
    prepare_folder(config)?;
    let store = Store::open(&config.database_url, clock).await?;
    bring_up(&store).await?;
    Ok(store)
}

/// Opens the database of an existing installation; never makes one.
///
/// # Errors
/// A sentence when there is no installation.
pub async fn open_installed(config: &Config, clock: Clock) -> Result<Store, Failure> {
    let none = |place: &str| {
        format!(
            "Il n’y a pas d’installation à cet endroit : {place}. Vérifiez --data ou --database-url. Une installation se crée \
             par « serve », « migrate » ou « create-admin --new »."
        )
    };
    if let Some(path) = config.database_url.strip_prefix("sqlite:")
        && !Path::new(path).is_file()
    {
        return Err(none(&format!("pas de base {path}")).into());
    }
    let store = Store::open(&config.database_url, clock).await?;
    if store.schema().await?.is_there() { Ok(store) } else { Err(none("la base est vide").into()) }
}

/// Refuses a missing data folder: the index of the installation would be looked for, or made, in the wrong place.
pub fn need_data(config: &Config) -> Result<(), Failure> {
    if config.data.is_dir() {
        return Ok(());
    }
    Err(format!(
        "Il n’y a pas d’installation dans {} : ce dossier n’existe pas. Vérifiez --data.",
        config.data.display()
    )
    .into())
}

/// The master key of a database; makes one when the database has none yet.
pub async fn open_key(config: &Config, store: &Store) -> Result<Vault, Failure> {
    make_key_folder(config)?;
    match Vault::of_database(&config.key_file, store).await {
        // The database uses the key that `change-key` made but could not put in place.
        Err(VaultError::Other) if new_key(&config.key_file).is_file() => Err(
            "Le changement de la clé maîtresse a été interrompu : relancez « espace-intervenants change-key », qui le termine."
                .into(),
        ),
        opened => Ok(opened?),
    }
}

/// By default the key is in the folder of files, which the first start makes.
fn make_key_folder(config: &Config) -> Result<(), Failure> {
    match config.key_file.parent().filter(|folder| *folder == config.files) {
        Some(folder) => make_folder(folder).map_err(|error| unusable_files(folder, &error)),
        None => Ok(()),
    }
}

fn unusable_files(folder: &Path, why: &dyn std::fmt::Display) -> Failure {
    format!(
        "Le dossier des fichiers {} ne peut pas être utilisé : {why}. Vérifiez ses droits pour le compte du service, ou \
         choisissez-en un autre avec --files.",
        folder.display()
    )
    .into()
}

/// Opens the folder of files of these settings.
pub async fn open_blobs(config: &Config) -> Result<Blobs, Failure> {
    Blobs::open(&config.files).await.map_err(|error| unusable_files(&config.files, &error))
}

/// Brings the schema and the referentials of a database up to date.
pub async fn bring_up(store: &Store) -> Result<(), Failure> {
    let ran = store.migrate().await?;
    if !ran.is_empty() {
        tracing::info!(migrations = ran.len(), "the schema was brought up to date");
    }
    let loaded = store::referentiels::load(store).await?;
    if !loaded.is_empty() {
        tracing::info!(?loaded, "referentials were loaded");
    }
    store::contenus::load(store).await?;
    Ok(())
}

/// Makes the data folder, and the folder of a SQLite database outside it.
pub fn prepare_folder(config: &Config) -> Result<(), Failure> {
    let beside = config.database_url.strip_prefix("sqlite:").and_then(|path| Path::new(path).parent());
    for folder in [Some(config.data.as_path()), beside].into_iter().flatten() {
        if !folder.as_os_str().is_empty() {
            make_folder(folder).map_err(|error| {
                let folder = folder.display();
                format!("Le dossier {folder} ne peut pas être créé : {error}. Choisissez-en un autre avec --data, ou vérifiez ses droits.")
            })?;
        }
    }
    Ok(())
}

fn make_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Takes the lock of a SQLite database.
///
/// # Errors
/// A sentence when another server has it.
pub fn lock(config: &Config) -> Result<Option<std::fs::File>, Failure> {
    let Some(path) = config.database_url.strip_prefix("sqlite:") else { return Ok(None) };
    let beside = format!("{path}.verrou");
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&beside).map_err(|error| {
        format!("Le fichier {beside} ne peut pas être écrit : {error}. Vérifiez les droits de son dossier pour le compte du service.")
    })?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(format!(
            "Un autre serveur utilise déjà la base {path}. Arrêtez-le, ou donnez une autre base : plusieurs serveurs se partagent \
             une base PostgreSQL, jamais un fichier SQLite."
        )
        .into()),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The path of a new master key until everything is sealed with it.
pub fn new_key(key_file: &Path) -> std::path::PathBuf {
    let mut path = key_file.as_os_str().to_owned();
    path.push(".nouvelle");
    path.into()
}

/// The folder of the index, and the file that asks a running server to rebuild it.
pub fn index_folder(config: &Config) -> (std::path::PathBuf, std::path::PathBuf) {
    let folder = config.data.join("index");
    let request = config.data.join("index-a-refaire");
    (folder, request)
}

/// Starts everything on a database that is up to date.
pub async fn start(config: &Config, store: Store, demo: bool) -> Result<Running, Failure> {
    let signals = Signals::listen()?;
    let lock = lock(config)?;
    let place = store.take_place(Place::Shared).await.map_err(|error| match error {
        store::Error::Taken => {
            "La clé maîtresse de cette base est en train d’être changée : attendez la fin de « change-key », puis relancez.".into()
        }
        error => Failure::from(error),
    })?;
    let metrics = install_metrics()?;
    let listener = TcpListener::bind(config.listen).map_err(|error| {
        format!(
            "L’adresse {} ne peut pas être écoutée : {error}. Choisissez-en une autre avec --listen.",
            config.listen
        )
    })?;
    let address = listener.local_addr()?;
    let url = format!("http://{address}");
    let base_url = config.base_url.clone().unwrap_or_else(|| url.clone());

    let extractor = Extractor::new(std::env::current_exe()?, ["extract-text"], ExtractionLimits::default());
    let blobs = Arc::new(open_blobs(config).await?.with(extractor.clone()));
    let extractor = Arc::new(extractor);
    let vault = open_key(config, &store).await?;
    let recognition = recognition(config).await?;
    let (folder, request) = index_folder(config);
    let shown = folder.display().to_string();
    let opened = tokio::task::spawn_blocking(move || SearchIndex::open(&folder, Access::Write)).await?;
    let index = opened
        .map_err(|error| match error {
            search_index::Error::Locked(_) => format!(
                "Un autre serveur utilise déjà l’index {shown}. Arrêtez-le, ou donnez à celui-ci un autre dossier avec --data."
            ),
            error => format!(
                "L’index de recherche {shown} ne peut pas être ouvert : {error}. Vérifiez les droits de ce dossier ; s’il est \
                 endommagé, supprimez-le, il est refait au démarrage."
            ),
        })?
        .index();
    // Before the followers, who search it too.
    actors::indexer::learn_sigles(&store, &index).await?;

    if lock.is_some() {
        // With the lock, no other server uses this database: every claim in it comes from a server that died.
        store
            .write::<_, store::Error, _>(None, |transaction| {
                Box::pin(async move { store::courriels::release_all(transaction).await })
            })
            .await?;
    }
    let head = store::journal::head(&mut store.read().await?).await?;
    let watched = Arc::new(Watched::default());
    let live = Live::new(store.clone(), head, config.workers.min(4), watched.clone()).start();
    let comptes = Comptes::new(live.clone(), watched);
    let abonnes = Abonnes::default();

    let antivirus = config.antivirus.clone().map(|antivirus| (antivirus, Arc::new(Surveille::default())));
    let followers = followers::start(Parts {
        store: store.clone(),
        blobs: blobs.clone(),
        vault: vault.clone(),
        extractor: extractor.clone(),
        recognition,
        index: index.clone(),
        rebuild: request,
        abonnes: abonnes.clone(),
        antivirus: antivirus.clone(),
        mail: mailer_config(config, &base_url)?,
    })?;

    let mut wakes: Vec<Recipient<Wake>> = vec![live.clone().recipient()];
    wakes.extend(followers.iter().filter(|one| one.woken_by_commits).map(|one| one.address.clone().recipient()));
    let mut background = vec![
        tokio::spawn(wake_all(store.clone(), wakes)),
        hints(store.clone()),
        tokio::spawn(watch_key(store.clone(), vault.clone())),
    ];
    background.extend(place.map(|place| tokio::spawn(place.keep())));
    let kept = store.clone();

    let app = Data::new(App {
        referentiels: RwLock::new(Arc::new(Referentiels::load(&store).await?)),
        front_desk: FrontDesk::new(store.clone()),
        vault,
        store,
        comptes,
        index,
        abonnes,
        blobs,
        extractor,
        passwords: Passwords::new(std::thread::available_parallelism().map_or(2, usize::from))?,
        limits: Limits::new(config.requests_per_second),
        settings: settings(config, base_url, demo),
        metrics,
        followers: followers.iter().map(|one| (one.called, one.observed.clone())).collect(),
        antivirus: antivirus.map(|(_, surveille)| surveille),
        stopping: watch::Sender::new(false),
    });
    let following = app.clone();
    let following = tokio::spawn(async move { following.follow_referentiels().await });
    let upkeep = tokio::spawn(upkeep(app.clone()));
    let server = web::server::start(app.clone(), listener, config.workers)?;
    let handle = server.handle();
    let serving = tokio::spawn(server);
    Ok(Running {
        url,
        app,
        server: handle,
        serving,
        live,
        store: kept,
        followers: followers.into_iter().map(|one| one.address.recipient()).collect(),
        signals,
        background: background.into_iter().chain([upkeep, following]).collect(),
        _lock: lock,
    })
}

/// What recognises pages that are pictures.
///
/// # Errors
/// A sentence when it is asked for and its programs are not there.
async fn recognition(config: &Config) -> Result<Option<Extractor>, Failure> {
    if !config.ocr {
        return Ok(None);
    }
    tokio::task::spawn_blocking(recognition_is_installed).await?.map_err(|missing| {
        format!(
            "L’option --ocr demande les paquets tesseract-ocr, tesseract-ocr-fra et poppler-utils : {missing}. Installez-les, ou \
             retirez cette option."
        )
    })?;
    Ok(Some(Extractor::new(std::env::current_exe()?, ["extract-text"], ExtractionLimits::of_recognition())))
}

fn settings(config: &Config, base_url: String, demo: bool) -> Settings {
    let logins = if demo { crate::demo::load::logins() } else { Vec::new() };
    Settings {
        contact: contact(config, &base_url),
        base_url,
        demo,
        demo_logins: logins.into_iter().map(|(role, login)| DemoLogin { role, login }).collect(),
        demo_password: demo.then(|| crate::demo::PASSWORD.to_owned()),
        password_max: config.password_max,
        trusted_proxies: config.trusted_proxies.clone(),
        requests_per_second: config.requests_per_second,
    }
}

/// The domain of the mails' addresses when the settings have none.
fn domain(base_url: &str) -> &str {
    let host = base_url.split("://").nth(1).unwrap_or("localhost").split(':').next().unwrap_or("localhost");
    let number = host.starts_with('[') || host.chars().all(|c| c.is_ascii_digit() || c == '.');
    if number { "localhost.localdomain" } else { host }
}

/// The contact address at the end of every mail.
fn contact(config: &Config, base_url: &str) -> String {
    config.mail_contact.clone().unwrap_or_else(|| format!("contact@{}", domain(base_url)))
}

fn mailer_config(config: &Config, base_url: &str) -> Result<MailerConfig, Failure> {
    let domain = domain(base_url);
    let transport = match &config.mail {
        MailWay::Smtp(url) => Transport::Smtp(Box::new(Smtp::new(url, SmtpOptions::default())?)),
        MailWay::Folder(folder) => {
            make_folder(folder)?;
            Transport::Folder(folder.clone())
        }
        MailWay::Page => Transport::Page,
    };
    Ok(MailerConfig {
        transport,
        from: config.mail_from.clone().unwrap_or_else(|| format!("Espace Intervenants <ne-pas-repondre@{domain}>")),
        base_url: base_url.to_owned(),
        contact: contact(config, base_url),
        batch: BATCH,
    })
}

/// The metrics recorder belongs to the process: it is made once, even when the rest is started again.
fn install_metrics() -> Result<PrometheusHandle, Failure> {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
    let handle = PrometheusBuilder::new().set_buckets(&buckets)?.install_recorder()?;
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// Wakes the followers of the journal at each commit. A full mailbox already holds a wake.
async fn wake_all(store: Store, followers: Vec<Recipient<Wake>>) {
    let mut head = store.journal_head();
    while head.changed().await.is_ok() {
        head.borrow_and_update();
        for follower in &followers {
            if follower.try_send(Wake).is_err() {
                tracing::debug!("a follower has its wakes already");
            }
        }
    }
}

fn hints(store: Store) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        if store.engine() == Engine::Postgres {
            store.run_hints().await;
        }
    })
}

/// Notices when the database gets another master key: nobody could open what this server would seal.
async fn watch_key(store: Store, vault: Vault) {
    let mut every = tokio::time::interval(KEY_LOOKED_AT_EVERY);
    loop {
        every.tick().await;
        if let Err(error) = vault.look(&store).await {
            tracing::debug!(%error, "the name of the database's key could not be read");
        }
    }
}

/// Regular work that keeps memory bounded, and that removes erased data from the write-ahead log.
async fn upkeep(app: Data<App>) {
    let mut every = tokio::time::interval(Duration::from_secs(10));
    for turn in 1_u64.. {
        every.tick().await;
        app.metrics.run_upkeep();
        app.limits.forget_quiet();
        if turn.is_multiple_of(6) {
            fold_log(&app.store).await;
        }
    }
}

async fn fold_log(store: &Store) {
    match store.fold_log().await {
        Ok(true) => {}
        Ok(false) => tracing::debug!("the write-ahead log was being read; it is emptied at the next turn"),
        Err(error) => tracing::warn!(%error, "the write-ahead log could not be emptied"),
    }
}

impl Running {
    /// Waits for SIGTERM or SIGINT, or for the HTTP server to fail, then stops in order.
    pub async fn until_told(mut self) -> Result<(), Failure> {
        tokio::select! {
            _ = self.signals.term.recv() => {}
            _ = self.signals.interrupt.recv() => {}
            ended = &mut self.serving => ended??,
        }
        tracing::info!("stopping");
        self.stop().await;
        Ok(())
    }

    /// Closes the sockets, lets requests under way end and followers finish their run: nothing acknowledged is lost.
    pub async fn stop(self) {
        if self.live.send(CloseSockets).await.is_err() {
            tracing::debug!("the live side had stopped already");
        }
        self.app.stops();
        self.server.stop(true).await;
        for follower in self.followers {
            match tokio::time::timeout(FOLLOWER_STOPS_WITHIN, follower.send(Stop)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => tracing::debug!("a follower had stopped already"),
                // For example a mail server that hangs: its emails are claimed again when the lease ends.
                Err(_) => tracing::warn!("a follower was still at work and is left at it"),
            }
        }
        if self.live.send(Stop).await.is_err() {
            tracing::debug!("the live side had stopped already");
        }
        for task in self.background {
            task.abort();
        }
        fold_log(&self.store).await;
        tracing::info!("stopped");
    }
}
