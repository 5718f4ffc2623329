//! The mailer against a mail server that misbehaves, on a database of its own.

// A test's helpers may unwrap as its tests do; the measurement uses more of the server than is used here.
#![allow(clippy::unwrap_used, dead_code)]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actors::follower::{Progress, Work};
use actors::mailer::smtp::timeouts::Timeouts;
use actors::mailer::{ConfigError, Mailer, MailerConfig, Smtp, SmtpOptions, Transport};
use domain::courriel::Courriel;
use futures_util::FutureExt;
use futures_util::future::join;
use store::courriels::{self, TRIES_MAX, Totals, Trace};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use support::smtp_server::{Act, Protection, SmtpServer};
use support::{Scene, scene};

fn smtp(url: &str) -> Transport {
    smtp_with(url, SmtpOptions::default())
}

fn smtp_with(url: &str, options: SmtpOptions) -> Transport {
    Transport::Smtp(Box::new(Smtp::new(url, options).unwrap()))
}

fn one_connection() -> SmtpOptions {
    SmtpOptions { connections: 1, ..SmtpOptions::default() }
}

async fn totals(scene: &Scene) -> Totals {
    courriels::totals(&mut scene.store.read().await.unwrap()).await.unwrap()
}

async fn trace(scene: &Scene, number: i64) -> Trace {
    courriels::by_id(&mut scene.store.read().await.unwrap(), number).await.unwrap().unwrap()
}

/// Past the longest wait between two tries.
fn past_any_wait(scene: &Scene) {
    scene.clock.advance(courriels::retry_delay(TRIES_MAX) + chrono::Duration::seconds(1));
}

const SENT_ONE: Totals = Totals { en_attente: 0, envoyes: 1, echecs: 0 };
const WAITING_ONE: Totals = Totals { en_attente: 1, envoyes: 0, echecs: 0 };
const FAILED_ONE: Totals = Totals { en_attente: 0, envoyes: 0, echecs: 1 };

#[tokio::test]
async fn m2_a_mail_of_the_outbox_reaches_its_login_once() {
    let (scene, server) = (scene().await, SmtpServer::start([]).await);
    scene.put(1, 1).await;
    let mut mailer = scene.mailer(smtp(&server.url()));
    assert_eq!(mailer.run().await.unwrap(), Progress::Done);
    assert_eq!(mailer.run().await.unwrap(), Progress::Done);
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, "personne1@exemple.fr");
    assert_eq!(received[0].header("Message-ID"), Some("<message-1-1@exemple.fr>"));
    assert_eq!(received[0].header("Auto-Submitted"), Some("auto-generated"));
    assert!(received[0].text.contains("multipart/alternative"));
    assert_eq!(totals(&scene).await, SENT_ONE);
}

#[tokio::test]
async fn l2_hundreds_of_mails_share_the_kept_connections() {
    let (scene, server) = (scene().await, SmtpServer::start([]).await);
    scene.put(1, 300).await;
    let mut mailer = scene.mailer(smtp(&server.url()));
    while mailer.run().await.unwrap() == Progress::More {}
    let ids: BTreeSet<String> =
        server.received().iter().map(|mail| mail.header("Message-ID").unwrap().to_owned()).collect();
    assert_eq!((server.received().len(), ids.len()), (300, 300));
    assert_eq!(totals(&scene).await, Totals { en_attente: 0, envoyes: 300, echecs: 0 });
    assert!(server.connections() <= 4 && server.open_most() > 1, "{} connections", server.connections());
    assert_eq!(server.resets(), 0);
}

#[tokio::test]
async fn l2_two_servers_on_one_outbox_send_each_mail_once() {
    let (scene, server) = (scene().await, SmtpServer::start([]).await);
    scene.put(1, 300).await;
    let (mut one, mut two) = (scene.mailer(smtp(&server.url())), scene.mailer(smtp(&server.url())));
    let (first, second) = join(one.run(), two.run()).await;
    assert_eq!((first.unwrap(), second.unwrap()), (Progress::Done, Progress::Done));
    let people: BTreeSet<String> = server.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!((server.received().len(), people.len()), (300, 300));
}

