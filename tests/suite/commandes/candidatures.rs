//! Answers to annonces.

use actors::commands::candidatures::{
    CandidatureRefused, DismissCandidatures, SendCandidature, StudyCandidatures, TakeBackDismissals,
    WithdrawCandidature, settle_dismissals,
};
use domain::CompteId;
use domain::candidature::{EtatCandidature, REPENTIR_SECONDES, Refusal};
use domain::compte::Droit;
use store::candidatures::{Candidature, Wanted};

use super::World;
use crate::support::{Engine, account, both_engines, logins};

both_engines! {
    a2_who_is_validated_answers_an_open_annonce_once,
    a2_an_answer_sent_twice_at_once_is_one,
    a3_an_answer_is_taken_back_by_its_author_while_it_is_not_studied,
    a4_answers_are_decided_by_who_has_the_right_for_their_structure,
    a4_what_was_dismissed_takes_effect_later_unless_it_is_taken_back,
}

impl World {
    /// The first annonce that the person may answer.
    pub async fn open_annonce(&self) -> i64 {
        let desk = account(&self.store, logins::GESTIONNAIRE).await;
        let mut connection = self.store.read().await.expect("a connection");
        let lines = store::annonces::lines_of_structure(&mut connection, desk.structure.expect("hers"), 100).await;
        let open = lines.expect("an answer").into_iter();
        open.filter(|line| line.etat == domain::annonce::EtatAnnonce::Publiee).map(|line| line.id).next().expect("one")
    }

    pub async fn candidature(&self, annonce: i64, of: CompteId) -> Option<Candidature> {
        let mut connection = self.store.read().await.expect("a connection");
        store::candidatures::find(&mut connection, annonce, of).await.expect("an answer")
    }

    /// An answer that the documented structure received and that stands so.
    async fn received(&self, etat: EtatCandidature) -> Candidature {
        let desk = account(&self.store, logins::GESTIONNAIRE).await;
        let mut connection = self.store.read().await.expect("a connection");
        let wanted = Wanted { annonce: None, only: None, limit: 1 };
        let found =
            store::candidatures::received(&mut connection, desk.structure.expect("hers"), &[etat], wanted).await;
        let id = found.expect("an answer").pop().expect("one").id;
        store::candidatures::by_id(&mut connection, id).await.expect("an answer").expect("it is there")
    }

    async fn now(&self, of: &Candidature) -> Candidature {
        self.candidature(of.annonce, of.compte).await.expect("it is there")
    }

    /// How many emails and notifications the author of an answer has.
    async fn told(&self, of: CompteId) -> (usize, i64) {
        let mut connection = self.store.read().await.expect("a connection");
        let login = store::comptes::by_id(&mut connection, of).await.expect("an answer").expect("they").login;
        let mails = store::courriels::latest(&mut connection, 1_000, 0).await.expect("an answer");
        let mails = mails.iter().filter(|one| one.sortant.destinataire == login).count();
        (mails, store::notifications::count(&mut connection, of).await.expect("an answer"))
    }
}

fn send(annonce: i64, commentaire: &str) -> SendCandidature {
    SendCandidature { annonce, commentaire: commentaire.to_owned() }
}

async fn a2_who_is_validated_answers_an_open_annonce_once(engine: Engine) {
    let world = World::of(engine).await;
    let annonce = world.open_annonce().await;
    let candidat = account(&world.store, logins::CANDIDAT).await.id;
    for by in [candidat, world.desk] {
        let refused = world.ask(by, send(annonce, "Bonjour.")).await;
        assert_eq!(refused, Err(CandidatureRefused::NotValidated));
    }
    assert_eq!(world.ask(world.person, send(0, "Bonjour.")).await, Err(CandidatureRefused::Closed));
    let before = world.told(world.person).await;
    // Sent again as it is, it is the one that is there.
    for _ in 0..2 {
        assert_eq!(world.ask(world.person, send(annonce, "Bonjour.")).await, Ok(()));
    }
    let there = world.candidature(annonce, world.person).await.expect("an answer");
    assert_eq!((there.etat, there.commentaire.as_str(), there.version), (EtatCandidature::Transmise, "Bonjour.", 1));
    assert_eq!(world.told(world.person).await, (before.0 + 1, before.1), "a mail for the record");
    let other = world.ask(world.person, send(annonce, "Autre chose.")).await;
    assert_eq!(other, Err(CandidatureRefused::State(Refusal::AlreadySent)));
    assert_eq!(world.candidature(annonce, world.person).await, Some(there));
}

async fn a2_an_answer_sent_twice_at_once_is_one(engine: Engine) {
    let world = World::of(engine).await;
    let annonce = world.open_annonce().await;
    let before = world.told(world.person).await;
    let asked = (0..4).map(|_| world.ask(world.person, send(annonce, "Bonjour.")));
    let sent = futures_util::future::join_all(asked).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    assert_eq!(world.told(world.person).await.0, before.0 + 1);
}

