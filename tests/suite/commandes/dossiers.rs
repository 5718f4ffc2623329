//! The dossier administratif: what its owner gives, what a structure asks for, reads and decides.

use std::collections::BTreeSet;

use actors::commands::NotValidated;
use actors::commands::dossiers::{
    self as commands, AskForDossier, AttachPiece, DecideDossier, Decision, GiveUpTyped, KeepTyped, NotAsked,
    NotDecided, NotRead, NotSaved, NotSent, RecordReading, SaveBloc, TransmitDossier, WithdrawProposal,
};
use chrono::NaiveDate;
use domain::CompteId;
use domain::dossier::motif::Motif;
use domain::dossier::piece::{EtatElement, Refusal};
use domain::dossier::pieces::TypePiece;
use domain::dossier::transmission::Blocage;
use domain::dossier::{Bloc, Cible};
use domain::journal::Fact;
use domain::profil::Champs;
use futures_util::future::BoxFuture;
use store::Transaction;
use store::analyses::{self, AAnalyser, Constat};
use store::dossiers::{self, Dossier, Nouveau, Onglet, Tape, Terme};

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    d1_a_dossier_is_asked_for_by_who_may_and_of_who_can_give_it,
    q1_what_is_typed_is_its_owners_and_given_up_block_by_block,
    d4_a_block_is_saved_by_its_owner_when_it_is_right,
    d3_a_file_is_joined_replaced_and_taken_back,
    d9_a_dossier_is_decided_by_the_structure_that_it_was_given_to_as_it_was_read,
    d9_what_was_refused_is_given_again_and_nothing_infected_is_transmitted,
    d14_a_reading_is_written_down_of_what_one_may_see_alone,
    d12_a_review_is_announced_once_and_asks_for_everything,
}

fn telephone(numero: &str) -> Champs {
    [("telephone", numero)].into_iter().collect()
}

impl World {
    async fn dossier(&self, of: CompteId) -> Dossier {
        let mut connection = self.store.read().await.expect("a connection");
        dossiers::of(&mut connection, of).await.expect("an answer")
    }

    /// Whose dossier stands in that list of hers.
    async fn one_of(&self, onglet: Onglet) -> CompteId {
        let structure = self.structure(self.desk).await;
        let mut connection = self.store.read().await.expect("a connection");
        let (found, _) = dossiers::list(&mut connection, structure, onglet, 1).await.expect("an answer");
        found[0].compte
    }

    async fn save(&self, by: CompteId, bloc: Bloc, champs: Champs) -> Result<(), NotSaved> {
        self.ask(by, SaveBloc { vault: self.vault().await, bloc, champs }).await
    }

    async fn join(&self, by: CompteId, piece: TypePiece, blob: &str) -> Result<Vec<String>, NotSaved> {
        let cle = self.vault().await.seal("clé".as_bytes(), "essai").expect("sealed");
        let (nom, format, blob) = (format!("{piece}.pdf"), "pdf".to_owned(), blob.repeat(32));
        self.ask(by, AttachPiece(Nouveau { piece, nom, format, taille: 1, blob, cle })).await
    }

    async fn decide_dossier(
        &self,
        by: CompteId,
        compte: CompteId,
        decisions: Vec<(Cible, i32, Decision)>,
    ) -> Result<(Vec<String>, bool), NotDecided> {
        self.ask(by, DecideDossier { vault: self.vault().await, compte, decisions }).await
    }

    /// What is to be decided, and the version that it stands at.
    async fn to_decide(&self, of: CompteId) -> Vec<(Cible, i32)> {
        let found = self.dossier(of).await;
        found.etat.a_decider().into_iter().map(|cible| (cible, found.donnees(cible).version)).collect()
    }

