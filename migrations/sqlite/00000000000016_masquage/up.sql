-- Work on the rows that were there before a rule, done once by the servers themselves: how far each piece of it has come.
create table tache (
    nom text primary key,
    position bigint not null,
    finie_at timestamp
);
insert into tache (nom, position) values
    ('fichier.texte', 0),
    ('fichier.nom', 0),
    ('intervenant.titre', 0),
    ('intervenant.experience', 0),
    ('intervenant.motivation', 0),
    ('parcours.intitule', 0),
    ('parcours.organisme', 0),
    ('parcours.description', 0),
    ('intervention.titre', 0),
    ('annonce.titre', 0),
    ('annonce.description', 0),
    ('message.objet', 0),
    ('message.texte', 0),
    ('message.recherche', 0),
    ('brouillon.objet', 0),
    ('brouillon.texte', 0),
    ('brouillon.recherche', 0),
    ('demande.objet', 0),
    ('demande_message.texte', 0),
    ('demande_fichier.nom', 0),
    ('dossier_fichier.nom', 0),
    ('candidature.commentaire', 0),
    ('inscription_decision.texte', 0),
    ('note_interne.texte', 0),
    ('modele_reponse.texte', 0),
    ('notification.texte', 0);
