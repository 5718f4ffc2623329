//! Who may do what: every route of the program's own table, called as every role, on an object of one's own and on a
//! foreign one (SPEC G8). A new route is tested by being in the table; a new kind of object has to say here how one is made.

use std::collections::BTreeMap;

use web::routes::{self, Access, Object, Route};

use crate::administration;
use crate::support::annonces::{self, Wording};
use crate::support::{Client, Engine, Form, Server, Site, both_engines, eventually, logins, messagerie};

both_engines!(g8_every_route_checks_every_role);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Visitor,
    Intervenant,
    Gestionnaire,
    Elsewhere,
    Administrateur,
}

impl Role {
    const ALL: [Self; 5] =
        [Self::Visitor, Self::Intervenant, Self::Gestionnaire, Self::Elsewhere, Self::Administrateur];

    fn login(self) -> Option<&'static str> {
        match self {
            Self::Visitor => None,
            Self::Intervenant => Some(logins::INTERVENANT),
            Self::Gestionnaire => Some(logins::GESTIONNAIRE),
            Self::Elsewhere => Some(logins::ELSEWHERE),
            Self::Administrateur => Some(logins::ADMINISTRATEUR),
        }
    }

    fn may(self, access: Access) -> bool {
        match access {
            Access::Public | Access::Demo => true,
            Access::Connecte => self != Self::Visitor,
            Access::Titulaire => matches!(self, Self::Intervenant | Self::Gestionnaire | Self::Elsewhere),
            Access::Intervenant | Access::Valide => self == Self::Intervenant,
            Access::Gestionnaire | Access::Annonces | Access::Inscriptions | Access::Acces | Access::Dossiers => {
                matches!(self, Self::Gestionnaire | Self::Elsewhere)
            }
            Access::Administrateur => self == Self::Administrateur,
        }
    }
}

/// Everybody, and what was made for the calls.
struct World {
    server: Server,
    people: BTreeMap<Role, Client>,
    /// What each role has received and may answer.
    messages: BTreeMap<Role, String>,
    /// A message that Normandie sent to somebody else.
    elsewhere: String,
    /// An annonce of Bretagne, and one of Normandie.
    annonces: Pair,
    numero: String,
    fiche: String,
    fichiers: Pair,
    inscriptions: Pair,
    personnes: Pair,
    courriel: String,
    asset: String,
    notification: String,
    /// The last row of the intervenant's *Parcours*: the next one is somebody else's.
    ligne: i64,
    /// The search that the intervenant is alerted to.
    suivie: i64,
    absence: i64,
    /// The intervenant's answer to an annonce, and somebody else's.
    candidatures: (String, String),
    /// A search that each structure's gestionnaire keeps.
    recherches: Pair,
    /// A request to the support of each structure, and a file of it.
    demandes: Pair,
    pieces: Pair,
    modeles: Pair,
    /// A list of people that each keeps.
    listes: Pair,
    administration: Administration,
}

/// What an administrateur sets: everybody's names of it, refused to all others.
struct Administration {
    structure: String,
    agent: String,
    article: String,
}

/// One for the intervenant and the gestionnaires of Bretagne, one for those of Normandie.
struct Pair {
    bretagne: String,
    normandie: String,
}

impl Pair {
    fn of(&self, role: Role, own: bool) -> String {
        if (role == Role::Elsewhere) == own { self.normandie.clone() } else { self.bretagne.clone() }
    }
}

/// An annonce that the demonstration's intervenant is alerted to.
fn about(titre: &str) -> Wording<'_> {
    Wording { titre, texte: "Bonjour", specialite: "commande-publique", sous_specialite: "", regions: &["53"] }
}

/// The rest of the first address of a page that begins so.
fn after(body: &str, beginning: &str) -> Option<String> {
    let found = body.split(&format!("\"{beginning}")).nth(1)?;
    Some(found.split(['"', '?', '/', '#']).next()?.to_owned())
}

