drop table modele_reponse;
drop table note_interne;
drop table boite_suivi;
