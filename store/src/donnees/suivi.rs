//! How the person is told and what was done with their account: alerts, notifications, emails, logins, who saw their
//! CV.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::alertes::Regle;
use domain::annonce::NumeroAnnonce;
use domain::compte::Role;
use domain::paths;
use domain::preference::{Rythme, Sorte};

use super::{Bloc, moment, moment_or_none, yes};
use crate::query::RunQueryDsl;
use crate::schema::{
    acces_provisoire, alerte_envoi, annonce, appareil, courriel, export_cvtheque, export_personne, journal, liste,
    liste_membre, notification, preference, recherche, recherche_annonce, recherche_trouvee, session, structure,
};
use crate::{Connection, Pending, Result, alertes};

pub(super) fn blocs(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<Bloc>> {
    Box::pin(async move {
        Ok(vec![
            wishes(connection, id).await?,
            told(connection, id).await?,
            notifications(connection, id).await?,
            emails(connection, id).await?,
            logins(connection, id).await?,
            seen(connection, id).await?,
            events(connection, id).await?,
        ])
    })
}

/// The tick boxes of §8, the followed searches, and how one is told of each kind of event.
async fn wishes(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let regle = match alertes::regle(connection, id).await? {
        Regle::Aucune => "aucune",
        Regle::Specialites => "mes spécialités",
        Regle::Regions => "mes régions",
        Regle::SpecialitesOuRegions => "mes spécialités ou mes régions",
        Regle::SpecialitesEtRegions => "mes spécialités dans mes régions",
    };
    let frequence = alertes::frequence(connection, id).await?;
    let mut lignes = vec![
        vec!["Alertes".to_owned(), regle.to_owned()],
        vec!["Fréquence des alertes".to_owned(), frequence.libelle().to_owned()],
    ];
    let searches: Vec<(String, bool)> = recherche_annonce::table
        .filter(recherche_annonce::compte_id.eq(id.0))
        .order(recherche_annonce::id)
        .select((recherche_annonce::adresse, recherche_annonce::active))
        .load(connection)
        .await?;
    for (adresse, active) in searches {
        let state = if active { "active" } else { "arrêtée" };
        lignes.push(vec![format!("Recherche suivie ({state})"), format!("{}?{adresse}", paths::ANNONCES)]);
    }
    let chosen: Vec<(String, bool, String)> = preference::table
        .filter(preference::compte_id.eq(id.0))
        .order(preference::sorte)
        .select((preference::sorte, preference::direct, preference::courriel))
        .load(connection)
        .await?;
    for (sorte, direct, rythme) in chosen {
        let name = Sorte::from_word(&sorte).map_or(sorte, |sorte| sorte.libelle(Role::Intervenant).to_owned());
        let rythme = Rythme::from_word(&rythme).map_or(rythme, |rythme| rythme.libelle().to_owned());
        lignes.push(vec![name, format!("courriel : {rythme} ; annoncé dans les pages ouvertes : {}", yes(direct))]);
    }
    Ok(Bloc { nom: "Alertes et préférences", titres: &["Choix", "Valeur"], lignes })
}

async fn told(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(Option<i32>, Option<i64>, String, NaiveDateTime)> = alerte_envoi::table
        .inner_join(annonce::table.on(annonce::id.eq(alerte_envoi::annonce_id)))
        .filter(alerte_envoi::compte_id.eq(id.0))
        .order((alerte_envoi::at, alerte_envoi::annonce_id))
        .select((annonce::annee, annonce::rang, annonce::titre, alerte_envoi::at))
        .load(connection)
        .await?;
    let lignes = rows
        .into_iter()
        .map(|(annee, rang, titre, at)| {
            let numero = annee.zip(rang).map(|(annee, rang)| NumeroAnnonce { annee, rang }.to_string());
            vec![numero.unwrap_or_default(), titre, moment(at)]
        })
        .collect();
    Ok(Bloc { nom: "Annonces signalées", titres: &["Annonce", "Titre", "Le"], lignes })
}

async fn notifications(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(NaiveDateTime, Option<NaiveDateTime>, String, String)> = notification::table
        .filter(notification::compte_id.eq(id.0))
        .order(notification::id)
        .select((notification::at, notification::lue_at, notification::titre, notification::texte))
        .load(connection)
        .await?;
    let lignes =
        rows.into_iter().map(|(at, lue, titre, texte)| vec![moment(at), moment_or_none(lue), titre, texte]).collect();
    Ok(Bloc { nom: "Notifications", titres: &["Le", "Lue le", "Titre", "Texte"], lignes })
}

async fn emails(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(NaiveDateTime, Option<NaiveDateTime>, String, String, String)> = courriel::table
        .filter(courriel::compte_id.eq(id.0))
        .order(courriel::id)
        .select((courriel::cree_at, courriel::envoye_at, courriel::destinataire, courriel::modele, courriel::etat))
        .load(connection)
        .await?;
    let lignes = rows
        .into_iter()
        .map(|(at, sent, to, modele, etat)| vec![moment(at), moment_or_none(sent), to, modele, etat])
        .collect();
    Ok(Bloc { nom: "Courriels", titres: &["Préparé le", "Envoyé le", "À", "Modèle", "État"], lignes })
}

async fn logins(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let sessions: Vec<(String, NaiveDateTime, NaiveDateTime)> = session::table
        .filter(session::compte_id.eq(id.0))
        .order(session::id)
        .select((session::appareil, session::cree_at, session::vue_at))
        .load(connection)
        .await?;
    let devices: Vec<NaiveDateTime> = appareil::table
        .filter(appareil::compte_id.eq(id.0))
        .order(appareil::cree_at)
        .select(appareil::cree_at)
        .load(connection)
        .await?;
    let given: Vec<(NaiveDateTime, NaiveDateTime, String, String)> = acces_provisoire::table
        .filter(acces_provisoire::compte_id.eq(id.0))
        .select((
            acces_provisoire::cree_at,
            acces_provisoire::expire_at,
            acces_provisoire::adresse,
            acces_provisoire::verification,
        ))
        .load(connection)
        .await?;
    let row = |kind: &str, at, until, more| vec![kind.to_owned(), moment(at), until, more];
    let mut lignes: Vec<Vec<String>> =
        sessions.into_iter().map(|(device, from, seen)| row("Connexion", from, moment(seen), device)).collect();
    lignes.extend(devices.into_iter().map(|at| row("Appareil reconnu", at, String::new(), String::new())));
    lignes.extend(given.into_iter().map(|(at, until, adresse, verification)| {
        let more = [adresse, verification].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
        row("Identifiants provisoires", at, moment(until), more.join(" ; "))
    }));
    let titres = &["Nature", "Le", "Utilisé ou valable jusqu’au", "Précision"];
    Ok(Bloc { nom: "Connexions", titres, lignes })
}

/// Which structures took or listed the profile, beyond reading it: workbooks, lists, followed searches.
async fn seen(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let exports: Vec<(NaiveDateTime, String)> = export_personne::table
        .inner_join(export_cvtheque::table.on(export_cvtheque::id.eq(export_personne::export_id)))
        .inner_join(structure::table.on(structure::id.eq(export_cvtheque::structure_id)))
        .filter(export_personne::compte_id.eq(id.0))
        .select((export_cvtheque::at, structure::nom))
        .load(connection)
        .await?;
    let lists: Vec<(NaiveDateTime, String, String)> = liste_membre::table
        .inner_join(liste::table.on(liste::id.eq(liste_membre::liste_id)))
        .inner_join(structure::table.on(structure::id.eq(liste::structure_id)))
        .filter(liste_membre::compte_id.eq(id.0))
        .select((liste_membre::at, structure::nom, liste::nom))
        .load(connection)
        .await?;
    let found: Vec<(NaiveDateTime, String, String)> = recherche_trouvee::table
        .inner_join(recherche::table.on(recherche::id.eq(recherche_trouvee::recherche_id)))
        .inner_join(structure::table.on(structure::id.eq(recherche::structure_id)))
        .filter(recherche_trouvee::compte_id.eq(id.0))
        .select((recherche_trouvee::at, structure::nom, recherche::nom))
        .load(connection)
        .await?;
    let mut all: Vec<(NaiveDateTime, &str, String, String)> = Vec::new();
    all.extend(
        exports.into_iter().map(|(at, structure)| (at, "Classeur extrait de la CV-thèque", structure, String::new())),
    );
    all.extend(lists.into_iter().map(|(at, structure, nom)| (at, "Liste de travail", structure, nom)));
    all.extend(found.into_iter().map(|(at, structure, nom)| (at, "Recherche suivie d’une structure", structure, nom)));
    all.sort_by_key(|one| one.0);
    let lignes =
        all.into_iter().map(|(at, kind, structure, nom)| vec![moment(at), kind.to_owned(), structure, nom]).collect();
    Ok(Bloc { nom: "CV-thèque", titres: &["Le", "Usage", "Structure", "Nom"], lignes })
}

/// Facts whose subject is an account.
const ABOUT_AN_ACCOUNT: &[&str] = &[
    "compte_cree",
    "session_ouverte",
    "sessions_fermees",
    "mot_de_passe_change",
    "profil_modifie",
    "alerte_modifiee",
    "notifications_lues",
    "compte_active",
    "adresse_changee",
    "acces_provisoire_donne",
    "second_facteur_modifie",
    "compte_archive",
    "inscription_modifiee",
    "donnees_exportees",
    "dossier_modifie",
    "dossier_lu",
];

async fn events(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(i64, NaiveDateTime, String, Option<i64>)> = journal::table
        .filter(journal::actor.eq(id.0).or(journal::subject.eq(id.0).and(journal::kind.eq_any(ABOUT_AN_ACCOUNT))))
        .order(journal::id)
        .select((journal::id, journal::at, journal::kind, journal::actor))
        .load(connection)
        .await?;
    let lignes = rows
        .into_iter()
        .map(|(rank, at, kind, actor)| {
            let by = match actor {
                Some(actor) if actor == id.0 => "vous",
                Some(_) => "une autre personne",
                None => "le service",
            };
            vec![rank.to_string(), moment(at), kind.replace('_', " "), by.to_owned()]
        })
        .collect();
    Ok(Bloc { nom: "Journal", titres: &["Rang", "Le", "Événement", "Par"], lignes })
}
