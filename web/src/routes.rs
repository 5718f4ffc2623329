//! Every URL on one screen: who may call it, and what its parameter names, so that a test can use an object of the
//! caller and one of somebody else.
//!
//! The handlers' types enforce the rights; this table repeats them, and a test calls every route as every role.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Responder};
use futures_util::future::LocalBoxFuture;

use crate::pages::{
    accueil, administration, annonces, candidatures, connexion, courriels, cvtheque, desabonnement, donnees,
    gestion_acces, gestion_annonces, gestion_dossiers, gestion_inscriptions, gestion_support, inscription, lettres,
    messagerie, mon_compte, notifications, plan, portail, support, tableau_de_bord,
};
use crate::{live, operations};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    /// Everybody, in the demonstration only; elsewhere it is not found.
    Demo,
    /// Whoever is logged in.
    Connecte,
    /// Who has a mailbox: intervenants and gestionnaires.
    Titulaire,
    /// Intervenants, whatever the state of their registration (SPEC I17).
    Intervenant,
    /// Intervenants whose registration is validated.
    Valide,
    Gestionnaire,
    /// Gestionnaires who were granted the right to write annonces.
    Annonces,
    /// Gestionnaires who were granted the right to decide on registrations.
    Inscriptions,
    /// Gestionnaires who were granted the right to create accounts and give provisional credentials.
    Acces,
    /// Gestionnaires who were granted the dossiers.
    Dossiers,
    Administrateur,
}

/// What a path's parameter names, so that a test can make an object of the caller and one of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// The path has no parameter.
    None,
    /// A message of a mailbox: its id.
    Message,
    /// A request to the support that a structure has: its id.
    Demande,
    /// A file of such a request: its id.
    Piece,
    /// A reply template of a structure: its id.
    Modele,
    /// A draft: its id.
    Brouillon,
    /// A list of a mailbox, the same word for everybody: `reception`.
    Boite,
    /// A published annonce, which everybody may read: its number.
    AnnonceNumero,
    /// An annonce of a structure: its id.
    Annonce,
    /// A fiche of the CV-thèque, which every gestionnaire may read: the account's id.
    Fiche,
    /// A search that a gestionnaire keeps: its id.
    Recherche,
    /// A search of the annonces that an intervenant is alerted to: its id.
    RechercheSuivie,
    /// A list of people that a gestionnaire keeps: its id.
    Liste,
    /// A file of a fiche, for every gestionnaire and its owner: its id.
    Fichier,
    /// A block of a dossier, the same word for everybody.
    Bloc,
    /// A piece of a dossier, the same word for everybody.
    TypePiece,
    /// The dossier of an intervenant whom a structure follows: the account's id.
    DossierDe,
    /// A file of the person's own dossier: its id.
    FichierDossier,
    /// A file of a dossier that was transmitted to a structure: its id.
    FichierTransmis,
    /// A « lettre de demande » that reached an intervenant: its id.
    Lettre,
    /// A « lettre de demande » of a structure: its id.
    LettreDe,
    /// A registration sent to a structure: the account's id.
    Inscription,
    /// An intervenant whom a structure may help to log in: the account's id.
    Personne,
    /// A session of an account: its id.
    Session,
    /// A notification of an account: its id.
    Notification,
    /// An email of the demonstration, which everybody may read: its id.
    Courriel,
    /// A file of the pages: its version and path.
    Asset,
    /// A legal text, which everybody may read: its key.
    Texte,
    /// A table of the *Parcours*, the same word for everybody.
    Rubrique,
    /// A row of a table of the *Parcours*: its id.
    Ligne,
    /// An answer to an annonce: its id.
    Candidature,
    /// A period when a person is away: its id.
    Absence,
    /// The document of an article, which everybody may read: the article's id.
    Document,
    /// A structure: its id.
    Structure,
    /// An account of a gestionnaire or administrateur: its id.
    Agent,
    /// A spécialité: its code.
    Specialite,
    /// A language: its code.
    Langue,
    /// A sigle: its id.
    Sigle,
    /// A reason of a decision: its code.
    Motif,
    /// An article: its id.
    Article,
    /// An intervenant: the account's id.
    Individu,
    /// An intervention: its id.
    Intervention,
    /// A link sent by email: anybody who has it may use it; a wrong one is not found.
    Jeton,
}

