//! Whether a call is genuine, by the raw bytes of its body and in constant time.
//!
//! As documented by GitHub (docs.github.com, "Validating webhook deliveries"), X (docs.x.com,
//! "Securing webhooks"), Stripe (docs.stripe.com, "Verify webhook signatures manually") and WebSub
//! (w3.org/TR/websub, "Authenticated Content Distribution").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::header::AUTHORIZATION;
use ring::hmac::{self, Algorithm, Key};
use schemars::JsonSchema;
use serde::Deserialize;

use super::delivery::Delivery;
use super::secret::Hidden;
use crate::clock::Time;

/// How a service proves that a call is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// `X-Hub-Signature-256: sha256=…` in hexadecimal, as used by GitHub and Meta.
    Github,
    /// `x-twitter-webhooks-signature` in Base64, and X's challenge.
    X,
    /// `Stripe-Signature: t=…,v1=…`, at most five minutes old.
    Stripe,
    /// A WebSub hub.
    Websub,
    /// The secret itself, as a bearer token or as the last part of the path.
    Token,
}

/// How far a signed time may lie from ours, seconds.
const WINDOW_S: i64 = 300;
/// Signatures of one header that are looked at.
const MAX_SIGNATURES: usize = 8;

/// Why a call is not genuine, for the log.
pub(in crate::feed) type Wrong = &'static str;

/// Whether one of `keys` signed it. `header` stands in for the profile's own.
pub(in crate::feed) fn check(
    profile: Profile,
    header: Option<&str>,
    keys: &[Hidden],
    delivery: &Delivery,
    now: Time,
) -> Result<(), Wrong> {
    let name = header.unwrap_or(match profile {
        Profile::Github => "x-hub-signature-256",
        Profile::X => "x-twitter-webhooks-signature",
        Profile::Stripe => "stripe-signature",
        Profile::Websub => "x-hub-signature",
        Profile::Token => return token(keys, delivery),
    });
    let signature = delivery.header(name).ok_or("it is not signed")?;
    signed(profile, keys, signature, &delivery.body, now)
}

/// Whether one of `keys` made the signature of a header.
pub(in crate::feed) fn signed(
    profile: Profile,
    keys: &[Hidden],
    signature: &str,
    body: &[u8],
    now: Time,
) -> Result<(), Wrong> {
    match profile {
        Profile::Stripe => stripe(keys, signature, body, now),
        Profile::X => {
            let mac = signature.strip_prefix("sha256=").unwrap_or(signature);
            let mac = BASE64.decode(mac).map_err(|_| "the signature is not Base64")?;
            by_any(keys, hmac::HMAC_SHA256, body, &mac)
        }
        Profile::Github | Profile::Websub | Profile::Token => prefixed(profile, keys, signature, body),
    }
}

/// `sha256=` and the like before hexadecimal.
fn prefixed(profile: Profile, keys: &[Hidden], signature: &str, body: &[u8]) -> Result<(), Wrong> {
    let (method, mac) = signature.split_once('=').unwrap_or(("sha256", signature));
    let algorithm = match method {
        "sha256" => hmac::HMAC_SHA256,
        "sha1" if profile == Profile::Websub => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha384" if profile == Profile::Websub => hmac::HMAC_SHA384,
        "sha512" if profile == Profile::Websub => hmac::HMAC_SHA512,
        _ => return Err("it is signed with a method that is not accepted"),
    };
    let mac = unhex(mac).ok_or("the signature is not hexadecimal")?;
    by_any(keys, algorithm, body, &mac)
}

/// `t=1492774577,v1=5257a869…,v1=…`: what is signed is the time, a dot, and the body.
fn stripe(keys: &[Hidden], signature: &str, body: &[u8], now: Time) -> Result<(), Wrong> {
    let parts = || signature.split(',').filter_map(|part| part.trim().split_once('='));
    let stamp = parts().find(|(key, _)| *key == "t").map(|(_, stamp)| stamp).ok_or("it has no time")?;
    let seconds: i64 = stamp.parse().map_err(|_| "its time is not a number")?;
    if seconds.saturating_sub(now.as_secs()).saturating_abs() > WINDOW_S {
        return Err("its time is more than five minutes from this machine's; is the clock right?");
    }
    let signed = [stamp.as_bytes(), b".", body].concat();
    let macs = parts().filter(|(key, _)| *key == "v1").filter_map(|(_, mac)| unhex(mac));
    let mut macs = macs.take(MAX_SIGNATURES);
    let genuine = macs.any(|mac| by_any(keys, hmac::HMAC_SHA256, &signed, &mac).is_ok());
    if genuine { Ok(()) } else { Err("the signature is wrong") }
}

