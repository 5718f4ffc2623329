//! The CV-thèque: search, and the fiche of a person (G3).

use super::Retenue;
use askama::Template;

use super::layout::{Layout, Link, Tone};
use super::lists::{Choice, FacetGroup, Pages};
use super::numbers::Said as _;
use super::text::{Block, Segments};

/// Why a person was found: an excerpt and where it stands.
#[derive(Debug, Clone)]
pub struct Highlight {
    /// The excerpt; what matched is marked.
    pub segments: Segments,
    /// « dans le CV joint (PDF) », « expérience professionnelle »…
    pub source: String,
}

/// A person in the results.
#[derive(Debug, Clone)]
pub struct ProfilHit {
    /// An id for the page, unique in the list.
    pub id: String,
    /// Name.
    pub nom: String,
    /// Headline of the profile; empty if none.
    pub titre: String,
    /// Shows this person beside the list.
    pub href: String,
    /// Whether it is the one shown beside.
    pub current: bool,
    /// How the profile begins, where no word was searched; else empty.
    pub head: String,
    /// Why it was found, the best first.
    pub highlights: Vec<Highlight>,
    /// Spécialités and régions, short.
    pub tags: Vec<String>,
}

/// One line of a parcours.
#[derive(Debug, Clone)]
pub struct ParcoursLine {
    /// « Depuis 2019 », « 2015-2019 ».
    pub period: String,
    /// What.
    pub titre: String,
    /// Where, more words; empty if none.
    pub detail: String,
}

/// One block of a parcours.
#[derive(Debug, Clone)]
pub struct ParcoursBlock {
    /// « Expérience professionnelle », « Formation initiale »…
    pub label: String,
    /// Its lines, the latest first.
    pub lines: Vec<ParcoursLine>,
}

/// A file attached to the profile.
#[derive(Debug, Clone)]
pub struct Fichier {
    /// « CV », « Diplôme : master droit public ».
    pub label: String,
    /// Its name as the person sent it.
    pub nom: String,
    /// « PDF, 214 ko ».
    pub detail: String,
    /// Downloads it.
    pub href: String,
    /// Where the search was found in its text.
    pub highlight: Option<Highlight>,
    /// What keeps it from others than its owner.
    pub retenue: Option<Retenue>,
}

/// What a structure sees of a person, beside the list or on a page of its own.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/_fiche.html")]
pub struct ProfilFiche {
    /// Name.
    pub nom: String,
    /// « Fonctionnaire, Communauté de communes du Pays de Redon · Délégation Bretagne ».
    pub summary: String,
    /// States: « validée », « indisponible en mars ».
    pub tags: Vec<(String, Tone)>,
    /// Contact: (label, value).
    pub contact: Vec<(String, String)>,
    /// Where else they can be read.
    pub reseaux: Vec<Link>,
    /// Spécialités and sous-spécialités in words.
    pub specialites: Vec<String>,
    /// Régions of interest.
    pub regions: Vec<String>,
    /// Languages, with level.
    pub langues: Vec<String>,
    /// « Expérience de formateur », or « Motivation » for who has none.
    pub presentation_label: String,
    /// Experience as trainer, or motivation.
    pub presentation: Vec<Block>,
    /// The parcours.
    pub parcours: Vec<ParcoursBlock>,
    /// CV and diplômes.
    pub fichiers: Vec<Fichier>,
    /// « Écrire » to this person, when the messagerie allows it.
    pub write_href: Option<String>,
    /// The page of its own; nothing when this is it.
    pub full_href: Option<String>,
    /// More actions.
    pub actions: Vec<Link>,
}

/// The part of the search that changes: facets, results, the person beside.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/_resultats.html")]
pub struct CvthequeResults {
    /// What was searched.
    pub q: String,
    /// How many people were found.
    pub total: u64,
    /// What was understood of the search: « marchés publics, en Bretagne, sauf « stagiaire » », a correction of a typo, or
    /// why a part was left out; empty if plain.
    pub understood: String,
    /// Orders to choose from (`tri`).
    pub tris: Vec<Choice>,
    /// The criteria.
    pub facets: Vec<FacetGroup>,
    /// Only who is not away on that day, as `<input type=date>` has it; empty for everybody.
    pub disponible_le: String,
    /// How many criteria are set.
    pub criteria: u64,
    /// The people of this page.
    pub hits: Vec<ProfilHit>,
    /// The pages.
    pub pages: Pages,
    /// The person shown beside.
    pub fiche: Option<ProfilFiche>,
    /// The page that keeps this search; nothing when nothing is searched.
    pub keep_href: Option<String>,
    /// The address of this search.
    pub adresse: String,
    /// The same words without criteria.
    pub reset_href: String,
    /// What to try when nothing is found: searches that give something.
    pub suggestions: Vec<Link>,
}

/// `GET /cvtheque`. The fragment is [`CvthequeResults`] alone.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/recherche.html")]
pub struct CvthequeRecherche {
    /// What every page shares.
    pub layout: Layout,
    /// Criteria and results.
    pub results: CvthequeResults,
}

/// `GET /cvtheque/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/fiche.html")]
pub struct CvthequeFiche {
    /// What every page shares.
    pub layout: Layout,
    /// The person.
    pub fiche: ProfilFiche,
    /// Back to the search.
    pub back: Link,
}

