drop table demande_fichier;
drop table demande_message;
drop table demande;
