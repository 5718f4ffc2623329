//! What was just done, said once on the next page: a short-lived cookie that holds a code and ids, never a text.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use domain::messagerie::Dossier;
use serde::{Deserialize, Serialize};
use store::boites::Action;

use crate::app::Settings;
use crate::error::Error;
use crate::pages::administration::Fait;
use crate::pages::mon_compte::{ABSENCES, RESTORE_LINE, RESTORED};
use crate::session;
use crate::views::numbers::counted;
use crate::views::{Notice, Undo};

/// Name of the cookie.
pub const COOKIE: &str = "ei_avis";
/// Ids that the cookie may hold, so that it fits; with more, the notice comes without « Annuler ».
const IDS_MAX: usize = 100;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "f", rename_all = "snake_case")]
pub enum Flash {
    /// A message was sent.
    Sent,
    /// A draft was saved.
    DraftSaved,
    /// Messages of a list were marked or put away.
    Messages {
        /// The list.
        dossier: Dossier,
        /// What was done, a word of [`Action`].
        action: String,
        /// The messages it changed.
        ids: Vec<i64>,
        /// How many.
        n: usize,
    },
    /// Drafts were put away or taken back.
    Drafts {
        /// Away, or back.
        away: bool,
        /// Which.
        ids: Vec<i64>,
        /// How many.
        n: usize,
    },
    /// The password was changed.
    PasswordChanged,
    /// A password was set by a link: one can log in with it.
    PasswordSet,
    /// A new login was asked for: its link is on its way.
    AddressAsked,
    /// The second factor was turned off.
    FactorOff,
    /// The login changed.
    AddressChanged,
    /// Provisional credentials were replaced.
    CredentialsChosen,
    /// The cookies that the browser takes were chosen.
    CookiesChosen {
        /// Whether visits may be counted.
        allowed: bool,
        /// Whether the tab was opened by the banner of a page that waits in another one.
        aside: bool,
    },
    /// A session was ended.
    SessionEnded,
    /// Every other session was ended.
    OtherSessionsEnded {
        /// How many.
        n: usize,
    },
    /// The alerts were changed.
    AlertsSaved,
    /// Notifications were marked read.
    NotificationsRead {
        /// How many.
        n: usize,
    },
    /// An annonce was saved as a draft, or changed.
    AnnonceSaved,
    /// An annonce was published: so many people are told.
    AnnoncePublished {
        /// People whose alert matches.
        n: usize,
    },
    /// An annonce was closed.
    AnnonceClosed,
    /// An annonce was put away.
    AnnonceArchived,
    /// An administrateur set something.
    Administration {
        /// What.
        fait: Fait,
    },
    /// A registration was taken on.
    InscriptionTaken,
    /// A registration was validated.
    InscriptionValidated,
    /// A registration was refused.
    InscriptionRejected,
    /// A complement was asked for.
    ComplementAsked,
    /// A registration went to another structure.
    InscriptionMoved,
    /// Provisional credentials are on their way.
    CredentialsSent,
    /// Provisional credentials work no more.
    CredentialsCancelled,
    /// An account was made for somebody, whose link is on its way.
    AccountMade,
    /// The link to a first password is on its way again.
    WelcomeSent,
    /// One is logged out.
    LoggedOut,
    /// An account was activated by its link.
    AccountActivated,
    /// A page of the profile was saved.
    ProfileSaved {
        /// Whether it is in the CV-thèque, where the change can be seen now.
        publie: bool,
    },
    /// What was typed and not saved was given up.
    DraftGivenUp,
    /// A row of the *Parcours* was saved.
    LineSaved,
    /// A row of the *Parcours* was removed.
    LineRemoved,
    /// A period of unavailability was added or changed.
    AbsenceSaved,
    /// A period of unavailability was removed.
    AbsenceRemoved {
        /// Its first day.
        du: chrono::NaiveDate,
        /// Its last day.
        au: chrono::NaiveDate,
    },
    /// A draft was made from an annonce.
    AnnonceCopied,
    /// An answer to an annonce was sent.
    AnswerSent,
    /// The annonce was answered before.
    AnswerThere,
    /// An answer to an annonce was taken back.
    AnswerTakenBack,
    /// A search of the CV-thèque was kept.
    SearchKept {
        /// Whether its author is told of the CVs that answer it.
        suivie: bool,
    },
    /// One is told of the CVs that answer a search.
    SearchFollowed,
    /// One is told no more.
    SearchNotFollowed,
    /// The structure has a search.
    SearchShared,
    /// The structure has a search no more.
    SearchNotShared,
    /// A search was removed.
    SearchRemoved,
    /// How one wants to be told was saved.
    PreferencesSaved,
    /// A request to the support was sent.
    SupportSent,
    /// A visitor confirmed theirs.
    SupportConfirmed,
    /// It was given up to change one's address.
    SupportGivenUp,
    /// Its author wrote.
    SupportWritten,
    /// The structure answered.
    SupportAnswered,
    /// It was given to somebody.
    SupportGiven,
    /// It was handed over to another structure.
    SupportMoved,
    /// It was brought into another one.
    SupportMerged,
    /// An archived account is open again.
    AccountReopened,
    /// The link to the data of an archived account is on its way (X6).
    DataSent,
    /// A block of a dossier was saved.
    DossierSaved,
    /// Nothing that is typed in a dossier differs from what is saved.
    DossierUnchanged,
    /// A proposal of a dossier was taken back.
    DossierWithdrawn,
    /// A dossier was transmitted.
    DossierSent,
    /// A dossier was asked for.
    DossierAsked,
    /// Blocks and pieces of a dossier were decided on.
    DossierDecided {
        /// Whether it is complete now.
        complet: bool,
    },
    /// A letter was saved as a draft.
    LetterSaved,
    /// A letter was sent.
    LetterSent,
    /// A letter was taken back.
    LetterCancelled,
    /// A letter was answered.
    LetterAnswered {
        /// Whether it was accepted.
        acceptee: bool,
    },
    /// A message was given to somebody, or to nobody.
    MessageGiven {
        /// Their name.
        a: Option<String>,
    },
    /// A note was added.
    NoteAdded,
    /// A template was kept.
    TemplateKept,
    /// A template was removed.
    TemplateRemoved,
    /// One is alerted to a search of the annonces.
    AnnoncesFollowed,
    /// A search of the annonces alerts no more, until one says so.
    AnnoncesSuspended,
    /// A search of the annonces is followed no more.
    AnnoncesNotFollowed,
    /// People were put into a list.
    ListedPeople {
        /// How many were not in it.
        n: usize,
    },
    /// People were taken out of a list.
    UnlistedPeople {
        /// How many.
        n: usize,
    },
    /// The structure has a list.
    ListShared,
    /// The structure has a list no more.
    ListNotShared,
    /// A list was removed.
    ListRemoved,
    /// The addresses of social networks were saved.
    NetworksSaved,
    /// A file was attached.
    FileAttached,
    /// A file was removed.
    FileRemoved,
    /// The registration was sent.
    RegistrationSent,
    /// A refused registration was opened again.
    RegistrationReopened,
}

