//! The commands at the keyboard that are not servers.

use std::io::BufRead;
use std::path::PathBuf;

use chrono::Utc;
use documents::Blobs;
use domain::compte::{EtatCompte, Role};
use domain::email::Email;
use domain::mot_de_passe::{MotDePasse, sentence};
use domain::time::Clock;
use indicatif::ProgressBar;
use search_index::{Access, SearchIndex};
use store::coffre::{Coffre, CoffreError};

use crate::config::Config;
use crate::startup::{Failure, index_folder, lock, new_key, open_store, prepare_folder};

/// `migrate`.
pub async fn migrate(config: &Config) -> Result<(), Failure> {
    prepare_folder(config)?;
    let store = store::Store::open(&config.database_url, Clock::system()).await?;
    let ran = store.migrate().await?;
    let loaded = store::referentiels::load(&store).await?;
    if ran.is_empty() {
        println!("Le schéma était déjà à jour.");
    } else {
        println!("Schéma mis à jour : {}.", ran.join(", "));
    }
    if !loaded.is_empty() {
        println!("Référentiels chargés : {}.", loaded.join(", "));
    }
    Ok(())
}

/// `create-admin`: the password is read on the standard input, so that it stands in no list of processes.
pub async fn create_admin(
    config: &Config,
    email: &str,
    prenom: &str,
    nom: &str,
    civilite: &str,
) -> Result<(), Failure> {
    let login = Email::parse(email)?;
    if prenom.trim().is_empty() || nom.trim().is_empty() {
        return Err("Donnez un prénom et un nom.".into());
    }
    eprintln!("Mot de passe (une ligne) :");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = MotDePasse::parse(line.trim_end_matches(['\r', '\n']), config.password_max)
        .map_err(|missed| sentence(&missed))?;
    let store = open_store(config, Clock::system()).await?;
    let hash = actors::mots_de_passe::Passwords::new(1)?.hash(&password).await?;
    let nouveau = store::comptes::Nouveau {
        role: Role::Administrateur,
        etat: EtatCompte::Actif,
        login,
        mot_de_passe: Some(hash),
        civilite: civilite.to_owned(),
        nom: nom.trim().to_owned(),
        prenom: prenom.trim().to_owned(),
        structure: None,
        naissance: None,
        activation_avant: None,
    };
    let created = store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::comptes::create(transaction, &nouveau).await })
        })
        .await;
    match created {
        Ok(_) => {
            println!("Le compte d’administrateur est créé.");
            Ok(())
        }
        Err(error) if error.is_unique_violation() => {
            Err("Un compte existe déjà avec cette adresse : choisissez-en une autre.".into())
        }
        Err(error) => Err(error.into()),
    }
}

