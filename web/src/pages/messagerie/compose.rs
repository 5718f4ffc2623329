//! A message being written: read from a form, from a draft or from the message that it answers, and shown again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDateTime;
use domain::CorrespondantId;
use domain::compte::Role;
use domain::messagerie::{Boite, ContenuError, OBJET_MAX, Origine, TEXTE_MAX, objet_reponse, objet_transfert, quote};
use domain::time::paris;
use store::Connection;
use store::boites::Message;
use store::brouillons::Brouillon;
use store::correspondants::Correspondant;

use super::equipe::{deja, direct, known};
use super::modeles::choices;
use super::nav;
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::{Titulaire, form_token, random_token};
use crate::views::{Destinataire, FieldError, MessagerieEcrire, dates};

/// Most recipients looked up among those who can't be written to now; an honest form has one or two.
const OTHERS_MAX: usize = 10;
/// Most possible recipients that the page names.
const NAMED_MAX: i64 = 4;

#[derive(Clone, Debug)]
pub(super) struct Composition {
    pub origine: Origine,
    /// The message it answers or forwards, of this mailbox.
    pub source: Option<Message>,
    /// The recipients asked for; whether they may be written to is checked on sending.
    pub asked: Vec<CorrespondantId>,
    /// Those of them that the page shows; for an answer, the sender of the message answered.
    pub chosen: Vec<Correspondant>,
    /// A typed name for which nobody is chosen yet.
    pub typed: String,
    /// The people of that name, to be ticked.
    pub proposals: Vec<Correspondant>,
    /// Subject, as typed.
    pub objet: String,
    /// Text, as typed.
    pub texte: String,
    /// The token of the form (M9).
    pub jeton: String,
    pub brouillon: Option<Brouillon>,
    pub saved: Option<NaiveDateTime>,
    /// The same form was sent before with another text.
    pub ask_again: bool,
    /// For a structure that answers: the last answer that the form knows of, 0 for none.
    pub reponse_connue: Option<i64>,
    pub ask_second: bool,
}

impl Composition {
    /// An empty message.
    pub(super) fn new() -> Result<Self, Error> {
        Ok(Self {
            origine: Origine::Nouveau,
            source: None,
            asked: Vec::new(),
            chosen: Vec::new(),
            typed: String::new(),
            proposals: Vec::new(),
            objet: String::new(),
            texte: String::new(),
            jeton: random_token()?,
            brouillon: None,
            saved: None,
            ask_again: false,
            reponse_connue: None,
            ask_second: false,
        })
    }

    /// The answer to a message: its recipient is the sender, the text is quoted (M5).
    pub(super) fn reply(source: Message) -> Result<Self, Error> {
        let mut answer = Self::new()?;
        answer.origine = Origine::Reponse;
        answer.objet = objet_reponse(&source.objet);
        answer.texte = quoted(&source);
        answer.asked = vec![source.de.id];
        answer.chosen = vec![source.de.clone()];
        answer.source = Some(source);
        Ok(answer)
    }

    /// A message passed on to recipients chosen anew (M5).
    pub(super) fn forward(source: Message) -> Result<Self, Error> {
        let mut forward = Self::new()?;
        forward.origine = Origine::Transfert;
        forward.objet = objet_transfert(&source.objet);
        forward.texte = quoted(&source);
        forward.source = Some(source);
        Ok(forward)
    }

    /// A draft, to go on with.
    pub(super) async fn from_draft(
        connection: &mut Connection,
        who: &Titulaire,
        draft: Brouillon,
    ) -> Result<Self, Error> {
        let mut going_on = Self::new()?;
        if let Some(source) = draft.source
            && let Some(source) = store::boites::open(connection, who.correspondant, source).await?
            && answers(draft.origine, &source)
        {
            going_on.origine = draft.origine;
            going_on.source = Some(source);
        }
        going_on.choose(connection, who, draft.a.clone()).await?;
        going_on.objet.clone_from(&draft.contenu.objet);
        going_on.texte.clone_from(&draft.contenu.texte);
        going_on.jeton.clone_from(&draft.jeton);
        going_on.saved = Some(draft.modifie_at);
        going_on.brouillon = Some(draft);
        Ok(going_on)
    }

