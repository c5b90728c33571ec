//! Sentiment against human ratings, beside the Python original on the same texts.

use std::path::Path;

use fishbowl::mention::reading;
use fishbowl::pulse::enrich::language::detect;
use fishbowl::pulse::enrich::mood::{Mood, score};

const SETS: [(&str, &str); 4] = [
    ("tweets", "tweets"),
    ("amazon", "product reviews, by the sentence"),
    ("movies", "film reviews, by the sentence"),
    ("nyt", "newspaper editorials, by the sentence"),
];
/// Ratings run from −4 to 4, scores from −1 to 1.
const SCALE: f64 = 4.0;

struct Rated {
    /// Mean of twenty people, −1 to 1.
    people: f64,
    original: f64,
    /// Of the text in its read form, as the wall judges it.
    wall: f64,
    /// Of the text as it stands, as the original judges it.
    unread: f64,
    text: String,
}

pub fn table(data: &Path) -> Result<String, String> {
    let mut rows = String::new();
    let mut notes = String::new();
    for (file, name) in SETS {
        let rated = read(&data.join("vader").join(format!("{file}.tsv")))?;
        rows += &row(name, &rated);
        if file == "tweets" {
            notes = english(&rated);
        }
    }
    Ok(format!("{HEAD}{rows}\n{notes}"))
}

const HEAD: &str = "## Sentiment

All texts are in English, and twenty people rated each of them from −4 to 4 (C.J. Hutto and E. Gilbert,
2014; in the source package `vaderSentiment` 3.3.2, MIT). *r* is the correlation between the score and the
mean rating. *Agree* is how often score and mean rating are in the same of three classes: positive from
0.05, negative from −0.05 (of 1), otherwise neutral. *Commonest* is the result of always choosing the most
common class. The lexicon was made from such tweets, so the first row is only a check; the others show
how well it works elsewhere. *Original* is the Python program by the authors of the method. *Same score*
compares the two programs on the unchanged texts; the wall reads `isn’t` as `isn't` before it judges,
which the original does not.

| Texts | number | r | original | agree | original | commonest | same score |
| --- | --: | --: | --: | --: | --: | --: | --: |
";

fn row(name: &str, rated: &[Rated]) -> String {
    let r = |of: fn(&Rated) -> f64| correlation(rated, of);
    let agree = |of: fn(&Rated) -> f64| {
        percent(rated.iter().filter(|one| class(one.people) == class(of(one))).count(), rated.len())
    };
    let commonest = [Mood::Positive, Mood::Neutral, Mood::Negative]
        .map(|mood| rated.iter().filter(|one| class(one.people) == mood).count());
    let same = rated.iter().filter(|one| (one.unread - one.original).abs() < 1e-6).count();
    format!(
        "| {name} | {} | {:.3} | {:.3} | {} | {} | {} | {} |\n",
        rated.len(),
        r(|one| one.wall),
        r(|one| one.original),
        agree(|one| one.wall),
        agree(|one| one.original),
        percent(commonest.into_iter().max().unwrap_or(0), rated.len()),
        percent(same, rated.len()),
    )
}

/// What a wall makes of the tweets when their source tells no language.
fn english(rated: &[Rated]) -> String {
    let known = |one: &&Rated| detect(&reading(&one.text)).is_some_and(|lang| lang.as_str() == "en");
    let unknown = rated.iter().filter(|one| detect(&reading(&one.text)).is_none()).count();
    let judged = rated.iter().filter(known).count();
    format!(
        "If the source does not give the language, {} of the tweets are recognised as English and \
         judged, {} stay unknown, and {} are taken for another language. Articles longer than 280 bytes \
         are never judged: even for single sentences from editorials, the result is hardly better than \
         always choosing the most common class.\n\n\
         In other languages, the sentiment is the one given by the source, or unknown.\n",
        percent(judged, rated.len()),
        percent(unknown, rated.len()),
        percent(rated.len() - judged - unknown, rated.len()),
    )
}

fn read(path: &Path) -> Result<Vec<Rated>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let one = |line: &str| {
        let mut parts = line.splitn(3, '\t');
        let mut number = || parts.next().and_then(|part| part.parse::<f64>().ok());
        let (people, original) = (number()? / SCALE, number()?);
        let text = parts.next()?.to_owned();
        // The scores of the wall have single precision and mean four digits.
        let digits = |text: &str| (f64::from(score(text)) * 10_000.0).round() / 10_000.0;
        let (wall, unread) = (digits(&reading(&text)), digits(&text));
        Some(Rated { people, original, wall, unread, text })
    };
    Ok(text.lines().filter_map(one).collect())
}

fn class(score: f64) -> Mood {
    Mood::of(score as f32)
}

fn correlation(rated: &[Rated], of: fn(&Rated) -> f64) -> f64 {
    let n = rated.len() as f64;
    let mean = |value: &dyn Fn(&Rated) -> f64| rated.iter().map(value).sum::<f64>() / n;
    let (x, y) = (mean(&|one| one.people), mean(&|one| of(one)));
    let product = mean(&|one| (one.people - x) * (of(one) - y));
    let spread = mean(&|one| (one.people - x).powi(2)) * mean(&|one| (of(one) - y).powi(2));
    product / spread.sqrt()
}

pub fn percent(part: usize, of: usize) -> String {
    format!("{:.1} %", part as f64 * 100.0 / of.max(1) as f64)
}
