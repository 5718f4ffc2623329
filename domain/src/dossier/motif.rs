//! Why a gestionnaire refuses a block or a piece: a reason from a list, and words of their own (SPEC D9).

use crate::compte::words;
use crate::nir;
use crate::profil::{Champs, Ecart, Reader, in_order};

/// Longest free text, in characters: it is read in an email and in a row of the history.
pub const TEXTE_MAX: usize = 1_000;

words! {
    /// Why something is refused.
    MotifRefus {
        /// It can't be read.
        Illisible = "illisible",
        /// Its date has passed.
        Perime = "perime",
        /// A side or a page is missing.
        Incomplet = "incomplet",
        /// It is another document than the one asked for.
        MauvaisDocument = "mauvais_document",
        /// It is somebody else's.
        AutrePersonne = "autre_personne",
        /// What was typed is wrong, or is not what the document says.
        DonneeErronee = "donnee_erronee",
        /// Another reason, which has to be written.
        Autre = "autre",
    }
}

impl MotifRefus {
    /// What pages, emails and the history say.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Illisible => "Document illisible",
            Self::Perime => "Document périmé",
            Self::Incomplet => "Document incomplet",
            Self::MauvaisDocument => "Ce n’est pas le document demandé",
            Self::AutrePersonne => "Le document ne correspond pas à la personne",
            Self::DonneeErronee => "Donnée erronée",
            Self::Autre => "Autre motif",
        }
    }

    /// Whether the reason says nothing without a text.
    pub fn needs_texte(self) -> bool {
        matches!(self, Self::Autre)
    }
}

/// A reason as it is kept and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Motif {
    pub motif: MotifRefus,
    /// The gestionnaire's words, maybe none.
    pub texte: String,
}

impl Motif {
    /// Reads what was chosen and written. A NIR in the text is masked: the reason goes into an email (SPEC Q7).
    ///
    /// # Errors
    /// Everything that is wrong, at `motif` and at `texte`.
    pub fn parse(motif: &str, texte: &str) -> Result<Self, Vec<Ecart>> {
        let champs: Champs = [("motif", motif), ("texte", texte)].into_iter().collect();
        let mut reader = Reader::new(&champs);
        let chosen = reader.word("motif", MotifRefus::from_word);
        let written = reader.bounded("texte", TEXTE_MAX);
        let mut wrong = reader.wrong;
        if chosen.is_none() {
            wrong.push(Ecart::new("motif", "Choisissez un motif : la personne le reçoit par courriel."));
        }
        if written.is_empty() && chosen.is_some_and(MotifRefus::needs_texte) {
            wrong.push(Ecart::new("texte", "Écrivez le motif : la personne doit savoir ce qu’elle a à corriger."));
        }
        let wrong = in_order(wrong, &["motif", "texte"]);
        match chosen {
            Some(motif) if wrong.is_empty() => Ok(Self { motif, texte: nir::mask(&written) }),
            _ => Err(wrong),
        }
    }

    /// The reason as people read it: « Document illisible : la photo est floue », or the text alone instead of « Autre
    /// motif ».
    pub fn phrase(&self) -> String {
        match (self.texte.is_empty(), self.motif) {
            (true, motif) => motif.libelle().to_owned(),
            (false, MotifRefus::Autre) => self.texte.clone(),
            (false, motif) => format!("{} : {}", motif.libelle(), self.texte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(refused: Result<Motif, Vec<Ecart>>) -> Vec<&'static str> {
        refused.unwrap_err().into_iter().map(|ecart| ecart.champ).collect()
    }

    #[test]
    fn d9_a_refusal_has_a_reason_of_the_list_and_words_when_the_list_has_none() {
        let blurred = Motif::parse("illisible", " la photo\r\nest floue ").unwrap();
        assert_eq!(blurred, Motif { motif: MotifRefus::Illisible, texte: "la photo\nest floue".to_owned() });
        assert_eq!(blurred.phrase(), "Document illisible : la photo\nest floue");
        assert_eq!(Motif::parse("perime", "").unwrap().phrase(), "Document périmé");
        assert_eq!(Motif::parse("autre", "Signez-la.").unwrap().phrase(), "Signez-la.");
        assert_eq!(fields(Motif::parse("autre", "  ")), ["texte"]);
        assert_eq!(fields(Motif::parse("", "floue")), ["motif"]);
        assert_eq!(fields(Motif::parse("laid", &"é".repeat(TEXTE_MAX + 1))), ["motif", "texte"]);
        assert!(Motif::parse("autre", &"é".repeat(TEXTE_MAX)).is_ok());
        assert_eq!(Motif::parse("perime", "a\u{0}\u{200B}b").unwrap().texte, "ab");
    }

    #[test]
    fn q7_a_nir_written_in_a_reason_goes_into_no_email() {
        let motif = Motif::parse("donnee_erronee", "votre carte dit 2 55 08 14 168 025 38").unwrap();
        assert_eq!(motif.phrase(), format!("Donnée erronée : votre carte dit {}", crate::masque::MASK));
    }
}
