//! Passwords and addresses of accounts.

use actors::commands::{
    AskAddress, BeginStep, ChangePassword, ChooseCredentials, Chosen, ConfirmAddress, Expired, ForgottenPassword,
    GiveAccess, NotConfirmed, NotCurrent, OwnAddress, RenewHash, SetPassword,
};
use domain::CompteId;
use domain::compte::MotifArchive;
use domain::courriel::Courriel;
use store::login_steps::{EnCours, Etape};
use store::tokens::Emploi;

use super::{World, email, secret};
use crate::support::{Engine, both_engines, logins};

both_engines! {
    k2_a_link_sets_a_password_once_and_ends_what_was_open,
    k3_a_password_is_changed_by_whoever_knows_the_current_one,
    k4_a_login_is_changed_by_a_link_and_never_to_anothers,
    k6_what_is_chosen_in_place_of_provisional_credentials_works_at_once_or_by_a_link,
}

impl World {
    pub async fn session(&self, compte: CompteId, cookie: &'static str) -> i64 {
        let lifetime = chrono::Duration::hours(1);
        self.write(move |t| store::sessions::open(t, compte, cookie, "Firefox", lifetime)).await
    }

    pub async fn sessions(&self, compte: CompteId) -> Vec<i64> {
        let mut connection = self.store.read().await.expect("a connection");
        let now = self.store.clock().now();
        let found = store::sessions::list(&mut connection, compte, now).await.expect("an answer");
        found.into_iter().map(|line| line.id).collect()
    }
}

async fn k2_a_link_sets_a_password_once_and_ends_what_was_open(engine: Engine) {
    let world = World::of(engine).await;
    let mails = world.mails(1_000).await.len();
    let forgotten = |login: &str, name: &str| ForgottenPassword { login: email(login), secret: secret(name) };
    assert_eq!(world.visitor(forgotten("personne@nulle-part.example", "aucun")).await, Ok(()));
    assert_eq!(world.mails(1_000).await.len(), mails, "nobody is written to, and whoever asks reads the same");
    assert_eq!(world.visitor(forgotten(logins::INTERVENANT, "premier")).await, Ok(()));
    assert_eq!(world.visitor(forgotten(logins::INTERVENANT, "second")).await, Ok(()));
    let (to, mail) = world.mails(1).await.remove(0);
    assert_eq!(to, logins::INTERVENANT);
    assert!(matches!(&mail, Courriel::NouveauMotDePasse { chemin, .. } if chemin == "/mot-de-passe/jeton-second"));

    world.session(world.person, "ouverte").await;
    let set = |name: &str, hash: &str| SetPassword {
        link: secret(name).kept,
        emploi: Emploi::MotDePasse,
        hash: hash.to_owned(),
    };
    assert_eq!(world.visitor(set("premier", "a")).await, Err(Expired), "a newer link replaced it");
    let other = SetPassword { emploi: Emploi::Personnalisation, ..set("second", "b") };
    assert_eq!(world.visitor(other).await, Err(Expired), "it is for something else");
    assert_eq!(world.visitor(set("second", "c")).await, Ok(()));
    assert_eq!(world.visitor(set("second", "d")).await, Err(Expired), "it is used up");
    assert_eq!(world.compte(world.person).await.mot_de_passe.as_deref(), Some("c"));
    assert_eq!(world.sessions(world.person).await, Vec::<i64>::new());

    // A hash that is found to be old is replaced, unless the password was changed meanwhile.
    let renew = |before: &str| RenewHash { compte: world.person, before: before.into(), after: "e".into() };
    assert_eq!(world.visitor(renew("b")).await, Ok(()));
    assert_eq!(world.compte(world.person).await.mot_de_passe.as_deref(), Some("c"));
    assert_eq!(world.visitor(renew("c")).await, Ok(()));
    assert_eq!(world.compte(world.person).await.mot_de_passe.as_deref(), Some("e"));

    // An archived account has no link any more, and gets none.
    assert_eq!(world.visitor(forgotten(logins::INTERVENANT, "troisieme")).await, Ok(()));
    let person = world.person;
    assert!(world.write(move |t| store::comptes::archive(t, person, MotifArchive::Inactivite)).await);
    let mails = world.mails(1_000).await.len();
    assert_eq!(world.visitor(forgotten(logins::INTERVENANT, "quatrieme")).await, Ok(()));
    assert_eq!(world.mails(1_000).await.len(), mails);
    for name in ["troisieme", "quatrieme"] {
        assert_eq!(world.visitor(set(name, "f")).await, Err(Expired), "{name}");
    }
}

async fn k3_a_password_is_changed_by_whoever_knows_the_current_one(engine: Engine) {
    let world = World::of(engine).await;
    let session = world.session(world.person, "celle-ci").await;
    world.session(world.person, "une-autre").await;
    let current = world.compte(world.person).await.mot_de_passe.expect("a password");
    let change = |current: &str| ChangePassword {
        current: current.to_owned(),
        hash: "nouveau".to_owned(),
        session,
        keys: Vec::new(),
    };
    assert_eq!(world.ask(world.person, change("autre")).await, Err(NotCurrent));
    assert_eq!(world.sessions(world.person).await.len(), 2);
    assert_eq!(world.ask(world.person, change(&current)).await, Ok(()));
    assert_eq!(world.ask(world.person, change(&current)).await, Err(NotCurrent), "it is another one by now");
    assert_eq!(world.sessions(world.person).await, [session], "the other ones end");
}

