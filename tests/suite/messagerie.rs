//! The internal mailbox: SPEC M1 to M7, M9.

use futures_util::future::join_all;

use crate::support::client::{encode, urlencoded};
use crate::support::messagerie::{act, found, letter, list, open, proposals, received, recipient, send, undo, unread};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, eventually, logins, mails};

both_engines! {
    m1_a_structure_opens_and_closes_its_messaging_and_threads_stay_readable,
    m1_an_intervenant_writes_to_a_structure_and_one_of_its_people_reads_for_all,
    m2_a_message_moves_every_counter_and_leaves_one_mail,
    m3_lists_are_filtered_sorted_and_paged,
    m3_a_selection_is_put_away_marked_and_taken_back,
    m7_what_was_sent_is_edited_and_sent_as_a_new_message,
    m7_a_draft_is_put_away_taken_back_changed_and_sent_to_more,
    m4_an_opened_message_is_read_everywhere,
    m4_the_menu_answers_forwards_and_puts_away,
    m5_an_answer_goes_to_who_wrote_and_to_nobody_else,
    m5_a_forward_goes_to_recipients_chosen_anew,
    m6_completion_starts_at_the_second_character_and_knows_only_whom_one_may_write_to,
    m6_a_recipient_that_one_may_not_write_to_is_refused,
    m6_a_message_needs_a_recipient_and_keeps_what_was_typed,
    m6_a_draft_is_saved_found_again_and_sent,
    m6_a_draft_saves_itself_while_one_types,
    m9_a_form_posted_twice_sends_once_and_answers_the_same,
    m9_twelve_posts_at_once_send_one_message,
    m9_the_same_form_with_another_text_asks_first,
}

/// The two people of the demonstration that write to each other, and how each is found by the other.
struct Pair {
    gestionnaire: Client,
    intervenant: Client,
    /// The intervenant, as the gestionnaire addresses him.
    him: String,
    /// The structure, as the intervenant addresses it.
    structure: String,
}

async fn pair(server: &crate::support::Server) -> Pair {
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    let structure = recipient(&intervenant, "Délégation Bretagne").await;
    Pair { gestionnaire, intervenant, him, structure }
}

fn refused(page: &Page) -> bool {
    page.html().title().starts_with("Erreur : ")
}

async fn m2_a_message_moves_every_counter_and_leaves_one_mail(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let before = unread(&pair.intervenant).await;
    let (first, second) = (pair.intervenant.tab().await, pair.intervenant.tab().await);
    assert_eq!((first.messages(), second.messages()), (before, before));

    send(&pair.gestionnaire, &[&pair.him], "Dates de mars", "Pouvez-vous le 12 ou le 13 ?").await;
    first.shows(before + 1).await;
    second.shows(before + 1).await;

    let page = pair.intervenant.get("/annonces").await;
    let html = page.html();
    assert_eq!(html.counter("messages"), u64::try_from(before + 1).ok(), "on the menu");
    assert!(html.title().starts_with(&format!("({}) ", before + 1)), "in the title: {}", html.title());
    let badge =
        html.elements().find(|element| element.attribute("data-compteur") == Some("messages")).expect("a counter");
    assert!(badge.expect("title").contains("non lu"), "said on hover: {}", badge.expect("title"));

    let visitor = server.visitor();
    let mail = eventually("the mail is sent", async || {
        let sent = mails::of_message(&visitor, logins::INTERVENANT, "Dates de mars").await;
        assert!(sent.len() < 2, "one mail, not {sent:?}");
        sent.into_iter().find(|mail| mail.etat == "envoyé")
    })
    .await;
    let text = mails::text(&visitor, &mail).await;
    assert!(text.contains("/messagerie/message/"), "with the way to the message: {text}");
    assert!(!text.contains("le 12 ou le 13"), "what was written stays in the mailbox: {text}");

    // A structure reads a shared mailbox: every member's counter moves.
    let colleague = server.login(logins::COLLEAGUE).await;
    let (hers, his) = (pair.gestionnaire.tab().await, colleague.tab().await);
    let waiting = hers.messages();
    assert_eq!(his.messages(), waiting);
    send(&pair.intervenant, &[&pair.structure], "Le 12 me va", "À 9 h, à Rennes.").await;
    hers.shows(waiting + 1).await;
    his.shows(waiting + 1).await;
    let elsewhere = server.login(logins::ELSEWHERE).await;
    assert_eq!(found(&elsewhere, "reception", "Le 12 me va").await, None, "other structures see nothing");
}

