//! From when until when a certificate is good.

use std::time::Duration;

use tokio_rustls::rustls::client::verify_server_cert_signed_by_trust_anchor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{CertificateError, Error, RootCertStore};

use crate::clock::Time;

/// The end of the year 2199, seconds since 1970. What is good then has no end that concerns anybody.
const NEVER: u64 = 7_258_118_399;

/// When a certificate is good; `None` where it always was, or does not end before the year 2200.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    pub from: Option<Time>,
    pub until: Option<Time>,
}

impl Validity {
    /// What a certificate says of itself. A verifier is asked about a time before and a time after all of them, and says
    /// why not.
    pub(super) fn of(cert: &CertificateDer<'_>) -> Result<Self, String> {
        let cert = ParsedCertificate::try_from(cert).map_err(|error| error.to_string())?;
        let algorithms = default_provider().signature_verification_algorithms.all;
        let refusal = |second| {
            let at = UnixTime::since_unix_epoch(Duration::from_secs(second));
            verify_server_cert_signed_by_trust_anchor(&cert, &RootCertStore::empty(), &[], at, algorithms)
                .err()
        };
        let time = |at: UnixTime| Time::from_secs(i64::try_from(at.as_secs()).unwrap_or(i64::MAX));
        let from = match refusal(0) {
            Some(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
                Some(time(not_before))
            }
            _ => None,
        };
        let until = match refusal(NEVER) {
            Some(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
                Some(time(not_after))
            }
            _ => None,
        };
        Ok(Self { from, until })
    }
}
