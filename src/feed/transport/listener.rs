//! One HTTP server for each address on which feeds are called, by hyper; several feeds share it by
//! their paths.
//!
//! It takes a request, finds whose it is, and hands it over with its raw body; the answer is the
//! feed's. Limits: connections as [`LIMITS`] says (when there are more, the one that has said nothing
//! for longest gives way), a body of [`MAX_BODY`] within [`BODY_WITHIN`], [`MAX_HELD`] of bodies at a
//! time, an answer after at most [`ANSWER_WITHIN`]. TLS is for the proxy in front.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::delivery::{Delivery, Reply};
use crate::feed::error::FeedError;
use crate::server::{self, Limits, Phase, Seat, Seats};

/// The connections of one address.
const LIMITS: Limits = Limits {
    seats: 256,
    spare: 0,
    head_bytes: 16 * 1024,
    head: Duration::from_secs(10),
    // The body and the answer have their times below; these are for what is stuck.
    body: Duration::from_secs(40),
    answer: Duration::from_secs(40),
    sent: Duration::from_secs(20),
    idle: Duration::from_secs(10),
};
/// Largest body, bytes.
pub(in crate::feed) const MAX_BODY: usize = 8 * 1024 * 1024;
/// Most bytes of bodies that are being received or wait for their feed, of one address.
const MAX_HELD: usize = 64 * 1024 * 1024;
/// Bytes of one permit of [`MAX_HELD`].
const PERMIT: usize = 1024;
/// A body must be whole by then.
const BODY_WITHIN: Duration = Duration::from_secs(20);
/// Room for a body is waited for, while others that are half there are given up for it.
const ROOM_WITHIN: Duration = Duration::from_secs(2);
/// X gives up after ten seconds, GitHub too.
const ANSWER_WITHIN: Duration = Duration::from_secs(9);
/// An old wall that is being replaced lets go of its port within this time.
const LET_GO: Duration = Duration::from_millis(1_500);

/// The servers that run, by address. One that nobody has a door to ends.
static LISTENERS: tokio::sync::Mutex<BTreeMap<SocketAddr, Weak<Listener>>> =
    tokio::sync::Mutex::const_new(BTreeMap::new());

/// A running server.
#[derive(Debug)]
pub(in crate::feed) struct Listener {
    hall: Arc<Hall>,
    task: JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Who is called on which path.
#[derive(Debug)]
struct Hall {
    rooms: Mutex<Vec<Room>>,
    held: Arc<Semaphore>,
    seats: Arc<Seats>,
}

#[derive(Debug)]
struct Room {
    /// Begins with `/` and does not end with it.
    path: String,
    calls: mpsc::Sender<Delivery>,
}

impl Listener {
    /// The server of an address, started when it does not run.
    pub async fn at(address: SocketAddr) -> Result<Arc<Self>, FeedError> {
        let mut listeners = LISTENERS.lock().await;
        if let Some(running) = listeners.get(&address).and_then(Weak::upgrade)
            && running.is_running()
        {
            return Ok(running);
        }
        listeners.retain(|_, listener| listener.strong_count() > 0);
        let listener = Arc::new(Self::start(bind(address).await?));
        listeners.insert(address, Arc::downgrade(&listener));
        Ok(listener)
    }

    /// False when the runtime in which it ran has ended.
    pub fn is_running(&self) -> bool {
        !self.task.is_finished()
    }

    fn start(socket: TcpListener) -> Self {
        let held = Arc::new(Semaphore::new(MAX_HELD / PERMIT));
        let seats = Arc::new(Seats::new(LIMITS));
        let hall = Arc::new(Hall { rooms: Mutex::default(), held, seats });
        Self { task: tokio::spawn(serve(socket, hall.clone())), hall }
    }

    /// Calls for `path`, and for what lies below it, go to `calls` from now on; whoever had them
    /// has them no longer.
    pub fn enter(&self, path: &str, calls: mpsc::Sender<Delivery>) {
        let mut rooms = self.hall.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.retain(|room| room.path != path && !room.calls.is_closed());
        rooms.push(Room { path: path.to_owned(), calls });
    }

    /// The path leads nowhere again, unless another has it by now.
    pub fn leave(&self, path: &str, is_mine: impl Fn(&mpsc::Sender<Delivery>) -> bool) {
        let mut rooms = self.hall.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.retain(|room| room.path != path || !is_mine(&room.calls));
    }
}

impl Hall {
    /// Room for a body; where it lacks, bodies that have been half there for longest are given up.
    async fn make_room(&self, permits: u32, seat: &Seat) -> Option<OwnedSemaphorePermit> {
        if let Ok(room) = self.held.clone().try_acquire_many_owned(permits) {
            return Some(room);
        }
        let room = |within| timeout(within, self.held.clone().acquire_many_owned(permits));
        while self.seats.free(&[Phase::Body], seat) {
            if let Ok(Ok(room)) = room(ROOM_WITHIN / 200).await {
                return Some(room);
            }
        }
        room(ROOM_WITHIN).await.ok()?.ok()
    }

