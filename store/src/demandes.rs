//! Requests to the support: sent, confirmed, answered, given to one of the structure's people, moved to another
//! structure, merged, closed by themselves (manual §6, SPEC S1 to S8).

use std::collections::HashMap;

use chrono::{Datelike, NaiveDateTime};
use diesel::prelude::*;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::journal::Fact;
use domain::nir::mask;
use domain::support::{COMPLEMENT_DAYS, EtatDemande, Evenement, LIEN_DAYS, RAPPEL_DAYS, Refusal, TypeDemande};
use domain::time::{days_after, paris_day};
use domain::{CompteId, StructureId};
use sha2::{Digest, Sha256};

use crate::connection::{Connection, Transaction};
use crate::dialect::Both;
use crate::inscriptions::contact;
use crate::query::{RunQueryDsl, columns};
use crate::schema::{compte, demande, demande_fichier, demande_message, intervenant};
use crate::{
    Error, Pending, Refused, Result, analyses, correspondants, courriels, notifications, numerotation, structures,
};

/// Requests on a page of a list.
pub const PAGE: i64 = 25;
/// What notifications of a request are filed under.
pub const CATEGORIE: &str = "support";
/// Requests that the figures of a structure are made of, the latest.
const COUNTED: i64 = 20_000;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demande {
    /// Its id.
    pub id: i64,
    /// What people call it: « S-2026-0012 ».
    pub reference: String,
    /// What it is about.
    pub sorte: TypeDemande,
    /// The structure that has it.
    pub structure: StructureId,
    /// Whose account, when they were logged in.
    pub compte: Option<CompteId>,
    /// Where its author reads emails.
    pub courriel: String,
    /// Their surname.
    pub nom: String,
    /// Their first name.
    pub prenom: String,
    /// Subject.
    pub objet: String,
    /// Where it stands.
    pub etat: EtatDemande,
    /// How often it has changed.
    pub version: i32,
    /// Whom of the structure it is given to.
    pub assigne: Option<CompteId>,
    /// The request that it goes on in.
    pub fusion: Option<i64>,
    /// When it was written.
    pub cree_at: NaiveDateTime,
    /// When it reached the structure that has it.
    pub transmise_at: Option<NaiveDateTime>,
    /// When the structure first answered.
    pub repondue_at: Option<NaiveDateTime>,
    /// When it is closed by itself, or dropped.
    pub echeance_at: Option<NaiveDateTime>,
    secret: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = demande)]
struct Row {
    id: i64,
    reference: String,
    sorte: String,
    structure_id: i64,
    compte_id: Option<i64>,
    courriel: String,
    nom: String,
    prenom: String,
    objet: String,
    etat: String,
    version: i32,
    secret: String,
    assigne_id: Option<i64>,
    fusion_id: Option<i64>,
    cree_at: NaiveDateTime,
    transmise_at: Option<NaiveDateTime>,
    repondue_at: Option<NaiveDateTime>,
    echeance_at: Option<NaiveDateTime>,
}

fn into_demande(row: Row) -> Result<Demande> {
    let unknown = |column: &'static str, value: &str| Error::Unknown { table: "demande", column, value: value.into() };
    Ok(Demande {
        id: row.id,
        sorte: TypeDemande::from_word(&row.sorte).ok_or_else(|| unknown("sorte", &row.sorte))?,
        etat: EtatDemande::from_word(&row.etat).ok_or_else(|| unknown("etat", &row.etat))?,
        reference: row.reference,
        structure: StructureId(row.structure_id),
        compte: row.compte_id.map(CompteId),
        courriel: row.courriel,
        nom: row.nom,
        prenom: row.prenom,
        objet: row.objet,
        version: row.version,
        assigne: row.assigne_id.map(CompteId),
        fusion: row.fusion_id,
        cree_at: row.cree_at,
        transmise_at: row.transmise_at,
        repondue_at: row.repondue_at,
        echeance_at: row.echeance_at,
        secret: row.secret,
    })
}

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct Nouvelle {
    /// What it is about.
    pub sorte: TypeDemande,
    /// The structure that is to have it.
    pub structure: StructureId,
    /// Whose account, when they are logged in.
    pub compte: Option<CompteId>,
    /// Where its author reads emails.
    pub courriel: String,
    /// Their surname.
    pub nom: String,
    /// Their first name.
    pub prenom: String,
    /// Subject.
    pub objet: String,
    /// Text.
    pub texte: String,
    /// The token of the form: posted twice, it is one request.
    pub jeton: String,
    /// What will sign the links to its history: nobody guesses it.
    pub secret: String,
}

/// How a visitor confirms a request.
#[derive(Clone, Debug)]
pub struct AConfirmer {
    /// The digest of the link.
    pub empreinte: String,
    /// The link.
    pub chemin: String,
    /// When it dies.
    pub avant: NaiveDateTime,
}

