//! The fields of the form of an annonce, as typed, and the checked content.

use chrono::{Datelike, NaiveDate};
use domain::annonce::Modalite;
use domain::dates::{DateError, lire_jour};
use domain::texte::ligne;
use store::annonces::{Annonce, Contenu};

use crate::app::Referentiels;
use crate::fields::Fields;
use crate::views::FieldError;
use crate::views::dates::date;

/// Longest title, in characters.
pub const TITRE_MAX: usize = 150;
/// Longest text, in characters.
pub const TEXTE_MAX: usize = 10_000;
/// Accepted years of dates: others come from a year typed only in part.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// The fields of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub titre: String,
    pub texte: String,
    pub specialite: String,
    pub sous_specialite: String,
    pub modalite: String,
    pub regions: Vec<String>,
    pub departements: Vec<String>,
    pub du: String,
    pub au: String,
}

/// How much must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complete {
    /// Enough to be found again in the list of drafts.
    Draft,
    /// All that the public needs.
    Published,
}

impl Typed {
    pub fn from_form(fields: &Fields) -> Self {
        let text = |name: &str| fields.one(name).trim().to_owned();
        Self {
            titre: ligne(fields.one("titre")),
            texte: text("texte"),
            specialite: text("specialite"),
            sous_specialite: text("sous_specialite"),
            modalite: text("modalite"),
            regions: fields.all("regions"),
            departements: fields.all("departements"),
            du: text("du"),
            au: text("au"),
        }
    }

