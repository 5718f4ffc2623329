//! The case workers, and the messages between intervenants and structures.

use super::{
    Demo,
    model::{DemoGestionnaire, DemoMessage, DemoThread},
    people,
    random::{Purpose, Random},
    voice::Voice,
};

/// Login of the first gestionnaire of the délégation Bretagne.
pub const GESTIONNAIRE_LOGIN: &str = "gestionnaire@demo.example";
/// Login of her colleague in the same délégation.
pub const SECOND_GESTIONNAIRE_LOGIN: &str = "gestionnaire2@demo.example";
pub const ADMINISTRATEUR_LOGIN: &str = "administrateur@demo.example";
/// The structure of the documented logins.
const SHOWN_STRUCTURE: &str = "bretagne";
/// Conversations of intervenant 0, so that the documented login opens on a mailbox with mail.
const SHOWN_THREADS: usize = 4;

pub(super) fn gestionnaires(demo: &Demo) -> Vec<DemoGestionnaire> {
    let mut all = Vec::new();
    for (rank, structure) in demo.reference.structures.iter().enumerate() {
        let mut random = Random::new(demo.seed, Purpose::Gestionnaire, rank);
        let mut logins = vec![format!("gestion.{}@demo.example", structure.code)];
        if structure.code == SHOWN_STRUCTURE {
            logins.insert(0, SECOND_GESTIONNAIRE_LOGIN.to_owned());
            logins.insert(0, GESTIONNAIRE_LOGIN.to_owned());
        }
        for colleague in 2..3 + random.below(4) {
            logins.push(format!("gestion{colleague}.{}@demo.example", structure.code));
        }
        all.extend(logins.into_iter().map(|email| person(demo, email, &structure.code, &mut random)));
    }
    all
}

pub(super) fn administrateur(demo: &Demo) -> DemoGestionnaire {
    let mut random = Random::new(demo.seed, Purpose::Gestionnaire, usize::MAX);
    person(demo, ADMINISTRATEUR_LOGIN.to_owned(), "siege", &mut random)
}

fn person(demo: &Demo, email: String, structure: &str, random: &mut Random) -> DemoGestionnaire {
    let (female, prenom, nom) = demo.names.adult(random);
    DemoGestionnaire {
        civilite: if female { "Mme" } else { "M." },
        nom: nom.to_owned(),
        prenom: prenom.to_owned(),
        email,
        structure: structure.to_owned(),
    }
}

pub(super) fn thread(demo: &Demo, number: usize, intervenants: usize) -> Option<DemoThread> {
    let mut random = Random::new(demo.seed, Purpose::Thread, number);
    let first = random.below(intervenants);
    let first = if number < SHOWN_THREADS { 0 } else { first };
    let (index, person) = (0..intervenants)
        .map(|step| (first + step) % intervenants)
        .map(|index| (index, people::intervenant(demo, index)))
        .find(|(_, person)| person.valide() && has_messagerie(demo, &person.structure))?;
    let gestionnaires: Vec<DemoGestionnaire> =
        gestionnaires(demo).into_iter().filter(|gestionnaire| gestionnaire.structure == person.structure).collect();
    let writer = if number < SHOWN_THREADS { &gestionnaires[0] } else { random.pick(&gestionnaires) };
    let vocabulary = demo.vocabulary(&person.specialites[0].0)?;

    let count = 1 + random.below(5);
    // The first two conversations shown wait: one for the intervenant, one for the structure.
    let ends_by_structure = match number {
        0 => true,
        1 => false,
        _ => random.chance(50),
    };
    let last_read = number >= 2 && random.chance(50);
    let mut voice = Voice::new(vocabulary, person.civilite == "Mme", &mut random);
    let mut answers = [
        random.sample(demo.phrases("message.reponse.intervenant"), count),
        random.sample(demo.phrases("message.reponse.structure"), count),
    ];
    let mut hours_ago = (1 + random.below(24 * 90) + 30 * count) as u32;
    let mut objet = String::new();
    let mut messages: Vec<DemoMessage> = Vec::with_capacity(count);
    for position in 0..count {
        let by_structure = ends_by_structure == (count - 1 - position).is_multiple_of(2);
        let (signed, opening) = if by_structure {
            (format!("{} {}", writer.prenom, writer.nom), "message.structure")
        } else {
            (format!("{} {}", person.prenom, person.nom), "message.intervenant")
        };
        voice = voice.fact("signature", signed);
        let template = if position == 0 {
            let (subject, template) = demo.phrase(opening, &mut random).split_once(" :: ")?;
            subject.clone_into(&mut objet);
            template
        } else {
            answers[usize::from(by_structure)].pop()?
        };
        messages.push(DemoMessage {
            gestionnaire: by_structure.then(|| writer.email.clone()),
            objet: if position == 0 { objet.clone() } else { format!("Re : {objet}") },
            texte: voice.say(template),
            hours_ago,
            // A message that was answered was read.
            lu: position + 1 < count || last_read,
        });
        hours_ago -= 1 + random.below(29) as u32;
    }
    Some(DemoThread { intervenant: index, structure: person.structure, messages })
}

fn has_messagerie(demo: &Demo, structure: &str) -> bool {
    demo.reference.structure(structure).is_some_and(|structure| structure.messagerie_active)
}
