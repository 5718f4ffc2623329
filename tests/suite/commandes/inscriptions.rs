//! Registrations: made, activated, sent, decided, and what is waited for.

use actors::commands::LinkSecret;
use actors::commands::inscriptions::{
    AccountArchived, ActivateAccount, Candidat, DecideInscription, InscriptionNotDecided, InscriptionNotSent,
    KeepPassword, NotActivated, PresentInscriptionAgain, ReassignInscription, Register, SendActivationAgain,
    TransmitInscription, transmit, warn_of_complements,
};
use chrono::NaiveDate;
use domain::candidature::EtatCandidature;
use domain::compte::{Droit, EtatCompte, EtatInscription, MotifArchive};
use domain::courriel::Courriel;
use domain::email::Email;
use domain::inscription::{Decision, Evenement, Refusal, presentable_from};
use domain::journal::Fact;
use domain::profil::Civilite;
use domain::{CompteId, StructureId};
use store::inscriptions::{Attendus, Inscription};
use store::profils::INFORMATIONS;

use super::World;
use crate::support::{Engine, account, both_engines, logins};

both_engines! {
    i2_who_registers_again_is_told_by_mail_alone,
    i2_a_password_that_is_kept_for_a_form_goes_with_the_registration,
    i3_an_account_is_activated_once_by_its_latest_link,
    i3_of_two_accounts_of_one_person_the_second_is_not_activated,
    i14_what_is_sent_is_complete_and_nobody_else_s_identity,
    i15_a_refused_registration_is_presented_again_a_year_later_and_not_before,
    i16_who_is_archived_is_not_warned_of_a_complement,
    g2_a_registration_is_decided_as_it_was_read_by_who_has_the_right,
    g2_a2_a_decision_settles_the_answers_that_waited_for_it,
    g2_a_registration_that_waits_goes_to_another_structure,
}

fn secret(token: &str) -> LinkSecret {
    LinkSecret { token: token.to_owned(), kept: format!("{token:0<64}") }
}

fn register(email: &str, token: &str, annonce: Option<i64>) -> Register {
    Register {
        candidat: Candidat {
            civilite: Civilite::Madame,
            nom: "Zinzolin".into(),
            prenom: "Azeline".into(),
            naissance: NaiveDate::from_ymd_opt(1980, 5, 2).expect("a day"),
            email: Email::parse(email).expect("an address"),
            hash: "hash".into(),
            commentaire: "Bonjour.".into(),
        },
        garde: "garde".into(),
        annonce,
        secret: secret(token),
        browser: "navigateur".into(),
    }
}

fn activate(token: &str) -> ActivateAccount {
    ActivateAccount(secret(token).kept)
}

impl World {
    async fn etat(&self, login: &str) -> Option<EtatCompte> {
        let login = Email::parse(login).expect("an address");
        let found = store::comptes::by_login(&mut self.store.read().await.expect("a connection"), &login).await;
        found.expect("an answer").map(|compte| compte.etat)
    }

    async fn inscription(&self, of: CompteId) -> Inscription {
        let found = store::inscriptions::of(&mut self.store.read().await.expect("a connection"), of).await;
        found.expect("an answer").expect("a registration")
    }

    /// The registration of the documented structure that stands so and waits longest.
    async fn registration(&self, etat: EtatInscription) -> Inscription {
        let structure = account(&self.store, logins::GESTIONNAIRE).await.structure.expect("hers");
        let mut connection = self.store.read().await.expect("a connection");
        let found = store::inscriptions::queue(&mut connection, structure, &[etat], (1, 0)).await.expect("an answer");
        self.inscription(found.first().expect("one").compte).await
    }

    /// The emails that went to an address, the latest first.
    async fn mails_at(&self, login: &str) -> Vec<Courriel> {
        let mut connection = self.store.read().await.expect("a connection");
        let all = store::courriels::latest(&mut connection, 1_000, 0).await.expect("an answer").into_iter();
        all.map(|one| one.sortant).filter(|one| one.destinataire == login).map(|one| one.courriel).collect()
    }

    /// Decides in the name of the documented gestionnaire upon a registration as it stands.
    async fn decide(&self, of: CompteId, decision: Decision) -> Result<(), InscriptionNotDecided> {
        let version = self.inscription(of).await.version;
        self.ask(self.desk, DecideInscription { compte: of, version, decision }).await
    }
}

