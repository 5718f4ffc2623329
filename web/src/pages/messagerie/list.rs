//! The three lists, and the actions on a selection in one (M3).

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ActOnMessages, ArchiveDrafts};
use domain::messagerie::Boite;
use domain::{CompteId, CorrespondantId};
use store::Connection;
use store::boites::{Action, Confie, PAGE, SELECTION_MAX, Tri, Vue};
use store::brouillons::Brouillon;
use store::correspondants::Availability;
use store::suivis::Suivi;

use super::{availability, closed, nav, row};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::Titulaire;
use crate::views::numbers::counted;
use crate::views::{Choice, Column, FieldError, MessageRow, MessagerieBoite, Notice, Pages, Query, Sorted, Undo};

/// Characters of a draft's text shown in the list.
const EXCERPT: usize = 140;

/// `GET /messagerie/{boite}` with `q`, `tri`, `sens` and `page`.
pub async fn list(
    request: HttpRequest,
    app: Data<App>,
    who: Titulaire,
    boite: Path<String>,
) -> Result<HttpResponse, Error> {
    let boite = Boite::from_word(&boite).ok_or(Error::NotFound)?;
    let mut connection = app.store.read().await?;
    let open = availability(&mut connection, &who.connecte.session).await?;
    let closed_to = !matches!(open, Availability::Open | Availability::NotGranted);
    if closed_to && !has_something(&mut connection, &who).await? {
        drop(connection);
        return closed(&request, &app, &who, open).await;
    }
    drop(connection);
    show(&request, &app, &who, boite, Vec::new()).await
}

/// Whether a mailbox holds anything to read, in any list.
async fn has_something(connection: &mut Connection, who: &Titulaire) -> Result<bool, Error> {
    for boite in [Boite::Reception, Boite::Envoyes] {
        let (_, total) = store::boites::list(connection, &vue(&Fields::default(), Whose::of(who), boite)).await?;
        if total > 0 {
            return Ok(true);
        }
    }
    Ok(store::brouillons::count(connection, who.connecte.session.compte).await? > 0)
}

/// `POST /messagerie/{boite}/actions` with `action` and `messages` (repeated); the query string says which page to go
/// back to.
pub async fn act(
    request: HttpRequest,
    app: Data<App>,
    who: Titulaire,
    boite: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let boite = Boite::from_word(&boite).ok_or(Error::NotFound)?;
    let action = action(boite, fields.one("action"))?;
    let mut ids = fields.ids("messages");
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > SELECTION_MAX {
        let sentence = if ids.is_empty() {
            "Cochez d’abord un message au moins.".to_owned()
        } else {
            format!("{SELECTION_MAX} messages au plus se traitent à la fois : cochez-en moins.")
        };
        return show(&request, &app, &who, boite, vec![FieldError::new("", sentence)]).await;
    }
    let identity = who.connecte.identity();
    let said = match boite {
        Boite::Brouillons => {
            let away = action == Action::Archiver;
            let changed = app.comptes.ask(&identity, ArchiveDrafts { drafts: ids, away }).await??;
            drafts_moved(away, &changed)
        }
        Boite::Reception | Boite::Envoyes => {
            let command = ActOnMessages { boite, messages: ids, action };
            let changed = app.comptes.ask(&identity, command).await??;
            messages_moved(boite, action, &changed)
        }
    };
    let back = address(boite, &vue(&Fields::parse(request.query_string()), Whose::of(&who), boite));
    page::redirect_saying(&app, &back.href(), &said)
}

/// The notice after messages were marked or archived, with « Annuler ».
pub(super) fn messages_moved(boite: Boite, action: Action, ids: &[i64]) -> Notice {
    let (one, many, back) = match action {
        Action::Lu => ("message marqué lu", "messages marqués lus", Action::NonLu),
        Action::NonLu => ("message marqué non lu", "messages marqués non lus", Action::Lu),
        Action::Archiver => ("message archivé", "messages archivés", Action::Restaurer),
        Action::Restaurer => ("message rétabli", "messages rétablis", Action::Archiver),
    };
    moved(counted(ids.len() as u64, one, many), boite, back, ids)
}

fn drafts_moved(away: bool, ids: &[i64]) -> Notice {
    let (one, many, back) = if away {
        ("brouillon supprimé", "brouillons supprimés", Action::Restaurer)
    } else {
        ("brouillon rétabli", "brouillons rétablis", Action::Archiver)
    };
    moved(counted(ids.len() as u64, one, many), Boite::Brouillons, back, ids)
}

