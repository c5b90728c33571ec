//! Which widget the keys of a counter ask for.

use super::Counter;
use super::gauge::Gauge;
use super::group::Group;
use super::table::CounterTable;
use crate::layout::wall::Wall;
use crate::scene::widget::{Widget, WidgetTable};

impl WidgetTable for CounterTable {
    const KIND: &'static str = "counter";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        match &self.series {
            Some(series) => Box::new(Gauge::new(self, series)),
            None if !self.topics.is_empty() => Box::new(self.group(wall)),
            None => Box::new(Counter::new(self, wall)),
        }
    }
}

impl CounterTable {
    /// The counters of its topics.
    pub fn group(&self, wall: &Wall) -> Group {
        let index = |name: &String| wall.topics.iter().position(|topic| topic.name == *name);
        let topics = self.topics.iter().filter_map(index);
        Group::new(self.metric, self.window, topics.map(|topic| (topic, Counter::new(self, wall))).collect())
    }
}
