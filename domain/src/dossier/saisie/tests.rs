use super::*;
use crate::profil::Identification;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
}

fn champs(pairs: &[(&str, &str)]) -> Champs {
    pairs.iter().copied().collect()
}

/// A block that is right, as it is typed.
fn right(bloc: Bloc) -> Champs {
    champs(match bloc {
        Bloc::Adresse => {
            &[("adresse", "3 rue des Ajoncs"), ("code_postal", "29 200"), ("commune", "Brest"), ("pays", "France")]
        }
        Bloc::Telephones => &[("telephone_domicile", "02 98 00 00 00")],
        Bloc::Identite => {
            &[("type_identite", "carte_identite"), ("numero_identite", "12ab 34567"), ("expire_le", "2031-05-02")]
        }
        Bloc::CarteVitale => &[("nir", "2 55 08 14 168 025")],
        Bloc::Statut => &[("statut", "fonctionnaire"), ("fonction", "Formatrice")],
        Bloc::Employeur => &[
            ("employeur_nom", "Commune de Brest"),
            ("employeur_siret", "20000017200011"),
            ("employeur_code_postal", "29200"),
            ("employeur_commune", "Brest"),
        ],
        Bloc::Vigilance => &[("vigilance_etablie_le", "02/11/2026"), ("vigilance_code", "8N4X7QK2M9P3W5Z")],
        Bloc::Banque => &[("titulaire", "Anne Le Gall"), ("iban", "fr7630006000011234567890189"), ("bic", "agrifrpp")],
    })
}

fn read(bloc: Bloc, champs: &Champs) -> Result<Saisie, Vec<Ecart>> {
    Saisie::read(bloc, champs, Some(Statut::Fonctionnaire), today())
}

fn refused(bloc: Bloc, changes: &[(&str, &str)]) -> Vec<&'static str> {
    let mut typed = right(bloc);
    for (name, value) in changes {
        typed.set(*name, *value);
    }
    read(bloc, &typed).unwrap_err().into_iter().map(|ecart| ecart.champ).collect()
}

#[test]
fn d14_a_form_holds_no_number_that_its_block_masks() {
    // A block that masks one more number and leaves it in its form fails here.
    for saisie in Bloc::ALL.iter().map(|&bloc| read(bloc, &right(bloc)).unwrap()) {
        let whole: Vec<String> = saisie.lignes(Vue::EnClair).into_iter().map(|ligne| ligne.valeur).collect();
        let masked: Vec<String> = saisie.lignes(Vue::Masquee).into_iter().map(|ligne| ligne.valeur).collect();
        let form = saisie.champs_sans_numeros();
        let compact = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let shown: Vec<String> = saisie.bloc().champs().iter().flat_map(|name| form.all(name)).map(compact).collect();
        for number in whole.iter().zip(&masked).filter(|(whole, masked)| whole != masked).map(|(whole, _)| whole) {
            assert!(!shown.contains(&compact(number)), "{} {number}", saisie.bloc());
        }
        assert_eq!(whole != masked, saisie.bloc().sensible(), "{}", saisie.bloc());
    }
}

#[test]
fn d8_a_block_that_is_right_is_read_and_its_form_reads_the_same_again() {
    for &bloc in Bloc::ALL {
        let saisie = read(bloc, &right(bloc)).unwrap();
        assert_eq!(saisie.bloc(), bloc);
        assert_eq!(read(bloc, &saisie.champs()), Ok(saisie.clone()), "{bloc}");
        assert!(!saisie.lignes(Vue::Masquee).is_empty());
    }
}

