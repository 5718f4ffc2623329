//! The pages of « Mes données et documents »: the list of blocks, one block, and what is read again before it leaves.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{Duration, NaiveDate, NaiveDateTime};
use documents::Place;
use domain::compte::Statut;
use domain::dossier::piece::EtatElement;
use domain::dossier::pieces::{Situation, TypeIdentite, TypePiece, pieces_dues};
use domain::dossier::saisie::{Saisie, Vue};
use domain::dossier::transmission::{EtatBloc, EtatDossier};
use domain::dossier::{Bloc, Cible, Ensemble};
use domain::profil::{Champs, Identification, TypeEmployeur};
use domain::time::{paris, paris_day};
use store::dossiers::{self, Brouillon, Donnees, Dossier};

use super::brouillon::words;
use super::rows::{HERE, anchor, at, file_row, history, tone, tone_of_all, valable};
use crate::antivirus::{Retenues, retenues_du_dossier};
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::Valide;
use crate::views::dossier::{
    BlocLine, BlocRow, Document, Documents, Groupe, Marque, Pas, PieceRow, Place as Placed, Verification,
};
use crate::views::layout::Tone;
use crate::views::profil::Depot;
use crate::views::text::blocks;
use crate::views::{Choice, FieldError, dates};

/// What a page says besides the dossier and the typed fields.
#[derive(Default)]
pub struct Said {
    /// The employers that were looked for, without JavaScript.
    pub employeurs: Option<Vec<Choice>>,
    pub errors: Vec<FieldError>,
}

impl Said {
    pub fn errors(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::default() }
    }
}

/// How one block is asked for.
#[derive(Clone, Copy, Default)]
pub struct Asked {
    /// Whether its numbers are shown whole.
    pub whole: bool,
    /// Whether what is typed and not saved is checked.
    pub checked: bool,
}

/// The blocks under one heading of the list.
const GROUPES: [(&str, &[Bloc]); 3] = [
    ("Vous", &[Bloc::Adresse, Bloc::Telephones, Bloc::Identite, Bloc::CarteVitale]),
    ("Votre activité", &[Bloc::Statut, Bloc::Employeur, Bloc::Vigilance]),
    ("Votre paiement", &[Bloc::Banque]),
];

fn picto(bloc: Bloc) -> &'static str {
    match bloc {
        Bloc::Adresse => "home",
        Bloc::Telephones => "mobile",
        Bloc::Identite => "id",
        Bloc::CarteVitale => "care",
        Bloc::Statut => "work",
        Bloc::Employeur => "building",
        Bloc::Vigilance => "letter",
        Bloc::Banque => "bank",
    }
}

/// The blocks of the list, in its order: what is due, what was given, and what is typed.
fn blocs(found: &Dossier, typed: &Brouillon) -> Vec<Bloc> {
    let due = found.etat.dus();
    let shown = |bloc: &Bloc| {
        let cible = Cible::Bloc(*bloc);
        due.contains(&cible) || found.elements.contains_key(&cible) || typed.contains_key(bloc)
    };
    Bloc::ALL.iter().copied().filter(shown).collect()
}

/// A dossier with all that its pages show.
struct Opened {
    found: Dossier,
    profil: Identification,
    kept: Retenues,
    typed: Brouillon,
}

impl Opened {
    async fn of(app: &App, who: &Valide) -> Result<Self, Error> {
        let compte = who.connecte.session.compte;
        let mut connection = app.store.read().await?;
        let found = dossiers::of(&mut connection, compte).await?;
        let profil = store::profils::identification(&mut connection, compte).await?.unwrap_or_default();
        let kept = retenues_du_dossier(app, &mut connection, &found).await?;
        let typed = dossiers::brouillon(&mut connection, &app.vault, &found).await?;
        Ok(Self { found, profil, kept, typed })
    }

    /// The blocks with typed fields, as far as they are due.
    fn drafts(&self) -> impl Iterator<Item = &Bloc> {
        let due = self.found.etat.dus();
        self.typed.keys().filter(move |bloc| due.contains(&Cible::Bloc(**bloc)))
    }

