//! The PDF of a letter: the printed text around the typed content, and how the file is kept.

use chrono::{Datelike, NaiveDate};
use documents::lettre::{Lettre as Imprimee, ecrire, sans_glyphe};
use domain::CompteId;
use domain::dates::jour;
use domain::dossier::lettre::{Contenu, NumeroLettre, TypeLettre};
use sha2::{Digest, Sha256};
use store::Connection;
use store::lettres::{Document, place};
use store::structures::Structure;

use crate::app::App;
use crate::error::Error;
use crate::scelles;
use crate::session::hex;

/// Replaces a character of a name or an address that the face does not have.
const SIGN: &str = "?";

/// Sender and receiver, as the letter prints them.
pub(super) struct Entete {
    structure: Structure,
    personne: Vec<String>,
    appel: &'static str,
    auteur: String,
}

/// The printed text around a letter to this person; `auteur` signs it.
///
/// # Errors
/// When there is no such account.
pub(super) async fn entete(
    connection: &mut Connection,
    structure: Structure,
    of: CompteId,
    auteur: &str,
) -> Result<Entete, Error> {
    let personne = store::acces::anybody(connection, of).await?.ok_or(Error::NotFound)?;
    let page = store::profils::identification(connection, of).await?.unwrap_or_default();
    let (titre, appel) = match personne.civilite.as_str() {
        "Mme" => ("Madame ", "Madame,"),
        "M." => ("Monsieur ", "Monsieur,"),
        _ => ("", "Madame, Monsieur,"),
    };
    let place = format!("{} {}", page.code_postal, page.commune);
    let lines = [
        format!("{titre}{} {}", personne.prenom, personne.nom),
        page.adresse,
        page.complement_adresse,
        place.trim().to_owned(),
        Some(page.pays).filter(|pays| !domain::profil::is_france(pays)).unwrap_or_default(),
    ];
    Ok(Entete {
        structure,
        personne: lines.into_iter().map(|line| printable(&line)).filter(|line| !line.is_empty()).collect(),
        appel,
        auteur: printable(auteur),
    })
}

/// The same text, with [`SIGN`] for each character that can't be printed.
fn printable(text: &str) -> String {
    text.chars()
        .map(|sign| if sans_glyphe(sign.encode_utf8(&mut [0; 4])).is_some() { SIGN.to_owned() } else { sign.into() })
        .collect()
}

/// The PDF of a letter; without a number it is marked as a draft.
///
/// # Errors
/// When a typed text can't be printed: forms check this before.
pub(super) async fn imprimer(
    entete: Entete,
    (genre, contenu): (TypeLettre, Contenu),
    numero: Option<&NumeroLettre>,
    day: NaiveDate,
) -> Result<Vec<u8>, Error> {
    let structure = &entete.structure;
    let imprimee = Imprimee {
        titre: genre.libelle().to_owned(),
        numero: numero.map(ToString::to_string).unwrap_or_default(),
        date: (
            u16::try_from(day.year()).unwrap_or_default(),
            u8::try_from(day.month()).unwrap_or_default(),
            u8::try_from(day.day()).unwrap_or_default(),
        ),
        lieu_date: format!("{}, le {}", printable(&structure.commune), jour(day)),
        structure: [
            format!("CNFPT – {}", structure.nom),
            structure.adresse.clone(),
            format!("{} {}", structure.code_postal, structure.commune).trim().to_owned(),
            domain::telephone::shown(&structure.telephone),
            structure.courriel.clone(),
        ]
        .iter()
        .map(|line| printable(line))
        .filter(|line| !line.is_empty())
        .collect(),
        personne: entete.personne,
        appel: entete.appel.to_owned(),
        objet: contenu.objet.clone(),
        contenu: contenu.contenu.clone(),
        faits: contenu.faits().into_iter().map(|(label, lines)| (label.to_owned(), lines)).collect(),
        suite: vec![
            "Vous pouvez accepter ou décliner cette demande en ligne, dans votre espace, à la page \
             « Mes lettres de demande ». Votre réponse est datée et conservée avec ce document ; ce n’est pas une \
             signature électronique."
                .to_owned(),
            format!("Veuillez agréer, {} l’expression de nos salutations distinguées.", entete.appel),
        ],
        signature: vec![printable(&structure.nom), entete.auteur],
    };
    let made = actix_web::web::block(move || ecrire(&imprimee)).await?;
    made.map_err(|error| Error::Internal(error.to_string()))
}

/// Keeps a PDF, sealed; a caller that does not use it must remove its blob.
pub(super) async fn keep(app: &App, pdf: Vec<u8>) -> Result<Document, Error> {
    let empreinte = hex(&Sha256::digest(&pdf));
    let taille = i64::try_from(pdf.len()).unwrap_or(i64::MAX);
    let (blob, cle) = scelles::keep(app, pdf, place).await?;
    Ok(Document { blob, cle, empreinte, taille })
}

/// The PDF of a letter as it was sent.
///
/// # Errors
/// When the blob is gone or damaged, or is not what was sent.
pub async fn bytes_of(app: &App, document: &Document) -> Result<Vec<u8>, Error> {
    scelles::open(app, &document.blob, &document.cle, place).await
}
