use crate::error::Error;
use actix_web::HttpResponse;
pub async fn list() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn new_form() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn create() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn form() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn update() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn publish() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn close() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn archive() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
