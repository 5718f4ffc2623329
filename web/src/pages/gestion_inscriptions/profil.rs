//! A person's form as the structure reads it: every filled-in field, in the order of the form.

use domain::CompteId;
use domain::masque;
use domain::profil::{Civilite, Coordonnees, Identification, NIVEAUX, Rubrique};
use domain::siret::Siret;
use domain::telephone::shown;
use store::Connection;
use store::fichiers::Joint;
use store::profils::LigneRow;

use crate::antivirus::{Retenues, retenues};
use crate::app::{App, Referentiels};
use crate::error::Error;
use crate::pages::cvtheque::{langue, specialites, years};
use crate::views::cvtheque::{Fichier, ParcoursBlock, ParcoursLine};
use crate::views::dates::date;
use crate::views::gestion_inscriptions::{Faits, TexteLu};
use crate::views::lecture::aux_gestionnaires;
use crate::views::numbers::size;
use crate::views::text::{Block, blocks};

/// A profile, ready to be shown.
pub struct Profil {
    pub nom: String,
    pub titre: String,
    pub blocs: Vec<Faits>,
    pub presentation_label: String,
    pub presentation: Vec<Block>,
    pub parcours: Vec<ParcoursBlock>,
    pub fichiers: Vec<Fichier>,
    pub textes: Vec<TexteLu>,
}

pub async fn read(connection: &mut Connection, app: &App, id: CompteId) -> Result<Profil, Error> {
    let account = store::comptes::by_id(connection, id).await?.ok_or(Error::NotFound)?;
    let page = store::profils::identification(connection, id).await?.ok_or(Error::NotFound)?;
    let parcours = store::profils::parcours(connection, id).await?;
    let lignes = store::profils::lignes(connection, id).await?;
    let mut joints = store::fichiers::of(connection, id).await?;
    // The CV first.
    joints.sort_by_key(|joint| (joint.emploi != "cv", joint.id));
    let texts = store::fichiers::texts(connection, id).await?;
    let blobs: Vec<&str> = joints.iter().map(|file| file.blob.as_str()).collect();
    let kept = retenues(app, connection, &blobs).await?;
    let known = app.referentiels();
    let mut blocs = vec![
        identity(&page),
        contact(&page, &account.login),
        work(&page),
        place("Coordonnées professionnelles", &page.pro),
        zones(&page, &known),
        skills(&parcours.specialites, &parcours.langues, &known),
    ];
    blocs.retain(|bloc| !bloc.faits.is_empty());
    let trainer = parcours.experimente != Some(false);
    Ok(Profil {
        nom: format!("{} {}", account.prenom, account.nom),
        titre: parcours.titre,
        blocs,
        presentation_label: if trainer { "Expérience de formateur" } else { "Motivation" }.to_owned(),
        presentation: blocks(if trainer { &parcours.experience } else { &parcours.motivation }),
        parcours: Rubrique::ALL
            .iter()
            .map(|rubrique| table(*rubrique, &lignes))
            .filter(|t| !t.lines.is_empty())
            .collect(),
        fichiers: joints.iter().map(|joint| fichier(joint, &lignes, &kept)).collect(),
        textes: joints
            .iter()
            .filter(|joint| joint.emploi == "cv")
            .map(|joint| {
                let texte = texts.iter().find(|(id, _)| *id == joint.id).map_or("", |(_, texte)| texte.as_str());
                text(joint, texte)
            })
            .collect(),
    })
}

