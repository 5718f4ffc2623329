//! The set as a whole: reproducible, coherent, and faithful to the referentials.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::{grammar::ascii, *};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 14).expect("a date")
}

fn demo(seed: u64) -> Demo {
    Demo::new(seed, today()).expect("a set")
}

/// Everything the form says about a person, without their files.
fn profile(person: &DemoIntervenant) -> String {
    let bare = DemoIntervenant { cv: None, diplome: None, ..person.clone() };
    format!("{bare:?}")
}

fn words(text: &str) -> BTreeSet<String> {
    text.replace("\\n", " ")
        .split(|character: char| !character.is_alphanumeric())
        .map(ascii)
        .filter(|word| word.len() >= 5)
        .collect()
}

/// Luhn's sum, written apart from the generator's.
fn luhn_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            let doubled = digit * (1 + u32::from((digits.len() - place).is_multiple_of(2)));
            doubled / 10 + doubled % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[test]
fn o1_same_seed_same_set_another_seed_another_set() {
    let (first, again, other) = (demo(1), demo(1), demo(2));
    let mut differing = 0;
    for number in 0..200 {
        let person = first.intervenant(number);
        assert_eq!(person, again.intervenant(number));
        assert_eq!(first.annonce(number), again.annonce(number));
        assert_eq!(first.thread(number, 50), again.thread(number, 50));
        differing += usize::from(person != other.intervenant(number));
    }
    assert_eq!(first.gestionnaires(), again.gestionnaires());
    assert!(differing >= 199);
}

#[test]
fn o1_a_person_does_not_depend_on_the_ones_before() {
    let demo = demo(3);
    let streamed: Vec<_> = demo.intervenants(50).collect();
    for number in (0..50).rev() {
        assert_eq!(demo.intervenant(number), streamed[number]);
    }
    // Any number can be asked for, far beyond any real set.
    assert_ne!(demo.intervenant(5_000_000), demo.intervenant(5_000_001));
}

#[test]
fn o1_who_people_are_does_not_depend_on_the_day() {
    let later = Demo::new(1, NaiveDate::from_ymd_opt(2031, 2, 3).expect("a date")).expect("a set");
    let now = demo(1);
    for number in 0..50 {
        let (a, b) = (now.intervenant(number), later.intervenant(number));
        assert_eq!((a.nom, a.prenom, a.cv), (b.nom, b.prenom, b.cv));
        assert_eq!(a.experiences_professionnelles, b.experiences_professionnelles);
    }
}

#[test]
fn o1_emails_and_identities_are_unique_among_20000() {
    let demo = demo(1);
    let mut emails = BTreeSet::new();
    let mut identities = BTreeSet::new();
    for person in demo.intervenants(20_000) {
        assert!(person.email.ends_with(".example"), "{}", person.email);
        assert!(person.email.is_ascii());
        let identity = (person.civilite, ascii(&person.nom), ascii(&person.prenom), person.date_naissance);
        assert!(identities.insert(identity), "{} {}", person.prenom, person.nom);
        assert!(emails.insert(person.email));
    }
}

#[test]
fn o1_no_first_name_stands_in_two_lists_that_one_day_may_draw_from() {
    let demo = demo(1);
    let lists = demo.names.prenoms_by_list();
    let is_generation = |list: &str| list.ends_with(char::is_numeric);
    for (one, names) in lists {
        assert!(names.len() >= 12, "{one}");
        let distinct: BTreeSet<String> = names.iter().map(|name| ascii(name)).collect();
        assert_eq!(distinct.len(), names.len(), "{one}");
        for (other, others) in lists {
            let same_gender = one[..1] == other[..1];
            if one < other && same_gender && !(is_generation(one) && is_generation(other)) {
                for name in others {
                    assert!(!distinct.contains(&ascii(name)), "{name} in {one} and {other}");
                }
            }
        }
    }
}

