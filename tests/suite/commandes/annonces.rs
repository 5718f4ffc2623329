//! The life of an annonce.

use actors::commands::{AdvanceAnnonce, ChangeAnnonce, CreateAnnonce};
use domain::annonce::{EtatAnnonce, Evenement, Modalite, Refusal};
use domain::compte::Droit;
use store::annonces::{Contenu, NotChanged};

use super::World;
use crate::support::{Engine, both_engines};

both_engines! {
    g7_the_right_to_an_annonce_is_looked_at_in_its_transaction,
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
    assert_eq!(world.ask(world.desk, change.clone()).await, Err(NotChanged::Changed));
    let advance = |version, evenement| AdvanceAnnonce { annonce, version, evenement };
    let refused = world.ask(world.desk, advance(2, Evenement::Cloturer)).await;
    assert!(matches!(refused, Err(NotChanged::State(Refusal::NotPublished))), "{refused:?}");
    assert_eq!(world.ask(world.desk, advance(2, Evenement::Publier)).await, Ok(EtatAnnonce::Publiee));
    // The right goes: nothing more is hers to do, nor was it ever the intervenant's.
    let desk = world.desk;
    let kept: Vec<Droit> = Droit::ALL.iter().copied().filter(|droit| *droit != Droit::Annonces).collect();
    let taken = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move { store::droits::set(transaction, desk, &kept).await })
    });
    taken.await.expect("it is taken away");
    for by in [world.desk, world.person] {
        assert_eq!(world.ask(by, change.clone()).await, Err(NotChanged::Forbidden));
        assert_eq!(world.ask(by, advance(3, Evenement::Cloturer)).await, Err(NotChanged::Forbidden));
        assert_eq!(world.ask(by, CreateAnnonce(change.contenu.clone())).await, Err(NotChanged::Forbidden));
    }
    let found = store::annonces::by_ids(&mut world.store.read().await.expect("a connection"), &[annonce]).await;
    assert_eq!(found.expect("an answer")[0].etat, EtatAnnonce::Publiee);
}
