//! An operator's slip is said, with what to do, and spoils nothing: SPEC O3, O4, T3, Q8.

use std::path::{Path, PathBuf};

use store::vault::Vault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::command::{self, run, run_with};
#[cfg(feature = "external")]
use crate::support::eventually;
use crate::support::{Engine, Form, Site, both_engines, logins};

both_engines! {
    o3_commands_refuse_a_place_without_an_installation,
    o3_check_finds_a_wrong_key_and_damaged_files,
    o4_change_key_refuses_while_a_server_runs,
    o4_a_server_whose_key_was_changed_seals_nothing_and_says_so,
    o4_a_missing_key_is_said_and_never_made_anew,
    q8_a_search_of_60_kb_is_no_error,
}

#[cfg(feature = "external")]
both_engines! {
    o3_a_schema_newer_than_the_program_is_refused,
}

/// What a production server has to be told.
const SERVE: [&str; 6] =
    ["--listen", "127.0.0.1:0", "--base-url", "http://127.0.0.1:1", "--smtp-url", "smtp://127.0.0.1:9"];

fn key(site: &Site) -> PathBuf {
    site.files().join("cle-maitresse")
}

/// The command is refused with these words, and with nothing that only a programmer reads.
async fn refused(site: &Site, command: &str, arguments: &[&str], words: &str) {
    let outcome = command::on(site, command, arguments).await;
    assert!(outcome.code.is_some_and(|code| code != 0), "{command} is refused: {}", outcome.said());
    assert!(outcome.said().contains(words), "{command} says « {words} »: {}", outcome.said());
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
}

async fn o3_commands_refuse_a_place_without_an_installation(engine: Engine) {
    let site = Site::empty(engine).await;
    let admin = ["--email", "chef@ei.example", "--prenom", "Anne", "--nom", "Le Goff"];
    for (command, arguments) in [("create-admin", &admin[..]), ("reindex", &[]), ("check", &[]), ("change-key", &[])] {
        refused(&site, command, arguments, "Il n’y a pas d’installation").await;
    }
    let left = |folder: PathBuf| std::fs::read_dir(folder).expect("a folder").count();
    assert_eq!((left(site.data()), left(site.files())), (0, 0), "nothing is made");

    // The folder of an installation, mistyped: nothing is made there either.
    let made = command::on(&site, "migrate", &[]).await;
    assert_eq!(made.code, Some(0), "{}", made.said());
    let elsewhere = site.scratch().join("mal-tape");
    for command in ["reindex", "check"] {
        let outcome = run_at(command, &with(&site, "--data", &elsewhere), &[]).await;
        assert!(outcome.code != Some(0) && outcome.said().contains("mal-tape"), "{command}: {}", outcome.said());
        assert!(!elsewhere.exists(), "{command}");
    }
}

/// The flags of a site, one of them with another value.
fn with(site: &Site, flag: &str, value: &Path) -> Vec<String> {
    let mut flags = site.place();
    let at = flags.iter().position(|known| known == flag).expect("the flag");
    flags[at + 1] = value.display().to_string();
    flags
}

async fn run_at(command: &str, place: &[String], arguments: &[&str]) -> command::Outcome {
    let mut all = vec![command];
    all.extend(place.iter().map(String::as_str));
    all.extend(arguments);
    run(&all).await
}

/// A file that is kept as it is, and one that is sealed.
async fn two_files(site: &Site) -> [PathBuf; 2] {
    let store = crate::base::open(site).await;
    let mut connection = store.read().await.expect("a connection");
    let all = store::verification::blobs(&mut connection).await.expect("the blobs");
    [false, true].map(|sealed| {
        let found = all.iter().find(|blob| blob.sceau.is_some() == sealed).expect("a file");
        site.files().join(&found.nom[..2]).join(&found.nom)
    })
}

