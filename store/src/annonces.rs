//! Annonces: written by a structure, numbered when published, found by everybody.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::alertes::Sujet;
use domain::annonce::{EtatAnnonce, Evenement, Modalite, NumeroAnnonce, Refusal};
use domain::journal::Fact;
use domain::nir::mask;
use domain::texte::fold;
use domain::time::paris_day;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{annonce, annonce_departement, annonce_region, departement, region, specialite, structure};
use crate::values::Numero;
use crate::{Connection, Pending, Refused, Result, Transaction};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contenu {
    pub titre: String,
    /// Text, paragraphs separated by an empty line.
    pub description: String,
    pub specialite: String,
    pub sous_specialite: Option<String>,
    /// Codes of régions; none means national.
    pub regions: Vec<String>,
    pub departements: Vec<String>,
    pub modalite: Modalite,
    pub du: Option<NaiveDate>,
    pub au: Option<NaiveDate>,
}

/// An annonce with the names of what its codes stand for.
#[derive(Clone, Debug)]
pub struct Annonce {
    pub id: i64,
    /// Its number, once published.
    pub numero: Option<NumeroAnnonce>,
    pub structure: StructureId,
    pub structure_nom: String,
    pub etat: EtatAnnonce,
    /// Whether it was closed because somebody was found.
    pub pourvue: bool,
    pub contenu: Contenu,
    pub specialite_nom: String,
    pub sous_specialite_nom: Option<String>,
    pub regions: Vec<(String, String)>,
    pub departements: Vec<(String, String)>,
    /// Raised by each change: a form that was made from another version is refused.
    pub version: i64,
    pub modifie_at: NaiveDateTime,
    pub publiee_at: Option<NaiveDateTime>,
}

impl Contenu {
    /// What the alerts look at.
    pub fn sujet(&self) -> Sujet {
        Sujet {
            specialite: self.specialite.clone(),
            sous_specialite: self.sous_specialite.clone(),
            regions: self.regions.clone(),
        }
    }
}

impl Annonce {
    /// What pages call its state.
    pub fn libelle(&self) -> &'static str {
        if self.pourvue && self.etat == EtatAnnonce::Cloturee { "pourvue" } else { self.etat.libelle() }
    }

    /// What the alerts look at.
    pub fn sujet(&self) -> Sujet {
        self.contenu.sujet()
    }
}

/// Why an annonce could not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotChanged {
    #[error(transparent)]
    State(#[from] Refusal),
    /// Somebody changed it since the form was opened.
    #[error("Cette annonce a été modifiée entre-temps par un collègue. Rouvrez-la pour partir de sa dernière version.")]
    Changed,
    /// It is not one of this structure's annonces.
    #[error("Cette annonce n’existe pas, ou n’est pas de votre structure.")]
    NotFound,
    /// Who asks may not change the annonces of a structure, or may no longer.
    #[error("Vous n’avez pas, ou plus, le droit de modifier les annonces de votre structure.")]
    Forbidden,
}

pub fn create<'a>(
    transaction: &'a mut Transaction,
    structure: StructureId,
    auteur: CompteId,
    contenu: &'a Contenu,
) -> Pending<'a, i64> {
    Box::pin(async move {
        let now = transaction.now;
        let id: i64 = diesel::insert_into(annonce::table)
            .values((
                annonce::structure_id.eq(structure.0),
                annonce::auteur_id.eq(auteur.0),
                annonce::etat.eq(EtatAnnonce::Brouillon.as_str()),
                annonce::titre.eq(mask(&contenu.titre)),
                annonce::description.eq(mask(&contenu.description)),
                annonce::specialite_code.eq(&contenu.specialite),
                annonce::sous_specialite_code.eq(&contenu.sous_specialite),
                annonce::modalite.eq(contenu.modalite.as_str()),
                annonce::du.eq(contenu.du),
                annonce::au.eq(contenu.au),
                annonce::version.eq(1),
                annonce::cree_at.eq(now),
                annonce::modifie_at.eq(now),
            ))
            .returning(annonce::id)
            .get_result(transaction.connection())
            .await?;
        set_places(transaction, id, contenu).await?;
        transaction.record(Fact::AnnonceModifiee { annonce: id, structure });
        Ok(id)
    })
}

