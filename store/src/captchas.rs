//! Captchas that wait for their answer: the answers as digests, used once, right or wrong (SPEC K7).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::Result;
use crate::connection::{Transaction, on};
use crate::schema::captcha;

/// Keeps a captcha: digests of its ticket and of its accepted answers.
pub async fn create(
    transaction: &mut Transaction,
    empreinte: &str,
    reponses: &[String],
    expire_at: NaiveDateTime,
) -> Result<()> {
    on!(transaction.connection(), c => diesel::insert_into(captcha::table)
        .values((captcha::empreinte.eq(empreinte), captcha::reponses.eq(reponses.join(" ")), captcha::expire_at.eq(expire_at)))
        .execute(c).await)?;
    Ok(())
}

/// Takes a captcha out and answers the digests of its answers; none when it is unknown, dead or used.
pub async fn take(transaction: &mut Transaction, empreinte: &str) -> Result<Option<Vec<String>>> {
    let now = transaction.now;
    let found: Option<String> = on!(transaction.connection(), c => diesel::delete(captcha::table
        .filter(captcha::empreinte.eq(empreinte)).filter(captcha::expire_at.gt(now)))
        .returning(captcha::reponses).get_result(c).await.optional())?;
    Ok(found.map(|reponses| reponses.split(' ').map(str::to_owned).collect()))
}

/// Removes what nobody answered; answers how many.
pub async fn forget_old(transaction: &mut Transaction) -> Result<usize> {
    let now = transaction.now;
    Ok(
        on!(transaction.connection(), c => diesel::delete(captcha::table.filter(captcha::expire_at.le(now))).execute(c).await)?,
    )
}
