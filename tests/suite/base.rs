//! The database by itself, on both engines: its schema, its journal, what an interrupted transaction leaves behind.

use domain::compte::{EtatCompte, Role};
use domain::email::Email;
use domain::siret::Siret;
use domain::time::Clock;
use store::comptes::Nouveau;
use store::{Error, Store, comptes, journal, referentiels, verification};

use crate::support::{Engine, Site, both_engines, eventually};

both_engines!(
    o2_the_schema_goes_up_down_and_up_again_and_every_column_is_there,
    t2_the_journal_has_no_gap_and_follows_the_order_of_commits,
    q8_a_transaction_that_dies_leaves_nothing_and_its_connection_is_thrown_away,
    q8_a_transaction_whose_caller_goes_away_still_ends,
    k2_k7_links_and_captchas_die_with_their_time,
    i16_a_complement_is_warned_of_twice_and_then_archived_with_its_account,
    i5_public_employers_are_found_from_the_second_character_and_by_siret,
);

/// An empty database, not migrated.
pub async fn open(site: &Site) -> Store {
    let flags = site.place();
    let url = match flags.iter().position(|flag| flag == "--database-url") {
        Some(at) => flags[at + 1].clone(),
        None => format!("sqlite:{}", site.data().join("espace.sqlite").display()),
    };
    Store::open(&url, Clock::movable()).await.expect("the database opens")
}

fn somebody(name: &str) -> Nouveau {
    Nouveau {
        role: Role::Intervenant,
        etat: EtatCompte::Actif,
        login: Email::parse(&format!("{name}@essai.example")).expect("an address"),
        mot_de_passe: None,
        civilite: "Mme".into(),
        nom: "Essai".into(),
        prenom: name.into(),
        structure: None,
        naissance: None,
        activation_avant: None,
    }
}

async fn there(store: &Store, name: &str) -> bool {
    let email = Email::parse(&format!("{name}@essai.example")).expect("an address");
    comptes::by_login(&mut store.read().await.expect("a connection"), &email).await.expect("an answer").is_some()
}

async fn o2_the_schema_goes_up_down_and_up_again_and_every_column_is_there(engine: Engine) {
    let site = Site::empty(engine).await;
    let store = open(&site).await;
    assert!(!store.migrate().await.expect("up").is_empty());
    assert!(store.migrate().await.expect("up to date").is_empty());
    let tables = async || verification::read_every_table(&mut store.read().await.expect("a connection")).await;
    tables().await.expect("every table");
    assert!(!store.revert_all().await.expect("down").is_empty());
    tables().await.expect_err("no table is left");
    assert!(!store.migrate().await.expect("up again").is_empty());
    tables().await.expect("every table");
    let findings = verification::check(&mut store.read().await.expect("a connection")).await.expect("a check");
    assert_eq!(findings, []);
}

async fn t2_the_journal_has_no_gap_and_follows_the_order_of_commits(engine: Engine) {
    let site = Site::empty(engine).await;
    let store = open(&site).await;
    store.migrate().await.expect("up");
    let writers = (0..40).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .write::<_, Error, _>(None, move |transaction| {
                    Box::pin(async move {
                        comptes::create(transaction, &somebody(&format!("personne{number}"))).await?;
                        if number % 4 == 0 {
                            // The login is taken: this transaction is rolled back, with what it said of itself.
                            comptes::create(transaction, &somebody(&format!("personne{number}"))).await?;
                        }
                        Ok(())
                    })
                })
                .await
                .is_ok()
        })
    });
    let mut committed = 0;
    for writer in writers.collect::<Vec<_>>() {
        committed += i64::from(writer.await.expect("no panic"));
    }
    assert_eq!(committed, 30);
    let mut connection = store.read().await.expect("a connection");
    // It fails by itself where a row is missing.
    let entries = store.follow(0, 1_000).await.expect("no gap").entries;
    assert_eq!(entries.len() as i64, committed);
    assert_eq!(journal::head(&mut connection).await.expect("a head"), committed);
    assert!(entries.is_sorted_by_key(|entry| entry.id));
}

async fn q8_a_transaction_that_dies_leaves_nothing_and_its_connection_is_thrown_away(engine: Engine) {
    let site = Site::empty(engine).await;
    let store = open(&site).await;
    store.migrate().await.expect("up");
    for round in 0..3 {
        let died = store
            .write::<(), Error, _>(None, move |transaction| {
                Box::pin(async move {
                    comptes::create(transaction, &somebody("mort")).await?;
                    panic!("in the middle of transaction {round}");
                })
            })
            .await;
        assert!(matches!(died, Err(Error::Interrupted)), "{died:?}");
        assert!(!there(&store, "mort").await, "what it wrote is gone");
        let name = format!("vivant{round}");
        let wanted = name.clone();
        store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move { comptes::create(transaction, &somebody(&wanted)).await })
            })
            .await
            .expect("the next one works");
        assert!(there(&store, &name).await);
    }
}

