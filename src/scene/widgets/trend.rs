//! How many mentions, second by second.

use crate::layout::wall::Wall;
use crate::layout::widget::TrendSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Trend;

impl Trend {
    pub fn new(_spec: &TrendSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Trend {
    fn heading(&self, _wall: &Wall) -> String {
        "Trend".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
