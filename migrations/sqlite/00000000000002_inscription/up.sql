-- From stranger to intervenant: credentials, registration, profile, review, public contents.

alter table compte add column archive_at timestamp;
alter table compte add column archive_motif text;
-- Civilité, names and date of birth folded: the same person registers once (manual §10).
alter table compte add column identite text;
create unique index compte_identite on compte (identite) where identite is not null;

-- Links sent by email: one-time, known by their digest.
create table jeton (
    empreinte text primary key,
    compte_id bigint not null references compte (id) on delete cascade,
    emploi text not null check (emploi in ('activation', 'mot_de_passe', 'adresse', 'personnalisation')),
    adresse text not null,
    mot_de_passe text,
    cree_at timestamp not null,
    expire_at timestamp not null
);
create index jeton_compte on jeton (compte_id, emploi);
create index jeton_expire on jeton (expire_at);

-- Image codes and their question: answers as digests, once.
create table captcha (
    empreinte text primary key,
    reponses text not null,
    expire_at timestamp not null
);
create index captcha_expire on captcha (expire_at);

-- A login that is not over: the second factor, or the change of provisional credentials, still has to come.
create table connexion_etape (
    empreinte text primary key,
    compte_id bigint not null references compte (id) on delete cascade,
    etape text not null check (etape in ('second_facteur', 'enrolement', 'personnalisation')),
    suite text not null,
    expire_at timestamp not null
);
create index connexion_etape_compte on connexion_etape (compte_id);
create index connexion_etape_expire on connexion_etape (expire_at);

-- The second factor (RFC 6238). The secret is sealed with the master key.
create table second_facteur (
    compte_id bigint primary key references compte (id) on delete cascade,
    secret text not null,
    confirme_at timestamp,
    dernier_pas bigint not null,
    cree_at timestamp not null
);
create table code_secours (
    compte_id bigint not null references compte (id) on delete cascade,
    empreinte text not null,
    utilise_at timestamp,
    primary key (compte_id, empreinte)
);

-- Provisional credentials, seven days (manual §5.1.2).
create table acces_provisoire (
    compte_id bigint primary key references compte (id) on delete cascade,
    identifiant text not null unique,
    mot_de_passe text not null,
    adresse text not null,
    verification text not null,
    gestionnaire_id bigint not null references compte (id),
    cree_at timestamp not null,
    expire_at timestamp not null
);
create index acces_provisoire_expire on acces_provisoire (expire_at);

-- What a gestionnaire may do for their structure, besides reading.
create table droit (
    compte_id bigint not null references compte (id) on delete cascade,
    droit text not null,
    primary key (compte_id, droit)
);

