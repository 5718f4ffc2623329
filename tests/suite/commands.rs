//! The command line: SPEC O3.

use std::path::{Path, PathBuf};

use crate::identifiants;
use crate::support::command::{self, run, run_with};
use crate::support::server::Launch;
use crate::support::{Engine, Form, Server, Site, both_engines, eventually, logins};

both_engines! {
    o3_migrate_makes_the_schema_once,
    o3_create_admin_makes_an_account_that_logs_in_to_a_production_server,
    o3_reindex_makes_the_index_again_beside_a_running_server_or_alone,
    o3_check_says_what_is_wrong,
    o1_demo_leaves_what_is_there,
}

const COMMANDS: [&str; 7] = ["serve", "demo", "migrate", "create-admin", "reindex", "check", "change-key"];

#[tokio::test]
async fn o3_every_command_explains_itself() {
    let all = run(&["--help"]).await;
    assert_eq!(all.code, Some(0));
    for name in COMMANDS {
        assert!(all.stdout.contains(name), "{name} is listed: {}", all.stdout);
        let one = run(&[name, "--help"]).await;
        assert_eq!(one.code, Some(0), "{name}");
        assert!(one.stdout.len() > 400, "{name}: {}", one.stdout);
        for setting in ["--data", "EI_DATA", "--database-url", "EI_DATABASE_URL", "--config", "EI_CONFIG"] {
            assert!(one.stdout.contains(setting), "{name} --help names {setting}");
        }
    }
    for (command, flag) in [
        ("serve", "--listen"),
        ("serve", "--smtp-url"),
        ("demo", "--intervenants"),
        ("demo", "--seed"),
        ("create-admin", "--email"),
    ] {
        assert!(run(&[command, "--help"]).await.stdout.contains(flag), "{command} {flag}");
    }
    assert_eq!(run(&["--version"]).await.code, Some(0));
    let nothing = run(&[]).await;
    assert!(nothing.code.is_some_and(|code| code != 0) && nothing.said().contains("serve"), "{}", nothing.said());
}

