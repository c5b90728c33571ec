//! Names of series of plain numbers: the feed's, and behind a slash what tells one series of the feed
//! from the others.
//!
//! There are two notations. The short one, `load/job=api,zone=eu`, is for labels alone whose values
//! have no sign of the notation in them. The whole one is that of PromQL, with the metric's name:
//! `load/up{job="api",zone="eu"}`. Two series never have one name. A layout may use either notation;
//! a short one finds a series whatever its metric is called, if there is only one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::clean_text;

/// The label that holds the metric's name.
const METRIC: &str = "__name__";
/// Longest name, bytes; a longer one is cut and ends with a hash of the whole.
const MAX_NAME: usize = 1_000;

/// The name of the series of `feed` that has these labels.
pub fn name(feed: &str, labels: &BTreeMap<String, String>) -> Arc<str> {
    let is_short = labels.iter().all(|(label, value)| label != METRIC && is_simple(label, value));
    let mut name = format!("{feed}/");
    if labels.is_empty() {
        name.pop();
    } else if is_short {
        name += &listed(labels, |label, value| format!("{label}={value}"));
    } else {
        write_whole(&mut name, labels);
    }
    bounded(name).into()
}

/// The same name in the whole notation, which no other series answers to.
pub fn whole(name: &str) -> String {
    let Some((feed, rest)) = name.split_once('/').filter(|(_, rest)| is_labels(rest)) else {
        return name.to_owned();
    };
    let mut whole = format!("{feed}/");
    write_whole(&mut whole, &short_labels(rest));
    whole
}

/// Whether a name can be read: its quotes and braces are closed.
pub fn is_readable(name: &str) -> bool {
    match name.split_once('/') {
        Some((_, rest)) => is_labels(rest) || (!rest.is_empty() && parts(rest).is_some()),
        None => true,
    }
}

/// What a layout means by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<T> {
    Nothing,
    One(T),
    /// So many answer to it.
    Several(usize),
}

/// The series that answers to `wanted`, by its name in either notation, or by that of its feed where
/// the feed has only one.
pub fn find<'a, T>(wanted: &str, all: impl Iterator<Item = (&'a str, T)>) -> Found<T> {
    let (mut first, mut count) = (None, 0);
    for (name, one) in all {
        if name == wanted && (name.contains('{') || !name.contains('/')) {
            return Found::One(one);
        }
        if answers(name, wanted) {
            first.get_or_insert(one);
            count += 1;
        }
    }
    match first {
        Some(one) if count == 1 => Found::One(one),
        Some(_) => Found::Several(count),
        None => Found::Nothing,
    }
}

/// Whether a series may be meant by `wanted`.
fn answers(name: &str, wanted: &str) -> bool {
    if name == wanted {
        return true;
    }
    match wanted.split_once('/') {
        Some((feed, rest)) if is_labels(rest) => reads_as(name, wanted) || has_labels(name, feed, rest),
        Some((feed, rest)) => {
            let own = name.strip_prefix(feed).and_then(|own| own.strip_prefix('/'));
            !rest.is_empty() && own.is_some_and(|own| is_the_same(own, rest))
        }
        None => is_of(name, wanted),
    }
}

/// Whether a series of `feed` has the labels that a short notation lists in any order.
fn has_labels(name: &str, feed: &str, wanted: &str) -> bool {
    let Some(own) = name.strip_prefix(feed).and_then(|own| own.strip_prefix('/')) else { return false };
    // Most series are others, and this is asked often.
    if !own.contains('\\') && !own.contains(last_value(wanted).trim()) {
        return false;
    }
    let labels = if is_labels(own) { owned(short_labels(own)) } else { parts(own).unwrap_or_default().1 };
    labels == owned(short_labels(wanted))
}

