//! What keeps the program from starting, or from going on: for whoever runs it.

pub type Failure = Box<dyn std::error::Error + Send + Sync>;
