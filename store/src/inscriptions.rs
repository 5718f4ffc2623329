//! Registrations: where each stands, what happened to it, the structure's queue, and its deadlines (manual §3.1, §3.2).
//!
//! Each step is one conditional statement on the state and the version it was decided upon: of two gestionnaires who
//! decide at once, the second is refused with the first's name.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::compte::{EtatCompte, EtatInscription, MotifArchive};
use domain::courriel::{Contact, Courriel};
use domain::dates;
use domain::inscription::{Evenement, Refusal, WARNINGS_DAYS, complement_due, last_day, presentable_from};
use domain::journal::Fact;
use domain::nir::mask;
use domain::profil::Identification;
use domain::{CompteId, CorrespondantId, StructureId};

use crate::compteurs::WAITING;
use crate::connection::{Connection, Transaction};
use crate::query::RunQueryDsl;
use crate::schema::{annonce, compte, fichier, inscription, inscription_decision, intervenant, rappel, structure};
use crate::structures::Structure;
use crate::{
    Error, Pending, Refused, Result, candidatures, comptes, correspondants, courriels, notifications, profils,
    structures,
};

/// Where a registration stands.
#[derive(Clone, Debug)]
pub struct Inscription {
    /// Whose.
    pub compte: CompteId,
    /// The state.
    pub etat: EtatInscription,
    /// Structure de rattachement.
    pub structure: Option<StructureId>,
    /// The annonce it came from: its structure is fixed then (I8).
    pub annonce_origine: Option<i64>,
    /// When it was sent last.
    pub transmise_at: Option<NaiveDateTime>,
    /// The structure's first decision of any kind (I15).
    pub premiere_decision_at: Option<NaiveDateTime>,
    /// Until when a complement is waited for.
    pub complement_avant: Option<NaiveDateTime>,
    /// Who has taken it on.
    pub gestionnaire: Option<CompteId>,
    /// Counts its steps.
    pub version: i64,
    /// The number that the internal software gives to who has intervened (C3).
    pub immatriculation: Option<String>,
}

type Row = (
    (i64, String, Option<i64>, Option<String>),
    (Option<i64>, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<i64>, i64),
);

/// The registration of an account; none for who is no intervenant.
pub fn of(connection: &mut Connection, id: CompteId) -> Pending<'_, Option<Inscription>> {
    Box::pin(async move {
        let row: Option<Row> = intervenant::table
            .inner_join(inscription::table.on(inscription::compte_id.eq(intervenant::compte_id)))
            .filter(intervenant::compte_id.eq(id.0))
            .select((
                (
                    intervenant::compte_id,
                    intervenant::etat_inscription,
                    intervenant::structure_id,
                    intervenant::immatriculation,
                ),
                (
                    inscription::annonce_origine,
                    inscription::transmise_at,
                    inscription::premiere_decision_at,
                    inscription::complement_avant,
                    inscription::gestionnaire_id,
                    inscription::version,
                ),
            ))
            .first(connection)
            .await
            .optional()?;
        row.map(into_inscription).transpose()
    })
}

fn into_inscription(((compte, etat, structure, immatriculation), rest): Row) -> Result<Inscription> {
    let (annonce_origine, transmise_at, premiere_decision_at, complement_avant, gestionnaire, version) = rest;
    Ok(Inscription {
        compte: CompteId(compte),
        etat: state(etat)?,
        structure: structure.map(StructureId),
        annonce_origine,
        transmise_at,
        premiere_decision_at,
        complement_avant,
        gestionnaire: gestionnaire.map(CompteId),
        version,
        immatriculation,
    })
}

