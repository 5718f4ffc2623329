use chrono::NaiveDate;

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
}

fn champs(pairs: &[(&str, &str)]) -> Champs {
    pairs.iter().copied().collect()
}

fn complete() -> Champs {
    champs(&[
        ("civilite", "Mme"),
        ("nom", "Le Gall"),
        ("prenom", "Anne"),
        ("date_naissance", "02/05/1968"),
        ("ville_naissance", "Brest"),
        ("pays_naissance", "France"),
        ("nationalite", "française"),
        ("adresse", "3 rue des Ajoncs"),
        ("code_postal", "29 200"),
        ("commune", "Brest"),
        ("pays", "France"),
        ("telephone", "06 12 34 56 78"),
        ("statut", "fonctionnaire"),
        ("employeur_nom", "Commune de Brest"),
        ("employeur_siret", "200 000 172 00011"),
        ("employeur_code_postal", "29200"),
        ("employeur_commune", "Brest"),
        ("regions", "53"),
        ("structure", "3"),
    ])
}

#[test]
fn i14_a_complete_identification_misses_nothing() {
    let (read, wrong) = Identification::read(&complete(), today());
    assert_eq!(wrong, []);
    assert_eq!(read.missing(), []);
    assert_eq!((read.code_postal.as_str(), read.telephone.as_str()), ("29200", "+33612345678"));
}

#[test]
fn i14_each_required_field_is_asked_for_by_itself() {
    for name in [
        "civilite",
        "nom",
        "prenom",
        "date_naissance",
        "ville_naissance",
        "pays_naissance",
        "nationalite",
        "adresse",
        "code_postal",
        "commune",
        "pays",
        "telephone",
        "statut",
        "employeur_nom",
        "employeur_siret",
        "employeur_commune",
        "regions",
        "structure",
    ] {
        let mut without = complete();
        without.set(name, "");
        let (read, _) = Identification::read(&without, today());
        assert!(read.missing().iter().any(|ecart| ecart.champ == name), "{name}");
    }
    // Any of the four phones will do.
    let mut other = complete();
    other.set("telephone", "");
    other.set("telephone_autre", "02 98 00 00 00");
    assert_eq!(Identification::read(&other, today()).0.missing(), []);
}

#[test]
fn i6_the_statut_decides_the_employers_kind() {
    let expected = [
        (Statut::Fonctionnaire, Some(TypeEmployeur::Public)),
        (Statut::AgentNonTitulaire, Some(TypeEmployeur::Public)),
        (Statut::Independant, Some(TypeEmployeur::Prive)),
        (Statut::SalariePrive, Some(TypeEmployeur::Prive)),
        (Statut::Retraite, None),
        (Statut::SansActivite, None),
    ];
    assert_eq!(expected.len(), Statut::ALL.len());
    for (statut, kind) in expected {
        assert_eq!(statut.employeur(), kind);
    }
    let mut retired = complete();
    retired.set("statut", "retraite");
    let (read, _) = Identification::read(&retired, today());
    assert_eq!((read.employeur_nom.as_str(), read.employeur_siret.clone()), ("", None));
    assert_eq!(read.missing(), [], "who has no employer is asked for none");
}

#[test]
fn i7_another_professional_address_is_asked_for_when_its_box_is_ticked() {
    let mut ticked = complete();
    ticked.set("pro_differentes", "1");
    let missing: Vec<_> =
        Identification::read(&ticked, today()).0.missing().into_iter().map(|ecart| ecart.champ).collect();
    assert_eq!(missing, ["pro_adresse", "pro_code_postal", "pro_commune"]);
    let mut unticked = complete();
    unticked.set("pro_commune", "Quimper");
    assert_eq!(Identification::read(&unticked, today()).0.pro, Coordonnees::default());
}

#[test]
fn i9_what_can_not_be_read_is_said_and_the_rest_is_kept() {
    let mut slips = complete();
    slips.set("code_postal", "2920");
    slips.set("employeur_siret", "20000017200012");
    slips.set("date_naissance", "31/02/1968");
    slips.set("nom", "x".repeat(151));
    slips.set("statut", "roi");
    let (read, wrong) = Identification::read(&slips, today());
    let fields: Vec<_> = wrong.iter().map(|ecart| ecart.champ).collect();
    assert_eq!(fields, ["nom", "date_naissance", "code_postal", "statut", "employeur_siret"]);
    assert_eq!(read.prenom, "Anne");
    let (empty, wrong) = Identification::read(&Champs::default(), today());
    assert_eq!((empty, wrong), (Identification::default(), Vec::new()), "an empty page is no mistake");
}

