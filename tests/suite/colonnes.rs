//! Every column of text of the database: a NIR is typed wherever something can be typed, and stands in none of them (SPEC Q7).

use std::collections::BTreeSet;
use std::process::Command;

use crate::cvtheque::{all, found};
use crate::demandes;
use crate::dossier::{World, join, pdf, save, validated};
use crate::numeros::{nothing_of_them, send_cv};
use crate::support::annonces::{Wording, draft, publish};
use crate::support::inscription::{ANNE, Person, fill_in, informations, parcours, register, send};
use crate::support::messagerie::{letter, open, received, recipient};
use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins};
use crate::{acces, candidatures, identifiants, lettres, recherches_suivies, revue, selection};

both_engines! {
    q7_a_nir_typed_in_any_field_stands_in_no_table,
}

/// A NIR of nobody, as it is typed.
const NIR: &str = "2 55 08 14 168 025 38";
const COMPACT: &str = "255081416802538";
/// What stands in its place: in a text, and in the address of a search.
const LEFT: [&str; 2] = ["%masqué]%", "%romasqu%"];

/// Where the NIR was typed by this test, and only its mask may stand.
const TYPED: [&str; 75] = [
    "acces_provisoire.verification",
    "annonce.description",
    "annonce.titre",
    "article.resume",
    "article.texte",
    "article.titre",
    "brouillon.objet",
    "brouillon.texte",
    "candidature.commentaire",
    "compte.nom",
    "compte.prenom",
    "courriel.donnees",
    "demande.nom",
    "demande.objet",
    "demande.prenom",
    "demande_message.texte",
    "dossier_element.refus",
    "dossier_evenement.texte",
    "dossier_fichier.nom",
    "export_cvtheque.adresse",
    "fichier.nom",
    "fichier.texte",
    "identification.complement_adresse",
    "identification.employeur_adresse",
    "identification.employeur_commune",
    "identification.fonction",
    "identification.nationalite",
    "identification.nom_naissance",
    "identification.pays",
    "identification.pays_naissance",
    "identification.pro_adresse",
    "identification.pro_commune",
    "identification.ville_naissance",
    "inscription_decision.texte",
    "intervenant.adresse",
    "intervenant.commune",
    "intervenant.employeur_nom",
    "intervenant.experience",
    "intervenant.motivation",
    "intervenant.titre",
    "intervention.titre",
    "langue.nom",
    "lettre.annulation",
    "lettre.code_service",
    "lettre.contenu",
    "lettre.engagement",
    "lettre.lieu",
    "lettre.modalites_paiement",
    "lettre.objet",
    "lettre.reponse",
    "liste.nom",
    "message.objet",
    "message.texte",
    "modele_reponse.nom",
    "modele_reponse.texte",
    "motif.libelle",
    "motif.texte",
    "note_interne.texte",
    "notification.texte",
    "parcours.description",
    "parcours.intitule",
    "parcours.organisme",
    "recherche.adresse",
    "recherche.nom",
    "recherche_annonce.adresse",
    "saisie.champs",
    "sigle.abrege",
    "sigle.sens",
    "specialite.description",
    "specialite.nom",
    "structure.adresse",
    "structure.commune",
    "structure.nom",
    "texte.corps",
    "texte.titre",
];

