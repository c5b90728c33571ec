//! Placing words: lines from the left, the largest on top, every word at one of a few stops, so that words
//! stand in columns. A pure function of the words, their steps and the area; counts alone move nothing.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::geometry::{Point, Rect, hash_f32};
use crate::layout::legibility::{CAP_HEIGHT, MIN_ARCMIN, Scale};
use crate::scene::widgets::marks::Mood;
use crate::text::{Cut, Setting, Typesetter};

/// Steps of size.
pub const CLASSES: usize = 5;
/// Largest steps that are tried, arc minutes, from splendid to plain.
const LARGEST: [f32; 9] = [110.0, 95.0, 80.0, 70.0, 60.0, 50.0, 42.0, 36.0, 30.0];
/// Smallest steps that are tried.
const SMALLEST: [f32; 3] = [22.0, 18.0, MIN_ARCMIN];
/// From one baseline to the next, as a part of the type size, at the tightest.
const LEADING: f32 = 1.12;
/// Gap between two words, as a part of the larger one's size.
const GAP: f32 = 0.5;

/// How much larger words are tried that leave room, largest first.
const GROWN: [f32; 3] = [1.35, 1.2, 1.1];
/// Stops in the width of an area, at which words may begin.
const STOPS: f32 = 12.0;
/// Room for the sign of a mood behind a word, as a part of its type size.
pub const SIGN: f32 = 0.42;

/// A word to be placed.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub text: Arc<str>,
    /// 0 rare to `CLASSES` − 1 most used.
    pub class: usize,
    pub hashtag: bool,
    /// Set for words that are clearly praise or blame; their sign stands behind them.
    pub mood: Option<Mood>,
    /// Width at a type size of 1 mm, sign included.
    width: f32,
}

/// A word in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub word: Word,
    pub size: f32,
    /// Left end of its baseline.
    pub at: Point,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cloud {
    pub placed: Vec<Placed>,
}

/// The step of a word used `count` times where the most used is used `most` times: each step is
/// 0.6 of the one above.
pub fn class(count: u32, most: u32) -> usize {
    let part = count as f32 / most.max(1) as f32;
    let below = [0.65, 0.38, 0.22, 0.12].into_iter().filter(|&limit| part < limit).count();
    CLASSES - 1 - below
}

impl Word {
    pub fn measure(
        setter: &mut Typesetter,
        text: &Arc<str>,
        class: usize,
        hashtag: bool,
        mood: Option<Mood>,
    ) -> Self {
        let mut word = Self { text: text.clone(), class, hashtag, mood, width: 0.0 };
        let setting = Setting::line(text.clone(), 100.0).cut(word.cut());
        let sign = if mood.is_some() { SIGN } else { 0.0 };
        word.width = setter.width(setting) / 100.0 + sign;
        word
    }

    pub fn cut(&self) -> Cut {
        if self.class >= 3 { Cut::Display } else { Cut::Regular }
    }

    fn order(&self) -> (std::cmp::Reverse<usize>, u64) {
        let mut state = FxHasher::default();
        self.text.hash(&mut state);
        (std::cmp::Reverse(self.class), state.finish())
    }
}

impl Cloud {
    /// Places as many of `words` (most used first) as fit into `area`, as large as they fit: all
    /// of them small rather than some of them large, nothing below 16′.
    pub fn place(words: Vec<Word>, area: Rect, scale: Scale) -> Self {
        let mut count = words.len();
        while count > 0 {
            let mut chosen = words[..count].to_vec();
            chosen.sort_by_key(Word::order);
            for sizes in steps(scale) {
                let place = |grown: f32| Self::try_place(&chosen, area, sizes.map(|size| size * grown));
                if let Some(cloud) = place(1.0) {
                    return GROWN.into_iter().find_map(place).unwrap_or(cloud);
                }
            }
            count -= count.div_ceil(12);
        }
        Self::default()
    }

