//! Who can write and be written to: intervenants, and structures as a whole (manual §7).

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::candidature::EtatCandidature;
use domain::compte::{EtatCompte, EtatInscription};
use domain::texte::fold;
use domain::{CompteId, CorrespondantId, StructureId};

use crate::Result;
use crate::connection::{Connection, on};
use crate::schema::{
    annonce, candidature, compte, correspondant, correspondant_mot, destinataire, intervenant, message, structure,
};

/// Somebody who can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correspondant {
    /// Its id.
    pub id: CorrespondantId,
    /// « Paul Le Gall » or « Délégation Bretagne ».
    pub nom: String,
    /// What tells two of the same name apart: the commune of a person, nothing for a structure.
    pub detail: String,
}

/// Makes one; the words of its key are what completion begins with.
pub(crate) async fn create(
    connection: &mut Connection,
    compte: Option<CompteId>,
    structure: Option<StructureId>,
    nom: &str,
    cle: &str,
) -> Result<CorrespondantId> {
    let id: i64 = on!(connection, c => diesel::insert_into(correspondant::table)
        .values((
            correspondant::compte_id.eq(compte.map(|id| id.0)),
            correspondant::structure_id.eq(structure.map(|id| id.0)),
            correspondant::nom.eq(nom),
            correspondant::cle.eq(cle),
        ))
        .returning(correspondant::id).get_result(c).await)?;
    index_words(connection, id, cle).await?;
    Ok(CorrespondantId(id))
}

async fn index_words(connection: &mut Connection, id: i64, cle: &str) -> Result<()> {
    let mut words: Vec<&str> = cle.split(' ').filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    for word in words {
        on!(connection, c => diesel::insert_into(correspondant_mot::table)
            .values((correspondant_mot::mot.eq(word), correspondant_mot::correspondant_id.eq(id)))
            .execute(c).await)?;
    }
    Ok(())
}

/// Gives the mailbox of an account another name.
pub(crate) async fn rename(connection: &mut Connection, compte: CompteId, nom: &str, cle: &str) -> Result<()> {
    let Some(found) = of_compte(connection, compte).await? else { return Ok(()) };
    set_name(connection, found, nom, cle).await
}

/// Gives the mailbox of a structure another name.
pub(crate) async fn rename_structure(connection: &mut Connection, structure: StructureId, nom: &str) -> Result<()> {
    let Some(found) = of_structure(connection, structure).await? else { return Ok(()) };
    set_name(connection, found, nom, &fold(nom)).await
}

async fn set_name(
    connection: &mut Connection,
    CorrespondantId(id): CorrespondantId,
    nom: &str,
    cle: &str,
) -> Result<()> {
    on!(connection, c => diesel::update(correspondant::table.find(id))
        .set((correspondant::nom.eq(nom), correspondant::cle.eq(cle))).execute(c).await)?;
    on!(connection, c => diesel::delete(correspondant_mot::table
        .filter(correspondant_mot::correspondant_id.eq(id))).execute(c).await)?;
    index_words(connection, id, cle).await
}

/// The mailbox of an intervenant's account.
pub async fn of_compte(connection: &mut Connection, id: CompteId) -> Result<Option<CorrespondantId>> {
    let found: Option<i64> = on!(connection, c => correspondant::table
        .filter(correspondant::compte_id.eq(id.0)).select(correspondant::id).first(c).await.optional())?;
    Ok(found.map(CorrespondantId))
}

/// The mailbox of a structure.
pub async fn of_structure(connection: &mut Connection, id: StructureId) -> Result<Option<CorrespondantId>> {
    let found: Option<i64> = on!(connection, c => correspondant::table
        .filter(correspondant::structure_id.eq(id.0)).select(correspondant::id).first(c).await.optional())?;
    Ok(found.map(CorrespondantId))
}

/// Whose mailbox it is.
pub async fn owner(
    connection: &mut Connection,
    id: CorrespondantId,
) -> Result<Option<(Option<CompteId>, Option<StructureId>)>> {
    let found: Option<(Option<i64>, Option<i64>)> = on!(connection, c => correspondant::table.find(id.0)
        .select((correspondant::compte_id, correspondant::structure_id)).first(c).await.optional())?;
    Ok(found.map(|(compte, structure)| (compte.map(CompteId), structure.map(StructureId))))
}

