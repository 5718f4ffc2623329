//! The « lettres de demande »: their rows, and the PDF that was sent (manual §3.3.5, SPEC D13).

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::compte::{EtatCompte, EtatInscription};
use domain::dossier::lettre::{
    Contenu, Duree, EtatLettre, Facture, NumeroLettre, Paiement, Periode, TypeLettre, UnitePaiement,
};
use domain::siret::Siret;
use domain::{CompteId, StructureId};

use crate::query::{RunQueryDsl, columns};
use crate::schema::{compte, dossier, intervenant, lettre, lettre_periode, structure};
use crate::values::Nom;
use crate::{Connection, Error, Pending, Result, Transaction, numerotation};

/// Letters on a page of a structure's list.
pub const PAGE: i64 = 25;
/// Letters that one person's pages show, the latest.
const MOST: i64 = 200;

/// What the PDF of a letter is sealed for.
pub fn place(blob: &str) -> String {
    format!("lettre {blob}")
}

/// The PDF of a letter as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Id of the blob, sealed.
    pub blob: String,
    /// Its key, sealed.
    pub cle: String,
    /// SHA-256 of the PDF, in hexadecimal: what the person answers to.
    pub empreinte: String,
    /// Size of the PDF in bytes.
    pub taille: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lettre {
    pub id: i64,
    pub compte: CompteId,
    pub personne: String,
    pub structure: StructureId,
    pub structure_nom: String,
    /// Who prepared or sent it, while the account exists.
    pub auteur: Option<CompteId>,
    pub genre: TypeLettre,
    pub etat: EtatLettre,
    pub version: i64,
    pub contenu: Contenu,
    pub modifie_at: NaiveDateTime,
    /// Its number, once it was sent.
    pub numero: Option<String>,
    pub envoyee_at: Option<NaiveDateTime>,
    pub repondue_at: Option<NaiveDateTime>,
    pub annulee_at: Option<NaiveDateTime>,
    /// What the person wrote with the answer, maybe nothing.
    pub reponse: String,
    /// Why it was taken back, maybe nothing.
    pub annulation: String,
    /// The PDF, once it was sent.
    pub document: Option<Document>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = lettre, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    compte_id: CompteId,
    structure_id: StructureId,
    auteur_id: Option<CompteId>,
    genre: TypeLettre,
    etat: EtatLettre,
    version: i64,
    objet: String,
    contenu: String,
    duree: i32,
    lieu: String,
    montant: i32,
    unite_paiement: UnitePaiement,
    modalites_paiement: String,
    siret: String,
    code_service: String,
    engagement: String,
    modifie_at: NaiveDateTime,
    numero: Option<String>,
    envoyee_at: Option<NaiveDateTime>,
    repondue_at: Option<NaiveDateTime>,
    annulee_at: Option<NaiveDateTime>,
    reponse: String,
    annulation: String,
    blob: Option<String>,
    cle: Option<String>,
    empreinte: Option<String>,
    taille: Option<i64>,
}

fn unknown(column: &'static str, value: impl ToString) -> Error {
    Error::Unknown { table: "lettre", column, value: value.to_string() }
}

fn into_lettre((row, Nom(personne), structure_nom): (Row, Nom, String), periodes: Vec<Periode>) -> Result<Lettre> {
    let document = match (row.blob, row.cle, row.empreinte, row.taille) {
        (Some(blob), Some(cle), Some(empreinte), Some(taille)) => Some(Document { blob, cle, empreinte, taille }),
        _ => None,
    };
    let quarts = u32::try_from(row.duree).ok().and_then(Duree::of_quarts);
    Ok(Lettre {
        id: row.id,
        compte: row.compte_id,
        personne,
        structure: row.structure_id,
        structure_nom,
        auteur: row.auteur_id,
        genre: row.genre,
        etat: row.etat,
        version: row.version,
        contenu: Contenu {
            objet: row.objet,
            contenu: row.contenu,
            duree: quarts.ok_or_else(|| unknown("duree", row.duree))?,
            periodes,
            lieu: row.lieu,
            paiement: Paiement {
                centimes: u32::try_from(row.montant).map_err(|_| unknown("montant", row.montant))?,
                unite: row.unite_paiement,
                modalites: row.modalites_paiement,
            },
            facture: Facture {
                siret: match row.siret.as_str() {
                    "" => None,
                    kept => Some(Siret::parse(kept).map_err(|_| unknown("siret", kept))?),
                },
                code_service: row.code_service,
                engagement: row.engagement,
            },
        },
        modifie_at: row.modifie_at,
        numero: row.numero,
        envoyee_at: row.envoyee_at,
        repondue_at: row.repondue_at,
        annulee_at: row.annulee_at,
        reponse: row.reponse,
        annulation: row.annulation,
        document,
    })
}

