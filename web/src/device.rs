//! A browser in words, for « Mes sessions »: « Firefox sur Windows ». The User-Agent itself is not kept.

/// The browser and system that a User-Agent names, as far as it can be told.
pub fn in_words(agent: Option<&str>) -> String {
    let Some(agent) = agent else { return "Navigateur inconnu".to_owned() };
    let first =
        |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} sur {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("Navigateur sur {system}"),
        (None, None) => "Navigateur inconnu".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k9_a_session_is_told_by_its_browser() {
        let firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0";
        assert_eq!(in_words(Some(firefox)), "Firefox sur Windows");
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(in_words(Some(edge)), "Edge sur Windows");
        assert_eq!(in_words(None), "Navigateur inconnu");
        assert_eq!(in_words(Some("<b>")), "Navigateur inconnu");
    }
}
