//! Chromium without a screen, spoken to by its remote debugging: a page is waited for in real time,
//! so that a loaded machine is slower and no different.

use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

use super::photo::Photo;
use super::process::{Home, Running};
use super::{find_command, within};

/// Set to 1 on machines that have no browser, to leave its tests out.
pub const LEAVE_OUT: &str = "FISHBOWL_WITHOUT_BROWSER";

/// Long enough for a browser to start, and a page to be as it should, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub struct Browser {
    // Ended before its folder goes.
    running: Running,
    home: Home,
}

impl Browser {
    pub fn new() -> Self {
        let program = find_command(&NAMES).unwrap_or_else(|| {
            panic!(
                "this test needs Chromium or Google Chrome. `make test` installs it on Debian; on Ubuntu it is a \
                 snap: install Google Chrome, or set {LEAVE_OUT}=1 to leave this test out"
            )
        });
        let home = Home::new();
        let mut command = home.command(&program);
        command
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"])
            .arg(format!("--user-data-dir={}", home.path().join("profile").display()))
            .arg("--remote-debugging-port=0");
        let running = home.start("chromium", &mut command);
        Self { running, home }
    }

    /// Opens an address in a page of its own, so many pixels wide and high.
    pub fn open(&mut self, url: &str, (width, height): (u32, u32)) -> Page {
        let mut page = Page { socket: self.connect(), session: None, asked: 0 };
        let target = page.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = json!({ "targetId": target["targetId"], "flatten": true });
        page.session = Some(page.call("Target.attachToTarget", attached)["sessionId"].clone());
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        page.call("Emulation.setDeviceMetricsOverride", screen);
        page.call("Page.navigate", json!({ "url": url }));
        page
    }

    fn connect(&mut self) -> WebSocket<TcpStream> {
        let file = self.home.path().join("profile/DevToolsActivePort");
        let (port, path) = within(PATIENCE, "chromium listens", || {
            self.running.must_live();
            address(&file)
        });
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("chromium listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream).expect("chromium answers").0
    }
}

/// The port and the path at which Chromium is spoken to, as soon as both are written down.
fn address(file: &Path) -> Option<(u16, String)> {
    let said = std::fs::read_to_string(file).ok()?;
    let (port, path) = said.split_once('\n')?;
    Some((port.parse().ok()?, path.trim().to_string())).filter(|(_, path)| !path.is_empty())
}

/// A page that is open.
pub struct Page {
    socket: WebSocket<TcpStream>,
    session: Option<Value>,
    asked: u64,
}

impl Page {
    /// Waits until this is true, written in the page's language.
    pub fn wait_for(&mut self, what: &str) {
        within(PATIENCE, &format!("in the browser: {what}"), || {
            (self.value(what) == Value::Bool(true)).then_some(())
        });
    }

    /// What this is worth, written in the page's language; null where it fails.
    pub fn value(&mut self, words: &str) -> Value {
        let asked = json!({ "expression": words, "returnByValue": true, "awaitPromise": true });
        self.call("Runtime.evaluate", asked)["result"]["value"].take()
    }

    /// The document as it stands.
    pub fn html(&mut self) -> String {
        let html = self.value("document.documentElement.outerHTML");
        html.as_str().expect("a document").to_string()
    }

    /// What it looks like.
    pub fn photo(&mut self) -> Photo {
        let shot = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        let png = STANDARD.decode(shot["data"].as_str().expect("a picture")).expect("base64");
        Photo::decode(&png)
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let mut asked = json!({ "id": self.asked, "method": method, "params": params });
        if let Some(session) = &self.session {
            asked["sessionId"] = session.clone();
        }
        self.socket.send(Message::text(asked.to_string())).expect("chromium reads");
        loop {
            let Message::Text(said) = self.socket.read().expect("chromium answers") else { continue };
            let mut said: Value = serde_json::from_str(said.as_str()).expect("chromium speaks JSON");
            if said["id"] == self.asked {
                assert!(said["error"].is_null(), "{method}: {}", said["error"]);
                return said["result"].take();
            }
        }
    }
}
