//! What draws, what it draws on, what it draws with: graphics, the window system, monitors, fonts; and the clock.

use std::path::Path;
use std::process::Command;

use super::finding::{Finding, Standing, There};
use crate::cli::live;
use crate::clock::Clock;
use crate::gpu::{self, Drives};
use crate::layout::moment;
use crate::text::Typesetter;
use jiff::tz::TimeZone;

/// Texts in scripts for which fonts are needed, and what they are called.
const SCRIPTS: [(&str, &str); 6] = [
    ("Chinese, Japanese and Korean", "中文日本語한국어"),
    ("Arabic", "العربية"),
    ("Hindi", "हिन्दी"),
    ("Thai", "ภาษาไทย"),
    ("Hebrew", "עברית"),
    ("emoji", "😀🔋"),
];

pub fn look(there: Option<&There>) -> Vec<Finding> {
    let mut found = vec![graphics(), window_system()];
    found.extend(there.map(monitors));
    found.extend([fonts(&mut Typesetter::new(true)), clock()]);
    found
}

fn graphics() -> Finding {
    const OF: &str = "graphics";
    match gpu::drives() {
        Err(error) => Finding::new(
            OF,
            Standing::Fault,
            error.to_string(),
            "Install the driver of the graphics card. Without a card: `sudo apt install mesa-vulkan-drivers`.",
        ),
        Ok(Drives { name, is_software: true }) => Finding::new(
            OF,
            Standing::Warning,
            format!("the processor draws everything ({name})"),
            "For more than a small wall, install the driver of the graphics card, and let this user open /dev/dri \
             (groups `video` and `render`).",
        ),
        Ok(Drives { name, .. }) => Finding::fine(OF, name),
    }
}

/// Where the compositor of the Debian package listens.
const OF_THE_PACKAGE: &str = "/run/fishbowl/wayland-1";

fn window_system() -> Finding {
    const OF: &str = "window system";
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(value) = named("WAYLAND_DISPLAY").or(named("WAYLAND_SOCKET")) {
        return match socket(&value).filter(|_| named("WAYLAND_SOCKET").is_none()) {
            Some(why) => Finding::new(
                OF,
                Standing::Fault,
                why,
                "Run this in the session that owns the screens, as its user: XDG_RUNTIME_DIR is usually /run/user/<id>. A \
                 service must be one of that user (`systemctl --user`).",
            ),
            None => Finding::fine(OF, format!("Wayland ({value})")),
        };
    }
    match named("DISPLAY") {
        Some(value) => Finding::fine(OF, format!("X11 ({value})")),
        None if live::has_display() => Finding::fine(OF, "the system's own"),
        None if Path::new(OF_THE_PACKAGE).exists() => Finding::new(
            OF,
            Standing::Warning,
            "not asked: neither WAYLAND_DISPLAY nor DISPLAY is set",
            "The service's wall has a compositor of its own; to ask that one: `sudo env XDG_RUNTIME_DIR=/run/fishbowl \
             WAYLAND_DISPLAY=wayland-1 fishbowl doctor /etc/fishbowl/wall.toml`.",
        ),
        None => Finding::new(
            OF,
            Standing::Warning,
            "neither WAYLAND_DISPLAY nor DISPLAY is set: the wall would run without windows",
            "Run this in the session that owns the screens, or look at the wall through the mirror.",
        ),
    }
}

/// Why the compositor's socket cannot be reached, if so.
fn socket(display: &str) -> Option<String> {
    // Joining an absolute path gives that path.
    let folder = std::env::var("XDG_RUNTIME_DIR").ok().filter(|folder| !folder.is_empty());
    let folder = match folder {
        None if Path::new(display).is_absolute() => String::new(),
        None => return Some("XDG_RUNTIME_DIR is not set: the compositor cannot be found".into()),
        Some(folder) => folder,
    };
    let socket = Path::new(&folder).join(display);
    match std::fs::metadata(&socket) {
        Ok(_) => None,
        Err(error) => Some(format!("cannot reach the compositor at {}: {error}", socket.display())),
    }
}

fn monitors(there: &There) -> Finding {
    const OF: &str = "monitors";
    match there {
        Err(error) => Finding::new(
            OF,
            Standing::Fault,
            error.to_string(),
            "Check that the window system runs, and that this user may use it.",
        ),
        Ok((monitors, _)) if monitors.is_empty() => Finding::new(
            OF,
            Standing::Fault,
            "none",
            "Check cables and power; a splitter or a long cable may hide a monitor.",
        ),
        Ok((monitors, lines)) => {
            let words: Vec<String> =
                lines.iter().map(|line| format!("{} {}", line.connector, line.mode)).collect();
            let unnamed = monitors.iter().filter(|monitor| monitor.edid.is_none()).count();
            let words = words.join(", ");
            match unnamed {
                0 => Finding::fine(OF, words),
                _ => Finding::new(
                    OF,
                    Standing::Warning,
                    format!("{words}; {unnamed} of {} do not say what they are", monitors.len()),
                    "Name them in `match` by `connector` or `order`. EDID emulators make identities that stay.",
                ),
            }
        }
    }
}

fn fonts(setter: &mut Typesetter) -> Finding {
    const OF: &str = "fonts";
    let missing: Vec<&str> =
        SCRIPTS.iter().filter(|(_, sample)| !setter.covers(sample)).map(|(name, _)| *name).collect();
    match missing.is_empty() {
        true => Finding::fine(OF, "the scripts that people write most in, and emoji"),
        false => Finding::new(
            OF,
            Standing::Warning,
            format!("none for {}", missing.join(", ")),
            "`sudo apt install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji`",
        ),
    }
}

fn clock() -> Finding {
    const OF: &str = "clock";
    let now = Clock::system().now();
    if !now.is_plausible() {
        return Finding::new(
            OF,
            Standing::Fault,
            format!("it says {}: the wall waits until it is right", moment::words(now, &TimeZone::system())),
            "`sudo timedatectl set-ntp true`, or set it by hand; a machine that forgets the time needs a new battery.",
        );
    }
    let asked = Command::new("timedatectl").args(["show", "--property=NTPSynchronized", "--value"]).output();
    let synchronized = Path::new("/run/systemd/timesync/synchronized").exists();
    match asked {
        _ if synchronized => Finding::fine(OF, "set from the network"),
        Ok(told) if told.stdout.starts_with(b"yes") => Finding::fine(OF, "set from the network"),
        Ok(told) if told.stdout.starts_with(b"no") => Finding::new(
            OF,
            Standing::Warning,
            "not set from the network: times on the wall may be wrong",
            "`sudo timedatectl set-ntp true`; on a network of its own, name a time server in /etc/systemd/timesyncd.conf.",
        ),
        _ => Finding::new(
            OF,
            Standing::Unknown,
            "systemd does not say whether it is set from the network",
            "Make sure that chrony, ntpd or systemd-timesyncd runs.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_fonts_is_told_which_to_install() {
        let found = fonts(&mut Typesetter::new(false));
        let is_so = found.standing == Standing::Warning
            && found.words.contains("Chinese")
            && found.words.contains("emoji");
        assert!(is_so && found.remedy.contains("fonts-noto-cjk"), "{found:?}");
    }
}
