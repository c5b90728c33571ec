//! A real `nats-server` with JetStream, on a port of its own and with its store in a temporary
//! folder. Debian has it in the package `nats-server`.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use async_nats::jetstream::{self, Context};
use tempfile::TempDir;

use crate::wall::LIMIT;

pub struct Server {
    address: SocketAddr,
    arguments: Vec<&'static str>,
    store: TempDir,
    process: Option<Child>,
}

impl Server {
    pub async fn start(arguments: &[&'static str]) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = socket.local_addr().expect("it is bound");
        drop(socket);
        let store = TempDir::new().expect("a temporary folder");
        let mut server = Self { address, arguments: arguments.to_vec(), store, process: None };
        server.run();
        server
    }

    /// Starts it (again) with what it has stored.
    pub fn run(&mut self) {
        let port = self.address.port().to_string();
        let mut command = Command::new(binary());
        command
            .args(["-js", "-a", "127.0.0.1", "-p", &port, "-sd"])
            .arg(self.store.path())
            .args(&self.arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(command.spawn().expect("nats-server runs; see scripts/setup"));
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it is ours");
            process.wait().expect("it is ours");
        }
    }

    pub fn url(&self) -> String {
        format!("nats://{}", self.address)
    }

    /// A client of the test's own, once the server answers.
    pub async fn context(&self, token: Option<&str>) -> Context {
        let start = Instant::now();
        loop {
            let options = async_nats::ConnectOptions::new();
            let options = match token {
                Some(token) => options.token(token.into()),
                None => options,
            };
            match options.connect(self.url()).await {
                Ok(client) => return jetstream::new(client),
                Err(error) => assert!(start.elapsed() < LIMIT, "not within {LIMIT:?}: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Debian has it where only root looks.
fn binary() -> PathBuf {
    let known = [PathBuf::from("/usr/sbin/nats-server"), PathBuf::from("/usr/local/bin/nats-server")];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let searched = std::env::split_paths(&path).map(|dir| dir.join("nats-server"));
    let found = searched.chain(known).find(|file| file.is_file());
    found.expect("nats-server is not installed; `scripts/setup test` installs it")
}
