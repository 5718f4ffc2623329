-- A password typed right in a registration that came back for something else: its hash, for the time of the form.
create table mot_de_passe_garde (
    empreinte text primary key,
    mot_de_passe text not null,
    expire_at timestamp not null
);
create index mot_de_passe_garde_expire on mot_de_passe_garde (expire_at);
