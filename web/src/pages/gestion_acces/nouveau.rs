//! `/gestion/comptes/nouveau`: an account made for an intervenant, who confirms it with a link (manual §5.1.1, SPEC
//! K5).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{MakeAccount, NotMade};
use chrono::NaiveDate;
use domain::compte::{Droit, EtatCompte};
use domain::email::{Email, EmailError};
use domain::profil::{Civilite, LINE_MAX, naissance};
use domain::texte::ligne;
use domain::time::paris_day;
use store::comptes::Compte;

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::connexion::BIENVENUE;
use crate::session::{Acces, Habilite};
use crate::views::{FieldError, GestionCompteNouveau, Notice};

/// What is typed in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Typed {
    civilite: String,
    nom: String,
    prenom: String,
    naissance: String,
    email: String,
}

/// Who the account is for.
#[derive(Clone, Debug)]
struct Lu {
    civilite: Civilite,
    naissance: NaiveDate,
    email: Email,
}

impl Typed {
    fn from_form(fields: &Fields) -> Self {
        let line = |name: &str| ligne(fields.one(name));
        Self {
            civilite: line("civilite"),
            nom: line("nom"),
            prenom: line("prenom"),
            naissance: line("date_naissance"),
            email: line("email"),
        }
    }

    fn check(&self, today: NaiveDate) -> Result<Lu, Vec<FieldError>> {
        let mut errors = Vec::new();
        let civilite = Civilite::from_word(&self.civilite);
        if civilite.is_none() {
            errors.push(FieldError::new("civilite", "Choisissez une civilité."));
        }
        for (field, value, missing) in
            [("nom", &self.nom, "Indiquez le nom."), ("prenom", &self.prenom, "Indiquez le prénom.")]
        {
            let length = value.chars().count();
            if length == 0 {
                errors.push(FieldError::new(field, missing));
            } else if length > LINE_MAX {
                let sentence = format!("Vérifiez ce qui est tapé ici : {LINE_MAX} caractères au plus.");
                errors.push(FieldError::new(field, sentence));
            }
        }
        let born = if self.naissance.is_empty() {
            Err("Indiquez la date de naissance.")
        } else {
            naissance(&self.naissance, today).map_err(|_| "Vérifiez la date de naissance : elle a la forme 14/03/1979.")
        };
        let naissance = born.map_err(|sentence| errors.push(FieldError::new("date_naissance", sentence))).ok();
        let email = Email::parse(&self.email)
            .map_err(|error| {
                let sentence = match error {
                    EmailError::Empty => "Indiquez l’adresse électronique de la personne.".to_owned(),
                    EmailError::Malformed | EmailError::Local | EmailError::TooLong => error.to_string(),
                };
                errors.push(FieldError::new("email", sentence));
            })
            .ok();
        match (civilite, naissance, email) {
            (Some(civilite), Some(naissance), Some(email)) if errors.is_empty() => {
                Ok(Lu { civilite, naissance, email })
            }
            _ => Err(errors),
        }
    }
}

pub async fn new_form(request: HttpRequest, app: Data<App>, who: Habilite<Acces>) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, Typed::default(), Vec::new(), None).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Acces>,
    saisie: Typed,
    errors: Vec<FieldError>,
    existant_href: Option<String>,
) -> Result<HttpResponse, Error> {
    let viewer = &who.connecte.viewer;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = GestionCompteNouveau {
        layout: page::layout(request, app, viewer, "Créer le compte d’un intervenant").await?.with_errors(errors),
        structure: who.connecte.session.structure_nom.clone().unwrap_or_default(),
        civilite: saisie.civilite,
        nom: saisie.nom,
        prenom: saisie.prenom,
        date_naissance: saisie.naissance,
        email: saisie.email,
        existant_href,
    };
    page::respond(request, app, viewer, &view, status)
}

/// `POST /gestion/comptes/nouveau` with `civilite`, `nom`, `prenom`, `date_naissance` and `email`. Unlike a visitor, a
/// gestionnaire is told plainly that the address or the person has an account.
pub async fn create(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Acces>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let saisie = Typed::from_form(&fields);
    let lu = match saisie.check(paris_day(app.store.clock().now())) {
        Ok(lu) => lu,
        Err(errors) => return show(&request, &app, &who, saisie, errors, None).await,
    };
    let make = MakeAccount {
        civilite: lu.civilite,
        nom: saisie.nom.clone(),
        prenom: saisie.prenom.clone(),
        naissance: lu.naissance,
        email: lu.email.clone(),
        secret: BIENVENUE.secret()?,
    };
    match app.comptes.ask(&who.connecte.identity(), make).await? {
        Ok(compte) => page::redirect_saying(
            &app,
            &format!("/gestion/acces/{compte}"),
            &Notice::done(
                "Le compte est créé. La personne reçoit un courriel pour confirmer son adresse et choisir son mot de passe.",
            ),
        ),
        Err(NotMade::Exists(holder)) => refuse(&request, &app, &who, saisie, &lu, &holder).await,
        Err(NotMade::Forbidden) => Err(Error::NotGranted(Droit::Acces)),
    }
}

async fn refuse(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Acces>,
    saisie: Typed,
    lu: &Lu,
    holder: &Compte,
) -> Result<HttpResponse, Error> {
    let state = match holder.etat {
        EtatCompte::Actif => "",
        EtatCompte::AActiver => " Il attend son activation.",
        EtatCompte::Archive => " Il est archivé : sa réactivation se demande par la page « Aide et contact ».",
    };
    let error = if holder.login == lu.email.as_str() {
        let name = format!("{} {}", holder.prenom, holder.nom);
        FieldError::new("email", format!("Un compte existe déjà avec cette adresse, au nom de {name}.{state}"))
    } else {
        let sentence = format!("Cette personne a déjà un compte, avec l’adresse {}.{state}", holder.login);
        FieldError::new("nom", sentence)
    };
    let known = store::acces::personne(&mut app.store.read().await?, who.structure, holder.id).await?;
    let href = known.map(|known| format!("/gestion/acces/{}", known.compte));
    show(request, app, who, saisie, vec![error], href).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(query: &str) -> Vec<String> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        match Typed::from_form(&Fields::parse(query)).check(today) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| error.field).collect(),
        }
    }

    #[test]
    fn k5_an_account_needs_a_person_and_an_address() {
        assert_eq!(fields(""), ["civilite", "nom", "prenom", "date_naissance", "email"]);
        let good = "civilite=Mme&nom=Le+Gall&prenom=Anne&date_naissance=02%2F05%2F1968&email=anne@exemple.fr";
        assert_eq!(fields(good), [""; 0]);
        assert_eq!(fields(&good.replace("1968", "2068")), ["date_naissance"]);
        assert_eq!(fields(&good.replace("anne@", "anne")), ["email"]);
        assert!(fields(&good.replace("Le+Gall", "Le%00%E2%80%8B+Gall")).is_empty(), "what nobody sees is no mistake");
    }
}
