//! What two fiches have in common that may be of one person. Nothing is counted or decided: a person looks.

use chrono::NaiveDate;

use crate::nom::jointe;
use crate::texte::fold;

/// What is compared of a fiche.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    pub nom: String,
    pub prenom: String,
    pub naissance: Option<NaiveDate>,
    /// Those of the person alone: colleagues share that of their office.
    pub telephones: Vec<String>,
    pub courriels: Vec<String>,
    pub commune: String,
    pub departement: Option<String>,
}

/// Something that two fiches have in common, in the order in which it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    Nom,
    Naissance,
    Telephone,
    Courriel,
    Commune,
    Departement,
}

impl Point {
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Nom => "même nom",
            Self::Naissance => "même date de naissance",
            Self::Telephone => "même téléphone",
            Self::Courriel => "même adresse électronique",
            Self::Commune => "même commune",
            Self::Departement => "même département",
        }
    }
}

impl Traits {
    /// The keys of the name, surname first and first name first: forms are filled in both ways.
    pub fn cles(&self) -> [String; 2] {
        let (nom, prenom) = (jointe(&self.nom), jointe(&self.prenom));
        [format!("{nom}{prenom}"), format!("{prenom}{nom}")]
    }

    /// What both have in common; nothing unless it is the name, a telephone or an email: a birthday or a commune alone
    /// says nothing.
    pub fn points(&self, other: &Self) -> Vec<Point> {
        let (mine, theirs) = (self.cles(), other.cles());
        let shared = |mine: &[String], theirs: &[String]| mine.iter().any(|one| theirs.contains(one));
        let mut points = Vec::new();
        let named = !mine[0].is_empty() && mine.contains(&theirs[0]);
        if named {
            points.push(Point::Nom);
        }
        if self.naissance.is_some() && self.naissance == other.naissance {
            points.push(Point::Naissance);
        }
        let reached = [
            (Point::Telephone, shared(&self.telephones, &other.telephones)),
            (Point::Courriel, shared(&self.courriels, &other.courriels)),
        ];
        points.extend(reached.into_iter().filter(|(_, same)| *same).map(|(point, _)| point));
        if named && !self.commune.is_empty() && fold(&self.commune) == fold(&other.commune) {
            points.push(Point::Commune);
        } else if named && self.departement.is_some() && self.departement == other.departement {
            points.push(Point::Departement);
        }
        if points == [Point::Naissance] { Vec::new() } else { points }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g5_what_two_fiches_share_is_said_and_a_birthday_alone_says_nothing() {
        let day = NaiveDate::from_ymd_opt(1979, 3, 14);
        let one = Traits {
            nom: "Le Guen".into(),
            prenom: "Gwénaël".into(),
            naissance: day,
            telephones: vec!["+33612345678".into()],
            courriels: vec!["g@exemple.fr".into()],
            commune: "Saint-Brieuc".into(),
            departement: Some("22".into()),
        };
        let other = |nom: &str, prenom: &str| Traits { nom: nom.into(), prenom: prenom.into(), ..Traits::default() };
        assert_eq!(one.points(&other("LEGUEN", "gwenael")), [Point::Nom]);
        assert_eq!(one.points(&other("Gwenaël", "Le-Guen")), [Point::Nom], "filled in the other way");
        assert_eq!(one.points(&Traits { naissance: day, ..other("Autre", "Anne") }), []);
        assert_eq!(one.points(&Traits { commune: "Saint-Brieuc".into(), ..other("Autre", "Anne") }), []);
        assert_eq!(
            one.points(&Traits { naissance: day, telephones: one.telephones.clone(), ..other("Autre", "Anne") }),
            [Point::Naissance, Point::Telephone]
        );
        assert_eq!(one.points(&one), [Point::Nom, Point::Naissance, Point::Telephone, Point::Courriel, Point::Commune]);
        let near = Traits { commune: "Plérin".into(), departement: Some("22".into()), ..other("leguen", "Gwenael") };
        assert_eq!(one.points(&near), [Point::Nom, Point::Departement]);
        assert_eq!(Traits::default().points(&Traits::default()), [], "nothing is like nothing");
    }
}
