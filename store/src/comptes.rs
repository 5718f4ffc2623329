//! Accounts: creation, login, password, activation.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::compte::{Droit, EtatCompte, MotifArchive, Role};
use domain::email::Email;
use domain::identite;
use domain::journal::Fact;
use domain::texte::fold;
use domain::{CompteId, StructureId};

use crate::connection::{Connection, Transaction, on};
use crate::schema::{acces_provisoire, appareil, compte, intervenant, jeton};
use crate::{Error, Result, administration, correspondants, etapes, sessions};

/// An account as the rest of the program sees it.
#[derive(Clone, Debug)]
pub struct Compte {
    /// Its id.
    pub id: CompteId,
    /// What it may be.
    pub role: Role,
    /// Whether it can be used.
    pub etat: EtatCompte,
    /// The login: an email address in lower case.
    pub login: String,
    /// Hash of the password (PHC string), none until one is set.
    pub mot_de_passe: Option<String>,
    /// « M. » or « Mme ».
    pub civilite: String,
    /// Surname.
    pub nom: String,
    /// First name.
    pub prenom: String,
    /// The structure that a gestionnaire works for.
    pub structure: Option<StructureId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = compte)]
pub(crate) struct Row {
    id: i64,
    role: String,
    etat: String,
    login: String,
    mot_de_passe: Option<String>,
    civilite: String,
    nom: String,
    prenom: String,
    structure_id: Option<i64>,
}

impl TryFrom<Row> for Compte {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: CompteId(row.id),
            role: Role::from_word(&row.role).ok_or(Error::Unknown {
                table: "compte",
                column: "role",
                value: row.role,
            })?,
            etat: EtatCompte::from_word(&row.etat).ok_or(Error::Unknown {
                table: "compte",
                column: "etat",
                value: row.etat,
            })?,
            login: row.login,
            mot_de_passe: row.mot_de_passe,
            civilite: row.civilite,
            nom: row.nom,
            prenom: row.prenom,
            structure: row.structure_id.map(StructureId),
        })
    }
}

/// What a new account is made of.
#[derive(Clone, Debug)]
pub struct Nouveau {
    /// What it may be.
    pub role: Role,
    /// Whether it can be used at once.
    pub etat: EtatCompte,
    /// The login.
    pub login: Email,
    /// Hash of the password, if one is set.
    pub mot_de_passe: Option<String>,
    /// « M. » or « Mme ».
    pub civilite: String,
    /// Surname.
    pub nom: String,
    /// First name.
    pub prenom: String,
    /// Mandatory for a gestionnaire.
    pub structure: Option<StructureId>,
    /// Date of birth: with civilité and names, who is the same person (manual §10). Only an intervenant's counts.
    pub naissance: Option<NaiveDate>,
    /// Until when an account that waits for its activation is kept.
    pub activation_avant: Option<NaiveDateTime>,
}

impl Nouveau {
    /// What keeps the same person from having two accounts; one that waits for its activation keeps nobody from it,
    /// so that who types a stranger's name takes nothing from them.
    fn identite(&self) -> Option<String> {
        let counts = self.role == Role::Intervenant && self.etat != EtatCompte::AActiver;
        self.naissance.filter(|_| counts).map(|day| identite::key(&self.civilite, &self.nom, &self.prenom, day))
    }
}

/// Creates an account; an intervenant becomes somebody who can write and be written to.
///
/// # Errors
/// [`Error::is_unique_violation`] when the login or the identity is taken.
pub async fn create(transaction: &mut Transaction, nouveau: &Nouveau) -> Result<CompteId> {
    let now = transaction.now;
    let id: i64 = on!(transaction.connection(), c => diesel::insert_into(compte::table)
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
        .get_result(c).await)?;
    let id = CompteId(id);
    if nouveau.role == Role::Gestionnaire {
        administration::set_droits(transaction, id, Droit::ALL).await?;
    }
    if nouveau.role == Role::Intervenant {
        let nom = format!("{} {}", nouveau.prenom, nouveau.nom);
        let cle = fold(&format!("{} {}", nouveau.nom, nouveau.prenom));
        correspondants::create(transaction.connection(), Some(id), None, &nom, &cle).await?;
    }
    transaction.record(Fact::CompteCree { compte: id });
    Ok(id)
}

