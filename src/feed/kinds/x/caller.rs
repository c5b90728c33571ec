//! Calls to X's API v2, with the app's token.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::problem;
use crate::clock::Clock;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::transport::http::{Response, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::Hidden;

/// Longest body of a refusal that is read, bytes.
const MAX_REFUSAL: usize = 64 * 1024;
/// Longest silence within such a body.
const REFUSAL_WITHIN: Duration = Duration::from_secs(5);

/// One connection's way to X.
#[derive(Clone)]
pub(super) struct Caller {
    pub web: Web,
    pub base: Url,
    pub token: Hidden,
    pub clock: Clock,
}

impl Caller {
    fn url(&self, path: &str) -> Result<Url, FeedError> {
        let mut url = self.base.clone();
        let segments = url.path_segments_mut().map(|mut segments| {
            segments.pop_if_empty().push("2").extend(path.split('/'));
        });
        segments.map_err(|()| FeedError::of(FailureKind::Refused, "this is not the URL of a server"))?;
        Ok(url)
    }

    fn asking(&self, path: &str, parameters: &[(&str, &str)]) -> Result<HttpRequest, FeedError> {
        let call = HttpRequest::get(&self.url(path)?).bearer(&self.token);
        Ok(parameters.iter().fold(call, |call, (name, value)| call.query(name, value)))
    }

    async fn answer(&self, call: HttpRequest) -> Result<(Value, HeaderMap), FeedError> {
        let answer = self.web.fetch(call).await?;
        if !answer.status.is_success() {
            return Err(problem::refusal(answer.status, &answer.headers, &answer.body, self.clock.now()));
        }
        Ok((answer.json()?, answer.headers))
    }

    /// Asks for a document.
    pub async fn get(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Result<(Value, HeaderMap), FeedError> {
        self.answer(self.asking(path, parameters)?).await
    }

    /// Sends a document and gives the answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, FeedError> {
        let call = HttpRequest::post(&self.url(path)?).bearer(&self.token).json(body);
        self.answer(call).await.map(|(answer, _)| answer)
    }

    /// Opens a stream.
    pub async fn open(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Response, FeedError> {
        let mut response = self.web.open(self.asking(path, parameters)?).await?;
        if response.status.as_u16() == 200 {
            return Ok(response);
        }
        let mut body = Vec::new();
        while let Ok(Some(bytes)) = response.bytes(REFUSAL_WITHIN).await {
            body.extend_from_slice(bytes.as_ref());
            if body.len() > MAX_REFUSAL {
                break;
            }
        }
        Err(problem::refusal(response.status, &response.headers, &body, self.clock.now()))
    }
}
