//! The mailbox that the people of a structure share: SPEC M8.

use futures_util::future::join_all;

use crate::cvtheque::hits;
use crate::support::messagerie::{Line, found, letter, lines, open, received, recipient, send};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, eventually, logins, mails};

both_engines! {
    m8_who_has_a_message_before_them_is_shown_live,
    m8_a_second_answer_is_asked_about_and_then_leaves,
    m8_of_two_answers_at_once_one_is_asked_about,
    m8_a_message_is_given_to_one_of_the_structures_people,
    m8_internal_notes_stay_within_the_structure,
    q1_m8_a_message_is_put_away_and_the_note_being_typed_stays,
    m8_templates_are_written_inserted_changed_and_removed,
    m8_each_person_of_a_selection_reads_their_own_name,
}

struct World {
    me: Client,
    colleague: Client,
    elsewhere: Client,
    person: Client,
    structure: String,
    _server: crate::support::Server,
    _site: Site,
}

async fn world(engine: Engine) -> World {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    World {
        me: server.login(logins::GESTIONNAIRE).await,
        colleague: server.login(logins::COLLEAGUE).await,
        elsewhere: server.login(logins::ELSEWHERE).await,
        structure: recipient(&person, "Délégation Bretagne").await,
        person,
        _server: server,
        _site: site,
    }
}

impl World {
    /// A message of the intervenant that the structure has received.
    async fn message(&self, objet: &str) -> Line {
        send(&self.person, &[&self.structure], objet, "Bonjour, suis-je attendu le 12 ?").await;
        received(&self.me, objet).await
    }
}

async fn reply(client: &Client, line: &Line) -> Form {
    Form::to(&client.get(&format!("{}/repondre", line.href)).await, "/messagerie/ecrire")
}

/// What the page of a message says of who else is there, asked again as it does every ten seconds.
async fn others(client: &Client, line: &Line, repond: bool) -> serde_json::Value {
    let fields: &[(&str, &str)] = if repond { &[("repond", "1")] } else { &[] };
    let page = client.post(&format!("{}/presence", line.href), fields).await;
    assert_eq!(page.status, 200, "{}", page.said());
    page.json()
}

async fn m8_who_has_a_message_before_them_is_shown_live(engine: Engine) {
    let world = world(engine).await;
    let line = world.message("Qui lit").await;
    let page = open(&world.me, &line).await;
    assert!(page.html().by_class("live").expect("a place for it").attribute("hidden").is_some(), "nobody else");
    let mine = world.me.name().await;
    let page = open(&world.colleague, &line).await;
    assert!(page.html().by_class("live").expect("who else").text.contains(&format!("{mine} a aussi ce message")));
    let said = others(&world.me, &line, false).await;
    assert!(said["regardent"].as_str().expect("a sentence").contains("sous les yeux"), "{said}");
    assert_eq!(said["version"], 0);

    // Who answers is told apart from who reads.
    reply(&world.colleague, &line).await;
    let said = others(&world.me, &line, false).await;
    let hers = world.colleague.name().await;
    assert_eq!(said["regardent"], format!("{hers} est en train d’y répondre."), "{said}");
    let page = world.me.get(&format!("{}/repondre", line.href)).await;
    assert!(page.html().by_class("live").expect("who else").text.contains("est en train d’y répondre"));

    // Once she has sent it, the page that is open learns it, with her name.
    let form = reply(&world.colleague, &line).await;
    world.colleague.submit(&form.set("texte", "Oui, le 12.").set("action", "envoyer")).await;
    let said = others(&world.me, &line, true).await;
    assert_ne!(said["version"], 0);
    assert!(!said["regardent"].as_str().expect("a sentence").contains("en train"), "she has answered: {said}");
    assert_eq!(said["change"], format!("{hers} vient de répondre à ce message."));
    // Neither another structure nor the person asks it.
    for (who, status) in [(&world.elsewhere, 404), (&world.person, 403)] {
        let page = who.post(&format!("{}/presence", line.href), &[]).await;
        assert_eq!(page.status, status, "{}", page.said());
    }
}

