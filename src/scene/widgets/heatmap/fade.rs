//! Labels that change: what goes fades out, then what comes fades in, so that two never stand on one
//! spot.

use std::sync::Arc;

use crate::scene::list::{Item, List};

/// What a map says before and after a change.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// On both.
    stays: Vec<Item>,
    goes: Vec<Item>,
    comes: Vec<Item>,
}

impl Change {
    pub fn new(before: &List, after: &Arc<List>) -> Self {
        let has = |list: &[String], item: &Item| list.contains(&item.to_string());
        let words = |list: &List| list.items.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (old, new) = (words(before), words(after));
        let (stays, comes) = after.items.iter().cloned().partition(|item| has(&old, item));
        let goes = before.items.iter().filter(|item| !has(&new, item)).cloned().collect();
        Self { stays, goes, comes }
    }

    /// Draws the change at `progress`, 0 to 1.
    pub fn draw(&self, progress: f32, list: &mut List) {
        let (out, come) = (1.0 - 2.0 * progress, 2.0 * progress - 1.0);
        list.items.extend(self.stays.iter().cloned());
        list.items.extend(self.goes.iter().filter_map(|item| faded(item, out)));
        list.items.extend(self.comes.iter().filter_map(|item| faded(item, come)));
    }
}

/// An item at a part of its opacity; nothing at none.
fn faded(item: &Item, alpha: f32) -> Option<Item> {
    let mut item = item.clone();
    match &mut item {
        Item::Rect { color, .. }
        | Item::Ring { color, .. }
        | Item::Fill { color, .. }
        | Item::Stroke { color, .. }
        | Item::Text { color, .. }
        | Item::Ground { color, .. } => *color = color.fade(alpha),
        Item::Heat(_) => {}
    }
    (alpha > 0.0).then_some(item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Rgba;
    use crate::geometry::{Point, Rect};

    fn list(at: &[f32]) -> Arc<List> {
        let mut list = List::default();
        at.iter().for_each(|x| list.disc(Point::new(*x, 0.0), 1.0, Rgba::hex(0xffffff)));
        list.rect(Rect::new(0.0, 0.0, 5.0, 5.0), Rgba::hex(0xff0000));
        list.into()
    }

    #[test]
    fn the_old_is_gone_before_the_new_comes() {
        let change = Change::new(&list(&[1.0, 2.0]), &list(&[2.0, 3.0]));
        let at = |progress| {
            let mut list = List::default();
            change.draw(progress, &mut list);
            let alpha = |item: &Item| match item {
                Item::Rect { rect, color, .. } => Some((rect.x, color.a)),
                _ => None,
            };
            list.items.iter().filter_map(alpha).collect::<Vec<_>>()
        };
        assert_eq!(at(0.25), [(1.0, 1.0), (0.0, 1.0), (0.0, 0.5)]);
        assert_eq!(at(0.75), [(1.0, 1.0), (0.0, 1.0), (2.0, 0.5)]);
    }
}