    /// Reads a form. The message answered must be in this mailbox, and the draft one of this account.
    pub(super) async fn from_form(
        connection: &mut Connection,
        who: &Titulaire,
        fields: &Fields,
    ) -> Result<Self, Error> {
        let mut typed = Self::new()?;
        let (origine, source) = match (fields.number("reponse_a"), fields.number("transfert_de")) {
            (Some(source), _) => (Origine::Reponse, Some(source)),
            (None, Some(source)) => (Origine::Transfert, Some(source)),
            (None, None) => (Origine::Nouveau, None),
        };
        if let Some(source) = source {
            let found = store::boites::open(connection, who.correspondant, source).await?;
            typed.source = Some(found.filter(|found| answers(origine, found)).ok_or(Error::NotFound)?);
            typed.origine = origine;
        }
        let asked = fields.references("destinataires").into_iter().map(CorrespondantId).collect();
        typed.choose(connection, who, asked).await?;
        typed.typed = fields.searched("destinataire_nom");
        typed.objet = fields.one("objet").to_owned();
        typed.texte = fields.one("texte").to_owned();
        typed.jeton = form_token(fields)?;
        typed.reponse_connue = fields.number("reponse_connue");
        if let Some(draft) = fields.number("brouillon") {
            typed.brouillon = store::brouillons::open(connection, who.connecte.session.compte, draft).await?;
            typed.saved = typed.brouillon.as_ref().map(|draft| draft.modifie_at);
        }
        Ok(typed)
    }

    /// Sets the recipients. People are shown only when this mailbox may write to them, so that random ids do not reveal
    /// names; a structure is also shown, and kept in the draft, while its messaging is turned off.
    pub(super) async fn choose(
        &mut self,
        connection: &mut Connection,
        who: &Titulaire,
        mut asked: Vec<CorrespondantId>,
    ) -> Result<(), Error> {
        if let (Origine::Reponse, Some(source)) = (self.origine, &self.source) {
            self.asked = vec![source.de.id];
            self.chosen = vec![source.de.clone()];
            return Ok(());
        }
        asked.sort_unstable();
        asked.dedup();
        let mut shown = store::correspondants::reachable_among(connection, who.correspondant, &asked).await?;
        let others: Vec<CorrespondantId> = asked.iter().copied().filter(|id| !shown.contains(id)).collect();
        for id in others.into_iter().take(OTHERS_MAX) {
            if let Some((None, Some(_))) = store::correspondants::owner(connection, id).await? {
                shown.push(id);
            }
        }
        self.chosen = store::correspondants::names(connection, &shown).await?;
        self.asked = asked;
        Ok(())
    }

    /// Whether the recipient can't be changed.
    pub(super) fn fixed(&self) -> bool {
        self.origine == Origine::Reponse
    }

    /// An error at the field of the recipients; for an answer, at no field, because its recipient can't be changed.
    pub(super) fn recipients_error(&self, sentence: impl Into<String>) -> FieldError {
        FieldError::new(if self.fixed() { "" } else { "destinataires" }, sentence)
    }

    /// An error of the content, at the field to correct.
    pub(super) fn contenu_error(&self, error: ContenuError) -> FieldError {
        match error {
            ContenuError::NoRecipient | ContenuError::TooManyRecipients => self.recipients_error(error.to_string()),
            ContenuError::ObjetTooLong => FieldError::new("objet", error.to_string()),
            ContenuError::TexteTooLong | ContenuError::Empty => FieldError::new("texte", error.to_string()),
        }
    }

