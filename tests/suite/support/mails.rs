//! The mails that the demonstration shows instead of sending.

use super::Client;

/// A line of `/courriels`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mail {
    pub to: String,
    pub objet: String,
    pub href: String,
    /// « envoyé », « en attente », « en échec ».
    pub etat: String,
}

/// Every mail whose address or subject contains the words, the newest first.
pub async fn about(client: &Client, words: &str) -> Vec<Mail> {
    let mut all = Vec::new();
    let mut next = Some(format!("/courriels?q={}", super::client::encode(words)));
    while let Some(address) = next {
        let page = client.get(&address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.said());
        let html = page.html();
        for row in html.all("tr") {
            let cells: Vec<_> = html.inside(row, "td").collect();
            let [to, objet, etat, _] = cells[..] else { continue };
            let link = html.inside(objet, "a").next().expect("a link");
            all.push(Mail {
                to: to.text.clone(),
                objet: link.text.clone(),
                href: link.expect("href").to_owned(),
                etat: etat.text.clone(),
            });
        }
        next = html.all("a").find(|link| link.attribute("rel") == Some("next")).map(|link| link.expect("href").into());
    }
    all
}

/// How many mails with these words in their subject somebody has.
pub async fn told(client: &Client, to: &str, objet: &str) -> usize {
    about(client, to).await.iter().filter(|mail| mail.to == to && mail.objet.contains(objet)).count()
}

pub async fn text(client: &Client, mail: &Mail) -> String {
    let page = client.get(&mail.href).await;
    assert_eq!(page.status, 200, "{}: {}", mail.href, page.said());
    let html = page.html();
    html.by_class("mail-text").expect("the text of the mail").text.clone()
}

/// The mails that tell somebody of a message with that subject.
pub async fn of_message(client: &Client, to: &str, objet: &str) -> Vec<Mail> {
    let mut all = Vec::new();
    for mail in about(client, to).await {
        if mail.to == to && text(client, &mail).await.contains(&format!("Objet du message : {objet}")) {
            all.push(mail);
        }
    }
    all
}
