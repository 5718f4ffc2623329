//! What people type and paste, whichever form it goes through: SPEC I1, I4, I10, C2, D5, K1, X5, Q5.

use std::path::Path;

use domain::email::Email;

use crate::dossier::world;
use crate::identifiants::link;
use crate::support::html::{Element, Html};
use crate::support::inscription::{ANNE, Person, activation, ask, filled, informations, parcours, register};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, logins, mails};

both_engines! {
    q5_what_a_paste_brings_along_is_kept_as_one_sees_it,
    i4_phones_countries_and_postcodes_are_kept_as_they_work,
    i10_dates_are_read_as_a_keypad_types_them,
    d5_a_card_without_an_end_is_said_so_and_nothing_else_has_none,
    k1_an_address_with_accents_is_one_account_in_both_its_forms,
    k1_a_password_is_the_same_on_another_machine,
    k1_a_password_of_before_opens_the_space_and_gets_the_form_of_today,
    c2_a_calendar_without_any_period_is_one_all_the_same,
    x5_data_are_given_whatever_was_typed,
}

const INFORMATIONS: &str = "/mon-compte/informations";
const PARCOURS: &str = "/mon-compte/parcours";

fn value(page: &Page, action: &str, name: &str) -> String {
    Form::to(page, action).value(name).unwrap_or_default().to_owned()
}

/// Saves « Mes informations » with these fields, over what its form holds.
async fn saved(client: &Client, fields: &[(&str, &str)]) -> Page {
    let page = client.get(INFORMATIONS).await;
    let mut form = informations(&page).set("action", "enregistrer");
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit(&form).await
}

async fn q5_what_a_paste_brings_along_is_kept_as_one_sees_it(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = saved(
        &client,
        &[
            ("nom", "Le\u{B}Gall\u{200B}-Hélias\u{2}"),
            ("adresse", "\u{FEFF}3 rue\u{AD} des\u{202E} Ajoncs"),
            ("telephone", "\u{202A}+33 6 12 34 56 78\u{202C}"),
            ("employeur_siret", "200 000 172\u{2011}00011\u{200E}"),
        ],
    )
    .await;
    assert_eq!(page.status, 200, "{}", page.said());
    for (name, kept) in [
        ("nom", "Le Gall-Hélias"),
        ("adresse", "3 rue des Ajoncs"),
        ("telephone", "06 12 34 56 78"),
        ("employeur_siret", "200 000 172 00011"),
    ] {
        assert_eq!(value(&page, INFORMATIONS, name), kept, "{name}");
    }

    // A line's end counts once, as in the browser: 5,999 signs of the 6,000 that there may be.
    let lines = vec!["x".repeat(49); 120];
    let page = client.get(PARCOURS).await;
    let form = parcours(&page).set("experience", &lines.join("\r\n")).set("action", "enregistrer");
    let page = client.submit(&form).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert_eq!(value(&page, PARCOURS, "experience"), lines.join("\n"));
    for (more, status) in [("x", 200), ("xx", 422)] {
        let form = parcours(&page).set("experience", &(lines.join("\r\n") + more)).set("action", "enregistrer");
        assert_eq!(client.submit(&form).await.status, status, "6,000 signs are accepted, and no more");
    }
    let pasted = "Formatrice en régie,\u{B}dix ans d’accompa\u{2}gnement. 👩\u{200D}🏫 ❤\u{FE0F}";
    let form = parcours(&page).set("experience", pasted).set("action", "enregistrer");
    let page = client.submit(&form).await;
    let kept = "Formatrice en régie,\ndix ans d’accompagnement. 👩\u{200D}🏫 ❤\u{FE0F}";
    assert_eq!(value(&page, PARCOURS, "experience"), kept, "{}", page.said());

    // The address one logs in with, a structure's desk, a message: the same reader.
    let login = logins::INTERVENANT.replace('@', "\u{200B}@");
    let page = server.visitor().login(&format!("\u{202A}{login}\u{202C}"), logins::PASSWORD).await;
    assert_eq!((page.status, page.path()), (200, "/tableau-de-bord"), "{}", page.said());
}

