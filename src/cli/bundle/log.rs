//! The last lines of the log, without words that come from outside. A line keeps its time, its level, what Fishbowl says
//! up to the first value, and those reasons that are in a list here.

use std::process::Command;

/// Lines at most.
const LINES: &str = "400";
/// Reasons that lines are worth keeping for, in lower case.
const REASONS: [&str; 28] = [
    "connection refused",
    "connection reset",
    "timed out",
    "network is unreachable",
    "no route to host",
    "lookup address",
    "name or service not known",
    "certificate",
    "unknownissuer",
    "expired",
    "check the token",
    "check the url",
    "too many requests",
    "server error",
    "redirects from outside",
    "no space left",
    "permission denied",
    "read-only",
    "being written by another",
    "is damaged",
    "no such file",
    "address in use",
    "cannot listen",
    "no graphics driver",
    "graphics device",
    "out of memory",
    "violates the websocket protocol",
    "stopped reading",
];

/// The lines of the wall's unit, or why there are none.
pub fn lines() -> Result<Vec<String>, String> {
    let mut why = String::from("journalctl cannot be run");
    for whose in ["--user", "--system"] {
        let args = [whose, "--unit=fishbowl", "--output=cat", "--no-pager", "--lines", LINES];
        let Ok(told) = Command::new("journalctl").args(args).output() else { continue };
        let text = String::from_utf8_lossy(&told.stdout);
        let lines: Vec<String> = text.lines().filter_map(bared).collect();
        if !lines.is_empty() {
            return Ok(lines);
        }
        why = "the systemd journal has no lines of a unit `fishbowl` that this user can read".into();
    }
    Err(why)
}

/// A line of the log without what came from outside; nothing for what is not a line of the log.
pub fn bared(line: &str) -> Option<String> {
    let line = without_colors(line);
    let (time, level, message) = of_json(&line).or_else(|| of_text(&line))?;
    let known = known_words(&message);
    let lower = line.to_lowercase();
    let reasons = REASONS.iter().filter(|reason| lower.contains(*reason) && !known.contains(*reason));
    let reasons: Vec<String> = reasons.map(|reason| (*reason).to_owned()).chain(status(&lower)).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    Some(format!("{time} {level} {known}{reasons}"))
}

fn of_json(line: &str) -> Option<(String, String, String)> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    checked(text("timestamp")?, text("level")?, text("message")?)
}

fn of_text(line: &str) -> Option<(String, String, String)> {
    let mut parts = line.trim_start().splitn(2, char::is_whitespace);
    let time = parts.next()?.to_owned();
    let rest = parts.next()?.trim_start();
    let (level, message) = rest.split_once(' ')?;
    checked(time, level.to_owned(), message.to_owned())
}

/// Lines for developers repeat what feeds bring.
fn checked(time: String, level: String, message: String) -> Option<(String, String, String)> {
    let is_time = time.parse::<jiff::Timestamp>().is_ok();
    (is_time && ["INFO", "WARN", "ERROR"].contains(&level.as_str())).then_some((time, level, message))
}

/// The message up to its first value: a quotation, a field, an address, a name.
fn known_words(message: &str) -> String {
    let is_own = |word: &&str| {
        let bare = word.trim_end_matches([',', ';', '.', ':']);
        !bare.is_empty()
            && bare.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-'".contains(c))
    };
    let kept: Vec<&str> = message.split_whitespace().take_while(is_own).collect();
    // After a colon comes what someone else says.
    let end = kept.iter().position(|word| word.ends_with(':')).map_or(kept.len(), |colon| colon + 1);
    let is_whole = end == message.split_whitespace().count();
    let rest = if is_whole { None } else { Some("…") };
    kept[..end].iter().copied().chain(rest).collect::<Vec<_>>().join(" ")
}

/// `the server answers 503`.
fn status(lower: &str) -> Option<String> {
    let rest = lower.split_once("answers ")?.1;
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (number.len() == 3).then(|| format!("the server answers {number}"))
}

fn without_colors(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        out += before;
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_what_fishbowl_says_and_no_more() {
        for (line, kept) in [
            (
                "2026-11-30T04:00:00.123Z  WARN feed is down feed=anna fault=Network why=\"connection refused by Anna\"",
                "2026-11-30T04:00:00.123Z WARN feed is down … (connection refused)",
            ),
            (
                "\u{1b}[2m2026-11-30T04:00:00Z\u{1b}[0m \u{1b}[31mERROR\u{1b}[0m not recording; the wall continues in memory: no space left to write /home/anna/x",
                "2026-11-30T04:00:00Z ERROR not recording; the wall continues in memory: … (no space left)",
            ),
            (
                "{\"timestamp\":\"2026-11-30T04:00:00Z\",\"level\":\"WARN\",\"message\":\"feed is down\",\"why\":\"the server answers 401: check the token\",\"feed\":\"anna\"}",
                "2026-11-30T04:00:00Z WARN feed is down (check the token, the server answers 401)",
            ),
            (
                "2026-11-30T04:00:00Z  INFO mastodon:4711 was edited before anyone decided about it",
                "2026-11-30T04:00:00Z INFO …",
            ),
            ("2026-11-30T04:00:00Z  INFO graphics device", "2026-11-30T04:00:00Z INFO graphics device"),
        ] {
            assert_eq!(bared(line).as_deref(), Some(kept));
        }
        for line in [
            "Anna says hello",
            "",
            "2026-11-30T04:00:00Z DEBUG rejected hello",
            "{\"message\":\"x\"}",
            "sign-in code for one phone: 123 456",
        ] {
            assert_eq!(bared(line), None, "{line}");
        }
    }
}