/// Letters with the names of the person and the structure, in the order of these ids.
async fn by_ids(connection: &mut Connection, ids: &[i64]) -> Result<Vec<Lettre>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Row, Nom, String)> = lettre::table
        .inner_join(compte::table.on(compte::id.eq(lettre::compte_id)))
        .inner_join(structure::table.on(structure::id.eq(lettre::structure_id)))
        .filter(lettre::id.eq_any(ids))
        .select((columns::<Row>(), (compte::prenom, compte::nom), structure::nom))
        .load(connection)
        .await?;
    let days: Vec<(i64, NaiveDate, NaiveDate)> = lettre_periode::table
        .filter(lettre_periode::lettre_id.eq_any(ids))
        .order((lettre_periode::lettre_id, lettre_periode::rang))
        .select((lettre_periode::lettre_id, lettre_periode::du, lettre_periode::au))
        .load(connection)
        .await?;
    let mut periodes: HashMap<i64, Vec<Periode>> = HashMap::new();
    for (id, du, au) in days {
        periodes.entry(id).or_default().push(Periode { du, au });
    }
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = row.0.id;
        found.insert(id, into_lettre(row, periodes.remove(&id).unwrap_or_default())?);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

pub fn of_structure(connection: &mut Connection, structure: StructureId, id: i64) -> Pending<'_, Option<Lettre>> {
    Box::pin(async move {
        let found = by_ids(connection, &[id]).await?.pop();
        Ok(found.filter(|lettre| lettre.structure == structure))
    })
}

pub fn of_person(connection: &mut Connection, compte: CompteId, id: i64) -> Pending<'_, Option<Lettre>> {
    Box::pin(async move {
        let found = by_ids(connection, &[id]).await?.pop();
        // A letter cancelled before it was sent never reached anybody.
        Ok(found.filter(|lettre| lettre.compte == compte && lettre.numero.is_some()))
    })
}

/// The latest letters of a person that a condition keeps, the latest first.
macro_rules! latest {
    ($connection:expr, $compte:expr, $kept:expr) => {
        Box::pin(async move {
            let ids: Vec<i64> = lettre::table
                .filter(lettre::compte_id.eq($compte.0))
                .filter($kept)
                .order(lettre::id.desc())
                .limit(MOST)
                .select(lettre::id)
                .load($connection)
                .await?;
            by_ids($connection, &ids).await
        })
    };
}

