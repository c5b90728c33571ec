//! The geometry of the picture: tiles take exactly the cells that bear their names.

use fishbowl::geometry::{Point, Rect};
use fishbowl::layout;
use fishbowl::layout::picture::{self, Picture};
use fishbowl::layout::place::{self, Placed};
use fishbowl::layout::wall::{Display, Wall};
use fishbowl::registry;
use proptest::prelude::*;

/// A wall of `columns` × `rows` equal displays, `bezel` millimetres apart.
#[derive(Clone, Debug)]
struct Grid {
    columns: usize,
    rows: usize,
    size: (f32, f32),
    bezel: f32,
}

impl Grid {
    fn displays(&self) -> Vec<Display> {
        let display = |(x, y): (usize, usize)| Display {
            name: format!("d{x}{y}"),
            rect: Rect::new(
                x as f32 * (self.size.0 + self.bezel),
                y as f32 * (self.size.1 + self.bezel),
                self.size.0,
                self.size.1,
            ),
            pixels: (1920, 1080),
            rotate: Default::default(),
            matches: vec![],
            if_missing: Default::default(),
            adopted: None,
        };
        // From bottom to top, because the picture must not depend on the order of the file.
        let all = (0..self.rows).rev().flat_map(|y| (0..self.columns).map(move |x| (x, y)));
        all.map(display).collect()
    }
}

fn grid() -> impl Strategy<Value = Grid> {
    let size = (300.0f32..1500.0, 200.0f32..1500.0);
    (1usize..5, 1usize..4, size, 0.0f32..40.0).prop_map(|(columns, rows, size, bezel)| Grid {
        columns,
        rows,
        size,
        bezel,
    })
}

/// A sound picture: each band is filled with rectangles of random sizes, over bezels, too.
fn sound(grid: &Grid) -> impl Strategy<Value = String> + use<> {
    let (panels, bands) = (grid.columns, grid.rows);
    let widths = prop::collection::vec(1usize..4, panels);
    let heights = prop::collection::vec(1u8..9, 1..5);
    let sizes = prop::collection::vec((1usize..7, 1usize..4), 64);
    let band = (widths, heights, sizes).prop_map(|(widths, heights, sizes)| {
        let names = fill(widths.iter().sum(), heights.len(), &sizes);
        heights
            .iter()
            .zip(names)
            .map(|(h, row)| format!("{h}: {}", barred(&row, &widths)))
            .collect::<Vec<_>>()
    });
    prop::collection::vec(band, bands).prop_map(|bands| {
        let own = |(i, rows): (usize, Vec<String>)| rows.join("\n").replace('t', &format!("t{i}x"));
        bands.into_iter().enumerate().map(own).collect::<Vec<_>>().join("\n-----\n")
    })
}

/// Names of cells: rectangles of the wanted sizes, each as large as the free cells allow.
fn fill(columns: usize, rows: usize, sizes: &[(usize, usize)]) -> Vec<Vec<String>> {
    let mut names = vec![vec![String::new(); columns]; rows];
    let mut next = 0;
    for (row, column) in (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))) {
        if !names[row][column].is_empty() {
            continue;
        }
        let (wide, high) = sizes[next % sizes.len()];
        let free = names[row][column..].iter().take(wide).take_while(|n| n.is_empty()).count();
        for line in names.iter_mut().skip(row).take(high) {
            line[column..column + free].fill(format!("t{next}"));
        }
        next += 1;
    }
    names
}

fn barred(row: &[String], widths: &[usize]) -> String {
    let mut rest = row;
    let panel = |width: &usize| {
        let (own, after) = rest.split_at(*width);
        rest = after;
        own.join(" ")
    };
    widths.iter().map(panel).collect::<Vec<_>>().join(" | ")
}

/// A picture in which cells are named at random: most are rectangles by luck only.
fn wild(grid: &Grid) -> impl Strategy<Value = String> + use<> {
    let (columns, bands) = (grid.columns, grid.rows);
    let cell = prop::sample::select(vec!["a", "b", "c", "."]);
    let panel = prop::collection::vec(cell, 1..4).prop_map(|cells| cells.join(" "));
    let row = prop::collection::vec(panel, columns).prop_map(|panels| panels.join(" | "));
    let weighted = (prop::option::of(1u8..9), row).prop_map(|(w, row)| match w {
        Some(w) => format!("{w}: {row}"),
        None => row,
    });
    let band = prop::collection::vec(weighted, 1..4).prop_map(|rows| rows.join("\n"));
    prop::collection::vec(band, bands).prop_map(|bands| bands.join("\n-----\n"))
}

