//! Settings: flags win over the environment, which wins over the file. Only this module reads the environment.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use actors::mailer::{Smtp, SmtpOptions, check_sender};
use clap::Args;
use documents::Antivirus;
use domain::email::Email;
use serde::Deserialize;

/// What can be set, each as a flag, a variable `EI_…` or a key of the TOML file of the same name.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Fichier TOML de réglages (clés : celles des options, avec _ au lieu de -)
    #[arg(long, env = "EI_CONFIG", value_name = "FICHIER")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Adresse et port d’écoute [défaut : 127.0.0.1:8080]
    #[arg(long, env = "EI_LISTEN", value_name = "ADRESSE:PORT")]
    pub listen: Option<SocketAddr>,
    /// Dossier des données de ce serveur : base SQLite, index [défaut : donnees ; démonstration : demonstration]
    #[arg(long, env = "EI_DATA", value_name = "DOSSIER")]
    pub data: Option<PathBuf>,
    /// Dossier des fichiers déposés, commun à tous les serveurs d’une même base [défaut : DATA/fichiers]
    #[arg(long, env = "EI_FILES", value_name = "DOSSIER")]
    pub files: Option<PathBuf>,
    /// Fichier de la clé maîtresse, commun à tous les serveurs d’une même base ; créé avec la base [défaut : FILES/cle-maitresse]
    #[arg(long, env = "EI_KEY_FILE", value_name = "FICHIER")]
    pub key_file: Option<PathBuf>,
    /// Base de données : sqlite:CHEMIN ou postgres://… [défaut : sqlite:DATA/espace.sqlite]
    #[arg(long, env = "EI_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Adresse publique du service, par exemple <https://intervenants.example>
    #[arg(long, env = "EI_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// Serveur de courrier : smtp://[compte:mot@]hôte:port, smtp+starttls://… ou smtps://…
    #[arg(long, env = "EI_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Démonstration seulement : dossier où écrire les courriels en .eml au lieu de les envoyer
    #[arg(long, env = "EI_MAIL_DIR", value_name = "DOSSIER")]
    pub mail_dir: Option<PathBuf>,
    /// Expéditeur des courriels [défaut : Espace Intervenants <ne-pas-repondre@HÔTE DE BASE_URL>]
    #[arg(long, env = "EI_MAIL_FROM", value_name = "EXPÉDITEUR")]
    pub mail_from: Option<String>,
    /// Adresse de contact citée dans les courriels [défaut : contact@HÔTE DE BASE_URL]
    #[arg(long, env = "EI_MAIL_CONTACT", value_name = "ADRESSE")]
    pub mail_contact: Option<String>,
    /// Antivirus clamd qui analyse chaque fichier reçu : tcp://hôte:port ou unix:/chemin [défaut : aucun]
    #[arg(long, env = "EI_CLAMD", value_name = "ADRESSE")]
    pub clamd: Option<String>,
    /// Reconnaît le texte des pages en image des CV PDF ; demande tesseract-ocr, tesseract-ocr-fra et poppler-utils [défaut : non]
    #[arg(long, env = "EI_OCR", value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    pub ocr: Option<bool>,
    /// Fils qui servent les pages [défaut : un par cœur]
    #[arg(long, env = "EI_WORKERS", value_name = "N")]
    pub workers: Option<usize>,
    /// Mandataires (proxies) dont l’en-tête X-Forwarded-For est cru, séparés par des virgules
    #[arg(long, env = "EI_TRUSTED_PROXIES", value_name = "IP,…", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpAddr>>,
    /// Requêtes par seconde permises à une adresse (et vingt fois plus d’un coup) [défaut : 100]
    #[arg(long, env = "EI_REQUESTS_PER_SECOND", value_name = "N")]
    pub requests_per_second: Option<u32>,
    /// Longueur maximale d’un mot de passe, de 24 à 128 [défaut : 24]
    #[arg(long, env = "EI_PASSWORD_MAX", value_name = "N")]
    pub password_max: Option<usize>,
    /// Filtre des journaux, par exemple info ou debug [défaut : info]
    #[arg(long, env = "EI_LOG", value_name = "FILTRE")]
    pub log: Option<String>,
    /// Forme des journaux : json ou texte [défaut : json]
    #[arg(long, env = "EI_LOG_FORMAT", value_name = "FORME")]
    pub log_format: Option<String>,
}

