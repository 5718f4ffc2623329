//! Writes dossiers of intervenants of the documented délégation: one transmitted, for its gestionnaires to examine, one
//! asked for, and one complete, with a letter to send. The numbers belong to nobody: a NIR of a place that INSEE does
//! not have, the IBAN of the banks' own examples.

use std::collections::HashMap;

use actors::commands::dossiers::{
    AskForDossier, AttachPiece, DecideDossier, Decision, Decisions, SaveBloc, TransmitDossier,
};
use actors::commands::lettres::CreateLettre;
use chrono::{Days, Duration, NaiveDate, NaiveDateTime};
use documents::{BlobId, Blobs};
use domain::compte::Statut;
use domain::dossier::lettre::{Contenu, TypeLettre};
use domain::dossier::pieces::{Situation, TypeIdentite, pieces_dues};
use domain::dossier::{Bloc, Cible};
use domain::profil::Champs;
use domain::time::paris_day;
use domain::{CompteId, StructureId};
use store::Store;
use store::Transaction;
use store::dossiers::{self, Nouveau};
use store::vault::Vault;

use super::allowed;
use super::people_load::{Written, documented};
use super::{Demo, DemoIntervenant, files};
use crate::failure::Failure;

const NIR: &str = "2680699999001";
const IBAN: &str = "FR7630006000011234567890189";
const BIC: &str = "AGRIFRPP882";
/// Number of intervenants among whom the owners are chosen.
const AMONG: usize = 200;

/// The fields of each block, as this person would type them; the statut must be one without employer.
fn blocks(person: &DemoIntervenant, statut: Statut) -> Vec<(Bloc, Champs)> {
    let fields = |pairs: &[(&str, &str)]| -> Champs { pairs.iter().copied().collect() };
    vec![
        (
            Bloc::Adresse,
            fields(&[
                ("adresse", &person.adresse),
                ("code_postal", &person.code_postal),
                ("commune", &person.commune),
                ("pays", "France"),
            ]),
        ),
        (Bloc::Telephones, fields(&[("telephone", &person.telephone)])),
        (
            Bloc::Identite,
            fields(&[
                ("type_identite", TypeIdentite::Passeport.as_str()),
                ("numero_identite", "12AB34567"),
                ("expire_le", "14/03/2033"),
            ]),
        ),
        (Bloc::CarteVitale, fields(&[("nir", NIR)])),
        (Bloc::Statut, fields(&[("statut", statut.as_str())])),
        (
            Bloc::Banque,
            fields(&[("titulaire", &format!("{} {}", person.prenom, person.nom)), ("iban", IBAN), ("bic", BIC)]),
        ),
    ]
}

struct Given {
    blocs: Vec<(Bloc, Champs)>,
    pieces: Vec<Nouveau>,
}

impl Given {
    /// Everything that this person owes; the files are stored, sealed.
    async fn of(person: &DemoIntervenant, blobs: &Blobs, vault: &Vault) -> Result<Self, Failure> {
        let statut = Statut::from_word(person.statut).ok_or("no statut")?;
        let mut pieces = Vec::new();
        let situation = Situation { identite: Some(TypeIdentite::Passeport), ..Situation::of_statut(statut) };
        for piece in pieces_dues(situation) {
            let text = format!("Document de démonstration.\n\n{} {}", person.prenom, person.nom);
            let bytes = files::write(files::Format::Pdf, piece.libelle(), &text)?;
            let id = BlobId::random()?;
            let blob = id.to_string();
            let (sealed, cle) = vault.seal_file(&bytes, &dossiers::place_of_file(&blob))?;
            blobs.keep(id, &sealed).await?;
            pieces.push(Nouveau {
                piece,
                nom: format!("{}.pdf", piece.as_str()),
                format: "pdf".to_owned(),
                taille: i64::try_from(bytes.len())?,
                blob,
                cle,
            });
        }
        Ok(Self { blocs: blocks(person, statut), pieces })
    }

    async fn transmit(&self, transaction: &mut Transaction, vault: &Vault, of: CompteId) -> store::Result<()> {
        for (bloc, champs) in &self.blocs {
            let save = SaveBloc { vault: vault.clone(), bloc: *bloc, champs: champs.clone() };
            allowed(save.within(transaction, of).await)?;
        }
        for piece in &self.pieces {
            allowed(AttachPiece(piece.clone()).within(transaction, of).await)?;
        }
        allowed(TransmitDossier.within(transaction, of).await)?;
        Ok(())
    }
}

