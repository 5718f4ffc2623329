//! The page *Identification*: « Le formateur », « Le statut », « L'employeur », zones and structure.

use chrono::{Datelike, NaiveDate};

use super::champs::{Champs, Ecart, Reader, in_order};
use super::{Civilite, FRANCE, TypeEmployeur};
use crate::StructureId;
use crate::compte::Statut;
use crate::dates::lire_jour;
use crate::email::Email;
use crate::siret::Siret;
use crate::telephone::shown;

/// A postal address and how to reach somebody there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coordonnees {
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub telephone: String,
    pub courriel: String,
}

/// The page *Identification*: what could be read of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identification {
    pub civilite: Option<Civilite>,
    pub nom: String,
    pub nom_naissance: String,
    pub prenom: String,
    pub date_naissance: Option<NaiveDate>,
    pub ville_naissance: String,
    pub pays_naissance: String,
    pub nationalite: String,
    pub adresse: String,
    pub complement_adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub pays: String,
    pub telephone: String,
    pub telephone_domicile: String,
    pub telephone_professionnel: String,
    /// Another phone.
    pub telephone_autre: String,
    pub statut: Option<Statut>,
    pub fonction: String,
    pub employeur_siret: Option<Siret>,
    pub employeur_nom: String,
    pub employeur: Coordonnees,
    /// Whether the professional address is not the employer's.
    pub pro_differentes: bool,
    pub pro: Coordonnees,
    pub regions: Vec<String>,
    pub departements: Vec<String>,
    pub structure: Option<StructureId>,
}

/// The fields of the page *Identification*, in its order.
pub const IDENTIFICATION: &[&str] = &[
    "civilite",
    "nom",
    "nom_naissance",
    "prenom",
    "date_naissance",
    "ville_naissance",
    "pays_naissance",
    "nationalite",
    "adresse",
    "complement_adresse",
    "code_postal",
    "commune",
    "pays",
    "telephone",
    "telephone_domicile",
    "telephone_professionnel",
    "telephone_autre",
    "statut",
    "fonction",
    "employeur_nom",
    "employeur_siret",
    "employeur_adresse",
    "employeur_code_postal",
    "employeur_commune",
    "pro_differentes",
    "pro_adresse",
    "pro_code_postal",
    "pro_commune",
    "pro_telephone",
    "pro_courriel",
    "regions",
    "departements",
    "structure",
];
/// The youngest and the oldest an intervenant may be, in years: anything else is a typing error.
const AGES: std::ops::RangeInclusive<i32> = 16..=100;

/// A possible date of birth, as [`lire_jour`] reads it.
pub fn naissance(typed: &str, today: NaiveDate) -> Result<NaiveDate, &'static str> {
    let form = "Indiquez une date qui existe, sous la forme 02/05/1968.";
    let day = lire_jour(typed).map_err(|error| error.phrase(form))?;
    let years = today.year() - day.year() - i32::from((today.month(), today.day()) < (day.month(), day.day()));
    if AGES.contains(&years) {
        Ok(day)
    } else {
        Err("Vérifiez l’année : cette date de naissance ne peut pas être la vôtre.")
    }
}

impl Identification {
    /// Reads the page; beside it, what could not be read. `today` bounds the date of birth.
    pub fn read(champs: &Champs, today: NaiveDate) -> (Self, Vec<Ecart>) {
        let mut reader = Reader::new(champs);
        let r = &mut reader;
        let pays = r.line("pays");
        let statut = r.word("statut", Statut::from_word);
        let public = statut.and_then(Statut::employeur) == Some(TypeEmployeur::Public);
        let read = Self {
            civilite: r.word("civilite", Civilite::from_word),
            nom: r.line("nom"),
            nom_naissance: r.line("nom_naissance"),
            prenom: r.line("prenom"),
            date_naissance: r.parsed("date_naissance", |typed| naissance(typed, today)),
            ville_naissance: r.line("ville_naissance"),
            pays_naissance: r.line("pays_naissance"),
            nationalite: r.line("nationalite"),
            adresse: r.line("adresse"),
            complement_adresse: r.line("complement_adresse"),
            code_postal: r.postcode("code_postal", &pays),
            commune: r.line("commune"),
            pays,
            telephone: r.phone("telephone"),
            telephone_domicile: r.phone("telephone_domicile"),
            telephone_professionnel: r.phone("telephone_professionnel"),
            telephone_autre: r.phone("telephone_autre"),
            statut,
            fonction: r.line("fonction"),
            employeur_siret: r.parsed("employeur_siret", Siret::parse),
            employeur_nom: r.line("employeur_nom"),
            employeur: Coordonnees {
                adresse: r.line("employeur_adresse"),
                code_postal: if public {
                    r.postcode("employeur_code_postal", FRANCE)
                } else {
                    r.postcode_anywhere("employeur_code_postal")
                },
                commune: r.line("employeur_commune"),
                ..Coordonnees::default()
            },
            pro_differentes: champs.has("pro_differentes"),
            pro: Coordonnees {
                adresse: r.line("pro_adresse"),
                code_postal: r.postcode_anywhere("pro_code_postal"),
                commune: r.line("pro_commune"),
                telephone: r.phone("pro_telephone"),
                courriel: r
                    .parsed("pro_courriel", Email::parse)
                    .map_or_else(String::new, |email| email.as_str().to_owned()),
            },
            regions: r.choices("regions"),
            departements: r.choices("departements"),
            structure: r.parsed("structure", |value| {
                value.parse().map(StructureId).map_err(|_| "Choisissez une structure de la liste.")
            }),
        };
        (read.without_what_does_not_apply(), in_order(reader.wrong, IDENTIFICATION))
    }

