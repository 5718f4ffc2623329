//! Opening, following the journal, dying at any moment, rebuilding beside searches, erasing (SPEC C4, Q7, Q8).

mod common;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use common::{cv, facts, ids, index, results, search};
use search_index::{Access, CvDocument, Error, Opened, RebuildReason, SearchIndex};

fn occurrences(folder: &Path, needle: &[u8]) -> usize {
    std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                occurrences(&path, needle)
            } else {
                std::fs::read(&path).expect("a file").windows(needle.len()).filter(|bytes| *bytes == needle).count()
            }
        })
        .sum()
}

fn generations(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder.join("cvs"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("generation-"))
        .collect();
    names.sort();
    names
}

#[test]
fn q8_the_cursor_survives_a_restart() {
    let (folder, index) = index(&[cv(1, "A", "A", "paie")], &[]);
    assert_eq!(index.cursor(), Some(0));
    index.cvs().upsert(&cv(2, "B", "B", "budget")).expect("accepted");
    index.commit(0, 41).expect("committed");
    assert_eq!(index.cursor(), Some(41));
    index.cvs().delete(1).expect("accepted");
    index.commit(41, 42).expect("committed");
    drop(index);
    let Opened::Ready(index) = SearchIndex::open(folder.path(), Access::Write).expect("opens") else {
        panic!("a healthy index is ready");
    };
    assert_eq!(index.cvs().cursor(), Some(42));
    // Nothing of the annonces changed: their cursor is only written down now and then, and read again is harmless.
    assert_eq!(index.cursor(), Some(0));
    assert_eq!(ids(&index, ""), [2]);
    index.commit(0, 20_000).expect("committed");
    drop(index);
    let index = SearchIndex::open(folder.path(), Access::Write).expect("opens").index();
    assert_eq!(index.cursor(), Some(20_000));
}

#[test]
fn q8_a_batch_that_would_leave_a_gap_is_refused() {
    let (_folder, index) = index(&[], &[]);
    index.cvs().upsert(&cv(1, "A", "A", "paie")).expect("accepted");
    index.cvs().commit(0, 10).expect("committed");
    assert!(matches!(index.cvs().commit(11, 12), Err(Error::Gap { reached: 10, from: 11 })));
    index.cvs().commit(5, 8).expect("what was seen already is harmless");
    assert_eq!(index.cvs().cursor(), Some(10));
    // A rebuild from older facts takes the cursor back: the follower, still at 10, is told.
    index.cvs().rebuild(facts(&[cv(1, "A", "A", "paie")]), 7, |_| {}).expect("builds");
    assert!(matches!(index.cvs().commit(10, 11), Err(Error::Gap { reached: 7, from: 10 })));
}

const CHILD: &str = "SEARCH_INDEX_TEST_CHILD";

/// The body of the child process of the next test; does nothing when run as a test.
#[test]
fn child_that_is_killed_between_add_and_commit() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let index = SearchIndex::open(Path::new(&folder), Access::Write).expect("opens").index();
    index.cvs().upsert(&cv(2, "B", "B", "committed")).expect("accepted");
    index.cvs().commit(0, 5).expect("committed");
    for id in 3..300 {
        index.cvs().upsert(&cv(id, "C", "C", "acknowledged by nobody")).expect("accepted");
    }
    println!("\nREADY");
    let mut forever = String::new();
    std::io::stdin().read_to_string(&mut forever).expect("killed before");
}

#[test]
fn q8_killed_between_add_and_commit_it_opens_at_the_old_cursor() {
    let (folder, first) = index(&[cv(1, "A", "A", "paie")], &[]);
    drop(first);
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "child_that_is_killed_between_add_and_commit", "--nocapture"])
        .env(CHILD, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "READY"), "the child got to the point");

    // While it lives, it alone writes; searching stays possible.
    assert!(matches!(SearchIndex::open(folder.path(), Access::Write), Err(Error::Locked(_))));
    let reader = SearchIndex::open(folder.path(), Access::Read).expect("opens").index();
    assert_eq!(ids(&reader, ""), [1, 2]);
    assert!(matches!(reader.cvs().upsert(&cv(9, "X", "X", "x")), Err(Error::ReadOnly)));

    child.kill().expect("killed");
    child.wait().expect("dead");
    let index = SearchIndex::open(folder.path(), Access::Write).expect("opens").index();
    assert_eq!(index.cvs().cursor(), Some(5));
    assert_eq!(ids(&index, ""), [1, 2]);
    // And it writes on.
    index.cvs().upsert(&cv(3, "C", "C", "again")).expect("accepted");
    index.cvs().commit(5, 6).expect("committed");
    assert_eq!(ids(&index, ""), [1, 2, 3]);
    reader.refresh().expect("refreshed");
    assert_eq!(ids(&reader, ""), [1, 2, 3]);
}

