-- How somebody wants to be told of a kind of event; where there is no row, the usual.
create table preference (
    compte_id bigint not null references compte (id) on delete cascade,
    sorte text not null,
    direct boolean not null,
    courriel text not null check (courriel in ('toujours', 'sauf_lu', 'jamais')),
    primary key (compte_id, sorte)
);
