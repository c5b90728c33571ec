//! What people did with a mention that is shown: likes, shares, replies.

use std::sync::Arc;

use super::Highlights;
use crate::mention::source::{Engaged, Engagement};
use crate::mention::{Mention, Metrics};

impl Highlights {
    /// Takes over what a mention's source says that people did with it.
    pub fn measure(&mut self, news: &Mention) {
        let Some(new) = news.metrics.as_deref() else { return };
        for held in self.of(&news.uid) {
            let old = held.metrics.as_deref().copied().unwrap_or_default();
            Arc::make_mut(held).metrics = Some(Box::new(newer(old, *new)));
        }
    }

    /// Somebody did something with a mention, or took it back.
    pub fn engage(&mut self, engaged: &Engaged) {
        for held in self.of(&engaged.uid) {
            let metrics = Arc::make_mut(held).metrics.get_or_insert_default();
            let count = match engaged.what {
                Engagement::Likes => &mut metrics.likes,
                Engagement::Shares => &mut metrics.shares,
                Engagement::Replies => &mut metrics.replies,
                Engagement::Quotes => &mut metrics.quotes,
            };
            *count = Some(count.unwrap_or(0).saturating_add_signed(engaged.by.into()));
        }
    }
}

/// What a source says last, and what it said before of what it does not repeat.
fn newer(old: Metrics, new: Metrics) -> Metrics {
    Metrics {
        likes: new.likes.or(old.likes),
        shares: new.shares.or(old.shares),
        replies: new.replies.or(old.replies),
        quotes: new.quotes.or(old.quotes),
        views: new.views.or(old.views),
        clicks: new.clicks.or(old.clicks),
    }
}
