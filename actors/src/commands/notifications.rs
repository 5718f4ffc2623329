//! Notifications (SPEC N1 to N4).

use std::convert::Infallible;

use domain::CompteId;
use store::{Refused, Transaction};

use super::command;

/// Mark one of one's own notifications read, or all of them; returns how many were not.
#[derive(Clone, Copy, Debug)]
pub struct ReadNotifications(pub Option<i64>);

command!(ReadNotifications: usize, Infallible);

impl ReadNotifications {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<usize, Refused<Infallible>> {
        Ok(store::notifications::mark_read(transaction, by, self.0).await?)
    }
}
