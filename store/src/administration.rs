//! What an administrateur sets: who works for which structure with which rights, and the structures themselves (SPEC
//! G7).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::compte::{Droit, EtatCompte, Role};
use domain::journal::Fact;
use domain::texte::fold;
use domain::{CompteId, StructureId};

use crate::dialect::{Both, Lock, locked};
use crate::query::RunQueryDsl;
use crate::schema::{compte, droit, referentiel_modifie, second_facteur, specialite, structure};
use crate::{Connection, Pending, Transaction, correspondants, sessions};

#[derive(Clone, Debug)]
pub struct Agent {
    pub compte: CompteId,
    pub role: Role,
    /// Whether it can be used.
    pub etat: EtatCompte,
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    pub login: String,
    pub structure: Option<StructureId>,
    pub structure_nom: Option<String>,
    pub connexion_at: Option<NaiveDateTime>,
    /// Whether a second factor is set.
    pub second_facteur: bool,
    /// Whether a password was chosen: without one, nobody can log in.
    pub mot_de_passe: bool,
    /// What they may do.
    pub droits: Vec<Droit>,
}

type AgentRow = (
    (CompteId, Role, EtatCompte, String, String, String, String),
    (Option<StructureId>, Option<String>, Option<NaiveDateTime>, bool),
    bool,
);

/// Everybody who works for the CNFPT here, by structure and name; or one of them.
pub fn agents(connection: &mut Connection, only: Option<CompteId>) -> Pending<'_, Vec<Agent>> {
    Box::pin(async move {
        let mut query = compte::table
            .left_join(structure::table.on(compte::structure_id.eq(structure::id.nullable())))
            .left_join(second_facteur::table.on(second_facteur::compte_id.eq(compte::id)))
            .filter(compte::role.ne(Role::Intervenant.as_str()))
            .select((
                (compte::id, compte::role, compte::etat, compte::civilite, compte::nom, compte::prenom, compte::login),
                (
                    compte::structure_id,
                    structure::nom.nullable(),
                    compte::connexion_at,
                    second_facteur::confirme_at.nullable().is_not_null(),
                ),
                compte::mot_de_passe.is_not_null(),
            ))
            .into_boxed::<Both>();
        if let Some(id) = only {
            query = query.filter(compte::id.eq(id.0));
        }
        let mut rows: Vec<AgentRow> = query.load(connection).await?;
        // Those of no structure last.
        rows.sort_by_cached_key(|((id, _, _, _, nom, prenom, _), (_, structure, ..), _)| {
            let structure = structure.as_deref().map(fold);
            (structure.is_none(), structure, fold(&format!("{nom} {prenom}")), *id)
        });
        let ids: Vec<i64> = rows.iter().map(|row| row.0.0.0).collect();
        let droits: Vec<(CompteId, String)> = droit::table
            .filter(droit::compte_id.eq_any(&ids))
            .select((droit::compte_id, droit::mot))
            .load(connection)
            .await?;
        let into = |(
            (compte, role, etat, civilite, nom, prenom, login),
            (structure, structure_nom, connexion_at, second_facteur),
            mot_de_passe,
        ): AgentRow| {
            let theirs = droits.iter().filter(|(of, _)| *of == compte);
            Agent {
                compte,
                role,
                etat,
                civilite,
                nom,
                prenom,
                login,
                structure,
                structure_nom,
                connexion_at,
                second_facteur,
                mot_de_passe,
                droits: theirs.filter_map(|(_, mot)| Droit::from_word(mot)).collect(),
            }
        };
        Ok(rows.into_iter().map(into).collect())
    })
}

