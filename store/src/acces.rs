//! Provisional credentials: seven days, unknown to the person who gives them, replaced at the first login (manual
//! §5.1.2, SPEC K6).

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use domain::compte::EtatCompte;
use domain::journal::Fact;
use domain::nom::{debuts, debuts_avec_particule};
use domain::texte::like_prefix;
use domain::{CompteId, StructureId};

use crate::correspondants::with_word;
use crate::dialect::Both;
use crate::query::{RunQueryDsl, columns};
use crate::schema::{acces_provisoire, compte, correspondant, intervenant, structure};
use crate::{Connection, Pending, Result, Transaction, correspondants};

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = acces_provisoire)]
pub struct Acces {
    pub compte_id: i64,
    /// The provisional login, no email.
    pub identifiant: String,
    pub mot_de_passe: String,
    pub adresse: String,
    /// How the person's identity was checked, when the credentials went to another address than the one of record.
    pub verification: String,
    /// Until when they work.
    pub expire_at: NaiveDateTime,
}

/// Gives provisional credentials in place of earlier ones.
pub fn give<'a>(transaction: &'a mut Transaction, acces: &'a Acces, by: CompteId) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        let compte = CompteId(acces.compte_id);
        end(transaction, compte).await?;
        diesel::insert_into(acces_provisoire::table)
            .values((
                acces_provisoire::compte_id.eq(acces.compte_id),
                acces_provisoire::identifiant.eq(&acces.identifiant),
                acces_provisoire::mot_de_passe.eq(&acces.mot_de_passe),
                acces_provisoire::adresse.eq(&acces.adresse),
                acces_provisoire::verification.eq(&acces.verification),
                acces_provisoire::gestionnaire_id.eq(by.0),
                acces_provisoire::cree_at.eq(now),
                acces_provisoire::expire_at.eq(acces.expire_at),
            ))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::AccesProvisoireDonne { compte });
        Ok(())
    })
}

/// The credentials of a provisional login, if they work.
pub fn by_identifiant<'a>(
    connection: &'a mut Connection,
    typed: &'a str,
    now: NaiveDateTime,
) -> Pending<'a, Option<Acces>> {
    Box::pin(async move {
        Ok(acces_provisoire::table
            .filter(acces_provisoire::identifiant.eq(typed))
            .filter(acces_provisoire::expire_at.gt(now))
            .select(columns::<Acces>())
            .first(connection)
            .await
            .optional()?)
    })
}

/// The credentials of an account, if they work.
pub fn of(connection: &mut Connection, compte: CompteId, now: NaiveDateTime) -> Pending<'_, Option<Acces>> {
    Box::pin(async move {
        Ok(acces_provisoire::table
            .find(compte.0)
            .filter(acces_provisoire::expire_at.gt(now))
            .select(columns::<Acces>())
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn end(transaction: &mut Transaction, compte: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::delete(acces_provisoire::table.find(compte.0)).execute(transaction.connection()).await?;
        Ok(())
    })
}

/// Removes the credentials whose seven days are over; returns how many.
pub fn expire(transaction: &mut Transaction) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::delete(acces_provisoire::table.filter(acces_provisoire::expire_at.le(now)))
            .execute(transaction.connection())
            .await?)
    })
}

/// An intervenant, as who helps them to log in sees them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = compte)]
pub struct Personne {
    #[diesel(column_name = id)]
    pub compte: CompteId,
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    #[diesel(select_expression = intervenant::date_naissance)]
    pub naissance: Option<NaiveDate>,
    /// The login, which is the address of record.
    pub login: String,
    /// Whether the account can be used.
    pub etat: EtatCompte,
    #[diesel(select_expression = structure::nom.nullable())]
    pub structure: Option<String>,
    #[diesel(select_expression = compte::mot_de_passe.is_not_null())]
    pub avec_mot_de_passe: bool,
    pub connexion_at: Option<NaiveDateTime>,
}

/// What somebody is looked for by: all of it has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recherche {
    /// Beginnings of words of the name, folded.
    pub mots: Vec<String>,
    /// The beginning of the login, in lower case.
    pub login: Option<String>,
    pub naissance: Option<NaiveDate>,
}

/// People who are looked up one by one, at most.
const FEW: i64 = 500;

/// How words of a name are looked for: by one index each.
#[derive(Clone, Copy)]
enum Noms {
    /// Each begins a word of it.
    Mots,
    /// Together they begin it, however its parts are joined.
    Joints,
    /// The same after a particle that was not typed.
    Particule,
}

