//! The page itself: HTML that needs nothing but the pictures beside it.

use std::fmt::Write as _;

use super::figures::{self, Figure, Verdict};
use crate::color::{APART, Rgba, Scrim, Theme, Vision, difference};
use crate::layout::background::Background;
use crate::layout::problem::{Report, Severity};
use crate::layout::wall::{Scene, Wall};

/// A scene and the files with its picture in each sight; none on a machine that cannot draw.
pub struct Shown {
    /// Its place among the wall's.
    pub scene: usize,
    pub pictures: Vec<(Vision, String)>,
}

const STYLE: &str = "
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1500px; padding: 0 1rem; color: #16191d }
h1 { font-size: 1.7rem } h2 { font-size: 1.3rem; margin-top: 2.5rem } h3 { font-size: 1rem; margin: 1.6rem 0 .3rem }
table { border-collapse: collapse } td, th { text-align: left; padding: .15rem .9rem .15rem 0; vertical-align: top }
td { border-top: 1px solid #dde1e5 } th { font-weight: 600 } .limit { color: #5a636c }
svg { width: 100%; height: auto; background: #040405 } figure { margin: 0 } figcaption { color: #5a636c }
.sights { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem } .sights img { width: 100% }
.good::before { content: '✓ ' } .strain { background: #fff3d6 } .strain::before { content: '△ ' }
.bad { background: #fbdcdc } .bad::before { content: '✗ ' } .told::before { content: '· ' }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(640px, 1fr)); gap: 0 2rem }
.swatch { display: inline-block; width: 1.6em; height: 1em; vertical-align: -2px; margin-right: .4em;
 outline: 1px solid #9aa4ae } th { white-space: nowrap }";

/// The page of a wall; pictures have `margin` millimetres around the displays.
pub fn page(wall: &Wall, report: &Report, shown: &[Shown], margin: f32) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{0}</title>\n<style>{STYLE}</style>\n\
         <h1>{0}</h1>\n",
        text(&wall.name)
    );
    summary(&mut page, wall, report);
    for shown in shown {
        if let Some(scene) = wall.scenes.get(shown.scene) {
            of_scene(&mut page, wall, scene, shown, margin);
        }
    }
    colours(&mut page, &wall.theme);
    wall.background.iter().for_each(|picture| background(&mut page, &wall.theme, picture));
    page + "</html>\n"
}

fn summary(page: &mut String, wall: &Wall, report: &Report) {
    let (b, displays) = (wall.bounds(), wall.displays.len());
    let _ = writeln!(
        page,
        "<p>{} from <code>{}</code>: {:.0} × {:.0} mm, seen from {} m. Sizes in arc minutes (′) are for that \
         distance. Feeds are simulated.</p>",
        if displays == 1 { "One display".into() } else { format!("{displays} displays") },
        text(&report.file),
        b.w,
        b.h,
        wall.viewer_m
    );
    if report.problems.is_empty() {
        page.push_str("<p>No problems were found.</p>\n");
        return;
    }
    page.push_str("<h2>Problems</h2>\n<table>\n");
    for record in report.records() {
        let class = if record.severity == Severity::Error { "bad" } else { "strain" };
        let (line, message) = (record.line, text(record.message));
        let help = text(record.help.unwrap_or_default());
        let _ =
            writeln!(page, "<tr><td>line {line}<td class=\"{class}\">{message}<td class=\"limit\">{help}");
    }
    page.push_str("</table>\n");
}

fn of_scene(page: &mut String, wall: &Wall, scene: &Scene, shown: &Shown, margin: f32) {
    let title = scene.title.as_deref().map(|title| format!(": {}", text(title))).unwrap_or_default();
    let _ = writeln!(page, "<h2>Scene <code>{}</code>{title}</h2>", text(&scene.name));
    let seen =
        |vision: Vision| shown.pictures.iter().find(|(of, _)| *of == vision).map(|(_, file)| file.as_str());
    drawing(page, wall, scene, seen(Vision::Normal), margin);
    let sights = Vision::DEFICIENCIES.into_iter().filter_map(|vision| Some((vision.words(), seen(vision)?)));
    let figure = |(words, file): (&str, &str)| {
        let file = text(file);
        format!(
            "<figure><a href=\"{file}\"><img src=\"{file}\" alt=\"\"></a><figcaption>{words}</figcaption></figure>\n"
        )
    };
    let sights: String = sights.map(figure).collect();
    if !sights.is_empty() {
        let _ = write!(page, "<div class=\"sights\">\n{sights}</div>\n");
    }
    page.push_str("<div class=\"tiles\">\n");
    for (i, tile) in scene.tiles.iter().enumerate() {
        let (name, kind) = (text(&tile.name), tile.widget.kind());
        let _ = writeln!(page, "<div><h3>{}. <code>{name}</code> ({kind})</h3>", i + 1);
        table(page, &figures::of(wall, scene, tile));
        page.push_str("</div>\n");
    }
    page.push_str("</div>\n");
}

/// The wall to scale, in millimetres: its picture, and every tile with its number and name.
fn drawing(page: &mut String, wall: &Wall, scene: &Scene, picture: Option<&str>, margin: f32) {
    let b = wall.bounds();
    let (x, y, w, h) = (b.x - margin, b.y - margin, b.w + 2.0 * margin, b.h + 2.0 * margin);
    let _ = writeln!(page, "<svg viewBox=\"{x:.1} {y:.1} {w:.1} {h:.1}\">");
    if let Some(file) = picture {
        let file = text(file);
        let _ = writeln!(
            page,
            "<image href=\"{file}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" preserveAspectRatio=\"none\"/>"
        );
    }
    for display in &wall.displays {
        let r = display.rect;
        rectangle(page, [r.x, r.y, r.w, r.h], "#9aa4ae", w / 1_500.0);
    }
    let (size, pen) = (w / 90.0, w / 700.0);
    for (i, tile) in scene.tiles.iter().enumerate() {
        let r = tile.rect;
        rectangle(page, [r.x, r.y, r.w, r.h], "#ff2bd6", pen);
        let (x, y) = (r.right() - size * 0.4, r.bottom() - size * 0.5);
        let words = format!("{}. {}, {:.0} × {:.0} mm", i + 1, text(&tile.name), r.w, r.h);
        let _ = writeln!(
            page,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\" text-anchor=\"end\" fill=\"#fff\" stroke=\"#000\" \
             stroke-width=\"{:.1}\" paint-order=\"stroke\" font-family=\"system-ui, sans-serif\">{words}</text>",
            size * 0.25
        );
    }
    page.push_str("</svg>\n");
}

fn rectangle(page: &mut String, [x, y, w, h]: [f32; 4], stroke: &str, width: f32) {
    let (x, y, w, h) = (x + width / 2.0, y + width / 2.0, w - width, h - width);
    let _ = writeln!(
        page,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"none\" stroke=\"{stroke}\" \
         stroke-width=\"{width:.1}\"/>"
    );
}

fn table(page: &mut String, figures: &[Figure]) {
    page.push_str("<table>\n");
    for Figure { name, value, limit, verdict } in figures {
        let class = match verdict {
            Verdict::Good => "good",
            Verdict::Strain => "strain",
            Verdict::Bad => "bad",
            Verdict::Told => "told",
        };
        let _ = writeln!(
            page,
            "<tr><th>{name}<td class=\"{class}\">{}<td class=\"limit\">{}",
            text(value),
            text(limit)
        );
    }
    page.push_str("</table>\n");
}

/// Every state with its contrast, and the state to which it is nearest in each sight.
fn colours(page: &mut String, theme: &Theme) {
    let _ = write!(
        page,
        "<h2>Colours</h2>\n<p>Contrast against the ground, and the nearest other state for each kind of colour vision (ΔE₀₀, at least \
         {APART}).</p>\n<table>\n<tr><th>state<th>contrast"
    );
    Vision::ALL.iter().for_each(|vision| page.extend(["<th>", vision.words()]));
    page.push('\n');
    let states = theme.states();
    for state in &states {
        let (name, contrast) = (state.name().replace('`', ""), state.color.contrast(theme.ground));
        let _ = write!(page, "<tr><td>{}{name}<td>{contrast:.1} : 1", swatch(state.color));
        for vision in Vision::ALL {
            let others = states.iter().filter(|other| *other != state);
            let far = |other: Rgba| difference(vision.see(state.color), vision.see(other));
            let nearest = others.map(|other| (far(other.color), other)).min_by(|a, b| a.0.total_cmp(&b.0));
            let Some((far, other)) = nearest else { continue };
            let class = if far < APART { "bad" } else { "good" };
            let _ = write!(page, "<td class=\"{class}\">{far:.1} {}", other.name().replace('`', ""));
        }
        page.push('\n');
    }
    page.push_str("</table>\n");
}

/// How strongly the picture behind everything shows, and why no stronger.
fn background(page: &mut String, theme: &Theme, picture: &Background) {
    let Scrim { share, limit } = theme.scrim(&picture.palette());
    let percent = (share * 100.0).floor();
    let why = limit.map(|limit| format!(": {}. {}", limit.reason(), limit.way())).unwrap_or_default();
    let _ = writeln!(page, "<h2>Background</h2>\n<p>{percent} % of the picture shows{}</p>", text(&why));
}

fn swatch(color: Rgba) -> String {
    let [r, g, b, _] = color.to_bytes();
    format!("<span class=\"swatch\" style=\"background:#{r:02x}{g:02x}{b:02x}\"></span>")
}

/// Text as HTML.
fn text(plain: &str) -> String {
    let escaped = |c: char| match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        '"' => "&quot;".into(),
        c => c.to_string(),
    };
    plain.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;

    #[test]
    fn every_tile_has_its_figures_and_nothing_is_taken_for_html() {
        let mut wall = layout::solve(&layout::demo_file(&crate::registry()), &[]);
        wall.name = "A <b> & \"c\"".into();
        let shown = Shown { scene: 0, pictures: vec![(Vision::Tritanopia, "a-tritanopia.png".into())] };
        let page = page(&wall, &Report::default(), &[shown], 10.0);
        assert!(page.contains("<title>A &lt;b&gt; &amp; &quot;c&quot;</title>"));
        let tiles = &wall.scenes[0].tiles;
        assert_eq!(page.matches("<th>burn-in").count(), tiles.len());
        assert!(tiles.iter().all(|tile| page.contains(&format!("<code>{}</code>", tile.name))));
        assert_eq!(page.matches("a-tritanopia.png").count(), 2, "it is shown, and linked");
        assert!(!page.contains("class=\"bad\""), "the demo wall obeys its own rules");
    }
}
