//! The dossier administratif: what is proposed and what serves, kept sealed, what is asked for, the history and the
//! counters (manual §3.3.4, SPEC D1 to D12, D14).

mod brouillon;
mod demande;
mod echeances;
mod fichiers;
mod file;
pub mod historique;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::analyse::EtatAnalyse;
use domain::compte::Statut;
use domain::dossier::piece::{Element, EtatElement};
use domain::dossier::pieces::{Situation, TypeIdentite};
use domain::dossier::revue;
use domain::dossier::saisie::Saisie;
use domain::dossier::transmission::{Demande, Etat, EtatDossier};
use domain::dossier::{Bloc, Cible};
use domain::journal::Fact;
use domain::profil::{Champs, TypeEmployeur};
use domain::time::{paris_day, start_of_paris_day};
use domain::{CompteId, StructureId};

use crate::correspondants;
use crate::query::{RunQueryDsl, columns};
use crate::schema::{dossier, dossier_demande, dossier_element, dossier_fichier, intervenant};
use crate::vault::{self, Vault};
use crate::{Connection, Error, Pending, Result, Transaction, analyses};

pub use brouillon::{Brouillon, Tape, brouillon, forget, keep};
pub(crate) use brouillon::{held, place_of_saisie};
pub use demande::{deadline, no_longer_request, request};
pub use echeances::{Echeance, Terme, due, set_day, tell_once};
pub use fichiers::{Nouveau, add_file, remove_file};
pub use file::{Ligne, Onglet, PAGE, counts, list, may_read};
pub use historique::{Dernier, Evenement, history};

/// The data of a block, sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Scelle {
    texte: String,
    pub at: NaiveDateTime,
}

impl std::fmt::Debug for Scelle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scelle([…])")
    }
}

/// A file of a dossier: its row. The bytes are a blob, sealed with a key of its own.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Piece {
    pub id: i64,
    pub compte: i64,
    /// The word of the [`Cible`] it was given for.
    pub cible: String,
    pub nom: String,
    pub format: String,
    /// Size in bytes, before it was sealed.
    pub taille: i64,
    pub blob: String,
    /// Its key, sealed.
    pub cle: String,
    pub ajoute_at: NaiveDateTime,
}

/// A block or a piece with what is kept of it.
#[derive(Clone, Debug)]
pub struct Donnees {
    pub element: Element,
    /// How often it has changed: a decision names the version it was taken on.
    pub version: i32,
    pub propose: Option<Scelle>,
    pub valide: Option<Scelle>,
    pub fichier_propose: Option<Piece>,
    pub fichier_valide: Option<Piece>,
    /// Why it was refused last; empty otherwise.
    pub refus: String,
}

impl Donnees {
    fn vide() -> Self {
        Self {
            element: Element::VIDE,
            version: 0,
            propose: None,
            valide: None,
            fichier_propose: None,
            fichier_valide: None,
            refus: String::new(),
        }
    }

    /// Whether gestionnaires were given what is proposed.
    fn sent(&self) -> bool {
        matches!(self.element.etat(), EtatElement::Transmis | EtatElement::Refuse)
    }

    /// The newest data: what is proposed, else what serves.
    pub fn newest(&self) -> Option<&Scelle> {
        self.propose.as_ref().or(self.valide.as_ref())
    }

    /// The newest file: what is proposed, else what serves.
    pub fn newest_file(&self) -> Option<&Piece> {
        self.fichier_propose.as_ref().or(self.fichier_valide.as_ref())
    }
}

#[derive(Clone, Debug)]
pub struct Dossier {
    pub compte: CompteId,
    pub version: i64,
    pub structure: Option<StructureId>,
    pub etat: Etat,
    /// Blocks and pieces; those that are absent are empty.
    pub elements: BTreeMap<Cible, Donnees>,
    pub transmis_at: Option<NaiveDateTime>,
    pub complet_at: Option<NaiveDateTime>,
    /// When it is asked for again.
    pub revue_at: Option<NaiveDateTime>,
    /// The last day on which the structure that asked last wants it.
    pub avant: Option<NaiveDate>,
}

