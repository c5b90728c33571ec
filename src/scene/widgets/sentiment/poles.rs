//! One voice of each pole: the most positive and the most negative of the latest mentions.

use crate::geometry::Rect;
use crate::layout::legibility::Step;
use crate::pulse::snapshot::Shown;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{Marks, Mood};
use crate::scene::widgets::mentions::topic_color;
use crate::scene::widgets::mentions::voice::{self, Voice};

/// Letters of a text that can stand small and be understood alone.
const LETTERS: std::ops::RangeInclusive<usize> = 15..=180;
/// Words are at most so many times as large as running text.
const LARGEST: f32 = 2.0;

/// The most positive and the most negative of the latest; of equals the newest.
pub fn of<'a>(cx: &Cx<'a>) -> [Option<&'a Shown>; 2] {
    [Mood::Positive, Mood::Negative].map(|mood| {
        let latest = cx.snapshot.stream(cx.topic).latest.iter();
        let fit = latest.filter(|shown| Mood::of(shown.mention.sentiment) == mood && is_fit(shown));
        let strength = |shown: &Shown| {
            let score = shown.mention.sentiment.map_or(0.0, |sentiment| sentiment.score.abs());
            ((score * 100.0) as u32, shown.serial)
        };
        fit.max_by_key(|shown| strength(shown))
    })
}

fn is_fit(shown: &Shown) -> bool {
    let letters = shown.mention.text.as_deref().map_or(0, |text| text.chars().take(400).count());
    LETTERS.contains(&letters)
}

/// Draws them one below the other into `place`.
pub fn draw(cx: &mut Cx<'_>, list: &mut List, place: Rect, poles: [Option<&Shown>; 2], marks: &mut Marks) {
    marks.resize(cx.scale.size(Step::Label) * 0.62);
    let shown: Vec<&Shown> = poles.into_iter().flatten().collect();
    let gap = cx.scale.line(Step::Label) * 0.6;
    let h = (place.h - gap * (shown.len().max(1) - 1) as f32) / shown.len().max(1) as f32;
    for (i, shown) in shown.into_iter().enumerate() {
        let place = Rect { y: place.y + (h + gap) * i as f32, h, ..place };
        let voice = Voice::set(cx, shown, place, LARGEST);
        let with = voice::Look { theme: cx.theme, topic: topic_color(cx, shown), marks };
        voice.draw(list, &with, place, 0.0, 1.0, None);
    }
}
