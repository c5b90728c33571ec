//! Which scene the cycle shows when.

use crate::clock::Time;
use crate::layout::wall::Scene;

/// The scene that the cycle shows at `now` and when it came in: scenes follow each other since
/// the epoch, so that every machine shows the same one. Those that alerts bring have no turn. Without scenes it
/// is 0.
pub fn scheduled(scenes: &[Scene], now: Time) -> (usize, Time) {
    let length = |s: &Scene| match s.on_alert {
        None => s.show_for.as_nanos().clamp(1, i64::MAX as u128) as i64,
        Some(_) => 0,
    };
    let lengths = || scenes.iter().map(length);
    let cycle = lengths().fold(0i64, i64::saturating_add).max(1);
    let mut start = now.0.saturating_sub(now.0.rem_euclid(cycle));
    for (index, length) in lengths().enumerate() {
        if now.0 < start.saturating_add(length) {
            return (index, Time(start));
        }
        start = start.saturating_add(length);
    }
    (0, now)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn scenes(seconds: &[u64]) -> Vec<Scene> {
        let scene = |s: &u64| Scene {
            name: s.to_string(),
            title: None,
            show_for: Duration::from_secs(*s),
            on_alert: None,
            tiles: vec![],
        };
        seconds.iter().map(scene).collect()
    }

    #[test]
    fn scenes_take_turns_since_the_epoch() {
        let scenes = scenes(&[90, 30]);
        let at = |s| scheduled(&scenes, Time::from_secs(s));
        assert_eq!(at(0), (0, Time::from_secs(0)));
        assert_eq!(at(89), (0, Time::from_secs(0)));
        assert_eq!(at(90), (1, Time::from_secs(90)));
        assert_eq!(at(1_200), (0, Time::from_secs(1_200)));
        assert_eq!(at(-1), (1, Time::from_secs(-30)));
    }

    #[test]
    fn scenes_of_alerts_have_no_turn() {
        let mut scenes = scenes(&[60, 60, 60]);
        scenes[1].on_alert = Some(crate::layout::alert::Severity::Alarm);
        let at = |s| scheduled(&scenes, Time::from_secs(s)).0;
        assert_eq!((at(0), at(59), at(60), at(119), at(120)), (0, 0, 2, 2, 0));
        scenes.iter_mut().for_each(|scene| scene.on_alert = Some(Default::default()));
        assert_eq!(scheduled(&scenes, Time::from_secs(7)).0, 0, "none has a turn");
    }

    #[test]
    fn strange_cycles_do_not_panic() {
        assert_eq!(scheduled(&[], Time(5)).0, 0);
        assert_eq!(scheduled(&scenes(&[0]), Time(5)).0, 0);
        let endless = scenes(&[u64::MAX, u64::MAX]);
        assert_eq!(scheduled(&endless, Time(i64::MAX - 1)).0, 0);
        scheduled(&endless, Time(i64::MIN));
    }
}
