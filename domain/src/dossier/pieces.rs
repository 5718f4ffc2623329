//! The files of a dossier: which slots there are, and which of them a person owes (manual §3.3.4.2 d to h, SPEC D5 to
//! D8). The rules on the files themselves (formats, size) are where files are read, not here.

use super::Bloc;
use crate::compte::{Statut, words};
use crate::profil::TypeEmployeur;

words! {
    /// The identity document that a person shows (manual §3.3.4.2 d).
    TypeIdentite {
        Passeport = "passeport",
        /// Identity card: two sides.
        CarteIdentite = "carte_identite",
        /// Residence permit: two sides.
        TitreSejour = "titre_sejour",
    }
}

impl TypeIdentite {
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Passeport => "Passeport",
            Self::CarteIdentite => "Carte d’identité",
            Self::TitreSejour => "Titre de séjour",
        }
    }

    /// The slots of its copy: one for a passport, two for a document with two sides (manual §3.3.4.2 d).
    pub fn pieces(self) -> &'static [TypePiece] {
        match self {
            Self::Passeport => &[TypePiece::Passeport],
            Self::CarteIdentite => &[TypePiece::CarteIdentiteRecto, TypePiece::CarteIdentiteVerso],
            Self::TitreSejour => &[TypePiece::TitreSejourRecto, TypePiece::TitreSejourVerso],
        }
    }
}

words! {
    /// A slot for one file, in the order of the page.
    ///
    /// Each identity document has its own slots (decided): the page of a passport is never taken for a side of the
    /// identity card that replaces it, and it is still there if the person goes back to the passport.
    TypePiece {
        /// The page of the passport that bears the photograph.
        Passeport = "passeport",
        /// Front of the identity card.
        CarteIdentiteRecto = "carte_identite_recto",
        /// Back of the identity card.
        CarteIdentiteVerso = "carte_identite_verso",
        /// Front of the residence permit.
        TitreSejourRecto = "titre_sejour_recto",
        /// Back of the residence permit.
        TitreSejourVerso = "titre_sejour_verso",
        /// The carte vitale or the attestation de droits (D6, decided: one piece).
        CarteVitale = "copie_carte_vitale",
        /// The contract, or what the employer attests.
        Contrat = "contrat",
        /// The attestation sur l'honneur.
        AttestationHonneur = "attestation_honneur",
        /// The last arrêté de situation of a public agent.
        ArreteSituation = "arrete_situation",
        /// What shows that the person is retired.
        Pension = "pension",
        /// The certificate of the Urssaf (D7).
        AttestationVigilance = "attestation_vigilance",
        /// Bank details (D8, decided: one piece).
        Rib = "rib",
    }
}

impl TypePiece {
    /// What pages, emails and the history call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Passeport => "Passeport, page de la photographie",
            Self::CarteIdentiteRecto => "Carte d’identité, recto",
            Self::CarteIdentiteVerso => "Carte d’identité, verso",
            Self::TitreSejourRecto => "Titre de séjour, recto",
            Self::TitreSejourVerso => "Titre de séjour, verso",
            Self::CarteVitale => "Carte vitale ou attestation de droits",
            Self::Contrat => "Contrat de travail ou attestation de l’employeur",
            Self::AttestationHonneur => "Attestation sur l’honneur",
            Self::ArreteSituation => "Dernier arrêté de situation",
            Self::Pension => "Titre, bulletin ou brevet de pension, ou arrêté de mise à la retraite",
            Self::AttestationVigilance => "Attestation de vigilance de l’Urssaf",
            Self::Rib => "Relevé d’identité bancaire (RIB)",
        }
    }

    /// What the page says of the slot before a file is chosen.
    pub fn aide(self) -> &'static str {
        match self {
            Self::Passeport => {
                "La double page qui porte votre photographie, entière, avec les deux lignes de caractères du bas."
            }
            Self::CarteIdentiteRecto | Self::TitreSejourRecto => {
                "Le côté qui porte votre photographie, entier et lisible, sans reflet."
            }
            Self::CarteIdentiteVerso | Self::TitreSejourVerso => "L’autre côté, entier et lisible, sans reflet.",
            Self::CarteVitale => {
                "Une copie de la carte, ou l’attestation de droits à télécharger depuis votre compte ameli.fr : elle porte votre numéro de sécurité sociale."
            }
            Self::Contrat => {
                "Votre contrat de travail en cours et signé, ou une attestation récente de votre employeur."
            }
            Self::AttestationHonneur => "Datée et signée de votre main, avec vos nom et prénom.",
            Self::ArreteSituation => {
                "Le plus récent des arrêtés qui disent votre grade, votre échelon et votre indice (secteur public)."
            }
            Self::Pension => "Un seul de ces documents, à votre nom : celui que vous avez sous la main.",
            Self::AttestationVigilance => {
                "Le document de moins de six mois à télécharger depuis votre compte sur urssaf.fr, entier : il porte un code de sécurité."
            }
            Self::Rib => "Le relevé que donne votre banque : il porte votre nom, l’IBAN et le BIC saisis ci-dessus.",
        }
    }

    pub fn bloc(self) -> Bloc {
        match self {
            Self::Passeport
            | Self::CarteIdentiteRecto
            | Self::CarteIdentiteVerso
            | Self::TitreSejourRecto
            | Self::TitreSejourVerso => Bloc::Identite,
            Self::CarteVitale => Bloc::CarteVitale,
            Self::Contrat | Self::AttestationHonneur | Self::ArreteSituation | Self::Pension => Bloc::Statut,
            Self::AttestationVigilance => Bloc::Vigilance,
            Self::Rib => Bloc::Banque,
        }
    }
}

