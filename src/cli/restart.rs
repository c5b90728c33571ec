//! The window system went away: another process image takes the place of this one, with the same
//! number, arguments and environment, and waits for it.
//!
//! winit makes one event loop in the life of a process. What was heard is in the journal, and the feeds
//! go on where they were, as after any restart; counts that are kept in memory only begin anew.

use std::time::Duration;

use crate::clock::Instant;
use crate::kiosk::{self, KioskError, Options, Ports};

use super::failure::Failure;
use super::log_limit;

/// How a process image learns that it is not the first: how often the window system went away
/// shortly after it came, and how many milliseconds are left of `--for`.
const MARK: &str = "FISHBOWL_AGAIN";

/// A window system that stood for so long went away for a reason of its own.
const STOOD: Duration = Duration::from_secs(10);

/// The pause before it is tried again is a second, and doubles so many times.
const DOUBLINGS: u32 = 2;

/// A start after the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restart {
    times: u32,
    left: Option<Duration>,
}

impl Restart {
    /// What the image before left behind, if there was one.
    pub fn came() -> Option<Self> {
        Self::read(&std::env::var(MARK).ok()?)
    }

    /// A start for another reason.
    pub fn anew() -> Self {
        Self { times: 0, left: None }
    }

    fn read(mark: &str) -> Option<Self> {
        let (times, left) = mark.split_once(' ')?;
        Some(Self { times: times.parse().ok()?, left: left.parse().ok().map(Duration::from_millis) })
    }

    fn mark(&self) -> String {
        let left = self.left.map(|left| left.as_millis().to_string());
        format!("{} {}", self.times, left.unwrap_or_else(|| "-".into()))
    }

    /// What is left of `--for`.
    pub fn left(&self) -> Option<Duration> {
        self.left
    }

    /// The start after a window system that stood for `stood`.
    fn after(before: Option<Self>, stood: Duration, left: Option<Duration>) -> Self {
        let times = before.filter(|_| stood < STOOD).map_or(0, |before| before.times);
        Self { times: times.saturating_add(1), left }
    }

    /// How long the window system is left alone.
    fn pause(&self) -> Duration {
        Duration::from_secs(1 << self.times.saturating_sub(1).min(DOUBLINGS))
    }

    /// Starts anew. Comes back only with the reason why that cannot be done.
    pub fn start(&self) -> Failure {
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            let mut args = std::env::args_os();
            let name = args.next().unwrap_or_else(|| "fishbowl".into());
            // The file may have been replaced since; this very program can still be had.
            let program = std::env::current_exe().ok().filter(|file| file.is_file());
            let program = program.unwrap_or_else(|| "/proc/self/exe".into());
            log_limit::last_words();
            let error =
                std::process::Command::new(program).arg0(name).args(args).env(MARK, self.mark()).exec();
            format!("the wall cannot be restarted: {error}").into()
        }
        #[cfg(not(unix))]
        "the wall cannot be restarted here; start it again".into()
    }
}

/// Shows the wall in windows until it is told to end, waiting for the window system where it is
/// not there. `end` is called where the X server takes the process along.
///
/// Gives the start that is due when the window system went away.
pub fn in_windows(
    ports: &mut Ports,
    options: &Options,
    end: impl Fn() + Send + Sync + 'static,
) -> Result<Option<Restart>, Failure> {
    let (before, began) = (Restart::came(), ports.clock.instant());
    let why = if before.is_some() { "it ended" } else { "it is not responding yet" };
    let pause = before.map(|before| before.pause()).unwrap_or_default();
    if !kiosk::wait::wait(ports, options, pause, why.into()) {
        return Ok(None);
    }
    let (opened, clock, stay) = (ports.clock.instant(), ports.clock.clone(), options.stay);
    let next = move |now: Instant| {
        let left = stay.map(|stay| stay.saturating_sub(now.saturating_duration_since(began)));
        Restart::after(before, now.saturating_duration_since(opened), left)
    };
    kiosk::wait::on_server_gone(move || {
        end();
        super::output::eprint(format_args!("fishbowl: {}\n", next(clock.instant()).start()));
    });
    let left = stay.map(|stay| stay.saturating_sub(opened.saturating_duration_since(began)));
    match kiosk::windows::run(ports, &Options { stay: left, ..options.clone() }) {
        Err(KioskError::NoWindows(why) | KioskError::Ended(why)) => {
            tracing::error!("the window system ended ({why}); restarting");
            Ok(Some(next(ports.clock.instant())))
        }
        other => other.map(|_| None).map_err(Into::into),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_image_reads_what_this_one_left() {
        for left in [None, Some(Duration::from_millis(41_500))] {
            let again = Restart { times: 3, left };
            assert_eq!(Restart::read(&again.mark()), Some(again));
        }
        for strange in ["", "x", "1", "-1 5", "x -"] {
            assert_eq!(Restart::read(strange), None, "{strange}");
        }
    }

    #[test]
    fn a_window_system_that_goes_again_and_again_is_left_alone_ever_longer() {
        let mut again = None;
        let pauses = [0; 7].map(|_| {
            again = Some(Restart::after(again, Duration::from_secs(1), None));
            again.map_or(0, |again| again.pause().as_secs())
        });
        assert_eq!(pauses, [1, 2, 4, 4, 4, 4, 4]);
        assert_eq!(Restart::after(again, STOOD, None).pause(), Duration::from_secs(1));
    }
}
