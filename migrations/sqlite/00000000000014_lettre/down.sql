drop table lettre_periode;
drop table lettre;
