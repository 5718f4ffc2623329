//! DOCX packages built part by part.

use super::super::archive::packed;
use super::super::text_of;
use super::*;
use crate::format::Format;

const RELATIONS: &str = "word/_rels/document.xml.rels";

fn text(bytes: &[u8]) -> String {
    text_of(Format::Docx, bytes)
}

/// A document of that body and those parts.
fn document(body: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
    let main = format!("<w:document><w:body>{body}</w:body></w:document>");
    packed(&[&[(USUAL_MAIN_PART, main.as_bytes())], parts].concat())
}

fn body_text(body: &str) -> String {
    text(&document(body, &[]))
}

/// Relationships with identifiers r0, r1 and so on.
fn relations(targets: &[&str]) -> String {
    let relation = |(index, target)| format!("<Relationship Id='r{index}' Type='x' Target='{target}'/>");
    let list: Vec<String> = targets.iter().enumerate().map(relation).collect();
    format!("<Relationships>{}</Relationships>", list.concat())
}

/// A document that imports one chunk between two paragraphs.
fn importing(name: &str, chunk: &[u8]) -> Vec<u8> {
    let body = "<w:p><w:r><w:t>avant</w:t></w:r></w:p><w:altChunk r:id='r0'/><w:p><w:r><w:t>après</w:t></w:r></w:p>";
    document(body, &[(RELATIONS, relations(&[name]).as_bytes()), (&format!("word/{name}"), chunk)])
}

#[test]
fn g3_imported_chunks_of_every_kind_are_read_at_their_place() {
    let inner = document("<w:p><w:r><w:t>été</w:t></w:r></w:p>", &[]);
    let message = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\
        Content-Transfer-Encoding: quoted-printable\n\n<p>=C3=A9t=C3=A9</p>\n--b--";
    let chunks: [(&str, &[u8]); 7] = [
        ("a.html", "<html><body><p>été</p></body></html>".as_bytes()),
        ("b.xhtml", "<?xml version='1.0'?><html><head><title/></head><body><p>été</p></body></html>".as_bytes()),
        ("c.mht", message.as_bytes()),
        ("d.rtf", b"{\\rtf1\\ansi \\'e9t\\'e9}"),
        ("e.txt", "été".as_bytes()),
        ("f.docx", &inner),
        ("g.dat", b"<p>\xe9t\xe9"),
    ];
    for (name, chunk) in chunks {
        assert_eq!(text(&importing(name, chunk)), "avant\n\nété\n\naprès", "{name}");
    }
}

#[test]
fn g3_the_content_type_says_what_a_chunk_is() {
    let types = "<Types><Default Extension='dat' ContentType='text/plain'/></Types>";
    let parts: [(&str, &[u8]); 3] =
        [("[Content_Types].xml", types.as_bytes()), (RELATIONS, &[]), ("word/a.dat", b"a < b\nc")];
    let relations = relations(&["a.dat"]);
    let parts = parts.map(|(name, part)| (name, if name == RELATIONS { relations.as_bytes() } else { part }));
    assert_eq!(text(&document("<w:altChunk r:id='r0'/>", &parts)), "a < b\nc");
}

#[test]
fn g3_a_document_imported_into_a_document_is_not_taken_for_it() {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let types = format!(
        "<Types><Override PartName='/a.docx' ContentType='{kind}'/>\
         <Override PartName='/m.xml' ContentType='{kind}'/></Types>"
    );
    let inner = document("<w:p><w:r><w:t>dedans</w:t></w:r></w:p>", &[]);
    let main = b"<w:body><w:p><w:r><w:t>dehors</w:t></w:r></w:p><w:altChunk r:id='r0'/></w:body>";
    let bytes = packed(&[
        ("[Content_Types].xml", types.as_bytes()),
        (
            "_rels/.rels",
            b"<Relationships><Relationship Id='x' Type='y/officeDocument' Target='m.xml'/></Relationships>",
        ),
        ("m.xml", main),
        ("_rels/m.xml.rels", relations(&["a.docx"]).as_bytes()),
        ("a.docx", &inner),
    ]);
    assert_eq!(text(&bytes), "dehors\n\ndedans");
}