async fn q8_a_transaction_whose_caller_goes_away_still_ends(engine: Engine) {
    let site = Site::empty(engine).await;
    let store = open(&site).await;
    store.migrate().await.expect("up");
    let (began, begun) = tokio::sync::oneshot::channel();
    let (go, goes) = tokio::sync::oneshot::channel::<()>();
    let writer = store.clone();
    let caller = tokio::spawn(async move {
        writer
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move {
                    comptes::create(transaction, &somebody("partie")).await?;
                    began.send(()).expect("the test waits");
                    goes.await.expect("the test says go");
                    Ok(())
                })
            })
            .await
    });
    begun.await.expect("it begins");
    caller.abort();
    assert!(caller.await.is_err_and(|error| error.is_cancelled()));
    go.send(()).expect("the transaction is still there");
    eventually("what was begun is committed", async || there(&store, "partie").await.then_some(())).await;
}

async fn i5_public_employers_are_found_from_the_second_character_and_by_siret(engine: Engine) {
    let site = Site::empty(engine).await;
    let store = open(&site).await;
    store.migrate().await.expect("up");
    assert!(!referentiels::load(&store).await.expect("loaded").is_empty());
    assert!(referentiels::load(&store).await.expect("nothing new").is_empty());
    let mut connection = store.read().await.expect("a connection");
    assert_eq!(referentiels::search_employeurs(&mut connection, "r", 10).await.expect("an answer"), []);
    assert_eq!(referentiels::search_employeurs(&mut connection, "ré", 10).await.expect("an answer").len(), 10);
    for typed in ["faucigny glières", "FAUCIGNY-GLIERES", "cc fauci glie", "200 000 172 00011", "20000017200"] {
        let found = referentiels::search_employeurs(&mut connection, typed, 10).await.expect("an answer");
        assert!(found.iter().any(|employer| employer.siret == "20000017200011"), "« {typed} »: {found:?}");
    }
    assert_eq!(referentiels::search_employeurs(&mut connection, "%% __", 10).await.expect("an answer"), []);
    let siret = Siret::parse("200 000 172 00011").expect("a SIRET");
    let employer = referentiels::employeur(&mut connection, &siret).await.expect("an answer").expect("it is there");
    assert_eq!((employer.commune.as_str(), employer.code_postal.as_str()), ("Bonneville", "74130"));
    assert_eq!(store::structures::all(&mut connection).await.expect("an answer").len(), 24);
}

/// An empty database, up to date, whose clock the test moves.
async fn with_clock(site: &Site) -> (Store, Clock) {
    let flags = site.place();
    let url = match flags.iter().position(|flag| flag == "--database-url") {
        Some(at) => flags[at + 1].clone(),
        None => format!("sqlite:{}", site.data().join("espace.sqlite").display()),
    };
    let clock = Clock::movable();
    let store = Store::open(&url, clock.clone()).await.expect("the database opens");
    store.migrate().await.expect("up");
    referentiels::load(&store).await.expect("the referentials");
    (store, clock)
}

async fn k2_k7_links_and_captchas_die_with_their_time(engine: Engine) {
    use store::tokens::{self, Emploi};
    let site = Site::empty(engine).await;
    let (store, clock) = with_clock(&site).await;
    let expire_at = clock.now() + chrono::Duration::hours(24);
    store
        .write::<_, Error, _>(None, move |transaction| {
            Box::pin(async move {
                let compte = comptes::create(transaction, &somebody("lien")).await?;
                let link = tokens::Nouveau {
                    empreinte: "empreinte".into(),
                    compte,
                    emploi: Emploi::MotDePasse,
                    adresse: "lien@essai.example".into(),
                    mot_de_passe: None,
                    expire_at,
                };
                tokens::create(transaction, &link).await?;
                store::mots_de_passe_gardes::keep(transaction, "garde", "une empreinte", expire_at).await?;
                store::captchas::create(transaction, "defi", &["reponse".into()], expire_at).await
            })
        })
        .await
        .expect("written");
    let found = async |emploi| {
        tokens::find(&mut store.read().await.expect("a connection"), "empreinte", emploi, clock.now())
            .await
            .expect("an answer")
    };
    assert!(clock.advance(chrono::Duration::hours(23)));
    assert!(found(Emploi::MotDePasse).await.is_some());
    assert!(found(Emploi::Activation).await.is_none(), "a link serves what it was made for");
    assert!(clock.advance(chrono::Duration::hours(2)));
    assert!(found(Emploi::MotDePasse).await.is_none(), "a day later it is dead");
    let (taken, answers) = store
        .write::<_, Error, _>(None, |transaction| {
            Box::pin(async move {
                let taken = tokens::take(transaction, "empreinte", Emploi::MotDePasse).await?.is_some();
                Ok((taken, store::captchas::take(transaction, "defi").await?))
            })
        })
        .await
        .expect("read");
    assert!(!taken && answers.is_none());
    let mut connection = store.read().await.expect("a connection");
    let kept = store::mots_de_passe_gardes::find(&mut connection, "garde", clock.now()).await.expect("an answer");
    assert_eq!(kept, None, "a password of a form that was left");
}

