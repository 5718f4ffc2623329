//! The page *Parcours*: spécialités, experience or motivation, languages, and the rows of its four tables.

use chrono::{Datelike, NaiveDate};

use super::champs::{Champs, Ecart, Reader, in_order};
use super::{CHOICES_MAX, TEXT_MAX};
use crate::compte::words;
use crate::dates::lire_mois;

/// The fields of the page *Parcours*, in its order (its tables are pages of their own).
pub const PARCOURS: &[&str] =
    &["titre", "specialites", "experimente", "experience", "motivation", "langues", "niveaux", "alertes"];

/// The levels of the Council of Europe's framework, and the mother tongue.
pub const NIVEAUX: &[(&str, &str)] = &[
    ("A1", "A1 – découverte"),
    ("A2", "A2 – intermédiaire"),
    ("B1", "B1 – seuil"),
    ("B2", "B2 – avancé"),
    ("C1", "C1 – autonome"),
    ("C2", "C2 – maîtrise"),
    ("natif", "Langue maternelle"),
];

/// The page *Parcours*: what could be read of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parcours {
    pub titre: String,
    /// Codes of spécialités (taken whole) and sous-spécialités.
    pub specialites: Vec<String>,
    /// Whether the person has been a trainer; none while not answered.
    pub experimente: Option<bool>,
    pub experience: String,
    /// Motivation, for a person without experience.
    pub motivation: String,
    pub langues: Vec<(String, String)>,
}

impl Parcours {
    /// Reads the page; beside it, what could not be read.
    pub fn read(champs: &Champs) -> (Self, Vec<Ecart>) {
        let mut reader = Reader::new(champs);
        let r = &mut reader;
        let experimente = r.word("experimente", |word| match word {
            "oui" => Some(true),
            "non" => Some(false),
            _ => None,
        });
        let experience = r.bounded("experience", TEXT_MAX);
        let motivation = r.bounded("motivation", TEXT_MAX);
        let mut read = Self {
            titre: r.line("titre"),
            specialites: r.choices("specialites"),
            experimente,
            experience,
            motivation,
            langues: Vec::new(),
        };
        let codes: Vec<&str> = champs.every("langues").collect();
        let niveaux: Vec<&str> = champs.every("niveaux").collect();
        for (rank, code) in codes.iter().enumerate().take(CHOICES_MAX) {
            let niveau = niveaux.get(rank).copied().unwrap_or_default();
            match (code.is_empty(), NIVEAUX.iter().any(|(word, _)| *word == niveau)) {
                (true, _) => {}
                (false, false) => r.wrong.push(Ecart::new("langues", "Choisissez un niveau pour chaque langue.")),
                (false, true) if read.langues.iter().any(|(known, _)| known == code) => {
                    r.wrong.push(Ecart::new("langues", "Une langue est choisie deux fois : gardez un seul niveau."));
                }
                (false, true) => read.langues.push(((*code).to_owned(), niveau.to_owned())),
            }
        }
        (read, in_order(reader.wrong, PARCOURS))
    }

    /// The page as its form shows it: what [`Self::read`] reads back.
    pub fn champs(&self) -> Champs {
        let mut champs = Champs::default();
        champs.set("titre", &self.titre);
        for code in &self.specialites {
            champs.push("specialites", code);
        }
        if let Some(experimente) = self.experimente {
            champs.set("experimente", if experimente { "oui" } else { "non" });
        }
        champs.set("experience", &self.experience);
        champs.set("motivation", &self.motivation);
        for (code, niveau) in &self.langues {
            champs.push("langues", code);
            champs.push("niveaux", niveau);
        }
        champs
    }

    /// What is missing before the registration can be sent, in the order of the page.
    pub fn missing(&self) -> Vec<Ecart> {
        let mut missing = Vec::new();
        if self.specialites.is_empty() {
            missing.push(Ecart::new("specialites", "Choisissez au moins une spécialité ou sous-spécialité."));
        }
        match self.experimente {
            None => missing.push(Ecart::new("experimente", "Dites si vous avez déjà été formateur ou formatrice.")),
            Some(true) if self.experience.is_empty() => {
                missing.push(Ecart::new("experience", "Décrivez votre expérience de formateur ou de formatrice."));
            }
            Some(false) if self.motivation.is_empty() => {
                missing.push(Ecart::new("motivation", "Dites ce qui vous motive à intervenir."));
            }
            Some(_) => {}
        }
        missing
    }
}
words! {
    /// The four tables of the page *Parcours* (manual §3.1.2).
    Rubrique {
        /// Training as a trainer.
        Professionnalisation = "professionnalisation",
        Experience = "experience",
        Formation = "formation",
        /// School and university, with diplomas.
        FormationInitiale = "formation_initiale",
    }
}

