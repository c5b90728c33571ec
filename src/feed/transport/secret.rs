//! Secrets: read from where the layout says, and never shown. A feed that waits is tried at once when a
//! file that it read has changed.

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio::time::sleep;

use crate::disk;
use crate::feed::error::{FailureKind, FeedError};
use crate::layout::feed::Secret;

/// Longest secret, bytes.
const MAX_SECRET: u64 = 16_384;
/// Most files that are watched for one feed.
const MAX_FILES: usize = 16;
/// Time between two looks at them.
const LOOK_EVERY: Duration = Duration::from_millis(500);

tokio::task_local! {
    /// The files that the running attempt of this task's feed has read.
    static READ: RefCell<Files>;
}

/// When a file was written last, and its length; `None` for one that is not there.
type Stamp = Option<(SystemTime, u64)>;

/// Files with secrets, each as it was when it was read.
#[derive(Debug, Default)]
pub(in crate::feed) struct Files(Vec<(PathBuf, Stamp)>);

impl Files {
    /// Comes back when one of them has changed, and rests; never where there are none.
    pub async fn changed(&self) {
        let mut before = Vec::new();
        loop {
            sleep(LOOK_EVERY).await;
            let mut now = Vec::with_capacity(self.0.len());
            for (path, _) in &self.0 {
                now.push(stamp(path).await);
            }
            let differs = self.0.iter().zip(&now).any(|((_, then), now)| then != now);
            if differs && std::mem::replace(&mut before, now.clone()) == now {
                return;
            }
        }
    }
}

/// Runs an attempt; gives what it comes to and the files with secrets that it read.
pub(in crate::feed) async fn noting<F: Future>(attempt: F) -> (F::Output, Files) {
    let noted = async {
        let end = attempt.await;
        (end, READ.with(|read| read.take()))
    };
    READ.scope(RefCell::default(), noted).await
}

/// A file with a secret is about to be read.
pub(in crate::feed) async fn note(path: &Path) {
    let stamp = stamp(path).await;
    // Outside of an attempt nobody waits for it.
    let _ = READ.try_with(|read| {
        let files = &mut read.borrow_mut().0;
        files.retain(|(known, _)| known != path);
        if files.len() < MAX_FILES {
            files.push((path.to_owned(), stamp));
        }
    });
}

async fn stamp(path: &Path) -> Stamp {
    let meta = tokio::fs::metadata(path).await.ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

/// A secret. Prints nothing of itself; holds no control characters.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::feed) struct Hidden(String);

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
pub(in crate::feed) async fn read(secret: &Secret) -> Result<Hidden, FeedError> {
    let (from, text) = match secret {
        Secret::Env(name) => {
            (format!("environment variable `{name}`"), std::env::var(name).unwrap_or_default())
        }
        Secret::File(path) => (format!("token file {}", path.display()), read_file(path).await?),
    };
    let refused = |why: &str| FeedError::of(FailureKind::Refused, format!("{from} {why}"));
    match text.trim() {
        "" => Err(refused("does not contain a token")),
        text => Hidden::new(text).ok_or_else(|| refused("contains control characters, so it is not a token")),
    }
}

/// As [`read`]; `None` where the layout names none.
pub(in crate::feed) async fn read_any(secret: Option<&Secret>) -> Result<Option<Hidden>, FeedError> {
    match secret {
        Some(secret) => read(secret).await.map(Some),
        None => Ok(None),
    }
}

async fn read_file(path: &Path) -> Result<String, FeedError> {
    let fail =
        |why: String| FeedError::of(FailureKind::Refused, format!("token file {}: {why}", path.display()));
    note(path).await;
    let named = path.to_path_buf();
    let opened = tokio::task::spawn_blocking(move || disk::open(&named)).await;
    let opened = opened.map_err(std::io::Error::other).flatten();
    let file = File::from_std(opened.map_err(|error| fail(error.to_string()))?);
    let mut text = String::new();
    let read = file.take(MAX_SECRET).read_to_string(&mut text).await;
    read.map_err(|error| fail(error.to_string())).map(|_| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn from_file(text: &[u8]) -> Result<Hidden, FeedError> {
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
    async fn a_file_that_was_read_and_changes_is_noticed() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), "old").expect("it is writable");
        let secret = Secret::File(file.path().into());
        let (read, files) = noting(read(&secret)).await;
        assert!(read.is_ok());
        let still = tokio::time::timeout(LOOK_EVERY * 3, files.changed()).await;
        assert!(still.is_err(), "nothing has changed");
        std::fs::write(file.path(), "renewed").expect("it is writable");
        let changed = tokio::time::timeout(LOOK_EVERY * 20, files.changed()).await;
        assert!(changed.is_ok());
    }

    #[tokio::test]
    async fn a_missing_or_broken_secret_is_told_without_it() {
        let absent = read(&Secret::Env("FISHBOWL_NO_SUCH".into())).await.expect_err("it is not set");
        assert!(format!("{absent:?}").contains("`FISHBOWL_NO_SUCH` does not contain a token"));
        for text in [&b""[..], b" \n", b"s3cret\nline", b"s3cret\xff"] {
            let error = from_file(text).await.expect_err("no token");
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
        let gone = read(&Secret::File("/no/such/token".into())).await.expect_err("no file");
        assert!(format!("{gone:?}").contains("/no/such/token"));
    }
}
