//! Captchas, each of which works once, right or wrong (SPEC K7): it is used up even when its form is refused.

use std::convert::Infallible;

use chrono::NaiveDateTime;
use store::{Refused, Transaction};

use crate::commands::{Nobody, command};

/// Keep what answers a captcha that is shown.
#[derive(Clone, Debug)]
pub struct KeepCaptcha {
    /// The digest of its ticket.
    pub ticket: String,
    pub answers: Vec<String>,
    /// Until when it may be answered.
    pub expire_at: NaiveDateTime,
}

command!(KeepCaptcha: (), Infallible, Nobody);

impl KeepCaptcha {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<Infallible>> {
        Ok(store::captchas::create(transaction, &self.ticket, &self.answers, self.expire_at).await?)
    }
}

/// Use up the captcha of this ticket's digest; returns the digests of its answers, or none when it can't be answered
/// any more.
#[derive(Clone, Debug)]
pub struct TakeCaptcha(pub String);

command!(TakeCaptcha: Option<Vec<String>>, Infallible, Nobody);

impl TakeCaptcha {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<Option<Vec<String>>, Refused<Infallible>> {
        Ok(store::captchas::take(transaction, &self.0).await?)
    }
}
