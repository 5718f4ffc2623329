-- Answers to annonces: one for an annonce and an account, ever; taken back and sent again, it is the same one.
create table candidature (
    id integer primary key autoincrement,
    annonce_id bigint not null references annonce (id),
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    etat text not null check (etat in ('en_attente', 'transmise', 'etudiee', 'non_retenue', 'retiree', 'annulee')),
    commentaire text not null,
    version bigint not null,
    gestionnaire_id bigint references compte (id),
    cree_at timestamp not null,
    transmise_at timestamp,
    modifie_at timestamp not null,
    unique (annonce_id, compte_id)
);
create index candidature_compte on candidature (compte_id);
create index candidature_etat on candidature (annonce_id, etat);
-- Whether an annonce was closed because somebody was found.
alter table annonce add column pourvue boolean not null default false;
