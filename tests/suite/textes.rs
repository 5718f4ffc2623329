//! The words that people read, wherever they stand: templates, strings of Rust and of JavaScript, texts that come with the
//! program (SPEC Q4). No straight apostrophe, the spaces of French typography, one word for one thing, and nothing that
//! takes who reads for a man.
//!
//! Pages and mails get their no-break spaces as they leave (`domain/src/typographie.rs`): in what these send, plain spaces are
//! right. What a script says goes through neither, and bears its own. What the
//! people of the demonstration wrote stays as people write.

use std::path::{Path, PathBuf};

use crate::support::{Engine, Site, logins};

struct Texte {
    file: String,
    line: usize,
    words: String,
    /// Whether it reaches people without passing through what sets the spaces.
    script: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extensions: &[&str], into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let named = |names: &[&str]| path.file_name().is_some_and(|name| names.iter().any(|one| name == *one));
        if path.is_dir() {
            // What a mail says is read where it is written; the demonstration's people write as they like.
            if !named(&["snapshots", "tests", "demo"]) {
                files(&path, extensions, into);
            }
        } else if path.extension().is_some_and(|one| extensions.iter().any(|known| one == *known))
            && !named(&["tests.rs", "README.md", "employeurs-publics.csv"])
        {
            into.push(path);
        }
    }
}

/// The strings of a Rust or JavaScript source, with the line each begins on: comments and the tests beside the code apart.
fn strings(source: &str, quotes: &[char]) -> Vec<(usize, String)> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut signs = source.chars().peekable();
    let (mut line, mut before) = (1, '\n');
    while let Some(c) = signs.next() {
        line += usize::from(c == '\n');
        match c {
            '/' if signs.peek() == Some(&'/') && before != ':' => {
                for c in signs.by_ref() {
                    if c == '\n' {
                        line += 1;
                        break;
                    }
                }
            }
            // A letter between quotes in Rust; a lifetime holds no quote.
            '\'' if !quotes.contains(&'\'') => {
                let rest: String = signs.clone().take(2).collect();
                if rest == "\"'" || rest == "\\\"" {
                    signs.next();
                    signs.next_if_eq(&'"');
                }
            }
            quote if quotes.contains(&quote) => {
                let (begun, mut words) = (line, String::new());
                while let Some(c) = signs.next() {
                    line += usize::from(c == '\n');
                    match c {
                        _ if c == quote => break,
                        '\\' => match signs.next() {
                            // The line goes on below.
                            Some('\n') => {
                                line += 1;
                                while signs.next_if(|c| *c == ' ' || *c == '\t').is_some() {}
                            }
                            Some('n') => words.push('\n'),
                            Some('u') => {
                                let code: String =
                                    signs.by_ref().take_while(|c| *c != '}').filter(char::is_ascii_hexdigit).collect();
                                words.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
                            }
                            Some(other) => words.push(other),
                            None => {}
                        },
                        _ => words.push(c),
                    }
                }
                found.push((begun, words));
            }
            _ => {}
        }
        before = c;
    }
    found
}

/// What stands between an opening and a closing sign is taken out, but for its ends of lines.
fn without(text: &str, open: &str, close: &str, instead: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let (taken, after) = after.split_once(close).unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(instead);
        out.extend(taken.matches('\n'));
        rest = after;
    }
    out + rest
}

/// The words of a template, with the line of each: between its tags, and the strings that it hands to macros.
fn of_template(source: &str) -> Vec<(usize, String)> {
    let source = without(source, "{#", "#}", "");
    let shown = without(&without(&source, "{%", "%}", ""), "{{", "}}", "X");
    let shown = without(&without(&shown, "<code>", "</code>", "X"), "<", ">", "\0");
    let mut found = strings(&source, &['"']);
    let mut line = 1;
    for words in shown.split('\0') {
        found.push((line, words.lines().map(str::trim).collect::<Vec<_>>().join(" ")));
        line += words.matches('\n').count();
    }
    found
}

/// Every text of the program.
fn all() -> Vec<Texte> {
    let mut paths = Vec::new();
    for part in ["domain", "store", "documents", "search-index", "actors", "web"] {
        files(&root().join(part).join("src"), &["rs"], &mut paths);
    }
    files(&root().join("src"), &["rs"], &mut paths);
    files(&root().join("web/templates"), &["html"], &mut paths);
    files(&root().join("web/assets/js"), &["js"], &mut paths);
    files(&root().join("migrations/data"), &["md", "csv"], &mut paths);
    files(&root().join("src/demo/articles"), &["md"], &mut paths);
    let mut found = Vec::new();
    for path in paths {
        let source = std::fs::read_to_string(&path).expect("text");
        let file = path.strip_prefix(root()).expect("below the root").display().to_string();
        let kind = path.extension().and_then(|one| one.to_str()).unwrap_or_default();
        let lines: Vec<(usize, String)> = match kind {
            "rs" => strings(&source, &['"']),
            "js" => strings(&source, &['"', '`', '\'']),
            "html" => of_template(&source),
            _ => source.lines().enumerate().map(|(at, line)| (at + 1, line.to_owned())).collect(),
        };
        let script = kind == "js";
        found.extend(lines.into_iter().map(|(line, words)| Texte { file: file.clone(), line, words, script }));
    }
    found
}

