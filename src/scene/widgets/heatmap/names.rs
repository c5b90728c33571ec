//! The hottest places by name, with their counts, beside their heat.

use std::sync::Arc;

use super::labels::{self, Ground, Wish};
use super::{Picture, sigma};
use crate::geometry::{Point, Rect, Size};
use crate::layout::legibility::Step;
use crate::pulse::snapshot::Place;
use crate::scene::chrome::hairline;
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::grouped;
use crate::text::{Cut, Setting, Shaped};

/// Distance of a name from its place, as a part of the heat's spread.
const REACH: f32 = 1.5;

/// Names at most `most` of `places`, hottest first, as far as there is room beside the heat and
/// off the legend.
pub fn draw(cx: &mut Cx<'_>, places: &[Place], most: usize, picture: &Picture) -> List {
    let mut hottest: Vec<&Place> = places.iter().filter(|p| p.name.is_some() && p.count > 0).collect();
    hottest.truncate(most);
    // Neighbours in rank that change places do not change where names stand.
    hottest.sort_by(|a, b| a.name.cmp(&b.name));
    let set: Vec<(Arc<Shaped>, Arc<Shaped>)> = hottest.iter().map(|p| name(cx, p)).collect();
    let (cap, space) = (cx.scale.cap(Step::Label), cx.scale.mm(7.0));
    let wish = |(place, (name, count)): (&&Place, &(Arc<Shaped>, Arc<Shaped>))| Wish {
        at: picture.map.at(place.lat, place.lon),
        size: Size::new(name.size.w + space + count.size.w, cap * 1.4),
    };
    let wishes: Vec<Wish> = hottest.iter().zip(&set).map(wish).collect();
    let margin = cx.scale.mm(6.0);
    let rooms: Vec<Rect> = cx.lit.iter().filter_map(|l| l.inset(margin).intersection(&cx.area)).collect();
    let ground =
        Ground { rooms: &rooms, taken: &[picture.legend.rect], reach: REACH * sigma(cx, &picture.map) };
    let spots = labels::place(&wishes, &ground, |at| picture.field.part(at));
    let mut list = List::default();
    for ((wish, spot), (name, count)) in wishes.iter().zip(spots).zip(set) {
        let Some(rect) = spot else { continue };
        leader(cx, &mut list, wish.at, rect);
        let baseline = rect.center().y + cap / 2.0;
        let x = rect.x + name.size.w + space;
        list.text(name, Point::new(rect.x, baseline), cx.theme.ink);
        list.text(count, Point::new(x, baseline), cx.theme.soft);
    }
    list
}

/// Name and count of a place.
fn name(cx: &mut Cx<'_>, place: &Place) -> (Arc<Shaped>, Arc<Shaped>) {
    let size = cx.scale.size(Step::Label);
    let name = Setting::line(place.name.clone().unwrap_or_default(), size).cut(Cut::Semibold);
    let count = Setting::line(grouped(place.count.into()), size).tabular();
    (cx.setter.set(name), cx.setter.set(count))
}

/// A dot on the place and a line from it to its name.
fn leader(cx: &Cx<'_>, list: &mut List, at: Point, label: Rect) {
    let end = labels::nearest(label, at);
    let points = vec![Point::new(0.0, 0.0), Point::new(end.x - at.x, end.y - at.y)];
    let path = Arc::new(Path { outlines: vec![Outline { points, closed: false }] });
    list.push(Item::Stroke { path, at, width: hairline(cx.scale), color: cx.theme.ink.fade(0.6) });
    list.disc(at, cx.scale.mm(3.2), cx.theme.ground.fade(0.7));
    list.disc(at, cx.scale.mm(2.0), cx.theme.ink);
}
