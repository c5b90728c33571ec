//! The heading of a counter, which always says what is measured.

use super::reading::Reading;
use crate::layout::legibility::Step;
use crate::metric::{Metric, Unit};
use crate::scene::widget::Cx;
use crate::text::Setting;

/// Room that the frame of a tile takes at its sides, arc minutes.
const FRAME: f32 = 34.0;
/// Fewest letters of a name that still tell whose number it is.
const LEAST: usize = 3;

/// `Service, a minute`: the name and the measure. Where both have no room the name is cut. `None` leaves
/// a heading that says the measure, or that the layout left empty.
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
    let size = cx.scale.size(Step::Label);
    let room = cx.area.w - cx.scale.mm(FRAME);
    let mut fits = |text: &str| cx.setter.width(Setting::line(text, size)) <= room;
    let whole = format!("{heading}, {measure}");
    if fits(&whole) {
        return Some(whole);
    }
    let letters: Vec<char> = heading.chars().collect();
    let cut = |n: &usize| format!("{}…, {measure}", letters[..*n].iter().collect::<String>().trim_end());
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

/// The same without a name.
fn alone(metric: Metric, measure: &str) -> String {
    match metric {
        Metric::Rate => format!("Mentions, {measure}"),
        Metric::Reach => metric.heading().into(),
        _ => measure[..1].to_uppercase() + &measure[1..],
    }
}
