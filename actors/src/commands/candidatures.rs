//! Answers to annonces (manual §4.2, SPEC A2 to A4).

use chrono::TimeDelta;
use domain::candidature::{EtatCandidature, Evenement, REPENTIR_SECONDES, Refusal};
use domain::compte::Droit;
use domain::courriel::Courriel;
use domain::journal::Fact;
use domain::nir::mask;
use domain::preference::{Rythme, Sorte};
use domain::{CompteId, StructureId, paths};
use store::candidatures::{self, Candidature};
use store::{Pending, Refused, Transaction};

use super::command;

/// Why nothing is done about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CandidatureRefused {
    #[error("Cette candidature n’existe pas, ou n’est pas à vous.")]
    NotFound,
    #[error("Vous n’avez pas, ou plus, le droit de décider des candidatures de votre structure.")]
    Forbidden,
    #[error("On répond à une annonce une fois son inscription validée.")]
    NotValidated,
    #[error("Cette annonce est close : on ne peut plus y répondre.")]
    Closed,
    #[error(transparent)]
    State(#[from] Refusal),
}

/// Answer an annonce. The same answer sent again is the one that is there.
#[derive(Clone, Debug)]
pub struct SendCandidature {
    pub annonce: i64,
    pub commentaire: String,
}

command!(SendCandidature: (), CandidatureRefused);

impl SendCandidature {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<CandidatureRefused>> {
        if !store::intervenants::validated(transaction.connection(), by, true).await? {
            return Err(Refused::Because(CandidatureRefused::NotValidated));
        }
        if !candidatures::is_open(transaction, self.annonce).await? {
            return Err(Refused::Because(CandidatureRefused::Closed));
        }
        let commentaire = mask(&self.commentaire);
        let found = candidatures::find(transaction.connection(), self.annonce, by).await?;
        let sent = match found {
            None => {
                let etat = EtatCandidature::Transmise;
                candidatures::insert(transaction, self.annonce, by, etat, &commentaire).await?
            }
            Some(there) if there.etat == EtatCandidature::Transmise && there.commentaire == commentaire => {
                return Ok(());
            }
            Some(there) => {
                let next = there.etat.next(Evenement::Deposer).map_err(Refused::rule)?;
                candidatures::rewrite(transaction, there.id, &commentaire).await?;
                if !candidatures::step(transaction, &there, next, None).await? {
                    return Err(Refused::rule(Refusal::AlreadySent));
                }
                Candidature { etat: next, version: there.version + 1, ..there }
            }
        };
        record(transaction, &sent, Evenement::Deposer).await?;
        // Its author has just sent it, and reads so on the page: an email for the record, no notification.
        mail(transaction, &sent).await?;
        Ok(())
    }
}

/// Take one's answer back, while the structure has not studied it (A3).
#[derive(Clone, Copy, Debug)]
pub struct WithdrawCandidature(pub i64);

command!(WithdrawCandidature: (), CandidatureRefused);

impl WithdrawCandidature {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<CandidatureRefused>> {
        let found = candidatures::by_id(transaction.connection(), self.0).await?.filter(|found| found.compte == by);
        let found = found.ok_or(Refused::Because(CandidatureRefused::NotFound))?;
        let next = found.etat.next(Evenement::Retirer).map_err(Refused::rule)?;
        if !candidatures::step(transaction, &found, next, None).await? {
            return Err(Refused::rule(Refusal::Studied));
        }
        Ok(record(transaction, &found, Evenement::Retirer).await?)
    }
}

/// The answers among these that are for annonces of the structure for which the account decides.
async fn own(
    transaction: &mut Transaction,
    by: CompteId,
    ids: &[i64],
) -> Result<Vec<Candidature>, Refused<CandidatureRefused>> {
    let structure = store::droits::habilite(transaction, by, Droit::Annonces).await?;
    let structure: StructureId = structure.ok_or(Refused::Because(CandidatureRefused::Forbidden))?;
    Ok(candidatures::of_structure(transaction.connection(), structure, ids).await?)
}

/// The ids of answers that are decided, if there are any.
fn decided(of: &[Candidature]) -> Result<Vec<i64>, Refused<CandidatureRefused>> {
    if of.is_empty() {
        return Err(Refused::Because(CandidatureRefused::NotFound));
    }
    Ok(of.iter().map(|found| found.id).collect())
}

/// Say that one's structure has studied these answers. Each is decided by itself, and those to other structures are
/// left out. Returns those of the structure.
#[derive(Clone, Debug)]
pub struct StudyCandidatures(pub Vec<i64>);

command!(StudyCandidatures: Vec<i64>, CandidatureRefused);

impl StudyCandidatures {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Vec<i64>, Refused<CandidatureRefused>> {
        let own = own(transaction, by, &self.0).await?;
        let ids = decided(&own)?;
        for found in own {
            advance(transaction, found, Evenement::Etudier, Some(by)).await?;
        }
        Ok(ids)
    }
}

