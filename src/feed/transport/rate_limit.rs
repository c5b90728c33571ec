//! What a server says about when to call again.
//!
//! `Retry-After` comes as seconds, as an HTTP date (RFC 9110, section 10.2.3) or as a moment
//! (Meltwater). Resets come as a moment (Mastodon), as seconds since 1970 (X), as seconds that are
//! left (Reddit, the IETF's draft `ratelimit-headers`) or as seconds since 1970 under the draft's
//! name (Bluesky); numbers are told apart by their size. Moments are compared with the answer's
//! own `Date` where it has one, so that a wall whose clock is wrong still waits as long as it
//! should. At most an hour.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::clock::Time;
use crate::feed::backoff::LONGEST_ASKED;
use crate::feed::decode::field;

/// Numbers above this are seconds since 1970, below it seconds that are left.
const FIRST_MOMENT: f64 = 1e9;

/// Headers that say when a limit begins anew, and how many calls are left until then.
const RESETS: [(&str, &str); 3] = [
    ("x-ratelimit-reset", "x-ratelimit-remaining"),
    ("x-rate-limit-reset", "x-rate-limit-remaining"),
    ("ratelimit-reset", "ratelimit-remaining"),
];

/// How long the server asks to wait after it refused a call; `None` where it does not say.
pub(in crate::feed) fn wait(headers: &HeaderMap, now: Time) -> Option<Duration> {
    let now = server_time(headers).unwrap_or(now);
    let asked = text(headers, RETRY_AFTER.as_str()).and_then(|after| until(after, now));
    asked.or_else(|| resets(headers, now)).map(|wait| wait.min(LONGEST_ASKED))
}

/// How long to wait before the next call because this one, which succeeded, was the last that the
/// limit allows; `None` while there are calls left or nothing is said.
pub(in crate::feed) fn spent(headers: &HeaderMap, now: Time) -> Option<Duration> {
    let left = RESETS.iter().filter_map(|(_, left)| text(headers, left)?.parse::<f64>().ok());
    let spent = left.fold(f64::INFINITY, f64::min) < 1.0;
    spent.then(|| wait(headers, now)).flatten()
}

/// The latest reset.
fn resets(headers: &HeaderMap, now: Time) -> Option<Duration> {
    let named = RESETS.iter().filter_map(|(reset, _)| text(headers, reset));
    let structured = text(headers, "ratelimit").and_then(structured_reset);
    named.chain(structured).filter_map(|reset| until(reset, now)).max()
}

/// `t=30` of `"default";r=0;t=30` or of the older `limit=100, remaining=0, reset=30`.
fn structured_reset(value: &str) -> Option<&str> {
    let parts = value.split([';', ',']).filter_map(|part| part.trim().split_once('='));
    parts.into_iter().find(|(name, _)| matches!(*name, "t" | "reset")).map(|(_, reset)| reset.trim())
}

/// The wait that a number, an HTTP date or a moment means; what is past is no wait.
fn until(text: &str, now: Time) -> Option<Duration> {
    if let Ok(number) = text.parse::<f64>() {
        let left = if number >= FIRST_MOMENT { moment(text)?.since(now).as_secs_f64() } else { number };
        return (left >= 0.0).then(|| Duration::from_secs_f64(left.min(LONGEST_ASKED.as_secs_f64())));
    }
    let at = http_date(text).or_else(|| moment(text))?;
    Some(at.since(now))
}

fn moment(text: &str) -> Option<Time> {
    field::moment(Some(&Value::from(text)))
}

fn http_date(text: &str) -> Option<Time> {
    let at = httpdate::parse_http_date(text).ok()?;
    let since = at.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Time::default() + since)
}

fn server_time(headers: &HeaderMap) -> Option<Time> {
    text(headers, DATE.as_str()).and_then(http_date)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    /// 2026-07-04T14:38:06Z.
    const NOW: Time = Time::from_secs(1_783_175_886);

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header's value"))
        };
        pairs.iter().map(header).collect()
    }

    fn waited(pairs: &[(&'static str, &str)]) -> Option<u64> {
        wait(&headers(pairs), NOW).map(|wait| wait.as_secs())
    }

    #[test]
    fn every_way_to_say_it_is_understood() {
        for pair in [
            ("retry-after", "30"),
            ("retry-after", "Sat, 04 Jul 2026 14:38:36 GMT"),
            ("retry-after", "2026-07-04T14:38:36Z"),
            ("retry-after", "2026-07-04T14:38:36.000+0000"),
            ("retry-after", "1783175916"),
            ("x-ratelimit-reset", "2026-07-04T14:38:36.000Z"),
            ("x-rate-limit-reset", "1783175916"),
            ("x-ratelimit-reset", "30.0"),
            ("ratelimit-reset", "1783175916"),
            ("ratelimit-reset", "30"),
            ("ratelimit", "\"default\";r=0;t=30"),
            ("ratelimit", "limit=100, remaining=0, reset=30"),
        ] {
            assert_eq!(waited(&[pair]), Some(30), "{pair:?}");
        }
        assert_eq!(waited(&[("retry-after", "5"), ("x-rate-limit-reset", "1783175916")]), Some(5));
        assert_eq!(waited(&[("retry-after", "later"), ("x-rate-limit-reset", "1783175916")]), Some(30));
    }

    #[test]
    fn a_wall_whose_clock_is_wrong_waits_as_long_as_the_server_means() {
        let date = ("date", "Fri, 03 Jul 2026 02:00:00 GMT");
        assert_eq!(waited(&[date, ("retry-after", "Fri, 03 Jul 2026 02:00:40 GMT")]), Some(40));
        assert_eq!(waited(&[date, ("x-ratelimit-reset", "2026-07-03T02:00:40Z")]), Some(40));
        assert_eq!(waited(&[date, ("retry-after", "40")]), Some(40));
    }

    #[test]
    fn what_is_past_absurd_or_unsaid_is_bounded() {
        assert_eq!(waited(&[]), None);
        assert_eq!(waited(&[("x-rate-limit-reset", "1783175000")]), Some(0));
        assert_eq!(waited(&[("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT")]), Some(0));
        for absurd in ["99999999", "1e300", "inf", "9999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert!(waited(&[("retry-after", absurd)]).is_none_or(|wait| wait <= 3_600), "{absurd}");
        }
        for nonsense in ["", "-5", "NaN", "-inf", "soon", "Sat, 99 Jul 2026"] {
            assert_eq!(waited(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
    }

    #[test]
    fn the_last_call_of_a_limit_is_noticed_before_the_refusal() {
        let asked = |left: &str| {
            let headers = headers(&[("x-ratelimit-remaining", left), ("x-ratelimit-reset", "30")]);
            spent(&headers, NOW).map(|wait| wait.as_secs())
        };
        assert_eq!((asked("0"), asked("0.0"), asked("1"), asked("many")), (Some(30), Some(30), None, None));
    }
}
