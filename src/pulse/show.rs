//! What is shown of a mention: the highlights of the streams that it belongs to.

use std::sync::Arc;

use crate::clock::Time;
use crate::mention::{Mention, is_blank};
use crate::pulse::attributes;
use crate::pulse::highlights::{Candidate, Highlights};
use crate::pulse::state::{Pulse, Scratch};

impl Pulse {
    /// Of all streams that show mentions.
    pub(super) fn highlights(&mut self) -> impl Iterator<Item = &mut Highlights> {
        self.streams.iter_mut().filter_map(|stream| stream.sample.as_mut())
    }

    /// Offers a mention with text to the highlights.
    pub(super) fn show(&mut self, mention: Mention, at: Time, live: bool, scratch: &Scratch) {
        let Some(text) = mention.text.as_deref().filter(|text| !is_blank(text)) else { return };
        let author = attributes::voice(&mention).map(|(hash, _)| hash);
        let now = self.head;
        let candidate = Candidate::of(&mention, at, attributes::words(text, &scratch.tokens), author);
        let mut shared = None;
        let mut waiting = Some(mention);
        let topics = scratch.topics.iter().map(|t| 1 + usize::from(*t));
        for stream in std::iter::once(0).chain(topics) {
            let Some(sample) = &mut self.streams[stream].sample else { continue };
            if !sample.wants(&candidate, live) {
                continue;
            }
            if let Some(mention) = waiting.take() {
                shared = Some(Arc::new(mention));
            }
            if let Some(mention) = &shared {
                sample.offer(candidate, mention.clone(), &scratch.topics, (live, now));
            }
        }
    }
}
