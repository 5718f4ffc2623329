//! Matching an annonce with the alert subscriptions, and writing its alerts:
//! `cargo bench --bench alertes -- [subscriptions] [accounts alerted]` (100,000 and 6,000 by default).
//!
//! Matching stands beside the naive scan of every subscription with the same rule; the fan-out to a SQLite outbox, one
//! transaction as the server does it, beside a transaction per account.

mod common;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use actors::commands::alertes::{Annonce, announce};
use common::{Failure, Times, argument, line, millis, ratio, thread_processor};
use domain::alertes::{Abonnement, Index, Regle, Sujet};
use domain::annonce::Modalite;
use domain::compte::{EtatCompte, Role};
use domain::email::Email;
use domain::time::Clock;
use domain::{CompteId, StructureId};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use store::Store;

/// As many as the referentials have, roughly.
const SPECIALITES: usize = 20;
const SOUS_SPECIALITES: usize = 180;
const REGIONS: usize = 18;
/// Annonces matched, and of those how many also by the naive scan.
const ANNONCES: usize = 1_000;
const SCANNED: usize = 60;
/// Accounts of the outbox written one transaction each.
const ONE_BY_ONE: usize = 500;
/// SPEC Q10.
const AIM: Duration = Duration::from_millis(1);

/// A word that nobody guesses, as the program makes them.
fn word() -> String {
    format!("{:032x}", rand::random::<u128>())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    matching(argument(0, 100_000)?)?;
    fan_out(argument(1, 6_000)?.max(1)).await
}

fn codes(random: &mut StdRng, kind: &str, count: usize, of: usize) -> BTreeSet<String> {
    (0..count).map(|_| format!("{kind}{:03}", random.random_range(0..of))).collect()
}

/// Somebody's alert: most want both at once, one in four takes a whole spécialité, the rest sous-spécialités.
fn abonnement(random: &mut StdRng) -> Abonnement {
    let regle = match random.random_range(0..100) {
        0..40 => Regle::SpecialitesEtRegions,
        40..70 => Regle::Specialites,
        70..90 => Regle::SpecialitesOuRegions,
        _ => Regle::Regions,
    };
    let whole = random.random_range(0..4) == 0;
    let (specialites, sous_specialites) = if whole { (1, 0) } else { (0, random.random_range(1..4)) };
    let regions = random.random_range(1..4);
    Abonnement {
        regle,
        specialites: codes(random, "s", specialites, SPECIALITES),
        sous_specialites: codes(random, "u", sous_specialites, SOUS_SPECIALITES),
        regions: codes(random, "r", regions, REGIONS),
    }
}

fn sujet(random: &mut StdRng, national: bool) -> Sujet {
    let sous = random.random_range(0..SOUS_SPECIALITES);
    Sujet {
        specialite: format!("s{:03}", sous % SPECIALITES),
        sous_specialite: Some(format!("u{sous:03}")),
        regions: if national { Vec::new() } else { codes(random, "r", 1, REGIONS).into_iter().collect() },
    }
}

fn matching(count: usize) -> Result<(), Failure> {
    let random = &mut StdRng::seed_from_u64(1);
    let people: Vec<(CompteId, Abonnement)> =
        (1..=count).map(|id| Ok((CompteId(i64::try_from(id)?), abonnement(random)))).collect::<Result<_, Failure>>()?;
    let began = Instant::now();
    let mut index = Index::default();
    for (id, abonnement) in &people {
        index.set(*id, abonnement.clone());
    }
    line(&format!("{count} subscriptions, index made"), format!("{} ms", millis(began.elapsed())));

    for national in [false, true] {
        let annonces: Vec<Sujet> = (0..ANNONCES).map(|_| sujet(random, national)).collect();
        let mut found = 0;
        let mut times = Vec::with_capacity(ANNONCES);
        let used = thread_processor()?;
        for sujet in &annonces {
            let began = Instant::now();
            let matches = index.matching(sujet);
            times.push(began.elapsed());
            found += matches.len();
        }
        let processor = thread_processor()?.saturating_sub(used) / u32::try_from(ANNONCES)?;
        let times: Times = times.into_iter().collect();
        let mut naive = Vec::with_capacity(SCANNED);
        let mut scanning = Duration::ZERO;
        for sujet in annonces.iter().take(SCANNED) {
            let (began, used) = (Instant::now(), thread_processor()?);
            let matches = people.iter().filter(|(_, abonnement)| abonnement.matches(sujet)).count();
            naive.push(began.elapsed());
            scanning += thread_processor()?.saturating_sub(used);
            if matches != index.matching(sujet).len() {
                return Err("the index and the rule disagree".into());
            }
        }
        let naive: Times = naive.into_iter().collect();
        let of = if national { "annonce of the whole country" } else { "annonce of one région" };
        line(&format!("{of}: {} matches on average", found / ANNONCES), times.in_words());
        line("… naive scan", naive.in_words());
        let scan = scanning / u32::try_from(SCANNED)?;
        let faster = ratio(scan.as_secs_f64(), processor.as_secs_f64());
        line(
            "… processor of one, on average",
            format!("{} ms; naive {} ms, {faster} times as much", millis(processor), millis(scan)),
        );
        let held = if times.median() < AIM { "held" } else { "missed" };
        line("… aim (Q10, median)", format!("{held}: {} ms under {} ms", millis(times.median()), millis(AIM)));
    }
    Ok(())
}

