//! The « lettres de demande » that a complete dossier allows (manual §3.3.5, SPEC D13): a structure prepares, sends and
//! takes them back; the person reads and answers them.

mod fabrication;
mod leurs;
mod miennes;
mod redaction;

use actix_web::HttpResponse;
use domain::dossier::lettre::EtatLettre;
use domain::paths::LETTRES;
use store::lettres::Lettre;

pub use fabrication::bytes_of;
pub use leurs::{act, document, list, page};
pub use miennes::{answer, document as my_document, mine, one as mine_one};
pub use redaction::{create, form};

use crate::app::App;
use crate::download::shown;
use crate::error::Error;
use crate::page::moment;
use crate::views::Tone;
use crate::views::lettres::{LettreRow, LettreVue};
use crate::views::text::blocks;

/// Longest text with an answer, or with the reason for taking a letter back, in characters.
const MOT_MAX: usize = 1_000;

/// The colour of the state of a letter.
fn tone(etat: EtatLettre) -> Tone {
    match etat {
        EtatLettre::Brouillon | EtatLettre::Annulee => Tone::Info,
        EtatLettre::Envoyee => Tone::Waiting,
        EtatLettre::Acceptee => Tone::Done,
        EtatLettre::Declinee => Tone::Failure,
    }
}

/// A letter as a list shows it.
fn row(app: &App, one: Lettre, href: String, qui: String) -> LettreRow {
    LettreRow {
        href,
        numero: one.numero.unwrap_or_else(|| "projet".to_owned()),
        objet: one.contenu.objet,
        qui,
        etat: one.etat.libelle(),
        tone: tone(one.etat),
        at: moment(app, one.envoyee_at.unwrap_or(one.modifie_at)),
    }
}

pub fn row_of_structure(app: &App, one: Lettre) -> LettreRow {
    let (href, qui) = (format!("{}/{}", LETTRES, one.id), one.personne.clone());
    row(app, one, href, qui)
}

/// A letter as its page shows it; its PDF stands below `href`.
fn vue(app: &App, one: &Lettre, href: &str) -> LettreVue {
    LettreVue {
        titre: one.genre.libelle(),
        numero: one.numero.clone().unwrap_or_default(),
        objet: one.contenu.objet.clone(),
        contenu: blocks(&one.contenu.contenu),
        faits: one.contenu.faits(),
        etat: one.etat.libelle(),
        tone: tone(one.etat),
        pdf: format!("{href}/pdf"),
        envoyee: one.envoyee_at.map(|at| moment(app, at)),
        repondue: one.repondue_at.map(|at| (moment(app, at), blocks(&one.reponse))),
        annulee: one.annulee_at.map(|at| (moment(app, at), blocks(&one.annulation))),
        empreinte: one.document.as_ref().map(|document| document.empreinte.clone()).unwrap_or_default(),
    }
}

/// The PDF of a sent letter: exactly the bytes that were sent.
async fn sent(app: &App, one: &Lettre) -> Result<HttpResponse, Error> {
    let (numero, document) = one.numero.as_ref().zip(one.document.as_ref()).ok_or(Error::NotFound)?;
    shown(&format!("{numero}.pdf"), "pdf", bytes_of(app, document).await?)
}
