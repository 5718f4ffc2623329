//! Writes the people who register: each goes through the real steps, at the moments of the set.

use std::collections::HashMap;

use actors::commands::inscriptions::{DecideInscription, transmit};
use chrono::{NaiveDate, NaiveDateTime};
use documents::Blobs;
use domain::compte::{EtatCompte, EtatInscription, Role};
use domain::email::Email;
use domain::identite;
use domain::inscription::Decision;
use domain::profil::{Civilite, Identification, Rubrique};
use domain::{CompteId, StructureId};
use store::inscriptions;
use store::intervenants::Profil;
use store::{Store, Transaction};

use super::allowed;
use super::inscriptions::CANDIDAT_LOGIN;
use super::people_load::{files, nouveau, page, profil, write_one};
use super::{Demo, DemoInscription, GESTIONNAIRE_LOGIN, SECOND_GESTIONNAIRE_LOGIN};
use crate::failure::Failure;

struct Ready {
    inscription: DemoInscription,
    nouveau: store::comptes::Nouveau,
    profil: Profil,
    page: Identification,
    files: Vec<store::fichiers::Nouveau>,
    by: CompteId,
}

/// Writes them, and the documented login whose form is almost empty.
pub async fn load(
    store: &Store,
    blobs: &Blobs,
    demo: &Demo,
    structures: &HashMap<String, StructureId>,
    staff: &HashMap<String, CompteId>,
    hash: &str,
) -> Result<(), Failure> {
    let mut all = Vec::new();
    for inscription in demo.inscriptions() {
        let person = &inscription.person;
        let login = [GESTIONNAIRE_LOGIN, SECOND_GESTIONNAIRE_LOGIN][inscription.gestionnaire];
        let profil = Profil { etat: EtatInscription::Brouillon, ..profil(person, structures)? };
        all.push(Ready {
            nouveau: nouveau(person, hash)?,
            page: page(person, &profil)?,
            files: files(blobs, person).await?,
            by: *staff.get(login).ok_or("a registration without gestionnaire")?,
            profil,
            inscription,
        });
    }
    let candidat = candidat(hash)?;
    let now = store.clock().now();
    store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                for ready in all {
                    write(transaction, ready, now).await?;
                }
                transaction.now = now;
                let id = store::comptes::create(transaction, &candidat).await?;
                inscriptions::begin(transaction, id, candidat.naissance.unwrap_or_default(), None).await
            })
        })
        .await?;
    Ok(())
}

fn candidat(hash: &str) -> Result<store::comptes::Nouveau, Failure> {
    Ok(store::comptes::Nouveau {
        role: Role::Intervenant,
        etat: EtatCompte::Actif,
        login: Email::parse(CANDIDAT_LOGIN)?,
        mot_de_passe: Some(hash.to_owned()),
        civilite: Civilite::Madame.as_str().to_owned(),
        nom: "Rannou-Kerzhiro".to_owned(),
        prenom: "Bleuenn".to_owned(),
        structure: None,
        naissance: NaiveDate::from_ymd_opt(1986, 9, 27),
        activation_avant: None,
    })
}

async fn write(transaction: &mut Transaction, ready: Ready, now: NaiveDateTime) -> store::Result<()> {
    let Ready { inscription, nouveau, profil, page, files, by } = ready;
    let ago = |hours: u32| now - chrono::Duration::hours(i64::from(hours));
    let key = identite::key(&nouveau.civilite, &nouveau.nom, &nouveau.prenom, inscription.person.date_naissance);
    if store::comptes::by_identity(transaction.connection(), &key).await?.is_some() {
        // The generator may draw the same person twice.
        return Ok(());
    }
    transaction.now = ago(inscription.transmise_hours_ago + 30);
    let (cvs, diplomas): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.emploi == "cv");
    let id =
        write_one(transaction, &nouveau, &profil, &page, (domain::alertes::Regle::Aucune, None), cvs).await?.compte;
    store::profils::save_identification(transaction, id, &page).await?;
    let lignes = store::profils::lignes(transaction.connection(), id).await?;
    let last = lignes.iter().find(|row| row.rubrique == Rubrique::FormationInitiale).map(|row| row.id);
    for diploma in diplomas {
        store::fichiers::add(transaction, &store::fichiers::Nouveau { compte: id, parcours: last, ..diploma }).await?;
    }
    if inscription.etat == EtatInscription::Brouillon.as_str() {
        return Ok(());
    }
    transaction.now = ago(inscription.transmise_hours_ago);
    allowed(transmit(transaction, id).await)?;
    let Some(decision) = decision(transaction, inscription.etat).await? else { return Ok(()) };
    transaction.now = ago(inscription.decidee_hours_ago);
    let found = inscriptions::of(transaction.connection(), id).await?.ok_or(store::Error::Interrupted)?;
    let decide = DecideInscription { compte: id, version: found.version, decision };
    allowed(decide.within(transaction, by).await)
}

/// The decision that leads to a state, with the first reason of its list.
async fn decision(transaction: &mut Transaction, etat: &str) -> store::Result<Option<Decision>> {
    let Some(etat) = EtatInscription::from_word(etat) else { return Ok(None) };
    let genre = match etat {
        EtatInscription::EnAnalyse => return Ok(Some(Decision::PrendreEnCharge)),
        EtatInscription::Complement => "complement",
        EtatInscription::Rejetee => "rejet",
        EtatInscription::Brouillon | EtatInscription::Transmise | EtatInscription::Validee => return Ok(None),
    };
    let motifs = store::contenus::motifs(transaction.connection(), genre, false).await?;
    Ok(motifs.into_iter().nth(1).map(|motif| match genre {
        "complement" => Decision::DemanderComplement { motif: motif.code, texte: motif.texte },
        _ => Decision::Rejeter { motif: motif.code, texte: motif.texte },
    }))
}