async fn m4_an_opened_message_is_read_everywhere(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let before = unread(&pair.intervenant).await;
    send(&pair.gestionnaire, &[&pair.him], "À lire", "Bonjour.").await;
    let phone = server.login(logins::INTERVENANT).await;
    let (first, second, on_the_phone) = (pair.intervenant.tab().await, pair.intervenant.tab().await, phone.tab().await);
    assert_eq!(first.messages(), before + 1);

    let line = received(&pair.intervenant, "À lire").await;
    assert!(line.unread);
    let page = open(&phone, &line).await;
    assert!(page.body.contains("Bonjour."));
    for tab in [&first, &second, &on_the_phone] {
        tab.shows(before).await;
    }
    assert!(!received(&pair.intervenant, "À lire").await.unread);

    // Opening it again changes nothing; marking it unread and read again does.
    open(&phone, &line).await;
    act(&pair.intervenant, "reception", "Marquer non lu", &[&line.id]).await;
    second.shows(before + 1).await;
    act(&phone, "reception", "Marquer lu", &[&line.id]).await;
    second.shows(before).await;

    // For a structure, one member opens it for all.
    send(&pair.intervenant, &[&pair.structure], "Pour la structure", "Bonjour.").await;
    let colleague = server.login(logins::COLLEAGUE).await;
    let tab = pair.gestionnaire.tab().await;
    let waiting = tab.messages();
    let line = received(&colleague, "Pour la structure").await;
    open(&colleague, &line).await;
    tab.shows(waiting - 1).await;

    // Nobody opens a message of somebody else.
    let elsewhere = server.login(logins::ELSEWHERE).await;
    assert_eq!(elsewhere.get(&line.href).await.status, 404);
}

async fn m4_the_menu_answers_forwards_and_puts_away(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    send(&pair.gestionnaire, &[&pair.him], "Menu", "Bonjour.").await;
    let before = unread(&pair.intervenant).await;
    let line = received(&pair.intervenant, "Menu").await;
    let page = open(&pair.intervenant, &line).await;
    let html = page.html();
    for words in ["Répondre", "Transférer"] {
        assert!(html.all("a").any(|link| link.text == words), "« {words} »");
    }
    let form = Form::pressing(&page, "Supprimer");
    let page = pair.intervenant.submit(&form).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert_eq!(found(&pair.intervenant, "reception", "Menu").await, None, "it has left the list");
    let page = pair.intervenant.submit(&undo(&page)).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert_eq!(received(&pair.intervenant, "Menu").await.id, line.id, "« Annuler » takes it back");
    assert_eq!(unread(&pair.intervenant).await, before - 1, "read as it was");
}

async fn m5_an_answer_goes_to_who_wrote_and_to_nobody_else(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    send(&pair.gestionnaire, &[&pair.him], "Salle", "La salle est au rez-de-chaussée.\n\nÀ bientôt").await;
    let line = received(&pair.intervenant, "Salle").await;
    let page = open(&pair.intervenant, &line).await;
    let answer = page.html().all("a").find(|link| link.text == "Répondre").expect("a link").expect("href").to_owned();
    let page = pair.intervenant.get(&answer).await;
    let html = page.html();
    assert!(html.all("ei-combobox").next().is_none(), "recipients can't be changed");
    let form = Form::to(&page, "/messagerie/ecrire");
    assert_eq!(form.value("objet"), Some("Re : Salle"));
    let quoted = form.value("texte").expect("a text");
    assert!(quoted.contains("\n> La salle est au rez-de-chaussée."), "{quoted}");

    // Whatever recipients are added by hand, it goes to the structure that wrote.
    let others = proposals(&pair.gestionnaire, "le").await;
    let mut forged = form.set("texte", "Merci.").set("action", "envoyer");
    for other in &others {
        forged = forged.add("destinataires", &other.value);
    }
    pair.intervenant.submit(&forged).await;
    let line = received(&pair.gestionnaire, "Re : Salle").await;
    let page = open(&pair.gestionnaire, &line).await;
    let html = page.html();
    let to: Vec<_> = html.all("dt").filter(|term| term.text == "À").collect();
    assert_eq!(to.len(), 1);
    assert!(page.body.contains("Délégation Bretagne"));
    for other in &others {
        let listed = html.all("dd").any(|value| value.text.contains(&other.label));
        let writer = other.value == pair.him;
        assert!(writer || !listed, "{} received it too", other.label);
    }

    // The prefix and the quotation are not repeated.
    let answer = html.all("a").find(|link| link.text == "Répondre").expect("a link").expect("href").to_owned();
    let form = Form::to(&pair.gestionnaire.get(&answer).await, "/messagerie/ecrire");
    assert_eq!(form.value("objet"), Some("Re : Salle"));
    assert!(!form.value("texte").expect("a text").contains("\n> > "), "{:?}", form.value("texte"));

    // A message that is not in one's mailbox can't be answered.
    let elsewhere = server.login(logins::ELSEWHERE).await;
    let forged =
        letter(&elsewhere, &[], "Re : Salle", "Bonjour").await.set("reponse_a", &line.id).set("action", "envoyer");
    let page = elsewhere.submit(&forged).await;
    assert!(refused(&page) || page.status == 404, "{} {}", page.status, page.said());
    assert_eq!(found(&elsewhere, "envoyes", "Re : Salle").await, None);
}

