//! Answers to annonces: one for an annonce and an account, ever (manual §4.2, SPEC A2 to A4).

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use domain::annonce::{EtatAnnonce, NumeroAnnonce};
use domain::candidature::{EtatCandidature, Evenement, REPENTIR_SECONDES, Refusal};
use domain::compte::EtatCompte;
use domain::courriel::Courriel;
use domain::journal::Fact;
use domain::nir::mask;
use domain::preference::{Rythme, Sorte};
use domain::{CompteId, StructureId};

use crate::connection::{Connection, Transaction};
use crate::dialect::{Both, Lock, locked};
use crate::query::RunQueryDsl;
use crate::schema::{annonce, candidature, candidature_ecart, compte, intervenant, structure};
use crate::{
    Error, Pending, Refused, Result, correspondants, courriels, inscriptions, notifications, preferences, structures,
};

/// Where a person reads their answers.
pub const THEIRS: &str = "/mon-compte/candidatures";

/// An answer as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidature {
    /// Its id.
    pub id: i64,
    /// Of which annonce.
    pub annonce: i64,
    /// Whose it is.
    pub compte: CompteId,
    /// Where it stands.
    pub etat: EtatCandidature,
    /// What its author wrote.
    pub commentaire: String,
    /// Raised by each change.
    pub version: i64,
}

/// Why an answer was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The annonce takes no answer any more.
    #[error("Cette annonce est close : on ne peut plus y répondre.")]
    Closed,
    /// As the answer stands.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

fn etat(word: String) -> Result<EtatCandidature> {
    EtatCandidature::from_word(&word).ok_or(Error::Unknown { table: "candidature", column: "etat", value: word })
}

type Row = (i64, i64, i64, String, String, i64);

fn into_candidature((id, annonce, compte, word, commentaire, version): Row) -> Result<Candidature> {
    Ok(Candidature { id, annonce, compte: CompteId(compte), etat: etat(word)?, commentaire, version })
}

const COLUMNS: (
    candidature::id,
    candidature::annonce_id,
    candidature::compte_id,
    candidature::etat,
    candidature::commentaire,
    candidature::version,
) = (
    candidature::id,
    candidature::annonce_id,
    candidature::compte_id,
    candidature::etat,
    candidature::commentaire,
    candidature::version,
);

/// The answer of an account to an annonce, if there is one.
pub fn find(connection: &mut Connection, annonce: i64, compte: CompteId) -> Pending<'_, Option<Candidature>> {
    Box::pin(async move {
        let row: Option<Row> = candidature::table
            .filter(candidature::annonce_id.eq(annonce))
            .filter(candidature::compte_id.eq(compte.0))
            .select(COLUMNS)
            .first(connection)
            .await
            .optional()?;
        row.map(into_candidature).transpose()
    })
}

async fn by_id(connection: &mut Connection, id: i64) -> Result<Option<Candidature>> {
    let row: Option<Row> = candidature::table.find(id).select(COLUMNS).first(connection).await.optional()?;
    row.map(into_candidature).transpose()
}

/// A person answers an annonce. The same answer sent again is the one that is there.
///
/// # Errors
/// Why it is not sent.
pub fn answer<'a>(
    transaction: &'a mut Transaction,
    annonce: i64,
    compte: CompteId,
    commentaire: &'a str,
) -> Pending<'a, (), Refused<NotSent>> {
    Box::pin(async move {
        if !is_open(transaction, annonce).await? {
            return Err(Refused::Because(NotSent::Closed));
        }
        let commentaire = &mask(commentaire);
        let found = find(transaction.connection(), annonce, compte).await?;
        let candidature = match found {
            None => insert(transaction, annonce, compte, EtatCandidature::Transmise, commentaire).await?,
            Some(there) if there.etat == EtatCandidature::Transmise && there.commentaire == *commentaire => {
                return Ok(());
            }
            Some(there) => {
                let next = there.etat.next(Evenement::Deposer).map_err(Refused::rule)?;
                diesel::update(candidature::table.find(there.id))
                    .set(candidature::commentaire.eq(commentaire))
                    .execute(transaction.connection())
                    .await?;
                if !step(transaction, &there, next, None).await? {
                    return Err(Refused::rule(Refusal::AlreadySent));
                }
                Candidature { etat: next, version: there.version + 1, ..there }
            }
        };
        record(transaction, &candidature, Evenement::Deposer).await?;
        // Its author has just sent it, and reads so on the page: an email for the record, no notification.
        mail(transaction, &candidature).await?;
        Ok(())
    })
}

