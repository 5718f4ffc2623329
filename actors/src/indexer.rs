//! Keeps the search index of this server in step with the journal.
//!
//! The index's cursor lives in its own commits: after a crash it says by itself where to read on. A rebuild is made
//! aside from the facts while the old index serves and follows.

use futures_util::future::BoxFuture;
use futures_util::future::LocalBoxFuture;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::CompteId;
use domain::annonce::EtatAnnonce;
use domain::journal::Fact;
use domain::masque;
use domain::nir::mask;
use search_index::{AnnonceDocument, CvDocument, Fichier, Labelled, Period, SearchIndex, Sigles, StructureName};
use store::annonces::Annonce;
use store::intervenants::Fiche;
use store::referentiels::Specialite;
use store::{Error, Pending, Store};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::follower::{Called, Failure, Observed, Progress, Work};

/// Rows of the journal read at once.
const BATCH: i64 = 500;
/// Profiles read at once during a rebuild.
const PAGE: i64 = 200;
/// Commits are this far apart at least: each waits for the disk, and a CV must be found within a second.
const PAUSE: Duration = Duration::from_millis(150);

pub struct Indexer {
    store: Store,
    index: SearchIndex,
    rebuilding: Option<JoinHandle<Result<(), Failure>>>,
    /// A file whose presence asks for a rebuild (`reindex` beside a running server).
    request: PathBuf,
    observed: Arc<Observed>,
}

impl std::fmt::Debug for Indexer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Indexer").finish_non_exhaustive()
    }
}

impl Indexer {
    /// Keeps `index` in step with `store`.
    pub fn new(store: Store, index: SearchIndex, request: PathBuf, observed: Arc<Observed>) -> Self {
        Self { store, index, rebuilding: None, request, observed }
    }

    async fn follow(&self, from: i64) -> Result<Progress, Failure> {
        let stretch = self.store.follow(from, BATCH).await?;
        if stretch.end == from {
            return Ok(Progress::Done);
        }
        let (mut comptes, mut annonces) = (Vec::new(), Vec::new());
        for entry in stretch.entries {
            match entry.fact {
                Fact::ProfilModifie { compte }
                | Fact::CompteSupprime { compte }
                | Fact::CompteArchive { compte }
                | Fact::InscriptionModifiee { compte, .. } => comptes.push(compte),
                Fact::AnnonceModifiee { annonce, .. }
                | Fact::AnnoncePubliee { annonce, .. }
                | Fact::AnnonceRetiree { annonce, .. } => annonces.push(annonce),
                _ => {}
            }
        }
        let (fiches, specialites, gone, annonces, retired) = {
            let mut connection = self.store.read().await?;
            comptes.sort_unstable();
            comptes.dedup();
            annonces.sort_unstable();
            annonces.dedup();
            let fiches: Vec<Fiche> = store::intervenants::fiches(&mut connection, &comptes)
                .await?
                .into_iter()
                .filter(Fiche::visible)
                .collect();
            let specialites = if fiches.is_empty() {
                Vec::new()
            } else {
                store::referentiels::list_specialites(&mut connection).await?
            };
            let gone: Vec<CompteId> =
                comptes.into_iter().filter(|compte| !fiches.iter().any(|fiche| fiche.compte == *compte)).collect();
            let found: Vec<Annonce> = store::annonces::by_ids(&mut connection, &annonces)
                .await?
                .into_iter()
                .filter(|annonce| annonce.etat == EtatAnnonce::Publiee)
                .collect();
            let retired: Vec<i64> =
                annonces.into_iter().filter(|id| !found.iter().any(|annonce| annonce.id == *id)).collect();
            (fiches, specialites, gone, found, retired)
        };
        let index = self.index.clone();
        tokio::task::spawn_blocking(move || {
            for fiche in &fiches {
                index.cvs().upsert(&cv_document(fiche, &specialites))?;
            }
            for compte in gone {
                index.cvs().delete(compte.0)?;
            }
            for annonce in &annonces {
                index.annonces().upsert(&annonce_document(annonce))?;
            }
            for id in retired {
                index.annonces().delete(id)?;
            }
            index.commit(from, stretch.end)
        })
        .await??;
        Ok(if stretch.more { Progress::More } else { Progress::Done })
    }

    /// Whether `reindex` asks for a rebuild.
    async fn asked(&self) -> bool {
        tokio::fs::try_exists(&self.request).await.unwrap_or(false)
    }
}

