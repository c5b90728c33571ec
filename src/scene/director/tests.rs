use std::time::Duration;

use crate::feed::kinds::{PrometheusTable, ReplayTable};
use crate::layout::feed::FeedSpec;
use crate::layout::kind::TileSpec;
use crate::layout::wall::{Feed, Motion};
use crate::pulse::snapshot::{FeedState, Health, Nature};
use crate::scene::fixture::{self, BEZEL, LIT, Stage, display, scene, tile, words};
use crate::scene::list::{Item, List};
use crate::scene::widgets::{ClockTable, CounterTable, HeatmapTable, TickerTable};

fn map() -> TileSpec {
    HeatmapTable::default().into()
}

fn texts(list: &List) -> Vec<String> {
    let text = |i: &Item| match i {
        Item::Text { shaped, .. } => Some(shaped.setting.text.to_string()),
        _ => None,
    };
    list.items.iter().filter_map(text).collect()
}

/// Where a text stands, by its first words.
fn place(list: &List, start: &str) -> (f32, f32) {
    let at = |i: &Item| match i {
        Item::Text { shaped, at, .. } if shaped.setting.text.starts_with(start) => Some((at.x, at.y)),
        _ => None,
    };
    list.items.iter().find_map(at).unwrap_or_else(|| panic!("no {start:?} in {list}"))
}

/// Two scenes of a tile on each display, 90 s each.
fn two_scenes(motion: Motion) -> Stage {
    let tiles = |text: &str| (0..3).map(|i| words(text, display(i))).collect();
    let mut wall = fixture::wall(tiles("first"));
    wall.scenes.push(scene("two", tiles("second")));
    wall.motion = motion;
    Stage::new(wall)
}

#[test]
fn headings_and_badges_of_neighbours_stand_on_one_line() {
    let mut stage = Stage::new(fixture::wall((0..3).map(|i| tile(map(), display(i))).collect()));
    let frame = stage.frame(0);
    let line = |text| frame.tiles.iter().map(|t| place(&t.still, text).1).collect::<Vec<_>>();
    for text in ["Places", "31", "simulated"] {
        assert!(line(text).windows(2).all(|w| w[0] == w[1]));
    }
    let left = place(&frame.tiles[1].still, "Places").0 - (LIT.0 + BEZEL);
    assert_eq!(left, place(&frame.tiles[0].still, "Places").0);
}

#[test]
fn the_question_stands_whole_in_the_first_tile_that_has_room() {
    let narrow = crate::geometry::Rect::new(0.0, 0.0, 300.0, 250.0);
    let below = crate::geometry::Rect::new(0.0, 250.0, 941.0, 279.0);
    let low = crate::geometry::Rect { y: 300.0, h: 200.0, ..display(1) };
    let ask = |question: &str| {
        let mut wall = fixture::wall(vec![tile(map(), narrow), tile(map(), below), tile(map(), low)]);
        wall.scenes[0].title = Some(question.into());
        let frame = Stage::new(wall).frame(0);
        let found = frame.tiles.iter().position(|t| texts(&t.still).contains(&question.to_string()));
        found.map(|i| {
            let still = &frame.tiles[i].still;
            (i, place(still, "Places").1 - place(still, &question[..5]).1)
        })
    };
    assert_eq!(ask("What are people saying about Aurora?"), Some((1, 0.0)));
    let long = "What are people in all the countries of this world saying about Aurora today?";
    let (tile, down) = ask(&long.repeat(2)).unwrap_or_default();
    assert!(tile == 1 && down > 20.0, "shortened in the widest tile, whose heading stays: {tile} {down}");
    let (tile, down) = ask(&long[..58]).unwrap_or_default();
    assert!(tile == 1 && down > 20.0, "stands above its heading: {tile} {down}");
}

