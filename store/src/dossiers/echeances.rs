//! The due dates of a dossier: its review, and the end of what serves of it (SPEC D7, D12).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::compte::EtatCompte;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{compte, dossier, intervenant};
use crate::{Connection, Pending, Transaction};

/// What comes due in a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terme {
    /// Its review, a year after it was complete.
    Revue,
    /// The end of the identity document.
    Identite,
    /// The end of the Urssaf's certificate.
    Vigilance,
}

/// Work upon the two columns of a [`Terme`]: its due date, and when the person was told of it.
macro_rules! upon {
    ($terme:expr, |$due:ident, $told_at:ident| $work:expr) => {
        match $terme {
            Terme::Revue => {
                let ($due, $told_at) = (dossier::revue_at, dossier::rappel_revue_at);
                $work
            }
            Terme::Identite => {
                let ($due, $told_at) = (dossier::expire_at, dossier::rappel_expire_at);
                $work
            }
            Terme::Vigilance => {
                let ($due, $told_at) = (dossier::vigilance_at, dossier::rappel_vigilance_at);
                $work
            }
        }
    };
}

/// Somebody in whose dossier something comes due.
#[derive(Clone, Debug)]
pub struct Echeance {
    pub compte: CompteId,
    pub prenom: String,
    pub login: String,
    /// The structure that follows the person, or decides on the dossier when none does.
    pub structure: Option<StructureId>,
    /// The due date.
    pub le: NaiveDateTime,
}

type Row = (CompteId, String, String, Option<StructureId>, Option<StructureId>, Option<NaiveDateTime>);

fn into_echeance((compte, prenom, login, decides, own, le): Row) -> Option<Echeance> {
    // Who decided it may be another structure than the one that follows the person.
    Some(Echeance { compte, prenom, login, structure: own.or(decides), le: le? })
}

/// At most `limit` people whose due date comes by `until`: those who were told of it (`told`), or those who were not.
pub fn due(
    connection: &mut Connection,
    terme: Terme,
    told: bool,
    until: NaiveDateTime,
    limit: i64,
) -> Pending<'_, Vec<Echeance>> {
    Box::pin(async move {
        let rows: Vec<Row> = upon!(terme, |due, told_at| {
            let all = dossier::table
                .inner_join(compte::table.on(compte::id.eq(dossier::compte_id)))
                .inner_join(intervenant::table.on(intervenant::compte_id.eq(dossier::compte_id)))
                .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                .filter(due.le(until))
                .order(dossier::compte_id)
                .limit(limit)
                .select((
                    compte::id,
                    compte::prenom,
                    compte::login,
                    dossier::structure_id,
                    intervenant::structure_id,
                    due,
                ));
            if told {
                all.filter(told_at.is_not_null()).load(connection).await?
            } else {
                all.filter(told_at.is_null()).load(connection).await?
            }
        });
        Ok(rows.into_iter().filter_map(into_echeance).collect())
    })
}

/// Writes down that a person is told; false when they were told already, or when the due date has changed.
pub fn tell_once(
    transaction: &mut Transaction,
    terme: Terme,
    compte: CompteId,
    le: NaiveDateTime,
) -> Pending<'_, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let first = upon!(terme, |due, told_at| {
            diesel::update(dossier::table.find(compte.0).filter(due.eq(Some(le))).filter(told_at.is_null()))
                .set(told_at.eq(Some(now)))
                .execute(transaction.connection())
                .await?
        });
        Ok(first == 1)
    })
}

/// Sets another due date, or none; nobody was told of it yet.
pub fn set_day(
    transaction: &mut Transaction,
    terme: Terme,
    compte: CompteId,
    le: Option<NaiveDateTime>,
) -> Pending<'_, ()> {
    Box::pin(async move {
        upon!(terme, |due, told_at| {
            diesel::update(dossier::table.find(compte.0))
                .set((due.eq(le), told_at.eq(None::<NaiveDateTime>)))
                .execute(transaction.connection())
                .await?
        });
        Ok(())
    })
}