/// Say that one's structure does not keep these answers: it takes effect [`REPENTIR_SECONDES`] later, unless it is
/// taken back. Those to other structures are left out. Returns those of the structure.
#[derive(Clone, Debug)]
pub struct DismissCandidatures(pub Vec<i64>);

command!(DismissCandidatures: Vec<i64>, CandidatureRefused);

impl DismissCandidatures {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Vec<i64>, Refused<CandidatureRefused>> {
        let effect = transaction.now + TimeDelta::seconds(REPENTIR_SECONDES);
        let own = own(transaction, by, &self.0).await?;
        let ids = decided(&own)?;
        for found in own {
            if found.etat.next(Evenement::Ecarter).is_ok() {
                candidatures::dismiss(transaction, found.id, by, effect).await?;
            }
        }
        Ok(ids)
    }
}

/// Take back what [`DismissCandidatures`] was about to do. What took effect stays, and those to other structures are
/// left out.
#[derive(Clone, Debug)]
pub struct TakeBackDismissals(pub Vec<i64>);

command!(TakeBackDismissals: (), CandidatureRefused);

impl TakeBackDismissals {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<CandidatureRefused>> {
        let ids: Vec<i64> = own(transaction, by, &self.0).await?.into_iter().map(|found| found.id).collect();
        Ok(candidatures::take_back(transaction, &ids).await?)
    }
}

/// Does what [`DismissCandidatures`] said, for at most `limit` answers whose time has come; returns how many there
/// were.
pub fn settle_dismissals(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let due = candidatures::take_due_dismissals(transaction, limit).await?;
        let count = due.len();
        for (id, by) in due {
            if let Some(found) = candidatures::by_id(transaction.connection(), id).await? {
                advance(transaction, found, Evenement::Ecarter, Some(by)).await?;
            }
        }
        Ok(count)
    })
}

/// What a registration that is decided does to the answers that waited for it (A2): validated, they go to their
/// structures while the annonce is open; else they are cancelled.
pub(super) fn settle_waiting(transaction: &mut Transaction, compte: CompteId, validated: bool) -> Pending<'_, ()> {
    Box::pin(async move {
        for waiting in candidatures::waiting(transaction.connection(), compte).await? {
            let sent = validated && candidatures::is_open(transaction, waiting.annonce).await?;
            let event = if sent { Evenement::Transmettre } else { Evenement::Annuler };
            advance(transaction, waiting, event, None).await?;
        }
        Ok(())
    })
}

/// Moves an answer on, if its state allows it and nobody was faster, and tells its author.
async fn advance(
    transaction: &mut Transaction,
    found: Candidature,
    event: Evenement,
    by: Option<CompteId>,
) -> store::Result<()> {
    let Ok(next) = found.etat.next(event) else { return Ok(()) };
    if !candidatures::step(transaction, &found, next, by).await? {
        return Ok(());
    }
    let now = Candidature { etat: next, version: found.version + 1, ..found };
    record(transaction, &now, event).await?;
    let (numero, titre) = mail(transaction, &now).await?;
    let said = format!("Votre réponse à l’annonce {numero} est {}", next.libelle());
    store::notifications::create(transaction, &[now.compte], "candidature", (&said, &titre, paths::MES_CANDIDATURES))
        .await
}

async fn record(transaction: &mut Transaction, of: &Candidature, event: Evenement) -> store::Result<()> {
    let structure = candidatures::annonce(transaction.connection(), of.annonce).await?.structure;
    let boite = store::correspondants::of_structure(transaction.connection(), structure).await?;
    transaction.record(Fact::CandidatureModifiee { candidature: of.id, compte: of.compte, evenement: event, boite });
    Ok(())
}

/// The email of where an answer stands now (A3); returns the annonce's number and title.
async fn mail(transaction: &mut Transaction, of: &Candidature) -> store::Result<(String, String)> {
    let connection = transaction.connection();
    let annonce = candidatures::annonce(connection, of.annonce).await?;
    let numero = annonce.numero.map(|numero| numero.to_string()).unwrap_or_default();
    let wishes = store::preferences::courriels(connection, &[of.compte.0], Sorte::Candidature).await?;
    let author = store::comptes::by_id(connection, of.compte).await?;
    if let Some(author) = author.filter(|_| wishes.get(&of.compte.0) != Some(&Rythme::Jamais)) {
        let content = Courriel::Candidature {
            prenom: author.prenom,
            numero: numero.clone(),
            titre: annonce.titre.clone(),
            etat: of.etat,
            structure: super::contact(transaction, Some(annonce.structure)).await?,
        };
        let key = format!("candidature-{}-{}", of.id, of.version);
        store::courriels::put(transaction, Some(of.compte), &author.login, &key, &content).await?;
    }
    Ok((numero, annonce.titre))
}
