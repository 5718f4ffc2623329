//! « Transmettre » and what follows from it (SPEC D9): what stops it, what it sends, what is left to decide, and
//! whether the dossier serves.

use std::collections::{BTreeMap, BTreeSet};

use super::piece::{Element, EtatElement};
use super::pieces::{Situation, TypePiece, blocs_dus, pieces_dues};
use super::{Bloc, Cible};
use crate::compte::{Statut, words};
use crate::profil::TypeEmployeur;

words! {
    /// What lists say of a dossier as a whole. Whether the dossier serves is another question: [`Etat::is_complete`].
    EtatDossier {
        /// The person has something to give or to correct.
        ACompleter = "a_completer",
        /// The person has changed something and has not transmitted it.
        ATransmettre = "a_transmettre",
        /// Gestionnaires have something to decide.
        Transmis = "transmis",
        /// All that is due is validated, and nothing is under way.
        Valide = "valide",
    }
}

impl EtatDossier {
    pub fn libelle(self) -> &'static str {
        match self {
            Self::ACompleter => "à compléter",
            Self::ATransmettre => "à transmettre",
            Self::Transmis => "transmis, à examiner",
            Self::Valide => "complet et validé",
        }
    }
}

/// A block with its pieces, as the list of blocks says it to the person (SPEC D2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatBloc {
    /// Something in it was refused.
    ACorriger,
    /// Nothing in it is given.
    ARemplir,
    /// Some of it is missing, or is asked for again.
    Incomplet,
    /// All of it is saved and some of it is not transmitted.
    Pret,
    /// Gestionnaires have something of it to decide.
    Transmis,
    Valide,
}

impl EtatBloc {
    pub fn libelle(self) -> &'static str {
        match self {
            Self::ACorriger => "À corriger",
            Self::ARemplir => "À remplir",
            Self::Incomplet => "À compléter",
            Self::Pret => "Prêt",
            Self::Transmis => "En cours d’examen",
            Self::Valide => "Validé",
        }
    }

    /// Whether the person has nothing left to do in it.
    pub fn is_ready(self) -> bool {
        matches!(self, Self::Pret | Self::Transmis | Self::Valide)
    }
}

/// What a gestionnaire asks for (SPEC D1); an element leaves it when it is validated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demande {
    pub blocs: BTreeSet<Bloc>,
    pub pieces: BTreeSet<TypePiece>,
}

impl Demande {
    pub fn asks(&self, cible: Cible) -> bool {
        match cible {
            Cible::Bloc(bloc) => self.blocs.contains(&bloc),
            Cible::Piece(piece) => self.pieces.contains(&piece),
        }
    }
}

/// A dossier as it stands. An element that is absent from the maps is [`Element::VIDE`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Etat {
    /// The situation that the person declares: the newest version of each block, validated or not.
    pub propose: Situation,
    pub valide: Situation,
    pub blocs: BTreeMap<Bloc, Element>,
    pub pieces: BTreeMap<TypePiece, Element>,
    pub demande: Option<Demande>,
}

/// Something that stops « Transmettre ».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manque {
    /// The block or the piece; its word is the anchor in the page.
    pub cible: Cible,
    /// What is missing and what to do.
    pub phrase: String,
}

/// Why « Transmettre » is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocage {
    /// Something is missing: all of it, in the order of the page.
    Manques(Vec<Manque>),
    /// Nothing is missing, and nothing has changed since the last time.
    Rien,
}

impl Etat {
    /// A block or a piece as it stands.
    pub fn element(&self, cible: Cible) -> Element {
        match cible {
            Cible::Bloc(bloc) => self.blocs.get(&bloc),
            Cible::Piece(piece) => self.pieces.get(&piece),
        }
        .copied()
        .unwrap_or(Element::VIDE)
    }

    /// The blocks and pieces due in the situation that the person declares, in the order of the page. What a
    /// gestionnaire asks for beyond these is not due (decided): after a change of statut it could never be given.
    pub fn dus(&self) -> Vec<Cible> {
        due(self.propose)
    }

