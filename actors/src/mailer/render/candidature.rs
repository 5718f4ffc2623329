//! The mails about an answer to an annonce: one at each change, which says no more than its state (manual §4.2, SPEC
//! A3).

use domain::candidature::EtatCandidature;
use domain::courriel::Contact;
use domain::paths;

use super::letter::{Letter, text};
use super::text::one_line;

/// Where a person reads their answers.
const ANSWERS: (&str, &str) = ("Voir mes réponses aux annonces", paths::MES_CANDIDATURES);

pub(super) fn etat<'a>(
    prenom: &'a str,
    (numero, titre): (&str, &str),
    etat: EtatCandidature,
    structure: &'a Contact,
) -> Letter<'a> {
    let annonce = format!("l’annonce {} « {} »", one_line(numero), one_line(titre));
    let nom = one_line(&structure.nom);
    let (objet, said, next) = match etat {
        EtatCandidature::Transmise => (
            "Votre réponse à une annonce est transmise",
            format!("Votre réponse à {annonce} est transmise à la structure ({nom})."),
            "Vous n’avez rien à faire : un courriel vous dira quand la structure l’aura étudiée. D’ici là, vous pouvez la \
             retirer.",
        ),
        EtatCandidature::Etudiee => (
            "Votre réponse à une annonce est étudiée",
            format!("La structure ({nom}) a étudié votre réponse à {annonce}."),
            "Si elle souhaite aller plus loin, elle vous contactera directement.",
        ),
        EtatCandidature::NonRetenue => (
            "Votre réponse à une annonce n’est pas retenue",
            format!("La structure ({nom}) n’a pas retenu votre réponse à {annonce}."),
            "Votre profil reste dans la CV-thèque, où toutes les structures peuvent le trouver. D’autres annonces vous \
             conviendront peut-être : vos alertes vous les signalent.",
        ),
        EtatCandidature::Annulee => (
            "Votre réponse à une annonce est annulée",
            format!("Votre réponse à {annonce} est annulée : elle n’a pas été transmise à la structure ({nom})."),
            "Elle attendait la validation de votre inscription, ou l’annonce a été close entre-temps.",
        ),
        EtatCandidature::EnAttente | EtatCandidature::Retiree => (
            "Votre réponse à une annonce",
            format!("Votre réponse à {annonce} est {}.", etat.libelle()),
            "Vous n’avez rien à faire.",
        ),
    };
    Letter {
        objet,
        prenom,
        blocks: vec![text(said), text(next)],
        button: ANSWERS,
        reason: "Vous recevez ce courriel parce que vous avez répondu à une annonce de l’Espace Intervenants."
            .to_owned(),
        contact: Some(("cette annonce", structure)),
    }
}