impl Flash {
    /// The sentence, and the way back where there is one.
    pub fn into_notice(self) -> Notice {
        match self {
            Self::Sent => Notice::done("Votre message a bien été envoyé."),
            Self::DraftSaved => Notice::done("Votre message a bien été enregistré dans vos brouillons."),
            Self::Messages { dossier, action, ids, n } => messages(dossier, &action, &ids, n),
            Self::Drafts { away, ids, n } => {
                let one = if away { "brouillon supprimé" } else { "brouillon rétabli" };
                let many = if away { "brouillons supprimés" } else { "brouillons rétablis" };
                let notice = Notice::done(format!("{}.", counted(n as u64, one, many)));
                let back = if away { Action::Restaurer } else { Action::Archiver };
                with_undo(notice, Dossier::Brouillons, back, &ids, n)
            }
            Self::PasswordChanged => {
                Notice::done("Votre mot de passe a été changé. Vos autres sessions ont été déconnectées.")
            }
            Self::PasswordSet => {
                Notice::done("Votre mot de passe est enregistré. Connectez-vous avec votre adresse et ce mot de passe.")
            }
            Self::AddressAsked => Notice::done(
                "Un lien vient d’être envoyé à la nouvelle adresse. Votre identifiant change quand vous l’aurez confirmée.",
            ),
            Self::FactorOff => Notice::done("La double authentification est désactivée."),
            Self::AddressChanged => Notice::done(
                "Votre nouvelle adresse est confirmée : c’est désormais votre identifiant. Votre ancienne adresse en est informée.",
            ),
            Self::CredentialsChosen => Notice::done(
                "Vos identifiants sont enregistrés. Connectez-vous avec votre adresse et votre mot de passe.",
            ),
            Self::CookiesChosen { allowed, aside } => Notice::done(format!(
                "Votre choix est enregistré : {}.{}",
                if allowed {
                    "la mesure d’audience est autorisée"
                } else {
                    "seuls les cookies nécessaires sont utilisés"
                },
                if aside { " Fermez cet onglet pour retrouver votre page comme vous l’avez laissée." } else { "" }
            )),
            Self::SessionEnded => Notice::done("La session a été déconnectée."),
            Self::OtherSessionsEnded { n } => Notice::done(match n {
                0 => "Aucune autre session n’était ouverte.".to_owned(),
                n => format!("{}.", counted(n as u64, "autre session déconnectée", "autres sessions déconnectées")),
            }),
            Self::AlertsSaved => Notice::done("Vos alertes ont été enregistrées."),
            Self::NotificationsRead { n } => Notice::done(format!(
                "{}.",
                counted(n as u64, "notification marquée lue", "notifications marquées lues")
            )),
            Self::AnnonceSaved => Notice::done("L’annonce a été enregistrée."),
            Self::AnnoncePublished { n } => Notice::done(match n {
                0 => "L’annonce est publiée. Aucune alerte n’y correspond pour l’instant.".to_owned(),
                1 => "L’annonce est publiée. 1 personne dont l’alerte correspond est prévenue.".to_owned(),
                n => format!("L’annonce est publiée. {n} personnes dont l’alerte correspond sont prévenues."),
            }),
            Self::AnnonceClosed => Notice::done("L’annonce est close : elle n’apparaît plus dans les recherches."),
            Self::AnnonceArchived => Notice::done("L’annonce est archivée."),
            Self::Administration { fait } => Notice::done(fait.sentence()),
            Self::InscriptionTaken => {
                Notice::done("Vous avez pris en charge cette inscription : vos collègues le voient.")
            }
            Self::InscriptionValidated => Notice::done(
                "L’inscription est validée : le profil est dans la CV-thèque, et la personne en est informée par courriel.",
            ),
            Self::InscriptionRejected => {
                Notice::done("L’inscription n’est pas retenue : la personne en est informée par courriel.")
            }
            Self::ComplementAsked => Notice::done("Le complément est demandé : la personne le reçoit par courriel."),
            Self::InscriptionMoved => Notice::done("L’inscription est confiée à l’autre structure."),
            Self::CredentialsSent => Notice::done(
                "Les identifiants provisoires sont envoyés par courriel. Ils fonctionnent pendant sept jours.",
            ),
            Self::CredentialsCancelled => Notice::done("Les identifiants provisoires ne fonctionnent plus."),
            Self::AccountMade => Notice::done(
                "Le compte est créé. La personne reçoit un courriel pour confirmer son adresse et choisir son mot de passe.",
            ),
            Self::WelcomeSent => {
                Notice::done("Un nouveau lien est envoyé à la personne. Celui d’avant ne fonctionne plus.")
            }
            Self::LoggedOut => Notice::done("Votre session est fermée."),
            Self::ProfileSaved { publie: true } => {
                Notice::done("Vos modifications sont enregistrées et publiées : les structures les voient.")
            }
            Self::ProfileSaved { publie: false } => {
                Notice::done("C’est enregistré. Vous pouvez continuer, ou revenir plus tard.")
            }
            Self::DraftGivenUp => Notice::done("Vous retrouvez la version précédente."),
            Self::LineSaved => Notice::done("La ligne est enregistrée."),
            Self::LineRemoved => Notice::done("La ligne est supprimée.")
                .with_undo(Undo { action: RESTORE_LINE.to_owned(), ..Undo::default() }),
            Self::AbsenceSaved => Notice::done("La période est enregistrée : les structures la voient."),
            Self::AbsenceRemoved { du, au } => Notice::done("La période est supprimée.").with_undo(Undo {
                action: ABSENCES.to_owned(),
                fields: vec![(RESTORED.to_owned(), format!("{du}/{au}"))],
                ..Undo::default()
            }),
            Self::AnnonceCopied => {
                Notice::done("Voici une copie, en brouillon : changez ce qui diffère, puis publiez-la.")
            }
            Self::SearchKept { suivie: true } => Notice::done(
                "La recherche est enregistrée. Les CV nouvellement validés qui y répondent vous seront signalés.",
            ),
            Self::SearchKept { suivie: false } => Notice::done("La recherche est enregistrée."),
            Self::SearchFollowed => Notice::done("Les CV nouvellement validés qui y répondent vous seront signalés."),
            Self::SearchNotFollowed => Notice::done("Les nouveaux CV ne vous sont plus signalés pour cette recherche."),
            Self::SearchShared => Notice::done("La recherche est partagée avec votre structure."),
            Self::SearchNotShared => Notice::done("La recherche n’est plus partagée."),
            Self::SearchRemoved => Notice::done("La recherche est supprimée."),
            Self::PreferencesSaved => Notice::done("Vos choix sont enregistrés."),
            Self::SupportSent => Notice::done("Votre demande est transmise. La réponse viendra ici et par courriel."),
            Self::SupportConfirmed => Notice::done("Votre demande est confirmée et transmise à la structure."),
            Self::SupportGivenUp => {
                Notice::done("La demande est abandonnée. Changez votre adresse ici, puis refaites-la si besoin.")
            }
            Self::SupportWritten => Notice::done("Votre message est transmis à la structure."),
            Self::SupportAnswered => Notice::done("C’est envoyé : la personne en est prévenue par courriel."),
            Self::SupportGiven => Notice::done("C’est noté."),
            Self::SupportMoved => Notice::done("La demande est confiée à l’autre structure."),
            Self::SupportMerged => Notice::done("Les deux demandes sont réunies ici."),
            Self::AccountReopened => {
                Notice::done("Le compte est réactivé : la personne reçoit un lien pour choisir un mot de passe.")
            }
            Self::DataSent => {
                Notice::done("Le lien est envoyé : la personne peut récupérer ses données pendant sept jours.")
            }
            Self::DossierSaved => {
                Notice::done("C’est enregistré. Pensez à transmettre votre dossier, en bas de la page.")
            }
            Self::DossierUnchanged => Notice::done("Tout ce que vous avez tapé était déjà enregistré."),
            Self::DossierWithdrawn => Notice::done("C’est retiré."),
            Self::DossierSent => Notice::done(
                "Votre dossier est transmis. Un gestionnaire l’examine ; vous recevrez un courriel à chaque décision.",
            ),
            Self::DossierAsked => Notice::done("La demande est envoyée : la personne est prévenue par courriel."),
            Self::DossierDecided { complet: true } => {
                Notice::done("C’est décidé : le dossier est complet et validé. La personne est prévenue par courriel.")
            }
            Self::DossierDecided { complet: false } => {
                Notice::done("C’est décidé : la personne est prévenue par courriel.")
            }
            Self::LetterSaved => Notice::done("Le projet est enregistré : relisez l’aperçu, puis envoyez-le."),
            Self::LetterSent => {
                Notice::done("La lettre est envoyée : la personne est prévenue par courriel et répond en ligne.")
            }
            Self::LetterCancelled => Notice::done("La lettre est annulée."),
            Self::LetterAnswered { acceptee: true } => {
                Notice::done("Votre accord est enregistré : la structure en est prévenue.")
            }
            Self::LetterAnswered { acceptee: false } => {
                Notice::done("Votre refus est enregistré : la structure en est prévenue.")
            }
            Self::MessageGiven { a: Some(name) } => Notice::done(format!("Le message est confié à {name}.")),
            Self::MessageGiven { a: None } => Notice::done("Le message n’est plus confié à personne."),
            Self::NoteAdded => Notice::done("La note est ajoutée."),
            Self::TemplateKept => Notice::done("Le modèle est enregistré."),
            Self::TemplateRemoved => Notice::done("Le modèle est supprimé."),
            Self::AnnoncesFollowed => Notice::done("Les prochaines annonces de cette recherche vous seront signalées."),
            Self::AnnoncesSuspended => {
                Notice::done("Cette recherche ne vous alerte plus, jusqu’à ce que vous la repreniez.")
            }
            Self::AnnoncesNotFollowed => Notice::done("Cette recherche n’est plus suivie."),
            Self::ListedPeople { n: 0 } => Notice::done("Ces personnes étaient déjà dans la liste."),
            Self::ListedPeople { n } => {
                Notice::done(format!("{}.", counted(n as u64, "personne ajoutée", "personnes ajoutées")))
            }
            Self::UnlistedPeople { n } => Notice::done(format!(
                "{}.",
                counted(n as u64, "personne retirée de la liste", "personnes retirées de la liste")
            )),
            Self::ListShared => Notice::done("La liste est partagée avec votre structure."),
            Self::ListNotShared => Notice::done("La liste n’est plus partagée."),
            Self::ListRemoved => Notice::done("La liste est supprimée. Les profils restent dans la CV-thèque."),
            Self::AnswerSent => Notice::done("Votre réponse est transmise à la structure."),
            Self::AnswerThere => {
                Notice::done("Vous avez déjà répondu à cette annonce : voici où en est votre réponse.")
            }
            Self::AnswerTakenBack => {
                Notice::done("Votre réponse est retirée. Vous pouvez répondre à nouveau depuis l’annonce.")
            }
            Self::NetworksSaved => Notice::done("Vos réseaux sociaux sont enregistrés."),
            Self::FileAttached => Notice::done("Le fichier est joint. Son texte sera lu dans quelques secondes."),
            Self::FileRemoved => Notice::done("Le fichier est retiré."),
            Self::RegistrationSent => Notice::done("Votre inscription est transmise. Un courriel vous le confirme."),
            Self::RegistrationReopened => {
                Notice::done("Votre inscription est de nouveau ouverte : mettez-la à jour, puis transmettez-la.")
            }
            Self::AccountActivated => {
                Notice::done("Votre compte est activé. Remplissez maintenant votre CV, à votre rythme.")
            }
        }
    }
}

