-- What the antivirus says of each received file, by its blob; those that came before it wait like the others.
create table analyse_fichier (
    blob text primary key,
    etat text not null check (etat in ('attente', 'sain', 'infecte')),
    -- Tries that came to nothing, and when the next one is due; nothing is once the antivirus has answered.
    tentatives integer not null,
    prochain_at timestamp,
    -- What the antivirus calls what it found.
    constat text not null,
    check ((etat = 'infecte') = (constat <> '')),
    check ((etat = 'attente') = (prochain_at is not null))
);
create index analyse_fichier_attente on analyse_fichier (prochain_at) where prochain_at is not null;
create unique index dossier_fichier_blob on dossier_fichier (blob);
create unique index demande_fichier_blob on demande_fichier (blob);
insert into analyse_fichier (blob, etat, tentatives, prochain_at, constat)
    select blob, 'attente', 0, ajoute_at, '' from fichier
    union all select blob, 'attente', 0, ajoute_at, '' from dossier_fichier
    union all select f.blob, 'attente', 0, m.at, '' from demande_fichier f join demande_message m on m.id = f.message_id
    union all select document_blob, 'attente', 0, modifie_at, '' from article where document_blob is not null;
