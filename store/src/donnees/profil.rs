//! Who the person is: account, *Identification*, *Parcours*, files, registration.

use diesel::prelude::*;
use domain::CompteId;
use domain::compte::{EtatCompte, MotifArchive};
use domain::fichier::EtatLecture;
use domain::profil::IDENTIFICATION;
use domain::texte::fold;

use super::{Bloc, day, day_or_none, moment, moment_or_none, yes};
use crate::query::RunQueryDsl;
use crate::schema::{
    compte, departement, fichier, intervenant, intervenant_departement, intervenant_langue, intervenant_region,
    intervenant_specialite, langue, region, saisie, specialite, structure,
};
use crate::{Connection, Pending, Result, inscriptions, interventions, profils};

pub(super) fn blocs(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<Bloc>> {
    Box::pin(async move {
        Ok(vec![
            account(connection, id).await?,
            identification(connection, id).await?,
            parcours(connection, id).await?,
            codes(connection, id).await?,
            lines(connection, id).await?,
            files(connection, id).await?,
            texts(connection, id).await?,
            work(connection, id).await?,
            absences(connection, id).await?,
            networks(connection, id).await?,
            unsaved(connection, id).await?,
            registration(connection, id).await?,
        ])
    })
}

const PAIRS: &[&str] = &["Rubrique", "Valeur"];

fn pairs(nom: &'static str, all: Vec<(&str, String)>) -> Bloc {
    let lignes = all.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    Bloc { nom, titres: PAIRS, lignes }
}

async fn account(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    type Row = (
        (String, String, String, String, String),
        (chrono::NaiveDateTime, Option<chrono::NaiveDateTime>, Option<chrono::NaiveDateTime>, Option<String>),
        Option<String>,
    );
    let row: Option<Row> = compte::table
        .find(id.0)
        .select((
            (compte::civilite, compte::nom, compte::prenom, compte::login, compte::etat),
            (compte::cree_at, compte::connexion_at, compte::archive_at, compte::archive_motif),
            compte::mot_de_passe,
        ))
        .first(connection)
        .await
        .optional()?;
    let factor = crate::second_facteur::is_on(connection, id).await?;
    let lignes = row.map(|((civilite, nom, prenom, login, etat), (cree, connexion, archive, motif), password)| {
        let etat = match EtatCompte::from_word(&etat) {
            Some(EtatCompte::AActiver) => "à activer".to_owned(),
            Some(EtatCompte::Actif) => "actif".to_owned(),
            Some(EtatCompte::Archive) => "archivé".to_owned(),
            None => etat,
        };
        let motif = match motif.as_deref().and_then(MotifArchive::from_word) {
            Some(MotifArchive::Complement) => "complément non fourni",
            Some(MotifArchive::Desinscription) => "désinscription",
            Some(MotifArchive::Inactivite) => "inactivité",
            Some(MotifArchive::Administration) => "fermé par l’administration",
            None => "",
        };
        vec![
            ("Civilité", civilite),
            ("Nom", nom),
            ("Prénom", prenom),
            ("Identifiant (adresse électronique)", login),
            ("État du compte", etat),
            ("Créé le", moment(cree)),
            ("Dernière connexion", moment_or_none(connexion)),
            ("Archivé le", moment_or_none(archive)),
            ("Motif de l’archivage", motif.to_owned()),
            (
                "Mot de passe",
                if password.is_some() { "choisi (seule son empreinte est gardée)" } else { "aucun" }.into(),
            ),
            ("Double authentification", yes(factor)),
        ]
    });
    Ok(pairs("Compte", lignes.unwrap_or_default()))
}

async fn identification(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let page = profils::identification(connection, id).await?.unwrap_or_default();
    let structure: Option<String> = match page.structure {
        Some(of) => structure::table.find(of.0).select(structure::nom).first(connection).await.optional()?,
        None => None,
    };
    let statut = page.statut.map(|statut| statut.libelle().to_owned()).unwrap_or_default();
    let champs = page.champs();
    let lignes = IDENTIFICATION
        .iter()
        // Codes: « Spécialités, zones et langues » gives their names.
        .filter(|name| !matches!(**name, "regions" | "departements"))
        .map(|name| {
            let value = match *name {
                "statut" => statut.clone(),
                "structure" => structure.clone().unwrap_or_default(),
                "pro_differentes" => yes(champs.has(name)),
                _ => champs.one(name).to_owned(),
            };
            (label(name), value)
        })
        .collect();
    let mut bloc = pairs("Identification", lignes);
    let row: Option<(Option<String>, chrono::NaiveDateTime)> = intervenant::table
        .find(id.0)
        .select((intervenant::immatriculation, intervenant::modifie_at))
        .first(connection)
        .await
        .optional()?;
    if let Some((immatriculation, modifie)) = row {
        bloc.lignes.push(vec!["Immatriculation".into(), immatriculation.unwrap_or_default()]);
        bloc.lignes.push(vec!["Dernière modification".into(), moment(modifie)]);
    }
    Ok(bloc)
}

fn label(name: &str) -> &'static str {
    match name {
        "civilite" => "Civilité",
        "nom" => "Nom",
        "nom_naissance" => "Nom de naissance",
        "prenom" => "Prénom",
        "date_naissance" => "Date de naissance",
        "ville_naissance" => "Commune de naissance",
        "pays_naissance" => "Pays de naissance",
        "nationalite" => "Nationalité",
        "adresse" => "Adresse",
        "complement_adresse" => "Complément d’adresse",
        "code_postal" => "Code postal",
        "commune" => "Commune",
        "pays" => "Pays",
        "telephone" => "Téléphone portable",
        "telephone_domicile" => "Téléphone du domicile",
        "telephone_professionnel" => "Téléphone professionnel",
        "telephone_autre" => "Autre téléphone",
        "statut" => "Statut professionnel",
        "fonction" => "Fonction ou profession",
        "employeur_nom" => "Employeur : raison sociale",
        "employeur_siret" => "Employeur : SIRET",
        "employeur_adresse" => "Employeur : adresse",
        "employeur_code_postal" => "Employeur : code postal",
        "employeur_commune" => "Employeur : commune",
        "pro_differentes" => "Coordonnées professionnelles différentes",
        "pro_adresse" => "Coordonnées professionnelles : adresse",
        "pro_code_postal" => "Coordonnées professionnelles : code postal",
        "pro_commune" => "Coordonnées professionnelles : commune",
        "pro_telephone" => "Coordonnées professionnelles : téléphone",
        "pro_courriel" => "Coordonnées professionnelles : courriel",
        "structure" => "Structure de rattachement",
        _ => "Autre",
    }
}

