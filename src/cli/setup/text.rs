//! The layout, with comments that teach: as rich as the viewer can read.

use std::path::Path;

use super::plan::{FirstFeed, Hung, Plan};
use super::scene;
use crate::cli::kinds::registry;
use crate::cli::recognise::quoted;
use crate::layout::{self, Loaded};

/// Rows of a list of mentions that are tried; fewer than three only where a display has one tile.
const COUNTS: [u8; 6] = [8, 6, 4, 3, 2, 1];
const FEWEST: u8 = 3;

/// The richest layout of `plan` that `check` has nothing against, and what `check` says of it. If there is none, the
/// plainest.
pub fn layout(plan: &Plan, path: &Path) -> (String, Loaded) {
    for level in 0..scene::LEVELS {
        for count in COUNTS.into_iter().filter(|count| *count >= FEWEST || level + 2 >= scene::LEVELS) {
            let tried = tried(plan, path, level, count);
            // Fewer tiles do not make pixels smaller.
            if tried.1.report.problems.iter().all(|problem| problem.code == "too-coarse") {
                return tried;
            }
        }
    }
    tried(plan, path, scene::LEVELS - 1, 1)
}

/// What is wrong with `plan` however few tiles it has: the first error, and what to do.
pub fn wrong(plan: &Plan) -> Option<String> {
    let (_, loaded) = layout(plan, Path::new("wall.toml"));
    let error = loaded.report.problems.iter().find(|problem| problem.is_error())?;
    let help = error.help.as_deref().map(|help| format!(". {help}"));
    Some(format!("{}{}", error.message, help.unwrap_or_default()))
}

fn tried(plan: &Plan, path: &Path, level: usize, count: u8) -> (String, Loaded) {
    let text = [
        &head(plan, path),
        &displays(plan),
        &feed(plan),
        SCENE,
        &topic_of_scene(plan),
        &scene::scene(plan, level, count),
    ]
    .map(|part: &str| part.to_owned())
    .concat();
    let loaded = layout::load_text(&text, path, &[], registry());
    (text, loaded)
}

fn head(plan: &Plan, path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let audience = if plan.is_public { "public" } else { "staff" };
    let zone =
        plan.zone.as_ref().map(|zone| format!("zone = {}  # of clocks, days and schedules\n", quoted(zone)));
    let gate = match plan.is_public && plan.feed != FirstFeed::Demo {
        true => {
            "\n# What people write is shown only after a moderator has approved it, on the page /moderate (docs/gate.md).\n\
             [gate]\napprove = \"all\"\n"
        }
        false => "",
    };
    format!(
        "# A layout of Fishbowl, begun with `fishbowl setup`. Change what you like: `fishbowl check {file}` explains\n\
         # mistakes, and a running wall applies a saved change within a second. docs/layout.md explains every table.\n\n\
         [wall]\n\
         name = {}\n\
         # Distance in metres to the farthest viewer who must be able to read it: all text is sized for it.\n\
         viewer_m = {}\n\
         # \"staff\", or \"public\": names and handles are hidden.\n\
         audience = \"{audience}\"\n{}{gate}",
        quoted(&plan.name),
        decimal(plan.viewer_m),
        zone.unwrap_or_default(),
    )
}

/// The tables of the displays.
pub fn displays(plan: &Plan) -> String {
    let mut text = String::from(
        "\n# The displays, as seen from the room. `match` says which monitor a display is: the first entry that matches\n\
         # exactly one monitor counts. `size_mm` is the lit area without its frame, as it hangs, and `at_mm` its top left\n\
         # corner, measured from the top left corner of the wall. Measure again where the picture does not line up.\n",
    );
    for ((display, name), at) in plan.displays.iter().zip(plan.names()).zip(plan.places_mm()) {
        text += &table(display, &name, at);
    }
    text
}

fn table(display: &Hung, name: &str, at: (f32, f32)) -> String {
    let entries: Vec<String> = display.matches.iter().map(|entry| format!("{{ {entry} }}")).collect();
    let ((w, h), (across, down)) = (display.size_mm, display.pixels);
    let turned = "rotate = 90  # clockwise; 270 if the picture is upside down\n";
    format!(
        "\n# {}\n[display.{name}]\nmatch = [{}]\nsize_mm = [{}, {}]\nat_mm = [{}, {}]\npixels = [{across}, {down}]\n{}",
        display.told,
        entries.join(", "),
        decimal(w),
        decimal(h),
        decimal(at.0),
        decimal(at.1),
        if display.is_turned { turned } else { "" },
    )
}