#[test]
fn o1_every_code_exists_in_the_referentials() {
    let demo = demo(1);
    let reference = &demo.reference;
    let employers: BTreeMap<&str, &str> = reference
        .employers
        .iter()
        .map(|employer| (employer.siret.as_str(), employer.raison_sociale.as_str()))
        .collect();
    let communes: BTreeSet<(&str, &str, &str)> = reference
        .employers
        .iter()
        .map(|e| (e.code_postal.as_str(), e.commune.as_str(), e.departement.as_str()))
        .collect();
    for person in demo.intervenants(2_000) {
        assert!(communes.contains(&(
            person.code_postal.as_str(),
            person.commune.as_str(),
            person.departement.as_str()
        )));
        assert!(reference.departements[&person.region].contains(&person.departement));
        assert!(reference.structure(&person.structure).is_some());
        assert_eq!(person.regions[0], person.region);
        for region in &person.regions {
            assert!(reference.departements.contains_key(region));
        }
        for departement in &person.departements {
            assert!(reference.departements[&person.region].contains(departement));
        }
        assert!(!person.specialites.is_empty());
        for (specialite, chosen) in &person.specialites {
            for code in chosen {
                assert!(reference.specialites[specialite].contains(code), "{code}");
            }
        }
        for (langue, _) in &person.langues {
            assert!(reference.langues.contains(langue), "{langue}");
        }
        match (&person.employeur, person.statut) {
            (Some(employer), "fonctionnaire" | "agent_non_titulaire") => {
                assert!(employer.public);
                assert_eq!(employers.get(employer.siret.as_str()), Some(&employer.raison_sociale.as_str()));
            }
            (Some(employer), "independant" | "salarie_prive") => {
                assert!(!employer.public && !employers.contains_key(employer.siret.as_str()));
                assert_eq!(employer.siret.len(), 14);
                assert!(employer.siret.starts_with("00"));
                assert!(luhn_holds(&employer.siret) && luhn_holds(&employer.siret[..9]));
            }
            (None, "retraite" | "sans_activite") => {}
            other => panic!("{other:?}"),
        }
    }
    for number in 0..500 {
        let annonce = demo.annonce(number);
        assert!(reference.structure(&annonce.structure).is_some());
        let subs = &reference.specialites[&annonce.specialite];
        assert!(annonce.sous_specialite.is_none_or(|code| subs.contains(&code)));
        for departement in &annonce.departements {
            assert!(annonce.regions.iter().any(|region| reference.departements[region].contains(departement)));
        }
    }
}

#[test]
fn o1_lives_are_coherent() {
    let demo = demo(1);
    for person in demo.intervenants(3_000) {
        let who = &person.email;
        let adult = person.date_naissance.year() + 18;
        let before = |periods: &[DemoPeriode]| {
            for pair in periods.windows(2) {
                assert!(pair[0].du < pair[1].du, "{who}");
            }
            for period in periods {
                assert!(period.du.year() >= adult, "{who}");
                assert!(period.au.unwrap_or(today()) >= period.du, "{who} {period:?}");
                assert!(period.au.unwrap_or(today()) <= today(), "{who}");
            }
        };
        before(&person.formations_initiales);
        before(&person.experiences_professionnelles);
        before(&person.formations_suivies);
        before(&person.actions_professionnalisation);
        let graduated = person.formations_initiales.iter().filter_map(|diploma| diploma.au).max().expect("a diploma");
        let first_job = person.experiences_professionnelles[0].du;
        assert!(graduated < first_job, "{who}: {graduated} {first_job}");
        for pair in person.experiences_professionnelles.windows(2) {
            assert!(pair[0].au.is_some_and(|end| end < pair[1].du), "{who}");
        }
        let last = person.experiences_professionnelles.last().expect("a job");
        assert_eq!(last.au.is_none(), person.employeur.is_some(), "{who}");
        assert_eq!(person.experience.is_some(), person.motivation.is_none());
        assert_eq!(person.etat == "validee", person.valide());
        assert!(person.valide_le.is_none_or(|day| day < today()));
        assert!(!(person.alerte[2] && (person.alerte[0] || person.alerte[1])));
        for intervention in &person.interventions {
            assert!(intervention.du <= intervention.au);
            let expected = if intervention.au < today() {
                "realisee"
            } else if intervention.du > today() {
                "prevue"
            } else {
                "en_cours"
            };
            assert_eq!(intervention.etat, expected);
        }
    }
}

