//! Every intervenant, whatever the state of their registration, as an administrateur looks them up (SPEC G7, C3). The
//! search goes by indexes: it takes no longer with a hundred thousand accounts.

use diesel::prelude::*;
use domain::CompteId;
use domain::compte::{EtatCompte, EtatInscription};
use domain::immatriculation::Immatriculation;
use domain::journal::Fact;
use domain::texte::mots;

use crate::correspondants::{end, with_word};
use crate::dialect::Both;
use crate::query::{RunQueryDsl, columns};
use crate::schema::{compte, correspondant, intervenant, structure};
use crate::{Connection, Pending, Result, Transaction};

/// Words of a name that are looked at.
const WORDS_MAX: usize = 6;
/// Accounts found by the beginning of a number, at most: another digit has to be typed to find the others.
const NUMBERED_MAX: i64 = 200;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = compte)]
pub struct Personne {
    #[diesel(column_name = id)]
    pub compte: CompteId,
    /// « M. » or « Mme ».
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    pub login: String,
    /// Whether the account can be used.
    pub etat: EtatCompte,
    #[diesel(select_expression = intervenant::etat_inscription)]
    pub inscription: EtatInscription,
    /// The number of the CNFPT's own software, for those who have worked.
    #[diesel(select_expression = intervenant::immatriculation)]
    pub immatriculation: Option<String>,
    #[diesel(select_expression = structure::nom.nullable())]
    pub structure_nom: Option<String>,
}

/// What was typed, by what it looks like: each has its index.
enum Cherche {
    Tous,
    /// The beginnings of words of a name.
    Mots(Vec<String>),
    /// The beginning of a login.
    Login(String),
    /// The beginning of an immatriculation, or of a login with a digit in it.
    Numero(String),
    Comptes(Vec<i64>),
}

impl Cherche {
    fn read(typed: &str) -> Self {
        let compact: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if compact.is_empty() {
            Self::Tous
        } else if compact.contains('@') || (compact.is_ascii() && compact.contains('.')) {
            Self::Login(compact.to_lowercase())
        } else if compact.bytes().any(|b| b.is_ascii_digit()) {
            Self::Numero(compact)
        } else {
            let words = mots(typed, WORDS_MAX);
            // Only punctuation was typed: it begins nobody's name.
            if words.is_empty() { Self::Comptes(Vec::new()) } else { Self::Mots(words) }
        }
    }
}

/// Narrows a query over intervenants and their mailboxes to what is looked for.
macro_rules! narrowed {
    ($query:expr, $cherche:expr) => {{
        let mut query = $query.into_boxed::<Both>();
        match $cherche {
            Cherche::Tous => {}
            Cherche::Mots(words) => {
                for word in words {
                    query = query.filter(correspondant::id.eq_any(with_word(word)));
                }
            }
            Cherche::Login(begun) => {
                query = query.filter(compte::login.ge(begun.clone()).and(compte::login.lt(end(begun))));
            }
            Cherche::Comptes(ids) => query = query.filter(intervenant::compte_id.eq_any(ids)),
            // It was turned into `Comptes` before.
            Cherche::Numero(_) => {}
        }
        query
    }};
}

/// Intervenants whose name has words beginning with what is typed, or whose login or immatriculation begins so, by
/// name; with nothing typed, all of them. Returns those of the page, and how many there are.
pub fn search<'a>(
    connection: &'a mut Connection,
    typed: &'a str,
    limit: i64,
    offset: i64,
) -> Pending<'a, (Vec<Personne>, i64)> {
    Box::pin(async move {
        let cherche = match Cherche::read(typed) {
            Cherche::Numero(number) => Cherche::Comptes(numbered(connection, &number).await?),
            other => other,
        };
        let total: i64 = narrowed!(
            correspondant::table
                .inner_join(intervenant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
                .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id))),
            &cherche
        )
        .count()
        .get_result(connection)
        .await?;
        let found: Vec<Personne> = narrowed!(
            correspondant::table
                .inner_join(intervenant::table.on(correspondant::compte_id.eq(intervenant::compte_id.nullable())))
                .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
                .left_join(structure::table.on(intervenant::structure_id.eq(structure::id.nullable())))
                .order((correspondant::cle, correspondant::id))
                .limit(limit)
                .offset(offset)
                .select(columns::<Personne>()),
            &cherche
        )
        .load(connection)
        .await?;
        Ok((found, total))
    })
}

/// The accounts whose immatriculation or login begins so, a bounded number of each.
async fn numbered(connection: &mut Connection, number: &str) -> Result<Vec<i64>> {
    let (upper, lower) = (number.to_uppercase(), number.to_lowercase());
    let mut ids: Vec<i64> = intervenant::table
        .filter(intervenant::immatriculation.ge(&upper))
        .filter(intervenant::immatriculation.lt(end(&upper)))
        .order(intervenant::immatriculation)
        .limit(NUMBERED_MAX)
        .select(intervenant::compte_id)
        .load(connection)
        .await?;
    let logins: Vec<i64> = compte::table
        .filter(compte::login.ge(&lower))
        .filter(compte::login.lt(end(&lower)))
        .order(compte::login)
        .limit(NUMBERED_MAX)
        .select(compte::id)
        .load(connection)
        .await?;
    ids.extend(logins);
    Ok(ids)
}

pub fn personne(connection: &mut Connection, id: CompteId) -> Pending<'_, Option<Personne>> {
    Box::pin(async move {
        Ok(intervenant::table
            .inner_join(compte::table.on(compte::id.eq(intervenant::compte_id)))
            .left_join(structure::table.on(intervenant::structure_id.eq(structure::id.nullable())))
            .filter(intervenant::compte_id.eq(id.0))
            .select(columns::<Personne>())
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn of_immatriculation<'a>(
    connection: &'a mut Connection,
    immatriculation: &'a Immatriculation,
) -> Pending<'a, Option<CompteId>> {
    Box::pin(async move {
        Ok(intervenant::table
            .filter(intervenant::immatriculation.eq(immatriculation.as_str()))
            .select(intervenant::compte_id)
            .first(connection)
            .await
            .optional()?)
    })
}

/// Records an immatriculation, or takes it away; false when there is no such intervenant.
///
/// # Errors
/// [`Error::is_unique_violation`] when it is somebody else's.
pub fn set_immatriculation<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    immatriculation: Option<&'a Immatriculation>,
) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let changed = diesel::update(intervenant::table.find(id.0))
            .set((
                intervenant::immatriculation.eq(immatriculation.map(Immatriculation::as_str)),
                intervenant::modifie_at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        if changed == 1 {
            transaction.record(Fact::ProfilModifie { compte: id });
        }
        Ok(changed == 1)
    })
}
