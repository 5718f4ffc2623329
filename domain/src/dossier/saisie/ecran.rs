//! How a block goes back into its form and into the profile, and how it is shown: masked, or whole to those with a
//! reason.

use chrono::NaiveDate;

use super::super::Bloc;
use super::{Banque, Employeur, Identite, SANS_FIN, Saisie, TYPE_EMPLOYEUR, Telephones, Vigilance};
use crate::dates::jour;
use crate::profil::{Champs, Coordonnees, Identification};
use crate::telephone::shown;

/// How much of the numbers a screen shows (SPEC D14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vue {
    /// NIR, IBAN and number of the identity document are masked: the usual case.
    Masquee,
    /// Whole: to the person, or to a gestionnaire whose reading goes into the audit log.
    EnClair,
}

/// A line of a summary.
#[derive(Clone, PartialEq, Eq)]
pub struct Ligne {
    pub libelle: &'static str,
    pub valeur: String,
}

/// The value may hold a number in full: logs show the label only.
impl std::fmt::Debug for Ligne {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ligne({} : […])", self.libelle)
    }
}

impl Bloc {
    /// Whether [`Vue::Masquee`] hides a part of the block, so that showing it whole must be recorded (SPEC D14).
    pub fn sensible(self) -> bool {
        matches!(self, Self::Identite | Self::CarteVitale | Self::Banque)
    }
}

impl Saisie {
    /// The fields of the block's form, as [`Saisie::read`] reads them back. Numbers are whole: these fields go to the
    /// person or into a sealed column, and nowhere else.
    pub fn champs(&self) -> Champs {
        let written = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
        match self {
            Self::Identite(Identite { genre, numero, expire_le }) => [
                ("type_identite", genre.as_str().to_owned()),
                ("numero_identite", numero.as_str().to_owned()),
                ("expire_le", expire_le.map_or_else(String::new, written)),
                (SANS_FIN, if expire_le.is_none() { "1" } else { "" }.to_owned()),
            ]
            .into_iter()
            .collect(),
            Self::CarteVitale(carte) => [("nir", carte.nir.grouped())].into_iter().collect(),
            Self::Vigilance(Vigilance { etablie_le, code }) => {
                [("vigilance_etablie_le", written(*etablie_le)), ("vigilance_code", code.clone())].into_iter().collect()
            }
            Self::Banque(Banque { titulaire, iban, bic, sepa }) => [
                ("titulaire", titulaire.clone()),
                ("iban", iban.grouped()),
                ("bic", bic.as_str().to_owned()),
                ("sepa", if *sepa { "1" } else { "" }.to_owned()),
            ]
            .into_iter()
            .collect(),
            Self::Adresse(_) | Self::Telephones(_) | Self::Statut(_) | Self::Employeur(_) => {
                let mut alone = Identification::default();
                self.report(&mut alone);
                let mut champs = alone.champs().only(self.bloc().champs());
                if let Self::Employeur(read) = self {
                    champs.set(TYPE_EMPLOYEUR, read.genre.as_str());
                }
                champs
            }
        }
    }

    /// The same without the numbers that [`Vue::Masquee`] hides: they are typed again, not sent with every page.
    pub fn champs_sans_numeros(&self) -> Champs {
        let mut champs = self.champs();
        let hidden = match self {
            Self::Identite(_) => "numero_identite",
            Self::CarteVitale(_) => "nir",
            Self::Banque(_) => "iban",
            Self::Adresse(_) | Self::Telephones(_) | Self::Statut(_) | Self::Employeur(_) | Self::Vigilance(_) => {
                return champs;
            }
        };
        champs.set(hidden, "");
        champs
    }

