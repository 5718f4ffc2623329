//! Requests that other sites make a browser send, and what pages may hold: SPEC Q8, the rules of every page.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use reqwest::Method;

use crate::support::client::urlencoded;
use crate::support::messagerie::{found, letter, recipient};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, logins};

both_engines! {
    q8_a_form_without_the_right_token_or_from_another_site_changes_nothing,
    q8_a_login_cannot_be_forced_by_another_site,
}

async fn post(client: &Client, form: &Form, headers: &[(&str, &str)]) -> Page {
    let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
    all.extend(headers);
    let page = client.try_send(Method::POST, &form.action, &all, Some(urlencoded(&form.fields))).await;
    page.expect("an answer")
}

async fn q8_a_form_without_the_right_token_or_from_another_site_changes_nothing(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    let base = server.url();
    let own: &[(&str, &str)] = &[("origin", &base), ("sec-fetch-site", "same-origin")];
    let form = letter(&gestionnaire, &[&him], "Forgé", "Bonjour").await.set("action", "envoyer");
    let theirs = intervenant.token().await;
    let last = form.value("_csrf").expect("a token").to_owned();
    let changed = format!("{}{}", &last[1..], &last[..1]);

    for (token, why) in [
        (None, "none"),
        (Some(""), "an empty one"),
        (Some(theirs.as_str()), "somebody else's"),
        (Some(changed.as_str()), "a wrong one"),
    ] {
        let forged = match token {
            Some(token) => form.clone().set("_csrf", token),
            None => form.clone().without("_csrf"),
        };
        let page = post(&gestionnaire, &forged, own).await;
        assert_eq!(page.status, 403, "a token: {why}");
    }
    let elsewhere: [&[(&str, &str)]; 6] = [
        &[("origin", "https://ailleurs.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:1"), ("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", &base), ("sec-fetch-site", "cross-site")],
        &[("origin", "https://ailleurs.example"), ("sec-fetch-site", "same-origin")],
    ];
    for headers in elsewhere {
        let page = post(&gestionnaire, &form, headers).await;
        assert_eq!(page.status, 403, "{headers:?}");
    }
    // Nor by other ways to carry a form, or by GET.
    for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x"] {
        let headers = [("content-type", kind), ("origin", base.as_str())];
        let page = gestionnaire.try_send(Method::POST, &form.action, &headers, Some(urlencoded(&form.fields))).await;
        assert!(page.expect("an answer").status >= 400, "{kind}");
    }
    gestionnaire.get(&format!("{}?{}", form.action, urlencoded(&form.fields))).await;
    assert_eq!(found(&gestionnaire, "envoyes", "Forgé").await, None, "nothing was sent");

    // The same form from its own page goes.
    assert_eq!(post(&gestionnaire, &form, own).await.status, 303);
    assert!(found(&gestionnaire, "envoyes", "Forgé").await.is_some());

    // What a person reads in the cookies of a browser is not for scripts or other sites.
    let page = server.visitor().get_only("/authentification/").await;
    let login = server.visitor();
    let form = Form::to(&login.get("/authentification/").await, "/authentification/")
        .set("email", logins::INTERVENANT)
        .set("mot_de_passe", logins::PASSWORD);
    let opened = login.submit_only(&form).await;
    for cookie in page.headers.get_all("set-cookie").iter().chain(opened.headers.get_all("set-cookie")) {
        let cookie = cookie.to_str().expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite="), "{cookie}");
        assert!(cookie.contains("Path=/"), "{cookie}");
    }
}

async fn q8_a_login_cannot_be_forced_by_another_site(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let victim = server.visitor();
    let attacker = server.visitor();
    let token = Form::to(&attacker.get("/authentification/").await, "/authentification/");
    let form = token.set("email", logins::GESTIONNAIRE).set("mot_de_passe", logins::PASSWORD);
    // The attacker's own token is worth nothing in the victim's browser.
    victim.get("/").await;
    let base = server.url();
    let page = post(&victim, &form, &[("origin", &base), ("sec-fetch-site", "same-origin")]).await;
    assert_eq!(page.status, 403);
    let page = post(&victim, &form, &[("origin", "https://ailleurs.example"), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!(page.status, 403);
    assert_ne!(victim.get_only("/tableau-de-bord").await.status, 200);
}

/// A path without what tells one object from another: a number, a link's secret, the code of a referential.
pub fn shape(path: &str) -> String {
    let routes = web::routes::all();
    let coded = path.rsplit_once('/').map(|(list, _)| format!("{list}/{{code}}")).filter(|pattern| {
        routes.iter().any(|route| route.path == *pattern) && routes.iter().all(|route| route.path != path)
    });
    let numbered = |part| if str::contains(part, |c: char| c.is_ascii_digit()) { "{}" } else { part };
    coded.unwrap_or_else(|| path.split('/').map(numbered).collect::<Vec<_>>().join("/"))
}

/// Follows every link of the site, a bounded number of each kind of page.
pub async fn crawl(client: &Client) -> BTreeMap<String, Page> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut pages = BTreeMap::new();
    let mut queue: VecDeque<String> =
        ["/", "/authentification/", "/annonces", "/tableau-de-bord", "/courriels", "/courriels/1/html", "/nulle-part"]
            .map(str::to_owned)
            .into();
    while let Some(address) = queue.pop_front() {
        // Pages of one kind: the same path but for its numbers, with the same parameters.
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        let names: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default()).collect();
        let kind = kinds.entry(format!("{}?{}", shape(path), names.join("&"))).or_default();
        *kind += 1;
        if *kind > 3 {
            continue;
        }
        let page = client.get_only(&address).await;
        if let Some(to) = page.location().filter(|to| to.starts_with('/') && seen.insert((*to).to_owned())) {
            queue.push_back(to.to_owned());
        }
        let kind = page.headers.get("content-type").map(|kind| kind.to_str().expect("text").to_owned());
        // A mail's page shows the links of whomever it was written to.
        let of_a_mail = address.starts_with("/courriels/");
        if kind.is_some_and(|kind| kind.starts_with("text/html")) && page.body.starts_with("<!doctype") && !of_a_mail {
            let html = page.html();
            for link in html.all("a") {
                let Some(href) = link.attribute("href") else { continue };
                let href = href.split('#').next().unwrap_or_default().replacen(client.base(), "", 1);
                if href.starts_with('/') && !href.starts_with("//") && seen.insert(href.clone()) {
                    queue.push_back(href);
                }
            }
        }
        pages.insert(address, page);
    }
    pages
}

