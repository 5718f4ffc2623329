//! The fields typed for a decision, and the forms that hold them.

use domain::dates::jour;
use domain::inscription::{Decision, complement_due, last_day, presentable_from, reponse};
use store::Connection;
use store::contenus::Motif;
use store::inscriptions::Inscription;

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::views::FieldError;
use crate::views::gestion_inscriptions::{MotifChoice, Reponse};

/// The button that moves a registration to another structure.
pub const REAFFECTER: &str = "reaffecter";
/// The beginning of the word of a button that fills in the text of the chosen reason.
const MODELE: &str = "modele_";

/// The decisions with a reason and a text: the word of the button, and the kind of reasons, which also begins the ids
/// of the fields.
const EXPLAINED: [(&str, &str); 2] = [("complement", "complement"), ("rejeter", "rejet")];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explication {
    pub motif: String,
    pub texte: String,
}

impl Explication {
    fn is_empty(&self) -> bool {
        self.motif.is_empty() && self.texte.trim().is_empty()
    }
}

/// The fields of the form: every button sends all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub action: String,
    /// Reason and text of each of [`EXPLAINED`], in their order.
    explications: [Explication; 2],
    pub structure: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Decide(Decision),
    /// Another structure, by its id.
    Reassign(i64),
    /// Fill in the text of the reason.
    Fill,
    /// No known button.
    Nothing,
}

impl Typed {
    pub fn from_form(fields: &Fields) -> Self {
        Self {
            action: fields.one("action").to_owned(),
            explications: EXPLAINED.map(|(_, genre)| Explication {
                motif: fields.one(&format!("{genre}_motif")).trim().to_owned(),
                texte: fields.one(&format!("{genre}_texte")).to_owned(),
            }),
            structure: fields.one("structure").trim().to_owned(),
        }
    }

    /// The decision of [`EXPLAINED`] to which the pressed button belongs.
    fn rank(&self) -> Option<usize> {
        let action = self.action.strip_prefix(MODELE).unwrap_or(&self.action);
        EXPLAINED.iter().position(|(word, _)| *word == action)
    }

    /// Whether something is typed or chosen.
    pub fn is_begun(&self) -> bool {
        !self.structure.is_empty() || self.explications.iter().any(|one| !one.is_empty())
    }

    /// Whether another structure is chosen, or asked for.
    pub fn reaffecter(&self) -> bool {
        self.action == REAFFECTER || !self.structure.is_empty()
    }

