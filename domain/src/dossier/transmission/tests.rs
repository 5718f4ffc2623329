use super::super::pieces::TypeIdentite;
use super::*;
use EtatElement::{ASaisir, Refuse, Saisi, Transmis, Valide};

fn put(etat: &mut Etat, cible: Cible, state: EtatElement, sert: bool) {
    let element = Element::new(state, sert).unwrap();
    match cible {
        Cible::Bloc(bloc) => drop(etat.blocs.insert(bloc, element)),
        Cible::Piece(piece) => drop(etat.pieces.insert(piece, element)),
    }
}

fn situation(statut: Statut, identite: TypeIdentite) -> Situation {
    Situation { statut: Some(statut), identite: Some(identite), employeur: statut.employeur(), seuil: false }
}

/// All that is due in one state: saved and never decided on, or validated.
fn full(statut: Statut, identite: TypeIdentite, state: EtatElement) -> Etat {
    let mut etat = Etat { propose: situation(statut, identite), ..Etat::default() };
    if state == Valide {
        etat.valide = etat.propose;
    }
    for cible in etat.dus() {
        put(&mut etat, cible, state, state == Valide);
    }
    etat
}

fn missing(etat: &Etat) -> Vec<Cible> {
    etat.missing().into_iter().map(|manque| manque.cible).collect()
}

const RIB: Cible = Cible::Piece(TypePiece::Rib);
const ARRETE: Cible = Cible::Piece(TypePiece::ArreteSituation);
const BANQUE: Cible = Cible::Bloc(Bloc::Banque);
const STATUT: Cible = Cible::Bloc(Bloc::Statut);
const EMPLOYEUR: Cible = Cible::Bloc(Bloc::Employeur);

fn civil_servant(state: EtatElement) -> Etat {
    full(Statut::Fonctionnaire, TypeIdentite::CarteIdentite, state)
}

#[test]
fn d9_each_thing_that_is_due_stops_a_transmission_by_itself() {
    for &statut in Statut::ALL {
        for &identite in TypeIdentite::ALL {
            let whole = full(statut, identite, Saisi);
            assert_eq!(whole.transmettre(), Ok(whole.dus()), "{statut} {identite}");
            for cible in whole.dus() {
                for (state, said) in [(ASaisir, ""), (Refuse, "refusé")] {
                    let mut without = whole.clone();
                    put(&mut without, cible, state, false);
                    let expected = without.missing();
                    assert_eq!(missing(&without), [cible], "{statut} {identite} {state}");
                    assert!(expected[0].phrase.contains(said), "{}", expected[0].phrase);
                    assert_eq!(without.transmettre(), Err(Blocage::Manques(expected)));
                }
            }
        }
    }
}

#[test]
fn d9_an_empty_dossier_asks_first_for_what_decides_its_pieces() {
    let expected =
        ["adresse", "telephones", "identite", "carte_vitale", "copie_carte_vitale", "statut", "banque", "rib"];
    assert_eq!(missing(&Etat::default()).into_iter().map(Cible::as_str).collect::<Vec<_>>(), expected);
    assert_eq!((Etat::default().is_complete(), Etat::default().resume()), (false, EtatDossier::ACompleter));
}

#[test]
fn d9_what_is_asked_for_is_given_again_even_when_something_serves() {
    let mut etat = civil_servant(Valide);
    assert_eq!(etat.transmettre(), Err(Blocage::Rien));
    etat.demande = Some(Demande { blocs: [Bloc::Banque].into(), pieces: [TypePiece::Rib, TypePiece::Pension].into() });
    assert_eq!(missing(&etat), [BANQUE, RIB], "a pension is not due to a civil servant");
    assert_eq!(etat.reste_a_faire(), [BANQUE, RIB]);
    assert!(etat.is_complete(), "a request does not take away what serves");
    put(&mut etat, BANQUE, Saisi, true);
    assert_eq!(missing(&etat), [RIB]);
    assert!(etat.missing()[0].phrase.contains("demande un fichier à jour"));
    put(&mut etat, RIB, Refuse, true);
    assert!(etat.missing()[0].phrase.contains("refusé"), "that it was refused says more than that it is asked for");
    put(&mut etat, RIB, Saisi, true);
    assert_eq!(etat.transmettre(), Ok(vec![BANQUE, RIB]));
}

