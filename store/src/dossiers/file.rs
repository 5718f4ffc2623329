//! The dossiers of a structure, for its gestionnaires (SPEC D9, G1), and who may read one.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::compte::EtatCompte;
use domain::dossier::transmission::EtatDossier;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{compte, dossier, intervenant};
use crate::values::Nom;
use crate::{Connection, Pending};

pub const PAGE: i64 = 25;

/// Which dossiers a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onglet {
    /// Those with something to decide, the oldest transmission first.
    AExaminer,
    /// Those that wait for the person.
    EnAttente,
    /// Those that serve, with nothing under way.
    Valides,
}

impl Onglet {
    fn etats(self) -> &'static [&'static str] {
        match self {
            Self::AExaminer => &["transmis"],
            Self::EnAttente => &["a_completer", "a_transmettre"],
            Self::Valides => &["valide"],
        }
    }
}

/// A dossier as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Ligne {
    pub compte: CompteId,
    #[diesel(deserialize_as = Nom)]
    pub nom: String,
    pub etat: EtatDossier,
    pub a_decider: i32,
    /// Blocks and pieces that the person has to give.
    pub a_faire: i32,
    pub transmis_at: Option<NaiveDateTime>,
    pub complet_at: Option<NaiveDateTime>,
}

/// A page of the dossiers that a structure decides on, and how many there are.
pub fn list(
    connection: &mut Connection,
    structure: StructureId,
    onglet: Onglet,
    page: i64,
) -> Pending<'_, (Vec<Ligne>, i64)> {
    Box::pin(async move {
        let offset = (page.clamp(1, 1_000_000) - 1) * PAGE;
        macro_rules! filtered {
            ($selection:expr) => {
                dossier::table
                    .inner_join(compte::table.on(compte::id.eq(dossier::compte_id)))
                    .filter(dossier::structure_id.eq(structure.0))
                    .filter(dossier::etat.eq_any(onglet.etats()))
                    .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
                    .select($selection)
            };
        }
        let total: i64 = filtered!(diesel::dsl::count_star()).get_result(connection).await?;
        let lines: Vec<Ligne> = filtered!((
            dossier::compte_id,
            (compte::prenom, compte::nom),
            dossier::etat,
            dossier::a_decider,
            dossier::a_faire,
            dossier::transmis_at,
            dossier::complet_at
        ))
        .order((dossier::transmis_at.asc(), dossier::compte_id.asc()))
        .limit(PAGE)
        .offset(offset)
        .load(connection)
        .await?;
        Ok((lines, total))
    })
}

/// How many dossiers of a structure stand in each state.
pub fn counts(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<(EtatDossier, i64)>> {
    Box::pin(async move {
        let rows: Vec<(String, i64)> = dossier::table
            .inner_join(compte::table.on(compte::id.eq(dossier::compte_id)))
            .filter(dossier::structure_id.eq(structure.0))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .group_by(dossier::etat)
            .select((dossier::etat, diesel::dsl::count_star()))
            .load(connection)
            .await?;
        Ok(rows.into_iter().filter_map(|(word, count)| Some((EtatDossier::from_word(&word)?, count))).collect())
    })
}

/// Whether the gestionnaires of a structure may read somebody's dossier: the structure that decides on it, the
/// structure de rattachement, and every structure once it serves (manual §3.3.4, SPEC D12).
pub fn may_read(connection: &mut Connection, structure: StructureId, of: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let found: Option<(Option<StructureId>, Option<NaiveDateTime>)> = dossier::table
            .find(of.0)
            .select((dossier::structure_id, dossier::complet_at))
            .first(connection)
            .await
            .optional()?;
        if let Some((decides, complete)) = found
            && (decides == Some(structure) || complete.is_some())
        {
            return Ok(true);
        }
        let own: Option<Option<StructureId>> =
            intervenant::table.find(of.0).select(intervenant::structure_id).first(connection).await.optional()?;
        Ok(own.flatten() == Some(structure))
    })
}