/// Where it was not typed, and why none can be read there. A new column is typed in by this test, or named here.
const ELSEWHERE: [(&str, &str); 8] = [
    (
        "a word or a code of the program",
        "curseur.nom region.code region.nom region.zone departement.code departement.nom departement.region_code \
         specialite.code specialite.parent_code langue.code langue.categorie sigle.code sigle.cle referentiel_charge.nom structure.code \
         structure.categorie structure.region_code compte.role compte.etat compte.civilite compte.archive_motif \
         session.appareil intervenant.etat_inscription intervenant.region_code intervenant.departement_code \
         intervenant.statut inscription_decision.decision inscription_decision.motif saisie.page reseau_social.reseau \
         jeton.emploi connexion_etape.etape droit.droit rappel.genre preference.sorte preference.courriel presence.objet \
         article.rubrique article.document_format texte.cle motif.code motif.genre referentiel_modifie.referentiel \
         referentiel_modifie.code intervenant_specialite.specialite_code intervenant_region.region_code \
         intervenant_departement.departement_code intervenant_langue.langue_code intervenant_langue.niveau \
         parcours.categorie intervention.etat fichier.emploi fichier.format fichier.lecture boite.dossier \
         note_interne.objet demande.reference demande.sorte demande.etat demande_message.de demande_fichier.format \
         brouillon.origine numerotation.serie annonce.etat annonce.specialite_code annonce.sous_specialite_code \
         annonce.modalite candidature.etat annonce_region.region_code annonce_departement.departement_code \
         alerte.frequence alerte_envoi.sort notification.categorie courriel.modele courriel.message_id courriel.etat \
         courriel.pris_par dossier.etat dossier.propose_statut dossier.valide_statut dossier.propose_identite \
         dossier.valide_identite dossier.propose_employeur dossier.valide_employeur analyse_fichier.etat \
         dossier_fichier.cible dossier_fichier.format dossier_element.cible dossier_element.etat dossier_demande.cible \
         dossier_evenement.cible dossier_evenement.evenement lettre.genre lettre.etat lettre.unite_paiement lettre.numero \
         tache.nom brouillon.destinataires",
    ),
    (
        "a digest, a token or the name of a blob",
        "referentiel_charge.empreinte compte.mot_de_passe compte.identite session.empreinte essai.cle appareil.empreinte \
         jeton.empreinte jeton.mot_de_passe jeton.navigateur captcha.empreinte captcha.reponses \
         mot_de_passe_garde.empreinte mot_de_passe_garde.mot_de_passe connexion_etape.empreinte code_secours.empreinte \
         acces_provisoire.identifiant acces_provisoire.mot_de_passe article.document_blob fichier.blob demande.secret \
         demande.jeton demande.confirmation demande_message.jeton demande_fichier.blob brouillon.jeton formulaire.jeton \
         formulaire.empreinte desabonnement.jeton analyse_fichier.blob dossier_fichier.blob lettre.blob lettre.empreinte",
    ),
    (
        "sealed",
        "second_facteur.secret coffre.temoin dossier_fichier.cle dossier_element.propose dossier_element.valide \
         dossier_saisie.champs lettre.cle",
    ),
    (
        "an address, a phone or a number that is read before it is kept, and is none when it is a NIR",
        "compte.login jeton.adresse acces_provisoire.adresse demande.courriel courriel.destinataire structure.courriel \
         structure.telephone structure.code_postal intervenant.telephone intervenant.code_postal intervenant.employeur_siret \
         intervenant.immatriculation identification.telephone_domicile identification.telephone_professionnel \
         identification.telephone_autre identification.employeur_code_postal identification.pro_code_postal \
         identification.pro_telephone identification.pro_courriel lettre.siret reseau_social.adresse",
    ),
    (
        "made of what stands in the columns that are typed in",
        "journal.kind journal.payload correspondant.nom correspondant.cle correspondant.jointe correspondant_mot.mot message.recherche boite.avec \
         boite.avec_cle brouillon.recherche notification.titre notification.lien",
    ),
    (
        "masked where the name of every file is read, as the two that are typed",
        "article.document_nom demande_fichier.nom",
    ),
    ("an address of the program, which the one rule of fields masks as that of a search", "connexion_etape.suite"),
    (
        "what another program says, or comes with this one",
        "courriel.erreur analyse_fichier.constat employeur_public.siret employeur_public.raison_sociale employeur_public.cle \
         employeur_public.categorie employeur_public.code_postal employeur_public.commune \
         employeur_public.departement_code employeur_public.region_code employeur_mot.mot employeur_mot.siret",
    ),
];