#[test]
fn d4_what_was_kept_is_read_back_as_it_was_whatever_changed_since() {
    for &bloc in Bloc::ALL {
        let saisie = read(bloc, &right(bloc)).unwrap();
        assert_eq!(Saisie::kept(bloc, &saisie.champs(), today()), Ok(saisie), "{bloc}");
    }
    let mut elsewhere = right(Bloc::Employeur);
    for (name, value) in [
        ("pro_differentes", "1"),
        ("pro_adresse", "1 quai Sud"),
        ("pro_code_postal", "29000"),
        ("pro_commune", "Quimper"),
        ("pro_telephone", "02 98 00 00 00"),
        ("pro_courriel", "anne@brest.example"),
    ] {
        elsewhere.set(name, value);
    }
    let elsewhere = read(Bloc::Employeur, &elsewhere).unwrap();
    assert_eq!(Saisie::kept(Bloc::Employeur, &elsewhere.champs(), today()).as_ref(), Ok(&elsewhere));
    let lignes = elsewhere.lignes(Vue::Masquee);
    assert!(lignes.iter().any(|ligne| ligne.valeur == "1 quai Sud, 29000 Quimper"));
    let public = read(Bloc::Employeur, &right(Bloc::Employeur)).unwrap().champs();
    let private = Employeur::read(&public, Some(Statut::SalariePrive)).unwrap();
    assert_eq!(private.genre, TypeEmployeur::Prive, "a form does not choose the kind of the employer");
}

#[test]
fn d9_an_empty_block_says_each_field_that_it_needs() {
    let needed: [(Bloc, &[&str]); 8] = [
        (Bloc::Adresse, &["adresse", "code_postal", "commune", "pays"]),
        (Bloc::Telephones, &["telephone"]),
        (Bloc::Identite, &["type_identite", "numero_identite", "expire_le"]),
        (Bloc::CarteVitale, &["nir"]),
        (Bloc::Statut, &["statut"]),
        (Bloc::Employeur, &["employeur_nom", "employeur_siret", "employeur_code_postal", "employeur_commune"]),
        (Bloc::Vigilance, &["vigilance_etablie_le", "vigilance_code"]),
        (Bloc::Banque, &["titulaire", "iban", "bic"]),
    ];
    assert_eq!(needed.map(|(bloc, _)| bloc), Bloc::ALL);
    for (bloc, expected) in needed {
        let wrong = read(bloc, &Champs::default()).unwrap_err();
        assert_eq!(wrong.iter().map(|ecart| ecart.champ).collect::<Vec<_>>(), expected, "{bloc}");
    }
}

#[test]
fn d9_every_mistake_of_a_block_is_said_at_its_field() {
    assert_eq!(refused(Bloc::Adresse, &[("code_postal", "292"), ("commune", "")]), ["code_postal", "commune"]);
    assert_eq!(
        refused(Bloc::Identite, &[("type_identite", "permis"), ("numero_identite", "é"), ("expire_le", "31/02/2030")]),
        ["type_identite", "numero_identite", "expire_le"]
    );
    assert_eq!(
        refused(Bloc::Banque, &[("titulaire", &"x".repeat(151)), ("iban", "FR76"), ("bic", "A")]),
        ["titulaire", "iban", "bic"]
    );
    assert_eq!(refused(Bloc::CarteVitale, &[("nir", "2 55 08 14 168 025 39")]), ["nir"]);
    assert_eq!(
        refused(Bloc::Vigilance, &[("vigilance_etablie_le", "hier"), ("vigilance_code", "8N4X-é")]),
        ["vigilance_etablie_le", "vigilance_code"]
    );
    assert_eq!(refused(Bloc::Vigilance, &[("vigilance_code", "123")]), ["vigilance_code"]);
    assert_eq!(
        refused(Bloc::Employeur, &[("employeur_siret", "20000017200012"), ("pro_differentes", "1")]),
        ["employeur_siret", "pro_adresse", "pro_code_postal", "pro_commune"]
    );
}

#[test]
fn d4_one_phone_of_four_is_enough_and_one_that_is_wrong_is_not_one_that_is_missing() {
    for name in Bloc::Telephones.champs() {
        assert!(read(Bloc::Telephones, &champs(&[(name, "06 12 34 56 78")])).is_ok(), "{name}");
    }
    assert_eq!(refused(Bloc::Telephones, &[("telephone_domicile", "02 98")]), ["telephone_domicile"]);
    assert_eq!(
        refused(Bloc::Telephones, &[("telephone", "06")]),
        ["telephone"],
        "one right number excuses no wrong one"
    );
}

