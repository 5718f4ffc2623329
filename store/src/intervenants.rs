//! Profiles of intervenants: what the CV-thèque shows and the index is made from.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::compte::{EtatCompte, EtatInscription, Statut};
use domain::fichier::EtatLecture;
use domain::journal::Fact;
use domain::profil::Identification;
use domain::texte::fold;
use domain::{CompteId, StructureId};

use crate::dialect::{Lock, locked};
use crate::interventions::Intervention;
use crate::query::{RunQueryDsl, columns};
use crate::schema::{
    compte, departement, fichier, indisponibilite, intervenant, intervenant_departement, intervenant_langue,
    intervenant_region, intervenant_specialite, intervention, langue, parcours, region, specialite, structure,
};
use crate::values::OrEmpty;
use crate::{Connection, Pending, Result, Transaction, inscriptions, profils};

/// What a profile is made of when it is written as a whole.
#[derive(Clone, Debug)]
pub struct Profil {
    pub etat: EtatInscription,
    pub date_naissance: Option<NaiveDate>,
    pub telephone: String,
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub region: Option<String>,
    pub departement: Option<String>,
    pub statut: Option<Statut>,
    /// Employer's SIRET.
    pub employeur_siret: Option<String>,
    pub employeur_nom: String,
    pub titre: String,
    pub experience: String,
    pub motivation: String,
    pub structure: Option<StructureId>,
    /// Codes of spécialités (taken whole) and sous-spécialités.
    pub specialites: Vec<String>,
    pub regions: Vec<String>,
    pub departements: Vec<String>,
    pub langues: Vec<(String, String)>,
    pub parcours: Vec<Etape>,
    pub interventions: Vec<Intervention>,
    pub indisponibilites: Vec<(NaiveDate, NaiveDate)>,
    pub validee_at: Option<NaiveDateTime>,
}

/// A line of the parcours.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = parcours, treat_none_as_default_value = false)]
pub struct Etape {
    /// `professionnalisation`, `experience`, `formation` or `formation_initiale`.
    pub categorie: String,
    pub intitule: String,
    /// Where or with whom.
    pub organisme: String,
    pub du: Option<NaiveDate>,
    /// To; none while it lasts.
    pub au: Option<NaiveDate>,
    pub description: String,
}

/// Writes the whole profile of an account that has none yet; from `page` comes only what `profil` has no field for.
pub fn create<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    profil: &'a Profil,
    page: &'a Identification,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(intervenant::table)
            .values((
                intervenant::compte_id.eq(id.0),
                intervenant::etat_inscription.eq(profil.etat.as_str()),
                intervenant::date_naissance.eq(profil.date_naissance),
                (intervenant::telephone.eq(&profil.telephone), intervenant::adresse.eq(&profil.adresse)),
                (intervenant::code_postal.eq(&profil.code_postal), intervenant::commune.eq(&profil.commune)),
                (intervenant::region_code.eq(&profil.region), intervenant::departement_code.eq(&profil.departement)),
                intervenant::statut.eq(profil.statut.map(Statut::as_str)),
                (
                    intervenant::employeur_siret.eq(&profil.employeur_siret),
                    intervenant::employeur_nom.eq(&profil.employeur_nom),
                ),
                intervenant::titre.eq(&profil.titre),
                (intervenant::experience.eq(&profil.experience), intervenant::motivation.eq(&profil.motivation)),
                intervenant::structure_id.eq(profil.structure.map(|s| s.0)),
                (intervenant::validee_at.eq(profil.validee_at), intervenant::modifie_at.eq(now)),
            ))
            .execute(transaction.connection())
            .await?;
        for code in &profil.specialites {
            diesel::insert_into(intervenant_specialite::table)
                .values((intervenant_specialite::compte_id.eq(id.0), intervenant_specialite::specialite_code.eq(code)))
                .on_conflict_do_nothing()
                .execute(transaction.connection())
                .await?;
        }
        for code in &profil.regions {
            diesel::insert_into(intervenant_region::table)
                .values((intervenant_region::compte_id.eq(id.0), intervenant_region::region_code.eq(code)))
                .on_conflict_do_nothing()
                .execute(transaction.connection())
                .await?;
        }
        for code in &profil.departements {
            diesel::insert_into(intervenant_departement::table)
                .values((
                    intervenant_departement::compte_id.eq(id.0),
                    intervenant_departement::departement_code.eq(code),
                ))
                .on_conflict_do_nothing()
                .execute(transaction.connection())
                .await?;
        }
        for (code, niveau) in &profil.langues {
            diesel::insert_into(intervenant_langue::table)
                .values((
                    intervenant_langue::compte_id.eq(id.0),
                    intervenant_langue::langue_code.eq(code),
                    intervenant_langue::niveau.eq(niveau),
                ))
                .on_conflict_do_nothing()
                .execute(transaction.connection())
                .await?;
        }
        for etape in &profil.parcours {
            diesel::insert_into(parcours::table)
                .values((parcours::compte_id.eq(id.0), etape))
                .execute(transaction.connection())
                .await?;
        }
        for done in &profil.interventions {
            diesel::insert_into(intervention::table)
                .values((
                    intervention::compte_id.eq(id.0),
                    intervention::structure_id.eq(done.structure.0),
                    intervention::titre.eq(&done.titre),
                    intervention::du.eq(done.du),
                    intervention::au.eq(done.au),
                    intervention::heures.eq(done.heures),
                    intervention::etat.eq(done.etat.as_str()),
                ))
                .execute(transaction.connection())
                .await?;
        }
        for (du, au) in &profil.indisponibilites {
            diesel::insert_into(indisponibilite::table)
                .values((indisponibilite::compte_id.eq(id.0), indisponibilite::du.eq(du), indisponibilite::au.eq(au)))
                .execute(transaction.connection())
                .await?;
        }
        profils::create_rest(transaction, id, page).await?;
        inscriptions::create(transaction, id, None, (profil.etat, profil.validee_at)).await?;
        transaction.record(Fact::ProfilModifie { compte: id });
        Ok(())
    })
}

