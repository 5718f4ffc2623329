alter table dossier drop column a_transmettre;
drop table dossier_saisie;
