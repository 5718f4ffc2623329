//! What a gestionnaire keeps of the CV-thèque, and takes out of it.

use actors::commands::{
    FillList, FollowSearch, KeepSearch, LISTES_MAX, ListRefusal, MEMBRES_MAX, NoGestionnaire, RECHERCHES_MAX,
    RecordExport, RemoveList, RemoveSearch, SearchRefusal, ShareList, ShareSearch, TakeOutOfList, WhichList,
};
use domain::CompteId;
use store::listes::Liste;
use store::recherches::{Recherche, Voulue};

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    g3_a_list_is_filled_by_whoever_sees_it_and_shared_by_its_author,
    g3_a_search_is_followed_by_whoever_sees_it_and_shared_by_its_author,
    g3_what_is_taken_out_of_the_cvtheque_is_written_down_in_its_gestionnaires_name,
}

impl World {
    /// The lists that a gestionnaire of the documented structure sees.
    async fn lists(&self, of: CompteId) -> Vec<Liste> {
        let structure = self.compte(self.desk).await.structure.expect("hers");
        let mut connection = self.store.read().await.expect("a connection");
        store::listes::list(&mut connection, of, structure).await.expect("an answer")
    }

    /// The searches that a gestionnaire of the documented structure sees.
    async fn searches(&self, of: CompteId) -> Vec<Recherche> {
        let structure = self.compte(self.desk).await.structure.expect("hers");
        let mut connection = self.store.read().await.expect("a connection");
        store::recherches::list(&mut connection, of, structure).await.expect("an answer")
    }
}

async fn g3_a_list_is_filled_by_whoever_sees_it_and_shared_by_its_author(engine: Engine) {
    let world = World::of(engine).await;
    let (colleague, stranger) = (world.named(logins::COLLEAGUE).await.id, world.named(logins::ELSEWHERE).await.id);
    let new = |nom: &str, people: Vec<CompteId>| FillList {
        liste: WhichList::New { nom: nom.to_owned(), partagee: false },
        people,
    };
    let (id, n) = world.ask(world.desk, new("Zinzolin", vec![world.person])).await.expect("it is begun");
    assert_eq!(n, 1);
    let taken = world.ask(world.desk, new("Zinzolin", vec![world.person])).await;
    assert_eq!(taken, Err(ListRefusal::NameTaken));
    let known = |people: Vec<CompteId>| FillList { liste: WhichList::Known(id), people };
    assert_eq!(world.ask(world.desk, known(vec![world.person])).await, Ok((id, 0)), "she is in it");
    let too_many = (1..=MEMBRES_MAX as i64 + 1).map(CompteId).collect();
    assert_eq!(world.ask(world.desk, new("Trop de monde", too_many)).await, Err(ListRefusal::Full));
    assert!(world.lists(world.desk).await.iter().all(|liste| liste.nom != "Trop de monde"), "it is not begun either");

    let out = || TakeOutOfList { liste: id, people: vec![world.person] };
    let share = |partagee| ShareList { liste: id, partagee };
    assert_eq!(world.ask(colleague, known(vec![world.person])).await, Err(ListRefusal::NotFound));
    assert_eq!(world.ask(colleague, out()).await, Err(ListRefusal::NotFound));
    assert_eq!(world.ask(world.desk, share(true)).await, Ok(()));
    assert_eq!(world.ask(colleague, out()).await, Ok(1));
    assert_eq!(world.ask(colleague, out()).await, Ok(0));
    assert_eq!(world.ask(colleague, share(false)).await, Err(ListRefusal::NotFound), "its author's alone");
    assert_eq!(world.ask(colleague, RemoveList(id)).await, Err(ListRefusal::NotFound));
    assert_eq!(world.ask(stranger, out()).await, Err(ListRefusal::NotFound), "another structure's");
    for refused in [
        world.ask(world.person, known(Vec::new())).await.err(),
        world.ask(world.person, new("La sienne", Vec::new())).await.err(),
        world.ask(world.person, out()).await.err(),
        world.ask(world.person, share(true)).await.err(),
        world.ask(world.person, RemoveList(id)).await.err(),
    ] {
        assert_eq!(refused, Some(ListRefusal::Forbidden));
    }
    assert_eq!(world.ask(world.desk, RemoveList(id)).await, Ok(()));
    assert_eq!(world.ask(world.desk, RemoveList(id)).await, Err(ListRefusal::NotFound));

    for number in world.lists(colleague).await.iter().filter(|liste| liste.auteur == colleague).count() as i64.. {
        match world.ask(colleague, new(&format!("Liste {number}"), Vec::new())).await {
            Ok(_) => assert!(number < LISTES_MAX),
            refused => {
                assert_eq!((number, refused), (LISTES_MAX, Err(ListRefusal::TooMany)));
                break;
            }
        }
    }
}

