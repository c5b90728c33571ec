//! What can be said of a snapshot, and the counts that prove it; best first.

use jiff::tz::TimeZone;

use super::super::figures::{THIN, grouped, share_of};
use super::super::marks;
use super::super::rule;
use super::super::span::{self, Silence};
use crate::clock::Time;
use crate::layout::alert::Severity;
use crate::layout::own::Own;
use crate::layout::window::Window;
use crate::pulse::snapshot::{Alert, Cause, FeedState, Health, Nature, Series, Stream};
use crate::scene::badge::{badge, hour};
use crate::scene::widget::Cx;

/// Scores; what is higher is said.
const DEAF: u32 = 2_000;
const URGENT: u32 = 600;
const RECORD: u32 = 500;
const OVERDUE: u32 = 450;
const RISING: u32 = 400;
const WAITING: u32 = 250;
const STATE: u32 = 100;

/// A wall that has heard less, seconds, says only since when it listens.
const YOUNG: u32 = 300;
/// Mentions of an hour below which nothing is said of how they grow.
const FEW: u64 = 50;
/// What has grown so many times since yesterday is rising.
const GROWN: f64 = 1.5;
/// The hour is a record when it has so many times as many mentions as any before.
const RECORD_BY: f64 = 1.2;
/// Minutes of the last day that must have been heard for a record.
const HEARD_FOR_RECORD: usize = 1_200;
/// Below and above these parts of the usual an hour is quiet or busy.
const USUAL: std::ops::Range<f64> = 0.7..1.4;

/// How a sentence is marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    #[default]
    Plain,
    Alarm,
    /// Nothing is heard.
    Deaf,
}

/// A sentence and what proves it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Claim {
    score: u32,
    pub tone: Tone,
    /// Index of the topic that it is about.
    pub topic: Option<usize>,
    /// Forms of the sentence, longest first.
    pub forms: Vec<String>,
    /// Forms of its evidence, longest first; empty where there is none.
    pub evidence: Vec<String>,
}

impl Claim {
    fn new(score: u32, forms: Vec<String>, evidence: Vec<String>) -> Self {
        let forms = forms.into_iter().map(|form| marks::capital(&form)).collect();
        let evidence = evidence.into_iter().filter(|form| !form.is_empty()).collect();
        Self { score, forms, evidence, ..Self::default() }
    }

    fn about(self, topic: Option<usize>) -> Self {
        Self { topic, ..self }
    }
}

/// All that can be said, the most important first; at least one.
pub fn of(cx: &Cx<'_>, own: &Own, zone: &TimeZone) -> Vec<Claim> {
    if let Some(claim) = unheard(cx, own, zone) {
        return vec![claim];
    }
    let mut claims: Vec<Claim> = alerts(cx, zone).collect();
    claims.extend(overdue(cx));
    let streams = streams(cx);
    claims.extend(streams.iter().filter_map(|&(topic, stream)| record(cx, topic, stream)));
    claims.extend(streams.iter().filter_map(|&(topic, stream)| rising(cx, topic, stream)));
    claims.push(state_of_hour(cx, zone));
    claims.sort_by_key(|claim| std::cmp::Reverse(claim.score));
    claims
}

/// Everything and each topic; on a tile of a topic that alone.
fn streams<'a>(cx: &Cx<'a>) -> Vec<(Option<usize>, &'a Stream)> {
    match cx.topic {
        Some(_) => vec![(cx.topic, cx.snapshot.stream(cx.topic))],
        None => {
            let topics = cx.snapshot.topics.iter().enumerate().map(|(i, stream)| (Some(i), stream));
            std::iter::once((None, &cx.snapshot.all)).chain(topics).collect()
        }
    }
}