/// A file of a profile, as the CV-thèque shows it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = fichier)]
pub struct FichierLu {
    pub id: i64,
    /// `cv` or `diplome`.
    pub emploi: String,
    pub nom: String,
    pub format: String,
    /// Size in bytes.
    pub taille: i64,
    /// Text read from it, empty until it is read.
    pub texte: String,
    pub lecture: EtatLecture,
    pub blob: String,
}

/// A profile with the names of what its codes stand for: a document of the CV-thèque once it is validated.
#[derive(Clone, Debug)]
pub struct Fiche {
    pub compte: CompteId,
    /// « M. » or « Mme ».
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    /// Login, shown to gestionnaires as the contact address.
    pub login: String,
    pub profil: Profil,
    pub structure_nom: String,
    /// (code, name, code of the parent) of spécialités and sous-spécialités.
    pub specialites: Vec<(String, String, Option<String>)>,
    pub regions: Vec<(String, String)>,
    pub departements: Vec<(String, String)>,
    pub langues: Vec<(String, String, String)>,
    pub fichiers: Vec<FichierLu>,
    pub modifie_at: NaiveDateTime,
}

impl Fiche {
    /// Whether it stands in the CV-thèque.
    pub fn visible(&self) -> bool {
        self.profil.etat == EtatInscription::Validee
    }
}

type IdentityRow = (i64, String, String, String, String);
type ProfileRow = (
    (EtatInscription, Option<NaiveDate>, String, String, String, String, Option<String>, Option<String>),
    (Option<String>, Option<String>, String, String, String, String, Option<StructureId>),
    (Option<NaiveDateTime>, NaiveDateTime),
    OrEmpty,
);

/// Whether an account is that of an intervenant who can log in and whose registration is validated. With `held`, it
/// stays so until this transaction ends.
pub fn validated(connection: &mut Connection, id: CompteId, held: bool) -> Pending<'_, bool> {
    Box::pin(async move {
        let found = intervenant::table
            .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
            .filter(intervenant::compte_id.eq(id.0))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select(intervenant::compte_id);
        let found: QueryResult<i64> = if held {
            locked(found, Lock::Share).get_result(connection).await
        } else {
            found.get_result(connection).await
        };
        Ok(found.optional()?.is_some())
    })
}

