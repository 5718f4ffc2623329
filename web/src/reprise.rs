//! A form posted after the session ended is kept: the answer is the login page, which carries what was typed, and after
//! the login one button sends the form again (SPEC Q1). Files can't be kept: their page says so.

use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::app::App;
use crate::csrf;
use crate::dress::wants_page;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::{SESSION, Viewer};
use crate::views::{Authentification, Reprise};

/// Most of a form that is carried through the login, in bytes.
const CARRIED_MAX: usize = csrf::FORM_MAX;

impl Reprise {
    /// The form of a request, without its token.
    pub fn of(request: &HttpRequest, fields: &Fields) -> Self {
        let said = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields =
            fields.iter().filter(|(name, _)| *name != "_csrf").map(|(name, value)| said(name, value)).collect();
        Self { action: request.path().to_owned(), fields }
    }

    /// The form carried in the fields of the login form.
    pub fn read(fields: &Fields) -> Self {
        let action = page::own_path(fields.one("reprise_action")).unwrap_or_default().to_owned();
        let carried = Fields::parse(fields.one("reprise_champs"));
        let fields = carried.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        if action.is_empty() { Self::default() } else { Self { action, fields } }
    }
}

/// Middleware: answers a form of our pages whose session has ended with the login page, which carries the form.
pub async fn keep(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let kept = match ended(&mut request).await {
        Ok(kept) => kept,
        Err(error) => return Ok(request.error_response(error)),
    };
    match kept {
        Some(response) => Ok(request.into_response(response)),
        None => Ok(next.call(request).await?.map_into_boxed_body()),
    }
}

/// The login page, when the request is such a form; otherwise the payload is put back.
async fn ended(request: &mut ServiceRequest) -> Result<Option<actix_web::HttpResponse>, Error> {
    let public = [
        "/authentification",
        "/inscription",
        "/activation",
        "/mot-de-passe",
        "/cookies",
        "/deconnexion",
        "/bienvenue",
        "/adresse",
    ];
    let concerned = request.method() == actix_web::http::Method::POST
        && csrf::is_form(request.headers())
        && request.cookie(SESSION).is_some_and(|cookie| cookie.value().len() == 64)
        && wants_page(request.request())
        && !public.iter().any(|prefix| request.path().starts_with(prefix));
    if !concerned {
        return Ok(None);
    }
    let viewer = Viewer::from_request(request.request(), &mut Payload::None).await?;
    if viewer.session().is_some() {
        return Ok(None);
    }
    let app = request.app_data::<Data<App>>().cloned().ok_or_else(|| Error::Internal("no App".into()))?;
    let mut payload = request.take_payload();
    let body = Bytes::from_request(request.request(), &mut payload).await.map_err(|error| csrf::unread(&error))?;
    if body.len() > CARRIED_MAX {
        return Err(Error::TooLarge);
    }
    let fields = Fields::parse(&String::from_utf8_lossy(&body));
    // Only a form from our own pages in this browser is carried.
    if !csrf::same(fields.one("_csrf"), viewer.csrf()) {
        return Err(Error::LoginRequired);
    }
    let reprise = Reprise::of(request.request(), &fields);
    let layout = page::layout(request.request(), &app, &viewer, "Se connecter").await?;
    let view = Authentification { layout, email: String::new(), suite: String::new(), reprise: Rc::new(reprise) };
    Ok(Some(page::respond(request.request(), &app, &viewer, &view, StatusCode::UNAUTHORIZED)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q1_what_was_typed_goes_through_the_login_and_comes_back() {
        let typed = vec![("objet".to_owned(), "Vos dates & l’été".to_owned()), ("regions".to_owned(), "53".to_owned())];
        let reprise = Reprise { action: "/messagerie/ecrire".to_owned(), fields: typed };
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("reprise_action", &reprise.action)
            .append_pair("reprise_champs", &reprise.encoded())
            .finish();
        assert_eq!(Reprise::read(&Fields::parse(&form)), reprise);
        assert!(Reprise::read(&Fields::parse("reprise_action=https://autre.example&reprise_champs=a=1")).is_empty());
    }
}
