//! Fiches that may be of the same person (SPEC G5): what they have in common is said, and a person looks. Only what is
//! kept in clear is compared; each lookup goes by an index.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::compte::{EtatCompte, EtatInscription};
use domain::ressemblance::{Point, Traits};
use domain::texte::fold;
use domain::{CompteId, StructureId};

use crate::dialect::Both;
use crate::query::RunQueryDsl;
use crate::schema::{compte, correspondant, identification, intervenant};
use crate::{Connection, Pending, Result};

/// Fiches found by one name, number or address, at most: the switchboard of a town hall is many people's telephone.
const FOUND_MAX: i64 = 200;

/// Among whom somebody looks: those whom they may see both of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parmi {
    /// The validated profiles of open accounts.
    Cvtheque,
    /// The intervenants that this structure may help to log in.
    AidesPar(StructureId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Semblable {
    pub compte: CompteId,
    pub nom: String,
    pub prenom: String,
    pub commune: String,
    pub etat: EtatCompte,
    /// What both have in common, never nothing.
    pub points: Vec<Point>,
}

type Row = (
    (CompteId, EtatCompte, String, String, String),
    (Option<NaiveDate>, String, String, Option<String>),
    (String, String, String),
);

struct Trouve {
    compte: CompteId,
    etat: EtatCompte,
    traits: Traits,
}

impl From<Row> for Trouve {
    fn from(row: Row) -> Self {
        let (
            (compte, etat, nom, prenom, login),
            (naissance, telephone, commune, departement),
            (domicile, autre, professionnelle),
        ) = row;
        let kept = |all: Vec<String>| all.into_iter().filter(|one| !one.is_empty()).collect();
        let telephones = kept(vec![telephone, domicile, autre]);
        let courriels = kept(vec![login, professionnelle]);
        let traits = Traits { nom, prenom, naissance, telephones, courriels, commune, departement };
        Self { compte, etat, traits }
    }
}

async fn traits(connection: &mut Connection, ids: &[i64], parmi: Option<Parmi>) -> Result<Vec<Trouve>> {
    let mut query = intervenant::table
        .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
        .inner_join(identification::table.on(identification::compte_id.eq(intervenant::compte_id)))
        .filter(intervenant::compte_id.eq_any(ids))
        .select((
            (compte::id, compte::etat, compte::nom, compte::prenom, compte::login),
            (intervenant::date_naissance, intervenant::telephone, intervenant::commune, intervenant::departement_code),
            (identification::telephone_domicile, identification::telephone_autre, identification::pro_courriel),
        ))
        .into_boxed::<Both>();
    match parmi {
        None => {}
        Some(Parmi::Cvtheque) => {
            query = query
                .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()));
        }
        Some(Parmi::AidesPar(structure)) => {
            let theirs = intervenant::structure_id.is_null();
            query = query.filter(theirs.or(intervenant::structure_id.assume_not_null().eq(structure.0)));
        }
    }
    let rows: Vec<Row> = query.load(connection).await?;
    Ok(rows.into_iter().map(Trouve::from).collect())
}

/// The accounts that share a name, a number or an address with somebody.
async fn candidates(connection: &mut Connection, of: &Traits) -> Result<BTreeSet<i64>> {
    let mut ids: BTreeSet<i64> = BTreeSet::new();
    let named: Vec<Option<i64>> = correspondant::table
        .filter(correspondant::jointe.eq_any(of.cles().to_vec()))
        .limit(FOUND_MAX)
        .select(correspondant::compte_id)
        .load(connection)
        .await?;
    ids.extend(named.into_iter().flatten());
    macro_rules! sharing {
        ($table:ident, $column:ident, $id:ident, $values:expr) => {
            if !$values.is_empty() {
                let found: Vec<i64> = $table::table
                    .filter($table::$column.eq_any($values))
                    .limit(FOUND_MAX)
                    .select($table::$id)
                    .load(connection)
                    .await?;
                ids.extend(found);
            }
        };
    }
    sharing!(intervenant, telephone, compte_id, &of.telephones);
    sharing!(identification, telephone_domicile, compte_id, &of.telephones);
    sharing!(identification, telephone_autre, compte_id, &of.telephones);
    sharing!(identification, pro_courriel, compte_id, &of.courriels);
    sharing!(compte, login, id, &of.courriels);
    Ok(ids)
}

/// The fiches that share something with somebody's, by name; those that share more than the name first.
pub fn of(connection: &mut Connection, compte: CompteId, parmi: Parmi) -> Pending<'_, Vec<Semblable>> {
    Box::pin(async move {
        let Some(own) = traits(connection, &[compte.0], None).await?.pop() else { return Ok(Vec::new()) };
        let mut ids = candidates(connection, &own.traits).await?;
        ids.remove(&compte.0);
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<i64> = ids.into_iter().collect();
        let found = traits(connection, &ids, Some(parmi)).await?.into_iter();
        let mut all: Vec<Semblable> = found
            .map(|one| Semblable {
                points: own.traits.points(&one.traits),
                compte: one.compte,
                etat: one.etat,
                nom: one.traits.nom,
                prenom: one.traits.prenom,
                commune: one.traits.commune,
            })
            .filter(|one| !one.points.is_empty())
            .collect();
        all.sort_by_cached_key(|one| {
            (one.points == [Point::Nom], fold(&format!("{} {}", one.nom, one.prenom)), one.compte)
        });
        Ok(all)
    })
}
