//! The captcha of a form: an image, and a question for those who can't see it. Either answer will do, once, within ten
//! minutes (SPEC K7). The answers are kept as digests: neither the page nor the database holds them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::App;
use crate::captcha;
use crate::error::Error;
use crate::fields::Fields;
use crate::session::{digest, random_token};

/// How long an answer is waited for.
const LIFETIME: chrono::Duration = chrono::Duration::minutes(10);
/// Longest answer that is looked at, in characters.
const ANSWER_MAX: usize = 60;

/// A captcha as a form shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defi {
    /// What the form carries to be recognised.
    pub ticket: String,
    /// The image as a `data:` address.
    pub image: String,
    /// The question.
    pub question: String,
}

fn digest_of(ticket: &str, answer: &str) -> String {
    digest("captcha", &format!("{ticket} {}", captcha::normalise(answer)))
}

/// Makes a captcha and keeps what its answers are.
pub async fn make(app: &App) -> Result<Defi, Error> {
    let ticket = random_token()?;
    let (code, image, question) = {
        let mut rng = rand::rng();
        let code = captcha::code(&mut rng);
        (code.clone(), captcha::draw(&code, &mut rng), captcha::ask(&mut rng))
    };
    let answers: Vec<String> =
        question.reponses.iter().chain([&code]).map(|answer| digest_of(&ticket, answer)).collect();
    let kept = digest("captcha", &ticket);
    let expire_at = app.store.clock().now() + LIFETIME;
    app.store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::captchas::create(transaction, &kept, &answers, expire_at).await })
        })
        .await?;
    let image = format!("data:image/png;base64,{}", STANDARD.encode(image));
    Ok(Defi { ticket, image, question: question.texte })
}

/// Whether the form's answer (`captcha`, to the one of `captcha_ticket`) is right. A captcha is used up either way.
pub async fn solved(app: &App, fields: &Fields) -> Result<bool, Error> {
    let (ticket, answer) = (fields.one("captcha_ticket"), fields.one("captcha"));
    if ticket.len() != 64 || answer.trim().is_empty() || answer.chars().count() > ANSWER_MAX {
        return Ok(false);
    }
    let (kept, given) = (digest("captcha", ticket), digest_of(ticket, answer));
    let answers = app
        .store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::captchas::take(transaction, &kept).await })
        })
        .await?;
    Ok(answers.is_some_and(|answers| answers.contains(&given)))
}

/// What the form says of a captcha that was not solved.
pub const WRONG: &str = "Ce n’est pas la bonne réponse, ou elle vient trop tard. Recopiez le nouveau code affiché, ou répondez à la nouvelle question.";