/// Keeps a request. With `confirmer`, a visitor's: it goes to the structure once the link is clicked; without, it goes
/// at once. Answers nothing when the same form was posted before.
pub fn create<'a>(
    transaction: &'a mut Transaction,
    nouvelle: &'a Nouvelle,
    confirmer: Option<&'a AConfirmer>,
) -> Pending<'a, Option<Demande>> {
    Box::pin(async move {
        let now = transaction.now;
        let annee = paris_day(now).year();
        let serie = format!("support-{annee}");
        // Whoever numbers a request waits here for who does so at the same instant: a form posted twice finds itself.
        numerotation::hold(transaction, &serie).await?;
        let known: i64 = demande::table
            .filter(demande::jeton.eq(&nouvelle.jeton))
            .count()
            .get_result(transaction.connection())
            .await?;
        if known > 0 {
            return Ok(None);
        }
        let rang = numerotation::next(transaction, &serie).await?;
        let etat = if confirmer.is_some() { EtatDemande::AConfirmer } else { EtatDemande::Nouvelle };
        let id: i64 = diesel::insert_into(demande::table)
            .values((
                demande::reference.eq(format!("S-{annee}-{rang:04}")),
                demande::sorte.eq(nouvelle.sorte.as_str()),
                demande::structure_id.eq(nouvelle.structure.0),
                demande::compte_id.eq(nouvelle.compte.map(|id| id.0)),
                demande::courriel.eq(&nouvelle.courriel),
                demande::nom.eq(&nouvelle.nom),
                demande::prenom.eq(&nouvelle.prenom),
                demande::objet.eq(mask(&nouvelle.objet)),
                demande::etat.eq(etat.as_str()),
                demande::version.eq(1),
                demande::secret.eq(&nouvelle.secret),
                demande::jeton.eq(&nouvelle.jeton),
                demande::confirmation.eq(confirmer.map(|one| one.empreinte.clone())),
                demande::cree_at.eq(now),
                demande::transmise_at.eq(confirmer.is_none().then_some(now)),
                demande::echeance_at.eq(confirmer.map(|one| one.avant)),
            ))
            .returning(demande::id)
            .get_result(transaction.connection())
            .await?;
        write(transaction, id, ("demandeur", nouvelle.compte), &nouvelle.texte, &nouvelle.jeton).await?;
        let made = by_id(transaction.connection(), id).await?.ok_or(diesel::result::Error::NotFound)?;
        match confirmer {
            Some(one) => {
                let content = Courriel::SupportAConfirmer {
                    prenom: made.prenom.clone(),
                    reference: made.reference.clone(),
                    objet: made.objet.clone(),
                    chemin: one.chemin.clone(),
                    jusqu_au: last_day(one.avant),
                };
                courriels::put(transaction, None, &made.courriel, &format!("demande-{id}-a-confirmer"), &content)
                    .await?;
            }
            None => reached(transaction, &made, Evenement::Confirmer).await?,
        }
        Ok(Some(made))
    })
}

/// A visitor clicked the link: the request goes to its structure. None when no request waits for it.
pub fn confirm<'a>(transaction: &'a mut Transaction, empreinte: &'a str) -> Pending<'a, Option<Demande>> {
    Box::pin(async move {
        let now = transaction.now;
        let id: Option<i64> = diesel::update(
            demande::table
                .filter(demande::confirmation.eq(empreinte))
                .filter(demande::etat.eq(EtatDemande::AConfirmer.as_str()))
                .filter(demande::echeance_at.gt(now)),
        )
        .set((
            demande::etat.eq(EtatDemande::Nouvelle.as_str()),
            demande::version.eq(demande::version + 1),
            demande::transmise_at.eq(Some(now)),
            demande::echeance_at.eq(None::<NaiveDateTime>),
        ))
        .returning(demande::id)
        .get_result(transaction.connection())
        .await
        .optional()?;
        let Some(id) = id else { return Ok(None) };
        let found = by_id(transaction.connection(), id).await?;
        if let Some(found) = &found {
            reached(transaction, found, Evenement::Confirmer).await?;
        }
        Ok(found)
    })
}

/// The request that a link confirms or has confirmed.
pub fn by_confirmation<'a>(connection: &'a mut Connection, empreinte: &'a str) -> Pending<'a, Option<Demande>> {
    Box::pin(async move {
        let row: Option<Row> = demande::table
            .filter(demande::confirmation.eq(empreinte))
            .select(columns::<Row>())
            .first(connection)
            .await
            .optional()?;
        row.map(into_demande).transpose()
    })
}

/// A request has reached a structure: its people see it, its author is told.
async fn reached(transaction: &mut Transaction, of: &Demande, event: Evenement) -> Result<()> {
    record(transaction, of, event, &[of.structure]).await?;
    tell(transaction, of).await
}

async fn record(transaction: &mut Transaction, of: &Demande, event: Evenement, at: &[StructureId]) -> Result<()> {
    let mut boites = Vec::with_capacity(at.len());
    for structure in at {
        boites.extend(correspondants::of_structure(transaction.connection(), *structure).await?);
    }
    transaction.record(Fact::DemandeModifiee { demande: of.id, evenement: event.as_str().to_owned(), boites });
    Ok(())
}