/// The secret itself, as a bearer token or as what the path has below the door's.
fn token(keys: &[Hidden], delivery: &Delivery) -> Result<(), Wrong> {
    bearer(keys, delivery.header(AUTHORIZATION.as_str()), &delivery.rest)
}

/// As [`token`], by the header and the rest of the path.
pub(in crate::feed) fn bearer(keys: &[Hidden], header: Option<&str>, rest: &str) -> Result<(), Wrong> {
    let bearer = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let given = match bearer {
        Some((_, token)) => token.trim(),
        None if rest.is_empty() => return Err("it has no token"),
        None => rest,
    };
    if keys.iter().any(|key| is_same(key.expose(), given)) { Ok(()) } else { Err("the token is wrong") }
}

fn by_any(keys: &[Hidden], algorithm: Algorithm, body: &[u8], mac: &[u8]) -> Result<(), Wrong> {
    let signed =
        |key: &Hidden| hmac::verify(&Key::new(algorithm, key.expose().as_bytes()), body, mac).is_ok();
    if keys.iter().any(signed) { Ok(()) } else { Err("the signature is wrong") }
}

/// Compares without telling by its time how much is right.
pub(in crate::feed) fn is_same(secret: &str, given: &str) -> bool {
    let key = |text: &str| Key::new(hmac::HMAC_SHA256, text.as_bytes());
    let known = hmac::sign(&key(secret), b"fishbowl");
    hmac::verify(&key(given), b"fishbowl", known.as_ref()).is_ok()
}