fn state(word: String) -> Result<EtatInscription> {
    EtatInscription::from_word(&word).ok_or(Error::Unknown {
        table: "intervenant",
        column: "etat_inscription",
        value: word,
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
        // Profiles that come whole, from the demonstration or elsewhere, stand where their state says.
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

/// Gives a profile that has just begun its structure de rattachement: the one that made the account.
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
#[derive(Clone, Debug)]
pub struct Etape {
    /// What happened, a word of [`Evenement`], `reaffectee` or `archivee`.
    pub decision: String,
    /// Code of the reason.
    pub motif: String,
    /// What was written to the person.
    pub texte: String,
    /// Who, if a gestionnaire did it.
    pub gestionnaire: Option<String>,
    /// For which structure.
    pub structure: Option<String>,
    /// When.
    pub at: NaiveDateTime,
}

type EtapeRow = (String, String, String, (Option<String>, Option<String>), Option<String>, NaiveDateTime);

/// What happened to a registration, the latest first.
pub fn history(connection: &mut Connection, id: CompteId) -> Pending<'_, Vec<Etape>> {
    Box::pin(async move {
        let rows: Vec<EtapeRow> = inscription_decision::table
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
            .await?;
        Ok(rows
            .into_iter()
            .map(|(decision, motif, texte, (prenom, nom), structure, at)| Etape {
                decision,
                motif,
                texte,
                gestionnaire: prenom.zip(nom).map(|(prenom, nom)| format!("{prenom} {nom}")),
                structure,
                at,
            })
            .collect())
    })
}

async fn note(
    transaction: &mut Transaction,
    id: CompteId,
    decision: &str,
    (motif, texte): (&str, &str),
    structure: Option<StructureId>,
    by: Option<CompteId>,
) -> Result<()> {
    let now = transaction.now;
    diesel::insert_into(inscription_decision::table)
        .values((
            inscription_decision::compte_id.eq(id.0),
            inscription_decision::gestionnaire_id.eq(by.map(|by| by.0)),
            inscription_decision::structure_id.eq(structure.map(|structure| structure.0)),
            inscription_decision::decision.eq(decision),
            inscription_decision::motif.eq(motif),
            inscription_decision::texte.eq(mask(texte)),
            inscription_decision::at.eq(now),
        ))
        .execute(transaction.connection())
        .await?;
    Ok(())
}

/// The mailboxes of structures, for the journal: whose queues change.
async fn boxes(connection: &mut Connection, of: &[Option<StructureId>]) -> Result<Vec<CorrespondantId>> {
    let mut boxes = Vec::new();
    for id in of.iter().copied().flatten() {
        boxes.extend(correspondants::of_structure(connection, id).await?);
    }
    Ok(boxes)
}

/// How emails name a structure and say how to reach it.
pub fn contact(found: Option<&Structure>) -> Contact {
    found.map_or_else(Contact::default, |structure| Contact {
        nom: structure.nom.clone(),
        telephone: domain::telephone::shown(&structure.telephone),
        courriel: structure.courriel.clone(),
    })
}

/// The person and their structure, as emails name them.
struct Around {
    login: String,
    prenom: String,
    structure: Contact,
}

async fn around(connection: &mut Connection, id: CompteId, structure: Option<StructureId>) -> Result<Around> {
    let (login, prenom): (String, String) =
        compte::table.find(id.0).select((compte::login, compte::prenom)).first(connection).await?;
    let found = match structure {
        Some(structure) => structures::by_id(connection, structure).await?,
        None => None,
    };
    Ok(Around { login, prenom, structure: contact(found.as_ref()) })
}

/// Moves the state on, if it still stands at that version; false when somebody was faster.
async fn step(
    transaction: &mut Transaction,
    found: &Inscription,
    event: Evenement,
    etat: EtatInscription,
) -> Result<bool> {
    let moved = diesel::update(inscription::table.find(found.compte.0).filter(inscription::version.eq(found.version)))
        .set(inscription::version.eq(found.version + 1))
        .execute(transaction.connection())
        .await?;
    if moved == 0 {
        return Ok(false);
    }
    diesel::update(intervenant::table.find(found.compte.0))
        .set(intervenant::etat_inscription.eq(etat.as_str()))
        .execute(transaction.connection())
        .await?;
    let boites = boxes(transaction.connection(), &[found.structure]).await?;
    transaction.record(Fact::InscriptionModifiee {
        compte: found.compte,
        evenement: event.as_str().to_owned(),
        boites,
    });
    Ok(true)
}

/// The person sends the registration (manual §3.1.3): locked from now on, in the structure's queue.
///
/// # Errors
/// Why it can't be sent as it stands.
pub fn transmit(transaction: &mut Transaction, id: CompteId) -> Pending<'_, (), Refused<Refusal>> {
    Box::pin(async move {
        let now = transaction.now;
        let Some(found) = of(transaction.connection(), id).await? else {
            return Err(Refused::Because(Refusal::NotSent));
        };
        let etat = found.etat.next(Evenement::Transmettre).map_err(Refused::rule)?;
        if !step(transaction, &found, Evenement::Transmettre, etat).await? {
            return Err(Refused::Because(Refusal::Locked));
        }
        diesel::update(inscription::table.find(id.0))
            .set((
                inscription::transmise_at.eq(now),
                inscription::complement_avant.eq(None::<NaiveDateTime>),
                inscription::gestionnaire_id.eq(None::<i64>),
            ))
            .execute(transaction.connection())
            .await?;
        note(transaction, id, Evenement::Transmettre.as_str(), ("", ""), found.structure, None).await?;
        let who = around(transaction.connection(), id, found.structure).await?;
        let content = Courriel::InscriptionTransmise { prenom: who.prenom, structure: who.structure };
        let key = format!("inscription-{id}-{}", found.version + 1);
        courriels::put(transaction, Some(id), &who.login, &key, &content).await?;
        Ok(())
    })
}

/// The person opens a refused registration again.
///
/// # Errors
/// The day from which it can be, or why it can't.
pub fn present_again(
    transaction: &mut Transaction,
    id: CompteId,
    today: NaiveDate,
) -> Pending<'_, (), Refused<Refusal>> {
    Box::pin(async move {
        let Some(found) = of(transaction.connection(), id).await? else {
            return Err(Refused::Because(Refusal::NotSent));
        };
        let etat = found.etat.next(Evenement::Representer).map_err(Refused::rule)?;
        if found.premiere_decision_at.is_none_or(|first| today < presentable_from(first)) {
            return Err(Refused::Because(Refusal::Rejected));
        }
        if !step(transaction, &found, Evenement::Representer, etat).await? {
            return Err(Refused::Because(Refusal::Rejected));
        }
        // A new year, a new first analysis.
        diesel::update(inscription::table.find(id.0))
            .set((
                inscription::premiere_decision_at.eq(None::<NaiveDateTime>),
                inscription::gestionnaire_id.eq(None::<i64>),
            ))
            .execute(transaction.connection())
            .await?;
        note(transaction, id, Evenement::Representer.as_str(), ("", ""), found.structure, None).await?;
        Ok(())
    })
}

