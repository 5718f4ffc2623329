//! What happens to a registration when its complement does not come (manual §3.2.2, SPEC I16).

use chrono::Duration;
use domain::compte::MotifArchive;
use domain::courriel::Courriel;
use domain::inscription::{Evenement, WARNINGS_DAYS, last_day};
use domain::time::days_after;
use store::inscriptions::{self, Attendus};
use store::{Pending, Transaction};

use super::super::candidatures;
use domain::paths::TABLEAU_DE_BORD;

/// The name of the warning sent so many days before.
fn rappel(days: i64) -> String {
    format!("complement-{days}")
}

/// Warns at most `limit` people whose complement is due in two weeks or three days; returns how many. A warning goes
/// out once for each due date; after a long stop, only the one that still makes sense.
pub fn warn_of_complements(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let mut count = 0;
        for (rank, days) in WARNINGS_DAYS.iter().enumerate() {
            let rappel = rappel(*days);
            let after = WARNINGS_DAYS.get(rank + 1).map_or(now, |next| now + Duration::days(*next));
            let wanted = Attendus { rappel: &rappel, apres: Some(after), jusqu_a: now + Duration::days(*days), limit };
            for due in inscriptions::complements(transaction.connection(), wanted).await? {
                let Some(account) = store::comptes::by_id(transaction.connection(), due.compte).await? else {
                    continue;
                };
                inscriptions::warned(transaction, &due, &rappel).await?;
                let jusqu_au = last_day(due.avant);
                let texte = format!("À transmettre au plus tard le {jusqu_au}.");
                let key = format!("{rappel}-{}-{}", due.compte, due.avant.and_utc().timestamp());
                let content = |prenom, structure| Courriel::ComplementRappel { prenom, structure, jusqu_au };
                super::mail(transaction, &account, due.structure, &key, content).await?;
                let said = ("Un complément est attendu pour votre inscription", texte.as_str(), TABLEAU_DE_BORD);
                store::notifications::create(transaction, &[due.compte], "inscription", said).await?;
                count += 1;
            }
        }
        Ok(count)
    })
}

/// Archives at most `limit` registrations whose complement did not come, with their accounts; returns how many were
/// due. Nobody is archived before the last warning was queued and its time has passed.
pub fn archive_overdue_complements(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let last = WARNINGS_DAYS[WARNINGS_DAYS.len() - 1];
        let wanted = Attendus { rappel: &rappel(last), apres: None, jusqu_a: now, limit };
        let mut count = 0;
        for due in inscriptions::complements(transaction.connection(), wanted).await? {
            let id = due.compte;
            if !due.prevenu {
                // The server was away all the time: three more days are granted, and the next run sends the warning.
                let until = days_after(now, u64::try_from(last).unwrap_or(0));
                inscriptions::extend(transaction, &due, until).await?;
                count += 1;
                continue;
            }
            let account = store::comptes::by_id(transaction.connection(), id).await?;
            let Some(account) = account else { continue };
            if !store::comptes::archive(transaction, id, MotifArchive::Complement).await? {
                continue;
            }
            inscriptions::note(transaction, id, Evenement::Archiver, ("", ""), due.structure, None).await?;
            super::record(transaction, id, Evenement::Archiver, &[due.structure]).await?;
            candidatures::settle_waiting(transaction, id, false).await?;
            let key = format!("inscription-archivee-{id}-{}", now.and_utc().timestamp());
            let content = |prenom, structure| Courriel::InscriptionArchivee { prenom, structure };
            super::mail(transaction, &account, due.structure, &key, content).await?;
            count += 1;
        }
        Ok(count)
    })
}
