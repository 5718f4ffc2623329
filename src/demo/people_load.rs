//! Writes the intervenants: each with the whole form, and the first ones with their files.

use std::collections::HashMap;
use std::sync::Arc;

use documents::{Blobs, Place};
use domain::alertes::Regle;
use domain::compte::{EtatCompte, EtatInscription, Role, Statut};
use domain::email::Email;
use domain::intervention::EtatIntervention;
use domain::profil::{Civilite, Coordonnees, FRANCE, Identification};
use domain::reseau::Reseau;
use domain::siret::Siret;
use domain::telephone::Telephone;
use domain::{CompteId, CorrespondantId, StructureId};
use store::intervenants::{Etape, Profil};
use store::interventions::Intervention;
use store::{Store, Transaction};

use super::size::{BATCH, Size, bar};
use super::{Demo, DemoFile, DemoIntervenant, GESTIONNAIRE_LOGIN, civil};
use crate::failure::Failure;

/// An intervenant of the set, once written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) compte: CompteId,
    pub(super) correspondant: CorrespondantId,
}

pub(super) async fn people(
    store: &Store,
    blobs: &Blobs,
    demo: &Arc<Demo>,
    structures: &Arc<HashMap<String, StructureId>>,
    hash: &str,
    size: Size,
) -> Result<Vec<Written>, Failure> {
    let bar = bar(size.intervenants, "intervenants");
    let mut written = Vec::with_capacity(size.intervenants);
    let mut seen = std::collections::HashSet::new();
    let mut from = 0;
    while from < size.intervenants {
        let to = (from + BATCH).min(size.intervenants);
        let mut batch = Vec::with_capacity(to - from);
        for number in from..to {
            let person = demo.intervenant(number);
            let files = if number < size.fichiers { files(blobs, &person).await? } else { Vec::new() };
            let mut nouveau = nouveau(&person, hash)?;
            let who = (person.civilite, person.nom.clone(), person.prenom.clone(), person.date_naissance);
            // The generator may draw the same identity twice: the second person is written without date of birth.
            nouveau.naissance = nouveau.naissance.filter(|_| seen.insert(who));
            let profil = profil(&person, structures)?;
            batch.push((nouveau, page(&person, &profil)?, profil, (regle(&person)?, person.reseau), files));
        }
        let made = store
            .write::<_, store::Error, _>(None, move |transaction| {
                Box::pin(async move {
                    let mut made = Vec::new();
                    for (nouveau, page, profil, chosen, files) in batch {
                        made.push(write_one(transaction, &nouveau, &profil, &page, chosen, files).await?);
                    }
                    Ok(made)
                })
            })
            .await?;
        written.extend(made);
        from = to;
        bar.set_position(to as u64);
    }
    bar.finish_and_clear();
    Ok(written)
}

pub(super) async fn write_one(
    transaction: &mut Transaction,
    nouveau: &store::comptes::Nouveau,
    profil: &Profil,
    page: &Identification,
    (regle, reseau): (Regle, Option<(Reseau, String)>),
    files: Vec<store::fichiers::Nouveau>,
) -> store::Result<Written> {
    let compte = store::comptes::create(transaction, nouveau).await?;
    store::intervenants::create(transaction, compte, profil, page).await?;
    if let Some(reseau) = reseau {
        store::profils::set_reseaux(transaction, compte, &[reseau]).await?;
    }
    if regle != Regle::Aucune {
        store::alertes::set(transaction, compte, regle).await?;
    }
    for file in files {
        store::fichiers::add(transaction, &store::fichiers::Nouveau { compte, ..file }).await?;
    }
    let correspondant =
        store::correspondants::of_compte(transaction.connection(), compte).await?.ok_or(store::Error::Interrupted)?;
    Ok(Written { compte, correspondant })
}