async fn m5_a_forward_goes_to_recipients_chosen_anew(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    send(&pair.intervenant, &[&pair.structure], "Re : Programme", "Voici le plan.").await;
    let line = received(&pair.gestionnaire, "Re : Programme").await;
    let page = open(&pair.gestionnaire, &line).await;
    let href = page.html().all("a").find(|link| link.text == "Transférer").expect("a link").expect("href").to_owned();
    let form = Form::to(&pair.gestionnaire.get(&href).await, "/messagerie/ecrire");
    assert_eq!(form.value("objet"), Some("Tr : Programme"));
    assert_eq!(form.values("destinataires"), Vec::<&str>::new(), "nobody is chosen yet");
    assert!(form.value("texte").expect("a text").contains("> Voici le plan."));

    let other = proposals(&pair.gestionnaire, "ma")
        .await
        .into_iter()
        .find(|found| found.value != pair.him)
        .expect("somebody else");
    let page = pair.gestionnaire.submit(&form.add("destinataires", &other.value).set("action", "envoyer")).await;
    assert_eq!(page.path(), "/messagerie/envoyes", "{}", page.said());
    let sent = found(&pair.gestionnaire, "envoyes", "Tr : Programme").await.expect("it is sent");
    assert_eq!(sent.who, other.label);
    assert_eq!(found(&pair.intervenant, "reception", "Tr : Programme").await, None);
}

async fn m6_completion_starts_at_the_second_character_and_knows_only_whom_one_may_write_to(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;

    for typed in ["", "b", " d ", "é"] {
        assert_eq!(proposals(&pair.intervenant, typed).await, [], "« {typed} » is too short");
        assert_eq!(proposals(&pair.gestionnaire, typed).await, [], "« {typed} » is too short");
    }
    // An intervenant writes to structures: here to the one of his rattachement only.
    for typed in ["br", "DÉ", "deleg", "bretagne del"] {
        let found = proposals(&pair.intervenant, typed).await;
        assert_eq!(found.len(), 1, "« {typed} »: {found:?}");
        assert_eq!(found[0].label, "Délégation Bretagne");
    }
    assert_eq!(proposals(&pair.intervenant, "normandie").await, []);
    let somebody = proposals(&pair.gestionnaire, "ma").await;
    assert!(!somebody.is_empty());
    for person in &somebody {
        let name = person.label.split(' ').next_back().expect("a name");
        assert_eq!(proposals(&pair.intervenant, name).await, [], "no intervenant is proposed to another");
        let words: Vec<String> = person.label.to_lowercase().split([' ', '-', '’', '\'']).map(str::to_owned).collect();
        assert!(words.iter().any(|word| word.starts_with("ma")), "« ma » begins a word of {}", person.label);
    }
    // A gestionnaire writes to intervenants, not to structures.
    assert_eq!(proposals(&pair.gestionnaire, "délégation").await, []);

    // What people type never breaks it.
    for typed in ["%%", "__", "''", "\"); drop table", "\u{0}\u{0}", &"a".repeat(5_000), "*:(", "\u{10ffff}\u{10ffff}"]
    {
        let address = format!("/messagerie/destinataires?q={}", encode(typed));
        let page = pair.gestionnaire.get(&address).await;
        assert!(page.status == 200 || page.status == 400 || page.status == 414, "« {typed:.20} »: {}", page.status);
    }
    assert_eq!(proposals(&pair.gestionnaire, "%%").await, [], "no wildcard of the database");

    let visitor = server.visitor().get_only("/messagerie/destinataires?q=le").await;
    assert_ne!(visitor.status, 200, "nothing for who is not logged in");
    let administrateur = server.login(logins::ADMINISTRATEUR).await;
    let page = administrateur.get("/messagerie/destinataires?q=le").await;
    assert!(page.status != 200 || page.json().as_array().is_some_and(Vec::is_empty), "{}", page.said());
}

async fn m6_a_recipient_that_one_may_not_write_to_is_refused(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let other = proposals(&pair.gestionnaire, "ma")
        .await
        .into_iter()
        .find(|found| found.value != pair.him)
        .expect("somebody else");

    let hostile = [other.value.as_str(), "0", "-1", "999999999", "99999999999999999999", "abc", "1 or 1=1", ""];
    for value in hostile {
        let form = letter(&pair.intervenant, &[value], "Interdit", "Bonjour").await.set("action", "envoyer");
        let page = pair.intervenant.submit(&form).await;
        assert!(refused(&page) || page.status == 400, "« {value} »: {} {}", page.status, page.said());
        assert_eq!(found(&pair.intervenant, "envoyes", "Interdit").await, None, "« {value} »");
        // One that is allowed does not carry along one that is not.
        if !value.is_empty() {
            let form = letter(&pair.intervenant, &[&pair.structure, value], "Interdit", "Bonjour").await;
            let page = pair.intervenant.submit(&form.set("action", "envoyer")).await;
            assert!(refused(&page) || page.status == 400, "« {value} »: {} {}", page.status, page.said());
        }
    }
    let form = letter(&pair.gestionnaire, &[&pair.structure], "Interdit", "Bonjour").await.set("action", "envoyer");
    assert!(refused(&pair.gestionnaire.submit(&form).await), "a structure does not write to a structure");
    assert_eq!(found(&pair.gestionnaire, "reception", "Interdit").await, None);
}

