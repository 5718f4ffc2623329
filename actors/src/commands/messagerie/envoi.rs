//! Sending: one transaction that checks the right to write, stores the message, fills the mailboxes and the outbox.
//!
//! A message never changes once sent. A form that is posted twice sends once and answers the same (M9).

use domain::compte::Droit;
use domain::courriel::Courriel;
use domain::journal::Fact;
use domain::messagerie::{Contenu, ContenuError};
use domain::modele::{Valeurs, fill, personal};
use domain::nir::mask;
use domain::preference::{RETENUE_MINUTES, Rythme, Sorte};
use domain::{CompteId, CorrespondantId, StructureId, paths};
use store::correspondants::{self, Availability};
use store::messagerie::{Nouveau, mail_key};
use store::{Connection, Pending, Refused, Transaction, courriels};

use super::{NoMailbox, mailbox};
use crate::commands::command;

/// What is to be sent.
#[derive(Clone, Debug)]
pub struct Envoi {
    pub a: Vec<CorrespondantId>,
    /// In a structure's message, words in braces stand for the names of the structure and of the recipient
    /// ([`valeurs`]).
    pub contenu: Contenu,
    /// The message it answers: then the recipients are that message's sender, whatever `a` says (M5).
    pub reponse_a: Option<i64>,
    /// For a structure that answers: the last answer that its author has seen, 0 for none. A newer one by somebody else
    /// is shown before this one leaves (M8). None for a person's own mailbox.
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

/// Why a message was not sent, or not kept as a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    #[error(transparent)]
    NoMailbox(#[from] NoMailbox),
    /// One may not write at all, or no more (M1, G7).
    #[error("La messagerie vient d’être fermée : votre message n’est pas parti.")]
    Closed(Availability),
    #[error(transparent)]
    Contenu(#[from] ContenuError),
    #[error(
        "« {{{0}}} » ne peut pas être remplacé : ce message a plusieurs destinataires. Écrivez un mot qui convient à tous, ou \
         écrivez à chacun depuis la CV-thèque."
    )]
    Personal(&'static str),
    #[error(
        "Vous ne pouvez pas écrire à l’un de ces destinataires. Retirez-le, ou choisissez parmi ceux qui vous sont proposés."
    )]
    NotAllowed,
    #[error("Le message auquel vous répondez ne se trouve pas dans votre boîte.")]
    UnknownSource,
    #[error(
        "Ce message a déjà été envoyé avec un autre texte. Pour l’envoyer aussi sous cette forme, envoyez-le à nouveau."
    )]
    Changed { message: i64 },
    #[error("Un collègue vient de répondre à ce message.")]
    Answered,
}

/// Whether one may write at all: a gestionnaire who was granted it, an intervenant whose structure turned it on (M1).
pub fn availability(
    connection: &mut Connection,
    by: CompteId,
    structure: Option<StructureId>,
) -> Pending<'_, Availability> {
    Box::pin(async move {
        if structure.is_none() {
            return correspondants::messaging_of(connection, by).await;
        }
        let granted = store::droits::of(connection, by).await?.contains(&Droit::Messagerie);
        Ok(if granted { Availability::Open } else { Availability::NotGranted })
    })
}

/// What the words of a template stand for in a message of a structure to these mailboxes.
pub fn valeurs<'a>(
    connection: &'a mut Connection,
    (structure, by): (StructureId, CompteId),
    to: &'a [CorrespondantId],
) -> Pending<'a, Valeurs> {
    Box::pin(async move {
        let personne = match to {
            [one] => correspondants::person(connection, *one).await?,
            _ => None,
        };
        let structure = store::structures::by_id(connection, structure).await?.map(|of| of.nom).unwrap_or_default();
        let me = store::comptes::by_id(connection, by).await?;
        let gestionnaire = me.map(|me| format!("{} {}", me.prenom, me.nom)).unwrap_or_default();
        Ok(Valeurs { personne, structure, gestionnaire })
    })
}

/// Send a message (M6, M9). A message reported as sent is in the database, and its emails in the outbox.
#[derive(Clone, Debug)]
pub struct SendMessage(pub Envoi);

command!(SendMessage: Envoye, NotSent);

