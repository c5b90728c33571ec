//! Alerts.
use std::hash::{Hash as _, Hasher as _};
use super::marks;
use crate::layout::wall::Wall;
use crate::layout::widget::AlertsTile;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};
pub struct Alerts { spec: AlertsTile }
impl Alerts { pub fn new(spec: &AlertsTile, _wall: &Wall) -> Self { Self { spec: spec.clone() } } }
impl Widget for Alerts {
    fn heading(&self, _wall: &Wall) -> String { "Alerts".into() }
    fn key(&mut self, cx: &mut Cx<'_>) -> u64 { let mut s = marks::seed(cx); self.spec.count.hash(&mut s); s.finish() }
    fn still(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}