async fn m6_a_message_needs_a_recipient_and_keeps_what_was_typed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let texte = "Première ligne\n\n  <b>pas gras</b> & « accents »\n\tfin";
    let form = letter(&pair.intervenant, &[], "Sans destinataire", texte).await.set("action", "envoyer");
    let page = pair.intervenant.submit(&form).await;
    assert!(refused(&page), "{}", page.said());
    let html = page.html();
    let summary = html.by_class("summary").expect("a summary on top");
    let link = html.inside(summary, "a").next().expect("a link to the field");
    assert!(html.by_id(link.expect("href").trim_start_matches('#')).is_some());
    let kept = Form::to(&page, "/messagerie/ecrire");
    assert_eq!(kept.value("objet"), Some("Sans destinataire"));
    assert_eq!(kept.value("texte"), Some(texte));

    // Corrected, the same form goes.
    let page = pair.intervenant.submit(&kept.add("destinataires", &pair.structure).set("action", "envoyer")).await;
    assert_eq!(page.path(), "/messagerie/envoyes", "{}", page.said());
    assert!(page.html().by_class("notice").is_some(), "a notice says so");
    let line = received(&pair.gestionnaire, "Sans destinataire").await;
    let page = open(&pair.gestionnaire, &line).await;
    assert!(
        page.html().by_class("letter").expect("its text").text.contains("<b>pas gras</b> & « accents »"),
        "shown as typed"
    );

    let empty = letter(&pair.intervenant, &[&pair.structure], "", " ").await.set("action", "envoyer");
    assert!(refused(&pair.intervenant.submit(&empty).await), "an empty message is not sent");
    let long = letter(&pair.intervenant, &[&pair.structure], "Trop long", &"é".repeat(20_001)).await;
    assert!(refused(&pair.intervenant.submit(&long.set("action", "envoyer")).await));
    let longest = letter(&pair.intervenant, &[&pair.structure], "Juste assez", &"é".repeat(20_000)).await;
    let page = pair.intervenant.submit(&longest.set("action", "envoyer")).await;
    assert_eq!(page.path(), "/messagerie/envoyes", "{}", page.said());
}

async fn m6_a_draft_is_saved_found_again_and_sent(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let form = letter(&pair.intervenant, &[&pair.structure], "Ébauche", "Je commence").await;
    let page = pair.intervenant.submit(&form.set("action", "enregistrer")).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert!(page.html().by_class("notice").is_some(), "a notice says so: {}", page.said());

    let line = found(&pair.intervenant, "brouillons", "Ébauche").await.expect("it is among the drafts");
    assert_eq!(found(&pair.gestionnaire, "reception", "Ébauche").await, None, "nothing has been sent");
    let page = pair.intervenant.get(&line.href).await;
    let form = Form::to(&page, "/messagerie/ecrire");
    assert_eq!(form.value("texte"), Some("Je commence"));
    assert_eq!(form.values("destinataires"), [pair.structure.as_str()]);

    let page = pair.intervenant.submit(&form.set("texte", "J’ai fini").set("action", "envoyer")).await;
    assert_eq!(page.path(), "/messagerie/envoyes", "{}", page.said());
    assert_eq!(found(&pair.intervenant, "brouillons", "Ébauche").await, None, "the draft has become the message");
    let line = received(&pair.gestionnaire, "Ébauche").await;
    assert!(open(&pair.gestionnaire, &line).await.body.contains("J’ai fini"));

    // A draft is put away like any message, and is nobody else's.
    let form = letter(&pair.gestionnaire, &[], "Brouillon de la structure", "").await.set("action", "enregistrer");
    pair.gestionnaire.submit(&form).await;
    let line = found(&pair.gestionnaire, "brouillons", "Brouillon de la structure").await.expect("a draft");
    let page = pair.intervenant.get(&line.href).await;
    assert!(!page.body.contains("Brouillon de la structure"), "{}", page.said());
    act(&pair.gestionnaire, "brouillons", "Archiver", &[&line.id]).await;
    assert_eq!(found(&pair.gestionnaire, "brouillons", "Brouillon de la structure").await, None);
}