/// What a gestionnaire does with a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Takes it on.
    PrendreEnCharge,
    /// Lets it into the CV-thèque.
    Valider,
    /// Refuses it.
    Rejeter {
        /// Code of the reason.
        motif: String,
        /// What is written to the person.
        texte: String,
    },
    /// Asks for more.
    DemanderComplement {
        /// Code of the reason.
        motif: String,
        /// What is written to the person.
        texte: String,
    },
}

impl Decision {
    fn event(&self) -> Evenement {
        match self {
            Self::PrendreEnCharge => Evenement::PrendreEnCharge,
            Self::Valider => Evenement::Valider,
            Self::Rejeter { .. } => Evenement::Rejeter,
            Self::DemanderComplement { .. } => Evenement::DemanderComplement,
        }
    }
}

/// Why a decision was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refus {
    /// There is no such registration in this structure's queue.
    NotHere,
    /// As it stands nothing can be decided.
    State(Refusal),
    /// Somebody decided since the page was opened.
    Already {
        /// Who, if it was a gestionnaire.
        by: Option<String>,
        /// What, a word.
        decision: String,
        /// When.
        at: NaiveDateTime,
    },
}

/// A gestionnaire of `structure` decides upon the registration as it stood at `version`.
///
/// # Errors
/// Why not; nothing has changed then.
pub fn decide<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    (by, structure): (CompteId, StructureId),
    version: i64,
    decision: &'a Decision,
) -> Pending<'a, (), Refused<Refus>> {
    Box::pin(async move {
        let now = transaction.now;
        let Some(found) = of(transaction.connection(), id).await?.filter(|found| found.structure == Some(structure))
        else {
            return Err(Refused::Because(Refus::NotHere));
        };
        if found.version != version {
            return Err(Refused::Because(already(transaction.connection(), id).await?));
        }
        let etat = found.etat.next(decision.event()).map_err(|refusal| Refused::Because(Refus::State(refusal)))?;
        if !step(transaction, &found, decision.event(), etat).await? {
            return Err(Refused::Because(already(transaction.connection(), id).await?));
        }
        let first = match decision {
            Decision::PrendreEnCharge => found.premiere_decision_at,
            _ => found.premiere_decision_at.or(Some(now)),
        };
        let due = matches!(decision, Decision::DemanderComplement { .. }).then(|| complement_due(now));
        diesel::update(inscription::table.find(id.0))
            .set((
                inscription::gestionnaire_id.eq(by.0),
                inscription::premiere_decision_at.eq(first),
                inscription::complement_avant.eq(due),
            ))
            .execute(transaction.connection())
            .await?;
        let said = match decision {
            Decision::Rejeter { motif, texte } | Decision::DemanderComplement { motif, texte } => {
                (motif.as_str(), texte.as_str())
            }
            Decision::PrendreEnCharge | Decision::Valider => ("", ""),
        };
        note(transaction, id, decision.event().as_str(), said, Some(structure), Some(by)).await?;
        if *decision == Decision::Valider {
            diesel::update(intervenant::table.find(id.0))
                .set((intervenant::validee_at.eq(now), intervenant::modifie_at.eq(now)))
                .execute(transaction.connection())
                .await?;
            transaction.record(Fact::ProfilModifie { compte: id });
        }
        if matches!(decision, Decision::Valider | Decision::Rejeter { .. }) {
            candidatures::settle_waiting(transaction, id, *decision == Decision::Valider).await?;
        }
        tell(transaction, &found, decision, first.unwrap_or(now), due).await?;
        Ok(())
    })
}

