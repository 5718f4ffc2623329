//! The form of an intervenant's profile: what is saved of its pages, the rows of its tables, and what is typed and
//! not yet saved (manual §3.1.2). Codes that no referential knows are dropped here, whoever posts them.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::compte::Statut;
use domain::indisponibilite::Periode;
use domain::journal::Fact;
use domain::nir::mask;
use domain::profil::{Champs, Civilite, Coordonnees, Identification, Ligne, Parcours, Rubrique, is_france};
use domain::reseau::Reseau;
use domain::siret::Siret;
use domain::time::paris_day;
use domain::{CompteId, StructureId};

use crate::query::{RunQueryDsl, columns};
use crate::schema::{
    compte, departement, fichier, identification, indisponibilite, intervenant, intervenant_departement,
    intervenant_langue, intervenant_region, intervenant_specialite, langue, parcours, region, reseau_social, saisie,
    specialite, structure,
};
use crate::{Connection, Pending, Transaction, comptes};

/// Rows that one table of the *Parcours* may have.
pub const LIGNES_MAX: i64 = 100;

/// The name under which the unsaved text of « Mes informations » is kept.
pub const INFORMATIONS: &str = "informations";
/// The name under which the unsaved text of « Mon parcours » is kept.
pub const PARCOURS: &str = "parcours";

/// The fields of the page *Identification* that are kept in the table `identification`.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Default)]
#[diesel(table_name = identification, treat_none_as_default_value = false)]
struct Rest {
    nom_naissance: String,
    ville_naissance: String,
    pays_naissance: String,
    nationalite: String,
    complement_adresse: String,
    pays: String,
    telephone_domicile: String,
    telephone_professionnel: String,
    telephone_autre: String,
    fonction: String,
    employeur_adresse: String,
    employeur_code_postal: String,
    employeur_commune: String,
    pro_differentes: bool,
    pro_adresse: String,
    pro_code_postal: String,
    pro_commune: String,
    pro_telephone: String,
    pro_courriel: String,
}

impl From<&Identification> for Rest {
    fn from(page: &Identification) -> Self {
        Self {
            nom_naissance: page.nom_naissance.clone(),
            ville_naissance: page.ville_naissance.clone(),
            pays_naissance: page.pays_naissance.clone(),
            nationalite: page.nationalite.clone(),
            complement_adresse: page.complement_adresse.clone(),
            pays: page.pays.clone(),
            telephone_domicile: page.telephone_domicile.clone(),
            telephone_professionnel: page.telephone_professionnel.clone(),
            telephone_autre: page.telephone_autre.clone(),
            fonction: page.fonction.clone(),
            employeur_adresse: page.employeur.adresse.clone(),
            employeur_code_postal: page.employeur.code_postal.clone(),
            employeur_commune: page.employeur.commune.clone(),
            pro_differentes: page.pro_differentes,
            pro_adresse: page.pro.adresse.clone(),
            pro_code_postal: page.pro.code_postal.clone(),
            pro_commune: page.pro.commune.clone(),
            pro_telephone: page.pro.telephone.clone(),
            pro_courriel: page.pro.courriel.clone(),
        }
    }
}

