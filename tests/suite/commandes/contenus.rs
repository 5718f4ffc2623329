//! What everybody reads on the site.

use actors::commands::{
    ChangeArticle, ChangeTexte, CreateArticle, MoveArticle, NotWritten, RemoveArticle, SetDocument,
};
use chrono::NaiveDateTime;
use store::contenus::{Article, Document, Redaction, Rubrique};

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    p4_g7_an_article_is_an_administrateurs_and_written_over_by_nobody_who_has_not_read_it,
    p5_g7_a_legal_text_is_an_administrateurs_and_written_over_by_nobody_who_has_not_read_it,
}

async fn p4_g7_an_article_is_an_administrateurs_and_written_over_by_nobody_who_has_not_read_it(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.named(logins::ADMINISTRATEUR).await.id;
    let redaction = |titre: &str| Redaction { titre: titre.into(), texte: "Bonjour.".into(), ..Redaction::default() };
    let create = CreateArticle { rubrique: Rubrique::Information, redaction: redaction("Zinzolin") };
    let article = world.ask(admin, create.clone()).await.expect("it is begun");
    let found = async || -> Option<Article> {
        let found = store::contenus::article(&mut world.store.read().await.expect("a connection"), article).await;
        found.expect("an answer")
    };
    let first = found().await.expect("the article");
    let change = |seen: NaiveDateTime, titre: &str| ChangeArticle { article, seen, redaction: redaction(titre) };
    assert_eq!(world.ask(admin, change(first.modifie_at, "Amarante")).await, Ok(()));
    assert_eq!(world.ask(admin, change(first.modifie_at, "Garance")).await, Err(NotWritten::Changed));
    assert_eq!(found().await.expect("the article").titre, "Amarante");

    let step = |article| MoveArticle { article, up: true };
    assert_eq!(world.ask(admin, step(article)).await, Ok(()));
    assert_eq!(found().await.expect("the article").ordre, first.ordre - 1);
    assert_eq!(world.ask(admin, step(-1)).await, Err(NotWritten::NotFound));

    let set = |article, blob: &str| SetDocument {
        article,
        document: Some(Document { nom: "guide.pdf".into(), format: "pdf".into(), taille: 1, blob: blob.repeat(32) }),
    };
    assert_eq!(world.ask(admin, set(article, "1")).await, Ok(None));
    assert_eq!(world.ask(admin, set(article, "2")).await, Ok(Some("1".repeat(32))), "the one it had");
    assert_eq!(world.ask(admin, set(-1, "3")).await, Err(NotWritten::NotFound));

    let now = found().await.expect("the article").modifie_at;
    for by in [world.desk, world.person] {
        assert_eq!(world.ask(by, create.clone()).await, Err(NotWritten::Forbidden));
        assert_eq!(world.ask(by, change(now, "Garance")).await, Err(NotWritten::Forbidden));
        assert_eq!(world.ask(by, step(article)).await, Err(NotWritten::Forbidden));
        assert_eq!(world.ask(by, set(article, "4")).await, Err(NotWritten::Forbidden));
        assert_eq!(world.ask(by, RemoveArticle(article)).await, Err(NotWritten::Forbidden));
    }
    assert_eq!(world.ask(admin, RemoveArticle(article)).await, Ok(Some("2".repeat(32))));
    assert_eq!(found().await, None);
    assert_eq!(world.ask(admin, RemoveArticle(article)).await, Err(NotWritten::NotFound));
}

async fn p5_g7_a_legal_text_is_an_administrateurs_and_written_over_by_nobody_who_has_not_read_it(engine: Engine) {
    let world = World::of(engine).await;
    let admin = world.named(logins::ADMINISTRATEUR).await.id;
    let texts = store::contenus::textes(&mut world.store.read().await.expect("a connection")).await;
    let before = texts.expect("an answer").remove(0);
    let change = |corps: &str| ChangeTexte {
        cle: before.cle.clone(),
        seen: before.modifie_at,
        titre: before.titre.clone(),
        corps: corps.into(),
    };
    assert_eq!(world.ask(world.desk, change("Le sien.")).await, Err(NotWritten::Forbidden));
    assert_eq!(world.ask(admin, change("Le premier.")).await, Ok(()));
    assert_eq!(world.ask(admin, change("Le second.")).await, Err(NotWritten::Changed));
    let texts = store::contenus::textes(&mut world.store.read().await.expect("a connection")).await;
    let after = texts.expect("an answer").into_iter().find(|one| one.cle == before.cle).expect("the text");
    assert_eq!(after.corps, "Le premier.");
}