/// Has the index understand queries by the sigles as they are now: before anybody searches it, and after a change.
pub fn learn_sigles<'a>(store: &'a Store, index: &'a SearchIndex) -> Pending<'a, ()> {
    Box::pin(async move {
        let known = store::sigles::all(&mut store.read().await?).await?;
        index.set_sigles(Sigles::new(known.iter().map(|one| (one.abrege.as_str(), one.sens.as_str()))));
        Ok(())
    })
}

/// Builds both indexes anew from the facts, aside; `progress` is told how many documents there are so far.
pub fn rebuild(
    store: Store,
    index: SearchIndex,
    progress: Box<dyn FnMut(u64) + Send>,
) -> BoxFuture<'static, Result<(), Failure>> {
    Box::pin(async move {
        let cursor = store::journal::head(&mut store.read().await?).await?;
        let (sender, receiver) = mpsc::channel::<Result<CvDocument, Error>>(PAGE as usize);
        let reading = tokio::spawn(read_cvs(store.clone(), sender));
        let cvs = index.clone();
        let progress =
            tokio::task::spawn_blocking(move || cvs.cvs().rebuild(Incoming(receiver), cursor, progress).map(|_| ()));
        progress.await??;
        reading.await?;

        let cursor = store::journal::head(&mut store.read().await?).await?;
        let (sender, receiver) = mpsc::channel::<Result<AnnonceDocument, Error>>(PAGE as usize);
        let reading = tokio::spawn(read_annonces(store, sender));
        tokio::task::spawn_blocking(move || index.annonces().rebuild(Incoming(receiver), cursor, |_| {}).map(|_| ()))
            .await??;
        reading.await?;
        Ok(())
    })
}

/// What another task reads, as the plain iterator that the index wants.
struct Incoming<D>(mpsc::Receiver<Result<D, Error>>);

impl<D> Iterator for Incoming<D> {
    type Item = Result<D, Error>;
    fn next(&mut self) -> Option<Self::Item> {
        self.0.blocking_recv()
    }
}

async fn read_cvs(store: Store, to: mpsc::Sender<Result<CvDocument, Error>>) {
    let mut after = 0;
    loop {
        let page = async {
            let mut connection = store.read().await?;
            let ids = store::intervenants::ids_after(&mut connection, after, PAGE).await?;
            let fiches = store::intervenants::fiches(&mut connection, &ids).await?;
            let specialites = store::referentiels::list_specialites(&mut connection).await?;
            Ok::<_, Error>((ids.last().map(|id| id.0), fiches, specialites))
        };
        match page.await {
            Ok((last, fiches, specialites)) => {
                for fiche in fiches.iter().filter(|fiche| fiche.visible()) {
                    // The rebuild was given up: nobody wants the rest.
                    if to.send(Ok(cv_document(fiche, &specialites))).await.is_err() {
                        return;
                    }
                }
                let Some(last) = last else { return };
                after = last;
            }
            Err(error) => {
                if to.send(Err(error)).await.is_err() {
                    tracing::debug!("a rebuild that failed was given up already");
                }
                return;
            }
        }
    }
}

async fn read_annonces(store: Store, to: mpsc::Sender<Result<AnnonceDocument, Error>>) {
    let mut after = 0;
    loop {
        let page = async {
            let mut connection = store.read().await?;
            let ids = store::annonces::ids_after(&mut connection, after, PAGE).await?;
            store::annonces::by_ids(&mut connection, &ids).await
        };
        match page.await {
            Ok(annonces) => {
                for annonce in &annonces {
                    after = annonce.id;
                    if to.send(Ok(annonce_document(annonce))).await.is_err() {
                        return;
                    }
                }
                if annonces.is_empty() {
                    return;
                }
            }
            Err(error) => {
                if to.send(Err(error)).await.is_err() {
                    tracing::debug!("a rebuild that failed was given up already");
                }
                return;
            }
        }
    }
}

fn labelled(pairs: &[(String, String)]) -> Vec<Labelled> {
    pairs.iter().map(|(code, nom)| Labelled::new(code, nom)).collect()
}

/// Spécialités taken whole, and those of which a sous-spécialité is taken: who knows budgets is found under finances.
fn whole_specialites(fiche: &Fiche, known: &[Specialite]) -> Vec<Labelled> {
    let mut found: Vec<Labelled> = Vec::new();
    for (code, nom, parent) in &fiche.specialites {
        let item = match parent {
            None => Some(Labelled::new(code, nom)),
            Some(parent) => {
                known.iter().find(|item| item.code == *parent).map(|item| Labelled::new(&item.code, &item.nom))
            }
        };
        found.extend(item.filter(|item| !found.contains(item)));
    }
    found
}

