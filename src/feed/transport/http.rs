//! Calls over HTTP, by reqwest: what every adapter asks a server with.
//!
//! Secrets never come into an error or a log: of an address only scheme, host and path are shown,
//! and calls print nothing else. Redirects are followed here, at most [`MAX_REDIRECTS`], to HTTP
//! only, never from a secure address to an open one, and with secrets in the headers only within
//! one server, and never further into this network than the server that sends them ([`super::reach`]).
//! A body has at most [`MAX_BODY`] bytes, unpacked, and [`BODY_WITHIN`]. Whole answers are
//! asked for packed (gzip), streams are not; either is unpacked when it is.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::body::Bytes;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Client, Method, StatusCode, Url};
use serde_json::Value;
use tokio::time::timeout;

use super::client::{client, names_proxy, reason};
use super::reach::{self, LeadsInside, REACHES, Reach};
use super::refusal;
pub(in crate::feed) use super::refusal::{lacks_scope, refusal};
use super::request::HttpRequest;
use super::unpack::Unpacker;
use super::url::{host, is_loopback};
use crate::clock::Time;
use crate::feed::adapter::Pace;
use crate::feed::decode::json_text;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::sender::MentionSender;

/// Most redirects that are followed.
pub(in crate::feed) const MAX_REDIRECTS: usize = 5;
/// Longest body of an answer that is read as a whole, bytes.
pub(in crate::feed) const MAX_BODY: usize = 16 << 20;
/// Longest time that such a body may take.
pub(in crate::feed) const BODY_WITHIN: Duration = Duration::from_secs(120);
/// Longest rest within one.
const REST_WITHIN: Duration = Duration::from_secs(30);

/// An answer, whatever its status.
#[derive(Debug)]
pub(in crate::feed) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Where it lies from now on, as far as redirects were permanent (301, 308).
    pub moved: Option<Url>,
}

impl Answer {
    /// The body as JSON; `Stop` says that the server sent something else.
    pub fn json(&self) -> Result<Value, FeedError> {
        self.document().map(|(document, _)| document)
    }

    /// The same; counts the records that are left out of it because they cannot be read.
    pub fn json_for(&self, sender: &mut MentionSender) -> Result<Value, FeedError> {
        let (document, left_out) = self.document()?;
        (0..left_out).for_each(|_| sender.discard(json_text::NOT_JSON.0));
        Ok(document)
    }

    fn document(&self) -> Result<(Value, usize), FeedError> {
        let told = self.headers.get(CONTENT_TYPE).and_then(|told| told.to_str().ok());
        json_text::document(&json_text::by_charset(&self.body, told)).map_err(|_| {
            let error = serde_json::from_slice::<Value>(&self.body).err();
            let why = match (mime(&self.headers), error) {
                (mime, Some(error)) if mime.contains("json") => {
                    format!("the server's JSON cannot be read: {error}")
                }
                (mime, _) => format!("the server sends {mime}, not JSON"),
            };
            FeedError::of(FailureKind::Server, why)
        })
    }

    /// Itself when the status is 200 to 299, otherwise its [`refusal`].
    pub fn accepted(self, now: Time) -> Result<Self, FeedError> {
        match self.status.as_u16() {
            200..300 => Ok(self),
            status @ (401 | 403) if lacks_scope(&self.headers, &self.body) => {
                Err(refusal::without_scope(status, &self.headers))
            }
            _ => Err(refusal(self.status, &self.headers, now)),
        }
    }
}

/// An answer whose body comes as it is sent, without end.
#[derive(Debug)]
pub(in crate::feed) struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    inner: reqwest::Response,
    unpacker: Unpacker,
    moved: Option<Url>,
    pace: Pace,
}

impl Response {
    /// The next bytes; `None` at the end. What waits in the sender goes out meanwhile. Fails when
    /// the connection breaks or nothing comes for as long as `silence`.
    pub async fn chunk(
        &mut self,
        sender: &mut MentionSender,
        silence: Duration,
    ) -> Result<Option<impl AsRef<[u8]> + use<>>, FeedError> {
        let bytes = sender.meanwhile(self.bytes(silence)).await??;
        sender.hear();
        Ok(bytes)
    }

    /// The same for adapters that hear several connections at once: without an outlet.
    pub async fn bytes(&mut self, silence: Duration) -> Result<Option<impl AsRef<[u8]> + use<>>, FeedError> {
        match timeout(self.pace.patience(silence), self.inner.chunk()).await {
            Ok(bytes) => bytes.map_err(broke)?.map(|bytes| self.unpacked(bytes)).transpose(),
            Err(_) => Err(FeedError::failed(format!("silent for {silence:.0?}; reconnecting"))),
        }
    }

    fn unpacked(&mut self, bytes: Bytes) -> Result<Bytes, FeedError> {
        let broken =
            |why| FeedError::of(FailureKind::Server, format!("the response cannot be decompressed: {why}"));
        self.unpacker.take(bytes).map_err(broken)
    }