    /// How many mails that account was sent.
    async fn mails_to(&self, of: CompteId) -> usize {
        let mut connection = self.store.read().await.expect("a connection");
        let login = store::comptes::by_id(&mut connection, of).await.expect("an answer").expect("they").login;
        let all = store::courriels::latest(&mut connection, 10_000, 0).await.expect("an answer");
        all.iter().filter(|one| one.sortant.destinataire == login).count()
    }

    /// Writes what the server writes by itself, so many days from now.
    async fn in_days<T: Send + 'static>(
        &self,
        days: i64,
        work: impl for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, store::Result<T>> + Send + 'static,
    ) -> T {
        let done = self.store.write::<_, store::Error, _>(None, move |transaction| {
            transaction.now += chrono::Duration::days(days);
            work(transaction)
        });
        done.await.expect("the database answers")
    }
}

async fn d1_a_dossier_is_asked_for_by_who_may_and_of_who_can_give_it(engine: Engine) {
    let world = World::of(engine).await;
    let candidat = world.account(logins::CANDIDAT).await;
    let before = world.mails_to(world.person).await;
    let asked = AskForDossier {
        compte: world.person,
        cibles: vec![Cible::Bloc(Bloc::Banque), Cible::Piece(TypePiece::Rib)],
        texte: "Merci. 2 55 08 14 168 025 38".to_owned(),
        avant: None,
    };
    for (by, command, why) in [
        (world.person, asked.clone(), NotAsked::Forbidden),
        (world.desk, AskForDossier { compte: world.desk, ..asked.clone() }, NotAsked::Unknown),
        (world.desk, AskForDossier { compte: candidat, ..asked.clone() }, NotAsked::Unknown),
        (world.desk, AskForDossier { cibles: Vec::new(), ..asked.clone() }, NotAsked::Nothing),
        (world.desk, AskForDossier { texte: "a".repeat(20_000), ..asked.clone() }, NotAsked::TooLong),
        (world.desk, AskForDossier { avant: NaiveDate::from_ymd_opt(2020, 1, 1), ..asked.clone() }, NotAsked::Past),
    ] {
        assert_eq!(world.ask(by, command).await, Err(why));
    }
    assert_eq!((world.dossier(world.person).await.version, world.mails_to(world.person).await), (0, before));
    assert_eq!(world.ask(world.desk, asked.clone()).await, Ok(()));
    assert_eq!(world.ask(world.desk, asked).await, Ok(()), "what is asked twice is asked once");
    let found = world.dossier(world.person).await;
    let demande = found.etat.demande.expect("it is asked for");
    assert_eq!((demande.blocs.len(), demande.pieces.len()), (1, 1));
    assert_eq!(found.structure, Some(world.structure(world.desk).await));
    assert_eq!(world.mails_to(world.person).await, before + 2);
    let mut connection = world.store.read().await.expect("a connection");
    let history = dossiers::history(&mut connection, world.person).await.expect("an answer");
    assert!(history.len() == 2 && history[0].texte.starts_with("Merci.") && !history[0].texte.contains("168"));
}

async fn q1_what_is_typed_is_its_owners_and_given_up_block_by_block(engine: Engine) {
    let world = World::of(engine).await;
    let vault = world.vault().await;
    let banque: Champs = [("titulaire", "Zinzolin")].into_iter().collect();
    let blocs = [(Bloc::Banque, banque), (Bloc::Telephones, telephone("0299000001"))].into_iter().collect();
    let keep = KeepTyped { vault: vault.clone(), tape: Tape { blocs, montres: BTreeSet::new() } };
    let words = |typed: dossiers::Brouillon| typed.into_keys().collect::<Vec<_>>();
    assert_eq!(
        world.ask(world.person, keep.clone()).await.map(words),
        Ok(vec![Bloc::Telephones, Bloc::Banque]),
        "in the order of the page"
    );
    let give_up = GiveUpTyped { vault: vault.clone(), tape: Tape::default(), bloc: Bloc::Banque };
    for by in [world.desk, world.account(logins::CANDIDAT).await] {
        assert_eq!(world.ask(by, keep.clone()).await, Err(NotValidated));
        assert_eq!(world.ask(by, give_up.clone()).await, Err(NotValidated));
    }
    assert_eq!(world.ask(world.person, give_up).await, Ok(()));
    let nothing = KeepTyped { vault, tape: Tape::default() };
    assert_eq!(world.ask(world.person, nothing).await.map(words), Ok(vec![Bloc::Telephones]));
}

