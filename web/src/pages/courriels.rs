use crate::error::Error;
use actix_web::HttpResponse;
pub async fn list() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn page() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn html() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
