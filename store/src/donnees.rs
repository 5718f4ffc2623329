//! Everything the space holds about one person, as tables that person can read (manual §11, RGPD article 15, SPEC X5).
//!
//! What is left out is secret for its owner's sake (digests of passwords and links, seeds of second factors) or says
//! nothing about them (marks of the machinery); a test holds [`EXPORTED`] and [`LEFT_OUT`] against the schema, so that
//! a new table has to be put in one of them.

mod dossier;
mod echanges;
mod profil;
mod suivi;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::CompteId;
use domain::time::paris;

use crate::query::RunQueryDsl;
use crate::schema::{demande, demande_fichier, demande_message, fichier};
use crate::vault::Vault;
use crate::{Connection, Pending};

/// A table of what is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bloc {
    /// Its name, at most 31 characters (a sheet of a workbook bears it).
    pub nom: &'static str,
    pub titres: &'static [&'static str],
    /// Its rows, each as long as the heads.
    pub lignes: Vec<Vec<String>>,
}

/// A file that goes with the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its id, unique among those of its `dossier`.
    pub id: i64,
    /// What it belongs to: `profil` or `support`.
    pub dossier: &'static str,
    pub nom: String,
    pub blob: String,
}

/// Tables whose rows about the person are in the export.
pub const EXPORTED: &[&str] = &[
    "acces_provisoire",
    "alerte",
    "alerte_envoi",
    "appareil",
    "boite",
    "brouillon",
    "candidature",
    "compte",
    "courriel",
    "demande",
    "demande_fichier",
    "demande_message",
    "dossier",
    "dossier_demande",
    "dossier_element",
    "dossier_evenement",
    "dossier_fichier",
    "dossier_saisie",
    "export_cvtheque",
    "export_personne",
    "fichier",
    "identification",
    "indisponibilite",
    "inscription",
    "inscription_decision",
    "intervenant",
    "intervenant_departement",
    "intervenant_langue",
    "intervenant_region",
    "intervenant_specialite",
    "intervention",
    "journal",
    "lettre",
    "lettre_periode",
    "liste",
    "liste_membre",
    "message",
    "note_interne",
    "notification",
    "parcours",
    "preference",
    "recherche_annonce",
    "recherche_trouvee",
    "reseau_social",
    "saisie",
    "second_facteur",
    "session",
];

/// Tables that are not in the export, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("analyse_fichier", "machinery: what the antivirus says of a file, which is there itself"),
    ("annonce", "of a structure"),
    ("annonce_departement", "of a structure"),
    ("annonce_region", "of a structure"),
    ("article", "public"),
    ("boite_suivi", "who of a structure is at a message: about the gestionnaires"),
    ("candidature_ecart", "a decision of some seconds, in the export once it is taken"),
    ("captcha", "of no account"),
    ("code_secours", "secret: digests of codes"),
    ("coffre", "of no account"),
    ("connexion_etape", "secret, and gone within the hour"),
    ("correspondant", "the name again"),
    ("correspondant_mot", "the name again"),
    ("curseur", "machinery"),
    ("departement", "referential"),
    ("desabonnement", "secret: a link"),
    ("destinataire", "the mailbox again"),
    ("droit", "of gestionnaires"),
    ("employeur_mot", "referential"),
    ("employeur_public", "referential"),
    ("essai", "of no account: a digest of an address"),
    ("formulaire", "machinery: tokens of forms"),
    ("jeton", "secret: digests of links"),
    ("journal_head", "machinery"),
    ("journal_illisible", "machinery"),
    ("langue", "referential"),
    ("modele_reponse", "of a structure"),
    ("mot_de_passe_garde", "of no account: the hash of a password in a form that is being filled in, for an hour"),
    ("motif", "referential"),
    ("numerotation", "machinery"),
    ("presence", "who looks at a page now, for a minute"),
    ("rappel", "machinery: the reminder itself is an email of the export"),
    ("recherche", "of gestionnaires"),
    ("recherche_suivie", "of gestionnaires"),
    ("referentiel_charge", "machinery"),
    ("referentiel_modifie", "machinery"),
    ("region", "referential"),
    ("sigle", "referential"),
    ("specialite", "referential"),
    ("structure", "referential"),
    ("tache", "machinery"),
    ("texte", "public"),
];

