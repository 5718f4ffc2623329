//! Reads the program's pages, which are well formed: each element closed, each attribute quoted.

/// A page as a tree, in the order of the text.
#[derive(Debug)]
pub struct Html {
    elements: Vec<Element>,
}

/// An element with what its opening tag says.
#[derive(Debug)]
pub struct Element {
    pub name: String,
    attributes: Vec<(String, String)>,
    /// Indexes of the elements around it, the outermost first.
    around: Vec<usize>,
    index: usize,
    /// The text inside, of its descendants too, with single spaces.
    pub text: String,
}

const VOID: [&str; 10] = ["base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"];

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// All attributes, in order.
    pub fn attributes(&self) -> &[(String, String)] {
        &self.attributes
    }

    /// The value of an attribute that must be there.
    pub fn expect(&self, name: &str) -> &str {
        self.attribute(name).unwrap_or_else(|| panic!("<{}> has no {name}: {:?}", self.name, self.attributes))
    }

    /// Whether `class` is among its classes.
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split_whitespace().any(|one| one == class))
    }
}

impl Html {
    /// Reads a page or a fragment.
    ///
    /// # Panics
    /// When it is not well formed.
    pub fn read(html: &str) -> Self {
        let mut elements: Vec<Element> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            let (text, tag) = rest.split_at(start);
            let text = unescape(text);
            for &index in &open {
                elements[index].text.push_str(&text);
            }
            let end = tag_end(tag).unwrap_or_else(|| panic!("a tag without end: {tag:.80}"));
            let inside = &tag[1..end];
            rest = &tag[end + 1..];
            if inside.starts_with('!') || inside.starts_with('?') {
                continue;
            }
            if let Some(closed) = inside.strip_prefix('/') {
                let index = open.pop().unwrap_or_else(|| panic!("</{closed}> closes nothing"));
                assert_eq!(elements[index].name, closed, "closed out of order");
                continue;
            }
            let index = elements.len();
            let (name, attributes) = opening(inside.trim_end_matches('/'));
            let holds = !VOID.contains(&name.as_str()) && !inside.ends_with('/');
            // Words of neighbours don't stick together.
            for &index in &open {
                elements[index].text.push(if ["b", "mark", "em"].contains(&name.as_str()) { '\u{200b}' } else { ' ' });
            }
            elements.push(Element { name, attributes, around: open.clone(), index, text: String::new() });
            if holds {
                open.push(index);
            }
        }
        assert!(
            open.is_empty(),
            "left open: {:?}",
            open.iter().map(|&index| &elements[index].name).collect::<Vec<_>>()
        );
        for element in &mut elements {
            let text = element.text.replace('\u{200b}', "");
            element.text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        Self { elements }
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.elements.iter()
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// Every element of that name inside another.
    pub fn inside<'a>(&'a self, around: &'a Element, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.all(name).filter(|element| element.around.contains(&around.index))
    }

    pub fn by_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.attribute("id") == Some(id))
    }

    pub fn by_class(&self, class: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.has_class(class))
    }

    pub fn title(&self) -> &str {
        self.all("title").next().map_or("", |title| &title.text)
    }

    /// The closest element of that name around another.
    pub fn around<'a>(&'a self, element: &'a Element, name: &str) -> Option<&'a Element> {
        element.around.iter().rev().map(|&index| &self.elements[index]).find(|around| around.name == name)
    }

    /// The counter of the page for a word of the socket's, if the page shows it.
    pub fn counter(&self, word: &str) -> Option<u64> {
        let badge = self.elements.iter().find(|element| element.attribute("data-compteur") == Some(word))?;
        Some(badge.text.parse().unwrap_or_else(|_| panic!("the counter {word} says {:?}", badge.text)))
    }
}

fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.char_indices().find_map(|(index, character)| {
        quoted ^= character == '"';
        (character == '>' && !quoted).then_some(index)
    })
}

fn opening(inside: &str) -> (String, Vec<(String, String)>) {
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let stop = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(stop);
        let value = if let Some(after) = after.strip_prefix("=\"") {
            let (value, after) = after.split_once('"').unwrap_or_else(|| panic!("an open quote in <{inside}>"));
            rest = after;
            value
        } else {
            rest = after;
            ""
        };
        attributes.push((attribute.to_owned(), unescape(value)));
    }
    (name.to_owned(), attributes)
}

/// The characters that references stand for.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let reference = rest[1..].split_once(';').filter(|(name, _)| name.len() < 10);
        let decoded = reference.and_then(|(name, after)| decode(name).map(|character| (character, after)));
        if let Some((character, after)) = decoded {
            out.push(character);
            rest = after;
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn decode(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
    }
}
