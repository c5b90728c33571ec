//! Encrypted connections to a wall on this machine, which is known by its very certificate: that may be one that
//! nobody vouches for, or one for a name by which the wall is not called here.

use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme,
    StreamOwned,
};

use super::tls;
use crate::layout::remote::Tls;

/// Connects to the wall that has one certificate, and to no other.
#[derive(Clone, Debug)]
pub struct Pinned(Arc<ClientConfig>);

impl Pinned {
    /// To the wall with the certificate that `tls` means; one that the wall made lies in `folder`.
    ///
    /// # Errors
    /// In words for the operator.
    pub fn to(tls: &Tls, folder: Option<&Path>) -> Result<Self, String> {
        let (cert, provider) = (tls::certificate(tls, folder)?, Arc::new(default_provider()));
        let only = Only { cert, provider: provider.clone() };
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| error.to_string())?;
        let config =
            config.dangerous().with_custom_certificate_verifier(Arc::new(only)).with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }

    /// Encrypts a connection.
    ///
    /// # Errors
    /// When the other side has another certificate or does not encrypt, as soon as something is written or read.
    pub fn encrypt(&self, stream: TcpStream) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        let connection = ClientConnection::new(self.0.clone(), name).map_err(io::Error::other)?;
        Ok(StreamOwned::new(connection, stream))
    }
}

/// Accepts one certificate.
#[derive(Debug)]
struct Only {
    cert: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Only {
    fn verify_server_cert(
        &self,
        cert: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let is_it = *cert == self.cert;
        let other = Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure);
        is_it.then(ServerCertVerified::assertion).ok_or(other)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
