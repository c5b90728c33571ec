//! What people asked of the wall, as the renderer takes it: a scene, a banner, or a picture in place of both.

use std::sync::Arc;

use super::identify;
use crate::clock::Time;
use crate::color::Rgba;
use crate::control::{State, Weight, standing};
use crate::layout::wall::Wall;
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
pub fn control(state: &State, wall: &Wall, now: Time, notice: Option<Arc<str>>) -> Control {
    let banner = standing(&state.banner, now).map(|kept| Banner {
        text: kept.what.text.as_str().into(),
        tone: match kept.what.severity {
            Weight::Info => Tone::Info,
            Weight::Warning => Tone::Warning,
            Weight::Alarm => Tone::Alarm,
        },
    });
    Control { scene: state.chosen(&wall.scenes, now), turned: state.turned(now), banner, notice }
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
