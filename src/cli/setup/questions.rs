//! The questions, in the order in which someone in front of a wall can answer them.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use super::ask::{Interview, Question, Stop};
use super::found::{Found, Numbers, told_mm};
use super::plan::{FirstFeed, Hung, Plan};
use super::{read, text};
use crate::layout::monitors::Monitor;
use crate::query::Query;

/// Displays of a wall at most, as `check` has it.
const MOST: usize = 64;

/// Where the layout goes, and whether it replaces a file.
pub type Target = (PathBuf, bool);

/// Asks everything.
pub fn survey<R: BufRead>(
    ask: &mut Interview<R>,
    (found, numbers): (&Found, &mut Numbers),
    out: &Path,
) -> Result<(Target, Plan), Stop> {
    let target = target(ask, out)?;
    let mut plan = Plan::new(displays(ask, found)?);
    if plan.displays.len() > 1 {
        hang(ask, (found, numbers), &mut plan)?;
    }
    numbers.hide();
    viewer(ask, &mut plan)?;
    about(ask, &mut plan)?;
    feed(ask, &mut plan)?;
    Ok((target, plan))
}

fn question<'a>(asks: impl Into<String>, default: impl Into<String>, explains: &'a str) -> Question<'a> {
    Question { asks: asks.into(), default: default.into(), explains }
}

/// An existing file is replaced only by the word for it.
fn target<R: BufRead>(ask: &mut Interview<R>, out: &Path) -> Result<Target, Stop> {
    if !out.exists() {
        return Ok((out.into(), false));
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let mut others = (2..).map(|n| out.with_file_name(format!("{stem}-{n}.toml")));
    let other = others.find(|path| !path.exists()).unwrap_or_else(|| out.into());
    let explains = "The layout is written at the end, after the last question. `replace` replaces the file that is there.";
    let asks = format!("{} exists. Type `replace`, or the name of another file", out.display());
    ask.ask(&question(asks, other.display().to_string(), explains), |typed| match Path::new(typed) {
        _ if typed == "replace" => Ok((out.to_owned(), true)),
        path if path.exists() => Err(format!("{typed} exists, too")),
        path if path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) => {
            Err(format!("the folder of {typed} does not exist"))
        }
        path => Ok((path.to_owned(), false)),
    })
}

/// The displays in the order of the monitors.
fn displays<R: BufRead>(ask: &mut Interview<R>, found: &Found) -> Result<Vec<Hung>, Stop> {
    ask.say(format_args!("{}{}\n", found.words, listed(&found.monitors)))?;
    let count = match found.monitors.len() {
        0 => ask.ask(
            &question(
                "How many monitors does the wall have?",
                "1",
                "Each monitor, television or LED processor that the machine drives counts once.",
            ),
            |typed| read::count(typed, 1, MOST),
        )?,
        count => count.min(MOST),
    };
    let mut shown: Vec<(u32, u32)> =
        (0..count).map(|i| found.monitors.get(i).map_or((0, 0), Monitor::shown_pixels)).collect();
    let unknown: Vec<usize> = (0..count).filter(|i| shown[*i].0 == 0).collect();
    if !unknown.is_empty() {
        let explains = "The monitor's native resolution, before it is rotated: once if all are alike, or one for each monitor, in the order of the machine's monitors.";
        let asked = ask
            .ask(&question("How many pixels does each have?", "1920x1080", explains), |typed| {
                read::pixels(typed, unknown.len())
            })?;
        unknown.iter().zip(asked).for_each(|(i, pixels)| shown[*i] = pixels);
    }
    let explains = "Numbers of the monitors that hang on their side, such as `1 3`: Fishbowl then rotates their picture. A monitor that the desktop has already rotated is not one of them.";
    let turned = ask
        .ask(&question("Which of them hang on their side (portrait)?", "none", explains), |typed| {
            read::monitors(typed, count)
        })?;
    let told: Vec<Option<(f32, f32)>> = (0..count).map(|i| found.monitors.get(i).and_then(told_mm)).collect();
    let known = told.iter().filter(|told| told.is_some()).count();
    let explains = "Some monitors report a wrong size. Measure one: the lit area, without its frame. `no` asks for each.";
    let believes = known > 0
        && ask.ask(
            &question(
                format!("Are the sizes of {known} of {count} right, as listed above?"),
                "yes",
                explains,
            ),
            read::yes,
        )?;
    let mut displays: Vec<Hung> = Vec::new();
    let mut are_alike = None;
    for i in 0..count {
        let (told_mm, told) = (told[i], words(found.monitors.get(i), i));
        let size_mm = told_mm.unwrap_or_default();
        let plain = Hung { matches: found.matches(i), told, size_mm, pixels: shown[i], is_turned: false };
        let mut display = if turned.contains(&i) { read::turned(plain) } else { plain };
        let before =
            displays.iter().rev().find(|other| other.pixels == display.pixels).map(|other| other.size_mm);
        match before.filter(|_| told_mm.is_none()) {
            Some(same) if alike(ask, &mut are_alike)? => display.size_mm = same,
            _ if told_mm.is_none() || !believes => display.size_mm = size(ask, i, &display, before)?,
            _ => {}
        }
        displays.push(display);
    }
    Ok(displays)
}

