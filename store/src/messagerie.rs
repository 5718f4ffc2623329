//! Sending: one transaction that checks the right to write, stores the message, fills the mailboxes and the outbox.
//!
//! A message never changes once sent. A form that is posted twice sends once and answers the same (M9).

use diesel::prelude::*;
use domain::courriel::Courriel;
use domain::journal::Fact;
use domain::messagerie::{Contenu, ContenuError};
use domain::nir::mask;
use domain::preference::{RETENUE_MINUTES, Rythme, Sorte};
use domain::texte::fold;
use domain::{CompteId, CorrespondantId};

use crate::query::RunQueryDsl;
use crate::schema::{boite, brouillon, compte, correspondant, destinataire, formulaire, message};
use crate::{Connection, Pending, Refused, Result, Transaction, correspondants, courriels, preferences, suivis};

/// What is to be sent.
#[derive(Clone, Debug)]
pub struct Envoi {
    pub de: CorrespondantId,
    pub auteur: CompteId,
    pub a: Vec<CorrespondantId>,
    pub contenu: Contenu,
    /// The message it answers: then the recipients are that message's sender, whatever `a` says (M5).
    pub reponse_a: Option<i64>,
    /// For a structure that answers: the last answer that its author knew of, 0 for none. Somebody else's since then is
    /// told before this one leaves (M8). Nothing for a person's own mailbox.
    pub reponse_connue: Option<i64>,
    /// The token of the form, unique per account.
    pub jeton: String,
    /// The draft it was written as, removed on sending.
    pub brouillon: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Envoye {
    New(i64),
    /// The same form had been sent already: nothing happened, here is the message it had made.
    Repeated(i64),
}

impl Envoye {
    pub fn message(&self) -> i64 {
        match self {
            Self::New(id) | Self::Repeated(id) => *id,
        }
    }
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// What was written can't be sent.
    #[error(transparent)]
    Contenu(#[from] ContenuError),
    /// One of the recipients can't be written to by this mailbox.
    #[error(
        "Vous ne pouvez pas écrire à l’un de ces destinataires. Retirez-le, ou choisissez parmi ceux qui vous sont proposés."
    )]
    NotAllowed,
    /// The message that is answered is not in this mailbox.
    #[error("Le message auquel vous répondez ne se trouve pas dans votre boîte.")]
    UnknownSource,
    /// The same form was sent before with another text.
    #[error(
        "Ce message a déjà été envoyé avec un autre texte. Pour l’envoyer aussi sous cette forme, envoyez-le à nouveau."
    )]
    Changed { message: i64 },
    /// Somebody else of the structure has answered meanwhile.
    #[error("Un collègue vient de répondre à ce message.")]
    Answered,
}

