//! Writes a [`Courriel`] out: subject, text and HTML, in French. Pure: no clock, no network, no database.
//!
//! Whatever people typed is put on one line first, so that it can neither break a header nor pass itself off as
//! another part of the mail.

use askama::Template;
use domain::courriel::Courriel;
use domain::{dates, time};

use super::ConfigError;

/// Longest subject, in characters: more is cut by every mail program.
const SUBJECT_MAX: usize = 150;
/// Where alerts are changed or stopped.
const ALERTS_PATH: &str = "/mon-compte/alertes";
/// Where a new account is created.
const REGISTRATION_PATH: &str = "/inscription";

/// What every mail of an installation shares.
#[derive(Clone, Debug)]
pub struct Letterhead {
    base_url: String,
    contact: String,
}

impl Letterhead {
    /// `base_url` is the service's address as people type it (`https://…`); `contact` is a sentence that says whom
    /// to ask.
    ///
    /// # Errors
    /// A sentence when one of them can't be used.
    pub fn new(base_url: &str, contact: &str) -> Result<Self, ConfigError> {
        let url = url::Url::parse(base_url).map_err(|_| ConfigError::BaseUrl)?;
        let a_site = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !a_site {
            return Err(ConfigError::BaseUrl);
        }
        let contact = one_line(contact);
        if contact.is_empty() {
            return Err(ConfigError::Contact);
        }
        Ok(Self { base_url: url.as_str().trim_end_matches('/').to_owned(), contact })
    }

    fn link(&self, path: &str) -> String {
        format!("{}/{}", self.base_url, one_line(path).trim_start_matches('/'))
    }
}

/// A mail as a person reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, on one line.
    pub objet: String,
    /// The text alternative: it says all that the HTML says.
    pub texte: String,
    /// The HTML, with its styles inline.
    pub html: String,
}

/// A mail is personal data: logs show that there was one, not what it says.
impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rendered([…])")
    }
}

/// What the frame around each mail shows.
struct Lettre {
    objet: String,
    prenom: String,
    lien: String,
    contact: String,
}

#[derive(Template)]
#[template(path = "courriels/nouveau_message.txt")]
struct NouveauMessageText<'a> {
    lettre: &'a Lettre,
    structure: &'a str,
    objet: &'a str,
}

#[derive(Template)]
#[template(path = "courriels/nouveau_message.html")]
struct NouveauMessageHtml<'a> {
    lettre: &'a Lettre,
    structure: &'a str,
    objet: &'a str,
}

#[derive(Template)]
#[template(path = "courriels/annonce.txt")]
struct AnnonceText<'a> {
    lettre: &'a Lettre,
    annonce: &'a AnnonceFields,
}

#[derive(Template)]
#[template(path = "courriels/annonce.html")]
struct AnnonceHtml<'a> {
    lettre: &'a Lettre,
    annonce: &'a AnnonceFields,
}

struct AnnonceFields {
    numero: String,
    titre: String,
    structure: String,
    specialite: String,
    regions: String,
    periode: String,
    alertes: String,
}

#[derive(Template)]
#[template(path = "courriels/compte_supprime.txt")]
struct CompteSupprimeText<'a> {
    lettre: &'a Lettre,
    cree_le: &'a str,
    jours: u64,
}

#[derive(Template)]
#[template(path = "courriels/compte_supprime.html")]
struct CompteSupprimeHtml<'a> {
    lettre: &'a Lettre,
    cree_le: &'a str,
    jours: u64,
}

/// Writes a mail out.
///
/// # Errors
/// When a template fails, which only a formatting error of a value can cause.
pub fn render(courriel: &Courriel, letterhead: &Letterhead) -> Result<Rendered, askama::Error> {
    let lettre = |objet: String, prenom: &str, path: &str| Lettre {
        objet: subject(&objet),
        prenom: one_line(prenom),
        lien: letterhead.link(path),
        contact: letterhead.contact.clone(),
    };
    let (lettre, texte, html) = match courriel {
        Courriel::NouveauMessage { prenom, structure, objet, chemin } => {
            let (structure, objet) = (one_line(structure), one_line(objet));
            let lettre = lettre(format!("Nouveau message : {structure}"), prenom, chemin);
            let texte = NouveauMessageText { lettre: &lettre, structure: &structure, objet: &objet }.render()?;
            let html = NouveauMessageHtml { lettre: &lettre, structure: &structure, objet: &objet }.render()?;
            (lettre, texte, html)
        }
        Courriel::Annonce { prenom, numero, titre, structure, specialite, regions, periode, chemin } => {
            let lettre = lettre(format!("Nouvelle annonce : {titre}"), prenom, chemin);
            let annonce = AnnonceFields {
                numero: one_line(numero),
                titre: one_line(titre),
                structure: one_line(structure),
                specialite: one_line(specialite),
                regions: one_line(regions),
                periode: one_line(periode),
                alertes: letterhead.link(ALERTS_PATH),
            };
            let texte = AnnonceText { lettre: &lettre, annonce: &annonce }.render()?;
            let html = AnnonceHtml { lettre: &lettre, annonce: &annonce }.render()?;
            (lettre, texte, html)
        }
        Courriel::CompteSupprime { prenom, cree_at } => {
            let cree_le = dates::jour(time::paris_day(*cree_at));
            let jours = time::ACTIVATION_DAYS;
            let lettre = lettre("Votre compte n’a pas été activé".to_owned(), prenom, REGISTRATION_PATH);
            let texte = CompteSupprimeText { lettre: &lettre, cree_le: &cree_le, jours }.render()?;
            let html = CompteSupprimeHtml { lettre: &lettre, cree_le: &cree_le, jours }.render()?;
            (lettre, texte, html)
        }
    };
    Ok(Rendered { objet: lettre.objet, texte: with_final_newline(texte), html: with_final_newline(html) })
}

fn with_final_newline(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn subject(text: &str) -> String {
    let text = one_line(text);
    if text.chars().count() <= SUBJECT_MAX {
        return text;
    }
    let kept: String = text.chars().take(SUBJECT_MAX - 1).collect();
    format!("{}…", kept.trim_end())
}

/// One line without control characters, nor those that change the direction of what follows (U+202A to U+202E,
/// U+2066 to U+2069).
fn one_line(text: &str) -> String {
    let breaks = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    // A no-break space belongs to French typography and stays.
    text.split(|c: char| breaks(c) && c != '\u{A0}' && c != '\u{202F}')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
