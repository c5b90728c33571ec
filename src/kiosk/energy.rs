//! What the machine's processors take, by their own counters.

use std::collections::BTreeMap;
use std::path::Path;

/// Where Linux has the counters: one zone for each processor package, named `intel-rapl:0` also on
/// AMD ("Power Capping Framework", docs.kernel.org/power/powercap/powercap.html). Only root may read them.
const ZONES: &str = "/sys/class/powercap";

/// Counters of all processor packages at one moment, microjoules.
#[derive(Debug)]
pub struct Energy(BTreeMap<String, Counter>);

#[derive(Clone, Copy, Debug)]
struct Counter {
    now: u64,
    /// It starts anew from zero above this.
    range: u64,
}

impl Energy {
    /// `None` where there are none, or this process may not read them.
    pub fn read() -> Option<Self> {
        Self::below(Path::new(ZONES))
    }

    fn below(zones: &Path) -> Option<Self> {
        let zones = std::fs::read_dir(zones).ok()?.filter_map(Result::ok).filter_map(|zone| {
            let text = |file| std::fs::read_to_string(zone.path().join(file)).ok();
            // Parts of a package have counters too, which count the same energy again.
            text("name")?.starts_with("package").then_some(())?;
            let number = |file| text(file)?.trim().parse().ok();
            let counter = Counter { now: number("energy_uj")?, range: number("max_energy_range_uj")? };
            Some((zone.file_name().to_string_lossy().into_owned(), counter))
        });
        let counters: BTreeMap<_, _> = zones.collect();
        (!counters.is_empty()).then_some(Self(counters))
    }

    /// Joules since `before`.
    pub fn since(&self, before: &Self) -> f64 {
        let used = |(zone, counter): (&String, &Counter)| {
            let Counter { now, range } = *counter;
            let before = before.0.get(zone)?.now;
            Some(if now >= before { now - before } else { range.saturating_sub(before) + now })
        };
        self.0.iter().filter_map(used).sum::<u64>() as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(dir: &Path, name: &str, (zone, energy): (&str, u64)) {
        let zone = dir.join(zone);
        std::fs::create_dir_all(&zone).expect("a folder");
        for (file, words) in
            [("name", name), ("energy_uj", &energy.to_string()), ("max_energy_range_uj", "1000000")]
        {
            std::fs::write(zone.join(file), format!("{words}\n")).expect("a file");
        }
    }

    #[test]
    fn packages_count_once_and_past_the_end_of_their_counters() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(Energy::below(dir.path()).is_none(), "nothing is unknown, not zero");
        zone(dir.path(), "package-0", ("intel-rapl:0", 900_000));
        zone(dir.path(), "core", ("intel-rapl:0:0", 5));
        zone(dir.path(), "package-1", ("intel-rapl:1", 100_000));
        let before = Energy::below(dir.path()).expect("two packages");
        zone(dir.path(), "package-0", ("intel-rapl:0", 200_000));
        zone(dir.path(), "core", ("intel-rapl:0:0", 900_000));
        zone(dir.path(), "package-1", ("intel-rapl:1", 350_000));
        let joules = Energy::below(dir.path()).expect("two packages").since(&before);
        assert!((joules - 0.55).abs() < 1e-9, "{joules}");
    }
}
