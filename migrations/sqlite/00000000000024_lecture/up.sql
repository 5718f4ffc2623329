-- Every file is read again by the readers of today, after those that are new; what was read of it serves meanwhile.
drop index fichier_lecture;
alter table fichier add column etat text not null default 'a_lire' check (etat in ('a_lire', 'lu', 'partiel', 'a_reconnaitre', 'reconnu', 'sans_texte', 'illisible'));
update fichier set etat = 'a_lire', tentatives = 1;
alter table fichier drop column lecture;
alter table fichier rename column etat to lecture;
create index fichier_lecture on fichier (lecture, id);