async fn i16_a_complement_is_warned_of_twice_and_then_archived_with_its_account(engine: Engine) {
    use actors::commands::Command;
    use actors::commands::inscriptions::{
        DecideInscription, InscriptionNotDecided, archive_overdue_complements, transmit, warn_of_complements,
    };
    use domain::inscription::Decision;
    use store::inscriptions;
    let site = Site::empty(engine).await;
    let (store, clock) = with_clock(&site).await;
    let naissance = chrono::NaiveDate::from_ymd_opt(1970, 5, 2).expect("a day");
    let structure = domain::StructureId(
        store::structures::all(&mut store.read().await.expect("a connection")).await.expect("structures")[0].id,
    );
    let (agent, compte) = store
        .write::<_, Error, _>(None, move |transaction| {
            Box::pin(async move {
                let agent = Nouveau { role: Role::Gestionnaire, structure: Some(structure), ..somebody("agent") };
                let agent = comptes::create(transaction, &agent).await?;
                let compte = comptes::create(transaction, &somebody("personne")).await?;
                inscriptions::begin(transaction, compte, naissance, None).await?;
                let page = domain::profil::Identification { structure: Some(structure), ..Default::default() };
                store::profils::save_identification(transaction, compte, &page).await?;
                Ok((agent, compte))
            })
        })
        .await
        .expect("written");
    let sent = store.attempt(None, move |transaction| transmit(transaction, compte)).await;
    assert_eq!(sent.expect("an answer"), Ok(()));
    let decide = async |decision: Decision| {
        let decided = DecideInscription { compte, version: 1, decision }.perform(store.clone(), agent);
        decided.await.expect("an answer")
    };
    assert_eq!(decide(Decision::DemanderComplement { motif: String::new(), texte: "Vos dates.".into() }).await, Ok(()));
    // A second gestionnaire who saw the same page is refused with the name of the first.
    match decide(Decision::Valider).await {
        Err(InscriptionNotDecided::Already { by, decision, .. }) => {
            assert_eq!((by.as_deref(), decision.as_str()), (Some("agent Essai"), "complement"));
        }
        other => panic!("{other:?}"),
    }
    let run = async || {
        store
            .write::<_, Error, _>(None, |transaction| {
                Box::pin(async move {
                    let warned = warn_of_complements(transaction, 10).await?;
                    Ok((warned, archive_overdue_complements(transaction, 10).await?))
                })
            })
            .await
            .expect("the deadlines run")
    };
    let etat = async || {
        comptes::by_id(&mut store.read().await.expect("a connection"), compte)
            .await
            .expect("an answer")
            .expect("the account")
            .etat
    };
    assert_eq!(run().await, (0, 0), "nothing is due");
    // Two months are of 59 to 62 days.
    let due = domain::time::months_after(store.clock().now(), 2);
    let before = |days: i64| due - chrono::Duration::days(days) - store.clock().now();
    assert!(clock.advance(before(13)));
    assert_eq!(run().await, (1, 0), "two weeks before");
    assert_eq!(run().await, (0, 0), "once");
    assert!(clock.advance(before(2)));
    assert_eq!(run().await, (1, 0), "three days before");
    assert_eq!(etat().await, EtatCompte::Actif);
    assert!(clock.advance(before(-1)));
    assert_eq!(run().await, (0, 1));
    assert_eq!(etat().await, EtatCompte::Archive, "the account goes with its registration");
    assert_eq!(run().await, (0, 0), "once");
    let findings = verification::check(&mut store.read().await.expect("a connection")).await.expect("a check");
    assert_eq!(findings, []);
}
