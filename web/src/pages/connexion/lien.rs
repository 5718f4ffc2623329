//! Links that set a password: a forgotten one (K2), or the first one of an account made for somebody (K5). Opening the
//! page changes nothing; its button uses the link up.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{Expired, LinkSecret, SetPassword};
use domain::mot_de_passe::{self, MotDePasse, opaque};
use store::tokens::Emploi;

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::{Viewer, digest, link_secret};
use crate::views::connexion::{NouveauMotDePasse, Perime};
use crate::views::{FieldError, Notice};

/// A kind of link that sets a password.
pub struct Lien {
    emploi: Emploi,
    /// The purpose of its digest.
    purpose: &'static str,
    /// The path before its token.
    path: &'static str,
    title: &'static str,
    /// What the page first says about the login; empty when the person asked for the link.
    intro: fn(&str) -> String,
    /// The page that sends another link.
    again: &'static str,
}

pub const OUBLI: Lien = Lien {
    emploi: Emploi::MotDePasse,
    purpose: "mot de passe",
    path: "/mot-de-passe/",
    title: "Choisir un nouveau mot de passe",
    intro: |_| String::new(),
    again: "/mot-de-passe-oublie",
};

/// The first password of an account made for somebody.
pub const BIENVENUE: Lien = Lien {
    emploi: Emploi::Personnalisation,
    purpose: "bienvenue",
    path: "/bienvenue/",
    title: "Confirmer votre adresse et choisir un mot de passe",
    intro: |email| {
        format!(
            "Un compte a été créé pour vous. Votre identifiant de connexion est {email} ; choisissez votre mot de passe."
        )
    },
    again: "/aide",
};

impl Lien {
    pub fn kept(&self, token: &str) -> String {
        digest(self.purpose, token)
    }

    /// The secret of a new link.
    pub fn secret(&self) -> Result<LinkSecret, Error> {
        link_secret(self.purpose)
    }

    async fn form(
        &self,
        request: &HttpRequest,
        app: &App,
        viewer: &Viewer,
        token: &str,
    ) -> Result<HttpResponse, Error> {
        let now = app.store.clock().now();
        match store::tokens::find(&mut app.store.read().await?, &self.kept(token), self.emploi, now).await? {
            Some(found) => self.show(request, app, viewer, (token, &found.adresse), Vec::new(), StatusCode::OK).await,
            None => expired(request, app, viewer, self.again).await,
        }
    }

    async fn show(
        &self,
        request: &HttpRequest,
        app: &App,
        viewer: &Viewer,
        (token, email): (&str, &str),
        errors: Vec<FieldError>,
        status: StatusCode,
    ) -> Result<HttpResponse, Error> {
        let layout = page::layout(request, app, viewer, self.title).await?.with_errors(errors);
        let view = NouveauMotDePasse {
            layout,
            action: format!("{}{token}", self.path),
            intro: (self.intro)(email),
            email: email.to_owned(),
            min: mot_de_passe::MIN,
            max: app.settings.password_max.clamp(mot_de_passe::MAX, mot_de_passe::MAX_ALLOWED),
        };
        page::respond(request, app, viewer, &view, status)
    }

    /// Uses the link up; every session of the account, and every login under way, ends.
    async fn set(
        &self,
        request: &HttpRequest,
        app: &App,
        viewer: &Viewer,
        token: &str,
        fields: &Fields,
    ) -> Result<HttpResponse, Error> {
        let now = app.store.clock().now();
        let (kept, emploi) = (self.kept(token), self.emploi);
        let found = store::tokens::find(&mut app.store.read().await?, &kept, emploi, now).await?;
        let Some(found) = found else { return expired(request, app, viewer, self.again).await };
        let mut errors = Vec::new();
        let chosen = chosen(fields, app.settings.password_max, &mut errors);
        let Some(chosen) = chosen.filter(|_| errors.is_empty()) else {
            let about = (token, found.adresse.as_str());
            return self.show(request, app, viewer, about, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        };
        let hash = app.passwords.hash(&chosen).await?;
        let done = app.front_desk.ask(SetPassword { link: kept, emploi, hash }).await?;
        match done {
            Ok(()) => page::redirect_saying(
                app,
                "/authentification/",
                &Notice::done(
                    "Votre mot de passe est enregistré. Connectez-vous avec votre adresse et ce mot de passe.",
                ),
            ),
            Err(Expired) => expired(request, app, viewer, self.again).await,
        }
    }
}

/// The page of a link that no longer works.
pub async fn expired(request: &HttpRequest, app: &App, viewer: &Viewer, again: &str) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, viewer, "Ce lien ne fonctionne plus").await?;
    page::respond(request, app, viewer, &Perime { layout, again: again.to_owned() }, StatusCode::NOT_FOUND)
}

/// A new password typed twice; `errors` gets what is wrong.
pub fn chosen(fields: &Fields, max: usize, errors: &mut Vec<FieldError>) -> Option<MotDePasse> {
    let typed = fields.one("mot_de_passe");
    let chosen = match MotDePasse::parse(typed, max) {
        Ok(chosen) => Some(chosen),
        Err(missed) => {
            errors.push(FieldError::new("mot_de_passe", mot_de_passe::sentence(&missed)));
            None
        }
    };
    if opaque(fields.one("mot_de_passe_confirmation")) != opaque(typed) {
        let sentence = "Les deux mots de passe diffèrent : tapez deux fois le même.";
        errors.push(FieldError::new("mot_de_passe_confirmation", sentence));
    }
    chosen
}

pub async fn new_password_form(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
) -> Result<HttpResponse, Error> {
    OUBLI.form(&request, &app, &viewer, &jeton).await
}

/// `POST /mot-de-passe/{jeton}` with `mot_de_passe` twice.
pub async fn new_password(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    OUBLI.set(&request, &app, &viewer, &jeton, &fields).await
}

pub async fn welcome_form(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
) -> Result<HttpResponse, Error> {
    BIENVENUE.form(&request, &app, &viewer, &jeton).await
}

/// `POST /bienvenue/{jeton}` with `mot_de_passe` twice.
pub async fn welcome(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    BIENVENUE.set(&request, &app, &viewer, &jeton, &fields).await
}