/// Why the settings can't be used: a sentence that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("Le fichier de réglages {path} ne peut pas être lu : {why}. Vérifiez son chemin et ses droits.")]
    File { path: String, why: String },
    #[error("Le fichier de réglages {path} contient une erreur : {why}")]
    Toml { path: String, why: String },
    #[error("{0}")]
    Value(String),
}

/// The program for which the settings are: production refuses what only a demonstration may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `serve`.
    Production,
    /// `demo`.
    Demo,
    /// A command at the keyboard that sends no mail and serves no page.
    Command,
}

/// Settings that can be used.
#[derive(Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub files: PathBuf,
    pub key_file: PathBuf,
    pub database_url: String,
    /// The public address; when it is none, the address listened on.
    pub base_url: Option<String>,
    pub mail: MailWay,
    /// The sender of the mails; when it is none, derived from the public address.
    pub mail_from: Option<String>,
    /// The contact address; when it is none, derived from the public address.
    pub mail_contact: Option<String>,
    /// The antivirus that scans received files, if any.
    pub antivirus: Option<Antivirus>,
    /// Whether pages that are pictures are recognised.
    pub ocr: bool,
    pub workers: usize,
    pub trusted_proxies: Vec<IpAddr>,
    pub requests_per_second: u32,
    /// Longest password, in characters.
    pub password_max: usize,
    pub log: String,
    pub log_json: bool,
}

#[derive(Clone)]
pub enum MailWay {
    Smtp(String),
    Folder(PathBuf),
    /// Mails are only shown on a page.
    Page,
}

impl fmt::Debug for Config {
    /// Without the passwords of the database and of the mail server.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("listen", &self.listen).field("data", &self.data).finish_non_exhaustive()
    }
}

impl Options {
    /// Settings without flag or variable are taken from the file.
    fn with_file(self) -> Result<Self, ConfigError> {
        let Some(path) = self.config.clone() else { return Ok(self) };
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(&path)
            .map_err(|error| ConfigError::File { path: shown.clone(), why: error.to_string() })?;
        let file: Self =
            toml::from_str(&text).map_err(|error| ConfigError::Toml { path: shown, why: error.to_string() })?;
        Ok(Self {
            config: self.config,
            listen: self.listen.or(file.listen),
            data: self.data.or(file.data),
            files: self.files.or(file.files),
            key_file: self.key_file.or(file.key_file),
            database_url: self.database_url.or(file.database_url),
            base_url: self.base_url.or(file.base_url),
            smtp_url: self.smtp_url.or(file.smtp_url),
            mail_dir: self.mail_dir.or(file.mail_dir),
            mail_from: self.mail_from.or(file.mail_from),
            mail_contact: self.mail_contact.or(file.mail_contact),
            clamd: self.clamd.or(file.clamd),
            ocr: self.ocr.or(file.ocr),
            workers: self.workers.or(file.workers),
            trusted_proxies: self.trusted_proxies.or(file.trusted_proxies),
            requests_per_second: self.requests_per_second.or(file.requests_per_second),
            password_max: self.password_max.or(file.password_max),
            log: self.log.or(file.log),
            log_format: self.log_format.or(file.log_format),
        })
    }

