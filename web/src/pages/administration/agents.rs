//! Gestionnaires and administrateurs: the list, and the page of one.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::compte::{Droit, EtatCompte, Role};
use domain::profil::Civilite;
use domain::texte::fold;
use domain::{CompteId, StructureId};
use store::administration::Agent;

use super::layout;
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page::{self, Said};
use crate::session::Administrateur;
use crate::views::administration::{AgentFiche, AgentFormulaire, AgentRow, Agents, sections};
use crate::views::{Choice, Pages, Query, Tone};

/// The address of the list.
pub const LIST: &str = "/administration/agents";
const PAGE_SIZE: usize = 25;
/// The states to filter by: the words of `etat`, and how they are read.
const ETATS: [(&str, &str); 3] = [("actif", "Actif"), ("attente", "Mot de passe à choisir"), ("archive", "Archivé")];

/// The state of an account, a word of [`ETATS`].
fn etat(agent: &Agent) -> &'static str {
    match agent.etat {
        EtatCompte::Archive => "archive",
        EtatCompte::Actif | EtatCompte::AActiver if !agent.mot_de_passe => "attente",
        EtatCompte::Actif | EtatCompte::AActiver => "actif",
    }
}

fn said(agent: &Agent) -> (&'static str, Tone) {
    match etat(agent) {
        "archive" => ("archivé", Tone::Info),
        "attente" => ("mot de passe à choisir", Tone::Waiting),
        _ => ("actif", Tone::Done),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Intervenant => "Intervenant",
        Role::Gestionnaire => "Gestionnaire",
        Role::Administrateur => "Administrateur",
    }
}

/// The filters of the list.
struct Vue {
    q: String,
    structure: Option<i64>,
    etat: String,
}

impl Vue {
    fn read(fields: &Fields) -> Self {
        let word = fields.one("etat");
        Self {
            q: fields.searched("q"),
            structure: fields.number("structure"),
            etat: ETATS.iter().find(|(known, _)| *known == word).map_or("", |(known, _)| known).to_owned(),
        }
    }

    fn query(&self) -> Query {
        Query::new(LIST)
            .add("q", &self.q)
            .add("structure", &self.structure.map(|id| id.to_string()).unwrap_or_default())
            .add("etat", &self.etat)
    }

    fn is_filtered(&self) -> bool {
        !self.q.is_empty() || self.structure.is_some() || !self.etat.is_empty()
    }

    fn fits(&self, agent: &Agent) -> bool {
        let names = fold(&format!("{} {}", agent.nom, agent.prenom));
        // Accents and hyphens of names don't count; a login is compared as it is written.
        let says = |word: &str| names.contains(&fold(word)) || agent.login.contains(&word.to_lowercase());
        self.q.split_whitespace().all(says)
            && self.structure.is_none_or(|id| agent.structure == Some(StructureId(id)))
            && (self.etat.is_empty() || etat(agent) == self.etat)
    }
}

pub fn structures(app: &App, chosen: Option<i64>) -> Vec<Choice> {
    let known = app.referentiels();
    let all = known.structures.iter();
    all.map(|item| Choice { selected: Some(item.id) == chosen, ..Choice::new(item.id.to_string(), item.nom.clone()) })
        .collect()
}