#[tokio::test]
async fn m2_a_temporary_refusal_is_tried_again_after_its_wait() {
    for act in [
        Act::Recipient("451 4.7.1 greylisted"),
        Act::Sender("421 4.3.2 shutting down"),
        Act::EndOfData("452 4.3.1 disk full"),
        Act::Recipient("552 5.5.3 too many recipients"),
    ] {
        let (scene, server) = (scene().await, SmtpServer::start([act]).await);
        scene.put(1, 1).await;
        let mut mailer = scene.mailer(smtp(&server.url()));
        mailer.run().await.unwrap();
        assert_eq!(totals(&scene).await, WAITING_ONE);
        assert_ne!(trace(&scene, 1).await.erreur, "");
        // Not before its time.
        let before = server.taken();
        mailer.run().await.unwrap();
        assert_eq!(server.taken(), before);
        scene.clock.advance(courriels::retry_delay(1) + chrono::Duration::seconds(1));
        mailer.run().await.unwrap();
        assert_eq!(totals(&scene).await, SENT_ONE);
        assert_eq!(trace(&scene, 1).await.sortant.tentative, 2);
    }
}

#[tokio::test]
async fn m2_a_final_refusal_ends_the_tries_and_spares_the_next_mail() {
    for act in [
        Act::Recipient("550 5.1.1 no such user"),
        Act::Sender("553 5.1.8 no such sender"),
        Act::EndOfData("554 5.7.1 rejected"),
    ] {
        let (scene, server) = (scene().await, SmtpServer::start([act]).await);
        scene.put(1, 2).await;
        let mut mailer = scene.mailer(smtp_with(&server.url(), one_connection()));
        mailer.run().await.unwrap();
        past_any_wait(&scene);
        mailer.run().await.unwrap();
        assert_eq!(totals(&scene).await, Totals { en_attente: 0, envoyes: 1, echecs: 1 });
        let failed = trace(&scene, 1).await;
        assert_eq!((failed.etat.as_str(), failed.sortant.tentative), ("echec", 1));
        assert!(failed.erreur.contains("said 55"), "{}", failed.erreur);
        // The refused mail is forgotten by RSET on the same connection, which serves the next.
        assert_eq!((server.connections(), server.resets()), (1, 1));
    }
}

#[tokio::test]
async fn q8_a_server_that_never_answers_after_data_costs_no_mail() {
    let (scene, server) = (scene().await, SmtpServer::start([Act::Silent]).await);
    scene.put(1, 1).await;
    let timeouts = Timeouts { end_of_data: Duration::from_millis(500), ..Timeouts::default() };
    let mut mailer = scene.mailer(smtp_with(&server.url(), SmtpOptions { timeouts, ..SmtpOptions::default() }));
    mailer.run().await.unwrap();
    assert_eq!(totals(&scene).await, WAITING_ONE);
    assert_eq!(trace(&scene, 1).await.erreur, "EndOfData: no answer in 500ms");
    retried_with_the_same_message_id(&scene, &server, &mut mailer).await;
    // The connection that hung was given up, not used again.
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn q8_a_server_that_dies_after_data_costs_no_mail() {
    let (scene, server) = (scene().await, SmtpServer::start([Act::Die]).await);
    scene.put(1, 1).await;
    let mut mailer = scene.mailer(smtp(&server.url()));
    mailer.run().await.unwrap();
    assert_eq!(totals(&scene).await, WAITING_ONE);
    retried_with_the_same_message_id(&scene, &server, &mut mailer).await;
}

async fn retried_with_the_same_message_id(scene: &Scene, server: &SmtpServer, mailer: &mut Mailer) {
    scene.clock.advance(courriels::retry_delay(1) + chrono::Duration::seconds(1));
    mailer.run().await.unwrap();
    assert_eq!(totals(scene).await, SENT_ONE);
    let received = server.received();
    assert_eq!(received.len(), 2);
    for header in ["Message-ID", "Date", "To"] {
        assert!(received[0].header(header).is_some());
        assert_eq!(received[0].header(header), received[1].header(header));
    }
}

#[tokio::test]
async fn q8_every_exchange_has_its_own_limit() {
    // A port where somebody listens and nobody speaks.
    let mute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", mute.local_addr().unwrap());
    let scene = scene().await;
    scene.put(1, 1).await;
    let timeouts = Timeouts { greeting: Duration::from_millis(50), ..Timeouts::default() };
    let mut mailer = scene.mailer(smtp_with(&url, SmtpOptions { timeouts, ..SmtpOptions::default() }));
    assert!(mailer.run().await.is_err());
    assert_eq!(trace(&scene, 1).await.erreur, "Greeting: no answer in 50ms");
    assert_eq!(totals(&scene).await, WAITING_ONE);
}

#[tokio::test]
async fn q8_what_is_no_mail_server_costs_no_mail() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        }
    });
    let scene = scene().await;
    scene.put(1, 1).await;
    assert!(scene.mailer(smtp(&url)).run().await.is_err());
    assert_eq!(trace(&scene, 1).await.erreur, "Greeting: the server does not speak SMTP");
    assert_eq!(totals(&scene).await, WAITING_ONE);
}

