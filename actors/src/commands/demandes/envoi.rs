//! What its author does with a request: they send it, confirm it, and write in its thread (S1 to S5).

use chrono::Datelike;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::support::{CONFIRMATION_DAYS, EtatDemande, Evenement, TypeDemande};
use domain::time::{days_after, paris_day};
use domain::{CompteId, StructureId, paths};
use store::demandes::{self, De, Demande};
use store::fichiers::Recu;
use store::{Pending, Refused, Transaction, numerotation};

use super::{NotHandled, by_link, notify, record, repeated, tell};
use crate::commands::{LinkSecret, Nobody, command};
use std::convert::Infallible;

/// What is asked of the support.
#[derive(Clone, Debug)]
pub struct Nouvelle {
    pub sorte: TypeDemande,
    pub structure: StructureId,
    pub courriel: String,
    pub nom: String,
    pub prenom: String,
    pub objet: String,
    pub texte: String,
    /// The token of the form: posted twice, it is one request.
    pub jeton: String,
    /// What will sign the links to its history: nobody can guess it.
    pub secret: String,
}

/// Keeps a request. With `confirmation`, it goes to the structure once that link is clicked; without, at once. Returns
/// the request that was kept before when the same form was posted before.
pub fn send<'a>(
    transaction: &'a mut Transaction,
    nouvelle: &'a Nouvelle,
    compte: Option<CompteId>,
    confirmation: Option<&'a LinkSecret>,
) -> Pending<'a, Demande> {
    Box::pin(async move {
        let now = transaction.now;
        let annee = paris_day(now).year();
        let serie = format!("support-{annee}");
        // Two requests numbered at once wait for each other here: a form posted twice finds its first request.
        numerotation::hold(transaction, &serie).await?;
        if let Some(known) = demandes::by_jeton(transaction.connection(), &nouvelle.jeton).await? {
            return Ok(known);
        }
        let rang = numerotation::next(transaction, &serie).await?;
        let avant = days_after(now, CONFIRMATION_DAYS);
        let row = demandes::Nouvelle {
            reference: format!("S-{annee}-{rang:04}"),
            sorte: nouvelle.sorte,
            structure: nouvelle.structure,
            compte,
            courriel: &nouvelle.courriel,
            nom: &nouvelle.nom,
            prenom: &nouvelle.prenom,
            objet: &nouvelle.objet,
            jeton: &nouvelle.jeton,
            secret: &nouvelle.secret,
            confirmation: confirmation.map(|one| (one.kept.as_str(), avant)),
        };
        let made = demandes::insert(transaction, &row).await?;
        let author = (De::Demandeur, compte);
        demandes::write(transaction, made.id, author, &nouvelle.texte, &nouvelle.jeton).await?;
        let Some(confirmation) = confirmation else {
            reached(transaction, &made).await?;
            return Ok(made);
        };
        let content = Courriel::SupportAConfirmer {
            prenom: made.prenom.clone(),
            reference: made.reference.clone(),
            objet: made.objet.clone(),
            chemin: paths::confirmation(&confirmation.token),
            jusqu_au: last_day(avant),
        };
        let key = format!("demande-{}-a-confirmer", made.id);
        store::courriels::put(transaction, None, &made.courriel, &key, &content).await?;
        Ok(made)
    })
}

/// A request has reached a structure: its people see it, its author is told.
async fn reached(transaction: &mut Transaction, of: &Demande) -> store::Result<()> {
    record(transaction, of.id, Evenement::Confirmer, &[of.structure]).await?;
    tell(transaction, of).await
}

/// Send a request of one's own account: the structure has it at once.
#[derive(Clone, Debug)]
pub struct SendDemande(pub Nouvelle);

command!(SendDemande: Demande, Infallible);

impl SendDemande {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Demande, Refused<Infallible>> {
        Ok(send(transaction, &self.0, Some(by), None).await?)
    }
}

/// Send a request as a visitor: it waits until they have clicked the link that is mailed to them (S2).
#[derive(Clone, Debug)]
pub struct SendDemandeOfVisitor {
    pub nouvelle: Nouvelle,
    pub confirmation: LinkSecret,
}

command!(SendDemandeOfVisitor: Demande, Infallible, Nobody);

impl SendDemandeOfVisitor {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<Demande, Refused<Infallible>> {
        Ok(send(transaction, &self.nouvelle, None, Some(&self.confirmation)).await?)
    }
}

/// Confirm the request of a link, by its digest: the request goes to its structure. Confirmed again, it is returned as
/// it is.
#[derive(Clone, Debug)]
pub struct ConfirmDemande(pub String);

command!(ConfirmDemande: Demande, NotHandled, Nobody);

impl ConfirmDemande {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<Demande, Refused<NotHandled>> {
        let now = transaction.now;
        let known = demandes::by_confirmation(transaction.connection(), &self.0).await?;
        let id = known.ok_or(Refused::Because(NotHandled::Unknown))?.id;
        let found = demandes::hold(transaction, id).await?.ok_or(Refused::Because(NotHandled::Unknown))?;
        if found.etat != EtatDemande::AConfirmer {
            return Ok(found);
        }
        if found.echeance_at.is_none_or(|avant| avant <= now) {
            return Err(Refused::Because(NotHandled::Expired));
        }
        let next = Demande {
            etat: found.etat.next(Evenement::Confirmer).map_err(Refused::rule)?,
            version: found.version + 1,
            transmise_at: Some(now),
            echeance_at: None,
            ..found
        };
        demandes::step(transaction, &next).await?;
        reached(transaction, &next).await?;
        Ok(next)
    }
}

/// Write in the thread of the request that a signed link opens, perhaps with a file: what its author was asked for goes
/// back to the structure (S5). Returns false when the same form wrote it before.
#[derive(Clone, Debug)]
pub struct CompleteDemande {
    pub lien: String,
    pub texte: String,
    pub jeton: String,
    /// The file, whose blob is stored already.
    pub piece: Option<Recu>,
}

command!(CompleteDemande: bool, NotHandled, Nobody);

impl CompleteDemande {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<bool, Refused<NotHandled>> {
        let now = transaction.now;
        let id = by_link(transaction.connection(), &self.lien, now).await?.id;
        let found = demandes::hold(transaction, id).await?.ok_or(Refused::Because(NotHandled::Unknown))?;
        transaction.actor = found.compte;
        if repeated(transaction, id, &self.texte, &self.jeton).await? {
            return Ok(false);
        }
        let next = Demande {
            etat: found.etat.next(Evenement::Completer).map_err(Refused::rule)?,
            version: found.version + 1,
            echeance_at: None,
            rappel_at: None,
            ..found
        };
        demandes::step(transaction, &next).await?;
        let author = (De::Demandeur, next.compte);
        let message = demandes::write(transaction, id, author, &self.texte, &self.jeton).await?;
        if let Some(piece) = &self.piece {
            demandes::attach(transaction, message, piece).await?;
        }
        record(transaction, id, Evenement::Completer, &[next.structure]).await?;
        if let Some(assigne) = next.assigne {
            let said = format!("{} {} a répondu à la demande {}", next.prenom, next.nom, next.reference);
            notify(transaction, assigne, (&said, &next.objet, &paths::demande(id))).await?;
        }
        Ok(true)
    }
}