#[test]
fn g3_diagrams_and_charts_are_read_where_they_stand_and_once() {
    let body = "<w:p><w:r><w:t>avant</w:t></w:r></w:p><w:p><w:r><w:drawing><wp:inline><wp:docPr descr='non'/>\
        <dgm:relIds r:dm='r0' r:lo='r2'/></wp:inline><wp:inline><c:chart r:id='r1'/></wp:inline></w:drawing></w:r>\
        </w:p>\
        <w:p><w:r><w:t>après</w:t></w:r></w:p>";
    let diagram = "<dgm:dataModel><dgm:ptLst><dgm:pt><dgm:t><a:bodyPr/><a:p><a:r><a:rPr/><a:t>Enlu</a:t></a:r><a:r>\
        <a:t>mineuse</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>Paléographe</a:t></a:r></a:p>\
        </dgm:t>\
        </dgm:pt></dgm:ptLst></dgm:dataModel>";
    let category = "<c:cat><c:strRef><c:f>A2</c:f><c:strCache><c:pt><c:v>Tapisserie</c:v></c:pt><c:pt>\
     <c:v>Broderie</c:v>\
        </c:pt></c:strCache></c:strRef></c:cat><c:val><c:numCache><c:pt><c:v>98765</c:v></c:pt></c:numCache></c:val>";
    let series = |name: &str| {
        format!(
            "<c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>{name}</c:v></c:pt></c:strCache></c:strRef>\
             </c:tx>{category}</c:ser>"
        )
    };
    let chart = format!(
        "<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Heures</a:t></a:r></a:p></c:rich></c:tx>\
         </c:title>{}{}</c:chart></c:chartSpace>",
        series("2024"),
        series("2025")
    );
    let bytes = document(
        body,
        &[
            (
                RELATIONS,
                relations(&["diagrams/data1.xml", "/word/charts/chart1.xml", "diagrams/drawing1.xml"]).as_bytes(),
            ),
            ("word/diagrams/data1.xml", diagram.as_bytes()),
            ("word/diagrams/drawing1.xml", diagram.as_bytes()),
            ("word/charts/chart1.xml", chart.as_bytes()),
        ],
    );
    assert_eq!(text(&bytes), "avant\n\nEnlumineuse\nPaléographe\n\nHeures\n2024\nTapisserie\nBroderie\n2025\n\naprès");
}

#[test]
fn g3_parts_in_utf16_are_read() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let main = wide(
        "\u{feff}<?xml version='1.0' encoding='UTF-16'?><w:body><w:p><w:r><w:t>zarbotane</w:t></w:r><w:r><w:rPr>\
         <w:rStyle w:val='c'/></w:rPr><w:t>non</w:t></w:r></w:p></w:body>",
    );
    let styles =
        wide("<?xml version='1.0'?><w:style w:styleId='c' w:type='character'><w:rPr><w:vanish/></w:rPr></w:style>");
    assert_eq!(text(&packed(&[(USUAL_MAIN_PART, &main), ("word/styles.xml", &styles)])), "zarbotane");
}

#[test]
fn g3_hidden_runs_are_not_read_and_a_hidden_mark_hides_no_text() {
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let body = format!(
        "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{}{}{}{}{}{}</w:p>",
        run("<w:vanish/>", "A"),
        run("<w:vanish w:val='true'/>", "B"),
        run("<w:vanish w:val='0'/>", "c"),
        run("<w:vanish w:val='false'/>", "d"),
        run("<w:webHidden/>", "e"),
        run("<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>", "f"),
    );
    assert_eq!(body_text(&body), "cdef");
    // A formula's run has properties of its own before those of Word.
    assert_eq!(body_text("<m:r><m:rPr/><w:rPr><w:vanish/></w:rPr><m:t>x</m:t></m:r><m:r><m:t>y</m:t></m:r>"), "y");
    // A text box in a hidden run is hidden with it, and what follows is not.
    let boxed = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><wps:txbx><w:txbxContent><w:p><w:r><w:rPr><w:b/></w:rPr>\
     <w:t>A</w:t>\
        </w:r></w:p></w:txbxContent></wps:txbx><w:t>B</w:t></w:r><w:r><w:t>c</w:t></w:r></w:p>";
    assert_eq!(body_text(boxed), "c");
}

