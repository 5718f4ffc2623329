-- Answers that will not be kept, a few seconds before it takes effect: until then the decision can be taken back, and nobody
-- is told of it.
create table candidature_ecart (
    candidature_id bigint primary key references candidature (id) on delete cascade,
    gestionnaire_id bigint not null references compte (id) on delete cascade,
    effet_at timestamp not null
);
create index candidature_ecart_effet on candidature_ecart (effet_at);
