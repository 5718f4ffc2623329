//! Samples of the pages of a dossier, on both sides.

use documents::Place;
use domain::profil::Champs;
use web::views::dossier::{
    BlocLine, BlocRow, Contenu, Document, Documents, DossierRow, ElementRow, FichierRow, FichierVu, GestionDossier,
    GestionDossiers, Groupe, HistoriqueRow, Marque, Pas, PieceRow, Place as Placed, Verification,
};
use web::views::profil::Depot;
use web::views::text::blocks;
use web::views::*;

use super::{HOSTILE, Sample, gestionnaire, intervenant, page, seen};

fn fichier(href: &str) -> FichierRow {
    FichierRow {
        href: href.into(),
        nom: HOSTILE.into(),
        taille: "1,2 Mo".into(),
        at: seen("2026-11-22 09:10"),
        visible: true,
        retenue: None,
    }
}

fn piece(id: &'static str, due: bool) -> PieceRow {
    PieceRow {
        id,
        libelle: "Relevé d’identité bancaire (RIB)",
        aide: "Le relevé que donne votre banque.",
        etat: "refusé, à corriger",
        tone: Tone::Failure,
        demandee: true,
        refus: HOSTILE.into(),
        fichier: Some(fichier("/mon-compte/documents/fichiers/4")),
        image: true,
        erreur: None,
        verrouille: false,
        retirable: true,
        due,
        pour: if due { String::new() } else { "retraite".into() },
    }
}

fn bloc(id: &'static str, verrouille: bool, pieces: Vec<PieceRow>) -> BlocRow {
    let fields = ["adresse", "titulaire", "employeur_nom", "fonction", "nir", "numero_identite", "telephone"];
    let champs: Champs = fields.into_iter().map(|name| (name, HOSTILE)).collect();
    BlocRow {
        id,
        titre: "Un bloc",
        etat: "transmis",
        tone: Tone::Waiting,
        demande: true,
        refus: HOSTILE.into(),
        erreur: None,
        verrouille,
        retirable: true,
        lignes: vec![("Numéro", HOSTILE.into())],
        afficher: true,
        saisie: id == "statut",
        replie: id == "banque",
        propose: id == "adresse",
        champs,
        pieces,
    }
}

fn history() -> Vec<HistoriqueRow> {
    vec![HistoriqueRow {
        quoi: "Statut".into(),
        evenement: "refusé".into(),
        qui: HOSTILE.into(),
        at: seen("2026-11-22 09:10"),
        motif: HOSTILE.into(),
    }]
}

fn mine() -> Documents {
    let line = |id: &str, why: bool| BlocLine {
        id: format!("bloc-{id}"),
        href: format!("/mon-compte/documents/bloc/{id}"),
        titre: "Informations bancaires",
        picto: "bank",
        etat: Marque { word: "À corriger", class: "fix", picto: "fix", step: "fix" },
        detail: HOSTILE.into(),
        why,
        suivant: why,
        pieces: vec![("Relevé d’identité bancaire (RIB)", "refusé, à corriger", Tone::Failure)],
    };
    Documents {
        layout: intervenant("Mes données et documents", "/mon-compte/documents"),
        etat: "à compléter",
        tone: Tone::Warning,
        demande: Some((HOSTILE.into(), blocks(HOSTILE), seen("2026-11-22 09:10"))),
        avant: Some(("le 5 décembre 2026".into(), "dans 6 jours".into(), true)),
        valable: String::new(),
        groupes: vec![Groupe { titre: "Votre paiement", lignes: vec![line("banque", true), line("adresse", false)] }],
        prets: 1,
        segments: vec!["done", "fix", "ask", ""],
        suivant: Some(("/mon-compte/documents/bloc/banque".into(), "Informations bancaires")),
        rien: false,
        a_transmettre: true,
        pret: false,
        verification: "/mon-compte/documents/verification".into(),
        chemin: vec![Pas { quoi: HOSTILE.into(), detail: HOSTILE.into(), ici: true }],
        historique: history(),
    }
}

fn one(bloc: BlocRow) -> Document {
    let path = format!("/mon-compte/documents/bloc/{}", bloc.id);
    Document {
        layout: intervenant("Un bloc", &path),
        place: Placed {
            numero: 2,
            total: 3,
            segments: vec!["done", "here", ""],
            precedent: Some("Statut"),
            suivant: Some("Employeur"),
        },
        brouillon: "statut".into(),
        identites: vec![Choice::new("passeport", "Passeport").selected(true)],
        statuts: vec![(Choice::new("retraite", "Retraité"), HOSTILE.into())],
        type_employeur: "PUBLIC",
        employeurs: Some(vec![Choice::new("1", HOSTILE)]),
        depot: Depot::new(Place::PieceDossier),
        bloc,
    }
}

fn last(manques: Vec<FieldError>) -> Verification {
    Verification {
        layout: intervenant("Vérifier et transmettre", "/mon-compte/documents/verification"),
        blocs: vec![bloc("statut", true, Vec::new()), bloc("banque", false, vec![piece("rib", true)])],
        manques,
        a_transmettre: true,
    }
}

fn element(id: &'static str, piece: bool) -> ElementRow {
    ElementRow {
        id,
        libelle: if piece { "Passeport" } else { "Carte vitale" },
        piece,
        etat: "transmis",
        tone: Tone::Waiting,
        version: 3,
        a_decider: true,
        perdu: String::new(),
        demande: true,
        due: true,
        refus: HOSTILE.into(),
        lignes: if piece { Vec::new() } else { vec![("Numéro", HOSTILE.into())] },
        masque: !piece,
        fichier: piece.then(|| fichier("/gestion/dossiers/3?voir=4#visionneuse")),
        choix: "refuser".into(),
        motif: "illisible".into(),
        texte: HOSTILE.into(),
        erreur_motif: None,
        erreur_texte: None,
    }
}

