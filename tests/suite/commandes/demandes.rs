//! Requests to the support.

use actors::commands::demandes::{
    AssignDemande, CompleteDemande, ConfirmDemande, MergeDemandes, NotHandled, Nouvelle, ReopenCompte, SendDemande,
    SendDemandeOfVisitor, TransferDemande, TreatDemande, echeances, history,
};
use actors::commands::{Due, LinkSecret};
use chrono::Duration;
use domain::compte::{Droit, MotifArchive};
use domain::journal::Fact;
use domain::support::{EtatDemande, Evenement, Refusal, TypeDemande};
use domain::{CompteId, StructureId};
use store::demandes::{De, Demande};
use store::fichiers::Recu;

use super::{World, secret};
use crate::support::{Engine, both_engines, logins};

both_engines! {
    s2_a_visitors_request_waits_for_its_link_and_is_sent_once,
    s4_s5_a_request_is_answered_and_completed_by_its_signed_link,
    s6_a_silent_request_is_reminded_then_closed_once,
    s8_a_request_is_given_moved_and_joined_by_its_structure_alone,
    s8_t1_the_journal_and_the_thread_say_what_was_done_to_a_request,
    s8_q8_of_two_requests_that_are_joined_to_each_other_at_once_one_stays,
    x4_an_archived_account_is_brought_back_by_who_may,
}

impl World {
    pub async fn request(&self, id: i64) -> Demande {
        let mut connection = self.store.read().await.expect("a connection");
        store::demandes::by_id(&mut connection, id).await.expect("an answer").expect("the request")
    }

    /// What is asked of the documented structure.
    pub async fn asking(&self, jeton: &str) -> Nouvelle {
        Nouvelle {
            sorte: TypeDemande::Inscription,
            structure: self.structure(self.desk).await,
            courriel: "rozenn@support.example".into(),
            nom: "Le Bihan".into(),
            prenom: "Rozenn".into(),
            objet: "Mon CV".into(),
            texte: "Il n’apparaît pas.".into(),
            jeton: jeton.into(),
            secret: "zinzolin".into(),
        }
    }

    /// A request of the person, which their structure has.
    async fn sent(&self, jeton: &str) -> Demande {
        let Ok(made) = self.ask(self.person, SendDemande(self.asking(jeton).await)).await;
        made
    }

    /// What was mailed to an address since the last time: the names of the templates.
    pub async fn mailed(&self, to: &str) -> Vec<&'static str> {
        let claimed = self.store.write::<_, store::Error, _>(None, |transaction| {
            Box::pin(async move { store::courriels::claim(transaction, "essai", Duration::days(1_000), 1_000).await })
        });
        let all = claimed.await.expect("the outbox");
        all.iter().filter(|one| one.destinataire == to).map(|one| one.courriel.modele()).collect()
    }

    fn days_pass(&self, days: i64) {
        assert!(self.store.clock().advance(Duration::days(days)));
    }

    /// Nobody of the structure has this right any more.
    pub async fn without(&self, droit: Droit) {
        let (of, kept) = (self.desk, Droit::ALL.iter().copied().filter(|one| *one != droit).collect::<Vec<_>>());
        let taken = self.store.write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::droits::set(transaction, of, &kept).await })
        });
        taken.await.expect("it is taken away");
    }

    pub async fn archive(&self, of: CompteId) {
        let archived = self.store.write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::comptes::archive(transaction, of, MotifArchive::Desinscription).await })
        });
        assert!(archived.await.expect("an answer"));
    }
}

fn treat(of: &Demande, evenement: Evenement, texte: &str, jeton: &str) -> TreatDemande {
    TreatDemande { demande: of.id, version: of.version, evenement, texte: texte.into(), jeton: jeton.into() }
}

