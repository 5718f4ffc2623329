//! The « lettres de demande ».

use actors::commands::lettres::{AnswerLettre, CancelLettre, ChangeLettre, CreateLettre, NotWritten, SendLettre};
use chrono::Datelike;
use domain::CompteId;
use domain::compte::Droit;
use domain::dossier::lettre::{Contenu, EtatLettre, NumeroLettre, Refusal, TypeLettre};
use domain::time::paris_day;
use store::lettres::{Document, Envoi, Lettre};

use super::World;
use crate::support::{Engine, both_engines, logins};

both_engines! {
    d13_a_letter_is_prepared_and_changed_by_who_may,
    d13_a_letter_is_sent_once_under_the_next_number,
    d13_a_letter_is_answered_by_its_person_upon_the_document_they_read,
    d13_a_letter_is_taken_back_by_its_structure_alone,
}

impl World {
    /// The draft of the demonstration, to somebody whose dossier is complete.
    async fn draft(&self) -> Lettre {
        let mut connection = self.store.read().await.expect("a connection");
        let desk = store::comptes::by_id(&mut connection, self.desk).await.expect("an answer").expect("she");
        let structure = desk.structure.expect("hers");
        let drafts = store::lettres::list_of_structure(&mut connection, structure, EtatLettre::Brouillon, 1).await;
        drafts.expect("an answer").0.into_iter().next().expect("a draft")
    }

    async fn lettre(&self, of: &Lettre) -> Lettre {
        let mut connection = self.store.read().await.expect("a connection");
        store::lettres::of_structure(&mut connection, of.structure, of.id).await.expect("an answer").expect("it")
    }

    /// What is sent under that number of this year.
    async fn envoi(&self, rang: i64) -> Envoi {
        let jour = paris_day(self.store.clock().now());
        let numero = NumeroLettre::new("BRETAGNE", jour.year(), rang).expect("a number");
        let cle = self.vault().await.seal("clé".as_bytes(), "essai").expect("sealed");
        let document = Document { blob: format!("{rang:032}"), cle, empreinte: format!("{rang:064}"), taille: 1 };
        Envoi { numero, jour, document }
    }

    async fn sent_letter(&self) -> Lettre {
        let draft = self.draft().await;
        let send = SendLettre { lettre: draft.id, version: draft.version, envoi: self.envoi(1).await };
        assert_eq!(self.ask(self.desk, send).await, Ok(()));
        self.lettre(&draft).await
    }
}

fn saying(draft: &Lettre, objet: &str) -> Contenu {
    Contenu { objet: objet.into(), ..draft.contenu.clone() }
}

async fn d13_a_letter_is_prepared_and_changed_by_who_may(engine: Engine) {
    let world = World::of(engine).await;
    let (draft, elsewhere) = (world.draft().await, world.account(logins::ELSEWHERE).await);
    let create = CreateLettre {
        compte: draft.compte,
        genre: TypeLettre::Intervention,
        contenu: saying(&draft, "Une autre lettre"),
    };
    let change = ChangeLettre { lettre: draft.id, version: draft.version, contenu: saying(&draft, "Budget") };
    let id = world.ask(world.desk, create.clone()).await.expect("hers");
    assert_eq!(world.lettre(&Lettre { id, ..draft.clone() }).await.contenu, create.contenu);
    let to = |compte| CreateLettre { compte, ..create.clone() };
    assert_eq!(world.ask(world.desk, to(world.person)).await, Err(NotWritten::Incomplete));
    for nobody in [world.desk, world.account(logins::CANDIDAT).await, CompteId(-1)] {
        assert_eq!(world.ask(world.desk, to(nobody)).await, Err(NotWritten::Unknown), "no validated intervenant");
    }
    assert_eq!(world.ask(world.person, create.clone()).await, Err(NotWritten::Forbidden));

    assert_eq!(world.ask(world.person, change.clone()).await, Err(NotWritten::Forbidden));
    assert_eq!(world.ask(elsewhere, change.clone()).await, Err(NotWritten::Unknown));
    let version = draft.version + 1;
    assert_eq!(world.ask(world.desk, change.clone()).await, Ok(version));
    assert_eq!(world.ask(world.desk, change.clone()).await, Ok(version - 1), "it says so already");
    let other = ChangeLettre { contenu: saying(&draft, "Finances"), ..change };
    assert_eq!(world.ask(world.desk, other.clone()).await, Err(NotWritten::Changed));
    let kept = world.lettre(&draft).await;
    assert_eq!((kept.version, kept.contenu.objet.as_str()), (version, "Budget"));
    // The right goes: nothing more is hers to write.
    world.without(Droit::Dossiers).await;
    assert_eq!(world.ask(world.desk, create).await, Err(NotWritten::Forbidden));
    assert_eq!(world.ask(world.desk, ChangeLettre { version, ..other }).await, Err(NotWritten::Forbidden));
}