/// The email and the notification of a decision.
async fn tell(
    transaction: &mut Transaction,
    found: &Inscription,
    decision: &Decision,
    first: NaiveDateTime,
    due: Option<NaiveDateTime>,
) -> Result<()> {
    let id = found.compte;
    let who = around(transaction.connection(), id, found.structure).await?;
    let (prenom, structure) = (who.prenom, who.structure);
    let (content, titre) = match decision {
        Decision::PrendreEnCharge => return Ok(()),
        Decision::Valider => (Courriel::InscriptionValidee { prenom, structure }, "Votre inscription est validée"),
        Decision::Rejeter { texte, .. } => (
            Courriel::InscriptionRejetee {
                prenom,
                structure,
                texte: mask(texte),
                a_partir_du: dates::jour(presentable_from(first)),
            },
            "Votre inscription n’est pas retenue",
        ),
        Decision::DemanderComplement { texte, .. } => (
            Courriel::ComplementDemande {
                prenom,
                structure,
                texte: mask(texte),
                jusqu_au: due.map(last_day).unwrap_or_default(),
            },
            "Votre structure vous demande un complément",
        ),
    };
    let key = format!("inscription-{id}-{}", found.version + 1);
    courriels::put(transaction, Some(id), &who.login, &key, &content).await?;
    notifications::create(transaction, &[id], "inscription", (titre, "", "/tableau-de-bord")).await
}

/// The last step that a gestionnaire, or the person, took.
async fn already(connection: &mut Connection, id: CompteId) -> Result<Refus> {
    let last = history(connection, id).await?.into_iter().next();
    Ok(match last {
        Some(step) => Refus::Already { by: step.gestionnaire, decision: step.decision, at: step.at },
        None => Refus::NotHere,
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
        let Some(last) = history(connection, id).await?.into_iter().next().filter(|step| step.decision == "reaffectee")
        else {
            return Ok(None);
        };
        let by: Option<Option<i64>> = inscription_decision::table
            .inner_join(compte::table.on(inscription_decision::gestionnaire_id.eq(compte::id.nullable())))
            .filter(inscription_decision::compte_id.eq(id.0))
            .order(inscription_decision::id.desc())
            .select(compte::structure_id)
            .first(connection)
            .await
            .optional()?;
        Ok(by.flatten().filter(|structure| *structure == from.0).map(|_| last))
    })
}

/// Moves a registration that waits to another structure's queue.
///
/// # Errors
/// Why not.
pub fn reassign(
    transaction: &mut Transaction,
    id: CompteId,
    (by, from): (CompteId, StructureId),
    version: i64,
    to: StructureId,
) -> Pending<'_, (), Refused<Refus>> {
    Box::pin(async move {
        let Some(found) = of(transaction.connection(), id).await?.filter(|found| found.structure == Some(from)) else {
            return Err(Refused::Because(Refus::NotHere));
        };
        if !found.etat.waits_for_structure() {
            return Err(Refused::Because(Refus::State(Refusal::NotSent)));
        }
        if structures::by_id(transaction.connection(), to).await?.is_none() {
            return Err(Refused::Because(Refus::NotHere));
        }
        let moved = diesel::update(inscription::table.find(id.0).filter(inscription::version.eq(version)))
            .set((inscription::version.eq(version + 1), inscription::gestionnaire_id.eq(None::<i64>)))
            .execute(transaction.connection())
            .await?;
        if moved == 0 {
            return Err(Refused::Because(already(transaction.connection(), id).await?));
        }
        diesel::update(intervenant::table.find(id.0))
            .set((
                intervenant::structure_id.eq(to.0),
                intervenant::etat_inscription.eq(EtatInscription::Transmise.as_str()),
            ))
            .execute(transaction.connection())
            .await?;
        note(transaction, id, "reaffectee", ("", ""), Some(to), Some(by)).await?;
        let boites = boxes(transaction.connection(), &[Some(from), Some(to)]).await?;
        transaction.record(Fact::InscriptionModifiee { compte: id, evenement: "reaffectee".to_owned(), boites });
        Ok(())
    })
}

