drop table candidature_ecart;