/// Whether a series is one of `feed`.
pub fn is_of(name: &str, feed: &str) -> bool {
    name.strip_prefix(feed).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a name in the whole notation is `short` without the metric and the signs: what it was
/// called where names were always short.
pub fn reads_as(whole: &str, short: &str) -> bool {
    let Some((feed, rest)) = whole.split_once('/').filter(|(_, rest)| !is_labels(rest)) else { return false };
    let Some(wanted) = short.strip_prefix(feed) else { return false };
    let plain = rest.is_ascii() && !rest.contains(['\\', ' ']);
    if plain && !rest.contains(last_value(wanted)) {
        return false;
    }
    let Some((_, labels)) = parts(rest) else { return false };
    let written = if labels.is_empty() {
        feed.to_owned()
    } else {
        format!("{feed}/{}", listed(&labels, |label, value| format!("{label}={value}")))
    };
    clean_text(&written).is_some_and(|written| *written == *short)
}

/// The text behind the last sign, which a name that reads so must contain.
fn last_value(short: &str) -> &str {
    short.rsplit(['=', ',', '/']).next().unwrap_or_default()
}

/// Whether two texts behind the slash tell the same labels, and the same metric where `wanted` names
/// one. A metric alone takes any labels.
fn is_the_same(own: &str, wanted: &str) -> bool {
    let Some((metric, labels)) = parts(wanted) else { return false };
    if metric.as_ref().is_some_and(|metric| !own.contains(&**metric)) {
        return false;
    }
    let own = if is_labels(own) { Some((None, owned(short_labels(own)))) } else { parts(own) };
    own.is_some_and(|(own_metric, own_labels)| {
        let any_labels = metric.is_some() && !wanted.contains('{');
        (metric.is_none() || metric == own_metric) && (any_labels || labels == own_labels)
    })
}

/// Whether the text behind the slash is in the short notation.
fn is_labels(rest: &str) -> bool {
    rest.contains('=') && !rest.contains('{')
}

/// True for a label and a value that the short notation can tell.
fn is_simple(label: &str, value: &str) -> bool {
    let signs = |text: &str| text.is_empty() || text.contains([',', '"', '{', '}', '\\']);
    let clean = |text: &str| clean_text(text).is_some_and(|clean| *clean == *text);
    !signs(label) && !label.contains(['=', '/', ' ']) && !signs(value) && clean(label) && clean(value)
}

fn short_labels(rest: &str) -> BTreeMap<String, String> {
    let pairs = rest.split(',').filter_map(|pair| pair.split_once('='));
    pairs.map(|(label, value)| (label.trim().to_owned(), value.trim().to_owned())).collect()
}

fn owned(labels: BTreeMap<String, String>) -> BTreeMap<Cow<'static, str>, Cow<'static, str>> {
    labels.into_iter().map(|(label, value)| (label.into(), value.into())).collect()
}

fn listed<K: AsRef<str>, V: AsRef<str>>(
    labels: &BTreeMap<K, V>,
    write: impl Fn(&str, &str) -> String,
) -> String {
    let pairs: Vec<String> =
        labels.iter().map(|(label, value)| write(label.as_ref(), value.as_ref())).collect();
    pairs.join(",")
}

/// As PromQL writes it: `up{job="api"}`, `up`, `{"strange name",job="api"}`.
fn write_whole(out: &mut String, labels: &BTreeMap<String, String>) {
    let metric = labels.get(METRIC).filter(|metric| !metric.is_empty());
    let quoted = metric.filter(|metric| !is_bare(metric, true)).map(|metric| format!("{metric:?}"));
    out.push_str(metric.filter(|_| quoted.is_none()).map_or("", |metric| metric));
    let label = |name: &str| if is_bare(name, false) { name.to_owned() } else { format!("{name:?}") };
    let rest = labels.iter().filter(|(name, _)| *name != METRIC);
    let pairs = rest.map(|(name, value)| format!("{}={value:?}", label(name)));
    let inside: Vec<String> = quoted.into_iter().chain(pairs).collect();
    if !inside.is_empty() || metric.is_none() {
        // A text takes everything that is written to it.
        let _ = write!(out, "{{{}}}", inside.join(","));
    }
}

/// Whether PromQL takes a name without quotes.
fn is_bare(name: &str, metric: bool) -> bool {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || c == '_' || (metric && c == ':');
    name.chars().all(is_fit) && name.starts_with(|c: char| !c.is_ascii_digit())
}

/// At most [`MAX_NAME`] bytes of it.
fn bounded(mut name: String) -> String {
    if name.len() > MAX_NAME {
        // FNV-1a, which gives the same in every version.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        let end = (0..=MAX_NAME - 20).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
        name.truncate(end);
        let _ = write!(name, "…#{hash:016x}");
    }
    name
}

type Labels<'a> = BTreeMap<Cow<'a, str>, Cow<'a, str>>;

/// The metric and the labels of a text in the whole notation; `None` when it is none.
fn parts(text: &str) -> Option<(Option<Cow<'_, str>>, Labels<'_>)> {
    let (metric, inside) = match text.split_once('{') {
        Some((metric, inside)) => (metric, inside.strip_suffix('}')?),
        None => (text, ""),
    };
    let mut metric = (!metric.is_empty()).then_some(Cow::Borrowed(metric));
    let mut labels = Labels::new();
    let mut rest = inside.trim();
    while !rest.is_empty() {
        let (label, after) = word(rest)?;
        rest = match after.strip_prefix('=') {
            Some(value) => {
                let (value, after) = quoted(value.trim_start())?;
                labels.insert(label, value);
                after
            }
            None => {
                metric.get_or_insert(label);
                after
            }
        };
        rest = rest.trim_start();
        rest = rest.strip_prefix(',').map_or(rest, str::trim_start);
    }
    Some((metric, labels))
}

/// A label, in quotes or not, and what follows it.
fn word(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if text.starts_with(['"', '\'', '`']) {
        return quoted(text).map(|(word, rest)| (word, rest.trim_start()));
    }
    let (word, _) = text.split_once('=').filter(|(word, _)| !word.trim().is_empty())?;
    Some((word.trim().into(), &text[word.len()..]))
}

/// A text in one of PromQL's three quotes, and what follows it. In the last of them a backslash is one.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let inside = &text[1..];
    let plain = inside.find(|c| c == quote || c == '\\' && quote != '`')?;
    if inside[plain..].starts_with(quote) {
        return Some((inside[..plain].into(), &inside[plain + 1..]));
    }
    let (mut out, mut chars) = (String::new(), inside.chars());
    loop {
        out.push(match chars.next()? {
            end if end == quote => return Some((out.into(), chars.as_str())),
            '\\' => match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                'u' => {
                    let (code, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
                    chars = rest.chars();
                    char::from_u32(u32::from_str_radix(code, 16).ok()?)?
                }
                other => other,
            },
            other => other,
        });
    }
}

#[cfg(test)]
mod tests;
