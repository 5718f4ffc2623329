//! The client of a request: the session behind the cookie, and the types that prove a role.
//!
//! A handler says which role it needs by the type it takes ([`Connecte`], [`Intervenant`], [`Gestionnaire`],
//! [`Administrateur`]); there is no other way to a mailbox or a structure. The session is read once per request.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use actors::commands::{LinkSecret, TouchSession};
use actors::live::Identity;
use domain::compte::{Droit, Role};
use domain::{CorrespondantId, StructureId};
use sha2::{Digest, Sha256};
use store::sessions::Session;

use crate::app::{App, Settings};
use crate::error::Error;
use crate::fields::Fields;

pub const SESSION: &str = "ei_session";
/// Name of the cookie that ties the forms to the browser, logged in or not: a new login in another tab leaves the open
/// forms valid.
pub const VISITOR: &str = "ei_visiteur";
/// Name of the cookie that says which cookies the browser accepts (P6).
pub const COOKIES: &str = "ei_cookies";
/// Name of the cookie of an unfinished login (K6, K8).
pub const STEP: &str = "ei_etape";
/// Name of the cookie of a browser that has logged in before.
pub const DEVICE: &str = "ei_appareil";
/// The use of a session is recorded at most that often, to save writes.
const TOUCH_EVERY: chrono::Duration = chrono::Duration::seconds(60);

#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// 256 random bits in hexadecimal, for a cookie or a link.
pub fn random_token() -> Result<String, Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(format!("no randomness: {error}")))?;
    Ok(hex(&bytes))
}

/// Longest accepted token of a form: ours have 64 characters.
const FORM_TOKEN_MAX: usize = 80;

/// The token that identifies a form, so that a second post of it is recognised (`jeton`); a new one when there is none.
pub fn form_token(fields: &Fields) -> Result<String, Error> {
    match fields.filled("jeton").filter(|token| token.len() <= FORM_TOKEN_MAX) {
        Some(token) => Ok(token.to_owned()),
        None => random_token(),
    }
}

/// The digest of a token, which is what is stored: it can't be used in place of the token.
pub fn digest(purpose: &str, token: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(token.as_bytes());
    hex(&hash.finalize())
}

/// The secret of a new link, and the digest that is kept of it for that purpose.
pub fn link_secret(purpose: &str) -> Result<LinkSecret, Error> {
    let token = random_token()?;
    Ok(LinkSecret { kept: digest(purpose, &token), token })
}

/// Bytes in hexadecimal, the form of digests.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

/// A cookie with our usual attributes: scripts can't read it, and other sites' forms do not send it.
pub fn cookie(
    settings: &Settings,
    name: &'static str,
    value: String,
    max_age: Option<CookieDuration>,
) -> Cookie<'static> {
    let mut built =
        Cookie::build(name, value).path("/").http_only(true).same_site(SameSite::Lax).secure(settings.secure());
    if let Some(max_age) = max_age {
        built = built.max_age(max_age);
    }
    built.finish()
}

pub fn removal(settings: &Settings, name: &'static str) -> Cookie<'static> {
    let mut cookie = cookie(settings, name, String::new(), Some(CookieDuration::ZERO));
    cookie.make_removal();
    cookie
}

/// The client of a request, logged in or not.
#[derive(Clone, Debug)]
pub struct Viewer(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    session: Option<Session>,
    csrf: String,
    new_visitor: Option<String>,
}

impl Viewer {
    /// The session, when logged in.
    pub fn session(&self) -> Option<&Session> {
        self.0.session.as_ref()
    }

    /// The token that the forms of this browser carry.
    pub fn csrf(&self) -> &str {
        &self.0.csrf
    }

    /// The value of the cookie that a first page must set for its forms to work.
    pub fn new_visitor(&self) -> Option<&str> {
        self.0.new_visitor.as_deref()
    }

    /// The viewer found earlier in this request, if any.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    async fn find(request: HttpRequest) -> Result<Self, Error> {
        if let Some(found) = Self::of(&request) {
            return Ok(found);
        }
        let app = request.app_data::<Data<App>>().ok_or_else(|| Error::Internal("no App".into()))?;
        let mut session = None;
        if let Some(cookie) = request.cookie(SESSION).filter(|cookie| cookie.value().len() == 64) {
            let now = app.store.clock().now();
            session =
                store::sessions::find(&mut app.store.read().await?, &digest("session", cookie.value()), now).await?;
            if let Some(session) = &session
                && session.vue_at + TOUCH_EVERY < now
            {
                let Ok(()) = app.front_desk.ask(TouchSession(session.id)).await?;
            }
        }
        let mut new_visitor = None;
        let token = match request.cookie(VISITOR).filter(|cookie| cookie.value().len() == 64) {
            Some(cookie) => cookie.value().to_owned(),
            None => new_visitor.insert(random_token()?).clone(),
        };
        let viewer = Self(Rc::new(Inner { session, csrf: digest("csrf", &token), new_visitor }));
        request.extensions_mut().insert(viewer.clone());
        Ok(viewer)
    }
}