async fn m6_a_draft_saves_itself_while_one_types(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let page = pair.intervenant.get("/messagerie/ecrire").await;
    let address = page.html().all("form").find_map(|form| form.attribute("data-autosave").map(str::to_owned));
    let address = address.expect("the form names its autosave");
    let mut form = Form::to(&page, "/messagerie/ecrire").set("objet", "Toute seule");
    form.action = address;
    let save = async |form: &Form| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
            ("origin", pair.intervenant.base()),
            ("sec-fetch-site", "same-origin"),
        ];
        let body = urlencoded(&form.fields);
        let page = pair.intervenant.try_send(reqwest::Method::POST, &form.action, &headers, Some(body)).await;
        let page = page.expect("an answer");
        assert_eq!(page.status, 200, "{}", page.body);
        let said = page.json();
        said.as_object()
            .expect("an object")
            .values()
            .find_map(|value| {
                value
                    .as_i64()
                    .map(|id| id.to_string())
                    .or_else(|| value.as_str().filter(|text| text.parse::<i64>().is_ok()).map(str::to_owned))
            })
            .unwrap_or_else(|| panic!("the draft's id in {said}"))
    };
    let id = save(&form.clone().set("texte", "Un")).await;
    // The page keeps the id; a page that lost the answer sends none: either way there is one draft.
    assert_eq!(save(&form.clone().set("texte", "Un, deux").set("brouillon", &id)).await, id);
    assert_eq!(save(&form.clone().set("texte", "Un, deux, trois")).await, id);
    let line = found(&pair.intervenant, "brouillons", "Toute seule").await.expect("one draft");
    let page = pair.intervenant.get(&line.href).await;
    assert_eq!(Form::to(&page, "/messagerie/ecrire").value("texte"), Some("Un, deux, trois"));

    // Sent from the page that typed it, it leaves the drafts even when the page never knew its id.
    form.action = "/messagerie/ecrire".into();
    let sent = form.set("texte", "Un, deux, trois.").add("destinataires", &pair.structure).set("action", "envoyer");
    let page = pair.intervenant.submit(&sent).await;
    assert_eq!(page.path(), "/messagerie/envoyes", "{}", page.said());
    assert_eq!(found(&pair.intervenant, "brouillons", "Toute seule").await, None);
}

async fn m9_a_form_posted_twice_sends_once_and_answers_the_same(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let pair = pair(&server).await;
    let form = letter(&pair.gestionnaire, &[&pair.him], "Une seule fois", "Bonjour").await.set("action", "envoyer");
    let first = pair.gestionnaire.submit_only(&form).await;
    let second = pair.gestionnaire.submit_only(&form).await;
    assert_eq!(first.status, 303, "{}", first.said());
    assert_eq!((first.status, first.location()), (second.status, second.location()));
    // Also after the server died: the form is known by the database.
    server.kill();
    server.start_again().await;
    let third = pair.gestionnaire.submit_only(&form).await;
    assert_eq!((third.status, third.location()), (first.status, first.location()));
    received(&pair.intervenant, "Une seule fois").await;
    let sent = list(&pair.gestionnaire, "envoyes").await;
    assert_eq!(sent.iter().filter(|line| line.objet == "Une seule fois").count(), 1);
}

async fn m9_twelve_posts_at_once_send_one_message(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let before = unread(&pair.intervenant).await;
    let tab = pair.intervenant.tab().await;
    let form = letter(&pair.gestionnaire, &[&pair.him], "Douze fois", "Bonjour").await.set("action", "envoyer");
    let answers = join_all((0..12).map(|_| pair.gestionnaire.submit_only(&form))).await;
    for answer in &answers {
        assert_eq!((answer.status, answer.location()), (303, answers[0].location()), "{}", answer.said());
    }
    tab.shows(before + 1).await;
    received(&pair.intervenant, "Douze fois").await;
    let mails = eventually("its mail", async || {
        let mails = mails::of_message(&server.visitor(), logins::INTERVENANT, "Douze fois").await;
        Some(mails).filter(|mails| !mails.is_empty())
    })
    .await;
    assert_eq!(mails.len(), 1, "{mails:?}");
}

async fn m9_the_same_form_with_another_text_asks_first(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let form = letter(&pair.gestionnaire, &[&pair.him], "Deux versions", "La première").await.set("action", "envoyer");
    pair.gestionnaire.submit(&form).await;
    let changed = form.set("texte", "La seconde");
    let page = pair.gestionnaire.submit(&changed).await;
    let asked = Form::pressing(&page, "Envoyer");
    assert_eq!(asked.value("texte"), Some("La seconde"), "what was typed is kept");
    assert!(page.said().contains("déjà été envoyé"), "it asks: {}", page.said());
    received(&pair.intervenant, "Deux versions").await;

    // Said yes, twice: a second message, once.
    assert_eq!(asked.values("destinataires"), [pair.him.as_str()]);
    for _ in 0..2 {
        let page = pair.gestionnaire.submit(&asked).await;
        assert_eq!(page.path(), "/messagerie/envoyes", "{}", page.said());
    }
    let all = list(&pair.intervenant, "reception").await;
    assert_eq!(all.iter().filter(|line| line.objet == "Deux versions").count(), 2);
}

