//! Accounts: creation, login, password, activation.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::compte::{Droit, EtatCompte, MotifArchive, Role};
use domain::email::Email;
use domain::identite;
use domain::journal::Fact;
use domain::texte::fold;
use domain::{CompteId, StructureId};

use crate::dialect::{Lock, locked};
use crate::query::{RunQueryDsl, columns};
use crate::schema::{acces_provisoire, appareil, compte, jeton};
use crate::values::Nom;
use crate::{Connection, Pending, Transaction, correspondants, droits, login_steps, sessions};

/// An account as the rest of the program sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = compte)]
pub struct Compte {
    pub id: CompteId,
    pub role: Role,
    /// Whether it can be used.
    pub etat: EtatCompte,
    /// The login: an email address in lower case.
    pub login: String,
    /// Hash of the password (PHC string), none until one is set.
    pub mot_de_passe: Option<String>,
    /// « M. » or « Mme ».
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    /// The structure that a gestionnaire works for.
    #[diesel(column_name = structure_id)]
    pub structure: Option<StructureId>,
}

/// What a new account is made of.
#[derive(Clone, Debug)]
pub struct Nouveau {
    pub role: Role,
    /// Whether it can be used at once.
    pub etat: EtatCompte,
    pub login: Email,
    /// Hash of the password, if one is set.
    pub mot_de_passe: Option<String>,
    /// « M. » or « Mme ».
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    pub structure: Option<StructureId>,
    /// Date of birth: with civilité and names, it identifies a person (manual §10). Only an intervenant's counts.
    pub naissance: Option<NaiveDate>,
    /// Until when an account that waits for its activation is kept.
    pub activation_avant: Option<NaiveDateTime>,
}

impl Nouveau {
    /// The key that keeps the same person from having two accounts. None while the account waits for its activation:
    /// who types a stranger's name does not keep that stranger out.
    fn identite(&self) -> Option<String> {
        let counts = self.role == Role::Intervenant && self.etat != EtatCompte::AActiver;
        self.naissance.filter(|_| counts).map(|day| identite::key(&self.civilite, &self.nom, &self.prenom, day))
    }
}

/// Creates an account; an intervenant becomes somebody who can write and be written to.
///
/// # Errors
/// [`Error::is_unique_violation`] when the login or the identity is taken.
pub fn create<'a>(transaction: &'a mut Transaction, nouveau: &'a Nouveau) -> Pending<'a, CompteId> {
    Box::pin(async move {
        let now = transaction.now;
        let id: CompteId = diesel::insert_into(compte::table)
            .values((
                compte::role.eq(nouveau.role.as_str()),
                compte::etat.eq(nouveau.etat.as_str()),
                compte::login.eq(nouveau.login.as_str()),
                compte::mot_de_passe.eq(&nouveau.mot_de_passe),
                compte::civilite.eq(&nouveau.civilite),
                compte::nom.eq(&nouveau.nom),
                compte::prenom.eq(&nouveau.prenom),
                compte::structure_id.eq(nouveau.structure.map(|s| s.0)),
                compte::cree_at.eq(now),
                compte::activation_avant.eq(nouveau.activation_avant),
                compte::identite.eq(nouveau.identite()),
            ))
            .returning(compte::id)
            .get_result(transaction.connection())
            .await?;
        if nouveau.role == Role::Gestionnaire {
            droits::set(transaction, id, Droit::ALL).await?;
        }
        if nouveau.role == Role::Intervenant {
            let nom = format!("{} {}", nouveau.prenom, nouveau.nom);
            let cle = fold(&format!("{} {}", nouveau.nom, nouveau.prenom));
            correspondants::create(transaction.connection(), Some(id), None, &nom, &cle).await?;
        }
        transaction.record(Fact::CompteCree { compte: id });
        Ok(id)
    })
}