/// The identity of a session's account for the actors.
pub fn identity(session: &Session) -> Identity {
    Identity { compte: session.compte, correspondant: session.correspondant, session: session.id }
}

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, Error>>>>;

impl FromRequest for Viewer {
    type Error = Error;
    type Future = Extraction<Self>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(Self::find(request.clone()))
    }
}

/// Somebody who is logged in, whatever their role.
#[derive(Clone, Debug)]
pub struct Connecte {
    pub session: Session,
    pub viewer: Viewer,
}

impl Connecte {
    /// Their identity for the actors.
    pub fn identity(&self) -> Identity {
        identity(&self.session)
    }
}

impl FromRequest for Connecte {
    type Error = Error;
    type Future = Extraction<Self>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let viewer = Viewer::find(request).await?;
            let session = viewer.session().cloned().ok_or(Error::LoginRequired)?;
            Ok(Self { session, viewer })
        })
    }
}

/// Makes an extractor: takes what the first extractor finds, if `$allow` accepts it.
macro_rules! extracted {
    ($who:ident from $first:ident, $allow:expr) => {
        impl FromRequest for $who {
            type Error = Error;
            type Future = Extraction<Self>;
            fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
                let first = $first::from_request(request, payload);
                Box::pin(async move {
                    let allow: fn($first) -> Result<Self, Error> = $allow;
                    allow(first.await?)
                })
            }
        }
    };
}

/// Somebody who has a mailbox: an intervenant with their own, or a gestionnaire with the structure's.
#[derive(Clone, Debug)]
pub struct Titulaire {
    pub connecte: Connecte,
    pub correspondant: CorrespondantId,
}

extracted!(Titulaire from Connecte, |connecte| {
    if connecte.session.role == Role::Intervenant && !connecte.session.validee {
        return Err(Error::NotValidated);
    }
    let correspondant = connecte.session.correspondant.ok_or(Error::Forbidden)?;
    Ok(Self { connecte, correspondant })
});

/// An intervenant in any state of registration: before it is validated, they only have their own form and their
/// password (SPEC I17).
#[derive(Clone, Debug)]
pub struct Intervenant {
    pub connecte: Connecte,
}

extracted!(Intervenant from Connecte, |connecte| {
    if connecte.session.role == Role::Intervenant { Ok(Self { connecte }) } else { Err(Error::Forbidden) }
});

#[derive(Clone, Debug)]
pub struct Valide {
    pub connecte: Connecte,
}

extracted!(Valide from Intervenant, |Intervenant { connecte }| {
    if connecte.session.validee { Ok(Self { connecte }) } else { Err(Error::NotValidated) }
});

/// A gestionnaire, acting for one structure and reading the CV-thèque of all (SPEC G8).
#[derive(Clone, Debug)]
pub struct Gestionnaire {
    pub connecte: Connecte,
    pub structure: StructureId,
    pub correspondant: CorrespondantId,
}

extracted!(Gestionnaire from Connecte, |connecte| {
    let session = &connecte.session;
    match (session.role, session.structure, session.correspondant) {
        (Role::Gestionnaire, Some(structure), Some(correspondant)) => Ok(Self { connecte, structure, correspondant }),
        _ => Err(Error::Forbidden),
    }
});

impl Gestionnaire {
    /// Checks that they were granted a right, for a page on which not every gestionnaire may act.
    ///
    /// # Errors
    /// [`Error::NotGranted`] when not.
    pub fn allowed(&self, droit: Droit) -> Result<(), Error> {
        if self.connecte.session.droits.contains(&droit) { Ok(()) } else { Err(Error::NotGranted(droit)) }
    }
}

/// A right that a handler asks for, as a type.
pub trait Granted: 'static {
    const DROIT: Droit;
}

macro_rules! granted {
    ($($right:ident),+) => {$(
        #[derive(Clone, Copy, Debug)]
        pub struct $right;
        impl Granted for $right {
            const DROIT: Droit = Droit::$right;
        }
    )+};
}
granted!(Inscriptions, Annonces, Dossiers, Acces);

/// A gestionnaire who was granted a right (SPEC G7).
#[derive(Clone, Debug)]
pub struct Habilite<D> {
    pub gestionnaire: Gestionnaire,
    right: PhantomData<fn() -> D>,
}

impl<D> std::ops::Deref for Habilite<D> {
    type Target = Gestionnaire;
    fn deref(&self) -> &Gestionnaire {
        &self.gestionnaire
    }
}

impl<D: Granted> FromRequest for Habilite<D> {
    type Error = Error;
    type Future = Extraction<Self>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let gestionnaire = Gestionnaire::from_request(request, payload);
        Box::pin(async move {
            let gestionnaire = gestionnaire.await?;
            gestionnaire.allowed(D::DROIT)?;
            Ok(Self { gestionnaire, right: PhantomData })
        })
    }
}

#[derive(Clone, Debug)]
pub struct Administrateur {
    pub connecte: Connecte,
}

extracted!(Administrateur from Connecte, |connecte| {
    if connecte.session.role == Role::Administrateur { Ok(Self { connecte }) } else { Err(Error::Forbidden) }
});