/// The fiches of these accounts; those that are no intervenants, or have no profile, are absent.
///
/// Accounts that are archived or not activated are absent too: they are not in the CV-thèque.
pub fn fiches<'a>(connection: &'a mut Connection, ids: &'a [CompteId]) -> Pending<'a, Vec<Fiche>> {
    Box::pin(async move {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let rows: Vec<(IdentityRow, ProfileRow)> = intervenant::table
            .inner_join(compte::table.on(intervenant::compte_id.eq(compte::id)))
            .left_join(structure::table.on(intervenant::structure_id.eq(structure::id.nullable())))
            .filter(intervenant::compte_id.eq_any(&ids))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .order(intervenant::compte_id)
            .select((
                (compte::id, compte::civilite, compte::nom, compte::prenom, compte::login),
                (
                    (
                        intervenant::etat_inscription,
                        intervenant::date_naissance,
                        intervenant::telephone,
                        intervenant::adresse,
                        intervenant::code_postal,
                        intervenant::commune,
                        intervenant::region_code,
                        intervenant::departement_code,
                    ),
                    (
                        intervenant::statut,
                        intervenant::employeur_siret,
                        intervenant::employeur_nom,
                        intervenant::titre,
                        intervenant::experience,
                        intervenant::motivation,
                        intervenant::structure_id,
                    ),
                    (intervenant::validee_at, intervenant::modifie_at),
                    structure::nom.nullable(),
                ),
            ))
            .load(connection)
            .await?;
        let mut details = Details::load(connection, &ids).await?;
        Ok(rows.into_iter().map(|row| into_fiche(row, &mut details)).collect())
    })
}

fn into_fiche((identity, profile): (IdentityRow, ProfileRow), details: &mut Details) -> Fiche {
    let (id, civilite, nom, prenom, login) = identity;
    let (
        (etat, date_naissance, telephone, adresse, code_postal, commune, region, departement),
        (statut, employeur_siret, employeur_nom, titre, experience, motivation, structure),
        (validee_at, modifie_at),
        OrEmpty(structure_nom),
    ) = profile;
    let specialites = details.specialites.remove(&id).unwrap_or_default();
    let regions = details.regions.remove(&id).unwrap_or_default();
    let departements = details.departements.remove(&id).unwrap_or_default();
    let langues = details.langues.remove(&id).unwrap_or_default();
    Fiche {
        compte: CompteId(id),
        civilite,
        nom,
        prenom,
        login,
        profil: Profil {
            etat,
            date_naissance,
            telephone,
            adresse,
            code_postal,
            commune,
            region,
            departement,
            statut: statut.as_deref().and_then(Statut::from_word),
            employeur_siret,
            employeur_nom,
            titre,
            experience,
            motivation,
            structure,
            specialites: specialites.iter().map(|(code, ..)| code.clone()).collect(),
            regions: regions.iter().map(|(code, _)| code.clone()).collect(),
            departements: departements.iter().map(|(code, _)| code.clone()).collect(),
            langues: langues.iter().map(|(code, _, niveau)| (code.clone(), niveau.clone())).collect(),
            parcours: details.parcours.remove(&id).unwrap_or_default(),
            interventions: details.interventions.remove(&id).unwrap_or_default(),
            indisponibilites: details.indisponibilites.remove(&id).unwrap_or_default(),
            validee_at,
        },
        structure_nom,
        specialites,
        regions,
        departements,
        langues,
        fichiers: details.fichiers.remove(&id).unwrap_or_default(),
        modifie_at,
    }
}

/// Everything that a profile has several of, by account.
struct Details {
    specialites: HashMap<i64, Vec<(String, String, Option<String>)>>,
    regions: HashMap<i64, Vec<(String, String)>>,
    departements: HashMap<i64, Vec<(String, String)>>,
    langues: HashMap<i64, Vec<(String, String, String)>>,
    parcours: HashMap<i64, Vec<Etape>>,
    interventions: HashMap<i64, Vec<Intervention>>,
    indisponibilites: HashMap<i64, Vec<(NaiveDate, NaiveDate)>>,
    fichiers: HashMap<i64, Vec<FichierLu>>,
}