/// Every column of text, as the code of the queries has them.
fn columns() -> BTreeSet<String> {
    let schema = include_str!("../../store/src/schema.rs");
    let mut found = BTreeSet::new();
    let (mut table, mut named) = (String::new(), None);
    for line in schema.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            name.clone_into(&mut table);
        } else if let Some(name) = line.strip_prefix("#[sql_name = \"") {
            named = name.strip_suffix("\"]");
        } else if let Some((name, kind)) = line.split_once(" -> ") {
            let name = named.take().unwrap_or(name);
            if kind.contains("Text") {
                found.insert(format!("{table}.{name}"));
            }
        }
    }
    assert!(found.len() > 200, "{}", found.len());
    found
}

/// Asks the database of a service that is stopped; a value a line.
fn asked(site: &Site, query: &str) -> Vec<String> {
    let output = match site.database() {
        Some(url) => Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--dbname", &url, "--command", query])
            .output(),
        None => Command::new("python3")
            .args(["-c", "import sqlite3, sys; [print(*r) for r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])]"])
            .arg(site.data().join("espace.sqlite"))
            .arg(query)
            .output(),
    };
    let output = output.expect("the program is installed");
    assert!(output.status.success(), "{query}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").lines().map(ToOwned::to_owned).collect()
}

/// Sends the form of a page with these fields.
async fn type_in(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = client.get(path).await;
    let mut form = Form::to(&page, path.split('?').next().unwrap_or(path));
    for (name, value) in fields {
        form = form.set(name, value);
    }
    done(client.submit(&form).await)
}

fn done(page: Page) -> Page {
    assert_eq!(page.status, 200, "{}: {}", page.path(), page.said());
    page
}

/// Registers with the NIR in every field, has a complement asked for, and leaves more of it half typed.
async fn typed_by_who_registers(server: &Server, desk: &Client, typed: &str) {
    let named = Person { nom: "Le Gall 2 55 08 14 168 025 38", prenom: "Anne 255081416802538", ..ANNE };
    let anne = register(server, &named).await;
    fill_in(&anne).await;
    let page = anne.get("/mon-compte/informations").await;
    let mut form = informations(&page).set("pro_differentes", "1").set("pro_code_postal", "29000");
    for field in [
        "nom_naissance",
        "ville_naissance",
        "pays_naissance",
        "nationalite",
        "adresse",
        "complement_adresse",
        "commune",
        "fonction",
        "employeur_nom",
        "employeur_adresse",
        "employeur_commune",
        "pro_adresse",
        "pro_commune",
    ] {
        form = form.set(field, typed);
    }
    // A country that is none of ours takes any postcode.
    let form = form.set("pays", typed);
    done(anne.submit(&form.clone().set("action", "enregistrer")).await);
    let row = "/mon-compte/parcours/nouvelle/experience";
    let fields = [("intitule", typed), ("organisme", typed), ("description", typed), ("debut", "09/2019")];
    type_in(&anne, row, &fields).await;
    let page = anne.get("/mon-compte/parcours").await;
    let form = parcours(&page).set("titre", typed).set("experience", typed).set("motivation", typed);
    done(anne.submit(&form.set("action", "enregistrer")).await);
    let sent = send(&anne).await;
    assert_eq!(sent.path(), "/tableau-de-bord", "{}", sent.said());
    let lines = revue::queue(desk, "a_traiter").await;
    let line = lines.into_iter().find(|line| line.text.contains("Le Gall [")).expect("her registration");
    let page = desk.get(&line.href).await;
    done(desk.submit(&revue::explained(&page, "Envoyer la demande de complément", typed)).await);
    let page = anne.get("/mon-compte/informations").await;
    let form = informations(&page).set("fonction", typed).set("code_postal", typed);
    done(anne.try_post("/mon-compte/informations/saisie", &form.fields).await.expect("an answer"));
}

