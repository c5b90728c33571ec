//! The banner: a line of text that people put on every display.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::color::{Rgba, Theme};
use crate::geometry::{Point, Rect};
use crate::layout::alert::Severity;
use crate::layout::legibility::{CAP_HEIGHT, Scale};
use crate::layout::wall::{Audience, Wall};
use crate::pulse::snapshot::{Alert, Cause};
use crate::scene::TileFrame;
use crate::scene::badge::hour;
use crate::scene::chrome::GUTTER;
use crate::scene::list::List;
use crate::scene::zone;
use crate::text::{Align, Cut, Setting, Typesetter};

/// Identifies the strips among tiles: no scene has this number.
const SCENE: usize = usize::MAX - 1;
/// Size of a single line, and of several, arc minutes: of capitals that can be read from the last row.
const SINGLE: f32 = 28.0;
const SEVERAL: f32 = 22.3;
/// Most lines.
const MOST: u8 = 4;

/// What a banner says, and how grave it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Banner {
    pub text: Arc<str>,
    pub tone: Tone,
}

/// How grave a banner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    Info,
    Warning,
    Alarm,
}

impl Banner {
    /// Lines that it takes on the narrowest display of a wall: at most four, then it is cut.
    pub fn lines(&self, wall: &Wall, setter: &mut Typesetter) -> u8 {
        let scale = Scale::new(wall.viewer_m);
        let narrow = wall.displays.iter().map(|display| display.rect.w).fold(f32::MAX, f32::min);
        let room = narrow - 2.0 * scale.mm(GUTTER).min(narrow / 20.0);
        let line = |size: f32| Setting::line(&*self.text, scale.mm(size)).cut(Cut::Semibold);
        if setter.width(line(SINGLE)) <= room {
            return 1;
        }
        // Lines break between words: each is a little shorter than it could be.
        let lines = (setter.width(line(SEVERAL)) * 1.12 / room.max(1.0)).ceil();
        lines.clamp(2.0, f32::from(MOST)) as u8
    }

    /// What a strip says of alerts, the gravest first: what, how strong, since when, and who does what. `None` of
    /// none.
    pub fn of_alerts(alerts: &[&Alert], wall: &Wall) -> Option<Self> {
        let first = *alerts.first()?;
        let tone = match first.severity {
            Severity::Info => Tone::Info,
            Severity::Warning => Tone::Warning,
            Severity::Alarm => Tone::Alarm,
        };
        let zone = zone::find(wall.zone.as_deref());
        let mut parts = vec![match first.cause {
            Cause::Burst => format!("{}: {:.1} × the usual", first.label, first.strength()),
            Cause::Group => format!("{} alerts: {}", first.size, first.parts.join(", ")),
            Cause::Rule => first.label.to_string(),
        }];
        parts.push(format!("since {}", hour(first.since, &zone)));
        // Who acts is no matter for visitors.
        if wall.audience == Audience::Staff {
            let named = [first.owner.as_deref(), first.action.as_deref()].into_iter().flatten();
            parts.extend(Some(named.collect::<Vec<_>>().join(": ")).filter(|words| !words.is_empty()));
        }
        if alerts.len() > 1 {
            parts.push(format!("and {} more", alerts.len() - 1));
        }
        Some(Self { text: parts.join("  ·  ").into(), tone })
    }
}

/// The strips of a wall, drawn anew when the banner changes.
#[derive(Default)]
pub struct Strips {
    kept: Option<(Banner, Vec<TileFrame>)>,
}

impl Strips {
    /// One tile for each strip of the wall.
    pub fn frame(&mut self, wall: &Wall, banner: &Banner, setter: &mut Typesetter) -> Vec<TileFrame> {
        if let Some((_, tiles)) = self.kept.as_ref().filter(|(kept, _)| kept == banner) {
            return tiles.clone();
        }
        let tiles: Vec<TileFrame> = (wall.strips.iter().enumerate())
            .map(|(place, strip)| tile(place, strip.rect, banner, wall, setter))
            .collect();
        self.kept = Some((banner.clone(), tiles.clone()));
        tiles
    }
}

fn tile(place: usize, rect: Rect, banner: &Banner, wall: &Wall, setter: &mut Typesetter) -> TileFrame {
    let mut state = FxHasher::default();
    (SCENE, place, banner).hash(&mut state);
    TileFrame {
        id: (SCENE, place),
        rect,
        key: state.finish(),
        still: Arc::new(drawn(rect, banner, wall, setter)),
        motion: List::default(),
        before: 0.0,
        hidden: false,
    }
}

fn drawn(rect: Rect, banner: &Banner, wall: &Wall, setter: &mut Typesetter) -> List {
    let (mut list, (plate, ink)) = (List::default(), colors(banner.tone, &wall.theme));
    list.rect(rect, plate);
    let gap = Scale::new(wall.viewer_m).mm(GUTTER).min(rect.w / 20.0);
    let width = rect.w - 2.0 * gap;
    let line = |size: f32| Setting::line(&*banner.text, size).cut(Cut::Semibold);
    let scale = Scale::new(wall.viewer_m);
    let whole = setter.set(line(scale.mm(SINGLE).min(rect.h * 0.7)));
    let (shaped, y) = if whole.size.w <= width {
        let y = rect.center().y + whole.setting.size * CAP_HEIGHT / 2.0;
        (whole, y)
    } else {
        let lines = setter
            .set(line(scale.mm(SEVERAL).min(rect.h * 0.37)).align(Align::Left).within(width, MOST.into()));
        let y = rect.center().y - lines.size.h / 2.0 + lines.baseline;
        (lines, y)
    };
    let x = rect.x + ((rect.w - shaped.size.w) / 2.0).max(gap);
    list.text(shaped, Point::new(x, y), ink);
    list
}

/// Plate and text: told apart by lightness too, for those who do not see the hue.
fn colors(tone: Tone, theme: &Theme) -> (Rgba, Rgba) {
    match tone {
        Tone::Info => (theme.ground.mix(theme.ink, 0.16), theme.ink),
        Tone::Warning => (theme.ink, theme.ground),
        Tone::Alarm => {
            let most = [theme.ground, theme.ink].into_iter();
            let best = most.max_by(|a, b| a.contrast(theme.alarm).total_cmp(&b.contrast(theme.alarm)));
            (theme.alarm, best.unwrap_or(theme.ink))
        }
    }
}
