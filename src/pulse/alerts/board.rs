//! Alerts from raised over acknowledged to cleared, and what is remembered of them.
//!
//! Whoever watches tells what is unusual *now*; the desk makes alerts of it. One stands for at
//! least [`LEAST`], is cleared when what raised it is gone, and does not come anew for [`AGAIN`].
//! When more than [`MANY`] come within [`FLOOD`], they are told as one group, which others join
//! while no pause of that length lies between them; it is over with the last of them.
//!
//! Limits: [`LIVE`] that stand (what comes beyond waits until there is room), [`PAST`] that are over.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::report::{About, Acknowledged, Alert, Cause, Severity};
use crate::clock::Time;

/// Most alerts that stand.
pub const LIVE: usize = 64;
/// Most alerts that are over.
pub const PAST: usize = 256;
/// An alert stands at least so long.
pub const LEAST: Duration = Duration::from_secs(60);
/// For so long after it was cleared an alert does not come anew.
pub const AGAIN: Duration = Duration::from_secs(300);
/// More than so many at once are a group.
pub const MANY: usize = 5;
/// At once is within this time.
pub const FLOOD: Duration = Duration::from_secs(120);
/// Labels that a group names.
const NAMED: usize = 12;
/// Longest name of who acknowledges, characters.
const BY: usize = 40;
/// Ids stay below this, which JavaScript can count to.
const IDS: u64 = 1 << 53;

/// Something that is unusual now.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// Tells it apart; the same over restarts.
    pub what: u64,
    pub cause: Cause,
    pub name: Arc<str>,
    pub topic: Option<u16>,
    pub label: Arc<str>,
    pub rule: Arc<str>,
    pub severity: Severity,
    pub owner: Option<Arc<str>>,
    pub action: Option<Arc<str>>,
    pub since: Time,
    pub observed: f64,
    pub expected: f64,
}

/// An alert, and what it is the alert of.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub what: u64,
    pub alert: Alert,
}

/// All alerts.
#[derive(Debug, Default)]
pub struct AlertBoard {
    live: Vec<Standing>,
    /// The last cleared last.
    past: VecDeque<Standing>,
    /// Such as changed and are to be kept.
    dirty: Vec<(i64, u64)>,
    changed: bool,
    drawn: Arc<[Alert]>,
}

impl AlertBoard {
    /// Takes in all that is unusual at `now` of the kind `cause`, and nothing else of it is.
    pub fn update(&mut self, now: Time, cause: Cause, news: &[News]) {
        for one in news {
            match self.live.iter_mut().find(|standing| standing.what == one.what) {
                Some(standing) => self.changed |= measure(&mut standing.alert, one),
                None => self.raise(now, one),
            }
        }
        let over = |s: &Standing| {
            s.alert.cause == cause
                && news.iter().all(|one| one.what != s.what)
                && s.alert.raised + LEAST <= now
        };
        self.clear(now, over);
        self.group(now);
        let groups: Vec<u64> = self.live.iter().filter_map(|s| s.alert.group).collect();
        self.clear(now, |s| s.alert.cause == Cause::Group && !groups.contains(&s.alert.id));
    }

    fn raise(&mut self, now: Time, news: &News) {
        let lately = |s: &Standing| s.what == news.what && s.alert.cleared.is_some_and(|at| now < at + AGAIN);
        if self.past.iter().any(lately) {
            return;
        }
        if self.live.len() >= LIVE {
            return;
        }
        self.live.push(Standing { what: news.what, alert: alert_of(news, now) });
        self.dirty.push((now.0, news.what));
        self.changed = true;
    }

    fn clear(&mut self, now: Time, over: impl Fn(&Standing) -> bool) {
        let (gone, live): (Vec<_>, Vec<_>) = std::mem::take(&mut self.live).into_iter().partition(over);
        self.live = live;
        for mut standing in gone {
            standing.alert.cleared = Some(now);
            self.dirty.push((standing.alert.raised.0, standing.what));
            self.bury(standing);
        }
    }

    /// What is over loses the words that made it up: they may be taken back.
    fn bury(&mut self, mut standing: Standing) {
        standing.alert.about = None;
        self.past.push_back(standing);
        if self.past.len() > PAST {
            self.past.pop_front();
        }
        self.changed = true;
    }

    /// Makes a group of what came at once, or lets it join one.
    fn group(&mut self, now: Time) {
        let recent = |at: Time| at <= now && now.since(at) <= FLOOD;
        let is_new =
            |s: &Standing| s.alert.cause != Cause::Group && s.alert.group.is_none() && recent(s.alert.raised);
        let new: Vec<usize> = (0..self.live.len()).filter(|i| is_new(&self.live[*i])).collect();
        let joined = |s: &Standing| s.alert.group.filter(|_| recent(s.alert.raised));
        let open = self.live.iter().filter_map(joined).next_back();
        let id = match open {
            _ if new.is_empty() => return,
            Some(id) => id,
            None if new.len() > MANY && self.live.len() < LIVE => self.new_group(now),
            None => return,
        };
        for i in new {
            let standing = &mut self.live[i];
            standing.alert.group = Some(id);
            self.dirty.push((standing.alert.raised.0, standing.what));
        }
        self.sum_up(id);
    }

    fn new_group(&mut self, now: Time) -> u64 {
        let news = News {
            what: 0,
            cause: Cause::Group,
            name: "".into(),
            topic: None,
            label: "Many at once".into(),
            rule: "".into(),
            severity: Severity::Info,
            owner: None,
            action: None,
            since: now,
            observed: 0.0,
            expected: 0.0,
        };
        let alert = alert_of(&news, now);
        let id = alert.id;
        self.live.push(Standing { what: news.what, alert });
        id
    }