async fn a3_an_answer_is_taken_back_by_its_author_while_it_is_not_studied(engine: Engine) {
    let world = World::of(engine).await;
    let annonce = world.open_annonce().await;
    assert_eq!(world.ask(world.person, send(annonce, "Bonjour.")).await, Ok(()));
    let id = world.candidature(annonce, world.person).await.expect("an answer").id;
    let other = world.received(EtatCandidature::Transmise).await;
    for not_theirs in [other.id, 0] {
        let refused = world.ask(world.person, WithdrawCandidature(not_theirs)).await;
        assert_eq!(refused, Err(CandidatureRefused::NotFound));
    }
    assert_eq!(world.now(&other).await, other);
    assert_eq!(world.ask(world.person, WithdrawCandidature(id)).await, Ok(()));
    let again = world.ask(world.person, WithdrawCandidature(id)).await;
    assert_eq!(again, Err(CandidatureRefused::State(Refusal::Already)));
    // It may be sent anew, with other words.
    assert_eq!(world.ask(world.person, send(annonce, "Finalement oui.")).await, Ok(()));
    let now = world.candidature(annonce, world.person).await.expect("an answer");
    assert_eq!((now.etat, now.commentaire.as_str()), (EtatCandidature::Transmise, "Finalement oui."));
    assert_eq!(world.ask(world.desk, StudyCandidatures(vec![id])).await, Ok(vec![id]));
    let late = world.ask(world.person, WithdrawCandidature(id)).await;
    assert_eq!(late, Err(CandidatureRefused::State(Refusal::Studied)));
}

async fn a4_answers_are_decided_by_who_has_the_right_for_their_structure(engine: Engine) {
    let world = World::of(engine).await;
    let other = account(&world.store, logins::ELSEWHERE).await.id;
    let found = world.received(EtatCandidature::Transmise).await;
    let ids = vec![found.id];
    let everything = async |by| {
        (
            world.ask(by, StudyCandidatures(ids.clone())).await,
            world.ask(by, DismissCandidatures(ids.clone())).await,
            world.ask(by, TakeBackDismissals(ids.clone())).await,
        )
    };
    let not_found = Err(CandidatureRefused::NotFound);
    assert_eq!(
        everything(other).await,
        (not_found.clone(), not_found, Ok(())),
        "of another structure: nothing is done"
    );
    let all = |no: CandidatureRefused| (Err(no), Err(no), Err(no));
    assert_eq!(everything(world.person).await, all(CandidatureRefused::Forbidden));
    let before = world.told(found.compte).await;
    // Twice, its author is told once; what is not of the structure is left out.
    for _ in 0..2 {
        assert_eq!(world.ask(world.desk, StudyCandidatures(vec![found.id, 0])).await, Ok(ids.clone()));
    }
    let studied = world.now(&found).await;
    assert_eq!((studied.etat, studied.version), (EtatCandidature::Etudiee, found.version + 1));
    assert_eq!(world.told(found.compte).await, (before.0 + 1, before.1 + 1));
    let desk = world.desk;
    let kept: Vec<Droit> = Droit::ALL.iter().copied().filter(|droit| *droit != Droit::Annonces).collect();
    let taken = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move { store::droits::set(transaction, desk, &kept).await })
    });
    taken.await.expect("it is taken away");
    assert_eq!(everything(world.desk).await, all(CandidatureRefused::Forbidden));
    assert_eq!(world.now(&found).await, studied);
}

async fn a4_what_was_dismissed_takes_effect_later_unless_it_is_taken_back(engine: Engine) {
    let world = World::of(engine).await;
    let found = world.received(EtatCandidature::Transmise).await;
    let before = world.told(found.compte).await;
    let settle = async |seconds: i64| {
        let settled = world.store.write::<_, store::Error, _>(None, move |transaction| {
            transaction.now += chrono::Duration::seconds(seconds);
            settle_dismissals(transaction, 10)
        });
        settled.await.expect("it runs")
    };
    let dismiss = || world.ask(world.desk, DismissCandidatures(vec![found.id]));
    assert_eq!(dismiss().await, Ok(vec![found.id]));
    assert_eq!(settle(0).await, 0);
    assert_eq!(world.ask(world.desk, TakeBackDismissals(vec![found.id])).await, Ok(()));
    assert_eq!(settle(REPENTIR_SECONDES + 5).await, 0, "it was taken back");
    assert_eq!((world.now(&found).await, world.told(found.compte).await), (found.clone(), before));
    // Said twice, it is done once.
    assert_eq!((dismiss().await, dismiss().await), (Ok(vec![found.id]), Ok(vec![found.id])));
    assert_eq!(settle(REPENTIR_SECONDES + 5).await, 1);
    assert_eq!(settle(REPENTIR_SECONDES + 5).await, 0);
    assert_eq!(world.now(&found).await.etat, EtatCandidature::NonRetenue);
    assert_eq!(world.told(found.compte).await, (before.0 + 1, before.1 + 1));
    assert_eq!(dismiss().await, Ok(vec![found.id]), "there is nothing more to do");
    assert_eq!(settle(REPENTIR_SECONDES + 5).await, 0);
}
