//! One mail of each kind, and some that are filled with what nobody should type.

use chrono::NaiveDate;
use domain::alertes::Frequence;
use domain::candidature::EtatCandidature;
use domain::courriel::{AnnonceBreve, Contact, Courriel};
use domain::dossier::lettre::TypeLettre;
use domain::support::EtatDemande;

pub(super) fn annonce(periode: &str) -> Courriel {
    Courriel::Annonce {
        prenom: "Zoé".to_owned(),
        numero: "2026-00042".to_owned(),
        titre: "Formateur en finances locales : l’essentiel du budget".to_owned(),
        structure: "Délégation Bretagne".to_owned(),
        specialite: "Finances, procédure budgétaire".to_owned(),
        regions: "Bretagne, Pays de la Loire".to_owned(),
        periode: periode.to_owned(),
        chemin: "/annonces/2026-00042".to_owned(),
        desabonnement: "/alertes/desabonnement/5b1c0e6d9a7f4f1e8c3b2a190d7e6f58".to_owned(),
    }
}

/// Every mail under the name of its snapshot; a mail that is not here doesn't compile in [`name_of`].
pub(super) fn samples() -> Vec<(String, Courriel)> {
    let hostile = "<script>alert(1)</script> & \"Fils\"";
    vec![
        Courriel::NouveauMessage {
            prenom: "Paul".to_owned(),
            structure: "Délégation Île-de-France".to_owned(),
            objet: "Votre intervention du 12 janvier".to_owned(),
            chemin: "/messagerie/message/7".to_owned(),
        },
        annonce("du 12 janvier au 27 mars 2027"),
        Courriel::CompteSupprime {
            prenom: "Renée".to_owned(),
            cree_at: NaiveDate::from_ymd_opt(2026, 11, 30).unwrap().and_hms_opt(23, 30, 0).unwrap(),
        },
    ]
    .into_iter()
    .chain(about_access())
    .chain(about_registration())
    .chain(about_answers())
    .chain(about_support())
    .chain(about_dossier())
    .chain(digests())
    .map(|courriel| (name_of(&courriel).to_owned(), courriel))
    .chain([
        ("annonce_sans_periode".to_owned(), annonce("")),
        (
            "nouveau_message_hostile".to_owned(),
            Courriel::NouveauMessage {
                prenom: hostile.to_owned(),
                structure: "Service\r\nBcc: tous@exemple.fr".to_owned(),
                objet: "Un\n\n-- \nfaux pied\u{202E} de page".to_owned(),
                chemin: "/messagerie/message/7\"><b>".to_owned(),
            },
        ),
    ])
    .chain(hostile_mails())
    .collect()
}