#[test]
fn q8_a_missing_index_asks_for_a_rebuild_and_takes_nothing_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let Opened::NeedsRebuild { index, cvs, annonces } = SearchIndex::open(folder.path(), Access::Write).expect("opens")
    else {
        panic!("there is no index yet");
    };
    assert_eq!((cvs, annonces), (Some(RebuildReason::Missing), Some(RebuildReason::Missing)));
    assert_eq!(index.cursor(), None);
    assert!(matches!(index.search_cvs(&search("paie")), Err(Error::NotBuilt(RebuildReason::Missing))));
    assert!(matches!(index.cvs().upsert(&cv(1, "A", "A", "paie")), Err(Error::NotBuilt(_))));
    index.cvs().rebuild(facts::<CvDocument>(&[]), 3, |_| {}).expect("builds");
    assert_eq!(index.cvs().cursor(), Some(3));
    assert_eq!(results(&index, "paie").total, 0);
}

#[test]
fn q8_searches_and_the_first_build_do_not_wait_for_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = SearchIndex::open(folder.path(), Access::Write).expect("opens").index();
    let (built, told) = std::sync::mpsc::channel();
    for _ in 0..2 {
        let (index, built) = (index.clone(), built.clone());
        // Not scoped: threads that wait for each other for ever must fail the test, not hang it.
        std::thread::spawn(move || {
            while index.search_cvs(&search("paie")).is_err() {}
            built.send(()).expect("the test waits");
        });
    }
    std::thread::spawn(move || {
        index.cvs().rebuild(facts(&[cv(1, "A", "A", "paie")]), 1, |_| {}).expect("builds");
        built.send(()).expect("the test waits");
    });
    for _ in 0..3 {
        told.recv_timeout(std::time::Duration::from_mins(1)).expect("nobody waits for ever");
    }
}

#[test]
fn q8_a_damaged_index_asks_for_a_rebuild() {
    for damage in ["meta.json", "current", ".term", ".fast", ".store", ".idx"] {
        let (folder, first) = index(&[cv(1, "A", "A", "paie"), cv(2, "B", "B", "budget")], &[]);
        drop(first);
        let shelf = folder.path().join("cvs");
        if damage == "current" {
            std::fs::write(shelf.join(damage), b"\xff\xfe").expect("written");
        } else {
            let generation = shelf.join(&generations(folder.path())[0]);
            let path = std::fs::read_dir(&generation)
                .expect("a folder")
                .map(|entry| entry.expect("an entry").path())
                .find(|path| path.to_string_lossy().ends_with(damage))
                .expect("such a file");
            std::fs::write(&path, b"{").expect("written");
        }
        let Opened::NeedsRebuild { index, cvs, annonces } =
            SearchIndex::open(folder.path(), Access::Write).expect("opens")
        else {
            panic!("{damage} is damaged");
        };
        assert!(matches!(cvs, Some(RebuildReason::Damaged(_) | RebuildReason::Missing)), "{damage}: {cvs:?}");
        assert_eq!(annonces, None, "{damage}: the other index is well");
        index.cvs().rebuild(facts(&[cv(1, "A", "A", "paie")]), 0, |_| {}).expect("builds");
        assert_eq!(ids(&index, "paie"), [1], "{damage}");
        assert_eq!(generations(folder.path()).len(), 1);
    }
}

