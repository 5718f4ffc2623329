//! Samples of the pages of a « lettre de demande », on both sides.

use domain::profil::Champs;
use web::views::lettres::{GestionLettre, GestionLettres, LettreRow, LettreVue, MaLettre, MesLettres, Redaction};
use web::views::mon_compte::sections_intervenant;
use web::views::text::blocks;
use web::views::*;

use super::{HOSTILE, Sample, gestionnaire, intervenant, page, seen};

pub fn row(href: &str) -> LettreRow {
    LettreRow {
        href: href.into(),
        numero: "BRETAGNE-2026-0042".into(),
        objet: HOSTILE.into(),
        qui: HOSTILE.into(),
        etat: "en attente de réponse",
        tone: Tone::Waiting,
        at: seen("2026-11-22 09:10"),
    }
}

fn lettre(href: &str) -> LettreVue {
    LettreVue {
        titre: "Lettre de demande d’intervention",
        numero: "BRETAGNE-2026-0042".into(),
        objet: HOSTILE.into(),
        contenu: blocks(HOSTILE),
        faits: vec![("Durée", vec!["18 h".into()]), ("Lieu", vec![HOSTILE.into(), HOSTILE.into()])],
        etat: "en attente de réponse",
        tone: Tone::Waiting,
        pdf: format!("{href}/pdf"),
        envoyee: Some(seen("2026-11-22 09:10")),
        repondue: None,
        annulee: None,
        empreinte: "0f".repeat(32),
    }
}

fn mine() -> MaLettre {
    MaLettre {
        layout: intervenant("Lettre BRETAGNE-2026-0042", "/mon-compte/lettres/7"),
        href: "/mon-compte/lettres/7".into(),
        lettre: lettre("/mon-compte/lettres/7"),
        structure: HOSTILE.into(),
        a_repondre: true,
        choix: vec![
            Choice::new("accepter", "J’accepte cette demande").selected(true),
            Choice::new("decliner", "Je décline cette demande"),
        ],
        texte: HOSTILE.into(),
        texte_max: 1_000,
    }
}

fn redaction(genres: bool) -> Redaction {
    let fields = ["objet", "corps", "duree", "lieu", "montant", "modalites_paiement"];
    let champs: Champs = fields.into_iter().map(|name| (name, HOSTILE)).collect();
    let kinds = vec![Choice::new("intervention", "Une intervention"), Choice::new("ressources", "Des ressources")];
    Redaction {
        genres: if genres { kinds } else { Vec::new() },
        champs,
        periodes: vec![("2027-03-15".into(), "2027-03-17".into()), (HOSTILE.into(), String::new())],
        unites: vec![Choice::new("heure", "une heure").selected(true), Choice::new("jour", "une journée")],
        texte_max: 10_000,
    }
}

fn theirs() -> GestionLettre {
    GestionLettre {
        layout: gestionnaire("Lettre", "/gestion/lettres/7"),
        href: "/gestion/lettres/7".into(),
        personne: HOSTILE.into(),
        dossier: "/gestion/dossiers/3".into(),
        refus: String::new(),
        lettre: Some(LettreVue {
            numero: String::new(),
            etat: "brouillon",
            tone: Tone::Info,
            envoyee: None,
            empreinte: String::new(),
            ..lettre("/gestion/lettres/7")
        }),
        redaction: Some(redaction(false)),
        version: 3,
        annulable: true,
        texte: HOSTILE.into(),
        texte_max: 1_000,
    }
}

pub fn all() -> Vec<Sample> {
    let list = MesLettres {
        layout: intervenant("Mes lettres de demande", "/mon-compte/lettres"),
        sections: sections_intervenant(true),
        rows: vec![row("/mon-compte/lettres/7")],
    };
    let desk = GestionLettres {
        layout: gestionnaire("Lettres de demande", "/gestion/lettres"),
        onglets: vec![("En attente de réponse", 1, "/gestion/lettres".into(), true)],
        rows: vec![row("/gestion/lettres/7")],
        pages: Pages::new(1, 25, 1, Query::new("/gestion/lettres")),
    };
    let said = "Choisissez d’accepter ou de décliner.";
    let wrong = MaLettre {
        layout: mine().layout.with_errors(vec![FieldError::new("reponse", said)]),
        choix: mine().choix.into_iter().map(|choice| choice.selected(false)).collect(),
        ..mine()
    };
    let at = seen("2026-11-23 10:00");
    let answered = LettreVue {
        etat: "annulée",
        tone: Tone::Info,
        repondue: Some((at, blocks(HOSTILE))),
        annulee: Some((at, blocks(HOSTILE))),
        ..lettre("/mon-compte/lettres/7")
    };
    let mistakes =
        ["genre", "objet", "corps", "duree", "du", "au", "lieu", "montant", "unite_paiement", "modalites_paiement"];
    let mistakes = mistakes.map(|field| FieldError::new(field, format!("À corriger : {field}.")));
    let new = GestionLettre {
        layout: gestionnaire("Préparer une lettre de demande", "/gestion/dossiers/3/lettre"),
        href: "/gestion/dossiers/3/lettre".into(),
        lettre: None,
        redaction: Some(redaction(true)),
        version: 0,
        annulable: false,
        ..theirs()
    };
    vec![
        page("lettres", &list),
        page("lettres-vide", &MesLettres { rows: Vec::new(), ..list.clone() }),
        page("lettre", &mine()),
        page("lettre-erreur", &wrong),
        page("lettre-annulee", &MaLettre { lettre: answered.clone(), a_repondre: false, ..mine() }),
        page("gestion-lettres", &desk),
        page("gestion-lettres-vide", &GestionLettres { rows: Vec::new(), ..desk.clone() }),
        page("gestion-lettre", &theirs()),
        page("gestion-lettre-nouvelle", &new),
        page(
            "gestion-lettre-erreur",
            &GestionLettre { layout: new.layout.clone().with_errors(mistakes.to_vec()), ..new.clone() },
        ),
        page("gestion-lettre-impossible", &GestionLettre { refus: HOSTILE.into(), ..new }),
        page(
            "gestion-lettre-envoyee",
            &GestionLettre { lettre: Some(lettre("/gestion/lettres/7")), redaction: None, ..theirs() },
        ),
        page(
            "gestion-lettre-annulee",
            &GestionLettre { lettre: Some(answered), redaction: None, annulable: false, ..theirs() },
        ),
    ]
}