async fn s2_a_visitors_request_waits_for_its_link_and_is_sent_once(engine: Engine) {
    let world = World::of(engine).await;
    let link = |word: &str| LinkSecret { token: word.into(), kept: format!("{word}-empreinte") };
    let ask = SendDemandeOfVisitor { nouvelle: world.asking("visiteur-1").await, confirmation: link("premier") };
    let Ok(made) = world.visitor(ask.clone()).await;
    let Ok(again) = world.visitor(SendDemandeOfVisitor { confirmation: link("second"), ..ask }).await;
    assert_eq!((made.etat, made.compte, again.id), (EtatDemande::AConfirmer, None, made.id));
    assert_eq!(world.mailed(&made.courriel).await, ["support_a_confirmer"]);
    // Nobody of the structure can do anything to it before.
    let early = world.ask(world.desk, treat(&made, Evenement::Repondre, "Oui.", "tôt")).await;
    assert_eq!(early, Err(NotHandled::Unknown));
    for unknown in ["premier", "second-empreinte"] {
        assert_eq!(world.visitor(ConfirmDemande(unknown.into())).await, Err(NotHandled::Unknown), "{unknown}");
    }
    let confirm = ConfirmDemande("premier-empreinte".into());
    let confirmed = world.visitor(confirm.clone()).await.expect("it is theirs");
    assert_eq!((confirmed.etat, confirmed.version), (EtatDemande::Nouvelle, 2));
    assert_eq!(world.mailed(&made.courriel).await, ["support_suivi"]);
    assert_eq!(world.visitor(confirm).await, Ok(confirmed), "clicked again, nothing changes");
    assert_eq!(world.mailed(&made.courriel).await, [""; 0]);
    // Seven days later it is too late.
    let late = SendDemandeOfVisitor { nouvelle: world.asking("visiteur-2").await, confirmation: link("tard") };
    let Ok(late) = world.visitor(late).await;
    world.days_pass(8);
    assert_eq!(world.visitor(ConfirmDemande("tard-empreinte".into())).await, Err(NotHandled::Expired));
    assert_eq!(world.request(late.id).await.etat, EtatDemande::AConfirmer);
    // It is dropped by itself, and what was confirmed stays.
    let drop = Due { what: store::demandes::drop_unconfirmed, limit: 100 };
    assert_eq!((world.visitor(drop).await, world.visitor(drop).await), (Ok(1), Ok(0)));
    assert_eq!(world.visitor(ConfirmDemande("tard-empreinte".into())).await, Err(NotHandled::Unknown));
    assert_eq!(world.request(made.id).await.etat, EtatDemande::Nouvelle);
}

async fn s4_s5_a_request_is_answered_and_completed_by_its_signed_link(engine: Engine) {
    let world = World::of(engine).await;
    let made = world.sent("compte-1").await;
    assert_eq!((made.etat, made.compte), (EtatDemande::Nouvelle, Some(world.person)));
    let question = treat(&made, Evenement::DemanderComplement, "Quel format ?", "question");
    for (by, why) in
        [(world.person, NotHandled::Forbidden), (world.account(logins::ELSEWHERE).await, NotHandled::Unknown)]
    {
        assert_eq!(world.ask(by, question.clone()).await, Err(why));
    }
    let asked = (0..4).map(|_| world.ask(world.desk, question.clone()));
    let asked = futures_util::future::join_all(asked).await;
    assert_eq!(asked, vec![Ok(()); 4], "posted four times at once, it is one question");
    let waits = world.request(made.id).await;
    assert_eq!((waits.etat, waits.version, waits.assigne), (EtatDemande::Complement, 2, Some(world.desk)));
    assert_eq!(world.mailed(&made.courriel).await, ["support_suivi"; 2], "it came, and its author is asked");
    let other = TreatDemande { texte: "Autre chose ?".into(), ..question.clone() };
    assert_eq!(world.ask(world.desk, other).await, Err(NotHandled::Changed), "another text is no repetition");
    let stale = treat(&made, Evenement::Repondre, "Oui.", "réponse");
    assert_eq!(world.ask(world.desk, stale).await, Err(NotHandled::Changed));

    // The author answers by the link of that mail, with a file.
    let link = history(&waits, world.store.clock().now());
    let word = link.rsplit('/').next().expect("its word").to_owned();
    let piece = Recu { nom: "cv.pdf".into(), format: "pdf".into(), taille: 3, blob: "a".repeat(32) };
    let answer =
        CompleteDemande { lien: word.clone(), texte: "En PDF.".into(), jeton: "réponse".into(), piece: Some(piece) };
    let (id, end) = word.rsplit_once('-').map(|(start, end)| (start.to_owned(), end.to_owned())).expect("signed");
    for wrong in
        [format!("{id}-{}", end.replace(&end[..1], "z")), format!("9{id}-{end}"), "rien".into(), word.clone() + "-"]
    {
        let forged = CompleteDemande { lien: wrong.clone(), ..answer.clone() };
        assert_eq!(world.visitor(forged).await, Err(NotHandled::Unknown), "{wrong}");
    }
    assert_eq!(world.visitor(answer.clone()).await, Ok(true));
    assert_eq!(world.visitor(answer.clone()).await, Ok(false), "by the same form, once");
    let changed = CompleteDemande { texte: "En Word.".into(), ..answer.clone() };
    assert_eq!(world.visitor(changed).await, Err(NotHandled::Changed));
    let back = world.request(made.id).await;
    assert_eq!((back.etat, back.version, back.echeance_at), (EtatDemande::EnCours, 3, None));
    let mut connection = world.store.read().await.expect("a connection");
    let thread = store::demandes::thread(&mut connection, made.id).await.expect("an answer");
    let told = store::notifications::list(&mut connection, world.desk, 1, 0).await.expect("an answer");
    drop(connection);
    let lines: Vec<_> = thread.iter().map(|one| (one.de, one.texte.as_str(), one.pieces.len())).collect();
    let expected =
        [(De::Demandeur, "Il n’apparaît pas.", 0), (De::Structure, "Quel format ?", 0), (De::Demandeur, "En PDF.", 1)];
    assert_eq!(lines, expected);
    assert_eq!(told[0].titre, format!("Rozenn Le Bihan a répondu à la demande {}", made.reference));

    // The answer that closes ends it for both, and the link for ever after ninety days.
    assert_eq!(world.ask(world.desk, treat(&back, Evenement::Clore, "Voilà.", "fin")).await, Ok(()));
    let closed = world.request(made.id).await;
    assert!(closed.etat == EtatDemande::Close && closed.close_at.is_some(), "{closed:?}");
    let more = CompleteDemande { jeton: "encore".into(), ..answer };
    assert_eq!(world.visitor(more.clone()).await, Err(NotHandled::Refusal(Refusal::Closed)));
    let again = world.ask(world.desk, treat(&closed, Evenement::Repondre, "Encore.", "encore")).await;
    assert_eq!(again, Err(NotHandled::Refusal(Refusal::Closed)));
    world.days_pass(91);
    assert_eq!(world.visitor(more).await, Err(NotHandled::Expired));
}

