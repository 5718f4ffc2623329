//! Registrations: where each stands, what happened to it, the structure's queue, and what is waited for (manual §3.1,
//! §3.2).

mod pages;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::compte::{EtatCompte, EtatInscription};
use domain::inscription::{Evenement, complement_due};
use domain::nir::mask;
use domain::profil::{Champs, IDENTIFICATION, Identification};
use domain::{CompteId, StructureId};

use crate::compteurs::WAITING;
use crate::dialect::Both;
use crate::query::{RunQueryDsl, columns};
use crate::schema::{annonce, compte, fichier, inscription, inscription_decision, intervenant, rappel, structure};
use crate::values::{Nom, NomEventuel};
use crate::{Connection, Pending, Transaction, comptes, profils};

pub use pages::{Pages, pages};

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = inscription)]
pub struct Inscription {
    #[diesel(column_name = compte_id)]
    pub compte: CompteId,
    #[diesel(select_expression = intervenant::etat_inscription)]
    pub etat: EtatInscription,
    #[diesel(select_expression = intervenant::structure_id)]
    pub structure: Option<StructureId>,
    /// The annonce it came from: its structure is fixed then (I8).
    pub annonce_origine: Option<i64>,
    pub transmise_at: Option<NaiveDateTime>,
    /// The structure's first decision of any kind (I15).
    pub premiere_decision_at: Option<NaiveDateTime>,
    /// Until when a complement is waited for.
    pub complement_avant: Option<NaiveDateTime>,
    #[diesel(column_name = gestionnaire_id)]
    pub gestionnaire: Option<CompteId>,
    pub version: i64,
    /// The number that the CNFPT's own software gives to those who have intervened (C3).
    #[diesel(select_expression = intervenant::immatriculation)]
    pub immatriculation: Option<String>,
}

impl Inscription {
    /// The structure that the person can't choose any more: that of the annonce they come from (I8), or their own once
    /// they are in the CV-thèque (C3).
    pub fn structure_fixe(&self) -> Option<StructureId> {
        self.structure.filter(|_| self.etat == EtatInscription::Validee || self.annonce_origine.is_some())
    }

    /// « Mes informations » as they were typed; a structure that can't be chosen any more replaces the one typed.
    pub fn posted(&self, champs: Champs) -> Champs {
        let mut champs = champs.only(IDENTIFICATION);
        if let Some(id) = self.structure_fixe() {
            champs.set("structure", id.to_string());
        }
        champs
    }
}

/// The registration of an account; none when the account is no intervenant's.
pub fn of(connection: &mut Connection, id: CompteId) -> Pending<'_, Option<Inscription>> {
    Box::pin(async move {
        Ok(intervenant::table
            .inner_join(inscription::table.on(inscription::compte_id.eq(intervenant::compte_id)))
            .filter(intervenant::compte_id.eq(id.0))
            .select(columns::<Inscription>())
            .first(connection)
            .await
            .optional()?)
    })
}

/// The same, locked until this transaction ends: steps of one registration wait for each other.
pub fn hold(transaction: &mut Transaction, id: CompteId) -> Pending<'_, Option<Inscription>> {
    Box::pin(async move {
        diesel::update(inscription::table.find(id.0))
            .set(inscription::compte_id.eq(id.0))
            .execute(transaction.connection())
            .await?;
        of(transaction.connection(), id).await
    })
}

