//! Somebody who says something of which an alert can be raised.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// A server of events that says the same three things to whoever connects.
pub fn three_complaints() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    let addr = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // The wall may hang up at any time, and each connection stays open until then.
            std::thread::spawn(move || {
                // An answer that comes before its question is an error to an HTTP client.
                let mut all = [0; 512];
                let mut head = Vec::new();
                while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut all) {
                        Ok(n) if n > 0 => head.extend_from_slice(&all[..n]),
                        _ => return,
                    }
                }
                let mut text =
                    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
                        .to_owned();
                for n in 1..=3 {
                    text += &format!("id: {n}\ndata: {{\"uid\":\"c:{n}\",\"text\":\"it burns {n}\"}}\n\n");
                }
                let _ = stream.write_all(text.as_bytes());
                while stream.read(&mut all).is_ok_and(|n| n > 0) {}
            });
        }
    });
    format!("http://{addr}/said")
}
