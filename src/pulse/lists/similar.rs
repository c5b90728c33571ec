//! Which texts say the same: copies of a text that was heard lately are folded into the first.
//!
//! Two texts are alike when their fingerprints of 64 bits differ in at most [`APART`]: the
//! similarity hash of Charikar (STOC 2002) over the words of a text, found by bands as Manku, Jain
//! and Das Sarma do it (WWW 2007): fingerprints that differ in three bits agree in one of four
//! bands of sixteen. A post of forty words may differ in about one, a short one hardly at all.
//! Texts under [`FEWEST`] words are never alike: many people write "love it" by themselves.

use crate::pulse::recent::Recent;
use crate::query::tokens::{Kind, Tokens};

/// So many different texts are remembered.
pub const TEXTS: usize = 65_536;
/// A copy comes at most so long after the text or its last copy, seconds.
pub const WITHIN: i64 = 600;
/// Bits in which the fingerprints of copies may differ.
pub const APART: u32 = 3;
/// Words that a text must have.
pub const FEWEST: usize = 5;
const BANDS: usize = 4;
/// Texts of one band looked at for each that comes.
const STEPS: usize = 24;
/// Most words of a text that are looked at; a counter holds so many.
const MOST: u32 = 1_023;

/// The texts heard lately.
#[derive(Debug)]
pub struct Similar {
    texts: Recent<Text>,
    /// The lowest bits of the number of the newest text, by band and its bits. One from so long ago
    /// that its bits mean another text by now leads to a text that is not alike.
    heads: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Text {
    print: u64,
    /// Second of the latest copy.
    last: i64,
    copies: u32,
    /// False when it has too few words, or was taken back.
    counts: bool,
    /// How many texts before this one came the next with the same bits, by band; 0 is none.
    back: [u16; BANDS],
}

impl Default for Similar {
    fn default() -> Self {
        Self { texts: Recent::new(TEXTS as u32), heads: Vec::new() }
    }
}

impl Similar {
    /// Takes note of a text said at the second `at`; true when it is the copy of one. `parent` is
    /// what it repeats, if it says so; `print` its fingerprint, if it has one. All by hash.
    pub fn is_copy(&mut self, uid: u64, parent: Option<u64>, print: Option<u64>, at: i64) -> bool {
        let repeated = parent.filter(|parent| self.texts.has(*parent));
        let first = match (repeated, print) {
            (Some(parent), _) => self.texts.get_mut(parent),
            (None, Some(print)) => self.find(print, at).and_then(|number| self.texts.at_mut(number)),
            (None, None) => None,
        };
        if let Some(first) = first {
            first.copies = first.copies.saturating_add(1);
            first.last = first.last.max(at);
            return true;
        }
        self.add(uid, print, at);
        false
    }

    /// Whether another text would push none out.
    pub fn has_room(&self) -> bool {
        self.texts.has_room()
    }

    /// Copies that a text has, if it is remembered.
    pub fn copies(&self, uid: u64) -> Option<u32> {
        Some(self.texts.get(uid)?.copies)
    }

    /// A text was taken back or changed: nothing is its copy from now on. It stays in the chains of
    /// the texts that are like it.
    pub fn forget(&mut self, uid: u64) {
        if let Some(text) = self.texts.orphan(uid) {
            text.counts = false;
        }
    }

    /// The first text that this one is a copy of.
    fn find(&self, print: u64, at: i64) -> Option<u64> {
        if self.heads.is_empty() {
            return None;
        }
        (0..BANDS).find_map(|band| {
            let mut number = self.newest_like(print, band);
            for _ in 0..STEPS {
                let text = self.texts.at(number)?;
                let near = (text.last - at).abs() <= WITHIN && (text.print ^ print).count_ones() <= APART;
                if near && text.counts {
                    return Some(number);
                }
                number = number.checked_sub(u64::from(text.back[band])).filter(|_| text.back[band] > 0)?;
            }
            None
        })
    }

    /// Number of the newest text that agrees in a band; 0 for none.
    fn newest_like(&self, print: u64, band: usize) -> u64 {
        let (newest, low) = (self.texts.newest(), self.heads[head(print, band)]);
        if low == 0 { 0 } else { newest.saturating_sub(u64::from((newest as u32).wrapping_sub(low))) }
    }

    fn add(&mut self, uid: u64, print: Option<u64>, at: i64) {
        let number = self.texts.newest() + 1;
        let mut back = [0; BANDS];
        if let Some(print) = print {
            self.heads.resize(BANDS << 16, 0);
            for (band, back) in back.iter_mut().enumerate() {
                let older = self.newest_like(print, band);
                *back = u16::try_from(number - older).ok().filter(|_| older > 0).unwrap_or(0);
                self.heads[head(print, band)] = number as u32;
            }
        }
        let counts = print.is_some();
        self.texts.put(uid, Text { print: print.unwrap_or(0), last: at, copies: 0, counts, back });
    }
}

fn head(print: u64, band: usize) -> usize {
    (band << 16) | usize::from((print >> (16 * band)) as u16)
}

/// The fingerprint of a text, unless it has too few words. Handles and addresses make no
/// difference; where words are not written apart, pairs of letters are the words.
pub fn print(tokens: &Tokens) -> Option<u64> {
    let mut count = Majority::default();
    for token in tokens.list() {
        match token.kind {
            Kind::Handle => {}
            // What stands before a text that is passed on by hand.
            Kind::Word if tokens.text(token) == "rt" => {}
            Kind::Run(_) => {
                let letters = tokens.text(token).chars();
                letters
                    .clone()
                    .zip(letters.skip(1))
                    .for_each(|(a, b)| count.add(u64::from(a) << 32 | u64::from(b)));
            }
            Kind::Word | Kind::Number | Kind::Tag => count.add(token.hash),
        }
    }
    (count.words >= FEWEST as u32).then(|| count.bits())
}

/// Counts the bits of many words side by side: plane `n` holds the bit of value 2ⁿ of each count.
#[derive(Default)]
struct Majority {
    planes: [u64; 10],
    words: u32,
}

impl Majority {
    fn add(&mut self, word: u64) {
        if self.words == MOST {
            return;
        }
        self.words += 1;
        let mut carry = stirred(word);
        for plane in &mut self.planes {
            (*plane, carry) = (*plane ^ carry, *plane & carry);
            if carry == 0 {
                return;
            }
        }
    }

