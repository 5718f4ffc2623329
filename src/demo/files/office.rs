//! The two ZIP formats: Office Open XML (ECMA-376) and OpenDocument 1.3 (OASIS).

use std::io::{Cursor, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{Error, is_heading, markup::escape_html};

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const DOCX_TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#;
const DOCX_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;
const DOCX_DOCUMENT_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const DOCX_STYLES: &str = r#"<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:after="80"/></w:pPr><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri"/><w:sz w:val="22"/><w:lang w:val="fr-FR"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style></w:styles>"#;

/// A Word 2007 document: text, two styles, title.
pub(super) fn write_docx(title: &str, text: &str) -> Result<Vec<u8>, Error> {
    let mut body =
        String::from("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>");
    for line in text.lines() {
        body.push_str("<w:p>");
        if is_heading(line) {
            body.push_str("<w:pPr><w:pStyle w:val=\"Titre1\"/></w:pPr>");
        }
        if !line.is_empty() {
            body.push_str("<w:r><w:t xml:space=\"preserve\">");
            body.push_str(&escape_html(line));
            body.push_str("</w:t></w:r>");
        }
        body.push_str("</w:p>");
    }
    body.push_str(
        "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" \
         w:bottom=\"1134\" w:left=\"1134\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr>\
         </w:body></w:document>",
    );
    let core = format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title></cp:coreProperties>",
        escape_html(title)
    );
    archive(&[
        ("[Content_Types].xml", DOCX_TYPES),
        ("_rels/.rels", DOCX_RELATIONS),
        ("word/document.xml", &body),
        ("word/_rels/document.xml.rels", DOCX_DOCUMENT_RELATIONS),
        ("word/styles.xml", DOCX_STYLES),
        ("docProps/core.xml", &core),
    ])
}

const ODT_TYPE: &str = "application/vnd.oasis.opendocument.text";
const ODT_MANIFEST: &str = r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>"#;
const ODT_STYLES: &str = r#"<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"><office:styles><style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.15cm"/><style:text-properties fo:font-size="11pt" fo:language="fr" fo:country="FR"/></style:style><style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Standard" style:default-outline-level="1"><style:paragraph-properties fo:margin-top="0.4cm"/><style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style></office:styles></office:document-styles>"#;

/// An OpenDocument text. Its `mimetype` entry comes first and is not compressed (OpenDocument 1.3 part 2, §3.3),
/// because programs recognise the format by it.
pub(super) fn write_odt(title: &str, text: &str) -> Result<Vec<u8>, Error> {
    let mut content = String::from(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\"><office:body><office:text>",
    );
    for line in text.lines() {
        let escaped = escape_html(line);
        if is_heading(line) {
            content.extend([
                "<text:h text:style-name=\"Heading_20_1\" text:outline-level=\"1\">",
                &escaped,
                "</text:h>",
            ]);
        } else {
            content.extend(["<text:p text:style-name=\"Standard\">", &escaped, "</text:p>"]);
        }
    }
    content.push_str("</office:text></office:body></office:document-content>");
    let meta = format!(
        "<office:document-meta xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"><office:meta><dc:title>{}</dc:title>\
         </office:meta></office:document-meta>",
        escape_html(title)
    );
    archive(&[
        ("mimetype", ODT_TYPE),
        ("META-INF/manifest.xml", ODT_MANIFEST),
        ("content.xml", &content),
        ("styles.xml", ODT_STYLES),
        ("meta.xml", &meta),
    ])
}

/// Zips the entries in order. Their date is the format's own zero (1980), so that the same text gives the same bytes.
fn archive(entries: &[(&str, &str)]) -> Result<Vec<u8>, Error> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let dated = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, content) in entries {
        let is_xml = *name != "mimetype";
        let method = if is_xml { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        writer.start_file(*name, dated.compression_method(method))?;
        if is_xml {
            writer.write_all(XML.as_bytes())?;
        }
        writer.write_all(content.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}