async fn o3_check_finds_a_wrong_key_and_damaged_files(engine: Engine) {
    let site = Site::demo(engine).await;
    let well = command::on(&site, "check", &[]).await;
    assert_eq!(well.code, Some(0), "{}", well.said());

    for (path, sealed) in two_files(&site).await.into_iter().zip([false, true]) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let whole = std::fs::read(&path).expect("its bytes");
        std::fs::remove_file(&path).expect("gone");
        refused(&site, "check", &[], &format!("le fichier {name} manque")).await;
        std::fs::write(&path, b"").expect("emptied");
        refused(&site, "check", &[], &format!("le fichier {name} est vide")).await;
        std::fs::write(&path, &whole[..whole.len() - 1]).expect("shorter");
        refused(&site, "check", &[], &format!("le fichier {name} a {} octets", whole.len() - 1)).await;
        if sealed {
            let mut altered = whole.clone();
            altered[40] ^= 1;
            std::fs::write(&path, &altered).expect("altered");
            refused(&site, "check", &[], &format!("le fichier {name} ne s’ouvre pas")).await;
        }
        std::fs::write(&path, &whole).expect("as it was");
    }

    let kept = std::fs::read(key(&site)).expect("the key");
    let other = site.scratch().join("autre-cle");
    Vault::open(&other).expect("another key");
    refused(&site, "check", &["--key-file", &other.display().to_string()], "n’est pas celle de cette base").await;
    std::fs::remove_file(key(&site)).expect("lost");
    refused(&site, "check", &[], "il n’y en a pas à").await;
    assert!(!key(&site).exists(), "checking makes no key");
    std::fs::write(key(&site), kept).expect("back");
    set_mode(&key(&site), 0o644);
    refused(&site, "check", &[], "chmod 600").await;
    set_mode(&key(&site), 0o600);
    let folder = site.scratch().join("mal-tape");
    let key = key(&site).display().to_string();
    let outcome = run_at("check", &with(&site, "--files", &folder), &["--key-file", &key]).await;
    assert!(outcome.code != Some(0) && outcome.said().contains("vérifiez --files"), "{}", outcome.said());
    assert!(!folder.exists(), "checking makes no folder");
    assert_eq!(command::on(&site, "check", &[]).await.code, Some(0), "all is as it was");
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its mode");
}

async fn o4_change_key_refuses_while_a_server_runs(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let before = std::fs::read(key(&site)).expect("the key");
    refused(
        &site,
        "change-key",
        &[],
        if engine == Engine::Sqlite { "Un autre serveur" } else { "Un serveur au moins" },
    )
    .await;
    assert_eq!(std::fs::read(key(&site)).expect("the key"), before, "nothing was changed");
    assert!(!site.files().join("cle-maitresse.nouvelle").exists(), "nor begun");
    server.login(logins::INTERVENANT).await;
    // One that was killed says nothing any more.
    server.kill();
    let done = command::on(&site, "change-key", &[]).await;
    assert_eq!(done.code, Some(0), "{}", done.said());
    assert_ne!(std::fs::read(key(&site)).expect("the key"), before);
    server.start_again().await;
    refused(&site, "change-key", &[], "rrêtez").await;
}

/// The line that says that a server runs is cut, and is there again by itself.
#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o4_a_server_takes_its_place_again_when_its_line_was_cut() {
    let site = Site::demo(Engine::Postgres).await;
    let server = site.serve().await;
    crate::numeros::sql(
        &site,
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted \
         and database = (select oid from pg_database where datname = current_database())",
    );
    eventually("the server says that its line was cut", async || {
        server.all_errors().contains("the line that tells change-key of this server was cut").then_some(())
    })
    .await;
    // « alone » is given to nobody once it is there again.
    let store = crate::base::open(&site).await;
    eventually("its place is taken again", async || {
        store.take_place(store::servers::Place::Alone).await.is_err().then_some(())
    })
    .await;
    refused(&site, "change-key", &[], "Un serveur au moins").await;
    assert_eq!(server.visitor().get_only("/readyz").await.status, 200);
}

async fn o4_a_server_whose_key_was_changed_seals_nothing_and_says_so(engine: Engine) {
    const HERE: &str = "/mon-compte/documents";
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let page = crate::dossier::opened(&person, "banque").await;
    let mut typed = crate::dossier::form_of(&page).set("bic", "ZINZOLIN");
    typed.action = format!("{HERE}/saisie");

    // From another place, in spite of the lock.
    let store = crate::base::open(&site).await;
    let new = site.scratch().join("nouvelle-cle");
    let (old, other) = (Vault::open(&key(&site)).expect("the key"), Vault::open(&new).expect("a new key"));
    store::rotation::change_key(&store, &old, &other).await.expect("changed");
    drop(store);

    let refused = person.submit_only(&typed).await;
    assert_eq!(refused.status, 503, "{}", refused.said());
    assert!(refused.main_text().contains("n’a plus la clé qui protège ces données"), "{}", refused.body);
    let ready = server.visitor().get_only("/readyz").await;
    assert_eq!((ready.status, ready.json()["cle"].as_bool()), (503, Some(false)), "{}", ready.body);
    assert!(server.all_errors().contains("the database's master key is no longer this server's"));
    let again = person.submit_only(&typed).await;
    assert_eq!(again.status, 503, "{}", again.said());

    // With the new key all is well, and nothing was sealed with the old one meanwhile.
    server.stop().await;
    std::fs::copy(&new, key(&site)).expect("the new key in its place");
    server.start_again().await;
    let ready = server.visitor().get_only("/readyz").await;
    assert_eq!((ready.status, ready.json()["cle"].as_bool()), (200, Some(true)), "{}", ready.body);
    let kept = person.submit_only(&typed).await;
    assert!(kept.status < 400, "{}", kept.said());
    let page = crate::dossier::opened(&person, "banque").await;
    assert!(page.body.contains("ZINZOLIN"), "{}", page.said());
    let check = command::on(&site, "check", &[]).await;
    assert_eq!(check.code, Some(0), "{}", check.said());
}

