use crate::error::Error;
use actix_web::HttpResponse;
pub async fn list() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn read_all() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn follow() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
