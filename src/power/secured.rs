//! MDC with `Secured Protocol`: TLS, then a PIN, before the first frame. Samsung has not published it; this follows
//! samsung-mdc (<https://github.com/vgavro/samsung-mdc>, samsung_mdc/connection.py).
//!
//! Panels have certificates of their own making, often of a kind that no library accepts. So nobody vouches for the
//! panel: who only listens learns nothing, but who answers in its place learns the PIN.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::said::{Trouble, broken};

/// What a panel says first, and when it accepts or refuses the PIN.
const START: &[u8] = b"MDCSTART<<TLS>>";
const PASS: &[u8] = b"MDCAUTH<<PASS>>";
const FAIL: &[u8] = b"MDCAUTH<<FAIL:";
/// Longest of them, bytes.
const MAX_WORD: usize = 24;

/// A panel that wants to be encrypted says so at once.
const PROMPT: Duration = Duration::from_secs(2);

/// Encrypts a connection to a panel, and shows it the PIN.
pub async fn secure(mut stream: TcpStream, pin: &str) -> Result<TlsStream<TcpStream>, Trouble> {
    if pin.len() < 4 || !pin.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Trouble::Password("its PIN must be at least four digits".into()));
    }
    let open =
        "it does not want a PIN: turn `Secured Protocol` on in its menu, or remove the PIN from the layout";
    let said = timeout(PROMPT, word(&mut stream)).await.map_err(|_| Trouble::Password(open.into()))??;
    if said != START {
        return Err(strange());
    }
    let name = ServerName::try_from("panel").map_err(|error| Trouble::Silent(error.to_string()))?;
    let connected = TlsConnector::from(Arc::new(config()?)).connect(name, stream).await;
    let mut stream =
        connected.map_err(|error| Trouble::Silent(format!("it cannot be encrypted: {error}")))?;
    stream.write_all(pin.as_bytes()).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let said = word(&mut stream).await?;
    if said == PASS {
        return Ok(stream);
    }
    let code = said.strip_prefix(FAIL).and_then(|rest| rest.strip_suffix(b">>")).ok_or_else(strange)?;
    let code = std::str::from_utf8(code).ok().and_then(|code| u16::from_str_radix(code, 16).ok());
    Err(Trouble::Password(match code.ok_or_else(strange)? {
        1 => "the PIN is wrong".into(),
        2 => "it is blocked after too many wrong PINs; unblock it in its menu".into(),
        code => format!("it refuses the PIN (code {code})"),
    }))
}

/// What ends with `>>`.
async fn word(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, Trouble> {
    let mut word = Vec::new();
    while !word.ends_with(b">>") {
        if word.len() == MAX_WORD {
            return Err(strange());
        }
        word.push(stream.read_u8().await.map_err(broken)?);
    }
    Ok(word)
}

fn strange() -> Trouble {
    Trouble::Silent("its answer is not one of MDC, or was damaged".into())
}

fn config() -> Result<ClientConfig, Trouble> {
    let provider = Arc::new(default_provider());
    let config = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Trouble::Silent(error.to_string()))?;
    Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(Anyone(provider))).with_no_client_auth())
}

/// Accepts every certificate, also those whose signatures it could not check: checking them would prove nothing.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