fn any_wall() -> impl Strategy<Value = (Grid, String)> {
    grid().prop_flat_map(|grid| (Just(grid.clone()), prop_oneof![wild(&grid), sound(&grid)]))
}

fn sound_wall() -> impl Strategy<Value = (Grid, String)> {
    grid().prop_flat_map(|grid| (Just(grid.clone()), sound(&grid)))
}

/// The word under a point of the wall, by counting rows and cells: another way than the house's.
fn word_at(picture: &Picture, grid: &Grid, at: Point) -> Option<String> {
    let step = (grid.size.0 + grid.bezel, grid.size.1 + grid.bezel);
    let (column, row) = ((at.x / step.0) as usize, (at.y / step.1) as usize);
    let (x, y) = (at.x - column as f32 * step.0, at.y - row as f32 * step.1);
    let band = picture.bands.get(row)?;
    let panel = band.panels.get(column)?;
    let mut part = y / grid.size.1 * band.weights.iter().sum::<f32>();
    let line = band.weights.iter().position(|w| {
        part -= w;
        part < 0.0
    })?;
    let across = x / grid.size.0 * panel.columns as f32;
    let cell = panel.cells.iter().find(|c| c.row == line && c.columns.contains(&(across as usize)))?;
    cell.word.clone()
}

fn place(grid: &Grid, text: &str) -> Option<(Picture, Vec<Placed>)> {
    let (picture, mut faults) = picture::parse(text);
    let placed = place::on_grid(&picture, &grid.displays(), &mut faults);
    faults.is_empty().then_some((picture, placed))
}

fn area(r: &Rect) -> f32 {
    r.w * r.h
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 40_000, failure_persistence: None, ..Default::default() })]

    /// Whatever a picture says: a picture that is taken has tiles that never overlap.
    #[test]
    fn tiles_never_overlap((grid, text) in any_wall()) {
        let placed = place(&grid, &text).map(|(_, placed)| placed).unwrap_or_default();
        for (i, a) in placed.iter().enumerate() {
            for b in &placed[i + 1..] {
                let common = a.rect.intersection(&b.rect).map_or(0.0, |c| c.w.min(c.h));
                prop_assert!(common < 0.01, "{} and {} in\n{text}", a.word, b.word);
            }
        }
    }

    /// A sound picture is taken, and its tiles fill all displays.
    #[test]
    fn sound_pictures_are_taken((grid, text) in sound_wall()) {
        let placed = place(&grid, &text).map(|(_, placed)| placed);
        prop_assert!(placed.is_some(), "\n{text}");
        let displays = grid.displays();
        let lit: f32 = displays.iter().map(|d| area(&d.rect)).sum();
        let parts = placed.iter().flatten().flat_map(|p| displays.iter().filter_map(|d| d.rect.intersection(&p.rect)));
        let covered: f32 = parts.map(|r| area(&r)).sum();
        prop_assert!((covered / lit - 1.0).abs() < 1e-3);
    }

    /// A point in a lit cell lies in the tile of its word, and in no other.
    #[test]
    fn tiles_cover_exactly_their_cells(
        (grid, text) in any_wall(),
        points in prop::collection::vec((0.0f32..1.0, 0.0f32..1.0), 40),
    ) {
        let Some((picture, placed)) = place(&grid, &text) else { return Ok(()) };
        let displays = grid.displays();
        let inner = |r: &Rect, at: Point| r.inset(0.05).contains(at);
        for (i, (u, v)) in points.iter().enumerate() {
            let lit = displays[i % displays.len()].rect;
            let at = Point::new(lit.x + u * lit.w, lit.y + v * lit.h);
            let expected = word_at(&picture, &grid, at);
            let edge = placed.iter().any(|p| p.rect.contains(at) != inner(&p.rect, at));
            let found = placed.iter().find(|p| p.rect.contains(at)).map(|p| p.word.clone());
            prop_assert!(edge || found == expected, "{found:?} is not {expected:?} at {at:?} of\n{text}");
        }
    }

    /// A tile lies on its displays and between them, nowhere else.
    #[test]
    fn tiles_stay_on_their_displays((grid, text) in any_wall()) {
        let placed = place(&grid, &text).map(|(_, placed)| placed).unwrap_or_default();
        let displays = grid.displays();
        for tile in &placed {
            let around = tile.displays.iter().map(|i| displays[*i].rect).reduce(|a, b| a.union(&b)).unwrap();
            let inside = around.intersection(&tile.rect).unwrap_or_default();
            prop_assert!(area(&inside) >= area(&tile.rect) * 0.999);
            for (i, display) in displays.iter().enumerate() {
                let common = display.rect.intersection(&tile.rect).is_some_and(|c| c.w > 0.01 && c.h > 0.01);
                prop_assert_eq!(common, tile.displays.contains(&i));
            }
        }
    }

    /// A row of one word over the whole wall is one tile that takes the bezels in.
    #[test]
    fn spans_include_the_bezels(grid in grid(), weight in 1u8..20) {
        let tops: Vec<String> = (0..grid.columns).map(|i| format!("t{i}")).collect();
        let band = |i: usize| {
            let top = tops.iter().map(|t| format!("{t}r{i}")).collect::<Vec<_>>().join(" | ");
            format!("{weight}: {top}\n1: {}", vec![format!("news{i}"); grid.columns].join(" | "))
        };
        let text = (0..grid.rows).map(band).collect::<Vec<_>>().join("\n---\n");
        let (_, placed) = place(&grid, &text).expect("a sound picture");
        let news = placed.iter().find(|p| p.word == "news0").unwrap();
        let whole = grid.columns as f32 * (grid.size.0 + grid.bezel) - grid.bezel;
        prop_assert!((news.rect.w - whole).abs() < 0.1);
        prop_assert!((news.rect.h - grid.size.1 / (f32::from(weight) + 1.0)).abs() < 0.1);
        prop_assert_eq!(news.displays.len(), grid.columns);
    }

    /// No text makes the reader of pictures stumble, and every fault lies in the text.
    #[test]
    fn any_text_is_read(text in "[a-c.|:0-9 \n+é-]{0,80}") {
        let (picture, faults) = picture::parse(&text);
        prop_assert!(faults.iter().all(|f| text.get(f.at.clone()).is_some()));
        let cells = picture.panels().flat_map(|(_, p)| &p.cells).count();
        prop_assert!(cells <= text.len());
    }
}