/// The first number that follows this beginning of an address.
async fn numbered(client: &Client, page: &str, beginning: &str) -> String {
    let page = client.get(page).await;
    let beginning = format!("\"{beginning}");
    let mut found = page.body.split(&beginning).skip(1);
    let digits = |rest: &str| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().to_owned();
    found.find_map(|rest| Some(digits(rest)).filter(|digits| !digits.is_empty())).expect("a number")
}

async fn number(client: &Client, page: &str, beginning: &str) -> String {
    let page = client.get(page).await;
    after(&page.body, beginning).unwrap_or_else(|| panic!("no {beginning} on {}: {}", page.address, page.said()))
}

impl World {
    async fn new(site: &Site) -> Self {
        let server = site.serve().await;
        let mut people = BTreeMap::new();
        for role in Role::ALL {
            let client = match role.login() {
                Some(login) => server.login(login).await,
                None => server.visitor(),
            };
            people.insert(role, client);
        }
        let (person, bretagne, normandie) =
            (&people[&Role::Intervenant], &people[&Role::Gestionnaire], &people[&Role::Elsewhere]);

        let to = messagerie::recipient(bretagne, &person.name().await).await;
        messagerie::send(bretagne, &[&to], "Droits, chez nous", "Bonjour").await;
        messagerie::send(normandie, &[&to], "Droits, de loin", "Bonjour").await;
        let mut messages = BTreeMap::new();
        for (structure, role, objet) in
            [(bretagne, Role::Gestionnaire, "Droits, chez nous"), (normandie, Role::Elsewhere, "Droits, de loin")]
        {
            let line = messagerie::received(person, objet).await;
            let page = person.get(&format!("/messagerie/message/{}/repondre", line.id)).await;
            let answer = Form::to(&page, "/messagerie/ecrire").set("texte", "Merci").set("action", "envoyer");
            assert_eq!(person.submit(&answer).await.path(), "/messagerie/envoyes");
            messages.insert(Role::Intervenant, line.id);
            messages.insert(role, messagerie::received(structure, &format!("Re : {objet}")).await.id);
        }
        let other = eventually("somebody else to write to", async || {
            let proposed = messagerie::proposals(normandie, "ma").await;
            proposed.into_iter().find(|proposal| proposal.value != to).map(|proposal| proposal.value)
        })
        .await;
        messagerie::send(normandie, &[&other], "Droits, ailleurs", "Bonjour").await;
        let elsewhere = messagerie::found(normandie, "envoyes", "Droits, ailleurs").await.expect("what was just sent");

        let numero = annonces::publish(bretagne, &about("Droits de Bretagne")).await;
        annonces::draft(bretagne, &about("Brouillon de Bretagne")).await;
        annonces::draft(normandie, &about("Brouillon de Normandie")).await;
        let draft = async |client: &Client, title: &str| {
            let page = client.get("/gestion/annonces").await;
            let at = page.body.find(title).unwrap_or_else(|| panic!("« {title} » among {}", page.said()));
            let link = page.body[..at].rfind("\"/gestion/annonces/").expect("a link to it");
            after(&page.body[link..], "/gestion/annonces/").expect("its id")
        };
        let drafts = Pair {
            bretagne: draft(bretagne, "Brouillon de Bretagne").await,
            normandie: draft(normandie, "Brouillon de Normandie").await,
        };

        let found = bretagne
            .json(&format!("/cvtheque.json?q=nom:{}", person.name().await.split(' ').next_back().unwrap_or("")))
            .await;
        let fiche = found["profils"][0]["id"].to_string();
        let theirs = number(bretagne, &format!("/cvtheque/{fiche}"), "/fichiers/").await;
        let witness = bretagne.json("/cvtheque.json?q=montgolfi%C3%A8re").await["profils"][0]["id"].to_string();
        let another = number(bretagne, &format!("/cvtheque/{witness}"), "/fichiers/").await;

        let notification = eventually("the alert's notification", async || {
            let page = person.get("/notifications").await;
            after(&page.body, "/notifications/")
        })
        .await;
        let page = person.get("/mon-compte/parcours").await;
        let rows = page.body.split("\"modifier:").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok());
        let ligne = rows.max().expect("a row of the Parcours");
        crate::recherches_suivies::follow(person, "/annonces?q=droits").await;
        let suivie = numbered(person, "/mon-compte/alertes/recherches", "/mon-compte/alertes/recherches/").await;
        let suivie = suivie.parse().expect("a number");
        let absence = numbered(person, "/mon-compte/indisponibilites", "/mon-compte/indisponibilites/").await;
        let absence = absence.parse().expect("a number");
        let answered = annonces::publish(bretagne, &about("Droits : répondre")).await;
        let candidatures = crate::candidatures::two_answers(&server, person, bretagne, &answered).await;
        let waiting = crate::revue::waiting(bretagne).await;
        let page = bretagne.get(&waiting.href).await;
        let html = page.html();
        let mut options = html.all("option").filter(|option| option.text.contains("Normandie"));
        let there = options.next().expect("Normandie among the structures").expect("value");
        let form = Form::pressing(&page, "Confier l’inscription à cette structure").set("structure", there);
        bretagne.submit(&form).await;
        let id = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
        let inscriptions =
            Pair { bretagne: id(&crate::revue::waiting(bretagne).await.href), normandie: id(&waiting.href) };
        let made = crate::acces::make_account(normandie, "Lenormand", "anne-lise@droits.example").await;
        let helped = crate::acces::find(bretagne, logins::INTERVENANT).await.expect("our own intervenant");
        let personnes = Pair { bretagne: id(&helped), normandie: id(made.path()) };