/// A fiche as the CV-thèque knows it. Free texts lose any NIR first (SPEC Q7).
fn cv_document(fiche: &Fiche, known: &[Specialite]) -> CvDocument {
    let profil = &fiche.profil;
    let parcours: Vec<String> = profil
        .parcours
        .iter()
        .map(|etape| format!("{}. {}. {}", etape.intitule, etape.organisme, etape.description))
        .collect();
    let interventions: Vec<&str> = profil.interventions.iter().map(|done| done.titre.as_str()).collect();
    let taken = fiche.specialites.iter().filter(|(_, _, parent)| parent.is_some());
    CvDocument {
        id: fiche.compte.0,
        civilite: fiche.civilite.clone(),
        nom: fiche.nom.clone(),
        prenom: fiche.prenom.clone(),
        titre: mask(&profil.titre),
        experience: mask(&profil.experience),
        motivation: mask(&profil.motivation),
        parcours: mask(&parcours.join("\n")),
        interventions: interventions.join("\n"),
        specialites: whole_specialites(fiche, known),
        sous_specialites: taken.map(|(code, nom, _)| Labelled::new(code, nom)).collect(),
        regions: labelled(&fiche.regions),
        departements: labelled(&fiche.departements),
        statut: profil.statut.map(|statut| Labelled::new(statut.as_str(), statut.libelle())),
        langues: fiche.langues.iter().map(|(code, nom, _)| Labelled::new(code, nom)).collect(),
        structure: profil.structure.map(|id| StructureName { id: id.0, nom: fiche.structure_nom.clone() }),
        employeur: profil.employeur_nom.clone(),
        indisponibilites: profil.indisponibilites.iter().map(|(du, au)| Period { du: *du, au: *au }).collect(),
        fichiers: fiche
            .fichiers
            .iter()
            .filter(|file| !file.texte.is_empty())
            .map(|file| Fichier {
                nom: file.nom.clone(),
                format: file.format.clone(),
                text: masque::of_file(&file.texte),
            })
            .collect(),
        validated_at: profil.validee_at.unwrap_or(fiche.modifie_at).and_utc(),
        updated_at: fiche.modifie_at.and_utc(),
    }
}

fn annonce_document(annonce: &Annonce) -> AnnonceDocument {
    let contenu = &annonce.contenu;
    AnnonceDocument {
        id: annonce.id,
        numero: annonce.numero.map(|numero| numero.to_string()).unwrap_or_default(),
        titre: contenu.titre.clone(),
        description: contenu.description.clone(),
        structure: StructureName { id: annonce.structure.0, nom: annonce.structure_nom.clone() },
        specialite: Some(Labelled::new(&contenu.specialite, &annonce.specialite_nom)),
        sous_specialite: contenu
            .sous_specialite
            .as_ref()
            .map(|code| Labelled::new(code, annonce.sous_specialite_nom.clone().unwrap_or_default())),
        regions: labelled(&annonce.regions),
        departements: labelled(&annonce.departements),
        modalite: Some(Labelled::new(contenu.modalite.as_str(), contenu.modalite.libelle())),
        du: contenu.du,
        au: contenu.au,
        publiee_at: annonce.publiee_at.unwrap_or(annonce.modifie_at).and_utc(),
        etat: annonce.etat.as_str().to_owned(),
    }
}

impl Work for Indexer {
    fn called(&self) -> Called {
        Called { name: "indexer", label: "Index de recherche" }
    }

    fn tick(&self) -> Duration {
        Duration::from_millis(500)
    }

    fn pause(&self) -> Duration {
        PAUSE
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            if let Some(rebuilding) = self.rebuilding.take_if(|rebuilding| rebuilding.is_finished()) {
                rebuilding.await??;
                tracing::info!("the search index was rebuilt");
            }
            let cursor = self.index.cursor();
            if self.rebuilding.is_none() && (cursor.is_none() || self.asked().await) {
                if tokio::fs::try_exists(&self.request).await? {
                    tokio::fs::remove_file(&self.request).await?;
                }
                let total = store::intervenants::count_validated(&mut self.store.read().await?).await?;
                tracing::info!(total, "rebuilding the search index");
                let said = move |done| {
                    if done % 10_000 == 0 {
                        tracing::info!(done, total, "rebuilding the search index");
                    }
                };
                self.rebuilding = Some(tokio::spawn(rebuild(self.store.clone(), self.index.clone(), Box::new(said))));
            }
            let Some(from) = cursor else {
                // Nothing can be followed before the rebuild ends; the tick comes back to see.
                return Ok(Progress::Done);
            };
            let progress = self.follow(from).await?;
            self.observed.set_position(self.index.cursor().unwrap_or(from));
            Ok(progress)
        })
    }
}
