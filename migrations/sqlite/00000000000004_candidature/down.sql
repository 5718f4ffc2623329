alter table annonce drop column pourvue;
drop table candidature;
