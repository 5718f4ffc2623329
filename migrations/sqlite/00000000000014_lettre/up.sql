-- The « lettre de demande » that a complete dossier allows (manual §3.3.5).
create table lettre (
    id integer primary key autoincrement,
    compte_id bigint not null references compte (id) on delete cascade,
    structure_id bigint not null references structure (id),
    -- Who prepared it, and who sent it.
    auteur_id bigint references compte (id) on delete set null,
    genre text not null check (genre in ('intervention', 'ressources')),
    etat text not null check (etat in ('brouillon', 'envoyee', 'acceptee', 'declinee', 'annulee')),
    -- Counts its changes.
    version bigint not null,
    objet text not null,
    contenu text not null,
    -- In quarters of an hour.
    duree integer not null,
    lieu text not null,
    -- In euro cents.
    montant integer not null,
    unite_paiement text not null check (unite_paiement in ('heure', 'jour', 'forfait')),
    modalites_paiement text not null,
    cree_at timestamp not null,
    modifie_at timestamp not null,
    -- Given when it is sent.
    numero text unique,
    envoyee_at timestamp,
    repondue_at timestamp,
    annulee_at timestamp,
    -- What the person wrote with their answer, and why the structure took it back.
    reponse text not null,
    annulation text not null,
    -- The PDF as it was sent: its sealed blob, that blob's key (sealed), its SHA-256 and its size in bytes.
    blob text,
    cle text,
    empreinte text,
    taille bigint,
    check ((numero is null) = (envoyee_at is null) and (numero is null) = (blob is null)
        and (numero is null) = (empreinte is null) and (numero is null) = (cle is null))
);
create index lettre_compte on lettre (compte_id, id);
create index lettre_structure on lettre (structure_id, etat, id);
-- When: the first and the last day of each period.
create table lettre_periode (
    lettre_id bigint not null references lettre (id) on delete cascade,
    rang integer not null,
    du date not null,
    au date not null,
    primary key (lettre_id, rang)
);
