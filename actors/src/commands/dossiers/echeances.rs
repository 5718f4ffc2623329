//! What comes due in a dossier: its review after a year, the end of an identity document or of the Urssaf's
//! certificate, a month's notice of each (SPEC D7, D12). Each function returns for how many people it acted, at most
//! `limit`.

use chrono::Months;
use domain::courriel::Courriel;
use domain::dates::jour;
use domain::dossier::piece::Evenement;
use domain::dossier::revue::RAPPEL_MONTHS;
use domain::dossier::transmission::Etat;
use domain::dossier::{Bloc, Cible, Ensemble};
use domain::time::paris_day;
use store::dossiers::{self, Dossier, Echeance, Terme, historique};
use store::{Pending, Transaction};

use super::vigilance::{VIGILANCE, runs};
use super::{say, tell};
use crate::commands::contact;

/// Whether it still concerns the person: the Urssaf's certificate concerns only people whom a letter binds.
async fn concerns(transaction: &mut Transaction, terme: Terme, person: &Echeance) -> store::Result<bool> {
    match terme {
        Terme::Revue | Terme::Identite => Ok(true),
        Terme::Vigilance => runs(transaction, person.compte).await,
    }
}

/// Tells people, once, of what comes due within a month.
pub fn remind(transaction: &mut Transaction, terme: Terme, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let (genre, said) = match terme {
            Terme::Revue => ("rappel_revue", "Votre dossier administratif sera bientôt à réviser"),
            Terme::Identite => ("rappel_expiration", "Votre pièce d’identité arrive à sa fin de validité"),
            Terme::Vigilance => ("rappel_vigilance", "Votre attestation de vigilance est bientôt à renouveler"),
        };
        let now = transaction.now;
        let until = now.checked_add_months(Months::new(RAPPEL_MONTHS)).unwrap_or(now);
        let mut told = 0;
        for person in dossiers::due(transaction.connection(), terme, false, until, limit).await? {
            let first = dossiers::tell_once(transaction, terme, person.compte, person.le).await?;
            if first && concerns(transaction, terme, &person).await? {
                say_so(transaction, &person, genre, said).await?;
                told += 1;
            }
        }
        Ok(told)
    })
}

/// Asks people for their whole dossier again, a year after it was validated and not before its reminder. What is
/// validated goes on serving meanwhile.
pub fn review(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let mut asked = 0;
        for person in dossiers::due(transaction.connection(), Terme::Revue, true, now, limit).await? {
            let found = dossiers::hold(transaction, person.compte).await?;
            let Some(structure) = person.structure else { continue };
            dossiers::request(transaction, person.compte, structure, &found.etat.dus()).await?;
            dossiers::set_day(transaction, Terme::Revue, person.compte, None).await?;
            historique::add(transaction, person.compte, None, Ensemble::Reviser.into(), None, "").await?;
            dossiers::settle(transaction, &found, Ensemble::Reviser.into()).await?;
            say_so(transaction, &person, "revue", "Votre dossier administratif est à réviser").await?;
            asked += 1;
        }
        Ok(asked)
    })
}

/// Ends identity documents whose last day has passed: the block and its copies serve no longer, and are asked for.
pub fn expire(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    let cibles = |etat: &Etat| {
        let copies = etat.valide.identite.into_iter().flat_map(|genre| genre.pieces().iter().copied());
        std::iter::once(Cible::Bloc(Bloc::Identite)).chain(copies.map(Cible::Piece)).collect()
    };
    Box::pin(end_due(
        transaction,
        (Terme::Identite, limit),
        cibles,
        ("expiration", "Votre pièce d’identité n’est plus valable"),
    ))
}

/// Ends certificates of the Urssaf that are six months old: they serve no longer, and people whom a letter still binds
/// are asked for another.
pub fn expire_vigilance(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    let said = ("vigilance", "Votre attestation de vigilance est à renouveler");
    Box::pin(end_due(transaction, (Terme::Vigilance, limit), |_| VIGILANCE.to_vec(), said))
}

/// Ends what has come to its end, and was announced: it serves no longer, and those whom it still concerns are asked
/// for another.
async fn end_due(
    transaction: &mut Transaction,
    (terme, limit): (Terme, i64),
    cibles: fn(&Etat) -> Vec<Cible>,
    (genre, said): (&str, &str),
) -> store::Result<usize> {
    let now = transaction.now;
    let people = dossiers::due(transaction.connection(), terme, true, now, limit).await?;
    for person in &people {
        let mut found = dossiers::hold(transaction, person.compte).await?;
        let cibles = cibles(&found.etat);
        for &cible in &cibles {
            end(transaction, &mut found, cible).await?;
        }
        dossiers::put_situations(transaction, person.compte, &found.etat).await?;
        dossiers::set_day(transaction, terme, person.compte, None).await?;
        let asks = concerns(transaction, terme, person).await?;
        if let Some(structure) = person.structure.filter(|_| asks) {
            dossiers::request(transaction, person.compte, structure, &cibles).await?;
        }
        dossiers::settle(transaction, &found, Evenement::Expirer.into()).await?;
        if asks {
            say_so(transaction, person, genre, said).await?;
        }
    }
    Ok(people.len())
}

/// What serves of a block or a piece serves no longer; a proposal that is under way goes on.
async fn end(transaction: &mut Transaction, found: &mut Dossier, cible: Cible) -> store::Result<()> {
    let mut donnees = found.donnees(cible);
    let Ok(next) = donnees.element.next(Evenement::Expirer, cible) else { return Ok(()) };
    donnees.element = next;
    let old = donnees.fichier_valide.take();
    donnees.valide = None;
    dossiers::put(transaction, found.compte, cible, &donnees).await?;
    // The next sweep removes the blob: no request waits here to do it.
    dossiers::remove_file(transaction, old).await?;
    if let Cible::Bloc(bloc) = cible {
        say(&mut found.etat.valide, None, bloc);
        if donnees.propose.is_none() {
            say(&mut found.etat.propose, None, bloc);
        }
    }
    historique::add(transaction, found.compte, Some(cible), Evenement::Expirer.into(), None, "").await
}

async fn say_so(transaction: &mut Transaction, person: &Echeance, genre: &str, said: &str) -> store::Result<()> {
    // The last day of a document is the one before the moment it has ended.
    let day = if genre.ends_with("revue") { person.le } else { person.le - chrono::Duration::seconds(1) };
    let content = Courriel::DossierEcheance {
        prenom: person.prenom.clone(),
        structure: contact(transaction, person.structure).await?,
        genre: genre.to_owned(),
        jour: jour(paris_day(day)),
    };
    let cle = format!("dossier-{genre}-{}-{}", person.compte, person.le.and_utc().timestamp());
    tell(transaction, (person.compte, &person.login), &cle, &content, said).await
}
