//! A font as far as reading needs it: which codes a string holds, what each stands for, and how far it moves the pen
//! (ISO 32000-1 §9.5 to §9.10).

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object};

use super::cmap::CMap;
use super::glyphs::{self, CODES, Table};
use super::metrics::Standard;
use super::object::{array, bytes, dictionary, get, name, number, number_in, numbers, resolved, stream};

/// The width of a glyph of which nothing says it, in parts of the size.
const USUAL_WIDTH: f64 = 0.5;

/// One code of a string.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Empty when nothing says what it stands for.
    pub(super) text: Rc<str>,
    /// How far the pen moves, in parts of the font's size.
    pub(super) advance: f64,
    /// Whether word spacing applies: the one byte 32 (§9.3.3).
    pub(super) is_space: bool,
}

pub(super) struct Font<'a> {
    document: &'a Document,
    to_unicode: Option<CMap>,
    kind: Kind<'a>,
    pub(super) vertical: bool,
    known: RefCell<HashMap<u32, Glyph>>,
}

enum Kind<'a> {
    Simple { table: Table, widths: Vec<Option<f64>>, missing: Option<f64>, standard: Option<Standard>, unit: f64 },
    Composite(Box<Composite<'a>>),
}

struct Composite<'a> {
    codes: Codes,
    widths: CidWidths,
    usual: f64,
    descendant: &'a Dictionary,
    /// What its file says of its glyphs: asked only when nothing else says it.
    glyphs: OnceCell<HashMap<u16, String>>,
    to_glyph: OnceCell<Option<Vec<u8>>>,
}

enum Codes {
    /// Two bytes are a CID.
    Identity,
    /// Two bytes are UTF-16 (« UniJIS-UTF16-H » and others).
    Unicode,
    Map(CMap),
}

impl<'a> Font<'a> {
    pub(super) fn new(document: &'a Document, font: &'a Dictionary) -> Self {
        let to_unicode = stream(document, font, "ToUnicode").and_then(|stream| bytes(document, stream));
        let to_unicode = to_unicode.map(|map| CMap::parse(&map));
        let descendant = array(document, font, "DescendantFonts").and_then(<[Object]>::first);
        let descendant = descendant.and_then(|object| resolved(document, object).as_dict().ok());
        let (kind, vertical) = match descendant {
            Some(descendant) => composite(document, font, descendant),
            None => (simple(document, font, to_unicode.is_some()), false),
        };
        Self { document, to_unicode, kind, vertical, known: RefCell::default() }
    }

    /// The codes of a string, one after the other.
    pub(super) fn glyphs(&self, string: &[u8]) -> Vec<Glyph> {
        let mut all = Vec::new();
        let mut rest = string;
        while !rest.is_empty() {
            let length = match &self.kind {
                Kind::Simple { .. } => 1,
                Kind::Composite(of) => match &of.codes {
                    Codes::Map(map) => map.length_at(rest),
                    Codes::Identity | Codes::Unicode => 2,
                },
            };
            let (code, after) = rest.split_at(length.min(rest.len()));
            let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
            let known = self.known.borrow().get(&code).cloned();
            let glyph = known.unwrap_or_else(|| {
                let glyph = self.glyph(code, length);
                self.known.borrow_mut().insert(code, glyph.clone());
                glyph
            });
            all.push(glyph);
            rest = after;
        }
        all
    }

