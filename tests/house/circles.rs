//! Circles of files inside a room: files that know each other, directly or by way of others. What a
//! file only hands on (`pub use`) it does not know; whoever uses it by that way knows where it is from.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::Token;

/// Names from the crate's root on.
type Path = Vec<String>;

/// The modules of a crate and who uses whom.
pub struct Modules {
    tokens: BTreeMap<Path, Vec<Token>>,
    /// What a module hands on under a name, and where that is from.
    exports: BTreeMap<(Path, String), Path>,
}

/// A path as it is written, `as` another name, and the index of its first word.
struct Named {
    path: Path,
    alias: Option<String>,
    at: usize,
}

impl Modules {
    /// Of files, each by its name below `src` with its tokens.
    pub fn new(files: impl IntoIterator<Item = (String, Vec<Token>)>) -> Self {
        let tokens = files.into_iter().map(|(name, tokens)| (module_of(&name), tokens)).collect();
        let mut modules = Self { tokens, exports: BTreeMap::new() };
        modules.exports = modules.all_exports();
        modules
    }

    /// Names of the rooms.
    pub fn rooms(&self) -> BTreeSet<&str> {
        self.tokens.keys().filter_map(|module| module.first()).map(String::as_str).collect()
    }

    /// The circles of a room, each with its files in the order of their names.
    pub fn circles(&self, room: &str) -> Vec<Vec<String>> {
        let inside = self.tokens.keys().filter(|module| module.first().is_some_and(|first| first == room));
        let uses: BTreeMap<&Path, BTreeSet<Path>> =
            inside.map(|module| (module, self.used_by(module))).collect();
        let reach: BTreeMap<&Path, BTreeSet<&Path>> = uses.keys().map(|m| (*m, reached(m, &uses))).collect();
        let mut circles = BTreeSet::new();
        for (module, there) in &reach {
            let with = |other: &&&Path| reach[**other].contains(module);
            let circle: Vec<_> = there.iter().filter(with).map(|path| path.join("::")).collect();
            if circle.len() > 1 {
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }

    /// The modules that `module` uses, itself left out.
    fn used_by(&self, module: &Path) -> BTreeSet<Path> {
        let handed_on = handed_on(&self.tokens[module]);
        let named = self.named_in(module).into_iter();
        let used = named.filter(|named| !handed_on.iter().any(|range| range.contains(&named.at)));
        let used = used.filter_map(|named| self.origin(self.absolute(module, named.path)));
        used.filter(|used| used != module).collect()
    }

    fn all_exports(&self) -> BTreeMap<(Path, String), Path> {
        let mut exports = BTreeMap::new();
        for (module, tokens) in &self.tokens {
            let ranges = handed_on(tokens);
            for named in self.named_in(module) {
                if ranges.iter().any(|range| range.contains(&named.at)) {
                    let path = self.absolute(module, named.path);
                    let name = named.alias.or_else(|| path.last().cloned()).unwrap_or_default();
                    exports.insert((module.clone(), name), path);
                }
            }
        }
        exports
    }

    /// The paths of this crate that a module names.
    fn named_in(&self, module: &Path) -> Vec<Named> {
        let tokens = &self.tokens[module];
        let mut all = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", |i| tokens[i].text.as_str());
            let begins = !["::", "in"].contains(&before) && text(tokens, at + 1) == "::";
            let child =
                || self.tokens.contains_key(&[&module[..], std::slice::from_ref(&token.text)].concat());
            if begins && (matches!(token.text.as_str(), "crate" | "super" | "self") || child()) {
                expand(tokens, at, at, &mut Vec::new(), &mut all);
            }
        }
        all
    }

    fn absolute(&self, module: &Path, written: Path) -> Path {
        let ups = written.iter().take_while(|word| *word == "super").count();
        let (base, rest) = match written[0].as_str() {
            "crate" => (&[][..], &written[1..]),
            "self" => (&module[..], &written[1..]),
            "super" => (&module[..module.len().saturating_sub(ups)], &written[ups..]),
            _ => (&module[..], &written[..]),
        };
        base.iter().chain(rest.iter().filter(|word| *word != "self")).cloned().collect()
    }

    /// The module in which what a path names is written.
    fn origin(&self, mut path: Path) -> Option<Path> {
        for _ in 0..8 {
            let depth = (0..=path.len()).rev().find(|&n| self.tokens.contains_key(&path[..n]))?;
            let (module, rest) = path.split_at(depth);
            let export = rest.first().and_then(|name| self.exports.get(&(module.to_vec(), name.clone())));
            match export {
                Some(from) => path = [from, &rest[1..]].concat(),
                None => return Some(module.to_vec()),
            }
        }
        None
    }
}

/// All modules that can be reached from one, and itself.
fn reached<'a>(from: &'a Path, uses: &'a BTreeMap<&Path, BTreeSet<Path>>) -> BTreeSet<&'a Path> {
    let (mut seen, mut next) = (BTreeSet::from([from]), vec![from]);
    while let Some(module) = next.pop() {
        for used in uses.get(module).into_iter().flatten().filter(|used| uses.contains_key(used)) {
            if seen.insert(used) {
                next.push(used);
            }
        }
    }
    seen
}

fn module_of(name: &str) -> Path {
    let mut path: Path = name.trim_end_matches(".rs").split('/').map(Into::into).collect();
    path.pop_if(|last| last == "mod" || last == "lib");
    path
}

fn text(tokens: &[Token], i: usize) -> &str {
    tokens.get(i).map_or("", |token| &token.text)
}

/// Where `pub use` statements stand, by the indices of their tokens.
fn handed_on(tokens: &[Token]) -> Vec<std::ops::Range<usize>> {
    let find = |from: usize, sign: &str| (from..tokens.len()).find(|&i| text(tokens, i) == sign);
    let uses = (0..tokens.len()).filter_map(|i| {
        let after = match (text(tokens, i), text(tokens, i + 1)) {
            ("pub", "(") => find(i, ")")? + 1,
            ("pub", _) => i + 1,
            _ => return None,
        };
        (text(tokens, after) == "use").then(|| i..find(after, ";").unwrap_or(tokens.len()))
    });
    uses.collect()
}

/// Collects the paths that begin at `i` behind `before`, groups in braces included; gives the index
/// behind them.
fn expand(tokens: &[Token], mut i: usize, at: usize, before: &mut Path, all: &mut Vec<Named>) -> usize {
    let depth = before.len();
    while text(tokens, i) != "{" {
        before.push(text(tokens, i).into());
        let alias = (text(tokens, i + 1) == "as").then(|| text(tokens, i + 2).to_string());
        i += if alias.is_some() { 3 } else { 1 };
        let goes_on = text(tokens, i) == "::" && text(tokens, i + 1).starts_with(goes_on);
        if !goes_on {
            all.push(Named { path: before.clone(), alias, at });
            before.truncate(depth);
            return i;
        }
        i += 1;
    }
    i += 1;
    while i < tokens.len() && text(tokens, i) != "}" {
        i = expand(tokens, i, at, before, all);
        i += usize::from(text(tokens, i) == ",");
    }
    before.truncate(depth);
    i + 1
}

/// Whether a path goes on with what begins so; a turbofish ends it.
fn goes_on(c: char) -> bool {
    c.is_alphabetic() || "_{*".contains(c)
}
