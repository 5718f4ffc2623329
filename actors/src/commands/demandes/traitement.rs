//! What a structure does with a request of its queue (S4, S5, S8).

use domain::support::{COMPLEMENT_DAYS, EtatDemande, Evenement};
use domain::time::days_after;
use domain::{CompteId, StructureId, paths};
use store::demandes::{self, De, Demande};
use store::{Refused, Transaction};

use super::{NotHandled, notify, record, repeated, tell};
use crate::commands::command;

/// A request that the structure of a gestionnaire has, locked.
async fn held(transaction: &mut Transaction, by: CompteId, demande: i64) -> Result<Demande, Refused<NotHandled>> {
    let structure = store::droits::gestionnaire(transaction, by).await?;
    let structure = structure.ok_or(Refused::Because(NotHandled::Forbidden))?;
    let found = demandes::hold(transaction, demande).await?;
    found
        .filter(|found| found.structure == structure && found.etat != EtatDemande::AConfirmer)
        .ok_or(Refused::Because(NotHandled::Unknown))
}

/// The same, if it is still as it was read.
async fn seen(
    transaction: &mut Transaction,
    by: CompteId,
    (demande, version): (i64, i32),
) -> Result<Demande, Refused<NotHandled>> {
    let found = held(transaction, by, demande).await?;
    if found.version == version { Ok(found) } else { Err(Refused::Because(NotHandled::Changed)) }
}

/// Write to the author of a request: an answer in between, a question, or the answer that closes.
#[derive(Clone, Debug)]
pub struct TreatDemande {
    pub demande: i64,
    pub version: i32,
    /// [`Evenement::Repondre`], [`Evenement::DemanderComplement`] or [`Evenement::Clore`].
    pub evenement: Evenement,
    pub texte: String,
    /// The token of the form: posted twice, it is one message.
    pub jeton: String,
}

command!(TreatDemande: (), NotHandled);

impl TreatDemande {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotHandled>> {
        let found = held(transaction, by, self.demande).await?;
        if repeated(transaction, found.id, &self.texte, &self.jeton).await? {
            return Ok(());
        }
        if found.version != self.version {
            return Err(Refused::Because(NotHandled::Changed));
        }
        let etat = found.etat.next(self.evenement).map_err(Refused::rule)?;
        let now = transaction.now;
        let next = Demande {
            etat,
            version: found.version + 1,
            repondue_at: Some(found.repondue_at.unwrap_or(now)),
            assigne: Some(found.assigne.unwrap_or(by)),
            echeance_at: (etat == EtatDemande::Complement).then(|| days_after(now, COMPLEMENT_DAYS)),
            rappel_at: None,
            close_at: (etat == EtatDemande::Close).then_some(now),
            ..found
        };
        demandes::step(transaction, &next).await?;
        demandes::write(transaction, next.id, (De::Structure, Some(by)), &self.texte, &self.jeton).await?;
        record(transaction, next.id, self.evenement, &[next.structure]).await?;
        Ok(tell(transaction, &next).await?)
    }
}

/// Give a request to one of the structure's people, or to nobody. A new one is then being treated, which its author is
/// told.
#[derive(Clone, Copy, Debug)]
pub struct AssignDemande {
    pub demande: i64,
    pub version: i32,
    pub a: Option<CompteId>,
}

command!(AssignDemande: (), NotHandled);

impl AssignDemande {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotHandled>> {
        let found = seen(transaction, by, (self.demande, self.version)).await?;
        let evenement = if self.a.is_some() { Evenement::Prendre } else { Evenement::Rendre };
        let etat = found.etat.next(evenement).map_err(Refused::rule)?;
        if let Some(to) = self.a {
            let members = store::suivis::members(transaction.connection(), found.structure).await?;
            if members.iter().all(|(id, _)| *id != to) {
                return Err(Refused::Because(NotHandled::NotAMember));
            }
        }
        if found.assigne == self.a {
            return Ok(());
        }
        let taken = etat != found.etat;
        let next = Demande { etat, version: found.version + 1, assigne: self.a, ..found };
        demandes::step(transaction, &next).await?;
        record(transaction, next.id, evenement, &[next.structure]).await?;
        if self.a.is_none() {
            let said = "La demande n’est plus confiée à une personne en particulier : la structure la garde.";
            let jeton = format!("rendue-{}", next.version);
            demandes::write(transaction, next.id, (De::Service, Some(by)), said, &jeton).await?;
        }
        if taken {
            tell(transaction, &next).await?;
        }
        if let Some(to) = self.a.filter(|to| *to != by) {
            let said = format!("La demande {} vous est confiée", next.reference);
            notify(transaction, to, (&said, &next.objet, &paths::demande(next.id))).await?;
        }
        Ok(())
    }
}

/// Hand a request over to another structure, where it is new; its author is told.
#[derive(Clone, Copy, Debug)]
pub struct TransferDemande {
    pub demande: i64,
    pub version: i32,
    pub vers: StructureId,
}

command!(TransferDemande: (), NotHandled);

impl TransferDemande {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotHandled>> {
        let found = seen(transaction, by, (self.demande, self.version)).await?;
        let etat = found.etat.next(Evenement::Transferer).map_err(Refused::rule)?;
        let from = found.structure;
        let other = store::structures::by_id(transaction.connection(), self.vers).await?;
        let other = other.filter(|_| self.vers != from).ok_or(Refused::Because(NotHandled::SameStructure))?;
        let next = Demande {
            structure: self.vers,
            etat,
            version: found.version + 1,
            assigne: None,
            transmise_at: Some(transaction.now),
            echeance_at: None,
            rappel_at: None,
            ..found
        };
        demandes::step(transaction, &next).await?;
        let said = format!("La demande est confiée à une autre structure : {}.", other.nom);
        let jeton = format!("transfert-{}", next.version);
        demandes::write(transaction, next.id, (De::Service, Some(by)), &said, &jeton).await?;
        record(transaction, next.id, Evenement::Transferer, &[from, next.structure]).await?;
        Ok(tell(transaction, &next).await?)
    }
}

/// Merge a request into another one of the same person: its thread goes on there, with its files; its links lead there.
#[derive(Clone, Copy, Debug)]
pub struct MergeDemandes {
    pub demande: i64,
    pub version: i32,
    /// The one that it is merged into.
    pub dans: i64,
}

command!(MergeDemandes: (), NotHandled);

impl MergeDemandes {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotHandled>> {
        // Both are locked, the lower id first: when two are merged into each other at once, one stays.
        demandes::hold(transaction, self.demande.min(self.dans)).await?;
        demandes::hold(transaction, self.demande.max(self.dans)).await?;
        let found = seen(transaction, by, (self.demande, self.version)).await?;
        let others = demandes::duplicates(transaction.connection(), &found).await?;
        let etat = found.etat.next(Evenement::Reunir).ok().filter(|_| others.iter().any(|one| one.id == self.dans));
        let next = Demande {
            etat: etat.ok_or(Refused::Because(NotHandled::NotADuplicate))?,
            version: found.version + 1,
            fusion: Some(self.dans),
            echeance_at: None,
            close_at: Some(transaction.now),
            ..found
        };
        demandes::step(transaction, &next).await?;
        demandes::bring(transaction, next.id, self.dans).await?;
        let said = format!("La demande {} est réunie à celle-ci.", next.reference);
        let jeton = format!("fusion-{}", next.id);
        demandes::write(transaction, self.dans, (De::Service, Some(by)), &said, &jeton).await?;
        Ok(record(transaction, next.id, Evenement::Reunir, &[next.structure]).await?)
    }
}
