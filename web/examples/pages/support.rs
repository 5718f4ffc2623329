//! Samples of the pages of the support and of what a structure sends from them.

use documents::Place;
use web::antivirus::Retenue;
use web::defi::Defi;
use web::views::gestion_acces::{Choisi, DestinationForm, GestionDonnees};
use web::views::messagerie::NoteRow;
use web::views::mon_compte::{DonneesLien, MonCompteDonnees, sections_intervenant};
use web::views::profil::Depot;
use web::views::support::{
    ChiffreRow, DemandeRow, FilRow, FileRow, GestionDemande, GestionSupport, MesDemandes, PieceRow, SupportFormulaire,
    SupportHistorique, SupportStatistiques,
};
use web::views::text::blocks;
use web::views::*;

use super::{HOSTILE, Sample, gestionnaire, intervenant, page, seen, visitor};

fn thread() -> Vec<FilRow> {
    vec![
        FilRow {
            de: HOSTILE.into(),
            at: seen("2026-11-22 09:10"),
            blocks: blocks(&format!("Bonjour,\n\n{HOSTILE}\n\n> cité")),
            pieces: vec![PieceRow {
                href: "?piece=3".into(),
                nom: HOSTILE.into(),
                taille: "1,2 Mo".into(),
                retenue: Some(Retenue::Bloque),
            }],
            service: false,
        },
        FilRow {
            de: "Espace Intervenants".into(),
            at: seen("2026-11-23 08:00"),
            blocks: blocks("La demande est confiée à une autre structure : Délégation Bretagne."),
            pieces: Vec::new(),
            service: true,
        },
    ]
}

fn form() -> SupportFormulaire {
    SupportFormulaire {
        layout: visitor("Faire une demande de support", "/support"),
        sortes: vec![Choice::new("", "Choisir…"), Choice::new("connexion", "Connexion").selected(true)],
        structures: vec![Choice::new("", "Choisir…"), Choice::new("4", "Délégation Bretagne")],
        email: "paul@exemple.example".into(),
        nom: HOSTILE.into(),
        prenom: "Paul".into(),
        objet: HOSTILE.into(),
        message: format!("Bonjour,\n{HOSTILE}"),
        jeton: "0f".repeat(32),
        login: String::new(),
        suivies: false,
        autre_adresse: false,
        defi: Some(Defi {
            ticket: "t".into(),
            image: "data:image/png;base64,".into(),
            question: HOSTILE.into(),
            ..Defi::default()
        }),
        objet_max: 150,
        texte_max: 10_000,
        nom_max: 80,
    }
}

fn history() -> SupportHistorique {
    SupportHistorique {
        layout: visitor(HOSTILE, "/support/historique/7-1-0"),
        reference: "S-2026-0007".into(),
        sorte: "Inscription et CV".into(),
        objet: HOSTILE.into(),
        etat: "complément demandé",
        tone: Tone::Warning,
        structure: "Délégation Bretagne".into(),
        a_faire: "Répondez avant le 24 décembre 2026 au soir.".into(),
        fil: thread(),
        ouverte: true,
        action: "/support/historique/7-1-0".into(),
        jeton: "0f".repeat(32),
        texte: HOSTILE.into(),
        depot: Depot::new(Place::PieceSupport),
        texte_max: 10_000,
    }
}

fn request() -> GestionDemande {
    GestionDemande {
        layout: gestionnaire(HOSTILE, "/gestion/support/7"),
        href: "/gestion/support/7".into(),
        version: 3,
        reference: "S-2026-0007".into(),
        sorte: "Réactivation de mon compte archivé",
        objet: HOSTILE.into(),
        nom: HOSTILE.into(),
        courriel: HOSTILE.into(),
        fiche: Some("/cvtheque/3".into()),
        etat: "en cours de traitement",
        tone: Tone::Info,
        at: Some(seen("2026-11-22 09:10")),
        jusqu_au: "24 décembre 2026".into(),
        autres: web::views::support::looking(&[HOSTILE.to_owned()]),
        fil: thread(),
        ouverte: true,
        membres: vec![Choice::new("", "personne"), Choice::new("5", HOSTILE).selected(true)],
        modeles: vec![Choice::new("", "choisir…"), Choice::new("1", HOSTILE)],
        texte: HOSTILE.into(),
        jeton: "0f".repeat(32),
        structures: vec![Choice::new("", "choisir…"), Choice::new("9", "Délégation Normandie")],
        doubles: vec![("8".into(), format!("S-2026-0008 · {HOSTILE}"))],
        suites: vec![Link::new("Donner des identifiants provisoires", "/gestion/acces?q=x")],
        archives: vec![("12".into(), HOSTILE.into())],
        notes: vec![NoteRow { auteur: HOSTILE.into(), at: seen("2026-11-23 10:00"), blocks: blocks(HOSTILE) }],
        note: HOSTILE.into(),
        texte_max: 10_000,
        note_max: 5_000,
    }
}

