//! Everything that can go wrong in a request, with its status and its sentence.

use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use domain::compte::Droit;
use domain::connexion::wait_in_words;
use store::vault::VaultError;

use crate::views::Retenue;

/// An error of a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing at this address, or not for this account: the answer is the same.
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    /// The registration must be validated first (SPEC I17).
    #[error("the registration is not validated")]
    NotValidated,
    /// The gestionnaire was not granted that right (SPEC G7).
    #[error("the right {0} was not granted")]
    NotGranted(Droit),
    #[error("login required")]
    LoginRequired,
    /// The form does not come from one of our pages, or the page is too old.
    #[error("the form's token is missing or wrong")]
    Csrf,
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// What was asked is not possible in the present state.
    #[error("conflict: {0}")]
    Conflict(String),
    /// A file that the antivirus keeps from others than its owner.
    #[error("a file is kept back: {0:?}")]
    KeptBack(Retenue),
    #[error("payload too large")]
    TooLarge,
    #[error("the body did not come in time")]
    Late,
    #[error("too many requests")]
    TooMany(Duration),
    /// The server is stopping, or is overloaded.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Too many people ask at once: this request did not get its turn.
    #[error("too many requests wait for the database")]
    Busy,
    /// There is no room on the disk: nothing was kept.
    #[error("the disk is full")]
    Full,
    /// The database's master key is no longer the one of this server.
    #[error("the database's master key is not this server's")]
    KeyReplaced,
    /// The search index is being built: nothing can be searched yet.
    #[error("the search index is not built yet")]
    Indexing,
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// A file could not be kept.
    pub fn of_files(error: &(dyn std::error::Error + 'static)) -> Self {
        if store::is_for_want_of_room(error) {
            store::room_was_found(false);
            return Self::Full;
        }
        Self::Internal(error.to_string())
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            // Two requests did the same at once, and the page did not foresee it: the first one counts.
            error if error.is_unique_violation() => Self::Conflict(
                "La même chose vient d’être enregistrée, par vous ou par quelqu’un d’autre : rien n’a été ajouté."
                    .to_owned(),
            ),
            store::Error::Busy => Self::Busy,
            store::Error::Connection(_) | store::Error::Opening(_) | store::Error::Taken => {
                Self::Unavailable(error.to_string())
            }
            store::Error::Full => Self::Full,
            store::Error::KeyReplaced => Self::KeyReplaced,
            store::Error::Query(_)
            | store::Error::Migration(_)
            | store::Error::Newer { .. }
            | store::Error::Unknown { .. }
            | store::Error::Sealed
            | store::Error::Json(_)
            | store::Error::Referential { .. }
            | store::Error::File(_)
            | store::Error::Interrupted => Self::Internal(error.to_string()),
        }
    }
}

impl From<actors::commands::NotValidated> for Error {
    fn from(_: actors::commands::NotValidated) -> Self {
        Self::NotValidated
    }
}

impl From<actors::commands::NoMailbox> for Error {
    fn from(_: actors::commands::NoMailbox) -> Self {
        Self::Forbidden
    }
}

impl From<actors::commands::NoGestionnaire> for Error {
    fn from(_: actors::commands::NoGestionnaire) -> Self {
        Self::Forbidden
    }
}

impl From<actors::live::AskError> for Error {
    fn from(error: actors::live::AskError) -> Self {
        match error {
            actors::live::AskError::Unreachable(error) => error.into(),
            actors::live::AskError::Store(error) => error.into(),
        }
    }
}

/// For rules that refuse nothing.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl From<actors::live::Unreachable> for Error {
    fn from(error: actors::live::Unreachable) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<actors::mots_de_passe::PasswordError> for Error {
    fn from(error: actors::mots_de_passe::PasswordError) -> Self {
        match error {
            actors::mots_de_passe::PasswordError::Busy => Self::Unavailable(error.to_string()),
            actors::mots_de_passe::PasswordError::Hash(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<search_index::Error> for Error {
    fn from(error: search_index::Error) -> Self {
        match error {
            search_index::Error::NotBuilt(_) => Self::Indexing,
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Other | VaultError::Replaced => Self::KeyReplaced,
            VaultError::Store(error) => error.into(),
            VaultError::File { .. }
            | VaultError::Missing { .. }
            | VaultError::Malformed { .. }
            | VaultError::Open { .. }
            | VaultError::Sealed
            | VaultError::Random(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<actix_web::error::BlockingError> for Error {
    fn from(error: actix_web::error::BlockingError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl Error {
    /// A sentence of its own, when the usual one of the status does not say enough.
    pub(crate) fn sentence(&self) -> Option<String> {
        match self {
            Self::NotValidated => Some(
                "Cette page s’ouvrira quand votre inscription sera validée. Un courriel vous l’annoncera.".to_owned(),
            ),
            Self::NotGranted(droit) => Some(format!(
                "Votre compte n’a pas le droit « {} ». Demandez-le à l’administrateur.",
                droit.libelle()
            )),
            Self::Csrf => Some(
                "Cette page était ouverte depuis trop longtemps, ou la demande ne vient pas de ce site : rien n’a été enregistré. \
                 Rechargez la page précédente et recommencez."
                    .to_owned(),
            ),
            Self::BadRequest(sentence) => Some((*sentence).to_owned()),
            Self::Conflict(sentence) => Some(sentence.clone()),
            Self::KeptBack(why) => Some(why.pourquoi().to_owned()),
            Self::Busy => Some(
                "Trop de personnes utilisent le service en ce moment : votre demande n’a pas pu être traitée, et rien n’a été \
                 enregistré."
                    .to_owned(),
            ),
            Self::Full => Some(
                "Le service n’a plus de place pour enregistrer : rien n’a été enregistré ni envoyé. Les pages se lisent comme \
                 avant."
                    .to_owned(),
            ),
            Self::Late => Some(
                "Votre envoi s’est arrêté en chemin, ou la connexion est trop lente : rien n’a été enregistré. Revenez à la page \
                 précédente et envoyez à nouveau ; un fichier plus léger passera plus vite."
                    .to_owned(),
            ),
            Self::TooMany(wait) => Some(format!("Trop de demandes : réessayez dans {}.", wait_in_words(*wait))),
            Self::KeyReplaced => Some(
                "Ce serveur n’a plus la clé qui protège ces données : rien n’a été enregistré. Réessayez dans quelques minutes."
                    .to_owned(),
            ),
            Self::Indexing => Some(
                "La recherche se prépare : tous les profils et toutes les annonces y entrent en ce moment.".to_owned(),
            ),
            Self::NotFound
            | Self::Forbidden
            | Self::LoginRequired
            | Self::TooLarge
            | Self::Unavailable(_)
            | Self::Internal(_) => None,
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::NotValidated | Self::NotGranted(_) | Self::Csrf => StatusCode::FORBIDDEN,
            Self::LoginRequired => StatusCode::UNAUTHORIZED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::KeptBack(_) => StatusCode::LOCKED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) | Self::KeyReplaced | Self::Busy | Self::Full | Self::Indexing => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Without a body: [`crate::dress`] adds it once it knows the client.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}
