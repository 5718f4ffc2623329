//! Requests to the support: their rows, threads and files (SPEC S1 to S8).

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::nir::mask;
use domain::support::{EtatDemande, TypeDemande};
use domain::{CompteId, StructureId};
use sha2::{Digest, Sha256};

use crate::dialect::Both;
use crate::query::{RunQueryDsl, columns};
use crate::schema::{compte, demande, demande_fichier, demande_message, intervenant};
use crate::values::{Nom, NomEventuel, words};
use crate::{Connection, Pending, Transaction, analyses};

pub const PAGE: i64 = 25;
/// Requests that the figures of a structure are made of, the latest.
const COUNTED: i64 = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = demande)]
pub struct Demande {
    pub id: i64,
    /// What people call it: « S-2026-0012 ».
    pub reference: String,
    pub sorte: TypeDemande,
    #[diesel(column_name = structure_id)]
    pub structure: StructureId,
    /// Whose account, when they were logged in.
    #[diesel(column_name = compte_id)]
    pub compte: Option<CompteId>,
    pub courriel: String,
    pub nom: String,
    pub prenom: String,
    pub objet: String,
    pub etat: EtatDemande,
    pub version: i32,
    /// Whom of the structure it is given to.
    #[diesel(column_name = assigne_id)]
    pub assigne: Option<CompteId>,
    #[diesel(column_name = fusion_id)]
    pub fusion: Option<i64>,
    pub cree_at: NaiveDateTime,
    /// When it reached the structure that has it.
    pub transmise_at: Option<NaiveDateTime>,
    pub repondue_at: Option<NaiveDateTime>,
    /// When it is closed by itself, or dropped.
    pub echeance_at: Option<NaiveDateTime>,
    /// When its author was reminded of what they were asked for.
    pub rappel_at: Option<NaiveDateTime>,
    pub close_at: Option<NaiveDateTime>,
    /// What signs the links to its history.
    #[diesel(deserialize_as = String)]
    pub secret: Secret,
}

/// A secret of a request: it makes signatures and shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[derive(Clone, Debug)]
pub struct Nouvelle<'a> {
    pub reference: String,
    pub sorte: TypeDemande,
    /// The structure that has it, or is to have it.
    pub structure: StructureId,
    /// Whose account, if any.
    pub compte: Option<CompteId>,
    pub courriel: &'a str,
    pub nom: &'a str,
    pub prenom: &'a str,
    pub objet: &'a str,
    pub jeton: &'a str,
    /// What signs the links to its history.
    pub secret: &'a str,
    /// The digest of the link that confirms it, and when that link dies; none: the structure has the request at once.
    pub confirmation: Option<(&'a str, NaiveDateTime)>,
}

/// Inserts a request in its first version; returns it.
pub fn insert<'a>(transaction: &'a mut Transaction, nouvelle: &'a Nouvelle<'a>) -> Pending<'a, Demande> {
    Box::pin(async move {
        let now = transaction.now;
        let (confirmation, avant) = nouvelle.confirmation.unzip();
        let etat = if confirmation.is_some() { EtatDemande::AConfirmer } else { EtatDemande::Nouvelle };
        Ok(diesel::insert_into(demande::table)
            .values((
                demande::reference.eq(&nouvelle.reference),
                demande::sorte.eq(nouvelle.sorte.as_str()),
                demande::structure_id.eq(nouvelle.structure.0),
                demande::compte_id.eq(nouvelle.compte.map(|id| id.0)),
                demande::courriel.eq(nouvelle.courriel),
                demande::nom.eq(nouvelle.nom),
                demande::prenom.eq(nouvelle.prenom),
                demande::objet.eq(mask(nouvelle.objet)),
                demande::etat.eq(etat.as_str()),
                demande::version.eq(1),
                demande::secret.eq(nouvelle.secret),
                demande::jeton.eq(nouvelle.jeton),
                demande::confirmation.eq(confirmation),
                demande::cree_at.eq(now),
                demande::transmise_at.eq(confirmation.is_none().then_some(now)),
                demande::echeance_at.eq(avant),
            ))
            .returning(columns::<Demande>())
            .get_result(transaction.connection())
            .await?)
    })
}

