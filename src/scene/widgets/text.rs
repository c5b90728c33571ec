//! Words that stand in the layout file.

use crate::layout::wall::Wall;
use crate::layout::widget::TextSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Text;

impl Text {
    pub fn new(_spec: &TextSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Text {
    fn heading(&self, _wall: &Wall) -> String {
        "".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
