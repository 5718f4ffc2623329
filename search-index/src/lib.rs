//! Full-text search over annonces and the CV-thèque (Tantivy)
