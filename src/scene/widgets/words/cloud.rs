//! Placing words: lines around the middle, large words in the middle lines, every line centred on
//! one baseline. A pure function of the words, their steps and the area; counts alone move nothing.

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
                if let Some(cloud) = Self::try_place(&chosen, area, sizes) {
                    return cloud;
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
        let loose = (area.h / height).min(1.3);
        let mut y = area.y + (area.h - height * loose) / 2.0;
        let mut placed = Vec::with_capacity(words.len());
        for line in around_the_middle(lines) {
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
    words: Vec<&'a Word>,
    size: f32,
    width: f32,
}

impl<'a> Line<'a> {
    /// Adds a word when there is room for it and it is not much smaller than the line's first.
    fn take(&mut self, word: &'a Word, class: usize, sizes: [f32; CLASSES], room: f32) -> bool {
        let wide = self.size * GAP + word.width * sizes[word.class];
        let fits = self.width + wide <= room && word.class + 1 >= class;
        if fits {
            self.width += wide;
            self.words.push(word);
        }
        fits
    }

    /// Puts the words on one baseline, centred, the first in the middle.
    fn set(&self, placed: &mut Vec<Placed>, area: Rect, baseline: f32, sizes: [f32; CLASSES]) {
        let mut x = area.x + (area.w - self.width) / 2.0;
        for word in around_the_middle(self.words.clone()) {
            let size = sizes[word.class];
            placed.push(Placed { word: word.clone(), size, at: Point::new(x, baseline) });
            x += word.width * size + self.size * GAP;
        }
    }
}

/// Fills lines of `width` in order; a line that the next word does not fit takes a later one of the
/// same step or the one below. `None` when a word is wider than a line.
fn break_lines<'a>(words: &'a [Word], width: f32, sizes: [f32; CLASSES]) -> Option<Vec<Line<'a>>> {
    let mut left: std::collections::VecDeque<&Word> = words.iter().collect();
    let mut lines = Vec::new();
    while let Some(first) = left.pop_front() {
        let size = sizes[first.class];
        let mut line = Line { words: vec![first], size, width: first.width * size };
        if line.width > width {
            return None;
        }
        left.retain(|word| !line.take(word, first.class, sizes, width));
        lines.push(line);
    }
    Some(lines)
}

/// The same number of lines, about equally long.
fn balanced<'a>(words: &'a [Word], width: f32, sizes: [f32; CLASSES]) -> Option<Vec<Line<'a>>> {
    let mut lines = break_lines(words, width, sizes)?;
    let height = |lines: &[Line<'_>]| lines.iter().map(|l| l.size).sum::<f32>();
    for part in 1..=8 {
        let narrower = break_lines(words, width * (1.0 - part as f32 * 0.03), sizes);
        match narrower {
            Some(found) if height(&found) <= height(&lines) => lines = found,
            _ => break,
        }
    }
    Some(lines)
}

/// The first into the middle, the others in turn after and before it.
fn around_the_middle<T>(items: Vec<T>) -> Vec<T> {
    let mut ordered = std::collections::VecDeque::with_capacity(items.len());
    for (i, item) in items.into_iter().enumerate() {
        if i % 2 == 0 { ordered.push_front(item) } else { ordered.push_back(item) }
    }
    ordered.into()
}

impl Hash for Cloud {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for p in &self.placed {
            (&p.word.text, p.word.class, p.word.hashtag, p.word.mood).hash(state);
            hash_f32(&[p.size, p.at.x, p.at.y], state);
        }
    }
}