#[test]
fn d1_d9_the_pieces_of_a_block_are_to_do_with_it_and_so_is_the_transmission() {
    let mut etat = Etat {
        demande: Some(Demande { blocs: [Bloc::Banque, Bloc::Identite].into(), ..Demande::default() }),
        ..Etat::default()
    };
    let identite = Cible::Bloc(Bloc::Identite);
    assert_eq!(etat.reste_a_faire(), [identite, BANQUE, RIB], "the RIB goes with the bank from the start");
    let besides = ["adresse", "telephones", "carte_vitale", "copie_carte_vitale", "statut"];
    assert_eq!(etat.reste_aussi().into_iter().map(Cible::as_str).collect::<Vec<_>>(), besides);
    assert!(!etat.a_transmettre(), "nothing is saved");
    // The document is chosen: both sides of it are to do.
    etat.propose.identite = Some(TypeIdentite::CarteIdentite);
    put(&mut etat, identite, Saisi, false);
    let sides = [TypePiece::CarteIdentiteRecto, TypePiece::CarteIdentiteVerso].map(Cible::Piece);
    assert_eq!(etat.reste_a_faire(), [sides[0], sides[1], BANQUE, RIB]);
    for cible in [sides[0], sides[1], BANQUE, RIB] {
        put(&mut etat, cible, Saisi, false);
    }
    assert_eq!((etat.reste_a_faire(), etat.a_transmettre()), (vec![], true), "saved is not sent");
    // Unasked, what one begins brings its pieces; what serves already is not given again.
    let mut etat = civil_servant(Valide);
    put(&mut etat, BANQUE, Saisi, true);
    assert_eq!((etat.reste_a_faire(), etat.a_transmettre()), (vec![], true));
    etat.propose.identite = Some(TypeIdentite::Passeport);
    put(&mut etat, identite, Saisi, true);
    assert_eq!(etat.reste_a_faire(), [Cible::Piece(TypePiece::Passeport)]);
    for cible in etat.dus() {
        put(&mut etat, cible, Transmis, false);
    }
    assert_eq!((etat.reste_a_faire(), etat.a_transmettre()), (vec![], false));
}

#[test]
fn d4_a_change_that_was_refused_stops_nothing_and_is_still_to_do() {
    let mut etat = civil_servant(Valide);
    put(&mut etat, BANQUE, Refuse, true);
    put(&mut etat, Cible::Bloc(Bloc::Adresse), Saisi, true);
    assert_eq!(etat.transmettre(), Ok(vec![Cible::Bloc(Bloc::Adresse)]));
    assert_eq!(etat.reste_a_faire(), [BANQUE]);
    assert!(etat.is_complete());
}

#[test]
fn d7_a_change_of_statut_asks_for_its_pieces_and_its_employer() {
    let mut etat = civil_servant(Valide);
    etat.propose.statut = Some(Statut::SalariePrive);
    put(&mut etat, STATUT, Saisi, true);
    assert_eq!(missing(&etat), [Cible::Piece(TypePiece::Contrat), EMPLOYEUR], "the public employer is of another kind");
    assert!(etat.is_complete(), "what was validated of the civil servant serves meanwhile");
    put(&mut etat, Cible::Piece(TypePiece::Contrat), Saisi, false);
    put(&mut etat, EMPLOYEUR, Saisi, true);
    assert_eq!(missing(&etat), [EMPLOYEUR], "saved, but as a public one still");
    etat.propose.employeur = Some(TypeEmployeur::Prive);
    put(&mut etat, ARRETE, Saisi, true);
    let sent = etat.transmettre().unwrap();
    assert_eq!(sent, [STATUT, Cible::Piece(TypePiece::Contrat), EMPLOYEUR], "the arrêté is no longer asked for");
    // Only the statut is accepted: nothing serves any more as a whole.
    etat.valide.statut = Some(Statut::SalariePrive);
    put(&mut etat, STATUT, Valide, true);
    put(&mut etat, Cible::Piece(TypePiece::Contrat), Valide, true);
    put(&mut etat, EMPLOYEUR, Refuse, true);
    assert!(!etat.is_complete());
    etat.valide.employeur = Some(TypeEmployeur::Prive);
    put(&mut etat, EMPLOYEUR, Valide, true);
    assert!(etat.is_complete());
}

