//! The intervenants.

use chrono::{Datelike, Days};
use domain::reseau::Reseau;

use super::{
    Demo, civil, company, cv, grammar,
    model::{DemoCivil, DemoEmployeur, DemoIntervenant, DemoIntervention},
    names::Identity,
    parcours,
    place::{Place, REGISTRANTS, fixed_prefix, is_registrant, street},
    random::{Purpose, Random},
    vocabulary::Vocabulary,
    voice::Voice,
};

/// Login of intervenant number 0, of the délégation Bretagne.
pub const INTERVENANT_LOGIN: &str = "intervenant@demo.example";

/// Régions by their share of the population, in thousandths (INSEE, 2023, rounded).
const REGIONS: [(&str, usize); 18] = [
    ("11", 170),
    ("84", 120),
    ("75", 92),
    ("76", 91),
    ("32", 88),
    ("93", 77),
    ("44", 82),
    ("52", 58),
    ("53", 60),
    ("28", 49),
    ("27", 41),
    ("24", 38),
    ("04", 14),
    ("01", 8),
    ("02", 8),
    ("94", 8),
    ("03", 6),
    ("06", 6),
];

const MAILBOXES: [&str; 5] =
    ["courriel.example", "messagerie.example", "poste.example", "boite.example", "lettre.example"];

/// The year from which ages are counted, so that a statut does not depend on the day the set is loaded.
const AGE_YEAR: i32 = 2026;

pub(super) fn intervenant(demo: &Demo, number: usize) -> DemoIntervenant {
    let mut random = Random::new(demo.seed, Purpose::Parcours, number);
    let place = place(demo, number, &mut random);
    let identity = identity(demo, number, &place.region);
    let vocabulary = vocabulary(demo, number, &mut random);
    let statut = statut(number, AGE_YEAR - identity.birth.year(), &mut random);
    let employeur = employeur(demo, statut, &place, &mut random);

    let named = match &employeur {
        Some(employer) if employer.public => grammar::employer_in_prose(&employer.raison_sociale),
        Some(employer) => employer.raison_sociale.clone(),
        None => grammar::employer_in_prose(&demo.reference.employer(&place.departement, &mut random).raison_sociale),
    };
    let started = random.between(2006, 2021).max(identity.birth.year() + 25);
    let mut voice = Voice::new(vocabulary, identity.female, &mut random)
        .fact("annee", started.to_string())
        .fact("duree", duration(AGE_YEAR - identity.birth.year()))
        .fact("employeur", named);
    let parcours = parcours::draw(demo, &identity, &place, employeur.as_ref(), &mut voice, &mut random);

    let mut prose = Random::new(demo.seed, Purpose::Prose, number);
    let titre = match statut {
        "independant" | "salarie_prive" => voice.say(demo.phrase("titre.independant", &mut prose)),
        "retraite" => voice.say(demo.phrase("titre.retraite", &mut prose)),
        _ => voice.say(demo.phrase("titre", &mut prose)),
    };
    let is_trainer = number <= Demo::WITNESSES || prose.chance(72);
    let (experience, motivation) = if is_trainer {
        (Some(experience(demo, &mut voice, &mut prose)), None)
    } else {
        (None, Some(motivation(demo, &mut voice, &mut prose)))
    };

    let rattachement = rattachement(demo, number, &place.region, &mut random);
    let (regions, departements) = zones(demo, &place, &mut random);
    let specialites = specialites(demo, vocabulary.specialite, &mut random);
    let alerte = alerte(number, &mut random);
    let mut langues = langues(demo, &place.region, &mut random);
    if number == 0 {
        langues = vec![("en".to_owned(), "B2"), ("br".to_owned(), "C1")];
    }
    let (etat, valide_le) = etat(demo, number, &mut random);
    let telephone = telephone(&place.region, &mut random);
    let civilite = if identity.female { "Mme" } else { "M." };
    let email = email(number, &identity, &mut random);
    let mut person = DemoIntervenant {
        civilite,
        nom: identity.nom,
        prenom: identity.prenom,
        date_naissance: identity.birth,
        email,
        telephone,
        civil: DemoCivil::default(),
        adresse: street(&mut Random::new(demo.seed, Purpose::Adresse, number)),
        code_postal: place.code_postal,
        commune: place.commune,
        region: place.region,
        departement: place.departement,
        statut,
        employeur,
        titre,
        experience,
        motivation,
        specialites,
        regions,
        departements,
        langues,
        structure: rattachement,
        actions_professionnalisation: parcours.actions,
        experiences_professionnelles: parcours.jobs,
        formations_suivies: parcours.suivies,
        formations_initiales: parcours.initiales,
        alerte,
        cv: None,
        diplome: None,
        indisponibilites: Vec::new(),
        reseau: None,
        interventions: Vec::new(),
        etat,
        valide_le,
    };
    person.civil = civil::draw(demo, number, &person);
    if person.valide() && is_trainer {
        person.interventions = interventions(demo, number, &person.structure, vocabulary);
    }
    if person.valide() {
        elsewhere(demo, number, &mut person);
    }
    let mut random = Random::new(demo.seed, Purpose::File, number);
    person.cv = cv::attached(demo, number, &person, &mut voice, &mut random);
    person.diplome = cv::diploma(&person, &mut random);
    person
}