/// Somebody registers to answer an annonce: their answer waits for the registration.
pub fn wait<'a>(
    transaction: &'a mut Transaction,
    annonce: i64,
    compte: CompteId,
    commentaire: &'a str,
) -> Pending<'a, ()> {
    Box::pin(async move {
        insert(transaction, annonce, compte, EtatCandidature::EnAttente, &mask(commentaire)).await?;
        Ok(())
    })
}

/// Whether an annonce takes answers; it stays so until this transaction ends.
async fn is_open(transaction: &mut Transaction, annonce: i64) -> Result<bool> {
    let one = locked(annonce::table.find(annonce).select(annonce::etat), Lock::Share);
    let etat: Option<String> = one.get_result(transaction.connection()).await.optional()?;
    Ok(etat.as_deref() == Some(EtatAnnonce::Publiee.as_str()))
}

async fn insert(
    transaction: &mut Transaction,
    annonce: i64,
    compte: CompteId,
    etat: EtatCandidature,
    commentaire: &str,
) -> Result<Candidature> {
    let now = transaction.now;
    let sent = (etat == EtatCandidature::Transmise).then_some(now);
    let id: i64 = diesel::insert_into(candidature::table)
        .values((
            candidature::annonce_id.eq(annonce),
            candidature::compte_id.eq(compte.0),
            candidature::etat.eq(etat.as_str()),
            candidature::commentaire.eq(commentaire),
            candidature::version.eq(1),
            candidature::cree_at.eq(now),
            candidature::transmise_at.eq(sent),
            candidature::modifie_at.eq(now),
        ))
        .returning(candidature::id)
        .get_result(transaction.connection())
        .await?;
    Ok(Candidature { id, annonce, compte, etat, commentaire: commentaire.to_owned(), version: 1 })
}

/// Moves an answer on, if it still stands as it was read; false when somebody was faster.
async fn step(
    transaction: &mut Transaction,
    found: &Candidature,
    next: EtatCandidature,
    by: Option<CompteId>,
) -> Result<bool> {
    let now = transaction.now;
    let moved = diesel::update(candidature::table.find(found.id).filter(candidature::version.eq(found.version)))
        .set((
            candidature::etat.eq(next.as_str()),
            candidature::version.eq(found.version + 1),
            candidature::gestionnaire_id.eq(by.map(|id| id.0)),
            candidature::modifie_at.eq(now),
        ))
        .execute(transaction.connection())
        .await?;
    if moved > 0 {
        // What was about to be decided was decided upon the answer as it stood.
        diesel::delete(candidature_ecart::table.find(found.id)).execute(transaction.connection()).await?;
    }
    if moved > 0 && next == EtatCandidature::Transmise {
        diesel::update(candidature::table.find(found.id))
            .set(candidature::transmise_at.eq(now))
            .execute(transaction.connection())
            .await?;
    }
    Ok(moved > 0)
}

async fn record(transaction: &mut Transaction, of: &Candidature, event: Evenement) -> Result<()> {
    let structure: i64 =
        annonce::table.find(of.annonce).select(annonce::structure_id).first(transaction.connection()).await?;
    let boite = correspondants::of_structure(transaction.connection(), StructureId(structure)).await?;
    transaction.record(Fact::CandidatureModifiee {
        candidature: of.id,
        compte: of.compte,
        evenement: event.as_str().to_owned(),
        boite,
    });
    Ok(())
}

