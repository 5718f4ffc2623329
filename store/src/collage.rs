//! People of a pasted list among those of the CV-thèque (SPEC G3). Each kind of what they are looked for by has its
//! index; who is not in the CV-thèque is not found.

use std::collections::BTreeSet;

use diesel::prelude::*;
use domain::CompteId;
use domain::collage::{Cherche, Entree};
use domain::compte::{EtatCompte, EtatInscription};

use crate::query::RunQueryDsl;
use crate::schema::{compte, correspondant, intervenant, structure};
use crate::values::OrEmpty;
use crate::{Connection, Pending};

/// Accounts looked at for one list, at most: many have a common name.
const FOUND_MAX: i64 = 2_000;

#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Retrouvee {
    pub compte: CompteId,
    pub nom: String,
    pub prenom: String,
    login: String,
    immatriculation: Option<String>,
    jointe: String,
    pub titre: String,
    pub commune: String,
    #[diesel(deserialize_as = OrEmpty)]
    pub structure: String,
}

impl Retrouvee {
    fn is(&self, cherche: &Cherche) -> bool {
        match cherche {
            Cherche::Courriel(adresse) => self.login == *adresse,
            Cherche::Numero(number) => {
                self.immatriculation.as_ref() == Some(number) || self.compte.to_string() == *number
            }
            Cherche::Fiche(id) => self.compte.0 == *id,
            Cherche::Nom(cles) => cles.contains(&self.jointe),
            Cherche::Rien => false,
        }
    }
}

/// For each person of a list, in its order, those whom it may be: nobody, one, or several who share a name.
pub fn retrouver<'a>(connection: &'a mut Connection, liste: &'a [Entree]) -> Pending<'a, Vec<Vec<Retrouvee>>> {
    Box::pin(async move {
        let (mut logins, mut numeros, mut cles) = (Vec::new(), Vec::new(), Vec::new());
        let mut ids: BTreeSet<i64> = BTreeSet::new();
        for entree in liste {
            match &entree.cherche {
                Cherche::Courriel(adresse) => logins.push(adresse.as_str()),
                Cherche::Numero(number) => {
                    numeros.push(Some(number.as_str()));
                    ids.extend(number.parse::<i64>());
                }
                Cherche::Fiche(id) => ids.extend([*id]),
                Cherche::Nom(names) => cles.extend(names.iter().map(String::as_str)),
                Cherche::Rien => {}
            }
        }
        if !logins.is_empty() {
            let found: Vec<i64> =
                compte::table.filter(compte::login.eq_any(&logins)).select(compte::id).load(connection).await?;
            ids.extend(found);
        }
        if !numeros.is_empty() {
            let found: Vec<i64> = intervenant::table
                .filter(intervenant::immatriculation.eq_any(&numeros))
                .select(intervenant::compte_id)
                .load(connection)
                .await?;
            ids.extend(found);
        }
        if !cles.is_empty() {
            let found: Vec<Option<i64>> = correspondant::table
                .filter(correspondant::jointe.eq_any(&cles))
                .limit(FOUND_MAX)
                .select(correspondant::compte_id)
                .load(connection)
                .await?;
            ids.extend(found.into_iter().flatten());
        }
        let ids: Vec<i64> = ids.into_iter().collect();
        let known: Vec<Retrouvee> = intervenant::table
            .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
            .inner_join(correspondant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
            .left_join(structure::table.on(intervenant::structure_id.eq(structure::id.nullable())))
            .filter(intervenant::compte_id.eq_any(&ids))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .order(compte::id)
            .select((
                compte::id,
                compte::nom,
                compte::prenom,
                compte::login,
                intervenant::immatriculation,
                correspondant::jointe,
                intervenant::titre,
                intervenant::commune,
                structure::nom.nullable(),
            ))
            .load(connection)
            .await?;
        let of = |entree: &Entree| known.iter().filter(|one| one.is(&entree.cherche)).cloned().collect();
        Ok(liste.iter().map(of).collect())
    })
}