fn place(demo: &Demo, number: usize, random: &mut Random) -> Place {
    let drawn = random.weighted(&REGIONS);
    let region = if number == 0 || is_registrant(number) { "53" } else { drawn };
    let departement = random.pick(&demo.reference.departements[region]).clone();
    let residence = demo.reference.residence(&departement, random);
    Place {
        region: region.to_owned(),
        code_postal: residence.code_postal.clone(),
        commune: residence.commune.clone(),
        departement,
    }
}

fn identity(demo: &Demo, number: usize, region: &str) -> Identity {
    let mut identity = demo.names.identity(demo.seed, number, region);
    if number == 0 {
        // The person with the documented login has a name that nobody else has.
        identity.female = false;
        "Kerzrého".clone_into(&mut identity.nom);
        "Malo".clone_into(&mut identity.prenom);
        identity.birth = parcours::day(1979, 3, 14);
    }
    identity
}

fn vocabulary<'a>(demo: &'a Demo, number: usize, random: &mut Random) -> &'a Vocabulary {
    let drawn = random.pick(&demo.vocabularies);
    if number == 0 { demo.vocabulary("commande-publique").unwrap_or(drawn) } else { drawn }
}

fn statut(number: usize, age: i32, random: &mut Random) -> &'static str {
    let working = [
        ("fonctionnaire", 48),
        ("agent_non_titulaire", 14),
        ("independant", 24),
        ("salarie_prive", 11),
        ("sans_activite", 3),
    ];
    let drawn = random.weighted(&working);
    if number == 0 {
        "fonctionnaire"
    } else if age >= 67 || (age >= 63 && random.chance(50)) {
        "retraite"
    } else {
        drawn
    }
}

/// The person's coming absences, and their page on another site.
fn elsewhere(demo: &Demo, number: usize, person: &mut DemoIntervenant) {
    let mut random = Random::new(demo.seed, Purpose::Absences, number);
    if number == 0 || random.chance(12) {
        let du = demo.today + Days::new(20 + random.below(70) as u64);
        person.indisponibilites.push((du, du + Days::new(4 + random.below(20) as u64)));
    }
    if number == 0 || random.chance(15) {
        let slug = domain::texte::fold(&format!("{} {}", person.prenom, person.nom)).replace(' ', "-");
        person.reseau = Some(match random.below(2) {
            0 => (Reseau::Linkedin, format!("https://www.linkedin.com/in/{slug}-demonstration")),
            _ => (Reseau::Site, format!("https://{slug}.example/")),
        });
    }
}

fn employeur(demo: &Demo, statut: &str, place: &Place, random: &mut Random) -> Option<DemoEmployeur> {
    match statut {
        "fonctionnaire" | "agent_non_titulaire" => {
            let employer = demo.reference.employer(&place.departement, random);
            Some(DemoEmployeur {
                siret: employer.siret.clone(),
                raison_sociale: employer.raison_sociale.clone(),
                code_postal: employer.code_postal.clone(),
                commune: employer.commune.clone(),
                public: true,
            })
        }
        "independant" | "salarie_prive" => {
            Some(company::invent(&demo.names, (&place.code_postal, &place.commune), random))
        }
        _ => None,
    }
}

