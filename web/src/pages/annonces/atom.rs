//! `GET /annonces.atom`: the latest annonces of a search as a feed (RFC 4287).

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HttpDate};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDateTime, NaiveTime, SecondsFormat};
use domain::annonce::EtatAnnonce;
use search_index::{Page, Sort};
use store::annonces::Annonce;

use super::criteria::{Criteria, Wanted};
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::recherche::on_index;
use crate::session::digest;
use crate::views::dates::period;

/// Annonces of one feed: enough, since readers come back often.
const ENTRIES: usize = 50;

pub async fn atom(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Error> {
    let mut criteria = Criteria::read(&Fields::parse(request.query_string()), &app.referentiels());
    criteria.sort = Sort::Date;
    let search = criteria.search(Wanted {
        page: Page { number: 1, size: ENTRIES },
        facets: false,
        highlights: false,
        as_you_type: false,
    });
    let found = on_index(&app, move |index| index.search_annonces(&search)).await?;
    let ids: Vec<i64> = found.hits.iter().map(|hit| hit.id).collect();
    let mut annonces = store::annonces::by_ids(&mut app.store.read().await?, &ids).await?;
    annonces.retain(|annonce| annonce.etat == EtatAnnonce::Publiee);
    // A feed without entries needs a date too: today's, so that it doesn't change with each reading.
    let today = app.store.clock().now().date().and_time(NaiveTime::MIN);
    let updated = annonces.iter().map(|annonce| annonce.modifie_at).max().unwrap_or(today);
    criteria.sort = Sort::Relevance;
    let feed = Feed { base_url: &app.settings.base_url, criteria: &criteria, updated, annonces: &annonces };
    let body = feed.write();
    // Weak, because the same feed may travel compressed or not.
    let etag = format!("W/\"{}\"", &digest("atom", &body)[..32]);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let unchanged = known.split(',').any(|known| known.trim() == etag);
    let mut response = HttpResponse::build(if unchanged { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    response
        .insert_header((header::ETAG, etag))
        .insert_header((header::LAST_MODIFIED, HttpDate::from(std::time::SystemTime::from(updated.and_utc()))))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    if unchanged {
        return Ok(response.finish());
    }
    Ok(response.content_type("application/atom+xml; charset=utf-8").body(body))
}

struct Feed<'a> {
    base_url: &'a str,
    criteria: &'a Criteria,
    updated: NaiveDateTime,
    annonces: &'a [Annonce],
}

impl Feed<'_> {
    fn write(&self) -> String {
        let absolute = |path: &str| xml(&format!("{}{path}", self.base_url));
        let own = absolute(&self.criteria.query("/annonces.atom").href());
        let page = absolute(&self.criteria.query("/annonces").href());
        let title = match (self.criteria.q.as_str(), self.criteria.count()) {
            ("", 0) => "Annonces".to_owned(),
            ("", _) => "Annonces choisies".to_owned(),
            (q, 0) => format!("Annonces : {q}"),
            (q, _) => format!("Annonces choisies : {q}"),
        };
        let mut feed = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        let written = write!(
            feed,
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"fr\">\n<id>{own}</id>\n<title>{}</title>\n\
             <updated>{}</updated>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n\
             <author><name>Espace Intervenants</name></author>\n",
            xml(&title),
            moment(self.updated),
        )
        .and_then(|()| self.annonces.iter().try_for_each(|annonce| entry(&mut feed, self.base_url, annonce)));
        written.expect("a String takes everything");
        feed.push_str("</feed>\n");
        feed
    }
}

fn entry(feed: &mut String, base_url: &str, annonce: &Annonce) -> std::fmt::Result {
    let numero = annonce.numero.map(|numero| numero.to_string()).unwrap_or_default();
    let address = xml(&format!("{base_url}/annonces/{numero}"));
    let regions: Vec<&str> = annonce.regions.iter().map(|(_, nom)| nom.as_str()).collect();
    let place = if regions.is_empty() { "Toutes les régions".to_owned() } else { regions.join(", ") };
    let facts = [annonce.specialite_nom.clone(), place, period(annonce.contenu.du, annonce.contenu.au)];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    write!(
        feed,
        "<entry>\n<id>{address}</id>\n<title>{}</title>\n<updated>{}</updated>\n<published>{}</published>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>\n<author><name>{}</name></author>\n\
         <category term=\"{}\" label=\"{}\"/>\n<summary type=\"text\">{}</summary>\n<content type=\"text\">{}</content>\n</entry>\n",
        xml(&format!("{numero} · {}", annonce.contenu.titre)),
        moment(annonce.modifie_at),
        moment(annonce.publiee_at.unwrap_or(annonce.modifie_at)),
        xml(&annonce.structure_nom),
        xml(&annonce.contenu.specialite),
        xml(&annonce.specialite_nom),
        xml(&facts.join(" · ")),
        xml(&annonce.contenu.description),
    )
}

/// A moment in the form of RFC 3339, in UTC.
fn moment(at: NaiveDateTime) -> String {
    DateTime::to_rfc3339_opts(&at.and_utc(), SecondsFormat::Secs, true)
}

/// Text inside an element or an attribute; characters that XML 1.0 can't hold are left out.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' | '\n' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if character < ' ' => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use domain::StructureId;
    use domain::annonce::{Modalite, NumeroAnnonce};
    use store::annonces::Contenu;

    const HOSTILE: &str = "]]></title><script>alert('1')</script> & \"fin\" \u{0}\u{8}\u{ffff}é";

    fn annonce() -> Annonce {
        let at = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(9, 12, 0).unwrap();
        Annonce {
            id: 1,
            numero: Some(NumeroAnnonce { annee: 2026, rang: 412 }),
            structure: StructureId(4),
            structure_nom: HOSTILE.into(),
            etat: EtatAnnonce::Publiee,
            pourvue: false,
            contenu: Contenu {
                titre: HOSTILE.into(),
                description: HOSTILE.into(),
                specialite: HOSTILE.into(),
                sous_specialite: None,
                regions: Vec::new(),
                departements: Vec::new(),
                modalite: Modalite::Mixte,
                du: None,
                au: None,
            },
            specialite_nom: HOSTILE.into(),
            sous_specialite_nom: None,
            regions: vec![("53".into(), HOSTILE.into())],
            departements: Vec::new(),
            version: 1,
            modifie_at: at,
            publiee_at: Some(at),
        }
    }

    /// Every element closed in order, and the texts between them.
    fn texts(feed: &str) -> Vec<(String, String)> {
        let mut open: Vec<String> = Vec::new();
        let mut found = Vec::new();
        let mut rest = feed.split_once("?>\n").unwrap().1;
        while let Some((text, after)) = rest.split_once('<') {
            if let Some(name) = open.last().filter(|_| !text.trim().is_empty()) {
                found.push((name.clone(), text.to_owned()));
            }
            let (tag, after) = after.split_once('>').unwrap();
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(name));
            } else if !tag.ends_with('/') {
                open.push(tag.split(' ').next().unwrap().to_owned());
            }
            rest = after;
        }
        assert!(open.is_empty() && rest.trim().is_empty());
        found
    }

    #[test]
    fn e3_the_feed_is_well_formed_whatever_people_typed() {
        let criteria = Criteria { q: HOSTILE.into(), ..Criteria::default() };
        let annonces = [annonce()];
        let updated = annonces[0].modifie_at;
        let feed = Feed { base_url: "https://ei.example", criteria: &criteria, updated, annonces: &annonces }.write();
        let found = texts(&feed);
        let escaped = "]]&gt;&lt;/title&gt;&lt;script&gt;alert(&apos;1&apos;)&lt;/script&gt; &amp; &quot;fin&quot; é";
        assert!(found.contains(&("content".into(), escaped.into())), "{found:?}");
        assert!(found.contains(&("id".into(), "https://ei.example/annonces/2026-0412".into())));
        assert!(found.contains(&("updated".into(), "2026-11-23T09:12:00Z".into())));
        assert!(!feed.chars().any(|c| c.is_control() && c != '\n') && !feed.contains('\u{ffff}'));
    }

    #[test]
    fn e3_the_feed_says_its_own_address() {
        let criteria = Criteria { q: "budget & paie".into(), regions: vec!["53".into()], ..Criteria::default() };
        let updated = annonce().modifie_at;
        let feed = Feed { base_url: "https://ei.example", criteria: &criteria, updated, annonces: &[] }.write();
        texts(&feed);
        let own = "https://ei.example/annonces.atom?q=budget%20%26%20paie&amp;region=53";
        assert!(feed.contains(&format!("<link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>")), "{feed}");
        assert!(feed.contains(&format!("<id>{own}</id>")));
        assert!(feed.contains("<updated>2026-11-23T09:12:00Z</updated>"));
    }
}
