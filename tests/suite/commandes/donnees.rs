//! Personal data, taken out by their owner or sent to them.

use actors::commands::LinkSecret;
use actors::commands::demandes::{ConfirmDemande, NotHandled, Nouvelle, SendDemandeOfVisitor};
use actors::commands::donnees::{ExpiredLink, Forbidden, SendDonnees, TakeDonnees, TakeDonneesByLink};
use chrono::Duration;
use domain::CompteId;
use domain::compte::Droit;
use domain::equipe::Annotable;
use domain::journal::Fact;
use domain::support::TypeDemande;

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    x5_taking_ones_data_out_is_written_down,
    x6_a_link_to_the_data_is_sent_by_who_may_and_serves_its_first_browser_for_an_hour,
}

impl World {
    /// The exports that are written down: whose, and who took them.
    async fn exports(&self) -> Vec<(CompteId, Option<CompteId>)> {
        let (mut cursor, mut found) = (0, Vec::new());
        loop {
            let stretch = self.store.follow(cursor, 1_000).await.expect("the journal");
            if stretch.end == cursor {
                return found;
            }
            cursor = stretch.end;
            for entry in stretch.entries {
                if let Fact::DonneesExportees { compte } = entry.fact {
                    found.push((compte, entry.actor));
                }
            }
        }
    }
}

async fn x5_taking_ones_data_out_is_written_down(engine: Engine) {
    let world = World::of(engine).await;
    let before = world.exports().await.len();
    assert_eq!(world.ask(world.person, TakeDonnees).await, Ok(()));
    assert_eq!(world.ask(world.desk, TakeDonnees).await, Err(Forbidden), "it is for intervenants");
    assert_eq!(world.exports().await[before..], [(world.person, Some(world.person))]);
}

async fn x6_a_link_to_the_data_is_sent_by_who_may_and_serves_its_first_browser_for_an_hour(engine: Engine) {
    let world = World::of(engine).await;
    world.archive(world.person).await;
    let login = logins::INTERVENANT;
    let ask = async |jeton: &str, sorte| {
        let nouvelle = Nouvelle { sorte, courriel: login.into(), ..world.asking(jeton).await };
        let link = LinkSecret { token: jeton.into(), kept: jeton.into() };
        let Ok(_) = world.visitor(SendDemandeOfVisitor { nouvelle, confirmation: link }).await;
        world.visitor(ConfirmDemande(jeton.into())).await.expect("it is confirmed").id
    };
    let (of, kind) = (ask("les-siennes", TypeDemande::Donnees).await, ask("sorte", TypeDemande::Connexion).await);
    let link = |letter: &str| SendDonnees {
        demande: of,
        compte: world.person,
        secret: LinkSecret { token: letter.into(), kept: letter.repeat(64) },
        ailleurs: None,
    };
    let send = link("a");
    for (by, asked, why) in [
        (world.desk, SendDonnees { demande: kind, ..send.clone() }, NotHandled::NotArchived),
        (world.desk, SendDonnees { compte: world.desk, ..send.clone() }, NotHandled::NotArchived),
        (world.desk, SendDonnees { demande: -1, ..send.clone() }, NotHandled::Unknown),
        (world.person, send.clone(), NotHandled::Forbidden),
    ] {
        assert_eq!(world.ask(by, asked.clone()).await, Err(why), "{asked:?}");
    }
    world.mailed(login).await;
    assert_eq!(world.ask(world.desk, send.clone()).await, Ok(()));
    assert_eq!(world.mailed(login).await, ["donnees_a_recuperer"]);
    // Elsewhere, the address of record is told, and how it was checked is noted.
    let there = ("ailleurs@support.example".to_owned(), "Rappelée au numéro du dossier.".to_owned());
    let elsewhere = SendDonnees { ailleurs: Some(there), ..link("b") };
    assert_eq!(world.ask(world.desk, elsewhere).await, Ok(()));
    assert_eq!(world.mailed(login).await, ["donnees_signalees"]);
    let mut connection = world.store.read().await.expect("a connection");
    let structure = world.request(of).await.structure;
    let notes = store::notes::about(&mut connection, (Annotable::Demande, of), structure).await.expect("an answer");
    drop(connection);
    assert!(notes.len() == 1 && notes[0].texte.contains("Rappelée au numéro"), "{:?}", notes[0].texte);

    let take = |letter: &str, navigateur: &str| TakeDonneesByLink {
        empreinte: letter.repeat(64),
        navigateur: navigateur.into(),
    };
    let before = world.exports().await.len();
    assert_eq!(world.visitor(take("a", "le-sien")).await, Err(ExpiredLink), "another was sent since");
    assert_eq!(world.visitor(take("b", "le-sien")).await, Ok(world.person));
    assert_eq!(world.visitor(take("b", "un-autre")).await, Err(ExpiredLink), "it is the first one's");
    assert_eq!(world.visitor(take("b", "le-sien")).await, Ok(world.person), "for an hour");
    assert_eq!(world.exports().await[before..], [(world.person, Some(world.person)); 2]);
    assert!(world.store.clock().advance(Duration::hours(2)));
    assert_eq!(world.visitor(take("b", "le-sien")).await, Err(ExpiredLink));

    // Whoever came back logs in.
    assert_eq!(world.ask(world.desk, link("c")).await, Ok(()));
    let person = world.person;
    let reopened = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move { store::comptes::reopen(transaction, person).await })
    });
    assert!(reopened.await.expect("an answer"));
    assert_eq!(world.visitor(take("c", "le-sien")).await, Err(ExpiredLink));
    world.without(Droit::Acces).await;
    assert_eq!(world.ask(world.desk, send).await, Err(NotHandled::Forbidden));
}
