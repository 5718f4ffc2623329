//! The pages that say that something is not there, not allowed or broken, and what to do.

use super::Reprise;
use askama::Template;

use super::layout::{Layout, Link};

#[derive(Debug, Clone, Template)]
#[template(path = "erreur.html")]
pub struct Erreur {
    pub layout: Layout,
    pub status: u16,
    pub sentence: String,
    pub advice: String,
    pub links: Vec<Link>,
    /// The id of the request in the logs, to quote when asking for help.
    pub reference: Option<String>,
    /// The fields of the form that could not be taken, to be sent again.
    pub reprise: Reprise,
}

impl Erreur {
    /// The usual texts of `status`; an unknown one gets those of 500 (or of 400 below 500).
    pub fn new(mut layout: Layout, status: u16) -> Self {
        let (title, sentence, advice) = words(status);
        title.clone_into(&mut layout.title);
        let back = match layout.account {
            Some(_) => Link::new("Revenir au tableau de bord", "/tableau-de-bord"),
            None => Link::new("Revenir à l’accueil", "/"),
        };
        Self {
            layout,
            status,
            sentence: sentence.to_owned(),
            advice: advice.to_owned(),
            links: vec![back],
            reference: None,
            reprise: Reprise::default(),
        }
    }

    /// Adds the typed fields, and a button that sends them again.
    pub fn with_typed(mut self, typed: Reprise) -> Self {
        if !typed.is_empty() {
            "Ce que vous avez tapé est gardé ici : attendez un instant, puis envoyez-le à nouveau."
                .clone_into(&mut self.advice);
        }
        self.reprise = typed;
        self
    }

    /// Replaces the usual sentence.
    pub fn saying(mut self, sentence: impl Into<String>) -> Self {
        self.sentence = sentence.into();
        self
    }
}

fn words(status: u16) -> (&'static str, &'static str, &'static str) {
    match status {
        401 => (
            "Connexion nécessaire",
            "Cette page demande une connexion.",
            "Connectez-vous : vous reviendrez ici aussitôt.",
        ),
        403 => (
            "Accès refusé",
            "Votre compte ne permet pas d’ouvrir cette page.",
            "Si vous l’attendiez, vérifiez que vous utilisez le bon compte.",
        ),
        404 => (
            "Page introuvable",
            "Cette page n’existe pas ou n’existe plus.",
            "Vérifiez l’adresse si vous l’avez tapée, ou repartez du menu.",
        ),
        405 => (
            "Action impossible à cette adresse",
            "Cette adresse n’accepte pas ce qui lui a été envoyé.",
            "Revenez à la page précédente et utilisez ses boutons.",
        ),
        409 => (
            "Déjà modifié",
            "Quelqu’un a modifié ces informations entre-temps : rien n’a été enregistré.",
            "Rouvrez la page pour voir ce qui a changé, puis recommencez.",
        ),
        423 => (
            "Fichier indisponible",
            "Ce fichier ne peut pas être ouvert pour le moment.",
            "Revenez à la page précédente pour continuer.",
        ),
        413 => (
            "Envoi trop volumineux",
            "Ce que vous avez envoyé dépasse la taille permise.",
            "Réduisez le texte ou le fichier, puis recommencez.",
        ),
        429 => (
            "Trop de demandes",
            "Vous avez fait trop de demandes en peu de temps.",
            "Attendez une minute, puis rechargez la page.",
        ),
        503 => (
            "Service momentanément indisponible",
            "Le service s’arrête ou redémarre ; rien de ce qui a été confirmé n’est perdu.",
            "Rechargez la page dans une minute.",
        ),
        400..=499 => (
            "Demande incomprise",
            "Ce que votre navigateur a envoyé n’a pas pu être lu.",
            "Revenez à la page précédente, rechargez-la et recommencez.",
        ),
        _ => (
            "Erreur du service",
            "Une erreur de notre côté a empêché d’afficher cette page.",
            "Rechargez la page dans un instant. Si cela dure, signalez-le avec la référence ci-dessous.",
        ),
    }
}
