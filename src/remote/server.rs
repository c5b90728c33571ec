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

use super::guard::guard;
use super::hosts::Hosts;
use super::metrics;
use super::mirror::{Mirror, MirroredDisplay, Shared};
use super::page::{ICON, PAGE};
use super::report::{Report, health};
use super::{alerts, exposition};

/// How long an answer may wait for something new.
pub const POLL: Duration = Duration::from_secs(5);

pub(super) fn router(mirror: Mirror, hosts: Hosts) -> Router {
    Router::new()
        .route("/", asset("text/html; charset=utf-8", &PAGE))
        .route("/icon.svg", asset("image/svg+xml", ICON))
        .route("/wall.json", get(wall))
        .route("/changes", get(changes))
        .route("/frame/{file}", get(frame))
        .route("/health", get(healthy))
        .route("/metrics", get(measured))
        .route("/alerts.json", get(alerts::list))
        .route("/alerts/{id}/acknowledge", post(alerts::acknowledge).layer(DefaultBodyLimit::max(1_024)))
        .layer(middleware::from_fn_with_state(hosts, guard))
        .with_state(mirror)
}

fn asset(kind: &'static str, content: &'static str) -> MethodRouter<Mirror> {
    get(move || async move { ([(header::CONTENT_TYPE, kind)], content) })
}

async fn wall(Shares(mirror): Shares<Mirror>) -> Json<Report> {
    Json(Report::new(&mirror.shared))
}

