//! The latest mentions as a list.

use crate::layout::wall::Wall;
use crate::layout::widget::MentionsSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Mentions;

impl Mentions {
    pub fn new(_spec: &MentionsSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Mentions {
    fn heading(&self, _wall: &Wall) -> String {
        "Latest mentions".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
