//! The data of one test: a copy of a demonstration made once per run, and the servers started on it.

use std::path::{Path, PathBuf};

use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::server::{Launch, Server};
use super::{Client, Engine};

/// How many intervenants the demonstration of the tests has.
pub const INTERVENANTS: usize = 40;
pub const ANNONCES: usize = 20;

/// So many tests with servers at once, not to starve each other.
static ROOM: Semaphore = Semaphore::const_new(6);

/// What every copy is made from.
#[derive(Debug)]
struct Template {
    folder: PathBuf,
    #[cfg(feature = "external")]
    database: Option<String>,
}

static SQLITE: OnceCell<Template> = OnceCell::const_new();
#[cfg(feature = "external")]
static POSTGRES: OnceCell<Template> = OnceCell::const_new();

/// The data of one test; removed with it.
#[derive(Debug)]
pub struct Site {
    folder: tempfile::TempDir,
    database: Option<String>,
    servers: std::cell::Cell<u32>,
    _room: SemaphorePermit<'static>,
}

impl Site {
    /// A demonstration of its own, on which no server runs yet.
    pub async fn demo(engine: Engine) -> Self {
        let room = ROOM.acquire().await.expect("never closed");
        let folder = tempfile::Builder::new().prefix("ei-test-").tempdir().expect("a folder");
        let database = match engine {
            Engine::Sqlite => {
                let template = SQLITE.get_or_init(|| make_template(None)).await;
                copy_folder(&template.folder, folder.path());
                None
            }
            #[cfg(feature = "external")]
            Engine::Postgres => {
                use super::engine::postgres;
                let template = POSTGRES.get_or_init(|| make_template(Some(postgres::fresh_name()))).await;
                copy_folder(&template.folder, folder.path());
                let name = postgres::fresh_name();
                postgres::copy(template.database.as_deref().expect("a database"), &name);
                Some(name)
            }
        };
        Self { folder, database, servers: std::cell::Cell::new(0), _room: room }
    }

    /// Empty folders, and an empty database on PostgreSQL.
    pub async fn empty(engine: Engine) -> Self {
        let room = ROOM.acquire().await.expect("never closed");
        let folder = tempfile::Builder::new().prefix("ei-test-").tempdir().expect("a folder");
        for name in ["data", "files"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let database = match engine {
            Engine::Sqlite => None,
            #[cfg(feature = "external")]
            Engine::Postgres => {
                let name = super::engine::postgres::fresh_name();
                super::engine::postgres::create(&name);
                Some(name)
            }
        };
        Self { folder, database, servers: std::cell::Cell::new(0), _room: room }
    }

    /// The folder of the first server's database and index.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of the files people attached.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    /// A place for whatever a test writes.
    pub fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// The address of its database, on PostgreSQL.
    #[cfg(feature = "external")]
    pub fn database(&self) -> Option<String> {
        self.database.as_deref().map(super::engine::postgres::url)
    }

    /// The flags that name this data, as any command takes them.
    pub fn place(&self) -> Vec<String> {
        place(&self.data(), &self.files(), self.database.as_deref())
    }

    /// How the next server is started: the first one on the site's own folder, others beside it on the same database.
    pub fn launch(&self) -> Launch {
        let number = self.servers.get();
        self.servers.set(number + 1);
        let data = if number == 0 {
            self.data()
        } else {
            assert!(self.database.is_some(), "several servers need PostgreSQL");
            self.folder.path().join(format!("data-{number}"))
        };
        let mut arguments = place(&data, &self.files(), self.database.as_deref());
        arguments.extend(demonstration());
        let logs = self.folder.path().join(format!("logs-{number}"));
        // A test looks again and again, all from one address: what a flood meets has tests of its own.
        let environment = vec![("EI_REQUESTS_PER_SECOND".to_owned(), "100000".to_owned())];
        Launch { command: "demo".into(), arguments, environment, logs, clock_ahead: 0 }
    }

    /// Somebody else holds the rows of its database that this query locks.
    #[cfg(feature = "external")]
    pub fn hold(&self, query: &str) -> super::engine::postgres::Held {
        super::engine::postgres::Held::rows(self.database.as_deref().expect("PostgreSQL"), query)
    }

    /// The database goes away with everybody's connection.
    #[cfg(feature = "external")]
    pub fn lose_the_database(&self) {
        super::engine::postgres::drop(self.database.as_deref().expect("PostgreSQL"));
    }

    pub async fn serve(&self) -> Server {
        Server::start(self.launch()).await
    }

    /// Starts a server whose mails leave for this mail server.
    pub async fn serve_with_mail(&self, smtp: &str) -> Server {
        let mut launch = self.launch();
        launch.arguments.extend(["--smtp-url".into(), smtp.into()]);
        Server::start(launch).await
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        #[cfg(feature = "external")]
        if let Some(database) = &self.database {
            super::engine::postgres::drop(database);
        }
    }
}

fn place(data: &Path, files: &Path, database: Option<&str>) -> Vec<String> {
    #[cfg_attr(not(feature = "external"), expect(unused_mut, reason = "SQLite needs no more"))]
    let mut flags =
        vec!["--data".to_owned(), data.display().to_string(), "--files".to_owned(), files.display().to_string()];
    #[cfg(feature = "external")]
    if let Some(database) = database {
        flags.extend(["--database-url".to_owned(), super::engine::postgres::url(database)]);
    }
    #[cfg(not(feature = "external"))]
    assert!(database.is_none());
    flags
}

fn demonstration() -> [String; 6] {
    ["--intervenants", &INTERVENANTS.to_string(), "--annonces", &ANNONCES.to_string(), "--seed", "1"].map(str::to_owned)
}

/// Lets the program make its demonstration, waits until everything can be found, and stops it.
async fn make_template(database: Option<String>) -> Template {
    let folder = std::env::temp_dir().join(format!(
        "ei-test-template-{}-{}",
        std::process::id(),
        if database.is_some() { "postgres" } else { "sqlite" }
    ));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("what an earlier attempt left");
    }
    for name in ["data", "files"] {
        std::fs::create_dir_all(folder.join(name)).expect("a folder");
    }
    #[cfg(feature = "external")]
    if let Some(name) = &database {
        super::engine::postgres::create(name);
    }
    let mut arguments = place(&folder.join("data"), &folder.join("files"), database.as_deref());
    arguments.extend(demonstration());
    let logs = tempfile::tempdir().expect("a folder");
    let logs_folder = logs.path().to_path_buf();
    let launch =
        Launch { command: "demo".into(), arguments, environment: Vec::new(), logs: logs_folder, clock_ahead: 0 };
    let mut server = Server::start(launch).await;
    wait_until_indexed(&server.visitor()).await;
    let status = server.stop().await;
    assert!(status.success(), "the template's server ended with {status}");
    Template {
        folder,
        #[cfg(feature = "external")]
        database,
    }
}

/// No file is left to read, and the index is where the journal is: whoever pages through it meets nobody twice.
async fn wait_until_indexed(client: &Client) {
    super::eventually("every file is read and everybody indexed", async || {
        let metrics = client.get_only("/metrics").await.body;
        let value = |name: &str| {
            let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.unwrap_or_else(|| panic!("{name} among {metrics}")).to_owned()
        };
        let indexed = value("ei_follower_position{follower=\"indexer\"}");
        (value("ei_files_to_read") == "0" && indexed == value("ei_journal_head")).then_some(())
    })
    .await;
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}