#[test]
fn a_scene_crosses_over_from_left_to_right_and_rests() {
    let mut stage = two_scenes(Motion::Full);
    assert!(!stage.frame(0).crossing, "none right after the start");
    assert!(!stage.frame(89_990).crossing);
    let frame = stage.frame(90_130);
    assert_eq!((frame.scene, frame.crossing), (1, true));
    let before: Vec<f32> = frame.tiles.iter().map(|t| t.before).collect();
    assert!(before[0] < before[1] && before[1] < before[2], "{before:?}");
    let after = stage.frame(90_601);
    assert!(!after.crossing && after.tiles.iter().all(|t| t.before == 0.0));
}

#[test]
fn calm_takes_twice_as_long_and_still_cuts() {
    let mut calm = two_scenes(Motion::Calm);
    calm.frame(0);
    assert!(calm.frame(91_100).crossing && !calm.frame(91_300).crossing);
    let mut still = two_scenes(Motion::Still);
    still.frame(0);
    let cut = still.frame(90_001);
    assert!(cut.scene == 1 && !cut.crossing && cut.tiles[2].before == 0.0);
}

#[test]
fn a_scene_that_is_asked_for_stays() {
    let mut stage = two_scenes(Motion::Full);
    stage.frame(0);
    stage.control.scene = Some((1, fixture::NOW + Duration::from_secs(1)));
    assert!(stage.frame(1_000).crossing);
    for s in 2..300 {
        let frame = stage.frame(s * 1_000);
        assert!(frame.scene == 1 && !frame.crossing);
    }
    stage.control.scene = Some((7, fixture::NOW));
    assert_eq!(stage.frame(360_000).scene, 0);
}

#[test]
fn tiles_of_different_scenes_are_not_mistaken_for_each_other() {
    let mut stage = two_scenes(Motion::Full);
    let ids = |f: &crate::scene::Frame| f.tiles.iter().map(|t| (t.id, t.key)).collect::<Vec<_>>();
    let (first, second) = (stage.frame(0), stage.frame(95_000));
    assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));
    let again = stage.frame(180_000);
    assert_eq!(ids(&first), ids(&again));
}

#[test]
fn what_stands_is_drawn_again_exactly_when_the_key_changes() {
    let rects = [display(0), display(1), display(2)];
    let mut wall = fixture::wall(vec![
        tile(map(), rects[0]),
        tile(TickerTable::default(), fixture::bottom()),
        tile(ClockTable { seconds: true, ..Default::default() }, rects[1]),
        words("hello", rects[2]),
    ]);
    wall.feeds = vec![];
    let (mut stage, mut before) = (Stage::new(wall.clone()), Stage::new(wall.clone()).frame(0));
    for step in 0..200 {
        let frame = stage.frame(step * 700);
        // A director that has drawn nothing yet draws the same.
        let mut fresh = Stage::new(wall.clone());
        for ((old, new), fresh) in before.tiles.iter().zip(&frame.tiles).zip(fresh.frame(step * 700).tiles) {
            assert_eq!(new.key, fresh.key);
            assert_eq!(new.still.to_string(), fresh.still.to_string());
            assert_eq!(old.key == new.key, old.still.to_string() == new.still.to_string());
        }
        before = frame;
        if step % 50 == 0 {
            stage.setter = crate::text::Typesetter::new(false);
        }
    }
}

#[test]
fn a_stale_tile_says_so_and_is_dimmed() {
    let mut stage = Stage::new(fixture::wall(vec![tile(map(), display(0)), words("hello", display(1))]));
    let fresh = stage.frame(0);
    let stale = stage.frame(200_000);
    assert!(texts(&stale.tiles[0].still).contains(&"simulated, stale 3 min".to_string()));
    let land = |f: &crate::scene::Frame| match f.tiles[0].still.items[0] {
        Item::Fill { color, .. } => color,
        ref other => panic!("{other}"),
    };
    assert!(land(&stale).luminance() < land(&fresh).luminance());
    assert_eq!(fresh.tiles[1].key, stale.tiles[1].key, "words of the layout have no age");
}

