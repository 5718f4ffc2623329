//! `GET|POST /gestion/dossiers/{id}`: one dossier, the requests for it, and the decision piece by piece (SPEC D1, D9,
//! D14).
//!
//! What the person has saved and not transmitted is private: it is not shown here.
//!
//! The page is one form. Its buttons open a file, show a number or send a request, and every button keeps what is
//! ticked and written.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::dossiers::{
    AskForDossier, DecideDossier, Decision, Decisions, NotAsked, NotDecided, NotRead, RecordReading,
};
use chrono::NaiveDateTime;
use documents::Format;
use domain::CompteId;
use domain::dossier::motif::{Motif, MotifRefus, TEXTE_MAX};
use domain::dossier::piece::{self, EtatElement};
use domain::dossier::saisie::{Ligne, Vue};
use domain::dossier::{Bloc, Cible, Evenement};
use store::acces::Personne;
use store::dossiers::historique::Dernier;
use store::dossiers::{self, Dossier, Piece};

use super::LIST;
use crate::antivirus::{Retenues, let_out, retenues_du_dossier};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::gestion_inscriptions::moment;
use crate::pages::lettres::row_of_structure;
use crate::pages::mon_compte::documents::{bytes_of, file_row, history, opened, tone, tone_of_all, valable};
use crate::reader::Reader;
use crate::session::{Dossiers, Habilite};
use crate::televersement::forget;
use crate::views::dossier::{Contenu, ElementRow, FichierVu, GestionDossier};
use crate::views::{Choice, FieldError, Notice};

pub struct Ouvert {
    pub personne: Personne,
    /// The part of the dossier that this structure may see, possibly empty.
    pub dossier: Dossier,
    /// Whether this structure may read it.
    pub reads: bool,
    /// Whether the person is in the CV-thèque.
    pub validated: bool,
}

/// Opens somebody's dossier. Every structure may ask people of the CV-thèque for theirs. Before it has asked, it can't
/// read a dossier that it does not follow and that does not serve.
///
/// # Errors
/// When the person does not exist, or this structure may neither read the dossier nor ask for it.
pub async fn open(app: &App, who: &Habilite<Dossiers>, id: i64) -> Result<Ouvert, Error> {
    let of = CompteId(id);
    let mut connection = app.store.read().await?;
    let personne = store::acces::anybody(&mut connection, of).await?.ok_or(Error::NotFound)?;
    let reads = dossiers::may_read(&mut connection, who.structure, of).await?;
    let fiches = store::intervenants::fiches(&mut connection, &[of]).await?;
    let validated = fiches.iter().any(store::intervenants::Fiche::visible);
    if !reads && !validated {
        return Err(Error::NotFound);
    }
    let dossier = if reads { dossiers::of(&mut connection, of).await? } else { Dossier::empty(of) };
    Ok(Ouvert { personne, dossier, reads, validated })
}

#[derive(Default)]
struct Shown {
    fields: Fields,
    /// Whether the ticked decisions are on the versions that the fields name; otherwise the page must be read again.
    lu: bool,
    /// Blocks whose numbers are shown whole; each reading is recorded.
    whole: Vec<Bloc>,
    errors: Vec<FieldError>,
    /// What was just done, when what is ticked and written stays on the page.
    fait: Option<Notice>,
}

