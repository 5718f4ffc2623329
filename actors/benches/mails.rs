//! Mails per second into a local sink: ours over 1 and 4 connections, from a composed message and from the outbox,
//! beside lettre's own pooled transport. `cargo bench -p actors --bench mails -- [mails]`.

// It measures or it stops; the tests' server knows more than is used here.
#![allow(clippy::unwrap_used, dead_code)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use actors::follower::{Progress, Work};
use actors::mailer::message::{Composed, compose};
use actors::mailer::render::{Letterhead, render};
use actors::mailer::{Answer, Smtp, SmtpOptions, Transport};
use futures_util::{StreamExt, stream};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor, address::Envelope};

use support::scene;
use support::smtp_server::SmtpServer;

#[tokio::main]
async fn main() {
    // cargo adds --bench.
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(2_000);
    let mail = sample().await;
    println!("{count} mails of {} bytes into a local sink", mail.bytes.len());
    for width in [1, 4] {
        let lettre = lettre_alone(&mail, count, width).await;
        let ours = ours_alone(&mail, count, width).await;
        let outbox = from_the_outbox(count, width).await;
        println!(
            "{width} connection(s): lettre's transport {lettre:>6.0}/s · ours {ours:>6.0}/s ({:.1} times) · \
             claimed, sent and written down {outbox:>6.0}/s",
            ours / lettre
        );
    }
}

async fn sample() -> Composed {
    let scene = scene().await;
    scene.put(1, 1).await;
    let mut connection = scene.store.read().await.unwrap();
    let sortant = store::courriels::by_id(&mut connection, 1).await.unwrap().unwrap().sortant;
    let letterhead = Letterhead::new("https://intervenants.exemple.fr", "Écrivez-nous.").unwrap();
    let rendered = render(&sortant.courriel, &letterhead).unwrap();
    compose(&sortant, &rendered, &"Espace Intervenants <ne-pas-repondre@exemple.fr>".parse().unwrap()).unwrap()
}

fn rate(count: usize, spent: Duration) -> f64 {
    count as f64 / spent.as_secs_f64()
}

fn options(connections: usize) -> SmtpOptions {
    SmtpOptions { connections, ..SmtpOptions::default() }
}

async fn lettre_alone(mail: &Composed, count: usize, width: usize) -> f64 {
    // 23 mails/s were measured: that many are enough to see it.
    let count = count.min(100 * width);
    let server = SmtpServer::sink().await;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(server.port)
        .pool_config(PoolConfig::new().max_size(width as u32))
        .build();
    let envelope = Envelope::new(Some(mail.from.clone()), vec![mail.to.clone()]).unwrap();
    let began = Instant::now();
    stream::iter(0..count)
        .for_each_concurrent(width, |_| async {
            transport.send_raw(&envelope, &mail.bytes).await.unwrap();
        })
        .await;
    let spent = began.elapsed();
    assert_eq!(server.taken(), count);
    rate(count, spent)
}

async fn ours_alone(mail: &Composed, count: usize, width: usize) -> f64 {
    let server = SmtpServer::sink().await;
    let smtp = Smtp::new(&server.url(), options(width)).unwrap();
    let began = Instant::now();
    stream::iter(0..count)
        .for_each_concurrent(width, |_| async {
            assert_eq!(smtp.send(mail).await, Answer::Taken);
        })
        .await;
    let spent = began.elapsed();
    assert_eq!(server.taken(), count);
    rate(count, spent)
}

async fn from_the_outbox(count: usize, width: usize) -> f64 {
    let (scene, server) = (scene().await, SmtpServer::sink().await);
    scene.put(1, count).await;
    let smtp = Smtp::new(&server.url(), options(width)).unwrap();
    let mut mailer = scene.mailer(Transport::Smtp(Box::new(smtp)));
    let began = Instant::now();
    while mailer.run().await.unwrap() == Progress::More {}
    let spent = began.elapsed();
    assert_eq!(server.taken(), count);
    rate(count, spent)
}