async fn m1_a_structure_opens_and_closes_its_messaging_and_threads_stay_readable(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    send(&pair.gestionnaire, &[&pair.him], "Avant", "Une question.").await;
    send(&pair.intervenant, &[&pair.structure], "Avant aussi", "Une autre.").await;
    let line = received(&pair.intervenant, "Avant").await;
    let reply_page = pair.intervenant.get(&format!("{}/repondre", line.href)).await;
    let reply = Form::to(&reply_page, "/messagerie/ecrire").set("texte", "Oui.").set("action", "envoyer");

    let admin = server.login(logins::ADMINISTRATEUR).await;
    let structures = admin.get("/administration/structures").await;
    let html = structures.html();
    let link = html.all("a").find(|link| link.text == "Délégation Bretagne").expect("the structure");
    let path = link.expect("href").to_owned();
    let set = async |open: bool| {
        let form = Form::to(&admin.get(&path).await, &path);
        let form = if open { form.set("messagerie", "1") } else { form.without("messagerie") };
        let done = admin.submit(&form).await;
        assert_eq!((done.status, done.path()), (200, "/administration/structures"), "{}", done.said());
    };
    set(false).await;
    // He reads what he had, and is told why he writes no more; what he was writing is not lost.
    assert!(
        received(&pair.intervenant, "Avant").await.unread
            || found(&pair.intervenant, "reception", "Avant").await.is_some()
    );
    let page = open(&pair.intervenant, &line).await;
    assert!(page.body.contains("Une question.") && page.body.contains("ne vous permet pas d’y répondre"));
    assert!(page.html().all("a").all(|link| link.text != "Répondre"), "{}", page.said());
    assert!(found(&pair.intervenant, "envoyes", "Avant aussi").await.is_some());
    let late = pair.intervenant.submit(&reply).await;
    assert!(refused(&late) && late.body.contains("n’est pas parti"), "{}", late.said());
    assert_eq!(Form::to(&late, "/messagerie/ecrire").value("texte"), Some("Oui."));
    let page = pair.intervenant.get("/messagerie/ecrire").await;
    assert!(page.body.contains("Délégation Bretagne, l’active"), "why: {}", page.said());
    assert_eq!(proposals(&pair.intervenant, "bretagne").await, []);
    // A structure that has closed its messaging still writes to people.
    send(&pair.gestionnaire, &[&pair.him], "Pendant", "Bonjour").await;
    assert!(found(&pair.intervenant, "reception", "Pendant").await.is_some());

    set(true).await;
    let sent = pair.intervenant.submit(&reply).await;
    assert_eq!(sent.path(), "/messagerie/envoyes", "{}", sent.said());
    assert!(found(&pair.gestionnaire, "reception", "Re : Avant").await.is_some());
}

async fn m1_an_intervenant_writes_to_a_structure_and_one_of_its_people_reads_for_all(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let colleague = server.login(logins::COLLEAGUE).await;
    // No gestionnaire is proposed by name, nor taken by the number of their account.
    let name = pair.gestionnaire.name().await;
    for typed in name.split(' ') {
        let named = proposals(&pair.intervenant, typed).await;
        assert!(named.iter().all(|found| found.label != name), "« {typed} »: {named:?}");
    }
    let before = unread(&colleague).await;
    let (hers, mine) = (colleague.tab().await, pair.gestionnaire.tab().await);
    send(&pair.intervenant, &[&pair.structure], "Pour tous", "Bonjour").await;
    hers.shows(before + 1).await;
    mine.shows(before + 1).await;
    // Read by one, it is read for the structure.
    open(&colleague, &received(&colleague, "Pour tous").await).await;
    mine.shows(before).await;
    assert!(!received(&pair.gestionnaire, "Pour tous").await.unread);
    // He sees the structure as who answers; they see which of them wrote.
    let line = received(&colleague, "Pour tous").await;
    let page = colleague.get(&format!("{}/repondre", line.href)).await;
    let form = Form::to(&page, "/messagerie/ecrire").set("texte", "Bien reçu.").set("action", "envoyer");
    colleague.submit(&form).await;
    let hers = colleague.name().await;
    let answer = open(&pair.intervenant, &received(&pair.intervenant, "Re : Pour tous").await).await;
    assert!(answer.body.contains("Délégation Bretagne") && !answer.body.contains(&hers), "{}", answer.said());
    let sent = found(&pair.gestionnaire, "envoyes", "Re : Pour tous").await.expect("it is there");
    assert!(open(&pair.gestionnaire, &sent).await.body.contains(&format!("écrit par {hers}")));
}