async fn m8_a_second_answer_is_asked_about_and_then_leaves(engine: Engine) {
    let world = world(engine).await;
    let line = world.message("Deux réponses").await;
    let mine = reply(&world.me, &line).await.set("texte", "Ma réponse.").set("action", "envoyer");
    let hers = reply(&world.colleague, &line).await.set("texte", "Sa réponse.").set("action", "envoyer");
    let sent = world.colleague.submit(&hers).await;
    assert_eq!(sent.path(), "/messagerie/envoyes", "{}", sent.said());

    let asked = world.me.submit(&mine).await;
    assert_eq!(asked.status, 409, "{}", asked.said());
    let name = world.colleague.name().await;
    assert!(asked.main_text().contains(&format!("{name} a répondu à ce message")), "{}", asked.said());
    let html = asked.html();
    let link = html.all("a").find(|link| link.text == "Lire sa réponse").expect("a link").expect("href").to_owned();
    assert!(world.me.get(&link).await.main_text().contains("Sa réponse."));
    let again = Form::to(&asked, "/messagerie/ecrire");
    assert_eq!(again.value("texte"), Some("Ma réponse."), "nothing typed is lost");
    let objet = "Re : Deux réponses";
    assert!(found(&world.person, "reception", objet).await.is_some(), "one so far");

    // Asked, she sends it all the same: both are there. Posted again, nothing more.
    for _ in 0..2 {
        let sent = world.me.submit(&again.clone().set("action", "envoyer")).await;
        assert_eq!(sent.path(), "/messagerie/envoyes", "{}", sent.said());
    }
    let count = async || {
        let page = world.person.get("/messagerie/reception").await;
        lines(&page).iter().filter(|line| line.objet == objet).count()
    };
    assert_eq!(count().await, 2);
    // The list and the message say that it was answered, and by whom last; to its author nothing of it is shown.
    let list = world.colleague.get("/messagerie/reception").await;
    let html = list.html();
    let row = html.all("tr").find(|row| row.text.contains("Deux réponses")).expect("its line");
    assert!(row.text.contains("répondu"), "{}", row.text);
    let page = open(&world.colleague, &line).await;
    assert!(page.main_text().contains(&format!("répondu par {}", world.me.name().await)), "{}", page.said());
    // One's own second answer, or one begun after reading the first, is asked about by nobody.
    for texte in ["Encore un mot.", "Et un dernier."] {
        let form = reply(&world.colleague, &line).await.set("texte", texte).set("action", "envoyer");
        let sent = world.colleague.submit(&form).await;
        assert_eq!(sent.path(), "/messagerie/envoyes", "{}", sent.said());
    }
    assert_eq!(count().await, 4);
    // An intervenant has nobody to warn of: two answers, no question.
    let back = received_of(&world.person, objet).await;
    for texte in ["Merci.", "Merci encore."] {
        let form = reply(&world.person, &back).await.set("texte", texte).set("action", "envoyer");
        assert_eq!(world.person.submit(&form).await.path(), "/messagerie/envoyes");
    }
}

/// The first received message of that subject.
async fn received_of(client: &Client, objet: &str) -> Line {
    let page = client.get("/messagerie/reception").await;
    lines(&page).into_iter().find(|line| line.objet == objet).expect("it is there")
}

async fn m8_of_two_answers_at_once_one_is_asked_about(engine: Engine) {
    let world = world(engine).await;
    for round in 0..4 {
        let line = world.message(&format!("À la fois {round}")).await;
        let mine = reply(&world.me, &line).await.set("texte", "Ma réponse.").set("action", "envoyer");
        let hers = reply(&world.colleague, &line).await.set("texte", "Sa réponse.").set("action", "envoyer");
        let answers = join_all([world.me.submit_only(&mine), world.colleague.submit_only(&hers)]).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "round {round}");
        found(&world.person, "reception", &format!("Re : À la fois {round}")).await.expect("one");
    }
}