/// Civilité, first name and surname of the person whose mailbox it is; none for a structure's.
pub async fn person(connection: &mut Connection, id: CorrespondantId) -> Result<Option<(String, String, String)>> {
    Ok(on!(connection, c => correspondant::table
        .inner_join(compte::table.on(correspondant::compte_id.eq(compte::id.nullable())))
        .filter(correspondant::id.eq(id.0))
        .select((compte::civilite, compte::prenom, compte::nom)).first(c).await.optional())?)
}

/// Names of these correspondants, by id.
pub async fn names(connection: &mut Connection, ids: &[CorrespondantId]) -> Result<Vec<Correspondant>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(i64, String, Option<String>)> = on!(connection, c => correspondant::table
        .left_join(intervenant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
        .filter(correspondant::id.eq_any(&ids))
        .order(correspondant::cle)
        .select((correspondant::id, correspondant::nom, intervenant::commune.nullable()))
        .load(c).await)?;
    Ok(rows.into_iter().map(into_correspondant).collect())
}

/// The structures that a validated intervenant deals with: the one of rattachement, and those whose annonces they
/// answered (M1).
async fn structures_of(connection: &mut Connection, person: Option<CompteId>) -> Result<Vec<i64>> {
    let Some(person) = person else { return Ok(Vec::new()) };
    let own: Option<Option<i64>> = on!(connection, c => intervenant::table
        .filter(intervenant::compte_id.eq(person.0))
        .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
        .select(intervenant::structure_id).first(c).await.optional())?;
    let Some(own) = own else { return Ok(Vec::new()) };
    let reached: Vec<&str> =
        EtatCandidature::ALL.iter().filter(|etat| etat.reached_structure()).map(|etat| etat.as_str()).collect();
    let mut all: Vec<i64> = on!(connection, c => candidature::table
        .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
        .filter(candidature::compte_id.eq(person.0)).filter(candidature::etat.eq_any(&reached))
        .select(annonce::structure_id).distinct().load(c).await)?;
    all.extend(own);
    Ok(all)
}