fn complement() -> Decision {
    Decision::DemanderComplement { motif: String::new(), texte: "Vos dates ?".into() }
}

fn refuse() -> Decision {
    Decision::Rejeter { motif: String::new(), texte: "Merci.".into() }
}

async fn i2_who_registers_again_is_told_by_mail_alone(engine: Engine) {
    let world = World::of(engine).await;
    let accounts = async || {
        let found = store::comptes::count(&mut world.store.read().await.expect("a connection")).await;
        found.expect("an answer")
    };
    let before = accounts().await;
    let already = async || {
        let mails = world.mails_at(logins::INTERVENANT).await;
        mails.iter().filter(|one| matches!(one, Courriel::CompteExistant { .. })).count()
    };
    assert_eq!(world.visitor(register(logins::INTERVENANT, "un", None)).await, Ok(()));
    assert_eq!((accounts().await, already().await), (before, 1), "its owner reads it");
    for number in 0..20 {
        assert_eq!(world.visitor(register(logins::INTERVENANT, &format!("encore{number}"), None)).await, Ok(()));
    }
    assert!((2..20).contains(&already().await), "not more often than is useful");
    // An address that waits for its activation may be registered anew.
    for token in ["deux", "trois"] {
        assert_eq!(world.visitor(register("azeline@exemple.fr", token, None)).await, Ok(()));
    }
    assert_eq!((accounts().await, world.etat("azeline@exemple.fr").await), (before + 1, Some(EtatCompte::AActiver)));
    assert_eq!(world.visitor(activate("deux")).await, Err(NotActivated::Expired));
    assert_eq!(world.visitor(activate("trois")).await, Ok(()));
    // Of an archived account it is said.
    let azeline = account(&world.store, "azeline@exemple.fr").await.id;
    let archived = world.store.write::<_, store::Error, _>(None, move |transaction| {
        store::comptes::archive(transaction, azeline, MotifArchive::Complement)
    });
    assert!(archived.await.expect("written"));
    for email in ["azeline@exemple.fr", "autre@exemple.fr"] {
        assert_eq!(world.visitor(register(email, "quatre", None)).await, Err(AccountArchived), "{email}");
    }
    assert_eq!(world.etat("autre@exemple.fr").await, None);
}

async fn i2_a_password_that_is_kept_for_a_form_goes_with_the_registration(engine: Engine) {
    let world = World::of(engine).await;
    let now = world.store.clock().now();
    let keep = KeepPassword { garde: "garde".into(), hash: "hash".into(), until: now + chrono::Duration::hours(1) };
    let Ok(()) = world.visitor(keep).await;
    let kept = async || {
        let mut connection = world.store.read().await.expect("a connection");
        store::mots_de_passe_gardes::find(&mut connection, "garde", now).await.expect("an answer")
    };
    assert_eq!(kept().await.as_deref(), Some("hash"));
    assert_eq!(world.visitor(register("azeline@exemple.fr", "un", None)).await, Ok(()));
    assert_eq!(kept().await, None);
}

async fn i3_an_account_is_activated_once_by_its_latest_link(engine: Engine) {
    let world = World::of(engine).await;
    let email = "azeline@exemple.fr";
    assert_eq!(world.visitor(register(email, "un", None)).await, Ok(()));
    let again = |email: &str| SendActivationAgain { email: Email::parse(email).expect("one"), secret: secret("deux") };
    let before = world.mails_at(logins::INTERVENANT).await.len();
    for nobody in [logins::INTERVENANT, "personne@exemple.fr"] {
        let Ok(()) = world.visitor(again(nobody)).await;
    }
    assert_eq!(world.mails_at(logins::INTERVENANT).await.len(), before, "it waits for no activation");
    let Ok(()) = world.visitor(again(email)).await;
    let links = world.mails_at(email).await;
    assert!(
        matches!(&links[..], [Courriel::Activation { chemin, .. }, Courriel::Activation { .. }] if chemin == "/activation/deux"),
        "{links:?}"
    );
    assert_eq!(world.visitor(activate("un")).await, Err(NotActivated::Expired));
    assert_eq!(world.etat(email).await, Some(EtatCompte::AActiver));
    assert_eq!(world.visitor(activate("deux")).await, Ok(()));
    assert_eq!(world.etat(email).await, Some(EtatCompte::Actif));
    assert_eq!(world.visitor(activate("deux")).await, Err(NotActivated::Expired), "once");
}

