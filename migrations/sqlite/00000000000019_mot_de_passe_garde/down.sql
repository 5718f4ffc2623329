drop table mot_de_passe_garde;
