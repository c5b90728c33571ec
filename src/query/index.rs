//! All words and fields that a set of queries asks for, each once, in one index: a look at a mention
//! tells which of them occur, whatever their number.

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

use super::field::{Field, network};
use super::find::{Atom, Find, fits, fold_into, follow, is_whole};
use super::subject::Subject;
use super::tokens::Tokens;
use super::tree::What;
use super::trie::Trie;
use crate::mention::{Country, Lang};

/// Something that queries ask for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Leaf {
    Find(Find),
    Field(Field),
}

impl Leaf {
    /// What a part without parts asks for.
    pub fn of(what: &What) -> Option<Self> {
        match what {
            What::Words(words) => Some(Self::Find(words.find.clone())),
            What::Field(field) => Some(Self::Field(field.clone())),
            _ => None,
        }
    }
}

/// The leaves, by what is looked up in a mention.
#[derive(Debug, Default)]
pub struct Index {
    leaves: Vec<Leaf>,
    /// By hash of a token: the phrases that have it, as a range of `phrases`.
    words: FxHashMap<u64, (u32, u32)>,
    /// Phrases, and which of their tokens it is.
    phrases: Vec<(u32, u32)>,
    sieve: Sieve,
    prefixes: Trie,
    /// Texts that are found anywhere, with their leaves.
    parts: Option<(AhoCorasick, Vec<u32>)>,
    langs: FxHashMap<Lang, u32>,
    countries: FxHashMap<Country, u32>,
    names: FxHashMap<String, u32>,
    name_starts: Vec<(String, u32)>,
    sources: FxHashMap<String, u32>,
    tags: FxHashMap<String, u32>,
    emotions: FxHashMap<String, u32>,
    /// Fields that are asked of every mention.
    flags: Vec<(Field, u32)>,
}

impl Index {
    pub fn new(leaves: Vec<Leaf>) -> Self {
        let mut index = Self::default();
        let mut parts: Vec<(&str, u32)> = Vec::new();
        let mut words: Vec<(u64, (u32, u32))> = Vec::new();
        for (leaf, id) in leaves.iter().zip(0..) {
            match leaf {
                Leaf::Find(Find::Phrase(atoms)) => words.extend(rarest(atoms, id)),
                Leaf::Find(Find::Prefix(_, start)) => index.prefixes.insert(start, id),
                Leaf::Find(Find::Contains(part)) => parts.push((part, id)),
                Leaf::Field(field) => index.field(field, id),
            }
        }
        if !parts.is_empty() {
            let automaton = AhoCorasick::new(parts.iter().map(|(part, _)| part));
            let automaton = automaton.expect("queries are far too short for more than 2^31 states");
            index.parts = Some((automaton, parts.iter().map(|(_, id)| *id).collect()));
        }
        index.keep(words);
        index.leaves = leaves;
        index
    }

    fn keep(&mut self, mut words: Vec<(u64, (u32, u32))>) {
        words.sort_unstable();
        self.sieve = Sieve::new(words.iter().map(|(hash, _)| *hash));
        for same in words.chunk_by(|a, b| a.0 == b.0) {
            let start = self.phrases.len() as u32;
            self.phrases.extend(same.iter().map(|(_, phrase)| phrase));
            self.words.insert(same[0].0, (start, self.phrases.len() as u32));
        }
    }

    fn field(&mut self, field: &Field, id: u32) {
        match field {
            Field::Lang(lang) => drop(self.langs.insert(*lang, id)),
            Field::Country(country) => drop(self.countries.insert(*country, id)),
            Field::From(name) => drop(self.names.insert(name.clone(), id)),
            Field::FromPrefix(start) => self.name_starts.push((start.clone(), id)),
            Field::Source(name) => drop(self.sources.insert(name.clone(), id)),
            Field::Tag(tag) => drop(self.tags.insert(tag.clone(), id)),
            Field::Emotion(name) => drop(self.emotions.insert(name.clone(), id)),
            flag => self.flags.push((flag.clone(), id)),
        }
    }

    pub fn len(&self) -> usize {
        self.leaves.len()
    }

    /// True when [`Tokens::plain`] is looked into; not for plain ASCII.
    pub fn needs_plain(&self) -> bool {
        self.parts.is_some()
    }