async fn m3_lists_are_filtered_sorted_and_paged(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let before = list(&pair.intervenant, "reception").await.len();
    for number in 0..30 {
        let objet = format!("Dossier {:02}", (number * 7) % 30);
        let texte = if number == 12 { "Le mot rare : zythologie, à l’Éclair" } else { "Bonjour" };
        send(&pair.gestionnaire, &[&pair.him], &objet, texte).await;
    }
    let all = list(&pair.intervenant, "reception").await;
    assert_eq!(all.len(), before + 30);
    assert_eq!(all[0].objet, format!("Dossier {:02}", 29 * 7 % 30), "the newest first");
    let first = pair.intervenant.get("/messagerie/reception").await;
    assert_eq!(crate::support::messagerie::lines(&first).len(), 25, "a page");
    let mut ids: Vec<&str> = all.iter().map(|line| line.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all.len(), "each once over the pages");

    let subjects = async |client: &Client, list: &str, query: &str| {
        let page = client.get(&format!("/messagerie/{list}?{query}")).await;
        crate::support::messagerie::lines(&page).into_iter().map(|line| line.objet).collect::<Vec<_>>()
    };
    let sorted = subjects(&pair.intervenant, "reception", "q=dossier&tri=objet").await;
    let expected: Vec<String> = (0..25).map(|number| format!("Dossier {number:02}")).collect();
    assert_eq!(sorted, expected);
    let turned = subjects(&pair.intervenant, "reception", "q=dossier&tri=objet&sens=decroissant").await;
    assert_eq!(turned[0], "Dossier 29");
    let oldest = subjects(&pair.intervenant, "reception", "q=dossier&sens=croissant").await;
    assert_eq!(oldest[0], "Dossier 00");
    let by_name = pair.gestionnaire.get("/messagerie/envoyes?tri=avec").await;
    let names: Vec<String> =
        crate::support::messagerie::lines(&by_name).into_iter().map(|line| line.who.to_lowercase()).collect();
    assert!(names.iter().map(|name| domain::texte::fold(name)).is_sorted(), "{names:?}");
    // The filter reads subject, names and text, without accents or case; all words have to be there.
    for words in ["zythologie", "ZYTHOLOGIE eclair", "d%C3%A9l%C3%A9gation zythologie", "zytho"] {
        let query = format!("q={words}");
        assert_eq!(subjects(&pair.intervenant, "reception", &query).await.len(), 1, "{words}");
    }
    assert_eq!(subjects(&pair.intervenant, "reception", "q=zythologie%20absent").await, Vec::<String>::new());
    assert_eq!(subjects(&pair.intervenant, "reception", "q=%25").await, Vec::<String>::new(), "no wildcard");
    let page = pair.intervenant.get("/messagerie/reception?q=dossier&page=2").await;
    assert!(page.html().all("a").any(|link| link.attribute("rel") == Some("prev")), "{}", page.said());
    assert_eq!(subjects(&pair.intervenant, "reception", "q=dossier&page=99").await.len(), 5, "the last page");
}

async fn m3_a_selection_is_put_away_marked_and_taken_back(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    for objet in ["Un", "Deux", "Trois"] {
        send(&pair.gestionnaire, &[&pair.him], objet, "Bonjour").await;
    }
    let before = unread(&pair.intervenant).await;
    let id = async |objet: &str| received(&pair.intervenant, objet).await.id;
    let (one, two, three) = (id("Un").await, id("Deux").await, id("Trois").await);
    let tab = pair.intervenant.tab().await;
    act(&pair.intervenant, "reception", "Marquer lu", &[&one, &two]).await;
    tab.shows(before - 2).await;
    act(&pair.intervenant, "reception", "Marquer non lu", &[&two]).await;
    tab.shows(before - 1).await;
    let away = act(&pair.intervenant, "reception", "Archiver", &[&one, &two, &three]).await;
    tab.shows(before - 3).await;
    for objet in ["Un", "Deux", "Trois"] {
        assert_eq!(found(&pair.intervenant, "reception", objet).await, None, "{objet}");
    }
    // Taken back, each is as it was; put away, one can still open it and set it right.
    let back = pair.intervenant.submit(&undo(&away)).await;
    assert_eq!(back.status, 200, "{}", back.said());
    tab.shows(before - 1).await;
    assert!(!received(&pair.intervenant, "Un").await.unread && received(&pair.intervenant, "Deux").await.unread);
    // What was received by others stays with them; somebody else's ids do nothing.
    assert!(found(&pair.gestionnaire, "envoyes", "Un").await.is_some());
    let other = server.login(logins::ELSEWHERE).await;
    other.post("/messagerie/reception/actions", &[("action", "archive"), ("messages", &one)]).await;
    assert!(found(&pair.intervenant, "reception", "Un").await.is_some());
    let none = pair.intervenant.post("/messagerie/reception/actions", &[("action", "archive")]).await;
    assert!(none.status == 422 && none.body.contains("Cochez d’abord un message"), "{}", none.said());
    for wrong in ["", "detruire", "lu lu"] {
        let page =
            pair.intervenant.post("/messagerie/reception/actions", &[("action", wrong), ("messages", &one)]).await;
        assert_eq!(page.status, 400, "« {wrong} »");
    }
}

