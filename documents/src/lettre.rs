//! The PDF of a « lettre de demande »: A4, one serif face, tagged for screen readers (PDF/UA-1, ISO 14289-1) and fit
//! for archiving (PDF/A-2a, ISO 19005-2).
//!
//! The same letter always makes the same bytes: no clock and no random number is used.

mod composition;
mod error;
mod police;

use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::metadata::{DateTime, Metadata};
use krilla::{Document, SerializeSettings};

use composition::{Bloc, Composition, Style};
pub use error::Error;
use police::Polices;

/// What a letter says, in the words that are printed.
#[derive(Clone, Debug, Default)]
pub struct Lettre {
    /// Its title: « Lettre de demande d’intervention ».
    pub titre: String,
    /// Its number; empty for a draft, which is then marked as one.
    pub numero: String,
    /// The day it is sent, as year, month and day.
    pub date: (u16, u8, u8),
    /// Where and when: « Rennes, le 29 novembre 2026 ».
    pub lieu_date: String,
    /// The structure that asks, line by line: the name first.
    pub structure: Vec<String>,
    /// The person who is asked, line by line: the name first.
    pub personne: Vec<String>,
    /// « Madame, », « Monsieur, »…
    pub appel: String,
    pub objet: String,
    /// What is asked for; a line break begins a paragraph.
    pub contenu: String,
    /// The rows of the table: each heading with its lines.
    pub faits: Vec<(String, Vec<String>)>,
    /// How to answer, and the last sentences.
    pub suite: Vec<String>,
    /// The signature, line by line.
    pub signature: Vec<String>,
}

/// The first character of a text that a letter can't print: an emoji, or a script that the face lacks.
pub fn sans_glyphe(texte: &str) -> Option<char> {
    Polices::get().ok()?.missing(texte)
}

/// The letter as a PDF.
///
/// # Errors
/// When it holds a character that can't be printed.
pub fn ecrire(lettre: &Lettre) -> Result<Vec<u8>, Error> {
    let polices = Polices::get()?;
    let blocs = blocs(lettre);
    if let Some(sign) = blocs.iter().flat_map(Bloc::textes).find_map(|text| polices.missing(text)) {
        return Err(Error::Glyph(sign));
    }
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| Error::Made(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let (year, month, day) = lettre.date;
    let titre = if lettre.numero.is_empty() {
        format!("{} (projet)", lettre.titre)
    } else {
        format!("{} {}", lettre.titre, lettre.numero)
    };
    document.set_metadata(
        Metadata::new()
            .title(titre.clone())
            .language("fr-FR".to_owned())
            .authors(lettre.structure.first().cloned().into_iter().collect())
            .creation_date(DateTime::new(year).month(month).day(day).hour(0).minute(0).second(0).utc_offset_hour(0))
            .document_id(titre.clone()),
    );
    let tree = Composition::new(polices, &blocs).draw(&mut document, &titre)?;
    document.set_tag_tree(tree);
    document.finish().map_err(|error| Error::Made(format!("{error:?}")))
}

/// The letter in reading order, from top to bottom.
fn blocs(lettre: &Lettre) -> Vec<Bloc<'_>> {
    let mut blocs =
        vec![Bloc::Lignes(&lettre.structure, Style::Expediteur), Bloc::Lignes(&lettre.personne, Style::Destinataire)];
    blocs.push(Bloc::paragraphe(&lettre.lieu_date, Style::Date));
    blocs.push(Bloc::Titre(&lettre.titre));
    let numero = if lettre.numero.is_empty() {
        "Projet : cette lettre n’est pas envoyée et n’engage personne.".to_owned()
    } else {
        format!("N° {}", lettre.numero)
    };
    blocs.push(Bloc::paragraphe(numero, Style::SousTitre));
    blocs.push(Bloc::paragraphe(format!("Objet : {}", lettre.objet), Style::Objet));
    blocs.push(Bloc::paragraphe(&lettre.appel, Style::Texte));
    blocs.extend(paragraphs(&lettre.contenu).map(|text| Bloc::paragraphe(text, Style::Texte)));
    blocs.push(Bloc::Tableau(&lettre.faits));
    blocs.extend(lettre.suite.iter().map(|text| Bloc::paragraphe(text, Style::Texte)));
    blocs.push(Bloc::Lignes(&lettre.signature, Style::Signature));
    blocs
}

fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
