//! Widths of the standard fonts, which a PDF may use without saying them (ISO 32000-1 §9.6.2.2), as the Liberation fonts have
//! them: those are drawn to the same widths.

use unicode_normalization::UnicodeNormalization;

/// Thousandths of the font's size, and the characters that are as wide. A letter with an accent is as wide as without.
type Widths = &'static [(u16, &'static str)];

const COURIER: u16 = 600;

/// The widths of a font of that name; none of a font that is not one of the standard ones or a known copy of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standard(Option<Widths>);

impl Standard {
    pub(super) fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let (bold, slanted) = (has(&["bold", "black"]), has(&["italic", "oblique"]));
        if has(&["courier"]) {
            return Some(Self(None));
        }
        if has(&["times"]) {
            return Some(Self(Some(match (bold, slanted) {
                (false, false) => TIMES,
                (true, false) => TIMES_BOLD,
                (false, true) => TIMES_ITALIC,
                (true, true) => TIMES_BOLD_ITALIC,
            })));
        }
        has(&["helvetica", "arial"]).then_some(Self(Some(if bold { HELVETICA_BOLD } else { HELVETICA })))
    }

    /// In thousandths of the size.
    pub(super) fn width(self, text: &str) -> Option<f64> {
        let Some(widths) = self.0 else { return Some(f64::from(COURIER)) };
        let base = text.nfd().next().map(|base| if base.is_whitespace() { ' ' } else { base })?;
        widths.iter().find(|(_, as_wide)| as_wide.contains(base)).map(|(width, _)| f64::from(*width))
    }
}

