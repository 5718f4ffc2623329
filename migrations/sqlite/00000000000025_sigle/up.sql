-- The field's acronyms with what they stand for: queries are understood both ways.
create table sigle (
    id integer primary key autoincrement,
    -- What the line was when it was added: the program's own list is not added twice.
    code text not null unique,
    abrege text not null,
    sens text not null,
    -- Both, folded: the same sigle has the same sense once.
    cle text not null unique
);
-- The name without what people leave out or add between its parts: « le guen » and « leguen » share it.
alter table correspondant add column jointe text not null generated always as (replace(cle, ' ', '')) virtual;
create index correspondant_jointe on correspondant (jointe);
-- By what two fiches of one person are told.
create index intervenant_telephone on intervenant (telephone);
create index identification_telephone_domicile on identification (telephone_domicile);
create index identification_telephone_autre on identification (telephone_autre);
create index identification_pro_courriel on identification (pro_courriel);
