//! Messages, alerts and notifications.

use actors::commands::alertes::{Annonce, announce};
use actors::commands::{
    ActOnMessages, AddNote, ArchiveDrafts, AssignMessage, Envoi, Envoye, Look, NoGestionnaire, NoMailbox, NotAssigned,
    NotNoted, NotSent, OpenMessage, ReadNotifications, SaveDraft, SendMessage, SetAlert, StopAlerts, UnknownWord,
};
use domain::alertes::{Frequence, Regle};
use domain::annonce::EtatAnnonce;
use domain::compte::Droit;
use domain::equipe::{Annotable, Travail};
use domain::journal::Fact;
use domain::messagerie::{Boite, Charge, Contenu as Ecrit, Geste, Origine};
use store::boites::Action;
use store::brouillons::Nouveau;
use store::correspondants::Availability;

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    m9_a_message_that_is_asked_for_twice_at_once_is_sent_once,
    m1_who_has_no_mailbox_does_nothing_with_messages,
    m3_m4_messages_are_opened_and_put_away,
    m8_notes_and_signs_of_life_are_of_the_structure,
    m8_words_in_braces_stand_for_whom_one_writes_to,
    m8_t1_the_journal_says_whether_a_message_is_given_or_given_back,
    l1_n2_alerts_are_set_and_notifications_read,
    l3_the_word_of_a_mail_stops_the_alerts_of_its_account,
}

impl World {
    /// A message of the structure to the person.
    async fn letter(&self, jeton: &str, texte: &str) -> Envoi {
        let mut connection = self.store.read().await.expect("a connection");
        let a = store::correspondants::of_compte(&mut connection, self.person).await.expect("an answer");
        Envoi {
            a: vec![a.expect("a mailbox")],
            contenu: Ecrit::parse("Votre intervention de mai", texte).expect("a message"),
            reponse_a: None,
            reponse_connue: None,
            jeton: jeton.to_owned(),
            brouillon: None,
        }
    }
}

async fn m9_a_message_that_is_asked_for_twice_at_once_is_sent_once(engine: Engine) {
    let world = World::of(engine).await;
    let envoi = world.letter("deux-fois", "Bonjour.").await;
    let asked = (0..6).map(|_| world.ask(world.desk, SendMessage(envoi.clone())));
    let sent = futures_util::future::join_all(asked).await;
    let new = sent.iter().filter(|one| matches!(one, Ok(Envoye::New(_)))).count();
    assert_eq!((new, sent.iter().filter(|one| one.is_ok()).count()), (1, 6), "{sent:?}");
    let message = sent[0].as_ref().expect("sent").message();
    assert!(sent.iter().all(|one| one.as_ref().is_ok_and(|one| one.message() == message)));
    let other = world.ask(world.desk, SendMessage(world.letter("deux-fois", "Autre chose.").await)).await;
    assert_eq!(other, Err(NotSent::Changed { message }));
}

async fn m3_m4_messages_are_opened_and_put_away(engine: Engine) {
    let world = World::of(engine).await;
    let envoi = world.letter("une-fois", "Bonjour.").await;
    let Ok(sent) = world.ask(world.desk, SendMessage(envoi)).await else { panic!("it is sent") };
    let message = sent.message();
    let open = OpenMessage(message);
    let Ok(first) = world.ask(world.person, open).await;
    assert_eq!(first.expect("theirs").lu_at, None, "as it was when it was opened");
    let Ok(again) = world.ask(world.person, open).await;
    assert!(again.expect("theirs").lu_at.is_some());
    let put_away = ActOnMessages { boite: Boite::Reception, messages: vec![message, -1], action: Action::Archiver };
    assert_eq!(world.ask(world.person, put_away.clone()).await, Ok(vec![message]));
    assert_eq!(world.ask(world.person, put_away).await, Ok(Vec::new()), "once");
    // A draft is its author's alone.
    let nouveau = Nouveau {
        jeton: "brouillon".into(),
        origine: Origine::Nouveau,
        source: None,
        a: Vec::new(),
        contenu: Ecrit::parse("À finir", "").expect("a draft"),
    };
    let Ok((draft, _)) = world.ask(world.person, SaveDraft(nouveau)).await else { panic!("it is kept") };
    let archive = |away| ArchiveDrafts { drafts: vec![draft], away };
    assert_eq!(world.ask(world.desk, archive(true)).await, Ok(Vec::new()));
    assert_eq!(world.ask(world.person, archive(true)).await, Ok(vec![draft]));
    assert_eq!(world.ask(world.person, archive(false)).await, Ok(vec![draft]));
}

