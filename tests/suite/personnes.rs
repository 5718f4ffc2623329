//! People told apart and found again: fiches that look like each other, and pasted lists (SPEC G3, G5).

use chrono::NaiveDate;
use domain::CompteId;
use domain::StructureId;
use domain::compte::{EtatCompte, EtatInscription, Role};
use domain::email::Email;
use domain::profil::Identification;
use store::comptes::Nouveau;
use store::intervenants::Profil;
use store::{Error, Store};

use crate::base::open;
use crate::support::client::encode;
use crate::support::{Client, Engine, Form, Page, Site, account, both_engines, logins};

both_engines! {
    g5_a_fiche_that_looks_like_another_says_so_to_whoever_finds_either,
    g3_the_people_of_a_pasted_list_are_found_again,
    g3_a_pasted_list_tells_nothing_of_who_is_no_fiche,
}

const PASTE: &str = "/cvtheque/retrouver";

/// Somebody who is in the CV-thèque at once.
#[derive(Clone)]
struct Somebody {
    nom: &'static str,
    prenom: &'static str,
    email: &'static str,
    structure: StructureId,
    etat: EtatInscription,
    naissance: Option<NaiveDate>,
    page: Identification,
}

impl Somebody {
    fn new(nom: &'static str, prenom: &'static str, email: &'static str, structure: StructureId) -> Self {
        let (etat, page) = (EtatInscription::Validee, Identification::default());
        Self { nom, prenom, email, structure, etat, naissance: NaiveDate::from_ymd_opt(1968, 5, 2), page }
    }

    async fn made(self, store: &Store) -> CompteId {
        let made = store.write::<_, Error, _>(None, move |transaction| {
            Box::pin(async move {
                let nouveau = Nouveau {
                    role: Role::Intervenant,
                    etat: EtatCompte::Actif,
                    login: Email::parse(self.email).expect("an address"),
                    mot_de_passe: None,
                    civilite: "Mme".into(),
                    nom: self.nom.into(),
                    prenom: self.prenom.into(),
                    structure: None,
                    naissance: self.naissance,
                    activation_avant: None,
                };
                let id = store::comptes::create(transaction, &nouveau).await?;
                let profil = Profil {
                    etat: self.etat,
                    date_naissance: self.naissance,
                    telephone: self.page.telephone.clone(),
                    adresse: String::new(),
                    code_postal: String::new(),
                    commune: self.page.commune.clone(),
                    region: None,
                    departement: None,
                    statut: None,
                    employeur_siret: None,
                    employeur_nom: String::new(),
                    titre: String::new(),
                    experience: String::new(),
                    motivation: String::new(),
                    structure: Some(self.structure),
                    specialites: Vec::new(),
                    regions: Vec::new(),
                    departements: Vec::new(),
                    langues: Vec::new(),
                    parcours: Vec::new(),
                    interventions: Vec::new(),
                    indisponibilites: Vec::new(),
                    validee_at: (self.etat == EtatInscription::Validee).then_some(transaction.now),
                };
                store::intervenants::create(transaction, id, &profil, &self.page).await?;
                Ok(id)
            })
        });
        made.await.expect("written")
    }
}

async fn structures(store: &Store) -> (StructureId, StructureId) {
    let (near, far) = (account(store, logins::GESTIONNAIRE).await, account(store, logins::ELSEWHERE).await);
    (near.structure.expect("hers"), far.structure.expect("theirs"))
}

/// The fiches that a page says look like its own: the address of each, and what both share.
fn alike(page: &Page) -> Vec<(String, String)> {
    let html = page.html();
    let Some(section) = html.by_id("semblables") else { return Vec::new() };
    html.inside(section, "li")
        .map(|row| {
            let link = html.inside(row, "a").next().expect("a link");
            let said = row.text.replace('\u{a0}', " ");
            (link.expect("href").to_owned(), said.rsplit(" : ").next().expect("reasons").trim().to_owned())
        })
        .collect()
}

