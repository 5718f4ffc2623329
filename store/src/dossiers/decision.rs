//! A gestionnaire decides, block by block and piece by piece (SPEC D9, D11).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::courriel::Courriel;
use domain::dossier::motif::Motif;
use domain::dossier::piece::{Evenement, Refusal};
use domain::dossier::saisie::Saisie;
use domain::dossier::{Bloc, Cible};
use domain::time::{end_of_paris_day, paris_day, start_of_paris_day};
use domain::{CompteId, StructureId};

use super::{CATEGORIE, Dernier, Dossier, LIEN, historique, hold, open, put, put_situations, saisie, say, settle};
use crate::coffre::Coffre;
use crate::connection::Transaction;
use crate::inscriptions::contact;
use crate::query::RunQueryDsl;
use crate::schema::{compte, dossier, dossier_demande, intervenant};
use crate::{Pending, Refused, Result, courriels, notifications, profils, structures};

/// What is decided on a block or a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It serves.
    Valider,
    /// It goes back to the person.
    Refuser(Motif),
}

/// A decision on each of some blocks and pieces, with the version that each was read at.
pub type Decisions = Vec<(Cible, i32, Decision)>;

/// Why nothing was decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refus {
    /// The dossier is not this structure's to decide.
    #[error("Ce dossier n’est pas confié à votre structure.")]
    Elsewhere,
    /// These were decided on, or have changed, since the page was shown: what was done with each last.
    #[error("Des éléments ont changé depuis l’ouverture de la page : relisez, puis décidez à nouveau.")]
    Since(Vec<Dernier>),
    /// It can't be decided as it stands.
    #[error("{} : {}", .0.libelle(), .1)]
    Refusal(Cible, Refusal),
}

/// Decides, all or nothing; the person gets one email that says everything. Answers the blobs that no row names any more,
/// and whether the dossier is complete now.
///
/// # Errors
/// Why not.
pub fn decide<'a>(
    transaction: &'a mut Transaction,
    coffre: &'a Coffre,
    (by, structure): (CompteId, StructureId),
    of: CompteId,
    decisions: &'a Decisions,
) -> Pending<'a, (Vec<String>, bool), Refused<Refus>> {
    Box::pin(async move {
        let mut found = hold(transaction, of).await?;
        if found.structure != Some(structure) {
            return Err(Refused::Because(Refus::Elsewhere));
        }
        // Everything is looked at before anything is written.
        let mut since = Vec::new();
        for (cible, version, decision) in decisions {
            let donnees = found.donnees(*cible);
            let refused = donnees.element.next(event(decision), *cible).err();
            if refused.is_none() && donnees.version == *version {
                continue;
            }
            match (historique::last(transaction.connection(), of, *cible).await?, refused) {
                (Some(last), _) => since.push(last),
                (None, refused) => {
                    return Err(Refused::Because(Refus::Refusal(*cible, refused.unwrap_or(Refusal::NotSent))));
                }
            }
        }
        if !since.is_empty() {
            return Err(Refused::Because(Refus::Since(since)));
        }
        let (mut gone, mut valides, mut refuses) = (Vec::new(), Vec::new(), Vec::new());
        for (cible, _, decision) in decisions {
            let mut donnees = found.donnees(*cible);
            let event = event(decision);
            let Ok(next) = donnees.element.next(event, *cible) else { continue };
            donnees.element = next;
            let mut why = String::new();
            match decision {
                Decision::Valider => {
                    valides.push(cible.libelle().to_owned());
                    donnees.refus.clear();
                    let old = if cible.is_piece() {
                        std::mem::replace(&mut donnees.fichier_valide, donnees.fichier_propose.take())
                    } else {
                        donnees.valide = donnees.propose.take();
                        None
                    };
                    put(transaction, of, *cible, &donnees).await?;
                    gone.extend(saisie::forget(transaction, old.map(|file| file.id)).await?);
                    diesel::delete(dossier_demande::table.find((of.0, cible.as_str())))
                        .execute(transaction.connection())
                        .await?;
                    if let (Cible::Bloc(bloc), Some(scelle)) = (*cible, &donnees.valide) {
                        let read = open(coffre, of, bloc, scelle)?;
                        serve(transaction, &mut found, bloc, &read).await?;
                    }
                }
                Decision::Refuser(motif) => {
                    why = motif.phrase();
                    refuses.push((cible.libelle().to_owned(), why.clone()));
                    donnees.refus.clone_from(&why);
                    put(transaction, of, *cible, &donnees).await?;
                }
            }
            historique::add(transaction, of, Some(*cible), event.as_str(), Some((by, structure)), &why).await?;
        }
        put_situations(transaction, of, &found.etat).await?;
        let was = found.complet_at.is_some();
        let after = settle(transaction, &found, "decide").await?;
        let complet = after.complet_at.is_some() && after.etat.a_decider().is_empty();
        if complet && !was {
            historique::add(transaction, of, None, "complet", Some((by, structure)), "").await?;
        }
        tell(transaction, &after, structure, (valides, refuses), complet).await?;
        Ok((gone, complet))
    })
}