/// What decides what a person owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// Statut; none while it is not chosen.
    pub statut: Option<Statut>,
    /// Identity document; none while it is not chosen.
    pub identite: Option<TypeIdentite>,
    /// The kind of employer that the employer block was filled in for; none when it is empty.
    pub employeur: Option<TypeEmployeur>,
    /// Whether what the letters promise reaches the amount from which the Urssaf's certificate is due
    /// ([`super::saisie::SEUIL_CENTIMES`]).
    pub seuil: bool,
}

impl Situation {
    /// A statut alone, for a list that shows which pieces it asks for.
    pub fn of_statut(statut: Statut) -> Self {
        Self { statut: Some(statut), ..Self::default() }
    }

    /// Whether the certificate of the Urssaf is due: from independents, once their letters reach the amount (SPEC D7).
    /// People paid through payroll have no such contract.
    fn vigilance(self) -> bool {
        self.seuil && self.statut == Some(Statut::Independant)
    }
}

/// The pieces that a statut asks for (manual §3.3.4.2 f; without activity: decided, SPEC D7).
fn pieces_du_statut(statut: Statut) -> &'static [TypePiece] {
    use TypePiece::{ArreteSituation, AttestationHonneur, Contrat, Pension};
    match statut {
        Statut::Fonctionnaire => &[AttestationHonneur, ArreteSituation],
        Statut::AgentNonTitulaire => &[Contrat, AttestationHonneur, ArreteSituation],
        Statut::Independant | Statut::SansActivite => &[AttestationHonneur],
        Statut::SalariePrive => &[Contrat, AttestationHonneur],
        Statut::Retraite => &[Pension],
    }
}

/// Whether a person is paid through payroll, which needs their NIR (SPEC D6): everybody but independents, who send
/// invoices. True as long as the statut is not chosen.
fn sur_la_paie(statut: Option<Statut>) -> bool {
    statut != Some(Statut::Independant)
}

/// The pieces that are due, in the order of the page (SPEC D5 to D8). As long as the identity document or the statut is
/// not chosen, its pieces are not known: only the block is missing.
pub fn pieces_dues(situation: Situation) -> Vec<TypePiece> {
    let of_identity = situation.identite.map_or(&[][..], TypeIdentite::pieces);
    let of_statut = situation.statut.map_or(&[][..], pieces_du_statut);
    let of_payroll = if sur_la_paie(situation.statut) { &[TypePiece::CarteVitale][..] } else { &[] };
    let of_invoices = if situation.vigilance() { &[TypePiece::AttestationVigilance][..] } else { &[] };
    [of_identity, of_payroll, of_statut, of_invoices, &[TypePiece::Rib]].concat()
}

/// The blocks that are due, in the order of the page. All are, except the employer of a person who has none or whose
/// statut is not chosen (manual §3.3.4.2 g), the carte vitale of a person who is not paid through payroll (SPEC D6),
/// and the certificate of the Urssaf when it is not due (D7).
pub fn blocs_dus(situation: Situation) -> Vec<Bloc> {
    let employed = situation.statut.and_then(Statut::employeur).is_some();
    let due = |bloc: &Bloc| match bloc {
        Bloc::Employeur => employed,
        Bloc::CarteVitale => sur_la_paie(situation.statut),
        Bloc::Vigilance => situation.vigilance(),
        _ => true,
    };
    Bloc::ALL.iter().copied().filter(due).collect()
}

/// What becomes of pieces when the statut or the identity document changes (SPEC D7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tri {
    /// Present and still asked for: each keeps its state and is not given again.
    pub servent: Vec<TypePiece>,
    /// Present and « plus demandée » (decided): kept with its state and shown apart, because the statut may change
    /// back; it is not transmitted, stops nothing, and the person may remove it as long as nobody validated it.
    pub plus_demandees: Vec<TypePiece>,
    /// Asked for and absent.
    pub manquent: Vec<TypePiece>,
}