async fn d4_a_block_is_saved_by_its_owner_when_it_is_right(engine: Engine) {
    let world = World::of(engine).await;
    let person = world.person;
    for by in [world.desk, world.account(logins::CANDIDAT).await] {
        let refused = world.save(by, Bloc::Telephones, telephone("0299000001")).await;
        assert_eq!(refused, Err(NotSaved::NotValidated(NotValidated)));
    }
    let wrong = world.save(person, Bloc::Telephones, telephone("12")).await;
    assert!(matches!(&wrong, Err(NotSaved::Wrong(ecarts)) if ecarts[0].champ == "telephone"), "{wrong:?}");
    assert_eq!(world.dossier(person).await.version, 0);
    assert_eq!(world.save(person, Bloc::Telephones, telephone("0299000001")).await, Ok(()));
    let saved = world.dossier(person).await.donnees(Cible::Bloc(Bloc::Telephones));
    assert_eq!((saved.element.etat(), saved.version), (EtatElement::Saisi, 1));
    assert_eq!(world.save(person, Bloc::Telephones, telephone("02 99 00 00 01")).await, Ok(()), "the same");
    assert_eq!(world.dossier(person).await.donnees(Cible::Bloc(Bloc::Telephones)).version, 1);
    // The statut decides what kind of employer is read, in the transaction that saves it.
    let employeur: Champs = [
        ("employeur_nom", "Malo Conseil"),
        ("employeur_siret", "20000017200011"),
        ("employeur_code_postal", "35000"),
        ("employeur_commune", "Rennes"),
    ]
    .into_iter()
    .collect();
    let statut = [("statut", "independant"), ("fonction", "Formateur")].into_iter().collect();
    assert_eq!(world.save(person, Bloc::Statut, statut).await, Ok(()));
    assert_eq!(world.save(person, Bloc::Employeur, employeur).await, Ok(()));
    let propose = world.dossier(person).await.etat.propose;
    assert_eq!(propose.employeur, propose.statut.and_then(domain::compte::Statut::employeur));
    // What a gestionnaire has does not change.
    let given = world.one_of(Onglet::AExaminer).await;
    let banque = [("titulaire", "Zinzolin"), ("iban", "FR7630006000011234567890189"), ("bic", "AGRIFRPP882")];
    let refused = world.save(given, Bloc::Banque, banque.into_iter().collect()).await;
    assert_eq!(refused, Err(NotSaved::Element(Refusal::Locked)));
}

async fn d3_a_file_is_joined_replaced_and_taken_back(engine: Engine) {
    let world = World::of(engine).await;
    let (person, rib) = (world.person, TypePiece::Rib);
    let withdraw = WithdrawProposal { vault: world.vault().await, cible: Cible::Piece(rib) };
    for by in [world.desk, world.account(logins::CANDIDAT).await] {
        assert_eq!(world.join(by, rib, "1").await, Err(NotSaved::NotValidated(NotValidated)));
        assert_eq!(world.ask(by, withdraw.clone()).await, Err(NotSaved::NotValidated(NotValidated)));
    }
    assert_eq!(world.ask(person, withdraw.clone()).await, Err(NotSaved::Element(Refusal::Nothing)));
    assert_eq!(world.join(person, rib, "1").await, Ok(Vec::new()));
    assert_eq!(world.join(person, rib, "2").await, Ok(vec!["1".repeat(32)]));
    assert_eq!(world.ask(person, withdraw).await, Ok(vec!["2".repeat(32)]));
    assert!(world.dossier(person).await.donnees(Cible::Piece(rib)).newest_file().is_none());
    let given = world.one_of(Onglet::AExaminer).await;
    assert_eq!(world.join(given, rib, "3").await, Err(NotSaved::Element(Refusal::Locked)));
}

