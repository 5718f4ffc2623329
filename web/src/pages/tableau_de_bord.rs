//! The first page after login: what to do, and what waits (C1, G1, Q2).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::follower::Called;
use chrono::NaiveDate;
use domain::alertes::{Abonnement, Regle};
use domain::annonce::EtatAnnonce;
use domain::compte::{Droit, Role};
use domain::indisponibilite::Periode;
use domain::lacunes::trouvees;
use domain::paths::MES_LETTRES;
use domain::{CompteId, CorrespondantId};
use search_index::AnnonceHit;
use store::Connection;
use store::annonces::Ligne;
use store::compteurs::WAITING;
use store::lettres::Lettre;

use super::candidatures;
use super::mon_compte::alertes::{Profile, current_annonces};
use super::mon_compte::{interventions, profil};
use super::{messagerie, mon_inscription, notifications};
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::Connecte;
use crate::views::numbers::counted;
use crate::views::tableau_de_bord::{Echeance, Figure, Service, TableauDeBordAdministrateur};
use crate::views::{
    AnnonceRow, Counter, CounterKey, Layout, MessageRow, Moment, TableauDeBordGestionnaire, TableauDeBordIntervenant,
    Task, Tone, dates,
};

/// Most lines in each list: the full pages have the rest.
const FEW: usize = 5;
/// Most annonces of a structure that are read: far more than one publishes.
const ANNONCES_MAX: i64 = 10_000;
/// Failures in a row after which a background service is shown as failing.
const FAILURES_MAX: u64 = 5;

pub async fn page(request: HttpRequest, app: Data<App>, who: Connecte) -> Result<HttpResponse, Error> {
    match who.session.role {
        Role::Intervenant if !who.session.validee => mon_inscription::page(&request, &app, &who).await,
        Role::Intervenant => intervenant(&request, &app, &who).await,
        Role::Gestionnaire => gestionnaire(&request, &app, &who).await,
        Role::Administrateur => administrateur(&request, &app, &who).await,
    }
}

fn value(counter: Option<Counter>) -> u64 {
    counter.map_or(0, |counter| counter.value)
}

/// The task of reading messages, with the latest of them.
fn messages_task(label: &str, layout: &Layout, latest: Option<&MessageRow>) -> Task {
    Task {
        label: label.to_owned(),
        href: "/messagerie/reception".to_owned(),
        detail: latest.map_or_else(String::new, |one| format!("le dernier : {}, {}", one.who, one.at.relative())),
        value: Some(value(layout.messages())),
        counter: Some(CounterKey::Messages),
    }
}

fn notifications_task(layout: &Layout) -> Task {
    Task {
        label: "Voir vos notifications".to_owned(),
        href: "/notifications".to_owned(),
        detail: String::new(),
        value: Some(value(layout.notifications())),
        counter: Some(CounterKey::Notifications),
    }
}

/// The task of deciding on registrations, with when the first of them was sent.
fn registrations_task(layout: &Layout, first: Option<Moment>) -> Task {
    Task {
        label: "Traiter les inscriptions".to_owned(),
        href: "/gestion/inscriptions".to_owned(),
        detail: first.map_or_else(String::new, |at| format!("la plus ancienne a été transmise {}", at.relative())),
        value: Some(value(layout.counter(CounterKey::Inscriptions))),
        counter: Some(CounterKey::Inscriptions),
    }
}

/// The task of studying the answers to the structure's annonces.
fn answers_task(layout: &Layout) -> Task {
    Task {
        label: "Étudier les candidatures".to_owned(),
        href: "/gestion/candidatures".to_owned(),
        detail: String::new(),
        value: Some(value(layout.counter(CounterKey::Candidatures))),
        counter: Some(CounterKey::Candidatures),
    }
}

fn dossiers_task(layout: &Layout) -> Task {
    Task {
        label: "Examiner les dossiers administratifs".to_owned(),
        href: "/gestion/dossiers".to_owned(),
        detail: String::new(),
        value: Some(value(layout.counter(CounterKey::Dossiers))),
        counter: Some(CounterKey::Dossiers),
    }
}

