//! From pieces placed on a page to words and lines, in the order in which they are drawn.
//!
//! A PDF says where glyphs stand, seldom where words end. Distances are in parts of the size of the text (ems), along the
//! line or across it.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::super::text_sink::TextSink;

/// Text that one code, or marked content, shows.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: Rc<str>,
    /// Where the pen was before and after, on the page.
    pub(super) start: (f64, f64),
    pub(super) end: (f64, f64),
    /// Where the line goes: one long.
    pub(super) direction: (f64, f64),
    /// The em along the line and across it, in units of the page.
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A gap that ends a word where nothing else says it; poppler has the same.
const WORD_GAP: f64 = 0.1;
/// A gap between letters from which they may be spaced on purpose.
const TRACKING_MIN: f64 = 0.03;
/// How much kerning may change such a gap, and how much wider than it a space is at least.
const TRACKING_TOLERANCE: f64 = 0.12;
/// How much nearer two letters are drawn that look apart otherwise.
const KERNING_MAX: f64 = 0.25;
/// So many equal gaps, one after the other, are spacing.
const TRACKED_PAIRS: usize = 3;
const TRACKED_MAX: usize = 2_000;
/// Further across than the first, another line begins; than the second, another paragraph.
const SAME_LINE: f64 = 0.5;
const SAME_PARAGRAPH: f64 = 1.6;
/// Two equal glyphs as near as that are one, drawn twice to look bold.
const SAME_PLACE: f64 = 0.1;
const CELL: f64 = 4.0;
const CELL_MAX: usize = 32;
/// Letters of the next line's first word that are looked at.
const WORD_MAX: usize = 40;

/// How a piece stands to the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// On the same line, after a gap of so many ems; whether a space is drawn between them.
    Gap(f64, bool),
    /// On the same line, before the end of the last one; or slightly above or below, further on.
    Apart,
    Line,
    Paragraph,
}

/// Puts the text of a page into the sink; returns whether there was any.
pub(super) fn write(pieces: Vec<Piece>, sink: &mut TextSink) -> bool {
    let (pieces, spaces) = without_spaces(composed(once(pieces)));
    let steps = steps(&pieces, &spaces);
    let ends = word_ends(&steps);
    let words = Words { pieces: &pieces, steps: &steps, ends: &ends, known: OnceCell::new() };
    for (nth, piece) in pieces.iter().enumerate() {
        if sink.is_full() {
            break;
        }
        let joint = words.joint(nth);
        sink.push_str(if joint == Joint::Drop {
            piece.text.trim_end().trim_end_matches(is_hyphen)
        } else {
            &piece.text
        });
        match steps.get(nth) {
            Some(Step::Line) if joint == Joint::No => sink.block(),
            Some(Step::Paragraph) if joint == Joint::No => sink.paragraph(),
            Some(Step::Gap(..) | Step::Apart) if ends[nth] => sink.space(),
            _ => {}
        }
    }
    !pieces.is_empty()
}

/// Without what is drawn twice in one place.
fn once(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut drawn: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if piece.text.is_empty() {
            continue;
        }
        let (x, y) = ((piece.start.0 / CELL).floor() as i64, (piece.start.1 / CELL).floor() as i64);
        let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x.saturating_add(dx), y.saturating_add(dy))));
        let again = near.filter_map(|cell| drawn.get(&cell)).flatten().any(|nth| {
            let other = &kept[*nth];
            let away = (other.start.0 - piece.start.0).hypot(other.start.1 - piece.start.1);
            other.text == piece.text && away < SAME_PLACE * piece.width && !piece.text.trim().is_empty()
        });
        if again {
            continue;
        }
        let cell = drawn.entry((x, y)).or_default();
        if cell.len() < CELL_MAX {
            cell.push(kept.len());
        }
        kept.push(piece);
    }
    kept
}

/// With marks that are drawn over or under a letter of their own joined to it (Unicode §3.6).
fn composed(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut waiting: Option<(Piece, char)> = None;
    for mut piece in pieces {
        if let Some((mark, combining)) = waiting.take() {
            if stands_over(&mark, &piece) {
                piece.text = with_mark(&piece.text, combining);
            } else {
                out.push(mark);
            }
        }
        match combining(&piece.text) {
            Some(combining) => match out.last_mut() {
                Some(base) if stands_over(&piece, base) => base.text = with_mark(&base.text, combining),
                _ => waiting = Some((piece, combining)),
            },
            None => out.push(piece),
        }
    }
    out.extend(waiting.map(|(mark, _)| mark));
    out
}

