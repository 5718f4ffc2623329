//! Masks personal numbers (NIR, IBAN) in the texts kept before masking began (SPEC Q7), once: each column by its ids,
//! in batches. Each batch is one transaction, which moves the mark first: so one server alone does it, and a server
//! that starts again does not repeat it.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use domain::CompteId;
use domain::journal::Fact;
use domain::{masque, nir};
use serde_json::Value;

use crate::query::RunQueryDsl;
use crate::schema::{annonce, fichier, intervention, parcours, tache};
use crate::{Connection, Pending, Result, Transaction};

/// The column that holds what was read from files.
const FILE: &str = "fichier.texte";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    nom: String,
    from: i64,
    textes: Vec<(i64, String)>,
    last: bool,
}

/// What was found in a batch: id, text as it stood, text as it may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masque {
    lot: Lot,
    changes: Vec<(i64, String, String)>,
}

impl Masque {
    /// How many texts hold a number.
    pub fn found(&self) -> usize {
        self.changes.len()
    }
}

impl Lot {
    /// Masks the numbers. Long texts take long: not for a thread that others wait for.
    pub fn masked(mut self) -> Masque {
        let of = of(&self.nom);
        let textes = std::mem::take(&mut self.textes);
        let to = textes.last().map_or(self.from, |(id, _)| *id);
        let changes = textes
            .into_iter()
            .map(|(id, before)| {
                let after = of.map_or_else(|| before.clone(), |colonne| colonne.masked(id, &before));
                (id, before, after)
            })
            .filter(|(_, before, after)| before != after)
            .collect();
        Masque { lot: Self { textes: vec![(to, String::new())], ..self }, changes }
    }
}

/// A column to look over: its table, its name, and which fact tells of a change in it.
struct Colonne(&'static str, &'static str, Said);

impl Colonne {
    /// The name of its mark, as the migrations have it.
    fn nom(&self) -> String {
        format!("{}.{}", self.0, self.1)
    }

    /// The SQL expression that numbers the rows of its table. Texts that have a word for a key are few: they are one
    /// batch.
    fn id(&self) -> &'static str {
        match self.0 {
            "intervenant" | "identification" | "saisie" | "acces_provisoire" => "compte_id",
            "texte" | "motif" => "cast(1 as bigint)",
            _ => "id",
        }
    }

    /// A text of this column as it may be kept.
    fn masked(&self, id: i64, text: &str) -> String {
        let after = match (self.0, self.1) {
            ("fichier", "texte") => return masque::of_file(text),
            ("saisie" | "courriel", _) => return of_json(text),
            ("recherche" | "recherche_annonce" | "export_cvtheque", "adresse") | ("notification", "lien") => {
                masque::of_address(text)
            }
            _ => nir::mask(text),
        };
        let unique = matches!(
            (self.0, self.1),
            ("recherche" | "liste" | "modele_reponse", "nom") | ("recherche_annonce", "adresse")
        );
        // Two unique texts that differed by their numbers alone must still differ.
        if !unique || after == text {
            after
        } else if self.1 == "adresse" {
            format!("{after}&rang={id}")
        } else {
            format!("{after} ({id})")
        }
    }
}

/// The fields of a draft or of an email, as they may be kept.
fn of_json(text: &str) -> String {
    fn walk(name: &str, value: &mut Value) -> bool {
        match value {
            Value::String(text) => {
                let after = match name {
                    "chemin" | "desabonnement" => masque::of_address(text),
                    // Provisional credentials, to be typed as they stand.
                    "mot_de_passe" | "identifiant" => return false,
                    _ => masque::of_field(name, text),
                };
                let changed = after != *text;
                *text = after;
                changed
            }
            Value::Array(values) => values.iter_mut().fold(false, |changed, one| walk(name, one) | changed),
            Value::Object(fields) => fields.iter_mut().fold(false, |changed, (name, one)| walk(name, one) | changed),
            _ => false,
        }
    }
    // What is no JSON stays as it is.
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    if walk("", &mut value) { value.to_string() } else { text.to_owned() }
}

