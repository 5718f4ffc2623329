//! The mails about a dossier administratif (SPEC D1, D9, D12, D13): what is asked, what was decided, what comes due,
//! the letters that follow. None holds a number or an amount: the page behind the button does, for its owner alone.

use chrono::NaiveDate;
use domain::courriel::Contact;
use domain::dossier::lettre::TypeLettre;
use domain::paths;

use super::letter::{Block, Letter, deadline, quote, text};
use super::text::{one_line, sentence};

const OPEN: (&str, &str) = ("Ouvrir mes données et documents", paths::MES_DOCUMENTS);
const REASON: &str = "Vous recevez ce courriel parce que vous intervenez, ou allez intervenir, pour le CNFPT.";
const ABOUT: &str = "votre dossier administratif";
const LETTER: &str = "cette lettre";

fn items(all: impl IntoIterator<Item = String>) -> Block {
    Block::List(all.into_iter().map(|item| sentence(&one_line(&item))).collect())
}

pub(super) fn demande<'a>(
    prenom: &'a str,
    structure: &'a Contact,
    texte: &str,
    (avant, demandes): (Option<NaiveDate>, &[String]),
) -> Letter<'a> {
    let mut blocks = vec![
        text(format!(
            "Avant une intervention, la structure ({}) a besoin des données et des pièces suivantes :",
            one_line(&structure.nom)
        )),
        items(demandes.iter().cloned()),
    ];
    blocks.extend(avant.map(|day| text(format!("À transmettre au plus tard le {}.", domain::dates::jour(day)))));
    blocks.extend(quote("Voici ce qu’elle vous écrit :", texte));
    blocks.push(text(
        "Remplissez chaque bloc, joignez chaque fichier, puis cliquez sur « Transmettre mon dossier » en bas de la page. Vous \
         pouvez enregistrer et revenir plus tard.",
    ));
    Letter {
        objet: "Des données et des pièces vous sont demandées",
        prenom,
        blocks,
        button: OPEN,
        reason: REASON.to_owned(),
        contact: Some((ABOUT, structure)),
    }
}

pub(super) fn decision<'a>(
    prenom: &'a str,
    structure: &'a Contact,
    (valides, refuses): (&[String], &[(String, String)]),
    (complet, revue_le): (bool, &str),
) -> Letter<'a> {
    let nom = one_line(&structure.nom);
    let mut blocks = Vec::new();
    if !refuses.is_empty() {
        blocks.push(text(format!("La structure ({nom}) a examiné votre dossier. Voici ce qui est à corriger :")));
        blocks.push(items(refuses.iter().map(|(what, why)| format!("{what} : {why}"))));
        blocks.push(text("Corrigez ces éléments seulement, puis transmettez à nouveau votre dossier."));
    }
    if !valides.is_empty() {
        let said = if refuses.is_empty() {
            format!("La structure ({nom}) a validé ce que vous avez transmis :")
        } else {
            "Ce qui suit est validé :".to_owned()
        };
        blocks.push(text(said));
        blocks.push(items(valides.iter().cloned()));
    }
    if complet {
        let until = one_line(revue_le);
        let said = "Votre dossier est complet et validé : il sert à toutes les structures du CNFPT.";
        let more = if until.is_empty() { String::new() } else { format!("Sa révision annuelle est le {until}.") };
        blocks.push(deadline(said, more));
    }
    Letter {
        objet: match (refuses.is_empty(), complet) {
            (false, _) => "Votre dossier administratif est à corriger",
            (true, true) => "Votre dossier administratif est complet et validé",
            (true, false) => "Des éléments de votre dossier administratif sont validés",
        },
        prenom,
        blocks,
        button: OPEN,
        reason: "Vous recevez ce courriel parce que vous avez transmis votre dossier administratif.".to_owned(),
        contact: Some((ABOUT, structure)),
    }
}

