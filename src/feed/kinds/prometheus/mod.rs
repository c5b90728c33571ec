//! Numbers of a Prometheus server, by `query_range` of its HTTP API, as documented at
//! prometheus.io/docs/prometheus/latest/querying/api.
//!
//! Each question asks for what is new since the last one and a little before; the first for as much
//! past as the layout says, because the server still has it. Numbers come as text; those that are
//! not finite are left out. Series are named by [`series::name`]. Limits: [`MOST_SERIES`] series of a
//! query, the first by their names.

pub(in crate::feed) mod table;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::Url;
use serde::{Deserialize, Deserializer};

pub use self::table::PrometheusTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::json_text;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::poll::Poll;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{self, Answer, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::{secret, url};
use crate::mention::source::{Health, Sample};
use crate::mention::{clean_text, series};

impl AdapterTable for PrometheusTable {
    const KIND: &'static str = "prometheus";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Prometheus::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        Decoded { samples: told(bytes, source, now), ..Decoded::default() }
    }
}

/// Most series of one query.
const MOST_SERIES: usize = 64;
/// Steps before the last number that are asked for again: series may come a little late.
const OVERLAP: i64 = 4;
/// Longest part of a server's own words that is shown.
const MAX_WORDS: usize = 160;

/// One query.
#[derive(Debug)]
pub(in crate::feed) struct Prometheus {
    spec: PrometheusTable,
    pace: Pace,
    poll: Poll,
    web: Option<Web>,
    /// When each series had its last number; at most [`MOST_SERIES`].
    last: BTreeMap<Arc<str>, Time>,
    /// Whether it was said that there are more series.
    warned: bool,
}

#[derive(Debug, Deserialize)]
struct Response {
    status: String,
    data: Option<Data>,
    #[serde(rename = "errorType")]
    error_type: Option<String>,
    error: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    result_type: String,
    result: serde_json::Value,
}

#[derive(Debug, Deserialize)]
struct Series {
    metric: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "values")]
    values: Vec<(f64, String)>,
}

impl Prometheus {
    pub fn new(spec: &PrometheusTable, pace: &Pace) -> Self {
        let poll = Poll::new(spec.interval(), pace);
        Self { spec: spec.clone(), pace: pace.clone(), poll, web: None, last: BTreeMap::new(), warned: false }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let url = endpoint(&self.spec.url)?;
        if self.web.is_none() {
            self.web = Some(Web::new(&url, &self.pace)?);
        }
        loop {
            let now = sender.clock.now();
            let answer = self.ask(&url, now, sender).await?;
            let series = read(&answer, sender.clock.now())?;
            sender.hear();
            sender.tell(Health::Live).await?;
            self.take(series, sender).await?;
            self.poll.rest(sender).await?;
        }
    }

    async fn ask(&self, url: &Url, now: Time, sender: &mut MentionSender) -> Result<Answer, FeedError> {
        let (start, end) = self.range(now);
        let call = HttpRequest::get(url)
            .accept("application/json")
            .query("query", &self.spec.query)
            .query("start", &decimal(start))
            .query("end", &decimal(end))
            .query("step", &decimal(millis(self.spec.step.0)));
        let call = match (secret::read_any(self.spec.token().as_ref()).await?, &self.spec.user) {
            (None, _) => call,
            (Some(token), None) => call.bearer(&token),
            (Some(token), Some(user)) => call.basic(user, &token),
        };
        let web = self.web.as_ref().ok_or_else(|| FeedError::failed("no client"))?;
        sender.meanwhile(web.fetch(call)).await?
    }

    /// First and last moment to ask for, milliseconds: multiples of the step, so that a number
    /// stands at the same moment whenever it is asked for.
    fn range(&self, now: Time) -> (i64, i64) {
        let step = millis(self.spec.step.0).max(1);
        let grid = |ms: i64| ms.div_euclid(step) * step;
        let end = grid(now.0.div_euclid(1_000_000));
        let first = grid(end - millis(self.spec.history.0));
        let last = self.last.values().max().map(|at| grid(at.0.div_euclid(1_000_000)) - OVERLAP * step);
        (last.unwrap_or(first).clamp(first.min(end), end), end)
    }

