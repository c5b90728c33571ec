//! Turns a layout file into a wall in millimetres.

use std::path::Path;
use std::sync::Arc;

use crate::bitmap::Bitmap;
use crate::color::Palette;
use crate::geometry::Rect;
use crate::layout::adoption::Adoption;
use crate::layout::alert::rule::Rule;
use crate::layout::alert::{AlertSpec, AlertTable, AlertsSpec, CLEAR_BELOW, Duty, Severity, Trigger};
use crate::layout::background::Background;
use crate::layout::display::Display;
use crate::layout::feed::{FeedSpec, Rest};
use crate::layout::hours::{Hours, Mode, ModeTable, ScheduleTable, Slot};
use crate::layout::legibility::{Scale, TEXT_ARCMIN};
use crate::layout::monitors::Monitor;
use crate::layout::picture::{self, Fault, Picture};
use crate::layout::place::{self, Piece, Placed};
use crate::layout::schema::*;
use crate::layout::sources::Feed;
use crate::layout::topic::Topic;
use crate::layout::turns;
use crate::layout::value::{Audience, Lasting, PeopleNamed, capitalised};
use crate::layout::wall::{Image, JournalSpec, Scene, Tile, Wall};
use crate::layout::{event, hang, power, theme};
use crate::typeface::Typeface;

/// Height of the band along the top, arc minutes for the farthest viewer at the usual size of text.
const BAND: f32 = 48.0;
/// Unless the layout asks for it, the band takes at most this part of a display's height.
const MOST_BAND: f32 = 0.125;

/// Most pictures of one wall; each takes at most 16 MB.
pub const MAX_IMAGES: usize = 16;

/// How long a scene stays when it does not say.
pub const SHOW_FOR: Lasting = Lasting::from_secs(60);

/// The wall that `file` describes on a machine with these monitors. What the file has wrong is
/// left out: see [`crate::layout::check`]. With an empty `monitors` a layout that names no
/// displays gets one of 1920 × 1080 at 96 dpi for each panel of its picture.
pub fn solve(file: &LayoutFile, monitors: &[Monitor]) -> Wall {
    solve_with(file, monitors, &[])
}

/// The same where displays have `adopted` monitors in place of their own.
pub fn solve_with(file: &LayoutFile, monitors: &[Monitor], adopted: &[Adoption]) -> Wall {
    let displays = hang::displays(file, monitors, adopted);
    let viewer_m = file.wall.viewer_m.unwrap_or_else(|| hang::usual_viewer_m(&displays));
    let band = band(file, &displays);
    let scenes = all_scenes(file, &place::below(band, &displays));
    let background = Background::read(file, &displays).and_then(Result::ok);
    let picture = background.as_ref().map(Background::palette);
    Wall {
        name: file.wall.name.clone().unwrap_or_else(|| "Fishbowl".into()),
        viewer_m,
        text_arcmin: file.wall.text_arcmin.unwrap_or(TEXT_ARCMIN),
        theme: theme::solve_on(&file.theme, picture.as_ref()),
        typeface: typeface(file).ok().flatten().map(Arc::new),
        logo: file.theme.logo.as_ref().and_then(|logo| Bitmap::read(&file.dir.join(logo)).ok()).map(Arc::new),
        background,
        visitor: file.wall.visitor.clone().filter(|visitor| !visitor.trim().is_empty()),
        motion: file.wall.motion,
        pixel_shift: file.wall.pixel_shift,
        audience: file.wall.audience,
        people: file.wall.people.unwrap_or(PeopleNamed::usual(file.wall.audience)),
        zone: file.wall.zone.clone(),
        event: file.event.as_ref().and_then(|table| event::solve(table, file.wall.zone.as_deref())),
        displays,
        band,
        strips: Vec::new(),
        images: images(file),
        scenes,
        modes: modes(file, picture.as_ref()),
        schedule: schedule(file),
        power: power::solve(file),
        topics: topics(file),
        care: file.care.as_ref().and_then(|care| care.spec()),
        alerts: alerts(file),
        journal: journal(file),
        alert_strip: alert_strip(file),
        gate: file.gate.as_ref().map(|gate| gate.spec(&file.dir)),
        remote: file.remote.spec(file.wall.audience == Audience::Public, &file.dir),
        feeds: feeds(file),
    }
}

/// From which severity on alerts stand in a strip: visitors need not know of them.
fn alert_strip(file: &LayoutFile) -> Option<Severity> {
    let usual = match file.wall.audience {
        Audience::Staff => AlertStrip::Alarm,
        Audience::Public => AlertStrip::Off,
    };
    file.wall.alert_strip.unwrap_or(usual).severity()
}

