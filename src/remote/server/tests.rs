//! Tests of the pages over a real socket.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::bitmap::Bitmap;
use crate::clock::{Clock, Time};
use crate::color::Theme;
use crate::control::power::{PanelNow, PanelState};
use crate::control::{Desk, Sources};
use crate::geometry::Rect;
use crate::layout::wall::{Display, Wall};
use crate::pulse::snapshot::Snapshot;
use crate::remote::serving::serve;
use crate::remote::status::FrameStatus;

fn wall(names: &[&str]) -> Wall {
    let display = |(i, name): (usize, &&str)| Display {
        name: name.to_string(),
        rect: Rect::new(i as f32 * 961.0, 0.0, 941.0, 529.0),
        pixels: (1920, 1080),
        rotate: Default::default(),
        matches: Vec::new(),
        if_missing: Default::default(),
        adopted: None,
    };
    Wall {
        name: "Lab".into(),
        viewer_m: 5.0,
        text_arcmin: 22.0,
        theme: Theme::dark(),
        motion: Default::default(),
        pixel_shift: 0,
        audience: Default::default(),
        people: crate::layout::wall::PeopleNamed::Full,
        zone: None,
        event: None,
        displays: names.iter().enumerate().map(display).collect(),
        band: None,
        images: vec![],
        typeface: None,
        logo: None,
        background: None,
        visitor: None,
        scenes: Vec::new(),
        modes: Vec::new(),
        gate: None,
        schedule: Vec::new(),
        power: Default::default(),
        topics: Vec::new(),
        alerts: Default::default(),
        journal: Default::default(),
        alert_strip: None,
        remote: Default::default(),
        strips: vec![],
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
    let desk = Arc::new(Desk::new(clock.clone(), Sources::default()));
    let mirror = Mirror::new(clock.clone(), desk).expect("starts");
    mirror.set_wall(&wall(names));
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let addr = serve(any, mirror.clone(), Hosts::default(), None).await.expect("binds").addr;
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
async fn displays_that_rest_are_well_and_what_their_panels_do_is_told() {
    let stand = stand(&["left", "right"]).await;
    let says = async |excused: Vec<usize>| {
        stand.mirror.set_status(FrameStatus { excused, absent: vec![1], ..FrameStatus::default() });
        let (head, body) = stand.ask("GET /health").await;
        (head.starts_with("http/1.1 200"), String::from_utf8(body).expect("is text"))
    };
    assert_eq!(says(vec![0, 1]).await, (true, "2 displays are resting\n".into()));
    assert!(!says(vec![1]).await.0, "the left one should be drawn");
    stand.mirror.seen(0, stand.clock.instant());
    let said = says(vec![1]).await;
    assert_eq!(said, (true, "1 display is being drawn; 1 display is resting\n".into()));
    let problem = Some("display left does not switch on".to_owned());
    let panel = PanelNow { state: PanelState::Off, problem, ..PanelNow::default() };
    stand.mirror.shared.desk.panels().note("left", panel);
    let wall = stand.json("/wall.json").await;
    assert_eq!(wall["displays"][0]["power"], serde_json::json!({ "state": "off", "rests": false }));
    assert!(wall["problems"].to_string().contains("does not switch on"), "{}", wall["problems"]);
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
    stand.mirror.shared.desk.snapshot().store(Arc::new(snapshot));
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

/// What is described is there, and what is there is described.
#[tokio::test]
async fn the_router_has_the_routes_that_are_described() {
    let stand = stand(&["left"]).await;
    let source = include_str!("../server.rs");
    let routed = source.matches(concat!(".route", "(\"")).count();
    let mut paths: Vec<&str> = openapi::ROUTES.iter().map(|route| route.path).collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), routed, "each route of the router is described");
    for route in openapi::ROUTES.iter().filter(|route| !route.path.ends_with("/events")) {
        let path = route.path.replace("{file}", "none.jpg").replace("{id}", "1").replace("{verb}", "none");
        let (head, body) = stand.ask(&format!("{} {path}", route.method.to_uppercase())).await;
        // A name that is not there is told in words.
        let known = !head.starts_with("http/1.1 404") || !body.is_empty();
        assert!(known && !head.starts_with("http/1.1 405"), "{path}: {head}");
    }
}

/// A report once held what a command waited for, and waited for what the command held: both for ever, and the
/// frames with them.
#[test]
fn reports_and_commands_never_wait_for_each_other() {
    use crate::control::{Request, Role, Verb, Who};
    use crate::remote::control_report::ControlReport;

    let clock = Clock::simulated(Time::from_secs(1_000));
    let desk = Arc::new(Desk::new(clock.clone(), Sources::default()));
    let mirror = Mirror::new(clock, desk.clone()).expect("starts");
    mirror.set_wall(&wall(&["left"]));
    let (done, ended) = std::sync::mpsc::channel();
    let reporter = done.clone();
    std::thread::spawn(move || {
        (0..3_000).for_each(|_| drop(ControlReport::new(&mirror.shared, None)));
        reporter.send(()).expect("it is waited for");
    });
    std::thread::spawn(move || {
        let (who, wall) = (Who::new("jo", Role::Admin), wall(&["left"]));
        for _ in 0..3_000 {
            desk.act(&who, &Request::plain(Verb::Black)).expect("it can be done");
            desk.set_wall(&wall);
        }
        done.send(()).expect("it is waited for");
    });
    (0..2).for_each(|_| ended.recv_timeout(LIMIT).expect("neither waits for ever"));
}

#[tokio::test]
async fn a_taken_port_is_said_in_words() {
    let stand = stand(&["left"]).await;
    let error =
        serve(stand.addr, stand.mirror.clone(), Hosts::default(), None).await.expect_err("it is taken");
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains("is in use by another program"), "{error}");
}

#[test]
fn the_worker_ends_with_the_last_mirror() {
    let clock = Clock::simulated(Time::default());
    let desk = Arc::new(Desk::new(clock.clone(), Sources::default()));
    let mirror = Mirror::new(clock, desk).expect("starts");
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