/// A letter that waits to be sent.
fn letter(today: NaiveDate) -> Result<Contenu, Failure> {
    let (du, au) = (today + Days::new(60), today + Days::new(62));
    let fields: Champs = [
        ("objet", "Préparer le budget d’une petite commune"),
        (
            "corps",
            "Nous vous demandons d’animer trois journées de formation auprès de secrétaires de mairie, à partir du cahier des \
             charges que vous avez reçu.\nLe groupe compte quinze personnes ; la salle est équipée d’un vidéoprojecteur.",
        ),
        ("duree", "18"),
        ("du", &du.to_string()),
        ("au", &au.to_string()),
        ("lieu", "Délégation Bretagne, Rennes"),
        ("montant", "350"),
        ("unite_paiement", "jour"),
        ("modalites_paiement", "Les frais de déplacement sont remboursés sur justificatifs."),
    ]
    .into_iter()
    .collect();
    let read = Contenu::read(TypeLettre::Intervention, &fields, today);
    Ok(read.map_err(|ecarts| format!("the letter of the demonstration: {ecarts:?}"))?)
}

pub async fn load(
    store: &Store,
    blobs: &Blobs,
    vault: &Vault,
    demo: &Demo,
    (structures, staff, people): (&HashMap<String, StructureId>, &HashMap<String, CompteId>, &[Written]),
    now: NaiveDateTime,
) -> Result<(), Failure> {
    let (by, _) = documented(demo, structures, staff)?;
    // Not the documented intervenant: visitors of the demonstration use this account.
    let without_employer = (Demo::WITNESSES + 1..people.len().min(AMONG)).filter(|&number| {
        let person = demo.intervenant(number);
        person.valide() && Statut::from_word(person.statut).is_some_and(|statut| statut.employeur().is_none())
    });
    let chosen: Vec<usize> = without_employer.take(3).collect();
    let [sent, asked, complete] = chosen[..] else { return Ok(()) };
    let today = paris_day(now);
    let given = Given::of(&demo.intervenant(sent), blobs, vault).await?;
    let whole = Given::of(&demo.intervenant(complete), blobs, vault).await?;
    let served = people[complete].compte;
    let letter = CreateLettre { compte: served, genre: TypeLettre::Intervention, contenu: letter(today)? };
    let (of, other, vault) = (people[sent].compte, people[asked].compte, vault.clone());
    store
        .write::<_, store::Error, _>(Some(by), move |transaction| {
            Box::pin(async move {
                let ask = |compte, cibles| AskForDossier {
                    compte,
                    cibles,
                    texte: "Votre première intervention approche : merci de compléter votre dossier.".to_owned(),
                    avant: Some(today + Duration::days(8)),
                };
                let all: Vec<Cible> = Cible::all().collect();
                transaction.now = now - Duration::days(6);
                let due = [Bloc::Adresse, Bloc::Identite, Bloc::CarteVitale, Bloc::Statut, Bloc::Banque];
                for one in [of, served] {
                    allowed(ask(one, due.map(Cible::Bloc).to_vec()).within(transaction, by).await)?;
                }
                transaction.now = now - Duration::days(4);
                whole.transmit(transaction, &vault, served).await?;
                transaction.now = now - Duration::days(3);
                let found = dossiers::of(transaction.connection(), served).await?;
                let all_of_it = found.etat.a_decider().into_iter();
                let decisions: Decisions =
                    all_of_it.map(|cible| (cible, found.donnees(cible).version, Decision::Valider)).collect();
                let decide = DecideDossier { vault: vault.clone(), compte: served, decisions };
                allowed(decide.within(transaction, by).await)?;
                allowed(letter.within(transaction, by).await)?;
                transaction.now = now - Duration::days(2);
                given.transmit(transaction, &vault, of).await?;
                transaction.now = now - Duration::days(1);
                allowed(ask(other, all).within(transaction, by).await)?;
                transaction.now = now;
                Ok(())
            })
        })
        .await?;
    Ok(())
}
