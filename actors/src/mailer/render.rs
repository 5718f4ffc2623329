//! Writes a [`Courriel`] out: subject, text and HTML, in French. Pure: no clock, no network, no database.
//!
//! Whatever people typed is put on one line first, so that it can neither break a header nor pass itself off as
//! another part of the mail. Only what a gestionnaire wrote keeps its lines, as a quotation.

use askama::Template;
use domain::courriel::Courriel;
use domain::paths;
use domain::{dates, time, typographie};

use self::text::one_line;
use super::ConfigError;

mod acces;
mod candidature;
mod dossier;
mod inscription;
mod letter;
mod recapitulatif;
mod support;
mod text;

/// Longest subject, in characters: more is cut by every mail program.
const SUBJECT_MAX: usize = 150;

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

#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    pub objet: String,
    /// The text alternative: it says all that the HTML says.
    pub texte: String,
    /// The HTML, with its styles inline.
    pub html: String,
    /// Where its reader stops mails of this kind by one click (RFC 8058), for those that they asked for themselves.
    pub desabonnement: Option<String>,
}

/// A mail is personal data: logs show that there was one, not what it says.
impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rendered([…])")
    }
}

struct Frame {
    objet: String,
    prenom: String,
    lien: String,
    contact: String,
}

impl Frame {
    /// `path` is where the button goes.
    fn new(letterhead: &Letterhead, objet: &str, prenom: &str, path: &str) -> Self {
        Self {
            objet: subject(objet),
            prenom: one_line(prenom),
            lien: letterhead.link(path),
            contact: letterhead.contact.clone(),
        }
    }

    /// The whole mail, from its two templates.
    fn around(self, texte: &str, html: &str) -> Rendered {
        Rendered {
            objet: self.objet,
            texte: with_final_newline(typographie::bound_text(texte)),
            html: with_final_newline(typographie::bound(html)),
            desabonnement: None,
        }
    }
}

#[derive(Template)]
#[template(path = "courriels/nouveau_message.txt")]
struct NouveauMessageText<'a> {
    cadre: &'a Frame,
    structure: &'a str,
    objet: &'a str,
}

#[derive(Template)]
#[template(path = "courriels/nouveau_message.html")]
struct NouveauMessageHtml<'a> {
    cadre: &'a Frame,
    structure: &'a str,
    objet: &'a str,
}

#[derive(Template)]
#[template(path = "courriels/annonce.txt")]
struct AnnonceText<'a> {
    cadre: &'a Frame,
    annonce: &'a AnnonceFields,
}

#[derive(Template)]
#[template(path = "courriels/annonce.html")]
struct AnnonceHtml<'a> {
    cadre: &'a Frame,
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
    arreter: Option<String>,
}

#[derive(Template)]
#[template(path = "courriels/compte_supprime.txt")]
struct CompteSupprimeText<'a> {
    cadre: &'a Frame,
    cree_le: &'a str,
    jours: u64,
}

#[derive(Template)]
#[template(path = "courriels/compte_supprime.html")]
struct CompteSupprimeHtml<'a> {
    cadre: &'a Frame,
    cree_le: &'a str,
    jours: u64,
}

