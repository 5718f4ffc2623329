-- Every file is read again by the readers of today, after those that are new; what was read of it serves meanwhile.
alter table fichier drop constraint fichier_lecture_check;
update fichier set lecture = 'a_lire', tentatives = 1;
alter table fichier add constraint fichier_lecture_check check (lecture in ('a_lire', 'lu', 'partiel', 'a_reconnaitre', 'reconnu', 'sans_texte', 'illisible'));