impl Details {
    async fn load(connection: &mut Connection, ids: &[i64]) -> Result<Self> {
        let specialites: Vec<(i64, String, String, Option<String>)> = intervenant_specialite::table
            .inner_join(specialite::table.on(intervenant_specialite::specialite_code.eq(specialite::code)))
            .filter(intervenant_specialite::compte_id.eq_any(ids))
            .order((intervenant_specialite::compte_id, specialite::code))
            .select((intervenant_specialite::compte_id, specialite::code, specialite::nom, specialite::parent_code))
            .load(connection)
            .await?;
        let mut regions: Vec<(i64, String, String)> = intervenant_region::table
            .inner_join(region::table.on(intervenant_region::region_code.eq(region::code)))
            .filter(intervenant_region::compte_id.eq_any(ids))
            .select((intervenant_region::compte_id, region::code, region::nom))
            .load(connection)
            .await?;
        regions.sort_by_cached_key(|(compte, _, nom)| (*compte, fold(nom)));
        let departements: Vec<(i64, String, String)> = intervenant_departement::table
            .inner_join(departement::table.on(intervenant_departement::departement_code.eq(departement::code)))
            .filter(intervenant_departement::compte_id.eq_any(ids))
            .order((intervenant_departement::compte_id, departement::code))
            .select((intervenant_departement::compte_id, departement::code, departement::nom))
            .load(connection)
            .await?;
        let mut langues: Vec<(i64, String, String, String)> = intervenant_langue::table
            .inner_join(langue::table.on(intervenant_langue::langue_code.eq(langue::code)))
            .filter(intervenant_langue::compte_id.eq_any(ids))
            .select((intervenant_langue::compte_id, langue::code, langue::nom, intervenant_langue::niveau))
            .load(connection)
            .await?;
        langues.sort_by_cached_key(|(compte, _, nom, _)| (*compte, fold(nom)));
        let etapes: Vec<(i64, Etape)> = parcours::table
            .filter(parcours::compte_id.eq_any(ids))
            .order((parcours::compte_id, parcours::du.desc(), parcours::id))
            .select((parcours::compte_id, columns::<Etape>()))
            .load(connection)
            .await?;
        let interventions: Vec<(i64, Intervention)> = intervention::table
            .filter(intervention::compte_id.eq_any(ids))
            .order((intervention::compte_id, intervention::du.desc()))
            .select((intervention::compte_id, columns::<Intervention>()))
            .load(connection)
            .await?;
        let periods: Vec<(i64, NaiveDate, NaiveDate)> = indisponibilite::table
            .filter(indisponibilite::compte_id.eq_any(ids))
            .order((indisponibilite::compte_id, indisponibilite::du))
            .select((indisponibilite::compte_id, indisponibilite::du, indisponibilite::au))
            .load(connection)
            .await?;
        let fichiers: Vec<(i64, FichierLu)> = fichier::table
            .filter(fichier::compte_id.eq_any(ids))
            .order((fichier::compte_id, fichier::id))
            .select((fichier::compte_id, columns::<FichierLu>()))
            .load(connection)
            .await?;
        Ok(Self {
            specialites: grouped(specialites, |(id, code, nom, parent)| (id, (code, nom, parent))),
            regions: grouped(regions, |(id, code, nom)| (id, (code, nom))),
            departements: grouped(departements, |(id, code, nom)| (id, (code, nom))),
            langues: grouped(langues, |(id, code, nom, niveau)| (id, (code, nom, niveau))),
            parcours: grouped(etapes, |row| row),
            interventions: grouped(interventions, |row| row),
            indisponibilites: grouped(periods, |(id, du, au)| (id, (du, au))),
            fichiers: grouped(fichiers, |row| row),
        })
    }
}

fn grouped<R, T>(rows: Vec<R>, split: impl Fn(R) -> (i64, T)) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        let (id, value) = split(row);
        groups.entry(id).or_default().push(value);
    }
    groups
}

/// Ids of profiles after one, in order: a page of the whole CV-thèque, for a rebuild of its index.
pub fn ids_after(connection: &mut Connection, after: i64, limit: i64) -> Pending<'_, Vec<CompteId>> {
    Box::pin(async move {
        Ok(intervenant::table
            .filter(intervenant::compte_id.gt(after))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .order(intervenant::compte_id)
            .limit(limit)
            .select(intervenant::compte_id)
            .load(connection)
            .await?)
    })
}

/// How many validated profiles there are.
pub fn count_validated(connection: &mut Connection) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(intervenant::table
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .count()
            .get_result(connection)
            .await?)
    })
}