#[test]
fn o1_no_sentence_keeps_a_gap() {
    let demo = demo(1);
    let has_gap = |text: &str| {
        text.contains(['{', '}', '[', '|'])
            || text.contains(" de le ")
            || text.contains(" à les ")
            || text.contains("  ")
            // Names keep their form (« Commune de Eyraud »); common words are elided.
            || [" de a", " de e", " de é", " de i", " de o"].iter().any(|missing| text.contains(missing))
    };
    for number in 0..1_500 {
        let person = demo.intervenant(number);
        let mut texts = vec![person.titre.clone()];
        texts.extend(person.experience.clone());
        texts.extend(person.motivation.clone());
        texts.extend(person.cv.map(|cv| cv.text));
        texts.extend(person.experiences_professionnelles.into_iter().map(|job| job.description));
        texts.extend(person.formations_suivies.into_iter().map(|course| course.intitule));
        let annonce = demo.annonce(number);
        texts.extend([annonce.titre, annonce.description]);
        for message in demo.thread(number % 100, 40).expect("a thread").messages {
            texts.extend([message.objet, message.texte]);
        }
        for text in texts {
            assert!(!text.is_empty() && !has_gap(&text), "{text}");
        }
    }
}

#[test]
fn o1_no_two_of_300_cvs_look_alike() {
    let demo = demo(1);
    let texts: BTreeSet<String> =
        demo.intervenants(300).filter_map(|person| person.experience.or(person.motivation)).collect();
    assert_eq!(texts.len(), 300);
    let cvs: Vec<BTreeSet<String>> =
        demo.intervenants(300).filter_map(|person| person.cv).map(|cv| words(&cv.text)).collect();
    for (index, one) in cvs.iter().enumerate() {
        for other in &cvs[..index] {
            let shared = one.intersection(other).count();
            assert!(shared * 10 < one.union(other).count() * 8, "{one:?}");
        }
    }
}

#[test]
fn o1_every_cv_holds_words_that_the_profile_lacks() {
    let demo = demo(1);
    let mut formats = BTreeSet::new();
    let mut count = 0;
    for person in demo.intervenants(1_000) {
        let Some(cv) = &person.cv else { continue };
        count += 1;
        formats.insert(cv.format);
        assert!(cv.name.ends_with(cv.format.extension()));
        let known = words(&profile(&person));
        let only_there = words(&cv.text).difference(&known).count();
        assert!(only_there >= 8, "{}: {only_there}", person.email);
    }
    assert_eq!(formats.len(), 7);
    assert!((650..850).contains(&count), "{count}");
}

#[test]
fn o1_each_witness_word_stands_in_one_file_alone() {
    let demo = demo(1);
    let witnesses = witnesses();
    let formats: BTreeSet<_> = witnesses.iter().map(|(format, _, _)| *format).collect();
    assert_eq!(formats.len(), 7);
    for (number, person) in demo.intervenants(3_000).enumerate() {
        let said = ascii(&profile(&person));
        let file = person.cv.as_ref().map(|cv| ascii(&cv.text)).unwrap_or_default();
        for (format, word, expected) in witnesses {
            assert!(!said.contains(&ascii(word)), "{word} in the profile of {number}");
            assert_eq!(file.contains(&ascii(word)), number == expected, "{word} {number}");
            if number == expected {
                assert_eq!(person.cv.as_ref().map(|cv| cv.format), Some(format));
                assert!(person.valide());
            }
        }
    }
}

#[test]
fn o1_every_file_can_be_written() {
    let demo = demo(4);
    for person in demo.intervenants(300) {
        for file in person.cv.iter().chain(&person.diplome) {
            let bytes = file.bytes().expect("bytes");
            assert!(bytes.len() < 2 * 1024 * 1024);
            assert!(bytes.len() > 300);
        }
    }
}

