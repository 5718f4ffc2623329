//! What only an intervenant of the CV-thèque may ask for.

use domain::CompteId;
use store::{Pending, Refused, Transaction};

/// Who asks is no intervenant, or their registration is not validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Votre inscription n’est pas validée.")]
pub struct NotValidated;

/// Refuses anybody else.
pub(super) fn validated<R: From<NotValidated> + Send + 'static>(
    transaction: &mut Transaction,
    by: CompteId,
) -> Pending<'_, (), Refused<R>> {
    Box::pin(async move {
        let validated = store::intervenants::validated(transaction.connection(), by, false).await?;
        if validated { Ok(()) } else { Err(Refused::rule(NotValidated)) }
    })
}
