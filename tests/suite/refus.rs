//! A refusal changes nothing: no row, no fact, no mail (SPEC Q8).

use std::fmt::Debug;
use std::process;

use actors::commands::candidatures::{SendCandidature, WithdrawCandidature};
use actors::commands::demandes::{
    AssignDemande, CompleteDemande, MergeDemandes, TransferDemande, TreatDemande, history,
};
use actors::commands::dossiers::{
    AskForDossier, AttachPiece, DecideDossier, Decision as Decided, SaveBloc, TransmitDossier, WithdrawProposal,
};
use actors::commands::inscriptions::{
    ActivateAccount, DecideInscription, PresentInscriptionAgain, ReassignInscription, TransmitInscription,
};
use actors::commands::lettres::{AnswerLettre, CancelLettre, ChangeLettre, CreateLettre, SendLettre};
use actors::commands::profil::KeepProfil;
use actors::commands::{
    ArchiveAgent, AskAddress, Command, EndSession, FillList, FollowAnnonces, GiveAccess, KeepSearch, LinkSecret,
    Nobody, RemoveSigle, SaveSigle, SetImmatriculation, WhichList,
};
use domain::candidature::EtatCandidature;
use domain::compte::EtatInscription;
use domain::dossier::Cible;
use domain::dossier::lettre::{self, TypeLettre};
use domain::dossier::pieces::TypePiece;
use domain::email::Email;
use domain::inscription::{Decision, Volet};
use domain::profil::Champs;
use domain::support::Evenement as Pas;
use domain::{CompteId, StructureId};
use futures_util::future::BoxFuture;
use store::candidatures::Wanted;
use store::demandes::Onglet;
use store::recherches::Voulue;
use store::{Refused, Store, Transaction};

use crate::base::open;
use crate::support::{Engine, Site, account, both_engines, logins};

both_engines! {
    q8_what_is_refused_leaves_no_row_no_fact_no_mail,
}

