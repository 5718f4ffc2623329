drop index alerte_envoi_attente;
alter table alerte_envoi drop column sort;
alter table alerte drop column frequence;
drop table desabonnement;
