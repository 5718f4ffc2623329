//! Entering and leaving.

use actors::commands::{
    AlreadyOn, BeginStep, ChangeFactor, ConfirmFactor, CountTry, EndOtherSessions, EndSession, FactorProof,
    KeepCaptcha, NoSuchSession, NotActive, NotChanged, OpenSession, ProposeFactor, TakeCaptcha, TouchSession,
    UseFactor, WrongCode,
};
use domain::CompteId;
use domain::compte::MotifArchive;
use store::login_steps::{EnCours, Etape};
use store::tries::Cle;
use store::vault::Vault;

use super::World;
use crate::support::{Engine, both_engines};

both_engines! {
    k7_k10_tries_are_counted_and_a_captcha_serves_once,
    k8_a_second_factor_is_proposed_confirmed_used_and_changed,
    k9_a_page_that_is_only_open_keeps_no_session_alive,
    k9_a_session_opens_for_an_account_in_use_and_ends_by_its_owner,
}

async fn k7_k10_tries_are_counted_and_a_captcha_serves_once(engine: Engine) {
    let world = World::of(engine).await;
    let keys = vec![Cle { cle: "compte essai".into(), pardonnes: 0 }];
    for _ in 0..4 {
        assert_eq!(world.visitor(CountTry(keys.clone())).await, Ok(None));
    }
    let Ok(wait) = world.visitor(CountTry(keys.clone())).await;
    assert!(wait.is_some(), "three failures are free, the fourth makes one wait");
    let en_cours = EnCours { compte: world.person, etape: Etape::SecondFacteur, suite: "/plan".into() };
    let begin = BeginStep { cookie: "etape".into(), en_cours, keys: keys.clone() };
    assert_eq!(world.visitor(begin).await, Ok(()));
    assert_eq!(world.visitor(CountTry(keys)).await, Ok(None), "the first half was right");
    let now = world.store.clock().now();
    let found = store::login_steps::find(&mut world.store.read().await.expect("a connection"), "etape", now).await;
    let found = found.expect("an answer").expect("the login under way");
    assert_eq!((found.compte, found.etape, found.suite.as_str()), (world.person, Etape::SecondFacteur, "/plan"));

    let keep = |ticket: &str, expire_at| KeepCaptcha {
        ticket: ticket.into(),
        answers: vec!["un".into(), "deux".into()],
        expire_at,
    };
    assert_eq!(world.visitor(keep("vif", now + chrono::Duration::hours(1))).await, Ok(()));
    assert_eq!(world.visitor(keep("mort", now)).await, Ok(()));
    assert_eq!(world.visitor(TakeCaptcha("vif".into())).await, Ok(Some(vec!["un".into(), "deux".into()])));
    for gone in ["vif", "mort", "inconnu"] {
        assert_eq!(world.visitor(TakeCaptcha(gone.into())).await, Ok(None), "{gone}");
    }
}

async fn k8_a_second_factor_is_proposed_confirmed_used_and_changed(engine: Engine) {
    let world = World::of(engine).await;
    let vault = Vault::of_database(&world.site.files().join("cle-maitresse"), &world.store).await.expect("its key");
    let compte = world.desk;
    let place = store::second_facteur::place(compte);
    let propose = |secret: &[u8]| ProposeFactor { compte, secret: vault.seal(secret, &place).expect("sealed") };
    let Ok(first) = world.visitor(propose(b"premier")).await;
    assert_eq!(world.visitor(propose(b"second")).await, Ok(first), "a proposal stays the same");
    let proof = |step: Option<i64>, recovery: &str| FactorProof { step, recovery: recovery.to_owned() };
    let using = |proof: FactorProof| UseFactor { compte, proof };
    assert_eq!(world.visitor(using(proof(Some(11), ""))).await, Err(WrongCode), "it does not count yet");
    let confirm = ConfirmFactor { compte, step: 10, codes: vec!["a".into(), "b".into()], keys: Vec::new() };
    assert_eq!(world.visitor(confirm.clone()).await, Ok(()));
    assert_eq!(world.visitor(confirm).await, Err(AlreadyOn));
    assert_eq!(world.visitor(using(proof(Some(10), ""))).await, Err(WrongCode), "that code has served");
    assert_eq!(world.visitor(using(proof(Some(11), ""))).await, Ok(()));
    assert_eq!(world.visitor(using(proof(None, "a"))).await, Ok(()));
    assert_eq!(world.visitor(using(proof(None, "a"))).await, Err(WrongCode));
    assert_eq!(world.visitor(using(proof(None, "z"))).await, Err(WrongCode));

    let change = |proof, codes: Option<&str>, exempt| ChangeFactor {
        proof,
        codes: codes.map(|code| vec![code.to_owned()]),
        exempt,
        keys: Vec::new(),
    };
    let left = async || {
        let mut connection = world.store.read().await.expect("a connection");
        let codes = store::second_facteur::codes_left(&mut connection, compte).await.expect("an answer");
        (store::second_facteur::is_on(&mut connection, compte).await.expect("an answer"), codes)
    };
    let refused = world.ask(compte, change(proof(None, "b"), None, false)).await;
    assert_eq!(refused, Err(NotChanged::Required), "a gestionnaire can't be without");
    assert_eq!(world.ask(compte, change(proof(None, "a"), Some("c"), true)).await, Err(NotChanged::WrongCode));
    assert_eq!(left().await, (true, 1), "a refusal uses nothing up");
    assert_eq!(world.ask(compte, change(proof(None, "b"), Some("c"), false)).await, Ok(()));
    assert_eq!(left().await, (true, 1), "one new code");
    assert_eq!(world.ask(compte, change(proof(Some(12), ""), None, true)).await, Ok(()));
    assert_eq!(left().await, (false, 0));
    // An intervenant's is free.
    let refused = world.ask(world.person, change(proof(Some(13), ""), None, false)).await;
    assert_eq!(refused, Err(NotChanged::WrongCode), "there is none");
}

