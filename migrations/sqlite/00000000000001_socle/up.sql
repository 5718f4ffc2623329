-- The journal: every change of state appends to it as the last act of its transaction.
create table journal_head (
    id integer primary key check (id = 1),
    last bigint not null
);
insert into journal_head (id, last) values (1, 0);

create table journal (
    id bigint primary key,
    at timestamp not null,
    actor bigint,
    kind text not null,
    subject bigint not null,
    payload text not null
);
create index journal_kind on journal (kind, id);

-- Cursors of the followers that the whole cluster shares.
create table curseur (
    nom text primary key,
    position bigint not null
);
insert into curseur (nom, position) values ('alertes', 0);

-- Referentials.
create table region (
    code text primary key,
    nom text not null,
    zone text not null
);
create table departement (
    code text primary key,
    nom text not null,
    region_code text not null references region (code)
);
create table specialite (
    code text primary key,
    nom text not null,
    parent_code text references specialite (code),
    ordre integer not null,
    description text not null
);
create table langue (
    code text primary key,
    nom text not null,
    categorie text not null check (categorie in ('etrangere', 'regionale'))
);
create table employeur_public (
    siret text primary key,
    raison_sociale text not null,
    cle text not null,
    categorie text not null,
    code_postal text not null,
    commune text not null,
    departement_code text not null,
    region_code text not null
);
create index employeur_public_cle on employeur_public (cle);
-- One row per word of the name, so that any word can be begun with: « gestion rennes ».
create table employeur_mot (
    mot text not null,
    siret text not null references employeur_public (siret),
    primary key (mot, siret)
);
create index employeur_mot_de on employeur_mot (siret, mot);
create table referentiel_charge (
    nom text primary key,
    empreinte text not null
);

create table structure (
    id integer primary key autoincrement,
    code text not null unique,
    nom text not null,
    categorie text not null check (categorie in ('delegation', 'institut', 'siege')),
    region_code text references region (code),
    adresse text not null,
    code_postal text not null,
    commune text not null,
    telephone text not null,
    courriel text not null,
    messagerie_active boolean not null
);

-- Accounts.
create table compte (
    id integer primary key autoincrement,
    role text not null check (role in ('intervenant', 'gestionnaire', 'administrateur')),
    etat text not null check (etat in ('a_activer', 'actif', 'archive')),
    login text not null unique,
    mot_de_passe text,
    civilite text not null,
    nom text not null,
    prenom text not null,
    structure_id bigint references structure (id),
    cree_at timestamp not null,
    activation_avant timestamp,
    connexion_at timestamp,
    check (role <> 'gestionnaire' or structure_id is not null)
);
create index compte_activation on compte (etat, activation_avant);
create index compte_structure on compte (structure_id);

create table session (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    empreinte text not null unique,
    appareil text not null,
    cree_at timestamp not null,
    vue_at timestamp not null,
    expire_at timestamp not null
);
create index session_compte on session (compte_id);

-- Failed logins, by account and by address; the keys are digests.
create table essai (
    cle text primary key,
    echecs integer not null,
    dernier_at timestamp not null,
    libre_at timestamp not null
);

-- Browsers that have logged in to an account: guesses made elsewhere don't slow them down.
create table appareil (
    empreinte text primary key,
    compte_id bigint not null references compte (id) on delete cascade,
    cree_at timestamp not null
);
create index appareil_compte on appareil (compte_id);

-- Who can write and be written to: an intervenant, or a structure as a whole.
create table correspondant (
    id integer primary key autoincrement,
    compte_id bigint unique references compte (id) on delete cascade,
    structure_id bigint unique references structure (id),
    nom text not null,
    cle text not null,
    check ((compte_id is null) <> (structure_id is null))
);
create index correspondant_cle on correspondant (cle);
create table correspondant_mot (
    mot text not null,
    correspondant_id bigint not null references correspondant (id) on delete cascade,
    primary key (mot, correspondant_id)
);
create index correspondant_mot_de on correspondant_mot (correspondant_id, mot);

-- The profile of an intervenant.
create table intervenant (
    compte_id bigint primary key references compte (id) on delete cascade,
    etat_inscription text not null check (etat_inscription in ('brouillon', 'transmise', 'complement', 'validee', 'rejetee')),
    date_naissance date,
    telephone text not null,
    adresse text not null,
    code_postal text not null,
    commune text not null,
    region_code text references region (code),
    departement_code text references departement (code),
    statut text check (statut in ('fonctionnaire', 'agent_non_titulaire', 'independant', 'salarie_prive', 'retraite', 'sans_activite')),
    employeur_siret text,
    employeur_nom text not null,
    titre text not null,
    experience text not null,
    motivation text not null,
    structure_id bigint references structure (id),
    validee_at timestamp,
    modifie_at timestamp not null
);
create index intervenant_structure on intervenant (structure_id, etat_inscription);

create table intervenant_specialite (
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    specialite_code text not null references specialite (code),
    primary key (compte_id, specialite_code)
);
create table intervenant_region (
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    region_code text not null references region (code),
    primary key (compte_id, region_code)
);
create table intervenant_departement (
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    departement_code text not null references departement (code),
    primary key (compte_id, departement_code)
);
create table intervenant_langue (
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    langue_code text not null references langue (code),
    niveau text not null,
    primary key (compte_id, langue_code)
);
create table parcours (
    id integer primary key autoincrement,
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    categorie text not null check (categorie in ('professionnalisation', 'experience', 'formation', 'formation_initiale')),
    intitule text not null,
    organisme text not null,
    du date,
    au date,
    description text not null
);
create index parcours_compte on parcours (compte_id);
create table indisponibilite (
    id integer primary key autoincrement,
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    du date not null,
    au date not null,
    check (du <= au)
);
create index indisponibilite_compte on indisponibilite (compte_id);
create table intervention (
    id integer primary key autoincrement,
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    structure_id bigint not null references structure (id),
    titre text not null,
    du date not null,
    au date not null,
    heures integer not null
);
create index intervention_compte on intervention (compte_id);