async fn d9_a_dossier_is_decided_by_the_structure_that_it_was_given_to_as_it_was_read(engine: Engine) {
    let world = World::of(engine).await;
    let given = world.one_of(Onglet::AExaminer).await;
    let all = world.to_decide(given).await;
    let valider = |(cible, version): (Cible, i32)| (cible, version, Decision::Valider);
    let decisions: Vec<_> = all.iter().copied().map(valider).collect();
    let elsewhere = world.account(logins::ELSEWHERE).await;
    assert_eq!(world.decide_dossier(world.person, given, decisions.clone()).await, Err(NotDecided::Forbidden));
    assert_eq!(world.decide_dossier(world.desk, given, Vec::new()).await, Err(NotDecided::Nothing));
    assert_eq!(world.decide_dossier(elsewhere, given, decisions.clone()).await, Err(NotDecided::Elsewhere));
    let absent = Cible::Piece(TypePiece::AttestationVigilance);
    assert_eq!(
        world.decide_dossier(world.desk, given, vec![(absent, 0, Decision::Valider)]).await,
        Err(NotDecided::Refusal(absent, Refusal::NotSent))
    );
    let before = world.mails_to(given).await;
    // One that was read as it stood before refuses all of them.
    let mut stale = decisions.clone();
    stale[0].1 -= 1;
    let refused = world.decide_dossier(world.desk, given, stale).await;
    assert!(matches!(&refused, Err(NotDecided::Since(since)) if since.len() == 1), "{refused:?}");
    assert_eq!((world.to_decide(given).await, world.mails_to(given).await), (all, before));
    assert_eq!(world.decide_dossier(world.desk, given, decisions.clone()).await, Ok((Vec::new(), true)));
    assert_eq!(world.mails_to(given).await, before + 1, "one mail says everything");
    let refused = world.decide_dossier(world.desk, given, decisions.clone()).await;
    assert!(matches!(&refused, Err(NotDecided::Since(since)) if since.len() == decisions.len()), "{refused:?}");
}

async fn d9_what_was_refused_is_given_again_and_nothing_infected_is_transmitted(engine: Engine) {
    let world = World::of(engine).await;
    let given = world.one_of(Onglet::AExaminer).await;
    let rib = Cible::Piece(TypePiece::Rib);
    let motif = Motif::parse("illisible", "").expect("a reason");
    let decide = |(cible, version)| {
        let decision = if cible == rib { Decision::Refuser(motif.clone()) } else { Decision::Valider };
        (cible, version, decision)
    };
    let decisions = world.to_decide(given).await.into_iter().map(decide).collect();
    assert_eq!(world.decide_dossier(world.desk, given, decisions).await, Ok((Vec::new(), false)));
    assert_eq!(world.ask(world.desk, TransmitDossier).await, Err(NotSent::NotValidated(NotValidated)));
    let missing = world.ask(given, TransmitDossier).await;
    let Err(NotSent::Blocage(Blocage::Manques(missing))) = missing else { panic!("{missing:?}") };
    assert_eq!(missing.into_iter().map(|one| one.cible).collect::<Vec<_>>(), [rib]);
    let gone = world.join(given, TypePiece::Rib, "1").await.expect("it is joined");
    assert_eq!(gone.len(), 1, "the one that was refused");
    let found = AAnalyser { blob: "1".repeat(32), tentatives: 0, cle: None };
    world
        .in_days(0, move |transaction| {
            Box::pin(async move { analyses::settle(transaction, &found, &Constat::Infecte("Eicar".to_owned())).await })
        })
        .await;
    assert_eq!(world.ask(given, TransmitDossier).await, Err(NotSent::Infected(vec![rib])));
    assert_eq!(world.join(given, TypePiece::Rib, "2").await, Ok(vec!["1".repeat(32)]));
    assert_eq!(world.ask(given, TransmitDossier).await, Ok(()));
    assert_eq!(world.ask(given, TransmitDossier).await, Err(NotSent::Blocage(Blocage::Rien)));
    let last = world.to_decide(given).await;
    assert_eq!(last.iter().map(|(cible, _)| *cible).collect::<Vec<_>>(), [rib]);
    let decisions = last.into_iter().map(|(cible, version)| (cible, version, Decision::Valider)).collect();
    assert_eq!(world.decide_dossier(world.desk, given, decisions).await, Ok((Vec::new(), true)));
}

