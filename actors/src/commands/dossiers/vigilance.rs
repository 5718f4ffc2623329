//! The certificate of the Urssaf, asked for once a person's letters reach the amount that the law names (SPEC D7).

use domain::compte::EtatCompte;
use domain::courriel::Courriel;
use domain::dossier::pieces::TypePiece;
use domain::dossier::saisie::SEUIL_CENTIMES;
use domain::dossier::{Bloc, Cible, Ensemble};
use domain::time::paris_day;
use domain::{CompteId, StructureId};

use store::dossiers::{self, historique};
use store::{Pending, Transaction, comptes, lettres};

use super::tell;
use crate::commands::contact;

pub const VIGILANCE: [Cible; 2] = [Cible::Bloc(Bloc::Vigilance), Cible::Piece(TypePiece::AttestationVigilance)];
/// Why the certificate is asked for.
const POURQUOI: &str = "Vos lettres de demande atteignent 5 000 € hors taxes. Le code du travail (article L. 8222-1) impose alors de vérifier votre attestation de vigilance, puis une nouvelle tous les six mois : vous pouvez la télécharger depuis votre compte sur urssaf.fr.";

/// After a letter was sent, declined or taken back: counts what the letters of a person promise, and asks for the
/// certificate when it is due and nobody has it. `by` is who sent the letter, and for which structure.
pub fn follow(transaction: &mut Transaction, compte: CompteId, by: Option<(CompteId, StructureId)>) -> Pending<'_, ()> {
    Box::pin(async move {
        // Held before the letters are counted: of two sent at once, the second counts both.
        dossiers::hold(transaction, compte).await?;
        let letters = lettres::en_vigueur(transaction.connection(), compte).await?;
        let total: u64 = letters.iter().map(|one| one.contenu.total_centimes()).sum();
        dossiers::set_seuil(transaction, compte, total >= SEUIL_CENTIMES).await?;
        let found = dossiers::of(transaction.connection(), compte).await?;
        let due = found.etat.dus();
        let asked = |cible| found.etat.demande.as_ref().is_some_and(|one| one.asks(cible));
        let missing = |cible: &Cible| {
            let element = found.etat.element(*cible);
            due.contains(cible) && !element.sert() && !element.donne() && !asked(*cible)
        };
        let cibles: Vec<Cible> = VIGILANCE.into_iter().filter(missing).collect();
        let structure = found.structure.or(by.map(|(_, structure)| structure));
        if let (false, Some(structure)) = (cibles.is_empty(), structure) {
            ask(transaction, (compte, found.version), (by, structure), &cibles).await?;
        }
        dossiers::settle(transaction, &found, Ensemble::Compter.into()).await?;
        Ok(())
    })
}

async fn ask(
    transaction: &mut Transaction,
    (of, version): (CompteId, i64),
    (by, structure): (Option<(CompteId, StructureId)>, StructureId),
    cibles: &[Cible],
) -> store::Result<()> {
    dossiers::request(transaction, of, structure, cibles).await?;
    historique::add(transaction, of, None, Ensemble::Demander.into(), by, POURQUOI).await?;
    let person = comptes::by_id(transaction.connection(), of).await?;
    let Some(person) = person.filter(|person| person.etat == EtatCompte::Actif) else { return Ok(()) };
    let content = Courriel::DossierDemande {
        prenom: person.prenom,
        structure: contact(transaction, Some(structure)).await?,
        texte: POURQUOI.to_owned(),
        avant: None,
        demandes: cibles.iter().map(|cible| cible.libelle().to_owned()).collect(),
    };
    let said = "Votre attestation de vigilance de l’Urssaf est demandée pour votre dossier administratif";
    tell(transaction, (of, &person.login), &format!("dossier-vigilance-{of}-{version}"), &content, said).await
}

/// Whether a letter of this person runs today: as long as one does, the certificate is asked for again every six months
/// (code du travail, D. 8222-5: « jusqu’à la fin de son exécution »).
pub fn runs(transaction: &mut Transaction, of: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let today = paris_day(transaction.now);
        let letters = lettres::en_vigueur(transaction.connection(), of).await?;
        Ok(letters.iter().any(|one| one.contenu.periodes.iter().any(|periode| periode.au >= today)))
    })
}

/// Counts the letters of at most `limit` people that were sent before the amount was followed; returns how many.
pub fn count_letters(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let people = dossiers::uncounted(transaction.connection(), limit).await?;
        for id in &people {
            follow(transaction, *id, None).await?;
        }
        Ok(people.len())
    })
}
