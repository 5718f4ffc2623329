//! A form with a file: its fields, its token, and the file streamed to the blob store, never whole in memory.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Field, Multipart};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use documents::{BlobId, Format, Place, Stored, UploadError, clean_file_name, inspect, without_metadata};
use domain::nir;
use futures_util::TryStreamExt as _;

use crate::app::App;
use crate::csrf;
use crate::error::Error;
use crate::fields::Fields;
use crate::session::Viewer;

/// Longest value of a field other than a file, in bytes.
const FIELD_MAX: usize = 128 * 1024;
/// Most fields of such a form.
const FIELDS_MAX: usize = 60;
/// Most files in one form, each held in memory: the pieces that a dossier may have.
const FILES_MAX: usize = 12;

/// A file that must not reach the disk before it is sealed.
pub enum Secret {
    /// None was chosen.
    Absent,
    /// Its cleaned name, its format and its bytes; a photograph without the place where it was taken.
    Read(String, Format, Vec<u8>),
    /// The sentence that says why it is refused.
    Refused(String),
}

#[derive(Debug)]
pub enum Fichier {
    /// None was chosen.
    Absent,
    /// It is stored; its row is still to be written.
    Stored(Stored),
    /// The sentence that says why it is refused.
    Refused(String),
}

/// A posted form with a file, whose token is right. To be read with [`Televersement::read`].
pub struct Televersement {
    /// None when the request is no such form: [`Televersement::read`] reports it, after the object in the path was
    /// found.
    parts: Option<Multipart>,
    /// The fields of a form that was sent without its files, since none was chosen.
    typed: Option<Fields>,
    csrf: String,
    app: Data<App>,
}

impl std::fmt::Debug for Televersement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Televersement").finish_non_exhaustive()
    }
}

impl FromRequest for Televersement {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let viewer = Viewer::from_request(request, &mut Payload::None);
        let text = csrf::is_form(request.headers()).then(|| String::from_request(request, payload));
        let parts = Multipart::from_request(request, payload);
        let app = request.app_data::<Data<App>>().cloned();
        Box::pin(async move {
            let csrf = viewer.await?.csrf().to_owned();
            let app = app.ok_or_else(|| Error::Internal("no App".into()))?;
            let typed = match text {
                Some(text) => text.await.ok().map(|text| Fields::parse(&text)),
                None => None,
            };
            let parts = parts.await.ok();
            Ok(Self { parts, typed, csrf, app })
        })
    }
}

const UNREADABLE: Error =
    Error::BadRequest("Ce formulaire n’a pas pu être lu en entier. Rechargez la page et recommencez.");

impl Televersement {
    /// Reads the form; a file in the field `file` is stored for `place`. Our pages send the token before the file:
    /// nothing is stored for a form that is not ours.
    pub async fn read(self, file: &str, place: Place) -> Result<(Fields, Fichier), Error> {
        let app = self.app.clone();
        let mut found = Fichier::Absent;
        let take = async |_: &str, part: &mut Field| {
            found = store(&app, part, place).await?;
            Ok(())
        };
        let fields = self.each(|name| name == file, take).await?;
        Ok((fields, found))
    }

    /// Reads the form; a file in each field whose name begins with `prefix` stays in memory, up to the limit of
    /// `place`. Returns, for each, the rest of the field's name and the file.
    pub async fn read_secrets(self, prefix: &str, place: Place) -> Result<(Fields, Vec<(String, Secret)>), Error> {
        let app = self.app.clone();
        let mut found = Vec::new();
        let take = async |name: &str, part: &mut Field| {
            if found.len() >= FILES_MAX {
                return Err(UNREADABLE);
            }
            let word = name.strip_prefix(prefix).unwrap_or_default().to_owned();
            found.push((word, in_memory(&app, part, place).await?));
            Ok(())
        };
        let fields = self.each(|name| name.starts_with(prefix), take).await?;
        Ok((fields, found))
    }

    async fn each(
        self,
        is_file: impl Fn(&str) -> bool,
        mut take: impl AsyncFnMut(&str, &mut Field) -> Result<(), Error>,
    ) -> Result<Fields, Error> {
        if let Some(fields) = self.typed {
            return if csrf::same(fields.one("_csrf"), &self.csrf) { Ok(fields.masked()) } else { Err(Error::Csrf) };
        }
        let mut fields = Vec::new();
        let mut ours = false;
        let mut parts = self.parts.ok_or(UNREADABLE)?;
        while let Some(mut part) = parts.try_next().await.map_err(|_| UNREADABLE)? {
            let name = part.name().unwrap_or_default().to_owned();
            if is_file(&name) {
                if !ours {
                    return Err(Error::Csrf);
                }
                take(&name, &mut part).await?;
                continue;
            }
            let value = text(&mut part).await?;
            if name == "_csrf" {
                ours = csrf::same(&value, &self.csrf);
            }
            fields.push((name, value));
            if fields.len() > FIELDS_MAX {
                return Err(UNREADABLE);
            }
        }
        if !ours {
            return Err(Error::Csrf);
        }
        Ok(Fields::from_pairs(fields).masked())
    }
}

