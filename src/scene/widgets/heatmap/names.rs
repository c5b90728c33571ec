//! The hottest peaks by name, with their counts, beside their heat.

use std::sync::Arc;

use super::beside;
use super::labels::{self, Ground, Wish};
use super::peaks::Peak;
use super::picture::{Picture, sigma};
use crate::geometry::{Point, Rect, Size};
use crate::layout::legibility::Step;
use crate::scene::chrome::hairline;
use crate::scene::list::{Item, List, Outline, Path};
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::grouped;
use crate::text::{Cut, Setting, Shaped};

/// Distance of a name from its peak, as a part of the heat's spread.
const REACH: f32 = 1.5;
/// Most of a display's part of the map that a name takes across; longer ones name fewer places.
const WIDEST: f32 = 0.42;
/// Part of the top of the scale from which on a name needs a plate.
const WARM: f32 = 0.01;

/// Names the hottest peaks, at most `most`, as far as there is room beside the heat and off the
/// legend. Where the hottest has no room no other is named.
pub fn draw(cx: &mut Cx<'_>, most: usize, picture: &Picture) -> List {
    let frame = picture.map.view.frame;
    let mut list = List::default();
    if let Some(place) = picture.beside {
        beside::draw(cx, &mut list, place, (&picture.peaks, picture.legend.rect));
    }
    let mut hottest: Vec<&Peak> =
        picture.peaks.iter().filter(|peak| frame.contains(peak.at)).take(most).collect();
    // Neighbours in rank that change places do not change where names stand; the hottest is first.
    if let Some((_, cooler)) = hottest.split_first_mut() {
        cooler.sort_by(|a, b| a.names.cmp(&b.names));
    }
    let margin = cx.scale.mm(6.0);
    let rooms: Vec<Rect> = cx.lit.iter().filter_map(|l| l.inset(margin).intersection(&frame)).collect();
    let widest = rooms.iter().map(|room| room.w).fold(0.0, f32::max) * WIDEST;
    let set: Vec<(Arc<Shaped>, Arc<Shaped>)> = hottest.iter().map(|peak| name(cx, peak, widest)).collect();
    let (cap, space) = (cx.scale.cap(Step::Label), cx.scale.mm(7.0));
    // A count that stands in the list does not stand on the map as well.
    let listed = picture.beside.is_some();
    let wish = |(peak, (name, count)): (&&Peak, &(Arc<Shaped>, Arc<Shaped>))| Wish {
        at: peak.at,
        size: Size::new(name.size.w + if listed { 0.0 } else { space + count.size.w }, cap * 1.4),
    };
    let wishes: Vec<Wish> = hottest.iter().zip(&set).map(wish).collect();
    let ground =
        Ground { rooms: &rooms, taken: &[picture.legend.rect], reach: REACH * sigma(cx, &picture.map.view) };
    let spots = labels::place(&wishes, &ground, |at| picture.field.part(at).sqrt());
    if spots.first().is_none_or(Option::is_none) {
        return list;
    }
    for ((wish, spot), (name, count)) in wishes.iter().zip(spots).zip(set) {
        let Some(rect) = spot else { continue };
        plate(cx, &mut list, rect, picture);
        leader(cx, &mut list, wish.at, rect);
        let baseline = rect.center().y + cap / 2.0;
        let x = rect.x + name.size.w + space;
        list.text(name, Point::new(rect.x, baseline), cx.theme.ink);
        if !listed {
            list.text(count, Point::new(x, baseline), cx.theme.soft);
        }
    }
    list
}

/// Name and count of a peak, with as many names as `widest` has room for.
fn name(cx: &mut Cx<'_>, peak: &Peak, widest: f32) -> (Arc<Shaped>, Arc<Shaped>) {
    let size = cx.scale.size(Step::Label);
    let count = cx.setter.set(Setting::line(grouped(peak.count.into()), size).tabular());
    let mut set = |names: usize| cx.setter.set(Setting::line(peak.words(names), size).cut(Cut::Semibold));
    let fits = |shaped: &Arc<Shaped>| shaped.size.w + count.size.w <= widest;
    let name = (2..=peak.names.len()).rev().map(&mut set).find(fits);
    (name.unwrap_or_else(|| set(1)), count)
}

/// Darkens what lies behind a name where that is hot.
fn plate(cx: &Cx<'_>, list: &mut List, label: Rect, picture: &Picture) {
    let (across, down) = (cx.scale.mm(4.0), cx.scale.mm(1.0));
    let at = |i: u8| {
        Point::new(label.x + label.w * f32::from(i % 9) / 8.0, label.y + label.h * f32::from(i / 9) / 2.0)
    };
    if (0..27).any(|i| picture.field.part(at(i)) > WARM) {
        let rect = Rect::new(label.x - across, label.y - down, label.w + 2.0 * across, label.h + 2.0 * down);
        list.rect(rect, cx.theme.ground.fade(0.62));
    }
}

/// A dot on the peak and a line from it to its name.
fn leader(cx: &Cx<'_>, list: &mut List, at: Point, label: Rect) {
    let end = labels::nearest(label, at);
    let points = vec![Point::new(0.0, 0.0), Point::new(end.x - at.x, end.y - at.y)];
    let path = Arc::new(Path { outlines: vec![Outline { points, closed: false }] });
    list.push(Item::Stroke { path, at, width: hairline(cx.scale), color: cx.theme.ink.fade(0.6) });
    list.disc(at, cx.scale.mm(3.2), cx.theme.ground.fade(0.7));
    list.disc(at, cx.scale.mm(2.0), cx.theme.ink);
}
