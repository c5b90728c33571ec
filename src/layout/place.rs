//! Puts the words of a picture onto displays: which millimetres of the wall each tile takes.

use std::ops::Range;

use crate::geometry::Rect;
use crate::layout::display::Display;
use crate::layout::picture::{Band, Cell, Fault, Panel, Picture};

/// What careful hanging leaves: parts of a tile on two displays may be off by this, millimetres.
pub const HANGING_MM: f32 = 5.0;

/// A tile in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub word: String,
    pub rect: Rect,
    /// Indices of the displays, ascending.
    pub displays: Vec<usize>,
    /// Where the picture first says so, bytes of its text.
    pub at: Range<usize>,
}

/// The part of a tile on one display.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub word: String,
    pub display: usize,
    /// Index of the panel in the picture.
    pub panel: usize,
    pub rect: Rect,
    pub at: Range<usize>,
}

/// The parts of all tiles of one panel on the display at `rect`; a word that is no rectangle
/// becomes a fault.
pub fn pieces(
    band: &Band,
    panel: (usize, &Panel),
    display: (usize, Rect),
    faults: &mut Vec<Fault>,
) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for cell in &panel.1.cells {
        let Some(word) = cell.word.as_deref() else { continue };
        if pieces.iter().any(|p| p.word == word) {
            continue;
        }
        let own: Vec<&Cell> = panel.1.cells.iter().filter(|c| c.word.as_deref() == Some(word)).collect();
        faults.extend(no_rectangle(word, &own));
        let rect = around(&own, band, panel.1, display.1);
        pieces.push(Piece {
            word: word.into(),
            display: display.0,
            panel: panel.0,
            rect,
            at: cell.at.clone(),
        });
    }
    pieces
}

/// The smallest rectangle around some cells.
fn around(cells: &[&Cell], band: &Band, panel: &Panel, display: Rect) -> Rect {
    let left = cells.iter().map(|c| c.columns.start).min().unwrap_or(0);
    let right = cells.iter().map(|c| c.columns.end).max().unwrap_or(panel.columns);
    let top = cells.iter().map(|c| c.row).min().unwrap_or(0);
    let bottom = cells.iter().map(|c| c.row + 1).max().unwrap_or(band.weights.len());
    let whole = |rows: &[f32]| rows.iter().map(|w| f64::from(*w)).sum::<f64>();
    let part = |rows: usize| whole(&band.weights[..rows]) / whole(&band.weights);
    let down = |rows: usize| (f64::from(display.y) + f64::from(display.h) * part(rows)) as f32;
    let across = |n: usize| (f64::from(display.x) + f64::from(display.w) * panel.share(n)) as f32;
    let (x, y) = (across(left), down(top));
    Rect::new(x, y, across(right) - x, down(bottom) - y)
}

/// A word must fill one unbroken run of the same columns in rows that follow each other.
fn no_rectangle(word: &str, cells: &[&Cell]) -> Option<Fault> {
    let first = cells.first()?;
    let mut runs: Vec<(usize, Range<usize>, Range<usize>)> = Vec::new();
    for cell in cells {
        match runs.last_mut() {
            Some((row, columns, at)) if *row == cell.row && columns.end == cell.columns.start => {
                columns.end = cell.columns.end;
                at.end = cell.at.end;
            }
            _ => runs.push((cell.row, cell.columns.clone(), cell.at.clone())),
        }
    }
    let fits = |(i, (row, columns, _)): &(usize, &(usize, Range<usize>, Range<usize>))| {
        *row == first.row + i && *columns == runs[0].1
    };
    let (_, wrong) = runs.iter().enumerate().find(|run| !fits(run))?;
    let apart = wrong.0 == runs[0].0 || wrong.1.start >= runs[0].1.end || wrong.1.end <= runs[0].1.start;
    let label = match apart {
        true => format!("`{word}` again, but not touching"),
        false => "its width differs here".into(),
    };
    let help = match apart {
        true => "Equal words must touch. Give the second tile its own name.",
        false => {
            "Equal words must fill a rectangle: the same columns in every row. Is a word missing from a row?"
        }
    };
    let fault = Fault::new("no-rectangle", wrong.2.clone(), format!("the tile `{word}` is not a rectangle"));
    Some(fault.label(label).and(runs[0].2.clone(), format!("`{word}` starts here")).help(help))
}