/// That nothing can be said, and why.
fn unheard(cx: &Cx<'_>, own: &Own, zone: &TimeZone) -> Option<Claim> {
    let deaf = |forms: Vec<String>, evidence: Vec<String>| {
        Some(Claim { tone: Tone::Deaf, ..Claim::new(DEAF, forms, evidence) })
    };
    let told = badge(cx.snapshot, own, cx.now, zone);
    let silence = Silence::of(cx, Window::H1);
    let feeds: Vec<&FeedState> =
        cx.snapshot.feeds.iter().enumerate().filter(|(i, _)| own.has(*i)).map(|(_, feed)| feed).collect();
    let is_deaf = told.stale && feeds.iter().all(|feed| hears_nothing(feed, cx.now));
    if is_deaf || silence == Some(Silence::Deaf) {
        let why: Vec<&str> = told.parts.iter().map(String::as_str).filter(|part| is_trouble(part)).collect();
        let name = feeds.first().filter(|_| feeds.len() == 1).map(|feed| format!("{} ", feed.name));
        let forms = match why.first() {
            Some(why) => vec![
                format!("Not listening: {}{why}", name.unwrap_or_default()),
                format!("Not listening: {why}"),
                "Not listening".into(),
            ],
            None => vec!["Not listening".into()],
        };
        return deaf(forms, vec!["These numbers are not current".into()]);
    }
    let since = |second: i64| format!("Listening since {}", hour(Time::from_secs(second), zone));
    let span = cx.snapshot.stream(cx.topic).spans.over(Window::H24);
    let mentions = cx.snapshot.stream(cx.topic).counts.over(Window::H1).mentions;
    match silence {
        Some(Silence::Connecting) => {
            let new = feeds.iter().find(|f| f.health == Health::Connecting).map_or("", |f| &*f.name);
            deaf(vec![format!("Connecting to {new}"), "Connecting".into()], vec!["Nothing heard yet".into()])
        }
        Some(Silence::Since(second)) => deaf(vec![since(second)], vec![heard_so_far(mentions)]),
        Some(silence) => deaf(silence.words(cx), Vec::new()),
        None if span.whole > 0 && span.age < YOUNG && is_live(cx) => {
            let second = cx.snapshot.at.as_secs() + 1 - i64::from(span.age);
            deaf(vec![since(second)], vec![heard_so_far(mentions)])
        }
        None => None,
    }
}

fn hears_nothing(feed: &FeedState, now: Time) -> bool {
    let is_silent = feed.heard.is_none_or(|heard| now.since(heard) > feed.stale_after);
    is_silent || matches!(feed.health, Health::Refused { .. } | Health::Down { .. })
}

fn is_live(cx: &Cx<'_>) -> bool {
    cx.snapshot.feeds.iter().any(|feed| feed.nature == Nature::Live)
}

/// Whether a part of a badge says what is wrong, not what kind of data it is.
fn is_trouble(part: &str) -> bool {
    part != "simulated" && part != "no data" && part != "connecting" && !part.starts_with("replay")
}

fn heard_so_far(mentions: u64) -> String {
    match mentions {
        1 => "1 mention so far".into(),
        n => format!("{} mentions so far", counted(n)),
    }
}

/// Alerts that stand; those of a group are told by it.
fn alerts<'a>(cx: &'a Cx<'_>, zone: &'a TimeZone) -> impl Iterator<Item = Claim> + 'a {
    let ours = |alert: &&Alert| match cx.topic {
        Some(topic) => alert.topic.map(usize::from) == Some(topic),
        None => alert.group.is_none(),
    };
    cx.snapshot.alerts.iter().filter(|alert| alert.is_live()).filter(ours).map(|alert| told(alert, zone))
}

fn told(alert: &Alert, zone: &TimeZone) -> Claim {
    let score = match alert.severity {
        Severity::Alarm => URGENT + 400,
        Severity::Warning => URGENT + 200,
        Severity::Info => URGENT,
    };
    let label = &alert.label;
    let since = format!("since {}", hour(alert.since, zone));
    let (forms, evidence) = match alert.cause {
        Cause::Burst => burst(alert, &since),
        Cause::Rule => {
            let rule = rule::words(&alert.rule);
            let short = rule.split(" and ").next().unwrap_or(&rule);
            let evidence = vec![format!("{rule}, {since}"), format!("{short}, {since}"), since];
            (vec![format!("{label}: {short}"), label.to_string()], evidence)
        }
        Cause::Group => {
            let parts: Vec<&str> = alert.parts.iter().map(|part| &**part).collect();
            (vec![format!("{} alerts at once", alert.size)], vec![parts.join(", "), since])
        }
    };
    let tone = if alert.severity == Severity::Alarm { Tone::Alarm } else { Tone::Plain };
    let claim = Claim::new(score, forms, evidence);
    Claim { tone, ..claim }.about(alert.topic.map(usize::from))
}

/// `Battery: 61 times as many mentions as usual`, and what they name.
fn burst(alert: &Alert, since: &str) -> (Vec<String>, Vec<String>) {
    let (label, times) = (&alert.label, factor(alert.strength()));
    let forms = vec![
        format!("{label}: {times} times as many mentions as usual"),
        format!("{label}: {times} times the usual"),
        format!("{label}: {times}{THIN}×"),
    ];
    let (seen, usual) = (grouped(alert.observed.round() as u64), grouped(alert.expected.round() as u64));
    let counts = format!("{seen} mentions {since}, usual {usual}");
    let about = alert.about.as_ref();
    let term = about.and_then(|about| about.terms.first());
    let place = about.and_then(|about| about.places.first()).filter(|place| place.lift >= 3.0);
    let term = term.map(|part| format!("“{}” {} times", part.name, grouped(part.count.into())));
    let place = place.map(|part| format!("from {} {}", part.name, grouped(part.count.into())));
    let more = |parts: [&Option<String>; 2]| {
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        format!("{counts}; {}", parts.join(", ")).trim_end_matches("; ").to_owned()
    };
    (forms, vec![more([&term, &place]), more([&term, &None]), counts.clone(), format!("{seen} {since}")])
}

