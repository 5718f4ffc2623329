//! The text of attached CVs and diplomas. A CV says more than the profile does: projects, certifications,
//! associations, pastimes, so that a search inside files finds what no form holds.

use chrono::{Datelike, NaiveDate};

use super::{
    Demo,
    files::Format,
    grammar,
    model::{DemoFile, DemoIntervenant, DemoPeriode},
    place::is_registrant,
    random::Random,
    voice::Voice,
};

/// The formats of attached CVs, with how often people send each.
const FORMATS: [(Format, usize); 7] = [
    (Format::Pdf, 45),
    (Format::Docx, 20),
    (Format::Doc, 12),
    (Format::Odt, 12),
    (Format::Rtf, 4),
    (Format::Html, 3),
    (Format::Txt, 4),
];

/// The sentence in the file of persons 1 to 7, one per format, and its word that no other file has.
const WITNESS_SENTENCES: [(Format, &str, &str); 7] = [
    (Format::Pdf, "planétarium", "Création d'un planétarium gonflable qui a fait le tour de soixante écoles."),
    (Format::Doc, "apiculture", "Initiation à l'apiculture sur le toit d'un hôtel de ville, douze ruches."),
    (
        Format::Docx,
        "montgolfière",
        "Organisation d'un rassemblement de montgolfières, dont une montgolfière aux couleurs du territoire.",
    ),
    (Format::Odt, "vannerie", "Ouverture d'un atelier de vannerie pour des personnes en insertion."),
    (Format::Rtf, "carillonneur", "Suppléance du carillonneur du beffroi les jours de marché."),
    (Format::Html, "spéléologie", "Brevet d'initiateur de spéléologie, conduite de groupes d'adolescents."),
    (Format::Txt, "lutherie", "Stage de lutherie à Mirecourt et restauration de deux violons."),
];

/// For a guided demonstration: a format, a word that is in only one file, of that format, and the number of the
/// intervenant whose CV it is.
#[cfg(test)]
pub fn witnesses() -> [(Format, &'static str, usize); 7] {
    let mut number = 0;
    WITNESS_SENTENCES.map(|(format, word, _)| {
        number += 1;
        (format, word, number)
    })
}

/// The CV of a person: about three in four attach one.
pub(super) fn attached(
    demo: &Demo,
    number: usize,
    person: &DemoIntervenant,
    voice: &mut Voice<'_>,
    random: &mut Random,
) -> Option<DemoFile> {
    let witness = number.checked_sub(1).and_then(|index| WITNESS_SENTENCES.get(index));
    let drawn = random.weighted(&FORMATS);
    let attaches = random.chance(75);
    let format = match witness {
        Some((format, _, _)) => *format,
        None if number == 0 => Format::Pdf,
        None if attaches || is_registrant(number) => drawn,
        None => return None,
    };
    let mut projects = sampled(demo, "projets", 2, 4, random);
    projects.extend(witness.map(|(_, _, sentence)| *sentence));
    let text = resume(demo, person, &projects, voice, random);
    Some(DemoFile { name: file_name(person, format, random), format, text })
}

fn resume(
    demo: &Demo,
    person: &DemoIntervenant,
    projects: &[&str],
    voice: &mut Voice<'_>,
    random: &mut Random,
) -> String {
    let mut lines = vec![
        format!("{} {}", person.prenom, person.nom),
        person.titre.clone(),
        format!("{} {}", person.code_postal, person.commune),
        format!("Téléphone : {}", person.telephone),
        format!("Courriel : {}", person.email),
    ];
    section(&mut lines, "Expériences professionnelles");
    for job in person.experiences_professionnelles.iter().rev() {
        lines.push(format!("{} : {}, {}", years(job), job.intitule, job.organisme));
        for _ in 0..=random.below(3) {
            lines.push(format!("• {}", grammar::capitalised(voice.mission())));
        }
    }
    section(&mut lines, "Projets marquants");
    bullets(&mut lines, projects);
    section(&mut lines, "Formation");
    for diploma in person.formations_initiales.iter().rev() {
        lines.push(format!(
            "{} : {}, {}",
            diploma.au.map_or(diploma.du.year(), |end| end.year()),
            diploma.intitule,
            diploma.organisme
        ));
    }
    section(&mut lines, "Certifications et outils");
    bullets(&mut lines, &sampled(demo, "certifications", 1, 2, random));
    lines.push(format!("• Logiciels : {}, {}", sampled(demo, "logiciels", 1, 2, random).join(", "), voice.outil()));
    if random.chance(45) {
        section(&mut lines, "Distinctions et publications");
        bullets(&mut lines, &sampled(demo, "distinctions", 1, 2, random));
    }
    section(&mut lines, "Engagements et centres d'intérêt");
    bullets(&mut lines, &sampled(demo, "associations", 1, 2, random));
    bullets(&mut lines, &sampled(demo, "loisirs", 1, 3, random));
    if let Some(text) = person.experience.as_ref().or(person.motivation.as_ref()) {
        section(&mut lines, "La formation et moi");
        lines.extend(text.split("\n\n").take(1 + random.below(2)).map(str::to_owned));
    }
    lines.join("\n")
}

fn section(lines: &mut Vec<String>, title: &str) {
    lines.push(String::new());
    lines.push(title.to_uppercase());
}

fn bullets(lines: &mut Vec<String>, entries: &[&str]) {
    lines.extend(entries.iter().map(|entry| format!("• {entry}")));
}

fn sampled(demo: &Demo, list: &str, least: usize, most: usize, random: &mut Random) -> Vec<&'static str> {
    let count = least + random.below(most - least + 1);
    random.sample(demo.file_words(list), count)
}

