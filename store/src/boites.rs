//! Mailboxes: lists, opening, marking, putting away. Only one's own: every function takes the mailbox it acts on.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::journal::Fact;
use domain::messagerie::{Boite, Geste};
use domain::texte::{like_prefix, mots};
use domain::{CompteId, CorrespondantId};

use crate::correspondants::{self, Correspondant};
use crate::dialect::Both;
use crate::query::RunQueryDsl;
use crate::schema::{boite, boite_suivi, compte, destinataire, message};
use crate::values::Nom;
use crate::{Connection, Pending, Transaction};

pub use domain::messagerie::Action;

/// Messages shown on a page of a list.
pub const PAGE: i64 = 25;
/// Messages that one action may touch at once.
pub const SELECTION_MAX: usize = 200;

/// The column a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tri {
    /// When it was received or sent.
    #[default]
    Date,
    /// Who the other side is.
    Avec,
    Objet,
}

/// Which messages of a structure's mailbox, by whom they are given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Confie {
    #[default]
    Tous,
    /// Those given to that account.
    A(CompteId),
    /// Those given to nobody.
    Personne,
}

/// Which list, filtered and sorted how.
#[derive(Clone, Debug)]
pub struct Vue {
    pub correspondant: CorrespondantId,
    pub boite: Boite,
    /// Words to be found in subject, names or text.
    pub filtre: String,
    pub confie: Confie,
    /// Sorted by.
    pub tri: Tri,
    /// In ascending order.
    pub croissant: bool,
    /// From 1.
    pub page: i64,
}

/// One line of a list.
#[derive(Clone, Debug, Queryable)]
pub struct Ligne {
    pub message: i64,
    /// The other side's names.
    pub avec: String,
    pub objet: String,
    pub at: NaiveDateTime,
    pub lu_at: Option<NaiveDateTime>,
}

/// What the words of a filter are looked for with; none when only punctuation was typed: it is in no word.
pub(crate) fn patterns(filtre: &str) -> Option<Vec<String>> {
    let words = mots(filtre, 8);
    let found = !words.is_empty() || filtre.trim().is_empty();
    found.then(|| words.iter().map(|word| format!("%{}", like_prefix(word))).collect())
}

/// A page of a list and how many lines there are in all.
pub fn list<'a>(connection: &'a mut Connection, vue: &'a Vue) -> Pending<'a, (Vec<Ligne>, i64)> {
    Box::pin(async move {
        let Some(words) = patterns(&vue.filtre) else { return Ok((Vec::new(), 0)) };
        let offset = (vue.page.clamp(1, 1_000_000) - 1) * PAGE;
        macro_rules! filtered {
            ($query:expr) => {{
                let mut query = $query
                    .filter(boite::correspondant_id.eq(vue.correspondant.0))
                    .filter(boite::dossier.eq(vue.boite.as_str()))
                    .filter(boite::archive_at.is_null())
                    .into_boxed::<Both>();
                for word in &words {
                    query = query.filter(message::recherche.like(word.clone()).escape('\\'));
                }
                let given = boite_suivi::table.filter(boite_suivi::correspondant_id.eq(vue.correspondant.0));
                match vue.confie {
                    Confie::Tous => {}
                    Confie::A(CompteId(id)) => {
                        let his = given.filter(boite_suivi::assigne_id.eq(id)).select(boite_suivi::message_id);
                        query = query.filter(boite::message_id.eq_any(his));
                    }
                    Confie::Personne => {
                        let all = given.filter(boite_suivi::assigne_id.is_not_null()).select(boite_suivi::message_id);
                        query = query.filter(boite::message_id.ne_all(all));
                    }
                }
                query
            }};
        }
        let joined = || boite::table.inner_join(message::table.on(boite::message_id.eq(message::id)));
        let total: i64 = filtered!(joined().select(diesel::dsl::count_star())).get_result(connection).await?;
        let query = filtered!(joined().select((message::id, boite::avec, message::objet, boite::at, boite::lu_at)));
        let query = match (vue.tri, vue.croissant) {
            (Tri::Date, true) => query.order((boite::at.asc(), boite::id.asc())),
            (Tri::Date, false) => query.order((boite::at.desc(), boite::id.desc())),
            (Tri::Avec, true) => query.order((boite::avec_cle.asc(), boite::id.desc())),
            (Tri::Avec, false) => query.order((boite::avec_cle.desc(), boite::id.desc())),
            (Tri::Objet, true) => query.order((message::objet.asc(), boite::id.desc())),
            (Tri::Objet, false) => query.order((message::objet.desc(), boite::id.desc())),
        };
        let lines: Vec<Ligne> = query.limit(PAGE).offset(offset).load(connection).await?;
        Ok((lines, total))
    })
}

#[derive(Clone, Debug)]
pub struct Message {
    pub id: i64,
    pub de: Correspondant,
    /// The person who wrote it, shown to the structure's own people.
    pub auteur: String,
    pub a: Vec<Correspondant>,
    pub objet: String,
    pub texte: String,
    pub envoye_at: NaiveDateTime,
    /// In which list of this mailbox it stands.
    pub boite: Boite,
    pub lu_at: Option<NaiveDateTime>,
    pub archive_at: Option<NaiveDateTime>,
}

type Row = (CorrespondantId, String, String, NaiveDateTime, String, Option<NaiveDateTime>, Option<NaiveDateTime>, Nom);

