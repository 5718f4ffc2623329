//! Who can write and be written to: intervenants, and structures as a whole (manual §7).

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::candidature::EtatCandidature;
use domain::compte::{EtatCompte, EtatInscription, Role};
use domain::texte::{fold, mots};
use domain::{CompteId, CorrespondantId, StructureId};

use crate::dialect::{Both, Lock, locked};
use crate::query::RunQueryDsl;
use crate::schema::{
    annonce, candidature, compte, correspondant, correspondant_mot, destinataire, intervenant, message, structure,
};
use crate::values::OrEmpty;
use crate::{Connection, Pending, Result, Transaction};

/// Somebody who can be written to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Correspondant {
    pub id: CorrespondantId,
    /// « Paul Le Gall » or « Délégation Bretagne ».
    pub nom: String,
    /// What tells two of the same name apart: the commune of a person, nothing for a structure.
    #[diesel(deserialize_as = OrEmpty)]
    pub detail: String,
}

/// Makes a correspondant; completion finds it by the beginning of the words of its key.
pub(crate) fn create<'a>(
    connection: &'a mut Connection,
    compte: Option<CompteId>,
    structure: Option<StructureId>,
    nom: &'a str,
    cle: &'a str,
) -> Pending<'a, CorrespondantId> {
    Box::pin(async move {
        let id: CorrespondantId = diesel::insert_into(correspondant::table)
            .values((
                correspondant::compte_id.eq(compte.map(|id| id.0)),
                correspondant::structure_id.eq(structure.map(|id| id.0)),
                correspondant::nom.eq(nom),
                correspondant::cle.eq(cle),
            ))
            .returning(correspondant::id)
            .get_result(connection)
            .await?;
        index_words(connection, id, cle).await?;
        Ok(id)
    })
}

async fn index_words(connection: &mut Connection, id: CorrespondantId, cle: &str) -> Result<()> {
    let mut words: Vec<&str> = cle.split(' ').filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    for word in words {
        diesel::insert_into(correspondant_mot::table)
            .values((correspondant_mot::mot.eq(word), correspondant_mot::correspondant_id.eq(id.0)))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Gives the mailbox of an account another name.
pub(crate) fn rename<'a>(
    connection: &'a mut Connection,
    compte: CompteId,
    nom: &'a str,
    cle: &'a str,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let Some(found) = of_compte(connection, compte).await? else { return Ok(()) };
        set_name(connection, found, nom, cle).await
    })
}

/// Gives the mailbox of a structure another name.
pub(crate) fn rename_structure<'a>(
    connection: &'a mut Connection,
    structure: StructureId,
    nom: &'a str,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let Some(found) = of_structure(connection, structure).await? else { return Ok(()) };
        set_name(connection, found, nom, &fold(nom)).await
    })
}

async fn set_name(connection: &mut Connection, id: CorrespondantId, nom: &str, cle: &str) -> Result<()> {
    diesel::update(correspondant::table.find(id.0))
        .set((correspondant::nom.eq(nom), correspondant::cle.eq(cle)))
        .execute(connection)
        .await?;
    diesel::delete(correspondant_mot::table.filter(correspondant_mot::correspondant_id.eq(id.0)))
        .execute(connection)
        .await?;
    index_words(connection, id, cle).await
}