    /// Whether the employer given is of the kind that the statut asks for (manual §3.3.4.2 g).
    fn employer_fits(situation: Situation) -> bool {
        situation.employeur == situation.statut.and_then(Statut::employeur)
    }

    /// What stops « Transmettre » (SPEC D9), in the order of the page.
    ///
    /// What is due must be given, or serve. A refused change stops nothing as long as a validated version serves; what
    /// a gestionnaire asks for must be given again even then.
    pub fn missing(&self) -> Vec<Manque> {
        self.dus().into_iter().filter_map(|cible| Some(Manque { cible, phrase: self.manque(cible)? })).collect()
    }

    fn manque(&self, cible: Cible) -> Option<String> {
        let element = self.element(cible);
        let name = cible.libelle();
        let there = element.donne() || element.sert();
        if cible == Cible::Bloc(Bloc::Employeur) && there && !Self::employer_fits(self.propose) {
            let kind = self.propose.statut.and_then(Statut::employeur).map_or("", TypeEmployeur::as_str);
            return Some(format!("{name} : votre statut va avec un employeur de type {kind}, indiquez-le."));
        }
        if element.donne() {
            return None;
        }
        let asked = self.demande.as_ref().is_some_and(|demande| demande.asks(cible));
        match element.etat() {
            EtatElement::Refuse if asked || !element.sert() => Some(format!(
                "{name} : refusé, {}.",
                if cible.is_piece() { "joignez un autre fichier" } else { "corrigez" }
            )),
            _ if asked && element.sert() => Some(match cible {
                Cible::Piece(_) => format!("{name} : votre gestionnaire demande un fichier à jour, joignez-le."),
                Cible::Bloc(_) => {
                    format!("{name} : votre gestionnaire demande une mise à jour, vérifiez et enregistrez.")
                }
            }),
            EtatElement::ASaisir => Some(match cible {
                Cible::Piece(_) => format!("{name} : joignez le fichier."),
                Cible::Bloc(bloc) => a_saisir(bloc).to_owned(),
            }),
            _ => None,
        }
    }

    /// A block with its pieces, as far as they are due; `None` when nothing of it is.
    pub fn bloc(&self, bloc: Bloc) -> Option<EtatBloc> {
        let due: Vec<Cible> = self.dus().into_iter().filter(|cible| cible.bloc() == bloc).collect();
        let is = |cible: &Cible, etat| self.element(*cible).etat() == etat;
        if due.is_empty() {
            return None;
        }
        let todo = self.reste_a_faire();
        let missing = |cible: &Cible| self.manque(*cible).is_some() || todo.contains(cible);
        Some(if due.iter().any(|cible| is(cible, EtatElement::Refuse) && missing(cible)) {
            EtatBloc::ACorriger
        } else if due.iter().any(missing) {
            let nothing = due.iter().all(|cible| is(cible, EtatElement::ASaisir) && !self.element(*cible).sert());
            if nothing { EtatBloc::ARemplir } else { EtatBloc::Incomplet }
        } else if due.iter().any(|cible| is(cible, EtatElement::Saisi)) {
            EtatBloc::Pret
        } else if due.iter().any(|cible| is(cible, EtatElement::Transmis)) {
            EtatBloc::Transmis
        } else {
            EtatBloc::Valide
        })
    }

    /// What « Transmettre » sends, in the order of the page: what is saved among what is due. What is « plus demandé »
    /// is not sent.
    ///
    /// # Errors
    /// What is missing, or that nothing has changed.
    pub fn transmettre(&self) -> Result<Vec<Cible>, Blocage> {
        let missing = self.missing();
        if !missing.is_empty() {
            return Err(Blocage::Manques(missing));
        }
        let sent = self.having(EtatElement::Saisi);
        if sent.is_empty() { Err(Blocage::Rien) } else { Ok(sent) }
    }

