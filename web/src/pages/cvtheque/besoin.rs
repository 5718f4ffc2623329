//! `/cvtheque/besoin`: from a need to people (SPEC G3). The words of a text or of an annonce, each with its weight, and
//! who has them. The address holds the words that were chosen; a text that is pasted is never kept.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::besoin::{MOTS_MAX, Poids, TEXTE_MAX};
use search_index::{MotPese, MotTrouve, Page, Personnes, PourBesoin, words_of};
use store::annonces::Annonce;

use super::criteria::Uses;
use super::profil::place;
use super::selection::fiches;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::gestion_annonces::own;
use crate::pages::rapprochement::{proposes, texte};
use crate::pages::recherche::{PAGE_SIZE, on_index, page_instead, page_number, pages, quoted, segments, source};
use crate::session::Gestionnaire;
use crate::views::cvtheque::{BesoinRow, CvthequeBesoin, CvthequeBesoinTexte, Highlight, MotRow};
use crate::views::numbers::counted;
use crate::views::{Choice, FieldError, Link, Query};

pub const PATH: &str = "/cvtheque/besoin";
/// Words that are proposed for a text.
const PROPOSED: usize = 25;
/// Annonces of the structure that one may begin from.
const ANNONCES: i64 = 20;

/// The words of an address, each with its weight: `mot` and `poids` in turn, then the words of `ajouter`.
fn read(fields: &Fields) -> Vec<MotPese> {
    let mut mots: Vec<MotPese> = Vec::new();
    let mut add = |text: &str, poids: Poids| {
        for mot in words_of(text) {
            let new = !mots.iter().any(|known| known.mot.to_lowercase() == mot.to_lowercase());
            if new && mots.len() < MOTS_MAX {
                mots.push(MotPese { mot, poids });
            }
        }
    };
    let mut waiting: Option<String> = None;
    for (name, value) in fields.iter() {
        match name {
            "mot" => {
                if let Some(mot) = waiting.replace(value.to_owned()) {
                    add(&mot, Poids::Utile);
                }
            }
            "poids" => {
                if let Some(mot) = waiting.take() {
                    add(&mot, Poids::from_word(value).unwrap_or(Poids::Utile));
                }
            }
            _ => {}
        }
    }
    if let Some(mot) = waiting {
        add(&mot, Poids::Utile);
    }
    add(&fields.searched("ajouter"), Poids::Important);
    mots
}

/// The address of these words.
fn query(mots: &[MotPese], annonce: Option<i64>) -> Query {
    let mut query = Query::new(PATH).add("annonce", &annonce.map(|id| id.to_string()).unwrap_or_default());
    for one in mots {
        query = query.add("mot", &one.mot).add("poids", one.poids.as_str());
    }
    query
}

/// The annonce that one begins from, when it is one's own.
async fn begun(app: &App, who: &Gestionnaire, fields: &Fields) -> Result<Option<Annonce>, Error> {
    match fields.number("annonce") {
        Some(id) => own(app, who, id).await.map(Some),
        None => Ok(None),
    }
}

/// `GET /cvtheque/besoin` with `mot` and `poids` in turn, `ajouter`, `annonce`, `page`; without words, the page that
/// takes them from a text or an annonce.
pub async fn need(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let mots = read(&fields);
    if mots.is_empty() {
        let Some(annonce) = begun(&app, &who, &fields).await? else {
            return ask(&request, &app, &who, "", Vec::new()).await;
        };
        let text = texte(&annonce);
        let mots = on_index(&app, move |index| proposes(index, &text, PROPOSED)).await?;
        if mots.is_empty() {
            return ask(&request, &app, &who, "", vec![FieldError::new("texte", nothing("cette annonce"))]).await;
        }
        return Ok(page::redirect(&query(&mots, Some(annonce.id)).href()));
    }
    // Who was given the address by a colleague of another structure reads the words alone.
    let annonce = match begun(&app, &who, &fields).await {
        Err(Error::NotFound) => None,
        other => other?,
    };
    let query = query(&mots, fields.number("annonce"));
    if fields.filled("ajouter").is_some() {
        return Ok(page::redirect(&query.href()));
    }
    show(&request, &app, &who, mots, annonce, page_number(&fields), query).await
}

