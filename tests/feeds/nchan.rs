//! Server-sent events from a real server: nginx with nchan (nchan.io), on the loopback with its
//! files in a folder of the test. Needs the Debian packages `nginx` and `libnginx-mod-nchan`,
//! which `scripts/setup test` installs.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fishbowl::mention::source::{Batch, Health};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::client::{Client, LIMIT, feed, line, sse, uids};

const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const BINARIES: [&str; 2] = ["/usr/sbin/nginx", "/usr/bin/nginx"];

/// nginx of our own, in the foreground and with one process; stopped when dropped.
struct Nginx {
    child: Child,
    folder: TempDir,
    port: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Nginx {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let nginx = Self { child: run(folder.path(), port), folder, port };
        nginx.answers().await;
        nginx
    }

    /// Comes back once it listens.
    async fn answers(&self) {
        let ready = async {
            while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        if timeout(LIMIT, ready).await.is_err() {
            panic!("nginx: {}", fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default());
        }
    }

    async fn publish(&self, message: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.expect("nginx listens");
        let length = message.len();
        let head =
            format!("POST /pub HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all((head + message).as_bytes()).await.expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    }
}

fn run(folder: &Path, port: u16) -> Child {
    let binary = BINARIES.iter().find(|path| Path::new(path).exists());
    let binary = binary.expect("nginx is not installed; run `scripts/setup test`");
    assert!(Path::new(MODULE).exists(), "nchan is not installed; run `scripts/setup test`");
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
        .concat();
    let folder_name = folder.display();
    let config = format!(
        "load_module {MODULE};
        daemon off; master_process off; worker_processes 1;
        pid {folder_name}/nginx.pid; error_log {folder_name}/error.log warn;
        events {{ worker_connections 64; }}
        http {{
            access_log off; {temporary}
            nchan_message_buffer_length 10000; nchan_message_timeout 5m;
            server {{
                listen 127.0.0.1:{port};
                location = /pub {{ nchan_publisher; nchan_channel_id mentions; }}
                location = /sub {{
                    nchan_subscriber eventsource; nchan_channel_id mentions;
                    nchan_subscriber_first_message oldest;
                }}
            }}
        }}"
    );
    let path = folder.join("nginx.conf");
    fs::write(&path, config).expect("the folder is writable");
    let mut command = Command::new(binary);
    command.arg("-p").arg(folder).arg("-c").arg(&path).arg("-e").arg(folder.join("error.log"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("nginx starts")
}

/// Hands bytes to and fro between a client and nginx, until it is told to cut them off.
async fn forward(listener: &TcpListener, port: u16, bytes: u64) {
    let (mut client, _) = listener.accept().await.expect("the feed connects");
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.expect("nginx listens");
    let (mut from, mut to) = client.split();
    let (mut answer, mut request) = server.split();
    let up = tokio::io::copy(&mut from, &mut request);
    let mut limited = (&mut answer).take(bytes);
    let downward = tokio::io::copy(&mut limited, &mut to);
    tokio::select! { _ = up => {}, _ = downward => {} }
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_when_the_line_is_cut_again_and_again() {
    const TOTAL: usize = 400;
    let nginx = Nginx::start().await;
    let line_in = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/sub", line_in.local_addr().expect("it is bound"));
    let port = nginx.port;
    // Each connection is cut after a number of bytes, mostly in the middle of an event.
    let cuts = tokio::spawn(async move {
        for bytes in [700, 1_501, 2_003, 3_001, 5_009, 9_001, u64::MAX] {
            forward(&line_in, port, bytes).await;
        }
    });
    for id in 0..TOTAL / 2 {
        nginx.publish(line(&format!("m{id}")).trim_end()).await;
    }
    let mut client = Client::start(&[feed(sse(url))]);
    client.until(|seen| uids(seen).len() >= TOTAL / 4).await;
    for id in TOTAL / 2..TOTAL {
        nginx.publish(line(&format!("m{id}")).trim_end()).await;
    }
    let last = format!("m{}", TOTAL - 1);
    client.until(|seen| uids(seen).contains(&last)).await;
    let expected: Vec<String> = (0..TOTAL).map(|id| format!("m{id}")).collect();
    assert_eq!(client.uids(), expected);
    assert!(client.seen.last().is_some_and(|batch| batch.state.restarts >= 5 && batch.state.garbage == 0));
    cuts.abort();
}

#[tokio::test]
async fn it_goes_on_after_a_restart_of_the_wall() {
    let nginx = Nginx::start().await;
    let url = || format!("http://127.0.0.1:{}/sub", nginx.port);
    for id in ["a", "b"] {
        nginx.publish(line(id).trim_end()).await;
    }
    let mut client = Client::start(&[feed(sse(url()))]);
    let kept = |seen: &[Batch]| uids(seen) == ["a", "b"] && seen.last().is_some_and(|b| b.cursor.is_some());
    client.until(kept).await;
    let cursor = client.cursor().expect("it was just seen");
    drop(client);
    nginx.publish(line("c").trim_end()).await;
    let mut client = Client::after(feed(sse(url())), &cursor);
    client.until(|seen| !uids(seen).is_empty()).await;
    assert_eq!(client.uids(), ["c"]);
    assert_eq!(client.seen.last().map(|batch| &batch.state.health), Some(&Health::Live));
}