#[test]
fn q8_a_byte_turned_inside_a_file_is_reported_by_verify() {
    let people: Vec<CvDocument> = (1..200).map(|id| cv(id, "A", "A", "paie budget marchés")).collect();
    let (folder, first) = index(&people, &[]);
    assert_eq!(first.cvs().verify().expect("read"), Vec::<std::path::PathBuf>::new());
    drop(first);
    let generation = folder.path().join("cvs").join(&generations(folder.path())[0]);
    let path = std::fs::read_dir(generation)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|extension| extension == "store"))
        .expect("a store");
    let mut bytes = std::fs::read(&path).expect("read");
    for byte in &mut bytes[20..60] {
        *byte ^= 0x55;
    }
    std::fs::write(&path, bytes).expect("written");
    let index = SearchIndex::open(folder.path(), Access::Write).expect("opens").index();
    assert_eq!(index.cvs().verify().expect("read").len(), 1);
    // Whatever the bytes say now, a search is an answer or an error.
    match index.search_cvs(&search("paie")) {
        Ok(found) => assert_eq!(found.total, 199),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[test]
fn q8_an_index_of_another_version_serves_until_it_is_rebuilt() {
    let (folder, first) = index(&[cv(1, "A", "A", "paie")], &[]);
    drop(first);
    let meta = folder.path().join("cvs").join(&generations(folder.path())[0]).join("meta.json");
    let text = std::fs::read_to_string(&meta).expect("read");
    let older = text.replace(&format!("/french-{}", search_index::french::TOKENIZER_VERSION), "/french-0");
    assert_ne!(text, older, "the version is in the commit");
    std::fs::write(&meta, older).expect("written");
    let Opened::NeedsRebuild { index, cvs, .. } = SearchIndex::open(folder.path(), Access::Write).expect("opens")
    else {
        panic!("another tokenizer needs a rebuild");
    };
    assert!(matches!(cvs, Some(RebuildReason::OtherVersion { .. })), "{cvs:?}");
    assert_eq!(ids(&index, "paie"), [1], "meanwhile it serves");
    assert!(matches!(index.cvs().upsert(&cv(2, "B", "B", "x")), Err(Error::NotBuilt(_))), "but takes nothing new");
    index.cvs().rebuild(facts(&[cv(2, "B", "B", "paie")]), 12, |_| {}).expect("builds");
    assert_eq!(ids(&index, "paie"), [2]);
    assert_eq!(index.cvs().needs_rebuild(), None);
    drop(index);
    assert!(matches!(SearchIndex::open(folder.path(), Access::Write).expect("opens"), Opened::Ready(_)));
}

#[test]
fn q8_the_old_index_serves_and_follows_while_the_new_one_is_built() {
    let (folder, index) = index(&[cv(1, "A", "A", "ancien paie")], &[]);
    let searches = AtomicU64::new(0);
    let over = AtomicBool::new(false);
    let told = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let searcher = scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                let found = ids(&index, "paie");
                // The old documents, the followed one among them or not yet, or all the new ones: never a mixture.
                assert!(found == [1] || found == [1, 2] || found.len() == 20 && found[0] >= 1_000, "{found:?}");
                searches.fetch_add(1, Ordering::AcqRel);
            }
        });
        let new = (1_000..3_000).map(|id| {
            if id == 1_500 {
                // In the midst of it, the old one follows the journal, and a second rebuild is refused.
                index.cvs().upsert(&cv(2, "B", "B", "paie")).expect("accepted");
                index.cvs().commit(0, 1).expect("committed");
                assert_eq!(ids(&index, "paie"), [1, 2]);
                let second = index.cvs().rebuild(facts::<CvDocument>(&[]), 0, |_| {});
                assert!(matches!(second, Err(Error::AlreadyRebuilding)));
            }
            let before = searches.load(Ordering::Acquire);
            while id % 400 == 0 && searches.load(Ordering::Acquire) < before + 2 {
                assert!(!searcher.is_finished(), "the searcher failed");
                std::thread::yield_now();
            }
            Ok::<_, std::io::Error>(cv(id, "A", "A", "paie"))
        });
        let count = index.cvs().rebuild(new, 1, |documents| {
            told.fetch_max(documents, Ordering::AcqRel);
        });
        assert_eq!(count.expect("builds"), 2_000);
        over.store(true, Ordering::Release);
    });
    assert_eq!(told.load(Ordering::Acquire), 2_000);
    assert_eq!(results(&index, "paie").total, 2_000);
    assert_eq!(results(&index, "ancien").total, 0);
    assert_eq!(generations(folder.path()), ["generation-000002"]);
}

