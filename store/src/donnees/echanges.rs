//! What the person and the structures said to each other: messages, drafts, answers to annonces, requests.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{CompteId, CorrespondantId};

use super::{Bloc, moment, moment_or_none};
use crate::query::RunQueryDsl;
use crate::schema::{boite, brouillon, demande, demande_fichier, demande_message, message, note_interne, structure};
use crate::{Connection, Pending, Result, candidatures, correspondants, demandes};

pub(super) fn blocs(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<Bloc>> {
    Box::pin(async move {
        let own = correspondants::of_compte(connection, id).await?;
        Ok(vec![
            messages(connection, own).await?,
            drafts(connection, id).await?,
            answers(connection, id).await?,
            requests(connection, id).await?,
            thread(connection, id).await?,
            attached(connection, id).await?,
            notes(connection, id, own).await?,
        ])
    })
}

async fn messages(connection: &mut Connection, own: Option<CorrespondantId>) -> Result<Bloc> {
    type Row = (String, String, NaiveDateTime, Option<NaiveDateTime>, Option<NaiveDateTime>, String, String);
    let rows: Vec<Row> = match own {
        Some(own) => {
            boite::table
                .inner_join(message::table.on(message::id.eq(boite::message_id)))
                .filter(boite::correspondant_id.eq(own.0))
                .order(boite::id)
                .select((
                    boite::dossier,
                    boite::avec,
                    boite::at,
                    boite::lu_at,
                    boite::archive_at,
                    message::objet,
                    message::texte,
                ))
                .load(connection)
                .await?
        }
        None => Vec::new(),
    };
    let lignes = rows
        .into_iter()
        .map(|(dossier, avec, at, lu, archive, objet, texte)| {
            let way = if dossier == "envoyes" { "envoyé" } else { "reçu" };
            vec![way.to_owned(), avec, moment(at), moment_or_none(lu), moment_or_none(archive), objet, texte]
        })
        .collect();
    let titres = &["Sens", "Avec", "Le", "Lu le", "Archivé le", "Objet", "Texte"];
    Ok(Bloc { nom: "Messages", titres, lignes })
}

async fn drafts(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(NaiveDateTime, Option<NaiveDateTime>, String, String, String)> = brouillon::table
        .filter(brouillon::compte_id.eq(id.0))
        .order(brouillon::id)
        .select((
            brouillon::modifie_at,
            brouillon::archive_at,
            brouillon::destinataires,
            brouillon::objet,
            brouillon::texte,
        ))
        .load(connection)
        .await?;
    let mut lignes = Vec::new();
    for (at, archive, json, objet, texte) in rows {
        let to: Vec<CorrespondantId> = serde_json::from_str(&json)?;
        let names: Vec<String> = correspondants::names(connection, &to).await?.into_iter().map(|one| one.nom).collect();
        lignes.push(vec![moment(at), moment_or_none(archive), names.join(", "), objet, texte]);
    }
    let titres = &["Enregistré le", "Archivé le", "Destinataires", "Objet", "Texte"];
    Ok(Bloc { nom: "Brouillons", titres, lignes })
}

async fn answers(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let lignes = candidatures::of(connection, id)
        .await?
        .into_iter()
        .map(|one| {
            vec![
                one.numero.map(|numero| numero.to_string()).unwrap_or_default(),
                one.titre,
                one.structure_nom,
                one.etat.libelle().to_owned(),
                moment(one.cree_at),
                moment(one.modifie_at),
                one.commentaire,
            ]
        })
        .collect();
    let titres = &["Annonce", "Titre", "Structure", "État", "Écrite le", "Dernier changement", "Commentaire"];
    Ok(Bloc { nom: "Réponses aux annonces", titres, lignes })
}

async fn requests(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<i64> = demande::table
        .filter(demande::compte_id.eq(id.0))
        .order(demande::id)
        .select(demande::id)
        .load(connection)
        .await?;
    let mut lignes = Vec::new();
    for row in rows {
        let Some(one) = demandes::by_id(connection, row).await? else { continue };
        let structure: String = structure::table.find(one.structure.0).select(structure::nom).first(connection).await?;
        lignes.push(vec![
            one.reference,
            one.sorte.libelle().to_owned(),
            structure,
            one.etat.libelle().to_owned(),
            moment(one.cree_at),
            format!("{} {}", one.prenom, one.nom),
            one.courriel,
            one.objet,
        ]);
    }
    let titres = &["Référence", "Type", "Structure", "État", "Écrite le", "Nom donné", "Adresse donnée", "Objet"];
    Ok(Bloc { nom: "Demandes de support", titres, lignes })
}

async fn thread(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(String, String, NaiveDateTime, String)> = demande_message::table
        .inner_join(demande::table.on(demande::id.eq(demande_message::demande_id)))
        .filter(demande::compte_id.eq(id.0))
        .order(demande_message::id)
        .select((demande::reference, demande_message::de, demande_message::at, demande_message::texte))
        .load(connection)
        .await?;
    let lignes = rows
        .into_iter()
        .map(|(reference, de, at, texte)| {
            let from = match de.as_str() {
                "demandeur" => "vous",
                "structure" => "la structure",
                _ => "le service",
            };
            vec![reference, from.to_owned(), moment(at), texte]
        })
        .collect();
    Ok(Bloc { nom: "Échanges avec le support", titres: &["Référence", "De", "Le", "Texte"], lignes })
}

async fn attached(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let rows: Vec<(i64, String, String, String, i64)> = demande_fichier::table
        .inner_join(demande_message::table.on(demande_message::id.eq(demande_fichier::message_id)))
        .inner_join(demande::table.on(demande::id.eq(demande_message::demande_id)))
        .filter(demande::compte_id.eq(id.0))
        .order(demande_fichier::id)
        .select((
            demande_fichier::id,
            demande::reference,
            demande_fichier::nom,
            demande_fichier::format,
            demande_fichier::taille,
        ))
        .load(connection)
        .await?;
    let lignes = rows
        .into_iter()
        .map(|(id, reference, nom, format, taille)| {
            vec![format!("support/{id}"), reference, nom, format.to_uppercase(), taille.to_string()]
        })
        .collect();
    let titres = &["Repère", "Demande", "Nom", "Format", "Taille en octets"];
    Ok(Bloc { nom: "Fichiers du support", titres, lignes })
}

/// What the structures noted about the person's messages and requests; the person has no right to know who wrote it.
async fn notes(connection: &mut Connection, id: CompteId, own: Option<CorrespondantId>) -> Result<Bloc> {
    let mut about: HashMap<&str, Vec<i64>> = HashMap::from([("inscription", vec![id.0])]);
    let requests: Vec<i64> =
        demande::table.filter(demande::compte_id.eq(id.0)).select(demande::id).load(connection).await?;
    about.insert("demande", requests);
    if let Some(own) = own {
        let sent: Vec<i64> =
            message::table.filter(message::de_id.eq(own.0)).select(message::id).load(connection).await?;
        about.insert("message", sent);
    }
    let mut rows: Vec<(i64, String, String, NaiveDateTime, String)> = Vec::new();
    for (objet, ids) in about {
        // 500 at once: an engine bounds how many values a query may have.
        for some in ids.chunks(500) {
            rows.extend(
                note_interne::table
                    .inner_join(structure::table.on(structure::id.eq(note_interne::structure_id)))
                    .filter(note_interne::objet.eq(objet))
                    .filter(note_interne::sujet.eq_any(some))
                    .select((
                        note_interne::id,
                        note_interne::objet,
                        structure::nom,
                        note_interne::at,
                        note_interne::texte,
                    ))
                    .load::<(i64, String, String, NaiveDateTime, String)>(connection)
                    .await?,
            );
        }
    }
    rows.sort_unstable_by_key(|row| row.0);
    let lignes = rows
        .into_iter()
        .map(|(_, objet, structure, at, texte)| {
            let about = match objet.as_str() {
                "demande" => "une demande de support",
                "message" => "un message",
                _ => "votre inscription",
            };
            vec![about.to_owned(), structure, moment(at), texte]
        })
        .collect();
    Ok(Bloc { nom: "Notes des structures", titres: &["Sur", "Structure", "Le", "Texte"], lignes })
}
