//! The profile of an intervenant as two pages of a form, *Identification* and *Parcours* (manual §3.1.2): what each
//! field may hold, and what is missing before the registration can be sent.
//!
//! Reading never fails: what a field can't hold is said beside what it could, so that « Enregistrer » keeps the rest.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::StructureId;
use crate::compte::{Statut, words};
use crate::email::Email;
use crate::siret::Siret;
use crate::telephone::Telephone;

/// Longest line, in characters.
pub const LINE_MAX: usize = 150;
/// Longest text (experience, motivation, description), in characters.
pub const TEXT_MAX: usize = 6_000;
/// Most languages, régions, spécialités… that one profile names.
pub const CHOICES_MAX: usize = 120;
/// The country that has postcodes of five digits.
pub const FRANCE: &str = "France";

/// What stands in a form, as it was typed: names may repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Champs(BTreeMap<String, Vec<String>>);

impl Champs {
    /// The first value of a field without spaces around, empty when it is absent.
    pub fn one(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// Every value of a field that is not empty.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Adds a value.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.entry(name.into()).or_default().push(value.into());
    }

    /// Puts one value in place of all.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), vec![value.into()]);
    }

    /// Only the fields of these names: what else was posted is not kept.
    pub fn only(self, names: &[&str]) -> Self {
        Self(self.0.into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect())
    }

    /// Whether there is nothing in any field.
    pub fn is_blank(&self) -> bool {
        self.0.values().flatten().all(|value| value.trim().is_empty())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Champs {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut champs = Self::default();
        for (name, value) in pairs {
            champs.push(name, value);
        }
        champs
    }
}

/// What is wrong with a field, or missing in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ecart {
    /// The field.
    pub champ: &'static str,
    /// What is wrong and what to do.
    pub phrase: String,
}

impl Ecart {
    /// `phrase` about `champ`.
    pub fn new(champ: &'static str, phrase: impl Into<String>) -> Self {
        Self { champ, phrase: phrase.into() }
    }
}

words! {
    /// Civilité.
    Civilite {
        /// « Mme ».
        Madame = "Mme",
        /// « M. ».
        Monsieur = "M.",
    }
}

words! {
    /// What kind of employer a statut goes with (manual §3.3.4.2 g).
    TypeEmployeur {
        /// A public employer, proposed from the reference table.
        Public = "PUBLIC",
        /// A private one, typed.
        Prive = "PRIVÉ",
    }
}

impl Statut {
    /// The employer's kind that the statut decides; none for who has no employer (manual §3.3.4.2 g).
    pub fn employeur(self) -> Option<TypeEmployeur> {
        match self {
            Self::Fonctionnaire | Self::AgentNonTitulaire => Some(TypeEmployeur::Public),
            Self::Independant | Self::SalariePrive => Some(TypeEmployeur::Prive),
            Self::Retraite | Self::SansActivite => None,
        }
    }
}

/// A postal address and how to reach somebody there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coordonnees {
    /// Street.
    pub adresse: String,
    /// Postcode.
    pub code_postal: String,
    /// Commune.
    pub commune: String,
    /// Phone, as it is kept.
    pub telephone: String,
    /// Email.
    pub courriel: String,
}

/// The page *Identification*: what could be read of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identification {
    /// Civilité.
    pub civilite: Option<Civilite>,
    /// Surname in use.
    pub nom: String,
    /// Surname at birth, when it differs.
    pub nom_naissance: String,
    /// First name.
    pub prenom: String,
    /// Date of birth.
    pub date_naissance: Option<NaiveDate>,
    /// Commune of birth.
    pub ville_naissance: String,
    /// Country of birth.
    pub pays_naissance: String,
    /// Nationality.
    pub nationalite: String,
    /// Street.
    pub adresse: String,
    /// Building, floor…
    pub complement_adresse: String,
    /// Postcode.
    pub code_postal: String,
    /// Commune.
    pub commune: String,
    /// Country.
    pub pays: String,
    /// Mobile phone.
    pub telephone: String,
    /// Phone at home.
    pub telephone_domicile: String,
    /// Phone at work.
    pub telephone_professionnel: String,
    /// Another phone.
    pub telephone_autre: String,
    /// Statut.
    pub statut: Option<Statut>,
    /// Function or profession.
    pub fonction: String,
    /// SIRET of the employer.
    pub employeur_siret: Option<Siret>,
    /// Name of the employer.
    pub employeur_nom: String,
    /// Address of the employer.
    pub employeur: Coordonnees,
    /// Whether the professional address is another one than the employer's.
    pub pro_differentes: bool,
    /// That address.
    pub pro: Coordonnees,
    /// Codes of régions of interest.
    pub regions: Vec<String>,
    /// Codes of départements of interest.
    pub departements: Vec<String>,
    /// Structure de rattachement.
    pub structure: Option<StructureId>,
}