/// Makes the row that a new profile has, with what the page *Identification* says beyond the row of the intervenant.
pub(crate) fn create_rest<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    page: &'a Identification,
) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::insert_into(identification::table)
            .values((identification::compte_id.eq(id.0), Rest::from(page)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

type Civil = (String, String, String);
type Profile = (
    (Option<NaiveDate>, String, String, String, String),
    (Option<String>, Option<String>, String, Option<StructureId>),
);

/// The page *Identification* as it is saved; none without a profile.
pub fn identification(connection: &mut Connection, id: CompteId) -> Pending<'_, Option<Identification>> {
    Box::pin(async move {
        let found: Option<(Civil, Profile, Rest)> = intervenant::table
            .inner_join(compte::table.on(intervenant::compte_id.eq(compte::id)))
            .inner_join(identification::table.on(identification::compte_id.eq(intervenant::compte_id)))
            .filter(intervenant::compte_id.eq(id.0))
            .select((
                (compte::civilite, compte::nom, compte::prenom),
                (
                    (
                        intervenant::date_naissance,
                        intervenant::telephone,
                        intervenant::adresse,
                        intervenant::code_postal,
                        intervenant::commune,
                    ),
                    (
                        intervenant::statut,
                        intervenant::employeur_siret,
                        intervenant::employeur_nom,
                        intervenant::structure_id,
                    ),
                ),
                columns::<Rest>(),
            ))
            .first(connection)
            .await
            .optional()?;
        let Some(((civilite, nom, prenom), (civil, work), rest)) = found else { return Ok(None) };
        let (date_naissance, telephone, adresse, code_postal, commune) = civil;
        let (statut, employeur_siret, employeur_nom, structure) = work;
        let regions: Vec<String> = intervenant_region::table
            .filter(intervenant_region::compte_id.eq(id.0))
            .order(intervenant_region::region_code)
            .select(intervenant_region::region_code)
            .load(connection)
            .await?;
        let departements: Vec<String> = intervenant_departement::table
            .filter(intervenant_departement::compte_id.eq(id.0))
            .order(intervenant_departement::departement_code)
            .select(intervenant_departement::departement_code)
            .load(connection)
            .await?;
        Ok(Some(Identification {
            civilite: Civilite::from_word(&civilite),
            nom,
            nom_naissance: rest.nom_naissance,
            prenom,
            date_naissance,
            ville_naissance: rest.ville_naissance,
            pays_naissance: rest.pays_naissance,
            nationalite: rest.nationalite,
            adresse,
            complement_adresse: rest.complement_adresse,
            code_postal,
            commune,
            pays: rest.pays,
            telephone,
            telephone_domicile: rest.telephone_domicile,
            telephone_professionnel: rest.telephone_professionnel,
            telephone_autre: rest.telephone_autre,
            statut: statut.as_deref().and_then(Statut::from_word),
            fonction: rest.fonction,
            employeur_siret: employeur_siret.as_deref().and_then(|siret| Siret::parse(siret).ok()),
            employeur_nom,
            employeur: Coordonnees {
                adresse: rest.employeur_adresse,
                code_postal: rest.employeur_code_postal,
                commune: rest.employeur_commune,
                ..Coordonnees::default()
            },
            pro_differentes: rest.pro_differentes,
            pro: Coordonnees {
                adresse: rest.pro_adresse,
                code_postal: rest.pro_code_postal,
                commune: rest.pro_commune,
                telephone: rest.pro_telephone,
                courriel: rest.pro_courriel,
            },
            regions,
            departements,
            structure,
        }))
    })
}

/// Replaces the codes of a profile by those of `codes` that their referential knows.
macro_rules! replace_codes {
    ($transaction:expr, $id:expr, $codes:expr, $held:ident::$code:ident, $known:ident) => {{
        diesel::delete($held::table.filter($held::compte_id.eq($id.0))).execute($transaction.connection()).await?;
        let known: Vec<String> = $known::table
            .filter($known::code.eq_any($codes))
            .select($known::code)
            .load($transaction.connection())
            .await?;
        for code in known {
            diesel::insert_into($held::table)
                .values(($held::compte_id.eq($id.0), $held::$code.eq(code)))
                .execute($transaction.connection())
                .await?;
        }
    }};
}

/// Saves the page *Identification*. Without a whole identity in it, the one of the registration stays.
///
/// # Errors
/// [`Error::is_unique_violation`] when somebody else has that civilité, name and date of birth.
pub fn save_identification<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    page: &'a Identification,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        if let (Some(civilite), false, false, Some(naissance)) =
            (page.civilite, page.nom.is_empty(), page.prenom.is_empty(), page.date_naissance)
        {
            let names = (civilite.as_str(), page.nom.as_str(), page.prenom.as_str());
            comptes::set_identity(transaction, id, names, Some(naissance)).await?;
            diesel::update(intervenant::table.find(id.0))
                .set(intervenant::date_naissance.eq(naissance))
                .execute(transaction.connection())
                .await?;
        }
        let french = page.pays.is_empty() || is_france(&page.pays);
        let departement = departement_of(&page.code_postal).filter(|_| french);
        let place: Option<(String, String)> = match &departement {
            Some(code) => departement::table
                .find(code)
                .select((departement::code, departement::region_code))
                .first(transaction.connection())
                .await
                .optional()?,
            None => None,
        };
        let structure: Option<i64> = match page.structure {
            Some(asked) => {
                structure::table.find(asked.0).select(structure::id).first(transaction.connection()).await.optional()?
            }
            None => None,
        };
        diesel::update(intervenant::table.find(id.0))
            .set((
                (intervenant::telephone.eq(&page.telephone), intervenant::adresse.eq(&page.adresse)),
                (intervenant::code_postal.eq(&page.code_postal), intervenant::commune.eq(&page.commune)),
                intervenant::departement_code.eq(place.as_ref().map(|place| &place.0)),
                intervenant::region_code.eq(place.as_ref().map(|place| &place.1)),
                intervenant::statut.eq(page.statut.map(Statut::as_str)),
                intervenant::employeur_siret.eq(page.employeur_siret.as_ref().map(Siret::as_str)),
                intervenant::employeur_nom.eq(&page.employeur_nom),
                intervenant::structure_id.eq(structure),
                intervenant::modifie_at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        let rest = Rest::from(page);
        diesel::update(identification::table.find(id.0)).set(&rest).execute(transaction.connection()).await?;
        replace_codes!(transaction, id, &page.regions, intervenant_region::region_code, region);
        replace_codes!(transaction, id, &page.departements, intervenant_departement::departement_code, departement);
        transaction.record(Fact::ProfilModifie { compte: id });
        Ok(())
    })
}

