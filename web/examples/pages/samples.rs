//! Every page filled with sample data: full, empty, and with errors. Shared by the example that writes them to a folder
//! and by the tests that check them. All people are invented; one is hostile.

#[path = "dossier.rs"]
mod dossier;
#[path = "lettres.rs"]
mod lettres;
#[path = "support.rs"]
mod support;

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use domain::messagerie::Boite;
use web::antivirus::Retenue;
use web::views::annonces::{AnnonceFiche, AnnonceRow, AnnoncesListe, AnnoncesResults};
use web::views::cvtheque::{
    Bilan, CandidatRow, CvthequeRetrouver, Fichier, Highlight, ParcoursBlock, ParcoursLine, RetrouveeRow,
};
use web::views::gestion_acces::PersonneRow;
use web::views::gestion_annonces::GestionAnnonceRow;
use web::views::gestion_inscriptions::{EtapeRow, Faits, InscriptionRow, MotifChoice, Reponse, TexteLu};
use web::views::messagerie::{DejaRepondu, Direct, Equipe, MessagerieModeles, ModeleRow, NoteRow};
use web::views::mon_compte::{Apport, sections_gestionnaire, sections_intervenant};
use web::views::semblables::{SemblableRow, Semblables};
use web::views::tableau_de_bord::{Figure, Service};
use web::views::text::blocks;
use web::views::*;

/// A name that tries to leave its element, its attribute and its address.
pub const HOSTILE: &str = "\"><script>alert('Bobby')</script>&amp; L’Hay";

/// A page's file name and its HTML.
pub struct Sample {
    /// Name, without extension.
    pub name: &'static str,
    pub html: String,
    /// A whole page, not a fragment; the tests ask.
    #[allow(dead_code, reason = "read by the tests only")]
    pub whole: bool,
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a sample date")
}

