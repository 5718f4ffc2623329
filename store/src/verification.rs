//! The command `check`: what must always be true of the database.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use sha2::{Digest, Sha256};

use crate::query::RunQueryDsl;
use crate::schema::{self, article, curseur, demande_fichier, dossier_fichier, fichier, journal, lettre};
use crate::vault::Vault;
use crate::{Connection, Engine, Pending, Result, dossiers, journal as entries, lettres};

/// Something that is wrong, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding(pub String);

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Conditions that no row may break: what the broken rows are, and the query that counts them.
const RULES: &[(&str, &str)] = &[
    (
        "messages without their sender's copy",
        "select count(*) as n from message m where not exists \
         (select 1 from boite b where b.message_id = m.id and b.correspondant_id = m.de_id and b.dossier = 'envoyes')",
    ),
    (
        "recipients without the message in their mailbox",
        "select count(*) as n from destinataire d where not exists \
         (select 1 from boite b where b.message_id = d.message_id and b.correspondant_id = d.correspondant_id and b.dossier = 'reception')",
    ),
    (
        "alerts sent without their email",
        "select count(*) as n from alerte_envoi e join compte p on p.id = e.compte_id where e.sort = 'courriel' and not exists \
         (select 1 from courriel c where c.message_id = 'annonce-' || e.annonce_id || '-' || e.compte_id)",
    ),
    (
        "published annonces without a number",
        "select count(*) as n from annonce where etat in ('publiee', 'cloturee') and (annee is null or rang is null or publiee_at is null)",
    ),
    (
        "answers to annonces that were never published",
        "select count(*) as n from candidature c join annonce a on a.id = c.annonce_id where a.publiee_at is null",
    ),
    (
        "intervenants without a mailbox",
        "select count(*) as n from intervenant i where not exists (select 1 from correspondant c where c.compte_id = i.compte_id)",
    ),
    (
        "profiles without their registration",
        "select count(*) as n from intervenant i where not exists (select 1 from inscription n where n.compte_id = i.compte_id) \
         or not exists (select 1 from identification d where d.compte_id = i.compte_id)",
    ),
    (
        "letters without a period",
        "select count(*) as n from lettre l where not exists (select 1 from lettre_periode p where p.lettre_id = l.id)",
    ),
    (
        "archived accounts with an open session",
        "select count(*) as n from session s join compte p on p.id = s.compte_id where p.etat = 'archive'",
    ),
    (
        "structures without a mailbox",
        "select count(*) as n from structure s where not exists (select 1 from correspondant c where c.structure_id = s.id)",
    ),
];

/// Reads every column of every table of `schema.rs`: an error when the database lacks one.
pub fn read_every_table(connection: &mut Connection) -> Pending<'_, ()> {
    Box::pin(async move {
        macro_rules! read {
            ($($table:ident),+ $(,)?) => {$(
                schema::$table::table.select(schema::$table::all_columns).limit(1).execute(connection).await?;
            )+};
        }
        read!(
            journal_head,
            journal,
            journal_illisible,
            curseur,
            region,
            departement,
            specialite,
            langue,
            sigle,
            employeur_public,
            employeur_mot,
            referentiel_charge,
            structure,
            compte,
            session,
            essai,
            appareil,
            correspondant,
            correspondant_mot,
            intervenant,
            identification,
            inscription,
            inscription_decision,
            saisie,
            reseau_social,
            jeton,
            captcha,
            mot_de_passe_garde,
            connexion_etape,
            second_facteur,
            code_secours,
            acces_provisoire,
            droit,
            rappel,
            preference,
            presence,
            article,
            texte,
            motif,
            coffre,
            referentiel_modifie,
            intervenant_specialite,
            intervenant_region,
            intervenant_departement,
            intervenant_langue,
            parcours,
            indisponibilite,
            intervention,
            fichier,
            message,
            destinataire,
            boite,
            boite_suivi,
            note_interne,
            modele_reponse,
            demande,
            demande_message,
            demande_fichier,
            brouillon,
            formulaire,
            numerotation,
            annonce,
            candidature,
            candidature_ecart,
            annonce_region,
            annonce_departement,
            alerte,
            desabonnement,
            alerte_envoi,
            notification,
            courriel,
            recherche,
            recherche_annonce,
            recherche_suivie,
            recherche_trouvee,
            liste,
            liste_membre,
            export_cvtheque,
            export_personne,
            dossier,
            dossier_fichier,
            analyse_fichier,
            dossier_element,
            dossier_saisie,
            dossier_demande,
            dossier_evenement,
            lettre,
            lettre_periode,
            tache,
        );
        Ok(())
    })
}

