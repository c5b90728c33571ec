//! The control of the wall over HTTP: `POST /control` takes a verb as JSON, `POST /control/VERB` one with its
//! parameters in the query, `GET /control/state` says what holds, `GET /control/events` says so whenever it
//! changes.
//!
//! Limits: bodies of 4 KiB, [`STREAMS`] streams of events at one time.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State as Shares};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::access::Caller;
use super::control_report::ControlReport;
use super::guard::too_many;
use super::mirror::{Mirror, Shared};
use crate::control::{Refused, Request};

/// Largest body of a command, bytes.
pub const MAX_BODY: usize = 4_096;
/// Streams of events at one time.
pub const STREAMS: usize = 24;
/// A stream says something at least so often, so that whoever listens notices within three seconds when the
/// wall does not answer any more.
const BEAT: Duration = Duration::from_secs(1);

/// `POST /control`.
pub async fn command(
    Shares(mirror): Shares<Mirror>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Response {
    let request = match serde_json::from_slice(&body) {
        Ok(json) => Request::read(json),
        Err(error) => Err(format!("not JSON: {error}; send for example {{\"verb\": \"next\"}}")),
    };
    obey(&mirror, &caller, request)
}

/// `POST /control/{verb}`.
pub async fn plain(
    Shares(mirror): Shares<Mirror>,
    Extension(caller): Extension<Caller>,
    Path(verb): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let pairs = pairs.into_iter().filter(|(key, _)| key != "token");
    obey(&mirror, &caller, Request::of_pairs(&verb, pairs))
}

fn obey(mirror: &Mirror, caller: &Caller, request: Result<Request, String>) -> Response {
    if let Err(wait) = mirror.shared.access.count(caller.from) {
        return too_many(wait.as_secs() + 1);
    }
    let done = request.map_err(Refused::Wrong);
    match done.and_then(|request| mirror.shared.desk.act(&caller.who, &request)) {
        Ok(()) => Json(ControlReport::new(&mirror.shared, Some(&caller.who))).into_response(),
        Err(refused) => (status(&refused), Json(json!({ "error": refused.to_string() }))).into_response(),
    }
}

pub(super) const fn status(refused: &Refused) -> StatusCode {
    match refused {
        Refused::Forbidden(_) => StatusCode::FORBIDDEN,
        Refused::Wrong(_) => StatusCode::BAD_REQUEST,
        Refused::Missing(_) => StatusCode::NOT_FOUND,
        Refused::Ended(_) => StatusCode::CONFLICT,
        Refused::Busy => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// `GET /control/state`.
pub async fn state(Shares(mirror): Shares<Mirror>, Extension(caller): Extension<Caller>) -> Json<Value> {
    Json(told(&mirror.shared, &caller))
}

fn told(shared: &Shared, caller: &Caller) -> Value {
    json!(ControlReport::new(shared, Some(&caller.who)))
}

/// What a stream of events goes by.
struct Listener {
    shared: Arc<Shared>,
    caller: Caller,
    changes: watch::Receiver<u64>,
    _seat: OwnedSemaphorePermit,
    begun: bool,
}

/// `GET /control/events`: server-sent events (<https://html.spec.whatwg.org/multipage/server-sent-events.html>),
/// each with the whole state.
pub async fn events(Shares(mirror): Shares<Mirror>, Extension(caller): Extension<Caller>) -> Response {
    static SEATS: std::sync::LazyLock<Arc<Semaphore>> =
        std::sync::LazyLock::new(|| Arc::new(Semaphore::new(STREAMS)));
    let Ok(seat) = SEATS.clone().try_acquire_owned() else {
        let words = json!({ "error": "too many remotes are open; close one" });
        return (StatusCode::SERVICE_UNAVAILABLE, Json(words)).into_response();
    };
    let changes = mirror.shared.desk.changes();
    let listener = Listener { shared: mirror.shared.clone(), caller, changes, _seat: seat, begun: false };
    let events = stream::unfold(listener, |mut listener| async {
        if std::mem::replace(&mut listener.begun, true) {
            // What ends by itself is told with the next beat.
            let changed = tokio::time::timeout(BEAT, listener.changes.changed()).await;
            if matches!(changed, Ok(Err(_))) || !listener.is_welcome() {
                return None;
            }
        }
        listener.changes.mark_unchanged();
        let event = format!("event: state\ndata: {}\n\n", told(&listener.shared, &listener.caller));
        Some((Ok::<_, Infallible>(event), listener))
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(events)).into_response()
}

impl Listener {
    /// Whether whoever listens may still do so.
    fn is_welcome(&self) -> bool {
        self.shared.access.still_knows(&self.caller)
    }
}
