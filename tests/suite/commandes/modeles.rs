//! Reply templates of a structure.

use actors::commands::{KeepTemplate, MODELES_MAX, RemoveTemplate, TemplateRefusal};
use domain::compte::Droit;

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    m8_a_template_is_its_structures_under_a_name_of_its_own,
}

async fn m8_a_template_is_its_structures_under_a_name_of_its_own(engine: Engine) {
    let world = World::of(engine).await;
    let stranger = world.named(logins::ELSEWHERE).await.id;
    let structure = world.compte(world.desk).await.structure.expect("hers");
    let keep = |modele, nom: &str| KeepTemplate { modele, nom: nom.into(), texte: "Bonjour.".into() };
    let names = async || {
        let mut connection = world.store.read().await.expect("a connection");
        store::modeles::names(&mut connection, structure).await.expect("an answer")
    };
    assert_eq!(world.ask(world.desk, keep(None, "Zinzolin")).await, Ok(()));
    let id = names().await.into_iter().find(|(_, nom)| nom == "Zinzolin").expect("it is there").0;
    assert_eq!(world.ask(world.desk, keep(None, "Zinzolin")).await, Err(TemplateRefusal::NameTaken));
    assert_eq!(world.ask(world.desk, keep(Some(id), "Zinzolin")).await, Ok(()), "it is its own name");
    assert_eq!(world.ask(world.desk, keep(Some(-1), "Garance")).await, Err(TemplateRefusal::NotFound));
    assert_eq!(world.ask(stranger, keep(Some(id), "Garance")).await, Err(TemplateRefusal::NotFound));
    assert_eq!(world.ask(stranger, RemoveTemplate(id)).await, Err(TemplateRefusal::NotFound));
    for number in names().await.len()..=MODELES_MAX {
        let kept = world.ask(world.desk, keep(None, &format!("Modèle {number}"))).await;
        let expected = if number < MODELES_MAX { Ok(()) } else { Err(TemplateRefusal::TooMany) };
        assert_eq!(kept, expected, "{number}");
    }
    assert_eq!(world.ask(world.desk, RemoveTemplate(id)).await, Ok(()));
    assert!(names().await.iter().all(|(one, _)| *one != id));

    let desk = world.desk;
    world.write(move |t| store::droits::set(t, desk, &[Droit::Annonces])).await;
    for by in [desk, world.person] {
        assert_eq!(world.ask(by, keep(None, "Garance")).await, Err(TemplateRefusal::Forbidden));
        assert_eq!(world.ask(by, RemoveTemplate(id)).await, Err(TemplateRefusal::Forbidden));
    }
}
