//! Every URL on one screen: who may call it, and how a test makes an object of one's own and a foreign one.
//!
//! The handlers' types enforce the rights; this table says them, and a test calls every route as every role.

use actix_web::Route as Handler;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use crate::pages::{
    accueil, annonces, connexion, courriels, cvtheque, gestion_acces, gestion_annonces, gestion_inscriptions,
    messagerie, mon_compte, notifications, portail, tableau_de_bord,
};
use crate::{live, operations};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Everybody, in the demonstration only; elsewhere there is nothing there.
    Demo,
    /// Whoever is logged in.
    Connecte,
    /// Who has a mailbox: intervenants and gestionnaires.
    Titulaire,
    /// Intervenants, whatever the state of their registration (SPEC I17).
    Intervenant,
    /// Intervenants whose registration is validated.
    Valide,
    /// Gestionnaires.
    Gestionnaire,
    /// Gestionnaires who were granted the right to decide on registrations.
    Inscriptions,
    /// Gestionnaires who were granted the right to create accounts and give provisional credentials.
    Acces,
    /// Administrateurs.
    Administrateur,
}

/// What a path's parameter names, so that a test can make one of one's own and a foreign one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// The path has no parameter.
    None,
    /// A message of a mailbox: its id.
    Message,
    /// A draft: its id.
    Brouillon,
    /// A list of a mailbox, the same word for everybody: `reception`.
    Dossier,
    /// A published annonce, everybody's: its number.
    AnnonceNumero,
    /// An annonce of a structure: its id.
    Annonce,
    /// A fiche of the CV-thèque, every gestionnaire's: the account's id.
    Fiche,
    /// A file of a fiche, every gestionnaire's and its owner's: its id.
    Fichier,
    /// A registration sent to a structure: the account's id.
    Inscription,
    /// An intervenant whom a structure may help to log in: the account's id.
    Personne,
    /// A session of an account: its id.
    Session,
    /// A notification of an account: its id.
    Notification,
    /// An email of the demonstration, everybody's: its id.
    Courriel,
    /// A file of the pages: its version and path.
    Asset,
    /// A legal text, everybody's: its key.
    Texte,
    /// A link sent by email: who has it may use it, whoever they are; there is nothing behind a wrong one.
    Jeton,
}

/// A route.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What its parameter names.
    pub object: Object,
    handler: fn() -> Handler,
}

macro_rules! routes {
    ($($method:ident $path:literal $access:ident $object:ident => $handler:path;)+) => {
        vec![$(Route {
            method: Method::$method,
            path: $path,
            access: Access::$access,
            object: Object::$object,
            handler: || web::method(Method::$method).to($handler),
        }),+]
    };
}

