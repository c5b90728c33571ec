//! Reads a layout file table by table, so that one bad tile does not hide another: a key that
//! cannot be read is reported, set aside, and the rest of its table is read without it.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::layout::explain::{self, Fields};
use crate::layout::feed::{FeedEntry, FeedKind, FeedSpec};
use crate::layout::foreign;
use crate::layout::kind::{Registry, TileEntry, TileKind, TileSpec};
use crate::layout::limits;
use crate::layout::picture;
use crate::layout::places::Places;
use crate::layout::problem::{Problem, line_and_column, listed, nearest};
use crate::layout::schema::*;
use crate::layout::unclosed::unclosed;

/// Largest layout file, bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// Most problems reported for one file.
pub const MAX_PROBLEMS: usize = 100;

/// Tables of a layout.
pub(super) const ROOT: [&str; 12] = [
    "wall", "theme", "display", "journal", "remote", "event", "feed", "topic", "care", "bursts", "alert",
    "scene",
];
/// Keys of every feed and of every tile.
const FEED_KEYS: [&str; 2] = ["kind", "stale_after"];
const TILE_KEYS: [&str; 3] = ["kind", "title", "text_arcmin"];
pub(super) type Value<'i> = Spanned<DeValue<'i>>;
type Entry<'i> = (Spanned<std::borrow::Cow<'i, str>>, Value<'i>);