impl Dossier {
    /// A dossier of which nothing is known: nothing was asked or given, or who looks may not read it.
    pub fn empty(compte: CompteId) -> Self {
        Self {
            compte,
            version: 0,
            structure: None,
            etat: Etat::default(),
            elements: BTreeMap::new(),
            transmis_at: None,
            complet_at: None,
            revue_at: None,
            avant: None,
        }
    }

    /// A block or a piece, empty if absent.
    pub fn donnees(&self, cible: Cible) -> Donnees {
        self.elements.get(&cible).cloned().unwrap_or_else(Donnees::vide)
    }

    /// What gestionnaires may see of a block: what was transmitted, or what serves.
    pub fn seen(&self, bloc: Bloc) -> Option<&Scelle> {
        let donnees = self.elements.get(&Cible::Bloc(bloc))?;
        donnees.propose.as_ref().filter(|_| donnees.sent()).or(donnees.valide.as_ref())
    }

    /// What gestionnaires may see of a piece.
    pub fn seen_file(&self, cible: Cible) -> Option<&Piece> {
        let donnees = self.elements.get(&cible)?;
        donnees.fichier_propose.as_ref().filter(|_| donnees.sent()).or(donnees.fichier_valide.as_ref())
    }

    /// What stands in a block, opened: the newest version of it.
    ///
    /// # Errors
    /// When the key is not the one it was sealed with, or the row is damaged.
    pub fn saisie(&self, vault: &Vault, bloc: Bloc) -> Result<Option<Saisie>> {
        let donnees = self.donnees(Cible::Bloc(bloc));
        donnees.newest().map(|scelle| open(vault, self.compte, bloc, scelle)).transpose()
    }
}

/// What a file of a dossier is sealed for.
pub fn place_of_file(blob: &str) -> String {
    format!("dossier fichier {blob}")
}

/// What the fields of a block are sealed for.
pub(crate) fn place(compte: CompteId, bloc: Bloc) -> String {
    format!("dossier {compte} {bloc}")
}

/// Opens the fields of a block.
///
/// # Errors
/// When the key is not the one they were sealed with, or the row is damaged.
pub fn open(vault: &Vault, compte: CompteId, bloc: Bloc, scelle: &Scelle) -> Result<Saisie> {
    let bytes = vault.unseal(&scelle.texte, &place(compte, bloc))?;
    let champs: Champs = serde_json::from_slice(&bytes)?;
    Saisie::kept(bloc, &champs, paris_day(scelle.at)).map_err(|_| Error::Unknown {
        table: "dossier_element",
        column: "propose",
        // Never the value: it may be a NIR.
        value: bloc.to_string(),
    })
}

/// Seals the fields of a block with the key that the database has until the transaction ends.
pub fn seal<'a>(
    transaction: &'a mut Transaction,
    vault: &'a Vault,
    compte: CompteId,
    saisie: &'a Saisie,
) -> Pending<'a, Scelle> {
    Box::pin(async move {
        let bytes = serde_json::to_vec(&saisie.champs())?;
        let texte = vault.seal(&bytes, &place(compte, saisie.bloc()))?;
        vault::hold_for(transaction, &texte).await?;
        Ok(Scelle { texte, at: transaction.now })
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = dossier)]
struct Row {
    version: i64,
    structure_id: Option<StructureId>,
    propose_statut: Option<String>,
    propose_identite: Option<String>,
    propose_employeur: Option<String>,
    valide_statut: Option<String>,
    valide_identite: Option<String>,
    valide_employeur: Option<String>,
    transmis_at: Option<NaiveDateTime>,
    complet_at: Option<NaiveDateTime>,
    revue_at: Option<NaiveDateTime>,
    demande_avant: Option<NaiveDate>,
    seuil: Option<bool>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = dossier_element)]
