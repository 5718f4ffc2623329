//! What forms propose, as an administrateur sets it: structures, spécialités, languages, the reasons of decisions (SPEC
//! G7). What was chosen once is never removed: it is no longer proposed. Sigles are chosen nowhere, and are removed.

use domain::sigle::{self, LISTE_MAX, SigleError};
use domain::texte::fold;
use domain::{CompteId, StructureId};
use store::administration::Coordonnees;
use store::contenus::Motif;
use store::langues::Langue;
use store::referentiels::Specialite;
use store::sigles::Sigle;
use store::{Refused, Transaction};

use super::{administrateur, command};

/// Why a referential stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotListed {
    /// The one who asks is no administrateur.
    Forbidden,
    /// There is no such row.
    NotFound,
    /// Another one has that name.
    NameTaken,
    /// There is no spécialité of the first level under which it would stand.
    UnknownParent,
}

/// A stable code from a name, not yet among those taken: « Droit de l’eau » under « juridique » is
/// `juridique.droit-de-l-eau`.
fn new_code(parent: Option<&str>, nom: &str, taken: impl Fn(&str) -> bool) -> String {
    let word = fold(nom).replace(' ', "-");
    let base = match parent {
        Some(parent) => format!("{parent}.{word}"),
        None => word,
    };
    let mut code = base.clone();
    let mut number = 2;
    while taken(&code) {
        code = format!("{base}-{number}");
        number += 1;
    }
    code
}

#[derive(Clone, Debug)]
pub struct ChangeStructure {
    pub structure: StructureId,
    /// What is said of it from now on.
    pub coordonnees: Coordonnees,
}

command!(ChangeStructure: (), NotListed);

impl ChangeStructure {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotListed>> {
        administrateur(transaction, by, NotListed::Forbidden).await?;
        let saved = store::administration::save_structure(transaction, self.structure, &self.coordonnees).await?;
        if saved { Ok(()) } else { Err(Refused::Because(NotListed::NotFound)) }
    }
}

/// Why no spécialité of that name may stand there among these; `but` is the code of the one that is changed.
pub fn specialite_refusal(
    known: &[Specialite],
    parent: Option<&str>,
    nom: &str,
    but: Option<&str>,
) -> Option<NotListed> {
    let is_top = |code: &str| known.iter().any(|item| item.code == code && item.parent_code.is_none());
    if parent.is_some_and(|parent| !is_top(parent)) {
        return Some(NotListed::UnknownParent);
    }
    let mut others = known.iter().filter(|item| item.parent_code.as_deref() == parent && Some(&*item.code) != but);
    others.any(|item| fold(&item.nom) == fold(nom)).then_some(NotListed::NameTaken)
}

#[derive(Clone, Debug)]
pub struct SaveSpecialite {
    /// Its code; none for a new one.
    pub code: Option<String>,
    /// The one under which a new one stands.
    pub parent: Option<String>,
    pub nom: String,
    pub description: String,
    pub actif: bool,
}

command!(SaveSpecialite: (), NotListed);

impl SaveSpecialite {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotListed>> {
        administrateur(transaction, by, NotListed::Forbidden).await?;
        let known = store::referentiels::list_specialites(transaction.connection()).await?;
        let taken = |code: &str| known.iter().any(|item| item.code == code);
        let (code, parent) = match &self.code {
            Some(code) => {
                let item = known.iter().find(|item| item.code == *code);
                let item = item.ok_or(Refused::Because(NotListed::NotFound))?;
                (code.clone(), item.parent_code.as_deref())
            }
            None => (new_code(self.parent.as_deref(), &self.nom, taken), self.parent.as_deref()),
        };
        if let Some(refusal) = specialite_refusal(&known, parent, &self.nom, self.code.as_deref()) {
            return Err(Refused::Because(refusal));
        }
        let said = (self.nom.as_str(), self.description.as_str());
        Ok(store::administration::save_specialite(transaction, &code, said, parent, self.actif).await?)
    }
}

/// Whether another one of these languages has that name; `but` is the code of the one that is changed.
pub fn langue_is_listed(known: &[Langue], nom: &str, but: Option<&str>) -> bool {
    known.iter().any(|item| Some(&*item.code) != but && fold(&item.nom) == fold(nom))
}

/// Add a language, or change one.
#[derive(Clone, Debug)]
pub struct SaveLangue {
    /// Its code; none for a new one.
    pub code: Option<String>,
    pub nom: String,
    /// `etrangere` or `regionale`.
    pub categorie: String,
    pub actif: bool,
}

command!(SaveLangue: (), NotListed);

