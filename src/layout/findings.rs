//! What is found wrong in a layout that could be read, each with its place in the file.

use std::ops::Range;

use crate::layout::kind::ALERTED;
use crate::layout::picture::Fault;
use crate::layout::places::Places;
use crate::layout::problem::{Problem, listed, nearest};

/// Says whether a text is right; else the byte where it is wrong, and why.
pub type TextCheck<'a> = &'a dyn Fn(&str) -> Result<(), (usize, String)>;

/// Where everything stands in a file, and what has been found wrong there.
pub struct Findings<'a> {
    places: &'a Places,
    pub problems: Vec<Problem>,
}

impl<'a> Findings<'a> {
    pub fn new(places: &'a Places) -> Self {
        Self { places, problems: Vec::new() }
    }

    pub fn say(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    pub fn key(&self, path: &[&str]) -> Range<usize> {
        self.places.key(path)
    }

    pub fn value(&self, path: &[&str]) -> Range<usize> {
        self.places.value(path)
    }

    /// True when the file has such a section, misspelt perhaps.
    pub fn means(&self, section: &str) -> bool {
        self.places.children(&[]).iter().any(|name| nearest(name, [section]).is_some())
    }

    /// Names of all topics, those that could not be read included.
    pub fn topics(&self) -> Vec<&'a str> {
        self.places.children(&["topic"])
    }

    /// Reports a topic that is not there; its name stands at `path`.
    pub fn known_topic(&mut self, topic: &str, path: &[&str]) {
        let topics = self.topics();
        if topics.contains(&topic) {
            return;
        }
        let problem =
            Problem::error("unknown-topic", self.value(path), format!("there is no topic `{topic}`"));
        if topic == ALERTED {
            let help =
                "`alert` is the topic of the alert that brought a scene: give the scene an `on_alert`.";
            return self.say(problem.label("in a scene without `on_alert`").help(help));
        }
        self.say(match nearest(topic, topics.iter().copied()) {
            Some(near) => problem.label(format!("did you mean \"{near}\"?")),
            None if topics.is_empty() => problem
                .label("not known")
                .help(format!("Add `[topic.{topic}]` with a `query`, or remove `topic` to show everything.")),
            None => problem
                .label("not known")
                .help(format!("The topics are {}. Remove `topic` to show everything.", listed(topics))),
        });
    }

    /// An IANA time zone that this machine knows. A machine without a database is not asked.
    pub fn known_zone(&mut self, zone: &str, path: &[&str]) {
        let database = jiff::tz::db();
        if database.is_definitively_empty() || database.get(zone).is_ok() {
            return;
        }
        let names: Vec<String> = database.available().map(|n| n.as_str().to_owned()).collect();
        let problem =
            Problem::error("unknown-zone", self.value(path), format!("there is no time zone `{zone}`"));
        let help = "Use an IANA name, continent and city: `Europe/Berlin`.";
        self.say(match nearest(zone, names.iter().map(String::as_str)) {
            Some(near) => problem.label(format!("did you mean \"{near}\"?")).help(help),
            None => problem.label("not known").help(help),
        });
    }

    /// Reports a text in the file that `is_right` refuses.
    pub fn ask(
        &mut self,
        code: &'static str,
        is_right: TextCheck<'_>,
        path: &[&str],
        text: &str,
        help: &str,
    ) {
        if let Err((at, why)) = is_right(text) {
            let end = text[at.min(text.len())..].chars().next().map_or(at, |c| at + c.len_utf8());
            let span = self.places.inside(path, text, at..end);
            self.say(Problem::error(code, span, why).label("here").help(help));
        }
    }

    /// Tells a fault of the picture at `path`.
    pub fn fault(&mut self, path: &[&str], text: &str, fault: Fault) {
        let whole = |at: &Range<usize>| *at == (0..0);
        let place = |at: &Range<usize>| match whole(at) {
            true => self.places.key(path),
            false => self.places.inside(path, text, at.clone()),
        };
        let mut problem = Problem::error(fault.code, place(&fault.at), fault.message).label(fault.label);
        for (at, label) in &fault.related {
            problem = problem.and(place(at), label);
        }
        let problem = if fault.help.is_empty() { problem } else { problem.help(fault.help) };
        self.say(problem);
    }
}