#[test]
fn i1_a_date_of_birth_is_one_of_somebody_alive_and_grown() {
    assert_eq!(naissance("1968-05-02", today()), naissance("02/05/1968", today()));
    for typed in ["02051968", "02.05.1968", "02-05-1968", "02 05 1968"] {
        assert_eq!(naissance(typed, today()), naissance("1968-05-02", today()), "{typed}");
    }
    for slip in ["2026-01-01", "1890-01-01", "2068-05-02", "hier", "31/02/1968", ""] {
        assert!(naissance(slip, today()).is_err(), "{slip}");
    }
    assert!(naissance("02/05/68", today()).unwrap_err().contains("quatre chiffres"));
}

#[test]
fn i4_a_country_is_france_however_it_is_written_and_a_postcode_from_abroad_stays_as_it_is() {
    let kept = |pays: &str, typed: &str| {
        let mut page = complete();
        page.set("pays", pays);
        page.set("code_postal", typed);
        let (read, wrong) = Identification::read(&page, today());
        wrong.first().map_or(Ok(read.code_postal), |ecart| Err(ecart.phrase.clone()))
    };
    for pays in ["France", "FRANCE", " france ", "Fränce", "La Réunion", "MARTINIQUE", ""] {
        assert_eq!(kept(pays, "97 410").as_deref(), Ok("97410"), "{pays}");
        for wrong in ["9741", "974100", "SW1A 1AA", "B-1000"] {
            assert!(kept(pays, wrong).unwrap_err().contains("5 chiffres"), "{pays} {wrong}");
        }
    }
    for (typed, same) in
        [("SW1A 1AA", "SW1A 1AA"), (" 1000\u{A0}AA ", "1000 AA"), ("1000", "1000"), ("L-1011", "L-1011")]
    {
        assert_eq!(kept("Royaume-Uni", typed).as_deref(), Ok(same));
    }
    assert!(kept("Belgique", &"1".repeat(12)).is_ok());
    assert!(kept("Belgique", &"1".repeat(13)).unwrap_err().contains("12 caractères"));
    let mut cedex = complete();
    cedex.set("code_postal", "35042");
    cedex.set("commune", "RENNES CEDEX 7");
    let (read, wrong) = Identification::read(&cedex, today());
    assert_eq!((read.commune.as_str(), wrong), ("RENNES CEDEX 7", Vec::new()));
    for (typed, same) in [("35042 CEDEX", "35042 CEDEX"), (" 35042  Cedex\u{A0}07", "35042 Cedex 07")] {
        assert_eq!(kept("France", typed).as_deref(), Ok(same));
    }
    for wrong in ["3504 CEDEX", "35042 CEDEX 123", "35042 CEDEX 7 bis", "35042 RENNES", "CEDEX"] {
        assert!(kept("France", wrong).unwrap_err().contains("5 chiffres"), "{wrong}");
    }
}

#[test]
fn i5_i7_a_postcode_without_a_country_is_french_or_as_it_is_written_abroad() {
    let read = |statut: &str, field: &str, typed: &str| {
        let mut page = complete();
        page.set("statut", statut);
        page.set("pro_differentes", "1");
        page.set(field, typed);
        let (read, wrong) = Identification::read(&page, today());
        let kept = if field == "pro_code_postal" { read.pro.code_postal } else { read.employeur.code_postal };
        wrong.first().map_or(Ok(kept), |ecart| Err(ecart.phrase.clone()))
    };
    let abroad = [("employeur_code_postal", "salarie_prive"), ("pro_code_postal", "fonctionnaire")];
    for (field, statut) in abroad {
        for (typed, same) in [
            ("29 200", "29200"),
            ("35042 CEDEX 7", "35042 CEDEX 7"),
            ("1000", "1000"),
            ("SW1A  1AA", "SW1A 1AA"),
            ("L-1011", "L-1011"),
            ("1012 AB", "1012 AB"),
        ] {
            assert_eq!(read(statut, field, typed).as_deref(), Ok(same), "{field}");
        }
        for wrong in ["7", "Bruxelles", "1000/2", "SW1A 1AA SW1A"] {
            assert!(read(statut, field, wrong).unwrap_err().contains("5 chiffres en France"), "{field} {wrong}");
        }
    }
    // A public employer is in France.
    assert!(read("fonctionnaire", "employeur_code_postal", "1000").unwrap_err().contains("5 chiffres"));
    assert_eq!(read("fonctionnaire", "employeur_code_postal", "35042 CEDEX").as_deref(), Ok("35042 CEDEX"));
}