/// The intervenants that a structure may help to log in: those attached to it, and those who have no structure yet. A
/// name is found however its parts are joined: « Leguen » finds « Le Guen », and « Guen » finds « LEGUEN ».
pub fn search<'a>(
    connection: &'a mut Connection,
    de: StructureId,
    recherche: &'a Recherche,
    limit: i64,
) -> Pending<'a, Vec<Personne>> {
    Box::pin(async move {
        let mut found: Vec<Personne> = Vec::new();
        for noms in [Noms::Mots, Noms::Joints, Noms::Particule] {
            // Names that fit less well come only where there is room.
            if found.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
                break;
            }
            for personne in personnes(connection, de, None, (recherche, noms), limit).await? {
                if !found.iter().any(|known| known.compte == personne.compte) {
                    found.push(personne);
                }
            }
            if recherche.mots.is_empty() {
                break;
            }
        }
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    })
}

pub fn personne(connection: &mut Connection, de: StructureId, id: CompteId) -> Pending<'_, Option<Personne>> {
    Box::pin(async move {
        let nothing = (&Recherche::default(), Noms::Mots);
        Ok(personnes(connection, de, Some(id), nothing, 1).await?.pop())
    })
}

/// Any intervenant, whatever their structure: the caller has another reason to know them.
pub fn anybody(connection: &mut Connection, id: CompteId) -> Pending<'_, Option<Personne>> {
    Box::pin(async move {
        let structure: Option<Option<i64>> =
            intervenant::table.find(id.0).select(intervenant::structure_id).first(connection).await.optional()?;
        match structure {
            Some(own) => personne(connection, StructureId(own.unwrap_or(0)), id).await,
            None => Ok(None),
        }
    })
}

/// The accounts of everybody whose name fits; none when no name is looked for.
fn named(mots: &[String], noms: Noms) -> Option<correspondant::BoxedQuery<'static, Both, Nullable<BigInt>>> {
    let begun = match noms {
        _ if mots.is_empty() => return None,
        Noms::Mots => Vec::new(),
        Noms::Joints => debuts(mots),
        Noms::Particule => debuts_avec_particule(mots),
    };
    let mut query = correspondant::table.select(correspondant::compte_id).into_boxed();
    if matches!(noms, Noms::Mots) {
        for word in mots {
            query = query.filter(correspondant::id.eq_any(with_word(word)));
        }
    } else {
        // One index gives them all: the bounds that no name has stand for no beginning at all.
        query = query.filter(correspondant::jointe.lt(""));
        for begun in begun {
            query = query.or_filter(
                correspondant::jointe.ge(begun.clone()).and(correspondant::jointe.lt(correspondants::end(&begun))),
            );
        }
    }
    Some(query)
}

async fn personnes(
    connection: &mut Connection,
    de: StructureId,
    only: Option<CompteId>,
    (recherche, noms): (&Recherche, Noms),
    limit: i64,
) -> Result<Vec<Personne>> {
    let mut query = intervenant::table
        .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
        .inner_join(correspondant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
        .left_join(structure::table.on(intervenant::structure_id.eq(structure::id.nullable())))
        .filter(intervenant::structure_id.is_null().or(intervenant::structure_id.assume_not_null().eq(de.0)))
        .order((correspondant::cle, compte::id))
        .limit(limit)
        .select(columns::<Personne>())
        .into_boxed::<Both>();
    if let Some(id) = only {
        query = query.filter(compte::id.eq(id.0));
    }
    if let Some(day) = recherche.naissance {
        query = query.filter(intervenant::date_naissance.eq(day));
    }
    if let Some(login) = &recherche.login {
        query = query.filter(compte::login.like(like_prefix(login)).escape('\\'));
    }
    if let Some(named) = named(&recherche.mots, noms) {
        let some: Vec<Option<i64>> = named.limit(FEW + 1).load(connection).await?;
        // Few people are looked up one by one. The people of a structure are gone through for a name that begins many.
        query = if some.len() <= FEW as usize {
            query.filter(intervenant::compte_id.nullable().eq_any(some))
        } else if let Some(named) = self::named(&recherche.mots, noms) {
            query.filter(intervenant::compte_id.nullable().eq_any(named))
        } else {
            query
        };
    }
    Ok(query.load(connection).await?)
}