/// The département of a French postcode, with « CEDEX » or without: its first two digits, overseas three; 20 is Corse,
/// cut at 20200.
fn departement_of(code_postal: &str) -> Option<String> {
    let code_postal = code_postal.split(' ').next().unwrap_or_default();
    if code_postal.len() != 5 || !code_postal.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(match &code_postal[..2] {
        "97" | "98" => code_postal[..3].to_owned(),
        "20" if code_postal < "20200" => "2A".to_owned(),
        "20" => "2B".to_owned(),
        two => two.to_owned(),
    })
}

pub fn parcours(connection: &mut Connection, id: CompteId) -> Pending<'_, Parcours> {
    Box::pin(async move {
        let found: Option<(String, String, String, Option<bool>)> = intervenant::table
            .inner_join(identification::table.on(identification::compte_id.eq(intervenant::compte_id)))
            .filter(intervenant::compte_id.eq(id.0))
            .select((intervenant::titre, intervenant::experience, intervenant::motivation, identification::experimente))
            .first(connection)
            .await
            .optional()?;
        let Some((titre, experience, motivation, experimente)) = found else { return Ok(Parcours::default()) };
        let specialites: Vec<String> = intervenant_specialite::table
            .filter(intervenant_specialite::compte_id.eq(id.0))
            .order(intervenant_specialite::specialite_code)
            .select(intervenant_specialite::specialite_code)
            .load(connection)
            .await?;
        let langues: Vec<(String, String)> = intervenant_langue::table
            .filter(intervenant_langue::compte_id.eq(id.0))
            .order(intervenant_langue::langue_code)
            .select((intervenant_langue::langue_code, intervenant_langue::niveau))
            .load(connection)
            .await?;
        // Profiles that came from elsewhere have no answer of their own: their texts tell.
        let experimente =
            experimente.or((!experience.is_empty()).then_some(true)).or((!motivation.is_empty()).then_some(false));
        Ok(Parcours { titre, specialites, experimente, experience, motivation, langues })
    })
}

