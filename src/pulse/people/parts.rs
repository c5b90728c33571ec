//! What an author's names are made of, and how such a part is known again in a text.

use crate::mention::Author;
use crate::query::find::folded;
use crate::query::tokens::{Kind, Tokens, script};

/// What stands behind so many words of a longer name is a motto.
const MOST: usize = 6;
const BEFORE_MOTTO: usize = 3;
/// Letters that an ending adds to a name, at most: `Iwanows`, `Ивановым`, `김민수가`.
const ENDING: usize = 3;
/// Shortest part of a name that is looked for at the beginning of a word, characters …
const STEM: usize = 4;
/// … and within a hashtag.
const WITHIN: usize = 5;

/// The names of an author, folded.
#[derive(Debug, Default)]
pub struct Parts {
    /// First and family names, and the words of a handle.
    pub parts: Vec<String>,
    /// What can only be this person: names written together, handles with signs or digits.
    pub wholes: Vec<String>,
}

impl Parts {
    pub fn of(author: &Author) -> Self {
        let mut all = Self::default();
        // A name may be, or hold, a handle or an address of mail.
        let name = author.name.as_deref().unwrap_or("");
        let is_handle = |word: &&str| word.contains(['@', '_']);
        // Where nothing else is told, the id is what people would call a handle.
        let is_nameless = author.handle.is_none() && author.name.is_none();
        let id = author.id.rsplit(['/', ':']).next().filter(|_| is_nameless);
        let handles =
            author.handle.as_deref().or(id).into_iter().chain(name.split_whitespace().filter(is_handle));
        handles.for_each(|handle| all.add_handle(handle.trim_matches(['(', ')', '<', '>', '[', ']', ','])));
        let words: Vec<&str> = name.split_whitespace().filter(|word| !is_handle(word)).collect();
        all.add_name(&words.join(" "));
        all.parts.sort_unstable();
        all.parts.dedup();
        all.parts.retain(|part| part.chars().nth(1).is_some());
        all.wholes.retain(|whole| whole.chars().nth(3).is_some() || is_dense(whole));
        all
    }

    fn add_name(&mut self, name: &str) {
        let mut tokens = Tokens::default();
        tokens.read(name, false);
        let words = tokens.list().iter().filter(|token| token.kind != Kind::Number);
        let words: Vec<&str> = words.map(|token| tokens.text(token)).collect();
        let all = words.len();
        let words = if all > MOST { &words[..BEFORE_MOTTO] } else { &words[..] };
        if words.len() > 1 {
            self.add_whole(&words.concat());
            self.add_whole(&words.iter().rev().copied().collect::<String>());
            self.add_whole(&format!("{}{}", words[0], words[words.len() - 1]));
        }
        words.iter().for_each(|word| self.add_part(word));
        // `JoDoe`, and what is written with signs between the letters.
        let written = name.split_whitespace().take(if words.len() < all { BEFORE_MOTTO } else { all });
        let written = written.collect::<Vec<_>>().join(" ");
        humps(&written).filter(|piece| piece.chars().count() > 2).for_each(|piece| self.add_part(&piece));
    }

    fn add_handle(&mut self, handle: &str) {
        let handle = handle.trim_start_matches('@');
        // `jo.doe@example.org` is Jo at a server, `jo.example.org` Jo with one of her own.
        let own = handle.split('@').next().unwrap_or(handle);
        let is_host = !handle.contains('@') && own.matches('.').count() > 1;
        let own = if is_host { own.split('.').next().unwrap_or(own) } else { own };
        let pieces: Vec<String> = humps(own).collect();
        let whole = folded(own);
        let letters: String = whole.chars().filter(|c| c.is_alphanumeric()).collect();
        if pieces.len() > 1 || whole.contains(|c: char| !c.is_alphabetic()) {
            [&letters, &whole, &pieces.concat()].into_iter().for_each(|whole| self.add_whole(whole));
        } else {
            self.add_part(&whole);
        }
        pieces.iter().filter(|piece| piece.chars().count() > 2).for_each(|piece| self.add_part(piece));
    }

    fn add_part(&mut self, part: &str) {
        self.parts.extend(spellings(part));
    }

    fn add_whole(&mut self, whole: &str) {
        self.wholes.extend(spellings(whole));
    }

