//! The mail server's address: `smtp://`, `smtp+starttls://`, `smtps://`, with `user:password@` percent-encoded.

use std::net::IpAddr;

use lettre::transport::smtp::authentication::Credentials;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::mailer::ConfigError;

/// How the line to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all: a relay on the same machine or network.
    Plain,
    /// In the clear until STARTTLS (RFC 3207), which is required.
    StartTls,
    /// From the first byte (RFC 8314).
    Tls,
}

/// Where mails are handed over.
#[derive(Clone)]
pub struct Address {
    /// Name or IP, without brackets.
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// What to log in with.
    pub credentials: Option<Credentials>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let login = self.credentials.as_ref().map(|_| "[…]");
        f.debug_struct("Address")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("credentials", &login)
            .finish()
    }
}

impl Address {
    /// Reads the address of a mail server.
    ///
    /// # Errors
    /// A sentence that says what to change and repeats no password.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(text.trim()).map_err(|_| ConfigError::Url)?;
        let mut security = match url.scheme() {
            "smtp" => Security::Plain,
            "smtp+starttls" => Security::StartTls,
            "smtps" => Security::Tls,
            other => return Err(ConfigError::Scheme(other.to_owned())),
        };
        for (name, value) in url.query_pairs() {
            match (name.as_ref(), value.as_ref()) {
                ("tls", "required") if security == Security::Plain => security = Security::StartTls,
                ("tls", "required") => {}
                ("tls", other) => return Err(ConfigError::Tls(other.to_owned())),
                (other, _) => return Err(ConfigError::Parameter(other.to_owned())),
            }
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(ConfigError::Path);
        }
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(ConfigError::Host);
        }
        let port = match (url.port(), security) {
            (Some(0), _) => return Err(ConfigError::Port),
            (Some(port), _) => port,
            // RFC 5321 §4.5.4.2, RFC 6409 §3.1, RFC 8314 §3.3.
            (None, Security::Plain) => 25,
            (None, Security::StartTls) => 587,
            (None, Security::Tls) => 465,
        };
        let credentials = credentials(&url)?;
        if credentials.is_some() && security == Security::Plain && !stays_on_this_machine(&host) {
            return Err(ConfigError::ClearPassword);
        }
        Ok(Self { host, port, security, credentials })
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, ConfigError> {
    let decoded = |text: &str| {
        percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| ConfigError::Encoding)
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, Some(password)) if !user.is_empty() && !password.is_empty() => {
            Ok(Some(Credentials::new(decoded(user)?, decoded(password)?)))
        }
        _ => Err(ConfigError::Credentials),
    }
}

fn stays_on_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, u16, Security, bool) {
        let address = Address::parse(text).unwrap();
        (address.host, address.port, address.security, address.credentials.is_some())
    }

    #[test]
    fn o2_a_mail_server_is_named_by_a_url() {
        let of = |host: &str, port, security, login| (host.to_owned(), port, security, login);
        assert_eq!(read("smtp://mail.exemple.fr"), of("mail.exemple.fr", 25, Security::Plain, false));
        assert_eq!(read("smtp://127.0.0.1:2525/"), of("127.0.0.1", 2525, Security::Plain, false));
        assert_eq!(read("smtp://[::1]:2525"), of("::1", 2525, Security::Plain, false));
        assert_eq!(read("smtp+starttls://mail.exemple.fr"), of("mail.exemple.fr", 587, Security::StartTls, false));
        assert_eq!(
            read("smtp://mail.exemple.fr:26?tls=required"),
            of("mail.exemple.fr", 26, Security::StartTls, false)
        );
        assert_eq!(read(" smtps://u:p@mail.exemple.fr "), of("mail.exemple.fr", 465, Security::Tls, true));
    }

    #[test]
    fn o2_user_and_password_are_percent_decoded() {
        let address = Address::parse("smtps://envoi%40exemple.fr:p%3Aa%25s%C3%A9@mail.exemple.fr").unwrap();
        let expected = Credentials::new("envoi@exemple.fr".to_owned(), "p:a%sé".to_owned());
        assert_eq!(address.credentials, Some(expected));
    }

    #[test]
    fn o3_a_wrong_address_is_a_sentence_without_the_password() {
        let cases = [
            ("mail.exemple.fr", ConfigError::Url),
            ("mail.exemple.fr:25", ConfigError::Scheme("mail.exemple.fr".to_owned())),
            ("http://mail.exemple.fr", ConfigError::Scheme("http".to_owned())),
            ("smtp:", ConfigError::Host),
            ("smtp://mail.exemple.fr:0", ConfigError::Port),
            ("smtp://mail.exemple.fr:70000", ConfigError::Url),
            ("smtp://mail.exemple.fr/boite", ConfigError::Path),
            ("smtp://mail.exemple.fr?tls=maybe", ConfigError::Tls("maybe".to_owned())),
            ("smtp://mail.exemple.fr?pool=4", ConfigError::Parameter("pool".to_owned())),
            ("smtps://envoi@mail.exemple.fr", ConfigError::Credentials),
            ("smtps://:secret@mail.exemple.fr", ConfigError::Credentials),
            ("smtps://envoi:secret%ff@mail.exemple.fr", ConfigError::Encoding),
            ("smtp://envoi:secret@mail.exemple.fr", ConfigError::ClearPassword),
        ];
        for (text, expected) in cases {
            let error = Address::parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        assert!(Address::parse("smtp://envoi:secret@localhost:2525").is_ok());
    }

    #[test]
    fn q7_a_debugged_address_hides_the_password() {
        let debugged = format!("{:?}", Address::parse("smtps://envoi:secret@mail.exemple.fr").unwrap());
        assert!(!debugged.contains("secret") && !debugged.contains("envoi"), "{debugged}");
    }
}