fn duration(age: i32) -> String {
    match age {
        ..32 => "quelques années",
        32..42 => "dix ans",
        42..52 => "vingt ans",
        _ => "près de trente ans",
    }
    .to_owned()
}

fn experience(demo: &Demo, voice: &mut Voice<'_>, random: &mut Random) -> String {
    let mut opening = vec![demo.phrase("formateur.debut", random)];
    opening.extend(random.sample(demo.phrases("formateur.pratique"), 2));
    let method_count = 2 + random.below(3);
    let methods = random.sample(demo.phrases("formateur.methode"), method_count);
    let ending_count = 1 + random.below(2);
    let endings = random.sample(demo.phrases("formateur.fin"), ending_count);
    paragraphs(&[opening, methods, endings], voice)
}

fn motivation(demo: &Demo, voice: &mut Voice<'_>, random: &mut Random) -> String {
    let opening = vec![demo.phrase("motivation.debut", random)];
    let following_count = 3 + random.below(3);
    let following = random.sample(demo.phrases("motivation.suite"), following_count);
    paragraphs(&[opening, following], voice)
}

/// Sentences joined by spaces, groups by an empty line.
pub(super) fn paragraphs(groups: &[Vec<&str>], voice: &mut Voice<'_>) -> String {
    groups
        .iter()
        .map(|group| group.iter().map(|template| voice.say(template)).collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn rattachement(demo: &Demo, number: usize, region: &str, random: &mut Random) -> String {
    let other = random.pick(&demo.reference.structures);
    let delegation = demo.reference.delegation(region);
    match delegation {
        Some(own) if number == 0 || is_registrant(number) || other.kind == "delegation" || random.chance(70) => {
            own.code.clone()
        }
        _ => other.code.clone(),
    }
}

fn zones(demo: &Demo, place: &Place, random: &mut Random) -> (Vec<String>, Vec<String>) {
    let metropolitan: Vec<String> =
        REGIONS[..12].iter().map(|(code, _)| (*code).to_owned()).filter(|code| *code != place.region).collect();
    let mut regions = vec![place.region.clone()];
    if place.region.starts_with('0') {
        // Few people overseas also teach in metropolitan France.
        if random.chance(15) {
            regions.push("11".to_owned());
        }
    } else {
        let more = random.weighted(&[(0, 50), (1, 30), (2, 15), (4, 5)]);
        regions.extend(random.sample(&metropolitan, more));
    }
    let mut departements = vec![place.departement.clone()];
    let near: Vec<String> =
        demo.reference.departements[&place.region].iter().filter(|code| **code != place.departement).cloned().collect();
    let more = random.below(4);
    departements.extend(random.sample(&near, more));
    (regions, departements)
}

fn specialites(demo: &Demo, main: &str, random: &mut Random) -> Vec<(String, Vec<String>)> {
    let mut codes = vec![main.to_owned()];
    let others: Vec<String> = demo.reference.specialites.keys().filter(|code| *code != main).cloned().collect();
    let more = random.weighted(&[(0, 60), (1, 30), (2, 10)]);
    codes.extend(random.sample(&others, more));
    codes
        .into_iter()
        .map(|code| {
            let count = random.below(4);
            let mut chosen = random.sample(&demo.reference.specialites[&code], count);
            chosen.sort_unstable();
            (code, chosen)
        })
        .collect()
}

fn alerte(number: usize, random: &mut Random) -> [bool; 3] {
    let drawn = random.weighted(&[
        ([false, false, false], 35),
        ([true, false, false], 20),
        ([false, true, false], 10),
        ([true, true, false], 10),
        ([false, false, true], 25),
    ]);
    if number == 0 { [true, true, false] } else { drawn }
}

/// Regional languages by région.
const REGIONAL_LANGUAGES: [(&str, &str); 16] = [
    ("53", "br"),
    ("53", "qaa"),
    ("75", "eu"),
    ("75", "oc"),
    ("76", "oc"),
    ("76", "ca"),
    ("94", "co"),
    ("44", "gsw"),
    ("32", "pcd"),
    ("32", "vls"),
    ("84", "frp"),
    ("01", "gcf"),
    ("02", "gcf"),
    ("03", "gcr"),
    ("04", "rcf"),
    ("06", "swb"),
];

fn langues(demo: &Demo, region: &str, random: &mut Random) -> Vec<(String, &'static str)> {
    const LEVELS: [&str; 5] = ["A2", "B1", "B2", "C1", "C2"];
    let mut codes = Vec::new();
    if random.chance(65) {
        codes.push("en");
    }
    if random.chance(35) {
        codes.push(random.weighted(&[
            ("es", 40),
            ("de", 20),
            ("it", 15),
            ("pt", 10),
            ("ar", 10),
            ("nl", 3),
            ("pl", 2),
        ]));
    }
    let regional: Vec<&str> =
        REGIONAL_LANGUAGES.iter().filter(|(place, _)| *place == region).map(|(_, code)| *code).collect();
    let share = if region.starts_with('0') { 60 } else { 15 };
    if !regional.is_empty() && random.chance(share) {
        codes.push(*random.pick(&regional));
    }
    codes
        .into_iter()
        .filter(|code| demo.reference.langues.contains(*code))
        .map(|code| (code.to_owned(), *random.pick(&LEVELS)))
        .collect()
}

fn etat(demo: &Demo, number: usize, random: &mut Random) -> (&'static str, Option<chrono::NaiveDate>) {
    let drawn = random.weighted(&[("validee", 92), ("transmise", 5), ("brouillon", 3)]);
    let days = 5 + random.below(1_500) as u64;
    if is_registrant(number) {
        ("brouillon", None)
    } else if drawn == "validee" || number <= Demo::WITNESSES {
        ("validee", Some(demo.today - Days::new(days)))
    } else {
        (drawn, None)
    }
}

/// A number of ARCEP's ranges for works of fiction (decision 2018-0881, annex).
fn telephone(region: &str, random: &mut Random) -> String {
    let prefix = if random.chance(70) { "06 39 98" } else { fixed_prefix(region) };
    format!("{prefix} {:02} {:02}", random.below(100), random.below(100))
}

fn email(number: usize, identity: &Identity, random: &mut Random) -> String {
    if number == 0 {
        return INTERVENANT_LOGIN.to_owned();
    }
    // The number makes it unique whatever the names.
    let unique = match number.checked_sub(REGISTRANTS) {
        Some(rank) => format!("i{rank}"),
        None => number.to_string(),
    };
    format!(
        "{}.{}.{unique}@{}",
        grammar::ascii(&identity.prenom),
        grammar::ascii(&identity.nom),
        random.pick(&MAILBOXES)
    )
}

fn interventions(demo: &Demo, number: usize, structure: &str, vocabulary: &Vocabulary) -> Vec<DemoIntervention> {
    let mut random = Random::new(demo.seed, Purpose::Interventions, number);
    if number != 0 && !random.chance(12) {
        return Vec::new();
    }
    let count = 1 + random.below(4);
    let mut interventions: Vec<DemoIntervention> = (0..count)
        .map(|_| {
            let around = demo.today + Days::new(120) - Days::new(random.below(1_200) as u64);
            let du = parcours::monday_of(around) + Days::new(random.below(3) as u64);
            let days = 1 + random.below(3) as u32;
            let au = du + Days::new(u64::from(days) - 1);
            let etat = if au < demo.today {
                "realisee"
            } else if du > demo.today {
                "prevue"
            } else {
                "en_cours"
            };
            DemoIntervention {
                intitule: grammar::headline(vocabulary.sujets[random.below(vocabulary.sujets.len())]),
                structure: structure.to_owned(),
                du,
                au,
                heures: days * 6,
                etat,
            }
        })
        .collect();
    interventions.sort_by_key(|intervention| intervention.du);
    interventions
}