    /// Hands over what is new, oldest first.
    async fn take(&mut self, series: Vec<Series>, sender: &mut MentionSender) -> Result<(), FeedError> {
        let source = sender.source().clone();
        let mut named: BTreeMap<Arc<str>, Series> = BTreeMap::new();
        for series in series {
            named.insert(series::name(&source, &series.metric), series);
        }
        for (name, series) in named {
            if !self.last.contains_key(&name) && self.last.len() >= MOST_SERIES {
                if !std::mem::replace(&mut self.warned, true) {
                    tracing::warn!(feed = %source, "more than {MOST_SERIES} series; the others are ignored");
                }
                continue;
            }
            let before = self.last.get(&name).copied();
            let new = series.values.iter().filter_map(|(secs, value)| sample(&name, *secs, value));
            for sample in new.filter(|sample| before.is_none_or(|before| sample.ts > before)) {
                self.last.insert(name.clone(), sample.ts);
                sender.sample(sample).await?;
            }
        }
        let oldest = sender.clock.now() - (self.spec.history.0 + self.spec.step.0 * 2 * OVERLAP as u32);
        self.last.retain(|_, at| *at >= oldest);
        Ok(())
    }
}

impl Adapter for Prometheus {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

fn endpoint(server: &str) -> Result<Url, FeedError> {
    url::address(&format!("{}/api/v1/query_range", server.trim_end_matches('/')))
}

/// The series of an answer, or what the server has against the question, in words.
fn read(answer: &Answer, now: Time) -> Result<Vec<Series>, FeedError> {
    let refusal = || http::refusal(answer.status, &answer.headers, now);
    let Ok(response) = json_text::typed::<Response>(&answer.body) else {
        let strange = || FeedError::of(FailureKind::Server, "this is not a Prometheus server; check `url`");
        return Err(if answer.status.is_success() { strange() } else { refusal() });
    };
    if response.status != "success" {
        return Err(refused(&response).unwrap_or_else(refusal));
    }
    let data = response.data.filter(|data| data.result_type == "matrix");
    let series = data.and_then(|data| match data.result {
        serde_json::Value::Array(all) => {
            Some(all.into_iter().filter_map(|one| serde_json::from_value(one).ok()))
        }
        _ => None,
    });
    series
        .map(Iterator::collect)
        .ok_or_else(|| FeedError::of(FailureKind::Server, "the response does not contain series"))
}

/// Numbers of one series; what is no pair of a time and a number is passed over.
fn values<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(f64, String)>, D::Error> {
    let all: Vec<serde_json::Value> = Vec::deserialize(from)?;
    let read = |pair: &serde_json::Value| {
        let secs = pair.get(0)?;
        let secs = secs.as_f64().or_else(|| secs.as_str()?.parse().ok())?;
        let value = pair.get(1)?;
        Some((secs, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    };
    Ok(all.iter().filter_map(read).collect())
}

fn refused(response: &Response) -> Option<FeedError> {
    let words = clean_text(response.error.as_deref()?)?;
    let words: String = words.chars().take(MAX_WORDS).collect();
    let (fault, what) = match response.error_type.as_deref().unwrap_or_default() {
        "bad_data" => (FailureKind::Refused, "the query is wrong"),
        "execution" => (FailureKind::Refused, "the query cannot be computed"),
        "timeout" | "canceled" | "unavailable" => (FailureKind::Server, "the query takes too long"),
        _ => (FailureKind::Server, "Prometheus has an error"),
    };
    Some(FeedError::of(fault, format!("{what}: {words}")))
}

fn sample(series: &Arc<str>, secs: f64, value: &str) -> Option<Sample> {
    let value: f64 = value.parse().ok().filter(|value: &f64| value.is_finite())?;
    let plausible = (0.0..7e9).contains(&secs);
    let ts = || Time((secs * 1e3).round() as i64 * 1_000_000);
    plausible.then(|| Sample { series: series.clone(), ts: ts(), value })
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

/// Seconds with three places.
fn decimal(millis: i64) -> String {
    format!("{}.{:03}", millis.div_euclid(1_000), millis.rem_euclid(1_000))
}

/// The samples of an answer with this body.
pub(in crate::feed) fn told(body: &[u8], source: &Arc<str>, now: Time) -> Vec<Sample> {
    let (status, headers) = (reqwest::StatusCode::OK, reqwest::header::HeaderMap::new());
    let answer = Answer { status, headers, body: body.to_vec(), moved: None };
    let series = read(&answer, now).unwrap_or_default();
    let samples = series.iter().flat_map(|series| {
        let name = series::name(source, &series.metric);
        series.values.iter().filter_map(move |(secs, value)| sample(&name, *secs, value))
    });
    samples.collect()
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::*;
    use crate::layout::value::Lasting;

    const NOW: Time = Time::from_secs(1_700_000_007);

    fn answer(status: u16, body: &str) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer { status, headers: HeaderMap::new(), body: body.into(), moved: None }
    }

    fn refusal(status: u16, body: &str) -> (FailureKind, String) {
        match read(&answer(status, body), NOW) {
            Err(FeedError::Failed { fault, why, .. }) => (fault, why),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_are_text_and_some_are_none() {
        let body = r#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"__name__":"up","job":"a"},"values":[[1700000000.1,"42"],[1700000001,"NaN"],[1700000002,"+Inf"],
             [1700000003,"-1.5e3"],[1700000004,"many"],[-5,"1"],[1e300,"1"]]},
            {"metric":{},"values":[]}, {"metric":{"x":"y"},"histograms":[]}]}}"#;
        let series = read(&answer(200, body), NOW).expect("it is a matrix");
        assert_eq!(series.len(), 3);
        let name = crate::mention::series::name("load", &series[0].metric);
        assert_eq!(&*name, "load/up{job=\"a\"}");
        let samples: Vec<_> = series[0].values.iter().filter_map(|(s, v)| sample(&name, *s, v)).collect();
        let told: Vec<_> = samples.iter().map(|s| (s.ts.as_micros(), s.value)).collect();
        assert_eq!(told, [(1_700_000_000_100_000, 42.0), (1_700_000_003_000_000, -1_500.0)]);
    }

