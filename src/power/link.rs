//! Connections to panels: opened for one exchange, bounded in time and size, and closed.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::mdc;
use super::pjlink::{self, MAX_LINE};
use super::said::{Actual, Trouble};
use crate::layout::panel::Address;

/// Longest time that an exchange takes. Short enough that a panel that was switched off is noticed in time.
pub const PATIENCE: Duration = Duration::from_secs(3);

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

/// Sends a frame of MDC to panel `id`; gives what it says of its power.
pub async fn mdc(address: &Address, id: u8, frame: &[u8]) -> Result<Actual, Trouble> {
    bounded(async {
        let mut stream = open(address).await?;
        stream.write_all(frame).await.map_err(broken)?;
        let mut head = [0; mdc::HEAD];
        stream.read_exact(&mut head).await.map_err(broken)?;
        let mut whole = head.to_vec();
        whole.resize(mdc::HEAD + mdc::rest(head)?, 0);
        stream.read_exact(&mut whole[mdc::HEAD..]).await.map_err(broken)?;
        mdc::answer(&whole, id)
    })
    .await
}

/// What an exchange gives, or that it took too long.
pub async fn bounded<T>(exchange: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let late = || Trouble::Silent(format!("no answer within {} s", PATIENCE.as_secs()));
    timeout(PATIENCE, exchange).await.unwrap_or_else(|_| Err(late()))
}

async fn open(address: &Address) -> Result<TcpStream, Trouble> {
    let connected = TcpStream::connect((address.host.as_str(), address.port)).await;
    connected.map_err(|error| Trouble::Silent(format!("cannot connect to {address}: {error}")))
}

fn broken(error: std::io::Error) -> Trouble {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Trouble::Silent("it closed the connection".into()),
        _ => Trouble::Silent(error.to_string()),
    }
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