/// Sends. What is said to be sent is in the database when this returns and the transaction commits.
pub fn send<'a>(transaction: &'a mut Transaction, envoi: &'a Envoi) -> Pending<'a, Envoye, Refused<NotSent>> {
    Box::pin(async move {
        let fingerprint = fingerprint(envoi);
        let now = transaction.now;
        if let Some((known, message)) = posted_before(transaction.connection(), envoi.auteur, &envoi.jeton).await? {
            return if known == fingerprint {
                Ok(Envoye::Repeated(message))
            } else {
                Err(Refused::Because(NotSent::Changed { message }))
            };
        }
        let recipients = recipients(transaction.connection(), envoi).await?;
        envoi.contenu.check_sendable(recipients.len()).map_err(Refused::rule)?;

        let names = correspondants::names(transaction.connection(), &recipients).await?;
        let to_names = names.iter().map(|to| to.nom.as_str()).collect::<Vec<_>>().join(", ");
        let from_name = correspondants::names(transaction.connection(), &[envoi.de])
            .await?
            .pop()
            .map(|from| from.nom)
            .unwrap_or_default();
        let (objet, texte) = (mask(&envoi.contenu.objet), mask(&envoi.contenu.texte));
        let search = fold(&format!("{objet} {from_name} {to_names} {texte}"));
        let id: i64 = diesel::insert_into(message::table)
            .values((
                message::de_id.eq(envoi.de.0),
                message::auteur_id.eq(envoi.auteur.0),
                message::reponse_a.eq(envoi.reponse_a),
                message::objet.eq(&objet),
                message::texte.eq(&texte),
                message::recherche.eq(&search),
                message::envoye_at.eq(now),
            ))
            .returning(message::id)
            .get_result(transaction.connection())
            .await?;
        diesel::insert_into(boite::table)
            .values((
                boite::correspondant_id.eq(envoi.de.0),
                boite::message_id.eq(id),
                boite::dossier.eq("envoyes"),
                boite::avec.eq(&to_names),
                boite::avec_cle.eq(fold(&to_names)),
                boite::at.eq(now),
                boite::lu_at.eq(Some(now)),
            ))
            .execute(transaction.connection())
            .await?;
        for recipient in &recipients {
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
        if let Some(source) = envoi.reponse_a {
            let (whose, by) = ((envoi.de, source), (id, envoi.auteur));
            if !suivis::answer(transaction, whose, by, envoi.reponse_connue).await? {
                return Err(Refused::Because(NotSent::Answered));
            }
        }
        tell_by_mail(transaction, id, envoi, &from_name, &recipients).await?;
        diesel::insert_into(formulaire::table)
            .values((
                formulaire::compte_id.eq(envoi.auteur.0),
                formulaire::jeton.eq(&envoi.jeton),
                formulaire::empreinte.eq(&fingerprint),
                formulaire::message_id.eq(id),
                formulaire::at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        if let Some(draft) = envoi.brouillon {
            diesel::delete(brouillon::table.find(draft).filter(brouillon::compte_id.eq(envoi.auteur.0)))
                .execute(transaction.connection())
                .await?;
        }
        // The draft that the page saved by itself under the same form is this message.
        diesel::delete(
            brouillon::table.filter(brouillon::compte_id.eq(envoi.auteur.0)).filter(brouillon::jeton.eq(&envoi.jeton)),
        )
        .execute(transaction.connection())
        .await?;
        transaction.record(Fact::MessageEnvoye { message: id, de: envoi.de, a: recipients });
        Ok(Envoye::New(id))
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

/// Who really receives: of an answer, the sender of what it answers and nobody else.
async fn recipients(connection: &mut Connection, envoi: &Envoi) -> Result<Vec<CorrespondantId>, Refused<NotSent>> {
    if let Some(source) = envoi.reponse_a {
        let sender: Option<i64> = boite::table
            .inner_join(message::table.on(boite::message_id.eq(message::id)))
            .filter(boite::correspondant_id.eq(envoi.de.0))
            .filter(boite::message_id.eq(source))
            .filter(boite::dossier.eq("reception"))
            .select(message::de_id)
            .first(connection)
            .await
            .optional()?;
        let sender = sender.ok_or(Refused::Because(NotSent::UnknownSource))?;
        if !may_answer(connection, CorrespondantId(sender)).await? {
            return Err(Refused::Because(NotSent::NotAllowed));
        }
        return Ok(vec![CorrespondantId(sender)]);
    }
    let mut to = envoi.a.clone();
    to.sort_unstable();
    to.dedup();
    let allowed = correspondants::reachable_among(connection, envoi.de, &to).await?;
    if allowed.len() != to.len() {
        return Err(Refused::Because(NotSent::NotAllowed));
    }
    Ok(to)
}

/// An answer goes to a structure whose messaging is on, or to an account that is still in use.
async fn may_answer(connection: &mut Connection, to: CorrespondantId) -> Result<bool> {
    let Some((person, structure)) = correspondants::owner(connection, to).await? else { return Ok(false) };
    if let Some(structure) = structure {
        return Ok(crate::structures::by_id(connection, structure).await?.is_some_and(|found| found.messagerie_active));
    }
    let Some(person) = person else { return Ok(false) };
    let etat: Option<String> = compte::table.find(person.0).select(compte::etat).first(connection).await.optional()?;
    Ok(etat.as_deref() == Some(domain::compte::EtatCompte::Actif.as_str()))
}

/// What makes the email of a message to a person one.
pub(crate) fn mail_key(message: i64, person: CompteId) -> String {
    format!("message-{message}-{person}")
}

/// An email to every person who receives the message (M2); a structure reads its shared mailbox.
async fn tell_by_mail(
    transaction: &mut Transaction,
    id: i64,
    envoi: &Envoi,
    from: &str,
    recipients: &[CorrespondantId],
) -> Result<()> {
    let ids: Vec<i64> = recipients.iter().map(|to| to.0).collect();
    let people: Vec<(i64, String, String)> = correspondant::table
        .inner_join(compte::table.on(correspondant::compte_id.eq(compte::id.nullable())))
        .filter(correspondant::id.eq_any(&ids))
        .order(compte::id)
        .select((compte::id, compte::login, compte::prenom))
        .load(transaction.connection())
        .await?;
    let persons: Vec<i64> = people.iter().map(|(id, ..)| *id).collect();
    let wishes = preferences::courriels(transaction.connection(), &persons, Sorte::Message).await?;
    for (person, login, prenom) in people {
        let content = Courriel::NouveauMessage {
            prenom,
            structure: from.to_owned(),
            objet: mask(&envoi.contenu.objet),
            chemin: format!("/messagerie/message/{id}"),
        };
        // Who asked for it: the email waits a little, and is not sent when the message is read meanwhile (M2).
        let minutes = if wishes.get(&person) == Some(&Rythme::SaufLu) { RETENUE_MINUTES } else { 0 };
        let (whose, wait) = (Some(CompteId(person)), chrono::Duration::minutes(minutes));
        courriels::put_after(transaction, whose, &login, &mail_key(id, CompteId(person)), &content, wait).await?;
    }
    Ok(())
}

/// What a form said, so that a repetition is told from another message: FNV-1a over its parts, kept with their lengths.
fn fingerprint(envoi: &Envoi) -> String {
    let mut to: Vec<i64> = envoi.a.iter().map(|id| id.0).collect();
    to.sort_unstable();
    to.dedup();
    let said = format!("{to:?}\u{0}{:?}\u{0}{}\u{0}{}", envoi.reponse_a, envoi.contenu.objet, envoi.contenu.texte);
    let hash =
        |seed: u64| said.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:x}-{:016x}{:016x}", said.len(), hash(0xcbf2_9ce4_8422_2325), hash(0x9e37_79b9_7f4a_7c15))
}