    /// Checks all settings together.
    pub fn resolve(self, mode: Mode) -> Result<Config, ConfigError> {
        let options = self.with_file()?;
        let data = options
            .data
            .clone()
            .unwrap_or_else(|| PathBuf::from(if mode == Mode::Demo { "demonstration" } else { "donnees" }));
        let base_url = options.base_url.as_deref().map(|url| base_url(url, mode)).transpose()?;
        if mode == Mode::Production && base_url.is_none() {
            return wrong("Il manque l’adresse publique du service : donnez --base-url https://… (ou EI_BASE_URL).");
        }
        let mail = mail_way(&options, mode)?;
        if let Some(from) = &options.mail_from
            && check_sender(from).is_err()
        {
            return wrong(format!(
                "--mail-from doit être un expéditeur comme « Espace Intervenants <ne-pas-repondre@intervenants.example> », et non « {from} »."
            ));
        }
        if let Some(contact) = &options.mail_contact
            && Email::parse(contact).is_err()
        {
            return wrong(format!(
                "--mail-contact doit être une adresse électronique comme contact@intervenants.example, et non « {contact} »."
            ));
        }
        let antivirus = options.clamd.as_deref().map(str::parse::<Antivirus>).transpose();
        let antivirus = antivirus.map_err(|error| ConfigError::Value(format!("--clamd ne convient pas : {error}")))?;
        let password_max = options.password_max.unwrap_or(domain::mot_de_passe::MAX);
        if !(domain::mot_de_passe::MAX..=domain::mot_de_passe::MAX_ALLOWED).contains(&password_max) {
            return wrong("--password-max doit être compris entre 24 et 128.");
        }
        let requests_per_second = options.requests_per_second.unwrap_or(100);
        if requests_per_second == 0 {
            return wrong("--requests-per-second doit valoir au moins 1.");
        }
        let workers = options.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from));
        if !(1..=256).contains(&workers) {
            return wrong("--workers doit être compris entre 1 et 256.");
        }
        let log_json = match options.log_format.as_deref() {
            None | Some("json") => true,
            Some("texte") => false,
            Some(other) => return wrong(format!("--log-format vaut json ou texte, et non « {other} ».")),
        };
        Ok(Config {
            listen: options.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            key_file: options.key_file.clone().unwrap_or_else(|| {
                options.files.clone().unwrap_or_else(|| data.join("fichiers")).join("cle-maitresse")
            }),
            files: options.files.clone().unwrap_or_else(|| data.join("fichiers")),
            database_url: database_url(options.database_url, &data)?,
            data,
            base_url,
            mail,
            mail_from: options.mail_from,
            mail_contact: options.mail_contact,
            antivirus,
            ocr: options.ocr.unwrap_or(false),
            workers,
            trusted_proxies: options.trusted_proxies.unwrap_or_default(),
            requests_per_second,
            password_max,
            log: options.log.unwrap_or_else(|| "info,tantivy=warn".to_owned()),
            log_json,
        })
    }
}

fn wrong<T>(sentence: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError::Value(sentence.into()))
}

fn base_url(url: &str, mode: Mode) -> Result<String, ConfigError> {
    let trimmed = url.trim_end_matches('/');
    let rest = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    let Some(host) = rest.filter(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' '])) else {
        return wrong(format!(
            "--base-url doit être une adresse comme https://intervenants.example, sans chemin, et non « {url} »."
        ));
    };
    let local =
        ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host == *name || host.starts_with(&format!("{name}:")));
    if mode == Mode::Production && trimmed.starts_with("http://") && !local {
        return wrong("--base-url doit commencer par https:// : les mots de passe ne voyagent pas en clair.");
    }
    Ok(trimmed.to_owned())
}

fn database_url(given: Option<String>, data: &Path) -> Result<String, ConfigError> {
    match given {
        None => Ok(format!("sqlite:{}", data.join("espace.sqlite").display())),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Ok(url),
        Some(url) if url.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty()) => Ok(url),
        Some(_) => wrong("--database-url doit commencer par sqlite: (suivi d’un chemin) ou par postgres://."),
    }
}

