//! A form as a browser without JavaScript would fill in and send it.

use super::Page;
use super::html::{Element, Html};

/// A form of a page, with what its fields hold.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub posts: bool,
    /// Names and values, in order; names may repeat.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The form of that page that is sent to `action`.
    pub fn to(page: &Page, action: &str) -> Self {
        Self::found(page, action)
            .unwrap_or_else(|| panic!("no form to {action} on {} ({}): {}", page.path(), page.status, page.said()))
    }

    /// The form of that page that is sent to `action`, by itself or by one of its buttons, if there is one.
    pub fn found(page: &Page, action: &str) -> Option<Self> {
        let html = page.html();
        if let Some(form) = html.all("form").find(|form| form.attribute("action") == Some(action)) {
            return Some(Self::of(page, &html, form));
        }
        let button = html.all("button").find(|button| button.attribute("formaction") == Some(action))?;
        Some(Self::with_button(page, &html, button))
    }

    /// The form of that page whose button says these words, with what the button itself sends.
    pub fn pressing(page: &Page, words: &str) -> Self {
        let html = page.html();
        let button = html
            .all("button")
            .find(|button| button.text == words)
            .unwrap_or_else(|| panic!("no button « {words} » on {} ({}): {}", page.path(), page.status, page.said()));
        Self::with_button(page, &html, button)
    }

    /// The form around a button, with what the button itself sends.
    pub fn with_button(page: &Page, html: &Html, button: &Element) -> Self {
        let attached = button.attribute("form").and_then(|id| html.by_id(id));
        let form = attached.or_else(|| html.around(button, "form")).expect("a form around the button");
        let mut filled = Self::of(page, html, form);
        if let Some(action) = button.attribute("formaction") {
            action.clone_into(&mut filled.action);
        }
        if let Some(name) = button.attribute("name") {
            filled = filled.set(name, button.attribute("value").unwrap_or_default());
        }
        filled
    }

    fn of(page: &Page, html: &Html, form: &Element) -> Self {
        let id = form.attribute("id");
        let mut fields = Vec::new();
        for element in html.elements() {
            let within = html.around(element, "form").is_some_and(|around| std::ptr::eq(around, form));
            let attached = id.is_some() && element.attribute("form") == id;
            let Some(name) = element.attribute("name").filter(|_| within || attached) else { continue };
            let value = match element.name.as_str() {
                "input" => match element.attribute("type") {
                    Some("checkbox" | "radio") if element.attribute("checked").is_none() => continue,
                    Some("submit" | "button" | "file") => continue,
                    Some("checkbox") => element.attribute("value").unwrap_or("on").to_owned(),
                    _ => element.attribute("value").unwrap_or_default().to_owned(),
                },
                "textarea" => raw_text(page, name),
                "select" => {
                    let mut options = html.inside(element, "option");
                    let chosen = html.inside(element, "option").find(|option| option.attribute("selected").is_some());
                    let Some(option) = chosen.or_else(|| options.next()) else { continue };
                    option.attribute("value").map_or_else(|| option.text.clone(), str::to_owned)
                }
                _ => continue,
            };
            fields.push((name.to_owned(), value));
        }
        let action = form.attribute("action").unwrap_or(page.path()).to_owned();
        Self { action, posts: form.attribute("method") == Some("post"), fields }
    }

    /// The first value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Gives a field this one value.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.add(name, value)
    }

    /// One more value of a field: a box is ticked.
    pub fn add(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Empties a field: all its boxes are unticked.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(other, _)| other != name);
        self
    }
}

/// What stands in a textarea, with its line ends. A newline right after the tag is not part of it.
fn raw_text(page: &Page, name: &str) -> String {
    let marker = format!(" name=\"{name}\"");
    let from = page.body.find(&marker).expect("the textarea");
    let (_, after) = page.body[from..].split_once('>').expect("a tag");
    let (text, _) = after.split_once("</textarea>").expect("a closed textarea");
    super::html::unescape(text.strip_prefix('\n').unwrap_or(text))
}
