drop table dossier_evenement;
drop table dossier_demande;
drop table dossier_element;
drop table dossier_fichier;
drop table dossier;
