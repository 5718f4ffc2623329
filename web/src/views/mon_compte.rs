//! « Mon compte »: sessions, password, alerts (K3, K9, L1).

use askama::Template;

use super::aides::AideTexte;
use super::dates::Moment;
use super::layout::{CounterKey, Layout, MenuEntry, Tone};
use super::lists::Choice;
use super::numbers::Said as _;

fn entry(label: &str, picto: &'static str, href: &str) -> MenuEntry {
    MenuEntry::new(label, href, href).drawn(picto)
}

fn group(groupe: &'static str, entries: Vec<MenuEntry>) -> impl Iterator<Item = MenuEntry> {
    entries.into_iter().map(move |entry| entry.under(groupe))
}

/// The pages of « Mon compte » of an intervenant (manual §3.3.1), by what they are for; some only appear once they are
/// validated (SPEC I17).
pub fn sections_intervenant(validated: bool) -> Vec<MenuEntry> {
    let mut profil = vec![
        entry("Mes informations", "person", "/mon-compte/informations"),
        entry("Mon parcours", "cap", "/mon-compte/parcours"),
        entry("Mon CV", "id", "/mon-compte/cv"),
    ];
    let (mut dossier, mut interventions) = (Vec::new(), Vec::new());
    if validated {
        profil.push(entry("Mes réseaux sociaux", "out", "/mon-compte/reseaux"));
        dossier
            .push(entry("Mes données et documents", "folder", "/mon-compte/documents").counting(CounterKey::Dossier));
        dossier.push(entry("Mes lettres de demande", "letter", "/mon-compte/lettres"));
        interventions.push(entry("Mes interventions", "work", "/mon-compte/interventions"));
        interventions.push(entry("Mes indisponibilités", "calendar", "/mon-compte/indisponibilites"));
    } else {
        profil.push(entry("Vérifier et transmettre", "send", "/mon-compte/verification"));
    }
    interventions.push(entry("Mes réponses aux annonces", "applies", "/mon-compte/candidatures"));
    let echanges = vec![
        entry("Mes alertes", "horn", "/mon-compte/alertes"),
        notices(),
        entry("Mes demandes de support", "buoy", "/mon-compte/demandes"),
    ];
    let mut securite = connection();
    securite.push(entry("Récupérer mes données", "save", "/mon-compte/donnees"));
    group("Mon profil", profil)
        .chain(group("Mon dossier", dossier))
        .chain(group("Mes interventions", interventions))
        .chain(group("Alertes et échanges", echanges))
        .chain(group("Sécurité et données", securite))
        .collect()
}

/// The pages of « Mon compte » of a gestionnaire.
pub fn sections_gestionnaire() -> Vec<MenuEntry> {
    group("Ce que je reçois", vec![notices()]).chain(group("Sécurité", connection())).collect()
}

fn notices() -> MenuEntry {
    entry("Avis et courriels", "bell", "/mon-compte/notifications")
}

/// The pages about how one logs in.
fn connection() -> Vec<MenuEntry> {
    vec![
        entry("Mon adresse de connexion", "mail", "/mon-compte/adresse"),
        entry("Mot de passe", "lock", "/mon-compte/mot-de-passe"),
        entry("Double authentification", "mobile", "/mon-compte/second-facteur"),
        entry("Mes connexions", "list", "/mon-compte/sessions"),
    ]
}

/// The menu under the name of an intervenant: what they come for most. The page of each shows them all.
pub fn menu_intervenant(validated: bool) -> Vec<MenuEntry> {
    let less =
        ["adresse", "demandes", "donnees", "interventions", "notifications", "reseaux", "second-facteur", "sessions"];
    let mut pages = sections_intervenant(validated);
    pages.retain(|page| less.iter().all(|end| page.href.rsplit('/').next() != Some(end)));
    pages
}

/// The menu under the name of a gestionnaire, with or without the letters.
pub fn menu_gestionnaire(dossiers: bool) -> Vec<MenuEntry> {
    let mut pages = sections_gestionnaire();
    if dossiers {
        pages.insert(0, entry("Lettres de demande", "letter", "/gestion/lettres"));
    }
    pages
}

/// `GET /mon-compte/donnees`; the form posts `format`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/donnees.html")]
pub struct MonCompteDonnees {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
}

/// `GET /donnees/{jeton}`; the form posts `format`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/donnees_lien.html")]
pub struct DonneesLien {
    pub layout: Layout,
    pub action: String,
    /// Whether this browser has used the link.
    pub commence: bool,
}

#[derive(Debug, Clone)]
pub struct InterventionRow {
    /// The address of its form; empty when it is read-only.
    pub href: String,
    pub titre: String,
    /// The days, in words.
    pub periode: String,
    pub structure: String,
    pub heures: u64,
    pub etat: &'static str,
    pub tone: Tone,
}

