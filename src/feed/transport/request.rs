//! One request, as an adapter puts it together.

use std::fmt;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;

use super::secret::Hidden;
use super::url;

/// A request. Prints its method and address without the query.
#[derive(Clone)]
pub(in crate::feed) struct HttpRequest {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
    /// How long the head of the answer may take; the pace's own time where that is not said.
    pub within: Option<Duration>,
    /// Why it cannot be sent.
    pub fault: Option<String>,
    /// The layout's address whose server named this one; `None` where the layout did.
    pub told_by: Option<Url>,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, url::shown(&self.url))
    }
}

impl HttpRequest {
    pub fn get(url: &Url) -> Self {
        Self::new(Method::GET, url)
    }

    pub fn post(url: &Url) -> Self {
        Self::new(Method::POST, url)
    }

    pub fn new(method: Method, url: &Url) -> Self {
        Self {
            method,
            url: url.clone(),
            headers: HeaderMap::new(),
            body: None,
            within: None,
            fault: None,
            told_by: None,
        }
    }

    /// Where `named` is the layout's address, and another than this.
    pub fn told_by(self, named: &Url) -> Self {
        let told_by = (self.url.origin() != named.origin()).then(|| named.clone());
        Self { told_by, ..self }
    }

    /// `Authorization: Bearer …`
    pub fn bearer(self, token: &Hidden) -> Self {
        self.secret_value(AUTHORIZATION, &format!("Bearer {}", token.expose()))
    }

    /// `Authorization: Basic …`
    pub fn basic(self, user: &str, password: &Hidden) -> Self {
        use base64::Engine as _;
        let pair = base64::prelude::BASE64_STANDARD.encode(format!("{user}:{}", password.expose()));
        self.secret_value(AUTHORIZATION, &format!("Basic {pair}"))
    }

    /// A header that carries a secret.
    pub fn hidden(self, name: &'static str, secret: &Hidden) -> Self {
        self.secret_value(HeaderName::from_static(name), secret.expose())
    }

    fn secret_value(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_bytes(value.as_bytes()) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            Err(_) => self.fault = Some(format!("header `{name}` cannot be sent: it is not an HTTP header")),
        }
        self
    }

    /// A header; `name` in lower case.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(HeaderName::from_static(name), value);
            }
            Err(_) => self.fault = Some(format!("header `{name}` cannot be sent: it is not an HTTP header")),
        }
        self
    }

    /// `Last-Event-ID`, as UTF-8; left out when it is empty or no header can carry it.
    pub fn last_event_id(mut self, id: &str) -> Self {
        if let Some(value) = HeaderValue::from_bytes(id.as_bytes()).ok().filter(|value| !value.is_empty()) {
            self.headers.insert("last-event-id", value);
        }
        self
    }

    /// A header of the layout, which may be a secret whatever the layout promises.
    pub fn layout_header(mut self, name: &str, value: &str) -> Self {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => self.secret_value(name, value),
            Err(_) => {
                self.fault = Some(format!("header `{name}` cannot be sent: it is not an HTTP header"));
                self
            }
        }
    }

    /// What the answer may be.
    pub fn accept(self, wanted: &'static str) -> Self {
        self.header("accept", wanted)
    }

    /// Adds a parameter to the address; it may be a secret, for addresses are shown without.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Sets a parameter of the address, also where the address had it already.
    pub fn with_query(mut self, name: &str, value: &str) -> Self {
        let others: Vec<(String, String)> =
            self.url.query_pairs().filter(|(n, _)| n != name).map(|(n, v)| (n.into(), v.into())).collect();
        self.url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
        self
    }

    /// A body of JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.body = Some(body),
            Err(error) => self.fault = Some(format!("the body is not JSON: {error}")),
        }
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self
    }

    /// A body of a form.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        // The address's own writer of forms, on an address that nobody sees.
        let mut blank = self.url.clone();
        blank.query_pairs_mut().clear().extend_pairs(fields);
        self.body = Some(blank.query().unwrap_or_default().as_bytes().to_vec());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        self.headers.insert(CONTENT_TYPE, form);
        self
    }

    /// How long the head of the answer may take.
    pub fn within(self, limit: Duration) -> Self {
        Self { within: Some(limit), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(url: &str) -> HttpRequest {
        HttpRequest::get(&url::address(url).expect("an address"))
    }

    #[test]
    fn parameters_are_added_and_replaced() {
        let call = call("http://a.example/x?page=1&q=a%26b").query("k", "v w").with_query("page", "2");
        assert_eq!(call.url.query(), Some("q=a%26b&k=v+w&page=2"));
    }

    #[test]
    fn what_no_header_can_carry_is_told_without_it() {
        let bad = call("http://a.example/").layout_header("X-Key", "s3cret\n");
        let fault = bad.fault.expect("a line feed is no part of a header");
        assert!(fault.contains("x-key") && !fault.contains("s3cret"), "{fault}");
        assert!(call("http://a.example/").layout_header("a b", "c").fault.is_some());
    }

    #[test]
    fn tokens_are_marked_as_secret() {
        let secret = Hidden::new("s3cret").expect("a secret");
        let call = call("http://a.example/").bearer(&secret);
        assert_eq!(call.headers[AUTHORIZATION], "Bearer s3cret");
        assert!(call.headers.values().all(HeaderValue::is_sensitive));
        let basic = call.basic("ana", &secret);
        assert_eq!(basic.headers[AUTHORIZATION], "Basic YW5hOnMzY3JldA==");
    }
}
