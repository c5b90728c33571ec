//! What stands beside a place in a text, joined with it by a word or a sign: `Berlin to London`,
//! `Paris/Berlin`, `Tokyo ✈ Rome`. It is read as a place, too, though by itself it would be an ordinary
//! word, somebody, or too small.

use std::ops::Range;

use super::common::{JOIN, WORDS};
use super::names::{Found, Margin, common, of_city};
use super::profile::joins;
use super::table::Named;
use super::text::{AFTER_IN, BARE, Look, MAX_NAME};
use super::words::{Case, Gap, Word, gap_before};
use super::{Hit, Precision};
use crate::mention::Country;

/// What joins two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    /// A word such as `to`, an arrow, a slash.
    Firm,
    /// A comma, a hyphen, hashtags side by side: it joins other things, too.
    Loose,
}

impl Look<'_> {
    /// The place that is joined to one in `country` whose words end at `end`.
    pub(super) fn joined_behind(&mut self, end: usize, country: Country) -> Option<Hit> {
        let (join, from) = match sign_before(self.text, self.words, end) {
            Some(join) => (join, end),
            None if self.is_join(end) => (Join::Firm, end + 1),
            None => return None,
        };
        let more = (1..MAX_NAME).take_while(|n| from + n < self.words.len() && self.joins(from + n));
        (1..=more.count() + 1).rev().find_map(|length| self.joined(from..from + length, join, country))
    }

    /// The place that is joined to one in `country` whose words begin at `start`.
    pub(super) fn joined_before(&mut self, start: usize, country: Country) -> Option<Hit> {
        let (join, to) = match sign_before(self.text, self.words, start) {
            Some(join) => (join, start),
            None if start > 1 && self.is_join(start - 1) => (Join::Firm, start - 1),
            None => return None,
        };
        let more = (1..MAX_NAME).take_while(|n| to > *n && self.joins(to - n));
        (1..=more.count() + 1)
            .rev()
            .find_map(|length| self.joined(to.checked_sub(length)?..to, join, country))
    }

    fn joins(&self, i: usize) -> bool {
        joins(self.text, self.words, i)
    }

    /// Whether the word at `i` is one that joins the words around it.
    fn is_join(&mut self, i: usize) -> bool {
        let is_spaced = |word: &Word| word.gap == Gap::Joined && !word.tag;
        let [word, next, ..] = &self.words[i.min(self.words.len())..] else { return false };
        is_spaced(word)
            && next.gap == Gap::Joined
            && JOIN.has_word(&self.text[word.range.clone()], &mut self.key)
    }

    /// The place that these words mean beside another one. Of several of that name, none of which
    /// stands out, it is the one in the other's country, else the largest: it is elsewhere in any case.
    fn joined(&mut self, range: Range<usize>, join: Join, country: Country) -> Option<Hit> {
        let words = self.words.get(range.clone())?;
        let hash = self.key.of(self.text, words);
        let (small, ordinary) = (words.first()?.case == Case::Small, WORDS.has(hash));
        let is_firm = join == Join::Firm && !(small && ordinary) || !small && !ordinary;
        if !is_firm || !self.own.knows(hash) || self.goes_on(range.end) {
            return None;
        }
        let found = Found::of(self.own, hash);
        let least = if small { BARE } else { AFTER_IN };
        let of_many = || {
            let is_there = |(city, _): &&(u16, i16)| self.own.country(Named::City(*city)) == country;
            let there = found.cities.iter().filter(|(_, score)| *score >= least).find(is_there);
            let (city, _) = there.or(found.cities.first()).filter(|_| !found.is_named())?;
            Some(of_city(self.own, *city))
        };
        // `US and China`.
        let is_code = words.len() == 1 && words[0].case == Case::Shout;
        let of_code = || common(self.own, &found.holders).filter(|_| is_code);
        let hit = found.alone(self.own, Margin::CLEAR).or_else(of_many).or_else(of_code)?;
        let known = match hit.precision {
            Precision::City => found.best() >= least,
            Precision::Country => found.is_named() || is_code,
            _ => found.is_named(),
        };
        known.then_some(hit)
    }
}

/// How a sign joins the words on both sides of it, if one stands before the word at `i`.
fn sign_before(text: &str, words: &[Word], i: usize) -> Option<Join> {
    if i == 0 || i >= words.len() {
        return None;
    }
    let gap = gap_before(text, words, i);
    let tag = gap.ends_with('#');
    match gap.trim_end_matches('#').trim() {
        "" if tag => Some(Join::Loose),
        "," | "،" | "、" | "-" => Some(Join::Loose),
        sign if !sign.is_empty() && sign.chars().all(is_join) => Some(Join::Firm),
        _ => None,
    }
}

fn is_join(c: char) -> bool {
    matches!(c,
        ' ' | '/' | '|' | '&' | '+' | '-' | '–' | '—' | '<' | '>' | '=' | '~' | '×' | '·' | '•' | '\u{2044}'
        | '\u{2190}'..='\u{21ff}' | '\u{2708}' | '\u{2794}'..='\u{27be}' | '\u{27f0}'..='\u{27ff}'
        | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{1f680}'..='\u{1f6ff}')
}
