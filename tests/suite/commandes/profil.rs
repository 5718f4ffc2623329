//! The profile as its owner fills it in, and what they choose in « Mon compte ».

use actors::commands::profil::{
    AddAbsence, ChangeAbsence, GiveUpProfil, KeepProfil, NotChanged, NotPlanned, NotSaved, RemoveAbsence, RemoveFile,
    RemoveLigne, RestoreLigne, SaveInformations, SaveLigne, SaveParcours, SetCv, SetReseaux,
};
use actors::commands::{
    ChangeFollowed, FollowAnnonces, NotFollowed, NotValidated, SetPreferences, Suite, UnknownSearch,
};
use chrono::Days;
use domain::CompteId;
use domain::alertes::Regle;
use domain::indisponibilite::Periode;
use domain::inscription::{Refusal, Volet};
use domain::preference::{Preference, Rythme, Sorte};
use domain::profil::{Identification, Ligne, Parcours, Rubrique};
use domain::reseau::Reseau;
use store::fichiers::Recu;
use store::profils::{self, LIGNES_MAX};

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    i9_what_is_typed_is_kept_until_it_is_saved_or_given_up,
    i9_what_is_in_the_cv_theque_stays_whole_its_structure_too,
    i10_a_row_is_saved_removed_and_brought_back_while_there_is_room,
    i11_files_are_their_owners_and_replaced_once,
    c2_periods_and_networks_are_a_validated_intervenants,
    t4_what_ones_role_can_not_choose_is_as_usual,
    l2_as_many_searches_are_followed_as_there_may_be,
}

fn ligne(intitule: &str) -> Ligne {
    Ligne { intitule: intitule.to_owned(), ..Ligne::default() }
}

fn recu(blob: &str) -> Recu {
    Recu { nom: "cv.pdf".into(), format: "pdf".into(), taille: 1, blob: blob.repeat(32) }
}

impl World {
    /// Somebody whose registration waits for the structure's answer.
    async fn waits(&self) -> CompteId {
        let mut connection = self.store.read().await.expect("a connection");
        let desk = store::comptes::by_id(&mut connection, self.desk).await.expect("an answer").expect("she");
        let (structure, transmise) = (desk.structure.expect("hers"), domain::compte::EtatInscription::Transmise);
        let found = store::inscriptions::queue(&mut connection, structure, &[transmise], (1, 0)).await;
        found.expect("an answer").pop().expect("one that waits").compte
    }

    async fn identification(&self, of: CompteId) -> Identification {
        let mut connection = self.store.read().await.expect("a connection");
        profils::identification(&mut connection, of).await.expect("an answer").expect("a profile")
    }

    async fn parcours(&self, of: CompteId) -> Parcours {
        profils::parcours(&mut self.store.read().await.expect("a connection"), of).await.expect("an answer")
    }

    async fn typed(&self, of: CompteId, page: &str) -> bool {
        let mut connection = self.store.read().await.expect("a connection");
        profils::saisie(&mut connection, of, page).await.expect("an answer").is_some()
    }

    async fn rows(&self, of: CompteId, rubrique: Rubrique) -> Vec<(i64, String)> {
        let mut connection = self.store.read().await.expect("a connection");
        let rows = profils::lignes(&mut connection, of).await.expect("an answer");
        rows.into_iter().filter(|row| row.rubrique == rubrique).map(|row| (row.id, row.ligne.intitule)).collect()
    }
}