async fn m8_a_message_is_given_to_one_of_the_structures_people(engine: Engine) {
    let world = world(engine).await;
    let line = world.message("À confier").await;
    let other = world.message("Pas confié").await;
    let page = open(&world.me, &line).await;
    let name = world.colleague.name().await;
    let hers = crate::support::annonces::options(&page, "a").into_iter().find(|(_, words)| *words == name);
    let (value, _) = hers.expect("she is proposed");
    let tab = world.colleague.tab().await;
    let given = world.me.submit(&Form::pressing(&page, "Confier").set("a", &value)).await;
    assert!(given.body.contains(&format!("confié à {name}")), "{}", given.said());
    tab.until("she is told", |told| !told.notifications.is_empty()).await;
    let notice = tab.told().notifications[0].to_string();
    assert!(notice.contains("vous a confié un message") && notice.contains(&line.href), "{notice}");

    // Each list holds what it says; the intervenant's has nothing of the kind.
    let subjects = async |client: &Client, confie: &str| {
        let page = client.get(&format!("/messagerie/reception?confie={confie}")).await;
        lines(&page).into_iter().map(|line| line.objet).collect::<Vec<_>>()
    };
    assert_eq!(subjects(&world.colleague, "moi").await, ["À confier"]);
    assert_eq!(subjects(&world.me, "moi").await, Vec::<String>::new());
    let nobodys = subjects(&world.me, "personne").await;
    assert!(nobodys.contains(&other.objet) && !nobodys.contains(&line.objet), "{nobodys:?}");
    let page = world.me.get("/messagerie/reception").await;
    let html = page.html();
    let row = html.all("tr").find(|row| row.text.contains("À confier")).expect("its line");
    assert!(row.text.contains(&format!("confié à {name}")), "{}", row.text);
    assert!(!world.person.get("/messagerie/reception").await.body.contains("name=\"confie\""));
    let empty = world.me.get("/messagerie/reception?confie=moi").await;
    assert!(empty.body.contains("Aucun message n’est confié ainsi"), "{}", empty.said());

    // To nobody again; and to nobody of another structure, nor by them.
    let back =
        world.colleague.submit(&Form::pressing(&open(&world.colleague, &line).await, "Confier").set("a", "")).await;
    assert!(back.body.contains("n’est plus confié"), "{}", back.said());
    assert_eq!(subjects(&world.colleague, "moi").await, Vec::<String>::new());
    let path = format!("{}/equipe", line.href);
    for wrong in ["1", "999999", "-1", "abc", "99999999999999999999"] {
        let page = world.me.post(&path, &[("action", "confier"), ("a", wrong)]).await;
        assert_eq!(page.status, 400, "{wrong}: {}", page.said());
    }
    for (who, status) in [(&world.elsewhere, 404), (&world.person, 403)] {
        assert_eq!(who.post(&path, &[("action", "confier"), ("a", "")]).await.status, status);
    }
}

async fn m8_internal_notes_stay_within_the_structure(engine: Engine) {
    let world = world(engine).await;
    let line = world.message("Avec notes").await;
    let page = open(&world.me, &line).await;
    let form = Form::pressing(&page, "Ajouter la note").set("note", "Rappelé ce matin.\n\n<b>Zinzolin</b>");
    let noted = world.me.submit(&form).await;
    assert!(noted.body.contains("La note est ajoutée"), "{}", noted.said());
    let hers = open(&world.colleague, &line).await;
    assert!(hers.main_text().contains("<b>Zinzolin</b>") && hers.main_text().contains(&world.me.name().await));
    // One that is being written stays when the message is given to somebody.
    let me = crate::support::annonces::options(&hers, "a").pop().expect("somebody").0;
    let form_too = Form::pressing(&hers, "Confier").set("a", &me).set("note", "Pas encore ajoutée.");
    let given = world.colleague.submit(&form_too).await;
    assert!(given.status == 200 && given.body.contains("confié à"), "{}", given.said());
    assert_eq!(Form::pressing(&given, "Ajouter la note").value("note"), Some("Pas encore ajoutée."));
    // Empty or too long: said, and what was typed is kept.
    let empty = world.me.submit(&form.clone().set("note", " \n ")).await;
    assert_eq!(empty.status, 422);
    let long = "é".repeat(5_001);
    let refused = world.me.submit(&form.clone().set("note", &long)).await;
    assert_eq!(refused.status, 422);
    assert_eq!(Form::pressing(&refused, "Ajouter la note").value("note"), Some(long.as_str()));

    // Whom it is about reads nothing of it: not the message, not the answer, not the mail; nor does another structure.
    let answer = reply(&world.me, &line).await.set("texte", "Voici la réponse.").set("action", "envoyer");
    world.me.submit(&answer).await;
    let sent = found(&world.person, "envoyes", "Avec notes").await.expect("his message");
    for page in
        [open(&world.person, &sent).await, open(&world.person, &received(&world.person, "Re : Avec notes").await).await]
    {
        assert!(!page.body.contains("Zinzolin") && !page.body.contains("Note interne"), "{}", page.said());
    }
    let path = format!("{}/equipe", line.href);
    for (who, status) in [(&world.elsewhere, 404), (&world.person, 403)] {
        assert_eq!(who.post(&path, &[("action", "noter"), ("note", "x")]).await.status, status);
        assert!(!who.get(&line.href).await.body.contains("Zinzolin"));
    }
    for mail in mails::about(&world.person, logins::INTERVENANT).await {
        assert!(!mails::text(&world.person, &mail).await.contains("Zinzolin"));
    }
}