#[test]
fn d5_an_identity_document_is_valid_today_and_for_twenty_years_at_most() {
    let said = |genre: &str, expire_le: &str| {
        let typed = champs(&[("type_identite", genre), ("numero_identite", "12"), ("expire_le", expire_le)]);
        let end = |read: Identite| read.expire_le.map_or_else(|| "aucune".to_owned(), |day| day.to_string());
        Identite::read(&typed, today()).map(end).map_err(|wrong| wrong[0].phrase.clone())
    };
    assert_eq!(said("passeport", "25/11/2026").as_deref(), Ok("2026-11-25"));
    assert_eq!(said("passeport", "25/11/2046").as_deref(), Ok("2046-11-25"));
    assert!(said("passeport", "26/11/2046").unwrap_err().contains("année"));
    assert!(said("passeport", "24/11/2026").unwrap_err().contains("périmée"));
    assert!(said("carte_identite", "24/11/2026").unwrap_err().contains("cinq ans de plus"));
    assert_eq!(said("passeport", "25112046").as_deref(), Ok("2046-11-25"), "as a keypad types it");
    assert!(said("passeport", "25/11/46").unwrap_err().contains("quatre chiffres"));
}

#[test]
fn d5_a_carte_d_identite_may_have_no_end_and_nothing_else_may() {
    let said = |genre: &str, expire_le: &str, box_: &str| {
        let typed =
            champs(&[("type_identite", genre), ("numero_identite", "12"), ("expire_le", expire_le), (SANS_FIN, box_)]);
        Identite::read(&typed, today()).map_err(|wrong| (wrong[0].champ, wrong[0].phrase.clone()))
    };
    for (expire_le, box_) in [("01/01/9999", ""), ("31.12.9999", ""), ("01019999", "1"), ("9999-12-31", ""), ("", "1")]
    {
        let read = said("carte_identite", expire_le, box_).unwrap();
        assert_eq!(read.expire_le, None, "{expire_le} {box_}");
        let saisie = Saisie::Identite(read);
        assert_eq!(Saisie::kept(Bloc::Identite, &saisie.champs(), today()).as_ref(), Ok(&saisie));
        assert!(saisie.lignes(Vue::Masquee).iter().any(|ligne| ligne.valeur == "sans date de fin"));
        for genre in ["passeport", "titre_sejour"] {
            let (champ, phrase) = said(genre, expire_le, box_).unwrap_err();
            assert_eq!(champ, "expire_le");
            assert!(phrase.contains("Seule une carte d’identité"), "{genre}: {phrase}");
        }
    }
    assert!(said("carte_identite", "02/05/2031", "1").unwrap_err().1.contains("pas les deux"));
    assert!(said("carte_identite", "02/01/9999", "").unwrap_err().1.contains("quatre chiffres"));
    assert_eq!(said("carte_identite", "", "").unwrap_err().0, "expire_le");
    assert_eq!(said("carte_identite", "02/05/2031", "").unwrap().expire_le.unwrap().to_string(), "2031-05-02");
    assert_eq!(said("", "01/01/9999", "").unwrap_err().0, "type_identite");
}

#[test]
fn d5_the_number_of_an_identity_document_is_of_one_to_twenty_letters_and_digits() {
    let kept = |typed: &str| NumeroIdentite::parse(typed).map(|numero| numero.as_str().to_owned());
    assert_eq!(kept(" 12ab-34 ").as_deref(), Ok("12AB34"));
    assert!(kept(&"7".repeat(NUMERO_MAX)).is_ok());
    assert!(kept(&"7".repeat(NUMERO_MAX + 1)).unwrap_err().contains("21"));
    for typed in ["", "-", "12/34", "É12"] {
        assert!(kept(typed).is_err(), "{typed}");
    }
}

