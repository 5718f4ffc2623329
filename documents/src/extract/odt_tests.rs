//! ODT packages built part by part.

use super::super::archive::packed;
use super::super::text_of;
use super::*;
use crate::format::Format;

fn content(styles: &str, body: &str) -> String {
    format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body>\
         <office:text>{body}</office:text></office:body></office:document-content>"
    )
}

fn text_with(parts: &[(&str, &[u8])]) -> String {
    text_of(Format::Odt, &packed(parts))
}

fn text(styles: &str, body: &str) -> String {
    text_with(&[("content.xml", content(styles, body).as_bytes())])
}

fn hiding(name: &str, family: &str) -> String {
    format!(
        "<style:style style:name='{name}' style:family='{family}'><style:text-properties text:display='none'/>\
         </style:style>"
    )
}

#[test]
fn g3_what_describes_a_picture_is_not_glued_to_the_words_around_it() {
    let frame = |anchor: &str| {
        format!(
            "<text:p>Por<draw:frame text:anchor-type='{anchor}'><draw:image>\
             <office:binary-data>QUJD</office:binary-data><text:p/>\
             </draw:image><svg:title>TITRE</svg:title><svg:desc>DESCRIPTION</svg:desc>\
             </draw:frame>trait <text:title>CV</text:title></text:p>"
        )
    };
    assert_eq!(text("", &frame("as-char")), "Por trait CV");
    assert_eq!(text("", &frame("char")), "Portrait CV");
    let shapes = "<text:p>a<draw:g><svg:title>T</svg:title><draw:custom-shape><svg:desc>D</svg:desc>\
     <text:p>forme</text:p></draw:custom-shape>\
        </draw:g>b</text:p><text:p>c<draw:frame><draw:text-box><text:p>cadre</text:p></draw:text-box>\
        </draw:frame>d</text:p>";
    assert_eq!(text("", shapes), "a\nforme\nb\nc\ncadre\nd");
}

#[test]
fn g3_styles_that_hide_are_followed_through_their_parents() {
    let styles = format!(
        "{}{}<style:style style:name='t2' style:family='text' style:parent-style-name='nommé'/>\
         <style:style style:name='t3' style:family='text'><style:text-properties text:display='true'/></style:style>\
         <style:default-style style:family='text'><style:text-properties text:display='none'/></style:default-style>",
        hiding("t1", "text"),
        hiding("p1", "paragraph"),
    );
    let common = format!("<office:styles>{}</office:styles>", hiding("nommé", "text"));
    let body = "<text:p>a<text:span text:style-name='t1'>B</text:span><text:span text:style-name='t2'>C</text:span>\
        <text:span text:style-name='nommé'>D<text:span text:style-name='t3'>e</text:span></text:span>\
        <text:span text:style-name='p1'>f</text:span></text:p>\
        <text:p text:style-name='p1'>G<text:span text:style-name='t3'>h</text:span></text:p>\
        <text:p text:style-name='t1'>i</text:p>";
    let parts: [(&str, &[u8]); 2] =
        [("styles.xml", common.as_bytes()), ("content.xml", &content(&styles, body).into_bytes())];
    assert_eq!(text_with(&parts), "aef\nh\ni");
}

#[test]
fn g3_sections_paragraphs_and_fields_that_are_hidden_are_not_read() {
    let body = "<text:section text:display='none'><text:p>A</text:p></text:section>\
        <text:section text:display='condition' text:condition='x' text:is-hidden='true'><text:p>B</text:p>\
        </text:section>\
        <text:section text:display='condition' text:condition='x'><text:p>c</text:p></text:section>\
        <text:p>D<text:hidden-paragraph text:condition='x' text:is-hidden='true'/>E</text:p>\
        <text:p>f<text:hidden-paragraph text:condition='x'/></text:p>\
        <text:p>g <text:hidden-text text:string-value='H' text:is-hidden='true'>I</text:hidden-text>\
        <text:hidden-text>j</text:hidden-text>\
        <text:conditional-text text:string-value-if-false='K'>l</text:conditional-text>\
        <text:variable-set text:display='none'>M</text:variable-set><text:placeholder>&lt;N&gt;</text:placeholder>\
        <text:script>O</text:script></text:p>";
    assert_eq!(text("", body), "c\nf\ng jl");
}