fn stands_over(mark: &Piece, base: &Piece) -> bool {
    let middle = mark.middle();
    let (along, across) = base.place_of(middle);
    let (wide, _) = base.place_of(base.end);
    let letter = base.text.chars().next().is_some_and(char::is_alphabetic);
    letter && (0.0..=wide.max(0.01)).contains(&along) && across.abs() < base.height
}

fn with_mark(base: &str, mark: char) -> Rc<str> {
    let mut letters = base.chars();
    let first = match letters.next() {
        Some('ı') => 'i',
        Some('ȷ') => 'j',
        first => first.unwrap_or(' '),
    };
    [first, mark].into_iter().chain(letters).collect::<String>().into()
}

/// The combining form of a mark that stands by itself.
fn combining(text: &str) -> Option<char> {
    let mut signs = text.chars();
    let (Some(mark), None) = (signs.next(), signs.next()) else { return None };
    Some(match mark {
        '\u{300}'..='\u{36f}' => mark,
        '`' | 'ˋ' => '\u{300}',
        '´' | 'ˊ' => '\u{301}',
        '^' | 'ˆ' => '\u{302}',
        '~' | '˜' => '\u{303}',
        '¯' | 'ˉ' => '\u{304}',
        '˘' => '\u{306}',
        '˙' => '\u{307}',
        '¨' => '\u{308}',
        '°' | '˚' => '\u{30a}',
        '˝' => '\u{30b}',
        'ˇ' => '\u{30c}',
        '¸' => '\u{327}',
        '˛' => '\u{328}',
        _ => return None,
    })
}

/// The pieces that are seen, and for each whether a space is drawn before it. A soft hyphen is seen at the end of a line only.
fn without_spaces(pieces: Vec<Piece>) -> (Vec<Piece>, Vec<bool>) {
    let (mut seen, mut spaces, mut space): (Vec<Piece>, Vec<bool>, bool) =
        (Vec::with_capacity(pieces.len()), Vec::new(), false);
    for piece in pieces {
        if piece.text.trim().is_empty() {
            space = true;
            continue;
        }
        if let [.., before, hyphen] = seen.as_slice()
            && &*hyphen.text == "\u{ad}"
            && matches!(before.step_to(&piece, space), Step::Gap(..))
        {
            seen.pop();
            space |= spaces.pop().unwrap_or(false);
        }
        seen.push(piece);
        spaces.push(std::mem::take(&mut space));
    }
    (seen, spaces)
}

/// How each piece but the first stands to the one before.
fn steps(pieces: &[Piece], spaces: &[bool]) -> Vec<Step> {
    let pairs = pieces.windows(2).zip(spaces.iter().skip(1));
    pairs.map(|(pair, space)| pair[0].step_to(&pair[1], *space)).collect()
}

impl Piece {
    /// A place on the page, along this piece's line from its start and across it, in units of the page.
    fn place_of(&self, place: (f64, f64)) -> (f64, f64) {
        let (x, y) = (place.0 - self.start.0, place.1 - self.start.1);
        (x * self.direction.0 + y * self.direction.1, y * self.direction.0 - x * self.direction.1)
    }

    pub(super) fn middle(&self) -> (f64, f64) {
        (f64::midpoint(self.start.0, self.end.0), f64::midpoint(self.start.1, self.end.1))
    }

    fn step_to(&self, next: &Self, space: bool) -> Step {
        let turned = self.direction.0 * next.direction.0 + self.direction.1 * next.direction.1;
        if turned < 0.9 {
            return Step::Paragraph;
        }
        let (along, across) = self.place_of(next.start);
        let (end, base) = self.place_of(self.end);
        let gap = (along - end) / self.width.min(next.width);
        let drop = (across - base).abs() / self.height.max(next.height);
        if drop > SAME_PARAGRAPH {
            Step::Paragraph
        } else if drop > SAME_LINE {
            if gap < 0.0 { Step::Line } else { Step::Apart }
        } else if gap < -1.0 {
            Step::Apart
        } else {
            Step::Gap(gap, space)
        }
    }
}