/// The email and the notification of where an answer stands now (A3).
async fn tell(transaction: &mut Transaction, of: &Candidature) -> Result<()> {
    let (numero, titre) = mail(transaction, of).await?;
    let said = format!("Votre réponse à l’annonce {numero} est {}", of.etat.libelle());
    notifications::create(transaction, &[of.compte], "candidature", (&said, &titre, THEIRS)).await
}

/// The email of where an answer stands now; answers the annonce's number and title.
async fn mail(transaction: &mut Transaction, of: &Candidature) -> Result<(String, String)> {
    let (annee, rang, titre, owner): (Option<i32>, Option<i64>, String, i64) = annonce::table
        .find(of.annonce)
        .select((annonce::annee, annonce::rang, annonce::titre, annonce::structure_id))
        .first(transaction.connection())
        .await?;
    let numero = annee.zip(rang).map(|(annee, rang)| NumeroAnnonce { annee, rang }.to_string()).unwrap_or_default();
    let found = structures::by_id(transaction.connection(), StructureId(owner)).await?;
    let (login, prenom): (String, String) =
        compte::table.find(of.compte.0).select((compte::login, compte::prenom)).first(transaction.connection()).await?;
    let content = Courriel::Candidature {
        prenom,
        numero: numero.clone(),
        titre: titre.clone(),
        etat: of.etat,
        structure: inscriptions::contact(found.as_ref()),
    };
    let key = format!("candidature-{}-{}", of.id, of.version);
    let wishes = preferences::courriels(transaction.connection(), &[of.compte.0], Sorte::Candidature).await?;
    if wishes.get(&of.compte.0) != Some(&Rythme::Jamais) {
        courriels::put(transaction, Some(of.compte), &login, &key, &content).await?;
    }
    Ok((numero, titre))
}

/// What a registration that is decided does to the answers that waited for it (A2): validated, they go to their
/// structures while the annonce is open; else they are cancelled.
pub fn settle_waiting(transaction: &mut Transaction, compte: CompteId, validated: bool) -> Pending<'_, ()> {
    Box::pin(async move {
        let rows: Vec<Row> = candidature::table
            .filter(candidature::compte_id.eq(compte.0))
            .filter(candidature::etat.eq(EtatCandidature::EnAttente.as_str()))
            .order(candidature::id)
            .select(COLUMNS)
            .load(transaction.connection())
            .await?;
        for row in rows {
            let waiting = into_candidature(row)?;
            let sent = validated && is_open(transaction, waiting.annonce).await?;
            let event = if sent { Evenement::Transmettre } else { Evenement::Annuler };
            let Ok(next) = waiting.etat.next(event) else { continue };
            if step(transaction, &waiting, next, None).await? {
                let now = Candidature { etat: next, version: waiting.version + 1, ..waiting };
                record(transaction, &now, event).await?;
                tell(transaction, &now).await?;
            }
        }
        Ok(())
    })
}

/// A person takes an answer back, while the structure has not studied it (A3).
///
/// # Errors
/// Why not; none when they have no answer of that id.
pub fn withdraw(transaction: &mut Transaction, compte: CompteId, id: i64) -> Pending<'_, Option<()>, Refused<Refusal>> {
    Box::pin(async move {
        let Some(found) = by_id(transaction.connection(), id).await?.filter(|found| found.compte == compte) else {
            return Ok(None);
        };
        let next = found.etat.next(Evenement::Retirer).map_err(Refused::Because)?;
        if !step(transaction, &found, next, None).await? {
            return Err(Refused::Because(Refusal::Studied));
        }
        record(transaction, &found, Evenement::Retirer).await?;
        Ok(Some(()))
    })
}

type Chosen = (Row, (String, String));

