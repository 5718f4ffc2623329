//! `/cvtheque/retrouver`: the people of a pasted list (SPEC G3). Those found go on to the actions of a selection.

use std::collections::HashSet;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::collage::{LIGNES_MAX, SIGNES_MAX, est_une_liste, lire};
use store::collage::{Retrouvee, retrouver};

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::Gestionnaire;
use crate::views::cvtheque::{Bilan, CandidatRow, CvthequeRetrouver, RetrouveeRow};
use crate::views::text::dotted;
use crate::views::{FieldError, Query};

const PAGE: &str = "/cvtheque/retrouver";
/// Signs that the address of a page carries, at most: a longer list is pasted in the page itself.
const CARRIED_MAX: usize = 4_000;

/// The page with the list that was pasted in the search box; none for a search.
pub(super) fn proposed(fields: &Fields) -> Option<String> {
    let pasted = fields.filled("q").filter(|text| text.len() <= CARRIED_MAX && est_une_liste(text))?;
    Some(Query::new(PAGE).add("liste", pasted).href())
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    liste: String,
    bilan: Option<Bilan>,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let viewer = &who.connecte.viewer;
    let layout = page::layout(request, app, viewer, "Retrouver une liste de personnes").await?.with_errors(errors);
    let (lignes_max, signes_max) = (LIGNES_MAX as u64, SIGNES_MAX as u64);
    let view = CvthequeRetrouver { layout, liste, bilan, lignes_max, signes_max };
    page::respond(request, app, viewer, &view, status)
}

/// `GET /cvtheque/retrouver`, with `liste` typed already.
pub async fn find_form(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    show(&request, &app, &who, fields.one("liste").to_owned(), None, Vec::new()).await
}

/// `POST /cvtheque/retrouver` with `liste`.
pub async fn find(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let typed = fields.one("liste");
    let liste = match lire(typed) {
        Ok(liste) => liste,
        Err(error) => {
            let errors = vec![FieldError::new("liste", error.to_string())];
            return show(&request, &app, &who, typed.to_owned(), None, errors).await;
        }
    };
    let found = retrouver(&mut app.store.read().await?, &liste).await?;
    let mut seen: HashSet<CompteId> = HashSet::new();
    let mut bilan = Bilan::default();
    for (entree, found) in liste.into_iter().zip(found) {
        let alone = found.len() == 1;
        if found.is_empty() {
            bilan.absentes.push(entree.saisi);
        } else if !alone || seen.insert(found[0].compte) {
            bilan.trouvees += u64::from(alone);
            bilan.a_choisir += u64::from(!alone);
            let candidats = found.into_iter().map(|one| row(one, alone)).collect();
            bilan.rows.push(RetrouveeRow { saisi: entree.saisi, candidats });
        }
        // Otherwise the person is in the list twice, by name and by address.
    }
    show(&request, &app, &who, typed.to_owned(), Some(bilan), Vec::new()).await
}

fn row(one: Retrouvee, alone: bool) -> CandidatRow {
    CandidatRow {
        id: one.compte.to_string(),
        href: format!("/cvtheque/{}", one.compte),
        nom: format!("{} {}", one.prenom, one.nom),
        detail: dotted(&[&one.titre, &one.commune, &one.structure]),
        coche: alone,
    }
}