#[test]
fn d8_the_statut_decides_which_employer_is_asked_for() {
    let named = champs(&[("employeur_nom", "Atelier du Ponant"), ("employeur_siret", "20000017200011")]);
    let private = Employeur::read(&named, Some(Statut::SalariePrive)).unwrap();
    assert_eq!((private.genre, private.pro), (TypeEmployeur::Prive, None));
    let wrong = Employeur::read(&named, Some(Statut::Fonctionnaire)).unwrap_err();
    assert_eq!(wrong.len(), 2, "a public employer has a postcode and a commune: {wrong:?}");
    for statut in [None, Some(Statut::Retraite), Some(Statut::SansActivite)] {
        assert_eq!(Employeur::read(&named, statut).unwrap_err()[0].champ, "statut");
    }
}

#[test]
fn d8_the_sepa_box_ticks_itself_for_the_countries_of_the_area() {
    let sepa = |iban: &str, ticked: &str| {
        let typed = champs(&[("titulaire", "Anne"), ("iban", iban), ("bic", "AGRIFRPP"), ("sepa", ticked)]);
        Banque::read(&typed).unwrap().sepa
    };
    assert!(sepa("FR7630006000011234567890189", ""));
    assert!(!sepa("TN5910006035183598478831", ""));
    assert!(sepa("TN5910006035183598478831", "1"));
}

#[test]
fn d11_what_is_validated_takes_the_place_of_what_the_profile_says() {
    let mut profil = Identification { nom: "Le Gall".to_owned(), ..Identification::default() };
    for &bloc in Bloc::ALL {
        read(bloc, &right(bloc)).unwrap().report(&mut profil);
    }
    assert_eq!((profil.nom.as_str(), profil.commune.as_str(), profil.pays.as_str()), ("Le Gall", "Brest", "France"));
    assert_eq!((profil.telephone.as_str(), profil.telephone_domicile.as_str()), ("", "+33298000000"));
    assert_eq!((profil.statut, profil.employeur_nom.as_str()), (Some(Statut::Fonctionnaire), "Commune de Brest"));
    let retired = StatutPro { statut: Statut::Retraite, fonction: String::new() };
    Saisie::Statut(retired).report(&mut profil);
    assert_eq!((profil.employeur_nom.as_str(), profil.employeur_siret), ("", None));
}

#[test]
fn d14_numbers_are_shown_masked_unless_one_asks_and_printed_by_nobody() {
    for (bloc, whole, masked) in [
        (Bloc::CarteVitale, "2 55 08 14 168 025 38", "2 55 •• •• ••• ••• ••"),
        (Bloc::Banque, "FR76 3000 6000 0112 3456 7890 189", "FR•• •••• •••• •••• •••• •••0 189"),
        (Bloc::Identite, "12AB34567", "•••••••67"),
    ] {
        assert!(bloc.sensible());
        let saisie = read(bloc, &right(bloc)).unwrap();
        let there = |vue, value: &str| saisie.lignes(vue).iter().any(|ligne| ligne.valeur == value);
        assert!(there(Vue::EnClair, whole) && !there(Vue::EnClair, masked), "{bloc}");
        assert!(there(Vue::Masquee, masked) && !there(Vue::Masquee, whole), "{bloc}");
        let printed = format!("{saisie:?} {:?}", saisie.lignes(Vue::EnClair));
        for secret in [whole, &whole.replace(' ', "")] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
    assert_eq!(NumeroIdentite::parse("12345").unwrap().masked(), "•••••", "too short to show any of it");
}

#[test]
fn d14_only_the_sensitive_blocks_change_when_they_are_masked() {
    for &bloc in Bloc::ALL {
        let saisie = read(bloc, &right(bloc)).unwrap();
        assert_eq!(saisie.lignes(Vue::Masquee) != saisie.lignes(Vue::EnClair), bloc.sensible(), "{bloc}");
    }
}
