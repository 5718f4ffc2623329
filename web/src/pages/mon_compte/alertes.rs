//! « Mes alertes »: the three boxes of the manual's §8, and how many current annonces each would find (L1).

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::SetAlert;
use domain::CompteId;
use domain::alertes::{Abonnement, Frequence, JOURS_COMPTES, Recentes, Regle};
use search_index::{AnnonceHit, AnnonceSearch, Facet, Filters, Page, SearchIndex, Sort};
use store::Connection;

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::Intervenant;
use crate::views::aides::aide;
use crate::views::mon_compte::Apport;
use crate::views::{Choice, FieldError, MonCompteAlertes, Notice};

pub async fn alerts_form(request: HttpRequest, app: Data<App>, who: Intervenant) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    let regle = store::alertes::regle(&mut connection, who.connecte.session.compte).await?;
    let frequence = store::alertes::frequence(&mut connection, who.connecte.session.compte).await?;
    drop(connection);
    show(&request, &app, &who, (regle.boxes(), frequence), Vec::new()).await
}

/// `POST /mon-compte/alertes` with the boxes that are ticked, `specialites`, `regions`, `specialites_et_regions`, and
/// `frequence`.
pub async fn set_alerts(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let boxes = (fields.has("specialites"), fields.has("regions"), fields.has("specialites_et_regions"));
    let frequence = Frequence::from_word(fields.one("frequence")).unwrap_or(Frequence::Instantanee);
    match Regle::from_boxes(boxes.0, boxes.1, boxes.2) {
        Ok(regle) => {
            app.comptes.ask(&who.connecte.identity(), SetAlert { regle, frequence }).await??;
            page::redirect_saying(&app, "/mon-compte/alertes", &Notice::done("Vos alertes ont été enregistrées."))
        }
        Err(contradiction) => {
            let errors = vec![FieldError::new("specialites_et_regions", contradiction.to_string())];
            show(&request, &app, &who, (boxes, frequence), errors).await
        }
    }
}

async fn show(
    request: &HttpRequest,
    app: &Data<App>,
    who: &Intervenant,
    ((specialites, regions, les_deux), frequence): ((bool, bool, bool), Frequence),
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let session = &who.connecte.session;
    let mut connection = app.store.read().await?;
    let mine = Profile::load(&mut connection, session.compte).await?;
    let suivies = store::recherches_annonces::list(&mut connection, session.compte).await?;
    let recentes = recent(app, &mut connection).await?;
    drop(connection);
    let apport = apport(&recentes, &mine.about, Regle::from_boxes(specialites, regions, les_deux).ok());
    let counted = |chosen: &[(String, String)], count: &dyn Fn(&str) -> u64| -> Vec<Choice> {
        chosen.iter().map(|(code, nom)| Choice { count: Some(count(code)), ..Choice::new(code, nom) }).collect()
    };
    let mes_specialites = counted(&mine.specialites, &|code| recentes.by_specialite(code));
    let mes_regions = counted(&mine.regions, &|code| recentes.by_region(code));
    let preview = preview(app, mine.about).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let layout = page::layout(request, app, &who.connecte.viewer, "Mes alertes").await?.with_errors(errors);
    let view = MonCompteAlertes {
        layout,
        sections: sections(session),
        specialites,
        regions,
        les_deux,
        frequences: Frequence::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), one.libelle()).selected(*one == frequence))
            .collect(),
        mes_specialites,
        mes_regions,
        apport,
        preview,
        suivies: suivies.iter().filter(|one| one.active).count() as u64,
        pending: !session.validee,
        aide: aide("alertes"),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The criteria of a person's alerts, from their profile.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Codes and names.
    pub specialites: Vec<(String, String)>,
    /// The same.
    pub regions: Vec<(String, String)>,
    /// The same as codes, with no box ticked.
    pub about: Abonnement,
}

impl Profile {
    /// Loads it; a person without profile has nothing to be alerted about.
    pub async fn load(connection: &mut Connection, compte: CompteId) -> Result<Self, Error> {
        let mut profile = Self::default();
        let Some(fiche) = store::intervenants::fiches(connection, &[compte]).await?.pop() else { return Ok(profile) };
        for (code, name, parent) in fiche.specialites {
            let codes =
                if parent.is_some() { &mut profile.about.sous_specialites } else { &mut profile.about.specialites };
            codes.insert(code.clone());
            profile.specialites.push((code, name));
        }
        for (code, name) in fiche.regions {
            profile.about.regions.insert(code.clone());
            profile.regions.push((code, name));
        }
        Ok(profile)
    }
}