pub fn save_parcours<'a>(transaction: &'a mut Transaction, id: CompteId, page: &'a Parcours) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::update(intervenant::table.find(id.0))
            .set((
                intervenant::titre.eq(mask(&page.titre)),
                intervenant::experience.eq(mask(&page.experience)),
                intervenant::motivation.eq(mask(&page.motivation)),
                intervenant::modifie_at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        diesel::update(identification::table.find(id.0))
            .set(identification::experimente.eq(page.experimente))
            .execute(transaction.connection())
            .await?;
        replace_codes!(transaction, id, &page.specialites, intervenant_specialite::specialite_code, specialite);
        diesel::delete(intervenant_langue::table.filter(intervenant_langue::compte_id.eq(id.0)))
            .execute(transaction.connection())
            .await?;
        let codes: Vec<&str> = page.langues.iter().map(|(code, _)| code.as_str()).collect();
        let known: Vec<String> = langue::table
            .filter(langue::code.eq_any(codes))
            .select(langue::code)
            .load(transaction.connection())
            .await?;
        for (code, niveau) in page.langues.iter().filter(|(code, _)| known.contains(code)) {
            diesel::insert_into(intervenant_langue::table)
                .values((
                    intervenant_langue::compte_id.eq(id.0),
                    intervenant_langue::langue_code.eq(code),
                    intervenant_langue::niveau.eq(niveau),
                ))
                .execute(transaction.connection())
                .await?;
        }
        // Alerts are about spécialités and régions: the alerts of this account are read again.
        transaction.record(Fact::AlerteModifiee { compte: id });
        transaction.record(Fact::ProfilModifie { compte: id });
        Ok(())
    })
}

/// A row of a table of the *Parcours*, with the name of its diploma.
#[derive(Clone, Debug)]
pub struct LigneRow {
    pub id: i64,
    pub rubrique: Rubrique,
    pub ligne: Ligne,
    /// (id, name) of the diploma attached to it.
    pub diplome: Option<(i64, String)>,
}

type LigneTuple = (i64, Rubrique, String, String, Option<NaiveDate>, Option<NaiveDate>, String);

/// The rows of the four tables, the latest first.
pub fn lignes(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<LigneRow>> {
    Box::pin(async move {
        let rows: Vec<LigneTuple> = parcours::table
            .filter(parcours::compte_id.eq(id.0))
            .order((parcours::du.desc(), parcours::id.desc()))
            .select((
                parcours::id,
                parcours::categorie,
                parcours::intitule,
                parcours::organisme,
                parcours::du,
                parcours::au,
                parcours::description,
            ))
            .load(connection)
            .await?;
        let diplomes: Vec<(Option<i64>, i64, String)> = fichier::table
            .filter(fichier::compte_id.eq(id.0))
            .filter(fichier::parcours_id.is_not_null())
            .select((fichier::parcours_id, fichier::id, fichier::nom))
            .load(connection)
            .await?;
        let into = |(id, rubrique, intitule, organisme, du, au, description): LigneTuple| {
            let diplome = diplomes.iter().find(|(of, ..)| *of == Some(id)).map(|(_, file, nom)| (*file, nom.clone()));
            LigneRow { id, rubrique, ligne: Ligne { intitule, organisme, du, au, description }, diplome }
        };
        Ok(rows.into_iter().map(into).collect())
    })
}

/// Saves a row: a new one, or the one of that id. None when there is no such row, or no room for another.
pub fn save_ligne<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    rubrique: Rubrique,
    id: Option<i64>,
    ligne: &'a Ligne,
) -> Pending<'a, Option<i64>> {
    Box::pin(async move {
        let said = (
            parcours::intitule.eq(mask(&ligne.intitule)),
            parcours::organisme.eq(mask(&ligne.organisme)),
            parcours::du.eq(ligne.du),
            parcours::au.eq(ligne.au),
            parcours::description.eq(mask(&ligne.description)),
        );
        let saved: Option<i64> = if let Some(id) = id {
            diesel::update(
                parcours::table
                    .find(id)
                    .filter(parcours::compte_id.eq(compte.0))
                    .filter(parcours::categorie.eq(rubrique.as_str())),
            )
            .set(said)
            .returning(parcours::id)
            .get_result(transaction.connection())
            .await
            .optional()?
        } else {
            let count: i64 = parcours::table
                .filter(parcours::compte_id.eq(compte.0))
                .filter(parcours::categorie.eq(rubrique.as_str()))
                .count()
                .get_result(transaction.connection())
                .await?;
            if count >= LIGNES_MAX {
                return Ok(None);
            }
            Some(
                diesel::insert_into(parcours::table)
                    .values((parcours::compte_id.eq(compte.0), parcours::categorie.eq(rubrique.as_str()), said))
                    .returning(parcours::id)
                    .get_result(transaction.connection())
                    .await?,
            )
        };
        if saved.is_some() {
            touch(transaction, compte).await?;
        }
        Ok(saved)
    })
}

