//! What a gestionnaire does so that an intervenant can log in.

use actors::commands::{CancelAccess, GiveAccess, MakeAccount, NotGiven, NotMade, WelcomePerson};
use chrono::NaiveDate;
use domain::CompteId;
use domain::compte::{Droit, EtatCompte, MotifArchive};
use domain::courriel::Courriel;
use domain::profil::Civilite;

use super::{World, email, secret};
use crate::support::{Engine, both_engines, logins};

both_engines! {
    k5_a_person_has_one_account_that_whoever_may_makes_for_them,
    k6_provisional_credentials_are_given_to_ones_own_people_by_whoever_may,
}

fn make(nom: &str, to: &str) -> MakeAccount {
    MakeAccount {
        civilite: Civilite::Madame,
        nom: nom.into(),
        prenom: "Anne-Lise".into(),
        naissance: NaiveDate::from_ymd_opt(1968, 5, 2).expect("a day"),
        email: email(to),
        secret: secret(to),
    }
}

async fn k5_a_person_has_one_account_that_whoever_may_makes_for_them(engine: Engine) {
    let world = World::of(engine).await;
    let made = world.ask(world.desk, make("Kermeur", "kermeur@essai.example")).await.expect("it is made");
    let compte = world.compte(made).await;
    assert_eq!((compte.etat, compte.mot_de_passe), (EtatCompte::Actif, None));
    let (to, mail) = world.mails(1).await.remove(0);
    assert_eq!(to, "kermeur@essai.example");
    assert!(matches!(&mail, Courriel::ComptePersonnaliser { structure, chemin, .. }
        if structure.contains("Bretagne") && chemin == "/bienvenue/jeton-kermeur@essai.example"));
    for (what, again) in [
        ("the person", make("Kermeur", "autre@essai.example")),
        ("the address", make("Le Bihan", "kermeur@essai.example")),
    ] {
        let refused = world.ask(world.desk, again).await;
        assert!(matches!(&refused, Err(NotMade::Exists(holder)) if holder.id == made), "{what}: {refused:?}");
    }
    // Of several who make it at once, one does.
    let at_once = (0..4).map(|_| world.ask(world.desk, make("Floc’h", "floch@essai.example")));
    let made = futures_util::future::join_all(at_once).await;
    assert_eq!(made.iter().filter(|one| one.is_ok()).count(), 1, "{made:?}");
    assert_eq!(made.iter().filter(|one| matches!(one, Err(NotMade::Exists(_)))).count(), 3, "{made:?}");
    let refused = world.ask(world.person, make("Le Bihan", "bihan@essai.example")).await;
    assert!(matches!(refused, Err(NotMade::Forbidden)), "{refused:?}");
}

fn give(compte: CompteId, name: &str) -> GiveAccess {
    GiveAccess {
        compte,
        identifiant: format!("acces-{name}"),
        mot_de_passe: "provisoire".into(),
        hash: "haché".into(),
        ailleurs: None,
        cle: name.into(),
    }
}

async fn k6_provisional_credentials_are_given_to_ones_own_people_by_whoever_may(engine: Engine) {
    let world = World::of(engine).await;
    let theirs = async || {
        let mut connection = world.store.read().await.expect("a connection");
        store::acces::of(&mut connection, world.person, world.store.clock().now()).await.expect("an answer")
    };
    assert_eq!(world.ask(world.desk, give(world.person, "un")).await, Ok(()));
    let kept = theirs().await.expect("credentials");
    assert_eq!((kept.adresse.as_str(), kept.mot_de_passe.as_str()), (logins::INTERVENANT, "haché"));
    let (to, mail) = world.mails(1).await.remove(0);
    assert_eq!(to, logins::INTERVENANT);
    assert!(matches!(&mail, Courriel::AccesProvisoire { identifiant, .. } if identifiant == "acces-un"));
    // To another address after a check of identity: the one of record is told.
    let elsewhere = |to: &str, name: &str| GiveAccess {
        ailleurs: Some((to.to_owned(), "Carte vue".to_owned())),
        ..give(world.person, name)
    };
    assert_eq!(world.ask(world.desk, elsewhere(logins::CANDIDAT, "deux")).await, Err(NotGiven::Taken));
    assert_eq!(theirs().await.expect("credentials").identifiant, "acces-un");
    assert_eq!(world.ask(world.desk, elsewhere("ailleurs@essai.example", "trois")).await, Ok(()));
    assert_eq!(theirs().await.expect("credentials").verification, "Carte vue");
    let told = world.mails(2).await;
    assert!(matches!(&told[0], (to, Courriel::AccesProvisoireSignale { adresse, .. })
        if to == logins::INTERVENANT && adresse == "a…s@essai.example"));
    assert!(matches!(&told[1], (to, Courriel::AccesProvisoire { .. }) if to == "ailleurs@essai.example"));
    assert_eq!(world.ask(world.desk, CancelAccess(world.person)).await, Ok(()));
    assert!(theirs().await.is_none());

    let welcome = |compte, name: &str| WelcomePerson { compte, secret: secret(name) };
    assert_eq!(world.ask(world.desk, welcome(world.person, "un")).await, Err(NotGiven::HasPassword));
    let made = world.ask(world.desk, make("Kermeur", "kermeur@essai.example")).await.expect("it is made");
    assert_eq!(world.ask(world.desk, welcome(made, "deux")).await, Ok(()));
    let (to, mail) = world.mails(1).await.remove(0);
    assert!(to == "kermeur@essai.example" && matches!(mail, Courriel::ComptePersonnaliser { .. }), "{to}");

    // Another structure's people, an archived account, a right that was taken away.
    let stranger = world.named(logins::ELSEWHERE).await.id;
    for (by, why) in [(stranger, NotGiven::NotFound), (world.person, NotGiven::Forbidden)] {
        assert_eq!(world.ask(by, give(world.person, "quatre")).await, Err(why));
        assert_eq!(world.ask(by, CancelAccess(world.person)).await, Err(why));
        assert_eq!(world.ask(by, welcome(world.person, "quatre")).await, Err(why));
    }
    assert!(world.write(move |t| store::comptes::archive(t, made, MotifArchive::Inactivite)).await);
    let archived = Err(NotGiven::State(EtatCompte::Archive));
    assert_eq!(world.ask(world.desk, give(made, "cinq")).await, archived);
    assert_eq!(world.ask(world.desk, welcome(made, "cinq")).await, archived);
    let desk = world.desk;
    world.write(move |t| store::droits::set(t, desk, &[Droit::Annonces])).await;
    assert_eq!(world.ask(desk, give(world.person, "six")).await, Err(NotGiven::Forbidden));
}
