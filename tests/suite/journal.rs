//! A journal that holds a row nobody can read (SPEC T2).

use crate::numeros::sql;
use crate::support::annonces::{Wording, publish};
use crate::support::messagerie::{recipient, send, unread};
use crate::support::{Client, Engine, Site, both_engines, command, eventually, logins};

both_engines! {
    t2_a_fact_that_cannot_be_read_holds_up_nobody_and_is_followed_once_it_can,
}

async fn metric(client: &Client, name: &str) -> u64 {
    let metrics = client.get_only("/metrics").await.body;
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} in {metrics}")).parse().expect("a number")
}

async fn t2_a_fact_that_cannot_be_read_holds_up_nobody_and_is_followed_once_it_can(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (person, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    let visitor = server.visitor();
    let tab = person.tab().await;
    let messages = unread(&person).await;
    let broken = metric(&visitor, "ei_journal_head").await + 1;
    for statement in [
        "update journal_head set last = last + 1",
        "insert into journal (id, at, actor, kind, subject, payload) select last, '2026-01-01 00:00:00', null, \
         'profil_modifie', 1, '{\"kind\":\"profil_modifie\",\"compte\":\"un\"}' from journal_head",
    ] {
        sql(&site, statement);
    }
    // Tabs, index and alerts go on beyond it.
    let name = person.name().await;
    let sent = send(&desk, &[&recipient(&desk, &name).await], "Zinzolin", "Bonjour.").await;
    assert_eq!(sent.status, 200, "{}", sent.said());
    tab.shows(messages + 1).await;
    publish(&desk, &Wording { titre: "Former des zinzolineurs", texte: "Bonjour.", ..Wording::default() }).await;
    eventually("every follower is at the end", async || {
        let head = metric(&visitor, "ei_journal_head").await;
        for name in ["live", "alertes", "indexer", "veille"] {
            if metric(&visitor, &format!("ei_follower_position{{follower=\"{name}\"}}")).await < head {
                return None;
            }
        }
        (head > broken).then_some(())
    })
    .await;
    assert_eq!(metric(&visitor, "ei_journal_unreadable").await, 1);
    assert_eq!(visitor.get_only("/readyz").await.status, 200);
    let said = format!("row {broken} of the journal (profil_modifie) can't be read");
    assert_eq!(server.all_errors().matches(&said).count(), 1, "an alarm, once: {}", server.all_errors());
    assert!(server.stop().await.success());
    let check = command::on(&site, "check", &[]).await;
    assert!(check.code != Some(0) && check.said().contains(&said), "{}", check.said());

    // Mended, it is appended anew, so that everybody follows it.
    let mended =
        format!("update journal set payload = '{{\"kind\":\"profil_modifie\",\"compte\":1}}' where id = {broken}");
    sql(&site, &mended);
    server.start_again().await;
    let visitor = server.visitor();
    eventually("nothing is put aside any more", async || {
        (metric(&visitor, "ei_journal_unreadable").await == 0).then_some(())
    })
    .await;
    eventually("it is followed", async || {
        let head = metric(&visitor, "ei_journal_head").await;
        (metric(&visitor, "ei_follower_position{follower=\"indexer\"}").await == head).then_some(())
    })
    .await;
    assert!(server.stop().await.success());
    let check = command::on(&site, "check", &[]).await;
    assert_eq!(check.code, Some(0), "{}", check.said());
}