pub(super) fn nouveau(person: &DemoIntervenant, hash: &str) -> Result<store::comptes::Nouveau, Failure> {
    Ok(store::comptes::Nouveau {
        role: Role::Intervenant,
        etat: EtatCompte::Actif,
        login: Email::parse(&person.email)?,
        mot_de_passe: Some(hash.to_owned()),
        civilite: person.civilite.to_owned(),
        nom: person.nom.clone(),
        prenom: person.prenom.clone(),
        structure: None,
        naissance: Some(person.date_naissance),
        activation_avant: None,
    })
}

fn regle(person: &DemoIntervenant) -> Result<Regle, Failure> {
    let [specialites, regions, les_deux] = person.alerte;
    Ok(Regle::from_boxes(specialites, regions, les_deux)?)
}

pub(super) fn profil(person: &DemoIntervenant, structures: &HashMap<String, StructureId>) -> Result<Profil, Failure> {
    let etape = |categorie: &str, periods: &[super::DemoPeriode]| -> Vec<Etape> {
        periods
            .iter()
            .map(|period| Etape {
                categorie: categorie.to_owned(),
                intitule: period.intitule.clone(),
                organisme: period.organisme.clone(),
                du: Some(period.du),
                au: period.au,
                description: period.description.clone(),
            })
            .collect()
    };
    let mut parcours = etape("professionnalisation", &person.actions_professionnalisation);
    parcours.extend(etape("experience", &person.experiences_professionnelles));
    parcours.extend(etape("formation", &person.formations_suivies));
    parcours.extend(etape("formation_initiale", &person.formations_initiales));
    let unknown =
        |what: &str, word: &str| -> Failure { format!("the demonstration set names an unknown {what}: {word}").into() };
    let structure = |code: &str| structures.get(code).copied().ok_or_else(|| unknown("structure", code));
    Ok(Profil {
        etat: EtatInscription::from_word(person.etat).ok_or_else(|| unknown("state", person.etat))?,
        date_naissance: Some(person.date_naissance),
        // A fixed number has its own field.
        telephone: kept(if civil::is_mobile(&person.telephone) { &person.telephone } else { "" })?,
        adresse: person.adresse.clone(),
        code_postal: person.code_postal.clone(),
        commune: person.commune.clone(),
        region: Some(person.region.clone()),
        departement: Some(person.departement.clone()),
        statut: Some(Statut::from_word(person.statut).ok_or_else(|| unknown("statut", person.statut))?),
        employeur_siret: person.employeur.as_ref().map(|employer| employer.siret.clone()),
        employeur_nom: person.employeur.as_ref().map(|employer| employer.raison_sociale.clone()).unwrap_or_default(),
        titre: person.titre.clone(),
        experience: person.experience.clone().unwrap_or_default(),
        motivation: person.motivation.clone().unwrap_or_default(),
        structure: Some(structure(&person.structure)?),
        specialites: person
            .specialites
            .iter()
            .flat_map(|(whole, parts)| if parts.is_empty() { vec![whole.clone()] } else { parts.clone() })
            .collect(),
        regions: person.regions.clone(),
        departements: person.departements.clone(),
        langues: person.langues.iter().map(|(code, level)| (code.clone(), (*level).to_owned())).collect(),
        parcours,
        interventions: person
            .interventions
            .iter()
            .map(|done| {
                Ok(Intervention {
                    structure: structure(&done.structure)?,
                    titre: done.intitule.clone(),
                    du: done.du,
                    au: done.au,
                    heures: i32::try_from(done.heures)?,
                    etat: EtatIntervention::from_word(done.etat).ok_or_else(|| unknown("state", done.etat))?,
                })
            })
            .collect::<Result<_, Failure>>()?,
        indisponibilites: person.indisponibilites.clone(),
        validee_at: person.valide_le.and_then(|day| day.and_hms_opt(9, 30, 0)),
    })
}

/// A phone number as the form keeps it; an empty one stays empty.
fn kept(typed: &str) -> Result<String, Failure> {
    Ok(if typed.is_empty() { String::new() } else { Telephone::parse(typed)?.as_str().to_owned() })
}

