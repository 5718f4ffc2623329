//! The mails about an account and how one logs in (SPEC K2 to K6, I2, I3).

use domain::paths;
use domain::time;

use super::letter::{Block, Letter, deadline, text, values};

/// The end of the mails about something that somebody else may have done.
pub(super) const WHOM_TO_TELL: &str = "Ouvrez la page « Aide et contact », ou utilisez le contact indiqué à la fin de ce \
                            courriel : une personne vérifie avec vous ce qui s’est passé.";
/// The button that goes with [`WHOM_TO_TELL`].
pub(super) const OPEN_HELP: (&str, &str) = ("Ouvrir la page Aide et contact", paths::AIDE);

pub(super) fn activation<'a>(prenom: &'a str, chemin: &'a str, jusqu_au: &str) -> Letter<'a> {
    let jours = time::ACTIVATION_DAYS;
    Letter {
        objet: "Activez votre compte",
        prenom,
        blocks: vec![
            text("Votre compte de l’Espace Intervenants est créé. Il reste à l’activer."),
            text(
                "Ouvrez la page d’activation, puis appuyez sur le bouton qui s’y trouve. Vous pouvez ensuite vous \
                 connecter et remplir votre inscription.",
            ),
            deadline(
                format!("Le lien fonctionne jusqu’au {jusqu_au} inclus."),
                format!(
                    "Sans activation dans les {jours} jours, le compte est supprimé ; vous pouvez en créer un autre."
                ),
            ),
        ],
        button: ("Ouvrir la page d’activation", chemin),
        reason: "Vous recevez ce courriel parce que cette adresse a servi à créer un compte. Si ce n’était pas vous, \
                 vous n’avez rien à faire : sans activation, le compte est supprimé."
            .to_owned(),
        contact: None,
    }
}

pub(super) fn compte_existant<'a>(prenom: &'a str, chemin: &'a str) -> Letter<'a> {
    Letter {
        objet: "Vous avez déjà un compte",
        prenom,
        blocks: vec![
            text(
                "Un compte vient d’être demandé avec votre adresse ou avec votre identité. Vous en avez \
                 déjà un dans l’Espace Intervenants : aucun autre n’est créé, et le vôtre ne change pas.",
            ),
            text(
                "Pour vous connecter, utilisez votre identifiant : c’est l’adresse à laquelle vous recevez ce \
                 courriel. Si vous avez oublié votre mot de passe, demandez-en un nouveau.",
            ),
        ],
        button: ("Demander un nouveau mot de passe", chemin),
        reason: "Vous recevez ce courriel parce que votre adresse ou votre identité a servi à demander un compte. Si \
                 ce n’était pas vous, vous n’avez rien à faire."
            .to_owned(),
        contact: None,
    }
}

pub(super) fn nouveau_mot_de_passe<'a>(prenom: &'a str, chemin: &'a str, duree: &str) -> Letter<'a> {
    Letter {
        objet: "Choisissez un nouveau mot de passe",
        prenom,
        blocks: vec![
            text("Un nouveau mot de passe est demandé pour votre compte."),
            text(
                "Ouvrez la page, saisissez le mot de passe de votre choix, puis appuyez sur le bouton. Jusque-là, \
                 votre mot de passe actuel reste valable.",
            ),
            deadline(
                format!("Le lien fonctionne pendant {duree} et ne sert qu’une fois."),
                "Passé ce délai, demandez-en un autre sur la page de connexion, par « Mot de passe oublié ».",
            ),
        ],
        button: ("Choisir mon mot de passe", chemin),
        reason: "Vous recevez ce courriel parce qu’un nouveau mot de passe est demandé pour le compte de cette \
                 adresse. Si ce n’était pas vous, vous n’avez rien à faire : votre mot de passe ne change pas."
            .to_owned(),
        contact: None,
    }
}

pub(super) fn adresse_a_confirmer<'a>(prenom: &'a str, chemin: &'a str, duree: &str) -> Letter<'a> {
    Letter {
        objet: "Confirmez votre nouvelle adresse",
        prenom,
        blocks: vec![
            text("Vous demandez que cette adresse devienne l’identifiant de votre compte."),
            text(
                "Ouvrez la page, puis appuyez sur le bouton qui s’y trouve. Jusque-là, votre ancienne adresse reste \
                 votre identifiant ; ensuite, vous vous connectez avec la nouvelle.",
            ),
            deadline(
                format!("Le lien fonctionne pendant {duree} et ne sert qu’une fois."),
                "Passé ce délai, refaites le changement dans « Mes informations ».",
            ),
        ],
        button: ("Ouvrir la page de confirmation", chemin),
        reason: "Vous recevez ce courriel parce que cette adresse est indiquée comme nouvel identifiant d’un compte. \
                 Si ce n’était pas vous, vous n’avez rien à faire : sans confirmation, elle n’est pas utilisée."
            .to_owned(),
        contact: None,
    }
}

pub(super) fn adresse_changee<'a>(prenom: &'a str, nouvelle: &str) -> Letter<'a> {
    Letter {
        objet: "L’identifiant de votre compte a changé",
        prenom,
        blocks: vec![
            text(format!(
                "L’identifiant de votre compte est maintenant l’adresse {nouvelle}. L’adresse à laquelle vous recevez \
                 ce courriel ne permet plus de se connecter."
            )),
            text("Si ce changement vient de vous, vous n’avez rien à faire."),
            deadline("S’il ne vient pas de vous, signalez-le sans attendre.", WHOM_TO_TELL),
        ],
        button: OPEN_HELP,
        reason: "Vous recevez ce courriel parce que cette adresse était l’identifiant du compte avant le changement."
            .to_owned(),
        contact: None,
    }
}