/// Reads `text`, which may name the kinds of `registry`; `path` is where it came from. What could
/// not be read is missing in the file and present in the problems.
pub fn read(text: &Arc<str>, path: &Path, registry: &Registry) -> (LayoutFile, Vec<Problem>) {
    let mut reader = Reader { text: text.clone(), registry, problems: Vec::new() };
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
    reader.problems = not_toml(text, errors.iter().map(|e| explain::syntax(text, e)).collect());
    if reader.problems.is_empty() {
        file.places = Places::of(text, root.get_ref());
        reader.root(root.into_inner(), &mut file);
        share_common(&mut file);
    }
    reader.problems.truncate(MAX_PROBLEMS);
    (file, reader.problems)
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

pub(super) struct Reader<'r> {
    text: Arc<str>,
    registry: &'r Registry,
    problems: Vec<Problem>,
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
                "event" => file.event = self.table(value),
                "feed" => file.feed = self.tables(value, "a feed", Self::feed),
                "topic" => file.topic = self.tables(value, "a topic", Self::table),
                "care" => file.care = self.table(value),
                "bursts" => file.bursts = self.table(value).unwrap_or_default(),
                "alert" => file.alert = self.tables(value, "an alert", Self::table),
                "scene" => file.scene = self.tables(value, "a scene", Self::scene),
                other => self.unknown_table(other, key.span()),
            }
        }
    }

    fn unknown_table(&mut self, name: &str, span: Range<usize>) {
        let problem = Problem::error("unknown-key", span, format!("a layout has no `{name}`"));
        self.problems.push(match nearest(name, ROOT) {
            Some(near) => problem.label(format!("did you mean `{near}`?")),
            None => problem.label("not known").help(format!("A layout consists of {}.", listed(ROOT))),
        });
    }

    /// Named tables: `[display.left]`.
    fn tables<T>(
        &mut self,
        value: Value<'_>,
        what: &str,
        mut each: impl FnMut(&mut Self, Value<'_>) -> Option<T>,
    ) -> Tables<T> {
        let mut tables = Tables::default();
        for (key, value) in self.entries(value, what) {
            if let Some(table) = self.is_table(&value, what).then(|| each(self, value)).flatten() {
                tables.0.push((key.into_inner().into_owned(), table));
            }
        }
        tables
    }

    fn entries<'i>(&mut self, value: Value<'i>, what: &str) -> Vec<Entry<'i>> {
        match value.get_ref() {
            DeValue::Table(_) => match value.into_inner() {
                DeValue::Table(table) => in_order(table),
                _ => Vec::new(),
            },
            _ => {
                self.is_table(&value, what);
                Vec::new()
            }
        }
    }

    fn is_table(&mut self, value: &Value<'_>, what: &str) -> bool {
        let is_table = value.get_ref().is_table();
        if !is_table {
            let message = format!("{what} must be a named table");
            let found = explain::type_words(value.get_ref());
            self.problems.push(
                Problem::error("wrong-type", value.span(), message).label(format!("this is {found}")).help(
                    format!(
                        "Write a header in brackets, like `[{}.NAME]`.",
                        what.rsplit(' ').next().unwrap_or(what)
                    ),
                ),
            );
        }
        is_table
    }

    /// Reads one table, setting aside the keys whose values cannot be taken.
    fn table<T: DeserializeOwned + JsonSchema>(&mut self, value: Value<'_>) -> Option<T> {
        self.table_beside(value, &[])
    }

    /// [`Reader::table`] for a table whose `shared` keys were taken out before.
    fn table_beside<T: DeserializeOwned + JsonSchema>(
        &mut self,
        mut value: Value<'_>,
        shared: &'static [&'static str],
    ) -> Option<T> {
        let fields = Fields::of::<T>(shared);
        let mut aside: Vec<String> = Vec::new();
        for problem in limits::outside(value.get_ref(), &fields.schema) {
            aside.extend(set_aside(value.get_mut(), &problem.span));
            self.problems.push(problem);
        }
        for _ in 0..MAX_PROBLEMS {
            let error = match T::deserialize(ValueDeserializer::from(value.clone())) {
                Ok(table) => return Some(table),
                Err(error) => error,
            };
            let span = error.span().unwrap_or_else(|| value.span());
            if !explain::is_missing_one_of(&error, &aside) {
                let problem = explain::value(&self.text, &error, &span, value.get_ref(), &fields);
                self.problems.push(problem);
            }
            let table = value.span();
            match set_aside(value.get_mut(), &span).filter(|_| span != table) {
                Some(key) => aside.push(key),
                None => return None,
            }
        }
        None
    }

    /// Takes `kind` and the keys that every kind has out of a table.
    fn tagged<'i, C>(
        &mut self,
        value: Value<'i>,
        common: &[&str],
        kinds: &[&'static str],
    ) -> Option<(C, &'static str, Value<'i>)>
    where
        C: DeserializeOwned + JsonSchema + Default,
    {
        let span = value.span();
        let mut kind = None;
        let (mut shared, mut own) = (DeTable::new(), DeTable::new());
        for (key, value) in self.entries(value, "this") {
            match key.get_ref().as_ref() {
                "kind" => kind = Some(value),
                name if common.contains(&name) => drop(shared.insert(key, value)),
                _ => drop(own.insert(key, value)),
            }
        }
        let shared = self.table(Spanned::new(span.clone(), DeValue::Table(shared))).unwrap_or_default();
        let kind = self.kind(kind, &span, kinds)?;
        Some((shared, kind, Spanned::new(span, DeValue::Table(own))))
    }

    fn kind(
        &mut self,
        value: Option<Value<'_>>,
        table: &Range<usize>,
        kinds: &[&'static str],
    ) -> Option<&'static str> {
        let Some(value) = value else {
            let problem = Problem::error("missing-key", table.clone(), "`kind` is missing");
            let help = format!(
                "Add one, for example `kind = \"{}\"`. The kinds are {}.",
                kinds.first().unwrap_or(&"…"),
                listed(kinds.iter().copied())
            );
            self.problems.push(problem.label("in this table").help(help));
            return None;
        };
        let word = value.get_ref().as_str().unwrap_or_default();
        let found = kinds.iter().find(|k| **k == word).copied();
        if found.is_none() {
            let shown = self.text.get(value.span()).unwrap_or_default();
            let problem = Problem::error("unknown-kind", value.span(), format!("there is no kind {shown}"));
            let help = format!("It is one of {}.", listed(kinds.iter().copied()));
            self.problems.push(match nearest(word, kinds.iter().copied()) {
                Some(near) => problem.label(format!("did you mean \"{near}\"?")).help(help),
                None => problem.label("not known").help(help),
            });
        }
        found
    }

    fn feed(&mut self, value: Value<'_>) -> Option<FeedTable> {
        let registry = self.registry;
        let kinds: Vec<_> = registry.feeds().iter().map(|entry| entry.name).collect();
        let (common, kind, own) = self.tagged::<FeedCommon>(value, &FEED_KEYS[1..], &kinds)?;
        let entry = registry.feeds().iter().find(|entry| entry.name == kind)?;
        let kind = (entry.read)(self, *entry, own)?;
        Some(FeedTable { stale_after: common.stale_after, kind })
    }

    /// Reads a feed's own keys as the table `T`, for which `entry` stands.
    pub fn feed_table<T>(&mut self, entry: FeedEntry, own: Value<'_>) -> Option<FeedSpec>
    where
        T: FeedKind + DeserializeOwned + JsonSchema,
    {
        Some(FeedSpec::new(entry, self.table_beside::<T>(own, &FEED_KEYS)?))
    }

    fn scene(&mut self, value: Value<'_>) -> Option<SceneTable> {
        let span = value.span();
        let mut tile = Tables::default();
        let mut head = DeTable::new();
        for (key, value) in self.entries(value, "a scene") {
            match key.get_ref().as_ref() {
                "tile" => tile = self.tables(value, "a tile", Self::tile),
                _ => drop(head.insert(key, value)),
            }
        }
        let head = self.table(Spanned::new(span, DeValue::Table(head)))?;
        Some(SceneTable { head, tile })
    }

    fn tile(&mut self, value: Value<'_>) -> Option<TileTable> {
        let registry = self.registry;
        let kinds: Vec<_> = registry.tiles().iter().map(|entry| entry.name).collect();
        let (common, kind, own) = self.tagged::<TileCommon>(value, &TILE_KEYS[1..], &kinds)?;
        let entry = registry.tiles().iter().find(|entry| entry.name == kind)?;
        let widget = (entry.read)(self, *entry, own)?;
        Some(TileTable { title: common.title, text_arcmin: common.text_arcmin, widget })
    }

    /// Reads a tile's own keys as the table `T`, for which `entry` stands.
    pub fn tile_table<T>(&mut self, entry: TileEntry, own: Value<'_>) -> Option<TileSpec>
    where
        T: TileKind + DeserializeOwned + JsonSchema,
    {
        Some(TileSpec::new(entry, self.table_beside::<T>(own, &TILE_KEYS)?))
    }
}

/// Entries in the order of the file: topics take their colours and displays their places from it.
fn in_order(table: DeTable<'_>) -> Vec<Entry<'_>> {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Removes the innermost entry that holds `span`; its name.
fn set_aside(value: &mut DeValue<'_>, span: &Range<usize>) -> Option<String> {
    let holds = |outer: &Range<usize>| outer.start <= span.start && span.end <= outer.end;
    match value {
        DeValue::Table(table) => {
            let (key, inner) = table.iter_mut().find(|(k, v)| holds(&k.span()) || holds(&v.span()))?;
            let name = key.get_ref().to_string();
            if holds(&inner.span()) && set_aside(inner.get_mut(), span).is_some() {
                return Some(name);
            }
            table.remove(name.as_str());
            Some(name)
        }
        DeValue::Array(array) => {
            let inner = array.iter_mut().find(|v| v.get_ref().is_table() && holds(&v.span()))?;
            set_aside(inner.get_mut(), span)
        }
        _ => None,
    }
}
