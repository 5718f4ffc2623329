//! A person's past: diplomas, jobs, training, in a plausible order.

use chrono::{Datelike, Months, NaiveDate};

use super::{
    Demo, grammar,
    model::{DemoEmployeur, DemoPeriode},
    names::Identity,
    place::Place,
    random::Random,
    voice::Voice,
};

/// No closed period ends after this year: the set does not depend on the day it is loaded.
const LAST_YEAR: i32 = 2025;

pub(super) struct Parcours {
    pub(super) initiales: Vec<DemoPeriode>,
    pub(super) jobs: Vec<DemoPeriode>,
    pub(super) suivies: Vec<DemoPeriode>,
    pub(super) actions: Vec<DemoPeriode>,
}

/// Schools by région; people of other régions went to a national one.
const SCHOOLS: [(&str, &str); 26] = [
    ("53", "Université Rennes 2"),
    ("53", "Université de Bretagne occidentale"),
    ("44", "Université de Strasbourg"),
    ("44", "Université de Lorraine"),
    ("32", "Université de Lille"),
    ("32", "Université de Picardie Jules-Verne"),
    ("11", "Université Paris 1 Panthéon-Sorbonne"),
    ("11", "Université Paris-Est Créteil"),
    ("84", "Université Lumière Lyon 2"),
    ("84", "Université Grenoble Alpes"),
    ("93", "Aix-Marseille Université"),
    ("93", "Université Côte d'Azur"),
    ("76", "Université Toulouse-Jean-Jaurès"),
    ("76", "Université de Montpellier"),
    ("75", "Université de Bordeaux"),
    ("75", "Université de Poitiers"),
    ("52", "Université de Nantes"),
    ("52", "Université d'Angers"),
    ("28", "Université de Caen-Normandie"),
    ("24", "Université de Tours"),
    ("27", "Université de Bourgogne"),
    ("94", "Université de Corse Pascal-Paoli"),
    ("04", "Université de La Réunion"),
    ("01", "Université des Antilles"),
    ("02", "Université des Antilles"),
    ("03", "Université de Guyane"),
];
const NATIONAL_SCHOOLS: [&str; 5] = [
    "Conservatoire national des arts et métiers",
    "Centre national d'enseignement à distance",
    "Université Paris-Nanterre",
    "Institut régional d'administration",
    "École des hautes études en santé publique",
];

pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// The past of a person whose last job is with `employer` (or is over, when they have none).
pub(super) fn draw(
    demo: &Demo,
    identity: &Identity,
    place: &Place,
    employer: Option<&DemoEmployeur>,
    voice: &mut Voice<'_>,
    random: &mut Random,
) -> Parcours {
    let (initiales, first_year) = studies(identity, &place.region, voice, random);
    let jobs = jobs(demo, place, employer, first_year, voice, random);
    let trained_from = first_year + 1;
    let suivies = courses(demo, "suivie", trained_from, random.between(1, 4), voice, random);
    let actions = courses(demo, "action", trained_from.max(2006), random.between(0, 3), voice, random);
    Parcours { initiales, jobs, suivies, actions }
}

fn studies(identity: &Identity, region: &str, voice: &Voice<'_>, random: &mut Random) -> (Vec<DemoPeriode>, i32) {
    let mut year = identity.birth.year() + 18;
    let mut diplomas = Vec::new();
    let count = if random.chance(35) { 2 } else { 1 };
    let mut titles = random.sample(voice.diplomas(), count);
    titles.sort_by_key(|title| level(title));
    for (index, intitule) in titles.into_iter().enumerate() {
        let years = if index == 0 { random.between(2, 3) } else { random.between(1, 2) };
        let near: Vec<&str> = SCHOOLS.iter().filter(|(place, _)| *place == region).map(|(_, school)| *school).collect();
        let organisme =
            if near.is_empty() || random.chance(25) { random.pick(&NATIONAL_SCHOOLS) } else { *random.pick(&near) };
        diplomas.push(DemoPeriode {
            intitule: intitule.to_owned(),
            organisme: organisme.to_owned(),
            du: day(year, 9, 1),
            au: Some(day(year + years, 6, 30)),
            description: format!(
                "Diplôme obtenu en {}{}.",
                year + years,
                random.pick(&["", ", mention bien", ", mention assez bien", ", avec un stage long en collectivité"])
            ),
        });
        year += years;
    }
    (diplomas, year)
}

