//! A layout and its wall: solved once, and shared by all who look at it.

use std::sync::Arc;

use crate::layout::adoption::Adoption;
use crate::layout::monitors::Monitor;
use crate::layout::schema::LayoutFile;
use crate::layout::vacancies::Vacancies;
use crate::layout::wall::Wall;
use crate::layout::{hang, solve};

/// A layout file with the wall that it describes.
#[derive(Debug)]
pub struct SolvedLayout {
    file: LayoutFile,
    /// The wall where no monitor tells anything: what it listens to and counts is the same on any.
    pub wall: Arc<Wall>,
}

impl SolvedLayout {
    pub fn new(file: LayoutFile) -> Self {
        let wall = Arc::new(solve::solve(&file, &[]));
        Self { file, wall }
    }

    /// The wall on a machine with these monitors, some of which displays have adopted. It is solved again only where
    /// its displays are others for them.
    pub fn on(&self, monitors: &[Monitor], adopted: &[Adoption]) -> Arc<Wall> {
        let displays = hang::displays(&self.file, monitors, adopted);
        match displays == self.wall.displays {
            true => self.wall.clone(),
            false => Arc::new(solve::solve_with(&self.file, monitors, adopted)),
        }
    }

    /// Which displays have no monitor of their own, and what could stand in.
    pub fn vacancies(&self, monitors: &[Monitor], adopted: &[Adoption]) -> Vacancies {
        Vacancies::of(&self.file, monitors, adopted)
    }

    /// What is taken for granted of its displays, in words: see [`crate::layout::assumed`].
    pub fn assumed(&self) -> Option<String> {
        hang::assumed(&self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::demo_file;

    #[test]
    fn a_wall_is_solved_again_only_for_monitors_that_change_it() {
        let registry = crate::registry();
        let layout = SolvedLayout::new(demo_file(&registry));
        assert!(Arc::ptr_eq(&layout.on(&[], &[]), &layout.wall));
        let monitor = Monitor { name: "DP-1".into(), pixels: (2560, 1440), ..Monitor::default() };
        let found = layout.on(&[monitor], &[]);
        assert_eq!(found.displays[0].pixels, (2560, 1440));
        assert_eq!(found.topics, layout.wall.topics);
    }
}
