//! The two databases: each test of the whole program runs on SQLite, and on PostgreSQL with the feature `external`.

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the data folder.
    Sqlite,
    /// A database of the test's own on the server that `tests/run.sh` starts.
    #[cfg(feature = "external")]
    Postgres,
}

/// Makes two tests of `async fn name(engine: Engine)`: `name::on_sqlite`, and `name::on_postgres` with `external`.
macro_rules! both_engines {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name($crate::support::Engine::Sqlite).await;
            }

            #[cfg(feature = "external")]
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$name($crate::support::Engine::Postgres).await;
            }
        }
    )+};
}
pub(crate) use both_engines;

/// What `tests/run.sh` exports; without it the tests of the outside can't run, and they don't pretend to.
#[cfg(feature = "external")]
pub fn provided(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: the feature `external` is for tests/run.sh"))
}

#[cfg(feature = "external")]
pub mod postgres {
    //! Databases on the server of `tests/run.sh`, made and copied with `psql`.

    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command, Stdio};
    use std::sync::atomic::{AtomicU32, Ordering};

    static COUNT: AtomicU32 = AtomicU32::new(0);
    /// One database is copied at a time: PostgreSQL wants the source for itself.
    static COPYING: std::sync::Mutex<()> = std::sync::Mutex::new(());

    /// A name that no other database has.
    pub fn fresh_name() -> String {
        format!("essai_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
    }

    pub fn url(database: &str) -> String {
        format!("{}/{database}", super::provided("EI_TEST_POSTGRES"))
    }

    /// An empty database.
    pub fn create(database: &str) {
        run(&format!("create database {database}"));
    }

    /// A copy of a database that nobody is connected to.
    pub fn copy(from: &str, to: &str) {
        let _one = COPYING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        run(&format!("create database {to} template {from} strategy file_copy"));
    }

    /// Removes a database with those who are connected to it.
    pub fn drop(database: &str) {
        run(&format!("drop database if exists {database} with (force)"));
    }

    /// Nobody is connected to a database, and nobody can be.
    pub fn close_to_all(database: &str) {
        run(&format!("alter database {database} allow_connections false"));
        run(&format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'"));
    }

    /// Everybody can connect again.
    pub fn open_to_all(database: &str) {
        run(&format!("alter database {database} allow_connections true"));
    }

    /// Rows that somebody else holds, until they let go.
    #[derive(Debug)]
    pub struct Held {
        database: String,
        psql: Child,
    }

    impl Held {
        /// Holds what this query locks.
        pub fn rows(database: &str, query: &str) -> Self {
            let mut psql = Command::new("psql")
                .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", &url(database)])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("psql is installed");
            let stdin = psql.stdin.as_mut().expect("piped");
            writeln!(stdin, "begin;\n{query};\n\\echo held").expect("it reads");
            let mut said = BufReader::new(psql.stdout.as_mut().expect("piped")).lines();
            assert!(said.any(|line| line.expect("text") == "held"), "{query} fails");
            Self { database: database.to_owned(), psql }
        }

        /// How many connections wait for a lock in that database.
        fn waiting(&self) -> u32 {
            let asked = format!(
                "select count(*) from pg_stat_activity where datname = '{}' and wait_event_type = 'Lock'",
                self.database
            );
            run(&asked).trim().parse().expect("a number")
        }

        /// Lets go of them once so many connections wait.
        pub async fn release_to(self, waiting: u32) {
            crate::support::eventually("they wait", async || (self.waiting() == waiting).then_some(())).await;
            self.release();
        }

        pub fn release(mut self) {
            self.psql.stdin = None;
            assert!(self.psql.wait().expect("its end").success());
        }
    }

    fn run(statement: &str) -> String {
        let output = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--set", "ON_ERROR_STOP=1"])
            .args(["--dbname", &url("postgres"), "--command"])
            .arg(statement)
            .output()
            .expect("psql is installed");
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }
}
