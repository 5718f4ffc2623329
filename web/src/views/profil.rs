//! The profile of an intervenant as its owner fills it in (manual §3.1.2): the two pages of the form, the rows of its
//! tables, the CV, and the check before sending.

use super::Retenue;
use askama::Template;
use domain::profil::{Champs, Rubrique};

use super::dates::Moment;
use super::layout::{Layout, Link, MenuEntry};
use super::lecture::Lecture;
use super::lists::{Choice, ChoiceGroup};
use super::numbers::Said as _;

/// The state shown on every page of the form.
#[derive(Debug, Clone)]
pub struct Etat {
    /// Whether the profile is in the CV-thèque, so that saving publishes.
    pub publie: bool,
    /// When the fields were typed, if they are not saved.
    pub saisi: Option<Moment>,
}

/// `GET|POST /mon-compte/informations`: the fields of [`domain::profil::IDENTIFICATION`].
#[derive(Debug, Clone, Template)]
#[template(path = "profil/informations.html")]
pub struct Informations {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    pub etat: Etat,
    pub champs: Champs,
    pub email: String,
    pub civilites: Vec<Choice>,
    /// Statuts, with the kind of employer of each.
    pub statuts: Vec<(Choice, &'static str)>,
    /// Public employers found for what was typed, to choose one without JavaScript.
    pub employeurs: Option<Vec<Choice>>,
    pub regions: Vec<Choice>,
    pub departements: Vec<ChoiceGroup>,
    /// Structures, when the person may choose.
    pub structures: Vec<Choice>,
    /// The structure and why it is fixed, when it is.
    pub structure_fixe: Option<(String, &'static str)>,
}

#[derive(Debug, Clone, Default)]
pub struct Bloc {
    pub titre: String,
    /// The page that changes them; empty when they can't be changed.
    pub href: String,
    /// Labels and answers; an empty answer is shown as missing.
    pub lignes: Vec<(String, String)>,
}

/// A page of the form that can't be changed, and why.
#[derive(Debug, Clone, Template)]
#[template(path = "profil/fige.html")]
pub struct Fige {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// Why it can't be changed.
    pub pourquoi: String,
    /// Whether an immatriculation freezes it: the address and the *Parcours* stay free (manual §3.3.2).
    pub immatricule: bool,
    pub blocs: Vec<Bloc>,
}

#[derive(Debug, Clone)]
pub struct SpecialiteGroup {
    pub whole: Choice,
    pub description: String,
    pub parts: Vec<Choice>,
    /// How many of the group are chosen, the whole spécialité included.
    pub chosen: u64,
}

#[derive(Debug, Clone)]
pub struct LigneRow {
    pub id: i64,
    pub intitule: String,
    pub detail: String,
    pub diplome: Option<Link>,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub rubrique: Rubrique,
    /// Its rows, the latest first.
    pub lignes: Vec<LigneRow>,
}

/// A language and its level, as two lists to choose from.
#[derive(Debug, Clone)]
pub struct LangueRow {
    pub langues: Vec<Choice>,
    pub niveaux: Vec<Choice>,
}

/// `GET|POST /mon-compte/parcours`: the fields of [`domain::profil::PARCOURS`].
#[derive(Debug, Clone, Template)]
#[template(path = "profil/parcours.html")]
pub struct Parcours {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    pub etat: Etat,
    pub champs: Champs,
    pub specialites: Vec<SpecialiteGroup>,
    /// « Oui » and « Non ».
    pub experimente: Vec<Choice>,
    pub tables: Vec<Table>,
    pub langues: Vec<LangueRow>,
    pub alertes: Vec<Choice>,
    /// The CV attached, if any.
    pub cv: Option<Joint>,
}

impl Parcours {
    /// The spécialités, those that are chosen first; then, folded, the others. All stand open while none is chosen.
    fn groups(&self) -> Vec<(bool, Vec<&SpecialiteGroup>)> {
        let (chosen, others): (Vec<_>, Vec<_>) = self.specialites.iter().partition(|group| group.chosen > 0);
        let folded = !chosen.is_empty() && self.layout.error("specialites").is_none();
        [(false, chosen), (folded, others)].into_iter().filter(|(_, groups)| !groups.is_empty()).collect()
    }
}

/// `GET|POST` of a row: the fields of [`domain::profil::LIGNE`], and `diplome` in tables that accept a file.
#[derive(Debug, Clone, Template)]
#[template(path = "profil/ligne.html")]
pub struct Ligne {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    pub rubrique: Rubrique,
    pub action: String,
    pub champs: Champs,
    /// The file field of a diploma, if the table accepts one.
    pub depot: Option<Depot>,
    /// The diploma attached, if any.
    pub diplome: Option<Joint>,
}

/// A field for a file: limits and formats are shown before a file is chosen (Q6).
#[derive(Debug, Clone)]
pub struct Depot {
    pub hint: String,
    pub accept: String,
    /// The largest file, in bytes.
    pub max: u64,
}

impl Depot {
    /// The field for a file of that place.
    pub fn new(place: documents::Place) -> Self {
        Self { hint: place.hint(), accept: place.accept_attribute(), max: place.max_bytes() }
    }
}

#[derive(Debug, Clone)]
pub struct Joint {
    pub id: i64,
    pub nom: String,
    pub taille: String,
    pub at: Moment,
    /// How far its text is read, where there is something to say.
    pub lecture: Option<Lecture>,
    /// Why others than its owner can't get it.
    pub retenue: Option<Retenue>,
}

/// `GET|POST /mon-compte/cv`: `cv`.
#[derive(Debug, Clone, Template)]
#[template(path = "profil/cv.html")]
pub struct Cv {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// Why nothing can be changed; empty when it can.
    pub fige: String,
    /// The CV attached, if any.
    pub joint: Option<Joint>,
    pub depot: Depot,
}

/// `GET /mon-compte/verification`: check your answers, then send them.
#[derive(Debug, Clone, Template)]
#[template(path = "profil/verification.html")]
pub struct Verification {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// Why nothing can be sent now; empty when it can.
    pub fige: String,
    /// What is wrong or missing, with links to the fields.
    pub manques: Vec<Link>,
    pub blocs: Vec<Bloc>,
    pub structure: String,
    /// Whether it was sent before: the button says « à nouveau ».
    pub encore: bool,
}