/// Removes a row with its diploma; returns the diploma's blob, to be removed. None when there is no such row.
pub fn remove_ligne(transaction: &mut Transaction, compte: CompteId, id: i64) -> Pending<'_, Option<Vec<String>>> {
    Box::pin(async move {
        let blobs: Vec<String> = fichier::table
            .filter(fichier::compte_id.eq(compte.0))
            .filter(fichier::parcours_id.eq(id))
            .select(fichier::blob)
            .load(transaction.connection())
            .await?;
        let gone = diesel::delete(parcours::table.find(id).filter(parcours::compte_id.eq(compte.0)))
            .execute(transaction.connection())
            .await?;
        if gone == 0 {
            return Ok(None);
        }
        touch(transaction, compte).await?;
        Ok(Some(blobs))
    })
}

/// Notes that a profile changed.
pub(crate) fn touch(transaction: &mut Transaction, compte: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::update(intervenant::table.find(compte.0))
            .set(intervenant::modifie_at.eq(now))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::ProfilModifie { compte });
        Ok(())
    })
}

/// What is typed on a page and not yet saved, and when it was.
pub fn saisie<'a>(
    connection: &'a mut Connection,
    compte: CompteId,
    page: &'a str,
) -> Pending<'a, Option<(Champs, NaiveDateTime)>> {
    Box::pin(async move {
        let found: Option<(String, NaiveDateTime)> = saisie::table
            .find((compte.0, page))
            .select((saisie::champs, saisie::modifie_at))
            .first(connection)
            .await
            .optional()?;
        found.map(|(champs, at)| Ok((serde_json::from_str(&champs)?, at))).transpose()
    })
}

/// Keeps what is typed. No fact of the journal: it is nobody else's business until it is saved.
pub fn keep_saisie<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    page: &'a str,
    champs: &'a Champs,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        let json = serde_json::to_string(&champs.masked())?;
        diesel::insert_into(saisie::table)
            .values((
                saisie::compte_id.eq(compte.0),
                saisie::page.eq(page),
                saisie::champs.eq(&json),
                saisie::modifie_at.eq(now),
            ))
            .on_conflict((saisie::compte_id, saisie::page))
            .do_update()
            .set((saisie::champs.eq(&json), saisie::modifie_at.eq(now)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Forgets what was typed: it is saved, or given up.
pub fn forget_saisie<'a>(transaction: &'a mut Transaction, compte: CompteId, page: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::delete(saisie::table.find((compte.0, page))).execute(transaction.connection()).await?;
        Ok(())
    })
}

