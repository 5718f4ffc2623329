alter table dossier drop column demande_avant;