impl SaveLangue {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotListed>> {
        administrateur(transaction, by, NotListed::Forbidden).await?;
        let known = store::langues::all(transaction.connection()).await?;
        let taken = |code: &str| known.iter().any(|item| item.code == code);
        if self.code.as_deref().is_some_and(|code| !taken(code)) {
            return Err(Refused::Because(NotListed::NotFound));
        }
        if langue_is_listed(&known, &self.nom, self.code.as_deref()) {
            return Err(Refused::Because(NotListed::NameTaken));
        }
        let code = self.code.clone().unwrap_or_else(|| new_code(None, &self.nom, taken));
        let (nom, categorie) = (self.nom.clone(), self.categorie.clone());
        Ok(store::langues::save(transaction, &Langue { code, nom, categorie, actif: self.actif }).await?)
    }
}

/// Why a sigle is not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSigle {
    /// The one who asks is no administrateur.
    Forbidden,
    /// There is no such sigle.
    NotFound,
    /// It has that sense already.
    Listed,
    /// The list has as many as it may.
    Full,
    Wrong(SigleError),
}

/// Add a sigle with one of its senses, or change one.
#[derive(Clone, Debug)]
pub struct SaveSigle {
    /// None for a new one.
    pub id: Option<i64>,
    pub abrege: String,
    pub sens: String,
}

command!(SaveSigle: (), NoSigle);

impl SaveSigle {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NoSigle>> {
        administrateur(transaction, by, NoSigle::Forbidden).await?;
        let known = store::sigles::hold(transaction).await?;
        if let Some(error) = sigle::wrong(&self.abrege, &self.sens).first() {
            return Err(Refused::Because(NoSigle::Wrong(*error)));
        }
        let cle = sigle::cle(&self.abrege, &self.sens);
        let mut others = known.iter().filter(|one| Some(one.id) != self.id);
        if others.any(|one| sigle::cle(&one.abrege, &one.sens) == cle) {
            return Err(Refused::Because(NoSigle::Listed));
        }
        let Some(id) = self.id else {
            if known.len() >= LISTE_MAX {
                return Err(Refused::Because(NoSigle::Full));
            }
            return Ok(store::sigles::add(transaction, &self.abrege, &self.sens).await?);
        };
        let (abrege, sens) = (self.abrege.clone(), self.sens.clone());
        let changed = store::sigles::change(transaction, &Sigle { id, abrege, sens }).await?;
        if changed { Ok(()) } else { Err(Refused::Because(NoSigle::NotFound)) }
    }
}

/// Remove a sigle, by its id.
#[derive(Clone, Debug)]
pub struct RemoveSigle(pub i64);

command!(RemoveSigle: (), NoSigle);

impl RemoveSigle {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NoSigle>> {
        administrateur(transaction, by, NoSigle::Forbidden).await?;
        store::sigles::hold(transaction).await?;
        let gone = store::sigles::remove(transaction, self.0).await?;
        if gone { Ok(()) } else { Err(Refused::Because(NoSigle::NotFound)) }
    }
}

/// Add a reason, the last of its kind, or change one.
#[derive(Clone, Debug)]
pub struct SaveMotif {
    /// Its code; none for a new one.
    pub code: Option<String>,
    pub genre: String,
    pub libelle: String,
    pub texte: String,
    pub actif: bool,
}

command!(SaveMotif: (), NotListed);

impl SaveMotif {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotListed>> {
        administrateur(transaction, by, NotListed::Forbidden).await?;
        let (code, genre, ordre) = if let Some(code) = &self.code {
            let motif = store::contenus::motif(transaction.connection(), code).await?;
            let motif = motif.ok_or(Refused::Because(NotListed::NotFound))?;
            (motif.code, motif.genre, motif.ordre)
        } else {
            let known = store::contenus::motifs(transaction.connection(), &self.genre, true).await?;
            let last = known.iter().map(|one| one.ordre).max();
            let taken = |code: &str| known.iter().any(|one| one.code == code);
            let code = new_code(None, &format!("{} {}", self.genre, self.libelle), taken);
            (code, self.genre.clone(), last.map_or(0, |last| last.saturating_add(1)))
        };
        let (libelle, texte) = (self.libelle.clone(), self.texte.clone());
        let motif = Motif { code, genre, libelle, texte, ordre, actif: self.actif };
        Ok(store::contenus::save_motif(transaction, &motif).await?)
    }
}

/// Move a reason one place up or down among those of its kind.
#[derive(Clone, Debug)]
pub struct MoveMotif {
    pub code: String,
    pub up: bool,
}

command!(MoveMotif: (), NotListed);

impl MoveMotif {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotListed>> {
        administrateur(transaction, by, NotListed::Forbidden).await?;
        let moved = store::contenus::move_motif(transaction, &self.code, self.up).await?;
        if moved { Ok(()) } else { Err(Refused::Because(NotListed::NotFound)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g7_a_new_code_is_made_from_the_name_and_never_taken() {
        assert_eq!(new_code(Some("juridique"), "Droit de l’eau", |_| false), "juridique.droit-de-l-eau");
        let taken = ["breton", "breton-2"];
        assert_eq!(new_code(None, "Breton", |code| taken.contains(&code)), "breton-3");
    }
}
