//! A profile as a structure reads it, beside the list or on its own page.

use chrono::{Datelike, NaiveDate};
use domain::CompteId;
use domain::compte::Statut;
use domain::dates::periode;
use domain::intervention::EtatIntervention;
use domain::profil::Identification;
use domain::telephone::shown;
use domain::time::paris_day;
use search_index::{CvHit, Source};
use store::intervenants::{Etape, Fiche, FichierLu};
use store::referentiels::Specialite;

use super::criteria::Uses;
use crate::antivirus::{Retenues, retenues};
use crate::app::App;
use crate::error::Error;
use crate::pages::recherche::{segments, source};
use crate::views::cvtheque::{Fichier, Highlight, ParcoursBlock, ParcoursLine};
use crate::views::lecture::en_bref;
use crate::views::numbers::{counted, size};
use crate::views::text::{blocks, dotted};
use crate::views::{Link, ProfilFiche, Tone};

/// Periods of unavailability shown beside the name.
const AWAY_SHOWN: usize = 2;
/// The parts of a parcours in reading order.
const PARTS: [(&str, &str); 4] = [
    ("professionnalisation", "Professionnalisation de formateur"),
    ("experience", "Expérience professionnelle"),
    ("formation", "Formation professionnelle suivie"),
    ("formation_initiale", "Formation initiale"),
];

#[derive(Debug)]
pub struct Around<'a> {
    /// The result that it belongs to; its passages are shown at the files.
    pub hit: Option<&'a CvHit>,
    /// The use of the files of the results.
    pub uses: &'a Uses,
    /// Whether this is the profile's own page.
    pub full: bool,
    pub dossiers: bool,
}

/// A profile; none when it is not in the CV-thèque.
pub async fn profil(app: &App, id: CompteId, around: &Around<'_>) -> Result<Option<ProfilFiche>, Error> {
    let mut connection = app.store.read().await?;
    let found = store::intervenants::fiches(&mut connection, &[id]).await?.pop();
    let Some(fiche) = found.filter(Fiche::visible) else { return Ok(None) };
    let correspondant = store::correspondants::of_compte(&mut connection, id).await?;
    let reseaux = store::profils::reseaux(&mut connection, id).await?;
    let page = store::profils::identification(&mut connection, id).await?.unwrap_or_default();
    let blobs: Vec<&str> = fiche.fichiers.iter().map(|file| file.blob.as_str()).collect();
    let kept = retenues(app, &mut connection, &blobs).await?;
    drop(connection);
    let away = away(&fiche, paris_day(app.store.clock().now()));
    let profil = &fiche.profil;
    let has_experience = !profil.experience.trim().is_empty();
    Ok(Some(ProfilFiche {
        nom: format!("{} {}", fiche.prenom, fiche.nom),
        summary: summary(&fiche),
        tags: tags(&away),
        contact: contact(&fiche, &page, &away),
        reseaux: reseaux.into_iter().map(|(reseau, adresse)| Link::new(reseau.libelle(), adresse)).collect(),
        specialites: specialites(&fiche.specialites, &app.referentiels().specialites),
        regions: fiche.regions.iter().chain(&fiche.departements).map(|(_, nom)| nom.clone()).collect(),
        langues: fiche.langues.iter().map(|(_, nom, niveau)| langue(nom, niveau)).collect(),
        presentation_label: if has_experience { "Expérience de formateur" } else { "Motivation" }.to_owned(),
        presentation: blocks(if has_experience { &profil.experience } else { &profil.motivation }),
        parcours: parcours(app, &fiche),
        fichiers: fiche.fichiers.iter().map(|file| fichier(file, around, &kept)).collect(),
        write_href: correspondant.map(|to| format!("/messagerie/ecrire?destinataires={}", to.0)),
        full_href: (!around.full).then(|| format!("/cvtheque/{}", id.0)),
        actions: [
            ("Profils similaires", format!("/cvtheque/{id}/similaires"), true),
            ("Ajouter à une liste", format!("/cvtheque/listes/ajouter?personnes={id}"), true),
            ("Dossier administratif", format!("/gestion/dossiers/{id}"), around.dossiers),
        ]
        .into_iter()
        .filter(|(.., offered)| *offered)
        .map(|(label, href, _)| Link::new(label, href))
        .collect(),
    }))
}

