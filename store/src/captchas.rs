//! Captchas that wait for their answer: the answers as digests, used once, right or wrong (SPEC K7).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::query::RunQueryDsl;
use crate::schema::captcha;
use crate::{Pending, Transaction};

/// Keeps a captcha: digests of its ticket and of its accepted answers.
pub fn create<'a>(
    transaction: &'a mut Transaction,
    empreinte: &'a str,
    reponses: &'a [String],
    expire_at: NaiveDateTime,
) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::insert_into(captcha::table)
            .values((
                captcha::empreinte.eq(empreinte),
                captcha::reponses.eq(reponses.join(" ")),
                captcha::expire_at.eq(expire_at),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Takes a captcha out and returns the digests of its answers; none when it is unknown, dead or used.
pub fn take<'a>(transaction: &'a mut Transaction, empreinte: &'a str) -> Pending<'a, Option<Vec<String>>> {
    Box::pin(async move {
        let now = transaction.now;
        let found: Option<String> =
            diesel::delete(captcha::table.filter(captcha::empreinte.eq(empreinte)).filter(captcha::expire_at.gt(now)))
                .returning(captcha::reponses)
                .get_result(transaction.connection())
                .await
                .optional()?;
        Ok(found.map(|reponses| reponses.split(' ').map(str::to_owned).collect()))
    })
}

/// Removes what nobody answered; returns how many.
pub fn forget_old(transaction: &mut Transaction) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::delete(captcha::table.filter(captcha::expire_at.le(now))).execute(transaction.connection()).await?)
    })
}
