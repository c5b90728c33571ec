//! The latest mentions, walking from right to left.

use crate::layout::wall::Wall;
use crate::layout::widget::TickerSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Ticker;

impl Ticker {
    pub fn new(_spec: &TickerSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Ticker {
    fn heading(&self, _wall: &Wall) -> String {
        "".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