pub struct Route {
    pub method: Method,
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    pub object: Object,
    handler: Answer,
}

/// A handler whose type is erased: the code that actix-web puts around a handler is compiled once, not for each route.
#[derive(Clone, Copy)]
struct Answer(fn(HttpRequest, Payload) -> LocalBoxFuture<'static, HttpResponse>);

impl Handler<(HttpRequest, web::Payload)> for Answer {
    type Output = HttpResponse;
    type Future = LocalBoxFuture<'static, HttpResponse>;

    fn call(&self, (request, payload): (HttpRequest, web::Payload)) -> Self::Future {
        (self.0)(request, payload.into_inner())
    }
}

/// Extracts the arguments of a handler, calls it and returns its response, as actix-web does for a typed handler.
fn answer<F, Args>(handler: F, request: HttpRequest, mut payload: Payload) -> LocalBoxFuture<'static, HttpResponse>
where
    F: Handler<Args>,
    F::Output: Responder,
    Args: FromRequest + 'static,
{
    Box::pin(async move {
        match Args::from_request(&request, &mut payload).await {
            Ok(given) => handler.call(given).await.respond_to(&request).map_into_boxed_body(),
            Err(error) => HttpResponse::from_error(error),
        }
    })
}

macro_rules! routes {
    ($($method:ident $path:literal $access:ident $object:ident => $handler:path;)+) => {
        vec![$(Route {
            method: Method::$method,
            path: $path,
            access: Access::$access,
            object: Object::$object,
            handler: Answer(|request, payload| answer($handler, request, payload)),
        }),+]
    };
}

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
        GET  "/inscription"                           Public       None          => inscription::form;
        POST "/inscription"                           Public       None          => inscription::register;
        GET  "/activation"                            Public       None          => inscription::again_form;
        POST "/activation"                            Public       None          => inscription::again;
        GET  "/activation/{jeton}"                    Public       Jeton         => inscription::activate_form;
        POST "/activation/{jeton}"                    Public       Jeton         => inscription::activate;
        GET  "/tableau-de-bord"                       Connecte     None          => tableau_de_bord::page;

        GET  "/annonces"                              Public       None          => annonces::list;
        GET  "/annonces.json"                         Public       None          => annonces::json;
        GET  "/annonces.atom"                         Public       None          => annonces::atom;
        GET  "/annonces/{numero}"                     Public       AnnonceNumero => annonces::page;

        GET  "/annonces/{numero}/repondre"            Valide       AnnonceNumero => candidatures::answer_form;
        POST "/annonces/{numero}/repondre"            Valide       AnnonceNumero => candidatures::answer;

        GET  "/donnees/{jeton}"                       Public       Jeton         => donnees::link;
        POST "/donnees/{jeton}"                       Public       Jeton         => donnees::take_by_link;

        GET  "/alertes/desabonnement/{jeton}"         Public       Jeton         => desabonnement::ask;
        POST "/alertes/desabonnement/{jeton}"         Public       Jeton         => desabonnement::stop;

        GET  "/actualites"                            Public       None          => portail::articles;
        GET  "/informations"                          Public       None          => portail::informations;
        GET  "/documents/{id}"                        Public       Document      => administration::document;
        GET  "/mentions-legales"                      Public       None          => portail::legal;
        GET  "/mentions-legales/{cle}"                Public       Texte         => portail::legal_text;
        GET  "/comment-les-profils-sont-classes"      Public       None          => portail::ranking;
        GET  "/aide"                                  Public       None          => portail::help;
        GET  "/cookies"                               Public       None          => portail::cookies_form;
        POST "/cookies"                               Public       None          => portail::set_cookies;

        GET  "/gestion/annonces"                      Gestionnaire None          => gestion_annonces::list;
        GET  "/gestion/annonces/nouvelle"             Annonces     None          => gestion_annonces::new_form;
        POST "/gestion/annonces/nouvelle"             Annonces     None          => gestion_annonces::create;
        GET  "/gestion/annonces/{id}"                 Gestionnaire Annonce       => gestion_annonces::form;
        POST "/gestion/annonces/{id}"                 Annonces     Annonce       => gestion_annonces::update;
        GET  "/gestion/annonces/{id}/apercu"          Gestionnaire Annonce       => gestion_annonces::preview;
        GET  "/gestion/annonces/{id}/profils"         Gestionnaire Annonce       => gestion_annonces::suggested;
        POST "/gestion/annonces/{id}/dupliquer"       Annonces     Annonce       => gestion_annonces::duplicate;
        GET  "/gestion/annonces/{id}/publier"         Annonces     Annonce       => gestion_annonces::confirm;
        POST "/gestion/annonces/{id}/publier"         Annonces     Annonce       => gestion_annonces::publish;
        POST "/gestion/annonces/{id}/cloturer"        Annonces     Annonce       => gestion_annonces::close;
        POST "/gestion/annonces/{id}/archiver"        Annonces     Annonce       => gestion_annonces::archive;

        GET  "/gestion/candidatures"                  Gestionnaire None          => candidatures::received;
        POST "/gestion/candidatures"                  Annonces     None          => candidatures::decide;

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
        POST "/cvtheque/selection"                    Gestionnaire None          => cvtheque::select;
        GET  "/cvtheque/retrouver"                    Gestionnaire None          => cvtheque::find_form;
        POST "/cvtheque/retrouver"                    Gestionnaire None          => cvtheque::find;
        GET  "/cvtheque/ecrire"                       Gestionnaire None          => cvtheque::write_form;
        POST "/cvtheque/ecrire"                       Gestionnaire None          => cvtheque::write;
        GET  "/cvtheque/recherches"                   Gestionnaire None          => cvtheque::searches;
        POST "/cvtheque/recherches"                   Gestionnaire None          => cvtheque::keep_search;
        POST "/cvtheque/recherches/{id}"              Gestionnaire Recherche     => cvtheque::change_search;
        GET  "/cvtheque/listes"                       Gestionnaire None          => cvtheque::lists;
        GET  "/cvtheque/listes/ajouter"               Gestionnaire None          => cvtheque::add_form;
        POST "/cvtheque/listes/ajouter"               Gestionnaire None          => cvtheque::add;
        GET  "/cvtheque/listes/{id}"                  Gestionnaire Liste         => cvtheque::list;
        POST "/cvtheque/listes/{id}"                  Gestionnaire Liste         => cvtheque::act_on_list;
        GET  "/cvtheque/besoin"                       Gestionnaire None          => cvtheque::need;
        POST "/cvtheque/besoin"                       Gestionnaire None          => cvtheque::take;
        GET  "/cvtheque/{id}/similaires"              Gestionnaire Fiche         => cvtheque::similar;
        GET  "/cvtheque/{id}"                         Gestionnaire Fiche         => cvtheque::fiche;
        GET  "/fichiers/{id}"                         Connecte     Fichier       => cvtheque::file;

        GET  "/support"                               Public       None          => support::form;
        POST "/support"                               Public       None          => support::send;
        GET  "/support/confirmation/{jeton}"          Public       Jeton         => support::confirm_form;
        POST "/support/confirmation/{jeton}"          Public       Jeton         => support::confirm;
        GET  "/support/historique/{jeton}"            Public       Jeton         => support::history;
        POST "/support/historique/{jeton}"            Public       Jeton         => support::write;
        GET  "/mon-compte/demandes"                   Intervenant  None          => support::mine;
        GET  "/gestion/dossiers"                      Dossiers     None          => gestion_dossiers::list;
        GET  "/gestion/dossiers/fichiers/{id}"        Dossiers     FichierTransmis => gestion_dossiers::document;
        GET  "/gestion/dossiers/{id}"                 Dossiers     DossierDe     => gestion_dossiers::page;
        POST "/gestion/dossiers/{id}"                 Dossiers     DossierDe     => gestion_dossiers::act;
        GET  "/gestion/dossiers/{id}/lettre"          Dossiers     DossierDe     => lettres::form;
        POST "/gestion/dossiers/{id}/lettre"          Dossiers     DossierDe     => lettres::create;
        GET  "/gestion/lettres"                       Dossiers     None          => lettres::list;
        GET  "/gestion/lettres/{id}"                  Dossiers     LettreDe      => lettres::page;
        POST "/gestion/lettres/{id}"                  Dossiers     LettreDe      => lettres::act;
        GET  "/gestion/lettres/{id}/pdf"              Dossiers     LettreDe      => lettres::document;

        GET  "/gestion/support"                       Gestionnaire None          => gestion_support::list;
        GET  "/gestion/support/statistiques"          Gestionnaire None          => gestion_support::figures;
        GET  "/gestion/support/fichiers/{id}"         Gestionnaire Piece         => gestion_support::piece;
        GET  "/gestion/support/{id}"                  Gestionnaire Demande       => gestion_support::request;
        POST "/gestion/support/{id}"                  Gestionnaire Demande       => gestion_support::act;
        GET  "/gestion/support/{id}/donnees"          Acces        Demande       => gestion_support::data_form;
        POST "/gestion/support/{id}/donnees"          Acces        Demande       => gestion_support::send_data;
        POST "/gestion/support/{id}/presence"         Gestionnaire Demande       => gestion_support::look;

        GET  "/messagerie/ecrire"                     Titulaire    None          => messagerie::write_form;
        POST "/messagerie/ecrire"                     Titulaire    None          => messagerie::write;
        GET  "/messagerie/destinataires"              Titulaire    None          => messagerie::complete;
        POST "/messagerie/brouillons/enregistrer"     Titulaire    None          => messagerie::autosave;
        GET  "/messagerie/brouillon/{id}"             Titulaire    Brouillon     => messagerie::draft;
        GET  "/messagerie/message/{id}"               Titulaire    Message       => messagerie::message;
        POST "/messagerie/message/{id}"               Titulaire    Message       => messagerie::act_on_one;
        GET  "/messagerie/message/{id}/repondre"      Titulaire    Message       => messagerie::reply_form;
        GET  "/messagerie/message/{id}/transferer"    Titulaire    Message       => messagerie::forward_form;
        POST "/messagerie/message/{id}/presence"      Gestionnaire Message       => messagerie::look;
        POST "/messagerie/message/{id}/equipe"        Gestionnaire Message       => messagerie::act_as_team;
        GET  "/messagerie/modeles"                    Gestionnaire None          => messagerie::templates;
        POST "/messagerie/modeles"                    Gestionnaire None          => messagerie::keep_template;
        GET  "/messagerie/modeles/{id}"               Gestionnaire Modele        => messagerie::template;
        POST "/messagerie/modeles/{id}"               Gestionnaire Modele        => messagerie::change_template;
        GET  "/messagerie/{boite}"                    Titulaire    Boite         => messagerie::list;
        POST "/messagerie/{boite}/actions"            Titulaire    Boite         => messagerie::act;

        GET  "/notifications"                         Connecte     None          => notifications::list;
        POST "/notifications"                         Connecte     None          => notifications::read_all;
        POST "/notifications/{id}"                    Connecte     Notification  => notifications::follow;

        GET  "/mon-compte/notifications"              Connecte     None          => mon_compte::preferences;
        POST "/mon-compte/notifications"              Connecte     None          => mon_compte::set_preferences;
        GET  "/mon-compte/sessions"                   Connecte     None          => mon_compte::sessions;
        POST "/mon-compte/sessions"                   Connecte     None          => mon_compte::end_other_sessions;
        POST "/mon-compte/sessions/{id}"              Connecte     Session       => mon_compte::end_session;
        GET  "/mon-compte/mot-de-passe"               Connecte     None          => mon_compte::password_form;
        POST "/mon-compte/mot-de-passe"               Connecte     None          => mon_compte::change_password;
        GET  "/mon-compte/adresse"                    Connecte     None          => mon_compte::address_form;
        POST "/mon-compte/adresse"                    Connecte     None          => mon_compte::change_address;
        GET  "/mon-compte/second-facteur"             Connecte     None          => mon_compte::factor_form;
        POST "/mon-compte/second-facteur"             Connecte     None          => mon_compte::change_factor;
        GET  "/mon-compte/informations"               Intervenant  None          => mon_compte::informations;
        POST "/mon-compte/informations"               Intervenant  None          => mon_compte::save_informations;
        POST "/mon-compte/informations/saisie"        Intervenant  None          => mon_compte::keep_informations;
        GET  "/mon-compte/employeurs.json"            Intervenant  None          => mon_compte::complete_employer;
        GET  "/mon-compte/parcours"                   Intervenant  None          => mon_compte::parcours;
        POST "/mon-compte/parcours"                   Intervenant  None          => mon_compte::save_parcours;
        POST "/mon-compte/parcours/saisie"            Intervenant  None          => mon_compte::keep_parcours;
        GET  "/mon-compte/parcours/nouvelle/{rubrique}" Intervenant Rubrique     => mon_compte::begin_line;
        POST "/mon-compte/parcours/nouvelle/{rubrique}" Intervenant Rubrique     => mon_compte::add_line;
        GET  "/mon-compte/parcours/ligne/{id}"        Intervenant  Ligne         => mon_compte::line;
        POST "/mon-compte/parcours/ligne/{id}"        Intervenant  Ligne         => mon_compte::change_line;
        POST "/mon-compte/parcours/retablir"          Intervenant  None          => mon_compte::restore_line;
        GET  "/mon-compte/cv"                         Intervenant  None          => mon_compte::cv;
        POST "/mon-compte/cv"                         Intervenant  None          => mon_compte::set_cv;
        POST "/mon-compte/fichiers/{id}/retirer"      Intervenant  Fichier       => mon_compte::remove_file;
        GET  "/mon-compte/verification"               Intervenant  None          => mon_compte::check;
        POST "/mon-compte/transmettre"                Intervenant  None          => mon_compte::send;
        POST "/mon-compte/representer"                Intervenant  None          => mon_compte::present_again;
        GET  "/mon-compte/donnees"                    Intervenant  None          => donnees::mine;
        POST "/mon-compte/donnees"                    Intervenant  None          => donnees::take_mine;
        GET  "/mon-compte/documents"                  Valide       None          => mon_compte::documents::page;
        POST "/mon-compte/documents/saisie"           Valide       None          => mon_compte::documents::keep_typed;
        POST "/mon-compte/documents/abandonner"       Valide       None          => mon_compte::documents::give_up;
        POST "/mon-compte/documents/afficher"         Valide       None          => mon_compte::documents::reveal;
        GET  "/mon-compte/documents/bloc/{cible}"     Valide       Bloc          => mon_compte::documents::one;
        POST "/mon-compte/documents/bloc/{cible}"     Valide       Bloc          => mon_compte::documents::save;
        GET  "/mon-compte/documents/suite/{cible}"    Valide       Bloc          => mon_compte::documents::back;
        POST "/mon-compte/documents/suite/{cible}"    Valide       Bloc          => mon_compte::documents::go_on;
        GET  "/mon-compte/documents/verification"     Valide       None          => mon_compte::documents::verify;
        GET  "/mon-compte/documents/piece/{cible}"    Valide       TypePiece     => mon_compte::documents::piece;
        POST "/mon-compte/documents/piece/{cible}"    Valide       TypePiece     => mon_compte::documents::attach;
        POST "/mon-compte/documents/retirer"          Valide       None          => mon_compte::documents::withdraw;
        POST "/mon-compte/documents/transmettre"      Valide       None          => mon_compte::documents::transmit;
        GET  "/mon-compte/documents/fichiers/{id}"    Valide       FichierDossier => mon_compte::documents::file;
        GET  "/mon-compte/lettres"                    Valide       None          => lettres::mine;
        GET  "/mon-compte/lettres/{id}"               Valide       Lettre        => lettres::mine_one;
        POST "/mon-compte/lettres/{id}"               Valide       Lettre        => lettres::answer;
        GET  "/mon-compte/lettres/{id}/pdf"           Valide       Lettre        => lettres::my_document;
        GET  "/mon-compte/interventions"              Valide       None          => mon_compte::interventions::interventions;
        GET  "/mon-compte/indisponibilites"           Valide       None          => mon_compte::absences;
        POST "/mon-compte/indisponibilites"           Valide       None          => mon_compte::add_absence;
        GET  "/mon-compte/indisponibilites.ics"       Valide       None          => mon_compte::calendar_of_absences;
        GET  "/mon-compte/indisponibilites/{id}"      Valide       Absence       => mon_compte::absence;
        POST "/mon-compte/indisponibilites/{id}"      Valide       Absence       => mon_compte::change_absence;
        GET  "/mon-compte/reseaux"                    Valide       None          => mon_compte::networks;
        POST "/mon-compte/reseaux"                    Valide       None          => mon_compte::set_networks;
        GET  "/mon-compte/candidatures"               Intervenant  None          => candidatures::mine;
        POST "/mon-compte/candidatures/{id}"          Intervenant  Candidature   => candidatures::take_back;
        GET  "/mon-compte/alertes"                    Intervenant  None          => mon_compte::alerts_form;
        POST "/mon-compte/alertes"                    Intervenant  None          => mon_compte::set_alerts;
        GET  "/mon-compte/alertes/recherches"         Intervenant  None          => mon_compte::followed;
        POST "/mon-compte/alertes/recherches"         Intervenant  None          => mon_compte::follow_search;
        POST "/mon-compte/alertes/recherches/{id}"    Intervenant  RechercheSuivie => mon_compte::change_followed;

        GET  "/administration"                           Administrateur None         => administration::summary;
        GET  "/administration/structures"                Administrateur None         => administration::structures;
        GET  "/administration/structures/{id}"           Administrateur Structure    => administration::structure_form;
        POST "/administration/structures/{id}"           Administrateur Structure    => administration::update_structure;
        GET  "/administration/agents"                    Administrateur None         => administration::agents;
        GET  "/administration/agents/nouveau"            Administrateur None         => administration::new_agent_form;
        POST "/administration/agents/nouveau"            Administrateur None         => administration::create_agent;
        GET  "/administration/agents/{id}"               Administrateur Agent        => administration::agent_form;
        POST "/administration/agents/{id}"               Administrateur Agent        => administration::update_agent;
        POST "/administration/agents/{id}/lien"          Administrateur Agent        => administration::send_link;
        POST "/administration/agents/{id}/archiver"      Administrateur Agent        => administration::archive_agent;
        POST "/administration/agents/{id}/rouvrir"       Administrateur Agent        => administration::reopen_agent;
        GET  "/administration/intervenants"              Administrateur None         => administration::intervenants;
        GET  "/administration/intervenants/{id}"         Administrateur Individu     => administration::intervenant;
        POST "/administration/intervenants/{id}/immatriculation" Administrateur Individu     => administration::set_immatriculation;
        GET  "/administration/intervenants/{id}/interventions" Administrateur Individu     => administration::new_intervention_form;
        POST "/administration/intervenants/{id}/interventions" Administrateur Individu     => administration::create_intervention;
        GET  "/administration/intervenants/interventions/{id}" Administrateur Intervention => administration::intervention_form;
        POST "/administration/intervenants/interventions/{id}" Administrateur Intervention => administration::update_intervention;
        POST "/administration/intervenants/interventions/{id}/supprimer" Administrateur Intervention => administration::remove_intervention;
        GET  "/administration/exports"                   Administrateur None         => administration::exports;
        GET  "/administration/specialites"               Administrateur None         => administration::specialites;
        GET  "/administration/specialites/nouvelle"      Administrateur None         => administration::new_specialite_form;
        POST "/administration/specialites/nouvelle"      Administrateur None         => administration::create_specialite;
        GET  "/administration/specialites/{code}"        Administrateur Specialite   => administration::specialite_form;
        POST "/administration/specialites/{code}"        Administrateur Specialite   => administration::update_specialite;
        GET  "/administration/langues"                   Administrateur None         => administration::langues;
        GET  "/administration/langues/nouvelle"          Administrateur None         => administration::new_langue_form;
        POST "/administration/langues/nouvelle"          Administrateur None         => administration::create_langue;
        GET  "/administration/langues/{code}"            Administrateur Langue       => administration::langue_form;
        POST "/administration/langues/{code}"            Administrateur Langue       => administration::update_langue;
        GET  "/administration/sigles"                    Administrateur None         => administration::sigles;
        GET  "/administration/sigles/nouveau"            Administrateur None         => administration::new_sigle_form;
        POST "/administration/sigles/nouveau"            Administrateur None         => administration::create_sigle;
        GET  "/administration/sigles/{id}"               Administrateur Sigle        => administration::sigle_form;
        POST "/administration/sigles/{id}"               Administrateur Sigle        => administration::update_sigle;
        POST "/administration/sigles/{id}/supprimer"     Administrateur Sigle        => administration::remove_sigle;
        GET  "/administration/motifs"                    Administrateur None         => administration::motifs;
        GET  "/administration/motifs/nouveau"            Administrateur None         => administration::new_motif_form;
        POST "/administration/motifs/nouveau"            Administrateur None         => administration::create_motif;
        GET  "/administration/motifs/{code}"             Administrateur Motif        => administration::motif_form;
        POST "/administration/motifs/{code}"             Administrateur Motif        => administration::update_motif;
        POST "/administration/motifs/{code}/ordre"       Administrateur Motif        => administration::move_motif;
        GET  "/administration/articles"                  Administrateur None         => administration::articles;
        GET  "/administration/articles/nouveau"          Administrateur None         => administration::new_article_form;
        POST "/administration/articles/nouveau"          Administrateur None         => administration::create_article;
        GET  "/administration/articles/{id}"             Administrateur Article      => administration::article_form;
        POST "/administration/articles/{id}"             Administrateur Article      => administration::update_article;
        POST "/administration/articles/{id}/ordre"       Administrateur Article      => administration::move_article;
        POST "/administration/articles/{id}/document"    Administrateur Article      => administration::attach_document;
        POST "/administration/articles/{id}/document/retirer" Administrateur Article      => administration::detach_document;
        POST "/administration/articles/{id}/supprimer"   Administrateur Article      => administration::remove_article;
        GET  "/administration/textes"                    Administrateur None         => administration::textes;
        GET  "/administration/textes/{cle}"              Administrateur Texte        => administration::texte_form;
        POST "/administration/textes/{cle}"              Administrateur Texte        => administration::update_texte;

        GET  "/courriels"                             Demo         None          => courriels::list;
        GET  "/courriels/{id}"                        Demo         Courriel      => courriels::page;
        GET  "/courriels/{id}/html"                   Demo         Courriel      => courriels::html;

        GET  "/live"                                  Public       None          => live::open;
        GET  "/assets/{version}/{path:.*}"            Public       Asset         => operations::asset;
        GET  "/sitemap.xml"                           Public       None          => plan::sitemap;
        GET  "/robots.txt"                            Public       None          => plan::robots;
        GET  "/healthz"                               Public       None          => operations::healthz;
        GET  "/readyz"                                Public       None          => operations::readyz;
        GET  "/metrics"                               Public       None          => operations::metrics;
    }
}

/// Registers the routes of the table; any other path is not found.
pub fn configure(config: &mut ServiceConfig) {
    let mut resources: Vec<(&'static str, Vec<actix_web::Route>)> = Vec::new();
    for route in all() {
        let handler = web::method(route.method).to(route.handler);
        match resources.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, handlers)) => handlers.push(handler),
            None => resources.push((route.path, vec![handler])),
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
