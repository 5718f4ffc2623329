-- The dossier administratif (manual §3.3.4). NIR, bank details and identity documents stand here sealed only.
create table dossier (
    compte_id bigint primary key references compte (id) on delete cascade,
    -- Counts its changes.
    version bigint not null,
    -- The structure that decides on it: the one that asked last.
    structure_id bigint references structure (id),
    etat text not null check (etat in ('a_completer', 'a_transmettre', 'transmis', 'valide')),
    -- What the person has to do, and what gestionnaires have to decide: the counters.
    a_faire integer not null,
    a_decider integer not null,
    -- What decides which blocks and pieces are due, as proposed and as validated.
    propose_statut text,
    propose_identite text,
    propose_employeur text,
    valide_statut text,
    valide_identite text,
    valide_employeur text,
    transmis_at timestamp,
    -- Since when all that is due is validated; none while it is not.
    complet_at timestamp,
    -- When it is asked for again, and when that was said before.
    revue_at timestamp,
    rappel_revue_at timestamp,
    -- When the identity document has ended, and when that was said before.
    expire_at timestamp,
    rappel_expire_at timestamp
);
create index dossier_file on dossier (structure_id, a_decider);
create index dossier_revue on dossier (revue_at) where revue_at is not null;
create index dossier_expire on dossier (expire_at) where expire_at is not null;
create table dossier_fichier (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    cible text not null,
    nom text not null,
    format text not null,
    taille bigint not null,
    blob text not null,
    -- The file's own key, sealed with the master key.
    cle text not null,
    ajoute_at timestamp not null
);
create index dossier_fichier_compte on dossier_fichier (compte_id);
-- A block or a piece: what is proposed, and what serves.
create table dossier_element (
    compte_id bigint not null references dossier (compte_id) on delete cascade,
    cible text not null,
    etat text not null check (etat in ('a_saisir', 'saisi', 'transmis', 'valide', 'refuse')),
    sert boolean not null,
    version integer not null,
    -- The fields of a block, sealed.
    propose text,
    propose_at timestamp,
    valide text,
    valide_at timestamp,
    fichier_propose bigint references dossier_fichier (id) on delete set null,
    fichier_valide bigint references dossier_fichier (id) on delete set null,
    -- Why it was refused last, in words; empty otherwise.
    refus text not null,
    primary key (compte_id, cible)
);
-- What is asked for and nobody has validated since.
create table dossier_demande (
    compte_id bigint not null references dossier (compte_id) on delete cascade,
    cible text not null,
    structure_id bigint not null references structure (id),
    at timestamp not null,
    primary key (compte_id, cible)
);
-- The history: one row for an event on a block or a piece, or on the dossier as a whole.
create table dossier_evenement (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    cible text,
    evenement text not null,
    auteur_id bigint references compte (id) on delete set null,
    structure_id bigint references structure (id),
    texte text not null,
    at timestamp not null
);
create index dossier_evenement_compte on dossier_evenement (compte_id, id);
