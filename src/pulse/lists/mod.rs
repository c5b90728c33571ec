//! The ranked lists of one stream: which of them its tiles want, counting for them, and drawing.

pub(super) mod emoji;
pub(super) mod ledger;
pub(super) mod links;
pub(super) mod names;
pub mod ranking;
pub mod ranks;
pub(super) mod rising;
pub(super) mod similar;
mod stop_words;
mod terms;

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Time;
use crate::layout::ranks::{Past, Rank, Terms};
use crate::mention::{Reach, ReachKind};
use crate::pulse::facts::Facts;
use crate::pulse::fold::counts::AsOf;
use crate::pulse::hearing::gaps::Gaps;
use crate::pulse::lists::ledger::Said;
use crate::pulse::lists::names::{Kinds, Named};
use crate::pulse::lists::ranking::{Entry, LIMIT, Ranking, Span, Use};
use crate::pulse::lists::ranks::{Ranked, Ranks, Rising, Term, TermKind, Voice};
use crate::pulse::people::People;
use crate::pulse::turn::is_turn;

/// Terms of each kind in a list at most.
const TERMS: usize = 80;
/// So many times as many are looked at where some are names of people.
const LOOKED_AT: usize = 3;
/// Authors in a list at most.
const VOICES: usize = 40;
/// Places in a bucket of the day, of which seven eighths are used: of everything at least, and at
/// most when few topics want a day, in all topics together, of a topic at least.
const DAY_PLACES: usize = 2_048;
const DAY_PLACES_MOST: usize = 4_096;
const DAY_PLACES_OF_TOPICS: usize = 8_192;
const DAY_PLACES_LEAST: usize = 128;

const HOUR_EVERY: Duration = Duration::from_secs(5);
const DAY_EVERY: Duration = Duration::from_secs(60);
const RISING_EVERY: Duration = Duration::from_secs(15);
/// Refreshes of lists are spread so that not all streams have theirs at one time.
const STAGGER: Duration = Duration::from_millis(700);

/// Which lists the tiles of a wall want of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wanted {
    pub hour: Kinds,
    pub day: Kinds,
    pub rising: Kinds,
    pub authors: bool,
    pub authors_of_day: bool,
}

impl Wanted {
    /// Wants what tells what a burst is about.
    pub fn explain(&mut self) {
        self.terms(Terms::All, Rank::Most, None);
        self.authors(None);
    }

    /// Wants a list of terms.
    pub fn terms(&mut self, of: Terms, rank: Rank, past: Option<Past>) {
        let list = match (rank, past.unwrap_or_default()) {
            (Rank::Rising, _) => &mut self.rising,
            (Rank::Most, Past::Hour) => &mut self.hour,
            (Rank::Most, Past::Day) => &mut self.day,
        };
        *list = list.with(kinds_of(of));
    }

    /// Wants a list of authors.
    pub fn authors(&mut self, past: Option<Past>) {
        self.authors = true;
        self.authors_of_day |= past == Some(Past::Day);
    }

    /// All kinds of terms that are counted.
    pub fn kinds(&self) -> Kinds {
        self.hour.with(self.day).with(self.rising)
    }

    /// Whether the past day is counted.
    pub fn is_long(&self) -> bool {
        self.authors_of_day || !self.day.with(self.rising).is_empty()
    }
}

/// The kinds of terms in a cloud.
pub fn kinds_of(terms: Terms) -> Kinds {
    match terms {
        Terms::All => Kinds::of(&[TermKind::Word, TermKind::Hashtag]),
        Terms::Words => Kinds::of(&[TermKind::Word]),
        Terms::Hashtags => Kinds::of(&[TermKind::Hashtag]),
        Terms::Emoji => Kinds::of(&[TermKind::Emoji]),
        Terms::Links => Kinds::of(&[TermKind::Link]),
    }
}

