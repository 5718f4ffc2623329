//! A gestionnaire decides, block by block and piece by piece (SPEC D9, D11).

use domain::compte::Droit;
use domain::courriel::Courriel;
use domain::dossier::motif::Motif;
use domain::dossier::piece::{Evenement, Refusal};
use domain::dossier::saisie::Saisie;
use domain::dossier::{Bloc, Cible, Ensemble};
use domain::time::{end_of_paris_day, paris_day, start_of_paris_day};
use domain::{CompteId, StructureId};
use store::dossiers::historique::{self, Dernier};
use store::dossiers::{self, Dossier, Terme};
use store::inscriptions;
use store::vault::Vault;
use store::{Refused, Transaction, comptes, profils};

use super::{say, tell};
use crate::commands::{command, contact};

/// What is decided on a block or a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Valider,
    /// It goes back to the person.
    Refuser(Motif),
}

impl Decision {
    fn evenement(&self) -> Evenement {
        match self {
            Self::Valider => Evenement::Valider,
            Self::Refuser(_) => Evenement::Refuser,
        }
    }
}

/// A decision on each of some blocks and pieces, with the version that each was read at.
pub type Decisions = Vec<(Cible, i32, Decision)>;

/// Decide on blocks and pieces, all or nothing; the person gets one email that says everything. Returns the blobs that
/// no row names any more, and whether the dossier is complete now.
#[derive(Clone, Debug)]
pub struct DecideDossier {
    /// The key that it is sealed with.
    pub vault: Vault,
    pub compte: CompteId,
    pub decisions: Decisions,
}

/// Why nothing was decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDecided {
    #[error("Vous n’avez pas le droit de décider d’un dossier.")]
    Forbidden,
    #[error("Choisissez « Valider » ou « Refuser » pour au moins un élément.")]
    Nothing,
    #[error("Ce dossier n’est pas confié à votre structure.")]
    Elsewhere,
    #[error("Des éléments ont changé depuis l’ouverture de la page : relisez, puis décidez à nouveau.")]
    Since(Vec<Dernier>),
    #[error("{} : {}", .0.libelle(), .1)]
    Refusal(Cible, Refusal),
}

command!(DecideDossier: (Vec<String>, bool), NotDecided);

impl DecideDossier {
    async fn run(
        &self,
        transaction: &mut Transaction,
        by: CompteId,
    ) -> Result<(Vec<String>, bool), Refused<NotDecided>> {
        let structure = store::droits::habilite(transaction, by, Droit::Dossiers).await?;
        let structure = structure.ok_or(Refused::Because(NotDecided::Forbidden))?;
        if self.decisions.is_empty() {
            return Err(Refused::Because(NotDecided::Nothing));
        }
        let mut found = dossiers::hold(transaction, self.compte).await?;
        if found.structure != Some(structure) {
            return Err(Refused::Because(NotDecided::Elsewhere));
        }
        self.check(transaction, &found).await?;
        Ok(self.write(transaction, &mut found, (by, structure)).await?)
    }

    /// Whether everything can be decided as it was read.
    async fn check(&self, transaction: &mut Transaction, found: &Dossier) -> Result<(), Refused<NotDecided>> {
        let mut since = Vec::new();
        for (cible, version, decision) in &self.decisions {
            let donnees = found.donnees(*cible);
            let refused = donnees.element.next(decision.evenement(), *cible).err();
            if refused.is_none() && donnees.version == *version {
                continue;
            }
            match (historique::last(transaction.connection(), self.compte, *cible).await?, refused) {
                (Some(last), _) => since.push(last),
                (None, refused) => {
                    let refused = refused.unwrap_or(Refusal::NotSent);
                    return Err(Refused::Because(NotDecided::Refusal(*cible, refused)));
                }
            }
        }
        if since.is_empty() { Ok(()) } else { Err(Refused::Because(NotDecided::Since(since))) }
    }

