//! Rules about what can be read from the farthest place.

use super::context::{Cx, Scene};
use crate::layout::legibility::{COMFORT_ARCMIN, LARGEST_ARCMIN, MIN_ARCMIN, Scale, TEXT_ARCMIN};
use crate::layout::picture;
use crate::layout::problem::Problem;
use crate::layout::schema::TileTable;
use crate::layout::wall::Tile;

/// Judges the size of running text that the wall and the tiles of `scene` ask for.
pub fn text(cx: &mut Cx<'_>, path: &[&str], text_arcmin: Option<f32>) {
    let Some(arcmin) = text_arcmin else { return };
    let path: Vec<&str> = path.iter().copied().chain(["text_arcmin"]).collect();
    let (span, distance) = (cx.value(&path), metres(&cx.scale));
    let message = |what: &str| format!("text of {arcmin} arc minutes {what} from {distance} m");
    let mm = |arcmin: f32| format!("{arcmin} arc minutes are {:.1} mm at that distance", cx.scale.mm(arcmin));
    let problem = match arcmin {
        a if a < MIN_ARCMIN => {
            Problem::error("text-size", span, message("cannot be read")).label(mm(MIN_ARCMIN))
        }
        a if a < COMFORT_ARCMIN => {
            Problem::warning("text-size", span, message("is hard to read")).label(mm(COMFORT_ARCMIN))
        }
        a if a > LARGEST_ARCMIN => {
            Problem::warning("text-size", span, message("is too large to read at a glance"))
                .label(mm(LARGEST_ARCMIN))
        }
        _ => return,
    };
    cx.say(problem.help(format!(
        "Use at least {MIN_ARCMIN} arc minutes, better {COMFORT_ARCMIN} to \
        {TEXT_ARCMIN}; the default is {TEXT_ARCMIN}."
    )));
}

/// Judges the size of a tile.
pub fn tile(cx: &mut Cx<'_>, scene: Scene<'_>, tile: &Tile, table: &TileTable) {
    let room = tile.room(cx.file.topic.len(), cx.scale);
    let (least_w, least_h) = table.widget.least(&room);
    if room.width < least_w || room.height < least_h {
        too_small(cx, scene, tile, room.mm(least_w), room.mm(least_h));
    } else {
        let path = ["scene", scene.name, "tile", &tile.name];
        table.widget.check_room(&room, &mut cx.tile(path));
    }
}

fn too_small(cx: &mut Cx<'_>, scene: Scene<'_>, tile: &Tile, least_w: f32, least_h: f32) {
    let (r, scale) = (tile.rect, cx.scale);
    let span = cx.key(&["scene", scene.name, "tile", &tile.name]);
    let message = format!("`{}` is too small to read from {} m", tile.name, metres(&scale));
    let label = format!("{:.0} × {:.0} mm", r.w, r.h);
    let help = format!(
        "A tile of kind `{}` needs at least {:.0} × {:.0} mm at that distance: {}, or lower `viewer_m`.",
        tile.widget.kind(),
        least_w,
        least_h,
        higher(cx, scene, tile, least_h)
            .filter(|_| r.w >= least_w)
            .unwrap_or_else(|| "give it more of the picture".into()),
    );
    let problem = match cx.names_displays() {
        true => Problem::error("too-small", span, message),
        false => Problem::warning("too-small", span, message),
    };
    cx.say(problem.label(label).help(help));
}

/// What to write for a row that is too low, where the tile stands in that row alone and is wide enough.
fn higher(cx: &Cx<'_>, scene: Scene<'_>, tile: &Tile, least_h: f32) -> Option<String> {
    let picture = picture::parse(cx.file.scene.get(scene.name)?.head.picture.as_deref()?).0;
    let is_own = |cell: &&picture::Cell| cell.word.as_deref() == Some(&*tile.name);
    let rows = picture.panels().flat_map(|(band, panel)| {
        panel.cells.iter().filter(is_own).map(move |cell| (&band.weights, cell.row))
    });
    let rows: Vec<(&Vec<f32>, usize)> = rows.collect();
    let (weights, row) = *rows.first()?;
    let own = *weights.get(row)?;
    let others = weights.iter().sum::<f32>() - own;
    let display = tile.rect.h * (own + others) / own;
    if rows.iter().any(|(_, other)| *other != row) || others <= 0.0 || least_h >= display * 0.9 {
        return None;
    }
    let parts = (others * least_h / (display - least_h)).ceil();
    (parts > own).then(|| format!("write `{parts}:` before its row instead of `{own}:`"))
}

fn metres(scale: &Scale) -> String {
    format!("{:.1}", scale.viewer_m).trim_end_matches(".0").to_owned()
}