    fn glyph(&self, code: u32, length: usize) -> Glyph {
        let mapped = self.to_unicode.as_ref().and_then(|map| map.text_of(code));
        let own = |text: Option<&String>| text.cloned();
        let (text, advance) = match &self.kind {
            Kind::Simple { table, widths, missing, standard, unit } => {
                let nth = code as usize;
                let text = mapped.or_else(|| own(table.get(nth).and_then(Option::as_ref)));
                let width = widths.get(nth).copied().flatten().or(*missing);
                let width = width.or_else(|| standard.and_then(|standard| standard.width(text.as_deref()?)));
                (text, width.map_or(USUAL_WIDTH, |width| width * unit))
            }
            Kind::Composite(of) => {
                let cid = match &of.codes {
                    Codes::Map(map) => map.cid_of(code).unwrap_or(0),
                    _ => code,
                };
                let text = mapped.or_else(|| match of.codes {
                    Codes::Unicode => char::from_u32(code).map(String::from),
                    _ => own(of.glyphs(self.document).get(&of.glyph_of(self.document, cid)?)),
                });
                (text, of.widths.get(cid).unwrap_or(of.usual) / 1000.0)
            }
        };
        let advance = if advance.is_finite() { advance } else { USUAL_WIDTH };
        Glyph { text: text.unwrap_or_default().into(), advance, is_space: code == 32 && length == 1 }
    }
}

impl Composite<'_> {
    fn glyphs(&self, document: &Document) -> &HashMap<u16, String> {
        self.glyphs.get_or_init(|| {
            let file = dictionary(document, self.descendant, "FontDescriptor").and_then(|of| file(document, of));
            file.map(|(_, file)| glyphs::by_glyph(document, &file)).unwrap_or_default()
        })
    }

    /// §9.7.4.2: a table of two bytes for each CID, or the CID itself.
    fn glyph_of(&self, document: &Document, cid: u32) -> Option<u16> {
        let table = self.to_glyph.get_or_init(|| {
            stream(document, self.descendant, "CIDToGIDMap").and_then(|stream| bytes(document, stream))
        });
        match table {
            Some(table) => {
                let at = usize::try_from(cid).ok()?.checked_mul(2)?;
                table.get(at..at + 2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            }
            None => u16::try_from(cid).ok(),
        }
    }
}

fn composite<'a>(document: &'a Document, font: &'a Dictionary, descendant: &'a Dictionary) -> (Kind<'a>, bool) {
    let (codes, vertical) = match get(document, font, "Encoding") {
        Some(Object::Stream(map)) => {
            let map = CMap::parse(&bytes(document, map).unwrap_or_default());
            let vertical = map.vertical;
            (Codes::Map(map), vertical)
        }
        Some(Object::Name(name)) => {
            let unicode = name.starts_with(b"Uni") && memchr::memmem::find(name, b"UTF8").is_none();
            (if unicode { Codes::Unicode } else { Codes::Identity }, name.ends_with(b"-V"))
        }
        _ => (Codes::Identity, false),
    };
    let widths = CidWidths::of(document, descendant);
    let usual = number_in(document, descendant, "DW").unwrap_or(1000.0);
    let (glyphs, to_glyph) = (OnceCell::new(), OnceCell::new());
    (Kind::Composite(Box::new(Composite { codes, widths, usual, descendant, glyphs, to_glyph })), vertical)
}

/// `/W` in both its forms, which may be mixed: « first [width width …] » and « first last width » (§9.7.4.3).
#[derive(Default)]
struct CidWidths {
    listed: HashMap<u32, f64>,
    ranges: Vec<(u32, u32, f64)>,
}

impl CidWidths {
    fn of(document: &Document, descendant: &Dictionary) -> Self {
        let mut widths = Self::default();
        let said = array(document, descendant, "W").unwrap_or_default();
        let mut said = said.iter().map(|object| resolved(document, object));
        while let (Some(first), Some(second)) = (said.next(), said.next()) {
            let Some(first) = number(first).map(|first| first as u32) else { continue };
            if let Object::Array(all) = second {
                for (nth, width) in (first..=0xffff).zip(all) {
                    if let Some(width) = number(resolved(document, width)) {
                        widths.listed.insert(nth, width);
                    }
                }
            } else if let (Some(last), Some(width)) = (number(second), said.next().and_then(number)) {
                widths.ranges.push((first, last as u32, width));
            }
        }
        widths
    }

