//! Why the program can't start or can't go on, for the people who run it.

pub type Failure = Box<dyn std::error::Error + Send + Sync>;