async fn k4_a_login_is_changed_by_a_link_and_never_to_anothers(engine: Engine) {
    let world = World::of(engine).await;
    let ask = |to: &str, name: &str| AskAddress { email: email(to), secret: secret(name) };
    let confirm = |name: &str| ConfirmAddress { link: secret(name).kept };
    assert_eq!(world.ask(world.person, ask(logins::INTERVENANT, "sienne")).await, Err(OwnAddress));
    // Somebody else's: they are told, and the one who asks reads the same.
    assert_eq!(world.ask(world.person, ask(logins::GESTIONNAIRE, "autrui")).await, Ok(()));
    let (to, mail) = world.mails(1).await.remove(0);
    assert!(to == logins::GESTIONNAIRE && matches!(mail, Courriel::CompteExistant { .. }), "{to}");
    assert_eq!(world.visitor(confirm("autrui")).await, Err(NotConfirmed::Taken));

    assert_eq!(world.ask(world.person, ask("nouvelle@essai.example", "libre")).await, Ok(()));
    let (to, mail) = world.mails(1).await.remove(0);
    assert_eq!(to, "nouvelle@essai.example");
    assert!(matches!(&mail, Courriel::AdresseAConfirmer { chemin, duree, .. }
        if chemin == "/adresse/jeton-libre" && duree == "7 jours"));
    assert_eq!(world.visitor(confirm("autrui")).await, Err(NotConfirmed::Expired), "a newer link replaced it");
    assert_eq!(world.visitor(confirm("libre")).await, Ok(()));
    assert_eq!(world.compte(world.person).await.login, "nouvelle@essai.example");
    let (to, mail) = world.mails(1).await.remove(0);
    assert_eq!(to, logins::INTERVENANT, "the old address is told");
    assert!(matches!(&mail, Courriel::AdresseChangee { nouvelle, .. } if nouvelle == "n…e@essai.example"));
    assert_eq!(world.visitor(confirm("libre")).await, Err(NotConfirmed::Expired), "it is used up");
}

async fn k6_what_is_chosen_in_place_of_provisional_credentials_works_at_once_or_by_a_link(engine: Engine) {
    let world = World::of(engine).await;
    let give = GiveAccess {
        compte: world.person,
        identifiant: "acces-essai".into(),
        mot_de_passe: "provisoire".into(),
        hash: "provisoire".into(),
        ailleurs: None,
        cle: "essai".into(),
    };
    assert_eq!(world.ask(world.desk, give.clone()).await, Ok(()));
    let step = async |cookie: &str| {
        let en_cours = EnCours { compte: world.person, etape: Etape::Personnalisation, suite: String::new() };
        let begun = BeginStep { cookie: cookie.to_owned(), en_cours, keys: Vec::new() };
        assert_eq!(world.visitor(begun).await, Ok(()));
    };
    let choose = |cookie: &str, to: &str| ChooseCredentials {
        step: cookie.to_owned(),
        email: email(to),
        hash: format!("de {to}"),
        secret: secret(to),
    };
    assert_eq!(world.visitor(choose("un", logins::INTERVENANT)).await, Err(NotConfirmed::Expired), "no login");
    step("un").await;
    assert_eq!(world.visitor(choose("un", logins::GESTIONNAIRE)).await, Err(NotConfirmed::Taken));
    // The address that they were sent to is known to be theirs.
    world.session(world.person, "ouverte").await;
    assert_eq!(world.visitor(choose("un", logins::INTERVENANT)).await, Ok(Chosen::AtOnce));
    let hash = async || world.compte(world.person).await.mot_de_passe.expect("a password");
    assert_eq!(hash().await, format!("de {}", logins::INTERVENANT));
    assert_eq!(world.sessions(world.person).await, Vec::<i64>::new());
    step("deux").await;
    let gone = world.visitor(choose("deux", logins::INTERVENANT)).await;
    assert_eq!(gone, Err(NotConfirmed::Expired), "the provisional credentials have served");

    let give = GiveAccess { identifiant: "acces-encore".into(), cle: "encore".into(), ..give };
    assert_eq!(world.ask(world.desk, give).await, Ok(()));
    let elsewhere = "ailleurs@essai.example";
    assert_eq!(world.visitor(choose("deux", elsewhere)).await, Ok(Chosen::LinkSent));
    assert_eq!(hash().await, format!("de {}", logins::INTERVENANT), "nothing changes before the link is used");
    assert_eq!(world.visitor(choose("deux", elsewhere)).await, Err(NotConfirmed::Expired), "that login is over");
    assert_eq!(world.visitor(ConfirmAddress { link: secret(elsewhere).kept }).await, Ok(()));
    assert_eq!(hash().await, format!("de {elsewhere}"));
    assert_eq!(world.compte(world.person).await.login, elsewhere);
}