    /// The feed with the longest path that `path` is or lies below, and what is left of `path`.
    fn room(&self, path: &str) -> Option<(mpsc::Sender<Delivery>, String)> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let below = |room: &Room| {
            let rest = path.strip_prefix(room.path.as_str())?;
            let rest = if rest.is_empty() { rest } else { rest.strip_prefix('/')? };
            Some((room.path.len(), room.calls.clone(), rest.to_owned()))
        };
        let best = rooms.iter().filter_map(below).max_by_key(|(length, ..)| *length);
        best.map(|(_, calls, rest)| (calls, rest))
    }
}

/// Binds, and waits a little for a port that is just being let go.
async fn bind(address: SocketAddr) -> Result<TcpListener, FeedError> {
    let patient = async {
        loop {
            match TcpListener::bind(address).await {
                Err(error) if error.kind() == ErrorKind::AddrInUse => sleep(LET_GO / 15).await,
                other => return other,
            }
        }
    };
    let help = match timeout(LET_GO, patient).await {
        Ok(Ok(socket)) => return Ok(socket),
        Err(_) => "another program has the port; end it, or set another `listen`".to_owned(),
        Ok(Err(error)) => match error.kind() {
            ErrorKind::PermissionDenied => "ports below 1024 need special permission".into(),
            ErrorKind::AddrNotAvailable => "this machine does not have that address".into(),
            _ => error.to_string(),
        },
    };
    Err(FeedError::failed(format!("cannot listen on {address}: {help}")))
}

async fn serve(socket: TcpListener, hall: Arc<Hall>) {
    let seats = hall.seats.clone();
    let service = |seat: &Arc<Seat>| {
        let (hall, seat) = (hall.clone(), seat.clone());
        service_fn(move |request| {
            let (hall, seat) = (hall.clone(), seat.clone());
            async move { Ok::<_, Infallible>(answer(request, &hall, &seat).await) }
        })
    };
    server::serve(socket, None, seats, service).await;
}

async fn answer(request: Request<Incoming>, hall: &Hall, seat: &Seat) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let Some((calls, rest)) = hall.room(head.uri.path()) else {
        return response(Reply::of(StatusCode::NOT_FOUND, "there is nothing at this path"), true);
    };
    hall.seats.step(seat, Phase::Body);
    let (body, held) = match timeout(BODY_WITHIN, collect(body, hall, seat)).await {
        Ok(Ok(body)) => body,
        Ok(Err(reply)) => return response(reply, true),
        Err(_) => {
            return response(Reply::of(StatusCode::REQUEST_TIMEOUT, "the body arrived too slowly"), true);
        }
    };
    hall.seats.step(seat, Phase::Answer);
    let (back, reply) = oneshot::channel();
    let query = head.uri.query().unwrap_or_default().to_owned();
    let delivery = Delivery { method: head.method, rest, query, headers: head.headers, body, back, held };
    let asked = async {
        calls.send(delivery).await.ok()?;
        reply.await.ok()
    };
    let reply = timeout(ANSWER_WITHIN, asked).await.ok().flatten();
    response(reply.unwrap_or_else(Reply::later), false)
}

/// The whole body, and the room that it takes of [`MAX_HELD`].
async fn collect(
    mut body: Incoming,
    hall: &Hall,
    seat: &Seat,
) -> Result<(Vec<u8>, OwnedSemaphorePermit), Reply> {
    let full = || Reply::later().because("too much at the same time");
    let mut room = hall.held.clone().try_acquire_many_owned(0).map_err(|_| full())?;
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Reply::of(StatusCode::BAD_REQUEST, "the body was cut off"))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > MAX_BODY {
            return Err(Reply::of(StatusCode::PAYLOAD_TOO_LARGE, "more than 8 MiB"));
        }
        bytes.extend_from_slice(&data);
        let lacking = bytes.len().div_ceil(PERMIT).saturating_sub(room.num_permits());
        room.merge(hall.make_room(lacking as u32, seat).await.ok_or_else(full)?);
    }
    Ok((bytes, room))
}

/// The reply in HTTP; `last` ends the connection, for a body that was not read.
fn response(reply: Reply, last: bool) -> Response<Full<Bytes>> {
    let mut response = Response::builder()
        .status(reply.status)
        .header(CONTENT_TYPE, reply.kind)
        .header("x-content-type-options", "nosniff");
    if let Some(wait) = reply.retry_after {
        response = response.header(RETRY_AFTER, wait.as_secs());
    }
    if last {
        response = response.header(CONNECTION, "close");
    }
    let body = Full::new(Bytes::from(reply.body));
    response.body(body).expect("a status, fixed header names, and values of fixed words or a number")
}