fn name_of(courriel: &Courriel) -> &'static str {
    match courriel {
        Courriel::NouveauMessage { .. } => "nouveau_message",
        Courriel::Annonce { .. } => "annonce",
        Courriel::CompteSupprime { .. } => "compte_supprime",
        Courriel::Activation { .. } => "activation",
        Courriel::CompteExistant { .. } => "compte_existant",
        Courriel::NouveauMotDePasse { .. } => "nouveau_mot_de_passe",
        Courriel::AdresseAConfirmer { .. } => "adresse_a_confirmer",
        Courriel::AdresseChangee { .. } => "adresse_changee",
        Courriel::ComptePersonnaliser { .. } => "compte_personnaliser",
        Courriel::CompteAgent { .. } => "compte_agent",
        Courriel::AccesProvisoire { .. } => "acces_provisoire",
        Courriel::AccesProvisoireSignale { .. } => "acces_provisoire_signale",
        Courriel::InscriptionTransmise { .. } => "inscription_transmise",
        Courriel::InscriptionValidee { .. } => "inscription_validee",
        Courriel::InscriptionRejetee { .. } => "inscription_rejetee",
        Courriel::ComplementDemande { .. } => "complement_demande",
        Courriel::ComplementRappel { .. } => "complement_rappel",
        Courriel::InscriptionArchivee { .. } => "inscription_archivee",
        Courriel::Recapitulatif { frequence: Frequence::Hebdomadaire, .. } => "recapitulatif_semaine",
        Courriel::Recapitulatif { .. } => "recapitulatif_jour",
        Courriel::Candidature { etat: EtatCandidature::Transmise, .. } => "candidature_transmise",
        Courriel::Candidature { etat: EtatCandidature::Etudiee, .. } => "candidature_etudiee",
        Courriel::Candidature { etat: EtatCandidature::NonRetenue, .. } => "candidature_non_retenue",
        Courriel::Candidature { etat: EtatCandidature::Annulee, .. } => "candidature_annulee",
        Courriel::Candidature { .. } => "candidature",
        Courriel::CompteReactive { .. } => "compte_reactive",
        Courriel::DonneesARecuperer { .. } => "donnees_a_recuperer",
        Courriel::DonneesSignalees { .. } => "donnees_signalees",
        Courriel::DossierDemande { .. } => "dossier_demande",
        Courriel::DossierDecision { complet: true, .. } => "dossier_complet",
        Courriel::DossierDecision { .. } => "dossier_decision",
        Courriel::DossierEcheance { genre, .. } => match genre.as_str() {
            "rappel_revue" => "dossier_rappel_revue",
            "revue" => "dossier_revue",
            "rappel_expiration" => "dossier_rappel_expiration",
            "rappel_vigilance" => "dossier_rappel_vigilance",
            "vigilance" => "dossier_vigilance",
            _ => "dossier_expiration",
        },
        Courriel::LettreEnvoyee { genre: TypeLettre::Ressources, .. } => "lettre_ressources",
        Courriel::LettreEnvoyee { .. } => "lettre_envoyee",
        Courriel::LettreAnnulee { .. } => "lettre_annulee",
        Courriel::SupportAConfirmer { .. } => "support_a_confirmer",
        Courriel::SupportSuivi { etat: EtatDemande::EnCours, .. } => "support_en_cours",
        Courriel::SupportSuivi { etat: EtatDemande::Complement, .. } => "support_complement",
        Courriel::SupportSuivi { etat: EtatDemande::Close, .. } => "support_close",
        Courriel::SupportSuivi { .. } => "support_transmise",
        Courriel::SupportRappel { .. } => "support_rappel",
    }
}

/// The structure that treats the registrations below.
fn bretagne() -> Contact {
    Contact {
        nom: "Délégation Bretagne".to_owned(),
        telephone: "02 99 12 34 56".to_owned(),
        courriel: "bretagne@exemple.fr".to_owned(),
    }
}

fn about_access() -> Vec<Courriel> {
    let prenom = || "Anne-Françoise".to_owned();
    let structure = || "Délégation Bretagne".to_owned();
    let jusqu_au = || "7 décembre 2026".to_owned();
    let chemin = |page: &str| format!("/{page}/mQ3vX9-kT0aLrB7ZcYw2Hn5sUeJ8gPdF");
    vec![
        Courriel::Activation { prenom: prenom(), chemin: chemin("activation"), jusqu_au: jusqu_au() },
        Courriel::CompteExistant { prenom: prenom(), chemin: "/mot-de-passe-oublie".to_owned() },
        Courriel::NouveauMotDePasse {
            prenom: prenom(),
            chemin: chemin("nouveau-mot-de-passe"),
            duree: "24 heures".to_owned(),
        },
        Courriel::AdresseAConfirmer {
            prenom: prenom(),
            chemin: chemin("nouvelle-adresse"),
            duree: "24 heures".to_owned(),
        },
        Courriel::AdresseChangee { prenom: prenom(), nouvelle: "a•••e@exemple.fr".to_owned() },
        Courriel::ComptePersonnaliser {
            prenom: prenom(),
            structure: structure(),
            chemin: chemin("personnalisation"),
            jusqu_au: jusqu_au(),
        },
        Courriel::CompteAgent {
            prenom: prenom(),
            structure: structure(),
            chemin: chemin("personnalisation"),
            jusqu_au: jusqu_au(),
        },
        Courriel::AccesProvisoire {
            prenom: prenom(),
            structure: structure(),
            identifiant: "intervenant-7k2m9q".to_owned(),
            mot_de_passe: "vT4&kp<9Lw!2xR".to_owned(),
            jusqu_au: jusqu_au(),
        },
        Courriel::AccesProvisoireSignale {
            prenom: prenom(),
            structure: structure(),
            adresse: "a•••e@exemple.fr".to_owned(),
        },
    ]
}

