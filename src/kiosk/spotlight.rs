//! One text on every display, because somebody asked for it: the wall that shows it, and the text itself for as long as
//! it may be shown.

use crate::layout::wall::{Scene, Tile, Wall};
use crate::pulse::snapshot::{Shown, Snapshot};
use crate::scene::widgets::QuoteTable;

/// The text that stands in the spotlight.
#[derive(Debug, Default)]
pub struct Spotlight {
    shown: Option<Shown>,
    /// The newest snapshot with that text before all others, by its version.
    lit: Option<Snapshot>,
}

impl Spotlight {
    /// Takes the text with this uid, or none; true while there is one that may be shown. A text that samples do not
    /// have any more stays, unless it was deleted or hidden.
    pub fn follow(&mut self, uid: Option<&str>, snapshot: &Snapshot) -> bool {
        let Some(uid) = uid else {
            *self = Self::default();
            return false;
        };
        let is_it = |shown: &Shown| *shown.mention.uid == *uid;
        let found = snapshot.may_show(uid).then(|| snapshot.shown(uid)).flatten();
        if found != self.shown {
            let kept = self.shown.take().filter(|shown| is_it(shown) && snapshot.may_show(uid));
            self.shown = found.or(kept);
            self.lit = None;
        }
        self.shown.is_some()
    }

    /// The snapshot in which that text comes before all others, where it is lit.
    pub fn lit<'s>(&'s mut self, snapshot: &'s Snapshot, is_lit: bool) -> &'s Snapshot {
        let Some(shown) = self.shown.as_ref().filter(|_| is_lit) else { return snapshot };
        if self.lit.as_ref().is_none_or(|lit| lit.version != snapshot.version) {
            self.lit = Some(Snapshot { pinned: [shown.clone()].into(), ..snapshot.clone() });
        }
        self.lit.as_ref().unwrap_or(snapshot)
    }
}

/// The same wall with one large voice on each display in every scene.
pub fn wall(wall: &Wall) -> Wall {
    let band = wall.band;
    let tile = |(index, display): (usize, &crate::layout::wall::Display)| {
        let mut rect = display.rect;
        if let Some(band) = band.and_then(|band| band.intersection(&rect)) {
            (rect.y, rect.h) = (band.bottom(), rect.bottom() - band.bottom());
        }
        Tile {
            name: format!("spotlight {}", index + 1),
            title: Some(String::new()),
            rect,
            text_arcmin: wall.text_arcmin,
            displays: vec![index],
            widget: QuoteTable::default().into(),
        }
    };
    let tiles: Vec<Tile> = wall.displays.iter().enumerate().map(tile).collect();
    let scene = |scene: &Scene| Scene { title: None, tiles: tiles.clone(), ..scene.clone() };
    Wall { scenes: wall.scenes.iter().map(scene).collect(), ..wall.clone() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::Time;
    use crate::mention::Mention;

    fn snapshot(version: u64, uids: &[&str], withdrawn: &[&str]) -> Snapshot {
        let shown = |uid: &&str| {
            let mut mention = Mention::new(&"a".into(), uid, Time::from_secs(1), Time::from_secs(1));
            mention.uid = (*uid).into();
            Shown { mention: Arc::new(mention), at: Time::from_secs(1), serial: 1, topics: vec![], copies: 0 }
        };
        let mut snapshot = Snapshot { version, ..Snapshot::default() };
        snapshot.all.latest = uids.iter().map(shown).collect();
        snapshot.all.withdrawn = withdrawn.iter().map(|uid| Arc::from(*uid)).collect();
        snapshot
    }

    #[test]
    fn a_text_stays_until_it_is_gone_and_no_longer() {
        let mut spotlight = Spotlight::default();
        assert!(!spotlight.follow(Some("a:1"), &snapshot(1, &["a:2"], &[])));
        assert!(spotlight.follow(Some("a:1"), &snapshot(2, &["a:1", "a:2"], &[])));
        let later = snapshot(3, &["a:2"], &[]);
        assert!(spotlight.follow(Some("a:1"), &later), "the sample has gone on");
        assert_eq!(&*spotlight.lit(&later, true).pinned[0].mention.uid, "a:1");
        assert!(!spotlight.follow(Some("a:1"), &snapshot(4, &["a:2"], &["a:1"])), "it was deleted");
        assert!(spotlight.follow(Some("a:2"), &snapshot(5, &["a:2"], &[])));
        assert!(!spotlight.follow(Some("a:3"), &snapshot(6, &["a:2"], &[])), "another is not this one");
        assert!(!spotlight.follow(None, &snapshot(7, &["a:2"], &[])));
    }
}
