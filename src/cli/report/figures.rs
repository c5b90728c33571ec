//! The figures by which a tile is judged, for whoever stands farthest away.

use crate::layout::kind::BehindBezel;
use crate::layout::legibility::{COMFORT_ARCMIN, LARGEST_ARCMIN, MIN_ARCMIN, Scale, Step};
use crate::layout::wall::{Scene, Tile, Wall};

/// Words a minute that people read from a distance.
const READING_PER_MINUTE: f32 = 190.0;
/// Degrees from straight ahead: what matters lies within the first, everything within the second.
const AHEAD: (f32, f32) = (15.0, 35.0);
/// Hours of one picture after which marks stay faintly: on OLED, and on LCD with VA panels.
const MARKS: (f32, f32) = (1_800.0, 2_900.0);
/// Hours a day that a wall is on.
const ON: f32 = 20.0;

/// How a figure stands to its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// Allowed, and a strain.
    Strain,
    Bad,
    /// There is no limit.
    Told,
}

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub name: &'static str,
    pub value: String,
    /// What it is held against.
    pub limit: String,
    pub verdict: Verdict,
}

fn figure(name: &'static str, value: String, limit: impl Into<String>, verdict: Verdict) -> Figure {
    Figure { name, value, limit: limit.into(), verdict }
}

/// All figures of a tile.
pub fn of(wall: &Wall, scene: &Scene, tile: &Tile) -> Vec<Figure> {
    let scale = Scale::new(wall.viewer_m).with_text(tile.text_arcmin);
    let density = tile.displays.first().and_then(|d| wall.displays.get(*d)).map_or(0.0, |d| d.density());
    let text = |name, step| text(name, scale.step(step), &scale, density);
    vec![
        size(wall, tile, &scale, density),
        room(wall, tile),
        text("smallest text", Step::Least),
        text("running text", Step::Body),
        reading(wall, scene, tile),
        angle(wall, tile),
        bezel(tile),
        burn_in(wall, scene),
    ]
}

fn size(wall: &Wall, tile: &Tile, scale: &Scale, density: f32) -> Figure {
    let (w, h) = (tile.rect.w, tile.rect.h);
    let value = format!(
        "{w:.0} × {h:.0} mm, {:.0} × {:.0} px, {:.0}′ × {:.0}′",
        w * density,
        h * density,
        scale.arcmin(w),
        scale.arcmin(h)
    );
    figure("size", value, format!("seen from {} m", wall.viewer_m), Verdict::Told)
}

fn room(wall: &Wall, tile: &Tile) -> Figure {
    let room = tile.room(wall.topics.len(), Scale::new(wall.viewer_m));
    let (w, h) = tile.widget.least(&room);
    let verdict = if room.width >= w && room.height >= h { Verdict::Good } else { Verdict::Bad };
    let value = format!("{:.0}′ × {:.0}′", room.width, room.height);
    figure("room", value, format!("needs {w:.0}′ × {h:.0}′"), verdict)
}

fn text(name: &'static str, arcmin: f32, scale: &Scale, density: f32) -> Figure {
    let mm = scale.mm(arcmin);
    let verdict = match arcmin {
        a if a < MIN_ARCMIN => Verdict::Bad,
        // What gives way first may be as small as it is allowed to be.
        a if name == "running text" && !(COMFORT_ARCMIN..=LARGEST_ARCMIN).contains(&a) => Verdict::Strain,
        _ => Verdict::Good,
    };
    let limit = match name {
        "running text" => format!("{COMFORT_ARCMIN}′ to {LARGEST_ARCMIN}′"),
        _ => format!("at least {MIN_ARCMIN}′"),
    };
    figure(name, format!("{arcmin:.0}′ = {mm:.1} mm = {:.0} px", mm * density), limit, verdict)
}

/// Seconds that it takes to read so many words.
fn seconds(words: usize) -> f32 {
    words as f32 / READING_PER_MINUTE * 60.0
}

