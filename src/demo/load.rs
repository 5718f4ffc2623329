//! Writes a demonstration set to a database; nothing else in the generator knows a database.

use std::collections::HashMap;
use std::sync::Arc;

use actors::commands::{Envoi, SendMessage};
use chrono::NaiveDateTime;
use documents::{Blobs, Place};
use domain::annonce::{EtatAnnonce, Modalite};
use domain::compte::{EtatCompte, Role};
use domain::email::Email;
use domain::messagerie::{Boite, Contenu};
use domain::mot_de_passe::MotDePasse;
use domain::time::paris_day;
use domain::{CompteId, CorrespondantId, StructureId};
use store::contenus::{Document, Redaction, Rubrique};
use store::vault::Vault;
use store::{Refused, Store, Transaction};

use super::allowed;
use super::people_load::{Written, people};
pub use super::size::Size;
use super::{
    ADMINISTRATEUR_LOGIN, CANDIDAT_LOGIN, Demo, DemoAnnonce, DemoGestionnaire, DemoThread, GESTIONNAIRE_LOGIN,
    INTERVENANT_LOGIN, PASSWORD, SECOND_GESTIONNAIRE_LOGIN, files,
};
use super::{candidatures_load, dossier_load, inscriptions_load, selection_load, support_load};
use crate::failure::Failure;

/// The logins that the page and the terminal show: (person, login).
pub fn logins() -> Vec<(String, String)> {
    [
        ("Intervenant", INTERVENANT_LOGIN),
        ("Intervenant qui s’inscrit", CANDIDAT_LOGIN),
        ("Gestionnaire, délégation Bretagne", GESTIONNAIRE_LOGIN),
        ("Sa collègue, délégation Bretagne", SECOND_GESTIONNAIRE_LOGIN),
        ("Administrateur", ADMINISTRATEUR_LOGIN),
    ]
    .into_iter()
    .map(|(who, login)| (who.to_owned(), login.to_owned()))
    .collect()
}

/// Writes the set when the database has no account yet; returns false when it has one.
pub async fn load(store: &Store, blobs: &Blobs, vault: &Vault, size: Size) -> Result<bool, Failure> {
    if store::comptes::count(&mut store.read().await?).await? > 0 {
        return Ok(false);
    }
    let now = store.clock().now();
    let demo = Arc::new(Demo::new(size.seed, paris_day(now))?);
    let passwords = actors::mots_de_passe::Passwords::new(1)?;
    let password = MotDePasse::parse(PASSWORD, domain::mot_de_passe::MAX)
        .map_err(|missed| domain::mot_de_passe::sentence(&missed))?;
    let hash = passwords.hash(&password).await?;
    let structures: Arc<HashMap<String, StructureId>> = Arc::new(
        store::structures::all(&mut store.read().await?)
            .await?
            .into_iter()
            .map(|structure| (structure.code, StructureId(structure.id)))
            .collect(),
    );
    let staff = staff(store, &demo, &structures, &hash).await?;
    let people = people(store, blobs, &demo, &structures, &hash, size).await?;
    inscriptions_load::load(store, blobs, &demo, &structures, &staff, &hash).await?;
    annonces(store, &demo, &structures, &staff, size.annonces, now).await?;
    candidatures_load::load(store, &demo, &structures, &staff, &people, now).await?;
    selection_load::load(store, &demo, &staff, &people).await?;
    support_load::load(store, &demo, &structures, &staff, &people, now).await?;
    dossier_load::load(store, blobs, vault, &demo, (&structures, &staff, &people), now).await?;
    threads(store, &demo, &structures, &staff, &people, now).await?;
    articles(store, blobs).await?;
    store
        .write::<_, store::Error, _>(None, |transaction| {
            Box::pin(async move {
                store::masquage::skip(transaction).await?;
                store::courriels::mark_all_sent(transaction).await
            })
        })
        .await?;
    Ok(true)
}