    /// Whether the profile proposes something for a block of which nothing is saved.
    fn is_proposed(&self, app: &App, bloc: Bloc) -> Result<bool, Error> {
        let cible = Cible::Bloc(bloc);
        let nothing = self.found.saisie(&app.vault, bloc)?.is_none();
        let due = self.found.etat.element(cible).etat() == EtatElement::ASaisir;
        Ok(nothing && due && filled(bloc, &self.found.formulaire(&app.vault, &self.profil, bloc, false)?))
    }

    /// How far a block is; `None` when nothing of it is due.
    fn state(&self, app: &App, bloc: Bloc) -> Result<Option<State>, Error> {
        let Some(etat) = self.found.etat.bloc(bloc) else { return Ok(None) };
        Ok(Some(if self.typed.contains_key(&bloc) {
            State::Typed
        } else if etat == EtatBloc::ARemplir && self.is_proposed(app, bloc)? {
            State::Proposed
        } else {
            State::Is(etat)
        }))
    }

    fn states(&self, app: &App) -> Result<Vec<(Bloc, Option<State>)>, Error> {
        blocs(&self.found, &self.typed).into_iter().map(|bloc| Ok((bloc, self.state(app, bloc)?))).collect()
    }
}

/// How far a block is, with what only the form knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Something is typed that is not saved.
    Typed,
    /// The profile says it: it counts once it is confirmed.
    Proposed,
    Is(EtatBloc),
}

impl State {
    fn is_ready(self) -> bool {
        matches!(self, Self::Is(etat) if etat.is_ready())
    }

    fn marque(self) -> Marque {
        let (word, class, picto, step) = match self {
            Self::Typed => ("À enregistrer", "ask", "ask", "ask"),
            Self::Proposed => ("À confirmer", "ask", "ask", "ask"),
            Self::Is(EtatBloc::ACorriger) => (EtatBloc::ACorriger.libelle(), "fix", "fix", "fix"),
            Self::Is(EtatBloc::Incomplet) => (EtatBloc::Incomplet.libelle(), "ask", "half", "ask"),
            Self::Is(EtatBloc::ARemplir) => (EtatBloc::ARemplir.libelle(), "", "ring", ""),
            Self::Is(EtatBloc::Transmis) => (EtatBloc::Transmis.libelle(), "now", "clock", "done"),
            Self::Is(etat) => (etat.libelle(), "ok", "done", "done"),
        };
        Marque { word, class, picto, step }
    }
}

/// Whether a form says something: a country alone does not.
pub fn filled(bloc: Bloc, champs: &Champs) -> bool {
    bloc.champs().iter().any(|name| !matches!(*name, "pays" | "sepa") && !champs.one(name).trim().is_empty())
}

/// The error of a field, led to the page of its block.
pub fn placed(error: FieldError) -> FieldError {
    let field = error.field.as_str();
    let word = field.strip_prefix("bloc-").or_else(|| field.strip_prefix("fichier-")).unwrap_or(field);
    let holder = Bloc::ALL.iter().copied().find(|bloc| bloc.champs().contains(&field));
    let Some(bloc) = Cible::from_word(word).map(Cible::bloc).or(holder) else { return error };
    let checked = if holder.is_some() { "?verifier=1" } else { "" };
    FieldError::new(format!("{}{checked}#{field}", at(Cible::Bloc(bloc))), error.sentence)
}

