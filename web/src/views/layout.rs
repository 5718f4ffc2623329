//! What every page shares: title, menu with its counters, account, notice, error summary, footer.

use askama::Template;

use super::numbers::counted;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub href: String,
}

impl Link {
    /// `label` leading to `href`.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// The counters that the socket keeps up to date, with the same words as in its JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CounterKey {
    Messages,
    /// What an intervenant has to give for their dossier administratif.
    Dossier,
    /// Dossiers that a structure has to examine: the same key in the socket, with another text.
    Dossiers,
    /// Candidatures that a structure has to study.
    Candidatures,
    Inscriptions,
    Support,
    Notifications,
}

impl CounterKey {
    /// The key in the messages of the socket and in `data-compteur`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Dossier | Self::Dossiers => "dossier",
            Self::Candidatures => "candidatures",
            Self::Inscriptions => "inscriptions",
            Self::Support => "support",
            Self::Notifications => "notifications",
        }
    }

    pub fn one(self) -> &'static str {
        match self {
            Self::Messages => "message non lu",
            Self::Dossier => "élément à fournir pour votre dossier",
            Self::Dossiers => "dossier à examiner",
            Self::Candidatures => "candidature à étudier",
            Self::Inscriptions => "inscription à traiter",
            Self::Support => "demande de support à traiter",
            Self::Notifications => "notification non lue",
        }
    }

    pub fn many(self) -> &'static str {
        match self {
            Self::Messages => "messages non lus",
            Self::Dossier => "éléments à fournir pour votre dossier",
            Self::Dossiers => "dossiers à examiner",
            Self::Candidatures => "candidatures à étudier",
            Self::Inscriptions => "inscriptions à traiter",
            Self::Support => "demandes de support à traiter",
            Self::Notifications => "notifications non lues",
        }
    }

    /// Its value on this page; none when it does not concern the account.
    pub fn of(&self, layout: &Layout) -> Option<Counter> {
        layout.counter(*self)
    }

    /// « 3 messages non lus ».
    pub fn said(self, value: u64) -> String {
        counted(value, self.one(), self.many())
    }
}

/// A counter as it stood when the page was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    pub key: CounterKey,
    pub value: u64,
}

impl Counter {
    /// « 3 messages non lus ».
    pub fn said(&self) -> String {
        self.key.said(self.value)
    }
}

/// One entry of the main menu, of the menu of the account or of a page's own navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    pub label: String,
    /// What ends the label where there is room for it.
    pub rest: &'static str,
    /// The name of its pictogram, without the prefix it has in the sheet; empty where none is shown.
    pub picto: &'static str,
    /// Whether a phone shows it in the menu of the account: four places are in sight there.
    pub folded: bool,
    pub href: String,
    /// The beginning of every path for which this entry is the current one.
    pub section: String,
    /// Another such beginning; empty if none.
    also: &'static str,
    pub counter: Option<CounterKey>,
    /// The heading under which it stands; empty where there are none.
    pub groupe: &'static str,
}

impl MenuEntry {
    /// An entry that is current on every path under `section`.
    pub fn new(label: &str, href: &str, section: &str) -> Self {
        Self {
            label: label.to_owned(),
            rest: "",
            picto: "",
            folded: false,
            groupe: "",
            href: href.to_owned(),
            section: section.to_owned(),
            also: "",
            counter: None,
        }
    }

    /// A place of the main menu: its section is its own address, unless [`Self::with_section`] says another.
    fn place(label: &str, picto: &'static str, href: &str) -> Self {
        Self::new(label, href, href).drawn(picto)
    }

    /// Draws `picto` before the label.
    pub fn drawn(mut self, picto: &'static str) -> Self {
        self.picto = picto;
        self
    }

    /// Makes the entry current on every path under `section` instead.
    fn with_section(mut self, section: &str) -> Self {
        section.clone_into(&mut self.section);
        self
    }

    /// Ends the label with `rest` where there is room for it.
    fn in_full(mut self, rest: &'static str) -> Self {
        self.rest = rest;
        self
    }

    /// Puts it in the menu of the account on a phone.
    fn folded(mut self) -> Self {
        self.folded = true;
        self
    }

    /// Shows `key` beside the entry.
    pub fn counting(mut self, key: CounterKey) -> Self {
        self.counter = Some(key);
        self
    }

