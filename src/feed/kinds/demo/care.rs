//! What people ask the brand, and when it answers. In each stretch of [`SLOT`] seconds somebody may
//! ask; the answer, if any, comes so many stretches later as the question's own dice say.

use std::sync::Arc;

use rand::RngExt as _;

use super::dice::{CARE, dice, pick};
use super::people::World;
use super::phrases::{Mood, Phrases};
use crate::clock::Time;
use crate::mention::{Author, Kind, Mention};

/// When in its second such a mention comes, microseconds.
pub(super) const OFFSET: u32 = 500_000;
/// Seconds in which one question may come.
const SLOT: i64 = 40;
/// Part of all mentions that are questions to the brand.
const SHARE: f32 = 0.004;
/// After how many stretches answers come; four of five within half an hour.
const DELAYS: [i64; 12] = [2, 4, 7, 9, 12, 15, 19, 24, 32, 44, 75, 160];
/// Questions that are never answered, of a hundred.
const NEVER: usize = 1;
/// Most of the stretches in which somebody asks, at the busiest hour, and what is left of it at night.
const BUSY: f32 = 0.6;
const NIGHT: f64 = 0.3;
/// Among the topics.
const SERVICE: usize = 3;

/// In the languages' order.
const ANSWERS: [(&str, &str); 12] = [
    ("en", "sorry about that! We have sent you a message. #AuroraCare"),
    ("es", "lo sentimos. Te hemos enviado un mensaje. #AuroraCare"),
    ("pt", "lamentamos! Enviámos uma mensagem. #AuroraCare"),
    ("fr", "désolés ! Nous vous avons écrit. #AuroraCare"),
    ("de", "das tut uns leid! Wir haben dir geschrieben. #AuroraCare"),
    ("it", "ci dispiace! Ti abbiamo scritto. #AuroraCare"),
    ("nl", "dat spijt ons! We hebben je een bericht gestuurd. #AuroraCare"),
    ("tr", "üzgünüz! Size mesaj gönderdik. #AuroraCare"),
    ("ru", "нам очень жаль! Мы вам написали. #AuroraCare"),
    ("ja", "申し訳ありません。メッセージをお送りしました。 #AuroraCare"),
    ("ar", "نعتذر! لقد أرسلنا لك رسالة. #AuroraCare"),
    ("ko", "죄송합니다! 메시지를 보내 드렸습니다. #AuroraCare"),
];

/// Who asks, and when somebody answers.
#[derive(Debug)]
pub(super) struct Care {
    seed: u64,
    chance: f64,
    /// The brand's.
    handle: Arc<str>,
}

/// A question of a stretch, or the answer to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    slot: i64,
    answers: bool,
}

/// What the dice of a stretch say.
struct Fate {
    /// Seconds since 1970.
    asked: i64,
    answered: Option<i64>,
}

/// How much of the busiest hour's talk the hour of a stretch has: least at three at night, UTC.
fn hour_of(slot: i64) -> f64 {
    let day = (slot * SLOT - 10_800).rem_euclid(86_400) as f64 / 86_400.0;
    NIGHT + (1.0 - NIGHT) * (1.0 - (std::f64::consts::TAU * day).cos()) / 2.0
}

impl Care {
    /// For `rate` mentions a second; without a handle nobody asks.
    pub fn new(seed: u64, rate: f32, handle: Option<&str>) -> Self {
        let chance = if handle.is_some() { (rate * SLOT as f32 * SHARE).min(BUSY) } else { 0.0 };
        Self { seed, chance: chance.into(), handle: handle.unwrap_or_default().into() }
    }

    /// What is said in a second.
    pub fn at(&self, second: i64) -> Option<Said> {
        if self.chance <= 0.0 {
            return None;
        }
        let slot = second.div_euclid(SLOT);
        let asks = self.fate(slot).is_some_and(|fate| fate.asked == second);
        let answered = |slot: &i64| self.fate(*slot).is_some_and(|fate| fate.answered == Some(second));
        let answer = || DELAYS.iter().map(|delay| slot - delay).find(answered);
        match asks {
            true => Some(Said { slot, answers: false }),
            false => answer().map(|slot| Said { slot, answers: true }),
        }
    }

    fn fate(&self, slot: i64) -> Option<Fate> {
        let mut dice = dice(self.seed, CARE, slot);
        if dice.random::<f64>() >= self.chance * hour_of(slot) {
            return None;
        }
        // Questions come in even seconds and answers in odd ones, so that neither hides the other.
        let mut within = || pick(&mut dice, SLOT as usize / 2) as i64 * 2;
        let (asked, within) = (slot * SLOT + within(), within() + 1);
        let delay = DELAYS[pick(&mut dice, DELAYS.len())];
        let answered = (pick(&mut dice, 100) >= NEVER).then(|| (slot + delay) * SLOT + within);
        Some(Fate { asked, answered })
    }

    /// The mention itself.
    pub fn mention(
        &self,
        said: Said,
        at: Time,
        source: &Arc<str>,
        world: &World,
        phrases: &[Phrases],
    ) -> Mention {
        // Apart from the dice that decide when: who asks is the same for question and answer.
        let mut dice = dice(self.seed ^ CARE, CARE, said.slot);
        let person = world.person(pick(&mut dice, world.cities.len()), &mut dice);
        let handle = person.author.handle.as_deref().unwrap_or_default();
        let (question, answer) = (format!("{:x}-q", said.slot), format!("{:x}-a", said.slot));
        let mut mention = Mention::new(source, if said.answers { &answer } else { &question }, at, at);
        mention.network = person.network;
        let phrases = &phrases[person.lang];
        mention.lang = Some(phrases.lang.clone());
        if said.answers {
            let words =
                ANSWERS.iter().find(|(lang, _)| *lang == &*phrases.lang).map_or(ANSWERS[0].1, |a| a.1);
            mention.text = Some(format!("@{handle} {words}").into());
            mention.kind = Kind::Reply;
            mention.parent = Some(format!("{source}:{question}").into());
            let id = self.handle.clone();
            let (handle, name) = (Some(id.clone()), Some("Aurora".into()));
            mention.author = Some(Author { id, handle, name, followers: Some(412_000), place: None });
        } else {
            let mut text = format!("@{}", self.handle);
            phrases.compose(&mut text, &mut dice, SERVICE, Mood::Negative, false);
            mention.text = Some(text.into());
            mention.author = Some(person.author.clone());
        }
        mention
    }
}