        let (hers, far) = (crate::selection::kept(bretagne).await, crate::selection::kept(normandie).await);
        let recherches = Pair { bretagne: hers.0, normandie: far.0 };
        let visitor = &people[&Role::Visitor];
        let (near, away) = (
            crate::demandes::kept(visitor, bretagne, "Délégation Bretagne").await,
            crate::demandes::kept(visitor, normandie, "Délégation Normandie").await,
        );
        let demandes = Pair { bretagne: near.0, normandie: away.0 };
        let pieces = Pair { bretagne: near.1, normandie: away.1 };
        let modeles = Pair {
            bretagne: crate::boite_partagee::template(bretagne).await,
            normandie: crate::boite_partagee::template(normandie).await,
        };
        let listes = Pair { bretagne: hers.1, normandie: far.1 };

        let courriel = number(&people[&Role::Visitor], "/courriels", "/courriels/").await;
        let admin = &people[&Role::Administrateur];
        let administration = Administration {
            structure: numbered(admin, "/administration/structures", "/administration/structures/").await,
            // Nobody who calls here.
            agent: numbered(admin, "/administration/agents?q=gestionnaire2", "/administration/agents/").await,
            article: numbered(admin, "/informations", "/documents/").await,
        };
        let home = people[&Role::Visitor].get("/").await;
        let version = after(&home.body, "/assets/").expect("a stylesheet");
        Self {
            messages,
            elsewhere: elsewhere.id,
            annonces: drafts,
            numero,
            fiche,
            fichiers: Pair { bretagne: theirs, normandie: another },
            inscriptions,
            personnes,
            courriel,
            asset: format!("{version}/css/components.css"),
            notification,
            ligne,
            absence,
            suivie,
            candidatures,
            recherches,
            demandes,
            pieces,
            modeles,
            listes,
            administration,
            server,
            people,
        }
    }

    /// What to put in the path's braces: an object of one's own, or a foreign one. None when there is no such thing.
    async fn object(&self, object: Object, role: Role, own: bool) -> Option<String> {
        let client = &self.people[&role];
        match (object, own) {
            (Object::None, true) => Some(String::new()),
            (Object::Message, true) => Some(self.messages.get(&role).unwrap_or(&self.elsewhere).clone()),
            (Object::Message, false) if role == Role::Elsewhere => Some(self.messages[&Role::Gestionnaire].clone()),
            (Object::Message, false) => Some(self.elsewhere.clone()),
            (Object::Brouillon, true) => Some(self.draft(client).await.unwrap_or_else(|| "1".into())),
            (Object::Brouillon, false) => {
                let somebody = if role == Role::Gestionnaire { Role::Elsewhere } else { Role::Gestionnaire };
                self.draft(&self.people[&somebody]).await
            }
            (Object::Annonce, own) => Some(self.annonces.of(role, own)),
            (Object::Inscription, own) => Some(self.inscriptions.of(role, own)),
            (Object::Personne, own) => Some(self.personnes.of(role, own)),
            (Object::DossierDe, true) => Some(self.personnes.of(role, true)),
            (Object::Bloc, true) => Some("adresse".into()),
            (Object::TypePiece, true) => Some("rib".into()),
            (Object::Fichier, true) if role != Role::Administrateur => Some(self.fichiers.bretagne.clone()),
            // Every gestionnaire reads the files of every fiche; an intervenant reads their own.
            (Object::Fichier, false) if matches!(role, Role::Intervenant | Role::Administrateur) => {
                Some(self.fichiers.normandie.clone())
            }
            (Object::Session, true) => Some(self.second_session(role).await),
            (Object::Session, false) => {
                let somebody = if role == Role::Intervenant { Role::Gestionnaire } else { Role::Intervenant };
                Some(self.second_session(somebody).await)
            }
            (Object::Notification, own) if own == (role == Role::Intervenant) => Some(self.notification.clone()),
            (Object::Boite, true) => Some("reception".into()),
            (Object::Boite | Object::Rubrique | Object::Bloc | Object::TypePiece, false) => Some("ailleurs".into()),
            (Object::AnnonceNumero, true) => Some(self.numero.clone()),
            (Object::AnnonceNumero, false) => Some("1999-0001".into()),
            (Object::Recherche, own) => Some(self.recherches.of(role, own)),
            (Object::Demande, own) => Some(self.demandes.of(role, own)),
            (Object::Piece, own) => Some(self.pieces.of(role, own)),
            (Object::Modele, own) => Some(self.modeles.of(role, own)),
            (Object::Liste, own) => Some(self.listes.of(role, own)),
            (Object::Fiche, true) => Some(self.fiche.clone()),
            (Object::Courriel, true) => Some(self.courriel.clone()),
            (
                Object::Fiche
                | Object::Courriel
                | Object::DossierDe
                | Object::FichierDossier
                | Object::FichierTransmis
                | Object::Lettre
                | Object::LettreDe,
                false,
            ) => Some("999999999".into()),
            (Object::Rubrique, true) => Some("experience".into()),
            (Object::Ligne, own) => Some((self.ligne + i64::from(!own)).to_string()),
            (Object::Candidature, true) => Some(self.candidatures.0.clone()),
            (Object::Candidature, false) => Some(self.candidatures.1.clone()),
            (Object::RechercheSuivie, own) => Some((self.suivie + i64::from(!own)).to_string()),
            (Object::Absence, own) => Some((self.absence + i64::from(!own)).to_string()),
            (
                Object::Document
                | Object::Structure
                | Object::Agent
                | Object::Individu
                | Object::Specialite
                | Object::Langue
                | Object::Sigle
                | Object::Motif
                | Object::Article
                | Object::Intervention,
                own,
            ) => Some(if own { self.administered(object, role).await } else { "999999999".into() }),
            (Object::Texte, true) => Some("conditions".into()),
            (Object::Texte, false) => Some("inconnu".into()),
            (Object::Jeton, false) => Some("0".repeat(64)),
            (Object::Asset, true) => Some(self.asset.clone()),
            (Object::Asset, false) => Some("0/../Cargo.toml".into()),
            // A link that works is somebody's: its own tests use real ones.
            // A file of a dossier is somebody's, and read once it is sent, as is a letter: their own tests make them.
            (
                Object::Jeton | Object::FichierDossier | Object::FichierTransmis | Object::Lettre | Object::LettreDe,
                true,
            )
            | (Object::None | Object::Fichier | Object::Notification, _) => None,
        }
    }

    /// Something that an administrateur sets, which is nobody else's.
    async fn administered(&self, object: Object, role: Role) -> String {
        let (client, made) = (&self.people[&role], role == Role::Administrateur);
        match object {
            Object::Document => self.administration.article.clone(),
            Object::Structure => self.administration.structure.clone(),
            Object::Agent => self.administration.agent.clone(),
            Object::Individu => self.fiche.clone(),
            Object::Specialite => "management".into(),
            Object::Langue => "br".into(),
            Object::Sigle if made => numbered(client, "/administration/sigles", "/administration/sigles/").await,
            Object::Motif => "rejet-doublon".into(),
            // Each call may remove it: each gets its own.
            Object::Article if made => administration::article(client).await,
            Object::Intervention if made => administration::intervention(client, &self.fiche).await,
            _ => "1".into(),
        }
    }

    /// A draft of that person; none for who has no mailbox.
    async fn draft(&self, client: &Client) -> Option<String> {
        let page = client.get_only("/messagerie/ecrire").await;
        if page.status != 200 {
            return None;
        }
        let form = Form::to(&page, "/messagerie/ecrire").set("objet", "À garder").set("texte", "…");
        let saved = client.try_post("/messagerie/brouillons/enregistrer", &form.fields).await.expect("an answer");
        assert_eq!(saved.status, 200, "{}", saved.body);
        Some(number(client, "/messagerie/brouillons", "/messagerie/brouillon/").await)
    }

    /// The id of a session of that role's account that is not the one that calls.
    async fn second_session(&self, role: Role) -> String {
        let Some(login) = role.login() else { return "1".into() };
        self.server.login(login).await;
        let page = self.people[&role].get("/mon-compte/sessions").await;
        // The one that asks is the first of the list: ending it would end the calls.
        let last = page.body.rfind("\"/mon-compte/sessions/").expect("a session to end");
        after(&page.body[last..], "/mon-compte/sessions/").expect("its id")
    }

    async fn call(&self, route: &Route, role: Role, object: &str) -> u16 {
        let client = &self.people[&role];
        let path = match (route.path.find('{'), route.path.rfind('}')) {
            (Some(from), Some(to)) => format!("{}{object}{}", &route.path[..from], &route.path[to + 1..]),
            _ => route.path.to_owned(),
        };
        if route.method == "GET" {
            let answer = client.get_only(&path).await;
            return logged_out(&answer).unwrap_or(answer.status);
        }
        let fields = vec![("_csrf".to_owned(), client.token().await)];
        let answer = client.try_post(&path, &fields).await.expect("an answer");
        logged_out(&answer).unwrap_or(answer.status)
    }
}