const COLONNES: [Colonne; 64] = [
    Colonne("fichier", "texte", Said::Fichier),
    Colonne("fichier", "nom", Said::Fichier),
    Colonne("intervenant", "titre", Said::Compte),
    Colonne("intervenant", "experience", Said::Compte),
    Colonne("intervenant", "motivation", Said::Compte),
    Colonne("parcours", "intitule", Said::Parcours),
    Colonne("parcours", "organisme", Said::Parcours),
    Colonne("parcours", "description", Said::Parcours),
    Colonne("intervention", "titre", Said::Intervention),
    Colonne("annonce", "titre", Said::Annonce),
    Colonne("annonce", "description", Said::Annonce),
    Colonne("message", "objet", Said::Nothing),
    Colonne("message", "texte", Said::Nothing),
    Colonne("message", "recherche", Said::Nothing),
    Colonne("brouillon", "objet", Said::Nothing),
    Colonne("brouillon", "texte", Said::Nothing),
    Colonne("brouillon", "recherche", Said::Nothing),
    Colonne("demande", "objet", Said::Nothing),
    Colonne("demande_message", "texte", Said::Nothing),
    Colonne("demande_fichier", "nom", Said::Nothing),
    Colonne("dossier_fichier", "nom", Said::Nothing),
    Colonne("candidature", "commentaire", Said::Nothing),
    Colonne("inscription_decision", "texte", Said::Nothing),
    Colonne("note_interne", "texte", Said::Nothing),
    Colonne("modele_reponse", "texte", Said::Nothing),
    Colonne("notification", "texte", Said::Nothing),
    // Masked since every field of every form is.
    Colonne("intervenant", "employeur_nom", Said::Compte),
    Colonne("intervenant", "adresse", Said::Compte),
    Colonne("intervenant", "commune", Said::Compte),
    Colonne("identification", "fonction", Said::Nothing),
    Colonne("identification", "complement_adresse", Said::Nothing),
    Colonne("identification", "employeur_adresse", Said::Nothing),
    Colonne("identification", "employeur_commune", Said::Nothing),
    Colonne("identification", "pro_adresse", Said::Nothing),
    Colonne("identification", "pro_commune", Said::Nothing),
    Colonne("saisie", "champs", Said::Nothing),
    Colonne("reseau_social", "adresse", Said::Nothing),
    Colonne("acces_provisoire", "verification", Said::Nothing),
    Colonne("article", "titre", Said::Nothing),
    Colonne("article", "resume", Said::Nothing),
    Colonne("article", "texte", Said::Nothing),
    Colonne("article", "document_nom", Said::Nothing),
    Colonne("texte", "titre", Said::Nothing),
    Colonne("texte", "corps", Said::Nothing),
    Colonne("motif", "libelle", Said::Nothing),
    Colonne("motif", "texte", Said::Nothing),
    Colonne("modele_reponse", "nom", Said::Nothing),
    Colonne("recherche", "nom", Said::Nothing),
    Colonne("recherche", "adresse", Said::Nothing),
    Colonne("recherche_annonce", "adresse", Said::Nothing),
    Colonne("export_cvtheque", "adresse", Said::Nothing),
    Colonne("liste", "nom", Said::Nothing),
    Colonne("demande", "nom", Said::Nothing),
    Colonne("demande", "prenom", Said::Nothing),
    Colonne("dossier_evenement", "texte", Said::Nothing),
    Colonne("lettre", "objet", Said::Nothing),
    Colonne("lettre", "contenu", Said::Nothing),
    Colonne("lettre", "lieu", Said::Nothing),
    Colonne("lettre", "modalites_paiement", Said::Nothing),
    Colonne("lettre", "reponse", Said::Nothing),
    Colonne("lettre", "annulation", Said::Nothing),
    Colonne("notification", "titre", Said::Nothing),
    Colonne("notification", "lien", Said::Nothing),
    Colonne("courriel", "donnees", Said::Nothing),
];

#[derive(QueryableByName)]
struct Texte {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    texte: String,
}

