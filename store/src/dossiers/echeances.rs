//! What comes due of a dossier: its review after a year, the end of an identity document or of the Urssaf's certificate, a
//! month's notice of each (SPEC D7, D12).

use chrono::{Months, NaiveDateTime};
use diesel::prelude::*;
use domain::compte::EtatCompte;
use domain::courriel::Courriel;
use domain::dates::jour;
use domain::dossier::piece::Evenement;
use domain::dossier::revue::RAPPEL_MONTHS;
use domain::dossier::transmission::Etat;
use domain::dossier::{Bloc, Cible};
use domain::time::paris_day;
use domain::{CompteId, StructureId};

use super::{CATEGORIE, Dossier, LIEN, demande, historique, hold, put, put_situations, saisie, say, settle, vigilance};
use crate::connection::Transaction;
use crate::inscriptions::contact;
use crate::query::RunQueryDsl;
use crate::schema::{compte, dossier, intervenant};
use crate::{Pending, Result, courriels, notifications, structures};

/// Until when a reminder looks ahead.
fn ahead(now: NaiveDateTime) -> NaiveDateTime {
    now.checked_add_months(Months::new(RAPPEL_MONTHS)).unwrap_or(now)
}

/// Who is written to, and about which day.
struct Person {
    compte: CompteId,
    prenom: String,
    login: String,
    structure: Option<StructureId>,
    due: NaiveDateTime,
}

type Row = (i64, String, String, Option<i64>, Option<i64>, Option<NaiveDateTime>);

fn into_person((id, prenom, login, decides, own, due): Row) -> Option<Person> {
    Some(Person {
        compte: CompteId(id),
        prenom,
        login,
        // Who decided it may be another structure than the one that follows the person.
        structure: own.or(decides).map(StructureId),
        due: due?,
    })
}

macro_rules! people {
    ($transaction:expr, $due:ident, $limit:expr, $($filter:expr),+) => {{
        let rows: Vec<Row> = dossier::table
            .inner_join(compte::table.on(compte::id.eq(dossier::compte_id)))
            .inner_join(intervenant::table.on(intervenant::compte_id.eq(dossier::compte_id)))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            $(.filter($filter))+
            .order(dossier::compte_id).limit($limit)
            .select((compte::id, compte::prenom, compte::login, dossier::structure_id, intervenant::structure_id,
                dossier::$due)).load($transaction.connection()).await?;
        rows.into_iter().filter_map(into_person).collect::<Vec<Person>>()
    }};
}

/// Whether somebody is told, and asked again.
fn always(_: &mut Transaction, _: CompteId) -> std::future::Ready<Result<bool>> {
    std::future::ready(Ok(true))
}

/// Tells people, once, of what comes due within a month: what it is kept under, whom it concerns still, and the
/// notification's words.
macro_rules! remind {
    ($transaction:expr, $limit:expr, $due:ident, $told_at:ident, $concerns:expr, $said:expr) => {{
        let (now, until) = ($transaction.now, ahead($transaction.now));
        let people = people!($transaction, $due, $limit, dossier::$due.le(until), dossier::$told_at.is_null());
        let mut told = 0;
        for person in people {
            let first = diesel::update(
                dossier::table
                    .find(person.compte.0)
                    .filter(dossier::$due.eq(Some(person.due)))
                    .filter(dossier::$told_at.is_null()),
            )
            .set(dossier::$told_at.eq(Some(now)))
            .execute($transaction.connection())
            .await?;
            if first == 1 && $concerns($transaction, person.compte).await? {
                say_so($transaction, &person, $said.0, $said.1).await?;
                told += 1;
            }
        }
        Ok(told)
    }};
}

/// Tells at most `limit` people that their dossier will be asked for again; answers how many.
pub fn remind_review(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let said = ("rappel_revue", "Votre dossier administratif sera bientôt à réviser");
        remind!(transaction, limit, revue_at, rappel_revue_at, always, said)
    })
}

/// Asks at most `limit` people for their whole dossier again, a year after it was validated and not before its reminder;
/// answers how many. What is validated goes on serving meanwhile.
pub fn review(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let people =
            people!(transaction, revue_at, limit, dossier::revue_at.le(now), dossier::rappel_revue_at.is_not_null());
        let mut asked = 0;
        for person in people {
            let found = hold(transaction, person.compte).await?;
            let Some(structure) = person.structure else { continue };
            let all = found.etat.dus();
            demande::request(transaction, person.compte, structure, &all).await?;
            diesel::update(dossier::table.find(person.compte.0))
                .set((
                    dossier::structure_id.eq(structure.0),
                    dossier::revue_at.eq(None::<NaiveDateTime>),
                    dossier::rappel_revue_at.eq(None::<NaiveDateTime>),
                ))
                .execute(transaction.connection())
                .await?;
            historique::add(transaction, person.compte, None, "revue", None, "").await?;
            settle(transaction, &found, "revue").await?;
            say_so(transaction, &person, "revue", "Votre dossier administratif est à réviser").await?;
            asked += 1;
        }
        Ok(asked)
    })
}