fn event(decision: &Decision) -> Evenement {
    match decision {
        Decision::Valider => Evenement::Valider,
        Decision::Refuser(_) => Evenement::Refuser,
    }
}

/// What was validated serves: it decides what is due, goes into the profile of who is immatriculated (D11), and an
/// identity document or a certificate of the Urssaf has its end (D7, D12), if it has one.
async fn serve(transaction: &mut Transaction, found: &mut Dossier, bloc: Bloc, read: &Saisie) -> Result<()> {
    let of = found.compte;
    say(&mut found.etat.valide, Some(read), bloc);
    if let Saisie::Identite(identite) = read {
        let end: Option<NaiveDateTime> = identite.expire_le.map(end_of_paris_day);
        diesel::update(dossier::table.find(of.0))
            .set((dossier::expire_at.eq(end), dossier::rappel_expire_at.eq(None::<NaiveDateTime>)))
            .execute(transaction.connection())
            .await?;
    }
    if let Saisie::Vigilance(vigilance) = read {
        let end = start_of_paris_day(vigilance.fin());
        diesel::update(dossier::table.find(of.0))
            .set((dossier::vigilance_at.eq(end), dossier::rappel_vigilance_at.eq(None::<NaiveDateTime>)))
            .execute(transaction.connection())
            .await?;
    }
    let immatriculation: Option<Option<String>> = intervenant::table
        .find(of.0)
        .select(intervenant::immatriculation)
        .first(transaction.connection())
        .await
        .optional()?;
    if immatriculation.flatten().is_none() {
        return Ok(());
    }
    if let Some(mut page) = profils::identification(transaction.connection(), of).await? {
        let before = page.clone();
        read.report(&mut page);
        if page != before {
            profils::save_identification(transaction, of, &page).await?;
        }
    }
    Ok(())
}

async fn tell(
    transaction: &mut Transaction,
    found: &Dossier,
    structure: StructureId,
    (valides, refuses): (Vec<String>, Vec<(String, String)>),
    complet: bool,
) -> Result<()> {
    let (prenom, login): (String, String) = compte::table
        .find(found.compte.0)
        .select((compte::prenom, compte::login))
        .first(transaction.connection())
        .await?;
    let decided = structures::by_id(transaction.connection(), structure).await?;
    let said = match (refuses.len(), complet) {
        (0, true) => "Votre dossier administratif est complet et validé".to_owned(),
        (0, false) => "Des éléments de votre dossier administratif sont validés".to_owned(),
        (1, _) => format!("À corriger dans votre dossier administratif : {}", refuses[0].0),
        (count, _) => format!("{count} éléments de votre dossier administratif sont à corriger"),
    };
    let content = Courriel::DossierDecision {
        prenom,
        structure: contact(decided.as_ref()),
        valides,
        refuses,
        complet,
        revue_le: found.revue_at.filter(|_| complet).map(|at| domain::dates::jour(paris_day(at))).unwrap_or_default(),
    };
    let key = format!("dossier-decision-{}-{}", found.compte, found.version);
    courriels::put(transaction, Some(found.compte), &login, &key, &content).await?;
    notifications::create(transaction, &[found.compte], CATEGORIE, (&said, "", LIEN)).await
}