pub fn by_login<'a>(connection: &'a mut Connection, login: &'a Email) -> Pending<'a, Option<Compte>> {
    Box::pin(async move {
        Ok(compte::table
            .filter(compte::login.eq(login.as_str()))
            .select(columns::<Compte>())
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn by_id(connection: &mut Connection, id: CompteId) -> Pending<'_, Option<Compte>> {
    Box::pin(
        async move { Ok(compte::table.find(id.0).select(columns::<Compte>()).first(connection).await.optional()?) },
    )
}

/// An account that nobody else changes until this transaction ends.
pub fn hold(transaction: &mut Transaction, id: CompteId) -> Pending<'_, Option<Compte>> {
    Box::pin(async move {
        let one = locked(compte::table.find(id.0).select(columns::<Compte>()), Lock::Change);
        Ok(one.get_result(transaction.connection()).await.optional()?)
    })
}

pub(crate) fn names<'a>(connection: &'a mut Connection, ids: &'a [i64]) -> Pending<'a, HashMap<i64, String>> {
    Box::pin(async move {
        let rows: Vec<(i64, Nom)> = compte::table
            .filter(compte::id.eq_any(ids))
            .select((compte::id, (compte::prenom, compte::nom)))
            .load(connection)
            .await?;
        Ok(rows.into_iter().map(|(id, Nom(nom))| (id, nom)).collect())
    })
}

/// How many accounts there are.
pub fn count(connection: &mut Connection) -> Pending<'_, i64> {
    Box::pin(async move { Ok(compte::table.count().get_result(connection).await?) })
}

pub fn set_password<'a>(transaction: &'a mut Transaction, id: CompteId, hash: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::update(compte::table.find(id.0))
            .set(compte::mot_de_passe.eq(hash))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::MotDePasseChange { compte: id });
        Ok(())
    })
}

/// Replaces a hash made with older parameters by a better one of the same password; no fact, nothing changed for
/// anybody.
pub fn rehash<'a>(transaction: &'a mut Transaction, id: CompteId, old: &'a str, new: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::update(compte::table.find(id.0).filter(compte::mot_de_passe.eq(old)))
            .set(compte::mot_de_passe.eq(new))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Remembers a browser that logged in, by the digest of its cookie.
pub fn remember_device<'a>(transaction: &'a mut Transaction, id: CompteId, digest: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(appareil::table)
            .values((appareil::empreinte.eq(digest), appareil::compte_id.eq(id.0), appareil::cree_at.eq(now)))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Whether that browser has logged in to that account before.
pub fn knows_device<'a>(connection: &'a mut Connection, id: CompteId, digest: &'a str) -> Pending<'a, bool> {
    Box::pin(async move {
        let known: i64 = appareil::table
            .filter(appareil::empreinte.eq(digest))
            .filter(appareil::compte_id.eq(id.0))
            .count()
            .get_result(connection)
            .await?;
        Ok(known > 0)
    })
}

pub fn by_identity<'a>(connection: &'a mut Connection, key: &'a str) -> Pending<'a, Option<Compte>> {
    Box::pin(async move {
        Ok(compte::table
            .filter(compte::identite.eq(key))
            .select(columns::<Compte>())
            .first(connection)
            .await
            .optional()?)
    })
}

/// Opens an account that waits for its activation, under an identity that is nobody else's; false when it does not
/// wait.
///
/// # Errors
/// [`Error::is_unique_violation`] when somebody has that identity.
pub fn activate<'a>(transaction: &'a mut Transaction, id: CompteId, identite: Option<&'a str>) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let waiting = compte::table.find(id.0).filter(compte::etat.eq(EtatCompte::AActiver.as_str()));
        let opened = diesel::update(waiting)
            .set((
                compte::etat.eq(EtatCompte::Actif.as_str()),
                compte::activation_avant.eq(None::<NaiveDateTime>),
                compte::connexion_at.eq(now),
                compte::identite.eq(identite),
            ))
            .execute(transaction.connection())
            .await?;
        if opened == 1 {
            transaction.record(Fact::CompteActive { compte: id });
        }
        Ok(opened == 1)
    })
}

/// Removes an account that waits for its activation, to make room for a new try with the same address.
pub fn remove_unactivated(transaction: &mut Transaction, id: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let gone = diesel::delete(compte::table.find(id.0).filter(compte::etat.eq(EtatCompte::AActiver.as_str())))
            .execute(transaction.connection())
            .await?;
        if gone == 1 {
            transaction.record(Fact::CompteSupprime { compte: id });
        }
        Ok(gone == 1)
    })
}