async fn q1_m8_a_message_is_put_away_and_the_note_being_typed_stays(engine: Engine) {
    let world = world(engine).await;
    let line = world.message("À ranger").await;
    let mut page = open(&world.me, &line).await;
    for (button, said) in [("Supprimer", "1 message archivé"), ("Rétablir", "1 message rétabli")] {
        page = world.me.submit(&Form::pressing(&page, button).set("note", "Rappeler\nlundi.")).await;
        assert_eq!((page.status, page.path()), (200, line.href.as_str()), "{button}: {}", page.said());
        assert!(page.said().contains(said), "{button}: {}", page.said());
        assert_eq!(Form::pressing(&page, "Ajouter la note").value("note"), Some("Rappeler\nlundi."), "{button}");
        assert!(
            page.html().all("button").all(|button| button.text != "Annuler"),
            "it would lead away: {}",
            page.said()
        );
    }
    let before = world.me.get("/messagerie/reception").await;
    let unread = |page: &Page| page.html().counter("messages").unwrap_or_default();
    let marked = world.me.submit(&Form::pressing(&page, "Marquer non lu").set("note", "Rappeler.")).await;
    assert_eq!(Form::pressing(&marked, "Ajouter la note").value("note"), Some("Rappeler."), "{}", marked.said());
    let after = world.me.get("/messagerie/reception").await;
    assert_eq!(unread(&after), unread(&before) + 1, "showing the note again does not open the message");
    // Without a note one goes on to the list, as before.
    let gone = world.me.press(&open(&world.me, &line).await, "Supprimer").await;
    assert_eq!(gone.path(), "/messagerie/reception", "{}", gone.said());
}

/// The id of a template that this gestionnaire's structure keeps.
pub async fn template(client: &Client) -> String {
    let page = client.get("/messagerie/modeles").await;
    let form = Form::to(&page, "/messagerie/modeles").set("nom", "Droits").set("texte", "Bonjour {prenom}");
    let page = client.submit(&form.set("action", "enregistrer")).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text == "Droits").expect("its link").expect("href");
    link.strip_prefix("/messagerie/modeles/").expect("its id").to_owned()
}

