//! What time does by itself, in nobody's name.

use std::convert::Infallible;

use store::{Pending, Refused, Transaction};

use super::{Nobody, command};

/// Do what is due now, for at most `limit` subjects. Returns for how many it was done.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub what: for<'t> fn(&'t mut Transaction, i64) -> Pending<'t, usize>,
    pub limit: i64,
}

command!(Due: usize, Infallible, Nobody);

impl Due {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<usize, Refused<Infallible>> {
        Ok((self.what)(transaction, self.limit).await?)
    }
}