async fn d13_a_letter_is_sent_once_under_the_next_number(engine: Engine) {
    let world = World::of(engine).await;
    let draft = world.draft().await;
    let login = world.compte(draft.compte).await.login;
    let send = SendLettre { lettre: draft.id, version: draft.version, envoi: world.envoi(1).await };
    let elsewhere = world.account(logins::ELSEWHERE).await;
    assert_eq!(world.ask(world.person, send.clone()).await, Err(NotWritten::Forbidden));
    assert_eq!(world.ask(elsewhere, send.clone()).await, Err(NotWritten::Unknown));
    let stale = SendLettre { version: draft.version + 1, ..send.clone() };
    assert_eq!(world.ask(world.desk, stale).await, Err(NotWritten::Changed));
    let later = SendLettre { envoi: world.envoi(2).await, ..send.clone() };
    assert_eq!(world.ask(world.desk, later).await, Err(NotWritten::Number), "not the next");
    let envoi = Envoi { jour: send.envoi.jour.pred_opt().expect("a day"), ..send.envoi.clone() };
    assert_eq!(
        world.ask(world.desk, SendLettre { envoi, ..send.clone() }).await,
        Err(NotWritten::Number),
        "another day"
    );
    assert_eq!(world.lettre(&draft).await, draft, "nothing of it is kept");
    assert_eq!(world.mailed(&login).await, [""; 0]);

    let asked = futures_util::future::join_all((0..3).map(|_| world.ask(world.desk, send.clone()))).await;
    let already = asked.iter().filter(|one| **one == Err(NotWritten::Life(Refusal::Already))).count();
    assert_eq!((asked.iter().filter(|one| one.is_ok()).count(), already), (1, 2), "{asked:?}");
    let sent = world.lettre(&draft).await;
    assert_eq!((sent.etat, sent.version), (EtatLettre::Envoyee, draft.version + 1));
    assert_eq!((sent.numero, sent.document), (Some(send.envoi.numero.to_string()), Some(send.envoi.document)));
    assert_eq!(world.mailed(&login).await, ["lettre_envoyee"]);
    let change = ChangeLettre { lettre: draft.id, version: sent.version, contenu: saying(&draft, "Budget") };
    assert_eq!(world.ask(world.desk, change).await, Err(NotWritten::Life(Refusal::Sent)), "it never changes again");
    // Whose dossier is complete no more gets none: here, because the account is archived.
    let create = CreateLettre { compte: draft.compte, genre: draft.genre, contenu: draft.contenu.clone() };
    let other = world.ask(world.desk, create).await.expect("hers");
    world.archive(draft.compte).await;
    let send = SendLettre { lettre: other, version: 1, envoi: world.envoi(2).await };
    assert_eq!(world.ask(world.desk, send).await, Err(NotWritten::Unknown));
}

async fn d13_a_letter_is_answered_by_its_person_upon_the_document_they_read(engine: Engine) {
    let world = World::of(engine).await;
    let draft = world.draft().await;
    let answer =
        AnswerLettre { lettre: draft.id, accepte: true, empreinte: format!("{:064}", 1), texte: "Oui.".into() };
    assert_eq!(world.ask(draft.compte, answer.clone()).await, Err(NotWritten::Unknown), "it has not reached them");
    let sent = world.sent_letter().await;
    for by in [world.person, world.desk] {
        assert_eq!(world.ask(by, answer.clone()).await, Err(NotWritten::Unknown), "it is not theirs");
    }
    let unread = AnswerLettre { empreinte: String::new(), ..answer.clone() };
    assert_eq!(world.ask(sent.compte, unread).await, Err(NotWritten::Document));
    assert_eq!(world.lettre(&sent).await, sent);
    assert_eq!(world.ask(sent.compte, answer.clone()).await, Ok(()));
    let answered = world.lettre(&sent).await;
    assert_eq!((answered.etat, answered.reponse.as_str()), (EtatLettre::Acceptee, "Oui."));
    let mut connection = world.store.read().await.expect("a connection");
    let told = store::notifications::list(&mut connection, world.desk, 1, 0).await.expect("an answer");
    drop(connection);
    assert_eq!(told[0].titre, format!("{} accepte la lettre {}", sent.personne, sent.numero.expect("sent")));
    let other = AnswerLettre { accepte: false, ..answer };
    assert_eq!(world.ask(sent.compte, other).await, Err(NotWritten::Life(Refusal::Answered)));
}

async fn d13_a_letter_is_taken_back_by_its_structure_alone(engine: Engine) {
    let world = World::of(engine).await;
    let sent = world.sent_letter().await;
    let login = world.compte(sent.compte).await.login;
    world.mailed(&login).await;
    let cancel = CancelLettre { lettre: sent.id, version: sent.version, texte: "Le groupe est complet.".into() };
    let elsewhere = world.account(logins::ELSEWHERE).await;
    assert_eq!(world.ask(sent.compte, cancel.clone()).await, Err(NotWritten::Forbidden));
    assert_eq!(world.ask(elsewhere, cancel.clone()).await, Err(NotWritten::Unknown));
    let stale = CancelLettre { version: sent.version - 1, ..cancel.clone() };
    assert_eq!(world.ask(world.desk, stale).await, Err(NotWritten::Changed));
    assert_eq!(world.ask(world.desk, cancel.clone()).await, Ok(()));
    let back = world.lettre(&sent).await;
    assert_eq!((back.etat, back.annulation.as_str()), (EtatLettre::Annulee, "Le groupe est complet."));
    assert_eq!((back.numero, back.document), (sent.numero, sent.document), "what was sent stays");
    assert_eq!(world.mailed(&login).await, ["lettre_annulee"]);
    assert_eq!(world.ask(world.desk, cancel).await, Err(NotWritten::Life(Refusal::Already)));
    // A draft that is put away was never seen by anybody else.
    let contenu = sent.contenu.clone();
    let create = CreateLettre { compte: sent.compte, genre: sent.genre, contenu };
    let lettre = world.ask(world.desk, create).await.expect("hers");
    let cancel = CancelLettre { lettre, version: 1, texte: String::new() };
    assert_eq!(world.ask(world.desk, cancel).await, Ok(()));
    assert_eq!(world.mailed(&login).await, [""; 0]);
}