const HELVETICA: Widths = &[
    (191, "'"),
    (222, "ijl‚‘’"),
    (260, "|¦"),
    (278, " !,./:;I[\\]ft·ı"),
    (333, "()-`r„ˆ‹“”˜›¡¨´¸"),
    (334, "{}"),
    (350, "•"),
    (355, "\""),
    (365, "º"),
    (370, "ª"),
    (389, "*"),
    (400, "°"),
    (469, "^"),
    (500, "Jcksvxyz"),
    (537, "¶"),
    (549, "±÷"),
    (552, "¯"),
    (556, "#$0123456789?L_abdeghnopqu€ƒ†‡–¢£¤¥§« »"),
    (576, "µ"),
    (584, "+<=>~¬×"),
    (611, "FTZ¿ßø"),
    (667, "&ABEKPSVXY"),
    (722, "CDHNRUw"),
    (737, "©®"),
    (778, "GOQØ"),
    (833, "Mm"),
    (889, "%æ"),
    (944, "Wœ"),
    (1000, "…‰Œ—™Æ"),
    (1015, "@"),
];
const HELVETICA_BOLD: Widths = &[
    (238, "'"),
    (278, " ,./I\\ijl‚‘’·ı"),
    (280, "|¦"),
    (333, "!()-:;[]`ftˆ‹˜›¡¨´¸"),
    (350, "•"),
    (365, "º"),
    (370, "ª"),
    (389, "*r{}"),
    (400, "°"),
    (474, "\""),
    (500, "z„“”"),
    (549, "±÷"),
    (552, "¯"),
    (556, "#$0123456789J_aceksvxy€ƒ†‡–¢£¤¥§« ¶ »"),
    (576, "µ"),
    (584, "+<=>^~¬×"),
    (611, "?FLTZbdghnopqu¿ßø"),
    (667, "EPSVXY"),
    (722, "&ABCDHKNRU"),
    (737, "©®"),
    (778, "GOQwØ"),
    (833, "M"),
    (889, "%mæ"),
    (944, "Wœ"),
    (975, "@"),
    (1000, "…‰Œ—™Æ"),
];
const TIMES: Widths = &[
    (180, "'"),
    (200, "|¦"),
    (250, " ,.·"),
    (276, "ª"),
    (278, "/:;\\ijltı"),
    (310, "º"),
    (333, "!()-I[]`fr‚ˆ‹‘’˜›¡¨´¸"),
    (350, "•"),
    (389, "Js"),
    (400, "°"),
    (408, "\""),
    (444, "?acez„“”¿"),
    (453, "¶"),
    (469, "^"),
    (480, "{}"),
    (500, "#$*0123456789_bdghknopquvxy€ƒ†‡–¢£¤¥§« ¯ »ßø"),
    (541, "~"),
    (549, "±÷"),
    (556, "FPS"),
    (564, "+<=>¬×"),
    (576, "µ"),
    (611, "ELTZ"),
    (667, "BCRæ"),
    (722, "ADGHKNOQUVXYwœØ"),
    (760, "©®"),
    (778, "&m"),
    (833, "%"),
    (889, "MŒÆ"),
    (921, "@"),
    (944, "W"),
    (980, "™"),
    (1000, "…‰—"),
];
const TIMES_BOLD: Widths = &[
    (220, "|¦"),
    (250, " ,.·"),
    (278, "'/\\ilı"),
    (300, "ª"),
    (330, "º"),
    (333, "!()-:;[]`fjt‚ˆ‹‘’˜›¡¨´¸"),
    (350, "•"),
    (389, "Is"),
    (394, "{}"),
    (400, "°"),
    (444, "cerz"),
    (500, "#$*0123456789?J_agovxy€ƒ„†‡“”–¢£¤¥§« ¯ »¿ø"),
    (520, "~"),
    (540, "¶"),
    (549, "±÷"),
    (555, "\""),
    (556, "Sbdhknpquß"),
    (570, "+<=>¬×"),
    (576, "µ"),
    (581, "^"),
    (611, "FP"),
    (667, "BELTZ"),
    (722, "ACDNRUVXYwœæ"),
    (747, "©®"),
    (778, "GHKOQØ"),
    (833, "&m"),
    (930, "@"),
    (944, "M"),
    (1000, "%W…‰Œ—™Æ"),
];
const TIMES_ITALIC: Widths = &[
    (214, "'"),
    (250, " ,.·"),
    (275, "|¦"),
    (276, "ª"),
    (278, "/\\fijltı"),
    (310, "º"),
    (333, "!()-:;I`‚ˆ‹‘’˜›¨´¸"),
    (350, "•"),
    (389, "[]rsz¡"),
    (400, "{}°"),
    (420, "\""),
    (422, "^"),
    (444, "Jcekvxy"),
    (500, "#$*0123456789?S_abdghnopqu€ƒ†‡–¢£¤¥§« ¯ »¿ßø"),
    (523, "¶"),
    (541, "~"),
    (549, "±÷"),
    (556, "LTYZ„“”"),
    (576, "µ"),
    (611, "ABEFPRVX"),
    (667, "CKNwœæ"),
    (675, "+<=>¬×"),
    (722, "DGHOQUmØ"),
    (760, "©®"),
    (778, "&"),
    (833, "%MW"),
    (889, "…—Æ"),
    (920, "@"),
    (944, "Œ"),
    (980, "™"),
    (1000, "‰"),
];
const TIMES_BOLD_ITALIC: Widths = &[
    (220, "|¦"),
    (250, " ,.·"),
    (266, "ª"),
    (278, "'/\\ijltı"),
    (300, "º"),
    (333, "()-:;[]`f‚ˆ‹‘’˜›¨´¸"),
    (348, "{}"),
    (350, "•"),
    (389, "!Irsz¡"),
    (400, "°"),
    (444, "cevy"),
    (500, "#$*0123456789?J_abdgkopqx€ƒ„†‡“”–¢£¤¥§« ¯¶ »¿ßø"),
    (549, "±÷"),
    (555, "\""),
    (556, "Shnu"),
    (570, "+<=>^~×"),
    (576, "µ"),
    (606, "¬"),
    (611, "LPTYZ"),
    (667, "ABCEFKRVXw"),
    (722, "DGNOQUœØæ"),
    (747, "©®"),
    (778, "&Hm"),
    (832, "@"),
    (833, "%"),
    (889, "MW"),
    (944, "ŒÆ"),
    (1000, "…‰—™"),
];