/// The administrateurs whose account is open, each with whether a password was chosen. Nobody else changes them until
/// this transaction ends.
pub fn hold_administrateurs(transaction: &mut Transaction) -> Pending<'_, Vec<(CompteId, bool)>> {
    Box::pin(async move {
        let all = compte::table
            .filter(compte::role.eq(Role::Administrateur.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .order(compte::id)
            .select((compte::id, compte::mot_de_passe.is_not_null()));
        Ok(locked(all, Lock::Change).load(transaction.connection()).await?)
    })
}

/// Changes the names and the structure of an agent. An agent who changes structure is logged out: their open pages are
/// of the former one. False when there is no such agent.
pub fn set_agent<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    (civilite, nom, prenom): (&'a str, &'a str, &'a str),
    structure: Option<StructureId>,
) -> Pending<'a, bool> {
    Box::pin(async move {
        let before: Option<Option<StructureId>> = compte::table
            .find(id.0)
            .filter(compte::role.ne(Role::Intervenant.as_str()))
            .select(compte::structure_id)
            .first(transaction.connection())
            .await
            .optional()?;
        let Some(before) = before else { return Ok(false) };
        diesel::update(compte::table.find(id.0))
            .set((
                (compte::civilite.eq(civilite), compte::nom.eq(nom), compte::prenom.eq(prenom)),
                compte::structure_id.eq(structure.map(|id| id.0)),
            ))
            .execute(transaction.connection())
            .await?;
        if before != structure {
            sessions::close_others(transaction, id, None).await?;
        }
        transaction.record(Fact::DroitsModifies { compte: id });
        Ok(true)
    })
}

/// What can be changed of a structure.
#[derive(Clone, Debug, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = structure)]
pub struct Coordonnees {
    pub nom: String,
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub telephone: String,
    pub courriel: String,
    /// Whether its intervenants may write to it (M1).
    pub messagerie_active: bool,
}

/// Changes a structure; its mailbox bears the new name. False when there is no such structure.
pub fn save_structure<'a>(
    transaction: &'a mut Transaction,
    id: StructureId,
    new: &'a Coordonnees,
) -> Pending<'a, bool> {
    Box::pin(async move {
        let code: Option<String> = diesel::update(structure::table.find(id.0))
            .set(new)
            .returning(structure::code)
            .get_result(transaction.connection())
            .await
            .optional()?;
        let Some(code) = code else { return Ok(false) };
        correspondants::rename_structure(transaction.connection(), id, &new.nom).await?;
        changed(transaction, "structure", &code).await?;
        Ok(true)
    })
}

/// Adds a spécialité or sous-spécialité, or changes the one of its code. One that profiles hold is never removed: it
/// is no longer proposed.
pub fn save_specialite<'a>(
    transaction: &'a mut Transaction,
    code: &'a str,
    (nom, description): (&'a str, &'a str),
    parent: Option<&'a str>,
    actif: bool,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let ordre: Option<i32> =
            specialite::table.select(diesel::dsl::max(specialite::ordre)).first(transaction.connection()).await?;
        diesel::insert_into(specialite::table)
            .values((
                specialite::code.eq(code),
                specialite::nom.eq(nom),
                specialite::parent_code.eq(parent),
                specialite::ordre.eq(ordre.unwrap_or(0).saturating_add(1)),
                specialite::description.eq(description),
                specialite::actif.eq(actif),
            ))
            .on_conflict(specialite::code)
            .do_update()
            .set((specialite::nom.eq(nom), specialite::description.eq(description), specialite::actif.eq(actif)))
            .execute(transaction.connection())
            .await?;
        changed(transaction, "specialite", code).await
    })
}

/// Notes that a row of a referential is the administrateur's now.
pub(crate) fn changed<'a>(transaction: &'a mut Transaction, referentiel: &'a str, code: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(referentiel_modifie::table)
            .values((
                referentiel_modifie::referentiel.eq(referentiel),
                referentiel_modifie::code.eq(code),
                referentiel_modifie::at.eq(now),
            ))
            .on_conflict((referentiel_modifie::referentiel, referentiel_modifie::code))
            .do_update()
            .set(referentiel_modifie::at.eq(now))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::ReferentielModifie { referentiel: referentiel.to_owned() });
        Ok(())
    })
}

pub(crate) fn changed_codes<'a>(connection: &'a mut Connection, referentiel: &'a str) -> Pending<'a, Vec<String>> {
    Box::pin(async move {
        Ok(referentiel_modifie::table
            .filter(referentiel_modifie::referentiel.eq(referentiel))
            .select(referentiel_modifie::code)
            .load(connection)
            .await?)
    })
}
