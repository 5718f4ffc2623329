-- Whether what a person's letters promise reaches the amount from which the Urssaf's certificate is due; null as long as
-- nobody has counted: letters of before are counted by the server.
alter table dossier add column seuil boolean;
-- The moment from which the certificate that serves is six months old, and when the person was told that it comes.
alter table dossier add column vigilance_at timestamp;
alter table dossier add column rappel_vigilance_at timestamp;
create index dossier_vigilance_at on dossier (vigilance_at) where vigilance_at is not null;
create index dossier_seuil on dossier (compte_id) where seuil is null;
update dossier set seuil = false
where not exists (select 1 from lettre l where l.compte_id = dossier.compte_id and l.etat in ('envoyee', 'acceptee'));
