//! The referentials: régions, départements, spécialités, languages, public employers, structures.
//!
//! They are carried in `migrations/data`, compiled in, and loaded when their content is new. Loading never removes
//! a code that a profile may hold.

use std::cmp::Reverse;

use diesel::prelude::*;
use domain::StructureId;
use domain::siret::Siret;
use domain::texte::fold;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::dialect::Both;
use crate::query::{RunQueryDsl, columns};
use crate::schema::{
    departement, employeur_mot, employeur_public, langue, referentiel_charge, region, specialite, structure,
};
use crate::{Connection, Error, Pending, Result, Store, Transaction, administration, correspondants, sigles};

const REGIONS: &str = include_str!("../../migrations/data/regions.csv");
const DEPARTEMENTS: &str = include_str!("../../migrations/data/departements.csv");
const SPECIALITES: &str = include_str!("../../migrations/data/specialites.csv");
const LANGUES: &str = include_str!("../../migrations/data/langues.csv");
const SIGLES: &str = include_str!("../../migrations/data/sigles.csv");
const STRUCTURES: &str = include_str!("../../migrations/data/structures.csv");
const EMPLOYEURS: &str = include_str!("../../migrations/data/employeurs-publics.csv");

/// A code and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Item {
    pub code: String,
    pub nom: String,
}

/// A spécialité or, with a parent, a sous-spécialité.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = specialite)]
pub struct Specialite {
    pub code: String,
    pub nom: String,
    pub parent_code: Option<String>,
    pub description: String,
    /// Whether it is still proposed: one that profiles hold is never removed.
    pub actif: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Departement {
    /// INSEE code.
    pub code: String,
    pub nom: String,
    pub region_code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = employeur_public)]
pub struct Employeur {
    pub siret: String,
    pub raison_sociale: String,
    pub code_postal: String,
    /// Commune; many share a name, hence the département.
    pub commune: String,
    pub departement_code: String,
}

/// Loads every referential whose content changed; returns the names of the files loaded.
pub fn load(store: &Store) -> Pending<'_, Vec<&'static str>> {
    Box::pin(async move {
        let files = [
            ("regions.csv", REGIONS),
            ("departements.csv", DEPARTEMENTS),
            ("specialites.csv", SPECIALITES),
            ("langues.csv", LANGUES),
            (sigles::FILE, SIGLES),
            ("structures.csv", STRUCTURES),
            ("employeurs-publics.csv", EMPLOYEURS),
        ];
        let mut loaded = Vec::new();
        for (name, content) in files {
            let changed = store
                .write::<bool, Error, _>(None, move |transaction| {
                    Box::pin(async move {
                        let digest = digest(content);
                        let known: Option<String> = referentiel_charge::table
                            .find(name)
                            .select(referentiel_charge::empreinte)
                            .first(transaction.connection())
                            .await
                            .optional()?;
                        if known.as_deref() == Some(digest.as_str()) {
                            return Ok(false);
                        }
                        load_one(transaction, name, content).await?;
                        diesel::insert_into(referentiel_charge::table)
                            .values((referentiel_charge::nom.eq(name), referentiel_charge::empreinte.eq(&digest)))
                            .on_conflict(referentiel_charge::nom)
                            .do_update()
                            .set(referentiel_charge::empreinte.eq(&digest))
                            .execute(transaction.connection())
                            .await?;
                        Ok(true)
                    })
                })
                .await?;
            if changed {
                loaded.push(name);
            }
        }
        Ok(loaded)
    })
}

async fn load_one(transaction: &mut Transaction, name: &'static str, content: &str) -> Result<()> {
    match name {
        "regions.csv" => regions(transaction, rows(name, content)?).await,
        "departements.csv" => departements(transaction, rows(name, content)?).await,
        "specialites.csv" => specialites(transaction, rows(name, content)?).await,
        "langues.csv" => langues(transaction, rows(name, content)?).await,
        sigles::FILE => sigles::load(transaction, rows(name, content)?).await,
        "structures.csv" => structures(transaction, rows(name, content)?).await,
        "employeurs-publics.csv" => employeurs(transaction, rows(name, content)?).await,
        other => Err(Error::Unknown { table: "referentiel_charge", column: "nom", value: other.to_owned() }),
    }
}

