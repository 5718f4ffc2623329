drop index identification_pro_courriel;
drop index identification_telephone_autre;
drop index identification_telephone_domicile;
drop index intervenant_telephone;
drop index correspondant_jointe;
alter table correspondant drop column jointe;
drop table sigle;
