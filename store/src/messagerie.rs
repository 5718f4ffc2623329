//! The rows of messages: a message never changes once it is there.

use diesel::prelude::*;
use domain::texte::fold;
use domain::{CompteId, CorrespondantId};

use crate::query::RunQueryDsl;
use crate::schema::{boite, destinataire, formulaire, message};
use crate::{Connection, Pending, Transaction, correspondants};

#[derive(Clone, Copy, Debug)]
pub struct Nouveau<'a> {
    pub de: CorrespondantId,
    pub auteur: CompteId,
    pub a: &'a [CorrespondantId],
    pub objet: &'a str,
    pub texte: &'a str,
    pub reponse_a: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Stored {
    pub message: i64,
    /// The name of the mailbox it comes from.
    pub de: String,
}

/// Puts a message into the mailboxes of its sender and of all who receive it.
pub fn insert<'a>(transaction: &'a mut Transaction, nouveau: &'a Nouveau<'a>) -> Pending<'a, Stored> {
    Box::pin(async move {
        let Nouveau { de, auteur, a, objet, texte, reponse_a } = nouveau;
        let now = transaction.now;
        let names = correspondants::names(transaction.connection(), a).await?;
        let to_names = names.iter().map(|to| to.nom.as_str()).collect::<Vec<_>>().join(", ");
        let from = correspondants::names(transaction.connection(), &[*de]).await?.pop();
        let from_name = from.map(|from| from.nom).unwrap_or_default();
        let search = fold(&format!("{objet} {from_name} {to_names} {texte}"));
        let id: i64 = diesel::insert_into(message::table)
            .values((
                message::de_id.eq(de.0),
                message::auteur_id.eq(auteur.0),
                message::reponse_a.eq(reponse_a),
                message::objet.eq(objet),
                message::texte.eq(texte),
                message::recherche.eq(&search),
                message::envoye_at.eq(now),
            ))
            .returning(message::id)
            .get_result(transaction.connection())
            .await?;
        diesel::insert_into(boite::table)
            .values((
                boite::correspondant_id.eq(de.0),
                boite::message_id.eq(id),
                boite::dossier.eq("envoyes"),
                boite::avec.eq(&to_names),
                boite::avec_cle.eq(fold(&to_names)),
                boite::at.eq(now),
                boite::lu_at.eq(Some(now)),
            ))
            .execute(transaction.connection())
            .await?;
        for recipient in *a {
            diesel::insert_into(destinataire::table)
                .values((destinataire::message_id.eq(id), destinataire::correspondant_id.eq(recipient.0)))
                .execute(transaction.connection())
                .await?;
            diesel::insert_into(boite::table)
                .values((
                    boite::correspondant_id.eq(recipient.0),
                    boite::message_id.eq(id),
                    boite::dossier.eq("reception"),
                    boite::avec.eq(&from_name),
                    boite::avec_cle.eq(fold(&from_name)),
                    boite::at.eq(now),
                ))
                .execute(transaction.connection())
                .await?;
        }
        Ok(Stored { message: id, de: from_name })
    })
}

/// The message that a form made when it was posted, with the fingerprint of what it said.
pub fn posted_before<'a>(
    connection: &'a mut Connection,
    auteur: CompteId,
    jeton: &'a str,
) -> Pending<'a, Option<(String, i64)>> {
    Box::pin(async move {
        Ok(formulaire::table
            .find((auteur.0, jeton))
            .select((formulaire::empreinte, formulaire::message_id))
            .first(connection)
            .await
            .optional()?)
    })
}

/// Remembers what a form said and which message it made.
pub fn posted<'a>(
    transaction: &'a mut Transaction,
    (auteur, jeton): (CompteId, &'a str),
    empreinte: &'a str,
    message: i64,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(formulaire::table)
            .values((
                formulaire::compte_id.eq(auteur.0),
                formulaire::jeton.eq(jeton),
                formulaire::empreinte.eq(empreinte),
                formulaire::message_id.eq(message),
                formulaire::at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// The key that makes the email of a message to a person unique.
pub fn mail_key(message: i64, person: CompteId) -> String {
    format!("message-{message}-{person}")
}
