-- A search of the CV-thèque that a gestionnaire keeps: the query string of its address, for its author or for the
-- whole structure.
create table recherche (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    structure_id bigint not null references structure (id),
    nom text not null,
    adresse text not null,
    partagee boolean not null,
    cree_at timestamp not null,
    unique (compte_id, nom)
);
create index recherche_structure on recherche (structure_id);
-- Who is told when a newly validated CV answers a search.
create table recherche_suivie (
    recherche_id bigint not null references recherche (id) on delete cascade,
    compte_id bigint not null references compte (id) on delete cascade,
    primary key (recherche_id, compte_id)
);
create index recherche_suivie_compte on recherche_suivie (compte_id);
-- The CVs that were told of for a search: once each.
create table recherche_trouvee (
    recherche_id bigint not null references recherche (id) on delete cascade,
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    at timestamp not null,
    primary key (recherche_id, compte_id)
);
-- Nobody is told of what was validated before.
insert into curseur (nom, position) select 'veille', last from journal_head;

-- People set aside under a name, for oneself or for the whole structure.
create table liste (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    structure_id bigint not null references structure (id),
    nom text not null,
    partagee boolean not null,
    cree_at timestamp not null,
    unique (compte_id, nom)
);
create index liste_structure on liste (structure_id);
create table liste_membre (
    liste_id bigint not null references liste (id) on delete cascade,
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    at timestamp not null,
    primary key (liste_id, compte_id)
);
-- Who took which profiles out of the CV-thèque: one row for each workbook, one for each person in it.
create table export_cvtheque (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id),
    structure_id bigint not null references structure (id),
    adresse text not null,
    at timestamp not null
);
create table export_personne (
    export_id bigint not null references export_cvtheque (id) on delete cascade,
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    primary key (export_id, compte_id)
);
create index export_personne_compte on export_personne (compte_id);
