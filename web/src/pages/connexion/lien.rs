//! Links that set a password: a forgotten one (K2), or the first one of an account made for its owner (K5). The page
//! alone changes nothing; its button uses the link up.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::compte::EtatCompte;
use domain::connexion::BIENVENUE_DAYS;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::mot_de_passe::{self, MotDePasse, opaque};
use domain::time::days_after;
use store::Refused;
use store::Transaction;
use store::jetons::{Emploi, Nouveau};

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::flash::Flash;
use crate::page;
use crate::session::{Viewer, digest, random_token};
use crate::views::FieldError;
use crate::views::connexion::{NouveauMotDePasse, Perime};

/// A kind of link that sets a password.
pub struct Lien {
    emploi: Emploi,
    /// What its digest is made for.
    purpose: &'static str,
    /// The path before its token.
    path: &'static str,
    title: &'static str,
    /// What the page says first of the login; nothing where the person asked for the link.
    intro: fn(&str) -> String,
    /// Where another one is asked for.
    again: &'static str,
}

/// A forgotten password.
pub const OUBLI: Lien = Lien {
    emploi: Emploi::MotDePasse,
    purpose: "mot de passe",
    path: "/mot-de-passe/",
    title: "Choisir un nouveau mot de passe",
    intro: |_| String::new(),
    again: "/mot-de-passe-oublie",
};

/// The first password of an account made for its owner.
const BIENVENUE: Lien = Lien {
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

/// Days that the link of a gestionnaire's or administrateur's account works.
const AGENT_DAYS: u64 = 7;

/// Whose account was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accueilli {
    /// A gestionnaire's or an administrateur's.
    Agent,
    /// An intervenant's (K5).
    Intervenant,
}

/// The link by which the owner of an account made for them chooses a password, with the mail that brings it.
pub struct Bienvenue {
    qui: Accueilli,
    token: String,
    prenom: String,
    structure: String,
    adresse: String,
}

impl Bienvenue {
    /// A link to that address; `structure` is the one that works with the person, empty for a national account.
    pub fn new(qui: Accueilli, prenom: &str, structure: &str, adresse: &str) -> Result<Self, Error> {
        Ok(Self {
            qui,
            token: random_token()?,
            prenom: prenom.to_owned(),
            structure: structure.to_owned(),
            adresse: adresse.to_owned(),
        })
    }

    /// Makes the link, in place of an earlier one, and puts its mail in the outbox.
    pub async fn send(self, transaction: &mut Transaction, compte: CompteId) -> store::Result<()> {
        let days = match self.qui {
            Accueilli::Agent => AGENT_DAYS,
            Accueilli::Intervenant => BIENVENUE_DAYS,
        };
        let expire_at = days_after(transaction.now, days);
        let link = Nouveau {
            empreinte: BIENVENUE.kept(&self.token),
            compte,
            emploi: BIENVENUE.emploi,
            adresse: self.adresse.clone(),
            mot_de_passe: None,
            expire_at,
        };
        let key = format!("bienvenue-{}", &link.empreinte[..32]);
        store::jetons::create(transaction, &link).await?;
        let chemin = format!("{}{}", BIENVENUE.path, self.token);
        let (prenom, structure, jusqu_au) = (self.prenom, self.structure, last_day(expire_at));
        let content = match self.qui {
            Accueilli::Agent => Courriel::CompteAgent { prenom, structure, chemin, jusqu_au },
            Accueilli::Intervenant => Courriel::ComptePersonnaliser { prenom, structure, chemin, jusqu_au },
        };
        store::courriels::put(transaction, Some(compte), &self.adresse, &key, &content).await
    }
}

impl Lien {
    /// What is kept of a link.
    pub fn kept(&self, token: &str) -> String {
        digest(self.purpose, token)
    }

    async fn form(
        &self,
        request: &HttpRequest,
        app: &App,
        viewer: &Viewer,
        token: &str,
    ) -> Result<HttpResponse, Error> {
        let now = app.store.clock().now();
        match store::jetons::find(&mut app.store.read().await?, &self.kept(token), self.emploi, now).await? {
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

    /// Uses the link up; every session and login under way of the account ends.
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
        let found = store::jetons::find(&mut app.store.read().await?, &kept, emploi, now).await?;
        let Some(found) = found else { return expired(request, app, viewer, self.again).await };
        let mut errors = Vec::new();
        let chosen = chosen(fields, app.settings.password_max, &mut errors);
        let Some(chosen) = chosen.filter(|_| errors.is_empty()) else {
            let about = (token, found.adresse.as_str());
            return self.show(request, app, viewer, about, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        };
        let hash = app.passwords.hash(&chosen).await?;
        let compte = CompteId(found.compte_id);
        let done = app
            .store
            .attempt(Some(compte), move |transaction| {
                Box::pin(async move {
                    let account = store::comptes::by_id(transaction.connection(), compte).await?;
                    if account.is_none_or(|account| account.etat != EtatCompte::Actif)
                        || store::jetons::take(transaction, &kept, emploi).await?.is_none()
                    {
                        return Err(Refused::Because(Expired));
                    }
                    store::comptes::set_password(transaction, compte, &hash).await?;
                    store::etapes::end_all(transaction, compte).await?;
                    Ok(store::sessions::close_others(transaction, compte, None).await?)
                })
            })
            .await?;
        match done {
            Ok(_) => page::redirect_saying(app, "/authentification/", &Flash::PasswordSet),
            Err(Expired) => expired(request, app, viewer, self.again).await,
        }
    }
}

/// A link does not work any more.
pub struct Expired;

/// The page of a link that does not work any more.
pub async fn expired(request: &HttpRequest, app: &App, viewer: &Viewer, again: &str) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, viewer, "Ce lien ne fonctionne plus").await?;
    page::respond(request, app, viewer, &Perime { layout, again: again.to_owned() }, StatusCode::NOT_FOUND)
}

/// A new password typed twice, or what is wrong.
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

/// `GET /mot-de-passe/{jeton}`.
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

/// `GET /bienvenue/{jeton}` (K5).
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