async fn i3_of_two_accounts_of_one_person_the_second_is_not_activated(engine: Engine) {
    let world = World::of(engine).await;
    for (email, token) in [("azeline@exemple.fr", "un"), ("zinzolin@exemple.fr", "deux")] {
        assert_eq!(world.visitor(register(email, token, None)).await, Ok(()));
    }
    let both = [world.visitor(activate("un")), world.visitor(activate("deux"))];
    let mut both = futures_util::future::join_all(both).await;
    both.sort_by_key(Result::is_err);
    assert_eq!(both, [Ok(()), Err(NotActivated::SamePerson)]);
}

async fn i14_what_is_sent_is_complete_and_nobody_else_s_identity(engine: Engine) {
    let world = World::of(engine).await;
    let candidat = account(&world.store, logins::CANDIDAT).await.id;
    match world.ask(candidat, TransmitInscription).await {
        Err(InscriptionNotSent::Missing { informations, parcours }) => {
            assert!(!informations.is_empty() && !parcours.is_empty());
        }
        other => panic!("{other:?}"),
    }
    let refused = world.ask(world.desk, TransmitInscription).await;
    assert_eq!(refused, Err(InscriptionNotSent::State(Refusal::NotSent)), "she has none");
    let found = world.registration(EtatInscription::Transmise).await;
    let of = found.compte;
    let locked = world.ask(of, TransmitInscription).await;
    assert_eq!(locked, Err(InscriptionNotSent::State(Refusal::Locked)));
    assert_eq!(world.decide(of, complement()).await, Ok(()));
    // What is typed and not saved counts.
    let saved = async |of: CompteId| {
        let mut connection = world.store.read().await.expect("a connection");
        store::profils::identification(&mut connection, of).await.expect("an answer").expect("a page")
    };
    let (mine, theirs) = (saved(of).await, saved(world.person).await);
    let keep = async |typed: &domain::profil::Identification| {
        let champs = typed.champs();
        let kept = world.store.write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::profils::keep_saisie(transaction, of, INFORMATIONS, &champs).await })
        });
        kept.await.expect("kept");
    };
    let mut typed = mine.clone();
    (typed.civilite, typed.date_naissance) = (theirs.civilite, theirs.date_naissance);
    (typed.nom, typed.prenom) = (theirs.nom, theirs.prenom);
    keep(&typed).await;
    assert_eq!(world.ask(of, TransmitInscription).await, Err(InscriptionNotSent::SamePerson));
    assert_eq!(saved(of).await, mine);
    keep(&domain::profil::Identification { commune: "Zinzolin".into(), ..mine }).await;
    assert_eq!(world.ask(of, TransmitInscription).await, Ok(()));
    assert_eq!(saved(of).await.commune, "Zinzolin");
    let now = world.inscription(of).await;
    assert_eq!((now.etat, now.complement_avant, now.gestionnaire), (EtatInscription::Transmise, None, None));
    let mails = world.mails_at(&world.compte(of).await.login).await;
    assert!(matches!(mails[0], Courriel::InscriptionTransmise { .. }), "{mails:?}");
}

async fn i15_a_refused_registration_is_presented_again_a_year_later_and_not_before(engine: Engine) {
    let world = World::of(engine).await;
    let of = world.registration(EtatInscription::Transmise).await.compte;
    let early = world.ask(of, PresentInscriptionAgain).await;
    assert_eq!(early, Err(InscriptionNotSent::State(Refusal::Locked)));
    assert_eq!(world.ask(world.desk, PresentInscriptionAgain).await, Err(InscriptionNotSent::NotHere));
    assert_eq!(world.decide(of, refuse()).await, Ok(()));
    let first = world.inscription(of).await.premiere_decision_at.expect("it is decided");
    let refused = world.ask(of, PresentInscriptionAgain).await;
    assert_eq!(refused, Err(InscriptionNotSent::TooEarly(presentable_from(first))));
    let later = world.store.attempt(Some(of), move |transaction| {
        Box::pin(async move {
            transaction.now += chrono::Duration::days(367);
            PresentInscriptionAgain.within(transaction, of).await
        })
    });
    assert_eq!(later.await.expect("an answer"), Ok(()));
    let now = world.inscription(of).await;
    assert_eq!((now.etat, now.premiere_decision_at), (EtatInscription::Brouillon, None));
}

