//! `GET|POST /gestion/support/{id}/donnees`: the data of an archived account, by a one-time link (manual §11.2, SPEC X6).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::courriel::Courriel;
use domain::email::masked;
use domain::inscription::last_day;
use domain::support::TypeDemande;
use domain::time::{days_after, paris_day};
use store::acces::Personne;
use store::demandes::{self, Demande};
use store::jetons::{Emploi, Nouveau};

use super::{LIST, OBJET};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::flash::Flash;
use crate::page;
use crate::pages::donnees::kept;
use crate::pages::gestion_acces::{Destination, DestinationSaisie};
use crate::session::{Acces, Habilite, random_token};
use crate::views::FieldError;
use crate::views::dates::date;
use crate::views::gestion_acces::{Choisi, GestionDonnees};

/// Days that the link works (decided: as the provisional credentials).
const DAYS: u64 = 7;

async fn own(app: &App, who: &Habilite<Acces>, id: i64) -> Result<Demande, Error> {
    demandes::of_structure(&mut app.store.read().await?, id, who.structure).await?.ok_or(Error::NotFound)
}

/// The archived account that was chosen, if the request may be about it.
async fn chosen(app: &App, who: &Habilite<Acces>, of: &Demande, fields: &Fields) -> Result<Option<Personne>, Error> {
    let Some(asked) = fields.number("compte").map(CompteId) else { return Ok(None) };
    let mut connection = app.store.read().await?;
    let known = demandes::archived(&mut connection, who.structure, of).await?;
    if known.iter().all(|(id, _)| *id != asked) {
        return Ok(None);
    }
    Ok(store::acces::personne(&mut connection, who.structure, asked).await?)
}

/// `GET /gestion/support/{id}/donnees`, with `compte` once it is chosen.
pub async fn data_form(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Acces>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    let personne = chosen(&app, &who, &found, &Fields::parse(request.query_string())).await?;
    // The address of the request is the likely one, where it is another than the account's.
    let likely = personne.as_ref().filter(|personne| personne.login != found.courriel).map(|_| found.courriel.clone());
    let saisie = DestinationSaisie::proposing(&likely.unwrap_or_default());
    show(&request, &app, &who, &found, (personne, saisie), (Vec::new(), StatusCode::OK)).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Acces>,
    found: &Demande,
    (personne, saisie): (Option<Personne>, DestinationSaisie),
    (errors, status): (Vec<FieldError>, StatusCode),
) -> Result<HttpResponse, Error> {
    let comptes = demandes::archived(&mut app.store.read().await?, who.structure, found).await?;
    let refus = if found.sorte != TypeDemande::Donnees {
        "Cette demande n’est pas une demande de récupération de données personnelles."
    } else if comptes.is_empty() {
        "Aucun compte archivé de votre structure ne porte cette adresse ou ce nom. Qui a un compte ouvert récupère ses données lui-même, dans « Mon compte »."
    } else {
        ""
    };
    let choisi = personne.filter(|_| refus.is_empty()).map(|personne| {
        let mut faits = vec![
            ("Nom", format!("{} {} {}", personne.civilite, personne.prenom, personne.nom)),
            ("Date de naissance", personne.naissance.map(date).unwrap_or_default()),
            ("Adresse enregistrée", personne.login.clone()),
            ("Adresse de la demande", found.courriel.clone()),
            ("Nom donné dans la demande", format!("{} {}", found.prenom, found.nom)),
            ("Dernière connexion", personne.connexion_at.map(|at| date(paris_day(at))).unwrap_or_default()),
        ];
        faits.retain(|(_, value)| !value.is_empty());
        Choisi {
            compte: personne.compte.to_string(),
            nom: format!("{} {}", personne.prenom, personne.nom),
            faits: faits.into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
            envoi: saisie.view(&personne.login),
        }
    });
    let viewer = &who.connecte.viewer;
    let view = GestionDonnees {
        layout: page::layout(request, app, viewer, "Envoyer ses données à une personne").await?.with_errors(errors),
        retour: format!("{LIST}/{}", found.id),
        demande: format!("Demande {}", found.reference),
        action_href: format!("{LIST}/{}/donnees", found.id),
        refus: refus.to_owned(),
        comptes: comptes.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        choisi,
    };
    page::respond(request, app, viewer, &view, status)
}

/// `POST /gestion/support/{id}/donnees` with `compte`, `destination`, `adresse`, `verification_faite` and `verification`.
pub async fn send_data(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Acces>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    let saisie = DestinationSaisie::typed(&fields);
    let personne = chosen(&app, &who, &found, &fields).await?.filter(|_| found.sorte == TypeDemande::Donnees);
    let Some(personne) = personne else {
        let sentence = "Ce compte n’est pas, ou n’est plus, un compte archivé de cette personne.";
        let errors = (vec![FieldError::new("", sentence)], StatusCode::CONFLICT);
        return show(&request, &app, &who, &found, (None, saisie), errors).await;
    };
    match saisie.check(&personne.login) {
        Ok(destination) => {
            send(&app, &who, &found, personne, destination).await?;
            page::redirect_saying(&app, &format!("{LIST}/{}", found.id), &Flash::DataSent)
        }
        Err(errors) => {
            let errors = (errors, StatusCode::UNPROCESSABLE_ENTITY);
            show(&request, &app, &who, &found, (Some(personne), saisie), errors).await
        }
    }
}

/// The link and its mail; sent elsewhere than to the address of record, that one is told, and how the identity was checked
/// stays beside the request.
async fn send(
    app: &App,
    who: &Habilite<Acces>,
    found: &Demande,
    personne: Personne,
    destination: Destination,
) -> Result<(), Error> {
    let token = random_token()?;
    let structure = store::structures::by_id(&mut app.store.read().await?, who.structure).await?;
    let structure = store::inscriptions::contact(structure.as_ref());
    let expire_at = days_after(app.store.clock().now(), DAYS);
    let link = Nouveau {
        empreinte: kept(&token),
        compte: personne.compte,
        emploi: Emploi::Donnees,
        adresse: destination.adresse.clone(),
        mot_de_passe: None,
        expire_at,
    };
    let mail = Courriel::DonneesARecuperer {
        prenom: personne.prenom.clone(),
        structure: structure.clone(),
        chemin: format!("/donnees/{token}"),
        jusqu_au: last_day(expire_at),
    };
    let elsewhere = destination.verification.map(|how| {
        let told = Courriel::DonneesSignalees {
            prenom: personne.prenom.clone(),
            structure,
            adresse: masked(&destination.adresse),
        };
        (told, format!("Lien vers les données envoyé à {}, après vérification d’identité : {how}", destination.adresse))
    });
    let (by, de, sujet) = (who.connecte.session.compte, who.structure, found.id);
    app.store
        .write::<_, store::Error, _>(Some(by), move |transaction| {
            Box::pin(async move {
                store::jetons::create(transaction, &link).await?;
                let key = format!("donnees-{}", &link.empreinte[..32]);
                store::courriels::put(transaction, Some(link.compte), &link.adresse, &key, &mail).await?;
                if let Some((told, note)) = elsewhere {
                    let key = format!("{key}-signale");
                    store::courriels::put(transaction, Some(link.compte), &personne.login, &key, &told).await?;
                    store::notes::add(transaction, (OBJET, sujet), de, by, &note).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}