/// Names in a bucket of the day for a topic, when so many topics want one.
pub fn day_limit(order: usize, topics: usize) -> usize {
    let share = (DAY_PLACES_OF_TOPICS / topics.max(1)).clamp(DAY_PLACES_LEAST, DAY_PLACES);
    // What topics leave is everything's.
    let rest = (DAY_PLACES + DAY_PLACES_OF_TOPICS).saturating_sub(share * topics);
    let places = if order == 0 { rest.clamp(DAY_PLACES, DAY_PLACES_MOST) } else { share };
    (1 << places.ilog2()) / 8 * 7
}

/// What is counted together: words and hashtags, emoji, links.
const CLASSES: [&[TermKind]; 3] =
    [&[TermKind::Word, TermKind::Hashtag], &[TermKind::Emoji], &[TermKind::Link]];

fn class(kind: TermKind) -> usize {
    match kind {
        TermKind::Word | TermKind::Hashtag => 0,
        TermKind::Emoji => 1,
        TermKind::Link => 2,
    }
}

/// The lists of one stream.
#[derive(Debug)]
pub struct Lists {
    wanted: Wanted,
    terms: [Option<Ranking>; CLASSES.len()],
    authors: Option<Ranking>,
    /// Something changed since the hour, the day and the rising were drawn.
    stirred: [bool; 3],
    turns: [Option<i64>; 3],
    offset: Duration,
    /// The last second of which a mention came without its words.
    thinned: Option<i64>,
}

impl Lists {
    /// Empty at the second `now`, with `limit` names in a bucket of the day; `order` is the
    /// stream's place among the others.
    pub fn new(wanted: Wanted, now: i64, limit: usize, order: usize) -> Self {
        let long = wanted.day.with(wanted.rising);
        let terms = CLASSES.map(|kinds| {
            let kinds = Kinds::of(kinds);
            let day = kinds.meets(long).then_some(limit);
            kinds.meets(wanted.kinds()).then(|| Ranking::new(now, day))
        });
        let day = wanted.authors_of_day.then_some(limit.min(LIMIT));
        let authors = wanted.authors.then(|| Ranking::new(now, day));
        let offset = STAGGER * (order % 8) as u32;
        Self { wanted, terms, authors, stirred: [false; 3], turns: [None; 3], offset, thinned: None }
    }

    /// Words and hashtags by name.
    pub fn words(&self) -> Option<&Ranking> {
        self.terms[class(TermKind::Word)].as_ref()
    }

    /// Authors by name.
    pub fn people(&self) -> Option<&Ranking> {
        self.authors.as_ref()
    }

    /// The kinds of terms that are counted.
    pub fn kinds(&self) -> Kinds {
        self.wanted.kinds()
    }

    /// Moves on to the second `now`.
    pub fn advance(&mut self, now: i64) {
        let mut moved = false;
        for ranking in self.terms.iter_mut().chain([&mut self.authors]).flatten() {
            moved |= ranking.advance(now);
        }
        if moved {
            self.stirred = [true; 3];
        }
    }

    /// Counts the terms and the author of a mention.
    pub fn count(&mut self, facts: &Facts<'_>) {
        let at = facts.at.as_secs();
        if facts.whole {
            self.say(facts.terms, at, facts.mood, facts.copy);
        } else if facts.thinned {
            self.thinned = self.thinned.max(Some(at));
        }
        let (Some(authors), Some((name, form))) = (&mut self.authors, facts.author) else { return };
        let own = !form.is_empty();
        let Some(entry) = authors.used(Use { name, form, at, mood: facts.mood, own }) else { return };
        let person = entry.person.get_or_insert_default();
        person.followers = person.followers.max(facts.followers.map(|followers| (at, followers)));
        facts.reach.into_iter().for_each(|reach| person.reaches(reach));
        if let Some(handle) = facts.handle.filter(|_| own && person.handle.is_none()) {
            person.handle = Some(handle.into());
        }
        self.stirred = [true; 3];
    }