    /// All of the body.
    async fn whole(mut self) -> Result<Answer, FeedError> {
        let mut body = Vec::new();
        while let Some(bytes) = self.bytes(REST_WITHIN).await? {
            let bytes = bytes.as_ref();
            if body.len() + bytes.len() > MAX_BODY {
                return Err(FeedError::of(
                    FailureKind::Server,
                    format!("the response is longer than {} MiB", MAX_BODY >> 20),
                ));
            }
            body.extend_from_slice(bytes);
        }
        if !self.unpacker.is_whole() {
            return Err(FeedError::failed("the compressed response is cut off"));
        }
        Ok(Answer { status: self.status, headers: self.headers, body, moved: self.moved })
    }
}

fn broke(error: reqwest::Error) -> FeedError {
    FeedError::failed(format!("the connection broke: {}", reason(error)))
}

/// A client that an adapter keeps, with its connections.
#[derive(Clone, Debug)]
pub(in crate::feed) struct Web {
    /// For what the layout names.
    client: Client,
    /// For what servers name, by where those lie; made when first used.
    outward: Arc<[OnceLock<Client>; REACHES]>,
    /// Another machine connects for this one, and looks names up.
    has_proxy: bool,
    pace: Pace,
}

/// An answer's head, and where its server lies.
struct Heard {
    inner: reqwest::Response,
    from: Reach,
}

impl Web {
    /// A client for the server of `url`. Machines with a proxy use it, but for the loopback.
    pub fn new(url: &Url, pace: &Pace) -> Result<Self, FeedError> {
        // Fails when another part of the program was first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let has_proxy = !is_loopback(url) && names_proxy();
        let client = client(url, has_proxy, pace, None)?;
        Ok(Self { client, outward: Arc::default(), has_proxy, pace: pace.clone() })
    }

    /// The client for an address that a server named which lies at `from`.
    fn outward(&self, from: Reach, url: &Url) -> Result<&Client, FeedError> {
        let cell = &self.outward[from as usize];
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let client = client(url, self.has_proxy, &self.pace, Some(from))?;
        Ok(cell.get_or_init(|| client))
    }

    /// Calls and reads the whole answer; any status is `Ok`.
    pub async fn fetch(&self, call: HttpRequest) -> Result<Answer, FeedError> {
        let host = host(&call.url).to_owned();
        let response = self.open_as(call, "gzip").await?;
        match timeout(BODY_WITHIN, response.whole()).await {
            Ok(answer) => answer,
            Err(_) => {
                Err(FeedError::failed(format!("the response of {host} did not end within {BODY_WITHIN:.0?}")))
            }
        }
    }

    /// Calls and comes back with the head of the answer; any status is `Ok`.
    pub async fn open(&self, call: HttpRequest) -> Result<Response, FeedError> {
        self.open_as(call, "identity").await
    }

    async fn open_as(&self, mut call: HttpRequest, packed: &'static str) -> Result<Response, FeedError> {
        call.headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static(packed));
        let mut moved = None;
        let mut permanent = true;
        let mut from = match &call.told_by {
            Some(named) => Some(reach::of_url(named).await.unwrap_or(Reach::World)),
            None => None,
        };
        for _ in 0..=MAX_REDIRECTS {
            let Heard { inner, from: next_from } = self.send(&call, from).await?;
            from = Some(next_from);
            let Some(next) = redirected(&inner)? else {
                let (status, headers) = (inner.status(), inner.headers().clone());
                let unpacker = match Unpacker::new(&headers) {
                    Err(why) if status.is_success() => return Err(FeedError::of(FailureKind::Server, why)),
                    unpacker => unpacker.unwrap_or_else(|_| Unpacker::of_anything()),
                };
                return Ok(Response { status, headers, inner, unpacker, moved, pace: self.pace.clone() });
            };
            permanent &= matches!(inner.status().as_u16(), 301 | 308);
            if permanent {
                moved = Some(next.clone());
            }
            call = follow(call, inner.status(), next)?;
        }
        Err(FeedError::of(FailureKind::Refused, "too many redirects"))
    }

    /// Sends a call that the layout names, or a server that lies at `from`.
    async fn send(&self, call: &HttpRequest, from: Option<Reach>) -> Result<Heard, FeedError> {
        if let Some(fault) = &call.fault {
            return Err(FeedError::of(FailureKind::Refused, fault.clone()));
        }
        let client = match from {
            None => &self.client,
            Some(from) => self.leading(from, &call.url).await?,
        };
        let request = client.request(call.method.clone(), call.url.clone()).headers(call.headers.clone());
        let request = call.body.iter().fold(request, |request, body| request.body(body.clone()));
        let (host, within) = (host(&call.url), call.within.unwrap_or(self.pace.connect_within));
        match timeout(within, request.send()).await {
            Ok(Ok(inner)) => Ok(Heard { from: self.place(&inner, &call.url).await, inner }),
            Ok(Err(error)) if reach::leads_inside(&error) => Err(LeadsInside.into()),
            Ok(Err(error)) => Err(FeedError::failed(format!("cannot reach {host}: {}", reason(error)))),
            Err(_) => Err(FeedError::failed(format!(
                "{host} did not answer within {within:.0?}; check the URL and the network"
            ))),
        }
    }

    /// The client for `url`, to which a server leads that lies at `from`, where it may.
    async fn leading(&self, from: Reach, url: &Url) -> Result<&Client, FeedError> {
        // Numbers are never looked up, and a proxy looks names up by itself.
        if self.has_proxy {
            reach::check(from, url).await?;
        } else if reach::of_literal(url).is_some_and(|there| !from.may_lead_to(there)) {
            return Err(LeadsInside.into());
        }
        self.outward(from, url)
    }

    /// Where the server lies that was connected to.
    async fn place(&self, response: &reqwest::Response, url: &Url) -> Reach {
        match response.remote_addr() {
            Some(addr) if !self.has_proxy => Reach::of(addr.ip()),
            _ => reach::of_url(url).await.unwrap_or(Reach::World),
        }
    }
}