fn policy(page: &Page) -> BTreeMap<String, String> {
    let header = page.headers.get("content-security-policy");
    let header = header.unwrap_or_else(|| panic!("{} has a policy", page.address)).to_str().expect("text");
    let directives = header.split(';').map(str::trim).filter(|directive| !directive.is_empty());
    directives
        .map(|directive| {
            let (name, value) = directive.split_once(' ').unwrap_or((directive, ""));
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q8_every_page_has_a_strict_policy_and_nothing_inline() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let mut checked = 0;
    for (who, client) in [
        ("a visitor", server.visitor()),
        ("an intervenant", server.login(logins::INTERVENANT).await),
        ("a gestionnaire", server.login(logins::GESTIONNAIRE).await),
        ("the administrateur", server.login(logins::ADMINISTRATEUR).await),
    ] {
        let pages = crawl(&client).await;
        assert!(pages.len() > 10, "{who}: {:?}", pages.keys());
        for (address, page) in &pages {
            assert!(page.status < 500, "{who} {address}: {}", page.status);
            let dead = page.status == 404 && address != "/nulle-part" && address != "/courriels";
            assert!(!dead, "{who}: a page links to {address}, which is not there");
            assert_ne!(page.status, 403, "{who}: a page links to {address}, which is refused");
            let header = |name: &str| page.headers.get(name).map(|value| value.to_str().expect("text"));
            assert_eq!(header("x-content-type-options"), Some("nosniff"), "{who} {address}");
            let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            if !is_page || page.location().is_some() {
                continue;
            }
            let policy = policy(page);
            let allowed = |name: &str| policy.get(name).or(policy.get("default-src")).cloned().unwrap_or("*".into());
            for directive in ["script-src", "style-src", "object-src", "base-uri", "connect-src", "font-src", "img-src"]
            {
                let value = allowed(directive);
                for loose in ["unsafe-inline", "unsafe-eval", "*", "http:", "https:"] {
                    let mail = address.ends_with("/html") && directive == "style-src";
                    assert!(mail || !value.contains(loose), "{who} {address}: {directive} {value}");
                }
            }
            // What is in a sandbox has no forms and no base of its own.
            let uncovered = if policy.contains_key("sandbox") {
                &["frame-ancestors"][..]
            } else {
                &["base-uri", "form-action", "frame-ancestors"]
            };
            for name in uncovered {
                assert!(policy.contains_key(*name), "{who} {address}: {name}, which default-src does not cover");
            }
            assert!(header("referrer-policy").is_some(), "{who} {address}");
            if page.body.starts_with("<!doctype html>") && !address.ends_with("/html") {
                nothing_inline(page);
                checked += 1;
            }
            if who != "a visitor" && !address.starts_with("/assets") {
                let kept = header("cache-control").unwrap_or_default();
                assert!(kept.contains("no-store") || kept.contains("private"), "{who} {address}: {kept}");
            }
        }
    }
    assert!(checked > 60, "{checked} pages");
}

fn nothing_inline(page: &Page) {
    let html = page.html();
    for element in html.elements() {
        assert_ne!(element.name, "style", "{}", page.address);
        if element.name == "script" && element.attribute("type") == Some("application/ld+json") {
            // Data, which no browser runs; the policy allows no script in the page anyhow.
            let json: serde_json::Value = serde_json::from_str(&element.text).expect("data");
            assert_eq!(json["@context"], "https://schema.org/", "{}", page.address);
        } else if element.name == "script" {
            assert!(element.expect("src").starts_with("/assets/"), "{}", page.address);
            assert!(element.text.is_empty(), "{}: a script in the page", page.address);
        }
        for (name, value) in element.attributes() {
            assert!(name != "style" && !name.starts_with("on"), "{}: {name}={value}", page.address);
            assert!(!value.trim_start().to_lowercase().starts_with("javascript:"), "{}: {value}", page.address);
        }
        if element.name == "form" && element.attribute("method") == Some("post") {
            let token = html.inside(element, "input").any(|input| input.attribute("name") == Some("_csrf"));
            assert!(token, "{}: a form without its token", page.address);
        }
    }
}