/// What X wants to hear when it asks whether we know the secret.
pub(in crate::feed) fn challenge(key: &Hidden, asked: &str) -> String {
    let mac = hmac::sign(&Key::new(hmac::HMAC_SHA256, key.expose().as_bytes()), asked.as_bytes());
    format!("{{\"response_token\":\"sha256={}\"}}", BASE64.encode(mac))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    let pair = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?);
    (text.len() <= 128).then(|| text.as_bytes().chunks(2).map(pair).collect())?
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hyper::{HeaderMap, Method};
    use tokio::sync::{Semaphore, oneshot};

    use super::*;
    use crate::codec::hex;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn keys(secrets: &[&str]) -> Vec<Hidden> {
        secrets.iter().map(|s| Hidden::new(s).expect("a secret")).collect()
    }

    fn delivery(rest: &str, headers: &[(&'static str, &str)], body: &str) -> Delivery {
        let headers = headers.iter().map(|(name, value)| {
            (hyper::header::HeaderName::from_static(name), value.parse().expect("a header's value"))
        });
        Delivery {
            method: Method::POST,
            rest: rest.into(),
            query: String::new(),
            headers: HeaderMap::from_iter(headers),
            body: body.into(),
            back: oneshot::channel().0,
            held: Arc::new(Semaphore::new(1)).try_acquire_owned().expect("one is free"),
        }
    }

    fn mac(algorithm: Algorithm, key: &str, signed: &str) -> Vec<u8> {
        hmac::sign(&Key::new(algorithm, key.as_bytes()), signed.as_bytes()).as_ref().to_vec()
    }

    #[test]
    fn githubs_own_example_is_genuine() {
        let right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let check = |secret: &str, signature: &str, body: &str| {
            let call = delivery("", &[("x-hub-signature-256", signature)], body);
            check(Profile::Github, None, &keys(&["not this one", secret]), &call, NOW)
        };
        let secret = "It's a Secret to Everybody";
        assert_eq!(check(secret, right, "Hello, World!"), Ok(()));
        assert!(check(secret, right, "Hello, World! ").is_err());
        assert!(check("another", right, "Hello, World!").is_err());
        for wrong in
            ["", "sha256=", "sha256=7", "sha256=zz", "sha1=00", &right[..70], &right.replace('7', "8")]
        {
            assert!(check(secret, wrong, "Hello, World!").is_err(), "{wrong}");
        }
        let unsigned = delivery("", &[], "Hello, World!");
        assert_eq!(
            super::check(Profile::Github, None, &keys(&[secret]), &unsigned, NOW),
            Err("it is not signed")
        );
    }

    #[test]
    fn the_header_may_have_another_name() {
        let signature = hex(&mac(hmac::HMAC_SHA256, "key", "{}"));
        let call = delivery("", &[("x-shop-hmac", &signature)], "{}");
        assert_eq!(check(Profile::Github, Some("X-Shop-Hmac"), &keys(&["key"]), &call, NOW), Ok(()));
    }

    #[test]
    fn x_signs_in_base64_and_gets_its_challenge_answered() {
        let signature = format!("sha256={}", BASE64.encode(mac(hmac::HMAC_SHA256, "key", "{}")));
        let call = delivery("", &[("x-twitter-webhooks-signature", &signature)], "{}");
        assert_eq!(check(Profile::X, None, &keys(&["key"]), &call, NOW), Ok(()));
        assert!(check(Profile::X, None, &keys(&["old"]), &call, NOW).is_err());
        let expected = format!("sha256={}", BASE64.encode(mac(hmac::HMAC_SHA256, "key", "abc")));
        let key = &keys(&["key"])[0];
        assert_eq!(challenge(key, "abc"), format!("{{\"response_token\":\"{expected}\"}}"));
    }

    #[test]
    fn stripes_signature_is_good_for_five_minutes() {
        let check = |stamp: i64, extra: &str| {
            let mac = hex(&mac(hmac::HMAC_SHA256, "whsec_1", &format!("{stamp}.{{}}")));
            let signature = format!("t={stamp},{extra}v1={mac},v0=00");
            let call = delivery("", &[("stripe-signature", &signature)], "{}");
            super::check(Profile::Stripe, None, &keys(&["whsec_1"]), &call, NOW)
        };
        let now = NOW.as_secs();
        assert_eq!(check(now, ""), Ok(()));
        assert_eq!(check(now - 300, "v1=00ff,"), Ok(()), "while a secret is exchanged there are two");
        assert!(check(now - 301, "").is_err() && check(now + 301, "").is_err());
        assert!(check(i64::MIN, "").is_err() && check(i64::MAX, "").is_err());
    }

    #[test]
    fn websub_names_its_method() {
        let check = |method: &str, algorithm| {
            let signature = format!("{method}={}", hex(&mac(algorithm, "key", "<feed/>")));
            let call = delivery("", &[("x-hub-signature", &signature)], "<feed/>");
            super::check(Profile::Websub, None, &keys(&["key"]), &call, NOW)
        };
        assert_eq!(check("sha1", hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY), Ok(()));
        assert_eq!(check("sha256", hmac::HMAC_SHA256), Ok(()));
        assert_eq!(check("sha512", hmac::HMAC_SHA512), Ok(()));
        assert!(check("md5", hmac::HMAC_SHA256).is_err());
        assert!(check("sha512", hmac::HMAC_SHA256).is_err());
    }

    #[test]
    fn a_token_comes_in_the_head_or_in_the_path() {
        let check = |rest: &str, headers: &[(&'static str, &str)]| {
            super::check(Profile::Token, None, &keys(&["s3cret", "older"]), &delivery(rest, headers, ""), NOW)
        };
        assert_eq!(check("", &[("authorization", "Bearer s3cret")]), Ok(()));
        assert_eq!(check("", &[("authorization", "bearer older")]), Ok(()));
        assert_eq!(check("s3cret", &[]), Ok(()));
        assert!(check("", &[]).is_err() && check("s3cret/", &[]).is_err() && check("s3cre", &[]).is_err());
        assert!(check("s3cret", &[("authorization", "Bearer wrong")]).is_err());
        assert!(check("", &[("authorization", "Basic s3cret")]).is_err());
    }
}