async fn text(part: &mut Field) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.try_next().await.map_err(|_| UNREADABLE)? {
        if bytes.len() + piece.len() > FIELD_MAX {
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Middleware: an upload by our own module is answered with `{"suite": path}` instead of a redirection, because
/// following one would use up the notice of the next page.
pub async fn answer_module(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let by_module = request.method() == Method::POST && accepts == Some("application/json");
    let mut response = next.call(request).await?.map_into_boxed_body();
    let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
    match to {
        Some(to) if by_module && response.status() == StatusCode::SEE_OTHER => {
            response.headers_mut().remove(header::LOCATION);
            *response.response_mut().status_mut() = StatusCode::OK;
            let said = serde_json::json!({ "suite": to }).to_string();
            response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
            Ok(response.map_body(|_, _| BoxBody::new(said)))
        }
        _ => Ok(response),
    }
}

/// Removes blobs that no row names any more. Failures are only logged: nobody can download these blobs, and a sweep
/// removes them.
pub async fn forget(app: &App, blobs: &[String]) {
    for blob in blobs {
        let removed = match blob.parse::<BlobId>() {
            Ok(id) => app.blobs.delete(id).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = removed {
            tracing::warn!(%blob, %error, "a blob could not be removed");
        }
    }
}

/// The name of a received file, as it may be kept (SPEC Q7).
fn file_name(part: &Field) -> String {
    nir::mask(part.content_disposition().and_then(|said| said.get_filename()).unwrap_or_default())
}

/// Streams one file to the store; the rest of a refused one is read too, up to four times the limit of the place.
async fn store(app: &App, part: &mut Field, place: Place) -> Result<Fichier, Error> {
    let name = file_name(part);
    let mut upload = app.blobs.begin(place, &name).await.map_err(|error| Error::of_files(&error))?;
    let (mut refused, mut empty) = (None, true);
    let mut read: u64 = 0;
    while let Some(piece) = part.try_next().await.map_err(|_| UNREADABLE)? {
        empty &= piece.is_empty();
        read += piece.len() as u64;
        if read > place.max_bytes() * 4 {
            // Nobody should have to send a gigabyte before being told that it is too much.
            break;
        }
        if refused.is_none()
            && let Err(error) = upload.write(&piece).await
        {
            refused = Some(sentence(error)?);
        }
    }
    if empty && name.is_empty() {
        return Ok(Fichier::Absent);
    }
    if let Some(sentence) = refused {
        return Ok(Fichier::Refused(sentence));
    }
    Ok(match upload.finish().await {
        Ok(stored) => Fichier::Stored(stored),
        Err(error) => Fichier::Refused(sentence(error)?),
    })
}

/// Reads one file into memory, up to the limit of the place, and recognises its format.
async fn in_memory(app: &App, part: &mut Field, place: Place) -> Result<Secret, Error> {
    let name = file_name(part);
    let most = usize::try_from(place.max_bytes()).unwrap_or(usize::MAX);
    let (mut bytes, mut read) = (Vec::new(), 0_usize);
    while let Some(piece) = part.try_next().await.map_err(|_| UNREADABLE)? {
        read += piece.len();
        if read > most.saturating_mul(4) {
            break;
        }
        if read <= most {
            bytes.extend_from_slice(&piece);
        }
    }
    if read == 0 && name.is_empty() {
        return Ok(Secret::Absent);
    }
    if read > most {
        return Ok(Secret::Refused(documents::Refusal::TooBig { place }.to_string()));
    }
    let given = name.clone();
    let looked = actix_web::web::block(move || {
        let verdict = inspect(&mut std::io::Cursor::new(&bytes), &given, place)?;
        Ok::<_, std::io::Error>(verdict.and_then(|found| {
            let bytes = if found.locked { bytes } else { without_metadata(found.format, bytes)? };
            Ok((found, bytes))
        }))
    });
    let (found, bytes) = match looked.await?.map_err(|error| Error::Internal(error.to_string()))? {
        Ok(looked) => looked,
        Err(refusal) => return Ok(Secret::Refused(refusal.to_string())),
    };
    if found.locked {
        let checked = app.extractor.check_locked_bytes(&bytes).await;
        if let Err(refusal) = checked.map_err(|error| Error::Internal(error.to_string()))? {
            return Ok(Secret::Refused(refusal.to_string()));
        }
    }
    Ok(Secret::Read(clean_file_name(&name, found.format), found.format, bytes))
}

fn sentence(error: UploadError) -> Result<String, Error> {
    match error {
        UploadError::Refused(refusal) => Ok(refusal.to_string()),
        UploadError::Source(_) => Err(UNREADABLE),
        UploadError::Store(error) => Err(Error::of_files(&error)),
    }
}
