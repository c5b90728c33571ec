//! Whether the certificate with which the wall encrypts its pages is good, and for how long.

use jiff::tz::TimeZone;

use super::finding::{Finding, Standing};
use crate::clock::Time;
use crate::layout::moment;
use crate::layout::remote::Tls;
use crate::layout::wall::Wall;
use crate::remote::{self, Validity};

const OF: &str = "certificate";
/// One that is not renewed so long before its end will not renew itself, days.
const SOON: u64 = 14;
const DAY: u64 = 86_400;

/// Nothing about one that the wall made itself: it has no end.
pub fn look(wall: &Wall, now: Time) -> Option<Finding> {
    let tls = wall.remote.tls.as_ref().filter(|tls| matches!(tls, Tls::Files { .. }))?;
    let addr = wall.remote.listen.unwrap_or(remote::DEFAULT_ADDR);
    let found = remote::seal(tls, addr, None).and_then(|_| remote::validity(tls));
    Some(match found {
        Ok(validity) => finding(validity, now),
        Err(why) => {
            let remedy = "Without it the wall's pages cannot be reached. Let the wall's user read both files of `[remote] tls`, and take \
                          them from the same place.";
            Finding::new(OF, Standing::Fault, why, remedy)
        }
    })
}

fn finding(Validity { from, until }: Validity, now: Time) -> Finding {
    let renew = "Renew it, and restart the wall: it reads its certificate when it starts.";
    let fault = |words: String, remedy: &str| Finding::new(OF, Standing::Fault, words, remedy);
    match (from, until) {
        (Some(from), _) if now < from => {
            let remedy = "Compare the clock of this machine; else wait, or take another certificate.";
            fault(format!("it is not valid before {}", date(from)), remedy)
        }
        (_, Some(until)) if until <= now => {
            fault(format!("it expired on {}: browsers refuse the wall's pages", date(until)), renew)
        }
        (_, Some(until)) => {
            let days = until.since(now).as_secs() / DAY;
            let words = format!("it is valid until {}", date(until));
            match days {
                SOON.. => Finding::fine(OF, words),
                _ => Finding::new(OF, Standing::Warning, format!("{words}, for {days} more days"), renew),
            }
        }
        (_, None) => Finding::fine(OF, "it does not expire in this century"),
    }
}

fn date(at: Time) -> String {
    moment::zoned(at, &TimeZone::UTC).strftime("%-d %B %Y").to_string()
}