/// Those whom a mailbox may write to, by the beginning of the words of their name; with nothing typed, the first ones.
///
/// An intervenant may write to structures whose mailbox is turned on, among those of [`structures_of`]. A structure may
/// write to every validated intervenant: all structures read the CV-thèque and contact the person (manual §3.1.2).
pub async fn reachable(
    connection: &mut Connection,
    from: CorrespondantId,
    typed: &str,
    limit: i64,
) -> Result<Vec<Correspondant>> {
    let words: Vec<String> =
        fold(typed).split(' ').filter(|word| !word.is_empty()).take(6).map(ToOwned::to_owned).collect();
    if words.is_empty() && !typed.trim().is_empty() {
        // Signs alone begin nobody's name.
        return Ok(Vec::new());
    }
    let Some((compte, structure)) = owner(connection, from).await? else { return Ok(Vec::new()) };
    let theirs = structures_of(connection, compte).await?;
    let rows: Vec<(i64, String, Option<String>)> = match (compte, structure) {
        (Some(_), _) => on!(connection, c => {
            let mut query = correspondant::table
                .inner_join(structure::table.on(correspondant::structure_id.eq(structure::id.nullable())))
                .left_join(compte::table.on(correspondant::compte_id.eq(compte::id.nullable())))
                .filter(structure::messagerie_active.eq(true))
                .filter(structure::id.eq_any(&theirs))
                .select((correspondant::id, correspondant::nom, compte::nom.nullable()))
                .order((correspondant::cle, correspondant::id))
                .limit(limit)
                .into_boxed();
            for word in &words {
                query = query.filter(correspondant::id.eq_any(correspondant_mot::table
                    .filter(correspondant_mot::mot.ge(word.clone()))
                    .filter(correspondant_mot::mot.lt(format!("{word}\u{10ffff}")))
                    .select(correspondant_mot::correspondant_id)));
            }
            query.load(c).await
        })?,
        (None, Some(_)) => on!(connection, c => {
            let mut query = correspondant::table
                .inner_join(intervenant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
                .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
                .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
                .select((correspondant::id, correspondant::nom, intervenant::commune.nullable()))
                .order((correspondant::cle, correspondant::id))
                .limit(limit)
                .into_boxed();
            for word in &words {
                query = query.filter(correspondant::id.eq_any(correspondant_mot::table
                    .filter(correspondant_mot::mot.ge(word.clone()))
                    .filter(correspondant_mot::mot.lt(format!("{word}\u{10ffff}")))
                    .select(correspondant_mot::correspondant_id)));
            }
            query.load(c).await
        })?,
        (None, None) => Vec::new(),
    };
    Ok(rows.into_iter().map(into_correspondant).collect())
}

/// Of these, the ones that a mailbox may write to.
pub async fn reachable_among(
    connection: &mut Connection,
    from: CorrespondantId,
    to: &[CorrespondantId],
) -> Result<Vec<CorrespondantId>> {
    let Some((compte, structure)) = owner(connection, from).await? else { return Ok(Vec::new()) };
    let to: Vec<i64> = to.iter().map(|id| id.0).collect();
    let theirs = structures_of(connection, compte).await?;
    let rows: Vec<i64> = match (compte, structure) {
        (Some(_), _) => on!(connection, c => correspondant::table
            .inner_join(structure::table.on(correspondant::structure_id.eq(structure::id.nullable())))
            .filter(structure::messagerie_active.eq(true))
            .filter(structure::id.eq_any(&theirs))
            .filter(correspondant::id.eq_any(&to))
            .select(correspondant::id).load(c).await)?,
        (None, Some(_)) => on!(connection, c => correspondant::table
            .inner_join(intervenant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
            .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .filter(correspondant::id.eq_any(&to))
            .select(correspondant::id).load(c).await)?,
        (None, None) => Vec::new(),
    };
    Ok(rows.into_iter().map(CorrespondantId).collect())
}

/// To whom of these accounts a mailbox has written.
pub async fn written_to(
    connection: &mut Connection,
    from: CorrespondantId,
    comptes: &[CompteId],
) -> Result<Vec<CompteId>> {
    let ids: Vec<i64> = comptes.iter().map(|id| id.0).collect();
    let rows: Vec<Option<i64>> = on!(connection, c => message::table
        .inner_join(destinataire::table.on(destinataire::message_id.eq(message::id)))
        .inner_join(correspondant::table.on(correspondant::id.eq(destinataire::correspondant_id)))
        .filter(message::de_id.eq(from.0))
        .filter(correspondant::compte_id.eq_any(ids.iter().copied().map(Some).collect::<Vec<_>>()))
        .select(correspondant::compte_id).distinct().load(c).await)?;
    Ok(rows.into_iter().flatten().map(CompteId).collect())
}

/// Whether an intervenant may use the messaging, or the structure whose choice it is not to.
pub async fn messaging_of(connection: &mut Connection, person: CompteId) -> Result<Availability> {
    let found: Option<(String, Option<String>)> = on!(connection, c => intervenant::table
        .left_join(structure::table.on(intervenant::structure_id.eq(structure::id.nullable())))
        .filter(intervenant::compte_id.eq(person.0))
        .select((intervenant::etat_inscription, structure::nom.nullable()))
        .first(c).await.optional())?;
    let theirs = structures_of(connection, Some(person)).await?;
    let open: i64 = on!(connection, c => structure::table
        .filter(structure::id.eq_any(&theirs)).filter(structure::messagerie_active.eq(true)).count().get_result(c).await)?;
    Ok(match found {
        Some((etat, _)) if etat != EtatInscription::Validee.as_str() => Availability::NotValidated,
        Some(_) if open > 0 => Availability::Open,
        Some((_, structure)) => Availability::TurnedOff { structure: structure.unwrap_or_default() },
        None => Availability::NotValidated,
    })
}

/// Whether somebody may write (M1, G7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Yes.
    Open,
    /// The structure of rattachement has not turned it on.
    TurnedOff {
        /// Its name.
        structure: String,
    },
    /// The registration is not validated yet.
    NotValidated,
    /// A gestionnaire reads for the structure, and was not granted to write for it.
    NotGranted,
}

fn into_correspondant((id, nom, detail): (i64, String, Option<String>)) -> Correspondant {
    Correspondant { id: CorrespondantId(id), nom, detail: detail.unwrap_or_default() }
}