#[tokio::test]
async fn o3_a_wrong_setting_is_refused_with_a_sentence_that_says_what_to_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let unknown_key = file("unknown.toml", "ecoute = \"127.0.0.1:0\"\n");
    let no_toml = file("broken.toml", "listen = \n");
    let wrong_type = file("type.toml", "listen = 12\n");
    let no_folder = format!("{}/data", file("not-a-folder", ""));
    let busy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = busy.local_addr().expect("its address").to_string();
    let good = ["--base-url", "https://ei.example", "--smtp-url", "smtp://127.0.0.1:25"];
    let cases: Vec<(Vec<&str>, &str, &str, &str)> = vec![
        (vec!["serve", "--smtp-url", "smtp://127.0.0.1:25"], "", "", "--base-url"),
        (vec!["serve", "--base-url", "https://ei.example"], "", "", "--smtp-url"),
        (vec!["serve", "--base-url", "http://ei.example", "--smtp-url", "smtp://127.0.0.1:25"], "", "", "https://"),
        (vec!["serve", "--base-url", "https://ei.example", "--mail-dir", "/tmp"], "", "", "--smtp-url"),
        (vec!["serve", "--smtp-url", "ftp://x", "--base-url", "https://ei.example"], "", "", "--smtp-url"),
        ([&["serve"][..], &good, &["--mail-from", "Espace Intervenants"]].concat(), "", "", "--mail-from"),
        ([&["serve"][..], &good].concat(), "EI_MAIL_FROM", "Espace <ei@>", "<ne-pas-repondre@"),
        ([&["serve"][..], &good].concat(), "EI_MAIL_CONTACT", "le service", "--mail-contact"),
        ([&["serve"][..], &good].concat(), "EI_LISTEN", "nulle-part", "nulle-part"),
        ([&["serve"][..], &good].concat(), "EI_DATABASE_URL", "mysql://x", "--database-url"),
        ([&["serve"][..], &good].concat(), "EI_PASSWORD_MAX", "12", "--password-max"),
        ([&["serve"][..], &good].concat(), "EI_LOG_FORMAT", "xml", "--log-format"),
        ([&["serve"][..], &good].concat(), "EI_LOG", "a=b=c", "--log"),
        ([&["serve"][..], &good].concat(), "EI_CONFIG", "/nulle/part.toml", "/nulle/part.toml"),
        ([&["serve"][..], &good].concat(), "EI_CONFIG", &unknown_key, "ecoute"),
        ([&["serve"][..], &good].concat(), "EI_CONFIG", &no_toml, "broken.toml"),
        ([&["serve"][..], &good].concat(), "EI_CONFIG", &wrong_type, "listen"),
        ([&["serve"][..], &good, &["--ecoute", "x"]].concat(), "", "", "--ecoute"),
        (vec!["demo", "--intervenants", "beaucoup"], "", "", "beaucoup"),
        (vec!["demo", "--listen", &taken, "--intervenants", "1", "--annonces", "1"], "", "", "--listen"),
        (vec!["create-admin", "--email", "pas-une-adresse", "--prenom", "A", "--nom", "B"], "", "", "adresse"),
    ];
    for (arguments, variable, value, expected) in cases {
        let mut environment = vec![("EI_DATA", data.as_str())];
        if !variable.is_empty() {
            environment.push((variable, value));
        }
        let outcome = run_with(&arguments, &environment, "").await;
        let what = format!("{arguments:?} {variable}={value}");
        assert!(outcome.code.is_some_and(|code| code != 0), "{what} is refused: {}", outcome.said());
        assert!(outcome.stderr.contains(expected), "{what} names {expected}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("panicked"), "{what}: {}", outcome.stderr);
    }
    let outcome = run_with(&["migrate"], &[("EI_DATA", &no_folder)], "").await;
    assert!(outcome.code.is_some_and(|code| code != 0) && !outcome.stderr.contains("panicked"), "{}", outcome.said());
    assert!(outcome.stderr.contains("not-a-folder"), "it names the folder: {}", outcome.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o3_a_flag_comes_before_the_environment_and_the_environment_before_the_file() {
    let site = Site::demo(Engine::Sqlite).await;
    let file = site.scratch().join("reglages.toml");
    std::fs::write(&file, "password_max = 30\nlog_format = \"texte\"\n").expect("a file");
    let mut launch = site.launch();
    launch.environment.push(("EI_CONFIG".into(), file.display().to_string()));
    let mut server = Server::start(launch).await;
    let longest = async |server: &Server| {
        let client = server.login(logins::INTERVENANT).await;
        let page = client.get("/mon-compte/mot-de-passe").await;
        let html = page.html();
        let rule = html.elements().find_map(|element| element.attribute("data-max").map(str::to_owned));
        rule.expect("the rule of length")
    };
    assert_eq!(longest(&server).await, "30", "the file");
    server.stop().await;
    server.launch_mut().environment.push(("EI_PASSWORD_MAX".into(), "40".into()));
    server.start_again().await;
    assert_eq!(longest(&server).await, "40", "the environment before the file");
    server.stop().await;
    server.launch_mut().arguments.extend(["--password-max".into(), "50".into()]);
    server.start_again().await;
    assert_eq!(longest(&server).await, "50", "the flag before both");
}

async fn o3_migrate_makes_the_schema_once(engine: Engine) {
    let site = Site::empty(engine).await;
    let first = command::on(&site, "migrate", &[]).await;
    assert_eq!(first.code, Some(0), "{}", first.said());
    let second = command::on(&site, "migrate", &[]).await;
    assert_eq!(second.code, Some(0), "{}", second.said());
    assert_ne!(first.stdout, second.stdout, "the second has nothing to do, and says so");
    let check = command::on(&site, "check", &[]).await;
    assert_eq!(check.code, Some(0), "{}", check.said());
}

/// How a production server is started on the site's data.
fn production(site: &Site) -> Launch {
    let mut launch = site.launch();
    launch.command = "serve".into();
    launch.arguments = site.place();
    launch
        .arguments
        .extend(["--base-url", "http://127.0.0.1:1", "--smtp-url", "smtp://127.0.0.1:9"].map(str::to_owned));
    launch
}

async fn o3_create_admin_makes_an_account_that_logs_in_to_a_production_server(engine: Engine) {
    let site = Site::empty(engine).await;
    let place = site.place();
    let create = async |password: &str| {
        let mut arguments =
            vec!["create-admin", "--new", "--email", "Chef@Ei.Example", "--prenom", "Anne", "--nom", "Le Goff"];
        arguments.extend(place.iter().map(String::as_str));
        run_with(&arguments, &[], &format!("{password}\n")).await
    };
    for weak in ["", "court", "sansmajuscule1!", "P@ssw0rd"] {
        let refused = create(weak).await;
        assert!(refused.code.is_some_and(|code| code != 0), "« {weak} »: {}", refused.said());
    }
    let made = create("Chèvre-au-Toit-9").await;
    assert_eq!(made.code, Some(0), "{}", made.said());
    assert!(!made.said().contains("Chèvre"), "the password is not repeated");
    let twice = create("Chèvre-au-Toit-9").await;
    assert!(twice.code.is_some_and(|code| code != 0) && twice.stderr.contains("existe"), "{}", twice.said());

    let mut server = Server::start(production(&site)).await;
    let admin = server.visitor();
    let page = admin.login("chef@ei.example", "Chèvre-au-Toit-9").await;
    // In production an administrateur sets a second factor before anything else (K8).
    assert_eq!((page.status, page.path()), (200, "/authentification/enrolement"), "{}", page.said());
    let code = identifiants::code(&identifiants::secret(&page), 0);
    let on = admin.submit(&Form::to(&page, "/authentification/enrolement").set("code", &code)).await;
    assert_eq!(on.status, 200, "{}", on.said());
    let page = admin.get("/tableau-de-bord").await;
    assert_eq!((page.status, page.path()), (200, "/tableau-de-bord"), "{}", page.said());
    assert!(page.body.contains("Anne Le Goff"));
    assert_eq!(admin.get("/courriels").await.status, 404, "no mail is shown in production");
    let home = server.visitor().get("/").await;
    assert!(!home.body.contains(logins::PASSWORD), "nor any login of the demonstration");
    assert!(Form::found(&home, "/authentification/").is_some());
    assert!(server.stop().await.success());

    // Its logs are lines of JSON.
    let errors = server.all_errors();
    let lines: Vec<&str> = errors.lines().filter(|line| !line.trim().is_empty()).collect();
    assert!(lines.len() > 3);
    for line in lines {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(line);
        assert!(parsed.is_ok_and(|value| value["level"].is_string() && value["timestamp"].is_string()), "{line}");
    }
}

async fn o3_reindex_makes_the_index_again_beside_a_running_server_or_alone(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let found = async || crate::cvtheque::found(&gestionnaire, "spéléologie").await.len();
    assert_eq!(found().await, 1);
    let beside = command::on(&site, "reindex", &[]).await;
    assert_eq!(beside.code, Some(0), "{}", beside.said());
    eventually("the server has made it again", async || {
        let asked = std::fs::read_dir(site.data())
            .expect("the folder")
            .any(|entry| entry.expect("an entry").file_name().to_string_lossy().contains("refaire"));
        // It goes on answering meanwhile.
        (found().await == 1 && !asked).then_some(())
    })
    .await;
    assert_eq!(found().await, 1);
    server.stop().await;

    let alone = command::on(&site, "reindex", &[]).await;
    assert_eq!(alone.code, Some(0), "{}", alone.said());
    server.start_again().await;
    assert_eq!(found().await, 1, "it was made before the server started");
}

async fn o3_check_says_what_is_wrong(engine: Engine) {
    let site = Site::demo(engine).await;
    let well = command::on(&site, "check", &[]).await;
    assert_eq!(well.code, Some(0), "{}", well.said());
    let mut server = site.serve().await;
    let beside = command::on(&site, "check", &[]).await;
    assert_eq!(beside.code, Some(0), "beside a running server: {}", beside.said());
    server.stop().await;

    let lost = attached(&site.files()).expect("an attached file");
    let kept = std::fs::read(&lost).expect("its bytes");
    std::fs::remove_file(&lost).expect("it is lost");
    let wrong = command::on(&site, "check", &[]).await;
    assert!(wrong.code.is_some_and(|code| code != 0), "{}", wrong.said());
    let name = lost.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(wrong.said().contains(&name), "it names {name}: {}", wrong.said());
    std::fs::write(&lost, kept).expect("it is back");
    assert_eq!(command::on(&site, "check", &[]).await.code, Some(0));
}

/// A file that somebody attached: each lies in a folder beside the master key.
fn attached(files: &Path) -> Option<PathBuf> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
    };
    let folders = inside(files).into_iter().filter(|path| path.is_dir());
    folders.flat_map(|folder| inside(&folder)).find(|path| path.is_file())
}

async fn o1_demo_leaves_what_is_there(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let said = server.stdout();
    for login in
        [logins::INTERVENANT, logins::GESTIONNAIRE, logins::COLLEAGUE, logins::ADMINISTRATEUR, logins::PASSWORD]
    {
        assert!(said.contains(login), "the terminal says {login}: {said}");
    }
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let before = crate::cvtheque::all(&gestionnaire, "/cvtheque").await;
    server.stop().await;
    for argument in &mut server.launch_mut().arguments {
        if argument == "40" {
            "90".clone_into(argument);
        }
    }
    server.start_again().await;
    let after = crate::cvtheque::all(&gestionnaire, "/cvtheque").await;
    assert_eq!(after.len(), before.len(), "a demonstration that exists is served as it is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o2_two_servers_never_share_one_sqlite_file() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let place = site.place();
    let mut arguments = vec!["demo", "--listen", "127.0.0.1:0"];
    arguments.extend(place.iter().map(String::as_str));
    let second = run(&arguments).await;
    assert!(second.code.is_some_and(|code| code != 0), "{}", second.said());
    assert!(second.stderr.contains("PostgreSQL"), "it says what to do: {}", second.stderr);
    server.login(logins::GESTIONNAIRE).await;
}
