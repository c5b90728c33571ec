//! Connections to panels: opened for one exchange, bounded in time and size, and closed.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::mdc;
use super::pjlink::{self, MAX_LINE};
use super::said::{Actual, Trouble, broken};
use super::secured;
use crate::layout::panel::Address;

/// Longest time that an exchange takes. Short enough that a panel that was switched off is noticed in time.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// The same where it is encrypted first, which takes the small processors of panels a while.
const PATIENCE_SECURED: Duration = Duration::from_secs(5);

/// Between two commands over one connection: many panels miss what comes faster.
const PACE: Duration = Duration::from_millis(300);

/// Sends commands of PJLink, each a body and a parameter; gives the values of their answers.
pub async fn pjlink(
    address: &Address,
    password: Option<&str>,
    commands: &[(&str, &str)],
) -> Result<Vec<String>, Trouble> {
    bounded(async {
        let mut stream = open(address).await?;
        let greeting = line(&mut stream).await?;
        let mut seal = match (pjlink::greeting(&greeting)?, password) {
            (None, _) => String::new(),
            (Some(random), Some(password)) => pjlink::seal(random, password),
            (Some(_), None) => return Err(Trouble::Password("it wants a password".into())),
        };
        let mut values = Vec::new();
        for (body, parameter) in commands {
            if !values.is_empty() {
                tokio::time::sleep(PACE).await;
            }
            let command = std::mem::take(&mut seal) + &pjlink::command(body, parameter);
            stream.write_all(command.as_bytes()).await.map_err(broken)?;
            values.push(pjlink::answer(&line(&mut stream).await?, body)?.to_owned());
        }
        Ok(values)
    })
    .await
}

/// Sends a frame of MDC to panel `id`, encrypted where there is a PIN; gives what it says of its power.
pub async fn mdc(address: &Address, pin: Option<&str>, (id, frame): (u8, &[u8])) -> Result<Actual, Trouble> {
    let Some(pin) = pin else {
        return bounded(async { framed(&mut open(address).await?, id, frame).await }).await;
    };
    within(PATIENCE_SECURED, async {
        let mut stream = secured::secure(open(address).await?, pin).await?;
        framed(&mut stream, id, frame).await
    })
    .await
}

async fn framed(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    id: u8,
    frame: &[u8],
) -> Result<Actual, Trouble> {
    stream.write_all(frame).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut head = [0; mdc::HEAD];
    stream.read_exact(&mut head).await.map_err(broken)?;
    let mut whole = head.to_vec();
    whole.resize(mdc::HEAD + mdc::rest(head)?, 0);
    stream.read_exact(&mut whole[mdc::HEAD..]).await.map_err(broken)?;
    mdc::answer(&whole, id)
}

/// What an exchange gives, or that it took too long.
pub async fn bounded<T>(exchange: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    within(PATIENCE, exchange).await
}

async fn within<T>(
    patience: Duration,
    exchange: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Trouble> {
    let late = || Trouble::Silent(format!("no answer within {} s", patience.as_secs()));
    timeout(patience, exchange).await.unwrap_or_else(|_| Err(late()))
}

/// What `work` gives, which may wait for ever: so it is done in a thread of its own. While one waits, whoever has the
/// same `turn` starts no second one.
pub async fn aside<T: Send + 'static>(
    turn: &Arc<Semaphore>,
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let failed = |error: &dyn std::error::Error| Trouble::Silent(error.to_string());
    bounded(async {
        let turn = turn.clone().acquire_owned().await.map_err(|error| failed(&error))?;
        let (sender, answer) = oneshot::channel();
        let work = move || {
            let _turn = turn;
            // No one waits any more for what comes too late.
            let _ = sender.send(work());
        };
        let thread = std::thread::Builder::new().name("fishbowl-panel".into()).spawn(work);
        thread.map_err(|error| failed(&error))?;
        answer.await.map_err(|error| failed(&error))?
    })
    .await
}

async fn open(address: &Address) -> Result<TcpStream, Trouble> {
    let connected = TcpStream::connect((address.host.as_str(), address.port)).await;
    connected.map_err(|error| Trouble::Silent(format!("cannot connect to {address}: {error}")))
}

/// A line that ends with a carriage return; some panels add a line feed, which then begins the next.
async fn line(stream: &mut (impl AsyncRead + Unpin)) -> Result<String, Trouble> {
    let mut line = Vec::new();
    while line.len() < MAX_LINE {
        match stream.read_u8().await.map_err(broken)? {
            b'\r' => return Ok(String::from_utf8_lossy(&line).trim().to_owned()),
            byte => line.push(byte),
        }
    }
    Err(Trouble::Silent("its answer does not end".into()))
}