/// The account of a login, whatever its state.
pub async fn by_login(connection: &mut Connection, login: &Email) -> Result<Option<Compte>> {
    let row: Option<Row> = on!(connection, c => compte::table
        .filter(compte::login.eq(login.as_str())).select(Row::as_select()).first(c).await.optional())?;
    row.map(Compte::try_from).transpose()
}

/// An account by its id.
pub async fn by_id(connection: &mut Connection, id: CompteId) -> Result<Option<Compte>> {
    let row: Option<Row> =
        on!(connection, c => compte::table.find(id.0).select(Row::as_select()).first(c).await.optional())?;
    row.map(Compte::try_from).transpose()
}

/// Names of these accounts.
pub(crate) async fn names(connection: &mut Connection, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let rows: Vec<(i64, String, String)> = on!(connection, c => compte::table.filter(compte::id.eq_any(ids))
        .select((compte::id, compte::prenom, compte::nom)).load(c).await)?;
    Ok(rows.into_iter().map(|(id, prenom, nom)| (id, format!("{prenom} {nom}"))).collect())
}

/// How many accounts there are.
pub async fn count(connection: &mut Connection) -> Result<i64> {
    Ok(on!(connection, c => compte::table.count().get_result(c).await)?)
}

/// Sets the hash of the password.
pub async fn set_password(transaction: &mut Transaction, id: CompteId, hash: &str) -> Result<()> {
    on!(transaction.connection(), c => diesel::update(compte::table.find(id.0))
        .set(compte::mot_de_passe.eq(hash)).execute(c).await)?;
    transaction.record(Fact::MotDePasseChange { compte: id });
    Ok(())
}

/// Replaces a hash made with older parameters by a better one of the same password; no fact, nothing changed for anybody.
pub async fn rehash(transaction: &mut Transaction, id: CompteId, old: &str, new: &str) -> Result<()> {
    on!(transaction.connection(), c => diesel::update(compte::table.find(id.0).filter(compte::mot_de_passe.eq(old)))
        .set(compte::mot_de_passe.eq(new)).execute(c).await)?;
    Ok(())
}

/// Remembers a browser that logged in, by the digest of its cookie.
pub async fn remember_device(transaction: &mut Transaction, id: CompteId, digest: &str) -> Result<()> {
    let now = transaction.now;
    on!(transaction.connection(), c => diesel::insert_into(appareil::table)
        .values((appareil::empreinte.eq(digest), appareil::compte_id.eq(id.0), appareil::cree_at.eq(now)))
        .on_conflict_do_nothing().execute(c).await)?;
    Ok(())
}

/// Whether that browser has logged in to that account before.
pub async fn knows_device(connection: &mut Connection, id: CompteId, digest: &str) -> Result<bool> {
    let known: i64 = on!(connection, c => appareil::table
        .filter(appareil::empreinte.eq(digest)).filter(appareil::compte_id.eq(id.0)).count().get_result(c).await)?;
    Ok(known > 0)
}

/// The account of an identity, active or archived.
pub async fn by_identity(connection: &mut Connection, key: &str) -> Result<Option<Compte>> {
    let row: Option<Row> = on!(connection, c => compte::table
        .filter(compte::identite.eq(key)).select(Row::as_select()).first(c).await.optional())?;
    row.map(Compte::try_from).transpose()
}

/// How an activation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The account can be used.
    Done,
    /// The same person activated another account meanwhile.
    SamePerson,
    /// There is nothing to activate.
    Nothing,
}

/// Activates an account whose link was used.
pub async fn activate(transaction: &mut Transaction, id: CompteId) -> Result<Activation> {
    let found: Option<(String, String, String, Option<NaiveDate>)> = on!(transaction.connection(), c => compte::table
        .left_join(intervenant::table.on(intervenant::compte_id.eq(compte::id)))
        .filter(compte::id.eq(id.0)).filter(compte::etat.eq(EtatCompte::AActiver.as_str()))
        .select((compte::civilite, compte::nom, compte::prenom, intervenant::date_naissance.nullable()))
        .first(c).await.optional())?;
    let Some((civilite, nom, prenom, naissance)) = found else { return Ok(Activation::Nothing) };
    let key = naissance.map(|day| identite::key(&civilite, &nom, &prenom, day));
    if let Some(key) = &key
        && by_identity(transaction.connection(), key).await?.is_some()
    {
        return Ok(Activation::SamePerson);
    }
    let now = transaction.now;
    on!(transaction.connection(), c => diesel::update(compte::table.find(id.0))
        .set((
            compte::etat.eq(EtatCompte::Actif.as_str()),
            compte::activation_avant.eq(None::<NaiveDateTime>),
            compte::connexion_at.eq(now),
            compte::identite.eq(key),
        ))
        .execute(c).await)?;
    transaction.record(Fact::CompteActive { compte: id });
    Ok(Activation::Done)
}

