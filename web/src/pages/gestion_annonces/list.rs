//! `GET /gestion/annonces`: the structure's annonces, drafts first.

use std::cmp::Ordering;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::annonce::EtatAnnonce;
use domain::compte::Droit;
use domain::texte::fold;
use store::annonces::Ligne;

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::annonces::row;
use crate::session::Gestionnaire;
use crate::views::gestion_annonces::GestionAnnonceRow;
use crate::views::{Column, GestionAnnonces, Pages, Query, Sorted, Tone};

/// Most annonces read: more than a structure writes in many years.
const LINES_MAX: i64 = 10_000;
const PAGE_SIZE: usize = 25;

/// The columns to sort by: the words of `tri`, and the headings.
const COLUMNS: [(&str, &str); 5] = [
    ("numero", "Numéro"),
    ("titre", "Titre"),
    ("specialite", "Spécialité"),
    ("etat", "État"),
    ("modification", "Modifiée"),
];

/// `GET /gestion/annonces` with `etat`, `q`, `tri` (a column, `-` before it for descending order) and `page`.
pub async fn list(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let viewer = &who.connecte.viewer;
    let layout = page::layout(&request, &app, viewer, "Annonces de la structure").await?;
    let mut connection = app.store.read().await?;
    let lines = store::annonces::lines_of_structure(&mut connection, who.structure, LINES_MAX).await?;
    let vue = Vue::read(&fields);
    let etats = vue.tabs(&lines);
    let chosen = vue.choose(lines);
    let number = u64::try_from(fields.number("page").unwrap_or(1)).unwrap_or(1);
    let pages = Pages::new(number, PAGE_SIZE as u64, chosen.len() as u64, vue.query());
    let from = (pages.current as usize - 1) * PAGE_SIZE;
    let ids: Vec<i64> = chosen.iter().skip(from).take(PAGE_SIZE).map(|line| line.id).collect();
    let shown = store::annonces::by_ids(&mut connection, &ids).await?;
    let droits = store::droits::of(&mut connection, who.connecte.session.compte).await?;
    drop(connection);
    let rows = shown.iter().map(|annonce| GestionAnnonceRow {
        annonce: row(annonce, format!("/gestion/annonces/{}", annonce.id)),
        etat: annonce.etat.libelle().to_owned(),
        tone: match annonce.etat {
            EtatAnnonce::Brouillon => Tone::Waiting,
            EtatAnnonce::Publiee => Tone::Done,
            EtatAnnonce::Cloturee | EtatAnnonce::Archivee => Tone::Info,
        },
        changed: page::moment(&app, annonce.modifie_at),
    });
    let rows = rows.collect();
    let view = GestionAnnonces {
        layout,
        etats,
        etat: vue.etat.map(EtatAnnonce::as_str).unwrap_or_default().to_owned(),
        columns: vue.columns(),
        q: vue.q,
        granted: droits.contains(&Droit::Annonces),
        rows,
        pages,
    };
    page::ok(&request, &app, viewer, &view)
}

#[derive(Clone, Debug)]
struct Vue {
    q: String,
    etat: Option<EtatAnnonce>,
    /// The column to sort by, and whether in descending order; none: drafts first, then the latest changed.
    tri: Option<(&'static str, bool)>,
}

impl Vue {
    fn read(fields: &Fields) -> Self {
        let tri = fields.one("tri");
        let (word, descending) = tri.strip_prefix('-').map_or((tri, false), |word| (word, true));
        let known = COLUMNS.iter().find(|(column, _)| *column == word);
        Self {
            q: fields.searched("q"),
            etat: EtatAnnonce::from_word(fields.one("etat")),
            tri: known.map(|(column, _)| (*column, descending)),
        }
    }

    fn query(&self) -> Query {
        let tri =
            self.tri.map(|(column, descending)| if descending { format!("-{column}") } else { column.to_owned() });
        Query::new(GestionAnnonces::LIST)
            .add("q", &self.q)
            .add("etat", self.etat.map(EtatAnnonce::as_str).unwrap_or_default())
            .add("tri", &tri.unwrap_or_default())
    }

    /// Whether all the words typed are in the title, the number or the spécialité.
    fn contains(&self, line: &Ligne) -> bool {
        let numero = line.numero.map(|numero| numero.to_string()).unwrap_or_default();
        let text = fold(&format!("{} {} {}", numero, line.titre, line.specialite_nom));
        fold(&self.q).split(' ').all(|word| text.contains(word))
    }

    /// When no state is chosen, archived annonces are left out.
    fn fits(etat: Option<EtatAnnonce>, line: &Ligne) -> bool {
        etat.map_or(line.etat != EtatAnnonce::Archivee, |etat| line.etat == etat)
    }

