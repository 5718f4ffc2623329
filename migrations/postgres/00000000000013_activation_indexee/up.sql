-- It began with the state, which nearly every account shares: SQLite, which keeps no statistics here, took it for the best
-- way into an account, and read every one of them where it was asked for a few.
drop index compte_activation;
create index compte_activation on compte (activation_avant) where activation_avant is not null;
