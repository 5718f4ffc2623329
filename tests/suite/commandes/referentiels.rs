//! What forms propose.

use actors::commands::{
    ChangeStructure, MoveMotif, NoSigle, NotListed, RemoveSigle, SaveLangue, SaveMotif, SaveSigle, SaveSpecialite,
};
use domain::StructureId;
use domain::sigle::{LISTE_MAX, SigleError};
use store::administration::Coordonnees;

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    g7_a_specialite_or_a_language_has_one_name_and_is_no_longer_proposed_at_most,
    g7_sigles_are_three_hundred_at_most_and_each_has_a_sense_once,
    g7_reasons_and_structures_are_set_by_administrateurs_alone,
}

async fn g7_a_specialite_or_a_language_has_one_name_and_is_no_longer_proposed_at_most(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.named(logins::ADMINISTRATEUR).await.id;
    let new = |parent: Option<&str>, nom: &str| SaveSpecialite {
        code: None,
        parent: parent.map(str::to_owned),
        nom: nom.into(),
        description: "Une phrase.".into(),
        actif: true,
    };
    let known = async || {
        let found = store::referentiels::list_specialites(&mut world.store.read().await.expect("a connection")).await;
        found.expect("an answer")
    };
    assert_eq!(world.ask(admin, new(None, "Zinzolin")).await, Ok(()));
    assert_eq!(world.ask(admin, new(Some("zinzolin"), "Zinzolin")).await, Ok(()), "another level");
    assert_eq!(world.ask(admin, new(None, "ZINZOLIN")).await, Err(NotListed::NameTaken));
    assert_eq!(world.ask(admin, new(Some("zinzolin.zinzolin"), "x")).await, Err(NotListed::UnknownParent));
    let change = |code: &str, nom: &str| SaveSpecialite { code: Some(code.to_owned()), actif: false, ..new(None, nom) };
    assert_eq!(world.ask(admin, change("zinzolin.zinzolin", "Garance")).await, Ok(()));
    let changed = known().await.into_iter().find(|item| item.code == "zinzolin.zinzolin").expect("it is there");
    assert_eq!((changed.nom.as_str(), changed.actif), ("Garance", false));
    assert_eq!(changed.parent_code.as_deref(), Some("zinzolin"), "it stays where it stands");
    assert_eq!(world.ask(admin, change("nulle-part", "Garance")).await, Err(NotListed::NotFound));

    let langue = |code: Option<&str>, nom: &str| SaveLangue {
        code: code.map(str::to_owned),
        nom: nom.into(),
        categorie: "etrangere".into(),
        actif: false,
    };
    assert_eq!(world.ask(admin, langue(None, "Zinzolin")).await, Ok(()));
    assert_eq!(world.ask(admin, langue(None, "zinzolin")).await, Err(NotListed::NameTaken));
    assert_eq!(world.ask(admin, langue(Some("zinzolin"), "zinzolin")).await, Ok(()), "it is its own name");
    assert_eq!(world.ask(admin, langue(Some("nulle-part"), "Garance")).await, Err(NotListed::NotFound));
    for by in [world.desk, world.person] {
        assert_eq!(world.ask(by, new(None, "Amarante")).await, Err(NotListed::Forbidden));
        assert_eq!(world.ask(by, langue(None, "Amarante")).await, Err(NotListed::Forbidden));
    }
}