    fn title(&self) -> &'static str {
        match self.origine {
            Origine::Nouveau => "Écrire un message",
            Origine::Reponse => "Répondre",
            Origine::Transfert => "Transférer un message",
        }
    }

    /// The page, with what is wrong.
    pub(super) async fn show(
        self,
        request: &HttpRequest,
        app: &App,
        who: &Titulaire,
        errors: Vec<FieldError>,
        status: StatusCode,
    ) -> Result<HttpResponse, Error> {
        let mut connection = app.store.read().await?;
        let nav = nav(&mut connection, who, None).await?;
        let hint = if self.fixed() { String::new() } else { hint(&mut connection, who).await? };
        let structure = who.connecte.session.structure;
        let suivi = match (&self.source, structure) {
            (Some(source), Some(_)) if self.fixed() => {
                Some(store::suivis::of_one(&mut connection, who.correspondant, source.id).await?)
            }
            _ => None,
        };
        let modeles = match structure {
            Some(structure) => choices(&mut connection, structure).await?,
            None => Vec::new(),
        };
        drop(connection);
        // Once the page has asked about a second answer, the form knows the last answer.
        let connue = suivi.as_ref().map(|suivi| match self.reponse_connue.filter(|_| !self.ask_second) {
            Some(connue) => connue,
            None => known(suivi),
        });
        let direct = match (&self.source, connue) {
            (Some(source), Some(connue)) => direct(app, who, source.id, connue, true).await?,
            _ => None,
        };
        let layout = page::layout(request, app, &who.connecte.viewer, self.title()).await?.with_errors(errors);
        let source = |of: Origine| match &self.source {
            Some(source) if self.origine == of => source.id.to_string(),
            _ => String::new(),
        };
        let view = MessagerieEcrire {
            layout,
            nav,
            fixed: self.fixed(),
            hint,
            reponse_a: source(Origine::Reponse),
            transfert_de: source(Origine::Transfert),
            destinataires: self.chosen.into_iter().map(destinataire).collect(),
            typed: self.typed,
            proposals: self.proposals.into_iter().map(destinataire).collect(),
            objet: self.objet,
            texte: self.texte,
            jeton: self.jeton,
            brouillon: self.brouillon.map(|draft| draft.id.to_string()).unwrap_or_default(),
            ask_again: self.ask_again,
            reponse_connue: connue.map(|connue| connue.to_string()).unwrap_or_default(),
            deja: suivi.and_then(|suivi| suivi.reponse).map(|reponse| deja(app, reponse)),
            ask_second: self.ask_second,
            direct,
            avec_modeles: structure.is_some(),
            modeles,
            saved: self.saved.map(|at| page::moment(app, at)),
            lookup_href: "/messagerie/destinataires".to_owned(),
            autosave_href: "/messagerie/brouillons/enregistrer".to_owned(),
            objet_max: OBJET_MAX,
            texte_max: TEXTE_MAX,
        };
        page::respond(request, app, &who.connecte.viewer, &view, status)
    }
}

/// A hint with the names of those whom an intervenant may write to, who may not know the name of their structure.
async fn hint(connection: &mut Connection, who: &Titulaire) -> Result<String, Error> {
    if who.connecte.session.role != Role::Intervenant {
        return Ok(String::new());
    }
    let few = store::correspondants::reachable(connection, who.correspondant, "", NAMED_MAX + 1).await?;
    if few.is_empty() || few.len() as i64 > NAMED_MAX {
        return Ok(String::new());
    }
    let names: Vec<String> = few.into_iter().map(|person| person.nom).collect();
    Ok(format!("Vous pouvez écrire à : {}.", names.join(", ")))
}

/// Whether a message can be the source of such a draft: only a received message can be answered.
fn answers(origine: Origine, source: &Message) -> bool {
    match origine {
        Origine::Reponse => source.boite == Boite::Reception,
        Origine::Transfert => true,
        Origine::Nouveau => false,
    }
}

fn quoted(source: &Message) -> String {
    let at = paris(source.envoye_at);
    quote(&source.de.nom, &format!("{} à {}", dates::date(at.date()), dates::time(at.time())), &source.texte)
}

fn destinataire(person: Correspondant) -> Destinataire {
    Destinataire { value: person.id.to_string(), label: person.nom, detail: person.detail }
}