/// Those of these answers that were sent to a structure's annonces, with the names of their authors.
async fn chosen(connection: &mut Connection, structure: StructureId, ids: &[i64]) -> Result<Vec<Chosen>> {
    Ok(candidature::table
        .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
        .inner_join(compte::table.on(compte::id.eq(candidature::compte_id)))
        .filter(candidature::id.eq_any(ids))
        .filter(annonce::structure_id.eq(structure.0))
        .order(candidature::id)
        .select((COLUMNS, (compte::prenom, compte::nom)))
        .load(connection)
        .await?)
}

/// What came of a decision upon one answer of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The answer.
    pub id: i64,
    /// First name and surname of its author.
    pub nom: String,
    /// The new state, or why there is none.
    pub result: Result<EtatCandidature, Refusal>,
}

/// A structure decides upon answers to its annonces, each by itself; those that are not its own are left out.
pub fn decide<'a>(
    transaction: &'a mut Transaction,
    (by, structure): (CompteId, StructureId),
    ids: &'a [i64],
    event: Evenement,
) -> Pending<'a, Vec<Outcome>> {
    Box::pin(async move {
        let rows = chosen(transaction.connection(), structure, ids).await?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for (row, (prenom, nom)) in rows {
            let found = into_candidature(row)?;
            let result = match found.etat.next(event) {
                Ok(next) if step(transaction, &found, next, Some(by)).await? => {
                    let now = Candidature { etat: next, version: found.version + 1, ..found.clone() };
                    record(transaction, &now, event).await?;
                    tell(transaction, &now).await?;
                    Ok(next)
                }
                Ok(_) => Err(Refusal::Already),
                Err(refusal) => Err(refusal),
            };
            outcomes.push(Outcome { id: found.id, nom: format!("{prenom} {nom}"), result });
        }
        Ok(outcomes)
    })
}

/// A structure does not keep these answers: it takes effect [`REPENTIR_SECONDES`] later, unless it is taken back. Those that are
/// not its own are left out.
pub fn dismiss<'a>(
    transaction: &'a mut Transaction,
    (by, structure): (CompteId, StructureId),
    ids: &'a [i64],
) -> Pending<'a, Vec<Outcome>> {
    Box::pin(async move {
        let effect = transaction.now + TimeDelta::seconds(REPENTIR_SECONDES);
        let rows = chosen(transaction.connection(), structure, ids).await?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for (row, (prenom, nom)) in rows {
            let found = into_candidature(row)?;
            let mut result = found.etat.next(Evenement::Ecarter);
            if result.is_ok() {
                let written = diesel::insert_into(candidature_ecart::table)
                    .values((
                        candidature_ecart::candidature_id.eq(found.id),
                        candidature_ecart::gestionnaire_id.eq(by.0),
                        candidature_ecart::effet_at.eq(effect),
                    ))
                    .on_conflict_do_nothing()
                    .execute(transaction.connection())
                    .await?;
                if written == 0 {
                    result = Err(Refusal::Already);
                }
            }
            outcomes.push(Outcome { id: found.id, nom: format!("{prenom} {nom}"), result });
        }
        Ok(outcomes)
    })
}

/// A structure takes back what [`dismiss`] was about to do; answers how many there were. What took effect stays.
pub fn take_back<'a>(transaction: &'a mut Transaction, structure: StructureId, ids: &'a [i64]) -> Pending<'a, usize> {
    Box::pin(async move {
        let own = chosen(transaction.connection(), structure, ids).await?;
        let own: Vec<i64> = own.into_iter().map(|(row, _)| row.0).collect();
        let waiting = candidature_ecart::table
            .filter(candidature_ecart::candidature_id.eq_any(&own))
            .filter(candidature_ecart::effet_at.gt(transaction.now));
        Ok(diesel::delete(waiting).execute(transaction.connection()).await?)
    })
}

