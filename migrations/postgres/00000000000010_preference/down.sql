drop table preference;