/// For each step whether a word ends there.
fn word_ends(steps: &[Step]) -> Vec<bool> {
    let mut ends: Vec<bool> = steps
        .iter()
        .map(|step| match step {
            Step::Gap(gap, space) => *space || *gap > WORD_GAP,
            _ => true,
        })
        .collect();
    let mut at = 0;
    while at < steps.len() {
        // Letters that touch the first one say that the gaps behind it are those of words.
        let touched = at.checked_sub(1).is_some_and(|before| steps[before].touches());
        match if touched { None } else { tracked(&steps[at..]) } {
            Some((length, gap)) => {
                for nth in at..at + length {
                    if let Step::Gap(this, space) = steps[nth] {
                        ends[nth] = space || this > gap + TRACKING_TOLERANCE;
                    }
                }
                at += length;
            }
            None => at += 1,
        }
    }
    ends
}

impl Step {
    fn touches(self) -> bool {
        matches!(self, Self::Gap(gap, false) if gap < TRACKING_MIN)
    }
}

/// How many steps from here are between letters that are spaced on purpose, and the gap that they have.
fn tracked(steps: &[Step]) -> Option<(usize, f64)> {
    let Step::Gap(first, false) = *steps.first()? else { return None };
    if first < TRACKING_MIN {
        return None;
    }
    let (mut alike, mut wider, mut sum, mut length) = (0_usize, 0_usize, 0.0, 0_usize);
    let mut kerned = false;
    for (nth, step) in steps.iter().enumerate().take(TRACKED_MAX) {
        match step {
            Step::Gap(_, true) => {}
            Step::Gap(gap, false) if (gap - first).abs() <= TRACKING_TOLERANCE && *gap >= TRACKING_MIN => {
                alike += 1;
                sum += gap;
                kerned = false;
            }
            Step::Gap(gap, false) if *gap > first => {
                wider += 1;
                kerned = false;
            }
            // One pair may be drawn together, as « AV » is.
            Step::Gap(gap, false) if !kerned && *gap > first - KERNING_MAX => {
                kerned = true;
                continue;
            }
            _ => break,
        }
        length = nth + 1;
    }
    let ends_in_letters = steps.get(length).is_some_and(|step| step.touches());
    (alike >= TRACKED_PAIRS && alike >= 2 * wider && !ends_in_letters).then(|| (length, sum / alike as f64))
}

/// What becomes of the hyphen at the end of a line (ISO 32000-1 §14.8.2.2.3).
#[derive(Debug, Clone, Copy, PartialEq)]
enum Joint {
    /// No word goes on behind it.
    No,
    /// The word goes on at once, with its hyphen.
    Keep,
    /// The word goes on at once, without it.
    Drop,
}

/// The pieces of a page with where its words end.
struct Words<'a> {
    pieces: &'a [Piece],
    steps: &'a [Step],
    ends: &'a [bool],
    /// The words that the page has, asked only where a hyphen leaves a doubt.
    known: OnceCell<HashSet<String>>,
}