async fn g5_a_fiche_that_looks_like_another_says_so_to_whoever_finds_either(engine: Engine) {
    let site = Site::demo(engine).await;
    let store = open(&site).await;
    let (near, far) = structures(&store).await;
    let day = NaiveDate::from_ymd_opt(1979, 3, 14);
    let page = |telephone: &str, domicile: &str, commune: &str| Identification {
        telephone: telephone.into(),
        telephone_domicile: domicile.into(),
        commune: commune.into(),
        ..Identification::default()
    };
    let one = Somebody {
        naissance: day,
        page: page("+33600000001", "", "Saint-Brieuc"),
        ..Somebody::new("Zing Guen", "Gwénaël", "un@ressemble.example", near)
    };
    let same = Somebody {
        naissance: day,
        page: page("", "", "SAINT BRIEUC"),
        ..Somebody::new("ZINGGUEN", "gwenael", "deux@ressemble.example", near)
    };
    let phone = Somebody {
        page: page("", "+33600000001", ""),
        ..Somebody::new("Amarante", "Gaëlle", "trois@ressemble.example", far)
    };
    let namesake = Somebody::new("Gwénaël", "Zing-Guen", "quatre@ressemble.example", far);
    let waiting = Somebody {
        etat: EtatInscription::Transmise,
        ..Somebody::new("zing guen", "Gwenaël", "cinq@ressemble.example", near)
    };
    let stranger = Somebody { naissance: day, ..Somebody::new("Garance", "Anne", "six@ressemble.example", near) };
    let mut ids = Vec::new();
    for person in [one, same, phone, namesake, waiting, stranger] {
        ids.push(person.made(&store).await);
    }
    let [one, same, phone, namesake, waiting, stranger] = ids[..] else { unreachable!("six") };
    drop(store);
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;

    let fiche = |id: CompteId| format!("/cvtheque/{id}");
    let page = me.get(&fiche(one)).await;
    assert!(page.said().contains("À vérifier"), "{}", page.said());
    let said = |id: CompteId, points: &str| (fiche(id), points.to_owned());
    assert_eq!(
        alike(&page),
        [
            said(phone, "même téléphone"),
            said(same, "même nom, même date de naissance, même commune"),
            said(namesake, "même nom")
        ]
    );
    // Whoever finds the other one is told too, and nobody of whom nothing is alike.
    assert!(alike(&me.get(&fiche(phone)).await).contains(&said(one, "même téléphone")));
    assert!(alike(&me.get(&fiche(namesake)).await).contains(&said(one, "même nom")));
    assert_eq!(alike(&me.get(&fiche(stranger)).await), [], "a birthday alone says nothing");
    // The page that helps somebody to log in tells of those that the structure may help.
    let help = |id: CompteId| format!("/gestion/acces/{id}");
    let found = alike(&me.get(&help(one)).await);
    let said = |id: CompteId, points: &str| (help(id), points.to_owned());
    assert_eq!(
        found,
        [said(same, "même nom, même date de naissance, même commune"), said(waiting, "même nom")],
        "its own people, registrations that wait too"
    );
}

/// What became of a pasted list: who was found, with what is ticked, and what was not found.
struct Found {
    rows: Vec<(String, bool)>,
    absent: Vec<String>,
    page: Page,
}

async fn paste(client: &Client, liste: &str) -> Found {
    let page = client.get(PASTE).await;
    let page = client.submit(&Form::to(&page, PASTE).set("liste", liste)).await;
    let html = page.html();
    let boxes = html.all("input").filter(|one| one.attribute("name") == Some("personnes"));
    let rows = boxes.map(|one| (one.expect("value").to_owned(), one.attribute("checked").is_some())).collect();
    let absent = html.by_id("absentes").map_or_else(Vec::new, |section| {
        html.inside(section, "li").map(|row| row.text.replace('\u{a0}', " ")).collect()
    });
    Found { rows, absent, page: page.clone() }
}