/// The fields of the page *Identification*, in its order.
pub const IDENTIFICATION: &[&str] = &[
    "civilite",
    "nom",
    "nom_naissance",
    "prenom",
    "date_naissance",
    "ville_naissance",
    "pays_naissance",
    "nationalite",
    "adresse",
    "complement_adresse",
    "code_postal",
    "commune",
    "pays",
    "telephone",
    "telephone_domicile",
    "telephone_professionnel",
    "telephone_autre",
    "statut",
    "fonction",
    "employeur_nom",
    "employeur_siret",
    "employeur_adresse",
    "employeur_code_postal",
    "employeur_commune",
    "pro_differentes",
    "pro_adresse",
    "pro_code_postal",
    "pro_commune",
    "pro_telephone",
    "pro_courriel",
    "regions",
    "departements",
    "structure",
];

/// Collects what is wrong while a form is read.
struct Reader<'a> {
    champs: &'a Champs,
    wrong: Vec<Ecart>,
}

impl Reader<'_> {
    fn line(&mut self, name: &'static str) -> String {
        self.bounded(name, LINE_MAX)
    }

    fn bounded(&mut self, name: &'static str, max: usize) -> String {
        let value = self.champs.one(name);
        let length = value.chars().count();
        if length > max {
            self.wrong
                .push(Ecart::new(name, format!("Ce texte est trop long : {length} caractères, pour {max} au plus.")));
            return String::new();
        }
        if let Some(control) = value.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            let code = u32::from(control);
            self.wrong.push(Ecart::new(
                name,
                format!("Ce texte contient un caractère invisible (U+{code:04X}) : retapez-le."),
            ));
            return String::new();
        }
        value.to_owned()
    }

    /// An empty field is none; one that can't be read is said.
    fn parsed<T, E: std::fmt::Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.champs.one(name);
        if value.is_empty() {
            return None;
        }
        match parse(value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.wrong.push(Ecart::new(name, error.to_string()));
                None
            }
        }
    }

    fn word<T>(&mut self, name: &'static str, from: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.parsed(name, |value| from(value).ok_or("Choisissez l’une des réponses proposées."))
    }

    fn phone(&mut self, name: &'static str) -> String {
        self.parsed(name, Telephone::parse).map_or_else(String::new, |phone| phone.as_str().to_owned())
    }

    fn postcode(&mut self, name: &'static str, pays: &str) -> String {
        let french = pays.is_empty() || pays == FRANCE;
        self.parsed(name, |value| {
            let compact: String = value.chars().filter(|c| !c.is_whitespace()).collect();
            let digits = compact.len() == 5 && compact.bytes().all(|b| b.is_ascii_digit());
            if digits || (!french && compact.len() <= 12) {
                Ok(compact)
            } else {
                Err("Un code postal français compte 5 chiffres.")
            }
        })
        .unwrap_or_default()
    }

    fn choices(&self, name: &str) -> Vec<String> {
        let mut found: Vec<String> = self.champs.all(name).take(CHOICES_MAX).map(str::to_owned).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The oldest and the youngest an intervenant may be, in years: what lies outside is a slip of the keyboard.
const AGES: std::ops::RangeInclusive<i32> = 16..=100;

/// A date of birth that can be one, read as `1968-05-02` or `02/05/1968`.
///
/// # Errors
/// The sentence to show.
pub fn naissance(typed: &str, today: NaiveDate) -> Result<NaiveDate, &'static str> {
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(typed, "%d/%m/%Y"))
        .map_err(|_| "Indiquez une date qui existe, sous la forme 02/05/1968.")?;
    let years = today.year() - day.year() - i32::from((today.month(), today.day()) < (day.month(), day.day()));
    if AGES.contains(&years) {
        Ok(day)
    } else {
        Err("Vérifiez l’année : cette date de naissance ne peut pas être la vôtre.")
    }
}

