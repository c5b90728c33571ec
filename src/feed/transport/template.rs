//! Turns what a layout says about an address into requests, and records into their place in a
//! stream.

use std::collections::BTreeMap;

use reqwest::Url;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::request::HttpRequest;
use super::secret::{self, Hidden};
use super::url;
use crate::feed::decode::{field, json_path};
use crate::feed::error::FeedError;
use crate::layout::feed::{Asked, Secret};

/// How a stream is asked to go on after the last record that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// JSONPath of a record's position in the stream: text or a whole number.
    pub field: String,
    /// URL parameter that takes the position of the last record.
    pub parameter: String,
}

/// What every request of a generic feed is made of.
#[derive(Debug)]
pub(in crate::feed) struct RequestTemplate {
    url: String,
    schemes: &'static [&'static str],
    headers: BTreeMap<String, String>,
    secret: Option<Secret>,
    token_header: Option<String>,
    token_parameter: Option<String>,
}

impl RequestTemplate {
    pub fn new(asked: &Asked<'_>) -> Self {
        Self {
            url: asked.url.into(),
            schemes: asked.schemes,
            headers: asked.headers.clone(),
            secret: Secret::of(&asked.token_env.cloned(), &asked.token_file.cloned()),
            token_header: asked.token_header.map(str::to_owned),
            token_parameter: asked.token_parameter.map(str::to_owned),
        }
    }

    /// The address as the layout has it, by which a cursor is known to belong here.
    pub fn origin(&self) -> &str {
        &self.url
    }

    pub fn url(&self) -> Result<Url, FeedError> {
        url::address_of(&self.url, self.schemes)
    }

    /// The token, read anew.
    pub async fn token(&self) -> Result<Option<Hidden>, FeedError> {
        secret::read_any(self.secret.as_ref()).await
    }

    /// A request with the layout's headers, and with the token where the layout wants it.
    pub async fn call(&self) -> Result<HttpRequest, FeedError> {
        self.call_at(&self.url()?).await
    }

    /// The same at another address.
    pub async fn call_at(&self, url: &Url) -> Result<HttpRequest, FeedError> {
        let call = self.bare_at(url);
        let Some(token) = self.token().await? else { return Ok(call) };
        Ok(match (&self.token_header, &self.token_parameter) {
            (Some(header), _) => call.layout_header(header, token.expose()),
            (None, Some(parameter)) => call.with_query(parameter, token.expose()),
            (None, None) => call.bearer(&token),
        })
    }

    /// A request without the token.
    pub fn bare(&self) -> Result<HttpRequest, FeedError> {
        Ok(self.bare_at(&self.url()?))
    }

    fn bare_at(&self, url: &Url) -> HttpRequest {
        self.headers.iter().fold(HttpRequest::get(url), |call, (name, value)| call.layout_header(name, value))
    }
}

/// Where a record stands in its stream, and how to ask for what comes after it.
#[derive(Debug)]
pub(in crate::feed) struct Place {
    field: JsonPath,
    parameter: String,
}

impl Place {
    pub fn new(resume: Option<&Resume>) -> Result<Option<Self>, FeedError> {
        let Some(Resume { field, parameter }) = resume else { return Ok(None) };
        Ok(Some(Self { field: json_path::path(field)?, parameter: parameter.clone() }))
    }

    pub fn of(&self, record: &Value) -> Option<String> {
        field::id(self.field.query(record).first())
    }

    /// Asks for what comes after `cursor`.
    pub fn ask(&self, call: HttpRequest, cursor: &str) -> HttpRequest {
        call.with_query(&self.parameter, cursor)
    }
}
