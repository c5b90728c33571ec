//! Calls over HTTP, by reqwest: what every adapter asks a server with.
//!
//! Secrets never come into an error or a log: of an address only scheme, host and path are shown,
//! and calls print nothing else. Redirects are followed here, at most [`MAX_REDIRECTS`], to HTTP
//! only, never from a secure address to an open one, and with secrets in the headers only within
//! one server. A body has at most [`MAX_BODY`] bytes and [`BODY_WITHIN`].

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Client, Method, StatusCode, Url, redirect};
use serde_json::Value;
use tokio::time::timeout;

use super::call::Call;
use super::limits;
use super::outlet::Outlet;
use super::supervise::{Fault, Pace, Stop};
use crate::clock::Time;

/// Most redirects that are followed.
pub(super) const MAX_REDIRECTS: usize = 5;
/// Longest body of an answer that is read as a whole, bytes.
pub(super) const MAX_BODY: usize = 16 << 20;
/// Longest time that such a body may take.
pub(super) const BODY_WITHIN: Duration = Duration::from_secs(120);

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Where it lies from now on, as far as redirects were permanent (301, 308).
    pub moved: Option<Url>,
}

impl Answer {
    /// The body as JSON; `Stop` says that the server sent something else.
    pub fn json(&self) -> Result<Value, Stop> {
        serde_json::from_slice(&self.body).map_err(|_| {
            Stop::of(Fault::Server, format!("the server sends {}, not JSON", mime(&self.headers)))
        })
    }

    /// Itself when the status is 200 to 299, otherwise its [`refusal`].
    pub fn accepted(self, now: Time) -> Result<Self, Stop> {
        if self.status.is_success() { Ok(self) } else { Err(refusal(self.status, &self.headers, now)) }
    }
}

/// An answer whose body comes as it is sent, without end.
#[derive(Debug)]
pub(super) struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    inner: reqwest::Response,
    moved: Option<Url>,
    pace: Pace,
}

impl Response {
    /// The next bytes; `None` at the end. What waits in the outlet goes out meanwhile. Fails when
    /// the connection breaks or nothing comes for as long as `silence`.
    pub async fn chunk(
        &mut self,
        outlet: &mut Outlet,
        silence: Duration,
    ) -> Result<Option<impl AsRef<[u8]> + use<>>, Stop> {
        let bytes = outlet.meanwhile(self.bytes(silence)).await??;
        outlet.hear();
        Ok(bytes)
    }

    /// The same for adapters that hear several connections at once: without an outlet.
    pub async fn bytes(&mut self, silence: Duration) -> Result<Option<impl AsRef<[u8]> + use<>>, Stop> {
        match timeout(self.pace.patience(silence), self.inner.chunk()).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(Stop::failed(format!("the connection broke: {}", reason(error)))),
            Err(_) => Err(Stop::failed(format!("nothing heard for {silence:.0?}; connecting again"))),
        }
    }

    /// All of the body.
    async fn whole(mut self) -> Result<Answer, Stop> {
        let mut body = Vec::new();
        while let Some(bytes) = self.inner.chunk().await.map_err(broke)? {
            if body.len() + bytes.len() > MAX_BODY {
                return Err(Stop::of(
                    Fault::Server,
                    format!("the answer is longer than {} MiB", MAX_BODY >> 20),
                ));
            }
            body.extend_from_slice(&bytes);
        }
        Ok(Answer { status: self.status, headers: self.headers, body, moved: self.moved })
    }
}

fn broke(error: reqwest::Error) -> Stop {
    Stop::failed(format!("the connection broke: {}", reason(error)))
}

/// A client that an adapter keeps, with its connections.
#[derive(Clone, Debug)]
pub(super) struct Web {
    client: Client,
    pace: Pace,
}