impl Identification {
    /// Reads the page; beside it, what could not be read. `today` bounds the date of birth.
    pub fn read(champs: &Champs, today: NaiveDate) -> (Self, Vec<Ecart>) {
        let mut reader = Reader { champs, wrong: Vec::new() };
        let r = &mut reader;
        let pays = r.line("pays");
        let read = Self {
            civilite: r.word("civilite", Civilite::from_word),
            nom: r.line("nom"),
            nom_naissance: r.line("nom_naissance"),
            prenom: r.line("prenom"),
            date_naissance: r.parsed("date_naissance", |typed| naissance(typed, today)),
            ville_naissance: r.line("ville_naissance"),
            pays_naissance: r.line("pays_naissance"),
            nationalite: r.line("nationalite"),
            adresse: r.line("adresse"),
            complement_adresse: r.line("complement_adresse"),
            code_postal: r.postcode("code_postal", &pays),
            commune: r.line("commune"),
            pays,
            telephone: r.phone("telephone"),
            telephone_domicile: r.phone("telephone_domicile"),
            telephone_professionnel: r.phone("telephone_professionnel"),
            telephone_autre: r.phone("telephone_autre"),
            statut: r.word("statut", Statut::from_word),
            fonction: r.line("fonction"),
            employeur_siret: r.parsed("employeur_siret", Siret::parse),
            employeur_nom: r.line("employeur_nom"),
            employeur: Coordonnees {
                adresse: r.line("employeur_adresse"),
                code_postal: r.postcode("employeur_code_postal", FRANCE),
                commune: r.line("employeur_commune"),
                ..Coordonnees::default()
            },
            pro_differentes: champs.has("pro_differentes"),
            pro: Coordonnees {
                adresse: r.line("pro_adresse"),
                code_postal: r.postcode("pro_code_postal", FRANCE),
                commune: r.line("pro_commune"),
                telephone: r.phone("pro_telephone"),
                courriel: r
                    .parsed("pro_courriel", Email::parse)
                    .map_or_else(String::new, |email| email.as_str().to_owned()),
            },
            regions: r.choices("regions"),
            departements: r.choices("departements"),
            structure: r.parsed("structure", |value| {
                value.parse().map(StructureId).map_err(|_| "Choisissez une structure de la liste.")
            }),
        };
        (read.without_what_does_not_apply(), in_order(reader.wrong, IDENTIFICATION))
    }

    /// Who has no employer keeps none, and a separate address only counts when its box is ticked.
    fn without_what_does_not_apply(mut self) -> Self {
        if self.statut.is_some_and(|statut| statut.employeur().is_none()) {
            self.employeur_siret = None;
            self.employeur_nom.clear();
            self.employeur = Coordonnees::default();
            self.pro_differentes = false;
        }
        if !self.pro_differentes {
            self.pro = Coordonnees::default();
        }
        self
    }