/// The list of blocks.
pub async fn list(
    request: &HttpRequest,
    app: &App,
    who: &Valide,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    let opened = Opened::of(app, who).await?;
    let mut connection = app.store.read().await?;
    let events = dossiers::history(&mut connection, compte).await?;
    let structure = match opened.found.structure {
        Some(id) => store::structures::by_id(&mut connection, id).await?.map(|one| one.nom).unwrap_or_default(),
        None => String::new(),
    };
    let delai = match opened.found.structure.filter(|_| opened.found.etat.resume() == EtatDossier::Transmis) {
        Some(id) => usual(dossiers::historique::delays(&mut connection, id).await?),
        None => None,
    };
    drop(connection);
    let found = &opened.found;
    let last = events.iter().find(|event| event.evenement == Some(Ensemble::Demander.into()));
    let demande = last.filter(|_| found.etat.demande.is_some()).map(|event| {
        let who = event.structure.clone().unwrap_or_else(|| "Le service".to_owned());
        (who, blocks(&event.texte), page::moment(app, event.at))
    });
    let states = opened.states(app)?;
    let counted: Vec<State> = states.iter().filter_map(|(_, state)| *state).collect();
    let next = states.iter().find(|(_, state)| state.is_some_and(|state| !state.is_ready())).map(|(bloc, _)| *bloc);
    let mut groupes = Vec::new();
    for (titre, members) in GROUPES {
        let mut lignes = Vec::new();
        for (bloc, state) in states.iter().filter(|(bloc, _)| members.contains(bloc)) {
            lignes.push(line(app, &opened, *bloc, *state, next == Some(*bloc))?);
        }
        if !lignes.is_empty() {
            groupes.push(Groupe { titre, lignes });
        }
    }
    let resume = found.etat.resume();
    let waits = !found.etat.missing().is_empty() || !found.etat.reste_a_faire().is_empty();
    let todo = waits || found.etat.a_transmettre();
    let drafts = opened.drafts().next().is_some();
    let untouched = found.version == 0;
    let view = Documents {
        layout: page::layout(request, app, &who.connecte.viewer, "Mes données et documents").await?.with_errors(errors),
        etat: if untouched { "rien n’est demandé" } else { resume.libelle() },
        tone: if untouched { Tone::Info } else { tone_of_all(resume) },
        avant: found
            .avant
            .filter(|_| todo && demande.is_some())
            .map(|day| deadline(day, paris_day(app.store.clock().now()))),
        demande: demande.filter(|_| todo),
        valable: valable(found),
        prets: counted.iter().filter(|state| state.is_ready()).count(),
        segments: counted.iter().map(|state| state.marque().step).collect(),
        groupes,
        suivant: next.map(|bloc| (at(Cible::Bloc(bloc)), bloc.titre())),
        rien: untouched && opened.typed.is_empty(),
        a_transmettre: found.etat.a_transmettre() || drafts,
        pret: found.etat.missing().is_empty() && !drafts,
        verification: format!("{HERE}/verification"),
        chemin: path(if waits { EtatDossier::ACompleter } else { resume }, &structure, delai, found.transmis_at),
        historique: history(app, events, false),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// A deadline in words, what is left until then, and whether it is at most a week away or past.
fn deadline(day: NaiveDate, today: NaiveDate) -> (String, String, bool) {
    let left = (day - today).num_days();
    let said = match left {
        ..0 => "date passée : transmettez dès que possible".to_owned(),
        0 => "aujourd’hui".to_owned(),
        1 => "demain".to_owned(),
        _ => format!("dans {left} jours"),
    };
    (format!("le {}", domain::dates::jour(day)), said, left <= 7)
}

/// Fewest decisions that tell how long a structure usually takes.
const TELLING: usize = 5;

/// The days that half of the decisions took at most; none when there are too few to tell.
fn usual(mut delays: Vec<Duration>) -> Option<i64> {
    delays.sort();
    delays.get(delays.len() / 2).filter(|_| delays.len() >= TELLING).map(Duration::num_days)
}

/// What happens from the transmission to the letter, and where the dossier is.
fn path(resume: EtatDossier, structure: &str, delai: Option<i64>, sent: Option<NaiveDateTime>) -> Vec<Pas> {
    let now = match resume {
        EtatDossier::ACompleter | EtatDossier::ATransmettre => 0,
        EtatDossier::Transmis => 1,
        EtatDossier::Valide => 3,
    };
    let examines =
        if structure.is_empty() { "La structure examine".to_owned() } else { format!("{structure} examine") };
    let sent = sent.filter(|_| now > 0).map(|at| {
        let at = paris(at);
        format!("c’est fait, {} à {}", domain::dates::jour(at.date()), dates::time(at.time()))
    });
    let usually = match delai {
        None => "dès que possible".to_owned(),
        Some(0) => "d’habitude le jour même".to_owned(),
        Some(1) => "d’habitude en un jour".to_owned(),
        Some(days) => format!("d’habitude en {days} jours"),
    };
    let steps = [
        ("Vous transmettez".to_owned(), sent.unwrap_or_else(|| "quand tous les blocs sont prêts".to_owned())),
        (examines, format!("élément par élément, {usually} ; vous n’avez rien à faire pendant ce temps")),
        ("Vous recevez un courriel".to_owned(), "S’il faut corriger, seul l’élément refusé se rouvre.".to_owned()),
        ("Votre lettre de demande arrive".to_owned(), "Vous y répondez ici, en un bouton.".to_owned()),
    ];
    steps.into_iter().enumerate().map(|(place, (quoi, detail))| Pas { quoi, detail, ici: place == now }).collect()
}

fn line(app: &App, opened: &Opened, bloc: Bloc, state: Option<State>, suivant: bool) -> Result<BlocLine, Error> {
    let found = &opened.found;
    let due: Vec<Cible> = found.etat.dus().into_iter().filter(|cible| cible.bloc() == bloc).collect();
    let refused = due.iter().find_map(|cible| {
        let donnees = found.donnees(*cible);
        (donnees.element.etat() == EtatElement::Refuse).then(|| format!("Refusé : {}", donnees.refus))
    });
    let todo = found.etat.missing().into_iter().find(|one| one.cible.bloc() == bloc).map(|one| one.phrase);
    let saisie = found.saisie(&app.vault, bloc)?;
    let known: Vec<String> = saisie
        .map(|read| read.lignes(Vue::Masquee).into_iter().map(|ligne| ligne.valeur).collect())
        .unwrap_or_default();
    let known = known.into_iter().filter(|value| !value.is_empty()).take(3).collect::<Vec<_>>().join(", ");
    let (detail, why) = match state {
        Some(State::Typed) => ("Ce que vous avez tapé est gardé : vérifiez-le et enregistrez.".to_owned(), false),
        Some(State::Proposed) => ("Repris de votre profil : est-ce toujours vrai ?".to_owned(), false),
        Some(State::Is(EtatBloc::ACorriger)) => (refused.or(todo).unwrap_or_default(), true),
        Some(State::Is(EtatBloc::Incomplet | EtatBloc::ARemplir)) => (todo.unwrap_or_default(), false),
        Some(State::Is(_)) => (known, false),
        None => ("Plus demandé avec votre statut ; ce que vous avez donné reste gardé.".to_owned(), false),
    };
    let pieces = due.iter().filter(|cible| cible.is_piece()).map(|cible| {
        let etat = found.etat.element(*cible).etat();
        (cible.libelle(), etat.libelle(), tone(etat))
    });
    let under_way = due.iter().any(|cible| {
        matches!(found.etat.element(*cible).etat(), EtatElement::Transmis | EtatElement::Valide | EtatElement::Refuse)
    });
    Ok(BlocLine {
        id: anchor(Cible::Bloc(bloc)),
        href: at(Cible::Bloc(bloc)),
        titre: bloc.titre(),
        picto: picto(bloc),
        etat: state.map_or(Marque { word: "Plus demandé", class: "", picto: "minus", step: "" }, State::marque),
        detail,
        why,
        suivant,
        pieces: if under_way { pieces.collect() } else { Vec::new() },
    })
}

/// One block, with its place among the others.
pub async fn bloc(
    request: &HttpRequest,
    app: &App,
    who: &Valide,
    (bloc, asked): (Bloc, Asked),
    said: Said,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let opened = Opened::of(app, who).await?;
    let mut said = said;
    if asked.checked
        && said.errors.is_empty()
        && let Some(champs) = opened.typed.get(&bloc)
    {
        let today = paris_day(app.store.clock().now());
        let read = Saisie::read(bloc, champs, opened.found.etat.propose.statut, today);
        said.errors.extend(read.err().unwrap_or_default().into_iter().map(FieldError::from));
    }
    let shown = row(app, &opened, bloc, &said, asked.whole)?;
    let mut order: Vec<(Bloc, Option<State>)> = opened.states(app)?;
    if !order.iter().any(|(one, _)| *one == bloc) {
        // A block that nothing asks for yet (the employer before the statut) is opened by its address alone.
        order.push((bloc, None));
        order.sort_by_key(|(one, _)| *one);
    }
    let here = order.iter().position(|(one, _)| *one == bloc).unwrap_or(0);
    let step = |(one, state): &(Bloc, Option<State>)| match state {
        _ if *one == bloc => "here",
        Some(state) => state.marque().step,
        None => "",
    };
    let beside = |place: Option<usize>| place.and_then(|place| order.get(place)).map(|(one, _)| one.titre());
    let (last, first) = (here + 1 == order.len(), here == 0);
    let statut = Statut::from_word(shown.champs.one("statut")).filter(|_| bloc == Bloc::Statut);
    let kind = statut.or(opened.found.etat.propose.statut).and_then(Statut::employeur);
    let chosen = shown.champs.one("type_identite").to_owned();
    let identites =
        TypeIdentite::ALL.iter().map(|one| Choice::new(one.as_str(), one.libelle()).selected(chosen == one.as_str()));
    let view = Document {
        layout: page::layout(request, app, &who.connecte.viewer, bloc.libelle()).await?.with_errors(said.errors),
        place: Placed {
            numero: here + 1,
            total: order.len(),
            segments: order.iter().map(step).collect(),
            precedent: if first { None } else { beside(here.checked_sub(1)) },
            suivant: if last { None } else { beside(Some(here + 1)) },
        },
        brouillon: words(opened.typed.keys().filter(|one| **one == bloc)),
        identites: identites.collect(),
        statuts: statuts(shown.champs.one("statut"), opened.found.etat.propose.seuil),
        type_employeur: kind.map_or("", TypeEmployeur::as_str),
        employeurs: said.employeurs,
        depot: Depot::new(Place::PieceDossier),
        bloc: shown,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// Where « Continuer » leads from a block: the next one, or what is read again before it leaves.
pub fn after(found: &Dossier, typed: &Brouillon, bloc: Bloc) -> String {
    let next = blocs(found, typed).into_iter().find(|one| *one > bloc);
    next.map_or_else(|| format!("{HERE}/verification"), |next| at(Cible::Bloc(next)))
}

/// Where « Bloc précédent » leads.
pub fn before(found: &Dossier, typed: &Brouillon, bloc: Bloc) -> String {
    let before = blocs(found, typed).into_iter().rfind(|one| *one < bloc);
    before.map_or_else(|| HERE.to_owned(), |before| at(Cible::Bloc(before)))
}

/// What is read again before it leaves.
pub async fn check(request: &HttpRequest, app: &App, who: &Valide) -> Result<HttpResponse, Error> {
    let opened = Opened::of(app, who).await?;
    let mut blocs = Vec::new();
    for (bloc, state) in opened.states(app)? {
        if state.is_some() {
            blocs.push(row(app, &opened, bloc, &Said::default(), false)?);
        }
    }
    let missing = opened.found.etat.missing().into_iter();
    let mut manques: Vec<FieldError> =
        missing.map(|one| placed(FieldError::new(anchor(one.cible), one.phrase))).collect();
    let unsaved = opened.drafts().map(|bloc| {
        let sentence = format!("{} : ce que vous avez tapé n’est pas enregistré.", bloc.titre());
        placed(FieldError::new(anchor(Cible::Bloc(*bloc)), sentence))
    });
    manques.extend(unsaved);
    let view = Verification {
        layout: page::layout(request, app, &who.connecte.viewer, "Vérifier et transmettre").await?,
        blocs,
        manques,
        a_transmettre: opened.found.etat.a_transmettre(),
    };
    page::ok(request, app, &who.connecte.viewer, &view)
}

/// The statuts, each with the pieces that it asks for (D7), so that people know them before they choose.
fn statuts(chosen: &str, seuil: bool) -> Vec<(Choice, String)> {
    let always = pieces_dues(Situation::default());
    let choice = |one: &Statut| {
        let of_statut = Situation { seuil, ..Situation::of_statut(*one) };
        let own = pieces_dues(of_statut).into_iter().filter(|piece| !always.contains(piece));
        let pieces: Vec<&str> = own.map(TypePiece::libelle).collect();
        (Choice::new(one.as_str(), one.libelle()).selected(chosen == one.as_str()), pieces.join(" ; "))
    };
    Statut::ALL.iter().map(choice).collect()
}

fn row(app: &App, opened: &Opened, bloc: Bloc, said: &Said, whole: bool) -> Result<BlocRow, Error> {
    let Opened { found, profil, typed, .. } = opened;
    let cible = Cible::Bloc(bloc);
    let donnees = found.donnees(cible);
    let saisie = found.saisie(&app.vault, bloc)?;
    let vue = if whole { Vue::EnClair } else { Vue::Masquee };
    let lignes = saisie.as_ref().map(|read| read.lignes(vue)).unwrap_or_default();
    let wrong = said.employeurs.is_some() || said.errors.iter().any(|one| bloc.champs().contains(&one.field.as_str()));
    let champs = match typed.get(&bloc) {
        Some(champs) => champs.clone(),
        // The values of the profile are proposed; they count only once the person saves them.
        None => found.formulaire(&app.vault, profil, bloc, whole)?,
    };
    let asked =
        |cible| found.etat.demande.as_ref().is_some_and(|one| one.asks(cible)) && !found.etat.element(cible).donne();
    let due = found.etat.dus();
    let pieces: Vec<PieceRow> = TypePiece::ALL
        .iter()
        .filter(|piece| piece.bloc() == bloc)
        .map(|&piece| {
            let of = Cible::Piece(piece);
            piece_row(app, opened, piece, (due.contains(&of), asked(of)), said)
        })
        // Pieces of the other choices are in the page, hidden: they show as soon as the choice is made.
        .filter(|row| row.due || row.fichier.is_some() || !row.pour.is_empty())
        .collect();
    let etat = donnees.element.etat();
    // What the statut no longer asks for is kept, but not transmitted.
    let idle = saisie.is_some() && !due.contains(&cible);
    Ok(BlocRow {
        id: bloc.as_str(),
        titre: bloc.libelle(),
        etat: if idle { "plus demandé" } else { etat.libelle() },
        tone: if idle { Tone::Info } else { tone(etat) },
        demande: asked(cible) || pieces.iter().any(|piece| piece.demandee),
        refus: donnees.refus.clone(),
        erreur: sentence(said, &[&anchor(cible)]),
        verrouille: etat == EtatElement::Transmis && !cible.libre(),
        retirable: retirable(&donnees),
        replie: saisie.is_some() && !wrong && etat != EtatElement::Refuse && !typed.contains_key(&bloc),
        propose: opened.is_proposed(app, bloc)?,
        afficher: bloc.sensible() && saisie.is_some() && !whole,
        saisie: typed.contains_key(&bloc),
        lignes: lignes.into_iter().map(|ligne| (ligne.libelle, ligne.valeur)).collect(),
        champs,
        pieces,
    })
}

/// The error at one of these fields.
fn sentence(said: &Said, fields: &[&str]) -> Option<String> {
    let found = said.errors.iter().find(|error| fields.contains(&error.field.as_str()));
    found.map(|error| error.sentence.clone())
}

/// Whether there is a proposal that the person can take back.
fn retirable(donnees: &Donnees) -> bool {
    matches!(donnees.element.etat(), EtatElement::Saisi | EtatElement::Refuse)
}

fn piece_row(app: &App, opened: &Opened, piece: TypePiece, (due, demandee): (bool, bool), said: &Said) -> PieceRow {
    let field = format!("fichier-{piece}");
    let donnees = opened.found.donnees(Cible::Piece(piece));
    let etat = donnees.element.etat();
    let shown = |file| file_row(app, &opened.kept, file, format!("{HERE}/fichiers/{}", file.id));
    PieceRow {
        id: piece.as_str(),
        libelle: piece.libelle(),
        aide: piece.aide(),
        etat: match (due, donnees.newest_file()) {
            (false, Some(_)) => "plus demandé",
            (false, None) => EtatElement::ASaisir.libelle(),
            (true, _) => etat.libelle(),
        },
        tone: if due { tone(etat) } else { Tone::Info },
        demandee,
        refus: donnees.refus.clone(),
        image: donnees.newest_file().is_some_and(|file| matches!(file.format.as_str(), "jpg" | "png")),
        fichier: donnees.newest_file().map(shown),
        erreur: sentence(said, &[&field, piece.as_str()]),
        verrouille: etat == EtatElement::Transmis,
        retirable: retirable(&donnees),
        due,
        pour: choices(piece).join(" "),
    }
}

/// The statuts or identity documents that ask for a piece; empty when everybody owes it.
fn choices(piece: TypePiece) -> Vec<&'static str> {
    if pieces_dues(Situation::default()).contains(&piece) {
        return Vec::new();
    }
    let statuts = Statut::ALL.iter().filter(|&&one| pieces_dues(Situation::of_statut(one)).contains(&piece));
    let documents = TypeIdentite::ALL.iter().filter(|one| one.pieces().contains(&piece));
    statuts.map(|one| one.as_str()).chain(documents.map(|one| one.as_str())).collect()
}