/// Gestionnaires and the administrateur: login → account.
async fn staff(
    store: &Store,
    demo: &Demo,
    structures: &HashMap<String, StructureId>,
    hash: &str,
) -> Result<HashMap<String, CompteId>, Failure> {
    let mut members: Vec<(Role, DemoGestionnaire)> =
        demo.gestionnaires().into_iter().map(|member| (Role::Gestionnaire, member)).collect();
    members.push((Role::Administrateur, demo.administrateur()));
    let mut nouveaux = Vec::new();
    for (role, member) in members {
        nouveaux.push(store::comptes::Nouveau {
            role,
            etat: EtatCompte::Actif,
            login: Email::parse(&member.email)?,
            mot_de_passe: Some(hash.to_owned()),
            civilite: member.civilite.to_owned(),
            nom: member.nom,
            prenom: member.prenom,
            structure: structures.get(&member.structure).copied().filter(|_| role == Role::Gestionnaire),
            naissance: None,
            activation_avant: None,
        });
    }
    let made = store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                let mut made = HashMap::new();
                for nouveau in nouveaux {
                    let id = store::comptes::create(transaction, &nouveau).await?;
                    made.insert(nouveau.login.as_str().to_owned(), id);
                }
                Ok(made)
            })
        })
        .await?;
    Ok(made)
}

async fn annonces(
    store: &Store,
    demo: &Demo,
    structures: &HashMap<String, StructureId>,
    staff: &HashMap<String, CompteId>,
    count: usize,
    now: NaiveDateTime,
) -> Result<(), Failure> {
    let mut all: Vec<DemoAnnonce> = (0..count).map(|number| demo.annonce(number)).collect();
    // The oldest annonce gets the lowest number.
    all.sort_by_key(|annonce| std::cmp::Reverse(annonce.days_ago));
    let authors: HashMap<String, CompteId> = demo
        .gestionnaires()
        .into_iter()
        .rev()
        .filter_map(|member| Some((member.structure.clone(), *staff.get(&member.email)?)))
        .collect();
    let mut ready = Vec::new();
    for annonce in all {
        let structure = *structures.get(&annonce.structure).ok_or("an annonce of an unknown structure")?;
        let author = *authors.get(&annonce.structure).ok_or("a structure without gestionnaire")?;
        let at = now - chrono::Duration::days(i64::from(annonce.days_ago));
        let etat = EtatAnnonce::from_word(annonce.etat).ok_or("an annonce in an unknown state")?;
        let content = store::annonces::Contenu {
            titre: annonce.titre,
            description: annonce.description,
            specialite: annonce.specialite,
            sous_specialite: annonce.sous_specialite,
            regions: annonce.regions,
            departements: annonce.departements,
            modalite: Modalite::from_word(annonce.modalite).ok_or("an unknown modalité")?,
            du: Some(annonce.du),
            au: Some(annonce.au),
        };
        ready.push((structure, author, at, etat, content));
    }
    store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                for (structure, author, at, etat, content) in ready {
                    transaction.now = at;
                    let id = store::annonces::create(transaction, structure, author, &content).await?;
                    if etat != EtatAnnonce::Brouillon {
                        store::annonces::backdate(transaction, id, at, etat).await?;
                    }
                }
                transaction.now = now;
                Ok(())
            })
        })
        .await?;
    Ok(())
}

async fn threads(
    store: &Store,
    demo: &Demo,
    structures: &HashMap<String, StructureId>,
    staff: &HashMap<String, CompteId>,
    people: &[Written],
    now: NaiveDateTime,
) -> Result<(), Failure> {
    let count = people.len().min(400);
    let mut boxes = HashMap::new();
    for (code, id) in structures {
        if let Some(found) = store::correspondants::of_structure(&mut store.read().await?, *id).await? {
            boxes.insert(code.clone(), found);
        }
    }
    let mut ready: Vec<(DemoThread, Written, CorrespondantId, Vec<CompteId>)> = Vec::new();
    for thread in (0..count).filter_map(|number| demo.thread(number, people.len())) {
        let Some(person) = people.get(thread.intervenant).copied() else { continue };
        let structure = *boxes.get(&thread.structure).ok_or("a thread with an unknown structure")?;
        let mut authors = Vec::new();
        for message in &thread.messages {
            authors.push(match &message.gestionnaire {
                Some(login) => *staff.get(login.as_str()).ok_or("a message of an unknown gestionnaire")?,
                None => person.compte,
            });
        }
        ready.push((thread, person, structure, authors));
    }
    store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                for (number, (thread, person, structure, authors)) in ready.iter().enumerate() {
                    write_thread(transaction, number, thread, *person, *structure, authors, now).await?;
                }
                transaction.now = now;
                Ok(())
            })
        })
        .await?;
    Ok(())
}