/// The tasks of a person's dossier: give what a structure asks for, transmit what is saved, save what is typed. The
/// first of them shows the counter.
async fn dossier_tasks(connection: &mut Connection, app: &App, compte: CompteId) -> Result<Vec<Task>, Error> {
    let found = store::dossiers::of(connection, compte).await?;
    let typed = store::dossiers::brouillon(connection, &app.vault, &found).await?;
    let task = |label: &str, href: &str, detail: &str| Task {
        label: label.to_owned(),
        href: href.to_owned(),
        detail: detail.to_owned(),
        value: None,
        counter: None,
    };
    let mut tasks = Vec::new();
    if !found.etat.reste_a_faire().is_empty() {
        let detail = "Ces données et ces pièces sont attendues avant votre intervention.";
        tasks.push(task("Compléter votre dossier administratif", "/mon-compte/documents", detail));
    }
    if found.etat.a_transmettre() {
        let left = found.etat.missing().len() as u64;
        let detail = if left == 0 {
            "Ce que vous avez enregistré n’est pas encore parti.".to_owned()
        } else {
            let left = counted(left, "élément manque", "éléments manquent");
            format!("Ce que vous avez enregistré n’est pas encore parti : {left} pour pouvoir le transmettre.")
        };
        tasks.push(task("Transmettre mon dossier", "/mon-compte/documents/verification", &detail));
    }
    if !typed.is_empty() {
        let detail = "Ce que vous avez tapé est gardé, mais pas encore enregistré.";
        tasks.push(task("Enregistrer votre saisie de « Mes données et documents »", "/mon-compte/documents", detail));
    }
    Ok(tasks)
}

/// The task of answering the letters that wait; none when no letter waits.
fn letters_task(waiting: &[Lettre]) -> Option<Task> {
    let first = waiting.first()?;
    let href = if waiting.len() == 1 { format!("{MES_LETTRES}/{}", first.id) } else { MES_LETTRES.to_owned() };
    Some(Task {
        label: if waiting.len() == 1 {
            "Répondre à une lettre de demande"
        } else {
            "Répondre à vos lettres de demande"
        }
        .to_owned(),
        href,
        detail: format!("{} · {}", first.structure_nom, first.contenu.objet),
        value: Some(waiting.len() as u64),
        counter: None,
    })
}

async fn latest_messages(
    connection: &mut Connection,
    app: &App,
    correspondant: Option<CorrespondantId>,
) -> Result<Vec<MessageRow>, Error> {
    match correspondant {
        Some(correspondant) => messagerie::latest_unread(connection, app, correspondant, FEW).await,
        None => Ok(Vec::new()),
    }
}

async fn intervenant(request: &HttpRequest, app: &Data<App>, who: &Connecte) -> Result<HttpResponse, Error> {
    let session = &who.session;
    let mut connection = app.store.read().await?;
    let messages = latest_messages(&mut connection, app, session.correspondant).await?;
    let latest = store::notifications::list(&mut connection, session.compte, FEW as i64, 0).await?;
    let regle = store::alertes::regle(&mut connection, session.compte).await?;
    let abonnement = abonnement(&mut connection, session.compte, regle).await?;
    let unpublished = profil::unpublished(&mut connection, session.compte).await?;
    let answers = store::candidatures::of(&mut connection, session.compte).await?;
    let a_venir = ahead(&mut connection, app, session.compte).await?;
    let letters = store::lettres::to_answer(&mut connection, session.compte).await?;
    let mut dossier = dossier_tasks(&mut connection, app, session.compte).await?;
    drop(connection);
    let found = current_annonces(app, abonnement, FEW).await?;
    let layout = page::layout(request, app, &who.viewer, "Tableau de bord").await?;
    let to_do = value(layout.counter(CounterKey::Dossier));
    if let Some(first) = dossier.first_mut().filter(|_| to_do > 0) {
        (first.value, first.counter) = (Some(to_do), Some(CounterKey::Dossier));
    }
    let mut tasks = vec![messages_task("Lire vos messages", &layout, messages.first()), notifications_task(&layout)];
    tasks.retain(|task| task.count() > 0);
    tasks.splice(0..0, dossier);
    if let Some(task) = letters_task(&letters) {
        tasks.insert(0, task);
    }
    tasks.extend(unpublished.into_iter().map(|(page, href)| Task {
        label: format!("Publier vos modifications de « {page} »"),
        href: href.to_owned(),
        detail: "Ce que vous avez tapé est gardé, mais les structures ne le voient pas encore.".to_owned(),
        value: None,
        counter: None,
    }));
    if regle == Regle::Aucune {
        tasks.push(Task {
            label: "Régler vos alertes".to_owned(),
            href: "/mon-compte/alertes".to_owned(),
            detail: "Sans alerte, aucune annonce ne vous est signalée.".to_owned(),
            value: None,
            counter: None,
        });
    }
    let view = TableauDeBordIntervenant {
        layout,
        tasks,
        messages,
        a_venir,
        reponses: answers.into_iter().take(FEW).map(|one| candidatures::answer_row(app, one)).collect(),
        notifications: latest.into_iter().map(|one| notifications::row(app, one)).collect(),
        annonces_unknown: found.is_none(),
        annonces: found.unwrap_or_default().latest.into_iter().map(hit_row).collect(),
        alertes: alerts_in_words(regle, session.validee),
    };
    page::ok(request, app, &who.viewer, &view)
}