#[test]
fn o1_the_documented_logins_are_there() {
    let demo = demo(1);
    let person = demo.intervenant(0);
    assert_eq!(person.email, INTERVENANT_LOGIN);
    assert_eq!((person.structure.as_str(), person.region.as_str()), ("bretagne", "53"));
    assert!(person.valide() && person.alerte[0]);

    let gestionnaires = demo.gestionnaires();
    let logins: BTreeSet<&str> = gestionnaires.iter().map(|g| g.email.as_str()).collect();
    assert_eq!(logins.len(), gestionnaires.len());
    for structure in &demo.reference.structures {
        let own = gestionnaires.iter().filter(|g| g.structure == structure.code).count();
        assert!((2..=8).contains(&own), "{} {own}", structure.code);
        assert!(logins.contains(format!("gestion.{}@demo.example", structure.code).as_str()));
    }
    for login in [GESTIONNAIRE_LOGIN, SECOND_GESTIONNAIRE_LOGIN] {
        let found = gestionnaires.iter().find(|g| g.email == login).expect("a login");
        assert_eq!(found.structure, "bretagne");
    }
    assert_eq!(demo.administrateur().email, ADMINISTRATEUR_LOGIN);
}

#[test]
fn k1_the_demonstration_password_obeys_the_rule() {
    assert!((8..=24).contains(&PASSWORD.chars().count()));
    assert!(PASSWORD.chars().any(char::is_lowercase));
    assert!(PASSWORD.chars().any(char::is_uppercase));
    assert!(PASSWORD.chars().any(|c| c.is_ascii_digit()));
    assert!(PASSWORD.chars().any(|c| !c.is_alphanumeric()));
}

#[test]
fn o1_annonces_are_dated_around_the_day_of_the_set() {
    let demo = demo(1);
    let mut states = BTreeSet::new();
    for number in 0..500 {
        let annonce = demo.annonce(number);
        states.insert(annonce.etat);
        assert!(annonce.du <= annonce.au, "{annonce:?}");
        let paragraphs = annonce.description.split("\n\n").count();
        assert!((2..=4).contains(&paragraphs));
        match annonce.etat {
            "publiee" => assert!(annonce.du > today() && annonce.days_ago < 60),
            "cloturee" => assert!(annonce.au < today() && annonce.days_ago >= 90),
            _ => assert_eq!(annonce.days_ago, 0),
        }
    }
    assert_eq!(states.len(), 3);
    assert!((0..3).all(|number| demo.annonce(number).etat == "publiee"));
}

#[test]
fn o1_threads_alternate_and_only_their_last_message_waits() {
    let demo = demo(1);
    for number in 0..150 {
        let thread = demo.thread(number, 60).expect("a thread");
        let person = demo.intervenant(thread.intervenant);
        assert!(person.valide());
        let structure = demo.reference.structure(&thread.structure).expect("a structure");
        assert!(structure.messagerie_active);
        for pair in thread.messages.windows(2) {
            assert!(pair[0].hours_ago > pair[1].hours_ago);
            assert_ne!(pair[0].gestionnaire.is_some(), pair[1].gestionnaire.is_some());
            assert!(pair[0].lu);
        }
    }
    // The documented logins open on a mailbox where something waits on each side.
    let shown: Vec<_> = (0..2).map(|number| demo.thread(number, 60).expect("a thread")).collect();
    for (thread, by_structure) in shown.iter().zip([true, false]) {
        let last = thread.messages.last().expect("a message");
        assert_eq!(thread.intervenant, 0);
        assert_eq!((last.gestionnaire.is_some(), last.lu), (by_structure, false));
    }
    assert!(demo.thread(0, 0).is_none());
}

#[test]
fn o1_every_specialite_has_words_of_its_own() {
    let demo = demo(1);
    let codes: BTreeSet<&str> = demo.vocabularies.iter().map(|v| v.specialite).collect();
    let referential: BTreeSet<&str> = demo.reference.specialites.keys().map(String::as_str).collect();
    assert_eq!(codes, referential);
    for v in &demo.vocabularies {
        let phrases = [&v.missions, &v.sujets, &v.textes, &v.outils, &v.publics, &v.diplomes];
        let count: usize = phrases.iter().map(|list| list.len()).sum();
        assert!(count >= 25 && v.metiers.len() >= 3, "{} {count}", v.specialite);
    }
}