/// Whether a decision of [`dismiss`] is due.
pub fn any_dismissal_due(connection: &mut Connection, now: NaiveDateTime) -> Pending<'_, bool> {
    Box::pin(async move {
        let first: Option<NaiveDateTime> = candidature_ecart::table
            .select(diesel::dsl::min(candidature_ecart::effet_at))
            .get_result(connection)
            .await?;
        Ok(first.is_some_and(|first| first <= now))
    })
}

/// Does what [`dismiss`] said, for at most `limit` answers whose time has come; answers how many there were.
pub fn settle_dismissals(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let due = candidature_ecart::table
            .filter(candidature_ecart::effet_at.le(now))
            .order((candidature_ecart::effet_at, candidature_ecart::candidature_id))
            .limit(limit)
            .select((candidature_ecart::candidature_id, candidature_ecart::gestionnaire_id));
        let due: Vec<(i64, i64)> = locked(due, Lock::SkipTaken).load(transaction.connection()).await?;
        let count = due.len();
        for (id, by) in due {
            diesel::delete(candidature_ecart::table.find(id)).execute(transaction.connection()).await?;
            let Some(found) = by_id(transaction.connection(), id).await? else { continue };
            let Ok(next) = found.etat.next(Evenement::Ecarter) else { continue };
            if step(transaction, &found, next, Some(CompteId(by))).await? {
                let now = Candidature { etat: next, version: found.version + 1, ..found };
                record(transaction, &now, Evenement::Ecarter).await?;
                tell(transaction, &now).await?;
            }
        }
        Ok(count)
    })
}

/// What became of the answers of these accounts to an annonce, where the structure reads them.
pub fn states_of<'a>(
    connection: &'a mut Connection,
    annonce: i64,
    comptes: &'a [CompteId],
) -> Pending<'a, HashMap<CompteId, EtatCandidature>> {
    Box::pin(async move {
        let ids: Vec<i64> = comptes.iter().map(|id| id.0).collect();
        let rows: Vec<(i64, String)> = candidature::table
            .filter(candidature::annonce_id.eq(annonce))
            .filter(candidature::compte_id.eq_any(&ids))
            .select((candidature::compte_id, candidature::etat))
            .load(connection)
            .await?;
        let mut states = HashMap::new();
        for (compte, word) in rows {
            let etat = etat(word)?;
            if etat.reached_structure() {
                states.insert(CompteId(compte), etat);
            }
        }
        Ok(states)
    })
}

/// An answer as its author reads it.
#[derive(Clone, Debug)]
pub struct Mienne {
    /// Its id.
    pub id: i64,
    /// Where it stands.
    pub etat: EtatCandidature,
    /// What was written.
    pub commentaire: String,
    /// The annonce's number.
    pub numero: Option<NumeroAnnonce>,
    /// Its title.
    pub titre: String,
    /// Whose annonce it is.
    pub structure_nom: String,
    /// When it was written.
    pub cree_at: NaiveDateTime,
    /// Last change.
    pub modifie_at: NaiveDateTime,
}

/// The answers of an account, the latest first.
pub fn of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Mienne>> {
    Box::pin(async move {
        type Line = ((i64, String, String, NaiveDateTime, NaiveDateTime), (Option<i32>, Option<i64>, String), String);
        let rows: Vec<Line> = candidature::table
            .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
            .inner_join(structure::table.on(structure::id.eq(annonce::structure_id)))
            .filter(candidature::compte_id.eq(compte.0))
            .order((candidature::cree_at.desc(), candidature::id.desc()))
            .select((
                (
                    candidature::id,
                    candidature::etat,
                    candidature::commentaire,
                    candidature::cree_at,
                    candidature::modifie_at,
                ),
                (annonce::annee, annonce::rang, annonce::titre),
                structure::nom,
            ))
            .load(connection)
            .await?;
        rows.into_iter()
            .map(|((id, word, commentaire, cree_at, modifie_at), (annee, rang, titre), structure_nom)| {
                let numero = annee.zip(rang).map(|(annee, rang)| NumeroAnnonce { annee, rang });
                Ok(Mienne { id, etat: etat(word)?, commentaire, numero, titre, structure_nom, cree_at, modifie_at })
            })
            .collect()
    })
}