/// Opens a message of a mailbox; none when it is not in it.
pub fn open(connection: &mut Connection, correspondant: CorrespondantId, id: i64) -> Pending<'_, Option<Message>> {
    Box::pin(async move {
        let row: Option<Row> = boite::table
            .inner_join(message::table.on(boite::message_id.eq(message::id)))
            .inner_join(compte::table.on(message::auteur_id.eq(compte::id)))
            .filter(boite::correspondant_id.eq(correspondant.0))
            .filter(boite::message_id.eq(id))
            .order(boite::dossier.desc())
            .select((
                message::de_id,
                message::objet,
                message::texte,
                message::envoye_at,
                boite::dossier,
                boite::lu_at,
                boite::archive_at,
                (compte::prenom, compte::nom),
            ))
            .first(connection)
            .await
            .optional()?;
        let Some((de, objet, texte, envoye_at, boite, lu_at, archive_at, Nom(auteur))) = row else { return Ok(None) };
        let to: Vec<CorrespondantId> = destinataire::table
            .filter(destinataire::message_id.eq(id))
            .select(destinataire::correspondant_id)
            .load(connection)
            .await?;
        let a = correspondants::names(connection, &to).await?;
        let de = correspondants::names(connection, &[de]).await?.pop().ok_or(diesel::result::Error::NotFound)?;
        let boite = if boite == "envoyes" { Boite::Envoyes } else { Boite::Reception };
        Ok(Some(Message { id, de, auteur, a, objet, texte, envoye_at, boite, lu_at, archive_at }))
    })
}

pub fn contains(connection: &mut Connection, correspondant: CorrespondantId, message: i64) -> Pending<'_, bool> {
    Box::pin(async move {
        let theirs = boite::correspondant_id.eq(correspondant.0).and(boite::message_id.eq(message));
        Ok(diesel::select(diesel::dsl::exists(boite::table.filter(theirs))).get_result(connection).await?)
    })
}

pub fn sender(
    connection: &mut Connection,
    correspondant: CorrespondantId,
    message: i64,
) -> Pending<'_, Option<CorrespondantId>> {
    Box::pin(async move {
        Ok(boite::table
            .inner_join(message::table.on(boite::message_id.eq(message::id)))
            .filter(boite::correspondant_id.eq(correspondant.0))
            .filter(boite::message_id.eq(message))
            .filter(boite::dossier.eq("reception"))
            .select(message::de_id)
            .first(connection)
            .await
            .optional()?)
    })
}

/// Does something to messages of a list of a mailbox; returns those it changed. Messages of other mailboxes are left
/// alone.
pub fn act<'a>(
    transaction: &'a mut Transaction,
    correspondant: CorrespondantId,
    boite: Boite,
    messages: &'a [i64],
    action: Action,
) -> Pending<'a, Vec<i64>> {
    Box::pin(async move {
        let now = Some(transaction.now);
        let none = None::<NaiveDateTime>;
        let mine = boite::table
            .filter(boite::correspondant_id.eq(correspondant.0))
            .filter(boite::dossier.eq(boite.as_str()))
            .filter(boite::message_id.eq_any(messages.to_vec()));
        macro_rules! set {
            ($those:expr, $value:expr) => {
                diesel::update(mine.filter($those))
                    .set($value)
                    .returning(boite::message_id)
                    .load(transaction.connection())
                    .await?
            };
        }
        let mut changed: Vec<i64> = match action {
            Action::Lu => set!(boite::lu_at.is_null(), boite::lu_at.eq(now)),
            Action::NonLu => set!(boite::lu_at.is_not_null(), boite::lu_at.eq(none)),
            Action::Archiver => set!(boite::archive_at.is_null(), boite::archive_at.eq(now)),
            Action::Restaurer => set!(boite::archive_at.is_not_null(), boite::archive_at.eq(none)),
        };
        changed.sort_unstable();
        if action == Action::Lu && boite == Boite::Reception && !changed.is_empty() {
            // Read before its email has left: the email is withdrawn for people who asked for that.
            if let Some((Some(person), _)) = correspondants::owner(transaction.connection(), correspondant).await? {
                let keys: Vec<String> = changed.iter().map(|id| crate::messagerie::mail_key(*id, person)).collect();
                crate::courriels::withdraw(transaction, &keys).await?;
            }
        }
        if !changed.is_empty() {
            transaction.record(Fact::BoiteModifiee {
                correspondant,
                messages: changed.clone(),
                action: Geste::Action(action),
            });
        }
        Ok(changed)
    })
}

pub fn unread(connection: &mut Connection, correspondant: CorrespondantId) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(boite::table
            .filter(boite::correspondant_id.eq(correspondant.0))
            .filter(boite::dossier.eq("reception"))
            .filter(boite::lu_at.is_null())
            .filter(boite::archive_at.is_null())
            .count()
            .get_result(connection)
            .await?)
    })
}

/// The accounts that read a mailbox: the person, or everybody of the structure.
pub fn readers(connection: &mut Connection, correspondant: CorrespondantId) -> Pending<'_, Vec<CompteId>> {
    Box::pin(async move {
        let Some((person, structure)) = correspondants::owner(connection, correspondant).await? else {
            return Ok(Vec::new());
        };
        if let Some(person) = person {
            return Ok(vec![person]);
        }
        let Some(structure) = structure else { return Ok(Vec::new()) };
        Ok(compte::table.filter(compte::structure_id.eq(structure.0)).select(compte::id).load(connection).await?)
    })
}
