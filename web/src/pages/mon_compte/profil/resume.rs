//! The answers of the form in words, and what is missing in them: for the check before sending, for the read-only page,
//! and for the steps of the dashboard.

use chrono::NaiveDate;
use domain::CompteId;
use domain::compte::Statut;
use domain::profil::{Ecart, Identification, NIVEAUX, Rubrique, TypeEmployeur};
use domain::siret::Siret;
use domain::telephone::shown;
use domain::time::paris;
use store::Connection;

use super::{brouillon, fichiers, ligne};
use crate::app::{App, Referentiels};
use crate::error::Error;
use crate::views::profil::Bloc;
use crate::views::{Link, dates};

/// For each error of a page, a link to the field to correct.
pub fn links(ecarts: Vec<Ecart>, page: &str) -> impl Iterator<Item = Link> {
    ecarts.into_iter().map(move |ecart| Link::new(ecart.phrase, format!("{page}?manques=1#{}", ecart.champ)))
}

fn line(label: &str, value: impl Into<String>) -> (String, String) {
    (label.to_owned(), value.into())
}

fn place(adresse: &str, complement: &str, code_postal: &str, commune: &str, pays: &str) -> String {
    let town = format!("{code_postal} {commune}");
    [adresse, complement, town.trim(), pays].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The answers of « Mes informations »; `href` is the page that changes them, empty when they can't be changed.
pub fn of_informations(known: &Referentiels, page: &Identification, email: &str, href: &str) -> Vec<Bloc> {
    let civil = page.civilite.map_or("", domain::profil::Civilite::as_str);
    let born = page.date_naissance.map_or_else(String::new, dates::date);
    let born_in = [page.ville_naissance.as_str(), page.pays_naissance.as_str()];
    let mut formateur = vec![
        line("Identité", [civil, &page.prenom, &page.nom].join(" ").trim()),
        line("Nom de naissance", &page.nom_naissance),
        line("Date de naissance", born),
        line("Lieu de naissance", born_in.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")),
        line("Nationalité", &page.nationalite),
        line("Adresse", place(&page.adresse, &page.complement_adresse, &page.code_postal, &page.commune, &page.pays)),
        line("Téléphone portable", shown(&page.telephone)),
        line("Téléphone du domicile", shown(&page.telephone_domicile)),
        line("Téléphone professionnel", shown(&page.telephone_professionnel)),
        line("Autre téléphone", shown(&page.telephone_autre)),
        line("Adresse électronique", email),
    ];
    // Optional answers that are empty are left out.
    formateur.retain(|(label, value)| !value.is_empty() || !OPTIONAL.contains(&label.as_str()));
    let mut blocs = vec![
        Bloc { titre: "Le formateur".to_owned(), href: anchored(href, "bloc-formateur"), lignes: formateur },
        Bloc {
            titre: "Le statut".to_owned(),
            href: anchored(href, "bloc-statut"),
            lignes: vec![
                line("Statut", page.statut.map_or("", Statut::libelle)),
                line("Fonction ou profession", &page.fonction),
            ],
        },
    ];
    if page.statut.is_none_or(|statut| statut.employeur().is_some()) {
        blocs.push(employer(page, href));
    }
    let name = |items: &[store::referentiels::Item], code: &str| {
        items.iter().find(|item| item.code == code).map_or_else(|| code.to_owned(), |item| item.nom.clone())
    };
    let regions: Vec<String> = page.regions.iter().map(|code| name(&known.regions, code)).collect();
    let departements: Vec<String> = page
        .departements
        .iter()
        .map(|code| {
            let found = known.departements.iter().find(|item| item.code == *code);
            found.map_or_else(|| code.clone(), |item| item.nom.clone())
        })
        .collect();
    let mut zones = vec![line("Régions", regions.join(", ")), line("Départements", departements.join(", "))];
    zones.retain(|(label, value)| !value.is_empty() || label == "Régions");
    blocs.push(Bloc {
        titre: "Zones d’intérêt géographique".to_owned(),
        href: anchored(href, "bloc-zones"),
        lignes: zones,
    });
    blocs.push(Bloc {
        titre: "Structure de rattachement".to_owned(),
        href: anchored(href, "bloc-structure"),
        lignes: vec![line("Structure", structure(known, page.structure))],
    });
    blocs
}

/// Lines that are left out when they are empty.
const OPTIONAL: &[&str] =
    &["Nom de naissance", "Téléphone portable", "Téléphone du domicile", "Téléphone professionnel", "Autre téléphone"];

fn anchored(href: &str, anchor: &str) -> String {
    if href.is_empty() { String::new() } else { format!("{href}#{anchor}") }
}

/// The name of a structure; empty for none.
pub fn structure(known: &Referentiels, id: Option<domain::StructureId>) -> String {
    let found = known.structures.iter().find(|structure| Some(structure.id) == id.map(|id| id.0));
    found.map_or_else(String::new, |structure| structure.nom.clone())
}

fn employer(page: &Identification, href: &str) -> Bloc {
    let kind = page.statut.and_then(Statut::employeur).map_or("", TypeEmployeur::as_str);
    let at = &page.employeur;
    let mut lignes = vec![
        line("Type d’employeur", kind),
        line("Raison sociale", &page.employeur_nom),
        line("SIRET", page.employeur_siret.as_ref().map_or_else(String::new, Siret::to_string)),
        line("Adresse", place(&at.adresse, "", &at.code_postal, &at.commune, "")),
    ];
    if page.pro_differentes {
        let pro = &page.pro;
        lignes.push(line("Coordonnées professionnelles", place(&pro.adresse, "", &pro.code_postal, &pro.commune, "")));
        lignes.push(line("Téléphone", shown(&pro.telephone)));
        lignes.push(line("Adresse électronique", &pro.courriel));
    }
    Bloc { titre: "L’employeur".to_owned(), href: anchored(href, "bloc-employeur"), lignes }
}

/// The answers of « Mon parcours » as it is typed or saved, its rows and files.
pub async fn of_parcours(
    app: &App,
    connection: &mut Connection,
    compte: CompteId,
    href: &str,
) -> Result<Vec<Bloc>, Error> {
    let (champs, _) = brouillon::parcours(connection, compte).await?;
    let (page, _, _) = brouillon::read_parcours(&champs);
    let known = app.referentiels();
    let name = |code: &String| {
        known.specialites.iter().find(|item| item.code == *code).map_or_else(|| code.clone(), |item| item.nom.clone())
    };
    let specialites: Vec<String> = page.specialites.iter().map(name).collect();
    let (label, text) = match page.experimente {
        Some(true) => ("Expérience de formateur", &page.experience),
        Some(false) => ("Motivation", &page.motivation),
        None => ("Expérience ou motivation", &page.experience),
    };
    let langues: Vec<String> = page
        .langues
        .iter()
        .map(|(code, niveau)| {
            let nom = known.langues.iter().find(|item| item.code == *code);
            let level = NIVEAUX.iter().find(|(word, _)| word == niveau).map_or(niveau.as_str(), |(_, label)| label);
            format!("{} ({level})", nom.map_or(code.as_str(), |item| item.nom.as_str()))
        })
        .collect();
    let mut blocs = vec![Bloc {
        titre: "Le parcours".to_owned(),
        href: anchored(href, "bloc-titre"),
        lignes: vec![
            line("Titre", &page.titre),
            line("Spécialités", specialites.join("\n")),
            line(label, text),
            line("Langues", langues.join("\n")),
        ],
    }];
    let rows = store::profils::lignes(connection, compte).await?;
    for rubrique in Rubrique::ALL {
        let lignes: Vec<(String, String)> = rows
            .iter()
            .filter(|row| row.rubrique == *rubrique)
            .map(|row| {
                let diplome = row.diplome.as_ref().map_or_else(String::new, |(_, nom)| format!("\nDiplôme : {nom}"));
                line(&row.ligne.intitule, format!("{}{diplome}", ligne::detail(&row.ligne)))
            })
            .collect();
        if !lignes.is_empty() {
            blocs.push(Bloc { titre: rubrique.titre().to_owned(), href: anchored(href, rubrique.as_str()), lignes });
        }
    }
    let cv = fichiers::cv_of(app, connection, compte).await?;
    let cv = cv.map_or_else(|| "aucun, c’est facultatif".to_owned(), |cv| format!("{} ({})", cv.nom, cv.taille));
    let href = if href.is_empty() { String::new() } else { "/mon-compte/cv".to_owned() };
    blocs.push(Bloc { titre: "CV joint".to_owned(), href, lignes: vec![line("Fichier", cv)] });
    Ok(blocs)
}

pub fn today(app: &App) -> NaiveDate {
    paris(app.store.clock().now()).date()
}