/// One decimal below ten, none above.
fn factor(times: f64) -> String {
    if times < 9.95 { format!("{times:.1}") } else { grouped(times.round() as u64) }
}

/// People who wait longer than was promised.
fn overdue(cx: &Cx<'_>) -> Option<Claim> {
    let queue = cx.snapshot.care.as_deref().filter(|care| care.exact && care.overdue > 0)?;
    if cx.topic.is_some() {
        return None;
    }
    let promise = span::length(queue.promise.as_secs().min(u64::from(u32::MAX)) as u32);
    let (people, have) = if queue.overdue == 1 {
        ("1 person".to_owned(), "has")
    } else {
        (format!("{} people", grouped(queue.overdue)), "have")
    };
    let forms = vec![
        format!("{people} {have} been waiting more than {promise} for an answer"),
        format!("{people} waiting more than {promise}"),
    ];
    let all = format!("{} waiting in all", grouped(queue.waiting));
    let wait = |at: Time| u32::try_from(cx.now.since(at).as_secs()).unwrap_or(u32::MAX);
    let oldest = queue.oldest.map(|at| format!("{all}, the longest for {}", span::length(wait(at))));
    let score = if queue.overdue * 2 >= queue.waiting { OVERDUE } else { WAITING };
    Some(Claim::new(score, forms, oldest.into_iter().chain([all]).collect()))
}

/// Mentions of the last sixty whole minutes; of the last hour to the second where those are not known.
fn hour_of(stream: &Stream) -> u64 {
    let series = &stream.by_minute;
    let minutes = series.values.len().checked_sub(61).map(|first| first..first + 60);
    let is_known = |minutes: &std::ops::Range<usize>| {
        series.step.as_secs() == 60 && series.known(minutes.clone()).map(|run| run.len()).sum::<usize>() == 60
    };
    match minutes.filter(is_known) {
        Some(minutes) => series.values[minutes].iter().map(|&value| u64::from(value)).sum(),
        None => stream.counts.over(Window::H1).mentions,
    }
}

/// An hour with clearly more mentions than any other of the last day.
fn record(cx: &Cx<'_>, topic: Option<usize>, stream: &Stream) -> Option<Claim> {
    let series = &stream.by_minute;
    // The last value is still running.
    let whole = series.values.len().checked_sub(61)?;
    let now: u64 = series.values[whole..whole + 60].iter().map(|&v| u64::from(v)).sum();
    let known = series.known(whole..whole + 60).map(|run| run.len()).sum::<usize>();
    let past = Series { values: series.values[..whole].to_vec(), ..Series::clone(series) };
    let before = past.highest_sum(60);
    let heard = past.known(0..whole).map(|run| run.len()).sum::<usize>();
    let proved = known == 60 && heard + 60 >= HEARD_FOR_RECORD && before > 0;
    if !proved || now < FEW || (now as f64) < before as f64 * RECORD_BY {
        return None;
    }
    let forms = vec![
        format!("More mentions{} than in any other hour of the last 24", of_topic(cx, topic)),
        format!("Most mentions{} in 24 hours", of_topic(cx, topic)),
    ];
    let evidence = format!("{} in the last hour, at most {} before", grouped(now), grouped(before));
    Some(Claim::new(RECORD, forms, vec![evidence]).about(topic))
}

/// Clearly more than at this time yesterday.
fn rising(cx: &Cx<'_>, topic: Option<usize>, stream: &Stream) -> Option<Claim> {
    let now = hour_of(stream);
    let before = stream.before.over(Window::H1).day?;
    let times = now as f64 / before.max(1) as f64;
    let by_chance = 4.0 * (before as f64 + 1.0).sqrt();
    if now < FEW
        || times < GROWN
        || (now - before.min(now)) as f64 <= by_chance
        || !span::is_whole(stream, Window::H1)
    {
        return None;
    }
    let more = match times {
        _ if before == 0 => return None,
        1.95.. => format!("{} times as many mentions{}", factor(times), of_topic(cx, topic)),
        _ => format!("{:.0}{THIN}% more mentions{}", (times - 1.0) * 100.0, of_topic(cx, topic)),
    };
    let forms = vec![format!("{more} as at this time yesterday"), format!("{more} as yesterday")];
    let forms =
        if times < 1.95 { forms.iter().map(|form| form.replace(" as ", " than ")).collect() } else { forms };
    let evidence = format!("{} in the last hour, {} yesterday", counted(now), counted(before));
    let score = RISING + (times * 4.0).min(60.0) as u32;
    Some(Claim::new(score, forms, vec![evidence]).about(topic))
}

