//! Files that people name: only such as are files, and opened without waiting. A pipe to which nobody
//! writes would hold whoever opens it for ever.

use std::fs::{File, Metadata};
use std::io::{Error, Result};
use std::path::Path;

/// Opens a file for reading.
///
/// # Errors
/// As [`File::open`], and for what is no file; the message says what it is.
pub fn open(path: &Path) -> Result<File> {
    let file = open_at_once(path)?;
    refuse_other(&file.metadata()?)?;
    Ok(file)
}

/// As [`open`], a file of at most so many bytes. The error says what is wrong with it, after its name.
pub fn open_small(path: &Path, most: u64) -> std::result::Result<File, String> {
    let file = open(path).map_err(|error| format!("cannot be read: {error}"))?;
    match file.metadata().map_or(0, |there| there.len()) {
        bytes if bytes > most => Err(format!("has {} MB; {} MB is the limit", bytes >> 20, most >> 20)),
        _ => Ok(file),
    }
}

/// That a file is there, without opening it.
///
/// # Errors
/// As [`open`].
pub fn find(path: &Path) -> Result<Metadata> {
    let there = std::fs::metadata(path)?;
    refuse_other(&there)?;
    Ok(there)
}

#[cfg(unix)]
fn open_at_once(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

#[cfg(not(unix))]
fn open_at_once(path: &Path) -> Result<File> {
    File::open(path)
}

fn refuse_other(there: &Metadata) -> Result<()> {
    if there.is_file() {
        return Ok(());
    }
    let what = if there.is_dir() { "a folder" } else { "a pipe or a device" };
    Err(Error::other(format!("it is {what}, not a file")))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_a_folder_and_a_device_are_no_files_and_none_is_waited_for() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let pipe = folder.path().join("pipe");
        let name = std::ffi::CString::new(pipe.as_os_str().as_encoded_bytes()).expect("no zero byte");
        // SAFETY: the name ends with a zero byte and lives until the call returns.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        for (path, what) in [
            (pipe.as_path(), "it is a pipe or a device, not a file"),
            (folder.path(), "it is a folder, not a file"),
            (Path::new("/dev/zero"), "it is a pipe or a device, not a file"),
        ] {
            assert_eq!(open(path).expect_err("it is not a file").to_string(), what);
            assert_eq!(find(path).expect_err("it is not a file").to_string(), what);
        }
        let file = folder.path().join("file");
        std::fs::write(&file, "words").expect("it can be written");
        assert!(open(&file).is_ok() && find(&file).is_ok_and(|there| there.len() == 5));
    }
}