/// The displays with what the band leaves of them.
pub fn below_band(file: &LayoutFile, displays: &[Display]) -> Vec<Display> {
    place::below(band(file, displays), displays)
}

/// Where the band stands. `None` where the layout does not want it, where the displays of the top row
/// do not hang level, and, unless the layout asks for it, where no scene has a question or a tile
/// would become too small to be read.
pub fn band(file: &LayoutFile, displays: &[Display]) -> Option<Rect> {
    let scale = Scale::new(file.wall.viewer_m.unwrap_or_else(|| hang::usual_viewer_m(displays)));
    let is_exact = |span: &SpanTable| span.rect_mm.is_some();
    let exact = file.scene.iter().any(|(_, scene)| scene.head.span.values().any(is_exact));
    let height = scale.mm(BAND * file.wall.text_arcmin.unwrap_or(TEXT_ARCMIN) / TEXT_ARCMIN);
    let band = place::across(displays, height).filter(|_| !exact && file.wall.band != Some(false))?;
    (file.wall.band == Some(true) || has_room(file, displays, scale, band)).then_some(band)
}

/// True when there is a question to ask, the band is a small part of the displays, and every tile that
/// is large enough to be read stays so.
fn has_room(file: &LayoutFile, displays: &[Display], scale: Scale, band: Rect) -> bool {
    let branded = file.theme.logo.is_some() || file.wall.visitor.is_some();
    let asks = branded || file.scene.iter().any(|(_, scene)| scene.head.title.is_some());
    let small = |d: &Display| band.intersection(&d.rect).is_none() || band.h <= d.rect.h * MOST_BAND;
    if !asks || !displays.iter().all(small) {
        return false;
    }
    let legible = |displays: &[Display]| -> Vec<bool> {
        let is_legible = |tile: &Tile| {
            let room = tile.room(file.topic.len(), scale);
            let (w, h) = tile.widget.least(&room);
            room.width >= w && room.height >= h
        };
        all_scenes(file, displays).iter().flat_map(|scene| &scene.tiles).map(is_legible).collect()
    };
    let (before, after) = (legible(displays), legible(&place::below(Some(band), displays)));
    before.iter().zip(&after).all(|(before, after)| !before || *after)
}

fn all_scenes(file: &LayoutFile, displays: &[Display]) -> Vec<Scene> {
    file.scene.iter().flat_map(|(name, table)| scenes(file, name, table, displays)).collect()
}

/// The scenes that a scene of the file becomes: several when panels take turns.
pub fn scenes(file: &LayoutFile, name: &str, table: &SceneTable, displays: &[Display]) -> Vec<Scene> {
    let text = table.head.picture.as_deref().unwrap_or_default();
    if !file.display.is_empty() {
        let placed = placed(table, displays, &mut Vec::new());
        return vec![scene(file, name, table, placed)];
    }
    let turns = turns::turns(&picture::parse(text).0, displays);
    let several = turns.len() > 1;
    let name = |i: usize| if several { format!("{name} {}", i + 1) } else { name.to_owned() };
    turns.into_iter().enumerate().map(|(i, placed)| scene(file, &name(i), table, placed)).collect()
}

/// Where the tiles of a scene stand on the displays that the layout names.
pub fn placed(table: &SceneTable, displays: &[Display], faults: &mut Vec<Fault>) -> Vec<Placed> {
    if table.head.pictures.is_empty() && table.head.span.is_empty() {
        let text = table.head.picture.as_deref().unwrap_or_default();
        return place::on_grid(&picture::parse(text).0, displays, faults);
    }
    let lit: Vec<Rect> = displays.iter().map(|d| d.rect).collect();
    let mut all: Vec<Piece> = Vec::new();
    for (i, display) in displays.iter().enumerate() {
        let Some(text) = table.head.pictures.get(&display.name) else { continue };
        let picture: Picture = picture::parse(text).0;
        for (band, panel) in picture.panels().take(1) {
            all.extend(place::pieces(band, (i, panel), (i, display.rect), &mut Vec::new()));
        }
    }
    let exact = exact_spans(table, displays);
    all.retain(|p| exact.iter().all(|e| e.word != p.word));
    let mut placed = place::joined(&all, &lit, faults);
    placed.extend(exact);
    placed
}

