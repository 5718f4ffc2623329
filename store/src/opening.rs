//! Why a database does not open, as a sentence for who runs the service: what is wrong, and what to do. No sentence
//! repeats the address, which may hold a password.

use std::io::Read;
use std::path::Path;

use futures_util::future::BoxFuture;
use tokio_postgres::config::Host;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, NoTls};

/// What every SQLite database begins with (<https://www.sqlite.org/fileformat2.html>, § 1.3.1).
const SQLITE_HEADER: &[u8] = b"SQLite format 3\0";

/// Why the SQLite database of a path does not open; `said` is what SQLite says of it. This opens the file and closes
/// it, which releases SQLite's locks of this process: only for a database that did not open.
pub(crate) fn sqlite(path: &str, said: &str) -> String {
    let file = Path::new(path);
    if file.is_dir() {
        return format!("{path} est un dossier, et non une base SQLite : donnez le chemin d’un fichier.");
    }
    if file.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return format!(
            "La base {path} ne peut pas être ouverte : son dossier n’existe pas. Vérifiez --data ou --database-url."
        );
    }
    let mut header = Vec::new();
    let read = std::fs::OpenOptions::new().read(true).write(true).open(file);
    match read.and_then(|file| file.take(SQLITE_HEADER.len() as u64).read_to_end(&mut header)) {
        Ok(_) if !header.is_empty() && header != SQLITE_HEADER => format!(
            "{path} n’est pas une base SQLite. Vérifiez --data ou --database-url, ou rétablissez une sauvegarde."
        ),
        Err(error) => format!(
            "La base {path} ne peut pas être lue ou écrite : {error}. Vérifiez les droits du fichier et de son dossier pour le \
             compte du service, ou choisissez un autre endroit avec --data."
        ),
        Ok(_) => format!(
            "La base {path} ne s’ouvre pas : {said}. Vérifiez les droits de son dossier et la place sur le disque, ou \
             rétablissez une sauvegarde."
        ),
    }
}

/// Why the PostgreSQL database of an address does not open: it is asked once more, for the code of what it answers.
pub(crate) fn postgres(url: &str) -> BoxFuture<'_, String> {
    Box::pin(ask_again(url))
}

async fn ask_again(url: &str) -> String {
    let config: Config = match url.parse() {
        Ok(config) => config,
        Err(error) => {
            return format!(
                "--database-url n’est pas une adresse de PostgreSQL ({error}). Elle a la forme postgres://compte:mot-de-passe@hôte:5432/base."
            );
        }
    };
    let (place, base) = (place(&config), config.get_dbname().unwrap_or_default().to_owned());
    let Err(error) = config.connect(NoTls).await else {
        return format!("La base PostgreSQL {base} n’a pas répondu à la première demande : relancez la commande.");
    };
    let compte = config.get_user().unwrap_or_default();
    let Some(code) = error.code() else {
        let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        return format!(
            "PostgreSQL ne répond pas à {place} : {why}. Vérifiez qu’il est lancé, et l’hôte et le port de --database-url."
        );
    };
    match *code {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => format!(
            "PostgreSQL ({place}) refuse le compte « {compte} » ou son mot de passe. Vérifiez-les dans --database-url, et ce que \
             pg_hba.conf permet à ce compte."
        ),
        SqlState::INVALID_CATALOG_NAME => format!(
            "PostgreSQL ({place}) n’a pas de base « {base} ». Créez-la (« createdb {base} »), ou corrigez --database-url."
        ),
        SqlState::INSUFFICIENT_PRIVILEGE => format!(
            "Le compte « {compte} » n’a pas le droit de se connecter à la base « {base} » ({place}). Donnez-le-lui (« grant \
             connect »), ou corrigez --database-url."
        ),
        SqlState::TOO_MANY_CONNECTIONS => format!(
            "PostgreSQL ({place}) a déjà toutes les connexions qu’il permet. Augmentez max_connections, ou arrêtez un serveur."
        ),
        SqlState::CANNOT_CONNECT_NOW => {
            format!("PostgreSQL ({place}) démarre ou s’arrête : recommencez dans un instant.")
        }
        _ => {
            let why = error.as_db_error().map_or_else(|| error.to_string(), |said| said.message().to_owned());
            format!("PostgreSQL ({place}) ne donne pas accès à la base « {base} » : {why}. Vérifiez --database-url.")
        }
    }
}

fn place(config: &Config) -> String {
    let port = config.get_ports().first().copied().unwrap_or(5432);
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => format!("{host}:{port}"),
        Some(Host::Unix(path)) => format!("{}, port {port}", path.display()),
        None => format!("port {port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o3_a_sqlite_file_that_does_not_open_is_said_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("texte"), "Ceci est un texte, et non une base de données.").unwrap();
        std::fs::write(path("court"), "SQLite").unwrap();
        for (name, said) in [
            ("", "est un dossier"),
            ("absent/base", "son dossier n’existe pas"),
            ("texte", "n’est pas une base SQLite"),
            ("court", "n’est pas une base SQLite"),
            ("absente", "ne peut pas être lue ou écrite"),
        ] {
            let sentence = sqlite(&path(name), "why");
            assert!(
                sentence.contains(said) && sentence.contains(folder.path().to_str().unwrap()),
                "{name}: {sentence}"
            );
        }
    }

    #[tokio::test]
    async fn o3_an_address_of_postgresql_is_said_without_its_password() {
        // Held and not listened to, so that nobody else gets the port.
        let held = tokio::net::TcpSocket::new_v4().unwrap();
        held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let closed = held.local_addr().unwrap();
        let sentence = postgres(&format!("postgres://ei:Secret-1@{closed}/ei")).await;
        assert!(sentence.contains(&closed.to_string()) && sentence.contains("--database-url"), "{sentence}");
        assert!(!sentence.contains("Secret-1"), "{sentence}");
        let sentence = postgres("postgres://ei:Secret-1@hôte:port/ei").await;
        assert!(sentence.contains("postgres://compte") && !sentence.contains("Secret-1"), "{sentence}");
    }
}
