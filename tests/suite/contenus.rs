//! What an administrateur writes and everybody reads: articles with their documents, legal texts (SPEC P4, P5, G7).

use std::path::Path;

use crate::support::{Client, Engine, Form, Page, Site, both_engines, logins};

both_engines! {
    p4_the_guide_is_a_document_to_download,
    p4_a_document_is_attached_replaced_and_taken_away_with_its_file,
    q1_an_article_that_is_being_written_stays_when_its_document_changes,
    p5_the_legal_texts_are_edited_by_an_administrateur,
    g7_an_article_is_previewed_kept_as_a_draft_published_and_removed,
    g7_informations_stand_in_the_order_that_was_chosen,
}

const NEW: &str = "/administration/articles/nouveau";

fn article(page: &Page, action: &str, titre: &str, texte: &str) -> Form {
    Form::to(page, action).set("titre", titre).set("resume", "Un résumé.").set("texte", texte)
}

/// Writes an article; answers its page.
async fn write(admin: &Client, rubrique: &str, titre: &str, etat: &str) -> Page {
    let page = admin.get(&format!("{NEW}?rubrique={rubrique}")).await;
    let form = article(&page, NEW, titre, "Le **texte** de l’article.").set("etat", etat).set("action", "enregistrer");
    let saved = admin.submit(&form).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    saved
}

async fn q1_an_article_that_is_being_written_stays_when_its_document_changes(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let page = write(&admin, "actualite", "Nouveau formulaire", "brouillon").await;
    let path = page.path().to_owned();
    let typing =
        |page: &Page| Form::to(page, &format!("{path}/document")).set("texte", "Zinzolin, pas encore enregistré.");
    let kept = |page: &Page, what: &str| {
        let form = Form::to(page, &path);
        assert_eq!(form.value("texte"), Some("Zinzolin, pas encore enregistré."), "{what}: {}", page.said());
    };
    let refused = admin.upload(&typing(&page), "document", "notice.html", "<!doctype html><p>Bonjour</p>").await;
    assert_eq!(refused.status, 422, "{}", refused.said());
    kept(&refused, "a file that is refused");
    let attached = admin.upload(&typing(&refused), "document", "notice.txt", "Version une").await;
    assert!(attached.status == 200 && attached.main_text().contains("notice.txt"), "{}", attached.said());
    kept(&attached, "a file that is joined");
    let removed = admin.submit(&Form::pressing(&attached, "Retirer le document")).await;
    assert!(removed.main_text().contains("Aucun document n’est joint"), "{}", removed.said());
    kept(&removed, "a file that is taken away");
    let saved = admin.submit(&Form::pressing(&removed, "Enregistrer l’article")).await;
    assert_eq!(saved.status, 200, "nobody else has changed it: {}", saved.said());
    kept(&admin.get(&path).await, "saved");
}

/// How many files the server keeps.
fn kept(folder: &Path) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        count += if path.is_dir() { kept(&path) } else { 1 };
    }
    count
}

