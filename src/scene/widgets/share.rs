//! Whose share of the voice, topic by topic.

use crate::layout::wall::Wall;
use crate::layout::widget::ShareSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Share;

impl Share {
    pub fn new(_spec: &ShareSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Share {
    fn heading(&self, _wall: &Wall) -> String {
        "Share of voice".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
