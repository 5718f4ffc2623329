//! Espace Intervenants: one program, several commands.
//!
//! `extract-text` comes first in `main`, before any thread or open file: it is the child process that reads uploaded
//! files, and it sets its own limits.

mod commands;
mod config;
mod demo;
mod failure;
mod followers;
mod logs;
mod startup;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use domain::profil::Civilite;
use domain::time::Clock;

use crate::config::{Mode, Options};
use crate::failure::Failure;

/// Espace Intervenants : le service qui relie le CNFPT et ses intervenants.
#[derive(Parser, Debug)]
#[command(version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Sert en production : SQLite par défaut, PostgreSQL par --database-url, courrier par --smtp-url
    Serve {
        #[command(flatten)]
        options: Options,
    },
    /// Crée une base de démonstration si elle n’existe pas encore, puis sert ; les courriels se lisent à /courriels
    Demo {
        #[command(flatten)]
        options: Options,
        #[arg(long, default_value_t = 300, value_name = "N")]
        intervenants: usize,
        #[arg(long, default_value_t = 60, value_name = "N")]
        annonces: usize,
        /// Nombre d’intervenants dont le CV et le diplôme sont de vrais fichiers
        #[arg(long, default_value_t = 2_000, value_name = "N")]
        fichiers: usize,
        /// Graine : la même donne le même jeu
        #[arg(long, default_value_t = 1, value_name = "N")]
        seed: u64,
    },
    /// Met à jour le schéma de la base et les référentiels
    Migrate {
        #[command(flatten)]
        options: Options,
    },
    /// Crée un compte d’administrateur ; le mot de passe est demandé au terminal, ou lu sur l’entrée standard
    CreateAdmin {
        #[command(flatten)]
        options: Options,
        #[arg(long)]
        email: String,
        #[arg(long)]
        prenom: String,
        #[arg(long)]
        nom: String,
        #[arg(long, default_value = "Mme", value_parser = ["Mme", "M."])]
        civilite: String,
        /// Crée d’abord l’installation (base, schéma, référentiels) s’il n’y en a pas encore à cet endroit
        #[arg(long)]
        new: bool,
    },
    /// Refait l’index de recherche à partir de la base, aussi à côté d’un serveur qui tourne
    Reindex {
        #[command(flatten)]
        options: Options,
    },
    /// Change la clé maîtresse, serveurs arrêtés : ce qui est scellé l’est à nouveau, et l’ancienne clé est gardée à côté
    ChangeKey {
        #[command(flatten)]
        options: Options,
    },
    /// Vérifie la base, les fichiers et l’index ; échoue si quelque chose ne va pas
    Check {
        #[command(flatten)]
        options: Options,
    },
    /// Interne : lit le texte d’un fichier donné sur l’entrée standard, dans des limites strictes
    #[command(hide = true)]
    ExtractText {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("extract-text") {
        return documents::run_child(arguments);
    }
    let cli = Cli::parse();
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the machine gives a few threads");
    match actix::System::with_tokio_rt(runtime).block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve { options } => {
            let config = options.resolve(Mode::Production)?;
            logs::to_stderr(&config)?;
            let store = startup::open_store(&config, Clock::system()).await?;
            let running = startup::start(&config, store, false).await?;
            println!("Espace Intervenants répond à {}", running.url);
            running.until_told().await
        }
        Command::Demo { options, intervenants, annonces, fichiers, seed } => {
            let quiet = options.log.is_none();
            let mut config = options.resolve(Mode::Demo)?;
            if quiet {
                // The terminal of a demonstration shows the address and the logins, not each request.
                "warn".clone_into(&mut config.log);
            }
            logs::to_stderr(&config)?;
            let store = startup::open_store(&config, Clock::system()).await?;
            let size = demo::load::Size { intervenants, annonces, fichiers, seed };
            let blobs = startup::open_blobs(&config).await?;
            let vault = startup::open_key(&config, &store).await?;
            demo::load::load(&store, &blobs, &vault, size).await?;
            let running = startup::start(&config, store, true).await?;
            println!("Espace Intervenants (démonstration) répond à {}\n", running.url);
            for (who, login) in demo::load::logins() {
                println!("  {who:36} {login}");
            }
            println!("  {:36} {}\n", "Mot de passe de tous", demo::PASSWORD);
            println!("  Courriels                            {}/courriels", running.url);
            println!("  Arrêter                              Ctrl+C");
            running.until_told().await
        }
        Command::Migrate { options } => commands::migrate(&options.resolve(Mode::Command)?).await,
        Command::CreateAdmin { options, email, prenom, nom, civilite, new } => {
            let civilite = Civilite::from_word(&civilite).unwrap_or(Civilite::Madame);
            let admin = commands::Admin { email, prenom, nom, civilite };
            commands::create_admin(&options.resolve(Mode::Command)?, admin, new).await
        }
        Command::Reindex { options } => commands::reindex(&options.resolve(Mode::Command)?).await,
        Command::ChangeKey { options } => commands::change_key(&options.resolve(Mode::Command)?).await,
        Command::Check { options } => commands::check(&options.resolve(Mode::Command)?).await,
        Command::ExtractText { .. } => Err("extract-text est la première chose que fait le programme.".into()),
    }
}
