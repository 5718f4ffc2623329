//! Messages, alerts and notifications.

use actors::commands::{
    ActOnMessages, ArchiveDrafts, OpenMessage, ReadNotifications, SaveDraft, SendMessage, SetAlert, StopAlerts,
    UnknownWord,
};
use domain::alertes::{Frequence, Regle};
use domain::annonce::EtatAnnonce;
use domain::journal::Fact;
use domain::messagerie::{Charge, Contenu as Ecrit, Dossier, Geste, Origine};
use store::boites::Action;
use store::brouillons::Saisie;
use store::messagerie::{Envoi, Envoye, NotSent};

use super::World;
use crate::support::{Engine, both_engines};

both_engines! {
    m9_a_message_that_is_asked_for_twice_at_once_is_sent_once,
    m3_m4_messages_are_opened_and_put_away,
    m8_t1_the_journal_says_whether_a_message_is_given_or_given_back,
    l1_n2_alerts_are_set_and_notifications_read,
    l3_the_word_of_a_mail_stops_the_alerts_of_its_account,
}

impl World {
    /// A message of the structure to the person.
    async fn letter(&self, jeton: &str, texte: &str) -> Envoi {
        let mut connection = self.store.read().await.expect("a connection");
        let desk = store::comptes::by_id(&mut connection, self.desk).await.expect("an answer").expect("she");
        let structure = desk.structure.expect("hers");
        let de = store::correspondants::of_structure(&mut connection, structure).await.expect("an answer");
        let a = store::correspondants::of_compte(&mut connection, self.person).await.expect("an answer");
        Envoi {
            de: de.expect("a mailbox"),
            auteur: self.desk,
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
    let theirs = envoi.a[0];
    let Ok(sent) = world.ask(world.desk, SendMessage(envoi)).await else { panic!("it is sent") };
    let message = sent.message();
    let open = OpenMessage { correspondant: theirs, message };
    let Ok(first) = world.ask(world.person, open).await;
    assert_eq!(first.expect("theirs").lu_at, None, "as it was when it was opened");
    let Ok(again) = world.ask(world.person, open).await;
    assert!(again.expect("theirs").lu_at.is_some());
    let put_away = ActOnMessages {
        correspondant: theirs,
        dossier: Dossier::Reception,
        messages: vec![message, -1],
        action: Action::Archiver,
    };
    assert_eq!(world.ask(world.person, put_away.clone()).await, Ok(vec![message]));
    assert_eq!(world.ask(world.person, put_away).await, Ok(Vec::new()), "once");
    // A draft is its author's alone.
    let saisie = Saisie {
        auteur: world.person,
        correspondant: theirs,
        jeton: "brouillon".into(),
        origine: Origine::Nouveau,
        source: None,
        a: Vec::new(),
        contenu: Ecrit::parse("À finir", "").expect("a draft"),
    };
    let Ok((draft, _)) = world.ask(world.person, SaveDraft(saisie)).await;
    let archive = |away| ArchiveDrafts { drafts: vec![draft], away };
    assert_eq!(world.ask(world.desk, archive(true)).await, Ok(Vec::new()));
    assert_eq!(world.ask(world.person, archive(true)).await, Ok(vec![draft]));
    assert_eq!(world.ask(world.person, archive(false)).await, Ok(vec![draft]));
}

async fn m8_t1_the_journal_says_whether_a_message_is_given_or_given_back(engine: Engine) {
    let world = World::of(engine).await;
    let envoi = world.letter("aller", "Bonjour.").await;
    let desk = envoi.de;
    let back = Envoi { de: envoi.a[0], auteur: world.person, a: vec![desk], jeton: "retour".into(), ..envoi };
    let Ok(sent) = world.ask(world.person, SendMessage(back)).await else { panic!("it is sent") };
    let (message, me, structure) = (sent.message(), world.desk, world.structure(world.desk).await);
    let before = world.head().await;
    for to in [Some(me), Some(me), None, None] {
        let given =
            world.write(move |transaction| store::suivis::assign(transaction, (desk, structure), message, (me, to)));
        assert!(given.await, "it is in their mailbox");
    }
    let said =
        |charge| Fact::BoiteModifiee { correspondant: desk, messages: vec![message], action: Geste::Charge(charge) };
    assert_eq!(world.since(before).await, [said(Charge::Confier), said(Charge::Rendre)], "each change, once");
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
            store::notifications::create(transaction, &[person], "dossier", ("Zinzolin", "", "/tableau-de-bord")).await
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
    let about = store::alertes::Annonce {
        id: open.id,
        numero: String::new(),
        titre: open.contenu.titre,
        structure: open.structure_nom,
        specialite: String::new(),
        regions: String::new(),
        periode: String::new(),
    };
    let told = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move { store::alertes::fan_out(transaction, &about, &[person], &|| "mot".to_owned()).await })
    });
    assert_eq!(told.await.expect("told"), [person]);
    assert_eq!(world.visitor(StopAlerts("mots".to_owned())).await, Err(UnknownWord));
    let regle = async || store::alertes::regle(&mut world.store.read().await.expect("a connection"), person).await;
    assert_eq!(regle().await.expect("an answer"), Regle::Regions);
    assert_eq!(world.visitor(StopAlerts("mot".to_owned())).await, Ok(()));
    assert_eq!(regle().await.expect("an answer"), Regle::Aucune);
}
