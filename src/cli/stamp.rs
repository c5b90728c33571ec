//! How a file is known as another than it was, without reading it.

use std::path::Path;
use std::time::SystemTime;

/// Changes when a file does and when another takes its place, whatever its time and length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When it was written last, and its length in bytes.
    pub written: (Option<SystemTime>, u64),
    /// Device, inode, and when the file system changed anything about it (seconds, nanoseconds).
    identity: (u64, u64, i64, i64),
}

/// The stamp of the file at the end of all links; nothing for one that is not there.
pub fn stamp(path: &Path) -> Option<Stamp> {
    let meta = std::fs::metadata(path).ok()?;
    Some(Stamp { written: (meta.modified().ok(), meta.len()), identity: identity(&meta) })
}

#[cfg(unix)]
fn identity(meta: &std::fs::Metadata) -> (u64, u64, i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (meta.dev(), meta.ino(), meta.ctime(), meta.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> (u64, u64, i64, i64) {
    (0, 0, 0, 0)
}
