//! The only SQL: both engines, the journal, one file per field word