impl Web {
    /// A client for the server of `url`. Machines with a proxy use it, but for the loopback.
    pub fn new(url: &Url, pace: &Pace) -> Result<Self, Stop> {
        // Fails when another part of the program was first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build = || {
            let builder = Client::builder()
                .user_agent(AGENT)
                .connect_timeout(pace.connect_within)
                .redirect(redirect::Policy::none())
                .referer(false);
            if is_loopback(url) { builder.no_proxy() } else { builder }
        };
        // A machine without root certificates can still speak plain HTTP.
        let client = match build().build() {
            Err(_) if url.scheme() == "http" => build().tls_certs_only([]).build(),
            built => built,
        };
        let client =
            client.map_err(|error| Stop::failed(format!("cannot set up HTTP: {}", reason(error))))?;
        Ok(Self { client, pace: pace.clone() })
    }

    /// Calls and reads the whole answer; any status is `Ok`.
    pub async fn fetch(&self, call: Call) -> Result<Answer, Stop> {
        let host = host(&call.url).to_owned();
        let response = self.open(call).await?;
        match timeout(BODY_WITHIN, response.whole()).await {
            Ok(answer) => answer,
            Err(_) => {
                Err(Stop::failed(format!("the answer of {host} does not end within {BODY_WITHIN:.0?}")))
            }
        }
    }

    /// Calls and comes back with the head of the answer; any status is `Ok`.
    pub async fn open(&self, mut call: Call) -> Result<Response, Stop> {
        let mut moved = None;
        let mut permanent = true;
        for _ in 0..=MAX_REDIRECTS {
            let inner = self.send(&call).await?;
            let Some(next) = redirected(&inner)? else {
                let (status, headers) = (inner.status(), inner.headers().clone());
                return Ok(Response { status, headers, inner, moved, pace: self.pace.clone() });
            };
            permanent &= matches!(inner.status().as_u16(), 301 | 308);
            if permanent {
                moved = Some(next.clone());
            }
            call = follow(call, inner.status(), next)?;
        }
        Err(Stop::of(Fault::Refused, "too many redirects"))
    }

    async fn send(&self, call: &Call) -> Result<reqwest::Response, Stop> {
        if let Some(fault) = &call.fault {
            return Err(Stop::of(Fault::Refused, fault.clone()));
        }
        let request =
            self.client.request(call.method.clone(), call.url.clone()).headers(call.headers.clone());
        let request = call.body.iter().fold(request, |request, body| request.body(body.clone()));
        let (host, within) = (host(&call.url), call.within.unwrap_or(self.pace.connect_within));
        match timeout(within, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(Stop::failed(format!("cannot reach {host}: {}", reason(error)))),
            Err(_) => Err(Stop::failed(format!(
                "{host} does not answer within {within:.0?}; check the address and the network"
            ))),
        }
    }
}

const AGENT: &str = concat!("fishbowl/", env!("CARGO_PKG_VERSION"));

/// Where a redirect leads; `None` for any other answer.
fn redirected(response: &reqwest::Response) -> Result<Option<Url>, Stop> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
    let next = location.to_str().ok().and_then(|location| response.url().join(location).ok());
    next.map(Some).ok_or_else(|| Stop::of(Fault::Refused, "it redirects to something that is no address"))
}

/// The call after a redirect, where following is safe.
fn follow(call: Call, status: StatusCode, next: Url) -> Result<Call, Stop> {
    let refused = |why: &str| Err(Stop::of(Fault::Refused, why));
    let web = matches!(next.scheme(), "http" | "https");
    if !web || (call.url.scheme() == "https" && next.scheme() == "http") {
        return refused("it redirects to an address that is not safe");
    }
    let secret = call.headers.values().any(|value| value.is_sensitive());
    if secret && call.url.origin() != next.origin() {
        return refused("it redirects to another server; put that one's address in the layout");
    }
    let keeps = matches!(status.as_u16(), 307 | 308) || matches!(call.method, Method::GET | Method::HEAD);
    Ok(match keeps {
        true => Call { url: next, ..call },
        false => Call { url: next, method: Method::GET, body: None, ..call },
    })
}

/// What a status that is no success means, in words, with its fault and the wait that the server
/// asks for.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap, now: Time) -> Stop {
    let (fault, hint) = match status.as_u16() {
        200..=399 => (Fault::Refused, "that is nothing to read; check the address"),
        401 | 403 => (Fault::Refused, "check the token"),
        402 => (Fault::Refused, "the plan does not include this, or the credit is used up"),
        404 | 410 => (Fault::Refused, "check the address"),
        408 | 425 => (Fault::Network, "trying again"),
        429 => (Fault::Throttled, "too many requests; waiting"),
        500..600 => (Fault::Server, "the server has a fault; trying again"),
        _ => (Fault::Refused, "it does not take this request"),
    };
    let asked = matches!(fault, Fault::Throttled | Fault::Server).then(|| limits::wait(headers, now));
    Stop::of(fault, format!("the server answers {}: {hint}", status.as_u16())).after(asked.flatten())
}