fn seen(text: &str) -> Moment {
    Moment::new(at(text), at("2026-11-23 14:35"))
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a sample day")
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn visitor(title: &str, path: &str) -> Layout {
    let mut layout = Layout::new(title, path, "jeton-csrf");
    layout.footer = vec![Link::new("Annonces ouvertes", "/annonces")];
    layout
}

fn counters(messages: u64, notifications: u64) -> Vec<Counter> {
    vec![
        Counter { key: CounterKey::Messages, value: messages },
        Counter { key: CounterKey::Notifications, value: notifications },
    ]
}

fn intervenant(title: &str, path: &str) -> Layout {
    visitor(title, path).for_account(
        Account {
            name: "Paul Le Gall".into(),
            structure: None,
            desk: false,
            menu: web::views::mon_compte::menu_intervenant(true),
            counters: counters(3, 1),
        },
        MenuEntry::intervenant(),
    )
}

fn gestionnaire(title: &str, path: &str) -> Layout {
    visitor(title, path).for_account(
        Account {
            name: "Claire Morvan".into(),
            structure: Some("Délégation Bretagne".into()),
            desk: true,
            menu: web::views::mon_compte::menu_gestionnaire(true),
            counters: counters(5, 0),
        },
        MenuEntry::gestionnaire(true, true),
    )
}

fn annonce(numero: &str, titre: &str, structure: &str, specialite: &str, period: String) -> AnnonceRow {
    AnnonceRow {
        numero: numero.into(),
        href: format!("/annonces/{numero}"),
        titre: titre.into(),
        structure: structure.into(),
        specialite: specialite.into(),
        regions: "Bretagne".into(),
        period,
        excerpt: Vec::new(),
    }
}

fn annonces() -> Vec<AnnonceRow> {
    vec![
        AnnonceRow {
            excerpt: vec![
                ("… passation et exécution des ".into(), false),
                ("marchés publics".into(), true),
                (" dans une commune de moins de 10 000 habitants …".into(), false),
            ],
            ..annonce(
                "2026-0412",
                "Initiation à la commande publique",
                "Délégation Bretagne",
                "Affaires juridiques",
                dates::period(Some(day("2027-01-12")), Some(day("2027-03-27"))),
            )
        },
        annonce(
            "2026-0409",
            "Accueillir un enfant en situation de handicap",
            "Délégation Occitanie",
            "Enfance, éducation, jeunesse",
            dates::period(Some(day("2027-02-01")), Some(day("2027-02-26"))),
        ),
        annonce(
            "2026-0405",
            HOSTILE,
            "INSET de Montpellier",
            "Services techniques",
            dates::period(None, Some(day("2027-06-30"))),
        ),
    ]
}

fn message(id: &str, who: &str, objet: &str, at: &str, unread: bool) -> MessageRow {
    MessageRow {
        id: id.into(),
        href: format!("/messagerie/message/{id}"),
        who: who.into(),
        objet: objet.into(),
        excerpt:
            "Bonjour, nous avons bien reçu vos disponibilités et revenons vers vous avec les dates des deux sessions."
                .into(),
        at: seen(at),
        unread,
        suivi: Vec::new(),
    }
}

fn messages() -> Vec<MessageRow> {
    vec![
        message("41", "Délégation Bretagne", "Votre candidature à l’annonce 2026-0412", "2026-11-23 14:32", true),
        message("40", "Délégation Bretagne", "Pièces à compléter avant le 5 décembre", "2026-11-23 11:05", true),
        message("37", HOSTILE, HOSTILE, "2026-11-22 16:20", true),
        message("22", "Délégation Bretagne", "Bienvenue dans la CV-thèque", "2026-11-17 09:00", false),
        message("8", "Délégation Pays de la Loire", "", "2025-11-09 10:30", false),
    ]
}

fn notifications() -> Vec<NotificationRow> {
    vec![
        NotificationRow {
            id: "9".into(),
            titre: "Nouveau message de la délégation Bretagne".into(),
            texte: "Votre candidature à l’annonce 2026-0412".into(),
            lien: "/messagerie/message/41".into(),
            at: seen("2026-11-23 14:32"),
            unread: true,
        },
        NotificationRow {
            id: "8".into(),
            titre: "Annonce 2026-0412 : Initiation à la commande publique".into(),
            texte: String::new(),
            lien: "/annonces/2026-0412".into(),
            at: seen("2026-11-22 10:00"),
            unread: false,
        },
        NotificationRow {
            id: "7".into(),
            titre: HOSTILE.into(),
            texte: HOSTILE.into(),
            lien: String::new(),
            at: seen("2026-11-02 10:00"),
            unread: false,
        },
    ]
}

fn choice(value: &str, label: &str, count: u64, selected: bool) -> Choice {
    Choice { value: value.into(), label: label.into(), count: Some(count), selected }
}

fn columns(base: &Query, labels: &[(&str, &str)], sorted: usize) -> Vec<Column> {
    labels
        .iter()
        .enumerate()
        .map(|(index, (label, key))| Column {
            label: (*label).into(),
            href: base.with("tri", key).href(),
            sorted: if index == sorted { Sorted::Descending } else { Sorted::No },
        })
        .collect()
}

fn annonces_results(rows: Vec<AnnonceRow>, q: &str, criteria: u64) -> AnnoncesResults {
    let query = Query::new("/annonces").add("q", q);
    let total = if rows.is_empty() { 0 } else { 1_148 };
    AnnoncesResults {
        follow_href: (!q.is_empty()).then(|| query.href().replace("/annonces", "/mon-compte/alertes/recherches")),
        q: q.into(),
        total,
        understood: if q.is_empty() { String::new() } else { format!("avec « {q} »") },
        specialites: vec![
            choice("juridique", "Affaires juridiques", 88, criteria > 0),
            choice("finances", "Finances", 61, false),
            choice("enfance", "Enfance, éducation, jeunesse", 40, false),
        ],
        sous_specialites: vec![ChoiceGroup {
            label: "Affaires juridiques".into(),
            choices: vec![choice("juridique.marches", "Commande publique", 31, false), choice("x", HOSTILE, 1, false)],
        }],
        regions: vec![choice("53", "Bretagne", 112, criteria > 0), choice("52", "Pays de la Loire", 54, false)],
        departements: vec![ChoiceGroup {
            label: "Bretagne".into(),
            choices: vec![choice("35", "Ille-et-Vilaine", 40, false), choice("29", "Finistère", 31, false)],
        }],
        structures: vec![choice("bretagne", "Délégation Bretagne", 90, false)],
        du: if criteria > 0 { "2027-01-01".into() } else { String::new() },
        au: String::new(),
        numero: String::new(),
        tris: vec![
            Choice { selected: true, ..Choice::new("pertinence", "Pertinence") },
            Choice::new("-date", "Date de publication"),
        ],
        criteria,
        columns: columns(
            &query,
            &[
                ("Numéro", "numero"),
                ("Intitulé", "titre"),
                ("Structure", "structure"),
                ("Spécialité", "specialite"),
                ("Région", "region"),
                ("Période", "periode"),
            ],
            0,
        ),
        rows,
        pages: Pages::new(3, 20, total, query.clone()),
        reset_href: query.href(),
        atom_href: "/annonces.atom".into(),
        json_href: "/annonces.json".into(),
    }
}

fn highlight(before: &str, found: &str, after: &str, source: &str) -> Highlight {
    Highlight {
        segments: vec![(before.into(), false), (found.into(), true), (after.into(), false)],
        source: source.into(),
    }
}

fn bilan() -> Bilan {
    let one = |id: &str, nom: &str, coche: bool| CandidatRow {
        id: id.into(),
        href: format!("/cvtheque/{id}"),
        nom: nom.into(),
        detail: "Rennes · Délégation Bretagne".into(),
        coche,
    };
    let row = |saisi: &str, candidats: Vec<CandidatRow>| RetrouveeRow { saisi: saisi.into(), candidats };
    Bilan {
        trouvees: 1,
        a_choisir: 1,
        rows: vec![
            row(HOSTILE, vec![one("12", HOSTILE, true)]),
            row("Anne Garance", vec![one("13", "Anne Garance", false), one("14", "Anne GARANCE", false)]),
        ],
        absentes: vec![HOSTILE.into()],
    }
}

fn semblables() -> Semblables {
    let row = |nom: &str, detail: &str, points: &str| SemblableRow {
        href: "/cvtheque/13".into(),
        nom: nom.into(),
        detail: detail.into(),
        points: points.into(),
    };
    let rows =
        vec![row("Nadia Berrebi", "Rennes", "même nom, même téléphone"), row(HOSTILE, "compte archivé", "même nom")];
    Semblables { rows, autres: 2 }
}

fn fiche(full: bool) -> ProfilFiche {
    ProfilFiche {
        nom: "Nadia Berrebi".into(),
        summary: "Fonctionnaire, Communauté de communes du Pays de Redon · Délégation Bretagne".into(),
        tags: vec![("validée".into(), Tone::Done), ("indisponible en mars".into(), Tone::Warning)],
        reseaux: vec![Link::new("LinkedIn", "https://www.linkedin.com/in/anne-le-gall")],
        contact: vec![
            ("Courriel".into(), "nadia.berrebi@exemple.example".into()),
            ("Téléphone".into(), "06 12 34 56 78".into()),
        ],
        specialites: owned(&["Affaires juridiques", "Commande publique"]),
        regions: owned(&["Bretagne", "Pays de la Loire"]),
        langues: owned(&["Anglais (courant)", "Breton (notions)"]),
        presentation_label: "Expérience de formateur".into(),
        presentation: blocks("Formatrice occasionnelle depuis huit ans, surtout auprès de petites communes."),
        parcours: vec![
            ParcoursBlock {
                label: "Expérience professionnelle".into(),
                lines: vec![
                    ParcoursLine {
                        period: "Depuis 2019".into(),
                        titre: "Responsable de la commande publique".into(),
                        detail: "Communauté de communes du Pays de Redon".into(),
                    },
                    ParcoursLine {
                        period: "2015-2019".into(),
                        titre: "Juriste".into(),
                        detail: "Centre de gestion d’Ille-et-Vilaine".into(),
                    },
                ],
            },
            ParcoursBlock {
                label: "Formation initiale".into(),
                lines: vec![ParcoursLine {
                    period: "2014".into(),
                    titre: "Master droit public".into(),
                    detail: HOSTILE.into(),
                }],
            },
        ],
        fichiers: vec![Fichier {
            label: "CV".into(),
            nom: HOSTILE.into(),
            detail: "PDF, 214 ko".into(),
            href: "/fichiers/12".into(),
            highlight: Some(highlight("… huit ans de ", "marchés publics", " en intercommunalité …", "")),
            retenue: None,
        }],
        write_href: Some("/messagerie/ecrire?a=12".into()),
        full_href: full.then(|| "/cvtheque/12".to_owned()),
        actions: Vec::new(),
    }
}

fn cvtheque_results(found: bool, q: &str) -> CvthequeResults {
    let query = Query::new("/cvtheque").add("q", q);
    let hit = |id: &str, nom: &str, current: bool, highlights: Vec<Highlight>| ProfilHit {
        id: id.into(),
        nom: nom.into(),
        titre: if id == "14" { HOSTILE.into() } else { "Formatrice en commande publique".into() },
        href: query.with("fiche", id).href(),
        current,
        head: if highlights.is_empty() { HOSTILE.into() } else { String::new() },
        highlights,
        tags: owned(&["Affaires juridiques", "Bretagne"]),
    };
    let hits = vec![
        hit(
            "12",
            "Nadia Berrebi",
            true,
            vec![highlight(
                "… huit ans de ",
                "marchés publics",
                " en communauté de communes …",
                "dans le CV joint (PDF)",
            )],
        ),
        hit(
            "13",
            "Paul Le Gall",
            false,
            vec![highlight("Responsable de la ", "commande publique", ", Rennes …", "expérience professionnelle")],
        ),
        hit("14", HOSTILE, false, vec![highlight(HOSTILE, "achats", " et travaux", "dans le diplôme joint (DOCX)")]),
    ];
    CvthequeResults {
        q: q.into(),
        total: if found { 214 } else { 0 },
        understood: if q.is_empty() { String::new() } else { "« marchés publics », sauf « stagiaire »".into() },
        adresse_de: None,
        proposals: if q.is_empty() { Vec::new() } else { vec![Link::new("Région : Bretagne", "/cvtheque?region=53")] },
        exported: if found { 214 } else { 0 },
        partial_from: found.then_some(1),
        tris: vec![
            Choice { selected: true, ..Choice::new("pertinence", "Pertinence") },
            Choice::new("date", "Dernière mise à jour"),
        ],
        facets: vec![
            FacetGroup {
                name: "specialite".into(),
                label: "Spécialité".into(),
                choices: vec![
                    choice("juridique", "Affaires juridiques", 88, true),
                    choice("finances", "Finances", 61, false),
                ],
                open: true,
            },
            FacetGroup {
                name: "region".into(),
                label: "Région".into(),
                choices: vec![choice("53", "Bretagne", 112, true), choice("52", "Pays de la Loire", 54, false)],
                open: true,
            },
            FacetGroup {
                name: "langue".into(),
                label: "Langue".into(),
                choices: vec![choice("en", "Anglais", 70, false)],
                open: false,
            },
        ],
        disponible_le: if found { "2027-01-12".into() } else { String::new() },
        criteria: 2,
        hits: if found { hits } else { Vec::new() },
        pages: Pages::new(1, 20, if found { 214 } else { 0 }, query.clone()),
        fiche: found.then(|| fiche(true)),
        liste_href: None,
        keep_href: found.then(|| "/cvtheque/recherches?q=budget".to_owned()),
        adresse: query.href(),
        reset_href: query.href(),
        suggestions: if found {
            Vec::new()
        } else {
            vec![Link::new("marché (31 profils)", "/cvtheque?q=march%C3%A9")]
        },
    }
}

fn nav(current: Option<Boite>) -> BoiteNav {
    BoiteNav { current, brouillons: 1, can_write: true, partagee: false }
}

fn boite(boite: Boite, rows: Vec<MessageRow>, q: &str) -> MessagerieBoite {
    let href = format!("/messagerie/{boite}");
    let query = Query::new(href.clone()).add("q", q);
    MessagerieBoite {
        layout: intervenant(boite.title(), &href),
        nav: nav(Some(boite)),
        boite,
        q: q.into(),
        tri: String::new(),
        sens: String::new(),
        confie: Vec::new(),
        columns: columns(
            &query,
            &[
                (if boite == Boite::Reception { "De" } else { "À" }, "qui"),
                ("Objet", "objet"),
                (if boite == Boite::Reception { "Reçu" } else { "Date" }, "date"),
            ],
            2,
        ),
        pages: Pages::new(1, 20, rows.len() as u64, query),
        rows,
        action_href: format!("{href}/actions"),
    }
}

fn ecrire() -> MessagerieEcrire {
    MessagerieEcrire {
        layout: intervenant("Écrire un message", "/messagerie/ecrire"),
        nav: nav(None),
        destinataires: vec![
            Destinataire { value: "s:bretagne".into(), label: "Délégation Bretagne".into(), detail: "Rennes".into() },
            Destinataire { value: "s:inset".into(), label: HOSTILE.into(), detail: String::new() },
        ],
        fixed: false,
        hint: "Vous pouvez écrire à : Délégation Bretagne.".into(),
        typed: String::new(),
        proposals: Vec::new(),
        objet: "Mes disponibilités".into(),
        texte: "Bonjour,\n\nJe suis libre en mars.".into(),
        jeton: "jeton-envoi".into(),
        brouillon: String::new(),
        reponse_a: String::new(),
        transfert_de: String::new(),
        ask_again: false,
        reponse_connue: String::new(),
        deja: None,
        ask_second: false,
        direct: None,
        avec_modeles: false,
        modeles: Vec::new(),
        saved: Some(seen("2026-11-23 14:32")),
        lookup_href: "/messagerie/destinataires".into(),
        autosave_href: "/messagerie/brouillons/enregistrer".into(),
        objet_max: 200,
        texte_max: 20_000,
    }
}

fn formulaire() -> GestionAnnonceFormulaire {
    GestionAnnonceFormulaire {
        layout: gestionnaire("Modifier l’annonce", "/gestion/annonces/7"),
        action_href: "/gestion/annonces/7".into(),
        numero: None,
        etat: "brouillon".into(),
        version: "3".into(),
        titre: HOSTILE.into(),
        texte: format!("Une formation de deux jours.\n\n</textarea>{HOSTILE}"),
        specialites: vec![
            Choice { selected: true, ..Choice::new("juridique", "Affaires juridiques") },
            Choice::new("finances", "Finances"),
        ],
        sous_specialites: vec![ChoiceGroup {
            label: "Affaires juridiques".into(),
            choices: vec![Choice::new("juridique.marches", "Commande publique")],
        }],
        modalites: vec![Choice::new("presentiel", "En présentiel"), Choice::new("distance", "À distance")],
        regions: vec![
            Choice { selected: true, ..Choice::new("53", "Bretagne") },
            Choice::new("52", "Pays de la Loire"),
            Choice::new("28", "Normandie"),
        ],
        departements: vec![ChoiceGroup {
            label: "Bretagne".into(),
            choices: vec![Choice::new("35", "Ille-et-Vilaine"), Choice::new("29", "Finistère")],
        }],
        du: "2027-01-12".into(),
        au: "2027-03-27".into(),
        alerted: Some(37),
        granted: true,
        can_save: true,
        can_publish: true,
        can_close: false,
        id: None,
        can_archive: true,
        public_href: None,
    }
}

fn page(name: &'static str, template: &impl Template) -> Sample {
    Sample { name, html: template.render().expect("a page renders"), whole: true }
}

/// Every page, in every state that looks different.
pub fn all() -> Vec<Sample> {
    let mut samples = public();
    samples.extend(mailbox());
    samples.extend(back_office());
    samples.extend(registrations());
    samples.extend(credentials());
    samples.extend(account());
    samples.extend(support::all());
    samples.extend(dossier::all());
    samples.extend(lettres::all());
    samples
}

fn public() -> Vec<Sample> {
    let home = Accueil {
        layout: visitor("Accueil", "/"),
        annonces: annonces(),
        total: 1_148,
        actualites: vec![accueil::Actualite {
            link: Link::new("Votre dossier administratif devient numérique", "/actualites/3"),
            summary: "18 novembre 2026. Les pièces demandées se déposent en ligne…".into(),
        }],
        demo_logins: Vec::new(),
        demo_password: None,
    };
    let login = Authentification {
        layout: visitor("Se connecter", "/authentification/"),
        email: String::new(),
        suite: String::new(),
        reprise: std::rc::Rc::default(),
    };
    let fiche = AnnonceFiche {
        layout: visitor("Annonce 2026-0412", "/annonces/2026-0412"),
        numero: "2026-0412".into(),
        titre: "Initiation à la commande publique".into(),
        etat: String::new(),
        structure: "Délégation Bretagne".into(),
        specialite: "Affaires juridiques".into(),
        sous_specialite: Some("Commande publique".into()),
        regions: owned(&["Bretagne", "Pays de la Loire"]),
        departements: owned(&["Ille-et-Vilaine"]),
        modalite: "En présentiel".into(),
        period: dates::period(Some(day("2027-01-12")), Some(day("2027-03-27"))),
        published: Some(seen("2026-11-23 09:12")),
        blocks: blocks(&format!("La délégation cherche une intervenante ou un intervenant.\n\n{HOSTILE}")),
        reponse: None,
        apercu: false,
        donnees: None,
        actions: Vec::new(),
        back: Link::new("Retour aux annonces", "/annonces?q=commande"),
    };
    let results = annonces_results(annonces(), "marchés publics", 2);
    let mut list_layout = visitor("Annonces", "/annonces");
    list_layout.feed = Some(Link::new("Annonces", "/annonces.atom"));
    vec![
        page("accueil", &home),
        page("accueil-vide", &Accueil { annonces: Vec::new(), actualites: Vec::new(), total: 0, ..home.clone() }),
        page(
            "accueil-demonstration",
            &Accueil {
                demo_logins: vec![
                    ("Gestionnaire, Délégation Bretagne".into(), "gestion.bretagne@demo.example".into()),
                    (HOSTILE.into(), HOSTILE.into()),
                ],
                demo_password: Some(HOSTILE.into()),
                ..home.clone()
            },
        ),
        page("authentification", &login),
        page(
            "authentification-erreur",
            &Authentification {
                layout: login.layout.clone().with_errors(vec![
                    FieldError::new("", "Trop d’essais : réessayez dans 2 minutes."),
                    FieldError::new("mot_de_passe", "Tapez votre mot de passe."),
                ]),
                email: HOSTILE.into(),
                suite: "/messagerie/reception?q=a&b=\"".into(),
                reprise: std::rc::Rc::default(),
            },
        ),
        Sample { name: "annonces-fragment", html: results.render().expect("a fragment renders"), whole: false },
        page("annonces", &AnnoncesListe { layout: list_layout.clone(), results }),
        page(
            "annonces-vide",
            &AnnoncesListe { layout: list_layout, results: annonces_results(Vec::new(), HOSTILE, 0) },
        ),
        page("annonce", &fiche),
        page(
            "annonce-close",
            &AnnonceFiche {
                etat: "close".into(),
                regions: Vec::new(),
                departements: Vec::new(),
                sous_specialite: None,
                actions: vec![Link::new("Modifier l’annonce", "/gestion/annonces/7")],
                ..fiche
            },
        ),
        page("erreur-404", &Erreur::new(visitor("", "/nulle-part"), 404)),
        page(
            "erreur-500",
            &Erreur { reference: Some("0198-a1b2".into()), ..Erreur::new(intervenant("", "/annonces"), 500) },
        ),
        page("erreur-403", &Erreur::new(intervenant("", "/cvtheque"), 403).saying(HOSTILE)),
        page("erreur-401", &Erreur::new(visitor("", "/messagerie/reception"), 401)),
        page("erreur-400", &Erreur::new(visitor("", "/"), 400)),
        page("erreur-429", &Erreur::new(visitor("", "/"), 429)),
        page("erreur-503", &Erreur::new(visitor("", "/"), 503)),
    ]
}

fn mailbox() -> Vec<Sample> {
    let mut archived = boite(Boite::Reception, messages(), "");
    archived.layout.notice = Some(Notice::done("1 message archivé.").with_undo(Undo {
        action: "/messagerie/reception/actions".into(),
        fields: vec![("messages".into(), "41".into()), ("action".into(), HOSTILE.into())],
        ..Undo::default()
    }));
    let message = MessagerieMessage {
        layout: intervenant("Votre candidature à l’annonce 2026-0412", "/messagerie/message/41"),
        nav: nav(Some(Boite::Reception)),
        boite: Boite::Reception,
        id: "41".into(),
        archived: false,
        objet: "Votre candidature à l’annonce 2026-0412".into(),
        from: "Délégation Bretagne".into(),
        written_by: None,
        to: owned(&["Paul Le Gall", HOSTILE]),
        at: seen("2026-11-23 14:32"),
        blocks: blocks(&format!(
            "Bonjour,\n\nNous avons bien reçu vos dates.\nÀ bientôt,\n{HOSTILE}\n\nLe 20 novembre, Paul Le Gall a écrit :\n> Je suis libre en mars.\n> Paul"
        )),
        direct: None,
        deja: None,
        equipe: None,
        reply_href: Some("/messagerie/message/41/repondre".into()),
        forward_href: Some("/messagerie/message/41/transferer".into()),
        again_href: None,
        action_href: "/messagerie/message/41".into(),
    };
    let deja =
        || DejaRepondu { nom: HOSTILE.into(), at: seen("2026-11-23 15:02"), href: "/messagerie/message/52".into() };
    let direct = |repond| Direct {
        href: "/messagerie/message/41/presence".into(),
        version: "52".into(),
        repond,
        autres: "Claire Morvan est en train d’y répondre.".into(),
    };
    let shared = MessagerieMessage {
        layout: gestionnaire("Disponibilités", "/messagerie/message/41"),
        nav: BoiteNav { partagee: true, ..nav(Some(Boite::Reception)) },
        direct: Some(direct(false)),
        deja: Some(deja()),
        equipe: Some(Equipe {
            href: "/messagerie/message/41/equipe".into(),
            membres: vec![Choice::new("", "personne"), Choice::new("7", HOSTILE).selected(true)],
            confiable: true,
            notes: vec![NoteRow {
                auteur: "Claire Morvan".into(),
                at: seen("2026-11-23 15:10"),
                blocks: blocks(HOSTILE),
            }],
            note: HOSTILE.into(),
            note_max: 5_000,
        }),
        ..message.clone()
    };
    let mut given = boite(Boite::Reception, messages(), "");
    given.confie = vec![Choice::new("", "Tous les messages"), Choice::new("moi", "Confiés à moi").selected(true)];
    given.rows[0].suivi = vec!["répondu".into(), format!("confié à {HOSTILE}")];
    let templates = MessagerieModeles {
        layout: gestionnaire("Modèles de réponse", "/messagerie/modeles"),
        nav: BoiteNav { partagee: true, ..nav(None) },
        rows: vec![ModeleRow {
            href: "/messagerie/modeles/3".into(),
            nom: HOSTILE.into(),
            debut: "Bonjour {civilite} {nom}, …".into(),
        }],
        un: false,
        action_href: "/messagerie/modeles".into(),
        nom: String::new(),
        texte: HOSTILE.into(),
        variables: vec![("{prenom}".into(), "le prénom de la personne")],
        nom_max: 80,
        texte_max: 10_000,
    };
    vec![
        page("message-structure", &shared),
        page("reception-confies", &given),
        page("modeles", &templates),
        page("modele", &MessagerieModeles { un: true, rows: Vec::new(), ..templates.clone() }),
        page(
            "ecrire-seconde-reponse",
            &MessagerieEcrire {
                layout: gestionnaire("Répondre", "/messagerie/ecrire"),
                fixed: true,
                reponse_connue: "52".into(),
                deja: Some(deja()),
                ask_second: true,
                direct: Some(direct(true)),
                avec_modeles: true,
                modeles: vec![Choice::new("", "choisir…"), Choice::new("3", HOSTILE)],
                ..ecrire()
            },
        ),
        page("reception", &boite(Boite::Reception, messages(), "")),
        page("reception-avis", &archived),
        page("reception-vide", &boite(Boite::Reception, Vec::new(), "")),
        page("reception-filtre", &boite(Boite::Reception, Vec::new(), HOSTILE)),
        page("envoyes", &boite(Boite::Envoyes, messages(), "")),
        page("envoyes-vide", &boite(Boite::Envoyes, Vec::new(), "")),
        page("brouillons", &boite(Boite::Brouillons, messages(), "")),
        page("brouillons-vide", &boite(Boite::Brouillons, Vec::new(), "")),
        page("message", &message),
        page(
            "message-envoye",
            &MessagerieMessage {
                layout: gestionnaire("Disponibilités", "/messagerie/message/12"),
                boite: Boite::Envoyes,
                nav: nav(Some(Boite::Envoyes)),
                written_by: Some("Claire Morvan".into()),
                reply_href: None,
                again_href: Some("/messagerie/ecrire?modele=12".into()),
                ..message.clone()
            },
        ),
        page(
            "message-sans-reponse",
            &MessagerieMessage {
                archived: true,
                reply_href: None,
                forward_href: None,
                blocks: Vec::new(),
                nav: BoiteNav { can_write: false, ..nav(Some(Boite::Reception)) },
                ..message
            },
        ),
        page("ecrire", &ecrire()),
        page(
            "ecrire-erreur",
            &MessagerieEcrire {
                layout: ecrire()
                    .layout
                    .with_errors(vec![FieldError::new("destinataires", "Choisissez au moins un destinataire.")]),
                destinataires: Vec::new(),
                typed: "le".into(),
                proposals: vec![
                    Destinataire { value: "i:1".into(), label: "Paul Le Gall".into(), detail: "Rennes".into() },
                    Destinataire { value: "i:2".into(), label: HOSTILE.into(), detail: HOSTILE.into() },
                ],
                saved: None,
                ..ecrire()
            },
        ),
        page(
            "ecrire-reponse",
            &MessagerieEcrire {
                layout: intervenant("Répondre", "/messagerie/ecrire"),
                fixed: true,
                ask_again: true,
                reponse_a: "41".into(),
                brouillon: "5".into(),
                ..ecrire()
            },
        ),
        page(
            "messagerie-fermee",
            &MessagerieFermee {
                layout: intervenant("Messagerie", "/messagerie/reception"),
                pending: false,
                structure: Some(HOSTILE.into()),
            },
        ),
        page(
            "messagerie-en-attente",
            &MessagerieFermee {
                layout: intervenant("Messagerie", "/messagerie/reception"),
                pending: true,
                structure: None,
            },
        ),
    ]
}

fn back_office() -> Vec<Sample> {
    let rows: Vec<GestionAnnonceRow> = annonces()
        .into_iter()
        .zip([("brouillon", Tone::Warning), ("publiée", Tone::Done), ("close", Tone::Info)])
        .map(|(annonce, (etat, tone))| GestionAnnonceRow {
            annonce: AnnonceRow {
                numero: if etat == "brouillon" { String::new() } else { annonce.numero.clone() },
                ..annonce
            },
            etat: etat.into(),
            tone,
            changed: seen("2026-11-20 09:00"),
        })
        .collect();
    let list = GestionAnnonces {
        granted: true,
        layout: gestionnaire("Annonces de la structure", "/gestion/annonces"),
        etats: vec![
            ("Toutes".into(), 3, "/gestion/annonces".into(), true),
            ("Brouillons".into(), 1, "/gestion/annonces?etat=brouillon".into(), false),
            ("Publiées".into(), 1, "/gestion/annonces?etat=publiee".into(), false),
        ],
        q: String::new(),
        etat: String::new(),
        columns: columns(
            &Query::new("/gestion/annonces"),
            &[
                ("Numéro", "numero"),
                ("Intitulé", "titre"),
                ("Spécialité", "specialite"),
                ("État", "etat"),
                ("Modifiée", "date"),
            ],
            4,
        ),
        rows,
        pages: Pages::new(1, 20, 3, Query::new("/gestion/annonces")),
    };
    let results = cvtheque_results(true, "marchés publics SAUF stagiaire");
    let board = TableauDeBordGestionnaire {
        layout: gestionnaire("À traiter", "/tableau-de-bord"),
        structure: "Délégation Bretagne".into(),
        queue: vec![
            Task {
                label: "Lire les messages de la structure".into(),
                href: "/messagerie/reception".into(),
                detail: "le plus ancien attend depuis hier".into(),
                value: Some(5),
                counter: Some(CounterKey::Messages),
            },
            Task {
                label: "Terminer les annonces en préparation".into(),
                href: "/gestion/annonces?etat=brouillon".into(),
                detail: String::new(),
                value: Some(0),
                counter: None,
            },
            Task {
                label: "Suivre les annonces publiées".into(),
                href: "/gestion/annonces?etat=publiee".into(),
                detail: String::new(),
                value: Some(12),
                counter: None,
            },
        ],
        messages: messages(),
        notifications: Vec::new(),
        acces: true,
        brouillons: annonces(),
    };
    vec![
        page("tableau-gestionnaire", &board),
        page(
            "tableau-gestionnaire-vide",
            &TableauDeBordGestionnaire { messages: Vec::new(), brouillons: Vec::new(), ..board },
        ),
        page("gestion-annonces", &list),
        page(
            "gestion-annonces-vide",
            &GestionAnnonces { rows: Vec::new(), q: HOSTILE.into(), etat: "brouillon".into(), ..list },
        ),
        page("gestion-annonce", &formulaire()),
        page(
            "gestion-annonce-erreur",
            &GestionAnnonceFormulaire {
                layout: formulaire().layout.with_errors(vec![
                    FieldError::new("titre", "Donnez un titre à l’annonce."),
                    FieldError::new("specialite", "Choisissez une spécialité."),
                    FieldError::new("au", "La fin précède le début : choisissez un jour à partir du 12 janvier 2027."),
                    FieldError::new("regions", "Cochez des régions d’où l’intervention est possible."),
                ]),
                titre: String::new(),
                alerted: None,
                departements: Vec::new(),
                ..formulaire()
            },
        ),
        page(
            "gestion-annonce-publiee",
            &GestionAnnonceFormulaire {
                numero: Some("2026-0412".into()),
                etat: "publiée".into(),
                can_publish: false,
                can_close: true,
                public_href: Some("/annonces/2026-0412".into()),
                ..formulaire()
            },
        ),
        Sample { name: "cvtheque-fragment", html: results.render().expect("a fragment renders"), whole: false },
        page("cvtheque", &CvthequeRecherche { layout: gestionnaire("CV-thèque", "/cvtheque"), results }),
        page(
            "cvtheque-vide",
            &CvthequeRecherche {
                layout: gestionnaire("CV-thèque", "/cvtheque"),
                results: cvtheque_results(false, HOSTILE),
            },
        ),
        page(
            "cvtheque-fiche",
            &CvthequeFiche {
                layout: gestionnaire("Nadia Berrebi", "/cvtheque/12"),
                fiche: fiche(false),
                semblables: semblables(),
                back: Link::new("Retour à la recherche", "/cvtheque?q=march%C3%A9s"),
            },
        ),
        page(
            "cvtheque-retrouver",
            &CvthequeRetrouver {
                layout: gestionnaire("Retrouver une liste de personnes", "/cvtheque/retrouver"),
                liste: HOSTILE.into(),
                bilan: Some(bilan()),
                lignes_max: 200,
                signes_max: 20_000,
            },
        ),
        page(
            "sessions-gestionnaire",
            &MonCompteSessions {
                layout: gestionnaire("Mes connexions", "/mon-compte/sessions"),
                sections: sections_gestionnaire(),
                rows: vec![SessionRow {
                    id: "a".into(),
                    device: "Edge sur Windows".into(),
                    opened: seen("2026-11-23 08:01"),
                    used: seen("2026-11-23 14:35"),
                    current: true,
                }],
            },
        ),
    ]
}

fn administrateur() -> TableauDeBordAdministrateur {
    TableauDeBordAdministrateur {
        layout: visitor("Tableau de bord", "/tableau-de-bord").for_account(
            Account {
                name: "Anne Kerbrat".into(),
                structure: None,
                desk: true,
                menu: web::views::mon_compte::sections_gestionnaire(),
                counters: vec![Counter { key: CounterKey::Notifications, value: 0 }],
            },
            MenuEntry::visitor(),
        ),
        tasks: Vec::new(),
        figures: vec![
            Figure {
                label: "Intervenants validés".into(),
                value: 100_412,
                detail: "présents dans la CV-thèque".into(),
            },
            Figure { label: "Courriels abandonnés".into(), value: 2, detail: String::new() },
        ],
        services: vec![
            Service { name: "Envoi des courriels".into(), etat: "en marche".into(), tone: Tone::Done },
            Service { name: "Échéances".into(), etat: "en panne : 7 échecs de suite".into(), tone: Tone::Failure },
        ],
        notifications: notifications(),
    }
}

fn reponse(genre: &'static str, action: &'static str, open: bool) -> Reponse {
    Reponse {
        genre,
        action,
        titre: "Rejeter l’inscription",
        consequence: "Cette décision ne peut pas être annulée.".into(),
        bouton: "Rejeter l’inscription",
        motifs: vec![MotifChoice {
            code: "rejet-doublon".into(),
            libelle: HOSTILE.into(),
            texte: HOSTILE.into(),
            selected: open,
        }],
        texte: if open { HOSTILE.into() } else { String::new() },
        open,
    }
}

fn registration() -> GestionInscription {
    GestionInscription {
        layout: gestionnaire("Anne Le Gall", "/gestion/inscriptions/12"),
        action_href: "/gestion/inscriptions/12".into(),
        version: "1".into(),
        nom: "Anne Le Gall".into(),
        titre: "Juriste".into(),
        etat: "transmise".into(),
        tone: Tone::Waiting,
        transmise: Some(seen("2026-11-11 09:00")),
        attente: "depuis 12\u{a0}jours".into(),
        gestionnaire: "Claire Morvan".into(),
        autres: vec!["Erwan Tanguy".into(), HOSTILE.into()],
        closed: String::new(),
        cvtheque_href: None,
        kept: String::new(),
        blocs: vec![Faits {
            titre: "Identité".into(),
            faits: vec![("Nom".into(), "Mme Anne Le Gall".into()), ("Nationalité".into(), HOSTILE.into())],
        }],
        presentation_label: "Expérience de formateur".into(),
        presentation: blocks("Dix ans d’ateliers.\n\nEn Bretagne."),
        parcours: vec![ParcoursBlock {
            label: "Expériences professionnelles".into(),
            lines: vec![ParcoursLine { period: "Depuis 2019".into(), titre: HOSTILE.into(), detail: "Brest".into() }],
        }],
        fichiers: vec![Fichier {
            label: "CV".into(),
            nom: HOSTILE.into(),
            detail: "PDF, 214\u{a0}ko".into(),
            href: "/fichiers/4".into(),
            highlight: None,
            retenue: Some(Retenue::EnAttente),
        }],
        textes: vec![
            TexteLu { nom: "cv.pdf".into(), texte: format!("{HOSTILE}\n  Brest"), sentence: String::new() },
            TexteLu { nom: HOSTILE.into(), texte: String::new(), sentence: "Le texte n’a pas pu être lu.".into() },
        ],
        etapes: vec![
            EtapeRow {
                titre: "Complément demandé".into(),
                qui: "Claire Morvan, Délégation Bretagne".into(),
                texte: blocks(HOSTILE),
                at: seen("2026-11-10 09:00"),
            },
            EtapeRow {
                titre: "Transmise par la personne".into(),
                qui: String::new(),
                texte: Vec::new(),
                at: seen("2026-11-09 09:00"),
            },
        ],
        reponses: vec![reponse("complement", "complement", false), reponse("rejet", "rejeter", false)],
        can_take: true,
        structures: vec![Choice::new("2", "Délégation Normandie")],
        reaffecter_open: false,
    }
}

fn registrations() -> Vec<Sample> {
    let list = GestionInscriptions {
        layout: gestionnaire("Inscriptions", "/gestion/inscriptions"),
        etats: vec![
            ("À traiter".into(), 2, "/gestion/inscriptions".into(), true),
            ("Non retenues".into(), 0, "/gestion/inscriptions?etat=rejetee".into(), false),
        ],
        waiting: true,
        count: 2,
        brouillons: 1,
        rows: [("Anne Le Gall", "Claire Morvan"), (HOSTILE, "")]
            .map(|(nom, gestionnaire)| InscriptionRow {
                href: "/gestion/inscriptions/12".into(),
                nom: nom.into(),
                detail: "Juriste · Brest".into(),
                etat: "transmise".into(),
                tone: Tone::Waiting,
                transmise: Some(seen("2026-11-11 09:00")),
                attente: "depuis 12\u{a0}jours".into(),
                gestionnaire: gestionnaire.into(),
                avec_cv: gestionnaire.is_empty(),
            })
            .into(),
        pages: Pages::new(1, 25, 2, Query::new("/gestion/inscriptions")),
    };
    let mut refused = registration();
    refused.layout = refused.layout.with_errors(vec![
        FieldError::new("rejet_motif", "Choisissez un motif."),
        FieldError::new("rejet_texte", "Écrivez ce que la personne doit savoir."),
        FieldError::new("structure", "Choisissez la structure."),
    ]);
    refused.reponses = vec![reponse("complement", "complement", false), reponse("rejet", "rejeter", true)];
    refused.reaffecter_open = true;
    vec![
        page("inscriptions", &list),
        page("inscriptions-vide", &GestionInscriptions { rows: Vec::new(), brouillons: 0, ..list }),
        page("inscription", &registration()),
        page("inscription-erreurs", &refused),
        page(
            "inscription-decidee",
            &GestionInscription {
                layout: registration().layout.with_errors(vec![FieldError::new("", "Claire Morvan a déjà validé.")]),
                closed: "Cette inscription est validée.".into(),
                cvtheque_href: Some("/cvtheque/12".into()),
                kept: HOSTILE.into(),
                autres: Vec::new(),
                textes: Vec::new(),
                etapes: Vec::new(),
                ..registration()
            },
        ),
    ]
}

fn credentials() -> Vec<Sample> {
    let search = GestionAcces {
        layout: gestionnaire("Aider une personne à se connecter", "/gestion/acces"),
        q: HOSTILE.into(),
        searched: true,
        rows: vec![PersonneRow {
            href: "/gestion/acces/12".into(),
            nom: HOSTILE.into(),
            naissance: "14 mars 1979".into(),
            adresse: "anne@exemple.example".into(),
            etat: "compte archivé".into(),
        }],
        more: true,
    };
    let person = GestionAccesPersonne {
        layout: gestionnaire("Anne Le Gall", "/gestion/acces/12"),
        action_href: "/gestion/acces/12".into(),
        nom: "Anne Le Gall".into(),
        faits: vec![("Nom".into(), HOSTILE.into())],
        refus: String::new(),
        sans_mot_de_passe: true,
        en_cours: format!("Des identifiants provisoires envoyés à {HOSTILE} fonctionnent."),
        envoi: support::destination(false),
        semblables: semblables(),
    };
    let errors =
        ["adresse", "verification", "verification_faite"].map(|id| FieldError::new(id, format!("Voyez {id}.")));
    let new = GestionCompteNouveau {
        layout: gestionnaire("Créer le compte d’un intervenant", "/gestion/comptes/nouveau"),
        structure: "Délégation Bretagne".into(),
        civilite: String::new(),
        nom: String::new(),
        prenom: String::new(),
        date_naissance: String::new(),
        email: String::new(),
        existant_href: None,
    };
    let wrong = ["civilite", "nom", "date_naissance", "email"].map(|id| FieldError::new(id, format!("Voyez {id}.")));
    vec![
        page("acces", &search),
        page("acces-vide", &GestionAcces { rows: Vec::new(), more: false, ..search }),
        page("acces-personne", &person),
        page("acces-archive", &GestionAccesPersonne { refus: "Ce compte est archivé.".into(), ..person.clone() }),
        page(
            "acces-erreurs",
            &GestionAccesPersonne {
                layout: person.layout.clone().with_errors(errors.into()),
                envoi: support::destination(true),
                ..person
            },
        ),
        page("compte-nouveau", &new),
        page(
            "compte-nouveau-erreurs",
            &GestionCompteNouveau {
                layout: new.layout.clone().with_errors(wrong.into()),
                civilite: "Mme".into(),
                nom: HOSTILE.into(),
                existant_href: Some("/gestion/acces/12".into()),
                ..new
            },
        ),
    ]
}

fn account() -> Vec<Sample> {
    let board = TableauDeBordIntervenant {
        layout: intervenant("Tableau de bord", "/tableau-de-bord"),
        tasks: vec![Task {
            label: "Lire vos messages".into(),
            href: "/messagerie/reception".into(),
            detail: "le dernier de la délégation Bretagne, il y a 3 minutes".into(),
            value: Some(3),
            counter: Some(CounterKey::Messages),
        }],
        messages: messages(),
        a_venir: Vec::new(),
        reponses: Vec::new(),
        notifications: notifications(),
        annonces: annonces(),
        annonces_unknown: false,
        alertes: "Un courriel vous signale les annonces de vos spécialités et celles qui concernent vos régions."
            .into(),
    };
    let sessions = MonCompteSessions {
        layout: intervenant("Mes connexions", "/mon-compte/sessions"),
        sections: sections_intervenant(true),
        rows: vec![
            SessionRow {
                id: "a".into(),
                device: "Firefox sur Windows".into(),
                opened: seen("2026-11-23 08:01"),
                used: seen("2026-11-23 14:35"),
                current: true,
            },
            SessionRow {
                id: "b".into(),
                device: HOSTILE.into(),
                opened: seen("2026-11-10 19:40"),
                used: seen("2026-11-22 21:12"),
                current: false,
            },
        ],
    };
    let password = MonCompteMotDePasse {
        layout: intervenant("Changer de mot de passe", "/mon-compte/mot-de-passe"),
        sections: sections_intervenant(true),
        email: HOSTILE.into(),
        min: 8,
        max: 24,
    };
    let alerts = MonCompteAlertes {
        layout: intervenant("Mes alertes", "/mon-compte/alertes"),
        sections: sections_intervenant(true),
        specialites: true,
        regions: true,
        les_deux: false,
        frequences: Vec::new(),
        mes_specialites: vec![
            Choice { count: Some(12), ..Choice::new("droit", "Affaires juridiques") },
            Choice { count: Some(0), ..Choice::new("finances", "Finances") },
        ],
        mes_regions: vec![Choice { count: Some(1_204), ..Choice::new("53", "Bretagne") }],
        apport: Apport { specialites: 12, regions: 1_204, ensemble: 1_211, les_deux: 5, coche: Some(1_211) },
        preview: Some([31, 112, 9]),
        suivies: 2,
        pending: false,
        aide: web::views::aides::aide("alertes"),
    };
    let list = NotificationsListe {
        layout: intervenant("Notifications", "/notifications"),
        rows: notifications(),
        pages: Pages::new(1, 20, 3, Query::new("/notifications")),
        unread: 1,
        action_href: "/notifications".into(),
    };
    let mails = CourrielsListe {
        layout: visitor("Courriels", "/courriels"),
        q: String::new(),
        rows: vec![
            CourrielRow {
                href: "/courriels/2".into(),
                to: "paul.legall@exemple.example".into(),
                objet: "Nouveau message de la délégation Bretagne".into(),
                at: seen("2026-11-23 14:32"),
                etat: "envoyé".into(),
                tone: Tone::Done,
            },
            CourrielRow {
                href: "/courriels/1".into(),
                to: HOSTILE.into(),
                objet: HOSTILE.into(),
                at: seen("2026-11-22 14:32"),
                etat: "en attente".into(),
                tone: Tone::Warning,
            },
        ],
        pages: Pages::new(1, 20, 2, Query::new("/courriels")),
    };
    vec![
        page("tableau-intervenant", &board),
        page(
            "tableau-intervenant-vide",
            &TableauDeBordIntervenant {
                tasks: Vec::new(),
                messages: Vec::new(),
                notifications: Vec::new(),
                annonces: Vec::new(),
                alertes: String::new(),
                ..board.clone()
            },
        ),
        page(
            "tableau-intervenant-sans-index",
            &TableauDeBordIntervenant { messages: Vec::new(), annonces: Vec::new(), annonces_unknown: true, ..board },
        ),
        page("tableau-administrateur", &administrateur()),
        page("sessions", &sessions),
        page("mot-de-passe", &password),
        page(
            "mot-de-passe-erreur",
            &MonCompteMotDePasse {
                layout: password.layout.clone().with_errors(vec![
                    FieldError::new("mot_de_passe_actuel", "Ce n’est pas votre mot de passe actuel."),
                    FieldError::new("mot_de_passe", "Il manque à ce mot de passe : un chiffre."),
                ]),
                ..password
            },
        ),
        page("alertes", &alerts),
        page(
            "alertes-erreur",
            &MonCompteAlertes {
                layout: alerts.layout.clone().with_errors(vec![FieldError::new(
                    "specialites_et_regions",
                    "Cette case se coche seule : décochez-la, ou décochez les deux autres.",
                )]),
                les_deux: true,
                mes_regions: Vec::new(),
                mes_specialites: vec![Choice { count: Some(1), ..Choice::new(HOSTILE, HOSTILE) }],
                apport: Apport::default(),
                preview: None,
                suivies: 0,
                pending: true,
                aide: web::views::aides::aide("alertes"),
                ..alerts
            },
        ),
        page("notifications", &list),
        page("notifications-vide", &NotificationsListe { rows: Vec::new(), unread: 0, ..list }),
        page("courriels", &mails),
        page("courriels-vide", &CourrielsListe { rows: Vec::new(), q: HOSTILE.into(), ..mails }),
        page(
            "courriel",
            &CourrielPage {
                layout: visitor("Nouveau message", "/courriels/2"),
                objet: HOSTILE.into(),
                headers: vec![("De".into(), "ne-pas-repondre@exemple.example".into()), ("À".into(), HOSTILE.into())],
                texte: format!("Bonjour,\n\nUn message vous attend.\n{HOSTILE}"),
                html_href: Some("/courriels/2/html".into()),
                links: vec!["http://127.0.0.1:8080/messagerie/message/41".into()],
            },
        ),
    ]
}