#[test]
fn g3_deleted_text_comments_and_covered_cells_are_not_read() {
    let body = "<text:tracked-changes><text:deletion><text:p>A</text:p></text:deletion></text:tracked-changes>\
        <text:p>b<office:annotation><text:p>C</text:p></office:annotation>d<text:note>\
        <text:note-citation>1</text:note-citation>\
        <text:note-body><text:p>note</text:p></text:note-body></text:note></text:p>\
        <table:table><table:title>T</table:title><table:table-row><table:table-cell><text:p>e</text:p>\
        </table:table-cell>\
        <table:covered-table-cell><text:p>F</text:p></table:covered-table-cell><table:table-cell><text:p>g</text:p>\
        </table:table-cell>\
        </table:table-row></table:table>";
    assert_eq!(text("", body), "bd\nnote\ne g");
}

#[test]
fn g3_headers_are_read_unless_they_are_off() {
    let styles = "<office:master-styles><style:master-page><style:header><text:p>entête</text:p></style:header>\
        <style:header-left style:display='false'><text:p>NON</text:p></style:header-left></style:master-page>\
        </office:master-styles>";
    let parts: [(&str, &[u8]); 2] =
        [("styles.xml", styles.as_bytes()), ("content.xml", &content("", "<text:p>corps</text:p>").into_bytes())];
    assert_eq!(text_with(&parts), "entête\n\ncorps");
}

#[test]
fn g3_objects_are_read_at_their_place() {
    let object = |href: &str| format!("<text:p>a<draw:frame><draw:object xlink:href='{href}'/></draw:frame>b</text:p>");
    let chart = "<office:document-content><office:body><office:chart><chart:chart><chart:title>\
     <text:p>Heures</text:p></chart:title>\
        <table:table><table:table-row><table:table-cell office:value-type='string'><text:p>Broderie</text:p>\
        </table:table-cell>\
        <table:table-cell office:value-type='float'><text:p>98765</text:p></table:table-cell></table:table-row>\
        </table:table></chart:chart>\
        </office:chart></office:body></office:document-content>";
    let formula =
        "<math><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi></mrow><annotation>NON</annotation></semantics></math>";
    let main = content("", &[object("./Objet 1"), object("./Objet 2"), object("./Absent")].concat());
    let parts: [(&str, &[u8]); 3] = [
        ("content.xml", main.as_bytes()),
        ("Objet 1/content.xml", chart.as_bytes()),
        ("Objet 2/content.xml", formula.as_bytes()),
    ];
    assert_eq!(text_with(&parts), "a\nHeures\nBroderie\nb\na\nE=m\nb\na\nb");
}

#[test]
fn g3_parts_in_utf16_are_read() {
    let xml = format!("<?xml version='1.0' encoding='UTF-16'?>{}", content("", "<text:p>œuvre</text:p>"));
    let wide: Vec<u8> = xml.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(text_with(&[("content.xml", &wide)]), "œuvre");
}

#[test]
fn q8_a_broken_part_costs_itself_alone() {
    let whole = content("", "<text:p>corps</text:p>");
    let parts: [(&str, &[u8]); 3] =
        [("META-INF/manifest.xml", b"<manifest><"), ("styles.xml", b"<a><!"), ("content.xml", whole.as_bytes())];
    assert_eq!(text_with(&parts), "corps");
    let cut = whole.replace("</office:text>", "<!");
    assert_eq!(text_with(&[("content.xml", cut.as_bytes())]), "corps");
    assert!(read(&packed(&[("content.xml", b"<a><!")]), &mut TextSink::default()).is_err());
    assert!(read(&packed(&[("styles.xml", b"<a/>")]), &mut TextSink::default()).is_err());
}

#[test]
fn q8_an_object_that_holds_itself_is_bounded() {
    let own = content(
        "",
        "<text:p>x<draw:frame><draw:object xlink:href='./o'/><draw:object xlink:href='./o'/></draw:frame></text:p>",
    );
    let parts: [(&str, &[u8]); 2] = [("content.xml", own.as_bytes()), ("o/content.xml", own.as_bytes())];
    assert!(text_with(&parts).matches('x').count() <= MAX_OBJECTS + 1);
    // Ends without beginnings.
    assert_eq!(text("", "<text:p>a</text:p></x></y></z></office:text></office:body></a></b>"), "a");
}
