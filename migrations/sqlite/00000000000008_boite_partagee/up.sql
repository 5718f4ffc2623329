-- What a structure knows of a message that it received: its last answer, and whom of its people it is given to.
create table boite_suivi (
    correspondant_id bigint not null references correspondant (id),
    message_id bigint not null references message (id),
    reponse_id bigint references message (id),
    assigne_id bigint references compte (id) on delete set null,
    primary key (correspondant_id, message_id)
);
create index boite_suivi_assigne on boite_suivi (assigne_id);
insert into boite_suivi (correspondant_id, message_id, reponse_id)
    select message.de_id, message.reponse_a, max(message.id) from message
    join boite on boite.message_id = message.reponse_a and boite.correspondant_id = message.de_id and boite.dossier = 'reception'
    group by message.de_id, message.reponse_a;
-- What the people of a structure write to each other about a message or a request; nobody else reads it.
create table note_interne (
    id integer primary key autoincrement,
    objet text not null,
    sujet bigint not null,
    structure_id bigint not null references structure (id),
    auteur_id bigint not null references compte (id),
    texte text not null,
    at timestamp not null
);
create index note_interne_sujet on note_interne (objet, sujet, structure_id, id);
-- Texts that a structure answers with again and again.
create table modele_reponse (
    id integer primary key autoincrement,
    structure_id bigint not null references structure (id) on delete cascade,
    nom text not null,
    texte text not null,
    modifie_at timestamp not null,
    unique (structure_id, nom)
);
