//! What people asked of the wall, as the renderer takes it: a scene, a banner, or a picture in place of both.

use std::sync::Arc;
use std::time::Duration;

use super::identify;
use crate::clock::Time;
use crate::color::Rgba;
use crate::control::stage::Stage;
use crate::control::{State, Weight, alarm, standing};
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Snapshot;
use crate::scene::list::List;
use crate::scene::{Banner, Control, Frame, TileFrame, Tone};
use crate::text::Typesetter;

/// Identifies black tiles: no scene has this number.
const BLACK_SCENE: usize = usize::MAX - 2;

/// Most changes of the whole wall at once in a second, be it black, in another mode or with a strip for an alert: two
/// are a flash, and at most three flashes a second are safe (WCAG 2.2, 2.3.1).
const MOST: usize = 5;
const SECOND: Duration = Duration::from_secs(1);

/// When the whole wall last changed at once.
#[derive(Debug, Default)]
pub struct Changes([Option<Time>; MOST]);

impl Changes {
    /// Whether it may change at `now`; else it stays as it is until it may.
    pub fn allow(&self, now: Time) -> bool {
        let recent = |at: &&Option<Time>| at.is_some_and(|at| at <= now && now.since(at) < SECOND);
        self.0.iter().filter(recent).count() < MOST
    }

    /// It changed at `now`.
    pub fn note(&mut self, now: Time) {
        if self.0[0] != Some(now) {
            self.0.rotate_right(1);
            self.0[0] = Some(now);
        }
    }
}

/// What is shown in place of the scenes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    Black,
    Identify,
}

/// What is to be shown in place of the scenes at `now`.
pub fn cover(state: &State, now: Time) -> Option<Cover> {
    let identify = standing(&state.identify, now).map(|_| Cover::Identify);
    identify.or(standing(&state.black, now).map(|_| Cover::Black))
}

/// What the director is told at `now`, of a wall with this on its stage; `notice` stands in the corner.
pub fn control(
    (state, snapshot): (&State, &Snapshot),
    (wall, stage): (&Wall, &Stage),
    now: Time,
    notice: Option<Arc<str>>,
) -> Control {
    let open = wall.alert_strip.map(|least| alarm::open(&snapshot.alerts, least)).unwrap_or_default();
    let alert = Banner::of_alerts(&open, wall);
    let asked = standing(&state.banner, now).map(|kept| Banner {
        text: kept.what.text.as_str().into(),
        tone: match kept.what.severity {
            Weight::Info => Tone::Info,
            Weight::Warning => Tone::Warning,
            Weight::Alarm => Tone::Alarm,
        },
    });
    // The graver of the two; what people say of equal ones.
    let banner = match (asked, alert) {
        (Some(asked), Some(alert)) if alert.tone > asked.tone => Some(alert),
        (asked, alert) => asked.or(alert),
    };
    Control { scene: Some((stage.scene, stage.since)), banner, notice }
}

/// The picture of a cover. `words` has for each display the lines by which it is told apart; `scene` stands
/// behind it.
pub fn picture(cover: Cover, scene: usize, wall: &Wall, words: &[String], setter: &mut Typesetter) -> Frame {
    match cover {
        Cover::Identify => Frame { scene, ..identify::frame(wall, words, setter) },
        Cover::Black => Frame { scene, ..black(wall) },
    }
}

/// Black on every display.
pub fn black(wall: &Wall) -> Frame {
    let tile = |(i, rect)| {
        let mut still = List::default();
        still.rect(rect, Rgba::hex(0));
        TileFrame {
            id: (BLACK_SCENE, i),
            rect,
            key: still.fingerprint(),
            still: Arc::new(still),
            motion: List::default(),
            before: 0.0,
            hidden: false,
        }
    };
    let tiles = wall.displays.iter().map(|display| display.rect).enumerate().map(tile).collect();
    Frame { scene: BLACK_SCENE, tiles, crossing: false }
}
