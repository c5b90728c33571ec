//! The machine itself: graphics, monitors, fonts, the clock, and how hot it runs.

use std::path::Path;
use std::process::Command;

use super::finding::{Finding, Standing, There};
use crate::cli::live;
use crate::gpu::{self, Drives};
use crate::text::Typesetter;

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
    found.extend([fonts(), clock(), heat()]);
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

fn window_system() -> Finding {
    const OF: &str = "window system";
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(value) = named("WAYLAND_DISPLAY").or(named("WAYLAND_SOCKET")) {
        return Finding::fine(OF, format!("Wayland ({value})"));
    }
    match named("DISPLAY") {
        Some(value) => Finding::fine(OF, format!("X11 ({value})")),
        None if live::has_display() => Finding::fine(OF, "the system's own"),
        None => Finding::new(
            OF,
            Standing::Warning,
            "neither WAYLAND_DISPLAY nor DISPLAY is set: the wall would run without windows",
            "Run this in the session that owns the screens, or look at the wall through the mirror.",
        ),
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

fn fonts() -> Finding {
    const OF: &str = "fonts";
    let mut setter = Typesetter::new(true);
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

/// How often processors were slowed down since the machine started, as Linux counts it.
fn heat() -> Finding {
    const OF: &str = "temperature";
    let counts =
        std::fs::read_dir("/sys/devices/system/cpu").into_iter().flatten().flatten().filter_map(|entry| {
            let file = entry.path().join("thermal_throttle/core_throttle_count");
            std::fs::read_to_string(file).ok()?.trim().parse::<u64>().ok()
        });
    let counts: Vec<u64> = counts.collect();
    match counts.iter().max() {
        None => Finding::new(OF, Standing::Unknown, "the system does not say whether it was too hot", ""),
        Some(0) => Finding::fine(OF, "never too hot since the start"),
        Some(most) => Finding::new(
            OF,
            Standing::Warning,
            format!("the processor was slowed down {most} times because it was too hot"),
            "Clean the fan, and give the machine air: it must not stand between warm displays and a wall.",
        ),
    }
}
