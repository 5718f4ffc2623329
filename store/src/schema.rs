//! The tables, as both engines have them. A test reads every table through this file after migrating each engine.

#![allow(missing_docs)]

diesel::table! {
    journal_head (id) {
        id -> Integer,
        last -> BigInt,
    }
}

diesel::table! {
    journal (id) {
        id -> BigInt,
        at -> Timestamp,
        actor -> Nullable<BigInt>,
        kind -> Text,
        subject -> BigInt,
        payload -> Text,
    }
}

diesel::table! {
    journal_illisible (entree_id) {
        entree_id -> BigInt,
        vue_at -> Timestamp,
    }
}

diesel::table! {
    curseur (nom) {
        nom -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    region (code) {
        code -> Text,
        nom -> Text,
        zone -> Text,
    }
}

diesel::table! {
    departement (code) {
        code -> Text,
        nom -> Text,
        region_code -> Text,
    }
}

diesel::table! {
    specialite (code) {
        code -> Text,
        nom -> Text,
        parent_code -> Nullable<Text>,
        ordre -> Integer,
        description -> Text,
        actif -> Bool,
    }
}

diesel::table! {
    langue (code) {
        code -> Text,
        nom -> Text,
        categorie -> Text,
        actif -> Bool,
    }
}

diesel::table! {
    sigle (id) {
        id -> BigInt,
        code -> Text,
        abrege -> Text,
        sens -> Text,
        cle -> Text,
    }
}

diesel::table! {
    employeur_public (siret) {
        siret -> Text,
        raison_sociale -> Text,
        cle -> Text,
        categorie -> Text,
        code_postal -> Text,
        commune -> Text,
        departement_code -> Text,
        region_code -> Text,
    }
}

diesel::table! {
    employeur_mot (mot, siret) {
        mot -> Text,
        siret -> Text,
    }
}

diesel::table! {
    referentiel_charge (nom) {
        nom -> Text,
        empreinte -> Text,
    }
}

diesel::table! {
    structure (id) {
        id -> BigInt,
        code -> Text,
        nom -> Text,
        categorie -> Text,
        region_code -> Nullable<Text>,
        adresse -> Text,
        code_postal -> Text,
        commune -> Text,
        telephone -> Text,
        courriel -> Text,
        messagerie_active -> Bool,
    }
}

diesel::table! {
    compte (id) {
        id -> BigInt,
        role -> Text,
        etat -> Text,
        login -> Text,
        mot_de_passe -> Nullable<Text>,
        civilite -> Text,
        nom -> Text,
        prenom -> Text,
        structure_id -> Nullable<BigInt>,
        cree_at -> Timestamp,
        activation_avant -> Nullable<Timestamp>,
        connexion_at -> Nullable<Timestamp>,
        archive_at -> Nullable<Timestamp>,
        archive_motif -> Nullable<Text>,
        identite -> Nullable<Text>,
    }
}

diesel::table! {
    session (id) {
        id -> BigInt,
        compte_id -> BigInt,
        empreinte -> Text,
        appareil -> Text,
        cree_at -> Timestamp,
        vue_at -> Timestamp,
        expire_at -> Timestamp,
    }
}

diesel::table! {
    essai (cle) {
        cle -> Text,
        echecs -> Integer,
        dernier_at -> Timestamp,
        libre_at -> Timestamp,
    }
}

diesel::table! {
    appareil (empreinte) {
        empreinte -> Text,
        compte_id -> BigInt,
        cree_at -> Timestamp,
    }
}

diesel::table! {
    correspondant (id) {
        id -> BigInt,
        compte_id -> Nullable<BigInt>,
        structure_id -> Nullable<BigInt>,
        nom -> Text,
        cle -> Text,
        jointe -> Text,
    }
}

diesel::table! {
    correspondant_mot (mot, correspondant_id) {
        mot -> Text,
        correspondant_id -> BigInt,
    }
}

diesel::table! {
    intervenant (compte_id) {
        compte_id -> BigInt,
        etat_inscription -> Text,
        date_naissance -> Nullable<Date>,
        telephone -> Text,
        adresse -> Text,
        code_postal -> Text,
        commune -> Text,
        region_code -> Nullable<Text>,
        departement_code -> Nullable<Text>,
        statut -> Nullable<Text>,
        employeur_siret -> Nullable<Text>,
        employeur_nom -> Text,
        titre -> Text,
        experience -> Text,
        motivation -> Text,
        structure_id -> Nullable<BigInt>,
        validee_at -> Nullable<Timestamp>,
        modifie_at -> Timestamp,
        immatriculation -> Nullable<Text>,
    }
}

diesel::table! {
    identification (compte_id) {
        compte_id -> BigInt,
        nom_naissance -> Text,
        ville_naissance -> Text,
        pays_naissance -> Text,
        nationalite -> Text,
        complement_adresse -> Text,
        pays -> Text,
        telephone_domicile -> Text,
        telephone_professionnel -> Text,
        telephone_autre -> Text,
        fonction -> Text,
        employeur_adresse -> Text,
        employeur_code_postal -> Text,
        employeur_commune -> Text,
        pro_differentes -> Bool,
        pro_adresse -> Text,
        pro_code_postal -> Text,
        pro_commune -> Text,
        pro_telephone -> Text,
        pro_courriel -> Text,
        experimente -> Nullable<Bool>,
    }
}

diesel::table! {
    inscription (compte_id) {
        compte_id -> BigInt,
        annonce_origine -> Nullable<BigInt>,
        transmise_at -> Nullable<Timestamp>,
        premiere_decision_at -> Nullable<Timestamp>,
        complement_avant -> Nullable<Timestamp>,
        gestionnaire_id -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    inscription_decision (id) {
        id -> BigInt,
        compte_id -> BigInt,
        gestionnaire_id -> Nullable<BigInt>,
        structure_id -> Nullable<BigInt>,
        decision -> Text,
        motif -> Text,
        texte -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    saisie (compte_id, page) {
        compte_id -> BigInt,
        page -> Text,
        champs -> Text,
        modifie_at -> Timestamp,
    }
}

diesel::table! {
    reseau_social (id) {
        id -> BigInt,
        compte_id -> BigInt,
        reseau -> Text,
        adresse -> Text,
    }
}

diesel::table! {
    jeton (empreinte) {
        empreinte -> Text,
        compte_id -> BigInt,
        emploi -> Text,
        adresse -> Text,
        mot_de_passe -> Nullable<Text>,
        cree_at -> Timestamp,
        expire_at -> Timestamp,
        navigateur -> Nullable<Text>,
    }
}

diesel::table! {
    captcha (empreinte) {
        empreinte -> Text,
        reponses -> Text,
        expire_at -> Timestamp,
    }
}

diesel::table! {
    mot_de_passe_garde (empreinte) {
        empreinte -> Text,
        mot_de_passe -> Text,
        expire_at -> Timestamp,
    }
}

diesel::table! {
    connexion_etape (empreinte) {
        empreinte -> Text,
        compte_id -> BigInt,
        etape -> Text,
        suite -> Text,
        expire_at -> Timestamp,
    }
}

diesel::table! {
    second_facteur (compte_id) {
        compte_id -> BigInt,
        secret -> Text,
        confirme_at -> Nullable<Timestamp>,
        dernier_pas -> BigInt,
        cree_at -> Timestamp,
    }
}

diesel::table! {
    code_secours (compte_id, empreinte) {
        compte_id -> BigInt,
        empreinte -> Text,
        utilise_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    acces_provisoire (compte_id) {
        compte_id -> BigInt,
        identifiant -> Text,
        mot_de_passe -> Text,
        adresse -> Text,
        verification -> Text,
        gestionnaire_id -> BigInt,
        cree_at -> Timestamp,
        expire_at -> Timestamp,
    }
}

diesel::table! {
    droit (compte_id, mot) {
        compte_id -> BigInt,
        #[sql_name = "droit"]
        mot -> Text,
    }
}

diesel::table! {
    rappel (genre, sujet, echeance) {
        genre -> Text,
        sujet -> BigInt,
        echeance -> Timestamp,
        at -> Timestamp,
    }
}

diesel::table! {
    preference (compte_id, sorte) {
        compte_id -> BigInt,
        sorte -> Text,
        direct -> Bool,
        courriel -> Text,
    }
}

diesel::table! {
    presence (objet, sujet, compte_id) {
        objet -> Text,
        sujet -> BigInt,
        compte_id -> BigInt,
        vu_at -> Timestamp,
    }
}

diesel::table! {
    article (id) {
        id -> BigInt,
        rubrique -> Text,
        titre -> Text,
        resume -> Text,
        texte -> Text,
        ordre -> Integer,
        publie_at -> Nullable<Timestamp>,
        modifie_at -> Timestamp,
        document_nom -> Text,
        document_format -> Text,
        document_taille -> BigInt,
        document_blob -> Nullable<Text>,
    }
}

diesel::table! {
    texte (cle) {
        cle -> Text,
        titre -> Text,
        corps -> Text,
        modifie_at -> Timestamp,
    }
}

diesel::table! {
    motif (code) {
        code -> Text,
        genre -> Text,
        libelle -> Text,
        texte -> Text,
        ordre -> Integer,
        actif -> Bool,
    }
}

diesel::table! {
    coffre (id) {
        id -> Integer,
        temoin -> Text,
    }
}

diesel::table! {
    referentiel_modifie (referentiel, code) {
        referentiel -> Text,
        code -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    intervenant_specialite (compte_id, specialite_code) {
        compte_id -> BigInt,
        specialite_code -> Text,
    }
}

diesel::table! {
    intervenant_region (compte_id, region_code) {
        compte_id -> BigInt,
        region_code -> Text,
    }
}

diesel::table! {
    intervenant_departement (compte_id, departement_code) {
        compte_id -> BigInt,
        departement_code -> Text,
    }
}

diesel::table! {
    intervenant_langue (compte_id, langue_code) {
        compte_id -> BigInt,
        langue_code -> Text,
        niveau -> Text,
    }
}

diesel::table! {
    parcours (id) {
        id -> BigInt,
        compte_id -> BigInt,
        categorie -> Text,
        intitule -> Text,
        organisme -> Text,
        du -> Nullable<Date>,
        au -> Nullable<Date>,
        description -> Text,
    }
}

diesel::table! {
    indisponibilite (id) {
        id -> BigInt,
        compte_id -> BigInt,
        du -> Date,
        au -> Date,
    }
}

diesel::table! {
    intervention (id) {
        id -> BigInt,
        compte_id -> BigInt,
        structure_id -> BigInt,
        titre -> Text,
        du -> Date,
        au -> Date,
        heures -> Integer,
        etat -> Text,
    }
}

diesel::table! {
    fichier (id) {
        id -> BigInt,
        compte_id -> BigInt,
        emploi -> Text,
        nom -> Text,
        format -> Text,
        taille -> BigInt,
        blob -> Text,
        lecture -> Text,
        tentatives -> Integer,
        texte -> Text,
        ajoute_at -> Timestamp,
        parcours_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    message (id) {
        id -> BigInt,
        de_id -> BigInt,
        auteur_id -> BigInt,
        reponse_a -> Nullable<BigInt>,
        objet -> Text,
        texte -> Text,
        recherche -> Text,
        envoye_at -> Timestamp,
    }
}

diesel::table! {
    destinataire (message_id, correspondant_id) {
        message_id -> BigInt,
        correspondant_id -> BigInt,
    }
}

diesel::table! {
    boite (id) {
        id -> BigInt,
        correspondant_id -> BigInt,
        message_id -> BigInt,
        dossier -> Text,
        avec -> Text,
        avec_cle -> Text,
        at -> Timestamp,
        lu_at -> Nullable<Timestamp>,
        archive_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    boite_suivi (correspondant_id, message_id) {
        correspondant_id -> BigInt,
        message_id -> BigInt,
        reponse_id -> Nullable<BigInt>,
        assigne_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    note_interne (id) {
        id -> BigInt,
        objet -> Text,
        sujet -> BigInt,
        structure_id -> BigInt,
        auteur_id -> BigInt,
        texte -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    modele_reponse (id) {
        id -> BigInt,
        structure_id -> BigInt,
        nom -> Text,
        texte -> Text,
        modifie_at -> Timestamp,
    }
}

diesel::table! {
    demande (id) {
        id -> BigInt,
        reference -> Text,
        sorte -> Text,
        structure_id -> BigInt,
        compte_id -> Nullable<BigInt>,
        courriel -> Text,
        nom -> Text,
        prenom -> Text,
        objet -> Text,
        etat -> Text,
        version -> Integer,
        secret -> Text,
        jeton -> Text,
        confirmation -> Nullable<Text>,
        assigne_id -> Nullable<BigInt>,
        fusion_id -> Nullable<BigInt>,
        cree_at -> Timestamp,
        transmise_at -> Nullable<Timestamp>,
        repondue_at -> Nullable<Timestamp>,
        echeance_at -> Nullable<Timestamp>,
        rappel_at -> Nullable<Timestamp>,
        close_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    demande_message (id) {
        id -> BigInt,
        demande_id -> BigInt,
        de -> Text,
        auteur_id -> Nullable<BigInt>,
        texte -> Text,
        jeton -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    demande_fichier (id) {
        id -> BigInt,
        message_id -> BigInt,
        nom -> Text,
        format -> Text,
        taille -> BigInt,
        blob -> Text,
    }
}

diesel::table! {
    brouillon (id) {
        id -> BigInt,
        compte_id -> BigInt,
        correspondant_id -> BigInt,
        jeton -> Text,
        origine -> Text,
        source_id -> Nullable<BigInt>,
        objet -> Text,
        texte -> Text,
        recherche -> Text,
        destinataires -> Text,
        modifie_at -> Timestamp,
        archive_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    formulaire (compte_id, jeton) {
        compte_id -> BigInt,
        jeton -> Text,
        empreinte -> Text,
        message_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    numerotation (serie) {
        serie -> Text,
        dernier -> BigInt,
    }
}

diesel::table! {
    annonce (id) {
        id -> BigInt,
        annee -> Nullable<Integer>,
        rang -> Nullable<BigInt>,
        structure_id -> BigInt,
        auteur_id -> BigInt,
        etat -> Text,
        titre -> Text,
        description -> Text,
        specialite_code -> Text,
        sous_specialite_code -> Nullable<Text>,
        modalite -> Text,
        du -> Nullable<Date>,
        au -> Nullable<Date>,
        version -> BigInt,
        cree_at -> Timestamp,
        modifie_at -> Timestamp,
        publiee_at -> Nullable<Timestamp>,
        pourvue -> Bool,
    }
}

diesel::table! {
    candidature (id) {
        id -> BigInt,
        annonce_id -> BigInt,
        compte_id -> BigInt,
        etat -> Text,
        commentaire -> Text,
        version -> BigInt,
        gestionnaire_id -> Nullable<BigInt>,
        cree_at -> Timestamp,
        transmise_at -> Nullable<Timestamp>,
        modifie_at -> Timestamp,
    }
}

diesel::table! {
    candidature_ecart (candidature_id) {
        candidature_id -> BigInt,
        gestionnaire_id -> BigInt,
        effet_at -> Timestamp,
    }
}

diesel::table! {
    annonce_region (annonce_id, region_code) {
        annonce_id -> BigInt,
        region_code -> Text,
    }
}

diesel::table! {
    annonce_departement (annonce_id, departement_code) {
        annonce_id -> BigInt,
        departement_code -> Text,
    }
}

diesel::table! {
    alerte (compte_id) {
        compte_id -> BigInt,
        specialites -> Bool,
        regions -> Bool,
        les_deux -> Bool,
        frequence -> Text,
    }
}

diesel::table! {
    desabonnement (compte_id) {
        compte_id -> BigInt,
        jeton -> Text,
    }
}

diesel::table! {
    alerte_envoi (annonce_id, compte_id) {
        annonce_id -> BigInt,
        compte_id -> BigInt,
        at -> Timestamp,
        sort -> Text,
    }
}

diesel::table! {
    notification (id) {
        id -> BigInt,
        compte_id -> BigInt,
        categorie -> Text,
        titre -> Text,
        texte -> Text,
        lien -> Text,
        at -> Timestamp,
        lue_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    courriel (id) {
        id -> BigInt,
        compte_id -> Nullable<BigInt>,
        destinataire -> Text,
        modele -> Text,
        donnees -> Text,
        message_id -> Text,
        etat -> Text,
        tentatives -> Integer,
        prochain_at -> Timestamp,
        pris_par -> Nullable<Text>,
        pris_avant -> Nullable<Timestamp>,
        erreur -> Text,
        cree_at -> Timestamp,
        envoye_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    recherche (id) {
        id -> BigInt,
        compte_id -> BigInt,
        structure_id -> BigInt,
        nom -> Text,
        adresse -> Text,
        partagee -> Bool,
        cree_at -> Timestamp,
    }
}

diesel::table! {
    recherche_annonce (id) {
        id -> BigInt,
        compte_id -> BigInt,
        adresse -> Text,
        active -> Bool,
        cree_at -> Timestamp,
    }
}

diesel::table! {
    recherche_suivie (recherche_id, compte_id) {
        recherche_id -> BigInt,
        compte_id -> BigInt,
    }
}

diesel::table! {
    recherche_trouvee (recherche_id, compte_id) {
        recherche_id -> BigInt,
        compte_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    liste (id) {
        id -> BigInt,
        compte_id -> BigInt,
        structure_id -> BigInt,
        nom -> Text,
        partagee -> Bool,
        cree_at -> Timestamp,
    }
}

diesel::table! {
    liste_membre (liste_id, compte_id) {
        liste_id -> BigInt,
        compte_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    export_cvtheque (id) {
        id -> BigInt,
        compte_id -> BigInt,
        structure_id -> BigInt,
        adresse -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    export_personne (export_id, compte_id) {
        export_id -> BigInt,
        compte_id -> BigInt,
    }
}

diesel::table! {
    dossier (compte_id) {
        compte_id -> BigInt,
        version -> BigInt,
        structure_id -> Nullable<BigInt>,
        etat -> Text,
        a_faire -> Integer,
        a_decider -> Integer,
        a_transmettre -> Bool,
        propose_statut -> Nullable<Text>,
        propose_identite -> Nullable<Text>,
        propose_employeur -> Nullable<Text>,
        valide_statut -> Nullable<Text>,
        valide_identite -> Nullable<Text>,
        valide_employeur -> Nullable<Text>,
        transmis_at -> Nullable<Timestamp>,
        complet_at -> Nullable<Timestamp>,
        revue_at -> Nullable<Timestamp>,
        rappel_revue_at -> Nullable<Timestamp>,
        expire_at -> Nullable<Timestamp>,
        rappel_expire_at -> Nullable<Timestamp>,
        seuil -> Nullable<Bool>,
        vigilance_at -> Nullable<Timestamp>,
        rappel_vigilance_at -> Nullable<Timestamp>,
        demande_avant -> Nullable<Date>,
    }
}

diesel::table! {
    analyse_fichier (blob) {
        blob -> Text,
        etat -> Text,
        tentatives -> Integer,
        prochain_at -> Nullable<Timestamp>,
        constat -> Text,
    }
}

diesel::table! {
    dossier_fichier (id) {
        id -> BigInt,
        compte_id -> BigInt,
        cible -> Text,
        nom -> Text,
        format -> Text,
        taille -> BigInt,
        blob -> Text,
        cle -> Text,
        ajoute_at -> Timestamp,
    }
}

diesel::table! {
    dossier_element (compte_id, cible) {
        compte_id -> BigInt,
        cible -> Text,
        etat -> Text,
        sert -> Bool,
        version -> Integer,
        propose -> Nullable<Text>,
        propose_at -> Nullable<Timestamp>,
        valide -> Nullable<Text>,
        valide_at -> Nullable<Timestamp>,
        fichier_propose -> Nullable<BigInt>,
        fichier_valide -> Nullable<BigInt>,
        refus -> Text,
    }
}

diesel::table! {
    dossier_saisie (compte_id) {
        compte_id -> BigInt,
        champs -> Text,
        modifie_at -> Timestamp,
    }
}

diesel::table! {
    dossier_demande (compte_id, cible) {
        compte_id -> BigInt,
        cible -> Text,
        structure_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    dossier_evenement (id) {
        id -> BigInt,
        compte_id -> BigInt,
        cible -> Nullable<Text>,
        evenement -> Text,
        auteur_id -> Nullable<BigInt>,
        structure_id -> Nullable<BigInt>,
        texte -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    lettre (id) {
        id -> BigInt,
        compte_id -> BigInt,
        structure_id -> BigInt,
        auteur_id -> Nullable<BigInt>,
        genre -> Text,
        etat -> Text,
        version -> BigInt,
        objet -> Text,
        contenu -> Text,
        duree -> Integer,
        lieu -> Text,
        montant -> Integer,
        unite_paiement -> Text,
        modalites_paiement -> Text,
        siret -> Text,
        code_service -> Text,
        engagement -> Text,
        cree_at -> Timestamp,
        modifie_at -> Timestamp,
        numero -> Nullable<Text>,
        envoyee_at -> Nullable<Timestamp>,
        repondue_at -> Nullable<Timestamp>,
        annulee_at -> Nullable<Timestamp>,
        reponse -> Text,
        annulation -> Text,
        blob -> Nullable<Text>,
        cle -> Nullable<Text>,
        empreinte -> Nullable<Text>,
        taille -> Nullable<BigInt>,
    }
}

diesel::table! {
    tache (nom) {
        nom -> Text,
        position -> BigInt,
        finie_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    lettre_periode (lettre_id, rang) {
        lettre_id -> BigInt,
        rang -> Integer,
        du -> Date,
        au -> Date,
    }
}

/// Lets one query name both tables. Each pair costs two trait implementations: all pairs of all tables were seven
/// thousand, and a fourth of the time this crate takes to compile. For a missing pair the compiler says: « the trait
/// bound … TableNotEqual … is not satisfied ».
macro_rules! together {
    ($($one:ident with $($other:ident),+;)+) => { $($(diesel::allow_tables_to_appear_in_same_query!($one, $other);)+)+ };
}

together! {
    compte with alerte, annonce, boite, candidature, correspondant, demande, demande_message, dossier, dossier_evenement, droit, export_cvtheque, identification, inscription, inscription_decision, intervenant, lettre, liste, message, note_interne, presence, rappel, recherche, recherche_annonce, recherche_suivie, second_facteur, session, structure;
    structure with annonce, candidature, correspondant, dossier_evenement, export_cvtheque, export_personne, inscription_decision, intervenant, intervention, lettre, liste, liste_membre, note_interne, recherche, recherche_trouvee, second_facteur, session, specialite;
    intervenant with alerte, annonce, candidature, correspondant, dossier, identification, inscription, rappel, recherche_annonce, session;
    correspondant with annonce, candidature, correspondant_mot, demande, destinataire, dossier, message, session;
    demande_fichier with analyse_fichier, article, demande, demande_message, dossier_fichier, fichier;
    analyse_fichier with article, dossier_fichier, fichier;
    annonce with alerte_envoi, annonce_region, candidature, candidature_ecart, specialite;
    candidature_ecart with candidature, compte, intervenant;
    message with boite, destinataire, formulaire;
    article with dossier_fichier, fichier;
    departement with annonce_departement, intervenant_departement;
    recherche with recherche_suivie, recherche_trouvee;
    region with annonce_region, intervenant_region;
    alerte with alerte_envoi;
    boite with formulaire;
    boite_suivi with boite, message;
    code_secours with second_facteur;
    correspondant_mot with compte, intervenant, structure;
    demande with demande_message;
    dossier_fichier with fichier;
    employeur_mot with employeur_public;
    export_cvtheque with export_personne;
    inscription with rappel;
    intervenant_langue with langue;
    intervenant_specialite with specialite;
    journal with journal_head, journal_illisible;
    liste with liste_membre;
    notification with preference;
}
