//! Somebody who registers: from the first page to a form that is ready to be sent.

use super::{Client, Form, Page, Server, logins};
use crate::identifiants::{link, solved};

#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// « Mme » or « M. ».
    pub civilite: &'static str,
    pub nom: &'static str,
    pub prenom: &'static str,
    pub naissance: &'static str,
    pub email: &'static str,
}

/// Somebody nobody knows.
pub const ANNE: Person = Person {
    civilite: "Mme",
    nom: "Le Gall-Hélias",
    prenom: "Anne-Françoise",
    naissance: "02/05/1968",
    email: "anne.legall@candidats.example",
};

/// The form of the first page, filled in, its captcha solved.
pub fn filled(page: &Page, person: &Person) -> Form {
    solved(page, "/inscription")
        .set("civilite", person.civilite)
        .set("nom", person.nom)
        .set("prenom", person.prenom)
        .set("date_naissance", person.naissance)
        .set("email", person.email)
        .set("email_confirmation", person.email)
        .set("mot_de_passe", logins::PASSWORD)
        .set("conditions", "1")
        .set("donnees", "1")
        .set("cookies", "1")
}

pub async fn ask(client: &Client, person: &Person) -> Page {
    let page = client.get("/inscription").await;
    client.submit(&filled(&page, person)).await
}

/// The path of the activation link that somebody received.
pub async fn activation(client: &Client, email: &str) -> String {
    link(client, email, "/activation/").await
}

/// Registers and activates: the form of the profile is open.
pub async fn register(server: &Server, person: &Person) -> Client {
    let client = server.visitor();
    let asked = ask(&client, person).await;
    assert_eq!(asked.status, 200, "{}", asked.said());
    let path = activation(&client, person.email).await;
    let page = client.get(&path).await;
    let opened = client.submit(&Form::to(&page, &path)).await;
    assert_eq!((opened.status, opened.path()), (200, "/mon-compte/informations"), "{}", opened.said());
    client
}

/// The id of a structure, as the list of the form has it.
pub fn structure(page: &Page, name: &str) -> String {
    let html = page.html();
    let option = html.all("option").find(|option| option.text == name);
    option.unwrap_or_else(|| panic!("no {name} on {}", page.address)).expect("value").to_owned()
}

/// « Mes informations » filled in, for the délégation Bretagne where there is a choice.
pub fn informations(page: &Page) -> Form {
    let form = Form::to(page, "/mon-compte/informations");
    // Who comes from an annonce has its structure, and no choice.
    let form = match form.value("structure") {
        Some(_) => form.set("structure", &structure(page, "Délégation Bretagne")),
        None => form,
    };
    form.set("ville_naissance", "Brest")
        .set("pays_naissance", "France")
        .set("nationalite", "française")
        .set("adresse", "3 rue des Ajoncs")
        .set("code_postal", "29200")
        .set("commune", "Brest")
        .set("pays", "France")
        .set("telephone", "06 12 34 56 78")
        .set("statut", "fonctionnaire")
        .set("fonction", "Directrice des finances")
        .set("employeur_nom", "CC FAUCIGNY - GLIERES")
        .set("employeur_siret", "200 000 172 00011")
        .set("employeur_adresse", "6 place de l’Hôtel de Ville")
        .set("employeur_code_postal", "74130")
        .set("employeur_commune", "Bonneville")
        .set("regions", "53")
}

/// « Mon parcours » filled in.
pub fn parcours(page: &Page) -> Form {
    Form::to(page, "/mon-compte/parcours")
        .set("titre", "Directrice des finances, formatrice occasionnelle")
        .set("specialites", "finances")
        .set("experimente", "oui")
        .set("experience", "Douze ans de stages sur la préparation budgétaire des lagunes littorales.")
}

/// Fills in both pages and saves them.
pub async fn fill_in(client: &Client) {
    let page = client.get("/mon-compte/informations").await;
    let saved = client.submit(&informations(&page).set("action", "continuer")).await;
    assert_eq!((saved.status, saved.path()), (200, "/mon-compte/parcours"), "{}", saved.said());
    let saved = client.submit(&parcours(&saved).set("action", "continuer")).await;
    assert_eq!((saved.status, saved.path()), (200, "/mon-compte/verification"), "{}", saved.said());
}

pub async fn send(client: &Client) -> Page {
    let page = client.get("/mon-compte/verification").await;
    client.submit(&Form::to(&page, "/mon-compte/transmettre")).await
}

/// Registers, fills in and sends: it waits in the queue of the délégation Bretagne.
pub async fn transmitted(server: &Server, person: &Person) -> Client {
    let client = register(server, person).await;
    fill_in(&client).await;
    let sent = send(&client).await;
    assert_eq!((sent.status, sent.path()), (200, "/tableau-de-bord"), "{}", sent.said());
    client
}