    pub fn of(annonce: &Annonce) -> Self {
        let contenu = &annonce.contenu;
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            titre: contenu.titre.clone(),
            texte: contenu.description.clone(),
            specialite: contenu.specialite.clone(),
            sous_specialite: contenu.sous_specialite.clone().unwrap_or_default(),
            modalite: contenu.modalite.as_str().to_owned(),
            regions: contenu.regions.clone(),
            departements: contenu.departements.clone(),
            du: day(contenu.du),
            au: day(contenu.au),
        }
    }

    /// The checked content, or what is wrong, in the order of the fields.
    pub fn check(&self, known: &Referentiels, complete: Complete) -> Result<Contenu, Vec<FieldError>> {
        let mut errors: Vec<FieldError> = Vec::new();
        self.check_texts(complete, &mut errors);
        let sous_specialite = self.check_specialites(known, &mut errors);
        let modalite = Modalite::from_word(&self.modalite);
        if modalite.is_none() {
            errors.push(FieldError::new("modalite", "Choisissez une modalité."));
        }
        let (du, au) = self.check_period(&mut errors);
        let departements: Vec<_> =
            known.departements.iter().filter(|item| self.departements.contains(&item.code)).collect();
        // An annonce in a département is also in its région, because alerts and the search use régions.
        let regions = known.regions.iter().filter(|region| {
            self.regions.contains(&region.code) || departements.iter().any(|item| item.region_code == region.code)
        });
        match modalite {
            Some(modalite) if errors.is_empty() => Ok(Contenu {
                titre: self.titre.clone(),
                description: self.texte.clone(),
                specialite: self.specialite.clone(),
                sous_specialite,
                regions: regions.map(|region| region.code.clone()).collect(),
                departements: departements.iter().map(|item| item.code.clone()).collect(),
                modalite,
                du,
                au,
            }),
            _ => Err(errors),
        }
    }

    fn check_texts(&self, complete: Complete, errors: &mut Vec<FieldError>) {
        let titre = self.titre.chars().count();
        if titre == 0 {
            errors.push(FieldError::new("titre", "Donnez un titre à l’annonce."));
        } else if titre > TITRE_MAX {
            let over = titre - TITRE_MAX;
            errors
                .push(FieldError::new("titre", format!("Le titre a {over} caractères de trop : {TITRE_MAX} au plus.")));
        }
        let texte = self.texte.chars().count();
        if texte == 0 && complete == Complete::Published {
            errors.push(FieldError::new("texte", "Décrivez le besoin avant de publier l’annonce."));
        } else if texte > TEXTE_MAX {
            let over = texte - TEXTE_MAX;
            let sentence = format!("La description a {over} caractères de trop : {TEXTE_MAX} au plus.");
            errors.push(FieldError::new("texte", sentence));
        }
    }

    /// The sous-spécialité, if any is chosen.
    fn check_specialites(&self, known: &Referentiels, errors: &mut Vec<FieldError>) -> Option<String> {
        let is_one = |code: &str| known.specialites.iter().any(|item| item.code == code && item.parent_code.is_none());
        if !is_one(&self.specialite) {
            errors.push(FieldError::new("specialite", "Choisissez une spécialité."));
            return None;
        }
        if self.sous_specialite.is_empty() {
            return None;
        }
        let found = known.specialites.iter().find(|item| item.code == self.sous_specialite);
        if found.and_then(|item| item.parent_code.as_ref()) != Some(&self.specialite) {
            let sentence = "Cette sous-spécialité n’est pas de la spécialité choisie : prenez-en une autre, ou aucune en particulier.";
            errors.push(FieldError::new("sous_specialite", sentence));
        }
        Some(self.sous_specialite.clone())
    }

    fn check_period(&self, errors: &mut Vec<FieldError>) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let mut day = |field: &str, typed: &str| -> Option<NaiveDate> {
            if typed.is_empty() {
                return None;
            }
            let read = lire_jour(typed)
                .and_then(|day| if YEARS.contains(&day.year()) { Ok(day) } else { Err(DateError::Year) });
            let form = "Cette date n’existe pas : vérifiez le jour, le mois et l’année.";
            read.map_err(|error| errors.push(FieldError::new(field, error.phrase(form)))).ok()
        };
        let (du, au) = (day("du", &self.du), day("au", &self.au));
        if let (Some(from), Some(to)) = (du, au)
            && from > to
        {
            let sentence = format!("La fin vient avant le début : choisissez un jour à partir du {}.", date(from));
            errors.push(FieldError::new("au", sentence));
        }
        (du, au)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::referentiels::{Departement, Item, Specialite};

    fn known() -> Referentiels {
        let specialite = |code: &str, parent: Option<&str>| Specialite {
            code: code.into(),
            nom: code.into(),
            parent_code: parent.map(Into::into),
            actif: true,
            description: String::new(),
        };
        let item = |code: &str| Item { code: code.into(), nom: code.into() };
        let departement =
            |code: &str, region: &str| Departement { code: code.into(), nom: code.into(), region_code: region.into() };
        Referentiels {
            regions: vec![item("53"), item("52")],
            departements: vec![departement("35", "53"), departement("44", "52")],
            specialites: vec![
                specialite("finances", None),
                specialite("finances.budget", Some("finances")),
                specialite("rh", None),
            ],
            ..Referentiels::default()
        }
    }

    const GOOD: &str = "titre=Initiation+%C3%A0+la+paie&texte=Le+besoin&specialite=finances\
                        &sous_specialite=finances.budget&modalite=mixte&regions=53&departements=44&du=2027-01-12&au=2027-03-27";

    fn check(query: &str, complete: Complete) -> Result<Contenu, Vec<(String, String)>> {
        let saisie = Typed::from_form(&Fields::parse(query));
        saisie
            .check(&known(), complete)
            .map_err(|errors| errors.into_iter().map(|error| (error.field, error.sentence)).collect())
    }

    fn wrong(query: &str, complete: Complete) -> Vec<String> {
        check(query, complete).unwrap_err().into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn a4_a_departement_brings_its_region() {
        let contenu = check(GOOD, Complete::Published).unwrap();
        assert_eq!(contenu.regions, ["53", "52"]);
        assert_eq!(contenu.departements, ["44"]);
        assert_eq!(contenu.sous_specialite.as_deref(), Some("finances.budget"));
        let national = check("titre=a&texte=b&specialite=rh&modalite=distance", Complete::Published).unwrap();
        assert!(national.regions.is_empty() && national.du.is_none());
    }

    #[test]
    fn a4_a_draft_needs_less_than_what_is_published() {
        let draft = "titre=Paie&specialite=rh&modalite=presentiel";
        assert!(check(draft, Complete::Draft).is_ok());
        assert_eq!(wrong(draft, Complete::Published), ["texte"]);
        assert_eq!(wrong("", Complete::Published), ["titre", "texte", "specialite", "modalite"]);
    }

    #[test]
    fn a4_a_sous_specialite_belongs_to_its_specialite() {
        let moved = GOOD.replace("specialite=finances&", "specialite=rh&");
        assert_eq!(wrong(&moved, Complete::Draft), ["sous_specialite"]);
        assert_eq!(wrong("titre=a&specialite=finances.budget&modalite=mixte", Complete::Draft), ["specialite"]);
    }

    #[test]
    fn a4_a_period_has_an_order_and_real_days() {
        assert_eq!(wrong(&GOOD.replace("2027-03-27", "2027-01-11"), Complete::Draft), ["au"]);
        assert_eq!(wrong(&GOOD.replace("2027-03-27", "2027-02-30"), Complete::Draft), ["au"]);
        assert_eq!(wrong(&GOOD.replace("2027-01-12", "0202-01-12"), Complete::Draft), ["du"]);
        assert!(check(&GOOD.replace("2027-03-27", "2027-01-12"), Complete::Draft).is_ok());
    }

    #[test]
    fn a4_lengths_count_characters() {
        let titre = |length: usize| format!("titre={}&specialite=rh&modalite=mixte", "é".repeat(length));
        assert!(check(&titre(TITRE_MAX), Complete::Draft).is_ok());
        let errors = check(&titre(TITRE_MAX + 2), Complete::Draft).unwrap_err();
        assert_eq!(errors[0].1, "Le titre a 2 caractères de trop : 150 au plus.");
        let texte = format!("titre=a&specialite=rh&modalite=mixte&texte={}", "a".repeat(TEXTE_MAX + 1));
        assert_eq!(wrong(&texte, Complete::Draft), ["texte"]);
    }

    #[test]
    fn q8_what_no_keyboard_writes_is_left_out() {
        let odd = Typed::from_form(&Fields::parse("titre=%00Pa%0D%0Aie%1B&texte=a%0D%0A%0D%0Ab%00&regions=zz"));
        assert_eq!((odd.titre.as_str(), odd.texte.as_str()), ("Pa ie", "a\n\nb"));
        assert_eq!(check("titre=a&specialite=rh&modalite=mixte&regions=zz", Complete::Draft).unwrap().regions, [""; 0]);
    }
}
