//! Writes answers to the annonces of the documented délégation, so that its gestionnaires have some to study.

use std::collections::HashMap;

use actors::commands::candidatures::{SendCandidature, StudyCandidatures};
use chrono::NaiveDateTime;
use domain::annonce::EtatAnnonce;
use domain::{CompteId, StructureId};
use store::Store;

use super::Demo;
use super::allowed;
use super::people_load::{Written, documented};
use crate::failure::Failure;

/// Number of answered annonces, and of people who answered each.
const ANNONCES: usize = 3;
const EACH: usize = 4;
/// Number of intervenants among whom the authors are chosen.
const AMONG: usize = 200;

const COMMENTS: [&str; EACH] = [
    "Bonjour,\n\nCe stage correspond à ce que j’anime depuis plusieurs années. Je suis disponible sur toute la période.",
    "",
    "Bonjour, je peux intervenir le mardi et le jeudi. Serait-il possible de se parler avant ?",
    "Je n’ai pas encore animé ce thème pour le CNFPT, mais je le pratique tous les jours dans ma collectivité.",
];

/// Writes the answers: the last one to each annonce is already studied.
pub async fn load(
    store: &Store,
    demo: &Demo,
    structures: &HashMap<String, StructureId>,
    staff: &HashMap<String, CompteId>,
    people: &[Written],
    now: NaiveDateTime,
) -> Result<(), Failure> {
    let (by, structure) = documented(demo, structures, staff)?;
    let lines = store::annonces::lines_of_structure(&mut store.read().await?, structure, 1_000).await?;
    let open = lines.into_iter().filter(|line| line.etat == EtatAnnonce::Publiee).take(ANNONCES);
    let open: Vec<i64> = open.map(|line| line.id).collect();
    let open = store::annonces::by_ids(&mut store.read().await?, &open).await?;
    // The documented intervenant has answered nothing: visitors of the demonstration use this account.
    let mut able: Vec<usize> =
        (1..people.len().min(AMONG)).filter(|&number| demo.intervenant(number).valide()).collect();
    let mut answered: Vec<(i64, Vec<CompteId>)> = Vec::new();
    for annonce in &open {
        // People of the spécialité answer first; nobody answers twice.
        able.sort_by_key(|&number| {
            let person = demo.intervenant(number);
            !person.specialites.iter().any(|(whole, _)| *whole == annonce.contenu.specialite)
        });
        let authors = able.drain(..able.len().min(EACH)).map(|number| people[number].compte).collect();
        answered.push((annonce.id, authors));
    }
    store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                for (rank, (annonce, authors)) in answered.into_iter().enumerate() {
                    for (turn, (person, commentaire)) in authors.into_iter().zip(COMMENTS).enumerate() {
                        transaction.now = now - chrono::Duration::hours((rank * 30 + turn * 7 + 2) as i64);
                        let sent = SendCandidature { annonce, commentaire: commentaire.to_owned() };
                        allowed(sent.within(transaction, person).await)?;
                        let found = store::candidatures::find(transaction.connection(), annonce, person).await?;
                        if let (Some(found), true) = (found, turn + 1 == EACH) {
                            transaction.now = now - chrono::Duration::hours(1);
                            allowed(StudyCandidatures(vec![found.id]).within(transaction, by).await)?;
                        }
                    }
                }
                transaction.now = now;
                Ok(())
            })
        })
        .await?;
    Ok(())
}