async fn o4_a_missing_key_is_said_and_never_made_anew(engine: Engine) {
    let site = Site::demo(engine).await;
    std::fs::remove_file(key(&site)).expect("the key is lost");
    refused(&site, "serve", &SERVE, "Rétablissez ce fichier depuis sa sauvegarde").await;
    refused(&site, "demo", &["--listen", "127.0.0.1:0"], "Rétablissez ce fichier depuis sa sauvegarde").await;
    refused(&site, "change-key", &[], "Rétablissez ce fichier depuis sa sauvegarde").await;
    assert!(!key(&site).exists(), "another key would open nothing");
}

#[cfg(feature = "external")]
async fn o3_a_schema_newer_than_the_program_is_refused(engine: Engine) {
    let site = Site::demo(engine).await;
    crate::numeros::sql(&site, "insert into __diesel_schema_migrations (version) values ('00000000009999')");
    for (command, arguments) in
        [("serve", &SERVE[..]), ("migrate", &[]), ("check", &[]), ("reindex", &[]), ("change-key", &[])]
    {
        refused(&site, command, arguments, "est à la version 9999, que ce programme ne connaît pas").await;
    }
    crate::numeros::sql(&site, "delete from __diesel_schema_migrations where version = '00000000009999'");
    assert_eq!(command::on(&site, "check", &[]).await.code, Some(0), "nothing was changed");
    crate::numeros::sql(&site, "delete from __diesel_schema_migrations where version = '00000000000020'");
    refused(&site, "check", &[], "migrate").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o3_a_database_that_does_not_open_is_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(path("data")).expect("a folder");
    std::fs::write(path("texte"), "Ceci est un texte, et non une base de données.").expect("a file");
    // Held and not listened to, so that nobody else gets the port.
    let held = tokio::net::TcpSocket::new_v4().expect("a socket");
    held.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let closed = held.local_addr().expect("its address");
    #[cfg_attr(not(feature = "external"), expect(unused_mut, reason = "more of them need a PostgreSQL"))]
    let mut cases = vec![
        (format!("postgres://ei:Secret-1@{closed}/ei"), "PostgreSQL ne répond pas à", "--database-url"),
        (
            "postgres://ei:Secret-1@127.0.0.1:x/ei".to_owned(),
            "n’est pas une adresse de PostgreSQL",
            "postgres://compte",
        ),
        (format!("sqlite:{}", path("texte")), "n’est pas une base SQLite", "sauvegarde"),
        (format!("sqlite:{}", folder.path().display()), "est un dossier", "fichier"),
        // Where nobody may make a file, root included.
        ("sqlite:/proc/espace.sqlite".to_owned(), "ne peut pas être lue ou écrite", "droits"),
    ];
    #[cfg(feature = "external")]
    {
        let server = crate::support::engine::provided("EI_TEST_POSTGRES");
        cases.push((format!("{server}/nulle_part"), "n’a pas de base « nulle_part »", "createdb"));
        let stranger = server.replace("essais@", "personne:Secret-1@");
        cases.push((format!("{stranger}/postgres"), "refuse le compte « personne »", "--database-url"));
    }
    for (url, said, what_to_do) in &cases {
        let data = path("data");
        let mut arguments = vec!["serve", "--data", &data, "--database-url", url];
        arguments.extend(SERVE);
        let outcome = run(&arguments).await;
        assert!(outcome.code.is_some_and(|code| code != 0), "{url}: {}", outcome.said());
        assert!(outcome.stderr.contains(said) && outcome.stderr.contains(what_to_do), "{url}: {}", outcome.said());
        for raw in ["panicked", "Error", "error:", "Secret-1"] {
            assert!(!outcome.said().contains(raw), "{url} shows « {raw} »: {}", outcome.said());
        }
    }
    let outcome = run_with(&["migrate"], &[("EI_DATA", "/proc/ei")], "").await;
    assert!(outcome.code != Some(0) && outcome.stderr.contains("--data"), "{}", outcome.said());
}

/// Types a password on a terminal as soon as it does not show what is typed, and says all that the terminal shows.
#[cfg(feature = "external")]
const TERMINAL: &str = r#"
import os, pty, sys, termios, time
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
end = time.monotonic() + 60
while termios.tcgetattr(terminal)[3] & termios.ECHO and time.monotonic() < end:
    time.sleep(0.01)
