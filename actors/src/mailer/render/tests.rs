//! Every mail beside its stored snapshot. `UPDATE_SNAPSHOTS=1` writes the snapshots anew; read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::courriel::Contact;

use self::samples::{annonce, samples};
use super::*;

mod samples;

fn letterhead() -> Letterhead {
    Letterhead::new("https://intervenants.exemple.fr/", "Écrivez à assistance@exemple.fr ou appelez le 01 55 27 44 00.")
        .unwrap()
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
fn q4_every_mail_has_the_spaces_of_french_typography() {
    let mut seen = BTreeSet::new();
    for (name, courriel) in samples() {
        let rendered = render(&courriel, &letterhead()).unwrap();
        for (form, written) in [("text", &rendered.texte), ("HTML", &rendered.html)] {
            let signs: Vec<char> = written.chars().collect();
            for around in signs.windows(3) {
                let (before, sign, after) = (around[0], around[1], around[2]);
                let wanted = match sign {
                    '?' | '!' | ';' if after.is_whitespace() || after == '<' => '\u{202F}',
                    ':' if after.is_whitespace() || after == '<' => '\u{A0}',
                    '»' => '\u{A0}',
                    _ => before,
                };
                let said: String = around.iter().collect();
                assert!(!before.is_whitespace() || before == wanted, "{name}, {form}: {said:?}");
                assert!(before != '«' || sign == '\u{A0}', "{name}, {form}: {said:?}");
                if before == wanted && wanted.is_whitespace() {
                    seen.insert((form, sign));
                }
            }
        }
    }
    for form in ["text", "HTML"] {
        assert!([':', ';', '?', '»'].into_iter().all(|sign| seen.contains(&(form, sign))), "{seen:?}");
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

/// A name, a text and an address as nobody should type them.
fn hostile_decision() -> Courriel {
    samples().into_iter().find(|(name, _)| name == "complement_demande_hostile").unwrap().1
}

#[test]
fn i16_what_the_gestionnaire_wrote_keeps_its_paragraphs_and_stays_a_quotation() {
    let rendered = render(&hostile_decision(), &letterhead()).unwrap();
    let quoted: Vec<&str> = rendered.texte.lines().filter(|line| line.starts_with('>')).collect();
    assert_eq!(
        quoted,
        [
            "> <b>Il manque</b>\u{A0}: <img src=x onerror=alert(1)> & votre CV",
            "> Bcc: tous@exemple.fr",
            ">",
            "> Espace Intervenants",
            "> Une question\u{202F}? Écrivez à faux@exemple.com",
            "> txt.exe",
        ]
    );
    assert!(rendered.html.contains("&#60;b&#62;Il manque&#60;/b&#62;"));
    assert!(rendered.html.contains("votre CV<br>Bcc: tous@exemple.fr</p>"));
    for part in [&rendered.texte, &rendered.html] {
        assert!(!part.contains(['\u{202E}', '\u{2066}', '\r', '\0']));
    }
}

#[test]
fn i15_a_decision_without_a_word_announces_none() {
    let silent = Courriel::InscriptionRejetee {
        prenom: "Paul".to_owned(),
        structure: Contact::default(),
        texte: " \r\n\u{202E}\n".to_owned(),
        a_partir_du: "25 novembre 2027".to_owned(),
    };
    let rendered = render(&silent, &letterhead()).unwrap();
    for part in [&rendered.texte, &rendered.html] {
        assert!(part.contains("à partir du 25\u{A0}novembre 2027"));
        for absent in ["Voici ce qu", "blockquote", "()", "contactez", "Téléphone", "Courriel\u{A0}:"] {
            assert!(!part.contains(absent), "{absent}");
        }
    }
}

#[test]
fn i14_i15_i16_i17_each_answer_to_a_registration_ends_with_whom_to_contact() {
    for (name, courriel) in samples() {
        let about_a_registration = name.starts_with("inscription_") || name.starts_with("complement_");
        let rendered = render(&courriel, &letterhead()).unwrap();
        let contact = "\n\nPour toute question sur votre inscription, contactez\u{A0}:\nDélégation Bretagne\n\
                       Téléphone\u{A0}: 02 99 12 34 56\nCourriel\u{A0}: bretagne@exemple.fr\n\nEspace Intervenants\n";
        if !name.ends_with("_hostile") {
            assert_eq!(rendered.texte.contains(contact), about_a_registration, "{name}");
        }
    }
}

#[test]
fn a3_each_change_of_an_answer_says_its_annonce_and_whom_to_ask() {
    for (name, courriel) in samples().into_iter().filter(|(name, _)| name.starts_with("candidature_")) {
        let rendered = render(&courriel, &letterhead()).unwrap();
        assert!(rendered.texte.contains("2026-0412") && rendered.texte.contains("/mon-compte/candidatures"), "{name}");
        assert!(rendered.texte.contains("Pour toute question sur cette annonce"), "{name}");
    }
}

#[test]
fn k6_provisional_credentials_stand_one_per_line() {
    let (_, courriel) = samples().into_iter().find(|(name, _)| name == "acces_provisoire").unwrap();
    let rendered = render(&courriel, &letterhead()).unwrap();
    assert!(rendered.texte.contains(
        "\n\nIdentifiant provisoire\u{A0}: intervenant-7k2m9q\nMot de passe provisoire\u{A0}: vT4&kp<9Lw!2xR\n\n"
    ));
    assert!(rendered.html.contains(">vT4&#38;kp&#60;9Lw!2xR</code>"));
    assert!(rendered.texte.contains("https://intervenants.exemple.fr/authentification/\n"));
    assert!(!rendered.objet.contains("7k2m9q") && !format!("{rendered:?}").contains("7k2m9q"));
}

#[test]
fn k2_k4_i3_who_did_not_ask_has_nothing_to_do() {
    for (name, courriel) in samples() {
        let to_act_on = ["activation", "compte_existant", "nouveau_mot_de_passe", "adresse_a_confirmer"];
        if to_act_on.contains(&name.as_str()) {
            let rendered = render(&courriel, &letterhead()).unwrap();
            assert!(rendered.texte.contains("Si ce n’était pas vous, vous n’avez rien à faire"), "{name}");
        }
    }
}

#[test]
fn ui_no_line_of_a_letter_ends_before_its_punctuation() {
    // The frame and the three oldest mails have plain spaces.
    let oldest = ["nouveau_message", "annonce", "compte_supprime"];
    for (name, courriel) in samples() {
        let texte = render(&courriel, &letterhead()).unwrap().texte;
        let (body, _) = texte.split_once("https://").unwrap();
        let (body, _button) = body.trim_end().rsplit_once('\n').unwrap();
        let ours = body.lines().filter(|line| !line.starts_with('>'));
        if !oldest.iter().any(|old| name.starts_with(old)) {
            for line in ours {
                assert!(
                    ![" :", " ;", " ?", " !", " »", "« "].iter().any(|loose| line.contains(loose)),
                    "{name}: {line}"
                );
                assert!(!line.contains('\''), "{name}: {line}");
            }
        }
    }
}
