//! What the invented people share beside their own words: pages that they link to, and a text that
//! many of them pass on. Thrown with dice of their own, so that all else stays as it was.

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use super::dice::pick;
use super::topics::TOPICS;

/// Of so many texts one ends with a link.
const LINK_IN: usize = 11;
/// Of so many texts one is passed on as it is.
const PASSED_ON_IN: usize = 24;

/// Pages by topic, the first linked to most.
const PAGES: [[&str; 3]; TOPICS.len()] = [
    [
        "news.example/2026/aurora-phone-first-look",
        "aurora.example/phone",
        "video.example/watch/aurora-unboxed",
    ],
    [
        "lab.example/tests/battery-life-compared",
        "forum.example/t/battery-drain",
        "aurora.example/help/battery",
    ],
    [
        "photo.example/night-shots-aurora",
        "news.example/2026/camera-shootout",
        "video.example/watch/night-mode",
    ],
    ["aurora.example/stores", "help.example/queue", "forum.example/t/three-days-no-answer"],
    ["news.example/2026/borealis-leak", "borealis.example/launch", "forum.example/t/borealis-or-aurora"],
];
/// What follows people from page to page; it makes no other page.
const TRACKS: [&str; 4] = ["", "", "?utm_source=social", "?fbclid=IwAR0demo"];

/// Texts that are passed on, by topic.
const PASSED_ON: [&str; TOPICS.len()] = [
    "Giveaway: follow us and pass this on to win one of ten new phones, drawn on Friday night #AuroraPhone",
    "Tip: turn off background refresh tonight and your battery lasts a whole day longer, tested by us #AuroraBattery",
    "Our photo contest is open: send your best picture taken in the dark before Sunday evening #AuroraCamera",
    "Heads up: the store in the center stays closed tomorrow morning, repairs go on next door #AuroraCare",
    "Rumour of the day: #Borealis shows its next phone two weeks earlier than everybody thought",
];

/// Whether a text is passed on; then it is this one.
pub(super) fn passed_on(dice: &mut Pcg64Mcg, topic: usize) -> Option<String> {
    if pick(dice, PASSED_ON_IN) > 0 {
        return None;
    }
    let text = PASSED_ON[topic];
    Some(match pick(dice, 3) {
        0 => format!("RT @aurora_daily: {text}"),
        1 => format!("{text} 🙏"),
        _ => text.to_owned(),
    })
}

/// Appends a link to some texts.
pub(super) fn link(out: &mut String, dice: &mut Pcg64Mcg, topic: usize) {
    if pick(dice, LINK_IN) > 0 {
        return;
    }
    let eager = dice.random::<f64>().powi(2);
    let pages = PAGES[topic];
    let page = pages[((eager * pages.len() as f64) as usize).min(pages.len() - 1)];
    out.push_str(" https://");
    out.push_str(page);
    out.push_str(TRACKS[pick(dice, TRACKS.len())]);
}
