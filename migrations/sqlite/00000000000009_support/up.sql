-- Requests to the support (manual §6).
create table demande (
    id integer primary key autoincrement,
    reference text not null unique,
    sorte text not null check (sorte in ('connexion', 'identifiants_perdus', 'inscription', 'dossier', 'annonces', 'situation',
        'reactivation', 'donnees', 'autre')),
    structure_id bigint not null references structure (id),
    -- Whose account, when they were logged in.
    compte_id bigint references compte (id) on delete set null,
    courriel text not null,
    nom text not null,
    prenom text not null,
    objet text not null,
    etat text not null check (etat in ('a_confirmer', 'nouvelle', 'en_cours', 'complement', 'close')),
    version integer not null,
    -- What signs the links to its history.
    secret text not null,
    -- The token of the form that sent it: posted twice, it is one request.
    jeton text not null unique,
    -- The digest of the link that confirms it, until then.
    confirmation text unique,
    assigne_id bigint references compte (id) on delete set null,
    -- The request that it goes on in.
    fusion_id bigint references demande (id) on delete set null,
    cree_at timestamp not null,
    -- When it reached the structure that has it.
    transmise_at timestamp,
    repondue_at timestamp,
    -- When it is closed by itself, or dropped.
    echeance_at timestamp,
    rappel_at timestamp,
    close_at timestamp
);
create index demande_file on demande (structure_id, etat, transmise_at);
create index demande_echeance on demande (echeance_at) where echeance_at is not null;
create index demande_compte on demande (compte_id);
create table demande_message (
    id integer primary key autoincrement,
    demande_id bigint not null references demande (id) on delete cascade,
    -- The person who asks, the structure, or the server itself.
    de text not null check (de in ('demandeur', 'structure', 'service')),
    auteur_id bigint references compte (id) on delete set null,
    texte text not null,
    jeton text not null,
    at timestamp not null,
    unique (demande_id, jeton)
);
create table demande_fichier (
    id integer primary key autoincrement,
    message_id bigint not null references demande_message (id) on delete cascade,
    nom text not null,
    format text not null,
    taille bigint not null,
    blob text not null
);
create index demande_fichier_message on demande_fichier (message_id);
