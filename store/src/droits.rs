//! What an agent may do, and for whom: read inside the transaction that does it, and held until it ends.

use diesel::prelude::*;
use domain::compte::{Droit, EtatCompte, Role};
use domain::journal::Fact;
use domain::{CompteId, StructureId};

use crate::dialect::{Lock, locked};
use crate::query::RunQueryDsl;
use crate::schema::{compte, droit};
use crate::{Connection, Pending, Transaction};

/// What an account may do for its structure.
pub fn of(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<Droit>> {
    Box::pin(async move {
        let words: Vec<String> =
            droit::table.filter(droit::compte_id.eq(id.0)).select(droit::mot).load(connection).await?;
        Ok(words.iter().filter_map(|word| Droit::from_word(word)).collect())
    })
}

/// The structure of a gestionnaire now; none for anybody else. It stays so until this transaction ends.
pub fn gestionnaire(transaction: &mut Transaction, id: CompteId) -> Pending<'_, Option<StructureId>> {
    Box::pin(async move {
        let agent = compte::table
            .find(id.0)
            .filter(compte::role.eq(Role::Gestionnaire.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select(compte::structure_id);
        let agent: Option<Option<StructureId>> =
            locked(agent, Lock::Share).get_result(transaction.connection()).await.optional()?;
        Ok(agent.flatten())
    })
}

/// The structure for which a gestionnaire may do something now; none when they may not. It stays so until this
/// transaction ends: whoever takes the right away waits.
pub fn habilite(transaction: &mut Transaction, id: CompteId, droit: Droit) -> Pending<'_, Option<StructureId>> {
    Box::pin(async move {
        let structure = gestionnaire(transaction, id).await?;
        let granted = droit::table.find((id.0, droit.as_str())).select(droit::mot);
        let granted: Option<String> =
            locked(granted, Lock::Share).get_result(transaction.connection()).await.optional()?;
        Ok(granted.and(structure))
    })
}

/// Who may do something for a structure.
pub fn habilites(connection: &mut Connection, structure: StructureId, droit: Droit) -> Pending<'_, Vec<CompteId>> {
    Box::pin(async move {
        Ok(compte::table
            .inner_join(droit::table.on(droit::compte_id.eq(compte::id)))
            .filter(compte::structure_id.eq(structure.0))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .filter(droit::mot.eq(droit.as_str()))
            .order(compte::id)
            .select(compte::id)
            .load(connection)
            .await?)
    })
}

/// Whether an account is an administrateur's now. It stays so until this transaction ends.
pub fn administre(transaction: &mut Transaction, id: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let found = compte::table
            .find(id.0)
            .filter(compte::role.eq(Role::Administrateur.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select(compte::id);
        let found: Option<i64> = locked(found, Lock::Share).get_result(transaction.connection()).await.optional()?;
        Ok(found.is_some())
    })
}

/// Sets what an account may do.
pub fn set<'a>(transaction: &'a mut Transaction, id: CompteId, droits: &'a [Droit]) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::delete(droit::table.filter(droit::compte_id.eq(id.0))).execute(transaction.connection()).await?;
        for granted in droits {
            diesel::insert_into(droit::table)
                .values((droit::compte_id.eq(id.0), droit::mot.eq(granted.as_str())))
                .on_conflict_do_nothing()
                .execute(transaction.connection())
                .await?;
        }
        transaction.record(Fact::DroitsModifies { compte: id });
        Ok(())
    })
}
