-- What is typed on « Mes données et documents » and not saved yet: NIR and bank stand in it, so it is sealed as a whole.
create table dossier_saisie (
    compte_id bigint primary key references compte (id) on delete cascade,
    champs text not null,
    modifie_at timestamp not null
);
-- Whether something is saved and not transmitted: the badge counts it.
alter table dossier add column a_transmettre boolean not null default false;
-- What is due to everybody is looked at here; the rest follows with the next change of a dossier.
update dossier set a_transmettre = true where exists (
    select 1 from dossier_element e where e.compte_id = dossier.compte_id and e.etat = 'saisi'
    and e.cible in ('adresse', 'telephones', 'identite', 'statut', 'banque', 'rib')
);
-- What an invoice must bear: the SIRET of who is asked, and, when there are any, the service and the engagement.
alter table lettre add column siret text not null default '';
alter table lettre add column code_service text not null default '';
alter table lettre add column engagement text not null default '';