/// Sorts the pieces that are present by what is due in a situation.
pub fn kept_after(presentes: impl IntoIterator<Item = TypePiece>, situation: Situation) -> Tri {
    let dues = pieces_dues(situation);
    let (servent, plus_demandees): (Vec<_>, Vec<_>) = presentes.into_iter().partition(|piece| dues.contains(piece));
    let manquent = dues.into_iter().filter(|piece| !servent.contains(piece)).collect();
    Tri { servent, plus_demandees, manquent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TypePiece::{
        ArreteSituation, AttestationHonneur, CarteIdentiteRecto, CarteIdentiteVerso, CarteVitale, Contrat, Passeport,
        Pension, Rib, TitreSejourRecto, TitreSejourVerso,
    };

    fn of(statut: Option<Statut>, identite: Option<TypeIdentite>) -> Situation {
        Situation { statut, identite, ..Situation::default() }
    }

    #[test]
    fn d5_d8_the_pieces_of_every_statut_and_identity_document_as_a_table() {
        let statuts: [(Option<Statut>, &[TypePiece]); 7] = [
            (None, &[]),
            (Some(Statut::Fonctionnaire), &[AttestationHonneur, ArreteSituation]),
            (Some(Statut::AgentNonTitulaire), &[Contrat, AttestationHonneur, ArreteSituation]),
            (Some(Statut::Independant), &[AttestationHonneur]),
            (Some(Statut::SalariePrive), &[Contrat, AttestationHonneur]),
            (Some(Statut::Retraite), &[Pension]),
            (Some(Statut::SansActivite), &[AttestationHonneur]),
        ];
        let identites: [(Option<TypeIdentite>, &[TypePiece]); 4] = [
            (None, &[]),
            (Some(TypeIdentite::Passeport), &[Passeport]),
            (Some(TypeIdentite::CarteIdentite), &[CarteIdentiteRecto, CarteIdentiteVerso]),
            (Some(TypeIdentite::TitreSejour), &[TitreSejourRecto, TitreSejourVerso]),
        ];
        assert_eq!((statuts.len(), identites.len()), (Statut::ALL.len() + 1, TypeIdentite::ALL.len() + 1));
        for (statut, of_statut) in statuts {
            for (identite, of_identity) in identites {
                let of_payroll = if statut == Some(Statut::Independant) { &[][..] } else { &[CarteVitale] };
                let expected = [of_identity, of_payroll, of_statut, &[Rib]].concat();
                assert_eq!(pieces_dues(of(statut, identite)), expected, "{statut:?} {identite:?}");
            }
        }
    }

    #[test]
    fn d8_who_has_no_employer_has_no_block_for_one() {
        for (statut, employed) in [
            (None, false),
            (Some(Statut::Fonctionnaire), true),
            (Some(Statut::AgentNonTitulaire), true),
            (Some(Statut::Independant), true),
            (Some(Statut::SalariePrive), true),
            (Some(Statut::Retraite), false),
            (Some(Statut::SansActivite), false),
        ] {
            let due = blocs_dus(of(statut, None));
            assert_eq!(
                (due.contains(&Bloc::Employeur), due.len()),
                (employed, 6 + usize::from(employed) - usize::from(statut == Some(Statut::Independant))),
                "{statut:?}"
            );
        }
    }

    #[test]
    fn d6_the_nir_is_asked_of_who_is_paid_through_payroll_alone() {
        for statut in Statut::ALL.iter().copied().map(Some).chain([None]) {
            let asked = statut != Some(Statut::Independant);
            assert_eq!(blocs_dus(of(statut, None)).contains(&Bloc::CarteVitale), asked, "{statut:?}");
            assert_eq!(pieces_dues(of(statut, None)).contains(&CarteVitale), asked, "{statut:?}");
        }
    }

    #[test]
    fn d7_the_certificate_of_the_urssaf_is_asked_of_independents_whose_letters_reach_the_amount() {
        for statut in Statut::ALL.iter().copied().map(Some).chain([None]) {
            for seuil in [false, true] {
                let situation = Situation { seuil, ..of(statut, None) };
                let due = seuil && statut == Some(Statut::Independant);
                assert_eq!(blocs_dus(situation).contains(&Bloc::Vigilance), due, "{statut:?} {seuil}");
                let pieces = pieces_dues(situation);
                assert_eq!(pieces.contains(&TypePiece::AttestationVigilance), due, "{statut:?} {seuil}");
            }
        }
    }

    #[test]
    fn d7_a_change_of_statut_keeps_what_still_serves() {
        let there = [CarteIdentiteRecto, CarteIdentiteVerso, CarteVitale, AttestationHonneur, ArreteSituation];
        let card = Some(TypeIdentite::CarteIdentite);
        let private = kept_after(there, of(Some(Statut::SalariePrive), card));
        assert_eq!(private.servent, [CarteIdentiteRecto, CarteIdentiteVerso, CarteVitale, AttestationHonneur]);
        assert_eq!(private.plus_demandees, [ArreteSituation]);
        assert_eq!(private.manquent, [Contrat, Rib]);
        let retired = kept_after(there, of(Some(Statut::Retraite), card));
        assert_eq!(retired.plus_demandees, [AttestationHonneur, ArreteSituation]);
        assert_eq!(retired.manquent, [Pension, Rib]);
    }

    #[test]
    fn d5_a_side_of_one_document_never_passes_for_another_document() {
        let passport = kept_after([Passeport], of(None, Some(TypeIdentite::CarteIdentite)));
        assert_eq!(passport.plus_demandees, [Passeport]);
        assert_eq!(passport.manquent, [CarteIdentiteRecto, CarteIdentiteVerso, CarteVitale, Rib]);
    }
}