impl SendMessage {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Envoye, Refused<NotSent>> {
        let envoi = &self.0;
        let fingerprint = fingerprint(envoi);
        let before = store::messagerie::posted_before(transaction.connection(), by, &envoi.jeton).await?;
        if let Some((known, message)) = before {
            let same = known == fingerprint;
            return if same {
                Ok(Envoye::Repeated(message))
            } else {
                Err(Refused::Because(NotSent::Changed { message }))
            };
        }
        let (de, structure) = mailbox(transaction, by).await?;
        let connection = transaction.connection();
        match availability(connection, by, structure).await? {
            Availability::Open => {}
            why => return Err(Refused::Because(NotSent::Closed(why))),
        }
        let a = recipients(connection, de, envoi).await?;
        let contenu = match structure {
            Some(structure) => filled(&envoi.contenu, &valeurs(connection, (structure, by), &a).await?)?,
            None => envoi.contenu.clone(),
        };
        contenu.check_sendable(a.len()).map_err(Refused::rule)?;
        let (objet, texte) = (&mask(&contenu.objet), &mask(&contenu.texte));
        let nouveau = Nouveau { de, auteur: by, a: &a, objet, texte, reponse_a: envoi.reponse_a };
        let stored = store::messagerie::insert(transaction, &nouveau).await?;
        if let Some(source) = envoi.reponse_a {
            let answer = (stored.message, by);
            if !store::suivis::answer(transaction, (de, source), answer, envoi.reponse_connue).await? {
                return Err(Refused::Because(NotSent::Answered));
            }
        }
        tell_by_mail(transaction, (stored.message, &stored.de, objet), &a).await?;
        store::messagerie::posted(transaction, (by, &envoi.jeton), &fingerprint, stored.message).await?;
        store::brouillons::sent(transaction, by, envoi.brouillon, &envoi.jeton).await?;
        transaction.record(Fact::MessageEnvoye { message: stored.message, de, a });
        Ok(Envoye::New(stored.message))
    }
}

fn filled(contenu: &Contenu, valeurs: &Valeurs) -> Result<Contenu, Refused<NotSent>> {
    let texte = fill(&contenu.texte, valeurs);
    match personal(&texte).filter(|_| valeurs.personne.is_none()) {
        Some(word) => Err(Refused::Because(NotSent::Personal(word))),
        None => Ok(Contenu { objet: contenu.objet.clone(), texte }),
    }
}

/// The real recipients: for an answer, the sender of the message it answers and nobody else.
async fn recipients(
    connection: &mut Connection,
    de: CorrespondantId,
    envoi: &Envoi,
) -> Result<Vec<CorrespondantId>, Refused<NotSent>> {
    if let Some(source) = envoi.reponse_a {
        let sender = store::boites::sender(connection, de, source).await?;
        let sender = sender.ok_or(Refused::Because(NotSent::UnknownSource))?;
        if !correspondants::answerable(connection, sender).await? {
            return Err(Refused::Because(NotSent::NotAllowed));
        }
        return Ok(vec![sender]);
    }
    let mut to = envoi.a.clone();
    to.sort_unstable();
    to.dedup();
    let allowed = correspondants::reachable_among(connection, de, &to).await?;
    if allowed.len() == to.len() { Ok(to) } else { Err(Refused::Because(NotSent::NotAllowed)) }
}

/// An email to every person who receives the message (M2); a structure reads its shared mailbox.
async fn tell_by_mail(
    transaction: &mut Transaction,
    (message, structure, objet): (i64, &str, &str),
    recipients: &[CorrespondantId],
) -> store::Result<()> {
    let people = correspondants::people(transaction.connection(), recipients).await?;
    let persons: Vec<i64> = people.iter().map(|(id, ..)| id.0).collect();
    let wishes = store::preferences::courriels(transaction.connection(), &persons, Sorte::Message).await?;
    for (person, login, prenom) in people {
        let content = Courriel::NouveauMessage {
            prenom,
            structure: structure.to_owned(),
            objet: objet.to_owned(),
            chemin: paths::message(message),
        };
        // For those who chose so, the email waits a little, and is not sent when the message is read meanwhile (M2).
        let minutes = if wishes.get(&person.0) == Some(&Rythme::SaufLu) { RETENUE_MINUTES } else { 0 };
        let wait = chrono::Duration::minutes(minutes);
        courriels::put_after(transaction, Some(person), &login, &mail_key(message, person), &content, wait).await?;
    }
    Ok(())
}

/// What a form said, so that a repetition is told from another message: its length in bytes and two FNV-1a of its
/// parts.
fn fingerprint(envoi: &Envoi) -> String {
    let mut to: Vec<i64> = envoi.a.iter().map(|id| id.0).collect();
    to.sort_unstable();
    to.dedup();
    let said = format!("{to:?}\u{0}{:?}\u{0}{}\u{0}{}", envoi.reponse_a, envoi.contenu.objet, envoi.contenu.texte);
    let hash =
        |seed: u64| said.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:x}-{:016x}{:016x}", said.len(), hash(0xcbf2_9ce4_8422_2325), hash(0x9e37_79b9_7f4a_7c15))
}