/// Holds a request until the transaction ends, and returns it as it stands.
pub fn hold(transaction: &mut Transaction, id: i64) -> Pending<'_, Option<Demande>> {
    Box::pin(async move {
        // An update that changes nothing, only to lock the row.
        Ok(diesel::update(demande::table.find(id))
            .set(demande::version.eq(demande::version))
            .returning(columns::<Demande>())
            .get_result(transaction.connection())
            .await
            .optional()?)
    })
}

/// Writes where a request that is held stands from now on.
pub fn step<'a>(transaction: &'a mut Transaction, next: &'a Demande) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::update(demande::table.find(next.id))
            .set((
                demande::structure_id.eq(next.structure.0),
                demande::etat.eq(next.etat.as_str()),
                demande::version.eq(next.version),
                demande::assigne_id.eq(next.assigne.map(|id| id.0)),
                demande::fusion_id.eq(next.fusion),
                demande::transmise_at.eq(next.transmise_at),
                demande::repondue_at.eq(next.repondue_at),
                demande::echeance_at.eq(next.echeance_at),
                demande::rappel_at.eq(next.rappel_at),
                demande::close_at.eq(next.close_at),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// The request of a form that was posted before.
pub fn by_jeton<'a>(connection: &'a mut Connection, jeton: &'a str) -> Pending<'a, Option<Demande>> {
    Box::pin(async move {
        Ok(demande::table
            .filter(demande::jeton.eq(jeton))
            .select(columns::<Demande>())
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn by_confirmation<'a>(connection: &'a mut Connection, empreinte: &'a str) -> Pending<'a, Option<Demande>> {
    Box::pin(async move {
        Ok(demande::table
            .filter(demande::confirmation.eq(empreinte))
            .select(columns::<Demande>())
            .first(connection)
            .await
            .optional()?)
    })
}

fn signature(secret: &str, id: i64, until: i64) -> String {
    let inner = Sha256::new().chain_update(secret).chain_update(format!(":{id}:{until}")).finalize();
    let outer = Sha256::new().chain_update(secret).chain_update(inner).finalize();
    let half = outer[..16].try_into().map_or(0, u128::from_be_bytes);
    format!("{half:032x}")
}

impl Demande {
    /// The signature of a link to its history that works until that second (Unix time).
    pub fn signature(&self, until: i64) -> String {
        signature(&self.secret.0, self.id, until)
    }
}

pub fn by_id(connection: &mut Connection, id: i64) -> Pending<'_, Option<Demande>> {
    Box::pin(
        async move { Ok(demande::table.find(id).select(columns::<Demande>()).first(connection).await.optional()?) },
    )
}

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
        Ok(demande::table
            .filter(demande::compte_id.eq(compte.0))
            .filter(demande::fusion_id.is_null())
            .order((demande::cree_at.desc(), demande::id.desc()))
            .limit(200)
            .select(columns::<Demande>())
            .load(connection)
            .await?)
    })
}

/// A file of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = demande_fichier)]
pub struct Piece {
    pub id: i64,
    /// The message that it goes with.
    #[diesel(column_name = message_id)]
    pub message: i64,
    pub nom: String,
    pub format: String,
    /// Its size in bytes.
    pub taille: i64,
    pub blob: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum De {
    /// Whose request it is.
    Demandeur,
    /// Somebody of the structure.
    Structure,
    /// The service itself: what happened to the request.
    Service,
}

words!(De);

impl De {
    fn as_str(self) -> &'static str {
        match self {
            Self::Demandeur => "demandeur",
            Self::Structure => "structure",
            Self::Service => "service",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Demandeur, Self::Structure, Self::Service].into_iter().find(|one| one.as_str() == word)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: i64,
    pub de: De,
    /// Who of the structure wrote it; for its people alone.
    pub auteur: String,
    pub texte: String,
    pub at: NaiveDateTime,
    /// What goes with it.
    pub pieces: Vec<Piece>,
}

/// The thread of a request, from the first message on.
pub fn thread(connection: &mut Connection, id: i64) -> Pending<'_, Vec<Message>> {
    Box::pin(async move {
        let rows: Vec<(i64, De, String, NaiveDateTime, NomEventuel)> = demande_message::table
            .left_join(compte::table.on(compte::id.nullable().eq(demande_message::auteur_id)))
            .filter(demande_message::demande_id.eq(id))
            .order((demande_message::at, demande_message::id))
            .select((
                demande_message::id,
                demande_message::de,
                demande_message::texte,
                demande_message::at,
                (compte::prenom.nullable(), compte::nom.nullable()),
            ))
            .load(connection)
            .await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let pieces: Vec<Piece> = demande_fichier::table
            .filter(demande_fichier::message_id.eq_any(&ids))
            .order(demande_fichier::id)
            .select(columns::<Piece>())
            .load(connection)
            .await?;
        let mut by_message: HashMap<i64, Vec<Piece>> = HashMap::new();
        for piece in pieces {
            by_message.entry(piece.message).or_default().push(piece);
        }
        let into = |(id, de, texte, at, NomEventuel(auteur))| Message {
            id,
            de,
            auteur: auteur.unwrap_or_default(),
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
        Ok(demande_fichier::table
            .inner_join(demande_message::table.on(demande_message::id.eq(demande_fichier::message_id)))
            .filter(demande_fichier::id.eq(id))
            .select((demande_message::demande_id, columns::<Piece>()))
            .first(connection)
            .await
            .optional()?)
    })
}

/// Adds a message to the thread of a request; returns its id.
pub fn write<'a>(
    transaction: &'a mut Transaction,
    id: i64,
    (de, auteur): (De, Option<CompteId>),
    texte: &'a str,
    jeton: &'a str,
) -> Pending<'a, i64> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::insert_into(demande_message::table)
            .values((
                demande_message::demande_id.eq(id),
                demande_message::de.eq(de.as_str()),
                demande_message::auteur_id.eq(auteur.map(|id| id.0)),
                demande_message::texte.eq(mask(texte)),
                demande_message::jeton.eq(jeton),
                demande_message::at.eq(now),
            ))
            .returning(demande_message::id)
            .get_result(transaction.connection())
            .await?)
    })
}