async fn parcours(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let page = profils::parcours(connection, id).await?;
    let experimente = page.experimente.map(yes).unwrap_or_default();
    let mut all = vec![("Titre du profil", page.titre), ("Déjà formateur ou formatrice", experimente)];
    let texts = [("Expérience de formation", page.experience), ("Motivation", page.motivation)];
    all.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()));
    Ok(pairs("Parcours", all))
}

async fn codes(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let mut specialites: Vec<String> = intervenant_specialite::table
        .inner_join(specialite::table.on(specialite::code.eq(intervenant_specialite::specialite_code)))
        .filter(intervenant_specialite::compte_id.eq(id.0))
        .select(specialite::nom)
        .load(connection)
        .await?;
    let mut regions: Vec<String> = intervenant_region::table
        .inner_join(region::table.on(region::code.eq(intervenant_region::region_code)))
        .filter(intervenant_region::compte_id.eq(id.0))
        .select(region::nom)
        .load(connection)
        .await?;
    let mut departements: Vec<String> = intervenant_departement::table
        .inner_join(departement::table.on(departement::code.eq(intervenant_departement::departement_code)))
        .filter(intervenant_departement::compte_id.eq(id.0))
        .select(departement::nom)
        .load(connection)
        .await?;
    let mut langues: Vec<(String, String)> = intervenant_langue::table
        .inner_join(langue::table.on(langue::code.eq(intervenant_langue::langue_code)))
        .filter(intervenant_langue::compte_id.eq(id.0))
        .select((langue::nom, intervenant_langue::niveau))
        .load(connection)
        .await?;
    for noms in [&mut specialites, &mut regions, &mut departements] {
        noms.sort_by_cached_key(|nom| fold(nom));
    }
    langues.sort_by_cached_key(|(nom, _)| fold(nom));
    let row = |kind: &'static str| move |nom: String| vec![kind.to_owned(), nom, String::new()];
    let mut lignes: Vec<Vec<String>> = specialites.into_iter().map(row("Spécialité")).collect();
    lignes.extend(regions.into_iter().map(row("Région d’intérêt")));
    lignes.extend(departements.into_iter().map(row("Département d’intérêt")));
    lignes.extend(langues.into_iter().map(|(nom, niveau)| vec!["Langue".to_owned(), nom, niveau]));
    Ok(Bloc { nom: "Spécialités, zones et langues", titres: &["Nature", "Nom", "Niveau"], lignes })
}

async fn lines(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let lignes = profils::lignes(connection, id)
        .await?
        .into_iter()
        .map(|row| {
            let diplome = row.diplome.map(|(_, nom)| nom).unwrap_or_default();
            let ligne = row.ligne;
            vec![
                row.rubrique.titre().to_owned(),
                ligne.intitule,
                ligne.organisme,
                day_or_none(ligne.du),
                day_or_none(ligne.au),
                ligne.description,
                diplome,
            ]
        })
        .collect();
    let titres = &["Tableau", "Intitulé", "Organisme", "Du", "Au", "Description", "Diplôme joint"];
    Ok(Bloc { nom: "Lignes du parcours", titres, lignes })
}