/// Present and future interventions and absences, by date.
async fn ahead(connection: &mut Connection, app: &App, compte: CompteId) -> Result<Vec<Echeance>, Error> {
    let today = profil::today(app);
    let planned = store::interventions::of(connection, compte).await?.into_iter().filter(interventions::is_ahead);
    let mut all: Vec<(NaiveDate, Echeance)> = planned
        .map(|line| {
            let day = line.intervention.du;
            let row = interventions::row(line, String::new());
            let detail = format!("{} · {} · {}", row.periode, row.structure, row.said_heures());
            let href = "/mon-compte/interventions".to_owned();
            (day, Echeance { titre: row.titre, href, detail, etat: row.etat.to_owned(), tone: row.tone })
        })
        .collect();
    let away = store::profils::indisponibilites(connection, compte).await?;
    all.extend(away.into_iter().filter(|(_, period)| period.au >= today).map(|(_, Periode { du, au })| {
        let away = Echeance {
            titre: if du <= today { "Vous êtes indisponible" } else { "Vous serez indisponible" }.to_owned(),
            href: "/mon-compte/indisponibilites".to_owned(),
            detail: domain::dates::periode(Some(du), Some(au)),
            etat: if du <= today { "en ce moment" } else { "à venir" }.to_owned(),
            tone: Tone::Info,
        };
        (du, away)
    }));
    all.sort_by_key(|(day, _)| *day);
    Ok(all.into_iter().map(|(_, one)| one).take(FEW).collect())
}

/// The criteria of a person's alerts, now or once their registration is validated.
async fn abonnement(connection: &mut Connection, compte: CompteId, regle: Regle) -> Result<Abonnement, Error> {
    if regle == Regle::Aucune {
        return Ok(Abonnement::default());
    }
    match store::alertes::subscriptions(connection, Some(&[compte])).await?.remove(&compte) {
        Some(abonnement) => Ok(abonnement),
        None => Ok(Abonnement { regle, ..Profile::load(connection, compte).await?.about }),
    }
}

/// The alerts as a sentence; empty when there is none.
fn alerts_in_words(regle: Regle, validated: bool) -> String {
    let what = match regle {
        Regle::Aucune => return String::new(),
        Regle::Specialites => "les annonces de vos spécialités",
        Regle::Regions => "les annonces qui concernent vos régions",
        Regle::SpecialitesOuRegions => "les annonces de vos spécialités et celles qui concernent vos régions",
        Regle::SpecialitesEtRegions => "les annonces de vos spécialités qui concernent vos régions",
    };
    if validated {
        format!("Un courriel vous signale {what}.")
    } else {
        format!("Un courriel vous signalera {what} dès que votre inscription sera validée.")
    }
}