async fn m8_templates_are_written_inserted_changed_and_removed(engine: Engine) {
    let world = world(engine).await;
    let page = world.me.get("/messagerie/modeles").await;
    assert!(page.body.contains("Écrire un premier modèle"), "{}", page.said());
    let form = Form::to(&page, "/messagerie/modeles").set("action", "enregistrer");
    let texte = "Bonjour {civilite} {nom},\n\nQuelles sont vos dates ?\n\n{gestionnaire}, {structure}";
    for (nom, texte, why) in [
        ("", texte, "Donnez un nom"),
        ("Dates", " ", "Écrivez le texte"),
        ("Dates", "Bonjour {age}", "n’est pas un mot remplacé"),
        (&"x".repeat(81), texte, "80 caractères au plus"),
    ] {
        let page = world.me.submit(&form.clone().set("nom", nom).set("texte", texte)).await;
        assert_eq!(page.status, 422, "{nom}");
        assert!(page.body.contains(why), "{why}: {}", page.said());
    }
    let kept = world.me.submit(&form.clone().set("nom", "Dates").set("texte", texte)).await;
    assert!(kept.body.contains("Le modèle est enregistré"), "{}", kept.said());
    let twice = world.me.submit(&form.clone().set("nom", "Dates").set("texte", "Autre")).await;
    assert!(twice.status == 422 && twice.body.contains("porte déjà ce nom"), "{}", twice.said());

    // A colleague inserts it above the quoted text, every word replaced; the text can still be changed.
    let line = world.message("Avec un modèle").await;
    let answer = reply(&world.colleague, &line).await;
    let page = world.colleague.get(&format!("{}/repondre", line.href)).await;
    let (value, _) = crate::support::annonces::options(&page, "modele").remove(0);
    let none = world.colleague.submit(&answer.clone().set("action", "inserer")).await;
    assert!(none.status == 422 && none.body.contains("Choisissez d’abord un modèle"), "{}", none.said());
    let page = world.colleague.submit(&answer.set("modele", &value).set("action", "inserer")).await;
    let filled = Form::to(&page, "/messagerie/ecrire");
    let typed = filled.value("texte").expect("a text").to_owned();
    let (his, hers) = (world.person.name().await, world.colleague.name().await);
    let surname = his.split_once(' ').expect("two names").1;
    assert!(typed.starts_with("Bonjour M") && typed.contains(&format!(" {surname},\n")), "{typed}");
    assert!(typed.contains(&format!("{hers}, Délégation Bretagne")) && typed.contains("> Bonjour, suis-je attendu"));
    let sent = world.colleague.submit(&filled.set("action", "envoyer")).await;
    assert_eq!(sent.path(), "/messagerie/envoyes", "{}", sent.said());

    // To several at once a word that names the person can't stand: said, nothing leaves.
    let him = recipient(&world.me, &his).await;
    let other = crate::support::messagerie::proposals(&world.me, "ma").await;
    let other = other.iter().find(|found| found.value != him).expect("somebody else");
    let many = letter(&world.me, &[&him, &other.value], "À plusieurs", "Bonjour {prenom}").await;
    let refused = world.me.submit(&many.clone().set("action", "envoyer")).await;
    assert!(refused.status == 422 && refused.body.contains("{prenom}"), "{}", refused.said());
    assert_eq!(found(&world.me, "envoyes", "À plusieurs").await, None);
    let sent = world.me.submit(&many.set("texte", "Bonjour, {structure}").set("action", "envoyer")).await;
    assert_eq!(sent.path(), "/messagerie/envoyes", "{}", sent.said());
    let text = open(&world.person, &received(&world.person, "À plusieurs").await).await;
    assert!(text.main_text().contains("Bonjour, Délégation Bretagne"), "{}", text.said());

    // Another structure neither sees nor changes it; an intervenant has none, and his braces stay.
    let one = format!("/messagerie/modeles/{value}");
    assert!(!world.elsewhere.get("/messagerie/modeles").await.body.contains("Dates"));
    assert_eq!(world.elsewhere.get(&one).await.status, 404);
    assert_eq!(world.elsewhere.post(&one, &[("action", "supprimer")]).await.status, 404);
    assert_eq!(world.person.get("/messagerie/modeles").await.status, 403);
    send(&world.person, &[&world.structure], "Accolades", "Mon {prenom}").await;
    let page = open(&world.me, &received(&world.me, "Accolades").await).await;
    assert!(page.main_text().contains("Mon {prenom}"));

    let page = world.me.get(&one).await;
    let changed = world.me.submit(&Form::pressing(&page, "Enregistrer le modèle").set("nom", "Dates de mars")).await;
    assert!(changed.main_text().contains("Dates de mars"), "{}", changed.said());
    let removed = world.me.submit(&Form::pressing(&world.me.get(&one).await, "Supprimer le modèle")).await;
    assert!(removed.body.contains("Le modèle est supprimé") && !removed.main_text().contains("Dates de mars"));
    assert_eq!(world.me.get(&one).await.status, 404);
}

async fn m8_each_person_of_a_selection_reads_their_own_name(engine: Engine) {
    let world = world(engine).await;
    let people: Vec<_> = hits(&world.me.get("/cvtheque?tri=nom").await).into_iter().take(3).collect();
    let ids: Vec<String> = people.iter().map(|hit| format!("personnes={}", hit.id)).collect();
    let page = world.me.get(&format!("/cvtheque/ecrire?{}", ids.join("&"))).await;
    let form = Form::to(&page, "/cvtheque/ecrire")
        .set("objet", "À chacun")
        .set("texte", "Bonjour {prenom} {nom}, {gestionnaire}");
    let sent = world.me.submit(&form).await;
    assert_eq!(sent.status, 200, "{}", sent.said());
    let page = world.me.get("/messagerie/envoyes").await;
    let mine = world.me.name().await;
    let all: Vec<Line> = lines(&page).into_iter().filter(|line| line.objet == "À chacun").collect();
    assert_eq!(all.len(), 3);
    for line in all {
        let text = eventually("the text", async || Some(open(&world.me, &line).await.main_text())).await;
        assert!(text.contains(&format!("Bonjour {}, {mine}", line.who)), "{} reads {text}", line.who);
    }
}
