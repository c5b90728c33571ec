//! A heat field for one display: a coarse grid into which the bells are added, and the parts of
//! the display where the sum can show.

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};

use crate::paint::screen::{Area, Screen};
use crate::scene::list::{Bell, Heat};

/// Bells drawn at most; more are left out.
pub const MAX_SPLATS: usize = 4_096;
/// The grid is so fine that the narrowest bell's sigma spans this many texels, because it is
/// sampled bilinearly.
const TEXELS_PER_SIGMA: f32 = 4.0;
/// Most pixels of the display under one texel.
const COARSEST: f32 = 16.0;
/// Most texels of the grid along one side.
pub const MAX_SIDE: u32 = 1_024;
/// What a bell adds below this part of `full` is left out.
const FAINT: f32 = 0.002;
/// Side of the cells in which the field is either resolved or skipped, pixels.
const CELL: u32 = 16;

/// A bell in texels of the grid. `Splat` in `shaders/heat.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Splat {
    pub at: [f32; 2],
    /// Distance from which on it is left out.
    pub reach: f32,
    pub sigma: f32,
    /// Part of `full`.
    pub height: f32,
}

/// A rectangle in which the field can show, pixels. `Cell` in `shaders/heat.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Cell {
    /// Left, top, right, bottom.
    pub edges: [f32; 4],
}

/// What of a heat field shows on one display.
#[derive(Clone, Debug)]
pub struct Field {
    pub heat: Arc<Heat>,
    /// Where the grid begins, pixels of the display; may lie outside of it.
    pub origin: [f32; 2],
    /// Pixels of the display along a texel.
    pub texel: f32,
    /// Texels across and down.
    pub size: (u32, u32),
    pub splats: Vec<Splat>,
    pub cells: Vec<Cell>,
}

impl Field {
    /// The part inside `clip`; `None` when nothing of it can show there.
    pub fn new(heat: &Arc<Heat>, screen: &Screen, clip: Area) -> Option<Self> {
        let area = screen.area(heat.rect).intersection(&clip);
        let sane = |b: &&Bell| b.sigma > 0.0 && b.sigma.is_finite() && b.height > 0.0;
        let bells: Vec<&Bell> = heat.bells.iter().filter(sane).take(MAX_SPLATS).collect();
        if area.is_empty() || bells.is_empty() || heat.full.is_nan() || heat.full <= 0.0 {
            return None;
        }
        let narrowest = bells.iter().fold(f32::MAX, |least, b| least.min(b.sigma)) * screen.density();
        let texel = (narrowest / TEXELS_PER_SIGMA).clamp(1.0, COARSEST).floor();
        let texel = texel.max((area.w.max(area.h) as f32 / (MAX_SIDE - 3) as f32).ceil());
        let mut field = Field {
            heat: heat.clone(),
            origin: [before(area.x, texel), before(area.y, texel)],
            texel,
            size: (texels(area.x, area.w, texel), texels(area.y, area.h, texel)),
            splats: bells.iter().filter_map(|bell| splat(bell, heat.full, screen)).collect(),
            cells: Vec::new(),
        };
        field.cells = cells(&field.splats, area, heat.floor);
        field.scale_to_texels();
        (!field.cells.is_empty() && !field.splats.is_empty()).then_some(field)
    }

    /// Brings the splats from pixels to texels, without those that do not reach the grid.
    fn scale_to_texels(&mut self) {
        let (origin, texel) = (self.origin, self.texel);
        for splat in &mut self.splats {
            splat.at = [(splat.at[0] - origin[0]) / texel, (splat.at[1] - origin[1]) / texel];
            splat.reach /= texel;
            splat.sigma /= texel;
        }
        let grid = Area::new(0, 0, self.size.0, self.size.1);
        self.splats.retain(|s| {
            let [x, y] = s.at;
            grid.meets(x - s.reach, y - s.reach, x + s.reach, y + s.reach)
        });
    }
}

/// The line of the display-wide grid that lies a texel before a pixel. Parts of a field that are
/// drawn one after the other share the grid, so that no seam shows between them.
fn before(pixel: u32, texel: f32) -> f32 {
    ((pixel as f32 / texel).floor() - 1.0) * texel
}

/// How many texels it takes from there to a texel behind the last pixel.
fn texels(pixel: u32, count: u32, texel: f32) -> u32 {
    (((pixel + count) as f32 - before(pixel, texel)) / texel).ceil() as u32 + 1
}

/// A bell in pixels; `None` when it is too faint.
fn splat(bell: &Bell, full: f32, screen: &Screen) -> Option<Splat> {
    let height = bell.height / full;
    let sigma = bell.sigma * screen.density();
    let reach = sigma * (2.0 * (height / FAINT).ln()).max(0.0).sqrt();
    let splat = Splat { at: screen.point(bell.at), reach, sigma, height };
    (height > FAINT && splat.at.iter().all(|v| v.is_finite()) && reach.is_finite()).then_some(splat)
}

