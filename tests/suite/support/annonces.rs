//! Annonces as a gestionnaire publishes them and a visitor finds them.

use super::client::encode;
use super::{Client, Form, Page, eventually};

/// The words of a select's options with their values, without the empty one.
pub fn options(page: &Page, name: &str) -> Vec<(String, String)> {
    let html = page.html();
    let select = html.all("select").find(|select| select.attribute("name") == Some(name));
    let select = select.unwrap_or_else(|| panic!("no {name} on {}", page.path()));
    html.inside(select, "option")
        .filter_map(|option| {
            let value = option.attribute("value").filter(|value| !value.is_empty())?;
            Some((value.to_owned(), option.text.clone()))
        })
        .collect()
}

/// The words and values of the tick boxes of that name.
pub fn boxes(page: &Page, name: &str) -> Vec<(String, String)> {
    let html = page.html();
    html.all("input")
        .filter(|input| input.attribute("name") == Some(name))
        .map(|input| {
            let label = html.around(input, "label").expect("a label");
            (input.expect("value").to_owned(), label.text.clone())
        })
        .collect()
}

/// What an annonce of a test says.
#[derive(Clone, Debug, Default)]
pub struct Wording<'a> {
    pub titre: &'a str,
    pub texte: &'a str,
    /// Code of its spécialité; the first of the list when empty.
    pub specialite: &'a str,
    /// Code of its sous-spécialité, if any.
    pub sous_specialite: &'a str,
    /// Codes of its régions; none makes it national.
    pub regions: &'a [&'a str],
}

/// The form of a new annonce, filled in.
pub async fn filled(gestionnaire: &Client, wording: &Wording<'_>) -> (Page, Form) {
    let page = gestionnaire.get("/gestion/annonces/nouvelle").await;
    assert_eq!(page.status, 200, "{}", page.said());
    let first = options(&page, "specialite").remove(0).0;
    let form = fill(Form::pressing(&page, "Enregistrer"), wording, &first);
    (page, form)
}

fn fill(form: Form, wording: &Wording<'_>, first: &str) -> Form {
    let specialite = if wording.specialite.is_empty() { first } else { wording.specialite };
    let mut form = form
        .set("titre", wording.titre)
        .set("texte", wording.texte)
        .set("specialite", specialite)
        .set("sous_specialite", wording.sous_specialite)
        .without("regions");
    for region in wording.regions {
        form = form.add("regions", region);
    }
    form
}

/// Saves an annonce as a draft, and gives its form.
pub async fn draft(gestionnaire: &Client, wording: &Wording<'_>) -> Page {
    let (_, form) = filled(gestionnaire, wording).await;
    let page = gestionnaire.submit(&form).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert!(!page.html().title().starts_with("Erreur"), "{}", page.said());
    if Form::found(&page, page.path()).is_some() {
        return page;
    }
    let html = page.html();
    let link = html.all("a").find(|link| link.text == wording.titre);
    gestionnaire.get(link.expect("the draft in the list").expect("href")).await
}

/// The form that publishes a draft: the second page, which says how many people it will tell.
pub async fn publication(gestionnaire: &Client, draft: &Page) -> Form {
    let page = gestionnaire.press(draft, "Publier l’annonce").await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert!(page.path().ends_with("/publier"), "{}", page.said());
    Form::to(&page, page.path())
}

/// Publishes an annonce and gives its number.
pub async fn publish(gestionnaire: &Client, wording: &Wording<'_>) -> String {
    let page = draft(gestionnaire, wording).await;
    let page = gestionnaire.submit(&publication(gestionnaire, &page).await).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert!(!page.html().title().starts_with("Erreur"), "{}", page.said());
    let visitor = gestionnaire.stranger();
    eventually(&format!("« {} » is found", wording.titre), async || {
        found(&visitor, wording.titre).await.into_iter().find(|row| row.titre == wording.titre)
    })
    .await
    .numero
}

/// A line of the public list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub numero: String,
    pub titre: String,
    pub cells: Vec<String>,
}

/// The lines of one page of results.
pub fn rows(page: &Page) -> Vec<Row> {
    let html = page.html();
    html.all("tr")
        .filter_map(|row| {
            let cells: Vec<_> = html.inside(row, "td").collect();
            let (numero, titre) = (cells.first()?, cells.get(1)?);
            let titre = html.inside(titre, "strong").next()?;
            Some(Row {
                numero: numero.text.clone(),
                titre: titre.text.clone(),
                cells: cells[2..].iter().map(|cell| cell.text.clone()).collect(),
            })
        })
        .collect()
}

/// Every line of an address over all its pages.
pub async fn all(client: &Client, address: &str) -> Vec<Row> {
    let mut all = Vec::new();
    let mut next = Some(address.to_owned());
    while let Some(address) = next {
        let page = client.get(&address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.said());
        all.extend(rows(&page));
        let html = page.html();
        next = html.all("a").find(|link| link.attribute("rel") == Some("next")).map(|link| link.expect("href").into());
    }
    all
}

/// What the public search finds for these words.
pub async fn found(client: &Client, words: &str) -> Vec<Row> {
    all(client, &format!("/annonces?q={}", encode(words))).await
}