create table fichier (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    emploi text not null check (emploi in ('cv', 'diplome')),
    nom text not null,
    format text not null,
    taille bigint not null,
    blob text not null unique,
    lecture text not null check (lecture in ('a_lire', 'lu', 'illisible')),
    tentatives integer not null,
    texte text not null,
    ajoute_at timestamp not null
);
create index fichier_compte on fichier (compte_id);
create index fichier_lecture on fichier (lecture, id);

-- The internal mailbox.
create table message (
    id integer primary key autoincrement,
    de_id bigint not null references correspondant (id),
    auteur_id bigint not null references compte (id),
    reponse_a bigint references message (id),
    objet text not null,
    texte text not null,
    recherche text not null,
    envoye_at timestamp not null
);
create table destinataire (
    message_id bigint not null references message (id),
    correspondant_id bigint not null references correspondant (id),
    primary key (message_id, correspondant_id)
);
create table boite (
    id integer primary key autoincrement,
    correspondant_id bigint not null references correspondant (id),
    message_id bigint not null references message (id),
    dossier text not null check (dossier in ('reception', 'envoyes')),
    avec text not null,
    avec_cle text not null,
    at timestamp not null,
    lu_at timestamp,
    archive_at timestamp,
    unique (correspondant_id, message_id, dossier)
);
create index boite_liste on boite (correspondant_id, dossier, archive_at, at);
create index boite_non_lus on boite (correspondant_id) where dossier = 'reception' and lu_at is null and archive_at is null;
create table brouillon (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    correspondant_id bigint not null references correspondant (id),
    jeton text not null,
    origine text not null check (origine in ('nouveau', 'reponse', 'transfert')),
    source_id bigint references message (id),
    objet text not null,
    texte text not null,
    recherche text not null,
    destinataires text not null,
    modifie_at timestamp not null,
    archive_at timestamp,
    unique (compte_id, jeton)
);
create index brouillon_liste on brouillon (correspondant_id, archive_at, modifie_at);
-- A form that was sent once: repeating it answers the same (M9).
create table formulaire (
    compte_id bigint not null references compte (id) on delete cascade,
    jeton text not null,
    empreinte text not null,
    message_id bigint not null references message (id),
    at timestamp not null,
    primary key (compte_id, jeton)
);

-- Annonces and alerts.
create table numerotation (
    serie text primary key,
    dernier bigint not null
);
create table annonce (
    id integer primary key autoincrement,
    annee integer,
    rang bigint,
    structure_id bigint not null references structure (id),
    auteur_id bigint not null references compte (id),
    etat text not null check (etat in ('brouillon', 'publiee', 'cloturee', 'archivee')),
    titre text not null,
    description text not null,
    specialite_code text not null references specialite (code),
    sous_specialite_code text references specialite (code),
    modalite text not null check (modalite in ('presentiel', 'distance', 'mixte')),
    du date,
    au date,
    version bigint not null,
    cree_at timestamp not null,
    modifie_at timestamp not null,
    publiee_at timestamp,
    unique (annee, rang)
);
create index annonce_structure on annonce (structure_id, etat);
create index annonce_publiee on annonce (etat, publiee_at);
create table annonce_region (
    annonce_id bigint not null references annonce (id) on delete cascade,
    region_code text not null references region (code),
    primary key (annonce_id, region_code)
);
create table annonce_departement (
    annonce_id bigint not null references annonce (id) on delete cascade,
    departement_code text not null references departement (code),
    primary key (annonce_id, departement_code)
);
create table alerte (
    compte_id bigint primary key references intervenant (compte_id) on delete cascade,
    specialites boolean not null,
    regions boolean not null,
    les_deux boolean not null,
    check (not (les_deux and (specialites or regions)))
);
-- One row per annonce and account, ever (L2).
create table alerte_envoi (
    annonce_id bigint not null references annonce (id) on delete cascade,
    compte_id bigint not null references compte (id) on delete cascade,
    at timestamp not null,
    primary key (annonce_id, compte_id)
);

create table notification (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    categorie text not null,
    titre text not null,
    texte text not null,
    lien text not null,
    at timestamp not null,
    lue_at timestamp
);
create index notification_compte on notification (compte_id, id);
create index notification_non_lues on notification (compte_id) where lue_at is null;

-- The outbox of emails.
create table courriel (
    id integer primary key autoincrement,
    compte_id bigint references compte (id) on delete set null,
    destinataire text not null,
    modele text not null,
    donnees text not null,
    message_id text not null unique,
    etat text not null check (etat in ('en_attente', 'envoye', 'echec')),
    tentatives integer not null,
    prochain_at timestamp not null,
    pris_par text,
    pris_avant timestamp,
    erreur text not null,
    cree_at timestamp not null,
    envoye_at timestamp
);
create index courriel_a_envoyer on courriel (prochain_at, id) where etat = 'en_attente';
create index courriel_compte on courriel (compte_id);
