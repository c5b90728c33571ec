//! The rundown: which scene the layout puts on the wall when, by the hour and in turn.

use std::sync::Arc;

use crate::clock::Time;
use crate::layout::hours::{self, Mode, Slot, Standing};
use crate::layout::power::PowerSpec;
use crate::layout::wall::{Scene, Wall};

/// Scenes, modes, hours and panels of a wall. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Rundown {
    /// Names and lengths; without tiles.
    pub scenes: Arc<[Scene]>,
    pub modes: Arc<[Mode]>,
    pub slots: Arc<[Slot]>,
    /// Its panels, and when they rest.
    pub power: Arc<PowerSpec>,
}

/// What the rundown has on the wall at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Index of the mode; `None` where the layout has none.
    pub mode: Option<usize>,
    /// Index of the scene; 0 where there is none.
    pub scene: usize,
    /// When it came in.
    pub since: Time,
}

impl Rundown {
    pub fn of(wall: &Wall) -> Self {
        let bare = |scene: &Scene| Scene { tiles: Vec::new(), ..scene.clone() };
        Self {
            scenes: wall.scenes.iter().map(bare).collect(),
            modes: wall.modes.clone().into(),
            slots: wall.schedule.clone().into(),
            power: wall.power.clone().into(),
        }
    }

    /// What is on the wall at `now`; `mode` takes the place of the mode that the schedule has then, and of its
    /// scene. Without a schedule the first mode is on.
    pub fn turn(&self, mode: Option<usize>, now: Time) -> Turn {
        let standing = hours::standing(&self.slots, now);
        let scheduled = mode.is_none();
        let mode = mode.or(standing.mode).or((!self.modes.is_empty()).then_some(0));
        let changed = hours::last_edge(&self.slots, now).filter(|_| scheduled).unwrap_or(Time(i64::MIN));
        let (scene, since) = match standing.scene.filter(|_| scheduled) {
            Some(scene) => (scene, changed),
            None => self.in_turn(mode, now),
        };
        Turn { mode, scene, since: since.max(changed) }
    }

    /// Whether a scene takes turns with others in a mode. Those that alerts bring have no turn.
    pub fn takes_turns(&self, scene: usize, mode: Option<usize>) -> bool {
        let among = mode.and_then(|mode| self.modes.get(mode)).and_then(|mode| mode.scenes.as_ref());
        let is_calm = self.scenes.get(scene).is_some_and(|scene| scene.on_alert.is_none());
        is_calm && among.is_none_or(|among| among.contains(&scene))
    }

    /// The scene that has its turn at `now` and when it came in: the scenes of a mode follow each other since the
    /// epoch, so that every machine shows the same one. Without scenes it is 0.
    fn in_turn(&self, mode: Option<usize>, now: Time) -> (usize, Time) {
        let length = |(index, scene): (usize, &Scene)| match self.takes_turns(index, mode) {
            true => scene.show_for.as_nanos().clamp(1, i64::MAX as u128) as i64,
            false => 0,
        };
        let lengths = || self.scenes.iter().enumerate().map(length);
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

    /// When the next scene has its turn or the schedule changes; `None` where nothing does. `mode` as for
    /// [`Rundown::turn`].
    pub fn until(&self, mode: Option<usize>, now: Time) -> Option<Time> {
        let turn = self.turn(mode, now);
        let is_pinned = mode.is_none() && self.standing(now).scene.is_some();
        let others = (0..self.scenes.len()).filter(|scene| self.takes_turns(*scene, turn.mode)).count();
        let over = || Some(self.in_turn(turn.mode, now).1 + self.scenes.get(turn.scene)?.show_for);
        let over = if is_pinned || others < 2 { None } else { over() };
        let change = if mode.is_none() { hours::next_change(&self.slots, now) } else { None };
        over.into_iter().chain(change).min()
    }

    /// What the schedule has at `now`, whatever people have asked for.
    pub fn standing(&self, now: Time) -> Standing {
        hours::standing(&self.slots, now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::layout::alert::Severity;

    fn rundown(seconds: &[u64], modes: &[&[usize]]) -> Rundown {
        let scene = |s: &u64| Scene {
            name: s.to_string(),
            title: None,
            show_for: Duration::from_secs(*s),
            on_alert: None,
            tiles: vec![],
        };
        let mode = |scenes: &&[usize]| Mode {
            people: None,
            name: String::new(),
            scenes: Some(scenes.to_vec()),
            theme: None,
            motion: None,
            brightness: 1.0,
        };
        Rundown {
            scenes: seconds.iter().map(scene).collect(),
            modes: modes.iter().map(mode).collect(),
            ..Rundown::default()
        }
    }

    fn in_turn(rundown: &Rundown, secs: i64) -> (usize, Time) {
        let turn = rundown.turn(None, Time::from_secs(secs));
        (turn.scene, turn.since)
    }

    #[test]
    fn scenes_take_turns_since_the_epoch() {
        let rundown = rundown(&[90, 30], &[]);
        let at = |secs| in_turn(&rundown, secs);
        assert_eq!(at(0), (0, Time::from_secs(0)));
        assert_eq!(at(89), (0, Time::from_secs(0)));
        assert_eq!(at(90), (1, Time::from_secs(90)));
        assert_eq!(at(1_200), (0, Time::from_secs(1_200)));
        assert_eq!(at(-1), (1, Time::from_secs(-30)));
        assert_eq!(rundown.until(None, Time::from_secs(95)), Some(Time::from_secs(120)));
    }

    #[test]
    fn scenes_of_alerts_have_no_turn() {
        let mut rundown = rundown(&[60, 60, 60], &[]);
        let scenes = Arc::make_mut(&mut rundown.scenes);
        scenes[1].on_alert = Some(Severity::Alarm);
        let at = |secs| in_turn(&rundown, secs).0;
        assert_eq!((at(0), at(59), at(60), at(119), at(120)), (0, 0, 2, 2, 0));
        let scenes = Arc::make_mut(&mut rundown.scenes);
        scenes.iter_mut().for_each(|scene| scene.on_alert = Some(Severity::Info));
        assert_eq!(in_turn(&rundown, 7).0, 0, "none has a turn");
    }

    #[test]
    fn a_mode_has_its_own_scenes_and_the_first_one_is_on() {
        let rundown = rundown(&[60, 60, 60], &[&[0, 2], &[1]]);
        let turn = |mode, secs| {
            let turn = rundown.turn(mode, Time::from_secs(secs));
            (turn.mode, turn.scene)
        };
        assert_eq!(
            (turn(None, 0), turn(None, 60), turn(None, 120)),
            ((Some(0), 0), (Some(0), 2), (Some(0), 0))
        );
        assert_eq!((turn(Some(1), 0), turn(Some(1), 60)), ((Some(1), 1), (Some(1), 1)));
        assert_eq!(rundown.until(Some(1), Time::from_secs(5)), None, "it is alone");
        assert_eq!(rundown.until(None, Time::from_secs(5)), Some(Time::from_secs(60)));
    }

    #[test]
    fn strange_rounds_do_not_panic() {
        let scene = |seconds: &[u64], now: i64| rundown(seconds, &[]).turn(None, Time(now)).scene;
        assert_eq!((scene(&[], 5), scene(&[0], 5)), (0, 0));
        let endless = [u64::MAX, u64::MAX];
        assert_eq!(scene(&endless, i64::MAX - 1), 0);
        scene(&endless, i64::MIN);
    }
}
