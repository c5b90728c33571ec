//! Goes through the pieces of a date and tells apart the numbers of the day, the time of day and
//! the zone.

use jiff::tz::TimeZone;

use super::lexer::{Kind, Token};
use super::names::{self, Noon, Zone};

/// Farthest offset from UTC, hours.
pub const MAX_OFFSET: u64 = 15;
/// Longest short name of a zone, letters.
const MAX_NAME: usize = 5;

/// One number of the date, and what stood right behind it.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub value: u64,
    pub digits: usize,
    pub behind: Option<char>,
}

/// What was found so far.
#[derive(Debug, Default)]
pub struct Reader {
    tokens: Vec<Token>,
    at: usize,
    pub figures: Vec<Figure>,
    /// Each month by name, and whether a number came before.
    pub months: Vec<(u64, bool)>,
    pub hour: Option<([u64; 3], u64)>,
    pub noon: Option<Noon>,
    pub week: bool,
    /// The month has a Thai name, and the year may be that of the Buddhist era.
    pub thai: bool,
    /// Minutes east of UTC.
    pub offset: Option<i32>,
    /// The offset stands there in figures.
    in_figures: bool,
    pub named: Option<TimeZone>,
    /// The last token belonged to the time of day or its zone.
    after_clock: bool,
}

impl Reader {
    pub fn new(tokens: Vec<Token>, named: Option<TimeZone>) -> Self {
        Self { tokens, named, ..Self::default() }
    }

    /// Goes through all of it; `None` where something is not understood.
    pub fn run(&mut self) -> Option<()> {
        while self.at < self.tokens.len() {
            let before = self.at;
            let was_clock = std::mem::take(&mut self.after_clock);
            match self.tokens[self.at].kind.clone() {
                Kind::Number(..) => self.number(),
                Kind::Word(word) => self.word(&word, was_clock)?,
                Kind::Sign(sign) if matches!(sign, '+' | '-') => self.sign(sign, was_clock)?,
                Kind::Sign(sign) if matches!(sign, ',' | '.' | '/' | ':' | '\'' | '|' | ';') => {
                    self.after_clock = was_clock && sign != ',';
                    self.at += 1;
                }
                Kind::Sign(_) => return None,
            }
            debug_assert!(self.at > before, "every token is passed");
        }
        Some(())
    }

    fn figure(&self, at: usize) -> Option<(u64, usize)> {
        match self.tokens.get(at)?.kind {
            Kind::Number(value, digits) => Some((value, digits)),
            _ => None,
        }
    }

    /// The sign at this place, if it touches what stands before it.
    fn sign_at(&self, at: usize) -> Option<char> {
        match self.tokens.get(at)? {
            Token { kind: Kind::Sign(sign), spaced: false } => Some(*sign),
            _ => None,
        }
    }

