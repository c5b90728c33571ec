//! How it is meant.

use crate::layout::wall::Wall;
use crate::layout::widget::SentimentSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Sentiment;

impl Sentiment {
    pub fn new(_spec: &SentimentSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Sentiment {
    fn heading(&self, _wall: &Wall) -> String {
        "Sentiment".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