/// Whether it is French: a log or a query is not.
fn french(words: &str) -> bool {
    words.contains(['é', 'è', 'ê', 'à', 'ç', 'ù', 'ô', 'î', 'â', 'œ', 'É', 'À', '’', '«', '»'])
}

/// What elides, and would bear the apostrophe.
const ELIDED: [&str; 14] =
    ["l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "aujourd", "quelqu"];

/// A straight apostrophe in French.
fn straight(words: &str) -> bool {
    let signs: Vec<char> = words.chars().collect();
    (0..signs.len()).filter(|&at| signs[at] == '\'').any(|at| {
        let word: String = signs[..at].iter().rev().take_while(|c| c.is_alphanumeric()).collect();
        let word: String = word.chars().rev().collect::<String>().to_lowercase();
        ELIDED.contains(&word.as_str()) && signs.get(at + 1).is_some_and(|c| c.is_alphabetic())
    })
}

/// What the manual and the pages call by one word, and the other words for it.
const OTHER_WORDS: [(&str, &str); 6] = [
    ("Téléphone mobile", "Téléphone portable"),
    ("téléphone mobile", "téléphone portable"),
    ("Répondre à cette annonce", "Candidater"),
    ("Répondre à une annonce", "Candidater à une annonce"),
    ("ostuler", "candidater"),
    ("auvegardé", "enregistré"),
];

/// What is said of somebody in the masculine alone, after « vous êtes » and the like.
const MASCULINE: [&str; 22] = [
    "prévenu",
    "connecté",
    "déconnecté",
    "reconnecté",
    "inscrit",
    "désinscrit",
    "informé",
    "averti",
    "alerté",
    "invité",
    "recruté",
    "immatriculé",
    "intervenu",
    "abonné",
    "choisi",
    "contacté",
    "retenu",
    "entré",
    "repéré",
    "identifié",
    "seul",
    "autorisé",
];

/// Whether a sentence takes who reads for a man.
fn masculine(words: &str) -> bool {
    let words: Vec<String> = words
        .split(|c: char| !c.is_alphabetic() && c != '’')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let said = word.rsplit('’').next().unwrap_or_default();
        MASCULINE.contains(&said) && {
            let before = &words[at.saturating_sub(4)..at];
            let of_you = |one: &String| {
                let one = one.rsplit('’').next().unwrap_or_default();
                ["êtes", "serez", "étiez", "seriez", "soyez"].contains(&one)
            };
            let to_be = before.last().is_some_and(|one| one == "être" || one.ends_with("’être"));
            // « Un courriel vient d’être envoyé » speaks of no person; these words do.
            before.iter().any(of_you) || to_be
        }
    })
}

/// What breaks a rule in a text.
fn wrong(texte: &Texte) -> Vec<String> {
    let words = texte.words.as_str();
    let mut wrong = Vec::new();
    if straight(words) {
        wrong.push("a straight apostrophe".to_owned());
    }
    for (other, one) in OTHER_WORDS {
        if words.contains(other) {
            wrong.push(format!("« {other} » for « {one} »"));
        }
    }
    if !french(words) {
        return wrong;
    }
    if masculine(words) {
        wrong.push("who reads may be a woman".to_owned());
    }
    let words = if texte.script { without(words, "${", "}", "X") } else { words.to_owned() };
    let signs: Vec<char> = words.chars().collect();
    for at in 0..signs.len() {
        let (before, after) = (at.checked_sub(1).map(|at| signs[at]), signs.get(at + 1).copied());
        let last = after.is_none_or(|c| c.is_whitespace() || c == '»');
        let glued = before.is_some_and(|c| c.is_alphabetic() || c == '»' || c == ')');
        match signs[at] {
            '!' | '?' | ';' | ':' if last && glued => wrong.push(format!("no space before « {} »", signs[at])),
            '»' if before.is_some_and(|c| !c.is_whitespace()) => wrong.push("no space before »".to_owned()),
            '«' if after.is_some_and(|c| !c.is_whitespace()) => wrong.push("no space after «".to_owned()),
            ' ' if texte.script && (before == Some('«') || matches!(after, Some('!' | '?' | ';' | ':' | '»'))) => {
                wrong.push("a space that breaks".to_owned());
            }
            _ => {}
        }
    }
    wrong
}

/// What looks wrong and is not.
const RIGHT: [(&str, &str); 1] = [
    // The beginning of an address.
    ("src/config.rs", "sqlite: (suivi"),
];