/// The mailbox of an intervenant's account.
pub fn of_compte(connection: &mut Connection, id: CompteId) -> Pending<'_, Option<CorrespondantId>> {
    Box::pin(async move {
        Ok(correspondant::table
            .filter(correspondant::compte_id.eq(id.0))
            .select(correspondant::id)
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn of_structure(connection: &mut Connection, id: StructureId) -> Pending<'_, Option<CorrespondantId>> {
    Box::pin(async move {
        Ok(correspondant::table
            .filter(correspondant::structure_id.eq(id.0))
            .select(correspondant::id)
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn owner(
    connection: &mut Connection,
    id: CorrespondantId,
) -> Pending<'_, Option<(Option<CompteId>, Option<StructureId>)>> {
    Box::pin(async move {
        Ok(correspondant::table
            .find(id.0)
            .select((correspondant::compte_id, correspondant::structure_id))
            .first(connection)
            .await
            .optional()?)
    })
}

/// The mailbox that an open account reads: a validated intervenant's own, or a gestionnaire's structure's. An
/// administrateur reads nobody's.
pub fn read_by(connection: &mut Connection, id: CompteId) -> Pending<'_, Option<CorrespondantId>> {
    Box::pin(async move {
        let owned = correspondant::compte_id.eq(compte::id.nullable());
        Ok(correspondant::table
            .inner_join(compte::table.on(owned.or(correspondant::structure_id.eq(compte::structure_id))))
            .left_join(intervenant::table.on(intervenant::compte_id.eq(compte::id)))
            .filter(compte::id.eq(id.0))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .filter(
                intervenant::etat_inscription
                    .nullable()
                    .eq(EtatInscription::Validee.as_str())
                    .or(compte::role.eq(Role::Gestionnaire.as_str())),
            )
            .select(correspondant::id)
            .first(connection)
            .await
            .optional()?)
    })
}

/// The same with the structure of the account, locked until this transaction ends: whoever closes the account or moves
/// it to another structure waits.
pub fn hold_read_by(
    transaction: &mut Transaction,
    id: CompteId,
) -> Pending<'_, Option<(CorrespondantId, Option<StructureId>)>> {
    Box::pin(async move {
        let account = locked(compte::table.find(id.0).select(compte::structure_id), Lock::Share);
        let structure: Option<Option<StructureId>> = account.get_result(transaction.connection()).await.optional()?;
        let mailbox = read_by(transaction.connection(), id).await?;
        Ok(mailbox.map(|mailbox| (mailbox, structure.flatten())))
    })
}

/// Whether that mailbox takes answers: a structure's while its messaging is on, an account's while it is in use.
pub fn answerable(connection: &mut Connection, to: CorrespondantId) -> Pending<'_, bool> {
    Box::pin(async move {
        let found: i64 = correspondant::table
            .left_join(structure::table.on(correspondant::structure_id.eq(structure::id.nullable())))
            .left_join(compte::table.on(correspondant::compte_id.eq(compte::id.nullable())))
            .filter(correspondant::id.eq(to.0))
            .filter(structure::messagerie_active.eq(true).or(compte::etat.eq(EtatCompte::Actif.as_str())))
            .count()
            .get_result(connection)
            .await?;
        Ok(found == 1)
    })
}

/// The persons among these: account, address and first name.
pub fn people<'a>(
    connection: &'a mut Connection,
    of: &'a [CorrespondantId],
) -> Pending<'a, Vec<(CompteId, String, String)>> {
    Box::pin(async move {
        let of: Vec<i64> = of.iter().map(|id| id.0).collect();
        Ok(correspondant::table
            .inner_join(compte::table.on(correspondant::compte_id.eq(compte::id.nullable())))
            .filter(correspondant::id.eq_any(&of))
            .order(compte::id)
            .select((compte::id, compte::login, compte::prenom))
            .load(connection)
            .await?)
    })
}