fn moved(sentence: String, boite: Boite, back: Action, ids: &[i64]) -> Notice {
    let notice = Notice::done(format!("{sentence}."));
    if ids.is_empty() {
        return notice;
    }
    let mut fields = vec![("action".to_owned(), back.as_str().to_owned())];
    fields.extend(ids.iter().map(|id| ("messages".to_owned(), id.to_string())));
    notice.with_undo(Undo { action: format!("/messagerie/{boite}/actions"), fields, ..Undo::default() })
}

/// The action named by a word in that list: only received messages can be marked.
pub(super) fn action(boite: Boite, word: &str) -> Result<Action, Error> {
    match (Action::from_word(word), boite) {
        (Some(action @ (Action::Archiver | Action::Restaurer)), _)
        | (Some(action @ (Action::Lu | Action::NonLu)), Boite::Reception) => Ok(action),
        (Some(Action::Lu | Action::NonLu), Boite::Envoyes | Boite::Brouillons) | (None, _) => {
            Err(Error::BadRequest("Cette action n’existe pas dans cette liste."))
        }
    }
}

/// Whose mailbox is looked at.
#[derive(Clone, Copy, Debug)]
struct Whose {
    correspondant: CorrespondantId,
    /// The member of the structure who reads, when the mailbox is a structure's.
    member: Option<CompteId>,
}

impl Whose {
    fn of(who: &Titulaire) -> Self {
        let session = &who.connecte.session;
        Self { correspondant: who.correspondant, member: session.structure.map(|_| session.compte) }
    }
}

/// The word of the filter « confié » in an address.
fn confie_word(confie: Confie) -> &'static str {
    match confie {
        Confie::Tous => "",
        Confie::A(_) => "moi",
        Confie::Personne => "personne",
    }
}

/// The list that a query string asks for. By date the newest come first, by name or subject the order is alphabetical.
fn vue(asked: &Fields, whose: Whose, boite: Boite) -> Vue {
    let tri = match asked.one("tri") {
        "avec" => Tri::Avec,
        "objet" => Tri::Objet,
        _ => Tri::Date,
    };
    let croissant = match asked.one("sens") {
        "croissant" => true,
        "decroissant" => false,
        _ => usual(tri),
    };
    let page = asked.number("page").filter(|page| *page > 0).unwrap_or(1);
    let confie = match (whose.member.filter(|_| boite == Boite::Reception), asked.one("confie")) {
        (Some(me), "moi") => Confie::A(me),
        (Some(_), "personne") => Confie::Personne,
        _ => Confie::Tous,
    };
    let filtre = asked.searched("q");
    Vue { correspondant: whose.correspondant, boite, filtre, confie, tri, croissant, page }
}

/// Whether a list sorted by this column is ascending by default.
fn usual(tri: Tri) -> bool {
    tri != Tri::Date
}

fn word(tri: Tri) -> &'static str {
    match tri {
        Tri::Date => "date",
        Tri::Avec => "avec",
        Tri::Objet => "objet",
    }
}

fn sens(tri: Tri, croissant: bool) -> &'static str {
    match (croissant == usual(tri), croissant) {
        (true, _) => "",
        (false, true) => "croissant",
        (false, false) => "decroissant",
    }
}

/// The address of the list as it is shown; default order and first page have no parameter.
fn address(boite: Boite, vue: &Vue) -> Query {
    let base = Query::new(format!("/messagerie/{boite}")).add("q", &vue.filtre).add("confie", confie_word(vue.confie));
    let query = sorted(base, vue.tri, vue.croissant);
    if vue.page > 1 { query.add("page", &vue.page.to_string()) } else { query }
}

fn sorted(query: Query, tri: Tri, croissant: bool) -> Query {
    let by = if tri == Tri::Date { "" } else { word(tri) };
    query.with("tri", by).with("sens", sens(tri, croissant))
}

