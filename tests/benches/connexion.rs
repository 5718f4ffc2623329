//! Logins per second over HTTP, beside a bare loop of argon2 with the same parameters on the same cores:
//! `cargo bench --bench connexion -- [logins] [at once]` (600 and 4 by default).
//!
//! What a login costs besides its hash (two transactions, the session, HTTP, and this client on the same machine) is
//! what keeps the ratio under 1.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use actors::mots_de_passe::Passwords;
use common::person::{PASSWORD, Person, open_store};
use common::program::Program;
use common::{Failure, Times, argument, line, millis, ratio};
use domain::mot_de_passe::{MAX, MotDePasse};

/// Tries under way that an address is forgiven (SPEC K10): more at once would be slowed.
const AT_ONCE_MAX: usize = 24;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let (count, at_once) = (argument(0, 600)?.max(1), argument(1, 4)?.clamp(1, AT_ONCE_MAX));
    let cores = std::thread::available_parallelism()?.get();
    println!("{count} logins, {at_once} at once, {cores} cores");

    let bare = bare(count, at_once, cores).await?;
    line(
        "argon2 alone (m=19456, t=2, p=1)",
        format!("{bare:.1}/s, {:.1} ms of a core each", cores as f64 / bare * 1e3),
    );

    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let arguments = ["--intervenants", "60", "--annonces", "20", "--fichiers", "0"];
    let mut program = Program::demo(&data, &folder.path().join("logs"), &arguments)?;
    program.first_page("/")?;
    program.wait_until_quiet()?;
    let store = open_store(&data).await?;
    let logins: Vec<String> = store::structures::all(&mut store.read().await?)
        .await?
        .into_iter()
        .map(|structure| format!("gestion.{}@demo.example", structure.code))
        .take(at_once)
        .collect();
    drop(store);
    if logins.len() < at_once {
        return Err("fewer structures than logins at once".into());
    }

    let used = program.processor()?;
    let left = Arc::new(AtomicUsize::new(count));
    let began = Instant::now();
    let mut browsers = Vec::new();
    for login in logins {
        // An account each: tries on one account are counted together until one of them is right.
        let (person, left) = (Person::visitor(&program.url())?, left.clone());
        browsers.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                let fields = [("email", login.as_str()), ("mot_de_passe", PASSWORD)];
                let began = Instant::now();
                person.post_to("/authentification/", &fields, "/tableau-de-bord").await?;
                times.push(began.elapsed());
            }
            Ok::<_, Failure>(times)
        }));
    }
    let mut times = Vec::new();
    for browser in browsers {
        times.extend(browser.await??);
    }
    let rate = count as f64 / began.elapsed().as_secs_f64();
    let processor = program.processor_since(used)? / u32::try_from(count)?;
    line("logins over HTTP", format!("{rate:.1}/s, {} ms of a core each", millis(processor)));
    line("… each", times.into_iter().collect::<Times>().in_words());
    line("… of the bare loop's rate", ratio(rate, bare));
    program.stop()
}

/// Comparisons per second with nothing around them.
async fn bare(count: usize, at_once: usize, cores: usize) -> Result<f64, Failure> {
    let passwords = Passwords::new(cores)?;
    let password = MotDePasse::parse(PASSWORD, MAX).map_err(|missed| domain::mot_de_passe::sentence(&missed))?;
    let hash: Arc<str> = passwords.hash(&password).await?.into();
    let left = Arc::new(AtomicUsize::new(count));
    let began = Instant::now();
    let mut loops = Vec::new();
    for _ in 0..at_once.max(cores) {
        let (passwords, hash, left) = (passwords.clone(), hash.clone(), left.clone());
        loops.push(tokio::spawn(async move {
            while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                if !passwords.matches(PASSWORD, Some(&hash)).await?.is_right() {
                    return Err("the right password does not match".into());
                }
            }
            Ok::<_, Failure>(())
        }));
    }
    for task in loops {
        task.await??;
    }
    Ok(count as f64 / began.elapsed().as_secs_f64())
}
