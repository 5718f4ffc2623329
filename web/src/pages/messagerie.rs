use crate::error::Error;
use actix_web::HttpResponse;
pub async fn write_form() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn write() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn complete() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn autosave() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn draft() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn message() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn act_on_one() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn reply_form() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn forward_form() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn list() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn act() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
