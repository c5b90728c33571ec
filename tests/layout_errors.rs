//! What `fishbowl check` says about layouts that are wrong: where, what, and what to do.

use std::path::Path;

use fishbowl::layout;
use fishbowl::layout::monitors::{Edid, Monitor};
use fishbowl::layout::problem::{Report, Severity};
use fishbowl::registry;

fn report(text: &str, monitors: &[Monitor]) -> Report {
    let loaded = layout::load_text(text, Path::new("wall.toml"), monitors, &registry());
    assert_eq!(loaded.wall(monitors).is_none(), loaded.report.has_errors());
    loaded.report
}

fn drawn(text: &str) -> String {
    report(text, &[]).draw(100, false)
}

/// A sound wall of two displays, onto which the tests hang what is wrong.
const SOUND: &str = r#"[wall]
viewer_m = 3
[display.left]
size_mm = [1200, 675]
[display.right]
size_mm = [1200, 675]
at_mm = [1210, 0]
[feed.demo]
kind = "demo"
[topic.aurora]
query = "aurora"
[scene.main]
picture = """
4: map  | pace
1: news | news
"""
tile.map.kind = "heatmap"
tile.pace = { kind = "trend", topic = "aurora" }
tile.news.kind = "ticker"
"#;

fn with(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{from}");
    drawn(&SOUND.replace(from, to))
}

macro_rules! tells {
    ($($name:ident: $report:expr;)*) => { $(
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), $report);
        }
    )* };
}

#[test]
fn the_sound_wall_is_sound() {
    assert_eq!(drawn(SOUND), "");
}

#[test]
fn windows_that_begin_at_a_moment_need_one() {
    let pace = "kind = \"trend\", topic = \"aurora\"";
    let event = |table: &str| {
        let text = SOUND.replace(pace, &format!("{pace}, window = \"event\""));
        drawn(&text.replace("[feed.demo]", &format!("{table}[feed.demo]")))
    };
    let told = event("");
    assert!(told.contains("there is no event to count from") && told.contains("Add `[event]`"), "{told}");
    assert_eq!(event("[event]\nstart = \"2026-11-22 09:00\"\nname = \"Launch\"\n"), "");
    assert_eq!(event("[event]\nstart = \"2026-11-22T09:00:00+01:00\"\n"), "");
    let told = event("[event]\nstart = \"soon\"\n");
    assert!(told.contains("`soon` is not a time") && !told.contains("no event"), "{told}");
    let told = with(pace, "kind = \"trend\", window = \"5m\", topic = \"aurora\"");
    assert!(told.contains("`window` cannot be \"5m\" here"), "{told}");
}

#[test]
fn a_share_is_of_topics_or_of_one_stream() {
    let pace = "kind = \"trend\", topic = \"aurora\"";
    let share = |keys: &str| with(pace, &format!("kind = \"share\", {keys}"));
    assert_eq!(share("by = \"language\", topic = \"aurora\", window = \"7d\""), "");
    assert_eq!(share("topics = [\"aurora\"]"), "");
    let told = share("topic = \"aurora\"");
    assert!(told.contains("`topic` does not work for a share by topic"), "{told}");
    let told = share("by = \"source\", topics = [\"aurora\"]");
    assert!(told.contains("Only one topic can be divided"), "{told}");
}

