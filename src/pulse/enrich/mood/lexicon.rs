//! What VADER knows of single words: how they are meant, and which of them change the words that
//! follow. The words and their values are those of `vaderSentiment` 3.3.2; see `assets/README.md`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::query::tokens::hash;

const LEXICON: &str = include_str!("../../../../assets/vader/lexicon.tsv");
const EMOJI: &str = include_str!("../../../../assets/vader/emoji.tsv");

/// By how much a degree adverb strengthens or weakens: the mean that its authors measured.
const BOOST: f64 = 0.293;

const STRONGER: &str = "absolutely amazingly awfully completely considerable considerably decidedly \
    deeply effing enormous enormously entirely especially exceptional exceptionally extreme extremely \
    fabulously flipping flippin frackin fracking fricking frickin frigging friggin fully fuckin fucking \
    fuggin fugging greatly hella highly hugely incredible incredibly intensely major majorly more most \
    particularly purely quite really remarkably so substantially thoroughly total totally tremendous \
    tremendously uber unbelievably unusually utter utterly very";
const WEAKER: &str = "almost barely hardly kinda kindof kind-of less little marginal marginally \
    occasional occasionally partly scarce scarcely slight slightly somewhat sorta sortof sort-of";
const NEGATIONS: &str = "aint arent cannot cant couldnt darent didnt doesnt dont hadnt hasnt havent isnt \
    mightnt mustnt neither neednt never none nope nor not nothing nowhere oughtnt shant shouldnt uhuh \
    wasnt werent uh-uh without wont wouldnt rarely seldom despite";

/// Words that some rule asks for.
const SIGNS: [(Sign, &str); 11] = [
    (Sign::No, "no"),
    (Sign::Or, "or nor"),
    (Sign::Least, "least"),
    (Sign::At, "at very"),
    (Sign::Kind, "kind"),
    (Sign::Of, "of"),
    (Sign::But, "but"),
    (Sign::Never, "never"),
    (Sign::So, "so this"),
    (Sign::Without, "without"),
    (Sign::Doubt, "doubt"),
];
/// One word of each of the [`PHRASES`] and [`WEAKER_PHRASES`], so that few texts are searched for them.
const KEYS: &str = "shit bomb ass stop right kiss die heart enough sort";

/// Several words that mean something else than each of them.
pub const PHRASES: [(&[&str], f64); 8] = [
    (&["the", "shit"], 3.0),
    (&["the", "bomb"], 3.0),
    (&["bad", "ass"], 1.5),
    (&["bus", "stop"], 0.0),
    (&["yeah", "right"], -2.0),
    (&["kiss", "of", "death"], -1.5),
    (&["to", "die", "for"], 3.0),
    (&["beating", "heart"], 3.5),
];
pub const WEAKER_PHRASES: [[&str; 2]; 3] = [["just", "enough"], ["kind", "of"], ["sort", "of"]];
/// What one of the [`WEAKER_PHRASES`] adds.
pub const WEAKER_BY: f64 = -BOOST;

/// Which rule asks for a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    #[default]
    Plain,
    No,
    Or,
    Least,
    At,
    Kind,
    Of,
    But,
    Never,
    So,
    Without,
    Doubt,
    /// Belongs to a phrase.
    Key,
}

/// What is known of a word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// −4 to 4.
    pub valence: Option<f64>,
    /// What it adds to a good word that follows; not 0 for degree adverbs only.
    pub boost: f64,
    pub negates: bool,
    pub sign: Sign,
}

/// Bits of [`Table::seen`]: 8 KiB, which stay in the fastest cache.
const BITS: u64 = 1 << 16;

/// All words, and by a hash whether one can be among them: most words of a text cannot.
struct Table {
    seen: Vec<u64>,
    words: FxHashMap<&'static str, Known>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let words = words();
    let mut seen = vec![0; (BITS / 64) as usize];
    for bit in words.keys().map(|word| bit(word)) {
        seen[(bit / 64) as usize] |= 1 << (bit % 64);
    }
    Table { seen, words }
});
static DESCRIPTIONS: LazyLock<FxHashMap<char, &'static str>> = LazyLock::new(|| {
    let one =
        |line: &'static str| line.split_once('\t').and_then(|(c, words)| Some((c.chars().next()?, words)));
    EMOJI.lines().filter_map(one).collect()
});

/// What is known of a word in small letters.
pub fn known(word: &str) -> Known {
    let Table { seen, words } = &*TABLE;
    let bit = bit(word);
    if seen[(bit / 64) as usize] & 1 << (bit % 64) == 0 {
        return Known::default();
    }
    words.get(word).copied().unwrap_or_default()
}

fn bit(word: &str) -> u64 {
    hash(word) % BITS
}

/// An emoji in words, if it is one.
pub fn described(c: char) -> Option<&'static str> {
    if c.is_ascii() { None } else { DESCRIPTIONS.get(&c).copied() }
}

fn words() -> FxHashMap<&'static str, Known> {
    let mut all: FxHashMap<&'static str, Known> = FxHashMap::default();
    for (word, value) in LEXICON.lines().filter_map(|line| line.split_once('\t')) {
        all.entry(word).or_default().valence = value.parse().ok();
    }
    let boosts = [(STRONGER, BOOST), (WEAKER, -BOOST)];
    for (word, by) in boosts.iter().flat_map(|(list, by)| list.split(' ').map(move |word| (word, *by))) {
        all.entry(word).or_default().boost = by;
    }
    NEGATIONS.split(' ').for_each(|word| all.entry(word).or_default().negates = true);
    for (sign, words) in SIGNS.into_iter().chain([(Sign::Key, KEYS)]) {
        words.split(' ').for_each(|word| all.entry(word).or_default().sign = sign);
    }
    all
}
