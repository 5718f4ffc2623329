//! `GET|POST /gestion/support/{id}`: one request, and all the actions on it (manual §6.2, SPEC S4 to S8, X4).

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::Command;
use actors::commands::demandes::{
    AssignDemande, MergeDemandes, NotHandled, ReopenCompte, TransferDemande, TreatDemande,
};
use actors::commands::messagerie::valeurs;
use domain::compte::Droit;
use domain::equipe::{Annotable, Travail};
use domain::inscription::last_day;
use domain::modele::{Valeurs, before, fill};
use domain::support::{EtatDemande, Evenement, TEXTE_MAX, TypeDemande};
use domain::{CompteId, StructureId};
use serde_json::json;
use store::demandes::{self, De, Demande};

use super::LIST;
use crate::app::App;
use crate::csrf::Posted;
use crate::download::{Pour, download};
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::connexion::OUBLI;
use crate::pages::messagerie::{choices, members};
use crate::pages::support::{kept_back, thread, tone, too_long};
use crate::pages::{notes, presences};
use crate::reader::Reader;
use crate::session::{Gestionnaire, form_token};
use crate::views::support::{GestionDemande, looking};
use crate::views::{Choice, FieldError, Link, Notice, Query};

async fn own(app: &App, who: &Gestionnaire, id: i64) -> Result<Demande, Error> {
    demandes::of_structure(&mut app.store.read().await?, id, who.structure).await?.ok_or(Error::NotFound)
}

/// Records that this gestionnaire reads; returns a sentence with the other readers.
async fn others(app: &App, who: &Gestionnaire, id: i64) -> Result<String, Error> {
    Ok(looking(&presences::others(app, &who.connecte, (Travail::Demande, id)).await?))
}

/// `GET /gestion/support/{id}`.
pub async fn request(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    show(&request, &app, &who, &found, &Fields::default(), Vec::new(), StatusCode::OK).await
}

/// `POST /gestion/support/{id}/presence`: `{"regardent": "…", "version": 3}`.
pub async fn look(app: Data<App>, who: Gestionnaire, id: Path<i64>, _: Posted) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    let regardent = others(&app, &who, *id).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "regardent": regardent, "version": found.version })))
}

/// `GET /gestion/support/fichiers/{id}`: a file that somebody attached to a request of the structure.
pub async fn piece(app: Data<App>, who: Gestionnaire, id: Path<i64>) -> Result<HttpResponse, Error> {
    let piece = demandes::piece(&mut app.store.read().await?, *id).await?;
    let (demande, piece) = piece.ok_or(Error::NotFound)?;
    own(&app, &who, demande).await?;
    download(&app, Pour::Autrui, &piece.blob, &piece.format, &piece.nom).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    found: &Demande,
    fields: &Fields,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    show_saying(request, app, who, found, (fields, errors, status), None).await
}