    /// Counts the terms of a mention.
    pub fn say(&mut self, terms: &[Named<'_>], at: i64, mood: Option<f32>, copy: bool) {
        if !copy {
            self.terms.iter_mut().flatten().for_each(|ranking| ranking.said(at));
        }
        for term in terms {
            let Some(ranking) = &mut self.terms[class(term.kind)] else { continue };
            let one = Use { name: term.name, form: term.form, at, mood, own: !copy };
            if let Some(entry) = ranking.used(one) {
                entry.kind = term.kind;
                self.stirred = [true; 3];
            }
        }
    }

    /// Takes back what a mention's terms counted for.
    pub fn retract(&mut self, said: &Said) {
        for ranking in self.terms.iter_mut().flatten() {
            let names = said.names().iter();
            names.for_each(|name| ranking.unused(*name, said.at, said.mood, !said.copy));
            if said.whole && !said.copy {
                ranking.unsaid(said.at);
            }
        }
        self.stirred = [true; 3];
    }

    /// The next drawing has all lists as they are now, whoever's turn it is: what they had must not be seen any more.
    pub fn hurry(&mut self) {
        (self.stirred, self.turns) = ([true; 3], [None; 3]);
    }

    /// Lets go of somebody's name in one mention; it stays counted.
    pub fn unname(&mut self, author: u64, at: i64) {
        if let Some(authors) = &mut self.authors {
            authors.unnamed(author, at);
            self.stirred = [true; 3];
        }
    }

    /// What is to be drawn at `now`, into what was drawn last, without the names of `people`.
    pub fn draw(
        &mut self,
        now: Time,
        gaps: &Gaps,
        people: Option<&People>,
        drawn: &mut Ranked,
        as_of: &mut AsOf,
    ) {
        let empty = drawn.hour.terms.is_empty() && drawn.hour.authors.is_empty();
        if self.is_due(0, now, HOUR_EVERY, empty) {
            drawn.hour = self.ranks(Span::Hour, now, people, &drawn.hour);
        }
        let empty = drawn.day.terms.is_empty() && drawn.day.authors.is_empty();
        if self.wanted.is_long() && self.is_due(1, now, DAY_EVERY, empty) {
            drawn.day = self.ranks(Span::Day, now, people, &drawn.day);
        }
        let has_past = rising::has_past(now.as_secs(), gaps);
        if !self.wanted.rising.is_empty() && self.is_due(2, now, RISING_EVERY, has_past != drawn.has_past) {
            drawn.has_past = has_past;
            drawn.rising = same_or(&drawn.rising, if has_past { self.rising(people) } else { Vec::new() });
        }
        let wanted =
            [self.wanted != Wanted::default(), self.wanted.is_long(), !self.wanted.rising.is_empty()];
        for (i, part) in [&mut as_of.hour, &mut as_of.day, &mut as_of.rising].into_iter().enumerate() {
            if wanted[i] && !self.stirred[i] {
                *part = Some(now);
            }
        }
    }

    fn is_due(&mut self, which: usize, now: Time, every: Duration, empty: bool) -> bool {
        let turn = is_turn(&mut self.turns[which], now, every, self.offset);
        let due = self.stirred[which] && (turn || empty);
        if due {
            self.stirred[which] = false;
        }
        due
    }

    fn ranks(&self, span: Span, now: Time, people: Option<&People>, old: &Ranks) -> Ranks {
        let (kinds, authors) = match span {
            Span::Hour => (self.wanted.kinds(), self.authors.as_ref()),
            Span::Day => (self.wanted.day, self.authors.as_ref().filter(|_| self.wanted.authors_of_day)),
        };
        let missed = |ranking: &Ranking| ranking.missed(span);
        let mut terms = Vec::new();
        let mut terms_missed = 0;
        for kind in TermKind::ALL.into_iter().filter(|kind| kinds.has(*kind)) {
            let Some(ranking) = &self.terms[class(kind)] else { continue };
            terms.extend(draw_terms(ranking, kind, span, people));
            terms_missed = terms_missed.max(missed(ranking));
        }
        terms.sort_by_key(|term| Reverse(term.count));
        Ranks {
            terms: same_or(&old.terms, terms),
            authors: same_or(&old.authors, authors.map_or_else(Vec::new, |all| by_volume(all, span))),
            reach: same_or(&old.reach, authors.map_or_else(Vec::new, |all| by_reach(all, span))),
            terms_missed,
            authors_missed: authors.map_or(0, missed),
            thinned: self.thinned.is_some_and(|at| now.as_secs() - at < past_secs(span)),
        }
    }

    fn rising(&self, people: Option<&People>) -> Vec<Rising> {
        let kinds = self.wanted.rising;
        let mut all: Vec<Rising> =
            self.terms.iter().flatten().flat_map(|terms| rising::rising(terms, kinds, spelling)).collect();
        all.retain(|one| people.is_none_or(|people| !people.hides(one.kind, &one.text, one.count)));
        rising::sort(&mut all);
        all
    }
}

/// The longest that a list reaches back.
const fn past_secs(span: Span) -> i64 {
    match span {
        Span::Hour => 3_600,
        Span::Day => 86_400,
    }
}

/// The old list where it says the same.
fn same_or<T: PartialEq>(old: &Arc<[T]>, new: Vec<T>) -> Arc<[T]> {
    if **old == *new { old.clone() } else { new.into() }
}

fn draw_terms(ranking: &Ranking, kind: TermKind, span: Span, people: Option<&People>) -> Vec<Term> {
    let count = |entry: &Entry| Some(entry.count(span)).filter(|count| *count > 0 && entry.kind == kind);
    let term = |(name, entry): (u64, &Entry)| {
        let (text, count, mood) = (spelling(entry), entry.count(span), entry.mood(span));
        (name, Term { text, count, kind, mood, by_hour: Arc::default() })
    };
    let looked_at = if people.is_some() { TERMS * LOOKED_AT } else { TERMS };
    let all = ranking.named_top(looked_at, count).into_iter().map(term);
    let told = all.filter(|(_, term)| !people.is_some_and(|p| p.hides(kind, &term.text, term.count)));
    let with_hours = |(name, term): (u64, Term)| match span {
        Span::Hour => term,
        Span::Day => Term { by_hour: ranking.by_hour(name).into(), ..term },
    };
    told.take(TERMS).map(with_hours).collect()
}

/// A hashtag stands with its `#`, also where it was written with a wide one.
pub fn spelling(entry: &Entry) -> Arc<str> {
    let form = if entry.kind == TermKind::Word { entry.word_form() } else { entry.form() };
    form.strip_prefix('＃').map_or_else(|| form.into(), |name| format!("#{name}").into())
}

fn voice(entry: &Entry, span: Span) -> Voice {
    let person = entry.person.as_deref();
    Voice {
        name: entry.form().into(),
        handle: person.and_then(|person| person.handle.as_deref()).map(Into::into),
        mentions: entry.count(span),
        followers: person.and_then(|person| person.followers).map(|(_, followers)| followers),
        reach: person.and_then(|person| person.reach()),
    }
}

/// Who is named at all: whose words were all taken back is not.
fn is_named(entry: &Entry, span: Span) -> bool {
    entry.own(span) > 0 && !entry.form().is_empty()
}

fn by_volume(authors: &Ranking, span: Span) -> Vec<Voice> {
    let count = |entry: &Entry| is_named(entry, span).then(|| entry.count(span));
    authors.top(VOICES, count).into_iter().map(|entry| voice(entry, span)).collect()
}

/// Of the kind of reach that most authors tell; unlike kinds are not compared.
fn by_reach(authors: &Ranking, span: Span) -> Vec<Voice> {
    let kinds = [ReachKind::Followers, ReachKind::Impressions, ReachKind::SiteVisitors, ReachKind::Vendor];
    let reach = |entry: &Entry| entry.person.as_deref().and_then(|person| person.reach());
    let of = |kind: ReachKind| {
        move |entry: &Entry| {
            let told: Option<Reach> = reach(entry).filter(|told| told.kind == kind && is_named(entry, span));
            told.map(|told| (told.value, entry.count(span)))
        }
    };
    let most = kinds.into_iter().rev().max_by_key(|kind| authors.count(of(*kind)));
    let list = most.map_or_else(Vec::new, |kind| authors.top(VOICES, of(kind)));
    list.into_iter().map(|entry| voice(entry, span)).collect()
}

#[cfg(test)]
mod tests;
