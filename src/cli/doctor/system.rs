//! What the operating system gives the wall: memory, files, a processor at its full speed, a service that restarts it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::finding::{Finding, Standing};

/// A wall of three displays takes about half as much, MiB.
const LEAST_MEMORY: u64 = 512;
/// Connections of the mirror, feeds, the journal and the graphics driver together.
const LEAST_FILES: u64 = 512;
/// Part of its speed below which a processor counts as slowed down.
const SLOWED: f64 = 0.8;
/// From here on processors slow themselves down, degrees Celsius.
const HOT: f64 = 90.0;
/// Restarts that no one has to look at.
const FEW_RESTARTS: u64 = 3;

/// Looks at the files below `root` that Linux keeps, and asks systemd.
pub fn look(root: &Path) -> Vec<Finding> {
    vec![memory(root), files(root), speed(root), heat(root), service()]
}

fn number(path: impl AsRef<Path>) -> Option<u64> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// What is available by the account of `/proc/meminfo` (man proc_meminfo).
fn memory(root: &Path) -> Finding {
    const OF: &str = "memory";
    let told = std::fs::read_to_string(root.join("proc/meminfo")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kib: Option<u64> = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    match kib.map(|kib| kib >> 10) {
        None => Finding::new(OF, Standing::Unknown, "the system does not report it", ""),
        Some(mib) if mib < LEAST_MEMORY => Finding::new(
            OF,
            Standing::Warning,
            format!("{mib} MiB are available: the system may end the wall"),
            "End what else runs on this machine, or give it more memory.",
        ),
        Some(mib) => Finding::fine(OF, format!("{mib} MiB are available")),
    }
}

/// Files and connections that a process can have open, by the account of `/proc/self/limits`.
fn files(root: &Path) -> Finding {
    const OF: &str = "open files";
    let told = std::fs::read_to_string(root.join("proc/self/limits")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next());
    match soft.map(|soft| (soft, soft.parse::<u64>())) {
        None => Finding::new(OF, Standing::Unknown, "the system does not report the limit", ""),
        Some((_, Ok(most))) if most < LEAST_FILES => Finding::new(
            OF,
            Standing::Warning,
            format!("a process can have {most} files and connections open: viewers may be refused"),
            "`ulimit -n 4096` before the wall starts, or `LimitNOFILE=4096` in its unit.",
        ),
        Some((soft, _)) => Finding::fine(OF, format!("up to {soft}")),
    }
}

/// How fast the processor may run (Linux, Documentation/admin-guide/pm/cpufreq).
fn speed(root: &Path) -> Finding {
    const OF: &str = "processor";
    let folder = root.join("sys/devices/system/cpu/cpufreq");
    let policies = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let speeds = policies.filter_map(|policy| {
        let can = number(policy.join("cpuinfo_max_freq")).filter(|can| *can > 0)?;
        Some((number(policy.join("scaling_max_freq"))?, can))
    });
    let slowest = speeds.min_by(|a, b| (a.0 as f64 / a.1 as f64).total_cmp(&(b.0 as f64 / b.1 as f64)));
    let ghz = |khz: u64| khz as f64 / 1e6;
    match slowest {
        None => Finding::new(OF, Standing::Unknown, "the system does not report its speed", ""),
        Some((may, can)) if (may as f64) < can as f64 * SLOWED => Finding::new(
            OF,
            Standing::Warning,
            format!("it is limited to {:.1} of {:.1} GHz", ghz(may), ghz(can)),
            "Choose another power profile (`powerprofilesctl set performance`), and look at the power supply and the \
             firmware's settings.",
        ),
        Some((may, _)) => Finding::fine(OF, format!("up to {:.1} GHz", ghz(may))),
    }
}

/// How hot it is, and how often processors were slowed down for it since the machine started.
fn heat(root: &Path) -> Finding {
    const OF: &str = "temperature";
    let folder =
        |path: &str| root.join(path).read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let counts = folder("sys/devices/system/cpu")
        .filter_map(|cpu| number(cpu.join("thermal_throttle/core_throttle_count")));
    let slowed = counts.max();
    let hottest = folder("sys/class/thermal").filter_map(|zone| number(zone.join("temp"))).max();
    let hottest = hottest.map(|millidegrees| millidegrees as f64 / 1e3);
    // A Raspberry Pi counts under-voltage too ("vcgencmd get_throttled", raspberrypi.com/documentation).
    let pi = std::fs::read_to_string(root.join("sys/devices/platform/soc/soc:firmware/get_throttled")).ok();
    let pi = pi.and_then(|bits| u64::from_str_radix(bits.trim().trim_start_matches("0x"), 16).ok());
    let air = "Clean the fan, and give the machine air: it must not stand between warm displays and a wall.";
    match (pi, slowed, hottest) {
        (Some(bits), ..) if bits & 0x1_0001 != 0 => Finding::new(
            OF,
            Standing::Warning,
            "the power supply is too weak: the processor was slowed down",
            "Use the power supply that the maker of the board recommends, with a short cable.",
        ),
        (_, Some(most), _) if most > 0 => Finding::new(
            OF,
            Standing::Warning,
            format!("the processor was slowed down {most} times because it was too hot"),
            air,
        ),
        (_, _, Some(hot)) if hot >= HOT => {
            Finding::new(OF, Standing::Warning, format!("{hot:.0} °C: the processor slows down"), air)
        }
        (Some(bits), ..) if bits != 0 => {
            Finding::new(OF, Standing::Warning, "the processor was slowed down because it was too hot", air)
        }
        (_, Some(_), _) => Finding::fine(OF, "never too hot since the start"),
        (_, None, Some(hot)) => Finding::fine(OF, format!("{hot:.0} °C")),
        (Some(_), ..) => Finding::fine(OF, "never too hot since the start"),
        _ => Finding::new(OF, Standing::Unknown, "the system does not report whether it was too hot", ""),
    }
}

/// The unit of the user, else that of the system, as `systemctl show` reports it (man systemctl).
fn service() -> Finding {
    const OF: &str = "service";
    let units: Vec<(&str, BTreeMap<String, String>)> =
        ["--user", "--system"].into_iter().filter_map(|whose| Some((whose, unit(whose)?))).collect();
    let is_there =
        |unit: &BTreeMap<String, String>| unit.get("LoadState").is_some_and(|state| state != "not-found");
    if units.is_empty() {
        return Finding::new(OF, Standing::Unknown, "systemd cannot be asked here", "");
    }
    match units.iter().find(|(_, unit)| is_there(unit)) {
        Some((whose, unit)) => judged(whose, unit),
        None => Finding::new(
            OF,
            Standing::Warning,
            "systemd has no unit `fishbowl`: no one restarts a wall that ends",
            "`make install` brings one; docs/install.md shows how to enable it, and another way.",
        ),
    }
}

fn unit(whose: &str) -> Option<BTreeMap<String, String>> {
    let properties = "--property=LoadState,UnitFileState,ActiveState,WatchdogUSec,NRestarts";
    let told =
        Command::new("systemctl").args([whose, "show", "fishbowl.service", properties]).output().ok()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let unit: BTreeMap<String, String> = told
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    unit.contains_key("LoadState").then_some(unit)
}

fn judged(whose: &str, unit: &BTreeMap<String, String>) -> Finding {
    const OF: &str = "service";
    let says = |name: &str| unit.get(name).map(String::as_str).unwrap_or_default();
    let restarts = says("NRestarts").parse::<u64>().unwrap_or_default();
    let warn = |words: String, remedy: String| Finding::new(OF, Standing::Warning, words, remedy);
    match (says("LoadState"), says("UnitFileState"), says("WatchdogUSec")) {
        ("loaded", "disabled" | "", _) => warn(
            "the unit is not enabled: the wall does not start with the machine".into(),
            format!("`systemctl {whose} enable --now fishbowl`"),
        ),
        ("loaded", _, "" | "0" | "infinity") => warn(
            "the unit has no watchdog: a wall that is stuck stays stuck".into(),
            "Add `Type=notify` and `WatchdogSec=30` to it, as in the unit of `make install`.".into(),
        ),
        ("loaded", ..) if restarts > FEW_RESTARTS => warn(
            format!("systemd has restarted the wall {restarts} times"),
            format!("`journalctl {whose} -u fishbowl` shows why."),
        ),
        ("loaded", state, _) => Finding::fine(OF, format!("{state}, {}", says("ActiveState"))),
        (state, ..) => Finding::new(
            OF,
            Standing::Fault,
            format!("systemd cannot use the unit: it is `{state}`"),
            format!("`systemctl {whose} status fishbowl` shows why."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with these files.
    fn machine(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            std::fs::write(path, text).expect("it is writable");
        }
        root
    }

    fn is(found: &Finding, standing: Standing, words: &str, remedy: &str) {
        let is_so =
            found.standing == standing && found.words.contains(words) && found.remedy.contains(remedy);
        assert!(is_so, "{found:?}");
    }

    #[test]
    fn a_machine_that_reports_nothing_is_unknown_and_not_well() {
        let bare = machine(&[]);
        for look in [memory, files, speed, heat] {
            is(&look(bare.path()), Standing::Unknown, "the system does not report", "");
        }
    }

    #[test]
    fn too_little_memory_and_too_few_files() {
        let limits = |soft: &str| {
            format!(
                "Limit   Soft Limit   Hard Limit   Units\nMax open files            {soft}                 4096                 files\n"
            )
        };
        let poor = machine(&[
            ("proc/meminfo", "MemTotal: 900000 kB\nMemAvailable:     102400 kB\n"),
            ("proc/self/limits", &limits("64")),
        ]);
        is(&memory(poor.path()), Standing::Warning, "100 MiB are available", "more memory");
        is(&files(poor.path()), Standing::Warning, "64 files and connections", "LimitNOFILE=");
        let rich = machine(&[
            ("proc/meminfo", "MemAvailable: 4194304 kB\n"),
            ("proc/self/limits", &limits("unlimited")),
        ]);
        is(&memory(rich.path()), Standing::Fine, "4096 MiB", "");
        is(&files(rich.path()), Standing::Fine, "up to unlimited", "");
    }

    #[test]
    fn a_processor_that_is_held_back_or_hot() {
        let policy = "sys/devices/system/cpu/cpufreq/policy0";
        let at = |may: &'static str| {
            machine(&[
                (&format!("{policy}/scaling_max_freq"), may),
                (&format!("{policy}/cpuinfo_max_freq"), "3600000\n"),
            ])
        };
        is(
            &speed(at("1200000\n").path()),
            Standing::Warning,
            "limited to 1.2 of 3.6 GHz",
            "powerprofilesctl",
        );
        is(&speed(at("3600000\n").path()), Standing::Fine, "up to 3.6 GHz", "");
        let count = "sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count";
        is(&heat(machine(&[(count, "17\n")]).path()), Standing::Warning, "slowed down 17 times", "fan");
        is(&heat(machine(&[(count, "0\n")]).path()), Standing::Fine, "never too hot", "");
        let zone = "sys/class/thermal/thermal_zone0/temp";
        is(&heat(machine(&[(zone, "97000\n")]).path()), Standing::Warning, "97 °C", "fan");
        is(&heat(machine(&[(zone, "41000\n")]).path()), Standing::Fine, "41 °C", "");
        let pi = "sys/devices/platform/soc/soc:firmware/get_throttled";
        is(
            &heat(machine(&[(pi, "50005\n")]).path()),
            Standing::Warning,
            "power supply is too weak",
            "short cable",
        );
        is(&heat(machine(&[(pi, "40000\n")]).path()), Standing::Warning, "too hot", "fan");
        is(&heat(machine(&[(pi, "0\n")]).path()), Standing::Fine, "never too hot", "");
    }

    #[test]
    fn a_unit_is_judged_by_what_it_lacks() {
        let unit = |load: &str, file: &str, watchdog: &str, restarts: &str| {
            let told = [
                ("LoadState", load),
                ("UnitFileState", file),
                ("ActiveState", "active"),
                ("WatchdogUSec", watchdog),
                ("NRestarts", restarts),
            ];
            judged("--user", &told.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
        };
        is(&unit("loaded", "enabled", "30s", "1"), Standing::Fine, "enabled, active", "");
        is(
            &unit("loaded", "disabled", "30s", "0"),
            Standing::Warning,
            "not enabled",
            "systemctl --user enable",
        );
        is(&unit("loaded", "enabled", "0", "0"), Standing::Warning, "no watchdog", "WatchdogSec=30");
        is(&unit("loaded", "enabled", "30s", "17"), Standing::Warning, "17 times", "journalctl --user");
        is(&unit("masked", "masked", "0", "0"), Standing::Fault, "`masked`", "systemctl --user status");
    }
}