async fn i4_phones_countries_and_postcodes_are_kept_as_they_work(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    for (typed, kept) in [
        ("+262 (0)692 12 34 56", "+262692123456"),
        ("+590 (0)690 12 34 56", "+590690123456"),
        ("0044 (0)20 7946 0958", "+442079460958"),
        ("+32 0470 12 34 56", "+32470123456"),
        ("0692 12 34 56", "+262692123456"),
        ("+33 (0)6 39 98 12 34", "06 39 98 12 34"),
    ] {
        let page = saved(&client, &[("telephone", typed)]).await;
        assert_eq!(page.status, 200, "{typed}: {}", page.said());
        assert_eq!(value(&page, INFORMATIONS, "telephone"), kept, "{typed}");
    }
    for (pays, typed, kept) in [
        ("FRANCE", "29 200", Some("29200")),
        ("france", "SW1A 1AA", None),
        ("Royaume-Uni", "SW1A  1AA", Some("SW1A 1AA")),
        ("belgique", "1000", Some("1000")),
        ("Royaume-Uni", "SW1A 1AA SW1A 1AA", None),
    ] {
        let page = saved(&client, &[("pays", pays), ("code_postal", typed)]).await;
        assert_eq!(page.status, if kept.is_some() { 200 } else { 422 }, "{pays} {typed}: {}", page.said());
        assert_eq!(value(&page, INFORMATIONS, "code_postal"), kept.unwrap_or(typed), "{pays}");
    }
    let cedex = [("pays", "France"), ("code_postal", "35042"), ("commune", "RENNES CEDEX 7")];
    let page = saved(&client, &cedex).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert_eq!(value(&page, INFORMATIONS, "commune"), "RENNES CEDEX 7");
    // An employer and a professional address have no country: theirs are as they are written there.
    let abroad = [
        ("code_postal", "35042 CEDEX 7"),
        ("statut", "salarie_prive"),
        ("employeur_code_postal", "1000"),
        ("pro_differentes", "1"),
        ("pro_code_postal", "SW1A  1AA"),
    ];
    let page = saved(&client, &abroad).await;
    assert_eq!(page.status, 200, "{}", page.said());
    for (field, kept) in
        [("code_postal", "35042 CEDEX 7"), ("employeur_code_postal", "1000"), ("pro_code_postal", "SW1A 1AA")]
    {
        assert_eq!(value(&page, INFORMATIONS, field), kept, "{field}");
    }
    let named = [("statut", "salarie_prive"), ("employeur_code_postal", "Bruxelles")];
    let page = saved(&client, &named).await;
    assert_eq!((page.status, value(&page, INFORMATIONS, "employeur_code_postal").as_str()), (422, "Bruxelles"));
    assert!(page.main_text().contains("5 chiffres en France"), "{}", page.said());
}

async fn i10_dates_are_read_as_a_keypad_types_them(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    // The date of birth, on the first page.
    let client = register(&server, &Person { naissance: "02 05 1968", ..ANNE }).await;
    assert_eq!(value(&client.get(INFORMATIONS).await, INFORMATIONS, "date_naissance"), "02/05/1968");
    for typed in ["02051968", "02.05.1968", "02-05-1968"] {
        let page = saved(&client, &[("date_naissance", typed)]).await;
        assert_eq!(page.status, 200, "{typed}: {}", page.said());
        assert_eq!(value(&page, INFORMATIONS, "date_naissance"), "02/05/1968", "{typed}");
    }
    let page = saved(&client, &[("date_naissance", "02/05/68")]).await;
    assert_eq!((page.status, value(&page, INFORMATIONS, "date_naissance").as_str()), (422, "02/05/68"));
    assert!(page.main_text().contains("quatre chiffres"), "{}", page.said());

    let path = "/mon-compte/parcours/nouvelle/experience";
    for (typed, said) in [("092019", 200), ("09 2019", 200), ("09.2019", 200), ("09/19", 422), ("132019", 422)] {
        let page = client.get(path).await;
        let form = Form::to(&page, path).set("intitule", "Directrice").set("debut", typed).set("action", "enregistrer");
        let page = client.submit(&form).await;
        assert_eq!(page.status, said, "{typed}: {}", page.said());
        if said == 200 {
            assert!(page.body.contains("depuis septembre 2019"), "{typed}: {}", page.said());
        } else {
            assert_eq!(value(&page, path, "debut"), typed);
        }
    }
}