/// Makes the empty registration of a new account.
pub(crate) fn create(
    transaction: &mut Transaction,
    id: CompteId,
    annonce_origine: Option<i64>,
    (etat, decided): (EtatInscription, Option<NaiveDateTime>),
) -> Pending<'_, ()> {
    Box::pin(async move {
        let now = transaction.now;
        // Profiles that come whole (demonstration, import) get the dates that their state implies.
        let sent = decided.or((etat != EtatInscription::Brouillon).then_some(now));
        let decided = decided.or(matches!(etat, EtatInscription::Complement | EtatInscription::Rejetee).then_some(now));
        let due = (etat == EtatInscription::Complement).then(|| complement_due(now));
        diesel::insert_into(inscription::table)
            .values((
                inscription::compte_id.eq(id.0),
                inscription::annonce_origine.eq(annonce_origine),
                inscription::transmise_at.eq(sent),
                inscription::premiere_decision_at.eq(decided),
                inscription::complement_avant.eq(due),
                inscription::version.eq(0),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Begins the profile of somebody who has just registered: date of birth, and the annonce they come from.
pub fn begin(
    transaction: &mut Transaction,
    id: CompteId,
    naissance: NaiveDate,
    annonce_origine: Option<i64>,
) -> Pending<'_, ()> {
    Box::pin(async move {
        let now = transaction.now;
        let structure: Option<i64> = match annonce_origine {
            Some(annonce) => annonce::table
                .find(annonce)
                .select(annonce::structure_id)
                .first(transaction.connection())
                .await
                .optional()?,
            None => None,
        };
        diesel::insert_into(intervenant::table)
            .values((
                intervenant::compte_id.eq(id.0),
                intervenant::etat_inscription.eq(EtatInscription::Brouillon.as_str()),
                intervenant::date_naissance.eq(naissance),
                (
                    intervenant::telephone.eq(""),
                    intervenant::adresse.eq(""),
                    intervenant::code_postal.eq(""),
                    intervenant::commune.eq(""),
                ),
                (
                    intervenant::employeur_nom.eq(""),
                    intervenant::titre.eq(""),
                    intervenant::experience.eq(""),
                    intervenant::motivation.eq(""),
                ),
                intervenant::structure_id.eq(structure),
                intervenant::modifie_at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        profils::create_rest(transaction, id, &Identification::default()).await?;
        create(transaction, id, annonce_origine.filter(|_| structure.is_some()), (EtatInscription::Brouillon, None))
            .await
    })
}

/// Gives a profile its structure de rattachement.
pub fn attach(transaction: &mut Transaction, id: CompteId, structure: StructureId) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::update(intervenant::table.find(id.0))
            .set(intervenant::structure_id.eq(structure.0))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// A step of a registration, as its history shows it.
#[derive(Clone, Debug, Queryable)]
pub struct Etape {
    pub decision: Evenement,
    pub motif: String,
    pub texte: String,
    /// Who, if a gestionnaire did it.
    #[diesel(deserialize_as = NomEventuel)]
    pub gestionnaire: Option<String>,
    pub structure: Option<String>,
    pub at: NaiveDateTime,
}

/// What happened to a registration, the latest first.
pub fn history(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<Etape>> {
    Box::pin(async move {
        Ok(inscription_decision::table
            .left_join(compte::table.on(inscription_decision::gestionnaire_id.eq(compte::id.nullable())))
            .left_join(structure::table.on(inscription_decision::structure_id.eq(structure::id.nullable())))
            .filter(inscription_decision::compte_id.eq(id.0))
            .order(inscription_decision::id.desc())
            .select((
                inscription_decision::decision,
                inscription_decision::motif,
                inscription_decision::texte,
                (compte::prenom.nullable(), compte::nom.nullable()),
                structure::nom.nullable(),
                inscription_decision::at,
            ))
            .load(connection)
            .await?)
    })
}

/// Adds a step to the history of a registration, with the code of its reason and what was written to the person.
pub fn note<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    decision: Evenement,
    (motif, texte): (&'a str, &'a str),
    structure: Option<StructureId>,
    by: Option<CompteId>,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(inscription_decision::table)
            .values((
                inscription_decision::compte_id.eq(id.0),
                inscription_decision::gestionnaire_id.eq(by.map(|by| by.0)),
                inscription_decision::structure_id.eq(structure.map(|structure| structure.0)),
                inscription_decision::decision.eq(decision.as_str()),
                inscription_decision::motif.eq(motif),
                inscription_decision::texte.eq(mask(texte)),
                inscription_decision::at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Moves a registration to its next state, if it is still as it was found; false when somebody was faster.
pub fn step<'a>(transaction: &'a mut Transaction, found: &'a Inscription, next: &'a Inscription) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let id = found.compte.0;
        let moved = diesel::update(inscription::table.find(id).filter(inscription::version.eq(found.version)))
            .set((
                inscription::version.eq(found.version + 1),
                inscription::transmise_at.eq(next.transmise_at),
                inscription::premiere_decision_at.eq(next.premiere_decision_at),
                inscription::complement_avant.eq(next.complement_avant),
                inscription::gestionnaire_id.eq(next.gestionnaire.map(|by| by.0)),
            ))
            .execute(transaction.connection())
            .await?;
        if moved == 0 {
            return Ok(false);
        }
        diesel::update(intervenant::table.find(id))
            .set(intervenant::etat_inscription.eq(next.etat.as_str()))
            .execute(transaction.connection())
            .await?;
        if next.etat == EtatInscription::Validee {
            diesel::update(intervenant::table.find(id))
                .set((intervenant::validee_at.eq(now), intervenant::modifie_at.eq(now)))
                .execute(transaction.connection())
                .await?;
        }
        if let Some(structure) = next.structure.filter(|_| next.structure != found.structure) {
            attach(transaction, found.compte, structure).await?;
        }
        Ok(true)
    })
}

/// Where a colleague of this structure sent a registration that was in its queue at that version, if that is the one
/// thing that happened to it since.
pub fn moved_away(
    connection: &mut Connection,
    id: CompteId,
    from: StructureId,
    version: i64,
) -> Pending<'_, Option<Etape>> {
    Box::pin(async move {
        if of(connection, id).await?.is_none_or(|found| found.version != version + 1) {
            return Ok(None);
        }
        let last = history(connection, id).await?.into_iter().next();
        let Some(last) = last.filter(|step| step.decision == Evenement::Reaffecter) else { return Ok(None) };
        let by: Option<Option<StructureId>> = inscription_decision::table
            .inner_join(compte::table.on(inscription_decision::gestionnaire_id.eq(compte::id.nullable())))
            .filter(inscription_decision::compte_id.eq(id.0))
            .order(inscription_decision::id.desc())
            .select(compte::structure_id)
            .first(connection)
            .await
            .optional()?;
        Ok(by.flatten().filter(|structure| *structure == from).map(|_| last))
    })
}

/// A line of a structure's queue.
#[derive(Clone, Debug)]
pub struct Ligne {
    pub compte: CompteId,
    pub nom: String,
    pub titre: String,
    pub commune: String,
    pub etat: EtatInscription,
    pub transmise_at: Option<NaiveDateTime>,
    /// Until when a complement is waited for.
    pub complement_avant: Option<NaiveDateTime>,
    /// Name of the gestionnaire who has taken it on.
    pub gestionnaire: Option<String>,
    pub avec_cv: bool,
}

type LigneRow =
    ((CompteId, Nom), (String, String, EtatInscription), (Option<NaiveDateTime>, Option<NaiveDateTime>, Option<i64>));

/// The registrations of a structure in these states: those that wait longest first.
pub fn queue<'a>(
    connection: &'a mut Connection,
    structure: StructureId,
    etats: &'a [EtatInscription],
    (limit, offset): (i64, i64),
) -> Pending<'a, Vec<Ligne>> {
    Box::pin(async move {
        let words: Vec<&str> = etats.iter().map(|etat| etat.as_str()).collect();
        let rows: Vec<LigneRow> = intervenant::table
            .inner_join(compte::table.on(intervenant::compte_id.eq(compte::id)))
            .inner_join(inscription::table.on(inscription::compte_id.eq(intervenant::compte_id)))
            .filter(intervenant::structure_id.eq(structure.0))
            .filter(intervenant::etat_inscription.eq_any(words))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            // Where a complement is waited for, the nearest deadline comes first; elsewhere there is no deadline.
            .order((inscription::complement_avant, inscription::transmise_at, intervenant::compte_id))
            .limit(limit)
            .offset(offset)
            .select((
                (compte::id, (compte::prenom, compte::nom)),
                (intervenant::titre, intervenant::commune, intervenant::etat_inscription),
                (inscription::transmise_at, inscription::complement_avant, inscription::gestionnaire_id),
            ))
            .load(connection)
            .await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.0.0.0).collect();
        let with_cv: Vec<CompteId> = fichier::table
            .filter(fichier::compte_id.eq_any(&ids))
            .filter(fichier::emploi.eq("cv"))
            .select(fichier::compte_id)
            .distinct()
            .load(connection)
            .await?;
        let takers: Vec<i64> = rows.iter().filter_map(|row| row.2.2).collect();
        let names = comptes::names(connection, &takers).await?;
        let into =
            |((compte, Nom(nom)), (titre, commune, etat), (transmise_at, complement_avant, taker)): LigneRow| Ligne {
                compte,
                nom,
                titre,
                commune,
                etat,
                transmise_at,
                complement_avant,
                gestionnaire: taker.and_then(|id| names.get(&id).cloned()),
                avec_cv: with_cv.contains(&compte),
            };
        Ok(rows.into_iter().map(into).collect())
    })
}