#[test]
fn o1_those_who_register_stand_in_every_state() {
    let demo = demo(1);
    let all = demo.inscriptions();
    assert_eq!(all, demo.inscriptions(), "the same each time");
    let mut emails = BTreeSet::new();
    for inscription in &all {
        let person = &inscription.person;
        assert_eq!(person.structure, "bretagne");
        assert!(person.cv.is_some() && person.interventions.is_empty() && !person.valide(), "{}", person.email);
        assert!(!person.specialites.is_empty() && !person.regions.is_empty() && !person.adresse.is_empty());
        assert!(inscription.decidee_hours_ago <= inscription.transmise_hours_ago);
        assert!(emails.insert(person.email.clone()), "{}", person.email);
    }
    for etat in ["brouillon", "transmise", "en_analyse", "complement", "rejetee"] {
        assert!(all.iter().filter(|inscription| inscription.etat == etat).count() > 1, "{etat}");
    }
    let others: BTreeSet<String> = demo.intervenants(2_000).map(|person| person.email).collect();
    assert!(emails.is_disjoint(&others) && !others.contains(CANDIDAT_LOGIN));
}

#[test]
fn i14_nobody_validated_misses_anything_of_the_form() {
    let demo = demo(1);
    let structures: std::collections::HashMap<String, domain::StructureId> = demo
        .reference
        .structures
        .iter()
        .zip(1..)
        .map(|(structure, id)| (structure.code.clone(), domain::StructureId(id)))
        .collect();
    let mut checked = 0;
    for person in (0..400).map(|number| demo.intervenant(number)).filter(DemoIntervenant::valide) {
        let profil = super::people_load::profil(&person, &structures).unwrap();
        let page = super::people_load::page(&person, &profil).unwrap();
        assert_eq!(page.missing(), [], "{} {}", person.prenom, person.nom);
        let (read, wrong) = domain::profil::Identification::read(&page.champs(), today());
        assert_eq!(
            (wrong.as_slice(), read.nom.as_str()),
            (&[][..], page.nom.as_str()),
            "its form can be sent as it is"
        );
        let parcours = domain::profil::Parcours {
            titre: profil.titre.clone(),
            specialites: profil.specialites.clone(),
            experimente: Some(person.experience.is_some()),
            experience: profil.experience.clone(),
            motivation: profil.motivation.clone(),
            langues: profil.langues.clone(),
        };
        assert_eq!(parcours.missing(), []);
        assert_eq!(domain::profil::Parcours::read(&parcours.champs()).1, []);
        assert!(person.experience.is_some() != person.motivation.is_some() && !person.specialites.is_empty());
        if let Some(employer) = person.employeur.as_ref().filter(|employer| employer.public) {
            assert!(demo.reference.employers.iter().any(|row| row.siret == employer.siret
                && row.commune == employer.commune
                && row.code_postal == employer.code_postal));
        }
        checked += 1;
    }
    assert!(checked > 200, "{checked}");
}

#[test]
fn o1_people_are_born_and_called_in_different_places() {
    let demo = demo(1);
    let fiction = ["01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98"];
    let (mut nationalities, mut countries, mut homes) = (BTreeSet::new(), BTreeSet::new(), 0);
    for person in demo.intervenants(2_000) {
        let civil = &person.civil;
        let pro = civil.pro.as_ref().map(|pro| pro.telephone.as_str());
        let phones =
            [&person.telephone, &civil.telephone_domicile, &civil.telephone_professionnel, &civil.telephone_autre];
        for phone in phones.into_iter().map(String::as_str).chain(pro).filter(|phone| !phone.is_empty()) {
            assert!(fiction.iter().any(|range| phone.starts_with(range)), "{phone}");
        }
        assert!(civil.pro.as_ref().is_none_or(|pro| pro.courriel.ends_with(".example")));
        assert!(civil.pro.is_none() || person.employeur.is_some());
        if person.statut == "fonctionnaire" {
            let union = ["française", "belge", "portugaise", "italienne", "allemande", "espagnole", "polonaise"];
            assert!(union.contains(&civil.nationalite.as_str()), "{}", civil.nationalite);
        }
        homes += usize::from(civil.ville_naissance == person.commune);
        nationalities.insert(civil.nationalite.clone());
        countries.insert(civil.pays_naissance.clone());
    }
    assert!(nationalities.len() > 5 && countries.len() > 5, "{nationalities:?} {countries:?}");
    assert!(homes < 400, "{homes} live where they were born");
}
