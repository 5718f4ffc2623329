//! The mails about a request to the support: what the structure wrote is read behind the link (manual §6.2, SPEC S2 to
//! S6).

use domain::courriel::Contact;
use domain::support::EtatDemande;

use super::acces::{OPEN_HELP, WHOM_TO_TELL};
use super::letter::{Letter, deadline, text};
use super::text::one_line;

const REASON: &str = "Vous recevez ce courriel parce qu’une demande de support a été faite avec cette adresse dans l’Espace \
     Intervenants.";

fn named(reference: &str, objet: &str) -> String {
    format!("votre demande {} « {} »", one_line(reference), one_line(objet))
}

pub(super) fn a_confirmer<'a>(
    prenom: &'a str,
    (reference, objet): (&str, &str),
    chemin: &'a str,
    jusqu_au: &str,
) -> Letter<'a> {
    Letter {
        objet: "Confirmez votre demande de support",
        prenom,
        blocks: vec![
            text(format!("Nous avons reçu {}.", named(reference, objet))),
            deadline(
                format!("Confirmez-la avant le {} au soir.", one_line(jusqu_au)),
                "Elle n’est transmise à la structure qu’après cette confirmation ; passé ce délai, elle est effacée.",
            ),
        ],
        button: ("Confirmer ma demande", chemin),
        reason: format!("{REASON} Si ce n’est pas vous, ne faites rien."),
        contact: None,
    }
}

pub(super) fn reactive<'a>(prenom: &'a str, chemin: &'a str, jusqu_au: &str) -> Letter<'a> {
    Letter {
        objet: "Votre compte est réactivé",
        prenom,
        blocks: vec![
            text("Votre compte de l’Espace Intervenants, qui était archivé, est à nouveau ouvert."),
            deadline(
                format!("Choisissez un mot de passe avant le {} au soir.", one_line(jusqu_au)),
                "Passé ce délai, « Mot de passe oublié » vous enverra un nouveau lien.",
            ),
        ],
        button: ("Choisir mon mot de passe", chemin),
        reason: "Vous recevez ce courriel parce que la réactivation de votre compte a été demandée.".to_owned(),
        contact: None,
    }
}

pub(super) fn donnees<'a>(prenom: &'a str, structure: &'a Contact, (chemin, jusqu_au): (&'a str, &str)) -> Letter<'a> {
    Letter {
        objet: "Vos données personnelles sont à récupérer",
        prenom,
        blocks: vec![
            text(
                "Vous avez demandé les données que l’Espace Intervenants conserve sur vous, dans un compte archivé. Le lien \
                 ci-dessous permet de les télécharger : un classeur Excel, et un fichier ZIP avec vos documents.",
            ),
            deadline(
                format!("Téléchargez-les avant le {} au soir.", one_line(jusqu_au)),
                "Le lien ne sert qu’une fois : à partir du premier téléchargement, il fonctionne pendant une heure, sur le même \
                 appareil. Ne le transmettez à personne.",
            ),
        ],
        button: ("Récupérer mes données", chemin),
        reason: "Vous recevez ce courriel parce que vous avez demandé la récupération de vos données personnelles."
            .to_owned(),
        contact: Some(("cette demande", structure)),
    }
}

pub(super) fn donnees_signalees<'a>(prenom: &'a str, structure: &'a Contact, adresse: &str) -> Letter<'a> {
    Letter {
        objet: "Vos données personnelles sont envoyées à une autre adresse",
        prenom,
        blocks: vec![
            text(format!(
                "Les données de votre compte archivé ont été demandées. Après une vérification d’identité, un gestionnaire \
                 de la structure ({}) fait envoyer un lien pour les télécharger à une autre adresse que celle-ci : {}.",
                one_line(&structure.nom),
                one_line(adresse)
            )),
            text(
                "Si cette demande vient de vous, vous n’avez rien à faire ici : le lien vous attend à l’autre adresse.",
            ),
            deadline("Si elle ne vient pas de vous, signalez-le sans attendre.", WHOM_TO_TELL),
        ],
        button: OPEN_HELP,
        reason: "Vous recevez ce courriel parce que cette adresse est celle qui est enregistrée pour votre compte."
            .to_owned(),
        contact: Some(("cette demande", structure)),
    }
}

pub(super) fn suivi<'a>(
    prenom: &'a str,
    (reference, objet): (&str, &str),
    etat: EtatDemande,
    structure: &'a Contact,
    (chemin, jusqu_au): (&'a str, &str),
) -> Letter<'a> {
    let demande = named(reference, objet);
    let nom = one_line(&structure.nom);
    let (objet, blocks) = match etat {
        EtatDemande::AConfirmer | EtatDemande::Nouvelle => (
            "Votre demande de support est transmise",
            vec![
                text(format!("La structure ({nom}) a reçu {demande}.")),
                text("Vous recevrez un courriel à chaque étape. D’ici là, vous pouvez la relire ou y ajouter un mot."),
            ],
        ),
        EtatDemande::EnCours => (
            "Votre demande de support est en cours de traitement",
            vec![
                text(format!("La structure ({nom}) s’occupe de {demande}.")),
                text("Vous n’avez rien à faire. Ce qu’elle vous a peut-être écrit se lit dans l’historique."),
            ],
        ),
        EtatDemande::Complement => (
            "Un complément est demandé pour votre demande de support",
            vec![
                text(format!("La structure ({nom}) a besoin d’un complément pour {demande}.")),
                deadline(
                    format!("Répondez avant le {} au soir.", one_line(jusqu_au)),
                    "Ouvrez l’historique pour lire ce qui est demandé et répondre. Sans réponse, la demande sera close.",
                ),
            ],
        ),
        EtatDemande::Close => (
            "Votre demande de support est close",
            vec![
                text(format!("La structure ({nom}) a clos {demande}.")),
                text("La réponse se lit dans l’historique. Pour une autre question, faites une nouvelle demande."),
            ],
        ),
    };
    Letter {
        objet,
        prenom,
        blocks,
        button: ("Consulter l’historique", chemin),
        reason: REASON.to_owned(),
        contact: Some(("cette demande", structure)),
    }
}

pub(super) fn rappel<'a>(
    prenom: &'a str,
    (reference, objet): (&str, &str),
    structure: &'a Contact,
    (chemin, jusqu_au): (&'a str, &str),
) -> Letter<'a> {
    Letter {
        objet: "Rappel : un complément est attendu pour votre demande de support",
        prenom,
        blocks: vec![
            text(format!(
                "La structure ({}) attend toujours un complément pour {}.",
                one_line(&structure.nom),
                named(reference, objet)
            )),
            deadline(
                format!("Répondez avant le {} au soir.", one_line(jusqu_au)),
                "Sans réponse, la demande sera close d’elle-même.",
            ),
        ],
        button: ("Consulter l’historique", chemin),
        reason: REASON.to_owned(),
        contact: Some(("cette demande", structure)),
    }
}