#[test]
fn d5_another_identity_document_needs_its_own_copies() {
    let mut etat = civil_servant(Valide);
    etat.propose.identite = Some(TypeIdentite::Passeport);
    put(&mut etat, Cible::Bloc(Bloc::Identite), Saisi, true);
    assert_eq!(missing(&etat), [Cible::Piece(TypePiece::Passeport)]);
}

#[test]
fn d9_what_is_left_to_decide_and_what_lists_say_of_it() {
    let mut etat = civil_servant(Transmis);
    assert_eq!((etat.a_decider(), etat.resume()), (etat.dus(), EtatDossier::Transmis));
    for cible in etat.dus() {
        assert!(!etat.is_complete());
        put(&mut etat, cible, Valide, true);
        etat.valide = etat.propose;
    }
    assert_eq!((etat.a_decider(), etat.is_complete(), etat.resume()), (vec![], true, EtatDossier::Valide));
    put(&mut etat, RIB, Saisi, true);
    assert_eq!((etat.is_complete(), etat.resume()), (true, EtatDossier::ATransmettre));
    put(&mut etat, RIB, Transmis, true);
    assert_eq!((etat.a_decider(), etat.is_complete(), etat.resume()), (vec![RIB], true, EtatDossier::Transmis));
    put(&mut etat, RIB, Refuse, true);
    assert_eq!((etat.is_complete(), etat.resume()), (true, EtatDossier::ACompleter));
    put(&mut etat, RIB, Refuse, false);
    assert!(!etat.is_complete());
    // What is transmitted is decided on even when it is no longer asked for.
    put(&mut etat, ARRETE, Transmis, true);
    etat.propose = situation(Statut::Retraite, TypeIdentite::CarteIdentite);
    assert_eq!(etat.a_decider(), [ARRETE]);
}

#[test]
fn d2_a_block_is_as_far_as_the_least_of_what_is_due_in_it() {
    let mut etat = Etat { propose: situation(Statut::Fonctionnaire, TypeIdentite::Passeport), ..Etat::default() };
    assert_eq!(etat.bloc(Bloc::Vigilance), None, "not due");
    assert_eq!(etat.bloc(Bloc::Banque), Some(EtatBloc::ARemplir));
    let said = [
        ((Saisi, false), (ASaisir, false), EtatBloc::Incomplet),
        ((Saisi, false), (Saisi, false), EtatBloc::Pret),
        ((Transmis, false), (Saisi, false), EtatBloc::Pret),
        ((Transmis, false), (Valide, true), EtatBloc::Transmis),
        ((Valide, true), (Valide, true), EtatBloc::Valide),
        ((Valide, true), (Refuse, false), EtatBloc::ACorriger),
        // A change that is refused is to be corrected or taken back, even when something serves meanwhile.
        ((Valide, true), (Refuse, true), EtatBloc::ACorriger),
    ];
    for ((data, serves), (rib, rib_serves), expected) in said {
        put(&mut etat, BANQUE, data, serves);
        put(&mut etat, RIB, rib, rib_serves);
        assert_eq!(etat.bloc(Bloc::Banque), Some(expected), "{data} {rib}");
    }
    // What is asked for again is to be given again.
    put(&mut etat, RIB, Valide, true);
    etat.demande = Some(Demande { pieces: [TypePiece::Rib].into(), ..Demande::default() });
    assert_eq!(etat.bloc(Bloc::Banque), Some(EtatBloc::Incomplet));
    for state in [EtatBloc::ACorriger, EtatBloc::ARemplir, EtatBloc::Incomplet] {
        assert!(!state.is_ready() && !state.libelle().is_empty());
    }
}
