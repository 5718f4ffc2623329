//! What an administrateur records of an intervenant.

use actors::commands::{AddIntervention, ChangeIntervention, NotRecorded, RemoveIntervention, SetImmatriculation};
use chrono::Duration;
use domain::immatriculation::Immatriculation;
use domain::intervention::EtatIntervention;
use domain::time::paris_day;
use store::interventions::Intervention;

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    c3_an_immatriculation_is_one_persons_and_an_administrateurs_word,
    g7_an_intervention_is_recorded_as_its_days_allow,
}

async fn c3_an_immatriculation_is_one_persons_and_an_administrateurs_word(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.named(logins::ADMINISTRATEUR).await.id;
    let candidat = world.named(logins::CANDIDAT).await.id;
    let number = Immatriculation::parse("ESSAI-0042").expect("a number");
    let set = |compte, immatriculation: Option<&Immatriculation>| SetImmatriculation {
        compte,
        immatriculation: immatriculation.cloned(),
    };
    let theirs = async || {
        let mut connection = world.store.read().await.expect("a connection");
        let found = store::annuaire::personne(&mut connection, world.person).await.expect("an answer");
        found.expect("the person").immatriculation
    };
    assert!(world.ask(admin, set(world.person, Some(&number))).await.is_ok());
    assert!(world.ask(admin, set(world.person, Some(&number))).await.is_ok(), "it is theirs");
    assert_eq!(theirs().await.as_deref(), Some(number.as_str()));
    let refused = world.ask(admin, set(candidat, Some(&number))).await;
    assert!(matches!(&refused, Err(NotRecorded::Taken(holder)) if holder.compte == world.person), "{refused:?}");
    let refused = world.ask(admin, set(world.desk, None)).await;
    assert!(matches!(refused, Err(NotRecorded::NotFound)), "{refused:?}");
    for by in [world.desk, world.person] {
        let refused = world.ask(by, set(world.person, None)).await;
        assert!(matches!(refused, Err(NotRecorded::Forbidden)), "{refused:?}");
    }
    assert!(world.ask(admin, set(world.person, None)).await.is_ok());
    assert_eq!(theirs().await, None);
}

async fn g7_an_intervention_is_recorded_as_its_days_allow(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.named(logins::ADMINISTRATEUR).await.id;
    let structure = world.compte(world.desk).await.structure.expect("hers");
    let today = paris_day(world.store.clock().now());
    let intervention = |etat| Intervention {
        structure,
        titre: "Zinzolin".into(),
        du: today + Duration::days(10),
        au: today + Duration::days(12),
        heures: 12,
        etat,
    };
    let add = |compte, etat| AddIntervention { compte, intervention: intervention(etat) };
    let id = world.ask(admin, add(world.person, EtatIntervention::Prevue)).await.expect("it is recorded");
    let refused = world.ask(admin, add(world.person, EtatIntervention::Realisee)).await;
    assert!(matches!(refused, Err(NotRecorded::State(_))), "{refused:?}");
    let refused = world.ask(admin, add(world.desk, EtatIntervention::Prevue)).await;
    assert!(matches!(refused, Err(NotRecorded::NotFound)), "{refused:?}");

    let change = |id, etat| ChangeIntervention { id, intervention: intervention(etat) };
    assert!(world.ask(admin, change(id, EtatIntervention::Annulee)).await.is_ok());
    let refused = world.ask(admin, change(id, EtatIntervention::EnCours)).await;
    assert!(matches!(refused, Err(NotRecorded::State(_))), "{refused:?}");
    let refused = world.ask(admin, change(-1, EtatIntervention::Prevue)).await;
    assert!(matches!(refused, Err(NotRecorded::NotFound)), "{refused:?}");
    let found = store::interventions::by_id(&mut world.store.read().await.expect("a connection"), id).await;
    assert_eq!(found.expect("an answer").expect("it is there").intervention.etat, EtatIntervention::Annulee);

    for by in [world.desk, world.person] {
        for refused in [
            world.ask(by, add(world.person, EtatIntervention::Prevue)).await.err(),
            world.ask(by, change(id, EtatIntervention::Prevue)).await.err(),
            world.ask(by, RemoveIntervention(id)).await.err(),
        ] {
            assert!(matches!(refused, Some(NotRecorded::Forbidden)), "{refused:?}");
        }
    }
    assert_eq!(world.ask(admin, RemoveIntervention(id)).await.expect("it is removed"), world.person);
    let refused = world.ask(admin, RemoveIntervention(id)).await;
    assert!(matches!(refused, Err(NotRecorded::NotFound)), "{refused:?}");
}