async fn s6_a_silent_request_is_reminded_then_closed_once(engine: Engine) {
    let world = World::of(engine).await;
    let made = world.sent("silence").await;
    let question = treat(&made, Evenement::DemanderComplement, "Quel format ?", "question");
    assert_eq!(world.ask(world.desk, question).await, Ok(()));
    world.mailed(&made.courriel).await;
    let run = async |close: bool| {
        let ran = world.store.write::<_, store::Error, _>(None, move |transaction| {
            if close { echeances::close_silent(transaction, 100) } else { echeances::remind(transaction, 100) }
        });
        ran.await.expect("it runs");
        world.mailed(&made.courriel).await
    };
    assert_eq!(run(false).await, [""; 0], "not yet");
    world.days_pass(40);
    assert_eq!(run(true).await, [""; 0], "nobody was reminded");
    assert_eq!(run(false).await, ["support_rappel"]);
    assert_eq!(run(false).await, [""; 0], "once");
    // Reminded late, they keep a week; their page is still the one they read.
    let reminded = world.request(made.id).await;
    assert_eq!((reminded.version, reminded.etat), (2, EtatDemande::Complement));
    assert_eq!(run(true).await, [""; 0]);
    world.days_pass(8);
    assert_eq!(run(true).await, ["support_suivi"]);
    assert_eq!(run(true).await, [""; 0], "once");
    let closed = world.request(made.id).await;
    assert_eq!((closed.etat, closed.version, closed.echeance_at), (EtatDemande::Close, 3, None));
}