/// An answer as the structure reads it.
#[derive(Clone, Debug)]
pub struct Recue {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub compte: CompteId,
    /// First name and surname.
    pub nom: String,
    /// Headline of the profile.
    pub titre: String,
    /// The annonce.
    pub annonce: i64,
    /// Where it stands.
    pub etat: EtatCandidature,
    /// What was written.
    pub commentaire: String,
    /// When it reached the structure.
    pub transmise_at: Option<NaiveDateTime>,
    /// When it will be « non retenue », while that can be taken back.
    pub ecart_at: Option<NaiveDateTime>,
}

/// Which of the answers that a structure received.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Those to one annonce.
    pub annonce: Option<i64>,
    /// These alone.
    pub only: Option<&'a [i64]>,
    /// At most so many.
    pub limit: i64,
}

/// The answers to the annonces of a structure in these states, the oldest first.
pub fn received<'a>(
    connection: &'a mut Connection,
    structure: StructureId,
    etats: &'a [EtatCandidature],
    wanted: Wanted<'a>,
) -> Pending<'a, Vec<Recue>> {
    Box::pin(async move {
        type Line =
            ((i64, i64, i64, String, String, Option<NaiveDateTime>), (String, String), String, Option<NaiveDateTime>);
        let words: Vec<&str> = etats.iter().map(|etat| etat.as_str()).collect();
        let mut query = candidature::table
            .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
            .inner_join(compte::table.on(compte::id.eq(candidature::compte_id)))
            .inner_join(intervenant::table.on(intervenant::compte_id.eq(candidature::compte_id)))
            .left_join(candidature_ecart::table.on(candidature_ecart::candidature_id.eq(candidature::id)))
            .filter(annonce::structure_id.eq(structure.0))
            .filter(candidature::etat.eq_any(&words))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .order((candidature::transmise_at, candidature::id))
            .limit(wanted.limit)
            .select((
                (
                    candidature::id,
                    candidature::compte_id,
                    candidature::annonce_id,
                    candidature::etat,
                    candidature::commentaire,
                    candidature::transmise_at,
                ),
                (compte::prenom, compte::nom),
                intervenant::titre,
                candidature_ecart::effet_at.nullable(),
            ))
            .into_boxed::<Both>();
        if let Some(annonce) = wanted.annonce {
            query = query.filter(candidature::annonce_id.eq(annonce));
        }
        if let Some(only) = wanted.only {
            query = query.filter(candidature::id.eq_any(only));
        }
        let rows: Vec<Line> = query.load(connection).await?;
        rows.into_iter()
            .map(|((id, compte, annonce, word, commentaire, transmise_at), (prenom, nom), titre, ecart_at)| {
                let nom = format!("{prenom} {nom}");
                let compte = CompteId(compte);
                Ok(Recue { id, compte, nom, titre, annonce, etat: etat(word)?, commentaire, transmise_at, ecart_at })
            })
            .collect()
    })
}

/// How many answers each annonce of a structure has received, by state.
pub fn tally(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<(i64, EtatCandidature, i64)>> {
    Box::pin(async move {
        let rows: Vec<(i64, String, i64)> = candidature::table
            .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
            .filter(annonce::structure_id.eq(structure.0))
            .group_by((candidature::annonce_id, candidature::etat))
            .select((candidature::annonce_id, candidature::etat, diesel::dsl::count_star()))
            .load(connection)
            .await?;
        rows.into_iter().map(|(annonce, word, count)| Ok((annonce, etat(word)?, count))).collect()
    })
}
