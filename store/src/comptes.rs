//! Accounts: creation, login, password, activation.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::compte::{EtatCompte, Role};
use domain::email::Email;
use domain::journal::Fact;
use domain::texte::fold;
use domain::{CompteId, StructureId};

use crate::connection::{Connection, Transaction, on};
use crate::schema::{appareil, compte};
use crate::{Error, Result, correspondants};

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
    /// Until when an account that waits for its activation is kept.
    pub activation_avant: Option<NaiveDateTime>,
}

/// Creates an account; an intervenant becomes somebody who can write and be written to.
///
/// # Errors
/// [`Error::is_unique_violation`] when the login is taken.
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
        ))
        .returning(compte::id)
        .get_result(c).await)?;
    let id = CompteId(id);
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