async fn set_places(transaction: &mut Transaction, id: i64, contenu: &Contenu) -> Result<()> {
    diesel::delete(annonce_region::table.filter(annonce_region::annonce_id.eq(id)))
        .execute(transaction.connection())
        .await?;
    diesel::delete(annonce_departement::table.filter(annonce_departement::annonce_id.eq(id)))
        .execute(transaction.connection())
        .await?;
    for code in &contenu.regions {
        diesel::insert_into(annonce_region::table)
            .values((annonce_region::annonce_id.eq(id), annonce_region::region_code.eq(code)))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
    }
    for code in &contenu.departements {
        diesel::insert_into(annonce_departement::table)
            .values((annonce_departement::annonce_id.eq(id), annonce_departement::departement_code.eq(code)))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
    }
    Ok(())
}

/// Changes an annonce of the structure, if it is still at that version; returns the new version.
pub fn update<'a>(
    transaction: &'a mut Transaction,
    structure: StructureId,
    id: i64,
    version: i64,
    contenu: &'a Contenu,
) -> Pending<'a, i64, Refused<NotChanged>> {
    Box::pin(async move {
        let now = transaction.now;
        let etat = lock(transaction.connection(), structure, id, version).await?;
        if matches!(etat, EtatAnnonce::Cloturee | EtatAnnonce::Archivee) {
            return Err(Refused::rule(Refusal::Closed));
        }
        diesel::update(annonce::table.find(id))
            .set((
                annonce::titre.eq(mask(&contenu.titre)),
                annonce::description.eq(mask(&contenu.description)),
                annonce::specialite_code.eq(&contenu.specialite),
                annonce::sous_specialite_code.eq(&contenu.sous_specialite),
                annonce::modalite.eq(contenu.modalite.as_str()),
                annonce::du.eq(contenu.du),
                annonce::au.eq(contenu.au),
                annonce::modifie_at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        set_places(transaction, id, contenu).await?;
        transaction.record(Fact::AnnonceModifiee { annonce: id, structure });
        Ok(version + 1)
    })
}

/// Takes the row's lock by raising its version; who comes second is told that it has changed.
async fn lock(
    connection: &mut Connection,
    structure: StructureId,
    id: i64,
    version: i64,
) -> Result<EtatAnnonce, Refused<NotChanged>> {
    let etat: Option<EtatAnnonce> = diesel::update(
        annonce::table.find(id).filter(annonce::structure_id.eq(structure.0)).filter(annonce::version.eq(version)),
    )
    .set(annonce::version.eq(annonce::version + 1))
    .returning(annonce::etat)
    .get_result(connection)
    .await
    .optional()?;
    if let Some(etat) = etat {
        return Ok(etat);
    }
    let there: i64 =
        annonce::table.find(id).filter(annonce::structure_id.eq(structure.0)).count().get_result(connection).await?;
    Err(Refused::Because(if there > 0 { NotChanged::Changed } else { NotChanged::NotFound }))
}

/// Moves an annonce of the structure along its life; publishing gives it its number.
pub fn advance(
    transaction: &mut Transaction,
    structure: StructureId,
    id: i64,
    version: i64,
    event: Evenement,
) -> Pending<'_, EtatAnnonce, Refused<NotChanged>> {
    Box::pin(async move {
        let now = transaction.now;
        let etat = lock(transaction.connection(), structure, id, version).await?;
        let next = etat.next(event).map_err(Refused::rule)?;
        diesel::update(annonce::table.find(id))
            .set((annonce::etat.eq(next.as_str()), annonce::modifie_at.eq(now)))
            .execute(transaction.connection())
            .await?;
        if event == Evenement::Pourvoir {
            diesel::update(annonce::table.find(id))
                .set(annonce::pourvue.eq(true))
                .execute(transaction.connection())
                .await?;
        }
        if next == EtatAnnonce::Publiee {
            let numero = next_number(transaction).await?;
            diesel::update(annonce::table.find(id))
                .set((
                    annonce::annee.eq(Some(numero.annee)),
                    annonce::rang.eq(Some(numero.rang)),
                    annonce::publiee_at.eq(Some(now)),
                ))
                .execute(transaction.connection())
                .await?;
            transaction.record(Fact::AnnoncePubliee { annonce: id, structure });
        } else {
            transaction.record(Fact::AnnonceRetiree { annonce: id, structure });
        }
        Ok(next)
    })
}

