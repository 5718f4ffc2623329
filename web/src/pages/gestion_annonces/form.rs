//! The page with the form of an annonce: new, as it is saved, or as it was typed with its errors.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::annonce::{EtatAnnonce, Evenement, Modalite};
use domain::compte::Droit;
use store::annonces::Annonce;

use super::saisie::Typed;
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::{Annonces, Gestionnaire, Habilite};
use crate::views::{Choice, ChoiceGroup, FieldError, GestionAnnonceFormulaire, GestionAnnonces};

/// The category of a structure that serves one région; institutes and the seat serve the whole country.
const DELEGATION: &str = "delegation";

pub async fn new_form(request: HttpRequest, app: Data<App>, who: Habilite<Annonces>) -> Result<HttpResponse, Error> {
    // Most annonces concern the structure's own région: it is ticked, and can be unticked.
    let structure = store::structures::by_id(&mut app.store.read().await?, who.structure).await?;
    let region = structure.filter(|structure| structure.categorie == DELEGATION).and_then(|found| found.region_code);
    let saisie = Typed {
        modalite: Modalite::Presentiel.as_str().to_owned(),
        regions: region.into_iter().collect(),
        ..Typed::default()
    };
    Form { annonce: None, version: String::new(), saisie, errors: Vec::new() }
        .show(&request, &app, &who, StatusCode::OK)
        .await
}

pub async fn form(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    Form::of(annonce, Vec::new()).show(&request, &app, &who, StatusCode::OK).await
}

/// An annonce of the structure; another structure's is not found.
pub async fn own(app: &App, who: &Gestionnaire, id: i64) -> Result<Annonce, Error> {
    let found = store::annonces::by_ids(&mut app.store.read().await?, &[id]).await?.pop();
    found.filter(|annonce| annonce.structure == who.structure).ok_or(Error::NotFound)
}

pub struct Form {
    /// The annonce as it is saved; none for a new one.
    pub annonce: Option<Annonce>,
    pub version: String,
    pub saisie: Typed,
    pub errors: Vec<FieldError>,
}

impl Form {
    pub fn of(annonce: Annonce, errors: Vec<FieldError>) -> Self {
        Self { version: annonce.version.to_string(), saisie: Typed::of(&annonce), annonce: Some(annonce), errors }
    }

    pub async fn show(
        self,
        request: &HttpRequest,
        app: &App,
        who: &Gestionnaire,
        status: StatusCode,
    ) -> Result<HttpResponse, Error> {
        let viewer = &who.connecte.viewer;
        let etat = self.annonce.as_ref().map(|annonce| annonce.etat);
        let title = match etat {
            None => "Préparer une annonce",
            Some(EtatAnnonce::Brouillon | EtatAnnonce::Publiee) => "Modifier l’annonce",
            Some(EtatAnnonce::Cloturee | EtatAnnonce::Archivee) => "Annonce de la structure",
        };
        let layout = page::layout(request, app, viewer, title).await?.with_errors(self.errors);
        let alerted = match &self.annonce {
            None => None,
            Some(annonce) if annonce.etat == EtatAnnonce::Brouillon => Some(app.abonnes.count(&annonce.sujet()) as u64),
            Some(annonce) => {
                let sent = store::alertes::count_sent(&mut app.store.read().await?, annonce.id).await?;
                Some(u64::try_from(sent).unwrap_or(0))
            }
        };
        let droits = store::droits::of(&mut app.store.read().await?, who.connecte.session.compte).await?;
        let granted = droits.contains(&Droit::Annonces);
        let may = |event: Evenement| granted && etat.unwrap_or(EtatAnnonce::Brouillon).next(event).is_ok();
        let numero = self.annonce.as_ref().and_then(|annonce| annonce.numero).map(|numero| numero.to_string());
        let saisie = self.saisie;
        let view = GestionAnnonceFormulaire {
            layout,
            action_href: match &self.annonce {
                Some(annonce) => format!("/gestion/annonces/{}", annonce.id),
                None => GestionAnnonces::NEW.to_owned(),
            },
            public_href: numero.as_ref().map(|numero| format!("/annonces/{numero}")),
            numero,
            etat: self.annonce.as_ref().map(Annonce::libelle).unwrap_or_default().to_owned(),
            version: self.version,
            specialites: specialites(app, &saisie),
            sous_specialites: sous_specialites(app, &saisie),
            modalites: Modalite::ALL
                .iter()
                .map(|modalite| Choice {
                    selected: modalite.as_str() == saisie.modalite,
                    ..Choice::new(modalite.as_str(), modalite.libelle())
                })
                .collect(),
            regions: regions(app, &saisie),
            departements: departements(app, &saisie),
            titre: saisie.titre,
            texte: saisie.texte,
            du: saisie.du,
            au: saisie.au,
            alerted,
            granted,
            can_save: granted && !matches!(etat, Some(EtatAnnonce::Cloturee | EtatAnnonce::Archivee)),
            can_publish: may(Evenement::Publier),
            can_close: may(Evenement::Cloturer),
            id: self.annonce.as_ref().map(|annonce| annonce.id),
            can_archive: self.annonce.is_some() && may(Evenement::Archiver),
        };
        page::respond(request, app, viewer, &view, status)
    }
}

fn choice(code: &str, nom: &str, selected: bool) -> Choice {
    Choice { selected, ..Choice::new(code, nom) }
}

fn held(saisie: &Typed) -> [String; 2] {
    [saisie.specialite.clone(), saisie.sous_specialite.clone()]
}

fn specialites(app: &App, saisie: &Typed) -> Vec<Choice> {
    let known = app.referentiels();
    let all = known.specialites_proposees(&held(saisie));
    let top = all.into_iter().filter(|item| item.parent_code.is_none());
    top.map(|item| choice(&item.code, &item.nom, item.code == saisie.specialite)).collect()
}

fn sous_specialites(app: &App, saisie: &Typed) -> Vec<ChoiceGroup> {
    let known = app.referentiels();
    let all = known.specialites_proposees(&held(saisie));
    let top = all.iter().filter(|item| item.parent_code.is_none());
    top.map(|parent| ChoiceGroup {
        label: parent.nom.clone(),
        choices: all
            .iter()
            .filter(|item| item.parent_code.as_ref() == Some(&parent.code))
            .map(|item| choice(&item.code, &item.nom, item.code == saisie.sous_specialite))
            .collect(),
    })
    .filter(|group| !group.choices.is_empty())
    .collect()
}

fn regions(app: &App, saisie: &Typed) -> Vec<Choice> {
    let known = app.referentiels();
    let all = known.regions.iter();
    all.map(|item| choice(&item.code, &item.nom, saisie.regions.contains(&item.code))).collect()
}

fn departements(app: &App, saisie: &Typed) -> Vec<ChoiceGroup> {
    let known = app.referentiels();
    let regions = known.regions.iter();
    regions
        .map(|region| ChoiceGroup {
            label: region.nom.clone(),
            choices: known
                .departements
                .iter()
                .filter(|item| item.region_code == region.code)
                .map(|item| {
                    let label = format!("{} {}", item.code, item.nom);
                    choice(&item.code, &label, saisie.departements.contains(&item.code))
                })
                .collect(),
        })
        .filter(|group| !group.choices.is_empty())
        .collect()
}