/// « Formatrice en commande publique. Fonctionnaire, Communauté de communes du Pays de Redon · Délégation Bretagne ».
fn summary(fiche: &Fiche) -> String {
    let profil = &fiche.profil;
    let statut = profil.statut.map(Statut::libelle).unwrap_or_default();
    let work: Vec<&str> = [statut, profil.employeur_nom.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    dotted(&[&profil.titre, &work.join(", "), &fiche.structure_nom])
}

/// Home and structure: « Rennes · Délégation Bretagne ».
pub fn place(fiche: &Fiche) -> String {
    dotted(&[&fiche.profil.commune, &fiche.structure_nom])
}

/// The periods of unavailability that are not over, in words.
pub fn away(fiche: &Fiche, today: NaiveDate) -> Vec<String> {
    let coming = fiche.profil.indisponibilites.iter().filter(|(_, au)| *au >= today);
    coming.map(|(du, au)| periode(Some(*du).filter(|du| *du > today), Some(*au))).collect()
}

fn tags(away: &[String]) -> Vec<(String, Tone)> {
    away.iter().take(AWAY_SHOWN).map(|when| (format!("indisponible {when}"), Tone::Warning)).collect()
}

/// How to reach the person, and the periods of unavailability when they do not all fit beside the name.
fn contact(fiche: &Fiche, page: &Identification, away: &[String]) -> Vec<(String, String)> {
    let profil = &fiche.profil;
    let commune = format!("{} {}", profil.code_postal, profil.commune);
    [
        ("Adresse électronique", fiche.login.clone()),
        ("Téléphone portable", shown(&page.telephone)),
        ("Téléphone du domicile", shown(&page.telephone_domicile)),
        ("Téléphone professionnel", shown(&page.telephone_professionnel)),
        ("Autre téléphone", shown(&page.telephone_autre)),
        ("Commune", commune.trim().to_owned()),
        ("Indisponibilités", if away.len() > AWAY_SHOWN { away.join(", ") } else { String::new() }),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| (label.to_owned(), value))
    .collect()
}

/// Spécialités with their chosen sous-spécialités: « Finances (Budget, Fiscalité locale) ».
pub fn specialites(taken: &[(String, String, Option<String>)], known: &[Specialite]) -> Vec<String> {
    let tops = known.iter().filter(|item| item.parent_code.is_none());
    tops.filter_map(|top| {
        let whole = taken.iter().any(|(code, ..)| *code == top.code);
        let inside = taken.iter().filter(|(_, _, parent)| parent.as_ref() == Some(&top.code));
        let inside: Vec<&str> = inside.map(|(_, nom, _)| nom.as_str()).collect();
        match (whole, inside.is_empty()) {
            (false, true) => None,
            (true, true) => Some(top.nom.clone()),
            (_, false) => Some(format!("{} ({})", top.nom, inside.join(", "))),
        }
    })
    .collect()
}

/// « anglais (B2) ».
pub fn langue(nom: &str, niveau: &str) -> String {
    if niveau.is_empty() { nom.to_owned() } else { format!("{nom} ({niveau})") }
}

/// « 2015-2019 », « 2019 », « depuis 2019 », « jusqu’en 2019 ».
pub fn years(du: Option<NaiveDate>, au: Option<NaiveDate>) -> String {
    match (du.map(|day| day.year()), au.map(|day| day.year())) {
        (Some(from), Some(to)) if from == to => from.to_string(),
        (Some(from), Some(to)) => format!("{from}-{to}"),
        (Some(from), None) => format!("Depuis {from}"),
        (None, Some(to)) => format!("Jusqu’en {to}"),
        (None, None) => String::new(),
    }
}

fn line(etape: &Etape) -> ParcoursLine {
    ParcoursLine {
        period: years(etape.du, etape.au),
        titre: etape.intitule.clone(),
        detail: dotted(&[&etape.organisme, &etape.description]),
    }
}

fn parcours(app: &App, fiche: &Fiche) -> Vec<ParcoursBlock> {
    let etapes = &fiche.profil.parcours;
    let mut blocks: Vec<ParcoursBlock> = PARTS
        .into_iter()
        .map(|(categorie, label)| ParcoursBlock {
            label: label.to_owned(),
            lines: etapes.iter().filter(|etape| etape.categorie == categorie).map(line).collect(),
        })
        .collect();
    let known = app.referentiels();
    let structure =
        |id: i64| known.structures.iter().find(|structure| structure.id == id).map_or("", |structure| &structure.nom);
    // A cancelled intervention says nothing about the person.
    let kept = fiche.profil.interventions.iter().filter(|done| done.etat != EtatIntervention::Annulee);
    let interventions = kept.map(|done| ParcoursLine {
        period: years(Some(done.du), Some(done.au)),
        titre: done.titre.clone(),
        detail: format!(
            "{} · {}{}",
            structure(done.structure.0),
            counted(u64::try_from(done.heures).unwrap_or(0), "heure", "heures"),
            match done.etat {
                EtatIntervention::Prevue => " · prévue",
                EtatIntervention::EnCours => " · en cours",
                EtatIntervention::Realisee | EtatIntervention::Annulee => "",
            }
        ),
    });
    blocks.push(ParcoursBlock { label: "Interventions".to_owned(), lines: interventions.collect() });
    blocks.retain(|block| !block.lines.is_empty());
    blocks
}

fn fichier(file: &FichierLu, around: &Around<'_>, kept: &Retenues) -> Fichier {
    let read = en_bref(file.lecture, file.texte.is_empty());
    let passage = around.hit.and_then(|hit| {
        let within = |source: &Source| matches!(source, Source::Fichier { nom, format: _ } if *nom == file.nom);
        let found = hit.highlights.iter().find(|highlight| within(&highlight.source))?;
        Some(Highlight {
            segments: segments(found),
            source: source(&found.source, around.uses.of(hit.id, &found.source)),
        })
    });
    Fichier {
        label: if file.emploi == "diplome" { "Diplôme" } else { "CV" }.to_owned(),
        nom: file.nom.clone(),
        detail: format!("{}, {}{read}", file.format.to_uppercase(), size(u64::try_from(file.taille).unwrap_or(0))),
        href: format!("/fichiers/{}", file.id),
        highlight: passage,
        retenue: kept.get(&file.blob).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_specialites_hold_their_sous_specialites() {
        let item = |code: &str, nom: &str, parent: Option<&str>| {
            (code.to_owned(), nom.to_owned(), parent.map(ToOwned::to_owned))
        };
        let all = [
            item("f", "Finances", None),
            item("f.b", "Budget", Some("f")),
            item("j.a", "Contentieux", Some("j")),
            item("r", "Ressources humaines", None),
        ];
        let known = [("f", "Finances"), ("j", "Affaires juridiques"), ("r", "Ressources humaines"), ("s", "Sport")];
        let known = known.map(|(code, nom)| Specialite {
            code: code.into(),
            nom: nom.into(),
            parent_code: None,
            actif: true,
            description: String::new(),
        });
        assert_eq!(
            specialites(&all, &known),
            ["Finances (Budget)", "Affaires juridiques (Contentieux)", "Ressources humaines"]
        );
    }

    #[test]
    fn g3_periods_of_a_parcours_are_years() {
        let year = |year| NaiveDate::from_ymd_opt(year, 9, 1);
        assert_eq!(years(year(2015), year(2019)), "2015-2019");
        assert_eq!(years(year(2019), year(2019)), "2019");
        assert_eq!(years(year(2019), None), "Depuis 2019");
        assert_eq!(years(None, None), "");
    }
}