#[test]
fn q8_a_rebuild_that_fails_changes_nothing() {
    let (folder, index) = index(&[cv(1, "A", "A", "paie")], &[]);
    let failing = (0..10).map(|id| if id < 9 { Ok(cv(id, "B", "B", "budget")) } else { Err("the database went away") });
    assert!(matches!(index.cvs().rebuild(failing, 5, |_| {}), Err(Error::Source(_))));
    let panicking = (0..10).map(|id| {
        assert!(id < 5, "a bug in the source");
        Ok::<_, std::io::Error>(cv(id, "B", "B", "budget"))
    });
    assert!(matches!(index.cvs().rebuild(panicking, 5, |_| {}), Err(Error::Panicked(_))));
    assert_eq!(ids(&index, ""), [1]);
    assert_eq!(index.cvs().cursor(), Some(0));
    assert_eq!(generations(folder.path()), ["generation-000001"]);
    index.cvs().upsert(&cv(2, "B", "B", "paie")).expect("it still takes documents");
    index.cvs().commit(0, 1).expect("committed");
    assert_eq!(ids(&index, "paie"), [1, 2]);
}

#[test]
fn q7_what_was_erased_is_gone_from_the_bytes() {
    // Rare letters, so that neither a dictionary's shared beginnings nor compression hide the word.
    const WORD: &str = "zqxwkvjhzz";
    let mut people: Vec<CvDocument> = (1..120).map(|id| cv(id, "A", "A", "paie budget")).collect();
    people[50] = cv(51, "Zqxwkvjhzz", "A", &format!("secret {WORD}"));
    let (folder, index) = index(&people, &[]);
    // A second segment without any deletion must stay as it is.
    index.cvs().upsert(&cv(500, "B", "B", "autre")).expect("accepted");
    index.cvs().commit(0, 1).expect("committed");
    assert!(occurrences(folder.path(), WORD.as_bytes()) > 0, "the test can see it");
    assert_eq!(ids(&index, WORD), [51]);
    index.cvs().delete(51).expect("accepted");
    index.cvs().commit(1, 2).expect("committed");
    assert_eq!(results(&index, WORD).total, 0);
    assert!(occurrences(folder.path(), WORD.as_bytes()) > 0, "deleted is not yet erased");
    let purged = index.purge().expect("purged");
    assert!(purged.segments >= 1 && purged.files > 0, "{purged:?}");
    assert_eq!(occurrences(folder.path(), WORD.as_bytes()), 0);
    assert_eq!(results(&index, "").total, 119);
    assert_eq!(index.cvs().cursor(), Some(2));
    // It writes on, and a second purge has nothing to do.
    index.cvs().upsert(&cv(501, "B", "B", "autre")).expect("accepted");
    index.cvs().commit(2, 3).expect("committed");
    assert_eq!(index.purge().expect("purged").segments, 0);
    drop(index);
    let index = SearchIndex::open(folder.path(), Access::Write).expect("opens").index();
    assert_eq!(index.cvs().cursor(), Some(3));
    assert_eq!(results(&index, "autre").total, 2);
}

#[test]
fn q8_many_small_commits_stay_whole() {
    let (_folder, index) = index(&[], &[]);
    for round in 0..60_i64 {
        for id in 0..5 {
            index.cvs().upsert(&cv(round % 12 * 5 + id, "A", "A", &format!("paie tour{round}"))).expect("accepted");
        }
        index.cvs().commit(round, round + 1).expect("committed");
        assert_eq!(results(&index, &format!("tour{round}")).total, 5);
    }
    assert_eq!(results(&index, "paie").total, 60);
    index.purge().expect("purged");
    assert_eq!(results(&index, "paie").total, 60);
    assert_eq!(index.cvs().cursor(), Some(60));
}

#[test]
fn q8_the_handle_is_shared_by_threads() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let (_folder, index) = index(&[], &[]);
    shared(&index);
}
