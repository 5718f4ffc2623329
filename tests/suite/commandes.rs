//! What is done in somebody's name, without HTTP, on both engines.

use actors::commands::{
    ActOnMessages, AdvanceAnnonce, Answer, ArchiveDrafts, ChangeAnnonce, Command, CreateAnnonce, OpenMessage,
    ReadNotifications, SaveDraft, SendMessage, SetAlert,
};
use domain::CompteId;
use domain::alertes::{Frequence, Regle};
use domain::annonce::{EtatAnnonce, Evenement, Modalite, Refusal};
use domain::compte::Droit;
use domain::email::Email;
use domain::messagerie::{Contenu as Ecrit, Dossier, Origine};
use store::Store;
use store::annonces::{Contenu, Refus};
use store::boites::Action;
use store::brouillons::Saisie;
use store::messagerie::{Envoi, Envoye, NotSent};

use crate::base::open;
use crate::support::{Engine, Site, both_engines, logins};

both_engines! {
    m9_a_message_that_is_asked_for_twice_at_once_is_sent_once,
    m3_m4_messages_are_opened_and_put_away,
    g7_the_right_to_an_annonce_is_looked_at_in_its_transaction,
    l1_n2_alerts_are_set_and_notifications_read,
}

struct World {
    _site: Site,
    store: Store,
    desk: CompteId,
    person: CompteId,
}

impl World {
    async fn of(engine: Engine) -> Self {
        let site = Site::demo(engine).await;
        let store = open(&site).await;
        let account = async |login: &str| {
            let login = Email::parse(login).expect("an address");
            let found = store::comptes::by_login(&mut store.read().await.expect("a connection"), &login).await;
            found.expect("an answer").expect("the account").id
        };
        let (desk, person) = (account(logins::GESTIONNAIRE).await, account(logins::INTERVENANT).await);
        Self { _site: site, store, desk, person }
    }

    async fn ask<C: Command>(&self, by: CompteId, command: C) -> Result<C::Done, C::Refusal> {
        let answer: Answer<C> = command.perform(self.store.clone(), by).await;
        answer.expect("the database answers")
    }

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

async fn g7_the_right_to_an_annonce_is_looked_at_in_its_transaction(engine: Engine) {
    let world = World::of(engine).await;
    let contenu = Contenu {
        titre: "Former des trésoriers".into(),
        description: "Bonjour.".into(),
        specialite: "finances".into(),
        sous_specialite: None,
        regions: vec!["53".into()],
        departements: Vec::new(),
        modalite: Modalite::Presentiel,
        du: None,
        au: None,
    };
    let annonce = world.ask(world.desk, CreateAnnonce(contenu.clone())).await.expect("hers");
    let change = ChangeAnnonce { annonce, version: 1, contenu };
    assert_eq!(world.ask(world.desk, change.clone()).await, Ok(2));
    assert_eq!(world.ask(world.desk, change.clone()).await, Err(Refus::Changed));
    let advance = |version, evenement| AdvanceAnnonce { annonce, version, evenement };
    let refused = world.ask(world.desk, advance(2, Evenement::Cloturer)).await;
    assert!(matches!(refused, Err(Refus::State(Refusal::NotPublished))), "{refused:?}");
    assert_eq!(world.ask(world.desk, advance(2, Evenement::Publier)).await, Ok(EtatAnnonce::Publiee));
    // The right goes: nothing more is hers to do, nor was it ever the intervenant's.
    let desk = world.desk;
    let kept: Vec<Droit> = Droit::ALL.iter().copied().filter(|droit| *droit != Droit::Annonces).collect();
    let taken = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move { store::administration::set_droits(transaction, desk, &kept).await })
    });
    taken.await.expect("it is taken away");
    for by in [world.desk, world.person] {
        assert_eq!(world.ask(by, change.clone()).await, Err(Refus::Forbidden));
        assert_eq!(world.ask(by, advance(3, Evenement::Cloturer)).await, Err(Refus::Forbidden));
        assert_eq!(world.ask(by, CreateAnnonce(change.contenu.clone())).await, Err(Refus::Forbidden));
    }
    let found = store::annonces::by_ids(&mut world.store.read().await.expect("a connection"), &[annonce]).await;
    assert_eq!(found.expect("an answer")[0].etat, EtatAnnonce::Publiee);
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