/// A digest of each kind.
fn digests() -> Vec<Courriel> {
    let one = |numero: &str, titre: &str| AnnonceBreve {
        numero: numero.to_owned(),
        titre: titre.to_owned(),
        structure: "Délégation Bretagne".to_owned(),
    };
    let all = vec![
        one("2026-0412", "Former à la préparation budgétaire"),
        one("2026-0415", "Animer un atelier\r\nBcc: tous@exemple.fr"),
    ];
    let desabonnement = "/alertes/desabonnement/5b1c0e6d9a7f4f1e8c3b2a190d7e6f58".to_owned();
    [(Frequence::Quotidienne, all[..1].to_vec()), (Frequence::Hebdomadaire, all.clone())]
        .map(|(frequence, annonces)| Courriel::Recapitulatif {
            prenom: "Paul".to_owned(),
            frequence,
            annonces,
            desabonnement: desabonnement.clone(),
        })
        .into()
}

/// The mails about an answer to an annonce, one for each state that is told.
fn about_answers() -> Vec<Courriel> {
    [EtatCandidature::Transmise, EtatCandidature::Etudiee, EtatCandidature::NonRetenue, EtatCandidature::Annulee]
        .map(|etat| Courriel::Candidature {
            prenom: "Paul".to_owned(),
            numero: "2026-0412".to_owned(),
            titre: "Former à la préparation budgétaire".to_owned(),
            etat,
            structure: bretagne(),
        })
        .into()
}

fn about_dossier() -> Vec<Courriel> {
    let prenom = || "Anne-Françoise".to_owned();
    let (rib, card) = (|| "Relevé d’identité bancaire (RIB)".to_owned(), || "Carte d’identité, recto".to_owned());
    let mut all = vec![
        Courriel::DossierDemande {
            prenom: prenom(),
            structure: bretagne(),
            texte: "Pour votre intervention du 12 janvier.\n\nMerci de répondre cette semaine.".to_owned(),
            avant: NaiveDate::from_ymd_opt(2026, 12, 5),
            demandes: vec![card(), rib()],
        },
        Courriel::DossierDecision {
            prenom: prenom(),
            structure: bretagne(),
            valides: vec![rib()],
            refuses: vec![(card(), "Document illisible : la photographie est floue".to_owned())],
            complet: false,
            revue_le: String::new(),
        },
        Courriel::DossierDecision {
            prenom: prenom(),
            structure: bretagne(),
            valides: vec![card()],
            refuses: Vec::new(),
            complet: true,
            revue_le: "28 novembre 2027".to_owned(),
        },
    ];
    let genres = ["rappel_revue", "revue", "rappel_expiration", "expiration", "rappel_vigilance", "vigilance"];
    all.extend(genres.map(|genre| Courriel::DossierEcheance {
        prenom: prenom(),
        structure: bretagne(),
        genre: genre.to_owned(),
        jour: "28 novembre 2027".to_owned(),
    }));
    let (numero, objet) = (|| "BRETAGNE-2026-0042".to_owned(), || "Préparer un budget communal".to_owned());
    let chemin = || "/mon-compte/lettres/7".to_owned();
    all.extend([TypeLettre::Intervention, TypeLettre::Ressources].map(|genre| Courriel::LettreEnvoyee {
        prenom: prenom(),
        structure: bretagne(),
        genre,
        numero: numero(),
        objet: objet(),
        chemin: chemin(),
    }));
    all.push(Courriel::LettreAnnulee {
        prenom: prenom(),
        structure: bretagne(),
        numero: numero(),
        objet: objet(),
        texte: "La session est reportée à l’automne.\n\nNous revenons vers vous.".to_owned(),
        chemin: chemin(),
    });
    all
}

