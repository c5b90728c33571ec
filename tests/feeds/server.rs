//! A server on the loopback that keeps to a script.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What the server does with one connection after it has read the request.
#[derive(Clone)]
pub enum Act {
    /// Writes as it is.
    Raw(Vec<u8>),
    /// Writes the head of an answer whose body comes in chunks.
    Head(&'static str),
    /// Writes one chunk of the body.
    Chunk(Vec<u8>),
    /// Ends the body as it should; without it the connection is cut.
    End,
    /// Says nothing until the client hangs up.
    Hold,
}

pub struct Server {
    at: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    /// Counts connections that the client closed during [`Act::Hold`].
    pub hung_up: mpsc::Receiver<()>,
}

impl Server {
    /// Serves one script a connection, in order, and then refuses.
    pub async fn start(scripts: Vec<Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
        let at = listener.local_addr().expect("it is bound");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (tell, hung_up) = mpsc::channel(64);
        let seen = requests.clone();
        tokio::spawn(async move {
            for script in scripts {
                let Ok((mut stream, _)) = listener.accept().await else { return };
                let request = read_request(&mut stream).await;
                seen.lock().expect("no test panics with the lock").push(request);
                // The client may hang up at any time.
                let _ = play(&script, &mut stream, &tell).await;
            }
        });
        Self { at, requests, hung_up }
    }

    pub fn url(&self) -> String {
        format!("http://{}/stream?access_token=s3cret", self.at)
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no test panics with the lock").clone()
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|n| n == 1) {
        request.push(byte[0]);
    }
    String::from_utf8_lossy(&request).to_ascii_lowercase()
}

async fn play(script: &[Act], stream: &mut TcpStream, tell: &mpsc::Sender<()>) -> std::io::Result<()> {
    for act in script {
        match act {
            Act::Raw(bytes) => stream.write_all(bytes).await?,
            Act::Head(head) => {
                stream.write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes()).await?;
            }
            Act::Chunk(bytes) => {
                stream.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
                stream.write_all(bytes).await?;
                stream.write_all(b"\r\n").await?;
            }
            Act::End => stream.write_all(b"0\r\n\r\n").await?,
            Act::Hold => {
                while stream.read(&mut [0; 64]).await? > 0 {}
                let _ = tell.send(()).await;
            }
        }
        stream.flush().await?;
    }
    stream.shutdown().await
}