async fn i9_what_is_typed_is_kept_until_it_is_saved_or_given_up(engine: Engine) {
    let world = World::of(engine).await;
    let (person, waits) = (world.person, world.waits().await);
    let saved = world.parcours(person).await;
    let typed = Parcours { titre: "Zinzolin".into(), ..saved.clone() };
    let keep = |page: &Parcours| KeepProfil { volet: Volet::Parcours, champs: page.champs() };
    let key = profils::PARCOURS;
    assert_eq!(world.ask(waits, keep(&typed)).await, Err(Refusal::Locked));
    assert!(world.ask(world.desk, keep(&typed)).await.is_err(), "she has no profile");
    assert_eq!(world.ask(person, keep(&typed)).await, Ok(()));
    assert!(world.typed(person, key).await);
    assert_eq!(world.ask(person, GiveUpProfil(Volet::Parcours)).await, Ok(()));
    assert!(!world.typed(person, key).await && world.parcours(person).await == saved);
    assert_eq!(world.ask(person, keep(&typed)).await, Ok(()));
    let save = |parcours| SaveParcours { parcours, regle: Regle::Regions };
    assert_eq!(world.ask(waits, save(typed.clone())).await, Err(NotSaved::Frozen(Refusal::Locked)));
    assert_eq!(world.ask(person, save(typed.clone())).await, Ok(()));
    assert!(!world.typed(person, key).await && world.parcours(person).await.titre == "Zinzolin");
    // What says what is saved is not kept beside it.
    let mut champs = world.parcours(person).await.champs();
    champs.push("alertes", "regions");
    assert_eq!(world.ask(person, KeepProfil { volet: Volet::Parcours, champs }).await, Ok(()));
    assert!(!world.typed(person, key).await);
}

async fn i9_what_is_in_the_cv_theque_stays_whole_its_structure_too(engine: Engine) {
    let world = World::of(engine).await;
    let person = world.person;
    let empty = SaveParcours { parcours: Parcours::default(), regle: Regle::Aucune };
    let refused = world.ask(person, empty).await;
    assert!(matches!(&refused, Err(NotSaved::Missing(missing)) if !missing.is_empty()), "{refused:?}");
    let mut page = world.identification(person).await;
    let structure = page.structure;
    assert!(structure.is_some());
    let refused = world.ask(person, SaveInformations(Identification::default())).await;
    assert!(matches!(&refused, Err(NotSaved::Missing(missing)) if !missing.is_empty()), "{refused:?}");
    let refused = world.ask(world.waits().await, SaveInformations(page.clone())).await;
    assert_eq!(refused, Err(NotSaved::Frozen(Refusal::Locked)));
    page.structure = None;
    page.commune = "Zinzolin".into();
    assert_eq!(world.ask(person, SaveInformations(page.clone())).await, Ok(()));
    let saved = world.identification(person).await;
    assert_eq!((saved.commune.as_str(), saved.structure), ("Zinzolin", structure));
    // Somebody else is that person already.
    let other = world.identification(world.waits().await).await;
    let (civilite, nom, prenom, date_naissance) = (other.civilite, other.nom, other.prenom, other.date_naissance);
    let page = Identification { civilite, nom, prenom, date_naissance, ..page };
    assert_eq!(world.ask(person, SaveInformations(page)).await, Err(NotSaved::Taken));
}

