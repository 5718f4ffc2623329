//! Writes requests to the support of the documented délégation, in every state, so that its gestionnaires have some to
//! treat.

use std::collections::HashMap;

use actors::commands::demandes::{self, AssignDemande, Nouvelle, TreatDemande};
use chrono::{Duration, NaiveDateTime};
use domain::support::{Evenement, TypeDemande};
use domain::{CompteId, StructureId};
use store::Store;

use super::allowed;
use super::people_load::{Written, documented};
use super::{Demo, SECOND_GESTIONNAIRE_LOGIN};
use crate::failure::Failure;

#[derive(Clone, Copy)]
enum Auteur {
    /// One of the validated intervenants of the set.
    Intervenant(usize),
    /// A person without account: first name, surname, address.
    Visiteur(&'static str, &'static str, &'static str),
}

/// What was done with the request.
#[derive(Clone, Copy)]
enum Suite {
    Nouvelle,
    Confiee,
    Complement(&'static str),
    Close(&'static str),
}

struct Exemple {
    auteur: Auteur,
    sorte: TypeDemande,
    objet: &'static str,
    texte: &'static str,
    suite: Suite,
    /// Hours before the set's moment.
    heures: i64,
}

const EXEMPLES: [Exemple; 5] = [
    Exemple {
        auteur: Auteur::Visiteur("Rozenn", "Le Bihan-Kerdraon", "rozenn.lebihan@courrier.example"),
        sorte: TypeDemande::Inscription,
        objet: "Mon diplôme ne se joint pas",
        texte: "Bonjour,\n\nJe remplis mon CV depuis une tablette et le bouton pour joindre mon diplôme ne réagit pas.\n\nMerci de votre aide.",
        suite: Suite::Nouvelle,
        heures: 5,
    },
    Exemple {
        auteur: Auteur::Intervenant(0),
        sorte: TypeDemande::Situation,
        objet: "Je change d’employeur au 1er janvier",
        texte: "Bonjour,\n\nJe rejoins une autre collectivité au 1er janvier. Dois-je attendre cette date pour corriger ma fiche ?",
        suite: Suite::Confiee,
        heures: 30,
    },
    Exemple {
        auteur: Auteur::Visiteur("Yann", "Tréguier-Monfort", "y.treguier@courrier.example"),
        sorte: TypeDemande::Reactivation,
        objet: "Mon ancien compte",
        texte: "J’intervenais pour vous il y a trois ans et je voudrais reprendre.",
        suite: Suite::Complement("Bonjour,\n\nAvec quelle adresse électronique étiez-vous inscrit à l’époque ?"),
        heures: 72,
    },
    Exemple {
        auteur: Auteur::Intervenant(1),
        sorte: TypeDemande::Annonces,
        objet: "Ma réponse n’apparaît pas",
        texte: "J’ai répondu hier à une annonce et je ne la retrouve pas.",
        suite: Suite::Close(
            "Bonjour,\n\nElle est bien arrivée : vous la trouverez dans « Mes réponses aux annonces », dans Mon compte.",
        ),
        heures: 100,
    },
    Exemple {
        auteur: Auteur::Intervenant(1),
        sorte: TypeDemande::Autre,
        objet: "Salle adaptée pour un atelier",
        texte: "Est-il possible d’avoir une salle sans tables fixes pour un atelier de douze personnes ?",
        suite: Suite::Nouvelle,
        heures: 2,
    },
];
/// Number of intervenants among whom the authors are chosen.
const AMONG: usize = 200;

pub async fn load(
    store: &Store,
    demo: &Demo,
    structures: &HashMap<String, StructureId>,
    staff: &HashMap<String, CompteId>,
    people: &[Written],
    now: NaiveDateTime,
) -> Result<(), Failure> {
    let (by, structure) = documented(demo, structures, staff)?;
    let colleague = *staff.get(SECOND_GESTIONNAIRE_LOGIN).ok_or("no second gestionnaire")?;
    // Not the documented intervenant: visitors of the demonstration use this account.
    let able: Vec<usize> =
        (Demo::WITNESSES + 1..people.len().min(AMONG)).filter(|&n| demo.intervenant(n).valide()).collect();
    let mut asked = Vec::new();
    for (rank, one) in EXEMPLES.iter().enumerate() {
        let (compte, prenom, nom, courriel) = match one.auteur {
            Auteur::Visiteur(prenom, nom, courriel) => (None, prenom.to_owned(), nom.to_owned(), courriel.to_owned()),
            Auteur::Intervenant(number) => {
                let Some(&number) = able.get(number) else { continue };
                let person = demo.intervenant(number);
                (Some(people[number].compte), person.prenom, person.nom, person.email)
            }
        };
        let nouvelle = Nouvelle {
            sorte: one.sorte,
            structure,
            courriel,
            nom,
            prenom,
            objet: one.objet.to_owned(),
            texte: one.texte.to_owned(),
            jeton: format!("demonstration-{rank}"),
            // Signs the links to its history: drawn at random, whatever the seed.
            secret: web::session::random_token().map_err(|error| error.to_string())?,
        };
        let (at, reponse) = (now - Duration::hours(one.heures), format!("demonstration-reponse-{rank}"));
        asked.push((nouvelle, compte, one.suite, at, reponse));
    }
    store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                for (nouvelle, compte, suite, at, jeton) in asked {
                    transaction.now = at;
                    let made = demandes::send(transaction, &nouvelle, compte, None).await?;
                    let (demande, version) = (made.id, made.version);
                    transaction.now = at + Duration::hours(1);
                    let (evenement, texte) = match suite {
                        Suite::Nouvelle => continue,
                        Suite::Confiee => {
                            let given = AssignDemande { demande, version, a: Some(colleague) };
                            allowed(given.within(transaction, by).await)?;
                            continue;
                        }
                        Suite::Complement(texte) => (Evenement::DemanderComplement, texte.to_owned()),
                        Suite::Close(texte) => (Evenement::Clore, texte.to_owned()),
                    };
                    let treated = TreatDemande { demande, version, evenement, texte, jeton };
                    allowed(treated.within(transaction, by).await)?;
                }
                transaction.now = now;
                Ok(())
            })
        })
        .await?;
    Ok(())
}
