//! Where else a person can be read or heard: addresses of social networks and sites (manual §3.3.1, SPEC C2).

use url::{Host, Url};

use crate::compte::words;

/// Longest address, in characters.
pub const ADRESSE_MAX: usize = 200;

words! {
    /// What an address leads to. One of each kind is kept.
    Reseau {
        Linkedin = "linkedin",
        /// A site of one's own.
        Site = "site",
        Facebook = "facebook",
        Instagram = "instagram",
        Youtube = "youtube",
        X = "x",
        /// Any other.
        Autre = "autre",
    }
}

impl Reseau {
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Linkedin => "LinkedIn",
            Self::Site => "Site personnel",
            Self::Facebook => "Facebook",
            Self::Instagram => "Instagram",
            Self::Youtube => "YouTube",
            Self::X => "X (Twitter)",
            Self::Autre => "Autre adresse",
        }
    }

    /// The sites whose addresses it accepts, the first one shown as an example; empty when any is accepted.
    pub fn sites(self) -> &'static [&'static str] {
        match self {
            Self::Linkedin => &["linkedin.com"],
            Self::Facebook => &["facebook.com", "fb.com"],
            Self::Instagram => &["instagram.com"],
            Self::Youtube => &["youtube.com", "youtu.be"],
            Self::X => &["x.com", "twitter.com"],
            Self::Site | Self::Autre => &[],
        }
    }

    /// The typed address, made complete: « https:// » may be left out.
    pub fn adresse(self, typed: &str) -> Result<String, String> {
        let typed = typed.trim();
        if typed.chars().count() > ADRESSE_MAX {
            return Err(format!("Cette adresse est trop longue : {ADRESSE_MAX} caractères au plus."));
        }
        let wrong = || {
            let example = self.sites().first().map_or("www.exemple.fr", |site| site);
            format!("Cette adresse n’est pas complète. Copiez-la depuis votre navigateur : https://{example}/…")
        };
        let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let url = Url::parse(&whole).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "https" | "http") || !url.username().is_empty() || url.password().is_some() {
            return Err(wrong());
        }
        let Some(Host::Domain(host)) = url.host() else { return Err(wrong()) };
        if !host.contains('.') || host.ends_with('.') || typed.chars().any(char::is_whitespace) {
            return Err(wrong());
        }
        let of = |site: &&str| host == *site || host.strip_suffix(*site).is_some_and(|rest| rest.ends_with('.'));
        if !self.sites().is_empty() && !self.sites().iter().any(of) {
            return Err(format!(
                "Cette adresse n’est pas de {} : elle contient {}. Pour un autre site, utilisez « {} ».",
                self.libelle(),
                self.sites()[0],
                Self::Autre.libelle()
            ));
        }
        Ok(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_an_address_is_whole_and_of_its_network() {
        for (reseau, typed, kept) in [
            (Reseau::Linkedin, "www.linkedin.com/in/anne", "https://www.linkedin.com/in/anne"),
            (Reseau::Linkedin, " https://fr.linkedin.com/in/anne?x=1 ", "https://fr.linkedin.com/in/anne?x=1"),
            (Reseau::Youtube, "youtu.be/abc", "https://youtu.be/abc"),
            (Reseau::X, "https://twitter.com/anne", "https://twitter.com/anne"),
            (Reseau::Site, "élagage.example", "https://xn--lagage-9ua.example/"),
            (Reseau::Autre, "http://blog.example/a b".trim_end_matches(" b"), "http://blog.example/a"),
        ] {
            assert_eq!(reseau.adresse(typed).as_deref(), Ok(kept), "{typed}");
        }
        for typed in [
            "anne",
            "anne le gall",
            "javascript:alert(1)",
            "javascript://www.linkedin.com/%0aalert(1)",
            "data:text/html,x",
            "https://",
            "https://anne@linkedin.com/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "ftp://linkedin.com/",
            "https://localhost/",
        ] {
            assert!(Reseau::Site.adresse(typed).is_err(), "{typed}");
        }
        for typed in ["https://linkedin.com.example/in/anne", "https://notlinkedin.com/", "https://facebook.com/anne"] {
            let said = Reseau::Linkedin.adresse(typed).unwrap_err();
            assert!(said.contains("LinkedIn"), "{said}");
        }
        assert!(Reseau::Site.adresse(&format!("https://a.example/{}", "a".repeat(200))).is_err());
    }
}
