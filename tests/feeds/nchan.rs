//! Server-sent events from a real server: nginx with nchan (nchan.io). Needs the Debian packages
//! `nginx` and `libnginx-mod-nchan`, which `scripts/setup test` installs.

use std::fs;
use std::path::{Path, PathBuf};

use fishbowl::mention::source::{Batch, Health};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::client::{Client, feed, line, sse, uids};
use crate::nginx::Nginx;

const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
/// The queue of messages outlives every cut of a test.
const QUEUE: &str = "access_log off; nchan_message_buffer_length 10000; nchan_message_timeout 5m;";
const PLACES: &str = "
    location = /pub { nchan_publisher; nchan_channel_id mentions; }
    location = /sub {
        nchan_subscriber eventsource; nchan_channel_id mentions;
        nchan_subscriber_first_message oldest;
    }";

/// Where the module holds back long messages, as it is built for Debian and Ubuntu: a folder that
/// only root can make. It has a directive for another, which it refuses as a duplicate.
const THEIR_FOLDER: &[u8; 19] = b"/var/lib/nginx/body";
/// One of just as many letters, inside of the test's own folder.
const OWN_FOLDER: &[u8; 19] = b"./././././././nchan";

fn start() -> Nginx {
    let folder = tempfile::tempdir().expect("a folder");
    let module = own_module(folder.path());
    Nginx::start(module.to_str(), QUEUE, PLACES)
}

/// A copy of the module that keeps to folders of the test.
fn own_module(folder: &Path) -> PathBuf {
    let mut code = fs::read(MODULE).expect("nchan is not installed; run `scripts/setup test`");
    let theirs = code.windows(THEIR_FOLDER.len()).position(|part| part == THEIR_FOLDER);
    if let Some(at) = theirs {
        code[at..at + OWN_FOLDER.len()].copy_from_slice(OWN_FOLDER);
    }
    let copy = folder.join("nchan.so");
    fs::write(&copy, code).expect("the folder is writable");
    copy
}

async fn publish(nginx: &Nginx, message: &str) {
    let mut stream = TcpStream::connect(("127.0.0.1", nginx.port)).await.expect("nginx listens");
    let length = message.len();
    let head =
        format!("POST /pub HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all((head + message).as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
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
    let nginx = start();
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
        publish(&nginx, line(&format!("m{id}")).trim_end()).await;
    }
    let mut client = Client::start(&[feed(sse(url))]);
    client.until(|seen| uids(seen).len() >= TOTAL / 4).await;
    for id in TOTAL / 2..TOTAL {
        publish(&nginx, line(&format!("m{id}")).trim_end()).await;
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
    let nginx = start();
    let url = || format!("http://127.0.0.1:{}/sub", nginx.port);
    for id in ["a", "b"] {
        publish(&nginx, line(id).trim_end()).await;
    }
    let mut client = Client::start(&[feed(sse(url()))]);
    let kept = |seen: &[Batch]| uids(seen) == ["a", "b"] && seen.last().is_some_and(|b| b.cursor.is_some());
    client.until(kept).await;
    let cursor = client.cursor().expect("it was just seen");
    drop(client);
    publish(&nginx, line("c").trim_end()).await;
    let mut client = Client::after(feed(sse(url())), &cursor);
    client.until(|seen| !uids(seen).is_empty()).await;
    assert_eq!(client.uids(), ["c"]);
    assert_eq!(client.seen.last().map(|batch| &batch.state.health), Some(&Health::Live));
}
