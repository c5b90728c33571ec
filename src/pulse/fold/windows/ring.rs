//! The latest steps of time, each with its cell, in chunks that are there only where something
//! was counted: a quiet stream costs a few pointers.

use super::cell::Cell;

/// See the module. `CHUNK` steps lie together.
#[derive(Debug)]
pub struct Ring<C, const CHUNK: usize> {
    chunks: Vec<Option<Box<[C; CHUNK]>>>,
    /// The running step.
    head: i64,
    /// Steps that are kept, the running one with them.
    length: i64,
}

impl<C: Cell, const CHUNK: usize> Ring<C, CHUNK> {
    pub fn new(length: i64, head: i64) -> Self {
        Self { chunks: Vec::new(), head, length }
    }

    pub fn head(&self) -> i64 {
        self.head
    }

    /// The oldest step that is kept.
    pub fn first(&self) -> i64 {
        self.head - self.length + 1
    }

    /// True when nothing is counted in any step.
    pub fn is_empty(&self) -> bool {
        self.chunks.iter().all(Option::is_none)
    }

    /// Chunks that a ring of this length touches at most.
    fn count(&self) -> i64 {
        self.length / CHUNK as i64 + 2
    }

    fn chunk(step: i64) -> i64 {
        step.div_euclid(CHUNK as i64)
    }

    fn slot(&self, chunk: i64) -> usize {
        chunk.rem_euclid(self.count()) as usize
    }

    pub fn keeps(&self, step: i64) -> bool {
        (self.first()..=self.head).contains(&step)
    }

    /// The cell of a step; an empty one for a step that is not kept.
    pub fn get(&self, step: i64) -> C {
        let chunk = self.chunks.get(self.slot(Self::chunk(step))).and_then(Option::as_deref);
        let cell = chunk.map(|chunk| chunk[step.rem_euclid(CHUNK as i64) as usize]);
        cell.filter(|_| self.keeps(step)).unwrap_or_default()
    }

    /// The cells from `first` to before `end`.
    pub fn cells(&self, first: i64, end: i64) -> impl Iterator<Item = C> {
        (first.max(self.first())..end.min(self.head + 1)).map(|step| self.get(step))
    }

    /// Changes the cell of a step that is kept.
    pub fn change(&mut self, step: i64, change: impl FnOnce(&mut C)) {
        if !self.keeps(step) {
            return;
        }
        if self.chunks.is_empty() {
            self.chunks.resize_with(self.count() as usize, || None);
        }
        let slot = self.slot(Self::chunk(step));
        let chunk = self.chunks[slot].get_or_insert_with(|| Box::new([C::default(); CHUNK]));
        change(&mut chunk[step.rem_euclid(CHUNK as i64) as usize]);
    }

    /// Moves on to a later step.
    pub fn advance(&mut self, to: i64) {
        let (old, new) = (Self::chunk(self.head), Self::chunk(to));
        if !self.chunks.is_empty() {
            for chunk in (old + 1).max(new - self.count() + 1)..=new {
                let slot = self.slot(chunk);
                self.chunks[slot] = None;
            }
        }
        self.head = to;
    }

    /// Goes back to an earlier step and forgets what lies after it.
    pub fn retreat(&mut self, to: i64) {
        let (first, head) = (self.first(), self.head);
        for step in (to + 1).max(first)..=head {
            if self.get(step) != C::default() {
                self.change(step, |cell| *cell = C::default());
            }
        }
        // What lies before the first step that was kept is of another turn.
        let lost = Self::chunk(to) - self.count() + 1..Self::chunk(first);
        self.head = to;
        if self.chunks.is_empty() {
            return;
        }
        if to < first {
            return self.chunks.clear();
        }
        for chunk in lost {
            let slot = self.slot(chunk);
            self.chunks[slot] = None;
        }
        for step in Self::chunk(first) * CHUNK as i64..first {
            if self.get(step) != C::default() {
                self.change(step, |cell| *cell = C::default());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_leave_come_back_empty_and_cost_nothing_while_they_are() {
        let mut ring = Ring::<u32, 10>::new(35, 1_000);
        assert!(ring.is_empty());
        for step in 1_000..1_200 {
            ring.advance(step);
            ring.change(step, |cell| *cell = step as u32);
            for back in 0..40 {
                let due = if back < 35 && step - back >= 1_000 { (step - back) as u32 } else { 0 };
                assert_eq!(ring.get(step - back), due, "{back} steps before {step}");
            }
        }
        ring.advance(1_300);
        assert!(ring.is_empty() && ring.get(1_199) == 0);
    }

    #[test]
    fn going_back_forgets_what_lies_ahead_and_keeps_the_rest() {
        let mut ring = Ring::<u32, 10>::new(35, 1_034);
        (1_000..=1_034).for_each(|step| ring.change(step, |cell| *cell = 1));
        ring.retreat(1_017);
        assert_eq!(ring.cells(0, 2_000).sum::<u32>(), 18);
        ring.advance(1_034);
        assert_eq!((ring.get(1_017), ring.get(1_018)), (1, 0));
        ring.retreat(5);
        assert_eq!(ring.cells(0, 2_000).sum::<u32>(), 0);
    }
}