/// The mails about a request to the support, one for each state that is told.
fn about_support() -> Vec<Courriel> {
    let (prenom, reference) = (|| "Paul".to_owned(), || "S-2026-0012".to_owned());
    let objet = || "Mon CV n’apparaît pas".to_owned();
    let chemin = || "/support/historique/12-1798000000-0f3c5a7b9d1e2f4a6c8e0b2d4f6a8c0e".to_owned();
    let jusqu_au = || "25 décembre 2026".to_owned();
    let mut all = vec![
        Courriel::CompteReactive {
            prenom: prenom(),
            chemin: "/mot-de-passe/mQ3vX9-kT0aLrB7ZcYw2Hn5sUeJ8gPdF".to_owned(),
            jusqu_au: jusqu_au(),
        },
        Courriel::DonneesARecuperer {
            prenom: prenom(),
            structure: bretagne(),
            chemin: "/donnees/mQ3vX9-kT0aLrB7ZcYw2Hn5sUeJ8gPdF".to_owned(),
            jusqu_au: jusqu_au(),
        },
        Courriel::DonneesSignalees {
            prenom: prenom(), structure: bretagne(), adresse: "p•••l@exemple.fr".to_owned()
        },
        Courriel::SupportAConfirmer {
            prenom: prenom(),
            reference: reference(),
            objet: objet(),
            chemin: "/support/confirmation/mQ3vX9-kT0aLrB7ZcYw2Hn5sUeJ8gPdF".to_owned(),
            jusqu_au: jusqu_au(),
        },
        Courriel::SupportRappel {
            prenom: prenom(),
            reference: reference(),
            objet: objet(),
            structure: bretagne(),
            chemin: chemin(),
            jusqu_au: jusqu_au(),
        },
    ];
    for etat in [EtatDemande::Nouvelle, EtatDemande::EnCours, EtatDemande::Complement, EtatDemande::Close] {
        all.push(Courriel::SupportSuivi {
            prenom: prenom(),
            reference: reference(),
            objet: objet(),
            etat,
            structure: bretagne(),
            chemin: chemin(),
            jusqu_au: if etat == EtatDemande::Complement { jusqu_au() } else { String::new() },
        });
    }
    all
}

fn about_registration() -> Vec<Courriel> {
    let prenom = || "Paul".to_owned();
    let jusqu_au = || "25 janvier 2027".to_owned();
    vec![
        Courriel::InscriptionTransmise { prenom: prenom(), structure: bretagne() },
        Courriel::InscriptionValidee { prenom: prenom(), structure: bretagne() },
        Courriel::InscriptionRejetee {
            prenom: prenom(),
            structure: bretagne(),
            texte: "Bonjour,\n\nNous cherchons surtout des intervenants en finances locales.\nVotre parcours est en \
                    ressources humaines, où nos besoins sont couverts cette année.\n\nMerci de votre intérêt."
                .to_owned(),
            a_partir_du: "25 novembre 2027".to_owned(),
        },
        Courriel::ComplementDemande {
            prenom: prenom(),
            structure: bretagne(),
            texte: "Pouvez-vous préciser :\n- les années de vos deux dernières formations ;\n- votre niveau d’anglais.\
                    \n\nVotre CV en PDF nous aiderait aussi."
                .to_owned(),
            jusqu_au: jusqu_au(),
        },
        Courriel::ComplementRappel { prenom: prenom(), structure: bretagne(), jusqu_au: jusqu_au() },
        Courriel::InscriptionArchivee { prenom: prenom(), structure: bretagne() },
    ]
}

/// What nobody should type, in the mails that show the most of it.
fn hostile_mails() -> Vec<(String, Courriel)> {
    let structure = Contact {
        nom: "<b>Service</b>\r\nBcc: tous@exemple.fr\u{202E}".to_owned(),
        telephone: "01\n02\"><b>".to_owned(),
        courriel: "\u{2066}<script>alert(1)</script>".to_owned(),
    };
    let texte = "<b>Il manque</b> :\t<img src=x onerror=alert(1)> & votre CV\r\nBcc: tous@exemple.fr\r\n\r\n\0\r\n\
                 Espace Intervenants\rUne question ? Écrivez à faux@exemple.com\u{2028}\u{202E}txt.exe\u{2066}\r\n";
    vec![
        (
            "complement_demande_hostile".to_owned(),
            Courriel::ComplementDemande {
                prenom: "<script>alert(1)</script>\r\n\r\nfaux pied de page".to_owned(),
                structure,
                texte: texte.to_owned(),
                jusqu_au: "25 janvier 2027\nBcc: tous@exemple.fr".to_owned(),
            },
        ),
        (
            "acces_provisoire_hostile".to_owned(),
            Courriel::AccesProvisoire {
                prenom: "Zoé\"><b>".to_owned(),
                structure: "<script>alert(1)</script>\nfaux pied de page".to_owned(),
                identifiant: "a\r\nBcc: tous@exemple.fr".to_owned(),
                mot_de_passe: "\u{202E}<b>\"x\"</b>".to_owned(),
                jusqu_au: "7 décembre 2026".to_owned(),
            },
        ),
    ]
}