    /// What the person has to give, for the list and the badge (SPEC D1, D2, D9): what is asked for and not given, what
    /// was refused and neither redone nor taken back, even when a validated version serves, and the missing pieces of a
    /// block that is asked for, saved or refused.
    pub fn reste_a_faire(&self) -> Vec<Cible> {
        let asked = |cible| self.demande.as_ref().is_some_and(|demande| demande.asks(cible));
        let dus = self.dus().into_iter();
        dus.filter(|&cible| {
            let element = self.element(cible);
            let bloc = Cible::Bloc(cible.bloc());
            let under_way = || matches!(self.element(bloc).etat(), EtatElement::Saisi | EtatElement::Refuse);
            element.etat() == EtatElement::Refuse
                || (asked(cible) && !element.donne())
                || (element.etat() == EtatElement::ASaisir && cible.is_piece() && (asked(bloc) || under_way()))
        })
        .collect()
    }

    /// The other elements for which « Transmettre » would be refused, so that the page can name them before the click.
    pub fn reste_aussi(&self) -> Vec<Cible> {
        let first = self.reste_a_faire();
        self.missing().into_iter().map(|manque| manque.cible).filter(|cible| !first.contains(cible)).collect()
    }

    /// Whether something is saved that was not transmitted: « Transmettre » is still to be done.
    pub fn a_transmettre(&self) -> bool {
        !self.having(EtatElement::Saisi).is_empty()
    }

    /// What a gestionnaire still has to decide, in the order of the page: all that is transmitted, even when a later
    /// change of the person makes it « plus demandé ».
    pub fn a_decider(&self) -> Vec<Cible> {
        Cible::all().filter(|&cible| self.element(cible).etat() == EtatElement::Transmis).collect()
    }

    /// Whether the dossier serves every structure (SPEC D12): all that is due in the validated situation is validated.
    /// A change that is under way or a request does not take that away (D4).
    pub fn is_complete(&self) -> bool {
        let known = self.valide.statut.is_some() && self.valide.identite.is_some();
        known
            && Self::employer_fits(self.valide)
            && due(self.valide).into_iter().all(|cible| self.element(cible).sert())
    }

    /// What lists say of it.
    pub fn resume(&self) -> EtatDossier {
        if !self.a_decider().is_empty() {
            EtatDossier::Transmis
        } else if !self.missing().is_empty() || !self.reste_a_faire().is_empty() {
            EtatDossier::ACompleter
        } else if !self.having(EtatElement::Saisi).is_empty() {
            EtatDossier::ATransmettre
        } else {
            EtatDossier::Valide
        }
    }

    fn having(&self, etat: EtatElement) -> Vec<Cible> {
        self.dus().into_iter().filter(|&cible| self.element(cible).etat() == etat).collect()
    }
}

/// What is due to a person, each block followed by its pieces.
fn due(situation: Situation) -> Vec<Cible> {
    let blocs = blocs_dus(situation);
    let pieces = pieces_dues(situation);
    Cible::all()
        .filter(|cible| match cible {
            Cible::Bloc(bloc) => blocs.contains(bloc),
            Cible::Piece(piece) => pieces.contains(piece),
        })
        .collect()
}

/// What the summary says of a block that nobody filled in.
fn a_saisir(bloc: Bloc) -> &'static str {
    match bloc {
        Bloc::Adresse => "Indiquez votre adresse personnelle.",
        Bloc::Telephones => "Indiquez au moins un numéro de téléphone.",
        Bloc::Identite => "Choisissez votre pièce d’identité, et indiquez son numéro et sa date de fin de validité.",
        Bloc::CarteVitale => "Indiquez votre numéro de sécurité sociale.",
        Bloc::Statut => "Choisissez votre statut professionnel.",
        Bloc::Employeur => "Indiquez votre employeur.",
        Bloc::Vigilance => {
            "Indiquez le jour et le code de sécurité de votre attestation de vigilance : vos lettres de demande atteignent 5 000 € hors taxes."
        }
        Bloc::Banque => "Indiquez vos informations bancaires.",
    }
}

#[cfg(test)]
mod tests;
