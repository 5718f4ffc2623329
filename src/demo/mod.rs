//! The demonstration set: credible people, annonces and messages of any number, from a seed.
//!
//! Pure: it reads the referentials compiled into the program and returns values, without database, clock or network.
//! Each value is made from the seed, the set's day and its number alone, so that 100,000 intervenants can be streamed
//! without being held in memory, in any order and on several threads.
//!
//! People, private companies, telephone numbers and addresses are invented: `.example` addresses (RFC 2606),
//! ARCEP's telephone ranges for fiction, SIREN that INSEE never gave. Communes and public employers are real.

mod annonces;
mod candidatures_load;
mod civil;
mod company;
mod correspondence;
mod cv;
mod dossier_load;
pub mod files;
mod grammar;
mod inscriptions;
mod inscriptions_load;
pub mod load;
mod model;
mod names;
mod parcours;
mod people;
mod people_load;
mod place;
mod random;
mod reference;
mod sections;
mod selection_load;
mod size;
mod support_load;
mod vocabulary;
mod voice;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_referentials;

use chrono::NaiveDate;

pub use correspondence::{ADMINISTRATEUR_LOGIN, GESTIONNAIRE_LOGIN, SECOND_GESTIONNAIRE_LOGIN};
#[cfg(test)]
pub use cv::witnesses;
pub use inscriptions::CANDIDAT_LOGIN;
pub use model::*;
pub use people::INTERVENANT_LOGIN;
use store::Refused;

/// The password of all demonstration logins; it follows SPEC K1.
pub const PASSWORD: &str = "Demo-Bretagne-2026";

/// The demonstration only does what the rules allow: a refusal is an error, and nothing is loaded.
fn allowed<T, R: std::fmt::Debug>(done: store::Result<T, Refused<R>>) -> store::Result<T> {
    Refused::apart(done)?.map_err(|refusal| {
        tracing::error!(?refusal, "the demonstration breaks a rule");
        store::Error::Interrupted
    })
}

/// Why the generator could not be made: what is compiled into the program is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A referential of `migrations/data` has a row that does not parse.
    #[error("the referential {name} does not parse: {source}")]
    Referential { name: &'static str, source: csv::Error },
    /// A word list does not have the expected form.
    #[error("the word list {name} is wrong: {reason}")]
    List { name: &'static str, reason: &'static str },
}

/// A demonstration set. Cheap to share between threads, some tens of megabytes of referentials at most.
#[derive(Debug)]
pub struct Demo {
    seed: u64,
    today: NaiveDate,
    reference: reference::Reference,
    names: names::Names,
    vocabularies: Vec<vocabulary::Vocabulary>,
    phrases: sections::Sections,
    file_words: sections::Sections,
}

/// Lists of sentences that the generator asks for by name.
const PHRASES: [&str; 23] = [
    "formateur.debut",
    "formateur.methode",
    "formateur.pratique",
    "formateur.fin",
    "motivation.debut",
    "motivation.suite",
    "titre",
    "titre.independant",
    "titre.retraite",
    "experience",
    "suivie",
    "suivie.description",
    "action",
    "action.description",
    "annonce.titre",
    "annonce.debut",
    "annonce.contenu",
    "annonce.profil",
    "annonce.pratique",
    "message.intervenant",
    "message.structure",
    "message.reponse.intervenant",
    "message.reponse.structure",
];
const FILE_WORDS: [&str; 6] = ["projets", "certifications", "logiciels", "associations", "loisirs", "distinctions"];

impl Demo {
    /// Intervenants 1 to this number have the files of [`witnesses`]; they and number 0 are always validated.
    pub const WITNESSES: usize = 7;

    /// The set of a seed on the day `today`: the people do not depend on the day; validations, interventions and
    /// annonces have dates around it.
    ///
    /// # Errors
    /// When a referential or a word list compiled into the program is wrong; a test checks that none is.
    pub fn new(seed: u64, today: NaiveDate) -> Result<Self, Error> {
        let phrases = sections::parse("phrases", include_str!("phrases.txt"), None)?;
        let file_words = sections::parse("file_words", include_str!("file_words.txt"), None)?;
        for (lists, wanted, name) in [(&phrases, &PHRASES[..], "phrases"), (&file_words, &FILE_WORDS[..], "file_words")]
        {
            if wanted.iter().any(|section| !lists.contains_key(section)) {
                return Err(Error::List { name, reason: "a section is missing" });
            }
        }
        Ok(Self {
            seed,
            today,
            reference: reference::Reference::load()?,
            names: names::Names::load()?,
            vocabularies: vocabulary::load()?,
            phrases,
            file_words,
        })
    }

    /// Intervenant `number`; 0 has the login [`INTERVENANT_LOGIN`].
    pub fn intervenant(&self, number: usize) -> DemoIntervenant {
        people::intervenant(self, number)
    }

    /// The first `count` intervenants, made one by one as they are asked for.
    #[cfg(test)]
    pub fn intervenants(&self, count: usize) -> impl Iterator<Item = DemoIntervenant> + '_ {
        (0..count).map(|number| self.intervenant(number))
    }

    /// People who register in Bretagne: several in each state.
    pub fn inscriptions(&self) -> Vec<DemoInscription> {
        inscriptions::all(self)
    }

    /// Annonce `number`; the first three are published.
    pub fn annonce(&self, number: usize) -> DemoAnnonce {
        annonces::annonce(self, number)
    }

    /// All gestionnaires: two to five per structure, the first with the login `gestion.<code>@demo.example`; in
    /// Bretagne, [`GESTIONNAIRE_LOGIN`] and [`SECOND_GESTIONNAIRE_LOGIN`] come before them.
    pub fn gestionnaires(&self) -> Vec<DemoGestionnaire> {
        correspondence::gestionnaires(self)
    }

    pub fn administrateur(&self) -> DemoGestionnaire {
        correspondence::administrateur(self)
    }

    /// Conversation `number` of a set of that many intervenants; the first four are with intervenant 0. None only when
    /// the set has nobody who may write.
    pub fn thread(&self, number: usize, intervenants: usize) -> Option<DemoThread> {
        correspondence::thread(self, number, intervenants)
    }

    /// A list of sentences; [`Demo::new`] has checked that it is there.
    fn phrases(&self, list: &str) -> &[&'static str] {
        &self.phrases[list]
    }

    fn phrase(&self, list: &str, random: &mut random::Random) -> &'static str {
        let phrases = self.phrases(list);
        phrases[random.below(phrases.len())]
    }

    fn file_words(&self, list: &str) -> &[&'static str] {
        &self.file_words[list]
    }

    fn vocabulary(&self, specialite: &str) -> Option<&vocabulary::Vocabulary> {
        self.vocabularies.iter().find(|vocabulary| vocabulary.specialite == specialite)
    }
}
