//! Takes from the fonts of Typst's assets the two weights that letters use: two of some thirty files, which would weigh ten
//! times as much in the program.

use std::path::PathBuf;

use ttf_parser::{Face, name_id};

const FAMILLE: &str = "Libertinus Serif";
/// Its weights, and the files that `src/lettre/police.rs` includes.
const GRAISSES: [(u16, &str); 2] = [(400, "normale.otf"), (700, "grasse.otf")];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").expect("Cargo names a folder"));
    for (weight, file) in GRAISSES {
        let bytes = typst_assets::fonts()
            .find(|bytes| is(bytes, weight))
            .unwrap_or_else(|| panic!("{FAMILLE} {weight} is not among the fonts"));
        std::fs::write(folder.join(file), bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

/// Whether a font is upright, of the family and of that weight.
fn is(bytes: &[u8], weight: u16) -> bool {
    let Ok(face) = Face::parse(bytes, 0) else { return false };
    let family = face.names().into_iter().find(|name| name.name_id == name_id::FAMILY && name.is_unicode());
    // A semibold bears its weight in its family's name.
    family.and_then(|name| name.to_string()).is_some_and(|name| name == FAMILLE)
        && !face.is_italic()
        && face.weight().to_number() == weight
}