/// The email of where a request stands now, with a link to its history (S4); a notification as well for who has an account.
async fn tell(transaction: &mut Transaction, of: &Demande) -> Result<()> {
    let found = structures::by_id(transaction.connection(), of.structure).await?;
    let jusqu_au = of.echeance_at.filter(|_| of.etat == EtatDemande::Complement).map(last_day).unwrap_or_default();
    let content = Courriel::SupportSuivi {
        prenom: of.prenom.clone(),
        reference: of.reference.clone(),
        objet: of.objet.clone(),
        etat: of.etat,
        structure: contact(found.as_ref()),
        chemin: history(of, transaction.now),
        jusqu_au,
    };
    let key = format!("demande-{}-{}", of.id, of.version);
    courriels::put(transaction, of.compte, &of.courriel, &key, &content).await?;
    if let Some(compte) = of.compte.filter(|_| of.version > 1) {
        let said = format!("Votre demande {} : {}", of.reference, of.etat.libelle());
        notifications::create(transaction, &[compte], CATEGORIE, (&said, &of.objet, "/mon-compte/demandes")).await?;
    }
    Ok(())
}

fn signature(secret: &str, id: i64, until: i64) -> String {
    let inner = Sha256::new().chain_update(secret).chain_update(format!(":{id}:{until}")).finalize();
    let outer = Sha256::new().chain_update(secret).chain_update(inner).finalize();
    let half = outer[..16].try_into().map_or(0, u128::from_be_bytes);
    format!("{half:032x}")
}

/// A link to the history of a request, signed, that works for [`LIEN_DAYS`] days.
pub fn history(of: &Demande, now: NaiveDateTime) -> String {
    let until = days_after(now, LIEN_DAYS).and_utc().timestamp();
    format!("/support/historique/{}-{until}-{}", of.id, signature(&of.secret, of.id, until))
}

/// Why a link to a history opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lien {
    /// It is none of ours.
    Unknown,
    /// It was, and its time is over.
    Expired,
}

/// The request whose history a link opens: the one that it goes on in, if it was merged.
pub fn by_link<'a>(
    connection: &'a mut Connection,
    word: &'a str,
    now: NaiveDateTime,
) -> Pending<'a, Demande, Refused<Lien>> {
    Box::pin(async move {
        let mut parts = word.split('-');
        let (Some(id), Some(until), Some(given), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Refused::Because(Lien::Unknown));
        };
        let (Ok(id), Ok(until)) = (id.parse::<i64>(), until.parse::<i64>()) else {
            return Err(Refused::Because(Lien::Unknown));
        };
        let Some(found) = by_id(connection, id).await? else { return Err(Refused::Because(Lien::Unknown)) };
        let expected = signature(&found.secret, id, until);
        // Compared whole: how long it takes says nothing of how much is right.
        let differs = given.len() != expected.len()
            || given.bytes().zip(expected.bytes()).fold(0, |sum, (one, other)| sum | (one ^ other)) != 0;
        if differs {
            return Err(Refused::Because(Lien::Unknown));
        }
        if until <= now.and_utc().timestamp() {
            return Err(Refused::Because(Lien::Expired));
        }
        match found.fusion {
            Some(id) => by_id(connection, id).await?.ok_or(Refused::Because(Lien::Unknown)),
            None => Ok(found),
        }
    })
}

/// A request by its id.
pub fn by_id(connection: &mut Connection, id: i64) -> Pending<'_, Option<Demande>> {
    Box::pin(async move {
        let row: Option<Row> = demande::table.find(id).select(columns::<Row>()).first(connection).await.optional()?;
        row.map(into_demande).transpose()
    })
}

/// A request that a structure has.
pub fn of_structure(connection: &mut Connection, id: i64, structure: StructureId) -> Pending<'_, Option<Demande>> {
    Box::pin(async move {
        Ok(by_id(connection, id)
            .await?
            .filter(|found| found.structure == structure && found.etat != EtatDemande::AConfirmer))
    })
}

/// The requests of an account, the latest first.
pub fn of_account(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Demande>> {
    Box::pin(async move {
        let rows: Vec<Row> = demande::table
            .filter(demande::compte_id.eq(compte.0))
            .filter(demande::fusion_id.is_null())
            .order((demande::cree_at.desc(), demande::id.desc()))
            .limit(200)
            .select(columns::<Row>())
            .load(connection)
            .await?;
        rows.into_iter().map(into_demande).collect()
    })
}

/// A file of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Piece {
    /// Its id.
    pub id: i64,
    /// The message that it goes with.
    pub message: i64,
    /// Its name.
    pub nom: String,
    /// Its format, as a word.
    pub format: String,
    /// Its size in bytes.
    pub taille: i64,
    /// Id of the blob.
    pub blob: String,
}

/// One message of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: i64,
    /// `demandeur`, `structure` or `service`.
    pub de: String,
    /// Who of the structure wrote it; for its people alone.
    pub auteur: String,
    /// What.
    pub texte: String,
    /// When.
    pub at: NaiveDateTime,
    /// What goes with it.
    pub pieces: Vec<Piece>,
}

