//! A form that is carried through the login (SPEC Q1).

/// What the login form carries: where a form was posted, and its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reprise {
    /// The path of the form; empty when nothing is carried.
    pub action: String,
    /// The fields of the form, without its token.
    pub fields: Vec<(String, String)>,
}

impl Reprise {
    /// Whether nothing is carried.
    pub fn is_empty(&self) -> bool {
        self.action.is_empty()
    }

    /// The fields as one value of the login form.
    pub fn encoded(&self) -> String {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.fields {
            encoded.append_pair(name, value);
        }
        encoded.finish()
    }
}
