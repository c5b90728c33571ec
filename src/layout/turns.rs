//! A picture on a machine with any number of monitors: with fewer monitors than panels the panels
//! take turns, with more they repeat.

use crate::geometry::Rect;
use crate::layout::display::Display;
use crate::layout::picture::Picture;
use crate::layout::place::{self, Piece, Placed};

/// The tiles of each turn. `displays` hang side by side, from the left.
pub fn turns(picture: &Picture, displays: &[Display]) -> Vec<Vec<Placed>> {
    let panels = picture.panel_count();
    schedule(panels, displays.len()).iter().map(|shown| turn(picture, panels, shown, displays)).collect()
}

/// Which panel each display shows, turn by turn. The last turn is full, too: it begins earlier.
fn schedule(panels: usize, displays: usize) -> Vec<Vec<usize>> {
    if panels == 0 || displays == 0 {
        return Vec::new();
    }
    if displays >= panels {
        return vec![(0..displays).map(|i| i % panels).collect()];
    }
    let start = |turn: usize| (turn * displays).min(panels - displays);
    (0..panels.div_ceil(displays)).map(|turn| (start(turn)..start(turn) + displays).collect()).collect()
}

fn turn(picture: &Picture, panels: usize, shown: &[usize], displays: &[Display]) -> Vec<Placed> {
    let mut all: Vec<Piece> = Vec::new();
    for (display, panel) in shown.iter().enumerate() {
        if let Some((band, content)) = picture.panels().nth(*panel) {
            let on = (display, displays[display].rect);
            all.extend(place::pieces(band, (*panel, content), on, &mut Vec::new()));
        }
    }
    let lit: Vec<Rect> = displays.iter().map(|d| d.rect).collect();
    let mut placed: Vec<Placed> = Vec::new();
    while let Some(first) = all.first().cloned() {
        let mut run = vec![first];
        while let Some(next) = all.iter().find(|p| follows(&run[run.len() - 1], p, &all, panels)) {
            run.push(next.clone());
        }
        all.retain(|p| !run.contains(p));
        placed.extend(tiles(&run, &lit));
    }
    placed
}

/// True when `next` goes on with the tile of `piece` on the display beside it. A tile that runs
/// over every panel also runs on from the last panel to a repeated first.
fn follows(piece: &Piece, next: &Piece, all: &[Piece], panels: usize) -> bool {
    let beside = next.word == piece.word && next.display == piece.display + 1;
    let everywhere = || (0..panels).all(|i| all.iter().any(|p| p.panel == i && p.word == piece.word));
    let wraps = next.panel == 0 && piece.panel + 1 == panels && panels > 1 && everywhere();
    beside && (next.panel == piece.panel + 1 || wraps)
}

/// One tile when the parts line up, else one for each display.
fn tiles(run: &[Piece], lit: &[Rect]) -> Vec<Placed> {
    let parts: Vec<&Piece> = run.iter().collect();
    let tile = |rect: Rect, parts: &[Piece]| Placed {
        word: run[0].word.clone(),
        rect,
        displays: parts.iter().map(|p| p.display).collect(),
        at: run[0].at.clone(),
    };
    match place::join(&parts, lit) {
        Some(rect) => vec![tile(rect, run)],
        None => run.iter().map(|p| tile(p.rect, std::slice::from_ref(p))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::picture::parse;

    fn displays(n: usize) -> Vec<Display> {
        let display = |i: usize| Display {
            name: format!("{i}"),
            rect: Rect::new(i as f32 * 510.0, 0.0, 500.0, 280.0),
            pixels: (1920, 1080),
            rotate: Default::default(),
            matches: vec![],
            if_missing: Default::default(),
            adopted: None,
        };
        (0..n).map(display).collect()
    }

    fn words(n: usize) -> Vec<Vec<(String, usize)>> {
        let picture = parse("8: map | pace | list\n1: news | news | news").0;
        let word = |p: &Placed| (p.word.clone(), p.displays.len());
        turns(&picture, &displays(n)).iter().map(|t| t.iter().map(word).collect()).collect()
    }

    fn told(turn: &[(&str, usize)]) -> Vec<(String, usize)> {
        turn.iter().map(|(w, n)| (w.to_string(), *n)).collect()
    }

    #[test]
    fn with_fewer_monitors_the_panels_take_turns() {
        assert_eq!(words(1).len(), 3);
        let two = words(2);
        assert_eq!(two[0], told(&[("map", 1), ("news", 2), ("pace", 1)]));
        assert_eq!(two[1], told(&[("pace", 1), ("news", 2), ("list", 1)]));
    }

    #[test]
    fn with_more_monitors_the_panels_repeat_and_the_ticker_runs_on() {
        let five = words(5);
        let expected = [("map", 1), ("news", 5), ("pace", 1), ("list", 1), ("map", 1), ("pace", 1)];
        assert_eq!(five, [told(&expected)]);
    }

    #[test]
    fn monitors_that_do_not_line_up_get_tiles_of_their_own() {
        let picture = parse("8: map | list\n1: news | news").0;
        let mut uneven = displays(2);
        uneven[1].rect.h = 400.0;
        let turn = &turns(&picture, &uneven)[0];
        assert_eq!(turn.iter().filter(|p| p.word == "news").count(), 2);
    }
}