/// The letters that reached a person.
pub fn list_of_person(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Lettre>> {
    latest!(connection, compte, lettre::numero.is_not_null())
}

/// The letters that wait for the person's answer; asked at each look at their board.
pub fn to_answer(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Lettre>> {
    latest!(connection, compte, lettre::etat.eq(EtatLettre::Envoyee.as_str()))
}

/// The letters of a structure to a person, drafts too.
pub fn between(connection: &mut Connection, structure: StructureId, compte: CompteId) -> Pending<'_, Vec<Lettre>> {
    latest!(connection, compte, lettre::structure_id.eq(structure.0))
}

/// The letters that bind a person or wait for their answer, the oldest first.
pub fn en_vigueur(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Lettre>> {
    Box::pin(async move {
        let ids: Vec<i64> = lettre::table
            .filter(lettre::compte_id.eq(compte.0))
            .filter(lettre::etat.eq_any([EtatLettre::Envoyee.as_str(), EtatLettre::Acceptee.as_str()]))
            .order(lettre::id)
            .select(lettre::id)
            .load(connection)
            .await?;
        by_ids(connection, &ids).await
    })
}

pub fn counts(connection: &mut Connection, structure: StructureId) -> Pending<'_, HashMap<EtatLettre, i64>> {
    Box::pin(async move {
        let rows: Vec<(String, i64)> = lettre::table
            .filter(lettre::structure_id.eq(structure.0))
            .group_by(lettre::etat)
            .select((lettre::etat, diesel::dsl::count_star()))
            .load(connection)
            .await?;
        Ok(rows.into_iter().filter_map(|(word, count)| Some((EtatLettre::from_word(&word)?, count))).collect())
    })
}

/// A page of the letters of a structure in one state, the latest first, and how many there are.
pub fn list_of_structure(
    connection: &mut Connection,
    structure: StructureId,
    etat: EtatLettre,
    page: i64,
) -> Pending<'_, (Vec<Lettre>, i64)> {
    Box::pin(async move {
        let offset = (page.clamp(1, 1_000_000) - 1) * PAGE;
        let total: i64 = lettre::table
            .filter(lettre::structure_id.eq(structure.0))
            .filter(lettre::etat.eq(etat.as_str()))
            .count()
            .get_result(connection)
            .await?;
        let ids: Vec<i64> = lettre::table
            .filter(lettre::structure_id.eq(structure.0))
            .filter(lettre::etat.eq(etat.as_str()))
            .order(lettre::id.desc())
            .limit(PAGE)
            .offset(offset)
            .select(lettre::id)
            .load(connection)
            .await?;
        Ok((by_ids(connection, &ids).await?, total))
    })
}

#[derive(Clone, Debug, Queryable)]
pub struct Destinataire {
    pub prenom: String,
    pub login: String,
    /// Since when their dossier is complete and validated, if it is.
    pub complet_at: Option<NaiveDateTime>,
}

/// Whom a letter may go to: a validated intervenant whose account is in use.
pub fn addressee(connection: &mut Connection, of: CompteId) -> Pending<'_, Option<Destinataire>> {
    Box::pin(async move {
        Ok(intervenant::table
            .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
            .left_join(dossier::table.on(dossier::compte_id.eq(intervenant::compte_id)))
            .filter(intervenant::compte_id.eq(of.0))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select((compte::prenom, compte::login, dossier::complet_at.nullable()))
            .first(connection)
            .await
            .optional()?)
    })
}

/// Inserts a draft; returns its id.
pub fn insert<'a>(
    transaction: &'a mut Transaction,
    (by, structure): (CompteId, StructureId),
    of: CompteId,
    genre: TypeLettre,
    contenu: &'a Contenu,
) -> Pending<'a, i64> {
    Box::pin(async move {
        let now = transaction.now;
        let id: i64 = diesel::insert_into(lettre::table)
            .values((
                (
                    lettre::compte_id.eq(of.0),
                    lettre::structure_id.eq(structure.0),
                    lettre::auteur_id.eq(by.0),
                    lettre::genre.eq(genre.as_str()),
                    lettre::etat.eq(EtatLettre::Brouillon.as_str()),
                    lettre::version.eq(1),
                    lettre::cree_at.eq(now),
                    lettre::modifie_at.eq(now),
                    lettre::reponse.eq(""),
                    lettre::annulation.eq(""),
                ),
                said(contenu),
            ))
            .returning(lettre::id)
            .get_result(transaction.connection())
            .await?;
        write_periodes(transaction, id, contenu).await?;
        Ok(id)
    })
}

/// The columns of what a letter says.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = lettre, treat_none_as_default_value = false)]
struct Said<'c> {
    objet: &'c str,
    contenu: &'c str,
    duree: i32,
    lieu: &'c str,
    montant: i32,
    unite_paiement: &'static str,
    modalites_paiement: &'c str,
    siret: &'c str,
    code_service: &'c str,
    engagement: &'c str,
}

