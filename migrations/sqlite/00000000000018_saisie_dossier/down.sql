alter table lettre drop column engagement;
alter table lettre drop column code_service;
alter table lettre drop column siret;
alter table dossier drop column a_transmettre;
drop table dossier_saisie;