async fn i10_a_row_is_saved_removed_and_brought_back_while_there_is_room(engine: Engine) {
    let world = World::of(engine).await;
    let (person, rubrique) = (world.person, Rubrique::FormationInitiale);
    let save = |id, intitule: &str, diplome| SaveLigne { rubrique, id, ligne: ligne(intitule), diplome };
    let locked = Err(NotChanged::Frozen(Refusal::Locked));
    assert_eq!(world.ask(world.waits().await, save(None, "Une", None)).await, locked);
    assert_eq!(world.ask(person, save(Some(-1), "Une", None)).await, Err(NotChanged::Unknown));
    assert_eq!(world.ask(person, RestoreLigne).await, Err(NotChanged::Unknown), "none was removed");
    assert_eq!(world.ask(person, save(None, "Zinzolin", Some(recu("1")))).await, Ok(Vec::new()));
    let of = |rows: Vec<(i64, String)>| rows.into_iter().find(|(_, name)| name == "Zinzolin").map(|(id, _)| id);
    let id = of(world.rows(person, rubrique).await).expect("the row");
    assert_eq!(world.ask(person, save(Some(id), "Zinzolin", Some(recu("2")))).await, Ok(vec!["1".repeat(32)]));
    let candidat = world.account(logins::CANDIDAT).await;
    assert_eq!(world.ask(candidat, save(Some(id), "La mienne", None)).await, Err(NotChanged::Unknown));
    assert_eq!(world.ask(candidat, RemoveLigne(id)).await, Err(NotChanged::Unknown));
    assert_eq!(world.ask(person, RemoveLigne(id)).await, Ok((rubrique, vec!["2".repeat(32)])));
    assert_eq!(world.ask(person, RemoveLigne(id)).await, Err(NotChanged::Unknown));
    // Another takes the last place meanwhile: the one that was removed waits until there is room.
    let there = i64::try_from(world.rows(person, rubrique).await.len()).expect("a number");
    for number in there..LIGNES_MAX {
        assert_eq!(world.ask(person, save(None, &format!("Ligne {number}"), None)).await, Ok(Vec::new()));
    }
    assert_eq!(world.ask(person, save(None, "De trop", None)).await, Err(NotChanged::Full));
    assert_eq!(world.ask(person, RestoreLigne).await, Err(NotChanged::Full));
    let last = world.rows(person, rubrique).await[0].0;
    let gone = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move { profils::remove_ligne(transaction, person, last).await })
    });
    gone.await.expect("it goes");
    assert_eq!(world.ask(person, RestoreLigne).await, Ok(rubrique));
    assert!(of(world.rows(person, rubrique).await).is_some());
    assert_eq!(world.ask(person, RestoreLigne).await, Err(NotChanged::Unknown), "once");
}

async fn i11_files_are_their_owners_and_replaced_once(engine: Engine) {
    let world = World::of(engine).await;
    let person = world.person;
    assert_eq!(world.ask(world.waits().await, SetCv(recu("1"))).await, Err(Refusal::Locked));
    world.ask(person, SetCv(recu("1"))).await.expect("it is attached");
    assert_eq!(world.ask(person, SetCv(recu("2"))).await, Ok(vec!["1".repeat(32)]));
    let files = store::fichiers::of(&mut world.store.read().await.expect("a connection"), person).await;
    let cv = files.expect("an answer").into_iter().find(|file| file.emploi == "cv").expect("the CV").id;
    let remove = RemoveFile(cv);
    assert_eq!(world.ask(world.account(logins::CANDIDAT).await, remove).await, Err(NotChanged::Unknown));
    let locked = world.ask(world.waits().await, remove).await;
    assert_eq!(locked, Err(NotChanged::Frozen(Refusal::Locked)));
    assert_eq!(world.ask(person, remove).await, Ok("2".repeat(32)));
    assert_eq!(world.ask(person, remove).await, Err(NotChanged::Unknown));
}

async fn c2_periods_and_networks_are_a_validated_intervenants(engine: Engine) {
    let world = World::of(engine).await;
    let person = world.person;
    let today = domain::time::paris_day(world.store.clock().now());
    let day = |ahead: u64| Periode { du: today + Days::new(ahead), au: today + Days::new(ahead) };
    let all = async || {
        let mut connection = world.store.read().await.expect("a connection");
        profils::indisponibilites(&mut connection, person).await.expect("an answer")
    };
    let found = |all: &[(i64, Periode)], period: Periode| all.iter().find(|(_, one)| *one == period).map(|(id, _)| *id);
    let reseaux = SetReseaux(vec![(Reseau::Linkedin, "https://www.linkedin.com/in/zinzolin".to_owned())]);
    for by in [world.desk, world.account(logins::CANDIDAT).await] {
        let no = NotPlanned::NotValidated(NotValidated);
        assert_eq!(world.ask(by, AddAbsence(day(1))).await, Err(no));
        assert_eq!(world.ask(by, ChangeAbsence { id: 1, periode: day(1) }).await, Err(no));
        assert_eq!(world.ask(by, RemoveAbsence(1)).await, Err(no));
        assert_eq!(world.ask(by, reseaux.clone()).await, Err(NotValidated));
    }
    let before = all().await.len();
    for _ in 0..2 {
        assert_eq!(world.ask(person, AddAbsence(day(400))).await, Ok(()), "twice is once");
    }
    assert_eq!(all().await.len(), before + 1);
    let id = found(&all().await, day(400)).expect("it is there");
    assert_eq!(world.ask(person, ChangeAbsence { id, periode: day(401) }).await, Ok(()));
    assert_eq!(world.ask(person, ChangeAbsence { id: -1, periode: day(402) }).await, Err(NotPlanned::Unknown));
    assert_eq!(world.ask(person, RemoveAbsence(id)).await, Ok(day(401)));
    assert_eq!(world.ask(person, RemoveAbsence(id)).await, Err(NotPlanned::Unknown));
    let room = u64::try_from(LIGNES_MAX).expect("a number");
    let mut refused = None;
    for ahead in 500..=500 + room {
        refused = world.ask(person, AddAbsence(day(ahead))).await.err();
    }
    assert_eq!(refused, Some(NotPlanned::Full));
    assert_eq!(world.ask(person, reseaux.clone()).await, Ok(()));
    let kept = profils::reseaux(&mut world.store.read().await.expect("a connection"), person).await;
    assert_eq!(kept.expect("an answer"), reseaux.0);
}

