//! What can be wrong in the mailer's settings. The sentences are for who runs the service; none repeats the address
//! that was typed, because it may hold a password.

/// A setting that can't be used, and what to change.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The address of the mail server is no URL.
    #[error("L’adresse du serveur de courriel ne se lit pas. Elle a la forme smtp://serveur:port.")]
    Url,
    #[error(
        "L’adresse du serveur de courriel commence par « {0} ». Choisissez smtp:// (sans chiffrement), \
         smtp+starttls:// (port 587) ou smtps:// (port 465)."
    )]
    Scheme(String),
    #[error("L’adresse du serveur de courriel ne nomme pas de serveur. Elle a la forme smtp://serveur:port.")]
    Host,
    /// Port 0.
    #[error("Le port 0 du serveur de courriel n’existe pas. Indiquez par exemple 25, 465 ou 587.")]
    Port,
    #[error("L’adresse du serveur de courriel s’arrête après le port : retirez ce qui suit la barre oblique.")]
    Path,
    #[error("L’adresse du serveur de courriel ne connaît pas le paramètre « {0} ». Le seul est tls=required.")]
    Parameter(String),
    /// `tls=` with another word.
    #[error("Le paramètre tls de l’adresse du serveur de courriel vaut « {0} » : écrivez tls=required ou retirez-le.")]
    Tls(String),
    /// A user without a password, or the other way round.
    #[error(
        "L’adresse du serveur de courriel donne un nom sans mot de passe, ou l’inverse : utilisateur:mot-de-passe@."
    )]
    Credentials,
    /// `%` followed by what is no UTF-8.
    #[error(
        "Le nom ou le mot de passe de l’adresse du serveur de courriel est mal codé : écrivez %40 pour @, %3A pour :, \
         %25 pour %."
    )]
    Encoding,
    /// A password that everybody on the way could read.
    #[error(
        "Le mot de passe du serveur de courriel partirait en clair sur le réseau. Choisissez smtps:// ou \
         smtp+starttls://."
    )]
    ClearPassword,
    /// The system's certificate authorities could not be read.
    #[error(
        "Aucune autorité de certification n’est installée sur ce système : le serveur de courriel ne peut pas être \
         vérifié. Installez le paquet ca-certificates, ou indiquez un fichier par SSL_CERT_FILE."
    )]
    NoRoots,
    /// The server's name can't stand in a certificate.
    #[error("Le nom du serveur de courriel ne peut pas être vérifié par un certificat : {0}.")]
    ServerName(String),
    #[error("Le chiffrement vers le serveur de courriel ne peut pas être préparé : {0}.")]
    TlsSetup(String),
    #[error(
        "L’adresse d’expédition ne se lit pas. Elle a la forme « Espace Intervenants <ne-pas-repondre@exemple.fr> »."
    )]
    From,
    /// The service's own address is no URL of a site.
    #[error("L’adresse du service ne se lit pas. Elle a la forme https://intervenants.exemple.fr.")]
    BaseUrl,
    #[error("Indiquez à qui s’adresser en cas de question : cette phrase figure au bas de chaque courriel.")]
    Contact,
    /// A number of mails at once that makes no sense.
    #[error("Le nombre de courriels pris à la fois va de 1 à 1000.")]
    Batch,
    /// A number of connections that makes no sense.
    #[error("Le nombre de connexions au serveur de courriel va de 1 à 64.")]
    Connections,
}