/// The thread of a request, from the first message on.
pub fn thread(connection: &mut Connection, id: i64) -> Pending<'_, Vec<Message>> {
    Box::pin(async move {
        type Line = (i64, String, String, NaiveDateTime, Option<String>, Option<String>);
        let rows: Vec<Line> = demande_message::table
            .left_join(compte::table.on(compte::id.nullable().eq(demande_message::auteur_id)))
            .filter(demande_message::demande_id.eq(id))
            .order((demande_message::at, demande_message::id))
            .select((
                demande_message::id,
                demande_message::de,
                demande_message::texte,
                demande_message::at,
                compte::prenom.nullable(),
                compte::nom.nullable(),
            ))
            .load(connection)
            .await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let pieces: Vec<Piece> = demande_fichier::table
            .filter(demande_fichier::message_id.eq_any(&ids))
            .order(demande_fichier::id)
            .select((
                demande_fichier::id,
                demande_fichier::message_id,
                demande_fichier::nom,
                demande_fichier::format,
                demande_fichier::taille,
                demande_fichier::blob,
            ))
            .load(connection)
            .await?;
        let mut by_message: HashMap<i64, Vec<Piece>> = HashMap::new();
        for piece in pieces {
            by_message.entry(piece.message).or_default().push(piece);
        }
        let into = |(id, de, texte, at, prenom, nom): Line| Message {
            id,
            de,
            auteur: prenom.zip(nom).map(|(prenom, nom)| format!("{prenom} {nom}")).unwrap_or_default(),
            texte,
            at,
            pieces: by_message.remove(&id).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(into).collect())
    })
}

/// A file with the request that it belongs to.
pub fn piece(connection: &mut Connection, id: i64) -> Pending<'_, Option<(i64, Piece)>> {
    Box::pin(async move {
        type Line = (i64, (i64, i64, String, String, i64, String));
        let row: Option<Line> = demande_fichier::table
            .inner_join(demande_message::table.on(demande_message::id.eq(demande_fichier::message_id)))
            .filter(demande_fichier::id.eq(id))
            .select((
                demande_message::demande_id,
                (
                    demande_fichier::id,
                    demande_fichier::message_id,
                    demande_fichier::nom,
                    demande_fichier::format,
                    demande_fichier::taille,
                    demande_fichier::blob,
                ),
            ))
            .first(connection)
            .await
            .optional()?;
        Ok(row.map(|(demande, (id, message, nom, format, taille, blob))| {
            (demande, Piece { id, message, nom, format, taille, blob })
        }))
    })
}

async fn write(
    transaction: &mut Transaction,
    id: i64,
    (de, auteur): (&str, Option<CompteId>),
    texte: &str,
    jeton: &str,
) -> Result<i64> {
    let now = transaction.now;
    Ok(diesel::insert_into(demande_message::table)
        .values((
            demande_message::demande_id.eq(id),
            demande_message::de.eq(de),
            demande_message::auteur_id.eq(auteur.map(|id| id.0)),
            demande_message::texte.eq(mask(texte)),
            demande_message::jeton.eq(jeton),
            demande_message::at.eq(now),
        ))
        .returning(demande_message::id)
        .get_result(transaction.connection())
        .await?)
}

/// What a form that was posted before comes to: nothing is done twice, and another text is no repetition.
async fn repeated(connection: &mut Connection, id: i64, texte: &str, jeton: &str) -> Result<Option<Outcome>> {
    let known: Option<String> = demande_message::table
        .filter(demande_message::demande_id.eq(id))
        .filter(demande_message::jeton.eq(jeton))
        .select(demande_message::texte)
        .first(connection)
        .await
        .optional()?;
    Ok(known.map(|known| if known == mask(texte) { Ok(false) } else { Err(Refused::Because(Refus::Changed)) }))
}

/// Why nothing was done to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refus {
    /// The structure has no such request.
    #[error("Cette demande n’est pas dans la file de votre structure.")]
    Unknown,
    /// It has changed since the page was shown.
    #[error("Cette demande a changé depuis l’ouverture de la page : relisez-la, puis recommencez.")]
    Changed,
    /// It can't be done as it stands.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// It is not for one of the structure's people.
    #[error("Une demande ne se confie qu’à un gestionnaire de votre structure.")]
    NotAMember,
    /// The structure is the one that has it already, or is none.
    #[error("Choisissez une autre structure que la vôtre.")]
    SameStructure,
    /// The two are not by the same person, or one of them is closed.
    #[error("Seules deux demandes ouvertes de la même adresse électronique peuvent être réunies.")]
    NotADuplicate,
}

/// What came of a change: whether it was done now, or before by the same form; or why not.
type Outcome = Result<bool, Refused<Refus>>;

