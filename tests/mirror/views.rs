//! The mirror's page as it is met: below a proxy's path, on a phone, and with feeds in trouble.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use fishbowl::color::Rgba;

use crate::rig::browser::{self, Browser};
use crate::rig::headless::Headless;
use crate::rig::{left_out, repository};

/// `--warn` of the page.
const WARN: u32 = 0xe69f00;

/// A server that hands each connection's first line of a request and the connection to `answer`.
fn server(answer: impl Fn(&str, TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    let addr = listener.local_addr().expect("it is bound").to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = answer.clone();
            std::thread::spawn(move || {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n > 0) {
                    head.push(byte[0]);
                }
                answer(String::from_utf8_lossy(&head).lines().next().unwrap_or_default(), stream);
            });
        }
    });
    addr
}

/// A proxy that has `upstream` below `/wall`, and nothing else.
fn proxy(upstream: String) -> String {
    server(move |line, mut stream| {
        let path = line.split(' ').nth(1).unwrap_or_default();
        let Some(rest) = path.strip_prefix("/wall") else {
            let _ =
                stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        };
        let rest = if rest.starts_with('/') { rest.to_string() } else { format!("/{rest}") };
        let mut behind = TcpStream::connect(&upstream).expect("the mirror listens");
        let request = format!("GET {rest} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let _ = behind.write_all(request.as_bytes());
        let _ = std::io::copy(&mut behind, &mut stream);
    })
}

#[test]
fn it_works_below_a_path_with_and_without_its_slash() {
    if left_out(browser::LEAVE_OUT) {
        return;
    }
    let mut headless = Headless::start(|home| home.take(&repository("layouts/reference.toml")));
    headless.wait_until_healthy();
    let proxy = proxy(headless.url().trim_start_matches("http://").trim_end_matches('/').to_string());
    let mut browser = Browser::new();
    for path in ["/wall/", "/wall"] {
        let mut page = browser.open(&format!("http://{proxy}{path}"), (1500, 700));
        page.wait_for("document.querySelectorAll('.display[data-frame] img').length === 3");
        assert!(page.html().contains("<h1 id=\"name\">Reference wall</h1>"), "{path}");
    }
}

/// Feeds that are refused, throttled and down, and one that is well.
fn layout(addr: &str) -> String {
    let kinds = ["refused", "throttled", "down"];
    let feeds = kinds.map(|kind| format!("[feed.{kind}]\nkind = \"sse\"\nurl = \"http://{addr}/{kind}\"\n"));
    let display = |name: &str| format!("[display.{name}]\nsize_mm = [640, 360]\npixels = [640, 360]\n");
    format!(
        "[wall]\nname = \"Troubles\"\nviewer_m = 2.0\n{}{}{}[feed.well]\nkind = \"demo\"\n\
         [scene.main]\npicture = \"all | pace\"\ntile.all = {{ kind = \"counter\" }}\n\
         tile.pace = {{ kind = \"counter\", metric = \"authors\" }}\n",
        display("left"),
        display("right"),
        feeds.concat()
    )
}

fn troubled() -> Headless {
    let addr = server(|line, mut stream| {
        let status = match line.split(' ').nth(1) {
            Some("/refused") => "401 Unauthorized",
            Some("/throttled") => "429 Too Many Requests\r\nRetry-After: 900",
            _ => "500 Internal Server Error",
        };
        let _ = stream.write_all(
            format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes(),
        );
    });
    let mut headless = Headless::of(&layout(&addr));
    headless.wait_for("the feeds are in trouble", |wall| {
        let feeds = wall["feeds"].as_array().expect("a list of feeds");
        ["refused", "throttled", "down"]
            .iter()
            .all(|kind| feeds.iter().any(|feed| feed["name"] == *kind && feed["health"] == *kind))
    });
    headless
}

/// The text of the page's list of troubles, a line for each.
fn troubles(page: &str) -> Vec<String> {
    let list = page.split("<ul id=\"troubles\"").nth(1).and_then(|rest| rest.split("</ul>").next());
    let lines = list.expect("the page has its list").split("<li>").skip(1);
    lines.map(text).collect()
}

/// What stands between the tags.
fn text(line: &str) -> String {
    let parts = line.split('<').map(|part| part.rsplit('>').next().unwrap_or_default());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_feed_in_trouble_has_a_line_in_colour() {
    if left_out(browser::LEAVE_OUT) {
        return;
    }
    let headless = troubled();
    let mut browser = Browser::new();
    for (name, size) in [("desk", (1500, 700)), ("phone", (360, 740)), ("lying", (740, 360))] {
        let mut page = browser.open(&headless.url(), size);
        page.wait_for("document.querySelectorAll('#troubles li').length === 3");
        page.wait_for("document.querySelectorAll('.display[data-frame] img').length > 0");
        // What is well is told below.
        page.wait_for("document.querySelector('#state').textContent.includes('well simulated')");
        let (page, photo) = (page.html(), page.photo());
        photo.keep(&format!("mirror-{name}"));
        let lines = troubles(&page);
        assert_eq!(lines.len(), 3, "{lines:?}");
        for kind in ["refused", "throttled", "down"] {
            let line = lines.iter().find(|line| line.contains(kind)).expect("a line for each");
            assert_eq!(line.matches(kind).count(), 2, "its name and how it stands: {line}");
            assert!(line.contains("no data yet"), "{line}");
        }
        assert_eq!(page.contains("class=\"one\""), name != "desk", "one display at a time on a phone");
        if name != "lying" {
            let warned = photo.share(Rgba::hex(WARN));
            assert!(warned > 0.0003, "{name} shows no warning in colour: {warned}");
        }
    }
}