    /// Puts it under a heading, with the entries beside it that have the same.
    pub fn under(mut self, groupe: &'static str) -> Self {
        self.groupe = groupe;
        self
    }

    /// The entries by heading, in their order.
    pub fn groups(entries: &[Self]) -> Vec<&[Self]> {
        entries.chunk_by(|one, next| one.groupe == next.groupe).collect()
    }

    /// Makes the entry current on every path under `section` too.
    fn and_under(mut self, section: &'static str) -> Self {
        self.also = section;
        self
    }

    /// Whether `path` lies in this entry's section.
    pub fn is_current(&self, path: &str) -> bool {
        let under = |section: &str| {
            path == section || (section != "/" && path.strip_prefix(section).is_some_and(|rest| rest.starts_with('/')))
        };
        under(&self.section) || (!self.also.is_empty() && under(self.also))
    }

    /// The menu of someone who is not logged in.
    pub fn visitor() -> Vec<Self> {
        vec![
            Self::place("Accueil", "home", "/"),
            Self::annonces("/annonces"),
            Self::place("Informations", "ask", "/informations").in_full(" complémentaires"),
        ]
    }

    pub fn intervenant() -> Vec<Self> {
        vec![
            Self::tableau_de_bord(),
            Self::annonces("/annonces"),
            Self::messagerie(),
            Self::mon_compte().counting(CounterKey::Dossier),
        ]
    }

    /// The menu of an intervenant whose registration is not validated yet (SPEC I17).
    pub fn candidat() -> Vec<Self> {
        vec![
            Self::place("Mon inscription", "joins", "/tableau-de-bord"),
            Self::annonces("/annonces"),
            Self::mon_compte(),
        ]
    }

    pub fn administrateur() -> Vec<Self> {
        vec![
            Self::tableau_de_bord(),
            Self::place("Administration", "sliders", "/administration"),
            Self::annonces("/annonces"),
        ]
    }

    /// The menu of a gestionnaire, with or without the registrations and the dossiers.
    pub fn gestionnaire(inscriptions: bool, dossiers: bool) -> Vec<Self> {
        let candidatures =
            Self::place("Candidatures", "applies", "/gestion/candidatures").counting(CounterKey::Candidatures);
        let mut menu = vec![
            Self::place("À traiter", "clock", "/tableau-de-bord"),
            Self::place("CV-thèque", "search", "/cvtheque"),
            Self::annonces("/gestion/annonces").folded(),
            if dossiers { candidatures.folded() } else { candidatures },
            Self::messagerie(),
            Self::place("Support", "buoy", "/gestion/support").counting(CounterKey::Support).folded(),
        ];
        if dossiers {
            let entry = Self::place("Dossiers", "folder", "/gestion/dossiers").and_under("/gestion/lettres");
            menu.insert(4, entry.counting(CounterKey::Dossiers));
        }
        if inscriptions {
            let entry = Self::place("Inscriptions", "joins", "/gestion/inscriptions").folded();
            menu.insert(1, entry.counting(CounterKey::Inscriptions));
        }
        menu
    }

    fn tableau_de_bord() -> Self {
        Self::place("Tableau", "home", "/tableau-de-bord").in_full(" de bord")
    }

    fn annonces(href: &str) -> Self {
        Self::place("Annonces", "horn", href)
    }

    fn messagerie() -> Self {
        let entry = Self::place("Messagerie", "mail", "/messagerie/reception").with_section("/messagerie");
        entry.counting(CounterKey::Messages)
    }

    fn mon_compte() -> Self {
        Self::place("Mon compte", "person", "/mon-compte/informations").with_section("/mon-compte")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub structure: Option<String>,
    /// Whether they work here all day: their pages are denser.
    pub desk: bool,
    /// What the menu under their name leads to.
    pub menu: Vec<MenuEntry>,
    /// The counters that concern this account; an absent one is not shown.
    pub counters: Vec<Counter>,
}

impl Account {
    /// The first signs of the first two words of the name.
    pub fn initials(&self) -> String {
        self.name
            .split_whitespace()
            .take(2)
            .filter_map(|word| word.chars().next())
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// The kind of a notice, which gives its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Info,
    Done,
    /// Something to know before going on.
    Warning,
    Failure,
    /// Something waits for the person.
    Waiting,
}

impl Tone {
    /// The class of the stylesheet; empty for the neutral one.
    pub fn class(self) -> &'static str {
        match self {
            Self::Info => "",
            Self::Done => "ok",
            Self::Warning => "warn",
            Self::Failure => "error",
            Self::Waiting => "live",
        }
    }
}

/// The way to undo what was just done: a form with one button.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undo {
    pub action: String,
    /// The hidden fields it carries, names may repeat.
    pub fields: Vec<(String, String)>,
    /// The id of a form of the page that is sent along ([`Layout::undoing_in`]); the first field is then the button's
    /// own.
    pub form: Option<&'static str>,
}