async fn m7_what_was_sent_is_edited_and_sent_as_a_new_message(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    send(&pair.gestionnaire, &[&pair.him], "Programme", "Première version.").await;
    let first = received(&pair.intervenant, "Programme").await;
    let sent = found(&pair.gestionnaire, "envoyes", "Programme").await.expect("it is sent");
    let page = open(&pair.gestionnaire, &sent).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text == "Modifier et envoyer à nouveau").expect("a way").expect("href");
    let form = Form::to(&pair.gestionnaire.get(link).await, "/messagerie/ecrire");
    assert_eq!((form.value("objet"), form.value("texte")), (Some("Programme"), Some("Première version.")));
    assert_eq!(form.values("destinataires"), [pair.him.as_str()], "its recipients, whom one may change");

    // Changed and sent to one more: a new message for each; what was received is as it was.
    let other = proposals(&pair.gestionnaire, "ma").await.into_iter().find(|found| found.value != pair.him);
    let other = other.expect("somebody else");
    let form = form.set("objet", "Programme corrigé").set("texte", "Seconde version.");
    let page = pair.gestionnaire.submit(&form.add("destinataires", &other.value).set("action", "envoyer")).await;
    assert_eq!(page.path(), "/messagerie/envoyes", "{}", page.said());
    let second = received(&pair.intervenant, "Programme corrigé").await;
    assert_ne!(second.id, first.id);
    assert!(open(&pair.intervenant, &second).await.body.contains("Seconde version."));
    assert!(open(&pair.intervenant, &first).await.body.contains("Première version."), "it never changes");
    assert!(found(&pair.gestionnaire, "envoyes", "Programme").await.is_some());
    let line = found(&pair.gestionnaire, "envoyes", "Programme corrigé").await.expect("the new one");
    assert!(line.who.contains(&other.label) && line.who.contains(&pair.intervenant.name().await), "{}", line.who);
    // What one received is nobody's to send anew.
    let received_id = &first.id;
    assert_eq!(pair.intervenant.get(&format!("/messagerie/ecrire?modele={received_id}")).await.status, 404);
    // Put away from the sent ones, it stays where it was received.
    act(&pair.gestionnaire, "envoyes", "Archiver", &[&line.id]).await;
    assert_eq!(found(&pair.gestionnaire, "envoyes", "Programme corrigé").await, None);
    assert!(found(&pair.intervenant, "reception", "Programme corrigé").await.is_some());
}

async fn m7_a_draft_is_put_away_taken_back_changed_and_sent_to_more(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let pair = pair(&server).await;
    let form = letter(&pair.gestionnaire, &[&pair.him], "À finir", "Début").await.set("action", "enregistrer");
    let page = pair.gestionnaire.submit(&form).await;
    assert_eq!(page.path(), "/messagerie/brouillons", "{}", page.said());
    let draft = found(&pair.gestionnaire, "brouillons", "À finir").await.expect("a draft");
    let away = act(&pair.gestionnaire, "brouillons", "Archiver", &[&draft.id]).await;
    assert_eq!(found(&pair.gestionnaire, "brouillons", "À finir").await, None);
    pair.gestionnaire.submit(&undo(&away)).await;
    let draft = found(&pair.gestionnaire, "brouillons", "À finir").await.expect("it is back");
    // A colleague's drafts are her own, though the mailbox is shared.
    let colleague = server.login(logins::COLLEAGUE).await;
    assert_eq!(found(&colleague, "brouillons", "À finir").await, None);
    assert_eq!(colleague.get(&draft.href).await.status, 404);

    let form = Form::to(&pair.gestionnaire.get(&draft.href).await, "/messagerie/ecrire");
    assert_eq!(form.values("destinataires"), [pair.him.as_str()]);
    let other = proposals(&pair.gestionnaire, "ma").await.into_iter().find(|found| found.value != pair.him);
    let form = form.add("destinataires", &other.expect("somebody else").value).set("texte", "Début et fin");
    let page = pair.gestionnaire.submit(&form.set("action", "envoyer")).await;
    assert_eq!(page.path(), "/messagerie/envoyes", "{}", page.said());
    assert_eq!(found(&pair.gestionnaire, "brouillons", "À finir").await, None, "it is no draft any more");
    assert!(open(&pair.intervenant, &received(&pair.intervenant, "À finir").await).await.body.contains("Début et fin"));
}