async fn k9_a_page_that_is_only_open_keeps_no_session_alive(engine: Engine) {
    let world = World::of(engine).await;
    let now = world.store.clock().now();
    for (compte, hours) in [(world.desk, 4), (world.person, 24)] {
        let (cookie, keys) = (format!("inutile-{hours}"), Vec::new());
        let (device, browser) = ("appareil".to_owned(), "Firefox".to_owned());
        let open = OpenSession { compte, cookie, previous: None, step: None, device, browser, keys };
        assert_eq!(world.visitor(open).await, Ok(()));
        let sessions = world.sessions(compte).await;
        let mut connection = world.store.read().await.expect("a connection");
        for (later, alive) in [(hours - 1, true), (hours + 1, false)] {
            let then = now + chrono::Duration::hours(later);
            let still = store::sessions::alive(&mut connection, &sessions, then).await.expect("an answer");
            assert_eq!(!still.is_empty(), alive, "{later} hours later");
        }
    }
}

async fn k9_a_session_opens_for_an_account_in_use_and_ends_by_its_owner(engine: Engine) {
    let world = World::of(engine).await;
    let open = |compte: CompteId, cookie: &str, previous: Option<&str>| OpenSession {
        compte,
        cookie: cookie.to_owned(),
        previous: previous.map(str::to_owned),
        step: None,
        device: "appareil".to_owned(),
        browser: "Firefox".to_owned(),
        keys: Vec::new(),
    };
    assert_eq!(world.visitor(open(world.person, "un", None)).await, Ok(()));
    let [first] = world.sessions(world.person).await[..] else { panic!("one session") };
    assert_eq!(world.visitor(open(world.person, "deux", Some("un"))).await, Ok(()));
    let [second] = world.sessions(world.person).await[..] else { panic!("the browser's earlier one ended") };
    assert_ne!(first, second);
    let mut connection = world.store.read().await.expect("a connection");
    assert!(store::comptes::knows_device(&mut connection, world.person, "appareil").await.expect("an answer"));
    drop(connection);
    assert_eq!(world.visitor(TouchSession(second)).await, Ok(()));

    assert_eq!(world.ask(world.desk, EndSession(second)).await, Err(NoSuchSession), "it is not hers");
    assert_eq!(world.visitor(open(world.person, "trois", None)).await, Ok(()));
    assert_eq!(world.ask(world.desk, EndOtherSessions { kept: second }).await, Ok(0));
    assert_eq!(world.ask(world.person, EndOtherSessions { kept: second }).await, Ok(1));
    assert_eq!(world.ask(world.person, EndSession(second)).await, Ok(()));
    assert_eq!(world.ask(world.person, EndSession(second)).await, Err(NoSuchSession), "it has ended");

    // Whoever was archived since the password was looked at does not enter.
    let person = world.person;
    assert!(world.write(move |t| store::comptes::archive(t, person, MotifArchive::Inactivite)).await);
    assert_eq!(world.visitor(open(person, "quatre", None)).await, Err(NotActive));
    assert_eq!(world.sessions(person).await, Vec::<i64>::new());
}
