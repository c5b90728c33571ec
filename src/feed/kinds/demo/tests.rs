use std::collections::HashSet;
use std::time::Duration;

use super::*;
use crate::layout::value::Lasting;
use crate::mention::clean_text;

const START: Time = Time::from_secs(1_800_000_000);

fn spec(rate: f32, rhythm: bool) -> DemoTable {
    DemoTable { rate_per_s: rate, seed: 7, history: Lasting::from_secs(0), rhythm, care: None }
}

fn stream(spec: &DemoTable, length: Duration, step: Duration) -> Vec<Mention> {
    let mut demo = Demo::new(&"demo".into(), spec, START);
    let (mut all, mut now) = (Vec::new(), START);
    while now < START + length {
        now = (now + step).min(START + length);
        loop {
            let said = demo.until(now);
            let more = said.len() == MAX_BATCH;
            all.extend(said);
            if !more {
                break;
            }
        }
    }
    all
}

fn topic_of(text: &str) -> Option<&'static DemoTopic> {
    TOPICS.iter().find(|topic| phrases::is_marked(text, topic))
}

#[test]
fn the_stream_does_not_depend_on_how_often_it_is_asked() {
    let length = Duration::from_secs(90);
    let often = stream(&spec(50.0, true), length, Duration::from_millis(20));
    let seldom = stream(&spec(50.0, true), length, Duration::from_secs(60));
    assert!(often.len() > 1_000);
    assert_eq!(often, seldom);
    assert!(often.is_sorted_by_key(|m| m.ts));
    let other = DemoTable { seed: 8, ..spec(50.0, true) };
    assert_ne!(stream(&other, length, length), seldom);
}

#[test]
fn a_later_start_joins_the_same_stream() {
    let whole = stream(&spec(50.0, true), Duration::from_secs(60), Duration::from_secs(60));
    let late = START + Duration::from_millis(20_500);
    let mut demo = Demo::new(&"demo".into(), &spec(50.0, true), late);
    let joined = demo.until(START + Duration::from_secs(30));
    let same: Vec<_> =
        whole.into_iter().filter(|m| m.ts >= late && m.ts <= START + Duration::from_secs(30)).collect();
    assert_eq!(joined, same);
}

#[test]
fn every_text_names_its_topic_and_is_fit_to_show() {
    let all = stream(&spec(100.0, true), Duration::from_secs(300), Duration::from_secs(10));
    let mut topics = HashSet::new();
    for mention in &all {
        let text = mention.text.as_deref().expect("the simulation always says something");
        topics.insert(topic_of(text).unwrap_or_else(|| panic!("no marker in {text}")).key);
        assert_eq!(clean_text(text).as_deref(), Some(text));
        assert!(!text.contains('{'), "{text}");
    }
    assert_eq!(topics.len(), TOPICS.len());
}

#[test]
fn it_speaks_twelve_languages_in_sixty_cities_and_seldom_repeats_itself() {
    let all = stream(&spec(100.0, true), Duration::from_secs(300), Duration::from_secs(10));
    let langs: HashSet<_> = all.iter().filter_map(|m| m.lang.clone()).collect();
    assert_eq!(langs.len(), 12);
    let cities: HashSet<_> = all.iter().filter_map(|m| m.geo.clone()?.name).collect();
    assert!(cities.len() > 50 && cities.len() <= 60, "{}", cities.len());
    let texts: HashSet<_> = all.iter().map(|m| m.text.clone()).collect();
    assert!(texts.len() * 3 > all.len(), "{} of {}", texts.len(), all.len());
    let located = all.iter().filter(|m| m.geo.is_some()).count() as f64 / all.len() as f64;
    assert!((0.55..0.65).contains(&located), "{located}");
    let given = all.iter().filter(|m| m.sentiment.is_some()).count() as f64 / all.len() as f64;
    assert!((0.47..0.53).contains(&given), "{given}");
}

#[test]
fn every_language_has_every_part() {
    for phrases in phrases::all() {
        assert_eq!(phrases.missing(), None, "{}", phrases.lang);
    }
}

#[test]
fn without_rhythm_the_rate_is_the_one_asked_for() {
    let all = stream(&spec(200.0, false), Duration::from_secs(60), Duration::from_secs(1));
    assert!((11_600..12_400).contains(&all.len()), "{}", all.len());
}

#[test]
fn a_day_with_its_rhythm_and_bursts_has_the_mean_rate() {
    let mut rhythm = Rhythm::new(7, 100.0, true);
    let world = World::new(7, &phrases::all());
    let days = 20;
    let rates: Vec<f64> =
        (0..days * 8_640).map(|i| rhythm.at(START.as_secs() + i * 10, &world).rate()).collect();
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    assert!((97.0..103.0).contains(&mean), "{mean}");
    assert!(rates.iter().all(|r| *r > 10.0 && *r < 400.0));
}

#[test]
fn absurd_rates_are_cut() {
    for rate in [f32::NAN, f32::INFINITY, -5.0, 0.0] {
        assert_eq!(stream(&spec(rate, true), Duration::from_secs(2), Duration::from_secs(1)).len(), 0);
    }
    let mut demo = Demo::new(&"demo".into(), &spec(1e9, true), Time(i64::MAX - 10));
    assert!(demo.until(Time(i64::MAX)).len() <= MAX_BATCH);
}

#[test]
fn people_ask_the_brand_and_it_answers_most_of_them() {
    let asked = DemoTable { care: Some("aurora".into()), ..spec(20.0, true) };
    let all = stream(&asked, Duration::from_secs(4 * 3_600), Duration::from_secs(60));
    let is_ours = |m: &&Mention| m.author.as_ref().is_some_and(|author| &*author.id == "aurora");
    let named = |m: &&Mention| m.text.as_deref().is_some_and(|text| text.starts_with("@aurora "));
    let questions: HashSet<_> = all.iter().filter(named).map(|m| m.uid.clone()).collect();
    let answered: HashSet<_> = all.iter().filter(is_ours).filter_map(|m| m.parent.clone()).collect();
    let known = answered.iter().filter(|uid| questions.contains(*uid)).count();
    assert!(questions.len() > 100 && known * 3 > questions.len() * 2, "{known} of {}", questions.len());
    assert!(known < questions.len() && all.is_sorted_by_key(|m| m.ts));
    let silent = stream(&spec(20.0, true), Duration::from_secs(60), Duration::from_secs(60));
    assert!(!silent.iter().any(|m| is_ours(&m) || named(&m)));
    assert!(all.iter().all(|m| topic_of(m.text.as_deref().unwrap_or_default()).is_some()));
}
