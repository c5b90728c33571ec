//! What is counted of mentions over a window, and every metric that tiles and the rules of alerts make of it: its
//! name, unit, formula and how sure it is. A new metric is a variant, a line of `Metric::about` and one of the
//! formula.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sums over one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub mentions: u64,
    pub positive: u64,
    pub neutral: u64,
    pub negative: u64,
    /// Mentions of unknown sentiment; never counted as neutral.
    pub unknown: u64,
    /// Of those whose sentiment is known, how many the wall judged itself; their sources judged the rest.
    pub judged: u64,
    /// Followers of the authors, added up over mentions that state them.
    pub followers: u64,
    /// Mentions with a place, if only a country.
    pub located: u64,
    /// Of those, how many have a point.
    pub points: u64,
    /// Different authors; `None` is not known (windows of more than a day of a topic of which
    /// nobody asks it).
    pub authors: Option<u64>,
    /// How sure `authors` is; every other count is exact.
    #[serde(default)]
    pub authors_are: Exactness,
}

/// How a count stands to the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exactness {
    #[default]
    Exact,
    /// A sketch's estimate: its standard error is 1.6 %.
    About,
    /// Some may be missing.
    AtLeast,
}

/// What is counted. A tile and a rule use the same words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// All mentions.
    #[default]
    Mentions,
    /// Mentions per minute, over the known part of the window.
    Rate,
    /// Followers of all authors, added up.
    Reach,
    /// Number of distinct authors.
    Authors,
    /// Positive mentions.
    Positive,
    /// Negative mentions.
    Negative,
    /// Mentions whose sentiment is unknown.
    Unknown,
    /// Positive mentions as a percentage of those with known sentiment.
    PositiveShare,
    /// Negative mentions as a percentage of those with known sentiment.
    NegativeShare,
    /// Mentions of unknown sentiment as a percentage of all.
    UnknownShare,
    /// (positive − negative) ÷ (positive + neutral + negative), in per cent.
    NetSentiment,
}

/// What a metric is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    PerMinute,
    PerCent,
    /// From −100 to 100.
    SignedPerCent,
}

impl Unit {
    /// Whether it is a part of something, so that it does not grow with what is heard.
    pub const fn is_part(self) -> bool {
        matches!(self, Self::PerCent | Self::SignedPerCent)
    }
}

/// What there is to say of a metric beside its value.
struct About {
    /// The word in layout files.
    name: &'static str,
    unit: Unit,
    /// What is counted, inside a sentence.
    noun: &'static str,
    heading: &'static str,
}

impl Metric {
    pub const ALL: [Self; 11] = [
        Self::Mentions,
        Self::Rate,
        Self::Reach,
        Self::Authors,
        Self::Positive,
        Self::Negative,
        Self::Unknown,
        Self::PositiveShare,
        Self::NegativeShare,
        Self::UnknownShare,
        Self::NetSentiment,
    ];

    #[rustfmt::skip]
    const fn about(self) -> About {
        let (name, unit, noun, heading) = match self {
            Self::Mentions => ("mentions", Unit::Count, "mentions", "Mentions"),
            Self::Rate => ("rate", Unit::PerMinute, "mentions a minute", "Mentions a minute"),
            Self::Reach => ("reach", Unit::Count, "followers of all authors", "Reach"),
            Self::Authors => ("authors", Unit::Count, "people", "People"),
            Self::Positive => ("positive", Unit::Count, "positive mentions", "Positive mentions"),
            Self::Negative => ("negative", Unit::Count, "negative mentions", "Negative mentions"),
            Self::Unknown => ("unknown", Unit::Count, "of unknown sentiment", "Unknown sentiment"),
            Self::PositiveShare => ("positive_share", Unit::PerCent, "positive", "Positive"),
            Self::NegativeShare => ("negative_share", Unit::PerCent, "negative", "Negative"),
            Self::UnknownShare => ("unknown_share", Unit::PerCent, "of unknown sentiment", "Unknown sentiment"),
            Self::NetSentiment => ("net_sentiment", Unit::SignedPerCent, "net sentiment", "Net sentiment"),
        };
        About { name, unit, noun, heading }
    }

