use crate::error::Error;
use actix_web::HttpResponse;
pub async fn sessions() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn end_session() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn password_form() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn change_password() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn alerts_form() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
pub async fn set_alerts() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