/// The person writes, with files perhaps; what they were asked for goes back to the structure.
pub fn complete<'a>(
    transaction: &'a mut Transaction,
    id: i64,
    texte: &'a str,
    jeton: &'a str,
    piece: Option<&'a crate::fichiers::Recu>,
) -> Pending<'a, bool, Refused<Refus>> {
    Box::pin(async move {
        if let Some(outcome) = repeated(transaction.connection(), id, texte, jeton).await? {
            return outcome;
        }
        let Some(found) = by_id(transaction.connection(), id).await? else {
            return Err(Refused::Because(Refus::Unknown));
        };
        let next = found.etat.next(Evenement::Completer).map_err(Refused::rule)?;
        let changed = diesel::update(demande::table.find(id).filter(demande::version.eq(found.version)))
            .set((
                demande::etat.eq(next.as_str()),
                demande::version.eq(found.version + 1),
                demande::echeance_at.eq(None::<NaiveDateTime>),
                demande::rappel_at.eq(None::<NaiveDateTime>),
            ))
            .execute(transaction.connection())
            .await?;
        if changed != 1 {
            // Of two posts of one form at once, the second finds what the first made.
            let outcome = repeated(transaction.connection(), id, texte, jeton).await?;
            return outcome.unwrap_or(Err(Refused::Because(Refus::Changed)));
        }
        let message = write(transaction, id, ("demandeur", found.compte), texte, jeton).await?;
        if let Some(piece) = piece {
            diesel::insert_into(demande_fichier::table)
                .values((
                    demande_fichier::message_id.eq(message),
                    demande_fichier::nom.eq(mask(&piece.nom)),
                    demande_fichier::format.eq(&piece.format),
                    demande_fichier::taille.eq(piece.taille),
                    demande_fichier::blob.eq(&piece.blob),
                ))
                .execute(transaction.connection())
                .await?;
            analyses::wait(transaction, &piece.blob).await?;
        }
        record(transaction, &found, Evenement::Completer, &[found.structure]).await?;
        if let Some(assigne) = found.assigne {
            let said = format!("{} {} a répondu à la demande {}", found.prenom, found.nom, found.reference);
            let lien = format!("/gestion/support/{id}");
            notifications::create(transaction, &[assigne], CATEGORIE, (&said, &found.objet, &lien)).await?;
        }
        Ok(true)
    })
}

/// Who acts, for which structure, upon which request as they saw it.
#[derive(Clone, Copy, Debug)]
pub struct Geste {
    /// Who.
    pub by: CompteId,
    /// For which structure.
    pub structure: StructureId,
    /// The request.
    pub demande: i64,
    /// Its version on the page.
    pub version: i32,
}

async fn seen(transaction: &mut Transaction, geste: Geste) -> Result<Demande, Refused<Refus>> {
    match of_structure(transaction.connection(), geste.demande, geste.structure).await? {
        None => Err(Refused::Because(Refus::Unknown)),
        Some(found) if found.version != geste.version => Err(Refused::Because(Refus::Changed)),
        Some(found) => Ok(found),
    }
}

/// The structure writes: an answer in between, a question, or the answer that closes.
pub fn treat<'a>(
    transaction: &'a mut Transaction,
    geste: Geste,
    event: Evenement,
    texte: &'a str,
    jeton: &'a str,
) -> Pending<'a, bool, Refused<Refus>> {
    Box::pin(async move {
        let outcome = treat_once(transaction, geste, event, texte, jeton).await;
        if let Err(Refused::Because(Refus::Changed)) = outcome {
            // Of two posts of one form at once, the second finds what the first made.
            return repeated(transaction.connection(), geste.demande, texte, jeton).await?.unwrap_or(outcome);
        }
        outcome
    })
}

async fn treat_once(
    transaction: &mut Transaction,
    geste: Geste,
    event: Evenement,
    texte: &str,
    jeton: &str,
) -> Outcome {
    if let Some(outcome) = repeated(transaction.connection(), geste.demande, texte, jeton).await? {
        return outcome;
    }
    let found = seen(transaction, geste).await?;
    let next = found.etat.next(event).map_err(Refused::rule)?;
    let now = transaction.now;
    let echeance = (next == EtatDemande::Complement).then(|| days_after(now, COMPLEMENT_DAYS));
    let changed = diesel::update(
        demande::table
            .find(found.id)
            .filter(demande::version.eq(found.version))
            .filter(demande::structure_id.eq(geste.structure.0)),
    )
    .set((
        demande::etat.eq(next.as_str()),
        demande::version.eq(found.version + 1),
        demande::repondue_at.eq(Some(found.repondue_at.unwrap_or(now))),
        demande::assigne_id.eq(Some(found.assigne.unwrap_or(geste.by).0)),
        demande::echeance_at.eq(echeance),
        demande::rappel_at.eq(None::<NaiveDateTime>),
        demande::close_at.eq((next == EtatDemande::Close).then_some(now)),
    ))
    .execute(transaction.connection())
    .await?;
    if changed != 1 {
        return Err(Refused::Because(Refus::Changed));
    }
    write(transaction, found.id, ("structure", Some(geste.by)), texte, jeton).await?;
    let after = Demande { etat: next, version: found.version + 1, echeance_at: echeance, ..found };
    record(transaction, &after, event, &[after.structure]).await?;
    tell(transaction, &after).await?;
    Ok(true)
}

