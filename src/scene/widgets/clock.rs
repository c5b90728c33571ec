//! The time of day.

use crate::layout::wall::Wall;
use crate::layout::widget::ClockSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Clock;

impl Clock {
    pub fn new(_spec: &ClockSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Clock {
    fn heading(&self, _wall: &Wall) -> String {
        "".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
