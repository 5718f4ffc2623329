//! « Profils suggérés » for an annonce: the best matches of the CV-thèque with their reasons; each shows whether the
//! person answered, was written to, is away (SPEC G4).

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::rapprochement::{Rapprochement, rapprocher};
use search_index::{CvSearch, Facet, Filters, MotPese, Page, Part, SearchIndex, Sort};
use store::annonces::Annonce;
use store::intervenants::Fiche;

use super::form::own;
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::pages::candidatures::tone;
use crate::pages::cvtheque::{from_annonce, place};
use crate::pages::rapprochement::{demande, mots, offre, texte};
use crate::pages::recherche::on_index;
use crate::session::Gestionnaire;
use crate::views::candidatures::{ProfilSuggere, ProfilsSuggeres};
use crate::views::{Link, Tone};

/// Most profiles that one way of looking brings to be compared.
const BROUGHT: usize = 100;
const SHOWN: usize = 25;

/// Who may be suggested, with what they have of the annonce's words.
struct Candidates {
    ids: Vec<i64>,
    mots: Vec<MotPese>,
    parts: HashMap<i64, Part>,
}

/// Who has the annonce's words, whatever their spécialité; then who has the spécialité: with one of the words, in one
/// of the régions, anywhere.
fn candidates(
    index: &SearchIndex,
    texte: &str,
    specialite: &str,
    regions: &[String],
) -> Result<Candidates, search_index::Error> {
    let mots = mots(index, texte)?;
    let mut ids = index.ids_for(&mots, BROUGHT)?;
    let own = Filters::default().with(Facet::Specialite, specialite);
    let here = regions.iter().fold(own.clone(), |filters, region| filters.with(Facet::Region, region));
    for (text, filters) in [(alternatives(&mots), own.clone()), (String::new(), here), (String::new(), own)] {
        let found = index.search_cvs(&CvSearch {
            text,
            filters,
            sort: Sort::Relevance,
            page: Page { number: 1, size: BROUGHT },
            ..CvSearch::default()
        })?;
        for hit in found.hits {
            if !ids.contains(&hit.id) {
                ids.push(hit.id);
            }
        }
    }
    let parts = index.parts(&mots, &ids)?;
    Ok(Candidates { ids, mots, parts })
}

pub async fn suggested(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    let Annonce { contenu, .. } = &annonce;
    let (text, specialite, regions) = (texte(&annonce), contenu.specialite.clone(), contenu.regions.clone());
    let Candidates { ids, mots, parts } =
        on_index(&app, move |index| candidates(index, &text, &specialite, &regions)).await?;
    let comptes: Vec<CompteId> = ids.iter().copied().map(CompteId).collect();
    let mut connection = app.store.read().await?;
    let fiches: Vec<Fiche> = store::intervenants::fiches(&mut connection, &comptes).await?;
    let answers = store::candidatures::states_of(&mut connection, annonce.id, &comptes).await?;
    let written = store::correspondants::written_to(&mut connection, who.correspondant, &comptes).await?;
    drop(connection);
    let asked = demande(&app, &annonce);
    let rank: HashMap<i64, usize> = ids.iter().enumerate().map(|(rank, id)| (*id, rank)).collect();
    let mut matched: Vec<(Rapprochement, Fiche)> = fiches
        .into_iter()
        .filter(Fiche::visible)
        .map(|fiche| {
            let part = parts.get(&fiche.compte.0).map_or(0, |part| part.part);
            (rapprocher(&asked, &offre(&app, &fiche, part)), fiche)
        })
        .collect();
    matched.sort_by_key(|(matched, fiche)| (std::cmp::Reverse(matched.score), rank.get(&fiche.compte.0).copied()));
    let row = |(matched, fiche): (Rapprochement, Fiche)| {
        let mut marques: Vec<(String, Tone)> = Vec::new();
        if let Some(etat) = answers.get(&fiche.compte) {
            marques.push((format!("a répondu : {}", etat.libelle()), tone(*etat)));
        }
        if written.contains(&fiche.compte) {
            marques.push(("contact déjà pris".to_owned(), Tone::Info));
        }
        marques.extend(matched.contre().into_iter().map(|raison| (raison, Tone::Warning)));
        let theirs = parts.get(&fiche.compte.0).map_or(&[][..], |part| &part.mots);
        ProfilSuggere {
            href: format!("/cvtheque/{}", fiche.compte),
            nom: format!("{} {}", fiche.prenom, fiche.nom),
            titre: fiche.profil.titre.clone(),
            detail: place(&fiche),
            score: matched.score,
            raisons: matched.pour().join(", "),
            mots: theirs.iter().filter_map(|rang| Some(mots.get(*rang)?.mot.as_str())).collect::<Vec<_>>().join(", "),
            marques,
        }
    };
    let numero = annonce.numero.map(|numero| format!("{numero} · ")).unwrap_or_default();
    let view = ProfilsSuggeres {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Profils suggérés").await?,
        annonce: Link::new(format!("{numero}{}", annonce.contenu.titre), format!("/gestion/annonces/{}", annonce.id)),
        specialite: annonce.specialite_nom.clone(),
        mots: mots.iter().map(|one| one.mot.as_str()).collect::<Vec<_>>().join(", "),
        besoin_href: from_annonce(annonce.id),
        rows: matched.into_iter().take(SHOWN).map(row).collect(),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

/// The words as a search for any of them.
fn alternatives(mots: &[MotPese]) -> String {
    mots.iter().map(|one| one.mot.to_lowercase()).collect::<Vec<_>>().join(" OU ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::besoin::Poids;
    use search_index::words_of;

    #[test]
    fn g4_any_word_of_the_annonce_will_do_and_none_is_an_operator() {
        let of = |text: &str| {
            let words = words_of(text).into_iter();
            alternatives(&words.map(|mot| MotPese { mot, poids: Poids::Utile }).collect::<Vec<_>>())
        };
        assert_eq!(of("Former à l’ÉLAGAGE (NOT) SAUF nom:x"), "former OU élagage OU not OU sauf OU nom OU x");
        assert_eq!(of("À la"), "");
    }
}