    /// What is missing before the registration can be sent (manual §3.1.3), in the order of the page.
    pub fn missing(&self) -> Vec<Ecart> {
        let mut missing = Vec::new();
        let mut need = |there: bool, champ: &'static str, phrase: &str| {
            if !there {
                missing.push(Ecart::new(champ, phrase));
            }
        };
        need(self.civilite.is_some(), "civilite", "Indiquez votre civilité.");
        need(!self.nom.is_empty(), "nom", "Indiquez votre nom.");
        need(!self.prenom.is_empty(), "prenom", "Indiquez votre prénom.");
        need(self.date_naissance.is_some(), "date_naissance", "Indiquez votre date de naissance.");
        need(!self.ville_naissance.is_empty(), "ville_naissance", "Indiquez votre commune de naissance.");
        need(!self.pays_naissance.is_empty(), "pays_naissance", "Indiquez votre pays de naissance.");
        need(!self.nationalite.is_empty(), "nationalite", "Indiquez votre nationalité.");
        need(!self.adresse.is_empty(), "adresse", "Indiquez votre adresse : numéro et rue.");
        need(!self.code_postal.is_empty(), "code_postal", "Indiquez votre code postal.");
        need(!self.commune.is_empty(), "commune", "Indiquez votre commune.");
        need(!self.pays.is_empty(), "pays", "Indiquez votre pays.");
        let phones = [&self.telephone, &self.telephone_domicile, &self.telephone_professionnel, &self.telephone_autre];
        need(phones.iter().any(|phone| !phone.is_empty()), "telephone", "Indiquez au moins un numéro de téléphone.");
        need(self.statut.is_some(), "statut", "Choisissez votre statut professionnel.");
        if let Some(kind) = self.statut.and_then(Statut::employeur) {
            need(!self.employeur_nom.is_empty(), "employeur_nom", "Indiquez la raison sociale de votre employeur.");
            need(self.employeur_siret.is_some(), "employeur_siret", "Indiquez le numéro de SIRET de votre employeur.");
            if kind == TypeEmployeur::Public {
                let place = &self.employeur;
                need(
                    !place.code_postal.is_empty(),
                    "employeur_code_postal",
                    "Indiquez le code postal de votre employeur.",
                );
                need(!place.commune.is_empty(), "employeur_commune", "Indiquez la commune de votre employeur.");
            }
        }
        if self.pro_differentes {
            let pro = &self.pro;
            need(!pro.adresse.is_empty(), "pro_adresse", "Indiquez l’adresse de vos coordonnées professionnelles.");
            need(!pro.code_postal.is_empty(), "pro_code_postal", "Indiquez leur code postal.");
            need(!pro.commune.is_empty(), "pro_commune", "Indiquez leur commune.");
        }
        need(!self.regions.is_empty(), "regions", "Choisissez au moins une région où vous pouvez intervenir.");
        need(self.structure.is_some(), "structure", "Choisissez votre structure de rattachement.");
        missing
    }
}

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
    /// Headline.
    pub titre: String,
    /// Codes of spécialités (taken whole) and sous-spécialités.
    pub specialites: Vec<String>,
    /// Whether the person has been a trainer; none while not answered.
    pub experimente: Option<bool>,
    /// Experience as a trainer.
    pub experience: String,
    /// Motivation, of who has none.
    pub motivation: String,
    /// Languages and levels.
    pub langues: Vec<(String, String)>,
}

impl Parcours {
    /// Reads the page; beside it, what could not be read.
    pub fn read(champs: &Champs) -> (Self, Vec<Ecart>) {
        let mut reader = Reader { champs, wrong: Vec::new() };
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
        let codes: Vec<&str> = champs.0.get("langues").into_iter().flatten().map(|code| code.trim()).collect();
        let niveaux: Vec<&str> = champs.0.get("niveaux").into_iter().flatten().map(|level| level.trim()).collect();
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
        /// Jobs.
        Experience = "experience",
        /// Professional training followed.
        Formation = "formation",
        /// School and university, with diplomas.
        FormationInitiale = "formation_initiale",
    }
}

impl Rubrique {
    /// Title of the table.
    pub fn titre(self) -> &'static str {
        match self {
            Self::Professionnalisation => "Actions de professionnalisation de formateur",
            Self::Experience => "Expériences professionnelles",
            Self::Formation => "Formations professionnelles suivies",
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
    /// What.
    pub intitule: String,
    /// Where or with whom.
    pub organisme: String,
    /// From.
    pub du: Option<NaiveDate>,
    /// To; none while it lasts.
    pub au: Option<NaiveDate>,
    /// More.
    pub description: String,
}

/// A month, `2019-09`, `09/2019`, or a year alone; its first day stands for it.
fn month(typed: &str) -> Result<NaiveDate, &'static str> {
    const SENTENCE: &str = "Indiquez un mois et une année, sous la forme 09/2019, ou une année seule.";
    let number = |text: &str| text.parse::<u32>().map_err(|_| SENTENCE);
    let (year, month) = match typed.split_once(['/', '-', ' ', '.']) {
        None => (number(typed)?, 1),
        Some((first, second)) if first.len() == 4 => (number(first)?, number(second)?),
        Some((first, second)) => (number(second)?, number(first)?),
    };
    if !(1930..=2100).contains(&year) {
        return Err(SENTENCE);
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(0), month, 1).ok_or(SENTENCE)
}

