//! Sends a stored file: to be saved, never shown inside the site, and never whole in memory.

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, LanguageTag,
};
use actix_web::web::Bytes;
use documents::{BlobId, BlobReader, Format};
use futures_util::stream;
use tokio::io::AsyncReadExt as _;

use crate::antivirus::let_out;
use crate::app::App;
use crate::error::Error;

/// Read from the disk at once, in bytes.
const PIECE: usize = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pour {
    /// The person who sent it, or is responsible for it.
    LuiMeme,
    /// Anybody else: the antivirus may keep it back.
    Autrui,
}

/// A stored file, under the name that its sender gave it.
pub async fn download(app: &App, pour: Pour, blob: &str, format: &str, name: &str) -> Result<HttpResponse, Error> {
    if pour == Pour::Autrui {
        let_out(app, blob).await?;
    }
    let blob = blob.parse::<BlobId>().map_err(|error| Error::Internal(error.to_string()))?;
    let format = format.parse::<Format>().map_err(|error| Error::Internal(error.to_string()))?;
    let reader = app.blobs.read(blob).await.map_err(|error| Error::Internal(error.to_string()))?;
    let size = reader.bytes();
    Ok(HttpResponse::Ok()
        .content_type(format.mime())
        .insert_header(attachment(name))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(SizedStream::new(size, pieces(reader))))
}

/// A workbook made for this request, under that name.
pub fn workbook(name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header(attachment(name))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes)
}

/// A ZIP made for this request, under that name.
pub fn archive(name: &str, reader: BlobReader) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header(attachment(name))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(SizedStream::new(reader.bytes(), pieces(reader)))
}

/// A sealed file, opened: the browser shows pictures and PDF, and saves anything else. A frame of ours may show it.
///
/// # Errors
/// When we don't know the format.
pub fn shown(name: &str, format: &str, bytes: Vec<u8>) -> Result<HttpResponse, Error> {
    let format = format.parse::<Format>().map_err(|error| Error::Internal(error.to_string()))?;
    let mut disposition = attachment(name);
    // A sandbox would keep browsers from showing a PDF, so the policy lists what it may do: only show itself.
    let policy = match format {
        Format::Pdf => "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
        _ => "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    };
    if matches!(format, Format::Pdf | Format::Jpeg | Format::Png) {
        disposition.disposition = DispositionType::Inline;
    }
    Ok(HttpResponse::Ok()
        .content_type(format.mime())
        .insert_header(disposition)
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes))
}

/// The file piece by piece: it is never whole in memory.
fn pieces(reader: BlobReader) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold(reader, |mut reader| async move {
        let mut piece = Vec::with_capacity(PIECE);
        let read = (&mut reader).take(PIECE as u64).read_to_end(&mut piece).await?;
        Ok((read > 0).then(|| (Bytes::from(piece), reader)))
    })
}

/// « Save as », with the name in plain ASCII for old programs and in full (RFC 6266, RFC 8187).
fn attachment(name: &str) -> ContentDisposition {
    let plain: String = name
        .chars()
        .map(|character| if character.is_ascii_graphic() && !"\"\\%".contains(character) { character } else { '_' })
        .collect();
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None::<LanguageTag>,
                value: name.as_bytes().to_vec(),
            }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_a_file_name_stays_inside_its_header() {
        assert_eq!(
            attachment("CV de Zoé \"2026\"\r\n%41.pdf").to_string(),
            "attachment; filename=\"CV_de_Zo___2026____41.pdf\"; filename*=UTF-8''CV%20de%20Zo%C3%A9%20%222026%22%0D%0A%2541.pdf"
        );
    }

    #[actix_web::test]
    async fn g3_a_file_comes_out_as_it_went_in() {
        use documents::{Blobs, Place};
        use futures_util::TryStreamExt as _;

        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).await.unwrap();
        let text = "Animer un atelier.\n".repeat(10_000);
        let stored = blobs.store(Place::Cv, "cv.txt", &mut text.as_bytes()).await.unwrap();
        let reader = blobs.read(stored.id).await.unwrap();
        assert_eq!(reader.bytes(), text.len() as u64);
        let out: Vec<Bytes> = pieces(reader).try_collect().await.unwrap();
        assert!(out.len() > 1);
        assert_eq!(out.concat(), text.as_bytes());
    }
}
