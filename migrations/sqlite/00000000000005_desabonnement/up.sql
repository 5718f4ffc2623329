-- The word by which the alerts of an account are stopped from an email, without logging in (RFC 8058). It does no more.
create table desabonnement (
    compte_id bigint primary key references compte (id) on delete cascade,
    jeton text not null unique
);
-- How often somebody is told: at once, or by a digest of the day or of the week.
alter table alerte add column frequence text not null default 'instantanee';
-- What became of an alert: a mail of its own, waiting for a digest, in a digest, or given up because the alerts were
-- stopped or the annonce closed before.
alter table alerte_envoi add column sort text not null default 'courriel';
create index alerte_envoi_attente on alerte_envoi (sort, compte_id);