async fn g3_a_search_is_followed_by_whoever_sees_it_and_shared_by_its_author(engine: Engine) {
    let world = World::of(engine).await;
    let (colleague, stranger) = (world.named(logins::COLLEAGUE).await.id, world.named(logins::ELSEWHERE).await.id);
    let keep =
        |nom: &str| KeepSearch(Voulue { nom: nom.into(), adresse: "q=zinzolin".into(), partagee: false, suivie: true });
    let id = world.ask(world.desk, keep("Zinzolin")).await.expect("it is kept");
    let kept = async |of| world.searches(of).await.into_iter().find(|one| one.id == id);
    assert!(kept(world.desk).await.expect("hers").suivie);
    assert_eq!(world.ask(world.desk, keep("Zinzolin")).await, Err(SearchRefusal::NameTaken));

    let follow = |suivie| FollowSearch { recherche: id, suivie };
    let share = |partagee| ShareSearch { recherche: id, partagee };
    assert_eq!(world.ask(colleague, follow(true)).await, Err(SearchRefusal::NotFound));
    assert_eq!(world.ask(world.desk, share(true)).await, Ok(()));
    assert_eq!(world.ask(colleague, follow(true)).await, Ok(()));
    assert_eq!(world.ask(world.desk, follow(false)).await, Ok(()));
    assert!(!kept(world.desk).await.expect("hers").suivie);
    assert!(kept(colleague).await.expect("shared").suivie);
    assert_eq!(world.ask(colleague, share(false)).await, Err(SearchRefusal::NotFound), "its author's alone");
    assert_eq!(world.ask(colleague, RemoveSearch(id)).await, Err(SearchRefusal::NotFound));
    assert_eq!(world.ask(stranger, follow(true)).await, Err(SearchRefusal::NotFound), "another structure's");
    for refused in [
        world.ask(world.person, keep("La sienne")).await.err(),
        world.ask(world.person, follow(true)).await.err(),
        world.ask(world.person, share(true)).await.err(),
        world.ask(world.person, RemoveSearch(id)).await.err(),
    ] {
        assert_eq!(refused, Some(SearchRefusal::Forbidden));
    }
    assert_eq!(world.ask(world.desk, RemoveSearch(id)).await, Ok(()));
    assert_eq!(world.ask(world.desk, RemoveSearch(id)).await, Err(SearchRefusal::NotFound));

    for number in world.searches(colleague).await.iter().filter(|one| one.auteur == colleague).count() as i64.. {
        match world.ask(colleague, keep(&format!("Recherche {number}"))).await {
            Ok(_) => assert!(number < RECHERCHES_MAX),
            refused => {
                assert_eq!((number, refused), (RECHERCHES_MAX, Err(SearchRefusal::TooMany)));
                break;
            }
        }
    }
}

async fn g3_what_is_taken_out_of_the_cvtheque_is_written_down_in_its_gestionnaires_name(engine: Engine) {
    let world = World::of(engine).await;
    let record = || RecordExport { adresse: "/cvtheque?q=zinzolin".into(), people: vec![world.person] };
    assert_eq!(world.ask(world.person, record()).await, Err(NoGestionnaire));
    let id = world.ask(world.desk, record()).await.expect("it is written down");
    let mut connection = world.store.read().await.expect("a connection");
    let last = store::exports::list(&mut connection, 1, 0).await.expect("an answer").remove(0);
    drop(connection);
    let her = world.compte(world.desk).await;
    assert_eq!((last.id, last.nombre, last.auteur), (id, 1, format!("{} {}", her.prenom, her.nom)));
}