async fn m1_who_has_no_mailbox_does_nothing_with_messages(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.account(logins::ADMINISTRATEUR).await;
    let envoi = world.letter("sans-boite", "Bonjour.").await;
    assert_eq!(world.ask(admin, SendMessage(envoi.clone())).await, Err(NotSent::NoMailbox(NoMailbox)));
    assert!(matches!(world.ask(admin, OpenMessage(1)).await, Ok(None)));
    let put_away = ActOnMessages { boite: Boite::Reception, messages: vec![1], action: Action::Archiver };
    assert_eq!(world.ask(admin, put_away.clone()).await, Err(NoMailbox));
    // A gestionnaire reads for the structure, and writes for it when they were granted to.
    let desk = world.desk;
    world.write(move |t| store::droits::set(t, desk, &[Droit::Annonces])).await;
    let closed = world.ask(desk, SendMessage(envoi.clone())).await;
    assert_eq!(closed, Err(NotSent::Closed(Availability::NotGranted)));
    world.write(move |t| store::droits::set(t, desk, Droit::ALL)).await;
    let sent = world.ask(desk, SendMessage(envoi)).await.expect("it is sent").message();
    let theirs = ActOnMessages { boite: Boite::Reception, messages: vec![sent], action: Action::Lu };
    assert_eq!(world.ask(desk, theirs).await, Ok(Vec::new()), "received by the person, not by the structure");
}

async fn m8_notes_and_signs_of_life_are_of_the_structure(engine: Engine) {
    let world = World::of(engine).await;
    let sent = world.ask(world.desk, SendMessage(world.letter("notee", "Bonjour.").await)).await.expect("it is sent");
    let sujet = (Annotable::Message, sent.message());
    let note = |sujet| AddNote { sujet, texte: "Zinzolin.".to_owned() };
    assert_eq!(world.ask(world.desk, note(sujet)).await, Ok(()));
    assert_eq!(world.ask(world.person, note(sujet)).await, Err(NotNoted::NoGestionnaire));
    for foreign in [(Annotable::Message, -1), (Annotable::Demande, -1)] {
        assert_eq!(world.ask(world.desk, note(foreign)).await, Err(NotNoted::NotTheirs), "{foreign:?}");
    }
    let elsewhere = world.account(logins::ELSEWHERE).await;
    assert_eq!(world.ask(elsewhere, note(sujet)).await, Err(NotNoted::NotTheirs));
    assert_eq!(world.ask(world.desk, Look(Travail::Message, sent.message())).await, Ok(()));
    assert_eq!(world.ask(world.person, Look(Travail::Message, sent.message())).await, Err(NoGestionnaire));
    let mut connection = world.store.read().await.expect("a connection");
    let now = world.store.clock().now();
    let looking = store::presences::lookers(&mut connection, (Travail::Message, sent.message()), elsewhere, now)
        .await
        .expect("an answer");
    assert_eq!(looking.len(), 1, "{looking:?}");
}

async fn m8_words_in_braces_stand_for_whom_one_writes_to(engine: Engine) {
    let world = World::of(engine).await;
    let person = world.compte(world.person).await;
    let envoi = world.letter("modele", "Bonjour {prenom} {nom}, {inconnu}.").await;
    let sent = world.ask(world.desk, SendMessage(envoi.clone())).await.expect("it is sent").message();
    let Ok(read) = world.ask(world.person, OpenMessage(sent)).await;
    let read = read.expect("received");
    assert_eq!(read.texte, format!("Bonjour {} {}, {{inconnu}}.", person.prenom, person.nom));
    // Two persons have no name in common.
    let mut connection = world.store.read().await.expect("a connection");
    let structure = world.structure(world.desk).await;
    let desk = store::correspondants::of_structure(&mut connection, structure).await.expect("an answer");
    let all = store::correspondants::reachable(&mut connection, desk.expect("a mailbox"), "", 2).await;
    let a = all.expect("an answer").into_iter().map(|one| one.id).collect();
    let two = Envoi { a, jeton: "deux".to_owned(), ..envoi };
    assert_eq!(world.ask(world.desk, SendMessage(two)).await, Err(NotSent::Personal("prenom")));
}