async fn d5_a_card_without_an_end_is_said_so_and_nothing_else_has_none(engine: Engine) {
    let world = world(engine).await;
    let path = "/mon-compte/documents/bloc/identite";
    let save = async |genre: &str, expire_le: &str, ticked: bool| {
        let page = world.person.get(path).await;
        let form = Form::to(&page, path)
            .set("type_identite", genre)
            .set("numero_identite", "12AB34567")
            .set("expire_le", expire_le)
            .without("sans_fin")
            .set("action", "enregistrer");
        world.person.submit(&if ticked { form.set("sans_fin", "1") } else { form }).await
    };
    for (expire_le, ticked) in [("01/01/9999", false), ("", true)] {
        let page = save("passeport", expire_le, ticked).await;
        assert_eq!(page.status, 422, "{}", page.said());
        assert!(page.main_text().contains("Seule une carte d’identité"), "{}", page.said());
        let page = save("carte_identite", expire_le, ticked).await;
        assert_eq!(page.status, 200, "{}", page.said());
        let shown = world.person.get(path).await;
        assert!(shown.main_text().contains("sans date de fin"), "{}", shown.main_text());
        assert_eq!(save("carte_identite", "02/05/2031", false).await.status, 200);
    }
    let both = save("carte_identite", "02/05/2031", true).await;
    assert_eq!(both.status, 422, "{}", both.said());
}

async fn k1_an_address_with_accents_is_one_account_in_both_its_forms(engine: Engine) {
    const TYPED: &str = "marie@élagage-formation.example";
    const SENT: &str = "marie@xn--lagage-formation-9pb.example";
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let page = visitor.get("/inscription").await;
    let form = filled(&page, &Person { email: TYPED, ..ANNE }).set("email_confirmation", SENT);
    let asked = visitor.submit(&form).await;
    assert_eq!(asked.status, 200, "{}", asked.said());
    let path = activation(&visitor, SENT).await;
    let opened = visitor.submit(&Form::to(&visitor.get(&path).await, &path)).await;
    assert_eq!((opened.status, opened.path()), (200, INFORMATIONS), "{}", opened.said());
    for login in [TYPED, SENT, "Marie@ÉLAGAGE-formation.example", "marie@e\u{301}lagage-formation.example"] {
        let page = server.visitor().login(login, logins::PASSWORD).await;
        assert_eq!((page.status, page.path()), (200, "/tableau-de-bord"), "{login}: {}", page.said());
    }
    // The other form is no other account.
    let stranger = server.visitor();
    let again = Person { email: SENT, prenom: "Jeanne", naissance: "03/06/1970", ..ANNE };
    assert_eq!(ask(&stranger, &again).await.status, 200);
    link(&stranger, SENT, "/mot-de-passe-oublie").await;

    // Changed to, and asked support from.
    let person = server.login(logins::INTERVENANT).await;
    let here = "/mon-compte/adresse";
    let change = async |email: &str, again: &str| {
        let form = Form::to(&person.get(here).await, here).set("email", email).set("email_confirmation", again);
        person.submit(&form).await
    };
    let refused = change("malo kerzrého@exemple.example", "malo kerzrého@exemple.example").await;
    assert_eq!(refused.status, 422, "{}", refused.said());
    assert!(refused.main_text().contains("ni accent ni espace"), "{}", refused.main_text());
    assert_eq!(change("malo@forêt.example", "malo@xn--fort-ipa.example").await.status, 200);
    link(&person, "malo@xn--fort-ipa.example", "/adresse/").await;
    assert_eq!(mails::about(&visitor, "malo@forêt.example").await, [], "an address has one form in the service");
}

async fn k1_a_password_is_the_same_on_another_machine(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let path = "/mon-compte/mot-de-passe";
    let change = async |new: &str, again: &str| {
        let form = Form::to(&person.get(path).await, path)
            .set("mot_de_passe_actuel", logins::PASSWORD)
            .set("mot_de_passe", new)
            .set("mot_de_passe_confirmation", again);
        person.submit(&form).await
    };
    for unseen in ["Rentrée\u{200B}-été-42", "Rentrée\u{2}-été-42", "Rentrée\u{FEFF}-été-42"] {
        let page = change(unseen, unseen).await;
        assert_eq!(page.status, 422, "{}", page.said());
        assert!(page.main_text().contains("caractère invisible"), "{}", page.main_text());
    }
    // Composed once and apart once, with two sorts of spaces: one password typed twice.
    let page = change("Rentrée été-42", "Rentre\u{301}e\u{A0}e\u{301}te\u{301}-42").await;
    assert_eq!(page.status, 200, "{}", page.said());
    for typed in ["Rentrée été-42", "Rentre\u{301}e e\u{301}te\u{301}-42", "Rentrée\u{A0}été-42"] {
        assert_eq!(server.visitor().login(logins::INTERVENANT, typed).await.path(), "/tableau-de-bord", "{typed}");
    }
    let other = server.visitor().login(logins::INTERVENANT, "Rentrée été-42 ").await;
    assert_eq!(other.status, 422, "nothing else is made alike: {}", other.said());
}