#[test]
fn g3_styles_that_hide_are_followed_through_their_parents() {
    let styles = "<w:styles><w:docDefaults><w:rPrDefault><w:rPr/></w:rPrDefault></w:docDefaults>\
        <w:style w:type='paragraph' w:default='1' w:styleId='n'/>\
        <w:style w:type='character' w:styleId='h'><w:rPr><w:vanish/></w:rPr></w:style>\
        <w:style w:type='character' w:styleId='hh'><w:basedOn w:val='h'/></w:style>\
        <w:style w:type='character' w:styleId='s'><w:basedOn w:val='h'/><w:rPr><w:vanish w:val='0'/></w:rPr></w:style>\
        <w:style w:type='paragraph' w:styleId='p'><w:rPr><w:vanish/></w:rPr></w:style>\
        <w:style w:type='table' w:styleId='t'><w:tblStylePr><w:rPr><w:vanish/></w:rPr></w:tblStylePr></w:style>\
        </w:styles>";
    let run =
        |style: &str, text: &str| format!("<w:r><w:rPr><w:rStyle w:val='{style}'/></w:rPr><w:t>{text}</w:t></w:r>");
    let body = format!(
        "<w:p>{}{}{}{}</w:p><w:p><w:pPr><w:pStyle w:val='p'/></w:pPr><w:r><w:t>C</w:t></w:r><w:r><w:rPr>\
         <w:vanish w:val='0'/>\
         </w:rPr><w:t>e</w:t></w:r>{}</w:p>",
        run("h", "A"),
        run("hh", "B"),
        run("s", "c"),
        run("inconnu", "d"),
        // §17.7.3: two styles that both say so cancel each other.
        run("h", "f"),
    );
    assert_eq!(text(&document(&body, &[("word/styles.xml", styles.as_bytes())])), "cd\nef");
}

#[test]
fn g3_revisions_fields_and_prompts_give_what_the_page_shows() {
    let shown = [
        ("<w:del><w:r><w:delText>A</w:delText><w:t>B</w:t></w:r></w:del><w:ins><w:r><w:t>c</w:t></w:r></w:ins>", "c"),
        ("<w:moveFrom><w:r><w:t>A</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>b</w:t></w:r></w:moveTo>", "b"),
        (
            "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>IF </w:instrText></w:r><w:r>\
             <w:fldChar w:fldCharType='begin'/>\
             <w:instrText>X</w:instrText><w:fldChar w:fldCharType='separate'/><w:t>A</w:t>\
             <w:fldChar w:fldCharType='end'/>\
             <w:fldChar w:fldCharType='separate'/><w:t>b</w:t><w:fldChar w:fldCharType='end'/><w:t>c</w:t></w:r>",
            "bc",
        ),
        ("<w:r><w:fldChar w:fldCharType='begin'/><w:t>jamais fermé</w:t></w:r>", "jamais fermé"),
        (
            "<w:sdt><w:sdtPr><w:rPr/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Cliquez</w:t></w:r>\
             </w:sdtContent></w:sdt>\
             <w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>rempli</w:t></w:r></w:sdtContent></w:sdt>",
            "rempli",
        ),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr w:val='0'/></w:sdtPr><w:sdtContent><w:t>a</w:t></w:sdtContent></w:sdt>",
            "a",
        ),
        (
            "<w:r><w:t>pré</w:t><w:softHyphen/><w:t>vention non</w:t><w:noBreakHyphen/><w:t>titulaire</w:t></w:r>",
            "prévention non-titulaire",
        ),
    ];
    for (body, expected) in shown {
        assert_eq!(body_text(&format!("<w:p>{body}</w:p>")), expected);
    }
}

#[test]
fn g3_one_branch_of_an_alternative_is_read() {
    let boxed = |text: &str| format!("<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>");
    let (choice, fallback) = (boxed("forme"), boxed("copie"));
    let body = |branches: &str| body_text(&format!("<w:p><w:r><w:t>a</w:t>{branches}<w:t>b</w:t></w:r></w:p>"));
    let choices = format!(
        "<mc:Choice>{choice}</mc:Choice><mc:Choice>{fallback}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>"
    );
    assert_eq!(body(&format!("<mc:AlternateContent>{choices}</mc:AlternateContent>")), "a\nforme\nb");
    assert_eq!(
        body(&format!("<mc:AlternateContent><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>")),
        "a\ncopie\nb"
    );
    assert_eq!(body("<w:pict><v:shape alt='non'><v:textpath string='R&amp;D'/></v:shape></w:pict>"), "a\nR&D\nb");
}

