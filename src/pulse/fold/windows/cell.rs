//! What is counted in one step of time.

use crate::metric::Tally;

/// Counts of one step, and their sums over many. Sums wrap rather than panic: they stay exact
/// because what was added is what is taken away.
pub trait Cell: Copy + Default + PartialEq {
    type Sum: Copy + Default + PartialEq;

    fn add_to(&self, sum: &mut Self::Sum);
    fn take_from(&self, sum: &mut Self::Sum);
    /// Adds another step's counts.
    fn join(&mut self, other: &Self);
    fn mentions(&self) -> u32;

    /// All of `cells` in one.
    fn all(cells: impl Iterator<Item = Self>) -> Self {
        cells.fold(Self::default(), |mut all, cell| {
            all.join(&cell);
            all
        })
    }
}

impl Cell for u32 {
    type Sum = u64;

    fn add_to(&self, sum: &mut u64) {
        *sum = sum.wrapping_add(u64::from(*self));
    }

    fn take_from(&self, sum: &mut u64) {
        *sum = sum.wrapping_sub(u64::from(*self));
    }

    fn join(&mut self, other: &Self) {
        *self = self.wrapping_add(*other);
    }

    fn mentions(&self) -> u32 {
        *self
    }
}

/// All that is counted of a stream. 40 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub mentions: u32,
    pub positive: u32,
    pub neutral: u32,
    pub negative: u32,
    pub judged: u32,
    pub located: u32,
    pub points: u32,
    /// Of those who spoke last in this step.
    pub authors: u32,
    pub followers: u64,
}

impl Counted {
    /// The counts of a sum; `None` when one is more than a step can have.
    pub fn of_sum(sum: &Tally) -> Option<Self> {
        let small = |count: u64| u32::try_from(count).ok();
        Some(Self {
            mentions: small(sum.mentions)?,
            positive: small(sum.positive)?,
            neutral: small(sum.neutral)?,
            negative: small(sum.negative)?,
            judged: small(sum.judged)?,
            located: small(sum.located)?,
            points: small(sum.points)?,
            authors: 0,
            followers: sum.followers,
        })
    }

    /// The same as a sum.
    pub fn to_sum(self) -> Tally {
        let mut sum = Tally::default();
        self.add_to(&mut sum);
        sum
    }

    fn into_sum(self, sum: &mut Tally, with: fn(u64, u64) -> u64) {
        let known = self.positive.wrapping_add(self.neutral).wrapping_add(self.negative);
        let parts = [
            (&mut sum.mentions, self.mentions),
            (&mut sum.positive, self.positive),
            (&mut sum.neutral, self.neutral),
            (&mut sum.negative, self.negative),
            (&mut sum.unknown, self.mentions.wrapping_sub(known)),
            (&mut sum.judged, self.judged),
            (&mut sum.located, self.located),
            (&mut sum.points, self.points),
            (sum.authors.get_or_insert(0), self.authors),
        ];
        for (sum, part) in parts {
            *sum = with(*sum, u64::from(part));
        }
        sum.followers = with(sum.followers, self.followers);
    }
}

impl Cell for Counted {
    type Sum = Tally;

    fn add_to(&self, sum: &mut Tally) {
        self.into_sum(sum, u64::wrapping_add);
    }

    fn take_from(&self, sum: &mut Tally) {
        self.into_sum(sum, u64::wrapping_sub);
    }

    fn join(&mut self, other: &Self) {
        let parts = [
            (&mut self.mentions, other.mentions),
            (&mut self.positive, other.positive),
            (&mut self.neutral, other.neutral),
            (&mut self.negative, other.negative),
            (&mut self.judged, other.judged),
            (&mut self.located, other.located),
            (&mut self.points, other.points),
            (&mut self.authors, other.authors),
        ];
        for (own, part) in parts {
            *own = own.wrapping_add(part);
        }
        self.followers = self.followers.wrapping_add(other.followers);
    }

    fn mentions(&self) -> u32 {
        self.mentions
    }
}
