//! The lists that the form offers, with the chosen values.

use domain::alertes::Recentes;
use domain::compte::Statut;
use domain::profil::{Champs, Civilite, NIVEAUX};

use store::referentiels::Specialite;

use crate::app::{App, Referentiels};
use crate::views::profil::{LangueRow, SpecialiteGroup};
use crate::views::{Choice, ChoiceGroup};

/// Empty rows of languages that the page offers.
const MORE_LANGUAGES: usize = 2;

pub fn civilites(champs: &Champs) -> Vec<Choice> {
    let chosen = champs.one("civilite");
    let choice = |one: &Civilite| Choice::new(one.as_str(), one.libelle()).selected(chosen == one.as_str());
    Civilite::ALL.iter().map(choice).collect()
}

/// Statuts, with the kind of employer of each.
pub fn statuts(champs: &Champs) -> Vec<(Choice, &'static str)> {
    let chosen = champs.one("statut");
    let choice = |one: &Statut| {
        let kind = one.employeur().map_or("", domain::profil::TypeEmployeur::as_str);
        (Choice::new(one.as_str(), one.libelle()).selected(chosen == one.as_str()), kind)
    };
    Statut::ALL.iter().map(choice).collect()
}

/// Régions, each with the annonces that it would have brought lately.
pub fn regions(known: &Referentiels, champs: &Champs, recentes: &Recentes) -> Vec<Choice> {
    let chosen: Vec<&str> = champs.all("regions").collect();
    let choice = |code: &str, nom: &str| Choice {
        count: Some(recentes.by_region(code)),
        ..Choice::new(code, nom).selected(chosen.contains(&code))
    };
    known.regions.iter().map(|item| choice(&item.code, &item.nom)).collect()
}

pub fn departements(known: &Referentiels, champs: &Champs) -> Vec<ChoiceGroup> {
    let chosen: Vec<&str> = champs.all("departements").collect();
    let of = |region: &str| {
        let mine = known.departements.iter().filter(|item| item.region_code == region);
        mine.map(|item| {
            let label = format!("{} {}", item.code, item.nom);
            Choice::new(&item.code, label).selected(chosen.contains(&item.code.as_str()))
        })
        .collect()
    };
    let groups =
        known.regions.iter().map(|region| ChoiceGroup { label: region.nom.clone(), choices: of(&region.code) });
    groups.filter(|group| !group.choices.is_empty()).collect()
}

pub fn structures(known: &Referentiels, champs: &Champs) -> Vec<Choice> {
    let chosen = champs.one("structure");
    let choice = |id: String, nom: &str| Choice::new(id.clone(), nom).selected(chosen == id);
    known.structures.iter().map(|structure| choice(structure.id.to_string(), &structure.nom)).collect()
}

/// Spécialités with their sous-spécialités, each with the annonces that it would have brought lately. One that is no
/// longer proposed is still shown to a person who chose it.
pub fn specialites(app: &App, champs: &Champs, recentes: &Recentes) -> Vec<SpecialiteGroup> {
    let known = app.referentiels();
    let held: Vec<String> = champs.all("specialites").map(str::to_owned).collect();
    let proposed = known.specialites_proposees(&held);
    let choice = |item: &Specialite| Choice {
        count: Some(recentes.by_specialite(&item.code)),
        ..Choice::new(&item.code, &item.nom).selected(held.contains(&item.code))
    };
    let mut groups = Vec::new();
    for parent in proposed.iter().filter(|item| item.parent_code.is_none()) {
        let mine = proposed.iter().filter(|item| item.parent_code.as_ref() == Some(&parent.code));
        let parts: Vec<Choice> = mine.map(|item| choice(item)).collect();
        let whole = choice(parent);
        let chosen = parts.iter().filter(|part| part.selected).count() as u64 + u64::from(whole.selected);
        groups.push(SpecialiteGroup { whole, description: parent.description.clone(), parts, chosen });
    }
    groups
}

pub fn langues(app: &App, champs: &Champs) -> Vec<LangueRow> {
    let known = app.referentiels();
    let levels: Vec<&str> = champs.every("niveaux").collect();
    let typed: Vec<(&str, &str)> = champs
        .every("langues")
        .enumerate()
        .map(|(rank, code)| (code, levels.get(rank).copied().unwrap_or_default()))
        .filter(|(code, level)| !code.is_empty() || !level.is_empty())
        .collect();
    let held: Vec<String> = typed.iter().map(|(code, _)| (*code).to_owned()).collect();
    let proposed = known.langues_proposees(&held);
    let blank = std::iter::repeat_n(("", ""), MORE_LANGUAGES);
    let row = |(code, level): (&str, &str)| LangueRow {
        langues: proposed.iter().map(|item| Choice::new(&item.code, &item.nom).selected(item.code == code)).collect(),
        niveaux: NIVEAUX.iter().map(|(word, label)| Choice::new(*word, *label).selected(*word == level)).collect(),
    };
    typed.into_iter().chain(blank).map(row).collect()
}

pub fn experimente(champs: &Champs) -> Vec<Choice> {
    let chosen = champs.one("experimente");
    [("oui", "Oui"), ("non", "Non")]
        .map(|(value, label)| Choice::new(value, label).selected(chosen == value))
        .into_iter()
        .collect()
}

/// The three boxes of the alerts (manual §8).
pub fn alertes(champs: &Champs) -> Vec<Choice> {
    let chosen: Vec<&str> = champs.all("alertes").collect();
    [
        ("specialites", "relève de mes spécialités"),
        ("regions", "concerne l’une de mes régions"),
        (
            "specialites_et_regions",
            "relève de mes spécialités ET concerne l’une de mes régions (cette case se coche seule)",
        ),
    ]
    .map(|(value, label)| Choice::new(value, label).selected(chosen.contains(&value)))
    .into_iter()
    .collect()
}