async fn s8_a_request_is_given_moved_and_joined_by_its_structure_alone(engine: Engine) {
    let world = World::of(engine).await;
    let (elsewhere, colleague) = (world.account(logins::ELSEWHERE).await, world.account(logins::COLLEAGUE).await);
    let (here, there) = (world.structure(world.desk).await, world.structure(elsewhere).await);
    let (one, two) = (world.sent("une").await, world.sent("deux").await);
    let assign = AssignDemande { demande: one.id, version: one.version, a: Some(colleague) };
    let transfer = TransferDemande { demande: one.id, version: one.version, vers: there };
    let merge = MergeDemandes { demande: one.id, version: one.version, dans: two.id };
    for (by, why) in [(world.person, NotHandled::Forbidden), (elsewhere, NotHandled::Unknown)] {
        assert_eq!(world.ask(by, assign).await, Err(why));
        assert_eq!(world.ask(by, transfer).await, Err(why));
        assert_eq!(world.ask(by, merge).await, Err(why));
    }
    let to_another = AssignDemande { a: Some(elsewhere), ..assign };
    assert_eq!(world.ask(world.desk, to_another).await, Err(NotHandled::NotAMember));
    assert_eq!(world.ask(world.desk, TransferDemande { vers: here, ..transfer }).await, Err(NotHandled::SameStructure));
    assert_eq!(
        world.ask(world.desk, TransferDemande { vers: StructureId(-1), ..transfer }).await,
        Err(NotHandled::SameStructure)
    );
    assert_eq!(world.ask(world.desk, MergeDemandes { dans: one.id, ..merge }).await, Err(NotHandled::NotADuplicate));

    assert_eq!(world.ask(world.desk, assign).await, Ok(()));
    let given = world.request(one.id).await;
    assert_eq!((given.etat, given.assigne, given.version), (EtatDemande::EnCours, Some(colleague), 2));
    assert_eq!(world.ask(world.desk, assign).await, Err(NotHandled::Changed));
    assert_eq!(world.ask(world.desk, transfer).await, Err(NotHandled::Changed));
    assert_eq!(world.ask(world.desk, merge).await, Err(NotHandled::Changed));
    // To whom has it already, it changes nothing.
    assert_eq!(world.ask(world.desk, AssignDemande { version: 2, ..assign }).await, Ok(()));
    assert_eq!(world.request(one.id).await, given);

    assert_eq!(world.ask(world.desk, TransferDemande { version: 2, ..transfer }).await, Ok(()));
    let moved = world.request(one.id).await;
    assert_eq!((moved.structure, moved.etat, moved.assigne, moved.version), (there, EtatDemande::Nouvelle, None, 3));
    assert_eq!(
        world.ask(world.desk, AssignDemande { version: 3, ..assign }).await,
        Err(NotHandled::Unknown),
        "it left"
    );
    let back = TransferDemande { demande: one.id, version: 3, vers: here };
    assert_eq!(world.ask(elsewhere, back).await, Ok(()));

    assert_eq!(world.ask(world.desk, MergeDemandes { version: 4, ..merge }).await, Ok(()));
    let joined = world.request(one.id).await;
    assert_eq!((joined.etat, joined.fusion), (EtatDemande::Close, Some(two.id)));
    let mut connection = world.store.read().await.expect("a connection");
    let thread = store::demandes::thread(&mut connection, two.id).await.expect("an answer");
    drop(connection);
    assert_eq!(thread.iter().filter(|one| one.de == De::Demandeur).count(), 2, "{thread:?}");
    let closed = Err(NotHandled::Refusal(Refusal::Closed));
    assert_eq!(world.ask(world.desk, AssignDemande { version: 5, ..assign }).await, closed);
    assert_eq!(world.ask(world.desk, TransferDemande { version: 5, ..transfer }).await, closed);
    assert_eq!(world.ask(world.desk, MergeDemandes { version: 5, ..merge }).await, Err(NotHandled::NotADuplicate));
}