    /// Whether a word or hashtag of this author's own is one of the names.
    pub fn names(&self, form: &str) -> bool {
        let plain = form.trim_start_matches(['#', '＃']);
        let is_tag = plain.len() < form.len();
        let word = folded(plain);
        self.has(&word, is_tag)
            || self.has(&bare(&word), is_tag)
            || (is_tag && humps(plain).any(|piece| self.parts.contains(&piece)))
    }

    fn has(&self, word: &str, is_tag: bool) -> bool {
        let is = |part: &String| {
            let longer = word.strip_prefix(part.as_str()).is_some_and(|rest| rest.chars().count() <= ENDING);
            word == part
                || (longer && part.chars().count() >= STEM)
                || (is_dense(part) && is_dense(word) && (word.contains(part.as_str()) || part.contains(word)))
        };
        let within = |part: &String| word.contains(part.as_str()) && part.chars().count() >= WITHIN;
        self.parts.iter().any(is)
            || self.wholes.iter().any(|whole| word == whole || within(whole))
            || (is_tag && self.parts.iter().any(within))
    }
}

/// A folded name, and how it is written without marks: `müller`, `mueller` and `muller`.
fn spellings(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned(), bare(name), with_two_letters(name)];
    if name.is_ascii() {
        all.push(name.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü"));
        all.push(name.replace("ae", "a").replace("oe", "o").replace("ue", "u"));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Latin letters without their marks.
pub fn bare(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let letters = name.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    letters
        .map(|c| match c {
            'ø' => 'o',
            'ł' => 'l',
            'đ' => 'd',
            'æ' => 'a',
            'œ' => 'o',
            c => c,
        })
        .nfc()
        .collect()
}

fn with_two_letters(name: &str) -> String {
    let mut all = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'ä' | 'æ' => all.push_str("ae"),
            'ö' | 'ø' | 'œ' => all.push_str("oe"),
            'ü' => all.push_str("ue"),
            'å' => all.push_str("aa"),
            c => all.push(c),
        }
    }
    all
}

/// The words of a name that is written together, folded: `JoDoe_99` is `jo` and `doe`.
pub fn humps(text: &str) -> impl Iterator<Item = String> {
    let runs = text.split(|c: char| !c.is_alphabetic() && !matches!(c, '\u{300}'..='\u{36f}'));
    runs.filter(|run| !run.is_empty()).flat_map(|run| {
        let mut cuts = vec![0];
        let letters: Vec<(usize, char)> = run.char_indices().collect();
        for three in 1..letters.len() {
            let (before, (at, c)) = (letters[three - 1].1, letters[three]);
            let next_is_small = letters.get(three + 1).is_some_and(|(_, c)| c.is_lowercase());
            if c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_small)) {
                cuts.push(at);
            }
        }
        cuts.push(run.len());
        cuts.windows(2).map(|cut| folded(&run[cut[0]..cut[1]])).collect::<Vec<_>>()
    })
}

/// Whether a few signs of it are a word already: Chinese, Japanese and Korean.
pub fn is_dense(text: &str) -> bool {
    text.chars().next().is_some_and(|c| script(c).is_some() || ('\u{ac00}'..='\u{d7a3}').contains(&c))
}

/// The beginnings and endings of a dense name that are names by themselves: 山田 and 太郎 of 山田太郎.
pub fn pieces(name: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = name.char_indices().map(|(at, _)| at).chain([name.len()]).collect();
    let count = if is_dense(name) && ends.len() <= 8 { ends.len() } else { 0 };
    let starts: Vec<&str> = (3..count).map(|n| &name[..ends[n - 1]]).collect();
    starts.into_iter().chain((1..count.saturating_sub(2)).map(move |n| &name[ends[n]..]))
}

/// The stretches of two to eight signs of a dense word, which may hold a name: 山田太郎様, 김민수가.
pub fn runs(word: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    let count = if is_dense(word) && ends.len() <= 16 { ends.len() } else { 0 };
    (0..count).flat_map(move |from| {
        let tos: Vec<usize> = (from + 2..count.min(from + 9)).map(|to| ends[to]).collect();
        let from = ends[from];
        tos.into_iter().map(move |to| &word[from..to])
    })
}