#[tokio::test]
async fn m2_while_the_server_is_away_nothing_is_lost_and_it_is_not_pestered() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let away = format!("smtp://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    tokio::spawn({
        let asked = asked.clone();
        async move {
            while let Ok((stream, _)) = listener.accept().await {
                asked.fetch_add(1, Ordering::SeqCst);
                drop(stream);
            }
        }
    });
    let scene = scene().await;
    scene.put(1, 50).await;
    let mut mailer = scene.mailer(smtp_with(&away, one_connection()));
    let before = mailer.pause();
    let failure = mailer.run().await.unwrap_err();
    assert!(!failure.to_string().contains("personne"), "{failure}");
    assert_eq!(totals(&scene).await.en_attente, 50);
    // One connection told enough for the whole batch, and commits don't make it ask again at once.
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert!(mailer.pause() > before);
    let server = SmtpServer::start([]).await;
    past_any_wait(&scene);
    scene.mailer(smtp(&server.url())).run().await.unwrap();
    assert_eq!(totals(&scene).await.envoyes, 50);
}

/// Puts provisional credentials in the outbox, under the number 1.
async fn put_credentials(scene: &Scene) {
    let content = Courriel::AccesProvisoire {
        prenom: "Zoé".to_owned(),
        structure: "Délégation Bretagne".to_owned(),
        identifiant: "acces-k7m2p9xw".to_owned(),
        mot_de_passe: PASSWORD.to_owned(),
        jusqu_au: "2 décembre 2026".to_owned(),
    };
    scene
        .store
        .write::<_, store::Error, _>(None, move |transaction| {
            async move { courriels::put(transaction, None, "personne1@exemple.fr", "acces-1", &content).await }.boxed()
        })
        .await
        .unwrap();
}

const PASSWORD: &str = "xK7m-Pq2r-8sTu-vW3y";

async fn keeps_the_password(scene: &Scene) -> bool {
    format!("{:?}", trace(scene, 1).await.sortant.courriel).contains(PASSWORD)
}

#[tokio::test]
async fn k6_a_password_leaves_the_outbox_with_its_mail() {
    // Sent.
    let (scene, server) = (scene().await, SmtpServer::start([Act::Recipient("451 later")]).await);
    put_credentials(&scene).await;
    let mut mailer = scene.mailer(smtp(&server.url()));
    mailer.run().await.unwrap();
    assert!(keeps_the_password(&scene).await, "it still has to leave");
    past_any_wait(&scene);
    mailer.run().await.unwrap();
    assert_eq!(totals(&scene).await, SENT_ONE);
    assert!(server.received()[0].text.contains("acces-k7m2p9xw"));
    assert!(!keeps_the_password(&scene).await);

    // Given up.
    let (scene, server) = (support::scene().await, SmtpServer::start([Act::Recipient("550 nobody")]).await);
    put_credentials(&scene).await;
    scene.mailer(smtp(&server.url())).run().await.unwrap();
    assert_eq!(totals(&scene).await, FAILED_ONE);
    assert!(!keeps_the_password(&scene).await);

    // The demonstration's page is the mailbox itself.
    let scene = support::scene().await;
    put_credentials(&scene).await;
    scene.mailer(Transport::Page).run().await.unwrap();
    assert_eq!(totals(&scene).await, SENT_ONE);
    assert!(keeps_the_password(&scene).await);
}

#[tokio::test]
async fn m2_the_tries_end_one_day() {
    let acts = (0..TRIES_MAX).map(|_| Act::Recipient("451 later"));
    let (scene, server) = (scene().await, SmtpServer::start(acts).await);
    scene.put(1, 1).await;
    let mut mailer = scene.mailer(smtp(&server.url()));
    for _ in 0..TRIES_MAX {
        assert_eq!(totals(&scene).await, WAITING_ONE);
        mailer.run().await.unwrap();
        past_any_wait(&scene);
    }
    assert_eq!(totals(&scene).await, FAILED_ONE);
}