/// Spans with a rectangle of their own.
fn exact_spans(table: &SceneTable, displays: &[Display]) -> Vec<Placed> {
    let exact = |(word, span): (&String, &SpanTable)| {
        let [x, y, w, h] = span.rect_mm?;
        let rect = Rect::new(x, y, w.max(0.0), h.max(0.0));
        let touches = |d: &Display| d.rect.intersection(&rect).is_some();
        let displays = (0..displays.len()).filter(|i| touches(&displays[*i])).collect();
        Some(Placed { word: word.clone(), rect, displays, at: 0..0 })
    };
    table.head.span.iter().filter_map(exact).collect()
}

/// Height of running text on a tile, arc minutes.
pub fn text_arcmin(file: &LayoutFile, tile: &TileTable) -> f32 {
    tile.text_arcmin.or(file.wall.text_arcmin).unwrap_or(TEXT_ARCMIN)
}

fn scene(file: &LayoutFile, name: &str, table: &SceneTable, placed: Vec<Placed>) -> Scene {
    let tile = |p: Placed| {
        let tile = table.tile.get(&p.word)?;
        Some(Tile {
            name: p.word,
            title: tile.title.clone(),
            rect: p.rect,
            text_arcmin: text_arcmin(file, tile),
            displays: p.displays,
            widget: tile.widget.clone(),
        })
    };
    Scene {
        name: name.into(),
        title: table.head.title.clone(),
        show_for: table.head.show_for.unwrap_or(SHOW_FOR).0,
        on_alert: table.head.on_alert,
        tiles: placed.into_iter().filter_map(tile).collect(),
    }
}

/// The pictures that tiles name, each read once.
fn images(file: &LayoutFile) -> Vec<Image> {
    let tiles = file.scene.iter().flat_map(|(_, scene)| scene.tile.iter());
    let mut files: Vec<&Path> = tiles.filter_map(|(_, tile)| tile.widget.image()).collect();
    files.sort_unstable();
    files.dedup();
    let read = |name: &Path| {
        let bitmap = Arc::new(Bitmap::read(&file.dir.join(name)).ok()?);
        Some(Image { file: name.into(), bitmap })
    };
    files.into_iter().take(MAX_IMAGES).filter_map(read).collect()
}

/// The modes of `file`, without scenes that there are not.
fn modes(file: &LayoutFile, picture: Option<&Palette>) -> Vec<Mode> {
    let mode = |(name, table): (&str, &ModeTable)| Mode {
        name: name.into(),
        scenes: table
            .scenes
            .as_ref()
            .map(|names| names.iter().filter_map(|name| scene_at(file, name)).collect()),
        theme: table.theme.map(|base| theme::solve_on(&ThemeTable { base, ..file.theme.clone() }, picture)),
        motion: table.motion,
        people: table.people,
        brightness: f32::from(table.brightness.unwrap_or(100)) / 100.0,
    };
    file.mode.iter().map(mode).collect()
}

/// The hours of `file` that are to be kept, without modes and scenes that there are not.
fn schedule(file: &LayoutFile) -> Vec<Slot> {
    let slot = |(name, table): (&str, &ScheduleTable)| Slot {
        name: name.into(),
        mode: table.mode.as_ref().and_then(|mode| file.mode.names().position(|name| name == mode)),
        scene: table.scene.as_ref().and_then(|scene| scene_at(file, scene)),
        hours: Hours {
            from: table.from,
            to: table.to,
            days: table.days.clone(),
            dates: table.dates.clone(),
            except: table.except.clone(),
            zone: event::zone(table.zone.as_deref().or(file.wall.zone.as_deref())),
        },
        priority: table.priority,
    };
    file.schedule.iter().filter(|(_, table)| table.enabled).map(slot).collect()
}

fn scene_at(file: &LayoutFile, scene: &str) -> Option<usize> {
    file.scene.names().position(|name| name == scene)
}

/// A topic that the wall listens for.
pub fn topics(file: &LayoutFile) -> Vec<Topic> {
    let topic = |(i, (name, table)): (usize, (&str, &TopicTable))| Topic {
        name: name.into(),
        label: table.label.clone().unwrap_or_else(|| capitalised(name)),
        query: table.query.clone(),
        color: table.color.map_or(i, |c| usize::from(c).saturating_sub(1)),
    };
    file.topic.iter().enumerate().map(topic).collect()
}

