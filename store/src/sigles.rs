//! Sigles of the field and what they stand for (SPEC G3, G7).

use diesel::prelude::*;
use domain::sigle::{LISTE_MAX, cle};
use domain::texte::fold;

use crate::dialect::{Lock, locked};
use crate::query::{RunQueryDsl, columns};
use crate::schema::{referentiel_charge, sigle};
use crate::{Connection, Pending, Transaction, administration};

/// The name under which changes of the list are recorded.
const REFERENTIEL: &str = "sigle";
/// The file that it begins with.
pub(crate) const FILE: &str = "sigles.csv";

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sigle)]
pub struct Sigle {
    pub id: i64,
    /// « DRH ».
    pub abrege: String,
    /// « direction des ressources humaines ».
    pub sens: String,
}

/// All of them, by sigle and sense.
pub fn all(connection: &mut Connection) -> Pending<'_, Vec<Sigle>> {
    Box::pin(async move {
        let mut all: Vec<Sigle> = sigle::table.select(columns::<Sigle>()).load(connection).await?;
        all.sort_by_cached_key(|one| (fold(&one.abrege), fold(&one.sens)));
        Ok(all)
    })
}

/// All of them, while nobody else changes the list until this transaction ends.
pub fn hold(transaction: &mut Transaction) -> Pending<'_, Vec<Sigle>> {
    Box::pin(async move {
        let one = referentiel_charge::table.find(FILE).select(referentiel_charge::nom);
        let _: Option<String> = locked(one, Lock::Change).get_result(transaction.connection()).await.optional()?;
        all(transaction.connection()).await
    })
}

/// Adds a sigle.
pub fn add<'a>(transaction: &'a mut Transaction, abrege: &'a str, sens: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        let cle = cle(abrege, sens);
        let known: Vec<String> = sigle::table.select(sigle::code).load(transaction.connection()).await?;
        // A line that was changed keeps the code of what it said before.
        let mut code = cle.clone();
        while known.contains(&code) {
            code.push('+');
        }
        diesel::insert_into(sigle::table)
            .values((sigle::code.eq(&code), sigle::abrege.eq(abrege), sigle::sens.eq(sens), sigle::cle.eq(cle)))
            .execute(transaction.connection())
            .await?;
        administration::changed(transaction, REFERENTIEL, &code).await
    })
}

/// Changes a sigle; false when there is none of that id.
pub fn change<'a>(transaction: &'a mut Transaction, new: &'a Sigle) -> Pending<'a, bool> {
    Box::pin(async move {
        let said =
            (sigle::abrege.eq(&new.abrege), sigle::sens.eq(&new.sens), sigle::cle.eq(cle(&new.abrege, &new.sens)));
        let code: Option<String> = diesel::update(sigle::table.find(new.id))
            .set(said)
            .returning(sigle::code)
            .get_result(transaction.connection())
            .await
            .optional()?;
        let Some(code) = code else { return Ok(false) };
        administration::changed(transaction, REFERENTIEL, &code).await?;
        Ok(true)
    })
}

/// Removes a sigle for good; false when there is none of that id.
pub fn remove(transaction: &mut Transaction, id: i64) -> Pending<'_, bool> {
    Box::pin(async move {
        let code: Option<String> =
            sigle::table.find(id).select(sigle::code).first(transaction.connection()).await.optional()?;
        let Some(code) = code else { return Ok(false) };
        diesel::delete(sigle::table.find(id)).execute(transaction.connection()).await?;
        administration::changed(transaction, REFERENTIEL, &code).await?;
        Ok(true)
    })
}

/// Adds the lines that the program brings and nobody changed or removed here, as far as the list has room.
pub(crate) fn load(transaction: &mut Transaction, lines: Vec<(String, String)>) -> Pending<'_, ()> {
    Box::pin(async move {
        let kept = administration::changed_codes(transaction.connection(), REFERENTIEL).await?;
        let known: i64 = sigle::table.count().get_result(transaction.connection()).await?;
        let mut room = LISTE_MAX.saturating_sub(usize::try_from(known).unwrap_or(LISTE_MAX));
        for (abrege, sens) in lines {
            let code = cle(&abrege, &sens);
            if room == 0 || kept.contains(&code) {
                continue;
            }
            // A line that is there, or that an administrateur made say the same, stays as it is.
            room -= diesel::insert_into(sigle::table)
                .values((sigle::code.eq(&code), sigle::abrege.eq(abrege), sigle::sens.eq(sens), sigle::cle.eq(&code)))
                .on_conflict_do_nothing()
                .execute(transaction.connection())
                .await?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use domain::time::Clock;

    use super::*;
    use crate::{Error, Store};

    #[tokio::test]
    async fn g7_a_newer_list_of_sigles_undoes_nothing_that_was_changed_and_fills_the_list_at_most() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("espace.sqlite").display());
        let store = Store::open(&url, Clock::movable()).await.unwrap();
        store.migrate().await.unwrap();
        let line = |abrege: &str, sens: &str| (abrege.to_owned(), sens.to_owned());
        let brought = async |lines: Vec<(String, String)>| {
            let work = store.write::<_, Error, _>(None, move |transaction| load(transaction, lines));
            work.await.unwrap();
            let all = all(&mut store.read().await.unwrap()).await.unwrap();
            all.into_iter().map(|one| format!("{} {}", one.abrege, one.sens)).collect::<Vec<_>>()
        };
        let first = vec![line("DRH", "directeur"), line("PMI", "protection"), line("SST", "secouriste")];
        assert_eq!(brought(first.clone()).await, ["DRH directeur", "PMI protection", "SST secouriste"]);
        store
            .write::<_, Error, _>(None, |transaction| {
                Box::pin(async move {
                    let known = all(transaction.connection()).await?;
                    let of = |abrege: &str| known.iter().find(|one| one.abrege == abrege).unwrap().clone();
                    assert!(remove(transaction, of("PMI").id).await?);
                    assert!(change(transaction, &Sigle { sens: "santé".into(), ..of("SST") }).await?);
                    add(transaction, "ABF", "architecte").await
                })
            })
            .await
            .unwrap();
        let mut newer = first;
        newer.extend([line("SST", "SANTÉ"), line("abf", "Architecte"), line("ZAN", "zéro")]);
        let kept = ["ABF architecte", "DRH directeur", "SST santé", "ZAN zéro"];
        assert_eq!(brought(newer).await, kept, "neither what was removed nor what says the same");
        let many = (0..LISTE_MAX).map(|number| line("Z", &number.to_string())).collect();
        assert_eq!(brought(many).await.len(), LISTE_MAX);
    }
}
