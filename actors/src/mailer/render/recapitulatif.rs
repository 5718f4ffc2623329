//! The digest of the annonces that fit somebody's alerts (SPEC L3).

use domain::alertes::Frequence;
use domain::courriel::AnnonceBreve;
use domain::paths;

use super::Letterhead;
use super::letter::{Block, Letter, text};
use super::text::{one_line, sentence};

pub(super) fn letter<'a>(
    letterhead: &Letterhead,
    prenom: &'a str,
    frequence: Frequence,
    annonces: &[AnnonceBreve],
    desabonnement: &str,
) -> Letter<'a> {
    let (objet, since) = match frequence {
        Frequence::Instantanee | Frequence::Quotidienne => ("Les annonces du jour pour vous", "depuis hier"),
        Frequence::Hebdomadaire => ("Les annonces de la semaine pour vous", "cette semaine"),
    };
    let count = match annonces.len() {
        1 => format!("Une annonce publiée {since} correspond à vos alertes :"),
        count => format!("{count} annonces publiées {since} correspondent à vos alertes :"),
    };
    let item = |annonce: &AnnonceBreve| {
        let (numero, titre) = (one_line(&annonce.numero), one_line(&annonce.titre));
        let address = letterhead.link(&paths::annonce(&numero));
        format!("{} {address}", sentence(&format!("{numero} · {titre} ({}) :", one_line(&annonce.structure))))
    };
    let stop = if desabonnement.is_empty() {
        String::new()
    } else {
        format!(" – Ne plus recevoir d’alertes : {}", letterhead.link(desabonnement))
    };
    Letter {
        objet,
        prenom,
        blocks: vec![text(count), Block::List(annonces.iter().map(item).collect())],
        button: ("Voir toutes les annonces", paths::ANNONCES),
        reason: format!(
            "Vous recevez ce courriel parce que vous avez demandé un récapitulatif de vos alertes. Modifier mes alertes : {}{stop}",
            letterhead.link(paths::MES_ALERTES)
        ),
        contact: None,
    }
}
