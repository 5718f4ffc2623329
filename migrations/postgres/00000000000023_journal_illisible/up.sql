-- Rows of the journal that no server could read: followers went on without them, and do what they ask once they can be read.
create table journal_illisible (
    entree_id bigint primary key references journal (id),
    vue_at timestamp not null
);