async fn p4_the_guide_is_a_document_to_download(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let page = visitor.get("/informations").await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text.contains("Guide pratique")).expect("a link to the guide");
    let guide = visitor.get_only(link.expect("href")).await;
    assert_eq!(guide.status, 200);
    let header = |name: &str| guide.headers.get(name).expect(name).to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert!(header("content-disposition").starts_with("attachment; filename=\"Guide_pratique"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert!(guide.body.starts_with("%PDF-"));
    assert_eq!(visitor.get_only("/documents/999999").await.status, 404);
}

async fn p4_a_document_is_attached_replaced_and_taken_away_with_its_file(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (admin, visitor) = (server.login(logins::ADMINISTRATEUR).await, server.visitor());
    let files = kept(&site.files());
    let page = write(&admin, "actualite", "Nouveau formulaire", "brouillon").await;
    let path = page.path().to_owned();
    let upload = format!("{path}/document");
    let document = format!("/documents/{}", path.rsplit('/').next().expect("an id"));
    let form = |page: &Page| Form::to(page, &upload);

    let refused = admin.upload(&form(&page), "document", "notice.html", "<!doctype html><p>Bonjour</p>").await;
    assert_eq!(refused.status, 422, "{}", refused.said());
    assert!(refused.html().by_id("document-erreur").expect("why").text.contains("PDF, DOC"));
    let refused = admin.upload(&form(&page), "document", "grand.txt", &"a".repeat(10 * 1024 * 1024 + 1)).await;
    assert!(refused.html().by_id("document-erreur").expect("why").text.contains("dépasse 10 Mo"), "{}", refused.said());
    let refused = admin.upload(&form(&page), "document", "", "").await;
    assert!(refused.html().by_id("document-erreur").expect("why").text.contains("Choisissez"));
    let forged = admin.upload(&form(&page).set("_csrf", "faux"), "document", "a.txt", "Bonjour").await;
    assert_eq!(forged.status, 403);
    assert_eq!(kept(&site.files()), files, "what is refused leaves nothing");

    let attached = admin.upload(&form(&page), "document", "Notice d’été.txt", "Version une").await;
    assert_eq!((attached.status, attached.path()), (200, path.as_str()), "{}", attached.said());
    assert!(attached.body.contains("Notice d’été.txt"));
    assert_eq!(visitor.get_only(&document).await.status, 404, "the article is a draft");
    assert_eq!(admin.get_only(&document).await.body, "Version une");
    let publish = Form::to(&attached, &path).set("etat", "publie").set("action", "enregistrer");
    assert_eq!(admin.submit(&publish).await.status, 200);
    assert!(visitor.get("/actualites").await.body.contains(&format!("href=\"{document}\"")));
    assert_eq!(visitor.get_only(&document).await.body, "Version une");

    let page = admin.get(&path).await;
    admin.upload(&form(&page), "document", "notice.txt", "Version deux").await;
    assert_eq!(visitor.get_only(&document).await.body, "Version deux");
    assert_eq!(kept(&site.files()), files + 1, "the file before is gone");
    let removed = admin.press(&admin.get(&path).await, "Retirer le document").await;
    assert_eq!(removed.status, 200, "{}", removed.said());
    assert_eq!(visitor.get_only(&document).await.status, 404);
    assert_eq!(kept(&site.files()), files);

    let page = admin.get(&path).await;
    admin.upload(&form(&page), "document", "notice.txt", "Version trois").await;
    let gone = admin.press(&admin.get(&path).await, "Supprimer définitivement l’article").await;
    assert_eq!(gone.path(), "/administration/articles", "{}", gone.said());
    assert_eq!((admin.get(&path).await.status, visitor.get_only(&document).await.status), (404, 404));
    assert_eq!(kept(&site.files()), files, "an article goes with its file");
}

async fn p5_the_legal_texts_are_edited_by_an_administrateur(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (admin, visitor) = (server.login(logins::ADMINISTRATEUR).await, server.visitor());
    let path = "/administration/textes/cookies";
    let page = admin.get(path).await;
    let old = Form::to(&page, path);
    let hostile = "## Chez nous\n\nUn *seul* cookie. <script>alert(1)</script>";
    let form = old.clone().set("titre", "Nos cookies").set("corps", hostile);

    let preview = admin.submit(&form.clone().set("action", "previsualiser")).await;
    assert_eq!(preview.status, 200);
    let html = preview.html();
    let shown = html.by_id("apercu").expect("a preview");
    assert!(html.inside(shown, "h3").any(|heading| heading.text == "Chez nous"), "{}", shown.text);
    assert!(html.inside(shown, "script").next().is_none());
    assert_eq!(Form::to(&preview, path).value("corps"), Some(hostile), "what was typed stays in the form");
    assert!(!visitor.get("/mentions-legales/cookies").await.body.contains("Chez nous"), "nothing is saved yet");

    let empty = admin.submit(&form.clone().set("corps", " ").set("action", "enregistrer")).await;
    assert_eq!(empty.status, 422);
    let saved = admin.submit(&Form::to(&preview, path).set("action", "enregistrer")).await;
    assert_eq!((saved.status, saved.path()), (200, "/administration/textes"), "{}", saved.said());
    assert!(saved.body.contains("Nos cookies") && saved.body.contains("à l’instant"), "when it was changed last");
    let public = visitor.get("/mentions-legales/cookies").await;
    assert!(public.body.contains("Chez nous") && public.html().title().contains("Nos cookies"));
    assert!(!public.body.contains("<script>alert"));

    // Somebody who had opened the page before would undo that: they are told, and keep what they typed.
    let late = admin.submit(&old.set("corps", "Ma version").set("action", "enregistrer")).await;
    assert_eq!(late.status, 409);
    assert!(late.said().contains("Quelqu’un d’autre"), "{}", late.said());
    assert_eq!(Form::to(&late, path).value("corps"), Some("Ma version"));
    assert!(visitor.get("/mentions-legales/cookies").await.body.contains("Chez nous"));

    let help = admin.get("/administration/textes/aide").await;
    let form = Form::to(&help, "/administration/textes/aide").set("corps", "Appelez-nous.");
    admin.submit(&form.set("action", "enregistrer")).await;
    assert!(visitor.get("/aide").await.body.contains("Appelez-nous."));
}

async fn g7_an_article_is_previewed_kept_as_a_draft_published_and_removed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (admin, visitor) = (server.login(logins::ADMINISTRATEUR).await, server.visitor());
    let seen = async || visitor.get("/actualites").await.body.contains("Ouverture le lundi");
    let page = admin.get(NEW).await;
    let empty = admin.submit(&Form::to(&page, NEW).set("action", "enregistrer")).await;
    assert_eq!(empty.status, 422);
    for field in ["titre", "texte"] {
        assert!(empty.html().by_id(&format!("{field}-erreur")).is_some(), "{field}");
    }
    let form = article(&page, NEW, "Ouverture le lundi", "Dès **huit** heures.");
    let preview = admin.submit(&form.clone().set("etat", "publie").set("action", "previsualiser")).await;
    let html = preview.html();
    let shown = html.by_id("apercu").expect("a preview");
    assert!(html.inside(shown, "strong").any(|strong| strong.text == "huit"));
    assert!(!seen().await, "a preview saves nothing");

    let draft = admin.submit(&form.set("etat", "brouillon").set("action", "enregistrer")).await;
    let path = draft.path().to_owned();
    assert!(draft.said().contains("brouillon"), "{}", draft.said());
    assert!(!seen().await, "a draft is nobody else's");
    let save = async |etat: &str, day: &str| {
        let page = admin.get(&path).await;
        let form = Form::to(&page, &path).set("etat", etat).set("publie_le", day).set("action", "enregistrer");
        admin.submit(&form).await
    };
    assert_eq!(save("publie", "2027-02-30").await.status, 422, "a day that does not exist");
    let later = save("publie", "2099-01-01").await;
    assert!(later.said().contains("jour choisi"), "{}", later.said());
    assert!(!seen().await, "its day has not come");
    save("publie", "").await;
    assert!(seen().await);
    assert!(visitor.get("/").await.body.contains("Ouverture le lundi"), "the newest is announced on the home page");
    save("publie", "2026-01-15").await;
    assert!(visitor.get("/actualites").await.body.contains("Publié le 15 janvier 2026"));
    save("brouillon", "").await;
    assert!(!seen().await, "a draft again");

    let gone = admin.press(&admin.get(&path).await, "Supprimer définitivement l’article").await;
    assert!(!gone.body.contains("Ouverture le lundi"), "{}", gone.said());
    assert_eq!(admin.get(&path).await.status, 404);
}

async fn g7_informations_stand_in_the_order_that_was_chosen(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (admin, visitor) = (server.login(logins::ADMINISTRATEUR).await, server.visitor());
    write(&admin, "information", "Se garer", "publie").await;
    let titles = async || {
        let page = visitor.get("/informations").await;
        let html = page.html();
        let articles = html.all("article").filter_map(|article| html.inside(article, "h2").next());
        articles.map(|heading| heading.text.clone()).collect::<Vec<_>>()
    };
    let before = titles().await;
    assert_eq!(before.last().map(String::as_str), Some("Se garer"), "a new one is the last");
    let list = admin.get("/administration/articles?rubrique=information").await;
    let moved = admin.press(&list, "Monter « Se garer »").await;
    assert_eq!(moved.status, 200, "{}", moved.said());
    let after = titles().await;
    assert_eq!(after[after.len() - 2], "Se garer");
    let actualites = admin.get("/administration/articles?rubrique=actualite").await;
    assert!(!actualites.body.contains("Monter"), "actualités stand by their day");
}
