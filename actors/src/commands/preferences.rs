//! Whether open pages announce each kind of event, and when an email comes (SPEC T4, M2).

use std::convert::Infallible;

use domain::CompteId;
use domain::preference::{Preference, Sorte};
use store::{Refused, Transaction};

use super::command;

/// Choose for kinds of events; what the account's role can't choose gets the default.
#[derive(Clone, Debug)]
pub struct SetPreferences(pub Vec<(Sorte, Preference)>);

command!(SetPreferences: (), Infallible);

impl SetPreferences {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<Infallible>> {
        let Some(compte) = store::comptes::by_id(transaction.connection(), by).await? else { return Ok(()) };
        let role = compte.role;
        for &(sorte, asked) in self.0.iter().filter(|(sorte, _)| Sorte::of(role).contains(sorte)) {
            let allowed = sorte.rythmes(role).contains(&asked.courriel);
            let courriel = if allowed { asked.courriel } else { Preference::default().courriel };
            let direct = asked.direct || !sorte.announced(role);
            store::preferences::set(transaction, by, sorte, Preference { direct, courriel }).await?;
        }
        Ok(())
    }
}
