//! « Profils suggérés » for an annonce: the best matches of the CV-thèque with their reasons; each shows whether the
//! person answered, was written to, is away (SPEC G4).

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::rapprochement::{Raison, rapprocher};
use search_index::{CvSearch, Facet, Filters, Page, Sort};
use store::intervenants::Fiche;

use super::form::own;
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::pages::candidatures::tone;
use crate::pages::cvtheque::place;
use crate::pages::rapprochement::{demande, offre};
use crate::pages::recherche::on_index;
use crate::session::Gestionnaire;
use crate::views::candidatures::{ProfilSuggere, ProfilsSuggeres};
use crate::views::{Link, Tone};

/// Most profiles of the spécialité that are compared; those that match the words of the title come first.
const COMPARED: usize = 200;
const SHOWN: usize = 25;

pub async fn suggested(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    let search = |text: String| CvSearch {
        text,
        filters: Filters::default().with(Facet::Specialite, &annonce.contenu.specialite),
        sort: Sort::Relevance,
        page: Page { number: 1, size: COMPARED },
        ..CvSearch::default()
    };
    // First the profiles that match the words of the title, then the latest ones of the spécialité.
    let words = alternatives(&annonce.contenu.titre);
    let (by_words, by_specialite) = (search(words), search(String::new()));
    let found = on_index(&app, move |index| {
        let mut ids: Vec<i64> = index.search_cvs(&by_words)?.hits.iter().map(|hit| hit.id).collect();
        let others = index.search_cvs(&by_specialite)?;
        ids.extend(others.hits.iter().map(|hit| hit.id).filter(|id| !ids.contains(id)).collect::<Vec<_>>());
        ids.truncate(COMPARED);
        Ok(ids)
    })
    .await?;
    let comptes: Vec<CompteId> = found.iter().copied().map(CompteId).collect();
    let mut connection = app.store.read().await?;
    let fiches: Vec<Fiche> = store::intervenants::fiches(&mut connection, &comptes).await?;
    let answers = store::candidatures::states_of(&mut connection, annonce.id, &comptes).await?;
    let written = store::correspondants::written_to(&mut connection, who.correspondant, &comptes).await?;
    drop(connection);
    let asked = demande(&annonce);
    let rank: HashMap<i64, usize> = found.iter().enumerate().map(|(rank, id)| (*id, rank)).collect();
    let mut matched: Vec<(u8, Vec<Raison>, Fiche)> = fiches
        .into_iter()
        .filter(Fiche::visible)
        .map(|fiche| {
            let (score, raisons) = rapprocher(&asked, &offre(&app, &fiche));
            (score, raisons, fiche)
        })
        .collect();
    matched.sort_by_key(|(score, _, fiche)| (std::cmp::Reverse(*score), rank.get(&fiche.compte.0).copied()));
    let row = |(score, raisons, fiche): (u8, Vec<Raison>, Fiche)| {
        let mut marques: Vec<(String, Tone)> = Vec::new();
        if let Some(etat) = answers.get(&fiche.compte) {
            marques.push((format!("a répondu : {}", etat.libelle()), tone(*etat)));
        }
        if written.contains(&fiche.compte) {
            marques.push(("contact déjà pris".to_owned(), Tone::Info));
        }
        let (against, raisons): (Vec<Raison>, Vec<Raison>) =
            raisons.into_iter().partition(|raison| raison.points() < 0);
        marques.extend(against.into_iter().map(|raison| (raison.libelle().to_owned(), Tone::Warning)));
        ProfilSuggere {
            href: format!("/cvtheque/{}", fiche.compte),
            nom: format!("{} {}", fiche.prenom, fiche.nom),
            titre: fiche.profil.titre.clone(),
            detail: place(&fiche),
            score,
            raisons: raisons.into_iter().map(Raison::libelle).collect::<Vec<_>>().join(", "),
            marques,
        }
    };
    let numero = annonce.numero.map(|numero| format!("{numero} · ")).unwrap_or_default();
    let view = ProfilsSuggeres {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Profils suggérés").await?,
        annonce: Link::new(format!("{numero}{}", annonce.contenu.titre), format!("/gestion/annonces/{}", annonce.id)),
        specialite: annonce.specialite_nom.clone(),
        rows: matched.into_iter().take(SHOWN).map(row).collect(),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

/// The words of a title as a search for any of them.
fn alternatives(titre: &str) -> String {
    let words = titre.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    words.take(12).map(str::to_lowercase).collect::<Vec<_>>().join(" OU ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g4_any_word_of_the_title_will_do_and_none_is_an_operator() {
        assert_eq!(alternatives("Former à l’ÉLAGAGE (NOT) sauf nom:x"), "former OU élagage OU sauf");
        assert_eq!(alternatives("À la"), "");
    }
}