    fn word_at(&self, at: usize) -> Option<&str> {
        match &self.tokens.get(at)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    fn number(&mut self) {
        if self.hour.is_none() && (self.colons() || self.hour_alone()) {
            self.after_clock = true;
            return;
        }
        let Some((value, digits)) = self.figure(self.at) else { return };
        self.figures.push(Figure { value, digits, behind: self.sign_at(self.at + 1) });
        self.at += 1;
    }

    /// `12:15`, `12:15:00`, `12:15:00.5`, `12h15`, `12.15 Uhr`, `kl. 12.15`, `2026-11-15 12.15.00`.
    fn colons(&mut self) -> bool {
        let Some((hour, 1..=2)) = self.figure(self.at) else { return false };
        let Some((minute, 2)) = self.figure(self.at + 2) else { return false };
        let colon = self.sign_at(self.at + 1) == Some(':');
        let dotted = self.sign_at(self.at + 1) == Some('.') && self.is_dotted();
        let fits = colon || dotted || self.word_at(self.at + 1) == Some("h");
        // `2026:11:15` is a date of a camera.
        let second = self.figure(self.at + 4).filter(|(_, digits)| *digits == 2).filter(|_| {
            self.sign_at(self.at + 3) == Some(if dotted { '.' } else { ':' }) && (colon || dotted)
        });
        let in_date = self.at >= 2
            && self.sign_at(self.at - 1) == Some(':')
            && self.figure(self.at - 2).is_some_and(|(_, digits)| digits == 4);
        if !fits || (in_date && second.is_none()) {
            return false;
        }
        self.at += if second.is_some() { 5 } else { 3 };
        let nanos = if second.is_some() { self.fraction() } else { 0 };
        self.hour = Some(([hour, minute, second.map_or(0, |(second, _)| second)], nanos));
        true
    }

    /// Whether numbers with a point between them are a time of day: by a word for it, or because all
    /// of the date came before.
    fn is_dotted(&self) -> bool {
        let mut before = (1..=2).filter_map(|back| self.word_at(self.at.checked_sub(back)?));
        let named = before.next_back().is_some_and(|word| matches!(word, "kl" | "klo"));
        named || self.is_date_whole() || matches!(self.word_at(self.at + 3), Some("uhr" | "uur"))
    }

    /// Whether day, month and year were read.
    fn is_date_whole(&self) -> bool {
        self.figures.len() == if self.months.is_empty() { 3 } else { 2 }
    }

    /// Nanoseconds behind a point or a comma.
    fn fraction(&mut self) -> u64 {
        let Some((value, digits)) = self
            .figure(self.at + 1)
            .filter(|(_, digits)| match self.sign_at(self.at) {
                Some('.' | ',') => true,
                // The milliseconds of SQL Server.
                Some(':') => *digits == 3,
                _ => false,
            })
            .filter(|_| !self.tokens[self.at + 1].spaced)
        else {
            return 0;
        };
        self.at += 2;
        let scale = |by: usize| 10_u64.saturating_pow(u32::try_from(by).unwrap_or(u32::MAX));
        if digits <= 9 { value * scale(9 - digits) } else { (value / scale(digits - 9)).min(999_999_999) }
    }

    /// `9 am`, the `121500` of `20261115T121500`, or the `1215` of `2026-11-15 1215`.
    fn hour_alone(&mut self) -> bool {
        let Some((value, digits)) = self.figure(self.at) else { return false };
        let has_year = self.is_date_whole() && self.figures.iter().any(|figure| figure.digits == 4);
        let basic = self.figures.len() == 1 && self.figures[0].digits == 8 && digits > 2;
        let behind_t =
            self.at > 0 && self.word_at(self.at - 1) == Some("t") && !self.figures.is_empty() || basic;
        let clock = match digits {
            6 if behind_t => [value / 10_000, value / 100 % 100, value % 100],
            4 if behind_t || has_year => [value / 100, value % 100, 0],
            2 if behind_t => [value, 0, 0],
            1..=2 if self.is_hour() => [value, 0, 0],
            _ => return false,
        };
        self.at += 1;
        let nanos = if digits == 6 { self.fraction() } else { 0 };
        self.hour = Some((clock, nanos));
        true
    }

    /// Whether a number is an hour by the word behind it, which is not the half of a day before the
    /// time of day.
    fn is_hour(&self) -> bool {
        let named = matches!(self.word_at(self.at + 1), Some("am" | "pm" | "h" | "uhr" | "uur" | "noon"));
        named && self.sign_at(self.at + 3) != Some(':')
    }

    fn word(&mut self, word: &str, after_clock: bool) -> Option<()> {
        let begun = !self.figures.is_empty() || self.hour.is_some();
        self.at += 1;
        let spelt = matches!(word, "a" | "p") && self.word_at(self.at) == Some("m");
        let noon = if spelt { names::noon(&format!("{word}m")) } else { names::noon(word) };
        // The German `am 15. November` is not a morning.
        if let Some(noon) = noon.filter(|_| after_clock || self.sign_at(self.at + 1) == Some(':')) {
            self.at += usize::from(spelt);
            self.noon = Some(noon);
            self.after_clock = after_clock;
        } else if word == "noon" && *self.hour.get_or_insert(([12, 0, 0], 0)) == ([12, 0, 0], 0) {
            self.after_clock = true;
        } else if word == "w" && self.figures.len() == 1 {
            self.week = true;
        } else if begun
            && let Some(zone) = names::zone(word).filter(|zone| after_clock || *zone == Zone::Minutes(0))
        {
            self.take(zone)?;
            self.after_clock = true;
        } else if names::is_filler(word) {
            self.after_clock = after_clock;
        } else if let Some(month) = names::month(word) {
            let behind_day = self.figures.last().and_then(|day| day.behind);
            let month = if names::is_croatian_october(word, behind_day) { 10 } else { month };
            self.thai |= matches!(word.chars().next(), Some('\u{e00}'..='\u{e7f}'));
            self.months.extend((month > 0).then_some((month, begun)));
        } else {
            // Behind an offset its name may stand, whatever it means elsewhere.
            let is_name = after_clock && self.in_figures && word.len() <= MAX_NAME;
            return (!begun || is_name || names::is_ideographic(word)).then_some(());
        }
        Some(())
    }

    fn take(&mut self, zone: Zone) -> Option<()> {
        match zone {
            _ if self.offset.is_some() || self.named.is_some() => {}
            // `GMT+0100`: the offset is to come.
            Zone::Minutes(0) if self.is_offset(self.at) => {}
            Zone::Minutes(minutes) => self.offset = Some(minutes),
            Zone::Place(place) => self.named = Some(TimeZone::get(place).ok()?),
        }
        Some(())
    }

    /// Whether a sign with a number that touches it stands here.
    fn is_offset(&self, at: usize) -> bool {
        let sign = self.tokens.get(at).is_some_and(|token| matches!(token.kind, Kind::Sign('+' | '-')));
        sign && self.figure(at + 1).is_some() && !self.tokens[at + 1].spaced
    }

    /// An offset, or what parts the numbers of a date.
    fn sign(&mut self, sign: char, after_clock: bool) -> Option<()> {
        let may_be = after_clock || (sign == '+' && self.figures.len() == 3);
        let number = self.figure(self.at + 1).filter(|_| may_be && self.is_offset(self.at));
        self.at += 1;
        let Some((value, digits)) = number else { return Some(()) };
        let (hours, mut minutes) = if digits > 2 { (value / 100, value % 100) } else { (value, 0) };
        self.at += 1;
        if let (Some(':'), Some((more, 2))) = (self.sign_at(self.at), self.figure(self.at + 1)) {
            minutes = more;
            self.at += 2;
        }
        if hours > MAX_OFFSET || minutes > 59 || digits > 4 {
            return None;
        }
        let east = i32::try_from(hours * 60 + minutes).ok()?;
        self.in_figures = true;
        self.offset = self.offset.or(Some(if sign == '-' { -east } else { east }));
        self.after_clock = true;
        Some(())
    }

    /// What stands in parentheses: a zone where there is no other.
    pub fn listen_to(&mut self, note: &str) -> Option<()> {
        if note.is_empty() || self.offset.is_some() || self.named.is_some() || self.hour.is_none() {
            return Some(());
        }
        match names::zone(note) {
            Some(zone) => self.take(zone),
            None => {
                let is_zone = note.is_ascii() && note.len() > 2 && !note.contains(' ');
                (!is_zone || names::month(note).is_some()).then_some(())
            }
        }
    }
}