/// Prints the rows of a SQLite database, but for the employers of the referential.
const DUMP: &str = "
import sqlite3, sys
base = sqlite3.connect(sys.argv[1])
for (table,) in base.execute(\"select name from sqlite_master where type = 'table' and name not like 'sqlite_%' \"
                             \"and name not like 'employeur_%'\").fetchall():
    for row in base.execute(f'select * from {table}'):
        print('INSERT INTO', table, row)
";

/// Every row of the database but the employers of the referential, one a line, in an order of its own.
fn rows(site: &Site) -> Vec<String> {
    let mut dump = if let Some(database) = site.database() {
        let mut dump = process::Command::new("pg_dump");
        dump.args(["--data-only", "--inserts", "--exclude-table-data=employeur_*"]).arg(database);
        dump
    } else {
        let mut dump = process::Command::new("python3");
        dump.args(["-c", DUMP]).arg(site.data().join("espace.sqlite"));
        dump
    };
    let output = dump.output().expect("it is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    // PostgreSQL's numbers that were drawn and not used are no rows.
    let mut lines: Vec<String> =
        text.lines().filter(|line| line.starts_with("INSERT INTO")).map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

/// What somebody tries, and why they may not.
type Attempt = Box<dyn FnOnce(Store) -> BoxFuture<'static, Result<(), String>> + Send>;

fn boxed<F>(by: CompteId, work: F) -> Attempt
where
    F: for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, Result<(), Refused<String>>> + Send + 'static,
{
    Box::new(move |store| Box::pin(async move { store.attempt(Some(by), work).await.expect("the database answers") }))
}

/// A command that somebody asks for, or nobody.
fn asked<C: Command>(by: C::By, command: C) -> Attempt
where
    C::Refusal: Debug,
{
    Box::new(move |store| {
        Box::pin(async move {
            let done = command.perform(store, by).await.expect("the database answers");
            done.map(|_| ()).map_err(|why| format!("{why:?}"))
        })
    })
}

/// An attempt, after something that is allowed was written in the same transaction.
macro_rules! attempt {
    ($by:expr, |$transaction:ident| $work:expr) => {{
        let (by, structure): (CompteId, StructureId) = $by;
        boxed(by, move |$transaction| {
            Box::pin(async move {
                store::notes::add($transaction, (domain::equipe::Annotable::Message, by.0), structure, by, "zinzolin")
                    .await?;
                let done = $work.await;
                done.map(|_| ()).map_err(|no| no.map(|why| format!("{why:?}")))
            })
        })
    }};
}

/// Commands that a rule refuses after they have begun to write, or may have.
async fn commands(store: &Store) -> Vec<(&'static str, Attempt)> {
    let desk = account(store, logins::GESTIONNAIRE).await.id;
    let admin = account(store, logins::ADMINISTRATEUR).await.id;
    let person = account(store, logins::INTERVENANT).await.id;
    let new = |nom: &str, people| FillList { liste: WhichList::New { nom: nom.into(), partagee: false }, people };
    let voulue = Voulue { nom: "Formateurs en finances".into(), adresse: "q=1".into(), partagee: false, suivie: false };
    let secret = LinkSecret { token: "refus".into(), kept: "refus".into() };
    vec![
        ("a list under a name that is taken", { asked(desk, new("Formateurs pressentis pour 2027", Vec::new())) }),
        ("more people than a list holds", { asked(desk, new("Trop de monde", (1..=1_001).map(CompteId).collect())) }),
        ("a search under a name that is taken", asked(desk, KeepSearch(voulue))),
        ("an intervenant that nobody knows is given a number", {
            asked(admin, SetImmatriculation { compte: desk, immatriculation: None })
        }),
        ("a sigle with a sense that it has", {
            let (abrege, sens) = ("pmi".into(), "Protection maternelle et infantile".into());
            asked(admin, SaveSigle { id: None, abrege, sens })
        }),
        ("a sigle that nobody knows is removed", asked(admin, RemoveSigle(0))),
        ("the account of an administrateur is closed by itself", asked(admin, ArchiveAgent(admin))),
        ("credentials are sent to somebody else's address", {
            let give = GiveAccess {
                compte: person,
                identifiant: "acces-refus".into(),
                mot_de_passe: "refus".into(),
                hash: "refus".into(),
                ailleurs: Some((logins::CANDIDAT.into(), "Vue".into())),
                cle: "refus".into(),
            };
            asked(desk, give)
        }),
        ("the address of somebody is asked for by themselves", {
            asked(person, AskAddress { email: Email::parse(logins::INTERVENANT).expect("an address"), secret })
        }),
        ("a session that is not theirs is ended", asked(person, EndSession(0))),
    ]
}

/// Every command that a rule may refuse, each for one of its reasons, on the demonstration.
async fn attempts(site: &Site, store: &Store) -> Vec<(&'static str, Attempt)> {
    let mut connection = store.read().await.expect("a connection");
    let desk = account(store, logins::GESTIONNAIRE).await;
    let (me, structure) = (desk.id, desk.structure.expect("hers"));
    let by = (me, structure);
    let stranger = account(store, logins::ELSEWHERE).await;
    let (stranger, elsewhere) = (stranger.id, stranger.structure.expect("theirs"));
    let (person, candidat) = (account(store, logins::INTERVENANT).await.id, account(store, logins::CANDIDAT).await.id);
    let vault = store::vault::Vault::of_database(&site.files().join("cle-maitresse"), store).await.expect("its key");

    let studied = Wanted { annonce: None, only: None, limit: 1 };
    let studied = store::candidatures::received(&mut connection, structure, &[EtatCandidature::Etudiee], studied).await;
    let studied = studied.expect("an answer").pop().expect("one that was studied");
    let waits = store::inscriptions::queue(&mut connection, structure, &[EtatInscription::Transmise], (1, 0)).await;
    let waits = waits.expect("an answer").pop().expect("one that waits").compte;
    let (demandes, _) =
        store::demandes::list(&mut connection, structure, Onglet::ATraiter, None, 1).await.expect("an answer");
    let (demande, _) = demandes.into_iter().next().expect("one to be treated");
    let (closes, _) =
        store::demandes::list(&mut connection, structure, Onglet::Closes, None, 1).await.expect("an answer");
    let (close, _) = closes.into_iter().next().expect("one that is closed");
    let (seen, now) = (demande.version, store.clock().now());
    let demande = demande.id;
    let (lettres, _) = store::lettres::list_of_structure(&mut connection, structure, lettre::EtatLettre::Brouillon, 1)
        .await
        .expect("an answer");
    let projet = lettres.into_iter().next().expect("a draft");
    let (id, version, served) = (projet.id, projet.version, projet.compte);
    let contenu = projet.contenu;
    let jour = domain::time::paris_day(store.clock().now());
    let numero = lettre::NumeroLettre::new("BRETAGNE", chrono::Datelike::year(&jour), 4_000).expect("a number");
    let document = store::lettres::Document {
        blob: "0".repeat(32),
        cle: vault.seal("clé".as_bytes(), "essai").expect("sealed"),
        empreinte: "0".repeat(64),
        taille: 1,
    };
    let envoi = store::lettres::Envoi { numero, jour, document };
    let nouveau = store::dossiers::Nouveau {
        piece: TypePiece::Rib,
        nom: "rib.pdf".into(),
        format: "pdf".into(),
        taille: 1,
        blob: "1".repeat(32),
        cle: vault.seal("clé".as_bytes(), "essai").expect("sealed"),
    };
    let given = store::dossiers::list(&mut connection, structure, store::dossiers::Onglet::AExaminer, 1).await;
    let given = given.expect("an answer").0.into_iter().next().expect("one that is transmitted").compte;
    let dossier = store::dossiers::of(&mut connection, given).await.expect("an answer");
    let to_decide = dossier.etat.a_decider();
    let cible = *to_decide.iter().find(|cible| matches!(cible, Cible::Bloc(_)) && !cible.libre()).expect("a block");
    let Cible::Bloc(bloc) = cible else { unreachable!("a block") };
    let scelle = dossier.donnees(cible).propose.expect("what is proposed");
    let champs = store::dossiers::open(&vault, given, bloc, &scelle).expect("it opens").champs();
    let stale_version = dossier.donnees(cible).version + 1;
    drop(connection);

    vec![
        ("an answer to an annonce that is closed", {
            let send = SendCandidature { annonce: 0, commentaire: "Oui.".into() };
            attempt!(by, |t| send.within(t, person))
        }),
        ("an answer over one that was studied", {
            let (annonce, compte) = (studied.annonce, studied.compte);
            let send = SendCandidature { annonce, commentaire: "Autre chose.".into() };
            attempt!(by, |t| send.within(t, compte))
        }),
        ("an answer that was studied is taken back", {
            attempt!(by, |t| WithdrawCandidature(studied.id).within(t, studied.compte))
        }),
        ("a registration that waits is sent", attempt!(by, |t| TransmitInscription.within(t, waits))),
        ("a registration that was not refused is presented again", {
            attempt!(by, |t| PresentInscriptionAgain.within(t, waits))
        }),
        ("a registration is decided as it stood before", {
            let decide = DecideInscription { compte: waits, version: 4_000, decision: Decision::Valider };
            attempt!(by, |t| decide.within(t, me))
        }),
        ("a registration is moved as it stood before", {
            let reassign = ReassignInscription { compte: waits, version: 4_000, to: elsewhere };
            attempt!(by, |t| reassign.within(t, me))
        }),
        ("a registration of another structure is moved", {
            let reassign = ReassignInscription { compte: waits, version: 1, to: structure };
            attempt!(by, |t| reassign.within(t, stranger))
        }),
        ("a profile that waits is changed", {
            let keep = KeepProfil { volet: Volet::Parcours, champs: Champs::default() };
            attempt!(by, |t| keep.within(t, waits))
        }),
        ("an account that is active is activated", {
            let link = store::tokens::Nouveau {
                empreinte: "zinzolin".into(),
                compte: candidat,
                emploi: store::tokens::Emploi::Activation,
                adresse: logins::CANDIDAT.into(),
                mot_de_passe: None,
                expire_at: store.clock().now() + chrono::Duration::days(1),
            };
            attempt!(by, |t| async move {
                store::tokens::create(t, &link).await?;
                ActivateAccount("zinzolin".into()).within(t, Nobody).await
            })
        }),
        ("a closed request is completed", {
            let lien = history(&close, now).rsplit('/').next().expect("a word").to_owned();
            let (texte, jeton) = ("Encore.".into(), "refus-1".into());
            asked(Nobody, CompleteDemande { lien, texte, jeton, piece: None })
        }),
        ("a request that changed is answered", {
            let (texte, jeton) = ("Oui.".into(), "refus-2".into());
            asked(me, TreatDemande { demande, version: seen + 1, evenement: Pas::Repondre, texte, jeton })
        }),
        ("a request is given to nobody of ours", {
            asked(me, AssignDemande { demande, version: seen, a: Some(person) })
        }),
        ("a request goes where it is", asked(me, TransferDemande { demande, version: seen, vers: structure })),
        ("a request is joined to another one's", {
            asked(me, MergeDemandes { demande, version: seen, dans: close.id })
        }),
        ("a letter to somebody whose dossier is not complete", {
            let (genre, contenu) = (TypeLettre::Intervention, contenu.clone());
            asked(me, CreateLettre { compte: person, genre, contenu })
        }),
        ("a letter that changed is written over", {
            let contenu = lettre::Contenu { objet: "Autre chose".into(), ..contenu };
            asked(me, ChangeLettre { lettre: id, version: version + 1, contenu })
        }),
        ("a letter is sent under a number that is not the next", {
            asked(me, SendLettre { lettre: id, version, envoi })
        }),
        ("a letter that was not sent is answered", {
            let (empreinte, texte) = (String::new(), "Oui.".to_owned());
            asked(served, AnswerLettre { lettre: id, accepte: true, empreinte, texte })
        }),
        ("a letter of another structure is taken back", {
            asked(stranger, CancelLettre { lettre: id, version, texte: "Non.".into() })
        }),
        ("what is transmitted is typed anew", asked(given, SaveBloc { vault: vault.clone(), bloc, champs })),
        ("a file is put in place of one that is transmitted", asked(given, AttachPiece(nouveau))),
        ("what is transmitted is taken back", asked(given, WithdrawProposal { vault: vault.clone(), cible })),
        ("a dossier of which nothing is there is transmitted", asked(person, TransmitDossier)),
        ("a dossier is decided as it stood before", {
            let decisions = vec![(cible, stale_version, Decided::Valider)];
            asked(me, DecideDossier { vault: vault.clone(), compte: given, decisions })
        }),
        ("a dossier of another structure is decided", {
            let decisions = vec![(cible, stale_version - 1, Decided::Valider)];
            asked(stranger, DecideDossier { vault, compte: given, decisions })
        }),
        ("nothing is asked for", {
            asked(me, AskForDossier { compte: person, cibles: Vec::new(), texte: String::new(), avant: None })
        }),
        ("one more search than may be followed", {
            attempt!(by, |t| async move {
                for number in 0..20 {
                    store::recherches_annonces::keep(t, person, &format!("q={number}")).await?;
                }
                FollowAnnonces("q=zinzolin".to_owned()).within(t, person).await
            })
        }),
    ]
}

async fn q8_what_is_refused_leaves_no_row_no_fact_no_mail(engine: Engine) {
    let site = Site::demo(engine).await;
    let store = open(&site).await;
    let desk = account(&store, logins::GESTIONNAIRE).await;
    let by = (desk.id, desk.structure.expect("hers"));
    let before = rows(&site);
    let all = attempts(&site, &store).await.into_iter().chain(commands(&store).await);
    for (what, attempt) in all {
        let done = attempt(store.clone()).await;
        assert!(done.is_err(), "{what} is allowed");
        let after = rows(&site);
        if after != before {
            let left: Vec<&String> = after.iter().filter(|row| before.binary_search(row).is_err()).collect();
            panic!("{what} ({}) leaves {left:#?}", done.expect_err("refused"));
        }
    }
    // What is allowed is seen.
    let allowed = attempt!(by, |t| async move {
        let begun = store::listes::insert(t, by.0, by.1, "Permise", false).await;
        begun.map_err(Refused::<()>::Store)
    });
    assert_eq!(allowed(store.clone()).await, Ok(()));
    assert_eq!(rows(&site).len(), before.len() + 2, "a note and a list");
}