/// Joins the parts of one word on several displays into one rectangle, bezels included. `None`
/// when they do not line up, or something else would lie in it.
pub fn join(parts: &[&Piece], lit: &[Rect]) -> Option<Rect> {
    let all = parts.iter().map(|p| p.rect).reduce(|a, b| a.union(&b))?;
    let whole = inner(&all, parts);
    for (i, display) in lit.iter().enumerate() {
        let covered = whole.intersection(display).filter(|r| r.w > HANGING_MM && r.h > HANGING_MM);
        match (covered, parts.iter().find(|p| p.display == i)) {
            (Some(covered), Some(piece)) if near(&covered, &piece.rect) => {}
            (None, None) => {}
            _ => return None,
        }
    }
    Some(whole)
}

/// The rectangle whose edges are the innermost of those that lie within [`HANGING_MM`] of the
/// outermost, so that it takes nothing from a neighbour.
fn inner(all: &Rect, parts: &[&Piece]) -> Rect {
    let near = |edge: f32, outer: f32| (edge - outer).abs() <= HANGING_MM;
    let most = |outer: f32, edge: fn(&Rect) -> f32| {
        parts.iter().map(|p| edge(&p.rect)).filter(|e| near(*e, outer)).fold(outer, f32::max)
    };
    let least = |outer: f32, edge: fn(&Rect) -> f32| {
        parts.iter().map(|p| edge(&p.rect)).filter(|e| near(*e, outer)).fold(outer, f32::min)
    };
    let (x, y) = (most(all.x, |r| r.x), most(all.y, |r| r.y));
    let (right, bottom) = (least(all.right(), Rect::right), least(all.bottom(), Rect::bottom));
    Rect::new(x, y, right - x, bottom - y)
}

/// A strip `height` millimetres high along the top of the upper displays, when their upper edges are
/// level and it leaves more than half of each.
pub fn across(displays: &[Display], height: f32) -> Option<Rect> {
    let rows = rows(displays)?;
    let top: Vec<Rect> = rows.first()?.iter().map(|&i| displays[i].rect).collect();
    let y = top.iter().map(|r| r.y).fold(f32::MIN, f32::max);
    let (left, right) = (top.first()?.x, top.last()?.right());
    let has_room = top.iter().all(|r| y - r.y <= HANGING_MM && height < r.h / 2.0);
    has_room.then_some(Rect::new(left, y, right - left, height))
}

/// The displays with what the band leaves of them.
pub fn below(band: Option<Rect>, displays: &[Display]) -> Vec<Display> {
    let cut = |display: &Display| {
        let rect = display.rect;
        let top = band.filter(|band| band.intersection(&rect).is_some()).map_or(rect.y, |b| b.bottom());
        Display { rect: Rect { y: top, h: rect.bottom() - top, ..rect }, ..display.clone() }
    };
    displays.iter().map(cut).collect()
}

fn near(a: &Rect, b: &Rect) -> bool {
    let close = |a: f32, b: f32| (a - b).abs() <= HANGING_MM;
    close(a.x, b.x) && close(a.y, b.y) && close(a.right(), b.right()) && close(a.bottom(), b.bottom())
}

/// Places a picture on displays that hang as it shows them: in rows, from the left.
pub fn on_grid(picture: &Picture, displays: &[Display], faults: &mut Vec<Fault>) -> Vec<Placed> {
    let Some(order) = hung_as(picture, displays, faults) else { return Vec::new() };
    let lit: Vec<Rect> = displays.iter().map(|d| d.rect).collect();
    let mut all: Vec<Piece> = Vec::new();
    for ((i, (band, panel)), display) in picture.panels().enumerate().zip(order) {
        all.extend(pieces(band, (i, panel), (display, lit[display]), faults));
    }
    joined(&all, &lit, faults)
}

/// One tile for each word, joined over displays.
pub fn joined(pieces: &[Piece], lit: &[Rect], faults: &mut Vec<Fault>) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    for piece in pieces {
        if placed.iter().any(|p| p.word == piece.word) {
            continue;
        }
        let parts: Vec<&Piece> = pieces.iter().filter(|p| p.word == piece.word).collect();
        let rect = join(&parts, lit).unwrap_or_else(|| {
            faults.push(apart(&parts));
            piece.rect
        });
        let mut displays: Vec<usize> = parts.iter().map(|p| p.display).collect();
        displays.sort_unstable();
        placed.push(Placed { word: piece.word.clone(), rect, displays, at: piece.at.clone() });
    }
    placed
}