/// How many registrations of a structure stand in each state.
pub fn counts(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<(EtatInscription, i64)>> {
    Box::pin(async move {
        Ok(intervenant::table
            .inner_join(compte::table.on(intervenant::compte_id.eq(compte::id)))
            .filter(intervenant::structure_id.eq(structure.0))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .group_by(intervenant::etat_inscription)
            .select((intervenant::etat_inscription, diesel::dsl::count_star()))
            .load(connection)
            .await?)
    })
}

pub fn waiting(connection: &mut Connection, structure: StructureId) -> Pending<'_, i64> {
    Box::pin(async move {
        let counts = counts(connection, structure).await?;
        Ok(counts.iter().filter(|(etat, _)| WAITING.contains(etat)).map(|(_, count)| count).sum())
    })
}

/// An account came back from the archive: a complement that it owed is waited for anew, from today on (X4).
pub fn reopen(transaction: &mut Transaction, id: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        let due = complement_due(transaction.now);
        // Warnings belong to a due date: there will be new ones for this one.
        diesel::update(inscription::table.find(id.0).filter(inscription::complement_avant.is_not_null()))
            .set(inscription::complement_avant.eq(Some(due)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// A complement that a structure waits for, of an account that is open.
#[derive(Clone, Copy, Debug)]
pub struct Complement {
    pub compte: CompteId,
    /// Until when.
    pub avant: NaiveDateTime,
    pub structure: Option<StructureId>,
    /// Whether the warning that was asked about went out for that date.
    pub prevenu: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Attendus<'a> {
    pub rappel: &'a str,
    /// With a moment: those due after it and not warned yet. Without: all, warned or not.
    pub apres: Option<NaiveDateTime>,
    /// Due at that moment or before.
    pub jusqu_a: NaiveDateTime,
    /// At most so many.
    pub limit: i64,
}

/// The complements that are due in a span of time.
pub fn complements<'a>(connection: &'a mut Connection, wanted: Attendus<'a>) -> Pending<'a, Vec<Complement>> {
    Box::pin(async move {
        type Line = (CompteId, Option<NaiveDateTime>, Option<StructureId>, Option<NaiveDateTime>);
        let mut query = inscription::table
            .inner_join(intervenant::table.on(intervenant::compte_id.eq(inscription::compte_id)))
            .inner_join(compte::table.on(compte::id.eq(inscription::compte_id)))
            .left_join(
                rappel::table.on(rappel::genre
                    .eq(wanted.rappel)
                    .and(rappel::sujet.eq(inscription::compte_id))
                    .and(rappel::echeance.nullable().eq(inscription::complement_avant))),
            )
            .filter(inscription::complement_avant.le(wanted.jusqu_a))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Complement.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .order(inscription::compte_id)
            .limit(wanted.limit)
            .select((
                inscription::compte_id,
                inscription::complement_avant,
                intervenant::structure_id,
                rappel::at.nullable(),
            ))
            .into_boxed::<Both>();
        if let Some(after) = wanted.apres {
            query = query.filter(inscription::complement_avant.gt(after)).filter(rappel::at.nullable().is_null());
        }
        let lines: Vec<Line> = query.load(connection).await?;
        let due = lines.into_iter().filter_map(|(compte, avant, structure, warned)| {
            Some(Complement { compte, avant: avant?, structure, prevenu: warned.is_some() })
        });
        Ok(due.collect())
    })
}

/// Writes that a warning of a complement went out for its date.
pub fn warned<'a>(transaction: &'a mut Transaction, of: &'a Complement, rappel: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(rappel::table)
            .values((
                rappel::genre.eq(rappel),
                rappel::sujet.eq(of.compte.0),
                rappel::echeance.eq(of.avant),
                rappel::at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Waits longer for a complement.
pub fn extend<'a>(transaction: &'a mut Transaction, of: &'a Complement, until: NaiveDateTime) -> Pending<'a, ()> {
    Box::pin(async move {
        let row = inscription::table.find(of.compte.0).filter(inscription::complement_avant.eq(of.avant));
        diesel::update(row).set(inscription::complement_avant.eq(until)).execute(transaction.connection()).await?;
        Ok(())
    })
}