#[test]
fn hanging_that_is_a_little_off_takes_nothing_from_a_neighbour() {
    let mut displays = Grid { columns: 2, rows: 1, size: (1200.0, 675.0), bezel: 10.0 }.displays();
    displays[1].rect.y = 3.0;
    let (picture, mut faults) = picture::parse("4: map | list\n1: news | news");
    let placed = place::on_grid(&picture, &displays, &mut faults);
    assert_eq!(faults, vec![]);
    let rect = |word: &str| placed.iter().find(|p| p.word == word).unwrap().rect;
    assert_eq!(rect("news"), Rect::new(0.0, 543.0, 2410.0, 132.0));
    assert!(rect("news").intersection(&rect("list")).is_none());
}

/// An upright display beside two that hang above each other; its ticker runs on into the lower.
const NO_GRID: &str = r#"
wall.viewer_m = 3
feed.demo.kind = "demo"
[display.tall]
size_mm = [675, 1200]
[display.upper]
size_mm = [1000, 562]
at_mm = [685, 0]
[display.lower]
size_mm = [1000, 562]
at_mm = [685, 638]
[scene.main]
span.news.displays = ["tall", "lower"]
span.clock.rect_mm = [685, 0, 1000, 281]
pictures.tall = """
1000: words
200: news
"""
pictures.upper = """
clock
map
"""
pictures.lower = """
362: total
200: news
"""
tile.words.kind = "words"
tile.news.kind = "ticker"
tile.clock.kind = "clock"
tile.map.kind = "heatmap"
tile.total.kind = "counter"
"#;

fn no_grid() -> Wall {
    let loaded = layout::load_text(NO_GRID, std::path::Path::new("wall.toml"), &[], &registry());
    assert!(loaded.report.problems.is_empty(), "{}", loaded.report.draw(100, false));
    loaded.wall(&[]).unwrap()
}

#[test]
fn a_wall_that_is_no_grid_has_a_picture_for_each_display() {
    let wall = no_grid();
    let tile = |name: &str| wall.scenes[0].tiles.iter().find(|t| t.name == name).unwrap();
    let news = tile("news");
    assert!((news.rect.x, news.rect.w) == (0.0, 1685.0) && (news.rect.y - 1000.0).abs() < 0.1);
    assert_eq!(news.displays, [0, 2]);
    assert_eq!(tile("clock").rect, Rect::new(685.0, 0.0, 1000.0, 281.0));
    assert_eq!(tile("map").rect, Rect::new(685.0, 281.0, 1000.0, 281.0));
    assert_eq!(tile("words").displays, [0]);
}