/// Where a redirect leads; `None` for any other answer.
fn redirected(response: &reqwest::Response) -> Result<Option<Url>, FeedError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
    let next = location.to_str().ok().and_then(|location| response.url().join(location).ok());
    next.map(Some)
        .ok_or_else(|| FeedError::of(FailureKind::Refused, "it redirects to something that is not a URL"))
}

/// The call after a redirect, where following is safe.
fn follow(call: HttpRequest, status: StatusCode, next: Url) -> Result<HttpRequest, FeedError> {
    let refused = |why: &str| Err(FeedError::of(FailureKind::Refused, why));
    let web = matches!(next.scheme(), "http" | "https");
    if !web || (call.url.scheme() == "https" && next.scheme() == "http") {
        return refused("it redirects to a URL that is not safe");
    }
    let secret = call.headers.values().any(|value| value.is_sensitive());
    if secret && call.url.origin() != next.origin() {
        return refused("it redirects to another server; put the URL of that server in the layout");
    }
    let keeps = matches!(status.as_u16(), 307 | 308) || matches!(call.method, Method::GET | Method::HEAD);
    Ok(match keeps {
        true => HttpRequest { url: next, ..call },
        false => HttpRequest { url: next, method: Method::GET, body: None, ..call },
    })
}

/// The media type alone, in lower case; `nothing` where none is told.
pub(in crate::feed) fn mime(headers: &HeaderMap) -> String {
    let mime = headers.get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or("nothing");
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::transport::secret::Hidden;
    use crate::feed::transport::url::{address, shown};

    fn url(text: &str) -> Url {
        address(text).expect("an address")
    }

    fn why(stop: FeedError) -> String {
        match stop {
            FeedError::Failed { why, .. } => why,
            FeedError::Closed | FeedError::Final(_) => String::new(),
        }
    }

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        let url = url("https://ana:s3cret@example.org:8443/a/b?token=s3cret#s3cret");
        assert_eq!(shown(&url), "https://example.org:8443/a/b");
        let secret = Hidden::new("s3cret").expect("a secret");
        let call = HttpRequest::get(&url).bearer(&secret).query("key", "s3cret").hidden("x-key", &secret);
        assert!(!format!("{call:?}").contains("s3cret"), "{call:?}");
    }

    #[test]
    fn secrets_stay_with_their_server() {
        let secret = Hidden::new("s3cret").expect("a secret");
        let (here, there) = (url("https://a.example/1"), url("https://b.example/2"));
        let moved = StatusCode::FOUND;
        assert!(follow(HttpRequest::get(&here), moved, there.clone()).is_ok());
        assert!(follow(HttpRequest::get(&here).bearer(&secret), moved, url("https://a.example/3")).is_ok());
        let refused =
            follow(HttpRequest::get(&here).bearer(&secret), moved, there).expect_err("another server");
        assert!(why(refused).contains("another server"));
        assert!(
            follow(HttpRequest::get(&here), moved, url("http://a.example/1")).is_err(),
            "it is not secure"
        );
    }

    #[test]
    fn a_post_becomes_a_get_unless_the_server_says_otherwise() {
        let here = url("https://a.example/1");
        let post = || HttpRequest::post(&here).form(&[("a", "b")]);
        let after = |status| follow(post(), status, here.clone()).expect("the same server");
        let seen = after(StatusCode::SEE_OTHER);
        assert_eq!((seen.method, seen.body), (Method::GET, None));
        assert_eq!(after(StatusCode::PERMANENT_REDIRECT).body.as_deref(), Some(&b"a=b"[..]));
    }
}