struct ElementRow {
    cible: String,
    etat: EtatElement,
    sert: bool,
    version: i32,
    propose: Option<String>,
    propose_at: Option<NaiveDateTime>,
    valide: Option<String>,
    valide_at: Option<NaiveDateTime>,
    fichier_propose: Option<i64>,
    fichier_valide: Option<i64>,
    refus: String,
}

fn situation(row: &Row, statut: Option<&str>, identite: Option<&str>, employeur: Option<&str>) -> Situation {
    Situation {
        seuil: row.seuil.unwrap_or(false),
        statut: statut.and_then(Statut::from_word),
        identite: identite.and_then(TypeIdentite::from_word),
        employeur: employeur.and_then(TypeEmployeur::from_word),
    }
}

fn cible(word: &str) -> Result<Cible> {
    Cible::from_word(word).ok_or_else(|| Error::Unknown {
        table: "dossier_element",
        column: "cible",
        value: word.to_owned(),
    })
}

/// The dossier of an account; an empty one where nothing was ever asked nor given.
pub fn of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Dossier> {
    Box::pin(async move {
        let row: Option<Row> =
            dossier::table.find(compte.0).select(columns::<Row>()).first(connection).await.optional()?;
        let rows: Vec<ElementRow> = dossier_element::table
            .filter(dossier_element::compte_id.eq(compte.0))
            .select(columns::<ElementRow>())
            .load(connection)
            .await?;
        let files: Vec<Piece> =
            dossier_fichier::table.filter(dossier_fichier::compte_id.eq(compte.0)).load(connection).await?;
        let asked: Vec<String> = dossier_demande::table
            .filter(dossier_demande::compte_id.eq(compte.0))
            .select(dossier_demande::cible)
            .load(connection)
            .await?;
        let file = |id: Option<i64>| id.and_then(|id| files.iter().find(|file| file.id == id)).cloned();
        let scelle =
            |texte: Option<String>, at: Option<NaiveDateTime>| texte.zip(at).map(|(texte, at)| Scelle { texte, at });
        let mut etat = Etat::default();
        let mut elements = BTreeMap::new();
        for row in rows {
            let cible = cible(&row.cible)?;
            let element = Element::new(row.etat, row.sert).ok_or_else(|| Error::Unknown {
                table: "dossier_element",
                column: "etat",
                value: row.etat.to_string(),
            })?;
            match cible {
                Cible::Bloc(bloc) => etat.blocs.insert(bloc, element),
                Cible::Piece(piece) => etat.pieces.insert(piece, element),
            };
            let donnees = Donnees {
                element,
                version: row.version,
                propose: scelle(row.propose, row.propose_at),
                valide: scelle(row.valide, row.valide_at),
                fichier_propose: file(row.fichier_propose),
                fichier_valide: file(row.fichier_valide),
                refus: row.refus,
            };
            elements.insert(cible, donnees);
        }
        let mut demande = Demande::default();
        for word in &asked {
            match cible(word)? {
                Cible::Bloc(bloc) => demande.blocs.insert(bloc),
                Cible::Piece(piece) => demande.pieces.insert(piece),
            };
        }
        etat.demande = (!asked.is_empty()).then_some(demande);
        let mut found = Dossier { etat, elements, ..Dossier::empty(compte) };
        if let Some(row) = row {
            found.version = row.version;
            found.structure = row.structure_id;
            found.etat.propose = situation(
                &row,
                row.propose_statut.as_deref(),
                row.propose_identite.as_deref(),
                row.propose_employeur.as_deref(),
            );
            found.etat.valide = situation(
                &row,
                row.valide_statut.as_deref(),
                row.valide_identite.as_deref(),
                row.valide_employeur.as_deref(),
            );
            found.transmis_at = row.transmis_at;
            found.complet_at = row.complet_at;
            found.revue_at = row.revue_at;
            found.avant = row.demande_avant;
        }
        Ok(found)
    })
}

