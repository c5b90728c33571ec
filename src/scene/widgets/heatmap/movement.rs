//! The way from one part of the world to another, when what was said in a day asks for it.

use std::time::Duration;

use super::beside;
use super::map::Map;
use super::night;
use super::picture::{self, DETAIL, Wanted};
use super::view::View;
use crate::clock::Time;
use crate::layout::wall::Motion;
use crate::pulse::snapshot::{Area, Extent};
use crate::scene::ease;
use crate::scene::list::List;
use crate::scene::widget::Cx;

/// How long it takes.
const LENGTH: Duration = Duration::from_millis(1_600);
/// On the way the outlines are so much coarser.
const COARSER: f32 = 4.0;

/// A movement that is under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Movement {
    from: Option<Area>,
    to: Option<Area>,
    /// 0 to 1.
    progress: f32,
}

impl Movement {
    pub fn of(extent: &Extent, now: Time, motion: Motion) -> Option<Self> {
        let length = match motion {
            Motion::Full => LENGTH,
            Motion::Calm => 2 * LENGTH,
            Motion::Still => return None,
        };
        let running = extent.before != extent.area && now >= extent.since && now.since(extent.since) < length;
        let progress = now.progress(extent.since, length);
        running.then_some(Self { from: extent.before, to: extent.area, progress })
    }

    /// Draws the map on its way, with its heat and without words.
    pub fn draw(&self, cx: &Cx<'_>, wanted: &Wanted, list: &mut List) {
        let frame = beside::split(cx, cx.area, self.to, wanted.named).0;
        let view = View::between(frame, self.from, self.to, ease::in_out(self.progress))
            .bleeding(picture::bleed(cx));
        let map = Map::new(view, cx.scale.mm(DETAIL * COARSER));
        let night = wanted.night.then(|| night::of(&map, cx.now));
        picture::ground(cx, &map, night.as_ref(), list, |_| {});
        let (_, field) = picture::heat_of(cx, &view, wanted.window);
        picture::heat(cx, &field, [0.0; 4], list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_its_time_or_none() {
        let europe = Area { west: -12, east: 42, south: 35, north: 71 };
        let since = Time::from_secs(1_800_000_000);
        let extent = Extent { area: Some(europe), since, ..Extent::default() };
        let at = |ms: u64, motion| Movement::of(&extent, since + Duration::from_millis(ms), motion);
        assert_eq!(at(800, Motion::Full).map(|m| m.progress), Some(0.5));
        assert_eq!(at(800, Motion::Calm).map(|m| m.progress), Some(0.25));
        assert_eq!((at(800, Motion::Still), at(1_600, Motion::Full)), (None, None));
        let stays = Extent { before: extent.area, ..extent };
        assert_eq!(Movement::of(&stays, since, Motion::Full), None);
    }
}
