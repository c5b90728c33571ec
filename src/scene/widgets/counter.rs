//! One number.

use crate::layout::wall::Wall;
use crate::layout::widget::CounterSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Counter;

impl Counter {
    pub fn new(_spec: &CounterSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Counter {
    fn heading(&self, _wall: &Wall) -> String {
        "Mentions".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
