//! Encryption: the wall's own certificate, the same after a restart, and who may come without.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ring::digest::{SHA256, digest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::TWO;
use crate::rig::FISHBOWL;
use crate::rig::process::{Home, Running};

/// Where a wall started with these arguments stands, and its certificate's fingerprint.
fn start(home: &Home, listen: &str) -> (Running, SocketAddr, String) {
    let layout = home.write("wall.toml", &format!("{TWO}\n[remote]\nlisten = \"{listen}\"\ntls = true\n"));
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    let mut fishbowl = home.start("fishbowl", command.arg("run").arg(&layout).arg("--headless"));
    let fingerprint = fishbowl.wait_for_line("certificate (SHA-256):").trim().to_owned();
    let mirror = fishbowl.wait_for_line("mirror:");
    let addr =
        mirror.trim().trim_start_matches("https://").trim_end_matches('/').parse().expect("an address");
    (fishbowl, addr, fingerprint)
}

fn kept(home: &Home) -> PathBuf {
    let folders = [home.path().join(".local/state/fishbowl"), home.path().join("state/fishbowl")];
    let found = folders.into_iter().map(|folder| folder.join("remote.pem")).find(|file| file.exists());
    found.expect("the certificate is kept")
}

/// The answer to a request over TLS, from a client that trusts this certificate alone.
async fn ask(addr: SocketAddr, cert: &CertificateDer<'static>, request: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(cert.clone()).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("versions that are known");
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = TcpStream::connect(addr).await?;
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // It may hang up without saying so.
    let _ = stream.read_to_end(&mut answer).await;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

async fn plainly(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_makes_its_own_certificate_once() {
    let home = Home::new();
    let (mut first, addr, fingerprint) = start(&home, "127.0.0.1:0");
    let pem = fs::read(kept(&home)).expect("it can be read");
    let cert = CertificateDer::from_pem_slice(&pem).expect("a certificate");
    let pairs: Vec<String> =
        digest(&SHA256, &cert).as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(fingerprint, pairs.join(":"), "what is printed is what a browser sees");
    let answer = ask(addr, &cert, &get("/wall.json", "localhost")).await.expect("it is encrypted");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Steered"), "{answer}");
    let events = ask(addr, &cert, &get("/control/state", "localhost")).await.expect("it is encrypted");
    assert!(events.contains("\"scene\""), "{events}");
    // Whoever supervises the wall on this machine needs no certificate.
    assert!(plainly(addr, &get("/health", "localhost")).await.starts_with("HTTP/1.1"), "in the clear");
    // Somebody else's certificate is not taken for it.
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    assert!(ask(addr, other.cert.der(), &get("/wall.json", "localhost")).await.is_err());
    assert!(first.terminate().success());

    let (mut again, _, same) = start(&home, "127.0.0.1:0");
    assert_eq!(same, fingerprint, "after a restart it is the same");
    assert!(again.terminate().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn from_elsewhere_nothing_is_said_in_the_clear() {
    let home = Home::new();
    let (mut wall, addr, _) = start(&home, "0.0.0.0:0");
    if !addr.ip().is_loopback() {
        let answer = plainly(addr, &get("/wall.json", &addr.to_string())).await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.ends_with("use https://\r\n"), "{answer}");
        let pem = fs::read(kept(&home)).expect("it can be read");
        let cert = CertificateDer::from_pem_slice(&pem).expect("a certificate");
        let host = addr.to_string();
        let answer = ask(addr, &cert, &get("/wall.json", &host)).await.expect("it is encrypted");
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        assert!(ask(addr, &cert, &get("/health", &host)).await.expect("it is").starts_with("HTTP/1.1 "));
    }
    assert!(wall.terminate().success());
}

#[test]
fn a_wall_whose_certificate_cannot_be_read_says_nothing_in_the_clear() {
    let home = Home::new();
    home.write("cert.pem", "not a certificate");
    home.write("key.pem", "not a key");
    let remote = "[remote]\ntls = true\ncert_file = \"cert.pem\"\nkey_file = \"key.pem\"\n";
    let layout = home.write("wall.toml", &format!("{TWO}\n{remote}"));
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    let out = command.arg("run").arg(&layout).args(["--headless", "--for", "5s"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("no mirror: [remote] tls: there is no certificate"), "{said}");
    assert!(out.status.success() && !said.contains("mirror: http"), "the wall goes on: {said}");
}
