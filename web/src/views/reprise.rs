//! A form that is carried through the login (SPEC Q1).

/// What the login carries: where the form was going, and its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reprise {
    /// Path that the form was posted to; empty when there is none.
    pub action: String,
    /// Its fields, without its token.
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