/// The complete page *Identification*.
pub(super) fn page(person: &DemoIntervenant, profil: &Profil) -> Result<Identification, Failure> {
    let civil = &person.civil;
    let employer = person.employeur.as_ref();
    let siret = employer.map(|employer| Siret::parse(&employer.siret)).transpose()?;
    Ok(Identification {
        civilite: Civilite::from_word(person.civilite),
        nom: person.nom.clone(),
        prenom: person.prenom.clone(),
        date_naissance: Some(person.date_naissance),
        nom_naissance: civil.nom_naissance.clone(),
        ville_naissance: civil.ville_naissance.clone(),
        pays_naissance: civil.pays_naissance.clone(),
        nationalite: civil.nationalite.clone(),
        adresse: person.adresse.clone(),
        complement_adresse: civil.complement_adresse.clone(),
        code_postal: person.code_postal.clone(),
        commune: person.commune.clone(),
        pays: FRANCE.to_owned(),
        telephone: profil.telephone.clone(),
        telephone_domicile: kept(&civil.telephone_domicile)?,
        telephone_professionnel: kept(&civil.telephone_professionnel)?,
        telephone_autre: kept(&civil.telephone_autre)?,
        fonction: civil.fonction.clone(),
        statut: Statut::from_word(person.statut),
        employeur_siret: siret,
        employeur_nom: profil.employeur_nom.clone(),
        employeur: match employer {
            Some(employer) => Coordonnees {
                code_postal: employer.code_postal.clone(),
                commune: employer.commune.clone(),
                ..Coordonnees::default()
            },
            None => Coordonnees::default(),
        },
        pro_differentes: civil.pro.is_some(),
        pro: match &civil.pro {
            Some(pro) => Coordonnees {
                adresse: pro.adresse.clone(),
                code_postal: pro.code_postal.clone(),
                commune: pro.commune.clone(),
                telephone: kept(&pro.telephone)?,
                courriel: pro.courriel.clone(),
            },
            None => Coordonnees::default(),
        },
        regions: person.regions.clone(),
        departements: person.departements.clone(),
        structure: profil.structure,
    })
}

pub(super) async fn files(blobs: &Blobs, person: &DemoIntervenant) -> Result<Vec<store::fichiers::Nouveau>, Failure> {
    let mut stored = Vec::new();
    for (emploi, place, file) in [("cv", Place::Cv, &person.cv), ("diplome", Place::Diplome, &person.diplome)] {
        if let Some(file) = file {
            stored.push(store_file(blobs, emploi, place, file).await?);
        }
    }
    Ok(stored)
}

async fn store_file(
    blobs: &Blobs,
    emploi: &str,
    place: Place,
    file: &DemoFile,
) -> Result<store::fichiers::Nouveau, Failure> {
    let bytes = file.bytes()?;
    let stored = blobs.store(place, &file.name, &mut &bytes[..]).await?;
    Ok(store::fichiers::Nouveau {
        compte: CompteId(0),
        emploi: emploi.to_owned(),
        nom: stored.name,
        format: stored.format.to_string(),
        taille: i64::try_from(stored.bytes)?,
        blob: stored.id.to_string(),
        parcours: None,
    })
}

/// The documented gestionnaire and her structure.
pub(super) fn documented(
    demo: &Demo,
    structures: &HashMap<String, StructureId>,
    staff: &HashMap<String, CompteId>,
) -> Result<(CompteId, StructureId), Failure> {
    let by = *staff.get(GESTIONNAIRE_LOGIN).ok_or("no gestionnaire")?;
    let code = demo.gestionnaires().into_iter().find(|one| one.email == GESTIONNAIRE_LOGIN).map(|one| one.structure);
    let structure = code.and_then(|code| structures.get(&code)).copied().ok_or("no structure")?;
    Ok((by, structure))
}
