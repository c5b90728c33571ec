//! Room for a banner on every display: what stands there moves together, so that nothing is hidden.

use crate::geometry::Rect;
use crate::layout::display::Display;
use crate::layout::legibility::Scale;
use crate::layout::wall::{Strip, Wall};

/// Height of a strip of one or two lines, and of each line more; arc minutes for the farthest viewer.
pub const HEIGHT: f32 = 60.0;
pub const LINE: f32 = 27.0;
/// It takes at most this part of a display's height.
const MOST: f32 = 0.3;
/// Edges closer than this are the same, millimetres.
const SAME: f32 = 0.5;

/// The same wall with a strip for so many lines on each display: along the bottom, or below the top (and the band) where a
/// tile runs on over the bottom. A display within a tile that runs on over both has none.
pub fn with_strips(wall: &Wall, lines: u8) -> Wall {
    let height = Scale::new(wall.viewer_m).mm(HEIGHT + LINE * f32::from(lines.saturating_sub(2)));
    let strips: Vec<Strip> =
        (0..wall.displays.len()).filter_map(|display| strip(wall, display, height)).collect();
    let mut wall = wall.clone();
    let (displays, band) = (&wall.displays, wall.band);
    for tile in wall.scenes.iter_mut().flat_map(|scene| &mut scene.tiles) {
        tile.rect = beside(tile.rect, &tile.displays, displays, band, &strips);
    }
    wall.strips = strips;
    wall
}

/// What of a display the tiles have.
fn free(display: &Display, band: Option<Rect>) -> Rect {
    let rect = display.rect;
    let top = band.filter(|band| band.intersection(&rect).is_some()).map_or(rect.y, |b| b.bottom());
    Rect::new(rect.x, top, rect.w, rect.bottom() - top)
}

fn strip(wall: &Wall, display: usize, height: f32) -> Option<Strip> {
    let room = free(&wall.displays[display], wall.band);
    let height = height.min(wall.displays[display].rect.h * MOST);
    let tiles = || {
        let all = wall.scenes.iter().flat_map(|scene| &scene.tiles);
        all.filter(|tile| tile.displays.contains(&display)).map(|tile| tile.rect)
    };
    let bottom = Rect::new(room.x, room.bottom() - height, room.w, height);
    let top = Rect::new(room.x, room.y, room.w, height);
    let below = tiles().any(|rect| rect.bottom() > room.bottom() + SAME);
    let above = tiles().any(|rect| rect.y < room.y - SAME);
    let rect = if !below { bottom } else { Some(top).filter(|_| !above)? };
    Some(Strip { display, rect })
}

/// A tile that leaves the strips of its displays free: each of its edges moves in proportion.
fn beside(rect: Rect, on: &[usize], displays: &[Display], band: Option<Rect>, strips: &[Strip]) -> Rect {
    let moved = |y: f32, inner: fn(f32, f32) -> bool| {
        let moves = on.iter().filter_map(|&index| {
            let room = free(displays.get(index)?, band);
            let strip = strips.iter().find(|strip| strip.display == index)?.rect;
            let at = (y - room.y) / room.h.max(SAME);
            let is_here = y >= room.y - SAME && y <= room.bottom() + SAME;
            let first = if strip.y <= room.y + SAME { room.y + strip.h } else { room.y };
            is_here.then_some(first + at * (room.h - strip.h))
        });
        moves.reduce(|a, b| if inner(a, b) { a } else { b }).unwrap_or(y)
    };
    let top = moved(rect.y, |a, b| a >= b);
    let bottom = moved(rect.bottom(), |a, b| a <= b);
    Rect::new(rect.x, top, rect.w, (bottom - top).max(0.0))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::layout::{read, solve};

    fn wall(text: &str) -> Wall {
        let (file, problems) = read::read(&text.into(), Path::new("wall.toml"), &crate::registry());
        assert!(problems.is_empty(), "{problems:?}");
        solve(&file, &[])
    }

    fn hides_something(wall: &Wall) -> bool {
        let tiles = wall.scenes.iter().flat_map(|scene| &scene.tiles);
        let hidden = |rect: &Rect| {
            let cut = wall.strips.iter().filter_map(|strip| strip.rect.intersection(rect));
            cut.into_iter().any(|cut| cut.h > SAME && cut.w > SAME)
        };
        tiles.map(|tile| tile.rect).any(|rect| hidden(&rect))
    }

    #[test]
    fn tiles_move_together_and_nothing_is_hidden() {
        let before = crate::layout::demo_file(&crate::registry());
        let before = solve(&before, &[]);
        let after = with_strips(&before, 1);
        assert_eq!(after.strips.len(), before.displays.len());
        assert!(!hides_something(&after));
        let tiles = |wall: &Wall| -> Vec<Rect> {
            wall.scenes.iter().flat_map(|scene| scene.tiles.iter().map(|tile| tile.rect)).collect()
        };
        for (before, after) in tiles(&before).iter().zip(tiles(&after)) {
            assert_eq!((before.x, before.w), (after.x, after.w));
            assert!(after.h < before.h && after.h > before.h * 0.8, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_tile_over_two_rows_keeps_its_middle() {
        let wall = wall(
            r#"
            [wall]
            viewer_m = 3.0
            band = false
            [display.top]
            size_mm = [900, 500]
            [display.bottom]
            size_mm = [900, 500]
            at_mm = [0, 510]
            [scene.s]
            picture = """
            map side
            ---
            map side
            """
            tile.map = { kind = "text", text = "a" }
            tile.side = { kind = "text", text = "b" }
            "#,
        );
        let after = with_strips(&wall, 2);
        assert_eq!(after.strips.len(), 2);
        assert!(!hides_something(&after), "{:?}", after.strips);
        let (top, bottom) = (after.strips[0].rect, after.strips[1].rect);
        assert!(top.y.abs() < SAME && (bottom.bottom() - 1_010.0).abs() < SAME, "at the outer edges");
        let tile = after.scenes[0].tiles[0].rect;
        assert!((tile.y - top.bottom()).abs() < SAME && (tile.bottom() - bottom.y).abs() < SAME, "{tile:?}");
    }
}