/// Closes at most `limit` annonces whose last day has passed; returns how many.
pub fn close_past(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let (now, today) = (transaction.now, paris_day(transaction.now));
        let due: Vec<(i64, StructureId)> = annonce::table
            .filter(annonce::etat.eq(EtatAnnonce::Publiee.as_str()))
            .filter(annonce::au.lt(today))
            .order(annonce::id)
            .limit(limit)
            .select((annonce::id, annonce::structure_id))
            .load(transaction.connection())
            .await?;
        let mut closed = 0;
        for (id, structure) in due {
            let moved = diesel::update(annonce::table.find(id).filter(annonce::etat.eq(EtatAnnonce::Publiee.as_str())))
                .set((
                    annonce::etat.eq(EtatAnnonce::Cloturee.as_str()),
                    annonce::version.eq(annonce::version + 1),
                    annonce::modifie_at.eq(now),
                ))
                .execute(transaction.connection())
                .await?;
            if moved > 0 {
                transaction.record(Fact::AnnonceRetiree { annonce: id, structure });
                closed += 1;
            }
        }
        Ok(closed)
    })
}

async fn next_number(transaction: &mut Transaction) -> Result<NumeroAnnonce> {
    let annee = paris_day(transaction.now).year();
    let rang = crate::numerotation::next(transaction, &format!("annonce-{annee}")).await?;
    Ok(NumeroAnnonce { annee, rang })
}

