//! The dashboard of a person whose registration is not validated yet: the steps to do, or what happens next and by when
//! (SPEC I14 to I17, Q2).

use actix_web::{HttpRequest, HttpResponse};
use domain::alertes::Regle;
use domain::compte::EtatInscription;
use domain::courriel::Contact;
use domain::inscription::{Evenement, last_day, presentable_from};
use store::inscriptions::{Etape as Step, Inscription};

use super::mon_compte::profil::{self, registration};
use super::notifications;
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::Connecte;
use crate::views::tableau_de_bord::{Etape, MonInscription, Passage, Situation};
use crate::views::text::blocks;
use crate::views::{Tone, dates};

/// Most lines in each list: the full pages have the rest.
const FEW: i64 = 5;

pub async fn page(request: &HttpRequest, app: &App, who: &Connecte) -> Result<HttpResponse, Error> {
    let compte = who.session.compte;
    let mut connection = app.store.read().await?;
    let inscription = registration(&mut connection, compte).await?;
    let today = profil::today(app);
    let read = store::inscriptions::pages(&mut connection, &inscription, today).await?;
    let with_cv = profil::cv_of(app, &mut connection, compte).await?.is_some();
    let regle = store::alertes::regle(&mut connection, compte).await?;
    let steps = store::inscriptions::history(&mut connection, compte).await?;
    let structure = match inscription.structure {
        Some(id) => store::structures::by_id(&mut connection, id).await?,
        None => None,
    };
    let latest = store::notifications::list(&mut connection, compte, FEW, 0).await?;
    drop(connection);
    let (ready, went) = (read.manques_informations.is_empty(), read.manques_parcours.is_empty());
    let etapes = if inscription.etat.next(Evenement::Transmettre).is_ok() {
        let missing = (read.manques_informations.len(), read.manques_parcours.len());
        etapes(missing, with_cv, regle != Regle::Aucune, inscription.etat == EtatInscription::Complement)
    } else {
        Vec::new()
    };
    let view = MonInscription {
        layout: page::layout(request, app, &who.viewer, "Mon inscription").await?,
        situation: situation(&inscription, &steps, today),
        etapes,
        avancement: (u64::from(ready) + u64::from(went), 3),
        structure: structure.map(|structure| Contact {
            telephone: domain::telephone::shown(&structure.telephone),
            nom: structure.nom,
            courriel: structure.courriel,
        }),
        passages: steps.into_iter().map(|step| passage(app, step)).collect(),
        notifications: latest.into_iter().map(|one| notifications::row(app, one)).collect(),
    };
    page::ok(request, app, &who.viewer, &view)
}

fn etapes((informations, parcours): (usize, usize), with_cv: bool, alerted: bool, again: bool) -> Vec<Etape> {
    let step = |label: &str, href: &str, (etat, tone): (String, Tone)| Etape {
        label: label.to_owned(),
        href: href.to_owned(),
        etat,
        tone,
    };
    let filled = |missing: usize| match missing {
        0 => ("complet".to_owned(), Tone::Done),
        1 => ("1 point à compléter".to_owned(), Tone::Waiting),
        n => (format!("{n} points à compléter"), Tone::Waiting),
    };
    let optional = |done: bool, word: &str| {
        if done { (word.to_owned(), Tone::Done) } else { ("facultatif".to_owned(), Tone::Info) }
    };
    let ready = informations == 0 && parcours == 0;
    vec![
        step("Remplir mes informations", "/mon-compte/informations", filled(informations)),
        step("Remplir mon parcours", "/mon-compte/parcours", filled(parcours)),
        step("Joindre mon CV", "/mon-compte/cv", optional(with_cv, "joint")),
        step("Régler mes alertes", "/mon-compte/alertes", optional(alerted, "réglées")),
        step(
            if again { "Vérifier et transmettre à nouveau" } else { "Vérifier et transmettre mon inscription" },
            "/mon-compte/verification",
            if ready {
                ("à faire".to_owned(), Tone::Waiting)
            } else {
                ("après les deux premières étapes".to_owned(), Tone::Info)
            },
        ),
    ]
}

/// The state of the registration, what happens next and by when.
fn situation(inscription: &Inscription, steps: &[Step], today: chrono::NaiveDate) -> Situation {
    let written = |decision: Evenement| {
        let last = steps.iter().find(|step| step.decision == decision);
        last.map(|step| blocks(&step.texte)).unwrap_or_default()
    };
    let said = |titre: &str, suite: String, texte, tone| Situation {
        titre: titre.to_owned(),
        suite,
        texte,
        tone,
        representer: false,
    };
    match inscription.etat {
        EtatInscription::Brouillon => said(
            "Votre inscription n’est pas encore transmise.",
            "Remplissez les étapes ci-dessous, en plusieurs fois si vous le souhaitez, puis transmettez-la : la structure que vous aurez choisie l’étudiera.".to_owned(),
            Vec::new(),
            Tone::Info,
        ),
        EtatInscription::Transmise | EtatInscription::EnAnalyse => said(
            if inscription.etat == EtatInscription::Transmise {
                "Votre inscription est transmise."
            } else {
                "Votre inscription est en cours d’analyse."
            },
            "Vous n’avez rien à faire : votre structure l’étudie et vous répondra par courriel. Jusque-là, elle ne peut plus être modifiée. Pour savoir où elle en est, contactez la structure.".to_owned(),
            Vec::new(),
            Tone::Done,
        ),
        EtatInscription::Complement => said(
            "Votre structure vous demande un complément.",
            format!(
                "Complétez votre inscription, puis transmettez-la à nouveau au plus tard le {}. Passé cette date, elle sera archivée.",
                inscription.complement_avant.map(last_day).unwrap_or_default()
            ),
            written(Evenement::DemanderComplement),
            Tone::Waiting,
        ),
        EtatInscription::Rejetee => {
            let from = inscription.premiere_decision_at.map(presentable_from);
            let open = from.is_some_and(|from| from <= today);
            Situation {
                representer: open,
                ..said(
                    "Votre inscription n’a pas été retenue.",
                    match from {
                        Some(_) if open => "Vous pouvez la présenter à nouveau dès maintenant.".to_owned(),
                        Some(from) => format!("Vous pourrez la présenter à nouveau à partir du {}.", dates::date(from)),
                        None => String::new(),
                    },
                    written(Evenement::Rejeter),
                    Tone::Warning,
                )
            }
        }
        // A validated person does not see this dashboard: their session leads to another one.
        EtatInscription::Validee => said("Votre inscription est validée.", String::new(), Vec::new(), Tone::Done),
    }
}

fn passage(app: &App, step: Step) -> Passage {
    let by = step.structure.unwrap_or_default();
    let quoi = match step.decision {
        Evenement::Transmettre => format!("Inscription transmise à {by}"),
        Evenement::PrendreEnCharge => format!("Analyse commencée par {by}"),
        Evenement::Valider => format!("Inscription validée par {by}"),
        Evenement::Rejeter => format!("Inscription non retenue par {by}"),
        Evenement::DemanderComplement => format!("Complément demandé par {by}"),
        Evenement::Representer => "Inscription ouverte à nouveau".to_owned(),
        Evenement::Reaffecter => format!("Inscription confiée à {by}"),
        Evenement::Archiver => "Inscription archivée".to_owned(),
    };
    Passage { quoi, at: page::moment(app, step.at), texte: blocks(&step.texte) }
}
