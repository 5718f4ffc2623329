-- A search of the annonces that an intervenant is alerted to: the query string of its address.
create table recherche_annonce (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    adresse text not null,
    active boolean not null,
    cree_at timestamp not null,
    unique (compte_id, adresse)
);