fn queue() -> GestionSupport {
    let row = |tard: bool| FileRow {
        href: "/gestion/support/7".into(),
        reference: "S-2026-0007".into(),
        objet: HOSTILE.into(),
        nom: HOSTILE.into(),
        sorte: "Connexion",
        etat: "transmise",
        tone: if tard { Tone::Warning } else { Tone::Info },
        at: Some(seen("2026-11-20 09:10")),
        attente: "attend depuis 3 jours".into(),
        tard,
        assigne: if tard { HOSTILE.into() } else { String::new() },
    };
    GestionSupport {
        layout: gestionnaire("Support", "/gestion/support"),
        onglets: vec![
            ("À traiter".into(), 2, "/gestion/support".into(), true),
            ("Closes".into(), 0, "/gestion/support?etat=closes".into(), false),
        ],
        count: 2,
        miennes: Link::new("Les miennes", "/gestion/support?a=moi"),
        rows: vec![row(true), row(false)],
        pages: Pages::new(1, 25, 2, Query::new("/gestion/support")),
    }
}

/// Where something is sent, its form filled in.
pub fn destination(autre: bool) -> DestinationForm {
    DestinationForm {
        enregistree: "anne@exemple.example".into(),
        vers_autre: autre,
        adresse: HOSTILE.into(),
        verifiee: false,
        verification: HOSTILE.into(),
    }
}

fn sending() -> GestionDonnees {
    GestionDonnees {
        layout: gestionnaire("Envoyer ses données à une personne", "/gestion/support/7/donnees"),
        retour: "/gestion/support/7".into(),
        demande: "Demande S-2026-0007".into(),
        action_href: "/gestion/support/7/donnees".into(),
        refus: String::new(),
        comptes: vec![("12".into(), HOSTILE.into())],
        choisi: Some(Choisi {
            compte: "12".into(),
            nom: HOSTILE.into(),
            faits: vec![("Nom".into(), HOSTILE.into()), ("Adresse de la demande".into(), HOSTILE.into())],
            envoi: destination(false),
        }),
    }
}

/// The pages of the support, the desk's and those that give somebody their data.
pub fn all() -> Vec<Sample> {
    let mine = MesDemandes {
        layout: intervenant("Mes demandes de support", "/mon-compte/demandes"),
        sections: sections_intervenant(true),
        rows: vec![DemandeRow {
            href: "/support/historique/7-1-0".into(),
            reference: "S-2026-0007".into(),
            objet: HOSTILE.into(),
            sorte: "Connexion",
            etat: "close",
            tone: Tone::Done,
            at: seen("2026-11-20 09:10"),
        }],
    };
    let figures = SupportStatistiques {
        layout: gestionnaire("Délais de réponse", "/gestion/support/statistiques"),
        periodes: vec![Choice::new("30", "30 jours").selected(true), Choice::new("365", "un an")],
        rows: vec![ChiffreRow {
            sorte: "Toutes",
            recues: 12,
            closes: 9,
            reponse: "4 heures".into(),
            cloture: String::new(),
        }],
    };
    let data = MonCompteDonnees {
        layout: intervenant("Récupérer mes données", "/mon-compte/donnees"),
        sections: sections_intervenant(true),
    };
    let link = DonneesLien {
        layout: visitor("Récupérer mes données", "/donnees/x"),
        action: "/donnees/x".into(),
        commence: false,
    };
    let wrong = |field: &str, sentence: &str| vec![FieldError::new(field, sentence)];
    vec![
        page("support", &form()),
        page(
            "support-erreur",
            &SupportFormulaire {
                layout: intervenant("Faire une demande de support", "/support")
                    .with_errors(wrong("adresse", "Dites si cette adresse est pour cette demande seulement.")),
                login: HOSTILE.into(),
                suivies: true,
                autre_adresse: true,
                defi: None,
                ..form()
            },
        ),
        page("support-historique", &history()),
        page(
            "support-historique-close",
            &SupportHistorique { ouverte: false, a_faire: String::new(), etat: "close", ..history() },
        ),
        page("mes-demandes", &mine),
        page("mes-demandes-vide", &MesDemandes { rows: Vec::new(), ..mine }),
        page("gestion-support", &queue()),
        page("gestion-support-vide", &GestionSupport { rows: Vec::new(), count: 0, ..queue() }),
        page("gestion-demande", &request()),
        page(
            "gestion-demande-erreur",
            &GestionDemande {
                layout: request().layout.with_errors(wrong("vers", "Choisissez une autre structure que la vôtre.")),
                ..request()
            },
        ),
        page(
            "gestion-demande-close",
            &GestionDemande {
                ouverte: false,
                autres: String::new(),
                suites: Vec::new(),
                archives: Vec::new(),
                doubles: Vec::new(),
                notes: Vec::new(),
                ..request()
            },
        ),
        page("gestion-support-delais", &figures),
        page("gestion-support-delais-vide", &SupportStatistiques { rows: Vec::new(), ..figures }),
        page("gestion-donnees", &sending()),
        page("gestion-donnees-choisir", &GestionDonnees { choisi: None, ..sending() }),
        page(
            "gestion-donnees-refus",
            &GestionDonnees { choisi: None, comptes: Vec::new(), refus: HOSTILE.into(), ..sending() },
        ),
        page(
            "gestion-donnees-erreur",
            &GestionDonnees {
                layout: sending().layout.with_errors(wrong("adresse", "Indiquez l’autre adresse.")),
                choisi: sending().choisi.map(|choisi| Choisi { envoi: destination(true), ..choisi }),
                ..sending()
            },
        ),
        page("mes-donnees", &data),
        page("donnees-lien", &link),
        page("donnees-lien-commence", &DonneesLien { commence: true, ..link }),
    ]
}