/// A search that was kept.
#[derive(Debug, Clone)]
pub struct RechercheRow {
    /// Where its buttons post.
    pub action: String,
    /// The search.
    pub href: String,
    /// Its name.
    pub nom: String,
    /// Whose it is, when it is a colleague's.
    pub auteur: String,
    /// Whether it is one's own.
    pub mienne: bool,
    /// Whether the structure has it.
    pub partagee: bool,
    /// Whether one is told of the CVs that answer it.
    pub suivie: bool,
    /// How many it finds now.
    pub total: u64,
}

/// `GET /cvtheque/recherches`; the form posts there `adresse`, `nom`, `partagee`, `suivie`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/recherches.html")]
pub struct CvthequeRecherches {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// Those that are kept, by name.
    pub rows: Vec<RechercheRow>,
    /// The address of the search to keep, if there is one.
    pub garder: Option<String>,
    /// What it asks, in words.
    pub criteres: String,
    /// Its name, as typed.
    pub nom: String,
    /// Longest name.
    pub nom_max: usize,
    /// Whether it is to be shared.
    pub partagee: bool,
    /// Whether it is to be followed.
    pub suivie: bool,
}

/// A list of people.
#[derive(Debug, Clone)]
pub struct ListeRow {
    /// Opens it.
    pub href: String,
    /// Its name.
    pub nom: String,
    /// Whose it is, when it is a colleague's.
    pub auteur: String,
    /// Whether it is one's own.
    pub mienne: bool,
    /// Whether the structure has it.
    pub partagee: bool,
    /// How many people are in it.
    pub nombre: u64,
}

/// `GET /cvtheque/listes`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/listes.html")]
pub struct CvthequeListes {
    /// What every page shares.
    pub layout: Layout,
    /// By name.
    pub rows: Vec<ListeRow>,
}

/// Somebody in a list.
#[derive(Debug, Clone)]
pub struct MembreRow {
    /// Value of the tick box.
    pub id: String,
    /// Opens the fiche.
    pub href: String,
    /// First name and surname.
    pub nom: String,
    /// Headline.
    pub titre: String,
    /// Where, and whose.
    pub detail: String,
}

/// `GET /cvtheque/listes/{id}`; the form posts there `action` and `personnes`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/liste.html")]
pub struct CvthequeListe {
    /// What every page shares.
    pub layout: Layout,
    /// Where its buttons post.
    pub action: String,
    /// Its name.
    pub nom: String,
    /// Whose it is.
    pub auteur: String,
    /// Whether it is one's own.
    pub mienne: bool,
    /// Whether the structure has it.
    pub partagee: bool,
    /// How many in it are no longer in the CV-thèque.
    pub absents: u64,
    /// The people, those added last first.
    pub rows: Vec<MembreRow>,
}

/// `GET /cvtheque/listes/ajouter`; the form posts there `personnes`, and `liste` or `nom` and `partagee`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/liste_ajout.html")]
pub struct CvthequeListeAjout {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// Id and name of each.
    pub personnes: Vec<(String, String)>,
    /// The lists there are.
    pub listes: Vec<Choice>,
    /// The name of a new one, as typed.
    pub nom: String,
    /// Longest name.
    pub nom_max: usize,
    /// Whether a new one is to be shared.
    pub partagee: bool,
}

/// `GET /cvtheque/ecrire`; the form posts there `personnes`, `objet`, `texte` and `jeton`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/ecrire.html")]
pub struct CvthequeEcrire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// Id and name of each.
    pub personnes: Vec<(String, String)>,
    /// Subject, as typed.
    pub objet: String,
    /// Text, as typed.
    pub texte: String,
    /// Longest subject.
    pub objet_max: usize,
    /// Longest text.
    pub texte_max: usize,
    /// The token of the form.
    pub jeton: String,
}

/// What came of one message.
#[derive(Debug, Clone)]
pub struct EnvoyeRow {
    /// To whom.
    pub nom: String,
    /// « envoyé », or why not.
    pub etat: String,
    /// Its colour.
    pub tone: Tone,
    /// The message.
    pub href: Option<String>,
}

/// What `POST /cvtheque/ecrire` came to.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/envoye.html")]
pub struct CvthequeEnvoye {
    /// What every page shares.
    pub layout: Layout,
    /// One for each person.
    pub rows: Vec<EnvoyeRow>,
    /// How many are no longer in the CV-thèque.
    pub absents: u64,
    /// Back to the search.
    pub back: Link,
}

impl CvthequeEnvoye {
    /// How many were sent.
    pub fn sent(&self) -> u64 {
        self.rows.iter().filter(|row| row.tone == Tone::Done).count() as u64
    }
}

/// A profile that resembles another.
#[derive(Debug, Clone)]
pub struct SimilaireRow {
    /// Its fiche.
    pub href: String,
    /// First name and surname.
    pub nom: String,
    /// Headline.
    pub titre: String,
    /// Where, and whose.
    pub detail: String,
    /// What both share: (what, which).
    pub raisons: Vec<(&'static str, String)>,
    /// Whether the structure has written to them.
    pub contacte: bool,
}

/// `GET /cvtheque/{id}/similaires`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/similaires.html")]
pub struct CvthequeSimilaires {
    /// What every page shares.
    pub layout: Layout,
    /// Whom they resemble.
    pub profil: Link,
    /// That person's headline.
    pub titre: String,
    /// The most similar first.
    pub rows: Vec<SimilaireRow>,
}
