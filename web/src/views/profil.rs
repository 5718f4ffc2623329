//! The profile of an intervenant as its owner fills it in (manual §3.1.2): the two pages of the form, the rows of its
//! tables, the CV, and what is checked before it is sent.

use super::Retenue;
use askama::Template;
use domain::profil::{Champs, Rubrique};

use super::dates::Moment;
use super::layout::{Layout, Link, MenuEntry};
use super::lists::{Choice, ChoiceGroup};

/// What every page of the form says of where it stands.
#[derive(Debug, Clone)]
pub struct Etat {
    /// Whether the profile is in the CV-thèque: what is saved is published.
    pub publie: bool,
    /// When what stands in the fields was typed, if it is not saved.
    pub saisi: Option<Moment>,
}

/// `GET|POST /mon-compte/informations`: the fields of [`domain::profil::IDENTIFICATION`].
#[derive(Debug, Clone, Template)]
#[template(path = "profil/informations.html")]
pub struct Informations {
    /// What every page shares.
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// Where the form stands.
    pub etat: Etat,
    /// What stands in the fields.
    pub champs: Champs,
    /// The login.
    pub email: String,
    /// Civilités.
    pub civilites: Vec<Choice>,
    /// Statuts, with the kind of employer each goes with.
    pub statuts: Vec<(Choice, &'static str)>,
    /// Public employers found for what was typed, to choose one without JavaScript.
    pub employeurs: Option<Vec<Choice>>,
    /// Régions.
    pub regions: Vec<Choice>,
    /// Départements by région.
    pub departements: Vec<ChoiceGroup>,
    /// Structures, when the person may choose.
    pub structures: Vec<Choice>,
    /// The structure and why it is fixed, when it is.
    pub structure_fixe: Option<(String, &'static str)>,
}

/// Answers under a heading.
#[derive(Debug, Clone, Default)]
pub struct Bloc {
    /// The heading.
    pub titre: String,
    /// Where they are changed; empty when they can't be.
    pub href: String,
    /// Labels and answers; an empty answer is said as such.
    pub lignes: Vec<(String, String)>,
}

/// A page of the form that can't be changed, and why.
#[derive(Debug, Clone, Template)]
#[template(path = "profil/fige.html")]
pub struct Fige {
    /// What every page shares.
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// Why it can't be changed.
    pub pourquoi: String,
    /// Whether it is an immatriculation that freezes it: the address and the *Parcours* stay free (manual §3.3.2).
    pub immatricule: bool,
    /// What it says.
    pub blocs: Vec<Bloc>,
}

/// A spécialité with its sous-spécialités.
#[derive(Debug, Clone)]
pub struct SpecialiteGroup {
    /// The spécialité, to be taken whole.
    pub whole: Choice,
    /// What it is about.
    pub description: String,
    /// Its sous-spécialités.
    pub parts: Vec<Choice>,
    /// How many of them are chosen, the whole included.
    pub chosen: u64,
}

/// A row of one of the four tables.
#[derive(Debug, Clone)]
pub struct LigneRow {
    /// Its id.
    pub id: i64,
    /// What.
    pub intitule: String,
    /// Where, and when.
    pub detail: String,
    /// The diploma attached to it.
    pub diplome: Option<Link>,
}

/// One of the four tables.
#[derive(Debug, Clone)]
pub struct Table {
    /// Which.
    pub rubrique: Rubrique,
    /// Its rows, the latest first.
    pub lignes: Vec<LigneRow>,
}

/// A language and its level, as two lists to choose from.
#[derive(Debug, Clone)]
pub struct LangueRow {
    /// Languages.
    pub langues: Vec<Choice>,
    /// Levels.
    pub niveaux: Vec<Choice>,
}

/// `GET|POST /mon-compte/parcours`: the fields of [`domain::profil::PARCOURS`].
#[derive(Debug, Clone, Template)]
#[template(path = "profil/parcours.html")]
pub struct Parcours {
    /// What every page shares.
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// Where the form stands.
    pub etat: Etat,
    /// What stands in the fields.
    pub champs: Champs,
    /// Spécialités.
    pub specialites: Vec<SpecialiteGroup>,
    /// « Oui » and « Non ».
    pub experimente: Vec<Choice>,
    /// The four tables.
    pub tables: Vec<Table>,
    /// Languages chosen, and room for more.
    pub langues: Vec<LangueRow>,
    /// The boxes of the alerts.
    pub alertes: Vec<Choice>,
    /// The CV attached, if any.
    pub cv: Option<Joint>,
}

/// `GET|POST` of a row: the fields of [`domain::profil::LIGNE`], and `diplome` where a file may go with it.
#[derive(Debug, Clone, Template)]
#[template(path = "profil/ligne.html")]
pub struct Ligne {
    /// What every page shares.
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// The table it belongs to.
    pub rubrique: Rubrique,
    /// Where the form posts.
    pub action: String,
    /// What stands in the fields.
    pub champs: Champs,
    /// The file field of a diploma, where there is one.
    pub depot: Option<Depot>,
    /// The diploma attached, if any.
    pub diplome: Option<Joint>,
}

/// A field for a file: limits and formats are said before anything is chosen (Q6).
#[derive(Debug, Clone)]
pub struct Depot {
    /// What is accepted, in words.
    pub hint: String,
    /// What is accepted, for the browser.
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

/// A file that is attached.
#[derive(Debug, Clone)]
pub struct Joint {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub nom: String,
    /// Its size in words.
    pub taille: String,
    /// When it was attached.
    pub at: Moment,
    /// Whether its text could not be read: it can't be searched.
    pub illisible: bool,
    /// Whether its text is still being read.
    pub en_lecture: bool,
    /// What keeps it from others than its owner.
    pub retenue: Option<Retenue>,
}

/// `GET|POST /mon-compte/cv`: `cv`.
#[derive(Debug, Clone, Template)]
#[template(path = "profil/cv.html")]
pub struct Cv {
    /// What every page shares.
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// Why nothing can be changed; empty when it can.
    pub fige: String,
    /// The CV attached, if any.
    pub joint: Option<Joint>,
    /// The file field.
    pub depot: Depot,
}

/// `GET /mon-compte/verification`: check your answers, then send them.
#[derive(Debug, Clone, Template)]
#[template(path = "profil/verification.html")]
pub struct Verification {
    /// What every page shares.
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// Why nothing can be sent now; empty when it can.
    pub fige: String,
    /// What is wrong or missing, with where it is put right.
    pub manques: Vec<Link>,
    /// The answers.
    pub blocs: Vec<Bloc>,
    /// The structure that will study it.
    pub structure: String,
    /// Whether it was sent before: « à nouveau ».
    pub encore: bool,
}
