//! What is done in somebody's name: one file for each word of the domain (docs/architecture.md).
//!
//! A command is one transaction. It is done whole, or a rule refuses it and nothing of it is kept. It knows no HTML. An
//! account's commands run in its actor ([`crate::live::Comptes::ask`]), what no account asks for in [`FrontDesk`]. They
//! check the right inside their transaction.

pub mod alertes;
mod annonces;
pub mod candidatures;
pub(crate) mod comptes;
mod contenus;
pub(crate) mod cvtheque;
pub mod demandes;
pub mod donnees;
pub mod dossiers;
mod echeances;
mod equipe;
pub mod inscriptions;
mod intervenants;
pub mod lettres;
mod liens;
pub mod messagerie;
mod modeles;
mod notifications;
mod preferences;
pub mod profil;
mod recherches_annonces;
mod referentiels;
mod valide;

use std::sync::Arc;
use std::time::Duration;

use domain::courriel::Contact;
use domain::{CompteId, StructureId};
use futures_util::future::BoxFuture;
use store::{Pending, Refused, Store, Transaction};

pub use alertes::{SetAlert, StopAlerts, UnknownWord};
pub use annonces::{AdvanceAnnonce, ChangeAnnonce, CreateAnnonce};
pub use comptes::{
    AlreadyOn, ArchiveAgent, AskAddress, BeginStep, CancelAccess, ChangeAgent, ChangeFactor, ChangePassword,
    ChooseCredentials, Chosen, ConfirmAddress, ConfirmFactor, CountTry, CreateAdministrateur, CreateAgent,
    EndOtherSessions, EndSession, Expired, FactorProof, ForgottenPassword, GiveAccess, KeepCaptcha, MakeAccount,
    NoSuchSession, NotActive, NotChanged, NotConfirmed, NotCurrent, NotGiven, NotMade, NotManaged, OpenSession,
    OwnAddress, Poste, ProposeFactor, RenewHash, ReopenAgent, STEP_LIFETIME, SetPassword, TakeCaptcha, TouchSession,
    UseFactor, WelcomeAgent, WelcomePerson, WrongCode,
};
pub use contenus::{ChangeArticle, ChangeTexte, CreateArticle, MoveArticle, NotWritten, RemoveArticle, SetDocument};
pub use cvtheque::{
    FillList, FollowSearch, KeepSearch, LISTES_MAX, ListRefusal, MEMBRES_MAX, NoGestionnaire, RECHERCHES_MAX,
    RecordExport, RemoveList, RemoveSearch, SearchRefusal, ShareList, ShareSearch, TakeOutOfList, WhichList,
};
pub use echeances::Due;
pub use equipe::{AddNote, AssignMessage, Look, NotAssigned, NotNoted};
pub use intervenants::{AddIntervention, ChangeIntervention, NotRecorded, RemoveIntervention, SetImmatriculation};
pub use liens::LinkSecret;
pub use messagerie::{
    ActOnMessages, ArchiveDrafts, Envoi, Envoye, NoMailbox, NotSent, OpenMessage, SaveDraft, SendMessage,
};
pub use modeles::{KeepTemplate, MODELES_MAX, RemoveTemplate, TemplateRefusal};
pub use notifications::ReadNotifications;
pub use preferences::SetPreferences;
pub use recherches_annonces::{ChangeFollowed, FollowAnnonces, NotFollowed, Suite, UnknownSearch};
pub use referentiels::{
    ChangeStructure, MoveMotif, NoSigle, NotListed, RemoveSigle, SaveLangue, SaveMotif, SaveSigle, SaveSpecialite,
    langue_is_listed, specialite_refusal,
};
pub use valide::NotValidated;

/// What came of a command: what was done, or the rule that refuses it; apart from what the database could not do.
pub type Answer<C, E = store::Error> = Result<Result<<C as Command>::Done, <C as Command>::Refusal>, E>;

/// No account: a visitor asks (a registration, a link of a mail, a request for support), or the server itself (a
/// deadline).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nobody;

impl From<Nobody> for Option<CompteId> {
    fn from(_: Nobody) -> Self {
        None
    }
}

