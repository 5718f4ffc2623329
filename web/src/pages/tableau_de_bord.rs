use crate::error::Error;
use actix_web::HttpResponse;
pub async fn page() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