/// All that is held about an account, in the order of its pages; every table is there, empty ones too.
///
/// # Errors
/// When what is sealed does not open with this key.
pub fn of<'a>(connection: &'a mut Connection, vault: &'a Vault, compte: CompteId) -> Pending<'a, Vec<Bloc>> {
    Box::pin(async move {
        let mut blocs = profil::blocs(connection, compte).await?;
        blocs.extend(dossier::blocs(connection, vault, compte).await?);
        blocs.extend(echanges::blocs(connection, compte).await?);
        blocs.extend(suivi::blocs(connection, compte).await?);
        Ok(blocs)
    })
}

/// The files of an account that are kept as they came: its CV and diplomas, and what was attached to its requests.
/// Those of its dossier are sealed: [`crate::dossiers::files`].
pub fn pieces(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Piece>> {
    Box::pin(async move {
        let own: Vec<(i64, String, String)> = fichier::table
            .filter(fichier::compte_id.eq(compte.0))
            .order(fichier::id)
            .select((fichier::id, fichier::nom, fichier::blob))
            .load(connection)
            .await?;
        let asked: Vec<(i64, String, String)> = demande_fichier::table
            .inner_join(demande_message::table.on(demande_message::id.eq(demande_fichier::message_id)))
            .inner_join(demande::table.on(demande::id.eq(demande_message::demande_id)))
            .filter(demande::compte_id.eq(compte.0))
            .order(demande_fichier::id)
            .select((demande_fichier::id, demande_fichier::nom, demande_fichier::blob))
            .load(connection)
            .await?;
        let piece = |dossier| move |(id, nom, blob)| Piece { id, dossier, nom, blob };
        Ok(own.into_iter().map(piece("profil")).chain(asked.into_iter().map(piece("support"))).collect())
    })
}

/// « 28/11/2026 22:41 », as people in Paris read it.
fn moment(at: NaiveDateTime) -> String {
    paris(at).format("%d/%m/%Y %H:%M").to_string()
}

fn moment_or_none(at: Option<NaiveDateTime>) -> String {
    at.map(moment).unwrap_or_default()
}

fn day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

fn day_or_none(of: Option<NaiveDate>) -> String {
    of.map(day).unwrap_or_default()
}

fn yes(is: bool) -> String {
    if is { "oui" } else { "non" }.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn x5_no_table_is_forgotten_by_the_export() {
        let schema = include_str!("schema.rs");
        let tables: BTreeSet<&str> = schema
            .split("diesel::table! {")
            .skip(1)
            .map(|table| table.split_whitespace().next().expect("a name"))
            .collect();
        let exported: BTreeSet<&str> = EXPORTED.iter().copied().collect();
        let left_out: BTreeSet<&str> = LEFT_OUT.iter().map(|(table, _)| *table).collect();
        assert!(exported.is_disjoint(&left_out), "{:?}", exported.intersection(&left_out));
        let said: BTreeSet<&str> = exported.union(&left_out).copied().collect();
        assert_eq!(said, tables, "a table is neither exported nor left out for a reason");
        // What says whose it is is not left out, unless it is secret, machinery or somebody else's.
        for table in schema.split("diesel::table! {").skip(1) {
            let name = table.split_whitespace().next().expect("a name");
            if table.contains("compte_id -> BigInt") && !exported.contains(name) {
                let (_, why) = LEFT_OUT.iter().find(|(of, _)| *of == name).expect("a reason");
                assert!(
                    ["secret", "machinery", "of gestionnaires", "who "].iter().any(|kind| why.starts_with(kind)),
                    "{name}: {why}"
                );
            }
        }
    }
}
