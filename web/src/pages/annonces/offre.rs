//! An annonce for search engines: schema.org's JobPosting in JSON-LD (SPEC E3).

use chrono::SecondsFormat;
use domain::annonce::Modalite;
use serde_json::{Value, json};
use store::annonces::Annonce;

use crate::views::text::Block;
use crate::views::text::blocks;

/// The annonce as a `JobPosting`, safe in a page: no `<` can end the element that holds it.
pub fn job_posting(annonce: &Annonce, base_url: &str) -> String {
    let numero = annonce.numero.map(|numero| numero.to_string()).unwrap_or_default();
    let contenu = &annonce.contenu;
    let moment = |at: chrono::NaiveDateTime| at.and_utc().to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut posting = json!({
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": contenu.titre,
        "description": description(&contenu.description),
        "identifier": { "@type": "PropertyValue", "name": "CNFPT", "value": numero },
        "url": format!("{base_url}/annonces/{numero}"),
        "employmentType": ["CONTRACTOR", "TEMPORARY"],
        "hiringOrganization": { "@type": "Organization", "name": format!("CNFPT – {}", annonce.structure_nom) },
        "occupationalCategory": annonce.specialite_nom,
        "directApply": true,
        "inLanguage": "fr",
    });
    let mut set = |name: &str, value: Value| posting[name] = value;
    if let Some(at) = annonce.publiee_at {
        set("datePosted", moment(at).into());
    }
    if let Some(au) = contenu.au {
        set("validThrough", au.to_string().into());
    }
    let place = |region: &str| {
        let mut address = json!({ "@type": "PostalAddress", "addressCountry": "FR" });
        if !region.is_empty() {
            address["addressRegion"] = region.into();
        }
        json!({ "@type": "Place", "address": address })
    };
    let places: Vec<Value> = if annonce.regions.is_empty() {
        vec![place("")]
    } else {
        annonce.regions.iter().map(|(_, nom)| place(nom)).collect()
    };
    set("jobLocation", places.into());
    if contenu.modalite == Modalite::Distance {
        set("jobLocationType", "TELECOMMUTE".into());
        set("applicantLocationRequirements", json!({ "@type": "Country", "name": "France" }));
    }
    posting.to_string().replace('<', "\\u003c")
}

/// The text as HTML paragraphs, which the format asks for.
fn description(text: &str) -> String {
    let escaped = |line: &String| line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    blocks(text)
        .iter()
        .map(|block| match block {
            Block::Paragraph(lines) | Block::Quote(lines) => {
                format!("<p>{}</p>", lines.iter().map(escaped).collect::<Vec<_>>().join("<br>"))
            }
        })
        .collect()
}
