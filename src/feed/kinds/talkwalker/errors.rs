//! What Talkwalker means by its error codes, which say more than the HTTP status beside them
//! (developer.talkwalker.com/docs/troubleshooting/error-codes).

use std::time::Duration;

use serde_json::Value;

use crate::feed::decode::{field, record};
use crate::feed::error::{FailureKind, FeedError};

/// A collector's results may be asked for 5 times a minute.
const CALLS_WINDOW: Duration = Duration::from_secs(60);
/// An account without credits has none before its next month, or until somebody buys some.
const NO_CREDITS: Duration = Duration::from_secs(3_600);

/// What Talkwalker said went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trouble {
    /// `status_code`; empty where there is none.
    pub code: String,
    /// The parameter that was wrong, where it says so.
    pub param: String,
    /// `status_message` and the reason, cut.
    pub words: String,
}

impl Trouble {
    /// Reads an error wherever it stands: a whole answer, or the inside of a `CT_ERROR`.
    pub fn of(value: &Value) -> Self {
        let inner = [value.get("error"), value.get("chunk_error"), value.get("status")];
        let value = inner.into_iter().flatten().find(|v| v.get("status_code").is_some()).unwrap_or(value);
        let text = |key: &str| field::name(value.get(key)).unwrap_or_default();
        let words = [text("status_message"), text("reason")];
        let words: Vec<&str> = words.iter().map(|word| &**word).filter(|word| !word.is_empty()).collect();
        Self {
            code: field::id(value.get("status_code")).unwrap_or_default(),
            param: text("param").to_string(),
            words: words.join(": "),
        }
    }

    /// Reads the body of an answer.
    pub fn in_body(body: &[u8]) -> Self {
        record::parse(body).map(|value| Self::of(&value)).unwrap_or_default()
    }

    /// The same without words that repeat the token.
    pub fn without(mut self, token: &str) -> Self {
        if self.words.contains(token) {
            self.words.clear();
        }
        self
    }

    /// The place to resume from is not known any more: after 7 days Talkwalker forgets it.
    pub fn is_lost_offset(&self) -> bool {
        self.code == "5" && self.param == "resume_offset"
    }

    /// What follows from it; `None` where the code says nothing.
    pub fn stop(&self) -> Option<FeedError> {
        let told = |what: &str| match self.words.as_str() {
            "" => format!("Talkwalker: {what}"),
            words => format!("Talkwalker: {what} ({words})"),
        };
        let of = |fault, what: &str| Some(FeedError::of(fault, told(what)));
        match self.code.as_str() {
            "" | "0" => None,
            "1" | "2" => of(FailureKind::Server, "service error"),
            "7" => of(FailureKind::Refused, "the access token is not valid; check it"),
            "8" => of(FailureKind::Throttled, "too many calls").map(|stop| stop.after(Some(CALLS_WINDOW))),
            "9" => of(FailureKind::Refused, "no credits left; buy some or wait for the next month")
                .map(|stop| stop.after(Some(NO_CREDITS))),
            "10" | "12" => of(FailureKind::Refused, "the API application is not active"),
            "13" => of(
                FailureKind::Refused,
                "the token is not allowed to read streams; it needs read and write rights",
            ),
            "11" | "29" => of(FailureKind::Refused, "the token is not allowed to read this project"),
            "15" | "26" => of(FailureKind::Refused, "there is no such collector; check `collector`"),
            "23" => of(FailureKind::Refused, "the collector's stream has no rules"),
            "24" => Some(FeedError::Final(told(
                "another connection is now reading this collector; give each wall its own collector and restart this one",
            ))),
            "25" => of(FailureKind::Server, "the stream was disconnected; reconnecting"),
            "27" => of(FailureKind::Refused, "the URL must start with https"),
            "30" => of(FailureKind::Throttled, "too many streams are open; close one of the others")
                .map(|stop| stop.after(Some(CALLS_WINDOW))),
            "3" | "4" | "5" | "16" | "17" | "18" => {
                of(FailureKind::Refused, "the service rejects this request")
            }
            _ => of(FailureKind::Server, &format!("error {:.16}", self.code)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(code: &str) -> Option<(FailureKind, Option<Duration>)> {
        match Trouble::of(&json!({"status_code": code, "status_message": "Said so"})).stop()? {
            FeedError::Failed { fault, why, wait } => {
                assert!(why.contains("Said so"), "{why}");
                Some((fault, wait))
            }
            _ => None,
        }
    }

    #[test]
    fn a_401_that_means_throttling_is_told_from_a_wrong_token() {
        assert_eq!(fault("8"), Some((FailureKind::Throttled, Some(CALLS_WINDOW))));
        assert_eq!(fault("30"), Some((FailureKind::Throttled, Some(CALLS_WINDOW))));
        assert_eq!(fault("7"), Some((FailureKind::Refused, None)));
        assert_eq!(fault("9"), Some((FailureKind::Refused, Some(NO_CREDITS))));
        assert_eq!(fault("1"), Some((FailureKind::Server, None)));
        assert_eq!(fault("99"), Some((FailureKind::Server, None)));
        assert_eq!(fault("0"), None);
    }

    #[test]
    fn whoever_was_pushed_out_does_not_push_back() {
        let pushed = Trouble::of(&json!({"status_code": 24}));
        assert!(matches!(pushed.stop(), Some(FeedError::Final(why)) if why.contains("another connection")));
    }

    #[test]
    fn an_error_is_found_wherever_it_stands() {
        let inside = json!({"chunk_error": {"status_code": "25", "reason": "restart"}});
        assert_eq!(Trouble::of(&inside).code, "25");
        assert_eq!(Trouble::in_body(b"<html>").stop().map(drop), None);
        assert!(Trouble::of(&json!({"status_code": "5", "param": "resume_offset"})).is_lost_offset());
        assert_eq!(Trouble::of(&json!(null)), Trouble::default());
    }
}
