//! The widgets, one file each.

mod alerts;
mod care;
mod chart;
mod clock;
mod counter;
mod figures;
#[cfg(test)]
mod fixture;
mod heatmap;
mod marks;
mod mentions;
mod privacy;
mod ranks;
mod readings;
mod roll;
mod sentiment;
mod share;
mod span;
mod text;
mod ticker;
mod trend;
mod words;

use crate::layout::wall::Wall;
use crate::layout::widget::WidgetSpec;
use crate::scene::widget::Widget;

/// The widget that a tile asks for.
pub fn make(spec: &WidgetSpec, wall: &Wall) -> Box<dyn Widget> {
    match spec {
        WidgetSpec::Heatmap(s) => Box::new(heatmap::Heatmap::new(s, wall)),
        WidgetSpec::Ticker(s) => Box::new(ticker::Ticker::new(s, wall)),
        WidgetSpec::Counter(s) => match &s.series {
            Some(series) => Box::new(counter::Gauge::new(s, series)),
            None => Box::new(counter::Counter::new(s, wall)),
        },
        WidgetSpec::Trend(s) => match &s.series {
            Some(series) => Box::new(trend::Line::new(s, series)),
            None => Box::new(trend::Trend::new(s, wall)),
        },
        WidgetSpec::Share(s) => Box::new(share::Share::new(s, wall)),
        WidgetSpec::Mentions(s) => Box::new(mentions::Mentions::new(s, wall)),
        WidgetSpec::Words(s) => Box::new(words::Words::new(s, wall)),
        WidgetSpec::Ranks(s) => Box::new(ranks::Ranks::new(s, wall)),
        WidgetSpec::Sentiment(s) => Box::new(sentiment::Sentiment::new(s, wall)),
        WidgetSpec::Care(s) => Box::new(care::Care::new(s, wall)),
        WidgetSpec::Alerts(s) => Box::new(alerts::Alerts::new(s, wall)),
        WidgetSpec::Clock(s) => Box::new(clock::Clock::new(s, wall)),
        WidgetSpec::Text(s) => Box::new(text::Text::new(s, wall)),
    }
}
