//! The commands for administrators at the keyboard, which start no server.

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

use actors::commands::{CreateAdministrateur, FrontDesk};
use chrono::Utc;
use documents::BlobId;
use domain::email::Email;
use domain::mot_de_passe::{MotDePasse, sentence};
use domain::profil::Civilite;
use domain::time::Clock;
use indicatif::ProgressBar;
use search_index::{Access, SearchIndex};
use store::Store;
use store::servers::Place;
use store::vault::{Vault, VaultError};
use store::verification::Blob;

use crate::config::Config;
use crate::failure::Failure;
use crate::startup::{
    bring_up, index_folder, lock, need_data, new_key, open_blobs, open_installed, open_store, prepare_folder,
};

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

/// The administrateur that `create-admin` makes.
pub struct Admin {
    pub email: String,
    pub prenom: String,
    pub nom: String,
    pub civilite: Civilite,
}

/// `create-admin`: reads the password on the standard input, so that it is in no list of processes; a terminal does not
/// show it. Makes the installation first when `new` is set; otherwise refuses when there is none.
pub async fn create_admin(config: &Config, admin: Admin, new: bool) -> Result<(), Failure> {
    let email = Email::parse(&admin.email)?;
    if admin.prenom.trim().is_empty() || admin.nom.trim().is_empty() {
        return Err("Donnez un prénom et un nom.".into());
    }
    let existing = if new { None } else { Some(open_installed(config, Clock::system()).await?) };
    let line = read_password()?;
    let password = MotDePasse::parse(&line, config.password_max).map_err(|missed| sentence(&missed))?;
    let store = match existing {
        Some(store) => {
            bring_up(&store).await?;
            store
        }
        None => open_store(config, Clock::system()).await?,
    };
    let hash = actors::mots_de_passe::Passwords::new(1)?.hash(&password).await?;
    let create = CreateAdministrateur {
        civilite: admin.civilite,
        nom: admin.nom.trim().to_owned(),
        prenom: admin.prenom.trim().to_owned(),
        email,
        hash,
    };
    FrontDesk::new(store)
        .ask(create)
        .await?
        .map_err(|_| "Un compte existe déjà avec cette adresse : choisissez-en une autre.")?;
    println!("Le compte d’administrateur est créé.");
    Ok(())
}

fn read_password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password("Mot de passe (rien ne s’affiche) : ")?);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// `reindex`: rebuilds the search index, directly or by asking the running server.
pub async fn reindex(config: &Config) -> Result<(), Failure> {
    need_data(config)?;
    let store = open_installed(config, Clock::system()).await?;
    bring_up(&store).await?;
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

/// `change-key`: seals everything again with a new master key; the old key is kept beside it, for older backups.
///
/// The new key is written beside the old one before anything is sealed with it, and replaces it in one step after
/// everything is sealed. Interrupted anywhere, the command can be run again and finishes its work.
pub async fn change_key(config: &Config) -> Result<(), Failure> {
    let store = open_installed(config, Clock::system()).await?;
    let _lock = lock(config)?;
    // Held to the end: a server that starts meanwhile is refused.
    let _place = store.take_place(Place::Alone).await.map_err(|error| match error {
        store::Error::Taken => {
            "Un serveur au moins utilise cette base : arrêtez tous ses serveurs, puis relancez « change-key ». Rien n’a été changé.".into()
        }
        error => Failure::from(error),
    })?;
    let path = &config.key_file;
    let old = Vault::read(path)?;
    bring_up(&store).await?;
    let aside = new_key(path);
    // A new key is made only when the old key is this database's: otherwise it would look like an interrupted change.
    if !aside.is_file() && !old.is_of(&store).await? {
        return Err(VaultError::Other.into());
    }
    let new = Vault::open(&aside)?;
    // The database already uses the new key: the command was interrupted after everything was sealed again.
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

/// The database's key, when the key file holds it; otherwise what is wrong is added to `findings`.
async fn check_key(config: &Config, store: &Store, findings: &mut Vec<String>) -> Result<Option<Vault>, Failure> {
    if new_key(&config.key_file).is_file() {
        findings.push(
            "Le changement de la clé maîtresse a été interrompu : relancez « change-key », qui le termine.".to_owned(),
        );
    }
    match Vault::read(&config.key_file) {
        // Nothing is sealed yet: the first start makes the key.
        Err(VaultError::Missing { .. }) if !Vault::is_kept(store).await? => Ok(None),
        Err(error) => {
            findings.push(error.to_string());
            Ok(None)
        }
        Ok(vault) if !Vault::is_kept(store).await? || vault.is_of(store).await? => Ok(Some(vault)),
        Ok(_) => {
            findings.push(VaultError::Other.to_string());
            Ok(None)
        }
    }
}

/// What is wrong with a blob: missing, empty, of another size, or not what was sealed.
fn check_blob(path: &std::path::Path, blob: &Blob, vault: Option<&Vault>) -> Option<String> {
    let nom = &blob.nom;
    let size = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        _ => return Some(format!("le fichier {nom} manque")),
    };
    let expected = if blob.sceau.is_some() { Vault::sealed_size(blob.taille) } else { blob.taille };
    if size != expected {
        let what = if size == 0 { "est vide".to_owned() } else { format!("a {size} octets") };
        return Some(format!("le fichier {nom} {what} au lieu de {expected} octets"));
    }
    // Nothing opens with another key, and that is reported already.
    let (Some(sceau), Some(vault)) = (&blob.sceau, vault) else { return None };
    match std::fs::read(path) {
        Ok(sealed) if sceau.opens(vault, &sealed) => None,
        Ok(_) => Some(format!("le fichier {nom} ne s’ouvre pas : il a été altéré")),
        Err(error) => Some(format!("le fichier {nom} ne peut pas être lu : {error}")),
    }
}

async fn check_files(config: &Config, store: &Store, findings: &mut Vec<String>) -> Result<(), Failure> {
    let vault = check_key(config, store, findings).await?;
    let named = store::verification::blobs(&mut store.read().await?).await?;
    if !config.files.is_dir() {
        if !named.is_empty() {
            let folder = config.files.display();
            findings.push(format!("Le dossier des fichiers {folder} n’existe pas : vérifiez --files."));
        }
        return Ok(());
    }
    let blobs = open_blobs(config).await?;
    for blob in &named {
        findings.extend(match blob.nom.parse::<BlobId>() {
            Ok(id) => check_blob(&blobs.path(id), blob, vault.as_ref()),
            Err(error) => Some(error.to_string()),
        });
    }
    Ok(())
}

/// `check`: checks the database, the key, the files and the index. Fails when something is wrong; creates nothing.
pub async fn check(config: &Config) -> Result<(), Failure> {
    need_data(config)?;
    let store = open_installed(config, Clock::system()).await?;
    let schema = store.schema().await?;
    schema.not_newer()?;
    if !schema.is_up_to_date() {
        return Err(
            "Le schéma de la base n’est pas à jour : lancez « espace-intervenants migrate », puis recommencez.".into(),
        );
    }
    let mut connection = store.read().await?;
    let mut findings: Vec<String> =
        store::verification::check(&mut connection).await?.into_iter().map(|finding| finding.0).collect();
    check_files(config, &store, &mut findings).await?;
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
