//! The text format of Prometheus, written by its own library from values that are read when they
//! are asked for.

use std::fmt::Error;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::prometheus_text::{CONTENT_TYPE, encode};
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::exemplar::Exemplar;
use prometheus_client::registry::Registry;

/// The media type of this format.
pub(super) const TYPE: &str = CONTENT_TYPE;

/// The suffix of every counter's name, which the library writes.
const TOTAL: &str = "_total";

/// The metrics of one answer.
#[derive(Debug, Default)]
pub(super) struct Page(Vec<Family>);

/// A metric: one value for each set of labels.
#[derive(Debug)]
struct Family {
    name: String,
    help: String,
    is_counter: bool,
    samples: Vec<(Vec<(String, String)>, Value)>,
}

/// A number, written without a point where it is whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Whole(u64),
    Real(f64),
}

impl Page {
    /// Begins a metric; `kind` is `counter` or `gauge`.
    pub fn head(&mut self, name: &str, kind: &str, help: &str) {
        let (name, help, is_counter) = (name.to_owned(), help.to_owned(), kind == "counter");
        self.0.push(Family { name, help, is_counter, samples: Vec::new() });
    }

    /// One value of the metric that was begun last.
    pub fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Into<Value>) {
        debug_assert_eq!(self.0.last().map(|family| &*family.name), Some(name));
        let labels = labels.iter().map(|(label, text)| ((*label).to_owned(), (*text).to_owned())).collect();
        if let Some(family) = self.0.last_mut() {
            family.samples.push((labels, value.into()));
        }
    }

    pub fn text(self) -> String {
        let (mut registry, mut text) = (Registry::default(), String::new());
        registry.register_collector(Box::new(self));
        // Writing into a string cannot fail.
        let _ = encode(&mut text, &registry);
        text
    }
}

impl Collector for Page {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        for Family { name, help, is_counter, samples } in &self.0 {
            let kind = if *is_counter { MetricType::Counter } else { MetricType::Gauge };
            let name = name.strip_suffix(TOTAL).filter(|_| *is_counter).unwrap_or(name);
            let mut metric = encoder.encode_descriptor(name, help, None, kind)?;
            for (labels, value) in samples {
                match labels.is_empty() {
                    true => value.encode(&mut metric, *is_counter)?,
                    false => value.encode(&mut metric.encode_family(labels)?, *is_counter)?,
                }
            }
        }
        Ok(())
    }
}

impl Value {
    fn encode(self, metric: &mut MetricEncoder<'_>, is_counter: bool) -> Result<(), Error> {
        const NONE: Option<&Exemplar<Vec<(String, String)>, f64>> = None;
        match (self, is_counter) {
            (Self::Whole(value), true) => metric.encode_counter(&value, NONE),
            (Self::Whole(value), false) => metric.encode_gauge(&value),
            (Self::Real(value), true) => metric.encode_counter(&value, NONE),
            (Self::Real(value), false) => metric.encode_gauge(&value),
        }
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        let is_whole = value.fract() == 0.0 && (0.0..9e15).contains(&value);
        if is_whole { Self::Whole(value as u64) } else { Self::Real(value) }
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Whole(value)
    }
}

impl From<u8> for Value {
    fn from(value: u8) -> Self {
        Self::Whole(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Whole(value.into())
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Whole(value as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_out_of_their_quotes() {
        let mut page = Page::default();
        page.head("x_total", "counter", "Counts.");
        page.line("x_total", &[("feed", "a\"} 1\ny"), ("b", "\\")], 2.0);
        page.head("y", "gauge", "Is.");
        page.line("y", &[], 0.5);
        let lines = [
            "# HELP x_total Counts.",
            "# TYPE x_total counter",
            "x_total{feed=\"a\\\"} 1\\ny\",b=\"\\\\\"} 2",
            "# HELP y Is.",
            "# TYPE y gauge",
            "y 0.5",
        ];
        assert_eq!(page.text().lines().collect::<Vec<_>>(), lines);
    }
}
