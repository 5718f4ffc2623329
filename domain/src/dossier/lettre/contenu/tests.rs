use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
}

fn right() -> Champs {
    [
        ("objet", "Animer « Les marchés publics »"),
        ("corps", "Deux journées\r\nà Vannes."),
        ("duree", "12,5"),
        ("du", "2027-03-15"),
        ("au", "2027-03-16"),
        ("lieu", "Vannes"),
        ("montant", "1 250,5 €"),
        ("unite_paiement", "jour"),
    ]
    .into_iter()
    .collect()
}

fn wrong(genre: TypeLettre, champs: &Champs) -> Vec<Ecart> {
    Contenu::read(genre, champs, today()).unwrap_err()
}

fn fields(wrong: &[Ecart]) -> Vec<&'static str> {
    wrong.iter().map(|ecart| ecart.champ).collect()
}

#[test]
fn d13_a_letter_says_what_when_where_and_for_how_much() {
    let read = Contenu::read(TypeLettre::Intervention, &right(), today()).unwrap();
    assert_eq!(read.contenu, "Deux journées\nà Vannes.");
    assert_eq!((read.duree.quarts(), read.duree.to_string().as_str()), (50, "12,5 h"));
    assert_eq!(read.periodes.len(), 1);
    assert_eq!(read.paiement.phrase(), "1 250,50 € par jour");
}

#[test]
fn d13_a_draft_is_read_again_as_it_was_saved() {
    let mut typed = right();
    typed.push("du", "2027-04-01");
    typed.push("au", "2027-04-01");
    typed.set("modalites_paiement", "Frais remboursés.\nVirement sous trente jours.");
    let read = Contenu::read(TypeLettre::Intervention, &typed, today()).unwrap();
    assert_eq!(Contenu::read(TypeLettre::Intervention, &read.champs(), today()).unwrap(), read);
    let faits = read.faits();
    let headings: Vec<&str> = faits.iter().map(|(heading, _)| *heading).collect();
    assert_eq!(headings, ["Durée", "Périodes", "Lieu", "Paiement"]);
    assert_eq!(faits[1].1, ["Du 15 au 16 mars 2027", "Le 1er avril 2027"]);
    assert_eq!(faits[3].1, ["1 250,50 € par jour", "Frais remboursés.", "Virement sous trente jours."]);
}

#[test]
fn d13_a_letter_bears_what_the_invoice_needs_when_there_is_any() {
    let mut typed = right();
    typed.set("siret", "73282932000074");
    typed.set("code_service", "FORM-BZH");
    typed.set("engagement", "EJ 2027 00042");
    let read = Contenu::read(TypeLettre::Intervention, &typed, today()).unwrap();
    assert_eq!(Contenu::read(TypeLettre::Intervention, &read.champs(), today()).unwrap(), read);
    let faits = read.faits();
    let last: Vec<(&str, &str)> = faits[4..].iter().map(|(heading, lines)| (*heading, lines[0].as_str())).collect();
    let expected =
        [("SIRET", "732 829 320 00074"), ("Code service", "FORM-BZH"), ("Numéro d’engagement", "EJ 2027 00042")];
    assert_eq!(last, expected);
    typed.set("siret", "73282932000075");
    typed.set("code_service", "x".repeat(REFERENCE_MAX + 1));
    assert_eq!(fields(&wrong(TypeLettre::Intervention, &typed)), ["siret", "code_service"]);
}

#[test]
fn d13_every_mistake_of_a_letter_is_said_at_its_field() {
    let needed = ["objet", "corps", "duree", "du", "lieu", "montant", "unite_paiement"];
    assert_eq!(fields(&wrong(TypeLettre::Intervention, &Champs::default())), needed);
    let without_place = needed.into_iter().filter(|name| *name != "lieu").collect::<Vec<_>>();
    assert_eq!(fields(&wrong(TypeLettre::Ressources, &Champs::default())), without_place);
    let mut slips = right();
    for (name, value) in [("duree", "6,1"), ("montant", "-3"), ("unite_paiement", "mois")] {
        slips.set(name, value);
    }
    slips.set("objet", "x".repeat(crate::profil::LINE_MAX + 1));
    slips.set("modalites_paiement", "é".repeat(TEXT_MAX + 1));
    let found = wrong(TypeLettre::Intervention, &slips);
    assert_eq!(fields(&found), ["objet", "duree", "montant", "unite_paiement", "modalites_paiement"]);
    assert!(
        found[0].phrase.contains("trop long"),
        "what is wrong is said, not that it is missing: {}",
        found[0].phrase
    );
}

