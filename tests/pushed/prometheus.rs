//! Numbers of a Prometheus server that answers as its documentation says.

use std::time::Duration;

use fishbowl::feed::kinds::PrometheusTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::Health;

use crate::server::{Request, Server, answer, json};
use crate::wall::{Heard, Wall, feed};

const HOUR: Duration = Duration::from_secs(3_600);

fn load(server: &Server, token: Option<&tempfile::NamedTempFile>, user: Option<&str>) -> Feed {
    let table = PrometheusTable {
        url: server.at("/prometheus/"),
        query: "sum by (zone) (rate(x[5m]))".into(),
        step: Lasting::from_secs(15),
        history: Lasting(HOUR),
        user: user.map(Into::into),
        token_file: token.map(|file| file.path().into()),
        ..PrometheusTable::default()
    };
    feed("load", FeedSpec::from(table))
}

fn secs(request: &Request, name: &str) -> f64 {
    request.query(name).and_then(|value| value.parse().ok()).expect("a time")
}

/// Each moment's number is the moment itself, for two zones.
fn matrix(request: &Request) -> String {
    let (start, end) = (secs(request, "start"), secs(request, "end"));
    let moments = (0..).map(|i| start + f64::from(i) * 15.0).take_while(|at| *at <= end);
    let values: Vec<String> = moments.map(|at| format!("[{at},\"{at}\"]")).collect();
    let values = values.join(",");
    format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[
        {{"metric":{{"zone":"eu"}},"values":[{values}]}},{{"metric":{{"zone":"us"}},"values":[[{end},"NaN"]]}}]}}}}"#
    )
}

fn is_live(heard: &Heard) -> bool {
    heard.state(0).is_some_and(|state| state.health == Health::Live)
}

#[tokio::test]
async fn the_past_comes_once_and_then_what_is_new() {
    let server = Server::answering(|request, _| json(&matrix(request))).await;
    let mut wall = Wall::start(&[load(&server, None, None)]);
    let heard = wall.until(|heard| heard.samples.len() >= 241 && is_live(heard)).await;
    let names = heard.samples.iter().all(|sample| &*sample.series == "load/zone=eu");
    assert!(names, "what is no number is left out");
    assert!(heard.samples.windows(2).all(|two| two[0].ts < two[1].ts), "oldest first, none twice");
    assert!(heard.samples.iter().all(|sample| sample.value == sample.ts.as_secs() as f64));
    let calls = server.calls_after(3).await;
    let span = |call: &Request| secs(call, "end") - secs(call, "start");
    assert_eq!(span(&calls[0]), 3_600.0);
    assert!(span(&calls[2]) <= 75.0, "a few steps are asked for again: {:?}", calls[2].line);
    assert_eq!(calls[0].query("step"), Some("15.000"));
    assert!(calls[0].line.starts_with("GET /prometheus/api/v1/query_range?"), "{:?}", calls[0].line);
    assert!(secs(&calls[0], "end") % 15.0 == 0.0, "they stand on a grid");
}

#[tokio::test]
async fn what_the_server_has_against_a_query_is_told() {
    let wrong = r#"{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis"}"#;
    let slow =
        r#"{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}"#;
    let server = Server::answering(move |request, before| match before {
        0 => answer("503 Service Unavailable", &[], slow),
        1 => answer("400 Bad Request", &[], wrong),
        _ => json(&matrix(request)),
    })
    .await;
    let mut wall = Wall::start(&[load(&server, None, None)]);
    let heard = wall.until(|heard| heard.why(0).is_some()).await;
    assert_eq!(
        heard.why(0).as_deref(),
        Some("the query takes too long: query timed out in expression evaluation")
    );
    let heard =
        wall.until(|heard| matches!(heard.state(0).map(|s| &s.health), Some(Health::Refused { .. }))).await;
    assert!(heard.why(0).is_some_and(|why| why.contains("unclosed left parenthesis")), "{heard:?}");
    wall.until(is_live).await;
}

#[tokio::test]
async fn a_token_is_sent_as_bearer_or_password_and_shown_nowhere() {
    let token = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(token.path(), "s3cret").expect("it is writable");
    let server = Server::answering(|_, _| answer("401 Unauthorized", &[], "")).await;
    let mut wall =
        Wall::start(&[load(&server, Some(&token), None), load(&server, Some(&token), Some("ana"))]);
    let heard = wall.until(|heard| heard.why(0).is_some() && heard.why(1).is_some()).await;
    assert!(!format!("{heard:?}").contains("s3cret"));
    let heads = server.requests().concat();
    assert!(heads.contains("authorization: bearer s3cret"), "{heads}");
    assert!(heads.contains("authorization: basic yw5honmzy3jlda=="), "{heads}");
}
