//! The scene of a wall with this many displays: what each shows, and how richly. The farther the viewer, the fewer and
//! larger the tiles.

use std::fmt::Write as _;

use super::plan::Plan;

/// Richness, from several tiles on a display to one large one.
pub const LEVELS: usize = 4;
/// What displays show in this order, one each, when there are many of them.
const MANY: [&str; 11] =
    ["map", "main", "list", "words", "feel", "day", "tags", "quote", "share", "emoji", "clock"];
/// The same for viewers who are far away.
const FAR: [&str; 7] = ["total", "map", "words", "feel", "people", "day", "clock"];

/// What one display shows: rows of words, and the widths of their columns.
struct Panel {
    rows: Vec<String>,
    widths: &'static str,
}

impl Panel {
    fn of(rows: &[&str], widths: &'static str) -> Self {
        Self { rows: rows.iter().map(|row| (*row).to_owned()).collect(), widths }
    }

    fn columns(&self) -> usize {
        self.rows.iter().map(|row| row.split_whitespace().count()).max().unwrap_or(1)
    }

    /// Its part of the line `cols:`.
    fn widths(&self) -> String {
        if self.widths.is_empty() { vec!["1"; self.columns()].join(" ") } else { self.widths.into() }
    }
}

/// The picture of a scene and its tiles, as TOML; lists have `count` rows.
pub fn scene(plan: &Plan, level: usize, count: u8) -> String {
    let picture = picture(plan, level);
    let mut text = format!("picture = \"\"\"\n{picture}\"\"\"\n");
    let mut words: Vec<&str> = Vec::new();
    for word in picture.split_whitespace().filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())) {
        if !words.contains(&word) && word != "cols:" {
            words.push(word);
        }
    }
    for word in words {
        let (kind, keys) = tile(word.trim_end_matches(|c: char| c.is_ascii_digit()));
        let count = if kind == "mentions" { format!("count = {count}\n") } else { String::new() };
        // A String takes everything.
        let _ = write!(text, "\n[scene.overview.tile.{word}]\nkind = \"{kind}\"\n{keys}{count}");
    }
    text
}

/// The kind of a tile and its other keys.
fn tile(word: &str) -> (&'static str, &'static str) {
    match word {
        "lead" => ("headline", ""),
        "map" => ("heatmap", "window = \"1h\"\n"),
        "total" => ("counter", "window = \"24h\"\n"),
        "people" => ("counter", "metric = \"authors\"\nwindow = \"24h\"\n"),
        "pace" => ("trend", "window = \"1h\"\n"),
        "day" => ("trend", "window = \"24h\"\n"),
        "list" => ("mentions", ""),
        "words" => ("words", "count = 24\n"),
        "feel" => ("sentiment", "window = \"1h\"\n"),
        "tags" => ("ranks", "of = \"hashtags\"\n"),
        "emoji" => ("ranks", "of = \"emoji\"\n"),
        "quote" => ("quote", ""),
        "share" => ("share", "by = \"language\"\n"),
        "news" => ("ticker", ""),
        _ => ("clock", ""),
    }
}

fn picture(plan: &Plan, level: usize) -> String {
    let roles = roles(plan, level);
    let bands: Vec<&[String]> = roles.chunks(plan.columns.max(1)).collect();
    let is_upright = |i: usize| plan.displays.get(i).is_some_and(|d| d.size_mm.1 > d.size_mm.0);
    let last = bands.len().saturating_sub(1);
    let drawn = bands.iter().enumerate().map(|(row, band)| {
        let panel = |(i, role): (usize, &String)| panel(role, level, is_upright(row * plan.columns + i));
        let panels: Vec<Panel> = band.iter().enumerate().map(panel).collect();
        self::band(&panels, level, row == last)
    });
    drawn.collect::<Vec<_>>().join("----------------\n")
}

/// What each display shows.
fn roles(plan: &Plan, level: usize) -> Vec<String> {
    let (count, columns) = (plan.displays.len(), plan.columns);
    let is_far = level + 1 == LEVELS;
    let names: Vec<&str> = match count {
        1 if is_far => vec!["total"],
        1 => vec!["single"],
        2 if !is_far => vec!["main", "voices"],
        3 if !is_far => vec!["map", "main", "voices"],
        _ if is_far => FAR.into(),
        _ => MANY.into(),
    };
    // On a wall of several rows, the map takes four displays.
    let is_large = plan.rows() > 1 && columns > 2 && !is_far;
    let (mut roles, mut next) = (Vec::new(), usize::from(is_large));
    for i in 0..count {
        if is_large && i / columns < 2 && i % columns < 2 {
            roles.push("map".to_owned());
            continue;
        }
        let round = next / names.len();
        let name = names[next % names.len()];
        roles.push(if round == 0 { name.to_owned() } else { format!("{name}{}", round + 1) });
        next += 1;
    }
    roles
}

fn panel(role: &str, level: usize, is_upright: bool) -> Panel {
    let number = role.trim_start_matches(|c: char| c.is_ascii_lowercase());
    match (role.trim_end_matches(|c: char| c.is_ascii_digit()), level, is_upright) {
        ("single", 0, false) => Panel::of(&["lead lead", "map total", "map list"], "3 2"),
        ("single", 0, true) => Panel::of(&["lead", "map", "list"], ""),
        ("single", 1, _) => Panel::of(&["lead", "map", "total"], ""),
        ("single", ..) => Panel::of(&["total"], ""),
        ("main", 0, _) if number.is_empty() => Panel::of(&["lead", "total people", "pace pace"], ""),
        ("main", 1, _) if number.is_empty() => Panel::of(&["lead", "total", "pace"], ""),
        ("main", ..) => one(&format!("total{number}"), level),
        ("voices", 0, false) => Panel::of(&["list words", "list words", "list feel"], "3 2"),
        ("voices", 0, true) => Panel::of(&["list", "list", "words"], ""),
        ("voices", ..) => one("list", level),
        _ => one(role, level),
    }
}

fn one(word: &str, level: usize) -> Panel {
    Panel::of(&vec![word; rows_of(level)], "")
}

/// Rows of a display without that of the ticker.
fn rows_of(level: usize) -> usize {
    if level < 2 { 3 } else { 1 }
}

/// Displays side by side; the last band has a ticker below all of them.
fn band(panels: &[Panel], level: usize, is_last: bool) -> String {
    let mut text = String::new();
    if panels.iter().any(|panel| !panel.widths.is_empty()) {
        let widths: Vec<String> = panels.iter().map(Panel::widths).collect();
        let _ = writeln!(text, "cols: {}", widths.join(" | "));
    }
    let has_news = is_last && level < 2;
    let weights = if level < 2 { &[3, 5, 4][..] } else { &[1] };
    let wide: Vec<usize> =
        panels.iter().map(|p| p.rows.iter().map(String::len).max().unwrap_or(0).max(4)).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&wide).map(|(cell, wide)| format!("{cell:<wide$}"));
        padded.collect::<Vec<_>>().join(" | ").trim_end().to_owned()
    };
    for (row, weight) in weights.iter().enumerate() {
        let cells = panels.iter().map(|panel| panel.rows.get(row).map_or("", String::as_str)).collect();
        let _ = writeln!(text, "{weight}: {}", line(cells));
    }
    if has_news {
        let _ = writeln!(text, "2: {}", line(vec!["news"; panels.len()]));
    }
    text
}
