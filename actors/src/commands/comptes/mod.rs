//! Accounts, and how one enters (SPEC K1 to K10, G7).

mod acces;
mod adresses;
mod agents;
mod captchas;
mod connexion;
mod echeances;
mod liens;
mod mots_de_passe;
mod second_facteur;

pub use acces::{CancelAccess, GiveAccess, MakeAccount, NotGiven, NotMade, WelcomePerson};
pub use adresses::{AskAddress, ChooseCredentials, Chosen, ConfirmAddress, NotConfirmed, OwnAddress};
pub use agents::{
    ArchiveAgent, ChangeAgent, CreateAdministrateur, CreateAgent, NotManaged, Poste, ReopenAgent, WelcomeAgent,
};
pub use captchas::{KeepCaptcha, TakeCaptcha};
pub use connexion::{
    BeginStep, CountTry, EndOtherSessions, EndSession, NoSuchSession, NotActive, OpenSession, STEP_LIFETIME,
    TouchSession,
};
pub(crate) use echeances::expire_activations;
pub use liens::Expired;
pub use mots_de_passe::{ChangePassword, ForgottenPassword, NotCurrent, RenewHash, SetPassword};
pub use second_facteur::{
    AlreadyOn, ChangeFactor, ConfirmFactor, FactorProof, NotChanged, ProposeFactor, UseFactor, WrongCode,
};