async fn g7_reasons_and_structures_are_set_by_administrateurs_alone(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.named(logins::ADMINISTRATEUR).await.id;
    let motif = |code: Option<&str>, libelle: &str| SaveMotif {
        code: code.map(str::to_owned),
        genre: "rejet".into(),
        libelle: libelle.into(),
        texte: "Bonjour.".into(),
        actif: true,
    };
    assert_eq!(world.ask(admin, motif(None, "Zinzolin")).await, Ok(()));
    let reasons = async || {
        let found = store::contenus::motifs(&mut world.store.read().await.expect("a connection"), "rejet", true).await;
        found.expect("an answer").into_iter().map(|one| (one.code, one.libelle)).collect::<Vec<_>>()
    };
    let last = reasons().await.pop().expect("a reason");
    assert_eq!(last, ("rejet-zinzolin".to_owned(), "Zinzolin".to_owned()));
    assert_eq!(world.ask(admin, motif(Some(&last.0), "Garance")).await, Ok(()));
    assert_eq!(reasons().await.pop().expect("a reason").1, "Garance");
    assert_eq!(world.ask(admin, motif(Some("nulle-part"), "Garance")).await, Err(NotListed::NotFound));
    let step = |code: &str| MoveMotif { code: code.into(), up: true };
    assert_eq!(world.ask(admin, step(&last.0)).await, Ok(()));
    assert_ne!(reasons().await.pop().expect("a reason").0, last.0);
    assert_eq!(world.ask(admin, step("nulle-part")).await, Err(NotListed::NotFound));

    let id = world.compte(world.desk).await.structure.expect("hers");
    let found = store::structures::by_id(&mut world.store.read().await.expect("a connection"), id).await;
    let was = found.expect("an answer").expect("the structure");
    let change = |structure| ChangeStructure {
        structure,
        coordonnees: Coordonnees {
            nom: "Délégation Zinzolin".into(),
            adresse: was.adresse.clone(),
            code_postal: was.code_postal.clone(),
            commune: was.commune.clone(),
            telephone: was.telephone.clone(),
            courriel: was.courriel.clone(),
            messagerie_active: was.messagerie_active,
        },
    };
    assert_eq!(world.ask(admin, change(id)).await, Ok(()));
    let found = store::structures::by_id(&mut world.store.read().await.expect("a connection"), id).await;
    assert_eq!(found.expect("an answer").expect("the structure").nom, "Délégation Zinzolin");
    assert_eq!(world.ask(admin, change(StructureId(-1))).await, Err(NotListed::NotFound));
    for by in [world.desk, world.person] {
        assert_eq!(world.ask(by, motif(None, "Amarante")).await, Err(NotListed::Forbidden));
        assert_eq!(world.ask(by, step(&last.0)).await, Err(NotListed::Forbidden));
        assert_eq!(world.ask(by, change(id)).await, Err(NotListed::Forbidden));
    }
}

async fn g7_sigles_are_three_hundred_at_most_and_each_has_a_sense_once(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.named(logins::ADMINISTRATEUR).await.id;
    let new = |abrege: &str, sens: &str| SaveSigle { id: None, abrege: abrege.into(), sens: sens.into() };
    let known =
        async || store::sigles::all(&mut world.store.read().await.expect("a connection")).await.expect("an answer");
    let carried = known().await.len();
    let before = world.head().await;
    assert_eq!(world.ask(admin, new("AP / CP", "Zinzolin")).await, Ok(()));
    let [domain::journal::Fact::ReferentielModifie { referentiel }] = &world.since(before).await[..] else {
        panic!("{:?}", world.since(before).await)
    };
    assert_eq!(referentiel, "sigle");
    let apcp = known().await.into_iter().find(|one| one.sens == "Zinzolin").expect("it is there").id;
    assert_eq!(world.ask(admin, new("apcp", "zinzolin")).await, Err(NoSigle::Listed));
    assert_eq!(world.ask(admin, new("X", "")).await, Err(NoSigle::Wrong(SigleError::NoSense)));
    let change = SaveSigle { id: Some(0), ..new("X", "amarante") };
    assert_eq!(world.ask(admin, change).await, Err(NoSigle::NotFound));
    for by in [world.desk, world.person] {
        assert_eq!(world.ask(by, new("X", "amarante")).await, Err(NoSigle::Forbidden));
        assert_eq!(world.ask(by, RemoveSigle(apcp)).await, Err(NoSigle::Forbidden));
    }
    for number in carried + 1..LISTE_MAX {
        assert_eq!(world.ask(admin, new("ZZ", &format!("zinzolin {number}"))).await, Ok(()), "{number}");
    }
    assert_eq!(known().await.len(), LISTE_MAX);
    assert_eq!(world.ask(admin, new("ZZ", "un de trop")).await, Err(NoSigle::Full));
    let change = SaveSigle { id: Some(apcp), ..new("APCP", "garance") };
    assert_eq!(world.ask(admin, change).await, Ok(()), "a full list changes");
    assert_eq!(world.ask(admin, RemoveSigle(apcp)).await, Ok(()));
    assert_eq!(world.ask(admin, RemoveSigle(apcp)).await, Err(NoSigle::NotFound));
    assert_eq!(world.ask(admin, new("ZZ", "le dernier")).await, Ok(()));
}