    #[test]
    fn a_bad_number_costs_itself_and_a_bad_series_too() {
        let body = r#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"a":"1"},"values":[[1700000000,7],[1700000001,null],["1700000002","8"],[],5,[1700000003,"9"]]},
            {"metric":{"a":5},"values":[[1700000000,"1"]]}, 7, {"metric":{"a":"2"},"values":[[1700000000,"1e-7"]]}]}}"#;
        let told = told(body.as_bytes(), &"load".into(), NOW);
        let told: Vec<_> = told.iter().map(|s| (&*s.series, s.value)).collect();
        assert_eq!(told, [("load/a=1", 7.0), ("load/a=1", 8.0), ("load/a=1", 9.0), ("load/a=2", 1e-7)]);
    }

    #[test]
    fn what_the_server_has_against_it_is_told() {
        let body = r#"{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error"}"#;
        let (fault, why) = refusal(400, body);
        assert_eq!(fault, FailureKind::Refused);
        assert_eq!(why, "the query is wrong: invalid parameter \"query\": 1:5: parse error");
        let body =
            r#"{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}"#;
        assert_eq!(refusal(503, body).0, FailureKind::Server);
        assert_eq!(refusal(401, "Unauthorized").0, FailureKind::Refused);
        assert!(refusal(200, "<html>").1.contains("not a Prometheus server"));
        let vector = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}"#;
        assert_eq!(refusal(200, vector).1, "the response does not contain series");
    }

    #[test]
    fn questions_stand_on_a_grid_and_go_on_where_they_ended() {
        let spec = PrometheusTable {
            step: Lasting::from_secs(15),
            history: Lasting::from_secs(3_600),
            ..PrometheusTable::default()
        };
        let mut prometheus = Prometheus::new(&spec, &Pace::default());
        let end = 1_700_000_007 / 15 * 15 * 1_000;
        assert_eq!(prometheus.range(NOW), (end - 3_600_000, end));
        prometheus.last.insert("load".into(), Time::from_secs(end / 1_000));
        assert_eq!(prometheus.range(NOW), (end - 60_000, end));
        prometheus.last.insert("load".into(), Time::from_secs(1));
        assert_eq!(prometheus.range(NOW), (end - 3_600_000, end), "no more past than the layout says");
        prometheus.last.insert("load".into(), Time::from_secs(1_900_000_000));
        assert_eq!(prometheus.range(NOW), (end, end), "a clock that was set back");
        assert_eq!(decimal(1_700_000_007_005), "1700000007.005");
    }
}