/// The dossier of an account, locked until the transaction ends: whoever changes it next waits, and so does a change of
/// the master key.
pub fn hold(transaction: &mut Transaction, compte: CompteId) -> Pending<'_, Dossier> {
    Box::pin(async move {
        vault::hold(transaction).await?;
        diesel::insert_into(dossier::table)
            .values((
                dossier::compte_id.eq(compte.0),
                dossier::version.eq(0),
                dossier::etat.eq(EtatDossier::ACompleter.as_str()),
                dossier::a_faire.eq(0),
                dossier::a_decider.eq(0),
                dossier::a_transmettre.eq(false),
            ))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
        diesel::update(dossier::table.find(compte.0))
            .set(dossier::version.eq(dossier::version + 1))
            .execute(transaction.connection())
            .await?;
        of(transaction.connection(), compte).await
    })
}

/// Writes a block or a piece as it is now.
pub fn put<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    cible: Cible,
    donnees: &'a Donnees,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let values = (
            dossier_element::etat.eq(donnees.element.etat().as_str()),
            dossier_element::sert.eq(donnees.element.sert()),
            dossier_element::version.eq(donnees.version + 1),
            dossier_element::propose.eq(donnees.propose.as_ref().map(|scelle| scelle.texte.as_str())),
            dossier_element::propose_at.eq(donnees.propose.as_ref().map(|scelle| scelle.at)),
            dossier_element::valide.eq(donnees.valide.as_ref().map(|scelle| scelle.texte.as_str())),
            dossier_element::valide_at.eq(donnees.valide.as_ref().map(|scelle| scelle.at)),
            dossier_element::fichier_propose.eq(donnees.fichier_propose.as_ref().map(|file| file.id)),
            dossier_element::fichier_valide.eq(donnees.fichier_valide.as_ref().map(|file| file.id)),
            dossier_element::refus.eq(&donnees.refus),
        );
        diesel::insert_into(dossier_element::table)
            .values((dossier_element::compte_id.eq(compte.0), dossier_element::cible.eq(cible.as_str()), values))
            .on_conflict((dossier_element::compte_id, dossier_element::cible))
            .do_update()
            .set(values)
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Writes what the person says of themselves, as proposed and as validated.
pub fn put_situations<'a>(transaction: &'a mut Transaction, compte: CompteId, etat: &'a Etat) -> Pending<'a, ()> {
    Box::pin(async move {
        let words = |of: Situation| {
            (
                of.statut.map(Statut::as_str),
                of.identite.map(TypeIdentite::as_str),
                of.employeur.map(TypeEmployeur::as_str),
            )
        };
        let (propose, valide) = (words(etat.propose), words(etat.valide));
        diesel::update(dossier::table.find(compte.0))
            .set((
                dossier::propose_statut.eq(propose.0),
                dossier::propose_identite.eq(propose.1),
                dossier::propose_employeur.eq(propose.2),
                dossier::valide_statut.eq(valide.0),
                dossier::valide_identite.eq(valide.1),
                dossier::valide_employeur.eq(valide.2),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Marks it transmitted to the structure that decides on it; the first time, to the one that follows the person.
pub fn set_transmitted<'a>(transaction: &'a mut Transaction, found: &Dossier) -> Pending<'a, ()> {
    let (compte, decides) = (found.compte.0, found.structure.map(|id| id.0));
    Box::pin(async move {
        let own: Option<i64> =
            intervenant::table.find(compte).select(intervenant::structure_id).first(transaction.connection()).await?;
        let now = transaction.now;
        diesel::update(dossier::table.find(compte))
            .set((dossier::transmis_at.eq(Some(now)), dossier::structure_id.eq(decides.or(own))))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// What is saved and not transmitted, in which the antivirus found something.
pub fn infected<'a>(connection: &'a mut Connection, found: &'a Dossier) -> Pending<'a, Vec<Cible>> {
    Box::pin(async move {
        let saved = found.elements.iter().filter(|(_, one)| one.element.etat() == EtatElement::Saisi);
        let files: Vec<(Cible, &str)> =
            saved.filter_map(|(&cible, one)| Some((cible, one.fichier_propose.as_ref()?.blob.as_str()))).collect();
        let blobs: Vec<&str> = files.iter().map(|(_, blob)| *blob).collect();
        let known = analyses::of(connection, &blobs).await?;
        let infected = files.iter().filter(|(_, blob)| known.get(*blob) == Some(&EtatAnalyse::Infecte));
        Ok(infected.map(|(cible, _)| *cible).collect())
    })
}

/// After a change: writes the counters, since when the dossier serves, its review date, and the fact, which also
/// concerns the structure that decided `before`.
pub fn settle<'a>(
    transaction: &'a mut Transaction,
    before: &'a Dossier,
    evenement: domain::dossier::Evenement,
) -> Pending<'a, Dossier> {
    Box::pin(async move {
        let (now, compte) = (transaction.now, before.compte);
        let mut found = of(transaction.connection(), compte).await?;
        let complete = found.etat.is_complete();
        // A year runs from the day it is complete, and again from the day its review is over.
        let asked =
            found.etat.demande.as_ref().is_some_and(|one| found.etat.dus().into_iter().any(|cible| one.asks(cible)));
        let reviewed = complete && !asked && found.revue_at.is_none();
        if complete != found.complet_at.is_some() || reviewed {
            found.complet_at = complete.then_some(found.complet_at.unwrap_or(now));
            found.revue_at = complete.then(|| start_of_paris_day(revue::revue_le(now)));
            diesel::update(dossier::table.find(compte.0))
                .set((
                    dossier::complet_at.eq(found.complet_at),
                    dossier::revue_at.eq(found.revue_at),
                    dossier::rappel_revue_at.eq(None::<NaiveDateTime>),
                ))
                .execute(transaction.connection())
                .await?;
        }
        let count = |all: Vec<Cible>| i32::try_from(all.len()).unwrap_or(i32::MAX);
        diesel::update(dossier::table.find(compte.0))
            .set((
                dossier::etat.eq(found.etat.resume().as_str()),
                dossier::a_faire.eq(count(found.etat.reste_a_faire())),
                dossier::a_decider.eq(count(found.etat.a_decider())),
                dossier::a_transmettre.eq(found.etat.a_transmettre()),
            ))
            .execute(transaction.connection())
            .await?;
        let mut boites = Vec::new();
        let mut structures: Vec<StructureId> = found.structure.into_iter().chain(before.structure).collect();
        structures.dedup();
        for structure in structures {
            boites.extend(correspondants::of_structure(transaction.connection(), structure).await?);
        }
        transaction.record(Fact::DossierModifie { compte, evenement, boites });
        Ok(found)
    })
}

/// Writes whether what somebody's letters promise reaches the amount that the law names (D7).
pub fn set_seuil(transaction: &mut Transaction, compte: CompteId, reached: bool) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::update(dossier::table.find(compte.0))
            .set(dossier::seuil.eq(Some(reached)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// At most `limit` people whose letters were sent before the amount was followed.
pub fn uncounted(connection: &mut Connection, limit: i64) -> Pending<'_, Vec<CompteId>> {
    Box::pin(async move {
        Ok(dossier::table
            .filter(dossier::seuil.is_null())
            .order(dossier::compte_id)
            .limit(limit)
            .select(dossier::compte_id)
            .load(connection)
            .await?)
    })
}

pub fn piece(connection: &mut Connection, id: i64) -> Pending<'_, Option<Piece>> {
    Box::pin(async move { Ok(dossier_fichier::table.find(id).first(connection).await.optional()?) })
}

pub fn files(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Piece>> {
    Box::pin(async move {
        Ok(dossier_fichier::table
            .filter(dossier_fichier::compte_id.eq(compte.0))
            .order(dossier_fichier::id)
            .load(connection)
            .await?)
    })
}