impl Words<'_> {
    fn joint(&self, nth: usize) -> Joint {
        let text = self.pieces[nth].text.trim_end();
        let Some(hyphen) = text.chars().next_back().filter(|last| is_hyphen(*last)) else { return Joint::No };
        let Some(Step::Line | Step::Paragraph) = self.steps.get(nth) else { return Joint::No };
        let next = self.pieces[nth + 1].text.trim_start().chars().next().unwrap_or(' ');
        if hyphen == '\u{ad}' {
            return if next.is_alphabetic() { Joint::Drop } else { Joint::No };
        }
        let (before, after) = (self.before(nth), self.after(nth + 1));
        if !before.chars().next_back().is_some_and(char::is_alphanumeric) || !next.is_alphanumeric() {
            return Joint::No;
        }
        if !next.is_lowercase() || is_address(&before, &after) || self.keeps_hyphen(&before, &after) {
            return Joint::Keep;
        }
        Joint::Drop
    }

    /// What is written of the word that this piece ends, without its hyphen.
    fn before(&self, nth: usize) -> String {
        let mut first = nth;
        while first > 0 && !self.ends[first - 1] && nth - first < WORD_MAX {
            first -= 1;
        }
        let word = self.written(first, nth);
        word.trim().trim_end_matches(is_hyphen).rsplit(char::is_whitespace).next().unwrap_or_default().to_owned()
    }

    fn after(&self, nth: usize) -> String {
        let mut last = nth;
        while last < self.ends.len() && !self.ends[last] && last - nth < WORD_MAX {
            last += 1;
        }
        self.written(nth, last).split_whitespace().next().unwrap_or_default().to_owned()
    }

    fn written(&self, first: usize, last: usize) -> String {
        self.pieces[first..=last].iter().map(|piece| &*piece.text).collect()
    }

    /// Whether the hyphen is the word's own: French has it also in the middle of a line, or the page has both words elsewhere.
    fn keeps_hyphen(&self, before: &str, after: &str) -> bool {
        let before = before.rsplit(['-', '’', '\'']).next().unwrap_or_default().to_lowercase();
        let after = letters(after).next().unwrap_or_default();
        let pair = PAIRS.iter().any(|(first, seconds)| *first == before && seconds.contains(&after.as_str()));
        if pair || FIRST.contains(&before.as_str()) || SECOND.contains(&after.as_str()) {
            return true;
        }
        let known = self.known.get_or_init(|| self.whole_words());
        known.contains(&before) && known.contains(&after) && !known.contains(&format!("{before}{after}"))
    }

    /// The words of the page that no line's end cuts.
    fn whole_words(&self) -> HashSet<String> {
        let (mut all, mut word, mut cut) = (HashSet::new(), String::new(), false);
        for (nth, piece) in self.pieces.iter().enumerate() {
            word.push_str(&piece.text);
            if self.ends.get(nth).is_none_or(|end| *end) {
                let hyphen = word.trim_end().ends_with(is_hyphen);
                if !cut && !hyphen {
                    all.extend(letters(&word).filter(|word| word.chars().count() > 2));
                }
                cut = hyphen;
                word.clear();
            }
        }
        all
    }
}

