drop table recherche_annonce;
