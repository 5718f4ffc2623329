//! The form and its result. The page says the same whether or not an account exists: its owner is told by email (SPEC
//! I2). Only an archived account is announced, as the manual asks.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::inscriptions::{AccountArchived, Candidat, KeepPassword, Register};
use chrono::NaiveDate;
use domain::annonce::{EtatAnnonce, NumeroAnnonce};
use domain::candidature::commentaire;
use domain::connexion::wait_in_words;
use domain::inscription::last_day;
use domain::masque;
use domain::mot_de_passe::{self, MotDePasse};
use domain::profil::{Champs, Civilite, LINE_MAX, naissance};
use domain::texte::ligne;
use domain::time::{ACTIVATION_DAYS, days_after, paris};
use serde::Deserialize;
use store::annonces::Annonce;

use super::{PURPOSE, browser};
use crate::app::App;
use crate::csrf::Posted;
use crate::defi::{self, Formulaire};
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::connexion::tries;
use crate::session::{Viewer, digest, link_secret, random_token};
use crate::views::inscription::{ALire, CompteArchive, CourrielEnvoye, Inscription};
use crate::views::{Choice, FieldError, Link};

/// The purpose of the digest of a kept password's token.
const GARDE: &str = "mot de passe garde";
/// Tries forgiven to a network address before it must wait: the employees of a town hall share one.
const FORGIVEN: i32 = 40;

/// The annonce for which the person registers.
#[derive(Debug, Deserialize)]
pub struct Pour {
    annonce: Option<String>,
}

/// `GET /inscription`, with `annonce` for people who come from one (I8).
pub async fn form(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    pour: Query<Pour>,
) -> Result<HttpResponse, Error> {
    if viewer.session().is_some() {
        return Ok(page::redirect("/tableau-de-bord"));
    }
    let mut champs = Champs::default();
    champs.set("annonce", pour.annonce.as_deref().unwrap_or_default());
    show(&request, &app, &viewer, Shown { champs, ..Shown::default() }, StatusCode::OK).await
}

#[derive(Default)]
struct Shown {
    champs: Champs,
    errors: Vec<FieldError>,
    /// Whether the captcha was answered the time before.
    resolu: bool,
    /// The token of the valid password that was typed before, if any.
    garde: String,
}

async fn show(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    shown: Shown,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let Shown { champs, errors, resolu, garde } = shown;
    let annonce = annonce(app, champs.one("annonce")).await?;
    let texte = |name, label, href| ALire { name, label, href, checked: champs.has(name) };
    let view = Inscription {
        layout: page::layout(request, app, viewer, "Déposer un CV").await?.with_errors(errors),
        civilites: Civilite::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), one.libelle()).selected(champs.one("civilite") == one.as_str()))
            .collect(),
        numero: annonce.as_ref().and_then(|annonce| annonce.numero).map_or_else(String::new, |n| n.to_string()),
        annonce: annonce.and_then(|annonce| {
            let numero = annonce.numero?;
            let label = format!("{numero} · {}", annonce.contenu.titre);
            Some((Link::new(label, format!("/annonces/{numero}")), annonce.structure_nom))
        }),
        a_lire: vec![
            texte("conditions", "Conditions d’utilisation", "/mentions-legales/conditions"),
            texte("donnees", "Données personnelles", "/mentions-legales/donnees-personnelles"),
            texte("cookies", "Cookies", "/mentions-legales/cookies"),
        ],
        champs,
        defi: defi::make(app, Formulaire::Inscription, resolu).await?,
        garde,
        min: mot_de_passe::MIN,
        max: app.settings.password_max.clamp(mot_de_passe::MAX, mot_de_passe::MAX_ALLOWED),
    };
    page::respond(request, app, viewer, &view, status)
}

/// The annonce of that number, while it can be answered.
async fn annonce(app: &App, numero: &str) -> Result<Option<Annonce>, Error> {
    let Some(numero) = NumeroAnnonce::parse(numero) else { return Ok(None) };
    let found = store::annonces::by_numero(&mut app.store.read().await?, numero).await?;
    Ok(found.filter(|annonce| annonce.etat == EtatAnnonce::Publiee))
}

/// The password of a form: the typed one, otherwise the valid one that was typed the time before.
struct Secret {
    /// Its hash, or what is wrong with it.
    hash: Result<String, FieldError>,
    /// The token of the kept password in the form, in case it comes back; empty when the password is not valid.
    garde: String,
}

/// The digest of the token of a kept password, bound to this browser.
fn kept_password(garde: &str, viewer: &Viewer) -> String {
    digest(GARDE, &format!("{garde} {}", viewer.csrf()))
}

impl Secret {
    async fn read(app: &App, viewer: &Viewer, fields: &Fields) -> Result<Self, Error> {
        let (typed, garde) = (fields.one("mot_de_passe"), fields.one("mot_de_passe_garde"));
        if typed.is_empty() && !garde.is_empty() {
            let now = app.store.clock().now();
            let kept = kept_password(garde, viewer);
            let found = store::mots_de_passe_gardes::find(&mut app.store.read().await?, &kept, now).await?;
            if let Some(hash) = found {
                return Ok(Self { hash: Ok(hash), garde: garde.to_owned() });
            }
        }
        Ok(match MotDePasse::parse(typed, app.settings.password_max) {
            Ok(password) => Self { hash: Ok(app.passwords.hash(&password).await?), garde: random_token()? },
            Err(missed) => {
                let wrong = FieldError::new("mot_de_passe", mot_de_passe::sentence(&missed));
                Self { hash: Err(wrong), garde: String::new() }
            }
        })
    }