    /// The page as its form shows it: what [`Self::read`] reads back.
    pub fn champs(&self) -> Champs {
        let mut champs: Champs = [
            ("civilite", self.civilite.map_or("", Civilite::as_str)),
            ("nom", &self.nom),
            ("nom_naissance", &self.nom_naissance),
            ("prenom", &self.prenom),
            ("ville_naissance", &self.ville_naissance),
            ("pays_naissance", &self.pays_naissance),
            ("nationalite", &self.nationalite),
            ("adresse", &self.adresse),
            ("complement_adresse", &self.complement_adresse),
            ("code_postal", &self.code_postal),
            ("commune", &self.commune),
            ("pays", &self.pays),
            ("statut", self.statut.map_or("", Statut::as_str)),
            ("fonction", &self.fonction),
            ("employeur_nom", &self.employeur_nom),
            ("employeur_adresse", &self.employeur.adresse),
            ("employeur_code_postal", &self.employeur.code_postal),
            ("employeur_commune", &self.employeur.commune),
            ("pro_differentes", if self.pro_differentes { "1" } else { "" }),
            ("pro_adresse", &self.pro.adresse),
            ("pro_code_postal", &self.pro.code_postal),
            ("pro_commune", &self.pro.commune),
            ("pro_courriel", &self.pro.courriel),
        ]
        .into_iter()
        .collect();
        for (name, phone) in [
            ("telephone", &self.telephone),
            ("telephone_domicile", &self.telephone_domicile),
            ("telephone_professionnel", &self.telephone_professionnel),
            ("telephone_autre", &self.telephone_autre),
            ("pro_telephone", &self.pro.telephone),
        ] {
            champs.set(name, shown(phone));
        }
        let written = |day: NaiveDate| format!("{:02}/{:02}/{}", day.day(), day.month(), day.year());
        champs.set("date_naissance", self.date_naissance.map_or_else(String::new, written));
        champs.set("employeur_siret", self.employeur_siret.as_ref().map_or_else(String::new, Siret::to_string));
        champs.set("structure", self.structure.map_or_else(String::new, |id| id.to_string()));
        for code in &self.regions {
            champs.push("regions", code);
        }
        for code in &self.departements {
            champs.push("departements", code);
        }
        champs
    }

    /// A person without employer keeps none, and a separate address only counts when its box is ticked.
    fn without_what_does_not_apply(mut self) -> Self {
        if self.statut.is_some_and(|statut| statut.employeur().is_none()) {
            self.employeur_siret = None;
            self.employeur_nom.clear();
            self.employeur = Coordonnees::default();
            self.pro_differentes = false;
        }
        if !self.pro_differentes {
            self.pro = Coordonnees::default();
        }
        self
    }

    /// What is missing before the registration can be sent (manual §3.1.3), in the order of the page.
    pub fn missing(&self) -> Vec<Ecart> {
        let mut missing = Vec::new();
        let mut need = |there: bool, champ: &'static str, phrase: &str| {
            if !there {
                missing.push(Ecart::new(champ, phrase));
            }
        };
        need(self.civilite.is_some(), "civilite", "Indiquez votre civilité.");
        need(!self.nom.is_empty(), "nom", "Indiquez votre nom.");
        need(!self.prenom.is_empty(), "prenom", "Indiquez votre prénom.");
        need(self.date_naissance.is_some(), "date_naissance", "Indiquez votre date de naissance.");
        need(!self.ville_naissance.is_empty(), "ville_naissance", "Indiquez votre commune de naissance.");
        need(!self.pays_naissance.is_empty(), "pays_naissance", "Indiquez votre pays de naissance.");
        need(!self.nationalite.is_empty(), "nationalite", "Indiquez votre nationalité.");
        need(!self.adresse.is_empty(), "adresse", "Indiquez votre adresse : numéro et rue.");
        need(!self.code_postal.is_empty(), "code_postal", "Indiquez votre code postal.");
        need(!self.commune.is_empty(), "commune", "Indiquez votre commune.");
        need(!self.pays.is_empty(), "pays", "Indiquez votre pays.");
        let phones = [&self.telephone, &self.telephone_domicile, &self.telephone_professionnel, &self.telephone_autre];
        need(phones.iter().any(|phone| !phone.is_empty()), "telephone", "Indiquez au moins un numéro de téléphone.");
        need(self.statut.is_some(), "statut", "Choisissez votre statut professionnel.");
        if let Some(kind) = self.statut.and_then(Statut::employeur) {
            need(!self.employeur_nom.is_empty(), "employeur_nom", "Indiquez la raison sociale de votre employeur.");
            need(self.employeur_siret.is_some(), "employeur_siret", "Indiquez le numéro de SIRET de votre employeur.");
            if kind == TypeEmployeur::Public {
                let place = &self.employeur;
                need(
                    !place.code_postal.is_empty(),
                    "employeur_code_postal",
                    "Indiquez le code postal de votre employeur.",
                );
                need(!place.commune.is_empty(), "employeur_commune", "Indiquez la commune de votre employeur.");
            }
        }
        if self.pro_differentes {
            let pro = &self.pro;
            need(!pro.adresse.is_empty(), "pro_adresse", "Indiquez l’adresse de vos coordonnées professionnelles.");
            need(!pro.code_postal.is_empty(), "pro_code_postal", "Indiquez leur code postal.");
            need(!pro.commune.is_empty(), "pro_commune", "Indiquez leur commune.");
        }
        need(!self.regions.is_empty(), "regions", "Choisissez au moins une région où vous pouvez intervenir.");
        need(self.structure.is_some(), "structure", "Choisissez votre structure de rattachement.");
        missing
    }
}