pub(super) fn compte_personnaliser<'a>(
    prenom: &'a str,
    structure: &str,
    chemin: &'a str,
    jusqu_au: &str,
) -> Letter<'a> {
    Letter {
        objet: "Confirmez votre adresse et choisissez votre mot de passe",
        prenom,
        blocks: vec![
            text(format!(
                "Vous travaillez avec la structure {structure} : un compte de l’Espace Intervenants est créé à votre \
                 nom. Vous y suivez vos interventions et vous y déposez les documents qui vous sont demandés."
            )),
            text(
                "Ouvrez la page, choisissez votre mot de passe, puis appuyez sur le bouton : votre adresse est \
                 confirmée et le compte est prêt. Votre identifiant est l’adresse à laquelle vous recevez ce courriel.",
            ),
            deadline(
                format!("Le lien fonctionne jusqu’au {jusqu_au} inclus."),
                "Passé ce jour, demandez-en un autre par la page « Aide et contact ».",
            ),
        ],
        button: ("Choisir mon mot de passe", chemin),
        reason: format!(
            "Vous recevez ce courriel parce que cette adresse a été communiquée à la structure {structure}. Si vous \
             ne travaillez pas avec elle, vous n’avez rien à faire."
        ),
        contact: None,
    }
}

/// `structure` is empty for an administrateur.
pub(super) fn compte_agent<'a>(prenom: &'a str, structure: &str, chemin: &'a str, jusqu_au: &str) -> Letter<'a> {
    let role = if structure.is_empty() {
        "Un compte d’administrateur de l’Espace Intervenants est créé à votre nom.".to_owned()
    } else {
        format!(
            "Un compte de gestionnaire de l’Espace Intervenants est créé à votre nom, pour la structure {structure}."
        )
    };
    Letter {
        objet: "Confirmez votre adresse et choisissez votre mot de passe",
        prenom,
        blocks: vec![
            text(role),
            text(
                "Ouvrez la page, choisissez votre mot de passe, puis appuyez sur le bouton : votre adresse est \
                 confirmée et le compte est prêt. Votre identifiant est l’adresse à laquelle vous recevez ce courriel.",
            ),
            text(
                "À la première connexion, une application de double authentification vous est demandée : prévoyez \
                 votre téléphone.",
            ),
            deadline(
                format!("Le lien fonctionne jusqu’au {jusqu_au} inclus."),
                "Passé ce jour, demandez-en un autre à l’administrateur qui a créé le compte.",
            ),
        ],
        button: ("Choisir mon mot de passe", chemin),
        reason: "Vous recevez ce courriel parce qu’un administrateur de l’Espace Intervenants a créé ce compte avec \
                 votre adresse. Si vous ne travaillez pas pour le CNFPT, vous n’avez rien à faire."
            .to_owned(),
        contact: None,
    }
}

pub(super) fn acces_provisoire<'a>(
    prenom: &'a str,
    structure: &str,
    identifiant: &str,
    mot_de_passe: &str,
    jusqu_au: &str,
) -> Letter<'a> {
    Letter {
        objet: "Vos identifiants provisoires",
        prenom,
        blocks: vec![
            text(format!(
                "Vous avez signalé la perte de votre identifiant et de votre mot de passe. Un gestionnaire de la \
                 structure {structure} vous fait envoyer des identifiants provisoires ; il ne connaît pas le mot de passe."
            )),
            credentials(identifiant, mot_de_passe),
            deadline(
                format!("Ils fonctionnent jusqu’au {jusqu_au} inclus."),
                "Passé ce jour, demandez-en d’autres par la page « Aide et contact ».",
            ),
            text(
                "À votre première connexion, vous les remplacez par votre adresse électronique et par un mot de passe \
                 de votre choix. Vous retrouvez ensuite votre compte tel que vous l’avez laissé.",
            ),
            text("Ne communiquez ces identifiants à personne : aucun gestionnaire ne vous les demande."),
        ],
        button: ("Ouvrir la page de connexion", paths::LOGIN),
        reason: "Vous recevez ce courriel parce que des identifiants provisoires sont demandés pour votre compte. Si \
                 ce n’était pas vous, ne vous en servez pas et signalez-le par la page « Aide et contact »."
            .to_owned(),
        contact: None,
    }
}

fn credentials(identifiant: &str, mot_de_passe: &str) -> Block {
    values([("Identifiant provisoire :", identifiant), ("Mot de passe provisoire :", mot_de_passe)])
}

pub(super) fn acces_provisoire_signale<'a>(prenom: &'a str, structure: &str, adresse: &str) -> Letter<'a> {
    Letter {
        objet: "Des identifiants provisoires sont envoyés à une autre adresse",
        prenom,
        blocks: vec![
            text(format!(
                "La perte de l’identifiant et du mot de passe de votre compte a été signalée. Après une vérification \
                 d’identité, un gestionnaire de la structure {structure} fait envoyer des identifiants provisoires à \
                 une autre adresse que celle-ci : {adresse}."
            )),
            text(
                "Si cette demande vient de vous, vous n’avez rien à faire ici : les identifiants vous attendent à l’autre adresse.",
            ),
            deadline("Si elle ne vient pas de vous, signalez-le sans attendre.", WHOM_TO_TELL),
        ],
        button: OPEN_HELP,
        reason: "Vous recevez ce courriel parce que cette adresse est celle qui est enregistrée pour votre compte."
            .to_owned(),
        contact: None,
    }
}