/// Whether the other monitors with as many pixels are as large; asked once.
fn alike<R: BufRead>(ask: &mut Interview<R>, known: &mut Option<bool>) -> Result<bool, Stop> {
    if let Some(known) = *known {
        return Ok(known);
    }
    let explains = "`yes` if all of them are of the same model. `no` asks for each.";
    let asks = "Are the others with as many pixels of the same size?";
    let are_alike = ask.ask(&question(asks, "yes", explains), read::yes)?;
    *known = Some(are_alike);
    Ok(are_alike)
}

fn size<R: BufRead>(
    ask: &mut Interview<R>,
    index: usize,
    display: &Hung,
    before: Option<(f32, f32)>,
) -> Result<(f32, f32), Stop> {
    let known = Some(display.size_mm).filter(|size| size.0 > 0.0).or(before);
    let default = known.map(|(w, h)| format!("{}x{}", text::decimal(w), text::decimal(h)));
    let (across, down) = display.pixels;
    let asks = format!(
        "Lit area of monitor {} ({across} × {down}) in mm, width x height as it hangs, or its diagonal:",
        index + 1
    );
    let explains = "The part with pixels, without the frame, such as 941x529. A diagonal such as 43in is less exact. All text, and what continues behind a bezel, depends on it.";
    ask.ask(&question(asks, default.unwrap_or_default(), explains), |typed| {
        read::size_mm(typed, display.pixels)
    })
}

/// The list of the monitors, with what each reports.
fn listed(monitors: &[Monitor]) -> String {
    let line = |(i, monitor): (usize, &Monitor)| format!("\n  {}: {}", i + 1, words(Some(monitor), i));
    match monitors.is_empty() {
        true => "; so the questions are about the monitors of the wall.".into(),
        false => format!(
            " {} monitors:{}",
            monitors.len(),
            monitors.iter().enumerate().map(line).collect::<String>()
        ),
    }
}

fn words(monitor: Option<&Monitor>, index: usize) -> String {
    let Some(monitor) = monitor else { return format!("monitor {}", index + 1) };
    let id = monitor.edid.as_ref().map_or("no EDID".into(), |edid| edid.id());
    let (across, down) = monitor.shown_pixels();
    let size = match (told_mm(monitor), monitor.size_mm) {
        (Some((w, h)), _) => format!("{} × {} mm", text::decimal(w), text::decimal(h)),
        (None, Some((w, h))) => format!("{w:.0} × {h:.0} mm, which cannot be right"),
        (None, None) => "size unknown".into(),
    };
    let pixels = if across == 0 { "pixels unknown".into() } else { format!("{across} × {down}") };
    format!("{}, {id}, {pixels}, {size}", monitor.name)
}