    /// The states, each with the number of its annonces that match the words typed.
    fn tabs(&self, lines: &[Ligne]) -> Vec<(String, u64, String, bool)> {
        [
            ("Toutes", None),
            ("Brouillons", Some(EtatAnnonce::Brouillon)),
            ("Publiées", Some(EtatAnnonce::Publiee)),
            ("Closes", Some(EtatAnnonce::Cloturee)),
            ("Archivées", Some(EtatAnnonce::Archivee)),
        ]
        .into_iter()
        .map(|(label, etat)| {
            let count = lines.iter().filter(|line| Self::fits(etat, line) && self.contains(line)).count();
            let href = Self { etat, ..self.clone() }.query().href();
            (label.to_owned(), count as u64, href, self.etat == etat)
        })
        .collect()
    }

    fn choose(&self, lines: Vec<Ligne>) -> Vec<Ligne> {
        let mut chosen: Vec<Ligne> =
            lines.into_iter().filter(|line| Self::fits(self.etat, line) && self.contains(line)).collect();
        match self.tri {
            // A stable sort: the latest changed stay first within drafts and within the others.
            None => chosen.sort_by_key(|line| line.etat != EtatAnnonce::Brouillon),
            Some((column, descending)) => chosen.sort_by(|left, right| {
                let order = compare(column, left, right);
                if descending { order.reverse() } else { order }
            }),
        }
        chosen
    }

    fn columns(&self) -> Vec<Column> {
        COLUMNS
            .into_iter()
            .map(|(column, label)| {
                let sorted = match self.tri {
                    Some((now, false)) if now == column => Sorted::Ascending,
                    Some((now, true)) if now == column => Sorted::Descending,
                    _ => Sorted::No,
                };
                let next = Self { tri: Some((column, sorted == Sorted::Ascending)), ..self.clone() };
                Column { label: label.to_owned(), href: next.query().href(), sorted }
            })
            .collect()
    }
}

fn compare(column: &str, left: &Ligne, right: &Ligne) -> Ordering {
    match column {
        "numero" => left.numero.cmp(&right.numero),
        "titre" => fold(&left.titre).cmp(&fold(&right.titre)),
        "specialite" => fold(&left.specialite_nom).cmp(&fold(&right.specialite_nom)),
        "etat" => rank(left.etat).cmp(&rank(right.etat)),
        _ => left.modifie_at.cmp(&right.modifie_at),
    }
}

fn rank(etat: EtatAnnonce) -> Option<usize> {
    EtatAnnonce::ALL.iter().position(|other| *other == etat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use domain::annonce::NumeroAnnonce;

    fn line(id: i64, etat: EtatAnnonce, titre: &str, rang: Option<i64>, day: u32) -> Ligne {
        Ligne {
            id,
            etat,
            titre: titre.into(),
            numero: rang.map(|rang| NumeroAnnonce { annee: 2026, rang }),
            specialite_nom: "Finances".into(),
            modifie_at: NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(8, 0, 0).unwrap(),
        }
    }

    fn lines() -> Vec<Ligne> {
        vec![
            line(4, EtatAnnonce::Publiee, "Élus : le budget", Some(3), 20),
            line(3, EtatAnnonce::Brouillon, "Paie", None, 18),
            line(2, EtatAnnonce::Archivee, "Vieux budget", Some(1), 12),
            line(1, EtatAnnonce::Cloturee, "achats", Some(2), 9),
        ]
    }

    fn shown(query: &str) -> Vec<i64> {
        Vue::read(&Fields::parse(query)).choose(lines()).iter().map(|line| line.id).collect()
    }

    #[test]
    fn a4_drafts_come_first_and_what_is_put_away_stays_away() {
        assert_eq!(shown(""), [3, 4, 1]);
        assert_eq!(shown("etat=archivee"), [2]);
        assert_eq!(shown("etat=nimporte&tri=nimporte"), [3, 4, 1]);
    }

    #[test]
    fn q3_the_list_is_filtered_and_sorted_as_people_read() {
        assert_eq!(shown("q=ELUS+budget"), [4]);
        assert_eq!(shown("q=2026-0003"), [4]);
        assert_eq!(shown("tri=titre"), [1, 4, 3]);
        assert_eq!(shown("tri=-titre"), [3, 4, 1]);
        assert_eq!(shown("tri=modification"), [1, 3, 4]);
        let tabs = Vue::read(&Fields::parse("q=budget&tri=-titre")).tabs(&lines());
        let counts: Vec<u64> = tabs.iter().map(|(_, count, ..)| *count).collect();
        assert_eq!(counts, [1, 0, 1, 0, 1]);
        assert_eq!(tabs[2].2, "/gestion/annonces?q=budget&etat=publiee&tri=-titre");
        let columns = Vue::read(&Fields::parse("tri=titre")).columns();
        assert_eq!((columns[1].sorted, columns[1].href.as_str()), (Sorted::Ascending, "/gestion/annonces?tri=-titre"));
    }
}
