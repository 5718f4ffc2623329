//! The annonces that structures publish.

use chrono::Days;

use super::{
    Demo, grammar,
    model::DemoAnnonce,
    parcours::months_from,
    people::paragraphs,
    random::{Purpose, Random},
    voice::Voice,
};

pub(super) fn annonce(demo: &Demo, number: usize) -> DemoAnnonce {
    let mut random = Random::new(demo.seed, Purpose::Annonce, number);
    let drawn = random.pick(&demo.reference.structures);
    // The délégation of the documented gestionnaires always has some annonces.
    let documented = demo.reference.structures.iter().find(|one| one.kind == "delegation" && one.region == "53");
    let structure = documented.filter(|_| number.is_multiple_of(9)).unwrap_or(drawn);
    let vocabulary = random.pick(&demo.vocabularies);
    let theme = *random.pick(&vocabulary.sujets);
    let mut voice = Voice::new(vocabulary, false, &mut random)
        .fact("theme", theme.to_owned())
        .fact("structure", named(&structure.nom))
        .fact("jours", random.pick(&["deux", "trois", "quatre"]).to_string());
    let titre = voice.say(demo.phrase("annonce.titre", &mut random));
    let mut groups =
        vec![vec![demo.phrase("annonce.debut", &mut random)], vec![demo.phrase("annonce.contenu", &mut random)]];
    if random.chance(75) {
        groups.push(vec![demo.phrase("annonce.profil", &mut random)]);
    }
    if random.chance(60) {
        groups.push(vec![demo.phrase("annonce.pratique", &mut random)]);
    }
    let description = paragraphs(&groups, &mut voice);

    let sous_specialite = closest(demo, vocabulary.specialite, theme);
    let national = structure.kind != "delegation" && random.chance(70);
    let (regions, departements) = if national {
        (Vec::new(), Vec::new())
    } else {
        let within = &demo.reference.departements[&structure.region];
        let count = if random.chance(50) { 0 } else { 1 + random.below(3) };
        (vec![structure.region.clone()], random.sample(within, count))
    };
    let etat = match number {
        // The first three are always published.
        0..3 => "publiee",
        _ => random.weighted(&[("publiee", 75), ("cloturee", 15), ("brouillon", 10)]),
    };
    let days_ago = match etat {
        "publiee" => random.below(60) as u32,
        "cloturee" => 90 + random.below(300) as u32,
        _ => 0,
    };
    let du = match etat {
        "cloturee" => demo.today - Days::new(u64::from(days_ago) - random.below(80) as u64),
        _ => demo.today + Days::new(20 + random.below(150) as u64),
    };
    let au = match etat {
        // A closed annonce has ended.
        "cloturee" => du.max(demo.today - Days::new(1 + random.below(9) as u64)),
        _ => months_from(du, random.between(1, 12)),
    };
    DemoAnnonce {
        titre: grammar::capitalised(&titre),
        description,
        structure: structure.code.clone(),
        specialite: vocabulary.specialite.to_owned(),
        sous_specialite,
        regions,
        departements,
        modalite: random.weighted(&[("presentiel", 60), ("mixte", 25), ("distance", 15)]),
        du,
        au,
        etat,
        days_ago,
    }
}

/// « Délégation Bretagne » in a sentence: « la délégation Bretagne ».
fn named(structure: &str) -> String {
    match structure {
        name if name.starts_with("Délégation") => format!("la {}", grammar::lowered(name)),
        name if name.starts_with("Siège") => format!("le {}", grammar::lowered(name)),
        name => format!("l'{name}"),
    }
}

/// The sub-spécialité whose name or description shares most words with the theme; none when it shares none, as
/// for an annonce on the whole field.
fn closest(demo: &Demo, specialite: &str, theme: &str) -> Option<String> {
    let theme = stems(theme);
    demo.reference.specialites[specialite]
        .iter()
        .map(|code| {
            let text = demo.reference.wording.get(code);
            let shared = text.map_or(0, |text| stems(text).iter().filter(|stem| theme.contains(stem)).count());
            (shared, code)
        })
        .filter(|(shared, _)| *shared > 0)
        // Among equals the first in the order of the referential.
        .rev()
        .max_by_key(|(shared, _)| *shared)
        .map(|(_, code)| code.clone())
}

/// The first six letters of the longer words, without accents: enough to match « achat » with « achats ».
fn stems(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphabetic())
        .map(grammar::ascii)
        .filter(|word| word.len() >= 5)
        .map(|word| word.chars().take(6).collect())
        .collect()
}