async fn i16_who_is_archived_is_not_warned_of_a_complement(engine: Engine) {
    let world = World::of(engine).await;
    let [gone, stays] = {
        let mut two = Vec::new();
        for _ in 0..2 {
            let of = world.registration(EtatInscription::Transmise).await.compte;
            assert_eq!(world.decide(of, complement()).await, Ok(()));
            two.push(of);
        }
        [two[0], two[1]]
    };
    let due = world.inscription(gone).await.complement_avant.expect("a date");
    let warned = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move {
            assert!(store::comptes::archive(transaction, gone, MotifArchive::Desinscription).await?);
            transaction.now = due - chrono::Duration::days(10);
            warn_of_complements(transaction, 100).await
        })
    });
    assert!(warned.await.expect("it runs") > 0);
    let reminded = async |of: CompteId| {
        let mails = world.mails_at(&world.compte(of).await.login).await;
        mails.iter().filter(|one| matches!(one, Courriel::ComplementRappel { .. })).count()
    };
    assert_eq!((reminded(gone).await, reminded(stays).await), (0, 1));
    let wanted = Attendus { rappel: "complement-14", apres: None, jusqu_a: due, limit: 100 };
    let mut connection = world.store.read().await.expect("a connection");
    let due = store::inscriptions::complements(&mut connection, wanted).await.expect("an answer");
    assert!(due.iter().all(|one| one.compte != gone) && due.iter().any(|one| one.compte == stays && one.prevenu));
}