/// Periods of unavailability with their ids, in order.
pub fn indisponibilites(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<(i64, Periode)>> {
    Box::pin(async move {
        let rows: Vec<(i64, NaiveDate, NaiveDate)> = indisponibilite::table
            .filter(indisponibilite::compte_id.eq(id.0))
            .order((indisponibilite::du, indisponibilite::id))
            .select((indisponibilite::id, indisponibilite::du, indisponibilite::au))
            .load(connection)
            .await?;
        Ok(rows.into_iter().map(|(id, du, au)| (id, Periode { du, au })).collect())
    })
}

/// Adds a period, unless it is there already; false when there are [`LIGNES_MAX`]. Past periods are counted apart.
pub fn add_indisponibilite(transaction: &mut Transaction, compte: CompteId, period: Periode) -> Pending<'_, bool> {
    Box::pin(async move {
        let there = indisponibilites(transaction.connection(), compte).await?;
        if there.iter().any(|(_, other)| *other == period) {
            return Ok(true);
        }
        let today = paris_day(transaction.now);
        let beside = there.iter().filter(|(_, other)| (other.au < today) == (period.au < today)).count();
        if beside >= usize::try_from(LIGNES_MAX).unwrap_or(usize::MAX) {
            return Ok(false);
        }
        let (du, au) = (period.du, period.au);
        diesel::insert_into(indisponibilite::table)
            .values((indisponibilite::compte_id.eq(compte.0), indisponibilite::du.eq(du), indisponibilite::au.eq(au)))
            .execute(transaction.connection())
            .await?;
        touch(transaction, compte).await?;
        Ok(true)
    })
}

/// Changes a period of that account; false when it has none of that id. One that becomes equal to another is removed.
pub fn change_indisponibilite(
    transaction: &mut Transaction,
    compte: CompteId,
    id: i64,
    period: Periode,
) -> Pending<'_, bool> {
    Box::pin(async move {
        let there = indisponibilites(transaction.connection(), compte).await?;
        if there.iter().any(|(other, same)| *other != id && *same == period) {
            return Ok(remove_indisponibilite(transaction, compte, id).await?.is_some());
        }
        let changed = diesel::update(indisponibilite::table.find(id).filter(indisponibilite::compte_id.eq(compte.0)))
            .set((indisponibilite::du.eq(period.du), indisponibilite::au.eq(period.au)))
            .execute(transaction.connection())
            .await?;
        if changed > 0 {
            touch(transaction, compte).await?;
        }
        Ok(changed > 0)
    })
}

/// Removes a period of that account and returns it; none when it has none of that id.
pub fn remove_indisponibilite(
    transaction: &mut Transaction,
    compte: CompteId,
    id: i64,
) -> Pending<'_, Option<Periode>> {
    Box::pin(async move {
        let gone: Option<(NaiveDate, NaiveDate)> =
            diesel::delete(indisponibilite::table.find(id).filter(indisponibilite::compte_id.eq(compte.0)))
                .returning((indisponibilite::du, indisponibilite::au))
                .get_result(transaction.connection())
                .await
                .optional()?;
        if gone.is_some() {
            touch(transaction, compte).await?;
        }
        Ok(gone.map(|(du, au)| Periode { du, au }))
    })
}

/// Addresses of social networks, in the order of their kinds.
pub fn reseaux(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<(Reseau, String)>> {
    Box::pin(async move {
        Ok(reseau_social::table
            .filter(reseau_social::compte_id.eq(id.0))
            .order(reseau_social::id)
            .select((reseau_social::reseau, reseau_social::adresse))
            .load(connection)
            .await?)
    })
}

/// Replaces the addresses of social networks of that account.
pub fn set_reseaux<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    all: &'a [(Reseau, String)],
) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::delete(reseau_social::table.filter(reseau_social::compte_id.eq(compte.0)))
            .execute(transaction.connection())
            .await?;
        for (reseau, adresse) in all {
            diesel::insert_into(reseau_social::table)
                .values((
                    reseau_social::compte_id.eq(compte.0),
                    reseau_social::reseau.eq(reseau.as_str()),
                    reseau_social::adresse.eq(adresse),
                ))
                .execute(transaction.connection())
                .await?;
        }
        touch(transaction, compte).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i4_a_postcode_says_the_departement() {
        let of = |code| departement_of(code).unwrap_or_default();
        assert_eq!(of("29200"), "29");
        assert_eq!(of("20000"), "2A");
        assert_eq!(of("20167"), "2A");
        assert_eq!(of("20200"), "2B");
        assert_eq!(of("97410"), "974");
        assert_eq!(of("35042 CEDEX 7"), "35");
        assert_eq!(departement_of("1000"), None);
        assert_eq!(departement_of("B-1000"), None);
    }
}