async fn show_saying(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    found: &Demande,
    (fields, errors, status): (&Fields, Vec<FieldError>, StatusCode),
    said: Option<Notice>,
) -> Result<HttpResponse, Error> {
    let autres = others(app, who, found.id).await?;
    let mut connection = app.store.read().await?;
    let messages = demandes::thread(&mut connection, found.id).await?;
    let kept = kept_back(app, &mut connection, &messages).await?;
    let notes = notes::about(&mut connection, app, (Annotable::Demande, found.id), who.structure).await?;
    let membres = members(&mut connection, who.structure, found.assigne).await?;
    let modeles = choices(&mut connection, who.structure).await?;
    let open = found.etat != EtatDemande::Close;
    let doubles = if open { demandes::duplicates(&mut connection, found).await? } else { Vec::new() };
    let may_help = who.allowed(Droit::Acces).is_ok();
    let archives = if found.sorte == TypeDemande::Reactivation && may_help {
        demandes::archived(&mut connection, who.structure, found).await?
    } else {
        Vec::new()
    };
    let fiches = match found.compte {
        Some(compte) => store::intervenants::fiches(&mut connection, &[compte]).await?,
        None => Vec::new(),
    };
    drop(connection);
    let known = app.referentiels();
    let mut structures = vec![Choice::new("", "choisir…")];
    let others = known.structures.iter().filter(|one| one.id != who.structure.0);
    structures.extend(others.map(|one| Choice::new(one.id.to_string(), &one.nom)));
    let name = format!("{} {}", found.prenom, found.nom);
    let mut suites = Vec::new();
    if found.sorte == TypeDemande::IdentifiantsPerdus && may_help {
        let href = Query::new("/gestion/acces").add("q", &found.nom).href();
        suites.push(Link::new("Donner des identifiants provisoires", href));
    }
    if found.sorte == TypeDemande::Donnees && may_help {
        suites.push(Link::new("Envoyer ses données à la personne", format!("{LIST}/{}/donnees", found.id)));
    }
    let jusqu_au = found.echeance_at.filter(|_| found.etat == EtatDemande::Complement).map(last_day);
    let structure = who.connecte.session.structure_nom.clone().unwrap_or_default();
    let mut layout = page::layout(request, app, &who.connecte.viewer, found.objet.clone()).await?.with_errors(errors);
    layout.notice = said.or(layout.notice);
    let view = GestionDemande {
        layout,
        href: format!("{LIST}/{}", found.id),
        version: found.version,
        reference: found.reference.clone(),
        sorte: found.sorte.libelle(),
        objet: found.objet.clone(),
        courriel: found.courriel.clone(),
        fiche: fiches
            .iter()
            .any(store::intervenants::Fiche::visible)
            .then(|| format!("/cvtheque/{}", found.compte.map(|id| id.to_string()).unwrap_or_default())),
        etat: found.etat.libelle(),
        tone: tone(found.etat),
        at: found.transmise_at.map(|at| page::moment(app, at)),
        jusqu_au: jusqu_au.unwrap_or_default(),
        autres,
        fil: thread(
            app,
            (messages, &kept),
            |message| match message.de {
                De::Demandeur => name.clone(),
                De::Structure => format!("{} ({structure})", message.auteur),
                De::Service => "Espace Intervenants".to_owned(),
            },
            |piece| format!("{LIST}/fichiers/{piece}"),
        ),
        nom: name.clone(),
        ouverte: open,
        membres,
        modeles,
        texte: fields.one("texte").to_owned(),
        jeton: form_token(fields)?,
        structures,
        doubles: doubles
            .into_iter()
            .map(|one| (one.id.to_string(), format!("{} · {}", one.reference, one.objet)))
            .collect(),
        suites,
        archives: archives.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        notes,
        note: fields.one("note").to_owned(),
        texte_max: TEXTE_MAX,
        note_max: store::notes::TEXTE_MAX,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /gestion/support/{id}` with the `version` of the page and `action` = `repondre`, `demander_complement`,
/// `clore` (`texte`, `jeton`), `inserer` (`modele`), `confier` (`a`), `transferer` (`vers`), `reunir` (`dans`), `noter`
/// (`note`), `reactiver` (`compte`).
pub async fn act(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    let version = fields.number("version").and_then(|version| i32::try_from(version).ok()).unwrap_or(0);
    let demande = found.id;
    let here = format!("{LIST}/{}", found.id);
    // Some words carry an id: `reunir-12`.
    let asked = fields.one("action");
    let (action, about) = asked.split_once('-').map_or((asked, None), |(word, id)| (word, id.parse::<i64>().ok()));
    if matches!(action, "transferer" | "reunir") {
        // These actions leave the page: what is being written on it would be lost.
        let written = [
            ("texte", "Votre réponse n’est pas envoyée : envoyez-la ou effacez-la d’abord."),
            ("note", "Votre note n’est pas ajoutée : ajoutez-la ou effacez-la d’abord."),
        ];
        let errors: Vec<FieldError> = written
            .into_iter()
            .filter(|(field, _)| fields.filled(field).is_some())
            .map(|(field, sentence)| FieldError::new(field, sentence))
            .collect();
        if !errors.is_empty() {
            return show(&request, &app, &who, &found, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    }
    let page = Acte { request: &request, app: &app, who: &who, found: &found, fields: &fields };
    match action {
        "repondre" | "demander_complement" | "clore" => page.answer(version).await,
        "inserer" => page.insert().await,
        "noter" => page.note().await,
        "confier" => {
            let to = match fields.one("a") {
                "" => None,
                _ => Some(CompteId(fields.number("a").unwrap_or(-1))),
            };
            page.ask(AssignDemande { demande, version, a: to }, &here, "C’est noté.").await
        }
        "transferer" => {
            let Some(to) = fields.number("vers") else {
                let error = FieldError::new("vers", "Choisissez la structure à qui confier la demande.");
                return page.again(&fields, vec![error]).await;
            };
            let asked = TransferDemande { demande, version, vers: StructureId(to) };
            page.ask(asked, LIST, "La demande est confiée à l’autre structure.").await
        }
        "reunir" => {
            let dans = about.or(fields.number("dans")).unwrap_or(0);
            let asked = MergeDemandes { demande, version, dans };
            page.ask(asked, &format!("{LIST}/{dans}"), "Les deux demandes sont réunies ici.").await
        }
        "reactiver" => {
            // Reopens an archived account: its owner gets a link to set a password (X4).
            who.allowed(Droit::Acces)?;
            let compte = CompteId(about.or(fields.number("compte")).unwrap_or(0));
            let asked = ReopenCompte { demande, compte, secret: OUBLI.secret()? };
            let said = "Le compte est réactivé : la personne reçoit un lien pour choisir un mot de passe.";
            page.ask(asked, &here, said).await
        }
        _ => Err(Error::BadRequest("Utilisez l’un des boutons de la page.")),
    }
}

struct Acte<'a> {
    request: &'a HttpRequest,
    app: &'a App,
    who: &'a Gestionnaire,
    found: &'a Demande,
    fields: &'a Fields,
}

impl Acte<'_> {
    /// The page again, with what is wrong.
    async fn again(&self, fields: &Fields, errors: Vec<FieldError>) -> Result<HttpResponse, Error> {
        show(self.request, self.app, self.who, self.found, fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await
    }

    /// Runs a command; then goes to `to`, or shows why it was refused.
    async fn ask<C>(&self, command: C, to: &str, said: &str) -> Result<HttpResponse, Error>
    where
        C: Command<By = CompteId, Done = (), Refusal = NotHandled>,
    {
        let Self { request, app, who, found, fields } = *self;
        match app.comptes.ask(&who.connecte.identity(), command).await? {
            Ok(()) if to.ends_with(&format!("/{}", found.id)) => {
                let answered = matches!(fields.one("action"), "repondre" | "demander_complement" | "clore");
                self.stay(if answered { &["texte"] } else { &[] }, Notice::done(said)).await
            }
            Ok(()) => page::redirect_saying(app, to, &Notice::done(said)),
            Err(NotHandled::Unknown) => Err(Error::NotFound),
            Err(NotHandled::Forbidden) => Err(Error::Forbidden),
            Err(refus) => {
                let status = match refus {
                    NotHandled::Changed | NotHandled::Refusal(_) | NotHandled::NotArchived => StatusCode::CONFLICT,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                let field = match refus {
                    NotHandled::SameStructure => "vers",
                    NotHandled::NotAMember => "a",
                    _ => "",
                };
                // The request as it is now: the next action is on what is shown.
                let now = own(app, who, found.id).await?;
                // The next form must not be taken for a repetition of this one.
                let fields = &still_written(fields, &[]);
                show(request, app, who, &now, fields, vec![FieldError::new(field, refus.to_string())], status).await
            }
        }
    }

    /// Back to the request, with what is still being written on its page, except the fields in `sent`.
    async fn stay(&self, sent: &[&str], said: Notice) -> Result<HttpResponse, Error> {
        let written = still_written(self.fields, sent);
        if written.iter().all(|(_, value)| value.trim().is_empty()) {
            return page::redirect_saying(self.app, &format!("{LIST}/{}", self.found.id), &said);
        }
        let now = own(self.app, self.who, self.found.id).await?;
        let fields = (&written, Vec::new(), StatusCode::OK);
        show_saying(self.request, self.app, self.who, &now, fields, Some(said)).await
    }

    async fn valeurs(&self) -> Result<Valeurs, Error> {
        let personne = Some((String::new(), self.found.prenom.clone(), self.found.nom.clone()));
        let by = (self.who.structure, self.who.connecte.session.compte);
        Ok(Valeurs { personne, ..valeurs(&mut self.app.store.read().await?, by, &[]).await? })
    }

    async fn answer(&self, version: i32) -> Result<HttpResponse, Error> {
        let (found, fields) = (self.found, self.fields);
        let mut reader = Reader::new(fields);
        let texte = reader.text_saying("texte", TEXTE_MAX, "Écrivez votre réponse.", &too_long());
        if !reader.errors.is_empty() {
            return self.again(fields, reader.errors).await;
        }
        let texte = fill(&texte, &self.valeurs().await?);
        let evenement = Evenement::from_word(fields.one("action")).unwrap_or(Evenement::Repondre);
        let asked = TreatDemande { demande: found.id, version, evenement, texte, jeton: form_token(fields)? };
        let said = "C’est envoyé : la personne en est prévenue par courriel.";
        self.ask(asked, &format!("{LIST}/{}", found.id), said).await
    }

    /// Puts a template before the typed text.
    async fn insert(&self) -> Result<HttpResponse, Error> {
        let Self { request, app, who, found, fields } = *self;
        let Some(id) = fields.number("modele") else {
            let error = FieldError::new("texte", "Choisissez d’abord un modèle dans la liste.");
            return self.again(fields, vec![error]).await;
        };
        let modele = store::modeles::by_id(&mut app.store.read().await?, who.structure, id).await?;
        let modele = modele.ok_or(Error::NotFound)?;
        let texte = before(&modele.texte, &self.valeurs().await?, fields.one("texte").trim());
        let kept = ["jeton", "note"].map(|name| (name.to_owned(), fields.one(name).to_owned()));
        let fields = Fields::from_pairs([("texte".to_owned(), texte)].into_iter().chain(kept).collect());
        show(request, app, who, found, &fields, Vec::new(), StatusCode::OK).await
    }

    async fn note(&self) -> Result<HttpResponse, Error> {
        let about = (Annotable::Demande, self.found.id);
        if let Err(errors) = notes::add(self.app, &self.who.connecte, about, self.fields).await? {
            return self.again(self.fields, errors).await;
        }
        self.stay(&["note"], Notice::done("La note est ajoutée.")).await
    }
}

/// The answer and the note that are being written, except those just sent.
fn still_written(fields: &Fields, sent: &[&str]) -> Fields {
    let names = ["texte", "note"].into_iter().filter(|name| !sent.contains(name));
    Fields::from_pairs(names.map(|name| (name.to_owned(), fields.one(name).to_owned())).collect())
}