/// Puts a file, whose blob is stored already, with a message.
pub fn attach<'a>(transaction: &'a mut Transaction, message: i64, piece: &'a crate::fichiers::Recu) -> Pending<'a, ()> {
    Box::pin(async move {
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
        analyses::wait(transaction, &piece.blob).await
    })
}

/// The text that a form wrote in the thread of a request, if it was posted before.
pub fn written<'a>(connection: &'a mut Connection, id: i64, jeton: &'a str) -> Pending<'a, Option<String>> {
    Box::pin(async move {
        Ok(demande_message::table
            .filter(demande_message::demande_id.eq(id))
            .filter(demande_message::jeton.eq(jeton))
            .select(demande_message::texte)
            .first(connection)
            .await
            .optional()?)
    })
}

/// Other open requests of the same address in the same structure.
pub fn duplicates<'a>(connection: &'a mut Connection, of: &'a Demande) -> Pending<'a, Vec<Demande>> {
    Box::pin(async move {
        Ok(demande::table
            .filter(demande::structure_id.eq(of.structure.0))
            .filter(demande::courriel.eq(&of.courriel))
            .filter(demande::id.ne(of.id))
            .filter(demande::etat.ne_all([EtatDemande::Close.as_str(), EtatDemande::AConfirmer.as_str()]))
            .order(demande::id)
            .limit(20)
            .select(columns::<Demande>())
            .load(connection)
            .await?)
    })
}