    /// Writes what was validated over the profile (SPEC D11). The profile has no place for the identity document, the
    /// NIR, the certificate and the bank. A statut without employer removes the employer.
    pub fn report(&self, profil: &mut Identification) {
        match self {
            Self::Adresse(read) => {
                profil.adresse.clone_from(&read.adresse);
                profil.complement_adresse.clone_from(&read.complement);
                profil.code_postal.clone_from(&read.code_postal);
                profil.commune.clone_from(&read.commune);
                profil.pays.clone_from(&read.pays);
            }
            Self::Telephones(read) => {
                profil.telephone.clone_from(&read.mobile);
                profil.telephone_domicile.clone_from(&read.domicile);
                profil.telephone_professionnel.clone_from(&read.professionnel);
                profil.telephone_autre.clone_from(&read.autre);
            }
            Self::Statut(read) => {
                profil.statut = Some(read.statut);
                profil.fonction.clone_from(&read.fonction);
                if read.statut.employeur().is_none() {
                    profil.employeur_siret = None;
                    profil.employeur_nom.clear();
                    profil.employeur = Coordonnees::default();
                    profil.pro_differentes = false;
                    profil.pro = Coordonnees::default();
                }
            }
            Self::Employeur(read) => {
                profil.employeur_nom.clone_from(&read.nom);
                profil.employeur_siret = Some(read.siret.clone());
                profil.employeur.clone_from(&read.adresse);
                profil.pro_differentes = read.pro.is_some();
                profil.pro = read.pro.clone().unwrap_or_default();
            }
            Self::Identite(_) | Self::CarteVitale(_) | Self::Vigilance(_) | Self::Banque(_) => {}
        }
    }

    /// The block as lines to read, without those that are empty.
    pub fn lignes(&self, vue: Vue) -> Vec<Ligne> {
        let whole = vue == Vue::EnClair;
        let mut lignes = match self {
            Self::Adresse(read) => vec![
                ligne("Adresse", &read.adresse),
                ligne("Complément", &read.complement),
                ligne("Code postal", &read.code_postal),
                ligne("Commune", &read.commune),
                ligne("Pays", &read.pays),
            ],
            Self::Telephones(Telephones { mobile, domicile, professionnel, autre }) => vec![
                ligne("Téléphone portable", &shown(mobile)),
                ligne("Téléphone du domicile", &shown(domicile)),
                ligne("Téléphone professionnel", &shown(professionnel)),
                ligne("Autre téléphone", &shown(autre)),
            ],
            Self::Identite(Identite { genre, numero, expire_le }) => vec![
                ligne("Pièce d’identité", genre.libelle()),
                ligne("Numéro", &if whole { numero.as_str().to_owned() } else { numero.masked() }),
                ligne("Valable jusqu’au", &expire_le.map_or_else(|| "sans date de fin".to_owned(), jour)),
            ],
            Self::CarteVitale(carte) => {
                let nir = if whole { carte.nir.grouped() } else { carte.nir.masked() };
                vec![ligne("Numéro de sécurité sociale", &nir)]
            }
            Self::Statut(read) => {
                vec![ligne("Statut professionnel", read.statut.libelle()), ligne("Fonction", &read.fonction)]
            }
            Self::Employeur(read) => of_employer(read),
            Self::Vigilance(read) => vec![
                ligne("Établie le", &jour(read.etablie_le)),
                ligne("Code de sécurité", &read.code),
                ligne("Valable jusqu’au", &read.fin().pred_opt().map(jour).unwrap_or_default()),
            ],
            Self::Banque(Banque { titulaire, iban, bic, sepa }) => vec![
                ligne("Titulaire du compte", titulaire),
                ligne("IBAN", &if whole { iban.grouped() } else { iban.masked() }),
                ligne("BIC", bic.as_str()),
                ligne("Zone SEPA", if *sepa { "oui" } else { "non" }),
            ],
        };
        lignes.retain(|ligne| !ligne.valeur.is_empty());
        lignes
    }
}

fn ligne(libelle: &'static str, valeur: &str) -> Ligne {
    Ligne { libelle, valeur: valeur.to_owned() }
}

fn of_employer(employeur: &Employeur) -> Vec<Ligne> {
    let pro = employeur.pro.clone().unwrap_or_default();
    vec![
        ligne("Type d’employeur", employeur.genre.as_str()),
        ligne("Raison sociale", &employeur.nom),
        ligne("SIRET", &employeur.siret.to_string()),
        ligne("Adresse de l’employeur", &on_one_line(&employeur.adresse)),
        ligne("Coordonnées professionnelles", &on_one_line(&pro)),
        ligne("Téléphone à cette adresse", &shown(&pro.telephone)),
        ligne("Courriel à cette adresse", &pro.courriel),
    ]
}

fn on_one_line(place: &Coordonnees) -> String {
    let town = format!("{} {}", place.code_postal, place.commune);
    [place.adresse.trim(), town.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