    async fn write(
        &self,
        transaction: &mut Transaction,
        found: &mut Dossier,
        (by, structure): (CompteId, StructureId),
    ) -> store::Result<(Vec<String>, bool)> {
        let of = self.compte;
        let (mut gone, mut valides, mut refuses) = (Vec::new(), Vec::new(), Vec::new());
        for (cible, _, decision) in &self.decisions {
            let mut donnees = found.donnees(*cible);
            let event = decision.evenement();
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
                    dossiers::put(transaction, of, *cible, &donnees).await?;
                    gone.extend(dossiers::remove_file(transaction, old).await?);
                    dossiers::no_longer_request(transaction, of, *cible).await?;
                    if let (Cible::Bloc(bloc), Some(scelle)) = (*cible, &donnees.valide) {
                        let read = dossiers::open(&self.vault, of, bloc, scelle)?;
                        serve(transaction, found, bloc, &read).await?;
                    }
                }
                Decision::Refuser(motif) => {
                    why = motif.phrase();
                    refuses.push((cible.libelle().to_owned(), why.clone()));
                    donnees.refus.clone_from(&why);
                    dossiers::put(transaction, of, *cible, &donnees).await?;
                }
            }
            historique::add(transaction, of, Some(*cible), event.into(), Some((by, structure)), &why).await?;
        }
        dossiers::put_situations(transaction, of, &found.etat).await?;
        let was = found.complet_at.is_some();
        let after = dossiers::settle(transaction, found, Ensemble::Decider.into()).await?;
        let complet = after.complet_at.is_some() && after.etat.a_decider().is_empty();
        if complet && !was {
            historique::add(transaction, of, None, Ensemble::Completer.into(), Some((by, structure)), "").await?;
        }
        tell_decision(transaction, &after, structure, (valides, refuses), complet).await?;
        Ok((gone, complet))
    }
}

/// What was validated serves: it decides what is due, goes into the profile of a person who is immatriculated (D11),
/// and an identity document or a certificate of the Urssaf has its end (D7, D12), if it has one.
async fn serve(transaction: &mut Transaction, found: &mut Dossier, bloc: Bloc, read: &Saisie) -> store::Result<()> {
    let of = found.compte;
    say(&mut found.etat.valide, Some(read), bloc);
    match read {
        Saisie::Identite(identite) => {
            let end = identite.expire_le.map(end_of_paris_day);
            dossiers::set_day(transaction, Terme::Identite, of, end).await?;
        }
        Saisie::Vigilance(vigilance) => {
            let end = start_of_paris_day(vigilance.fin());
            dossiers::set_day(transaction, Terme::Vigilance, of, Some(end)).await?;
        }
        _ => {}
    }
    let inscription = inscriptions::of(transaction.connection(), of).await?;
    if inscription.and_then(|one| one.immatriculation).is_none() {
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

async fn tell_decision(
    transaction: &mut Transaction,
    found: &Dossier,
    structure: StructureId,
    (valides, refuses): (Vec<String>, Vec<(String, String)>),
    complet: bool,
) -> store::Result<()> {
    let of = found.compte;
    let Some(person) = comptes::by_id(transaction.connection(), of).await? else { return Ok(()) };
    let said = match (refuses.len(), complet) {
        (0, true) => "Votre dossier administratif est complet et validé".to_owned(),
        (0, false) => "Des éléments de votre dossier administratif sont validés".to_owned(),
        (1, _) => format!("À corriger dans votre dossier administratif : {}", refuses[0].0),
        (count, _) => format!("{count} éléments de votre dossier administratif sont à corriger"),
    };
    let content = Courriel::DossierDecision {
        prenom: person.prenom,
        structure: contact(transaction, Some(structure)).await?,
        valides,
        refuses,
        complet,
        revue_le: found.revue_at.filter(|_| complet).map(|at| domain::dates::jour(paris_day(at))).unwrap_or_default(),
    };
    let cle = format!("dossier-decision-{of}-{}", found.version);
    tell(transaction, (of, &person.login), &cle, &content, &said).await
}