/// Asks the support for something as a stranger.
async fn typed_by_a_visitor(server: &Server, typed: &str) {
    let visitor = server.visitor();
    let page = visitor.get(demandes::FORM).await;
    let solved = identifiants::solved(&page, demandes::FORM);
    let form = demandes::filled(&page, typed)
        .set("nom", typed)
        .set("prenom", typed)
        .set("message", typed)
        .set("email", "visiteuse@support.example")
        .set("captcha", solved.value("captcha").expect("an answer"));
    done(visitor.submit(&form).await);
}

/// What an intervenant whose dossier is complete types.
async fn typed_by_an_intervenant(person: &Client, typed: &str) {
    done(send_cv(person, &format!("CV {NIR}.txt"), &format!("Formatrice mirboluche, {NIR}, libre.\n")).await);
    done(recherches_suivies::follow(person, &format!("/annonces?q=budget+{COMPACT}")).await);
    done(join(person, "rib", &format!("RIB {NIR}.pdf"), pdf()).await);
    done(save(person, "adresse", &[("complement_adresse", typed)]).await);
}

/// What a gestionnaire types to the person of that dossier, and about them.
async fn typed_by_a_gestionnaire(world: &World, typed: &str) {
    let World { person, desk, dossier, .. } = world;
    let him = recipient(desk, &person.name().await).await;
    done(desk.submit(&letter(desk, &[&him], typed, typed).await.set("action", "envoyer")).await);
    done(desk.submit(&letter(desk, &[&him], typed, typed).await.set("action", "enregistrer")).await);
    let structure = recipient(person, "Délégation Bretagne").await;
    done(person.submit(&letter(person, &[&structure], "Violine", typed).await.set("action", "envoyer")).await);
    let page = open(desk, &received(desk, "Violine").await).await;
    done(desk.submit(&Form::pressing(&page, "Ajouter la note").set("note", typed)).await);
    let model = [("nom", typed), ("texte", typed), ("action", "enregistrer")];
    type_in(desk, "/messagerie/modeles", &model).await;
    let texte = format!("Formation. {typed}");
    done(draft(desk, &Wording { titre: typed, texte: &texte, ..Wording::default() }).await);
    let numero = publish(desk, &Wording { titre: "Annonce violine", texte: &texte, ..Wording::default() }).await;
    done(candidatures::answer(person, &numero, typed).await);
    // A search, its name, what is exported of it, and a list.
    let search = format!("/cvtheque?q=formateur+SAUF+{COMPACT}");
    done(selection::keep(desk, &search, typed, &[]).await);
    let people: Vec<String> = all(desk, "/cvtheque").await.into_iter().take(1).map(|hit| hit.id).collect();
    done(selection::ticked(desk, &search, &people, "Exporter").await);
    let page = selection::ticked(desk, "/cvtheque", &people, "Ajouter à une liste").await;
    done(desk.submit(&Form::to(&page, "/cvtheque/listes/ajouter").set("nom", typed)).await);
    // Two letters: one is declined, one is taken back.
    let fields = [
        ("objet", typed),
        ("corps", typed),
        ("lieu", typed),
        ("modalites_paiement", typed),
        ("code_service", COMPACT),
        ("engagement", COMPACT),
    ];
    lettres::sent(desk, dossier, &fields).await;
    let page = lettres::latest(person).await;
    done(lettres::answer(person, &page, "decliner", typed).await);
    let (href, _) = lettres::sent(desk, dossier, &fields).await;
    let form = Form::pressing(&desk.get(&href).await, "Annuler la lettre").set("annulation", typed);
    done(desk.submit(&form).await);
    // What the person changed is refused.
    done(world.transmit().await);
    let form = Form::pressing(&desk.get(dossier).await, "Enregistrer les décisions")
        .set("decision-adresse", "refuser")
        .set("motif-adresse", "autre")
        .set("texte-adresse", typed);
    done(desk.submit(&form).await);
    // The credentials of the person, at another address: they are out after that.
    let path = acces::find(desk, logins::INTERVENANT).await.expect("the person");
    let form = Form::pressing(&desk.get(&path).await, "Envoyer des identifiants provisoires")
        .set("destination", "autre")
        .set("adresse", "malo.autre@ailleurs.example")
        .set("verification", typed)
        .add("verification_faite", "1");
    done(desk.submit(&form).await);
}

