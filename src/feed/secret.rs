//! Secrets: read from where the layout says, and never shown.

use std::fmt;
use std::path::Path;

use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::supervise::{Fault, Stop};
use crate::layout::feed::Secret;

/// Longest secret, bytes.
const MAX_SECRET: u64 = 16_384;

/// A secret. Prints nothing of itself; holds no control characters.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Hidden(String);

impl Hidden {
    /// `None` for what is empty or holds a control character, which no header can carry.
    pub fn new(secret: &str) -> Option<Self> {
        (!secret.is_empty() && !secret.chars().any(char::is_control)).then(|| Self(secret.to_owned()))
    }

    /// The secret itself, for what is sent to its own service.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Reads a secret without the white space around it. To be read anew for each connection, because
/// it may have been renewed.
pub(super) async fn read(secret: &Secret) -> Result<Hidden, Stop> {
    let (from, text) = match secret {
        Secret::Env(name) => {
            (format!("environment variable `{name}`"), std::env::var(name).unwrap_or_default())
        }
        Secret::File(path) => (format!("token file {}", path.display()), read_file(path).await?),
    };
    let refused = |why: &str| Stop::of(Fault::Refused, format!("{from} {why}"));
    match text.trim() {
        "" => Err(refused("holds no token")),
        text => Hidden::new(text).ok_or_else(|| refused("holds control characters, so it is no token")),
    }
}

/// As [`read`]; `None` where the layout names none.
pub(super) async fn read_any(secret: Option<&Secret>) -> Result<Option<Hidden>, Stop> {
    match secret {
        Some(secret) => read(secret).await.map(Some),
        None => Ok(None),
    }
}

async fn read_file(path: &Path) -> Result<String, Stop> {
    let fail = |why: String| Stop::of(Fault::Refused, format!("token file {}: {why}", path.display()));
    let file = File::open(path).await.map_err(|error| fail(error.to_string()))?;
    let mut text = String::new();
    let read = file.take(MAX_SECRET).read_to_string(&mut text).await;
    read.map_err(|error| fail(error.to_string())).map(|_| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn from_file(text: &[u8]) -> Result<Hidden, Stop> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("it is writable");
        read(&Secret::File(file.path().into())).await
    }

    #[tokio::test]
    async fn a_secret_comes_from_its_file_and_is_kept_out_of_sight() {
        let secret = from_file(b" s3cret\n").await.expect("it is there");
        assert_eq!(secret.expose(), "s3cret");
        assert!(!format!("{secret:?}").contains("s3cret"));
    }

    #[tokio::test]
    async fn a_missing_or_broken_secret_is_told_without_it() {
        let absent = read(&Secret::Env("FISHBOWL_NO_SUCH".into())).await.expect_err("it is not set");
        assert!(format!("{absent:?}").contains("`FISHBOWL_NO_SUCH` holds no token"));
        for text in [&b""[..], b" \n", b"s3cret\nline", b"s3cret\xff"] {
            let error = from_file(text).await.expect_err("no token");
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
        let gone = read(&Secret::File("/no/such/token".into())).await.expect_err("no file");
        assert!(format!("{gone:?}").contains("/no/such/token"));
    }
}
