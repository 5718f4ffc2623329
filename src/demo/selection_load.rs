//! Writes the saved searches of the CV-thèque and the list of a gestionnaire of the documented délégation.

use std::collections::HashMap;

use actors::commands::{Command, FillList, KeepSearch, WhichList};
use domain::CompteId;
use store::Store;
use store::recherches::Voulue;

use super::people_load::Written;
use super::{Demo, GESTIONNAIRE_LOGIN};
use crate::failure::Failure;

/// Name and query string of each search, whether it is shared, whether it is followed.
const RECHERCHES: [(&str, &str, bool, bool); 2] = [
    ("Marchés publics en Bretagne", "q=%22march%C3%A9s%20publics%22&region=53", true, true),
    ("Formateurs en finances", "q=formateur&specialite=finances&tri=nom", false, false),
];
const LISTE: &str = "Formateurs pressentis pour 2027";
const PEOPLE: usize = 6;
/// Number of intervenants among whom the list is chosen.
const AMONG: usize = 200;

pub async fn load(
    store: &Store,
    demo: &Demo,
    staff: &HashMap<String, CompteId>,
    people: &[Written],
) -> Result<(), Failure> {
    let me = *staff.get(GESTIONNAIRE_LOGIN).ok_or("no gestionnaire")?;
    let chosen: Vec<CompteId> = (1..people.len().min(AMONG))
        .filter(|&number| demo.intervenant(number).valide())
        .step_by(5)
        .take(PEOPLE)
        .map(|number| people[number].compte)
        .collect();
    for (nom, adresse, partagee, suivie) in RECHERCHES {
        let voulue = Voulue { nom: nom.to_owned(), adresse: adresse.to_owned(), partagee, suivie };
        KeepSearch(voulue).perform(store.clone(), me).await??;
    }
    let liste = WhichList::New { nom: LISTE.to_owned(), partagee: true };
    FillList { liste, people: chosen }.perform(store.clone(), me).await??;
    Ok(())
}
