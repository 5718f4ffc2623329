-- Links that give the data of an archived account (manual §11.2).
create table jeton_nouveau (
    empreinte text primary key,
    compte_id bigint not null references compte (id) on delete cascade,
    emploi text not null check (emploi in ('activation', 'mot_de_passe', 'adresse', 'personnalisation', 'donnees')),
    adresse text not null,
    mot_de_passe text,
    cree_at timestamp not null,
    expire_at timestamp not null,
    navigateur text
);
insert into jeton_nouveau (empreinte, compte_id, emploi, adresse, mot_de_passe, cree_at, expire_at, navigateur)
    select empreinte, compte_id, emploi, adresse, mot_de_passe, cree_at, expire_at, navigateur from jeton;
drop table jeton;
alter table jeton_nouveau rename to jeton;
create index jeton_compte on jeton (compte_id, emploi);
create index jeton_expire on jeton (expire_at);
