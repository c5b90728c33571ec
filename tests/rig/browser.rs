//! Chromium without a screen.

use std::path::PathBuf;
use std::time::Duration;

use super::photo::Photo;
use super::process::Home;
use super::{find_command, within};

/// Set to 1 on machines that have no browser, to leave its tests out.
pub const LEAVE_OUT: &str = "FISHBOWL_WITHOUT_BROWSER";

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub struct Browser {
    home: Home,
    program: PathBuf,
}

impl Browser {
    pub fn new() -> Self {
        let program = find_command(&NAMES).unwrap_or_else(|| {
            panic!(
                "this test needs Chromium or Google Chrome. `make test` installs it on Debian; on Ubuntu it is a \
                 snap: install Google Chrome, or set {LEAVE_OUT}=1 to leave this test out"
            )
        });
        Self { home: Home::new(), program }
    }

    /// Loads a page, lets `patience` of the page's own time pass, and gives the document as it
    /// stands then, and a picture of it.
    pub fn look(&self, url: &str, size: (u32, u32), patience: Duration) -> (String, Photo) {
        let shot = self.home.path().join("page.png");
        let mut command = self.home.command(&self.program);
        command
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"])
            .arg(format!("--user-data-dir={}", self.home.path().join("profile").display()))
            .arg(format!("--window-size={},{}", size.0, size.1))
            .arg(format!("--virtual-time-budget={}", patience.as_millis()))
            .arg(format!("--screenshot={}", shot.display()))
            .args(["--dump-dom", url]);
        let mut running = self.home.start("chromium", &mut command);
        within(Duration::from_secs(60), "chromium is done", || running.ended());
        let bytes = std::fs::read(&shot).expect("chromium made a picture");
        (running.said(), Photo::decode(&bytes))
    }
}