fn messages(dossier: Dossier, action: &str, ids: &[i64], n: usize) -> Notice {
    let (one, many, back) = match Action::from_word(action) {
        Some(Action::Lu) => ("message marqué lu", "messages marqués lus", Some(Action::NonLu)),
        Some(Action::NonLu) => ("message marqué non lu", "messages marqués non lus", Some(Action::Lu)),
        Some(Action::Archiver) => ("message archivé", "messages archivés", Some(Action::Restaurer)),
        Some(Action::Restaurer) => ("message rétabli", "messages rétablis", Some(Action::Archiver)),
        None => ("message traité", "messages traités", None),
    };
    let notice = Notice::done(format!("{}.", counted(n as u64, one, many)));
    match back {
        Some(back) => with_undo(notice, dossier, back, ids, n),
        None => notice,
    }
}

fn with_undo(notice: Notice, dossier: Dossier, back: Action, ids: &[i64], n: usize) -> Notice {
    if n == 0 || ids.len() != n {
        return notice;
    }
    let mut fields = vec![("action".to_owned(), back.as_str().to_owned())];
    fields.extend(ids.iter().map(|id| ("messages".to_owned(), id.to_string())));
    notice.with_undo(Undo { action: format!("/messagerie/{dossier}/actions"), fields, ..Undo::default() })
}

