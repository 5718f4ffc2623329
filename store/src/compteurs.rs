//! The counters, queried and never incremented: many accounts in one grouped query.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::candidature::EtatCandidature;
use domain::compte::{EtatCompte, EtatInscription};
use domain::compteurs::Compteurs;
use domain::support::EtatDemande;
use domain::{CompteId, CorrespondantId};

use crate::journal;
use crate::query::RunQueryDsl;
use crate::schema::{annonce, boite, candidature, compte, correspondant, demande, dossier, intervenant, notification};
use crate::{Connection, Pending};

/// Accounts asked for at once: a bound on the size of one query (SQLite allows 32,766 variables).
const AT_ONCE: usize = 5_000;

/// States of a registration that the structure has to treat.
pub const WAITING: [EtatInscription; 2] = [EtatInscription::Transmise, EtatInscription::EnAnalyse];

/// What is counted for an account: its own notifications and the mailbox it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    pub compte: CompteId,
    /// The mailbox it reads, if any.
    pub correspondant: Option<CorrespondantId>,
}

/// The counters of these accounts, and the journal id they were read at.
///
/// The id is read first: what is counted is at least as recent, so a push that bears a lower id is never newer.
pub fn read<'a>(
    connection: &'a mut Connection,
    subjects: &'a [Subject],
) -> Pending<'a, (i64, HashMap<CompteId, Compteurs>)> {
    Box::pin(async move {
        let at = journal::head(connection).await?;
        let mut messages: HashMap<i64, i64> = HashMap::new();
        let mut notifications: HashMap<i64, i64> = HashMap::new();
        // Only a structure's mailbox has registrations, answers and requests to treat, even when there are 0 now.
        let mut inscriptions: HashMap<i64, i64> = HashMap::new();
        let mut candidatures: HashMap<i64, i64> = HashMap::new();
        let mut support: HashMap<i64, i64> = HashMap::new();
        let mut dossiers: HashMap<i64, i64> = HashMap::new();
        let mut to_give: HashMap<i64, i64> = HashMap::new();
        let mut boxes: Vec<i64> = subjects.iter().filter_map(|subject| subject.correspondant.map(|id| id.0)).collect();
        boxes.sort_unstable();
        boxes.dedup();
        for ids in boxes.chunks(AT_ONCE) {
            let rows: Vec<(i64, i64)> = boite::table
                .filter(boite::correspondant_id.eq_any(ids))
                .filter(boite::dossier.eq("reception"))
                .filter(boite::lu_at.is_null())
                .filter(boite::archive_at.is_null())
                .group_by(boite::correspondant_id)
                .select((boite::correspondant_id, count_star()))
                .load(connection)
                .await?;
            messages.extend(rows);
            let structures: Vec<i64> = correspondant::table
                .filter(correspondant::id.eq_any(ids))
                .filter(correspondant::structure_id.is_not_null())
                .select(correspondant::id)
                .load(connection)
                .await?;
            if structures.is_empty() {
                continue;
            }
            let rows: Vec<(i64, i64)> = correspondant::table
                .inner_join(intervenant::table.on(intervenant::structure_id.eq(correspondant::structure_id)))
                .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
                .filter(correspondant::id.eq_any(&structures))
                .filter(intervenant::etat_inscription.eq_any(WAITING.map(EtatInscription::as_str)))
                .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                .group_by(correspondant::id)
                .select((correspondant::id, count_star()))
                .load(connection)
                .await?;
            inscriptions.extend(structures.iter().map(|&id| (id, 0)));
            inscriptions.extend(rows);
            let rows: Vec<(i64, i64)> = correspondant::table
                .inner_join(annonce::table.on(annonce::structure_id.nullable().eq(correspondant::structure_id)))
                .inner_join(candidature::table.on(candidature::annonce_id.eq(annonce::id)))
                .inner_join(compte::table.on(compte::id.eq(candidature::compte_id)))
                .filter(correspondant::id.eq_any(&structures))
                .filter(candidature::etat.eq(EtatCandidature::Transmise.as_str()))
                .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                .group_by(correspondant::id)
                .select((correspondant::id, count_star()))
                .load(connection)
                .await?;
            candidatures.extend(structures.iter().map(|&id| (id, 0)));
            candidatures.extend(rows);
            let rows: Vec<(i64, i64)> = correspondant::table
                .inner_join(demande::table.on(demande::structure_id.nullable().eq(correspondant::structure_id)))
                .filter(correspondant::id.eq_any(&structures))
                .filter(demande::etat.eq_any([EtatDemande::Nouvelle.as_str(), EtatDemande::EnCours.as_str()]))
                .group_by(correspondant::id)
                .select((correspondant::id, count_star()))
                .load(connection)
                .await?;
            support.extend(structures.iter().map(|&id| (id, 0)));
            support.extend(rows);
            let rows: Vec<(i64, i64)> = correspondant::table
                .inner_join(dossier::table.on(dossier::structure_id.eq(correspondant::structure_id)))
                .inner_join(compte::table.on(compte::id.eq(dossier::compte_id)))
                .filter(correspondant::id.eq_any(&structures))
                .filter(dossier::a_decider.gt(0))
                .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                .group_by(correspondant::id)
                .select((correspondant::id, count_star()))
                .load(connection)
                .await?;
            dossiers.extend(structures.into_iter().map(|id| (id, 0)));
            dossiers.extend(rows);
        }
        let comptes: Vec<i64> = subjects.iter().map(|subject| subject.compte.0).collect();
        for ids in comptes.chunks(AT_ONCE) {
            let rows: Vec<(i64, i64)> = notification::table
                .filter(notification::compte_id.eq_any(ids))
                .filter(notification::lue_at.is_null())
                .group_by(notification::compte_id)
                .select((notification::compte_id, count_star()))
                .load(connection)
                .await?;
            notifications.extend(rows);
            let rows: Vec<(i64, Option<i32>, Option<bool>)> = intervenant::table
                .left_join(dossier::table.on(dossier::compte_id.eq(intervenant::compte_id)))
                .filter(intervenant::compte_id.eq_any(ids))
                .select((intervenant::compte_id, dossier::a_faire.nullable(), dossier::a_transmettre.nullable()))
                .load(connection)
                .await?;
            // What is saved and not transmitted is still to do.
            to_give.extend(
                rows.into_iter()
                    .map(|(id, count, saved)| (id, i64::from(count.unwrap_or(0)) + i64::from(saved.unwrap_or(false)))),
            );
        }
        let counters = subjects
            .iter()
            .map(|subject| {
                let of_box = subject.correspondant.and_then(|id| messages.get(&id.0)).copied().unwrap_or(0);
                let of_account = notifications.get(&subject.compte.0).copied().unwrap_or(0);
                let inscriptions = subject.correspondant.and_then(|id| inscriptions.get(&id.0)).copied();
                let candidatures = subject.correspondant.and_then(|id| candidatures.get(&id.0)).copied();
                let support = subject.correspondant.and_then(|id| support.get(&id.0)).copied();
                let dossier = subject.correspondant.and_then(|id| dossiers.get(&id.0)).copied();
                let dossier = dossier.or(to_give.get(&subject.compte.0).copied());
                let counters = Compteurs {
                    messages: of_box,
                    inscriptions,
                    candidatures,
                    support,
                    dossier,
                    notifications: of_account,
                };
                (subject.compte, counters)
            })
            .collect();
        Ok((at, counters))
    })
}
