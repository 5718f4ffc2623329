//! Makes the MIME message that leaves: headers that are the same at every try, text and HTML.

use chrono::{DateTime, Utc};
use domain::email::Email;
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use store::courriels::Sortant;

use super::render::Rendered;

/// Longest Message-ID of the outbox, well under the 998 characters of a line (RFC 5322 §2.1.1).
const MESSAGE_ID_MAX: usize = 200;

/// A message ready to leave.
#[derive(Clone)]
pub struct Composed {
    /// The name that is the same at every try; fit for a file's name.
    pub id: String,
    /// Who it comes from, for the envelope.
    pub from: Address,
    /// Who it goes to, for the envelope.
    pub to: Address,
    /// Headers and body, 7-bit.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Composed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Composed").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// Why a mail can never leave. No variant holds the address.
#[derive(Debug, thiserror::Error)]
pub enum Unsendable {
    #[error("the recipient's address is malformed")]
    Recipient,
    /// The Message-ID holds what a header or a file's name can't.
    #[error("the Message-ID is malformed")]
    MessageId,
    #[error("the message can't be built: {0}")]
    Build(#[from] lettre::error::Error),
}

/// Makes the message of an email of the outbox.
///
/// # Errors
/// When it can never be sent.
pub fn compose(sortant: &Sortant, rendered: &Rendered, from: &Mailbox) -> Result<Composed, Unsendable> {
    let to: Address = match Email::parse(&sortant.destinataire) {
        // An address that parsing trims is refused: what it trims may be a line break.
        Ok(email) if email.as_str().eq_ignore_ascii_case(&sortant.destinataire) => {
            sortant.destinataire.parse().map_err(|_| Unsendable::Recipient)?
        }
        Ok(_) | Err(_) => return Err(Unsendable::Recipient),
    };
    let id = checked_message_id(&sortant.message_id)?;
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .date(DateTime::<Utc>::from_naive_utc_and_offset(sortant.cree_at, Utc).into())
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .subject(rendered.objet.as_str())
        // RFC 3834 §5: out-of-office programs don't answer it.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    if let Some(link) = &rendered.desabonnement {
        // RFC 8058: the reader's mail program stops the mails by a POST there, without opening a page.
        let header = |name, value| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        message = message
            .raw_header(header("List-Unsubscribe", format!("<{link}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let message =
        message.multipart(MultiPart::alternative_plain_html(rendered.texte.clone(), rendered.html.clone()))?;
    Ok(Composed { id: id.to_owned(), from: from.email.clone(), to, bytes: message.formatted() })
}

fn checked_message_id(id: &str) -> Result<&str, Unsendable> {
    let fits = !id.is_empty()
        && id.len() <= MESSAGE_ID_MAX
        && !id.starts_with('.')
        && !id.ends_with('.')
        && !id.contains("..")
        && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if fits { Ok(id) } else { Err(Unsendable::MessageId) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::courriel::Courriel;

    use super::*;
    use crate::mailer::render::{Letterhead, render};

    fn sortant(destinataire: &str, message_id: &str, objet: &str) -> Sortant {
        Sortant {
            id: 1,
            destinataire: destinataire.to_owned(),
            courriel: Courriel::NouveauMessage {
                prenom: "Zoé".to_owned(),
                structure: objet.to_owned(),
                objet: "Un sujet".to_owned(),
                chemin: "/messagerie/message/1".to_owned(),
            },
            message_id: message_id.to_owned(),
            tentative: 1,
            cree_at: NaiveDate::from_ymd_opt(2026, 12, 5).unwrap().and_hms_opt(14, 32, 7).unwrap(),
        }
    }

    fn composed(sortant: &Sortant) -> Result<Composed, Unsendable> {
        let letterhead = Letterhead::new("https://intervenants.exemple.fr", "Écrivez-nous.").unwrap();
        let rendered = render(&sortant.courriel, &letterhead).unwrap();
        compose(sortant, &rendered, &"Espace Intervenants <ne-pas-repondre@exemple.fr>".parse().unwrap())
    }

    fn headers(sortant: &Sortant) -> String {
        let text = String::from_utf8(composed(sortant).unwrap().bytes).unwrap();
        text.split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    #[test]
    fn m2_headers_are_the_same_at_every_try() {
        let mail = sortant("zoe@exemple.fr", "message-7-3", "Délégation Bretagne");
        let headers = headers(&mail);
        for line in [
            "Message-ID: <message-7-3@exemple.fr>",
            "Date: Sat, 05 Dec 2026 14:32:07 +0000",
            "To: zoe@exemple.fr",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(headers.lines().any(|written| written == line), "{line} is not in\n{headers}");
        }
        assert!(headers.contains("Subject: Nouveau message : =?utf-8?b?"), "{headers}");
        assert!(composed(&mail).unwrap().bytes.is_ascii());
    }

    #[test]
    fn q8_no_header_can_be_injected() {
        let mail = sortant("zoe@exemple.fr", "message-7-3", "Service\r\nBcc: tous@exemple.fr\r\n\r\nfaux corps");
        assert!(!headers(&mail).lines().any(|line| line.starts_with("Bcc") || line.starts_with("faux")));
        // Also when it did not go through the templates.
        let raw = Rendered {
            objet: "a\r\nBcc: tous@exemple.fr".to_owned(),
            texte: "b".to_owned(),
            html: "c".to_owned(),
            desabonnement: None,
        };
        let bytes = compose(&mail, &raw, &"x@exemple.fr".parse().unwrap()).unwrap().bytes;
        assert!(!String::from_utf8(bytes).unwrap().lines().any(|line| line.starts_with("Bcc")));
        for address in [
            "zoe@exemple.fr\r\nBcc: tous@exemple.fr",
            "zoe@exemple.fr\n",
            "zoe@exemple.fr, a@b.fr",
            "<zoe@exemple.fr>",
            "",
        ] {
            assert!(matches!(composed(&sortant(address, "m", "s")), Err(Unsendable::Recipient)), "{address:?}");
        }
        for id in ["", "a b", "a>\r\nBcc: x@y.fr", "../a", "a/b", "a@b", ".a", "a..b"] {
            assert!(matches!(composed(&sortant("zoe@exemple.fr", id, "s")), Err(Unsendable::MessageId)), "{id:?}");
        }
    }

    #[test]
    fn q7_a_debugged_message_says_nothing() {
        let mail = composed(&sortant("zoe@exemple.fr", "m", "s")).unwrap();
        assert!(!format!("{mail:?}").contains("zoe"));
    }
}
