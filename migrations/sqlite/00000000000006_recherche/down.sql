delete from curseur where nom = 'veille';
drop table export_personne;
drop table export_cvtheque;
drop table liste_membre;
drop table liste;
drop table recherche_trouvee;
drop table recherche_suivie;
drop table recherche;