/// The ids worth keeping in the cookie: all of them, or none when they are too many.
pub fn kept(ids: &[i64]) -> Vec<i64> {
    if ids.len() <= IDS_MAX { ids.to_vec() } else { Vec::new() }
}

/// The cookie that says it on the next page.
pub fn cookie(settings: &Settings, flash: &Flash) -> Result<Cookie<'static>, Error> {
    let json = serde_json::to_string(flash).map_err(|error| Error::Internal(error.to_string()))?;
    let value: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
    Ok(session::cookie(settings, COOKIE, value, Some(Duration::seconds(60))))
}

/// What the request's cookie says, if it says something of ours.
pub fn take(request: &HttpRequest) -> Option<Flash> {
    let cookie = request.cookie(COOKIE)?;
    let json: String =
        form_urlencoded::parse(cookie.value().as_bytes()).next().map(|(name, value)| format!("{name}{value}"))?;
    serde_json::from_str(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn settings() -> Settings {
        Settings {
            base_url: "http://localhost".into(),
            demo: false,
            demo_logins: Vec::new(),
            demo_password: None,
            password_max: 24,
            trusted_proxies: Vec::new(),
            requests_per_second: 100,
            contact: "Écrivez-nous.".into(),
        }
    }

    #[test]
    fn m3_a_notice_comes_back_with_its_undo() {
        let said = Flash::Messages { dossier: Dossier::Reception, action: "archive".into(), ids: vec![4, 7], n: 2 };
        let request = TestRequest::default().cookie(cookie(&settings(), &said).unwrap()).to_http_request();
        let notice = take(&request).unwrap().into_notice();
        assert_eq!(notice.text, "2\u{a0}messages archivés.");
        let undo = notice.undo.unwrap();
        assert_eq!(undo.action, "/messagerie/reception/actions");
        assert_eq!(undo.fields[0], ("action".to_owned(), "restaure".to_owned()));
        assert_eq!(undo.fields.len(), 3);
    }

    #[test]
    fn q8_a_forged_notice_says_nothing() {
        let request = TestRequest::default().cookie(Cookie::new(COOKIE, "<script>")).to_http_request();
        assert_eq!(take(&request), None);
    }
}