#[test]
fn q5_what_is_pasted_in_a_field_is_read_as_one_sees_it() {
    let mut pasted = complete();
    pasted.set("nom", "Le\u{B}Gall\u{200B}");
    pasted.set("telephone", "\u{202A}+33 6 12 34 56 78\u{202C}");
    pasted.set("employeur_siret", "200\u{200E}000172 00011");
    let (read, wrong) = Identification::read(&pasted, today());
    assert_eq!(wrong, []);
    assert_eq!((read.nom.as_str(), read.telephone.as_str()), ("Le Gall", "+33612345678"));
    let text = |typed: &str| Parcours::read(&champs(&[("motivation", typed)]));
    assert_eq!(text("en régie,\u{B}dix ans d’accompa\u{2}gnement").0.motivation, "en régie,\ndix ans d’accompagnement");
    // The limit is of the signs that the browser counts: one for the end of a line.
    let lines = vec!["x".repeat(49); 120].join("\r\n");
    assert_eq!(text(&lines).1, []);
    assert_eq!(text(&format!("{lines}x")).0.motivation.chars().count(), super::TEXT_MAX);
    assert_eq!(text(&format!("{lines}xx")).1.len(), 1);
}

#[test]
fn i10_experience_or_else_motivation() {
    let read = |pairs: &[(&str, &str)]| Parcours::read(&champs(pairs)).0;
    let fields = |parcours: &Parcours| parcours.missing().into_iter().map(|ecart| ecart.champ).collect::<Vec<_>>();
    assert_eq!(fields(&read(&[])), ["specialites", "experimente"]);
    assert_eq!(fields(&read(&[("specialites", "finances"), ("experimente", "oui")])), ["experience"]);
    assert_eq!(fields(&read(&[("specialites", "finances"), ("experimente", "non")])), ["motivation"]);
    assert_eq!(fields(&read(&[("specialites", "a"), ("experimente", "non"), ("motivation", "Transmettre.")])), [""; 0]);
}

#[test]
fn i12_each_language_has_a_level_and_stands_once() {
    let fine = champs(&[
        ("langues", "en"),
        ("langues", ""),
        ("langues", "br"),
        ("niveaux", "B2"),
        ("niveaux", ""),
        ("niveaux", "natif"),
    ]);
    let (read, wrong) = Parcours::read(&fine);
    assert_eq!(wrong, []);
    assert_eq!(read.langues, [("en".to_owned(), "B2".to_owned()), ("br".to_owned(), "natif".to_owned())]);
    for slip in [
        &[("langues", "en"), ("niveaux", "")][..],
        &[("langues", "en"), ("niveaux", "Z9")],
        &[("langues", "en"), ("langues", "en"), ("niveaux", "A1"), ("niveaux", "B1")],
    ] {
        assert_eq!(Parcours::read(&champs(slip)).1.len(), 1, "{slip:?}");
    }
}

#[test]
fn i10_a_row_needs_a_title_and_dates_in_order() {
    let read = |pairs: &[(&str, &str)]| Ligne::read(&champs(pairs));
    let row = read(&[("intitule", "Directrice"), ("debut", "09/2019"), ("fin", "2021")]).unwrap();
    assert_eq!((row.du.unwrap().to_string(), row.au.unwrap().to_string()), ("2019-09-01".into(), "2021-01-01".into()));
    assert_eq!(read(&[("intitule", "X"), ("debut", "2019-09")]).unwrap().du, row.du);
    let fields =
        |pairs: &[(&str, &str)]| read(pairs).unwrap_err().into_iter().map(|ecart| ecart.champ).collect::<Vec<_>>();
    assert_eq!(fields(&[("debut", "13/2019")]), ["intitule", "debut"]);
    assert_eq!(fields(&[("intitule", "X"), ("debut", "2020"), ("fin", "2019")]), ["fin"]);
    assert_eq!(fields(&[("intitule", "X"), ("debut", "hier")]), ["debut"]);
    assert_eq!(fields(&[("intitule", "X"), ("debut", "09/19")]), ["debut"]);
    for typed in ["092019", "09 2019", "09.2019"] {
        assert_eq!(read(&[("intitule", "X"), ("debut", typed)]).unwrap().du, row.du, "{typed}");
    }
}

#[test]
fn i9_a_page_that_is_shown_reads_back_as_it_was() {
    let mut typed = complete();
    typed.set("pro_differentes", "1");
    typed.set("pro_adresse", "1 place du Marché");
    typed.set("telephone_autre", "+32 470 12 34 56");
    typed.push("regions", "28");
    let page = Identification::read(&typed, today()).0;
    assert_eq!(Identification::read(&page.champs(), today()), (page, Vec::new()));
    let typed = champs(&[
        ("titre", "Juriste"),
        ("specialites", "finances"),
        ("experimente", "non"),
        ("motivation", "Transmettre."),
        ("langues", "en"),
        ("niveaux", "B2"),
    ]);
    let page = Parcours::read(&typed).0;
    assert_eq!(Parcours::read(&page.champs()), (page, Vec::new()));
    let row = Ligne::read(&champs(&[("intitule", "Directrice"), ("debut", "09/2019"), ("fin", "2021")])).unwrap();
    assert_eq!(Ligne::read(&row.champs()), Ok(row));
}
