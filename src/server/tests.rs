//! Over real sockets, with short limits.

use std::convert::Infallible;
use std::time::Instant;

use http_body_util::Full;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::*;

const SOON: Duration = Duration::from_secs(20);
const NEVER: Duration = Duration::from_secs(600);
const PATIENT: Limits = Limits {
    seats: 4,
    spare: 2,
    head_bytes: 8_192,
    head: NEVER,
    body: NEVER,
    answer: NEVER,
    sent: NEVER,
    idle: NEVER,
};

/// A server that answers `/large` with more than any socket holds, `/never` never, and all else
/// with whether the seat is a spare one.
async fn start(limits: Limits) -> SocketAddr {
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let at = socket.local_addr().expect("it is bound");
    let service = |seat: &Arc<Seat>| {
        let is_spare = seat.is_spare();
        service_fn(move |request: Request<Incoming>| async move {
            let body = match request.uri().path() {
                "/large" => vec![b'x'; 64 << 20],
                "/never" => std::future::pending().await,
                _ => format!("spare: {is_spare}").into_bytes(),
            };
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(body))))
        })
    };
    tokio::spawn(serve(socket, None, Arc::new(Seats::new(limits)), service));
    at
}

async fn connect(at: SocketAddr, said: &str) -> TcpStream {
    let mut stream = TcpStream::connect(at).await.expect("it listens");
    stream.write_all(said.as_bytes()).await.expect("it is taken");
    stream
}

/// What comes until the other side hangs up.
async fn rest(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    // A reset hangs up, too.
    let _ = timeout(SOON, stream.read_to_end(&mut all)).await.expect("it hangs up");
    String::from_utf8_lossy(&all).into_owned()
}

async fn ask(at: SocketAddr, path: &str) -> String {
    rest(connect(at, &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await).await
}

const WHOLE: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn who_does_not_say_what_it_wants_is_hung_up_on() {
    let at = start(Limits { head: Duration::from_millis(100), ..PATIENT }).await;
    for said in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: x\r\n"] {
        assert_eq!(rest(connect(at, said).await).await, "", "{said}");
    }
    // The same after an answer: once it begins, the next head must come, byte by byte or not.
    let mut stream = connect(at, WHOLE).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let start = Instant::now();
    while stream.write_all(b"G").await.is_ok() {
        assert!(start.elapsed() < SOON, "it may trickle for ever");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn who_rests_for_long_is_hung_up_on() {
    let at = start(Limits { idle: Duration::from_millis(100), ..PATIENT }).await;
    assert!(rest(connect(at, WHOLE).await).await.ends_with("spare: false"));
    let mut two = connect(at, &WHOLE.repeat(2)).await;
    two.write_all(WHOLE.as_bytes()).await.expect("it is taken");
    assert_eq!(rest(two).await.matches("spare: false").count(), 3);
}

#[tokio::test]
async fn who_does_not_take_its_answer_or_send_its_body_is_hung_up_on() {
    let short = Duration::from_millis(100);
    let at = start(Limits { sent: short, body: short, answer: short, ..PATIENT }).await;
    let large = connect(at, "GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let body = connect(at, "POST /never HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nx").await;
    let never = connect(at, "GET /never HTTP/1.1\r\nhost: x\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(rest(large).await.len() < 64 << 20, "the rest of it was given up");
    assert_eq!((rest(body).await, rest(never).await), (String::new(), String::new()));
}

#[tokio::test]
async fn however_many_keep_it_waiting_others_are_answered() {
    let at = start(PATIENT).await;
    let mut held = Vec::new();
    for said in ["", "GET / HT", WHOLE, "GET /large HTTP/1.1\r\nhost: x\r\n\r\n"] {
        for _ in 0..20 {
            held.push(connect(at, said).await);
        }
        let answer = ask(at, "/").await;
        assert!(answer.ends_with("spare: false"), "{said:?}: {answer}");
    }
}

#[tokio::test]
async fn a_caller_on_this_machine_is_answered_while_all_others_wait_for_answers() {
    let at = start(PATIENT).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(connect(at, "GET /never HTTP/1.1\r\nhost: x\r\n\r\n").await);
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    for _ in 0..9 {
        held.push(connect(at, "GET /never HTTP/1.1\r\nhost: x\r\n\r\n").await);
        assert!(ask(at, "/").await.ends_with("spare: true"));
    }
}
