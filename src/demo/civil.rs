//! The fields of « Mes informations » besides the name and the address: birth, nationality, phones, function.

use domain::profil::FRANCE;

use super::{
    Demo, grammar,
    model::{DemoCivil, DemoIntervenant, DemoPro},
    place,
    random::{Purpose, Random},
};

/// Birthplaces abroad: (town, country, nationality, whether a fonctionnaire may have it).
const ABROAD: [(&str, &str, &str, bool); 12] = [
    ("Liège", "Belgique", "belge", true),
    ("Porto", "Portugal", "portugaise", true),
    ("Turin", "Italie", "italienne", true),
    ("Fribourg-en-Brisgau", "Allemagne", "allemande", true),
    ("Valence", "Espagne", "espagnole", true),
    ("Cracovie", "Pologne", "polonaise", true),
    ("Oran", "Algérie", "algérienne", false),
    ("Casablanca", "Maroc", "marocaine", false),
    ("Sfax", "Tunisie", "tunisienne", false),
    ("Saint-Louis", "Sénégal", "sénégalaise", false),
    ("Hué", "Viêt Nam", "vietnamienne", false),
    ("Trois-Rivières", "Canada", "canadienne", false),
];

const FRENCH: &str = "française";

const COMPLEMENTS: [&str; 6] = [
    "Appartement 12",
    "Bâtiment B",
    "2e étage, porte gauche",
    "Résidence Les Peupliers",
    "Lieu-dit Le Moulin",
    "Escalier C",
];

/// These fields for one person of the set.
pub(super) fn draw(demo: &Demo, number: usize, person: &DemoIntervenant) -> DemoCivil {
    let mut random = Random::new(demo.seed, Purpose::Civil, number);
    let (ville_naissance, pays_naissance, nationalite) = birth(demo, number, person, &mut random);
    let works = person.employeur.is_some();
    let domicile = if random.chance(30) { landline(&person.region, &mut random) } else { String::new() };
    let professionnel = if works && random.chance(45) { landline(&person.region, &mut random) } else { String::new() };
    let autre = if random.chance(5) { mobile(&mut random) } else { String::new() };
    let job = person.experiences_professionnelles.last().filter(|job| works && job.au.is_none());
    let renamed = person.civilite == "Mme" && random.chance(35);
    DemoCivil {
        nom_naissance: if renamed { demo.names.adult(&mut random).2.to_owned() } else { String::new() },
        ville_naissance,
        pays_naissance,
        nationalite,
        complement_adresse: if random.chance(15) { (*random.pick(&COMPLEMENTS)).to_owned() } else { String::new() },
        // When the one number of the CV is a fixed line, it is the home's.
        telephone_domicile: if is_mobile(&person.telephone) { domicile } else { person.telephone.clone() },
        telephone_professionnel: professionnel,
        telephone_autre: autre,
        fonction: job.map(|job| job.intitule.clone()).unwrap_or_default(),
        pro: (works && number != 0 && random.chance(8)).then(|| pro(demo, person, &mut random)),
    }
}

fn birth(demo: &Demo, number: usize, person: &DemoIntervenant, random: &mut Random) -> (String, String, String) {
    let (near, abroad) = (number == 0 || random.chance(60), random.chance(15));
    if abroad && !near {
        let (ville, pays, nationalite, fits) = *random.pick(&ABROAD);
        let kept = random.chance(40) && (fits || person.statut != "fonctionnaire");
        return (ville.to_owned(), pays.to_owned(), if kept { nationalite } else { FRENCH }.to_owned());
    }
    let regions: Vec<&String> = demo.reference.departements.keys().collect();
    let region = if near { &person.region } else { *random.pick(&regions) };
    let departement = random.pick(&demo.reference.departements[region]).clone();
    let ville = demo.reference.residence(&departement, random).commune.clone();
    (ville, FRANCE.to_owned(), FRENCH.to_owned())
}

/// Where somebody is reached at work, when it is not at their employer's seat.
fn pro(demo: &Demo, person: &DemoIntervenant, random: &mut Random) -> DemoPro {
    let place = demo.reference.residence(&person.departement, random);
    let email = format!("{}.{}@service.example", grammar::ascii(&person.prenom), grammar::ascii(&person.nom));
    DemoPro {
        adresse: place::street(random),
        code_postal: place.code_postal.clone(),
        commune: place.commune.clone(),
        telephone: landline(&person.region, random),
        courriel: email,
    }
}

pub(super) fn is_mobile(number: &str) -> bool {
    number.starts_with("06")
}

fn mobile(random: &mut Random) -> String {
    format!("06 39 98 {:02} {:02}", random.below(100), random.below(100))
}

/// A fixed number of ARCEP's ranges for fiction; overseas has none, and takes a mobile number of fiction.
fn landline(region: &str, random: &mut Random) -> String {
    format!("{} {:02} {:02}", place::fixed_prefix(region), random.below(100), random.below(100))
}