async fn g2_a_registration_is_decided_as_it_was_read_by_who_has_the_right(engine: Engine) {
    let world = World::of(engine).await;
    let found = world.registration(EtatInscription::Transmise).await;
    let (of, version) = (found.compte, found.version);
    let decide = |version, decision| DecideInscription { compte: of, version, decision };
    let elsewhere = account(&world.store, logins::ELSEWHERE).await.id;
    let refused = world.ask(elsewhere, decide(version, Decision::Valider)).await;
    assert_eq!(refused, Err(InscriptionNotDecided::NotHere), "of another structure");
    let refused = world.ask(world.person, decide(version, Decision::Valider)).await;
    assert_eq!(refused, Err(InscriptionNotDecided::Forbidden));
    assert_eq!(world.ask(world.desk, decide(version, Decision::PrendreEnCharge)).await, Ok(()));
    let now = world.inscription(of).await;
    assert_eq!((now.etat, now.gestionnaire), (EtatInscription::EnAnalyse, Some(world.desk)));
    assert_eq!(now.premiere_decision_at, found.premiere_decision_at, "it is no decision yet");
    // Her colleague had read it before.
    let colleague = account(&world.store, logins::COLLEAGUE).await;
    let named = account(&world.store, logins::GESTIONNAIRE).await;
    match world.ask(colleague.id, decide(version, refuse())).await {
        Err(InscriptionNotDecided::Already { by, decision, .. }) => {
            assert_eq!(by, Some(format!("{} {}", named.prenom, named.nom)));
            assert_eq!(decision, Evenement::PrendreEnCharge);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.decide(of, complement()).await, Ok(()));
    let now = world.inscription(of).await;
    assert!(now.complement_avant.is_some() && now.premiere_decision_at.is_some(), "{now:?}");
    let early = world.decide(of, Decision::Valider).await;
    assert_eq!(early, Err(InscriptionNotDecided::State(Refusal::NotSent)), "it is with the person");
    assert_eq!(world.ask(of, TransmitInscription).await, Ok(()));
    assert_eq!(world.decide(of, Decision::Valider).await, Ok(()));
    let login = world.compte(of).await.login;
    assert!(matches!(world.mails_at(&login).await[0], Courriel::InscriptionValidee { .. }));
    let late = world.decide(of, refuse()).await;
    assert_eq!(late, Err(InscriptionNotDecided::State(Refusal::Validated)));
    // Of two at once, one decides.
    let version = world.registration(EtatInscription::Transmise).await;
    let both = [world.desk, colleague.id].map(|by| {
        let decide = DecideInscription { compte: version.compte, version: version.version, decision: refuse() };
        world.ask(by, decide)
    });
    let both = futures_util::future::join_all(both).await;
    assert_eq!(both.iter().filter(|one| one.is_ok()).count(), 1, "{both:?}");
    assert!(both.iter().any(|one| matches!(one, Err(InscriptionNotDecided::Already { .. }))), "{both:?}");
    // The right goes, and with it every decision.
    let desk = world.desk;
    let kept: Vec<Droit> = Droit::ALL.iter().copied().filter(|droit| *droit != Droit::Inscriptions).collect();
    let taken = world.store.write::<_, store::Error, _>(None, move |transaction| {
        Box::pin(async move { store::droits::set(transaction, desk, &kept).await })
    });
    taken.await.expect("it is taken away");
    let other = world.registration(EtatInscription::EnAnalyse).await;
    assert_eq!(world.decide(other.compte, Decision::Valider).await, Err(InscriptionNotDecided::Forbidden));
    assert_eq!(world.inscription(other.compte).await.version, other.version);
}

async fn g2_a2_a_decision_settles_the_answers_that_waited_for_it(engine: Engine) {
    let world = World::of(engine).await;
    let annonce = world.open_annonce().await;
    for (decision, settled) in [(Decision::Valider, EtatCandidature::Transmise), (refuse(), EtatCandidature::Annulee)] {
        let email = format!("{settled}@exemple.fr");
        let mut asked = register(&email, settled.as_str(), Some(annonce));
        asked.candidat.prenom = format!("Azeline {settled}");
        assert_eq!(world.visitor(asked).await, Ok(()));
        assert_eq!(world.visitor(activate(settled.as_str())).await, Ok(()));
        let of = account(&world.store, &email).await.id;
        let waits = world.candidature(annonce, of).await.expect("an answer");
        assert_eq!((waits.etat, waits.commentaire.as_str()), (EtatCandidature::EnAttente, "Bonjour."));
        let sent = world.store.attempt(Some(of), move |transaction| transmit(transaction, of)).await;
        assert_eq!(sent.expect("an answer"), Ok(()));
        assert_eq!(world.decide(of, decision).await, Ok(()));
        assert_eq!(world.candidature(annonce, of).await.expect("an answer").etat, settled);
    }
    // To an annonce that takes no answer, nothing waits.
    assert_eq!(world.visitor(register("azeline@exemple.fr", "close", Some(0))).await, Ok(()));
    let of = account(&world.store, "azeline@exemple.fr").await.id;
    assert_eq!(world.inscription(of).await.annonce_origine, None);
}

async fn g2_a_registration_that_waits_goes_to_another_structure(engine: Engine) {
    let world = World::of(engine).await;
    let found = world.registration(EtatInscription::Transmise).await;
    let other = account(&world.store, logins::ELSEWHERE).await;
    let (of, to) = (found.compte, other.structure.expect("theirs"));
    let reassign = |version, to| ReassignInscription { compte: of, version, to };
    for (by, version, to, why) in [
        (world.person, found.version, to, InscriptionNotDecided::Forbidden),
        (other.id, found.version, to, InscriptionNotDecided::NotHere),
        (world.desk, found.version, StructureId(0), InscriptionNotDecided::Structure),
        (world.desk, found.version, found.structure.expect("hers"), InscriptionNotDecided::Structure),
    ] {
        assert_eq!(world.ask(by, reassign(version, to)).await, Err(why));
    }
    let stale = world.ask(world.desk, reassign(found.version + 1, to)).await;
    assert!(matches!(stale, Err(InscriptionNotDecided::Already { .. })), "{stale:?}");
    assert_eq!(world.inscription(of).await.version, found.version);
    let before = world.head().await;
    assert_eq!(world.ask(world.desk, reassign(found.version, to)).await, Ok(()));
    let moved = |fact: &Fact| matches!(fact, Fact::InscriptionModifiee { evenement: Evenement::Reaffecter, boites, .. } if boites.len() == 2);
    assert!(world.since(before).await.iter().any(moved), "the journal says so, to both structures");
    let now = world.inscription(of).await;
    assert_eq!((now.etat, now.structure, now.gestionnaire), (EtatInscription::Transmise, Some(to), None));
    assert_eq!(world.decide(of, Decision::Valider).await, Err(InscriptionNotDecided::NotHere));
    let decide = DecideInscription { compte: of, version: now.version, decision: Decision::Valider };
    assert_eq!(world.ask(other.id, decide).await, Ok(()));
    let back = world.ask(other.id, reassign(now.version + 1, found.structure.expect("hers"))).await;
    assert_eq!(back, Err(InscriptionNotDecided::State(Refusal::NotSent)), "it waits no more");
}