/// Secondary and two-year diplomas come before a licence, a licence before a master.
fn level(title: &str) -> u8 {
    let begins = |words: &[&str]| words.iter().any(|word| title.starts_with(word));
    if begins(&["CAP", "Bac", "BTS", "DUT", "DEUG", "BPJEPS", "Brevet"]) {
        0
    } else if begins(&["Master", "Diplôme d'ingénieur", "Certificat"]) {
        2
    } else {
        1
    }
}

fn jobs(
    demo: &Demo,
    place: &Place,
    employer: Option<&DemoEmployeur>,
    first_year: i32,
    voice: &mut Voice<'_>,
    random: &mut Random,
) -> Vec<DemoPeriode> {
    let career = LAST_YEAR - first_year;
    let count = (career / 7).clamp(1, 5).min(1 + random.between(1, 4));
    // Years in which a new job begins, at least two years apart.
    let step = (career / count).max(1);
    let starts: Vec<i32> =
        (0..count).map(|index| first_year + index * step + if step > 3 { random.between(0, 1) } else { 0 }).collect();
    let mut jobs = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let last = index + 1 == starts.len();
        let du = day(*start, random.between(7, 9) as u32, 1);
        let end = match starts.get(index + 1) {
            Some(next) => Some(day(*next, 6, 30)),
            // Without an employer the last job is over.
            None if employer.is_none() => Some(day(LAST_YEAR, 12, 31)),
            None => None,
        };
        let before = count as usize - 1 - index;
        let (intitule, organisme) = match employer {
            Some(current) if last && current.public => (voice.metier().to_owned(), current.raison_sociale.clone()),
            Some(current) if last => (voice.say("[Consultant|Consultante]"), current.raison_sociale.clone()),
            _ => {
                let employer = demo.reference.employer(&place.departement, random);
                (voice.earlier_metier(before).to_owned(), employer.raison_sociale.clone())
            }
        };
        let description = voice.say(demo.phrase("experience", random));
        jobs.push(DemoPeriode { intitule, organisme, du, au: end, description: grammar::capitalised(&description) });
    }
    jobs
}

/// Courses of one to five days, in different years, oldest first.
fn courses(
    demo: &Demo,
    kind: &str,
    from: i32,
    count: i32,
    voice: &mut Voice<'_>,
    random: &mut Random,
) -> Vec<DemoPeriode> {
    let from = from.clamp(LAST_YEAR - 20, LAST_YEAR - 1);
    let years: Vec<i32> = (from..=LAST_YEAR).collect();
    let mut years = random.sample(&years, count as usize);
    years.sort_unstable();
    let titles = random.sample(demo.phrases(kind), years.len());
    years
        .into_iter()
        .zip(titles.iter().cycle())
        .map(|(year, title)| {
            let du = monday_of(day(year, random.between(1, 11) as u32, random.between(8, 25) as u32));
            let structure = random.pick(&demo.reference.structures);
            DemoPeriode {
                intitule: grammar::capitalised(&voice.say(title)),
                organisme: match random.below(4) {
                    0 => "Centre de gestion de la fonction publique territoriale".to_owned(),
                    1 => "Réseau professionnel départemental".to_owned(),
                    _ => format!("CNFPT, {}", structure.nom),
                },
                du,
                au: Some(du + chrono::Days::new(random.below(5) as u64)),
                description: voice.say(demo.phrase(&format!("{kind}.description"), random)),
            }
        })
        .collect()
}

/// The Monday of a day's week: training takes place on working days.
pub(super) fn monday_of(day: NaiveDate) -> NaiveDate {
    day - chrono::Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// A day some months from `from`, negative for before it.
pub(super) fn months_from(from: NaiveDate, months: i32) -> NaiveDate {
    let moved = if months < 0 {
        from.checked_sub_months(Months::new(months.unsigned_abs()))
    } else {
        from.checked_add_months(Months::new(months.unsigned_abs()))
    };
    moved.unwrap_or(from)
}