async fn healthy(Shares(mirror): Shares<Mirror>) -> (StatusCode, String) {
    let shared = &mirror.shared;
    let (at, now) = (shared.clock.instant(), shared.clock.now());
    let snapshot = shared.sources.snapshot.load();
    match health(&shared.mirrored.load(), &shared.status.load(), &snapshot.recording, (at, now)) {
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
mod tests {
    use std::io;
    use std::net::SocketAddr;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;
    use crate::bitmap::Bitmap;
    use crate::clock::{Clock, Time};
    use crate::color::Theme;
    use crate::geometry::Rect;
    use crate::layout::wall::{Display, Wall};
    use crate::pulse::snapshot::Snapshot;
    use crate::remote::serving::serve;
    use crate::remote::status::{FrameStatus, Sources};

    fn wall(names: &[&str]) -> Wall {
        let display = |(i, name): (usize, &&str)| Display {
            name: name.to_string(),
            rect: Rect::new(i as f32 * 961.0, 0.0, 941.0, 529.0),
            pixels: (1920, 1080),
            rotate: Default::default(),
            matches: Vec::new(),
        };
        Wall {
            name: "Lab".into(),
            viewer_m: 5.0,
            text_arcmin: 22.0,
            theme: Theme::dark(),
            motion: Default::default(),
            audience: Default::default(),
            zone: None,
            event: None,
            displays: names.iter().enumerate().map(display).collect(),
            band: None,
            images: vec![],
            typeface: None,
            logo: None,
            visitor: None,
            scenes: Vec::new(),
            topics: Vec::new(),
            alerts: Default::default(),
            journal: Default::default(),
            care: None,
            feeds: Vec::new(),
        }
    }

    fn picture(shade: u8) -> Bitmap {
        Bitmap { width: 32, height: 18, rgba: vec![shade; 128 * 18] }
    }

    /// How long a test waits before it fails.
    const LIMIT: Duration = Duration::from_secs(20);

    struct Stand {
        clock: Clock,
        mirror: Mirror,
        addr: SocketAddr,
    }

    async fn stand(names: &[&str]) -> Stand {
        let clock = Clock::simulated(Time::from_secs(1_000));
        let mirror = Mirror::new(clock.clone(), Sources::default()).expect("starts");
        mirror.set_wall(&wall(names));
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let addr = serve(any, mirror.clone(), Hosts::default()).await.expect("binds").addr;
        Stand { clock, mirror, addr }
    }

    impl Stand {
        /// Head and body of the answer to `METHOD path`.
        async fn ask(&self, request: &str) -> (String, Vec<u8>) {
            let mut stream = TcpStream::connect(self.addr).await.expect("connects");
            let request = format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.expect("sends");
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.expect("reads");
            let end = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("has a head");
            (String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer[end + 4..].to_vec())
        }

        async fn json(&self, path: &str) -> serde_json::Value {
            let (head, body) = self.ask(&format!("GET {path}")).await;
            assert!(head.starts_with("http/1.1 200"), "{head}");
            serde_json::from_slice(&body).expect("is JSON")
        }

        /// Waits until somebody is seen to look, as the frame's side does, and hands over `n`.
        async fn put_when_wanted(&self, display: usize, n: u64) {
            let wanted = async {
                while !self.mirror.wanted(display, n, self.clock.now()) {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(LIMIT, wanted).await.expect("somebody looks");
            self.mirror.put(display, n, picture(n as u8));
        }
    }

    #[tokio::test]
    async fn a_browser_that_waits_gets_the_next_picture() {
        let stand = stand(&["left", "right hand/2"]).await;
        let (answer, ()) = tokio::join!(stand.ask("GET /frame/left.jpg"), stand.put_when_wanted(0, 7));
        assert!(answer.0.contains("x-frame: 7") && answer.0.contains("image/jpeg"), "{}", answer.0);
        assert_eq!(image::load_from_memory(&answer.1).expect("decodes").width(), 32);

        stand.clock.set(Time::from_secs(1_001));
        let newer = stand.ask("GET /frame/left.jpg?after=7");
        let (answer, ()) = tokio::join!(newer, stand.put_when_wanted(0, 3));
        assert!(answer.0.contains("x-frame: 3"), "numbers may start anew: {}", answer.0);

        let strange = stand.ask("GET /frame/right%20hand%2F2.jpg");
        let (answer, ()) = tokio::join!(strange, stand.put_when_wanted(1, 1));
        assert!(answer.0.contains("x-frame: 1"), "{}", answer.0);
    }

    #[tokio::test]
    async fn changes_name_every_display_that_has_a_picture() {
        let stand = stand(&["left", "right"]).await;
        let first = stand.json("/changes").await;
        assert_eq!(first["frames"], serde_json::json!({}));
        let path = format!("/changes?after={}", first["serial"]);
        let (news, ()) = tokio::join!(stand.json(&path), stand.put_when_wanted(1, 9));
        assert_eq!(news["frames"], serde_json::json!({ "right": 9 }));
    }

    #[tokio::test]
    async fn the_wall_is_described() {
        let stand = stand(&["left", "right"]).await;
        let problems = vec!["right has no monitor".to_string()];
        stand.mirror.set_status(FrameStatus {
            scene: "overview".into(),
            problems,
            absent: vec![1],
            ..FrameStatus::default()
        });
        let wall = stand.json("/wall.json").await;
        assert_eq!(wall["name"], "Lab");
        assert_eq!(wall["bounds_mm"], serde_json::json!([0.0, 0.0, 1902.0, 529.0]));
        assert_eq!(wall["displays"][1]["rect_mm"][0], 961.0);
        assert_eq!(wall["displays"][1]["present"], false);
        assert_eq!(wall["scene"], "overview");
    }

    #[tokio::test]
    async fn health_follows_the_frames_of_every_display() {
        let stand = stand(&["left", "right"]).await;
        assert!(stand.ask("GET /health").await.0.starts_with("http/1.1 503"));
        stand.mirror.seen(0, stand.clock.instant());
        stand.mirror.seen(1, stand.clock.instant());
        assert!(stand.ask("GET /health").await.0.starts_with("http/1.1 200"));
        stand.clock.set(Time::from_secs(1_009));
        stand.mirror.seen(0, stand.clock.instant());
        let (head, body) = stand.ask("GET /health").await;
        assert!(head.starts_with("http/1.1 503"), "{head}");
        assert_eq!(body, b"display right has not been drawn for 9 s\n");
        let unseen = vec![(0, Duration::from_secs(3))];
        stand.mirror.set_status(FrameStatus { absent: vec![1], unseen, ..FrameStatus::default() });
        let (head, body) = stand.ask("GET /health").await;
        let said = String::from_utf8(body).expect("is text");
        assert!(
            head.starts_with("http/1.1 503") && said.starts_with("display left is not being shown"),
            "{said}"
        );
        let outage = Some("waiting for the window system: no compositor".to_owned());
        stand.mirror.set_status(FrameStatus { absent: vec![0, 1], outage, ..FrameStatus::default() });
        let (head, body) = stand.ask("GET /health").await;
        assert!(head.starts_with("http/1.1 503") && body.starts_with(b"waiting for the window"), "{head}");
        let problems = stand.json("/wall.json").await["problems"].to_string();
        assert!(problems.contains("waiting for the window system"), "{problems}");
        stand.mirror.set_status(FrameStatus { absent: vec![1], ..FrameStatus::default() });
        assert!(stand.ask("GET /health").await.0.starts_with("http/1.1 200"));
    }

    #[tokio::test]
    async fn what_stands_is_measured_and_told() {
        let stand = stand(&["left"]).await;
        stand.mirror.seen(0, stand.clock.instant());
        let nature = crate::mention::source::Nature::Live;
        let mut feed = crate::mention::source::FeedState::new("pub\"lic", nature, Duration::from_secs(60));
        (feed.received, feed.restarts) = (12, 3);
        let why: Arc<str> = "the disk is full".into();
        let recording = crate::mention::source::Recording::Failed { since: Time::from_secs(990), why };
        let snapshot = Snapshot { feeds: vec![feed], recording, thinned: 7, ..Snapshot::default() };
        stand.mirror.shared.sources.snapshot.store(Arc::new(snapshot));
        let (head, body) = stand.ask("GET /metrics").await;
        let body = String::from_utf8(body).expect("is text");
        assert!(head.contains("text/plain; version=0.0.4"), "{head}");
        for line in [
            "fishbowl_feed_up{feed=\"pub\\\"lic\"} 0",
            "fishbowl_feed_state{feed=\"pub\\\"lic\",state=\"connecting\"} 1",
            "fishbowl_feed_received_total{feed=\"pub\\\"lic\"} 12",
            "fishbowl_feed_restarts_total{feed=\"pub\\\"lic\"} 3",
            "fishbowl_journal_recording 0",
            "fishbowl_journal_failed 1",
            "fishbowl_pulse_thinned_total 7",
            "fishbowl_display_frames_total{display=\"left\"} 1",
        ] {
            assert!(body.lines().any(|l| l == line), "no {line} in {body}");
        }
        let (head, body) = stand.ask("GET /health").await;
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert!(body.ends_with(b"; not recording for 10 s: the disk is full\n"));
        assert_eq!(stand.json("/wall.json").await["recording"], "failed");
    }

    #[tokio::test]
    async fn the_page_needs_nothing_from_elsewhere() {
        let stand = stand(&["left"]).await;
        let (head, body) = stand.ask("GET /").await;
        assert!(head.contains("cache-control: no-store") && head.contains("default-src 'none'"), "{head}");
        let page = String::from_utf8(body).expect("is text");
        assert!(!page.contains("://"), "it points elsewhere");
        // Nor to the root of whoever serves it: it may stand below a path.
        for root in ["href=\"/", "src=\"/", "`/", "\"/wall", "url("] {
            assert!(!page.contains(root), "it asks the root for something: {root}");
        }
        assert!(stand.ask("POST /").await.0.starts_with("http/1.1 405"));
        assert!(stand.ask("GET /frame/none.jpg").await.0.starts_with("http/1.1 404"));
        assert!(stand.ask("GET /frame/left.jpg?after=x").await.0.starts_with("http/1.1 400"));
    }

    #[tokio::test]
    async fn a_taken_port_is_said_in_words() {
        let stand = stand(&["left"]).await;
        let error = serve(stand.addr, stand.mirror.clone(), Hosts::default()).await.expect_err("it is taken");
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        assert!(error.to_string().contains("is in use by another program"), "{error}");
    }

    #[test]
    fn the_worker_ends_with_the_last_mirror() {
        let mirror = Mirror::new(Clock::simulated(Time::default()), Sources::default()).expect("starts");
        let worker = Arc::downgrade(&mirror.shared);
        drop(mirror.clone());
        assert!(worker.upgrade().is_some());
        drop(mirror);
        let start = std::time::Instant::now();
        while worker.upgrade().is_some() {
            assert!(start.elapsed() < LIMIT, "it still runs");
            std::thread::yield_now();
        }
    }
}
