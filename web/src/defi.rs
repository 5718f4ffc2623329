//! The captcha of a form: an image, a question for those who can't see it, or a proof that the browser made by itself.
//! Any of them is enough, once, within an hour, for the page that asked (SPEC K7). The answers are kept as digests:
//! neither the page nor the database holds them.
//!
//! The ticket is not signed but kept: a ticket that was not made on this database has no row, and neither has a used
//! one.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actors::commands::{KeepCaptcha, TakeCaptcha};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::connexion::wait_in_words;
use domain::email::Email;

use crate::app::App;
use crate::captcha::{self, preuve};
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::connexion::tries;
use crate::session::{digest, random_token};
use crate::views::FieldError;

/// How long an answer is waited for: people who fill in a form slowly must not begin again.
pub const LIFETIME: chrono::Duration = chrono::Duration::hours(1);
/// Longest answer that is checked, in characters.
const ANSWER_MAX: usize = 60;
/// Kept in place of the answers' digests once one of them was given.
const SOLVED: &str = "resolu";

/// A form that has a captcha: an answer works for one form only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formulaire {
    Inscription,
    /// The activation email, once more.
    Activation,
    Oubli,
    /// A visitor's request to the support.
    Support,
}

impl Formulaire {
    fn as_str(self) -> &'static str {
        match self {
            Self::Inscription => "inscription",
            Self::Activation => "activation",
            Self::Oubli => "oubli",
            Self::Support => "support",
        }
    }

    fn kept(self, ticket: &str) -> String {
        digest("captcha", &format!("{} {ticket}", self.as_str()))
    }
}

/// A captcha as a form shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defi {
    /// The ticket, carried by the form.
    pub ticket: String,
    /// The image as a `data:` address.
    pub image: String,
    pub question: String,
    /// It was answered before, and the form came back for another reason: nothing is asked again.
    pub resolu: bool,
}

fn digest_of(ticket: &str, answer: &str) -> String {
    digest("captcha", &format!("{ticket} {}", captcha::normalise(answer)))
}

/// The captcha of a form that is shown: a new one, or none when the form comes back after it was answered.
pub async fn make(app: &App, form: Formulaire, resolu: bool) -> Result<Defi, Error> {
    let ticket = random_token()?;
    let mut defi = Defi { resolu, ..Defi::default() };
    let answers = if resolu {
        vec![SOLVED.to_owned()]
    } else {
        let mut rng = rand::rng();
        let code = captcha::code(&mut rng);
        defi.image = format!("data:image/png;base64,{}", STANDARD.encode(captcha::draw(&code, &mut rng)));
        let question = captcha::ask(&mut rng);
        defi.question = question.texte;
        question.reponses.iter().chain([&code]).map(|answer| digest_of(&ticket, answer)).collect()
    };
    let expire_at = app.store.clock().now() + LIFETIME;
    let Ok(()) = app.front_desk.ask(KeepCaptcha { ticket: form.kept(&ticket), answers, expire_at }).await?;
    defi.ticket = ticket;
    Ok(defi)
}

/// Whether the captcha of a form (`captcha_ticket`) is answered: by `captcha`, the code or the answer to the question;
/// by `captcha_preuve`, the browser's proof; or because it was answered the time before. The ticket is used up in every
/// case.
///
/// # Errors
/// The error shown in the form when it is not answered.
pub async fn check(app: &App, fields: &Fields, form: Formulaire) -> Result<Result<(), FieldError>, Error> {
    let (ticket, answer, proof) = (fields.one("captcha_ticket"), fields.one("captcha"), fields.one("captcha_preuve"));
    let sentence = match (proof.is_empty(), answer.trim().is_empty()) {
        (false, _) => "La vérification automatique venait trop tard. Elle vient d’être refaite : envoyez à nouveau.",
        (true, true) => "Recopiez le code affiché, ou répondez à la question.",
        (true, false) => {
            "Ce n’est pas la bonne réponse, ou elle vient trop tard. Recopiez le nouveau code affiché, ou répondez à la \
             nouvelle question."
        }
    };
    let wrong = Ok(Err(FieldError::new("captcha", sentence)));
    if ticket.len() != 64 || answer.chars().count() > ANSWER_MAX {
        return wrong;
    }
    let Ok(Some(answers)) = app.front_desk.ask(TakeCaptcha(form.kept(ticket))).await? else { return wrong };
    let given = digest_of(ticket, answer);
    let right = answers.iter().any(|one| one == SOLVED || *one == given) || preuve::holds(ticket, proof);
    if right { Ok(Ok(())) } else { wrong }
}

/// A form with an address and a captcha that comes back: what is wrong, whether the captcha was answered, and the
/// status.
#[derive(Debug)]
pub struct Refuse {
    pub errors: Vec<FieldError>,
    pub resolu: bool,
    pub status: StatusCode,
}

/// Reads a form with an address (`email`) and a captcha. A network address has that many free tries before it must
/// wait.
///
/// # Errors
/// In the inner result, why the form comes back.
pub async fn address(
    request: &HttpRequest,
    app: &App,
    fields: &Fields,
    (form, forgiven): (Formulaire, i32),
) -> Result<Result<Email, Refuse>, Error> {
    let keys = tries::from_address(request, app, form.as_str(), forgiven);
    if let Some(wait) = tries::count(app, &keys).await? {
        let errors = vec![FieldError::new("", format!("Trop de demandes : réessayez dans {}.", wait_in_words(wait)))];
        return Ok(Err(Refuse { errors, resolu: false, status: StatusCode::TOO_MANY_REQUESTS }));
    }
    let mut errors = Vec::new();
    let read = Email::parse(fields.one("email"));
    let email = read.map_err(|error| errors.push(FieldError::new("email", error.to_string()))).ok();
    let captcha = check(app, fields, form).await?;
    let resolu = captcha.is_ok();
    errors.extend(captcha.err());
    let refuse = |errors| Refuse { errors, resolu, status: StatusCode::UNPROCESSABLE_ENTITY };
    Ok(email.filter(|_| errors.is_empty()).ok_or_else(|| refuse(errors)))
}