fn said(contenu: &Contenu) -> Said<'_> {
    // Both are far below this bound: the rules that read them see to it.
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    Said {
        objet: &contenu.objet,
        contenu: &contenu.contenu,
        duree: number(contenu.duree.quarts()),
        lieu: &contenu.lieu,
        montant: number(contenu.paiement.centimes),
        unite_paiement: contenu.paiement.unite.as_str(),
        modalites_paiement: &contenu.paiement.modalites,
        siret: contenu.facture.siret.as_ref().map_or("", Siret::as_str),
        code_service: &contenu.facture.code_service,
        engagement: &contenu.facture.engagement,
    }
}

async fn write_periodes(transaction: &mut Transaction, id: i64, contenu: &Contenu) -> Result<()> {
    diesel::delete(lettre_periode::table.filter(lettre_periode::lettre_id.eq(id)))
        .execute(transaction.connection())
        .await?;
    for (rang, periode) in (1..).zip(&contenu.periodes) {
        diesel::insert_into(lettre_periode::table)
            .values((
                lettre_periode::lettre_id.eq(id),
                lettre_periode::rang.eq(rang),
                lettre_periode::du.eq(periode.du),
                lettre_periode::au.eq(periode.au),
            ))
            .execute(transaction.connection())
            .await?;
    }
    Ok(())
}

/// Holds a letter until the transaction ends, and returns it as it stands.
pub fn hold(transaction: &mut Transaction, id: i64) -> Pending<'_, Option<Lettre>> {
    Box::pin(async move {
        // An update that changes nothing, only to lock the row.
        diesel::update(lettre::table.find(id))
            .set(lettre::version.eq(lettre::version))
            .execute(transaction.connection())
            .await?;
        Ok(by_ids(transaction.connection(), &[id]).await?.pop())
    })
}

/// Writes the new state of a letter that is held; [`write`] writes what it says.
pub fn step<'a>(transaction: &'a mut Transaction, next: &'a Lettre) -> Pending<'a, ()> {
    Box::pin(async move {
        let document = next.document.as_ref();
        diesel::update(lettre::table.find(next.id))
            .set((
                lettre::etat.eq(next.etat.as_str()),
                lettre::version.eq(next.version),
                lettre::auteur_id.eq(next.auteur.map(|id| id.0)),
                lettre::modifie_at.eq(next.modifie_at),
                lettre::numero.eq(&next.numero),
                lettre::envoyee_at.eq(next.envoyee_at),
                lettre::repondue_at.eq(next.repondue_at),
                lettre::annulee_at.eq(next.annulee_at),
                lettre::reponse.eq(&next.reponse),
                lettre::annulation.eq(&next.annulation),
                lettre::blob.eq(document.map(|one| &one.blob)),
                lettre::cle.eq(document.map(|one| &one.cle)),
                lettre::empreinte.eq(document.map(|one| &one.empreinte)),
                lettre::taille.eq(document.map(|one| one.taille)),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

pub fn write<'a>(transaction: &'a mut Transaction, id: i64, contenu: &'a Contenu) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::update(lettre::table.find(id)).set(said(contenu)).execute(transaction.connection()).await?;
        write_periodes(transaction, id, contenu).await
    })
}

/// The number that the next letter of a structure gets on that day; none when the structure's code makes none.
pub fn next_number<'a>(
    connection: &'a mut Connection,
    code: &'a str,
    day: NaiveDate,
) -> Pending<'a, Option<NumeroLettre>> {
    Box::pin(async move {
        let annee = chrono::Datelike::year(&day);
        let last = numerotation::last(connection, &NumeroLettre::serie(code, annee)).await?;
        Ok(NumeroLettre::new(code, annee, last + 1))
    })
}

/// What is sent: the PDF, which bears this number and this day.
#[derive(Clone, Debug)]
pub struct Envoi {
    pub numero: NumeroLettre,
    /// The day in Paris.
    pub jour: NaiveDate,
    pub document: Document,
}
