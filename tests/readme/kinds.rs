//! The README and docs/ name every kind of tile and feed, and every key of a tile.

use std::fs;

use fishbowl::{layout, registry};
use serde_json::Value;

use super::repository;

/// A kind as the schema describes it: its word and its keys.
struct Kind {
    name: String,
    keys: Vec<String>,
}

/// The kinds that the schema knows in a section of the layout.
fn kinds(section: &str) -> Vec<Kind> {
    let schema = layout::json_schema(&registry());
    let mut kinds = Vec::new();
    collect(&schema["properties"][section], &mut kinds);
    kinds
}

fn collect(schema: &Value, kinds: &mut Vec<Kind>) {
    let name = schema["properties"]["kind"]["const"].as_str();
    if let Some((name, keys)) = name.zip(schema["properties"].as_object()) {
        kinds.push(Kind { name: name.into(), keys: keys.keys().cloned().collect() });
    }
    match schema {
        Value::Object(parts) => parts.values().for_each(|part| collect(part, kinds)),
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, kinds)),
        _ => {}
    }
}

fn page(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Names that do not stand on a page between backticks.
fn not_named(path: &str, names: impl IntoIterator<Item = String>) -> Vec<String> {
    let page = page(path);
    let missing = names.into_iter().filter(|name| !page.contains(&format!("`{name}`")));
    missing.map(|name| format!("{path} does not name `{name}`")).collect()
}

#[test]
fn every_kind_of_tile_and_feed_is_named() {
    let names = |section| kinds(section).into_iter().map(|kind| kind.name);
    let (tiles, feeds) = (names("scene").collect::<Vec<_>>(), names("feed").collect::<Vec<_>>());
    assert!(tiles.len() == registry().tiles().len() && feeds.len() >= 21, "{tiles:?} {feeds:?}");
    let missing = [
        not_named("README.md", tiles.clone()),
        not_named("README.md", feeds.clone()),
        not_named("docs/layout.md", tiles),
        not_named("docs/layout.md", feeds.clone()),
        not_named("docs/feeds/README.md", feeds),
    ];
    assert_eq!(missing.concat(), [""; 0]);
}

#[test]
fn the_row_of_a_tile_names_its_keys() {
    let page = page("docs/layout.md");
    for kind in kinds("scene") {
        let begin = format!("| `{}` | ", kind.name);
        let row = page.lines().find(|line| line.starts_with(&begin) && line.matches(" | ").count() == 2);
        let row = row.unwrap_or_else(|| panic!("no row for `{}`", kind.name));
        let own = kind.keys.iter().filter(|key| !["kind", "title", "text_arcmin"].contains(&key.as_str()));
        let missing: Vec<_> = own.filter(|key| !row.contains(&format!("`{key}`"))).collect();
        assert!(missing.is_empty(), "{row}: {missing:?}");
    }
}
