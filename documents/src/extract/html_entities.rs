//! The named characters of HTML: those of HTML 4 (W3C Recommendation, §24) and, of the many more that HTML has today
//! (Living Standard §13.5), letters, punctuation and the marks that lists begin with. Sorted by name.

/// The character of `&name;`.
pub(super) fn named(name: &str) -> Option<char> {
    of_html_4(name).or_else(|| find(&MORE, name))
}

/// The character of `&name` without its semicolon, in letters that may go on: the longest of the old names
/// (§13.2.5.73), and how long that is.
pub(super) fn unfinished(name: &str) -> Option<(char, usize)> {
    if let Some(character) = of_html_4(name) {
        return Some((character, name.len()));
    }
    let lengths = (2..name.len()).rev().filter(|length| name.is_char_boundary(*length));
    let mut old = lengths.filter_map(|length| Some((of_html_4(&name[..length])?, length)));
    old.find(|(character, _)| *character <= '\u{ff}' && *character != '\'')
}

fn of_html_4(name: &str) -> Option<char> {
    find(&HTML_4, name)
}

fn find(table: &[(&str, char)], name: &str) -> Option<char> {
    table.binary_search_by_key(&name, |(name, _)| name).ok().map(|index| table[index].1)
}

#[rustfmt::skip]
static HTML_4: [(&str, char); 253] = [
    ("AElig", '\u{c6}'), ("Aacute", '\u{c1}'), ("Acirc", '\u{c2}'), ("Agrave", '\u{c0}'), ("Alpha", '\u{391}'),
    ("Aring", '\u{c5}'), ("Atilde", '\u{c3}'), ("Auml", '\u{c4}'), ("Beta", '\u{392}'), ("Ccedil", '\u{c7}'),
    ("Chi", '\u{3a7}'), ("Dagger", '\u{2021}'), ("Delta", '\u{394}'), ("ETH", '\u{d0}'), ("Eacute", '\u{c9}'),
    ("Ecirc", '\u{ca}'), ("Egrave", '\u{c8}'), ("Epsilon", '\u{395}'), ("Eta", '\u{397}'), ("Euml", '\u{cb}'),
    ("Gamma", '\u{393}'), ("Iacute", '\u{cd}'), ("Icirc", '\u{ce}'), ("Igrave", '\u{cc}'), ("Iota", '\u{399}'),
    ("Iuml", '\u{cf}'), ("Kappa", '\u{39a}'), ("Lambda", '\u{39b}'), ("Mu", '\u{39c}'), ("Ntilde", '\u{d1}'),
    ("Nu", '\u{39d}'), ("OElig", '\u{152}'), ("Oacute", '\u{d3}'), ("Ocirc", '\u{d4}'), ("Ograve", '\u{d2}'),
    ("Omega", '\u{3a9}'), ("Omicron", '\u{39f}'), ("Oslash", '\u{d8}'), ("Otilde", '\u{d5}'), ("Ouml", '\u{d6}'),
    ("Phi", '\u{3a6}'), ("Pi", '\u{3a0}'), ("Prime", '\u{2033}'), ("Psi", '\u{3a8}'), ("Rho", '\u{3a1}'),
    ("Scaron", '\u{160}'), ("Sigma", '\u{3a3}'), ("THORN", '\u{de}'), ("Tau", '\u{3a4}'), ("Theta", '\u{398}'),
    ("Uacute", '\u{da}'), ("Ucirc", '\u{db}'), ("Ugrave", '\u{d9}'), ("Upsilon", '\u{3a5}'), ("Uuml", '\u{dc}'),
    ("Xi", '\u{39e}'), ("Yacute", '\u{dd}'), ("Yuml", '\u{178}'), ("Zeta", '\u{396}'), ("aacute", '\u{e1}'),
    ("acirc", '\u{e2}'), ("acute", '\u{b4}'), ("aelig", '\u{e6}'), ("agrave", '\u{e0}'), ("alefsym", '\u{2135}'),
    ("alpha", '\u{3b1}'), ("amp", '\u{26}'), ("and", '\u{2227}'), ("ang", '\u{2220}'), ("apos", '\u{27}'),
    ("aring", '\u{e5}'), ("asymp", '\u{2248}'), ("atilde", '\u{e3}'), ("auml", '\u{e4}'), ("bdquo", '\u{201e}'),
    ("beta", '\u{3b2}'), ("brvbar", '\u{a6}'), ("bull", '\u{2022}'), ("cap", '\u{2229}'), ("ccedil", '\u{e7}'),
    ("cedil", '\u{b8}'), ("cent", '\u{a2}'), ("chi", '\u{3c7}'), ("circ", '\u{2c6}'), ("clubs", '\u{2663}'),
    ("cong", '\u{2245}'), ("copy", '\u{a9}'), ("crarr", '\u{21b5}'), ("cup", '\u{222a}'), ("curren", '\u{a4}'),
    ("dArr", '\u{21d3}'), ("dagger", '\u{2020}'), ("darr", '\u{2193}'), ("deg", '\u{b0}'), ("delta", '\u{3b4}'),
    ("diams", '\u{2666}'), ("divide", '\u{f7}'), ("eacute", '\u{e9}'), ("ecirc", '\u{ea}'), ("egrave", '\u{e8}'),
    ("empty", '\u{2205}'), ("emsp", '\u{2003}'), ("ensp", '\u{2002}'), ("epsilon", '\u{3b5}'),
    ("equiv", '\u{2261}'), ("eta", '\u{3b7}'), ("eth", '\u{f0}'), ("euml", '\u{eb}'), ("euro", '\u{20ac}'),
    ("exist", '\u{2203}'), ("fnof", '\u{192}'), ("forall", '\u{2200}'), ("frac12", '\u{bd}'), ("frac14", '\u{bc}'),
    ("frac34", '\u{be}'), ("frasl", '\u{2044}'), ("gamma", '\u{3b3}'), ("ge", '\u{2265}'), ("gt", '\u{3e}'),
    ("hArr", '\u{21d4}'), ("harr", '\u{2194}'), ("hearts", '\u{2665}'), ("hellip", '\u{2026}'),
    ("iacute", '\u{ed}'), ("icirc", '\u{ee}'), ("iexcl", '\u{a1}'), ("igrave", '\u{ec}'), ("image", '\u{2111}'),
    ("infin", '\u{221e}'), ("int", '\u{222b}'), ("iota", '\u{3b9}'), ("iquest", '\u{bf}'), ("isin", '\u{2208}'),
    ("iuml", '\u{ef}'), ("kappa", '\u{3ba}'), ("lArr", '\u{21d0}'), ("lambda", '\u{3bb}'), ("lang", '\u{27e8}'),
    ("laquo", '\u{ab}'), ("larr", '\u{2190}'), ("lceil", '\u{2308}'), ("ldquo", '\u{201c}'), ("le", '\u{2264}'),
    ("lfloor", '\u{230a}'), ("lowast", '\u{2217}'), ("loz", '\u{25ca}'), ("lrm", '\u{200e}'),
    ("lsaquo", '\u{2039}'), ("lsquo", '\u{2018}'), ("lt", '\u{3c}'), ("macr", '\u{af}'), ("mdash", '\u{2014}'),
    ("micro", '\u{b5}'), ("middot", '\u{b7}'), ("minus", '\u{2212}'), ("mu", '\u{3bc}'), ("nabla", '\u{2207}'),
    ("nbsp", '\u{a0}'), ("ndash", '\u{2013}'), ("ne", '\u{2260}'), ("ni", '\u{220b}'), ("not", '\u{ac}'),
    ("notin", '\u{2209}'), ("nsub", '\u{2284}'), ("ntilde", '\u{f1}'), ("nu", '\u{3bd}'), ("oacute", '\u{f3}'),
    ("ocirc", '\u{f4}'), ("oelig", '\u{153}'), ("ograve", '\u{f2}'), ("oline", '\u{203e}'), ("omega", '\u{3c9}'),
    ("omicron", '\u{3bf}'), ("oplus", '\u{2295}'), ("or", '\u{2228}'), ("ordf", '\u{aa}'), ("ordm", '\u{ba}'),
    ("oslash", '\u{f8}'), ("otilde", '\u{f5}'), ("otimes", '\u{2297}'), ("ouml", '\u{f6}'), ("para", '\u{b6}'),
    ("part", '\u{2202}'), ("permil", '\u{2030}'), ("perp", '\u{22a5}'), ("phi", '\u{3c6}'), ("pi", '\u{3c0}'),
    ("piv", '\u{3d6}'), ("plusmn", '\u{b1}'), ("pound", '\u{a3}'), ("prime", '\u{2032}'), ("prod", '\u{220f}'),
    ("prop", '\u{221d}'), ("psi", '\u{3c8}'), ("quot", '\u{22}'), ("rArr", '\u{21d2}'), ("radic", '\u{221a}'),
    ("rang", '\u{27e9}'), ("raquo", '\u{bb}'), ("rarr", '\u{2192}'), ("rceil", '\u{2309}'), ("rdquo", '\u{201d}'),
    ("real", '\u{211c}'), ("reg", '\u{ae}'), ("rfloor", '\u{230b}'), ("rho", '\u{3c1}'), ("rlm", '\u{200f}'),
    ("rsaquo", '\u{203a}'), ("rsquo", '\u{2019}'), ("sbquo", '\u{201a}'), ("scaron", '\u{161}'),
    ("sdot", '\u{22c5}'), ("sect", '\u{a7}'), ("shy", '\u{ad}'), ("sigma", '\u{3c3}'), ("sigmaf", '\u{3c2}'),
    ("sim", '\u{223c}'), ("spades", '\u{2660}'), ("sub", '\u{2282}'), ("sube", '\u{2286}'), ("sum", '\u{2211}'),
    ("sup", '\u{2283}'), ("sup1", '\u{b9}'), ("sup2", '\u{b2}'), ("sup3", '\u{b3}'), ("supe", '\u{2287}'),
    ("szlig", '\u{df}'), ("tau", '\u{3c4}'), ("there4", '\u{2234}'), ("theta", '\u{3b8}'), ("thetasym", '\u{3d1}'),
    ("thinsp", '\u{2009}'), ("thorn", '\u{fe}'), ("tilde", '\u{2dc}'), ("times", '\u{d7}'), ("trade", '\u{2122}'),
    ("uArr", '\u{21d1}'), ("uacute", '\u{fa}'), ("uarr", '\u{2191}'), ("ucirc", '\u{fb}'), ("ugrave", '\u{f9}'),
    ("uml", '\u{a8}'), ("upsih", '\u{3d2}'), ("upsilon", '\u{3c5}'), ("uuml", '\u{fc}'), ("weierp", '\u{2118}'),
    ("xi", '\u{3be}'), ("yacute", '\u{fd}'), ("yen", '\u{a5}'), ("yuml", '\u{ff}'), ("zeta", '\u{3b6}'),
    ("zwj", '\u{200d}'), ("zwnj", '\u{200c}'),
];