/// Changes the login.
///
/// # Errors
/// [`Error::is_unique_violation`] when it is taken.
pub fn set_login<'a>(transaction: &'a mut Transaction, id: CompteId, login: &'a Email) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::update(compte::table.find(id.0))
            .set(compte::login.eq(login.as_str()))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::AdresseChangee { compte: id });
        // The profile shows the address to gestionnaires.
        transaction.record(Fact::ProfilModifie { compte: id });
        Ok(())
    })
}

/// Changes who the person is; the name others see follows.
///
/// # Errors
/// [`Error::is_unique_violation`] when somebody else has that identity.
pub fn set_identity<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    (civilite, nom, prenom): (&'a str, &'a str, &'a str),
    naissance: Option<NaiveDate>,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let key = naissance.map(|day| identite::key(civilite, nom, prenom, day));
        diesel::update(compte::table.find(id.0))
            .set((
                compte::civilite.eq(civilite),
                compte::nom.eq(nom),
                compte::prenom.eq(prenom),
                compte::identite.eq(key),
            ))
            .execute(transaction.connection())
            .await?;
        let folded = fold(&format!("{nom} {prenom}"));
        correspondants::rename(transaction.connection(), id, &format!("{prenom} {nom}"), &folded).await
    })
}

/// Archives an account: no login, no alert, not in the CV-thèque (SPEC X2, X3). Its sessions end.
pub fn archive(transaction: &mut Transaction, id: CompteId, motif: MotifArchive) -> Pending<'_, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let changed = diesel::update(compte::table.find(id.0).filter(compte::etat.eq(EtatCompte::Actif.as_str())))
            .set((
                compte::etat.eq(EtatCompte::Archive.as_str()),
                compte::archive_at.eq(now),
                compte::archive_motif.eq(motif.as_str()),
            ))
            .execute(transaction.connection())
            .await?;
        if changed == 0 {
            return Ok(false);
        }
        sessions::close_others(transaction, id, None).await?;
        login_steps::end_all(transaction, id).await?;
        diesel::delete(jeton::table.filter(jeton::compte_id.eq(id.0))).execute(transaction.connection()).await?;
        diesel::delete(acces_provisoire::table.find(id.0)).execute(transaction.connection()).await?;
        transaction.record(Fact::CompteArchive { compte: id });
        transaction.record(Fact::ProfilModifie { compte: id });
        Ok(true)
    })
}

/// Takes an account back out of the archive.
pub fn reopen(transaction: &mut Transaction, id: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let changed = diesel::update(compte::table.find(id.0).filter(compte::etat.eq(EtatCompte::Archive.as_str())))
            .set((
                compte::etat.eq(EtatCompte::Actif.as_str()),
                compte::archive_at.eq(None::<NaiveDateTime>),
                compte::archive_motif.eq(None::<String>),
            ))
            .execute(transaction.connection())
            .await?;
        if changed == 1 {
            transaction.record(Fact::DroitsModifies { compte: id });
            transaction.record(Fact::ProfilModifie { compte: id });
        }
        Ok(changed == 1)
    })
}

/// At most `limit` accounts that were not activated in time: id, address, first name and when they were made.
pub fn not_activated(
    connection: &mut Connection,
    now: NaiveDateTime,
    limit: i64,
) -> Pending<'_, Vec<(CompteId, String, String, NaiveDateTime)>> {
    Box::pin(async move {
        Ok(compte::table
            .filter(compte::etat.eq(EtatCompte::AActiver.as_str()))
            .filter(compte::activation_avant.le(now))
            .order((compte::activation_avant, compte::id))
            .limit(limit)
            .select((compte::id, compte::login, compte::prenom, compte::cree_at))
            .load(connection)
            .await?)
    })
}

/// Erases an account that was not activated in time; false when it was meanwhile.
pub fn erase_not_activated(transaction: &mut Transaction, id: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let now = transaction.now;
        // The condition stands in the statement itself: who clicks the link at that moment keeps the account.
        let gone = diesel::delete(
            compte::table
                .find(id.0)
                .filter(compte::etat.eq(EtatCompte::AActiver.as_str()))
                .filter(compte::activation_avant.le(now)),
        )
        .execute(transaction.connection())
        .await?;
        if gone == 1 {
            transaction.record(Fact::CompteSupprime { compte: id });
        }
        Ok(gone == 1)
    })
}