/// Gives a request to one of the structure's people, or to nobody. A new one is then being treated, which its author is told.
pub fn assign(transaction: &mut Transaction, geste: Geste, to: Option<CompteId>) -> Pending<'_, bool, Refused<Refus>> {
    Box::pin(async move {
        let found = seen(transaction, geste).await?;
        if found.etat == EtatDemande::Close {
            return Err(Refused::rule(Refusal::Closed));
        }
        if let Some(to) = to {
            let members = crate::suivis::members(transaction.connection(), geste.structure).await?;
            if members.iter().all(|(id, _)| *id != to) {
                return Err(Refused::Because(Refus::NotAMember));
            }
        }
        if found.assigne == to {
            return Ok(false);
        }
        let taken = found.etat == EtatDemande::Nouvelle && to.is_some();
        let next = if taken { EtatDemande::EnCours } else { found.etat };
        let changed = diesel::update(demande::table.find(found.id).filter(demande::version.eq(found.version)))
            .set((
                demande::assigne_id.eq(to.map(|to| to.0)),
                demande::etat.eq(next.as_str()),
                demande::version.eq(found.version + 1),
            ))
            .execute(transaction.connection())
            .await?;
        if changed != 1 {
            return Err(Refused::Because(Refus::Changed));
        }
        let after = Demande { etat: next, version: found.version + 1, assigne: to, ..found };
        record(transaction, &after, Evenement::Prendre, &[after.structure]).await?;
        if taken {
            tell(transaction, &after).await?;
        }
        if let Some(to) = to.filter(|to| *to != geste.by) {
            let said = format!("La demande {} vous est confiée", after.reference);
            let lien = format!("/gestion/support/{}", after.id);
            notifications::create(transaction, &[to], CATEGORIE, (&said, &after.objet, &lien)).await?;
        }
        Ok(true)
    })
}

/// Hands a request over to another structure, where it is new; its author is told.
pub fn transfer(transaction: &mut Transaction, geste: Geste, to: StructureId) -> Pending<'_, bool, Refused<Refus>> {
    Box::pin(async move {
        let found = seen(transaction, geste).await?;
        if found.etat == EtatDemande::Close {
            return Err(Refused::rule(Refusal::Closed));
        }
        let Some(other) = structures::by_id(transaction.connection(), to).await?.filter(|_| to != geste.structure)
        else {
            return Err(Refused::Because(Refus::SameStructure));
        };
        let now = transaction.now;
        let changed = diesel::update(demande::table.find(found.id).filter(demande::version.eq(found.version)))
            .set((
                demande::structure_id.eq(to.0),
                demande::etat.eq(EtatDemande::Nouvelle.as_str()),
                demande::assigne_id.eq(None::<i64>),
                demande::echeance_at.eq(None::<NaiveDateTime>),
                demande::rappel_at.eq(None::<NaiveDateTime>),
                demande::transmise_at.eq(Some(now)),
                demande::version.eq(found.version + 1),
            ))
            .execute(transaction.connection())
            .await?;
        if changed != 1 {
            return Err(Refused::Because(Refus::Changed));
        }
        let said = format!("La demande est confiée à une autre structure : {}.", other.nom);
        let jeton = format!("transfert-{}", found.version + 1);
        write(transaction, found.id, ("service", Some(geste.by)), &said, &jeton).await?;
        let after = Demande {
            structure: to,
            etat: EtatDemande::Nouvelle,
            version: found.version + 1,
            assigne: None,
            echeance_at: None,
            ..found
        };
        record(transaction, &after, Evenement::Confirmer, &[geste.structure, to]).await?;
        tell(transaction, &after).await?;
        Ok(true)
    })
}

/// Other open requests of the same address in the same structure.
pub fn duplicates<'a>(connection: &'a mut Connection, of: &'a Demande) -> Pending<'a, Vec<Demande>> {
    Box::pin(async move {
        let rows: Vec<Row> = demande::table
            .filter(demande::structure_id.eq(of.structure.0))
            .filter(demande::courriel.eq(&of.courriel))
            .filter(demande::id.ne(of.id))
            .filter(demande::etat.ne_all([EtatDemande::Close.as_str(), EtatDemande::AConfirmer.as_str()]))
            .order(demande::id)
            .limit(20)
            .select(columns::<Row>())
            .load(connection)
            .await?;
        rows.into_iter().map(into_demande).collect()
    })
}

/// Brings a request into another one of the same person: its thread goes on there, with its files; its links lead there.
pub fn merge(transaction: &mut Transaction, geste: Geste, into: i64) -> Pending<'_, bool, Refused<Refus>> {
    Box::pin(async move {
        let found = seen(transaction, geste).await?;
        let others = duplicates(transaction.connection(), &found).await?;
        let other = others.into_iter().find(|other| other.id == into && found.etat != EtatDemande::Close);
        let Some(other) = other else { return Err(Refused::Because(Refus::NotADuplicate)) };
        let now = transaction.now;
        let changed = diesel::update(demande::table.find(found.id).filter(demande::version.eq(found.version)))
            .set((
                demande::etat.eq(EtatDemande::Close.as_str()),
                demande::fusion_id.eq(Some(other.id)),
                demande::close_at.eq(Some(now)),
                demande::echeance_at.eq(None::<NaiveDateTime>),
                demande::version.eq(found.version + 1),
            ))
            .execute(transaction.connection())
            .await?;
        if changed != 1 {
            return Err(Refused::Because(Refus::Changed));
        }
        diesel::update(demande::table.filter(demande::fusion_id.eq(found.id)))
            .set(demande::fusion_id.eq(Some(other.id)))
            .execute(transaction.connection())
            .await?;
        diesel::update(demande_message::table.filter(demande_message::demande_id.eq(found.id)))
            .set(demande_message::demande_id.eq(other.id))
            .execute(transaction.connection())
            .await?;
        let said = format!("La demande {} est réunie à celle-ci.", found.reference);
        write(transaction, other.id, ("service", Some(geste.by)), &said, &format!("fusion-{}", found.id)).await?;
        record(transaction, &found, Evenement::Abandonner, &[found.structure]).await?;
        Ok(true)
    })
}

