//! Counters against a model (SPEC T2): random sends, reads, archives, restores, answers to annonces sent, taken back and
//! decided, requests to the support asked, treated, given, moved and brought together, messages given to a colleague,
//! notifications read, cut connections and restarts; at rest, every open tab shows what the database holds, as its pages
//! list it.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, IteratorRandom};
use rand::{Rng, SeedableRng};

use crate::support::annonces::{Wording, options, publish};
use crate::support::messagerie::{act, list, open, recipient, send, undo, unread};
use crate::support::{Client, Engine, Form, Page, Server, Site, Tab, both_engines, eventually, logins, seed};
use crate::{candidatures, demandes};

both_engines! {
    t2_counters_follow_a_random_history,
    t2_counters_follow_another_random_history,
}

async fn t2_counters_follow_a_random_history(engine: Engine) {
    follow(engine, 1, seed(20_261_123)).await;
}

async fn t2_counters_follow_another_random_history(engine: Engine) {
    follow(engine, 1, seed(412)).await;
}

#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t2_counters_follow_a_random_history_across_two_servers() {
    follow(Engine::Postgres, 2, seed(7)).await;
}

const STEPS: usize = 90;
const LOOK_EVERY: usize = 4;
const MOST_TABS: usize = 8;

/// A mailbox as it should be: the received messages by subject, read or not, in the list or put away.
#[derive(Debug, Default)]
struct Mailbox {
    messages: BTreeMap<String, Kept>,
    /// The ways back that were offered, with what each takes back.
    undos: Vec<(usize, Form, Vec<String>)>,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    read: bool,
    archived: bool,
}

impl Mailbox {
    fn unread(&self) -> i64 {
        let waiting = self.messages.values().filter(|kept| !kept.read && !kept.archived);
        i64::try_from(waiting.count()).expect("a small number")
    }
}

/// An answer to an annonce, as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// The structure has it and has not decided: it counts.
    Waits,
    TakenBack,
    Decided,
}

/// A request to the support, as it should be.
#[derive(Clone, Debug)]
struct Request {
    objet: String,
    who: usize,
    /// Whether the structure has to treat it; nothing once it is closed, or elsewhere.
    waits: Option<bool>,
    /// Nobody has taken it yet.
    fresh: bool,
    assigned: Option<usize>,
}

/// Somebody with a mailbox: two of them share the structure's.
struct Member {
    client: Client,
    mailbox: usize,
}

struct OpenTab {
    tab: Tab,
    member: usize,
    server: usize,
}

struct World {
    dice: StdRng,
    servers: Vec<Server>,
    members: Vec<Member>,
    mailboxes: Vec<Mailbox>,
    tabs: Vec<OpenTab>,
    /// The intervenants, as the structure addresses them, with their mailbox.
    intervenants: Vec<(String, usize)>,
    structure: String,
    sent: usize,
    annonces: Vec<String>,
    /// Mailbox of an intervenant and place of an annonce.
    answers: BTreeMap<(usize, usize), Answer>,
    /// Answers that waited before.
    waited: usize,
    requests: Vec<Request>,
    /// Requests that waited before.
    requested: i64,
    notified: Vec<i64>,
    /// Whom of the structure a message is given to.
    given: BTreeMap<String, usize>,
}

const ALERTS: &str = "/mon-compte/alertes";
/// Annonces that one may answer.
const ANNONCES: usize = 4;

const STRUCTURE: usize = 0;

async fn follow(engine: Engine, servers: usize, seed: u64) {
    println!("the seed is {seed}");
    let site = Site::demo(engine).await;
    let mut world = World::begin(&site, servers, seed).await;
    for step in 1..=STEPS {
        let done = world.step().await;
        println!("step {step}: {done}");
        if step % LOOK_EVERY == 0 || step == STEPS {
            world.look(&format!("after step {step} of seed {seed}")).await;
        }
    }
}

