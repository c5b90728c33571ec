//! Encryption: with the operator's certificate, or with one that the wall makes once and keeps.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use ring::digest::{SHA256, digest};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::validity::Validity;
use crate::disk;
use crate::layout::remote::Tls;

/// Largest file with a certificate or a key, bytes.
const MAX_FILE: u64 = 1 << 20;
/// The certificate and the key that the wall made.
const KEPT: &str = "remote.pem";

/// What connections are encrypted with.
#[derive(Clone)]
pub struct Sealed {
    pub(super) acceptor: TlsAcceptor,
    /// SHA-256 of the certificate, in pairs of hexadecimal digits, for whoever sees it in a browser.
    pub fingerprint: String,
}

/// Reads the certificate that `tls` means; one of the wall's own is made for `addr` and kept in `folder`.
///
/// # Errors
/// In words for the operator.
pub fn seal(tls: &Tls, addr: SocketAddr, folder: Option<&Path>) -> Result<Sealed, String> {
    let (cert, key) = match tls {
        Tls::Files { cert, key } => (read(cert)?, read(key)?),
        Tls::SelfMade => {
            let pem = own(addr, folder)?;
            (pem.clone(), pem)
        }
    };
    let chain = chain(&cert)?;
    let fingerprint = fingerprint(&chain[0]);
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes());
    let key = key.map_err(|error| format!("the private key cannot be read: {error}"))?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| format!("certificate and key do not fit: {error}"))?;
    Ok(Sealed { acceptor: TlsAcceptor::from(Arc::new(config)), fingerprint })
}

/// The certificate that a wall with `tls` shows, as it lies on this machine; one of the wall's own in `folder`.
///
/// # Errors
/// In words for the operator.
pub fn certificate(tls: &Tls, folder: Option<&Path>) -> Result<CertificateDer<'static>, String> {
    let pem = match tls {
        Tls::Files { cert, .. } => read(cert),
        Tls::SelfMade => read(&folder.ok_or("there is no home folder")?.join(KEPT)),
    };
    Ok(chain(&pem?)?.swap_remove(0))
}

/// When the certificate is good that `tls` means.
///
/// # Errors
/// In words for the operator.
pub fn validity(tls: &Tls) -> Result<Validity, String> {
    Validity::of(&certificate(tls, None)?)
}

/// The certificates in a file, at least one.
fn chain(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let chain = chain.map_err(|error| format!("the certificate cannot be read: {error}"))?;
    if chain.is_empty() { Err("there is no certificate in the file".into()) } else { Ok(chain) }
}

fn fingerprint(cert: &CertificateDer<'_>) -> String {
    let pairs = digest(&SHA256, cert).as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>();
    pairs.join(":")
}

fn read(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let read = disk::open(path).and_then(|file| file.take(MAX_FILE).read_to_string(&mut text));
    read.map(|_| text).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// The wall's own certificate and key: as kept, so that a browser meets the same one again, or new.
fn own(addr: SocketAddr, folder: Option<&Path>) -> Result<String, String> {
    let kept = folder.map(|folder| folder.join(KEPT));
    if let Some(pem) = kept.as_deref().and_then(|path| read(path).ok()) {
        return Ok(pem);
    }
    let mut names = vec!["localhost".to_owned(), addr.ip().to_string()];
    names.extend(fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned()));
    names.retain(|name| !name.is_empty());
    let made =
        rcgen::generate_simple_self_signed(names).map_err(|error| format!("no certificate: {error}"))?;
    let pem = made.cert.pem() + &made.signing_key.serialize_pem();
    if let Some(path) = kept
        && let Err(error) = keep(&path, &pem)
    {
        tracing::warn!("the certificate is another one after a restart: {}: {error}", path.display());
    }
    Ok(pem)
}

/// Only for this user.
fn keep(path: &Path, pem: &str) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    path.parent().map_or(Ok(()), |parent| folder.create(parent))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(pem.as_bytes())
}