/// Rows of cells in which the sum may exceed the floor, neighbours merged.
fn cells(splats: &[Splat], area: Area, floor: f32) -> Vec<Cell> {
    let (across, down) = (area.w.div_ceil(CELL), area.h.div_ceil(CELL));
    let mut sums = vec![0.0_f32; (across * down) as usize];
    for splat in splats {
        add_bound(&mut sums, splat, area, across, down);
    }
    let mut cells = Vec::new();
    for row in 0..down {
        let line = &sums[(row * across) as usize..][..across as usize];
        let mut from = 0;
        while from < line.len() {
            let run = line[from..].iter().take_while(|&&sum| sum >= floor && sum > 0.0).count();
            if run > 0 {
                let x = area.x + from as u32 * CELL;
                let cell = Area::new(x, area.y + row * CELL, run as u32 * CELL, CELL).intersection(&area);
                let edges = [cell.x, cell.y, cell.right(), cell.bottom()].map(|v| v as f32);
                cells.push(Cell { edges });
            }
            from += run.max(1);
        }
    }
    cells
}

/// Adds to each cell the most that `splat` can add anywhere in it.
fn add_bound(sums: &mut [f32], splat: &Splat, area: Area, across: u32, down: u32) {
    let range = |at: f32, start: u32, count: u32| {
        let cell = |v: f32| ((v - start as f32) / CELL as f32).clamp(0.0, count as f32);
        cell(at - splat.reach) as u32..cell(at + splat.reach).ceil() as u32
    };
    let gap = |at: f32, start: u32, i: u32| {
        let from = (start + i * CELL) as f32;
        (from - at).max(at - from - CELL as f32).max(0.0)
    };
    for row in range(splat.at[1], area.y, down) {
        for column in range(splat.at[0], area.x, across) {
            let (dx, dy) = (gap(splat.at[0], area.x, column), gap(splat.at[1], area.y, row));
            let square = (dx * dx + dy * dy) / (2.0 * splat.sigma * splat.sigma);
            sums[(row * across + column) as usize] += splat.height * (-square).exp();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Theme;
    use crate::geometry::{Point, Rect};

    const SCREEN: Screen = Screen { rect: Rect::new(0.0, 0.0, 640.0, 320.0), pixels: (1280, 640) };

    fn heat(bells: &[(f32, f32, f32, f32)]) -> Arc<Heat> {
        let theme = Theme::dark();
        let bells = bells.iter().map(|&(x, y, sigma, height)| Bell { at: Point::new(x, y), sigma, height });
        Arc::new(Heat {
            rect: SCREEN.rect,
            bells: bells.collect(),
            full: 10.0,
            ramp: theme.heat,
            floor: 0.05,
            contours: [0.25, 0.5, 0.75, 0.0],
            contour_color: theme.ink,
        })
    }

    #[test]
    fn instances_are_as_large_as_their_twins() {
        assert_eq!(size_of::<Splat>(), 20);
        assert_eq!(size_of::<Cell>(), 16);
    }

    #[test]
    fn the_grid_is_coarse_for_wide_bells_and_fine_for_narrow_ones() {
        let wide = Field::new(&heat(&[(320.0, 160.0, 24.0, 5.0)]), &SCREEN, SCREEN.whole()).unwrap();
        assert_eq!((wide.texel, wide.size), (12.0, (109, 56)));
        let narrow = Field::new(&heat(&[(320.0, 160.0, 0.1, 5.0)]), &SCREEN, SCREEN.whole()).unwrap();
        assert!(narrow.size.0 <= MAX_SIDE, "{:?}", narrow.size);
    }

    #[test]
    fn only_cells_that_can_show_are_resolved() {
        let field = Field::new(&heat(&[(100.0, 100.0, 10.0, 5.0)]), &SCREEN, SCREEN.whole()).unwrap();
        let pixels: f32 =
            field.cells.iter().map(|c| (c.edges[2] - c.edges[0]) * (c.edges[3] - c.edges[1])).sum();
        assert!(pixels < 0.1 * 1280.0 * 640.0, "{pixels}");
        let middle = |c: &&Cell| (c.edges[0]..c.edges[2]).contains(&200.0);
        assert!(field.cells.iter().any(|c| middle(&c)));
    }

    #[test]
    fn nothing_shows_where_nothing_is() {
        assert!(Field::new(&heat(&[]), &SCREEN, SCREEN.whole()).is_none());
        assert!(Field::new(&heat(&[(0.0, 0.0, 5.0, 0.001)]), &SCREEN, SCREEN.whole()).is_none());
        let odd = [(f32::NAN, 0.0, 5.0, 5.0), (0.0, 0.0, f32::NAN, 5.0), (0.0, 0.0, 5.0, f32::NAN)];
        assert!(Field::new(&heat(&odd), &SCREEN, SCREEN.whole()).is_none());
        let far = heat(&[(100.0, 100.0, 10.0, 5.0)]);
        assert!(Field::new(&far, &SCREEN, Area::new(900, 300, 100, 100)).is_none());
    }
}
