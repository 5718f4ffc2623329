drop index dossier_seuil;
drop index dossier_vigilance_at;
alter table dossier drop column rappel_vigilance_at;
alter table dossier drop column vigilance_at;
alter table dossier drop column seuil;
