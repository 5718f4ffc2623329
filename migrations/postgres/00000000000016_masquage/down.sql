drop table tache;
