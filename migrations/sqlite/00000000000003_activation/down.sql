alter table jeton drop column navigateur;