fn theirs() -> GestionDossier {
    GestionDossier {
        layout: gestionnaire("Dossier", "/gestion/dossiers/3"),
        href: "/gestion/dossiers/3".into(),
        action: "/gestion/dossiers/3?voir=4".into(),
        demandes: vec!["passeport"],
        nom: HOSTILE.into(),
        fiche: "/cvtheque/3".into(),
        etat: "transmis, à examiner",
        tone: Tone::Waiting,
        valable: HOSTILE.into(),
        decide: HOSTILE.into(),
        mien: true,
        elements: vec![element("carte_vitale", false), element("passeport", true)],
        motifs: vec![Choice::new("", "choisir un motif…"), Choice::new("illisible", "Document illisible")],
        refus: String::new(),
        texte: HOSTILE.into(),
        avant: "2026-12-05".into(),
        texte_max: 1_000,
        vue: Some(vue(Contenu::Cadre)),
        lettres: vec![super::lettres::row("/gestion/lettres/7")],
        nouvelle_lettre: "/gestion/dossiers/3/lettre".into(),
        historique: history(),
    }
}

fn vue(contenu: Contenu) -> FichierVu {
    let visible = matches!(contenu, Contenu::Cadre);
    FichierVu { id: 4, fichier: FichierRow { visible, ..fichier("/gestion/dossiers/fichiers/4") }, contenu }
}

pub fn all() -> Vec<Sample> {
    let list = GestionDossiers {
        layout: gestionnaire("Dossiers administratifs", "/gestion/dossiers"),
        onglets: vec![("À examiner".into(), 1, "/gestion/dossiers".into(), true)],
        count: 1,
        rows: vec![DossierRow {
            href: "/gestion/dossiers/3".into(),
            nom: HOSTILE.into(),
            etat: "transmis, à examiner",
            tone: Tone::Waiting,
            detail: "3 éléments à examiner".into(),
            at: Some(seen("2026-11-22 09:10")),
        }],
        pages: Pages::new(1, 25, 1, Query::new("/gestion/dossiers")),
    };
    let said = "Statut : refusé, corrigez.";
    let address = "/mon-compte/documents/bloc/banque#bloc-banque";
    let wrong = Documents { layout: mine().layout.with_errors(vec![FieldError::new(address, said)]), ..mine() };
    let of_bank = one(bloc("banque", false, vec![piece("rib", true), piece("pension", false)]));
    let refused_bloc = Document {
        layout: of_bank.layout.clone().with_errors(vec![FieldError::new("bloc-banque", said)]),
        bloc: BlocRow { erreur: Some(said.to_owned()), replie: false, ..of_bank.bloc.clone() },
        ..of_bank.clone()
    };
    let names = [
        ("dossier-adresse", "adresse"),
        ("dossier-telephones", "telephones"),
        ("dossier-identite", "identite"),
        ("dossier-carte-vitale", "carte_vitale"),
        ("dossier-statut", "statut"),
        ("dossier-employeur", "employeur"),
        ("dossier-vigilance", "vigilance"),
    ];
    let why = "Choisissez un motif : la personne le reçoit par courriel.";
    let mut refused = theirs();
    refused.layout = refused.layout.with_errors(vec![FieldError::new("motif-passeport", why)]);
    refused.elements[1].erreur_motif = Some(why.to_owned());
    refused.elements[0].a_decider = false;
    refused.elements[0].perdu = format!("Vous aviez choisi de refuser : {HOSTILE}");
    let long = Contenu::Texte(format!("{HOSTILE}\n").repeat(80), true);
    let blocs = names.into_iter().map(|(name, id)| page(name, &one(bloc(id, false, Vec::new()))));
    let mut pages: Vec<Sample> = blocs.collect();
    pages.extend([
        page("dossier", &mine()),
        page(
            "dossier-transmis",
            &Documents {
                valable: HOSTILE.into(),
                demande: None,
                a_transmettre: false,
                pret: true,
                suivant: None,
                historique: Vec::new(),
                ..mine()
            },
        ),
        page("dossier-banque", &of_bank),
        page("dossier-banque-erreur", &refused_bloc),
        page("dossier-verrouille", &one(bloc("carte_vitale", true, Vec::new()))),
        page("dossier-verification", &last(Vec::new())),
        page("dossier-verification-manque", &last(vec![FieldError::new(address, said)])),
        page("dossier-erreur", &wrong),
        page("gestion-dossiers", &list),
        page("gestion-dossiers-vide", &GestionDossiers { rows: Vec::new(), count: 0, ..list }),
        page("gestion-dossier", &theirs()),
        page("gestion-dossier-erreur", &refused),
        page("gestion-dossier-texte", &GestionDossier { vue: Some(vue(long)), ..theirs() }),
        page("gestion-dossier-illisible", &GestionDossier { vue: Some(vue(Contenu::Rien(why))), ..theirs() }),
        page(
            "gestion-dossier-ailleurs",
            &GestionDossier {
                mien: false,
                elements: Vec::new(),
                vue: None,
                lettres: Vec::new(),
                nouvelle_lettre: String::new(),
                refus: HOSTILE.into(),
                historique: Vec::new(),
                ..theirs()
            },
        ),
    ]);
    pages
}
