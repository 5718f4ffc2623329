-- The browser that asked for a link: there, the link alone activates; elsewhere the password is asked for too.
alter table jeton add column navigateur text;
