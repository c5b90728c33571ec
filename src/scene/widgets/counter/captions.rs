//! The small words of a counter: of which time it is, how sure, and how it stands against yesterday.

use super::extra;
use super::{change, heading, reading};
use crate::layout::window::Window;
use crate::metric::{Metric, Tally};
use crate::scene::widget::Cx;

/// Longest first. `change` is the comparison with yesterday.
pub fn of(cx: &Cx<'_>, metric: Metric, window: Window, tally: &Tally, change: Option<String>) -> Vec<String> {
    let words_of = reading::window_words(cx.wall, cx.snapshot.stream(cx.topic), window);
    let title = cx.tile.title.as_deref().map(str::to_lowercase);
    let what = metric.noun();
    let unsaid = title.as_deref().is_some_and(|title| !heading::says(title, metric));
    let told = title.is_some_and(|title| title.contains(&words_of.to_lowercase()));
    let words: Vec<&str> = [(what, unsaid), (&words_of, !told)]
        .into_iter()
        .filter(|(_, is)| *is)
        .map(|(word, _)| word)
        .collect();
    let plain = match words.last() {
        Some(last) => vec![words.join(", "), (*last).into(), last.trim_start_matches("last ").into()],
        None => Vec::new(),
    };
    let covered = extra::coverage(metric, tally);
    let with = covered.iter().flat_map(|known| plain.iter().take(2).map(move |w| format!("{known}, {w}")));
    let mut captions: Vec<String> = with.collect();
    if let Some(change) = change {
        captions.extend(plain.iter().take(2).map(|words| format!("{words}, {change}")));
        captions.extend(change::short(window).map(|words| format!("{words}, {change}")));
        captions.extend(plain.is_empty().then_some(change));
    }
    if let Some(sure) = covered.filter(|_| metric == Metric::Authors) {
        // A short caption still says that it is not exact, and of what time if it can.
        let brief = plain.last().map(|window| window.trim_end_matches(" so far"));
        captions.extend(brief.map(|window| format!("{sure}, {window}")));
        captions.push(sure);
        return captions;
    }
    // An event's name may be long.
    let short = window == Window::Event && !plain.is_empty();
    captions.extend(plain);
    captions.extend(short.then(|| window.words().into()));
    captions
}