/// Removes an account that waits for its activation, to make room for a new try with the same address.
pub async fn remove_unactivated(transaction: &mut Transaction, id: CompteId) -> Result<bool> {
    let gone = on!(transaction.connection(), c => diesel::delete(compte::table.find(id.0)
        .filter(compte::etat.eq(EtatCompte::AActiver.as_str()))).execute(c).await)?;
    if gone == 1 {
        transaction.record(Fact::CompteSupprime { compte: id });
    }
    Ok(gone == 1)
}

/// Changes the login.
///
/// # Errors
/// [`Error::is_unique_violation`] when it is taken.
pub async fn set_login(transaction: &mut Transaction, id: CompteId, login: &Email) -> Result<()> {
    on!(transaction.connection(), c => diesel::update(compte::table.find(id.0))
        .set(compte::login.eq(login.as_str())).execute(c).await)?;
    transaction.record(Fact::AdresseChangee { compte: id });
    // The profile shows the address to gestionnaires.
    transaction.record(Fact::ProfilModifie { compte: id });
    Ok(())
}

/// Changes who the person is; the name others see follows.
///
/// # Errors
/// [`Error::is_unique_violation`] when somebody else has that identity.
pub async fn set_identity(
    transaction: &mut Transaction,
    id: CompteId,
    (civilite, nom, prenom): (&str, &str, &str),
    naissance: Option<NaiveDate>,
) -> Result<()> {
    let key = naissance.map(|day| identite::key(civilite, nom, prenom, day));
    on!(transaction.connection(), c => diesel::update(compte::table.find(id.0))
        .set((compte::civilite.eq(civilite), compte::nom.eq(nom), compte::prenom.eq(prenom), compte::identite.eq(key)))
        .execute(c).await)?;
    let folded = fold(&format!("{nom} {prenom}"));
    correspondants::rename(transaction.connection(), id, &format!("{prenom} {nom}"), &folded).await
}

/// Archives an account: no login, no alert, not in the CV-thèque (SPEC X2, X3). Its sessions end.
pub async fn archive(transaction: &mut Transaction, id: CompteId, motif: MotifArchive) -> Result<bool> {
    let now = transaction.now;
    let changed = on!(transaction.connection(), c => diesel::update(compte::table.find(id.0)
        .filter(compte::etat.eq(EtatCompte::Actif.as_str())))
        .set((
            compte::etat.eq(EtatCompte::Archive.as_str()),
            compte::archive_at.eq(now),
            compte::archive_motif.eq(motif.as_str()),
        ))
        .execute(c).await)?;
    if changed == 0 {
        return Ok(false);
    }
    sessions::close_others(transaction, id, None).await?;
    etapes::end_all(transaction, id).await?;
    on!(transaction.connection(), c => diesel::delete(jeton::table.filter(jeton::compte_id.eq(id.0))).execute(c).await)?;
    on!(transaction.connection(), c => diesel::delete(acces_provisoire::table.find(id.0)).execute(c).await)?;
    transaction.record(Fact::CompteArchive { compte: id });
    transaction.record(Fact::ProfilModifie { compte: id });
    Ok(true)
}

/// Takes an account back out of the archive.
pub async fn reopen(transaction: &mut Transaction, id: CompteId) -> Result<bool> {
    let changed = on!(transaction.connection(), c => diesel::update(compte::table.find(id.0)
        .filter(compte::etat.eq(EtatCompte::Archive.as_str())))
        .set((
            compte::etat.eq(EtatCompte::Actif.as_str()),
            compte::archive_at.eq(None::<NaiveDateTime>),
            compte::archive_motif.eq(None::<String>),
        ))
        .execute(c).await)?;
    if changed == 1 {
        transaction.record(Fact::DroitsModifies { compte: id });
        transaction.record(Fact::ProfilModifie { compte: id });
    }
    Ok(changed == 1)
}