pub(super) fn echeance<'a>(prenom: &'a str, structure: &'a Contact, genre: &str, jour: &str) -> Letter<'a> {
    let jour = one_line(jour);
    let (objet, blocks) = match genre {
        "rappel_revue" => (
            "Votre dossier administratif sera bientôt à réviser",
            vec![
                text(format!(
                    "Votre dossier administratif est révisé chaque année. Le {jour}, il vous sera demandé à nouveau."
                )),
                text("Vous pouvez dès maintenant mettre à jour ce qui a changé : adresse, statut, employeur, pièces."),
            ],
        ),
        "revue" => (
            "Votre dossier administratif est à réviser",
            vec![
                text(
                    "Un an après sa validation, votre dossier administratif est à vérifier : relisez chaque bloc, remplacez les pièces qui ont changé, et transmettez-le.",
                ),
                text("En attendant, ce qui est validé continue de servir."),
            ],
        ),
        "rappel_expiration" => (
            "Votre pièce d’identité arrive à sa fin de validité",
            vec![
                text(format!("La pièce d’identité de votre dossier administratif est valable jusqu’au {jour}.")),
                text("Dès que vous avez la nouvelle, indiquez son numéro et joignez-la."),
            ],
        ),
        "rappel_vigilance" => (
            "Votre attestation de vigilance est bientôt à renouveler",
            vec![
                text(format!(
                    "L’attestation de vigilance de l’Urssaf de votre dossier administratif sert jusqu’au {jour}."
                )),
                text(
                    "Une lettre de demande court encore : téléchargez une nouvelle attestation depuis votre compte sur urssaf.fr, indiquez sa date et son code de sécurité, joignez-la, et transmettez votre dossier.",
                ),
            ],
        ),
        "vigilance" => (
            "Votre attestation de vigilance est à renouveler",
            vec![
                text(format!(
                    "L’attestation de vigilance de l’Urssaf de votre dossier administratif a servi jusqu’au {jour}."
                )),
                text(
                    "Votre dossier n’est plus complet : téléchargez une nouvelle attestation depuis votre compte sur urssaf.fr, indiquez sa date et son code de sécurité, joignez-la, et transmettez votre dossier.",
                ),
            ],
        ),
        _ => (
            "Votre pièce d’identité n’est plus valable",
            vec![
                text(format!("La pièce d’identité de votre dossier administratif était valable jusqu’au {jour}.")),
                text(
                    "Votre dossier n’est plus complet : indiquez votre pièce en cours de validité, joignez-la, et transmettez votre dossier.",
                ),
            ],
        ),
    };
    Letter { objet, prenom, blocks, button: OPEN, reason: REASON.to_owned(), contact: Some((ABOUT, structure)) }
}

pub(super) fn lettre<'a>(
    prenom: &'a str,
    structure: &'a Contact,
    genre: TypeLettre,
    (numero, objet): (&str, &str),
    chemin: &'a str,
) -> Letter<'a> {
    let (subject, what) = match genre {
        TypeLettre::Intervention => ("Une lettre de demande d’intervention vous attend", "une intervention"),
        TypeLettre::Ressources => ("Une lettre de demande de ressources vous attend", "des ressources"),
    };
    Letter {
        objet: subject,
        prenom,
        blocks: vec![
            text(format!("La structure ({}) vous demande {what} :", one_line(&structure.nom))),
            items([format!("lettre n° {}", one_line(numero)), format!("objet : {}", one_line(objet))]),
            text(
                "Lisez la lettre (un document PDF que vous pouvez garder), puis acceptez-la ou déclinez-la, en ligne.",
            ),
        ],
        button: ("Lire la lettre et répondre", chemin),
        reason: REASON.to_owned(),
        contact: Some((LETTER, structure)),
    }
}

pub(super) fn lettre_annulee<'a>(
    prenom: &'a str,
    structure: &'a Contact,
    (numero, objet): (&str, &str),
    texte: &str,
    chemin: &'a str,
) -> Letter<'a> {
    let mut blocks = vec![
        text(format!("La structure ({}) a annulé la lettre de demande suivante :", one_line(&structure.nom))),
        items([format!("lettre n° {}", one_line(numero)), format!("objet : {}", one_line(objet))]),
    ];
    blocks.extend(quote("Voici ce qu’elle vous écrit :", texte));
    blocks.push(text("Vous n’avez rien à faire. La lettre reste lisible dans votre espace."));
    Letter {
        objet: "Une lettre de demande est annulée",
        prenom,
        blocks,
        button: ("Voir la lettre", chemin),
        reason: REASON.to_owned(),
        contact: Some((LETTER, structure)),
    }
}
