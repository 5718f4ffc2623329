drop index fichier_lecture;
alter table fichier add column etat text not null default 'a_lire' check (etat in ('a_lire', 'lu', 'illisible'));
update fichier set etat = case when lecture in ('a_lire', 'illisible') then lecture else 'lu' end;
alter table fichier drop column lecture;
alter table fichier rename column etat to lecture;
create index fichier_lecture on fichier (lecture, id);