fn hit_row(hit: AnnonceHit) -> AnnonceRow {
    let regions: Vec<String> = hit.regions.into_iter().map(|region| region.label).collect();
    AnnonceRow {
        href: format!("/annonces/{}", hit.numero),
        numero: hit.numero,
        titre: hit.titre,
        structure: hit.structure.nom,
        specialite: hit.specialite.map(|specialite| specialite.label).unwrap_or_default(),
        regions: if regions.is_empty() { "Toutes les régions".to_owned() } else { regions.join(", ") },
        period: dates::period(hit.du, hit.au),
        excerpt: Vec::new(),
    }
}

async fn gestionnaire(request: &HttpRequest, app: &Data<App>, who: &Connecte) -> Result<HttpResponse, Error> {
    let session = &who.session;
    let structure = session.structure.ok_or(Error::Forbidden)?;
    let mut connection = app.store.read().await?;
    let messages = latest_messages(&mut connection, app, session.correspondant).await?;
    let latest = store::notifications::list(&mut connection, session.compte, FEW as i64, 0).await?;
    let mut lines = store::annonces::lines_of_structure(&mut connection, structure, ANNONCES_MAX).await?;
    let first = store::inscriptions::queue(&mut connection, structure, &WAITING, (1, 0)).await?.pop();
    let first = first.and_then(|line| line.transmise_at).map(|at| page::moment(app, at));
    drop(connection);
    let open = lines.iter().filter(|line| line.etat == EtatAnnonce::Publiee).count() as u64;
    lines.retain(|line| line.etat == EtatAnnonce::Brouillon);
    let name = session.structure_nom.clone().unwrap_or_default();
    let layout = page::layout(request, app, &who.viewer, "À traiter").await?;
    let mut queue = vec![
        messages_task("Lire les messages de la structure", &layout, messages.first()),
        notifications_task(&layout),
        Task {
            label: "Terminer les annonces en préparation".to_owned(),
            href: "/gestion/annonces?etat=brouillon".to_owned(),
            detail: String::new(),
            value: Some(lines.len() as u64),
            counter: None,
        },
        Task {
            label: "Suivre les annonces publiées".to_owned(),
            href: "/gestion/annonces?etat=publiee".to_owned(),
            detail: String::new(),
            value: Some(open),
            counter: None,
        },
    ];
    if session.droits.contains(&Droit::Dossiers) {
        queue.insert(0, dossiers_task(&layout));
    }
    queue.insert(0, answers_task(&layout));
    if session.droits.contains(&Droit::Inscriptions) {
        queue.insert(0, registrations_task(&layout, first));
    }
    let view = TableauDeBordGestionnaire {
        acces: session.droits.contains(&Droit::Acces),
        layout,
        brouillons: lines.into_iter().take(FEW).map(|line| draft_row(line, &name)).collect(),
        structure: name,
        queue,
        messages,
        notifications: latest.into_iter().map(|one| notifications::row(app, one)).collect(),
    };
    page::ok(request, app, &who.viewer, &view)
}

fn draft_row(line: Ligne, structure: &str) -> AnnonceRow {
    AnnonceRow {
        numero: String::new(),
        href: format!("/gestion/annonces/{}", line.id),
        titre: line.titre,
        structure: structure.to_owned(),
        specialite: line.specialite_nom,
        regions: String::new(),
        period: String::new(),
        excerpt: Vec::new(),
    }
}