/// A sentence about what was just done, shown once on top of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
    /// « Annuler », when it can be undone.
    pub undo: Option<Undo>,
}

impl Notice {
    /// « 1 message archivé. » and the like.
    pub fn done(text: impl Into<String>) -> Self {
        Self { tone: Tone::Done, text: text.into(), undo: None }
    }

    pub fn with_undo(mut self, undo: Undo) -> Self {
        self.undo = Some(undo);
        self
    }
}

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The id (and name) of the field, or its address on another page of the form; empty when the error concerns the
    /// whole form.
    pub field: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl FieldError {
    /// `sentence` about `field`.
    pub fn new(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { field: field.into(), sentence: sentence.into() }
    }

    pub fn href(&self) -> String {
        if self.field.starts_with('/') { self.field.clone() } else { format!("#{}", self.field) }
    }
}

impl From<domain::profil::Ecart> for FieldError {
    fn from(ecart: domain::profil::Ecart) -> Self {
        Self::new(ecart.champ, ecart.phrase)
    }
}

#[derive(Debug, Clone)]
pub struct Layout {
    /// The page's title, without prefix nor the name of the site.
    pub title: String,
    /// The path of the request, without its query.
    pub path: String,
    /// The token every form carries as `_csrf`.
    pub csrf: String,
    /// Who is logged in; the page then opens the live socket.
    pub account: Option<Account>,
    pub menu: Vec<MenuEntry>,
    pub notice: Option<Notice>,
    /// What is wrong in the form of the page, in the order of its fields.
    pub errors: Vec<FieldError>,
    /// The links of the footer, to existing pages only.
    pub footer: Vec<Link>,
    /// The Atom feed of the page's content.
    pub feed: Option<Link>,
    /// Whether the browser still has to choose its cookies (P6).
    pub asks_cookies: bool,
    /// Whether the page holds fields typed and not saved, though none is wrong.
    pub kept: bool,
}

/// What stands before the content of every page.
#[derive(Template)]
#[template(path = "_debut.html")]
pub struct Debut<'a> {
    layout: &'a Layout,
}

/// What stands behind it.
#[derive(Template)]
#[template(path = "_fin.html")]
pub struct Fin<'a> {
    layout: &'a Layout,
}