#[test]
fn d13_a_duration_counts_quarters_of_an_hour() {
    let table = [
        ("6", Some((24, "6 h"))),
        ("6,5", Some((26, "6,5 h"))),
        ("0.25 h", Some((1, "0,25 h"))),
        ("6,75 heures", Some((27, "6,75 h"))),
        ("2000", Some((8000, "2000 h"))),
        ("2000,25", None),
        ("0", None),
        ("6,1", None),
        ("6,255", None),
        ("-1", None),
        ("", None),
        (",5", None),
        ("6,", None),
        ("99999999999", None),
        ("six", None),
    ];
    for (typed, expected) in table {
        let read = Duree::parse(typed).ok();
        let shown = read.map(|duree| (duree.quarts(), duree.to_string()));
        assert_eq!(shown, expected.map(|(quarts, text)| (quarts, text.to_owned())), "{typed}");
        assert_eq!(read.and_then(|duree| Duree::of_quarts(duree.quarts())), read);
    }
    assert_eq!((Duree::of_quarts(0), Duree::of_quarts(DUREE_MAX_QUARTS + 1)), (None, None));
}

#[test]
fn d13_an_amount_is_counted_in_cents() {
    let table = [
        ("350", Some((35_000, "350,00 € par heure"))),
        ("62,5", Some((6_250, "62,50 € par heure"))),
        ("0.05 €", Some((5, "0,05 € par heure"))),
        ("12 005,00", Some((1_200_500, "12 005,00 € par heure"))),
        ("0", Some((0, "À titre gratuit"))),
        ("100000", Some((10_000_000, "100 000,00 € par heure"))),
        ("100000,01", None),
        ("12,345", None),
        ("gratuit", None),
    ];
    for (typed, expected) in table {
        let shown = montant(typed).ok().map(|centimes| {
            let paiement = Paiement { centimes, unite: UnitePaiement::Heure, modalites: String::new() };
            (centimes, paiement.phrase())
        });
        assert_eq!(shown, expected.map(|(centimes, text)| (centimes, text.to_owned())), "{typed}");
    }
}

#[test]
fn d13_the_periods_of_a_letter_follow_one_another_and_each_ends_after_it_begins() {
    let with = |pairs: &[(&str, &str)]| {
        let mut champs = right().only(&["objet", "corps", "duree", "lieu", "montant", "unite_paiement"]);
        for (du, au) in pairs {
            champs.push("du", *du);
            champs.push("au", *au);
        }
        Contenu::read(TypeLettre::Intervention, &champs, today())
    };
    let read = with(&[("05/04/2027", ""), ("", ""), ("15/03/2027", "16/03/2027")]).unwrap();
    let days = read.periodes.iter().map(|one| format!("{} {}", one.du, one.au)).collect::<Vec<_>>();
    assert_eq!(days, ["2027-03-15 2027-03-16", "2027-04-05 2027-04-05"]);

    for (du, au, champ) in [
        ("", "16/03/2027", "du"),
        ("31/02/2027", "", "du"),
        ("15/03/2027", "demain", "au"),
        ("24/11/2025", "", "du"),
        ("15/03/2027", "26/11/2029", "au"),
        ("16/03/2027", "15/03/2027", "au"),
    ] {
        assert_eq!(fields(&with(&[(du, au)]).unwrap_err()), [champ], "{du} {au}");
    }
    assert!(with(&[("25/11/2025", "25/11/2029")]).is_ok(), "the bounds themselves will do");
    let several =
        with(&[("31/02/2027", ""), ("15/03/2027", ""), ("hier", ""), ("16/03/2027", "15/03/2027")]).unwrap_err();
    assert_eq!(fields(&several), ["du", "au"]);
    assert!(
        several[0].phrase.contains("Période 1") && several[0].phrase.contains("Période 3"),
        "{}",
        several[0].phrase
    );
    assert!(several[1].phrase.starts_with("Période 4"), "{}", several[1].phrase);
    assert!(with(&[("15/03/2027", ""); PERIODES_MAX]).is_ok());
    assert_eq!(fields(&with(&[("15/03/2027", ""); PERIODES_MAX + 1]).unwrap_err()), ["du"]);
}

#[test]
fn q7_a_nir_written_in_a_letter_is_masked() {
    let mut champs = right();
    champs.set("corps", "NIR 2 55 08 14 168 025 38");
    let read = Contenu::read(TypeLettre::Intervention, &champs, today()).unwrap();
    assert_eq!(read.contenu, format!("NIR {}", crate::masque::MASK));
}