    /// A group speaks as loudly as its loudest, and names its alerts.
    fn sum_up(&mut self, id: u64) {
        let parts: Vec<&Alert> =
            self.live.iter().map(|s| &s.alert).filter(|alert| alert.group == Some(id)).collect();
        let severity = parts.iter().map(|alert| alert.severity).max().unwrap_or_default();
        let since = parts.iter().map(|alert| alert.since).min();
        let labels: Arc<[Arc<str>]> = parts.iter().take(NAMED).map(|alert| alert.label.clone()).collect();
        let owner = parts.first().and_then(|first| first.owner.clone());
        let owner = owner.filter(|owner| parts.iter().all(|part| part.owner.as_ref() == Some(owner)));
        let size = parts.len() as u32;
        let Some(group) = self.live.iter_mut().find(|s| s.alert.id == id) else { return };
        let known = group.alert.size.max(size);
        let alert = &mut group.alert;
        (alert.severity, alert.parts, alert.size, alert.owner) = (severity, labels, known, owner);
        alert.since = since.unwrap_or(alert.since);
        self.dirty.push((alert.raised.0, group.what));
        self.changed = true;
    }

    /// Takes note that somebody takes an alert on, and with a group all of its alerts; false when
    /// it does not stand.
    pub fn acknowledge(&mut self, id: u64, by: &str, now: Time) -> bool {
        let by: String = by.trim().chars().filter(|c| !c.is_control()).take(BY).collect();
        let by: Arc<str> = if by.is_empty() { "the desk".into() } else { by.into() };
        let mut found = false;
        for standing in &mut self.live {
            let alert = &mut standing.alert;
            let is_it = alert.id == id || alert.group == Some(id);
            found |= alert.id == id;
            if is_it && alert.acknowledged.is_none() {
                alert.acknowledged = Some(Acknowledged { at: now, by: by.clone() });
                self.dirty.push((alert.raised.0, standing.what));
                self.changed = true;
            }
        }
        found
    }

    /// Says anew what the standing alerts are about.
    pub fn describe(&mut self, about: impl Fn(&Alert) -> Option<About>) {
        for standing in self.live.iter_mut().filter(|s| s.alert.cause != Cause::Group) {
            let new = about(&standing.alert);
            self.changed |= standing.alert.about != new;
            standing.alert.about = new;
        }
    }

    /// Whether something of this kind stands already.
    pub fn stands(&self, what: u64) -> bool {
        self.live.iter().any(|standing| standing.what == what)
    }

    /// True when nothing stands.
    pub fn is_quiet(&self) -> bool {
        self.live.is_empty()
    }

    /// Takes up alerts of before a restart, the first raised first.
    pub fn recall(&mut self, standing: Standing) {
        let of = |s: &Standing| (s.what, s.alert.raised) == (standing.what, standing.alert.raised);
        if self.live.iter().chain(&self.past).any(of) {
            return;
        }
        match standing.alert.is_live() && self.live.len() < LIVE {
            true => self.live.push(standing),
            false => self.bury(standing),
        }
        self.past.make_contiguous().sort_by_key(|s| (s.alert.cleared, s.alert.raised));
        self.changed = true;
    }

    /// What changed since it was asked last and is to be kept.
    pub fn news(&mut self) -> Vec<&Standing> {
        let mut dirty = std::mem::take(&mut self.dirty);
        dirty.sort_unstable();
        dirty.dedup();
        let is_dirty = |s: &&Standing| dirty.contains(&(s.alert.raised.0, s.what));
        self.live.iter().chain(&self.past).filter(is_dirty).collect()
    }

    pub fn has_changed(&self) -> bool {
        self.changed
    }

    /// Those that stand, the loudest and then the newest first; then those that are over, the
    /// last first.
    pub fn draw(&mut self) -> Arc<[Alert]> {
        if std::mem::take(&mut self.changed) {
            let mut live: Vec<&Alert> = self.live.iter().map(|s| &s.alert).collect();
            live.sort_by_key(|alert| std::cmp::Reverse((alert.severity, alert.raised)));
            let past = self.past.iter().rev().map(|s| &s.alert);
            self.drawn = live.into_iter().chain(past).cloned().collect();
        }
        self.drawn.clone()
    }
}

fn alert_of(news: &News, now: Time) -> Alert {
    let News { cause, topic, severity, since, .. } = *news;
    Alert {
        id: (news.what ^ (now.0 as u64).rotate_left(17)).wrapping_mul(0x9e37_79b9_7f4a_7c15) % IDS,
        cause,
        name: news.name.clone(),
        topic,
        label: news.label.clone(),
        rule: news.rule.clone(),
        severity,
        since,
        raised: now,
        acknowledged: None,
        cleared: None,
        observed: news.observed,
        expected: news.expected,
        owner: news.owner.clone(),
        action: news.action.clone(),
        about: None,
        group: None,
        parts: Arc::default(),
        size: 0,
    }
}

/// Takes over the numbers of an alert that stands; true when they changed.
fn measure(alert: &mut Alert, news: &News) -> bool {
    let new = (news.observed, news.expected, news.topic);
    let changed = (alert.observed, alert.expected, alert.topic) != new;
    (alert.observed, alert.expected, alert.topic) = new;
    changed
}

#[cfg(test)]
mod tests;