    fn try_place(words: &[Word], area: Rect, sizes: [f32; CLASSES]) -> Option<Self> {
        let lines = balanced(words, area.w, sizes)?;
        let height: f32 = lines.iter().map(|l| l.size * LEADING).sum();
        if height > area.h {
            return None;
        }
        let loose = (area.h / height).min(1.8);
        // What cannot fill the area stands on its optical middle.
        let mut y = area.y + (area.h - height * loose) * 0.42;
        let mut placed = Vec::with_capacity(words.len());
        for line in lines {
            let high = line.size * LEADING * loose;
            line.set(&mut placed, area, y + (high + line.size * CAP_HEIGHT) / 2.0, sizes);
            y += high;
        }
        Some(Self { placed })
    }
}

/// Sizes of the steps, geometric from the smallest to the largest, in the order in which they are
/// tried.
fn steps(scale: Scale) -> impl Iterator<Item = [f32; CLASSES]> {
    LARGEST.into_iter().flat_map(move |most| {
        SMALLEST.into_iter().map(move |least| {
            let ratio = most / least;
            std::array::from_fn(|i| scale.em(least * ratio.powf(i as f32 / (CLASSES - 1) as f32)))
        })
    })
}

struct Line<'a> {
    /// Words and where they begin.
    words: Vec<(&'a Word, f32)>,
    size: f32,
    width: f32,
}

impl<'a> Line<'a> {
    /// Adds a word when there is room for it and it is not much smaller than the line's first.
    fn take(&mut self, word: &'a Word, sizes: [f32; CLASSES], (room, stop): (f32, f32)) -> bool {
        let left = ((self.width + self.size * GAP) / stop).ceil() * stop;
        let right = left + word.width * sizes[word.class];
        let class = self.words.first().map_or(0, |(first, _)| first.class);
        let fits = right <= room && word.class + 1 >= class;
        if fits {
            self.width = right;
            self.words.push((word, left));
        }
        fits
    }

    /// Puts the words on one baseline.
    fn set(&self, placed: &mut Vec<Placed>, area: Rect, baseline: f32, sizes: [f32; CLASSES]) {
        let set = |(word, left): &(&Word, f32)| Placed {
            word: (*word).clone(),
            size: sizes[word.class],
            at: Point::new(area.x + left, baseline),
        };
        placed.extend(self.words.iter().map(set));
    }
}

/// Fills lines of `width` in order; a line that the next word does not fit takes a later one of the
/// same step or the one below. `None` when a word is wider than a line.
fn break_lines<'a>(words: &'a [Word], width: f32, sizes: [f32; CLASSES], stop: f32) -> Option<Vec<Line<'a>>> {
    let mut left: std::collections::VecDeque<&Word> = words.iter().collect();
    let mut lines = Vec::new();
    while let Some(first) = left.pop_front() {
        let size = sizes[first.class];
        let mut line = Line { words: vec![(first, 0.0)], size, width: first.width * size };
        if line.width > width {
            return None;
        }
        left.retain(|word| !line.take(word, sizes, (width, stop)));
        lines.push(line);
    }
    Some(lines)
}

/// The same number of lines, about equally long.
fn balanced<'a>(words: &'a [Word], width: f32, sizes: [f32; CLASSES]) -> Option<Vec<Line<'a>>> {
    let stop = (width / STOPS).max(0.1);
    let mut lines = break_lines(words, width, sizes, stop)?;
    let height = |lines: &[Line<'_>]| lines.iter().map(|l| l.size).sum::<f32>();
    for part in 1..=8 {
        let narrower = break_lines(words, width * (1.0 - part as f32 * 0.03), sizes, stop);
        match narrower {
            Some(found) if height(&found) <= height(&lines) => lines = found,
            _ => break,
        }
    }
    Some(lines)
}

impl Hash for Cloud {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for p in &self.placed {
            (&p.word.text, p.word.class, p.word.hashtag, p.word.mood).hash(state);
            hash_f32(&[p.size, p.at.x, p.at.y], state);
        }
    }
}