    /// The texts that were typed.
    pub fn textes(&self) -> String {
        let typed = self.explications.iter().map(|one| one.texte.trim());
        typed.filter(|texte| !texte.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// Replaces the text of the pressed button's decision by that of the chosen reason.
    pub fn fill(&mut self, motifs: Vec<Motif>) {
        let Some(rank) = self.rank() else { return };
        let one = &mut self.explications[rank];
        if let Some(motif) = motifs.into_iter().find(|motif| motif.code == one.motif) {
            one.texte = motif.texte;
        }
    }

    /// The kind of reasons for the pressed button.
    pub fn genre(&self) -> Option<&'static str> {
        self.rank().map(|rank| EXPLAINED[rank].1)
    }

    /// What is asked for, or what is wrong with it. `motifs` are the reasons of its kind.
    pub fn check(&self, motifs: &[Motif]) -> Result<Asked, Vec<FieldError>> {
        match (self.action.as_str(), self.rank()) {
            ("valider", _) => Ok(Asked::Decide(Decision::Valider)),
            ("prendre_en_charge", _) => Ok(Asked::Decide(Decision::PrendreEnCharge)),
            (REAFFECTER, _) => match self.structure.parse() {
                Ok(id) => Ok(Asked::Reassign(id)),
                Err(_) => Err(vec![FieldError::new("structure", "Choisissez la structure qui reprend l’inscription.")]),
            },
            (action, Some(rank)) => {
                let (genre, one) = (EXPLAINED[rank].1, &self.explications[rank]);
                let mut errors = Vec::new();
                if !motifs.iter().any(|motif| motif.code == one.motif) {
                    errors.push(FieldError::new(format!("{genre}_motif"), "Choisissez un motif."));
                }
                if action.starts_with(MODELE) {
                    return if errors.is_empty() { Ok(Asked::Fill) } else { Err(errors) };
                }
                let texte = reponse(&one.texte)
                    .map_err(|sentence| errors.push(FieldError::new(format!("{genre}_texte"), sentence)));
                let motif = one.motif.clone();
                match texte {
                    Ok(texte) if errors.is_empty() && genre == "rejet" => {
                        Ok(Asked::Decide(Decision::Rejeter { motif, texte }))
                    }
                    Ok(texte) if errors.is_empty() => Ok(Asked::Decide(Decision::DemanderComplement { motif, texte })),
                    _ => Err(errors),
                }
            }
            _ => Ok(Asked::Nothing),
        }
    }

    /// The parts of the form that explain a decision.
    pub async fn reponses(
        &self,
        connection: &mut Connection,
        found: &Inscription,
        app: &App,
    ) -> Result<Vec<Reponse>, Error> {
        let now = app.store.clock().now();
        let again = jour(presentable_from(found.premiere_decision_at.unwrap_or(now)));
        let mut forms = Vec::new();
        for (rank, (action, genre)) in EXPLAINED.into_iter().enumerate() {
            let one = &self.explications[rank];
            let open = self.rank() == Some(rank) || !one.is_empty();
            let motifs = store::contenus::motifs(connection, genre, false).await?;
            let complement = genre == "complement";
            forms.push(Reponse {
                genre,
                action,
                titre: if complement { "Demander un complément" } else { "Rejeter l’inscription" },
                consequence: if complement {
                    let until = last_day(complement_due(now));
                    format!(
                        "L’inscription revient à la personne, qui peut la modifier et la transmettre à nouveau jusqu’au {until}. Sans réponse, son compte est archivé ; elle en est prévenue avant."
                    )
                } else {
                    format!(
                        "Cette décision ne peut pas être annulée : la personne pourra présenter à nouveau son inscription à partir du {again}, pas avant."
                    )
                },
                bouton: if complement { "Envoyer la demande de complément" } else { "Rejeter l’inscription" },
                motifs: motifs
                    .into_iter()
                    .map(|motif| MotifChoice {
                        selected: motif.code == one.motif,
                        code: motif.code,
                        libelle: motif.libelle,
                        texte: motif.texte,
                    })
                    .collect(),
                texte: one.texte.clone(),
                open,
            });
        }
        Ok(forms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn motifs() -> Vec<Motif> {
        vec![Motif {
            code: "rejet-doublon".into(),
            genre: "rejet".into(),
            libelle: "Doublon".into(),
            texte: "Vous avez déjà un compte.".into(),
            ordre: 0,
            actif: true,
        }]
    }

    fn check(query: &str) -> Result<Asked, Vec<String>> {
        let checked = Typed::from_form(&Fields::parse(query)).check(&motifs());
        checked.map_err(|errors| errors.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn g2_a_refusal_needs_its_reason_and_its_text() {
        let fields = |query| check(query).unwrap_err();
        assert_eq!(fields("action=rejeter"), ["rejet_motif", "rejet_texte"]);
        assert_eq!(
            fields("action=complement&complement_motif=inconnu&complement_texte=Vos+dates"),
            ["complement_motif"]
        );
        assert_eq!(fields("action=rejeter&rejet_motif=rejet-doublon&rejet_texte=++"), ["rejet_texte"]);
        assert_eq!(fields("action=rejeter&rejet_motif=rejet-doublon&complement_texte=Vos+dates"), ["rejet_texte"]);
        assert_eq!(fields("action=modele_rejeter"), ["rejet_motif"]);
        assert_eq!(fields("action=reaffecter&structure=x"), ["structure"]);
        assert_eq!(
            check("action=rejeter&rejet_motif=rejet-doublon&rejet_texte=Merci.%0D%0AAu+revoir."),
            Ok(Asked::Decide(Decision::Rejeter { motif: "rejet-doublon".into(), texte: "Merci.\nAu revoir.".into() }))
        );
    }

    #[test]
    fn g2_what_needs_no_reason_asks_for_none() {
        assert_eq!(check("action=valider"), Ok(Asked::Decide(Decision::Valider)));
        assert_eq!(check("action=prendre_en_charge"), Ok(Asked::Decide(Decision::PrendreEnCharge)));
        assert_eq!(check("action=reaffecter&structure=3"), Ok(Asked::Reassign(3)));
        assert_eq!(check("action=modele_rejeter&rejet_motif=rejet-doublon"), Ok(Asked::Fill));
        assert_eq!(check("action=modele_valider"), Ok(Asked::Nothing));
        assert_eq!(check(""), Ok(Asked::Nothing));
    }
}