    /// In thousandths of the size.
    fn get(&self, cid: u32) -> Option<f64> {
        let ranged =
            || self.ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&cid)).map(|(.., width)| *width);
        self.listed.get(&cid).copied().or_else(ranged)
    }
}

fn simple<'a>(document: &'a Document, font: &'a Dictionary, mapped: bool) -> Kind<'a> {
    let descriptor = dictionary(document, font, "FontDescriptor");
    let first = number_in(document, font, "FirstChar").map_or(0, |first| first as usize);
    let said = array(document, font, "Widths");
    let mut widths = vec![None; CODES];
    for (place, width) in widths.iter_mut().skip(first).zip(said.unwrap_or_default()) {
        *place = number(resolved(document, width));
    }
    let missing = said.and(descriptor).and_then(|of| number_in(document, of, "MissingWidth"));
    let base = String::from_utf8_lossy(name(document, font, "BaseFont").unwrap_or_default()).into_owned();
    let standard = Standard::of(&base);
    let is_type3 = name(document, font, "Subtype") == Some(b"Type3");
    let unit =
        if is_type3 { numbers::<1>(document, font, "FontMatrix").map_or(0.001, |[unit]| unit.abs()) } else { 0.001 };
    Kind::Simple { table: table(document, font, descriptor, mapped), widths, missing, standard, unit }
}

/// What the codes of a simple font stand for, without its `ToUnicode` (§9.6.6).
fn table(document: &Document, font: &Dictionary, descriptor: Option<&Dictionary>, mapped: bool) -> Table {
    let encoding = get(document, font, "Encoding");
    let (base, differences) = match encoding {
        Some(Object::Name(name)) => (glyphs::named(document, name), None),
        Some(Object::Dictionary(of)) => {
            let base = name(document, of, "BaseEncoding").and_then(|base| glyphs::named(document, base));
            (base, array(document, of, "Differences"))
        }
        _ => (None, None),
    };
    let own = || {
        descriptor.and_then(|of| file(document, of)).and_then(|(key, file)| match key {
            "FontFile" => glyphs::of_type1(document, &file),
            "FontFile2" => glyphs::of_true_type(document, &file),
            _ => glyphs::of_cff(document, glyphs::cff_in(&file)),
        })
    };
    // A font's own encoding costs time, and a ToUnicode says nearly all of it.
    let base = base.or_else(|| if mapped { None } else { own() });
    let mut table =
        base.or_else(|| glyphs::named(document, usual(document, font))).unwrap_or_else(|| vec![None; CODES]);
    let mut code = 0_usize;
    for object in differences.unwrap_or_default() {
        match resolved(document, object) {
            Object::Name(name) => {
                if let Some(place) = table.get_mut(code) {
                    *place = glyphs::character(document, name).or_else(|| by_number(name, code));
                }
                code += 1;
            }
            object => code = number(object).map_or(code, |number| number as usize),
        }
    }
    table
}

/// Where nothing says it: what most TrueType fonts mean, and what the standard says of the others.
fn usual(document: &Document, font: &Dictionary) -> &'static [u8] {
    if name(document, font, "Subtype") == Some(b"TrueType") { b"WinAnsiEncoding" } else { b"StandardEncoding" }
}

/// Fonts of bitmaps that dvips makes: « a101 » at code 101 is the letter that ASCII has there.
fn by_number(name: &[u8], code: usize) -> Option<String> {
    let digits = std::str::from_utf8(name).ok()?.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let same = digits.parse() == Ok(code) && (32..127).contains(&code);
    same.then(|| char::from(code as u8).to_string())
}

/// The font's file, with the key that says its kind (§9.9).
fn file(document: &Document, descriptor: &Dictionary) -> Option<(&'static str, Vec<u8>)> {
    ["FontFile", "FontFile2", "FontFile3"].into_iter().find_map(|key| {
        let file = stream(document, descriptor, key)?;
        Some((key, bytes(document, file)?))
    })
}
