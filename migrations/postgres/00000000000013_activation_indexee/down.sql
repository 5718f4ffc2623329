drop index compte_activation;
create index compte_activation on compte (etat, activation_avant);