/// Something that is asked for.
pub trait Command: Send + Sync + Sized + 'static {
    /// In whose name: an account's ([`CompteId`]), or [`Nobody`]'s.
    type By: Into<Option<CompteId>> + Copy + Send + Sync + 'static;
    type Done: Send + 'static;
    /// Why it may be refused.
    type Refusal: Send + 'static;

    /// Does it to its end, whatever becomes of who asked.
    fn perform(self, store: Store, by: Self::By) -> BoxFuture<'static, Answer<Self>>;
}

/// Runs what no account asks for.
#[derive(Clone, Debug)]
pub struct FrontDesk(Store);

impl FrontDesk {
    pub fn new(store: Store) -> Self {
        Self(store)
    }

    /// Does it, and returns what was done or why a rule refuses it.
    pub fn ask<C: Command<By = Nobody>>(&self, command: C) -> BoxFuture<'static, Answer<C>> {
        command.perform(self.0.clone(), Nobody)
    }
}

/// A command whose `run` is its one transaction; a third type says that no account asks for it. Its body is compiled
/// here, not again where it is asked for.
macro_rules! command {
    ($name:ident: $done:ty, $refusal:ty) => {
        $crate::commands::command!($name: $done, $refusal, ::domain::CompteId);
    };
    ($name:ident: $done:ty, $refusal:ty, $by:ty) => {
        impl $crate::commands::Command for $name {
            type By = $by;
            type Done = $done;
            type Refusal = $refusal;

            fn perform(
                self,
                store: ::store::Store,
                by: $by,
            ) -> ::futures_util::future::BoxFuture<'static, $crate::commands::Answer<Self>> {
                $crate::commands::transact(store, by, self, Self::within)
            }
        }

        impl $name {
            /// Does it as a part of a transaction that is under way, as the demonstration does.
            pub fn within<'t>(
                &'t self,
                transaction: &'t mut ::store::Transaction,
                by: $by,
            ) -> ::store::Pending<'t, $done, ::store::Refused<$refusal>> {
                Box::pin(self.run(transaction, by))
            }
        }
    };
}
use command;

/// Refuses whoever is no administrateur.
async fn administrateur<R>(transaction: &mut Transaction, by: CompteId, no: R) -> Result<(), Refused<R>> {
    if store::droits::administre(transaction, by).await? { Ok(()) } else { Err(Refused::Because(no)) }
}

/// The structure of a gestionnaire; refuses anybody else.
async fn structure<R>(transaction: &mut Transaction, by: CompteId, no: R) -> Result<StructureId, Refused<R>> {
    store::droits::gestionnaire(transaction, by).await?.ok_or(Refused::Because(no))
}

/// How mails name a structure and say how to reach it.
async fn contact(transaction: &mut Transaction, structure: Option<StructureId>) -> store::Result<Contact> {
    let found = match structure {
        Some(id) => store::structures::by_id(transaction.connection(), id).await?,
        None => None,
    };
    Ok(found.map_or_else(Contact::default, |structure| Contact {
        nom: structure.nom,
        telephone: domain::telephone::shown(&structure.telephone),
        courriel: structure.courriel,
    }))
}

/// How often a command is tried when somebody writes the same unique row at the same instant: the next time it finds
/// that row.
const TRIES: u32 = 3;
/// How long before the next try.
const PAUSE: Duration = Duration::from_millis(5);

type Work<C, B, D, R> = for<'t> fn(&'t C, &'t mut Transaction, B) -> Pending<'t, D, Refused<R>>;

fn transact<C, B, D, R>(
    store: Store,
    by: B,
    command: C,
    work: Work<C, B, D, R>,
) -> BoxFuture<'static, store::Result<Result<D, R>>>
where
    C: Send + Sync + 'static,
    B: Into<Option<CompteId>> + Copy + Send + Sync + 'static,
    D: Send + 'static,
    R: Send + 'static,
{
    let command = Arc::new(command);
    Box::pin(async move {
        let mut tries = 1;
        loop {
            let one = Arc::clone(&command);
            let done = store
                .attempt(by.into(), move |transaction| Box::pin(async move { work(&one, transaction, by).await }))
                .await;
            if tries == TRIES || !done.as_ref().is_err_and(store::Error::is_unique_violation) {
                return done;
            }
            tries += 1;
            tokio::time::sleep(PAUSE).await;
        }
    })
}