/// Checks everything; returns what is wrong, nothing when all is well.
pub fn check(connection: &mut Connection) -> Pending<'_, Vec<Finding>> {
    Box::pin(async move {
        let mut findings = Vec::new();
        read_every_table(connection).await?;
        let head = entries::head(connection).await?;
        let (count, last): (i64, Option<i64>) =
            journal::table.select((diesel::dsl::count_star(), diesel::dsl::max(journal::id))).first(connection).await?;
        if last.unwrap_or(0) != head {
            findings.push(Finding(format!("the journal ends at {} but its head says {head}", last.unwrap_or(0))));
        }
        let first: Option<i64> = journal::table.select(diesel::dsl::min(journal::id)).get_result(connection).await?;
        if let (Some(first), Some(last)) = (first, last)
            && last - first + 1 != count
        {
            findings.push(Finding(format!("the journal has gaps: {count} rows between {first} and {last}")));
        }
        let cursors: Vec<(String, i64)> = curseur::table.load(connection).await?;
        for (name, position) in cursors {
            if position > head {
                findings
                    .push(Finding(format!("the cursor {name} stands at {position}, after the journal's end {head}")));
            }
        }
        for unreadable in entries::unreadable(connection).await? {
            findings.push(Finding(unreadable.to_string()));
        }
        for (what, sql) in RULES {
            let found: Count = diesel::sql_query(*sql).get_result(connection).await?;
            if found.n > 0 {
                findings.push(Finding(format!("{what}: {}", found.n)));
            }
        }
        if connection.engine() == Engine::Sqlite {
            findings.extend(sqlite_integrity(connection).await?);
        }
        Ok(findings)
    })
}

/// A blob that a row names, and what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    pub nom: String,
    /// The size of the file in bytes.
    pub taille: u64,
    /// How it is sealed; none when it is kept as it is.
    pub sceau: Option<Sceau>,
}

/// What opens a sealed blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sceau {
    cle: String,
    place: String,
    empreinte: Option<String>,
}

impl Sceau {
    /// Whether these are the sealed bytes of that file, whole and as they were.
    pub fn opens(&self, vault: &Vault, sealed: &[u8]) -> bool {
        let Ok(bytes) = vault.open_file(sealed, &self.cle, &self.place) else { return false };
        let digest = Sha256::digest(&bytes);
        let half = |half: &[u8]| half.try_into().map_or(0, u128::from_be_bytes);
        let written = format!("{:032x}{:032x}", half(&digest[..16]), half(&digest[16..]));
        self.empreinte.as_ref().is_none_or(|kept| *kept == written)
    }
}

/// Every blob that a row names.
pub fn blobs(connection: &mut Connection) -> Pending<'_, Vec<Blob>> {
    Box::pin(async move {
        let open = |(nom, taille): (String, i64)| Blob { nom, taille: size(taille), sceau: None };
        let mut all: Vec<Blob> = Vec::new();
        let rows: Vec<(String, i64)> = fichier::table.select((fichier::blob, fichier::taille)).load(connection).await?;
        all.extend(rows.into_iter().map(open));
        let rows: Vec<(String, i64)> = article::table
            .filter(article::document_blob.is_not_null())
            .select((article::document_blob.assume_not_null(), article::document_taille))
            .load(connection)
            .await?;
        all.extend(rows.into_iter().map(open));
        let rows: Vec<(String, i64)> =
            demande_fichier::table.select((demande_fichier::blob, demande_fichier::taille)).load(connection).await?;
        all.extend(rows.into_iter().map(open));
        let rows: Vec<(String, i64, String)> = dossier_fichier::table
            .select((dossier_fichier::blob, dossier_fichier::taille, dossier_fichier::cle))
            .load(connection)
            .await?;
        all.extend(rows.into_iter().map(|(nom, taille, cle)| {
            let sceau = Some(Sceau { cle, place: dossiers::place_of_file(&nom), empreinte: None });
            Blob { nom, taille: size(taille), sceau }
        }));
        type Letter = (Option<String>, Option<i64>, Option<String>, Option<String>);
        let rows: Vec<Letter> = lettre::table
            .filter(lettre::blob.is_not_null())
            .select((lettre::blob, lettre::taille, lettre::cle, lettre::empreinte))
            .load(connection)
            .await?;
        all.extend(rows.into_iter().filter_map(|(nom, taille, cle, empreinte)| {
            let nom = nom?;
            let sceau = Some(Sceau { cle: cle.unwrap_or_default(), place: lettres::place(&nom), empreinte });
            Some(Blob { nom, taille: size(taille.unwrap_or_default()), sceau })
        }));
        Ok(all)
    })
}

fn size(taille: i64) -> u64 {
    u64::try_from(taille).unwrap_or_default()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    integrity_check: String,
}

async fn sqlite_integrity(connection: &mut Connection) -> Result<Vec<Finding>> {
    let Connection::Sqlite(object) = connection else { return Ok(Vec::new()) };
    let lines: Vec<Line> =
        diesel_async::RunQueryDsl::load(diesel::sql_query("pragma integrity_check"), &mut **object).await?;
    let mut findings: Vec<Finding> = lines
        .into_iter()
        .filter(|line| line.integrity_check != "ok")
        .map(|line| Finding(format!("SQLite: {}", line.integrity_check)))
        .collect();
    let broken: Count = diesel_async::RunQueryDsl::get_result(
        diesel::sql_query("select count(*) as n from pragma_foreign_key_check"),
        &mut **object,
    )
    .await?;
    if broken.n > 0 {
        findings.push(Finding(format!("rows that refer to nothing: {}", broken.n)));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    #[test]
    fn o3_every_table_is_read() {
        let (schema, own) = (include_str!("schema.rs"), include_str!("verification.rs"));
        let read = own.split("    read!(").nth(1).and_then(|rest| rest.split(");").next()).expect("the list");
        let listed: Vec<&str> = read.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        for table in schema.split("diesel::table! {").skip(1) {
            let name = table.split_whitespace().next().expect("a name");
            assert!(listed.contains(&name), "{name} is not read");
        }
    }
}