    /// The bits that more than half of the words have.
    fn bits(&self) -> u64 {
        let least = self.words / 2 + 1;
        let (mut more, mut equal) = (0, u64::MAX);
        for (i, plane) in self.planes.iter().enumerate().rev() {
            if least >> i & 1 == 1 {
                equal &= plane;
            } else {
                more |= equal & plane;
                equal &= !plane;
            }
        }
        more | equal
    }
}

/// The finalizer of SplitMix64: every bit of a word's hash stirs every bit of the fingerprint.
fn stirred(word: u64) -> u64 {
    let a = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    b ^ (b >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mention::reading;
    use crate::query::tokens::hash;

    fn of(text: &str) -> Option<u64> {
        let mut tokens = Tokens::default();
        tokens.read(&reading(text), false);
        print(&tokens)
    }

    const LONG: &str = "Two weeks with the new Aurora phone and the battery still lasts until late in the \
        evening, even with the camera running most of the day and the screen as bright as it goes, which \
        no other phone of mine ever did in all these years";

    #[test]
    fn copies_are_found_whoever_they_are_for_and_with_a_small_change() {
        let all = [
            LONG.to_owned(),
            format!("RT @someone: {LONG} https://a.example"),
            LONG.replace("bright", "dark"),
        ];
        let mut similar = Similar::default();
        let copies: Vec<bool> =
            all.iter().zip(1..).map(|(text, i)| similar.is_copy(i, None, of(text), 100)).collect();
        assert_eq!(copies, [false, true, true]);
        assert_eq!((similar.copies(1), similar.copies(2)), (Some(2), None));
        assert!(
            similar.is_copy(9, None, of("新製品のカメラが本当に綺麗！"), 100)
                != similar.is_copy(10, None, of("新製品のカメラが本当に綺麗"), 100)
        );
    }

    #[test]
    fn how_signs_are_written_makes_no_other_text() {
        let text = "It's a pity that \"Aurora\" won't charge - says the Oberbürgermeister...";
        for other in [
            text.replace('\'', "’"),
            text.replace('"', "”").replace("...", "…").replace(" - ", " ‑ "),
            text.replace("bürger", "\u{ad}bür\u{ad}ger").replace("Aurora", "Auro\u{200b}ra"),
            text.replace("Aurora", "Ａｕｒｏｒａ"),
        ] {
            assert_eq!(of(&other), of(text), "{other}");
        }
    }

    #[test]
    fn other_texts_and_short_ones_are_no_copies() {
        let mut similar = Similar::default();
        let texts =
            ["The battery of my phone is great today", "The camera of my phone is bad at night", LONG];
        for (text, i) in texts.iter().zip(1..) {
            assert!(!similar.is_copy(i, None, of(text), 100), "{text}");
        }
        assert_eq!(of("love it so much"), None);
        assert!(
            !similar.is_copy(8, None, of("love it"), 100) && !similar.is_copy(9, None, of("love it"), 100)
        );
    }

    #[test]
    fn after_ten_minutes_without_a_copy_it_is_news_again() {
        let mut similar = Similar::default();
        let said: Vec<bool> = [0, 600, 1_200, 1_801, 1_500]
            .into_iter()
            .zip(1..)
            .map(|(at, uid)| similar.is_copy(uid, None, of(LONG), at))
            .collect();
        assert_eq!(said, [false, true, true, false, true]);
    }

    #[test]
    fn a_repost_folds_into_its_parent_and_what_is_taken_back_has_no_copies() {
        let mut similar = Similar::default();
        assert!(!similar.is_copy(1, None, of("wow"), 0));
        assert!(similar.is_copy(2, Some(1), of("RT wow"), 5_000));
        assert_eq!(similar.copies(1), Some(1));
        similar.forget(1);
        assert!(!similar.is_copy(3, Some(1), None, 5_000));
        assert!(!similar.is_copy(4, None, of(LONG), 0));
        similar.forget(4);
        assert!(!similar.is_copy(5, None, of(LONG), 0));
    }

    #[test]
    fn the_oldest_are_forgotten_and_a_flood_of_one_band_costs_little() {
        let mut similar = Similar::default();
        for i in 0..TEXTS as u64 + 500 {
            // All agree in the lowest band.
            similar.is_copy(i, None, Some(hash(&i.to_string()) << 16), 0);
        }
        assert_eq!(similar.copies(3), None);
        assert_eq!(similar.copies(TEXTS as u64), Some(0));
    }

    proptest! {
        #[test]
        fn counting_side_by_side_is_counting(words in prop::collection::vec(any::<u64>(), 5..200)) {
            let mut count = Majority::default();
            words.iter().for_each(|word| count.add(*word));
            for bit in 0..64 {
                let set = words.iter().filter(|word| stirred(**word) >> bit & 1 == 1).count();
                prop_assert_eq!(count.bits() >> bit & 1 == 1, set * 2 > words.len());
            }
        }
    }
}