fn years(job: &DemoPeriode) -> String {
    match job.au {
        Some(end) => format!("{}-{}", job.du.year(), end.year()),
        None => format!("Depuis {}", job.du.year()),
    }
}

/// Files are named as people name them: with accents and spaces, or without.
fn file_name(person: &DemoIntervenant, format: Format, random: &mut Random) -> String {
    let stem = match random.below(4) {
        0 => format!("CV {} {}", person.prenom, person.nom),
        1 => format!("cv-{}-{}", grammar::ascii(&person.nom), grammar::ascii(&person.prenom)),
        2 => format!("Curriculum vitæ {}", person.nom),
        _ => format!("CV_{}_{}", grammar::capitalised(&grammar::ascii(&person.nom)), random.between(2021, 2025)),
    };
    format!("{stem}.{}", format.extension())
}

/// Most people would send a scan; here it is the text of the diploma, in an office format.
pub(super) fn diploma(person: &DemoIntervenant, random: &mut Random) -> Option<DemoFile> {
    let chosen = random.chance(18);
    let format = *random.pick(&[Format::Pdf, Format::Pdf, Format::Odt, Format::Docx]);
    let diploma = person.formations_initiales.last().filter(|_| chosen)?;
    let born = if person.civilite == "Mme" { "née" } else { "né" };
    let text = format!(
        "RÉPUBLIQUE FRANÇAISE\n{}\n\nATTESTATION DE DIPLÔME\n\
         Le jury, réuni en sa session ordinaire, atteste que\n\
         {} {} {}, {born} le {},\n\
         a satisfait aux épreuves et obtenu le titre suivant :\n{}\n\n\
         Parchemin délivré le {} sous le numéro d'enregistrement {:06}, pour valoir ce que de droit.\n\
         La présidente du jury, le registraire de l'établissement.",
        diploma.organisme,
        person.civilite,
        person.prenom,
        person.nom,
        french_date(person.date_naissance),
        diploma.intitule,
        french_date(diploma.au.unwrap_or(diploma.du)),
        random.below(1_000_000),
    );
    Some(DemoFile { name: format!("diplome_{}.{}", grammar::ascii(&person.nom), format.extension()), format, text })
}

fn french_date(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}