fn feed(plan: &Plan) -> String {
    let feed = match &plan.feed {
        FirstFeed::Demo => {
            "# A simulation, and every tile says so. Replace it when you have a feed: docs/feeds/README.md lists them.\n\
             [feed.demo]\nkind = \"demo\"\nrate_per_s = 6.0\nhistory = \"24h\"\n"
                .to_owned()
        }
        FirstFeed::Rss { url } => format!(
            "# News: RSS, Atom or JSON Feed. `urls = [\"…\", \"…\"]` takes several.\n\
             [feed.news]\nkind = \"rss\"\nurl = {}\n",
            quoted(url)
        ),
        FirstFeed::Mastodon { server, tags } => {
            let tags: Vec<String> = tags.iter().map(|tag| quoted(tag)).collect();
            let tags = if tags.is_empty() { String::new() } else { format!("hashtags = [{}]\n", tags.join(", ")) };
            format!(
                "# A Mastodon server needs the token of one of its users: Preferences, Development, New application, with\n\
                 # the scope `read`. The token never goes in here, but in the environment of the wall, under this name.\n\
                 [feed.mastodon]\nkind = \"mastodon\"\nurl = {}\ntoken_env = \"MASTODON_TOKEN\"\n{tags}",
                quoted(server)
            )
        }
        FirstFeed::Bluesky => {
            "# All of Bluesky, without a key.\n[feed.bluesky]\nkind = \"bluesky\"\n".to_owned()
        }
    };
    let topic = plan.query.as_ref().map(|query| {
        format!(
            "\n# What the wall looks for; docs/topics.md describes queries.\n\
             # To try one: fishbowl topics LAYOUT --try 'some text'\n[topic.first]\nquery = {}\n",
            quoted(query)
        )
    });
    format!("\n{feed}{}", topic.unwrap_or_default())
}

const SCENE: &str = "
# What the wall shows. The picture is the wall: each word is a tile, equal words that touch are one tile, `|` is between
# displays side by side and a row of `-` between displays above each other. `3:` makes a row three parts high.
[scene.overview]
title = \"What are people saying?\"
";

fn topic_of_scene(plan: &Plan) -> String {
    if plan.query.is_some() { "topic = \"first\"\n".into() } else { String::new() }
}

/// A number with as many decimals as it needs, one at most.
pub fn decimal(value: f32) -> String {
    // Plus zero, because minus zero is written with its sign.
    let text = format!("{:.1}", value + 0.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(count: usize, columns: usize, (w, h): (f32, f32), viewer_m: f32) -> Plan {
        let pixels = (w as u32, h as u32);
        let display = |i: usize| Hung {
            matches: vec![format!("order = {}", i + 1)],
            size_mm: (w, h),
            pixels,
            ..Hung::default()
        };
        Plan { columns, viewer_m, ..Plan::new((0..count).map(display).collect()) }
    }

    #[test]
    fn every_wall_gets_a_layout_that_check_has_nothing_against() {
        let walls = [(1, 1), (2, 2), (2, 1), (3, 3), (4, 2), (5, 5), (6, 3), (8, 4), (9, 3), (64, 8)];
        for (count, columns) in walls {
            for size in [(1_209.6, 680.4), (680.4, 1_209.6), (531.0, 299.0)] {
                for viewer_m in [0.6, 1.7, 3.0, 5.0] {
                    let mut plan = plan(count, columns, size, viewer_m);
                    let is_near = viewer_m <= 3.0 || size.0 > 600.0 && size.1 > 600.0 && viewer_m <= 5.0;
                    for feed in [FirstFeed::Demo, FirstFeed::Bluesky] {
                        (plan.feed, plan.is_public) = (feed, count % 2 == 0);
                        let (text, loaded) = layout(&plan, Path::new("wall.toml"));
                        let report = &loaded.report;
                        let is_good = report.problems.iter().all(|p| p.code == "too-coarse") || !is_near;
                        assert!(
                            is_good,
                            "{count} of {size:?} from {viewer_m} m: {}\n{text}",
                            report.draw(100, false)
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn whatever_is_answered_is_written_as_toml_takes_it() {
        let mut plan = plan(1, 1, (941.0, 529.3), 2.0);
        plan.name = "The \"big\" one \\ 日本".into();
        plan.query = Some("\"aurora phone\" OR #aurora".into());
        plan.feed =
            FirstFeed::Mastodon { server: "https://social.example".into(), tags: vec!["aurora".into()] };
        plan.zone = Some("Europe/Berlin".into());
        let (text, loaded) = layout(&plan, Path::new("wall.toml"));
        assert!(loaded.report.problems.is_empty(), "{}\n{text}", loaded.report.draw(100, false));
        assert_eq!(loaded.file.wall.name.as_deref(), Some(plan.name.as_str()));
        assert_eq!(loaded.file.topic.get("first").map(|topic| topic.query.as_str()), plan.query.as_deref());
    }

    #[test]
    fn what_cannot_be_read_however_few_tiles_there_are_is_said() {
        let why = wrong(&plan(1, 1, (531.0, 299.0), 60.0)).expect("it is too far");
        assert!(why.contains("too small to read from 60 m"), "{why}");
        assert_eq!(wrong(&plan(1, 1, (531.0, 299.0), 2.0)), None);
    }
}