impl Rubrique {
    pub fn titre(self) -> &'static str {
        match self {
            Self::Professionnalisation => "Actions de professionnalisation de formateur",
            Self::Experience => "Expériences professionnelles",
            Self::Formation => "Formations professionnelles suivies",
            Self::FormationInitiale => "Formations initiales",
        }
    }

    /// In a line of links.
    pub fn court(self) -> &'static str {
        match self {
            Self::Professionnalisation => "Professionnalisation",
            Self::Experience => "Expériences",
            Self::Formation => "Formations suivies",
            Self::FormationInitiale => "Formations initiales",
        }
    }

    /// The words of the link that adds a row, as the manual has them.
    pub fn ajouter(self) -> &'static str {
        match self {
            Self::Professionnalisation => "Ajouter une action de professionnalisation de formateur",
            Self::Experience => "Ajouter une expérience professionnelle",
            Self::Formation => "Ajouter une formation professionnelle suivie",
            Self::FormationInitiale => "Ajouter une formation initiale",
        }
    }

    /// What the first column is called.
    pub fn intitule(self) -> &'static str {
        match self {
            Self::Professionnalisation => "Intitulé de l’action",
            Self::Experience => "Fonction ou poste",
            Self::Formation => "Intitulé de la formation",
            Self::FormationInitiale => "Diplôme ou formation",
        }
    }

    /// What the second column is called.
    pub fn organisme(self) -> &'static str {
        match self {
            Self::Professionnalisation | Self::Formation => "Organisme",
            Self::Experience => "Employeur",
            Self::FormationInitiale => "Établissement",
        }
    }
}

/// The fields of a row of those tables.
pub const LIGNE: &[&str] = &["intitule", "organisme", "debut", "fin", "description"];

/// A row of those tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ligne {
    pub intitule: String,
    /// Where or with whom.
    pub organisme: String,
    pub du: Option<NaiveDate>,
    /// To; none while it lasts.
    pub au: Option<NaiveDate>,
    pub description: String,
}

/// A month as [`lire_mois`] reads it.
fn month(typed: &str) -> Result<NaiveDate, &'static str> {
    let form = "Indiquez un mois et une année, sous la forme 09/2019, ou une année seule.";
    lire_mois(typed).map_err(|error| error.phrase(form))
}

/// A month as the form shows it: « 09/2019 ».
fn month_typed(month: Option<NaiveDate>) -> String {
    month.map_or_else(String::new, |month| format!("{:02}/{}", month.month(), month.year()))
}

impl Ligne {
    /// The row as its form shows it: what [`Self::read`] reads back.
    pub fn champs(&self) -> Champs {
        [
            ("intitule", self.intitule.clone()),
            ("organisme", self.organisme.clone()),
            ("debut", month_typed(self.du)),
            ("fin", month_typed(self.au)),
            ("description", self.description.clone()),
        ]
        .into_iter()
        .collect()
    }

    /// Reads a row. Unlike the pages, a row is saved whole or not at all: what is missing is said too.
    ///
    /// # Errors
    /// What is wrong or missing, in the order of the form.
    pub fn read(champs: &Champs) -> Result<Self, Vec<Ecart>> {
        let mut reader = Reader::new(champs);
        let r = &mut reader;
        let read = Self {
            intitule: r.line("intitule"),
            organisme: r.line("organisme"),
            du: r.parsed("debut", month),
            au: r.parsed("fin", month),
            description: r.bounded("description", TEXT_MAX),
        };
        let mut wrong = reader.wrong;
        if champs.one("intitule").is_empty() {
            wrong.push(Ecart::new("intitule", "Donnez un intitulé à cette ligne."));
        }
        if let (Some(du), Some(au)) = (read.du, read.au)
            && au < du
        {
            wrong.push(Ecart::new("fin", "La fin vient avant le début : vérifiez les deux dates."));
        }
        if wrong.is_empty() { Ok(read) } else { Err(in_order(wrong, LIGNE)) }
    }
}
