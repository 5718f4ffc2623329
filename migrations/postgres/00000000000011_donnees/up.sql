-- Links that give the data of an archived account (manual §11.2).
alter table jeton drop constraint jeton_emploi_check;
alter table jeton add constraint jeton_emploi_check
    check (emploi in ('activation', 'mot_de_passe', 'adresse', 'personnalisation', 'donnees'));
