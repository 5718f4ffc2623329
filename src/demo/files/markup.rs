//! The formats that are text with marks: RTF 1.9 and HTML 5.

use super::{is_heading, windows1252};

/// RTF in code page 1252; what that page lacks is written as `\uN?` (RTF 1.9.1, "Unicode RTF").
pub(super) fn write_rtf(title: &str, text: &str) -> Vec<u8> {
    let mut out = String::from(
        "{\\rtf1\\ansi\\ansicpg1252\\deff0\\deflang1036\\uc1\
         {\\fonttbl{\\f0\\fswiss\\fcharset0 Arial;}}\r\n{\\info{\\title ",
    );
    escape_rtf(title, &mut out);
    out.push_str("}}\r\n\\paperw11906\\paperh16838\\margl1134\\margr1134\r\n");
    for line in text.lines() {
        if is_heading(line) {
            out.push_str("\\pard\\sb240\\sa80\\b\\fs28 ");
            escape_rtf(line, &mut out);
            out.push_str("\\b0\\par\r\n");
        } else {
            out.push_str("\\pard\\sa80\\fs22 ");
            escape_rtf(line, &mut out);
            out.push_str("\\par\r\n");
        }
    }
    out.push('}');
    out.into_bytes()
}

fn escape_rtf(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '\\' | '{' | '}' => {
                out.push('\\');
                out.push(character);
            }
            ' '..='~' => out.push(character),
            _ => match windows1252::encode(character) {
                Some(byte) => out.extend([format!("\\'{byte:02x}")]),
                // A signed 16-bit number per UTF-16 unit, then one character for readers that know no Unicode.
                None => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        out.extend([format!("\\u{}?", unit.cast_signed())]);
                    }
                }
            },
        }
    }
}

/// A whole page with a style sheet in it, as a word processor or a CV site saves one.
pub(super) fn write_html(title: &str, text: &str) -> Vec<u8> {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n\
         <style>body {{ font-family: sans-serif; max-width: 45rem }} h2 {{ font-size: 1.1rem }}</style>\n\
         </head>\n<body>\n",
        escape_html(title)
    );
    let mut in_list = false;
    for line in text.lines() {
        let item = line.strip_prefix("• ");
        if in_list != item.is_some() {
            out.push_str(if in_list { "</ul>\n" } else { "<ul>\n" });
            in_list = item.is_some();
        }
        let (tag, content) = match item {
            Some(content) => ("li", content),
            None if line.trim().is_empty() => continue,
            None if is_heading(line) => ("h2", line),
            None => ("p", line),
        };
        out.extend(["<", tag, ">", &escape_html(content), "</", tag, ">\n"]);
    }
    if in_list {
        out.push_str("</ul>\n");
    }
    out.push_str("</body>\n</html>\n");
    out.into_bytes()
}

/// Escapes what XML and HTML reserve; shared with the ZIP formats.
pub(super) fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
    out
}
