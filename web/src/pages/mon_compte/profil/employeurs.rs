//! Public employers to choose from, by name or SIRET (manual §3.1.2, SPEC I5).

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::profil::Champs;
use domain::siret::Siret;
use domain::texte::recherche;
use serde_json::json;
use store::Connection;
use store::referentiels::Employeur;

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::session::Intervenant;
use crate::views::Choice;

/// Proposals shown at once.
const PROPOSALS: i64 = 20;

/// `GET /mon-compte/employeurs.json?q=`: proposals for what is typed, as the combobox takes them.
pub async fn complete_employer(request: HttpRequest, app: Data<App>, _: Intervenant) -> Result<HttpResponse, Error> {
    let typed = Fields::parse(request.query_string());
    let found = find(&mut app.store.read().await?, &typed.searched("q")).await?;
    let proposals: Vec<_> = found
        .iter()
        .map(|one| {
            json!({
                "valeur": one.siret,
                "libelle": one.raison_sociale,
                "detail": detail(one),
                "siret": grouped(&one.siret),
                "code_postal": one.code_postal,
                "commune": one.commune,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, max-age=300")).json(proposals))
}

async fn find(connection: &mut Connection, typed: &str) -> Result<Vec<Employeur>, Error> {
    Ok(store::referentiels::search_employeurs(connection, &recherche(typed), PROPOSALS).await?)
}

fn grouped(siret: &str) -> String {
    Siret::parse(siret).map_or_else(|_| siret.to_owned(), |siret| siret.to_string())
}

/// Many communes share a name: postcode, département and SIRET tell them apart.
fn detail(one: &Employeur) -> String {
    format!("{} {} ({}) · SIRET {}", one.code_postal, one.commune, one.departement_code, grouped(&one.siret))
}

/// The employers found for what a form holds, to choose one without JavaScript.
pub async fn choices(connection: &mut Connection, champs: &Champs) -> Result<Vec<Choice>, Error> {
    let typed = match champs.one("employeur_nom") {
        "" => champs.one("employeur_siret"),
        nom => nom,
    };
    let found = find(connection, typed).await?;
    Ok(found.iter().map(|one| Choice::new(&one.siret, format!("{}, {}", one.raison_sociale, detail(one)))).collect())
}

/// Puts the employer of that SIRET in the form; nothing changes when there is none.
pub async fn fill_in(connection: &mut Connection, champs: &mut Champs, siret: &str) -> Result<(), Error> {
    let Ok(siret) = Siret::parse(siret) else { return Ok(()) };
    if let Some(found) = store::referentiels::employeur(connection, &siret).await? {
        champs.set("employeur_nom", found.raison_sociale);
        champs.set("employeur_siret", siret.to_string());
        champs.set("employeur_code_postal", found.code_postal);
        champs.set("employeur_commune", found.commune);
    }
    Ok(())
}