async fn k1_a_password_of_before_opens_the_space_and_gets_the_form_of_today(engine: Engine) {
    /// What was kept of APART before passwords had one form.
    const OLD: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$BdfmOOKUgPP5YcHBGdK0Sg$aExsNkFfg9nRleWG3gckcGRY8KezSNlEqfQd7ke7mCw";
    const APART: &str = "Rentre\u{301}e-e\u{301}te\u{301}-42";
    const COMPOSED: &str = "Rentrée-été-42";
    let site = Site::demo(engine).await;
    let store = crate::base::open(&site).await;
    let login = Email::parse(logins::INTERVENANT).expect("an address");
    let kept = async || {
        let mut connection = store.read().await.expect("a connection");
        let compte = store::comptes::by_login(&mut connection, &login).await.expect("an answer").expect("the account");
        (compte.id, compte.mot_de_passe.expect("a password"))
    };
    let (id, before) = kept().await;
    store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::comptes::rehash(transaction, id, &before, OLD).await })
        })
        .await
        .expect("written");
    let server = site.serve().await;
    let opens =
        async |typed: &str| server.visitor().login(logins::INTERVENANT, typed).await.path() == "/tableau-de-bord";
    assert!(opens(APART).await);
    let (_, now) = kept().await;
    assert!(now != OLD && now.starts_with("$argon2id$"));
    assert!(opens(COMPOSED).await && opens(APART).await, "whichever machine types it");
    assert_eq!(kept().await.1, now, "once is enough");
}

async fn c2_a_calendar_without_any_period_is_one_all_the_same(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let list = "/mon-compte/indisponibilites";
    let calendar = async || person.get_only(&format!("{list}.ics")).await;
    let page = person.get(list).await;
    let html = page.html();
    let of = |name: &'static str, attribute: &'static str| {
        html.all(name).filter_map(move |one| one.attribute(attribute)).map(ToOwned::to_owned)
    };
    let is_period =
        |path: &String| path.strip_prefix("/mon-compte/indisponibilites/").is_some_and(|id| id.parse::<i64>().is_ok());
    let periods: std::collections::BTreeSet<String> =
        of("a", "href").chain(of("form", "action")).filter(is_period).collect();
    for period in periods {
        assert_eq!(person.post(&period, &[("action", "supprimer")]).await.status, 200);
    }
    let none = calendar().await;
    assert_eq!(none.status, 200);
    assert_eq!(none.headers.get("content-type").expect("said").to_str().expect("text"), "text/calendar; charset=utf-8");
    assert!(none.body.contains("BEGIN:VFREEBUSY\r\n") && !none.body.contains("VEVENT"), "{}", none.body);
    let form = Form::to(&person.get(list).await, list).set("du", "24122099").set("au", "");
    assert_eq!(person.submit(&form).await.status, 422, "too far ahead");
    let form = Form::to(&person.get(list).await, list).set("du", "24.12.2028").set("au", "24122028");
    assert_eq!(person.submit(&form).await.status, 200);
    let one = calendar().await.body;
    assert!(one.contains("DTSTART;VALUE=DATE:20281224") && !one.contains("VFREEBUSY"), "{one}");
}

