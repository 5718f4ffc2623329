//! The « lettres de demande » (manual §3.3.5, SPEC D13): prepared by a structure for somebody whose dossier is
//! complete, sent as a PDF that never changes again, answered online.

use domain::compte::{Droit, EtatCompte};
use domain::courriel::Courriel;
use domain::dossier::lettre::{Contenu, EtatLettre, Evenement, NumeroLettre, Refusal, TypeLettre};
use domain::journal::Fact;
use domain::paths::{LETTRES, MES_LETTRES};
use domain::time::paris_day;
use domain::{CompteId, StructureId, nir};
use store::lettres::{self, Envoi, Lettre};
use store::{Refused, Transaction, numerotation};

use super::{command, contact, dossiers};

/// What notifications of a letter are filed under.
const CATEGORIE: &str = "lettre";

/// Why something did not happen to a letter. The sentences are for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    #[error("{0}")]
    Life(#[from] Refusal),
    #[error("Vous n’avez pas, ou plus, le droit d’écrire les lettres de votre structure.")]
    Forbidden,
    #[error("Ce compte n’est pas, ou n’est plus, celui d’un intervenant validé.")]
    Unknown,
    #[error("Le dossier administratif de cette personne n’est pas complet et validé : demandez d’abord ce qui manque.")]
    Incomplete,
    #[error("Cette lettre a changé entre-temps : relisez-la, puis recommencez.")]
    Changed,
    /// Another letter took the number that its PDF bears, or the day is over: it is made again.
    #[error("Une autre lettre vient de partir : recommencez.")]
    Number,
    #[error("Ce n’est pas le document que vous avez sous les yeux : rechargez la page, relisez-le, puis répondez.")]
    Document,
}

async fn structure(transaction: &mut Transaction, by: CompteId) -> Result<StructureId, Refused<NotWritten>> {
    let structure = store::droits::habilite(transaction, by, Droit::Dossiers).await?;
    structure.ok_or(Refused::Because(NotWritten::Forbidden))
}

/// Whom a letter goes to, if their dossier allows one now: first name and login.
async fn addressee(transaction: &mut Transaction, of: CompteId) -> Result<(String, String), Refused<NotWritten>> {
    match lettres::addressee(transaction.connection(), of).await? {
        None => Err(Refused::Because(NotWritten::Unknown)),
        Some(found) if found.complet_at.is_none() => Err(Refused::Because(NotWritten::Incomplete)),
        Some(found) => Ok((found.prenom, found.login)),
    }
}

/// A letter of one's structure, locked, and the state that the event leads to.
async fn held(
    transaction: &mut Transaction,
    by: CompteId,
    lettre: i64,
    event: Evenement,
) -> Result<(Lettre, EtatLettre), Refused<NotWritten>> {
    let structure = structure(transaction, by).await?;
    let found = lettres::hold(transaction, lettre).await?.filter(|lettre| lettre.structure == structure);
    let found = found.ok_or(Refused::Because(NotWritten::Unknown))?;
    let next = found.etat.next(event).map_err(Refused::rule)?;
    Ok((found, next))
}

/// Whether a letter is still as it was read.
fn unchanged(found: &Lettre, version: i64) -> Result<(), Refused<NotWritten>> {
    if found.version == version { Ok(()) } else { Err(Refused::Because(NotWritten::Changed)) }
}

fn record(transaction: &mut Transaction, of: &Lettre, event: Evenement) {
    transaction.record(Fact::LettreModifiee { lettre: of.id, compte: of.compte, evenement: event });
}

/// Prepare a letter: a draft that only its structure sees. Returns its id.
#[derive(Clone, Debug)]
pub struct CreateLettre {
    pub compte: CompteId,
    pub genre: TypeLettre,
    pub contenu: Contenu,
}

command!(CreateLettre: i64, NotWritten);

impl CreateLettre {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<i64, Refused<NotWritten>> {
        let structure = structure(transaction, by).await?;
        addressee(transaction, self.compte).await?;
        Ok(lettres::insert(transaction, (by, structure), self.compte, self.genre, &self.contenu).await?)
    }
}

/// Change what a draft says. Returns its version then; saying the same changes nothing.
#[derive(Clone, Debug)]
pub struct ChangeLettre {
    pub lettre: i64,
    pub version: i64,
    pub contenu: Contenu,
}

command!(ChangeLettre: i64, NotWritten);

impl ChangeLettre {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<i64, Refused<NotWritten>> {
        let (found, etat) = held(transaction, by, self.lettre, Evenement::Modifier).await?;
        if found.contenu == self.contenu {
            return Ok(self.version);
        }
        unchanged(&found, self.version)?;
        let next = Lettre {
            etat,
            version: found.version + 1,
            auteur: Some(by),
            modifie_at: transaction.now,
            contenu: self.contenu.clone(),
            ..found
        };
        lettres::step(transaction, &next).await?;
        lettres::write(transaction, next.id, &next.contenu).await?;
        Ok(next.version)
    }
}

/// Send a draft: its number and its document are fixed, the person is told by email and by notification.
#[derive(Clone, Debug)]
pub struct SendLettre {
    pub lettre: i64,
    pub version: i64,
    /// The PDF, with the number and the day that it bears.
    pub envoi: Envoi,
}

command!(SendLettre: (), NotWritten);

