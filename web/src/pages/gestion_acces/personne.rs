//! `/gestion/acces/{id}`: provisional credentials for one person (K6). They are drawn here and go straight into an
//! email; only their hash is kept, and no page ever shows them.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{CancelAccess, GiveAccess, NotGiven, WelcomePerson};
use domain::CompteId;
use domain::compte::{Droit, EtatCompte};
use domain::inscription::last_day;
use domain::time::paris_day;
use rand::SeedableRng;
use rand::rngs::StdRng;
use store::acces::{Acces as Provisoires, Personne};
use store::ressemblances::Parmi;

use super::destination::{Destination, Typed};
use super::identifiants;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page::{self, Said};
use crate::pages::connexion::BIENVENUE;
use crate::pages::semblables::{semblables, state};
use crate::session::{Acces, Habilite, random_token};
use crate::views::dates::date;
use crate::views::{FieldError, GestionAccesPersonne, Notice};

async fn own(app: &App, who: &Habilite<Acces>, id: CompteId) -> Result<Personne, Error> {
    store::acces::personne(&mut app.store.read().await?, who.structure, id).await?.ok_or(Error::NotFound)
}

fn address(personne: &Personne) -> String {
    format!("/gestion/acces/{}", personne.compte)
}

/// Back to the page, with a notice of what a button beside the form did; fields typed and not sent stay.
async fn beside(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Acces>,
    personne: Personne,
    saisie: Typed,
    done: Notice,
) -> Result<HttpResponse, Error> {
    if saisie == Typed::default() {
        return page::redirect_saying(app, &address(&personne), &done);
    }
    show(request, app, who, personne, saisie, Said::Done(done)).await
}

pub async fn page(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Acces>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let personne = own(&app, &who, CompteId(*id)).await?;
    show(&request, &app, &who, personne, Typed::default(), Said::Nothing).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Acces>,
    personne: Personne,
    saisie: Typed,
    said: Said,
) -> Result<HttpResponse, Error> {
    let now = app.store.clock().now();
    let en_cours = store::acces::of(&mut app.store.read().await?, personne.compte, now).await?;
    let parmi = Parmi::AidesPar(who.structure);
    let semblables = semblables(app, personne.compte, parmi, |id| format!("/gestion/acces/{id}")).await?;
    let nom = format!("{} {}", personne.prenom, personne.nom);
    let viewer = &who.connecte.viewer;
    let mut faits = vec![
        ("Nom", format!("{} {nom}", personne.civilite)),
        ("Date de naissance", personne.naissance.map(date).unwrap_or_default()),
        ("Adresse enregistrée", personne.login.clone()),
        ("Structure de rattachement", personne.structure.clone().unwrap_or_else(|| "aucune pour l’instant".to_owned())),
        ("Dernière connexion", personne.connexion_at.map_or_else(|| "jamais".to_owned(), |at| date(paris_day(at)))),
        ("Compte", state(personne.etat).to_owned()),
    ];
    faits.retain(|(_, value)| !value.is_empty());
    let (status, layout) = said.on(page::layout(request, app, viewer, nom.clone()).await?);
    let view = GestionAccesPersonne {
        layout,
        action_href: address(&personne),
        nom,
        faits: faits.into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
        refus: refusal(personne.etat).to_owned(),
        sans_mot_de_passe: !personne.avec_mot_de_passe,
        en_cours: en_cours.map(|acces| in_force(&acces)).unwrap_or_default(),
        envoi: saisie.view(&personne.login),
        semblables,
    };
    page::respond(request, app, viewer, &view, status)
}

/// Why credentials can't be given; empty when they can.
fn refusal(etat: EtatCompte) -> &'static str {
    match etat {
        EtatCompte::Actif => "",
        EtatCompte::AActiver => {
            "Ce compte attend que la personne ouvre le lien d’activation qu’elle a reçu par courriel. Sans cela, il est supprimé au bout de sept jours et elle peut en créer un autre."
        }
        EtatCompte::Archive => {
            "Ce compte est archivé : personne ne peut s’y connecter. Sa réactivation se demande par la page « Aide et contact »."
        }
    }
}