    /// Calls `hit` with every leaf that occurs, some more than once. `room` is used for folding.
    pub fn look(&self, mention: &Subject<'_>, text: &Tokens, room: &mut String, mut hit: impl FnMut(u32)) {
        self.look_at_words(text, &mut hit);
        if let Some((automaton, ids)) = self.parts.as_ref().filter(|_| !text.plain().is_empty()) {
            automaton
                .find_overlapping_iter(text.plain())
                .filter(|found| is_whole(text.plain(), found.start()))
                .for_each(|found| hit(ids[found.pattern().as_usize()]));
        }
        self.look_at_fields(mention, room, &mut hit);
        let set = self.flags.iter().filter(|(flag, _)| flag.is_set(mention, text));
        set.for_each(|(_, id)| hit(*id));
    }

    fn look_at_words(&self, text: &Tokens, hit: &mut impl FnMut(u32)) {
        let list = text.list();
        let has_prefixes = !self.prefixes.is_empty();
        for (at, token) in list.iter().enumerate() {
            for (id, before) in self.phrases_with(token.hash) {
                let Leaf::Find(Find::Phrase(atoms)) = &self.leaves[*id as usize] else { continue };
                let start = at.checked_sub(*before as usize);
                let tokens = start.and_then(|start| list.get(start..start + atoms.len()));
                if tokens.is_some_and(|tokens| follow(atoms, tokens, text)) {
                    hit(*id);
                }
            }
            if has_prefixes {
                self.prefixes.beginnings(text.text(token), |id| {
                    let Leaf::Find(Find::Prefix(kind, _)) = &self.leaves[id as usize] else { return };
                    if fits(*kind, token.kind) {
                        hit(id);
                    }
                });
            }
        }
    }

    fn phrases_with(&self, hash: u64) -> &[(u32, u32)] {
        let range = self.sieve.may_have(hash).then(|| self.words.get(&hash)).flatten();
        range.map_or(&[], |(start, end)| &self.phrases[*start as usize..*end as usize])
    }

    fn look_at_fields(&self, mention: &Subject<'_>, room: &mut String, hit: &mut impl FnMut(u32)) {
        let langs = mention.languages().filter_map(|lang| self.langs.get(&lang));
        let country = mention.country.and_then(|country| self.countries.get(&country));
        langs.chain(country).for_each(|id| hit(*id));
        if !(self.names.is_empty() && self.name_starts.is_empty()) {
            for name in mention.names() {
                look_up(&self.names, name, room, hit);
                let starts = self.name_starts.iter().filter(|(start, _)| room.starts_with(start.as_str()));
                starts.for_each(|(_, id)| hit(*id));
            }
        }
        if !self.sources.is_empty() {
            look_up(&self.sources, mention.source, room, hit);
            look_up(&self.sources, network(mention.network), room, hit);
        }
        if !self.tags.is_empty() {
            mention.tags.iter().for_each(|tag| look_up(&self.tags, tag, room, hit));
        }
        if !self.emotions.is_empty() {
            mention.felt().for_each(|emotion| look_up(&self.emotions, emotion, room, hit));
        }
    }
}

fn look_up(known: &FxHashMap<String, u32>, text: &str, room: &mut String, hit: &mut impl FnMut(u32)) {
    fold_into(text, room);
    if let Some(id) = known.get(room.as_str()) {
        hit(*id);
    }
}

/// A phrase is looked up by its longest word, which is the rarest as a rule.
fn rarest(atoms: &[Atom], id: u32) -> Option<(u64, (u32, u32))> {
    let longest = (0..).zip(atoms).max_by_key(|(_, atom)| atom.text.len());
    longest.map(|(at, atom)| (atom.hash, (id, at)))
}

/// Says in a few bytes that most words are not looked for: a bit for each hash, 16 times as many bits
/// as hashes.
#[derive(Debug, Default)]
struct Sieve {
    /// As many as a power of two; none when there are no hashes.
    bits: Vec<u64>,
}

impl Sieve {
    fn new(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        let size = if hashes.len() == 0 { 0 } else { hashes.len().div_ceil(4).next_power_of_two() };
        let mut sieve = Self { bits: vec![0; size] };
        for hash in hashes {
            let (word, bit) = sieve.place(hash);
            sieve.bits[word] |= bit;
        }
        sieve
    }

    fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        ((hash >> 6) as usize & self.bits.len().wrapping_sub(1), 1 << (hash & 63))
    }
}