/// `GET /administration/agents` with `q`, `structure`, `etat` and `page`.
pub async fn agents(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let vue = Vue::read(&fields);
    let mut found = store::administration::agents(&mut app.store.read().await?, None).await?;
    found.retain(|agent| vue.fits(agent));
    let number = u64::try_from(fields.number("page").unwrap_or(1)).unwrap_or(1);
    let pages = Pages::new(number, PAGE_SIZE as u64, found.len() as u64, vue.query());
    let from = (pages.current as usize - 1) * PAGE_SIZE;
    let rows = found.into_iter().skip(from).take(PAGE_SIZE).map(|agent| {
        let (etat, tone) = said(&agent);
        AgentRow {
            href: format!("{LIST}/{}", agent.compte),
            nom: format!("{} {}", agent.nom, agent.prenom),
            email: agent.login,
            role: role(agent.role),
            structure: agent.structure_nom.unwrap_or_default(),
            etat,
            tone,
            connexion: agent.connexion_at.map(|at| page::moment(&app, at)),
        }
    });
    let rows = rows.collect();
    let layout = layout(&request, &app, &who, "Gestionnaires et administrateurs", Vec::new()).await?;
    let view = Agents {
        layout,
        sections: sections(),
        structures: structures(&app, vue.structure),
        etats: ETATS
            .iter()
            .map(|(word, label)| Choice { selected: *word == vue.etat, ..Choice::new(*word, *label) })
            .collect(),
        filtered: vue.is_filtered(),
        q: vue.q,
        rows,
        pages,
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

/// What stands in the fields of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Champs {
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    pub email: String,
    pub role: String,
    pub structure: Option<i64>,
    pub droits: Vec<Droit>,
}

impl Champs {
    /// The fields of a saved account.
    pub fn of(agent: &Agent) -> Self {
        Self {
            civilite: agent.civilite.clone(),
            nom: agent.nom.clone(),
            prenom: agent.prenom.clone(),
            email: agent.login.clone(),
            role: agent.role.as_str().to_owned(),
            structure: agent.structure.map(|id| id.0),
            droits: Droit::ALL.iter().copied().filter(|droit| agent.droits.contains(droit)).collect(),
        }
    }
}

/// The account of an agent; an intervenant's is not found here.
pub async fn found(app: &App, id: i64) -> Result<Agent, Error> {
    let mut found = store::administration::agents(&mut app.store.read().await?, Some(CompteId(id))).await?;
    found.pop().ok_or(Error::NotFound)
}

pub async fn agent_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let agent = found(&app, *id).await?;
    let champs = Champs::of(&agent);
    show(&request, &app, &who, Some(agent), champs, Said::Nothing).await
}

/// The form: of an account, or of a new one.
pub async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    agent: Option<Agent>,
    champs: Champs,
    on_top: Said,
) -> Result<HttpResponse, Error> {
    let title =
        agent.as_ref().map_or_else(|| "Créer un compte".to_owned(), |agent| format!("{} {}", agent.prenom, agent.nom));
    let (status, layout) = on_top.on(layout(request, app, who, title, Vec::new()).await?);
    let fiche = agent.as_ref().map(|agent| {
        let (etat, tone) = said(agent);
        let archived = agent.etat == EtatCompte::Archive;
        let soi = agent.compte == who.connecte.session.compte;
        AgentFiche {
            email: agent.login.clone(),
            role: role(agent.role),
            gestionnaire: agent.role == Role::Gestionnaire,
            etat,
            tone,
            connexion: agent.connexion_at.map(|at| page::moment(app, at)),
            second_facteur: agent.second_facteur,
            lien: !archived && !agent.mot_de_passe,
            archiver: !archived && !soi,
            rouvrir: archived,
            soi,
        }
    });
    let choice =
        |value: &str, label: &str, chosen: &str| Choice { selected: value == chosen, ..Choice::new(value, label) };
    let view = AgentFormulaire {
        layout,
        sections: sections(),
        action: agent.as_ref().map_or_else(|| format!("{LIST}/nouveau"), |agent| format!("{LIST}/{}", agent.compte)),
        fiche,
        civilites: Civilite::ALL.iter().map(|one| choice(one.as_str(), one.as_str(), &champs.civilite)).collect(),
        roles: [Role::Gestionnaire, Role::Administrateur]
            .into_iter()
            .map(|one| choice(one.as_str(), role(one), &champs.role))
            .collect(),
        structures: structures(app, champs.structure),
        droits: Droit::ALL
            .iter()
            .map(|droit| Choice {
                selected: champs.droits.contains(droit),
                ..Choice::new(droit.as_str(), droit.libelle())
            })
            .collect(),
        nom: champs.nom,
        prenom: champs.prenom,
        email: champs.email,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}