#[test]
fn a_dead_feed_of_numbers_dims_its_own_tile_and_no_other() {
    let series = |name: &str| CounterTable { series: Some(name.into()), ..Default::default() };
    let mut wall = fixture::wall(vec![
        tile(map(), display(0)),
        tile(series("load"), display(1)),
        tile(series("calls"), display(2)),
    ]);
    let numbers = || FeedSpec::from(PrometheusTable::default());
    let demo =
        FeedSpec::from(ReplayTable { file: "x".into(), speed: 1.0, repeat: false, from: None, to: None });
    let feeds = [("demo", demo), ("load", numbers()), ("calls", numbers())];
    let stale_after = Duration::from_secs(60);
    wall.feeds = feeds.map(|(name, spec)| Feed { name: name.into(), stale_after, spec }).into();
    let mut stage = Stage::new(wall);
    let since = fixture::NOW - Duration::from_secs(30);
    let of = |name: &str, health| FeedState {
        health,
        heard: Some(since),
        ..FeedState::new(name, Nature::Live, stale_after)
    };
    let down = Health::Down { since, why: "gone".into() };
    stage.snapshot.feeds.extend([of("load", Health::Live), of("calls", down)]);
    let frame = stage.frame(0);
    let says = |i: usize, what: &str| texts(&frame.tiles[i].still).iter().any(|text| text == what);
    assert!(says(0, "simulated") && says(2, "down since 07:59"), "{}", frame.tiles[2].still);
    assert!(
        !texts(&frame.tiles[1].still).iter().any(|text| text.contains("down") || text.contains("simulated"))
    );
}

#[test]
fn a_notice_takes_room_and_covers_nothing() {
    let mut stage = Stage::new(fixture::wall(vec![tile(map(), display(0)), tile(map(), display(1))]));
    let before = stage.frame(0);
    stage.control.notice = Some("wall.toml:12: unknown key `colour`; did you mean `color`?".into());
    let after = stage.frame(0);
    assert!(texts(&after.tiles[0].still).iter().any(|t| t.starts_with("wall.toml:12")));
    assert_ne!(before.tiles[0].key, after.tiles[0].key);
    assert_eq!(before.tiles[1].key, after.tiles[1].key);
    let map_height = |f: &crate::scene::Frame| {
        let heat = |item: &Item| if let Item::Heat(heat) = item { Some(heat.rect.bottom()) } else { None };
        f.tiles[0].still.items.iter().find_map(heat).expect("there is a map")
    };
    assert!(map_height(&after) < map_height(&before) - 20.0);
}

#[test]
fn no_text_is_smaller_than_16_minutes_or_crosses_a_bezel() {
    let wide = crate::geometry::Rect { h: 400.0, ..fixture::bottom() };
    for rect in [wide, display(1), crate::geometry::Rect::new(0.0, 0.0, 150.0, 90.0)] {
        for widget in [map(), ClockTable::default().into()] {
            let mut stage = Stage::new(fixture::wall(vec![tile(widget, rect)]));
            let least = crate::layout::legibility::Scale::new(3.0).em(16.0) - 0.01;
            let frame = stage.frame(0);
            let tile = &frame.tiles[0];
            for item in tile.still.items.iter().chain(&tile.motion.items) {
                let Item::Text { shaped, at, .. } = item else { continue };
                assert!(shaped.setting.size >= least, "{item}");
                let end = at.x + shaped.size.w;
                // Large figures bring space along at their left.
                let start = at.x + shaped.setting.size * 0.05 + 0.1;
                let home = (0..3).map(display).any(|d| d.x <= start && end <= d.right() + 0.1);
                assert!(home && end <= rect.right() + 0.1, "{item} ends at {end} in {rect:?}");
            }
        }
    }
}

/// A wall with a band over the displays, and below it these scenes.
fn banded(scenes: Vec<(&str, Vec<crate::layout::wall::Tile>)>) -> Stage {
    let mut wall = fixture::wall(vec![]);
    let band = crate::geometry::Rect { h: 42.0, w: 3.0 * LIT.0 + 2.0 * BEZEL, ..display(0) };
    wall.band = Some(band);
    wall.scenes = scenes.into_iter().map(|(title, tiles)| scene(title, tiles)).collect();
    for scene in &mut wall.scenes {
        scene.title = Some(scene.name.clone());
    }
    Stage::new(wall)
}