impl SendLettre {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotWritten>> {
        let Envoi { numero, jour, document } = &self.envoi;
        store::vault::hold_for(transaction, &document.cle).await?;
        let (found, etat) = held(transaction, by, self.lettre, Evenement::Envoyer).await?;
        unchanged(&found, self.version)?;
        let (prenom, login) = addressee(transaction, found.compte).await?;
        let now = transaction.now;
        let serie = NumeroLettre::serie(numero.structure(), numero.annee());
        numerotation::hold(transaction, &serie).await?;
        let last = numerotation::last(transaction.connection(), &serie).await?;
        if last + 1 != numero.rang() || *jour != paris_day(now) {
            return Err(Refused::Because(NotWritten::Number));
        }
        numerotation::next(transaction, &serie).await?;
        let numero = numero.to_string();
        let next = Lettre {
            etat,
            version: found.version + 1,
            auteur: Some(by),
            numero: Some(numero.clone()),
            envoyee_at: Some(now),
            document: Some(document.clone()),
            ..found
        };
        lettres::step(transaction, &next).await?;
        let chemin = format!("{MES_LETTRES}/{}", next.id);
        let said = format!("{} vous envoie une lettre de demande : {}", next.structure_nom, next.contenu.objet);
        let content = Courriel::LettreEnvoyee {
            prenom,
            structure: contact(transaction, Some(next.structure)).await?,
            genre: next.genre,
            numero,
            objet: next.contenu.objet.clone(),
            chemin: chemin.clone(),
        };
        let key = format!("lettre-{}", next.id);
        store::courriels::put(transaction, Some(next.compte), &login, &key, &content).await?;
        let notice = (said.as_str(), "À accepter ou à décliner.", chemin.as_str());
        store::notifications::create(transaction, &[next.compte], CATEGORIE, notice).await?;
        record(transaction, &next, Evenement::Envoyer);
        Ok(dossiers::follow(transaction, next.compte, Some((by, next.structure))).await?)
    }
}

/// Accept or decline the document of that digest; who sent it is told.
#[derive(Clone, Debug)]
pub struct AnswerLettre {
    pub lettre: i64,
    pub accepte: bool,
    /// The digest of the document that was read.
    pub empreinte: String,
    /// What goes with the answer, maybe nothing.
    pub texte: String,
}

command!(AnswerLettre: (), NotWritten);

impl AnswerLettre {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotWritten>> {
        let found = lettres::hold(transaction, self.lettre).await?;
        let found = found.filter(|lettre| lettre.compte == by && lettre.numero.is_some());
        let valide = lettres::addressee(transaction.connection(), by).await?.is_some();
        let found = found.filter(|_| valide).ok_or(Refused::Because(NotWritten::Unknown))?;
        let (event, verb) =
            if self.accepte { (Evenement::Accepter, "accepte") } else { (Evenement::Decliner, "décline") };
        let etat = found.etat.next(event).map_err(Refused::rule)?;
        if found.document.as_ref().is_none_or(|document| document.empreinte != self.empreinte) {
            return Err(Refused::Because(NotWritten::Document));
        }
        let next = Lettre {
            etat,
            version: found.version + 1,
            repondue_at: Some(transaction.now),
            reponse: nir::mask(&self.texte),
            ..found
        };
        lettres::step(transaction, &next).await?;
        let said = format!("{} {verb} la lettre {}", next.personne, next.numero.as_deref().unwrap_or_default());
        // Who sent the letter, while they work there and may see it; else everybody who may.
        let all = store::droits::habilites(transaction.connection(), next.structure, Droit::Dossiers).await?;
        let author = next.auteur.filter(|auteur| all.contains(auteur));
        let readers = author.map_or(all, |auteur| vec![auteur]);
        let notice = (said.as_str(), next.contenu.objet.as_str(), &*format!("{LETTRES}/{}", next.id));
        store::notifications::create(transaction, &readers, CATEGORIE, notice).await?;
        record(transaction, &next, event);
        Ok(dossiers::follow(transaction, next.compte, None).await?)
    }
}

/// Take a letter back; the person is told when it had reached them.
#[derive(Clone, Debug)]
pub struct CancelLettre {
    pub lettre: i64,
    pub version: i64,
    /// Why, maybe nothing.
    pub texte: String,
}

command!(CancelLettre: (), NotWritten);

impl CancelLettre {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotWritten>> {
        let (found, etat) = held(transaction, by, self.lettre, Evenement::Annuler).await?;
        unchanged(&found, self.version)?;
        let next = Lettre {
            etat,
            version: found.version + 1,
            annulee_at: Some(transaction.now),
            annulation: nir::mask(&self.texte),
            ..found
        };
        lettres::step(transaction, &next).await?;
        record(transaction, &next, Evenement::Annuler);
        let Some(numero) = next.numero else { return Ok(()) };
        dossiers::follow(transaction, next.compte, None).await?;
        let account = store::comptes::by_id(transaction.connection(), next.compte).await?;
        let Some(account) = account.filter(|account| account.etat == EtatCompte::Actif) else { return Ok(()) };
        let chemin = format!("{MES_LETTRES}/{}", next.id);
        let said = format!("{} annule la lettre {numero}", next.structure_nom);
        let content = Courriel::LettreAnnulee {
            prenom: account.prenom,
            structure: contact(transaction, Some(next.structure)).await?,
            numero,
            objet: next.contenu.objet,
            texte: next.annulation,
            chemin: chemin.clone(),
        };
        let key = format!("lettre-annulee-{}", next.id);
        store::courriels::put(transaction, Some(next.compte), &account.login, &key, &content).await?;
        Ok(store::notifications::create(transaction, &[next.compte], CATEGORIE, (&said, "", &chemin)).await?)
    }
}
