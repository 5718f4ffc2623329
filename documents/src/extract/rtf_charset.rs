//! Code pages an RTF may name, by number and by a font's charset.

use encoding_rs as enc;

/// How bytes become characters.
#[derive(Clone, Copy)]
pub(super) enum CodePage {
    /// One of the Web's encodings.
    Encoding(&'static enc::Encoding),
    /// The characters of bytes 0x80 to 0xff, for the pages of DOS.
    Table(&'static [char; 128]),
}

/// The page of that number; windows-1252 for one we don't know.
pub(super) fn code_page(number: i32) -> CodePage {
    match number {
        437 => CodePage::Table(&DOS_437),
        850 | 858 => CodePage::Table(&DOS_850),
        866 => CodePage::Encoding(enc::IBM866),
        874 => CodePage::Encoding(enc::WINDOWS_874),
        932 => CodePage::Encoding(enc::SHIFT_JIS),
        936 => CodePage::Encoding(enc::GBK),
        949 => CodePage::Encoding(enc::EUC_KR),
        950 => CodePage::Encoding(enc::BIG5),
        1250 => CodePage::Encoding(enc::WINDOWS_1250),
        1251 => CodePage::Encoding(enc::WINDOWS_1251),
        1253 => CodePage::Encoding(enc::WINDOWS_1253),
        1254 => CodePage::Encoding(enc::WINDOWS_1254),
        1255 => CodePage::Encoding(enc::WINDOWS_1255),
        1256 => CodePage::Encoding(enc::WINDOWS_1256),
        1257 => CodePage::Encoding(enc::WINDOWS_1257),
        1258 => CodePage::Encoding(enc::WINDOWS_1258),
        10_000 => CodePage::Encoding(enc::MACINTOSH),
        10_007 => CodePage::Encoding(enc::X_MAC_CYRILLIC),
        28_591 | 28_605 => CodePage::Encoding(enc::ISO_8859_15),
        65_001 => CodePage::Encoding(enc::UTF_8),
        _ => CodePage::Encoding(enc::WINDOWS_1252),
    }
}

/// The page of a font's `\fcharset`; `None` keeps the document's own.
pub(super) fn of_font_charset(charset: i32) -> Option<CodePage> {
    let number = match charset {
        0 => 1252,
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        254 => 437,
        255 => 850,
        _ => return None,
    };
    Some(code_page(number))
}

/// Code page 437, upper half.
#[rustfmt::skip]
static DOS_437: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ',
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '⌐', '¬', '½', '¼', '¡', '«', '»',
    '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║', '╗', '╝', '╜', '╛', '┐',
    '└', '┴', '┬', '├', '─', '┼', '╞', '╟', '╚', '╔', '╩', '╦', '╠', '═', '╬', '╧',
    '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█', '▄', '▌', '▐', '▀',
    'α', 'ß', 'Γ', 'π', 'Σ', 'σ', 'µ', 'τ', 'Φ', 'Θ', 'Ω', 'δ', '∞', 'φ', 'ε', '∩',
    '≡', '±', '≥', '≤', '⌠', '⌡', '÷', '≈', '°', '∙', '·', '√', 'ⁿ', '²', '■', '\u{a0}',
];

/// Code page 850, upper half.
#[rustfmt::skip]
static DOS_850: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ',
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '®', '¬', '½', '¼', '¡', '«', '»',
    '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©', '╣', '║', '╗', '╝', '¢', '¥', '┐',
    '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤',
    'ð', 'Ð', 'Ê', 'Ë', 'È', 'ı', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì', '▀',
    'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ', 'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´',
    '\u{ad}', '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³', '²', '■', '\u{a0}',
];