impl Layout {
    pub fn debut(&self) -> Debut<'_> {
        Debut { layout: self }
    }

    pub fn fin(&self) -> Fin<'_> {
        Fin { layout: self }
    }

    /// A page for a visitor.
    pub fn new(title: impl Into<String>, path: impl Into<String>, csrf: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            path: path.into(),
            csrf: csrf.into(),
            account: None,
            menu: MenuEntry::visitor(),
            notice: None,
            errors: Vec::new(),
            footer: vec![
                Link::new("Aide et contact", "/aide"),
                Link::new("Mentions légales", "/mentions-legales"),
                Link::new("Données personnelles", "/mentions-legales/donnees-personnelles"),
                Link::new("Classement des profils", "/comment-les-profils-sont-classes"),
                Link::new("Gérer les cookies", "/cookies"),
                Link::new("Accessibilité : non conforme", "/mentions-legales/accessibilite"),
            ],
            feed: None,
            asks_cookies: false,
            kept: false,
        }
    }

    /// The same page for somebody who is logged in.
    pub fn for_account(mut self, account: Account, menu: Vec<MenuEntry>) -> Self {
        self.account = Some(account);
        self.menu = menu;
        self
    }

    /// The same page with what is wrong in its form.
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// The same page; when its « Annuler » posts to `action`, it also sends the form `form`, so that typed fields stay.
    pub fn undoing_in(mut self, form: &'static str, action: &str) -> Self {
        let undo = self.notice.as_mut().and_then(|notice| notice.undo.as_mut());
        if let Some(undo) = undo.filter(|undo| undo.action == action) {
            undo.form = Some(form);
        }
        self
    }

    /// Whether the page is for somebody who works here all day.
    pub fn desk(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.desk)
    }

    /// Whether the page holds fields typed and not saved.
    pub fn unsaved(&self) -> bool {
        self.kept || !self.errors.is_empty()
    }

    /// The sentence to show at the field `id`.
    pub fn error(&self, id: &str) -> Option<&str> {
        self.errors.iter().find(|error| !id.is_empty() && error.field == id).map(|error| error.sentence.as_str())
    }

    /// The value of a counter; none when it does not concern the account.
    pub fn counter(&self, key: CounterKey) -> Option<Counter> {
        self.account.as_ref()?.counters.iter().copied().find(|counter| counter.key == key)
    }

    pub fn notifications(&self) -> Option<Counter> {
        self.counter(CounterKey::Notifications)
    }

    pub fn messages(&self) -> Option<Counter> {
        self.counter(CounterKey::Messages)
    }

    /// The text before the title in `<title>`: that something is wrong, then how many messages wait.
    pub fn title_prefix(&self) -> String {
        let wrong = if self.errors.is_empty() { "" } else { "Erreur : " };
        match self.messages() {
            Some(Counter { value, .. }) if value > 0 => format!("{wrong}({value}) "),
            _ => wrong.to_owned(),
        }
    }

    /// The address of a file of `assets/`.
    pub fn asset(&self, path: &str) -> String {
        crate::assets::url(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q1_the_title_says_first_that_something_is_wrong() {
        let mut layout = Layout::new("Se connecter", "/authentification/", "jeton");
        assert_eq!(layout.title_prefix(), "");
        layout.errors.push(FieldError::new("email", "Indiquez votre adresse."));
        assert_eq!(layout.title_prefix(), "Erreur : ");
        layout.account = Some(Account {
            name: "Paul".into(),
            structure: None,
            desk: false,
            menu: Vec::new(),
            counters: vec![Counter { key: CounterKey::Messages, value: 3 }],
        });
        assert_eq!(layout.title_prefix(), "Erreur : (3) ");
        layout.errors.clear();
        assert_eq!(layout.title_prefix(), "(3) ");
        assert_eq!(layout.error("email"), None);
    }

    #[test]
    fn ui_the_menu_entry_of_the_section_is_current() {
        let entry = MenuEntry::new("Messagerie", "/messagerie/reception", "/messagerie");
        assert!(entry.is_current("/messagerie/ecrire"));
        assert!(entry.is_current("/messagerie"));
        assert!(!entry.is_current("/messageries"));
        assert!(!MenuEntry::new("Accueil", "/", "/").is_current("/annonces"));
        assert!(MenuEntry::new("Accueil", "/", "/").is_current("/"));
        let menu = MenuEntry::gestionnaire(true, true);
        let current = |path: &str| -> Vec<&str> {
            menu.iter().filter(|entry| entry.is_current(path)).map(|entry| entry.label.as_str()).collect()
        };
        for path in ["/gestion/dossiers/7/lettre", "/gestion/lettres", "/gestion/lettres/3"] {
            assert_eq!(current(path), ["Dossiers"], "{path}");
        }
        assert!(current("/administration").is_empty());
    }

    #[test]
    fn ui_a_phone_shows_four_places_at_most() {
        let menus =
            [MenuEntry::visitor(), MenuEntry::intervenant(), MenuEntry::candidat(), MenuEntry::administrateur()];
        let desks = [(true, true), (true, false), (false, true), (false, false)]
            .map(|(inscriptions, dossiers)| MenuEntry::gestionnaire(inscriptions, dossiers));
        for menu in menus.into_iter().chain(desks) {
            let shown: Vec<&str> =
                menu.iter().filter(|entry| !entry.folded).map(|entry| entry.label.as_str()).collect();
            assert!(shown.len() <= 4, "{shown:?}");
            assert!(menu.iter().all(|entry| !entry.picto.is_empty()), "{menu:?}");
        }
    }

    #[test]
    fn ui_initials_are_those_of_two_words() {
        let named = |name: &str| Account {
            name: name.to_owned(),
            structure: None,
            desk: false,
            menu: Vec::new(),
            counters: Vec::new(),
        };
        for (name, initials) in [("Marie-Hélène Le Goff", "ML"), ("  éloi ", "É"), ("", "")] {
            assert_eq!(named(name).initials(), initials);
        }
    }
}