/// ` of Camera`, nothing for everything.
fn of_topic(cx: &Cx<'_>, topic: Option<usize>) -> String {
    topic
        .and_then(|topic| cx.wall.topics.get(topic))
        .map_or(String::new(), |topic| format!(" of {}", topic.label))
}

/// Who spoke in the last hour, and of what: what there is to say when nothing is unusual.
fn state_of_hour(cx: &Cx<'_>, zone: &TimeZone) -> Claim {
    let stream = cx.snapshot.stream(cx.topic);
    let (tally, hour_count) = (stream.counts.over(Window::H1), hour_of(stream));
    let time = span::part(stream, Window::H1).map_or("in the last hour".into(), |part| format!("({part})"));
    let (people, label) =
        (people(tally.authors, hour_count), of_topic(cx, cx.topic).replace(" of ", " about "));
    let (usual, much) = usual(cx, stream, hour_count);
    let told = format!("{people} posted{label} {time}");
    let main = main_topic(cx, hour_count);
    let mut forms = Vec::new();
    if let Some((name, _)) = &main {
        forms.push(format!("{much}{told}, most often about {name}"));
    }
    forms.extend([format!("{much}{told}"), told]);
    if hour_count == 0 {
        forms = vec![format!("No mentions{} {time}", of_topic(cx, cx.topic))];
    }
    let mentions =
        if hour_count == 1 { "1 mention".into() } else { format!("{} mentions", counted(hour_count)) };
    let share =
        main.as_ref().map(|(name, part)| format!(", {} of them about {name}", share_of(*part, hour_count)));
    let newest =
        stream.newest.filter(|_| hour_count == 0).map(|at| format!("the last at {}", hour(at, zone)));
    let mut evidence =
        vec![format!("{mentions}{usual}{}", share.clone().unwrap_or_default()), format!("{mentions}{usual}")];
    evidence.push(mentions);
    if let Some(newest) = newest {
        evidence = vec![newest];
    }
    let topic = cx.topic.or(main.and_then(|(name, _)| cx.wall.topics.iter().position(|t| t.label == name)));
    Claim::new(STATE, forms, evidence).about(topic)
}

/// `5 900 people`, rounded so that it does not change with every mention.
fn people(authors: Option<u64>, mentions: u64) -> String {
    match authors {
        Some(1) => "1 person".into(),
        Some(n) => format!("{} people", grouped(rounded(n))),
        None if mentions == 1 => "1 voice".into(),
        None => format!("{} voices", grouped(rounded(mentions))),
    }
}

/// Rounded down to two digits from a hundred on.
fn rounded(n: u64) -> u64 {
    let unit = 10u64.pow(n.checked_ilog10().unwrap_or(0).saturating_sub(1));
    if n < 100 { n } else { n / unit * unit }
}

/// A count that changes from second to second: rounded down to three digits from a thousand on.
fn counted(n: u64) -> String {
    let unit = 10u64.pow(n.checked_ilog10().unwrap_or(0).saturating_sub(2));
    grouped(if n < 1_000 { n } else { n / unit * unit })
}

/// What is usual for an hour, where that is known, and what this one is beside it.
fn usual(cx: &Cx<'_>, stream: &Stream, mentions: u64) -> (String, &'static str) {
    let place = cx.topic.map_or(0, |topic| topic + 1);
    let watch = cx.snapshot.watches.get(place).filter(|watch| watch.learning == Some(0) && watch.usual > 0.0);
    let Some(watch) = watch.filter(|_| span::is_whole(stream, Window::H1)) else {
        return (String::new(), "");
    };
    let usual = f64::from(watch.usual) * 60.0;
    let much = match mentions as f64 / usual {
        part if part < USUAL.start => "A quiet hour: ",
        part if part < USUAL.end => "A usual hour: ",
        _ => "A busy hour: ",
    };
    (format!(", usual about {}", grouped(rounded(usual.round() as u64))), much)
}

/// The topic with most mentions of the last hour, when that is at least a tenth of them.
fn main_topic(cx: &Cx<'_>, mentions: u64) -> Option<(String, u64)> {
    if cx.topic.is_some() {
        return None;
    }
    let counts = cx.snapshot.topics.iter().map(hour_of);
    let (index, count) = counts.enumerate().max_by_key(|(_, count)| *count)?;
    let telling = count >= 5 && count * 10 >= mentions;
    cx.wall.topics.get(index).filter(|_| telling).map(|topic| (topic.label.clone(), count))
}
