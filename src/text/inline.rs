//! Pictures that stand among text: each is drawn as one large sign.

use std::hash::{Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use glyphon::{Buffer, CustomGlyph, Metrics};
use rustc_hash::{FxHashMap, FxHasher};

use super::{Setting, Shaped};
use crate::bitmap::Bitmap;
use crate::geometry::Size;
use crate::layout::legibility::LINE_HEIGHT;

/// A picture that is drawn as one large sign.
#[derive(Debug)]
pub struct Inline {
    pub bitmap: Arc<Bitmap>,
    /// Its place and size, millimetres.
    pub glyph: [CustomGlyph; 1],
    /// That of its glyph. As long as it is held, no other picture has it.
    pub number: Arc<u16>,
}

/// A picture of this size, millimetres, that stands on the baseline.
pub fn image(bitmap: &Arc<Bitmap>, size: Size) -> Arc<Shaped> {
    static NUMBERS: Mutex<Option<Numbers>> = Mutex::new(None);
    let mut numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
    let number = numbers.get_or_insert_default().of(hash(bitmap));
    let (id, width, height) = (*number, size.w, size.h);
    let glyph = CustomGlyph { id, width, height, snap_to_physical_pixel: true, ..CustomGlyph::default() };
    Arc::new(Shaped {
        setting: Setting::line("", 1.0).within(width, 1),
        size,
        baseline: height,
        lines: 1,
        ink: None,
        buffer: Buffer::new_empty(Metrics::relative(1.0, LINE_HEIGHT)),
        image: Some(Inline { bitmap: bitmap.clone(), glyph: [glyph], number }),
    })
}

fn hash(bitmap: &Bitmap) -> u64 {
    let mut state = FxHasher::default();
    bitmap.hash(&mut state);
    state.finish()
}

/// Tells pictures apart in all of this process: each content that is shown has one number. A number comes again after
/// 65,536 others: a wall whose picture is saved every minute has had so many after six weeks.
#[derive(Debug, Default)]
struct Numbers {
    /// By the hash of their content; those that nobody holds go when the next comes.
    held: FxHashMap<u64, Weak<u16>>,
    next: u16,
}

impl Numbers {
    fn of(&mut self, content: u64) -> Arc<u16> {
        if let Some(number) = self.held.get(&content).and_then(Weak::upgrade) {
            return number;
        }
        self.held.retain(|_, number| number.strong_count() > 0);
        // More than fit in memory cannot be held, so that one is free.
        let is_held = |n: u16| self.held.values().filter_map(Weak::upgrade).any(|held| *held == n);
        let free = (0..=u16::MAX).map(|step| self.next.wrapping_add(step)).find(|n| !is_held(*n));
        let number = Arc::new(free.unwrap_or(self.next));
        self.next = number.wrapping_add(1);
        self.held.insert(content, Arc::downgrade(&number));
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_has_one_number_and_a_number_one_content_however_many_come() {
        let mut numbers = Numbers::default();
        let logo = numbers.of(7);
        let mut before = None;
        for content in 100..200_000 {
            let number = numbers.of(content);
            assert_ne!(number, logo, "{content}");
            assert_ne!(before.replace(number.clone()), Some(number), "the one before is still shown");
        }
        assert!(Arc::ptr_eq(&numbers.of(7), &logo));
        assert!(numbers.held.len() <= 3, "what is shown no more is forgotten");
    }

    #[test]
    fn the_same_picture_read_again_has_the_same_number() {
        let picture = |v: u8| Arc::new(Bitmap { width: 1, height: 1, rgba: vec![v; 4] });
        let size = Size::new(10.0, 10.0);
        let id = |shaped: &Shaped| shaped.image.as_ref().map(|image| image.glyph[0].id);
        let (one, again, other) =
            (image(&picture(1), size), image(&picture(1), size), image(&picture(2), size));
        assert_eq!(id(&one), id(&again));
        assert_ne!(id(&one), id(&other));
    }
}