/// The annonces published these last days, by what they are about.
pub async fn recent(app: &App, connection: &mut Connection) -> Result<Recentes, Error> {
    let since = app.store.clock().now() - chrono::Duration::days(JOURS_COMPTES);
    Ok(Recentes::new(store::annonces::recent_subjects(connection, since).await?))
}

/// What the boxes would have brought these last days, by the rule of the alerts themselves; `regle` is what is ticked.
fn apport(recentes: &Recentes, about: &Abonnement, regle: Option<Regle>) -> Apport {
    let brought = |regle| recentes.brought(&Abonnement { regle, ..about.clone() });
    Apport {
        specialites: brought(Regle::Specialites),
        regions: brought(Regle::Regions),
        ensemble: brought(Regle::SpecialitesOuRegions),
        les_deux: brought(Regle::SpecialitesEtRegions),
        coche: regle.filter(|regle| *regle != Regle::Aucune).map(brought),
    }
}

/// How many of the open annonces each of the three boxes would find; none while the index is being built.
async fn preview(app: &Data<App>, about: Abonnement) -> Result<Option<[u64; 3]>, Error> {
    let app = app.clone();
    let counted = web::block(move || {
        let count = |regle| matching(&app.index, &Abonnement { regle, ..about.clone() }, 1).map(|found| found.total);
        Ok::<_, search_index::Error>([
            count(Regle::Specialites)?,
            count(Regle::Regions)?,
            count(Regle::SpecialitesEtRegions)?,
        ])
    })
    .await?;
    unless_unbuilt(counted)
}

/// The latest of the open annonces that an alert finds, and how many it finds; none while the index is being built.
pub async fn current_annonces(app: &Data<App>, abonnement: Abonnement, most: usize) -> Result<Option<Found>, Error> {
    let app = app.clone();
    unless_unbuilt(web::block(move || matching(&app.index, &abonnement, most)).await?)
}

