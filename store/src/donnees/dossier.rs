//! The dossier administratif: its data unmasked, since their owner asks, its pieces and its history.

use domain::CompteId;
use domain::dossier::saisie::Vue;
use domain::dossier::{Bloc as BlocDossier, Cible, Evenement};

use super::{Bloc, moment};
use crate::Result;
use crate::vault::Vault;
use crate::{Connection, Pending, dossiers, lettres};

pub(super) fn blocs<'a>(connection: &'a mut Connection, vault: &'a Vault, id: CompteId) -> Pending<'a, Vec<Bloc>> {
    Box::pin(async move {
        let found = dossiers::of(connection, id).await?;
        let mut lignes = Vec::new();
        for &bloc in BlocDossier::ALL {
            let donnees = found.donnees(Cible::Bloc(bloc));
            for (version, scelle) in [("proposé", &donnees.propose), ("validé", &donnees.valide)] {
                let Some(scelle) = scelle else { continue };
                for ligne in dossiers::open(vault, id, bloc, scelle)?.lignes(Vue::EnClair) {
                    lignes.push(vec![
                        bloc.titre().to_owned(),
                        version.to_owned(),
                        moment(scelle.at),
                        ligne.libelle.to_owned(),
                        ligne.valeur,
                    ]);
                }
            }
        }
        if let Some((typed, at)) = dossiers::held(connection, vault, id).await? {
            for (bloc, champs) in typed {
                for name in bloc.champs() {
                    let valeur = champs.one(name).to_owned();
                    if !valeur.is_empty() {
                        let version = "tapé, pas encore enregistré".to_owned();
                        lignes.push(vec![bloc.titre().to_owned(), version, moment(at), (*name).to_owned(), valeur]);
                    }
                }
            }
        }
        let titres = &["Bloc", "Version", "Enregistré le", "Rubrique", "Valeur"];
        let data = Bloc { nom: "Dossier administratif", titres, lignes };

        let mut lignes = Vec::new();
        for cible in Cible::all() {
            let donnees = found.donnees(cible);
            let asked = found.etat.demande.as_ref().is_some_and(|demande| demande.asks(cible));
            for (version, file) in [("proposé", donnees.fichier_propose), ("validé", donnees.fichier_valide)] {
                let Some(file) = file else { continue };
                lignes.push(vec![
                    format!("dossier/{}", file.id),
                    cible.libelle().to_owned(),
                    version.to_owned(),
                    file.nom,
                    file.format.to_uppercase(),
                    file.taille.to_string(),
                    moment(file.ajoute_at),
                ]);
            }
            if asked {
                let mut row = vec![String::new(), cible.libelle().to_owned(), "demandé".to_owned()];
                row.resize(7, String::new());
                lignes.push(row);
            }
        }
        let titres = &["Repère", "Élément", "Version", "Nom", "Format", "Taille en octets", "Joint le"];
        let pieces = Bloc { nom: "Pièces du dossier", titres, lignes };

        let rows = dossiers::history(connection, id).await?;
        let lignes = rows
            .into_iter()
            .map(|row| {
                vec![
                    row.cible.map_or("Dossier", Cible::libelle).to_owned(),
                    row.evenement.map_or("modifié", Evenement::libelle).to_owned(),
                    row.structure.unwrap_or_default(),
                    moment(row.at),
                    row.texte,
                ]
            })
            .collect();
        let titres = &["Élément", "Événement", "Structure", "Le", "Motif ou message"];
        let historique = Bloc { nom: "Historique du dossier", titres, lignes };
        Ok(vec![data, pieces, historique, letters(connection, id).await?])
    })
}

async fn letters(connection: &mut Connection, id: CompteId) -> Result<Bloc> {
    let said = |at: Option<chrono::NaiveDateTime>| at.map(moment).unwrap_or_default();
    let lignes = lettres::list_of_person(connection, id)
        .await?
        .into_iter()
        .map(|one| {
            let faits = one.contenu.faits();
            let faits: Vec<String> =
                faits.iter().map(|(heading, lines)| format!("{heading} : {}", lines.join(" ; "))).collect();
            vec![
                format!("lettres/{}", one.numero.unwrap_or_default()),
                one.genre.libelle().to_owned(),
                one.structure_nom,
                one.etat.libelle().to_owned(),
                one.contenu.objet,
                one.contenu.contenu,
                faits.join("\n"),
                said(one.envoyee_at),
                said(one.repondue_at),
                one.reponse,
                said(one.annulee_at),
                one.annulation,
                one.document.map(|document| document.empreinte).unwrap_or_default(),
            ]
        })
        .collect();
    let titres = &[
        "Repère",
        "Lettre",
        "Structure",
        "État",
        "Objet",
        "Contenu",
        "Conditions",
        "Envoyée le",
        "Répondue le",
        "Votre réponse",
        "Annulée le",
        "Motif de l’annulation",
        "Empreinte SHA-256",
    ];
    Ok(Bloc { nom: "Lettres de demande", titres, lignes })
}