async fn x5_data_are_given_whatever_was_typed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let page = person.get("/messagerie/ecrire").await;
    let form = Form::to(&page, "/messagerie/ecrire")
        .set("objet", &"𝄞".repeat(200))
        .set("texte", &"𝄞".repeat(20_000))
        .set("action", "enregistrer");
    let kept = person.submit(&form).await;
    assert_eq!(kept.status, 200, "{}", kept.said());
    for button in ["Télécharger le classeur Excel", "Télécharger le classeur et mes fichiers"] {
        let page = person.get("/mon-compte/donnees").await;
        let html = page.html();
        let button = html.all("button").find(|one| one.text.contains(button)).expect("a button");
        let given = person.submit(&Form::with_button(&page, &html, button)).await;
        assert_eq!(given.status, 200, "{}", given.said());
        let workbook = match crate::donnees::parts(&given.bytes)
            .into_iter()
            .find(|(name, _)| Path::new(name).extension().is_some_and(|one| one == "xlsx"))
        {
            Some((_, bytes)) => bytes,
            None => given.bytes,
        };
        let text = crate::donnees::texts(&workbook);
        // The subject is written once, as all texts of a workbook are; what goes on in a second row is written whole.
        assert_eq!(text.matches('𝄞').count(), 20_200, "every sign is there");
    }
}

/// Where buttons post that take away what is typed in another form of their page, each for a reason.
const TAKE_AWAY: [(&str, &str); 6] = [
    ("/deconnexion", "the session ends, as one asks; a module asks again first"),
    ("/administration/articles/{}/supprimer", "the article itself goes, with what is typed in it"),
    ("/administration/intervenants/interventions/{}/supprimer", "so does the intervention"),
    ("/administration/sigles/{}/supprimer", "and the sigle"),
    ("/gestion/lettres/{}", "so does a draft that is given up; refused, it is shown as a colleague changed it"),
    ("/mon-compte/fichiers/{}/retirer", "beside the CV only a file can be chosen, which no page can give back"),
];

/// The form that posts this field or button.
fn posted_with<'a>(html: &'a Html, element: &'a Element) -> Option<&'a Element> {
    let form = match element.attribute("form") {
        Some(id) => html.by_id(id),
        None => html.around(element, "form"),
    };
    form.filter(|form| form.attribute("method") == Some("post"))
}

/// Whether what answers this form takes the place of its page.
fn leaves(form: &Element) -> bool {
    form.attribute("target") != Some("_blank")
}

/// The buttons of a page that post one form while another one holds what is typed, with where they post.
fn taking_away(page: &Page) -> Vec<String> {
    let html = page.html();
    let is_typed = |element: &&Element| match element.name.as_str() {
        "textarea" => true,
        "input" => !matches!(element.attribute("type"), Some("hidden" | "checkbox" | "radio")),
        _ => false,
    };
    let typed: Vec<&Element> = html.elements().filter(is_typed).filter_map(|one| posted_with(&html, one)).collect();
    let mut found = Vec::new();
    for button in html.all("button").filter(|button| button.attribute("type").is_none()) {
        let Some(form) = posted_with(&html, button)
            .filter(|form| leaves(form) && typed.iter().any(|other| !std::ptr::eq(*other, *form)))
        else {
            continue;
        };
        let to = button.attribute("formaction").or(form.attribute("action")).unwrap_or_default();
        let shape = to.split('/').map(|part| if part.parse::<i64>().is_ok() { "{}" } else { part });
        let shape = shape.collect::<Vec<_>>().join("/");
        if TAKE_AWAY.iter().all(|(known, _)| *known != shape) {
            found.push(format!("{}: « {} » ({to})", page.address, button.text));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q1_no_page_has_a_button_that_takes_away_what_is_typed_beside_it() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let mut found = Vec::new();
    let mut seen = 0;
    for login in [None, Some(logins::INTERVENANT), Some(logins::GESTIONNAIRE), Some(logins::ADMINISTRATEUR)] {
        let client = match login {
            Some(login) => server.login(login).await,
            None => register(&server, &ANNE).await,
        };
        let pages = crate::security::crawl(&client).await;
        let html = |page: &&Page| page.body.starts_with("<!doctype") && !page.path().starts_with("/courriels/");
        for page in pages.values().filter(html) {
            seen += 1;
            found.extend(taking_away(page));
        }
    }
    assert!(seen > 100, "{seen} pages");
    assert!(found.is_empty(), "{}", found.join("\n"));
    // It sees one.
    let client = server.login(logins::INTERVENANT).await;
    let mut page = client.get("/mon-compte/reseaux").await;
    let two = "<form method=\"post\" action=\"/deux\"><button>Autre</button></form></main>";
    page.body = page.body.replace("</main>", two);
    assert_eq!(taking_away(&page).len(), 1, "{:?}", taking_away(&page));
}