-- The registration and the rest of the page Identification (manual §3.1.2).
alter table intervenant add column immatriculation text;
create unique index intervenant_immatriculation on intervenant (immatriculation) where immatriculation is not null;
create table identification (
    compte_id bigint primary key references intervenant (compte_id) on delete cascade,
    nom_naissance text not null,
    ville_naissance text not null,
    pays_naissance text not null,
    nationalite text not null,
    complement_adresse text not null,
    pays text not null,
    telephone_domicile text not null,
    telephone_professionnel text not null,
    telephone_autre text not null,
    fonction text not null,
    employeur_adresse text not null,
    employeur_code_postal text not null,
    employeur_commune text not null,
    pro_differentes boolean not null,
    pro_adresse text not null,
    pro_code_postal text not null,
    pro_commune text not null,
    pro_telephone text not null,
    pro_courriel text not null,
    experimente boolean
);
create table inscription (
    compte_id bigint primary key references intervenant (compte_id) on delete cascade,
    annonce_origine bigint references annonce (id),
    transmise_at timestamp,
    premiere_decision_at timestamp,
    complement_avant timestamp,
    gestionnaire_id bigint references compte (id) on delete set null,
    version bigint not null
);
create index inscription_complement on inscription (complement_avant) where complement_avant is not null;
create index inscription_transmise on inscription (transmise_at);
create table inscription_decision (
    id integer primary key autoincrement,
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    gestionnaire_id bigint references compte (id) on delete set null,
    structure_id bigint references structure (id),
    decision text not null check (decision in ('transmise', 'prise_en_charge', 'validee', 'rejetee', 'complement', 'reaffectee', 'representee', 'archivee')),
    motif text not null,
    texte text not null,
    at timestamp not null
);
create index inscription_decision_compte on inscription_decision (compte_id, id);
-- What is typed and not yet saved as facts: one row for each form of each account.
create table saisie (
    compte_id bigint not null references compte (id) on delete cascade,
    page text not null,
    champs text not null,
    modifie_at timestamp not null,
    primary key (compte_id, page)
);
create table reseau_social (
    id integer primary key autoincrement,
    compte_id bigint not null references intervenant (compte_id) on delete cascade,
    reseau text not null,
    adresse text not null
);
create index reseau_social_compte on reseau_social (compte_id);
alter table fichier add column parcours_id bigint references parcours (id) on delete cascade;
create index fichier_parcours on fichier (parcours_id);
alter table intervention add column etat text not null default 'realisee' check (etat in ('prevue', 'en_cours', 'realisee', 'annulee'));

-- A warning goes out once for a subject, a kind and a due date.
create table rappel (
    genre text not null,
    sujet bigint not null,
    echeance timestamp not null,
    at timestamp not null,
    primary key (genre, sujet, echeance)
);

-- Who looks at what, right now: rows that expire.
create table presence (
    objet text not null,
    sujet bigint not null,
    compte_id bigint not null references compte (id) on delete cascade,
    vu_at timestamp not null,
    primary key (objet, sujet, compte_id)
);

-- What an administrateur writes.
create table article (
    id integer primary key autoincrement,
    rubrique text not null check (rubrique in ('actualite', 'information')),
    titre text not null,
    resume text not null,
    texte text not null,
    ordre integer not null,
    publie_at timestamp,
    modifie_at timestamp not null,
    document_nom text not null,
    document_format text not null,
    document_taille bigint not null,
    document_blob text
);
create index article_rubrique on article (rubrique, publie_at);
create table texte (
    cle text primary key,
    titre text not null,
    corps text not null,
    modifie_at timestamp not null
);
create table motif (
    code text primary key,
    genre text not null check (genre in ('rejet', 'complement')),
    libelle text not null,
    texte text not null,
    ordre integer not null,
    actif boolean not null
);
-- Rows of a referential that an administrateur changed: what is carried with the program leaves them alone.
create table referentiel_modifie (
    referentiel text not null,
    code text not null,
    at timestamp not null,
    primary key (referentiel, code)
);
-- Whether the master key is the one that sealed what is here.
create table coffre (
    id integer primary key check (id = 1),
    temoin text not null
);
alter table specialite add column actif boolean not null default true;
alter table langue add column actif boolean not null default true;

-- SQLite changes a check by putting another column in place of the old one.
drop index intervenant_structure;
alter table intervenant add column etat text not null default 'brouillon'
    check (etat in ('brouillon', 'transmise', 'en_analyse', 'complement', 'validee', 'rejetee'));
update intervenant set etat = etat_inscription;
alter table intervenant drop column etat_inscription;
alter table intervenant rename column etat to etat_inscription;
create index intervenant_structure on intervenant (structure_id, etat_inscription);

-- Profiles of before have nothing in what is new.
insert into identification select compte_id, '', '', '', '', '', '', '', '', '', '', '', '', '', 0, '', '', '', '', '', null from intervenant;
insert into inscription select compte_id, null, validee_at, validee_at, null, null, 0 from intervenant;
insert into droit select id, mot from compte, (select 'inscriptions' as mot union all select 'annonces' union all select 'messagerie' union all select 'acces') as mots where role = 'gestionnaire';
