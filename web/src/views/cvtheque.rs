//! The CV-thèque: search, and the fiche of a person (G3).

use super::Retenue;
use askama::Template;

use super::layout::{Layout, Link, Tone};
use super::lists::{Choice, FacetGroup, Pages};
use super::numbers::Said as _;
use super::semblables::Semblables;
use super::text::{Block, Segments};

/// Why a person was found: an excerpt and its source.
#[derive(Debug, Clone)]
pub struct Highlight {
    pub segments: Segments,
    /// « dans le CV joint (PDF) », « expérience professionnelle »…
    pub source: String,
}

#[derive(Debug, Clone)]
pub struct ProfilHit {
    /// An id for the page, unique in the list.
    pub id: String,
    pub nom: String,
    /// Headline of the profile; empty if none.
    pub titre: String,
    pub href: String,
    /// Whether it is the profile shown beside the list.
    pub current: bool,
    /// The beginning of the profile when no word was searched; otherwise empty.
    pub head: String,
    /// Why it was found, the best passage first.
    pub highlights: Vec<Highlight>,
    pub tags: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct ParcoursLine {
    /// « Depuis 2019 », « 2015-2019 ».
    pub period: String,
    pub titre: String,
    /// The place and more words; empty if none.
    pub detail: String,
}

#[derive(Debug, Clone)]
pub struct ParcoursBlock {
    /// « Expérience professionnelle », « Formation initiale »…
    pub label: String,
    /// Its lines, the latest first.
    pub lines: Vec<ParcoursLine>,
}

#[derive(Debug, Clone)]
pub struct Fichier {
    /// « CV », « Diplôme : master droit public ».
    pub label: String,
    pub nom: String,
    /// « PDF, 214 ko ».
    pub detail: String,
    pub href: String,
    /// The passage found in its text.
    pub highlight: Option<Highlight>,
    /// Why others than its owner can't get it.
    pub retenue: Option<Retenue>,
}

/// What a structure sees of a person, beside the list or on a page of its own.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/_fiche.html")]
pub struct ProfilFiche {
    pub nom: String,
    /// « Fonctionnaire, Communauté de communes du Pays de Redon · Délégation Bretagne ».
    pub summary: String,
    /// States: « validée », « indisponible en mars ».
    pub tags: Vec<(String, Tone)>,
    pub contact: Vec<(String, String)>,
    /// Their pages on other sites.
    pub reseaux: Vec<Link>,
    pub specialites: Vec<String>,
    pub regions: Vec<String>,
    /// Languages, with level.
    pub langues: Vec<String>,
    /// « Expérience de formateur », or « Motivation » for a person without experience.
    pub presentation_label: String,
    pub presentation: Vec<Block>,
    pub parcours: Vec<ParcoursBlock>,
    pub fichiers: Vec<Fichier>,
    /// « Écrire » to this person, when the messagerie allows it.
    pub write_href: Option<String>,
    /// The profile's own page; none when this is it.
    pub full_href: Option<String>,
    pub actions: Vec<Link>,
}

/// The part of the search page that changes: facets, results, the profile beside.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/_resultats.html")]
pub struct CvthequeResults {
    pub q: String,
    pub total: u64,
    /// How the index understood the search: « marchés publics, en Bretagne, sauf « stagiaire » », a correction of a
    /// typo, or why a part was left out; empty when there is nothing to explain.
    pub understood: String,
    /// Whose address was typed, when no profile names it.
    pub adresse_de: Option<Link>,
    /// Criteria that the words name, to be chosen instead.
    pub proposals: Vec<Link>,
    /// How many « Exporter » takes: who has all that was asked for, or else everybody.
    pub exported: u64,
    /// The first hit of the page that has only a part of what was asked for.
    pub partial_from: Option<usize>,
    /// The orders to choose from (`tri`).
    pub tris: Vec<Choice>,
    pub facets: Vec<FacetGroup>,
    /// Only people available on that day, as `<input type=date>` has it; empty for everybody.
    pub disponible_le: String,
    pub criteria: u64,
    pub hits: Vec<ProfilHit>,
    pub pages: Pages,
    pub fiche: Option<ProfilFiche>,
    /// The page that keeps this search; none when nothing is searched.
    pub keep_href: Option<String>,
    /// The page that finds the people of a list; none unless one was pasted.
    pub liste_href: Option<String>,
    pub adresse: String,
    /// The same words without criteria.
    pub reset_href: String,
    /// Other searches to try when nothing is found, all with results.
    pub suggestions: Vec<Link>,
}

impl CvthequeResults {
    fn begins_partial(&self, place: &usize) -> bool {
        self.partial_from == Some(*place)
    }
}

/// `GET /cvtheque`. The fragment is [`CvthequeResults`] alone.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/recherche.html")]
pub struct CvthequeRecherche {
    pub layout: Layout,
    pub results: CvthequeResults,
}

#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/fiche.html")]
pub struct CvthequeFiche {
    pub layout: Layout,
    pub fiche: ProfilFiche,
    pub semblables: Semblables,
    pub back: Link,
}

#[derive(Debug, Clone)]
pub struct RechercheRow {
    pub action: String,
    pub href: String,
    pub nom: String,
    /// The author, when it is a colleague.
    pub auteur: String,
    pub mienne: bool,
    pub partagee: bool,
    /// Whether the reader is told of new CVs that match it.
    pub suivie: bool,
    pub total: u64,
}

/// `GET /cvtheque/recherches`; the form posts there `adresse`, `nom`, `partagee`, `suivie`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/recherches.html")]
pub struct CvthequeRecherches {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub rows: Vec<RechercheRow>,
    /// The address of the search to keep, if there is one.
    pub garder: Option<String>,
    pub criteres: String,
    /// Its name, as typed.
    pub nom: String,
    pub nom_max: usize,
    pub partagee: bool,
    pub suivie: bool,
}

#[derive(Debug, Clone)]
pub struct ListeRow {
    pub href: String,
    pub nom: String,
    /// The author, when it is a colleague.
    pub auteur: String,
    pub mienne: bool,
    pub partagee: bool,
    pub nombre: u64,
}

#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/listes.html")]
pub struct CvthequeListes {
    pub layout: Layout,
    pub rows: Vec<ListeRow>,
}

#[derive(Debug, Clone)]
pub struct MembreRow {
    pub id: String,
    pub href: String,
    pub nom: String,
    pub titre: String,
    pub detail: String,
}

/// `GET /cvtheque/listes/{id}`; the form posts there `action` and `personnes`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/liste.html")]
pub struct CvthequeListe {
    pub layout: Layout,
    pub action: String,
    pub nom: String,
    pub auteur: String,
    pub mienne: bool,
    pub partagee: bool,
    /// How many people of the list are no longer in the CV-thèque.
    pub absents: u64,
    pub rows: Vec<MembreRow>,
}

/// `GET /cvtheque/listes/ajouter`; the form posts there `personnes`, and `liste` or `nom` and `partagee`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/liste_ajout.html")]
pub struct CvthequeListeAjout {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub personnes: Vec<(String, String)>,
    pub listes: Vec<Choice>,
    /// The name of a new one, as typed.
    pub nom: String,
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
    pub personnes: Vec<(String, String)>,
    /// Subject, as typed.
    pub objet: String,
    /// Text, as typed.
    pub texte: String,
    pub objet_max: usize,
    pub texte_max: usize,
    pub jeton: String,
}

#[derive(Debug, Clone)]
pub struct EnvoyeRow {
    pub nom: String,
    /// « envoyé », or why not.
    pub etat: String,
    pub tone: Tone,
    pub href: Option<String>,
}

/// The result of `POST /cvtheque/ecrire`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/envoye.html")]
pub struct CvthequeEnvoye {
    pub layout: Layout,
    pub rows: Vec<EnvoyeRow>,
    /// How many recipients are no longer in the CV-thèque.
    pub absents: u64,
    pub back: Link,
}

impl CvthequeEnvoye {
    pub fn sent(&self) -> u64 {
        self.rows.iter().filter(|row| row.tone == Tone::Done).count() as u64
    }
}

#[derive(Debug, Clone)]
pub struct SimilaireRow {
    pub href: String,
    pub nom: String,
    pub titre: String,
    pub detail: String,
    /// What both share: (kind, values).
    pub raisons: Vec<(&'static str, String)>,
    /// Whether the structure has written to this person.
    pub contacte: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/similaires.html")]
pub struct CvthequeSimilaires {
    pub layout: Layout,
    pub profil: Link,
    pub titre: String,
    /// The most similar first.
    pub rows: Vec<SimilaireRow>,
}

/// `GET /cvtheque/besoin` without words; the form posts there `texte`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/besoin_texte.html")]
pub struct CvthequeBesoinTexte {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// As typed.
    pub texte: String,
    /// Longest text, in characters.
    pub max: String,
    /// The structure's annonces, the last changed first.
    pub annonces: Vec<Link>,
}

/// A word of a need.
#[derive(Debug, Clone)]
pub struct MotRow {
    pub mot: String,
    /// How many profiles have it.
    pub profils: u64,
    pub poids: Vec<Choice>,
}

#[derive(Debug, Clone)]
pub struct BesoinRow {
    pub href: String,
    pub nom: String,
    pub titre: String,
    pub detail: String,
    /// What the words that were found are worth, of all, from 0 to 100.
    pub part: u8,
    /// Each word that was found, and where.
    pub trouves: Vec<(String, String)>,
    pub manquent: String,
    pub passages: Vec<Highlight>,
    /// Whether the structure has written to this person.
    pub contacte: bool,
}

/// `GET /cvtheque/besoin` with words; the form gets `mot` and `poids` in turn, and `ajouter`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/besoin.html")]
pub struct CvthequeBesoin {
    pub layout: Layout,
    /// Title, page and id of the annonce that one began from.
    pub annonce: Option<(String, String, String)>,
    pub mots: Vec<MotRow>,
    /// Whether no more words can be added.
    pub plein: bool,
    pub total: u64,
    /// A required word that no profile has.
    pub absent: String,
    pub rows: Vec<BesoinRow>,
    pub pages: Pages,
}

/// Somebody whom a line of a pasted list may be.
#[derive(Debug, Clone)]
pub struct CandidatRow {
    pub id: String,
    pub href: String,
    pub nom: String,
    /// What tells namesakes apart.
    pub detail: String,
    pub coche: bool,
}

#[derive(Debug, Clone)]
pub struct RetrouveeRow {
    /// As it was typed.
    pub saisi: String,
    /// One, or several who share a name.
    pub candidats: Vec<CandidatRow>,
}

/// What became of a pasted list, in its order.
#[derive(Debug, Clone, Default)]
pub struct Bilan {
    /// How many lines are one person each, and how many may be several.
    pub trouvees: u64,
    pub a_choisir: u64,
    pub rows: Vec<RetrouveeRow>,
    /// The lines that are nobody of the CV-thèque, as they were typed.
    pub absentes: Vec<String>,
}

/// `GET|POST /cvtheque/retrouver` with `liste`; its buttons post `personnes` and `action` to `/cvtheque/selection`.
#[derive(Debug, Clone, Template)]
#[template(path = "cvtheque/retrouver.html")]
pub struct CvthequeRetrouver {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// As it was typed.
    pub liste: String,
    /// None before a list was posted.
    pub bilan: Option<Bilan>,
    pub lignes_max: u64,
    pub signes_max: u64,
}