#[test]
fn the_band_asks_the_question_and_says_once_how_the_wall_stands() {
    let mut stage = banded(vec![("Who?", vec![tile(map(), display(1))])]);
    let frame = stage.frame(0);
    let [map, band] = &frame.tiles[..] else { panic!("two tiles") };
    assert!(!texts(&map.still).iter().any(|text| text.contains("simulated")), "{}", map.still);
    let told = texts(&band.still);
    assert!(["Who?", "simulated", "08:00"].iter().all(|text| told.contains(&text.to_string())), "{told:?}");
    assert!(place(&band.still, "Who?").0 < LIT.0 && place(&band.still, "08:00").0 > 2.0 * LIT.0);
    stage.snapshot.feeds[0].nature = Nature::Replay(fixture::NOW - Duration::from_secs(1_800));
    let told = texts(&stage.frame(0).tiles[1].still);
    assert!(told.contains(&"replay 07:30".to_string()) && !told.contains(&"08:00".to_string()), "{told:?}");
}

#[test]
fn a_wall_that_is_down_says_so_in_the_band_and_dims_the_tiles() {
    let mut stage = banded(vec![("Who?", vec![tile(map(), display(1))])]);
    let since = fixture::NOW - Duration::from_secs(240);
    stage.snapshot.feeds[0] = FeedState {
        health: Health::Down { since, why: "no route".into() },
        heard: Some(since),
        ..FeedState::new("ours", Nature::Live, Duration::from_secs(600))
    };
    let frame = stage.frame(0);
    assert!(texts(&frame.tiles[1].still).contains(&"down since 07:56".to_string()));
    assert!(!texts(&frame.tiles[0].still).iter().any(|text| text.contains("down")));
}

#[test]
fn what_two_scenes_share_stays_while_the_rest_crosses() {
    let ticker = || tile(TickerTable::default(), fixture::bottom());
    let mut stage = banded(vec![
        ("One?", vec![words("one", display(0)), ticker()]),
        ("Two?", vec![ticker(), words("two", display(0))]),
    ]);
    let places = |frame: &crate::scene::Frame, id| {
        let tile = frame.tiles.iter().find(|tile| tile.id == id).expect("it is shown");
        (tile.key, tile.before, tile.motion.items.len())
    };
    let (before, after) = (stage.frame(89_990), stage.frame(90_010));
    assert!(after.crossing && after.scene == 1);
    let (old, new) = (places(&before, (0, 1)), places(&after, (0, 1)));
    assert!(old.0 == new.0 && new.1 == 0.0, "the ticker stays where it is");
    assert!(new.2.abs_diff(old.2) < 8, "and runs on: {} and {} items", old.2, new.2);
    let leaving = after.tiles.iter().find(|tile| tile.id == (1, 1)).expect("it comes in");
    assert!(leaving.before > 0.9 && leaving.hidden);
    for step in 0..60 {
        let frame = stage.frame(90_020 + step * 10);
        let band = &frame.tiles[2];
        let asked = |question: &str| texts(&band.motion).iter().any(|text| text == question);
        assert!(!(asked("One?") && asked("Two?")), "two questions on one spot");
        let tile = &frame.tiles[1];
        assert!(tile.before == 0.0 || tile.hidden, "two pictures on one spot");
    }
    assert!(texts(&stage.frame(91_000).tiles[2].still).contains(&"Two?".to_string()));
}

#[test]
fn an_empty_wall_gives_an_empty_frame() {
    let mut wall = fixture::wall(vec![]);
    wall.scenes.clear();
    assert!(Stage::new(wall).frame(0).tiles.is_empty());
    let mut long = fixture::wall(vec![words("x", display(0))]);
    long.scenes[0].show_for = Duration::MAX;
    assert_eq!(Stage::new(long).frame(0).tiles.len(), 1);
}