/// What `file` watches for; rules that cannot be read are left out.
fn alerts(file: &LayoutFile) -> AlertsSpec {
    let table = &file.bursts;
    let tiles = file.scene.iter().flat_map(|(_, scene)| scene.tile.iter());
    let shown = tiles.map(|(_, tile)| &tile.widget).any(|widget| widget.shows_alerts());
    let wanted = shown || !file.alert.is_empty() || file.places.has(&["bursts"]);
    AlertsSpec {
        bursts: table.on.unwrap_or(wanted),
        sensitivity: table.sensitivity,
        wait: table.wait.0,
        usual: Duty { severity: table.severity, owner: table.owner.clone(), action: table.action.clone() },
        alerts: file.alert.iter().filter_map(|(name, table)| alert(name, table)).collect(),
    }
}

fn alert(name: &str, table: &AlertTable) -> Option<AlertSpec> {
    let raised_by = match &table.when {
        Some(when) => Trigger::Rule(Rule::parse(when).ok()?),
        None if table.burst => Trigger::Burst,
        None => return None,
    };
    Some(AlertSpec {
        name: name.into(),
        label: table.label.clone().unwrap_or_else(|| capitalised(name)),
        topic: table.topic.clone(),
        raised_by,
        duty: Duty { severity: table.severity, owner: table.owner.clone(), action: table.action.clone() },
        clear_below: table.clear_below.unwrap_or(CLEAR_BELOW),
    })
}

fn journal(file: &LayoutFile) -> JournalSpec {
    let table = &file.journal;
    JournalSpec {
        record: table.record,
        file: table.file.as_ref().map(|path| file.dir.join(path)),
        keep: table.keep.0,
        max_bytes: table.max_mb.saturating_mul(1 << 20),
    }
}

fn feeds(file: &LayoutFile) -> Vec<Feed> {
    let feed = |(name, table): (&str, &FeedTable)| Feed {
        name: name.into(),
        stale_after: table.stale_after.map_or(table.kind.silence(), |after| after.0),
        spec: spec(&table.kind, file),
    };
    file.feed.iter().map(feed).collect()
}

fn spec(spec: &FeedSpec, file: &LayoutFile) -> FeedSpec {
    let (topics, care) = (topics(file), file.care.as_ref().and_then(|care| care.spec()));
    let rest = Rest { topics: &topics, care: care.as_ref().map(|care| care.handles[0].as_str()) };
    spec.changed(|table| {
        for path in table.files() {
            *path = file.dir.join(&*path);
        }
        table.take_up(&rest);
    })
}

/// The typeface that the layout names; the error is the index of a file and what is wrong with it.
pub fn typeface(file: &LayoutFile) -> Result<Option<Typeface>, (usize, String)> {
    let paths: Vec<_> = file.theme.fonts.iter().map(|font| file.dir.join(font)).collect();
    Typeface::read(paths.iter().map(|path| path.as_path()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::layout::read;
    use crate::registry;

    fn wall(of_wall: &str, title: &str, picture: &str, height: u32) -> Wall {
        let text = format!(
            r#"
            [wall]
            viewer_m = 3.0
            {of_wall}
            [display.a]
            size_mm = [900, {height}]
            [display.b]
            size_mm = [900, {height}]
            [scene.s]
            {title}
            picture = """
{picture}
"""
            tile.t = {{ kind = "text", text = "hello" }}
            tile.u = {{ kind = "text", text = "hello" }}
            "#
        );
        let (file, problems) = read::read(&text.into(), Path::new("wall.toml"), &registry());
        assert!(problems.is_empty(), "{problems:?}");
        solve(&file, &[])
    }

    #[test]
    fn a_question_gets_a_band_and_the_tiles_what_is_left() {
        let wall = wall("", "title = \"Who?\"", "t | u", 500);
        let band = wall.band.expect("there is room");
        assert_eq!((band.x, band.y, band.w), (0.0, 0.0, 1_800.0));
        assert!((band.h - Scale::new(3.0).mm(48.0)).abs() < 0.01);
        for tile in &wall.scenes[0].tiles {
            assert_eq!((tile.rect.y, tile.rect.bottom()), (band.bottom(), 500.0));
        }
        assert_eq!(wall.displays[0].rect.h, 500.0, "the displays themselves stay as they are");
    }

    #[test]
    fn without_a_question_or_without_room_there_is_none_unless_it_is_asked_for() {
        let title = "title = \"Who?\"";
        let band = |of_wall, title, picture, height| wall(of_wall, title, picture, height).band.is_some();
        assert!(!band("", "", "t | u", 500), "no question");
        assert!(!band("", title, "t | u", 300), "too large a part");
        assert!(band("band = true", title, "t | u", 300));
        assert!(!band("band = false", title, "t | u", 500), "not wanted");
        assert!(band("band = true", "", "t | u", 500), "asked for");
    }
}
