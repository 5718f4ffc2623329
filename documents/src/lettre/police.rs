//! The face of letters, Libertinus Serif, from the fonts of Typst's assets, and the width of words in it.

use std::sync::LazyLock;

use krilla::text::Font;
use rustybuzz::{Direction, Face, UnicodeBuffer};

use super::error::Error;

/// Regular; `build.rs` puts it there.
static NORMALE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/normale.otf"));
static GRASSE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/grasse.otf"));

/// A weight of the face.
pub(super) struct Police {
    face: Face<'static>,
    pub(super) font: Font,
}

impl Police {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { font: Font::new(bytes.into(), 0)?, face: Face::from_slice(bytes, 0)? })
    }

    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let units: i32 = shaped.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
        units as f32 / self.font.units_per_em() * size
    }
}

/// The two weights that a letter uses.
pub(super) struct Polices {
    pub(super) normale: Police,
    pub(super) grasse: Police,
}

impl Polices {
    pub(super) fn get() -> Result<&'static Self, Error> {
        static POLICES: LazyLock<Option<Polices>> =
            LazyLock::new(|| Some(Polices { normale: Police::read(NORMALE)?, grasse: Police::read(GRASSE)? }));
        POLICES.as_ref().ok_or_else(|| Error::Made("the face of letters can't be read".to_owned()))
    }

    /// The first character without a glyph, or of a right-to-left script, which is not supported here.
    pub(super) fn missing(&self, text: &str) -> Option<char> {
        text.chars().find(|&sign| {
            let leftward = matches!(sign, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
            let known = [&self.normale, &self.grasse].iter().all(|one| one.face.glyph_index(sign).is_some());
            !sign.is_ascii_whitespace() && (leftward || !known)
        })
    }
}