/// Writes a mail out.
///
/// # Errors
/// When a template fails, which only a formatting error of a value can cause.
pub fn render(courriel: &Courriel, letterhead: &Letterhead) -> Result<Rendered, askama::Error> {
    let letter = match courriel {
        Courriel::NouveauMessage { prenom, structure, objet, chemin } => {
            let (structure, objet) = (one_line(structure), one_line(objet));
            let cadre = Frame::new(letterhead, &format!("Nouveau message : {structure}"), prenom, chemin);
            let texte = NouveauMessageText { cadre: &cadre, structure: &structure, objet: &objet }.render()?;
            let html = NouveauMessageHtml { cadre: &cadre, structure: &structure, objet: &objet }.render()?;
            return Ok(cadre.around(&texte, &html));
        }
        Courriel::Annonce { prenom, numero, titre, structure, specialite, regions, periode, chemin, desabonnement } => {
            let cadre = Frame::new(letterhead, &format!("Nouvelle annonce : {titre}"), prenom, chemin);
            let annonce = AnnonceFields {
                numero: one_line(numero),
                titre: one_line(titre),
                structure: one_line(structure),
                specialite: one_line(specialite),
                regions: one_line(regions),
                periode: one_line(periode),
                alertes: letterhead.link(paths::MES_ALERTES),
                arreter: (!desabonnement.is_empty()).then(|| letterhead.link(desabonnement)),
            };
            let texte = AnnonceText { cadre: &cadre, annonce: &annonce }.render()?;
            let html = AnnonceHtml { cadre: &cadre, annonce: &annonce }.render()?;
            return Ok(Rendered { desabonnement: annonce.arreter, ..cadre.around(&texte, &html) });
        }
        Courriel::CompteSupprime { prenom, cree_at } => {
            let cree_le = dates::jour(time::paris_day(*cree_at));
            let jours = time::ACTIVATION_DAYS;
            let cadre = Frame::new(letterhead, "Votre compte n’a pas été activé", prenom, paths::INSCRIPTION);
            let texte = CompteSupprimeText { cadre: &cadre, cree_le: &cree_le, jours }.render()?;
            let html = CompteSupprimeHtml { cadre: &cadre, cree_le: &cree_le, jours }.render()?;
            return Ok(cadre.around(&texte, &html));
        }
        Courriel::Activation { prenom, chemin, jusqu_au } => acces::activation(prenom, chemin, jusqu_au),
        Courriel::CompteExistant { prenom, chemin } => acces::compte_existant(prenom, chemin),
        Courriel::NouveauMotDePasse { prenom, chemin, duree } => acces::nouveau_mot_de_passe(prenom, chemin, duree),
        Courriel::AdresseAConfirmer { prenom, chemin, duree } => acces::adresse_a_confirmer(prenom, chemin, duree),
        Courriel::AdresseChangee { prenom, nouvelle } => acces::adresse_changee(prenom, nouvelle),
        Courriel::CompteAgent { prenom, structure, chemin, jusqu_au } => {
            acces::compte_agent(prenom, structure, chemin, jusqu_au)
        }
        Courriel::ComptePersonnaliser { prenom, structure, chemin, jusqu_au } => {
            acces::compte_personnaliser(prenom, structure, chemin, jusqu_au)
        }
        Courriel::AccesProvisoire { prenom, structure, identifiant, mot_de_passe, jusqu_au } => {
            acces::acces_provisoire(prenom, structure, identifiant, mot_de_passe, jusqu_au)
        }
        Courriel::AccesProvisoireSignale { prenom, structure, adresse } => {
            acces::acces_provisoire_signale(prenom, structure, adresse)
        }
        Courriel::InscriptionTransmise { prenom, structure } => inscription::transmise(prenom, structure),
        Courriel::InscriptionValidee { prenom, structure } => inscription::validee(prenom, structure),
        Courriel::InscriptionRejetee { prenom, structure, texte, a_partir_du } => {
            inscription::rejetee(prenom, structure, texte, a_partir_du)
        }
        Courriel::ComplementDemande { prenom, structure, texte, jusqu_au } => {
            inscription::complement_demande(prenom, structure, texte, jusqu_au)
        }
        Courriel::ComplementRappel { prenom, structure, jusqu_au } => {
            inscription::complement_rappel(prenom, structure, jusqu_au)
        }
        Courriel::InscriptionArchivee { prenom, structure } => inscription::archivee(prenom, structure),
        Courriel::Recapitulatif { prenom, frequence, annonces, desabonnement } => {
            let letter = recapitulatif::letter(letterhead, prenom, *frequence, annonces, desabonnement);
            let stop = (!desabonnement.is_empty()).then(|| letterhead.link(desabonnement));
            return Ok(Rendered { desabonnement: stop, ..letter.write(letterhead)? });
        }
        Courriel::Candidature { prenom, numero, titre, etat, structure } => {
            candidature::etat(prenom, (numero, titre), *etat, structure)
        }
        Courriel::CompteReactive { prenom, chemin, jusqu_au } => support::reactive(prenom, chemin, jusqu_au),
        Courriel::DonneesARecuperer { prenom, structure, chemin, jusqu_au } => {
            support::donnees(prenom, structure, (chemin, jusqu_au))
        }
        Courriel::DonneesSignalees { prenom, structure, adresse } => {
            support::donnees_signalees(prenom, structure, adresse)
        }
        Courriel::DossierDemande { prenom, structure, texte, avant, demandes } => {
            dossier::demande(prenom, structure, texte, (*avant, demandes))
        }
        Courriel::DossierDecision { prenom, structure, valides, refuses, complet, revue_le } => {
            dossier::decision(prenom, structure, (valides, refuses), (*complet, revue_le))
        }
        Courriel::DossierEcheance { prenom, structure, genre, jour } => {
            dossier::echeance(prenom, structure, genre, jour)
        }
        Courriel::LettreEnvoyee { prenom, structure, genre, numero, objet, chemin } => {
            dossier::lettre(prenom, structure, *genre, (numero, objet), chemin)
        }
        Courriel::LettreAnnulee { prenom, structure, numero, objet, texte, chemin } => {
            dossier::lettre_annulee(prenom, structure, (numero, objet), texte, chemin)
        }
        Courriel::SupportAConfirmer { prenom, reference, objet, chemin, jusqu_au } => {
            support::a_confirmer(prenom, (reference, objet), chemin, jusqu_au)
        }
        Courriel::SupportSuivi { prenom, reference, objet, etat, structure, chemin, jusqu_au } => {
            support::suivi(prenom, (reference, objet), *etat, structure, (chemin, jusqu_au))
        }
        Courriel::SupportRappel { prenom, reference, objet, structure, chemin, jusqu_au } => {
            support::rappel(prenom, (reference, objet), structure, (chemin, jusqu_au))
        }
    };
    letter.write(letterhead)
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

#[cfg(test)]
mod tests;