impl World {
    async fn begin(site: &Site, count: usize, seed: u64) -> Self {
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(site.serve().await);
        }
        let mut members = Vec::new();
        for (login, mailbox) in
            [(logins::GESTIONNAIRE, STRUCTURE), (logins::COLLEAGUE, STRUCTURE), (logins::INTERVENANT, 1)]
        {
            members.push(Member { client: servers[0].login(login).await, mailbox });
        }
        let gestionnaire = members[0].client.clone();
        let him = recipient(&gestionnaire, &members[2].client.name().await).await;
        let mut intervenants = vec![(him.clone(), 1)];
        // Another intervenant of Bretagne, who may write to the same structure.
        for email in crate::cvtheque::emails(&gestionnaire).await {
            let client = servers[0].login(&email).await;
            let reaches = crate::support::messagerie::proposals(&client, "Bretagne").await;
            if email != logins::INTERVENANT && reaches.iter().any(|found| found.label == "Délégation Bretagne") {
                intervenants.push((recipient(&gestionnaire, &client.name().await).await, 2));
                members.push(Member { client, mailbox: 2 });
                break;
            }
        }
        // What is published next is told to nobody: their notifications are those of the model alone.
        for member in members.iter().filter(|member| member.mailbox != STRUCTURE) {
            let page = member.client.get(ALERTS).await;
            let none = Form::to(&page, ALERTS).without("specialites").without("regions").without("les_deux");
            let saved = member.client.submit(&none).await;
            assert_eq!(saved.status, 200, "{}", saved.said());
        }
        let mut annonces = Vec::new();
        for number in 0..ANNONCES {
            let titre = format!("Modèle d’annonce {number}");
            annonces
                .push(publish(&gestionnaire, &Wording { titre: &titre, texte: "Bonjour", ..Wording::default() }).await);
        }
        let waited = listed(&gestionnaire).await.len();
        let desk = gestionnaire.get(demandes::DESK).await;
        let requested = desk.html().counter("support").and_then(|count| i64::try_from(count).ok()).expect("a counter");
        let structure = recipient(&members[2].client, "Délégation Bretagne").await;
        let mut notified = Vec::new();
        for member in &members {
            notified.push(unread_notifications(&member.client).await);
        }
        let mut mailboxes = Vec::new();
        for number in 0..=intervenants.len() {
            let member = members.iter().find(|member| member.mailbox == number).expect("a member");
            let mut mailbox = Mailbox::default();
            for (position, line) in list(&member.client, "reception").await.into_iter().enumerate() {
                // The demonstration repeats subjects: those messages stay as they are, and count.
                let kept = Kept { read: !line.unread, archived: false };
                mailbox.messages.insert(format!("(démonstration {position}) {}", line.objet), kept);
            }
            mailboxes.push(mailbox);
        }
        let dice = StdRng::seed_from_u64(seed);
        Self {
            dice,
            servers,
            members,
            mailboxes,
            tabs: Vec::new(),
            intervenants,
            structure,
            sent: 0,
            annonces,
            answers: BTreeMap::new(),
            waited,
            requests: Vec::new(),
            requested,
            notified,
            given: BTreeMap::new(),
        }
    }

    /// One of the structure's people, at the browser before any server.
    fn gestionnaire(&mut self) -> (usize, Client) {
        let of_it = (0..self.members.len()).filter(|&index| self.members[index].mailbox == STRUCTURE);
        let member = of_it.choose(&mut self.dice).expect("a member");
        (member, self.members[member].client.at(&self.servers.choose(&mut self.dice).expect("a server").url()))
    }

    /// The owner of an intervenant's mailbox has one notification more.
    fn notify(&mut self, who: usize) {
        let member = self.members.iter().position(|member| member.mailbox == who).expect("a member");
        self.notified[member] += 1;
    }

    /// Somebody of that mailbox, at the browser before any server.
    fn somebody(&mut self, mailbox: usize) -> Client {
        let of_it = self.members.iter().filter(|member| member.mailbox == mailbox);
        let client = of_it.choose(&mut self.dice).expect("a member").client.clone();
        client.at(&self.servers.choose(&mut self.dice).expect("a server").url())
    }

    async fn step(&mut self) -> String {
        let mailbox = self.dice.random_range(0..self.mailboxes.len());
        match self.dice.random_range(0..100) {
            0..12 => self.send_to_intervenants().await,
            12..20 => self.send_to_structure().await,
            20..30 => self.open_one(mailbox).await,
            30..38 => self.mark(mailbox).await,
            38..45 => self.archive(mailbox).await,
            45..48 => self.take_back(mailbox).await,
            48..51 => self.give_a_message().await,
            51..56 => self.ask_for_help().await,
            56..59 => self.treat_a_request().await,
            59..62 => self.complete_a_request().await,
            62..65 => self.give_a_request().await,
            65..66 => self.transfer_a_request().await,
            66..68 => self.merge_requests().await,
            68..73 => self.answer().await,
            73..75 => self.take_answer_back().await,
            75..80 => self.decide().await,
            80..83 => self.read_notifications().await,
            83..90 => self.open_tab().await,
            90..95 => self.cut_a_tab(),
            _ => self.restart().await,
        }
    }

    async fn send_to_intervenants(&mut self) -> String {
        let count = self.dice.random_range(1..=self.intervenants.len());
        let to: Vec<(String, usize)> = self.intervenants.choose_multiple(&mut self.dice, count).cloned().collect();
        let objet = self.next_subject();
        let values: Vec<&str> = to.iter().map(|(value, _)| value.as_str()).collect();
        send(&self.somebody(STRUCTURE), &values, &objet, "Bonjour").await;
        for (_, mailbox) in &to {
            self.mailboxes[*mailbox].messages.insert(objet.clone(), Kept { read: false, archived: false });
        }
        format!("« {objet} » is sent to {count}")
    }

    async fn send_to_structure(&mut self) -> String {
        let (_, from) = self.intervenants.choose(&mut self.dice).expect("an intervenant").clone();
        let objet = self.next_subject();
        let structure = self.structure.clone();
        send(&self.somebody(from), &[&structure], &objet, "Bonjour").await;
        self.mailboxes[STRUCTURE].messages.insert(objet.clone(), Kept { read: false, archived: false });
        format!("« {objet} » is sent to the structure by {from}")
    }

    fn next_subject(&mut self) -> String {
        self.sent += 1;
        format!("Modèle {}", self.sent)
    }

    /// A few subjects of the test's that stand in the list.
    fn some_of(&mut self, mailbox: usize, most: usize) -> Vec<String> {
        let listed = self.mailboxes[mailbox]
            .messages
            .iter()
            .filter(|(objet, kept)| !kept.archived && objet.starts_with("Modèle"))
            .map(|(objet, _)| objet.clone());
        listed.choose_multiple(&mut self.dice, most)
    }

    async fn ids(&self, client: &Client, objets: &[String]) -> Vec<String> {
        let lines = list(client, "reception").await;
        let id = |objet: &String| lines.iter().find(|line| line.objet == *objet).map(|line| line.id.clone());
        objets.iter().map(|objet| id(objet).unwrap_or_else(|| panic!("« {objet} » is in the list"))).collect()
    }

    async fn open_one(&mut self, mailbox: usize) -> String {
        let Some(objet) = self.some_of(mailbox, 1).pop() else { return "nothing to open".into() };
        let client = self.somebody(mailbox);
        let lines = list(&client, "reception").await;
        let line = lines.iter().find(|line| line.objet == objet).expect("it is in the list");
        open(&client, line).await;
        self.mailboxes[mailbox].messages.get_mut(&objet).expect("it is known").read = true;
        format!("« {objet} » is opened in {mailbox}")
    }

    async fn mark(&mut self, mailbox: usize) -> String {
        let objets = self.some_of(mailbox, 3);
        if objets.is_empty() {
            return "nothing to mark".into();
        }
        let read = self.dice.random();
        let client = self.somebody(mailbox);
        let ids = self.ids(&client, &objets).await;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        act(&client, "reception", if read { "Marquer lu" } else { "Marquer non lu" }, &ids).await;
        for objet in &objets {
            self.mailboxes[mailbox].messages.get_mut(objet).expect("it is known").read = read;
        }
        format!("{objets:?} of {mailbox} are marked, read: {read}")
    }

    async fn archive(&mut self, mailbox: usize) -> String {
        let objets = self.some_of(mailbox, 3);
        if objets.is_empty() {
            return "nothing to put away".into();
        }
        let of_it: Vec<usize> =
            (0..self.members.len()).filter(|&index| self.members[index].mailbox == mailbox).collect();
        let member = *of_it.choose(&mut self.dice).expect("a member");
        let client = self.members[member].client.at(&self.servers.choose(&mut self.dice).expect("a server").url());
        let ids = self.ids(&client, &objets).await;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let page = act(&client, "reception", "Archiver", &ids).await;
        let back = undo(&page);
        let mailbox_kept = &mut self.mailboxes[mailbox];
        for objet in &objets {
            mailbox_kept.messages.get_mut(objet).expect("it is known").archived = true;
        }
        mailbox_kept.undos.push((member, back, objets.clone()));
        format!("{objets:?} of {mailbox} are put away")
    }

    /// Takes back something that was put away, perhaps for the second time.
    async fn take_back(&mut self, mailbox: usize) -> String {
        let Some((member, form, objets)) = self.mailboxes[mailbox].undos.choose(&mut self.dice).cloned() else {
            return "nothing to take back".into();
        };
        let client = self.members[member].client.at(&self.servers.choose(&mut self.dice).expect("a server").url());
        let page = client.submit(&form).await;
        assert_eq!(page.status, 200, "{}", page.said());
        for objet in &objets {
            self.mailboxes[mailbox].messages.get_mut(objet).expect("it is known").archived = false;
        }
        format!("{objets:?} of {mailbox} are taken back")
    }

    /// Sends an answer, for the first time or after it was taken back.
    async fn answer(&mut self) -> String {
        let all = self.intervenants.iter().flat_map(|(_, who)| (0..ANNONCES).map(|annonce| (*who, annonce)));
        let free = all.filter(|key| self.answers.get(key).is_none_or(|answer| *answer == Answer::TakenBack));
        let Some((who, annonce)) = free.choose(&mut self.dice) else { return "nothing to answer".into() };
        let page = candidatures::answer(&self.somebody(who), &self.annonces[annonce], "Bonjour").await;
        assert_eq!((page.status, page.path()), (200, candidatures::THEIRS), "{}", page.said());
        self.answers.insert((who, annonce), Answer::Waits);
        format!("{who} answers the annonce {annonce}")
    }

    /// An intervenant asks the support of the structure.
    async fn ask_for_help(&mut self) -> String {
        let (_, who) = self.intervenants.choose(&mut self.dice).expect("an intervenant").clone();
        let objet = format!("Demande du modèle {}", self.requests.len() + 1);
        let client = self.somebody(who);
        let page = client.get(demandes::FORM).await;
        let own = Form::to(&page, demandes::FORM).value("email").expect("one's address").to_owned();
        let sent = client.submit(&demandes::filled(&page, &objet).set("email", &own)).await;
        assert_eq!((sent.status, sent.path()), (200, "/mon-compte/demandes"), "{}", sent.said());
        self.requests.push(Request { objet: objet.clone(), who, waits: Some(true), fresh: true, assigned: None });
        format!("« {objet} » is asked by {who}")
    }

    /// The structure answers a request, asks for more, or closes it.
    async fn treat_a_request(&mut self) -> String {
        let waiting = (0..self.requests.len()).filter(|number| self.requests[*number].waits == Some(true));
        let Some(number) = waiting.choose(&mut self.dice) else { return "no request to treat".into() };
        let (button, waits) =
            [("Demander un complément", Some(false)), ("Répondre sans clore", Some(true)), ("Répondre et clore", None)]
                .choose(&mut self.dice)
                .copied()
                .expect("a way");
        let (by, client) = self.gestionnaire();
        let page = demandes::opened(&client, &self.requests[number].objet).await;
        let done = demandes::treat(&client, &page, button, &[("texte", "Voici.")]).await;
        assert_eq!(done.status, 200, "{}", done.said());
        let request = &mut self.requests[number];
        (request.waits, request.fresh) = (waits, false);
        request.assigned.get_or_insert(by);
        let who = request.who;
        self.notify(who);
        format!("« {} » is treated: {button}", self.requests[number].objet)
    }

    /// Its author adds to a request, which is then the structure's again.
    async fn complete_a_request(&mut self) -> String {
        let open = (0..self.requests.len()).filter(|number| self.requests[*number].waits.is_some());
        let Some(number) = open.choose(&mut self.dice) else { return "no request to complete".into() };
        let Request { objet, who, assigned, .. } = self.requests[number].clone();
        let client = self.somebody(who);
        let list = client.get("/mon-compte/demandes").await;
        let html = list.html();
        let link = html.all("a").find(|link| link.text == objet).expect("one's request").expect("href").to_owned();
        let page = client.get(&link).await;
        let form = Form::to(&page, &link).set("texte", "Un mot de plus.");
        let sent = client.upload(&form, "piece", "", "").await;
        assert_eq!(sent.status, 200, "{}", sent.said());
        self.requests[number].waits = Some(true);
        if let Some(assigned) = assigned {
            self.notified[assigned] += 1;
        }
        format!("« {objet} » is completed by {who}")
    }

    /// A request that somebody has to act upon, on either side.
    fn open_request(&mut self) -> Option<usize> {
        (0..self.requests.len()).filter(|number| self.requests[*number].waits.is_some()).choose(&mut self.dice)
    }

    /// The page of an open request, in whichever list it stands.
    async fn request_page(&self, client: &Client, objet: &str) -> Page {
        for list in ["", "?etat=complement"] {
            let page = client.get(&format!("{}{list}", demandes::DESK)).await;
            let html = page.html();
            if let Some(link) = html.all("a").find(|link| link.text == objet) {
                return client.get(link.expect("href")).await;
            }
        }
        panic!("« {objet} » is in no list");
    }

    /// A value of a list of the structure's people, with the member it stands for; nobody, sometimes.
    async fn somebody_to_give_to(&mut self, page: &Page) -> (String, Option<usize>) {
        if self.dice.random_ratio(1, 4) {
            return (String::new(), None);
        }
        let (member, client) = self.gestionnaire();
        let name = client.name().await;
        let option = options(page, "a").into_iter().find(|(_, words)| *words == name).expect("a colleague");
        (option.0, Some(member))
    }

    /// A request is given to one of the structure's people, or to nobody.
    async fn give_a_request(&mut self) -> String {
        let Some(number) = self.open_request() else { return "no request to give".into() };
        let Request { objet, who, fresh, assigned, .. } = self.requests[number].clone();
        let (by, client) = self.gestionnaire();
        let page = self.request_page(&client, &objet).await;
        let (value, to) = self.somebody_to_give_to(&page).await;
        let done = client.submit(&Form::pressing(&page, "Confier").set("a", &value)).await;
        assert_eq!(done.status, 200, "{}", done.said());
        if to != assigned {
            self.requests[number].assigned = to;
            if let Some(to) = to {
                if fresh {
                    self.requests[number].fresh = false;
                    self.notify(who);
                }
                if to != by {
                    self.notified[to] += 1;
                }
            }
        }
        format!("« {objet} » is given to {to:?} by {by}")
    }

    /// A request goes on elsewhere.
    async fn transfer_a_request(&mut self) -> String {
        let Some(number) = self.open_request() else { return "no request to transfer".into() };
        let Request { objet, who, .. } = self.requests[number].clone();
        let (_, client) = self.gestionnaire();
        let page = self.request_page(&client, &objet).await;
        let there = options(&page, "vers").into_iter().find(|(_, name)| name == "Délégation Normandie").expect("it").0;
        let done = client.submit(&Form::pressing(&page, "Transférer").set("vers", &there)).await;
        assert_eq!((done.status, done.path()), (200, demandes::DESK), "{}", done.said());
        self.requests[number].waits = None;
        self.notify(who);
        format!("« {objet} » goes to another structure")
    }

    /// One of two requests of the same person goes on in the other.
    async fn merge_requests(&mut self) -> String {
        let Some(number) = self.open_request() else { return "no request to bring together".into() };
        let Request { objet, who, .. } = self.requests[number].clone();
        let others = (0..self.requests.len()).filter(|other| {
            *other != number && self.requests[*other].waits.is_some() && self.requests[*other].who == who
        });
        let Some(other) = others.choose(&mut self.dice) else { return "no second request".into() };
        let into = self.requests[other].objet.clone();
        let (_, client) = self.gestionnaire();
        let page = self.request_page(&client, &objet).await;
        let html = page.html();
        let form = html.all("form").find(|form| html.inside(form, "span").any(|span| span.text.ends_with(&into)));
        let button = html.inside(form.expect("the other one"), "button").next().expect("a button");
        let done = client.submit(&Form::with_button(&page, &html, button)).await;
        assert_eq!(done.status, 200, "{}", done.said());
        self.requests[number].waits = None;
        format!("« {objet} » goes on in « {into} »")
    }

    /// A message of the structure's mailbox is given to one of its people, or to nobody.
    async fn give_a_message(&mut self) -> String {
        let Some(objet) = self.some_of(STRUCTURE, 1).pop() else { return "no message to give".into() };
        let (by, client) = self.gestionnaire();
        let lines = list(&client, "reception").await;
        let page = open(&client, lines.iter().find(|line| line.objet == objet).expect("it is in the list")).await;
        self.mailboxes[STRUCTURE].messages.get_mut(&objet).expect("it is known").read = true;
        let (value, to) = self.somebody_to_give_to(&page).await;
        let done = client.submit(&Form::pressing(&page, "Confier").set("a", &value)).await;
        assert_eq!(done.status, 200, "{}", done.said());
        let before = match to {
            Some(to) => self.given.insert(objet.clone(), to),
            None => self.given.remove(&objet),
        };
        if let Some(to) = to.filter(|to| before != Some(*to) && *to != by) {
            self.notified[to] += 1;
        }
        format!("« {objet} » is given to {to:?} by {by}")
    }

    /// Somebody reads one of their notifications, or all of them.
    async fn read_notifications(&mut self) -> String {
        let member = self.dice.random_range(0..self.members.len());
        let client = self.members[member].client.at(&self.servers.choose(&mut self.dice).expect("a server").url());
        if self.notified[member] == 0 {
            return "nothing to read".into();
        }
        let page = client.get("/notifications").await;
        let html = page.html();
        let one = html.all("li").find(|row| row.has_class("unread"));
        if let Some(row) = one.filter(|_| self.dice.random()) {
            let button = html.inside(row, "button").next().expect("its button");
            let read = client.submit_only(&Form::with_button(&page, &html, button)).await;
            assert_eq!(read.status, 303, "{}", read.said());
            self.notified[member] -= 1;
            format!("{member} reads a notification")
        } else {
            let read = client.submit(&Form::pressing(&page, "Tout marquer lu")).await;
            assert_eq!(read.status, 200, "{}", read.said());
            self.notified[member] = 0;
            format!("{member} reads all notifications")
        }
    }

    fn some_that_wait(&mut self, most: usize) -> Vec<(usize, usize)> {
        let waits = self.answers.iter().filter(|(_, answer)| **answer == Answer::Waits).map(|(key, _)| *key);
        waits.choose_multiple(&mut self.dice, most)
    }

    async fn take_answer_back(&mut self) -> String {
        let Some((who, annonce)) = self.some_that_wait(1).pop() else { return "no answer to take back".into() };
        let client = self.somebody(who);
        let page = client.get(candidatures::THEIRS).await;
        let html = page.html();
        let numero = &self.annonces[annonce];
        let row =
            html.all("li").find(|row| row.text.contains(numero) && row.text.contains("Retirer")).expect("the answer");
        let button = html.inside(row, "button").find(|button| button.text.starts_with("Retirer")).expect("a button");
        let back = client.submit(&Form::with_button(&page, &html, button)).await;
        assert_eq!(back.status, 200, "{}", back.said());
        self.answers.insert((who, annonce), Answer::TakenBack);
        format!("{who} takes the answer to {annonce} back")
    }

    /// The structure marks some answers as studied or as not kept, all at once.
    async fn decide(&mut self) -> String {
        let waiting = self.some_that_wait(3);
        if waiting.is_empty() {
            return "no answer to decide".into();
        }
        let client = self.somebody(STRUCTURE);
        // The second takes effect ten seconds later: now and then is enough.
        let kept = self.dice.random_ratio(3, 4);
        let button = if kept { "Marquer étudiées" } else { "Ne pas retenir" };
        let page = client.get(candidatures::LIST).await;
        let mut form = Form::pressing(&page, button);
        for (who, annonce) in &waiting {
            let name = self.members.iter().find(|member| member.mailbox == *who).expect("a member").client.name().await;
            form = form.add("candidatures", &tick_box(&page, &format!("{name}, {}", self.annonces[*annonce])));
        }
        let done = client.submit(&form).await;
        assert_eq!(done.status, 200, "{}", done.said());
        if !kept {
            let left = listed(&client).await.len() - waiting.len();
            eventually("they take effect", async || (listed(&client).await.len() == left).then_some(())).await;
        }
        for key in &waiting {
            self.answers.insert(*key, Answer::Decided);
            self.notify(key.0);
        }
        format!("{waiting:?} are decided: {button}")
    }

    async fn open_tab(&mut self) -> String {
        if self.tabs.len() >= MOST_TABS {
            return self.cut_a_tab();
        }
        let member = self.dice.random_range(0..self.members.len());
        let server = self.dice.random_range(0..self.servers.len());
        let tab = self.members[member].client.at(&self.servers[server].url()).tab().await;
        self.tabs.push(OpenTab { tab, member, server });
        format!("a tab of {member} before {server}")
    }

    fn cut_a_tab(&mut self) -> String {
        if self.tabs.is_empty() {
            return "no tab to cut".into();
        }
        let cut = self.tabs.swap_remove(self.dice.random_range(0..self.tabs.len()));
        cut.tab.cut();
        format!("a tab of {} is cut", cut.member)
    }

    async fn restart(&mut self) -> String {
        let number = self.dice.random_range(0..self.servers.len());
        let kill = self.dice.random();
        if kill {
            self.servers[number].kill();
        } else {
            self.servers[number].stop().await;
        }
        self.servers[number].start_again().await;
        // Its tabs come back, as pages do.
        let url = self.servers[number].url();
        for open in self.tabs.iter_mut().filter(|open| open.server == number) {
            open.tab = self.members[open.member].client.at(&url).tab().await;
        }
        format!("server {number} starts again, killed: {kill}")
    }

    /// At rest: the lists, the model and every tab agree.
    async fn look(&mut self, when: &str) {
        let client = self.somebody(STRUCTURE);
        let waits = listed(&client).await.len();
        let expected = self.waited + self.answers.values().filter(|answer| **answer == Answer::Waits).count();
        assert_eq!(waits, expected, "answers that wait {when}");
        let page = client.get(candidatures::LIST).await;
        assert_eq!(page.html().counter("candidatures"), Some(waits as u64), "the page {when}");
        for open in self.tabs.iter().filter(|open| self.members[open.member].mailbox == STRUCTURE) {
            let what = format!("{waits} answers wait {when}");
            open.tab.until(&what, |told| told.counter("candidatures") == Some(waits as i64)).await;
        }
        let asked = self.requests.iter().filter(|request| request.waits == Some(true)).count();
        let expected = self.requested + i64::try_from(asked).expect("a small number");
        let page = client.get(demandes::DESK).await;
        assert_eq!(page.html().counter("support"), u64::try_from(expected).ok(), "requests {when}");
        for request in &self.requests {
            assert_eq!(
                page.body.contains(&format!("{}<", request.objet)),
                request.waits == Some(true),
                "{request:?} {when}"
            );
        }
        for open in self.tabs.iter().filter(|open| self.members[open.member].mailbox == STRUCTURE) {
            let what = format!("{expected} requests wait {when}");
            open.tab.until(&what, |told| told.counter("support") == Some(expected)).await;
        }
        for (number, member) in self.members.iter().enumerate() {
            let client = member.client.at(&self.servers[0].url());
            let truth = unread_notifications(&client).await;
            assert_eq!(truth, self.notified[number], "notifications of {number} {when}");
            let page = client.get("/tableau-de-bord").await;
            assert_eq!(page.html().counter("notifications"), u64::try_from(truth).ok(), "the page of {number} {when}");
            for open in self.tabs.iter().filter(|open| open.member == number) {
                let what = format!("{number} has {truth} notifications {when}");
                open.tab.until(&what, |told| told.counter("notifications") == Some(truth)).await;
            }
        }
        for number in 0..self.mailboxes.len() {
            let client = self.somebody(number);
            let truth = unread(&client).await;
            assert_eq!(truth, self.mailboxes[number].unread(), "mailbox {number} {when}");
            let page = client.get("/messagerie/reception").await;
            assert_eq!(page.html().counter("messages"), u64::try_from(truth).ok(), "the page of {number} {when}");
            for open in self.tabs.iter().filter(|open| self.members[open.member].mailbox == number) {
                let what = format!("mailbox {number} has {truth} unread {when}");
                open.tab.until(&what, |told| told.counter("messages") == Some(truth)).await;
                assert!(open.tab.is_open(), "{what}");
            }
        }
    }
}

/// The notifications that somebody has not read, as their pages list them.
async fn unread_notifications(client: &Client) -> i64 {
    let mut unread = 0;
    for number in 1.. {
        let page = client.get(&format!("/notifications?page={number}")).await;
        let html = page.html();
        unread += html.all("li").filter(|row| row.has_class("unread")).count();
        if !html.all("a").any(|link| link.attribute("rel") == Some("next")) {
            break;
        }
    }
    i64::try_from(unread).expect("a small number")
}

/// The answers that wait, as the list shows them.
async fn listed(client: &Client) -> Vec<String> {
    let page = client.get(candidatures::LIST).await;
    let html = page.html();
    html.all("h2").filter(|title| title.has_class("hit-title")).map(|title| title.text.clone()).collect()
}

/// The value of the tick box of an answer.
fn tick_box(page: &Page, whose: &str) -> String {
    let html = page.html();
    let label = html.all("label").find(|label| label.text.starts_with(&format!("Sélectionner {whose}")));
    let label = label.unwrap_or_else(|| panic!("no {whose} on {}", page.said()));
    html.inside(label, "input").next().expect("a box").expect("value").to_owned()
}