/// Civilité, first name and surname of the person whose mailbox it is; none for a structure's.
pub fn person(connection: &mut Connection, id: CorrespondantId) -> Pending<'_, Option<(String, String, String)>> {
    Box::pin(async move {
        Ok(correspondant::table
            .inner_join(compte::table.on(correspondant::compte_id.eq(compte::id.nullable())))
            .filter(correspondant::id.eq(id.0))
            .select((compte::civilite, compte::prenom, compte::nom))
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn names<'a>(connection: &'a mut Connection, ids: &'a [CorrespondantId]) -> Pending<'a, Vec<Correspondant>> {
    Box::pin(async move {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        Ok(correspondant::table
            .left_join(intervenant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
            .filter(correspondant::id.eq_any(&ids))
            .order(correspondant::cle)
            .select((correspondant::id, correspondant::nom, intervenant::commune.nullable()))
            .load(connection)
            .await?)
    })
}

/// The structures that a validated intervenant deals with: the one of rattachement, and those whose annonces they
/// answered (M1).
async fn structures_of(connection: &mut Connection, person: Option<CompteId>) -> Result<Vec<i64>> {
    let Some(person) = person else { return Ok(Vec::new()) };
    let own: Option<Option<i64>> = intervenant::table
        .filter(intervenant::compte_id.eq(person.0))
        .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
        .select(intervenant::structure_id)
        .first(connection)
        .await
        .optional()?;
    let Some(own) = own else { return Ok(Vec::new()) };
    let reached: Vec<&str> =
        EtatCandidature::ALL.iter().filter(|etat| etat.reached_structure()).map(|etat| etat.as_str()).collect();
    let mut all: Vec<i64> = candidature::table
        .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
        .filter(candidature::compte_id.eq(person.0))
        .filter(candidature::etat.eq_any(&reached))
        .select(annonce::structure_id)
        .distinct()
        .load(connection)
        .await?;
    all.extend(own);
    Ok(all)
}

/// The mailboxes whose name has a word that begins so.
pub(crate) fn with_word(beginning: &str) -> correspondant_mot::BoxedQuery<'static, Both, BigInt> {
    correspondant_mot::table
        .filter(correspondant_mot::mot.ge(beginning.to_owned()))
        .filter(correspondant_mot::mot.lt(end(beginning)))
        .select(correspondant_mot::correspondant_id)
        .into_boxed()
}

/// The end of the range of texts that begin so.
pub(crate) fn end(beginning: &str) -> String {
    format!("{beginning}\u{10ffff}")
}

/// Those whom a mailbox may write to, by the beginning of the words of their name; with nothing typed, the first ones.
///
/// An intervenant may write to structures whose mailbox is turned on, among those of [`structures_of`]. A structure may
/// write to every validated intervenant: all structures read the CV-thèque and contact the person (manual §3.1.2).
pub fn reachable<'a>(
    connection: &'a mut Connection,
    from: CorrespondantId,
    typed: &'a str,
    limit: i64,
) -> Pending<'a, Vec<Correspondant>> {
    Box::pin(async move {
        let words = mots(typed, 6);
        if words.is_empty() && !typed.trim().is_empty() {
            // Only punctuation was typed: it begins nobody's name.
            return Ok(Vec::new());
        }
        let Some((compte, structure)) = owner(connection, from).await? else { return Ok(Vec::new()) };
        let theirs = structures_of(connection, compte).await?;
        Ok(match (compte, structure) {
            (Some(_), _) => {
                let mut query = correspondant::table
                    .inner_join(structure::table.on(correspondant::structure_id.eq(structure::id.nullable())))
                    .left_join(compte::table.on(correspondant::compte_id.eq(compte::id.nullable())))
                    .filter(structure::messagerie_active.eq(true))
                    .filter(structure::id.eq_any(&theirs))
                    .select((correspondant::id, correspondant::nom, compte::nom.nullable()))
                    .order((correspondant::cle, correspondant::id))
                    .limit(limit)
                    .into_boxed::<Both>();
                for word in &words {
                    query = query.filter(correspondant::id.eq_any(with_word(word)));
                }
                query.load(connection).await?
            }
            (None, Some(_)) => {
                let mut query = correspondant::table
                    .inner_join(intervenant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
                    .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
                    .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                    .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
                    .select((correspondant::id, correspondant::nom, intervenant::commune.nullable()))
                    .order((correspondant::cle, correspondant::id))
                    .limit(limit)
                    .into_boxed::<Both>();
                for word in &words {
                    query = query.filter(correspondant::id.eq_any(with_word(word)));
                }
                query.load(connection).await?
            }
            (None, None) => Vec::new(),
        })
    })
}

/// Of these, the ones that a mailbox may write to.
pub fn reachable_among<'a>(
    connection: &'a mut Connection,
    from: CorrespondantId,
    to: &'a [CorrespondantId],
) -> Pending<'a, Vec<CorrespondantId>> {
    Box::pin(async move {
        let Some((compte, structure)) = owner(connection, from).await? else { return Ok(Vec::new()) };
        let to: Vec<i64> = to.iter().map(|id| id.0).collect();
        let theirs = structures_of(connection, compte).await?;
        Ok(match (compte, structure) {
            (Some(_), _) => {
                correspondant::table
                    .inner_join(structure::table.on(correspondant::structure_id.eq(structure::id.nullable())))
                    .filter(structure::messagerie_active.eq(true))
                    .filter(structure::id.eq_any(&theirs))
                    .filter(correspondant::id.eq_any(&to))
                    .select(correspondant::id)
                    .load(connection)
                    .await?
            }
            (None, Some(_)) => {
                correspondant::table
                    .inner_join(intervenant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
                    .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
                    .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                    .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
                    .filter(correspondant::id.eq_any(&to))
                    .select(correspondant::id)
                    .load(connection)
                    .await?
            }
            (None, None) => Vec::new(),
        })
    })
}

/// Which of these accounts a mailbox has written to.
pub fn written_to<'a>(
    connection: &'a mut Connection,
    from: CorrespondantId,
    comptes: &'a [CompteId],
) -> Pending<'a, Vec<CompteId>> {
    Box::pin(async move {
        let ids: Vec<i64> = comptes.iter().map(|id| id.0).collect();
        let rows: Vec<Option<CompteId>> = message::table
            .inner_join(destinataire::table.on(destinataire::message_id.eq(message::id)))
            .inner_join(correspondant::table.on(correspondant::id.eq(destinataire::correspondant_id)))
            .filter(message::de_id.eq(from.0))
            .filter(correspondant::compte_id.eq_any(ids.iter().copied().map(Some).collect::<Vec<_>>()))
            .select(correspondant::compte_id)
            .distinct()
            .load(connection)
            .await?;
        Ok(rows.into_iter().flatten().collect())
    })
}

/// Whether an intervenant may use the messaging, or else why not.
pub fn messaging_of(connection: &mut Connection, person: CompteId) -> Pending<'_, Availability> {
    Box::pin(async move {
        let found: Option<(String, Option<String>)> = intervenant::table
            .left_join(structure::table.on(intervenant::structure_id.eq(structure::id.nullable())))
            .filter(intervenant::compte_id.eq(person.0))
            .select((intervenant::etat_inscription, structure::nom.nullable()))
            .first(connection)
            .await
            .optional()?;
        let theirs = structures_of(connection, Some(person)).await?;
        let open: i64 = structure::table
            .filter(structure::id.eq_any(&theirs))
            .filter(structure::messagerie_active.eq(true))
            .count()
            .get_result(connection)
            .await?;
        Ok(match found {
            Some((etat, _)) if etat != EtatInscription::Validee.as_str() => Availability::NotValidated,
            Some(_) if open > 0 => Availability::Open,
            Some((_, structure)) => Availability::TurnedOff { structure: structure.unwrap_or_default() },
            None => Availability::NotValidated,
        })
    })
}

/// Whether somebody may write (M1, G7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    Open,
    /// The structure of rattachement has not turned it on.
    TurnedOff {
        structure: String,
    },
    /// The registration is not validated yet.
    NotValidated,
    /// The gestionnaire reads for the structure, without the right to write for it.
    NotGranted,
}
