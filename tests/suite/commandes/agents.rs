//! The accounts of gestionnaires and administrateurs.

use actors::commands::{
    ArchiveAgent, ChangeAgent, CreateAdministrateur, CreateAgent, NotManaged, Poste, ReopenAgent, WelcomeAgent,
};
use domain::compte::{Droit, EtatCompte, Role};
use domain::courriel::Courriel;
use domain::profil::Civilite;

use super::{World, email, secret};
use crate::support::{Engine, both_engines, logins};

both_engines! {
    g7_agents_are_made_changed_and_closed_by_administrateurs_alone,
    o3_an_administrateur_is_made_at_the_keyboard_once_for_each_login,
    g7_of_two_administrateurs_who_close_each_other_one_stays,
}

fn create(poste: Poste, to: &str) -> CreateAgent {
    CreateAgent {
        poste,
        civilite: Civilite::Madame,
        nom: "Le Goff".into(),
        prenom: "Solène".into(),
        email: email(to),
        secret: secret(to),
    }
}

async fn g7_agents_are_made_changed_and_closed_by_administrateurs_alone(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.named(logins::ADMINISTRATEUR).await.id;
    let structure = world.compte(world.desk).await.structure.expect("hers");
    let elsewhere = world.named(logins::ELSEWHERE).await.structure.expect("theirs");
    let poste = |structure, droits: &[Droit]| Poste::Gestionnaire { structure, droits: droits.to_vec() };
    let new = create(poste(structure, &[Droit::Annonces]), "solene@essai.example");
    let made = world.ask(admin, new.clone()).await.expect("it is made");
    let (to, mail) = world.mails(1).await.remove(0);
    assert_eq!(to, "solene@essai.example");
    assert!(matches!(&mail, Courriel::CompteAgent { structure, .. } if structure.contains("Bretagne")));
    let agent = async || {
        let mut connection = world.store.read().await.expect("a connection");
        let found = store::administration::agents(&mut connection, Some(made)).await.expect("an answer").pop();
        found.expect("the agent")
    };
    assert_eq!(agent().await.droits, [Droit::Annonces]);
    assert_eq!(world.ask(admin, new.clone()).await, Err(NotManaged::Taken));

    let change = |poste| ChangeAgent {
        compte: made,
        poste,
        civilite: Civilite::Madame,
        nom: "Le Goff-Kermeur".into(),
        prenom: "Solène".into(),
    };
    world.session(made, "ouverte").await;
    assert_eq!(world.ask(admin, change(poste(structure, &[Droit::Acces]))).await, Ok(()));
    assert_eq!((agent().await.droits, world.sessions(made).await.len()), (vec![Droit::Acces], 1));
    assert_eq!(world.ask(admin, change(poste(elsewhere, &[]))).await, Ok(()));
    assert_eq!(agent().await.structure, Some(elsewhere));
    assert_eq!(world.sessions(made).await, Vec::<i64>::new(), "whoever changes structure is logged out");
    assert_eq!(world.ask(admin, change(Poste::Administrateur)).await, Err(NotManaged::NotFound), "a role stays");

    let welcome = |compte, name: &str| WelcomeAgent { compte, secret: secret(name) };
    assert_eq!(world.ask(admin, welcome(made, "encore")).await, Ok(()));
    assert_eq!(world.ask(admin, welcome(world.desk, "trop")).await, Err(NotManaged::NoLink), "she has a password");
    assert_eq!(world.ask(admin, ArchiveAgent(made)).await, Ok(()));
    assert_eq!(world.compte(made).await.etat, EtatCompte::Archive);
    assert_eq!(world.ask(admin, welcome(made, "tard")).await, Err(NotManaged::NoLink));
    assert_eq!(world.ask(admin, ReopenAgent(made)).await, Ok(()));
    assert_eq!(world.compte(made).await.etat, EtatCompte::Actif);

    assert_eq!(world.ask(admin, ArchiveAgent(admin)).await, Err(NotManaged::OwnAccount));
    // No agent's, for an administrateur; no account at all, for anybody else.
    for (by, compte, why) in [
        (admin, world.person, NotManaged::NotFound),
        (world.desk, made, NotManaged::Forbidden),
        (world.person, made, NotManaged::Forbidden),
    ] {
        assert_eq!(world.ask(by, ChangeAgent { compte, ..change(poste(structure, &[])) }).await, Err(why));
        assert_eq!(world.ask(by, welcome(compte, "non")).await, Err(why));
        assert_eq!(world.ask(by, ArchiveAgent(compte)).await, Err(why));
        assert_eq!(world.ask(by, ReopenAgent(compte)).await, Err(why));
    }
    let refused = world.ask(world.desk, create(Poste::Administrateur, "autre@essai.example")).await;
    assert_eq!(refused, Err(NotManaged::Forbidden));
}

async fn o3_an_administrateur_is_made_at_the_keyboard_once_for_each_login(engine: Engine) {
    let world = World::of(engine).await;
    let create = |to: &str| CreateAdministrateur {
        civilite: Civilite::Madame,
        nom: "Le Goff".into(),
        prenom: "Anne".into(),
        email: email(to),
        hash: "hash".into(),
    };
    assert_eq!(world.visitor(create(logins::GESTIONNAIRE)).await, Err(NotManaged::Taken));
    let made = (0..4).map(|_| world.visitor(create("anne@essai.example")));
    let made = futures_util::future::join_all(made).await;
    let ids: Vec<_> = made.iter().filter_map(|one| one.ok()).collect();
    assert!(ids.len() == 1 && made.iter().filter(|one| **one == Err(NotManaged::Taken)).count() == 3, "{made:?}");
    let account = world.compte(ids[0]).await;
    assert_eq!((account.role, account.etat, account.structure), (Role::Administrateur, EtatCompte::Actif, None));
    assert_eq!(account.mot_de_passe.as_deref(), Some("hash"));
}

async fn g7_of_two_administrateurs_who_close_each_other_one_stays(engine: Engine) {
    let world = World::of(engine).await;
    let first = world.named(logins::ADMINISTRATEUR).await.id;
    let second = world.ask(first, create(Poste::Administrateur, "seconde@essai.example")).await.expect("it is made");
    // Without a password nobody logs in: the other one is the last who does.
    assert_eq!(world.ask(second, ArchiveAgent(first)).await, Err(NotManaged::LastAdministrateur));
    world.write(move |t| store::comptes::set_password(t, second, "haché")).await;
    let both = tokio::join!(world.ask(first, ArchiveAgent(second)), world.ask(second, ArchiveAgent(first)));
    assert!(matches!(both, (Ok(()), Err(NotManaged::Forbidden)) | (Err(NotManaged::Forbidden), Ok(()))), "{both:?}");
}