#[rustfmt::skip]
static MORE: [(&str, char); 262] = [
    ("AMP", '\u{26}'), ("Abreve", '\u{102}'), ("Amacr", '\u{100}'), ("Aogon", '\u{104}'), ("ApplyFunction", '\u{2061}'),
    ("Breve", '\u{2d8}'), ("COPY", '\u{a9}'), ("Cacute", '\u{106}'), ("Ccaron", '\u{10c}'), ("Ccirc", '\u{108}'),
    ("Cdot", '\u{10a}'), ("Cedilla", '\u{b8}'), ("CenterDot", '\u{b7}'), ("CloseCurlyDoubleQuote", '\u{201d}'),
    ("CloseCurlyQuote", '\u{2019}'), ("Dcaron", '\u{10e}'), ("DiacriticalAcute", '\u{b4}'),
    ("DiacriticalDot", '\u{2d9}'), ("DiacriticalDoubleAcute", '\u{2dd}'), ("DiacriticalGrave", '\u{60}'),
    ("Dot", '\u{a8}'), ("DoubleDot", '\u{a8}'), ("Dstrok", '\u{110}'), ("ENG", '\u{14a}'), ("Ecaron", '\u{11a}'),
    ("Edot", '\u{116}'), ("Emacr", '\u{112}'), ("Eogon", '\u{118}'), ("FilledVerySmallSquare", '\u{25aa}'),
    ("GT", '\u{3e}'), ("Gbreve", '\u{11e}'), ("Gcedil", '\u{122}'), ("Gcirc", '\u{11c}'), ("Gdot", '\u{120}'),
    ("Hacek", '\u{2c7}'), ("Hat", '\u{5e}'), ("Hcirc", '\u{124}'), ("Hstrok", '\u{126}'), ("IJlig", '\u{132}'),
    ("Idot", '\u{130}'), ("Imacr", '\u{12a}'), ("InvisibleComma", '\u{2063}'), ("InvisibleTimes", '\u{2062}'),
    ("Iogon", '\u{12e}'), ("Itilde", '\u{128}'), ("Jcirc", '\u{134}'), ("Kcedil", '\u{136}'), ("LT", '\u{3c}'),
    ("Lacute", '\u{139}'), ("Lcaron", '\u{13d}'), ("Lcedil", '\u{13b}'), ("LeftArrow", '\u{2190}'),
    ("Lmidot", '\u{13f}'), ("Lstrok", '\u{141}'), ("MediumSpace", '\u{205f}'), ("Nacute", '\u{143}'),
    ("Ncaron", '\u{147}'), ("Ncedil", '\u{145}'), ("NegativeMediumSpace", '\u{200b}'),
    ("NegativeThickSpace", '\u{200b}'), ("NegativeThinSpace", '\u{200b}'), ("NegativeVeryThinSpace", '\u{200b}'),
    ("NewLine", '\u{a}'), ("NoBreak", '\u{2060}'), ("NonBreakingSpace", '\u{a0}'), ("Odblac", '\u{150}'),
    ("Omacr", '\u{14c}'), ("OpenCurlyDoubleQuote", '\u{201c}'), ("OpenCurlyQuote", '\u{2018}'), ("OverBar", '\u{203e}'),
    ("PlusMinus", '\u{b1}'), ("QUOT", '\u{22}'), ("REG", '\u{ae}'), ("Racute", '\u{154}'), ("Rcaron", '\u{158}'),
    ("Rcedil", '\u{156}'), ("RightArrow", '\u{2192}'), ("Sacute", '\u{15a}'), ("Scedil", '\u{15e}'),
    ("Scirc", '\u{15c}'), ("ShortLeftArrow", '\u{2190}'), ("ShortRightArrow", '\u{2192}'), ("Square", '\u{25a1}'),
    ("Tab", '\u{9}'), ("Tcaron", '\u{164}'), ("Tcedil", '\u{162}'), ("ThinSpace", '\u{2009}'), ("Tstrok", '\u{166}'),
    ("Ubreve", '\u{16c}'), ("Udblac", '\u{170}'), ("Umacr", '\u{16a}'), ("UnderBar", '\u{5f}'), ("Uogon", '\u{172}'),
    ("Uring", '\u{16e}'), ("Utilde", '\u{168}'), ("Verbar", '\u{2016}'), ("Vert", '\u{2016}'),
    ("VerticalLine", '\u{7c}'), ("VeryThinSpace", '\u{200a}'), ("Wcirc", '\u{174}'), ("Ycirc", '\u{176}'),
    ("Zacute", '\u{179}'), ("Zcaron", '\u{17d}'), ("Zdot", '\u{17b}'), ("ZeroWidthSpace", '\u{200b}'),
    ("abreve", '\u{103}'), ("af", '\u{2061}'), ("amacr", '\u{101}'), ("angst", '\u{c5}'), ("aogon", '\u{105}'),
    ("ast", '\u{2a}'), ("backprime", '\u{2035}'), ("bigstar", '\u{2605}'), ("blacksquare", '\u{25aa}'),
    ("bprime", '\u{2035}'), ("breve", '\u{2d8}'), ("bsemi", '\u{204f}'), ("bsol", '\u{5c}'), ("bullet", '\u{2022}'),
    ("cacute", '\u{107}'), ("caret", '\u{2041}'), ("caron", '\u{2c7}'), ("ccaron", '\u{10d}'), ("ccirc", '\u{109}'),
    ("cdot", '\u{10b}'), ("centerdot", '\u{b7}'), ("check", '\u{2713}'), ("checkmark", '\u{2713}'), ("cir", '\u{25cb}'),
    ("circledR", '\u{ae}'), ("colon", '\u{3a}'), ("comma", '\u{2c}'), ("commat", '\u{40}'), ("cross", '\u{2717}'),
    ("dash", '\u{2010}'), ("dblac", '\u{2dd}'), ("dcaron", '\u{10f}'), ("ddagger", '\u{2021}'), ("die", '\u{a8}'),
    ("div", '\u{f7}'), ("dollar", '\u{24}'), ("dot", '\u{2d9}'), ("dstrok", '\u{111}'), ("ecaron", '\u{11b}'),
    ("edot", '\u{117}'), ("emacr", '\u{113}'), ("emsp13", '\u{2004}'), ("emsp14", '\u{2005}'), ("eng", '\u{14b}'),
    ("eogon", '\u{119}'), ("equals", '\u{3d}'), ("excl", '\u{21}'), ("ffilig", '\u{fb03}'), ("fflig", '\u{fb00}'),
    ("ffllig", '\u{fb04}'), ("filig", '\u{fb01}'), ("fllig", '\u{fb02}'), ("frac13", '\u{2153}'),
    ("frac23", '\u{2154}'), ("gacute", '\u{1f5}'), ("gbreve", '\u{11f}'), ("gcirc", '\u{11d}'), ("gdot", '\u{121}'),
    ("grave", '\u{60}'), ("hairsp", '\u{200a}'), ("half", '\u{bd}'), ("hcirc", '\u{125}'), ("horbar", '\u{2015}'),
    ("hstrok", '\u{127}'), ("hybull", '\u{2043}'), ("hyphen", '\u{2010}'), ("ic", '\u{2063}'), ("ijlig", '\u{133}'),
    ("imacr", '\u{12b}'), ("imath", '\u{131}'), ("inodot", '\u{131}'), ("iogon", '\u{12f}'), ("it", '\u{2062}'),
    ("itilde", '\u{129}'), ("jcirc", '\u{135}'), ("jmath", '\u{237}'), ("kcedil", '\u{137}'), ("kgreen", '\u{138}'),
    ("lacute", '\u{13a}'), ("lbrace", '\u{7b}'), ("lbrack", '\u{5b}'), ("lcaron", '\u{13e}'), ("lcedil", '\u{13c}'),
    ("lcub", '\u{7b}'), ("ldquor", '\u{201e}'), ("leftarrow", '\u{2190}'), ("lmidot", '\u{140}'), ("lowbar", '\u{5f}'),
    ("lpar", '\u{28}'), ("lsqb", '\u{5b}'), ("lsquor", '\u{201a}'), ("lstrok", '\u{142}'), ("midast", '\u{2a}'),
    ("mldr", '\u{2026}'), ("nacute", '\u{144}'), ("napos", '\u{149}'), ("ncaron", '\u{148}'), ("ncedil", '\u{146}'),
    ("nldr", '\u{2025}'), ("num", '\u{23}'), ("numero", '\u{2116}'), ("numsp", '\u{2007}'), ("odblac", '\u{151}'),
    ("ogon", '\u{2db}'), ("omacr", '\u{14d}'), ("percnt", '\u{25}'), ("period", '\u{2e}'), ("pertenk", '\u{2031}'),
    ("phone", '\u{260e}'), ("plus", '\u{2b}'), ("pm", '\u{b1}'), ("puncsp", '\u{2008}'), ("qprime", '\u{2057}'),
    ("quest", '\u{3f}'), ("racute", '\u{155}'), ("rbrace", '\u{7d}'), ("rbrack", '\u{5d}'), ("rcaron", '\u{159}'),
    ("rcedil", '\u{157}'), ("rcub", '\u{7d}'), ("rdquor", '\u{201d}'), ("rightarrow", '\u{2192}'), ("ring", '\u{2da}'),
    ("rpar", '\u{29}'), ("rsqb", '\u{5d}'), ("rsquor", '\u{2019}'), ("sacute", '\u{15b}'), ("scedil", '\u{15f}'),
    ("scirc", '\u{15d}'), ("semi", '\u{3b}'), ("slarr", '\u{2190}'), ("sol", '\u{2f}'), ("squ", '\u{25a1}'),
    ("square", '\u{25a1}'), ("squarf", '\u{25aa}'), ("squf", '\u{25aa}'), ("srarr", '\u{2192}'), ("star", '\u{2606}'),
    ("starf", '\u{2605}'), ("strns", '\u{af}'), ("tcaron", '\u{165}'), ("tcedil", '\u{163}'), ("tprime", '\u{2034}'),
    ("tstrok", '\u{167}'), ("ubreve", '\u{16d}'), ("udblac", '\u{171}'), ("umacr", '\u{16b}'), ("uogon", '\u{173}'),
    ("uring", '\u{16f}'), ("utilde", '\u{169}'), ("verbar", '\u{7c}'), ("vert", '\u{7c}'), ("wcirc", '\u{175}'),
    ("ycirc", '\u{177}'), ("zacute", '\u{17a}'), ("zcaron", '\u{17e}'), ("zdot", '\u{17c}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_named_characters_are_found() {
        assert!(HTML_4.is_sorted() && MORE.is_sorted());
        assert_eq!(named("oelig"), Some('œ'));
        assert_eq!(named("OElig"), Some('Œ'));
        assert_eq!(named("euro"), Some('€'));
        assert_eq!(named("eacute"), Some('é'));
        assert_eq!(named("numero"), Some('№'));
        assert_eq!(named("rien"), None);
    }

    #[test]
    fn g3_french_letters_and_marks_all_have_a_name() {
        let shown = "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ€«»‘’“”–—…·•°§";
        for character in shown.chars() {
            assert!(HTML_4.iter().any(|(_, known)| *known == character), "{character}");
        }
    }

    #[test]
    fn g3_old_names_end_without_a_semicolon() {
        assert_eq!(unfinished("eacutetail"), Some(('é', 6)));
        assert_eq!(unfinished("euro"), Some(('€', 4)));
        assert_eq!(unfinished("eurosport"), None);
        assert_eq!(unfinished("plus"), None);
    }
}
