//! What words people use.

use crate::layout::wall::Wall;
use crate::layout::widget::WordsSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Words;

impl Words {
    pub fn new(_spec: &WordsSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Words {
    fn heading(&self, _wall: &Wall) -> String {
        "Words".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