async fn t4_what_ones_role_can_not_choose_is_as_usual(engine: Engine) {
    let world = World::of(engine).await;
    let never = Preference { direct: false, courriel: Rythme::Jamais };
    let all = || SetPreferences(Sorte::ALL.iter().map(|sorte| (*sorte, never)).collect());
    for by in [world.person, world.desk] {
        assert_eq!(world.ask(by, all()).await, Ok(()));
    }
    let of = async |by| {
        let mut connection = world.store.read().await.expect("a connection");
        store::preferences::of(&mut connection, by).await.expect("an answer")
    };
    let person = of(world.person).await;
    assert_eq!(person[&Sorte::Candidature], never);
    assert_eq!(person[&Sorte::Message], Preference::default(), "a message always moves its counter");
    assert_eq!(person[&Sorte::Annonce], Preference { direct: false, ..Preference::default() });
    assert!(!person.contains_key(&Sorte::Recherche));
    assert!(!of(world.desk).await.contains_key(&Sorte::Candidature));
}

async fn l2_as_many_searches_are_followed_as_there_may_be(engine: Engine) {
    let world = World::of(engine).await;
    let person = world.person;
    let list = async || {
        let mut connection = world.store.read().await.expect("a connection");
        store::recherches_annonces::list(&mut connection, person).await.expect("an answer")
    };
    for one in list().await {
        assert_eq!(world.ask(person, ChangeFollowed { id: one.id, suite: Suite::Supprimer }).await, Ok(()));
    }
    let follow = |q: &str| FollowAnnonces(format!("q={q}"));
    assert_eq!(world.ask(world.desk, follow("budget")).await, Err(NotFollowed::Forbidden));
    for number in 0..20 {
        assert_eq!(world.ask(person, follow(&number.to_string())).await, Ok(()));
    }
    assert_eq!(world.ask(person, follow("budget")).await, Err(NotFollowed::Full));
    let id = list().await[0].id;
    let change = |suite| ChangeFollowed { id, suite };
    assert_eq!(world.ask(person, change(Suite::Suspendre)).await, Ok(()));
    assert!(!list().await[0].active);
    assert_eq!(world.ask(person, follow("19")).await, Ok(()), "the same one alerts again");
    assert!(list().await[0].active && list().await.len() == 20);
    assert_eq!(world.ask(person, change(Suite::Suspendre)).await, Ok(()));
    assert_eq!(world.ask(person, change(Suite::Reprendre)).await, Ok(()));
    assert!(list().await[0].active);
    let theirs = world.account(logins::CANDIDAT).await;
    for suite in [Suite::Suspendre, Suite::Reprendre, Suite::Supprimer] {
        assert_eq!(world.ask(theirs, change(suite)).await, Err(UnknownSearch));
    }
    assert_eq!(world.ask(person, change(Suite::Supprimer)).await, Ok(()));
    assert_eq!(world.ask(person, change(Suite::Supprimer)).await, Err(UnknownSearch));
}
