alter table dossier add column demande_avant date;