/// Publishes the past of a demonstration set: the annonce bears the moment given, and no alert goes out.
pub fn backdate(transaction: &mut Transaction, id: i64, at: NaiveDateTime, etat: EtatAnnonce) -> Pending<'_, ()> {
    Box::pin(async move {
        let numero = next_number(transaction).await?;
        diesel::update(annonce::table.find(id))
            .set((
                annonce::annee.eq(Some(numero.annee)),
                annonce::rang.eq(Some(numero.rang)),
                annonce::publiee_at.eq(Some(at)),
                annonce::etat.eq(etat.as_str()),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

type Row = (
    (i64, Numero, StructureId, EtatAnnonce, i64, bool),
    (String, String, String, Option<String>, Modalite, Option<NaiveDate>, Option<NaiveDate>),
    (NaiveDateTime, Option<NaiveDateTime>),
    (String, String),
);

/// The numbers of the annonces that can be answered and when they last changed, the latest first.
pub fn open_numbers(connection: &mut Connection, limit: i64) -> Pending<'_, Vec<(NumeroAnnonce, NaiveDateTime)>> {
    Box::pin(async move {
        let rows: Vec<(Numero, NaiveDateTime)> = annonce::table
            .filter(annonce::etat.eq(EtatAnnonce::Publiee.as_str()))
            .order((annonce::publiee_at.desc(), annonce::id.desc()))
            .limit(limit)
            .select(((annonce::annee, annonce::rang), annonce::modifie_at))
            .load(connection)
            .await?;
        Ok(rows.into_iter().filter_map(|(Numero(numero), at)| Some((numero?, at))).collect())
    })
}

/// Annonces by their ids, in the order of the ids given.
pub fn by_ids<'a>(connection: &'a mut Connection, ids: &'a [i64]) -> Pending<'a, Vec<Annonce>> {
    Box::pin(async move {
        let rows: Vec<Row> = annonce::table
            .inner_join(structure::table.on(annonce::structure_id.eq(structure::id)))
            .inner_join(specialite::table.on(annonce::specialite_code.eq(specialite::code)))
            .filter(annonce::id.eq_any(ids))
            .select((
                (
                    annonce::id,
                    (annonce::annee, annonce::rang),
                    annonce::structure_id,
                    annonce::etat,
                    annonce::version,
                    annonce::pourvue,
                ),
                (
                    annonce::titre,
                    annonce::description,
                    annonce::specialite_code,
                    annonce::sous_specialite_code,
                    annonce::modalite,
                    annonce::du,
                    annonce::au,
                ),
                (annonce::modifie_at, annonce::publiee_at),
                (structure::nom, specialite::nom),
            ))
            .load(connection)
            .await?;
        let mut regions: Vec<(i64, String, String)> = annonce_region::table
            .inner_join(region::table.on(annonce_region::region_code.eq(region::code)))
            .filter(annonce_region::annonce_id.eq_any(ids))
            .select((annonce_region::annonce_id, region::code, region::nom))
            .load(connection)
            .await?;
        regions.sort_by_cached_key(|(_, _, nom)| fold(nom));
        let departements: Vec<(i64, String, String)> = annonce_departement::table
            .inner_join(departement::table.on(annonce_departement::departement_code.eq(departement::code)))
            .filter(annonce_departement::annonce_id.eq_any(ids))
            .order(departement::code)
            .select((annonce_departement::annonce_id, departement::code, departement::nom))
            .load(connection)
            .await?;
        let sous: Vec<String> = rows.iter().filter_map(|row| row.1.3.clone()).collect();
        let sous: Vec<(String, String)> = specialite::table
            .filter(specialite::code.eq_any(&sous))
            .select((specialite::code, specialite::nom))
            .load(connection)
            .await?;
        let mut annonces = rows
            .into_iter()
            .map(
                |(
                    (id, Numero(numero), structure, etat, version, pourvue),
                    content,
                    (modifie_at, publiee_at),
                    (structure_nom, specialite_nom),
                )| {
                    let (titre, description, specialite, sous_specialite, modalite, du, au) = content;
                    let places = |rows: &[(i64, String, String)]| -> Vec<(String, String)> {
                        rows.iter()
                            .filter(|row| row.0 == id)
                            .map(|(_, code, nom)| (code.clone(), nom.clone()))
                            .collect()
                    };
                    let (regions, departements) = (places(&regions), places(&departements));
                    let sous_specialite_nom = sous_specialite
                        .as_ref()
                        .and_then(|code| sous.iter().find(|(known, _)| known == code))
                        .map(|(_, nom)| nom.clone());
                    Annonce {
                        id,
                        numero,
                        structure,
                        structure_nom,
                        etat,
                        pourvue,
                        contenu: Contenu {
                            titre,
                            description,
                            specialite,
                            sous_specialite,
                            regions: regions.iter().map(|(code, _)| code.clone()).collect(),
                            departements: departements.iter().map(|(code, _)| code.clone()).collect(),
                            modalite,
                            du,
                            au,
                        },
                        specialite_nom,
                        sous_specialite_nom,
                        regions,
                        departements,
                        version,
                        modifie_at,
                        publiee_at,
                    }
                },
            )
            .collect::<Vec<_>>();
        annonces.sort_by_key(|annonce| ids.iter().position(|id| *id == annonce.id));
        Ok(annonces)
    })
}

pub fn by_numero(connection: &mut Connection, numero: NumeroAnnonce) -> Pending<'_, Option<Annonce>> {
    Box::pin(async move {
        let id: Option<i64> = annonce::table
            .filter(annonce::annee.eq(numero.annee))
            .filter(annonce::rang.eq(numero.rang))
            .select(annonce::id)
            .first(connection)
            .await
            .optional()?;
        match id {
            Some(id) => Ok(by_ids(connection, &[id]).await?.pop()),
            None => Ok(None),
        }
    })
}

/// Most rows read by [`recent_subjects`]: beyond, the oldest annonces are left out.
const SUBJECT_ROWS: i64 = 20_000;

/// What the annonces published since then are about, whatever became of them: their alerts left when they came out.
pub fn recent_subjects(connection: &mut Connection, since: NaiveDateTime) -> Pending<'_, Vec<Sujet>> {
    Box::pin(async move {
        let out = [EtatAnnonce::Publiee, EtatAnnonce::Cloturee, EtatAnnonce::Archivee].map(EtatAnnonce::as_str);
        let rows: Vec<(i64, String, Option<String>, Option<String>)> = annonce::table
            .left_join(annonce_region::table.on(annonce_region::annonce_id.eq(annonce::id)))
            .filter(annonce::etat.eq_any(out))
            .filter(annonce::publiee_at.ge(since))
            .order((annonce::publiee_at.desc(), annonce::id.desc()))
            .limit(SUBJECT_ROWS)
            .select((
                annonce::id,
                annonce::specialite_code,
                annonce::sous_specialite_code,
                annonce_region::region_code.nullable(),
            ))
            .load(connection)
            .await?;
        let mut sujets: Vec<(i64, Sujet)> = Vec::new();
        for (id, specialite, sous_specialite, region) in rows {
            // The rows of one annonce follow each other.
            match sujets.last_mut() {
                Some((last, sujet)) if *last == id => sujet.regions.extend(region),
                _ => {
                    sujets.push((id, Sujet { specialite, sous_specialite, regions: region.into_iter().collect() }));
                }
            }
        }
        Ok(sujets.into_iter().map(|(_, sujet)| sujet).collect())
    })
}

/// The latest published annonces.
pub fn latest(connection: &mut Connection, limit: i64) -> Pending<'_, Vec<Annonce>> {
    Box::pin(async move {
        let ids: Vec<i64> = annonce::table
            .filter(annonce::etat.eq(EtatAnnonce::Publiee.as_str()))
            .order((annonce::publiee_at.desc(), annonce::id.desc()))
            .limit(limit)
            .select(annonce::id)
            .load(connection)
            .await?;
        by_ids(connection, &ids).await
    })
}

