//! Every mail beside its stored snapshot. `UPDATE_SNAPSHOTS=1` writes the snapshots anew; read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::*;

fn letterhead() -> Letterhead {
    Letterhead::new("https://intervenants.exemple.fr/", "Écrivez à assistance@exemple.fr ou appelez le 01 55 27 44 00.")
        .unwrap()
}

fn annonce(periode: &str) -> Courriel {
    Courriel::Annonce {
        prenom: "Zoé".to_owned(),
        numero: "2026-00042".to_owned(),
        titre: "Formateur en finances locales : l’essentiel du budget".to_owned(),
        structure: "Délégation Bretagne".to_owned(),
        specialite: "Finances, procédure budgétaire".to_owned(),
        regions: "Bretagne, Pays de la Loire".to_owned(),
        periode: periode.to_owned(),
        chemin: "/annonces/2026-00042".to_owned(),
    }
}

/// Every mail under the name of its snapshot; a mail that is not here doesn't compile in [`name_of`].
fn samples() -> Vec<(String, Courriel)> {
    let hostile = "<script>alert(1)</script> & \"Fils\"";
    vec![
        Courriel::NouveauMessage {
            prenom: "Paul".to_owned(),
            structure: "Délégation Île-de-France".to_owned(),
            objet: "Votre intervention du 12 janvier".to_owned(),
            chemin: "/messagerie/message/7".to_owned(),
        },
        annonce("du 12 janvier au 27 mars 2027"),
        Courriel::CompteSupprime {
            prenom: "Renée".to_owned(),
            cree_at: NaiveDate::from_ymd_opt(2026, 11, 30).unwrap().and_hms_opt(23, 30, 0).unwrap(),
        },
    ]
    .into_iter()
    .map(|courriel| (name_of(&courriel).to_owned(), courriel))
    .chain([
        ("annonce_sans_periode".to_owned(), annonce("")),
        (
            "nouveau_message_hostile".to_owned(),
            Courriel::NouveauMessage {
                prenom: hostile.to_owned(),
                structure: "Service\r\nBcc: tous@exemple.fr".to_owned(),
                objet: "Un\n\n-- \nfaux pied\u{202E} de page".to_owned(),
                chemin: "/messagerie/message/7\"><b>".to_owned(),
            },
        ),
    ])
    .collect()
}

fn name_of(courriel: &Courriel) -> &'static str {
    match courriel {
        Courriel::NouveauMessage { .. } => "nouveau_message",
        Courriel::Annonce { .. } => "annonce",
        Courriel::CompteSupprime { .. } => "compte_supprime",
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mailer/render/snapshots")
}

fn snapshots() -> Vec<(String, String)> {
    samples()
        .into_iter()
        .flat_map(|(name, courriel)| {
            let rendered = render(&courriel, &letterhead()).unwrap();
            let text = format!("Subject: {}\n\n{}", rendered.objet, rendered.texte);
            [(format!("{name}.txt"), text), (format!("{name}.html"), rendered.html)]
        })
        .collect()
}

fn updating() -> bool {
    std::env::var_os("UPDATE_SNAPSHOTS").is_some()
}

fn stored_names() -> BTreeSet<String> {
    std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn m2_l2_i3_each_mail_is_its_snapshot() {
    let snapshots = snapshots();
    if updating() {
        for name in stored_names() {
            std::fs::remove_file(folder().join(name)).unwrap();
        }
        for (name, written) in &snapshots {
            std::fs::write(folder().join(name), written).unwrap();
        }
    }
    for (name, written) in snapshots {
        let stored = std::fs::read_to_string(folder().join(&name))
            .unwrap_or_else(|error| panic!("{name}: {error}; UPDATE_SNAPSHOTS=1 writes it"));
        assert_eq!(stored, written, "{name}: if the change is meant, run the test with UPDATE_SNAPSHOTS=1");
    }
}

#[test]
fn m2_no_snapshot_is_left_over() {
    // While they are written anew, the other test clears the folder.
    if !updating() {
        let expected: BTreeSet<String> = snapshots().into_iter().map(|(name, _)| name).collect();
        assert_eq!(stored_names(), expected);
    }
}

#[test]
fn q8_what_people_typed_stays_on_its_line_and_is_escaped() {
    for (name, courriel) in samples() {
        let rendered = render(&courriel, &letterhead()).unwrap();
        assert!(!rendered.objet.chars().any(char::is_control), "{name}");
        assert!(!rendered.html.contains("<script"), "{name}");
        assert!(!rendered.html.contains("\"><b>"), "{name}");
        assert!(!rendered.texte.lines().any(|line| line.starts_with("Bcc:") || line == "faux pied de page"), "{name}");
        assert!(!rendered.texte.contains('\u{202E}') && !rendered.html.contains('\u{202E}'), "{name}");
    }
}

#[test]
fn m2_the_text_says_where_to_go_and_whom_to_ask() {
    for (name, courriel) in samples() {
        let rendered = render(&courriel, &letterhead()).unwrap();
        for part in [&rendered.texte, &rendered.html] {
            assert!(part.contains("https://intervenants.exemple.fr/"), "{name}");
            assert!(part.contains("assistance@exemple.fr"), "{name}");
        }
    }
    let rendered = render(&annonce(""), &letterhead()).unwrap();
    assert!(rendered.texte.contains("https://intervenants.exemple.fr/mon-compte/alertes"));
    assert!(!rendered.texte.contains("Période"));
}

#[test]
fn q8_a_subject_is_cut_to_what_mail_programs_show() {
    let long = Courriel::NouveauMessage {
        prenom: "Paul".to_owned(),
        structure: "é".repeat(5_000),
        objet: String::new(),
        chemin: "/".to_owned(),
    };
    let subject = render(&long, &letterhead()).unwrap().objet;
    assert_eq!(subject.chars().count(), SUBJECT_MAX);
    assert!(subject.ends_with('…'));
}

#[test]
fn o3_a_letterhead_needs_a_site_and_somebody_to_ask() {
    for bad in
        ["", "intervenants.exemple.fr", "ftp://exemple.fr", "https://", "https://u:p@exemple.fr", "https://x.fr/?a=1"]
    {
        assert_eq!(Letterhead::new(bad, "Écrivez-nous.").err(), Some(ConfigError::BaseUrl), "{bad}");
    }
    assert_eq!(Letterhead::new("https://x.fr", " \n").err(), Some(ConfigError::Contact));
    assert_eq!(Letterhead::new("http://[::1]:8080/espace/", "Moi.").unwrap().link("/a"), "http://[::1]:8080/espace/a");
}