async fn write_thread(
    transaction: &mut Transaction,
    number: usize,
    thread: &DemoThread,
    person: Written,
    structure: CorrespondantId,
    authors: &[CompteId],
    now: NaiveDateTime,
) -> store::Result<()> {
    let mut previous = None;
    for (rank, (message, author)) in thread.messages.iter().zip(authors).enumerate() {
        let from_structure = message.gestionnaire.is_some();
        let a = if from_structure { person.correspondant } else { structure };
        transaction.now = now - chrono::Duration::hours(i64::from(message.hours_ago));
        let contenu = allowed(Contenu::parse(&message.objet, &message.texte).map_err(Refused::Because))?;
        let answered = previous.filter(|(_, from)| *from != from_structure).map(|(id, _)| id);
        let envoi = Envoi {
            a: vec![a],
            contenu,
            reponse_a: answered,
            reponse_connue: None,
            jeton: format!("demonstration-{number}-{rank}"),
            brouillon: None,
        };
        let sent = allowed(SendMessage(envoi).within(transaction, *author).await)?.message();
        if message.lu {
            let action = store::boites::Action::Lu;
            store::boites::act(transaction, a, Boite::Reception, &[sent], action).await?;
        }
        previous = Some((sent, from_structure));
    }
    Ok(())
}

/// Articles as an administrateur would write them, the newest actualité last.
const ARTICLES: &[(Rubrique, &str)] = &[
    (Rubrique::Actualite, include_str!("articles/actualites/05.md")),
    (Rubrique::Actualite, include_str!("articles/actualites/04.md")),
    (Rubrique::Actualite, include_str!("articles/actualites/03.md")),
    (Rubrique::Actualite, include_str!("articles/actualites/02.md")),
    (Rubrique::Actualite, include_str!("articles/actualites/01.md")),
    (Rubrique::Information, include_str!("articles/informations/01.md")),
    (Rubrique::Information, include_str!("articles/informations/02.md")),
    (Rubrique::Information, include_str!("articles/informations/03.md")),
];

/// The article with the guide, by the end of its title.
const GUIDE_ARTICLE: &str = "guide pratique";

/// The guide for the writer of files: lines that are no sentence become headings, in capitals.
fn guide_text() -> String {
    let lines = include_str!("articles/guide-pratique.txt").lines();
    let lines = lines.map(|line| if line.ends_with('.') { line.to_owned() } else { line.to_uppercase() });
    lines.collect::<Vec<_>>().join("\n")
}

async fn articles(store: &Store, blobs: &Blobs) -> Result<(), Failure> {
    let bytes = files::write(files::Format::Pdf, "Guide pratique", &guide_text())?;
    let stored = blobs.store(Place::Article, "Guide pratique de l’intervenant.pdf", &mut &bytes[..]).await?;
    let guide = Document {
        nom: stored.name,
        format: stored.format.to_string(),
        taille: i64::try_from(stored.bytes)?,
        blob: stored.id.to_string(),
    };
    store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                let now = transaction.now;
                for (rubrique, markdown) in ARTICLES {
                    let (titre, rest) = store::contenus::split(markdown);
                    let (resume, texte) = rest.split_once('\n').unwrap_or((rest, ""));
                    let redaction = Redaction {
                        titre: titre.to_owned(),
                        resume: resume.trim_start_matches('>').trim().to_owned(),
                        texte: texte.trim().to_owned(),
                        publie_at: Some(now),
                    };
                    let id = store::contenus::create_article(transaction, *rubrique, &redaction).await?;
                    if *rubrique == Rubrique::Information && titre.ends_with(GUIDE_ARTICLE) {
                        store::contenus::set_document(transaction, id, Some(&guide)).await?;
                    }
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}