fn emploi(word: &str) -> &'static str {
    match word {
        "cv" => "CV",
        "diplome" => "Diplôme",
        _ => "Autre",
    }
}

async fn files(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let lignes = crate::fichiers::of(connection, id)
        .await?
        .into_iter()
        .map(|file| {
            let lecture = match file.lecture {
                EtatLecture::ALire => "à lire",
                EtatLecture::Lu => "lu",
                EtatLecture::Partiel => "lu en partie",
                EtatLecture::AReconnaitre => "image à reconnaître",
                EtatLecture::Reconnu => "image reconnue par un programme",
                EtatLecture::SansTexte => "sans texte",
                EtatLecture::Illisible => "illisible",
            };
            vec![
                format!("profil/{}", file.id),
                emploi(&file.emploi).to_owned(),
                file.nom,
                file.format.to_uppercase(),
                file.taille.to_string(),
                moment(file.ajoute_at),
                lecture.to_owned(),
            ]
        })
        .collect();
    let titres = &["Repère", "Nature", "Nom", "Format", "Taille en octets", "Ajouté le", "Texte"];
    Ok(Bloc { nom: "Fichiers", titres, lignes })
}

async fn texts(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(i64, String, String)> = fichier::table
        .filter(fichier::compte_id.eq(id.0))
        .order(fichier::id)
        .select((fichier::id, fichier::nom, fichier::texte))
        .load(connection)
        .await?;
    let lignes = rows
        .into_iter()
        .filter(|(.., texte)| !texte.is_empty())
        .map(|(id, nom, texte)| vec![format!("profil/{id}"), nom, texte])
        .collect();
    let titres = &["Repère", "Fichier", "Texte que la recherche en a tiré"];
    Ok(Bloc { nom: "Texte des fichiers", titres, lignes })
}

async fn work(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let lignes = interventions::of(connection, id)
        .await?
        .into_iter()
        .map(|row| {
            let one = row.intervention;
            vec![
                one.titre,
                row.structure_nom,
                day(one.du),
                day(one.au),
                one.heures.to_string(),
                one.etat.libelle().to_owned(),
            ]
        })
        .collect();
    Ok(Bloc { nom: "Interventions", titres: &["Titre", "Structure", "Du", "Au", "Heures", "État"], lignes })
}

async fn absences(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let all = profils::indisponibilites(connection, id).await?;
    let lignes = all.into_iter().map(|(_, period)| vec![day(period.du), day(period.au)]).collect();
    Ok(Bloc { nom: "Indisponibilités", titres: &["Du", "Au"], lignes })
}

async fn networks(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let all = profils::reseaux(connection, id).await?;
    let lignes = all.into_iter().map(|(reseau, adresse)| vec![reseau.libelle().to_owned(), adresse]).collect();
    Ok(Bloc { nom: "Réseaux sociaux", titres: &["Réseau", "Adresse"], lignes })
}

/// What is typed and not saved: it is held, so it is exported too.
async fn unsaved(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(String, String, chrono::NaiveDateTime)> = saisie::table
        .filter(saisie::compte_id.eq(id.0))
        .order(saisie::page)
        .select((saisie::page, saisie::champs, saisie::modifie_at))
        .load(connection)
        .await?;
    let mut lignes = Vec::new();
    for (page, json, at) in rows {
        let champs: std::collections::BTreeMap<String, Vec<String>> = serde_json::from_str(&json)?;
        for (name, values) in champs {
            for value in values.into_iter().filter(|value| !value.trim().is_empty()) {
                lignes.push(vec![page.clone(), name.clone(), value, moment(at)]);
            }
        }
    }
    Ok(Bloc { nom: "Saisies non enregistrées", titres: &["Page", "Champ", "Ce qui est tapé", "Le"], lignes })
}

async fn registration(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let mut lignes = Vec::new();
    if let Some(of) = inscriptions::of(connection, id).await? {
        let line = |event: &str, at| vec![event.to_owned(), at, String::new(), String::new(), String::new()];
        lignes.push(line(&format!("Aujourd’hui : {}", of.etat.libelle()), String::new()));
        lignes.push(line("Dernière transmission", moment_or_none(of.transmise_at)));
        lignes.push(line("Première décision", moment_or_none(of.premiere_decision_at)));
        lignes.push(line("Complément attendu jusqu’au", moment_or_none(of.complement_avant)));
    }
    lignes.extend(inscriptions::history(connection, id).await?.into_iter().map(|step| {
        vec![step.decision.to_string(), moment(step.at), step.structure.unwrap_or_default(), step.motif, step.texte]
    }));
    let titres = &["Événement", "Le", "Structure", "Motif", "Texte"];
    Ok(Bloc { nom: "Inscription", titres, lignes })
}