// Typed queries would be two for each column: these are built from the names above, which nobody types.
async fn textes(connection: &mut Connection, of: &Colonne, from: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    let (Colonne(table, colonne, _), id) = (of, of.id());
    // All the texts of one key are in one batch: the mark never stands between them.
    let keys = format!("select distinct {id} as numero from {table} where {id} > {from} order by numero limit {limit}");
    let asked = format!("select {id} as id, {colonne} as texte from {table} where {id} in ({keys}) order by id");
    let found: Vec<Texte> = diesel::sql_query(asked).load(connection).await?;
    Ok(found.into_iter().map(|row| (row.id, row.texte)).collect())
}

/// Replaces a text, unless it changed meanwhile: then it was masked when it was written.
async fn put(transaction: &mut Transaction, of: &Colonne, (id, before, after): &(i64, String, String)) -> Result<()> {
    let Colonne(table, colonne, said) = of;
    let changed = sql::<Text>(&format!("update {table} set {colonne} = "))
        .bind::<Text, _>(after)
        .sql(&format!(" where {} = ", of.id()))
        .bind::<BigInt, _>(*id)
        .sql(&format!(" and {colonne} = "))
        .bind::<Text, _>(before)
        .execute(transaction.connection())
        .await?;
    if changed > 0 { say(transaction, *said, *id).await } else { Ok(()) }
}

/// Which fact tells the index of a changed text.
#[derive(Clone, Copy)]
enum Said {
    Nothing,
    Compte,
    Fichier,
    Parcours,
    Intervention,
    Annonce,
}

async fn say(transaction: &mut Transaction, said: Said, id: i64) -> Result<()> {
    let connection = transaction.connection();
    let compte: Option<i64> = match said {
        Said::Nothing => None,
        Said::Compte => Some(id),
        Said::Fichier => Some(fichier::table.find(id).select(fichier::compte_id).get_result(connection).await?),
        Said::Parcours => Some(parcours::table.find(id).select(parcours::compte_id).get_result(connection).await?),
        Said::Intervention => {
            Some(intervention::table.find(id).select(intervention::compte_id).get_result(connection).await?)
        }
        Said::Annonce => {
            let structure = annonce::table.find(id).select(annonce::structure_id).get_result(connection).await?;
            transaction.record(Fact::AnnonceModifiee { annonce: id, structure: domain::StructureId(structure) });
            None
        }
    };
    if let Some(compte) = compte {
        transaction.record(Fact::ProfilModifie { compte: CompteId(compte) });
    }
    Ok(())
}

fn of(nom: &str) -> Option<&'static Colonne> {
    COLONNES.iter().find(|colonne| colonne.nom() == nom)
}

/// Texts of one batch: of a column, and of files, which are long.
const BATCH: i64 = 500;
const FILES: i64 = 20;

/// The next texts to look over; none once everything was.
pub fn next(connection: &mut Connection) -> Pending<'_, Option<Lot>> {
    Box::pin(async move {
        let mark: Option<(String, i64)> = tache::table
            .filter(tache::finie_at.is_null())
            .order(tache::nom)
            .select((tache::nom, tache::position))
            .first(connection)
            .await
            .optional()?;
        let Some((nom, from)) = mark else { return Ok(None) };
        let limit = if nom == FILE { FILES } else { BATCH };
        let textes = match of(&nom) {
            Some(colonne) => textes(connection, colonne, from, limit).await?,
            // A mark of a newer version, which will do it itself.
            None => return Ok(None),
        };
        let last = (textes.len() as i64) < limit;
        Ok(Some(Lot { nom, from, textes, last }))
    })
}

/// Writes what was masked and moves the mark; false when another server did it first.
pub fn settle<'a>(transaction: &'a mut Transaction, masque: &'a Masque) -> Pending<'a, bool> {
    Box::pin(async move {
        let lot = &masque.lot;
        let to = lot.textes.last().map_or(lot.from, |(id, _)| *id);
        let finie: Option<NaiveDateTime> = lot.last.then_some(transaction.now);
        let mark = tache::table.find(&lot.nom).filter(tache::position.eq(lot.from)).filter(tache::finie_at.is_null());
        let moved = diesel::update(mark)
            .set((tache::position.eq(to), tache::finie_at.eq(finie)))
            .execute(transaction.connection())
            .await?;
        if moved != 1 {
            return Ok(false);
        }
        if let Some(colonne) = of(&lot.nom) {
            for change in &masque.changes {
                put(transaction, colonne, change).await?;
            }
        }
        Ok(true)
    })
}

