drop index demande_fichier_blob;
drop index dossier_fichier_blob;
drop table analyse_fichier;