/// `GET /gestion/dossiers/{id}`; with `voir`, one of its files beside.
pub async fn page(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Dossiers>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let ouvert = open(&app, &who, *id).await?;
    show(&request, &app, &who, &ouvert, Shown::default(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Dossiers>,
    ouvert: &Ouvert,
    shown: Shown,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let (personne, found, validated) = (&ouvert.personne, &ouvert.dossier, ouvert.validated);
    let of = found.compte;
    let href = format!("{LIST}/{of}");
    let mut connection = app.store.read().await?;
    let events = if ouvert.reads { dossiers::history(&mut connection, of).await? } else { Vec::new() };
    let historique = history(app, events, true);
    let letters = store::lettres::between(&mut connection, who.structure, of).await?;
    let kept = retenues_du_dossier(app, &mut connection, found).await?;
    drop(connection);
    let mien = found.structure == Some(who.structure);
    let mut elements = Vec::new();
    for cible in Cible::all() {
        let row = element(app, (found, &kept), cible, mien, &shown)?;
        if row.due || found.elements.contains_key(&cible) {
            elements.push(row);
        }
    }
    let vue = match looked_at(request, found) {
        Some((cible, file)) => Some(viewed(app, who, &kept, (found.compte, cible), &file).await?),
        None => None,
    };
    let known = app.referentiels();
    let decide = found.structure.and_then(|id| known.structures.iter().find(|one| one.id == id.0));
    let resume = found.etat.resume();
    let mut motifs = vec![Choice::new("", "choisir un motif…")];
    motifs.extend(MotifRefus::ALL.iter().map(|one| Choice::new(one.as_str(), one.libelle())));
    let untouched = found.version == 0;
    let title = format!("Dossier de {} {}", personne.prenom, personne.nom);
    let mut layout = page::layout(request, app, &who.connecte.viewer, title).await?.with_errors(shown.errors);
    layout.notice = shown.fait.or(layout.notice);
    let demandes = asked_for(found, &shown.fields);
    let view = GestionDossier {
        layout,
        action: vue.as_ref().map_or_else(|| href.clone(), |vue| format!("{href}?voir={}", vue.id)),
        demandes: demandes.into_iter().map(Cible::as_str).collect(),
        nom: format!("{} {} {}", personne.civilite, personne.prenom, personne.nom),
        fiche: if validated { format!("/cvtheque/{of}") } else { String::new() },
        etat: if untouched { "rien n’est demandé" } else { resume.libelle() },
        tone: if untouched { crate::views::Tone::Info } else { tone_of_all(resume) },
        lettres: letters.into_iter().map(|one| row_of_structure(app, one)).collect(),
        nouvelle_lettre: if found.complet_at.is_some() && validated { format!("{href}/lettre") } else { String::new() },
        valable: valable(found),
        decide: decide.map(|one| one.nom.clone()).unwrap_or_default(),
        mien,
        refus: if validated {
            String::new()
        } else {
            "Un dossier se demande à une personne dont l’inscription est validée.".to_owned()
        },
        vue,
        texte: shown.fields.one("texte").to_owned(),
        avant: shown.fields.one("avant").to_owned(),
        texte_max: TEXTE_MAX,
        motifs,
        elements,
        historique,
        href,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The file that `voir` names.
fn looked_at(request: &HttpRequest, found: &Dossier) -> Option<(Cible, Piece)> {
    let asked = Fields::parse(request.query_string()).number("voir")?;
    Cible::all().find_map(|cible| Some((cible, found.seen_file(cible).filter(|file| file.id == asked)?.clone())))
}

/// A file as it is shown: as text when a browser can't show it by itself. The reading is recorded first (SPEC D14).
async fn viewed(
    app: &App,
    who: &Habilite<Dossiers>,
    kept: &Retenues,
    (of, cible): (CompteId, Cible),
    file: &Piece,
) -> Result<FichierVu, Error> {
    let fichier = file_row(app, kept, file, format!("{LIST}/fichiers/{}", file.id));
    let id = file.id;
    if let Some(why) = fichier.retenue {
        return Ok(FichierVu { id, fichier, contenu: Contenu::Rien(why.pourquoi()) });
    }
    if fichier.visible {
        return Ok(FichierVu { id, fichier, contenu: Contenu::Cadre });
    }
    let format: Format = file.format.parse().map_err(|_| Error::Internal(format!("format {:?}", file.format)))?;
    record(app, who, of, cible).await?;
    let read = app.extractor.extract_bytes(format, &bytes_of(app, file).await?).await;
    let contenu = match read {
        Ok(read) if read.text.trim().is_empty() => {
            Contenu::Rien("Ce document ne contient pas de texte : téléchargez-le pour voir ses images.")
        }
        Ok(read) => Contenu::Texte(read.text, read.truncated),
        Err(error) => {
            tracing::info!(fichier = file.id, %error, "the text of a piece could not be read");
            Contenu::Rien("Le texte de ce document n’a pas pu être lu : téléchargez-le pour l’examiner.")
        }
    };
    Ok(FichierVu { id, fichier, contenu })
}

fn element(
    app: &App,
    (found, kept): (&Dossier, &Retenues),
    cible: Cible,
    mien: bool,
    shown: &Shown,
) -> Result<ElementRow, Error> {
    let donnees = found.donnees(cible);
    let word = cible.as_str();
    let mut masque = false;
    let lignes: Vec<Ligne> = match cible {
        Cible::Bloc(bloc) => {
            let whole = shown.whole.contains(&bloc);
            let scelle = found.seen(bloc);
            masque = bloc.sensible() && !whole && scelle.is_some();
            let vue = if whole { Vue::EnClair } else { Vue::Masquee };
            match scelle {
                Some(scelle) => dossiers::open(&app.vault, found.compte, bloc, scelle)?.lignes(vue),
                None => Vec::new(),
            }
        }
        Cible::Piece(_) => Vec::new(),
    };
    let file = found.seen_file(cible);
    let wrong = |name: &str| {
        let field = format!("{name}-{word}");
        shown.errors.iter().find(|error| error.field == field).map(|error| error.sentence.clone())
    };
    let typed = |name: &str| shown.fields.one(&format!("{name}-{word}")).to_owned();
    // What is saved and not sent is shown here as not given.
    let etat = match (donnees.element.etat(), donnees.element.sert()) {
        (EtatElement::Saisi, true) => EtatElement::Valide,
        (EtatElement::Saisi, false) => EtatElement::ASaisir,
        (etat, _) => etat,
    };
    let (choix, posted) = (typed("decision"), shown.fields.number(&format!("version-{word}")));
    let a_decider = mien && etat == EtatElement::Transmis;
    Ok(ElementRow {
        id: word,
        libelle: cible.libelle(),
        piece: cible.is_piece(),
        etat: etat.libelle(),
        tone: tone(etat),
        // A ticked decision keeps the version that was read then.
        version: posted
            .and_then(|version| i32::try_from(version).ok())
            .filter(|_| shown.lu && !choix.is_empty())
            .unwrap_or(donnees.version),
        a_decider,
        perdu: if a_decider { String::new() } else { chosen(&choix, &typed("motif"), &typed("texte")) },
        demande: found.etat.demande.as_ref().is_some_and(|one| one.asks(cible)),
        due: found.etat.dus().contains(&cible),
        refus: donnees.refus.clone(),
        lignes: lignes.into_iter().map(|ligne| (ligne.libelle, ligne.valeur)).collect(),
        masque,
        fichier: file.map(|file| file_row(app, kept, file, beside(&format!("{LIST}/{}", found.compte), file.id))),
        choix,
        motif: typed("motif"),
        texte: typed("texte"),
        erreur_motif: wrong("motif"),
        erreur_texte: wrong("texte"),
    })
}

/// The address of a dossier with one of its files beside it.
fn beside(href: &str, file: i64) -> String {
    format!("{href}?voir={file}#visionneuse")
}

/// The choice made for an element that no longer waits for a decision; empty when there was none.
fn chosen(choix: &str, motif: &str, texte: &str) -> String {
    match choix {
        "valider" => "Vous aviez choisi de valider.".to_owned(),
        "refuser" => {
            let motif = MotifRefus::from_word(motif).map_or("sans motif", MotifRefus::libelle);
            let texte = texte.trim();
            format!("Vous aviez choisi de refuser : {motif}{}{texte}", if texte.is_empty() { "" } else { ". " })
        }
        _ => String::new(),
    }
}

/// The ticked boxes of the request: as they were left, otherwise what nobody has given yet.
fn asked_for(found: &Dossier, fields: &Fields) -> Vec<Cible> {
    if fields.has("demande") {
        let words = fields.all("cibles");
        return Cible::all().filter(|cible| words.iter().any(|word| word == cible.as_str())).collect();
    }
    let given = |cible: Cible| match cible {
        Cible::Bloc(bloc) => found.seen(bloc).is_some(),
        Cible::Piece(_) => found.seen_file(cible).is_some(),
    };
    found.etat.dus().into_iter().filter(|&cible| !given(cible)).collect()
}

/// The fields of one half of the page: the decisions, or the request.
fn half(fields: &Fields, decisions: bool) -> Fields {
    let of_request = |name: &str| matches!(name, "demande" | "cibles" | "texte" | "avant");
    let kept = fields.iter().filter(|(name, _)| of_request(name) != decisions);
    Fields::from_pairs(kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// `POST /gestion/dossiers/{id}` with `action` = `demander` (`cibles` repeated, `texte`), `decider` (for each block and
/// piece `version-…`, `decision-…` = `valider` or `refuser`, `motif-…`, `texte-…`), `tout_valider`, `afficher-…` (a
/// block), or `voir` (the file in the address).
pub async fn act(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Dossiers>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let ouvert = open(&app, &who, *id).await?;
    match fields.one("action") {
        "demander" => ask(&request, &app, &who, &ouvert, fields).await,
        "decider" | "tout_valider" => decide(&request, &app, &who, &ouvert, fields).await,
        "voir" => {
            let shown = Shown { fields, lu: true, ..Shown::default() };
            show(&request, &app, &who, &ouvert, shown, StatusCode::OK).await
        }
        action if action.starts_with("afficher-") => reveal(&request, &app, &who, &ouvert, fields).await,
        _ => Err(Error::BadRequest("Utilisez l’un des boutons de la page.")),
    }
}

async fn ask(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Dossiers>,
    ouvert: &Ouvert,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let found = &ouvert.dossier;
    let mut reader = Reader::new(&fields);
    let texte = fields.one("texte").trim().to_owned();
    if texte.chars().count() > TEXTE_MAX {
        reader.refuse("texte", NotAsked::TooLong.to_string());
    }
    let avant = reader.day("avant", None);
    let cibles: Vec<Cible> =
        Cible::all().filter(|cible| fields.all("cibles").iter().any(|word| word == cible.as_str())).collect();
    if cibles.is_empty() {
        reader.refuse("cibles", NotAsked::Nothing.to_string());
    }
    let mut errors = reader.errors;
    if errors.is_empty() {
        let asked = AskForDossier { compte: found.compte, cibles, texte, avant };
        match app.comptes.ask(&who.connecte.identity(), asked).await? {
            Ok(()) => {
                let rest = half(&fields, true);
                if !rest.iter().any(|(name, value)| !value.trim().is_empty() && is_choice(name)) {
                    return page::redirect_saying(
                        app,
                        &format!("{LIST}/{}", found.compte),
                        &Notice::done("La demande est envoyée : la personne est prévenue par courriel."),
                    );
                }
                let now = open(app, who, found.compte.0).await?;
                let shown = Shown {
                    fields: rest,
                    lu: true,
                    fait: Some(Notice::done("La demande est envoyée : la personne est prévenue par courriel.")),
                    ..Shown::default()
                };
                return show(request, app, who, &now, shown, StatusCode::OK).await;
            }
            Err(NotAsked::Forbidden) => return Err(Error::Forbidden),
            Err(refusal @ NotAsked::Past) => errors.push(FieldError::new("avant", refusal.to_string())),
            Err(refusal) => errors.push(FieldError::new("", refusal.to_string())),
        }
    }
    let shown = Shown { fields, lu: true, errors, ..Shown::default() };
    show(request, app, who, ouvert, shown, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Whether a field holds a decision, its reason or its text.
fn is_choice(name: &str) -> bool {
    ["decision-", "motif-", "texte-"].iter().any(|prefix| name.starts_with(prefix))
}

/// The decisions in the form, or what is wrong with them. They may include elements that somebody else has decided
/// meanwhile: the command refuses these.
fn decisions(fields: &Fields) -> Result<Decisions, Vec<FieldError>> {
    let all = fields.one("action") == "tout_valider";
    let (mut read, mut errors) = (Decisions::new(), Vec::new());
    for cible in Cible::all() {
        let word = cible.as_str();
        let of = |name: &str| fields.one(&format!("{name}-{word}"));
        let version = fields.number(&format!("version-{word}")).and_then(|version| i32::try_from(version).ok());
        // An element that was not on the page was not read, so it is not decided.
        let Some(version) = version else { continue };
        match of("decision") {
            // « Tout valider » leaves alone what is refused.
            word if word == "valider" || all && word != "refuser" => read.push((cible, version, Decision::Valider)),
            "refuser" => match Motif::parse(of("motif"), of("texte")) {
                Ok(motif) => read.push((cible, version, Decision::Refuser(motif))),
                Err(ecarts) => errors.extend(ecarts.into_iter().map(|ecart| {
                    FieldError::new(
                        format!("{}-{word}", ecart.champ),
                        format!("{} : {}", cible.libelle(), ecart.phrase),
                    )
                })),
            },
            _ => {}
        }
    }
    if read.is_empty() && errors.is_empty() {
        errors.push(FieldError::new("decisions", NotDecided::Nothing.to_string()));
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}

async fn decide(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Dossiers>,
    ouvert: &Ouvert,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let found = &ouvert.dossier;
    let read = match decisions(&fields) {
        Ok(read) => read,
        Err(errors) => {
            let shown = Shown { fields, lu: true, errors, ..Shown::default() };
            return show(request, app, who, ouvert, shown, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let (me, of) = (who.connecte.session.compte, found.compte);
    let decide = DecideDossier { vault: app.vault.clone(), compte: of, decisions: read };
    match app.comptes.ask(&who.connecte.identity(), decide).await? {
        Ok((gone, complet)) => {
            forget(app, &gone).await;
            let (rest, said) = (
                half(&fields, false),
                Notice::done(if complet {
                    "C’est décidé : le dossier est complet et validé. La personne est prévenue par courriel."
                } else {
                    "C’est décidé : la personne est prévenue par courriel."
                }),
            );
            let untouched = asked_for(found, &rest) == asked_for(found, &Fields::default());
            if untouched && rest.filled("texte").is_none() && rest.filled("avant").is_none() {
                return page::redirect_saying(app, &format!("{LIST}/{of}"), &said);
            }
            let now = open(app, who, of.0).await?;
            let shown = Shown { fields: rest, fait: Some(said), ..Shown::default() };
            show(request, app, who, &now, shown, StatusCode::OK).await
        }
        Err(NotDecided::Forbidden) => Err(Error::Forbidden),
        Err(NotDecided::Elsewhere) if !ouvert.reads => Err(Error::Forbidden),
        Err(refusal) => {
            let now = open(app, who, of.0).await?;
            let errors = match refusal {
                NotDecided::Since(derniers) => already(&derniers, me, |at| moment(app, at)),
                _ => vec![FieldError::new("", refusal.to_string())],
            };
            let shown = Shown { fields, errors, ..Shown::default() };
            show(request, app, who, &now, shown, StatusCode::CONFLICT).await
        }
    }
}

/// Who decided first, what and when, and what to do now: one sentence for everything that was decided in the same
/// action.
fn already(derniers: &[Dernier], me: CompteId, at: impl Fn(NaiveDateTime) -> String) -> Vec<FieldError> {
    let mut found: Vec<(&Dernier, Vec<&str>)> = Vec::new();
    for one in derniers {
        let same = |first: &Dernier| (first.auteur, &first.evenement, first.at) == (one.auteur, &one.evenement, one.at);
        match found.iter_mut().find(|(first, _)| same(first)) {
            Some((_, names)) => names.push(one.cible.libelle()),
            None => found.push((one, vec![one.cible.libelle()])),
        }
    }
    let sentence = |(first, names): (&Dernier, Vec<&str>)| {
        let (at, names) = (at(first.at), names.join(" ; "));
        let who = match &first.nom {
            _ if first.auteur == Some(me) => "Vous avez".to_owned(),
            Some(nom) => format!("{nom} a"),
            None => "Quelqu’un a".to_owned(),
        };
        let refused = "Aucune de vos décisions n’a été enregistrée";
        let sentence = match first.evenement {
            Some(Evenement::Element(piece::Evenement::Valider)) => {
                format!(
                    "{who} déjà validé {at} : {names}. {refused} ; vos autres choix sont gardés, enregistrez-les à nouveau."
                )
            }
            Some(Evenement::Element(piece::Evenement::Refuser)) => {
                format!(
                    "{who} déjà refusé {at} : {names}. {refused} ; vos autres choix sont gardés, enregistrez-les à nouveau."
                )
            }
            _ => format!(
                "La personne a changé depuis l’ouverture de la page, {at} : {names}. {refused} : relisez, puis décidez à nouveau."
            ),
        };
        FieldError::new(first.cible.as_str(), sentence)
    };
    found.into_iter().map(sentence).collect()
}

/// Shows the numbers of a block whole; the reading is recorded first (SPEC D14).
async fn reveal(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Dossiers>,
    ouvert: &Ouvert,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let asked = fields.one("action").strip_prefix("afficher-").and_then(Bloc::from_word);
    let bloc = asked.ok_or(Error::BadRequest("Utilisez l’un des boutons de la page."))?;
    record(app, who, ouvert.dossier.compte, Cible::Bloc(bloc)).await?;
    let shown = Shown { fields, lu: true, whole: vec![bloc], ..Shown::default() };
    show(request, app, who, ouvert, shown, StatusCode::OK).await
}

async fn record(app: &App, who: &Habilite<Dossiers>, compte: CompteId, cible: Cible) -> Result<(), Error> {
    let recorded = app.comptes.ask(&who.connecte.identity(), RecordReading { compte, cible }).await?;
    recorded.map_err(|refusal| match refusal {
        NotRead::Forbidden => Error::Forbidden,
        NotRead::Nothing => Error::NotFound,
    })
}

/// `GET /gestion/dossiers/fichiers/{id}`: a transmitted file; the reading is recorded first (SPEC D14).
pub async fn document(app: Data<App>, who: Habilite<Dossiers>, id: Path<i64>) -> Result<HttpResponse, Error> {
    let file = dossiers::piece(&mut app.store.read().await?, *id).await?.ok_or(Error::NotFound)?;
    let found = open(&app, &who, file.compte).await?.dossier;
    let cible = Cible::from_word(&file.cible).ok_or(Error::NotFound)?;
    if found.seen_file(cible).is_none_or(|seen| seen.id != file.id) {
        return Err(Error::NotFound);
    }
    let_out(&app, &file.blob).await?;
    record(&app, &who, found.compte, cible).await?;
    opened(&app, &file).await
}