fn apart(parts: &[&Piece]) -> Fault {
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let message = format!("the parts of `{}` do not form one rectangle on the wall", first.word);
    Fault::new("no-rectangle", last.at.clone(), message)
        .label(format!("on the wall this is {}", edges(&last.rect)))
        .and(first.at.clone(), format!("and this is {}", edges(&first.rect)))
        .help(
            "Parts on two displays must touch the bezel between them and line up to within 5 mm. Give \
            them different names, or move a display.",
        )
}

fn edges(r: &Rect) -> String {
    format!("{:.0}–{:.0} mm across, {:.0}–{:.0} mm down", r.x, r.right(), r.y, r.bottom())
}

/// The displays in the order of the picture's panels, when they hang as it shows.
fn hung_as(picture: &Picture, displays: &[Display], faults: &mut Vec<Fault>) -> Option<Vec<usize>> {
    let Some(rows) = rows(displays) else {
        let fault = Fault::new(
            "no-grid",
            0..0,
            "the displays are not arranged in rows, so one picture cannot show them",
        );
        faults.push(fault.help(
            "Give each display its own picture in `pictures`, and name the tiles that \
            span several displays in `span`.",
        ));
        return None;
    };
    let shown: Vec<usize> = picture.bands.iter().map(|b| b.panels.len()).collect();
    let hung: Vec<usize> = rows.iter().map(Vec::len).collect();
    if shown != hung {
        let message =
            format!("the picture shows {}, the wall has {}", displays_in(&shown), displays_in(&hung));
        let names: Vec<String> = rows
            .iter()
            .map(|row| {
                let names: Vec<&str> = row.iter().map(|i| displays[*i].name.as_str()).collect();
                names.join(" | ")
            })
            .collect();
        faults.push(Fault::new("panel-count", 0..0, message).help(format!(
            "Write `|` between displays side by side, and a row of `-` between displays one above the other. The wall has {}.",
            names.join(" / ")
        )));
        return None;
    }
    Some(rows.into_iter().flatten().collect())
}

fn displays_in(rows: &[usize]) -> String {
    let plural = |n: usize| if n == 1 { "1 display".to_owned() } else { format!("{n} displays") };
    match rows {
        [] => "no display".into(),
        [one] => format!("{} side by side", plural(*one)).replace("1 display side by side", "1 display"),
        many => many.iter().map(|n| plural(*n)).collect::<Vec<_>>().join(" above "),
    }
}

/// Displays as they hang in rows from the top, each row from the left; `None` when they do not.
pub fn rows(displays: &[Display]) -> Option<Vec<Vec<usize>>> {
    let mut order: Vec<usize> = (0..displays.len()).collect();
    order.sort_by(|a, b| displays[*a].rect.center().y.total_cmp(&displays[*b].rect.center().y));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for i in order {
        let beside = |row: &Vec<usize>| level(&displays[row[0]].rect, &displays[i].rect);
        match rows.last_mut().filter(|row| beside(row)) {
            Some(row) => row.push(i),
            None => rows.push(vec![i]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| displays[*a].rect.x.total_cmp(&displays[*b].rect.x));
    }
    is_grid(&rows, displays).then_some(rows)
}

/// True when at least half of the lower one's height stands beside the other.
fn level(a: &Rect, b: &Rect) -> bool {
    a.bottom().min(b.bottom()) - a.y.max(b.y) >= 0.5 * a.h.min(b.h)
}

fn is_grid(rows: &[Vec<usize>], displays: &[Display]) -> bool {
    let rect = |i: &usize| displays[*i].rect;
    let beside = |row: &Vec<usize>| row.windows(2).all(|w| rect(&w[0]).right() <= rect(&w[1]).x + HANGING_MM);
    let bottom = |row: &Vec<usize>| row.iter().map(|i| rect(i).bottom()).fold(f32::MIN, f32::max);
    let top = |row: &Vec<usize>| row.iter().map(|i| rect(i).y).fold(f32::MAX, f32::min);
    rows.iter().all(beside) && rows.windows(2).all(|w| bottom(&w[0]) <= top(&w[1]) + HANGING_MM)
}