async fn d14_a_reading_is_written_down_of_what_one_may_see_alone(engine: Engine) {
    let world = World::of(engine).await;
    let given = world.one_of(Onglet::AExaminer).await;
    let elsewhere = world.account(logins::ELSEWHERE).await;
    let banque = Cible::Bloc(Bloc::Banque);
    let read = |cible| RecordReading { compte: given, cible };
    let before = world.head().await;
    for by in [world.person, given] {
        assert_eq!(world.ask(by, read(banque)).await, Err(NotRead::Forbidden));
    }
    // A structure that does not follow him reads nothing; the one that does finds nothing yet.
    let his = RecordReading { compte: world.person, cible: banque };
    assert_eq!(world.ask(elsewhere, his).await, Err(NotRead::Forbidden));
    assert_eq!(world.ask(world.desk, his).await, Err(NotRead::Nothing));
    // What is saved and not transmitted is still its owner's.
    let employer = [("employeur_nom", "Malo Conseil")].into_iter().collect();
    assert!(world.save(given, Bloc::Employeur, employer).await.is_err());
    let absent = Cible::Piece(TypePiece::AttestationVigilance);
    assert_eq!(world.join(given, TypePiece::AttestationVigilance, "1").await, Ok(Vec::new()));
    let saved = world.head().await;
    assert_eq!(world.ask(world.desk, read(absent)).await, Err(NotRead::Nothing));
    assert_eq!(world.ask(world.desk, read(Cible::Bloc(Bloc::Vigilance))).await, Err(NotRead::Nothing));
    assert_eq!((saved, world.head().await), (before + 1, before + 1));
    for cible in [banque, Cible::Piece(TypePiece::Rib)] {
        assert_eq!(world.ask(world.desk, read(cible)).await, Ok(()));
        let cursor = world.head().await - 1;
        let entry = world.store.follow(cursor, 1).await.expect("an answer").entries.remove(0);
        assert_eq!(entry.actor, Some(world.desk));
        assert!(entry.fact == Fact::DossierLu { compte: given, cible });
    }
}

async fn d12_a_review_is_announced_once_and_asks_for_everything(engine: Engine) {
    let world = World::of(engine).await;
    let served = world.one_of(Onglet::Valides).await;
    let before = world.mails_to(served).await;
    let remind = async |days| world.in_days(days, |transaction| commands::remind(transaction, Terme::Revue, 10)).await;
    let review = async |days| world.in_days(days, |transaction| commands::review(transaction, 10)).await;
    assert_eq!((remind(300).await, review(370).await), (0, 0), "not before its reminder");
    assert_eq!((remind(350).await, remind(351).await), (1, 0));
    assert_eq!((review(350).await, review(370).await, review(370).await), (0, 1, 0));
    assert_eq!(world.mails_to(served).await, before + 2);
    let found = world.dossier(served).await;
    assert!(found.complet_at.is_some(), "what is validated goes on serving");
    let demande = found.etat.demande.as_ref().expect("all of it is asked for");
    assert!(found.etat.dus().into_iter().all(|cible| demande.asks(cible)));
}
