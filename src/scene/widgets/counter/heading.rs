//! The heading of a counter, which always says what is measured.

use super::reading::Reading;
use crate::metric::{Metric, Unit};
use crate::scene::chrome::{GUTTER, Tools, heading_lines};
use crate::scene::widget::Cx;

/// Fewest letters of a name that still tell whose number it is.
const LEAST: usize = 3;

/// `Service, a minute`: the name and the measure. Where both have no room the measure is told in fewer words,
/// and only then the name is cut. `None` leaves a heading that says the measure, or that the layout left empty.
pub fn of(
    cx: &mut Cx<'_>,
    metric: Metric,
    of_topic: bool,
    reading: Reading,
    heading: &str,
) -> Option<String> {
    let measure = measure(metric, reading);
    if cx.tile.title.is_some() && (heading.is_empty() || says(&heading.to_lowercase(), metric)) {
        return None;
    }
    if cx.tile.title.is_none() && !of_topic {
        return Some(alone(metric, &measure));
    }
    let area = cx.area.inset(cx.scale.mm(GUTTER));
    let lines = heading_lines(area, cx.scale);
    let mut with = Tools { theme: cx.theme, scale: cx.scale, setter: &mut *cx.setter };
    let mut fits = |text: &str| with.whole_heading(text, area.w, lines).is_some();
    let short = short(metric).map_or_else(|| measure.clone(), str::to_owned);
    let whole = [&measure, &short].map(|measure| format!("{heading}, {measure}"));
    if let Some(whole) = whole.into_iter().find(|whole| fits(whole)) {
        return Some(whole);
    }
    let letters: Vec<char> = heading.chars().collect();
    let cut = |n: &usize| format!("{}…, {short}", letters[..*n].iter().collect::<String>().trim_end());
    let longest = (LEAST..letters.len()).rev().find(|n| fits(&cut(n)));
    Some(longest.map_or_else(|| alone(metric, &measure), |n| cut(&n)))
}

/// Whether a title in small letters says what is measured; a plain count may be called anything.
pub fn says(title: &str, metric: Metric) -> bool {
    match metric.unit() {
        Unit::Count => metric == Metric::Mentions || title.contains(metric.noun()),
        Unit::PerMinute => ["minute", "hour", "rate"].iter().any(|word| title.contains(word)),
        _ => ["share", "sentiment", "%"].iter().any(|word| title.contains(word)),
    }
}

/// What is measured, behind a name.
fn measure(metric: Metric, reading: Reading) -> String {
    match metric {
        Metric::Rate => reading.per().into(),
        Metric::PositiveShare | Metric::NegativeShare => format!("{}, share of known", metric.noun()),
        Metric::UnknownShare => "unknown sentiment, share of all".into(),
        Metric::Reach => "followers reached".into(),
        Metric::Unknown => "unknown sentiment".into(),
        _ => metric.noun().into(),
    }
}

/// The same in fewer words, where there are any: a number with a sign says by itself that it is net.
fn short(metric: Metric) -> Option<&'static str> {
    Some(match metric {
        Metric::NetSentiment => "sentiment",
        Metric::PositiveShare => "positive share",
        Metric::NegativeShare => "negative share",
        Metric::UnknownShare => "unknown share",
        Metric::Reach => "reach",
        Metric::Positive => "positive",
        Metric::Negative => "negative",
        Metric::Unknown => "unknown",
        _ => return None,
    })
}

/// The same without a name.
fn alone(metric: Metric, measure: &str) -> String {
    match metric {
        Metric::Rate => format!("Mentions, {measure}"),
        Metric::Reach => metric.heading().into(),
        _ => measure[..1].to_uppercase() + &measure[1..],
    }
}
