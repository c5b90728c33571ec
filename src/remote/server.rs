//! The mirror's pages over HTTP: the page itself, `/wall.json`, `/changes`, `/frame/NAME.jpg`
//! `/health`, `/metrics` and `/alerts.json`. Only GET, but for the acknowledging of alerts; nothing
//! is kept by browsers, nothing is loaded from elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State as Shares};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{MethodRouter, get, post};

use super::guard::{Rules, guard};
use super::hosts::Hosts;
use super::metrics;
use super::mirror::{Mirror, MirroredDisplay, Shared};
use super::page::{ICON, MANIFEST, MODERATE, PAGE, REMOTE};
use super::report::{Report, WallState};
use super::{alerts, control, exposition, gate, openapi, sign_in};

/// How long an answer may wait for something new.
pub const POLL: Duration = Duration::from_secs(5);

pub(super) fn router(mirror: Mirror, hosts: Hosts) -> Router {
    let rules = Rules { hosts, access: mirror.shared.access.clone() };
    let small = || DefaultBodyLimit::max(1_024);
    Router::new()
        .route("/", asset("text/html; charset=utf-8", &PAGE))
        .route("/icon.svg", asset("image/svg+xml", ICON))
        .route("/wall.json", get(wall))
        .route("/changes", get(changes))
        .route("/frame/{file}", get(frame))
        .route("/health", get(healthy))
        .route("/metrics", get(measured))
        .route("/alerts.json", get(alerts::list))
        .route("/alerts/{id}/acknowledge", post(alerts::acknowledge).layer(small()))
        .route("/control", post(control::command).layer(DefaultBodyLimit::max(control::MAX_BODY)))
        .route("/control/{verb}", post(control::plain).layer(small()))
        .route("/control/state", get(control::state))
        .route("/control/events", get(control::events))
        .route("/control/openapi.json", get(described))
        .route("/remote", asset("text/html; charset=utf-8", &REMOTE))
        .route("/moderate", asset("text/html; charset=utf-8", &MODERATE))
        .route("/gate", get(gate::queues))
        .route("/remote.webmanifest", asset("application/manifest+json", MANIFEST))
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in).layer(small()))
        .route("/sign-out", post(sign_in::sign_out).layer(small()))
        .layer(middleware::from_fn_with_state(rules, guard))
        .with_state(mirror)
}

fn asset(kind: &'static str, content: &'static str) -> MethodRouter<Mirror> {
    get(move || async move { ([(header::CONTENT_TYPE, kind)], content) })
}

async fn wall(Shares(mirror): Shares<Mirror>) -> Json<Report> {
    Json(Report::new(&mirror.shared))
}

async fn described() -> Json<serde_json::Value> {
    Json(openapi::description())
}

async fn healthy(Shares(mirror): Shares<Mirror>) -> (StatusCode, String) {
    match WallState::read(&mirror.shared).health() {
        Ok(words) => (StatusCode::OK, words + "\n"),
        Err(words) => (StatusCode::SERVICE_UNAVAILABLE, words + "\n"),
    }
}

async fn measured(Shares(mirror): Shares<Mirror>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, exposition::TYPE)], metrics::metrics(&mirror.shared))
}

/// What the asker has already. Another number than this is news, also a smaller one: numbers
/// start anew with the wall.
#[derive(serde::Deserialize)]
struct Known {
    after: Option<u64>,
}

/// Which pictures there are, as soon as that differs from `after`; 204 after [`POLL`].
async fn changes(Shares(mirror): Shares<Mirror>, Query(known): Query<Known>) -> Response {
    let shared = &mirror.shared;
    for pane in &shared.mirrored.load().panes {
        pane.ask(shared.clock.now());
    }
    let mut serials = shared.changes.subscribe();
    let news = tokio::time::timeout(POLL, serials.wait_for(|serial| known.after != Some(*serial))).await;
    match news.map(|serial| serial.map(|s| *s)) {
        Ok(Ok(serial)) => Json(news_of(shared, serial)).into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Number of every display's newest picture, by the display's name; absent before the first.
#[derive(serde::Serialize)]
struct News {
    serial: u64,
    frames: BTreeMap<String, u64>,
}

fn news_of(shared: &Shared, serial: u64) -> News {
    let mirrored = shared.mirrored.load();
    let frames = mirrored.panes.iter().filter_map(|pane| Some((pane.display.name.clone(), pane.newest()?)));
    News { serial, frames: frames.collect() }
}

/// The newest picture of a display, as soon as it is another than `after`; 204 after [`POLL`].
async fn frame(
    Shares(mirror): Shares<Mirror>,
    Path(file): Path<String>,
    Query(known): Query<Known>,
) -> Response {
    let Some(pane) = find(&mirror.shared, &file) else {
        return (StatusCode::NOT_FOUND, "no such display\n").into_response();
    };
    pane.ask(mirror.shared.clock.now());
    let mut shown = pane.shown.subscribe();
    let fresh = shown.wait_for(|p| p.as_ref().is_some_and(|p| known.after != Some(p.n)));
    let picture = tokio::time::timeout(POLL, fresh).await;
    match picture.map(|p| p.map(|p| p.clone())) {
        Ok(Ok(Some(picture))) => {
            let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))];
            let number = [("x-frame", HeaderValue::from(picture.n))];
            (headers, number, picture.jpeg.clone()).into_response()
        }
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

fn find(shared: &Shared, file: &str) -> Option<Arc<MirroredDisplay>> {
    let name = file.strip_suffix(".jpg")?;
    shared.mirrored.load().panes.iter().find(|pane| pane.display.name == name).cloned()
}

#[cfg(test)]
mod tests;