/// Which requests of a structure a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onglet {
    /// Those that wait for the structure, the oldest first.
    ATraiter,
    /// Those that wait for their author.
    Complement,
    /// Those that are over, the latest first.
    Closes,
}

impl Onglet {
    fn etats(self) -> Vec<&'static str> {
        match self {
            Self::ATraiter => vec![EtatDemande::Nouvelle.as_str(), EtatDemande::EnCours.as_str()],
            Self::Complement => vec![EtatDemande::Complement.as_str()],
            Self::Closes => vec![EtatDemande::Close.as_str()],
        }
    }
}

/// A page of the requests of a structure, and how many there are; with `a`, those of one of its people.
pub fn list(
    connection: &mut Connection,
    structure: StructureId,
    onglet: Onglet,
    a: Option<CompteId>,
    page: i64,
) -> Pending<'_, (Vec<(Demande, String)>, i64)> {
    Box::pin(async move {
        type Line = (Row, Option<String>, Option<String>);
        let offset = (page.clamp(1, 1_000_000) - 1) * PAGE;
        macro_rules! filtered {
            ($query:expr) => {{
                let mut query = $query
                    .filter(demande::structure_id.eq(structure.0))
                    .filter(demande::etat.eq_any(onglet.etats()))
                    .into_boxed::<Both>();
                if let Some(a) = a {
                    query = query.filter(demande::assigne_id.eq(a.0));
                }
                query
            }};
        }
        let total: i64 = filtered!(demande::table.select(diesel::dsl::count_star())).get_result(connection).await?;
        let query = filtered!(
            demande::table.left_join(compte::table.on(compte::id.nullable().eq(demande::assigne_id))).select((
                columns::<Row>(),
                compte::prenom.nullable(),
                compte::nom.nullable()
            ))
        );
        let query = match onglet {
            Onglet::ATraiter | Onglet::Complement => query.order((demande::transmise_at.asc(), demande::id.asc())),
            Onglet::Closes => query.order((demande::close_at.desc(), demande::id.desc())),
        };
        let rows: Vec<Line> = query.limit(PAGE).offset(offset).load(connection).await?;
        let into = |(row, prenom, nom): Line| {
            let name = prenom.zip(nom).map(|(prenom, nom)| format!("{prenom} {nom}")).unwrap_or_default();
            Ok((into_demande(row)?, name))
        };
        Ok((rows.into_iter().map(into).collect::<Result<_>>()?, total))
    })
}

/// How many requests of a structure stand in each state.
pub fn counts(connection: &mut Connection, structure: StructureId) -> Pending<'_, HashMap<EtatDemande, i64>> {
    Box::pin(async move {
        let rows: Vec<(String, i64)> = demande::table
            .filter(demande::structure_id.eq(structure.0))
            .group_by(demande::etat)
            .select((demande::etat, diesel::dsl::count_star()))
            .load(connection)
            .await?;
        Ok(rows.into_iter().filter_map(|(word, count)| Some((EtatDemande::from_word(&word)?, count))).collect())
    })
}

/// A request as the figures count it: what it is about, when it came, when it was first answered and when closed.
pub type Delai = (TypeDemande, NaiveDateTime, Option<NaiveDateTime>, Option<NaiveDateTime>);

/// What the figures of a structure are made of: each request since a day.
pub fn delays(connection: &mut Connection, structure: StructureId, since: NaiveDateTime) -> Pending<'_, Vec<Delai>> {
    Box::pin(async move {
        type Line = (String, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<NaiveDateTime>);
        let rows: Vec<Line> = demande::table
            .filter(demande::structure_id.eq(structure.0))
            .filter(demande::transmise_at.ge(since))
            .filter(demande::fusion_id.is_null())
            .order(demande::transmise_at.desc())
            .limit(COUNTED)
            .select((demande::sorte, demande::transmise_at, demande::repondue_at, demande::close_at))
            .load(connection)
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(word, came, answered, closed)| {
                Some((TypeDemande::from_word(&word)?, came?, answered, closed))
            })
            .collect())
    })
}

/// Drops at most `limit` requests that their visitor never confirmed (S2); answers how many.
pub fn drop_unconfirmed(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let due: Vec<i64> = demande::table
            .filter(demande::etat.eq(EtatDemande::AConfirmer.as_str()))
            .filter(demande::echeance_at.le(now))
            .order(demande::id)
            .limit(limit)
            .select(demande::id)
            .load(transaction.connection())
            .await?;
        Ok(diesel::delete(
            demande::table.filter(demande::id.eq_any(&due)).filter(demande::etat.eq(EtatDemande::AConfirmer.as_str())),
        )
        .execute(transaction.connection())
        .await?)
    })
}

