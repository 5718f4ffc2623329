//! Parts of lists: the query of an address, pages, sortable columns, criteria with counts.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::numbers::number;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// An address of this service with its query, from which similar addresses are made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The path, without query.
    pub path: String,
    /// Names and values, not encoded; a name may repeat.
    pub pairs: Vec<(String, String)>,
}

impl Query {
    /// `path` without any parameter.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), pairs: Vec::new() }
    }

    /// With one more parameter; an empty value is left out.
    pub fn add(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.pairs.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Replaces the values of `name` by this one; an empty value removes it.
    pub fn with(&self, name: &str, value: &str) -> Self {
        self.without(name).add(name, value)
    }

    /// Without `name`.
    pub fn without(&self, name: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(other, _)| other != name).cloned().collect();
        Self { path: self.path.clone(), pairs }
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The address, encoded, for an `href`.
    pub fn href(&self) -> String {
        let mut href = self.path.clone();
        for (index, (name, value)) in self.pairs.iter().enumerate() {
            href.push(if index == 0 { '?' } else { '&' });
            href.extend(utf8_percent_encode(name, RESERVED));
            href.push('=');
            href.extend(utf8_percent_encode(value, RESERVED));
        }
        href
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// The page shown, from 1.
    pub current: u64,
    /// How many pages there are; 0 or 1 shows no links.
    pub last: u64,
    pub total: u64,
    /// The address of the list; `page` is set in it.
    pub query: Query,
}

/// One link of the page numbers; `None` stands for numbers left out.
pub type PageLink = Option<(u64, String)>;

impl Pages {
    /// Page `current` of `total` rows shown `size` at a time.
    pub fn new(current: u64, size: u64, total: u64, query: Query) -> Self {
        let last = total.div_ceil(size.max(1)).max(1);
        Self { current: current.clamp(1, last), last, total, query }
    }

    /// The address of page `page`; the first page has no number.
    pub fn href(&self, page: u64) -> String {
        if page <= 1 { self.query.without("page").href() } else { self.query.with("page", &page.to_string()).href() }
    }

    /// The address of the page before, if any.
    pub fn previous(&self) -> Option<String> {
        (self.current > 1).then(|| self.href(self.current - 1))
    }

    /// The address of the page after, if any.
    pub fn next(&self) -> Option<String> {
        (self.current < self.last).then(|| self.href(self.current + 1))
    }

    /// The first page, the last one and those around the current one, with gaps.
    pub fn links(&self) -> Vec<PageLink> {
        let mut links = Vec::new();
        let mut previous = 0;
        for page in 1..=self.last {
            if page != 1 && page != self.last && page.abs_diff(self.current) > 1 {
                continue;
            }
            if page > previous + 1 {
                links.push(None);
            }
            links.push(Some((page, self.href(page))));
            previous = page;
        }
        links
    }

    /// « Page 2 sur 7 ».
    pub fn position(&self) -> String {
        format!("Page {} sur {}", number(self.current), number(self.last))
    }
}

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// Not by this column.
    No,
    /// From small to large.
    Ascending,
    /// From large to small.
    Descending,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub label: String,
    /// The address of the list sorted by this column, or in the other direction when it is so already; empty when it
    /// can't be sorted.
    pub href: String,
    /// How it is sorted now.
    pub sorted: Sorted,
}

impl Column {
    /// The value of `aria-sort`, if the list is sorted by this column.
    pub fn aria_sort(&self) -> Option<&'static str> {
        match self.sorted {
            Sorted::No => None,
            Sorted::Ascending => Some("ascending"),
            Sorted::Descending => Some("descending"),
        }
    }
}

/// One value of a criterion, with the number of its results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// Number of results with this value, if counted.
    pub count: Option<u64>,
    pub selected: bool,
}

impl Choice {
    /// A value that is neither chosen nor counted.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), count: None, selected: false }
    }

    /// The same, chosen or not.
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// « Bretagne (12) » for the options of a list.
    pub fn counted_label(&self) -> String {
        match self.count {
            Some(count) => format!("{} ({})", self.label, number(count)),
            None => self.label.clone(),
        }
    }
}

/// Choices under a common heading: the sous-spécialités of a spécialité, the départements of a région.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceGroup {
    /// The heading; empty for choices without one.
    pub label: String,
    pub choices: Vec<Choice>,
}

/// A criterion of which several values can be ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetGroup {
    pub name: String,
    pub label: String,
    /// Its values, the most frequent first.
    pub choices: Vec<Choice>,
    pub open: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_the_address_carries_the_search() {
        let query = Query::new("/annonces").add("q", "marchés publics & co").add("region", "").add("region", "53");
        assert_eq!(query.href(), "/annonces?q=march%C3%A9s%20publics%20%26%20co&region=53");
        assert_eq!(query.with("region", "28").without("q").href(), "/annonces?region=28");
        assert_eq!(query.with("region", "").without("q").href(), "/annonces");
    }

    #[test]
    fn q3_pages_show_ends_and_neighbours() {
        let pages = Pages::new(5, 20, 199, Query::new("/annonces").add("q", "a"));
        let shown: Vec<Option<u64>> = pages.links().into_iter().map(|link| link.map(|(page, _)| page)).collect();
        assert_eq!(shown, [Some(1), None, Some(4), Some(5), Some(6), None, Some(10)]);
        assert_eq!(pages.next().as_deref(), Some("/annonces?q=a&page=6"));
        assert_eq!(pages.href(1), "/annonces?q=a");
    }

    #[test]
    fn q3_a_page_beyond_the_end_is_the_last() {
        let pages = Pages::new(99, 20, 41, Query::new("/annonces"));
        assert_eq!((pages.current, pages.last, pages.next()), (3, 3, None));
        let empty = Pages::new(1, 20, 0, Query::new("/annonces"));
        assert_eq!((empty.current, empty.last), (1, 1));
    }
}
