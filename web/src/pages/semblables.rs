//! Fiches that may be of the same person, as their pages tell each other.

use domain::CompteId;
use domain::compte::EtatCompte;
use domain::ressemblance::Point;
use store::ressemblances::{Parmi, Semblable};

use crate::app::App;
use crate::error::Error;
use crate::views::semblables::{SemblableRow, Semblables};
use crate::views::text::dotted;

/// Fiches shown, at most: a common name has many.
const SHOWN: usize = 10;

/// Those that look like somebody's, each with the address of its page.
pub async fn semblables(
    app: &App,
    compte: CompteId,
    parmi: Parmi,
    href: fn(CompteId) -> String,
) -> Result<Semblables, Error> {
    let found = store::ressemblances::of(&mut app.store.read().await?, compte, parmi).await?;
    let autres = found.len().saturating_sub(SHOWN);
    let row = |one: Semblable| SemblableRow {
        href: href(one.compte),
        nom: format!("{} {}", one.prenom, one.nom),
        detail: dotted(&[&one.commune, state(one.etat)]),
        points: one.points.into_iter().map(Point::libelle).collect::<Vec<_>>().join(", "),
    };
    Ok(Semblables { rows: found.into_iter().take(SHOWN).map(row).collect(), autres })
}

/// The state of an account that can't be used; empty otherwise.
pub fn state(etat: EtatCompte) -> &'static str {
    match etat {
        EtatCompte::Actif => "",
        EtatCompte::AActiver => "compte à activer",
        EtatCompte::Archive => "compte archivé",
    }
}