fn columns(boite: Boite, vue: &Vue) -> Vec<Column> {
    let base = Query::new(format!("/messagerie/{boite}")).add("q", &vue.filtre).add("confie", confie_word(vue.confie));
    let (with, when) = match boite {
        Boite::Reception => ("De", "Reçu"),
        Boite::Envoyes => ("À", "Envoyé"),
        Boite::Brouillons => ("À", "Enregistré"),
    };
    [(with, Tri::Avec), ("Objet", Tri::Objet), (when, Tri::Date)]
        .into_iter()
        .map(|(label, tri)| {
            let current = vue.tri == tri;
            // Drafts keep their recipients as a list of ids: they can't be sorted by name.
            let sortable = boite != Boite::Brouillons || tri != Tri::Avec;
            let croissant = if current { !vue.croissant } else { usual(tri) };
            Column {
                label: label.to_owned(),
                href: if sortable { sorted(base.clone(), tri, croissant).href() } else { String::new() },
                sorted: match (current && sortable, vue.croissant) {
                    (false, _) => Sorted::No,
                    (true, true) => Sorted::Ascending,
                    (true, false) => Sorted::Descending,
                },
            }
        })
        .collect()
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Titulaire,
    boite: Boite,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let mut vue = vue(&Fields::parse(request.query_string()), Whose::of(who), boite);
    if boite == Boite::Brouillons && vue.tri == Tri::Avec {
        (vue.tri, vue.croissant) = (Tri::Date, usual(Tri::Date));
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut connection = app.store.read().await?;
    let (mut rows, total) = rows(&mut connection, app, who, &vue).await?;
    let pages = Pages::new(
        u64::try_from(vue.page).unwrap_or(1),
        u64::try_from(PAGE).unwrap_or(1),
        u64::try_from(total).unwrap_or(0),
        address(boite, &Vue { page: 1, ..vue.clone() }),
    );
    let shown = i64::try_from(pages.current).unwrap_or(1);
    if shown != vue.page {
        // The last page was emptied meanwhile, by an action or by a colleague.
        vue.page = shown;
        rows = self::rows(&mut connection, app, who, &vue).await?.0;
    }
    let nav = nav(&mut connection, who, Some(boite)).await?;
    drop(connection);
    let layout = page::layout(request, app, &who.connecte.viewer, boite.title()).await?.with_errors(errors);
    let mut action = address(boite, &vue);
    action.path = format!("/messagerie/{boite}/actions");
    let view = MessagerieBoite {
        layout,
        nav,
        boite,
        q: vue.filtre.clone(),
        tri: if vue.tri == Tri::Date { String::new() } else { word(vue.tri).to_owned() },
        sens: sens(vue.tri, vue.croissant).to_owned(),
        confie: if boite == Boite::Reception && Whose::of(who).member.is_some() {
            [("", "Tous les messages"), ("moi", "Confiés à moi"), ("personne", "Confiés à personne")]
                .map(|(value, label)| Choice::new(value, label).selected(value == confie_word(vue.confie)))
                .into()
        } else {
            Vec::new()
        },
        columns: columns(boite, &vue),
        rows,
        pages,
        action_href: action.href(),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

async fn rows(
    connection: &mut Connection,
    app: &App,
    who: &Titulaire,
    vue: &Vue,
) -> Result<(Vec<MessageRow>, i64), Error> {
    match vue.boite {
        Boite::Reception | Boite::Envoyes => {
            let (lines, total) = store::boites::list(connection, vue).await?;
            let received = vue.boite == Boite::Reception;
            let ids: Vec<i64> = lines.iter().map(|line| line.message).collect();
            let suivis =
                if received { store::suivis::of(connection, vue.correspondant, &ids).await? } else { HashMap::new() };
            let shared = who.connecte.session.structure.is_some();
            let rows = lines.into_iter().map(|line| {
                let unread = received && line.lu_at.is_none();
                let suivi = suivis.get(&line.message).map(|suivi| said(suivi, shared)).unwrap_or_default();
                MessageRow { suivi, ..row(app, line, unread) }
            });
            Ok((rows.collect(), total))
        }
        Boite::Brouillons => {
            let author = who.connecte.session.compte;
            let (drafts, total) =
                store::brouillons::list(connection, author, &vue.filtre, vue.tri, vue.croissant, vue.page).await?;
            let ids: Vec<CorrespondantId> = drafts.iter().flat_map(|draft| draft.a.iter().copied()).collect();
            let names: HashMap<CorrespondantId, String> = store::correspondants::names(connection, &ids)
                .await?
                .into_iter()
                .map(|person| (person.id, person.nom))
                .collect();
            Ok((drafts.into_iter().map(|draft| draft_row(app, draft, &names)).collect(), total))
        }
    }
}

/// What became of a received message: « répondu », and for a structure whom it is assigned to.
fn said(suivi: &Suivi, shared: bool) -> Vec<String> {
    let mut said = Vec::new();
    if suivi.reponse.is_some() {
        said.push("répondu".to_owned());
    }
    if let Some((_, name)) = suivi.assigne.as_ref().filter(|_| shared) {
        said.push(format!("confié à {name}"));
    }
    said
}

fn draft_row(app: &App, draft: Brouillon, names: &HashMap<CorrespondantId, String>) -> MessageRow {
    let to: Vec<&str> = draft.a.iter().filter_map(|id| names.get(id)).map(String::as_str).collect();
    MessageRow {
        id: draft.id.to_string(),
        href: format!("/messagerie/brouillon/{}", draft.id),
        who: if to.is_empty() { "(sans destinataire)".to_owned() } else { to.join(", ") },
        objet: draft.contenu.objet,
        excerpt: excerpt(&draft.contenu.texte),
        at: page::moment(app, draft.modifie_at),
        unread: false,
        suivi: Vec::new(),
    }
}

/// The beginning of a text, on one line.
pub(super) fn excerpt(texte: &str) -> String {
    let line = texte.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXCERPT {
        return line;
    }
    let head: String = line.chars().take(EXCERPT).collect();
    format!("{}…", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: Whose = Whose { correspondant: CorrespondantId(7), member: Some(CompteId(3)) };

    fn asked(query: &str) -> Vue {
        vue(&Fields::parse(query), MINE, Boite::Reception)
    }

    #[test]
    fn m3_the_address_says_what_is_seen() {
        let usual = asked("");
        assert_eq!((usual.tri, usual.croissant, usual.page, usual.filtre.as_str()), (Tri::Date, false, 1, ""));
        let by_name = asked("q=+march%C3%A9s+&tri=avec&page=3");
        assert_eq!(by_name.filtre, "marchés");
        assert_eq!((by_name.tri, by_name.croissant, by_name.page), (Tri::Avec, true, 3));
        assert!(!asked("tri=objet&sens=decroissant").croissant);
        assert!(asked("sens=croissant").croissant);
        for wrong in ["page=0", "page=-4", "page=x", "page=99999999999999999999", "tri=mot_de_passe&sens=haut"] {
            let vue = asked(wrong);
            assert_eq!((vue.tri, vue.croissant, vue.page), (Tri::Date, false, 1), "{wrong}");
        }
    }

    #[test]
    fn m8_a_structure_looks_at_what_is_given_to_one_of_its_people() {
        assert_eq!(asked("confie=moi").confie, Confie::A(CompteId(3)));
        assert_eq!(asked("confie=personne&page=2").confie, Confie::Personne);
        assert_eq!(asked("confie=zut").confie, Confie::Tous);
        let sent = vue(&Fields::parse("confie=moi"), MINE, Boite::Envoyes);
        assert_eq!(sent.confie, Confie::Tous, "what is sent is given to nobody");
        let person = Whose { member: None, ..MINE };
        assert_eq!(vue(&Fields::parse("confie=moi"), person, Boite::Reception).confie, Confie::Tous);
        let query = "q=dates&confie=moi&tri=objet";
        assert_eq!(address(Boite::Reception, &asked(query)).href(), format!("/messagerie/reception?{query}"));
    }

    #[test]
    fn m3_what_is_seen_has_one_address_that_reads_back() {
        for query in ["", "q=a%26b&tri=avec&page=3", "tri=objet&sens=decroissant", "sens=croissant&page=2"] {
            let seen = asked(query);
            let href = address(Boite::Reception, &seen).href();
            let (path, again) = href.split_once('?').unwrap_or((&href, ""));
            assert_eq!(path, "/messagerie/reception");
            let again = asked(again);
            assert_eq!(
                (&again.filtre, again.tri, again.croissant, again.page),
                (&seen.filtre, seen.tri, seen.croissant, seen.page),
                "{query}"
            );
        }
        assert_eq!(address(Boite::Envoyes, &asked("tri=date&sens=decroissant&page=1")).href(), "/messagerie/envoyes");
    }

    #[test]
    fn m3_every_column_sorts_and_the_current_one_turns_round() {
        let found = columns(Boite::Reception, &asked("q=dates&tri=avec"));
        let hrefs: Vec<&str> = found.iter().map(|column| column.href.as_str()).collect();
        assert_eq!(
            hrefs,
            [
                "/messagerie/reception?q=dates&tri=avec&sens=decroissant",
                "/messagerie/reception?q=dates&tri=objet",
                "/messagerie/reception?q=dates",
            ]
        );
        assert_eq!(found[0].sorted, Sorted::Ascending);
        assert_eq!(found[2].sorted, Sorted::No);
        assert!(columns(Boite::Brouillons, &asked(""))[0].href.is_empty());
    }

    #[test]
    fn m3_only_what_is_received_is_marked_read() {
        assert_eq!(action(Boite::Reception, "non_lu").unwrap(), Action::NonLu);
        assert_eq!(action(Boite::Brouillons, "archive").unwrap(), Action::Archiver);
        for (boite, word) in [(Boite::Envoyes, "lu"), (Boite::Brouillons, "non_lu"), (Boite::Reception, "detruire")] {
            assert!(action(boite, word).is_err(), "{boite} {word}");
        }
    }

    #[test]
    fn m3_a_draft_shows_how_its_text_begins() {
        assert_eq!(excerpt("Bonjour,\n\n  merci"), "Bonjour, merci");
        let long = excerpt(&"é".repeat(200));
        assert_eq!(long.chars().count(), EXCERPT + 1);
        assert!(long.ends_with('…'));
    }
}