    /// Keeps a valid password for the next try of the form; returns its token.
    async fn keep(self, app: &App, viewer: &Viewer) -> Result<String, Error> {
        if let Ok(hash) = self.hash {
            let until = app.store.clock().now() + defi::LIFETIME;
            let keep = KeepPassword { garde: kept_password(&self.garde, viewer), hash, until };
            let Ok(()) = app.front_desk.ask(keep).await?;
        }
        Ok(self.garde)
    }
}

/// Reads the form, or returns what is wrong in it, in the order of its fields.
fn read(fields: &Fields, today: NaiveDate, secret: &Secret) -> Result<Candidat, Vec<FieldError>> {
    let mut errors = Vec::new();
    let civilite = Civilite::from_word(fields.one("civilite"));
    if civilite.is_none() {
        errors.push(FieldError::new("civilite", "Indiquez votre civilité."));
    }
    let nom = name(fields, "nom", "Indiquez votre nom.", &mut errors);
    let prenom = name(fields, "prenom", "Indiquez votre prénom.", &mut errors);
    let born = match fields.filled("date_naissance") {
        None => Err("Indiquez votre date de naissance."),
        Some(typed) => naissance(typed, today),
    };
    let born = born.map_err(|sentence| errors.push(FieldError::new("date_naissance", sentence))).ok();
    let email = fields.email_twice(&mut errors);
    let hash = secret.hash.clone().map_err(|wrong| errors.push(wrong)).ok();
    let commentaire =
        commentaire(fields.one("commentaire")).map_err(|why| errors.push(FieldError::new("commentaire", why))).ok();
    for (field, what) in [
        ("conditions", "les conditions d’utilisation"),
        ("donnees", "le texte sur les données personnelles"),
        ("cookies", "le texte sur les cookies"),
    ] {
        if fields.filled(field).is_none() {
            errors.push(FieldError::new(field, format!("Ouvrez {what}, puis cochez la case.")));
        }
    }
    match (civilite, nom, prenom, born, email, hash, commentaire) {
        (Some(civilite), Some(nom), Some(prenom), Some(naissance), Some(email), Some(hash), Some(commentaire))
            if errors.is_empty() =>
        {
            Ok(Candidat { civilite, nom, prenom, naissance, email, hash, commentaire })
        }
        _ => Err(errors),
    }
}

fn name(fields: &Fields, field: &'static str, missing: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    let sentence = match fields.filled(field) {
        None => missing,
        Some(typed) if typed.chars().count() > LINE_MAX => "Ce nom est trop long : 150 caractères au plus.",
        // The mask of a number is not a name.
        Some(typed) if !typed.replace(masque::MASK, "").chars().any(char::is_alphabetic) => {
            "Un nom contient au moins une lettre."
        }
        Some(typed) => return Some(ligne(typed)),
    };
    errors.push(FieldError::new(field, sentence));
    None
}

pub async fn register(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let mut champs = fields.champs();
    champs.set("mot_de_passe", "");
    let keys = tries::from_address(&request, &app, "inscription", FORGIVEN);
    if let Some(wait) = tries::count(&app, &keys).await? {
        let errors = vec![FieldError::new("", format!("Trop de demandes : réessayez dans {}.", wait_in_words(wait)))];
        let shown = Shown { champs, errors, garde: fields.one("mot_de_passe_garde").to_owned(), resolu: false };
        return show(&request, &app, &viewer, shown, StatusCode::TOO_MANY_REQUESTS).await;
    }
    let now = app.store.clock().now();
    // The password is always hashed, so that the time of the answer tells nothing.
    let secret = Secret::read(&app, &viewer, &fields).await?;
    let captcha = defi::check(&app, &fields, Formulaire::Inscription).await?;
    let resolu = captcha.is_ok();
    let candidat = match (read(&fields, paris(now).date(), &secret), captcha) {
        (Ok(candidat), Ok(())) => candidat,
        (read, captcha) => {
            let mut errors = read.err().unwrap_or_default();
            errors.extend(captcha.err());
            let shown = Shown { champs, errors, resolu, garde: secret.keep(&app, &viewer).await? };
            return show(&request, &app, &viewer, shown, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let annonce = annonce(&app, champs.one("annonce")).await?;
    let email = candidat.email.clone();
    let registration = Register {
        candidat,
        garde: kept_password(&secret.garde, &viewer),
        annonce: annonce.map(|annonce| annonce.id),
        secret: link_secret(PURPOSE)?,
        browser: browser(viewer.csrf()),
    };
    if let Err(AccountArchived) = app.front_desk.ask(registration).await? {
        let layout = page::layout(&request, &app, &viewer, "Un compte archivé existe déjà").await?;
        return page::respond(&request, &app, &viewer, &CompteArchive { layout }, StatusCode::CONFLICT);
    }
    let layout = page::layout(&request, &app, &viewer, "Consultez votre messagerie").await?;
    let sentences = vec![
        format!("Un courriel vient d’être envoyé à {email}. Ouvrez le lien qu’il contient pour activer votre compte."),
        format!(
            "Vous avez {ACTIVATION_DAYS} jours, jusqu’au {} : sans activation, il faudra recommencer. Sans courriel d’ici \
             quelques minutes, regardez dans les courriers indésirables.",
            last_day(days_after(now, ACTIVATION_DAYS))
        ),
    ];
    page::ok(&request, &app, &viewer, &CourrielEnvoye { layout, sentences })
}
