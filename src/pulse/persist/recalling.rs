//! What changed while the past is being told, and how far that is.

use rustc_hash::FxHashSet;

use crate::query::tokens;

/// Uids remembered of what changed while the past is told; beyond, the rest of the past is only
/// counted.
const TOUCHED: usize = 65_536;

/// What changed while the past was being told, and how far that is.
#[derive(Debug, Default)]
pub struct Recalling {
    /// When it began.
    pub began: i64,
    touched: FxHashSet<u64>,
    /// Too much changed to know it all.
    blind: bool,
}

impl Recalling {
    /// The past begins to be told at the second `began`.
    pub fn new(began: i64) -> Self {
        Self { began, ..Self::default() }
    }

    /// A mention was taken back or changed.
    pub fn touch(&mut self, uid: &str) {
        self.blind |= self.touched.len() >= TOUCHED;
        if !self.blind {
            self.touched.insert(tokens::hash(uid));
        }
    }

    /// Whether what is told of it may still be shown.
    pub fn may_show(&self, uid: &str) -> bool {
        !self.blind && !self.touched.contains(&tokens::hash(uid))
    }
}
