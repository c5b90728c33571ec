//! Where people are talking.

use crate::layout::wall::Wall;
use crate::layout::widget::HeatmapSpec;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};

pub struct Heatmap;

impl Heatmap {
    pub fn new(_spec: &HeatmapSpec, _wall: &Wall) -> Self {
        Self
    }
}

impl Widget for Heatmap {
    fn heading(&self, _wall: &Wall) -> String {
        "Map".into()
    }

    fn key(&mut self, _cx: &mut Cx<'_>) -> u64 {
        0
    }

    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