#[test]
fn g3_headers_and_notes_are_read_and_comments_and_blocks_to_insert_are_not() {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let names = ["header1", "footer1", "footnotes", "comments", "glossary/document", "glossary/header1"];
    let parts: Vec<(String, String)> = names
        .iter()
        .map(|name| (format!("word/{name}.xml"), format!("<w:p><w:r><w:t>{name}</w:t></w:r></w:p>")))
        .collect();
    let types: Vec<String> = names
        .iter()
        .zip(["header", "footer", "footnotes", "comments", "document.glossary", "header"])
        .map(|(name, part)| format!("<Override PartName='/word/{name}.xml' ContentType='{kind}.{part}+xml'/>"))
        .collect();
    let types = format!("<Types>{}</Types>", types.concat());
    let mut all: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", types.as_bytes())];
    all.extend(parts.iter().map(|(name, part)| (name.as_str(), part.as_bytes())));
    assert_eq!(
        text(&document("<w:p><w:r><w:t>corps</w:t></w:r></w:p>", &all)),
        "header1\n\ncorps\n\nfootnotes\n\nfooter1"
    );
}

#[test]
fn g3_a_picture_in_the_line_parts_the_words_and_its_description_is_not_read() {
    let body = "<w:p><w:r><w:t>Portrait</w:t></w:r><w:r><w:drawing><wp:inline>\
     <wp:docPr name='i' title='non' descr='non'/></wp:inline>\
        </w:drawing></w:r><w:r><w:t>ancien</w:t></w:r></w:p>";
    assert_eq!(body_text(body), "Portrait ancien");
}

#[test]
fn q8_a_broken_part_costs_itself_alone() {
    let body = "<w:p><w:r><w:t>avant</w:t></w:r></w:p><w:altChunk r:id='r0'/><w:altChunk r:id='r1'/>\
     <w:altChunk r:id='r2'/>\
        <w:altChunk r:id='r9'/><w:p><w:r><w:t>après</w:t></w:r></w:p>";
    let parts: [(&str, &[u8]); 5] = [
        (
            RELATIONS,
            b"<Relationships><Relationship Id='r0' Target='a.docx'/><Relationship Id='r1' Target='absent'/>\
         <Relationship Id='r2' Target='http://x' TargetMode='External'/><",
        ),
        ("word/a.docx", b"PK nothing"),
        ("[Content_Types].xml", b"<Types><"),
        ("word/styles.xml", b"\xff\xfe<"),
        ("_rels/.rels", b"\0\0\0"),
    ];
    assert_eq!(text(&document(body, &parts)), "avant\n\naprès");
    // So does a break inside the main part, if something stands before it.
    let broken = |main: &[u8]| {
        let mut sink = TextSink::default();
        let read = read(&packed(&[(USUAL_MAIN_PART, main)]), &mut sink);
        (read.is_ok(), sink.finish().0)
    };
    assert_eq!(broken(b"<w:p><w:r><w:t>avant</w:t></w:r><!"), (true, "avant".to_owned()));
    assert_eq!(broken(b"<w:p><!"), (false, String::new()));
}

#[test]
fn q8_documents_inside_documents_and_references_without_end_are_bounded() {
    let mut nested = document("<w:p><w:r><w:t>fond</w:t></w:r></w:p>", &[]);
    for _ in 0..MAX_DEPTH {
        nested = importing("a.docx", &nested);
    }
    assert!(text(&nested).contains("fond"));
    assert!(!text(&importing("a.docx", &nested)).contains("fond"));

    let many = format!("<w:p>{}</w:p>", "<w:altChunk r:id='r0'/>".repeat(10 * MAX_INCLUDED));
    let bytes = document(&many, &[(RELATIONS, relations(&["a.txt"]).as_bytes()), ("word/a.txt", b"x")]);
    assert_eq!(text(&bytes).matches('x').count(), MAX_INCLUDED);

    // A diagram that refers to itself.
    let own = "<w:p><dgm:relIds r:dm='r0'/><a:t>x</a:t></w:p>";
    let bytes = document(
        "<dgm:relIds r:dm='r0'/>",
        &[
            (RELATIONS, relations(&["d.xml"]).as_bytes()),
            ("word/d.xml", own.as_bytes()),
            ("word/_rels/d.xml.rels", relations(&["d.xml"]).as_bytes()),
        ],
    );
    assert_eq!(text(&bytes).matches('x').count(), MAX_DEPTH);
}
