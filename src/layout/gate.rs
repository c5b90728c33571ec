//! Which texts of people may be shown: the table `[gate]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layout::topic::Topic;
use crate::layout::value::Lasting;
use crate::query::MAX_QUERY;

/// Largest file of blocked words, bytes, and most of its lines.
pub const MAX_FILE: u64 = 1 << 20;
pub const MAX_WORDS: usize = 4_096;
/// Longest time that a text is held back.
pub const MAX_HOLD: Duration = Duration::from_secs(3_600);

/// What people wrote is shown only once it has passed the gate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GateTable {
    /// Which texts a moderator must approve: `all`; those that the `rules` do not let pass; or `none`.
    pub approve: Approve,
    /// Texts that are never shown: a query as of topics, for example
    /// `scam OR "free money" OR from:spammer OR is:sensitive`.
    pub block: Option<String>,
    /// File of words and phrases that block a text, one per line; `#` begins a comment, `@name` blocks an
    /// author. Relative to the layout file.
    pub block_file: Option<PathBuf>,
    /// Texts that need no approval, even with `approve = "all"`: a query, for example `from:ourbrand source:news`.
    /// In it, `from:` wants the whole handle as it is written.
    pub pass: Option<String>,
    /// With `approve = "rules"`: texts that wait for approval, for example
    /// `has:link OR is:reply OR NOT (lang:en OR lang:de)`. All others pass.
    pub wait: Option<String>,
    /// Whether texts with a telephone number, an e-mail address or the number of a payment card are
    /// blocked.
    pub personal_data: PersonalData,
    /// Whether texts with swear words, insults or sexual words need approval, or are blocked where nothing does;
    /// mostly English ones are known.
    pub profanity: Profanity,
    /// How long a text that needs no approval is held back, so that it can still be hidden; at most `1h`.
    pub hold: Lasting,
    /// What is shown while nothing new passes: `still` leaves the last texts where they are, `shuffle` shows
    /// approved ones again, one after another.
    pub quiet: Quiet,
}

/// What is shown while nothing new passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Quiet {
    #[default]
    Still,
    Shuffle,
}

impl Default for GateTable {
    fn default() -> Self {
        Self {
            approve: Approve::All,
            block: None,
            block_file: None,
            pass: None,
            wait: None,
            personal_data: PersonalData::Block,
            profanity: Profanity::Wait,
            hold: Lasting::from_secs(0),
            quiet: Quiet::Still,
        }
    }
}

/// Which texts somebody must approve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Approve {
    #[default]
    All,
    Rules,
    None,
}

/// What becomes of texts with personal data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PersonalData {
    #[default]
    Block,
    Allow,
}

/// What becomes of texts that may be rude.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profanity {
    #[default]
    Wait,
    Allow,
}

/// What a rule of the gate does with a text that it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Block,
    Pass,
    Wait,
}

/// What must be true of a text before it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateSpec {
    pub approve: Approve,
    /// Queries, and what they do.
    pub rules: Vec<(Effect, Topic)>,
    pub blocks_personal_data: bool,
    pub holds_profanity: bool,
    pub hold: Duration,
    /// Approved texts are shown again while nothing new passes.
    pub shuffles: bool,
}

impl GateTable {
    /// What the gate asks for; what cannot be read is left out. Files are relative to `dir`.
    pub fn spec(&self, dir: &Path) -> GateSpec {
        let rule = |effect, key: &str, query: &Option<String>| {
            query.as_ref().map(|query| (effect, topic(key, query.clone())))
        };
        let queries = [
            rule(Effect::Block, "blocked by the rule `block`", &self.block),
            rule(Effect::Pass, "let through by the rule `pass`", &self.pass),
            rule(Effect::Wait, "held back by the rule `wait`", &self.wait)
                .filter(|_| self.approve == Approve::Rules),
        ];
        let words = self.block_file.as_ref().and_then(|file| words(&dir.join(file)).ok()).unwrap_or_default();
        let lists = queries_of(&words)
            .into_iter()
            .map(|query| (Effect::Block, topic("has a word of the `block_file`", query)));
        GateSpec {
            approve: self.approve,
            rules: queries.into_iter().flatten().chain(lists).collect(),
            blocks_personal_data: self.personal_data == PersonalData::Block,
            holds_profanity: self.profanity == Profanity::Wait,
            hold: self.hold.0,
            shuffles: self.quiet == Quiet::Shuffle,
        }
    }

    /// Whether it holds anything back: one that lets every text through is none.
    pub fn holds_back(&self) -> bool {
        let has_rule = self.block.is_some() || self.block_file.is_some() || self.wait.is_some();
        self.approve == Approve::All || (self.approve == Approve::Rules && has_rule)
    }

    /// The queries that it contains, with their keys.
    pub fn queries(&self) -> [(&'static str, Option<&str>); 3] {
        [("block", self.block.as_deref()), ("pass", self.pass.as_deref()), ("wait", self.wait.as_deref())]
    }
}

/// A rule as a topic, whose label says what it does with a text.
fn topic(label: &str, query: String) -> Topic {
    Topic { name: String::new(), label: label.into(), query, color: 0 }
}

/// The words and phrases in a file of blocked words.
///
/// # Errors
/// Why it cannot be read.
pub fn words(file: &Path) -> Result<Vec<String>, String> {
    let size = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE {
        return Err(format!("it is larger than {MAX_FILE} bytes"));
    }
    let text = std::fs::read(file).map_err(|error| error.to_string())?;
    let text = String::from_utf8(text).map_err(|_| "it is not UTF-8".to_owned())?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(|line| line.split('#').next().unwrap_or(""));
    let words: Vec<String> =
        lines.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    match words.len() {
        ..=MAX_WORDS => Ok(words),
        count => Err(format!("it has {count} entries; at most {MAX_WORDS} are read")),
    }
}

/// Queries that match any of the words, none longer than a query may be.
fn queries_of(words: &[String]) -> Vec<String> {
    let mut queries: Vec<String> = Vec::new();
    for word in words {
        let part = match word.strip_prefix('@') {
            Some(author) => format!("from:{author}"),
            None => format!("\"{}\"", word.replace(['"', '\\'], " ")),
        };
        match queries.last_mut().filter(|query| query.len() + part.len() + 4 <= MAX_QUERY / 2) {
            Some(query) => *query += &format!(" OR {part}"),
            None => queries.push(part),
        }
    }
    queries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    #[test]
    fn a_file_of_words_becomes_queries_that_can_be_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("words.txt");
        let many: String = (0..900).map(|i| format!("word{i}\n")).collect();
        std::fs::write(&file, format!("\u{feff}# scam\nfree \"money\"  # so called\n@spammer\n\n{many}"))
            .expect("written");
        let words = words(&file).expect("can be read");
        assert_eq!((&*words[0], &*words[1], words.len()), ("free \"money\"", "@spammer", 902));
        let queries = queries_of(&words);
        assert!(
            queries.len() > 1 && queries[0].starts_with("\"free  money \" OR from:spammer OR \"word0\""),
            "{}",
            queries[0]
        );
        assert!(queries.iter().all(|query| query.len() <= MAX_QUERY && Query::parse(query).is_ok()));
        std::fs::write(&file, [0xff, 0xfe]).expect("written");
        assert_eq!(super::words(&file), Err("it is not UTF-8".into()));
        assert!(super::words(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_gate_without_keys_asks_for_everything() {
        let spec = GateTable::default().spec(Path::new(""));
        assert_eq!((spec.approve, spec.blocks_personal_data, spec.rules.len()), (Approve::All, true, 0));
    }
}