fn mail_way(options: &Options, mode: Mode) -> Result<MailWay, ConfigError> {
    match (&options.smtp_url, &options.mail_dir, mode) {
        (Some(_), Some(_), _) => {
            wrong("Choisissez entre --smtp-url et --mail-dir : les deux ensemble n’ont pas de sens.")
        }
        (Some(url), None, _) => {
            Smtp::new(url, SmtpOptions::default())
                .map_err(|error| ConfigError::Value(format!("--smtp-url ne convient pas : {error}")))?;
            Ok(MailWay::Smtp(url.clone()))
        }
        (None, Some(folder), Mode::Demo | Mode::Command) => Ok(MailWay::Folder(folder.clone())),
        (None, None, Mode::Demo | Mode::Command) => Ok(MailWay::Page),
        (None, Some(_), Mode::Production) => {
            wrong("--mail-dir est réservé à la démonstration : en production, donnez --smtp-url.")
        }
        (None, None, Mode::Production) => {
            wrong("Il manque le serveur de courrier : donnez --smtp-url smtp://hôte:port (ou EI_SMTP_URL).")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn production() -> Options {
        Options {
            base_url: Some("https://ei.example/".into()),
            smtp_url: Some("smtp://127.0.0.1:2525".into()),
            ..Options::default()
        }
    }

    #[test]
    fn o3_a_wrong_setting_is_refused_with_a_sentence() {
        let cases: Vec<(Options, &str)> = vec![
            (Options { base_url: None, ..production() }, "adresse publique"),
            (Options { base_url: Some("http://ei.example".into()), ..production() }, "https://"),
            (Options { base_url: Some("ei.example/a".into()), ..production() }, "sans chemin"),
            (Options { smtp_url: None, ..production() }, "serveur de courrier"),
            (Options { smtp_url: None, mail_dir: Some("x".into()), ..production() }, "réservé à la démonstration"),
            (Options { mail_dir: Some("x".into()), ..production() }, "Choisissez"),
            (Options { database_url: Some("mysql://x".into()), ..production() }, "sqlite:"),
            (Options { password_max: Some(12), ..production() }, "24 et 128"),
            (Options { workers: Some(0), ..production() }, "1 et 256"),
            (Options { requests_per_second: Some(0), ..production() }, "au moins 1"),
            (Options { log_format: Some("xml".into()), ..production() }, "json ou texte"),
            (Options { mail_from: Some("Espace Intervenants".into()), ..production() }, "--mail-from"),
            (Options { mail_from: Some("A <a@>".into()), ..production() }, "--mail-from"),
            (Options { mail_from: Some("A <a@ei.example>\nBcc: b@ei.example".into()), ..production() }, "--mail-from"),
            (Options { mail_from: Some(String::new()), ..production() }, "--mail-from"),
            (Options { mail_contact: Some("le service".into()), ..production() }, "--mail-contact"),
            (Options { mail_contact: Some("  ".into()), ..production() }, "--mail-contact"),
            (Options { config: Some("/nulle/part.toml".into()), ..production() }, "ne peut pas être lu"),
        ];
        for (options, expected) in cases {
            let said = options.resolve(Mode::Production).unwrap_err().to_string();
            assert!(said.contains(expected), "{said}");
        }
    }

    #[test]
    fn o3_a_flag_comes_before_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "listen = \"127.0.0.1:9000\"\nworkers = 3\n").unwrap();
        let options = Options { config: Some(file.path().to_owned()), workers: Some(5), ..production() };
        let config = options.resolve(Mode::Production).unwrap();
        assert_eq!((config.listen.port(), config.workers), (9000, 5));
        assert_eq!(config.base_url.as_deref(), Some("https://ei.example"));

        std::fs::write(file.path(), "ecoute = 1\n").unwrap();
        let said =
            Options { config: Some(file.path().to_owned()), ..production() }.resolve(Mode::Production).unwrap_err();
        assert!(said.to_string().contains("ecoute"), "{said}");
    }
}