/// The whole service at a glance. An administrateur has no mailbox; their tasks are the failures.
async fn administrateur(request: &HttpRequest, app: &Data<App>, who: &Connecte) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    let comptes = store::comptes::count(&mut connection).await?;
    let validated = store::intervenants::count_validated(&mut connection).await?;
    let annonces = store::annonces::count_published(&mut connection).await?;
    let mails = store::courriels::totals(&mut connection).await?;
    let structures = store::structures::all(&mut connection).await?;
    let latest = store::notifications::list(&mut connection, who.session.compte, FEW as i64, 0).await?;
    let textes = store::contenus::textes(&mut connection).await?;
    let a_analyser = store::analyses::count_waiting(&mut connection).await?;
    drop(connection);
    let mut services = services(app);
    services.extend(antivirus(app, u64::try_from(a_analyser).unwrap_or(0)));
    let layout = page::layout(request, app, &who.viewer, "Tableau de bord").await?;
    let count = |value: i64| u64::try_from(value).unwrap_or(0);
    let silent = structures.iter().filter(|structure| !structure.messagerie_active).count();
    let figure = |label: &str, value: u64, detail: String| Figure { label: label.to_owned(), value, detail };
    let figures = vec![
        figure("Comptes", count(comptes), String::new()),
        figure("Intervenants validés", count(validated), "présents dans la CV-thèque".to_owned()),
        figure("Alertes réglées", app.abonnes.len() as u64, String::new()),
        figure("Annonces ouvertes", count(annonces), String::new()),
        figure(
            "Structures",
            structures.len() as u64,
            match silent {
                0 => "toutes avec la messagerie".to_owned(),
                silent => format!("dont {silent} sans messagerie"),
            },
        ),
        figure("Courriels envoyés", count(mails.envoyes), String::new()),
        figure("Courriels en attente", count(mails.en_attente), String::new()),
        figure("Courriels abandonnés", count(mails.echecs), "après le dernier essai".to_owned()),
    ];
    let mut tasks = vec![notifications_task(&layout)];
    tasks.extend(textes.iter().map(|texte| Task {
        label: format!("Compléter le texte « {} »", texte.titre),
        href: format!("/administration/textes/{}", texte.cle),
        detail: "Ce qui est entre crochets n’est pas montré au public.".to_owned(),
        value: Some(trouvees(&texte.corps).len() as u64),
        counter: None,
    }));
    tasks.retain(|task| task.count() > 0);
    let view = TableauDeBordAdministrateur {
        layout,
        tasks,
        figures,
        services,
        notifications: latest.into_iter().map(|one| notifications::row(app, one)).collect(),
    };
    page::ok(request, app, &who.viewer, &view)
}

/// The background services in words; one that fails is retried automatically, and shown here.
fn services(app: &App) -> Vec<Service> {
    let live = app.comptes.watched().failures.load(std::sync::atomic::Ordering::Relaxed);
    let mut found = vec![service(actors::live::CALLED, live)];
    found.extend(app.followers.iter().map(|(called, observed)| service(*called, observed.failures())));
    if app.index.cursor().is_none() {
        found.push(Service {
            name: "Index de recherche".to_owned(),
            etat: "en construction".to_owned(),
            tone: Tone::Warning,
        });
    }
    found
}

/// The antivirus, if there is one: while it does not answer, only their owners can open the files that wait.
fn antivirus(app: &App, waiting: u64) -> Option<Service> {
    let surveille = app.antivirus.as_ref()?;
    let waiting = counted(waiting, "fichier en attente", "fichiers en attente");
    let (etat, tone) = if surveille.up() {
        (format!("répond, {waiting}"), Tone::Done)
    } else {
        (format!("ne répond pas, {waiting}"), Tone::Failure)
    };
    Some(Service { name: "Antivirus".to_owned(), etat, tone })
}

fn service(called: Called, failures: u64) -> Service {
    let (etat, tone) = match failures {
        0 => ("en marche".to_owned(), Tone::Done),
        1 => ("1 échec, nouvel essai en cours".to_owned(), Tone::Warning),
        n if n < FAILURES_MAX => (format!("{n} échecs, nouvel essai en cours"), Tone::Warning),
        n => (format!("en panne : {n} échecs de suite"), Tone::Failure),
    };
    Service { name: called.label.to_owned(), etat, tone }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l1_the_alerts_are_said_in_words() {
        assert_eq!(alerts_in_words(Regle::Aucune, true), "");
        assert_eq!(
            alerts_in_words(Regle::Specialites, true),
            "Un courriel vous signale les annonces de vos spécialités."
        );
        assert!(
            alerts_in_words(Regle::SpecialitesEtRegions, false).ends_with("dès que votre inscription sera validée.")
        );
    }

    #[test]
    fn g1_a_service_that_fails_is_said() {
        let mailer = Called { name: "mailer", label: "Envoi des courriels" };
        assert_eq!(service(mailer, 0).etat, "en marche");
        assert_eq!(service(mailer, 2).tone, Tone::Warning);
        assert_eq!(service(mailer, FAILURES_MAX).tone, Tone::Failure);
    }
}
