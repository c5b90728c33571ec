use super::*;
use crate::mention::Country;
use crate::pulse::snapshot::{CountryCount, StreamCounts, Tally};
use crate::scene::fixture::{self, NOW, Stage, display, tile};

fn stage() -> Stage {
    Stage::new(fixture::wall(vec![tile(HeatmapTable::default(), display(0))]))
}

#[test]
fn a_busy_map() {
    insta::assert_snapshot!(stage().text(0));
}

#[test]
fn a_quiet_map_is_only_a_map() {
    let mut stage = stage();
    stage.snapshot.all.places = Arc::new([]);
    let text = stage.text(0);
    assert!(text.contains("of mentions located"), "{text}");
    assert!(!text.contains("heat ") && !text.contains("a minute"));
    stage.snapshot.all.counts = Default::default();
    assert!(stage.text(3_000).contains("no places known"), "told anew in the next period");
}

#[test]
fn what_is_only_known_to_its_country_fills_that_and_is_told() {
    let mut stage = stage();
    let fills = |stage: &mut Stage, ms| stage.text(ms).matches("fill ").count();
    let before = fills(&mut stage, 0);
    let land =
        |code, count, only| CountryCount { country: Country::new(code).expect("letters"), count, only };
    let whole = stage.snapshot.all.counts.over(Window::M10).mentions as u32;
    stage.snapshot.all.countries = Arc::new([land("BR", whole / 10, whole / 10), land("DE", 9_000, 10)]);
    assert_eq!(fills(&mut stage, 3_000), before + 1, "Brazil; Germany's places are known");
    assert!(stage.text(6_000).contains("only to a country"));
}

#[test]
fn the_world_stands_for_three_seconds() {
    let mut stage = stage();
    let before = stage.frame(0);
    let more = |p: &Place| Place { count: 9_999, heat: p.heat * 0.2 + 100.0, ..p.clone() };
    stage.snapshot.all.places = stage.snapshot.all.places.iter().map(more).collect();
    let within = stage.frame(2_900);
    assert_eq!(before.tiles[0].key, within.tiles[0].key);
    let after = stage.frame(3_500);
    assert_ne!(before.tiles[0].key, after.tiles[0].key);
    assert!(after.tiles[0].motion.to_string().contains("9\\u{202f}999"));
}

#[test]
fn names_that_change_fade() {
    let mut stage = stage();
    stage.frame(0);
    let few: Vec<Place> = stage.snapshot.all.places.iter().filter(|p| p.lon > 100.0).cloned().collect();
    stage.snapshot.all.places = few.into();
    let has = |text: &str, name: &str| text.contains(&format!("\"{name}"));
    let halfway = stage.frame(3_100).tiles[0].motion.to_string();
    assert!(has(&halfway, "London") && !has(&halfway, "Auckland"), "{halfway}");
    let late = stage.frame(3_350).tiles[0].motion.to_string();
    assert!(!has(&late, "London") && has(&late, "Auckland"), "{late}");
}

#[test]
fn a_region_that_the_day_asks_for_is_moved_to() {
    use crate::pulse::snapshot::{Area, Extent};
    let mut stage = stage();
    let area = Some(Area { west: -12, east: 42, south: 35, north: 71 });
    let since = Time::from_secs(NOW.as_secs() + 3);
    let land = |frame: &crate::scene::Frame| frame.tiles[0].still.to_string();
    let world = land(&stage.frame(0));
    stage.snapshot.all.extent =
        Arc::new(Extent { area, since, square: 900, block: 900, ..Extent::default() });
    let moving = stage.frame(4_000);
    assert!(!land(&moving).contains("fill") && moving.tiles[0].motion.to_string().contains("fill"));
    let europe = land(&stage.frame(6_000));
    assert!(europe.contains("fill") && europe != world);
    assert!(!stage.frame(6_000).tiles[0].motion.to_string().contains("Tokyo"), "off this map");
}

#[test]
fn a_place_pulses_for_1200_ms() {
    let mut stage = stage();
    let tokyo = |p: Option<Time>| Place { pulsed: p, ..fixture::snapshot().all.places[0].clone() };
    stage.snapshot.all.places = Arc::new([tokyo(Some(NOW))]);
    let mut rings = |ms| {
        let frame = stage.frame(ms);
        let radius = |i: &Item| match i {
            Item::Ring { radius, .. } => Some(*radius),
            _ => None,
        };
        frame.tiles[0].motion.items.iter().filter_map(radius).collect::<Vec<f32>>()
    };
    let (early, late) = (rings(100), rings(900));
    assert!(early.len() == 1 && early[0] < late[0]);
    assert_eq!(rings(1_201), Vec::<f32>::new());
    assert_eq!(rings(-1), Vec::<f32>::new());
}

#[test]
fn at_most_twelve_places_pulse_at_once() {
    let mut stage = stage();
    let one = fixture::snapshot().all.places[0].clone();
    let at = |i: usize| Place { lon: i as f32, pulsed: Some(NOW), ..one.clone() };
    stage.snapshot.all.places = (0..60).map(at).collect();
    let motion = &stage.frame(100).tiles[0].motion;
    assert_eq!(motion.items.iter().filter(|i| matches!(i, Item::Ring { .. })).count(), MAX_PULSES);
}

/// A place that is much flatter, or much higher, than the world.
#[test]
fn what_the_world_leaves_free_has_a_list_of_places() {
    let whole = display(0);
    let [flat, high] = [Rect { h: whole.w / 4.5, ..whole }, Rect { w: whole.h / 1.4, ..whole }];
    for (rect, listed) in [(whole, false), (flat, true), (high, true)] {
        let mut stage = Stage::new(fixture::wall(vec![tile(HeatmapTable::default(), rect)]));
        let tally = Tally { mentions: 1_000, located: 312, points: 300, ..Tally::default() };
        stage.snapshot.all.counts = StreamCounts([tally; Window::ALL.len()]).into();
        let text = stage.text(0);
        let named = text.matches("\"Tokyo").count();
        assert_eq!(named, 1 + usize::from(listed), "on the map, and in the list: {text}");
        assert_eq!(text.matches("1\\u{202f}204").count(), 1, "the count stands once: {text}");
        stage.snapshot.all.places = Arc::new([]);
        // What stands above the map is told anew in the next period only.
        assert_eq!(stage.text(3_500).contains("no places known"), listed, "an empty list says so");
        for region in [Region::Continent(2), Region::World] {
            let spec = HeatmapTable { region, name_places: 0, ..HeatmapTable::default() };
            let text = Stage::new(fixture::wall(vec![tile(spec, rect)])).text(0);
            assert!(!text.contains("Tokyo"), "without names there is no list: {text}");
        }
    }
}
