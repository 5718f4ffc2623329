//! The words of people of each spécialité: jobs, missions, subjects taught, legal texts, tools, audiences, diplomas.
//! One list per first-level spécialité, in `vocabulary/`, named by its code.

use super::{Error, sections};

/// The words of one spécialité.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) specialite: &'static str,
    pub(super) metiers: Vec<(&'static str, &'static str)>,
    /// Infinitive phrases without a full stop.
    pub(super) missions: Vec<&'static str>,
    /// Noun phrases with their article.
    pub(super) sujets: Vec<&'static str>,
    /// Legal texts and standards, with their article.
    pub(super) textes: Vec<&'static str>,
    /// Tools, without article.
    pub(super) outils: Vec<&'static str>,
    /// Audiences, plural without article.
    pub(super) publics: Vec<&'static str>,
    pub(super) diplomes: Vec<&'static str>,
}

impl Vocabulary {
    fn parse(specialite: &'static str, text: &'static str) -> Result<Self, Error> {
        let mut lists = sections::parse(specialite, text, None)?;
        let mut list = |section| sections::take(specialite, &mut lists, section);
        let metiers = list("metiers")?
            .into_iter()
            .map(|line| {
                line.split_once(" | ")
                    .ok_or(Error::List { name: specialite, reason: "a job needs « masculine | feminine »" })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            specialite,
            metiers,
            missions: list("missions")?,
            sujets: list("sujets")?,
            textes: list("textes")?,
            outils: list("outils")?,
            publics: list("publics")?,
            diplomes: list("diplomes")?,
        })
    }

    /// The job title in the gender of the person.
    pub(super) fn metier(&self, index: usize, female: bool) -> &'static str {
        let (masculine, feminine) = self.metiers[index % self.metiers.len()];
        if female { feminine } else { masculine }
    }
}

macro_rules! lists {
    ($($code:literal),* $(,)?) => {
        [$(($code, include_str!(concat!("vocabulary/", $code, ".txt")))),*]
    };
}

/// The words of all spécialités, in the referential's order.
pub(super) fn load() -> Result<Vec<Vocabulary>, Error> {
    lists![
        "reperes",
        "management",
        "finances",
        "ressources-humaines",
        "juridique",
        "commande-publique",
        "social",
        "enfance-education",
        "culture",
        "sport",
        "urbanisme",
        "habitat",
        "environnement",
        "services-techniques",
        "securite",
        "numerique",
        "restauration",
        "europe",
        "citoyennete",
        "communication",
        "prevention",
        "formation",
        "developpement-local",
    ]
    .into_iter()
    .map(|(code, text)| Vocabulary::parse(code, text))
    .collect()
}