impl Ligne {
    /// Reads a row. Unlike the pages, a row is saved whole or not at all: what is missing is said too.
    ///
    /// # Errors
    /// What is wrong or missing, in the order of the form.
    pub fn read(champs: &Champs) -> Result<Self, Vec<Ecart>> {
        let mut reader = Reader { champs, wrong: Vec::new() };
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

/// Each field once, in the order of its page.
fn in_order(mut wrong: Vec<Ecart>, order: &[&str]) -> Vec<Ecart> {
    wrong.sort_by_key(|ecart| order.iter().position(|name| *name == ecart.champ));
    wrong.dedup_by_key(|ecart| ecart.champ);
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
    }

    fn champs(pairs: &[(&str, &str)]) -> Champs {
        pairs.iter().copied().collect()
    }

    fn complete() -> Champs {
        champs(&[
            ("civilite", "Mme"),
            ("nom", "Le Gall"),
            ("prenom", "Anne"),
            ("date_naissance", "02/05/1968"),
            ("ville_naissance", "Brest"),
            ("pays_naissance", "France"),
            ("nationalite", "française"),
            ("adresse", "3 rue des Ajoncs"),
            ("code_postal", "29 200"),
            ("commune", "Brest"),
            ("pays", "France"),
            ("telephone", "06 12 34 56 78"),
            ("statut", "fonctionnaire"),
            ("employeur_nom", "Commune de Brest"),
            ("employeur_siret", "200 000 172 00011"),
            ("employeur_code_postal", "29200"),
            ("employeur_commune", "Brest"),
            ("regions", "53"),
            ("structure", "3"),
        ])
    }

    #[test]
    fn i14_a_complete_identification_misses_nothing() {
        let (read, wrong) = Identification::read(&complete(), today());
        assert_eq!(wrong, []);
        assert_eq!(read.missing(), []);
        assert_eq!((read.code_postal.as_str(), read.telephone.as_str()), ("29200", "+33612345678"));
    }

    #[test]
    fn i14_each_required_field_is_asked_for_by_itself() {
        for name in [
            "civilite",
            "nom",
            "prenom",
            "date_naissance",
            "ville_naissance",
            "pays_naissance",
            "nationalite",
            "adresse",
            "code_postal",
            "commune",
            "pays",
            "telephone",
            "statut",
            "employeur_nom",
            "employeur_siret",
            "employeur_commune",
            "regions",
            "structure",
        ] {
            let mut without = complete();
            without.set(name, "");
            let (read, _) = Identification::read(&without, today());
            assert!(read.missing().iter().any(|ecart| ecart.champ == name), "{name}");
        }
        // Any of the four phones will do.
        let mut other = complete();
        other.set("telephone", "");
        other.set("telephone_autre", "02 98 00 00 00");
        assert_eq!(Identification::read(&other, today()).0.missing(), []);
    }

    #[test]
    fn i6_the_statut_decides_the_employers_kind() {
        let expected = [
            (Statut::Fonctionnaire, Some(TypeEmployeur::Public)),
            (Statut::AgentNonTitulaire, Some(TypeEmployeur::Public)),
            (Statut::Independant, Some(TypeEmployeur::Prive)),
            (Statut::SalariePrive, Some(TypeEmployeur::Prive)),
            (Statut::Retraite, None),
            (Statut::SansActivite, None),
        ];
        assert_eq!(expected.len(), Statut::ALL.len());
        for (statut, kind) in expected {
            assert_eq!(statut.employeur(), kind);
        }
        let mut retired = complete();
        retired.set("statut", "retraite");
        let (read, _) = Identification::read(&retired, today());
        assert_eq!((read.employeur_nom.as_str(), read.employeur_siret.clone()), ("", None));
        assert_eq!(read.missing(), [], "who has no employer is asked for none");
    }

    #[test]
    fn i7_another_professional_address_is_asked_for_when_its_box_is_ticked() {
        let mut ticked = complete();
        ticked.set("pro_differentes", "1");
        let missing: Vec<_> =
            Identification::read(&ticked, today()).0.missing().into_iter().map(|ecart| ecart.champ).collect();
        assert_eq!(missing, ["pro_adresse", "pro_code_postal", "pro_commune"]);
        let mut unticked = complete();
        unticked.set("pro_commune", "Quimper");
        assert_eq!(Identification::read(&unticked, today()).0.pro, Coordonnees::default());
    }

    #[test]
    fn i9_what_can_not_be_read_is_said_and_the_rest_is_kept() {
        let mut slips = complete();
        slips.set("code_postal", "2920");
        slips.set("employeur_siret", "20000017200012");
        slips.set("date_naissance", "31/02/1968");
        slips.set("nom", "x".repeat(151));
        slips.set("statut", "roi");
        let (read, wrong) = Identification::read(&slips, today());
        let fields: Vec<_> = wrong.iter().map(|ecart| ecart.champ).collect();
        assert_eq!(fields, ["nom", "date_naissance", "code_postal", "statut", "employeur_siret"]);
        assert_eq!(read.prenom, "Anne");
        let (empty, wrong) = Identification::read(&Champs::default(), today());
        assert_eq!((empty, wrong), (Identification::default(), Vec::new()), "an empty page is no mistake");
    }

    #[test]
    fn i1_a_date_of_birth_is_one_of_somebody_alive_and_grown() {
        assert_eq!(naissance("1968-05-02", today()), naissance("02/05/1968", today()));
        for slip in ["2026-01-01", "1890-01-01", "2068-05-02", "hier", "31/02/1968", ""] {
            assert!(naissance(slip, today()).is_err(), "{slip}");
        }
    }

    #[test]
    fn i10_experience_or_else_motivation() {
        let read = |pairs: &[(&str, &str)]| Parcours::read(&champs(pairs)).0;
        let fields = |parcours: &Parcours| parcours.missing().into_iter().map(|ecart| ecart.champ).collect::<Vec<_>>();
        assert_eq!(fields(&read(&[])), ["specialites", "experimente"]);
        assert_eq!(fields(&read(&[("specialites", "finances"), ("experimente", "oui")])), ["experience"]);
        assert_eq!(fields(&read(&[("specialites", "finances"), ("experimente", "non")])), ["motivation"]);
        assert_eq!(
            fields(&read(&[("specialites", "a"), ("experimente", "non"), ("motivation", "Transmettre.")])),
            [""; 0]
        );
    }

    #[test]
    fn i12_each_language_has_a_level_and_stands_once() {
        let fine = champs(&[
            ("langues", "en"),
            ("langues", ""),
            ("langues", "br"),
            ("niveaux", "B2"),
            ("niveaux", ""),
            ("niveaux", "natif"),
        ]);
        let (read, wrong) = Parcours::read(&fine);
        assert_eq!(wrong, []);
        assert_eq!(read.langues, [("en".to_owned(), "B2".to_owned()), ("br".to_owned(), "natif".to_owned())]);
        for slip in [
            &[("langues", "en"), ("niveaux", "")][..],
            &[("langues", "en"), ("niveaux", "Z9")],
            &[("langues", "en"), ("langues", "en"), ("niveaux", "A1"), ("niveaux", "B1")],
        ] {
            assert_eq!(Parcours::read(&champs(slip)).1.len(), 1, "{slip:?}");
        }
    }

    #[test]
    fn i10_a_row_needs_a_title_and_dates_in_order() {
        let read = |pairs: &[(&str, &str)]| Ligne::read(&champs(pairs));
        let row = read(&[("intitule", "Directrice"), ("debut", "09/2019"), ("fin", "2021")]).unwrap();
        assert_eq!(
            (row.du.unwrap().to_string(), row.au.unwrap().to_string()),
            ("2019-09-01".into(), "2021-01-01".into())
        );
        assert_eq!(read(&[("intitule", "X"), ("debut", "2019-09")]).unwrap().du, row.du);
        let fields =
            |pairs: &[(&str, &str)]| read(pairs).unwrap_err().into_iter().map(|ecart| ecart.champ).collect::<Vec<_>>();
        assert_eq!(fields(&[("debut", "13/2019")]), ["intitule", "debut"]);
        assert_eq!(fields(&[("intitule", "X"), ("debut", "2020"), ("fin", "2019")]), ["fin"]);
        assert_eq!(fields(&[("intitule", "X"), ("debut", "hier")]), ["debut"]);
    }
}