fn unless_unbuilt<T>(found: Result<T, search_index::Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(search_index::Error::NotBuilt(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The open annonces that an alert finds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub total: u64,
    /// The latest, the newest first.
    pub latest: Vec<AnnonceHit>,
}

/// One kind of criterion with its chosen codes; an annonce with any of them matches.
type Criterion<'a> = (Facet, &'a BTreeSet<String>);

/// The rule of the alerts as searches of the index. A search joins codes of one kind by « or » and kinds by « and »; an
/// « or » across kinds is counted by inclusion and exclusion.
fn matching(index: &SearchIndex, abonnement: &Abonnement, most: usize) -> Result<Found, search_index::Error> {
    let specialite: Criterion<'_> = (Facet::Specialite, &abonnement.specialites);
    let sous: Criterion<'_> = (Facet::SousSpecialite, &abonnement.sous_specialites);
    let region: Criterion<'_> = (Facet::Region, &abonnement.regions);
    match abonnement.regle {
        Regle::Aucune => Ok(Found::default()),
        Regle::Specialites => union(index, &[&[specialite], &[sous]], most),
        Regle::Regions => union(index, &[&[region]], most),
        Regle::SpecialitesOuRegions => union(index, &[&[specialite], &[sous], &[region]], most),
        Regle::SpecialitesEtRegions => union(index, &[&[specialite, region], &[sous, region]], most),
    }
}

/// The annonces that match all criteria of at least one of these groups.
fn union(index: &SearchIndex, groups: &[&[Criterion<'_>]], most: usize) -> Result<Found, search_index::Error> {
    let (mut added, mut removed) = (0, 0);
    let mut latest: Vec<AnnonceHit> = Vec::new();
    for chosen in 1..(1usize << groups.len()) {
        let together = groups.iter().enumerate().filter(|(rank, _)| chosen >> rank & 1 == 1);
        let Some(filters) = filters(together.flat_map(|(_, group)| group.iter().copied())) else { continue };
        let page = Page { number: 1, size: most };
        let search = AnnonceSearch { filters, sort: Sort::Date, page, ..AnnonceSearch::default() };
        let found = index.search_annonces(&search)?;
        if chosen.count_ones() % 2 == 1 {
            added += found.total;
        } else {
            removed += found.total;
        }
        if chosen.is_power_of_two() {
            latest.extend(found.hits);
        }
    }
    latest.sort_by_key(|hit| std::cmp::Reverse((hit.publiee_at, hit.id)));
    latest.dedup_by_key(|hit| hit.id);
    latest.truncate(most);
    Ok(Found { total: u64::saturating_sub(added, removed), latest })
}

/// All these criteria at once; none when one of them is empty, because nothing can match it.
fn filters<'a>(criteria: impl Iterator<Item = Criterion<'a>>) -> Option<Filters> {
    let mut filters = Filters::default();
    for (facet, codes) in criteria {
        if codes.is_empty() {
            return None;
        }
        for code in codes {
            filters.add(facet, code.clone());
        }
    }
    Some(filters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    use chrono::{DateTime, Utc};
    use domain::alertes::Sujet;
    use search_index::{Access, AnnonceDocument, Labelled, PUBLIEE, StructureName};

    /// Annonces of every combination of spécialité, sous-spécialité and régions; the higher the id, the later.
    fn annonces() -> Vec<AnnonceDocument> {
        let labelled = |code: &str| Labelled::new(code, code);
        let regions: [&[&str]; 4] = [&[], &["53"], &["84"], &["53", "84"]];
        let mut found = Vec::new();
        for specialite in ["droit", "finances", "culture"] {
            for sous in [None, Some("a"), Some("b")] {
                for regions in regions {
                    let id = found.len() as i64 + 1;
                    found.push(AnnonceDocument {
                        id,
                        numero: format!("2026-{id:04}"),
                        titre: "Annonce".into(),
                        description: String::new(),
                        structure: StructureName { id: 1, nom: "Délégation Bretagne".into() },
                        specialite: Some(labelled(specialite)),
                        sous_specialite: sous.map(|sous| labelled(&format!("{specialite}.{sous}"))),
                        regions: regions.iter().copied().map(labelled).collect(),
                        departements: Vec::new(),
                        modalite: None,
                        du: None,
                        au: None,
                        publiee_at: DateTime::<Utc>::from_timestamp(id * 60, 0).unwrap(),
                        etat: PUBLIEE.into(),
                    });
                }
            }
        }
        found
    }

    fn sujet(annonce: &AnnonceDocument) -> Sujet {
        Sujet {
            specialite: annonce.specialite.as_ref().unwrap().code.clone(),
            sous_specialite: annonce.sous_specialite.as_ref().map(|sous| sous.code.clone()),
            regions: annonce.regions.iter().map(|region| region.code.clone()).collect(),
        }
    }

    #[test]
    fn l1_the_preview_counts_what_the_rule_matches() {
        let folder = tempfile::tempdir().unwrap();
        let annonces = annonces();
        let index = SearchIndex::open(folder.path(), Access::Write).unwrap().index();
        index.annonces().rebuild(annonces.iter().cloned().map(Ok::<_, Infallible>), 0, |_| ()).unwrap();

        let set = |codes: &[&str]| codes.iter().map(ToString::to_string).collect::<BTreeSet<String>>();
        let choices: [&[&str]; 3] = [&[], &["finances"], &["finances", "culture"]];
        let sous_choices: [&[&str]; 3] = [&[], &["droit.a"], &["droit.a", "finances.b"]];
        let region_choices: [&[&str]; 2] = [&[], &["53"]];
        let rules = [
            Regle::Aucune,
            Regle::Specialites,
            Regle::Regions,
            Regle::SpecialitesOuRegions,
            Regle::SpecialitesEtRegions,
        ];
        for regle in rules {
            for specialites in choices {
                for sous in sous_choices {
                    for regions in region_choices {
                        let person = Abonnement {
                            regle,
                            specialites: set(specialites),
                            sous_specialites: set(sous),
                            regions: set(regions),
                        };
                        let mut expected: Vec<i64> = annonces
                            .iter()
                            .filter(|annonce| person.matches(&sujet(annonce)))
                            .map(|annonce| annonce.id)
                            .collect();
                        expected.reverse();
                        let found = matching(&index, &person, 4).unwrap();
                        assert_eq!(found.total, expected.len() as u64, "{person:?}");
                        expected.truncate(4);
                        let latest: Vec<i64> = found.latest.iter().map(|hit| hit.id).collect();
                        assert_eq!(latest, expected, "{person:?}");
                    }
                }
            }
        }
    }
}