/// A line of a structure's queue.
#[derive(Clone, Debug)]
pub struct Ligne {
    /// Whose registration.
    pub compte: CompteId,
    /// First name and surname.
    pub nom: String,
    /// Headline.
    pub titre: String,
    /// Where they live.
    pub commune: String,
    /// The state.
    pub etat: EtatInscription,
    /// When it was sent.
    pub transmise_at: Option<NaiveDateTime>,
    /// Until when a complement is waited for.
    pub complement_avant: Option<NaiveDateTime>,
    /// Name of who has taken it on.
    pub gestionnaire: Option<String>,
    /// Whether a CV is attached.
    pub avec_cv: bool,
}

type LigneRow =
    ((i64, String, String), (String, String, String), (Option<NaiveDateTime>, Option<NaiveDateTime>, Option<i64>));

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
            // Where a complement is waited for, the nearest deadline comes first; elsewhere there is none.
            .order((inscription::complement_avant, inscription::transmise_at, intervenant::compte_id))
            .limit(limit)
            .offset(offset)
            .select((
                (compte::id, compte::prenom, compte::nom),
                (intervenant::titre, intervenant::commune, intervenant::etat_inscription),
                (inscription::transmise_at, inscription::complement_avant, inscription::gestionnaire_id),
            ))
            .load(connection)
            .await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.0.0).collect();
        let with_cv: Vec<i64> = fichier::table
            .filter(fichier::compte_id.eq_any(&ids))
            .filter(fichier::emploi.eq("cv"))
            .select(fichier::compte_id)
            .distinct()
            .load(connection)
            .await?;
        let takers: Vec<i64> = rows.iter().filter_map(|row| row.2.2).collect();
        let names = comptes::names(connection, &takers).await?;
        rows.into_iter()
            .map(|((id, prenom, nom), (titre, commune, etat), (transmise_at, complement_avant, gestionnaire))| {
                Ok(Ligne {
                    compte: CompteId(id),
                    nom: format!("{prenom} {nom}"),
                    titre,
                    commune,
                    etat: state(etat)?,
                    transmise_at,
                    complement_avant,
                    gestionnaire: gestionnaire.and_then(|id| names.get(&id).cloned()),
                    avec_cv: with_cv.contains(&id),
                })
            })
            .collect()
    })
}