os.write(terminal, "Chèvre-au-Toit-9\r".encode())
said = b""
try:
    while more := os.read(terminal, 4096):
        said += more
except OSError:
    pass
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o3_create_admin_does_not_show_the_password_on_a_terminal() {
    let site = Site::empty(Engine::Sqlite).await;
    let place = site.place();
    let ended = tokio::task::spawn_blocking(move || {
        std::process::Command::new("python3")
            .args(["-c", TERMINAL, env!("CARGO_BIN_EXE_espace-intervenants"), "create-admin", "--new"])
            .args(["--email", "chef@ei.example", "--prenom", "Anne", "--nom", "Le Goff"])
            .args(place)
            .output()
            .expect("python3 is installed")
    });
    let ended = ended.await.expect("a thread");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said} {}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains("Mot de passe") && said.contains("est créé"), "{said}");
    assert!(!said.contains("Toit"), "{said}");
}

async fn q8_a_search_of_60_kb_is_no_error(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let person = server.login(logins::INTERVENANT).await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let visitor = server.visitor();
    let searches = [
        (&desk, "/cvtheque?q="),
        (&desk, "/cvtheque.json?q="),
        (&desk, "/cvtheque/recherches?q="),
        (&desk, "/gestion/acces?q="),
        (&desk, "/gestion/annonces?q="),
        (&desk, "/messagerie/reception?q="),
        (&desk, "/messagerie/envoyes?q="),
        (&desk, "/messagerie/brouillons?q="),
        (&desk, "/messagerie/destinataires?q="),
        (&desk, "/cvtheque?specialite="),
        (&person, "/mon-compte/employeurs.json?q="),
        (&person, "/mon-compte/alertes/recherches?q="),
        (&person, "/annonces?q="),
        (&admin, "/administration/agents?q="),
        (&admin, "/administration/intervenants?q="),
        (&admin, "/courriels?q="),
        (&visitor, "/annonces?q="),
        (&visitor, "/annonces?numero="),
        (&visitor, "/annonces?region="),
        (&visitor, "/annonces.json?q="),
        (&visitor, "/annonces.atom?q="),
    ];
    // One word, many words, many operators, many wildcards.
    let texts = ["a".repeat(60_000), "mot+".repeat(15_000), "(a+OU+".repeat(10_000), "_*%25".repeat(12_000)];
    for (who, address) in searches {
        for text in &texts {
            let page = who.get_only(&format!("{address}{text}")).await;
            assert_eq!(page.status, 200, "{address}{}…: {}", &text[..12], page.said());
            assert!(page.body.len() < 600_000, "{address} does not repeat it all: {}", page.body.len());
        }
    }
    // Who is not logged in is led to the login, whose address has room for an address that is not too long.
    let page = visitor.get(&format!("/cvtheque?q={}", texts[0])).await;
    assert_eq!((page.status, page.path()), (200, "/authentification/"), "{}", page.said());
    // A search that is kept, and a name that is typed for somebody to write to.
    let adresse = format!("/cvtheque?q={}", texts[0]);
    let kept = desk.post("/cvtheque/recherches", &[("adresse", &adresse), ("nom", "Longue")]).await;
    assert!(kept.status < 400, "{}", kept.said());
    assert_eq!(desk.get("/cvtheque/recherches").await.status, 200);
    let page = desk.get("/messagerie/ecrire").await;
    let form = Form::to(&page, "/messagerie/ecrire").set("destinataire_nom", &texts[0]).set("action", "ajouter");
    let added = desk.submit(&form).await;
    assert!(added.status < 500, "{}", added.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q8_malformed_http_is_no_error_of_ours_in_the_log() {
    let site = Site::demo(Engine::Sqlite).await;
    let mut server = site.serve().await;
    let address = server.url().trim_start_matches("http://").to_owned();
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX-A: {}", "a".repeat(200_000));
    let hostile = [
        "\u{0}\u{1}\u{2} garbage\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /\u{7f}é HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabcd",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        &long,
    ];
    for text in hostile {
        let mut socket = tokio::net::TcpStream::connect(&address).await.expect("a connection");
        // It may hang up before it has read all.
        if socket.write_all(text.as_bytes()).await.is_ok() && socket.shutdown().await.is_ok() {
            let mut answer = Vec::new();
            // Cut or answered: what matters is what the log says of it.
            if let Err(error) = socket.read_to_end(&mut answer).await {
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
            }
        }
    }
    assert_eq!(server.visitor().get("/").await.status, 200);
    server.stop().await;
    let errors: Vec<String> =
        server.all_errors().lines().filter(|line| line.contains("\"ERROR\"")).map(str::to_owned).collect();
    assert_eq!(errors, Vec::<String>::new());
}