/// The time for its own words; the verdict is on all words of the scene.
fn reading(wall: &Wall, scene: &Scene, tile: &Tile) -> Figure {
    let all: usize = scene.tiles.iter().map(|tile| tile.widget.words_to_read()).sum();
    let words = tile.widget.words_to_read();
    let value = format!("{words} words, {:.0} s; the scene {:.0} s", seconds(words), seconds(all));
    if wall.scenes.len() < 2 {
        return figure("reading time", value, "always shown", Verdict::Good);
    }
    let shown = scene.show_for.as_secs_f32();
    let verdict = if shown >= seconds(all) { Verdict::Good } else { Verdict::Strain };
    figure("reading time", value, format!("shown for {shown:.0} s"), verdict)
}

/// How far its outer edge lies from straight ahead of somebody in front of the wall's middle.
fn angle(wall: &Wall, tile: &Tile) -> Figure {
    let middle = wall.bounds().center().x;
    let off = (tile.rect.x - middle).abs().max((tile.rect.right() - middle).abs());
    let degrees = (off / (wall.viewer_m * 1_000.0)).atan().to_degrees();
    let verdict = match degrees {
        d if d <= AHEAD.0 => Verdict::Good,
        d if d <= AHEAD.1 => Verdict::Told,
        _ => Verdict::Strain,
    };
    let limit = format!("at most {}°, {}° for what matters", AHEAD.1, AHEAD.0);
    figure("viewing angle", format!("{degrees:.0}°"), limit, verdict)
}

fn bezel(tile: &Tile) -> Figure {
    let several = tile.displays.len() > 1;
    let (limit, verdict) = match tile.widget.behind_bezel() {
        _ if !several => ("", Verdict::Good),
        BehindBezel::Fine => ("continues behind it", Verdict::Good),
        BehindBezel::Worse => ("harder to compare", Verdict::Strain),
        BehindBezel::Unreadable => ("text loses letters", Verdict::Bad),
    };
    let value =
        if several { format!("across {} displays", tile.displays.len()) } else { "on one display".into() };
    figure("bezel", value, limit, verdict)
}

/// What stands still in a scene stands for its part of the rotation.
fn burn_in(wall: &Wall, scene: &Scene) -> Figure {
    let all: f32 = wall.scenes.iter().map(|scene| scene.show_for.as_secs_f32()).sum();
    let part = if wall.scenes.len() > 1 && all > 0.0 { scene.show_for.as_secs_f32() / all } else { 1.0 };
    let (hours, days) = (ON * part, |hours: f32| hours / (ON * part));
    let value = format!("still for {hours:.0} h of {ON:.0} h per day");
    let limit =
        format!("faint marks after about {:.0} days (OLED), {:.0} days (VA)", days(MARKS.0), days(MARKS.1));
    figure("burn-in", value, limit, Verdict::Told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;

    fn figures(change: impl FnOnce(&mut Wall)) -> Vec<Figure> {
        let mut wall = layout::solve(&layout::demo_file(&crate::registry()), &[]);
        change(&mut wall);
        of(&wall, &wall.scenes[0], &wall.scenes[0].tiles[0])
    }

    fn verdict(figures: &[Figure], name: &str) -> Option<Verdict> {
        figures.iter().find(|figure| figure.name == name).map(|figure| figure.verdict)
    }

    #[test]
    fn a_wall_that_is_read_from_too_far_away_is_told() {
        assert_eq!(verdict(&figures(|_| {}), "room"), Some(Verdict::Good));
        assert_eq!(verdict(&figures(|wall| wall.viewer_m = 20.0), "room"), Some(Verdict::Bad));
    }

    #[test]
    fn text_is_held_against_what_can_be_read() {
        let small = figures(|wall| wall.scenes[0].tiles[0].text_arcmin = 18.0);
        assert_eq!(verdict(&small, "running text"), Some(Verdict::Strain));
        let usual = figures(|_| {});
        let text = usual.iter().find(|figure| figure.name == "running text").expect("it is told");
        assert!(text.value.starts_with("22′ = ") && text.verdict == Verdict::Good, "{text:?}");
    }

    #[test]
    fn what_stands_all_day_leaves_its_mark() {
        let burn_in = figures(|_| {}).pop().expect("the last figure");
        assert_eq!(burn_in.value, "still for 20 h of 20 h per day");
        assert_eq!(burn_in.limit, "faint marks after about 90 days (OLED), 145 days (VA)");
    }
}