/// A block without its empty fields.
fn faits<const N: usize>(titre: &str, pairs: [(&str, String); N]) -> Faits {
    Faits {
        titre: titre.to_owned(),
        faits: pairs
            .into_iter()
            .map(|(label, value)| (label.to_owned(), value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
    }
}

fn joined<const N: usize>(separator: &str, parts: [&str; N]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(separator)
}

fn identity(page: &Identification) -> Faits {
    let born = page.date_naissance.map(date).unwrap_or_default();
    let place = joined(", ", [&page.ville_naissance, &page.pays_naissance]);
    faits(
        "Identité",
        [
            ("Nom", joined(" ", [page.civilite.map_or("", Civilite::as_str), &page.prenom, &page.nom])),
            ("Nom de naissance", page.nom_naissance.clone()),
            ("Naissance", joined(", ", [&born, &place])),
            ("Nationalité", page.nationalite.clone()),
        ],
    )
}

fn contact(page: &Identification, login: &str) -> Faits {
    let town = joined(" ", [&page.code_postal, &page.commune]);
    faits(
        "Coordonnées",
        [
            ("Adresse électronique", login.to_owned()),
            ("Adresse", joined(", ", [&page.adresse, &page.complement_adresse, &town, &page.pays])),
            ("Téléphone portable", shown(&page.telephone)),
            ("Téléphone au domicile", shown(&page.telephone_domicile)),
            ("Téléphone au travail", shown(&page.telephone_professionnel)),
            ("Autre téléphone", shown(&page.telephone_autre)),
        ],
    )
}

fn work(page: &Identification) -> Faits {
    let employeur = &page.employeur;
    let town = joined(" ", [&employeur.code_postal, &employeur.commune]);
    faits(
        "Statut et employeur",
        [
            ("Statut", page.statut.map(|statut| statut.libelle().to_owned()).unwrap_or_default()),
            ("Fonction", page.fonction.clone()),
            ("Employeur", page.employeur_nom.clone()),
            ("SIRET", page.employeur_siret.as_ref().map_or_else(String::new, Siret::to_string)),
            ("Adresse de l’employeur", joined(", ", [&employeur.adresse, &town])),
        ],
    )
}

fn place(titre: &str, pro: &Coordonnees) -> Faits {
    let town = joined(" ", [&pro.code_postal, &pro.commune]);
    faits(
        titre,
        [
            ("Adresse", joined(", ", [&pro.adresse, &town])),
            ("Téléphone", shown(&pro.telephone)),
            ("Adresse électronique", pro.courriel.clone()),
        ],
    )
}

fn zones(page: &Identification, known: &Referentiels) -> Faits {
    let regions = known.regions.iter().filter(|item| page.regions.contains(&item.code)).map(|item| item.nom.as_str());
    let departements = known.departements.iter().filter(|item| page.departements.contains(&item.code));
    let departements = departements.map(|item| format!("{} {}", item.code, item.nom));
    let structure = page.structure.and_then(|id| known.structures.iter().find(|structure| structure.id == id.0));
    faits(
        "Zones d’intérêt et rattachement",
        [
            ("Régions", regions.collect::<Vec<_>>().join(", ")),
            ("Départements", departements.collect::<Vec<_>>().join(", ")),
            ("Structure de rattachement", structure.map(|structure| structure.nom.clone()).unwrap_or_default()),
        ],
    )
}

fn skills(codes: &[String], langues: &[(String, String)], known: &Referentiels) -> Faits {
    let taken: Vec<(String, String, Option<String>)> = known
        .specialites
        .iter()
        .filter(|item| codes.contains(&item.code))
        .map(|item| (item.code.clone(), item.nom.clone(), item.parent_code.clone()))
        .collect();
    let langues = langues.iter().map(|(code, niveau)| {
        let nom = known.langues.iter().find(|item| item.code == *code).map_or(code, |item| &item.nom);
        let niveau = NIVEAUX.iter().find(|(word, _)| word == niveau).map_or("", |(_, label)| label);
        langue(nom, niveau)
    });
    faits(
        "Spécialités et langues",
        [
            ("Spécialités", specialites(&taken, &known.specialites).join(", ")),
            ("Langues", langues.collect::<Vec<_>>().join(", ")),
        ],
    )
}

fn table(rubrique: Rubrique, lignes: &[LigneRow]) -> ParcoursBlock {
    let lines = lignes.iter().filter(|row| row.rubrique == rubrique).map(|row| ParcoursLine {
        period: years(row.ligne.du, row.ligne.au),
        titre: row.ligne.intitule.clone(),
        detail: joined(" · ", [&row.ligne.organisme, &row.ligne.description]),
    });
    ParcoursBlock { label: rubrique.titre().to_owned(), lines: lines.collect() }
}

fn fichier(joint: &Joint, lignes: &[LigneRow], kept: &Retenues) -> Fichier {
    let diploma = lignes.iter().find(|row| joint.parcours == Some(row.id));
    let label = match (joint.emploi.as_str(), diploma) {
        ("diplome", Some(row)) => format!("Diplôme, {}", row.ligne.intitule),
        ("diplome", None) => "Diplôme".to_owned(),
        _ => "CV".to_owned(),
    };
    Fichier {
        label,
        nom: joint.nom.clone(),
        detail: format!("{}, {}", joint.format.to_uppercase(), size(u64::try_from(joint.taille).unwrap_or(0))),
        href: format!("/fichiers/{}", joint.id),
        highlight: None,
        retenue: kept.get(&joint.blob).copied(),
    }
}

fn text(joint: &Joint, texte: &str) -> TexteLu {
    let sentence = aux_gestionnaires(joint.lecture, joint.vide);
    // A text read before numbers were masked may still hold one.
    TexteLu { nom: joint.nom.clone(), texte: masque::of_file(texte.trim()), sentence: sentence.to_owned() }
}
