//! Reads a layout file table by table, so that one bad tile does not hide another.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::layout::explain;
use crate::layout::feed::FEED_KEYS;
use crate::layout::foreign;
use crate::layout::kind::{Registry, TILE_KEYS};
use crate::layout::picture;
use crate::layout::places::Places;
use crate::layout::problem::{Problem, line_and_column, listed, nearest};
use crate::layout::schema::*;
use crate::layout::table::{Entry, MAX_PROBLEMS, TableReader, Value, in_order};
use crate::layout::unclosed::unclosed;

/// Largest layout file, bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Reads `text`, which may name the kinds of `registry`; `path` is where it came from. What could
/// not be read is missing in the file and present in the problems.
pub fn read(text: &Arc<str>, path: &Path, registry: &Registry) -> (LayoutFile, Vec<Problem>) {
    let mut reader = Reader { tables: TableReader::new(text), registry };
    let mut file = LayoutFile { dir: path.parent().unwrap_or(Path::new("")).into(), ..Default::default() };
    if text.len() > MAX_BYTES {
        // Of a larger one no more was read than shows that it is.
        let message = format!("the file is too large: a layout can have at most {MAX_BYTES} bytes");
        return (file, vec![Problem::error("too-large", 0..0, message)]);
    }
    if foreign::is_empty(text) {
        return (file, vec![foreign::empty()]);
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    reader.tables.problems = not_toml(text, errors.iter().map(|e| explain::syntax(text, e)).collect());
    if reader.tables.problems.is_empty() {
        file.places = Places::of(text, root.get_ref());
        reader.root(root.into_inner(), &mut file);
        share_common(&mut file);
    }
    let mut problems = reader.tables.problems;
    problems.truncate(MAX_PROBLEMS);
    (file, problems)
}

/// What to say of a file whose TOML has these errors, without those that only follow from others.
fn not_toml(text: &str, mut errors: Vec<Problem>) -> Vec<Problem> {
    if errors.is_empty() {
        return errors;
    }
    if let Some(foreign) = foreign::text(text) {
        return vec![foreign];
    }
    if let Some(unclosed) = unclosed(text) {
        errors.retain(|error| error.span.end <= unclosed.span.start);
        errors.push(unclosed);
    }
    if foreign::mostly(text, errors.len()) {
        let more = format!(
            "Most lines are not TOML: {} more errors like this one. {}",
            errors.len() - 1,
            foreign::HELP
        );
        errors.truncate(1);
        errors[0].help = Some(more);
    }
    errors.sort_by_key(|error| error.span.start);
    // What follows in a line that is wrong already is seldom another mistake.
    errors.dedup_by_key(|error| line_and_column(text, error.span.start).0);
    errors
}

/// Keys that a scene can set for all its tiles.
const SHARED_BY_TILES: [&str; 2] = ["window", "topic"];

/// The scene whose tiles others share, when it has no picture of its own.
const COMMON: &str = "common";

/// Gives the tiles of `[scene.common]` to every scene whose pictures name them.
fn share_common(file: &mut LayoutFile) {
    let has_picture = |head: &SceneHead| head.picture.is_some() || !head.pictures.is_empty();
    let is_common = |(name, scene): &(String, SceneTable)| name == COMMON && !has_picture(&scene.head);
    let Some(at) = file.scene.0.iter().position(is_common) else { return };
    let common = file.scene.0.remove(at).1.tile;
    let names = file.places.children(&["scene", COMMON, "tile"]);
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    file.places.forget(&["scene", COMMON]);
    file.unshared.clone_from(&names);
    for (scene, table) in &mut file.scene.0 {
        for word in words(&table.head).into_iter().filter(|word| names.contains(word)) {
            file.unshared.retain(|unshared| *unshared != word);
            let own = ["scene", scene, "tile", &word];
            if !file.places.has(&own) {
                file.places.alias(&["scene", COMMON, "tile", &word], &own);
                table.tile.0.extend(common.get(&word).map(|tile| (word.clone(), tile.clone())));
            }
        }
    }
}

/// Names of the tiles in the pictures of a scene.
fn words(head: &SceneHead) -> Vec<String> {
    let pictures = head.picture.iter().chain(head.pictures.values());
    let pictures: Vec<_> = pictures.map(|text| picture::parse(text).0).collect();
    let named = pictures.iter().flat_map(|picture| picture.words()).map(|(word, _)| word.to_owned());
    let mut words: Vec<String> = named.chain(head.span.keys().cloned()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

struct Reader<'r> {
    tables: TableReader,
    registry: &'r Registry,
}

impl Reader<'_> {
    fn root(&mut self, root: DeTable<'_>, file: &mut LayoutFile) {
        for (key, value) in in_order(root) {
            match key.get_ref().as_ref() {
                "wall" => file.wall = self.table(value).unwrap_or_default(),
                "theme" => file.theme = self.table(value).unwrap_or_default(),
                "display" => file.display = self.tables(value, "a display", Self::table),
                "journal" => file.journal = self.table(value).unwrap_or_default(),
                "remote" => file.remote = self.table(value).unwrap_or_default(),
                "gate" => file.gate = self.table(value),
                "event" => file.event = self.table(value),
                "feed" => file.feed = self.tables(value, "a feed", Self::feed),
                "topic" => file.topic = self.tables(value, "a topic", Self::table),
                "care" => file.care = self.table(value),
                "bursts" => file.bursts = self.table(value).unwrap_or_default(),
                "alert" => file.alert = self.tables(value, "an alert", Self::table),
                "scene" => file.scene = self.tables(value, "a scene", Self::scene),
                "mode" => file.mode = self.tables(value, "a mode", Self::table),
                "schedule" => file.schedule = self.tables(value, "an entry of the schedule", Self::table),
                "power" => file.power = self.tables(value, "a plan of power", Self::table),
                other => self.unknown_table(other, key.span()),
            }
        }
    }

    fn unknown_table(&mut self, name: &str, span: Range<usize>) {
        let problem = Problem::error("unknown-key", span, format!("a layout has no `{name}`"));
        self.tables.problems.push(match nearest(name, ROOT) {
            Some(near) => problem.label(format!("did you mean `{near}`?")),
            None => problem.label("not known").help(format!("A layout consists of {}.", listed(ROOT))),
        });
    }

    fn table<T: DeserializeOwned + JsonSchema>(&mut self, value: Value<'_>) -> Option<T> {
        self.tables.table(value)
    }

    /// Named tables: `[display.left]`.
    fn tables<T>(
        &mut self,
        value: Value<'_>,
        what: &str,
        mut each: impl FnMut(&mut Self, Value<'_>) -> Option<T>,
    ) -> Tables<T> {
        let mut tables = Tables::default();
        for (key, value) in self.tables.entries(value, what) {
            if let Some(table) = self.tables.is_table(&value, what).then(|| each(self, value)).flatten() {
                tables.0.push((key.into_inner().into_owned(), table));
            }
        }
        tables
    }

    fn feed(&mut self, value: Value<'_>) -> Option<FeedTable> {
        let registry = self.registry;
        let kinds: Vec<_> = registry.feeds().iter().map(|entry| entry.name).collect();
        let (common, kind, own) = self.tables.tagged::<FeedCommon>(value, &FEED_KEYS[1..], &kinds)?;
        let entry = registry.feeds().iter().find(|entry| entry.name == kind)?;
        let kind = (entry.read)(&mut self.tables, *entry, own)?;
        Some(FeedTable { stale_after: common.stale_after, kind })
    }

    fn scene(&mut self, value: Value<'_>) -> Option<SceneTable> {
        let span = value.span();
        let mut tiles = None;
        let mut head = DeTable::new();
        for (key, value) in self.tables.entries(value, "a scene") {
            match key.get_ref().as_ref() {
                "tile" => tiles = Some(value),
                _ => drop(head.insert(key, value)),
            }
        }
        let of_all = |key: &&str| head.get_key_value(*key).map(|(key, value)| (key.clone(), value.clone()));
        let of_all: Vec<Entry<'_>> = SHARED_BY_TILES.iter().filter_map(of_all).collect();
        let mut tile = Tables::default();
        if let Some(tiles) = tiles {
            tile = self.tables(tiles, "a tile", |reader, value| reader.tile(value, &of_all));
        }
        let head = self.table(Spanned::new(span, DeValue::Table(head)))?;
        Some(SceneTable { head, tile })
    }

    /// A tile of a scene that says `of_all` for all its tiles.
    fn tile(&mut self, value: Value<'_>, of_all: &[Entry<'_>]) -> Option<TileTable> {
        let registry = self.registry;
        let kinds: Vec<_> = registry.tiles().iter().map(|entry| entry.name).collect();
        let (common, kind, own) = self.tables.tagged::<TileCommon>(value, &TILE_KEYS[1..], &kinds)?;
        let entry = registry.tiles().iter().find(|entry| entry.name == kind)?;
        let mut widget = (entry.read)(&mut self.tables, *entry, own.clone())?;
        let mut table = own;
        for (key, value) in of_all {
            // One that compares topics or shows a series has none of its own.
            let has_topic = widget.compared().is_none() && widget.series().is_none();
            if key.get_ref() == "topic" && !has_topic {
                continue;
            }
            let mut with = table.clone();
            match with.get_mut() {
                DeValue::Table(own) if !own.contains_key(key.get_ref().as_ref()) => {
                    own.insert(key.clone(), value.clone())
                }
                _ => continue,
            };
            // What its kind cannot take it leaves.
            let mut tried = self.tables.apart();
            let read = (entry.read)(&mut tried, *entry, with.clone());
            if let Some(read) = read.filter(|_| tried.problems.is_empty()) {
                (widget, table) = (read, with);
            }
        }
        Some(TileTable { title: common.title, text_arcmin: common.text_arcmin, widget })
    }
}
