//! What was taken back while nobody listened: statuses that were heard before the gap and that the
//! pages after it do not have any more, within what those pages cover.

use std::collections::HashSet;

use serde_json::Value;

use super::past::Page;
use super::trail::{self, Trail};
use crate::feed::decode::field;

/// So many may be missing from one page without a doubt; of more, no more than half.
const BELIEVED: usize = 10;

/// The statuses of one stream that were heard before the gap.
#[derive(Clone, Debug, Default)]
pub(super) struct Before(Vec<String>);

impl Before {
    pub fn of(trail: &Trail) -> Self {
        Self(trail.recent().map(str::to_owned).collect())
    }

    /// The ids of those that a page should have and has not. A server that answers with another
    /// page than it was asked for is not believed.
    pub fn missing(&self, page: &Page) -> Vec<&str> {
        let Some((since, until)) = &page.span else { return Vec::new() };
        let there: HashSet<_> = page.statuses.iter().filter_map(id).collect();
        let after = |id: &&String| trail::compare(id, since).is_gt();
        let within = |id: &&String| until.as_ref().is_none_or(|until| trail::compare(id, until).is_le());
        let covered = self.0.iter().filter(after).filter(within).count();
        let missing = self.0.iter().filter(after).filter(within).filter(|id| !there.contains(*id));
        let missing: Vec<&str> = missing.map(String::as_str).collect();
        if missing.len() <= BELIEVED.max(covered / 2) { missing } else { Vec::new() }
    }
}

fn id(status: &Value) -> Option<String> {
    field::id(status.get("id"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn before(ids: std::ops::Range<u32>) -> Before {
        let mut trail = Trail::default();
        ids.for_each(|id| trail.note(&id.to_string()));
        Before::of(&trail)
    }

    fn page(ids: &[u32], since: u32, until: Option<u32>) -> Page {
        let statuses = ids.iter().map(|id| json!({ "id": id.to_string() })).collect();
        let span = Some((since.to_string(), until.map(|until| until.to_string())));
        Page { statuses, span, ..Page::default() }
    }

    #[test]
    fn what_a_page_does_not_have_any_more_is_missing_within_what_it_covers() {
        let before = before(100..108);
        assert_eq!(before.missing(&page(&[101, 103, 104], 100, Some(104))), ["102"]);
        assert_eq!(before.missing(&page(&[105, 106], 104, None)), ["107"], "the last page has no end");
        assert_eq!(before.missing(&page(&[], 105, None)), ["106", "107"]);
        assert!(before.missing(&page(&[105, 106, 107, 108, 200], 104, None)).is_empty());
        let uncovered = Page { span: None, ..page(&[], 100, None) };
        assert!(before.missing(&uncovered).is_empty(), "a page that was refused covers nothing");
    }

    #[test]
    fn a_server_that_shows_something_else_takes_nothing_back() {
        let before = before(100..150);
        assert!(before.missing(&page(&[300, 301], 100, None)).is_empty());
    }
}