/// The table.
pub fn all() -> Vec<Route> {
    routes! {
        GET  "/"                                      Public       None          => accueil::page;
        GET  "/authentification/"                     Public       None          => connexion::form;
        POST "/authentification/"                     Public       None          => connexion::log_in;
        GET  "/authentification/second-facteur"       Public       None          => connexion::code_form;
        POST "/authentification/second-facteur"       Public       None          => connexion::code;
        GET  "/authentification/enrolement"           Public       None          => connexion::enrol_form;
        POST "/authentification/enrolement"           Public       None          => connexion::enrol;
        GET  "/authentification/personnalisation"     Public       None          => connexion::choose_form;
        POST "/authentification/personnalisation"     Public       None          => connexion::choose;
        GET  "/mot-de-passe-oublie"                   Public       None          => connexion::forgotten_form;
        POST "/mot-de-passe-oublie"                   Public       None          => connexion::forgotten;
        GET  "/mot-de-passe/{jeton}"                  Public       Jeton         => connexion::new_password_form;
        POST "/mot-de-passe/{jeton}"                  Public       Jeton         => connexion::new_password;
        GET  "/adresse/{jeton}"                       Public       Jeton         => connexion::confirm_address_form;
        POST "/adresse/{jeton}"                       Public       Jeton         => connexion::confirm_address;
        GET  "/bienvenue/{jeton}"                     Public       Jeton         => connexion::welcome_form;
        POST "/bienvenue/{jeton}"                     Public       Jeton         => connexion::welcome;
        POST "/deconnexion"                           Public       None          => connexion::log_out;
        GET  "/tableau-de-bord"                       Connecte     None          => tableau_de_bord::page;

        GET  "/annonces"                              Public       None          => annonces::list;
        GET  "/annonces.json"                         Public       None          => annonces::json;
        GET  "/annonces.atom"                         Public       None          => annonces::atom;
        GET  "/annonces/{numero}"                     Public       AnnonceNumero => annonces::page;

        GET  "/actualites"                            Public       None          => portail::articles;
        GET  "/informations"                          Public       None          => portail::informations;
        GET  "/mentions-legales"                      Public       None          => portail::legal;
        GET  "/mentions-legales/{cle}"                Public       Texte         => portail::legal_text;
        GET  "/aide"                                  Public       None          => portail::help;
        GET  "/cookies"                               Public       None          => portail::cookies_form;
        POST "/cookies"                               Public       None          => portail::set_cookies;

        GET  "/gestion/annonces"                      Gestionnaire None          => gestion_annonces::list;
        GET  "/gestion/annonces/nouvelle"             Gestionnaire None          => gestion_annonces::new_form;
        POST "/gestion/annonces/nouvelle"             Gestionnaire None          => gestion_annonces::create;
        GET  "/gestion/annonces/{id}"                 Gestionnaire Annonce       => gestion_annonces::form;
        POST "/gestion/annonces/{id}"                 Gestionnaire Annonce       => gestion_annonces::update;
        POST "/gestion/annonces/{id}/publier"         Gestionnaire Annonce       => gestion_annonces::publish;
        POST "/gestion/annonces/{id}/cloturer"        Gestionnaire Annonce       => gestion_annonces::close;
        POST "/gestion/annonces/{id}/archiver"        Gestionnaire Annonce       => gestion_annonces::archive;

        GET  "/gestion/inscriptions"                  Inscriptions None          => gestion_inscriptions::list;
        GET  "/gestion/inscriptions/{id}"             Inscriptions Inscription   => gestion_inscriptions::page;
        POST "/gestion/inscriptions/{id}"             Inscriptions Inscription   => gestion_inscriptions::decide;
        POST "/gestion/inscriptions/{id}/presence"    Inscriptions Inscription   => gestion_inscriptions::look;
        GET  "/gestion/acces"                         Acces        None          => gestion_acces::search;
        GET  "/gestion/acces/{id}"                    Acces        Personne      => gestion_acces::page;
        POST "/gestion/acces/{id}"                    Acces        Personne      => gestion_acces::act;
        GET  "/gestion/comptes/nouveau"               Acces        None          => gestion_acces::new_form;
        POST "/gestion/comptes/nouveau"               Acces        None          => gestion_acces::create;

        GET  "/cvtheque"                              Gestionnaire None          => cvtheque::search;
        GET  "/cvtheque.json"                         Gestionnaire None          => cvtheque::json;
        GET  "/cvtheque/{id}"                         Gestionnaire Fiche         => cvtheque::fiche;
        GET  "/fichiers/{id}"                         Connecte     Fichier       => cvtheque::file;

        GET  "/messagerie/ecrire"                     Titulaire    None          => messagerie::write_form;
        POST "/messagerie/ecrire"                     Titulaire    None          => messagerie::write;
        GET  "/messagerie/destinataires"              Titulaire    None          => messagerie::complete;
        POST "/messagerie/brouillons/enregistrer"     Titulaire    None          => messagerie::autosave;
        GET  "/messagerie/brouillon/{id}"             Titulaire    Brouillon     => messagerie::draft;
        GET  "/messagerie/message/{id}"               Titulaire    Message       => messagerie::message;
        POST "/messagerie/message/{id}"               Titulaire    Message       => messagerie::act_on_one;
        GET  "/messagerie/message/{id}/repondre"      Titulaire    Message       => messagerie::reply_form;
        GET  "/messagerie/message/{id}/transferer"    Titulaire    Message       => messagerie::forward_form;
        GET  "/messagerie/{dossier}"                  Titulaire    Dossier       => messagerie::list;
        POST "/messagerie/{dossier}/actions"          Titulaire    Dossier       => messagerie::act;

        GET  "/notifications"                         Connecte     None          => notifications::list;
        POST "/notifications"                         Connecte     None          => notifications::read_all;
        POST "/notifications/{id}"                    Connecte     Notification  => notifications::follow;

        GET  "/mon-compte/sessions"                   Connecte     None          => mon_compte::sessions;
        POST "/mon-compte/sessions"                   Connecte     None          => mon_compte::end_other_sessions;
        POST "/mon-compte/sessions/{id}"              Connecte     Session       => mon_compte::end_session;
        GET  "/mon-compte/mot-de-passe"               Connecte     None          => mon_compte::password_form;
        POST "/mon-compte/mot-de-passe"               Connecte     None          => mon_compte::change_password;
        GET  "/mon-compte/adresse"                    Connecte     None          => mon_compte::address_form;
        POST "/mon-compte/adresse"                    Connecte     None          => mon_compte::change_address;
        GET  "/mon-compte/second-facteur"             Connecte     None          => mon_compte::factor_form;
        POST "/mon-compte/second-facteur"             Connecte     None          => mon_compte::change_factor;
        GET  "/mon-compte/alertes"                    Intervenant  None          => mon_compte::alerts_form;
        POST "/mon-compte/alertes"                    Intervenant  None          => mon_compte::set_alerts;

        GET  "/courriels"                             Demo         None          => courriels::list;
        GET  "/courriels/{id}"                        Demo         Courriel      => courriels::page;
        GET  "/courriels/{id}/html"                   Demo         Courriel      => courriels::html;

        GET  "/live"                                  Public       None          => live::open;
        GET  "/assets/{version}/{path:.*}"            Public       Asset         => operations::asset;
        GET  "/healthz"                               Public       None          => operations::healthz;
        GET  "/readyz"                                Public       None          => operations::readyz;
        GET  "/metrics"                               Public       None          => operations::metrics;
    }
}

/// Puts the table in place; anything else is nowhere.
pub fn configure(config: &mut ServiceConfig) {
    let mut resources: Vec<(&'static str, Vec<Handler>)> = Vec::new();
    for route in all() {
        match resources.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, handlers)) => handlers.push((route.handler)()),
            None => resources.push((route.path, vec![(route.handler)()])),
        }
    }
    for (path, handlers) in resources {
        let mut resource = web::resource(path);
        for handler in handlers {
            resource = resource.route(handler);
        }
        config.service(resource.default_service(web::route().to(not_allowed)));
    }
    config.default_service(web::route().to(operations::nowhere));
}

async fn not_allowed() -> actix_web::HttpResponse {
    actix_web::HttpResponse::MethodNotAllowed().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g8_every_route_says_what_its_parameter_names() {
        for route in all() {
            assert_eq!(route.path.contains('{'), route.object != Object::None, "{} {}", route.method, route.path);
        }
    }

    #[test]
    fn g8_no_route_stands_twice() {
        let mut seen = std::collections::HashSet::new();
        for route in all() {
            assert!(seen.insert((route.method.clone(), route.path)), "{} {}", route.method, route.path);
        }
    }
}
