alter table fichier drop constraint fichier_lecture_check;
update fichier set lecture = 'lu' where lecture not in ('a_lire', 'illisible');
alter table fichier add constraint fichier_lecture_check check (lecture in ('a_lire', 'lu', 'illisible'));