fn in_force(acces: &Provisoires) -> String {
    format!(
        "Des identifiants provisoires envoyés à {} fonctionnent jusqu’au {} inclus, ou jusqu’à ce que la personne les ait remplacés.",
        acces.adresse,
        last_day(acces.expire_at)
    )
}

/// `POST /gestion/acces/{id}` with `action=donner|annuler|bienvenue`; `donner` takes `destination`, `adresse`,
/// `verification_faite` and `verification`, which stay in the form after the other two.
pub async fn act(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Acces>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let personne = own(&app, &who, CompteId(*id)).await?;
    let saisie = Typed::from_form(&fields);
    let refus = refusal(personne.etat);
    if !refus.is_empty() {
        let said = Said::Wrong(StatusCode::CONFLICT, vec![FieldError::new("", refus)]);
        return show(&request, &app, &who, personne, saisie, said).await;
    }
    let (identity, compte) = (who.connecte.identity(), personne.compte);
    let (answer, done) = match fields.one("action") {
        "annuler" => (
            app.comptes.ask(&identity, CancelAccess(compte)).await?,
            Notice::done("Les identifiants provisoires ne fonctionnent plus."),
        ),
        "bienvenue" => {
            let link = WelcomePerson { compte, secret: BIENVENUE.secret()? };
            (
                app.comptes.ask(&identity, link).await?,
                Notice::done("Un nouveau lien est envoyé à la personne. Celui d’avant ne fonctionne plus."),
            )
        }
        "donner" => match saisie.check(&personne.login) {
            Ok(destination) => {
                let give = credentials(&app, compte, destination).await?;
                (
                    app.comptes.ask(&identity, give).await?,
                    Notice::done(
                        "Les identifiants provisoires sont envoyés par courriel. Ils fonctionnent pendant sept jours.",
                    ),
                )
            }
            Err(errors) => return show(&request, &app, &who, personne, saisie, Said::invalid(errors)).await,
        },
        _ => return no_button(&request, &app, &who, personne, saisie).await,
    };
    match answer {
        Ok(())
            if done
                == Notice::done(
                    "Les identifiants provisoires sont envoyés par courriel. Ils fonctionnent pendant sept jours.",
                ) =>
        {
            page::redirect_saying(&app, &address(&personne), &done)
        }
        Ok(()) => beside(&request, &app, &who, personne, saisie, done).await,
        Err(NotGiven::Forbidden) => Err(Error::NotGranted(Droit::Acces)),
        Err(NotGiven::NotFound) => Err(Error::NotFound),
        Err(NotGiven::HasPassword) => no_button(&request, &app, &who, personne, saisie).await,
        Err(NotGiven::State(etat)) => {
            let said = Said::Wrong(StatusCode::CONFLICT, vec![FieldError::new("", refusal(etat))]);
            show(&request, &app, &who, personne, saisie, said).await
        }
        Err(NotGiven::Taken) => {
            let sentence = "Cette adresse est celle d’un autre compte : demandez-en une autre à la personne.";
            let errors = vec![FieldError::new("adresse", sentence)];
            show(&request, &app, &who, personne, saisie, Said::invalid(errors)).await
        }
    }
}

/// The answer when no known button was pressed, or one that the page no longer has.
async fn no_button(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Acces>,
    personne: Personne,
    saisie: Typed,
) -> Result<HttpResponse, Error> {
    let errors = vec![FieldError::new("", "Choisissez ce que vous voulez faire par l’un des boutons.")];
    show(request, app, who, personne, saisie, Said::invalid(errors)).await
}

/// New credentials, drawn and hashed.
async fn credentials(app: &App, compte: CompteId, destination: Destination) -> Result<GiveAccess, Error> {
    let mut rng = StdRng::from_os_rng();
    let (identifiant, password) = (identifiants::login(&mut rng), identifiants::password(&mut rng));
    Ok(GiveAccess {
        compte,
        identifiant,
        mot_de_passe: password.expose().to_owned(),
        hash: app.passwords.hash(&password).await?,
        ailleurs: destination.verification.map(|how| (destination.adresse, how)),
        cle: random_token()?[..32].to_owned(),
    })
}