#[test]
fn q4_french_is_written_as_french_wherever_people_read_it() {
    let said =
        |words: &str, script: bool| wrong(&Texte { file: String::new(), line: 1, words: words.to_owned(), script });
    // The rules themselves.
    for (words, script) in [
        ("L'annonce", false),
        ("jusqu'au 3 mai", false),
        ("Terminé?", false),
        ("Durée: 3 h à Nantes", false),
        ("«\u{a0}été»", false),
        ("Erreur : réessayez", true),
        ("Téléphone mobile", false),
        ("Vous serez prévenu", false),
        ("vous n’en êtes plus averti", false),
        ("pour être informé", false),
    ] {
        assert!(!said(words, script).is_empty(), "{words}");
    }
    for (words, script) in [
        ("can't, the sender's l", false),
        ("Terminé\u{202f}? «\u{a0}Oui\u{a0}»\u{a0}: c’est sûr", true),
        ("Un courriel vous l’annonce : ouvrez-le", false),
        ("https://exemple.fr/à?q=1", true),
        ("elle est prévenue, vous êtes à jour", false),
    ] {
        assert_eq!(said(words, script), [""; 0], "{words}");
    }
    assert_eq!(
        strings("a(\"b\"); // \"c\"\n'\"'; \"d \\\n   e\\u{a0}f\"", &['"']),
        [(1, "b".into()), (2, "d e\u{a0}f".into())]
    );
    let words = of_template("<p\n  title=\"x\">Un {{ n }} :\n  deux</p>\n{{ m::f(1,\n  \"Trois\") }}");
    for (line, said) in [(1, " Un X : deux"), (5, "Trois")] {
        assert!(words.contains(&(line, said.to_owned())), "{words:?}");
    }

    let texts = all();
    for kind in [".rs", ".html", ".js", ".md", ".csv"] {
        let of = texts.iter().filter(|texte| texte.file.ends_with(kind) && french(&texte.words));
        assert!(of.count() > 20, "{kind}: what is not read is not right");
    }
    let offences: Vec<String> = texts
        .iter()
        .filter(|texte| !RIGHT.iter().any(|(file, words)| texte.file == *file && texte.words.contains(words)))
        .flat_map(|texte| wrong(texte).into_iter().map(move |why| (texte, why)))
        .map(|(texte, why)| format!("{}:{}: {why}: {:.120}", texte.file, texte.line, texte.words.trim()))
        .collect();
    assert!(offences.is_empty(), "{} offences\n{}", offences.len(), offences.join("\n"));
}

/// The queries that put names in order by themselves: each engine has its own, where « Île » comes after « Zone ».
fn sorted_by_sql(source: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    for (at, line) in source.lines().enumerate() {
        let Some((_, order)) = line.split_once(".order(") else { continue };
        // What a task of the server is called is read by nobody.
        let read = !order.contains("tache::");
        if read && ["::nom)", "::nom,", "::prenom", "::titre"].iter().any(|column| order.contains(column)) {
            lines.push(at + 1);
        }
    }
    lines
}

#[test]
fn q4_names_are_in_the_order_of_french_by_one_way() {
    assert_eq!(sorted_by_sql("a\n.order((region::zone, region::nom))\n.order(x::cle)\n.order(x::nom)"), [2, 4]);
    let mut rust = Vec::new();
    files(&root().join("store/src"), &["rs"], &mut rust);
    let mut found = Vec::new();
    for path in rust {
        let source = std::fs::read_to_string(&path).expect("text");
        found.extend(sorted_by_sql(&source).into_iter().map(|line| format!("{}:{line}", path.display())));
    }
    assert_eq!(found, Vec::<String>::new(), "sort by `domain::texte::fold` once they are read");
}

/// What stands between the tags of a page, but in what a person types or pastes.
fn prose(html: &str) -> String {
    let mut rest = html.to_owned();
    for element in ["textarea", "pre", "code", "script"] {
        rest = without(&rest, &format!("<{element}"), &format!("</{element}>"), "");
    }
    without(&rest, "<", ">", "\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_no_page_breaks_a_line_before_a_sign() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let mut seen = 0;
    let mut looked_at = async |client: &crate::support::Client, path: &str| {
        let page = client.get(path).await;
        let words = prose(&String::from_utf8_lossy(&page.bytes));
        for sign in [" : ", " ; ", " ? ", " ! ", " »", "« "] {
            if let Some((before, _)) = words.split_once(sign) {
                let before: String = before.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
                panic!("{path}: « {before}{sign} » breaks");
            }
        }
        seen += words.matches(['\u{a0}', '\u{202f}']).count();
    };
    for path in
        ["/", "/inscription", "/authentification/", "/mentions-legales/cookies", "/aide", "/support", "/nulle-part"]
    {
        looked_at(&visitor, path).await;
    }
    let person = server.login(logins::INTERVENANT).await;
    for path in ["/tableau-de-bord", "/mon-compte/informations", "/mon-compte/parcours", "/mon-compte/alertes"] {
        looked_at(&person, path).await;
    }
    let desk = server.login(logins::GESTIONNAIRE).await;
    for path in ["/tableau-de-bord", "/cvtheque?q=budget", "/gestion/inscriptions", "/gestion/annonces"] {
        looked_at(&desk, path).await;
    }
    assert!(seen > 50, "{seen} spaces");
}