#[tokio::test]
async fn l2_a_kept_connection_that_the_server_closed_is_replaced_unnoticed() {
    let (scene, server) = (scene().await, SmtpServer::start([Act::AcceptThenClose]).await);
    let mut mailer = scene.mailer(smtp_with(&server.url(), one_connection()));
    scene.put(1, 1).await;
    mailer.run().await.unwrap();
    while server.open() > 0 {
        tokio::task::yield_now().await;
    }
    scene.put(2, 1).await;
    mailer.run().await.unwrap();
    assert_eq!(totals(&scene).await, Totals { en_attente: 0, envoyes: 2, echecs: 0 });
    assert_eq!(trace(&scene, 2).await.sortant.tentative, 1);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn m2_who_lost_the_lease_writes_nothing_over_the_other() {
    let gate = Arc::new(Notify::new());
    let (scene, server) = (scene().await, SmtpServer::start([Act::Gate(gate.clone())]).await);
    scene.put(1, 1).await;
    let (mut slow, mut other) = (scene.mailer(smtp(&server.url())), scene.mailer(smtp(&server.url())));
    let lease = chrono::Duration::from_std(slow.lease()).unwrap();
    let meanwhile = async {
        server.wait_for(1).await;
        // Before the lease ends nobody else takes it.
        other.run().await.unwrap();
        assert_eq!(server.received().len(), 1);
        scene.clock.advance(lease);
        other.run().await.unwrap();
        assert_eq!(server.received().len(), 2);
        assert_eq!(trace(&scene, 1).await.etat, "envoye");
        gate.notify_one();
    };
    let (ended, ()) = join(slow.run(), meanwhile).await;
    assert_eq!(ended.unwrap(), Progress::Done);
    let trace = trace(&scene, 1).await;
    assert_eq!((trace.etat.as_str(), trace.sortant.tentative), ("envoye", 2));
    let received = server.received();
    assert_eq!(received[0].header("Message-ID"), received[1].header("Message-ID"));
}

#[tokio::test]
async fn q8_a_recipient_that_is_no_address_fails_alone() {
    let (scene, server) = (scene().await, SmtpServer::start([]).await);
    scene
        .store
        .write::<_, store::Error, _>(None, |transaction| {
            async move {
                let content =
                    domain::courriel::Courriel::CompteSupprime { prenom: "Paul".to_owned(), cree_at: transaction.now };
                courriels::put(transaction, None, "paul@exemple.fr\r\nRCPT TO:<a@b.fr>", "suppression-1", &content)
                    .await
            }
            .boxed()
        })
        .await
        .unwrap();
    scene.put(1, 1).await;
    scene.mailer(smtp(&server.url())).run().await.unwrap();
    assert_eq!(totals(&scene).await, Totals { en_attente: 0, envoyes: 1, echecs: 1 });
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn o2_the_folder_holds_whole_mails_that_only_their_owner_reads() {
    let scene = scene().await;
    let folder = scene.folder.path().join("courriels");
    std::fs::create_dir(&folder).unwrap();
    scene.put(1, 3).await;
    scene.mailer(Transport::Folder(folder.clone())).run().await.unwrap();
    let mut names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["message-1-1.eml", "message-2-1.eml", "message-3-1.eml"]);
    let text = std::fs::read_to_string(folder.join("message-2-1.eml")).unwrap();
    assert!(text.contains("Message-ID: <message-2-1@exemple.fr>\r\n"));
    assert!(text.contains("To: personne2@exemple.fr\r\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.join("message-2-1.eml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // A folder that went away costs no mail.
    std::fs::remove_dir_all(&folder).unwrap();
    scene.put(4, 1).await;
    assert!(scene.mailer(Transport::Folder(folder)).run().await.is_err());
    assert_eq!(totals(&scene).await, Totals { en_attente: 1, envoyes: 3, echecs: 0 });
}

#[tokio::test]
async fn o1_the_demonstration_marks_mails_as_sent() {
    let scene = scene().await;
    scene.put(1, 2).await;
    scene.mailer(Transport::Page).run().await.unwrap();
    assert_eq!(totals(&scene).await, Totals { en_attente: 0, envoyes: 2, echecs: 0 });
}

struct Tls {
    acceptor: TlsAcceptor,
    certificate: CertificateDer<'static>,
}

fn tls(name: &str) -> Tls {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    Tls { acceptor: TlsAcceptor::from(Arc::new(config)), certificate }
}

fn trusting(certificate: &CertificateDer<'static>) -> SmtpOptions {
    SmtpOptions { roots: vec![certificate.clone()], ..SmtpOptions::default() }
}

/// `\0envoi@exemple.fr\0s:cret` in base 64.
const LOGIN: &str = "AGVudm9pQGV4ZW1wbGUuZnIAczpjcmV0";

#[tokio::test]
async fn o2_mails_leave_encrypted_and_logged_in() {
    let tls = tls("localhost");
    let protections = [
        ("smtps", Protection::Tls(tls.acceptor.clone())),
        ("smtp+starttls", Protection::StartTls(tls.acceptor, "220 go")),
    ];
    for (scheme, protection) in protections {
        let (scene, server) = (scene().await, SmtpServer::with([], protection, Some(LOGIN), true).await);
        scene.put(1, 2).await;
        let url = format!("{scheme}://envoi%40exemple.fr:s%3Acret@localhost:{}", server.port);
        let options = SmtpOptions { connections: 1, ..trusting(&tls.certificate) };
        scene.mailer(smtp_with(&url, options)).run().await.unwrap();
        let received = server.received();
        assert_eq!(received.len(), 2, "{scheme}");
        assert!(received.iter().all(|mail| mail.encrypted), "{scheme}");
        assert_eq!(server.logins(), 1, "{scheme}");
    }
}

#[tokio::test]
async fn q8_a_server_that_is_not_who_it_says_gets_nothing() {
    let (ours, other) = (tls("localhost"), tls("autre.exemple.fr"));
    for (server_tls, trusted) in [(&ours, &other.certificate), (&other, &other.certificate)] {
        let server = SmtpServer::with([], Protection::Tls(server_tls.acceptor.clone()), None, true).await;
        let scene = scene().await;
        scene.put(1, 1).await;
        let url = format!("smtps://localhost:{}", server.port);
        assert!(scene.mailer(smtp_with(&url, trusting(trusted))).run().await.is_err());
        assert_eq!(server.received().len(), 0);
        assert_eq!(totals(&scene).await, WAITING_ONE);
        assert!(trace(&scene, 1).await.erreur.starts_with("Tls: "));
    }
}

#[tokio::test]
async fn q8_starttls_is_neither_skipped_nor_injected_into() {
    let tls = tls("localhost");
    // Somebody in the middle removes STARTTLS, or adds replies before TLS begins.
    let cases = [
        ("454 TLS not available", "StartTls: the server said 454"),
        ("220 go\r\n250-test\r\n250 AUTH PLAIN", "Tls: the server spoke before TLS began"),
    ];
    for (reply, expected) in cases {
        let protection = Protection::StartTls(tls.acceptor.clone(), reply);
        let (scene, server) = (scene().await, SmtpServer::with([], protection, Some(LOGIN), true).await);
        scene.put(1, 1).await;
        let url = format!("smtp+starttls://envoi%40exemple.fr:s%3Acret@localhost:{}", server.port);
        assert!(scene.mailer(smtp_with(&url, trusting(&tls.certificate))).run().await.is_err());
        assert_eq!((server.received().len(), server.logins()), (0, 0));
        assert!(trace(&scene, 1).await.erreur.starts_with(expected), "{}", trace(&scene, 1).await.erreur);
    }
}

#[tokio::test]
async fn q8_a_wrong_password_fails_no_mail_for_good() {
    let (scene, server) = (scene().await, SmtpServer::with([], Protection::None, Some(LOGIN), true).await);
    scene.put(1, 1).await;
    let url = format!("smtp://envoi%40exemple.fr:wrong@127.0.0.1:{}", server.port);
    assert!(scene.mailer(smtp(&url)).run().await.is_err());
    assert_eq!(totals(&scene).await, WAITING_ONE);
    past_any_wait(&scene);
    // Without a login at all the server says 530 to MAIL.
    assert!(scene.mailer(smtp(&server.url())).run().await.is_err());
    assert_eq!(totals(&scene).await, WAITING_ONE);
    past_any_wait(&scene);
    let url = format!("smtp://envoi%40exemple.fr:s%3Acret@127.0.0.1:{}", server.port);
    scene.mailer(smtp(&url)).run().await.unwrap();
    assert_eq!(totals(&scene).await, SENT_ONE);
}

#[tokio::test]
async fn o3_wrong_settings_are_refused_with_a_sentence() {
    let scene = scene().await;
    let config = |from: &str, base_url: &str, batch| MailerConfig {
        transport: Transport::Page,
        from: from.to_owned(),
        base_url: base_url.to_owned(),
        contact: "Écrivez-nous.".to_owned(),
        batch,
    };
    let refusal = |config| Mailer::new(scene.store.clone(), config).unwrap_err();
    assert_eq!(refusal(config("pas une adresse", "https://exemple.fr", 1)), ConfigError::From);
    assert_eq!(refusal(config("a@b.fr\r\nBcc: c@d.fr", "https://exemple.fr", 1)), ConfigError::From);
    assert_eq!(refusal(config("a@b.fr", "exemple.fr", 1)), ConfigError::BaseUrl);
    assert_eq!(refusal(config("a@b.fr", "https://exemple.fr", 0)), ConfigError::Batch);
    assert_eq!(refusal(config("a@b.fr", "https://exemple.fr", 1001)), ConfigError::Batch);
}