async fn typed_by_an_administrateur(admin: &Client, typed: &str) {
    let article =
        [("titre", typed), ("resume", typed), ("texte", typed), ("etat", "brouillon"), ("action", "enregistrer")];
    type_in(admin, "/administration/articles/nouveau", &article).await;
    type_in(admin, "/administration/textes/cookies", &[("titre", typed), ("corps", typed), ("action", "enregistrer")])
        .await;
    let motif = [("libelle", typed), ("texte", typed)];
    type_in(admin, "/administration/motifs/nouveau?genre=rejet", &motif).await;
    type_in(admin, "/administration/specialites/nouvelle?parent=management", &[("nom", typed), ("description", typed)])
        .await;
    type_in(admin, "/administration/langues/nouvelle", &[("nom", typed), ("categorie", "regionale")]).await;
    type_in(admin, "/administration/sigles/nouveau", &[("abrege", NIR), ("sens", typed)]).await;
    let list = admin.get("/administration/structures").await;
    let html = list.html();
    let link =
        html.all("a").find(|link| link.text == "Délégation Bretagne").expect("Bretagne").expect("href").to_owned();
    type_in(admin, &link, &[("nom", typed), ("adresse", typed), ("commune", typed)]).await;
    let people = crate::administration::person(admin, "Malo").await;
    let path = format!("{}/interventions", people.first().expect("somebody"));
    let intervention = [
        ("titre", typed),
        ("structure", "1"),
        ("du", "2025-01-06"),
        ("au", "2025-01-07"),
        ("heures", "12"),
        ("etat", "realisee"),
    ];
    type_in(admin, &path, &intervention).await;
}

async fn q7_a_nir_typed_in_any_field_stands_in_no_table(engine: Engine) {
    let every = columns();
    let typed_in: BTreeSet<String> = TYPED.into_iter().map(ToOwned::to_owned).collect();
    let mut named = typed_in.clone();
    for (why, names) in ELSEWHERE {
        for name in names.split_whitespace() {
            assert!(named.insert(name.to_owned()), "{name} is named twice: {why}");
        }
    }
    let unnamed: Vec<_> = every.difference(&named).collect();
    assert!(unnamed.is_empty(), "type a NIR there, or say why none can be read there: {unnamed:?}");
    let gone: Vec<_> = named.difference(&every).collect();
    assert!(gone.is_empty(), "these columns are no more: {gone:?}");

    let typed = format!("Violine {NIR}");
    let mut world = validated(engine).await;
    let admin = world.server.login(logins::ADMINISTRATEUR).await;
    typed_by_who_registers(&world.server, &world.desk, &typed).await;
    typed_by_a_visitor(&world.server, &typed).await;
    typed_by_an_intervenant(&world.person, &typed).await;
    typed_by_a_gestionnaire(&world, &typed).await;
    typed_by_an_administrateur(&admin, &typed).await;
    eventually("the text of the CV is read", async || found(&world.desk, "mirboluche").await.pop()).await;
    assert!(world.server.stop().await.success());
    let left = |column: &String| {
        let (table, name) = column.split_once('.').expect("a table");
        let [text, address] = LEFT;
        format!("select '{column}' from {table} where {name} like '{text}' or {name} like '{address}'")
    };
    let query: Vec<String> = typed_in.iter().map(left).collect();
    let masked: BTreeSet<String> = asked(&world.site, &query.join(" union ")).into_iter().collect();
    let not_masked: Vec<_> = typed_in.difference(&masked).collect();
    assert!(not_masked.is_empty(), "nothing was typed there: {not_masked:?}");
    nothing_of_them(&world.site).await;
}
