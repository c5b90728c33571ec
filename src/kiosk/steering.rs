//! What people asked of the wall, as the renderer takes it: a scene, a banner, or a picture in place of both.

use std::sync::Arc;

use super::identify;
use crate::clock::Time;
use crate::color::Rgba;
use crate::control::{State, Weight, alarm, standing};
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Snapshot;
use crate::scene::list::List;
use crate::scene::{Banner, Control, Frame, TileFrame, Tone};
use crate::text::Typesetter;

/// Identifies black tiles: no scene has this number.
const BLACK_SCENE: usize = usize::MAX - 2;

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

/// What the director is told at `now`; `notice` stands in the corner.
pub fn control(
    (state, snapshot): (&State, &Snapshot),
    wall: &Wall,
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
    let brought = alarm::brought(&wall.scenes, state, &snapshot.alerts, now);
    let scene = brought.map(|(scene, _)| scene).or_else(|| state.chosen(&wall.scenes, now));
    let turned = state.turned(now).max(brought.map(|(_, raised)| raised));
    Control { scene, turned, banner, notice }
}

/// The picture of a cover. `words` has for each display the lines by which it is told apart; `scene` stands
/// behind it.
pub fn picture(cover: Cover, scene: usize, wall: &Wall, words: &[String], setter: &mut Typesetter) -> Frame {
    match cover {
        Cover::Identify => Frame { scene, ..identify::frame(wall, words, setter) },
        Cover::Black => Frame { scene, tiles: black(wall), crossing: false },
    }
}

fn black(wall: &Wall) -> Vec<TileFrame> {
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
    wall.displays.iter().map(|display| display.rect).enumerate().map(tile).collect()
}