async fn g3_the_people_of_a_pasted_list_are_found_again(engine: Engine) {
    let site = Site::demo(engine).await;
    let store = open(&site).await;
    let (near, far) = structures(&store).await;
    let guen = Somebody::new("Zing Guen", "Gwénaël", "guen@liste.example", near).made(&store).await;
    let first = Somebody::new("Garance", "Anne", "anne.un@liste.example", near).made(&store).await;
    let other = Somebody {
        naissance: NaiveDate::from_ymd_opt(1980, 1, 1),
        ..Somebody::new("GARANCE", "Anne", "anne.deux@liste.example", far)
    };
    let second = other.made(&store).await;
    let almeida = Somebody::new("d’Almeida", "Marie-Jo", "marie@liste.example", near).made(&store).await;
    let numbered = Somebody::new("Amarante", "Paul", "paul@liste.example", near).made(&store).await;
    drop(store);
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let path = format!("/administration/intervenants/{numbered}");
    let form = Form::pressing(&admin.get(&path).await, "Enregistrer l’immatriculation");
    let saved = admin.submit(&form.set("immatriculation", "zz-90210")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    let me = server.login(logins::GESTIONNAIRE).await;
    assert!(me.get("/cvtheque").await.body.contains("Retrouver une liste de personnes"));

    let ticked = |id: CompteId| (id.to_string(), true);
    let asked = |id: CompteId| (id.to_string(), false);
    let liste = format!(
        " zz-90210\n  gwenael ZING-GUEN \nInconnue Zinzolin\nGarance;Anne\nD'ALMEIDA\tMarie Jo\tRennes\n\
         Guen@Liste.example\nInconnue Zinzolin\npersonne@liste.example\n{}/cvtheque/{almeida}\n",
        me.base()
    );
    let found = paste(&me, &liste).await;
    assert_eq!(found.page.status, 200, "{}", found.page.said());
    let rows = [ticked(numbered), ticked(guen), asked(first), asked(second), ticked(almeida)];
    assert_eq!(found.rows, rows, "in the order of the list, each once");
    assert_eq!(found.absent, ["« Inconnue Zinzolin »", "« personne@liste.example »"], "{}", found.page.said());
    let said = found.page.html().by_id("trouvees").expect("what came of it").text.replace('\u{a0}', " ");
    assert_eq!(said, "3 personnes trouvées, 1 à choisir");
    assert_eq!(Form::to(&found.page, PASTE).value("liste").map(str::trim), Some(liste.trim()), "it can be changed");

    // Those that are ticked go on to the selection.
    let listed = me.submit(&Form::pressing(&found.page, "Ajouter à une liste")).await;
    assert_eq!(listed.path(), "/cvtheque/listes/ajouter", "{}", listed.said());
    let html = listed.html();
    let chosen = html.all("input").filter(|one| one.attribute("name") == Some("personnes"));
    let chosen: Vec<&str> = chosen.map(|one| one.expect("value")).collect();
    assert_eq!(chosen, [numbered, guen, almeida].map(|id| id.to_string()));

    for (liste, why) in [
        (String::new(), "une personne par ligne".to_owned()),
        ((0..201).map(|one| format!("P{one} X")).collect::<Vec<_>>().join("\n"), "201 ici".to_owned()),
        ("é".repeat(20_001), "20".to_owned()),
    ] {
        let refused = paste(&me, &liste).await.page;
        assert_eq!(refused.status, 422);
        let said = refused.html().by_id("liste-erreur").expect("an error").text.clone();
        assert!(said.contains(&why), "{said}");
    }

    // A list in the search box is proposed to this page, with the list in it.
    let typed = "guen@liste.example, paul@liste.example ; marie@liste.example";
    let page = me.get(&format!("/cvtheque?q={}", encode(typed))).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.attribute("href").is_some_and(|to| to.starts_with(PASTE) && to != PASTE));
    let form = me.get(link.expect("a proposal").expect("href")).await;
    assert_eq!(Form::to(&form, PASTE).value("liste"), Some(typed));
    let search = me.get(&format!("/cvtheque?q={}", encode("budget, finances"))).await;
    assert!(!search.body.contains("On dirait une liste"), "a search is a search");
}

async fn g3_a_pasted_list_tells_nothing_of_who_is_no_fiche(engine: Engine) {
    let site = Site::demo(engine).await;
    let store = open(&site).await;
    let (near, _) = structures(&store).await;
    let hidden =
        Somebody { etat: EtatInscription::Transmise, ..Somebody::new("Zinzolin", "Anne", "anne@cachee.example", near) };
    let hidden = hidden.made(&store).await;
    let agent = account(&store, logins::GESTIONNAIRE).await.id;
    drop(store);
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let liste = format!(
        "anne@cachee.example\nAnne Zinzolin\n{hidden}\n{}\n{}\n{agent}\nnul@nulle-part.example",
        logins::GESTIONNAIRE,
        logins::ADMINISTRATEUR
    );
    let found = paste(&me, &liste).await;
    assert_eq!(found.rows, []);
    let lines: Vec<String> = liste.lines().map(|line| format!("« {line} »")).collect();
    assert_eq!(found.absent, lines, "all of them alike");
    for login in [logins::INTERVENANT, logins::ADMINISTRATEUR] {
        assert_eq!(server.login(login).await.get_only(PASTE).await.status, 403);
    }
}