    /// The word in layout files.
    pub const fn name(self) -> &'static str {
        self.about().name
    }

    pub const fn unit(self) -> Unit {
        self.about().unit
    }

    /// What is counted, under a heading that does not say it.
    pub const fn noun(self) -> &'static str {
        self.about().noun
    }

    /// The same, as a heading.
    pub const fn heading(self) -> &'static str {
        self.about().heading
    }

    /// The metric of a word, in any case.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| word.eq_ignore_ascii_case(metric.name()))
    }

    /// What a word meant in rules of version 0.1, which had words of their own; `None` where that has not changed.
    /// Its shares had a `%` but no name of their own, and no count had their names.
    pub fn formerly(word: &str, is_per_cent: bool) -> Option<Self> {
        match (word.to_ascii_lowercase().as_str(), is_per_cent) {
            ("count", _) => Some(Self::Mentions),
            ("net", _) => Some(Self::NetSentiment),
            ("positive", true) => Some(Self::PositiveShare),
            ("negative", true) => Some(Self::NegativeShare),
            ("unknown", true) => Some(Self::UnknownShare),
            _ => None,
        }
    }

    /// Whether positive, neutral and negative mentions count; `None` for what is not about sentiment.
    pub const fn moods(self) -> Option<[bool; 3]> {
        match self {
            Self::Positive | Self::PositiveShare => Some([true, false, false]),
            Self::Negative | Self::NegativeShare => Some([false, false, true]),
            Self::NetSentiment => Some([true; 3]),
            _ => None,
        }
    }

    /// Its value in its unit, of a window of which `heard_secs` seconds were heard; else why nobody knows.
    pub fn value(self, tally: &Tally, heard_secs: u32) -> Result<f64, &'static str> {
        if heard_secs == 0 && tally.mentions == 0 {
            return Err("no data yet");
        }
        let (mentions, followers) = (tally.mentions as f64, tally.followers as f64);
        match self {
            Self::Mentions => Ok(mentions),
            Self::Rate => Ok(mentions * 60.0 / f64::from(heard_secs.max(1))),
            Self::Reach if tally.followers == 0 && tally.mentions > 0 => Err("no follower counts"),
            Self::Reach => Ok(followers),
            Self::Authors => match tally.authors {
                None => Err("people are not known for that long"),
                Some(0) if tally.mentions > 0 => Err("no authors are known"),
                Some(authors) => Ok(authors as f64),
            },
            Self::Unknown => Ok(tally.unknown as f64),
            Self::UnknownShare if tally.mentions == 0 => Err("no mentions to judge"),
            Self::UnknownShare => Ok(tally.unknown as f64 * 100.0 / mentions),
            _ => self.sentiment(tally),
        }
    }

    fn sentiment(self, tally: &Tally) -> Result<f64, &'static str> {
        let (positive, negative) = (tally.positive as f64, tally.negative as f64);
        let known = tally.positive.saturating_add(tally.neutral).saturating_add(tally.negative);
        if known == 0 && tally.mentions > 0 {
            return Err("sentiment is not known");
        }
        let part = |of: f64| (known > 0).then(|| of * 100.0 / known as f64).ok_or("no mentions to judge");
        match self {
            Self::Positive => Ok(positive),
            Self::Negative => Ok(negative),
            Self::PositiveShare => part(positive),
            Self::NegativeShare => part(negative),
            _ => part(positive - negative),
        }
    }

    /// How sure its value is.
    pub const fn exactness(self, tally: &Tally) -> Exactness {
        match self {
            Self::Authors => tally.authors_are,
            _ => Exactness::Exact,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_read_and_written_by_its_name() {
        for metric in Metric::ALL {
            assert_eq!(serde_json::to_value(metric).expect("is a word"), metric.name());
            assert_eq!(Metric::named(&metric.name().to_uppercase()), Some(metric));
            assert_eq!(Metric::formerly(metric.name(), false), None);
        }
        let listed = serde_json::to_value(schemars::schema_for!(Metric)).expect("is JSON");
        assert_eq!(listed["oneOf"].to_string().matches("\"const\"").count(), Metric::ALL.len());
    }

    #[test]
    fn a_value_has_its_unit_and_what_is_unknown_is_said() {
        let (positive, neutral, negative) = (10, 20, 30);
        let some = Tally {
            mentions: 100,
            positive,
            neutral,
            negative,
            unknown: 40,
            authors: Some(7),
            followers: 900,
            ..Tally::default()
        };
        let values = Metric::ALL.map(|metric| metric.value(&some, 1_200).expect("is known").round());
        assert_eq!(values, [100.0, 5.0, 900.0, 7.0, 10.0, 30.0, 40.0, 17.0, 50.0, 40.0, -33.0]);
        let blank = Tally { mentions: 5, unknown: 5, authors: Some(0), ..Tally::default() };
        let known = Metric::ALL.into_iter().filter(|metric| metric.value(&blank, 60).is_ok());
        let known: Vec<&str> = known.map(Metric::name).collect();
        assert_eq!(known, ["mentions", "rate", "unknown", "unknown_share"]);
        let none = Tally { authors: Some(0), ..Tally::default() };
        let known = Metric::ALL.into_iter().filter(|metric| metric.value(&none, 60).is_ok());
        assert!(known.eq(Metric::ALL.into_iter().filter(|metric| !metric.unit().is_part())));
        assert!(Metric::ALL.iter().all(|metric| metric.value(&none, 0).is_err()));
    }
}