/// Reads an address; fails for anything that is not HTTP, without repeating it.
pub(super) fn address(url: &str) -> Result<Url, Stop> {
    address_of(url, &["http", "https"])
}

/// The same for other schemes, of which there are two.
pub(super) fn address_of(url: &str, schemes: &[&str]) -> Result<Url, Stop> {
    let refused = |why: String| Stop::of(Fault::Refused, why);
    let address = Url::parse(url).map_err(|error| refused(format!("the address is no URL: {error}")))?;
    match address.scheme() {
        scheme if schemes.contains(&scheme) => Ok(address),
        other => Err(refused(format!("the address begins with {other}:, not {}:", schemes.join(": or ")))),
    }
}

/// An address as it may be shown: scheme, host, port and path.
pub(super) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), host(url), url.path())
}

pub(super) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

fn is_loopback(url: &Url) -> bool {
    let host = host(url);
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

/// The media type alone, in lower case; `nothing` where none is told.
pub(super) fn mime(headers: &HeaderMap) -> String {
    let mime = headers.get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or("nothing");
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The innermost cause of an error, which names no address.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    innermost(&error)
}

/// The words of the innermost cause.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::secret::Hidden;

    fn url(text: &str) -> Url {
        address(text).expect("an address")
    }

    fn why(stop: Stop) -> String {
        match stop {
            Stop::Failed { why, .. } => why,
            Stop::Closed | Stop::Final(_) => String::new(),
        }
    }

    #[test]
    fn only_http_is_an_address() {
        assert!(address("https://example.org/stream?token=s3cret").is_ok());
        for url in ["ftp://example.org", "file:///etc/passwd", "example.org/?token=s3cret", ""] {
            assert!(!why(address(url).expect_err("no web address")).contains("s3cret"));
        }
    }

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        let url = url("https://ana:s3cret@example.org:8443/a/b?token=s3cret#s3cret");
        assert_eq!(shown(&url), "https://example.org:8443/a/b");
        let secret = Hidden::new("s3cret").expect("a secret");
        let call = Call::get(&url).bearer(&secret).query("key", "s3cret").hidden("x-key", &secret);
        assert!(!format!("{call:?}").contains("s3cret"), "{call:?}");
    }

    #[test]
    fn secrets_stay_with_their_server() {
        let secret = Hidden::new("s3cret").expect("a secret");
        let (here, there) = (url("https://a.example/1"), url("https://b.example/2"));
        let moved = StatusCode::FOUND;
        assert!(follow(Call::get(&here), moved, there.clone()).is_ok());
        assert!(follow(Call::get(&here).bearer(&secret), moved, url("https://a.example/3")).is_ok());
        let refused = follow(Call::get(&here).bearer(&secret), moved, there).expect_err("another server");
        assert!(why(refused).contains("another server"));
        assert!(follow(Call::get(&here), moved, url("http://a.example/1")).is_err(), "it is not secure");
    }

    #[test]
    fn a_post_becomes_a_get_unless_the_server_says_otherwise() {
        let here = url("https://a.example/1");
        let post = || Call::post(&here).form(&[("a", "b")]);
        let after = |status| follow(post(), status, here.clone()).expect("the same server");
        let seen = after(StatusCode::SEE_OTHER);
        assert_eq!((seen.method, seen.body), (Method::GET, None));
        assert_eq!(after(StatusCode::PERMANENT_REDIRECT).body.as_deref(), Some(&b"a=b"[..]));
    }

    #[test]
    fn a_status_tells_who_must_act() {
        let fault = |status: u16| {
            let status = StatusCode::from_u16(status).expect("a status");
            match refusal(status, &HeaderMap::new(), Time::default()) {
                Stop::Failed { fault, .. } => fault,
                other => panic!("{other:?}"),
            }
        };
        for status in [400, 401, 402, 403, 404, 406, 410, 418] {
            assert_eq!(fault(status), Fault::Refused, "{status}");
        }
        assert_eq!((fault(429), fault(500), fault(503)), (Fault::Throttled, Fault::Server, Fault::Server));
    }
}