/// `reindex`: rebuilds the search index, by itself or by asking the server that has it open.
pub async fn reindex(config: &Config) -> Result<(), Failure> {
    let store = open_store(config, Clock::system()).await?;
    let (folder, request) = index_folder(config);
    let opened = tokio::task::spawn_blocking(move || SearchIndex::open(&folder, Access::Write)).await?;
    let index = match opened {
        Ok(opened) => opened.index(),
        Err(search_index::Error::Locked(_)) => {
            std::fs::write(&request, Utc::now().to_rfc3339())?;
            println!("Un serveur utilise cet index : il le refait à côté et continue de répondre pendant ce temps.");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let total = store::intervenants::count_validated(&mut store.read().await?).await?;
    let bar = ProgressBar::new(u64::try_from(total)?);
    let shown = bar.clone();
    actors::indexer::rebuild(store, index.clone(), Box::new(move |done| shown.set_position(done))).await?;
    bar.finish_and_clear();
    println!("L’index est refait : {} profils, {} annonces.", index.cvs().len(), index.annonces().len());
    Ok(())
}

/// `change-key`: a new master key, with which all that is sealed is sealed again; the old one is kept beside it, for the
/// backups that were made before.
///
/// The new key lies beside the old one before anything is sealed with it, and takes its place in one step after everything is:
/// interrupted anywhere, the command is given again and ends what it began.
pub async fn change_key(config: &Config) -> Result<(), Failure> {
    let path = &config.key_file;
    if !path.is_file() {
        return Err(
            format!("Il n’y a pas de clé maîtresse à {}. Donnez son chemin avec --key-file.", path.display()).into()
        );
    }
    let _lock = lock(config)?;
    let store = open_store(config, Clock::system()).await?;
    let aside = new_key(path);
    let old = Coffre::open(path)?;
    // A new key is made for this database's key alone: beside another one it would pass for an interrupted change.
    if !aside.is_file() && !old.is_of(&store).await? {
        return Err(CoffreError::Other.into());
    }
    let new = Coffre::open(&aside)?;
    // When it is, the command was interrupted after everything was sealed again.
    let count =
        if new.is_of(&store).await? { None } else { Some(store::rotation::change_key(&store, &old, &new).await?) };
    let mut kept = path.as_os_str().to_owned();
    kept.push(format!(".ancienne-{}", old.id()));
    let kept = PathBuf::from(kept);
    match std::fs::hard_link(path, &kept) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    std::fs::rename(&aside, path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    match count {
        Some(count) => println!("La clé maîtresse est changée : {count} secrets ont été scellés à nouveau."),
        None => println!("La clé maîtresse est changée : ce qui avait été interrompu est terminé."),
    }
    println!(
        "L’ancienne est gardée dans {} : les sauvegardes faites avant en ont besoin. Supprimez-la quand elles sont périmées, et \
         donnez la nouvelle à tous les serveurs de cette base.",
        kept.display()
    );
    Ok(())
}

/// `check`: what must be true of the database, the files and the index. Fails when something is not.
pub async fn check(config: &Config) -> Result<(), Failure> {
    if let Some(path) = config.database_url.strip_prefix("sqlite:")
        && !std::path::Path::new(path).is_file()
    {
        return Err(format!("Il n’y a pas de base à {path}. Vérifiez --data ou --database-url.").into());
    }
    let store = store::Store::open(&config.database_url, Clock::system()).await?;
    let mut connection = store.read().await?;
    let mut findings: Vec<String> =
        store::verification::check(&mut connection).await?.into_iter().map(|finding| finding.0).collect();
    let blobs = Blobs::open(&config.files).await?;
    for name in store::fichiers::all_blobs(&mut connection).await? {
        match name.parse() {
            Ok(id) if blobs.path(id).is_file() => {}
            _ => findings.push(format!("the file {name} is missing from the blob store")),
        }
    }
    let head = store::journal::head(&mut connection).await?;
    let (folder, _) = index_folder(config);
    if folder.is_dir() {
        let index = tokio::task::spawn_blocking(move || SearchIndex::open(&folder, Access::Read)).await??.index();
        for damaged in index.cvs().verify()?.into_iter().chain(index.annonces().verify()?) {
            findings.push(format!("a file of the index is damaged: {}", damaged.display()));
        }
        match index.cursor() {
            Some(cursor) if cursor > head => {
                findings.push(format!("the index stands at {cursor}, after the journal's end {head}"));
            }
            Some(cursor) => println!("Index : journal suivi jusqu’à {cursor} sur {head}."),
            None => println!("Index : à refaire (le serveur s’en charge à son démarrage)."),
        }
    }
    let totals = store::courriels::totals(&mut connection).await?;
    println!("Courriels : {} envoyés, {} en attente, {} abandonnés.", totals.envoyes, totals.en_attente, totals.echecs);
    if findings.is_empty() {
        println!("Tout est en ordre (journal : {head} faits).");
        return Ok(());
    }
    for finding in &findings {
        eprintln!("- {finding}");
    }
    Err(format!("{} anomalie(s) trouvée(s).", findings.len()).into())
}
