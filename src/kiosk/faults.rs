//! Faults that a tester asks for on a running wall (docs/faults.md): the lines of a named pipe.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::clock::Clock;
use crate::gpu::{DeviceFault, Faults, SurfaceFault};

/// Names the pipe. Without it no fault can be asked for.
const PIPE: &str = "FISHBOWL_FAULTS";

/// Longest block of a window.
const LONGEST: Duration = Duration::from_secs(600);

/// The faults that are asked for from now on.
pub fn listen(clock: &Clock) -> Faults {
    let faults = Faults::default();
    if let Some(path) = std::env::var_os(PIPE).filter(|path| !path.is_empty()).map(PathBuf::from) {
        match open(&path) {
            Ok(pipe) => read(pipe, faults.clone(), clock.clone()),
            Err(error) => tracing::error!("{PIPE}={}: {error}", path.display()),
        }
    }
    faults
}

/// Opened for writing, too, a pipe does not end when a tester closes it.
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).open(path)
}

fn read(pipe: File, faults: Faults, clock: Clock) {
    tracing::warn!("faults can be asked for on this wall ({PIPE})");
    let work = move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            match obey(&line, &faults, &clock) {
                Ok(()) => tracing::warn!("fault on request: {line}"),
                Err(why) => tracing::error!("{PIPE}: `{line}`: {why}"),
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("fishbowl-faults".into()).spawn(work) {
        tracing::error!("{PIPE}: {error}");
    }
}

fn obey(line: &str, faults: &Faults, clock: &Clock) -> Result<(), String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["device"] => faults.lose_device(DeviceFault::Between),
        ["device", "drawing"] => faults.lose_device(DeviceFault::Drawing),
        ["surface", display, result] => faults.fail_surface(display, result.parse()?, 1),
        ["surface", display, result, times] => {
            let times = times.parse().map_err(|_| format!("`{times}` is not a number"))?;
            faults.fail_surface(display, result.parse()?, times);
        }
        ["block", display, length] => {
            faults.fail_surface(display, SurfaceFault::Block(seconds(length)?.min(LONGEST)), 1);
        }
        ["later", length] => clock.skip(seconds(length)?),
        _ => return Err("see docs/faults.md".into()),
    }
    Ok(())
}

fn seconds(word: &str) -> Result<Duration, String> {
    let seconds = word.parse().ok().and_then(|secs| Duration::try_from_secs_f64(secs).ok());
    seconds.ok_or_else(|| format!("`{word}` is not a number of seconds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_wrong_are_refused() {
        let (faults, clock) = (Faults::default(), Clock::system());
        let obey = |line| obey(line, &faults, &clock);
        for line in ["device", "device drawing", "surface east lost", "surface east lost 3", "block east 2.5"]
        {
            assert_eq!(obey(line), Ok(()), "{line}");
        }
        for line in
            ["", "surface east", "surface east gone", "surface east lost x", "block east -1", "later x"]
        {
            assert!(obey(line).is_err(), "{line}");
        }
    }
}