/// Tells at most `limit` people that their identity document ends soon; answers how many.
pub fn remind_expiry(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let said = ("rappel_expiration", "Votre pièce d’identité arrive à sa fin de validité");
        remind!(transaction, limit, expire_at, rappel_expire_at, always, said)
    })
}

/// Tells at most `limit` people, whom a letter binds still, that their certificate of the Urssaf is soon six months old;
/// answers how many.
pub fn remind_vigilance(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let said = ("rappel_vigilance", "Votre attestation de vigilance est bientôt à renouveler");
        remind!(transaction, limit, vigilance_at, rappel_vigilance_at, vigilance::runs, said)
    })
}

/// Ends what has come to its end, and was announced: it serves no longer, and whom it concerns still is asked for another.
macro_rules! end_due {
    ($transaction:expr, $limit:expr, $due:ident, $told_at:ident, $cibles:expr, $concerns:expr, $said:expr) => {{
        let now = $transaction.now;
        let people = people!($transaction, $due, $limit, dossier::$due.le(now), dossier::$told_at.is_not_null());
        let mut ended = 0;
        for person in people {
            let mut found = hold($transaction, person.compte).await?;
            let cibles: Vec<Cible> = $cibles(&found.etat);
            for &cible in &cibles {
                end($transaction, &mut found, cible).await?;
            }
            put_situations($transaction, person.compte, &found.etat).await?;
            diesel::update(dossier::table.find(person.compte.0))
                .set((dossier::$due.eq(None::<NaiveDateTime>), dossier::$told_at.eq(None::<NaiveDateTime>)))
                .execute($transaction.connection())
                .await?;
            let asks = $concerns($transaction, person.compte).await?;
            if let Some(structure) = person.structure.filter(|_| asks) {
                demande::request($transaction, person.compte, structure, &cibles).await?;
                diesel::update(dossier::table.find(person.compte.0))
                    .set(dossier::structure_id.eq(structure.0))
                    .execute($transaction.connection())
                    .await?;
            }
            settle($transaction, &found, Evenement::Expirer.as_str()).await?;
            if asks {
                say_so($transaction, &person, $said.0, $said.1).await?;
            }
            ended += 1;
        }
        Ok(ended)
    }};
}

/// Ends at most `limit` identity documents whose last day has passed: the block and its copies serve no longer, and are
/// asked for. Answers how many.
pub fn expire(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let cibles = |etat: &Etat| {
            let copies = etat.valide.identite.into_iter().flat_map(|genre| genre.pieces().iter().copied());
            std::iter::once(Cible::Bloc(Bloc::Identite)).chain(copies.map(Cible::Piece)).collect()
        };
        let said = ("expiration", "Votre pièce d’identité n’est plus valable");
        end_due!(transaction, limit, expire_at, rappel_expire_at, cibles, always, said)
    })
}

/// Ends at most `limit` certificates of the Urssaf that are six months old: they serve no longer, and whom a letter binds
/// still is asked for another. Answers how many.
pub fn expire_vigilance(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let cibles = |_: &Etat| vigilance::CIBLES.to_vec();
        let said = ("vigilance", "Votre attestation de vigilance est à renouveler");
        end_due!(transaction, limit, vigilance_at, rappel_vigilance_at, cibles, vigilance::runs, said)
    })
}

/// What serves of a block or a piece serves no longer; a proposal that is under way goes on.
async fn end(transaction: &mut Transaction, found: &mut Dossier, cible: Cible) -> Result<()> {
    let mut donnees = found.donnees(cible);
    let Ok(next) = donnees.element.next(Evenement::Expirer, cible) else { return Ok(()) };
    donnees.element = next;
    let old = donnees.fichier_valide.take();
    donnees.valide = None;
    put(transaction, found.compte, cible, &donnees).await?;
    // The blob is found by the next sweep: no request waits here to remove it.
    saisie::forget(transaction, old.map(|file| file.id)).await?;
    if let Cible::Bloc(bloc) = cible {
        say(&mut found.etat.valide, None, bloc);
        if donnees.propose.is_none() {
            say(&mut found.etat.propose, None, bloc);
        }
    }
    historique::add(transaction, found.compte, Some(cible), Evenement::Expirer.as_str(), None, "").await
}

async fn say_so(transaction: &mut Transaction, person: &Person, genre: &str, said: &str) -> Result<()> {
    let structure = match person.structure {
        Some(id) => structures::by_id(transaction.connection(), id).await?,
        None => None,
    };
    // The last day of a document is the one before the moment it has ended.
    let day = if genre.ends_with("revue") { person.due } else { person.due - chrono::Duration::seconds(1) };
    let content = Courriel::DossierEcheance {
        prenom: person.prenom.clone(),
        structure: contact(structure.as_ref()),
        genre: genre.to_owned(),
        jour: jour(paris_day(day)),
    };
    let key = format!("dossier-{genre}-{}-{}", person.compte, person.due.and_utc().timestamp());
    courriels::put(transaction, Some(person.compte), &person.login, &key, &content).await?;
    notifications::create(transaction, &[person.compte], CATEGORIE, (said, "", LIEN)).await
}