fn letters(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn is_hyphen(sign: char) -> bool {
    matches!(sign, '-' | '\u{ad}' | '\u{2010}')
}

/// An address of a mailbox or of a page: its hyphens are its own.
fn is_address(before: &str, after: &str) -> bool {
    let domain = after.split_once('.').is_some_and(|(_, top)| top.chars().next().is_some_and(char::is_alphanumeric));
    before.contains(['@', '/']) || before.starts_with("www.") || after.contains('@') || domain
}

/// First words that no other word begins with at the end of a syllable: « mi-lieu » is « milieu », « mi-temps » is in [`PAIRS`].
const FIRST: [&str; 16] = [
    "après", "arrière", "avant", "centre", "celle", "celles", "celui", "ceux", "chef", "demi", "demie", "grande",
    "non", "quasi", "semi", "vice",
];
const SECOND: [&str; 6] = ["là", "même", "mêmes", "nous", "vous", "œuvre"];
const PAIRS: [(&str, &[&str]); 8] = [
    ("au", &["delà", "dessous", "dessus", "devant"]),
    ("bien", &["être", "fondé"]),
    ("ci", &["après", "contre", "dessous", "dessus", "joint", "jointe"]),
    ("mi", &["journée", "parcours", "temps"]),
    ("par", &["delà", "dessus"]),
    ("peut", &["être"]),
    ("savoir", &["être", "faire"]),
    ("sous", &["jacent", "jacente", "préfecture", "titrage", "titre", "titres", "traitance", "traitant", "traitants"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Glyphs half an em wide, ten units of the page in size, one after the other from there; a gap of so many ems between them.
    fn line(text: &str, x: f64, y: f64, gap: f64) -> Vec<Piece> {
        let glyph = |(nth, c): (usize, char)| {
            let x = x + nth as f64 * (5.0 + 10.0 * gap);
            let direction = (1.0, 0.0);
            Piece { text: c.to_string().into(), start: (x, y), end: (x + 5.0, y), direction, width: 10.0, height: 10.0 }
        };
        text.chars().enumerate().map(glyph).collect()
    }

    fn said(pieces: Vec<Piece>) -> String {
        let mut sink = TextSink::default();
        write(pieces, &mut sink);
        sink.finish().0
    }

    #[test]
    fn g3_letters_spaced_on_purpose_stay_one_word() {
        assert_eq!(said(line("SCÉNOGRAPHIE", 0.0, 0.0, 0.3)), "SCÉNOGRAPHIE");
        assert_eq!(said(line("MES MÉTIERS", 0.0, 0.0, 0.2)), "MES MÉTIERS");
        // Words drawn apart, without a space between them.
        let words = [
            line("réponse", 0.0, 0.0, 0.0),
            line("à", 38.0, 0.0, 0.0),
            line("3", 46.0, 0.0, 0.0),
            line("appels", 54.0, 0.0, 0.0),
        ];
        assert_eq!(said(words.concat()), "réponse à 3 appels");
    }

    #[test]
    fn g3_a_word_cut_at_the_end_of_a_line_is_one() {
        for (first, second, whole) in [
            ("l’archéo-", "métrie", "l’archéométrie"),
            ("archéo\u{ad}", "métrie", "archéométrie"),
            ("archéo\u{2010}", "métrie", "archéométrie"),
            ("Saint-", "Étienne", "Saint-Étienne"),
            ("2019-", "2023", "2019-2023"),
            ("peut-", "être", "peut-être"),
            ("sous-", "crire", "souscrire"),
            ("jean.le-", "gall@mairie.example", "jean.le-gall@mairie.example"),
            ("tiret -", "suite", "tiret -\nsuite"),
        ] {
            let lines = [line(first, 0.0, 12.0, 0.0), line(second, 0.0, 0.0, 0.0)];
            assert_eq!(said(lines.concat()), whole);
        }
        let both = [line("aide ou soignante, aide-", 0.0, 12.0, 0.0), line("soignante", 0.0, 0.0, 0.0)];
        assert_eq!(said(both.concat()), "aide ou soignante, aide-soignante");
    }

    #[test]
    fn g3_a_soft_hyphen_inside_a_line_is_not_seen() {
        let mut pieces = line("spacément", 0.0, 0.0, 0.2);
        let at = pieces[4].end;
        pieces.insert(5, Piece { text: "\u{ad}".into(), start: at, end: at, ..pieces[4].clone() });
        assert_eq!(said(pieces), "spacément");
    }

    #[test]
    fn g3_a_mark_drawn_over_a_letter_is_a_part_of_it() {
        let accent = |x: f64| line("´", x, 2.0, 0.0);
        let before = [line("p", 0.0, 0.0, 0.0), accent(5.0), line("edagogie", 5.0, 0.0, 0.0)];
        assert_eq!(said(before.concat()), "pédagogie");
        let behind = [line("pe", 0.0, 0.0, 0.0), accent(5.0), line("dagogie", 10.0, 0.0, 0.0)];
        assert_eq!(said(behind.concat()), "pédagogie");
        let apart = [line("5 ", 0.0, 0.0, 0.0), line("° C", 10.0, 0.0, 0.0)];
        assert_eq!(said(apart.concat()), "5 ° C");
    }

    #[test]
    fn g3_text_drawn_twice_to_look_bold_is_read_once() {
        let twice = [line("Gras", 0.0, 0.0, 0.0), line("Gras", 0.3, 0.0, 0.0)];
        assert_eq!(said(twice.concat()), "Gras");
        assert_eq!(said(line("elles", 0.0, 0.0, 0.0)), "elles");
    }

    #[test]
    fn g3_lines_and_paragraphs_are_told_by_their_places() {
        let lines = [
            line("un", 0.0, 40.0, 0.0),
            line("deux", 0.0, 28.0, 0.0),
            line("trois", 0.0, 0.0, 0.0),
            line("quatre", 60.0, 0.0, 0.0),
        ];
        assert_eq!(said(lines.concat()), "un\ndeux\n\ntrois quatre");
        let mut turned = line("tourné", 0.0, 0.0, 0.0);
        for piece in &mut turned {
            let up = |(x, y): (f64, f64)| (y, x);
            (piece.start, piece.end, piece.direction) = (up(piece.start), up(piece.end), up(piece.direction));
        }
        assert_eq!(said(turned), "tourné");
    }
}