async fn s8_t1_the_journal_and_the_thread_say_what_was_done_to_a_request(engine: Engine) {
    let world = World::of(engine).await;
    let elsewhere = world.account(logins::ELSEWHERE).await;
    let (here, there) = (world.structure(world.desk).await, world.structure(elsewhere).await);
    let (one, two) = (world.sent("une").await, world.sent("deux").await);
    let question = treat(&one, Evenement::DemanderComplement, "Quel format ?", "question");
    assert_eq!(world.ask(world.desk, question).await, Ok(()));
    let before = world.head().await;
    let give = |version, a| AssignDemande { demande: one.id, version, a };
    let colleague = world.account(logins::COLLEAGUE).await;
    world.mailed(&one.courriel).await;
    for (version, a) in [(2, Some(colleague)), (3, None), (4, None)] {
        assert_eq!(world.ask(world.desk, give(version, a)).await, Ok(()));
        let now = world.request(one.id).await;
        // Its author still has until that day.
        assert!(now.etat == EtatDemande::Complement && now.echeance_at.is_some() && now.assigne == a, "{now:?}");
    }
    assert_eq!(world.mailed(&one.courriel).await, [""; 0], "who has it is the structure's own affair");
    let moved = TransferDemande { demande: one.id, version: 4, vers: there };
    assert_eq!(world.ask(world.desk, moved).await, Ok(()));
    assert_eq!(world.ask(elsewhere, TransferDemande { version: 5, vers: here, ..moved }).await, Ok(()));
    assert_eq!(world.ask(world.desk, MergeDemandes { demande: one.id, version: 6, dans: two.id }).await, Ok(()));
    let mut connection = world.store.read().await.expect("a connection");
    let mut boxes = Vec::new();
    for structure in [here, there] {
        boxes.extend(store::correspondants::of_structure(&mut connection, structure).await.expect("an answer"));
    }
    let thread = store::demandes::thread(&mut connection, two.id).await.expect("an answer");
    drop(connection);
    let facts = world.since(before).await.into_iter();
    let told = facts.filter_map(|fact| match fact {
        Fact::DemandeModifiee { demande, evenement, boites } if demande == one.id => Some((evenement, boites)),
        _ => None,
    });
    let (ours, both, back) = (vec![boxes[0]], boxes.clone(), vec![boxes[1], boxes[0]]);
    let expected = [
        (Evenement::Prendre, ours.clone()),
        (Evenement::Rendre, ours.clone()),
        (Evenement::Transferer, both),
        (Evenement::Transferer, back),
        (Evenement::Reunir, ours),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    let said: Vec<&str> = thread.iter().filter(|one| one.de == De::Service).map(|one| one.texte.as_str()).collect();
    let starts = ["La demande n’est plus confiée à une personne", "La demande est confiée à une autre structure"];
    assert!(said.len() == 4 && said[0].starts_with(starts[0]) && said[1].starts_with(starts[1]), "{said:?}");
    assert_eq!(said[3], format!("La demande {} est réunie à celle-ci.", one.reference));
}

async fn s8_q8_of_two_requests_that_are_joined_to_each_other_at_once_one_stays(engine: Engine) {
    let world = World::of(engine).await;
    for round in 0..5 {
        let (one, two) = (world.sent(&format!("une-{round}")).await, world.sent(&format!("deux-{round}")).await);
        let join = |from: &Demande, into: &Demande| {
            let merge = MergeDemandes { demande: from.id, version: from.version, dans: into.id };
            world.ask(world.desk, merge)
        };
        let (first, second) = futures_util::future::join(join(&one, &two), join(&two, &one)).await;
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let (one, two) = (world.request(one.id).await, world.request(two.id).await);
        assert!(one.fusion.is_some() != two.fusion.is_some(), "{one:?} {two:?}");
    }
}

async fn x4_an_archived_account_is_brought_back_by_who_may(engine: Engine) {
    let world = World::of(engine).await;
    world.archive(world.person).await;
    let login = logins::INTERVENANT;
    let ask = async |jeton: &str, sorte, courriel: &str| {
        let nouvelle = Nouvelle { sorte, courriel: courriel.into(), ..world.asking(jeton).await };
        let link = LinkSecret { token: jeton.into(), kept: jeton.into() };
        let Ok(_) = world.visitor(SendDemandeOfVisitor { nouvelle, confirmation: link }).await;
        world.visitor(ConfirmDemande(jeton.into())).await.expect("it is confirmed").id
    };
    let (of, about) = (ask("le-sien", TypeDemande::Reactivation, login).await, world.person);
    let reopen = |demande| ReopenCompte { demande, compte: about, secret: secret("retour") };
    // Not about that account, not of that kind, of another account, by who may not.
    let other = ask("autre", TypeDemande::Reactivation, "personne@support.example").await;
    let kind = ask("sorte", TypeDemande::Connexion, login).await;
    for demande in [other, kind] {
        assert_eq!(world.ask(world.desk, reopen(demande)).await, Err(NotHandled::NotArchived));
    }
    let somebody = ReopenCompte { compte: world.desk, ..reopen(of) };
    assert_eq!(world.ask(world.desk, somebody).await, Err(NotHandled::NotArchived));
    assert_eq!(world.ask(world.desk, reopen(-1)).await, Err(NotHandled::Unknown));
    assert_eq!(world.ask(world.person, reopen(of)).await, Err(NotHandled::Forbidden));
    world.mailed(login).await;
    assert_eq!(world.ask(world.desk, reopen(of)).await, Ok(()));
    assert_eq!(world.mailed(login).await, ["compte_reactive"]);
    let mut connection = world.store.read().await.expect("a connection");
    let account = store::comptes::by_id(&mut connection, about).await.expect("an answer").expect("the account");
    drop(connection);
    assert_eq!(account.etat, domain::compte::EtatCompte::Actif);
    assert_eq!(world.ask(world.desk, reopen(of)).await, Err(NotHandled::NotArchived), "once");
    world.without(Droit::Acces).await;
    assert_eq!(world.ask(world.desk, reopen(of)).await, Err(NotHandled::Forbidden));
}
