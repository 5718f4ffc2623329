//! `GET /gestion/acces`: an intervenant of the structure by name, address or date of birth.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::dates::lire_jour;
use domain::email::Email;
use domain::texte::fold;
use store::acces::{Personne, Recherche};

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::semblables::state;
use crate::session::{Acces, Habilite};
use crate::views::GestionAcces;
use crate::views::dates::date;
use crate::views::gestion_acces::PersonneRow;

/// Most people shown: with more, the search has to be more precise.
const SHOWN: usize = 20;
/// Most words that are searched.
const WORDS_MAX: usize = 6;

/// `GET /gestion/acces` with `q`.
pub async fn search(request: HttpRequest, app: Data<App>, who: Habilite<Acces>) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let q = fields.searched("q");
    let recherche = read(&q);
    let mut found = match &recherche {
        Some(recherche) => {
            let mut connection = app.store.read().await?;
            store::acces::search(&mut connection, who.structure, recherche, SHOWN as i64 + 1).await?
        }
        None => Vec::new(),
    };
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let viewer = &who.connecte.viewer;
    let view = GestionAcces {
        layout: page::layout(&request, &app, viewer, "Aider une personne à se connecter").await?,
        searched: !q.is_empty(),
        q,
        rows: found.into_iter().map(row).collect(),
        more,
    };
    page::ok(&request, &app, viewer, &view)
}

fn row(personne: Personne) -> PersonneRow {
    PersonneRow {
        href: format!("/gestion/acces/{}", personne.compte),
        nom: format!("{} {}", personne.prenom, personne.nom),
        naissance: personne.naissance.map(date).unwrap_or_default(),
        adresse: personne.login,
        etat: state(personne.etat).to_owned(),
    }
}

/// What was typed, sorted by its form into names, address and date; none when there is too little to search.
fn read(typed: &str) -> Option<Recherche> {
    let mut found = Recherche::default();
    let mut letters = 0;
    for word in typed.split_whitespace() {
        if let Ok(day) = lire_jour(word) {
            found.naissance = Some(day);
        } else if word.contains('@') {
            // A whole address is searched in the form in which it is kept, the beginning of one as it is typed.
            let login = Email::parse(word).map_or_else(|_| word.to_lowercase(), |email| email.as_str().to_owned());
            found.login = Some(login);
        } else {
            let folded = fold(word);
            let words = folded.split(' ').filter(|word| !word.is_empty());
            found.mots.extend(words.map(ToOwned::to_owned));
            letters += folded.chars().count();
        }
    }
    found.mots.truncate(WORDS_MAX);
    let enough = found.naissance.is_some() || found.login.as_ref().is_some_and(|login| login.len() > 2) || letters > 1;
    enough.then_some(found)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn k6_what_is_typed_is_told_apart_by_its_form() {
        let found = read("Le Gall-Hélias 14/03/1979 Anne@Exemple.fr").unwrap();
        assert_eq!(found.mots, ["le", "gall", "helias"]);
        assert_eq!(found.naissance, NaiveDate::from_ymd_opt(1979, 3, 14));
        assert_eq!(found.login.as_deref(), Some("anne@exemple.fr"));
        assert_eq!(read("14.03.1979").unwrap().naissance, found.naissance);
        assert_eq!(read("a@élagage.example").unwrap().login.as_deref(), Some("a@xn--lagage-9ua.example"));
        for little in ["", " ", "a", "@", "--"] {
            assert_eq!(read(little), None, "{little}");
        }
    }
}