pub fn count_published(connection: &mut Connection) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(annonce::table
            .filter(annonce::etat.eq(EtatAnnonce::Publiee.as_str()))
            .count()
            .get_result(connection)
            .await?)
    })
}

/// A structure's annonces, the latest changed first, archived ones left out.
pub fn of_structure(
    connection: &mut Connection,
    id: StructureId,
    limit: i64,
    offset: i64,
) -> Pending<'_, (Vec<Annonce>, i64)> {
    Box::pin(async move {
        let total: i64 = annonce::table
            .filter(annonce::structure_id.eq(id.0))
            .filter(annonce::etat.ne(EtatAnnonce::Archivee.as_str()))
            .count()
            .get_result(connection)
            .await?;
        let ids: Vec<i64> = annonce::table
            .filter(annonce::structure_id.eq(id.0))
            .filter(annonce::etat.ne(EtatAnnonce::Archivee.as_str()))
            .order((annonce::modifie_at.desc(), annonce::id.desc()))
            .limit(limit)
            .offset(offset)
            .select(annonce::id)
            .load(connection)
            .await?;
        Ok((by_ids(connection, &ids).await?, total))
    })
}

/// An annonce as a line of its structure's list: what one filters and sorts by.
#[derive(Clone, Debug, Queryable)]
pub struct Ligne {
    pub id: i64,
    pub etat: EtatAnnonce,
    pub titre: String,
    /// Its number, once published.
    #[diesel(deserialize_as = Numero)]
    pub numero: Option<NumeroAnnonce>,
    pub specialite_nom: String,
    pub modifie_at: NaiveDateTime,
}

/// The lines of a structure's annonces in every state, the latest changed first, without their texts.
pub fn lines_of_structure(connection: &mut Connection, id: StructureId, limit: i64) -> Pending<'_, Vec<Ligne>> {
    Box::pin(async move {
        Ok(annonce::table
            .inner_join(specialite::table.on(annonce::specialite_code.eq(specialite::code)))
            .filter(annonce::structure_id.eq(id.0))
            .order((annonce::modifie_at.desc(), annonce::id.desc()))
            .limit(limit)
            .select((
                annonce::id,
                annonce::etat,
                annonce::titre,
                (annonce::annee, annonce::rang),
                specialite::nom,
                annonce::modifie_at,
            ))
            .load(connection)
            .await?)
    })
}

/// Ids of published annonces after one, in order, for a rebuild of the index.
pub fn ids_after(connection: &mut Connection, after: i64, limit: i64) -> Pending<'_, Vec<i64>> {
    Box::pin(async move {
        Ok(annonce::table
            .filter(annonce::id.gt(after))
            .filter(annonce::etat.eq(EtatAnnonce::Publiee.as_str()))
            .order(annonce::id)
            .limit(limit)
            .select(annonce::id)
            .load(connection)
            .await?)
    })
}
