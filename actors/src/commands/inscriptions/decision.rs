//! What a structure does with the registrations that it received (SPEC G2).

use chrono::NaiveDateTime;
use domain::compte::{Droit, EtatCompte, EtatInscription};
use domain::courriel::Courriel;
use domain::inscription::{Decision, Evenement, Refusal, complement_due, last_day, presentable_from};
use domain::journal::Fact;
use domain::nir::mask;
use domain::{CompteId, StructureId, dates};
use store::comptes::Compte;
use store::inscriptions::{self, Inscription};
use store::{Connection, Refused, Transaction};

use super::super::candidatures;
use super::command;
use domain::paths::TABLEAU_DE_BORD;

/// Why nothing is decided about a registration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InscriptionNotDecided {
    #[error("Vous n’avez pas, ou plus, le droit de décider des inscriptions de votre structure.")]
    Forbidden,
    #[error("Cette inscription n’est pas, ou plus, à votre structure.")]
    NotHere,
    #[error("Choisissez une autre structure de la liste.")]
    Structure,
    #[error(transparent)]
    State(#[from] Refusal),
    #[error("Cette inscription a changé entre-temps : relisez-la avant de décider.")]
    Already {
        /// Who, if it was a gestionnaire.
        by: Option<String>,
        decision: Evenement,
        at: NaiveDateTime,
    },
}

/// Decide upon a registration, if it is still as it was read. When two decide at once, the second is refused with the
/// name of the first.
#[derive(Clone, Debug)]
pub struct DecideInscription {
    pub compte: CompteId,
    pub version: i64,
    pub decision: Decision,
}

command!(DecideInscription: (), InscriptionNotDecided);

impl DecideInscription {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<InscriptionNotDecided>> {
        let (found, account, _) = own(transaction, by, self.compte).await?;
        if found.version != self.version {
            return Err(already(transaction.connection(), self.compte).await?);
        }
        let (now, evenement) = (transaction.now, self.decision.evenement());
        let first = match self.decision {
            Decision::PrendreEnCharge => found.premiere_decision_at,
            _ => found.premiere_decision_at.or(Some(now)),
        };
        let next = Inscription {
            etat: found.etat.next(evenement).map_err(Refused::rule)?,
            premiere_decision_at: first,
            complement_avant: matches!(self.decision, Decision::DemanderComplement { .. }).then(|| complement_due(now)),
            gestionnaire: Some(by),
            version: found.version + 1,
            ..found.clone()
        };
        if !inscriptions::step(transaction, &found, &next).await? {
            return Err(already(transaction.connection(), self.compte).await?);
        }
        super::record(transaction, self.compte, evenement, &[found.structure]).await?;
        let said = self.decision.explication();
        inscriptions::note(transaction, self.compte, evenement, said, found.structure, Some(by)).await?;
        match next.etat {
            EtatInscription::Validee => {
                transaction.record(Fact::ProfilModifie { compte: self.compte });
                candidatures::settle_waiting(transaction, self.compte, true).await?;
            }
            EtatInscription::Rejetee => candidatures::settle_waiting(transaction, self.compte, false).await?,
            EtatInscription::Brouillon
            | EtatInscription::Transmise
            | EtatInscription::EnAnalyse
            | EtatInscription::Complement => {}
        }
        Ok(tell(transaction, &account, &next, &self.decision).await?)
    }
}

/// The email and the notification of a decision; `now` is the registration after it.
async fn tell(
    transaction: &mut Transaction,
    account: &Compte,
    now: &Inscription,
    decision: &Decision,
) -> store::Result<()> {
    let titre = match decision {
        Decision::PrendreEnCharge => return Ok(()),
        Decision::Valider => "Votre inscription est validée",
        Decision::Rejeter { .. } => "Votre inscription n’est pas retenue",
        Decision::DemanderComplement { .. } => "Votre structure vous demande un complément",
    };
    let texte = mask(decision.explication().1);
    let first = now.premiere_decision_at.unwrap_or(transaction.now);
    let key = format!("inscription-{}-{}", account.id, now.version);
    super::mail(transaction, account, now.structure, &key, |prenom, structure| match decision {
        Decision::PrendreEnCharge | Decision::Valider => Courriel::InscriptionValidee { prenom, structure },
        Decision::Rejeter { .. } => {
            let a_partir_du = dates::jour(presentable_from(first));
            Courriel::InscriptionRejetee { prenom, structure, texte, a_partir_du }
        }
        Decision::DemanderComplement { .. } => {
            let jusqu_au = now.complement_avant.map(last_day).unwrap_or_default();
            Courriel::ComplementDemande { prenom, structure, texte, jusqu_au }
        }
    })
    .await?;
    store::notifications::create(transaction, &[account.id], "inscription", (titre, "", TABLEAU_DE_BORD)).await
}

/// Move a registration that waits to another structure's queue, if it is still as it was read.
#[derive(Clone, Copy, Debug)]
pub struct ReassignInscription {
    pub compte: CompteId,
    pub version: i64,
    /// The other structure.
    pub to: StructureId,
}

command!(ReassignInscription: (), InscriptionNotDecided);

impl ReassignInscription {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<InscriptionNotDecided>> {
        let (found, _, from) = own(transaction, by, self.compte).await?;
        let known = store::structures::by_id(transaction.connection(), self.to).await?.is_some();
        if !known || self.to == from {
            return Err(Refused::Because(InscriptionNotDecided::Structure));
        }
        let next = Inscription {
            etat: found.etat.next(Evenement::Reaffecter).map_err(Refused::rule)?,
            structure: Some(self.to),
            gestionnaire: None,
            ..found.clone()
        };
        if found.version != self.version || !inscriptions::step(transaction, &found, &next).await? {
            return Err(already(transaction.connection(), self.compte).await?);
        }
        inscriptions::note(transaction, self.compte, Evenement::Reaffecter, ("", ""), Some(self.to), Some(by)).await?;
        Ok(super::record(transaction, self.compte, Evenement::Reaffecter, &[Some(from), Some(self.to)]).await?)
    }
}

/// A registration that the structure of an account has received, with its own account and that structure.
async fn own(
    transaction: &mut Transaction,
    by: CompteId,
    compte: CompteId,
) -> Result<(Inscription, Compte, StructureId), Refused<InscriptionNotDecided>> {
    let structure = store::droits::habilite(transaction, by, Droit::Inscriptions).await?;
    let structure = structure.ok_or(Refused::Because(InscriptionNotDecided::Forbidden))?;
    let found = inscriptions::of(transaction.connection(), compte).await?;
    let found = found.filter(|found| found.structure == Some(structure) && found.etat != EtatInscription::Brouillon);
    let account = store::comptes::by_id(transaction.connection(), compte).await?;
    let account = account.filter(|account| account.etat == EtatCompte::Actif);
    let (found, account) = found.zip(account).ok_or(Refused::Because(InscriptionNotDecided::NotHere))?;
    Ok((found, account, structure))
}

/// The refusal that names the last step of a registration.
async fn already(connection: &mut Connection, id: CompteId) -> store::Result<Refused<InscriptionNotDecided>> {
    let last = inscriptions::history(connection, id).await?.into_iter().next();
    Ok(Refused::Because(match last {
        Some(step) => InscriptionNotDecided::Already { by: step.gestionnaire, decision: step.decision, at: step.at },
        None => InscriptionNotDecided::NotHere,
    }))
}
