//! The letters that a person received, and their answers.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::lettres::{AnswerLettre, NotWritten};
use domain::dossier::lettre::{EtatLettre, Evenement};
use domain::paths::MES_LETTRES;
use store::lettres::{self, Lettre};

use super::{MOT_MAX, row, sent, vue};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::mon_compte::sections;
use crate::reader::Reader;
use crate::session::Valide;
use crate::views::lettres::{MaLettre, MesLettres};
use crate::views::{Choice, FieldError, Notice};

pub async fn mine(request: HttpRequest, app: Data<App>, who: Valide) -> Result<HttpResponse, Error> {
    let found = lettres::list_of_person(&mut app.store.read().await?, who.connecte.session.compte).await?;
    let rows = found.into_iter().map(|one| {
        let (href, qui) = (format!("{MES_LETTRES}/{}", one.id), one.structure_nom.clone());
        row(&app, one, href, qui)
    });
    let rows = rows.collect();
    let view = MesLettres {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Mes lettres de demande").await?,
        sections: sections(&who.connecte.session),
        rows,
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

async fn own(app: &App, who: &Valide, id: i64) -> Result<Lettre, Error> {
    let mut connection = app.store.read().await?;
    lettres::of_person(&mut connection, who.connecte.session.compte, id).await?.ok_or(Error::NotFound)
}

pub async fn one(request: HttpRequest, app: Data<App>, who: Valide, id: Path<i64>) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    show(&request, &app, &who, &found, (Fields::default(), Vec::new()), StatusCode::OK).await
}

pub async fn document(app: Data<App>, who: Valide, id: Path<i64>) -> Result<HttpResponse, Error> {
    sent(&app, &own(&app, &who, *id).await?).await
}

/// The answers: their words and labels.
const REPONSES: [(Evenement, &str); 2] =
    [(Evenement::Accepter, "J’accepte cette demande"), (Evenement::Decliner, "Je décline cette demande")];

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Valide,
    found: &Lettre,
    (fields, errors): (Fields, Vec<FieldError>),
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let href = format!("{MES_LETTRES}/{}", found.id);
    let title = format!("Lettre {}", found.numero.clone().unwrap_or_default());
    let chosen = fields.one("reponse");
    let view = MaLettre {
        layout: page::layout(request, app, &who.connecte.viewer, title).await?.with_errors(errors),
        lettre: vue(app, found, &href),
        structure: found.structure_nom.clone(),
        a_repondre: found.etat == EtatLettre::Envoyee,
        choix: REPONSES
            .iter()
            .map(|(event, label)| Choice::new(event.as_str(), *label).selected(chosen == event.as_str()))
            .collect(),
        texte: fields.one("texte").to_owned(),
        texte_max: MOT_MAX,
        href,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /mon-compte/lettres/{id}` with `reponse` = `accepter` or `decliner`, `texte`, and `empreinte`: the digest of
/// the document on the page.
pub async fn answer(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    let mut reader = Reader::new(&fields);
    let known = |word: &str| REPONSES.iter().map(|(event, _)| *event).find(|event| event.as_str() == word);
    let chosen = reader.choice("reponse", known, "Choisissez d’accepter ou de décliner.");
    let texte = reader.text("texte", MOT_MAX, None);
    let errors = reader.errors;
    let (Some(event), true) = (chosen, errors.is_empty()) else {
        return show(&request, &app, &who, &found, (fields, errors), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (id, accepte) = (*id, event == Evenement::Accepter);
    let answer = AnswerLettre { lettre: id, accepte, empreinte: fields.one("empreinte").to_owned(), texte };
    match app.comptes.ask(&who.connecte.identity(), answer).await? {
        Ok(()) => {
            let said = Notice::done(if accepte {
                "Votre accord est enregistré : la structure en est prévenue."
            } else {
                "Votre refus est enregistré : la structure en est prévenue."
            });
            page::redirect_saying(&app, &format!("{MES_LETTRES}/{id}"), &said)
        }
        Err(NotWritten::Unknown) => Err(Error::NotFound),
        Err(refus) => {
            let now = own(&app, &who, id).await?;
            let errors = vec![FieldError::new("", refus.to_string())];
            show(&request, &app, &who, &now, (fields, errors), StatusCode::CONFLICT).await
        }
    }
}
