//! How one scene crosses over into the next.

use std::time::Duration;

use crate::geometry::Rect;
use crate::layout::wall::Motion;
use crate::scene::ease;

/// How long a scene takes to cross over the wall.
pub const CROSSING: Duration = Duration::from_millis(600);
/// Part of the crossing that a single tile takes.
const SHARE: f32 = 2.0 / 3.0;
/// Part of a tile's time in which the old goes out; in the rest the new comes in.
const OUT: f32 = 0.375;

/// How long crossings take; zero cuts.
pub const fn length(motion: Motion) -> Duration {
    match motion {
        Motion::Full => CROSSING,
        Motion::Calm => Duration::from_millis(2 * CROSSING.as_millis() as u64),
        Motion::Still => Duration::ZERO,
    }
}

/// How much is seen of a tile that crosses over, 0 to 1 each; never both at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Of what stood here before.
    pub old: f32,
    /// Of what comes.
    pub new: f32,
}

/// What is seen at `tile` when the crossing has come to `progress`. It goes from the left of the
/// wall to its right, and first the old goes out, then the new comes in.
pub fn seen(wall: Rect, tile: Rect, progress: f32) -> Seen {
    let free = wall.w - tile.w;
    let across = if free > 1.0 { (tile.x - wall.x) / free } else { 0.5 };
    let start = across.clamp(0.0, 1.0) * (1.0 - SHARE);
    let own = (progress - start) / SHARE;
    Seen { old: 1.0 - ease::in_out(own / OUT), new: ease::in_out((own - OUT) / (1.0 - OUT)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crossing_runs_from_left_to_right() {
        let wall = Rect::new(0.0, 0.0, 3_000.0, 500.0);
        let tiles = [0.0, 1_000.0, 2_000.0].map(|x| Rect::new(x, 0.0, 1_000.0, 500.0));
        let at = |p| tiles.map(|t| seen(wall, t, p));
        assert_eq!(at(0.0), [Seen { old: 1.0, new: 0.0 }; 3]);
        assert_eq!(at(1.0), [Seen { old: 0.0, new: 1.0 }; 3]);
        for step in 1..20 {
            let [left, middle, right] = at(step as f32 / 20.0);
            assert!(left.old <= middle.old && middle.old <= right.old);
            assert!(left.new >= middle.new && middle.new >= right.new);
            assert!(left.old - left.new < right.old - right.new, "{step}");
            for seen in [left, middle, right] {
                assert!(seen.old == 0.0 || seen.new == 0.0, "two pictures on one spot at {step}");
            }
        }
    }
}