/// A page that sends to the login is a refusal.
fn logged_out(page: &crate::support::Page) -> Option<u16> {
    page.location().filter(|to| to.starts_with("/authentification/")).map(|_| 401)
}

async fn g8_every_route_checks_every_role(engine: Engine) {
    let site = Site::demo(engine).await;
    let world = World::new(&site).await;
    let mut wrong = Vec::new();
    for route in routes::all() {
        // Logging in and out has its own tests, and would change who calls here; the socket answers an upgrade.
        if route.path.starts_with("/authentification/") || matches!(route.path, "/deconnexion" | "/live") {
            continue;
        }
        for role in Role::ALL {
            let allowed = role.may(route.access);
            if let Some(own) = world.object(route.object, role, true).await {
                let status = world.call(&route, role, &own).await;
                let as_expected = if allowed {
                    !matches!(status, 401 | 403 | 404 | 405) && status < 500
                } else if role == Role::Visitor {
                    status == 401
                } else {
                    status == 403
                };
                if !as_expected {
                    wrong.push(format!("{} {} as {role:?}, one's own: {status}", route.method, route.path));
                }
            }
            if allowed && let Some(foreign) = world.object(route.object, role, false).await {
                let status = world.call(&route, role, &foreign).await;
                if !matches!(status, 403 | 404) {
                    wrong.push(format!("{} {} as {role:?}, a foreign one: {status}", route.method, route.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