/// FNV-1a: enough to see that a file compiled in has changed.
fn digest(content: &str) -> String {
    let hash = content
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

fn rows<T: DeserializeOwned>(name: &'static str, content: &str) -> Result<Vec<T>> {
    csv::Reader::from_reader(content.as_bytes())
        .deserialize()
        .collect::<std::result::Result<Vec<T>, _>>()
        .map_err(|error| Error::Referential { name, why: error.to_string() })
}

/// Adds the lines of a file, or changes the rows of their codes.
macro_rules! save_all {
    ($transaction:expr, $table:ident, $lines:expr) => {
        for line in $lines {
            diesel::insert_into($table::table)
                .values(&line)
                .on_conflict($table::code)
                .do_update()
                .set(&line)
                .execute($transaction.connection())
                .await?;
        }
    };
}

#[derive(Deserialize, Insertable, AsChangeset)]
#[diesel(table_name = region, primary_key(code), treat_none_as_default_value = false)]
struct RegionLine {
    code: String,
    nom: String,
    zone: String,
}

async fn regions(transaction: &mut Transaction, lines: Vec<RegionLine>) -> Result<()> {
    save_all!(transaction, region, lines);
    Ok(())
}

#[derive(Deserialize, Insertable, AsChangeset)]
#[diesel(table_name = departement, primary_key(code), treat_none_as_default_value = false)]
struct DepartementLine {
    code: String,
    nom: String,
    #[diesel(column_name = region_code)]
    region: String,
}

async fn departements(transaction: &mut Transaction, lines: Vec<DepartementLine>) -> Result<()> {
    save_all!(transaction, departement, lines);
    Ok(())
}

#[derive(Deserialize, Insertable, AsChangeset)]
#[diesel(table_name = specialite, primary_key(code), treat_none_as_null = true, treat_none_as_default_value = false)]
struct SpecialiteLine {
    code: String,
    nom: String,
    #[diesel(column_name = parent_code)]
    parent: Option<String>,
    ordre: i32,
    description: String,
}

async fn specialites(transaction: &mut Transaction, mut lines: Vec<SpecialiteLine>) -> Result<()> {
    lines.sort_by_key(|line| line.parent.is_some());
    let kept = administration::changed_codes(transaction.connection(), "specialite").await?;
    save_all!(transaction, specialite, lines.into_iter().filter(|line| !kept.contains(&line.code)));
    Ok(())
}

#[derive(Deserialize, Insertable, AsChangeset)]
#[diesel(table_name = langue, primary_key(code), treat_none_as_default_value = false)]
struct LangueLine {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    categorie: String,
}

async fn langues(transaction: &mut Transaction, lines: Vec<LangueLine>) -> Result<()> {
    let kept = administration::changed_codes(transaction.connection(), "langue").await?;
    save_all!(transaction, langue, lines.into_iter().filter(|line| !kept.contains(&line.code)));
    Ok(())
}

#[derive(Deserialize, Insertable)]
#[diesel(table_name = structure, treat_none_as_default_value = false)]
struct StructureLine {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    categorie: String,
    #[diesel(column_name = region_code)]
    region: Option<String>,
    adresse: String,
    code_postal: String,
    commune: String,
    telephone: String,
    courriel: String,
    messagerie_active: bool,
}

/// A structure that is there already keeps what an administrateur may have changed.
async fn structures(transaction: &mut Transaction, lines: Vec<StructureLine>) -> Result<()> {
    for line in lines {
        let id: Option<StructureId> = diesel::insert_into(structure::table)
            .values(&line)
            .on_conflict(structure::code)
            .do_nothing()
            .returning(structure::id)
            .get_result(transaction.connection())
            .await
            .optional()?;
        if let Some(id) = id {
            let cle = fold(&line.nom);
            correspondants::create(transaction.connection(), None, Some(id), &line.nom, &cle).await?;
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct EmployeurLine {
    siret: String,
    raison_sociale: String,
    categorie: String,
    code_postal: String,
    commune: String,
    departement: String,
    region: String,
}

async fn employeurs(transaction: &mut Transaction, lines: Vec<EmployeurLine>) -> Result<()> {
    diesel::delete(employeur_mot::table).execute(transaction.connection()).await?;
    diesel::delete(employeur_public::table).execute(transaction.connection()).await?;
    let mut words = Vec::with_capacity(lines.len() * 5);
    let mut employers = Vec::with_capacity(lines.len());
    for line in lines {
        let cle = fold(&line.raison_sociale);
        let with_place = format!("{cle} {}", fold(&line.commune));
        let mut of_name: Vec<&str> = with_place.split(' ').filter(|word| !word.is_empty()).collect();
        of_name.sort_unstable();
        of_name.dedup();
        words.extend(
            of_name
                .into_iter()
                .map(|word| (employeur_mot::mot.eq(word.to_owned()), employeur_mot::siret.eq(line.siret.clone()))),
        );
        employers.push((
            employeur_public::siret.eq(line.siret),
            employeur_public::raison_sociale.eq(line.raison_sociale),
            employeur_public::cle.eq(cle),
            employeur_public::categorie.eq(line.categorie),
            employeur_public::code_postal.eq(line.code_postal),
            employeur_public::commune.eq(line.commune),
            employeur_public::departement_code.eq(line.departement),
            employeur_public::region_code.eq(line.region),
        ));
    }
    match transaction.connection() {
        Connection::Sqlite(object) => {
            object
                .spawn_blocking(move |c| {
                    for row in employers {
                        diesel::RunQueryDsl::execute(diesel::insert_into(employeur_public::table).values(row), c)?;
                    }
                    for row in words {
                        diesel::RunQueryDsl::execute(diesel::insert_into(employeur_mot::table).values(row), c)?;
                    }
                    Ok(())
                })
                .await?;
        }
        Connection::Postgres(object) => {
            for rows in employers.chunks(2_000) {
                diesel_async::RunQueryDsl::execute(
                    diesel::insert_into(employeur_public::table).values(rows.to_vec()),
                    &mut **object,
                )
                .await?;
            }
            for rows in words.chunks(10_000) {
                diesel_async::RunQueryDsl::execute(
                    diesel::insert_into(employeur_mot::table).values(rows.to_vec()),
                    &mut **object,
                )
                .await?;
            }
        }
    }
    Ok(())
}

/// Régions, metropolitan first, by name.
pub fn list_regions(connection: &mut Connection) -> Pending<'_, Vec<Item>> {
    Box::pin(async move {
        let mut all: Vec<(String, String, String)> =
            region::table.select((region::zone, region::code, region::nom)).load(connection).await?;
        all.sort_by_cached_key(|(zone, _, nom)| (Reverse(zone.clone()), fold(nom)));
        Ok(all.into_iter().map(|(_, code, nom)| Item { code, nom }).collect())
    })
}

pub fn list_departements(connection: &mut Connection) -> Pending<'_, Vec<Departement>> {
    Box::pin(async move { Ok(departement::table.order(departement::code).load(connection).await?) })
}

/// Spécialités in the order of the referential, each followed by its sous-spécialités in the same order.
pub fn list_specialites(connection: &mut Connection) -> Pending<'_, Vec<Specialite>> {
    Box::pin(async move {
        let rows: Vec<Specialite> = specialite::table
            .order((specialite::ordre, specialite::code))
            .select(columns::<Specialite>())
            .load(connection)
            .await?;
        let (parents, children): (Vec<Specialite>, Vec<Specialite>) =
            rows.into_iter().partition(|row| row.parent_code.is_none());
        let mut ordered = Vec::with_capacity(parents.len() + children.len());
        for parent in parents {
            let code = parent.code.clone();
            ordered.push(parent);
            ordered.extend(children.iter().filter(|child| child.parent_code.as_ref() == Some(&code)).cloned());
        }
        Ok(ordered)
    })
}

/// Public employers whose name and commune have words beginning with what is typed (from 2 characters), or whose
/// SIRET begins with the digits typed.
pub fn search_employeurs<'a>(
    connection: &'a mut Connection,
    typed: &'a str,
    limit: i64,
) -> Pending<'a, Vec<Employeur>> {
    Box::pin(async move {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let by_siret = digits.len() >= 3 && digits.chars().all(|c| c.is_ascii_digit());
        let folded = fold(typed);
        if folded.chars().count() < 2 {
            return Ok(Vec::new());
        }
        let words: Vec<String> = folded.split(' ').take(8).map(ToOwned::to_owned).collect();
        if by_siret {
            let end = format!("{digits}:");
            return Ok(employeur_public::table
                .filter(employeur_public::siret.ge(&digits))
                .filter(employeur_public::siret.lt(&end))
                .order(employeur_public::siret)
                .limit(limit)
                .select(columns::<Employeur>())
                .load(connection)
                .await?);
        }
        let mut query = employeur_public::table
            .order((employeur_public::cle, employeur_public::departement_code, employeur_public::siret))
            .limit(limit)
            .select(columns::<Employeur>())
            .into_boxed::<Both>();
        for word in &words {
            query = query.filter(
                employeur_public::siret.eq_any(
                    employeur_mot::table
                        .filter(employeur_mot::mot.ge(word.clone()))
                        .filter(employeur_mot::mot.lt(correspondants::end(word)))
                        .select(employeur_mot::siret),
                ),
            );
        }
        Ok(query.load(connection).await?)
    })
}

pub fn employeur<'a>(connection: &'a mut Connection, siret: &'a Siret) -> Pending<'a, Option<Employeur>> {
    Box::pin(async move {
        Ok(employeur_public::table
            .find(siret.as_str())
            .select(columns::<Employeur>())
            .first(connection)
            .await
            .optional()?)
    })
}
