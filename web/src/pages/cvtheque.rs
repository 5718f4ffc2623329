use crate::error::Error;
use actix_web::HttpResponse;
pub async fn search() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn json() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn fiche() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn file() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
