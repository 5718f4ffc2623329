//! The two pages of a registration as they would be sent.

use chrono::NaiveDate;
use domain::alertes::Regle;
use domain::profil::{Ecart, Identification, Parcours};

use super::Inscription;
use crate::profils::{self, INFORMATIONS, PARCOURS};
use crate::{Connection, Pending, alertes};

#[derive(Clone, Debug)]
pub struct Pages {
    pub informations: Identification,
    pub parcours: Parcours,
    pub regle: Regle,
    /// What is wrong or missing in « Mes informations », each field once.
    pub manques_informations: Vec<Ecart>,
    /// What is wrong or missing in « Mon parcours ».
    pub manques_parcours: Vec<Ecart>,
}

/// Reads the two pages: what is typed counts, saved or not.
pub fn pages<'a>(connection: &'a mut Connection, of: &'a Inscription, today: NaiveDate) -> Pending<'a, Pages> {
    Box::pin(async move {
        let champs = match profils::saisie(connection, of.compte, INFORMATIONS).await? {
            Some((champs, _)) => of.posted(champs),
            None => profils::identification(connection, of.compte).await?.unwrap_or_default().champs(),
        };
        let (informations, wrong) = Identification::read(&champs, today);
        let manques_informations = once(wrong, informations.missing());
        let typed = profils::saisie(connection, of.compte, PARCOURS).await?;
        let (champs, regle) = if let Some((champs, _)) = typed {
            let regle = Regle::of_form(&champs);
            (champs, regle)
        } else {
            let saved = profils::parcours(connection, of.compte).await?.champs();
            (saved, Ok(alertes::regle(connection, of.compte).await?))
        };
        let (parcours, mut wrong) = Parcours::read(&champs);
        let regle = regle.unwrap_or_else(|contradiction| {
            wrong.push(Ecart::new("alertes", contradiction.to_string()));
            Regle::Aucune
        });
        let manques_parcours = once(wrong, parcours.missing());
        Ok(Pages { informations, parcours, regle, manques_informations, manques_parcours })
    })
}

/// What is wrong, then what is missing, each field once.
fn once(wrong: Vec<Ecart>, missing: Vec<Ecart>) -> Vec<Ecart> {
    let mut all: Vec<Ecart> = Vec::new();
    for ecart in wrong.into_iter().chain(missing) {
        if all.iter().all(|other| other.champ != ecart.champ) {
            all.push(ecart);
        }
    }
    all
}