async fn fan_out(count: usize) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("espace.sqlite");
    let store = Store::open(&format!("sqlite:{}", path.display()), Clock::system()).await?;
    store.migrate().await?;
    store::referentiels::load(&store).await?;
    let (comptes, annonces) = people(&store, count).await?;
    let [first, second] = annonces;

    let all = comptes.clone();
    let began = Instant::now();
    let told = store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { announce(transaction, &first, &all, &word).await })
        })
        .await?;
    let together = began.elapsed();
    if told.len() != comptes.len() {
        return Err(format!("{} of {} accounts were told", told.len(), comptes.len()).into());
    }
    line(
        &format!("alerts of {count} accounts to the outbox, committed"),
        format!("{:.3} s, {:.0} accounts/s", together.as_secs_f64(), count as f64 / together.as_secs_f64()),
    );

    let alone = ONE_BY_ONE.min(count);
    let began = Instant::now();
    for id in comptes.into_iter().take(alone) {
        let annonce = second.clone();
        store
            .write::<_, store::Error, _>(None, move |transaction| {
                Box::pin(async move { announce(transaction, &annonce, &[id], &word).await })
            })
            .await?;
    }
    let apart = began.elapsed() / u32::try_from(alone)?;
    line("… one transaction per account", format!("{:.0} accounts/s", 1.0 / apart.as_secs_f64()));
    let times = ratio(apart.as_secs_f64(), together.as_secs_f64() / count as f64);
    line("… together is faster", format!("{times} times"));
    Ok(())
}

/// Accounts to be alerted, and two annonces of a structure.
async fn people(store: &Store, count: usize) -> Result<(Vec<CompteId>, [Annonce; 2]), Failure> {
    let mut connection = store.read().await?;
    let structure = store::structures::all(&mut connection).await?.into_iter().next().ok_or("no structure")?;
    let specialites = store::referentiels::list_specialites(&mut connection).await?;
    let specialite = specialites.into_iter().find(|item| item.parent_code.is_none()).ok_or("no spécialité")?;
    drop(connection);
    let logins: Vec<Email> =
        (0..count).map(|number| Email::parse(&format!("mesure.{number}@demo.example"))).collect::<Result<_, _>>()?;
    let content = store::annonces::Contenu {
        titre: "Préparer un budget communal".to_owned(),
        description: "Trois jours, à Rennes, pour des secrétaires de mairie.".to_owned(),
        specialite: specialite.code,
        sous_specialite: None,
        regions: Vec::new(),
        departements: Vec::new(),
        modalite: Modalite::Presentiel,
        du: None,
        au: None,
    };
    let (owner, titre, nom) = (StructureId(structure.id), content.titre.clone(), specialite.nom);
    let (comptes, ids) = store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                let mut comptes = Vec::with_capacity(logins.len());
                for login in logins {
                    let nouveau = store::comptes::Nouveau {
                        role: Role::Intervenant,
                        etat: EtatCompte::Actif,
                        login,
                        mot_de_passe: None,
                        civilite: "Mme".to_owned(),
                        nom: "Mesure".to_owned(),
                        prenom: "Anne".to_owned(),
                        structure: None,
                        naissance: None,
                        activation_avant: None,
                    };
                    comptes.push(store::comptes::create(transaction, &nouveau).await?);
                }
                let author = comptes[0];
                let first = store::annonces::create(transaction, owner, author, &content).await?;
                let second = store::annonces::create(transaction, owner, author, &content).await?;
                Ok((comptes, [first, second]))
            })
        })
        .await?;
    let annonces = ids.map(|id| Annonce {
        id,
        numero: format!("2026-{id:05}"),
        titre: titre.clone(),
        structure: structure.nom.clone(),
        specialite: nom.clone(),
        regions: "toute la France".to_owned(),
        periode: "du 4 au 6 mai 2027".to_owned(),
    });
    Ok((comptes, annonces))
}