impl InterventionRow {
    /// « 12 heures ».
    pub fn said_heures(&self) -> String {
        self.heures.counted("heure", "heures")
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/interventions.html")]
pub struct MonCompteInterventions {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// Present and future ones, the next first.
    pub a_venir: Vec<InterventionRow>,
    /// The others, the latest first.
    pub passees: Vec<InterventionRow>,
}

#[derive(Debug, Clone)]
pub struct AbsenceRow {
    pub href: String,
    /// The days, in words.
    pub periode: String,
    pub en_cours: bool,
}

/// `GET /mon-compte/indisponibilites`; the form posts `du` and `au`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/indisponibilites.html")]
pub struct MonCompteIndisponibilites {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// Those that are not over, by date.
    pub a_venir: Vec<AbsenceRow>,
    /// The others, the latest first.
    pub passees: Vec<AbsenceRow>,
    /// First day, as typed.
    pub du: String,
    /// Last day, as typed.
    pub au: String,
    pub aide: AideTexte,
}

/// `GET /mon-compte/indisponibilites/{id}`; the form posts `du` and `au` to `action`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/indisponibilite.html")]
pub struct MonCompteIndisponibilite {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    /// First day, as typed.
    pub du: String,
    /// Last day, as typed.
    pub au: String,
}

#[derive(Debug, Clone)]
pub struct ReseauField {
    pub name: &'static str,
    pub label: &'static str,
    /// An example of an address; empty when any is accepted.
    pub exemple: String,
    /// As typed.
    pub value: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/reseaux.html")]
pub struct MonCompteReseaux {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub champs: Vec<ReseauField>,
}

#[derive(Debug, Clone)]
pub struct SessionRow {
    pub id: String,
    /// « Firefox sur Windows », or « Navigateur inconnu ».
    pub device: String,
    pub opened: Moment,
    pub used: Moment,
    /// Whether it is the session of this request.
    pub current: bool,
}

/// `GET /mon-compte/sessions`. `POST /mon-compte/sessions/{id}` ends one, `POST /mon-compte/sessions` all but this one.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/sessions.html")]
pub struct MonCompteSessions {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub rows: Vec<SessionRow>,
}

/// `GET|POST /mon-compte/mot-de-passe`: `mot_de_passe_actuel`, `mot_de_passe`, `mot_de_passe_confirmation`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/mot_de_passe.html")]
pub struct MonCompteMotDePasse {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub email: String,
    /// Shortest password, in characters.
    pub min: usize,
    /// Longest password, in characters.
    pub max: usize,
}

/// How many annonces of the last 30 days the boxes of the alerts would have brought.
#[derive(Debug, Clone, Copy, Default)]
pub struct Apport {
    /// Box 1.
    pub specialites: u64,
    /// Box 2.
    pub regions: u64,
    /// Boxes 1 and 2 together.
    pub ensemble: u64,
    /// Box 3.
    pub les_deux: u64,
    /// What is ticked; none when nothing is, or what can't be.
    pub coche: Option<u64>,
}

/// `GET|POST /mon-compte/alertes`: tick boxes `specialites`, `regions`, `specialites_et_regions` (value 1), and
/// `frequence`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/alertes.html")]
pub struct MonCompteAlertes {
    /// What every page shares; the error of box 3 ticked with another is at `specialites_et_regions`.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// Box 1.
    pub specialites: bool,
    /// Box 2.
    pub regions: bool,
    /// Box 3, alone.
    pub les_deux: bool,
    pub frequences: Vec<Choice>,
    /// Each with the annonces that it would have brought.
    pub mes_specialites: Vec<Choice>,
    /// The same.
    pub mes_regions: Vec<Choice>,
    pub apport: Apport,
    /// How many of the open annonces each box (1, 2, 3) would find, if counted.
    pub preview: Option<[u64; 3]>,
    /// How many followed searches of the annonces alert too.
    pub suivies: u64,
    /// The registration is not validated yet: alerts begin then.
    pub pending: bool,
    pub aide: AideTexte,
}

/// A kind of event, and the ways to be told of it.
#[derive(Debug, Clone)]
pub struct PreferenceRow {
    /// Its word, in the names of the fields.
    pub sorte: &'static str,
    pub libelle: &'static str,
    pub annoncee: bool,
    pub direct: bool,
    /// When an email comes; empty where there is nothing to choose.
    pub courriels: Vec<Choice>,
    /// The sentence shown instead.
    pub ailleurs: &'static str,
}

/// `GET /mon-compte/notifications`; the form posts there `direct_<kind>` and `courriel_<kind>`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/preferences.html")]
pub struct MonComptePreferences {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub rows: Vec<PreferenceRow>,
}

/// A search of the annonces that the person follows.
#[derive(Debug, Clone)]
pub struct RechercheSuivieRow {
    pub action: String,
    pub href: String,
    pub criteres: String,
    pub active: bool,
    pub total: u64,
}

/// `GET /mon-compte/alertes/recherches`; the form posts there `adresse`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/recherches.html")]
pub struct MonCompteRecherches {
    /// What every page shares; the error of one search too many is at `adresse`.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub titre: String,
    /// The query string of the search to follow, if any.
    pub garder: Option<String>,
    pub adresse: String,
    pub criteres: String,
    /// Whether the person follows it already.
    pub deja: bool,
    pub total: u64,
    /// The followed searches, the latest first.
    pub rows: Vec<RechercheSuivieRow>,
    pub frequence: String,
    /// The registration is not validated yet: alerts begin then.
    pub pending: bool,
}

/// `GET|POST /mon-compte/adresse`: `email`, `email_confirmation`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/adresse.html")]
pub struct MonCompteAdresse {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub current: String,
    /// The address that waits for its confirmation; empty if none.
    pub pending: String,
    /// The address typed before.
    pub email: String,
}

/// `GET|POST /mon-compte/second-facteur` when it is on: `code`, `action`.
#[derive(Debug, Clone, Template)]
#[template(path = "mon_compte/second_facteur.html")]
pub struct MonCompteSecondFacteur {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// Number of unused recovery codes.
    pub left: u64,
    pub required: bool,
}