/// How many registrations of a structure stand in each state.
pub fn counts(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<(EtatInscription, i64)>> {
    Box::pin(async move {
        let rows: Vec<(String, i64)> = intervenant::table
            .inner_join(compte::table.on(intervenant::compte_id.eq(compte::id)))
            .filter(intervenant::structure_id.eq(structure.0))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .group_by(intervenant::etat_inscription)
            .select((intervenant::etat_inscription, diesel::dsl::count_star()))
            .load(connection)
            .await?;
        rows.into_iter().map(|(etat, count)| Ok((state(etat)?, count))).collect()
    })
}

/// How many registrations wait for a structure.
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
        // Its warnings go with the due date: there will be new ones.
        diesel::update(inscription::table.find(id.0).filter(inscription::complement_avant.is_not_null()))
            .set(inscription::complement_avant.eq(Some(due)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Warns at most `limit` people whose complement is due in two weeks or three days; answers how many. A warning goes
/// out once for each due date; who asks late gets only the one that still makes sense.
pub fn warn_complements(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let mut warned = 0;
        for (rank, days) in WARNINGS_DAYS.iter().enumerate() {
            let genre = format!("complement-{days}");
            let from = WARNINGS_DAYS.get(rank + 1).map_or(now, |next| now + chrono::Duration::days(*next));
            let due: Vec<(i64, Option<NaiveDateTime>, Option<i64>)> = inscription::table
                .inner_join(intervenant::table.on(intervenant::compte_id.eq(inscription::compte_id)))
                .left_join(
                    rappel::table.on(rappel::genre
                        .eq(&genre)
                        .and(rappel::sujet.eq(inscription::compte_id))
                        .and(rappel::echeance.nullable().eq(inscription::complement_avant))),
                )
                .filter(inscription::complement_avant.gt(from))
                .filter(inscription::complement_avant.le(now + chrono::Duration::days(*days)))
                .filter(intervenant::etat_inscription.eq(EtatInscription::Complement.as_str()))
                .filter(rappel::at.nullable().is_null())
                .order(inscription::compte_id)
                .limit(limit)
                .select((inscription::compte_id, inscription::complement_avant, intervenant::structure_id))
                .load(transaction.connection())
                .await?;
            for (id, due, structure) in due {
                let Some(due) = due else { continue };
                diesel::insert_into(rappel::table)
                    .values((
                        rappel::genre.eq(&genre),
                        rappel::sujet.eq(id),
                        rappel::echeance.eq(due),
                        rappel::at.eq(now),
                    ))
                    .execute(transaction.connection())
                    .await?;
                let id = CompteId(id);
                let who = around(transaction.connection(), id, structure.map(StructureId)).await?;
                let content = Courriel::ComplementRappel {
                    prenom: who.prenom,
                    structure: who.structure,
                    jusqu_au: last_day(due),
                };
                let key = format!("{genre}-{id}-{}", due.and_utc().timestamp());
                courriels::put(transaction, Some(id), &who.login, &key, &content).await?;
                let texte = format!("À transmettre au plus tard le {}.", last_day(due));
                let said = ("Un complément est attendu pour votre inscription", texte.as_str(), "/tableau-de-bord");
                notifications::create(transaction, &[id], "inscription", said).await?;
                warned += 1;
            }
        }
        Ok(warned)
    })
}

/// Whose, the due date, the structure, and when the last warning went out.
type Overdue = (i64, Option<NaiveDateTime>, Option<i64>, Option<NaiveDateTime>);

/// Archives at most `limit` registrations whose complement did not come, with their accounts (manual §3.2.2, SPEC
/// I16). Nobody is archived before the last warning was queued and its time has passed: who has none is warned first.
pub fn archive_overdue(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let last = WARNINGS_DAYS[WARNINGS_DAYS.len() - 1];
        let genre = format!("complement-{last}");
        let due: Vec<Overdue> = inscription::table
            .inner_join(intervenant::table.on(intervenant::compte_id.eq(inscription::compte_id)))
            .inner_join(compte::table.on(compte::id.eq(inscription::compte_id)))
            .left_join(
                rappel::table.on(rappel::genre
                    .eq(&genre)
                    .and(rappel::sujet.eq(inscription::compte_id))
                    .and(rappel::echeance.nullable().eq(inscription::complement_avant))),
            )
            .filter(inscription::complement_avant.le(now))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Complement.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .order(inscription::compte_id)
            .limit(limit)
            .select((
                inscription::compte_id,
                inscription::complement_avant,
                intervenant::structure_id,
                rappel::at.nullable(),
            ))
            .load(transaction.connection())
            .await?;
        let mut handled = 0;
        for (id, echeance, structure, warned) in due {
            let (id, structure) = (CompteId(id), structure.map(StructureId));
            if warned.is_none() {
                // The server was away all the time: the warning goes out now, and its three days are granted.
                let extended = domain::time::days_after(now, u64::try_from(last).unwrap_or(0));
                diesel::update(inscription::table.find(id.0).filter(inscription::complement_avant.eq(echeance)))
                    .set(inscription::complement_avant.eq(extended))
                    .execute(transaction.connection())
                    .await?;
                handled += 1;
                continue;
            }
            if comptes::archive(transaction, id, MotifArchive::Complement).await? {
                note(transaction, id, "archivee", ("", ""), structure, None).await?;
                let boites = boxes(transaction.connection(), &[structure]).await?;
                transaction.record(Fact::InscriptionModifiee { compte: id, evenement: "archivee".to_owned(), boites });
                candidatures::settle_waiting(transaction, id, false).await?;
                let who = around(transaction.connection(), id, structure).await?;
                let content = Courriel::InscriptionArchivee { prenom: who.prenom, structure: who.structure };
                let key = format!("inscription-archivee-{id}-{}", now.and_utc().timestamp());
                courriels::put(transaction, Some(id), &who.login, &key, &content).await?;
                handled += 1;
            }
        }
        Ok(handled)
    })
}