/// Merges the thread of a request into another one's, with the requests merged into it before.
pub fn bring(transaction: &mut Transaction, from: i64, into: i64) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::update(demande::table.filter(demande::fusion_id.eq(from)))
            .set(demande::fusion_id.eq(Some(into)))
            .execute(transaction.connection())
            .await?;
        diesel::update(demande_message::table.filter(demande_message::demande_id.eq(from)))
            .set(demande_message::demande_id.eq(into))
            .execute(transaction.connection())
            .await?;
        Ok(())
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

/// A page of the requests of a structure, and how many there are; with `a`, only those given to that account.
pub fn list(
    connection: &mut Connection,
    structure: StructureId,
    onglet: Onglet,
    a: Option<CompteId>,
    page: i64,
) -> Pending<'_, (Vec<(Demande, String)>, i64)> {
    Box::pin(async move {
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
            demande::table
                .left_join(compte::table.on(compte::id.nullable().eq(demande::assigne_id)))
                .select((columns::<Demande>(), (compte::prenom.nullable(), compte::nom.nullable())))
        );
        let query = match onglet {
            Onglet::ATraiter | Onglet::Complement => query.order((demande::transmise_at.asc(), demande::id.asc())),
            Onglet::Closes => query.order((demande::close_at.desc(), demande::id.desc())),
        };
        let rows: Vec<(Demande, NomEventuel)> = query.limit(PAGE).offset(offset).load(connection).await?;
        Ok((rows.into_iter().map(|(demande, NomEventuel(nom))| (demande, nom.unwrap_or_default())).collect(), total))
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

/// Drops at most `limit` requests that their visitor never confirmed (S2); returns how many.
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

/// At most `limit` requests that wait for their author until that moment at the latest: those whose author was
/// `reminded`, or was not.
pub fn waiting(connection: &mut Connection, reminded: bool, until: NaiveDateTime, limit: i64) -> Pending<'_, Vec<i64>> {
    Box::pin(async move {
        let mut due = demande::table
            .filter(demande::etat.eq(EtatDemande::Complement.as_str()))
            .filter(demande::echeance_at.le(until))
            .order(demande::id)
            .limit(limit)
            .select(demande::id)
            .into_boxed::<Both>();
        due = if reminded {
            due.filter(demande::rappel_at.is_not_null())
        } else {
            due.filter(demande::rappel_at.is_null())
        };
        Ok(due.load(connection).await?)
    })
}

/// The archived accounts of intervenants of a structure that a request may be about: with its address, or with its
/// names.
pub fn archived<'a>(
    connection: &'a mut Connection,
    structure: StructureId,
    of: &'a Demande,
) -> Pending<'a, Vec<(CompteId, String)>> {
    Box::pin(async move {
        let rows: Vec<(CompteId, Nom, String)> = compte::table
            .inner_join(intervenant::table.on(intervenant::compte_id.eq(compte::id)))
            .filter(compte::etat.eq(domain::compte::EtatCompte::Archive.as_str()))
            .filter(intervenant::structure_id.eq(structure.0))
            .filter(compte::login.eq(&of.courriel).or(compte::nom.eq(&of.nom).and(compte::prenom.eq(&of.prenom))))
            .order(compte::id)
            .limit(10)
            .select((compte::id, (compte::prenom, compte::nom), compte::login))
            .load(connection)
            .await?;
        Ok(rows.into_iter().map(|(id, Nom(nom), login)| (id, format!("{nom}, {login}"))).collect())
    })
}

/// The structure de rattachement of an intervenant.
pub fn structure_of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Option<StructureId>> {
    Box::pin(async move {
        let found: Option<Option<StructureId>> =
            intervenant::table.find(compte.0).select(intervenant::structure_id).first(connection).await.optional()?;
        Ok(found.flatten())
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
