//! The mails about a registration, from the day it is sent (SPEC I14 to I17). Each ends with the structure to contact.

use domain::courriel::Contact;
use domain::paths;

use super::letter::{Block, Letter, deadline, list, quote, text};
use super::text::one_line;

/// What announces the gestionnaire's text.
const WRITTEN: &str = "Voici ce qu’elle vous écrit :";
/// Where a person sees the decision and goes on.
const OPEN_DASHBOARD: (&str, &str) = ("Ouvrir mon tableau de bord", paths::TABLEAU_DE_BORD);
/// Where the person gives what is asked for.
const COMPLETE: (&str, &str) = ("Compléter mon inscription", paths::TABLEAU_DE_BORD);
/// Why the person receives the mail of a decision.
const DECIDED: &str = "Vous recevez ce courriel parce que vous avez transmis une inscription à l’Espace Intervenants et \
                       que la structure y répond.";

pub(super) fn transmise<'a>(prenom: &'a str, structure: &'a Contact) -> Letter<'a> {
    let rattachement = named("votre structure de rattachement", structure);
    Letter {
        objet: "Votre inscription est transmise",
        prenom,
        blocks: vec![
            text(format!("Votre inscription est transmise à {rattachement}, qui l’étudie.")),
            text(
                "Votre formulaire ne peut pas être modifié avant la réponse de la structure. Vous n’avez rien à faire \
                 d’ici là : elle vous parvient par courriel. Trois réponses sont possibles :",
            ),
            list([
                "votre inscription est validée, et votre profil entre dans la CV-thèque ;",
                "un complément vous est demandé, et votre formulaire s’ouvre de nouveau ;",
                "votre inscription n’est pas retenue, et le courriel vous dit quand la présenter à nouveau.",
            ]),
        ],
        button: ("Suivre mon inscription", paths::TABLEAU_DE_BORD),
        reason: "Vous recevez ce courriel parce que vous venez de transmettre une inscription à l’Espace Intervenants."
            .to_owned(),
        contact: Some(("votre inscription", structure)),
    }
}

pub(super) fn validee<'a>(prenom: &'a str, structure: &'a Contact) -> Letter<'a> {
    let rattachement = named("Votre structure de rattachement", structure);
    Letter {
        objet: "Votre inscription est validée",
        prenom,
        blocks: vec![
            text(
                "Votre inscription est validée et votre profil entre dans la CV-thèque : toutes les structures peuvent \
                 lire votre CV et vous contacter.",
            ),
            text(format!("{rattachement} est votre contact privilégié.")),
            text("Vous pouvez maintenant :"),
            list([
                "compléter votre profil et le tenir à jour ;",
                "répondre aux annonces des structures ;",
                "régler vos alertes, pour recevoir par courriel les annonces qui vous correspondent.",
            ]),
        ],
        button: OPEN_DASHBOARD,
        reason: DECIDED.to_owned(),
        contact: Some(("votre inscription", structure)),
    }
}

pub(super) fn rejetee<'a>(prenom: &'a str, structure: &'a Contact, texte: &str, a_partir_du: &str) -> Letter<'a> {
    let mut blocks = vec![text(format!(
        "Votre inscription n’est pas retenue par {}.",
        named("la structure qui l’a étudiée", structure)
    ))];
    blocks.extend(quote(WRITTEN, texte));
    blocks.push(deadline(format!("Vous pouvez présenter à nouveau votre inscription à partir du {a_partir_du}."), ""));
    blocks.push(text(
        "Votre formulaire garde ce que vous y avez saisi : à partir de ce jour, rouvrez-le depuis votre tableau de \
         bord, mettez-le à jour, puis transmettez-le.",
    ));
    Letter {
        objet: "Votre inscription n’est pas retenue",
        prenom,
        blocks,
        button: OPEN_DASHBOARD,
        reason: DECIDED.to_owned(),
        contact: Some(("votre inscription", structure)),
    }
}

pub(super) fn complement_demande<'a>(
    prenom: &'a str,
    structure: &'a Contact,
    texte: &str,
    jusqu_au: &str,
) -> Letter<'a> {
    let mut blocks = vec![text(format!("Un complément vous est demandé par {}.", who_treats(structure)))];
    blocks.extend(quote(WRITTEN, texte));
    blocks.push(text(
        "Votre formulaire est de nouveau modifiable : complétez-le, puis appuyez sur « Transmettre à nouveau ».",
    ));
    blocks.push(before_archiving(jusqu_au));
    blocks.push(text(
        "Une fois transmise, votre inscription est étudiée de nouveau, et la réponse vous parvient par courriel.",
    ));
    Letter {
        objet: "Un complément est demandé pour votre inscription",
        prenom,
        blocks,
        button: COMPLETE,
        reason: DECIDED.to_owned(),
        contact: Some(("votre inscription", structure)),
    }
}

pub(super) fn complement_rappel<'a>(prenom: &'a str, structure: &'a Contact, jusqu_au: &str) -> Letter<'a> {
    Letter {
        objet: "Rappel : un complément est attendu pour votre inscription",
        prenom,
        blocks: vec![
            text(format!(
                "Un complément est attendu par {}. Vous retrouvez sa demande sur votre tableau de bord.",
                who_treats(structure)
            )),
            text("Complétez votre formulaire, puis appuyez sur « Transmettre à nouveau »."),
            before_archiving(jusqu_au),
            text("Si vous venez de transmettre votre inscription, vous n’avez rien à faire."),
        ],
        button: COMPLETE,
        reason: "Vous recevez ce courriel parce qu’un complément vous a été demandé pour votre inscription.".to_owned(),
        contact: Some(("votre inscription", structure)),
    }
}

pub(super) fn archivee<'a>(prenom: &'a str, structure: &'a Contact) -> Letter<'a> {
    Letter {
        objet: "Votre inscription est archivée",
        prenom,
        blocks: vec![
            text(format!(
                "Le complément demandé par {} n’est pas parvenu dans le délai de deux mois. Votre inscription et \
                 votre compte sont archivés : la connexion n’est plus possible.",
                named("la structure", structure)
            )),
            text(
                "Pour reprendre votre inscription, ouvrez la page « Aide et contact » et faites une demande du type \
                 « Réactivation de mon compte archivé ».",
            ),
            text(
                "Un gestionnaire y répond. Quand le compte est réactivé, vous recevez un courriel avec un lien pour \
                 choisir votre mot de passe. Ce que vous avez saisi est conservé pendant la durée de l’archivage.",
            ),
        ],
        button: ("Demander la réactivation", paths::AIDE),
        reason: "Vous recevez ce courriel parce qu’un complément vous avait été demandé pour votre inscription."
            .to_owned(),
        contact: Some(("votre inscription", structure)),
    }
}

/// By when a complement is waited for, and what happens otherwise.
fn before_archiving(jusqu_au: &str) -> Block {
    deadline(
        format!("À faire au plus tard le {jusqu_au}."),
        "Passé ce jour, sans nouvelle transmission, votre inscription et votre compte sont archivés.",
    )
}

fn who_treats(structure: &Contact) -> String {
    named("la structure qui étudie votre inscription", structure)
}

/// The structure's role and, in brackets, its name: we can't know which article the name takes.
fn named(role: &str, structure: &Contact) -> String {
    let nom = one_line(&structure.nom);
    if nom.is_empty() { role.to_owned() } else { format!("{role} ({nom})") }
}