async fn m8_t1_the_journal_says_whether_a_message_is_given_or_given_back(engine: Engine) {
    let world = World::of(engine).await;
    let envoi = world.letter("aller", "Bonjour.").await;
    let mut connection = world.store.read().await.expect("a connection");
    let structure = world.structure(world.desk).await;
    let desk = store::correspondants::of_structure(&mut connection, structure).await.expect("an answer");
    let desk = desk.expect("a mailbox");
    let sent = world.ask(world.desk, SendMessage(envoi.clone())).await.expect("it is sent").message();
    let back = Envoi { a: vec![desk], jeton: "retour".into(), ..envoi };
    let message = world.ask(world.person, SendMessage(back)).await.expect("it is sent").message();
    let before = world.head().await;
    for to in [Some(world.desk), Some(world.desk), None, None] {
        assert_eq!(world.ask(world.desk, AssignMessage { message, to }).await, Ok(()));
    }
    let said =
        |charge| Fact::BoiteModifiee { correspondant: desk, messages: vec![message], action: Geste::Charge(charge) };
    assert_eq!(world.since(before).await, [said(Charge::Confier), said(Charge::Rendre)], "each change, once");
    // Only what was received, and only to those who work there.
    let elsewhere = world.account(logins::ELSEWHERE).await;
    for refused in [AssignMessage { message: sent, to: None }, AssignMessage { message, to: Some(elsewhere) }] {
        assert_eq!(world.ask(world.desk, refused).await, Err(NotAssigned::NotTheirs), "{refused:?}");
    }
    let mine = AssignMessage { message, to: Some(elsewhere) };
    assert_eq!(world.ask(elsewhere, mine).await, Err(NotAssigned::NotTheirs));
    assert_eq!(world.ask(world.person, mine).await, Err(NotAssigned::NoGestionnaire));
    assert_eq!(world.since(before).await.len(), 2);
}

async fn l1_n2_alerts_are_set_and_notifications_read(engine: Engine) {
    let world = World::of(engine).await;
    let set = SetAlert { regle: Regle::Regions, frequence: Frequence::Quotidienne };
    let Ok(()) = world.ask(world.person, set).await;
    let regle = async |of| store::alertes::regle(&mut world.store.read().await.expect("a connection"), of).await;
    assert_eq!(regle(world.person).await.expect("an answer"), Regle::Regions);
    let person = world.person;
    let told = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move {
            store::notifications::create(transaction, &[person], "boite", ("Zinzolin", "", "/tableau-de-bord")).await
        })
    });
    told.await.expect("told");
    let Ok(of_others) = world.ask(world.desk, ReadNotifications(None)).await;
    let Ok(read) = world.ask(world.person, ReadNotifications(None)).await;
    assert!(read >= 1, "{read} and {of_others}");
    assert_eq!(world.ask(world.person, ReadNotifications(None)).await, Ok(0));
}

async fn l3_the_word_of_a_mail_stops_the_alerts_of_its_account(engine: Engine) {
    let world = World::of(engine).await;
    let person = world.person;
    let Ok(()) = world.ask(person, SetAlert { regle: Regle::Regions, frequence: Frequence::Instantanee }).await;
    let ids: Vec<i64> = (1..100).collect();
    let found = store::annonces::by_ids(&mut world.store.read().await.expect("a connection"), &ids).await;
    let open = found.expect("an answer").into_iter().find(|one| one.etat == EtatAnnonce::Publiee).expect("one");
    let about = Annonce {
        id: open.id,
        numero: String::new(),
        titre: open.contenu.titre,
        structure: open.structure_nom,
        specialite: String::new(),
        regions: String::new(),
        periode: String::new(),
    };
    let told = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move { announce(transaction, &about, &[person], &|| "mot".to_owned()).await })
    });
    assert_eq!(told.await.expect("told"), [person]);
    assert_eq!(world.visitor(StopAlerts("mots".to_owned())).await, Err(UnknownWord));
    let regle = async || store::alertes::regle(&mut world.store.read().await.expect("a connection"), person).await;
    assert_eq!(regle().await.expect("an answer"), Regle::Regions);
    assert_eq!(world.visitor(StopAlerts("mot".to_owned())).await, Ok(()));
    assert_eq!(regle().await.expect("an answer"), Regle::Aucune);
}