/// Marks every column as done: all its texts were written by this version.
pub fn skip(transaction: &mut Transaction) -> Pending<'_, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::update(tache::table).set(tache::finie_at.eq(now)).execute(transaction.connection()).await?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use domain::compte::{EtatCompte, Role};
    use domain::email::Email;
    use domain::masque::MASK;
    use domain::time::Clock;

    use super::*;
    use crate::fichiers::{ALire, Lecture, Nouveau};
    use crate::{Error, Store, comptes, fichiers, journal};
    use domain::fichier::EtatLecture;

    const NIR: &str = "2 55 08 14\n168 025 38";

    /// A database with a person and that many files, whose texts were kept as they were read.
    async fn before(folder: &tempfile::TempDir, files: i64) -> (Store, CompteId) {
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let store = Store::open(&url, Clock::movable()).await.unwrap();
        store.migrate().await.unwrap();
        let compte = store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move {
                    let nouveau = comptes::Nouveau {
                        role: Role::Intervenant,
                        etat: EtatCompte::Actif,
                        login: Email::parse("renee@exemple.fr").unwrap(),
                        mot_de_passe: None,
                        civilite: "Mme".to_owned(),
                        nom: "Le Gall".to_owned(),
                        prenom: "Renée".to_owned(),
                        structure: None,
                        naissance: None,
                        activation_avant: None,
                    };
                    let compte = comptes::create(transaction, &nouveau).await?;
                    for rank in 0..files {
                        let cv = Nouveau {
                            compte,
                            emploi: "diplome".to_owned(),
                            nom: "diplome.txt".to_owned(),
                            format: "txt".to_owned(),
                            taille: 1,
                            blob: format!("{rank:032x}"),
                            parcours: None,
                        };
                        let id = fichiers::add(transaction, &cv).await?;
                        let texte =
                            if rank % 2 == 0 { format!("Brodeuse {rank}, {NIR}") } else { "Relieuse".to_owned() };
                        diesel::update(fichier::table.find(id))
                            .set((fichier::texte.eq(texte), fichier::lecture.eq("lu")))
                            .execute(transaction.connection())
                            .await?;
                    }
                    Ok(compte)
                })
            })
            .await
            .unwrap();
        (store, compte)
    }

    async fn settled(store: &Store, masque: &Masque) -> bool {
        let masque = masque.clone();
        store
            .write::<_, Error, _>(None, move |transaction| Box::pin(async move { settle(transaction, &masque).await }))
            .await
            .unwrap()
    }

    async fn lot(store: &Store) -> Option<Lot> {
        next(&mut store.read().await.unwrap()).await.unwrap()
    }

    async fn texts(store: &Store, of: CompteId) -> Vec<String> {
        let rows = fichiers::texts(&mut store.read().await.unwrap(), of).await.unwrap();
        rows.into_iter().map(|(_, texte)| texte).collect()
    }

    async fn head(store: &Store) -> i64 {
        journal::head(&mut store.read().await.unwrap()).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn q7_what_was_kept_before_is_masked_once_whoever_stops_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let files = FILES * 2 + 3;
        let (store, compte) = before(&folder, files).await;
        assert!(texts(&store, compte).await[0].contains(NIR));
        let seen = head(&store).await;
        let mut found = 0;
        let mut lots = 0;
        while let Some(lot) = lot(&store).await {
            lots += 1;
            let masque = lot.clone().masked();
            if lots == 3 {
                // A server that stops here has done nothing of this batch: another reads the same one.
                assert_eq!(super::next(&mut store.read().await.unwrap()).await.unwrap(), Some(lot));
            }
            assert!(settled(&store, &masque).await);
            assert!(!settled(&store, &masque).await, "the server that comes second does nothing");
            found += masque.found() as i64;
        }
        assert_eq!((found, lots), ((files + 1) / 2, COLONNES.len() + 2), "three batches of files");
        assert_eq!(head(&store).await, seen + found, "the index follows each of them, and nothing else was said");
        let after = texts(&store, compte).await;
        assert_eq!((&after[0], &after[1]), (&format!("Brodeuse 0, {MASK}"), &"Relieuse".to_owned()));
        assert!(after.iter().all(|texte| !texte.contains("168 025")));
        assert_eq!(lot(&store).await, None, "done, it is done");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn q7_what_is_read_from_a_file_is_masked_before_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (store, compte) = before(&folder, 0).await;
        let read = "Brodeuse, NIR2550814168025\r\n38, FR76 3000 6000 0112\n3456 7890 189.";
        store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move {
                    let cv = Nouveau {
                        compte,
                        emploi: "cv".to_owned(),
                        nom: "CV_255081416802538.txt".to_owned(),
                        format: "txt".to_owned(),
                        taille: 1,
                        blob: format!("{:032x}", 1),
                        parcours: None,
                    };
                    let id = fichiers::add(transaction, &cv).await?;
                    let a_lire = ALire {
                        id,
                        compte: compte.0,
                        format: "txt".to_owned(),
                        blob: cv.blob.clone(),
                        tentatives: 0,
                        lecture: "a_lire".to_owned(),
                    };
                    let lu = Lecture::Texte(read.to_owned(), EtatLecture::Lu);
                    fichiers::set_text(transaction, &a_lire, &lu).await
                })
            })
            .await
            .unwrap();
        assert_eq!(texts(&store, compte).await, [format!("Brodeuse, NIR{MASK}, {MASK}.")]);
        let names = fichiers::of(&mut store.read().await.unwrap(), compte).await.unwrap();
        assert_eq!(names[0].nom, format!("CV_{MASK}.txt"));
    }

    #[test]
    fn q7_what_was_kept_in_fields_and_addresses_is_masked_as_it_is_read() {
        let kept = |nom: &str, before: &str| of(nom).unwrap().masked(7, before);
        let draft =
            r#"{"code_postal":["29200"],"fonction":["Le 2 55 08 14\n168 025 38"],"telephone":["225 07 12 34 56 78"]}"#;
        let after = kept("saisie.champs", draft);
        let read: domain::profil::Champs = serde_json::from_str(&after).unwrap();
        assert_eq!(read.one("fonction"), format!("Le {MASK}"));
        assert_eq!((read.one("code_postal"), read.one("telephone")), ("29200", "225 07 12 34 56 78"));
        let mail =
            r#"{"modele":"nouveau_message","prenom":"Anne","structure":"S","objet":"255081416802538","chemin":"/m/1"}"#;
        let after = kept("courriel.donnees", mail);
        let read: domain::courriel::Courriel = serde_json::from_str(&after).unwrap();
        assert!(matches!(read, domain::courriel::Courriel::NouveauMessage { objet, .. } if objet == MASK), "{after}");
        // What holds none stays byte for byte, and what can't be read is left.
        for text in [r#"{"b": "2", "a": ["1"]}"#, "255081416802538", "{"] {
            assert_eq!(kept("saisie.champs", text), text);
        }
        let name = kept("recherche.nom", "Le 255081416802538");
        assert_eq!(name, format!("Le {MASK} (7)"), "two names of one account that differed by it differ still");
        assert_eq!(kept("liste.nom", "Jury"), "Jury");
        assert!(kept("recherche.adresse", "q=2+55+08+14+168+025+38&tri=date").ends_with("&tri=date"));
        let followed = kept("recherche_annonce.adresse", "q=255081416802538");
        assert!(followed.starts_with("q=num") && followed.ends_with("&rang=7"), "{followed}");
    }

    #[test]
    fn q7_every_column_has_its_mark() {
        for up in [
            concat!(
                include_str!("../../migrations/sqlite/00000000000016_masquage/up.sql"),
                include_str!("../../migrations/sqlite/00000000000022_masquage_partout/up.sql")
            ),
            concat!(
                include_str!("../../migrations/postgres/00000000000016_masquage/up.sql"),
                include_str!("../../migrations/postgres/00000000000022_masquage_partout/up.sql")
            ),
        ] {
            let marks: Vec<&str> =
                up.split("('").skip(1).filter_map(|rest| rest.split_once("', 0)").map(|(nom, _)| nom)).collect();
            let columns: Vec<String> = COLONNES.iter().map(Colonne::nom).collect();
            assert_eq!(marks, columns);
        }
    }
}
