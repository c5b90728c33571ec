//! Why a command could not do its work, in words for a person.

pub type Failure = Box<dyn std::error::Error + Send + Sync>;
