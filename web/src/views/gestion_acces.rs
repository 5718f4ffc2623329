//! Helping people to log in: finding them, provisional credentials, accounts made for them (K5, K6).

use askama::Template;

use super::layout::Layout;
use super::semblables::Semblables;

#[derive(Debug, Clone)]
pub struct PersonneRow {
    pub href: String,
    pub nom: String,
    /// « né(e) le 14 mars 1979 »; empty if not known.
    pub naissance: String,
    pub adresse: String,
    /// The state of an account that can't be used; empty otherwise.
    pub etat: String,
}

/// `GET /gestion/acces` with `q`.
#[derive(Debug, Clone, Template)]
#[template(path = "gestion/acces.html")]
pub struct GestionAcces {
    pub layout: Layout,
    pub q: String,
    pub searched: bool,
    pub rows: Vec<PersonneRow>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// `GET|POST /gestion/acces/{id}`. Fields: `destination=enregistree|autre`, `adresse`, `verification_faite`,
/// `verification`, and the button `action=donner|annuler|bienvenue`.
#[derive(Debug, Clone, Template)]
#[template(path = "gestion/acces_personne.html")]
pub struct GestionAccesPersonne {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub action_href: String,
    pub nom: String,
    /// Label and value, never empty.
    pub faits: Vec<(String, String)>,
    /// Why credentials can't be given; empty when they can.
    pub refus: String,
    /// Whether the person never set a password: the welcome link is to be tried first.
    pub sans_mot_de_passe: bool,
    /// The sentence about credentials that still work; empty when there are none.
    pub en_cours: String,
    pub envoi: DestinationForm,
    pub semblables: Semblables,
}

/// Where a link or credentials that open an account or its data are sent.
#[derive(Debug, Clone)]
pub struct DestinationForm {
    pub enregistree: String,
    pub vers_autre: bool,
    /// The other address.
    pub adresse: String,
    pub verifiee: bool,
    pub verification: String,
}

/// `GET|POST /gestion/support/{id}/donnees`: the data of an archived account (X6). Fields: `compte` and those of
/// [`DestinationForm`].
#[derive(Debug, Clone, Template)]
#[template(path = "support/donnees.html")]
pub struct GestionDonnees {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub retour: String,
    pub demande: String,
    pub action_href: String,
    /// Why nothing can be sent; empty when it can.
    pub refus: String,
    /// The archived accounts that the request may be about, while none is chosen: (id, person).
    pub comptes: Vec<(String, String)>,
    pub choisi: Option<Choisi>,
}

/// The archived account whose data are sent.
#[derive(Debug, Clone)]
pub struct Choisi {
    pub compte: String,
    pub nom: String,
    /// Label and value, never empty.
    pub faits: Vec<(String, String)>,
    pub envoi: DestinationForm,
}

/// `GET|POST /gestion/comptes/nouveau`. Fields: `civilite`, `nom`, `prenom`, `date_naissance`, `email`.
#[derive(Debug, Clone, Template)]
#[template(path = "gestion/compte_nouveau.html")]
pub struct GestionCompteNouveau {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// The structure that the person will be attached to.
    pub structure: String,
    /// « Mme » or « M. ».
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    /// Date of birth as it was typed.
    pub date_naissance: String,
    pub email: String,
    /// The existing account, if this gestionnaire may see it.
    pub existant_href: Option<String>,
}