fn nothing(of: &str) -> String {
    format!("Aucun mot de {of} ne distingue un profil de la CV-thèque : écrivez-en d’autres, plus précis.")
}

/// `POST /cvtheque/besoin` with `texte`: the address of its words.
pub async fn take(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let text = fields.one("texte").to_owned();
    let length = text.chars().count();
    let error = if text.trim().is_empty() {
        Some("Collez le texte du besoin : un courriel, un programme, une liste de mots.".to_owned())
    } else if length > TEXTE_MAX {
        let over = counted((length - TEXTE_MAX) as u64, "caractère", "caractères");
        Some(format!("Le texte a {over} de trop : {TEXTE_MAX} au plus."))
    } else {
        None
    };
    if let Some(sentence) = error {
        return ask(&request, &app, &who, &text, vec![FieldError::new("texte", sentence)]).await;
    }
    let read = text.clone();
    let mots = on_index(&app, move |index| proposes(index, &read, PROPOSED)).await?;
    if mots.is_empty() {
        return ask(&request, &app, &who, &text, vec![FieldError::new("texte", nothing("ce texte"))]).await;
    }
    Ok(page::redirect(&query(&mots, None).href()))
}

/// The page that asks for a text or an annonce.
async fn ask(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    text: &str,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let (annonces, _) = store::annonces::of_structure(&mut app.store.read().await?, who.structure, ANNONCES, 0).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let link = |annonce: &Annonce| {
        let numero = annonce.numero.map_or_else(|| annonce.libelle().to_owned(), |numero| numero.to_string());
        Link::new(format!("{numero} · {}", annonce.contenu.titre), from_annonce(annonce.id))
    };
    let view = CvthequeBesoinTexte {
        layout: page::layout(request, app, &who.connecte.viewer, "À partir d’un besoin").await?.with_errors(errors),
        texte: text.to_owned(),
        max: TEXTE_MAX.to_string(),
        annonces: annonces.iter().map(link).collect(),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The address that takes the words of an annonce.
pub fn from_annonce(id: i64) -> String {
    format!("{PATH}?annonce={id}")
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    mots: Vec<MotPese>,
    annonce: Option<Annonce>,
    asked: usize,
    query: Query,
) -> Result<HttpResponse, Error> {
    let words = mots.clone();
    let (found, shown) = on_index(app, move |index| {
        let page = |number| Page { number, size: PAGE_SIZE };
        let found = index.people_for(&words, page(asked))?;
        match page_instead(asked, found.total, found.personnes.len()) {
            Some(last) => Ok((index.people_for(&words, page(last))?, last)),
            None => Ok((found, asked)),
        }
    })
    .await?;
    let Personnes { total, connus, personnes } = found;
    let ids: Vec<CompteId> = personnes.iter().map(|one| CompteId(one.id)).collect();
    let uses = Uses::of_people(&app.store, &ids).await?;
    let people = fiches(app, &ids).await?;
    let written = {
        let mut connection = app.store.read().await?;
        store::correspondants::written_to(&mut connection, who.correspondant, &ids).await?
    };
    let rows = personnes
        .into_iter()
        .filter_map(|one| {
            let fiche = people.iter().find(|fiche| fiche.compte.0 == one.id)?;
            Some(BesoinRow {
                href: format!("/cvtheque/{}", one.id),
                nom: format!("{} {}", fiche.prenom, fiche.nom),
                titre: fiche.profil.titre.clone(),
                detail: place(fiche),
                part: one.part,
                trouves: one.mots.iter().map(|trouve| said(&mots, trouve, one.id, &uses)).collect(),
                manquent: missing(&mots, &one),
                passages: one
                    .passages
                    .iter()
                    .map(|passage| Highlight {
                        segments: segments(passage),
                        source: source(&passage.source, uses.of(one.id, &passage.source)),
                    })
                    .collect(),
                contacte: written.contains(&fiche.compte),
            })
        })
        .collect();
    let required = mots.iter().zip(&connus).find(|(one, known)| one.poids == Poids::Indispensable && **known == 0);
    let view = CvthequeBesoin {
        layout: page::layout(request, app, &who.connecte.viewer, "À partir d’un besoin").await?,
        annonce: annonce.map(|annonce| {
            (annonce.contenu.titre.clone(), format!("/gestion/annonces/{}", annonce.id), annonce.id.to_string())
        }),
        total,
        absent: required.map(|(one, _)| quoted(&one.mot)).unwrap_or_default(),
        plein: mots.len() >= MOTS_MAX,
        mots: mots.iter().zip(connus).map(|(one, profils)| word(one, profils)).collect(),
        rows,
        pages: pages(shown, total, query),
    };
    page::ok(request, app, &who.connecte.viewer, &view)
}

fn word(one: &MotPese, profils: u64) -> MotRow {
    let choice = |poids: &Poids| Choice::new(poids.as_str(), poids.libelle()).selected(*poids == one.poids);
    MotRow { mot: one.mot.clone(), profils, poids: Poids::ALL.iter().map(choice).collect() }
}

/// A word that was found, with where.
fn said(mots: &[MotPese], trouve: &MotTrouve, compte: i64, uses: &Uses) -> (String, String) {
    let mut places: Vec<String> = Vec::new();
    for one in &trouve.ou {
        let said = source(one, uses.of(compte, one));
        if !places.contains(&said) {
            places.push(said);
        }
    }
    let form = if trouve.exact { "" } else { "sous une autre forme, " };
    let mot = mots.get(trouve.rang).map(|one| one.mot.clone()).unwrap_or_default();
    (mot, format!("{form}{}", places.join(", ")))
}

/// The words that count and that a profile has not.
fn missing(mots: &[MotPese], one: &PourBesoin) -> String {
    let has = |rang: usize| one.mots.iter().any(|trouve| trouve.rang == rang);
    let absent = mots.iter().enumerate().filter(|(rang, mot)| mot.poids != Poids::Ignore && !has(*rang));
    absent.map(|(_, mot)| mot.mot.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(address: &str) -> Vec<(String, Poids)> {
        read(&Fields::parse(address)).into_iter().map(|one| (one.mot, one.poids)).collect()
    }

    #[test]
    fn g3_the_address_of_a_need_carries_its_words_and_their_weights() {
        let address = "mot=M57&poids=indispensable&mot=comptabilit%C3%A9&poids=important&mot=dette&poids=ignore";
        let mots = read(&Fields::parse(address));
        assert_eq!(query(&mots, None).href(), format!("{PATH}?{address}"));
        assert_eq!(query(&mots, Some(7)).href(), format!("{PATH}?annonce=7&{address}"));
        let word = |mot: &str, poids| (mot.to_owned(), poids);
        // What is added goes to the end; what is there already stays as it is.
        assert_eq!(
            said("mot=M57&poids=utile&ajouter=la+dette,+m57"),
            [word("M57", Poids::Utile), word("dette", Poids::Important)]
        );
    }

    #[test]
    fn q8_an_odd_address_of_a_need_is_still_one() {
        let word = |mot: &str| (mot.to_owned(), Poids::Utile);
        assert_eq!(said("mot=a1&mot=b2&poids=x&poids=important&poids=&mot="), [word("a1"), word("b2")]);
        assert_eq!(said("mot=march%C3%A9s+publics&poids=utile&mot=le"), [word("marchés"), word("publics")]);
        assert_eq!(said(&"mot=x1&".repeat(50)), [word("x1")]);
        let many: Vec<String> = (0..60).map(|rank| format!("mot=x{rank}&poids=utile")).collect();
        assert_eq!(said(&many.join("&")).len(), MOTS_MAX);
        assert!(said("").is_empty());
    }
}