/// Reminds at most `limit` people of what they were asked for, a week before their request is closed; who is reminded
/// late keeps a week (S6). Answers how many.
pub fn remind(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let due: Vec<Row> = demande::table
            .filter(demande::etat.eq(EtatDemande::Complement.as_str()))
            .filter(demande::rappel_at.is_null())
            .filter(demande::echeance_at.le(days_after(now, RAPPEL_DAYS)))
            .order(demande::id)
            .limit(limit)
            .select(columns::<Row>())
            .load(transaction.connection())
            .await?;
        let mut reminded = 0;
        for row in due {
            let found = into_demande(row)?;
            let echeance = found.echeance_at.unwrap_or(now).max(days_after(now, RAPPEL_DAYS));
            let changed = diesel::update(
                demande::table
                    .find(found.id)
                    .filter(demande::version.eq(found.version))
                    .filter(demande::rappel_at.is_null()),
            )
            .set((demande::rappel_at.eq(Some(now)), demande::echeance_at.eq(Some(echeance))))
            .execute(transaction.connection())
            .await?;
            if changed != 1 {
                continue;
            }
            let structure = structures::by_id(transaction.connection(), found.structure).await?;
            let content = Courriel::SupportRappel {
                prenom: found.prenom.clone(),
                reference: found.reference.clone(),
                objet: found.objet.clone(),
                structure: contact(structure.as_ref()),
                chemin: history(&found, now),
                jusqu_au: last_day(echeance),
            };
            let key = format!("demande-rappel-{}-{}", found.id, found.version);
            courriels::put(transaction, found.compte, &found.courriel, &key, &content).await?;
            reminded += 1;
        }
        Ok(reminded)
    })
}

/// Closes at most `limit` requests whose author never gave what was asked for (S6); answers how many.
pub fn close_silent(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let due: Vec<Row> = demande::table
            .filter(demande::etat.eq(EtatDemande::Complement.as_str()))
            .filter(demande::rappel_at.is_not_null())
            .filter(demande::echeance_at.le(now))
            .order(demande::id)
            .limit(limit)
            .select(columns::<Row>())
            .load(transaction.connection())
            .await?;
        let mut closed = 0;
        for row in due {
            let found = into_demande(row)?;
            let changed = diesel::update(
                demande::table
                    .find(found.id)
                    .filter(demande::version.eq(found.version))
                    .filter(demande::etat.eq(EtatDemande::Complement.as_str())),
            )
            .set((
                demande::etat.eq(EtatDemande::Close.as_str()),
                demande::close_at.eq(Some(now)),
                demande::echeance_at.eq(None::<NaiveDateTime>),
                demande::version.eq(found.version + 1),
            ))
            .execute(transaction.connection())
            .await?;
            if changed != 1 {
                continue;
            }
            let said = "La demande est close : le complément demandé n’est pas venu dans les 30 jours.";
            write(transaction, found.id, ("service", None), said, &format!("echeance-{}", found.version + 1)).await?;
            let after = Demande { etat: EtatDemande::Close, version: found.version + 1, ..found };
            record(transaction, &after, Evenement::Abandonner, &[after.structure]).await?;
            tell(transaction, &after).await?;
            closed += 1;
        }
        Ok(closed)
    })
}

/// The archived accounts of intervenants of a structure that a request may be about: of its address, or of its names.
pub fn archived<'a>(
    connection: &'a mut Connection,
    structure: StructureId,
    of: &'a Demande,
) -> Pending<'a, Vec<(CompteId, String)>> {
    Box::pin(async move {
        let rows: Vec<(i64, String, String, String)> = compte::table
            .inner_join(intervenant::table.on(intervenant::compte_id.eq(compte::id)))
            .filter(compte::etat.eq(domain::compte::EtatCompte::Archive.as_str()))
            .filter(intervenant::structure_id.eq(structure.0))
            .filter(compte::login.eq(&of.courriel).or(compte::nom.eq(&of.nom).and(compte::prenom.eq(&of.prenom))))
            .order(compte::id)
            .limit(10)
            .select((compte::id, compte::prenom, compte::nom, compte::login))
            .load(connection)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, prenom, nom, login)| (CompteId(id), format!("{prenom} {nom}, {login}")))
            .collect())
    })
}

/// The structure de rattachement of an intervenant.
pub fn structure_of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Option<StructureId>> {
    Box::pin(async move {
        let found: Option<Option<i64>> =
            intervenant::table.find(compte.0).select(intervenant::structure_id).first(connection).await.optional()?;
        Ok(found.flatten().map(StructureId))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s4_a_link_is_signed_for_one_request_and_one_end() {
        let one = signature("secret", 7, 1_790_000_000);
        assert_eq!(one.len(), 32);
        assert_eq!(one, signature("secret", 7, 1_790_000_000));
        for other in [
            signature("secret", 8, 1_790_000_000),
            signature("secret", 7, 1_790_000_001),
            signature("autre", 7, 1_790_000_000),
        ] {
            assert_ne!(one, other);
        }
    }
}