/// How the displays hang, and which is where.
fn hang<R: BufRead>(
    ask: &mut Interview<R>,
    (found, numbers): (&Found, &mut Numbers),
    plan: &mut Plan,
) -> Result<(), Stop> {
    let count = plan.displays.len();
    if found.has_windows && ask.is_live() {
        ask.say("\nEach monitor can show its number. The numbers stay until you have answered, a minute at most; they also cover this terminal, if it is on one of the monitors. Esc hides them.\n")?;
    }
    if found.has_windows {
        let is_asked = ask.is_live();
        let explains = "To see which number is where. `no` if you know, or if visitors are watching.";
        let wants = ask.ask(&question("Show the numbers?", "yes", explains), read::yes)?;
        if wants && is_asked {
            numbers.show(found);
        }
    }
    let usual =
        rows(&found.monitors).filter(|rows| count.is_multiple_of(*rows)).map_or(count, |rows| count / rows);
    let explains = "`row`: side by side; `column`: above each other; otherwise columns x rows, such as 4x2. A wall that is not a grid: answer roughly, and correct `at_mm` in the layout.";
    let default = format!("{usual}x{}", count / usual);
    plan.columns = ask.ask(
        &question("How do they hang: columns x rows, `row` or `column`?", default, explains),
        |typed| read::columns(typed, count),
    )?;
    let default = (1..=count).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    let explains = "The numbers of the monitors as you see them from the room: from the top left, row by row. `show` shows the numbers again.";
    let order = ask.ask(
        &question("Which number is where, from the top left, row by row?", default, explains),
        |typed| {
            if typed == "show" && found.has_windows {
                numbers.show(found);
                return Err("Each monitor shows its number now.".into());
            }
            let order = read::monitors(typed, count)?;
            if order.len() == count {
                Ok(order)
            } else {
                Err(format!("{} of {count} monitors are missing", count - order.len()))
            }
        },
    )?;
    plan.displays = order.iter().map(|i| plan.displays[*i].clone()).collect();
    let explains = "From the end of one lit area to the start of the next: both frames and the gap between them. What continues behind the bezels then lines up. Two numbers: across and down.";
    plan.gap_mm = ask.ask(
        &question("Millimetres between the lit areas of two neighbours?", "10", explains),
        read::gap_mm,
    )?;
    Ok(())
}

/// Rows in which the desktop has the monitors.
fn rows(monitors: &[Monitor]) -> Option<usize> {
    let mut tops: Vec<i32> = monitors.iter().map(|monitor| monitor.position.1).collect();
    tops.sort_unstable();
    tops.dedup();
    Some(tops.len()).filter(|rows| *rows > 0)
}

fn viewer<R: BufRead>(ask: &mut Interview<R>, plan: &mut Plan) -> Result<(), Stop> {
    let explains = "The farthest person who must be able to read the wall, such as in the back row. Text gets larger with the distance, and there is room for fewer tiles.";
    let question =
        question("How far away is the farthest viewer, in metres?", text::decimal(plan.viewer_m), explains);
    plan.viewer_m = ask.ask(&question, |typed| {
        let viewer_m = read::metres(typed)?;
        match text::wrong(&Plan { viewer_m, ..plan.clone() }) {
            Some(why) => Err(format!("{why} Type another distance, or `back` to correct the sizes.")),
            None => Ok(viewer_m),
        }
    })?;
    Ok(())
}