tells! {
    toml_mistakes_are_all_told: drawn("[wall\nname = \"x\ntitle = 'y'\nviewer_m 3\n");
    a_name_twice: drawn("[wall]\nviewer_m = 3\nviewer_m = 4\n");
    an_empty_file: drawn("");
    a_gate_that_is_none: with("[scene.main]", "[gate]\napprove = \"rules\"\nhold = \"2h\"\n\
        block = \"scam AND (\"\nblock_file = \"none.txt\"\n[scene.main]");
    a_public_wall_with_a_gate_that_lets_everything_pass: drawn(&SOUND
        .replace("[wall]", "[gate]\napprove = \"rules\"\n[wall]\naudience = \"public\"")
        .replace("kind = \"demo\"", "kind = \"sse\"\nurl = \"https://feed.example/\""));
    modes_and_hours: with("[scene.main]", r#"
[mode.tour]
scenes = ["mian", "alarm"]
theme = "neon"
[mode.empty]
scenes = []
[schedule.none]
[schedule.night]
mode = "tuor"
from = "25:00"
days = ["mon-fri", "someday"]
[schedule.day]
mode = "empty"
scene = "nowhere"
zone = "Europe/Berlim"
[schedule.never]
mode = "empty"
dates = ["12-24"]
except = ["12-24"]
[scene.alarm]
on_alert = "alarm"
picture = "t | t"
tile.t = { kind = "text", text = "!" }
[scene.main]"#);
    unknown_keys_get_the_nearest_right_one: drawn(&SOUND
        .replace("viewer_m", "viewer_mm")
        .replace("at_mm", "att_mm")
        .replace("topic = \"aurora\"", "widnow = \"1h\""));
    unknown_tables: with("[feed.demo]", "[feeds.demo]");
    a_kind_that_is_not: with("\"trend\"", "\"trned\"");
    a_kind_that_is_missing: with("kind = \"demo\"", "seed = 3");
    values_of_the_wrong_type: drawn(&SOUND
        .replace("viewer_m = 3", "viewer_m = \"three metres\"\naudience = \"visitors\"")
        .replace("size_mm = [1200, 675]\nat_mm", "size_mm = [1200]\nat_mm")
        .replace("kind = \"demo\"", "kind = \"demo\"\nhistory = \"a while\"\nrhythm = 1"));
    values_out_of_range: drawn(&SOUND
        .replace("viewer_m = 3", "viewer_m = -3")
        .replace("[1210, 0]", "[nan, 0]\nrotate = 45")
        .replace("\"heatmap\"", "\"heatmap\"\ntile.map.window = \"24h\"\ntile.map.name_places = 9"));
    a_table_that_is_none: with("[topic.aurora]\nquery = \"aurora\"", "[topic]\naurora = \"aurora\"");
    an_array_of_displays: with("[display.right]", "[[display.right]]");

    displays_that_overlap: with("[1210, 0]", "[1000, 20]");
    pixels_that_disagree: with("[1210, 0]", "[1210, 0]\npixels = [1920, 1200]");
    pixels_of_a_display_that_is_turned: with(
        "size_mm = [1200, 675]\nat_mm",
        "size_mm = [1200, 675]\npixels = [1080, 1920]\nrotate = 90\nat_mm"
    );
    pixels_that_no_adapter_draws: with("[1210, 0]", "[1210, 0]\npixels = [16000, 9000]");
    more_pixels_than_one_machine_draws: drawn(&SOUND.replace("size_mm = [1200, 675]", "size_mm = [1200, 675]\npixels = [8192, 4608]")
        .replace("[feed.demo]", &(0..6).map(|i| format!("[display.d{i}]\nsize_mm = [1600, 900]\nat_mm = [{}, 700]\npixels = [8192, 4608]\n", i * 1610)).chain(["[feed.demo]".into()]).collect::<String>()));
    a_wall_without_a_viewer: with("viewer_m = 3\n", "");
    more_displays_than_a_wall_has: drawn(&(0..65).map(|i| format!("display.d{i} = {{ size_mm = [100, 100] }}\n")).collect::<String>());
    two_displays_that_match_one_monitor: drawn(&SOUND
        .replace("size_mm = [1200, 675]", "size_mm = [1200, 675]\nmatch = [{ connector = \"DP-1\" }]"));
    a_match_that_says_nothing: with("at_mm", "match = [{}]\nat_mm");

    a_tile_that_is_no_rectangle: with("4: map  | pace\n", "map map | pace\nmap pop | pace\n");
    a_row_that_lacks_a_word: with("4: map  | pace\n", "map pop | pace\nmap     | pace\n");
    a_tile_in_two_places: with("4: map  | pace\n", "map pop map | pace\n");
    a_tile_that_does_not_touch_the_bezel: with("4: map  | pace\n", "map pop | map pace\n");
    a_picture_for_another_wall: with("4: map  | pace\n1: news | news", "4: map  | pace | x\n1: news | news | news");
    a_picture_with_too_few_bars: with("1: news | news", "1: news");
    words_that_are_none: with("4: map  | pace", "4 map  | 0: pace?");
    an_empty_picture: with("4: map  | pace\n1: news | news\n", "");
    a_scene_without_a_picture: drawn("[scene.empty]\ntitle = \"Why?\"\n");
    words_and_tables_that_do_not_meet: with("tile.pace", "tile.pase");
    displays_that_do_not_hang_in_rows: with("[1210, 0]", "[1210, 400]");
    parts_that_do_not_line_up: with("[1210, 0]", "[1210, 20]");

    lists_whose_options_do_not_go_together: with(
        "tile.map.kind = \"heatmap\"",
        "tile.map = { kind = \"ranks\", of = \"authors\", rank = \"rising\", window = \"24h\" }"
    );
    a_reach_that_only_authors_have: drawn(&SOUND
        .replace("viewer_m = 3", "viewer_m = 3\naudience = \"public\"")
        .replace("tile.map.kind = \"heatmap\"", "tile.map = { kind = \"ranks\", of = \"links\", by = \"reach\" }")
        .replace("{ kind = \"trend\"", "{ kind = \"ranks\", of = \"authors\""));
    a_list_over_a_time_that_is_not_kept: with("kind = \"heatmap\"", "kind = \"words\"\ntile.map.window = \"7d\"");

    topics_that_are_not: with("topic = \"aurora\"", "topic = \"arora\"");
    topics_that_nobody_shows: with(", topic = \"aurora\"", "");
    a_query_that_is_wrong: with("query = \"aurora\"", "query = \"aurora lnag:ja\"");
    topics_of_one_colour: with(
        "[scene.main]",
        "[topic.rival]\nquery = \"borealis\"\ncolor = 1\n[scene.main]\ntile.x = { kind = \"counter\", topic = \"rival\" }"
    );
    zones_that_are_not: with("viewer_m = 3", "viewer_m = 3\nzone = \"Europe/Berln\"");

    text_across_a_bezel: with("\"ticker\"", "\"mentions\"");
    a_trend_across_a_bezel: drawn(&SOUND.replace("4: map  | pace", "2: map | map\n2: pace | pace"));
    tiles_too_small_to_read: with("viewer_m = 3", "viewer_m = 12");
    text_too_small_and_too_large: drawn(&SOUND
        .replace("viewer_m = 3", "viewer_m = 3\ntext_arcmin = 18")
        .replace("\"ticker\"", "\"ticker\"\ntile.news.text_arcmin = 60\ntile.map.text_arcmin = 12"));
    a_list_with_too_many_rows: with("{ kind = \"trend\", topic", "{ kind = \"mentions\", count = 20, topic");
    pixels_too_coarse_to_read: with("size_mm = [1200, 675]\nat_mm", "size_mm = [1200, 675]\npixels = [320, 180]\nat_mm");
    a_scene_too_short_to_read: drawn(&(SOUND.replace("[scene.main]", "[scene.main]\nshow_for = \"4s\"\ntitle = \"Where are people talking, and about what?\"")
        + "[scene.other]\nshow_for = \"1s\"\npicture = \"map | map\"\ntile.map.kind = \"heatmap\"\n"));
    colours_that_nobody_sees: with(
        "[feed.demo]",
        "[theme]\nink = \"#444\"\nsoft = \"#808890\"\nground = \"black\"\ntopics = [\"#56b4e9\", \"#20304\"]\n[feed.demo]"
    );
    colours_without_contrast: with(
        "[feed.demo]",
        "[theme]\nink = \"#444\"\nsoft = \"#808890\"\ntopics = [\"#56b4e9\", \"#203040\"]\n[feed.demo]"
    );
    colours_that_some_confuse: with(
        "[feed.demo]",
        "[theme]\ntopics = [\"#56b4e9\", \"#c8a05a\"]\nnegative = \"#d0955a\"\nland = \"#5a6a7a\"\n[feed.demo]"
    );

    feeds_that_give_secrets_away: with("[topic.aurora]", r#"[feed.vendor]
kind = "sse"
url = "https://api.example.org/v2/stream?lang=en&token=abc123"
headers = { Authorization = "Bearer abc123", Accept = "text/event-stream" }
[feed.other]
kind = "ndjson"
url = "ftp://example.org"
token_env = "TOKEN"
token_file = "token"
map = { id = "$.id", text = "$.te!xt", txt = "$.x" }
[topic.aurora]"#);
    a_map_without_a_time: with("[topic.aurora]", r#"[feed.reviews]
kind = "json"
url = "https://api.example.org/reviews"
map = { id = "$.id", text = "$.text" }
[topic.aurora]"#);
    feeds_that_are_called_and_cannot_be: with("[topic.aurora]", r#"[feed.one]
kind = "webhook"
path = "hooks/one"
listen = "8470"
[feed.two]
kind = "webhook"
path = "/hooks"
profile = "github"
secret_env = "TWO"
hub = "https://hub.example.org"
items = "reviews"
[feed.three]
kind = "webhook"
path = "/hooks/"
profile = "websub"
secret_env = "THREE"
hub = "hub.example.org"
[topic.aurora]"#);
    buses_and_numbers_that_are_wrong: with("[topic.aurora]", r#"[feed.bus]
kind = "nats"
servers = ["bus.example.org", "nats://ana:s3cret@bus.example.org"]
stream = "MENTIONS.>"
user = "ana"
[feed.load]
kind = "prometheus"
url = "prometheus:9090"
step = "1s"
[topic.aurora]"#);
    series_that_are_none: drawn(&SOUND
        .replace("[topic.aurora]", "[feed.load]\nkind = \"prometheus\"\nurl = \"http://p:9090\"\nquery = \"up\"\n[topic.aurora]")
        .replace("topic = \"aurora\" }", "topic = \"aurora\", series = \"laod/zone=eu\" }")
        .replace("tile.map.kind = \"heatmap\"", "tile.map = { kind = \"counter\", series = \"demo\", precision = 9 }"));
    a_recording_that_is_not_there: with("kind = \"demo\"", "kind = \"replay\"\nfile = \"monday.jsonl\"");
    a_public_wall_of_real_words: drawn(&SOUND
        .replace("viewer_m = 3", "viewer_m = 3\naudience = \"public\"")
        .replace("kind = \"demo\"", "kind = \"ndjson\"\nurl = \"https://example.org/\""));
    alerts_that_are_wrong: drawn(&(SOUND.to_owned() + r#"
[bursts]
wait = "1s"
[alert.none]
topic = "aurora"
[alert.both]
burst = true
when = "mentions > 5"
[alert.words]
topic = "arora"
when = "mentions > 5 and negativ_share > 40% over 10m"
[alert.units]
when = "rate > 200 for 2m"
severity = "loud"
[alert.strange]
when = "series load > 5 or stale demmo"
[alert.old]
when = "count > 5 and (net < -20% or negative > 40%)"
[alert.first]
burst = true
[alert.second]
burst = true
clear_below = 5
"#));
    a_wall_that_nothing_feeds: with("[feed.demo]\nkind = \"demo\"\n", "");

    pictures_of_a_wall_that_is_no_grid: drawn(&SOUND.replace("[1210, 0]", "[1210, 400]").replace(
        "picture = \"\"\"\n4: map  | pace\n1: news | news\n\"\"\"",
        "pictures.left = \"map\\nnews\"\npictures.rigth = \"pace\"\npictures.right = \"pace | news\"\nspan.band.displays = [\"left\"]"
    ));
    pictures_of_both_kinds: with("[scene.main]", "[scene.main]\npictures.left = \"map\"");
    pictures_for_displays_without_names: drawn("[scene.main]\npictures.left = \"map\"\ntile.map.kind = \"heatmap\"\n");
    spans_that_lie_on_others: drawn(&SOUND.replace("[1210, 0]", "[1210, 400]").replace(
        "picture = \"\"\"\n4: map  | pace\n1: news | news\n\"\"\"",
        "pictures.left = \"map\"\npictures.right = \"pace\"\nspan.news.rect_mm = [0, 600, 2410, 75]"
    ));
    spans_that_do_not_line_up: drawn(&SOUND.replace("[1210, 0]", "[1210, 400]").replace(
        "picture = \"\"\"\n4: map  | pace\n1: news | news\n\"\"\"",
        "span.news.displays = [\"left\", \"right\"]\npictures.left = '''\n4: map\n1: news\n'''\npictures.right = '''\n4: pace\n1: news\n'''"
    ));
}

fn monitor(name: &str, x: i32, serial: &str) -> Monitor {
    let edid = Edid { make: "DEL".into(), model: "U4323QE".into(), serial: serial.into(), sha256: None };
    Monitor {
        name: name.into(),
        pixels: (3840, 2160),
        position: (x, 0),
        edid: Some(edid),
        ..Default::default()
    }
}

#[test]
fn monitors_that_cannot_be_told_apart() {
    let monitors = [monitor("DP-1", 0, "7X1"), monitor("DP-2", 3840, "7X1")];
    let text = SOUND
        .replace("[1210, 0]", "[1210, 0]\nmatch = [{ edid = \"DEL-U4323QE-7X1\" }]")
        .replace("[display.right]", "match = [{ connector = \"HDMI-1\" }]\n[display.right]");
    insta::assert_snapshot!(report(&text, &monitors).draw(100, false));
}

#[test]
fn monitors_that_are_not_there_or_run_another_mode() {
    let text = SOUND
        .replace("[1210, 0]", "[1210, 0]\npixels = [1920, 1080]\nmatch = [{ serial = \"7X1\" }]")
        .replace("[display.right]", "match = [{ connector = \"HDMI-1\" }]\n[display.right]");
    let report = report(&text, &[monitor("DP-1", 0, "7X1")]);
    assert_eq!((report.count(Severity::Warning), report.has_errors()), (2, false));
    insta::assert_snapshot!(report.draw(100, false));
}

#[test]
fn tools_get_records() {
    let text = SOUND.replace("\"aurora\" }", "\"arora\" }").replace("\"ticker\"", "\"tickers\"");
    let report = report(&text, &[]);
    let records = serde_json::to_string_pretty(&report.records()).unwrap();
    insta::assert_snapshot!(records);
    assert_eq!(report.headline().unwrap(), "wall.toml:18: there is no topic `arora` (and 1 more)");
}

#[test]
fn a_file_that_is_not_there_or_no_text_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let load = |name: &str| layout::load(&folder.path().join(name), &[], &registry());
    let missing = load("nowhere.toml");
    assert!(missing.wall(&[]).is_none());
    assert!(missing.report.problems[0].message.starts_with("cannot read the layout"));
    std::fs::write(folder.path().join("latin.toml"), b"[wall]\nname = \"caf\xe9\"\n").unwrap();
    assert!(load("latin.toml").report.draw(100, false).contains("latin.toml:2:12]"));
    std::fs::write(folder.path().join("huge.toml"), "#".repeat(2 << 20)).unwrap();
    assert_eq!(load("huge.toml").report.problems[0].code, "too-large");
}

#[test]
fn lines_may_end_as_on_windows() {
    let wrong = SOUND.replace("1: news | news", "1: news | nevs");
    let told = |text: &str| {
        let report = report(text, &[]);
        report.records().iter().map(|r| (r.line, r.column, r.message.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(told(&wrong).len(), 1);
    assert_eq!(told(&wrong), told(&wrong.replace('\n', "\r\n")));
}

#[test]
fn a_line_that_is_not_toml_is_told_once() {
    for (text, lines) in [("[wall]\nviewer_m: 3\nname: x\n", &[2, 3][..]), ("; ini\n[wall]\n", &[1])] {
        let report = report(text, &[]);
        assert_eq!(report.records().iter().map(|r| r.line).collect::<Vec<_>>(), lines, "{text}");
    }
}

#[test]
fn hostile_text_is_no_panic() {
    let hostile = [
        "\u{0}",
        "[[[[",
        "a.b.c.d=1",
        "wall=1",
        "scene=[1]",
        "[scene]\nx=1",
        "[display.a]\nsize_mm=[inf,-inf]",
        "[scene.a]\npicture='||||'",
        "[scene.a]\npicture='-'",
        "[scene.a.pictures]\nx='a'",
        "theme.heat=[1]",
        "\u{feff}[wall]",
        "[wall]\nviewer_m=1e39",
        "[display.a]\nsize_mm=[1,1]\nat_mm=[1e30,1e30]",
        "[topic.a]\nquery=1\nquery=2",
    ];
    for text in hostile {
        report(text, &[]).draw(80, true);
    }
}
