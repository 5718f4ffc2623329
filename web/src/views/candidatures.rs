//! Answers to annonces, on both sides (A2 to A4).

use askama::Template;
use domain::candidature::REPENTIR_SECONDES;

use super::cvtheque::ProfilFiche;
use super::dates::Moment;
use super::layout::{Layout, Link, MenuEntry, Tone};
use super::lists::{Choice, Pages};
use super::numbers::Said as _;
use super::text::Block;

/// `GET /annonces/{numero}/repondre`; the form posts `commentaire` to `action`.
#[derive(Debug, Clone, Template)]
#[template(path = "candidatures/repondre.html")]
pub struct Repondre {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub action: String,
    pub annonce: Link,
    pub structure: String,
    /// Why the annonce can't be answered; empty while it can be.
    pub close: String,
    /// As typed.
    pub commentaire: String,
    /// Longest comment, in characters.
    pub max: String,
}

#[derive(Debug, Clone)]
pub struct Reponse {
    pub numero: String,
    pub annonce_href: String,
    pub titre: String,
    pub structure: String,
    pub etat: &'static str,
    pub tone: Tone,
    pub at: Moment,
    pub change: Moment,
    pub commentaire: Vec<Block>,
    /// Where it is taken back, while that is possible.
    pub retirer_href: Option<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "candidatures/mes_reponses.html")]
pub struct MesReponses {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// The latest first.
    pub reponses: Vec<Reponse>,
}

#[derive(Debug, Clone)]
pub struct CandidatureRow {
    pub id: String,
    /// The page with this profile beside the list.
    pub href: String,
    pub current: bool,
    pub nom: String,
    pub titre: String,
    pub annonce: String,
    /// How well it matches, from 0 to 100.
    pub score: u8,
    pub raisons: String,
    pub commentaire: Vec<Block>,
    pub at: Option<Moment>,
    /// Whether it becomes « non retenue » in some seconds.
    pub ecart: bool,
}

/// The result of a decision on one answer.
#[derive(Debug, Clone)]
pub struct Resultat {
    pub id: i64,
    pub nom: String,
    pub etat: &'static str,
    pub tone: Tone,
    /// Whether the answer is in the state asked for.
    pub fait: bool,
    /// Whether the decision takes effect in some seconds only.
    pub ecart: bool,
}

/// `GET /gestion/candidatures`; the form posts there `candidatures`, `action`, `etat` and `annonce`.
#[derive(Debug, Clone, Template)]
#[template(path = "candidatures/recues.html")]
pub struct GestionCandidatures {
    pub layout: Layout,
    /// Heading, count and address of each list; whether it is the one shown.
    pub onglets: Vec<(String, u64, String, bool)>,
    pub annonces: Vec<Choice>,
    pub etat: String,
    pub resultats: Vec<Resultat>,
    pub rows: Vec<CandidatureRow>,
    pub pages: Pages,
    /// The number of the page in links and forms; empty for the first.
    pub page: String,
    /// The most answers shown, when there are more.
    pub more: Option<u64>,
    pub fiche: Option<ProfilFiche>,
    pub can_study: bool,
    /// Whether answers of this list can be marked « non retenue ».
    pub can_dismiss: bool,
    pub granted: bool,
}

impl GestionCandidatures {
    pub const LIST: &'static str = "/gestion/candidatures";

    /// The id of the annonce that the list is limited to; empty for all.
    pub fn annonce(&self) -> &str {
        self.annonces.iter().find(|choice| choice.selected).map_or("", |choice| &choice.value)
    }

    /// Seconds before « non retenue » takes effect.
    pub fn seconds(&self) -> i64 {
        REPENTIR_SECONDES
    }

    /// Whether the last decision can still be taken back.
    pub fn undoable(&self) -> bool {
        self.granted && self.resultats.iter().any(|one| one.ecart)
    }

    /// How many were treated as asked, in words.
    pub fn said(&self) -> String {
        let waiting = self.resultats.iter().filter(|one| one.ecart).count() as u64;
        if waiting > 0 {
            let words = waiting.counted("candidature ne sera pas retenue", "candidatures ne seront pas retenues");
            let who = if waiting == 1 { "la personne en sera informée" } else { "les personnes en seront informées" };
            return format!("{words}\u{a0}: {who} dans {REPENTIR_SECONDES}\u{a0}secondes");
        }
        let done = self.resultats.iter().filter(|one| one.fait).count() as u64;
        let all = self.resultats.len() as u64;
        if done == all {
            done.counted("candidature traitée", "candidatures traitées")
        } else {
            format!("{} sur {all}", done.counted("candidature traitée", "candidatures traitées"))
        }
    }
}

#[derive(Debug, Clone)]
pub struct ProfilSuggere {
    pub href: String,
    pub nom: String,
    pub titre: String,
    pub detail: String,
    /// How well it matches, from 0 to 100.
    pub score: u8,
    pub raisons: String,
    /// The words of the annonce that the profile has.
    pub mots: String,
    /// Marks of the person: has answered, was written to, is away, what speaks against.
    pub marques: Vec<(String, Tone)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "candidatures/profils.html")]
pub struct ProfilsSuggeres {
    pub layout: Layout,
    pub annonce: Link,
    pub specialite: String,
    /// The words of the annonce that are counted; empty when none tells anything.
    pub mots: String,
    /// Where these words get other weights.
    pub besoin_href: String,
    pub rows: Vec<ProfilSuggere>,
}