/// What the wall is called, who sees it, and where it is.
fn about<R: BufRead>(ask: &mut Interview<R>, plan: &mut Plan) -> Result<(), Stop> {
    let explains = "Shown by the mirror, on phones, and to whoever looks after several walls.";
    plan.name =
        ask.ask(&question("What is the wall called?", &plan.name, explains), |typed| Ok(typed.to_owned()))?;
    let explains = "`public`: visitors or passers-by see it. Names and handles are hidden, and what people write on live feeds waits for a moderator.";
    plan.is_public =
        ask.ask(&question("Who sees it: staff or public?", "staff", explains), |typed| match typed {
            "staff" => Ok(false),
            "public" => Ok(true),
            _ => Err(format!("`{typed}` is not an audience; type `staff` or `public`")),
        })?;
    const MACHINE: &str = "the machine's";
    let here = jiff::tz::TimeZone::system().iana_name().unwrap_or(MACHINE).to_owned();
    let explains = "For clocks, days and schedules: the name of a region and city, such as Europe/Berlin or America/New_York.";
    plan.zone = ask.ask(&question("Time zone?", here, explains), |typed| {
        let zone = (typed != MACHINE).then(|| typed.to_owned());
        text::wrong(&Plan { zone: zone.clone(), ..plan.clone() }).map_or(Ok(zone), Err)
    })?;
    Ok(())
}

fn feed<R: BufRead>(ask: &mut Interview<R>, plan: &mut Plan) -> Result<(), Stop> {
    let explains = "demo: a simulation, to see the wall at work. rss: news from a web address. mastodon: a server, with a token. bluesky: all of it, without a key. You can add others later: docs/feeds/README.md lists them.";
    let kind = ask.ask(
        &question("What does it listen to at first: demo, rss, mastodon or bluesky?", "demo", explains),
        |typed| {
            let kind = typed.to_lowercase();
            match ["demo", "rss", "mastodon", "bluesky"].contains(&kind.as_str()) {
                true => Ok(kind),
                false => Err(format!(
                    "`{typed}` is not one of demo, rss, mastodon and bluesky; others can be added later"
                )),
            }
        },
    )?;
    plan.feed = match kind.as_str() {
        "rss" => rss(ask, plan)?,
        "mastodon" => mastodon(ask, plan)?,
        "bluesky" => FirstFeed::Bluesky,
        _ => return Ok(()),
    };
    const EVERYTHING: &str = "everything";
    let explains = "Words, \"a phrase\", #tags, AND, OR, NOT, such as \"aurora phone\" OR #aurora: the query of the first topic. docs/topics.md describes the language.";
    plan.query =
        ask.ask(
            &question("What does the wall look for?", EVERYTHING, explains),
            |typed| match Query::parse(typed) {
                _ if typed == EVERYTHING => Ok(None),
                Ok(_) => Ok(Some(typed.to_owned())),
                Err((at, why)) => Err(format!("This is not a query (character {}): {why}", at + 1)),
            },
        )?;
    Ok(())
}

fn rss<R: BufRead>(ask: &mut Interview<R>, plan: &Plan) -> Result<FirstFeed, Stop> {
    let explains = "The address of the feed itself, not of the page: RSS, Atom or JSON Feed.";
    ask.ask(&question("Web address of the news feed?", "", explains), |typed| {
        let feed = FirstFeed::Rss { url: typed.to_owned() };
        text::wrong(&Plan { feed: feed.clone(), ..plan.clone() }).map_or(Ok(feed), Err)
    })
}

fn mastodon<R: BufRead>(ask: &mut Interview<R>, plan: &Plan) -> Result<FirstFeed, Stop> {
    let explains = "Every server has its own timelines, and gives tokens to its own users.";
    let server =
        ask.ask(&question("Which Mastodon server?", "https://mastodon.social", explains), |typed| {
            let feed = FirstFeed::Mastodon { server: typed.to_owned(), tags: Vec::new() };
            text::wrong(&Plan { feed, ..plan.clone() }).map_or(Ok(typed.to_owned()), Err)
        })?;
    let explains =
        "With or without #, separated by spaces. `all` listens to all public posts that the server knows.";
    ask.ask(&question("Which hashtags?", "all", explains), |typed| {
        let tags = typed.split([' ', ',']).filter(|tag| !tag.is_empty() && typed != "all").map(str::to_owned);
        let feed = FirstFeed::Mastodon { server: server.clone(), tags: tags.collect() };
        text::wrong(&Plan { feed: feed.clone(), ..plan.clone() }).map_or(Ok(feed), Err)
    })
}
